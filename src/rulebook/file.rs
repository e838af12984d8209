//! The vocabulary of a rulebook file. It is closed: a key or a word that does not stand here is refused.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::exact::Number;
use crate::data::{Date, Spanned};
use crate::lang::Localized;

/// What is written for a key where there is none, compared as the keys are.
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

/// How much a key may join: one that reaches a limit is a finding, which a person accepts or mends before the fair is
/// sealed. No finding decides anything by itself.
#[derive(Deserialize, JsonSchema, Clone, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct Joining {
    /// Limits of an invitation code. It is reached where one of them is.
    #[serde(default)]
    pub code: Vec<JoiningLimit>,
    /// Limits of an e-mail address.
    #[serde(default)]
    pub email: Vec<JoiningLimit>,
    /// Limits of a company's name.
    #[serde(default)]
    pub company: Vec<JoiningLimit>,
    /// The limit of the number of a buyer.
    #[serde(default)]
    pub buyer: Option<NumberLimit>,
    /// A value that stands in letters of so many exhibitors is shown in messages; others are masked.
    pub shown_from: u32,
}

/// A limit that is reached where all that it says is reached.
#[derive(Deserialize, JsonSchema, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct JoiningLimit {
    /// So many buyers have the key.
    #[serde(default)]
    pub buyers: u32,
    /// It stands in letters of so many exhibitors.
    #[serde(default)]
    pub exhibitors: u32,
    /// It stands in letters of one in so many of the exhibitors that sent any: 3 is a third.
    #[serde(default)]
    pub one_in: Option<u32>,
}

/// The limit of the number of a buyer, reached where both are.
#[derive(Deserialize, JsonSchema, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct NumberLimit {
    /// So many names stand beside it.
    pub names: usize,
    /// So many e-mail addresses stand beside it.
    pub emails: usize,
}

/// A rulebook as it is written.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct RulebookFile {
    /// Always `jinbang-rulebook/1`.
    pub format: Spanned<String>,
    /// Name of the award's rules, the same in all versions.
    pub id: Spanned<String>,
    /// Version of the rules.
    pub version: Spanned<u32>,
    /// The fairs for which it is in force.
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
    /// The points on which the text could be applied in more than one way.
    #[serde(default)]
    pub policies: BTreeMap<Spanned<String>, Policy>,
    /// What is written for a key where there is none.
    #[serde(default)]
    pub placeholders: PlaceholdersFile,
    /// How much a key may join before a person has to look at it.
    #[serde(default)]
    pub joining: Option<Joining>,
    /// What is measured.
    pub measures: Vec<Measure>,
    /// What must be met to be ranked or to receive an award.
    pub gates: Vec<Gate>,
    /// How a measure becomes points.
    pub scales: Vec<Scale>,
    /// What is ranked and scored.
    pub indicators: Vec<Indicator>,
    /// Points added to or taken from the weighted sum.
    #[serde(default)]
    pub adjustments: Vec<Adjustment>,
    /// The awards, highest first.
    pub awards: Vec<Award>,
    /// Points that outlive the fair.
    #[serde(default)]
    pub bonus: Option<Bonus>,
    /// What else is given, by tiers.
    #[serde(default)]
    pub rewards: Vec<Reward>,
    /// Days that are counted.
    #[serde(default)]
    pub timeline: Vec<Step>,
    /// Clauses that no rule encodes, each with the reason.
    #[serde(default)]
    pub not_encoded: Vec<NotEncoded>,
    /// Worked examples; they are proved whenever the rulebook is read, and shown on the site.
    #[serde(default)]
    pub examples: Vec<Example>,
}

/// The fairs for which a rulebook is in force, both ends included.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Applies {
    /// The first fair.
    pub from_fair: u32,
    /// The last fair; absent while no later version closes it.
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
    /// In our words.
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
    /// Where it stands in the document.
    pub place: Spanned<Localized>,
    /// What it says.
    pub text: Spanned<Localized>,
}

/// What a clause is.
#[derive(Deserialize, JsonSchema, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum ClauseKind {
    /// It says what a word means.
    Definition,
    /// It decides who gets what.
    Operative,
    /// It says what is done when, and by whom.
    Procedural,
}

/// A point on which the text could be applied in more than one way.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// What is asked.
    pub question: Spanned<Localized>,
    /// The choice that is applied.
    pub choice: Spanned<String>,
    /// The choices that could be applied instead.
    pub alternatives: Vec<Spanned<String>>,
    /// Every choice in words.
    pub choices: BTreeMap<String, Spanned<Localized>>,
    /// Why this choice.
    pub because: Spanned<Localized>,
    /// What the choice rests on.
    pub status: Spanned<PolicyStatus>,
    /// The day on which the organiser confirmed the choice.
    #[serde(default)]
    pub date: Option<Spanned<Date>>,
    /// Where the organiser confirmed the choice.
    #[serde(default)]
    pub source: Option<Spanned<Localized>>,
    /// The clauses that it is about.
    pub cites: Vec<Spanned<String>>,
}

/// What a choice rests on.
#[derive(Deserialize, JsonSchema, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum PolicyStatus {
    /// The clauses that are cited say so.
    Stated,
    /// The text is silent.
    Assumed,
    /// The organiser said so, on the day and in the source that are given.
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

/// What must be met.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// Its name in this file and in results.
    pub id: Spanned<String>,
    /// Its title.
    pub title: Spanned<Localized>,
    /// Where it applies.
    pub stage: Spanned<Stage>,
    /// What is required.
    pub require: Spanned<Requirement>,
    /// The clauses that demand it.
    pub cites: Vec<Spanned<String>>,
}

/// Where a gate applies.
#[derive(Deserialize, JsonSchema, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Whoever does not meet it is not ranked.
    Pool,
    /// Whoever does not meet it is ranked, and its award is withheld.
    Award,
    /// As the policy `two-latest-fairs` says.
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
    /// The fair that is judged.
    Current,
    /// The latest fair held before it.
    Previous,
}

/// How a measure becomes points.
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

/// A way from a measure to points.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum ScaleKind {
    /// By the percent of the rank in the pool.
    ByRank(RankScale),
    /// By the value alone: the points of the first threshold that it reaches.
    ByValue(Vec<Spanned<Threshold>>),
    /// The value is the points.
    AsIs {
        /// The least value.
        min: Number,
        /// The greatest value.
        max: Number,
    },
}

/// Points by the percent of the rank.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct RankScale {
    /// Who is first.
    pub order: Order,
    /// The bands, from the first percent on.
    pub bands: Vec<Spanned<Band>>,
}

/// Who is first in a ranking.
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

/// A value from which on points are earned.
#[derive(Deserialize, JsonSchema, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// The least value.
    pub at_least: Number,
    /// The points.
    pub points: Number,
}

/// What is ranked and scored.
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

/// Points added to or taken from the weighted sum.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Adjustment {
    /// Its name in this file.
    pub id: Spanned<String>,
    /// Its title.
    pub title: Spanned<Localized>,
    /// The measure.
    pub measure: Spanned<String>,
    /// Points for each unit of the measure; negative points are taken away.
    pub points_each: Number,
    /// The most points that it adds or takes.
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
    /// The least score.
    pub at_least: Spanned<Number>,
    /// The greatest score, where the text names one.
    #[serde(default)]
    pub at_most: Option<Spanned<Number>>,
    /// How many may have it; absent = all who reach the score.
    #[serde(default)]
    pub quota: Option<Spanned<Quota>>,
    /// The clauses that define it.
    pub cites: Vec<Spanned<String>>,
}

/// How many may have an award.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    /// Places.
    pub places: usize,
    /// Indicators whose points decide between equal scores, in this order.
    #[serde(default)]
    pub tie_break: Vec<Spanned<String>>,
    /// What happens to those who are equal in everything where the places end.
    pub tie_at_edge: TieAtEdge,
}

/// What happens to those who are equal where the places end.
#[derive(Deserialize, JsonSchema, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum TieAtEdge {
    /// All of them get the award.
    AllIn,
    /// None of them gets it.
    AllOut,
}

/// Points that outlive the fair.
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

/// What is given beside the awards.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Reward {
    /// Its name in this file and in results.
    pub id: Spanned<String>,
    /// Its title.
    pub title: Spanned<Localized>,
    /// Its tiers, the highest first; the first of which all is met is given.
    #[serde(default)]
    pub tiers: Vec<Tier>,
    /// What the text leaves to be published elsewhere, where it names no tier.
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
    /// What must be met, all of it.
    pub require: Vec<Spanned<TierRequirement>>,
}

/// What a tier requires.
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

/// Days that are counted.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What is counted.
    pub period: Spanned<Period>,
    /// Its title.
    pub title: Spanned<Localized>,
    /// How many working days.
    pub working_days: Spanned<u32>,
    /// The clauses that demand it.
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

/// A clause that no rule encodes.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct NotEncoded {
    /// The clause.
    pub clause: Spanned<String>,
    /// Why not.
    pub because: Spanned<Localized>,
}

/// A worked example: a small pool, and what comes of it.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What it shows.
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
