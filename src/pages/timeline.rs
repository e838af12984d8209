//! The days of a notice: until when it must be published, how long it lasts.

use crate::data::{Date, Spanned};
use crate::fair::calendar::{Counted, DayKind};
use crate::fair::{Calendar, FairFile, NoticeDays, NoticeMove};
use crate::rulebook::{Choices, NoticeFirstDay, Period, Rulebook};
use crate::source::{Report, code, say};

/// The days of a notice.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Timeline {
    /// The last day on which it may be published.
    pub latest: Option<Counted>,
    /// The day on which it is published.
    pub published: Option<Date>,
    /// The first day of the notice: the one on which it is published, or of its repetition.
    pub start: Option<Date>,
    /// The last day of the notice.
    pub end: Option<Counted>,
    /// How many working days it lasts.
    pub days: u32,
    /// What of this decides where the notice stands.
    pub notice: NoticeDays,
}

/// Counts the days of a fair's notice, as rulings move them that took effect on a day, and reports a notice that is published too early, too late, or on
/// days that no official calendar covers.
pub fn timeline(
    report: &mut Report,
    fair: &FairFile,
    rulebook: &Rulebook,
    choices: &Choices,
    calendar: &Calendar,
    took_effect: &dyn Fn(Date) -> bool,
) -> Timeline {
    let mut days = rulebook.working_days(Period::Notice).unwrap_or_default();
    let platform_end = fair.online_platform.as_ref().map(|platform| platform.end.value);
    let latest = latest_day(fair, rulebook, calendar);
    let published = fair.notice.as_ref().and_then(|notice| notice.published.as_ref());
    let lasting = |first: Date| match choices.notice_first_day {
        NoticeFirstDay::Counts => calendar.lasting(first, days),
        NoticeFirstDay::NextDay => calendar.after(first, days),
    };
    let mut start = published.map(|published| published.value);
    let mut end = start.map(lasting);
    for moved in fair.notice_moves.iter().filter(|moved| took_effect(moved.takes_effect())) {
        let Some(ends) = end else {
            let (NoticeMove::Prolonged { until: day, .. } | NoticeMove::Repeated { from: day }) = moved;
            report
                .error(code::NOTICE_MOVED, day.span, say!("there is no notice yet to extend or repeat"))
                .hint(say!("write its first day under `notice.published` in fair.yaml"));
            continue;
        };
        match moved {
            NoticeMove::Prolonged { until, .. } if until.value <= ends.date => {
                report_move(report, until, ends)
            }
            NoticeMove::Prolonged { until, .. } => {
                let provisional =
                    (ends.date.year()..=until.value.year()).any(|year| !calendar.is_official(year));
                end = Some(Counted { date: until.value, provisional });
            }
            NoticeMove::Repeated { from } if from.value <= ends.date => report_move(report, from, ends),
            NoticeMove::Repeated { from } => {
                start = Some(from.value);
                end = Some(lasting(from.value));
            }
        }
    }
    if let (Some(start), Some(end)) = (start, end)
        && !fair.notice_moves.is_empty()
    {
        let counted = start.series(jiff::Span::new().days(1)).take_while(|day| *day <= end.date);
        let working = counted.filter(|day| calendar.day(*day) != DayKind::Off);
        let first_counts = choices.notice_first_day == NoticeFirstDay::Counts;
        days = u32::try_from(working.filter(|day| first_counts || *day != start).count()).unwrap_or(u32::MAX);
    }
    let final_from = fair.notice.as_ref().and_then(|notice| notice.final_from.as_ref());
    if let (Some(final_from), None) = (final_from, published) {
        let message = say!(
            "the list cannot be final on `{final_from}`: the notice has no `published` day",
            final_from = final_from.value
        );
        report
            .error(code::NOTICE_FINAL, final_from.span, message)
            .hint(say!("write the publication date of the notice under `published`, or remove `final`"));
    }
    if let Some(published) = published {
        let date = published.value;
        if platform_end.is_some_and(|end| date <= end) {
            report
                .error(
                    code::NOTICE_EARLY,
                    published.span,
                    say!("`{date}` is before the end of the online platform", date),
                )
                .hint(say!("buyers can still take part: publish after the last day of `online_platform`"));
        }
        if let Some(latest) = latest
            && date > latest.date
        {
            report
                .warning(code::NOTICE_LATE, published.span, say!("the notice was due by {date}", date = latest.date))
                .hint(say!("the rules set this limit in working days after the online platform closes; explain on the page why the notice is late"));
        }
        if calendar.day(date) == DayKind::Off {
            report
                .warning(code::NOTICE_DAY_OFF, published.span, say!("`{date}` is a day off", date))
                .hint(say!("the notice counts from the next working day"));
        }
        if let (Some(final_from), Some(end)) = (final_from, end)
            && final_from.value <= end.date
        {
            report
                .error(
                    code::NOTICE_FINAL,
                    final_from.span,
                    say!(
                        "the list cannot be final on `{final_from}`: it is open to objections until {date}",
                        final_from = final_from.value,
                        date = end.date
                    ),
                )
                .hint(say!("set the date from which the list is final, after objections are settled"));
        }
        let counted = [latest, end].into_iter().flatten();
        if counted.into_iter().any(|counted| counted.provisional) {
            report
                .error(
                    code::CALENDAR_PROVISIONAL,
                    published.span,
                    say!("the days of this notice are counted in a year without an official calendar"),
                )
                .hint(say!("add the State Council's notice of the year to data/calendar.yaml"));
        }
    }
    let published = published.map(|published| published.value);
    let notice = NoticeDays {
        fair: fair.fair.value,
        published,
        until: end.map(|end| end.date),
        final_from: final_from.map(|date| date.value),
    };
    Timeline { latest, published, start, end, days, notice }
}

/// The last day on which the notice of a fair may be published.
pub(super) fn latest_day(fair: &FairFile, rulebook: &Rulebook, calendar: &Calendar) -> Option<Counted> {
    let platform_end = fair.online_platform.as_ref()?.end.value;
    // 线上平台常态化运营期结束后，20个工作日内: the day after the last day is day 1.
    Some(calendar.after(platform_end, rulebook.working_days(Period::PublishWithin)?))
}

/// Reports a notice that would be prolonged or repeated before it has ended.
fn report_move(report: &mut Report, day: &Spanned<Date>, ends: Counted) {
    report
        .error(
            code::NOTICE_MOVED,
            day.span,
            say!(
                "the notice already lasts until {end}, and `{day}` is not later",
                end = ends.date,
                day = day.value
            ),
        )
        .hint(say!("write a later date"));
}
