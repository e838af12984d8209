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
use crate::source::{Message, Report, Span, code, list, nearest, say};

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
        let draft = report.error(code::UNKNOWN_POLICY, named.span, say!("no policy `{name}`", name));
        match nearest(name, names.iter().copied()) {
            Some(meant) => draft.label(say!("did you mean `{meant}`?", meant)),
            None => draft,
        }
        .hint(say!("policies that the program knows: {names}", names = list(&names)));
        return false;
    };
    let mut sound = true;
    let mut seen = BTreeSet::new();
    for choice in std::iter::once(&policy.choice).chain(&policy.alternatives) {
        if !known.contains(&choice.value.as_str()) {
            sound = false;
            let draft = report.error(
                code::UNKNOWN_CHOICE,
                choice.span,
                say!("`{name}` has no choice `{choice}`", name, choice = choice.value),
            );
            match nearest(&choice.value, known.iter().copied()) {
                Some(meant) => draft.label(say!("did you mean `{meant}`?", meant)),
                None => draft,
            }
            .hint(say!("choices of `{name}`: {known}", name, known = list(known.iter())));
        } else if !seen.insert(choice.value.as_str()) {
            sound = false;
            report
                .error(
                    code::CHOICE_TWICE,
                    choice.span,
                    say!("`{choice}` is named twice", choice = choice.value),
                )
                .hint(say!("a reading is either the choice or an alternative"));
        }
        if known.contains(&choice.value.as_str()) && !policy.choices.contains_key(&choice.value) {
            sound = false;
            report
                .error(
                    code::CHOICE_WITHOUT_WORDS,
                    choice.span,
                    say!("`{choice}` is not put in words", choice = choice.value),
                )
                .hint(say!("add `{choice}: {{zh: …, en: …}}` under `choices`", choice = choice.value));
        }
    }
    for (choice, words) in &policy.choices {
        // A misspelt choice is reported where it stands.
        if sound && !seen.contains(choice.as_str()) {
            sound = false;
            report
                .error(
                    code::UNKNOWN_CHOICE,
                    words.span,
                    say!("`{choice}` is neither the choice nor an alternative", choice),
                )
                .hint(say!("add it to `alternatives`, or remove its words"));
        }
    }
    if policy.alternatives.is_empty() {
        sound = false;
        report
            .error(
                code::POLICY_WITHOUT_ALTERNATIVE,
                policy.choice.span,
                say!("`{name}` has no alternative", name),
            )
            .hint(say!(
                "a reading without an alternative is no open question: name one, or remove the policy"
            ));
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
                    code::MISSING_LANGUAGE,
                    text.span,
                    say!("this text is missing in: {missing}", missing = list(&missing)),
                )
                .hint(say!("write it in every language of the site"));
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
                    .error(code::NAME_TWICE, id.span, say!("the name `{id}` is given twice", id = id.value))
                    .hint(say!("names are unique among their kind"));
            }
            let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            if id.value.is_empty() || !id.value.bytes().all(plain) {
                report
                    .error(code::BAD_NAME, id.span, say!("`{id}` is not a name", id = id.value))
                    .hint(say!("write a name in lower-case letters, digits and hyphens"));
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
                .error(code::NO_CLAUSE, span, say!("this rule cites no clause"))
                .hint(say!("name the clause that it encodes under `cites`"));
        }
        for cite in cites {
            cited.insert(&cite.value);
            unknown_name(report, cite, &say!("clause"), &known);
        }
    }
    let mut excused: BTreeSet<&str> = BTreeSet::new();
    for entry in &rulebook.not_encoded {
        unknown_name(report, &entry.clause, &say!("clause"), &known);
        excused.insert(&entry.clause.value);
        if cited.contains(entry.clause.value.as_str()) {
            report
                .error(
                    code::CLAUSE_EXCUSED,
                    entry.clause.span,
                    say!("clause `{clause}` is excused, but a rule cites it", clause = entry.clause.value),
                )
                .hint(say!("remove the excuse, or the citation"));
        }
    }
    for clause in &rulebook.clauses {
        let id = clause.id.value.as_str();
        if !cited.contains(id) && !excused.contains(id) {
            report
                .error(code::CLAUSE_UNUSED, clause.id.span, say!("no rule cites the clause `{id}`", id))
                .hint(say!("encode it, or say under `not_encoded` why it is not"));
        }
    }
}

/// Reports a name that is not among those known.
pub(super) fn unknown_name(
    report: &mut Report,
    name: &Spanned<String>,
    what: &Message,
    known: &[&str],
) -> bool {
    if known.contains(&name.value.as_str()) {
        return false;
    }
    let draft =
        report.error(code::UNKNOWN_NAME, name.span, say!("no {what} `{name}`", what, name = name.value));
    match nearest(&name.value, known.iter().copied()) {
        Some(meant) => draft.label(say!("did you mean `{meant}`?", meant)),
        None => draft,
    }
    .hint(say!("known: {known}", known = list(known.iter())));
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
    unknown_name(report, subject, &say!("table"), &known);
    for table in rulebook.tables.values() {
        let columns: Vec<&str> = table.columns.keys().map(String::as_str).collect();
        if !unknown_name(report, &table.subject, &say!("column"), &columns)
            && table.columns[&table.subject.value] != Column::Id
        {
            report
                .error(
                    code::WRONG_COLUMN,
                    table.subject.span,
                    say!("`{subject}` is not a column of identifiers", subject = table.subject.value),
                )
                .hint(say!("declare it as `id`"));
        }
    }
    if let Some(column) = split_by {
        match rulebook.tables.get(&rulebook.subject) {
            Some(table) => {
                let columns: Vec<&str> = table.columns.keys().map(String::as_str).collect();
                unknown_name(report, column, &say!("column"), &columns);
            }
            None => {
                report
                    .error(code::WRONG_COLUMN, column.span, say!("the pool of exhibitors cannot be split"))
                    .hint(say!("`split_by` is for schemes with tables of their own"));
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
    if unknown_name(report, &name, &say!("table"), &names) {
        return false;
    }
    let table = &tables[of];
    let columns: Vec<&str> = table.columns.keys().map(String::as_str).collect();
    let mut sound = true;
    for (column, words) in only {
        let name = Spanned { value: column.clone(), span };
        if unknown_name(report, &name, &say!("column"), &columns) {
            sound = false;
            continue;
        }
        match &table.columns[column] {
            Column::OneOf(known) => {
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                for word in words {
                    let word = Spanned { value: word.clone(), span };
                    sound &= !unknown_name(report, &word, &say!("word"), &known);
                }
            }
            Column::Id | Column::Decimal => {
                sound = false;
                report
                    .error(
                        code::WRONG_COLUMN,
                        span,
                        say!("the column `{column}` holds no words of a closed list", column),
                    )
                    .hint(say!("only a column declared as `one-of` can be asked for words"));
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
            unknown_name(report, &name, &say!("earlier measure"), &earlier);
        };
        match &measure.from.value {
            MeasureFrom::Invitations(_) | MeasureFrom::OverseasBuyers(_) => {
                if !exhibitors {
                    report
                        .error(code::WRONG_MEASURE, span, say!("only exhibitors have invitations and buyers"))
                        .hint(say!(
                            "use `count`, `ratio`, `sum` or `trimmed-mean` on the tables of the scheme"
                        ));
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
                                code::WRONG_COLUMN,
                                span,
                                say!("`{of}` has no column `{column}` of decimals", of, column),
                            )
                            .hint(say!("a mean is taken of a column declared as `decimal`"));
                    }
                }
                if drop_high + drop_low >= *at_least_values {
                    report
                        .error(code::BAD_NUMBER, span, say!("no value is left for the mean"))
                        .hint(say!("ask for more values than are left out"));
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
                unknown_name(report, &name, &say!("measure"), &measures);
            }
            Requirement::NoPenalty | Requirement::TookPart(_) if !rulebook.judges_exhibitors() => {
                report
                    .error(code::WRONG_GATE, span, say!("only exhibitors have penalties and fairs"))
                    .hint(say!("use `no-row` on a table of the scheme"));
            }
            Requirement::NoPenalty => {}
            Requirement::TookPart(fairs) => {
                if fairs.is_empty() {
                    report
                        .error(code::WRONG_GATE, span, say!("no fair is named"))
                        .hint(say!("name `current`, `previous` or both"));
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
                            .error(
                                code::BAND_GAP,
                                band.span,
                                say!("a band is expected to begin at {next} %", next),
                            )
                            .hint(say!(
                                "bands follow one another without gap or overlap and cover 1 to 100 %"
                            ));
                    }
                    next = band.value.until.saturating_add(1);
                }
                if next != 101 {
                    report
                        .error(
                            code::BAND_GAP,
                            scale.points.span,
                            say!("the bands end at {next} %", next = next - 1),
                        )
                        .hint(say!("bands cover 1 to 100 %"));
                }
                for pair in rank.bands.windows(2) {
                    if pair[1].value.points >= pair[0].value.points {
                        report
                            .error(
                                code::BAND_ORDER,
                                pair[1].span,
                                say!("this band earns no less than the one before it"),
                            )
                            .hint(say!("a better rank earns more points"));
                    }
                }
            }
            ScaleKind::ByValue(thresholds) => {
                for pair in thresholds.windows(2) {
                    if pair[1].value.at_least >= pair[0].value.at_least {
                        report
                            .error(
                                code::THRESHOLD_ORDER,
                                pair[1].span,
                                say!("this threshold is not below the one before it"),
                            )
                            .hint(say!("list thresholds from the highest down"));
                    }
                }
                if thresholds.last().is_none_or(|last| last.value.at_least.0 > zero) {
                    report
                        .error(
                            code::THRESHOLD_GAP,
                            scale.points.span,
                            say!("values below the last threshold earn nothing known"),
                        )
                        .hint(say!("let the last threshold be `at_least: 0`"));
                }
            }
            ScaleKind::AsIs { min, max } => {
                if min >= max {
                    report
                        .error(
                            code::BAD_NUMBER,
                            scale.points.span,
                            say!("the least value is not below the greatest"),
                        )
                        .hint(say!("correct `min` and `max`"));
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
        unknown_name(report, &indicator.measure, &say!("measure"), &measures);
        unknown_name(report, &indicator.scale, &say!("scale"), &scales);
        if indicator.weight.value.0 <= Exact::from_integer(0) {
            report
                .error(code::BAD_NUMBER, indicator.weight.span, say!("a weight is more than 0"))
                .hint(say!("remove the indicator, or give it a weight"));
        }
        sum += indicator.weight.value.0;
    }
    if sum != Exact::from_integer(100) {
        let span = rulebook.indicators.last().map_or(rulebook.span, |indicator| indicator.weight.span);
        report
            .error(code::WEIGHTS, span, say!("the weights sum to {sum}, not to 100", sum = decimal(&sum)))
            .hint(say!("correct the weights of the indicators"));
    }
    for adjustment in &rulebook.adjustments {
        unknown_name(report, &adjustment.measure, &say!("measure"), &measures);
        if adjustment.at_most.0 < Exact::from_integer(0) {
            report
                .error(code::BAD_NUMBER, adjustment.id.span, say!("`at_most` is below 0"))
                .hint(say!("give the size; whether points are taken is said by `points_each`"));
        }
    }
    for scale in &rulebook.scales {
        if rulebook.indicators.iter().all(|indicator| indicator.scale.value != scale.id.value) {
            report
                .error(
                    code::UNUSED_NAME,
                    scale.id.span,
                    say!("no indicator uses the scale `{scale}`", scale = scale.id.value),
                )
                .hint(say!("use it, or remove it"));
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
                    code::MISSING_POLICY,
                    rulebook.span,
                    say!("the rules need the policy `{name}`, which is not declared", name),
                )
                .hint(say!("declare `{name}` under `policies`, with its choice and alternatives", name));
        }
    }
    for (name, policy) in &rulebook.policies {
        if !used.contains(name.as_str()) {
            report
                .error(
                    code::UNUSED_POLICY,
                    policy.choice.span,
                    say!("no rule asks for the policy `{name}`", name),
                )
                .hint(say!("remove it: it would decide nothing"));
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
                    code::AWARD_ORDER,
                    pair[1].at_least.span,
                    say!(
                        "`{lower}` is not below `{upper}`",
                        lower = pair[1].id.value,
                        upper = pair[0].id.value
                    ),
                )
                .hint(say!("list the awards from the highest down"));
        }
    }
    for award in &rulebook.awards {
        if let Some(quota) = &award.quota {
            for name in &quota.value.tie_break {
                unknown_name(report, name, &say!("indicator"), &indicators);
            }
        }
        if let Some(at_most) = &award.at_most
            && at_most.value < award.at_least.value
        {
            report
                .error(code::AWARD_ORDER, at_most.span, say!("`at_most` is below `at_least`"))
                .hint(say!("correct one of the two"));
        }
    }
    let names: Vec<&str> = rulebook.awards.iter().map(|award| award.id.value.as_str()).collect();
    for (award, points) in rulebook.bonus.iter().flat_map(|bonus| &bonus.points) {
        let name = Spanned { value: award.clone(), span: points.span };
        unknown_name(report, &name, &say!("award"), &names);
    }
    for example in &rulebook.examples {
        for subject in &example.subjects {
            if subject.value.values.len() != rulebook.indicators.len() {
                report
                    .error(
                        code::EXAMPLE_VALUES,
                        subject.span,
                        say!(
                            "{values} values for {indicators} indicators",
                            values = subject.value.values.len(),
                            indicators = rulebook.indicators.len()
                        ),
                    )
                    .hint(say!("give one value for each indicator, in their order"));
            }
            if let Some(award) = &subject.value.award {
                let name = Spanned { value: award.clone(), span: subject.span };
                unknown_name(report, &name, &say!("award"), &names);
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
                    .error(code::TOTAL_BETWEEN, at_most.span, say!("a score of {lost} wins nothing, although it is above `{award}`", lost = decimal(&lost), award = award.id.value))
                    .hint(say!("raise `at_most` until no score that can be reached falls between two awards, or remove it"));
            }
        }
        if let Some(totals) = &totals {
            let reached =
                totals.iter().any(|total| *total >= at_least && above.is_none_or(|above| *total < above));
            if !reached {
                report
                    .error(
                        code::AWARD_UNREACHABLE,
                        award.at_least.span,
                        say!("no score that can be reached wins `{award}`", award = award.id.value),
                    )
                    .hint(say!("check the weights, the points and `at_least`"));
            }
        }
        above = Some(at_least);
    }
}
