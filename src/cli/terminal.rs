//! What people see: problems on standard error, results on standard output, progress while they wait.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use unicode_width::UnicodeWidthStr;

use super::args::Common;
use crate::data::begins_formula;
use crate::lang::{Lang, line_pieces};
use crate::source::{Failure, Files, Message, Report, Style, say};

/// Prints the problems of a run to standard error.
pub(super) fn print_report(report: &Report, files: &Files, common: &Common) {
    eprint!("{}", report.render(files, style(), language(common.lang)));
}

/// Prints the problems of a run with every note, and what each column was taken for.
pub(super) fn print_report_in_full(report: &Report, files: &Files, common: &Common) {
    eprint!("{}", report.render_in_full(files, style(), language(common.lang)));
}

/// How problems are printed to standard error.
pub(super) fn style() -> Style {
    let coloured = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    if coloured { Style::Coloured } else { Style::Plain }
}

/// Exit status 1 if the project has errors, else 0.
pub(super) fn status(report: &Report) -> ExitCode {
    ExitCode::from(u8::from(report.has_errors()))
}

/// Prints a result to standard output. A reader that stops reading is no failure.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut output = std::io::stdout().lock();
    match output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
        Err(cause) if cause.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::new(say!("write to standard output"), cause))
        }
        _ => Ok(()),
    }
}

/// A table for spreadsheets: csv with a byte order mark, in which no text can be taken for a formula.
pub(super) fn csv_text(
    heading: &[String],
    rows: impl IntoIterator<Item = Vec<String>>,
) -> Result<String, Failure> {
    let failed = |cause: csv::Error| Failure::new(say!("write csv"), cause.into());
    let mut table = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    table.write_record(heading).map_err(failed)?;
    for row in rows {
        table.write_record(row.iter().map(|text| defused(text))).map_err(failed)?;
    }
    let bytes = table.into_inner().map_err(|error| Failure::new(say!("write csv"), error.into_error()))?;
    Ok(format!("\u{feff}{}", String::from_utf8(bytes).expect("only text was written")))
}

/// A text that a spreadsheet program cannot take for a formula. Numbers stay numbers.
fn defused(text: &str) -> String {
    match begins_formula(text) && text.parse::<i64>().is_err() {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}

/// Says on standard error what is being done, if a person is there to read it.
pub(super) fn progress(common: &Common, doing: Message) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{spinner} {msg} {elapsed}").expect("the template is sound");
    let bar = ProgressBar::new_spinner().with_style(style).with_message(doing.text(language(common.lang)));
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

/// The language asked for, else that of the environment, else English.
pub(super) fn language(asked: Option<Lang>) -> Lang {
    let environment = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    asked.unwrap_or(match environment {
        Some(value) if value.starts_with("zh") => Lang::ZH,
        _ => Lang::EN,
    })
}

/// A path as it can be pasted into a shell.
pub(super) fn quoted(path: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-+,:@%".contains(c);
    match !path.is_empty() && path.chars().all(plain) {
        true => path.to_owned(),
        false => format!("'{}'", path.replace('\'', r"'\''")),
    }
}

/// A paragraph in lines.
pub(super) fn broken(paragraph: &str, width: usize, indent: &str) -> String {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for piece in pieces(paragraph) {
        let wide = columns(piece);
        if used > 0 && used + columns(piece.trim_end()) > width {
            lines.push(String::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(piece);
        }
        used += wide;
    }
    let lines: Vec<String> = lines.iter().map(|line| format!("{indent}{}", line.trim_end())).collect();
    lines.join("\n")
}

/// How many columns a text takes on a terminal; a Chinese character takes two.
pub(super) fn columns(text: &str) -> usize {
    text.width()
}

/// The parts of a paragraph between which a line may end. What stands in backticks is to be copied, and stays
/// together.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut end) = (0, 0);
    for piece in line_pieces(text) {
        end += piece.len();
        if text[start..end].matches('`').count().is_multiple_of(2) {
            pieces.push(&text[start..end]);
            start = end;
        }
    }
    pieces.push(&text[start..]);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_begins_with_what_closes_or_ends_with_what_opens() {
        let text = "程序读取（`data/site.yaml`）中的“内容”，并检查每一行；".repeat(12);
        for line in broken(&text, 92, "").lines() {
            assert!(!line.starts_with(['，', '）', '”', '；']), "{line}");
            assert!(!line.ends_with(['（', '“']), "{line}");
            assert!(line.matches('`').count() % 2 == 0, "{line}");
        }
        assert_eq!(broken(&text, 92, "").replace('\n', ""), text);
    }
}
