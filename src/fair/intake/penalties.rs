//! Penalties out of their table.

use std::borrow::Cow;

use super::exhibitors::{ByIdentifier, lookalike};
use super::given::Given;
use super::values::{Wrong, fair_numbers, outcome, refuse_fair_number};
use crate::data::{Decoded, Record, SheetRead, fold_word, number_hint};
use crate::fair::config::Penalties;
use crate::fair::facts::{Exhibitor, Facts, Penalty};
use crate::fair::leaves::InputObserver;
use crate::fair::tables::{PENALTIES, penalty};
use crate::source::{Failure, Report, code, say};

/// Penalties last for at most so many fairs from now.
const LONGEST: u32 = 100;

/// Reads the penalties, if the fair has a table of them.
pub(super) fn read_penalties(
    report: &mut Report,
    given: &Given<'_>,
    by_id: &Decoded<ByIdentifier>,
    inputs: &mut dyn InputObserver,
    facts: &mut Facts,
) -> Result<(), Failure> {
    if given.sources.of(PENALTIES.name).is_empty() {
        return report_table_beside_none(report, given);
    }
    let last = facts.fair + LONGEST;
    let (penalties, exhibitors) = (&mut facts.penalties, &facts.exhibitors);
    let mut take = |report: &mut Report, record: &Record<'_>| {
        outcome(take_penalty(report, record, by_id, exhibitors, last).map(|taken| penalties.extend(taken)))
    };
    let Decoded { value: sheets, complete } =
        Decoded::by(report, |report| given.read(report, &PENALTIES, inputs, &mut take)).transpose()?;
    let has_row = |sheet: &SheetRead| sheet.account.used + sheet.account.refused > 0;
    if let Some(sheet) = sheets.first().filter(|_| complete && !sheets.iter().any(has_row)) {
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
    by_id: &Decoded<ByIdentifier>,
    exhibitors: &[Exhibitor],
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
            .hint(say!("a penalty must not end before it begins"));
        return Err(Wrong);
    }
    let Some(&exhibitor) = by_id.get(id.as_str()) else {
        if by_id.is_empty() {
            return Ok(None);
        }
        if let Some(meant) = meant_exhibitor(&id, by_id, exhibitors) {
            let draft = record.refuse(
                report,
                code::UNKNOWN_EXHIBITOR,
                penalty::EXHIBITOR,
                say!("unknown exhibitor `{id}`", id),
                &id,
            );
            draft.hint(say!("write the identifier as in the table of exhibitors: `{meant}`", meant));
            return Err(Wrong);
        }
        if !by_id.complete {
            return Ok(None);
        }
        // Whoever is under a penalty may well be absent from this fair.
        report
            .warning(
                code::PENALTY_UNKNOWN,
                record.span(penalty::EXHIBITOR),
                say!("penalty for `{id}`, which is not an exhibitor of this fair", id),
            )
            .hint_sought(|| lookalike(&id, by_id))
            .found(id);
        return Ok(None);
    };
    let row = record.row();
    Ok(exhibitor.map(|exhibitor| Penalty { exhibitor, reason, from_fair, until_fair, row }))
}

/// Reports a table of penalties where the fair says that there are none.
fn report_table_beside_none(report: &mut Report, given: &Given<'_>) -> Result<(), Failure> {
    let Some(Penalties::None) = given.sources.penalties else { return Ok(()) };
    let is_table = |path: &String| {
        let name = path.rsplit('/').next().unwrap_or_default();
        name.rsplit_once('.').is_some_and(|(stem, _)| stem == PENALTIES.name)
    };
    if let Some(path) = given.files.list(given.folder)?.into_iter().find(is_table) {
        let sources = given.fair.sources.as_ref().map(|sources| sources.span);
        report
            .error(
                code::NO_PENALTIES,
                sources,
                say!("fair.yaml has `penalties: none`, but there is a file `{path}`", path),
            )
            .hint(say!("name the file under `penalties`, or delete it"));
    }
    Ok(())
}

/// The exhibitor that a text means although it is not its identifier: one that is written in another case or width, or
/// its name.
fn meant_exhibitor<'a>(text: &str, by_id: &'a ByIdentifier, exhibitors: &'a [Exhibitor]) -> Option<&'a str> {
    let folded = fold_word(text);
    let is_named = |exhibitor: &&Exhibitor| {
        let names = [Some(&exhibitor.name_zh), exhibitor.name_en.as_ref()];
        names.into_iter().flatten().any(|name| fold_word(name) == folded)
    };
    let same = by_id.keys().map(AsRef::as_ref).filter(|id: &&str| fold_word(id) == folded).min();
    same.or_else(|| exhibitors.iter().find(is_named).map(|exhibitor| exhibitor.id.as_str()))
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
                .hint(number_hint(&text));
            Err(Wrong)
        }
    }
}
