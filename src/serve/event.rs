//! What the thread that follows the files waits for.

use std::sync::Arc;

use super::edition::{Edition, Outcome};
use crate::source::Failure;

/// What is said to the thread that follows the files.
pub(super) enum Event {
    /// Something may have changed at these paths below the root.
    Changed(Vec<String>),
    /// Something may have changed anywhere.
    Lost,
    /// An edition can answer.
    Planned(Arc<Edition>),
    /// An edition, by its number, was checked as a whole.
    Checked(u64, Outcome),
    /// An answer could not be made because of a fault of the program.
    Fault(Failure),
    /// The end.
    Stop,
}
