//! Documents in YAML, as values with their places and as types.

pub(super) mod decode;
mod decode_error;
pub(super) mod document;
mod key;
mod rewritten;
pub(super) mod spanned;
mod syntax_hints;
pub(super) mod texts;
