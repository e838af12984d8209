//! Rows as salted leaves of a hash tree: a root commits to all of them and tells nothing of any.
//!
//! The tree is that of RFC 6962, section 2.1: a leaf is hashed behind a byte 0, a node behind a byte 1, and a
//! tree of n leaves splits at the largest power of two below n. The salt of a leaf is made of a secret with
//! HMAC-SHA-256 (RFC 2104), so that nobody without it can try whether a row says what they guess.

use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

/// A hash.
pub type Hash = [u8; 32];

/// A hash in hexadecimal digits.
pub fn hex(hash: &Hash) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The hash that hexadecimal digits stand for.
pub fn unhex(digits: &str) -> Option<Hash> {
    let digit = |byte: u8| u8::try_from(char::from(byte).to_digit(16)?).ok();
    let pairs = digits.as_bytes().chunks(2);
    let bytes: Option<Vec<u8>> =
        pairs.map(|pair| Some(digit(pair[0])? * 16 + digit(*pair.get(1)?)?)).collect();
    bytes?.try_into().ok()
}

/// What the salts of a fair's rows are made of. Whoever has it can guess rows: it is never published.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub [u8; 32]);

impl Secret {
    /// What this secret makes of a text: the same for the same text, and not to be guessed without it.
    pub fn derive(&self, parts: &[&[u8]]) -> Hash {
        self.keyed().derive(parts)
    }

    /// The secret made ready to derive much of it.
    pub fn keyed(&self) -> Keyed {
        Keyed(Hmac::new_from_slice(&self.0).expect("HMAC takes keys of any length"))
    }
}

/// A secret that is ready to derive much of it: the key is not hashed again each time.
#[derive(Clone)]
pub struct Keyed(Hmac<Sha256>);

impl Keyed {
    /// What [`Secret::derive`] makes of the same parts.
    pub fn derive(&self, parts: &[&[u8]]) -> Hash {
        let mut mac = self.0.clone();
        for part in parts {
            mac.update(&u64::try_from(part.len()).expect("a part has fewer than 2^64 bytes").to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

/// A row that a tree commits to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Leaf {
    /// Its salt.
    pub salt: Hash,
    /// What it says.
    pub content: String,
}

/// The hash of a leaf, by its salt and what it says.
pub fn leaf_hash(salt: &Hash, content: &str) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([0]);
    hasher.update(salt);
    hasher.update(content.as_bytes());
    hasher.finalize().into()
}

fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([1]);
    hasher.update(left);
    hasher.update(right);
    hasher.finalize().into()
}

/// A tree that grows leaf by leaf. It holds one hash for each power of two in the number of its leaves, and for each leaf
/// that is to be proved what its proof needs so far.
#[derive(Clone, Default, Debug)]
pub struct Merkle {
    whole: Vec<Whole>,
    proofs: Vec<Proof>,
}

/// A whole tree of 2^height leaves.
#[derive(Clone, Debug)]
struct Whole {
    height: u32,
    root: Hash,
    /// The numbers of the proofs of leaves in it.
    proved: Vec<usize>,
}

impl Merkle {
    /// Adds the hash of a leaf.
    pub fn push(&mut self, leaf: Hash) {
        self.add(leaf, Vec::new());
    }

    /// Adds the hash of a leaf that is to be proved.
    pub fn push_proved(&mut self, leaf: Hash) {
        self.proofs.push(Proof { beside: Vec::new() });
        self.add(leaf, vec![self.proofs.len() - 1]);
    }

    fn add(&mut self, leaf: Hash, proved: Vec<usize>) {
        let mut added = Whole { height: 0, root: leaf, proved };
        while let Some(left) = self.whole.pop_if(|left| left.height == added.height) {
            added = self.join(left, added);
        }
        self.whole.push(added);
    }

    fn join(&mut self, left: Whole, right: Whole) -> Whole {
        for &proof in &left.proved {
            self.proofs[proof].beside.push((false, right.root));
        }
        for &proof in &right.proved {
            self.proofs[proof].beside.push((true, left.root));
        }
        let root = node_hash(&left.root, &right.root);
        let mut proved = left.proved;
        proved.extend(right.proved);
        Whole { height: left.height + 1, root, proved }
    }

    /// The root; of an empty tree the hash of nothing.
    pub fn root(&self) -> Hash {
        let mut parts = self.whole.iter().rev().map(|whole| whole.root);
        let Some(last) = parts.next() else { return Sha256::digest([]).into() };
        parts.fold(last, |right, left| node_hash(&left, &right))
    }

    /// The proofs of the leaves that were to be proved, in their order.
    pub fn into_proofs(mut self) -> Vec<Proof> {
        if let Some(mut right) = self.whole.pop() {
            while let Some(left) = self.whole.pop() {
                right = self.join(left, right);
            }
        }
        self.proofs
    }
}

/// What leads from a leaf to the root: at each level the hash beside it, and whether that stands on the left.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proof {
    /// The hashes, from the leaf up.
    pub beside: Vec<(bool, Hash)>,
}

/// The root to which a proof leads from the hash of a leaf.
pub fn root_of(leaf: Hash, proof: &Proof) -> Hash {
    proof.beside.iter().fold(leaf, |hash, (on_the_left, beside)| match on_the_left {
        true => node_hash(beside, &hash),
        false => node_hash(&hash, beside),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves(count: u8) -> Vec<Hash> {
        (0..count).map(|number| leaf_hash(&[number; 32], &format!("row {number}"))).collect()
    }

    /// The definition of RFC 6962, word by word.
    fn defined(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Sha256::digest([]).into(),
            [leaf] => *leaf,
            _ => {
                let split = leaves.len().next_power_of_two() / 2;
                node_hash(&defined(&leaves[..split]), &defined(&leaves[split..]))
            }
        }
    }

    #[test]
    fn the_root_is_that_of_the_definition_and_every_proof_leads_to_it() {
        for count in 0..40 {
            let leaves = leaves(count);
            let mut tree = Merkle::default();
            // Every third leaf is added without a proof.
            let is_proved = |place: &usize| place % 3 != 2;
            for (place, leaf) in leaves.iter().enumerate() {
                match is_proved(&place) {
                    true => tree.push_proved(*leaf),
                    false => tree.push(*leaf),
                }
            }
            let root = tree.root();
            assert_eq!(root, defined(&leaves), "{count} leaves");
            let proved: Vec<Hash> = (0..leaves.len()).filter(is_proved).map(|place| leaves[place]).collect();
            let proofs = tree.into_proofs();
            assert_eq!(proofs.len(), proved.len());
            for (leaf, proof) in proved.iter().zip(proofs) {
                assert_eq!(root_of(*leaf, &proof), root);
                assert_ne!(root_of([9; 32], &proof), root);
            }
        }
    }

    #[test]
    fn a_secret_keeps_parts_apart() {
        let secret = Secret([7; 32]);
        assert_ne!(secret.derive(&[b"ab", b"c"]), secret.derive(&[b"a", b"bc"]));
    }
}
