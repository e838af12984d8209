//! A table that is to be read, and whoever takes its rows.

use super::amendments::Amendments;
use super::mask::IdentifierForms;
use super::record::Record;
use super::shape::TableShape;
use super::sheet::{Outcome, SheetRead};
use super::source::Source;
use crate::source::{Files, Report};

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
