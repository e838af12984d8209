//! The day for which a project is made where nobody names one, and notices that are still to come.

use super::ledger::read_ledger;
use crate::data::Date;
use crate::fair::{FairFile, read_ruling_file};
use crate::source::{Failure, Files, Report, code, say};

/// The latest day on which the files of a fair say that something was done: its notice was published or became final, a
/// ruling was made, an entry was sealed. `None` where nothing was done yet.
pub(super) fn last_done(files: &Files, fair: &FairFile) -> Result<Option<Date>, Failure> {
    let number = fair.fair.value;
    // What is wrong with these files is reported by who makes something of them.
    let mut unheard = Report::new();
    let rulings = read_ruling_file(&mut unheard, files, &format!("data/fairs/{number}"))?;
    let sealed = read_ledger(&mut unheard, files, number)?.and_then(|ledger| Some(ledger.last()?.date));
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

/// Refuses notices that are to be published later than today: whoever names no day could publish them without wanting it.
pub(super) fn report_to_come<'f>(
    report: &mut Report,
    fairs: impl Iterator<Item = &'f FairFile>,
    today: Date,
) {
    let published = |fair: &'f FairFile| fair.notice.as_ref()?.published.as_ref();
    for date in fairs.filter_map(published).filter(|date| date.value > today) {
        report
            .error(
                code::NOTICE_TO_COME,
                date.span,
                say!(
                    "the notice is to be published on `{date}`, and today is {today}",
                    date = date.value,
                    today
                ),
            )
            .hint(say!("`--as-of today` leaves it out until then"))
            .hint(say!("`--as-of {date}` shows the site of that day", date = date.value));
    }
}
