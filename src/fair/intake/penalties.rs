//! Penalties out of their table.

use std::borrow::Cow;

use super::Given;
use super::exhibitors::{ByIdentifier, REFUSED, lookalike};
use super::values::{Wrong, fair_numbers, outcome, refuse_fair_number};
use crate::data::{Record, SheetRead};
use crate::fair::facts::{Facts, Penalty};
use crate::fair::leaves::InputObserver;
use crate::fair::tables::{PENALTIES, penalty};
use crate::source::{Failure, Report, code, say};

/// Penalties last for at most so many fairs from now.
const LONGEST: u32 = 100;

/// Reads the penalties, if the fair has a table of them.
pub(super) fn read_penalties(
    report: &mut Report,
    given: &Given<'_>,
    by_id: &ByIdentifier,
    inputs: &mut dyn InputObserver,
    facts: &mut Facts,
) -> Result<(), Failure> {
    if given.sources.of(PENALTIES.name).is_empty() {
        return Ok(());
    }
    let last = facts.fair + LONGEST;
    let penalties = &mut facts.penalties;
    let mut take = |report: &mut Report, record: &Record<'_>| {
        outcome(take_penalty(report, record, by_id, last).map(|taken| penalties.extend(taken)))
    };
    let sheets = given.read(report, &PENALTIES, inputs, &mut take)?;
    let has_row = |sheet: &SheetRead| sheet.account.used + sheet.account.refused > 0;
    if let Some(sheet) = sheets.first().filter(|_| !sheets.iter().any(has_row)) {
        report
            .warning(code::NO_PENALTIES, sheet.span(), say!("the table of penalties has no rows"))
            .hint(say!("if no exhibitor is under a penalty, write `penalties: none`"));
    }
    facts.sheets.insert("penalties", sheets);
    Ok(())
}

fn take_penalty(
    report: &mut Report,
    record: &Record<'_>,
    by_id: &ByIdentifier,
    last: u32,
) -> Result<Option<Penalty>, Wrong> {
    let id = record.required(report, penalty::EXHIBITOR).map(Cow::into_owned);
    let reason = record.text(report, penalty::REASON).map(|reason| reason.map(Cow::into_owned));
    let from_fair = fair_number(report, record, penalty::FROM_FAIR, last);
    let until_fair = fair_number(report, record, penalty::UNTIL_FAIR, last);
    let (id, reason, from_fair, until_fair) = (id?, reason?, from_fair?, until_fair?);
    if until_fair < from_fair {
        record
            .refuse(
                report,
                code::FAIR_ORDER,
                penalty::UNTIL_FAIR,
                say!("fair `{until_fair}` is before fair `{from_fair}`", until_fair, from_fair),
                &until_fair.to_string(),
            )
            .hint(say!("the penalty ends with a later fair than it begins, or with the same"));
        return Err(Wrong);
    }
    let Some(&exhibitor) = by_id.get(id.as_str()) else {
        if by_id.is_empty() {
            return Ok(None);
        }
        // Whoever is under a penalty may well be absent from this fair.
        report
            .warning(
                code::PENALTY_UNKNOWN,
                record.span(penalty::EXHIBITOR),
                say!("penalty for `{id}`, which is no exhibitor of this fair", id),
            )
            .hint_sought(|| lookalike(&id, by_id))
            .found(id);
        return Ok(None);
    };
    if exhibitor == REFUSED {
        return Ok(None);
    }
    Ok(Some(Penalty { exhibitor, reason, from_fair, until_fair, row: record.row() }))
}

fn fair_number(report: &mut Report, record: &Record<'_>, field: usize, last: u32) -> Result<u32, Wrong> {
    let text = record.required(report, field)?;
    match fair_numbers(&text).as_deref() {
        Some(&[number]) if (1..=last).contains(&number) => Ok(number),
        Some(&[number]) => Err(refuse_fair_number(report, record, field, &text, number, last)),
        _ => {
            record
                .refuse(
                    report,
                    code::BAD_NUMBER,
                    field,
                    say!("`{text}` is not the number of a fair", text),
                    &text,
                )
                .hint(say!("write the number alone, such as 137"));
            Err(Wrong)
        }
    }
}
