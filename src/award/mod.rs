//! The judgement: facts and law in, awards and their reasons out.
//!
//! Pure: knows no files, no language and no pages. Every number is exact.

#![deny(clippy::float_arithmetic, reason = "nothing that decides an award is a binary fraction")]

mod credit;
mod examples;
mod explain;
mod grant;
mod near;
mod records;
mod standing;

pub use credit::{Credit, credit};
pub use examples::prove_examples;
pub use explain::{CountedBuyer, Explanation, GateFinding, IndicatorFinding, Measured, explain};
pub use grant::{Decision, Results, Standing, Subject, decide, judge};
pub use near::{CrowdedCompany, NearMatch, crowded_companies, near_matches};
pub use records::{Records, subjects};
pub use standing::Scored;
