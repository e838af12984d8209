//! Salted leaves of a hash tree: a root commits to all of them and tells nothing of any.
//!
//! The tree is that of RFC 9162, section 2.1: a leaf is hashed behind a byte 0, a node behind a byte 1, and a
//! tree of n leaves splits at the largest power of two below n. The salt of a leaf is made of a secret with
//! HMAC-SHA-256 (RFC 2104), so that nobody without it can try whether a leaf says what they guess.

use std::fmt;

use hmac::{Hmac, Mac};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

/// A hash or a salt. It is written as 64 hexadecimal digits in lower case, and read in no other form.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// The hash that hexadecimal digits stand for.
    pub fn parse(digits: &str) -> Option<Digest> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        let pairs = digits.as_bytes().chunks(2);
        let bytes: Option<Vec<u8>> =
            pairs.map(|pair| Some(digit(pair[0])? * 16 + digit(*pair.get(1)?)?)).collect();
        Some(Digest(bytes?.try_into().ok()?))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Digest, D::Error> {
        let digits = String::deserialize(deserializer)?;
        Digest::parse(&digits).ok_or_else(|| Error::custom("expected 64 hexadecimal digits in lower case"))
    }
}

/// What salts are made of. Whoever has it can guess rows: it is never published.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub [u8; 32]);

impl Secret {
    /// The secret made ready to derive much of it.
    pub fn keyed(&self) -> Keyed {
        Keyed(Hmac::new_from_slice(&self.0).expect("HMAC takes keys of any length"))
    }
}

/// A secret that is ready to derive much of it: the key is not hashed again each time.
#[derive(Clone)]
pub struct Keyed(Hmac<Sha256>);

impl Keyed {
    /// What the secret makes of a text in parts: the same for the same parts, and not to be guessed without it.
    pub fn derive(&self, parts: &[&[u8]]) -> Digest {
        let mut mac = self.0.clone();
        for part in parts {
            mac.update(&u64::try_from(part.len()).expect("a part has fewer than 2^64 bytes").to_be_bytes());
            mac.update(part);
        }
        Digest(mac.finalize().into_bytes().into())
    }

    /// A secret of its own for a purpose.
    pub fn secret(&self, parts: &[&[u8]]) -> Keyed {
        Secret(self.derive(parts).0).keyed()
    }
}

/// The hash of a leaf, by its salt and what it says.
pub fn leaf_hash(salt: &Digest, content: &str) -> Digest {
    let mut hasher = Sha256::new();
    hasher.update([0]);
    hasher.update(salt.0);
    hasher.update(content.as_bytes());
    Digest(hasher.finalize().into())
}

fn node_hash(left: &Digest, right: &Digest) -> Digest {
    let mut hasher = Sha256::new();
    hasher.update([1]);
    hasher.update(left.0);
    hasher.update(right.0);
    Digest(hasher.finalize().into())
}

/// A tree, as what commits to it names it.
#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct TreeHead {
    /// How many leaves it has.
    pub leaves: u64,
    /// Its root; of an empty tree the hash of nothing.
    pub root: Digest,
}

impl TreeHead {
    /// That of the tree of some leaves, by their hashes.
    pub fn of(leaves: impl IntoIterator<Item = Digest>) -> TreeHead {
        let mut tree = Merkle::default();
        leaves.into_iter().for_each(|leaf| tree.push(leaf));
        tree.head()
    }

    /// Whether a path leads from a leaf, by its hash and its place, to the root (RFC 9162, section 2.1.3.2).
    pub fn contains(&self, leaf: Digest, place: u64, path: &[Digest]) -> bool {
        if place >= self.leaves {
            return false;
        }
        let (mut place, mut last, mut hash) = (place, self.leaves - 1, leaf);
        for beside in path {
            if last == 0 {
                return false;
            }
            if place & 1 == 1 || place == last {
                hash = node_hash(beside, &hash);
                while place & 1 == 0 && place != 0 {
                    (place, last) = (place >> 1, last >> 1);
                }
            } else {
                hash = node_hash(&hash, beside);
            }
            (place, last) = (place >> 1, last >> 1);
        }
        last == 0 && hash == self.root
    }
}

/// A tree of which leaves are proved: the hashes of its nodes by level, the leaves first.
pub struct Paths(Vec<Vec<Digest>>);

impl Paths {
    /// That of some leaves, by their hashes.
    pub fn new(leaves: Vec<Digest>) -> Paths {
        let mut levels = vec![leaves];
        while let Some(level) = levels.last().filter(|level| level.len() > 1) {
            // The last one stands for itself where it has none beside it.
            let above = level.chunks(2).map(|pair| match pair {
                [left, right] => node_hash(left, right),
                alone => alone[0],
            });
            let above = above.collect();
            levels.push(above);
        }
        Paths(levels)
    }

    /// What leads from a leaf, by its place, to the root: the hash beside it, then those beside the nodes above it
    /// (RFC 9162, section 2.1.3.1).
    pub fn of(&self, place: usize) -> Vec<Digest> {
        let beside = self.0.iter().enumerate().map(|(height, level)| level.get((place >> height) ^ 1));
        beside.flatten().copied().collect()
    }
}

/// A tree that grows leaf by leaf. It holds one hash for each power of two in the number of its leaves.
#[derive(Clone, Default, Debug)]
pub struct Merkle {
    leaves: u64,
    /// The roots of whole trees, by the bits of the number of leaves, the greatest first.
    whole: Vec<Digest>,
}

impl Merkle {
    /// Adds a leaf, by its hash.
    pub fn push(&mut self, leaf: Digest) {
        let mut root = leaf;
        for _ in 0..self.leaves.trailing_ones() {
            let left = self.whole.pop().expect("there is a whole tree for each bit");
            root = node_hash(&left, &root);
        }
        self.whole.push(root);
        self.leaves += 1;
    }

    /// How many leaves it has so far.
    pub fn leaves(&self) -> u64 {
        self.leaves
    }

    /// What commits to it.
    pub fn head(&self) -> TreeHead {
        let mut parts = self.whole.iter().rev();
        let root = match parts.next() {
            None => Digest(Sha256::digest([]).into()),
            Some(&last) => parts.fold(last, |right, left| node_hash(left, &right)),
        };
        TreeHead { leaves: self.leaves, root }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves(count: u8) -> Vec<Digest> {
        (0..count).map(|number| leaf_hash(&Digest([number; 32]), &format!("row {number}"))).collect()
    }

    /// The definition of RFC 9162, word by word.
    fn defined(leaves: &[Digest]) -> Digest {
        match leaves {
            [] => Digest(Sha256::digest([]).into()),
            [leaf] => *leaf,
            _ => {
                let split = leaves.len().next_power_of_two() / 2;
                node_hash(&defined(&leaves[..split]), &defined(&leaves[split..]))
            }
        }
    }

    #[test]
    fn the_root_is_that_of_the_definition_and_only_the_path_of_a_leaf_leads_to_it() {
        for count in 0..40 {
            let leaves = leaves(count);
            let head = TreeHead::of(leaves.iter().copied());
            assert_eq!(head, TreeHead { leaves: u64::from(count), root: defined(&leaves) });
            let paths = Paths::new(leaves.clone());
            for (place, &leaf) in leaves.iter().enumerate() {
                let path = paths.of(place);
                for other in 0..=u64::from(count) {
                    assert_eq!(
                        head.contains(leaf, other, &path),
                        other == place as u64,
                        "{place} of {count}"
                    );
                }
                assert!(!head.contains(Digest([9; 32]), place as u64, &path));
                assert!(!head.contains(leaf, place as u64, &[&path[..], &[leaf]].concat()));
                if let [shorter @ .., _] = &path[..] {
                    assert!(!head.contains(leaf, place as u64, shorter));
                }
            }
        }
    }

    #[test]
    fn a_secret_keeps_parts_apart() {
        let secret = Secret([7; 32]).keyed();
        assert_ne!(secret.derive(&[b"ab", b"c"]), secret.derive(&[b"a", b"bc"]));
    }

    #[test]
    fn a_hash_is_written_in_one_way() {
        let digits = "0123456789abcdef".repeat(4);
        assert_eq!(Digest::parse(&digits).expect("they are 64 digits").to_string(), digits);
        for other in [&digits[1..], &digits.to_uppercase(), &format!("{digits}0"), &digits.replace('0', "g")]
        {
            assert_eq!(Digest::parse(other), None);
        }
    }
}
