//! Decisions, and the rows that they rest on, as they are written: to standard output, and into the ledger.

use serde_json::{Map, Value, json};

use super::grant::{Results, Standing};
use crate::fair::Facts;
use crate::rulebook::{Exact, Rulebook, decimal};

/// The decision on an exhibitor as an object: its counts by indicator, its standing, the gates that it does not
/// meet, rank, percent and points of each indicator, its score, the award by score and the award it receives.
/// Ranks, percents and scores are decimals in text, because a reading may make them fractions.
pub fn written_decision(
    facts: &Facts,
    rulebook: &Rulebook,
    results: &Results,
    exhibitor: u32,
) -> Map<String, Value> {
    let decision = &results.decisions[exhibitor as usize];
    let award = |number: Option<usize>| number.map(|number| rulebook.awards[number].id.value.as_str());
    let mut object = Map::new();
    object.insert("exhibitor".to_owned(), facts.exhibitors[exhibitor as usize].id.as_str().into());
    for indicator in &rulebook.indicators {
        let value = &decision.values[rulebook.measure(&indicator.measure.value)];
        object.insert(indicator.id.value.clone(), written_number(value));
    }
    let standing = match decision.standing {
        Standing::Evaluated => "evaluated",
        Standing::Outside => "outside",
    };
    object.insert("standing".to_owned(), standing.into());
    let failed: Vec<&str> =
        decision.failed.iter().map(|&gate| rulebook.gates[gate].id.value.as_str()).collect();
    object.insert("failed".to_owned(), failed.into());
    let indicators = match decision.standing {
        Standing::Outside => Value::Null,
        Standing::Evaluated => rulebook
            .indicators
            .iter()
            .zip(&decision.indicators)
            .map(|(indicator, scored)| {
                let decimal_or_null = |number: &Option<_>| number.as_ref().map(decimal);
                let object = json!({
                    "count": written_number(&scored.count),
                    "rank": decimal_or_null(&scored.rank),
                    "percent": decimal_or_null(&scored.percent),
                    "points": written_number(&scored.points),
                });
                (indicator.id.value.clone(), object)
            })
            .collect::<Map<String, Value>>()
            .into(),
    };
    object.insert("indicators".to_owned(), indicators);
    object.insert("score".to_owned(), decision.score.as_ref().map(decimal).into());
    object.insert("earned".to_owned(), award(decision.earned).into());
    object.insert("award".to_owned(), award(decision.award).into());
    object
}

/// A number: whole where it is whole, else a decimal in text.
pub fn written_number(value: &Exact) -> Value {
    match i64::try_from(value.to_integer()) {
        Ok(whole) if value.is_integer() => whole.into(),
        _ => decimal(value).into(),
    }
}

/// What became of the rows of every table.
pub fn written_accounts(facts: &Facts) -> Map<String, Value> {
    let written = facts.accounts().into_iter().map(|(table, rows)| {
        let counts = json!({
            "read": rows.read, "used": rows.used, "refused": rows.refused,
            "skipped": rows.skipped, "blank": rows.blank, "headings": rows.headings,
        });
        (table.to_owned(), counts)
    });
    written.collect()
}
