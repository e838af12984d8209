//! What was found, kind by kind.

use std::collections::{BTreeMap, BTreeSet};

use crate::fair::{DoubledInputs, ExhibitorId, KeyColumn, KeyKind, OnePerson, SharedNumber};
use crate::rulebook::{AwardId, GateId};

/// Something that may not be meant.
#[derive(Clone, PartialEq, Debug)]
pub struct Finding {
    /// What.
    pub kind: FindingKind,
    /// The exhibitors whose award would be another if it did not count, by number.
    pub changes: Vec<ExhibitorId>,
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
    /// Persons who are counted as several buyers.
    CountedTwice(OnePerson),
    /// Invitations that repeat the code of another one of the same exhibitor.
    RepeatedCodes {
        /// How many repeat one.
        repeats: u64,
        /// How many have a code.
        coded: u64,
        /// The first that repeats one, by number.
        letter: u32,
    },
    /// Invitations without another code, day or recipient than one before it in the same input.
    RepeatedRows {
        /// How many repeat one.
        repeats: u64,
        /// The first that repeats one, by number.
        letter: u32,
    },
    /// Rows of the invitations that are in two inputs.
    DoubledRows(DoubledInputs),
    /// Invitations that go from the same exhibitors to the same recipients as those of another input.
    SentAgain {
        /// Number of the sheet that was read first.
        first: u32,
        /// Number of the other.
        second: u32,
        /// How many of the second go to recipients of the first.
        again: u64,
        /// How many the second has.
        letters: u64,
    },
    /// Keys of one table of which none occurs in the other.
    JoinsNobody(KeysMeet),
    /// Nobody receives an award.
    NoAward,
    /// All awards of a level are withheld, for one reason.
    AllWithheld {
        /// The award, by number.
        award: AwardId,
        /// The gate that is not met, by number.
        gate: GateId,
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
        first: ExhibitorId,
    },
    /// Exhibitors whose fairs do not name the fair at which they are.
    FairsLackThis {
        /// How many there are.
        exhibitors: usize,
        /// How many of their awards are withheld.
        withheld: usize,
        /// The first of them, by number.
        first: ExhibitorId,
    },
    /// Numbers of buyers of which so many stand for two persons that they are no numbers of buyers.
    SharedNumbers {
        /// How many stand for several persons.
        shared: usize,
        /// How many buyers there are.
        buyers: u32,
        /// The first row with another person, by number.
        row: u32,
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

/// How many keys of a kind meet one of the other table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct KeysMeet {
    /// Their kind.
    pub kind: KeyKind,
    /// The table.
    pub table: &'static str,
    /// Number of the sheet, where keys of other sheets of the table do meet some.
    pub sheet: Option<u32>,
    /// How many keys there are, none of which meets one.
    pub keys: u64,
    /// How many keys the other table has.
    pub others: u64,
}

impl Finding {
    /// Whether it was judged what would be if it did not count.
    pub fn is_judged_alone(&self) -> bool {
        matches!(
            self.kind,
            FindingKind::JoiningKey(_) | FindingKind::SentAgain { .. } | FindingKind::DoubledRows(_)
        )
    }
}

impl FindingKind {
    /// The codes of all kinds.
    pub const CODES: [&str; 17] = [
        "joined-by-code",
        "joined-by-company",
        "joined-by-email",
        "joined-by-buyer-number",
        "person-counted-twice",
        "code-repeated",
        "rows-repeated",
        "rows-in-two-inputs",
        "sent-again",
        "key-joins-nobody",
        "no-award",
        "all-withheld",
        "fairs-empty",
        "fairs-lack-this",
        "buyer-numbers-shared",
        "small-pool",
        "key-column",
    ];

    /// The code of its kind: what `accepted` in `fair.yaml` names.
    pub fn code(&self) -> &'static str {
        match self {
            FindingKind::JoiningKey(key) => match key.kind {
                KeyKind::Code => "joined-by-code",
                KeyKind::Company => "joined-by-company",
                KeyKind::Email => "joined-by-email",
            },
            FindingKind::SharedNumber(_) => "joined-by-buyer-number",
            FindingKind::CountedTwice(_) => "person-counted-twice",
            FindingKind::RepeatedCodes { .. } => "code-repeated",
            FindingKind::RepeatedRows { .. } => "rows-repeated",
            FindingKind::DoubledRows(_) => "rows-in-two-inputs",
            FindingKind::SentAgain { .. } => "sent-again",
            FindingKind::JoinsNobody(_) => "key-joins-nobody",
            FindingKind::NoAward => "no-award",
            FindingKind::AllWithheld { .. } => "all-withheld",
            FindingKind::FairsUnknown { .. } => "fairs-empty",
            FindingKind::FairsLackThis { .. } => "fairs-lack-this",
            FindingKind::SharedNumbers { .. } => "buyer-numbers-shared",
            FindingKind::SmallPool { .. } => "small-pool",
            FindingKind::KeyColumn(_) => "key-column",
        }
    }
}

impl Findings {
    /// Adds the exhibitors whose award would be another if none of several kinds counted to each of these kinds.
    pub(super) fn add_together(&mut self, kinds: &[&'static str], together: &[ExhibitorId]) {
        for kind in kinds {
            let awards = self.awards.entry(kind).or_default();
            *awards = together.len().max(*awards);
        }
    }

    /// Adds findings of one kind. `together` are the exhibitors whose award would be another if none of them counted.
    pub(super) fn add(&mut self, found: Vec<Finding>, together: Vec<ExhibitorId>) {
        let Some(first) = found.first() else { return };
        let changes: BTreeSet<ExhibitorId> =
            found.iter().flat_map(|finding| &finding.changes).copied().chain(together).collect();
        self.awards.insert(first.kind.code(), changes.len());
        self.found.extend(found);
    }
}
