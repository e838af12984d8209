//! The ledger of a fair, in the project: what it is sealed with, and whether that still holds.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::judge::Judged;
use crate::award::{
    AwardList, Entry, Keyed, Leaf, Ledger, Merkle, Sealing, Secret, Stage, canonical, hex, leaf_hash, unhex,
    written_accounts, written_law, written_ruling,
};
use crate::data::{Account, Date, Spanned};
use crate::fair::{Calendar, Facts, FairFile, InputObserver, LeafRow, RowObserver, read_ruling_file};
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
    let days = timeline(report, fair, rulebook, &rulebook.choices, calendar, &|_| true);
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

/// What a judged fair rests on beside its rulebook: its settings, files and rows. Without `inputs`, as where the secret
/// is missing, the files cannot be named by their hashes.
pub(super) fn resting_on(
    report: &mut Report,
    fair: &FairFile,
    judged: &Judged,
    calendar: &Calendar,
    inputs: Option<&SealedInputs<'_>>,
) -> (Map<String, Value>, Timeline) {
    let (mut fields, days) = settings(report, fair, &judged.rulebook, calendar);
    if let Some(inputs) = inputs {
        fields.insert("inputs".to_owned(), inputs.inputs.clone().into());
        fields.insert("handles".to_owned(), hex(&inputs.secret.derive(&[b"handles"])).into());
    }
    fields.insert("rows".to_owned(), written_accounts(&judged.facts).into());
    (fields, days)
}

/// Compares a judgement with what was sealed last, and reports in what they differ.
pub(super) fn compare(
    report: &mut Report,
    files: &Files,
    fair: &FairFile,
    judged: &Judged,
    calendar: &Calendar,
    ledger: &Ledger,
    inputs: Option<SealedInputs<'_>>,
) -> Result<(), Failure> {
    let Some(last) = ledger.last() else { return Ok(()) };
    if inputs.is_none() {
        report
            .warning(code::LEDGER_SECRET, Span::whole(files.id(&ledger_path(ledger.fair))), say!("the secret of this ledger is missing: only decisions were compared, not the bytes of the tables"))
            .hint(say!("bring back `{path}`", path = secret_path(ledger.fair)));
    }
    // The pages report what is wrong with the days.
    let (fields, _) = resting_on(&mut Report::new(), fair, judged, calendar, inputs.as_ref());
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
    let rulings: Vec<Value> = written.iter().map(|ruling| written_ruling(&ruling.value)).collect();
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
            for line in difference(field, last.field(field), &fields[field]) {
                draft = draft.hint(line);
            }
        }
        draft.hint(say!("the tables are not here, so nothing can be decided anew: bring them back, or the files as they were sealed"));
    }
    Ok(list)
}

/// What an entry commits to of the tables, observed while they are read: the bytes of their files, and, for sealing
/// and verifying, all rows.
pub(super) struct SealedInputs<'a> {
    files: &'a Files,
    folder: String,
    secret: &'a Secret,
    /// Each file with its size and the salted hash of its bytes.
    inputs: Vec<Value>,
    trees: Option<RowTrees<'a>>,
}

/// The trees of all rows, by table.
struct RowTrees<'a> {
    key: Keyed,
    trees: BTreeMap<&'static str, RowTree>,
    /// The exhibitor whose rows are to be proved.
    exhibitor: Option<&'a str>,
}

/// The tree of the rows of a table.
#[derive(Default)]
pub(super) struct RowTree {
    leaves: u64,
    /// Proves the rows of the exhibitor, where one is named.
    pub(super) tree: Merkle,
    /// The rows of the exhibitor.
    pub(super) own: Vec<Leaf>,
}

impl<'a> SealedInputs<'a> {
    /// Observes the bytes of the files.
    pub(super) fn of_files(files: &'a Files, fair: u32, secret: &'a Secret) -> SealedInputs<'a> {
        let folder = format!("data/fairs/{fair}/");
        SealedInputs { files, folder, secret, inputs: Vec::new(), trees: None }
    }

    /// Observes the bytes of the files and the rows, and keeps what proves those of an exhibitor, if one is named.
    pub(super) fn of_rows(
        files: &'a Files,
        fair: u32,
        secret: &'a Secret,
        exhibitor: Option<&'a str>,
    ) -> SealedInputs<'a> {
        let trees = RowTrees { key: secret.keyed(), trees: BTreeMap::new(), exhibitor };
        SealedInputs { trees: Some(trees), ..SealedInputs::of_files(files, fair, secret) }
    }

    /// What was observed of the rows, by table.
    pub(super) fn into_trees(self) -> BTreeMap<&'static str, RowTree> {
        self.trees.map(|trees| trees.trees).unwrap_or_default()
    }

    /// The roots of the trees of all rows, by table.
    pub(super) fn roots(&self, facts: &Facts) -> Value {
        let trees = self.trees.iter().flat_map(|trees| &trees.trees);
        let written = trees.map(|(table, RowTree { leaves, tree, .. })| {
            let mut rows = Account::default();
            facts.sheets.get(table).into_iter().flatten().for_each(|sheet| rows.add(sheet.account));
            assert_eq!(*leaves, rows.below_headings(), "every row of {table} is in its tree");
            ((*table).to_owned(), json!({"leaves": leaves, "root": hex(&tree.root())}))
        });
        written.collect::<Map<String, Value>>().into()
    }
}

impl InputObserver for SealedInputs<'_> {
    fn rows(&mut self) -> Option<&mut dyn RowObserver> {
        self.trees.as_mut().map(|trees| trees as &mut dyn RowObserver)
    }

    fn file(&mut self, file: FileId) -> Result<(), Failure> {
        let path = self.files.path(file);
        let mut opened = self.files.open(file)?;
        let mut hasher = Sha256::new();
        let bytes = std::io::copy(&mut opened, &mut hasher)
            .map_err(|cause| Failure::new(say!("read {path}", path), cause))?;
        let name = path.strip_prefix(&self.folder).unwrap_or(&path);
        let salted = self.secret.derive(&[b"file", name.as_bytes(), &hasher.finalize()]);
        self.inputs.push(json!({"file": name, "bytes": bytes, "salted_sha256": hex(&salted)}));
        Ok(())
    }
}

impl RowObserver for RowTrees<'_> {
    fn row(&mut self, row: &LeafRow<'_>) {
        let tree = self.trees.entry(row.table).or_default();
        // No two rows have one salt, so that equal rows do not show.
        let salt = self.key.derive(&[b"row", row.table.as_bytes(), &tree.leaves.to_be_bytes()]);
        let hash = leaf_hash(&salt, row.content);
        match self.exhibitor.is_some() && row.exhibitor == self.exhibitor {
            true => {
                tree.own.push(Leaf { salt, content: row.content.to_owned() });
                tree.tree.push_proved(hash);
            }
            false => tree.tree.push(hash),
        }
        tree.leaves += 1;
    }
}

/// Whether new rulings explain that a field is another than it was sealed, from the notice on.
pub(super) fn explains(new: &[Value], field: &str, sealed: &Value, now: &Value) -> bool {
    let decides = |kinds: &[&str]| new.iter().any(|ruling| kinds.contains(&text(&ruling["decides"])));
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
            let named = |input: &Value| {
                new.iter().any(|ruling| {
                    text(&ruling["decides"]) == "admit-input" && ruling["file"] == input["file"]
                })
            };
            sealed.iter().all(|input| now.contains(input))
                && now.iter().all(|input| sealed.contains(input) || named(input))
        }
        _ => false,
    }
}

/// What is to be done where the files give something else than the last entry.
enum NextStep {
    /// Nothing is published yet: it is sealed again.
    SealAgain,
    /// Only rulings came, of these days: they are sealed.
    SealRulings(BTreeSet<String>),
    /// Nothing but a ruling may change it.
    BringBack,
}

impl NextStep {
    fn of(entry: &Entry, sealing: &Sealing, differing: &[String]) -> NextStep {
        if entry.stage == Stage::Proposed {
            return NextStep::SealAgain;
        }
        let rulings = sealing.field("rulings").as_array().map_or(&[][..], Vec::as_slice);
        let is_ruled = |new: &[Value]| {
            differing.iter().all(|field| explains(new, field, entry.field(field), sealing.field(field)))
        };
        match rulings.strip_prefix(entry.rulings()) {
            Some(new) if is_ruled(new) && !new.is_empty() => {
                NextStep::SealRulings(new.iter().map(|ruling| text(&ruling["date"]).to_owned()).collect())
            }
            _ => NextStep::BringBack,
        }
    }
}

/// Reports in what a judgement differs from the last entry of the ledger, and what to do.
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
    let date = entry.date;
    let (message, step) = match NextStep::of(entry, sealing, &differing) {
        NextStep::SealAgain => (
            say!("the files changed since fair {fair} was sealed as proposed on {date}", fair, date),
            say!(
                "before the notice no ruling is needed: if the change is meant, run `jinbang seal {fair}` again",
                fair
            ),
        ),
        NextStep::SealRulings(dates) => (
            say!("rulings are not sealed yet: {dates}", dates = list(&dates)),
            say!("seal them: `jinbang seal {fair}`", fair),
        ),
        NextStep::BringBack => (
            say!("what was sealed on {date} is not what the files give", date),
            say!(
                "bring back the files as they were sealed; if the change is meant, rule on it in rulings.yaml and run `jinbang seal {fair}`",
                fair
            ),
        ),
    };
    let mut draft = report.error(code::LEDGER_DIFFERS, Span::whole(files.id(&ledger_path(fair))), message);
    for line in difference_lines(entry, sealing, &differing) {
        draft = draft.hint(line);
    }
    draft.hint(step);
}

/// Reports in what an entry before the last one, with its number, is not what its tables and rules give.
pub(super) fn report_sealed_differences(
    report: &mut Report,
    files: &Files,
    fair: u32,
    (place, entry): (usize, &Entry),
    sealing: &Sealing,
) {
    let differing = entry.differences(sealing);
    if differing.is_empty() {
        return;
    }
    let message = say!(
        "entry {entry}, sealed on {date}, is not what the tables and rules give of which it names the hashes",
        entry = place.to_string(),
        date = entry.date
    );
    let mut draft = report.error(code::LEDGER_DIFFERS, Span::whole(files.id(&ledger_path(fair))), message);
    for line in difference_lines(entry, sealing, &differing) {
        draft = draft.hint(line);
    }
    draft.hint(say!(
        "nobody edits a ledger: bring back the file as it was sealed, from the history of the project"
    ));
}

/// In what an entry differs from what is given now, in words.
pub(super) fn difference_lines(entry: &Entry, sealing: &Sealing, differing: &[String]) -> Vec<Message> {
    let mut lines = Vec::new();
    for field in differing.iter().filter(|field| *field != "decisions") {
        lines.extend(difference(field, entry.field(field), sealing.field(field)));
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
        lines.push(match more {
            0 => say!("decisions differ: {names}", names),
            _ => say!("decisions differ: {names} and {more} more", names, more),
        });
    }
    lines
}

/// In what a field differs from what was sealed, in words.
fn difference(field: &str, sealed: &Value, now: &Value) -> Vec<Message> {
    let parts = |name: &dyn Fn(&str, &Value, &Value) -> Message| -> Vec<Message> {
        let keys: BTreeSet<&String> =
            [sealed, now].into_iter().filter_map(Value::as_object).flat_map(Map::keys).collect();
        let differing = keys.into_iter().filter(|key| sealed[*key] != now[*key]);
        differing.map(|key| name(key, &sealed[key], &now[key])).collect()
    };
    let changed = |name: &str, sealed: &Value, now: &Value| {
        say!(
            "`{name}` was {sealed} when it was sealed, and is {now}",
            name,
            sealed = plain(sealed),
            now = plain(now)
        )
    };
    match field {
        "settings" | "timeline" | "policies" | "awards" => parts(&changed),
        "calendar" => parts(&|year, _, _| say!("the working days of {year} changed", year)),
        "rows" => parts(&|table, sealed, now| match (&sealed["used"], &now["used"]) {
            (sealed, now) if sealed != now => say!(
                "`{table}` had {sealed} rows when it was sealed, and has {now}",
                table,
                sealed = plain(sealed),
                now = plain(now)
            ),
            _ => say!("`{table}` has other blank rows, headings or totals than when it was sealed", table),
        }),
        "trees" => parts(&|table, _, _| say!("values in rows of `{table}` changed", table)),
        "inputs" => vec![say!("files that changed: {names}", names = list(changed_files(sealed, now)))],
        "rulebook" => {
            let name = |rulebook: &Value| format!("{}@{}", text(&rulebook["id"]), rulebook["version"]);
            match (name(sealed), name(now)) {
                (sealed, now) if sealed == now => {
                    vec![say!("the text of `{rulebook}` changed", rulebook = now)]
                }
                (sealed, now) => {
                    vec![say!("the rulebook was `{sealed}` when it was sealed, and is `{now}`", sealed, now)]
                }
            }
        }
        "pool" => vec![say!(
            "{sealed} exhibitors were evaluated when it was sealed, and {now} are",
            sealed = plain(sealed),
            now = plain(now)
        )],
        "rulings" => {
            let rulings = |value: &Value| value.as_array().cloned().unwrap_or_default();
            let (sealed, now) = (rulings(sealed), rulings(now));
            let differing = sealed.iter().filter(|ruling| !now.contains(ruling));
            let differing = differing.chain(now.iter().filter(|ruling| !sealed.contains(ruling)));
            let dates: BTreeSet<&str> = differing.map(|ruling| text(&ruling["date"])).collect();
            vec![say!("rulings that differ: {dates}", dates = list(&dates))]
        }
        // They follow from the rulings.
        "corrections" => Vec::new(),
        "handles" => vec![say!("ledger.secret is not the secret of this ledger")],
        field => vec![say!("`{field}` changed", field)],
    }
}

/// A value as a sentence names it.
fn plain(value: &Value) -> Message {
    match value {
        Value::Null => say!("not set"),
        Value::String(text) => Message::verbatim(format!("`{text}`")),
        value => Message::verbatim(value.to_string()),
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// How many changed decisions a message names.
const SHOWN: usize = 10;

fn award(value: &Value) -> &str {
    value.as_str().unwrap_or("none")
}

/// The names of the files that are not the same in two lists of inputs.
pub(super) fn changed_files(sealed: &Value, now: &Value) -> Vec<String> {
    let items = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let (sealed, now) = (items(sealed), items(now));
    let gone = sealed.iter().filter(|item| !now.contains(item));
    let changed = gone.chain(now.iter().filter(|item| !sealed.contains(item)));
    let names: BTreeSet<String> = changed.map(|item| text(&item["file"]).to_owned()).collect();
    names.into_iter().collect()
}
