//! What is given beside the awards, by the tiers of the rulebook.

use super::grant::{Decision, Results};
use crate::rulebook::{Exact, Rulebook, Tier, TierRequirement};

/// For each reward of the rulebook, in its order, the tier that a decision is worth, by number: the first tier of
/// which all is met.
pub fn reward_tiers(rulebook: &Rulebook, decision: &Decision) -> Vec<Option<usize>> {
    let is_given =
        |tier: &Tier| tier.require.iter().all(|requirement| is_met(rulebook, decision, &requirement.value));
    rulebook.rewards.iter().map(|reward| reward.tiers.iter().position(is_given)).collect()
}

/// The tiers of every exhibitor by [`reward_tiers`], in the order of the exhibitors.
pub fn rewards(rulebook: &Rulebook, results: &Results) -> Vec<Vec<Option<usize>>> {
    results.decisions.iter().map(|decision| reward_tiers(rulebook, decision)).collect()
}

fn is_met(rulebook: &Rulebook, decision: &Decision, requirement: &TierRequirement) -> bool {
    let scored = |id: &str| decision.indicators.get(rulebook.indicator(id).place());
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
