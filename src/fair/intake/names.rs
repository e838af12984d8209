//! Names of exhibitors and enterprises out of the table of names.

use std::collections::BTreeMap;

use super::exhibitors::{ByIdentifier, lookalike};
use super::values::{Wrong, outcome};
use super::zone::report_accounts;
use crate::data::{Decoded, Record, Spanned, TableFiles, TableShape, fold_word, read_table};
use crate::fair::config::{FairFile, Sources};
use crate::fair::facts::Facts;
use crate::fair::name_table::{GivenNames, NameTable, report_difference};
use crate::fair::plausible::is_no_name;
use crate::fair::tables::{EXHIBITORS, exhibitor, given_name, name_columns, names_shape};
use crate::lang::Lang;
use crate::source::{Failure, Files, Report, code, say};

/// Reads the table of names of a fair, if it has one. It may have a column for each language in which the fair itself
/// has a name.
pub fn read_names(
    report: &mut Report,
    files: &Files,
    fair: &FairFile,
    sources: &Sources,
) -> Result<NameTable, Failure> {
    let folder = format!("data/fairs/{}", fair.fair.value);
    let shape = names_shape(fair.name.iter().flat_map(|name| name.value.languages()));
    let sources = sources.of(shape.name);
    let table = TableFiles { files, folder: &folder, shape, sources, identifiers: None, amendments: None };
    let mut rows: BTreeMap<String, GivenNames> = BTreeMap::new();
    let sheets = read_table(report, &table, &mut |report: &mut Report, record: &Record<'_>| {
        outcome(take_row(report, files, shape, record, &mut rows))
    })?;
    report_accounts(report, shape, &sheets);
    Ok(NameTable { rows, exhibitors_known: false })
}

fn take_row(
    report: &mut Report,
    files: &Files,
    shape: &TableShape,
    record: &Record<'_>,
    rows: &mut BTreeMap<String, GivenNames>,
) -> Result<(), Wrong> {
    let id = record.required(report, given_name::ID);
    let mut names: BTreeMap<Lang, Spanned<String>> = BTreeMap::new();
    let mut sound = Ok(());
    for (field, lang) in name_columns(shape) {
        match name(report, record, field) {
            Ok(name) => names.extend(name.map(|name| (lang, name))),
            Err(wrong) => sound = Err(wrong),
        }
    }
    let id = id?;
    let place = record.span(given_name::ID);
    let row = rows.entry(id.to_string()).or_insert(GivenNames {
        place,
        names: BTreeMap::new(),
        of_exhibitor: false,
        meant: None,
    });
    for (lang, name) in names {
        match row.names.get(&lang) {
            None => drop(row.names.insert(lang, name)),
            Some(first) if fold_word(&first.value) == fold_word(&name.value) => {}
            Some(first) => {
                let message = say!(
                    "two names are given to `{id}`: `{said}` here and `{own}` in {place}",
                    id = id.as_ref(),
                    said = name.value.as_str(),
                    own = first.value.as_str(),
                    place = files.at(first.span)
                );
                report
                    .error(code::NAME_DIFFERS, name.span, message)
                    .found(name.value)
                    .hint(say!("keep one of the two"));
                sound = Err(Wrong);
            }
        }
    }
    sound
}

/// A name in one line; `None` where the cell is empty.
fn name(report: &mut Report, record: &Record<'_>, field: usize) -> Result<Option<Spanned<String>>, Wrong> {
    let Some(text) = record.text(report, field)? else { return Ok(None) };
    let value = text.split_whitespace().collect::<Vec<&str>>().join(" ");
    if is_no_name(&value) {
        record
            .refuse(
                report,
                code::BAD_VALUE,
                field,
                say!("`{text}` is not a name", text = value.as_str()),
                &value,
            )
            .hint(say!("write the name, or leave the cell empty until it is known"));
        return Err(Wrong);
    }
    Ok(Some(Spanned { value, span: record.span(field) }))
}

/// Gives their names to exhibitors that lack them, and notes which rows are of exhibitors.
pub(super) fn give_to_exhibitors(
    report: &mut Report,
    files: &Files,
    by_id: &Decoded<ByIdentifier>,
    facts: &mut Facts,
) {
    let mut table = std::mem::take(&mut facts.names);
    table.exhibitors_known = by_id.complete && !by_id.is_empty();
    for (id, row) in &mut table.rows {
        let Some(&number) = by_id.get(id.as_str()) else {
            row.meant = lookalike(id, by_id).map(str::to_owned);
            continue;
        };
        row.of_exhibitor = true;
        let Some(number) = number else { continue };
        let place = |facts: &Facts, field| facts.cell(EXHIBITORS.name, facts.exhibitors[number].row, field);
        let (zh, en) = (place(facts, exhibitor::NAME_ZH), place(facts, exhibitor::NAME_EN));
        let exhibitor = &mut facts.exhibitors[number];
        for (lang, given) in &row.names {
            match *lang {
                Lang::ZH => report_difference(report, files, id, given, &exhibitor.name_zh, zh),
                Lang::EN => match &exhibitor.name_en {
                    Some(own) => report_difference(report, files, id, given, own, en),
                    None => exhibitor.name_en = Some(given.value.clone()),
                },
                lang => drop(exhibitor.further_names.insert(lang, given.value.clone())),
            }
        }
    }
    facts.names = table;
}
