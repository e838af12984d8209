//! What is proved of a rulebook before anything is judged by it: words, names and citations here, the rules in a file
//! for each kind.

mod awards;
mod measures;
mod names;
mod policies;
mod rewards;
mod scores;

use std::collections::BTreeSet;

use awards::{prove_awards, prove_no_total_between};
use measures::{prove_gates, prove_measures};
use names::unknown_name;
use policies::prove_policies_used;
pub(super) use policies::prove_policy;
use rewards::prove_rewards;
use scores::{prove_indicators, prove_scales};

use super::proved::Rulebook;
use crate::data::{Decoded, Spanned, report_missing};
use crate::lang::{Lang, Localized};
use crate::source::{Report, Span, code, say};

/// Proves a rulebook. Whether it is sound; what is wrong is reported.
pub(super) fn prove_rulebook(
    report: &mut Report,
    rulebook: &Rulebook,
    title: &Spanned<Localized>,
    languages: &[Lang],
) -> bool {
    let proved = Decoded::by(report, |report| {
        prove_words(report, rulebook, title, languages);
        prove_ids(report, rulebook);
        prove_clauses(report, rulebook);
        prove_measures(report, rulebook);
        prove_gates(report, rulebook);
        prove_scales(report, rulebook);
        prove_indicators(report, rulebook);
        prove_policies_used(report, rulebook);
        prove_awards(report, rulebook);
        prove_rewards(report, rulebook);
    });
    // Scores that can be reached follow from sound scales and weights alone.
    proved.complete && prove_no_total_between(report, rulebook)
}

fn prove_words(report: &mut Report, rulebook: &Rulebook, title: &Spanned<Localized>, languages: &[Lang]) {
    let mut texts: Vec<&Spanned<Localized>> = vec![title, &rulebook.source.document];
    for clause in &rulebook.clauses {
        texts.extend([&clause.place, &clause.text]);
    }
    for policy in rulebook.policies.values() {
        texts.extend([&policy.question, &policy.because]);
        texts.extend(policy.choices.values().chain(&policy.source));
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
        report_missing(report, text, languages);
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
                    .error(code::NAME_TWICE, id.span, say!("duplicate name `{id}`", id = id.value))
                    .hint(say!("each kind needs unique names"));
            }
            let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            if id.value.is_empty() || !id.value.bytes().all(plain) {
                report
                    .error(code::BAD_NAME, id.span, say!("`{id}` is not a valid name", id = id.value))
                    .hint(say!("use lower-case letters, digits and hyphens"));
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
                .hint(say!("give the clause that it implements under `cites`"));
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
                    say!(
                        "clause `{clause}` is listed under `not_encoded`, but a rule cites it",
                        clause = entry.clause.value
                    ),
                )
                .hint(say!("remove the entry under `not_encoded`, or the citation"));
        }
    }
    for clause in &rulebook.clauses {
        let id = clause.id.value.as_str();
        if !cited.contains(id) && !excused.contains(id) {
            report
                .error(code::CLAUSE_UNUSED, clause.id.span, say!("no rule cites the clause `{id}`", id))
                .hint(say!("add a rule for it, or explain under `not_encoded` why there is none"));
        }
    }
}
