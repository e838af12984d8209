//! Sessions out of their table.

use super::Names;
use super::given::{Fallback, Given, localized, report_accounts};
use crate::data::{Record, Spanned, Time, read_table};
use crate::fair::enterprise::{Session, check_hours, check_session};
use crate::fair::intake::values::{Wrong, outcome};
use crate::fair::tables::{SESSIONS, session};
use crate::source::{Failure, Report};

/// Reads the sessions, in the order of the table.
pub(super) fn read_sessions(
    report: &mut Report,
    given: &Given<'_>,
    names: &Names,
) -> Result<Vec<Spanned<Session>>, Failure> {
    let mut sessions = Vec::new();
    let mut take = |report: &mut Report, record: &Record<'_>| {
        outcome(take_session(report, record, given, names).map(|session| sessions.push(session)))
    };
    let sheets = read_table(report, &given.table(&SESSIONS), &mut take)?;
    report_accounts(report, &SESSIONS, &sheets);
    Ok(sessions)
}

fn take_session(
    report: &mut Report,
    record: &Record<'_>,
    given: &Given<'_>,
    names: &Names,
) -> Result<Spanned<Session>, Wrong> {
    // Every field is looked at before the row is given up, so that all that is wrong is said at once.
    let enterprises = names.slugs_in(report, record, session::ENTERPRISE);
    let date = match record.date(report, session::DATE) {
        Ok(Some(value)) => Ok(Spanned { value, span: record.span(session::DATE) }),
        Ok(None) => Err(record.required(report, session::DATE).err().map_or(Wrong, Wrong::from)),
        Err(refused) => Err(refused.into()),
    };
    let from = time(report, record, session::FROM);
    let until = time(report, record, session::UNTIL);
    let title = match record.required(report, session::TITLE_ZH) {
        Ok(_) => {
            let columns = [session::TITLE_ZH, session::TITLE_EN];
            localized(report, record, given.terms, columns, Fallback::Never)
        }
        Err(refused) => Err(refused.into()),
    };
    let columns = [session::PLACE_ZH, session::PLACE_EN];
    let place = localized(report, record, given.terms, columns, Fallback::Never);
    let value = Session {
        title: title?.ok_or(Wrong)?,
        enterprises: enterprises?,
        date: date?,
        from: from?,
        until: until?,
        place: place?,
    };
    match check_hours(report, &value) & check_session(report, &value, given.fair) {
        true => Ok(Spanned { value, span: record.span(session::ENTERPRISE) }),
        false => Err(Wrong),
    }
}

fn time(report: &mut Report, record: &Record<'_>, field: usize) -> Result<Option<Spanned<Time>>, Wrong> {
    let time = record.time(report, field)?;
    Ok(time.map(|value| Spanned { value, span: record.span(field) }))
}
