//! Times of day as people write them in China, and as ISO 8601 does.

use jiff::civil::Time;

use super::scanner::{Scanner, normal};

/// Why a text is not a time of day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ClockFlaw {
    /// It is not written as one.
    NotATime,
    /// There is no such time, or its words do not say which one is meant.
    NoTime,
}

/// The time of day that a text says: `09:30`, `9：30`, `上午9:30`, `9时30分`, `9:30 PM`.
///
/// # Errors
/// A time that does not exist is refused, and 24:00, which is on the next day.
pub fn parse_time(text: &str) -> Result<Time, ClockFlaw> {
    let normal = normal(text);
    let mut scanner = Scanner { rest: &normal };
    let clock = scanner.clock(ClockForm::Usual)?;
    match scanner.rest.is_empty() {
        true => time_of(clock.into()).ok_or(ClockFlaw::NoTime),
        false => Err(ClockFlaw::NotATime),
    }
}

/// The time of day that is meant by a text that writes a dot for the colon: `9.30`, `下午3.05`. The minute has two digits:
/// `9.5` may be half past nine; and `0.75` is what is left of a time in a spreadsheet that lost its format.
pub(in crate::data) fn time_with_dot(text: &str) -> Option<Time> {
    let normal = normal(text);
    let (hour, rest) = normal.split_once('.')?;
    let minute = rest.bytes().take_while(u8::is_ascii_digit).count();
    (minute == 2 && hour != "0").then(|| parse_time(&format!("{hour}:{rest}")).ok()).flatten()
}

/// The time of day after so many seconds.
pub(in crate::data) fn time_of(seconds: i64) -> Option<Time> {
    let part = |value: i64| i8::try_from(value).ok();
    Time::new(part(seconds / 3600)?, part(seconds / 60 % 60)?, part(seconds % 60)?, 0).ok()
}

/// A duration as OpenDocument keeps a time of day, such as `PT09H30M00S`, in seconds of at most a day.
pub(in crate::data) fn parse_duration(text: &str) -> Option<Time> {
    let mut seconds = 0i64;
    let mut rest = text.strip_prefix("PT")?;
    for (unit, weight) in [('H', 3600), ('M', 60), ('S', 1)] {
        if let Some((number, after)) = rest.split_once(unit) {
            let whole = number.split(['.', ',']).next()?;
            seconds =
                whole.parse::<u16>().ok().map(|number| i64::from(number) * weight)?.checked_add(seconds)?;
            rest = after;
        }
    }
    time_of(seconds).filter(|_| rest.is_empty())
}

/// How a time of day may be written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ClockForm {
    /// With signs or words between hour, minute and second.
    Usual,
    /// After a date in the basic form of ISO 8601: also without signs.
    Basic,
    /// After a `T`: also without signs, and an hour alone.
    Iso,
}

/// The half of the day or the part of it that a word says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum DayPart {
    /// AM, with hours up to 12.
    Am,
    /// PM, with hours up to 12.
    Pm,
    Night,
    Morning,
    Noon,
    Afternoon,
    Evening,
}

const DAY_PARTS: [(&str, DayPart); 16] = [
    ("凌晨", DayPart::Night),
    ("清晨", DayPart::Morning),
    ("早晨", DayPart::Morning),
    ("早上", DayPart::Morning),
    ("上午", DayPart::Morning),
    ("中午", DayPart::Noon),
    ("下午", DayPart::Afternoon),
    ("傍晚", DayPart::Afternoon),
    ("晚上", DayPart::Evening),
    ("晚间", DayPart::Evening),
    ("晚間", DayPart::Evening),
    ("夜间", DayPart::Evening),
    ("a.m.", DayPart::Am),
    ("p.m.", DayPart::Pm),
    ("am", DayPart::Am),
    ("pm", DayPart::Pm),
];

impl DayPart {
    /// The hour out of 24; `None` where no such hour is in this part of the day, or where two may be meant.
    fn hour(self, hour: u32) -> Option<u32> {
        match (self, hour) {
            (DayPart::Am | DayPart::Morning | DayPart::Night, 12) => Some(0),
            (DayPart::Am | DayPart::Morning, 0..=11) | (DayPart::Night, 0..=6) => Some(hour),
            (DayPart::Noon, 11..=14) => Some(hour),
            (DayPart::Noon, 1..=2) => Some(hour + 12),
            (DayPart::Pm | DayPart::Afternoon, 12) => Some(12),
            (DayPart::Pm | DayPart::Afternoon, 0..=11) | (DayPart::Evening, 5..=11) => Some(hour + 12),
            // 下午14:30 says it twice, and is not unusual.
            (DayPart::Afternoon, 13..=23) | (DayPart::Evening, 17..=24) => Some(hour),
            _ => None,
        }
    }
}

impl Scanner<'_> {
    /// A time of day in seconds, of which 24:00 is one.
    pub(in crate::data) fn clock(&mut self, form: ClockForm) -> Result<u32, ClockFlaw> {
        let part = self.day_part();
        let digits = self.digits();
        let number = |from: usize| digits[from..from + 2].parse::<u32>().unwrap_or_default();
        let basic = form != ClockForm::Usual
            && part.is_none()
            && !self.rest.starts_with([':', '时', '時', '点', '點']);
        match digits.len() {
            2 if basic && form == ClockForm::Iso => return seconds(None, number(0), 0, 0),
            4 if basic => return seconds(None, number(0), number(2), 0),
            6 if basic => {
                self.fraction();
                return seconds(None, number(0), number(2), number(4));
            }
            1 | 2 => {}
            _ => return Err(ClockFlaw::NotATime),
        }
        let hour = digits.parse().map_err(|_| ClockFlaw::NotATime)?;
        self.space();
        let (minute, second) = match self.eat(":") {
            true => self.after_colon().ok_or(ClockFlaw::NotATime)?,
            false if self.eat_any(&["时", "時", "点", "點"]) => {
                self.after_hour().ok_or(ClockFlaw::NotATime)?
            }
            false => return Err(ClockFlaw::NotATime),
        };
        let before = self.rest;
        self.space();
        let part = match (part, self.half_day()) {
            (part, None) => {
                self.rest = before;
                part
            }
            (None, half) => half,
            (Some(_), Some(_)) => return Err(ClockFlaw::NotATime),
        };
        seconds(part, hour, minute, second)
    }

    fn day_part(&mut self) -> Option<DayPart> {
        let part = DAY_PARTS.iter().find(|(word, _)| self.eat(word)).map(|(_, part)| *part);
        self.space();
        part
    }

    /// AM or PM, after the time.
    fn half_day(&mut self) -> Option<DayPart> {
        let halves = DAY_PARTS.iter().filter(|(_, part)| matches!(part, DayPart::Am | DayPart::Pm));
        halves.into_iter().find(|(word, _)| self.eat(word)).map(|(_, part)| *part)
    }

    /// The minute, and the second if there is one: `05`, `05:31`, `05:31.250`.
    fn after_colon(&mut self) -> Option<(u32, u32)> {
        self.space();
        let minute = self.short()?;
        if !self.eat(":") {
            return Some((minute, 0));
        }
        let second = self.short()?;
        self.fraction();
        Some((minute, second))
    }

    /// The same after a word for the hour: nothing, `整`, `半`, `20`, `20分`, `20分30秒`.
    fn after_hour(&mut self) -> Option<(u32, u32)> {
        self.space();
        if self.eat("半") {
            return Some((30, 0));
        }
        if self.eat_any(&["整", "正"]) || !self.rest.starts_with(|c: char| c.is_ascii_digit()) {
            return Some((0, 0));
        }
        let minute = self.short()?;
        self.space();
        if !self.eat("分") {
            return Some((minute, 0));
        }
        self.eat_any(&["钟", "鐘"]);
        self.space();
        if !self.rest.starts_with(|c: char| c.is_ascii_digit()) {
            return Some((minute, 0));
        }
        let second = self.short()?;
        self.fraction();
        self.space();
        self.eat("秒").then_some((minute, second))
    }

    /// Fractions of a second do not count.
    pub(super) fn fraction(&mut self) {
        let before = self.rest;
        if !self.eat_any(&[".", ","]) || self.digits().is_empty() {
            self.rest = before;
        }
    }
}

/// The seconds since midnight of a time of day, of which 24:00 is one.
pub(super) fn seconds(part: Option<DayPart>, hour: u32, minute: u32, second: u32) -> Result<u32, ClockFlaw> {
    let hour = part.map_or(Some(hour), |part| part.hour(hour)).ok_or(ClockFlaw::NoTime)?;
    let seconds = hour * 3600 + minute * 60 + second;
    match minute < 60 && second < 60 && seconds <= 24 * 3600 {
        true => Ok(seconds),
        false => Err(ClockFlaw::NoTime),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;

    use super::*;

    #[test]
    fn times_of_day_are_read() {
        for text in
            ["09:30", "9：30", "上午9:30", "9时30分", "9点半", "9:30 am", "AM 9:30", "09:30:00.5", "９：３０"]
        {
            assert_eq!(parse_time(text), Ok(time(9, 30, 0, 0)), "{text}");
        }
        assert_eq!(parse_duration("PT09H30M00S"), Some(time(9, 30, 0, 0)));
        assert_eq!(parse_duration("PT9H30M0.5S"), Some(time(9, 30, 0, 0)));
        for text in ["24:00", "25:00", "9:60", "13:00 PM"] {
            assert_eq!(parse_time(text), Err(ClockFlaw::NoTime), "{text}");
        }
        for text in ["930", "0930", "9:30-10:30", "上午", "2025-04-16 9:30", "9", ""] {
            assert_eq!(parse_time(text), Err(ClockFlaw::NotATime), "{text}");
        }
        for text in ["PT24H", "PT", "09:30", "PT99999999H", "PT1H1"] {
            assert!(parse_duration(text).is_none_or(|time| time == Time::midnight()), "{text}");
        }
    }

    #[test]
    fn a_dot_for_the_colon_is_told_from_a_decimal_and_from_a_date() {
        assert_eq!(time_with_dot("9.30"), Some(time(9, 30, 0, 0)));
        assert_eq!(time_with_dot("下午3．05"), Some(time(15, 5, 0, 0)));
        for text in ["9.5", "0.75", "0.375", "9-10", "16.04.2025", "25.30", "9 p.m.", "."] {
            assert_eq!(time_with_dot(text), None, "{text}");
        }
    }
}
