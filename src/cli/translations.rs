//! `translations`: what translators should look at, and the record that they did.

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};

use super::args::{Common, Form, PrintFormat, Translations};
use super::door::{Answer, read_project};
use super::terminal;
use crate::data::yaml_scalar;
use crate::lang::Lang;
use crate::project::{
    NameForm, TranslationEntry, TranslationKind, TranslationReport, TranslationState, accept_translation,
    name_form, translation_report,
};
use crate::source::write::create_new;
use crate::source::{Failure, Files, Message, phrases, say};

pub(super) fn run(common: &Common, command: &Translations) -> Result<ExitCode, Failure> {
    let lang = terminal::language(common.lang);
    if !command.accept.is_empty() {
        return accept(common, &command.accept, lang);
    }
    if let Some(form) = &command.form {
        return write_form(common, form, lang);
    }
    let Answer { files, report, value: desk } =
        read_project(common, say!("checking"), |report, files, _| translation_report(report, files))?;
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
    let mut status = ExitCode::SUCCESS;
    for path in paths {
        // Each is read anew: what was recorded a moment ago is there.
        let Answer { files, report, value } = read_project(common, say!("checking"), |report, files, _| {
            accept_translation(report, files, path)
        })?;
        if let Some((state, is_new)) = value {
            let told = match is_new {
                true => say!("{path}: recorded as the translation of state {state}", path, state),
                false => say!("{path}: already recorded as the translation of state {state}", path, state),
            };
            terminal::print(&(told.text(lang) + "\n"))?;
        }
        terminal::print_report(&report, &files, common);
        if report.has_errors() {
            status = terminal::status(&report);
        }
    }
    Ok(status)
}

/// Writes a table of the names that are missing.
fn write_form(common: &Common, Form { path, format }: &Form, lang: Lang) -> Result<ExitCode, Failure> {
    let Answer { files, report, value } =
        read_project(common, say!("checking"), |report, files, _| name_form(report, files, *format, lang))?;
    let Some(NameForm { bytes, rows, fair }) = value else {
        terminal::print_report(&report, &files, common);
        return Ok(terminal::status(&report));
    };
    let path = path.display().to_string();
    let mut lines = Vec::new();
    if rows == 0 {
        lines.push(say!("no winner or enterprise lacks a name; nothing was written"));
    } else {
        let failed = |cause| Failure::new(say!("write {path}", path = path.as_str()), cause);
        // What was filled in is not written over.
        create_new(Path::new(&path)).and_then(|mut file| file.write_all(&bytes)).map_err(failed)?;
        let name = path.rsplit(['/', '\\']).next().unwrap_or(&path);
        let line = format!("names: [{{file: {}}}]", yaml_scalar(name));
        lines.push(say!("{path}: {rows} {rows:name|names} to complete", path = path.as_str(), rows));
        lines.push(say!(
            "next: {next}",
            next = say!(
                "fill it in, put it into data/fairs/{fair}, and add `{line}` under `sources` in fair.yaml",
                fair,
                line
            )
        ));
    }
    let lines: Vec<String> = lines.iter().map(|line| line.text(lang)).collect();
    terminal::print(&(lines.join("\n") + "\n"))?;
    Ok(ExitCode::SUCCESS)
}

fn text(desk: &TranslationReport, files: &Files, lang: Lang) -> String {
    let mut lines = Vec::new();
    for language in &desk.languages {
        let entries: Vec<&TranslationEntry> =
            desk.entries.iter().filter(|entry| entry.lang == *language).collect();
        if entries.is_empty() {
            lines.push(say!("{language}: nothing to check", language).text(lang));
            continue;
        }
        let count = |state| entries.iter().filter(|entry| entry.state == state).count();
        let states = STATES.into_iter().filter(|state| count(*state) > 0);
        let counts =
            states.map(|state| say!("{count} {state}", count = count(state), state = in_words(state)));
        let counts = phrases(counts);
        lines.push(say!("{language}: {counts}", language, counts).text(lang));
        for entry in entries {
            let (state, name) = (in_words(entry.state), &entry.name);
            let place = entry.span.map(|span| files.at(span)).unwrap_or_default();
            let told = match entry.kind {
                TranslationKind::Page => say!("{state}: page {name} ({place})", state, name, place),
                TranslationKind::Data => say!("{state}: {name} ({place})", state, name, place),
                TranslationKind::Name => say!("{state}: name of {name} ({place})", state, name, place),
                TranslationKind::Word => say!("{state}: word {name} ({place})", state, name, place),
            };
            lines.push(format!("  {}", told.text(lang)));
        }
    }
    let to_record = |entry: &&TranslationEntry| {
        [TranslationState::Stale, TranslationState::Unrecorded].contains(&entry.state)
    };
    if let Some(entry) = desk.entries.iter().find(to_record) {
        let path = format!("content/{}.{}.md", entry.name, entry.lang);
        lines.push(say!("After checking a page: jinbang translations --accept {path}", path).text(lang));
    }
    if desk.entries.iter().any(|entry| entry.kind == TranslationKind::Name) {
        lines.push(say!("To add names in a table: jinbang translations --form names.xlsx").text(lang));
    }
    lines.join("\n") + "\n"
}

fn object(desk: &TranslationReport, files: &Files) -> String {
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

const STATES: [TranslationState; 7] = [
    TranslationState::Missing,
    TranslationState::Stale,
    TranslationState::Unrecorded,
    TranslationState::Identical,
    TranslationState::ForeignTitle,
    TranslationState::Differs,
    TranslationState::Fallback,
];

fn in_words(state: TranslationState) -> Message {
    match state {
        TranslationState::Missing => say!("missing"),
        TranslationState::Stale => say!("out of date"),
        TranslationState::Unrecorded => say!("not recorded"),
        TranslationState::Identical => say!("not translated"),
        TranslationState::ForeignTitle => say!("with a title in another language"),
        TranslationState::Differs => say!("different from the original"),
        TranslationState::Fallback => say!("shown in another language"),
    }
}

/// A state as programs name it.
fn name(state: TranslationState) -> &'static str {
    match state {
        TranslationState::Missing => "missing",
        TranslationState::Stale => "stale",
        TranslationState::Unrecorded => "unrecorded",
        TranslationState::Identical => "identical",
        TranslationState::ForeignTitle => "foreign-title",
        TranslationState::Differs => "differs",
        TranslationState::Fallback => "fallback",
    }
}

fn kind(kind: TranslationKind) -> &'static str {
    match kind {
        TranslationKind::Page => "page",
        TranslationKind::Data => "data",
        TranslationKind::Name => "name",
        TranslationKind::Word => "word",
    }
}
