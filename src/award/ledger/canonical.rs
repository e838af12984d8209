//! Canonical JSON, as RFC 8785 has it: the one text of a value that is hashed and signed.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use sha2::{Digest as _, Sha256};

use crate::award::merkle::Digest;

/// The canonical text of a value.
pub fn canonical(value: &impl Serialize) -> String {
    serde_json_canonicalizer::to_string(value).expect("names are texts and numbers are finite")
}

/// The canonical text of what declares its fields in the order of their names, and has no other numbers than whole ones.
///
/// Of 31,000 decisions the library takes 0.6 of the 15 CPU seconds of sealing each time, and this a tenth of that.
pub(super) fn in_order(value: &impl Serialize) -> String {
    let text = serde_json::to_string(value).expect("names are texts and numbers are finite");
    debug_assert_eq!(text, canonical(value));
    text
}

/// Reads an object that is a map, and refuses a key that stands in it twice: what is read would not be all that is written.
pub fn unique<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, T>, D::Error> {
    struct Unique<T>(PhantomData<T>);
    impl<'de, T: Deserialize<'de>> Visitor<'de> for Unique<T> {
        type Value = BTreeMap<String, T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
            let mut map = BTreeMap::new();
            while let Some((key, value)) = object.next_entry::<String, T>()? {
                if map.insert(key, value).is_some() {
                    return Err(A::Error::custom("a key stands twice"));
                }
            }
            Ok(map)
        }
    }
    deserializer.deserialize_map(Unique(PhantomData))
}

/// The SHA-256 of the canonical text of a value.
pub(super) fn digest(value: &impl Serialize) -> Digest {
    Digest(Sha256::digest(canonical(value)).into())
}
