//! The law: an award's rules as data, in a closed and typed vocabulary, read and proved before any row is
//! looked at. Every rule cites the clause that it encodes; every reading that the text leaves open is a
//! named policy.
//!
//! Knows no results.

#![deny(clippy::float_arithmetic, reason = "nothing that decides an award is a binary fraction")]

mod demands;
mod diff;
mod exact;
mod file;
mod load;
mod policy;
mod prove;
mod proved;
mod totals;

pub use diff::{Difference, Part, Written, differences};
pub use exact::{Exact, Number, decimal, round_half_even, round_half_up};
pub use file::{
    Adjustment, Award, Band, Bonus, BuyerHistory, Clause, ClauseKind, Counting, Example, ExampleSubject,
    Gate, Indicator, Joining, JoiningLimit, Measure, MeasureFrom, NotEncoded, NumberLimit, Order, Period,
    Policy, PolicyStatus, Quota, RankScale, Requirement, Reward, RulebookFile, Scale, ScaleKind, Stage, Step,
    TextStatus, Threshold, TieAtEdge, Tier, TierRequirement, Which,
};
pub use load::{FurtherTexts, load_rulebooks, parse_rulebook, pinned, read_further_texts, read_rulebook};
pub use policy::{
    Choices, InvitationUnit, InvitedBeforeArrival, NewOrRegular, NoticeFirstDay, POLICIES, PolicyId,
    Rounding, StruckOff, Ties, TwoLatestFairs, ZeroCount, ZeroPercent,
};
pub use proved::{AwardId, GateId, IndicatorId, MeasureId, Rulebook};
pub use totals::{Combination, combinations, reachable_totals};
