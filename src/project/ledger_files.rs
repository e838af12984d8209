//! The files of a fair's ledger: where they are, and what to do where one was changed.

use crate::source::{Message, say};

/// The path of a fair's ledger.
pub(super) fn ledger_path(fair: u32) -> String {
    format!("data/fairs/{fair}/ledger.json")
}

/// The path of the header of a fair's ledger.
pub(super) fn seal_path(fair: u32) -> String {
    format!("data/fairs/{fair}/seal.json")
}

/// The path of what the salts of a fair's ledger are made of.
pub(super) fn secret_path(fair: u32) -> String {
    format!("data/fairs/{fair}/ledger.secret")
}

/// What to do where a file of a ledger was changed.
pub(super) fn bring_back() -> Message {
    say!("a ledger must not be edited: restore the sealed file from a backup")
}
