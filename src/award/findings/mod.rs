//! Findings: what in the facts or results may not be meant, and how many awards depend on it.
//!
//! No finding decides anything. Each is judged again as if what was found did not count; what the tables say is compared
//! with that, before rulings.

mod buyers;
mod finding;
mod keys;
mod rejudge;
mod results;
mod rows;

pub use finding::{Finding, FindingKind, Findings, JoiningKey, KeysMeet};

use super::grant::Results;
use crate::fair::Facts;
use crate::rulebook::Rulebook;
use rejudge::Rejudge;

/// Looks for findings, kind by kind.
pub fn findings(facts: &Facts, rulebook: &Rulebook, results: &Results) -> Findings {
    let judge = Rejudge::new(facts, rulebook, results);
    let reach = judge.reach();
    let mut findings = Findings::default();
    judge.joining_keys(&mut findings, &reach);
    judge.shared_numbers(&mut findings);
    judge.counted_twice(&mut findings);
    let codes_tell = judge.repeated_codes(&mut findings);
    judge.repeated_rows(&mut findings, codes_tell);
    judge.doubled_rows(&mut findings);
    judge.sent_again(&mut findings);
    let key_columns = facts.key_columns.iter().filter(|column| column.without_key * 2 > column.filled);
    let kinds = judge.results(results).into_iter();
    let kinds = kinds.chain(judge.joins_nobody(&reach));
    let kinds = kinds.chain(key_columns.map(|&column| FindingKind::KeyColumn(column)));
    for kind in kinds {
        let withheld = match kind {
            FindingKind::AllWithheld { withheld, .. }
            | FindingKind::FairsUnknown { withheld, .. }
            | FindingKind::FairsLackThis { withheld, .. } => withheld,
            _ => 0,
        };
        *findings.awards.entry(kind.code()).or_default() += withheld;
        findings.found.push(Finding { kind, changes: Vec::new() });
    }
    findings
}
