//! The points or counts of everyone who is evaluated, without names: enough to compute all awards again.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use super::merkle::{Digest, Keyed};
use super::written::{WrittenDecision, WrittenStanding};
use crate::fair::EvidenceKind;
use crate::rulebook::{Indicator, Rulebook};

/// The points or counts of everyone who is evaluated.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PoolTable {
    /// What is in it.
    pub kind: EvidenceKind,
    /// Those who are evaluated, sorted by handle.
    pub rows: Vec<PoolRow>,
}

/// Someone who is evaluated.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct PoolRow {
    /// A name that tells nothing: twelve hexadecimal digits, others for each entry of the ledger.
    pub handle: String,
    /// The points of each indicator, or its count, in the order of the rulebook.
    pub values: Vec<String>,
    /// Whether its award is withheld.
    pub withheld: bool,
    /// The award that it keeps, by name, although its score now earns another or none.
    pub kept: Option<String>,
}

impl PoolTable {
    /// The table of some decisions. `key` makes the handles.
    pub(super) fn new<'d>(
        kind: EvidenceKind,
        key: &Keyed,
        decisions: impl Iterator<Item = &'d WrittenDecision>,
        rulebook: &Rulebook,
    ) -> PoolTable {
        let evaluated = decisions.filter(|decision| decision.standing == WrittenStanding::Evaluated);
        let mut rows: Vec<PoolRow> = evaluated
            .map(|decision| {
                let value = |indicator: &Indicator| {
                    let id = &indicator.id.value;
                    let points = || Some(&decision.indicators.as_ref()?.get(id)?.points);
                    let number = match kind {
                        EvidenceKind::Points => points(),
                        EvidenceKind::Counts => decision.counts.get(id),
                    };
                    number.map(ToString::to_string).unwrap_or_default()
                };
                let withheld = !decision.failed.is_empty();
                let due = if withheld { &None } else { &decision.earned };
                PoolRow {
                    handle: key.derive(&[decision.exhibitor.as_bytes()]).to_string()[..12].to_owned(),
                    values: rulebook.indicators.iter().map(value).collect(),
                    withheld,
                    kept: decision.award.clone().filter(|_| decision.award != *due),
                }
            })
            .collect();
        rows.sort();
        PoolTable { kind, rows }
    }

    /// The table as csv: handle, points or counts, whether the award is withheld, the award that is kept.
    pub fn csv(&self, rulebook: &Rulebook) -> String {
        let mut text = String::from("handle");
        for indicator in &rulebook.indicators {
            text.push(',');
            text.push_str(&indicator.id.value);
        }
        text.push_str(",withheld,kept\r\n");
        for PoolRow { handle, values, withheld, kept } in &self.rows {
            let withheld = if *withheld { "yes" } else { "no" };
            let kept = kept.as_deref().unwrap_or_default();
            text.push_str(&format!("{handle},{},{withheld},{kept}\r\n", values.join(",")));
        }
        text
    }

    /// Reads a table that [`PoolTable::csv`] wrote. Whether it is unchanged says its hash.
    pub fn read(kind: EvidenceKind, text: &str) -> PoolTable {
        let row = |line: &str| {
            let mut cells: Vec<&str> = line.split(',').collect();
            let [kept, withheld] = [cells.pop()?, cells.pop()?];
            let (handle, values) = cells.split_first()?;
            Some(PoolRow {
                handle: (*handle).to_owned(),
                values: values.iter().map(|&value| value.to_owned()).collect(),
                withheld: withheld == "yes",
                kept: Some(kept.to_owned()).filter(|kept| !kept.is_empty()),
            })
        };
        PoolTable { kind, rows: text.lines().skip(1).filter_map(row).collect() }
    }

    /// The SHA-256 of the table as csv.
    pub fn sha256(&self, rulebook: &Rulebook) -> Digest {
        Digest(Sha256::digest(self.csv(rulebook)).into())
    }

    /// How many rows have values that no other row has: whoever knows some of them finds the row.
    pub fn unique(&self) -> usize {
        let mut alike: BTreeMap<&[String], usize> = BTreeMap::new();
        for row in &self.rows {
            *alike.entry(&row.values).or_default() += 1;
        }
        alike.values().filter(|count| **count == 1).count()
    }
}
