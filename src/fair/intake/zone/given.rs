//! What is asked of the tables of a sourcing zone, and how their cells are read.

use std::collections::BTreeMap;

use crate::data::{Decoded, Record, SheetRead, Source, Spanned, TableFiles, TableShape};
use crate::fair::config::FairFile;
use crate::fair::enterprise::Enterprise;
use crate::fair::intake::values::Wrong;
use crate::lang::{Lang, Localized};
use crate::source::{Files, Message, Report, code, say};

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

/// Where the tables of the zone are, and what is asked of them.
pub(super) struct Given<'a> {
    pub(super) files: &'a Files,
    pub(super) folder: &'a str,
    pub(super) fair: &'a Decoded<FairFile>,
    pub(super) terms: &'a ZoneTerms<'a>,
}

impl<'a> Given<'a> {
    /// A table, as it is to be read.
    pub(super) fn table(&self, shape: &'static TableShape) -> TableFiles<'a> {
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
pub(in crate::fair::intake) fn report_accounts(
    report: &mut Report,
    shape: &TableShape,
    sheets: &[SheetRead],
) {
    for sheet in sheets {
        let rows = sheet.account;
        let message = say!(
            "`{table}`: {read} {read:row|rows} read: {used} used, {refused} refused, {skipped} skipped, {blank} blank, {headings} with headings",
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
pub(super) fn line(
    report: &mut Report,
    record: &Record<'_>,
    field: usize,
) -> Result<Option<Spanned<String>>, Wrong> {
    let Some(text) = record.text(report, field)? else { return Ok(None) };
    let value = text.split_whitespace().collect::<Vec<&str>>().join(" ");
    Ok(Some(Spanned { value, span: record.span(field) }))
}

/// Whether a text in another language may stand in for one that is missing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fallback {
    /// As the site says for texts of enterprises.
    OfZone,
    /// Never.
    Never,
}

/// A text out of two columns; `None` where both are empty.
pub(super) fn localized(
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
        let message = say!("missing translation: {missing}", missing = lang);
        record
            .refuse_without_value(report, code::MISSING_LANGUAGE, field, message, "(empty)")
            .hint(missing_hint(record.has_column(field), &heading));
    }
    if missing.is_empty() { Ok(Some(Spanned { value, span })) } else { Err(Wrong) }
}

/// The languages among Chinese and English that a text of two columns lacks, with their columns.
pub(super) fn missing_columns(
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
pub(super) fn missing_hint(has_column: bool, heading: &str) -> Message {
    match has_column {
        true => say!("fill in `{heading}`", heading),
        false => say!("add a column `{heading}` and fill it in", heading),
    }
}
