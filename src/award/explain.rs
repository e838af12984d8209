//! Why an exhibitor has its award or not: a value with every number of the decision and the rows behind it.

use std::collections::BTreeSet;

use super::credit::{Evidence, evidence};
use super::grant::{Decision, Results, Standing, share, stage};
use super::margins::{NextAward, next_award};
use super::part::{Decides, decides};
use super::sensitivity::alternatives;
use super::standing::Scored;
use crate::fair::{Buyer, ExhibitorId, Facts, KeyKind, Row};
use crate::rulebook::{
    AwardId, BuyerHistory, Exact, GateId, IndicatorId, MeasureFrom, MeasureId, PolicyId, Requirement,
    Rulebook, ScaleKind, Stage,
};

/// Why an exhibitor has its award or not.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// Number of the exhibitor.
    pub exhibitor: ExhibitorId,
    /// What was decided.
    pub decision: Decision,
    /// What was measured, in the order of the rulebook.
    pub measured: Vec<Measured>,
    /// The gates, in the order of the rulebook.
    pub gates: Vec<GateFinding>,
    /// What the indicators gave, in the order of the rulebook; empty outside the pool.
    pub indicators: Vec<IndicatorFinding>,
    /// The policies that took part in the decision, by name.
    pub policies: Vec<PolicyId>,
    /// The rulings on the exhibitor, and those whose corrections changed its award, by number.
    pub rulings: Vec<usize>,
    /// What it would take to receive the next award; `None` where there is none above the one received.
    pub next: Option<NextAward>,
    /// The readings under which another award would be received, with that award.
    pub hangs_on: Vec<OtherReading>,
}

/// A reading under which an exhibitor would receive another award.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OtherReading {
    /// The policy.
    pub policy: PolicyId,
    /// The reading, which is not the one that is applied.
    pub choice: &'static str,
    /// The award that would be received, by number.
    pub would: Option<AwardId>,
}

/// A measure with the rows behind it.
#[derive(Clone, Debug)]
pub struct Measured {
    /// The measure, by number.
    pub measure: MeasureId,
    /// Its value.
    pub value: Exact,
    /// The rows of invitations that count.
    pub invitations: Vec<Row>,
    /// The buyers that count.
    pub buyers: Vec<CountedBuyer>,
}

/// A buyer that counts, by the rows that say so.
#[derive(Clone, Debug)]
pub struct CountedBuyer {
    /// The buyer.
    pub buyer: Buyer,
    /// What matches: the row of the invitation, the row of the attendance, and by what.
    pub matches: Vec<(Row, Row, KeyKind)>,
    /// All rows that say that the buyer was there.
    pub attended: Vec<Row>,
}

/// Whether a gate is met.
#[derive(Clone, Debug)]
pub struct GateFinding {
    /// The gate, by number.
    pub gate: GateId,
    /// Where it applies.
    pub stage: Stage,
    /// Whether it is met.
    pub met: bool,
    /// What was measured, where the gate asks for a measure.
    pub value: Option<Exact>,
    /// The rows of penalties that bar the exhibitor.
    pub penalties: Vec<Row>,
}

/// What an indicator gave.
#[derive(Clone, Debug)]
pub struct IndicatorFinding {
    /// The indicator, by number.
    pub indicator: IndicatorId,
    /// Rank, percent, band and points.
    pub scored: Scored,
    /// The first and the last percent of the band, where the scale has bands.
    pub band: Option<(u8, u8)>,
    /// Its share of the score.
    pub share: Exact,
}

/// Explains the decision on an exhibitor.
pub fn explain(facts: &Facts, rulebook: &Rulebook, results: &Results, exhibitor: ExhibitorId) -> Explanation {
    let decision = results.decisions[exhibitor].clone();
    let evidence = evidence(facts, &results.choices, exhibitor);
    let measured = MeasureId::all(&rulebook.measures)
        .map(|measure| Measured {
            measure,
            value: decision.values[measure],
            invitations: match &rulebook.measures[measure].from.value {
                MeasureFrom::Invitations(_) => {
                    evidence.invitations.iter().map(|&index| facts.invitations[index as usize].row).collect()
                }
                _ => Vec::new(),
            },
            buyers: match &rulebook.measures[measure].from.value {
                MeasureFrom::OverseasBuyers(history) => counted_buyers(facts, &evidence, *history),
                _ => Vec::new(),
            },
        })
        .collect();
    let gates = GateId::all(&rulebook.gates)
        .map(|gate| {
            let require = &rulebook.gates[gate].require.value;
            GateFinding {
                gate,
                stage: stage(rulebook, &results.choices, gate),
                met: !decision.failed.contains(&gate),
                value: match require {
                    Requirement::AtLeast { measure, .. } => Some(decision.values[rulebook.measure(measure)]),
                    _ => None,
                },
                penalties: match require {
                    Requirement::NoPenalty => facts
                        .penalties
                        .iter()
                        .filter(|penalty| penalty.exhibitor == exhibitor && penalty.covers(facts.fair))
                        .map(|penalty| penalty.row)
                        .collect(),
                    _ => Vec::new(),
                },
            }
        })
        .collect();
    let indicators = decision
        .indicators
        .iter()
        .zip(IndicatorId::all(&rulebook.indicators))
        .map(|(scored, indicator)| {
            let scale = &rulebook.scale(&rulebook.indicators[indicator]).points.value;
            let band = match (scale, scored.band) {
                (ScaleKind::ByRank(rank), Some(band)) => {
                    let band = rank.bands[band].value;
                    Some((band.from, band.until))
                }
                _ => None,
            };
            let share = share(&rulebook.indicators[indicator], scored);
            IndicatorFinding { indicator, scored: scored.clone(), band, share }
        })
        .collect();
    let policies = policies_applied(results, &decision);
    let rulings = rulings(facts, results, exhibitor);
    let next = next_award(facts, rulebook, results, exhibitor);
    let hangs_on = alternatives(facts, rulebook, results).into_iter().filter_map(|reading| {
        let change = reading.changes.iter().find(|change| change.exhibitor == exhibitor)?;
        Some(OtherReading { policy: reading.policy, choice: reading.choice, would: change.would })
    });
    let hangs_on = hangs_on.collect();
    Explanation { exhibitor, decision, measured, gates, indicators, policies, rulings, next, hangs_on }
}

fn rulings(facts: &Facts, results: &Results, exhibitor: ExhibitorId) -> Vec<usize> {
    let id = &facts.exhibitors[exhibitor].id;
    let on_it = (0..facts.rulings.len()).filter(|&number| facts.rulings[number].names(exhibitor));
    let changing = results
        .corrections
        .iter()
        .filter(|correction| correction.changes.iter().any(|change| change.exhibitor == *id));
    let numbers: BTreeSet<usize> =
        on_it.chain(changing.flat_map(|correction| correction.rulings.iter().copied())).collect();
    numbers.into_iter().collect()
}

fn counted_buyers(facts: &Facts, evidence: &Evidence, history: BuyerHistory) -> Vec<CountedBuyer> {
    let wanted = history == BuyerHistory::New;
    let counted = evidence.buyers.iter().filter(|buyer| buyer.counts && buyer.new == wanted);
    counted
        .map(|buyer| CountedBuyer {
            buyer: buyer.buyer,
            matches: buyer
                .matches
                .iter()
                .filter(|found| !found.too_late)
                .map(|found| {
                    let invitation = facts.invitations[found.invitation as usize].row;
                    (invitation, facts.attendance.rows[found.attended as usize].row, found.by)
                })
                .collect(),
            attended: facts
                .attendance
                .rows
                .iter()
                .filter(|row| row.buyer == buyer.buyer)
                .map(|row| row.row)
                .collect(),
        })
        .collect()
}

/// The policies by which a decision was made.
fn policies_applied(results: &Results, decision: &Decision) -> Vec<PolicyId> {
    let is_applied = |policy: &PolicyId| match decides(*policy) {
        Decides::Counts | Decides::Gates => true,
        Decides::Points => decision.standing == Standing::Evaluated,
        Decides::Nothing => false,
    };
    results.choices.declared().map(|(policy, _)| policy).filter(is_applied).collect()
}
