//! Takes records in: checks them, resolves their names, makes facts of them.
//!
//! The only part of `fair` that knows tables.

use std::borrow::Cow;
use std::collections::BTreeSet;

use hashbrown::HashMap;
use rapidhash::fast::RandomState;

use super::config::{FairFile, Sources};
use super::facts::{
    Attendance, Attended, Buyer, Channel, Exhibitor, Facts, Invitation, NO_KEY, Penalty, day_number,
};
use super::key::{buyer_number, code_key, company_key, email_key, word};
use super::key_table::{KeyTable, key_hash};
use super::near::{Gathered, NearMisses, Search};
use super::tables::{self, attendance, exhibitor, invitation, penalty};
use super::{Country, KeyKind};
use crate::data::{Date, Outcome, Record, SheetRead, read_table};
use crate::lang::Lang;
use crate::source::{Failure, Files, Message, Report, code, list, nearest, say};

/// Reads the tables of a fair. Company keys in `not_a_name` are no keys.
pub fn read_facts(
    report: &mut Report,
    files: &Files,
    folder: &str,
    fair: &FairFile,
    sources: &Sources,
    not_a_name: &BTreeSet<String>,
) -> Result<Facts, Failure> {
    let given = Given { files, folder, sources, not_a_name };
    let (mut facts, by_id) = read_exhibitors_and_penalties(report, &given, fair)?;
    read_attendance(report, &given, None, &mut facts)?;
    let (invitations, sheets) = read_invitations(report, &given, &by_id, &facts.attendance, None)?;
    facts.invitations = invitations;
    facts.sheets.insert("invitations", sheets);
    Ok(facts)
}

/// Reads the tables of a fair as [`read_facts`] does, and finds near misses on the way.
pub fn read_facts_and_near_misses(
    report: &mut Report,
    files: &Files,
    folder: &str,
    fair: &FairFile,
    sources: &Sources,
    not_a_name: &BTreeSet<String>,
) -> Result<(Facts, NearMisses), Failure> {
    let given = Given { files, folder, sources, not_a_name };
    let (mut facts, by_id) = read_exhibitors_and_penalties(report, &given, fair)?;
    let mut gathered = Gathered::default();
    read_attendance(report, &given, Some(&mut gathered), &mut facts)?;
    let seen = gathered.seen(&facts.attendance);
    let mut search = Search::new(&facts.attendance, &seen);
    let (invitations, sheets) =
        read_invitations(report, &given, &by_id, &facts.attendance, Some(&mut search))?;
    let misses = search.found();
    facts.invitations = invitations;
    facts.sheets.insert("invitations", sheets);
    Ok((facts, misses))
}

/// Where the tables are, and what in them is no company's name.
struct Given<'a> {
    files: &'a Files,
    folder: &'a str,
    sources: &'a Sources,
    not_a_name: &'a BTreeSet<String>,
}

fn read_exhibitors_and_penalties(
    report: &mut Report,
    given: &Given<'_>,
    fair: &FairFile,
) -> Result<(Facts, ByText), Failure> {
    let mut facts = Facts { fair: fair.fair.value, ..Facts::default() };
    facts.previous_fair = match &fair.previous_fair {
        Some(previous) => previous.value,
        None if fair.in_part => 0,
        None => {
            report.error(code::MISSING_KEY, fair.fair.span, say!("key `previous_fair` is missing")).hint(
                say!("add the number of the latest fair held before this one, such as `previous_fair: 136`"),
            );
            0
        }
    };
    let names = fair.phases.iter().flat_map(|phase| &phase.sections);
    let sections: Vec<&str> = names.filter_map(|name| name.value.find(Lang::ZH)).collect();
    let by_id = read_exhibitors(report, given, &sections, &mut facts)?;
    read_penalties(report, given, &by_id, &mut facts)?;
    Ok((facts, by_id))
}

type ByText = HashMap<String, u32, RandomState>;

/// A value was wrong and was reported.
struct Wrong;

impl From<crate::data::Refused> for Wrong {
    fn from(_: crate::data::Refused) -> Wrong {
        Wrong
    }
}

fn outcome(taken: Result<(), Wrong>) -> Outcome {
    match taken {
        Ok(()) => Outcome::Used,
        Err(Wrong) => Outcome::Refused,
    }
}

fn read_exhibitors(
    report: &mut Report,
    given: &Given<'_>,
    sections: &[&str],
    facts: &mut Facts,
) -> Result<ByText, Failure> {
    let mut by_id: ByText = HashMap::default();
    let exhibitors = &mut facts.exhibitors;
    let sheets = read_table(
        report,
        given.files,
        given.folder,
        &tables::EXHIBITORS,
        &given.sources.exhibitors,
        &mut |report, record| {
            let taken = take_exhibitor(report, record, sections);
            if taken.is_err()
                && let Ok(Some(id)) = record.text(&mut Report::new(), exhibitor::EXHIBITOR)
            {
                by_id.entry(id.into_owned()).or_insert(REFUSED);
            }
            outcome(taken.and_then(|taken| {
                if let Some(&first) = by_id.get(taken.id.as_str()) {
                    let first: Option<&Exhibitor> = exhibitors.get(first as usize);
                    let first = first.map(|first| record.span_in(first.row, exhibitor::EXHIBITOR));
                    let draft = record.refuse(
                        report,
                        code::EXHIBITOR_TWICE,
                        exhibitor::EXHIBITOR,
                        say!("exhibitor `{exhibitor}` stands twice", exhibitor = taken.id),
                        &taken.id,
                    );
                    match first {
                        Some(first) => {
                            draft.hint(say!("it stands first at {first}", first = given.files.at(first)))
                        }
                        None => draft,
                    }
                    .hint(say!("keep one row for each exhibitor, with all its sections and booths"));
                    return Err(Wrong);
                }
                by_id.insert(taken.id.as_str().into(), number(exhibitors.len()));
                exhibitors.push(taken);
                Ok(())
            }))
        },
    )?;
    facts.sheets.insert("exhibitors", sheets);
    if by_id.is_empty() && !report.has_errors() {
        report
            .error(code::NO_EXHIBITORS, None, say!("the table of exhibitors has no rows"))
            .hint(say!("name the file with the exhibitors under `sources` in fair.yaml"));
    }
    Ok(by_id)
}

/// The number of an exhibitor whose row was refused. It is known, so that not every invitation of it is
/// reported as well; nothing is decided while a row is refused.
const REFUSED: u32 = u32::MAX;

fn take_exhibitor(report: &mut Report, record: &Record<'_>, known: &[&str]) -> Result<Exhibitor, Wrong> {
    let text = |report: &mut Report, field| Ok::<_, Wrong>(record.text(report, field)?.map(Cow::into_owned));
    let several = |report: &mut Report, field| {
        Ok::<_, Wrong>(record.text(report, field)?.map(|text| parts(&text)).unwrap_or_default())
    };
    // Every field is looked at before the row is given up, so that all that is wrong is said at once.
    let id = record.required(report, exhibitor::EXHIBITOR).map(Cow::into_owned);
    let name_zh = record.required(report, exhibitor::NAME_ZH).map(Cow::into_owned);
    let name_en = text(report, exhibitor::NAME_EN);
    let delegation = text(report, exhibitor::DELEGATION);
    let sections = several(report, exhibitor::SECTIONS).map(|parts| whole_names(parts, known));
    let booths = several(report, exhibitor::BOOTHS);
    let fairs = fair_numbers(report, record);
    let website = text(report, exhibitor::WEBSITE);
    Ok(Exhibitor {
        id: id?,
        name_zh: name_zh?,
        name_en: name_en?,
        delegation: delegation?,
        sections: sections?,
        booths: booths?,
        fairs: fairs?,
        website: website?,
        row: record.row(),
    })
}

/// The parts of a list in one cell.
fn parts(text: &str) -> Vec<String> {
    let parts = text.split([';', '；', '、']).map(str::trim).filter(|part| !part.is_empty());
    parts.map(str::to_owned).collect()
}

/// Joins parts again where a name holds the separator itself, as the section 动力、电力设备 does.
fn whole_names(parts: Vec<String>, known: &[&str]) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(parts.len());
    for part in parts {
        if let Some(last) = names.last_mut() {
            let joined = format!("{last}、{part}");
            if known.contains(&joined.as_str()) {
                *last = joined;
                continue;
            }
        }
        names.push(part);
    }
    names
}

fn fair_numbers(report: &mut Report, record: &Record<'_>) -> Result<Vec<u32>, Wrong> {
    let Some(text) = record.text(report, exhibitor::FAIRS)? else { return Ok(Vec::new()) };
    let mut numbers = Vec::new();
    for part in parts(&text) {
        match word(&part).parse() {
            Ok(number) => numbers.push(number),
            Err(_) => {
                record
                    .refuse(
                        report,
                        code::BAD_NUMBER,
                        exhibitor::FAIRS,
                        say!("`{text}` is not the number of a fair", text = part),
                        &text,
                    )
                    .hint(say!("write the numbers of the fairs, such as 136;137"));
                return Err(Wrong);
            }
        }
    }
    Ok(numbers)
}

fn read_penalties(
    report: &mut Report,
    given: &Given<'_>,
    by_id: &ByText,
    facts: &mut Facts,
) -> Result<(), Failure> {
    let Some(sources) = &given.sources.penalties else { return Ok(()) };
    let penalties = &mut facts.penalties;
    let sheets =
        read_table(report, given.files, given.folder, &tables::PENALTIES, sources, &mut |report, record| {
            outcome(take_penalty(report, record, by_id).map(|taken| penalties.extend(taken)))
        })?;
    facts.sheets.insert("penalties", sheets);
    Ok(())
}

fn take_penalty(report: &mut Report, record: &Record<'_>, by_id: &ByText) -> Result<Option<Penalty>, Wrong> {
    let id = record.required(report, penalty::EXHIBITOR).map(Cow::into_owned);
    let reason = record.text(report, penalty::REASON).map(|reason| reason.map(Cow::into_owned));
    let from_fair = fair_number(report, record, penalty::FROM_FAIR);
    let until_fair = fair_number(report, record, penalty::UNTIL_FAIR);
    let (id, reason, from_fair, until_fair) = (id?, reason?, from_fair?, until_fair?);
    if until_fair < from_fair {
        record
            .refuse(
                report,
                code::FAIR_ORDER,
                penalty::UNTIL_FAIR,
                say!("fair `{until_fair}` is before fair `{from_fair}`", until_fair, from_fair),
                &until_fair.to_string(),
            )
            .hint(say!("the penalty ends with a later fair than it begins, or with the same"));
        return Err(Wrong);
    }
    let Some(&exhibitor) = by_id.get(id.as_str()) else {
        if by_id.is_empty() {
            return Ok(None);
        }
        // Whoever is under a penalty may well be absent from this fair.
        let draft = report.warning(
            code::PENALTY_UNKNOWN,
            record.span(penalty::EXHIBITOR),
            say!("penalty for `{id}`, which is no exhibitor of this fair", id),
        );
        match lookalike(&id, by_id) {
            Some(meant) => draft.hint(say!("did you mean `{meant}`?", meant)),
            None => draft,
        }
        .found(id);
        return Ok(None);
    };
    if exhibitor == REFUSED {
        return Ok(None);
    }
    Ok(Some(Penalty { exhibitor, reason, from_fair, until_fair, row: record.row() }))
}

fn fair_number(report: &mut Report, record: &Record<'_>, field: usize) -> Result<u32, Wrong> {
    let text = record.required(report, field)?;
    match word(&text).parse() {
        Ok(number) => Ok(number),
        Err(_) => {
            record
                .refuse(
                    report,
                    code::BAD_NUMBER,
                    field,
                    say!("`{text}` is not the number of a fair", text),
                    &text,
                )
                .hint(say!("write the number alone, such as 137"));
            Err(Wrong)
        }
    }
}

fn read_attendance(
    report: &mut Report,
    given: &Given<'_>,
    gathered: Option<&mut Gathered>,
    facts: &mut Facts,
) -> Result<(), Failure> {
    let mut intake = AttendanceIntake::new(given.not_a_name, gathered);
    let sheets = read_table(
        report,
        given.files,
        given.folder,
        &tables::ATTENDANCE,
        &given.sources.attendance,
        &mut |report, record| outcome(intake.take(report, given.files, record)),
    )?;
    facts.sheets.insert("attendance", sheets);
    facts.attendance = Attendance { rows: intake.rows, buyers: intake.buyers, keys: intake.keys };
    Ok(())
}

/// Warns of a row that names another country than the first row of its buyer.
fn report_disagreement(
    report: &mut Report,
    files: &Files,
    record: &Record<'_>,
    first: &Attended,
    country: Country,
) {
    let message = say!(
        "rows of one buyer name `{first}` and `{second}` as its country",
        first = first.country.code(),
        second = country.code()
    );
    let there = files.at(record.span_in(first.row, attendance::COUNTRY));
    report
        .warning(code::COUNTRY_DISAGREES, record.span(attendance::COUNTRY), message)
        .found(record.written(attendance::COUNTRY).unwrap_or_default())
        .label(Message::verbatim(record.heading(attendance::COUNTRY)))
        .hint(say!("`{country}` stands at {there}", country = first.country.code(), there))
        .hint(say!(
            "the first on-site row decides, else the first row; correct the wrong row if you know which it is"
        ));
}

struct AttendanceIntake<'a> {
    not_a_name: &'a BTreeSet<String>,
    rows: Vec<Attended>,
    buyers: u32,
    /// The number of the first row of each buyer.
    firsts: Vec<u32>,
    by_number: ByText,
    by_email: ByText,
    keys: [KeyTable; 3],
    buffer: String,
    countries: HashMap<String, Country>,
    dates: DateMemory,
    gathered: Option<&'a mut Gathered>,
}

impl<'a> AttendanceIntake<'a> {
    fn new(not_a_name: &'a BTreeSet<String>, gathered: Option<&'a mut Gathered>) -> AttendanceIntake<'a> {
        AttendanceIntake {
            not_a_name,
            rows: Vec::new(),
            buyers: 0,
            firsts: Vec::new(),
            by_number: HashMap::default(),
            by_email: HashMap::default(),
            keys: Default::default(),
            buffer: String::new(),
            countries: HashMap::new(),
            dates: DateMemory::default(),
            gathered,
        }
    }

    fn take(&mut self, report: &mut Report, files: &Files, record: &Record<'_>) -> Result<(), Wrong> {
        let number = record.text(report, attendance::BUYER);
        let company = record.text(report, attendance::COMPANY);
        let email = record.text(report, attendance::EMAIL);
        let code = record.text(report, attendance::CODE);
        let country = self.country(report, record);
        let channel = channel(report, record);
        let first_time = truth(report, record, attendance::FIRST_TIME);
        let attended = truth(report, record, attendance::ATTENDED);
        let seen_on = self.dates.date(report, record, attendance::SEEN_ON);
        let (number, company, email, code) = (number?, company?, email?, code?);
        let (country, channel, seen_on) = (country?, channel?, seen_on?);
        let (Some(first_time), attended) = (first_time?, attended?) else {
            let _ = record.required(report, attendance::FIRST_TIME)?;
            return Err(Wrong);
        };

        let number = number.as_deref().map(buyer_number).filter(|number| !number.is_empty());
        let email_is_key = email.as_deref().is_some_and(|email| email_key(email, &mut self.buffer));
        if number.is_none() && !email_is_key {
            let message = say!("neither a buyer number nor an e-mail address");
            record
                .refuse_without_value(report, code::BUYER_UNKNOWN, attendance::BUYER, message, "(empty)")
                .hint(say!("give the buyer's number, or an e-mail address with one `@`, so that it can be told from others"));
            return Err(Wrong);
        }
        // 应邀参会: rows that say no are not looked at again.
        if attended == Some(false) {
            return Ok(());
        }
        let buyers = &mut self.buyers;
        let mut next = || {
            *buyers += 1;
            *buyers - 1
        };
        let buyer = match &number {
            Some(number) => *self.by_number.entry_ref(number.as_ref()).or_insert_with(&mut next),
            None => *self.by_email.entry_ref(self.buffer.as_str()).or_insert_with(&mut next),
        };
        if let Some(gathered) = &mut self.gathered {
            // A name decides nothing: what is wrong with its cell is no error.
            let name = record.text(&mut Report::new(), attendance::NAME).ok().flatten();
            let email = email_is_key.then_some(self.buffer.as_str());
            let (name, company) = (name.as_deref().unwrap_or_default(), company.as_deref());
            gathered.attended(email, name, company.unwrap_or_default());
        }
        let mut keys = [NO_KEY; 3];
        if email_is_key {
            keys[KeyKind::Email as usize] = self.keys[KeyKind::Email as usize].intern(&self.buffer);
        }
        if code.is_some_and(|code| code_key(&code, &mut self.buffer)) {
            keys[KeyKind::Code as usize] = self.keys[KeyKind::Code as usize].intern(&self.buffer);
        }
        if company.is_some_and(|company| company_key(&company, &mut self.buffer))
            && !self.not_a_name.contains(&self.buffer)
        {
            keys[KeyKind::Company as usize] = self.keys[KeyKind::Company as usize].intern(&self.buffer);
        }
        match self.firsts.get(buyer as usize) {
            None => self.firsts.push(self::number(self.rows.len())),
            Some(&first) => {
                let first = &self.rows[first as usize];
                if first.country != country {
                    report_disagreement(report, files, record, first, country);
                }
            }
        }
        self.rows.push(Attended {
            buyer: Buyer(buyer),
            keys,
            country,
            channel,
            first_time,
            seen_on,
            row: record.row(),
        });
        Ok(())
    }

    fn country(&mut self, report: &mut Report, record: &Record<'_>) -> Result<Country, Wrong> {
        let text = record.required(report, attendance::COUNTRY)?;
        if let Some(&country) = self.countries.get(text.as_ref()) {
            return Ok(country);
        }
        match Country::find(&text) {
            Some(country) => {
                self.countries.insert(text.into_owned(), country);
                Ok(country)
            }
            None => {
                let draft = record.refuse(
                    report,
                    code::UNKNOWN_COUNTRY,
                    attendance::COUNTRY,
                    say!("unknown country or region `{text}`", text),
                    &text,
                );
                match nearest(&text, Country::known_names()) {
                    Some(meant) => draft.hint(say!("did you mean `{meant}`?", meant)),
                    None => draft,
                }
                .hint(say!("write the ISO 3166 code, such as FR, or its usual name in Chinese or English"));
                Err(Wrong)
            }
        }
    }
}

fn channel(report: &mut Report, record: &Record<'_>) -> Result<Channel, Wrong> {
    let text = record.required(report, attendance::CHANNEL)?;
    match word(&text).as_str() {
        "onsite" | "线下" | "现场" => Ok(Channel::Onsite),
        "online" | "线上" => Ok(Channel::Online),
        _ => {
            Err(unknown_word(report, record, attendance::CHANNEL, &text, "onsite, 线下, 现场, online, 线上"))
        }
    }
}

fn truth(report: &mut Report, record: &Record<'_>, field: usize) -> Result<Option<bool>, Wrong> {
    let Some(text) = record.text(report, field)? else { return Ok(None) };
    match word(&text).as_str() {
        "yes" | "y" | "是" | "true" | "1" => Ok(Some(true)),
        "no" | "n" | "否" | "false" | "0" => Ok(Some(false)),
        _ => Err(unknown_word(report, record, field, &text, "yes, y, 是, true, 1, no, n, 否, false, 0")),
    }
}

fn unknown_word(report: &mut Report, record: &Record<'_>, field: usize, text: &str, known: &str) -> Wrong {
    let draft = record.refuse(report, code::UNKNOWN_WORD, field, say!("unknown word `{text}`", text), text);
    match nearest(text, known.split(", ")) {
        Some(meant) => draft.hint(say!("did you mean `{meant}`?", meant)),
        None => draft,
    }
    .hint(say!("write one of: {known}", known = list(known.split(", "))));
    Wrong
}

/// Dates repeat from row to row; the last one is remembered.
#[derive(Default)]
struct DateMemory {
    text: String,
    number: i32,
}

impl DateMemory {
    fn date(&mut self, report: &mut Report, record: &Record<'_>, field: usize) -> Result<i32, Wrong> {
        if let crate::data::Cell::Text(text) = record.cell(field) {
            if *text == self.text {
                return Ok(self.number);
            }
            let date: Option<Date> = record.date(report, field)?;
            self.number = day_number(date);
            self.text.clear();
            self.text.push_str(&text);
            return Ok(self.number);
        }
        Ok(day_number(record.date(report, field)?))
    }
}

fn read_invitations(
    report: &mut Report,
    given: &Given<'_>,
    by_id: &ByText,
    attendance: &Attendance,
    search: Option<&mut Search<'_>>,
) -> Result<(Vec<Invitation>, Vec<SheetRead>), Failure> {
    let mut intake = InvitationIntake {
        by_id,
        keys: &attendance.keys,
        not_a_name: given.not_a_name,
        taken: Vec::new(),
        texts: Default::default(),
        dates: DateMemory::default(),
        search,
    };
    let sheets = read_table(
        report,
        given.files,
        given.folder,
        &tables::INVITATIONS,
        &given.sources.invitations,
        &mut |report, record| outcome(intake.take(report, record)),
    )?;
    Ok((intake.taken, sheets))
}

struct InvitationIntake<'a, 's> {
    by_id: &'a ByText,
    keys: &'a [KeyTable; 3],
    not_a_name: &'a BTreeSet<String>,
    taken: Vec<Invitation>,
    /// Its keys, by [`KeyKind`].
    texts: [String; 3],
    dates: DateMemory,
    search: Option<&'a mut Search<'s>>,
}

impl InvitationIntake<'_, '_> {
    fn take(&mut self, report: &mut Report, record: &Record<'_>) -> Result<(), Wrong> {
        let exhibitor = self.exhibitor(report, record);
        let code = record.text(report, invitation::CODE);
        let buyer_name = record.text(report, invitation::BUYER_NAME);
        let company = record.text(report, invitation::COMPANY);
        let email = record.text(report, invitation::EMAIL);
        let sent_on = self.dates.date(report, record, invitation::SENT_ON);
        let sent = is_sent(report, record);
        let (code, buyer_name, company, email) = (code?, buyer_name?, company?, email?);
        let (exhibitor, sent_on) = (exhibitor?, sent_on?);
        if !sent? || exhibitor == REFUSED {
            return Ok(());
        }
        let is_key = [
            code.is_some_and(|code| code_key(&code, &mut self.texts[KeyKind::Code as usize])),
            company
                .as_deref()
                .is_some_and(|company| company_key(company, &mut self.texts[KeyKind::Company as usize]))
                && !self.not_a_name.contains(&self.texts[KeyKind::Company as usize]),
            email.is_some_and(|email| email_key(&email, &mut self.texts[KeyKind::Email as usize])),
        ];
        let hashes = KeyKind::ALL.map(|kind| key_hash(&self.texts[kind as usize]));
        let may_be_known = KeyKind::ALL
            .map(|kind| is_key[kind as usize] & self.keys[kind as usize].may_hold(hashes[kind as usize]));
        let keys = KeyKind::ALL.map(|kind| {
            let (known, text) = (&self.keys[kind as usize], &self.texts[kind as usize]);
            match may_be_known[kind as usize] {
                true => known.find_hashed(hashes[kind as usize], text).unwrap_or(NO_KEY),
                false => NO_KEY,
            }
        });
        let [_, company_text, email_text] = &mut self.texts;
        let [_, company_is_key, email_is_key] = is_key;
        let buyer_name = buyer_name.as_deref();
        if let Some(search) = &mut self.search {
            search.begin(self.taken.len());
            if company_is_key && keys[KeyKind::Company as usize] == NO_KEY {
                search.company(company.as_deref().unwrap_or_default(), company_text);
            }
            if email_is_key && keys[KeyKind::Email as usize] == NO_KEY {
                search.email(email_text, buyer_name.unwrap_or_default());
            }
        }
        if !company_is_key {
            company_text.clear();
        }
        let recipient = match (email_is_key, company_is_key || buyer_name.is_some()) {
            (true, _) => hashes[KeyKind::Email as usize].max(1),
            (false, true) => unaddressed(company_text, buyer_name.unwrap_or_default()).max(1),
            (false, false) => 0,
        };
        self.taken.push(Invitation { exhibitor, keys, sent_on, recipient, row: record.row() });
        Ok(())
    }

    fn exhibitor(&self, report: &mut Report, record: &Record<'_>) -> Result<u32, Wrong> {
        let id = record.required(report, invitation::EXHIBITOR)?;
        if let Some(&exhibitor) = self.by_id.get(id.as_ref()) {
            return Ok(exhibitor);
        }
        if self.by_id.is_empty() {
            // The table of exhibitors could not be read, which was reported.
            return Ok(REFUSED);
        }
        let draft = record.refuse(
            report,
            code::UNKNOWN_EXHIBITOR,
            invitation::EXHIBITOR,
            say!("no exhibitor `{exhibitor}`", exhibitor = record.shown(invitation::EXHIBITOR, &id)),
            &id,
        );
        match lookalike(&id, self.by_id) {
            Some(meant) => draft.hint(say!("did you mean `{meant}`?", meant)),
            None => draft,
        }
        .hint(say!("add the exhibitor to the table of exhibitors, or correct the identifier here"));
        Err(Wrong)
    }
}

/// The identifier that was most likely meant. Only the first few mistakes of a run are looked at closely.
fn lookalike<'a>(id: &str, by_id: &'a ByText) -> Option<&'a str> {
    let folded = word(id);
    let mut same: Vec<&str> = by_id.keys().map(AsRef::as_ref).filter(|known| word(known) == folded).collect();
    same.sort_unstable();
    if let Some(&same) = same.first() {
        return Some(same);
    }
    let mut known: Vec<&str> = by_id.keys().map(AsRef::as_ref).collect();
    known.sort_unstable();
    nearest(id, known)
}

fn is_sent(report: &mut Report, record: &Record<'_>) -> Result<bool, Wrong> {
    let text = record.required(report, invitation::STATUS)?;
    match text.as_ref() {
        "sent" | "成功" | "发送成功" => return Ok(true),
        _ => {}
    }
    match word(&text).as_str() {
        "sent" | "成功" | "发送成功" => Ok(true),
        "failed" | "失败" | "bounced" | "退信" | "withdrawn" | "撤回" => Ok(false),
        _ => Err(unknown_word(
            report,
            record,
            invitation::STATUS,
            &text,
            "sent, 成功, 发送成功, failed, 失败, bounced, 退信, withdrawn, 撤回",
        )),
    }
}

/// A hash of a recipient without an e-mail key; the company's key is made longer for it.
fn unaddressed(company: &mut String, name: &str) -> u64 {
    // No company's key and no e-mail key has a line end in it.
    company.push('\n');
    company.push_str(name);
    key_hash(company)
}

fn number(count: usize) -> u32 {
    u32::try_from(count).expect("fewer than 2^32 rows")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recipients_with_short_names_are_told_apart() {
        let mut hashes = BTreeSet::new();
        for company in 0..300 {
            for name in 0..100 {
                hashes.insert(unaddressed(&mut format!("a{company}"), &format!("n{name}")));
            }
        }
        assert_eq!(hashes.len(), 300 * 100);
        assert_ne!(unaddressed(&mut "ab".to_owned(), "c"), unaddressed(&mut "a".to_owned(), "bc"));
    }
}
