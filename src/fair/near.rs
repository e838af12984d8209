//! Near misses: sent invitations and attended rows that are almost equal, for a person to look at. They are never
//! counted.
//!
//! Looks on while rows are taken in, and keeps no value of a buyer but as a hash. Knows no tables.

use std::ops::Range;

use super::facts::{Attendance, NO_KEY};
use super::intake::{AttendedRow, Letter, LetterObserver, Observer};
use super::key_table::key_hash;
use super::slips::{Bits, SlipIndex, Sums, mixed, one_slip, places, starts};
use super::{KeyKind, key};

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
    /// The invitation, by number in [`Facts::invitations`](super::Facts::invitations).
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

/// Searches near misses while the tables of a fair are read.
#[derive(Default)]
pub struct NearMissSearch {
    gathered: Gathered,
    misses: NearMisses,
}

impl NearMissSearch {
    /// What was found, once the tables are read.
    pub fn found(self) -> NearMisses {
        self.misses
    }
}

impl Observer for NearMissSearch {
    fn attended(&mut self, row: &AttendedRow<'_>) {
        self.gathered.attended(row.email, row.name, row.company);
    }

    fn letters<'a>(&'a mut self, attendance: &'a Attendance) -> Option<Box<dyn LetterObserver + 'a>> {
        let seen = std::mem::take(&mut self.gathered).seen(attendance);
        Some(Box::new(Search { seen, questions: Questions::new(attendance, &mut self.misses) }))
    }
}

/// What attended rows have by which they may be almost equal to an invitation, by hash, while they are read.
#[derive(Default)]
struct Gathered {
    email_orders: Vec<(u64, u32)>,
    forms: Vec<(u64, u32)>,
    names: Vec<(u64, u32)>,
    rows: u32,
    words: Words,
}

impl Gathered {
    /// Takes the next row in: its e-mail key if it has one, and the names of person and company as they are written.
    fn attended(&mut self, email: Option<&str>, name: &str, company: &str) {
        let row = self.rows;
        self.rows += 1;
        if let Some(email) = email {
            self.email_orders.extend(email_order(email).map(|hash| (hash, row)));
            self.names.extend(self.words.name_and_host(name, email).map(|hash| (hash, row)));
        }
        self.forms.extend(self.words.company_form(company).map(|hash| (hash, row)));
    }

    /// What was gathered, once all rows are read.
    fn seen(self, attendance: &Attendance) -> Seen {
        let holders = KeyKind::ALL.map(|kind| {
            let numbered =
                (0u32..).zip(&attendance.rows).map(|(row, attended)| (attended.keys[kind as usize], row));
            ByHash::new(
                numbered
                    .filter(|(key, _)| *key != NO_KEY)
                    .map(|(key, row)| (hash_of_key(key), row))
                    .collect(),
            )
        });
        let index = |kind: KeyKind| {
            let keys = &attendance.keys[kind as usize];
            SlipIndex::new(
                (0..keys.len()).map(|key| keys.text(u32::try_from(key).unwrap_or(u32::MAX))),
                is_long,
            )
        };
        let addresses = &attendance.keys[KeyKind::Email as usize];
        let [mut hosts, mut locals, mut joined] = [(); 3].map(|()| Bits::new(addresses.len()));
        let mut text = String::new();
        for number in (0u32..).take(addresses.len()) {
            if let Some((local, host)) = addresses.text(number).split_once('@') {
                hosts.insert(part_hash(host));
                locals.insert(part_hash(local));
                joined.insert(joined_hash(local, host, &mut text));
            }
        }
        Seen {
            emails: index(KeyKind::Email),
            hosts,
            locals,
            joined,
            companies: index(KeyKind::Company),
            email_orders: ByHash::new(self.email_orders),
            forms: ByHash::new(self.forms),
            names: ByHash::new(self.names),
            holders,
        }
    }
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

/// Whether two texts of such a length are hardly alike by chance.
fn is_long(text: &str) -> bool {
    if text.is_ascii() {
        return text.len() >= SHORTEST;
    }
    let wide = text.chars().any(|c| c >= '\u{2e80}');
    text.chars().count() >= if wide { SHORTEST_WIDE } else { SHORTEST }
}

/// Looks for attended rows that are almost equal to invitations. What the rows have is large, and is let go of with it.
struct Search<'a> {
    seen: Seen,
    questions: Questions<'a>,
}

/// What is asked about invitations. It is put together and looked up for many of them at once: one look into a large
/// memory takes as long as a dozen of them that do not wait for one another.
struct Questions<'a> {
    attendance: &'a Attendance,
    misses: &'a mut NearMisses,
    /// The invitation that is being asked about.
    invitation: u32,
    /// The texts of what is asked, one after another.
    texts: String,
    emails: Vec<AskedEmail>,
    companies: Vec<AskedCompany>,
    /// Of the companies, by number, what is left of their names by a slip.
    parts: Vec<(usize, u64)>,
    hits: Vec<NearMiss>,
    joined: String,
    sums: Sums,
    words: Words,
}

/// So much is asked before it is looked up.
const ASKED_AT_ONCE: usize = 256;

/// An e-mail key that no buyer has, and the name of the person beside it.
struct AskedEmail {
    invitation: u32,
    key: Range<usize>,
    name: Range<usize>,
    host: u64,
    local: u64,
    joined: u64,
    host_is_known: bool,
    may_slip: bool,
}

/// A company's name, of which no buyer has the key.
struct AskedCompany {
    invitation: u32,
    key: Range<usize>,
    form: Option<u64>,
    form_is_known: bool,
    may_slip: bool,
}

impl<'a> Questions<'a> {
    fn new(attendance: &'a Attendance, misses: &'a mut NearMisses) -> Questions<'a> {
        Questions {
            attendance,
            misses,
            invitation: 0,
            texts: String::new(),
            emails: Vec::new(),
            companies: Vec::new(),
            parts: Vec::new(),
            hits: Vec::new(),
            joined: String::new(),
            sums: Sums::default(),
            words: Words::default(),
        }
    }

    /// Begins an invitation, by its number: what is asked next is asked about it.
    fn begin(&mut self, seen: &Seen, invitation: u32) {
        if self.emails.len() + self.companies.len() >= ASKED_AT_ONCE {
            self.look_up(seen);
        }
        self.invitation = invitation;
    }

    /// Asks for what is almost equal to an e-mail key that no buyer has, and to the name of the person beside it.
    fn email(&mut self, key: &str, name: &str) {
        let Some((local, host)) = key.split_once('@') else { return };
        let (host, local, joined) =
            (part_hash(host), part_hash(local), joined_hash(local, host, &mut self.joined));
        self.emails.push(AskedEmail {
            invitation: self.invitation,
            key: kept(&mut self.texts, key),
            name: kept(&mut self.texts, name),
            host,
            local,
            joined,
            host_is_known: false,
            may_slip: false,
        });
    }

    /// Asks for what is almost equal to a company's name, of which no buyer has the key.
    fn company(&mut self, seen: &Seen, company: &str, key: &str) {
        let number = self.companies.len();
        if is_long(key) {
            seen.companies.parts(key, &mut self.sums, &mut |part| self.parts.push((number, part)));
        }
        self.companies.push(AskedCompany {
            invitation: self.invitation,
            key: kept(&mut self.texts, key),
            form: self.words.company_form(company),
            form_is_known: false,
            may_slip: false,
        });
    }

    fn look_up(&mut self, seen: &Seen) {
        let (mut emails, mut companies) =
            (std::mem::take(&mut self.emails), std::mem::take(&mut self.companies));
        let texts = std::mem::take(&mut self.texts);
        for asked in &mut emails {
            asked.host_is_known = seen.hosts.may_hold(asked.host);
            // One of both is as it is in the other address, or a letter changed its place with the sign between them.
            asked.may_slip =
                asked.host_is_known | seen.locals.may_hold(asked.local) | seen.joined.may_hold(asked.joined);
        }
        for (number, part) in self.parts.drain(..) {
            companies[number].may_slip |= seen.companies.may_hold_part(part);
        }
        for (number, asked) in emails.iter_mut().enumerate().filter(|(_, asked)| asked.may_slip) {
            let key = &texts[asked.key.clone()];
            asked.may_slip = false;
            if is_long(key) {
                seen.emails.parts(key, &mut self.sums, &mut |part| self.parts.push((number, part)));
            }
        }
        for (number, part) in self.parts.drain(..) {
            emails[number].may_slip |= seen.emails.may_hold_part(part);
        }
        for asked in &mut companies {
            asked.form_is_known = asked.form.is_some_and(|form| seen.forms.may_hold(form));
        }
        for asked in emails.iter().filter(|asked| asked.may_slip || asked.host_is_known) {
            self.invitation = asked.invitation;
            let key = &texts[asked.key.clone()];
            if asked.may_slip {
                self.slips(seen, KeyKind::Email, key, Nearness::EmailSlip);
            }
            if asked.host_is_known {
                self.same(&seen.email_orders, email_order(key), Nearness::EmailOrder);
                let name = self.words.name_and_host(&texts[asked.name.clone()], key);
                self.same(&seen.names, name, Nearness::NameAndHost);
            }
        }
        for asked in companies.iter().filter(|asked| asked.may_slip || asked.form_is_known) {
            self.invitation = asked.invitation;
            if asked.may_slip {
                self.slips(seen, KeyKind::Company, &texts[asked.key.clone()], Nearness::CompanySlip);
            }
            self.same(&seen.forms, asked.form, Nearness::CompanyForm);
        }
        // One row of a buyer is told once, by what tells most.
        self.hits.sort_unstable_by_key(|hit| (hit.invitation, hit.attended, hit.nearness));
        self.hits.dedup_by_key(|hit| (hit.invitation, hit.attended));
        let kept = self.hits.len().min(MOST_KEPT - self.misses.found.len());
        self.misses.more += (self.hits.len() - kept) as u64;
        self.misses.found.extend(self.hits.drain(..).take(kept));
        (self.emails, self.companies, self.texts) = (emails, companies, texts);
        self.emails.clear();
        self.companies.clear();
        self.texts.clear();
    }

    /// Adds the rows whose key is one slip away from a long key.
    fn slips(&mut self, seen: &Seen, kind: KeyKind, key: &str, nearness: Nearness) {
        let index = if kind == KeyKind::Email { &seen.emails } else { &seen.companies };
        let known = &self.attendance.keys[kind as usize];
        for candidate in index.candidates(key, &mut self.sums) {
            if one_slip(key, known.text(candidate)) {
                let rows = seen.holders[kind as usize].rows(hash_of_key(candidate));
                self.hit(rows, nearness);
            }
        }
    }

    /// Adds the rows that have the same hash of something.
    fn same(&mut self, rows: &ByHash, hash: Option<u64>, nearness: Nearness) {
        let Some(hash) = hash else { return };
        self.hit(rows.rows(hash), nearness);
    }

    fn hit(&mut self, rows: &[(u64, u32)], nearness: Nearness) {
        let invitation = self.invitation;
        self.hits.extend(rows.iter().map(|&(_, attended)| NearMiss { nearness, invitation, attended }));
    }
}

impl LetterObserver for Search<'_> {
    fn letter(&mut self, letter: &Letter<'_>) {
        let Search { seen, questions } = self;
        questions.begin(seen, letter.number);
        if let Some((company, key)) = letter.company {
            questions.company(seen, company, key);
        }
        if let Some(key) = letter.email {
            questions.email(key, letter.buyer_name);
        }
    }

    fn end(mut self: Box<Self>) {
        self.questions.look_up(&self.seen);
    }
}

/// Puts a text behind others; where it stands there.
fn kept(texts: &mut String, text: &str) -> Range<usize> {
    let start = texts.len();
    texts.push_str(text);
    start..texts.len()
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

    /// Whether there may be rows that have a hash.
    fn may_hold(&self, hash: u64) -> bool {
        self.known.may_hold(hash)
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

/// A hash of a part of an e-mail key.
fn part_hash(part: &str) -> u64 {
    key_hash(part)
}

/// A hash of an e-mail key without its sign; the text is only there to be used again.
fn joined_hash(local: &str, host: &str, text: &mut String) -> u64 {
    text.clear();
    text.push_str(local);
    text.push_str(host);
    part_hash(text)
}

/// A hash of words in any order: what is added to it.
fn word_hash(word: &str) -> u64 {
    mixed(key_hash(word))
}

/// What an e-mail key has in common with one whose words before the `@` stand in another order.
fn email_order(key: &str) -> Option<u64> {
    let (local, host) = key.split_once('@')?;
    let (mut words, mut hash) = (0, part_hash(host));
    for word in local.split(['.', '_', '-']).filter(|word| !word.is_empty()) {
        words += 1;
        hash = hash.wrapping_add(word_hash(word));
    }
    (words >= 2).then_some(hash)
}

/// Words that say what legal form a company has.
fn is_form(word: &str) -> bool {
    matches!(
        word,
        "ab" | "ag"
            | "aps"
            | "as"
            | "asa"
            | "bhd"
            | "bv"
            | "cia"
            | "co"
            | "company"
            | "corp"
            | "corporation"
            | "cv"
            | "doo"
            | "eirl"
            | "gmbh"
            | "inc"
            | "incorporated"
            | "jsc"
            | "kft"
            | "kg"
            | "kk"
            | "limited"
            | "llc"
            | "llp"
            | "lp"
            | "ltd"
            | "ltda"
            | "mbh"
            | "nv"
            | "ooo"
            | "oy"
            | "plc"
            | "private"
            | "pt"
            | "pte"
            | "pty"
            | "pvt"
            | "sa"
            | "sarl"
            | "sas"
            | "sdn"
            | "spa"
            | "sro"
            | "srl"
            | "tic"
    )
}

/// The same where words are not set apart: they begin or end a word.
const WIDE_FORMS: [&str; 7] =
    ["有限责任公司", "股份有限公司", "有限公司", "股份公司", "公司", "株式会社", "주식회사"];

/// Names as words; its memory is used again for each.
#[derive(Default)]
struct Words {
    folded: String,
    text: String,
}

impl Words {
    /// What a company's name has in common with the same words in another legal form or another order.
    fn company_form(&mut self, name: &str) -> Option<u64> {
        let (mut length, mut hash) = (0, 0u64);
        for word in self.of(name) {
            let bare = match word.is_ascii() {
                true => word,
                false => WIDE_FORMS
                    .iter()
                    .find_map(|form| word.strip_suffix(form).or_else(|| word.strip_prefix(form)))
                    .unwrap_or(word),
            };
            if !bare.is_empty() && !is_form(bare) && bare != "the" && bare != "and" {
                length += bare.chars().count();
                hash = hash.wrapping_add(word_hash(bare));
            }
        }
        (length >= 3).then_some(hash)
    }

    /// What a person's name and the host of an e-mail key have in common with the same in another order.
    fn name_and_host(&mut self, name: &str, key: &str) -> Option<u64> {
        let (_, host) = key.split_once('@')?;
        if name.is_empty() || PUBLIC_HOSTS.contains(&host) {
            return None;
        }
        let (mut length, mut hash) = (0, part_hash(host));
        for word in self.of(name) {
            length += word.chars().count();
            hash = hash.wrapping_add(word_hash(word));
        }
        (length >= 2).then_some(hash)
    }

    /// The words of a name, folded; letters with full stops between them are one word.
    fn of(&mut self, name: &str) -> impl Iterator<Item = &str> {
        key::fold(name, &mut self.folded);
        self.text.clear();
        let mut letters = 0;
        for word in self.folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            let is_letter = word.len() == 1;
            let joins = is_letter && letters > 0;
            if !self.text.is_empty() && !joins {
                self.text.push(' ');
            }
            letters = if is_letter { letters + 1 } else { 0 };
            self.text.push_str(word);
        }
        self.text.split(' ').filter(|word| !word.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn company_form(name: &str) -> Option<u64> {
        Words::default().company_form(name)
    }

    fn name_and_host(name: &str, key: &str) -> Option<u64> {
        Words::default().name_and_host(name, key)
    }

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
        assert_ne!(company_form("Aster 1754417 SA"), company_form("Aster 175417 SA"));
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
