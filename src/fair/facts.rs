//! What the four tables say, resolved: exhibitors, invitations, buyers seen, penalties.

use std::collections::BTreeMap;

use super::id::id;
use super::key_table::KeyTable;
use super::name_table::NameTable;
use super::particulars::Particulars;
use super::rulings::Ruling;
use super::tables::{attendance, invitation};
use super::{Country, SHAPES};
use crate::data::{Account, Date, Row, SheetRead};
use crate::lang::Lang;
use crate::source::Span;

id! {
    /// The number of an exhibitor: its place in [`Facts::exhibitors`] and in what is decided on each of them.
    ExhibitorId
}

/// A company with a booth at the fair.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Exhibitor {
    /// Its identifier.
    pub id: String,
    /// Its name in Chinese.
    pub name_zh: String,
    /// Its name in English.
    pub name_en: Option<String>,
    /// Its names in other languages.
    pub further_names: BTreeMap<Lang, String>,
    /// What else is published of it.
    pub particulars: Particulars,
    /// The fairs at which it exhibited.
    pub fairs: Vec<u32>,
    /// Where it stands.
    pub row: Row,
}

impl Exhibitor {
    /// Whether the same is published of it, beside its award.
    pub fn is_published_like(&self, other: &Exhibitor) -> bool {
        let published = |one: &Exhibitor| {
            let Exhibitor { id, name_zh, name_en, further_names, particulars, fairs: _, row: _ } =
                one.clone();
            (id, name_zh, name_en, further_names, particulars)
        };
        published(self) == published(other)
    }
}

/// A number that stands for no key: the value is missing, or no buyer has it.
pub const NO_KEY: u32 = u32::MAX;
/// A number that stands for a missing date, smaller than every date.
pub const NO_DATE: i32 = i32::MIN;

/// An invitation that was sent. Its keys are numbers of keys that some attended row has; others can
/// match nothing and are not kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Invitation {
    /// Number of the exhibitor.
    pub exhibitor: ExhibitorId,
    /// Its keys, by [`KeyKind`]; [`NO_KEY`] where it has none that a buyer has.
    pub keys: [u32; 3],
    /// The day on which it was sent, as a number that grows with the date; or [`NO_DATE`].
    pub sent_on: i32,
    /// A hash of whom it was sent to: of the e-mail key, else of company key and buyer name. 0 stands
    /// for a recipient of which nothing is known.
    pub recipient: u64,
    /// Where it stands.
    pub row: Row,
}

/// By what a buyer and an invitation are matched.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum KeyKind {
    /// The invitation code.
    Code,
    /// The company's name.
    Company,
    /// The e-mail address.
    Email,
}

impl KeyKind {
    /// All kinds, in the order in which keys are held.
    pub const ALL: [KeyKind; 3] = [KeyKind::Code, KeyKind::Company, KeyKind::Email];

    /// Which of three things in this order belongs to it.
    fn of<T: Copy>(self, all: [T; 3]) -> T {
        all[self as usize]
    }
}

/// Where a buyer was seen.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Channel {
    /// On site (线下).
    Onsite,
    /// Online (线上).
    Online,
}

/// A buyer, by the number of its identity.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Buyer(pub u32);

/// A row that says that a buyer was there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Attended {
    /// The buyer.
    pub buyer: Buyer,
    /// Its keys, by [`KeyKind`]; [`NO_KEY`] where it has none.
    pub keys: [u32; 3],
    /// Where the buyer comes from.
    pub country: Country,
    /// Where it was seen.
    pub channel: Channel,
    /// Whether the row says that this was the first time.
    pub first_time: bool,
    /// The day on which it was seen, as a number that grows with the date; or [`NO_DATE`].
    pub seen_on: i32,
    /// Where it stands.
    pub row: Row,
}

/// Keys of e-mail addresses after the first of a cell, by the number of the row or letter.
#[derive(Clone, Default, Debug)]
pub struct MoreKeys(Vec<(u32, u32)>);

impl MoreKeys {
    /// Adds a key of a row that is none before those that have keys here.
    pub(super) fn add(&mut self, row: u32, key: u32) {
        self.0.push((row, key));
    }

    /// The keys of a row.
    #[inline]
    pub fn of(&self, row: u32) -> impl Iterator<Item = u32> + Clone {
        let from = match self.0.is_empty() {
            true => 0,
            false => self.0.partition_point(|(known, _)| *known < row),
        };
        self.0[from..].iter().take_while(move |(known, _)| *known == row).map(|(_, key)| *key)
    }
}

/// A number of a buyer beside which several names and several addresses stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SharedNumber {
    /// The buyer.
    pub buyer: Buyer,
    /// The first row that has another name or address than the first row of the buyer.
    pub row: u32,
    /// How many names stand beside it.
    pub names: usize,
    /// How many e-mail addresses.
    pub emails: usize,
}

/// Persons who are counted as several buyers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OnePerson {
    /// How many persons.
    pub persons: usize,
    /// As how many buyers.
    pub buyers: usize,
    /// The first row of the first of these buyers that is not the first of its person.
    pub row: u32,
}

/// A column of keys in a sheet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct KeyColumn {
    /// The table.
    pub table: &'static str,
    /// Number of the sheet among those that were read for the table.
    pub sheet: u32,
    /// The kind of its keys.
    pub kind: KeyKind,
    /// How many cells have a value.
    pub filled: u64,
    /// How many of these have no key.
    pub without_key: u64,
}

/// Two inputs of the invitations that have rows in common.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DoubledInputs {
    /// Number of the sheet that was read first.
    pub first: u32,
    /// Number of the other.
    pub second: u32,
    /// How many rows the first has.
    pub rows_of_first: u64,
    /// How many rows the second has.
    pub rows_of_second: u64,
    /// How many rows of the first are in the second.
    pub shared_of_first: u64,
    /// How many rows of the second are in the first.
    pub shared_of_second: u64,
    /// The letters of the second that are in the first, by number.
    pub letters: Vec<u32>,
}

impl DoubledInputs {
    /// Whether one holds so much of the other that it cannot be meant: two rows or more, and more than a tenth.
    pub fn is_too_much(&self) -> bool {
        let much = |shared: u64, rows: u64| shared > 1 && shared * 10 > rows;
        much(self.shared_of_first, self.rows_of_first) || much(self.shared_of_second, self.rows_of_second)
    }
}

/// The buyers seen.
#[derive(Default, Debug)]
pub struct Attendance {
    /// The rows that say that a buyer was there, in reading order.
    pub rows: Vec<Attended>,
    /// Of rows with several e-mail addresses, the keys of those after the first.
    pub more_emails: MoreKeys,
    /// How many buyers there are: their numbers are below it.
    pub buyers: u32,
    /// The keys that the rows have, by [`KeyKind`], with their numbers.
    pub keys: [KeyTable; 3],
    /// Numbers of buyers beside which several names and addresses stand.
    pub shared_numbers: Vec<SharedNumber>,
    /// Buyers that seem to be the same person as an earlier one, each with the first of them.
    pub same_person: Vec<(u32, u32)>,
    /// How many these are.
    pub one_person: Option<OnePerson>,
}

impl Attendance {
    /// The keys of a kind that a row has, by the row's number.
    #[inline]
    pub fn keys_of(&self, row: u32, kind: KeyKind) -> impl Iterator<Item = u32> + Clone {
        let first = self.rows[row as usize].keys[kind as usize];
        let more = (kind == KeyKind::Email).then(|| self.more_emails.of(row)).into_iter().flatten();
        Some(first).filter(|key| *key != NO_KEY).into_iter().chain(more)
    }
}

/// A penalty, by the fairs that it covers, both ends included.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Penalty {
    /// Number of the exhibitor.
    pub exhibitor: ExhibitorId,
    /// What for.
    pub reason: Option<String>,
    /// The first fair.
    pub from_fair: u32,
    /// The last fair.
    pub until_fair: u32,
    /// Where it stands.
    pub row: Row,
}

impl Penalty {
    /// Whether it covers a fair; both ends are included.
    pub fn covers(&self, fair: u32) -> bool {
        (self.from_fair..=self.until_fair).contains(&fair)
    }
}

/// What the tables of a fair say.
#[derive(Default, Debug)]
pub struct Facts {
    /// Number of the fair.
    pub fair: u32,
    /// Number of the latest fair held before it.
    pub previous_fair: u32,
    /// The exhibitors, in reading order; an exhibitor's number is its place here.
    pub exhibitors: Vec<Exhibitor>,
    /// The invitations that were sent, in reading order.
    pub invitations: Vec<Invitation>,
    /// Of each invitation, a hash of its code; 0 where it has none.
    pub letter_codes: Vec<u64>,
    /// Of invitations to several e-mail addresses, the keys of those after the first.
    pub letter_emails: MoreKeys,
    /// The buyers seen.
    pub attendance: Attendance,
    /// The columns of keys.
    pub key_columns: Vec<KeyColumn>,
    /// Inputs of the invitations that have rows in common.
    pub doubled_inputs: Vec<DoubledInputs>,
    /// The penalties, in reading order.
    pub penalties: Vec<Penalty>,
    /// The names that the table of names gives.
    pub names: NameTable,
    /// Decisions by hand, the earliest first.
    pub rulings: Vec<Ruling>,
    /// The day on which the notice is published; rulings from then on are corrections of it.
    pub notice_from: Option<Date>,
    /// What the tables said before rulings on them, the earliest first, each with the rulings until then.
    pub earlier: Vec<Facts>,
    /// The sheets that were read, by table.
    pub sheets: BTreeMap<&'static str, Vec<SheetRead>>,
}

impl Facts {
    /// What became of the rows of each table that was read, in the order of [`SHAPES`].
    pub fn accounts(&self) -> Vec<(&'static str, Account)> {
        let mut accounts = Vec::new();
        for table in SHAPES.map(|shape| shape.name) {
            let Some(sheets) = self.sheets.get(table) else { continue };
            let mut sum = Account::default();
            for sheet in sheets {
                sum.add(sheet.account);
            }
            accounts.push((table, sum));
        }
        accounts
    }

    /// The keys of a kind that an invitation has and a buyer too, by the invitation's number.
    #[inline]
    pub fn letter_keys(&self, letter: u32, kind: KeyKind) -> impl Iterator<Item = u32> {
        let first = self.invitations[letter as usize].keys[kind as usize];
        let more = (kind == KeyKind::Email).then(|| self.letter_emails.of(letter)).into_iter().flatten();
        Some(first).filter(|key| *key != NO_KEY).into_iter().chain(more)
    }

    /// Whether an invitation has a key that a buyer has too. Most have none.
    #[inline]
    pub fn may_match(&self, letter: u32) -> bool {
        self.invitations[letter as usize].keys != [NO_KEY; 3]
            || self.letter_emails.of(letter).next().is_some()
    }

    /// The place of the value of a field in a row of a table.
    pub fn cell(&self, table: &str, row: Row, field: usize) -> Option<Span> {
        Some(self.sheets.get(table)?.get(row.sheet as usize)?.field_span(row.row, field))
    }

    /// The place of a row of a table.
    pub fn span(&self, table: &str, row: Row) -> Option<Span> {
        Some(self.sheets.get(table)?.get(row.sheet as usize)?.cell_span(row.row, 0))
    }
}

impl Facts {
    /// The place of a key in an invitation.
    pub fn invitation_key_span(&self, row: Row, kind: KeyKind) -> Option<Span> {
        self.cell("invitations", row, kind.of([invitation::CODE, invitation::COMPANY, invitation::EMAIL]))
    }

    /// The place of a key in a row of the attendance.
    pub fn attendance_key_span(&self, row: Row, kind: KeyKind) -> Option<Span> {
        self.cell("attendance", row, kind.of([attendance::CODE, attendance::COMPANY, attendance::EMAIL]))
    }
}

/// A date as a number that grows with it.
pub(super) fn day_number(date: Option<Date>) -> i32 {
    match date {
        None => NO_DATE,
        Some(date) => i32::from(date.year()) * 10_000 + i32::from(date.month()) * 100 + i32::from(date.day()),
    }
}
