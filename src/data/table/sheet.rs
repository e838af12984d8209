//! What was read of a sheet: the account of its rows, and where its values stand.

use crate::data::cell::Cell;
use crate::source::{FileId, Files, Place, Span};

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

    pub(in crate::data) fn balances(&self) -> bool {
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
    pub(in crate::data) layout: Layout,
    /// Of a YAML list, the first byte of every entry that was read.
    pub(in crate::data) entries: Vec<u32>,
    /// The number of its source among those of the table.
    pub source: usize,
    /// Where the values of each field come from.
    pub(in crate::data) fields: Vec<FieldRead>,
    /// The row of the headings; of two, the lower one.
    pub(in crate::data) headings_row: u32,
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
pub(in crate::data) enum Layout {
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

/// A row of a table that was read, by sheet and row: enough to name its place later.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Row {
    /// Number of the sheet among those that were read for the table.
    pub sheet: u32,
    /// Row: of a workbook counted from 0, line of a text counted from 1, first byte of a YAML entry.
    pub row: u32,
}

/// Where the value of a field comes from.
#[derive(Clone, Debug)]
pub(in crate::data) enum Origin {
    /// The table has no such column.
    Absent,
    /// The column, counted from 0, with its heading.
    Column(u16, String),
    /// One value for all rows, and where it is written.
    Set(Cell<'static>, Span),
}

impl Origin {
    /// The column, if the value stands in one.
    pub(in crate::data) fn column(&self) -> Option<u16> {
        match self {
            Origin::Column(column, _) => Some(*column),
            Origin::Absent | Origin::Set(..) => None,
        }
    }
}
