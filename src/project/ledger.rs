//! The ledger of a fair, in the project: what it is sealed with, and whether that still holds.

use std::io::Read as _;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::judge::Judged;
use crate::award::{
    AwardList, Entry, Leaf, Ledger, Merkle, Sealing, Secret, canonical, hex, leaf_hash, unhex,
    written_accounts, written_law, written_ruling,
};
use crate::data::{Date, Spanned};
use crate::fair::{Calendar, Facts, FairFile, LeafRow, read_leaves, read_ruling_file};
use crate::pages::{Timeline, timeline};
use crate::rulebook::Rulebook;
use crate::source::{Failure, FileId, Files, Message, Report, Span, code, list, say};

/// The path of a fair's ledger.
pub(super) fn ledger_path(fair: u32) -> String {
    format!("data/fairs/{fair}/ledger.json")
}

/// The path of what the salts of a fair's rows are made of.
pub(super) fn secret_path(fair: u32) -> String {
    format!("data/fairs/{fair}/ledger.secret")
}

/// Reads the ledger of a fair. `None` where there is none, or it cannot be relied on; the latter is reported.
pub fn read_ledger(report: &mut Report, files: &Files, fair: u32) -> Result<Option<Ledger>, Failure> {
    let path = ledger_path(fair);
    if !files.is_file(&path) {
        return Ok(None);
    }
    let file = files.id(&path);
    let bytes = files.read(file)?;
    let broken = match std::str::from_utf8(&bytes).map(Ledger::read) {
        Ok(Ok(ledger)) if ledger.fair == fair => return Ok(Some(ledger)),
        Ok(Ok(ledger)) => say!("it is the ledger of fair {fair}", fair = ledger.fair),
        Ok(Err(broken)) => match broken.entry {
            Some(entry) => say!("entry {entry}: {why}", entry, why = broken.message),
            None => broken.message,
        },
        Err(_) => say!("it is not UTF-8"),
    };
    report
        .error(
            code::LEDGER_BROKEN,
            Span::whole(file),
            say!("the ledger cannot be relied on: {broken}", broken),
        )
        .hint(say!(
            "nobody edits a ledger: bring back the file as it was sealed, from the history of the project"
        ));
    Ok(None)
}

/// Reads the secret of a fair's ledger. `None` where there is none, or it is none; the latter is reported.
pub(super) fn read_secret(report: &mut Report, files: &Files, fair: u32) -> Result<Option<Secret>, Failure> {
    let path = secret_path(fair);
    if !files.is_file(&path) {
        return Ok(None);
    }
    let file = files.id(&path);
    let text = files.read(file)?;
    let digits = std::str::from_utf8(&text).unwrap_or_default().trim_end();
    let Some(secret) = unhex(digits) else {
        report
            .error(code::LEDGER_SECRET, Span::whole(file), say!("the secret is not 64 hexadecimal digits"))
            .hint(say!("bring back the file as `seal` wrote it"));
        return Ok(None);
    };
    Ok(Some(Secret(secret)))
}

/// What a fair rests on beside its rulebook and its tables, as far as it decides something: settings, days, and
/// the working days of the years that are counted.
fn settings(
    report: &mut Report,
    fair: &FairFile,
    rulebook: &Rulebook,
    calendar: &Calendar,
) -> (Map<String, Value>, Timeline) {
    let days = timeline(report, fair, rulebook, &rulebook.choices, calendar);
    let platform_end = fair.online_platform.as_ref().map(|platform| platform.end.value);
    let counted: Vec<i16> =
        [platform_end, days.published, days.latest.map(|day| day.date), days.end.map(|day| day.date)]
            .into_iter()
            .flatten()
            .map(|date| date.year())
            .collect();
    let years: Map<String, Value> = match (counted.iter().min(), counted.iter().max()) {
        (Some(&first), Some(&last)) => (first..=last)
            .map(|year| {
                let known = canonical(&calendar.written(year));
                (year.to_string(), hex(&Sha256::digest(known.as_bytes()).into()).into())
            })
            .collect(),
        _ => Map::new(),
    };
    let day = |date: Option<Date>| date.map(|date| date.to_string());
    let mut settings = json!({
        "previous_fair": fair.previous_fair.as_ref().map(|previous| previous.value),
        "platform_end": day(platform_end),
        "published": day(days.published),
        "demonstration": fair.demonstration,
    });
    if !fair.accepted.is_empty() {
        let written = fair.accepted.iter().map(|Spanned { value, .. }| {
            json!({
                "finding": value.finding.value, "count": value.count.value,
                "awards": value.awards, "because": value.because,
            })
        });
        settings["accepted"] = written.collect();
    }
    let dates = json!({
        "latest": day(days.latest.map(|day| day.date)),
        "until": day(days.end.map(|day| day.date)),
    });
    let fields = [
        ("settings".to_owned(), settings),
        ("timeline".to_owned(), dates),
        ("calendar".to_owned(), years.into()),
    ];
    (Map::from_iter(fields), days)
}

/// What a judged fair rests on beside its rulebook: its settings, files and rows. Without the secret the files
/// cannot be named by their hashes.
pub(super) fn resting_on(
    report: &mut Report,
    files: &Files,
    fair: &FairFile,
    judged: &Judged,
    calendar: &Calendar,
    secret: Option<&Secret>,
) -> Result<(Map<String, Value>, Timeline), Failure> {
    let (mut fields, days) = settings(report, fair, &judged.rulebook, calendar);
    if let Some(secret) = secret {
        fields.insert("inputs".to_owned(), inputs(files, fair, &judged.facts, secret)?.into());
        fields.insert("handles".to_owned(), hex(&secret.derive(&[b"handles"])).into());
    }
    fields.insert("rows".to_owned(), written_accounts(&judged.facts).into());
    Ok((fields, days))
}

/// Compares a judgement with what was sealed last, and reports in what they differ.
pub(super) fn compare(
    report: &mut Report,
    files: &Files,
    fair: &FairFile,
    judged: &Judged,
    calendar: &Calendar,
    ledger: &Ledger,
) -> Result<(), Failure> {
    let Some(last) = ledger.last() else { return Ok(()) };
    let secret = read_secret(report, files, ledger.fair)?;
    if secret.is_none() {
        report
            .warning(code::LEDGER_SECRET, Span::whole(files.id(&ledger_path(ledger.fair))), say!("the secret of this ledger is missing: only decisions were compared, not the bytes of the tables"))
            .hint(say!("bring back `{path}`", path = secret_path(ledger.fair)));
    }
    // The pages report what is wrong with the days.
    let (fields, _) = resting_on(&mut Report::new(), files, fair, judged, calendar, secret.as_ref())?;
    let sealing = Sealing::new(&judged.facts, &judged.rulebook, &judged.results, fields);
    report_differences(report, files, ledger.fair, last, &sealing);
    Ok(())
}

/// The awards of a fair whose tables are not here, as they were sealed. `None` where the rest of the project is
/// not as it was sealed; that is reported.
pub(super) fn sealed_list(
    report: &mut Report,
    files: &Files,
    fair: &FairFile,
    rulebook: &Rulebook,
    calendar: &Calendar,
    ledger: &Ledger,
) -> Result<Option<AwardList>, Failure> {
    let number = ledger.fair;
    let Some(last) = ledger.last() else { return Ok(None) };
    let (mut fields, _) = settings(&mut Report::new(), fair, rulebook, calendar);
    fields.extend(written_law(rulebook, &rulebook.choices));
    let written = read_ruling_file(report, files, &format!("data/fairs/{number}"))?.unwrap_or_default();
    let rulings: Vec<Value> = written
        .iter()
        .map(|ruling| {
            let ruling = &ruling.value;
            let exhibitor = &ruling.exhibitor().value;
            let (authority, reason) = (&ruling.authority.value, &ruling.reason.value);
            written_ruling(ruling.date.value, ruling.decides(), exhibitor, authority, reason)
        })
        .collect();
    fields.insert("rulings".to_owned(), rulings.into());
    let differing = last.differing(&fields);
    let list = ledger.list(rulebook).filter(|_| differing.is_empty());
    if list.is_none() {
        let mut draft = report.error(
            code::LEDGER_DIFFERS,
            Span::whole(files.id(&ledger_path(number))),
            say!("what was sealed on {date} is not what the files give", date = last.date),
        );
        for field in &differing {
            draft = draft.hint(difference(field, last.field(field), &fields[field]));
        }
        draft.hint(say!("the tables are not here, so nothing can be decided anew: bring them back, or the files as they were sealed"));
    }
    Ok(list)
}

/// The files of the tables, each with its size and the salted hash of its bytes.
fn inputs(files: &Files, fair: &FairFile, facts: &Facts, secret: &Secret) -> Result<Vec<Value>, Failure> {
    let folder = format!("data/fairs/{}/", fair.fair.value);
    let mut read: Vec<(String, FileId)> =
        facts.sheets.values().flatten().map(|sheet| (files.path(sheet.file), sheet.file)).collect();
    read.sort();
    read.dedup();
    let mut inputs = Vec::new();
    for (path, file) in read {
        let mut opened = files.open(file)?;
        let mut hasher = Sha256::new();
        let mut buffer = vec![0; 1 << 16];
        let mut size = 0u64;
        loop {
            let taken =
                opened.read(&mut buffer).map_err(|cause| Failure::new(say!("read {path}", path), cause))?;
            if taken == 0 {
                break;
            }
            hasher.update(&buffer[..taken]);
            size += taken as u64;
        }
        let name = path.strip_prefix(&folder).unwrap_or(&path);
        let salted = secret.derive(&[b"file", name.as_bytes(), &hasher.finalize()]);
        inputs.push(json!({"file": name, "bytes": size, "salted_sha256": hex(&salted)}));
    }
    Ok(inputs)
}

/// The leaf of a row.
pub(super) fn leaf(secret: &Secret, row: &LeafRow<'_>) -> Leaf {
    let salt = secret.derive(&[b"row", row.content.as_bytes()]);
    Leaf { salt, content: row.content.to_owned() }
}

/// The roots of the trees of all rows, by table.
pub(super) fn trees(files: &Files, fair: &FairFile, secret: &Secret) -> Result<Value, Failure> {
    let folder = format!("data/fairs/{}", fair.fair.value);
    let mut trees: std::collections::BTreeMap<&'static str, (u64, Merkle)> = Default::default();
    if let Some(sources) = fair.award_sources() {
        read_leaves(files, &folder, &sources.value, &mut |row| {
            let (leaves, tree) = trees.entry(row.table).or_default();
            *leaves += 1;
            tree.push(leaf_hash(&leaf(secret, &row)));
        })?;
    }
    let written = trees.into_iter().map(|(table, (leaves, tree))| {
        (table.to_owned(), json!({"leaves": leaves, "root": hex(&tree.root())}))
    });
    Ok(written.collect::<Map<String, Value>>().into())
}

/// Reports in what a judgement differs from the last entry of the ledger.
pub(super) fn report_differences(
    report: &mut Report,
    files: &Files,
    fair: u32,
    entry: &Entry,
    sealing: &Sealing,
) {
    let differing = entry.differences(sealing);
    if differing.is_empty() {
        return;
    }
    let file = files.id(&ledger_path(fair));
    let mut shown: Vec<Message> = Vec::new();
    for field in differing.iter().filter(|field| *field != "decisions") {
        shown.push(difference(field, entry.field(field), sealing.field(field)));
    }
    let changed: Vec<String> = entry
        .changed_decisions(sealing)
        .map(|(id, here, there)| match (&here["award"], &there["award"]) {
            (here, there) if here != there => format!("{id} ({} → {})", award(here), award(there)),
            _ => id.to_owned(),
        })
        .collect();
    if !changed.is_empty() {
        let more = changed.len().saturating_sub(SHOWN);
        let names = list(&changed[..changed.len().min(SHOWN)]);
        shown.push(match more {
            0 => say!("decisions differ: {names}", names),
            _ => say!("decisions differ: {names} and {more} more", names, more),
        });
    }
    let mut draft = report.error(
        code::LEDGER_DIFFERS,
        Span::whole(file),
        say!("what was sealed on {date} is not what the files give", date = entry.date),
    );
    for line in shown {
        draft = draft.hint(line);
    }
    draft.hint(say!("bring back the files as they were sealed; if the change is meant, rule on it in rulings.yaml and run `jinbang seal {fair}`", fair));
}

/// In what a field differs from what was sealed.
fn difference(field: &str, here: &Value, there: &Value) -> Message {
    match (here, there) {
        (Value::Array(_), _) | (_, Value::Array(_)) => changed_items(field, here, there),
        _ => say!(
            "`{field}` is sealed as {here}, and is {there}",
            field,
            here = here.to_string(),
            there = there.to_string()
        ),
    }
}

/// How many changed decisions a message names.
const SHOWN: usize = 10;

fn award(value: &Value) -> &str {
    value.as_str().unwrap_or("none")
}

/// The items of a list that are not on both sides, by the name of a file where they have one.
fn changed_items(field: &str, here: &Value, there: &Value) -> Message {
    let items = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let (here, there) = (items(here), items(there));
    let name = |item: &Value| match item["file"].as_str() {
        Some(file) => file.to_owned(),
        None => item.to_string(),
    };
    let gone = here.iter().filter(|item| !there.contains(item)).map(name);
    let new = there.iter().filter(|item| !here.contains(item)).map(name);
    let names: std::collections::BTreeSet<String> = gone.chain(new).collect();
    say!("`{field}` differ: {names}", field, names = list(&names))
}
