//! The sourcing zone: purchasing enterprises, and which of them are there in which phase.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Country, FairFile};
use crate::data::{Spanned, decode_file};
use crate::lang::Localized;
use crate::source::{Failure, Files, Report, nearest};

/// A purchasing enterprise of the sourcing zone.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Enterprise {
    /// Its name.
    pub name: Spanned<Localized>,
    /// Where the name in other languages comes from.
    pub name_basis: NameBasis,
    /// Its home.
    pub country: Spanned<Country>,
    /// Whether it buys for a home overseas or in China.
    pub kind: Kind,
    /// What it does, in one phrase.
    #[serde(default)]
    pub business: Option<Spanned<Localized>>,
    /// Its website.
    #[serde(default)]
    pub website: Option<Spanned<String>>,
    /// The name in pinyin, by which lists in Chinese are sorted.
    pub sort: Spanned<String>,
}

/// Where the name of an enterprise in other languages comes from.
#[derive(Deserialize, JsonSchema, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum NameBasis {
    /// The enterprise is known under it.
    Established,
    /// A plain translation of the Chinese name; shown as such.
    Translated,
}

/// What kind of enterprise it is.
#[derive(Deserialize, JsonSchema, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A multinational (跨国公司).
    Overseas,
    /// A domestic institution (境内机构).
    Domestic,
}

/// The file `roster.yaml`.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Roster {
    /// Where the zone is.
    pub place: Spanned<Localized>,
    /// What to keep in mind about the list.
    pub caveat: Spanned<Localized>,
    /// Whom to ask, by key in `site.yaml`.
    #[serde(default)]
    pub contacts: Vec<Spanned<String>>,
    /// The enterprises resident in each phase, by file stem, in the order of the source.
    pub phases: BTreeMap<u8, Vec<Spanned<String>>>,
}

impl Roster {
    /// The phases in which an enterprise is resident.
    pub fn phases_of(&self, slug: &str) -> Vec<u8> {
        let there = |list: &Vec<Spanned<String>>| list.iter().any(|entry| entry.value == slug);
        self.phases.iter().filter(|(_, list)| there(list)).map(|(&phase, _)| phase).collect()
    }
}

/// Reads all enterprises, by file stem.
pub fn read_enterprises(report: &mut Report, files: &Files) -> Result<BTreeMap<String, Enterprise>, Failure> {
    let mut enterprises = BTreeMap::new();
    for path in files.list("data/enterprises")? {
        let Some(stem) = path.rsplit('/').next().and_then(|name| name.strip_suffix(".yaml")) else {
            let span = crate::source::Span::whole(files.id(&path));
            report
                .warning("stray-file", span, format!("`{path}` is not read"))
                .hint("an enterprise is a file with the ending .yaml");
            continue;
        };
        if let Some(enterprise) = decode_file(report, files, &path)? {
            enterprises.insert(stem.to_owned(), enterprise);
        }
    }
    Ok(enterprises)
}

/// Reads the roster of a fair and checks it against the fair and the enterprises.
pub fn read_roster(
    report: &mut Report,
    files: &Files,
    folder: &str,
    fair: &FairFile,
    enterprises: &BTreeMap<String, Enterprise>,
) -> Result<Option<Roster>, Failure> {
    let path = format!("{folder}/roster.yaml");
    if !files.is_file(&path) {
        return Ok(None);
    }
    let Some(roster) = decode_file::<Roster>(report, files, &path)? else { return Ok(None) };
    for (phase, entries) in &roster.phases {
        if fair.phases.iter().all(|known| known.phase.value != *phase) {
            let span = entries.first().map(|entry| entry.span);
            report
                .error("unknown-phase", span, format!("fair {} has no phase `{phase}`", fair.fair.value))
                .hint("add the phase to fair.yaml, or correct its number here");
        }
        for (index, entry) in entries.iter().enumerate() {
            if !enterprises.contains_key(&entry.value) {
                let draft = report.error(
                    "unknown-enterprise",
                    entry.span,
                    format!("no enterprise `{}`", entry.value),
                );
                match nearest(&entry.value, enterprises.keys().map(String::as_str)) {
                    Some(meant) => draft.label(format!("did you mean `{meant}`?")),
                    None => draft,
                }
                .hint(format!("add data/enterprises/{}.yaml, or correct the name here", entry.value));
            }
            if entries[..index].iter().any(|earlier| earlier.value == entry.value) {
                report
                    .error(
                        "enterprise-twice",
                        entry.span,
                        format!("`{}` stands twice in phase {phase}", entry.value),
                    )
                    .hint("keep one of the two");
            }
        }
    }
    Ok(Some(roster))
}
