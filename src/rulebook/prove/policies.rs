//! What is proved of policies: each has words and an alternative for its choice, and a rule that asks for it.

use std::collections::BTreeSet;

use crate::data::Spanned;
use crate::rulebook::file::{MeasureFrom, Period, Policy, PolicyStatus, ScaleKind, Stage};
use crate::rulebook::policy::{Choices, PolicyId};
use crate::rulebook::proved::Rulebook;
use crate::source::{Report, code, list, nearest, say};

/// Proves a policy and takes its choice.
pub(in crate::rulebook) fn prove_policy(
    report: &mut Report,
    named: &Spanned<String>,
    policy: &Policy,
    choices: &mut Choices,
) -> Option<PolicyId> {
    let name = named.value.as_str();
    let Some(id) = PolicyId::find(name) else {
        let names: Vec<&str> = PolicyId::ALL.iter().map(|policy| policy.name()).collect();
        report
            .error(code::UNKNOWN_POLICY, named.span, say!("unknown policy `{name}`", name))
            .label_meant(nearest(name, names.iter().copied()))
            .hint(say!("known policies: {names}", names = list(&names)));
        return None;
    };
    let known = id.choices();
    let mut sound = true;
    let mut seen = BTreeSet::new();
    for choice in std::iter::once(&policy.choice).chain(&policy.alternatives) {
        if !known.contains(&choice.value.as_str()) {
            sound = false;
            report
                .error(
                    code::UNKNOWN_CHOICE,
                    choice.span,
                    say!("`{name}` has no choice `{choice}`", name, choice = choice.value),
                )
                .label_meant(nearest(&choice.value, known.iter().copied()))
                .hint(say!("choices of `{name}`: {known}", name, known = list(known.iter())));
        } else if !seen.insert(choice.value.as_str()) {
            sound = false;
            report
                .error(
                    code::CHOICE_TWICE,
                    choice.span,
                    say!("`{choice}` is listed twice", choice = choice.value),
                )
                .hint(say!("list each once only, as the choice or as an alternative"));
        }
        if known.contains(&choice.value.as_str()) && !policy.choices.contains_key(&choice.value) {
            sound = false;
            report
                .error(
                    code::CHOICE_WITHOUT_WORDS,
                    choice.span,
                    say!("`{choice}` has no description", choice = choice.value),
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
                .hint(say!("add it to `alternatives`, or remove its description"));
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
            .hint(say!("add an alternative, or remove the policy"));
    }
    sound &= prove_status(report, name, policy);
    (sound && choices.choose(name, &policy.choice.value)).then_some(id)
}

/// Proves that a policy names who confirmed it if it says so, and only then.
fn prove_status(report: &mut Report, name: &str, policy: &Policy) -> bool {
    let (status, span) = (policy.status.value, policy.status.span);
    let keys = [
        ("date", policy.date.as_ref().map(|date| date.span)),
        ("source", policy.source.as_ref().map(|source| source.span)),
    ];
    let mut sound = true;
    for (key, given) in keys {
        match (status, given) {
            (PolicyStatus::Confirmed, None) => {
                sound = false;
                report
                    .error(code::POLICY_STATUS, span, say!("`{name}` is confirmed, but `{key}` is missing", name, key))
                    .hint(say!("add `date` (the day) and `source` (the letter or notice) of the organiser's confirmation, or write `status: assumed`"));
            }
            (PolicyStatus::Stated | PolicyStatus::Assumed, Some(span)) => {
                sound = false;
                report
                    .error(code::POLICY_STATUS, span, say!("`{name}` has `{key}`, but its status is `{status}`", name, key, status = status.name()))
                    .hint(say!("`date` and `source` are only for `status: confirmed`: remove `{key}`, or write `status: confirmed`", key));
            }
            _ => {}
        }
    }
    sound
}

/// The policies that the rules of a rulebook ask for.
fn policies_used(rulebook: &Rulebook) -> BTreeSet<PolicyId> {
    let mut used = BTreeSet::new();
    for measure in &rulebook.measures {
        match &measure.from.value {
            MeasureFrom::Invitations(_) => used.extend([PolicyId::InvitationUnit]),
            MeasureFrom::OverseasBuyers(_) => {
                used.extend([PolicyId::NewOrRegular, PolicyId::InvitedBeforeArrival])
            }
            MeasureFrom::Ratio { .. } | MeasureFrom::Sum(_) => {}
        }
    }
    if rulebook.scales.iter().any(|scale| matches!(scale.points.value, ScaleKind::ByRank(_))) {
        used.extend([PolicyId::Ties, PolicyId::Rounding, PolicyId::ZeroPercent, PolicyId::ZeroCount]);
    }
    if rulebook.gates.iter().any(|gate| gate.stage.value == Stage::TwoLatestFairs) {
        used.insert(PolicyId::TwoLatestFairs);
    }
    if rulebook.timeline.iter().any(|step| step.period.value == Period::Notice) {
        used.extend([PolicyId::NoticeFirstDay, PolicyId::StruckOff]);
    }
    used
}

pub(super) fn prove_policies_used(report: &mut Report, rulebook: &Rulebook) {
    let used = policies_used(rulebook);
    for policy in &used {
        if !rulebook.policies.contains_key(policy) {
            let name = policy.name();
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
        if !used.contains(name) {
            let name = name.name();
            report
                .error(
                    code::UNUSED_POLICY,
                    policy.choice.span,
                    say!("no rule asks for the policy `{name}`", name),
                )
                .hint(say!("remove it: it has no effect"));
        }
    }
}
