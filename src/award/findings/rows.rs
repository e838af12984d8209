//! Invitations that count twice.

use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashSet;
use rapidhash::fast::RandomState;
use rayon::prelude::*;

use super::super::credit::{Credit, count_invitations};
use super::finding::{Finding, FindingKind, Findings};
use super::rejudge::Rejudge;
use crate::fair::ExhibitorId;
use crate::rulebook::InvitationUnit;

/// What was seen of the letters of one exhibitor so far.
type Seen<T> = HashSet<T, RandomState>;

impl Rejudge<'_> {
    /// Invitations that repeat the code of another one of the same exhibitor: if each code counted once. Returns whether
    /// codes tell letters from each other.
    pub(super) fn repeated_codes(&self, findings: &mut Findings) -> bool {
        if self.choices.invitation_unit != InvitationUnit::Row {
            return true;
        }
        /// Of one exhibitor.
        #[derive(Default)]
        struct Codes {
            coded: u64,
            repeats: u32,
            letter: Option<u32>,
        }
        let of = |exhibitor: usize| {
            let letters = self.grouped.of(ExhibitorId::new(exhibitor));
            let mut seen: Seen<u64> = Seen::with_capacity_and_hasher(letters.len(), RandomState::default());
            let mut codes = Codes::default();
            for &letter in letters {
                let code = self.facts.letter_codes[letter as usize];
                if code == 0 {
                    continue;
                }
                codes.coded += 1;
                if !seen.insert(code) {
                    codes.repeats += 1;
                    codes.letter.get_or_insert(letter);
                }
            }
            codes
        };
        let codes: Vec<Codes> = (0..self.facts.exhibitors.len()).into_par_iter().map(of).collect();
        let Some(letter) = codes.iter().filter_map(|codes| codes.letter).min() else { return true };
        let repeats = codes.iter().map(|codes| u64::from(codes.repeats)).sum();
        let coded = codes.iter().map(|codes| codes.coded).sum();
        let altered = ExhibitorId::each(&codes).filter(|(_, codes)| codes.repeats > 0);
        let altered: Vec<(ExhibitorId, Credit)> = altered
            .map(|(exhibitor, codes)| {
                let credit = self.credits[exhibitor];
                (exhibitor, Credit { invitations: credit.invitations - codes.repeats, ..credit })
            })
            .collect();
        // Where most repeat, the codes are the exhibitors' and tell nothing of a letter.
        let changes = if repeats * 2 > coded { Vec::new() } else { self.changes(&altered) };
        let kind = FindingKind::RepeatedCodes { repeats, coded, letter };
        findings.add(vec![Finding { kind, changes }], Vec::new());
        repeats * 2 <= coded
    }

    /// Invitations with the recipient, day and code of another one of the same exhibitor and input: if each counted once.
    /// Where codes tell letters from each other, only those without one are looked at.
    pub(super) fn repeated_rows(&self, findings: &mut Findings, codes_tell: bool) {
        let none_is_left = codes_tell && !self.facts.letter_codes.contains(&0);
        if self.choices.invitation_unit != InvitationUnit::Row || none_is_left {
            return;
        }
        let of = |exhibitor: usize| {
            let mut seen: Seen<(u64, u64, i32, u32)> = Seen::default();
            let repeats = |letter: &u32| {
                let code = self.facts.letter_codes[*letter as usize];
                if code != 0 && codes_tell {
                    return false;
                }
                let sent = &self.facts.invitations[*letter as usize];
                sent.recipient != 0 && !seen.insert((sent.recipient, code, sent.sent_on, sent.row.sheet))
            };
            self.grouped.of(ExhibitorId::new(exhibitor)).iter().copied().filter(repeats).collect::<Vec<u32>>()
        };
        let again: Vec<Vec<u32>> = (0..self.facts.exhibitors.len()).into_par_iter().map(of).collect();
        let again: BTreeSet<u32> = again.into_iter().flatten().collect();
        let Some(&letter) = again.first() else { return };
        let kind = FindingKind::RepeatedRows { repeats: again.len() as u64, letter };
        findings.add(vec![Finding { kind, changes: self.changes_without(again) }], Vec::new());
    }

    /// Rows of the invitations that are in two inputs: if those of the second did not count.
    pub(super) fn doubled_rows(&self, findings: &mut Findings) {
        let few = self.facts.doubled_inputs.iter().filter(|doubled| !doubled.is_too_much());
        let found: Vec<Finding> = few
            .map(|doubled| {
                let changes = self.changes_without(doubled.letters.iter().copied().collect());
                Finding { kind: FindingKind::DoubledRows(doubled.clone()), changes }
            })
            .collect();
        findings.add(found, Vec::new());
    }

    /// Invitations of one input that go from the same exhibitors to the same recipients as those of another, in rows
    /// that differ: if those of the second did not count. Reminders are sent so, and so is an export that lacks a column.
    pub(super) fn sent_again(&self, findings: &mut Findings) {
        if self.choices.invitation_unit != InvitationUnit::Row {
            return;
        }
        let letters = &self.facts.invitations;
        let Some(first) = letters.first() else { return };
        if letters.iter().all(|letter| letter.row.sheet == first.row.sheet) {
            return;
        }
        let mut of_sheets: BTreeMap<u32, u64> = BTreeMap::new();
        for letter in letters {
            *of_sheets.entry(letter.row.sheet).or_default() += 1;
        }
        let mut sent: Vec<(ExhibitorId, u64, u32, u32)> = (0u32..)
            .zip(letters)
            .filter(|(_, letter)| letter.recipient != 0)
            .map(|(number, letter)| (letter.exhibitor, letter.recipient, letter.row.sheet, number))
            .collect();
        sent.par_sort_unstable();
        let mut again: BTreeMap<(u32, u32), BTreeSet<u32>> = BTreeMap::new();
        for alike in sent.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)) {
            let sheets: Vec<&[(ExhibitorId, u64, u32, u32)]> =
                alike.chunk_by(|one, other| one.2 == other.2).collect();
            for (number, second) in sheets.iter().enumerate() {
                for first in &sheets[..number] {
                    let pair = again.entry((first[0].2, second[0].2)).or_default();
                    pair.extend(second.iter().map(|sent| sent.3));
                }
            }
        }
        // Rows that are equal are told as such.
        for doubled in &self.facts.doubled_inputs {
            if let Some(again) = again.get_mut(&(doubled.first, doubled.second)) {
                doubled.letters.iter().for_each(|letter| {
                    again.remove(letter);
                });
            }
        }
        let most = |(first, second): &(u32, u32), again: u64| {
            again > 1 && (again * 2 > of_sheets[first] || again * 2 > of_sheets[second])
        };
        again.retain(|pair, again| most(pair, again.len() as u64));
        let all: BTreeSet<u32> = again.values().flatten().copied().collect();
        let found: Vec<Finding> = again
            .into_iter()
            .map(|((first, second), again)| Finding {
                kind: FindingKind::SentAgain {
                    first,
                    second,
                    again: again.len() as u64,
                    letters: of_sheets[&second],
                },
                changes: self.changes_without(again),
            })
            .collect();
        let together = if found.len() > 1 { self.changes_without(all) } else { Vec::new() };
        findings.add(found, together);
    }

    /// The exhibitors whose award is another if some letters do not count.
    fn changes_without(&self, left_out: BTreeSet<u32>) -> Vec<ExhibitorId> {
        let of = |&letter: &u32| self.facts.invitations[letter as usize].exhibitor;
        let exhibitors: BTreeSet<ExhibitorId> = left_out.iter().map(of).collect();
        let without = |exhibitor: ExhibitorId| {
            let letters = self.grouped.of(exhibitor).iter().copied();
            let letters: Vec<u32> = letters.filter(|letter| !left_out.contains(letter)).collect();
            let invitations = count_invitations(self.facts, &letters, self.choices);
            (exhibitor, Credit { invitations, ..self.credits[exhibitor] })
        };
        let altered: Vec<(ExhibitorId, Credit)> = exhibitors.into_iter().map(without).collect();
        self.changes(&altered)
    }
}
