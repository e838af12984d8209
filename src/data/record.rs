//! One row of a table, seen as the fields that the table is made of.

use std::borrow::Cow;

use super::cell::{Cell, Date, is_invisible, no_such_day, number_text, parse_date};
use super::table::SheetRead;
use crate::source::{Code, Message, Report, Span, code, say};

/// A field of a table.
#[derive(Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Headings under which it is found; matched after NFKC, case folding and removal of spaces and
    /// underscores.
    pub headings: &'static [&'static str],
    /// Whether every row must have a value.
    pub required: bool,
    /// Whether its values are about a person, and masked in messages.
    pub private: bool,
    /// What its values are.
    pub kind: Kind,
}

/// What the values of a field are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Identifiers: text in which leading zeros count, so that a number is refused.
    Code,
    /// Text.
    Text,
    /// A date.
    Date,
    /// A word of a closed list, a number or a truth value.
    Word,
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
pub(super) enum Origin {
    /// The table has no such column.
    Absent,
    /// The column, counted from 0, with its heading.
    Column(u16, String),
    /// One value for all rows, and where it is written.
    Set(Cell<'static>, Span),
}

impl Origin {
    /// The column, if the value stands in one.
    pub(super) fn column(&self) -> Option<u16> {
        match self {
            Origin::Column(column, _) => Some(*column),
            Origin::Absent | Origin::Set(..) => None,
        }
    }
}

/// A row seen by its fields.
pub struct Record<'a> {
    pub(super) fields: &'static [Field],
    pub(super) origins: &'a [Origin],
    pub(super) cells: &'a dyn Cells,
    pub(super) sheet: &'a SheetRead,
    /// The sheets that were read before this one.
    pub(super) sheets: &'a [SheetRead],
    pub(super) row: Row,
}

/// The cells of a row by column, counted from 0.
pub(super) trait Cells {
    fn cell(&self, column: u16) -> Cell<'_>;
}

/// A value that was reported as wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Refused;

impl<'a> Record<'a> {
    /// Which row it is.
    pub fn row(&self) -> Row {
        self.row
    }

    /// The place of a field's value.
    pub fn span(&self, field: usize) -> Span {
        match &self.origins[field] {
            Origin::Set(_, span) => *span,
            Origin::Column(column, _) => self.sheet.cell_span(self.row.row, *column),
            Origin::Absent => self.sheet.cell_span(self.row.row, 0),
        }
    }

    /// The sheet in which it stands.
    pub fn sheet(&self) -> &SheetRead {
        self.sheet
    }

    /// What a field says, as text, whether or not it is what the field wants; `None` where it is empty.
    pub fn written(&self, field: usize) -> Option<Cow<'_, str>> {
        match self.cell(field) {
            Cell::Empty => None,
            Cell::Text(text) | Cell::Error(text) => Some(text),
            Cell::Number(number) => Some(number_text(number).into()),
            Cell::Truth(truth) => Some(truth.to_string().into()),
            Cell::Date(date) => Some(date.to_string().into()),
            Cell::Unresolved => Some("=".into()),
        }
    }

    /// The place of a field's value in an earlier row of the table.
    pub fn span_in(&self, row: Row, field: usize) -> Span {
        self.sheets.get(row.sheet as usize).unwrap_or(self.sheet).field_span(row.row, field)
    }

    /// What is in a field's cell.
    pub fn cell(&self, field: usize) -> Cell<'_> {
        match &self.origins[field] {
            Origin::Absent => Cell::Empty,
            Origin::Column(column, _) => self.cells.cell(*column),
            Origin::Set(cell, _) => cell.clone(),
        }
    }

    /// The text of a field; `None` where it is empty. Reports errors in the cell, formulas without a
    /// result, and numbers where a code is expected.
    #[inline]
    pub fn text(&self, report: &mut Report, field: usize) -> Result<Option<Cow<'_, str>>, Refused> {
        match self.cell(field) {
            Cell::Text(text) if self.fields[field].kind == Kind::Code && is_rounded(&text) => {
                let message =
                    say!("number `{found}` where a code is expected", found = self.shown(field, &text));
                self.refuse(report, code::NUMBER_FOR_CODE, field, message, &text).hint(say!("a spreadsheet program rounded the code: export it anew from where it comes from, with the column as text"));
                Err(Refused)
            }
            Cell::Text(text) => Ok(Some(text)),
            Cell::Empty if self.fields[field].required => Err(self.refuse_empty(report, field)),
            Cell::Empty => Ok(None),
            Cell::Number(number) if self.fields[field].kind == Kind::Code => {
                let found = number_text(number);
                let message =
                    say!("number `{found}` where a code is expected", found = self.shown(field, &found));
                self.refuse(report, code::NUMBER_FOR_CODE, field, message, &found).hint(say!("zeros in front may have been lost: format the column as text, and type or export the codes anew"));
                Err(Refused)
            }
            Cell::Date(date) if self.fields[field].kind == Kind::Code => {
                let found = date.to_string();
                let message =
                    say!("date `{found}` where a code is expected", found = self.shown(field, &found));
                self.refuse(report, code::NUMBER_FOR_CODE, field, message, &found).hint(say!("the spreadsheet took the code for a date: format the column as text, and type the code anew"));
                Err(Refused)
            }
            Cell::Number(number) => Ok(Some(number_text(number).into())),
            Cell::Truth(truth) => Ok(Some(truth.to_string().into())),
            Cell::Date(date) => Ok(Some(date.to_string().into())),
            Cell::Error(error) => Err(self.refuse_error(report, field, &error)),
            Cell::Unresolved => Err(self.refuse_unresolved(report, field)),
        }
    }

    /// The text of a field that every row must have.
    pub fn required(&self, report: &mut Report, field: usize) -> Result<Cow<'_, str>, Refused> {
        match self.text(report, field)? {
            Some(text) => Ok(text),
            None => Err(self.refuse_empty(report, field)),
        }
    }

    /// The date of a field; `None` where it is empty.
    pub fn date(&self, report: &mut Report, field: usize) -> Result<Option<Date>, Refused> {
        let text = match self.cell(field) {
            Cell::Date(date) => return Ok(Some(date)),
            Cell::Empty => return Ok(None),
            Cell::Error(error) => return Err(self.refuse_error(report, field, &error)),
            Cell::Unresolved => return Err(self.refuse_unresolved(report, field)),
            Cell::Text(text) => match parse_date(&text) {
                Some(date) => return Ok(Some(date)),
                None => text.into_owned(),
            },
            Cell::Number(number) => number_text(number),
            Cell::Truth(truth) => truth.to_string(),
        };
        if let Some(why) = no_such_day(&text) {
            let message = say!("there is no day `{text}`", text = self.shown(field, &text));
            self.refuse(report, code::BAD_DATE, field, message, &text).hint(why);
            return Err(Refused);
        }
        let message = say!("`{text}` is not a date", text = self.shown(field, &text));
        self.refuse(report, code::BAD_DATE, field, message, &text).hint(match self.sheet.is_workbook() {
            true => say!("write the date as 2025-04-16, or format the cell as a date"),
            false => say!("write the date as 2025-04-16"),
        });
        Err(Refused)
    }

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

    /// A value as messages may show it: masked if the field is private.
    pub fn shown(&self, field: usize, value: &str) -> String {
        match self.fields[field].private {
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
        let mut columns: Vec<(u16, usize)> = (0..self.fields.len())
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
                Cell::Date(date) => row.push_str(&self.shown(shown, &date.to_string())),
                Cell::Truth(truth) => row.push_str(&truth.to_string()),
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
            _ => self.fields[field].name.to_owned(),
        }
    }

    fn refuse_empty(&self, report: &mut Report, field: usize) -> Refused {
        let name = self.fields[field].name;
        let message = say!("no `{field}` in this row", field = self.heading(field));
        self.refuse_without_value(report, code::EMPTY_CELL, field, message, "(empty)")
            .hint(say!("every row needs a value for `{name}`; complete the row or delete it", name));
        Refused
    }

    fn refuse_error(&self, report: &mut Report, field: usize, error: &str) -> Refused {
        let message = say!("the cell holds the error `{error}`", error);
        report
            .error_of_value(code::ERROR_CELL, self.span(field), message, error)
            .found(error.to_owned())
            .label(Message::verbatim(self.heading(field)))
            .hint(say!("mend the formula in the spreadsheet, or type the value"));
        Refused
    }

    fn refuse_unresolved(&self, report: &mut Report, field: usize) -> Refused {
        let message = say!("the cell holds a formula without a stored result");
        self.refuse_without_value(report, code::FORMULA_WITHOUT_RESULT, field, message, "(formula)")
            .hint(say!("open the file in a spreadsheet program and save it, so that results are stored, or paste values only"));
        Refused
    }
}

/// Whether a text is a number as spreadsheet programs show long ones, such as `1.23457E+11`.
fn is_rounded(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.contains('+')
        && text.split_once("E+").is_some_and(|(number, power)| {
            let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
            digits(power) && digits(decimals) && digits(whole) && whole.len() == 1
        })
}

/// A text as messages show it: what cannot be seen is written out.
pub(super) trait Shown {
    /// The text, its invisible characters as `\u{200b}`.
    fn shown(&self) -> String;
}

impl Shown for str {
    fn shown(&self) -> String {
        let seen = |c: &char| !(is_invisible(*c) || c.is_control() || c.is_whitespace() && *c != ' ');
        match self.chars().all(|c| seen(&c)) {
            true => self.to_owned(),
            false => self
                .chars()
                .map(|c| if seen(&c) { c.to_string() } else { c.escape_unicode().to_string() })
                .collect(),
        }
    }
}

/// A private value, so that a person who knows it recognises it and nobody else learns it.
pub(super) fn masked(value: &str) -> String {
    let initial = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
    match value.split_once('@') {
        Some((name, host)) => format!("{}***@{}***", initial(name), initial(host)),
        None => format!("{}***", initial(value)),
    }
}
