//! The driver: reads a project, decides, renders, checks, publishes.
//!
//! Knows no terminal.

mod build;
mod judge;
mod office;
pub mod publish;
mod sample;

pub use crate::pages::clause_address;
pub use build::{Built, Goal, JudgedCount, Options, build};
pub use judge::{Judged, LANGUAGES, choose, judge_by_both, judge_fair, judge_project, read_fair};
pub use office::write_office_page;
pub use sample::{Sample, SampleFormat, SampleOrder, write_sample};
