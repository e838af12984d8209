//! What would be decided under the choices that are not applied.

use rayon::prelude::*;

use super::credit::recredit;
use super::grant::{Decision, Results, decide, exhibitors, judge};
use super::margins::{Margin, margins};
use crate::fair::{Facts, NO_DATE};
use crate::rulebook::{Choices, POLICIES, PolicyStatus, Rulebook};
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
    /// Its name.
    pub name: &'static str,
    /// The reading that is applied.
    pub choice: &'static str,
    /// What is to be done about it.
    pub verdict: Verdict,
    /// The rows without a date that a choice compares, where there are some.
    pub undated: Option<Undated>,
    /// The other choices, in the order in which the program knows them.
    pub alternatives: Vec<Reading>,
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

/// A reading that is not applied, and what it would change.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reading {
    /// The policy.
    pub policy: &'static str,
    /// The reading.
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
    pub exhibitor: u32,
    /// The award that is received, by number.
    pub award: Option<usize>,
    /// The award that would be received, by number.
    pub would: Option<usize>,
}

/// The policy that compares dates of invitations with dates of attendance.
const INVITED_BEFORE_ARRIVAL: &str = "invited-before-arrival";

/// Runs every other reading of every policy against a fair that was judged, and looks for the margins.
pub fn sensitivity(facts: &Facts, rulebook: &Rulebook, results: &Results) -> Sensitivity {
    let mut readings = other_readings(facts, rulebook, results);
    let policies = rulebook.policies.iter().filter_map(|(name, policy)| {
        let (name, choice) = results.choices.declared().find(|(declared, _)| declared == name)?;
        let alternatives: Vec<Reading> = readings.extract_if(.., |reading| reading.policy == name).collect();
        let differs = alternatives.iter().any(|reading| !reading.changes.is_empty());
        let undated = Undated::find(facts).filter(|_| name == INVITED_BEFORE_ARRIVAL);
        let verdict = match (differs, policy.status.value) {
            _ if undated.is_some_and(|undated| undated.compares_nothing()) => Verdict::CannotTell,
            (true, PolicyStatus::Assumed) => Verdict::ToDecide,
            (true, PolicyStatus::Stated) => Verdict::Stated,
            (true, PolicyStatus::Confirmed) => Verdict::Confirmed,
            (false, _) if is_of_procedure(name) => Verdict::OfProcedure,
            (false, _) => Verdict::NoDifference,
        };
        Some(OpenPolicy { name, choice, verdict, undated, alternatives })
    });
    Sensitivity { policies: policies.collect(), margins: margins(facts, rulebook, results) }
}

/// What every reading that is not applied would change: one policy at a time, the others as they are applied. Only
/// what a reading touches is computed again: matches once for all ways to tell new buyers, ranks where a count
/// or a way to rank is another, nothing at all for the readings of procedure.
pub fn other_readings(facts: &Facts, rulebook: &Rulebook, results: &Results) -> Vec<Reading> {
    let applied = &results.choices;
    let mut asked: Vec<(&'static str, &'static str, Choices)> = Vec::new();
    for (name, chosen) in applied.declared() {
        let offered = &rulebook.policies[name].choices;
        let known = POLICIES.iter().find(|(known, _)| *known == name).map_or(&[][..], |(_, choices)| choices);
        for &choice in known.iter().filter(|&&choice| choice != chosen && offered.contains_key(choice)) {
            let mut choices = applied.clone();
            choices.choose(name, choice);
            asked.push((name, choice, choices));
        }
    }
    if !facts.rulings.is_empty() {
        // What a ruling does depends on what was decided before it: all of it is judged again.
        let reading = |(policy, choice, choices): &(&'static str, &'static str, Choices)| {
            let again = judge(&mut Report::new(), facts, rulebook, choices);
            compare(rulebook, results, policy, choice, &again.decisions)
        };
        return asked.iter().map(reading).collect();
    }
    let recounted: Vec<usize> =
        (0..asked.len()).filter(|&number| counts_otherwise(applied, &asked[number].2)).collect();
    let again: Vec<&Choices> = recounted.iter().map(|&number| &asked[number].2).collect();
    let credits = match again.is_empty() {
        true => Vec::new(),
        false => recredit(facts, applied, &results.credits, &again),
    };
    let subjects = exhibitors(facts, rulebook, &results.credits, &results.penalised);
    let reading = |(number, (policy, choice, choices)): (usize, &(&'static str, &'static str, Choices))| {
        let decisions = match recounted.iter().position(|&recounted| recounted == number) {
            Some(place) => {
                decide(rulebook, choices, &exhibitors(facts, rulebook, &credits[place], &results.penalised))
            }
            None if ranks_otherwise(applied, choices) => decide(rulebook, choices, &subjects),
            None => return unchanged(rulebook, results, policy, choice),
        };
        compare(rulebook, results, policy, choice, &decisions)
    };
    asked.par_iter().enumerate().map(reading).collect()
}

/// Whether a reading credits other counts to exhibitors.
fn counts_otherwise(applied: &Choices, reading: &Choices) -> bool {
    (reading.invitation_unit, reading.new_or_regular, reading.invited_before_arrival)
        != (applied.invitation_unit, applied.new_or_regular, applied.invited_before_arrival)
}

/// Whether a reading makes other ranks, points or awards of the same counts.
fn ranks_otherwise(applied: &Choices, reading: &Choices) -> bool {
    (reading.two_latest_fairs, reading.ties, reading.rounding, reading.zero_percent, reading.zero_count)
        != (
            applied.two_latest_fairs,
            applied.ties,
            applied.rounding,
            applied.zero_percent,
            applied.zero_count,
        )
}

/// Whether a policy takes no part in who gets which award before anyone is struck off.
fn is_of_procedure(policy: &str) -> bool {
    let applied = Choices::new();
    let known = POLICIES.iter().find(|(known, _)| *known == policy).map_or(&[][..], |(_, choices)| choices);
    known.iter().all(|choice| {
        let mut reading = applied.clone();
        reading.choose(policy, choice);
        !counts_otherwise(&applied, &reading) && !ranks_otherwise(&applied, &reading)
    })
}

fn unchanged(rulebook: &Rulebook, results: &Results, policy: &'static str, choice: &'static str) -> Reading {
    let received = (0..rulebook.awards.len()).map(|award| results.received(award)).collect();
    Reading { policy, choice, pool: results.pool, received, changes: Vec::new() }
}

fn compare(
    rulebook: &Rulebook,
    results: &Results,
    policy: &'static str,
    choice: &'static str,
    decisions: &[Decision],
) -> Reading {
    let received = |award: usize| decisions.iter().filter(|decision| decision.award == Some(award)).count();
    let change = |&exhibitor: &u32| {
        let [award, would] =
            [&results.decisions, decisions].map(|decisions: &[Decision]| decisions[exhibitor as usize].award);
        (award != would).then_some(Change { exhibitor, award, would })
    };
    Reading {
        policy,
        choice,
        pool: decisions.iter().filter(|decision| decision.score.is_some()).count(),
        received: (0..rulebook.awards.len()).map(received).collect(),
        changes: results.sorted.iter().filter_map(change).collect(),
    }
}
