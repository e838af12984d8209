//! Problems for programs: as an object, as SARIF 2.1.0, and as annotations of a workflow on GitHub.

use serde_json::{Map, Value, json};

use super::code_pages::{Page, page};
use super::words::words;
use crate::lang::Lang;
use crate::source::{Code, Files, Level, Location, Message, Problem, Report, say};

/// The problems of a run as one object.
pub(super) fn json(report: &Report, files: &Files, lang: Lang) -> String {
    let problems: Vec<Value> =
        report.sorted(files).into_iter().map(|problem| object(problem, files, lang)).collect();
    let unkept: Vec<Value> = report
        .unkept()
        .map(|(code, file, level, more)| {
            json!({"level": level_name(level), "code": code, "file": file.map(|file| files.path(file)), "more": more})
        })
        .collect();
    let (errors, warnings) = report.counts();
    text(&json!({
        "format": "jinbang-problems/1",
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
    fields.insert("level".to_owned(), level_name(problem.level).into());
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
    fields.insert("message".to_owned(), said(&problem.message).into());
    fields.insert("found".to_owned(), problem.found.clone().into());
    fields.insert("label".to_owned(), problem.label.as_ref().map(said).into());
    fields.insert("hints".to_owned(), problem.hints.iter().map(said).collect::<Vec<_>>().into());
    fields.into()
}

fn level_name(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    }
}

/// The problems of a run as a log in SARIF 2.1.0. Every code that is reported is a rule, with its page as help.
/// A place in a table has its line or row as region, and the cell as logical location.
pub(super) fn sarif(report: &Report, files: &Files, lang: Lang) -> String {
    let problems = report.sorted(files);
    let mut codes: Vec<Code> = problems.iter().map(|problem| problem.code).collect();
    codes.sort();
    codes.dedup();
    let rules: Vec<Value> = codes.iter().map(|&code| rule(page(code), lang)).collect();
    let results: Vec<Value> = problems
        .iter()
        .map(|problem| {
            let mut result = json!({
                "ruleId": problem.code,
                "ruleIndex": codes.binary_search(&problem.code).expect("the code of every problem is among them"),
                "level": level_name(problem.level),
                "message": {"text": full_text(problem, lang)},
            });
            if let Some(span) = problem.span {
                result["locations"] = json!([location(files, problem, span)]);
            }
            result
        })
        .collect();
    text(&json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "jinbang",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "language": lang.tag(),
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": {"ROOT": {"description": {"text": words(lang).fill("problems.root", &[])}}},
            "results": results,
        }],
    }))
}

fn rule(page: &Page, lang: Lang) -> Value {
    json!({
        "id": page.code,
        "shortDescription": {"text": page.title(lang)},
        "fullDescription": {"text": page.meaning(lang)},
        "help": {"text": page.plain(lang), "markdown": page.markdown(lang)},
    })
}

fn location(files: &Files, problem: &Problem, span: crate::source::Span) -> Value {
    let mut physical = json!({
        "artifactLocation": {"uri": uri(&files.path(span.file)), "uriBaseId": "ROOT"},
    });
    let mut logical = None;
    match files.location(span) {
        Location::Text { line, column, end_column } => {
            physical["region"] = json!({"startLine": line, "startColumn": column, "endColumn": end_column});
        }
        Location::Field { line, field } => {
            physical["region"] = json!({"startLine": line});
            logical = Some((field.to_string(), "field"));
        }
        Location::Cell { sheet, cell } => {
            // A workbook has no lines: the row is the nearest to one, and viewers show it.
            physical["region"] = json!({"startLine": files.row_number(span)});
            logical = Some((format!("{sheet}!{cell}"), "cell"));
        }
        Location::Sheet(sheet) => logical = Some((sheet, "sheet")),
        Location::Whole => {}
    }
    if let (Some(found), Some(region)) = (&problem.found, physical.get_mut("region")) {
        region["snippet"] = json!({"text": found});
    }
    let mut location = json!({"physicalLocation": physical});
    if let Some((name, kind)) = logical {
        location["logicalLocations"] = json!([{"fullyQualifiedName": name, "kind": kind}]);
    }
    location
}

/// A path below the root as a relative reference.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            true => uri.push(char::from(byte)),
            false => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

/// The message, with the place where it is no line, what stands there, and the advice.
fn full_text(problem: &Problem, lang: Lang) -> String {
    let mut lines = vec![problem.message.text(lang)];
    if let Some(label) = &problem.label {
        lines.push(label.text(lang));
    }
    for hint in &problem.hints {
        lines.push(say!("help: {hint}", hint).text(lang));
    }
    lines.join("\n")
}

/// The problems of a run as commands that GitHub makes annotations of, errors last.
pub(super) fn github(report: &Report, files: &Files, lang: Lang) -> String {
    let mut lines = String::new();
    for problem in report.sorted(files) {
        let command = match problem.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "notice",
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
        let mut message = full_text(problem, lang);
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

    #[test]
    fn a_path_is_a_relative_reference() {
        assert_eq!(uri("data/fairs/137/现场 1.csv"), "data/fairs/137/%E7%8E%B0%E5%9C%BA%201.csv");
    }
}
