//! Tables as streams of records, spread over files and sheets, with an account of every row.

use super::amend::Amendments;
use super::mask::IdentifierForms;
use super::record::Record;
use super::shape::TableShape;
use super::sheet_reader::SheetReader;
use super::source::{Source, check_source};
use super::source_files::matching_files;
use super::{delimited, package, workbook, yaml_list};
use crate::source::{Failure, FileId, Files, Message, Place, Report, Span, code, say};

/// A table that is to be read.
#[derive(Clone, Copy)]
pub struct TableFiles<'a> {
    /// The inputs of the project.
    pub files: &'a Files,
    /// The folder below which its files are.
    pub folder: &'a str,
    /// What it is made of.
    pub shape: &'static TableShape,
    /// Where its parts are kept.
    pub sources: &'a [Source],
    /// The forms of identifiers that other tables have: a value of such a form may be shown.
    pub identifiers: Option<&'a IdentifierForms>,
    /// What was ruled on it.
    pub amendments: Option<&'a Amendments>,
}

/// Whoever takes the rows of a table: sheet by sheet, each row once, in reading order.
pub trait TakeRows {
    /// A sheet begins, the one of this number among those that are read for the table.
    fn begin_sheet(&mut self, _number: u32) {}

    /// A row that is not blank.
    fn row(&mut self, report: &mut Report, record: &Record<'_>) -> Outcome;

    /// A row of totals, or a remark: it is no row of the table.
    fn skipped(&mut self, _record: &Record<'_>) {}

    /// The sheet ends.
    fn end_sheet(&mut self, _report: &mut Report, _sheet: &SheetRead) {}
}

impl<F: FnMut(&mut Report, &Record<'_>) -> Outcome> TakeRows for F {
    fn row(&mut self, report: &mut Report, record: &Record<'_>) -> Outcome {
        self(report, record)
    }
}

/// What became of the rows of a sheet. `read = used + refused + skipped + blank + headings`.
#[derive(serde::Serialize, serde::Deserialize, Clone, Copy, PartialEq, Eq, Default, Debug)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Rows that the sheet has, up to the last one that holds a cell.
    pub read: u64,
    /// Rows that were taken.
    pub used: u64,
    /// Rows that were reported as wrong.
    pub refused: u64,
    /// Totals and remarks that are no rows of the table.
    pub skipped: u64,
    /// Rows without a value.
    pub blank: u64,
    /// Rows of headings, and those above them.
    pub headings: u64,
}

impl Account {
    /// Adds the rows of another sheet.
    pub fn add(&mut self, other: Account) {
        self.read += other.read;
        self.used += other.used;
        self.refused += other.refused;
        self.skipped += other.skipped;
        self.blank += other.blank;
        self.headings += other.headings;
    }

    /// The rows that have a value and stand below the headings.
    pub fn below_headings(&self) -> u64 {
        self.used + self.refused + self.skipped
    }

    fn balances(&self) -> bool {
        self.read == self.used + self.refused + self.skipped + self.blank + self.headings
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
    /// The number of its source among those of the table.
    pub source: usize,
    /// Where the values of each field come from.
    pub(super) fields: Vec<FieldRead>,
    /// The row of the headings; of two, the lower one.
    pub(super) headings_row: u32,
    /// The headings of columns that are not used, as they may be shown.
    pub unused: Vec<String>,
}

/// Where the values of a field come from in a sheet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FieldRead {
    /// The sheet has no column for it.
    Missing,
    /// The source says that there is none.
    SaidAbsent,
    /// One value is set for all rows.
    Set,
    /// It has a column.
    Column {
        /// The column, counted from 0.
        column: u16,
        /// Its heading.
        heading: String,
        /// Whether a row has a value in it.
        filled: bool,
    },
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
        let column = match self.fields.get(field) {
            Some(FieldRead::Column { column, .. }) => *column,
            _ => 0,
        };
        self.cell_span(row, column)
    }

    /// The place of the heading of a field; that of the first heading where the sheet has no column for it.
    pub fn column_span(&self, field: usize) -> Span {
        self.field_span(self.headings_row, field)
    }

    /// Where the values of a field come from.
    pub fn field(&self, field: usize) -> &FieldRead {
        self.fields.get(field).unwrap_or(&FieldRead::Missing)
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
    pub fn is_workbook(&self) -> bool {
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
    /// It is left out, as the fair says.
    Skipped,
}

/// Reads a table row by row and hands each record to `take`, in the order of the sources, then of the
/// sheets, then of the rows. Returns the sheets with the account of their rows.
pub fn read_table(
    report: &mut Report,
    table: &TableFiles<'_>,
    take: &mut dyn TakeRows,
) -> Result<Vec<SheetRead>, Failure> {
    let mut sheets = Vec::new();
    for (number, source) in table.sources.iter().enumerate() {
        check_source(report, table.shape, source);
        let paths = matching_files(report, table.files, table.folder, source)?;
        let paths = match table.amendments {
            Some(amendments) => amendments.admitted(table.files, table.shape.name, paths),
            None => paths,
        };
        for path in paths {
            let file = table.files.id(&path);
            let mut reader = SheetReader::new(*table, number, take, &mut sheets);
            read_file(report, table.files, file, &mut reader)?;
        }
    }
    for sheet in &sheets {
        let account = sheet.account;
        assert!(account.balances(), "every row is used, refused, skipped, blank or a heading: {sheet:?}");
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
            let encoding = reader.source.encoding.as_ref().map(|encoding| encoding.value);
            delimited::read(report, files, file, encoding, reader)
        }
        package::Format::Refused(package::Unreadable { what, instead }) => {
            report
                .error(code::FILE_FORMAT, reader.source.file.span, say!("`{path}` is {what}", path, what))
                .hint(instead);
            Ok(())
        }
    }
}
