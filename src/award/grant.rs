//! From measures to awards: gates, pool, score, award earned, award received.

use std::collections::BTreeSet;

use super::credit::{Credit, credit};
use super::ruling::{Correction, Published, Ruled, rule};
use super::standing::{Scored, score_indicator};
use crate::fair::{Exhibitor, ExhibitorId, Facts};
use crate::rulebook::{
    Adjustment, Award, AwardId, BuyerHistory, Choices, Exact, GateId, Indicator, Measure, MeasureFrom,
    Requirement, Rulebook, Stage, TieAtEdge, TwoLatestFairs, Which,
};
use crate::source::Report;

/// An exhibitor as the rules look at it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Subject {
    /// The value of every measure of the rulebook.
    pub values: Vec<Exact>,
    /// For every gate of the rulebook that asks for something else than a measure, whether it is met.
    pub met: Vec<bool>,
}

/// Whether an exhibitor is ranked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// It is in the pool.
    Evaluated,
    /// It is not.
    Outside,
}

/// What was decided on an exhibitor.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decision {
    /// Whether it is ranked.
    pub standing: Standing,
    /// The value of every measure of the rulebook.
    pub values: Vec<Exact>,
    /// The gates that it does not meet, by number, in the order of the rulebook.
    pub failed: Vec<GateId>,
    /// How many are in the pool; 0 outside it.
    pub pool: usize,
    /// What the indicators give, in the order of the rulebook; empty outside the pool.
    pub indicators: Vec<Scored>,
    /// Points added or taken, in the order of the rulebook; empty outside the pool.
    pub adjustments: Vec<Exact>,
    /// The total; absent outside the pool.
    pub score: Option<Exact>,
    /// The award by score, by number.
    pub earned: Option<AwardId>,
    /// The award that is received, by number.
    pub award: Option<AwardId>,
}

impl Decision {
    /// The award that it keeps after rulings although its score now earns a lower one or none, by number.
    pub fn kept(&self) -> Option<AwardId> {
        self.award.filter(|&award| self.earned.is_none_or(|earned| award < earned))
    }
}

/// What was decided on a fair.
#[derive(Clone, Debug)]
pub struct Results {
    /// The readings that were applied.
    pub choices: Choices,
    /// What is credited to each exhibitor, in the order of [`Facts::exhibitors`].
    pub credits: Vec<Credit>,
    /// What was decided on each exhibitor, in the same order.
    pub decisions: Vec<Decision>,
    /// What rulings changed since the notice was published, the earliest first.
    pub corrections: Vec<Correction>,
    /// The exhibitors that are struck off, by number.
    pub struck: BTreeSet<ExhibitorId>,
    /// Whether each exhibitor is under a penalty that covers the fair.
    pub penalised: Vec<bool>,
    /// How many exhibitors are ranked.
    pub pool: usize,
    /// The numbers of the exhibitors, sorted by the code points of their identifiers.
    pub sorted: Vec<ExhibitorId>,
}

impl Results {
    /// How many exhibitors receive an award.
    pub fn received(&self, award: AwardId) -> usize {
        self.decisions.iter().filter(|decision| decision.award == Some(award)).count()
    }
}

/// Judges the exhibitors of a fair, and applies the rulings on them.
pub fn judge(report: &mut Report, facts: &Facts, rulebook: &Rulebook, choices: &Choices) -> Results {
    let mut published: Option<Published<'_>> = None;
    for earlier in &facts.earlier {
        let credits = credit(earlier, choices);
        let ruled = rule(report, earlier, rulebook, choices, credits, published.as_ref());
        published = Some(Published::of(earlier, ruled));
    }
    let credits = credit(facts, choices);
    let Ruled { credits, decisions, corrections, struck, penalised } =
        rule(report, facts, rulebook, choices, credits, published.as_ref());
    let pool = decisions.iter().filter(|decision| decision.standing == Standing::Evaluated).count();
    let mut sorted: Vec<ExhibitorId> = ExhibitorId::all(&facts.exhibitors).collect();
    sorted.sort_by(|&one, &other| facts.exhibitors[one].id.cmp(&facts.exhibitors[other].id));
    Results { choices: choices.clone(), credits, decisions, corrections, struck, penalised, pool, sorted }
}

/// Whether each exhibitor is under a penalty that covers the fair, by the tables alone.
pub(super) fn penalised(facts: &Facts) -> Vec<bool> {
    let mut penalised = vec![false; facts.exhibitors.len()];
    for penalty in &facts.penalties {
        if penalty.covers(facts.fair) {
            penalised[penalty.exhibitor] = true;
        }
    }
    penalised
}

/// The exhibitors of a fair as those who are judged.
pub(super) fn exhibitors(
    facts: &Facts,
    rulebook: &Rulebook,
    credits: &[Credit],
    penalised: &[bool],
) -> Vec<Subject> {
    let subject = |(id, exhibitor): (ExhibitorId, &Exhibitor)| {
        let values = values(rulebook, &credits[id]);
        let met = rulebook
            .gates
            .iter()
            .map(|gate| match &gate.require.value {
                Requirement::NoPenalty => !penalised[id],
                Requirement::TookPart(fairs) => fairs.iter().all(|which| {
                    exhibitor.fairs.contains(&match which {
                        Which::Current => facts.fair,
                        Which::Previous => facts.previous_fair,
                    })
                }),
                Requirement::AtLeast { .. } => true,
            })
            .collect();
        Subject { values, met }
    };
    ExhibitorId::each(&facts.exhibitors).map(subject).collect()
}

/// The values of all measures of what is credited to an exhibitor.
pub(super) fn values(rulebook: &Rulebook, credit: &Credit) -> Vec<Exact> {
    measure(rulebook, &|measure: &Measure| match &measure.from.value {
        MeasureFrom::Invitations(_) => Exact::from_integer(credit.invitations.into()),
        MeasureFrom::OverseasBuyers(BuyerHistory::New) => Exact::from_integer(credit.new.into()),
        MeasureFrom::OverseasBuyers(BuyerHistory::Regular) => Exact::from_integer(credit.regular.into()),
        _ => Exact::from_integer(0),
    })
}

/// The values of all measures: those that look at rows by `counted`, the others from these.
pub(super) fn measure(rulebook: &Rulebook, counted: &dyn Fn(&Measure) -> Exact) -> Vec<Exact> {
    let mut values: Vec<Exact> = Vec::with_capacity(rulebook.measures.len());
    for measure in &rulebook.measures {
        let value = match &measure.from.value {
            MeasureFrom::Sum(parts) => parts.iter().map(|part| values[rulebook.measure(part)]).sum(),
            MeasureFrom::Ratio { of, to, when_zero } => {
                let divisor = values[rulebook.measure(to)];
                match divisor == Exact::from_integer(0) {
                    true => when_zero.0,
                    false => values[rulebook.measure(of)] / divisor,
                }
            }
            _ => counted(measure),
        };
        values.push(value);
    }
    values
}

/// Decides on all subjects, in their order.
pub fn decide(rulebook: &Rulebook, choices: &Choices, subjects: &[Subject]) -> Vec<Decision> {
    let mut decisions: Vec<Decision> = Vec::with_capacity(subjects.len());
    let mut pool: Vec<usize> = Vec::new();
    for (index, subject) in subjects.iter().enumerate() {
        let mut decision = outside(rulebook, subject);
        if !fails_at(Stage::Pool, rulebook, choices, &decision.failed) {
            decision.standing = Standing::Evaluated;
            pool.push(index);
        }
        decisions.push(decision);
    }
    score_pool(rulebook, choices, subjects, &pool, &mut decisions);
    grant(rulebook, &pool, &mut decisions);
    for member in pool {
        let decision = &mut decisions[member];
        let withheld = fails_at(Stage::Award, rulebook, choices, &decision.failed);
        decision.award = if withheld { None } else { decision.earned };
    }
    decisions
}

/// The decision on a subject that is not ranked.
pub(super) fn outside(rulebook: &Rulebook, subject: &Subject) -> Decision {
    Decision {
        standing: Standing::Outside,
        values: subject.values.clone(),
        failed: failed(rulebook, &subject.values, &subject.met),
        pool: 0,
        indicators: Vec::new(),
        adjustments: Vec::new(),
        score: None,
        earned: None,
        award: None,
    }
}

/// The gates that are not met, by number.
pub(super) fn failed(rulebook: &Rulebook, values: &[Exact], met: &[bool]) -> Vec<GateId> {
    let is_met = |gate: GateId| match &rulebook.gates[gate].require.value {
        Requirement::AtLeast { measure, number } => values[rulebook.measure(measure)] >= number.0,
        _ => met[gate],
    };
    GateId::all(&rulebook.gates).filter(|&gate| !is_met(gate)).collect()
}

/// Whether one of the gates that are not met applies at a stage.
pub(super) fn fails_at(at: Stage, rulebook: &Rulebook, choices: &Choices, failed: &[GateId]) -> bool {
    failed.iter().any(|&gate| stage(rulebook, choices, gate) == at)
}

/// Where a gate applies under the readings that were chosen.
pub(super) fn stage(rulebook: &Rulebook, choices: &Choices, gate: GateId) -> Stage {
    match (rulebook.gates[gate].stage.value, choices.two_latest_fairs) {
        // 获取活动奖励的企业需在近两届广交会均有参展记录: the text bars from receiving.
        (Stage::TwoLatestFairs, TwoLatestFairs::Award) => Stage::Award,
        (Stage::TwoLatestFairs, TwoLatestFairs::Pool) => Stage::Pool,
        (stage, _) => stage,
    }
}

fn score_pool(
    rulebook: &Rulebook,
    choices: &Choices,
    subjects: &[Subject],
    members: &[usize],
    decisions: &mut [Decision],
) {
    for &member in members {
        decisions[member].pool = members.len();
        decisions[member].score = Some(Exact::from_integer(0));
    }
    for indicator in &rulebook.indicators {
        let measure = rulebook.measure(&indicator.measure.value);
        let values: Vec<Exact> = members.iter().map(|&member| subjects[member].values[measure]).collect();
        let scored = score_indicator(&rulebook.scale(indicator).points.value, &values, choices);
        for (&member, scored) in members.iter().zip(scored) {
            let decision = &mut decisions[member];
            decision.score = decision.score.map(|score| score + share(indicator, &scored));
            decision.indicators.push(scored);
        }
    }
    for adjustment in &rulebook.adjustments {
        let measure = rulebook.measure(&adjustment.measure.value);
        for &member in members {
            let points = adjust(adjustment, subjects[member].values[measure]);
            let decision = &mut decisions[member];
            decision.score = decision.score.map(|score| score + points);
            decision.adjustments.push(points);
        }
    }
}

/// What an indicator adds to the score.
pub(super) fn share(indicator: &Indicator, scored: &Scored) -> Exact {
    scored.points * indicator.weight.value.0 / Exact::from_integer(100)
}

/// The points that an adjustment adds or takes.
pub(super) fn adjust(adjustment: &Adjustment, value: Exact) -> Exact {
    let most = adjustment.at_most.0;
    (value * adjustment.points_each.0).clamp(-most, most)
}

/// Gives the awards by score, highest first.
fn grant(rulebook: &Rulebook, members: &[usize], decisions: &mut [Decision]) {
    for (id, award) in AwardId::each(&rulebook.awards) {
        let reached: Vec<usize> = members
            .iter()
            .copied()
            .filter(|&member| {
                let decision = &decisions[member];
                decision.earned.is_none() && decision.score.is_some_and(|score| reaches(award, score))
            })
            .collect();
        for member in within_quota(rulebook, award, reached, decisions) {
            decisions[member].earned = Some(id);
        }
    }
}

/// Whether a score is enough for an award.
pub(super) fn reaches(award: &Award, score: Exact) -> bool {
    score >= award.at_least.value.0 && award.at_most.as_ref().is_none_or(|at_most| score <= at_most.value.0)
}

/// Those who get one of the places of an award.
fn within_quota(
    rulebook: &Rulebook,
    award: &Award,
    mut reached: Vec<usize>,
    decisions: &[Decision],
) -> Vec<usize> {
    let Some(quota) = &award.quota else { return reached };
    let quota = &quota.value;
    let standing = |member: usize| {
        let decision = &decisions[member];
        let points =
            quota.tie_break.iter().map(|name| decision.indicators[rulebook.indicator(&name.value)].points);
        std::iter::once(decision.score.unwrap_or_default()).chain(points).collect::<Vec<Exact>>()
    };
    reached.sort_by_key(|&member| std::cmp::Reverse(standing(member)));
    if reached.len() <= quota.places {
        return reached;
    }
    let edge = standing(reached[quota.places]);
    let contested = quota.places > 0 && standing(reached[quota.places - 1]) == edge;
    match (contested, quota.tie_at_edge) {
        (false, _) => reached.truncate(quota.places),
        (true, TieAtEdge::AllIn) => reached.retain(|&member| standing(member) >= edge),
        (true, TieAtEdge::AllOut) => reached.retain(|&member| standing(member) > edge),
    }
    reached
}
