//! The buyers that are credited to exhibitors, as a ledger commits to them: where their rows stand and what these say of
//! the count, and nothing that tells who they are.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::award::{
    CreditedBuyer, CreditedBuyers, Digest, Results, Secret, TreeHead, buyers_salt, leaf_hash,
};
use crate::data::{Date, SheetRead};
use crate::fair::{ATTENDANCE, Channel, ExhibitorId, Facts, INVITATIONS, KeyKind, NO_DATE, Row};
use crate::source::Files;

/// Where a row stands.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[serde(deny_unknown_fields)]
pub struct SealedPlace {
    /// The file, below the folder of the fair.
    pub file: String,
    /// The sheet, where the file has sheets.
    pub sheet: Option<String>,
    /// The row, as people count it.
    pub row: u32,
}

/// A buyer that is credited to an exhibitor. Its name, number, company, address and codes are not in it.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct SealedBuyer {
    /// Its attended rows.
    pub rows: Vec<SealedAttendance>,
    /// What matches; nothing where a ruling says that the buyer counts.
    pub matches: Vec<SealedMatch>,
}

/// An attended row of a buyer.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct SealedAttendance {
    /// Where it stands.
    pub place: SealedPlace,
    /// ISO 3166 code of the buyer's country or region.
    pub country: String,
    /// Where the buyer was seen.
    pub channel: SealedChannel,
    /// Whether the row says that it was the first time.
    pub first_time: bool,
    /// The day on which it was seen.
    pub seen_on: Option<Date>,
}

/// Where a buyer was seen.
#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "lowercase")]
pub enum SealedChannel {
    /// On site.
    Onsite,
    /// Online.
    Online,
}

/// A letter and an attended row with an equal key.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct SealedMatch {
    /// The kind of the key.
    pub by: SealedKey,
    /// Where the letter stands.
    pub letter: SealedPlace,
    /// Where the row stands.
    pub row: SealedPlace,
}

/// A kind of key.
#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "lowercase")]
pub enum SealedKey {
    /// The invitation code.
    Code,
    /// The company.
    Company,
    /// The e-mail address.
    Email,
}

impl SealedBuyer {
    /// Its hash as a leaf: of lists in JSON of its rows and matches, each as a list of its fields.
    ///
    /// A large fair credits a million buyers: as objects in canonical JSON they took 2.6 of the 19 CPU seconds of sealing.
    pub(super) fn leaf(&self, salt: &Digest) -> Digest {
        let rows: Vec<_> = self
            .rows
            .iter()
            .map(|row| (place(&row.place), &row.country, row.channel, row.first_time, row.seen_on))
            .collect();
        let matches: Vec<_> =
            self.matches.iter().map(|found| (found.by, place(&found.letter), place(&found.row))).collect();
        leaf_hash(salt, &serde_json::to_string(&(rows, matches)).expect("lists are always written"))
    }
}

fn place(SealedPlace { file, sheet, row }: &SealedPlace) -> (&str, Option<&str>, u32) {
    (file, sheet.as_deref(), *row)
}

/// The credited buyers of a fair as they are sealed.
pub(super) struct Credits<'f> {
    files: &'f Files,
    facts: &'f Facts,
    found: CreditedBuyers<'f>,
    /// The file and the name of each sheet, by table.
    sheets: BTreeMap<&'static str, Vec<(String, Option<String>)>>,
}

impl<'f> Credits<'f> {
    pub(super) fn new(files: &'f Files, facts: &'f Facts, results: &'f Results) -> Credits<'f> {
        let folder = format!("data/fairs/{}/", facts.fair);
        let name = |sheet: &SheetRead| {
            let path = files.path(sheet.file);
            let file = path.strip_prefix(&folder).unwrap_or(&path).to_owned();
            (file, sheet.sheet.as_ref().map(|(_, name)| name.clone()))
        };
        let sheets = facts.sheets.iter();
        let sheets = sheets.map(|(&table, sheets)| (table, sheets.iter().map(name).collect()));
        let found = CreditedBuyers::new(facts, &results.choices);
        Credits { files, facts, found, sheets: sheets.collect() }
    }

    /// The buyers of an exhibitor, by its number.
    pub(super) fn of(&self, exhibitor: ExhibitorId) -> Vec<SealedBuyer> {
        self.found.of(exhibitor).iter().map(|buyer| self.sealed(buyer)).collect()
    }

    /// The trees of the buyers of all exhibitors, by identifier, in an entry.
    pub(super) fn trees(&self, secret: &Secret, entry: u32) -> BTreeMap<String, TreeHead> {
        let exhibitors = self.facts.exhibitors.par_iter().enumerate();
        let trees = exhibitors.map(|(number, exhibitor)| {
            let salt = buyers_salt(secret, entry, &exhibitor.id);
            let leaves = self.of(ExhibitorId::new(number)).into_iter().map(|buyer| buyer.leaf(&salt));
            (exhibitor.id.clone(), TreeHead::of(leaves))
        });
        trees.collect::<Vec<_>>().into_iter().collect()
    }

    fn sealed(&self, buyer: &CreditedBuyer) -> SealedBuyer {
        let attendance = &self.facts.attendance.rows;
        let seen = |&row: &u32| {
            let row = &attendance[row as usize];
            SealedAttendance {
                place: self.place(ATTENDANCE.name, row.row),
                country: row.country.code().to_owned(),
                channel: match row.channel {
                    Channel::Onsite => SealedChannel::Onsite,
                    Channel::Online => SealedChannel::Online,
                },
                first_time: row.first_time,
                seen_on: date_of(row.seen_on),
            }
        };
        let matches = buyer.matches.iter().map(|found| SealedMatch {
            by: match found.by {
                KeyKind::Code => SealedKey::Code,
                KeyKind::Company => SealedKey::Company,
                KeyKind::Email => SealedKey::Email,
            },
            letter: self.place(INVITATIONS.name, self.facts.invitations[found.letter as usize].row),
            row: self.place(ATTENDANCE.name, attendance[found.row as usize].row),
        });
        SealedBuyer { rows: buyer.rows.iter().map(seen).collect(), matches: matches.collect() }
    }

    /// The place of a row, as the leaves of its table name it.
    fn place(&self, table: &str, row: Row) -> SealedPlace {
        let (file, sheet) = self.sheets[table][row.sheet as usize].clone();
        let span = self.facts.sheets[table][row.sheet as usize].cell_span(row.row, 0);
        SealedPlace { file, sheet, row: self.files.row_number(span) }
    }
}

/// The date of a number that grows with it: year, month and day in decimal digits.
fn date_of(number: i32) -> Option<Date> {
    let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
    let is_known = number != NO_DATE;
    let date = || Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok();
    is_known.then(date).flatten()
}
