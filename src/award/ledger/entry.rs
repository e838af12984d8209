//! An entry of a ledger: what was decided on all exhibitors, and what that rests on.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::canonical::{canonical, in_order, unique};
use super::head::{Head, Stage};
use crate::award::credit::Credit;
use crate::award::merkle::{Digest, Keyed, Paths, Secret, TreeHead, leaf_hash};
use crate::award::pool_table::PoolTable;
use crate::award::written::WrittenDecision;
use crate::fair::{Date, EvidenceKind};
use crate::lang::Localized;
use crate::rulebook::Rulebook;

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
    /// The date from which it is in force.
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
    pub(super) decisions: Vec<Arc<SealedDecision>>,
    /// The exhibitors of the entry before that are no more.
    pub(super) gone: Vec<String>,
    /// All decisions that held then, by identifier.
    #[serde(skip)]
    pub(super) holding: Holding,
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
pub(super) fn entry_key(secret: &Secret, number: u32) -> Keyed {
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

pub(super) fn decision_leaves(key: &Keyed, holding: &Holding) -> Vec<Digest> {
    let all: Vec<(&String, &Arc<SealedDecision>)> = holding.iter().collect();
    all.into_par_iter().map(|(id, decision)| decision.leaf(&decision_salt(key, id))).collect()
}

pub(super) fn record_digest(key: &Keyed, record: &Record) -> Digest {
    key.derive(&[b"record", canonical(record).as_bytes()])
}

pub(super) fn evidence(kind: EvidenceKind, key: &Keyed, holding: &Holding, rulebook: &Rulebook) -> PoolTable {
    let key = key.secret(&[b"handles"]);
    PoolTable::new(kind, &key, holding.values().map(|sealed| &sealed.decision), rulebook)
}
