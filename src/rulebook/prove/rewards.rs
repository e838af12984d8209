//! What is proved of rewards: every name resolves, and every reward has tiers or says what is left open.

use super::names::unknown_name;
use crate::data::Spanned;
use crate::rulebook::file::TierRequirement;
use crate::rulebook::proved::Rulebook;
use crate::source::{Message, Report, code, say};

/// Proves the rewards of a rulebook.
pub(super) fn prove_rewards(report: &mut Report, rulebook: &Rulebook) {
    let ids = |ids: Vec<&Spanned<String>>| ids.into_iter().map(|id| id.value.clone()).collect::<Vec<_>>();
    let awards = ids(rulebook.awards.iter().map(|award| &award.id).collect());
    let gates = ids(rulebook.gates.iter().map(|gate| &gate.id).collect());
    let measures = ids(rulebook.measures.iter().map(|measure| &measure.id).collect());
    let indicators = ids(rulebook.indicators.iter().map(|indicator| &indicator.id).collect());
    for reward in &rulebook.rewards {
        if reward.tiers.is_empty() == reward.open.is_none() {
            report
                .error(
                    code::REWARD_TIERS,
                    reward.id.span,
                    say!("the reward `{reward}` needs either `tiers` or `open`", reward = reward.id.value),
                )
                .hint(say!("list its tiers, or describe under `open` what is published elsewhere"));
        }
        for tier in &reward.tiers {
            if tier.require.is_empty() {
                report
                    .error(
                        code::REWARD_TIERS,
                        tier.id.span,
                        say!("the tier `{tier}` requires nothing", tier = tier.id.value),
                    )
                    .hint(say!("list the conditions under `require`"));
            }
            for requirement in &tier.require {
                let span = requirement.span;
                let mut resolve = |name: &str, what: Message, known: &[String]| {
                    let known: Vec<&str> = known.iter().map(String::as_str).collect();
                    unknown_name(report, &Spanned { value: name.to_owned(), span }, &what, &known);
                };
                match &requirement.value {
                    TierRequirement::Award(names) => {
                        names.iter().for_each(|name| resolve(name, say!("award"), &awards));
                    }
                    TierRequirement::Gate(name) => resolve(name, say!("gate"), &gates),
                    TierRequirement::AtLeast { measure, .. } => resolve(measure, say!("measure"), &measures),
                    TierRequirement::RankAtMost { indicator, .. }
                    | TierRequirement::PercentAtMost { indicator, .. } => {
                        resolve(indicator, say!("indicator"), &indicators);
                    }
                }
            }
        }
    }
}
