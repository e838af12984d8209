//! Which scores can be reached at all.

use std::collections::BTreeSet;

use super::exact::Exact;
use super::file::ScaleKind;
use super::policy::ZeroPercent;
use super::proved::{AwardId, Rulebook};

/// All total scores that some counts may earn; `None` where there are too many to enumerate because an
/// indicator's value is its points.
pub fn reachable_totals(rulebook: &Rulebook) -> Option<BTreeSet<Exact>> {
    let mut totals = BTreeSet::from([Exact::from_integer(0)]);
    for indicator in &rulebook.indicators {
        let weight = indicator.weight.value.0 / Exact::from_integer(100);
        let points = points_of(
            rulebook,
            &rulebook.scales.iter().find(|scale| scale.id.value == indicator.scale.value)?.points.value,
        )?;
        totals = totals
            .iter()
            .flat_map(|total| points.iter().map(move |points| total + points * weight))
            .collect();
    }
    for adjustment in &rulebook.adjustments {
        let mut steps = Vec::new();
        let each = adjustment.points_each.0;
        let mut taken = Exact::from_integer(0);
        let most = adjustment.at_most.0;
        let size = |number: Exact| if number < Exact::from_integer(0) { -number } else { number };
        while size(taken) < most && each != Exact::from_integer(0) {
            steps.push(taken);
            taken += each;
        }
        steps.push(if each < Exact::from_integer(0) { -most } else { most });
        totals = totals.iter().flat_map(|total| steps.iter().map(move |step| total + step)).collect();
    }
    Some(totals)
}

fn points_of(rulebook: &Rulebook, scale: &ScaleKind) -> Option<BTreeSet<Exact>> {
    match scale {
        ScaleKind::ByRank(rank) => {
            let mut points: BTreeSet<Exact> = rank.bands.iter().map(|band| band.value.points.0).collect();
            let may_be_none = rulebook.choices.zero_percent == ZeroPercent::NoBand
                || rulebook.policies.get("zero-percent").is_some_and(|policy| {
                    policy.alternatives.iter().any(|alternative| alternative.value == "no-band")
                });
            if may_be_none {
                points.insert(Exact::from_integer(0));
            }
            Some(points)
        }
        ScaleKind::ByValue(thresholds) => Some(thresholds.iter().map(|t| t.value.points.0).collect()),
        ScaleKind::AsIs { .. } => None,
    }
}

/// One band of every indicator, and what they win together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Combination {
    /// The points of the bands, in the order of the indicators.
    pub points: Vec<Exact>,
    /// The total.
    pub total: Exact,
    /// The award by number, if it wins one.
    pub award: Option<AwardId>,
}

/// All combinations of bands; those of the last indicator vary first. `None` where an indicator has no
/// bands.
pub fn combinations(rulebook: &Rulebook) -> Option<Vec<Combination>> {
    let mut combined: Vec<(Vec<Exact>, Exact)> = vec![(Vec::new(), Exact::from_integer(0))];
    for indicator in &rulebook.indicators {
        let ScaleKind::ByRank(rank) = &rulebook.scale(indicator).points.value else { return None };
        let weight = indicator.weight.value.0 / Exact::from_integer(100);
        combined = combined
            .iter()
            .flat_map(|(before, total)| {
                rank.bands.iter().map(move |band| {
                    let points = band.value.points.0;
                    let all = before.iter().copied().chain([points]).collect();
                    (all, total + points * weight)
                })
            })
            .collect();
    }
    let award = |total: Exact| {
        AwardId::each(&rulebook.awards).find(|(_, award)| total >= award.at_least.value.0).map(|(id, _)| id)
    };
    Some(
        combined
            .into_iter()
            .map(|(points, total)| Combination { points, total, award: award(total) })
            .collect(),
    )
}
