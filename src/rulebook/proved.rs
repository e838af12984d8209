//! A rulebook that was read and proved.

use std::collections::BTreeMap;

use super::file::{
    Adjustment, Award, Bonus, Clause, Example, Gate, Indicator, Joining, Measure, NotEncoded, Period, Policy,
    Reward, Scale, Step, TextSource,
};
use super::policy::{Choices, PolicyId};
use crate::fair::{Placeholders, id};
use crate::lang::Localized;
use crate::source::Span;

id! {
    /// The number of a measure of a rulebook.
    MeasureId
}

id! {
    /// The number of a gate of a rulebook.
    GateId
}

id! {
    /// The number of an indicator of a rulebook.
    IndicatorId
}

id! {
    /// The number of an award of a rulebook: the highest is the first.
    AwardId
}

/// An award's rules, proved: its names resolve, its weights sum to 100, its bands cover 1–100, no
/// reachable total falls between two awards, and every operative clause is cited or excused.
#[derive(Clone, Debug)]
pub struct Rulebook {
    /// Identifier of the rules, the same in all versions.
    pub id: String,
    /// Version of the rules.
    pub version: u32,
    /// SHA-256 of the file with `\n` at the ends of its lines and no mark before them, in hexadecimal digits.
    pub sha256: String,
    /// Where the file is.
    pub span: Span,
    /// The first and, where it is closed, the last fair for which it is in force.
    pub applies: (u32, Option<u32>),
    /// Title of the rules.
    pub title: Localized,
    /// Whether the rules are a trial version.
    pub trial: bool,
    /// Where the text of the clauses comes from.
    pub source: TextSource,
    /// The text, clause by clause.
    pub clauses: Vec<Clause>,
    /// Policies: points on which the text can be applied in more than one way.
    pub policies: BTreeMap<PolicyId, Policy>,
    /// The choice that is applied of each.
    pub choices: Choices,
    /// Values that are no keys.
    pub placeholders: Placeholders,
    /// Limits for keys shared by many rows, above which a person has to check.
    pub joining: Option<Joining>,
    /// What is measured.
    pub measures: Vec<Measure>,
    /// What must be met, in the order in which results name it.
    pub gates: Vec<Gate>,
    /// How measures are converted to points.
    pub scales: Vec<Scale>,
    /// The indicators, which are ranked and scored.
    pub indicators: Vec<Indicator>,
    /// Points added to or deducted from the weighted sum.
    pub adjustments: Vec<Adjustment>,
    /// The awards, highest first.
    pub awards: Vec<Award>,
    /// Points carried over to later fairs.
    pub bonus: Option<Bonus>,
    /// Other rewards, by tier.
    pub rewards: Vec<Reward>,
    /// Time limits in working days.
    pub timeline: Vec<Step>,
    /// Clauses that no rule encodes.
    pub not_encoded: Vec<NotEncoded>,
    /// Worked examples.
    pub examples: Vec<Example>,
}

impl Rulebook {
    /// The number of the measure of a name that was proved.
    pub fn measure(&self, id: &str) -> MeasureId {
        let found = MeasureId::each(&self.measures).find(|(_, measure)| measure.id.value == id);
        found.expect("names of measures were proved to resolve").0
    }

    /// The number of the indicator of a name that was proved.
    pub fn indicator(&self, id: &str) -> IndicatorId {
        let found = IndicatorId::each(&self.indicators).find(|(_, indicator)| indicator.id.value == id);
        found.expect("names of indicators were proved to resolve").0
    }

    /// The number of the award of a name, if the rulebook has it.
    pub fn award(&self, id: &str) -> Option<AwardId> {
        AwardId::each(&self.awards).find(|(_, award)| award.id.value == id).map(|(number, _)| number)
    }

    /// The scale of an indicator.
    pub fn scale(&self, indicator: &Indicator) -> &Scale {
        let found = self.scales.iter().find(|scale| scale.id.value == indicator.scale.value);
        found.expect("names of scales were proved to resolve")
    }

    /// The clause of a name that was proved.
    pub fn clause(&self, id: &str) -> &Clause {
        let found = self.clauses.iter().find(|clause| clause.id.value == id);
        found.expect("names of clauses were proved to resolve")
    }

    /// The number of working days of a period, if the rulebook counts it.
    pub fn working_days(&self, period: Period) -> Option<u32> {
        let found = self.timeline.iter().find(|step| step.period.value == period);
        found.map(|step| step.working_days.value)
    }

    /// Whether it is in force for a fair.
    pub fn applies_to(&self, fair: u32) -> bool {
        let (from, until) = self.applies;
        from <= fair && until.is_none_or(|until| fair <= until)
    }
}
