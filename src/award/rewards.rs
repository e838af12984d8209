//! What is given beside the awards, by the tiers of the rulebook.

use super::grant::{Decision, Results};
use crate::rulebook::{Exact, Rulebook, Tier, TierRequirement};

/// For each reward of the rulebook, in its order, the tier of every exhibitor, by number, in the order of the
/// exhibitors: the first tier of which all is met.
pub fn rewards(rulebook: &Rulebook, results: &Results) -> Vec<Vec<Option<usize>>> {
    let tier_of = |tiers: &[Tier], decision: &Decision| {
        tiers.iter().position(|tier| {
            tier.require.iter().all(|requirement| is_met(rulebook, decision, &requirement.value))
        })
    };
    rulebook
        .rewards
        .iter()
        .map(|reward| results.decisions.iter().map(|decision| tier_of(&reward.tiers, decision)).collect())
        .collect()
}

fn is_met(rulebook: &Rulebook, decision: &Decision, requirement: &TierRequirement) -> bool {
    let scored = |id: &str| {
        let place = rulebook.indicators.iter().position(|indicator| indicator.id.value == id);
        decision.indicators.get(place.expect("names of indicators were proved to resolve"))
    };
    let at_most = |number: Option<Exact>, most: Exact| number.is_some_and(|number| number <= most);
    match requirement {
        TierRequirement::Award(awards) => {
            decision.award.is_some_and(|award| awards.contains(&rulebook.awards[award].id.value))
        }
        TierRequirement::Gate(id) => decision.failed.iter().all(|&gate| rulebook.gates[gate].id.value != *id),
        TierRequirement::AtLeast { measure, number } => {
            decision.values[rulebook.measure(measure)] >= number.0
        }
        TierRequirement::RankAtMost { indicator, rank } => {
            at_most(scored(indicator).and_then(|scored| scored.rank), Exact::from_integer((*rank).into()))
        }
        TierRequirement::PercentAtMost { indicator, percent } => {
            at_most(scored(indicator).and_then(|scored| scored.percent), percent.0)
        }
    }
}
