//! Sealing a fair, and receipts for single exhibitors.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::build::read_calendar;
use super::judge::{Judged, judge_observed_project};
use super::keep::{Readers, keep_file};
use super::ledger::{
    SealedInputs, difference_lines, explains, ledger_path, read_ledger, read_secret, report_differences,
    resting_on, secret_path,
};
use super::verify::{Checked, Verified, verify_and_prove};
use crate::award::{Entry, Hash, Ledger, Proof, Sealing, Secret, Stage, hex, leaf_hash, root_of, unhex};
use crate::data::{Date, TableShape};
use crate::fair::{AsOf, EXHIBITORS, NoticeState, SHAPES};
use crate::pages::Timeline;
use crate::source::{Failure, Files, Message, Report, Span, code, say};

/// What became of the wish to seal a fair.
#[derive(Clone, Debug)]
pub enum Sealed {
    /// An entry was added.
    Added(Ledger),
    /// The ledger says all that there is to say.
    Unchanged(Ledger),
    /// An entry would be added; nothing was written.
    WouldAdd {
        /// The ledger with that entry.
        ledger: Ledger,
        /// In what it differs from the entry before it, in words.
        changes: Vec<Message>,
    },
}

/// Whether sealing writes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SealMode {
    /// It adds an entry to the ledger.
    Write,
    /// It only says which entry it would add.
    DryRun,
}

/// The program, as entries name it.
fn program() -> String {
    format!("jinbang {}", env!("CARGO_PKG_VERSION"))
}

/// A fair that was judged, with all that it is sealed with.
pub(super) struct Ready {
    pub(super) judged: Judged,
    pub(super) sealing: Sealing,
    pub(super) days: Timeline,
}

/// Seals a fair as it stands on a day: adds an entry to its ledger, and makes its secret where it has none.
/// `None` where it cannot be sealed; the reason is reported.
pub fn seal(
    report: &mut Report,
    files: &Files,
    number: u32,
    date: Date,
    mode: SealMode,
) -> Result<Option<Sealed>, Failure> {
    let ledger = read_ledger(report, files, number)?;
    let secret = read_secret(report, files, number)?;
    let is_new = secret.is_none();
    if is_new && ledger.is_some() {
        report_secret(report, files, number);
        return Ok(None);
    }
    if report.has_errors() {
        return Ok(None);
    }
    let secret = match secret {
        Some(secret) => secret,
        None => random_secret()?,
    };
    let mut inputs = SealedInputs::of_rows(files, number, &secret, None);
    let Some(ready) = ready(report, files, number, &mut inputs)? else { return Ok(None) };
    let mut ledger = ledger.unwrap_or(Ledger::new(number));
    let Ok(stage) = next_stage(report, files, &ledger, &ready, date) else { return Ok(None) };
    let Some(stage) = stage else { return Ok(Some(Sealed::Unchanged(ledger))) };
    if mode == SealMode::DryRun {
        let changes = ledger.last().map_or_else(Vec::new, |last| {
            difference_lines(last, &ready.sealing, &last.differences(&ready.sealing))
        });
        ledger.append(stage, date, &program(), ready.sealing);
        return Ok(Some(Sealed::WouldAdd { ledger, changes }));
    }
    if is_new {
        let text = hex(&secret.0) + "\n";
        keep_file(files, &secret_path(number), text.as_bytes(), Readers::Owner)?;
    }
    ledger.append(stage, date, &program(), ready.sealing);
    keep_file(files, &ledger_path(number), ledger.written().as_bytes(), Readers::Usual)?;
    Ok(Some(Sealed::Added(ledger)))
}

fn random_secret() -> Result<Secret, Failure> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)
        .map_err(|error| Failure::new(say!("make a secret"), std::io::Error::other(error.to_string())))?;
    Ok(Secret(bytes))
}

pub(super) fn report_secret(report: &mut Report, files: &Files, number: u32) {
    report
        .error(
            code::LEDGER_SECRET,
            Span::whole(files.id(&ledger_path(number))),
            say!(
                "the secret of this ledger is missing: there is no file `{path}`",
                path = secret_path(number)
            ),
        )
        .hint(say!(
            "`seal` wrote it beside the tables: bring it back; without it nobody can prove what was sealed"
        ));
}

/// Judges a fair for sealing. `None` where it cannot be sealed; the reason is reported.
pub(super) fn ready(
    report: &mut Report,
    files: &Files,
    number: u32,
    inputs: &mut SealedInputs<'_>,
) -> Result<Option<Ready>, Failure> {
    let calendar = read_calendar(report, files)?;
    let judged = judge_observed_project(report, files, Some(number), &[], inputs)?;
    let Some((fair, judged)) = judged else { return Ok(None) };
    if fair.rulebook.is_none() {
        report.error(code::RULEBOOK_UNPINNED, fair.fair.span, say!("no rulebook is pinned")).hint(say!(
            "add `rulebook: {{id: …, version: …}}` to fair.yaml: what is sealed rests on one that is named"
        ));
    }
    for finding in &judged.open_findings {
        report
            .error(
                code::FINDING_OPEN,
                fair.fair.span,
                say!("the finding `{finding}` is neither resolved nor accepted", finding),
            )
            .hint(say!("`jinbang check` shows it, with the line for `accepted` in fair.yaml"));
    }
    let (mut fields, days) = resting_on(report, &fair, &judged, &calendar, Some(inputs));
    if days.latest.is_some_and(|latest| latest.provisional) && days.published.is_none() {
        report
            .error(
                code::CALENDAR_PROVISIONAL,
                fair.fair.span,
                say!("the days of this notice are counted in a year without an official calendar"),
            )
            .hint(say!("add the State Council's notice of the year to data/calendar.yaml"));
    }
    if report.has_errors() {
        return Ok(None);
    }
    fields.insert("trees".to_owned(), inputs.roots(&judged.facts));
    let sealing = Sealing::new(&judged.facts, &judged.rulebook, &judged.results, fields);
    Ok(Some(Ready { judged, sealing, days }))
}

/// The stage that is to be sealed next. `None` where nothing is new since the last entry.
fn next_stage(
    report: &mut Report,
    files: &Files,
    ledger: &Ledger,
    ready: &Ready,
    date: Date,
) -> Result<Option<Stage>, ()> {
    let ledger_span = Span::whole(files.id(&ledger_path(ledger.fair)));
    let state = ready.days.notice.state(&AsOf::new(date));
    let Some(last) = ledger.last() else { return Ok(Some(state.into())) };
    if date < last.date {
        report
            .error(
                code::SEAL_ORDER,
                ledger_span,
                say!("{date} is before the last entry, of {last}", date, last = last.date),
            )
            .hint(say!("entries follow each other in time: name a later day with --as-of"));
        return Err(());
    }
    let differing = last.differences(&ready.sealing);
    if last.stage == Stage::Proposed {
        let unchanged = state == NoticeState::Proposed && differing.is_empty();
        return Ok((!unchanged).then(|| state.into()));
    }
    // From the notice on only rulings change what was decided.
    let sealed = last.field("rulings").as_array().map_or(&[][..], Vec::as_slice);
    let rulings = ready.sealing.field("rulings").as_array().map_or(&[][..], Vec::as_slice);
    let extended = rulings.starts_with(sealed);
    let ruled = rulings.len() > sealed.len();
    let new = rulings.get(sealed.len()..).unwrap_or_default();
    let is_explained = |field: &String| explains(new, field, last.field(field), ready.sealing.field(field));
    if !extended || !differing.iter().all(is_explained) {
        report_differences(report, files, ledger.fair, last, &ready.sealing);
        return Err(());
    }
    let future = ready.judged.facts.rulings.iter().find(|ruling| ruling.date > date);
    if let Some(ruling) = future {
        report
            .error(
                code::SEAL_ORDER,
                ruling.span,
                say!("this ruling is in force from {date} on", date = ruling.date),
            )
            .hint(say!("seal it on that day, or later"));
        return Err(());
    }
    // That the time for objections is over decides nothing; that the list is final does, once.
    let is_sealed_final = ledger.entries().iter().any(|entry| entry.stage == Stage::Final);
    Ok(match (ruled, state == NoticeState::Final && !is_sealed_final) {
        (true, _) => Some(Stage::Correction),
        (false, true) => Some(Stage::Final),
        (false, false) => None,
    })
}

/// The ledger of a fair that has entries. `None` where it has none; that is reported.
pub fn sealed_ledger(report: &mut Report, files: &Files, number: u32) -> Result<Option<Ledger>, Failure> {
    let ledger = read_ledger(report, files, number)?;
    if report.has_errors() {
        return Ok(None);
    }
    let ledger = ledger.filter(|ledger| ledger.last().is_some());
    if ledger.is_none() {
        report
            .error(
                code::NOT_SEALED,
                None,
                say!("fair {number} is not sealed: there is no `{path}`", number, path = ledger_path(number)),
            )
            .hint(say!("seal it with `jinbang seal {number}`", number));
    }
    Ok(ledger)
}

/// The name and version of the format of receipts.
const RECEIPT: &str = "jinbang-receipt/1";

/// A receipt for one exhibitor: its own rows with their salts, and what leads from each to the root that the last
/// entry holds. `None` where there is none; the reason is reported.
pub fn receipt(
    report: &mut Report,
    files: &Files,
    number: u32,
    exhibitor: &str,
) -> Result<Option<Receipt>, Failure> {
    let verified = verify_and_prove(report, files, number, Some(exhibitor))?;
    let Some((Verified { ledger, entries, .. }, tables)) = verified else { return Ok(None) };
    if entries.last() != Some(&Checked::Computed) {
        report
            .error(code::TABLES_MISSING, None, say!("the tables of fair {number} are not here", number))
            .hint(say!("a receipt holds rows of the tables: make it where they are"));
        return Ok(None);
    }
    let last = ledger.last().expect("a ledger that was verified has entries");
    if last.decision(exhibitor).is_none() {
        report
            .error(code::UNKNOWN_EXHIBITOR, None, say!("no exhibitor `{exhibitor}` is sealed", exhibitor))
            .hint_meant(crate::source::nearest(exhibitor, last.decisions().map(|(id, _)| id)))
            .hint(say!("name the exhibitor by its identifier in the table of exhibitors"));
        return Ok(None);
    }
    let mut rows = Vec::new();
    for (table, leaves) in tables {
        for (leaf, proof) in leaves.own.into_iter().zip(leaves.tree.into_proofs()) {
            let beside = proof.beside.iter().map(|(left, hash)| Beside {
                side: if *left { Side::Left } else { Side::Right },
                hash: hex(hash),
            });
            rows.push(ReceiptRow {
                table: table.to_owned(),
                content: leaf.content,
                salt: hex(&leaf.salt),
                beside: beside.collect(),
            });
        }
    }
    Ok(Some(Receipt {
        format: RECEIPT.to_owned(),
        fair: number,
        entry: ledger.entries().len(),
        entry_hash: last.hash().to_owned(),
        exhibitor: exhibitor.to_owned(),
        rows,
    }))
}

/// A receipt for one exhibitor: its own rows, with what proves that they are in what was sealed.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The name and version of the format.
    pub format: String,
    /// Number of the fair.
    pub fair: u32,
    /// Number of the entry, from 1.
    pub entry: usize,
    /// The hash of the entry, in hexadecimal digits.
    pub entry_hash: String,
    /// Identifier of the exhibitor.
    pub exhibitor: String,
    /// Its rows, table by table, in reading order.
    pub rows: Vec<ReceiptRow>,
}

/// A row of a receipt.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct ReceiptRow {
    /// The name of its table.
    pub table: String,
    /// What was committed to: a list in JSON of table, file, sheet, row, and the values of the fields.
    pub content: String,
    /// The salt of its leaf, in hexadecimal digits.
    pub salt: String,
    /// What leads from the leaf to the root of its table, from the leaf up.
    pub beside: Vec<Beside>,
}

/// The hash beside a node of a tree.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
#[serde(deny_unknown_fields)]
pub struct Beside {
    /// On which side of the node it stands.
    pub side: Side,
    /// The hash, in hexadecimal digits.
    pub hash: String,
}

/// A side of a node.
#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// Before it.
    Left,
    /// Behind it.
    Right,
}

/// Reads a receipt, in UTF-8 or UTF-16, with or without a byte order mark. `None` where it is none; that is reported.
pub fn read_receipt(report: &mut Report, bytes: &[u8]) -> Option<Receipt> {
    let (text, _, malformed) = encoding_rs::UTF_8.decode(bytes);
    let receipt = serde_json::from_str(&text).ok().filter(|_| !malformed);
    if receipt.is_none() {
        report_receipt(report, say!("this is no receipt (`{receipt}`)", receipt = RECEIPT));
    }
    receipt
}

fn report_receipt(report: &mut Report, message: Message) {
    report
        .error(code::RECEIPT, None, message)
        .hint(say!("ask whoever gave you the receipt for one that fits this ledger"));
}

/// What a receipt proves.
#[derive(Clone, Debug)]
pub struct Proven {
    /// The exhibitor.
    pub exhibitor: String,
    /// How many of its rows are among what was sealed, by table.
    pub rows: Vec<(String, usize)>,
    /// What was decided on it.
    pub decision: Value,
    /// The entry, from 1, with the day on which it was sealed.
    pub entry: (usize, Date),
}

/// Checks a receipt against a ledger: whether every row in it is among those that were sealed, is one of the exhibitor,
/// and stands in it once; and whether there are as many letters as were counted. Needs nothing else of the project. What
/// is wrong is reported.
pub fn check_receipt(report: &mut Report, ledger: &Ledger, receipt: &Receipt) -> Option<Proven> {
    let wrong = |report: &mut Report, message: Message| {
        report_receipt(report, message);
        None
    };
    if receipt.format != RECEIPT || receipt.fair != ledger.fair {
        let message =
            say!("this is no receipt (`{receipt}`) of fair {fair}", receipt = RECEIPT, fair = ledger.fair);
        return wrong(report, message);
    }
    let number = receipt.entry;
    let entry = number.checked_sub(1).and_then(|place| ledger.entries().get(place));
    let Some(entry) = entry.filter(|entry| receipt.entry_hash == entry.hash()) else {
        return wrong(
            report,
            say!("the ledger has no entry {number} with the hash that the receipt names", number),
        );
    };
    let exhibitor = receipt.exhibitor.as_str();
    let Some(decision) = entry.decision(exhibitor) else {
        return wrong(report, say!("entry {number} decides nothing on `{exhibitor}`", number, exhibitor));
    };
    let mut counted: BTreeMap<String, usize> = BTreeMap::new();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut sent = 0;
    for row in &receipt.rows {
        let (table, content) = (row.table.as_str(), row.content.as_str());
        if !proves(entry, row) {
            return wrong(report, say!("this row is not among those that were sealed: {content}", content));
        }
        let row = SealedRow::of(table, content);
        if row.as_ref().and_then(|row| row.field("exhibitor")) != Some(exhibitor) {
            return wrong(
                report,
                say!("this row is not one of `{exhibitor}`: {content}", exhibitor, content),
            );
        }
        if !seen.insert(content) {
            return wrong(report, say!("this row is in the receipt twice: {content}", content));
        }
        sent += u64::from(row.is_some_and(|row| row.word("status") == Some("sent")));
        *counted.entry(table.to_owned()).or_default() += 1;
    }
    if !counted.contains_key(EXHIBITORS.name) {
        return wrong(
            report,
            say!("the row of `{exhibitor}` in the table of exhibitors is missing", exhibitor),
        );
    }
    if let Some(letters) = decision["invitations"].as_u64() {
        // Of several letters to one recipient, where those count once, the receipt holds all.
        let by_row = entry.field("policies")["invitation-unit"] != "distinct-recipients";
        if sent < letters || by_row && sent > letters {
            return wrong(
                report,
                say!(
                    "{sent} letters that were sent are in the receipt, but {letters} were counted",
                    sent,
                    letters
                ),
            );
        }
    }
    Some(Proven {
        exhibitor: exhibitor.to_owned(),
        rows: counted.into_iter().collect(),
        decision: decision.clone(),
        entry: (number, entry.date),
    })
}

/// A row as it was sealed.
struct SealedRow {
    shape: &'static TableShape,
    values: Vec<Value>,
}

impl SealedRow {
    /// `None` where the content is no row of the table.
    fn of(table: &str, content: &str) -> Option<SealedRow> {
        let shape = SHAPES.into_iter().find(|shape| shape.name == table)?;
        let mut values: Vec<Value> = serde_json::from_str(content).ok()?;
        // Table, file, sheet and row stand before the fields.
        (values.len() == 4 + shape.fields.len()).then(|| SealedRow { shape, values: values.split_off(4) })
    }

    fn field(&self, name: &str) -> Option<&str> {
        self.values.get(self.shape.field(name)?)?.as_str()
    }

    /// What a field of a closed list stands for.
    fn word(&self, name: &str) -> Option<&'static str> {
        let kind = self.shape.fields[self.shape.field(name)?].kind;
        kind.value_of(self.field(name)?)
    }
}

/// Whether a row of a receipt leads to the root of its table.
fn proves(entry: &Entry, row: &ReceiptRow) -> bool {
    let ReceiptRow { table, content, salt, beside } = row;
    // A hash is written in one way only.
    let written = |digits: &String| unhex(digits).filter(|hash| hex(hash) == *digits);
    let beside: Option<Vec<(bool, Hash)>> =
        beside.iter().map(|step| Some((step.side == Side::Left, written(&step.hash)?))).collect();
    let (Some(beside), Some(salt)) = (beside, written(salt)) else { return false };
    let names_its_table = content.starts_with(&format!("[{},", Value::from(table.as_str())));
    names_its_table
        && entry.field("trees")[table]["root"] == hex(&root_of(leaf_hash(&salt, content), &Proof { beside }))
}
