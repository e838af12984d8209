//! The driver: reads a project, decides, renders, checks, publishes.
//!
//! Knows no terminal.

mod build;
mod judge;
pub mod publish;
mod sample;
mod schema;

pub use build::{Built, Goal, JudgedCount, Options, build};
pub use judge::{Judged, choose, judge_fair, judge_project, read_fair};
pub use sample::{Sample, SampleFormat, SampleOrder, write_sample};
pub use schema::{FileSchema, schemas, write_schemas};
