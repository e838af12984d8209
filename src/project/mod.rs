//! The driver: reads a project, decides, renders, checks, publishes.
//!
//! Knows no terminal.

mod build;
mod judge;
mod preview;
pub mod publish;
mod sample;

pub use build::{Built, Goal, JudgedCount, Options, build};
pub use preview::{Memory, Preview, preview};
pub use judge::{Judged, choose, judge_fair, judge_project, read_fair};
pub use sample::{Sample, SampleFormat, SampleOrder, write_sample};
