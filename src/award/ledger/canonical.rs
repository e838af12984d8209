//! Canonical JSON, as RFC 8785 has it: the one text of a value that is hashed and signed.

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::award::merkle::Digest;

/// The canonical text of a value.
pub fn canonical(value: &impl Serialize) -> String {
    serde_json_canonicalizer::to_string(value).expect("names are texts and numbers are finite")
}

/// The SHA-256 of the canonical text of a value.
pub(super) fn digest(value: &impl Serialize) -> Digest {
    Digest(Sha256::digest(canonical(value)).into())
}
