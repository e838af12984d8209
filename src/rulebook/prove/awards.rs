//! What is proved of awards: they are in order, each can be reached, and no score falls between two.

use super::names::unknown_name;
use crate::data::Spanned;
use crate::rulebook::exact::{Exact, decimal};
use crate::rulebook::proved::Rulebook;
use crate::rulebook::totals::reachable_totals;
use crate::source::{Report, code, say};

pub(super) fn prove_awards(report: &mut Report, rulebook: &Rulebook) {
    let indicators: Vec<&str> =
        rulebook.indicators.iter().map(|indicator| indicator.id.value.as_str()).collect();
    for pair in rulebook.awards.windows(2) {
        if pair[1].at_least.value >= pair[0].at_least.value {
            report
                .error(
                    code::AWARD_ORDER,
                    pair[1].at_least.span,
                    say!(
                        "`{lower}` is not lower than `{upper}`",
                        lower = pair[1].id.value,
                        upper = pair[0].id.value
                    ),
                )
                .hint(say!("list the awards from the highest down"));
        }
    }
    for award in &rulebook.awards {
        if let Some(quota) = &award.quota {
            for name in &quota.value.tie_break {
                unknown_name(report, name, &say!("indicator"), &indicators);
            }
        }
        if let Some(at_most) = &award.at_most
            && at_most.value < award.at_least.value
        {
            report
                .error(code::AWARD_ORDER, at_most.span, say!("`at_most` is below `at_least`"))
                .hint(say!("correct one of the two"));
        }
    }
    let names: Vec<&str> = rulebook.awards.iter().map(|award| award.id.value.as_str()).collect();
    for (award, points) in rulebook.bonus.iter().flat_map(|bonus| &bonus.points) {
        let name = Spanned { value: award.clone(), span: points.span };
        unknown_name(report, &name, &say!("award"), &names);
    }
    for example in &rulebook.examples {
        for subject in &example.subjects {
            if subject.value.values.len() != rulebook.indicators.len() {
                report
                    .error(
                        code::EXAMPLE_VALUES,
                        subject.span,
                        say!(
                            "{values} values for {indicators} indicators",
                            values = subject.value.values.len(),
                            indicators = rulebook.indicators.len()
                        ),
                    )
                    .hint(say!("give one value for each indicator, in order"));
            }
            if let Some(award) = &subject.value.award {
                let name = Spanned { value: award.clone(), span: subject.span };
                unknown_name(report, &name, &say!("award"), &names);
            }
        }
    }
}

/// No score that can be reached falls between two awards, and every award can be reached.
pub(super) fn prove_no_total_between(report: &mut Report, rulebook: &Rulebook) -> bool {
    let mut sound = true;
    let totals = reachable_totals(rulebook);
    let mut above: Option<Exact> = None;
    for award in &rulebook.awards {
        let at_least = award.at_least.value.0;
        if let (Some(at_most), Some(above)) = (&award.at_most, above) {
            let highest = at_most.value.0;
            let lost = match &totals {
                Some(totals) => totals.iter().find(|total| **total > highest && **total < above).copied(),
                None => (highest < above).then_some((highest + above) / Exact::from_integer(2)),
            };
            if let Some(lost) = lost {
                sound = false;
                report
                    .error(
                        code::TOTAL_BETWEEN,
                        at_most.span,
                        say!(
                            "a score of {lost} wins no award, although it is above `{award}`",
                            lost = decimal(&lost),
                            award = award.id.value
                        ),
                    )
                    .hint(say!(
                        "raise `at_most` until no possible score falls between two awards, or remove it"
                    ));
            }
        }
        if let Some(totals) = &totals {
            let reached =
                totals.iter().any(|total| *total >= at_least && above.is_none_or(|above| *total < above));
            if !reached {
                sound = false;
                report
                    .error(
                        code::AWARD_UNREACHABLE,
                        award.at_least.span,
                        say!("no possible score wins `{award}`", award = award.id.value),
                    )
                    .hint(say!("check the weights, the points and `at_least`"));
            }
        }
        above = Some(at_least);
    }
    sound
}
