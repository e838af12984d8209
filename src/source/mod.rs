//! Where things are written: files, places in them, and what is wrong there.
//!
//! Knows nothing of fairs. A [`Span`] is a value's provenance: the place that makes an error exact is
//! the place that makes an award explainable. What is said of it is a [`Message`], which is put into a
//! language where it is shown.

mod chinese;
pub mod code;
mod excerpt;
mod failure;
pub mod fault;
mod files;
mod links;
mod listing;
mod location;
mod memory;
mod merge;
mod message;
mod named;
mod names;
mod pasted;
pub mod platform;
mod remember;
mod report;
mod root;
mod separated;
mod span;
mod stamp;
mod store;
pub mod write;

pub use chinese::chinese;
pub use code::Code;
pub use excerpt::{Notes, Printed, Style};
pub use failure::{Blame, Failure};
pub use files::Files;
pub use location::Location;
pub use memory::{Remembered, fingerprint};
pub use merge::{Merging, report_conflict, report_conflict_at};
pub(crate) use message::say;
pub use message::{Joint, Message, Sayable, Value, all_of, any_of, check_places, list, phrases, sentences};
pub use names::{is_table_name, meant_by_table, meant_name};
pub use pasted::{report_pasted, without_pasted};
pub use report::{Draft, Level, Problem, Report, nearest, nearest_alone, nearest_of};
pub use separated::separated;
pub use span::{FileId, Place, Span, column_letters};
pub use store::{Store, StoreKey};
