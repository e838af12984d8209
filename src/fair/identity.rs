//! The names and e-mail addresses that stand beside the number of a buyer: one person has few of them.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::{Buyer, SharedNumber};
use super::key_table::key_hash;

/// Counts the names and addresses of numbered buyers, by hash.
#[derive(Default)]
pub(super) struct Identities {
    /// What stands in the first row of each buyer, by its number: name, address.
    first: Vec<(u64, u64)>,
    /// Buyers of whom another row has something else.
    several: BTreeMap<u32, Several>,
}

struct Several {
    row: u32,
    names: BTreeSet<u64>,
    emails: BTreeSet<u64>,
}

/// More names or addresses of one number than this are not told apart.
const MOST: usize = 1000;

impl Identities {
    /// Takes a row of a buyer in: the name as it is written, and the e-mail key; empty where there is none.
    pub(super) fn see(&mut self, buyer: u32, row: u32, name: &str, email: &str) {
        let name: String = name.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
        let hash = |text: &str| if text.is_empty() { 0 } else { key_hash(text).max(1) };
        let seen = (hash(&name), hash(email));
        if self.first.len() <= buyer as usize {
            self.first.resize(buyer as usize + 1, (0, 0));
        }
        let first = &mut self.first[buyer as usize];
        if *first == (0, 0) {
            *first = seen;
        }
        if *first == seen {
            return;
        }
        let several = self.several.entry(buyer).or_insert_with(|| Several {
            row,
            names: BTreeSet::from([first.0]),
            emails: BTreeSet::from([first.1]),
        });
        for (known, seen) in [(&mut several.names, seen.0), (&mut several.emails, seen.1)] {
            if known.len() < MOST {
                known.insert(seen);
            }
        }
    }

    /// The buyers with more than one name and more than one address, by number.
    pub(super) fn shared(self) -> Vec<SharedNumber> {
        let count = |hashes: &BTreeSet<u64>| hashes.iter().filter(|hash| **hash != 0).count();
        self.several
            .into_iter()
            .map(|(buyer, several)| SharedNumber {
                buyer: Buyer(buyer),
                row: several.row,
                names: count(&several.names),
                emails: count(&several.emails),
            })
            .filter(|shared| shared.names > 1 && shared.emails > 1)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_with_several_names_and_addresses_is_noticed() {
        let mut identities = Identities::default();
        for (row, (buyer, name, email)) in (0u32..).zip([
            (0, "Ann Example", "ann@a.example"),
            (1, "Bo", "bo@b.example"),
            (0, "ann  example", "ann@a.example"),
            (1, "Cy", "cy@c.example"),
            (1, "Di", ""),
        ]) {
            identities.see(buyer, row, name, email);
        }
        let shared = identities.shared();
        assert_eq!(shared.len(), 1);
        assert_eq!((shared[0].buyer, shared[0].names, shared[0].emails, shared[0].row), (Buyer(1), 3, 2, 3));
    }
}
