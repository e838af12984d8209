//! The sourcing zone of a fair, out of `roster.yaml` or out of tables: `roster` says who is there and when, `sessions` and
//! `purchases` what they hold and want to buy.

mod addresses;
mod enterprise_row;
mod listed;
mod names;
mod phases;
mod purchases;
mod roster;
mod sessions;
mod slug;

use std::collections::BTreeMap;

use names::Names;

use super::values::Wrong;
use crate::data::{Decoded, Record, SheetRead, Source, Spanned, TableFiles, TableShape, decode_file};
use crate::fair::config::FairFile;
use crate::fair::enterprise::{Enterprise, PurchasingLists, Residents, Roster, RosterFile, check_residence};
use crate::fair::tables::ROSTER;
use crate::lang::{Lang, Localized};
use crate::source::{Failure, Files, Message, Report, code, list, say};

/// The sourcing zone of a fair.
#[derive(Clone, Default, Debug)]
pub struct Zone {
    /// Where it is, and who is there; `None` where the fair has none, or it could not be read.
    pub roster: Option<Roster>,
    /// The enterprises that have no file of their own, by slug.
    pub enterprises: BTreeMap<String, Enterprise>,
}

/// What a site asks of its sourcing zone.
#[derive(Clone, Copy)]
pub struct ZoneTerms<'a> {
    /// Its languages.
    pub languages: &'a [Lang],
    /// The languages in which a text of an enterprise may stand in for one that is missing.
    pub fallback: &'a [Lang],
    /// What enterprises deal in, by key; `None` where that could not be read.
    pub goods: Option<&'a BTreeMap<String, Spanned<Localized>>>,
    /// The enterprises that have a file, by slug.
    pub enterprises: &'a BTreeMap<String, Enterprise>,
    /// The enterprises without one of earlier fairs, by slug.
    pub earlier: &'a BTreeMap<String, Enterprise>,
}

/// Reads the sourcing zone of a fair.
pub fn read_zone(
    report: &mut Report,
    files: &Files,
    fair: &Decoded<FairFile>,
    terms: &ZoneTerms<'_>,
) -> Result<Zone, Failure> {
    let folder = format!("data/fairs/{}", fair.fair.value);
    let path = format!("{folder}/roster.yaml");
    let there = files.is_file(&path);
    let file =
        if there { decode_file::<RosterFile>(report, files, &path)?.map(Decoded::into_value) } else { None };
    let tables: Vec<&str> = fair.sources.iter().flat_map(|sources| sources.value.zone_tables()).collect();
    if tables.is_empty() {
        let Some(file) = file else { return Ok(Zone::default()) };
        let roster = file.into_roster(report, files, fair, terms.enterprises)?;
        check_residence(report, &roster, fair);
        return Ok(Zone { roster: Some(roster), enterprises: BTreeMap::new() });
    }
    if let Some(file) = &file {
        report_both(report, &path, file, &tables);
    }
    if !there {
        let sources = fair.sources.as_ref().map(|sources| sources.span.beginning());
        report
            .error(code::NO_ROSTER, sources, say!("there is no file `{path}`", path = path))
            .hint(say!("write it beside the tables, with `place` and `caveat`: where the zone is, and what to keep in mind about the list"));
    }
    let given = Given { files, folder: &folder, fair, terms };
    let (zone, parts) = given.read(report, &tables)?;
    let Some(file) = file else { return Ok(zone) };
    let roster = Roster {
        place: file.place,
        caveat: file.caveat,
        contacts: file.contacts,
        updated: file.updated,
        phases: parts.phases,
        purchases: parts.purchases,
        sessions: parts.sessions,
    };
    check_residence(report, &roster, fair);
    Ok(Zone { roster: Some(roster), ..zone })
}

/// Reports what both `roster.yaml` and tables say.
fn report_both(report: &mut Report, path: &str, file: &RosterFile, tables: &[&str]) {
    let keys = [
        ("phases", ROSTER.name, file.phases.as_ref().map(|value| value.span)),
        ("sessions", "sessions", file.sessions.as_ref().map(|value| value.span)),
        ("purchases", "purchases", file.purchases.as_ref().map(|value| value.span)),
    ];
    for (key, table, span) in keys {
        let Some(span) = span else { continue };
        let message = say!(
            "`{key}` is in `{path}`, and fair.yaml names tables of the sourcing zone: {tables}",
            key,
            path,
            tables = list(tables)
        );
        let draft = report.error(code::ROSTER_TWICE, span, message);
        match tables.contains(&table) {
            true => draft.hint(say!(
                "take `{key}` out of `{path}`, or take `{table}` out of `sources`",
                key,
                path,
                table
            )),
            false => draft.hint(say!(
                "take `{key}` out of `{path}`, and name a table `{table}` under `sources` that says it",
                key,
                path,
                table
            )),
        };
    }
}

/// Where the tables of the zone are, and what is asked of them.
struct Given<'a> {
    files: &'a Files,
    folder: &'a str,
    fair: &'a Decoded<FairFile>,
    terms: &'a ZoneTerms<'a>,
}

/// What the tables say, as the roster has it.
#[derive(Default)]
struct Parts {
    phases: Residents,
    purchases: PurchasingLists,
    sessions: Vec<Spanned<crate::fair::Session>>,
}

impl<'a> Given<'a> {
    fn read(&self, report: &mut Report, tables: &[&str]) -> Result<(Zone, Parts), Failure> {
        let mut names = Names::of_files(self.files, self.terms.enterprises)?;
        let mut parts = Parts::default();
        let mut zone = Zone::default();
        if tables.contains(&ROSTER.name) {
            let read = roster::read_roster(report, self, &mut names)?;
            parts.phases = read.phases;
            zone.enterprises = read.enterprises;
        } else {
            let sources = self.fair.sources.as_ref().map(|sources| sources.span.beginning());
            report
                .error(
                    code::MISSING_KEY,
                    sources,
                    say!("{tables} without a table `roster`", tables = list(tables)),
                )
                .hint(say!(
                    "name the table that says which enterprise is there when: `roster: [{{file: …}}]`"
                ));
        }
        parts.sessions = sessions::read_sessions(report, self, &names)?;
        parts.purchases = purchases::read_purchases(report, self, &names)?;
        Ok((zone, parts))
    }

    /// A table, as it is to be read.
    fn table(&self, shape: &'static TableShape) -> TableFiles<'a> {
        let sources: &[Source] =
            self.fair.sources.as_ref().map(|sources| sources.value.of(shape.name)).unwrap_or_default();
        TableFiles {
            files: self.files,
            folder: self.folder,
            shape,
            sources,
            identifiers: None,
            amendments: None,
        }
    }
}

/// Says what became of the rows of each sheet.
fn report_accounts(report: &mut Report, shape: &TableShape, sheets: &[SheetRead]) {
    for sheet in sheets {
        let rows = sheet.account;
        let message = say!(
            "`{table}`: {read} {read:row|rows} read: {used} used, {refused} refused, {skipped} skipped, {blank} blank, {headings} of headings",
            table = shape.name,
            read = rows.read,
            used = rows.used,
            refused = rows.refused,
            skipped = rows.skipped,
            blank = rows.blank,
            headings = rows.headings
        );
        report.note(code::ROWS_READ, sheet.span(), message);
    }
}

/// The text of a field in one line; `None` where it is empty.
fn line(report: &mut Report, record: &Record<'_>, field: usize) -> Result<Option<Spanned<String>>, Wrong> {
    let Some(text) = record.text(report, field)? else { return Ok(None) };
    let value = text.split_whitespace().collect::<Vec<&str>>().join(" ");
    Ok(Some(Spanned { value, span: record.span(field) }))
}

/// Whether a text in another language may stand in for one that is missing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fallback {
    /// As the site says for texts of enterprises.
    OfZone,
    /// Never.
    Never,
}

/// A text out of two columns; `None` where both are empty.
fn localized(
    report: &mut Report,
    record: &Record<'_>,
    terms: &ZoneTerms<'_>,
    columns: [usize; 2],
    fallback: Fallback,
) -> Result<Option<Spanned<Localized>>, Wrong> {
    let [zh, en] = columns.map(|field| line(report, record, field));
    let (zh, en) = (zh?, en?);
    let Some(span) = zh.as_ref().or(en.as_ref()).map(|text| text.span) else { return Ok(None) };
    let mut value = Localized::default();
    for (lang, text) in [(Lang::ZH, zh), (Lang::EN, en)] {
        if let Some(text) = text {
            value.insert(lang, text.value);
        }
    }
    let missing = missing_columns(terms, &value, columns, fallback);
    for &(lang, field) in &missing {
        let heading = record.heading(field);
        let message = say!("this text is missing in: {missing}", missing = lang);
        record
            .refuse_without_value(report, code::MISSING_LANGUAGE, field, message, "(empty)")
            .hint(missing_hint(record.has_column(field), &heading));
    }
    if missing.is_empty() { Ok(Some(Spanned { value, span })) } else { Err(Wrong) }
}

/// The languages among Chinese and English that a text of two columns lacks, with their columns.
fn missing_columns(
    terms: &ZoneTerms<'_>,
    text: &Localized,
    columns: [usize; 2],
    fallback: Fallback,
) -> Vec<(Lang, usize)> {
    if fallback == Fallback::OfZone && terms.fallback.iter().any(|lang| text.missing(&[*lang]).is_empty()) {
        return Vec::new();
    }
    let asked = [Lang::ZH, Lang::EN].into_iter().zip(columns);
    asked.filter(|(lang, _)| terms.languages.contains(lang) && !text.missing(&[*lang]).is_empty()).collect()
}

/// What to do about an empty cell, or a column that is not there.
fn missing_hint(has_column: bool, heading: &str) -> Message {
    match has_column {
        true => say!("fill in `{heading}`", heading),
        false => say!("add a column `{heading}` and fill it in", heading),
    }
}
