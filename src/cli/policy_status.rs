//! What the choice of a policy rests on, in words.

use super::words::words;
use crate::lang::Lang;
use crate::rulebook::Policy;

/// Whether the text states a choice, it is assumed, or the organiser confirmed it, and where.
pub(super) fn policy_status(policy: &Policy, lang: Lang) -> String {
    let date = policy.date.as_ref().map(|date| date.value.to_string()).unwrap_or_default();
    let source = policy.source.as_ref().map(|source| source.value.get(lang)).unwrap_or_default();
    let key = format!("policy.{}", policy.status.value.name());
    words(lang).fill(&key, &[("date", &date), ("source", source)])
}
