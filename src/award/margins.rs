//! What would be decided on one exhibitor if one of its counts were another, with all else equal: the margins of
//! a fair, and the way to the next award.

use std::collections::BTreeSet;

use num_traits::CheckedDiv;
use rayon::prelude::*;

use super::credit::Credit;
use super::grant::{
    Decision, Results, Standing, Subject, adjust, decide, exhibitors, failed, fails_at, reaches, share,
    values,
};
use super::standing::Field;
use crate::fair::{ExhibitorId, Facts};
use crate::rulebook::{
    AwardId, BuyerHistory, Choices, Exact, GateId, Indicator, MeasureFrom, MeasureId, Requirement, Rulebook,
    ScaleKind, Stage, StruckOff,
};

/// Something that is counted of an exhibitor.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Count {
    /// Invitations sent.
    Invitations,
    /// New buyers.
    New,
    /// Regular buyers.
    Regular,
}

impl Count {
    /// All that is counted.
    pub const ALL: [Count; 3] = [Count::Invitations, Count::New, Count::Regular];

    /// The measure of a rulebook that counts it, by number; `None` where the rulebook does not ask for it.
    pub fn measure(self, rulebook: &Rulebook) -> Option<MeasureId> {
        let counts = |from: &MeasureFrom| {
            matches!(
                (self, from),
                (Count::Invitations, MeasureFrom::Invitations(_))
                    | (Count::New, MeasureFrom::OverseasBuyers(BuyerHistory::New))
                    | (Count::Regular, MeasureFrom::OverseasBuyers(BuyerHistory::Regular))
            )
        };
        MeasureId::each(&rulebook.measures).find(|(_, measure)| counts(&measure.from.value)).map(|(id, _)| id)
    }

    /// How much of it is credited.
    pub fn of(self, credit: &Credit) -> u32 {
        match self {
            Count::Invitations => credit.invitations,
            Count::New => credit.new,
            Count::Regular => credit.regular,
        }
    }

    /// The same credit with another number of it.
    fn replaced(self, credit: &Credit, number: u32) -> Credit {
        let mut credit = *credit;
        match self {
            Count::Invitations => credit.invitations = number,
            Count::New => credit.new = number,
            Count::Regular => credit.regular = number,
        }
        credit
    }
}

/// An award that changes with one count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Margin {
    /// Number of the exhibitor.
    pub exhibitor: ExhibitorId,
    /// What is counted.
    pub count: Count,
    /// How much of it is credited.
    pub from: u32,
    /// How much of it would be credited.
    pub to: u32,
    /// The award that is received, by number.
    pub award: Option<AwardId>,
    /// The award that would be received, by number.
    pub would: Option<AwardId>,
}

/// The awards that change with one count by one, in the order of [`Results::sorted`].
pub fn margins(facts: &Facts, rulebook: &Rulebook, results: &Results) -> Vec<Margin> {
    let probe = Probe::new(facts, rulebook, results);
    let of = |&exhibitor: &ExhibitorId| {
        let credit = &results.credits[exhibitor];
        let mut found = Vec::new();
        for count in probe.counts() {
            let number = count.of(credit);
            for to in [number.checked_sub(1), number.checked_add(1)].into_iter().flatten() {
                found.push(probe.margin(exhibitor, count, to));
            }
        }
        found.retain(|margin| margin.would != margin.award);
        found
    };
    results.sorted.par_iter().flat_map_iter(of).collect()
}

/// The way to the next award.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NextAward {
    /// The lowest award above the one received, by number.
    pub award: AwardId,
    /// For each count that can reach it or a higher one alone, the smallest change that does, the smallest first.
    pub changes: Vec<Margin>,
    /// The gates that no count can meet and that withhold every award, by number.
    pub barred: Vec<GateId>,
}

/// What the smallest change of each count is with which an exhibitor would receive a higher award. `None` where
/// there is no higher award.
pub fn next_award(
    facts: &Facts,
    rulebook: &Rulebook,
    results: &Results,
    exhibitor: ExhibitorId,
) -> Option<NextAward> {
    let decision = &results.decisions[exhibitor];
    let next = match decision.award {
        Some(award) => AwardId::all(&rulebook.awards).rfind(|above| *above < award)?,
        None => AwardId::all(&rulebook.awards).last()?,
    };
    let is_count = |gate: &GateId| matches!(rulebook.gates[*gate].require.value, Requirement::AtLeast { .. });
    let barred: Vec<GateId> = decision.failed.iter().copied().filter(|gate| !is_count(gate)).collect();
    let mut changes = Vec::new();
    if barred.is_empty() {
        let probe = Probe::new(facts, rulebook, results);
        let enough = probe.enough();
        let found = probe.counts().filter_map(|count| {
            let number = count.of(&results.credits[exhibitor]);
            let reaches = |to: u32| {
                let margin = probe.margin(exhibitor, count, to);
                margin.would.is_some_and(|would| would <= next).then_some(margin)
            };
            (1..=enough.max(number)).find_map(|step| {
                let more = number.checked_add(step).and_then(reaches);
                more.or_else(|| number.checked_sub(step).and_then(reaches))
            })
        });
        changes.extend(found);
        changes.sort_by_key(|margin: &Margin| margin.from.abs_diff(margin.to));
    }
    Some(NextAward { award: next, changes, barred })
}

/// Decides on one exhibitor at a time with other counts than it has, those of all others as they are.
struct Probe<'a> {
    rulebook: &'a Rulebook,
    choices: &'a Choices,
    credits: &'a [Credit],
    decisions: &'a [Decision],
    struck: &'a BTreeSet<ExhibitorId>,
    subjects: Vec<Subject>,
    /// The values of those who are in the pool, for each indicator.
    fields: Vec<Field>,
    /// The measure of each indicator.
    measures: Vec<MeasureId>,
}

impl<'a> Probe<'a> {
    fn new(facts: &Facts, rulebook: &'a Rulebook, results: &'a Results) -> Probe<'a> {
        let subjects = exhibitors(facts, rulebook, &results.credits, &results.penalised);
        let measures: Vec<MeasureId> =
            rulebook.indicators.iter().map(|indicator| rulebook.measure(&indicator.measure.value)).collect();
        let mut pool: Vec<&Subject> = Vec::new();
        let frozen = results.choices.struck_off == StruckOff::Freeze;
        for (exhibitor, subject) in ExhibitorId::each(&subjects) {
            // Where nothing moves after a strike-off, the others are still ranked among all.
            let counts_still = frozen && results.struck.contains(&exhibitor);
            if results.decisions[exhibitor].standing == Standing::Evaluated || counts_still {
                pool.push(subject);
            }
        }
        let field = |(indicator, &measure): (&Indicator, &MeasureId)| {
            let values = pool.iter().map(|subject| subject.values[measure]).collect();
            Field::new(&rulebook.scale(indicator).points.value, values)
        };
        let fields = rulebook.indicators.iter().zip(&measures).map(field).collect();
        let Results { choices, credits, decisions, .. } = results;
        let struck = &results.struck;
        Probe { rulebook, choices, credits, decisions, struck, subjects, fields, measures }
    }

    /// What the rulebook counts.
    fn counts(&self) -> impl Iterator<Item = Count> {
        Count::ALL.into_iter().filter(|count| count.measure(self.rulebook).is_some())
    }

    fn margin(&self, exhibitor: ExhibitorId, count: Count, to: u32) -> Margin {
        let credit = &self.credits[exhibitor];
        let values = values(self.rulebook, &count.replaced(credit, to));
        let award = self.decisions[exhibitor].award;
        let kept = self.decisions[exhibitor].kept();
        let would = match self.struck.contains(&exhibitor) {
            true => None,
            false => [self.award(exhibitor, values), kept].into_iter().flatten().min(),
        };
        Margin { exhibitor, count, from: count.of(credit), to, award, would }
    }

    /// The award that a subject would receive with other values.
    fn award(&self, exhibitor: ExhibitorId, values: Vec<Exact>) -> Option<AwardId> {
        let rulebook = self.rulebook;
        let own = &self.subjects[exhibitor];
        let failed = failed(rulebook, &values, &own.met);
        let bars = |at: Stage| fails_at(at, rulebook, self.choices, &failed);
        if bars(Stage::Pool) || bars(Stage::Award) {
            return None;
        }
        if rulebook.awards.iter().any(|award| award.quota.is_some()) {
            // Whether a place is left depends on the scores of the others, and these on the ranks that change
            // with the values: everything is decided again.
            let mut subjects = self.subjects.clone();
            subjects[exhibitor].values = values;
            return decide(rulebook, self.choices, &subjects)[exhibitor].award;
        }
        let was_in = self.decisions[exhibitor].standing == Standing::Evaluated;
        let mut score = Exact::from_integer(0);
        for (number, indicator) in rulebook.indicators.iter().enumerate() {
            let measure = self.measures[number];
            let scale = &rulebook.scale(indicator).points.value;
            let own_value = was_in.then_some(own.values[measure]);
            let field = &self.fields[number];
            score += share(indicator, &field.score(scale, values[measure], own_value, self.choices));
        }
        for adjustment in &rulebook.adjustments {
            score += adjust(adjustment, values[rulebook.measure(&adjustment.measure.value)]);
        }
        AwardId::each(&rulebook.awards).find(|(_, award)| reaches(award, score)).map(|(id, _)| id)
    }

    /// A step of a count beyond which more of it changes nothing: with it the count passes everyone in the
    /// pool, every threshold, and every bound of points.
    fn enough(&self) -> u32 {
        let rulebook = self.rulebook;
        let one = Exact::from_integer(1);
        let mut sizes = vec![one];
        for (credit, subject) in self.credits.iter().zip(&self.subjects) {
            sizes.extend(Count::ALL.map(|count| Exact::from_integer(count.of(credit).into())));
            sizes.extend(&subject.values);
        }
        sizes.extend(rulebook.gates.iter().filter_map(|gate| match &gate.require.value {
            Requirement::AtLeast { number, .. } => Some(number.0),
            _ => None,
        }));
        for scale in &rulebook.scales {
            match &scale.points.value {
                ScaleKind::ByRank(_) => {}
                ScaleKind::ByValue(thresholds) => {
                    sizes.extend(thresholds.iter().map(|threshold| threshold.value.at_least.0));
                }
                ScaleKind::AsIs { max, .. } => sizes.push(max.0),
            }
        }
        for adjustment in &rulebook.adjustments {
            sizes.extend(adjustment.at_most.0.checked_div(&adjustment.points_each.0));
        }
        let most = sizes.into_iter().max().unwrap_or(one);
        // A ratio is passed when its dividend has grown as many times as its divisor is large, and undercut when
        // its divisor has. Of counts up to `most` no ratio but 0 is smaller than one of `most`.
        let is_ratio = |from: &MeasureFrom| matches!(from, MeasureFrom::Ratio { .. });
        let has_ratio = rulebook.measures.iter().any(|measure| is_ratio(&measure.from.value));
        let enough = if has_ratio { most * most } else { most };
        u32::try_from(enough.ceil().to_integer()).unwrap_or(u32::MAX).saturating_add(1)
    }
}
