//! Exhibitors out of their table, and the identifiers by which the other tables name them.

use std::borrow::Cow;

use hashbrown::HashMap;
use rapidhash::fast::RandomState;

use super::Given;
use super::values::{Wrong, number_of, outcome};
use crate::data::{Record, read_table};
use crate::fair::facts::{Exhibitor, Facts};
use crate::fair::key::word;
use crate::fair::tables::{self, exhibitor};
use crate::source::{Failure, Report, code, nearest_alone, say};

/// The number of each exhibitor by its identifier.
pub(super) type ByIdentifier = HashMap<String, u32, RandomState>;

/// The number of an exhibitor whose row was refused. It is known, so that not every invitation of it is
/// reported as well; nothing is decided while a row is refused.
pub(super) const REFUSED: u32 = u32::MAX;

/// Reads the exhibitors. Sections whose names hold the separator of lists are known.
pub(super) fn read_exhibitors(
    report: &mut Report,
    given: &Given<'_>,
    sections: &[&str],
    facts: &mut Facts,
) -> Result<ByIdentifier, Failure> {
    let mut by_id: ByIdentifier = HashMap::default();
    let exhibitors = &mut facts.exhibitors;
    let sheets = read_table(
        report,
        given.files,
        given.folder,
        &tables::EXHIBITORS,
        &given.sources.exhibitors,
        &mut |report, record| {
            let taken = take_exhibitor(report, record, sections);
            if taken.is_err()
                && let Ok(Some(id)) = record.text(&mut Report::new(), exhibitor::EXHIBITOR)
            {
                by_id.entry(id.into_owned()).or_insert(REFUSED);
            }
            outcome(taken.and_then(|taken| {
                if let Some(&first) = by_id.get(taken.id.as_str()) {
                    let first: Option<&Exhibitor> = exhibitors.get(first as usize);
                    let first = first.map(|first| record.span_in(first.row, exhibitor::EXHIBITOR));
                    let draft = record.refuse(
                        report,
                        code::EXHIBITOR_TWICE,
                        exhibitor::EXHIBITOR,
                        say!("exhibitor `{exhibitor}` stands twice", exhibitor = taken.id),
                        &taken.id,
                    );
                    match first {
                        Some(first) => {
                            draft.hint(say!("it stands first at {first}", first = given.files.at(first)))
                        }
                        None => draft,
                    }
                    .hint(say!("keep one row for each exhibitor, with all its sections and booths"));
                    return Err(Wrong);
                }
                by_id.insert(taken.id.as_str().into(), number_of(exhibitors.len()));
                exhibitors.push(taken);
                Ok(())
            }))
        },
    )?;
    facts.sheets.insert("exhibitors", sheets);
    if by_id.is_empty() && !report.has_errors() {
        report
            .error(code::NO_EXHIBITORS, None, say!("the table of exhibitors has no rows"))
            .hint(say!("name the file with the exhibitors under `sources` in fair.yaml"));
    }
    Ok(by_id)
}

fn take_exhibitor(report: &mut Report, record: &Record<'_>, known: &[&str]) -> Result<Exhibitor, Wrong> {
    let text = |report: &mut Report, field| Ok::<_, Wrong>(record.text(report, field)?.map(Cow::into_owned));
    let several = |report: &mut Report, field| {
        Ok::<_, Wrong>(record.text(report, field)?.map(|text| parts(&text)).unwrap_or_default())
    };
    // Every field is looked at before the row is given up, so that all that is wrong is said at once.
    let id = record.required(report, exhibitor::EXHIBITOR).map(Cow::into_owned);
    let name_zh = record.required(report, exhibitor::NAME_ZH).map(Cow::into_owned);
    let name_en = text(report, exhibitor::NAME_EN);
    let delegation = text(report, exhibitor::DELEGATION);
    let sections = several(report, exhibitor::SECTIONS).map(|parts| whole_names(parts, known));
    let booths = several(report, exhibitor::BOOTHS);
    let fairs = fair_numbers(report, record);
    let website = text(report, exhibitor::WEBSITE);
    Ok(Exhibitor {
        id: id?,
        name_zh: name_zh?,
        name_en: name_en?,
        delegation: delegation?,
        sections: sections?,
        booths: booths?,
        fairs: fairs?,
        website: website?,
        row: record.row(),
    })
}

/// The parts of a list in one cell.
fn parts(text: &str) -> Vec<String> {
    let parts = text.split([';', '；', '、']).map(str::trim).filter(|part| !part.is_empty());
    parts.map(str::to_owned).collect()
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

fn fair_numbers(report: &mut Report, record: &Record<'_>) -> Result<Vec<u32>, Wrong> {
    let Some(text) = record.text(report, exhibitor::FAIRS)? else { return Ok(Vec::new()) };
    let mut numbers = Vec::new();
    for part in parts(&text) {
        match word(&part).parse() {
            Ok(number) => numbers.push(number),
            Err(_) => {
                record
                    .refuse(
                        report,
                        code::BAD_NUMBER,
                        exhibitor::FAIRS,
                        say!("`{text}` is not the number of a fair", text = part),
                        &text,
                    )
                    .hint(say!("write the numbers of the fairs, such as 136;137"));
                return Err(Wrong);
            }
        }
    }
    Ok(numbers)
}

/// The identifier that was most likely meant: one that looks the same, else the only one that is nearest.
pub(super) fn lookalike<'a>(id: &str, by_id: &'a ByIdentifier) -> Option<&'a str> {
    // Letters for digits that look like them; words are small letters.
    let looks = |id: &str| word(id).replace('o', "0").replace(['l', 'i'], "1");
    let mut known: Vec<&str> = by_id.keys().map(AsRef::as_ref).collect();
    known.sort_unstable();
    let wanted = looks(id);
    let same = known.iter().copied().find(|known| looks(known) == wanted);
    same.or_else(|| nearest_alone(id, known))
}
