//! The driver: reads a project, decides, renders, checks, publishes.
//!
//! Knows no terminal.

mod build;
mod judge;
mod preview;
pub mod publish;
mod sample;
mod start;

pub use build::{Built, Goal, JudgedCount, Options, build};
pub use judge::{Judged, choose, judge_fair, judge_project, read_fair};
pub use preview::{Memory, Preview, preview};
pub use sample::{Sample, SampleFormat, SampleOrder, write_sample};
pub use start::{new_activity, new_enterprise, new_fair, start_site};
