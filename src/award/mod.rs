//! The judgement: facts and law in, awards and their reasons out.
//!
//! Pure: knows no files, no language and no pages. Every number is exact.

#![deny(clippy::float_arithmetic, reason = "nothing that decides an award is a binary fraction")]

mod bonus;
mod credit;
mod credited;
mod examples;
mod explain;
mod findings;
mod grant;
mod ledger;
mod list;
mod margins;
mod merkle;
mod near;
mod pool_table;
mod records;
mod rewards;
mod ruling;
mod sensitivity;
mod standing;
mod written;

pub use bonus::{BonusLine, bonus_lines, outside_bonus_lines};
pub use credit::{Credit, credit, history_of};
pub use credited::{CreditedBuyer, CreditedBuyers, CreditedMatch};
pub use examples::prove_examples;
pub use explain::{
    CountedBuyer, Explanation, GateFinding, IndicatorFinding, Measured, OtherReading, explain,
};
pub use findings::{Finding, FindingKind, Findings, JoiningKey, KeysMeet, findings};
pub use grant::{Decision, Results, Standing, Subject, decide, judge};
pub use ledger::{
    Amended, Basis, Broken, CountedDays, DecisionProof, Entry, EvidenceDigests, Head, Ledger,
    PublishedRuling, Record, RestsOn, Seal, SealedChange, SealedCorrection, SealedDecision, SealedFinding,
    SealedInput, SealedListed, SealedRows, SealedRulebook, SealedRuling, Sealing, Settings, Stage, Stamp,
    buyers_salt, canonical, differing, explained_ruling, fingerprint, sealed_policies, sealed_rulebook,
    unique,
};
pub use list::{AwardList, ListCorrection, ListRuling, Listed};
pub use margins::{Count, Margin, NextAward, margins, next_award};
pub use merkle::{Digest, Keyed, Merkle, Secret, TreeHead, leaf_hash};
pub use near::{NearMatch, near_matches};
pub use pool_table::{PoolRow, PoolTable};
pub use records::{Records, subjects};
pub use rewards::{reward_tiers, rewards};
pub use ruling::{AwardChange, Correction};
pub use sensitivity::{
    Change, OpenPolicy, Part, Reading, Sensitivity, Undated, Verdict, other_readings, sensitivity,
};
pub use standing::Scored;
pub use written::{WrittenDecision, WrittenIndicator, WrittenNumber, WrittenStanding};
