//! Tables as streams of records, spread over files and sheets, with an account of every row.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_yaml::Value;

use super::record::{Field, Record};
use super::sheet_reader::SheetReader;
use super::source_files::matching_files;
use super::spanned::Spanned;
use super::{delimited, package, workbook, yaml_list};
use crate::source::{Failure, FileId, Files, Message, Place, Report, Span, code, list, nearest, say};

/// What a table is made of.
#[derive(Debug)]
pub struct TableShape {
    /// Its name in `sources`.
    pub name: &'static str,
    /// Its fields.
    pub fields: &'static [Field],
}

/// Where a table, or a part of it, is kept.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// A file, or files by a pattern with `*`, relative to the folder of the fair.
    pub file: Spanned<String>,
    /// The sheet of a workbook; absent means every visible sheet.
    #[serde(default)]
    pub sheet: Option<Spanned<String>>,
    /// One value for all rows, by field.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub set: BTreeMap<String, Spanned<Value>>,
    /// Headings of the file, by field.
    #[serde(default)]
    pub columns: BTreeMap<String, Spanned<String>>,
}

/// What became of the rows of a sheet. `read = used + refused + blank + header`.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Account {
    /// Rows that the sheet has, up to the last one that holds a cell.
    pub read: u64,
    /// Rows that were taken.
    pub used: u64,
    /// Rows that were reported as wrong.
    pub refused: u64,
    /// Rows without a value.
    pub blank: u64,
    /// Rows of headings.
    pub header: u64,
}

impl Account {
    /// Adds the rows of another sheet.
    pub fn add(&mut self, other: Account) {
        self.read += other.read;
        self.used += other.used;
        self.refused += other.refused;
        self.blank += other.blank;
        self.header += other.header;
    }

    fn balances(&self) -> bool {
        self.read == self.used + self.refused + self.blank + self.header
    }
}

/// A sheet that was read, or a file without sheets.
#[derive(Clone, Debug)]
pub struct SheetRead {
    /// The file.
    pub file: FileId,
    /// The sheet's number and name, where the file has sheets.
    pub sheet: Option<(u16, String)>,
    /// What became of its rows.
    pub account: Account,
    pub(super) layout: Layout,
    /// Of a YAML list, the first byte of every entry that was read.
    pub(super) entries: Vec<u32>,
    /// The column of each field, where it has one.
    pub(super) columns: Vec<Option<u16>>,
}

/// How rows are counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Layout {
    Workbook,
    Delimited,
    Yaml,
}

impl SheetRead {
    /// The place of a cell in a row.
    pub fn cell_span(&self, row: u32, column: u16) -> Span {
        let place = match (self.layout, &self.sheet) {
            (Layout::Workbook, Some((sheet, _))) => Place::Cell { sheet: *sheet, row, column },
            (Layout::Yaml, _) => Place::Text { start: row, end: row + 1 },
            _ => Place::Field { line: row, field: column + 1 },
        };
        Span { file: self.file, place }
    }

    /// The place of a field's value in a row; the row's first cell where the sheet has no column for it.
    pub fn field_span(&self, row: u32, field: usize) -> Span {
        self.cell_span(row, self.columns.get(field).copied().flatten().unwrap_or_default())
    }

    /// The row that people count as `number`, from 1: a row of a sheet, a line of a text. `None` where the
    /// sheet has no such row; whether a line of a delimited text begins a row is not known here.
    pub fn row_at(&self, files: &Files, number: u32) -> Option<u32> {
        match self.layout {
            Layout::Workbook => number.checked_sub(1).filter(|&row| u64::from(row) < self.account.read),
            Layout::Delimited => (number >= 1).then_some(number),
            Layout::Yaml => {
                let line = |&entry: &u32| files.row_number(self.cell_span(entry, 0));
                self.entries.iter().find(|entry| line(entry) == number).copied()
            }
        }
    }

    /// Whether it is a sheet of a workbook, where cells have formats.
    pub(super) fn is_workbook(&self) -> bool {
        self.layout == Layout::Workbook
    }

    /// The sheet as a place.
    pub fn span(&self) -> Span {
        match &self.sheet {
            Some((sheet, _)) => Span { file: self.file, place: Place::Sheet(*sheet) },
            None => Span::whole(self.file),
        }
    }
}

/// What became of a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It was taken.
    Used,
    /// It was reported as wrong.
    Refused,
}

/// Reads a table row by row and hands each record to `take`, in the order of the sources, then of the
/// sheets, then of the rows. Returns the sheets with the account of their rows.
pub fn read_table(
    report: &mut Report,
    files: &Files,
    folder: &str,
    shape: &'static TableShape,
    sources: &[Source],
    take: &mut dyn FnMut(&mut Report, &Record<'_>) -> Outcome,
) -> Result<Vec<SheetRead>, Failure> {
    let mut sheets = Vec::new();
    let mut seen: Vec<(FileId, Option<String>)> = Vec::new();
    for source in sources {
        check_source(report, shape, source);
        for path in matching_files(report, files, folder, source)? {
            let file = files.id(&path);
            let once = (file, source.sheet.as_ref().map(|sheet| sheet.value.clone()));
            if seen.contains(&once) {
                report
                    .error(
                        code::FILE_TWICE,
                        source.file.span,
                        say!("`{path}` is read twice for `{shape}`", path, shape = shape.name),
                    )
                    .hint(say!("name it in one entry only"));
                continue;
            }
            seen.push(once);
            let mut reader = SheetReader::new(files, shape, source, take, &mut sheets);
            read_file(report, files, file, &mut reader)?;
        }
    }
    for sheet in &sheets {
        assert!(sheet.account.balances(), "every row is used, refused, blank or a heading: {sheet:?}");
    }
    Ok(sheets)
}

/// Reads one file by what its bytes are, whatever its name says.
fn read_file(
    report: &mut Report,
    files: &Files,
    file: FileId,
    reader: &mut SheetReader<'_>,
) -> Result<(), Failure> {
    let path = files.path(file);
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let mut expect = |endings: &[&str], what: Message| {
        if !endings.contains(&ending.as_str()) {
            let message = say!("`{path}` is read as what its bytes are: {what}", path, what);
            report.note(code::FILE_ENDING, Span::whole(file), message);
        }
    };
    match package::sniff(files, file)? {
        package::Format::Package => {
            expect(&["xlsx", "xlsm", "xltx", "xltm", "ods", "ots"], say!("a workbook in a zip package"));
            workbook::read_package(report, files, file, reader)
        }
        package::Format::Xls => {
            expect(&["xls", "xlt", "et"], say!("a workbook of Excel 97 to 2003"));
            workbook::read_xls(report, files, file, reader)
        }
        package::Format::Text if ending == "yaml" || ending == "yml" => {
            yaml_list::read(report, files, file, reader)
        }
        package::Format::Text => {
            expect(&["csv", "tsv", "txt"], say!("delimited text"));
            delimited::read(report, files, file, None, reader)
        }
        package::Format::Refused(package::Unreadable { what, instead }) => {
            report
                .error(code::FILE_FORMAT, reader.source.file.span, say!("`{path}` is {what}", path, what))
                .hint(instead);
            Ok(())
        }
    }
}

fn check_source(report: &mut Report, shape: &TableShape, source: &Source) {
    let named = source.set.iter().map(|(field, value)| (field, value.span));
    let named = named.chain(source.columns.iter().map(|(field, heading)| (field, heading.span)));
    let fields = || shape.fields.iter().map(|field| field.name);
    for (field, span) in named {
        if fields().all(|known| known != field) {
            report
                .error(
                    code::UNKNOWN_FIELD,
                    span,
                    say!("`{shape}` has no field `{field}`", shape = shape.name, field),
                )
                .label_meant(nearest(field, fields()))
                .hint(say!("fields of {shape}: {fields}", shape = shape.name, fields = list(fields())));
        }
    }
}
