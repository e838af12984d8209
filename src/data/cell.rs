//! What stands in a cell of a table.

use std::borrow::Cow;

use super::moment::{Moment, Time, parse_duration, parse_moment, parse_time};

/// The value of a cell, or of a field of a delimited text file.
#[derive(Clone, PartialEq, Debug)]
pub enum Cell<'a> {
    /// Nothing, or only white space and invisible characters.
    Empty,
    /// Text, without the white space around it.
    Text(Cow<'a, str>),
    /// A number, as spreadsheets keep them.
    Number(f64),
    /// A truth value.
    Truth(bool),
    /// A date, with or without a time of day.
    Date(Moment),
    /// A time of day without a date.
    Time(Time),
    /// An error such as `#N/A`.
    Error(Cow<'a, str>),
    /// A formula whose result was never stored.
    Unresolved,
}

/// Error values as spreadsheets show them and as they survive an export to text.
const ERRORS: [&str; 9] =
    ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!"];

impl<'a> Cell<'a> {
    /// The cell that a text makes.
    pub fn from_text(text: &'a str) -> Cell<'a> {
        let text = trim(text);
        if text.is_empty() {
            return Cell::Empty;
        }
        let first = text.as_bytes()[0];
        if first == b'#' && (ERRORS.contains(&text) || is_hashes(text))
            || first == b'E' && is_office_error(text)
        {
            return Cell::Error(text.into());
        }
        Cell::Text(text.into())
    }

    /// The same as [`Cell::from_text`], for a text that is not kept elsewhere.
    pub fn from_owned(text: String) -> Cell<'a> {
        match Cell::from_text(&text) {
            Cell::Empty => Cell::Empty,
            Cell::Error(error) => Cell::Error(Cow::Owned(error.into_owned())),
            Cell::Text(trimmed) if trimmed.len() == text.len() => Cell::Text(Cow::Owned(text)),
            Cell::Text(trimmed) => Cell::Text(Cow::Owned(trimmed.into_owned())),
            _ => unreachable!("text makes text"),
        }
    }

    /// The cell of a text by which a workbook keeps a date, a time of day or a duration.
    pub(super) fn from_iso(text: &'a str) -> Cell<'a> {
        match parse_moment(text) {
            // The day 0 of spreadsheet programs, before all that are counted: what counts is the time.
            Ok(Moment { date, time: Some(time) }) if date == jiff::civil::date(1899, 12, 30) => {
                Cell::Time(time)
            }
            Ok(moment) => Cell::Date(moment),
            Err(_) => match parse_time(text).ok().or_else(|| parse_duration(text)) {
                Some(time) => Cell::Time(time),
                None => Cell::from_text(text),
            },
        }
    }

    /// The cell of a number that is shown with so many digits and no sign between them, as codes are: what is shown.
    pub(super) fn from_padded(number: f64, digits: u8) -> Cell<'static> {
        match whole_digits(number) {
            Some(text) => Cell::Text(format!("{text:0>digits$}", digits = usize::from(digits)).into()),
            None => Cell::Number(number),
        }
    }

    /// The same cell, with its text kept in itself.
    pub fn into_owned(self) -> Cell<'static> {
        match self {
            Cell::Text(text) => Cell::Text(Cow::Owned(text.into_owned())),
            Cell::Error(error) => Cell::Error(Cow::Owned(error.into_owned())),
            Cell::Empty => Cell::Empty,
            Cell::Number(number) => Cell::Number(number),
            Cell::Truth(truth) => Cell::Truth(truth),
            Cell::Date(moment) => Cell::Date(moment),
            Cell::Time(time) => Cell::Time(time),
            Cell::Unresolved => Cell::Unresolved,
        }
    }

    /// The cell as text; `None` where it is empty.
    pub fn text(&self) -> Option<String> {
        match self {
            Cell::Empty => None,
            Cell::Text(text) | Cell::Error(text) => Some(text.clone().into_owned()),
            Cell::Number(number) => Some(number_text(*number)),
            Cell::Truth(truth) => Some(truth.to_string()),
            Cell::Date(moment) => Some(moment.to_string()),
            Cell::Time(time) => Some(time.to_string()),
            Cell::Unresolved => Some("=".to_owned()),
        }
    }

    /// Whether nothing is in the cell.
    pub fn is_empty(&self) -> bool {
        matches!(self, Cell::Empty)
    }
}

/// Whether a spreadsheet program takes a text for a formula. The wide forms are formulas too, for programs set to an
/// East Asian language.
pub fn begins_formula(text: &str) -> bool {
    text.starts_with(|first: char| "=+-@\t\r\n＝＋－＠".contains(first))
}

/// `Err:502`, as LibreOffice writes an error that has no name.
fn is_office_error(text: &str) -> bool {
    text.strip_prefix("Err:")
        .is_some_and(|number| number.len() == 3 && number.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether a text is what a column shows that is too narrow for its number or date.
pub(super) fn is_hashes(text: &str) -> bool {
    text.len() > 1 && text.bytes().all(|byte| byte == b'#')
}

/// Takes white space and invisible format characters off both ends.
pub(super) fn trim(text: &str) -> &str {
    let plain = |byte: Option<&u8>| byte.is_some_and(|&byte| byte > b' ' && byte < 0x7f);
    if plain(text.as_bytes().first()) && plain(text.as_bytes().last()) {
        return text;
    }
    text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c))
}

pub(super) fn is_invisible(c: char) -> bool {
    use icu_properties::props::{EnumeratedProperty, GeneralCategory};
    !c.is_ascii() && GeneralCategory::for_char(c) == GeneralCategory::Format
}

/// A number as text: whole numbers without a decimal point.
pub(super) fn number_text(number: f64) -> String {
    format!("{number}")
}

/// The digits of a number that may be a code: whole, not negative, and with no more digits than spreadsheet programs
/// keep, which is 15.
pub(super) fn whole_digits(number: f64) -> Option<String> {
    ((0.0..1e15).contains(&number) && number.fract() == 0.0).then(|| number_text(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_loses_invisible_characters_at_its_ends_only() {
        assert_eq!(Cell::from_text("\u{feff} a\u{200b}b\u{a0}\u{200b}"), Cell::Text("a\u{200b}b".into()));
        assert_eq!(Cell::from_text(" \u{3000}\u{200b}"), Cell::Empty);
        assert_eq!(Cell::from_text("#N/A"), Cell::Error("#N/A".into()));
        assert_eq!(Cell::from_text("########"), Cell::Error("########".into()));
        assert_eq!(Cell::from_text("#1"), Cell::Text("#1".into()));
        assert_eq!(Cell::from_padded(1038.0, 6), Cell::Text("001038".into()));
        assert_eq!(Cell::from_padded(1_234_567.0, 6), Cell::Text("1234567".into()));
        assert_eq!(Cell::from_padded(10.5, 6), Cell::Number(10.5));
        assert_eq!(Cell::from_padded(1e15, 6), Cell::Number(1e15));
    }
}
