//! `next`: the days on which the site changes by itself, and what builds it again then.

use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};

use super::args::{Common, Next, NextFormat};
use super::clock::today;
use super::door::{Answer, read_project};
use super::terminal;
use crate::fair::{Happening, PageTurn, Question, Turn};
use crate::lang::Lang;
use crate::project::{Change, Changes, Options, next_changes};
use crate::source::{Failure, say, sentences};

pub(super) fn run(common: &Common, command: &Next) -> Result<ExitCode, Failure> {
    let options = Options { as_of: command.as_of, ..Options::default() };
    let Answer { files, report, value: found } =
        read_project(common, say!("checking"), |report, files, _| {
            next_changes(report, files, &options, today(), command.until)
        })?;
    terminal::print_report(&report, &files, common);
    if let Some(changes) = found {
        terminal::print(&match command.format {
            NextFormat::Text => text(&changes, terminal::language(common.lang), &common.root)?,
            NextFormat::Json => json_text(&changes),
        })?;
    }
    Ok(terminal::status(&report))
}

/// What happens on a day, in words.
pub(super) fn because(because: &[Question]) -> crate::source::Value {
    sentences(because.iter().map(|question| match &question.happening {
        Happening::Fair(fair, Turn::Sealed) => say!("the results of fair {fair} are sealed", fair),
        Happening::Fair(fair, Turn::Published) => say!("the notice of fair {fair} is published", fair),
        Happening::Fair(fair, Turn::Ruling) => say!("a ruling on fair {fair} comes into force", fair),
        Happening::Fair(fair, Turn::Closed) => say!("the notice of fair {fair} closes", fair),
        Happening::Fair(fair, Turn::Final) => say!("the list of fair {fair} becomes final", fair),
        Happening::Page(page, PageTurn::Published) => say!("the page `/{page}` is published", page),
        Happening::Page(page, PageTurn::Ended) => say!("the page `/{page}` has ended", page),
    }))
}

fn text(changes: &Changes, lang: Lang, root: &Path) -> Result<String, Failure> {
    let after = changes.after.map(|day| day.to_string()).unwrap_or_default();
    if changes.changes.is_empty() {
        return Ok(
            say!("after {day} the site does not change unless files change", day = after).text(lang) + "\n"
        );
    }
    let root = std::path::absolute(root)
        .map_err(|cause| Failure::new(say!("read {path}", path = root.display()), cause))?;
    let command = format!("jinbang --root '{}' build --as-of today", root.display());
    let mut lines = vec![say!("after {day} the site changes on:", day = after).text(lang)];
    for Change { day, because: why } in &changes.changes {
        lines.push(format!("  {day}  {}", because(why).text(lang)));
    }
    lines.extend([String::new(), say!("for cron:").text(lang), "  CRON_TZ=Asia/Shanghai".to_owned()]);
    for Change { day, .. } in &changes.changes {
        lines.push(format!("  5 0 {} {} * {command}", day.day(), day.month()));
    }
    lines.extend([String::new(), say!("for a systemd timer and its service:").text(lang)]);
    for Change { day, .. } in &changes.changes {
        lines.push(format!("  OnCalendar={day} 00:05:00 Asia/Shanghai"));
    }
    lines.push(format!("  ExecStart={command}"));
    Ok(lines.join("\n") + "\n")
}

fn json_text(changes: &Changes) -> String {
    let days = changes.changes.iter().map(|change| {
        let because = change.because.iter();
        let because = because.map(|question| match &question.happening {
            Happening::Fair(fair, turn) => json!({"fair": fair, "what": turn.name()}),
            Happening::Page(page, turn) => json!({"page": page, "what": turn.name()}),
        });
        json!({"day": change.day.to_string(), "because": because.collect::<Vec<Value>>()})
    });
    let object = json!({
        "format": "jinbang-next/1",
        "after": changes.after.map(|day| day.to_string()),
        "changes": days.collect::<Vec<Value>>(),
    });
    serde_json::to_string_pretty(&object).expect("a value is always written") + "\n"
}
