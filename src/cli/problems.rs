//! Problems for programs: as an object, and as annotations of a workflow on GitHub.

use serde_json::{Map, Value, json};

use crate::lang::Lang;
use crate::source::{Files, Level, Location, Message, Notes, Problem, Report, say};

/// The problems of a run as one object.
pub(super) fn json(report: &Report, files: &Files, lang: Lang, notes: Notes) -> String {
    let problems: Vec<Value> =
        report.sorted(files, notes).into_iter().map(|problem| object(problem, files, lang)).collect();
    let unkept: Vec<Value> = report
        .unkept()
        .map(|(code, file, level, more)| {
            json!({"severity": level_name(level), "code": code, "file": file.map(|file| files.path(file)), "more": more})
        })
        .collect();
    let (errors, warnings) = report.counts();
    text(&json!({
        "format": "jinbang-problems/2",
        "language": lang,
        "errors": errors,
        "warnings": warnings,
        "problems": problems,
        "not_listed": unkept,
    }))
}

fn object(problem: &Problem, files: &Files, lang: Lang) -> Value {
    let location = problem.span.map(|span| files.location(span));
    let said = |message: &Message| message.text(lang);
    let mut fields = Map::new();
    fields.insert("severity".to_owned(), level_name(problem.level).into());
    fields.insert("code".to_owned(), problem.code.as_str().into());
    fields.insert("file".to_owned(), problem.span.map(|span| files.path(span.file)).into());
    fields.insert("place".to_owned(), problem.span.map(|span| files.at(span)).into());
    let (mut line, mut column, mut end_column, mut sheet, mut cell) = Default::default();
    match location {
        Some(Location::Text { line: l, column: c, end_column: e }) => {
            (line, column, end_column) = (Some(l), Some(c), Some(e));
        }
        Some(Location::Field { line: l, field }) => {
            (line, column) = (Some(l as usize), Some(usize::from(field)));
        }
        Some(Location::Cell { sheet: s, cell: c }) => (sheet, cell) = (Some(s), Some(c)),
        Some(Location::Sheet(s)) => sheet = Some(s),
        Some(Location::Whole) | None => {}
    }
    fields.insert("line".to_owned(), line.into());
    fields.insert("column".to_owned(), column.into());
    fields.insert("end_column".to_owned(), end_column.into());
    fields.insert("sheet".to_owned(), sheet.into());
    fields.insert("cell".to_owned(), cell.into());
    fields.insert("count".to_owned(), problem.count.into());
    fields
        .insert("places".to_owned(), problem.places().map(|span| files.at(span)).collect::<Vec<_>>().into());
    fields.insert("message".to_owned(), said(&problem.message).into());
    fields.insert("found".to_owned(), problem.found.clone().into());
    fields.insert("label".to_owned(), problem.label.as_ref().map(said).into());
    fields.insert("beside".to_owned(), problem.beside.as_ref().map(|(span, _)| files.at(*span)).into());
    fields.insert("hints".to_owned(), problem.hints.iter().map(said).collect::<Vec<_>>().into());
    fields.into()
}

fn level_name(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note | Level::Detail => "note",
    }
}

/// The message, in how many rows it is, and the advice.
fn full_text(problem: &Problem, files: &Files, lang: Lang) -> String {
    let mut lines = vec![problem.message.text(lang)];
    lines.extend(problem.in_several(files).map(|several| several.text(lang)));
    if let Some(label) = &problem.label {
        lines.push(label.text(lang));
    }
    if let Some((span, label)) = &problem.beside {
        lines.push(format!("{} {}", files.at(*span), label.text(lang)));
    }
    for hint in &problem.hints {
        lines.push(say!("help: {hint}", hint).text(lang));
    }
    lines.join("\n")
}

/// The problems of a run as commands that GitHub makes annotations of, errors last.
pub(super) fn github(report: &Report, files: &Files, lang: Lang, notes: Notes) -> String {
    let mut lines = String::new();
    for problem in report.sorted(files, notes) {
        let command = match problem.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note | Level::Detail => "notice",
        };
        let mut properties = Vec::new();
        let mut place = None;
        if let Some(span) = problem.span {
            properties.push(("file", files.path(span.file)));
            match files.location(span) {
                Location::Text { line, column, end_column } => {
                    properties.push(("line", line.to_string()));
                    properties.push(("col", column.to_string()));
                    properties.push(("endColumn", end_column.to_string()));
                }
                Location::Field { line, .. } => properties.push(("line", line.to_string())),
                Location::Cell { .. } | Location::Sheet(_) => place = Some(files.at(span)),
                Location::Whole => {}
            }
        }
        properties.push(("title", problem.code.to_string()));
        let properties: Vec<String> =
            properties.iter().map(|(name, value)| format!("{name}={}", escaped(value, true))).collect();
        let mut message = full_text(problem, files, lang);
        if let Some(found) = &problem.found {
            message = format!("{found}\n{message}");
        }
        if let Some(place) = place {
            message = format!("{place}\n{message}");
        }
        lines.push_str(&format!("::{command} {}::{}\n", properties.join(","), escaped(&message, false)));
    }
    lines
}

/// A value or message as GitHub's commands want it.
fn escaped(text: &str, is_property: bool) -> String {
    let text = text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    match is_property {
        true => text.replace(':', "%3A").replace(',', "%2C"),
        false => text,
    }
}

fn text(value: &Value) -> String {
    serde_json::to_string_pretty(value).expect("a value is always written") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_command_of_github_is_escaped() {
        assert_eq!(escaped("a: 5 %,\nb", true), "a%3A 5 %25%2C%0Ab");
        assert_eq!(escaped("a: 5 %,\nb", false), "a: 5 %25,%0Ab");
    }
}
