//! Decisions, as they are written: to standard output, and into the ledger.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::grant::{Results, Standing};
use super::ledger::unique;
use crate::fair::{ExhibitorId, Facts};
use crate::rulebook::{AwardId, Exact, Rulebook, decimal};

/// A number: whole where it is whole, else a decimal in text.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(untagged)]
pub enum WrittenNumber {
    /// A whole number.
    Whole(i64),
    /// A decimal.
    Decimal(String),
}

impl From<&Exact> for WrittenNumber {
    fn from(value: &Exact) -> WrittenNumber {
        match i64::try_from(value.to_integer()) {
            Ok(whole) if value.is_integer() => WrittenNumber::Whole(whole),
            _ => WrittenNumber::Decimal(decimal(value)),
        }
    }
}

impl std::fmt::Display for WrittenNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            WrittenNumber::Whole(whole) => write!(f, "{whole}"),
            WrittenNumber::Decimal(decimal) => f.write_str(decimal),
        }
    }
}

/// What an indicator gives. Rank and percent are decimals in text, because a reading may make them fractions.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct WrittenIndicator {
    /// What is ranked.
    pub count: WrittenNumber,
    /// The rank in percent of the pool.
    pub percent: Option<String>,
    /// The points.
    pub points: WrittenNumber,
    /// The rank.
    pub rank: Option<String>,
}

/// The decision on an exhibitor. Its fields stand in the order of their names, so that it is written in canonical JSON.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct WrittenDecision {
    /// The award that is received.
    pub award: Option<String>,
    /// What counts for each indicator.
    #[serde(deserialize_with = "unique")]
    pub counts: BTreeMap<String, WrittenNumber>,
    /// The award by score.
    pub earned: Option<String>,
    /// Its identifier.
    pub exhibitor: String,
    /// The gates that it does not meet, in the order of the rulebook.
    pub failed: Vec<String>,
    /// What the indicators give; absent outside the pool.
    pub indicators: Option<BTreeMap<String, WrittenIndicator>>,
    /// The total, as a decimal; absent outside the pool.
    pub score: Option<String>,
    /// `evaluated`, in the pool, or `outside`.
    pub standing: WrittenStanding,
}

/// Whether an exhibitor is ranked.
#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "lowercase")]
pub enum WrittenStanding {
    /// It is in the pool.
    Evaluated,
    /// It is not.
    Outside,
}

impl WrittenDecision {
    /// The decision on an exhibitor, by its number.
    pub fn new(
        facts: &Facts,
        rulebook: &Rulebook,
        results: &Results,
        exhibitor: ExhibitorId,
    ) -> WrittenDecision {
        let decision = &results.decisions[exhibitor];
        let award = |number: Option<AwardId>| number.map(|number| rulebook.awards[number].id.value.clone());
        let counts = rulebook.indicators.iter().map(|indicator| {
            let value = &decision.values[rulebook.measure(&indicator.measure.value)];
            (indicator.id.value.clone(), value.into())
        });
        let indicators = || {
            let scored = rulebook.indicators.iter().zip(&decision.indicators);
            let written = scored.map(|(indicator, scored)| {
                let written = WrittenIndicator {
                    count: (&scored.count).into(),
                    rank: scored.rank.as_ref().map(decimal),
                    percent: scored.percent.as_ref().map(decimal),
                    points: (&scored.points).into(),
                };
                (indicator.id.value.clone(), written)
            });
            written.collect()
        };
        let (standing, indicators) = match decision.standing {
            Standing::Evaluated => (WrittenStanding::Evaluated, Some(indicators())),
            Standing::Outside => (WrittenStanding::Outside, None),
        };
        WrittenDecision {
            exhibitor: facts.exhibitors[exhibitor].id.clone(),
            counts: counts.collect(),
            standing,
            failed: decision.failed.iter().map(|&gate| rulebook.gates[gate].id.value.clone()).collect(),
            indicators,
            score: decision.score.as_ref().map(decimal),
            earned: award(decision.earned),
            award: award(decision.award),
        }
    }
}
