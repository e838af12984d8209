//! The days of a notice: until when it must be published, how long it lasts.

use crate::data::Date;
use crate::fair::calendar::{Counted, DayKind};
use crate::fair::{Calendar, FairFile, NoticeDays};
use crate::rulebook::{Choices, NoticeFirstDay, Period, Rulebook};
use crate::source::{Report, code, say};

/// The days of a notice.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Timeline {
    /// The last day on which it may be published.
    pub latest: Option<Counted>,
    /// The day on which it is published.
    pub published: Option<Date>,
    /// The last day of the notice.
    pub end: Option<Counted>,
    /// How many working days it lasts.
    pub days: u32,
    /// What of this decides where the notice stands.
    pub notice: NoticeDays,
}

/// Counts the days of a fair's notice, and reports a notice that is published too early, too late, or on
/// days that no official calendar covers.
pub fn timeline(
    report: &mut Report,
    fair: &FairFile,
    rulebook: &Rulebook,
    choices: &Choices,
    calendar: &Calendar,
) -> Timeline {
    let within = rulebook.working_days(Period::PublishWithin);
    let days = rulebook.working_days(Period::Notice).unwrap_or_default();
    let platform_end = fair.online_platform.as_ref().map(|platform| platform.end.value);
    // 线上平台常态化运营期结束后，20个工作日内: the day after the last day is day 1.
    let latest = platform_end.zip(within).map(|(end, days)| calendar.after(end, days));
    let published = fair.notice.as_ref().and_then(|notice| notice.published.as_ref());
    let end = published.map(|published| match choices.notice_first_day {
        NoticeFirstDay::Counts => calendar.lasting(published.value, days),
        NoticeFirstDay::NextDay => calendar.after(published.value, days),
    });
    let final_from = fair.notice.as_ref().and_then(|notice| notice.final_from.as_ref());
    if let (Some(final_from), None) = (final_from, published) {
        let message = say!(
            "the list cannot be final on `{final_from}`: the notice has no `published` day",
            final_from = final_from.value
        );
        report.error(code::NOTICE_FINAL, final_from.span, message).hint(say!(
            "write the day on which the notice was published under `published`, or take `final` out"
        ));
    }
    if let Some(published) = published {
        let date = published.value;
        if platform_end.is_some_and(|end| date <= end) {
            report
                .error(
                    code::NOTICE_EARLY,
                    published.span,
                    say!("`{date}` is before the online platform has ended", date),
                )
                .hint(say!("buyers may still come: publish after the last day of `online_platform`"));
        }
        if let Some(latest) = latest
            && date > latest.date
        {
            report
                .warning(code::NOTICE_LATE, published.span, say!("the notice had to be published by {date}", date = latest.date))
                .hint(say!("the rules allow so many working days after the online platform has ended; say on the page why it is late"));
        }
        if calendar.day(date) == DayKind::Off {
            report
                .warning(code::NOTICE_DAY_OFF, published.span, say!("`{date}` is a day off", date))
                .hint(say!("its first working day is the next one"));
        }
        if let (Some(final_from), Some(end)) = (final_from, end)
            && final_from.value <= end.date
        {
            report
                .error(
                    code::NOTICE_FINAL,
                    final_from.span,
                    say!(
                        "the list cannot be final on `{final_from}`: the notice lasts until {date}",
                        final_from = final_from.value,
                        date = end.date
                    ),
                )
                .hint(say!("give the day from which the list is final, after objections are settled"));
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
    Timeline { latest, published, end, days, notice }
}
