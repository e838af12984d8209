//! Sealing a fair, verifying what was sealed, and receipts for single exhibitors.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::build::read_calendar;
use super::judge::{Judged, judge_observed_project, read_fair};
use super::keep::{Readers, keep_file};
use super::ledger::{
    RowTree, SealedInputs, ledger_path, read_ledger, read_secret, report_differences, resting_on, secret_path,
};
use crate::award::{Entry, Hash, Ledger, Proof, Sealing, Secret, Stage, hex, leaf_hash, root_of, unhex};
use crate::data::Date;
use crate::fair::{AsOf, NoticeState, Ruling};
use crate::pages::Timeline;
use crate::source::{Failure, Files, Message, Report, Span, code, say};

/// What became of the wish to seal a fair.
#[derive(Clone, Debug)]
pub enum Sealed {
    /// An entry was added.
    Added(Ledger),
    /// The ledger says all that there is to say.
    Unchanged(Ledger),
}

/// The program, as entries name it.
fn program() -> String {
    format!("jinbang {}", env!("CARGO_PKG_VERSION"))
}

/// A fair that was judged, with all that it is sealed with.
struct Ready {
    judged: Judged,
    sealing: Sealing,
    days: Timeline,
}

/// Seals a fair as it stands on a day: adds an entry to its ledger, and makes its secret where it has none.
/// `None` where it cannot be sealed; the reason is reported.
pub fn seal(report: &mut Report, files: &Files, number: u32, date: Date) -> Result<Option<Sealed>, Failure> {
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

fn report_secret(report: &mut Report, files: &Files, number: u32) {
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

fn ready(
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
    let new = ready.judged.facts.rulings.get(sealed.len()..).unwrap_or_default();
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

/// Whether new rulings explain that a field of an entry is another than it was sealed.
fn explains(new: &[Ruling], field: &str, sealed: &Value, now: &Value) -> bool {
    let decides = |kinds: &[&str]| new.iter().any(|ruling| kinds.contains(&ruling.name()));
    match field {
        "rulings" | "corrections" | "decisions" | "pool" | "awards" => !new.is_empty(),
        "timeline" | "calendar" => decides(&["prolong-notice", "repeat-notice"]),
        "trees" | "rows" => decides(&["correct-record", "admit-input"]),
        // Other rows may make other findings.
        "settings" => {
            let but_accepted = |settings: &Value| {
                let mut settings = settings.clone();
                if let Some(settings) = settings.as_object_mut() {
                    settings.remove("accepted");
                }
                settings
            };
            decides(&["correct-record", "admit-input"]) && but_accepted(sealed) == but_accepted(now)
        }
        // A table that was replaced stays as it was sealed; those that are new are named.
        "inputs" => {
            let items = |inputs: &Value| inputs.as_array().cloned().unwrap_or_default();
            let (sealed, now) = (items(sealed), items(now));
            let named =
                |input: &Value| new.iter().any(|ruling| ruling.written.admits(input["file"].as_str()));
            sealed.iter().all(|input| now.contains(input))
                && now.iter().all(|input| sealed.contains(input) || named(input))
        }
        _ => false,
    }
}

/// What verifying a ledger found; what is wrong is reported.
#[derive(Clone, Debug)]
pub struct Verified {
    /// The ledger.
    pub ledger: Ledger,
    /// Whether its last entry was computed again, and not only its chain of hashes checked.
    pub computed: bool,
}

/// Checks that a ledger is whole, computes its last entry again from the tables, where they are there, and
/// compares the two byte for byte.
pub fn verify(report: &mut Report, files: &Files, number: u32) -> Result<Option<Verified>, Failure> {
    Ok(verify_and_prove(report, files, number, None)?.map(|(verified, _)| verified))
}

/// What is observed of the rows of tables, by table.
type Rows = BTreeMap<&'static str, RowTree>;

/// Verifies a ledger, and keeps what proves the rows of an exhibitor, if one is named.
fn verify_and_prove(
    report: &mut Report,
    files: &Files,
    number: u32,
    exhibitor: Option<&str>,
) -> Result<Option<(Verified, Rows)>, Failure> {
    let Some(ledger) = sealed_ledger(report, files, number)? else { return Ok(None) };
    let Some(fair) = read_fair(report, files, number)? else { return Ok(None) };
    let folder = format!("data/fairs/{number}");
    let there = match fair.award_sources() {
        Some(sources) => sources.value.private_tables_are_there(files, &folder)?,
        None => false,
    };
    if !there {
        return Ok(Some((Verified { ledger, computed: false }, Rows::new())));
    }
    let Some(secret) = read_secret(report, files, number)? else {
        report_secret(report, files, number);
        return Ok(None);
    };
    let mut inputs = SealedInputs::of_rows(files, number, &secret, exhibitor);
    let Some(ready) = ready(report, files, number, &mut inputs)? else { return Ok(None) };
    let Some(last) = ledger.last() else { return Ok(None) };
    report_differences(report, files, number, last, &ready.sealing);
    if report.has_errors() {
        return Ok(None);
    }
    let program = last.field("program").as_str().unwrap_or_default();
    let mut again = ledger.before_last();
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
    Ok(Some((Verified { ledger, computed: true }, inputs.into_trees())))
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
) -> Result<Option<Value>, Failure> {
    let verified = verify_and_prove(report, files, number, Some(exhibitor))?;
    let Some((Verified { ledger, computed }, tables)) = verified else { return Ok(None) };
    if !computed {
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
    let mut rows: Vec<Value> = Vec::new();
    for (table, leaves) in tables {
        let places: Vec<usize> = leaves.own.iter().map(|(place, _)| *place).collect();
        for ((_, leaf), proof) in leaves.own.iter().zip(Proof::of(&leaves.hashes, &places)) {
            let beside: Vec<Value> = proof
                .beside
                .iter()
                .map(|(left, hash)| json!({"side": if *left { "left" } else { "right" }, "hash": hex(hash)}))
                .collect();
            rows.push(json!({
                "table": table,
                "content": leaf.content,
                "salt": hex(&leaf.salt),
                "beside": beside,
            }));
        }
    }
    Ok(Some(json!({
        "format": RECEIPT,
        "fair": number,
        "entry": ledger.entries().len(),
        "entry_hash": last.hash(),
        "exhibitor": exhibitor,
        "rows": rows,
    })))
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

/// Checks a receipt against a ledger: whether every row in it is among those that were sealed. Needs nothing
/// else of the project. What is wrong is reported.
pub fn check_receipt(report: &mut Report, ledger: &Ledger, receipt: &Value) -> Option<Proven> {
    let wrong = |report: &mut Report, message: Message| {
        report
            .error(code::RECEIPT, None, message)
            .hint(say!("ask whoever gave you the receipt for one that fits this ledger"));
        None
    };
    if receipt["format"] != RECEIPT || receipt["fair"] != ledger.fair {
        let message =
            say!("this is no receipt (`{receipt}`) of fair {fair}", receipt = RECEIPT, fair = ledger.fair);
        return wrong(report, message);
    }
    let number = receipt["entry"].as_u64().and_then(|number| usize::try_from(number).ok()).unwrap_or(0);
    let entry = number.checked_sub(1).and_then(|place| ledger.entries().get(place));
    let Some(entry) = entry.filter(|entry| receipt["entry_hash"] == entry.hash()) else {
        return wrong(
            report,
            say!("the ledger has no entry {number} with the hash that the receipt names", number),
        );
    };
    let exhibitor = receipt["exhibitor"].as_str().unwrap_or_default();
    let Some(decision) = entry.decision(exhibitor) else {
        return wrong(report, say!("entry {number} decides nothing on `{exhibitor}`", number, exhibitor));
    };
    let mut counted: BTreeMap<String, usize> = BTreeMap::new();
    for row in receipt["rows"].as_array().into_iter().flatten() {
        let table = row["table"].as_str().unwrap_or_default();
        let content = row["content"].as_str().unwrap_or_default();
        if !proves(entry, table, row) {
            return wrong(report, say!("this row is not among those that were sealed: {content}", content));
        }
        *counted.entry(table.to_owned()).or_default() += 1;
    }
    Some(Proven {
        exhibitor: exhibitor.to_owned(),
        rows: counted.into_iter().collect(),
        decision: decision.clone(),
        entry: (number, entry.date),
    })
}

/// Whether a row of a receipt leads to the root of its table.
fn proves(entry: &Entry, table: &str, row: &Value) -> bool {
    let beside: Option<Vec<(bool, Hash)>> = row["beside"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|step| Some((step["side"] == "left", unhex(step["hash"].as_str()?)?)))
        .collect();
    let (Some(beside), Some(salt), Some(content)) =
        (beside, row["salt"].as_str().and_then(unhex), row["content"].as_str())
    else {
        return false;
    };
    let names_its_table = content.starts_with(&format!("[{},", Value::from(table)));
    names_its_table
        && entry.field("trees")[table]["root"] == hex(&root_of(leaf_hash(&salt, content), &Proof { beside }))
}
