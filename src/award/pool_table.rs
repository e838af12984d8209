//! The points or counts of everyone who is evaluated, without names: enough to compute all awards again.

use std::collections::BTreeMap;

use serde_json::Value;

use super::ledger::{Entry, Ledger, Stage};
use super::merkle::{Secret, hex, unhex};
use crate::fair::{Date, EvidenceKind};
use crate::rulebook::{Indicator, Rulebook};

/// The points or counts of everyone who is evaluated.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PoolTable {
    /// What is in it.
    pub kind: EvidenceKind,
    /// Those who are evaluated, sorted by handle.
    pub rows: Vec<PoolRow>,
    /// How many receive each award in the state that it shows, by the number of the award.
    pub awards: Vec<usize>,
    /// The day on which that state was sealed, where rulings came since and the table stays as it was.
    pub before_rulings: Option<Date>,
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
    /// The award that it keeps, by number, although its score now earns another or none.
    pub kept: Option<usize>,
}

impl PoolTable {
    /// The table of the entry of a ledger in which so many corrections of what is published were sealed; counts are always
    /// those of the list that was published first, because what a ruling changes in them would tell the counts of the
    /// exhibitor that it names. `None` where no entry seals that state.
    pub fn new(
        kind: EvidenceKind,
        ledger: &Ledger,
        rulebook: &Rulebook,
        corrections: usize,
    ) -> Option<PoolTable> {
        let shown = match kind {
            EvidenceKind::Points => corrections,
            EvidenceKind::Counts => 0,
        };
        let sealed = |entry: &&(usize, &Entry)| {
            entry.1.corrections(rulebook).is_some_and(|sealed| sealed.len() == shown)
        };
        let entries = || ledger.entries().iter().enumerate();
        // The first from the notice on, so that the table stays; before the notice, the last.
        let (number, entry) = entries()
            .filter(|entry| sealed(&entry))
            .find(|(_, entry)| entry.stage != Stage::Proposed)
            .or_else(|| entries().rfind(|entry| sealed(&entry)))?;
        let seed = Secret(unhex(entry.field("handles").as_str()?)?);
        let place = u64::try_from(number).ok()?.to_be_bytes();
        let award_of =
            |award: &Value| rulebook.awards.iter().position(|known| *award == known.id.value.as_str());
        let evaluated = entry.decisions().filter(|(_, decision)| decision["standing"] == "evaluated");
        let mut rows: Vec<PoolRow> = evaluated
            .map(|(id, decision)| {
                let value = |indicator: &Indicator| {
                    let id = &indicator.id.value;
                    match kind {
                        EvidenceKind::Points => plain(&decision["indicators"][id]["points"]),
                        EvidenceKind::Counts => plain(&decision[id]),
                    }
                };
                let (earned, award) = (award_of(&decision["earned"]), award_of(&decision["award"]));
                let withheld = decision["failed"].as_array().is_some_and(|failed| !failed.is_empty());
                let due = if withheld { None } else { earned };
                PoolRow {
                    handle: hex(&seed.derive(&[b"handle", &place, id.as_bytes()]))[..12].to_owned(),
                    values: rulebook.indicators.iter().map(value).collect(),
                    withheld,
                    kept: award.filter(|_| award != due),
                }
            })
            .collect();
        rows.sort();
        let received = |id: &str| {
            let count = entry.field("awards")[id].as_u64();
            count.and_then(|count| usize::try_from(count).ok()).unwrap_or_default()
        };
        Some(PoolTable {
            kind,
            rows,
            awards: rulebook.awards.iter().map(|award| received(&award.id.value)).collect(),
            before_rulings: (shown < corrections).then_some(entry.date),
        })
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

/// A number of a decision as the table writes it.
fn plain(value: &Value) -> String {
    match value {
        Value::String(decimal) => decimal.clone(),
        whole => whole.to_string(),
    }
}
