//! What is told of a site while it is served.

use std::time::Duration;

use crate::site::Written;
use crate::source::{Failure, Files, Message, Report};

/// What happens while a site is served, for somebody to tell people.
pub enum News<'a> {
    /// What browsers see has changed.
    Shown {
        /// The inputs that changed; folders with a slash behind. None at the beginning.
        changed: &'a [String],
        /// How long after the change was noticed.
        after: Duration,
        /// The day for which it is made, as `2025-09-26`; none if the files name no day and nobody else did.
        day: Option<String>,
    },
    /// All pages were rendered and checked.
    Checked {
        /// What was found. While there are errors, they are what browsers see.
        report: &'a Report,
        /// The files that it speaks of.
        files: &'a Files,
        /// How much would be published; none if too little could be read to make pages of.
        written: Option<Written>,
    },
    /// The machine failed; the next change is the next try.
    Failed(&'a Failure),
    /// The system does not say when files change, and why; they are looked at every second instead.
    Polling(Message),
}
