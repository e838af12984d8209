//! Attendance out of its table: buyers told apart, and the keys by which they are found.

use hashbrown::HashMap;
use rapidhash::fast::RandomState;

use super::emails::{EmailTexts, OtherText};
use super::given::Given;
use super::key_count::KeyCounts;
use super::observer::{AttendedRow, Observer};
use super::values::{DateMemory, Wrong, number_of, outcome};
use crate::data::{Outcome, Record, SheetRead, TakeRows};
use crate::fair::facts::{Attendance, Attended, Buyer, Channel, Facts, MoreKeys, NO_KEY};
use crate::fair::identity::Identities;
use crate::fair::key::{buyer_number, code_key, company_key};
use crate::fair::key_table::{KeyTable, key_hash};
use crate::fair::leaves::InputObserver;
use crate::fair::tables::{ATTENDANCE, attendance};
use crate::fair::{Country, KeyKind};
use crate::source::{Failure, Message, Report, code, nearest, say};

/// Reads who attended.
pub(super) fn read_attendance(
    report: &mut Report,
    given: &Given<'_>,
    observer: &mut dyn Observer,
    inputs: &mut dyn InputObserver,
    facts: &mut Facts,
) -> Result<(), Failure> {
    let mut intake = AttendanceIntake {
        given,
        rows: Vec::new(),
        more_emails: MoreKeys::default(),
        buyers: 0,
        firsts: Vec::new(),
        by_number: HashMap::default(),
        by_email: HashMap::default(),
        keys: Default::default(),
        buffer: String::new(),
        emails: EmailTexts::default(),
        countries: HashMap::new(),
        dates: DateMemory::default(),
        observer,
        identities: Identities::default(),
        prints: Vec::new(),
        text: String::new(),
        sheet: 0,
        counts: KeyCounts::default(),
        other_text: OtherText::default(),
        attended: AttendedColumn::default(),
    };
    let sheets = given.read(report, &ATTENDANCE, inputs, &mut intake)?;
    report_equal_rows(report, intake.prints, &sheets);
    facts.key_columns.extend(intake.counts.columns(&ATTENDANCE));
    facts.sheets.insert(ATTENDANCE.name, sheets);
    let same_person = intake.identities.same_person();
    facts.attendance = Attendance {
        rows: intake.rows,
        more_emails: intake.more_emails,
        buyers: intake.buyers,
        keys: intake.keys,
        one_person: intake.identities.one_person(&same_person),
        same_person,
        shared_numbers: intake.identities.shared(),
    };
    Ok(())
}

/// Says how many rows are equal to others: they change nothing.
fn report_equal_rows(report: &mut Report, mut prints: Vec<u64>, sheets: &[SheetRead]) {
    let rows = prints.len();
    prints.sort_unstable();
    prints.dedup();
    let equal = rows - prints.len();
    if let Some(sheet) = sheets.first().filter(|_| equal > 0) {
        let message = say!(
            "{equal} {equal:row|rows} of `attendance` {equal:repeats another one|repeat other ones}; this has no effect",
            equal
        );
        report.note(code::EQUAL_ROWS, sheet.span(), message);
    }
}

struct AttendanceIntake<'a> {
    given: &'a Given<'a>,
    rows: Vec<Attended>,
    /// Of rows with several addresses, the keys of those after the first.
    more_emails: MoreKeys,
    buyers: u32,
    /// The number of the first row of each buyer.
    firsts: Vec<u32>,
    by_number: HashMap<String, u32, RandomState>,
    by_email: HashMap<String, u32, RandomState>,
    keys: [KeyTable; 3],
    buffer: String,
    emails: EmailTexts,
    countries: HashMap<String, Country>,
    dates: DateMemory,
    observer: &'a mut dyn Observer,
    /// The names and addresses that stand beside the number of a buyer.
    identities: Identities,
    /// A print of every row.
    prints: Vec<u64>,
    /// Where prints are made.
    text: String,
    sheet: u32,
    counts: KeyCounts,
    other_text: OtherText,
    attended: AttendedColumn,
}

/// What a sheet says of who came.
#[derive(Default)]
struct AttendedColumn {
    yes: u64,
    no: u64,
    empty: u64,
}

impl TakeRows for AttendanceIntake<'_> {
    fn begin_sheet(&mut self, number: u32) {
        self.sheet = number;
        self.attended = AttendedColumn::default();
    }

    fn row(&mut self, report: &mut Report, record: &Record<'_>) -> Outcome {
        outcome(self.take(report, record))
    }

    fn end_sheet(&mut self, report: &mut Report, sheet: &SheetRead) {
        self.counts.end_sheet(self.sheet);
        self.other_text.end_sheet(report, sheet);
        let AttendedColumn { yes, no, empty } = self.attended;
        if yes > 0 && no == 0 && empty > 0 {
            let message = say!(
                "`attended` is yes in {yes} {yes:row|rows}, empty in {empty}, and no in none",
                yes,
                empty
            );
            report
                .error(code::ATTENDED_EMPTY, sheet.column_span(attendance::ATTENDED), message)
                .hint(say!(
                    "state in fair.yaml what an empty cell means: `values: {{attended: {{\"\": no}}}}` or `values: {{attended: {{\"\": yes}}}}`"
                ));
        }
    }
}

impl AttendanceIntake<'_> {
    fn take(&mut self, report: &mut Report, record: &Record<'_>) -> Result<(), Wrong> {
        let placeholders = &self.given.demands.placeholders;
        let number = record.text(report, attendance::BUYER);
        let company = record.text(report, attendance::COMPANY);
        let email = record.text(report, attendance::EMAIL);
        let code = record.text(report, attendance::CODE);
        let country = self.country(report, record);
        let channel = record.word(report, attendance::CHANNEL);
        let first_time = record.word(report, attendance::FIRST_TIME);
        let attended = record.word(report, attendance::ATTENDED);
        let seen_on = self.dates.date(report, record, attendance::SEEN_ON);
        // What the column says is asked of all rows, so that it is not said only when the others of a row are mended.
        if record.has_column(attendance::ATTENDED) {
            match attended {
                Ok(Some("no")) => self.attended.no += 1,
                Ok(Some(_)) => self.attended.yes += 1,
                Ok(None) => self.attended.empty += 1,
                Err(_) => {}
            }
        }
        let (number, company, email, code) = (number?, company?, email?, code?);
        let (country, seen_on) = (country?, seen_on?);
        let (channel, first_time, attended) = (channel?, first_time? == Some("yes"), attended?);
        let channel = if channel == Some("onsite") { Channel::Onsite } else { Channel::Online };

        let number = number.as_deref().map(buyer_number);
        let number = number.filter(|number| !number.is_empty() && !placeholders.has_buyer(number));
        let holds = self.emails.read(email.as_deref(), placeholders);
        let email_is_key = self.emails.has_key();
        if number.is_none() && !email_is_key {
            let message = say!("no buyer number and no e-mail address");
            record
                .refuse_without_value(report, code::BUYER_UNKNOWN, attendance::BUYER, message, "(empty)")
                .hint(say!(
                    "add the buyer's number, or an e-mail address with one `@`, to identify the buyer"
                ));
            return Err(Wrong);
        }
        self.other_text.count(holds, record, attendance::EMAIL);
        let code_is_key = code.as_deref().is_some_and(|code| code_key(code, &mut self.buffer))
            && !placeholders.has_key(KeyKind::Code, &self.buffer);
        self.counts.count(KeyKind::Code, code.is_some(), code_is_key);
        self.counts.count(KeyKind::Email, email.is_some(), email_is_key);
        let mut keys = [NO_KEY; 3];
        // 应邀参会: rows that say no are not looked at again.
        let came = attended != Some("no");
        if code_is_key && came {
            keys[KeyKind::Code as usize] = self.keys[KeyKind::Code as usize].intern(&self.buffer);
        }
        let company_is_key = company.as_deref().is_some_and(|company| company_key(company, &mut self.buffer))
            && !placeholders.has_key(KeyKind::Company, &self.buffer);
        self.counts.count(KeyKind::Company, company.is_some(), company_is_key);
        self.print(record);
        if !came {
            return Ok(());
        }
        if company_is_key {
            keys[KeyKind::Company as usize] = self.keys[KeyKind::Company as usize].intern(&self.buffer);
        }
        // A name decides nothing: what is wrong with its cell is no error.
        let name = record.text(&mut Report::new(), attendance::NAME).ok().flatten();
        let name = name.as_deref().unwrap_or_default();
        let buyers = &mut self.buyers;
        let mut next = || {
            *buyers += 1;
            *buyers - 1
        };
        let row = number_of(self.rows.len());
        let company_text = if company_is_key { self.buffer.as_str() } else { "" };
        let buyer = match &number {
            Some(number) => *self.by_number.entry_ref(number.as_ref()).or_insert_with(&mut next),
            None => *self.by_email.entry_ref(self.emails.first()).or_insert_with(&mut next),
        };
        self.identities.see(buyer, row, number.as_deref(), name, self.emails.first(), company_text);
        self.observer.attended(&AttendedRow {
            email: email_is_key.then_some(self.emails.first()),
            name,
            company: company.as_deref().unwrap_or_default(),
        });
        if email_is_key {
            keys[KeyKind::Email as usize] = self.keys[KeyKind::Email as usize].intern(self.emails.first());
        }
        for email in self.emails.more() {
            let key = self.keys[KeyKind::Email as usize].intern(email);
            self.more_emails.add(row, key);
        }
        match self.firsts.get(buyer as usize) {
            None => self.firsts.push(row),
            Some(&first) => {
                let first = &self.rows[first as usize];
                if first.country != country {
                    self.report_disagreement(report, record, first, country);
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

    /// Notes a print of a row: of all that is read of it, as it is written.
    fn print(&mut self, record: &Record<'_>) {
        self.text.clear();
        for field in 0..ATTENDANCE.fields.len() {
            self.text.push_str(&record.written(field).unwrap_or_default());
            self.text.push('\u{0}');
        }
        self.prints.push(key_hash(&self.text));
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
                        say!(
                            "unknown country or region `{text}`",
                            text = record.shown(attendance::COUNTRY, &text)
                        ),
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

    /// Warns of a row that names another country than the first row of its buyer.
    fn report_disagreement(
        &self,
        report: &mut Report,
        record: &Record<'_>,
        first: &Attended,
        country: Country,
    ) {
        let message = say!(
            "the rows of one buyer give different countries, `{first}` and `{second}`",
            first = first.country.code(),
            second = country.code()
        );
        let there = self.given.files.at(record.span_in(first.row, attendance::COUNTRY));
        report
            .warning(code::COUNTRY_DISAGREES, record.span(attendance::COUNTRY), message)
            .found(record.written(attendance::COUNTRY).unwrap_or_default())
            .label(Message::verbatim(record.heading(attendance::COUNTRY)))
            .hint(say!("`{country}` is at {there}", country = first.country.code(), there))
            .hint(say!(
                "the first on-site row counts, or else the first row; if you know which row is wrong, correct it"
            ));
    }
}
