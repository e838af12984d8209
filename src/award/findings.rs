//! Findings: what in the facts or results may not be meant, and how many awards depend on it.
//!
//! No finding decides anything. Each is judged again as if what was found did not count; what the tables say is compared
//! with that, before rulings.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::credit::{
    BuyerFacts, Credit, Grouped, KeyHolders, Matcher, Seen, buyer_facts, count_invitations, credit,
};
use super::grant::{Decision, Results, decide, exhibitors, failed, fails_at, penalised, stage, values};
use crate::fair::{DoubledInputs, Facts, KeyColumn, KeyKind, NO_KEY, SharedNumber};
use crate::rulebook::{
    Choices, Exact, Gate, InvitationUnit, InvitedBeforeArrival, JoiningLimit, Requirement, Rulebook,
    ScaleKind, Stage, round_half_up,
};

/// Something that may not be meant.
#[derive(Clone, PartialEq, Debug)]
pub struct Finding {
    /// What.
    pub kind: FindingKind,
    /// The exhibitors whose award would be another if it did not count, by number.
    pub changes: Vec<u32>,
}

/// What was found, kind by kind.
#[derive(Clone, Default, Debug)]
pub struct Findings {
    /// Each by itself.
    pub found: Vec<Finding>,
    /// By the code of a kind, how many awards depend on its findings, one by one or together.
    pub awards: BTreeMap<&'static str, usize>,
}

/// What was found.
#[derive(Clone, PartialEq, Debug)]
pub enum FindingKind {
    /// A key that joins more buyers and exhibitors than one firm or person can.
    JoiningKey(JoiningKey),
    /// A number of a buyer beside which several names and addresses stand.
    SharedNumber(SharedNumber),
    /// Invitations that repeat the code of another one of the same exhibitor.
    RepeatedCodes {
        /// How many repeat one.
        repeats: u64,
        /// How many have a code.
        coded: u64,
        /// The first that repeats one, by number.
        letter: u32,
    },
    /// Rows of the invitations that are in two inputs.
    DoubledRows(DoubledInputs),
    /// Nobody receives an award.
    NoAward,
    /// All awards of a level are withheld, for one reason.
    AllWithheld {
        /// The award, by number.
        award: usize,
        /// The gate that is not met, by number.
        gate: usize,
        /// How many are withheld.
        withheld: usize,
    },
    /// Exhibitors of whom no fair is known; the gate of the two latest fairs withholds their awards.
    FairsUnknown {
        /// How many there are.
        exhibitors: usize,
        /// How many of their awards are withheld.
        withheld: usize,
        /// The first of them, by number.
        first: u32,
    },
    /// So few are ranked that nobody can reach the first band.
    SmallPool {
        /// How many are ranked.
        pool: usize,
        /// How many would be needed.
        needed: usize,
    },
    /// More than half of the values of a column of keys are no keys.
    KeyColumn(KeyColumn),
}

/// A key with whom it joins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct JoiningKey {
    /// Its kind.
    pub kind: KeyKind,
    /// The key, by number.
    pub key: u32,
    /// How many buyers have it.
    pub buyers: usize,
    /// In letters of how many exhibitors it stands.
    pub exhibitors: usize,
    /// The first letter with it, by number.
    pub letter: u32,
    /// The first row with it, by number.
    pub attended: u32,
}

impl FindingKind {
    /// The code of its kind: what `accepted` in `fair.yaml` names.
    pub fn code(&self) -> &'static str {
        match self {
            FindingKind::JoiningKey(key) => match key.kind {
                KeyKind::Code => "joined-by-code",
                KeyKind::Company => "joined-by-company",
                KeyKind::Email => "joined-by-email",
            },
            FindingKind::SharedNumber(_) => "joined-by-buyer-number",
            FindingKind::RepeatedCodes { .. } => "code-repeated",
            FindingKind::DoubledRows(_) => "rows-in-two-inputs",
            FindingKind::NoAward => "no-award",
            FindingKind::AllWithheld { .. } => "all-withheld",
            FindingKind::FairsUnknown { .. } => "fairs-empty",
            FindingKind::SmallPool { .. } => "small-pool",
            FindingKind::KeyColumn(_) => "key-column",
        }
    }
}

/// More findings of a kind are judged together only.
const MOST_JUDGED_ALONE: usize = 200;

/// Looks for findings, kind by kind.
pub fn findings(facts: &Facts, rulebook: &Rulebook, results: &Results) -> Findings {
    let judge = Rejudge::new(facts, rulebook, results);
    let mut findings = Findings::default();
    judge.joining_keys(&mut findings);
    judge.shared_numbers(&mut findings);
    judge.repeated_codes(&mut findings);
    judge.doubled_rows(&mut findings);
    let of_results = judge.results(results).into_iter();
    let key_columns = facts.key_columns.iter().filter(|column| column.without_key * 2 > column.filled);
    let kinds = of_results.chain(key_columns.map(|&column| FindingKind::KeyColumn(column)));
    findings.found.extend(kinds.map(|kind| Finding { kind, changes: Vec::new() }));
    findings
}

impl Findings {
    /// Adds findings of one kind. `together` are the exhibitors whose award would be another if none of them counted.
    fn add(&mut self, found: Vec<Finding>, together: Vec<u32>) {
        let Some(first) = found.first() else { return };
        let changes: BTreeSet<u32> =
            found.iter().flat_map(|finding| &finding.changes).copied().chain(together).collect();
        self.awards.insert(first.kind.code(), changes.len());
        self.found.extend(found);
    }
}

/// Judges again with some counts changed.
struct Rejudge<'a> {
    facts: &'a Facts,
    rulebook: &'a Rulebook,
    choices: &'a Choices,
    buyers: Vec<BuyerFacts>,
    holders: KeyHolders,
    grouped: Grouped,
    penalised: Vec<bool>,
    /// What the tables say, before rulings.
    credits: Vec<Credit>,
    decisions: Vec<Decision>,
}

/// A kind of keys and the number of one.
type Key = (KeyKind, u32);

impl<'a> Rejudge<'a> {
    fn new(facts: &'a Facts, rulebook: &'a Rulebook, results: &'a Results) -> Rejudge<'a> {
        let choices = &results.choices;
        let penalised = penalised(facts);
        let (credits, decisions) = match facts.rulings.is_empty() {
            true => (results.credits.clone(), results.decisions.clone()),
            false => {
                let credits = credit(facts, choices);
                let subjects = exhibitors(facts, rulebook, &credits, &penalised);
                let decisions = decide(rulebook, choices, &subjects);
                (credits, decisions)
            }
        };
        Rejudge {
            facts,
            rulebook,
            choices,
            buyers: buyer_facts(facts, choices),
            holders: KeyHolders::new(facts),
            grouped: Grouped::new(facts),
            penalised,
            credits,
            decisions,
        }
    }

    /// The exhibitors whose award is another with these counts.
    fn changes(&self, altered: &[(usize, Credit)]) -> Vec<u32> {
        // Whoever is ranked neither before nor after changes nothing for anybody.
        let is_ranked = |exhibitor: usize, credit: &Credit| {
            let values: Vec<Exact> = values(self.rulebook, credit);
            let met = vec![true; self.rulebook.gates.len()];
            !fails_at(Stage::Pool, self.rulebook, self.choices, &failed(self.rulebook, &values, &met))
                || !fails_at(Stage::Pool, self.rulebook, self.choices, &self.decisions[exhibitor].failed)
        };
        let matters = |(exhibitor, credit): &(usize, Credit)| {
            *credit != self.credits[*exhibitor] && is_ranked(*exhibitor, credit)
        };
        if !altered.iter().any(matters) {
            return Vec::new();
        }
        let mut credits = self.credits.clone();
        for &(exhibitor, credit) in altered {
            credits[exhibitor] = credit;
        }
        let subjects = exhibitors(self.facts, self.rulebook, &credits, &self.penalised);
        let decisions = decide(self.rulebook, self.choices, &subjects);
        let pairs = (0u32..).zip(self.decisions.iter().zip(&decisions));
        pairs.filter(|(_, (before, after))| before.award != after.award).map(|(number, _)| number).collect()
    }

    /// What is credited to an exhibitor if some keys do not count.
    fn credit_without(&self, matcher: &mut Matcher, exhibitor: usize, ignored: &[Key]) -> Credit {
        let letters = self.grouped.of(exhibitor);
        let mut credit = Credit { new: 0, regular: 0, ..self.credits[exhibitor] };
        matcher.match_buyers(
            self.facts,
            letters,
            &self.holders,
            &self.buyers,
            self.choices,
            ignored,
            &mut |buyer| {
                credit.count(self.buyers[buyer as usize]);
            },
        );
        credit
    }

    /// What is credited to exhibitors if some keys do not count.
    fn credits_without(&self, exhibitors: &[u32], ignored: &[Key]) -> Vec<(usize, Credit)> {
        let mut matcher = Matcher::new(self.facts);
        let credit = |&exhibitor: &u32| {
            let exhibitor = exhibitor as usize;
            (exhibitor, self.credit_without(&mut matcher, exhibitor, ignored))
        };
        exhibitors.iter().map(credit).collect()
    }

    /// Keys that join more than the rulebook lets pass.
    fn joining_keys(&self, findings: &mut Findings) {
        let Some(joining) = &self.rulebook.joining else { return };
        /// In letters of how many exhibitors a key stands, the last of them, and the first letter.
        #[derive(Clone, Copy)]
        struct Reach {
            exhibitors: u32,
            last: u32,
            letter: u32,
        }
        let none = Reach { exhibitors: 0, last: u32::MAX, letter: u32::MAX };
        let mut reach = KeyKind::ALL.map(|kind| vec![none; self.facts.attendance.keys[kind as usize].len()]);
        let mut senders = 0;
        for exhibitor in 0..self.facts.exhibitors.len() {
            let letters = self.grouped.of(exhibitor);
            senders += usize::from(!letters.is_empty());
            let exhibitor = u32::try_from(exhibitor).expect("fewer than 2^32 exhibitors");
            for &letter in letters {
                let invitation = &self.facts.invitations[letter as usize];
                if invitation.keys == [NO_KEY; 3] && self.facts.letter_emails.of(letter).next().is_none() {
                    continue;
                }
                for kind in KeyKind::ALL {
                    for key in self.facts.letter_keys(letter, kind) {
                        let reach = &mut reach[kind as usize][key as usize];
                        reach.letter = reach.letter.min(letter);
                        if reach.last != exhibitor {
                            (reach.exhibitors, reach.last) = (reach.exhibitors + 1, exhibitor);
                        }
                    }
                }
            }
        }
        for (kind, limits) in [
            (KeyKind::Code, &joining.code),
            (KeyKind::Company, &joining.company),
            (KeyKind::Email, &joining.email),
        ] {
            let mut keys: Vec<JoiningKey> = Vec::new();
            for (key, reach) in (0u32..).zip(&reach[kind as usize]) {
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
            self.add_keys(findings, kind, keys);
        }
    }

    fn add_keys(&self, findings: &mut Findings, kind: KeyKind, mut keys: Vec<JoiningKey>) {
        if keys.is_empty() {
            return;
        }
        let numbers: BTreeMap<u32, usize> = keys.iter().enumerate().map(|(at, key)| (key.key, at)).collect();
        let mut senders: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); keys.len()];
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
            let senders: Vec<u32> = senders[at].iter().copied().collect();
            let changes = match alone.contains(&at) {
                true => self.changes(&self.credits_without(&senders, &[(kind, keys[at].key)])),
                false => Vec::new(),
            };
            Finding { kind: FindingKind::JoiningKey(keys[at]), changes }
        });
        let found: Vec<Finding> = found.collect();
        let all: BTreeSet<u32> = senders.into_iter().flatten().collect();
        let all: Vec<u32> = all.into_iter().collect();
        let ignored: Vec<Key> = keys.iter().map(|key| (kind, key.key)).collect();
        let together = match keys.len() {
            1 => Vec::new(),
            _ => self.changes(&self.credits_without(&all, &ignored)),
        };
        findings.add(found, together);
    }

    /// Numbers of buyers that stand for several persons: if they were none, the rows would be told apart by their
    /// e-mail addresses.
    fn shared_numbers(&self, findings: &mut Findings) {
        let Some(limit) = self.rulebook.joining.as_ref().and_then(|joining| joining.buyer) else { return };
        let shared = &self.facts.attendance.shared_numbers;
        let reached =
            shared.iter().filter(|shared| shared.names >= limit.names && shared.emails >= limit.emails);
        let found: Vec<Finding> = reached
            .map(|&shared| Finding {
                kind: FindingKind::SharedNumber(shared),
                changes: self.changes(&self.credits_with_split(shared)),
            })
            .collect();
        findings.add(found, Vec::new());
    }

    /// What is credited to the exhibitors that a buyer matches if its rows are buyers by their e-mail addresses.
    fn credits_with_split(&self, shared: SharedNumber) -> Vec<(usize, Credit)> {
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
        let mut exhibitors: BTreeSet<u32> = BTreeSet::new();
        for (letter, invitation) in (0u32..).zip(&self.facts.invitations) {
            let has = |kind| self.facts.letter_keys(letter, kind).any(|key| any.contains(&(kind, key)));
            if KeyKind::ALL.into_iter().any(has) {
                exhibitors.insert(invitation.exhibitor);
            }
        }
        let required = self.choices.invited_before_arrival == InvitedBeforeArrival::Required;
        let mut matcher = Matcher::new(self.facts);
        let mut credit = |exhibitor: u32| {
            let letters = self.grouped.of(exhibitor as usize);
            let mut credit = Credit { new: 0, regular: 0, ..self.credits[exhibitor as usize] };
            matcher.match_buyers(
                self.facts,
                letters,
                &self.holders,
                &self.buyers,
                self.choices,
                &[],
                &mut |buyer| {
                    if buyer != shared.buyer.0 {
                        credit.count(self.buyers[buyer as usize]);
                    }
                },
            );
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
            (exhibitor as usize, credit)
        };
        exhibitors.into_iter().map(&mut credit).collect()
    }

    /// Invitations that repeat the code of another one of the same exhibitor: if each code counted once.
    fn repeated_codes(&self, findings: &mut Findings) {
        if self.choices.invitation_unit != InvitationUnit::Row {
            return;
        }
        /// Of one exhibitor.
        #[derive(Default)]
        struct Codes {
            coded: u64,
            repeats: u32,
            letter: Option<u32>,
        }
        let of = |exhibitor: usize| {
            let coded = self
                .grouped
                .of(exhibitor)
                .iter()
                .map(|&letter| (self.facts.letter_codes[letter as usize], letter));
            let mut coded: Vec<(u64, u32)> = coded.filter(|(code, _)| *code != 0).collect();
            coded.sort_unstable();
            let repeats = coded.windows(2).filter(|pair| pair[0].0 == pair[1].0);
            Codes {
                coded: coded.len() as u64,
                repeats: u32::try_from(repeats.clone().count()).expect("fewer than 2^32 rows"),
                letter: repeats.map(|pair| pair[1].1).min(),
            }
        };
        let codes: Vec<Codes> = (0..self.facts.exhibitors.len()).into_par_iter().map(of).collect();
        let Some(letter) = codes.iter().filter_map(|codes| codes.letter).min() else { return };
        let repeats = codes.iter().map(|codes| u64::from(codes.repeats)).sum();
        let coded = codes.iter().map(|codes| codes.coded).sum();
        let altered = codes.iter().enumerate().filter(|(_, codes)| codes.repeats > 0);
        let altered: Vec<(usize, Credit)> = altered
            .map(|(exhibitor, codes)| {
                let credit = self.credits[exhibitor];
                (exhibitor, Credit { invitations: credit.invitations - codes.repeats, ..credit })
            })
            .collect();
        // Where most repeat, the codes are the exhibitors' and tell nothing of a letter.
        let changes = if repeats * 2 > coded { Vec::new() } else { self.changes(&altered) };
        let kind = FindingKind::RepeatedCodes { repeats, coded, letter };
        findings.add(vec![Finding { kind, changes }], Vec::new());
    }

    /// Rows of the invitations that are in two inputs: if those of the second did not count.
    fn doubled_rows(&self, findings: &mut Findings) {
        let few = self.facts.doubled_inputs.iter().filter(|doubled| !doubled.is_too_much());
        let found: Vec<Finding> = few
            .map(|doubled| {
                let left_out: BTreeSet<u32> = doubled.letters.iter().copied().collect();
                let exhibitors: BTreeSet<u32> = left_out
                    .iter()
                    .map(|&letter| self.facts.invitations[letter as usize].exhibitor)
                    .collect();
                let altered: Vec<(usize, Credit)> = exhibitors
                    .into_iter()
                    .map(|exhibitor| {
                        let letters = self.grouped.of(exhibitor as usize).iter().copied();
                        let letters: Vec<u32> = letters.filter(|letter| !left_out.contains(letter)).collect();
                        let invitations = count_invitations(self.facts, &letters, self.choices);
                        (exhibitor as usize, Credit { invitations, ..self.credits[exhibitor as usize] })
                    })
                    .collect();
                Finding { kind: FindingKind::DoubledRows(doubled.clone()), changes: self.changes(&altered) }
            })
            .collect();
        findings.add(found, Vec::new());
    }

    /// Results that cannot be meant.
    fn results(&self, results: &Results) -> Vec<FindingKind> {
        let mut found = Vec::new();
        if self.facts.exhibitors.is_empty() {
            return found;
        }
        for award in 0..self.rulebook.awards.len() {
            let earned: Vec<&Decision> =
                results.decisions.iter().filter(|decision| decision.earned == Some(award)).collect();
            if earned.is_empty() || results.received(award) > 0 {
                continue;
            }
            let withholds = |gate: &usize| {
                stage(self.rulebook, self.choices, *gate) == Stage::Award
                    && earned.iter().all(|decision| decision.failed.contains(gate))
            };
            if let Some(gate) = (0..self.rulebook.gates.len()).find(withholds) {
                found.push(FindingKind::AllWithheld { award, gate, withheld: earned.len() });
            }
        }
        let received = (0..self.rulebook.awards.len()).any(|award| results.received(award) > 0);
        if !received && found.is_empty() {
            found.push(FindingKind::NoAward);
        }
        let asks = |gate: &Gate| matches!(gate.require.value, Requirement::TookPart(_));
        if self.rulebook.gates.iter().any(asks) {
            let numbered = (0u32..).zip(&self.facts.exhibitors);
            let unknown =
                numbered.filter(|(_, exhibitor)| exhibitor.fairs.is_empty()).map(|(number, _)| number);
            let unknown: Vec<u32> = unknown.collect();
            let is_withheld = |number: &&u32| {
                let decision = &results.decisions[**number as usize];
                decision.earned.is_some() && decision.award.is_none()
            };
            if let Some(&first) = unknown.first() {
                let withheld = unknown.iter().filter(is_withheld).count();
                found.push(FindingKind::FairsUnknown { exhibitors: unknown.len(), withheld, first });
            }
        }
        if let Some(needed) = self.smallest_pool().filter(|needed| (1..*needed).contains(&results.pool)) {
            found.push(FindingKind::SmallPool { pool: results.pool, needed });
        }
        found
    }

    /// The smallest pool in which the first rank reaches the first band of every scale that ranks.
    fn smallest_pool(&self) -> Option<usize> {
        let until = self.rulebook.indicators.iter().filter_map(|indicator| {
            match &self.rulebook.scale(indicator).points.value {
                ScaleKind::ByRank(scale) => Some(scale.bands.first()?.value.until),
                ScaleKind::ByValue(_) | ScaleKind::AsIs { .. } => None,
            }
        });
        let until = i128::from(until.min()?);
        let percent = |pool: &usize| {
            let pool = i128::try_from(*pool).expect("a small number");
            round_half_up(&Exact::new(100, pool))
        };
        (1..=100usize).find(|pool| percent(pool) <= until)
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
