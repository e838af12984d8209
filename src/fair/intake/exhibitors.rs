//! Exhibitors out of their table, and the identifiers by which the other tables name them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use hashbrown::HashMap;
use rapidhash::fast::RandomState;

use super::given::Given;
use super::values::{Wrong, fair_numbers, outcome, refuse_fair_number};
use crate::data::{Decoded, Record, fold_word};
use crate::fair::facts::{Exhibitor, ExhibitorId, Facts};
use crate::fair::leaves::InputObserver;
use crate::fair::particulars::{Joined, Particulars};
use crate::fair::tables::{EXHIBITORS, exhibitor};
use crate::source::{Failure, Report, code, list, nearest_alone, say};

/// The number of each exhibitor by its identifier; `None` where its row was refused. It is known, so that not every
/// invitation of it is reported as well; nothing is decided while a row is refused.
pub(super) type ByIdentifier = HashMap<String, Option<ExhibitorId>, RandomState>;

/// Reads the exhibitors; incomplete where a row or file is wrong. Sections whose names hold the separator of lists are
/// known.
pub(super) fn read_exhibitors(
    report: &mut Report,
    given: &Given<'_>,
    sections: &[&str],
    inputs: &mut dyn InputObserver,
    facts: &mut Facts,
) -> Result<Decoded<ByIdentifier>, Failure> {
    let mut by_id: ByIdentifier = HashMap::default();
    let last = last_fair(facts.fair);
    let exhibitors = &mut facts.exhibitors;
    let Decoded { value: sheets, complete } = Decoded::by(report, |report| {
        given.read(report, &EXHIBITORS, inputs, &mut |report: &mut Report, record: &Record<'_>| {
            let taken = take_exhibitor(report, record, sections, last);
            if taken.is_err()
                && let Ok(Some(id)) = record.text(&mut Report::new(), exhibitor::EXHIBITOR)
            {
                by_id.entry(id.into_owned()).or_insert(None);
            }
            outcome(taken.and_then(|taken| {
                let Some(&first) = by_id.get(taken.id.as_str()) else {
                    by_id.insert(taken.id.as_str().into(), Some(ExhibitorId::new(exhibitors.len())));
                    exhibitors.push(taken);
                    return Ok(());
                };
                let Some(first) = first else { return Ok(()) };
                join_rows(report, given, record, &mut exhibitors[first], taken)
            }))
        })
    })
    .transpose()?;
    facts.sheets.insert("exhibitors", sheets);
    if by_id.is_empty() && given.fair.complete && !report.has_errors() {
        report
            .error(code::NO_EXHIBITORS, None, say!("the table of exhibitors has no rows"))
            .hint(say!("list the file with the exhibitors under `sources` in fair.yaml"));
    }
    Ok(Decoded { value: by_id, complete })
}

/// The last fair that an exhibitor's row can mean: exports may name the next two.
fn last_fair(fair: u32) -> u32 {
    fair + 2
}

/// Takes another row of an exhibitor, as exports with a row a booth have them: it must agree with the first.
fn join_rows(
    report: &mut Report,
    given: &Given<'_>,
    record: &Record<'_>,
    first: &mut Exhibitor,
    next: Exhibitor,
) -> Result<(), Wrong> {
    let fairs = |exhibitor: &Exhibitor| {
        let mut fairs = exhibitor.fairs.clone();
        fairs.sort_unstable();
        fairs.dedup();
        fairs
    };
    let others = [
        (exhibitor::NAME_ZH, first.name_zh != next.name_zh),
        (exhibitor::NAME_EN, first.name_en.contradicts(&next.name_en)),
        (exhibitor::FAIRS, !first.fairs.is_empty() && !next.fairs.is_empty() && fairs(first) != fairs(&next)),
    ];
    let others = others.iter().filter(|(_, differs)| *differs).map(|(field, _)| *field);
    let mut differing: Vec<usize> =
        others.chain(first.particulars.contradictions(&next.particulars)).collect();
    differing.sort_unstable();
    if let Some(&field) = differing.first() {
        let names = differing.iter().map(|&field| EXHIBITORS.fields[field].name);
        let message = say!(
            "two rows of exhibitor `{exhibitor}` differ in {fields}",
            exhibitor = next.id,
            fields = list(names)
        );
        let found = record.written(field).unwrap_or_default().into_owned();
        let there = given.files.at(record.span_in(first.row, field));
        record
            .refuse(report, code::EXHIBITOR_TWICE, field, message, &found)
            .hint(say!("the other row is at {there}", there))
            .hint(say!("correct one of them: rows of one exhibitor may differ only in sections and booths"));
        return Err(Wrong);
    }
    first.name_en.join(next.name_en);
    first.particulars.join(next.particulars);
    if first.fairs.is_empty() {
        first.fairs = next.fairs;
    }
    Ok(())
}

fn take_exhibitor(
    report: &mut Report,
    record: &Record<'_>,
    known: &[&str],
    last_fair: u32,
) -> Result<Exhibitor, Wrong> {
    // Every field is looked at before the row is given up, so that all that is wrong is said at once.
    let id = identifier(report, record);
    let name_zh = record.required(report, exhibitor::NAME_ZH).map(Cow::into_owned);
    let name_en = record.text(report, exhibitor::NAME_EN).map(|name| name.map(Cow::into_owned));
    let particulars = Particulars::read(report, record);
    let fairs = fairs(report, record, last_fair);
    let mut particulars = particulars?;
    particulars.sections = whole_names(particulars.sections, known);
    Ok(Exhibitor {
        id: id?,
        name_zh: name_zh?,
        name_en: name_en?,
        further_names: BTreeMap::new(),
        particulars,
        fairs: fairs?,
        row: record.row(),
    })
}

/// The identifier of a row. A row of totals that fills all columns is no exhibitor.
fn identifier(report: &mut Report, record: &Record<'_>) -> Result<String, Wrong> {
    let id = record.required(report, exhibitor::EXHIBITOR)?;
    if ["合计", "小计", "总计", "共计", "total", "subtotal"].contains(&fold_word(&id).as_str()) {
        let message = say!("`{id}` is not the identifier of an exhibitor", id);
        record
            .refuse(report, code::UNKNOWN_EXHIBITOR, exhibitor::EXHIBITOR, message, &id)
            .hint(say!("delete the row if it is one of totals"));
        return Err(Wrong);
    }
    Ok(id.into_owned())
}

/// Joins parts again where a name holds the separator itself, as the section 动力、电力设备 does.
fn whole_names(parts: Vec<String>, known: &[&str]) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(parts.len());
    for part in parts {
        if let Some(last) = names.last_mut() {
            let joined = format!("{last}、{part}");
            if known.contains(&joined.as_str()) {
                *last = joined;
                continue;
            }
        }
        names.push(part);
    }
    names
}

fn fairs(report: &mut Report, record: &Record<'_>, last: u32) -> Result<Vec<u32>, Wrong> {
    let Some(text) = record.text(report, exhibitor::FAIRS)? else { return Ok(Vec::new()) };
    let Some(numbers) = fair_numbers(&text) else {
        record
            .refuse(
                report,
                code::BAD_NUMBER,
                exhibitor::FAIRS,
                say!("`{text}` does not give the numbers of fairs", text),
                &text,
            )
            .hint(say!("write the number of each fair, separated by `;`"));
        return Err(Wrong);
    };
    match numbers.iter().find(|number| !(1..=last).contains(*number)) {
        Some(&number) => Err(refuse_fair_number(report, record, exhibitor::FAIRS, &text, number, last)),
        None => Ok(numbers),
    }
}

/// The identifier that was most likely meant: one that looks the same, else the only one that is nearest.
pub(super) fn lookalike<'a>(id: &str, by_id: &'a ByIdentifier) -> Option<&'a str> {
    // Letters for digits that look like them, and zeros in front that a spreadsheet program took away.
    let looks = |id: &str| {
        let id = fold_word(id).replace('o', "0").replace(['l', 'i'], "1");
        id.trim_start_matches('0').to_owned()
    };
    let mut known: Vec<&str> = by_id.keys().map(AsRef::as_ref).collect();
    known.sort_unstable();
    let wanted = looks(id);
    let same = known.iter().copied().find(|known| looks(known) == wanted);
    same.or_else(|| nearest_alone(id, known))
}
