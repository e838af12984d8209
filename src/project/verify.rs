//! Verifying what was sealed: every entry of a ledger, as far as its inputs are here.

use std::collections::BTreeMap;

use super::judge::read_fair;
use super::ledger::{
    RowTree, SealedInputs, changed_files, explains, ledger_path, read_secret, report_differences,
    report_sealed_differences,
};
use super::seal::{Ready, ready, report_secret, sealed_ledger};
use super::sign::check_signing;
use crate::award::{Entry, Ledger, Sealing, Stage, judge};
use crate::data::Date;
use crate::fair::{AsOf, FairFile, NoticeDays, NoticeState};
use crate::rulebook::{Choices, Rulebook};
use crate::source::{Failure, Files, Message, Report, Span, code, say};

/// What verifying a ledger found; what is wrong is reported.
#[derive(Clone, Debug)]
pub struct Verified {
    /// The ledger.
    pub ledger: Ledger,
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
    /// Not computed: it was sealed with these files in another state.
    OtherFiles(Vec<String>),
    /// Not computed: it was sealed before the notice by another rulebook, or with other settings.
    OtherRules,
}

/// What is observed of the rows of tables, by table.
pub(super) type Rows = BTreeMap<&'static str, RowTree>;

/// Checks that a ledger is whole and keeps to its own days, computes its entries again from the tables, where they are
/// there, and compares: the last one byte for byte, those before it in all that the tables and rules decide.
pub fn verify(report: &mut Report, files: &Files, number: u32) -> Result<Option<Verified>, Failure> {
    Ok(verify_and_prove(report, files, number, None)?.map(|(verified, _)| verified))
}

/// Verifies a ledger, and keeps what proves the rows of an exhibitor, if one is named.
pub(super) fn verify_and_prove(
    report: &mut Report,
    files: &Files,
    number: u32,
    exhibitor: Option<&str>,
) -> Result<Option<(Verified, Rows)>, Failure> {
    let Some(ledger) = sealed_ledger(report, files, number)? else { return Ok(None) };
    let Some(fair) = read_fair(report, files, number)? else { return Ok(None) };
    let signature = check_signing(report, files, &fair, Some(&ledger))?;
    report_order(report, files, &ledger, &fair);
    let folder = format!("data/fairs/{number}");
    let there = match fair.award_sources() {
        Some(sources) => sources.value.private_tables_are_there(files, &folder)?,
        None => false,
    };
    if !there {
        let entries = vec![Checked::NoTables; ledger.entries().len()];
        return Ok((!report.has_errors()).then(|| (Verified { ledger, entries, signature }, Rows::new())));
    }
    let Some(secret) = read_secret(report, files, number)? else {
        report_secret(report, files, number);
        return Ok(None);
    };
    let mut inputs = SealedInputs::of_rows(files, number, &secret, exhibitor);
    let Some(mut ready) = ready(report, files, number, &mut inputs)? else { return Ok(None) };
    let (Some(last), before) = (ledger.last(), ledger.before_last()) else { return Ok(None) };
    report_differences(report, files, number, last, &ready.sealing);
    let mut entries = Vec::new();
    for (place, entry) in (1..).zip(before.entries()) {
        entries.push(check_again(report, files, number, (place, entry), &mut ready));
    }
    entries.push(Checked::Computed);
    if report.has_errors() {
        return Ok(None);
    }
    let program = last.field("program").as_str().unwrap_or_default();
    let mut again = before;
    again.append(last.stage, last.date, program, ready.sealing);
    if again.written() != ledger.written() {
        report
            .error(
                code::LEDGER_DIFFERS,
                Span::whole(files.id(&ledger_path(number))),
                say!("the last entry computed again is not the same, byte for byte"),
            )
            .hint(say!("it holds a field that this version of the program does not write"));
        return Ok(None);
    }
    Ok(Some((Verified { ledger, entries, signature }, inputs.into_trees())))
}

/// Reports entries whose stage is not that of their day, and changes since the notice that no ruling makes. Needs no
/// tables.
fn report_order(report: &mut Report, files: &Files, ledger: &Ledger, fair: &FairFile) {
    let final_from = fair.notice.as_ref().and_then(|notice| notice.final_from.as_ref()).map(|day| day.value);
    let mut before: Option<&Entry> = None;
    for (place, entry) in (1..).zip(ledger.entries()) {
        let wrong = wrong_order(entry, before, ledger.fair, final_from);
        if let Some(why) = wrong {
            report
                .error(
                    code::LEDGER_BROKEN,
                    Span::whole(files.id(&ledger_path(ledger.fair))),
                    say!("the ledger cannot be relied on: entry {entry}: {why}", entry = place.to_string(), why),
                )
                .hint(say!("nobody edits a ledger: bring back the file as it was sealed, from the history of the project"));
        }
        before = Some(entry);
    }
}

/// Why an entry cannot follow the one before it, or cannot have its stage on its day.
fn wrong_order(
    entry: &Entry,
    before: Option<&Entry>,
    fair: u32,
    final_from: Option<Date>,
) -> Option<Message> {
    if before.is_some_and(|before| entry.date < before.date) {
        return Some(say!("its day, {date}, is before that of the entry before it", date = entry.date));
    }
    let day = |object: &str, name: &str| entry.field(object)[name].as_str().and_then(|day| day.parse().ok());
    let (published, until) = (day("settings", "published"), day("timeline", "until"));
    let state = NoticeDays { fair, published, until, final_from }.state(&AsOf::new(entry.date));
    let sealed_before = before.map_or(&[][..], Entry::rulings);
    let stage_fits = match entry.stage {
        Stage::Correction => state != NoticeState::Proposed && entry.rulings().len() > sealed_before.len(),
        stage => stage == Stage::from(state),
    };
    if !stage_fits {
        return Some(say!(
            "it is sealed as `{stage}` on {date}, but by its days the notice is `{state}` then",
            stage = entry.stage.name(),
            date = entry.date,
            state = state.name()
        ));
    }
    let early = entry.rulings().iter().filter_map(|ruling| ruling["date"].as_str()?.parse::<Date>().ok());
    if let Some(date) = early.filter(|date| *date > entry.date).max() {
        return Some(say!("it holds a ruling of {date}, which is later", date));
    }
    let before = before.filter(|before| before.stage != Stage::Proposed)?;
    if !entry.rulings().starts_with(sealed_before) {
        return Some(say!("a ruling of the entry before it is missing or changed"));
    }
    let new = &entry.rulings()[sealed_before.len()..];
    let differing = entry.differing_from(before);
    let is_unruled = |field: &String| !explains(new, field, before.field(field), entry.field(field));
    let unruled = differing.into_iter().find(is_unruled)?;
    Some(say!("`{field}` changed since the entry before it, and no ruling changes that", field = unruled))
}

/// Computes an entry before the last one again: everything that tables, rules and the rulings of that time decide.
fn check_again(
    report: &mut Report,
    files: &Files,
    fair: u32,
    (place, entry): (usize, &Entry),
    ready: &mut Ready,
) -> Checked {
    let mut files_then = changed_files(entry.field("inputs"), ready.sealing.field("inputs"));
    // What a ruling has admitted since then was not read yet.
    let later = ready.judged.facts.rulings.get(entry.rulings().len()..).unwrap_or_default();
    files_then.retain(|file| !later.iter().any(|ruling| ruling.written.admits(Some(file))));
    if !files_then.is_empty() {
        return Checked::OtherFiles(files_then);
    }
    let rulebook = &ready.judged.rulebook;
    let decided_alike =
        ["rulebook", "handles"].iter().all(|field| entry.field(field) == ready.sealing.field(field));
    let previous = |settings: &serde_json::Value| settings["previous_fair"].clone();
    let same_fairs = previous(entry.field("settings")) == previous(ready.sealing.field("settings"));
    let (true, true, Some(choices)) = (decided_alike, same_fairs, choices_of(entry, rulebook)) else {
        return Checked::OtherRules;
    };
    let facts = &mut ready.judged.facts;
    let known = entry.rulings().len();
    if known > facts.rulings.len() {
        return Checked::OtherRules;
    }
    let published = entry.field("settings")["published"].as_str().and_then(|day| day.parse().ok());
    // The rows that were observed are those of the tables that are in force.
    let are_in_force = facts.earlier.last().is_none_or(|earlier| earlier.rulings.len() < known);
    let mut resting = serde_json::Map::new();
    for field in ["rows", "trees"].iter().filter(|_| are_in_force) {
        resting.insert((*field).to_owned(), ready.sealing.field(field).clone());
    }
    let sealing = facts.as_ruled(known, published, |facts| {
        let results = judge(&mut Report::new(), facts, rulebook, &choices);
        Sealing::new(facts, rulebook, &results, resting)
    });
    report_sealed_differences(report, files, fair, (place, entry), &sealing);
    Checked::Computed
}

/// The policies of an entry. `None` where the rulebook does not have them.
fn choices_of(entry: &Entry, rulebook: &Rulebook) -> Option<Choices> {
    let mut choices = rulebook.choices.clone();
    for (policy, choice) in entry.field("policies").as_object()? {
        choices.choose(policy, choice.as_str()?).then_some(())?;
    }
    Some(choices)
}
