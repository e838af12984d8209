//! What is said of a cell that is refused, and how its value is shown.

use super::mask::{Shown, is_plain, masked};
use super::record::{Record, Refused};
use super::shape::Kind;
use super::sheet::Origin;
use crate::data::cell::{Cell, is_hashes, number_text};
use crate::source::{Code, Message, Report, code, say};

impl Record<'_> {
    /// Begins an error about the value of a field; the value is masked if it is private. A value that is
    /// set for all rows is reported once.
    pub fn refuse<'r>(
        &self,
        report: &'r mut Report,
        code: Code,
        field: usize,
        message: Message,
        found: &str,
    ) -> crate::source::Draft<'r> {
        let shown = self.shown(field, found);
        if let Origin::Set(_, span) = self.origins[field]
            && report.has_error(code, span)
        {
            return report.said_already();
        }
        report
            .error_of_value(code, self.span(field), message, found)
            .found(shown)
            .label(Message::verbatim(self.heading(field)))
    }

    /// A value as messages may show it. Of a table about persons it is masked, unless it plainly is what the field
    /// wants: a row that slipped by a cell puts names and addresses into any column.
    pub fn shown(&self, field: usize, value: &str) -> String {
        match self.shape.is_private() && !is_plain(self.field(field), value, self.identifiers) {
            true => masked(value),
            false => value.shown(),
        }
    }

    /// Begins an error about a cell that holds no value to show: the row is shown, with the cell marked.
    pub fn refuse_without_value<'r>(
        &self,
        report: &'r mut Report,
        code: Code,
        field: usize,
        message: Message,
        instead: &str,
    ) -> crate::source::Draft<'r> {
        let mut columns: Vec<(u16, usize)> = (0..self.shape.fields.len())
            .filter_map(|field| match &self.origins[field] {
                Origin::Column(column, _) => Some((*column, field)),
                _ => None,
            })
            .collect();
        columns.sort_unstable();
        let mut row = String::new();
        let mut mark = 0..0;
        for (_, shown) in columns {
            if !row.is_empty() {
                row.push_str(" | ");
            }
            let start = row.len();
            match self.cell(shown) {
                _ if shown == field => row.push_str(instead),
                Cell::Empty => row.push('-'),
                Cell::Text(text) | Cell::Error(text) => row.push_str(&self.shown(shown, &text)),
                Cell::Number(number) => row.push_str(&self.shown(shown, &number_text(number))),
                Cell::Date(moment) => row.push_str(&self.shown(shown, &moment.to_string())),
                Cell::Time(time) => row.push_str(&self.shown(shown, &time.to_string())),
                Cell::Truth(truth) => row.push_str(&self.shown(shown, &truth.to_string())),
                Cell::Unresolved => row.push_str("(formula)"),
            }
            if shown == field {
                mark = start..row.len();
            }
        }
        let draft = report.error_of_value(code, self.span(field), message, instead);
        match mark.is_empty() {
            true => draft.found(row),
            false => draft.found_within(row, mark).label(Message::verbatim(self.heading(field))),
        }
    }

    /// The heading under which a field was found, or its name.
    pub fn heading(&self, field: usize) -> String {
        match &self.origins[field] {
            Origin::Column(_, heading) => heading.clone(),
            _ => self.field(field).name.to_owned(),
        }
    }

    pub(super) fn refuse_empty(&self, report: &mut Report, field: usize) -> Refused {
        let name = self.field(field).name;
        let message = say!("no `{field}` in this row", field = self.heading(field));
        self.refuse_without_value(report, code::EMPTY_CELL, field, message, "(empty)")
            .hint(say!("every row needs a value for `{name}`; complete the row or delete it", name));
        Refused
    }

    pub(super) fn refuse_error(&self, report: &mut Report, field: usize, error: &str) -> Refused {
        let (code, message, hint) = match (is_hashes(error), self.field(field).kind) {
            (false, _) => (
                code::ERROR_CELL,
                say!("the cell contains the error `{error}`", error),
                say!("correct the formula in the spreadsheet, or type the value"),
            ),
            (true, kind) => (
                if kind == Kind::Code { code::NUMBER_FOR_CODE } else { code::ERROR_CELL },
                say!("the value was not exported, only `{error}`", error),
                say!(
                    "the column was too narrow for its numbers or dates: widen it, and export the table again"
                ),
            ),
        };
        report
            .error_of_value(code, self.span(field), message, error)
            .found(error.to_owned())
            .label(Message::verbatim(self.heading(field)))
            .hint(hint);
        Refused
    }

    pub(super) fn refuse_unresolved(&self, report: &mut Report, field: usize) -> Refused {
        let message = say!("the cell contains a formula without a stored result");
        self.refuse_without_value(report, code::FORMULA_WITHOUT_RESULT, field, message, "(formula)")
            .hint(say!("open the file in a spreadsheet program and save it, so that results are stored, or paste values only"));
        Refused
    }
}
