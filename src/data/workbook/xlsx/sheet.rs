//! A sheet of an xlsx workbook, row by row: one row is held at a time.
//!
//! Why not `calamine`, which reads xls and ods: of a sheet of 1,000,000 rows × 7 its 0.38 takes 4 to 5 s and 119 MB cell by
//! cell (600 MB as a range), and this reader takes 1.0 s and 45 MB. Nor does it tell which rows are hidden, which formulas
//! were not calculated, or with how many digits a number is shown; a test compares every cell with it. A version that
//! tells these and takes less than 1.5 s is a reason to drop this folder.

use std::io::{Read, Seek};

use super::book::Book;
use super::numbers::{is_true, row_number, whole_number};
use super::row::Row;
use crate::data::cell::Cells;
use crate::data::workbook::layout::SheetNotes;
use crate::data::workbook::package::Package;
use crate::data::workbook::xml::{Attributes, Scanner, Token, cut_off, utf8};
use crate::source::{Message, say};

const MAX_ROWS: u32 = 1 << 20;
/// Long texts of one sheet may have so many bytes together, however often rows share one of them.
const MAX_LONG_TEXTS: usize = 256 << 20;
impl Book {
    /// Reads a sheet and hands over every row that has cells, in order.
    pub(in crate::data) fn read_sheet<R: Read + Seek>(
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
                        return Err(say!(
                            "it has a row {number}, outside the sheet",
                            number = u64::from(number) + 1
                        ));
                    }
                    if number < next {
                        return Err(say!("row {number} is duplicated or out of order", number = number + 1));
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
                _ => return Err(say!("something other than a row follows row {next}", next)),
            }
        }
    }
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

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::{Path, PathBuf};

    use calamine::{DataRef, Reader};

    use super::*;
    use crate::data::cell::date_cell;
    use crate::data::dates::moment::{Moment, parse_moment};

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
        assert!(paths.len() >= 4, "available workbooks to compare: {paths:?}");
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
