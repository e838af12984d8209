//! The public part of a ledger, its header: what anyone may see of each entry. It says how much was sealed, and
//! commits to everything; of exhibitors it holds those that are on the published list, or were taken off it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::broken::{Broken, parse};
use super::canonical::{canonical, digest};
use crate::award::list::{AwardList, ListCorrection, ListRuling, Listed};
use crate::award::merkle::{Digest, TreeHead};
use crate::fair::{Account, Date, NoticeState, Particulars, RulingSubject};
use crate::lang::{Lang, Localized};
use crate::rulebook::{AwardId, Rulebook};
use crate::source::say;

/// How far an award has come.
#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Decided, and not published.
    Proposed,
    /// Published; objections can be made.
    InNotice,
    /// Changed by rulings since it was published.
    Correction,
    /// The time for objections is over; they are being settled.
    Closed,
    /// The list is final.
    Final,
}

impl Stage {
    /// Its name in the ledger.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Proposed => "proposed",
            Stage::InNotice => "in-notice",
            Stage::Correction => "correction",
            Stage::Closed => "closed",
            Stage::Final => "final",
        }
    }
}

impl From<NoticeState> for Stage {
    fn from(state: NoticeState) -> Stage {
        match state {
            NoticeState::Proposed => Stage::Proposed,
            NoticeState::InNotice => Stage::InNotice,
            NoticeState::Closed => Stage::Closed,
            NoticeState::Final => Stage::Final,
        }
    }
}

/// The rulebook by which was decided.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct SealedRulebook {
    /// Its name.
    pub id: String,
    /// Its version.
    pub version: u32,
    /// The SHA-256 of its file.
    pub sha256: String,
}

/// What of `fair.yaml` decides something.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The latest fair held before.
    pub previous_fair: Option<u32>,
    /// The last day of the online platform.
    pub platform_end: Option<Date>,
    /// The day on which the notice is published.
    pub published: Option<Date>,
    /// The day from which its list is final.
    #[serde(rename = "final")]
    pub final_from: Option<Date>,
    /// Whether its data are synthetic.
    pub demonstration: bool,
}

/// The days that were counted.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct CountedDays {
    /// The last day on which the notice may be published.
    pub latest: Option<Date>,
    /// The last day of the notice.
    pub until: Option<Date>,
}

/// What was decided by, and from how many rows.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// The rulebook by which was decided.
    pub rulebook: SealedRulebook,
    /// The readings that were applied, by policy.
    pub policies: BTreeMap<String, String>,
    /// What of `fair.yaml` decides something.
    pub settings: Settings,
    /// The days that were counted.
    pub timeline: CountedDays,
    /// Of each year that was counted, the SHA-256 of its working days.
    pub calendar: BTreeMap<String, Digest>,
    /// What became of the rows of each table.
    pub rows: BTreeMap<String, Account>,
}

/// The hashes of the evidence tables that the entry gives, whether or not one is published.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct EvidenceDigests {
    /// The SHA-256 of the table of points.
    pub points: Digest,
    /// The SHA-256 of the table of counts.
    pub counts: Digest,
}

/// An exhibitor on the list, or taken off it.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct SealedListed {
    /// Its identifier.
    pub exhibitor: String,
    /// Its name in Chinese.
    pub name_zh: String,
    /// Its name in English.
    pub name_en: Option<String>,
    /// Its names in other languages; absent in entries without any.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub further_names: BTreeMap<Lang, String>,
    /// What else is published of it.
    #[serde(flatten)]
    pub particulars: Particulars,
    /// Its award, by name.
    pub award: Option<String>,
}

/// A correction of the published list.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct SealedCorrection {
    /// The date from which it is in force.
    pub date: Date,
    /// The rulings that make it.
    pub rulings: Vec<PublishedRuling>,
    /// The exhibitors whose award changed.
    pub changes: Vec<SealedChange>,
    /// The exhibitors of which something else is published.
    pub amended: Vec<Amended>,
}

/// A ruling as it is published: never what it says of a row.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct PublishedRuling {
    /// What it decides, by its name in `rulings.yaml`.
    pub decides: String,
    /// What it is about.
    pub about: RulingSubject,
    /// Who decided.
    pub authority: Localized,
    /// Why.
    pub reason: Localized,
}

/// A change of an award.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct SealedChange {
    /// The exhibitor.
    pub exhibitor: String,
    /// Its award before, by name.
    pub before: Option<String>,
    /// Its award since then.
    pub after: Option<String>,
}

/// A change of what is published of an exhibitor beside its award.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct Amended {
    /// As it was listed.
    pub before: SealedListed,
    /// As it is listed.
    pub after: SealedListed,
}

/// The public part of an entry.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Its number, from 1.
    pub number: u32,
    /// How far the award had come.
    pub stage: Stage,
    /// The day on which it was sealed.
    pub date: Date,
    /// The program that sealed it.
    pub program: String,
    /// The hash of the head before it.
    pub previous: Option<Digest>,
    /// What tells the secret with which it was sealed from another one.
    pub secret: Digest,
    /// What was decided by, and from how many rows.
    pub basis: Basis,
    /// The rows of each table below its headings, in reading order.
    pub trees: BTreeMap<String, TreeHead>,
    /// The decisions, one leaf an exhibitor, sorted by identifier.
    pub decisions: TreeHead,
    /// The salted hash of what is private beside the decisions: files, findings that were accepted, rulings.
    pub record: Digest,
    /// How many exhibitors were ranked.
    pub pool: u64,
    /// How many receive each award.
    pub awards: BTreeMap<String, u64>,
    /// How many rulings held.
    pub rulings: u64,
    /// The evidence that it gives.
    pub evidence: EvidenceDigests,
    /// The list as it is published, by identifier; empty before the notice.
    pub listed: Vec<SealedListed>,
    /// The corrections of the published list until then.
    pub corrections: Vec<SealedCorrection>,
}

impl Head {
    /// Its hash: the SHA-256 of its canonical text. The head behind it names it.
    pub fn hash(&self) -> Digest {
        digest(self)
    }

    /// The list of awards that it seals. `None` where it names an award that the rulebook does not have.
    pub fn list(&self, rulebook: &Rulebook) -> Option<AwardList> {
        let corrections = self.corrections.iter().map(|correction| read_correction(rulebook, correction));
        Some(AwardList {
            pool: usize::try_from(self.pool).ok()?,
            listed: self.listed.iter().map(|one| read_listed(rulebook, one)).collect::<Option<_>>()?,
            corrections: corrections.collect::<Option<_>>()?,
        })
    }
}

/// The name and version of the format.
const FORMAT: &str = "jinbang-seal/2";

/// The header of a ledger: the public part of each entry. Its file is `seal.json`, in canonical JSON.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    format: String,
    /// Number of the fair.
    pub fair: u32,
    /// The entries, the earliest first.
    pub entries: Vec<Head>,
}

impl Seal {
    /// That of some entries.
    pub(super) fn new(fair: u32, entries: Vec<Head>) -> Seal {
        Seal { format: FORMAT.to_owned(), fair, entries }
    }

    /// The last entry.
    pub fn last(&self) -> Option<&Head> {
        self.entries.last()
    }

    /// As it is written.
    pub fn written(&self) -> String {
        canonical(self)
    }

    /// Its hash: the SHA-256 of its file, as any program computes it.
    pub fn hash(&self) -> Digest {
        digest(self)
    }

    /// Reads a header, and checks that each entry names the hash of the one before it.
    pub fn read(text: &str) -> Result<Seal, Broken> {
        let seal: Seal = parse(text, FORMAT, Seal::written)?;
        check_chain(seal.entries.iter())?;
        Ok(seal)
    }
}

/// A list as heads write it.
pub(super) fn sealed_list(
    list: &AwardList,
    rulebook: &Rulebook,
) -> (Vec<SealedListed>, Vec<SealedCorrection>) {
    let listed = list.listed.iter().map(|one| sealed_listed(rulebook, one)).collect();
    let corrections = list.corrections.iter().map(|correction| SealedCorrection {
        date: correction.date,
        rulings: correction.rulings.iter().map(PublishedRuling::from).collect(),
        changes: correction
            .changes
            .iter()
            .map(|(exhibitor, before, after)| SealedChange {
                exhibitor: exhibitor.clone(),
                before: award_name(rulebook, *before),
                after: award_name(rulebook, *after),
            })
            .collect(),
        amended: correction
            .amended
            .iter()
            .map(|(before, after)| Amended {
                before: sealed_listed(rulebook, before),
                after: sealed_listed(rulebook, after),
            })
            .collect(),
    });
    (listed, corrections.collect())
}

impl From<&ListRuling> for PublishedRuling {
    fn from(ruling: &ListRuling) -> PublishedRuling {
        PublishedRuling {
            decides: ruling.decides.clone(),
            about: ruling.subject.clone(),
            authority: ruling.authority.clone(),
            reason: ruling.reason.clone(),
        }
    }
}

fn read_correction(rulebook: &Rulebook, sealed: &SealedCorrection) -> Option<ListCorrection> {
    let change = |change: &SealedChange| {
        let [before, after] = [&change.before, &change.after].map(|award| award_number(rulebook, award));
        Some((change.exhibitor.clone(), before?, after?))
    };
    let amended =
        |one: &Amended| Some((read_listed(rulebook, &one.before)?, read_listed(rulebook, &one.after)?));
    Some(ListCorrection {
        date: sealed.date,
        rulings: sealed
            .rulings
            .iter()
            .map(|ruling| ListRuling {
                decides: ruling.decides.clone(),
                subject: ruling.about.clone(),
                authority: ruling.authority.clone(),
                reason: ruling.reason.clone(),
            })
            .collect(),
        changes: sealed.changes.iter().map(change).collect::<Option<_>>()?,
        amended: sealed.amended.iter().map(amended).collect::<Option<_>>()?,
    })
}

fn sealed_listed(rulebook: &Rulebook, listed: &Listed) -> SealedListed {
    let Listed { id, name_zh, name_en, further_names, particulars, award, span: _ } = listed.clone();
    SealedListed {
        exhibitor: id,
        name_zh,
        name_en,
        further_names,
        particulars,
        award: award_name(rulebook, award),
    }
}

fn read_listed(rulebook: &Rulebook, sealed: &SealedListed) -> Option<Listed> {
    let SealedListed { exhibitor, name_zh, name_en, further_names, particulars, award } = sealed.clone();
    let award = award_number(rulebook, &award)?;
    Some(Listed { id: exhibitor, name_zh, name_en, further_names, particulars, award, span: None })
}

/// The name of an award by its number.
pub(super) fn award_name(rulebook: &Rulebook, number: Option<AwardId>) -> Option<String> {
    number.map(|number| rulebook.awards[number].id.value.clone())
}

/// The number of an award, or of none. `None` where the rulebook does not have it.
fn award_number(rulebook: &Rulebook, name: &Option<String>) -> Option<Option<AwardId>> {
    match name {
        None => Some(None),
        Some(id) => rulebook.award(id).map(Some),
    }
}

/// The identifiers of the exhibitors of which two lists do not say the same.
pub(super) fn differing_exhibitors<'a>(
    one: &'a [SealedListed],
    other: &'a [SealedListed],
) -> BTreeSet<&'a str> {
    let missing = |from: &'a [SealedListed], to: &'a [SealedListed]| {
        let known: BTreeMap<&str, &SealedListed> =
            to.iter().map(|listed| (listed.exhibitor.as_str(), listed)).collect();
        from.iter().filter(move |listed| known.get(listed.exhibitor.as_str()) != Some(listed))
    };
    missing(one, other).chain(missing(other, one)).map(|listed| listed.exhibitor.as_str()).collect()
}

/// Checks that entries are counted from 1, and that each names the hash of the one before it.
pub(super) fn check_chain<'a>(heads: impl Iterator<Item = &'a Head>) -> Result<(), Broken> {
    let mut previous = None;
    for (number, head) in (1..).zip(heads) {
        if head.number != number {
            let found = head.number.to_string();
            return Err(Broken::of(Some(number), say!("it is numbered {found}", found)));
        }
        if head.previous != previous {
            return Err(Broken::of(
                Some(number),
                say!("it does not follow from the previous entry, which was changed or removed"),
            ));
        }
        previous = Some(head.hash());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_exhibitor_is_written_as_it_was_read_and_has_no_fields_beside_its_own() {
        let sealed = r#"{"award":"gold","booths":["1.1A01"],"delegation":null,"exhibitor":"E1","name_en":null,"name_zh":"示例","sections":[],"website":null}"#;
        let listed: SealedListed = serde_json::from_str(sealed).expect("it is well formed");
        assert_eq!(canonical(&listed), sealed);
        let more = sealed.replace(r#""website""#, r#""score":9,"website""#);
        let refused = serde_json::from_str::<SealedListed>(&more).expect_err("it has a field too many");
        assert!(refused.to_string().contains("unknown field `score`"), "{refused}");
    }
}
