//! Workbooks in the format xlsx, row by row: one row is held at a time, and the texts that rows share.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use super::layout::digits_of_format;
use super::package::Package;
use super::record::Cells;
use super::shared_texts::Strings;
use super::sheet_row::Row;
use super::workbook::{Sheet, SheetNotes};
use super::xml::{Attributes, Scanner, Token, cut_off, utf8};
use crate::source::{Message, say};

/// What the sheets of a workbook share.
pub(super) struct Book {
    pub(super) sheets: Vec<Sheet>,
    /// The part of each sheet.
    paths: Vec<String>,
    pub(super) formats: Vec<Format>,
    pub(super) strings: Strings,
    pub(super) dates_from_1904: bool,
    pub(super) results: Results,
}

/// What the stored results of formulas are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Results {
    /// Results, as far as they are there.
    Calculated,
    /// The workbook says that it is to be calculated when it is opened: a result that is stored may be any value that
    /// the writing library put there.
    ToBeCalculated,
}

/// What the number of a cell stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Format {
    Number,
    /// A code, shown with at least so many digits.
    Digits(u8),
    Date,
    Duration,
}

const MAX_ROWS: u32 = 1 << 20;
/// Long texts of one sheet may have so many bytes together, however often rows share one of them.
const MAX_LONG_TEXTS: usize = 256 << 20;
/// A workbook has at most so many sheets.
const MAX_SHEETS: usize = 4096;
/// A workbook has at most so many formats of cells.
const MAX_FORMATS: usize = 1 << 16;

impl Book {
    /// Reads what the sheets share.
    pub(super) fn open<R: Read + Seek>(package: &mut Package<R>) -> Result<Book, Message> {
        let root = relations(package, "_rels/.rels")?;
        let workbook = root
            .values()
            .find(|relation| relation.kind == "officeDocument")
            .map_or("xl/workbook.xml".to_owned(), |relation| relation.target.clone());
        let workbook = workbook.trim_start_matches('/').to_owned();
        let (folder, name) = workbook.rsplit_once('/').unwrap_or(("", &workbook));
        let relations = relations(package, &format!("{folder}/_rels/{name}.rels"))?;
        let path = |target: &str| match target.strip_prefix('/') {
            Some(absolute) => absolute.to_owned(),
            None => format!("{folder}/{target}"),
        };
        let shared = |kind: &str, usual: &str| {
            let found = relations.values().find(|relation| relation.kind == kind);
            found.map_or_else(|| path(usual), |relation| path(&relation.target))
        };
        let mut book = Book {
            sheets: Vec::new(),
            paths: Vec::new(),
            formats: Vec::new(),
            strings: Strings::default(),
            dates_from_1904: false,
            results: Results::Calculated,
        };
        let mut scanner = package.part(&workbook)?;
        loop {
            match scanner.next()? {
                Token::Open { name: b"sheet", attributes, .. } => {
                    if book.sheets.len() == MAX_SHEETS {
                        return Err(say!("it has more than {most} sheets", most = MAX_SHEETS));
                    }
                    let name = attributes.text("name")?.ok_or_else(|| say!("a sheet has no name"))?;
                    let relation = attributes.text("id")?.and_then(|id| relations.get(&id));
                    let relation = relation.ok_or_else(|| say!("the sheet `{name}` has no place", name))?;
                    book.sheets.push(Sheet {
                        name,
                        visible: matches!(attributes.raw("state")?, None | Some(b"visible")),
                        has_cells: relation.kind == "worksheet",
                    });
                    book.paths.push(path(&relation.target));
                }
                Token::Open { name: b"workbookPr", attributes, .. } => {
                    if let Some(value) = attributes.raw("date1904")? {
                        book.dates_from_1904 = is_true(value);
                    }
                }
                Token::Open { name: b"calcPr", attributes, .. } => {
                    let says = |name| Ok::<_, Message>(attributes.raw(name)?.map(is_true));
                    let to_be_calculated = says("fullCalcOnLoad")? == Some(true)
                        || says("forceFullCalc")? == Some(true)
                        || says("calcCompleted")? == Some(false);
                    if to_be_calculated {
                        book.results = Results::ToBeCalculated;
                    }
                }
                Token::End => break,
                _ => {}
            }
        }
        drop(scanner);
        let styles = shared("styles", "styles.xml");
        if package.has(&styles) {
            book.formats = formats(package.part(&styles)?)?;
        }
        let strings = shared("sharedStrings", "sharedStrings.xml");
        if package.has(&strings) {
            book.strings = Strings::read(package.part(&strings)?)?;
        }
        Ok(book)
    }

    /// Reads a sheet and hands over every row that has cells, in order.
    pub(super) fn read_sheet<R: Read + Seek>(
        &self,
        package: &mut Package<R>,
        number: u16,
        take: &mut dyn FnMut(u32, u16, &dyn Cells),
    ) -> Result<SheetNotes, Message> {
        let mut scanner = package.part(&self.paths[usize::from(number)])?;
        let mut notes = SheetNotes::default();
        loop {
            match scanner.next()? {
                Token::Open { name: b"col", attributes, .. } => hidden_columns(attributes, &mut notes)?,
                Token::Open { name: b"sheetData", empty: true, .. } => break,
                Token::Open { name: b"sheetData", .. } => {
                    self.read_rows(&mut scanner, &mut notes, take)?;
                    break;
                }
                Token::End => return Err(say!("it has no cells: `sheetData` is missing")),
                _ => {}
            }
        }
        loop {
            match scanner.next()? {
                Token::Open { name: b"mergeCell", attributes, .. } => {
                    if let Some(area) = attributes.raw("ref")? {
                        notes.layout.merge_named(utf8(area)?);
                    }
                }
                Token::Close(b"worksheet") => return Ok(notes),
                Token::End => return Err(cut_off("worksheet")),
                _ => {}
            }
        }
    }

    fn read_rows<R: Read>(
        &self,
        scanner: &mut Scanner<R>,
        notes: &mut SheetNotes,
        take: &mut dyn FnMut(u32, u16, &dyn Cells),
    ) -> Result<(), Message> {
        let mut row = Row::new(self);
        let mut next = 0;
        let mut long_texts = 0;
        loop {
            match scanner.next()? {
                Token::Open { name: b"row", attributes, empty } => {
                    let (mut number, mut hidden) = (next, false);
                    for attribute in attributes {
                        match attribute? {
                            (b"r", value) => number = row_number(value)?,
                            (b"hidden", value) => hidden = is_true(value),
                            _ => {}
                        }
                    }
                    if number >= MAX_ROWS {
                        return Err(say!("it has a row {number}", number = u64::from(number) + 1));
                    }
                    if number < next {
                        return Err(say!("row {number} stands twice or out of order", number = number + 1));
                    }
                    next = number + 1;
                    if empty {
                        continue;
                    }
                    row.read(scanner, number)?;
                    if row.columns() == 0 {
                        continue;
                    }
                    long_texts += row.long_texts();
                    if long_texts > MAX_LONG_TEXTS {
                        return Err(say!(
                            "its long texts have more than {megabytes} MB",
                            megabytes = MAX_LONG_TEXTS >> 20
                        ));
                    }
                    notes.hidden_rows += u64::from(hidden);
                    take(number, row.columns(), &row);
                }
                Token::Close(b"sheetData") => return Ok(()),
                Token::Text(space) if space.trim_ascii().is_empty() => {}
                Token::End => return Err(cut_off("sheetData")),
                _ => return Err(say!("something else than a row stands behind row {next}", next)),
            }
        }
    }
}

fn is_true(value: &[u8]) -> bool {
    matches!(value, b"1" | b"true" | b"on")
}

pub(super) fn whole_number(value: &[u8]) -> Option<usize> {
    let mut number = 0usize;
    for byte in value {
        let digit = byte.checked_sub(b'0').filter(|&digit| digit < 10)?;
        number = number.checked_mul(10)?.checked_add(usize::from(digit))?;
    }
    (!value.is_empty()).then_some(number)
}

/// The number of a row, counted from 0, by its name.
pub(super) fn row_number(name: &[u8]) -> Result<u32, Message> {
    let number = whole_number(name).and_then(|number| u32::try_from(number).ok()).filter(|&n| n > 0);
    number.map(|number| number - 1).ok_or_else(|| say!("a row has a damaged number"))
}

fn hidden_columns(attributes: Attributes<'_>, notes: &mut SheetNotes) -> Result<(), Message> {
    if !attributes.raw("hidden")?.is_some_and(is_true) {
        return Ok(());
    }
    let bound = |name| Ok::<_, Message>(attributes.raw(name)?.and_then(whole_number).unwrap_or_default());
    let (first, last) = (bound("min")?, bound("max")?);
    let column = |number: usize| u16::try_from(number.saturating_sub(1)).unwrap_or(u16::MAX);
    if first > 0 {
        notes.layout.hide_columns(column(first), column(last.max(first)));
    }
    Ok(())
}

struct Relation {
    /// The last part of its type.
    kind: String,
    target: String,
}

fn relations<R: Read + Seek>(
    package: &mut Package<R>,
    name: &str,
) -> Result<BTreeMap<String, Relation>, Message> {
    let mut relations = BTreeMap::new();
    if !package.has(name) {
        return Ok(relations);
    }
    let mut scanner = package.part(name)?;
    loop {
        match scanner.next()? {
            Token::Open { name: b"Relationship", attributes, .. } => {
                let (Some(id), Some(kind), Some(target)) =
                    (attributes.text("Id")?, attributes.text("Type")?, attributes.text("Target")?)
                else {
                    continue;
                };
                let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                relations.insert(id, Relation { kind, target });
                if relations.len() > 4 * MAX_SHEETS {
                    return Err(say!("it has too many relations"));
                }
            }
            Token::End => return Ok(relations),
            _ => {}
        }
    }
}

/// The formats of cells, by their number.
fn formats<R: Read>(mut scanner: Scanner<R>) -> Result<Vec<Format>, Message> {
    let mut named: BTreeMap<String, Format> = BTreeMap::new();
    let mut formats = Vec::new();
    let mut in_cells = false;
    loop {
        match scanner.next()? {
            Token::Open { name: b"numFmt", attributes, .. } => {
                if let (Some(id), Some(code)) = (attributes.text("numFmtId")?, attributes.text("formatCode")?)
                {
                    named.insert(id, format_of_code(&code));
                }
            }
            Token::Open { name: b"cellXfs", empty, .. } => in_cells = !empty,
            Token::Close(b"cellXfs") => in_cells = false,
            Token::Open { name: b"xf", attributes, .. } if in_cells => {
                let id = attributes.text("numFmtId")?.unwrap_or_default();
                formats.push(named.get(&id).copied().unwrap_or_else(|| format_of_number(&id)));
            }
            Token::End => return Ok(formats),
            _ => {}
        }
        if formats.len() > MAX_FORMATS || named.len() > MAX_FORMATS {
            return Err(say!("it has too many formats"));
        }
    }
}

/// The formats that every program knows by their number.
fn format_of_number(id: &str) -> Format {
    match id.parse() {
        Ok(14u32..=22 | 27..=36 | 45 | 47 | 50..=58) => Format::Date,
        Ok(46) => Format::Duration,
        _ => Format::Number,
    }
}

/// Whether a format code such as `yyyy-mm-dd`, `[h]:mm` or `000000` shows dates, durations or codes. Only its first section
/// matters; what is quoted, escaped or in brackets is text, a colour or a language.
fn format_of_code(code: &str) -> Format {
    if let Some(digits) = digits_of_format(code) {
        return Format::Digits(digits);
    }
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c.to_ascii_lowercase() {
            ';' => return Format::Number,
            '\\' | '_' | '*' => {
                chars.next();
            }
            '"' => {
                chars.by_ref().find(|&c| c == '"');
            }
            '[' => {
                let inside: String = chars.by_ref().take_while(|&c| c != ']').collect();
                let inside = inside.to_ascii_lowercase();
                let mut units = inside.chars();
                let unit = units.next();
                if matches!(unit, Some('h' | 'm' | 's')) && units.all(|c| Some(c) == unit) {
                    return Format::Duration;
                }
            }
            'd' | 'm' | 'h' | 'y' | 's' => return Format::Date,
            'g' if chars.as_str().to_ascii_lowercase().starts_with("eneral") => return Format::Number,
            _ => {}
        }
    }
    Format::Number
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    use calamine::{DataRef, Reader};

    use super::*;
    use crate::data::moment::{Moment, parse_moment};
    use crate::data::sheet_row::date_cell;

    /// The cells of a sheet by row and column, as text.
    type Sheets = Vec<Result<BTreeMap<(u32, u16), String>, String>>;

    fn ours(path: &Path) -> Result<Sheets, String> {
        #[expect(clippy::disallowed_methods, reason = "a test reads files of its own")]
        let input = std::fs::File::open(path).map_err(|error| error.to_string())?;
        let length = input.metadata().map_err(|error| error.to_string())?.len();
        let mut package = Package::open(input, length).map_err(|why| why.to_string())?;
        let book = Book::open(&mut package).map_err(|why| why.to_string())?;
        let sheets = (0..).zip(&book.sheets).filter(|(_, sheet)| sheet.has_cells);
        Ok(sheets
            .map(|(number, _)| {
                let mut cells = BTreeMap::new();
                let mut take = |row, columns, found: &dyn Cells| {
                    for column in 0..columns {
                        let cell = found.cell(column);
                        if !cell.is_empty() {
                            cells.insert((row, column), format!("{cell:?}"));
                        }
                    }
                };
                let read = book.read_sheet(&mut package, number, &mut take);
                read.map(|_| cells).map_err(|why| why.to_string())
            })
            .collect())
    }

    fn theirs(path: &Path) -> Result<Sheets, String> {
        use crate::data::Cell;
        let mut book: calamine::Xlsx<_> =
            calamine::open_workbook(path).map_err(|error: calamine::XlsxError| error.to_string())?;
        let names: Vec<String> = book
            .sheets_metadata()
            .iter()
            .filter(|sheet| sheet.typ == calamine::SheetType::WorkSheet)
            .map(|sheet| sheet.name.clone())
            .collect();
        let mut sheets = Vec::new();
        for name in names {
            let mut read = || {
                let mut found = BTreeMap::new();
                let mut cells = book.worksheet_cells_reader(&name).map_err(|error| error.to_string())?;
                let mut next = || cells.next_cell_with_formula().map_err(|error| error.to_string());
                while let Some(cell) = next()? {
                    let (row, column) = cell.pos;
                    let value = match (&cell.value, cell.formula.is_some()) {
                        (DataRef::Empty, true) => Cell::Unresolved,
                        (DataRef::Empty, false) => Cell::Empty,
                        (DataRef::SharedString(text), _) => Cell::from_text(text),
                        (DataRef::String(text), _) => Cell::from_text(text),
                        (DataRef::Int(_), _) => unreachable!("numbers of xlsx files are read as decimals"),
                        (DataRef::Float(number), _) => Cell::Number(*number),
                        (DataRef::Bool(truth), _) => Cell::Truth(*truth),
                        (DataRef::DateTime(at), _) if at.is_duration() && at.as_f64() >= 1.0 => {
                            Cell::Number(at.as_f64())
                        }
                        // The era is a matter of the whole file; a date in the other one differs by four years.
                        (DataRef::DateTime(at), _) => {
                            let (year, month, day, ..) = at.to_ymd_hms_milli();
                            match date_cell(at.as_f64(), false) {
                                Cell::Date(Moment { time, .. }) => {
                                    let text = format!("{year:04}-{month:02}-{day:02}");
                                    let date = parse_moment(&text).expect("a date").date;
                                    Cell::Date(Moment { date, time })
                                }
                                other => other,
                            }
                        }
                        (DataRef::DateTimeIso(text) | DataRef::DurationIso(text), _) => Cell::from_iso(text),
                        (DataRef::Error(error), _) => Cell::Error(error.to_string().into()),
                    };
                    if !value.is_empty() {
                        let column = u16::try_from(column).unwrap_or(u16::MAX);
                        found.insert((row, column), format!("{value:?}"));
                    }
                }
                Ok(found)
            };
            sheets.push(read());
        }
        Ok(sheets)
    }

    fn workbooks(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().flatten() {
            let ending = entry.path().extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            if ["xlsx", "xlsm", "xltx"].contains(&ending.to_ascii_lowercase().as_str()) {
                found.push(entry.into_path());
            }
        }
    }

    #[test]
    fn every_cell_is_what_calamine_reads() {
        let mut paths = Vec::new();
        workbooks(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/spreadsheets"), &mut paths);
        workbooks(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data/fairs/137"), &mut paths);
        compare(&paths);
    }

    #[test]
    #[ignore = "needs JINBANG_CORPORA, a folder of strange and hostile files"]
    fn every_cell_of_the_corpora_is_what_calamine_reads() {
        let folder = std::env::var_os("JINBANG_CORPORA").expect("JINBANG_CORPORA names a folder");
        let mut paths = Vec::new();
        // Calamine does not survive those that were made to do harm.
        workbooks(&Path::new(&folder).join("spreadsheets"), &mut paths);
        compare(&paths);
    }

    /// Whether a cell is what calamine reads, or differs in one of the two ways that are meant.
    fn is_meant(ours: Option<&String>, theirs: Option<&String>) -> bool {
        let number =
            theirs.and_then(|cell| cell.strip_prefix("Number(")?.strip_suffix(')')?.parse::<f64>().ok());
        let code =
            ours.and_then(|cell| cell.strip_prefix("Text(\"0")?.strip_suffix("\")")?.parse::<f64>().ok());
        // A formula that nobody calculated: calamine passes over it, or reads the zero that was written for it.
        let is_unresolved = ours.is_some_and(|cell| cell == "Unresolved");
        ours == theirs
            || is_unresolved && (theirs.is_none() || number == Some(0.0))
            // A number that is shown with zeros in front is a code.
            || code.is_some() && code == number
    }

    #[track_caller]
    fn compare(paths: &[PathBuf]) {
        assert!(paths.len() >= 4, "there are workbooks to compare: {paths:?}");
        let (mut compared, mut stricter, mut differ) = (0, 0, Vec::new());
        for path in paths {
            let (Ok(theirs), ours) = (theirs(path), ours(path)) else { continue };
            let Ok(ours) = ours else {
                stricter += 1;
                eprintln!("stricter: {}: {}", path.display(), ours.expect_err("refused"));
                continue;
            };
            assert_eq!(ours.len(), theirs.len(), "{}", path.display());
            for (number, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
                let Ok(theirs) = theirs else { continue };
                let ours = match ours {
                    Ok(ours) => ours,
                    Err(reason) => {
                        stricter += 1;
                        eprintln!("stricter: {} sheet {number}: {reason}", path.display());
                        continue;
                    }
                };
                let cells: BTreeSet<_> = ours.keys().chain(theirs.keys()).collect();
                let is_other = |at: &&(u32, u16)| !is_meant(ours.get(at), theirs.get(at));
                match cells.into_iter().find(is_other) {
                    None => compared += 1,
                    Some(at) => differ.push(format!(
                        "{} sheet {number} {at:?}: {:?}, calamine {:?}",
                        path.display(),
                        ours.get(at),
                        theirs.get(at)
                    )),
                }
            }
        }
        eprintln!("{compared} sheets are the same; {stricter} files or sheets are refused here only");
        assert!(compared > 0 && differ.is_empty(), "{}", differ.join("\n"));
    }
}
