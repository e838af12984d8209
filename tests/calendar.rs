//! Working days by the shipped calendar, held against the State Council's notices and dates counted by hand.

use std::fs;

use jinbang::data::{Date, decode_file};
use jinbang::fair::Calendar;
use jinbang::fair::calendar::DayKind;
use jinbang::source::{Files, Report};

use crate::project;
use crate::project::{here, sample};

fn calendar() -> Calendar {
    let files = Files::new(here());
    let mut report = Report::new();
    let calendar = decode_file::<Calendar>(&mut report, &files, "data/calendar.yaml")
        .expect("it is there")
        .expect("it is sound")
        .value;
    calendar.check(&mut report);
    assert!(!report.has_errors());
    calendar
}

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

#[test]
fn every_year_has_as_many_working_days_as_its_notice_leaves() {
    let calendar = calendar();
    for (year, expected) in [(2024, 251), (2025, 248), (2026, 248)] {
        let days =
            Date::constant(year, 1, 1).series(jiff::Span::new().days(1)).take_while(|d| d.year() == year);
        assert_eq!(days.filter(|day| calendar.day(*day) != DayKind::Off).count(), expected, "{year}");
        assert!(calendar.is_official(year));
    }
    assert!(!calendar.is_official(2027), "no notice for 2027 is known");
}

#[test]
fn days_are_what_the_notices_say() {
    let calendar = calendar();
    for (date, kind) in [
        ("2024-02-09", DayKind::Work), // the eve of Spring Festival was encouraged, not off
        ("2024-02-18", DayKind::MakeUp), // a Sunday
        ("2024-09-14", DayKind::MakeUp),
        ("2024-09-17", DayKind::Off),
        ("2025-01-26", DayKind::MakeUp),
        ("2025-01-27", DayKind::Work),
        ("2025-05-05", DayKind::Off),
        ("2025-09-27", DayKind::Off),
        ("2025-09-28", DayKind::MakeUp), // a Sunday, for National Day
        ("2025-10-08", DayKind::Off),
        ("2025-10-09", DayKind::Work),
        ("2025-10-11", DayKind::MakeUp),
        ("2026-10-10", DayKind::MakeUp),
    ] {
        assert_eq!(calendar.day(day(date)), kind, "{date}");
    }
}

#[test]
fn the_137th_must_be_published_by_the_17th_of_october() {
    let calendar = calendar();
    // The online platform ended on Monday 15 September 2025; the day after is day 1 of 20. In between lie
    // 28 September, worked, and 1 to 8 October, off.
    let latest = calendar.after(day("2025-09-15"), 20);
    assert_eq!((latest.date, latest.provisional), (day("2025-10-17"), false));
    // Five working days from Friday 26 September: 26, 28, 29, 30 September, 9 October.
    assert_eq!(calendar.lasting(day("2025-09-26"), 5).date, day("2025-10-09"));
    // Counted from the next day on: 10 October.
    assert_eq!(calendar.after(day("2025-09-26"), 5).date, day("2025-10-10"));
    // A first day that is off does not count: Saturday 27 September.
    assert_eq!(calendar.lasting(day("2025-09-27"), 5).date, day("2025-10-10"));
}

#[test]
fn days_of_a_year_without_a_notice_are_provisional() {
    let calendar = calendar();
    assert!(calendar.after(day("2026-12-28"), 5).provisional);
    assert!(!calendar.after(day("2026-12-28"), 3).provisional);
}

#[test]
fn nothing_is_sealed_or_published_on_provisional_days() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    sample::make(folder.path(), [20, 300, 90]);
    let path = folder.path().join("data/fairs/137/fair.yaml");
    let fair = fs::read_to_string(&path).expect("fair.yaml is there");
    let later = fair
        .replace("end: 2025-09-15", "end: 2026-12-18")
        .replace("published: 2025-09-26", "published: 2026-12-28");
    assert_ne!(fair, later);
    fs::write(&path, &later).expect("files can be written");
    for command in [&["seal", "137", "--as-of", "2026-12-28"][..], &["build"]] {
        let output = project::run(folder.path(), command);
        let message = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{command:?}");
        assert!(message.contains("error[calendar-provisional]"), "{message}");
    }
    let unpublished = later.replace("  published: 2026-12-28\n", "");
    fs::write(&path, unpublished).expect("files can be written");
    let output = project::run(folder.path(), &["seal", "137", "--as-of", "2026-12-21"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("error[calendar-provisional]"));
}
