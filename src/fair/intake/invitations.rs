//! Invitations out of their table: whose they are, and the keys of whom they invite.

use super::doubles::{Prints, may_be_several_inputs, report_doubled};
use super::emails::{EmailTexts, OtherText};
use super::exhibitors::{ByIdentifier, lookalike};
use super::given::Given;
use super::key_count::KeyCounts;
use super::observer::{Letter, LetterObserver, Observer};
use super::values::{DateMemory, Wrong, number_of};
use crate::data::{Decoded, Outcome, Record, SheetRead, TakeRows};
use crate::fair::KeyKind;
use crate::fair::config::UNKNOWN_EXHIBITOR;
use crate::fair::facts::{ExhibitorId, Facts, Invitation, MoreKeys, NO_KEY};
use crate::fair::key::{code_key, company_key};
use crate::fair::key_table::{KeyTable, key_hash};
use crate::fair::leaves::InputObserver;
use crate::fair::placeholders::Placeholders;
use crate::fair::tables::{INVITATIONS, invitation};
use crate::source::{Failure, Report, code, say};

/// Reads the invitations.
pub(super) fn read_invitations(
    report: &mut Report,
    given: &Given<'_>,
    by_id: &Decoded<ByIdentifier>,
    observer: &mut dyn Observer,
    inputs: &mut dyn InputObserver,
    facts: &mut Facts,
) -> Result<(), Failure> {
    let mut intake = InvitationIntake {
        given,
        by_id,
        keys: &facts.attendance.keys,
        placeholders: &given.demands.placeholders,
        taken: Vec::new(),
        codes: Vec::new(),
        more_emails: MoreKeys::default(),
        code: String::new(),
        company: String::new(),
        emails: EmailTexts::default(),
        dates: DateMemory::default(),
        observer: observer.letters(&facts.attendance),
        prints: may_be_several_inputs(given.table(&INVITATIONS).sources).then(Prints::default),
        unknown: 0,
        sheet: 0,
        counts: KeyCounts::default(),
        other_text: OtherText::default(),
    };
    let sheets = given.read(report, &INVITATIONS, inputs, &mut intake)?;
    if let Some(observer) = intake.observer.take() {
        observer.end();
    }
    let InvitationIntake { taken, codes, more_emails, prints, unknown, counts, .. } = intake;
    facts.invitations = taken;
    facts.letter_codes = codes;
    facts.letter_emails = more_emails;
    facts.key_columns.extend(counts.columns(&INVITATIONS));
    facts.sheets.insert(INVITATIONS.name, sheets);
    facts.doubled_inputs = prints.map(Prints::doubled).unwrap_or_default();
    // While the table of exhibitors or fair.yaml is wrong, some of them may well be known.
    if by_id.complete && !by_id.is_empty() && given.fair.complete {
        report_unknown(report, given, unknown);
    }
    report_doubled(report, given, facts)
}

/// Says where invitations of unknown exhibitors are accepted, and there are not as many as that.
fn report_unknown(report: &mut Report, given: &Given<'_>, count: u64) {
    let Some(accepted) = given.fair.accepts(UNKNOWN_EXHIBITOR) else {
        if count > 0 {
            let line = format!("{{finding: {UNKNOWN_EXHIBITOR}, count: {count}, because: …}}");
            let sources = given.fair.sources.as_ref().map(|sources| sources.span);
            let message = say!(
                "{count} {count:invitation is|invitations are} from exhibitors that are not in their table",
                count
            );
            report.note(code::UNKNOWN_EXHIBITOR, sources, message).hint(say!(
                "if they withdrew, leave the rows out and give the reason: `accepted: [{line}]`",
                line
            ));
        }
        return;
    };
    if accepted.count.value == count {
        return;
    }
    let message = say!(
        "{count} {count:invitation is|invitations are} from unknown exhibitors, but fair.yaml accepts {accepted}",
        count,
        accepted = accepted.count.value
    );
    let draft = report.error(code::ACCEPTED_COUNT, accepted.count.span, message);
    match count {
        0 => draft.hint(say!("remove the entry from `accepted`")),
        _ => draft.hint(say!("check them again; to leave them out, write `count: {count}`", count)),
    };
}

/// Whose letter it is.
enum Sender {
    Known(ExhibitorId),
    /// Of an exhibitor whose own row was refused.
    Refused,
    /// Of an exhibitor that is not known, and the fair accepts that.
    Accepted,
}

struct InvitationIntake<'a> {
    given: &'a Given<'a>,
    by_id: &'a ByIdentifier,
    keys: &'a [KeyTable; 3],
    placeholders: &'a Placeholders,
    taken: Vec<Invitation>,
    /// Of each letter, a hash of its code; 0 where it has none.
    codes: Vec<u64>,
    /// Of letters to several addresses, the keys of those after the first.
    more_emails: MoreKeys,
    code: String,
    company: String,
    emails: EmailTexts,
    dates: DateMemory,
    observer: Option<Box<dyn LetterObserver + 'a>>,
    prints: Option<Prints>,
    /// How many rows are of exhibitors that are not known.
    unknown: u64,
    sheet: u32,
    counts: KeyCounts,
    other_text: OtherText,
}

impl TakeRows for InvitationIntake<'_> {
    fn begin_sheet(&mut self, number: u32) {
        self.sheet = number;
    }

    fn row(&mut self, report: &mut Report, record: &Record<'_>) -> Outcome {
        self.take(report, record).unwrap_or_else(|Wrong| {
            self.print_refused(record);
            Outcome::Refused
        })
    }

    fn end_sheet(&mut self, report: &mut Report, sheet: &SheetRead) {
        self.counts.end_sheet(self.sheet);
        self.other_text.end_sheet(report, sheet);
    }
}

impl InvitationIntake<'_> {
    /// Notes the print of a row that is refused, as it is written: that a sheet is a copy is said at once, and not only when
    /// the rows of both are mended.
    fn print_refused(&mut self, record: &Record<'_>) {
        let Some(prints) = &mut self.prints else { return };
        let written: Vec<_> = (0..INVITATIONS.fields.len()).map(|field| record.written(field)).collect();
        let written: Vec<Option<&str>> = written.iter().map(Option::as_deref).collect();
        let print = prints.of(&written, |text| text.push_str("refused"));
        prints.add(self.sheet, print, None);
    }

    fn take(&mut self, report: &mut Report, record: &Record<'_>) -> Result<Outcome, Wrong> {
        let exhibitor = self.exhibitor(report, record);
        let code = record.text(report, invitation::CODE);
        let buyer_name = record.text(report, invitation::BUYER_NAME);
        let company = record.text(report, invitation::COMPANY);
        let email = record.text(report, invitation::EMAIL);
        let sent_on = self.dates.date(report, record, invitation::SENT_ON);
        let status = record.word(report, invitation::STATUS);
        let (code, buyer_name, company, email) = (code?, buyer_name?, company?, email?);
        let (exhibitor, sent_on, status) = (exhibitor?, sent_on?, status?.unwrap_or_default());
        let exhibitor = match exhibitor {
            Sender::Known(exhibitor) => exhibitor,
            Sender::Refused => return Ok(Outcome::Used),
            Sender::Accepted => return Ok(Outcome::Skipped),
        };
        let buyer_name = buyer_name.as_deref().unwrap_or_default();
        let code_is_key = code.as_deref().is_some_and(|code| code_key(code, &mut self.code))
            && !self.placeholders.has_key(KeyKind::Code, &self.code);
        let company_is_key =
            company.as_deref().is_some_and(|company| company_key(company, &mut self.company))
                && !self.placeholders.has_key(KeyKind::Company, &self.company);
        let holds = self.emails.read(email.as_deref(), self.placeholders);
        let email_is_key = self.emails.has_key();
        self.other_text.count(holds, record, invitation::EMAIL);
        self.counts.count(KeyKind::Code, code.is_some(), code_is_key);
        self.counts.count(KeyKind::Company, company.is_some(), company_is_key);
        self.counts.count(KeyKind::Email, email.is_some(), email_is_key);
        let is_sent = status == "sent";
        let number = number_of(self.taken.len());
        if let Some(prints) = &mut self.prints {
            let code = if code_is_key { Some(self.code.as_str()) } else { code.as_deref() };
            let company = if company_is_key { Some(self.company.as_str()) } else { company.as_deref() };
            let print = prints.of(&[code, company, Some(buyer_name), Some(status)], |text| {
                self.emails.write(email.as_deref(), text);
                text.push_str(&exhibitor.place().to_string());
                text.push_str(
                    &record.moment(invitation::SENT_ON).map_or_else(String::new, |at| at.to_string()),
                );
            });
            prints.add(self.sheet, print, is_sent.then_some(number));
        }
        if !is_sent {
            return Ok(Outcome::Used);
        }
        let texts = [self.code.as_str(), self.company.as_str(), self.emails.first()];
        let is_key = [code_is_key, company_is_key, email_is_key];
        let hashes = texts.map(key_hash);
        let may_be_known = KeyKind::ALL
            .map(|kind| is_key[kind as usize] & self.keys[kind as usize].may_hold(hashes[kind as usize]));
        let keys = KeyKind::ALL.map(|kind| match may_be_known[kind as usize] {
            true => {
                let known = &self.keys[kind as usize];
                known.find_hashed(hashes[kind as usize], texts[kind as usize]).unwrap_or(NO_KEY)
            }
            false => NO_KEY,
        });
        for email in self.emails.more() {
            if let Some(key) = self.keys[KeyKind::Email as usize].find(email) {
                self.more_emails.add(number, key);
            }
        }
        if let Some(observer) = &mut self.observer {
            let lacks = |kind: KeyKind| is_key[kind as usize] && keys[kind as usize] == NO_KEY;
            let written = company.as_deref().unwrap_or_default();
            observer.letter(&Letter {
                number,
                company: lacks(KeyKind::Company).then_some((written, self.company.as_str())),
                email: lacks(KeyKind::Email).then_some(self.emails.first()),
                buyer_name,
            });
        }
        if !company_is_key {
            self.company.clear();
        }
        let recipient = match (email_is_key, company_is_key || !buyer_name.is_empty()) {
            (true, _) => hashes[KeyKind::Email as usize].max(1),
            (false, true) => unaddressed(&mut self.company, buyer_name).max(1),
            (false, false) => 0,
        };
        self.taken.push(Invitation { exhibitor, keys, sent_on, recipient, row: record.row() });
        self.codes.push(if code_is_key { hashes[KeyKind::Code as usize].max(1) } else { 0 });
        Ok(Outcome::Used)
    }

    /// Whose letter it is.
    fn exhibitor(&mut self, report: &mut Report, record: &Record<'_>) -> Result<Sender, Wrong> {
        let id = record.required(report, invitation::EXHIBITOR)?;
        if let Some(&exhibitor) = self.by_id.get(id.as_ref()) {
            return Ok(exhibitor.map_or(Sender::Refused, Sender::Known));
        }
        if self.by_id.is_empty() {
            // The table of exhibitors could not be read, which was reported.
            return Ok(Sender::Refused);
        }
        self.unknown += 1;
        if self.given.fair.accepts(UNKNOWN_EXHIBITOR).is_some() {
            return Ok(Sender::Accepted);
        }
        record
            .refuse(
                report,
                code::UNKNOWN_EXHIBITOR,
                invitation::EXHIBITOR,
                say!("unknown exhibitor `{exhibitor}`", exhibitor = record.shown(invitation::EXHIBITOR, &id)),
                &id,
            )
            .hint_sought(|| lookalike(&id, self.by_id))
            .hint(say!("add the exhibitor to the table of exhibitors, or correct the identifier here"));
        Err(Wrong)
    }
}

/// A hash of a recipient without an e-mail key; the company's key is made longer for it.
fn unaddressed(company: &mut String, name: &str) -> u64 {
    // No company's key and no e-mail key has a line end in it.
    company.push('\n');
    company.push_str(name);
    key_hash(company)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

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
