//! The judgement: facts and law in, awards and their reasons out.
//!
//! Pure: knows no files, no language and no pages. Every number is exact. So it can be fed by hand:
//!
//! ```
//! use jinbang::award::{Subject, decide};
//! use jinbang::lang::Lang;
//! use jinbang::rulebook::{Exact, parse_rulebook};
//! use jinbang::source::{Files, Report};
//!
//! let (files, mut report) = (Files::new("."), Report::new());
//! let text = include_str!("../../data/rulebooks/i-invite-1.yaml");
//! let file = files.id("i-invite-1.yaml");
//! let rulebook = parse_rulebook(&mut report, &files, file, text.into(), &[Lang::ZH, Lang::EN]).unwrap();
//!
//! // Five exhibitors who differ in their new buyers alone, and meet every condition.
//! let subjects = [50, 40, 30, 20, 10].map(|new| Subject {
//!     values: rulebook
//!         .measures
//!         .iter()
//!         .map(|measure| match measure.id.value.as_str() {
//!             "new-buyers" => Exact::from_integer(new),
//!             _ => Exact::from_integer(100),
//!         })
//!         .collect(),
//!     met: vec![true; rulebook.gates.len()],
//! });
//! let decisions = decide(&rulebook, &rulebook.choices, &subjects);
//!
//! // 10 % of 100 points for invitations and 20 % of 100 for regular buyers, where all are first, and 70 % for new ones.
//! let scores = decisions.iter().map(|decision| decision.score.unwrap());
//! assert!(scores.eq([100, 86, 72, 58, 44].map(Exact::from_integer)));
//! let awards = decisions.iter().map(|decision| Some(rulebook.awards[decision.award?].id.value.as_str()));
//! assert!(awards.eq([Some("gold"), Some("gold"), Some("silver"), None, None]));
//! ```

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
mod part;
mod pool_table;
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
pub use rewards::{reward_tiers, rewards};
pub use ruling::{AwardChange, Correction};
pub use sensitivity::{
    Alternative, Change, OpenPolicy, Part, Sensitivity, Undated, Verdict, alternatives, sensitivity,
};
pub use standing::Scored;
pub use written::{WrittenDecision, WrittenIndicator, WrittenNumber, WrittenStanding};
