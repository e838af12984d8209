//! In what the files differ from what was sealed, in words, and what to do then.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::ledger_files::{bring_back, ledger_path, seal_path};
use crate::award::{
    Basis, Entry, Head, SealedInput, SealedRuling, Sealing, Stage, TreeHead, WrittenDecision, differing,
};
use crate::data::Spanned;
use crate::fair::{RulingFile, RulingSubject};
use crate::source::{Files, Message, Report, Span, code, list, say};

/// Whether new rulings explain that a field is another than it was sealed, from the notice on.
pub(super) fn explains(new: &[SealedRuling], field: &str, sealed: &Value, now: &Value) -> bool {
    let decides = |kinds: &[&str]| new.iter().any(|ruling| ruling.decides_any(kinds));
    match field {
        "rulings" | "corrections" | "decisions" | "listed" | "pool" | "awards" => !new.is_empty(),
        "timeline" | "calendar" => decides(&["prolong-notice", "repeat-notice"]),
        // Other rows may make other findings.
        "trees" | "rows" | "accepted" => decides(&["correct-record", "admit-input"]),
        // A table that was replaced stays as it was sealed; those that are new are named.
        "inputs" => {
            let items = |inputs: &Value| inputs.as_array().cloned().unwrap_or_default();
            let (sealed, now) = (items(sealed), items(now));
            let named = |input: &Value| {
                new.iter().any(|ruling| {
                    ruling.decides_any(&["admit-input"])
                        && ruling.particulars.get("file") == input.get("file")
                })
            };
            sealed.iter().all(|input| now.contains(input))
                && now.iter().all(|input| sealed.contains(input) || named(input))
        }
        _ => false,
    }
}

/// The first of some fields that no new ruling explains, between two states.
pub(super) fn unexplained(
    new: &[SealedRuling],
    differing: Vec<String>,
    (sealed, now): (&Map<String, Value>, &Map<String, Value>),
) -> Option<String> {
    let of = |fields: &Map<String, Value>, name: &String| fields.get(name).cloned().unwrap_or_default();
    differing.into_iter().find(|field| !explains(new, field, &of(sealed, field), &of(now, field)))
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
        if entry.stage() == Stage::Proposed {
            return NextStep::SealAgain;
        }
        match sealing.rulings().strip_prefix(&entry.record.rulings[..]) {
            Some(new) if !new.is_empty() => {
                match unexplained(new, differing.to_vec(), (&entry.fields(), &sealing.fields())) {
                    None => NextStep::SealRulings(new.iter().map(|ruling| ruling.date.to_string()).collect()),
                    Some(_) => NextStep::BringBack,
                }
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
    let differing = entry.differing(sealing);
    if differing.is_empty() {
        return;
    }
    let date = entry.head.date;
    let (message, step) = match NextStep::of(entry, sealing, &differing) {
        NextStep::SealAgain => (
            say!("the files changed since fair {fair} was sealed as proposed on {date}", fair, date),
            say!(
                "no ruling is needed before the notice: if the change is intended, run `jinbang seal {fair}` again",
                fair
            ),
        ),
        NextStep::SealRulings(dates) => (
            say!("rulings are not sealed yet: {dates}", dates = list(&dates)),
            say!("seal them: `jinbang seal {fair}`", fair),
        ),
        NextStep::BringBack => (
            say!("the files give a different result from what was sealed on {date}", date),
            say!(
                "restore the files as they were sealed; if the change is intended, add a ruling to rulings.yaml and run `jinbang seal {fair}`",
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

/// Reports in what an entry before the last one is not what its tables and rules give. `buyers` are the trees of those
/// that are credited, where the rows of that time were observed.
pub(super) fn report_sealed_differences(
    report: &mut Report,
    files: &Files,
    fair: u32,
    entry: &Entry,
    mut sealing: Sealing,
    buyers: Option<&BTreeMap<String, TreeHead>>,
) {
    let mut lines = difference_lines(entry, &sealing, &entry.differing(&sealing));
    if let Some(buyers) = buyers.filter(|_| lines.is_empty()) {
        let decided = sealing.take_decided(buyers);
        let other =
            entry.decisions().filter(|(id, sealed)| decided.get(*id).map(|one| &**one) != Some(*sealed));
        lines.extend(
            other
                .map(|(id, _)| say!("the rows or buyers of `{exhibitor}` differ", exhibitor = id))
                .take(SHOWN),
        );
    }
    if lines.is_empty() {
        return;
    }
    let message = say!(
        "entry {entry}, sealed on {date}, is not the result of the tables and rules whose hashes it names",
        entry = entry.head.number.to_string(),
        date = entry.head.date
    );
    let mut draft = report.error(code::LEDGER_DIFFERS, Span::whole(files.id(&ledger_path(fair))), message);
    for line in lines {
        draft = draft.hint(line);
    }
    draft.hint(bring_back());
}

/// Reports in what a judgement differs from the header of the last entry, where nothing else of the ledger is here.
pub(super) fn report_public_differences(
    report: &mut Report,
    files: &Files,
    fair: u32,
    head: &Head,
    sealing: &Sealing,
) {
    let mut lines = field_lines(&head.differing(sealing), &head.fields(), &sealing.fields());
    let listed = head.listed_otherwise(sealing);
    if !listed.is_empty() {
        lines.push(listed_line(&listed));
    }
    if lines.is_empty() {
        return;
    }
    let mut draft = report.error(
        code::LEDGER_DIFFERS,
        Span::whole(files.id(&seal_path(fair))),
        say!("the files give a different result from what was sealed on {date}", date = head.date),
    );
    for line in lines {
        draft = draft.hint(line);
    }
    draft.hint(say!("restore `{path}`: nothing can be sealed without it", path = ledger_path(fair)));
}

/// In what the files of a fair without tables differ from the header of its last entry.
pub(super) fn lines_without_tables(
    head: &Head,
    now: &Basis,
    rulings: &[Spanned<RulingFile>],
) -> Vec<Message> {
    let mut fields = now.fields();
    fields.remove("rows");
    let sealed = head.fields();
    let mut lines = field_lines(&differing(&sealed, &fields), &sealed, &fields);
    // Of rulings the header holds how many there were, and those that are published.
    let mut dates: BTreeSet<String> = BTreeSet::new();
    let known = usize::try_from(head.rulings).unwrap_or(usize::MAX);
    dates.extend(rulings.iter().skip(known).map(|ruling| ruling.value.date.value.to_string()));
    for correction in &head.corrections {
        let of_day = rulings.iter().filter(|ruling| ruling.value.date.value == correction.date);
        let same = of_day.clone().count() == correction.rulings.len()
            && of_day.zip(&correction.rulings).all(|(written, sealed)| {
                let written = &written.value;
                sealed.decides == written.decides()
                    && (sealed.about == written.subject()
                        || sealed.about == RulingSubject::Unlisted && written.exhibitor().is_some())
                    && sealed.authority == written.authority.value
                    && sealed.reason == written.reason.value
            });
        if !same {
            dates.insert(correction.date.to_string());
        }
    }
    if !dates.is_empty() {
        lines.push(say!("rulings that differ: {dates}", dates = list(&dates)));
    } else if rulings.len() < known {
        let (known, found) = (known.to_string(), rulings.len().to_string());
        lines.push(say!("{known} rulings were sealed, and rulings.yaml has {found}", known, found));
    }
    lines
}

fn listed_line(exhibitors: &BTreeSet<&str>) -> Message {
    match exhibitors.len().saturating_sub(SHOWN) {
        0 => say!("what is published of these exhibitors differs: {names}", names = list(exhibitors)),
        more => say!(
            "what is published of these exhibitors differs: {names} and {more} more",
            names = list(exhibitors.iter().take(SHOWN)),
            more
        ),
    }
}

/// In what an entry differs from what is given now, in words.
pub(super) fn difference_lines(entry: &Entry, sealing: &Sealing, differing: &[String]) -> Vec<Message> {
    let mut lines = field_lines(differing, &entry.fields(), &sealing.fields());
    let mut changed: Vec<String> = Vec::new();
    for (id, here, there) in entry.changed_decisions(sealing) {
        let [here, there] = [here, there].map(award);
        changed.push(match here == there {
            true => id.to_owned(),
            false => format!("{id} ({here} → {there})"),
        });
    }
    let decided: BTreeSet<&str> = changed.iter().map(|name| name.split(' ').next().unwrap_or(name)).collect();
    if !changed.is_empty() {
        lines.push(match changed.len().saturating_sub(SHOWN) {
            0 => say!("decisions differ: {names}", names = list(&changed)),
            more => {
                say!("decisions differ: {names} and {more} more", names = list(&changed[..SHOWN]), more)
            }
        });
    }
    let listed = entry.head.listed_otherwise(sealing);
    let listed: BTreeSet<&str> = listed.difference(&decided).copied().collect();
    if !listed.is_empty() {
        lines.push(listed_line(&listed));
    }
    lines
}

/// In what fields differ, in words.
fn field_lines(names: &[String], sealed: &Map<String, Value>, now: &Map<String, Value>) -> Vec<Message> {
    let of = |fields: &Map<String, Value>, name: &String| fields.get(name).cloned().unwrap_or_default();
    names.iter().flat_map(|name| difference(name, &of(sealed, name), &of(now, name))).collect()
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
            "`{name}` was {sealed} when it was sealed and is now {now}",
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
                "`{table}` had {sealed} rows when it was sealed and now has {now}",
                table,
                sealed = plain(sealed),
                now = plain(now)
            ),
            _ => say!("the blank rows, headings or totals of `{table}` changed since it was sealed", table),
        }),
        "trees" => parts(&|table, _, _| say!("values in rows of `{table}` changed", table)),
        "inputs" => vec![say!("files that changed: {names}", names = list(differing_files(sealed, now)))],
        "rulebook" => {
            let name = |rulebook: &Value| format!("{}@{}", text(&rulebook["id"]), rulebook["version"]);
            match (name(sealed), name(now)) {
                (sealed, now) if sealed == now => {
                    vec![say!("the text of `{rulebook}` changed", rulebook = now)]
                }
                (sealed, now) => {
                    vec![say!(
                        "the rulebook was `{sealed}` when it was sealed and is now `{now}`",
                        sealed,
                        now
                    )]
                }
            }
        }
        "pool" => vec![say!(
            "{sealed} exhibitors were evaluated when it was sealed, now {now}",
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
        "final" => vec![changed("final", sealed, now)],
        // They follow from the rulings, or are named.
        "corrections" | "decisions" | "listed" => Vec::new(),
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

fn award(decision: Option<&WrittenDecision>) -> &str {
    decision.and_then(|decision| decision.award.as_deref()).unwrap_or("none")
}

/// The names of the files that are not the same in two lists of inputs.
pub(super) fn other_files(sealed: &[SealedInput], now: &[SealedInput]) -> Vec<String> {
    let gone = sealed.iter().filter(|input| !now.contains(input));
    let changed = gone.chain(now.iter().filter(|input| !sealed.contains(input)));
    let names: BTreeSet<String> = changed.map(|input| input.file.clone()).collect();
    names.into_iter().collect()
}

fn differing_files(sealed: &Value, now: &Value) -> Vec<String> {
    let inputs =
        |value: &Value| serde_json::from_value::<Vec<SealedInput>>(value.clone()).unwrap_or_default();
    other_files(&inputs(sealed), &inputs(now))
}
