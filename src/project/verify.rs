//! Verifying what was sealed: every entry of a ledger, as far as its inputs are here.

use super::credited::Credits;
use super::differences::{other_files, report_differences, report_sealed_differences, unexplained};
use super::fairs::read_fair;
use super::judged::Judged;
use super::ledger::{SealedFair, report_broken};
use super::ledger_files::{ledger_path, seal_path};
use super::seal::{Ready, ready, report_no_secret, sealed_fair, sealed_header};
use super::sealed_rows::SealedInputs;
use super::sign::check_signing;
use crate::award::{
    Basis, Broken, Entry, Head, Ledger, RestsOn, Seal, SealedRows, Sealing, Secret, Settings, Stage, Stamp,
    judge, sealed_policies, sealed_rulebook,
};
use crate::fair::{AsOf, EXHIBITORS, Facts, NoticeDays, NoticeState};
use crate::rulebook::{Choices, Rulebook};
use crate::source::{Failure, Files, Message, Report, Span, code, say};

/// What verifying a ledger found; what is wrong is reported.
#[derive(Clone, Debug)]
pub struct Verified {
    /// The header of the ledger.
    pub seal: Seal,
    /// How far each of its entries was checked.
    pub entries: Vec<Checked>,
    /// The comment that is signed with it, where the fair names a key.
    pub signature: Option<String>,
}

/// How far an entry was checked beside what needs no tables: its hash, its stage on its day, and that from the notice on
/// only rulings changed what was sealed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Checked {
    /// It was computed again from the tables, and is the same.
    Computed,
    /// Not computed: the tables are not here.
    NoTables,
    /// Not computed: the ledger is not here, only its header.
    NoLedger,
    /// Not computed: the secret with which it was sealed is not here.
    NoSecret,
    /// Not computed: it was sealed with these files in another state.
    OtherFiles(Vec<String>),
    /// Not computed: it was sealed before the notice by another rulebook, or with other settings.
    OtherRules,
}

/// Checks that a ledger is whole and keeps to its own days, computes its entries again from the tables, where they are
/// there, and compares: the last one byte for byte, those before it in all that the tables and rules decide.
pub fn verify(report: &mut Report, files: &Files, number: u32) -> Result<Option<Verified>, Failure> {
    let Some((seal, secrets)) = sealed_header(report, files, number)? else { return Ok(None) };
    let Some(fair) = read_fair(report, files, number)? else { return Ok(None) };
    let signature = check_signing(report, files, &fair, Some(&seal))?;
    let folder = format!("data/fairs/{number}");
    let there = match fair.award_sources() {
        Some(sources) => sources.value.private_tables_are_there(files, &folder)?,
        None => false,
    };
    let count = seal.entries.len();
    if !there || !files.is_file(&ledger_path(number)) {
        let Some(sealed) = sealed_fair(report, files, number)? else { return Ok(None) };
        report_order(report, files, &seal, sealed.ledger.as_ref());
        let why = if there { Checked::NoLedger } else { Checked::NoTables };
        let entries = vec![why; count];
        return Ok((!report.has_errors()).then_some(Verified { seal, entries, signature }));
    }
    let head = seal.last().expect("what is sealed has entries");
    let Some(secret) = secrets.of(head) else {
        report_no_secret(report, files, number);
        return Ok(None);
    };
    let mut inputs = SealedInputs::of_rows(files, number, secret);
    let Some(mut ready) = ready(report, files, number, secret, &mut inputs)? else { return Ok(None) };
    let buyers = Credits::new(files, &ready.judged.facts, &ready.judged.results).trees(secret, head.number);
    if count == 1 {
        // Of a large fair they take more room than all that follows.
        ready.judged.facts = Facts::default();
    }
    let Some(SealedFair { ledger: Some(ledger), .. }) = sealed_fair(report, files, number)? else {
        return Ok(None);
    };
    report_order(report, files, &seal, Some(&ledger));
    let last = ledger.last().expect("what is sealed has entries");
    report_differences(report, files, number, last, &ready.sealing);
    let before = ledger.before_last();
    let mut entries = Vec::new();
    for entry in before.entries() {
        entries.push(match entry.head.secret == last.head.secret {
            true => check_again(report, files, entry, &mut ready, secret),
            false => Checked::NoSecret,
        });
    }
    entries.push(Checked::Computed);
    if report.has_errors() {
        return Ok(None);
    }
    let Head { stage, date, program, .. } = last.head.clone();
    let final_from = last.head.basis.settings.final_from;
    let Ready { judged: Judged { rulebook, .. }, mut sealing, .. } = ready;
    let mut again = before;
    // The day of the final list may be named, and moved, until it comes.
    if final_from.is_none_or(|day| day > date) {
        sealing.rests_on.basis.settings.final_from = final_from;
    }
    again.append(Stamp { stage, date, program }, sealing, &buyers, &rulebook, secret);
    if again.last() != Some(last) {
        report
            .error(
                code::LEDGER_DIFFERS,
                Span::whole(files.id(&ledger_path(number))),
                say!("computing the last entry again does not give the same bytes"),
            )
            .hint(say!("another version of jinbang may have sealed it; the header names the version"));
        return Ok(None);
    }
    Ok(Some(Verified { seal, entries, signature }))
}

/// Checks that a ledger goes on from a header that was published: that each entry of that is still in it, and unchanged.
/// What is not is reported.
pub fn check_header(report: &mut Report, seal: &Seal, published: &Seal) -> bool {
    let (known, found) = (published.entries.len(), seal.entries.len());
    let same = published.entries.iter().zip(&seal.entries).take_while(|(one, other)| one == other).count();
    let message = if published.fair != seal.fair {
        say!("this is a header of fair {fair}, not of {other}", fair = published.fair, other = seal.fair)
    } else if same < known.min(found) {
        let head = &published.entries[same];
        say!(
            "entry {entry} of {date} differs from the published header",
            entry = (same + 1).to_string(),
            date = head.date
        )
    } else if found < known {
        say!(
            "the published header has {known} entries, but the ledger has {found}: later ones were removed",
            known = known.to_string(),
            found = found.to_string()
        )
    } else {
        return true;
    };
    report
        .error(code::HEADER_DIFFERS, None, message)
        .hint(say!("published entries never change: ask the organiser which of the two was signed"));
    false
}

/// Reports entries whose stage is not that of their day, and changes since the notice that no ruling makes. Needs no
/// tables.
fn report_order(report: &mut Report, files: &Files, seal: &Seal, ledger: Option<&Ledger>) {
    let mut wrong: Vec<(u32, Message)> = Vec::new();
    let mut before: Option<&Head> = None;
    for head in &seal.entries {
        wrong.extend(wrong_order(head, before, seal.fair).map(|why| (head.number, why)));
        before = Some(head);
    }
    let entries = ledger.map_or(&[][..], Ledger::entries);
    let pairs = entries.iter().zip(entries.iter().skip(1));
    wrong.extend(pairs.filter_map(|(before, entry)| Some((entry.head.number, unruled(entry, before)?))));
    for (entry, message) in wrong {
        let broken = Broken { entry: Some(entry), message, hint: None };
        report_broken(report, files, &seal_path(seal.fair), broken);
    }
}

/// Why an entry cannot follow the one before it, or cannot have its stage on its day.
fn wrong_order(head: &Head, before: Option<&Head>, fair: u32) -> Option<Message> {
    let date = head.date;
    if head.decisions.leaves > head.basis.rows.get(EXHIBITORS.name).map_or(0, |rows| rows.used) {
        return Some(say!("it has more decisions than exhibitors"));
    }
    if before.is_some_and(|before| date < before.date) {
        return Some(say!("its date, {date}, is before that of the previous entry", date));
    }
    let Settings { published, final_from, .. } = head.basis.settings;
    let until = head.basis.timeline.until;
    let state = NoticeDays { fair, published, until, final_from }.state(&AsOf::new(date));
    let rulings = before.map_or(0, |before| before.rulings);
    let stage_fits = match head.stage {
        Stage::Correction => state != NoticeState::Proposed && head.rulings > rulings,
        stage => stage == Stage::from(state),
    };
    if !stage_fits {
        return Some(say!(
            "it was sealed as `{stage}` on {date}, but by its dates the notice was `{state}` on that day",
            stage = head.stage.name(),
            date,
            state = state.name()
        ));
    }
    let later = head.corrections.iter().map(|correction| correction.date).filter(|day| *day > date).max()?;
    Some(say!("it contains a ruling of {date}, which is later", date = later))
}

/// What of an entry is another than in the entry before it, from the notice on, although no ruling says so.
fn unruled(entry: &Entry, before: &Entry) -> Option<Message> {
    let date = entry.head.date;
    if let Some(late) = entry.record.rulings.iter().map(|ruling| ruling.date).filter(|day| *day > date).max()
    {
        return Some(say!("it contains a ruling of {date}, which is later", date = late));
    }
    if before.stage() == Stage::Proposed {
        return None;
    }
    let Some(new) = entry.record.rulings.strip_prefix(&before.record.rulings[..]) else {
        return Some(say!("a ruling of the previous entry is missing or was changed"));
    };
    let field = unexplained(new, entry.differing_from(before), (&before.fields(), &entry.fields()))?;
    Some(say!("`{field}` changed since the previous entry, and no ruling can change it", field))
}

/// Computes an entry before the last one again: everything that tables, rules and the rulings of that time decide.
fn check_again(
    report: &mut Report,
    files: &Files,
    entry: &Entry,
    ready: &mut Ready,
    secret: &Secret,
) -> Checked {
    let known = entry.record.rulings.len();
    // What a ruling has admitted since then was not read yet.
    let later = ready.judged.facts.rulings.get(known..).unwrap_or_default();
    let mut files_then = other_files(&entry.record.inputs, &ready.sealing.rests_on.record.inputs);
    files_then.retain(|file| !later.iter().any(|ruling| ruling.written.admits(Some(file))));
    if !files_then.is_empty() {
        return Checked::OtherFiles(files_then);
    }
    let rulebook = &ready.judged.rulebook;
    let now = &ready.sealing.rests_on;
    let then = &entry.head.basis;
    let decided_alike = then.rulebook == sealed_rulebook(rulebook)
        && then.settings.previous_fair == now.basis.settings.previous_fair;
    let (true, Some(choices)) = (decided_alike, choices_of(&entry.head, rulebook)) else {
        return Checked::OtherRules;
    };
    let facts = &mut ready.judged.facts;
    if known > facts.rulings.len() {
        return Checked::OtherRules;
    }
    // The rows that were observed are those of the tables that are in force.
    let are_in_force = facts.earlier.last().is_none_or(|earlier| earlier.rulings.len() < known);
    // What was counted and set then is held against the days, and against the entries around it.
    let mut basis = Basis { policies: sealed_policies(&choices), ..then.clone() };
    if are_in_force {
        basis.rows.clone_from(&now.basis.rows);
    }
    let rests_on = RestsOn { basis, record: entry.record.clone() };
    let rows: Option<&SealedRows> = ready.sealing.rows.as_ref().filter(|_| are_in_force);
    let published = then.settings.published;
    let (sealing, buyers) = facts.as_ruled(known, published, |facts| {
        let results = judge(&mut Report::new(), facts, rulebook, &choices);
        let mut sealing = Sealing::new(facts, rulebook, &results, rests_on);
        sealing.rows = rows.cloned();
        let buyers = rows.map(|_| Credits::new(files, facts, &results).trees(secret, entry.head.number));
        (sealing, buyers)
    });
    report_sealed_differences(report, files, ready.fair.fair.value, entry, sealing, buyers.as_ref());
    Checked::Computed
}

/// The policies of an entry. `None` where the rulebook does not have them.
fn choices_of(head: &Head, rulebook: &Rulebook) -> Option<Choices> {
    let mut choices = rulebook.choices.clone();
    let all = head.basis.policies.iter().all(|(policy, choice)| choices.choose(policy, choice));
    all.then_some(choices)
}
