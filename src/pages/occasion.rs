//! Something with a date.

use super::front_matter::DateKind;
use crate::data::Date;
use crate::site::ics::When;

/// Something with a date, in the words of one language.
pub(super) struct Occasion {
    /// What tells it from all others, whatever its words: `fair-137-phase-1`.
    pub id: String,
    pub kind: DateKind,
    /// The fair that it belongs to; none for a deadline of a page.
    pub fair: Option<u32>,
    /// The phase in which it is.
    pub phase: Option<u8>,
    /// The enterprises that take part in it, by file stem.
    pub enterprises: Vec<String>,
    pub when: When,
    /// The day of the data that it rests on.
    pub stamp: Date,
    pub title: String,
    pub text: String,
    pub place: String,
    /// Its page, below the language.
    pub path: String,
}
