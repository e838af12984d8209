//! Near misses that could matter: ranked, for a person to look at. Nothing here is counted.

use super::credit::{Grouped, KeyHolders, buyer_facts};
use crate::fair::{Buyer, ExhibitorId, Facts, KeyKind, NearMiss, Nearness};
use crate::rulebook::Choices;

/// A buyer who almost matches an exhibitor, and matches it in no way that counts.
#[derive(Clone, Debug)]
pub struct NearMatch {
    /// The exhibitor, by number.
    pub exhibitor: ExhibitorId,
    /// The buyer.
    pub buyer: Buyer,
    /// Whether the buyer is new, else it is regular.
    pub new: bool,
    /// What is almost equal, the most telling first; each way once.
    pub misses: Vec<NearMiss>,
}

/// The near misses of buyers who would count, the most telling first.
pub fn near_matches(facts: &Facts, choices: &Choices, found: &[NearMiss]) -> Vec<NearMatch> {
    let buyers = buyer_facts(facts, choices);
    let holders = KeyHolders::new(facts);
    let grouped = Grouped::new(facts);
    let pair = |miss: &NearMiss| {
        let exhibitor = facts.invitations[miss.invitation as usize].exhibitor;
        (exhibitor, facts.attendance.rows[miss.attended as usize].buyer)
    };
    let mut found: Vec<&NearMiss> =
        found.iter().filter(|miss| buyers[pair(miss).1.0 as usize].overseas).collect();
    found.sort_unstable_by_key(|miss| (pair(miss), **miss));
    let mut matches: Vec<NearMatch> = Vec::new();
    for of_exhibitor in found.chunk_by(|one, other| pair(one).0 == pair(other).0) {
        let exhibitor = pair(of_exhibitor[0]).0;
        let matched = matched_buyers(facts, &holders, grouped.of(exhibitor));
        for of_buyer in of_exhibitor.chunk_by(|one, other| pair(one).1 == pair(other).1) {
            let buyer = pair(of_buyer[0]).1;
            if matched.binary_search(&buyer.0).is_ok() {
                continue;
            }
            let mut misses: Vec<NearMiss> = of_buyer.iter().map(|miss| **miss).collect();
            misses.dedup_by_key(|miss| miss.nearness);
            matches.push(NearMatch { exhibitor, buyer, new: buyers[buyer.0 as usize].new, misses });
        }
    }
    matches.sort_by_key(|found| (std::cmp::Reverse(weight(&found.misses)), found.exhibitor, found.buyer));
    matches
}

/// How telling near misses are together.
fn weight(misses: &[NearMiss]) -> u32 {
    let of = |miss: &NearMiss| match miss.nearness {
        Nearness::EmailOrder | Nearness::EmailSlip => 5,
        Nearness::NameAndHost => 4,
        Nearness::CompanyForm => 3,
        Nearness::CompanySlip => 2,
    };
    misses.iter().map(of).sum()
}

/// The buyers that match one of some invitations, in order.
fn matched_buyers(facts: &Facts, holders: &KeyHolders, invitations: &[u32]) -> Vec<u32> {
    let mut matched = Vec::new();
    for &invitation in invitations {
        for kind in KeyKind::ALL {
            for key in facts.letter_keys(invitation, kind) {
                matched.extend_from_slice(holders.of(kind, key));
            }
        }
    }
    matched.sort_unstable();
    matched.dedup();
    matched
}
