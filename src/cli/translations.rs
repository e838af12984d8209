//! `translations`: what translators should look at, and the record that they did.

use std::process::ExitCode;

use serde_json::{Value, json};

use super::args::{Common, PrintFormat, Translations};
use super::door::{Answer, read_project};
use super::terminal;
use super::words::words;
use crate::lang::Lang;
use crate::project::{Desk, DeskEntry, DeskKind, DeskState, accept_translation, desk};
use crate::source::{Failure, Files};

pub(super) fn run(common: &Common, command: &Translations) -> Result<ExitCode, Failure> {
    let lang = terminal::language(common.lang);
    if !command.accept.is_empty() {
        return accept(common, &command.accept, lang);
    }
    let Answer { files, report, value: desk } =
        read_project(common, "progress.checking", |report, files, _| desk(report, files))?;
    let Some(desk) = desk else {
        terminal::print_report(&report, &files, common);
        return Ok(terminal::status(&report));
    };
    terminal::print(&match command.format {
        PrintFormat::Text => text(&desk, &files, lang),
        PrintFormat::Json => object(&desk, &files),
    })?;
    Ok(terminal::status(&report))
}

fn accept(common: &Common, paths: &[String], lang: Lang) -> Result<ExitCode, Failure> {
    let w = words(lang);
    let mut status = ExitCode::SUCCESS;
    for path in paths {
        // Each is read anew: what was recorded a moment ago is there.
        let Answer { files, report, value } =
            read_project(common, "progress.checking", |report, files, _| {
                accept_translation(report, files, path)
            })?;
        if let Some((state, is_new)) = value {
            let word = if is_new { "translations.accepted" } else { "translations.as-before" };
            terminal::print(&(w.fill(word, &[("path", path), ("state", &state)]) + "\n"))?;
        }
        terminal::print_report(&report, &files, common);
        if report.has_errors() {
            status = terminal::status(&report);
        }
    }
    Ok(status)
}

fn text(desk: &Desk, files: &Files, lang: Lang) -> String {
    let w = words(lang);
    let mut lines = Vec::new();
    for language in &desk.languages {
        let entries: Vec<&DeskEntry> = desk.entries.iter().filter(|entry| entry.lang == *language).collect();
        if entries.is_empty() {
            lines.push(w.fill("translations.nothing", &[("language", language.code())]));
            continue;
        }
        let count = |state| entries.iter().filter(|entry| entry.state == state).count();
        let counts: Vec<String> = STATES
            .into_iter()
            .filter(|state| count(*state) > 0)
            .map(|state| {
                let (state, count) = (name(state), count(state).to_string());
                w.fill(
                    "translations.count",
                    &[("state", &w.fill(&format!("translations.{state}"), &[])), ("count", &count)],
                )
            })
            .collect();
        let counts = counts.join(&w.fill("translations.list", &[]));
        lines.push(w.fill("translations.language", &[("language", language.code()), ("counts", &counts)]));
        for entry in entries {
            let state = w.fill(&format!("translations.{}", name(entry.state)), &[]);
            let place = entry.span.map(|span| files.at(span)).unwrap_or_default();
            let values = [("state", state.as_str()), ("name", &entry.name), ("place", &place)];
            lines.push(format!("  {}", w.fill(&format!("translations.{}", kind(entry.kind)), &values)));
        }
    }
    let to_record = |entry: &&DeskEntry| [DeskState::Stale, DeskState::Unrecorded].contains(&entry.state);
    if let Some(entry) = desk.entries.iter().find(to_record) {
        let path = format!("content/{}.{}.md", entry.name, entry.lang);
        lines.push(w.fill("translations.how", &[("path", &path)]));
    }
    lines.join("\n") + "\n"
}

fn object(desk: &Desk, files: &Files) -> String {
    let entries: Vec<Value> = desk
        .entries
        .iter()
        .map(|entry| {
            json!({
                "language": entry.lang,
                "kind": kind(entry.kind),
                "name": entry.name,
                "state": name(entry.state),
                "file": entry.span.map(|span| files.path(span.file)),
                "place": entry.span.map(|span| files.at(span)),
            })
        })
        .collect();
    let object = json!({"format": "jinbang-translations/1", "languages": desk.languages, "entries": entries});
    let mut text = serde_json::to_string_pretty(&object).expect("a value is always written");
    text.push('\n');
    text
}

const STATES: [DeskState; 6] = [
    DeskState::Missing,
    DeskState::Stale,
    DeskState::Unrecorded,
    DeskState::Identical,
    DeskState::ForeignTitle,
    DeskState::Fallback,
];

fn name(state: DeskState) -> &'static str {
    match state {
        DeskState::Missing => "missing",
        DeskState::Stale => "stale",
        DeskState::Unrecorded => "unrecorded",
        DeskState::Identical => "identical",
        DeskState::ForeignTitle => "foreign-title",
        DeskState::Fallback => "fallback",
    }
}

fn kind(kind: DeskKind) -> &'static str {
    match kind {
        DeskKind::Page => "page",
        DeskKind::Data => "data",
        DeskKind::Word => "word",
    }
}
