//! What is proved of a rulebook before anything is judged by it.

use std::collections::{BTreeMap, BTreeSet};

use super::exact::{Exact, decimal};
use super::file::{Column, MeasureFrom, Requirement, ScaleKind, SchemeTable, Stage};
use super::load::{EXHIBITORS, Rulebook};
use super::policy::{Choices, POLICIES};
use super::prove_rewards::prove_rewards;
use super::totals::reachable_totals;
use crate::data::Spanned;
use crate::lang::{Lang, Localized};
use crate::source::{Report, Span, nearest};

/// Proves a policy and takes its choice.
pub(super) fn policy(
    report: &mut Report,
    named: &Spanned<String>,
    policy: &super::file::Policy,
    choices: &mut Choices,
) -> bool {
    let name = named.value.as_str();
    let Some((_, known)) = POLICIES.iter().find(|(known, _)| *known == name) else {
        let names: Vec<&str> = POLICIES.iter().map(|(name, _)| *name).collect();
        let draft = report.error("unknown-policy", named.span, format!("no policy `{name}`"));
        match nearest(name, names.iter().copied()) {
            Some(meant) => draft.label(format!("did you mean `{meant}`?")),
            None => draft,
        }
        .hint(format!("policies that the program knows: {}", names.join(", ")));
        return false;
    };
    let mut sound = true;
    let mut seen = BTreeSet::new();
    for choice in std::iter::once(&policy.choice).chain(&policy.alternatives) {
        if !known.contains(&choice.value.as_str()) {
            sound = false;
            let draft = report.error(
                "unknown-choice",
                choice.span,
                format!("`{name}` has no choice `{}`", choice.value),
            );
            match nearest(&choice.value, known.iter().copied()) {
                Some(meant) => draft.label(format!("did you mean `{meant}`?")),
                None => draft,
            }
            .hint(format!("choices of `{name}`: {}", known.join(", ")));
        } else if !seen.insert(choice.value.as_str()) {
            sound = false;
            report
                .error("choice-twice", choice.span, format!("`{}` is named twice", choice.value))
                .hint("a reading is either the choice or an alternative");
        }
        if known.contains(&choice.value.as_str()) && !policy.choices.contains_key(&choice.value) {
            sound = false;
            report
                .error("choice-without-words", choice.span, format!("`{}` is not put in words", choice.value))
                .hint(format!("add `{}: {{zh: …, en: …}}` under `choices`", choice.value));
        }
    }
    for (choice, words) in &policy.choices {
        // A misspelt choice is reported where it stands.
        if sound && !seen.contains(choice.as_str()) {
            sound = false;
            report
                .error(
                    "unknown-choice",
                    words.span,
                    format!("`{choice}` is neither the choice nor an alternative"),
                )
                .hint("add it to `alternatives`, or remove its words");
        }
    }
    if policy.alternatives.is_empty() {
        sound = false;
        report
            .error("policy-without-alternative", policy.choice.span, format!("`{name}` has no alternative"))
            .hint("a reading without an alternative is no open question: name one, or remove the policy");
    }
    sound && choices.choose(name, &policy.choice.value)
}

/// Proves a rulebook.
pub(super) fn rulebook(
    report: &mut Report,
    rulebook: &Rulebook,
    title: &Spanned<Localized>,
    subject: &Spanned<String>,
    split_by: Option<&Spanned<String>>,
    languages: &[Lang],
) {
    let errors = report.counts().0;
    prove_words(report, rulebook, title, languages);
    prove_ids(report, rulebook);
    prove_clauses(report, rulebook);
    prove_subject(report, rulebook, subject, split_by);
    prove_measures(report, rulebook);
    prove_gates(report, rulebook);
    prove_scales(report, rulebook);
    prove_indicators(report, rulebook);
    prove_policies_used(report, rulebook);
    prove_awards(report, rulebook);
    prove_rewards(report, rulebook);
    if report.counts().0 == errors {
        // Scores that can be reached follow from sound scales and weights alone.
        prove_no_total_between(report, rulebook);
    }
}

fn prove_words(report: &mut Report, rulebook: &Rulebook, title: &Spanned<Localized>, languages: &[Lang]) {
    let mut texts: Vec<&Spanned<Localized>> = vec![title, &rulebook.source.document];
    for clause in &rulebook.clauses {
        texts.extend([&clause.place, &clause.text]);
    }
    for policy in rulebook.policies.values() {
        texts.extend([&policy.question, &policy.because]);
        texts.extend(policy.choices.values());
    }
    texts.extend(rulebook.measures.iter().flat_map(|measure| [&measure.title, &measure.unit]));
    texts.extend(rulebook.gates.iter().map(|gate| &gate.title));
    texts.extend(rulebook.adjustments.iter().map(|adjustment| &adjustment.title));
    texts.extend(rulebook.awards.iter().map(|award| &award.title));
    texts.extend(rulebook.bonus.iter().map(|bonus| &bonus.title));
    for reward in &rulebook.rewards {
        texts.push(&reward.title);
        texts.extend(&reward.open);
        texts.extend(reward.tiers.iter().map(|tier| &tier.title));
    }
    texts.extend(rulebook.timeline.iter().map(|step| &step.title));
    texts.extend(rulebook.not_encoded.iter().map(|clause| &clause.because));
    texts.extend(rulebook.examples.iter().map(|example| &example.title));
    for text in texts {
        let missing = text.value.missing(languages);
        if !missing.is_empty() {
            let missing: Vec<&str> = missing.iter().map(Lang::code).collect();
            report
                .error(
                    "missing-language",
                    text.span,
                    format!("this text is missing in: {}", missing.join(", ")),
                )
                .hint("write it in every language of the site");
        }
    }
}

fn prove_ids(report: &mut Report, rulebook: &Rulebook) {
    let groups: [Vec<&Spanned<String>>; 7] = [
        rulebook.clauses.iter().map(|clause| &clause.id).collect(),
        rulebook.measures.iter().map(|measure| &measure.id).collect(),
        rulebook.gates.iter().map(|gate| &gate.id).collect(),
        rulebook.scales.iter().map(|scale| &scale.id).collect(),
        rulebook.indicators.iter().map(|indicator| &indicator.id).collect(),
        rulebook.awards.iter().map(|award| &award.id).collect(),
        rulebook.rewards.iter().map(|reward| &reward.id).collect(),
    ];
    let tiers = rulebook.rewards.iter().map(|reward| reward.tiers.iter().map(|tier| &tier.id).collect());
    for group in groups.into_iter().chain(tiers) {
        let mut seen = BTreeSet::new();
        for id in group {
            if !seen.insert(&id.value) {
                report
                    .error("name-twice", id.span, format!("the name `{}` is given twice", id.value))
                    .hint("names are unique among their kind");
            }
            let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            if id.value.is_empty() || !id.value.bytes().all(plain) {
                report
                    .error("bad-name", id.span, format!("`{}` is not a name", id.value))
                    .hint("write a name in lower-case letters, digits and hyphens");
            }
        }
    }
}

/// Everything that cites clauses, with what it is.
fn citations(rulebook: &Rulebook) -> Vec<(&[Spanned<String>], Span)> {
    let mut cited: Vec<(&[Spanned<String>], Span)> = Vec::new();
    cited.extend(rulebook.policies.values().map(|policy| (&policy.cites[..], policy.choice.span)));
    cited.extend(rulebook.measures.iter().map(|measure| (&measure.cites[..], measure.id.span)));
    cited.extend(rulebook.gates.iter().map(|gate| (&gate.cites[..], gate.id.span)));
    cited.extend(rulebook.scales.iter().map(|scale| (&scale.cites[..], scale.id.span)));
    cited.extend(rulebook.indicators.iter().map(|indicator| (&indicator.cites[..], indicator.id.span)));
    cited.extend(rulebook.adjustments.iter().map(|adjustment| (&adjustment.cites[..], adjustment.id.span)));
    cited.extend(rulebook.awards.iter().map(|award| (&award.cites[..], award.id.span)));
    cited.extend(rulebook.bonus.iter().map(|bonus| (&bonus.cites[..], bonus.title.span)));
    cited.extend(rulebook.rewards.iter().map(|reward| (&reward.cites[..], reward.id.span)));
    cited.extend(rulebook.timeline.iter().map(|step| (&step.cites[..], step.period.span)));
    cited
}

fn prove_clauses(report: &mut Report, rulebook: &Rulebook) {
    let known: Vec<&str> = rulebook.clauses.iter().map(|clause| clause.id.value.as_str()).collect();
    let mut cited: BTreeSet<&str> = BTreeSet::new();
    for (cites, span) in citations(rulebook) {
        if cites.is_empty() {
            report
                .error("no-clause", span, "this rule cites no clause")
                .hint("name the clause that it encodes under `cites`");
        }
        for cite in cites {
            cited.insert(&cite.value);
            unknown_name(report, cite, "clause", &known);
        }
    }
    let mut excused: BTreeSet<&str> = BTreeSet::new();
    for entry in &rulebook.not_encoded {
        unknown_name(report, &entry.clause, "clause", &known);
        excused.insert(&entry.clause.value);
        if cited.contains(entry.clause.value.as_str()) {
            report
                .error(
                    "clause-excused",
                    entry.clause.span,
                    format!("clause `{}` is excused, but a rule cites it", entry.clause.value),
                )
                .hint("remove the excuse, or the citation");
        }
    }
    for clause in &rulebook.clauses {
        let id = clause.id.value.as_str();
        if !cited.contains(id) && !excused.contains(id) {
            report
                .error("clause-unused", clause.id.span, format!("no rule cites the clause `{id}`"))
                .hint("encode it, or say under `not_encoded` why it is not");
        }
    }
}

/// Reports a name that is not among those known.
pub(super) fn unknown_name(report: &mut Report, name: &Spanned<String>, what: &str, known: &[&str]) -> bool {
    if known.contains(&name.value.as_str()) {
        return false;
    }
    let draft = report.error("unknown-name", name.span, format!("no {what} `{}`", name.value));
    match nearest(&name.value, known.iter().copied()) {
        Some(meant) => draft.label(format!("did you mean `{meant}`?")),
        None => draft,
    }
    .hint(format!("known: {}", known.join(", ")));
    true
}

fn prove_subject(
    report: &mut Report,
    rulebook: &Rulebook,
    subject: &Spanned<String>,
    split_by: Option<&Spanned<String>>,
) {
    let mut known: Vec<&str> = rulebook.tables.keys().map(String::as_str).collect();
    known.push(EXHIBITORS);
    unknown_name(report, subject, "table", &known);
    for table in rulebook.tables.values() {
        let columns: Vec<&str> = table.columns.keys().map(String::as_str).collect();
        if !unknown_name(report, &table.subject, "column", &columns)
            && table.columns[&table.subject.value] != Column::Id
        {
            report
                .error(
                    "wrong-column",
                    table.subject.span,
                    format!("`{}` is not a column of identifiers", table.subject.value),
                )
                .hint("declare it as `id`");
        }
    }
    if let Some(column) = split_by {
        match rulebook.tables.get(&rulebook.subject) {
            Some(table) => {
                let columns: Vec<&str> = table.columns.keys().map(String::as_str).collect();
                unknown_name(report, column, "column", &columns);
            }
            None => {
                report
                    .error("wrong-column", column.span, "the pool of exhibitors cannot be split")
                    .hint("`split_by` is for schemes with tables of their own");
            }
        }
    }
}

/// Proves that a table and the columns and words looked for in it exist.
fn prove_rows(
    report: &mut Report,
    tables: &BTreeMap<String, SchemeTable>,
    span: Span,
    of: &str,
    only: &BTreeMap<String, Vec<String>>,
) -> bool {
    let names: Vec<&str> = tables.keys().map(String::as_str).collect();
    let name = Spanned { value: of.to_owned(), span };
    if unknown_name(report, &name, "table", &names) {
        return false;
    }
    let table = &tables[of];
    let columns: Vec<&str> = table.columns.keys().map(String::as_str).collect();
    let mut sound = true;
    for (column, words) in only {
        let name = Spanned { value: column.clone(), span };
        if unknown_name(report, &name, "column", &columns) {
            sound = false;
            continue;
        }
        match &table.columns[column] {
            Column::OneOf(known) => {
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                for word in words {
                    let word = Spanned { value: word.clone(), span };
                    sound &= !unknown_name(report, &word, "word", &known);
                }
            }
            Column::Id | Column::Decimal => {
                sound = false;
                report
                    .error(
                        "wrong-column",
                        span,
                        format!("the column `{column}` holds no words of a closed list"),
                    )
                    .hint("only a column declared as `one-of` can be asked for words");
            }
        }
    }
    sound
}

fn prove_measures(report: &mut Report, rulebook: &Rulebook) {
    let exhibitors = rulebook.judges_exhibitors();
    for (index, measure) in rulebook.measures.iter().enumerate() {
        let earlier: Vec<&str> = rulebook.measures[..index].iter().map(|m| m.id.value.as_str()).collect();
        let span = measure.from.span;
        let mut refer = |name: &String| {
            let name = Spanned { value: name.clone(), span };
            unknown_name(report, &name, "earlier measure", &earlier);
        };
        match &measure.from.value {
            MeasureFrom::Invitations(_) | MeasureFrom::OverseasBuyers(_) => {
                if !exhibitors {
                    report
                        .error("wrong-measure", span, "only exhibitors have invitations and buyers")
                        .hint("use `count`, `ratio`, `sum` or `trimmed-mean` on the tables of the scheme");
                }
            }
            MeasureFrom::Ratio { of, to, .. } => {
                refer(of);
                refer(to);
            }
            MeasureFrom::Sum(parts) => {
                for part in parts {
                    refer(part);
                }
            }
            MeasureFrom::Count { of, only } => {
                prove_rows(report, &rulebook.tables, span, of, only);
            }
            MeasureFrom::TrimmedMean { of, column, drop_high, drop_low, at_least_values, .. } => {
                if !prove_rows(report, &rulebook.tables, span, of, &BTreeMap::new()) {
                    continue;
                }
                match rulebook.tables[of].columns.get(column) {
                    Some(Column::Decimal) => {}
                    _ => {
                        report
                            .error(
                                "wrong-column",
                                span,
                                format!("`{of}` has no column `{column}` of decimals"),
                            )
                            .hint("a mean is taken of a column declared as `decimal`");
                    }
                }
                if drop_high + drop_low >= *at_least_values {
                    report
                        .error("bad-number", span, "no value is left for the mean")
                        .hint("ask for more values than are left out");
                }
            }
        }
    }
}

fn prove_gates(report: &mut Report, rulebook: &Rulebook) {
    let measures: Vec<&str> = rulebook.measures.iter().map(|measure| measure.id.value.as_str()).collect();
    for gate in &rulebook.gates {
        let span = gate.require.span;
        match &gate.require.value {
            Requirement::AtLeast { measure, .. } => {
                let name = Spanned { value: measure.clone(), span };
                unknown_name(report, &name, "measure", &measures);
            }
            Requirement::NoPenalty | Requirement::TookPart(_) if !rulebook.judges_exhibitors() => {
                report
                    .error("wrong-gate", span, "only exhibitors have penalties and fairs")
                    .hint("use `no-row` on a table of the scheme");
            }
            Requirement::NoPenalty => {}
            Requirement::TookPart(fairs) => {
                if fairs.is_empty() {
                    report
                        .error("wrong-gate", span, "no fair is named")
                        .hint("name `current`, `previous` or both");
                }
            }
            Requirement::NoRow { of, only } => {
                prove_rows(report, &rulebook.tables, span, of, only);
            }
        }
    }
}

fn prove_scales(report: &mut Report, rulebook: &Rulebook) {
    let zero = Exact::from_integer(0);
    for scale in &rulebook.scales {
        match &scale.points.value {
            ScaleKind::ByRank(rank) => {
                let mut next = 1;
                for band in &rank.bands {
                    if band.value.from != next || band.value.until < band.value.from {
                        report
                            .error("band-gap", band.span, format!("a band is expected to begin at {next} %"))
                            .hint("bands follow one another without gap or overlap and cover 1 to 100 %");
                    }
                    next = band.value.until.saturating_add(1);
                }
                if next != 101 {
                    report
                        .error("band-gap", scale.points.span, format!("the bands end at {} %", next - 1))
                        .hint("bands cover 1 to 100 %");
                }
                for pair in rank.bands.windows(2) {
                    if pair[1].value.points >= pair[0].value.points {
                        report
                            .error(
                                "band-order",
                                pair[1].span,
                                "this band earns no less than the one before it",
                            )
                            .hint("a better rank earns more points");
                    }
                }
            }
            ScaleKind::ByValue(thresholds) => {
                for pair in thresholds.windows(2) {
                    if pair[1].value.at_least >= pair[0].value.at_least {
                        report
                            .error(
                                "threshold-order",
                                pair[1].span,
                                "this threshold is not below the one before it",
                            )
                            .hint("list thresholds from the highest down");
                    }
                }
                if thresholds.last().is_none_or(|last| last.value.at_least.0 > zero) {
                    report
                        .error(
                            "threshold-gap",
                            scale.points.span,
                            "values below the last threshold earn nothing known",
                        )
                        .hint("let the last threshold be `at_least: 0`");
                }
            }
            ScaleKind::AsIs { min, max } => {
                if min >= max {
                    report
                        .error("bad-number", scale.points.span, "the least value is not below the greatest")
                        .hint("correct `min` and `max`");
                }
            }
        }
    }
}

fn prove_indicators(report: &mut Report, rulebook: &Rulebook) {
    let measures: Vec<&str> = rulebook.measures.iter().map(|measure| measure.id.value.as_str()).collect();
    let scales: Vec<&str> = rulebook.scales.iter().map(|scale| scale.id.value.as_str()).collect();
    let mut sum = Exact::from_integer(0);
    for indicator in &rulebook.indicators {
        unknown_name(report, &indicator.measure, "measure", &measures);
        unknown_name(report, &indicator.scale, "scale", &scales);
        if indicator.weight.value.0 <= Exact::from_integer(0) {
            report
                .error("bad-number", indicator.weight.span, "a weight is more than 0")
                .hint("remove the indicator, or give it a weight");
        }
        sum += indicator.weight.value.0;
    }
    if sum != Exact::from_integer(100) {
        let span = rulebook.indicators.last().map_or(rulebook.span, |indicator| indicator.weight.span);
        report
            .error("weights", span, format!("the weights sum to {}, not to 100", decimal(&sum)))
            .hint("correct the weights of the indicators");
    }
    for adjustment in &rulebook.adjustments {
        unknown_name(report, &adjustment.measure, "measure", &measures);
        if adjustment.at_most.0 < Exact::from_integer(0) {
            report
                .error("bad-number", adjustment.id.span, "`at_most` is below 0")
                .hint("give the size; whether points are taken is said by `points_each`");
        }
    }
    for scale in &rulebook.scales {
        if rulebook.indicators.iter().all(|indicator| indicator.scale.value != scale.id.value) {
            report
                .error(
                    "unused-name",
                    scale.id.span,
                    format!("no indicator uses the scale `{}`", scale.id.value),
                )
                .hint("use it, or remove it");
        }
    }
}

/// The policies that the rules of a rulebook ask for.
fn policies_used(rulebook: &Rulebook) -> BTreeSet<&'static str> {
    let mut used = BTreeSet::new();
    for measure in &rulebook.measures {
        match &measure.from.value {
            MeasureFrom::Invitations(_) => used.extend(["invitation-unit"]),
            MeasureFrom::OverseasBuyers(_) => used.extend(["new-or-regular", "invited-before-arrival"]),
            MeasureFrom::TrimmedMean { .. } => used.extend(["rounding"]),
            MeasureFrom::Count { .. } | MeasureFrom::Ratio { .. } | MeasureFrom::Sum(_) => {}
        }
    }
    if rulebook.scales.iter().any(|scale| matches!(scale.points.value, ScaleKind::ByRank(_))) {
        used.extend(["ties", "rounding", "zero-percent", "zero-count"]);
    }
    if rulebook.gates.iter().any(|gate| gate.stage.value == Stage::TwoLatestFairs) {
        used.insert("two-latest-fairs");
    }
    if rulebook.timeline.iter().any(|step| step.period.value == super::file::Period::Notice) {
        used.extend(["notice-first-day", "struck-off"]);
    }
    used
}

fn prove_policies_used(report: &mut Report, rulebook: &Rulebook) {
    let used = policies_used(rulebook);
    for name in &used {
        if !rulebook.policies.contains_key(*name) {
            report
                .error(
                    "missing-policy",
                    rulebook.span,
                    format!("the rules need the policy `{name}`, which is not declared"),
                )
                .hint(format!("declare `{name}` under `policies`, with its choice and alternatives"));
        }
    }
    for (name, policy) in &rulebook.policies {
        if !used.contains(name.as_str()) {
            report
                .error("unused-policy", policy.choice.span, format!("no rule asks for the policy `{name}`"))
                .hint("remove it: it would decide nothing");
        }
    }
}

fn prove_awards(report: &mut Report, rulebook: &Rulebook) {
    let indicators: Vec<&str> =
        rulebook.indicators.iter().map(|indicator| indicator.id.value.as_str()).collect();
    for pair in rulebook.awards.windows(2) {
        if pair[1].at_least.value >= pair[0].at_least.value {
            report
                .error(
                    "award-order",
                    pair[1].at_least.span,
                    format!("`{}` is not below `{}`", pair[1].id.value, pair[0].id.value),
                )
                .hint("list the awards from the highest down");
        }
    }
    for award in &rulebook.awards {
        if let Some(quota) = &award.quota {
            for name in &quota.value.tie_break {
                unknown_name(report, name, "indicator", &indicators);
            }
        }
        if let Some(at_most) = &award.at_most
            && at_most.value < award.at_least.value
        {
            report
                .error("award-order", at_most.span, "`at_most` is below `at_least`")
                .hint("correct one of the two");
        }
    }
    let names: Vec<&str> = rulebook.awards.iter().map(|award| award.id.value.as_str()).collect();
    for (award, points) in rulebook.bonus.iter().flat_map(|bonus| &bonus.points) {
        let name = Spanned { value: award.clone(), span: points.span };
        unknown_name(report, &name, "award", &names);
    }
    for example in &rulebook.examples {
        for subject in &example.subjects {
            if subject.value.values.len() != rulebook.indicators.len() {
                report
                    .error(
                        "example-values",
                        subject.span,
                        format!(
                            "{} values for {} indicators",
                            subject.value.values.len(),
                            rulebook.indicators.len()
                        ),
                    )
                    .hint("give one value for each indicator, in their order");
            }
            if let Some(award) = &subject.value.award {
                let name = Spanned { value: award.clone(), span: subject.span };
                unknown_name(report, &name, "award", &names);
            }
        }
    }
}

/// No score that can be reached falls between two awards, and every award can be reached.
fn prove_no_total_between(report: &mut Report, rulebook: &Rulebook) {
    let totals = reachable_totals(rulebook);
    let mut above: Option<Exact> = None;
    for award in &rulebook.awards {
        let at_least = award.at_least.value.0;
        if let (Some(at_most), Some(above)) = (&award.at_most, above) {
            let highest = at_most.value.0;
            let lost = match &totals {
                Some(totals) => totals.iter().find(|total| **total > highest && **total < above).copied(),
                None => (highest < above).then_some((highest + above) / Exact::from_integer(2)),
            };
            if let Some(lost) = lost {
                report
                    .error("total-between", at_most.span, format!("a score of {} wins nothing, although it is above `{}`", decimal(&lost), award.id.value))
                    .hint("raise `at_most` until no score that can be reached falls between two awards, or remove it");
            }
        }
        if let Some(totals) = &totals {
            let reached =
                totals.iter().any(|total| *total >= at_least && above.is_none_or(|above| *total < above));
            if !reached {
                report
                    .error(
                        "award-unreachable",
                        award.at_least.span,
                        format!("no score that can be reached wins `{}`", award.id.value),
                    )
                    .hint("check the weights, the points and `at_least`");
            }
        }
        above = Some(at_least);
    }
}
