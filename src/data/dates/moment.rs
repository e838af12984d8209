//! Days and times of day, as tables write them in China and as ISO 8601 does.

use std::fmt;

pub use jiff::civil::{Date, Time};

use super::scanner::{Scanner, normal};
use super::time_of_day::{ClockFlaw, ClockForm, seconds, time_of};
use crate::source::{Message, any_of, say};

/// A day, and the time of day where it is said, to the second. Both are those of Beijing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Moment {
    /// The day.
    pub date: Date,
    /// The time of day.
    pub time: Option<Time>,
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.time {
            Some(time) => write!(f, "{} {time}", self.date),
            None => write!(f, "{}", self.date),
        }
    }
}

/// Why a text is not a day, with or without a time of day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DateFlaw {
    /// It is not written as one.
    NotADate,
    /// The year comes last: what it says where the month comes first, and where the day does.
    OtherOrder(Vec<Date>),
    /// There is no such month; what it says if day and month changed places.
    NoMonth(Option<Date>),
    /// The month of the year has only so many days.
    NoDay { year: i16, month: i8, days: i8 },
    /// The time of day does not exist, or its words do not say which one is meant.
    NoTime(Date),
    /// The date is another day of the week.
    OtherWeekday,
    /// There is text after the date or the time.
    TextAfter(Date),
}

impl DateFlaw {
    /// Whether the text is written as a date, and there is no such day or time.
    pub fn is_invalid_date(&self) -> bool {
        matches!(
            self,
            DateFlaw::NoMonth(_) | DateFlaw::NoDay { .. } | DateFlaw::NoTime(_) | DateFlaw::OtherWeekday
        )
    }

    /// What to write instead; `None` where nothing is known but that it is not a date.
    pub fn hint(&self) -> Option<Message> {
        Some(match self {
            DateFlaw::NotADate => return None,
            DateFlaw::OtherOrder(dates) if dates.is_empty() => return None,
            DateFlaw::OtherOrder(dates) => {
                say!("write year, month and day: {dates}", dates = any_of(dates.iter().map(Date::to_string)))
            }
            DateFlaw::NoMonth(Some(date)) => {
                say!("there are 12 months; if you mean that day, write {date}", date = date.to_string())
            }
            DateFlaw::NoMonth(None) => {
                say!("there are 12 months; write dates as year, month, day, such as 2025-10-15")
            }
            DateFlaw::NoDay { year, month, days } => say!(
                "month {month} of {year} has {days} days",
                month = month.unsigned_abs(),
                year = *year,
                days = days.unsigned_abs()
            ),
            DateFlaw::NoTime(date) => {
                say!("use the 24-hour clock, such as {date} 13:05", date = date.to_string())
            }
            DateFlaw::OtherWeekday => say!("the date falls on another day of the week: correct one of them"),
            DateFlaw::TextAfter(date) => {
                say!("write {date}, without the text after it", date = date.to_string())
            }
        })
    }
}

/// The moment that a text says: year, month and day in this order (`2025-04-16`, `2025/4/16`, `2025.4.16`, `20250416`,
/// `2025年4月16日`), with or without a day of the week and a time of day (`10:05`, `上午10:05`, `10时20分30秒`,
/// `T103000`, `10:05 PM`). A time with an offset from UTC is turned into Beijing time; 24:00 is the next day. Digits and
/// signs may be full-width.
///
/// # Errors
/// Other orders of year, month and day are not guessed; days and times that do not exist, and texts after them, are
/// refused.
pub fn parse_moment(text: &str) -> Result<Moment, DateFlaw> {
    if let Some(moment) = usual_moment(text.as_bytes()) {
        return Ok(moment);
    }
    let normal = normal(text);
    let mut scanner = Scanner { rest: &normal };
    let (date, clock) = scanner.date()?;
    if let Some(clock) = clock {
        return scanner.moment(date, clock);
    }
    scanner.space();
    if let Some(weekday) = scanner.weekday() {
        if weekday != date.weekday().to_monday_one_offset() {
            return Err(DateFlaw::OtherWeekday);
        }
        scanner.space();
    }
    if scanner.rest.is_empty() {
        return Ok(Moment { date, time: None });
    }
    let form = match (scanner.eat("t"), normal.as_bytes().iter().take(8).all(u8::is_ascii_digit)) {
        (true, _) => ClockForm::Iso,
        (false, true) => ClockForm::Basic,
        (false, false) => ClockForm::Usual,
    };
    let clock = scanner.clock(form).map_err(|flaw| match flaw {
        ClockFlaw::NotATime => DateFlaw::TextAfter(date),
        ClockFlaw::NoTime => DateFlaw::NoTime(date),
    })?;
    scanner.moment(date, clock)
}

/// `2025-04-16` and `2025-04-16 10:05:31`, as most tables have them, with any sign between year, month and day.
#[inline]
fn usual_moment(text: &[u8]) -> Option<Moment> {
    let (day, clock) = match text.len() {
        10 => (text, None),
        19 if matches!(text[10], b' ' | b'T') => (&text[..10], Some(&text[11..])),
        _ => return None,
    };
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0i16, |number, digit| match digit {
            b'0'..=b'9' => Some(number * 10 + i16::from(digit - b'0')),
            _ => None,
        })
    };
    let part = |digits: &[u8]| number(digits).and_then(|number| i8::try_from(number).ok());
    if day[4] != day[7] || !matches!(day[4], b'-' | b'/' | b'.') {
        return None;
    }
    let date = Date::new(number(&day[..4])?, part(&day[5..7])?, part(&day[8..])?).ok()?;
    let time = match clock {
        Some([h1, h2, b':', m1, m2, b':', s1, s2]) => {
            Some(Time::new(part(&[*h1, *h2])?, part(&[*m1, *m2])?, part(&[*s1, *s2])?, 0).ok()?)
        }
        Some(_) => return None,
        None => None,
    };
    Some(Moment { date, time })
}

impl Scanner<'_> {
    /// A date; and the time of day, where it is written without a sign between them.
    fn date(&mut self) -> Result<(Date, Option<u32>), DateFlaw> {
        let digits = self.digits();
        let number = |range: std::ops::Range<usize>| digits[range].parse::<u32>().unwrap_or_default();
        match digits.len() {
            4 => {
                self.space();
                let (month, day) = self.month_and_day().ok_or(DateFlaw::NotADate)?;
                Ok((date_of(number(0..4), month, day)?, None))
            }
            8 => Ok((date_of(number(0..4), number(4..6), number(6..8))?, None)),
            12 | 14 | 17 => {
                let date = date_of(number(0..4), number(4..6), number(6..8))?;
                let second = if digits.len() > 12 { number(12..14) } else { 0 };
                let clock = seconds(None, number(8..10), number(10..12), second);
                self.fraction();
                Ok((date, Some(clock.map_err(|_| DateFlaw::NoTime(date))?)))
            }
            1 | 2 => Err(self.other_order(number(0..digits.len()))),
            _ => Err(DateFlaw::NotADate),
        }
    }

    /// What is between a year and a time.
    fn month_and_day(&mut self) -> Option<(u32, u32)> {
        let sign = self.rest.chars().next().filter(|sign| "-/.年".contains(*sign))?;
        let mut sign_text = [0; 4];
        let sign_text: &str = sign.encode_utf8(&mut sign_text);
        self.eat(sign_text);
        self.space();
        let month = self.short()?;
        self.space();
        if !self.eat(if sign == '年' { "月" } else { sign_text }) {
            return None;
        }
        self.space();
        let day = self.short()?;
        if sign == '年' {
            let before = self.rest;
            self.space();
            if !self.eat_any(&["日", "号", "號"]) {
                self.rest = before;
            }
        }
        Some((month, day))
    }

    /// A text in which the year comes last is not read; but it can be said what it may mean.
    fn other_order(&mut self, first: u32) -> DateFlaw {
        let mut dates = Vec::new();
        let sign = self.rest.get(..1).filter(|sign| ["-", "/", "."].contains(sign));
        if let Some(sign) = sign
            && self.eat(sign)
            && let Some(second) = self.short()
            && self.eat(sign)
            && let digits = self.digits()
            && digits.len() == 4
            && let Ok(year) = digits.parse()
        {
            dates.extend(date_of(year, first, second));
            dates.extend(date_of(year, second, first));
            dates.dedup();
        }
        DateFlaw::OtherOrder(dates)
    }

    /// A day of the week, from 1 for Monday.
    fn weekday(&mut self) -> Option<i8> {
        const ENGLISH: [(&str, &str); 7] = [
            ("mon", "day"),
            ("tue", "sday"),
            ("wed", "nesday"),
            ("thu", "rsday"),
            ("fri", "day"),
            ("sat", "urday"),
            ("sun", "day"),
        ];
        let before = self.rest;
        let bracket = self.eat("(");
        let chinese = self.eat_any(&["星期", "周", "週", "礼拜", "禮拜"]);
        let number = match chinese {
            true => {
                let days = [&["一"][..], &["二"], &["三"], &["四"], &["五"], &["六"], &["日", "天"]];
                (1..).zip(days).find(|(_, words)| self.eat_any(words)).map(|(number, _)| number)
            }
            false => {
                let day = (1..).zip(ENGLISH).find(|(_, (short, _))| self.eat(short));
                day.map(|(number, (_, rest))| {
                    self.eat(rest);
                    number
                })
            }
        };
        let number = number.filter(|_| !bracket || self.eat(")"));
        if number.is_none() {
            self.rest = before;
        }
        number
    }

    /// A day and a time of day after so many seconds, which may be followed by its offset from UTC.
    fn moment(&mut self, date: Date, clock: u32) -> Result<Moment, DateFlaw> {
        /// Beijing is so many minutes ahead of UTC.
        const BEIJING: i64 = 8 * 60;
        const DAY: i64 = 24 * 60 * 60;
        self.space();
        let shift = match self.rest.is_empty() {
            true => 0,
            false => BEIJING - self.offset().ok_or(DateFlaw::TextAfter(date))?,
        };
        let seconds = i64::from(clock) + shift * 60;
        let days = jiff::Span::new().days(seconds.div_euclid(DAY));
        let date = date.checked_add(days).map_err(|_| DateFlaw::NoTime(date))?;
        Ok(Moment { date, time: time_of(seconds.rem_euclid(DAY)) })
    }

    /// An offset from UTC in minutes, up to the end of the text: `Z`, `+08`, `+0800`, `+08:00`, `UTC+8`.
    fn offset(&mut self) -> Option<i64> {
        let named = self.eat_any(&["utc", "gmt"]);
        if self.rest.is_empty() || !named && self.rest == "z" {
            return Some(0);
        }
        let sign = match (self.eat("+"), self.eat("-")) {
            (true, _) => 1,
            (_, true) => -1,
            _ => return None,
        };
        let digits = self.digits();
        let (hours, minutes) = match digits.len() {
            1 if !named => return None,
            1 | 2 if self.eat(":") => (digits, self.digits()),
            1 | 2 => (digits, "00"),
            4 => digits.split_at(2),
            _ => return None,
        };
        let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
        // No place is more than 14 hours from UTC.
        let sound = self.rest.is_empty() && hours <= 14 && minutes < 60;
        sound.then_some(sign * (hours * 60 + minutes))
    }
}

fn date_of(year: u32, month: u32, day: u32) -> Result<Date, DateFlaw> {
    let valid = |month, day| {
        let (year, month, day) =
            (i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?);
        Date::new(year, month, day).ok()
    };
    match (valid(month, day), valid(month, 1)) {
        (Some(date), _) => Ok(date),
        (None, Some(first)) => {
            Err(DateFlaw::NoDay { year: first.year(), month: first.month(), days: first.days_in_month() })
        }
        (None, None) => Err(DateFlaw::NoMonth(valid(day, month))),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::data::dates::time_of_day::{parse_duration, parse_time};

    fn parsed(text: &str) -> String {
        match parse_moment(text) {
            Ok(moment) => moment.to_string(),
            Err(flaw) => format!("{flaw:?}"),
        }
    }

    #[test]
    fn days_are_read_as_people_write_them_in_china_and_in_iso_8601() {
        for text in [
            "2025-04-16",
            "2025/4/16",
            "2025.4.16",
            "2025年4月16日",
            "2025年04月16号",
            "2025 年 4 月 16 日",
            "2025年4月16",
            "20250416",
            "２０２５－０４－１６",
            "2025年４月16日",
            "2025−4−16",
            "2025/4/16（周三）",
            "2025年4月16日 星期三",
            "2025-04-16 Wed",
            " 2025-04-16\u{200b}",
        ] {
            assert_eq!(parsed(text), "2025-04-16", "{text}");
        }
    }

    #[test]
    fn times_are_read_in_the_same_notations() {
        for text in [
            "2025-04-16 22:05",
            "2025/4/16 22:5:0",
            "2025-04-16T22:05:00.123",
            "2025-04-16\u{a0}22：05",
            "2025-04-16 22∶05",
            "202504162205",
            "20250416220500",
            "20250416220500123",
            "20250416T2205",
            "20250416T220500",
            "20250416 220500",
            "2025年4月16日22时05分",
            "2025年4月16日 22时5分0秒",
            "2025年4月16日 星期三 22:05",
            "2025-04-16 下午10:05",
            "2025-04-16下午 10:05",
            "2025-04-16 晚上10点05分",
            "2025-04-16 下午22:05",
            "2025-04-16 10:05 PM",
            "2025-04-16 10:05:00 p.m.",
            "2025/4/16 PM 10:05",
            "2025-04-16T22:05+08:00",
            "2025-04-16 22:05:00 +0800",
            "2025-04-16T14:05Z",
            "20250416T140500Z",
            "2025-04-16T14:05:00.000+0000",
            "2025-04-16 14:05:00 UTC",
            "2025-04-16 16:05 GMT+2",
            "2025-04-16T10:05−04",
        ] {
            assert_eq!(parsed(text), "2025-04-16 22:05:00", "{text}");
        }
        for (text, moment) in [
            ("2025-04-16 上午10:05", "2025-04-16 10:05:00"),
            ("2025-04-16 上午12:05", "2025-04-16 00:05:00"),
            ("2025-04-16 12:05 AM", "2025-04-16 00:05:00"),
            ("2025-04-16 中午12:00", "2025-04-16 12:00:00"),
            ("2025-04-16 中午1点", "2025-04-16 13:00:00"),
            ("2025-04-16 9点半", "2025-04-16 09:30:00"),
            ("2025年04月16日10时", "2025-04-16 10:00:00"),
            ("2025-04-16T10", "2025-04-16 10:00:00"),
            ("2025-04-30 24:00", "2025-05-01 00:00:00"),
            ("2025-12-31T24:00:00", "2026-01-01 00:00:00"),
            ("20250415T200000Z", "2025-04-16 04:00:00"),
            ("2025-04-15T20:00:00+0000", "2025-04-16 04:00:00"),
            ("2025-04-16T02:00+12:45", "2025-04-15 21:15:00"),
        ] {
            assert_eq!(parsed(text), moment, "{text}");
        }
    }

    #[test]
    fn what_does_not_exist_is_told_from_what_is_no_date() {
        let day = date(2025, 4, 16);
        for text in [
            "2025-04-16 10:60",
            "2025-04-16 25:00",
            "2025-04-16 24:01",
            "2025-04-16 24:00:01",
            "2025-04-16 10:05:60",
            "2025-04-16 13:05 PM",
            "2025-04-16 上午15:00",
            "2025-04-16 晚上12:00",
            "2025-04-16T2400Z",
            "20250416106000",
        ] {
            let flaw = parse_moment(text);
            // 24:00 of UTC is 8:00 of the next day.
            match text {
                "2025-04-16T2400Z" => assert_eq!(parsed(text), "2025-04-17 08:00:00"),
                _ => assert_eq!(flaw, Err(DateFlaw::NoTime(day)), "{text}"),
            }
        }
        let days = |year, month, days| Err(DateFlaw::NoDay { year, month, days });
        assert_eq!(parse_moment("2025-02-30"), days(2025, 2, 28));
        assert_eq!(parse_moment("2024年2月30日"), days(2024, 2, 29));
        assert_eq!(parse_moment("２０２５/10/32 9:30"), days(2025, 10, 31));
        assert_eq!(parse_moment("2025-10-00"), days(2025, 10, 31));
        assert_eq!(parse_moment("2025/16/4"), Err(DateFlaw::NoMonth(Some(day))));
        assert_eq!(parse_moment("20251332"), Err(DateFlaw::NoMonth(None)));
        assert_eq!(parse_moment("2025-04-16 周二"), Err(DateFlaw::OtherWeekday));
        for text in [
            "20250416 not a date",
            "2025-04-16 待定",
            "2025-04-16x",
            "2025-04-16 3",
            "2025-04-16 10:05 待定",
            "2025-04-16 1005",
            "2025-04-16T10:05+25:00",
            "2025-04-16T10:05+8",
            "2025-04-16—2025-04-18",
            "2025-04-16 上午",
            "2025-04-16 下午3:00 PM",
            "2025-04-16Z",
        ] {
            assert_eq!(parse_moment(text), Err(DateFlaw::TextAfter(day)), "{text}");
        }
        for text in
            ["2025", "45763", "2025-4", "2025-04/16", "4月16日", "25年4月16日", "2025-004-16", "待定", ""]
        {
            assert!(
                matches!(parse_moment(text), Err(DateFlaw::NotADate | DateFlaw::OtherOrder(_))),
                "{text}"
            );
        }
    }

    #[test]
    fn other_orders_are_not_guessed_but_offered() {
        let hint = |text| parse_moment(text).expect_err("refused").hint().map(|hint| hint.to_string());
        assert_eq!(hint("16/04/2025").as_deref(), Some("write year, month and day: 2025-04-16"));
        assert_eq!(hint("04/16/2025 10:05").as_deref(), Some("write year, month and day: 2025-04-16"));
        assert_eq!(
            hint("04-05-2025").as_deref(),
            Some("write year, month and day: 2025-04-05 or 2025-05-04")
        );
        assert_eq!(hint("16/04/25"), None);
        assert_eq!(hint("2025-04-16 待定").as_deref(), Some("write 2025-04-16, without the text after it"));
    }

    proptest! {
        #[test]
        fn no_text_is_too_much(text in "\\PC*", more in "[0-9TtZz:+年月日时分上午下 ./-]{0,24}") {
            let _ = (parse_moment(&text), parse_time(&text), parse_duration(&text));
            let _ = (parse_moment(&more), parse_time(&more), parse_duration(&more));
            let _ = parse_moment(&format!("9999-12-31 {more}"));
            let _ = parse_moment(&format!("0000-01-01T{more}"));
        }

        #[test]
        fn what_is_written_is_read_again(days in 0..2_000_000i64, seconds in 0..86_400i64, offset in -720..=840i64) {
            let date = date(1, 1, 1) + jiff::Span::new().days(days);
            let time = time_of(seconds).expect("a time of the day");
            let moment = Moment { date, time: Some(time) };
            prop_assert_eq!(parse_moment(&moment.to_string()), Ok(moment));
            prop_assert_eq!(parse_moment(&format!("{date}T{time}+08:00")), Ok(moment));
            let there = date.to_datetime(time) - jiff::Span::new().minutes(480 - offset);
            let sign = if offset < 0 { '-' } else { '+' };
            let (hours, minutes) = (offset.abs() / 60, offset.abs() % 60);
            prop_assume!(there.year() > 0);
            prop_assert_eq!(parse_moment(&format!("{there}{sign}{hours:02}{minutes:02}")), Ok(moment));
        }
    }
}
