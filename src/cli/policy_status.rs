//! What the choice of a policy rests on, in words.

use crate::lang::Lang;
use crate::rulebook::{Policy, PolicyStatus};
use crate::source::say;

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
