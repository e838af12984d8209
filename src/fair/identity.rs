//! The names and e-mail addresses that stand beside the number of a buyer: one person has few of them.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::{Buyer, OnePerson, SharedNumber};
use super::key_table::key_hash;

/// Counts the names and addresses of buyers, by hash.
#[derive(Default)]
pub(super) struct Identities {
    /// What stands in the first row of each buyer, by its number.
    first: Vec<Identity>,
    /// Where names are folded.
    name: String,
    /// Buyers of whom another row has something else.
    several: BTreeMap<u32, Several>,
}

/// Hashes of what tells persons apart; 0 for what is missing.
#[derive(Clone, Copy, Default)]
struct Identity {
    name: u64,
    email: u64,
    /// Of the digits of the buyer's number: they are the same in whatever notation it is written.
    digits: u64,
    company: u64,
    row: u32,
}

struct Several {
    row: u32,
    names: BTreeSet<u64>,
    emails: BTreeSet<u64>,
}

/// More names or addresses of one number than this are not told apart.
const MOST: usize = 1000;

impl Identities {
    /// Takes a row of a buyer in: its number if it has one, the name as it is written, and the e-mail key; empty where
    /// there is none.
    pub(super) fn see(
        &mut self,
        buyer: u32,
        row: u32,
        number: Option<&str>,
        name: &str,
        email: &str,
        company: &str,
    ) {
        self.name.clear();
        self.name.extend(name.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase));
        let hash = |text: &str| if text.is_empty() { 0 } else { key_hash(text).max(1) };
        let seen = (hash(&self.name), hash(email));
        if self.first.len() <= buyer as usize {
            let digits: String = number.unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
            let digits = hash(digits.trim_start_matches('0'));
            self.first.push(Identity { name: seen.0, email: seen.1, digits, company: hash(company), row });
        }
        let first = &mut self.first[buyer as usize];
        if (first.name, first.email) == (0, 0) {
            (first.name, first.email) = seen;
        }
        if (first.name, first.email) == seen || number.is_none() {
            return;
        }
        let several = self.several.entry(buyer).or_insert_with(|| Several {
            row,
            names: BTreeSet::from([first.name]),
            emails: BTreeSet::from([first.email]),
        });
        for (known, seen) in [(&mut several.names, seen.0), (&mut several.emails, seen.1)] {
            if known.len() < MOST {
                known.insert(seen);
            }
        }
    }

    /// The buyers that seem to be one person with an earlier one, each with the first of them: two of name, e-mail
    /// address and digits of the number are the same, or name and company where an address is missing.
    pub(super) fn same_person(&self) -> Vec<(u32, u32)> {
        let mut earlier: Vec<u32> = (0u32..).take(self.first.len()).collect();
        type Two = fn(&Identity) -> [u64; 2];
        let twos: [Two; 4] = [
            |of| [of.name, of.email],
            |of| [of.name, of.digits],
            |of| [of.email, of.digits],
            |of| [of.name, of.company],
        ];
        for (number, two) in twos.into_iter().enumerate() {
            let by_company = number == 3;
            let mut known: Vec<([u64; 2], u32)> = (0u32..)
                .zip(&self.first)
                .map(|(buyer, of)| (two(of), buyer))
                .filter(|(two, _)| !two.contains(&0))
                .collect();
            known.sort_unstable();
            for alike in known.chunk_by(|one, other| one.0 == other.0) {
                // Of one name in a company there may be several persons, if each has an address.
                let is_one = |two: &&[([u64; 2], u32)]| {
                    let [one, other] = [two[0].1, two[1].1].map(|buyer| self.first[buyer as usize].email);
                    one == 0 || other == 0 || one == other || !by_company
                };
                for two in alike.windows(2).filter(is_one) {
                    let two = [first_of(&mut earlier, two[0].1), first_of(&mut earlier, two[1].1)];
                    earlier[two[0].max(two[1]) as usize] = two[0].min(two[1]);
                }
            }
        }
        let buyers = (0u32..).take(self.first.len());
        buyers
            .map(|buyer| (buyer, first_of(&mut earlier, buyer)))
            .filter(|(buyer, first)| buyer != first)
            .collect()
    }

    /// What is to be said of persons who are several buyers.
    pub(super) fn one_person(&self, same: &[(u32, u32)]) -> Option<OnePerson> {
        let (buyer, _) = same.first()?;
        let persons: BTreeSet<u32> = same.iter().map(|(_, first)| *first).collect();
        let row = self.first[*buyer as usize].row;
        Some(OnePerson { persons: persons.len(), buyers: persons.len() + same.len(), row })
    }

    /// The buyers with more than one address, and with more than one name or none, by number.
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
            .filter(|shared| shared.names != 1 && shared.emails > 1)
            .collect()
    }
}

/// Follows a buyer to the first one of its person, and makes the way shorter.
fn first_of(earlier: &mut [u32], mut buyer: u32) -> u32 {
    while earlier[buyer as usize] != buyer {
        earlier[buyer as usize] = earlier[earlier[buyer as usize] as usize];
        buyer = earlier[buyer as usize];
    }
    buyer
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
            identities.see(buyer, row, Some(&row.to_string()), name, email, "");
        }
        let shared = identities.shared();
        assert_eq!(shared.len(), 1);
        assert_eq!((shared[0].buyer, shared[0].names, shared[0].emails, shared[0].row), (Buyer(1), 3, 2, 3));
    }

    #[test]
    fn a_person_with_several_numbers_is_noticed() {
        let mut identities = Identities::default();
        for (buyer, (number, name, email, company)) in (0u32..).zip([
            (Some("B0000007"), "Ann Example", "ann@a.example", "aster"),
            // Another notation, without a name.
            (Some("b7"), "", "ann@a.example", ""),
            // Another number, the same person.
            (Some("900"), "ann example", "ann@a.example", ""),
            // A colleague at the same address.
            (Some("8"), "Bo", "ann@a.example", "aster"),
            (None, "Cy", "cy@c.example", "borg"),
            // The same digits in another series, nothing else.
            (Some("V8"), "Di", "di@d.example", "borg"),
            (Some("12"), "Cy", "cy@c.example", ""),
            // The same name in the same company, once without an address, once with another one.
            (Some("13"), "Cy", "", "borg"),
            (Some("14"), "Di", "dia@d.example", "borg"),
        ]) {
            identities.see(buyer, buyer, number, name, email, company);
        }
        let same = identities.same_person();
        assert_eq!(same, [(1, 0), (2, 0), (6, 4), (7, 4)]);
        let found = identities.one_person(&same).expect("two persons");
        assert_eq!((found.persons, found.buyers, found.row), (2, 6, 1));
    }
}
