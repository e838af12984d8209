//! Keys that join more than one firm or person can, and keys that join nobody.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::finding::{Finding, FindingKind, Findings, JoiningKey, KeysMeet};
use super::rejudge::{Key, Rejudge};
use crate::fair::{ATTENDANCE, ExhibitorId, INVITATIONS, KeyKind};
use crate::rulebook::JoiningLimit;

/// More findings of a kind are judged together only.
const MOST_JUDGED_ALONE: usize = 200;

/// Fewer keys than this may all miss by chance.
const FEW_KEYS: u64 = 20;
/// A sheet whose keys would meet so many, if they met as many as those of the other sheets, meets some.
const EXPECTED: u64 = 10;
/// Where so many match by another kind of key, some do by this one.
const FEW_MET: u64 = 3;

/// How far keys reach, by [`KeyKind`] and number.
pub(super) struct Reach {
    keys: [Vec<KeyReach>; 3],
    /// How many exhibitors sent any.
    senders: usize,
}

/// In letters of how many exhibitors a key stands, the last of them, and the first letter.
#[derive(Clone, Copy)]
struct KeyReach {
    exhibitors: u32,
    last: Option<ExhibitorId>,
    letter: u32,
}

impl Rejudge<'_> {
    /// How far each key reaches that a buyer has.
    pub(super) fn reach(&self) -> Reach {
        let none = KeyReach { exhibitors: 0, last: None, letter: u32::MAX };
        let mut keys = KeyKind::ALL.map(|kind| vec![none; self.facts.attendance.keys[kind as usize].len()]);
        let mut senders = 0;
        for exhibitor in ExhibitorId::all(&self.facts.exhibitors) {
            let letters = self.grouped.of(exhibitor);
            senders += usize::from(!letters.is_empty());
            for &letter in letters.iter().filter(|&&letter| self.facts.may_match(letter)) {
                for kind in KeyKind::ALL {
                    for key in self.facts.letter_keys(letter, kind) {
                        let reach = &mut keys[kind as usize][key as usize];
                        reach.letter = reach.letter.min(letter);
                        if reach.last != Some(exhibitor) {
                            (reach.exhibitors, reach.last) = (reach.exhibitors + 1, Some(exhibitor));
                        }
                    }
                }
            }
        }
        Reach { keys, senders }
    }

    /// Keys that join more than the rulebook lets pass.
    pub(super) fn joining_keys(&self, findings: &mut Findings, reach: &Reach) {
        let Some(joining) = &self.rulebook.joining else { return };
        let senders = reach.senders;
        let mut ignored: Vec<Key> = Vec::new();
        let mut kinds: Vec<&'static str> = Vec::new();
        for (kind, limits) in [
            (KeyKind::Code, &joining.code),
            (KeyKind::Company, &joining.company),
            (KeyKind::Email, &joining.email),
        ] {
            let mut keys: Vec<JoiningKey> = Vec::new();
            for (key, reach) in (0u32..).zip(&reach.keys[kind as usize]) {
                let (buyers, exhibitors) = (self.holders.of(kind, key).len(), reach.exhibitors as usize);
                if exhibitors > 0 && limits.iter().any(|limit| is_reached(limit, buyers, exhibitors, senders))
                {
                    keys.push(JoiningKey {
                        kind,
                        key,
                        buyers,
                        exhibitors,
                        letter: reach.letter,
                        attended: 0,
                    });
                }
            }
            let of_kind = keys.iter().map(|key| (kind, key.key));
            ignored.extend(of_kind);
            kinds.extend(keys.first().map(|&key| FindingKind::JoiningKey(key).code()));
            self.add_keys(findings, kind, keys);
        }
        if kinds.len() > 1 {
            // Whom two keys join, stays joined while either of them counts.
            let senders: Vec<ExhibitorId> =
                self.senders_of(&ignored.iter().copied().collect()).into_iter().collect();
            findings.add_together(&kinds, &self.changes(&self.credits_without(&senders, &ignored)));
        }
    }

    /// Columns of keys of which none stands in the other table, though both have many: another column may be meant, or
    /// the two tables write it differently.
    pub(super) fn joins_nobody(&self, reach: &Reach) -> Vec<FindingKind> {
        /// Of a sheet: keys, and how many of them the other table has.
        type Met = BTreeMap<u32, (u64, u64)>;
        let facts = self.facts;
        let tables = [INVITATIONS.name, ATTENDANCE.name];
        let mut met: [[Met; 3]; 2] = Default::default();
        for column in &facts.key_columns {
            let table = usize::from(column.table == ATTENDANCE.name);
            let keys = column.filled - column.without_key;
            met[table][column.kind as usize].insert(column.sheet, (keys, 0));
        }
        let mut meets = |table: usize, kind: KeyKind, sheet: u32| {
            met[table][kind as usize].entry(sheet).or_default().1 += 1;
        };
        let letters = (0u32..).zip(&facts.invitations).filter(|(letter, _)| facts.may_match(*letter));
        for (letter, invitation) in letters {
            for kind in KeyKind::ALL {
                if facts.letter_keys(letter, kind).next().is_some() {
                    meets(0, kind, invitation.row.sheet);
                }
            }
        }
        for (number, row) in (0u32..).zip(&facts.attendance.rows) {
            for kind in KeyKind::ALL {
                let is_sent = |key: u32| reach.keys[kind as usize][key as usize].exhibitors > 0;
                if facts.attendance.keys_of(number, kind).any(is_sent) {
                    meets(1, kind, row.row.sheet);
                }
            }
        }
        let sum = |met: &Met| met.values().fold((0, 0), |sum, of| (sum.0 + of.0, sum.1 + of.1));
        // Where nobody came, or of whom nobody came, no kind of key meets any.
        let meets_otherwise = |table: usize, sheet: Option<u32>| {
            let of = |met: &Met| match sheet {
                Some(sheet) => met.get(&sheet).copied().unwrap_or_default().1,
                None => sum(met).1,
            };
            met[table].iter().map(of).max().unwrap_or_default() >= FEW_MET
        };
        let mut found = Vec::new();
        for kind in KeyKind::ALL {
            let sums = [sum(&met[0][kind as usize]), sum(&met[1][kind as usize])];
            if sums.iter().all(|(keys, met)| *keys >= FEW_KEYS && *met == 0) {
                if meets_otherwise(0, None) {
                    let (keys, others) = (sums[0].0, sums[1].0);
                    found.push(KeysMeet { kind, table: tables[0], sheet: None, keys, others });
                }
                continue;
            }
            for table in 0..2 {
                let (all, met_all) = sums[table];
                for (&sheet, &(keys, met)) in &met[table][kind as usize] {
                    let expected = met_all * keys >= EXPECTED * (all - keys).max(1);
                    if keys >= FEW_KEYS && met == 0 && expected && meets_otherwise(table, Some(sheet)) {
                        let (table, sheet, others) = (tables[table], Some(sheet), sums[1 - table].0);
                        found.push(KeysMeet { kind, table, sheet, keys, others });
                    }
                }
            }
        }
        found.into_iter().map(FindingKind::JoinsNobody).collect()
    }

    fn add_keys(&self, findings: &mut Findings, kind: KeyKind, mut keys: Vec<JoiningKey>) {
        if keys.is_empty() {
            return;
        }
        let numbers: BTreeMap<u32, usize> = keys.iter().enumerate().map(|(at, key)| (key.key, at)).collect();
        let mut senders: Vec<BTreeSet<ExhibitorId>> = vec![BTreeSet::new(); keys.len()];
        for (letter, invitation) in (0u32..).zip(&self.facts.invitations) {
            for key in self.facts.letter_keys(letter, kind) {
                if let Some(&at) = numbers.get(&key) {
                    senders[at].insert(invitation.exhibitor);
                }
            }
        }
        let mut first: Vec<Option<u32>> = vec![None; keys.len()];
        for row in (0u32..).take(self.facts.attendance.rows.len()) {
            for key in self.facts.attendance.keys_of(row, kind) {
                if let Some(&at) = numbers.get(&key) {
                    first[at].get_or_insert(row);
                }
            }
        }
        for (key, first) in keys.iter_mut().zip(first) {
            key.attended = first.expect("a key has a number because a row has it");
        }
        let mut order: Vec<usize> = (0..keys.len()).collect();
        order.sort_by_key(|&at| std::cmp::Reverse(keys[at].buyers));
        let alone: BTreeSet<usize> = order.into_iter().take(MOST_JUDGED_ALONE).collect();
        let found = (0..keys.len()).into_par_iter().map(|at| {
            let senders: Vec<ExhibitorId> = senders[at].iter().copied().collect();
            let changes = match alone.contains(&at) {
                true => self.changes(&self.credits_without(&senders, &[(kind, keys[at].key)])),
                false => Vec::new(),
            };
            Finding { kind: FindingKind::JoiningKey(keys[at]), changes }
        });
        let found: Vec<Finding> = found.collect();
        let all: BTreeSet<ExhibitorId> = senders.into_iter().flatten().collect();
        let all: Vec<ExhibitorId> = all.into_iter().collect();
        let ignored: Vec<Key> = keys.iter().map(|key| (kind, key.key)).collect();
        let together = match keys.len() {
            1 => Vec::new(),
            _ => self.changes(&self.credits_without(&all, &ignored)),
        };
        findings.add(found, together);
    }
}

/// Whether a key reaches a limit. A part of those that sent any is two at least: a key that joins one exhibitor with
/// its buyers joins nobody else.
fn is_reached(limit: &JoiningLimit, buyers: usize, exhibitors: usize, senders: usize) -> bool {
    let part = |one_in: u32| senders.div_ceil(one_in.max(1) as usize).max(2);
    buyers >= limit.buyers as usize
        && exhibitors >= limit.exhibitors as usize
        && limit.one_in.is_none_or(|one_in| exhibitors >= part(one_in))
}
