//! Invitations out of their table: whose they are, and the keys of whom they invite.

use std::collections::BTreeSet;

use super::Given;
use super::exhibitors::{ByIdentifier, REFUSED, lookalike};
use super::values::{DateMemory, Wrong, outcome, unknown_word};
use crate::data::{Record, SheetRead, read_table};
use crate::fair::KeyKind;
use crate::fair::facts::{Attendance, Invitation, NO_KEY};
use crate::fair::key::{code_key, company_key, email_key, word};
use crate::fair::key_table::{KeyTable, key_hash};
use crate::fair::near::Search;
use crate::fair::tables::{self, invitation};
use crate::source::{Failure, Report, code, say};

/// Reads the invitations. Near misses among those that match nobody are searched on the way.
pub(super) fn read_invitations(
    report: &mut Report,
    given: &Given<'_>,
    by_id: &ByIdentifier,
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
    by_id: &'a ByIdentifier,
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
        record
            .refuse(
                report,
                code::UNKNOWN_EXHIBITOR,
                invitation::EXHIBITOR,
                say!("no exhibitor `{exhibitor}`", exhibitor = record.shown(invitation::EXHIBITOR, &id)),
                &id,
            )
            .hint_sought(|| lookalike(&id, self.by_id))
            .hint(say!("add the exhibitor to the table of exhibitors, or correct the identifier here"));
        Err(Wrong)
    }
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
