//! Delimited text.

mod find_encoding;
pub(super) mod reader;
