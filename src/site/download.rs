//! Tables to take away: CSV, XLSX and JSON, the same bytes from the same data.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, XlsxError};
use serde::Serialize;
use sha2::{Digest, Sha256};
use unicode_width::UnicodeWidthStr;

use super::permalink::hex;
use super::theme::grouped;
use crate::data::begins_formula;

/// A table: a row of titles, and rows of as many cells.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sheet {
    /// The name of the sheet in a workbook.
    pub name: String,
    /// The titles of the columns.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
}

/// What stands in a cell.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Cell {
    /// Text, also where it looks like a number or a formula.
    Text(String),
    /// A whole number.
    Number(i64),
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Cell {
        Cell::Text(text.into())
    }
}

/// The table as CSV that spreadsheet programs open as it is meant: UTF-8 with a byte order mark, lines
/// that end with CR LF, and no text that a program would take for a formula.
pub fn csv(sheet: &Sheet) -> Vec<u8> {
    let mut text = String::from("\u{feff}");
    let titles: Vec<Cell> = sheet.columns.iter().map(|title| Cell::Text(title.clone())).collect();
    for row in std::iter::once(&titles).chain(&sheet.rows) {
        for (column, cell) in row.iter().enumerate() {
            if column > 0 {
                text.push(',');
            }
            match cell {
                Cell::Number(number) => text.push_str(&number.to_string()),
                Cell::Text(cell) => push_field(&mut text, cell),
            }
        }
        text.push_str("\r\n");
    }
    text.into_bytes()
}

fn push_field(text: &mut String, field: &str) {
    let defused = if begins_formula(field) { "'" } else { "" };
    if !field.contains([',', '"', '\r', '\n', '\t']) && !field.starts_with(' ') && !field.ends_with(' ') {
        text.push_str(defused);
        text.push_str(field);
        return;
    }
    text.push('"');
    text.push_str(defused);
    text.push_str(&field.replace('"', "\"\""));
    text.push('"');
}

/// The table as a workbook with its titles always in sight. The error says why a workbook cannot hold
/// it.
pub fn xlsx(sheet: &Sheet) -> Result<Vec<u8>, String> {
    workbook(sheet).map_err(|error| format!("no workbook can hold the table `{}` ({error})", sheet.name))
}

fn workbook(sheet: &Sheet) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // A workbook tells when it was made; this one depends on its data alone.
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let worksheet = workbook.add_worksheet();
    worksheet.set_name(sheet_name(&sheet.name))?;
    let title_format = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top);
    for (column, title) in (0..).zip(&sheet.columns) {
        worksheet.write_string_with_format(0, column, title, &title_format)?;
        worksheet.set_column_width(column, column_width(sheet, usize::from(column)))?;
    }
    for (number, row) in (1..).zip(&sheet.rows) {
        for (column, cell) in (0..).zip(row) {
            match cell {
                Cell::Text(text) if text.is_empty() => {}
                Cell::Text(text) => {
                    worksheet.write_string(number, column, text)?;
                }
                // Programs keep numbers with 15 digits; larger ones keep all of theirs as text.
                Cell::Number(value) if value.unsigned_abs() < 1_000_000_000_000_000 => {
                    worksheet.write_number(number, column, *value as f64)?;
                }
                Cell::Number(value) => {
                    worksheet.write_string(number, column, value.to_string())?;
                }
            }
        }
    }
    worksheet.set_freeze_panes(1, 0)?;
    worksheet.set_repeat_rows(0, 0)?;
    if let (Ok(rows), Ok(columns)) = (u32::try_from(sheet.rows.len()), u16::try_from(sheet.columns.len()))
        && rows > 0
        && columns > 0
    {
        worksheet.autofilter(0, 0, rows, columns - 1)?;
    }
    workbook.save_to_buffer()
}

/// A name that a workbook takes for a sheet.
fn sheet_name(name: &str) -> String {
    let fits: String = name.chars().filter(|letter| !"[]:*?/\\".contains(*letter)).take(31).collect();
    let fits = fits.trim_matches(|letter| letter == '\'' || letter == ' ');
    if fits.is_empty() { "1".to_owned() } else { fits.to_owned() }
}

/// Wide enough for most rows, in characters. Chinese characters are twice as wide as Latin ones.
fn column_width(sheet: &Sheet, column: usize) -> f64 {
    let mut widest = sheet.columns.get(column).map(|title| title.width()).unwrap_or_default();
    for row in sheet.rows.iter().take(2000) {
        let cell = match row.get(column) {
            Some(Cell::Text(text)) => text.width(),
            Some(Cell::Number(number)) => number.to_string().len(),
            None => 0,
        };
        widest = widest.max(cell);
    }
    (widest + 2).clamp(8, 60) as f64
}

/// A value as JSON that people can read, too. The error says what JSON cannot hold.
pub fn json(value: &impl Serialize) -> Result<Vec<u8>, String> {
    let mut bytes = serde_json::to_vec_pretty(value).map_err(|error| error.to_string())?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// How large a file is, in words: `48 KB`.
pub fn size(bytes: &[u8]) -> String {
    let bytes = i64::try_from(bytes.len()).expect("a file in memory");
    match bytes {
        0..1_000 => format!("{bytes} B"),
        // Rounded up: nobody waits longer than promised.
        1_000..995_000 => format!("{} KB", (bytes + 999) / 1_000),
        _ => {
            let tenths = (bytes + 99_999) / 100_000;
            format!("{}.{} MB", grouped(tenths / 10, ","), tenths % 10)
        }
    }
}

/// The SHA-256 of a file, for readers to compare.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet(texts: &[&str]) -> Sheet {
        let row = texts.iter().map(|&text| Cell::from(text)).collect();
        Sheet {
            name: "金奖/Gold".to_owned(),
            columns: vec!["企业".to_owned(), "n".to_owned()],
            rows: vec![row],
        }
    }

    #[test]
    fn csv_is_opened_as_it_is_meant() {
        #[track_caller]
        fn case(text: &str, field: &str) {
            let expected = format!("\u{feff}企业,n\r\n{field}\r\n");
            assert_eq!(String::from_utf8(csv(&sheet(&[text]))).unwrap(), expected);
        }
        case("甲", "甲");
        case("a, \"b\"", "\"a, \"\"b\"\"\"");
        case("=1+1", "'=1+1");
        case("=cmd|' /C calc'!A0, \"x\"", "\"'=cmd|' /C calc'!A0, \"\"x\"\"\"");
        case("-1", "'-1");
        case("＝1", "'＝1");
        case("\t=1", "\"'\t=1\"");
        case("\r=1", "\"'\r=1\"");
        case("A-1", "A-1");
        let mut numbers = sheet(&["x"]);
        numbers.rows[0].push(Cell::Number(-7));
        assert!(String::from_utf8(csv(&numbers)).unwrap().ends_with("x,-7\r\n"));
    }

    #[test]
    fn a_workbook_says_what_the_table_says_and_nothing_of_the_day() {
        let mut table = sheet(&["=1+1", "007"]);
        table.rows.push(vec![Cell::from("乙"), Cell::Number(1234)]);
        let bytes = xlsx(&table).unwrap();
        assert_eq!(bytes, xlsx(&table).unwrap());
        let mut book: calamine::Xlsx<_> =
            calamine::open_workbook_from_rs(std::io::Cursor::new(&bytes)).unwrap();
        let (name, range) = calamine::Reader::worksheets(&mut book).remove(0);
        assert_eq!(name, "金奖Gold");
        let cells: Vec<String> = range.cells().map(|(_, _, cell)| format!("{cell:?}")).collect();
        let expected = [
            "String(\"企业\")",
            "String(\"n\")",
            "String(\"=1+1\")",
            "String(\"007\")",
            "String(\"乙\")",
            "Float(1234.0)",
        ];
        assert_eq!(cells, expected);
        // The years that the archive's own dates and the properties may hold.
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).unwrap();
        for number in 0..archive.len() {
            let entry = archive.by_index(number).unwrap();
            assert!(entry.last_modified().is_none_or(|date| date.year() == 1980), "{number}");
        }
        let mut properties = String::new();
        std::io::Read::read_to_string(&mut archive.by_name("docProps/core.xml").unwrap(), &mut properties)
            .unwrap();
        assert_eq!(properties.matches("2000-01-01T00:00:00Z").count(), 2, "{properties}");
    }

    #[test]
    fn sizes_are_short() {
        let sizes = [0, 999, 1_000, 47_001, 995_000, 1_000_001].map(|bytes| size(&vec![0; bytes]));
        assert_eq!(sizes, ["0 B", "999 B", "1 KB", "48 KB", "1.0 MB", "1.1 MB"]);
    }
}
