//! Dates as people read them, in the words of the theme.

use serde::Serialize;

use crate::data::Date;
use crate::lang::Catalog;

/// A date in all its forms.
#[derive(Serialize, Clone, PartialEq, Eq, Debug)]
pub(super) struct DateView {
    /// `2025-09-26`.
    iso: String,
    /// `2025年9月26日`, `26 September 2025`.
    pub long: String,
    /// `9/26`, `26 Sep`.
    short: String,
    /// `周五`, `Fri`.
    weekday: String,
}

impl DateView {
    pub(super) fn new(date: Date, words: &Catalog) -> DateView {
        let weekday = format!("date.weekday{}", date.weekday().to_monday_one_offset());
        DateView {
            iso: date.to_string(),
            long: filled("date.long", date, words),
            short: filled("date.short", date, words),
            weekday: word(words, &weekday),
        }
    }
}

/// Days from one to another: `4月15日—19日`, `15–19 April`.
pub(super) fn range(from: Date, until: Date, words: &Catalog) -> String {
    let same_month = from.month() == until.month() && from.year() == until.year();
    let key = if same_month { "date.range-in-month" } else { "date.range" };
    let [day, month, until_day, until_month] = [
        from.day().to_string(),
        month_name(from, words, "month"),
        until.day().to_string(),
        month_name(until, words, "month"),
    ];
    let values =
        [("day", day.as_str()), ("month", &month), ("until_day", &until_day), ("until_month", &until_month)];
    words.fill(key, &values).unwrap_or_else(|| format!("{from}/{until}"))
}

fn filled(key: &str, date: Date, words: &Catalog) -> String {
    let [year, day] = [date.year().to_string(), date.day().to_string()];
    let [month, short] = [month_name(date, words, "month"), month_name(date, words, "short-month")];
    let values = [("year", year.as_str()), ("month", &month), ("short_month", &short), ("day", &day)];
    words.fill(key, &values).unwrap_or_else(|| date.to_string())
}

/// The name of a month, or its number where a language has no names for months.
fn month_name(date: Date, words: &Catalog, form: &str) -> String {
    let number = date.month().to_string();
    words.word(&format!("date.{form}{number}")).map(str::to_owned).unwrap_or(number)
}

fn word(words: &Catalog, key: &str) -> String {
    words.word(key).unwrap_or_default().to_owned()
}
