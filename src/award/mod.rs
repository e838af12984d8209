//! The judgement: facts and law in, awards and their reasons out.
//!
//! Pure: knows no files, no language and no pages. Every number is exact.

#![deny(clippy::float_arithmetic, reason = "nothing that decides an award is a binary fraction")]

mod credit;
mod examples;
mod explain;
mod grant;
mod margins;
mod records;
mod sensitivity;
mod standing;

pub use credit::{Credit, credit};
pub use examples::prove_examples;
pub use explain::{
    CountedBuyer, Explanation, GateFinding, IndicatorFinding, Measured, OtherReading, explain,
};
pub use grant::{Decision, Results, Standing, Subject, decide, judge};
pub use margins::{Count, Margin, NextAward, margins, next_award};
pub use records::{Records, subjects};
pub use sensitivity::{Change, OpenPolicy, Reading, Sensitivity, Verdict, other_readings, sensitivity};
pub use standing::Scored;
