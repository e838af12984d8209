//! The counts of everyone who is ranked, without names: enough to compute all awards again.

use serde_json::Value;

use super::ledger::Ledger;
use super::merkle::{Secret, hex, unhex};
use crate::rulebook::Rulebook;

/// The counts of everyone who is ranked, sorted by handle.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PoolTable {
    /// Those who are ranked.
    pub rows: Vec<PoolRow>,
}

/// Someone who is ranked.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct PoolRow {
    /// A name that tells nothing: twelve hexadecimal digits, the same in every build of a sealed fair.
    pub handle: String,
    /// The count of each indicator, in the order of the rulebook.
    pub counts: Vec<String>,
    /// Whether its award is withheld.
    pub withheld: bool,
    /// The award that it keeps, by number, although its score now earns another or none.
    pub kept: Option<usize>,
}

impl PoolTable {
    /// The table of the last entry of a ledger that seals so many corrections of what is published. `None` where no
    /// entry seals that state.
    pub fn new(ledger: &Ledger, rulebook: &Rulebook, corrections: usize) -> Option<PoolTable> {
        let sealed = |entry: &&super::ledger::Entry| {
            entry.corrections(rulebook).is_some_and(|sealed| sealed.len() == corrections)
        };
        let entry = ledger.entries().iter().rev().find(sealed)?;
        let seed = Secret(unhex(entry.field("handles").as_str()?)?);
        let number =
            |award: &Value| rulebook.awards.iter().position(|known| *award == known.id.value.as_str());
        let ranked = entry.decisions().filter(|(_, decision)| decision["standing"] == "evaluated");
        let mut rows: Vec<PoolRow> = ranked
            .map(|(id, decision)| {
                let count = |indicator: &crate::rulebook::Indicator| match &decision[&indicator.id.value] {
                    Value::String(decimal) => decimal.clone(),
                    whole => whole.to_string(),
                };
                let (earned, award) = (number(&decision["earned"]), number(&decision["award"]));
                let withheld = decision["failed"].as_array().is_some_and(|failed| !failed.is_empty());
                let due = if withheld { None } else { earned };
                PoolRow {
                    handle: hex(&seed.derive(&[b"handle", id.as_bytes()]))[..12].to_owned(),
                    counts: rulebook.indicators.iter().map(count).collect(),
                    withheld,
                    kept: award.filter(|_| award != due),
                }
            })
            .collect();
        rows.sort();
        Some(PoolTable { rows })
    }
}
