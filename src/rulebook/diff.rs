//! What differs between two rulebooks, rule by rule. What only reads otherwise is no difference.

use super::exact::decimal;
use super::file::{
    BuyerHistory, ClauseKind, Counting, MeasureFrom, Order, Period, Requirement, ScaleKind, Stage,
    TextStatus, TieAtEdge, TierRequirement, Which,
};
use super::proved::Rulebook;
use crate::data::Spanned;
use crate::lang::Localized;

/// A part of a rulebook.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Part {
    /// What stands at its head: title, fairs, source.
    Head,
    /// What is measured.
    Measure,
    /// A condition.
    Gate,
    /// How measures are converted to points.
    Scale,
    /// The indicators, which are ranked and scored.
    Indicator,
    /// Points added or taken.
    Adjustment,
    /// The awards.
    Award,
    /// Points carried over to later fairs.
    Bonus,
    /// A reward other than the awards.
    Reward,
    /// The open readings.
    Policy,
    /// Time limits in working days.
    Timeline,
    /// Names that stand for no company.
    Placeholder,
    /// How much a key may join before a person looks at it.
    Joining,
    /// The text.
    Clause,
    /// Clauses that no rule encodes.
    NotEncoded,
    /// Worked examples.
    Example,
}

/// A value of a rule, as it is written in a rulebook or put into words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Written {
    /// The same in every language.
    Plain(String),
    /// A text in several languages.
    Text(Localized),
}

/// What differs in one rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// The part of the rulebook.
    pub part: Part,
    /// The name of the rule; empty where a part is one rule.
    pub name: String,
    /// The key that differs, such as `weight`; empty where the whole rule is new or gone.
    pub key: String,
    /// What was written; absent where nothing was.
    pub before: Option<Written>,
    /// What is written now; absent where nothing is.
    pub after: Option<Written>,
    /// The clauses that the rule cites, of either rulebook.
    pub clauses: Vec<String>,
}

/// What a rule says, by key, with the clauses that it cites.
#[derive(Default)]
struct Rule {
    keys: Vec<(String, Written)>,
    clauses: Vec<String>,
}

/// The differences between two rulebooks, in the order of [`Part`] and, within a part, of the newer rulebook.
pub fn differences(before: &Rulebook, after: &Rulebook) -> Vec<Difference> {
    let (before, after) = (rules(before), rules(after));
    let mut found = Vec::new();
    let mut names: Vec<&(Part, String)> = after.iter().map(|(name, _)| name).collect();
    names.extend(
        before.iter().map(|(name, _)| name).filter(|name| !after.iter().any(|(known, _)| known == *name)),
    );
    names.sort_by_key(|(part, _)| *part);
    for name in names {
        let of = |rules: &'_ [((Part, String), Rule)]| rules.iter().position(|(known, _)| known == name);
        let (one, other) =
            (of(&before).map(|place| &before[place].1), of(&after).map(|place| &after[place].1));
        compare(&mut found, name, one, other);
    }
    found
}

fn compare(
    found: &mut Vec<Difference>,
    (part, name): &(Part, String),
    one: Option<&Rule>,
    other: Option<&Rule>,
) {
    let mut clauses: Vec<String> = Vec::new();
    for clause in [one, other].into_iter().flatten().flat_map(|rule| &rule.clauses) {
        if !clauses.contains(clause) {
            clauses.push(clause.clone());
        }
    }
    let difference = |key: &str, before: Option<Written>, after: Option<Written>| Difference {
        part: *part,
        name: name.clone(),
        key: key.to_owned(),
        before,
        after,
        clauses: clauses.clone(),
    };
    let (one, other) = match (one, other) {
        (Some(one), Some(other)) => (one, other),
        (one, other) => {
            let whole = |rule: &Rule| {
                let keys = rule.keys.iter();
                let line = |(key, written): &(String, Written)| match written {
                    Written::Plain(text) => Some(format!("{key} {text}")),
                    Written::Text(_) => None,
                };
                // A text says more than the keys beside it.
                let text = rule.keys.iter().find(|(_, written)| matches!(written, Written::Text(_)));
                match text {
                    Some((_, text)) => text.clone(),
                    None => Written::Plain(keys.filter_map(line).collect::<Vec<_>>().join(", ")),
                }
            };
            found.push(difference("", one.map(whole), other.map(whole)));
            return;
        }
    };
    let value = |rule: &Rule, key: &str| {
        rule.keys.iter().find(|(known, _)| known == key).map(|(_, written)| written.clone())
    };
    let mut keys: Vec<&str> = other.keys.iter().map(|(key, _)| key.as_str()).collect();
    keys.extend(
        one.keys
            .iter()
            .map(|(key, _)| key.as_str())
            .filter(|key| !other.keys.iter().any(|(known, _)| known == key)),
    );
    for key in keys {
        let (before, after) = (value(one, key), value(other, key));
        if before != after {
            found.push(difference(key, before, after));
        }
    }
    if one.clauses != other.clauses {
        let list = |rule: &Rule| Some(Written::Plain(rule.clauses.join(", ")));
        found.push(difference("cites", list(one), list(other)));
    }
}

/// All rules of a rulebook by part and name, in their order.
fn rules(rulebook: &Rulebook) -> Vec<((Part, String), Rule)> {
    let mut rules = Rules::default();
    let head = rules.add(Part::Head, "", &[]);
    head.text("title", &rulebook.title);
    head.plain("from_fair", rulebook.applies.0);
    head.optional("until_fair", rulebook.applies.1);
    head.plain("trial", rulebook.trial);
    head.text("document", &rulebook.source.document.value);
    head.plain(
        "text",
        match rulebook.source.text {
            TextStatus::Paraphrase => "paraphrase",
            TextStatus::Official => "official",
        },
    );
    for measure in &rulebook.measures {
        let rule = rules.add(Part::Measure, &measure.id.value, &measure.cites);
        rule.text("title", &measure.title.value);
        rule.text("unit", &measure.unit.value);
        rule.plain("from", measured_from(&measure.from.value));
    }
    for gate in &rulebook.gates {
        let rule = rules.add(Part::Gate, &gate.id.value, &gate.cites);
        rule.text("title", &gate.title.value);
        rule.plain(
            "stage",
            match gate.stage.value {
                Stage::Pool => "pool",
                Stage::Award => "award",
                Stage::TwoLatestFairs => "two-latest-fairs",
            },
        );
        rule.plain("require", requirement(&gate.require.value));
    }
    for scale in &rulebook.scales {
        add_scale(rules.add(Part::Scale, &scale.id.value, &scale.cites), &scale.points.value);
    }
    for indicator in &rulebook.indicators {
        let rule = rules.add(Part::Indicator, &indicator.id.value, &indicator.cites);
        rule.plain("measure", &indicator.measure.value);
        rule.plain("scale", &indicator.scale.value);
        rule.plain("weight", decimal(&indicator.weight.value.0));
    }
    for adjustment in &rulebook.adjustments {
        let rule = rules.add(Part::Adjustment, &adjustment.id.value, &adjustment.cites);
        rule.text("title", &adjustment.title.value);
        rule.plain("measure", &adjustment.measure.value);
        rule.plain("points_each", decimal(&adjustment.points_each.0));
        rule.plain("at_most", decimal(&adjustment.at_most.0));
    }
    for award in &rulebook.awards {
        let rule = rules.add(Part::Award, &award.id.value, &award.cites);
        rule.text("title", &award.title.value);
        rule.plain("at_least", decimal(&award.at_least.value.0));
        rule.optional("at_most", award.at_most.as_ref().map(|at_most| decimal(&at_most.value.0)));
        if let Some(quota) = &award.quota {
            rule.plain("places", quota.value.places);
            let names: Vec<&str> = quota.value.tie_break.iter().map(|name| name.value.as_str()).collect();
            rule.plain("tie_break", names.join(", "));
            rule.plain(
                "tie_at_edge",
                match quota.value.tie_at_edge {
                    TieAtEdge::AllIn => "all-in",
                    TieAtEdge::AllOut => "all-out",
                },
            );
        }
    }
    if let Some(bonus) = &rulebook.bonus {
        let rule = rules.add(Part::Bonus, "", &bonus.cites);
        rule.text("title", &bonus.title.value);
        for (award, points) in &bonus.points {
            rule.plain(award, points.value);
        }
    }
    for reward in &rulebook.rewards {
        let rule = rules.add(Part::Reward, &reward.id.value, &reward.cites);
        rule.text("title", &reward.title.value);
        if let Some(open) = &reward.open {
            rule.text("open", &open.value);
        }
        for (number, tier) in (1..).zip(&reward.tiers) {
            let require: Vec<String> = tier.require.iter().map(|asked| required(&asked.value)).collect();
            rule.text(&format!("tiers.{}.title", tier.id.value), &tier.title.value);
            rule.plain(&format!("tiers.{}.place", tier.id.value), number);
            rule.plain(&format!("tiers.{}.require", tier.id.value), require.join(", "));
        }
    }
    for (name, policy) in &rulebook.policies {
        let rule = rules.add(Part::Policy, name.name(), &policy.cites);
        rule.text("question", &policy.question.value);
        rule.plain("choice", &policy.choice.value);
        let mut alternatives: Vec<&str> =
            policy.alternatives.iter().map(|choice| choice.value.as_str()).collect();
        alternatives.sort_unstable();
        rule.plain("alternatives", alternatives.join(", "));
        rule.plain("status", policy.status.value.name());
        if let Some(date) = &policy.date {
            rule.plain("date", date.value);
        }
        if let Some(source) = &policy.source {
            rule.text("source", &source.value);
        }
        rule.text("because", &policy.because.value);
        for (choice, words) in &policy.choices {
            rule.text(&format!("choices.{choice}"), &words.value);
        }
    }
    for step in &rulebook.timeline {
        let period = match step.period.value {
            Period::PublishWithin => "publish-within",
            Period::Notice => "notice",
        };
        let rule = rules.add(Part::Timeline, period, &step.cites);
        rule.text("title", &step.title.value);
        rule.plain("working_days", step.working_days.value);
    }
    for (kind, value) in rulebook.placeholders.entries() {
        rules.add(Part::Placeholder, &format!("{kind}: {value}"), &[]);
    }
    if let Some(joining) = &rulebook.joining {
        rules.add(Part::Joining, "joining", &[]).plain("limits", format!("{joining:?}"));
    }
    for clause in &rulebook.clauses {
        let rule = rules.add(Part::Clause, &clause.id.value, &[]);
        rule.clauses.push(clause.id.value.clone());
        rule.plain(
            "kind",
            match clause.kind {
                ClauseKind::Definition => "definition",
                ClauseKind::Operative => "operative",
                ClauseKind::Procedural => "procedural",
            },
        );
        rule.text("text", &clause.text.value);
        rule.text("place", &clause.place.value);
    }
    for entry in &rulebook.not_encoded {
        let rule = rules.add(Part::NotEncoded, &entry.clause.value, std::slice::from_ref(&entry.clause));
        rule.text("because", &entry.because.value);
    }
    for (number, example) in (1..).zip(&rulebook.examples) {
        let rule = rules.add(Part::Example, &number.to_string(), &[]);
        rule.text("title", &example.title.value);
        for subject in &example.subjects {
            let subject = &subject.value;
            let values: Vec<String> = subject.values.iter().map(|value| decimal(&value.0)).collect();
            let score = subject.score.map_or("outside".to_owned(), |score| decimal(&score.0));
            let award = subject.award.as_deref().unwrap_or("no award");
            rule.plain(&subject.name, format!("{}: {score}, {award}", values.join(", ")));
        }
    }
    rules.rules
}

#[derive(Default)]
struct Rules {
    rules: Vec<((Part, String), Rule)>,
}

impl Rules {
    fn add(&mut self, part: Part, name: &str, cites: &[Spanned<String>]) -> &mut Rule {
        let clauses = cites.iter().map(|cite| cite.value.clone()).collect();
        self.rules.push(((part, name.to_owned()), Rule { keys: Vec::new(), clauses }));
        &mut self.rules.last_mut().expect("one was added").1
    }
}

impl Rule {
    fn plain(&mut self, key: &str, value: impl ToString) {
        self.keys.push((key.to_owned(), Written::Plain(value.to_string())));
    }

    fn optional(&mut self, key: &str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.plain(key, value);
        }
    }

    fn text(&mut self, key: &str, text: &Localized) {
        self.keys.push((key.to_owned(), Written::Text(text.clone())));
    }
}

fn measured_from(from: &MeasureFrom) -> String {
    match from {
        MeasureFrom::Invitations(Counting::Sent) => "invitations: sent".to_owned(),
        MeasureFrom::OverseasBuyers(BuyerHistory::New) => "overseas-buyers: new".to_owned(),
        MeasureFrom::OverseasBuyers(BuyerHistory::Regular) => "overseas-buyers: regular".to_owned(),
        MeasureFrom::Ratio { of, to, when_zero } => {
            format!("ratio of {of} to {to}, when_zero {}", decimal(&when_zero.0))
        }
        MeasureFrom::Sum(parts) => format!("sum of {}", parts.join(", ")),
    }
}

fn requirement(requirement: &Requirement) -> String {
    match requirement {
        Requirement::AtLeast { measure, number } => format!("at least {} of {measure}", decimal(&number.0)),
        Requirement::NoPenalty => "no-penalty".to_owned(),
        Requirement::TookPart(fairs) => {
            let fairs: Vec<&str> = fairs
                .iter()
                .map(|which| match which {
                    Which::Current => "current",
                    Which::Previous => "previous",
                })
                .collect();
            format!("took-part: {}", fairs.join(", "))
        }
    }
}

fn add_scale(rule: &mut Rule, scale: &ScaleKind) {
    match scale {
        ScaleKind::ByRank(rank) => {
            rule.plain(
                "order",
                match rank.order {
                    Order::HighToLow => "high-to-low",
                    Order::LowToHigh => "low-to-high",
                },
            );
            for (number, band) in (1..).zip(&rank.bands) {
                let band = band.value;
                let points = decimal(&band.points.0);
                rule.plain(&format!("band {number}"), format!("{}–{} % → {points}", band.from, band.until));
            }
        }
        ScaleKind::ByValue(thresholds) => {
            for (number, threshold) in (1..).zip(thresholds) {
                let (at_least, points) =
                    (decimal(&threshold.value.at_least.0), decimal(&threshold.value.points.0));
                rule.plain(&format!("threshold {number}"), format!("from {at_least} → {points}"));
            }
        }
        ScaleKind::AsIs { min, max } => {
            rule.plain("as-is", format!("{}–{}", decimal(&min.0), decimal(&max.0)))
        }
    }
}

/// What a tier requires, as it is written in a rulebook.
fn required(requirement: &TierRequirement) -> String {
    match requirement {
        TierRequirement::Award(awards) => format!("award {}", awards.join("/")),
        TierRequirement::Gate(gate) => format!("gate {gate}"),
        TierRequirement::AtLeast { measure, number } => format!("{measure} ≥ {}", decimal(&number.0)),
        TierRequirement::RankAtMost { indicator, rank } => format!("rank of {indicator} ≤ {rank}"),
        TierRequirement::PercentAtMost { indicator, percent } => {
            format!("percent of {indicator} ≤ {}", decimal(&percent.0))
        }
    }
}
