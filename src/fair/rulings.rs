//! Decisions by hand: `rulings.yaml`, resolved to exhibitors, buyers and rows.
//!
//! Knows what a ruling names, not what comes of it.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, Visitor};

use super::config::FairFile;
use super::facts::{Buyer, Facts, Penalty};
use crate::data::{Date, Row, SheetRead, Spanned, decode_file};
use crate::lang::Localized;
use crate::source::{Failure, Files, Report, Span, code, nearest, say};

/// A decision by hand.
#[derive(Clone, Debug)]
pub struct Ruling {
    /// The day from which on it is in force.
    pub date: Date,
    /// Who decided.
    pub authority: Localized,
    /// Why.
    pub reason: Localized,
    /// The exhibitor on which it decides, by number.
    pub exhibitor: u32,
    /// What it decides.
    pub decides: Decides,
    /// The rows that it names, by table.
    pub rows: Vec<(&'static str, Row)>,
    /// Where it is written.
    pub span: Span,
}

/// What a ruling decides on an exhibitor.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Decides {
    /// It may not receive an award, and is not ranked.
    StrikeOff,
    /// An earlier strike-off is lifted.
    Reinstate,
    /// A buyer was invited by it although no key says so, or was not although one does.
    CorrectMatch {
        /// The buyer.
        buyer: Buyer,
        /// Whether the buyer counts as invited.
        counts: bool,
    },
    /// It is under a penalty.
    ConfirmPenalty(Penalty),
}

impl Decides {
    /// Its name in `rulings.yaml`.
    pub fn name(&self) -> &'static str {
        match self {
            Decides::StrikeOff => "strike-off",
            Decides::Reinstate => "reinstate",
            Decides::CorrectMatch { .. } => "correct-match",
            Decides::ConfirmPenalty(_) => "confirm-penalty",
        }
    }
}

/// An entry of `rulings.yaml`.
#[derive(serde::Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct RulingFile {
    /// The day from which on it is in force.
    pub date: Spanned<Date>,
    /// What it decides.
    pub decides: Spanned<DecidesFile>,
    /// Who decided.
    pub authority: Spanned<Localized>,
    /// Why.
    pub reason: Spanned<Localized>,
    /// The rows of the fair's tables that it is about.
    #[serde(default)]
    pub rows: Vec<Spanned<RowPlace>>,
}

impl RulingFile {
    /// What it decides, by its name.
    pub fn decides(&self) -> &'static str {
        match &self.decides.value {
            DecidesFile::StrikeOff(_) => "strike-off",
            DecidesFile::Reinstate(_) => "reinstate",
            DecidesFile::CorrectMatch(_) => "correct-match",
            DecidesFile::ConfirmPenalty(_) => "confirm-penalty",
        }
    }

    /// The identifier of the exhibitor on which it decides.
    pub fn exhibitor(&self) -> &Spanned<String> {
        match &self.decides.value {
            DecidesFile::StrikeOff(of) | DecidesFile::Reinstate(of) => &of.exhibitor,
            DecidesFile::CorrectMatch(of) => &of.exhibitor,
            DecidesFile::ConfirmPenalty(of) => &of.exhibitor,
        }
    }
}

/// What a ruling decides, as it is written.
#[derive(serde::Deserialize, JsonSchema, Clone, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum DecidesFile {
    /// The exhibitor may not receive an award, and is not ranked.
    StrikeOff(OfExhibitor),
    /// An earlier strike-off is lifted.
    Reinstate(OfExhibitor),
    /// The buyer of the attendance row under `rows` counts, or does not count, as invited by the exhibitor.
    CorrectMatch(MatchFile),
    /// The exhibitor is under a penalty.
    ConfirmPenalty(PenaltyFile),
}

/// The exhibitor on which a ruling decides.
#[derive(serde::Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct OfExhibitor {
    /// Its identifier.
    pub exhibitor: Spanned<String>,
}

/// A match that is corrected.
#[derive(serde::Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct MatchFile {
    /// The exhibitor's identifier.
    pub exhibitor: Spanned<String>,
    /// Whether the buyer counts as invited by the exhibitor.
    pub counts: YesNo,
}

/// A truth value as people write it: `yes`, `no`, `true`, `false`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum YesNo {
    /// It is so.
    Yes,
    /// It is not so.
    No,
}

impl JsonSchema for YesNo {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "YesNo".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"enum": [true, false, "yes", "no"]})
    }
}

impl<'de> Deserialize<'de> for YesNo {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<YesNo, D::Error> {
        struct YesNoVisitor;

        impl Visitor<'_> for YesNoVisitor {
            type Value = YesNo;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("yes or no")
            }

            fn visit_bool<E: Error>(self, truth: bool) -> Result<YesNo, E> {
                Ok(if truth { YesNo::Yes } else { YesNo::No })
            }

            fn visit_str<E: Error>(self, word: &str) -> Result<YesNo, E> {
                match word {
                    "yes" => Ok(YesNo::Yes),
                    "no" => Ok(YesNo::No),
                    _ => Err(E::unknown_variant(word, &["yes", "no"])),
                }
            }
        }

        deserializer.deserialize_any(YesNoVisitor)
    }
}

/// A penalty that is confirmed; both ends are included.
#[derive(serde::Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct PenaltyFile {
    /// The exhibitor's identifier.
    pub exhibitor: Spanned<String>,
    /// The first fair.
    pub from_fair: Spanned<u32>,
    /// The last fair.
    pub until_fair: Spanned<u32>,
}

/// A row of one of the fair's tables, as messages name it.
#[derive(serde::Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct RowPlace {
    /// The file, relative to the folder of the fair.
    pub file: String,
    /// The sheet; may be absent where only one sheet of the file is read.
    #[serde(default)]
    pub sheet: Option<String>,
    /// The row of the sheet, or the line of the file, counted from 1.
    pub row: u32,
}

/// Reads the rulings of a fair, in their order. A fair without `rulings.yaml` has none.
pub fn read_rulings(
    report: &mut Report,
    files: &Files,
    folder: &str,
    fair: &FairFile,
    facts: &Facts,
) -> Result<Vec<Ruling>, Failure> {
    let Some(written) = read_ruling_file(report, files, folder)? else { return Ok(Vec::new()) };
    let by_id: BTreeMap<&str, u32> =
        (0u32..).zip(&facts.exhibitors).map(|(number, known)| (known.id.as_str(), number)).collect();
    let resolver = Resolver { files, folder, facts, by_id };
    let mut rulings: Vec<Ruling> = Vec::new();
    for entry in &written {
        rulings.extend(resolver.ruling(report, fair, &entry.value, entry.span));
    }
    Ok(rulings)
}

/// Reads `rulings.yaml` without resolving what it names. `None` where there is none, or it is wrong.
pub fn read_ruling_file(
    report: &mut Report,
    files: &Files,
    folder: &str,
) -> Result<Option<Vec<Spanned<RulingFile>>>, Failure> {
    let path = format!("{folder}/rulings.yaml");
    if !files.is_file(&path) {
        return Ok(None);
    }
    let Some(written) = decode_file::<Vec<Spanned<RulingFile>>>(report, files, &path)? else {
        return Ok(None);
    };
    for pair in written.windows(2) {
        let (earlier, later) = (&pair[0].value.date, &pair[1].value.date);
        if later.value < earlier.value {
            report
                .error(
                    code::RULING_ORDER,
                    later.span,
                    say!(
                        "`{later}` stands behind a ruling of {earlier}",
                        later = later.value,
                        earlier = earlier.value
                    ),
                )
                .hint(say!("list rulings by their dates, the earliest first, and add new ones at the end"));
        }
    }
    Ok(Some(written))
}

struct Resolver<'a> {
    files: &'a Files,
    folder: &'a str,
    facts: &'a Facts,
    by_id: BTreeMap<&'a str, u32>,
}

impl Resolver<'_> {
    fn ruling(
        &self,
        report: &mut Report,
        fair: &FairFile,
        written: &RulingFile,
        span: Span,
    ) -> Option<Ruling> {
        let rows: Vec<(&'static str, Row, Span)> =
            written.rows.iter().filter_map(|place| self.row(report, place)).collect();
        let rows_are_known = rows.len() == written.rows.len();
        let number = self.exhibitor(report, written.exhibitor())?;
        let decides = match &written.decides.value {
            DecidesFile::StrikeOff(_) => Decides::StrikeOff,
            DecidesFile::Reinstate(_) => Decides::Reinstate,
            DecidesFile::CorrectMatch(of) => {
                let buyer = if rows_are_known { self.buyer(report, written, &rows) } else { None };
                Decides::CorrectMatch { buyer: buyer?, counts: of.counts == YesNo::Yes }
            }
            DecidesFile::ConfirmPenalty(of) => {
                let (from, until) = (&of.from_fair, &of.until_fair);
                if !(from.value..=until.value).contains(&fair.fair.value) {
                    report
                        .error(
                            code::RULING_NO_EFFECT,
                            until.span,
                            say!("the penalty does not cover fair {fair}", fair = fair.fair.value),
                        )
                        .hint(say!("both ends are included: correct the fairs, or take the ruling out"));
                    return None;
                }
                let row = Row { sheet: u32::MAX, row: 0 };
                Decides::ConfirmPenalty(Penalty {
                    exhibitor: number,
                    reason: None,
                    from_fair: from.value,
                    until_fair: until.value,
                    row,
                })
            }
        };
        Some(Ruling {
            date: written.date.value,
            authority: written.authority.value.clone(),
            reason: written.reason.value.clone(),
            exhibitor: number,
            decides,
            rows: rows.into_iter().map(|(table, row, _)| (table, row)).collect(),
            span,
        })
    }

    fn exhibitor(&self, report: &mut Report, id: &Spanned<String>) -> Option<u32> {
        if let Some(&number) = self.by_id.get(id.value.as_str()) {
            return Some(number);
        }
        report
            .error(code::UNKNOWN_EXHIBITOR, id.span, say!("no exhibitor `{id}`", id = id.value))
            .label_meant(nearest(&id.value, self.by_id.keys().copied()))
            .hint(say!("name the exhibitor by its identifier in the table of exhibitors"));
        None
    }

    /// The buyer of the one attendance row that a corrected match names.
    fn buyer(
        &self,
        report: &mut Report,
        written: &RulingFile,
        rows: &[(&'static str, Row, Span)],
    ) -> Option<Buyer> {
        let mut named = rows.iter().filter(|(table, ..)| *table == "attendance");
        let (Some((_, row, span)), None) = (named.next(), named.next()) else {
            report
                .error(
                    code::RULING_ROWS,
                    written.decides.span,
                    say!("a corrected match names one row of the attendance"),
                )
                .hint(say!("add `rows: [{{file: badges.xlsx, row: 52}}]` with the row of the buyer"));
            return None;
        };
        let attended = self.facts.attendance.rows.iter().find(|attended| attended.row == *row);
        if attended.is_none() {
            report
                .error(code::RULING_ROWS, *span, say!("this row does not say that a buyer was there"))
                .hint(say!("name a row of a buyer who attended; rows that say no do not count"));
        }
        attended.map(|attended| attended.buyer)
    }

    fn row(&self, report: &mut Report, place: &Spanned<RowPlace>) -> Option<(&'static str, Row, Span)> {
        let RowPlace { file, sheet, row } = &place.value;
        let path = format!("{}/{file}", self.folder);
        let mut found: Vec<(&'static str, u32, &SheetRead)> = Vec::new();
        for (&table, sheets) in &self.facts.sheets {
            for (number, known) in (0u32..).zip(sheets) {
                let name = known.sheet.as_ref().map(|(_, name)| name);
                if self.files.path(known.file) == path && (sheet.is_none() || sheet.as_ref() == name) {
                    found.push((table, number, known));
                }
            }
        }
        let [(table, number, known)] = found[..] else {
            let message = match found.len() {
                0 => say!("`{file}` is not a file or sheet that was read for this fair", file),
                several => say!("`{file}` has {several} sheets that were read", file, several),
            };
            report.error(code::RULING_ROWS, place.span, message).hint(say!(
                "name the file as `sources` in fair.yaml does, and the sheet where it has several"
            ));
            return None;
        };
        let row = known.row_at(self.files, *row).filter(|_| *row >= 1);
        if row.is_none() {
            report
                .error(
                    code::RULING_ROWS,
                    place.span,
                    say!("`{file}` has no row {row}", file, row = place.value.row),
                )
                .hint(say!("count rows as the spreadsheet does, or lines of the file, from 1"));
        }
        Some((table, Row { sheet: number, row: row? }, place.span))
    }
}
