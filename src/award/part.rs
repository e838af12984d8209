//! What a policy takes part in.

use crate::rulebook::PolicyId;

/// What of a decision depends on a policy.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Decides {
    /// What is counted of an exhibitor.
    Counts,
    /// Where a gate applies.
    Gates,
    /// The rank and the points of whoever is in the pool.
    Points,
    /// Nothing: it says what is done after the decision.
    Nothing,
}

/// What of a decision depends on a policy: what is explained by it, and what is decided again under another choice.
pub(super) fn decides(policy: PolicyId) -> Decides {
    match policy {
        PolicyId::InvitationUnit | PolicyId::NewOrRegular | PolicyId::InvitedBeforeArrival => Decides::Counts,
        PolicyId::TwoLatestFairs => Decides::Gates,
        PolicyId::Ties | PolicyId::Rounding | PolicyId::ZeroPercent | PolicyId::ZeroCount => Decides::Points,
        PolicyId::StruckOff | PolicyId::NoticeFirstDay => Decides::Nothing,
    }
}
