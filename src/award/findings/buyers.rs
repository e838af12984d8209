//! Numbers that stand for several persons, and persons with several numbers.

use std::collections::{BTreeMap, BTreeSet};

use super::super::credit::{BuyerFacts, Credit, Matcher, Seen};
use super::finding::{Finding, FindingKind, Findings};
use super::rejudge::{Key, Rejudge};
use crate::fair::{ExhibitorId, KeyKind, NO_KEY, SharedNumber};
use crate::rulebook::InvitedBeforeArrival;

impl Rejudge<'_> {
    /// Numbers of buyers that stand for several persons: if they were none, the rows would be told apart by their
    /// e-mail addresses.
    pub(super) fn shared_numbers(&self, findings: &mut Findings) {
        let Some(limit) = self.rulebook.joining.as_ref().and_then(|joining| joining.buyer) else { return };
        let shared = &self.facts.attendance.shared_numbers;
        let reached = shared.iter().filter(|shared| {
            (shared.names == 0 || shared.names >= limit.names) && shared.emails >= limit.emails
        });
        let found: Vec<Finding> = reached
            .map(|&shared| Finding {
                kind: FindingKind::SharedNumber(shared),
                changes: self.changes(&self.credits_with_split(shared)),
            })
            .collect();
        findings.add(found, Vec::new());
    }

    /// What is credited to the exhibitors that a buyer matches if its rows are buyers by their e-mail addresses.
    fn credits_with_split(&self, shared: SharedNumber) -> Vec<(ExhibitorId, Credit)> {
        let attendance = &self.facts.attendance;
        let mut parts: BTreeMap<(u32, u32), (Seen, BTreeSet<Key>)> = BTreeMap::new();
        let rows = (0u32..).zip(&attendance.rows).filter(|(_, row)| row.buyer == shared.buyer);
        for (number, row) in rows {
            let email = row.keys[KeyKind::Email as usize];
            // A row without an address is one by itself.
            let apart = if email == NO_KEY { number } else { 0 };
            let (seen, keys) = parts.entry((email, apart)).or_default();
            seen.add(row);
            let of_row = |kind| attendance.keys_of(number, kind).map(move |key| (kind, key));
            keys.extend(KeyKind::ALL.into_iter().flat_map(of_row));
        }
        let parts: Vec<(BuyerFacts, BTreeSet<Key>)> =
            parts.into_values().map(|(seen, keys)| (seen.facts(self.choices), keys)).collect();
        let any: BTreeSet<Key> = parts.iter().flat_map(|(_, keys)| keys).copied().collect();
        let exhibitors = self.senders_of(&any);
        let required = self.choices.invited_before_arrival == InvitedBeforeArrival::Required;
        let mut matcher = Matcher::new(self.facts);
        let mut credit = |exhibitor: ExhibitorId| {
            let letters = self.grouped.of(exhibitor);
            let mut is_another = |buyer| buyer != shared.buyer.0;
            let mut credit = self.credit_if(&mut matcher, exhibitor, &[], &self.buyers, &mut is_another);
            for (buyer, keys) in &parts {
                let matches = letters.iter().any(|&letter| {
                    let in_time =
                        !required || self.facts.invitations[letter as usize].sent_on <= buyer.first_seen();
                    let has =
                        |kind| self.facts.letter_keys(letter, kind).any(|key| keys.contains(&(kind, key)));
                    in_time && KeyKind::ALL.into_iter().any(has)
                });
                if matches {
                    credit.count(*buyer);
                }
            }
            (exhibitor, credit)
        };
        exhibitors.into_iter().map(&mut credit).collect()
    }

    /// Persons who are counted as several buyers: if each were one.
    pub(super) fn counted_twice(&self, findings: &mut Findings) {
        let attendance = &self.facts.attendance;
        let Some(&found) = attendance.one_person.as_ref() else { return };
        let mut one: Vec<u32> = (0..attendance.buyers).collect();
        for &(buyer, first) in &attendance.same_person {
            one[buyer as usize] = first;
        }
        let mut is_several = vec![false; attendance.buyers as usize];
        for &(buyer, first) in &attendance.same_person {
            is_several[buyer as usize] = true;
            is_several[first as usize] = true;
        }
        let mut seen: BTreeMap<u32, Seen> = BTreeMap::new();
        let mut keys: BTreeSet<Key> = BTreeSet::new();
        for (number, row) in (0u32..).zip(&attendance.rows) {
            if is_several[row.buyer.0 as usize] {
                seen.entry(one[row.buyer.0 as usize]).or_default().add(row);
                let of_row = |kind| attendance.keys_of(number, kind).map(move |key| (kind, key));
                keys.extend(KeyKind::ALL.into_iter().flat_map(of_row));
            }
        }
        let mut buyers = self.buyers.clone();
        for (buyer, first) in one.iter().enumerate().filter(|(buyer, _)| is_several[*buyer]) {
            buyers[buyer] = seen[first].facts(self.choices);
        }
        let mut matcher = Matcher::new(self.facts);
        let mut credit = |exhibitor: ExhibitorId| {
            let mut counted: BTreeSet<u32> = BTreeSet::new();
            let mut is_first =
                |buyer: u32| !is_several[buyer as usize] || counted.insert(one[buyer as usize]);
            let credit = self.credit_if(&mut matcher, exhibitor, &[], &buyers, &mut is_first);
            (exhibitor, credit)
        };
        let altered: Vec<(ExhibitorId, Credit)> =
            self.senders_of(&keys).into_iter().map(&mut credit).collect();
        let changes = self.changes(&altered);
        findings.add(vec![Finding { kind: FindingKind::CountedTwice(found), changes }], Vec::new());
    }
}
