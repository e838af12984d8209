//! Calendar files that Outlook, Apple and Google read: iCalendar (RFC 5545).
//!
//! Lines end with CR LF and are folded at 75 octets. Nothing depends on the clock: an event is stamped with
//! the day on which its data was last changed.
//!
//! Written here because `icalendar` 0.17 without its parser adds six crates, with a second library for dates
//! (`chrono`) and a source of random identifiers (`uuid`), and takes over 60 of these lines: escaping and folding. When
//! that crate can do without both, drop this.

use crate::data::{Date, Time};

/// A calendar file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Calendar {
    /// Its name, for whoever subscribes to it.
    pub name: String,
    /// What made it, such as `-//jinbang//EN`.
    pub product: String,
    /// The events.
    pub events: Vec<Event>,
}

/// An event of a calendar.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Event {
    /// What tells it from all other events of the world, for ever.
    pub uid: String,
    /// The day on which its data was last changed.
    pub stamp: Date,
    /// When it is.
    pub when: When,
    /// What the site is, in a phrase.
    pub summary: String,
    /// The language of its words, if they are in one.
    pub lang: Option<String>,
    /// What to know about it.
    pub description: String,
    /// Where it is.
    pub location: String,
    /// Its page.
    pub url: String,
    /// Its kind, for calendars that colour kinds.
    pub category: String,
}

/// When an event is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum When {
    /// Whole days, both included.
    Days {
        /// First day.
        from: Date,
        /// Last day.
        until: Date,
    },
    /// A part of a day, in the time of Beijing.
    Hours {
        /// The day.
        date: Date,
        /// When it begins.
        from: Time,
        /// End time.
        until: Time,
    },
}

impl When {
    /// The first day.
    pub fn first(&self) -> Date {
        match *self {
            When::Days { from, .. } => from,
            When::Hours { date, .. } => date,
        }
    }

    /// The last day.
    pub fn last(&self) -> Date {
        match *self {
            When::Days { until, .. } => until,
            When::Hours { date, .. } => date,
        }
    }
}

/// The zone of Beijing, which has had no summer time since 1991.
const ZONE: &str = "Asia/Shanghai";

/// The bytes of a calendar file.
pub fn ics(calendar: &Calendar) -> Vec<u8> {
    let mut lines = Lines::default();
    for line in ["BEGIN:VCALENDAR", "VERSION:2.0"] {
        lines.push(line);
    }
    lines.text("PRODID", &calendar.product);
    for line in ["CALSCALE:GREGORIAN", "METHOD:PUBLISH"] {
        lines.push(line);
    }
    lines.text("X-WR-CALNAME", &calendar.name);
    lines.push(&format!("X-WR-TIMEZONE:{ZONE}"));
    if calendar.events.iter().any(|event| matches!(event.when, When::Hours { .. })) {
        for line in [
            "BEGIN:VTIMEZONE",
            &format!("TZID:{ZONE}"),
            "BEGIN:STANDARD",
            "DTSTART:19910915T000000",
            "TZOFFSETFROM:+0800",
            "TZOFFSETTO:+0800",
            "TZNAME:CST",
            "END:STANDARD",
            "END:VTIMEZONE",
        ] {
            lines.push(line);
        }
    }
    for event in &calendar.events {
        lines.event(event);
    }
    lines.push("END:VCALENDAR");
    lines.0.into_bytes()
}

#[derive(Default)]
struct Lines(String);

/// A line may not be longer, its end not counted.
const LONGEST: usize = 75;

impl Lines {
    /// A line, folded where it is too long, never within a letter.
    fn push(&mut self, line: &str) {
        let mut room = LONGEST;
        for letter in line.chars() {
            if letter.len_utf8() > room {
                self.0.push_str("\r\n ");
                room = LONGEST - 1;
            }
            room -= letter.len_utf8();
            self.0.push(letter);
        }
        self.0.push_str("\r\n");
    }

    /// A property whose value is text. An empty text is left out.
    fn text(&mut self, name: &str, text: &str) {
        if text.is_empty() {
            return;
        }
        let mut escaped = String::with_capacity(text.len());
        for letter in text.chars() {
            match letter {
                '\\' | ';' | ',' => escaped.extend(['\\', letter]),
                '\n' => escaped.push_str("\\n"),
                letter if letter.is_control() => {}
                letter => escaped.push(letter),
            }
        }
        self.push(&format!("{name}:{escaped}"));
    }

    fn event(&mut self, event: &Event) {
        let language = event.lang.as_ref().map(|lang| format!(";LANGUAGE={lang}")).unwrap_or_default();
        self.push("BEGIN:VEVENT");
        self.text("UID", &event.uid);
        self.push(&format!("DTSTAMP:{}T000000Z", day(event.stamp)));
        match event.when {
            When::Days { from, until } => {
                // The end is the first day that no longer belongs to it.
                let end = until.tomorrow().unwrap_or(until);
                self.push(&format!("DTSTART;VALUE=DATE:{}", day(from)));
                self.push(&format!("DTEND;VALUE=DATE:{}", day(end)));
            }
            When::Hours { date, from, until } => {
                self.push(&format!("DTSTART;TZID={ZONE}:{}T{}", day(date), hour(from)));
                self.push(&format!("DTEND;TZID={ZONE}:{}T{}", day(date), hour(until)));
            }
        }
        self.text(&format!("SUMMARY{language}"), &event.summary);
        self.text(&format!("DESCRIPTION{language}"), &event.description);
        self.text(&format!("LOCATION{language}"), &event.location);
        if !event.url.is_empty() {
            self.push(&format!("URL:{}", event.url));
        }
        self.text(&format!("CATEGORIES{language}"), &event.category);
        // Nobody is kept busy by it, unless it has hours.
        self.push(match event.when {
            When::Days { .. } => "TRANSP:TRANSPARENT",
            When::Hours { .. } => "TRANSP:OPAQUE",
        });
        self.push("END:VEVENT");
    }
}

fn day(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), date.month(), date.day())
}

fn hour(time: Time) -> String {
    format!("{:02}{:02}{:02}", time.hour(), time.minute(), time.second())
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;

    fn event(when: When) -> Event {
        Event {
            uid: "a@example.org".to_owned(),
            stamp: date(2025, 3, 1),
            when,
            summary: "第一期".to_owned(),
            lang: Some("zh-Hans".to_owned()),
            description: String::new(),
            location: "A区; 2.2, 3.2\\\n北".to_owned(),
            url: "https://example.org/".to_owned(),
            category: "期".to_owned(),
        }
    }

    fn lines(event: Event) -> String {
        let calendar = Calendar { name: "n".to_owned(), product: "-//p//EN".to_owned(), events: vec![event] };
        String::from_utf8(ics(&calendar)).unwrap()
    }

    #[test]
    fn days_end_on_the_day_after_and_text_is_escaped() {
        let text = lines(event(When::Days { from: date(2025, 4, 30), until: date(2025, 4, 30) }));
        let expected = "BEGIN:VEVENT\r\nUID:a@example.org\r\nDTSTAMP:20250301T000000Z\r\n\
            DTSTART;VALUE=DATE:20250430\r\nDTEND;VALUE=DATE:20250501\r\n\
            SUMMARY;LANGUAGE=zh-Hans:第一期\r\nLOCATION;LANGUAGE=zh-Hans:A区\\; 2.2\\, 3.2\\\\\\n北\r\n\
            URL:https://example.org/\r\nCATEGORIES;LANGUAGE=zh-Hans:期\r\nTRANSP:TRANSPARENT\r\nEND:VEVENT\r\n";
        assert!(text.contains(expected), "{text}");
        assert!(!text.contains("VTIMEZONE"));
    }

    #[test]
    fn hours_name_a_zone_that_the_file_holds() {
        let when = When::Hours { date: date(2025, 4, 16), from: time(9, 30, 0, 0), until: time(11, 0, 0, 0) };
        let text = lines(event(when));
        assert!(text.contains("DTSTART;TZID=Asia/Shanghai:20250416T093000\r\n"), "{text}");
        assert!(text.contains("DTEND;TZID=Asia/Shanghai:20250416T110000\r\n"), "{text}");
        assert!(text.contains("BEGIN:VTIMEZONE\r\nTZID:Asia/Shanghai\r\n"), "{text}");
    }

    #[test]
    fn long_lines_are_folded_between_letters() {
        let mut long = event(When::Days { from: date(2025, 4, 30), until: date(2025, 4, 30) });
        long.description = "头部企业采购服务区".repeat(20);
        let text = lines(long.clone());
        assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')), "{text}");
        assert!(text.replace("\r\n ", "").contains(&long.description));
    }
}
