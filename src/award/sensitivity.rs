//! What would be decided under the choices that are not applied.

use rayon::prelude::*;

use super::credit::recredit;
use super::grant::{Decision, Results, decide, exhibitors, judge};
use super::margins::{Margin, margins};
use super::part::{Decides, decides};
use crate::fair::{ExhibitorId, Facts, NO_DATE};
use crate::rulebook::{AwardId, Choices, PolicyId, PolicyStatus, Rulebook};
use crate::source::Report;

/// What hangs on what at a fair.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sensitivity {
    /// The policies of the rulebook, by name.
    pub policies: Vec<OpenPolicy>,
    /// The awards that change with one count by one.
    pub margins: Vec<Margin>,
}

/// A policy with what its alternatives would change.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OpenPolicy {
    /// The policy.
    pub policy: PolicyId,
    /// The choice that is applied.
    pub choice: &'static str,
    /// What is to be done about it.
    pub verdict: Verdict,
    /// The rows without a date that a choice compares, where there are some.
    pub undated: Option<Undated>,
    /// The other choices, in the order in which the program knows them.
    pub alternatives: Vec<Alternative>,
}

/// Rows without the dates that `invited-before-arrival` compares; such a row counts as if it were in time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Undated {
    /// Of the invitations that were sent, those without `sent_on`.
    pub invitations: Part,
    /// Of the rows that say that a buyer was there, those without `seen_on`.
    pub attendance: Part,
}

/// So many of so many.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Part {
    /// So many.
    pub number: usize,
    /// Of so many.
    pub of: usize,
}

impl Part {
    /// Whether it is all of some.
    pub fn is_all(self) -> bool {
        self.number == self.of && self.of > 0
    }
}

impl Undated {
    /// The rows of a fair; `None` where each has its date.
    fn find(facts: &Facts) -> Option<Undated> {
        let sent = facts.invitations.iter().filter(|invitation| invitation.sent_on == NO_DATE).count();
        let seen = facts.attendance.rows.iter().filter(|row| row.seen_on == NO_DATE).count();
        (sent + seen > 0).then_some(Undated {
            invitations: Part { number: sent, of: facts.invitations.len() },
            attendance: Part { number: seen, of: facts.attendance.rows.len() },
        })
    }

    /// Whether there is nothing to compare.
    pub fn compares_nothing(&self) -> bool {
        self.invitations.is_all() || self.attendance.is_all()
    }
}

/// What is to be done about a policy.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Verdict {
    /// Another choice changes an award, and the one that is applied is assumed.
    ToDecide,
    /// What another choice changes cannot be told: the dates that it compares are absent.
    CannotTell,
    /// Another choice would change an award; the text states the one that is applied.
    Stated,
    /// Another choice would change an award; the organiser confirmed the one that is applied.
    Confirmed,
    /// No other choice changes an award this time.
    NoDifference,
    /// It takes no part in who gets which award.
    OfProcedure,
}

/// A choice that is not applied, and what it would change.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Alternative {
    /// The policy.
    pub policy: PolicyId,
    /// The choice.
    pub choice: &'static str,
    /// How many exhibitors would be ranked.
    pub pool: usize,
    /// How many would receive each award, in the order of the rulebook.
    pub received: Vec<usize>,
    /// Who would receive another award, in the order of [`Results::sorted`].
    pub changes: Vec<Change>,
}

/// An exhibitor that would receive another award.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Change {
    /// Number of the exhibitor.
    pub exhibitor: ExhibitorId,
    /// The award that is received, by number.
    pub award: Option<AwardId>,
    /// The award that would be received, by number.
    pub would: Option<AwardId>,
}

/// Runs every other choice of every policy against a fair that was judged, and looks for the margins.
pub fn sensitivity(facts: &Facts, rulebook: &Rulebook, results: &Results) -> Sensitivity {
    let mut alternatives = alternatives(facts, rulebook, results);
    let policies = results.choices.declared().map(|(policy, choice)| {
        let alternatives: Vec<Alternative> =
            alternatives.extract_if(.., |alternative| alternative.policy == policy).collect();
        let differs = alternatives.iter().any(|alternative| !alternative.changes.is_empty());
        let undated = Undated::find(facts).filter(|_| policy == PolicyId::InvitedBeforeArrival);
        let verdict = match (differs, rulebook.policies[&policy].status.value) {
            _ if undated.is_some_and(|undated| undated.compares_nothing()) => Verdict::CannotTell,
            (true, PolicyStatus::Assumed) => Verdict::ToDecide,
            (true, PolicyStatus::Stated) => Verdict::Stated,
            (true, PolicyStatus::Confirmed) => Verdict::Confirmed,
            (false, _) if decides(policy) == Decides::Nothing => Verdict::OfProcedure,
            (false, _) => Verdict::NoDifference,
        };
        OpenPolicy { policy, choice, verdict, undated, alternatives }
    });
    Sensitivity { policies: policies.collect(), margins: margins(facts, rulebook, results) }
}

/// What every choice that is not applied would change: one policy at a time, the others as they are applied. Only
/// what an alternative touches is computed again: matches once for all ways to tell new buyers, ranks where a count
/// or a way to rank is another, nothing at all for the alternatives of procedure.
pub fn alternatives(facts: &Facts, rulebook: &Rulebook, results: &Results) -> Vec<Alternative> {
    let applied = &results.choices;
    let mut asked: Vec<(PolicyId, &'static str, Choices)> = Vec::new();
    for (policy, chosen) in applied.declared() {
        let offered = &rulebook.policies[&policy].choices;
        for &choice in
            policy.choices().iter().filter(|&&choice| choice != chosen && offered.contains_key(choice))
        {
            let mut choices = applied.clone();
            choices.choose(policy.name(), choice);
            asked.push((policy, choice, choices));
        }
    }
    if !facts.rulings.is_empty() {
        // What a ruling does depends on what was decided before it: all of it is judged again.
        let alternative = |&(policy, choice, ref choices): &(PolicyId, &'static str, Choices)| {
            let again = judge(&mut Report::new(), facts, rulebook, choices);
            compare(rulebook, results, policy, choice, &again.decisions)
        };
        return asked.iter().map(alternative).collect();
    }
    let recounted: Vec<usize> =
        (0..asked.len()).filter(|&number| decides(asked[number].0) == Decides::Counts).collect();
    let again: Vec<&Choices> = recounted.iter().map(|&number| &asked[number].2).collect();
    let credits = match again.is_empty() {
        true => Vec::new(),
        false => recredit(facts, applied, &results.credits, &again),
    };
    let subjects = exhibitors(facts, rulebook, &results.credits, &results.penalised);
    let alternative =
        |(number, &(policy, choice, ref choices)): (usize, &(PolicyId, &'static str, Choices))| {
            let decisions = match recounted.iter().position(|&recounted| recounted == number) {
                Some(place) => decide(
                    rulebook,
                    choices,
                    &exhibitors(facts, rulebook, &credits[place], &results.penalised),
                ),
                None if decides(policy) == Decides::Nothing => {
                    return unchanged(rulebook, results, policy, choice);
                }
                None => decide(rulebook, choices, &subjects),
            };
            compare(rulebook, results, policy, choice, &decisions)
        };
    asked.par_iter().enumerate().map(alternative).collect()
}

fn unchanged(rulebook: &Rulebook, results: &Results, policy: PolicyId, choice: &'static str) -> Alternative {
    let received = AwardId::all(&rulebook.awards).map(|award| results.received(award)).collect();
    Alternative { policy, choice, pool: results.pool, received, changes: Vec::new() }
}

fn compare(
    rulebook: &Rulebook,
    results: &Results,
    policy: PolicyId,
    choice: &'static str,
    decisions: &[Decision],
) -> Alternative {
    let received = |award: AwardId| decisions.iter().filter(|decision| decision.award == Some(award)).count();
    let change = |&exhibitor: &ExhibitorId| {
        let [award, would] =
            [&results.decisions, decisions].map(|decisions: &[Decision]| decisions[exhibitor].award);
        (award != would).then_some(Change { exhibitor, award, would })
    };
    Alternative {
        policy,
        choice,
        pool: decisions.iter().filter(|decision| decision.score.is_some()).count(),
        received: AwardId::all(&rulebook.awards).map(received).collect(),
        changes: results.sorted.iter().filter_map(change).collect(),
    }
}
