//! The vocabulary of a rulebook file. It is closed: a key or a word that does not stand here is refused.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::exact::Number;
use crate::data::{Date, Spanned};
use crate::lang::Localized;

/// Values that stand for a missing key, compared like keys.
#[derive(Deserialize, JsonSchema, Clone, Default, Debug)]
#[serde(deny_unknown_fields)]
pub struct PlaceholdersFile {
    /// For the name of a company.
    #[serde(default)]
    pub company: Vec<Spanned<String>>,
    /// For an invitation code.
    #[serde(default)]
    pub code: Vec<Spanned<String>>,
    /// For an e-mail address.
    #[serde(default)]
    pub email: Vec<Spanned<String>>,
    /// For the number of a buyer.
    #[serde(default)]
    pub buyer: Vec<Spanned<String>>,
}

/// Limits for keys shared by many rows: a key that reaches a limit is a finding, to be accepted or corrected
/// before the fair is sealed. A finding by itself decides nothing.
#[derive(Deserialize, JsonSchema, Clone, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct Joining {
    /// Limits for an invitation code; reaching any of them is a finding.
    #[serde(default)]
    pub code: Vec<JoiningLimit>,
    /// Limits for an e-mail address.
    #[serde(default)]
    pub email: Vec<JoiningLimit>,
    /// Limits for a company name.
    #[serde(default)]
    pub company: Vec<JoiningLimit>,
    /// The limit for a buyer number.
    #[serde(default)]
    pub buyer: Option<NumberLimit>,
    /// A value used in invitations of this many exhibitors is shown in messages; others are masked.
    pub shown_from: u32,
}

/// A limit, reached if all its conditions are met.
#[derive(Deserialize, JsonSchema, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct JoiningLimit {
    /// The number of buyers with the key.
    #[serde(default)]
    pub buyers: u32,
    /// The number of exhibitors with the key in their invitations.
    #[serde(default)]
    pub exhibitors: u32,
    /// The share of exhibitors (of those that sent invitations) with the key in their invitations: 3 means
    /// one in three.
    #[serde(default)]
    pub one_in: Option<u32>,
}

/// The limit for a buyer number, reached if both conditions are met.
#[derive(Deserialize, JsonSchema, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct NumberLimit {
    /// The number of names used with it.
    pub names: usize,
    /// The number of e-mail addresses used with it.
    pub emails: usize,
}

/// A rulebook.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct RulebookFile {
    /// Always `jinbang-rulebook/1`.
    pub format: Spanned<String>,
    /// Identifier of the rules, the same in all versions.
    pub id: Spanned<String>,
    /// Version of the rules.
    pub version: Spanned<u32>,
    /// The fairs to which it applies.
    pub applies: Applies,
    /// Title of the rules.
    pub title: Spanned<Localized>,
    /// Whether the rules are a trial version.
    #[serde(default)]
    pub trial: bool,
    /// Where the text of the clauses comes from.
    pub source: TextSource,
    /// Who is judged.
    pub subject: Judges,
    /// The text, clause by clause.
    pub clauses: Vec<Clause>,
    /// Policies: points on which the text can be applied in more than one way.
    #[serde(default)]
    pub policies: BTreeMap<Spanned<String>, Policy>,
    /// Values that stand for a missing key.
    #[serde(default)]
    pub placeholders: PlaceholdersFile,
    /// Limits for keys shared by many rows, above which a person has to check.
    #[serde(default)]
    pub joining: Option<Joining>,
    /// What is measured.
    pub measures: Vec<Measure>,
    /// Conditions for being evaluated or receiving an award.
    pub gates: Vec<Gate>,
    /// How measures are converted to points.
    pub scales: Vec<Scale>,
    /// The indicators, which are ranked and scored.
    pub indicators: Vec<Indicator>,
    /// Points added to or deducted from the weighted sum.
    #[serde(default)]
    pub adjustments: Vec<Adjustment>,
    /// The awards, highest first.
    pub awards: Vec<Award>,
    /// Points carried over to later fairs.
    #[serde(default)]
    pub bonus: Option<Bonus>,
    /// Other rewards, by tier.
    #[serde(default)]
    pub rewards: Vec<Reward>,
    /// Time limits in working days.
    #[serde(default)]
    pub timeline: Vec<Step>,
    /// Clauses without a rule, each with the reason.
    #[serde(default)]
    pub not_encoded: Vec<NotEncoded>,
    /// Worked examples, checked whenever the rulebook is read and shown on the site.
    #[serde(default)]
    pub examples: Vec<Example>,
}

/// The fairs to which a rulebook applies, both ends included.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Applies {
    /// The first fair.
    pub from_fair: u32,
    /// The last fair; absent while no later version replaces it.
    #[serde(default)]
    pub until_fair: Option<u32>,
}

/// Where the text of the clauses comes from.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct TextSource {
    /// The document.
    pub document: Spanned<Localized>,
    /// Whether the clauses are quoted.
    pub text: TextStatus,
}

/// Whether the text of the clauses is the official one.
#[derive(Deserialize, JsonSchema, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum TextStatus {
    /// Paraphrased.
    Paraphrase,
    /// Quoted.
    Official,
}

/// Who is judged.
#[derive(Deserialize, JsonSchema, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum Judges {
    /// The exhibitors of a fair, by its tables.
    Exhibitors,
}

/// A clause of the text.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// Its name in this file.
    pub id: Spanned<String>,
    /// What it is.
    pub kind: ClauseKind,
    /// Its place in the document.
    pub place: Spanned<Localized>,
    /// What it says.
    pub text: Spanned<Localized>,
}

/// What a clause is.
#[derive(Deserialize, JsonSchema, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum ClauseKind {
    /// It defines a term.
    Definition,
    /// It decides who receives what.
    Operative,
    /// It sets out who does what, and when.
    Procedural,
}

/// A point on which the text can be applied in more than one way.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The question.
    pub question: Spanned<Localized>,
    /// The choice applied.
    pub choice: Spanned<String>,
    /// The other possible choices.
    pub alternatives: Vec<Spanned<String>>,
    /// A description of each choice.
    pub choices: BTreeMap<String, Spanned<Localized>>,
    /// Why this choice.
    pub because: Spanned<Localized>,
    /// The basis of the choice.
    pub status: Spanned<PolicyStatus>,
    /// The day on which the organiser confirmed the choice.
    #[serde(default)]
    pub date: Option<Spanned<Date>>,
    /// Where the organiser confirmed the choice.
    #[serde(default)]
    pub source: Option<Spanned<Localized>>,
    /// The clauses concerned.
    pub cites: Vec<Spanned<String>>,
}

/// The basis of a choice.
#[derive(Deserialize, JsonSchema, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum PolicyStatus {
    /// The clauses cited state it.
    Stated,
    /// The text does not say.
    Assumed,
    /// Confirmed by the organiser, with date and source.
    Confirmed,
}

impl PolicyStatus {
    /// The word of a rulebook for it.
    pub fn name(self) -> &'static str {
        match self {
            PolicyStatus::Stated => "stated",
            PolicyStatus::Assumed => "assumed",
            PolicyStatus::Confirmed => "confirmed",
        }
    }
}

/// What is measured of an exhibitor.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Its name in this file.
    pub id: Spanned<String>,
    /// Its title.
    pub title: Spanned<Localized>,
    /// What is counted.
    pub unit: Spanned<Localized>,
    /// How it is measured.
    pub from: Spanned<MeasureFrom>,
    /// The clauses that define it.
    pub cites: Vec<Spanned<String>>,
}

/// How something is measured.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum MeasureFrom {
    /// The exhibitor's invitations.
    Invitations(Counting),
    /// Overseas buyers who attended and match an invitation of the exhibitor by code, company or e-mail.
    OverseasBuyers(BuyerHistory),
    /// One measure divided by another.
    Ratio {
        /// The dividend.
        of: String,
        /// The divisor.
        to: String,
        /// The value where the divisor is zero.
        when_zero: Number,
    },
    /// The sum of measures.
    Sum(Vec<String>),
}

/// Which invitations count.
#[derive(Deserialize, JsonSchema, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum Counting {
    /// Those that were sent successfully.
    Sent,
}

/// Which buyers count.
#[derive(Deserialize, JsonSchema, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum BuyerHistory {
    /// New buyers.
    New,
    /// Regular buyers.
    Regular,
}

/// A condition.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// Its name in this file and in results.
    pub id: Spanned<String>,
    /// Its title.
    pub title: Spanned<Localized>,
    /// Where it applies.
    pub stage: Spanned<Stage>,
    /// The requirement.
    pub require: Spanned<Requirement>,
    /// The clauses that require it.
    pub cites: Vec<Spanned<String>>,
}

/// Where a gate applies.
#[derive(Deserialize, JsonSchema, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Exhibitors that do not meet it are not evaluated.
    Pool,
    /// Exhibitors that do not meet it are evaluated, but their award is withheld.
    Award,
    /// As the policy `two-latest-fairs` decides.
    TwoLatestFairs,
}

/// What a gate requires.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum Requirement {
    /// A measure of at least a number.
    AtLeast {
        /// The measure.
        measure: String,
        /// The number.
        number: Number,
    },
    /// No penalty that covers this fair.
    NoPenalty,
    /// A booth at all of these fairs.
    TookPart(Vec<Which>),
}

/// One of the two latest fairs.
#[derive(Deserialize, JsonSchema, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum Which {
    /// The current fair.
    Current,
    /// The latest fair held before it.
    Previous,
}

/// How measures are converted to points.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Scale {
    /// Its name in this file.
    pub id: Spanned<String>,
    /// The scale.
    pub points: Spanned<ScaleKind>,
    /// The clauses that define it.
    pub cites: Vec<Spanned<String>>,
}

/// A scale from a measure to points.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum ScaleKind {
    /// By the percent of the rank in the pool.
    ByRank(RankScale),
    /// By the value alone: the points of the first threshold that it reaches.
    ByValue(Vec<Spanned<Threshold>>),
    /// The value itself is the number of points.
    AsIs {
        /// The smallest value.
        min: Number,
        /// The largest value.
        max: Number,
    },
}

/// Points by the percent of the rank.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct RankScale {
    /// The order of ranks.
    pub order: Order,
    /// The bands, from the first percent on.
    pub bands: Vec<Spanned<Band>>,
}

/// The order of a ranking.
#[derive(Deserialize, JsonSchema, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// The largest value.
    HighToLow,
    /// The smallest value.
    LowToHigh,
}

/// A range of rank percents that earns points, both ends included.
#[derive(Deserialize, JsonSchema, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// The first percent.
    pub from: u8,
    /// The last percent.
    pub until: u8,
    /// The points.
    pub points: Number,
}

/// The smallest value that earns the points.
#[derive(Deserialize, JsonSchema, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// The smallest value.
    pub at_least: Number,
    /// The points.
    pub points: Number,
}

/// The indicators, which are ranked and scored.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// Its name in this file and in results.
    pub id: Spanned<String>,
    /// The measure.
    pub measure: Spanned<String>,
    /// The scale.
    pub scale: Spanned<String>,
    /// Its share of the score in percent.
    pub weight: Spanned<Number>,
    /// The clauses that define it.
    pub cites: Vec<Spanned<String>>,
}

/// Points added to or deducted from the weighted sum.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Adjustment {
    /// Its name in this file.
    pub id: Spanned<String>,
    /// Its title.
    pub title: Spanned<Localized>,
    /// The measure.
    pub measure: Spanned<String>,
    /// Points for each unit of the measure; negative points are deducted.
    pub points_each: Number,
    /// The largest number of points added or deducted.
    pub at_most: Number,
    /// The clauses that define it.
    pub cites: Vec<Spanned<String>>,
}

/// An award by total score.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Award {
    /// Its name in this file and in results.
    pub id: Spanned<String>,
    /// Its title.
    pub title: Spanned<Localized>,
    /// The lowest score.
    pub at_least: Spanned<Number>,
    /// The highest score, if the text names one.
    #[serde(default)]
    pub at_most: Option<Spanned<Number>>,
    /// The number of places; absent if all who reach the score receive it.
    #[serde(default)]
    pub quota: Option<Spanned<Quota>>,
    /// The clauses that define it.
    pub cites: Vec<Spanned<String>>,
}

/// The number of places of an award.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    /// Places.
    pub places: usize,
    /// Indicators whose points decide between equal scores, in this order.
    #[serde(default)]
    pub tie_break: Vec<Spanned<String>>,
    /// What happens if exhibitors are equal in everything at the last place.
    pub tie_at_edge: TieAtEdge,
}

/// What happens if exhibitors are equal at the last place.
#[derive(Deserialize, JsonSchema, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum TieAtEdge {
    /// All of them get the award.
    AllIn,
    /// None of them gets it.
    AllOut,
}

/// Points carried over to later fairs.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Bonus {
    /// Its title.
    pub title: Spanned<Localized>,
    /// Points by award.
    pub points: BTreeMap<String, Spanned<u32>>,
    /// The clauses that define it.
    pub cites: Vec<Spanned<String>>,
}

/// A reward other than the awards.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Reward {
    /// Its name in this file and in results.
    pub id: Spanned<String>,
    /// Its title.
    pub title: Spanned<Localized>,
    /// Its tiers, highest first; the first whose conditions are all met is given.
    #[serde(default)]
    pub tiers: Vec<Tier>,
    /// What is published elsewhere, if the text lists no tiers.
    #[serde(default)]
    pub open: Option<Spanned<Localized>>,
    /// The clauses that promise it.
    pub cites: Vec<Spanned<String>>,
}

/// A tier of a reward.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// Its name in this file and in results.
    pub id: Spanned<String>,
    /// Its title.
    pub title: Spanned<Localized>,
    /// Conditions, all of which must be met.
    pub require: Vec<Spanned<TierRequirement>>,
}

/// A condition of a tier.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum TierRequirement {
    /// One of these awards is received.
    Award(Vec<String>),
    /// The gate is met.
    Gate(String),
    /// A measure of at least a number.
    AtLeast {
        /// The measure.
        measure: String,
        /// The number.
        number: Number,
    },
    /// A rank in the pool that is no worse than this.
    RankAtMost {
        /// The indicator.
        indicator: String,
        /// The rank.
        rank: u32,
    },
    /// A percent of the rank in the pool that is no worse than this.
    PercentAtMost {
        /// The indicator.
        indicator: String,
        /// The percent.
        percent: Number,
    },
}

/// Time limits in working days.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What is counted.
    pub period: Spanned<Period>,
    /// Its title.
    pub title: Spanned<Localized>,
    /// How many working days.
    pub working_days: Spanned<u32>,
    /// The clauses that require it.
    pub cites: Vec<Spanned<String>>,
}

/// A period of working days.
#[derive(Deserialize, JsonSchema, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum Period {
    /// From the last day of the online platform to the notice; the day after it is day 1.
    PublishWithin,
    /// The notice, from the day on which it is published.
    Notice,
}

/// A clause without a rule.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct NotEncoded {
    /// The clause.
    pub clause: Spanned<String>,
    /// The reason.
    pub because: Spanned<Localized>,
}

/// A worked example: a small pool and its results.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What it illustrates.
    pub title: Spanned<Localized>,
    /// For every subject the values of the indicators' measures, in the order of the indicators, and what
    /// is expected.
    pub subjects: Vec<Spanned<ExampleSubject>>,
}

/// A subject of an example.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct ExampleSubject {
    /// Its name.
    pub name: String,
    /// The values of the indicators' measures.
    pub values: Vec<Number>,
    /// The score; absent outside the pool.
    #[serde(default)]
    pub score: Option<Number>,
    /// The award, by its name; absent for none.
    #[serde(default)]
    pub award: Option<String>,
}
