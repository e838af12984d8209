//! Near misses: sent invitations and attended rows that are almost equal, for a person to look at. They are never
//! counted.
//!
//! The tables are read a second time, and no value of a buyer is kept but as a hash.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::hash::Hasher;

use rapidhash::fast::RapidHasher;

use super::config::Sources;
use super::facts::{Facts, NO_KEY};
use super::key::{company_key, email_key};
use super::slips::{Bits, SlipIndex, Sums, one_slip, places, starts};
use super::tables::{self, attendance, invitation};
use super::{KeyKind, key};
use crate::data::{Outcome, read_table};
use crate::source::{Failure, Files, Report};

/// How an invitation and an attended row are almost equal, the most telling first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Nearness {
    /// The e-mail addresses have the same host and the same words before it, in another order.
    EmailOrder,
    /// One letter of the e-mail addresses differs, is missing, or is swapped with its neighbour.
    EmailSlip,
    /// The companies' names have the same words, without their legal form and in any order.
    CompanyForm,
    /// The same name of a person, in any order, with an address of the same company's host.
    NameAndHost,
    /// One letter of the companies' names differs, is missing, or is swapped with its neighbour.
    CompanySlip,
}

/// A sent invitation and an attended row that are almost equal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct NearMiss {
    /// How.
    pub nearness: Nearness,
    /// The invitation, by number in [`Facts::invitations`].
    pub invitation: u32,
    /// The row, by number in the attendance.
    pub attended: u32,
}

/// What was found.
#[derive(Default, Debug)]
pub struct NearMisses {
    /// The near misses, in the order of the invitations.
    pub found: Vec<NearMiss>,
    /// How many more there are that are not kept.
    pub more: u64,
}

/// At most so many near misses are kept.
const MOST_KEPT: usize = 500_000;
/// What more attended rows than this have in common tells nothing about one of them.
const MOST_ROWS: usize = 20;
/// Shorter addresses and names are alike by chance.
const SHORTEST: usize = 8;
/// Shorter names in Chinese, Japanese or Korean are alike by chance.
const SHORTEST_WIDE: usize = 5;
/// Hosts at which anybody may have an address.
const PUBLIC_HOSTS: [&str; 16] = [
    "gmail.com",
    "googlemail.com",
    "hotmail.com",
    "outlook.com",
    "live.com",
    "yahoo.com",
    "icloud.com",
    "aol.com",
    "mail.ru",
    "yandex.ru",
    "gmx.de",
    "web.de",
    "qq.com",
    "163.com",
    "126.com",
    "foxmail.com",
];

/// Finds near misses of a fair whose facts were read without an error.
pub fn near_misses(
    files: &Files,
    folder: &str,
    sources: &Sources,
    not_a_name: &BTreeSet<String>,
    facts: &Facts,
) -> Result<NearMisses, Failure> {
    let seen = Seen::read(files, folder, sources, facts)?;
    let mut search = Search {
        facts,
        seen: &seen,
        not_a_name,
        misses: NearMisses::default(),
        hits: Vec::new(),
        key: String::new(),
        joined: String::new(),
        sums: Sums::default(),
        last: Last::default(),
    };
    let mut next = 0;
    read_table(
        &mut Report::new(),
        files,
        folder,
        &tables::INVITATIONS,
        &sources.invitations,
        &mut |report, record| {
            // The rows that were taken come in the same order again.
            if facts.invitations.get(next).is_some_and(|known| known.row == record.row()) {
                search
                    .invitation(next, |field| record.text(report, field).ok().flatten().unwrap_or_default());
                next += 1;
            }
            Outcome::Used
        },
    )?;
    Ok(search.misses)
}

/// What the attended rows have, by hash.
struct Seen {
    emails: SlipIndex,
    /// Of their addresses the hosts, what stands before the hosts, and both without the sign between them.
    hosts: Bits,
    locals: Bits,
    joined: Bits,
    companies: SlipIndex,
    email_orders: ByHash,
    forms: ByHash,
    names: ByHash,
    /// For each kind of key, by its number, the attended rows that have it.
    holders: [ByHash; 3],
}

impl Seen {
    fn read(files: &Files, folder: &str, sources: &Sources, facts: &Facts) -> Result<Seen, Failure> {
        let rows = &facts.attendance.rows;
        let (mut orders, mut forms, mut names) = (Vec::new(), Vec::new(), Vec::new());
        let mut key = String::new();
        let mut next = 0;
        read_table(
            &mut Report::new(),
            files,
            folder,
            &tables::ATTENDANCE,
            &sources.attendance,
            &mut |report, record| {
                if rows.get(next).is_some_and(|known| known.row == record.row()) {
                    let text = |report: &mut Report, field| {
                        record.text(report, field).ok().flatten().unwrap_or_default()
                    };
                    let row = u32::try_from(next).unwrap_or(u32::MAX);
                    let email = text(report, attendance::EMAIL);
                    let has_email = email_key(&email, &mut key);
                    orders.extend(email_order(&key).filter(|_| has_email).map(|hash| (hash, row)));
                    let name = text(report, attendance::NAME);
                    names.extend(name_and_host(&name, &key).filter(|_| has_email).map(|hash| (hash, row)));
                    let company = text(report, attendance::COMPANY);
                    forms.extend(company_form(&company).map(|hash| (hash, row)));
                    next += 1;
                }
                Outcome::Used
            },
        )?;
        let holders = KeyKind::ALL.map(|kind| {
            let numbered = (0u32..).zip(rows).map(|(row, attended)| (attended.keys[kind as usize], row));
            ByHash::new(
                numbered
                    .filter(|(key, _)| *key != NO_KEY)
                    .map(|(key, row)| (hash_of_key(key), row))
                    .collect(),
            )
        });
        let index = |kind: KeyKind| {
            let keys = &facts.attendance.keys[kind as usize];
            SlipIndex::new(
                (0..keys.len()).map(|key| keys.text(u32::try_from(key).unwrap_or(u32::MAX))),
                is_long,
            )
        };
        let addresses = &facts.attendance.keys[KeyKind::Email as usize];
        let [mut hosts, mut locals, mut joined] = [(); 3].map(|()| Bits::new(addresses.len()));
        for number in (0u32..).take(addresses.len()) {
            if let Some((local, host)) = addresses.text(number).split_once('@') {
                hosts.insert(part_hash(host));
                locals.insert(part_hash(local));
                joined.insert(joined_hash(local, host, &mut key));
            }
        }
        Ok(Seen {
            emails: index(KeyKind::Email),
            hosts,
            locals,
            joined,
            companies: index(KeyKind::Company),
            email_orders: ByHash::new(orders),
            forms: ByHash::new(forms),
            names: ByHash::new(names),
            holders,
        })
    }
}

/// Whether two texts of such a length are hardly alike by chance.
fn is_long(text: &str) -> bool {
    let wide = text.chars().any(|c| c >= '\u{2e80}');
    text.chars().count() >= if wide { SHORTEST_WIDE } else { SHORTEST }
}

struct Search<'a> {
    facts: &'a Facts,
    seen: &'a Seen,
    not_a_name: &'a BTreeSet<String>,
    misses: NearMisses,
    hits: Vec<(Nearness, u32)>,
    key: String,
    joined: String,
    sums: Sums,
    last: Last,
}

/// Invitations of one company stand one below the other: what was found for the last value is kept.
#[derive(Default)]
struct Last {
    company: String,
    form: Option<u64>,
    slips: Vec<u32>,
}

impl Search<'_> {
    /// Looks for what is almost equal to an invitation, of which `text` gives the fields that are asked for.
    fn invitation<'t>(&mut self, number: usize, mut text: impl FnMut(usize) -> Cow<'t, str>) {
        let keys = self.facts.invitations[number].keys;
        self.hits.clear();
        if keys[KeyKind::Email as usize] == NO_KEY
            && email_key(&text(invitation::EMAIL), &mut self.key)
            && let Some((local, host)) = self.key.split_once('@')
        {
            let hosts_are_known = self.seen.hosts.may_hold(part_hash(host));
            // One of both is as it is in the other address, or a letter changed its place with the sign between them.
            let may_slip = hosts_are_known
                || self.seen.locals.may_hold(part_hash(local))
                || self.seen.joined.may_hold(joined_hash(local, host, &mut self.joined));
            if may_slip {
                self.slips(KeyKind::Email, Nearness::EmailSlip);
            }
            if hosts_are_known {
                self.same(email_order(&self.key), |seen| &seen.email_orders, Nearness::EmailOrder);
                let name = name_and_host(&text(invitation::BUYER_NAME), &self.key);
                self.same(name, |seen| &seen.names, Nearness::NameAndHost);
            }
        }
        if keys[KeyKind::Company as usize] == NO_KEY {
            let company = text(invitation::COMPANY);
            if self.last.company != company {
                self.last.company.clear();
                self.last.company.push_str(&company);
                self.last.form = None;
                self.last.slips.clear();
                if company_key(&company, &mut self.key) && !self.not_a_name.contains(&self.key) {
                    self.last.form = company_form(&company);
                    let before = self.hits.len();
                    self.slips(KeyKind::Company, Nearness::CompanySlip);
                    self.last.slips.extend(self.hits.drain(before..).map(|(_, row)| row));
                }
            }
            self.hits.extend(self.last.slips.iter().map(|&row| (Nearness::CompanySlip, row)));
            self.same(self.last.form, |seen| &seen.forms, Nearness::CompanyForm);
        }
        // One row of a buyer is told once, by what tells most.
        self.hits.sort_unstable_by_key(|&(nearness, row)| (row, nearness));
        self.hits.dedup_by_key(|(_, row)| *row);
        let invitation = u32::try_from(number).unwrap_or(u32::MAX);
        for &(nearness, attended) in &self.hits {
            match self.misses.found.len() < MOST_KEPT {
                true => self.misses.found.push(NearMiss { nearness, invitation, attended }),
                false => self.misses.more += 1,
            }
        }
    }

    /// Adds the rows whose key is one slip away from the key at hand.
    fn slips(&mut self, kind: KeyKind, nearness: Nearness) {
        if !is_long(&self.key) {
            return;
        }
        let seen = self.seen;
        let index = if kind == KeyKind::Email { &seen.emails } else { &seen.companies };
        let known = &self.facts.attendance.keys[kind as usize];
        for candidate in index.candidates(&self.key, &mut self.sums) {
            if one_slip(&self.key, known.text(candidate)) {
                let rows = seen.holders[kind as usize].rows(hash_of_key(candidate));
                self.hits.extend(rows.iter().map(|&(_, row)| (nearness, row)));
            }
        }
    }

    /// Adds the rows that have the same hash of something.
    fn same(&mut self, hash: Option<u64>, of: fn(&Seen) -> &ByHash, nearness: Nearness) {
        let Some(hash) = hash else { return };
        let rows = of(self.seen).rows(hash);
        self.hits.extend(rows.iter().map(|&(_, row)| (nearness, row)));
    }
}

/// Attended rows by a hash of something that they have.
struct ByHash {
    known: Bits,
    rows: Vec<(u64, u32)>,
    starts: Vec<u32>,
}

impl ByHash {
    fn new(mut rows: Vec<(u64, u32)>) -> ByHash {
        rows.sort_unstable();
        let mut known = Bits::new(rows.len());
        rows.iter().for_each(|(hash, _)| known.insert(*hash));
        let starts = starts(rows.iter().map(|(hash, _)| first_bits(*hash)));
        ByHash { known, rows, starts }
    }

    /// The rows that have a hash; none where they are too many to tell anything.
    fn rows(&self, hash: u64) -> &[(u64, u32)] {
        if !self.known.may_hold(hash) {
            return &[];
        }
        let near = &self.rows[places(&self.starts, first_bits(hash))];
        let start = near.iter().position(|(known, _)| *known == hash).unwrap_or(near.len());
        let length = near[start..].iter().take(MOST_ROWS + 1).take_while(|(known, _)| *known == hash).count();
        match length > MOST_ROWS {
            true => &[],
            false => &near[start..start + length],
        }
    }
}

fn first_bits(hash: u64) -> u32 {
    (hash >> 32) as u32
}

/// A hash of the number of a key.
fn hash_of_key(key: u32) -> u64 {
    u64::from(key).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

fn hash_of<'t>(kind: u64, parts: impl IntoIterator<Item = &'t str>) -> u64 {
    let mut hasher = RapidHasher::new(kind);
    for part in parts {
        hasher.write(part.as_bytes());
        hasher.write_u8(0xff);
    }
    hasher.finish()
}

/// A hash of a part of an e-mail key.
fn part_hash(part: &str) -> u64 {
    rapidhash::v3::rapidhash_v3(part.as_bytes())
}

/// A hash of an e-mail key without its sign; the text is only there to be used again.
fn joined_hash(local: &str, host: &str, text: &mut String) -> u64 {
    text.clear();
    text.push_str(local);
    text.push_str(host);
    part_hash(text)
}

/// What an e-mail key has in common with one whose words before the `@` stand in another order.
fn email_order(key: &str) -> Option<u64> {
    let (local, host) = key.split_once('@')?;
    let mut words: Vec<&str> = local.split(['.', '_', '-']).filter(|word| !word.is_empty()).collect();
    if words.len() < 2 {
        return None;
    }
    words.sort_unstable();
    Some(hash_of(1, words.into_iter().chain([host])))
}

/// What a person's name and the host of an e-mail key have in common with the same in another order.
fn name_and_host(name: &str, key: &str) -> Option<u64> {
    let (_, host) = key.split_once('@')?;
    if name.is_empty() || PUBLIC_HOSTS.contains(&host) {
        return None;
    }
    let words = words(name);
    let mut words: Vec<&str> = words.split(' ').collect();
    words.sort_unstable();
    let long_enough = words.iter().map(|word| word.chars().count()).sum::<usize>() >= 2;
    long_enough.then(|| hash_of(2, words.into_iter().chain([host])))
}

/// Words that say what legal form a company has.
const FORMS: [&str; 46] = [
    "ab",
    "ag",
    "aps",
    "as",
    "asa",
    "bhd",
    "bv",
    "cia",
    "co",
    "company",
    "corp",
    "corporation",
    "cv",
    "doo",
    "eirl",
    "gmbh",
    "inc",
    "incorporated",
    "jsc",
    "kft",
    "kg",
    "kk",
    "limited",
    "llc",
    "llp",
    "lp",
    "ltd",
    "ltda",
    "mbh",
    "nv",
    "ooo",
    "oy",
    "plc",
    "private",
    "pt",
    "pte",
    "pty",
    "pvt",
    "sa",
    "sarl",
    "sas",
    "sdn",
    "spa",
    "sro",
    "srl",
    "tic",
];
const WIDE_FORMS: [&str; 7] =
    ["有限责任公司", "股份有限公司", "有限公司", "股份公司", "公司", "株式会社", "주식회사"];

/// What a company's name has in common with the same words in another legal form or another order.
fn company_form(name: &str) -> Option<u64> {
    let words = words(name);
    let mut kept: Vec<&str> = Vec::new();
    for word in words.split(' ') {
        let bare =
            WIDE_FORMS.iter().find_map(|form| word.strip_suffix(form).or_else(|| word.strip_prefix(form)));
        let bare = bare.unwrap_or(word);
        if !bare.is_empty() && !FORMS.contains(&bare) && bare != "the" && bare != "and" {
            kept.push(bare);
        }
    }
    kept.sort_unstable();
    let length: usize = kept.iter().map(|word| word.chars().count()).sum();
    (length >= 3).then(|| hash_of(3, kept))
}

/// The words of a name, folded, one space between them; letters with full stops between them are one word.
fn words(name: &str) -> String {
    let folded = key::fold(name);
    let mut words = String::with_capacity(folded.len());
    let mut letters = 0;
    for word in folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let is_letter = word.len() == 1;
        let joins = is_letter && letters > 0;
        if !words.is_empty() && !joins {
            words.push(' ');
        }
        letters = if is_letter { letters + 1 } else { 0 };
        words.push_str(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn companies_are_alike_without_legal_form_and_order() {
        for (one, other) in [
            ("Aster S.A.", "ASTER"),
            ("Borg Trading Co., Ltd.", "Borg Trading Company Limited"),
            ("Trading Borg GmbH", "Borg trading"),
            ("示例贸易有限公司", "示例贸易"),
            ("株式会社示例商事", "示例商事"),
        ] {
            assert_eq!(company_form(one), company_form(other), "{one} {other}");
        }
        assert_ne!(company_form("Aster SA"), company_form("Astor SA"));
        assert_eq!(company_form("Co., Ltd."), None);
    }

    #[test]
    fn names_and_addresses_are_alike_in_another_order() {
        assert_eq!(email_order("ann.example@a.b"), email_order("example_ann@a.b"));
        assert_ne!(email_order("ann.example@a.b"), email_order("ann.example@a.c"));
        assert_eq!(name_and_host("Ann Example", "x@a.b"), name_and_host("EXAMPLE, Ann", "y@a.b"));
        assert_eq!(name_and_host("Ann Example", "x@gmail.com"), None);
    }
}
