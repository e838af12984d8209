//! Working days, from the official calendar of each year.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::data::{Date, Spanned};
use crate::lang::Localized;
use crate::source::{Report, code, say};

/// The file `calendar.yaml`.
#[derive(Deserialize, JsonSchema, Clone, Default, Debug)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// The calendar of each year.
    pub years: BTreeMap<i16, Year>,
}

/// The calendar of a year.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Year {
    /// Whether the State Council has published the year's calendar.
    pub status: Status,
    /// The source.
    pub source: SourceNote,
    /// Public holidays listed in the notice.
    pub breaks: Vec<Break>,
    /// Weekend days that are working days.
    pub workdays: Vec<Spanned<Date>>,
}

/// The status of a year's calendar.
#[derive(Deserialize, JsonSchema, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Published by the State Council.
    Official,
    /// A projection: dates computed with it are provisional.
    Provisional,
}

/// The source of a calendar.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct SourceNote {
    /// Number or title of the notice.
    pub notice: Localized,
    /// Date of issue.
    #[serde(default)]
    pub issued: Option<Date>,
    /// Address of the text.
    #[serde(default)]
    pub url: Option<String>,
}

/// Consecutive days off.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Break {
    /// The holiday.
    pub name: Localized,
    /// First day off.
    pub from: Spanned<Date>,
    /// Last day off.
    #[serde(rename = "to")]
    pub until: Spanned<Date>,
}

/// What a day is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DayKind {
    /// A working day of the week.
    Work,
    /// A day of a weekend that is worked.
    MakeUp,
    /// A day off.
    Off,
}

/// A day counted by a calendar, and whether every year that was counted is official.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Counted {
    /// The day.
    pub date: Date,
    /// Whether a year without an official calendar was counted.
    pub provisional: bool,
}

impl Calendar {
    /// Checks what the types cannot say.
    pub fn check(&self, report: &mut Report) {
        for (&year, known) in &self.years {
            for day in &known.workdays {
                if day.value.year() != year {
                    report
                        .error(
                            code::CALENDAR_YEAR,
                            day.span,
                            say!("`{day}` is not a day of {year}", day = day.value, year),
                        )
                        .hint(say!("move it to its year"));
                } else if !is_weekend(day.value) {
                    report
                        .error(
                            code::CALENDAR_WORKDAY,
                            day.span,
                            say!("`{day}` is a weekday and already a working day", day = day.value),
                        )
                        .hint(say!("list only Saturdays and Sundays that are working days"));
                } else if known.breaks.iter().any(|b| b.holds(day.value)) {
                    report
                        .error(
                            code::CALENDAR_WORKDAY,
                            day.span,
                            say!("`{day}` is also listed as a day off", day = day.value),
                        )
                        .hint(say!("a day is either a working day or a day off"));
                }
            }
            for days_off in &known.breaks {
                if days_off.until.value < days_off.from.value {
                    report
                        .error(
                            code::DAY_ORDER,
                            days_off.until.span,
                            say!(
                                "`{until}` is before `{from}`",
                                until = days_off.until.value,
                                from = days_off.from.value
                            ),
                        )
                        .hint(say!("the last day off cannot come before the first"));
                }
            }
        }
    }

    /// What is known of a year, as far as it decides which days are worked.
    pub fn written(&self, year: i16) -> serde_json::Value {
        let Some(known) = self.years.get(&year) else { return serde_json::Value::Null };
        let off: Vec<[String; 2]> = known
            .breaks
            .iter()
            .map(|days_off| [days_off.from.value.to_string(), days_off.until.value.to_string()])
            .collect();
        let worked: Vec<String> = known.workdays.iter().map(|day| day.value.to_string()).collect();
        serde_json::json!({"official": self.is_official(year), "off": off, "worked": worked})
    }

    /// What a day is.
    pub fn day(&self, date: Date) -> DayKind {
        let known = self.years.get(&date.year());
        if known.is_some_and(|year| year.workdays.iter().any(|day| day.value == date)) {
            return DayKind::MakeUp;
        }
        if is_weekend(date) || self.holiday(date).is_some() {
            return DayKind::Off;
        }
        DayKind::Work
    }

    /// The holiday of which a day is part.
    pub fn holiday(&self, date: Date) -> Option<&Localized> {
        // A break over the turn of the year is named by the notice of either year.
        self.years
            .values()
            .flat_map(|year| &year.breaks)
            .find(|days_off| days_off.holds(date))
            .map(|b| &b.name)
    }

    /// Whether a year's calendar is official.
    pub fn is_official(&self, year: i16) -> bool {
        self.years.get(&year).is_some_and(|year| year.status == Status::Official)
    }

    /// The working day that is `count` working days after a day; the day after it is day 1.
    pub fn after(&self, date: Date, count: u32) -> Counted {
        let mut counted = Counted { date, provisional: false };
        let mut left = count;
        while left > 0 {
            counted.date = counted.date.tomorrow().expect("a fair is long before the year 9999");
            counted.provisional |= !self.is_official(counted.date.year());
            if self.day(counted.date) != DayKind::Off {
                left -= 1;
            }
        }
        counted
    }

    /// The last of `count` working days from a day on; the day itself counts if it is a working day.
    pub fn lasting(&self, first: Date, count: u32) -> Counted {
        if self.day(first) == DayKind::Off || count == 0 {
            return self.after(first, count);
        }
        let mut counted = self.after(first, count - 1);
        counted.provisional |= !self.is_official(first.year());
        counted
    }
}

impl Break {
    fn holds(&self, date: Date) -> bool {
        self.from.value <= date && date <= self.until.value
    }
}

fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), jiff::civil::Weekday::Saturday | jiff::civil::Weekday::Sunday)
}
