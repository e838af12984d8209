//! Which buyers are credited to an exhibitor, with the rows that say so: what a ledger commits to.

use std::collections::BTreeMap;

use super::credit::{BuyerFacts, buyer_facts, corrected_matches};
use crate::fair::{ExhibitorId, Facts, KeyKind};
use crate::rulebook::{Choices, InvitedBeforeArrival};

/// A buyer that is credited to an exhibitor.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CreditedBuyer {
    /// Its attended rows, by number in the attendance.
    pub rows: Vec<u32>,
    /// What matches: of each kind of key the first letter and the first row that have an equal one. None where a ruling
    /// says that the buyer counts.
    pub matches: Vec<CreditedMatch>,
}

/// A letter and an attended row with an equal key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct CreditedMatch {
    /// By what they match.
    pub by: KeyKind,
    /// The letter, by number in [`Facts::invitations`].
    pub letter: u32,
    /// The row, by number in the attendance.
    pub row: u32,
}

/// Finds the buyers that are credited to exhibitors, under some readings.
pub struct CreditedBuyers<'f> {
    facts: &'f Facts,
    choices: &'f Choices,
    buyers: Vec<BuyerFacts>,
    /// The letters of each exhibitor, in reading order.
    letters: Lists,
    /// The attended rows of each buyer, in reading order.
    rows: Lists,
    /// The attended rows that have each key, by kind.
    holders: [Lists; 3],
}

impl<'f> CreditedBuyers<'f> {
    /// Those of a fair.
    pub fn new(facts: &'f Facts, choices: &'f Choices) -> CreditedBuyers<'f> {
        let attendance = &facts.attendance;
        let letters = (0u32..).zip(&facts.invitations).map(|(letter, one)| (one.exhibitor.place(), letter));
        let rows = (0u32..).zip(&attendance.rows).map(|(row, one)| (one.buyer.0 as usize, row));
        let holders = KeyKind::ALL.map(|kind| {
            let keys = attendance.keys[kind as usize].len();
            let count = u32::try_from(attendance.rows.len()).expect("fewer than 2^32 rows");
            Lists::new(
                keys,
                (0..count).flat_map(|row| attendance.keys_of(row, kind).map(move |key| (key as usize, row))),
            )
        });
        CreditedBuyers {
            facts,
            choices,
            buyers: buyer_facts(facts, choices),
            letters: Lists::new(facts.exhibitors.len(), letters),
            rows: Lists::new(attendance.buyers as usize, rows),
            holders,
        }
    }

    /// The buyers that are credited to an exhibitor, by its number, in the order of their first rows.
    pub fn of(&self, exhibitor: ExhibitorId) -> Vec<CreditedBuyer> {
        let mut keyed: Vec<(KeyKind, u32, u32)> = Vec::new();
        for &letter in
            self.letters.of(exhibitor.place()).iter().filter(|&&letter| self.facts.may_match(letter))
        {
            for kind in KeyKind::ALL {
                keyed.extend(self.facts.letter_keys(letter, kind).map(|key| (kind, key, letter)));
            }
        }
        keyed.sort_unstable();
        let required = self.choices.invited_before_arrival == InvitedBeforeArrival::Required;
        let mut found: Vec<(u32, CreditedMatch)> = Vec::new();
        for same in keyed.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)) {
            let (by, key, _) = same[0];
            for &row in self.holders[by as usize].of(key as usize) {
                let buyer = self.facts.attendance.rows[row as usize].buyer.0;
                let known = self.buyers[buyer as usize];
                let in_time = |letter: u32| {
                    !required || self.facts.invitations[letter as usize].sent_on <= known.first_seen()
                };
                let letter = same.iter().map(|&(_, _, letter)| letter).find(|&letter| in_time(letter));
                if let Some(letter) = letter.filter(|_| known.overseas) {
                    found.push((buyer, CreditedMatch { by, letter, row }));
                }
            }
        }
        found.sort_unstable();
        found.dedup_by_key(|(buyer, found)| (*buyer, found.by));
        let mut matches: BTreeMap<u32, Vec<CreditedMatch>> = BTreeMap::new();
        for (buyer, found) in found {
            matches.entry(buyer).or_default().push(found);
        }
        for (buyer, counts) in corrected_matches(self.facts, exhibitor) {
            match counts && self.buyers[buyer.0 as usize].overseas {
                true => drop(matches.entry(buyer.0).or_default()),
                false => drop(matches.remove(&buyer.0)),
            }
        }
        let credited = matches.into_iter();
        let mut credited: Vec<CreditedBuyer> = credited
            .map(|(buyer, matches)| CreditedBuyer { rows: self.rows.of(buyer as usize).to_vec(), matches })
            .collect();
        credited.sort_unstable_by_key(|buyer| buyer.rows.first().copied());
        credited
    }
}

/// For each number below a bound a list of numbers, in the order in which they were given.
struct Lists {
    starts: Vec<u32>,
    listed: Vec<u32>,
}

impl Lists {
    fn new(count: usize, pairs: impl Iterator<Item = (usize, u32)> + Clone) -> Lists {
        let mut starts = vec![0u32; count + 1];
        for (of, _) in pairs.clone() {
            starts[of + 1] += 1;
        }
        for index in 1..starts.len() {
            starts[index] += starts[index - 1];
        }
        let mut next = starts.clone();
        let mut listed = vec![0u32; starts[count] as usize];
        for (of, one) in pairs {
            let place = &mut next[of];
            listed[*place as usize] = one;
            *place += 1;
        }
        Lists { starts, listed }
    }

    fn of(&self, number: usize) -> &[u32] {
        &self.listed[self.starts[number] as usize..self.starts[number + 1] as usize]
    }
}
