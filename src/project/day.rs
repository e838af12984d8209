//! The day for which a project is made where nobody names one, notices that are still to come, and what needs a final
//! list.

use std::ops::Deref;

use super::fairs::read_calendar;
use super::fairs::{fair_numbers, read_fair};
use super::ledger::read_sealed;
use crate::data::{Date, Spanned};
use crate::fair::{AsOf, Calendar, FairFile, NoticeState, Turn, read_ruling_file};
use crate::pages::{read_site, timeline};
use crate::rulebook::Rulebook;
use crate::source::{Failure, Files, Message, Report, code, say};

/// The latest day on which the files of a fair say that something was done: its notice was published or became final, a
/// ruling was made, an entry was sealed. `None` where nothing was done yet.
pub(super) fn last_done(files: &Files, fair: &FairFile) -> Result<Option<Date>, Failure> {
    let number = fair.fair.value;
    // What is wrong with these files is reported by who makes something of them.
    let mut unheard = Report::new();
    let rulings = read_ruling_file(&mut unheard, files, &format!("data/fairs/{number}"))?;
    let sealed = read_sealed(&mut unheard, files, number)?.and_then(|sealed| Some(sealed.seal.last()?.date));
    let final_from = fair.notice.as_ref().and_then(|notice| notice.final_from.as_ref());
    let days = [fair.published(), final_from.map(|date| date.value), sealed].into_iter().flatten();
    Ok(days.chain(rulings.iter().flatten().map(|ruling| ruling.value.date.value)).max())
}

/// The day for which fairs are made where nobody names one, by what was last done at each of them; where nothing was
/// done yet, the last day of the fair that is shown. `None` where the files name no such day.
pub(super) fn day_of_files(
    done: impl Iterator<Item = Option<Date>>,
    shown: Option<&FairFile>,
) -> Option<Date> {
    done.flatten().max().or_else(|| Some(shown?.days()?.1))
}

/// The day for which commands that make no site are run where nobody names one: that of the site.
pub(super) fn day_of_project(files: &Files) -> Result<Option<Date>, Failure> {
    // What is wrong with these files is reported by who makes something of them.
    let mut unheard = Report::new();
    let shown = read_site(&mut unheard, files)?.map(|site| site.current_fair.value);
    let mut fairs = Vec::new();
    for number in fair_numbers(files)? {
        fairs.extend(read_fair(&mut unheard, files, number)?);
    }
    let done = fairs.iter().map(|fair| last_done(files, fair)).collect::<Result<Vec<_>, Failure>>()?;
    let shown = fairs.iter().find(|fair| Some(fair.fair.value) == shown).or(fairs.last());
    Ok(day_of_files(done.into_iter(), shown.map(Deref::deref)))
}

/// Where the notice of a fair stands on a day.
pub(super) fn notice_state(
    fair: &FairFile,
    rulebook: &Rulebook,
    calendar: &Calendar,
    as_of: &AsOf,
) -> NoticeState {
    // What is wrong with its days is reported where the notice is planned and sealed.
    let took_effect = |date| as_of.has_reached(date, fair.fair.value, Turn::Ruling);
    let days = timeline(&mut Report::new(), fair, rulebook, &rulebook.choices, calendar, &took_effect);
    days.notice.state(as_of)
}

/// Reports a fair of which the list is not final on a day, else on that of the site: until then its awards are
/// proposals, and nothing is given for them.
pub fn report_not_final(
    report: &mut Report,
    files: &Files,
    fair: &FairFile,
    rulebook: &Rulebook,
    day: Option<Date>,
) -> Result<(), Failure> {
    let day = match day {
        Some(day) => Some(day),
        None => day_of_project(files)?,
    };
    let calendar = read_calendar(&mut Report::new(), files)?;
    let state = day.map(|day| notice_state(fair, rulebook, &calendar, &AsOf::new(day)));
    if state == Some(NoticeState::Final) {
        return Ok(());
    }
    let number = fair.fair.value;
    let message = match day {
        Some(day) => say!("the list of fair {number} is not final on {day}", number, day),
        None => say!("the list of fair {number} is not final", number),
    };
    report
        .error(code::NOT_FINAL, fair.fair.span, message)
        .hint(say!("after objections are settled, set the date under `notice.final` in fair.yaml"))
        .hint(say!("`jinbang award {number}` shows the proposed awards", number));
    Ok(())
}

/// Warns of texts that say of themselves that they were changed on a day that is still to come.
pub(super) fn report_updated<'u>(
    report: &mut Report,
    updated: impl Iterator<Item = &'u Spanned<Date>>,
    today: Date,
) {
    for date in updated.filter(|date| date.value > today) {
        report
            .warning(
                code::BAD_VALUE,
                date.span,
                say!("`updated` is `{date}`, a day that is still to come", date = date.value),
            )
            .hint(say!("write the day on which the text was changed last"));
    }
}

/// Refuses notices that are to be published, and lists that are to be final, later than today: whoever names no day
/// could publish them without wanting it.
pub(super) fn report_to_come<'f>(
    report: &mut Report,
    fairs: impl Iterator<Item = &'f FairFile>,
    today: Date,
) {
    let mut refuse = |date: &Spanned<Date>, message: Message| {
        report
            .error(code::NOTICE_TO_COME, date.span, message)
            .hint(say!("`--as-of today` builds the site as of today, without anything later"))
            .hint(say!("`--as-of {date}` builds the site as of that day", date = date.value));
    };
    for notice in fairs.filter_map(|fair| fair.notice.as_ref()) {
        if let Some(date) = notice.published.as_ref().filter(|date| date.value > today) {
            let message = say!(
                "the notice is to be published on `{date}`, but today is {today}",
                date = date.value,
                today
            );
            refuse(date, message);
        }
        if let Some(date) = notice.final_from.as_ref().filter(|date| date.value > today) {
            let message =
                say!("the list is to be final on `{date}`, but today is {today}", date = date.value, today);
            refuse(date, message);
        }
    }
}
