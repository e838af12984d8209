//! The ledger: what was decided on a fair, sealed entry by entry, with everything that it rests on.
//!
//! An entry has a public part, its [`Head`], and private ones: the decisions on all exhibitors, and the record of what
//! they rest on. The head commits to the private parts, salted, and names the hash of the head before it, so that no
//! entry can be changed, taken out or put in later without that showing to whoever holds a head behind it. Of the
//! decisions an entry holds those that are new or differ from the entry before.
//!
//! Nothing of a buyer is in it: rows are there as the roots of salted trees, see [`super::merkle`].

mod canonical;
mod head;
mod sealing;

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use canonical::in_order;
pub use canonical::{canonical, unique};
pub use head::{
    Amended, Basis, CountedDays, EvidenceDigests, Head, PublishedRuling, Seal, SealedChange,
    SealedCorrection, SealedListed, SealedRulebook, Settings, Stage,
};
pub use sealing::{
    RestsOn, SealedRows, Sealing, differing, explained_ruling, sealed_policies, sealed_rulebook,
};

use super::credit::Credit;
use super::merkle::{Digest, Keyed, Paths, Secret, TreeHead, leaf_hash};
use super::pool_table::PoolTable;
use super::written::WrittenDecision;
use crate::fair::{Date, EvidenceKind};
use crate::lang::Localized;
use crate::rulebook::Rulebook;
use crate::source::{Message, say};

/// The name and version of the format.
const FORMAT: &str = "jinbang-ledger/2";

/// A file of a table.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct SealedInput {
    /// Its path below the folder of the fair.
    pub file: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// Their SHA-256.
    pub sha256: Digest,
}

/// A finding that was accepted.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct SealedFinding {
    /// Its kind.
    pub finding: String,
    /// How many there were.
    pub count: u64,
    /// How many awards depend on them.
    pub awards: u64,
    /// Why it was accepted.
    pub because: String,
}

/// A ruling as it was written.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct SealedRuling {
    /// The day from which on it is in force.
    pub date: Date,
    /// What it decides, by its name in `rulings.yaml`.
    pub decides: String,
    /// What it says of that.
    pub particulars: Map<String, Value>,
    /// Who decided.
    pub authority: Localized,
    /// Why.
    pub reason: Localized,
}

impl SealedRuling {
    /// Whether it decides one of some things.
    pub fn decides_any(&self, kinds: &[&str]) -> bool {
        kinds.contains(&self.decides.as_str())
    }
}

/// What decisions rest on and nobody else may see.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Default, Debug)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The files of the tables, by path.
    pub inputs: Vec<SealedInput>,
    /// The findings that were accepted.
    pub accepted: Vec<SealedFinding>,
    /// The rulings, the earliest first.
    pub rulings: Vec<SealedRuling>,
}

/// What is sealed of an exhibitor: a leaf of the tree of decisions.
///
/// Its fields stand in the order of their names, so that the usual writer writes it in canonical JSON.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct SealedDecision {
    /// The buyers that were credited to it, in the order of their first rows.
    pub buyers: TreeHead,
    /// What was credited to it.
    pub credit: Credit,
    /// What was decided.
    pub decision: WrittenDecision,
    /// Its rows, by table, in reading order: the leaves are those of the tree of the table.
    #[serde(deserialize_with = "unique")]
    pub rows: BTreeMap<String, TreeHead>,
}

impl SealedDecision {
    /// Its hash as a leaf.
    pub fn leaf(&self, salt: &Digest) -> Digest {
        leaf_hash(salt, &in_order(self))
    }
}

/// What leads from the decision on an exhibitor to the head of an entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DecisionProof {
    /// What is sealed of the exhibitor.
    pub sealed: SealedDecision,
    /// The salt of that, and of its buyers.
    pub salt: Digest,
    /// Its place among the decisions.
    pub place: u64,
    /// Its path to the root.
    pub path: Vec<Digest>,
}

/// An entry of a ledger.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its public part.
    pub head: Head,
    /// What its decisions rest on.
    pub record: Record,
    /// The decisions that are new or differ from the entry before, by identifier.
    decisions: Vec<Arc<SealedDecision>>,
    /// The exhibitors of the entry before that are no more.
    gone: Vec<String>,
    /// All decisions that held then, by identifier.
    #[serde(skip)]
    holding: Holding,
}

/// Decisions by identifier. Most are the same in all entries.
pub type Holding = BTreeMap<String, Arc<SealedDecision>>;

impl Entry {
    /// How far the award had come.
    pub fn stage(&self) -> Stage {
        self.head.stage
    }

    /// The decisions that held then, sorted by identifier.
    pub fn decisions(&self) -> impl Iterator<Item = (&str, &SealedDecision)> {
        self.holding.iter().map(|(id, decision)| (id.as_str(), &**decision))
    }

    /// The decision on an exhibitor that held then.
    pub fn decision(&self, id: &str) -> Option<&SealedDecision> {
        self.holding.get(id).map(Arc::as_ref)
    }

    /// What leads from the decisions to the head, for those of the exhibitors that are wanted.
    pub fn proofs(&self, secret: &Secret, wanted: impl Fn(&str) -> bool) -> BTreeMap<String, DecisionProof> {
        let key = entry_key(secret, self.head.number);
        let paths = Paths::new(decision_leaves(&key, &self.holding));
        let all = self.holding.iter().enumerate().filter(|(_, (id, _))| wanted(id));
        let proofs = all.map(|(place, (id, sealed))| {
            let (salt, path) = (decision_salt(&key, id), paths.of(place));
            let place = u64::try_from(place).expect("they fit in memory");
            (id.clone(), DecisionProof { sealed: SealedDecision::clone(sealed), salt, place, path })
        });
        proofs.collect()
    }

    /// The evidence that it gives: the table of points or counts.
    pub fn evidence(&self, kind: EvidenceKind, secret: &Secret, rulebook: &Rulebook) -> PoolTable {
        evidence(kind, &entry_key(secret, self.head.number), &self.holding, rulebook)
    }
}

/// The secret of an entry: salts and handles are new in each.
fn entry_key(secret: &Secret, number: u32) -> Keyed {
    secret.keyed().secret(&[b"entry", &number.to_be_bytes()])
}

/// What tells a secret from another one.
pub fn fingerprint(secret: &Secret) -> Digest {
    secret.keyed().derive(&[b"fingerprint"])
}

/// The salt of the decision on an exhibitor, and of its buyers.
pub fn buyers_salt(secret: &Secret, entry: u32, id: &str) -> Digest {
    decision_salt(&entry_key(secret, entry), id)
}

fn decision_salt(key: &Keyed, id: &str) -> Digest {
    key.derive(&[b"decision", id.as_bytes()])
}

fn decision_leaves(key: &Keyed, holding: &Holding) -> Vec<Digest> {
    let all: Vec<(&String, &Arc<SealedDecision>)> = holding.iter().collect();
    all.into_par_iter().map(|(id, decision)| decision.leaf(&decision_salt(key, id))).collect()
}

fn record_digest(key: &Keyed, record: &Record) -> Digest {
    key.derive(&[b"record", canonical(record).as_bytes()])
}

fn evidence(kind: EvidenceKind, key: &Keyed, holding: &Holding, rulebook: &Rulebook) -> PoolTable {
    let key = key.secret(&[b"handles"]);
    PoolTable::new(kind, &key, holding.values().map(|sealed| &sealed.decision), rulebook)
}

/// Why a ledger cannot be relied on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Broken {
    /// Number of the entry, from 1.
    pub entry: Option<u32>,
    /// What is wrong.
    pub message: Message,
    /// What to do, where it is not to bring the file back.
    pub hint: Option<Message>,
}

impl Broken {
    fn of(entry: Option<u32>, message: Message) -> Broken {
        Broken { entry, message, hint: None }
    }
}

/// When an entry is sealed, and by what.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stamp {
    /// How far the award has come.
    pub stage: Stage,
    /// The day.
    pub date: Date,
    /// The program.
    pub program: String,
}

/// The sealed results of a fair: its private ledger, in `ledger.json`, in canonical JSON.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct Ledger {
    format: String,
    /// Number of the fair.
    pub fair: u32,
    entries: Vec<Entry>,
}

impl Ledger {
    /// A ledger without entries.
    pub fn new(fair: u32) -> Ledger {
        Ledger { format: FORMAT.to_owned(), fair, entries: Vec::new() }
    }

    /// The last entry.
    pub fn last(&self) -> Option<&Entry> {
        self.entries.last()
    }

    /// The entries, the earliest first.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The ledger without its last entry.
    #[must_use]
    pub fn before_last(&self) -> Ledger {
        let before = self.entries.len().saturating_sub(1);
        Ledger { entries: self.entries[..before].to_vec(), ..Ledger::new(self.fair) }
    }

    /// The number of the entry that is added next.
    pub fn next_number(&self) -> u32 {
        u32::try_from(self.entries.len() + 1).expect("a ledger has few entries")
    }

    /// Its public part.
    pub fn seal(&self) -> Seal {
        Seal::new(self.fair, self.entries.iter().map(|entry| entry.head.clone()).collect())
    }

    /// Adds an entry. `buyers` are the trees of the buyers that are credited to each exhibitor, by its identifier.
    pub fn append(
        &mut self,
        stamp: Stamp,
        sealing: Sealing,
        buyers: &BTreeMap<String, TreeHead>,
        rulebook: &Rulebook,
        secret: &Secret,
    ) {
        let number = self.next_number();
        let Stamp { stage, date, program } = stamp;
        let mut sealing = sealing;
        let holding = sealing.take_decided(buyers);
        let Sealing { rests_on, pool, awards, listed, corrections, decisions: _, rows } = sealing;
        let rows = rows.unwrap_or_default();
        let key = entry_key(secret, number);
        let digest = |kind| evidence(kind, &key, &holding, rulebook).sha256(rulebook);
        let RestsOn { basis, record } = rests_on;
        let head = Head {
            number,
            stage,
            date,
            program,
            previous: self.last().map(|last| last.head.hash()),
            secret: fingerprint(secret),
            basis,
            trees: rows.trees,
            decisions: TreeHead::of(decision_leaves(&key, &holding)),
            record: record_digest(&key, &record),
            pool,
            awards,
            rulings: u64::try_from(record.rulings.len()).expect("a fair has few rulings"),
            evidence: EvidenceDigests {
                points: digest(EvidenceKind::Points),
                counts: digest(EvidenceKind::Counts),
            },
            listed: if stage == Stage::Proposed { Vec::new() } else { listed },
            corrections: if stage == Stage::Proposed { Vec::new() } else { corrections },
        };
        let empty = BTreeMap::new();
        let before = self.last().map_or(&empty, |last| &last.holding);
        let decisions = holding.iter().filter(|(id, decision)| before.get(*id) != Some(*decision));
        let decisions = decisions.map(|(_, decision)| Arc::clone(decision)).collect();
        let gone = before.keys().filter(|id| !holding.contains_key(*id)).cloned().collect();
        self.entries.push(Entry { head, record, decisions, gone, holding });
    }

    /// As it is written: its canonical text.
    pub fn written(&self) -> String {
        let entries = self.entries.iter().map(|Entry { decisions, gone, head, record, .. }| {
            let [gone, head, record] = [canonical(gone), canonical(head), canonical(record)];
            let decisions = in_order(decisions);
            format!("{{\"decisions\":{decisions},\"gone\":{gone},\"head\":{head},\"record\":{record}}}")
        });
        let entries = entries.collect::<Vec<_>>().join(",");
        let text = format!("{{\"entries\":[{entries}],\"fair\":{},\"format\":\"{FORMAT}\"}}", self.fair);
        debug_assert_eq!(text, canonical(self));
        text
    }

    /// Reads a ledger, and checks that its entries follow each other.
    pub fn read(text: &str) -> Result<Ledger, Broken> {
        let mut ledger: Ledger = parse(text, FORMAT, Ledger::written)?;
        check_chain(ledger.entries.iter().map(|entry| &entry.head))?;
        let mut holding = Holding::new();
        for entry in &mut ledger.entries {
            for id in &entry.gone {
                holding.remove(id);
            }
            for decision in &entry.decisions {
                holding.insert(decision.decision.exhibitor.clone(), Arc::clone(decision));
            }
            entry.holding = holding.clone();
        }
        Ok(ledger)
    }

    /// Checks that the private parts are those to which the heads commit, of the entries that were sealed with a secret.
    pub fn check(&self, secret: &Secret) -> Result<(), Broken> {
        for entry in self.entries.iter().filter(|entry| entry.head.secret == fingerprint(secret)) {
            let key = entry_key(secret, entry.head.number);
            let wrong = |message| Err(Broken::of(Some(entry.head.number), message));
            if TreeHead::of(decision_leaves(&key, &entry.holding)) != entry.head.decisions {
                return wrong(say!("its decisions are not those of which it holds the hash"));
            }
            if record_digest(&key, &entry.record) != entry.head.record {
                return wrong(say!("its record is not the one of which it holds the hash"));
            }
        }
        Ok(())
    }
}

/// Reads a file of a format that is written in canonical JSON.
fn parse<T: DeserializeOwned>(
    text: &str,
    format: &str,
    written: impl FnOnce(&T) -> String,
) -> Result<T, Broken> {
    /// Enough to tell the format.
    #[derive(Deserialize)]
    struct Named {
        format: Option<String>,
    }
    let no_json = |error: serde_json::Error| {
        Broken::of(None, say!("this is no JSON ({why})", why = Message::foreign(error)))
    };
    // Programs on Windows may end the line.
    let text = text.trim_end_matches(['\r', '\n']);
    // The last of the keys.
    if !text.ends_with(&format!("\"format\":\"{format}\"}}")) {
        let Named { format: found } = serde_json::from_str(text).map_err(no_json)?;
        let found = found.unwrap_or_default();
        if found == format {
            return Err(Broken::of(None, say!("the text is not written as the program writes it")));
        }
        let message = say!("the format is `{found}`, not `{format}`", found, format);
        let hint = say!(
            "an early version of this program wrote it, for tests: delete `ledger.json`, `ledger.secret` and what is signed of them, and seal the fair again"
        );
        let is_early = found == "jinbang-ledger/1";
        return Err(Broken { hint: is_early.then_some(hint), ..Broken::of(None, message) });
    }
    let value: T = serde_json::from_str(text).map_err(|error| {
        Broken::of(None, say!("a field is not as the format has it ({why})", why = Message::foreign(error)))
    })?;
    if written(&value) != text {
        return Err(Broken::of(None, say!("the text is not written as the program writes it")));
    }
    Ok(value)
}

/// Checks that entries are counted from 1, and that each names the hash of the one before it.
fn check_chain<'a>(heads: impl Iterator<Item = &'a Head>) -> Result<(), Broken> {
    let mut previous = None;
    for (number, head) in (1..).zip(heads) {
        if head.number != number {
            let found = head.number.to_string();
            return Err(Broken::of(Some(number), say!("it says that it is entry {found}", found)));
        }
        if head.previous != previous {
            return Err(Broken::of(
                Some(number),
                say!("it does not follow the entry before it, which was changed or taken out"),
            ));
        }
        previous = Some(head.hash());
    }
    Ok(())
}
