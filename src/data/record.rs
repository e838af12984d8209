//! One row of a table, seen as the fields that the table is made of.

use std::borrow::Cow;

use super::cell::{Cell, is_invisible, number_text};
use super::mask::{IdentifierForms, is_plain, masked};
use super::moment::{ClockFlaw, Date, DateFlaw, Moment, Time, parse_moment, parse_time};
use super::shape::{Field, Kind, TableShape};
use super::source::ValueMap;
use super::table::SheetRead;
use crate::source::{Code, Message, Report, Span, code, list, nearest, say};

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
    pub(super) shape: &'static TableShape,
    pub(super) origins: &'a [Origin],
    /// What words of the file stand for, by field; empty where the source does not say.
    pub(super) values: &'a [Option<ValueMap>],
    /// The forms of the identifiers that other tables have.
    pub(super) identifiers: Option<&'a IdentifierForms>,
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
            Cell::Text(text) | Cell::Error(text) => Some(text),
            other => other.text().map(Cow::Owned),
        }
    }

    /// The place of a field's value in an earlier row of the table.
    pub fn span_in(&self, row: Row, field: usize) -> Span {
        self.sheets.get(row.sheet as usize).unwrap_or(self.sheet).field_span(row.row, field)
    }

    /// What is in a field's cell, or what the source says that it stands for.
    #[inline]
    pub fn cell(&self, field: usize) -> Cell<'_> {
        let cell = match &self.origins[field] {
            Origin::Absent => return Cell::Empty,
            Origin::Column(column, _) => self.cells.cell(*column),
            Origin::Set(cell, _) => cell.clone(),
        };
        match self.values.get(field) {
            Some(Some(map)) => map.meant(&cell).unwrap_or(cell),
            _ => cell,
        }
    }

    /// Whether a field stands in a column of its own.
    pub fn has_column(&self, field: usize) -> bool {
        self.origins[field].column().is_some()
    }

    fn field(&self, field: usize) -> &'static Field {
        &self.shape.fields[field]
    }

    /// The word of a field of a closed list, as the value that it stands for; `None` where it is empty.
    ///
    /// # Errors
    /// A word that is not known is reported.
    pub fn word(&self, report: &mut Report, field: usize) -> Result<Option<&'static str>, Refused> {
        let kind = self.field(field).kind;
        let Some(text) = self.text(report, field)? else { return Ok(None) };
        if let Some(value) = kind.value_of(&text) {
            return Ok(Some(value));
        }
        // Short words are near to words with which they have nothing in common, and which say the contrary.
        let meant = nearest(&text, kind.words()).filter(|meant| meant.contains(|c| text.contains(c)));
        let shown = self.shown(field, &text);
        let draft = self
            .refuse(report, code::UNKNOWN_WORD, field, say!("unknown word `{text}`", text = shown), &text)
            .hint_meant(meant)
            .hint(say!("write one of: {known}", known = list(kind.words())));
        if shown == text.as_ref() && self.has_column(field) {
            draft.hint(say!(
                "or say in fair.yaml what it stands for: `values: {{{field}: {{{text}: …}}}}`",
                field = self.field(field).name,
                text
            ));
        }
        Err(Refused)
    }

    /// The text of a field; `None` where it is empty. Reports errors in the cell, formulas without a
    /// result, and numbers where a code is expected.
    #[inline]
    pub fn text(&self, report: &mut Report, field: usize) -> Result<Option<Cow<'_, str>>, Refused> {
        match self.cell(field) {
            Cell::Text(text) if self.field(field).kind == Kind::Code && is_rounded(&text) => {
                let message =
                    say!("number `{found}` where a code is expected", found = self.shown(field, &text));
                self.refuse(report, code::NUMBER_FOR_CODE, field, message, &text).hint(say!("a spreadsheet program rounded the code: export it anew from where it comes from, with the column as text"));
                Err(Refused)
            }
            Cell::Text(text) => Ok(Some(text)),
            Cell::Empty if self.field(field).required => Err(self.refuse_empty(report, field)),
            Cell::Empty => Ok(None),
            Cell::Number(number) if self.field(field).kind == Kind::Code => {
                let found = number_text(number);
                let message =
                    say!("number `{found}` where a code is expected", found = self.shown(field, &found));
                self.refuse(report, code::NUMBER_FOR_CODE, field, message, &found).hint(say!("zeros in front may have been lost: format the column as text, and type or export the codes anew"));
                Err(Refused)
            }
            Cell::Date(_) | Cell::Time(_) if self.field(field).kind == Kind::Code => {
                let found = self.written(field).unwrap_or_default();
                let message =
                    say!("date `{found}` where a code is expected", found = self.shown(field, &found));
                self.refuse(report, code::NUMBER_FOR_CODE, field, message, &found).hint(say!("the spreadsheet took the code for a date: format the column as text, and type the code anew"));
                Err(Refused)
            }
            Cell::Number(number) => Ok(Some(number_text(number).into())),
            Cell::Truth(truth) => Ok(Some(truth.to_string().into())),
            Cell::Date(moment) => Ok(Some(moment.to_string().into())),
            Cell::Time(time) => Ok(Some(time.to_string().into())),
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
        let (text, flaw) = match self.cell(field) {
            Cell::Date(moment) => return Ok(Some(moment.date)),
            Cell::Empty => return Ok(None),
            Cell::Error(error) => return Err(self.refuse_error(report, field, &error)),
            Cell::Unresolved => return Err(self.refuse_unresolved(report, field)),
            Cell::Text(text) => match parse_moment(&text) {
                Ok(moment) => return Ok(Some(moment.date)),
                Err(flaw) => (text.into_owned(), flaw),
            },
            Cell::Number(number) => match moment_of_number(number) {
                Some(moment) => return Ok(Some(moment.date)),
                None => (number_text(number), DateFlaw::NotADate),
            },
            Cell::Truth(_) | Cell::Time(_) => {
                (self.written(field).unwrap_or_default().into_owned(), DateFlaw::NotADate)
            }
        };
        let shown = self.shown(field, &text);
        let message = match flaw.is_invalid_date() {
            true => say!("`{text}` is not a valid date", text = shown),
            false => say!("`{text}` is not a date", text = shown),
        };
        let hint = flaw.hint().unwrap_or_else(|| match self.sheet.is_workbook() {
            true => say!("write the date as 2025-04-16, or format the cell as a date"),
            false => say!("write the date as 2025-04-16"),
        });
        self.refuse(report, code::BAD_DATE, field, message, &text).hint(hint);
        Err(Refused)
    }

    /// The moment that a field says, to the second; `None` where it is empty or says none. Reports nothing.
    pub fn moment(&self, field: usize) -> Option<Moment> {
        match self.cell(field) {
            Cell::Date(moment) => Some(moment),
            Cell::Text(text) => parse_moment(&text).ok(),
            Cell::Number(number) => moment_of_number(number),
            _ => None,
        }
    }

    /// The time of day of a field; `None` where it is empty.
    pub fn time(&self, report: &mut Report, field: usize) -> Result<Option<Time>, Refused> {
        let (text, flaw) = match self.cell(field) {
            Cell::Time(time) => return Ok(Some(time)),
            Cell::Empty => return Ok(None),
            Cell::Error(error) => return Err(self.refuse_error(report, field, &error)),
            Cell::Unresolved => return Err(self.refuse_unresolved(report, field)),
            Cell::Text(text) => match parse_time(&text) {
                Ok(time) => return Ok(Some(time)),
                Err(flaw) => (text.into_owned(), flaw),
            },
            Cell::Number(_) | Cell::Truth(_) | Cell::Date(_) => {
                (self.written(field).unwrap_or_default().into_owned(), ClockFlaw::NotATime)
            }
        };
        let shown = self.shown(field, &text);
        let message = match flaw {
            ClockFlaw::NotATime => say!("`{text}` is not a time of day", text = shown),
            ClockFlaw::NoTime => say!("`{text}` is not a valid time", text = shown),
        };
        let hint = match self.moment(field).and_then(|moment| moment.time) {
            Some(time) => say!("write the time alone: {time}", time = time.to_string()),
            None => say!("write the time with 24 hours, such as 13:05"),
        };
        self.refuse(report, code::BAD_DATE, field, message, &text).hint(hint);
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
            .error(code, self.span(field), message)
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
        let draft = report.error(code, self.span(field), message);
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

    fn refuse_empty(&self, report: &mut Report, field: usize) -> Refused {
        let name = self.field(field).name;
        let message = say!("no `{field}` in this row", field = self.heading(field));
        self.refuse_without_value(report, code::EMPTY_CELL, field, message, "(empty)")
            .hint(say!("every row needs a value for `{name}`; complete the row or delete it", name));
        Refused
    }

    fn refuse_error(&self, report: &mut Report, field: usize, error: &str) -> Refused {
        let message = say!("the cell holds the error `{error}`", error);
        report
            .error(code::ERROR_CELL, self.span(field), message)
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

/// The moment that a number is where it is meant as digits, such as 20250416.
fn moment_of_number(number: f64) -> Option<Moment> {
    let text = number_text(number);
    matches!(text.len(), 8 | 12 | 14).then(|| parse_moment(&text).ok()).flatten()
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
