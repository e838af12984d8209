//! Where things are written: files, places in them, and what is wrong there.
//!
//! Knows nothing of fairs. A [`Span`] is a value's provenance: the place that makes an error exact is
//! the place that makes an award explainable.

mod excerpt;
mod files;
mod remember;
mod report;
mod span;

pub use excerpt::Style;
pub use files::{Failure, Files};
pub use remember::{Remembered, fingerprint};
pub use report::{Code, Draft, Level, Problem, Report, nearest};
pub use span::{FileId, Place, Span, column_letters};
