//! Attendance out of its table: buyers told apart, and the keys by which they are found.

use std::collections::BTreeSet;

use hashbrown::HashMap;
use rapidhash::fast::RandomState;

use super::Given;
use super::values::{DateMemory, Wrong, number_of, outcome, unknown_word};
use crate::data::{Record, read_table};
use crate::fair::facts::{Attendance, Attended, Buyer, Channel, Facts, NO_KEY};
use crate::fair::key::{buyer_number, code_key, company_key, email_key, word};
use crate::fair::key_table::KeyTable;
use crate::fair::near::Gathered;
use crate::fair::tables::{self, attendance};
use crate::fair::{Country, KeyKind};
use crate::source::{Failure, Files, Message, Report, code, nearest, say};

/// Reads who attended. What near misses are searched in is gathered on the way.
pub(super) fn read_attendance(
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

struct AttendanceIntake<'a> {
    not_a_name: &'a BTreeSet<String>,
    rows: Vec<Attended>,
    buyers: u32,
    /// The number of the first row of each buyer.
    firsts: Vec<u32>,
    by_number: HashMap<String, u32, RandomState>,
    by_email: HashMap<String, u32, RandomState>,
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
            None => self.firsts.push(number_of(self.rows.len())),
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
                record
                    .refuse(
                        report,
                        code::UNKNOWN_COUNTRY,
                        attendance::COUNTRY,
                        say!("unknown country or region `{text}`", text),
                        &text,
                    )
                    .hint_meant(nearest(&text, Country::known_names()))
                    .hint(say!(
                        "write the ISO 3166 code, such as FR, or its usual name in Chinese or English"
                    ));
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
