//! Workbooks in the format xlsx, row by row: one row is held at a time, and the texts that rows share.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use super::numbers::is_true;
use super::shared_texts::Strings;
use crate::data::workbook::layout::{Sheet, digits_of_format};
use crate::data::workbook::package::Package;
use crate::data::workbook::xml::{Scanner, Token};
use crate::source::{Message, say};

/// What the sheets of a workbook share.
pub(in crate::data) struct Book {
    pub(in crate::data) sheets: Vec<Sheet>,
    /// The part of each sheet.
    pub(in crate::data) paths: Vec<String>,
    pub(in crate::data) formats: Vec<Format>,
    pub(in crate::data) strings: Strings,
    pub(in crate::data) dates_from_1904: bool,
    pub(in crate::data) results: Results,
}

/// What the stored results of formulas are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::data) enum Results {
    /// Results, as far as they are there.
    Calculated,
    /// The workbook says that it is to be calculated when it is opened: a result that is stored may be any value that
    /// the writing library put there.
    ToBeCalculated,
}

/// What the number of a cell stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::data) enum Format {
    Number,
    /// A code, shown with at least so many digits.
    Digits(u8),
    Date,
    Duration,
}

/// A workbook has at most so many sheets.
const MAX_SHEETS: usize = 4096;
/// A workbook has at most so many formats of cells.
const MAX_FORMATS: usize = 1 << 16;

impl Book {
    /// Reads what the sheets share.
    pub(in crate::data) fn open<R: Read + Seek>(package: &mut Package<R>) -> Result<Book, Message> {
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
                    let relation = relation
                        .ok_or_else(|| say!("the sheet `{name}` has no part in the archive", name))?;
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
