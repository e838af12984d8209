//! What stands in a cell of a table.

use std::borrow::Cow;

use serde_yaml::Value;

use super::characters::trim;
use super::dates::moment::{Date, Moment, Time, parse_moment};
use super::dates::time_of_day::{parse_duration, parse_time, time_of};

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

/// The cells of a row by column, counted from 0.
pub(super) trait Cells {
    fn cell(&self, column: u16) -> Cell<'_>;
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

/// A number as text: whole numbers without a decimal point.
pub(super) fn number_text(number: f64) -> String {
    format!("{number}")
}

/// The digits of a number that may be a code: whole, not negative, and with no more digits than spreadsheet programs
/// keep, which is 15.
pub(super) fn whole_digits(number: f64) -> Option<String> {
    ((0.0..1e15).contains(&number) && number.fract() == 0.0).then(|| number_text(number))
}

/// The number of a column as rows count them.
pub(super) fn column_number(column: usize) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}

/// The cell that a value in YAML makes, in a list or under `set`.
pub(super) fn value_cell(value: &Value) -> Cell<'static> {
    match value {
        Value::Null => Cell::Empty,
        Value::Bool(truth) => Cell::Truth(*truth),
        Value::Number(number) => Cell::Number(number.as_f64().unwrap_or(f64::NAN)),
        Value::String(text) => Cell::from_owned(text.clone()),
        Value::Sequence(values) => {
            let texts: Vec<String> = values
                .iter()
                .map(|value| match value {
                    Value::String(text) => text.clone(),
                    Value::Number(number) => number.to_string(),
                    other => format!("{other:?}"),
                })
                .collect();
            Cell::from_owned(texts.join(";"))
        }
        _ => Cell::Error("a mapping".into()),
    }
}

/// The date or time of day of a number of days; what is neither stays a number.
pub(super) fn date_cell(number: f64, from_1904: bool) -> Cell<'static> {
    const DAY: i64 = 24 * 60 * 60;
    // Within the day before all that are counted only the time of day counts. A second that is no whole one was
    // rounded by whoever wrote the number.
    if (0.0..1.0).contains(&number) {
        let seconds = whole((number * DAY as f64).round());
        return time_of(seconds).map_or(Cell::Number(number), Cell::Time);
    }
    // No calendar of a spreadsheet goes beyond the year 9999.
    if !(1.0..2_958_466.0).contains(&number) {
        return Cell::Number(number);
    }
    // Half a millisecond before midnight is midnight.
    let seconds = whole((number * DAY as f64 + 0.0005).floor());
    let (days, second) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
    // Spreadsheets of 1900 count a 29 February that there was not.
    let since_1899 = match from_1904 {
        true => days + 1462,
        false => days + i64::from(days < 60),
    };
    match date_of_day(since_1899) {
        Some(date) => Cell::Date(Moment { date, time: time_of(second).filter(|_| second > 0) }),
        None => Cell::Number(number),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the seconds of 10,000 years fit")]
fn whole(number: f64) -> i64 {
    number as i64
}

/// The date of a day counted from 30 December 1899, by years that begin in March.
fn date_of_day(days: i64) -> Option<Date> {
    const FROM_MARCH_OF_YEAR_0: i64 = 693_899;
    let days = days + FROM_MARCH_OF_YEAR_0;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let year = era * 400 + year + next;
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
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

    #[test]
    fn days_are_counted_as_spreadsheets_count_them() {
        use calamine::{ExcelDateTime, ExcelDateTimeType};
        for from_1904 in [false, true] {
            for number in (1..2_956_000).step_by(13).chain([1, 2, 58, 59, 61, 62, 45_762]) {
                let theirs = ExcelDateTime::new(number.into(), ExcelDateTimeType::DateTime, from_1904);
                let (year, month, day, ..) = theirs.to_ymd_hms_milli();
                let Cell::Date(ours) = date_cell(number.into(), from_1904) else {
                    panic!("{number} is a day")
                };
                assert_eq!(
                    ours.to_string(),
                    format!("{year:04}-{month:02}-{day:02}"),
                    "{number} {from_1904}"
                );
            }
        }
        let shown = |number| match date_cell(number, false) {
            Cell::Date(moment) => moment.to_string(),
            other => format!("{other:?}"),
        };
        assert_eq!(shown(45_763.999), "2025-04-16 23:58:33");
        assert_eq!(shown(45_763.999_999_999), "2025-04-17");
        assert_eq!(shown(45_763.420_138_888_9), "2025-04-16 10:05:00");
        assert_eq!(shown(0.395_833), "Time(09:30:00)");
        assert_eq!(shown(0.0), "Time(00:00:00)");
        assert_eq!(shown(-1.0), "Number(-1.0)");
        assert_eq!(shown(0.999_999), "Number(0.999999)");
    }
}
