//! What to write instead of a value on the command line.

use std::fmt;

use crate::source::Message;

/// Why a value is none, by what to write instead: what the functions of `args` return that read values.
#[derive(Clone, Debug)]
pub(super) struct Advice(pub(super) Message);

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Advice {}
