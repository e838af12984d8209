//! What a policy asks, what is chosen, and what the choice rests on, in words.

use crate::lang::Lang;
use crate::rulebook::{Policy, PolicyStatus};
use crate::source::say;

/// The question of a policy and the answer that a choice gives: the words of a choice are none without their question.
pub(super) fn answered(policy: &Policy, choice: &str, lang: Lang) -> String {
    let question = policy.question.value.get(lang);
    let answer = policy.choices.get(choice).map(|words| words.value.get(lang)).unwrap_or_default();
    say!("{question} {answer}", question, answer).text(lang)
}

/// Whether the text states a choice, it is assumed, or the organiser confirmed it, and where.
pub(super) fn policy_status(policy: &Policy, lang: Lang) -> String {
    let status = match policy.status.value {
        PolicyStatus::Stated => say!("stated in the text"),
        PolicyStatus::Assumed => say!("assumed: the text does not say"),
        PolicyStatus::Confirmed => {
            let date = policy.date.as_ref().map(|date| date.value.to_string()).unwrap_or_default();
            let source = policy.source.as_ref().map(|source| source.value.get(lang)).unwrap_or_default();
            say!("confirmed by the organiser on {date}: {source}", date, source)
        }
    };
    status.text(lang)
}
