//! The ledger: what was decided on a fair, sealed entry by entry, with everything that it rests on.
//!
//! An entry has a public part, its [`Head`], and private ones: the decisions on all exhibitors, and the record of what
//! they rest on. The head commits to the private parts, salted, and names the hash of the head before it, so that no
//! entry can be changed, taken out or put in later without that showing to whoever holds a head behind it. Of the
//! decisions an entry holds those that are new or differ from the entry before.
//!
//! Nothing of a buyer is in it: rows are there as the roots of salted trees, see [`super::merkle`].

mod broken;
mod canonical;
mod entry;
mod head;
mod sealing;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use broken::Broken;
use broken::parse;
use canonical::in_order;
pub use canonical::{canonical, unique};
pub use entry::{
    DecisionProof, Entry, Record, SealedDecision, SealedFinding, SealedInput, SealedRuling, buyers_salt,
    fingerprint,
};
use entry::{Holding, decision_leaves, entry_key, evidence, record_digest};
use head::check_chain;
pub use head::{
    Amended, Basis, CountedDays, EvidenceDigests, Head, PublishedRuling, Seal, SealedChange,
    SealedCorrection, SealedListed, SealedRulebook, Settings, Stage,
};
pub use sealing::{
    RestsOn, SealedRows, Sealing, differing, explained_ruling, sealed_policies, sealed_rulebook,
};

use super::merkle::{Secret, TreeHead};
use crate::fair::{Date, EvidenceKind};
use crate::rulebook::Rulebook;
use crate::source::say;

/// The name and version of the format.
const FORMAT: &str = "jinbang-ledger/2";

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
                return wrong(say!("its decisions do not match its hash"));
            }
            if record_digest(&key, &entry.record) != entry.head.record {
                return wrong(say!("its record does not match its hash"));
            }
        }
        Ok(())
    }
}
