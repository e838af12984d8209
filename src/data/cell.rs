//! What stands in a cell of a table.

use std::borrow::Cow;

pub use jiff::civil::{Date, Time};

use crate::source::{Message, say};

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
    /// A date, or the date of a date with a time.
    Date(Date),
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
        if first == b'#' && ERRORS.contains(&text) || first == b'E' && is_office_error(text) {
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

    /// The same cell, with its text kept in itself.
    pub fn into_owned(self) -> Cell<'static> {
        match self {
            Cell::Text(text) => Cell::Text(Cow::Owned(text.into_owned())),
            Cell::Error(error) => Cell::Error(Cow::Owned(error.into_owned())),
            Cell::Empty => Cell::Empty,
            Cell::Number(number) => Cell::Number(number),
            Cell::Truth(truth) => Cell::Truth(truth),
            Cell::Date(date) => Cell::Date(date),
            Cell::Unresolved => Cell::Unresolved,
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

/// The date that a text says: `2025-04-16`, `2025/4/16`, `2025.4.16`, `2025年4月16日` or `20250416`, with or
/// without a time of day behind it. A time with an offset from UTC is turned into Beijing time first.
/// Digits and signs may be full-width. Other orders of day and month are not guessed.
pub fn parse_date(text: &str) -> Option<Date> {
    parse_plain_date(text).or_else(|| parse_plain_date(&normal(text)?))
}

/// Why a text that is written as a date is none: the day or the month that it says does not exist. `None` where it
/// is a date, or is written otherwise.
pub(super) fn no_such_day(text: &str) -> Option<Message> {
    let normal = normal(text);
    let DateParts { year, month, day, .. } = date_parts(normal.as_deref().unwrap_or(text))?;
    let (year, month): (i16, i8) = (year.parse().ok()?, month.parse().ok()?);
    let day: u8 = day.parse().ok()?;
    if !(1..=12).contains(&month) {
        return Some(say!("there are 12 months; a date is written year, month, day, such as 2025-10-15"));
    }
    let days = Date::new(year, month, 1).ok()?.days_in_month();
    let exists = (1..=days.unsigned_abs()).contains(&day);
    (!exists).then(|| {
        say!(
            "month {month} of {year} has {days} days",
            month = month.unsigned_abs(),
            year,
            days = days.unsigned_abs()
        )
    })
}

/// A text with its full-width signs as usual ones and without invisible characters, if that makes a difference.
fn normal(text: &str) -> Option<String> {
    use unicode_normalization::UnicodeNormalization;
    let normal: String = text.nfkc().filter(|&c| !is_invisible(c)).collect();
    (normal != text).then_some(normal)
}

fn parse_plain_date(text: &str) -> Option<Date> {
    let DateParts { year, month, day, time } = date_parts(text)?;
    let civil = date(year, month, day)?;
    if time.is_empty() {
        return Some(civil);
    }
    time_in_beijing(civil, time)
}

/// The parts of a text that is written as a date, whether or not there is such a day.
struct DateParts<'a> {
    year: &'a str,
    month: &'a str,
    day: &'a str,
    /// The time of day; empty where there is none.
    time: &'a str,
}

fn date_parts(text: &str) -> Option<DateParts<'_>> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 8 && (text.len() == 8 || text.as_bytes()[8] == b' ' || text.as_bytes()[8] == b'T') {
        return Some(DateParts { year: &text[..4], month: &text[4..6], day: &text[6..8], time: "" });
    }
    if digits != 4 {
        return None;
    }
    let (year, rest) = text.split_at(4);
    let mut chars = rest.chars();
    let separator = chars.next()?;
    let second = match separator {
        '-' | '/' | '.' => separator,
        '年' => '月',
        _ => return None,
    };
    let (month, rest) = chars.as_str().split_once(second)?;
    let day_length = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (day, rest) = rest.split_at(day_length);
    let rest = match separator {
        '年' => rest.strip_prefix('日')?,
        _ => rest,
    };
    let time = rest.strip_prefix(['T', 't', ' ']).map(str::trim).unwrap_or(rest);
    Some(DateParts { year, month, day, time })
}

fn date(year: &str, month: &str, day: &str) -> Option<Date> {
    let short = |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if !short(month) || !short(day) {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// The date in Beijing at a time of day, which may name its offset from UTC.
fn time_in_beijing(date: Date, time: &str) -> Option<Date> {
    let offset_at = time.find(['Z', 'z', '+']).or_else(|| time.rfind('-'));
    let (clock, offset) = time.split_at(offset_at.unwrap_or(time.len()));
    let mut parts = clock.trim().split(':');
    let hour: i8 = parts.next()?.parse().ok()?;
    let minute: i8 = parts.next()?.parse().ok()?;
    let second = parts.next().unwrap_or("0");
    let second: i8 = second.split(['.', ',']).next()?.parse().ok()?;
    if parts.next().is_some() {
        return None;
    }
    let at = date.at(hour.clamp(0, 24), minute.clamp(0, 60), 0, 0);
    if !(0..=23).contains(&hour) || !(0..=59).contains(&minute) || !(0..=60).contains(&second) {
        return None;
    }
    if offset.is_empty() {
        return Some(date);
    }
    let minutes_ahead: i32 = match offset {
        "Z" | "z" => 0,
        _ => {
            let sign = if offset.starts_with('-') { -1 } else { 1 };
            let digits: String = offset[1..].chars().filter(|c| *c != ':').collect();
            let (hours, minutes) = match digits.len() {
                2 => (digits.parse::<i32>().ok()?, 0),
                4 => (digits[..2].parse::<i32>().ok()?, digits[2..].parse::<i32>().ok()?),
                _ => return None,
            };
            sign * (hours * 60 + minutes)
        }
    };
    let beijing = jiff::Span::new().minutes(8 * 60 - minutes_ahead);
    Some(at.checked_add(beijing).ok()?.date())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_people_write_them_in_china_and_in_iso_8601() {
        for text in [
            "2025-04-16",
            "2025/4/16",
            "2025.4.16",
            "2025年4月16日",
            "20250416",
            "2025-04-16 23:59:59",
            "2025-04-16T10:20",
            "2025-04-16T10:20:30.123+08:00",
            "2025-04-15T16:00:00Z",
            "2025年4月16日 9:30",
            "２０２５－０４－１６",
            "2025年４月16日",
            "2025-04-16\u{a0}09:30",
        ] {
            assert_eq!(parse_date(text), Some(jiff::civil::date(2025, 4, 16)), "{text}");
        }
        for text in
            ["16/04/2025", "04-16-2025", "2025-13-01", "2025-02-29", "2025", "45763", "2025-4", "2025-04-16x"]
        {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }

    #[test]
    fn a_day_that_does_not_exist_is_told_from_what_is_no_date() {
        let why = |text| no_such_day(text).map(|why| why.to_string());
        assert_eq!(why("2025-02-30").as_deref(), Some("month 2 of 2025 has 28 days"));
        assert_eq!(why("2024年2月30日").as_deref(), Some("month 2 of 2024 has 29 days"));
        assert_eq!(why("２０２５/10/32 9:30").as_deref(), Some("month 10 of 2025 has 31 days"));
        assert!(why("20251301").is_some_and(|why| why.starts_with("there are 12 months")));
        for text in ["2025-02-28", "2025-10-15 25:00", "15/10/2025", "2025", "2025-x-30", "invited"] {
            assert_eq!(why(text), None, "{text}");
        }
    }

    #[test]
    fn text_loses_invisible_characters_at_its_ends_only() {
        assert_eq!(Cell::from_text("\u{feff} a\u{200b}b\u{a0}\u{200b}"), Cell::Text("a\u{200b}b".into()));
        assert_eq!(Cell::from_text(" \u{3000}\u{200b}"), Cell::Empty);
        assert_eq!(Cell::from_text("#N/A"), Cell::Error("#N/A".into()));
        assert_eq!(Cell::from_text("#1"), Cell::Text("#1".into()));
    }
}
