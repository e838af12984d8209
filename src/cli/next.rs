//! `next`: the days on which the site changes by itself, and what builds it again then.

use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};

use super::args::{Common, Next, NextFormat};
use super::clock::today;
use super::door::{Answer, read_project};
use super::terminal;
use super::words::{Words, words};
use crate::fair::Question;
use crate::project::{Change, Changes, Options, next_changes};
use crate::source::{Failure, say};

pub(super) fn run(common: &Common, command: &Next) -> Result<ExitCode, Failure> {
    let options = Options { as_of: command.as_of, ..Options::default() };
    let Answer { files, report, value: found } =
        read_project(common, "progress.checking", |report, files, _| {
            next_changes(report, files, &options, today(), command.until)
        })?;
    terminal::print_report(&report, &files, common);
    if let Some(changes) = found {
        terminal::print(&match command.format {
            NextFormat::Text => text(&changes, words(terminal::language(common.lang)), &common.root)?,
            NextFormat::Json => json_text(&changes),
        })?;
    }
    Ok(terminal::status(&report))
}

/// What happens on a day, in words.
pub(super) fn because(w: &Words, because: &[Question]) -> String {
    let one = |question: &Question| {
        w.fill(&format!("next.{}", question.turn.name()), &[("fair", &question.fair.to_string())])
    };
    because.iter().map(one).collect::<Vec<_>>().join(&w.fill("next.list", &[]))
}

fn text(changes: &Changes, w: &Words, root: &Path) -> Result<String, Failure> {
    let after = changes.after.map(|day| day.to_string()).unwrap_or_default();
    if changes.changes.is_empty() {
        return Ok(w.fill("next.none", &[("day", &after)]) + "\n");
    }
    let root = std::path::absolute(root)
        .map_err(|cause| Failure::new(say!("read {path}", path = root.display()), cause))?;
    let command = format!("jinbang --root '{}' build --as-of today", root.display());
    let mut lines = vec![w.fill("next.title", &[("day", &after)])];
    for Change { day, because: why } in &changes.changes {
        lines.push(format!("  {day}  {}", because(w, why)));
    }
    lines.extend([String::new(), w.fill("next.cron", &[]), "  CRON_TZ=Asia/Shanghai".to_owned()]);
    for Change { day, .. } in &changes.changes {
        lines.push(format!("  5 0 {} {} * {command}", day.day(), day.month()));
    }
    lines.extend([String::new(), w.fill("next.systemd", &[])]);
    for Change { day, .. } in &changes.changes {
        lines.push(format!("  OnCalendar={day} 00:05:00 Asia/Shanghai"));
    }
    lines.push(format!("  ExecStart={command}"));
    Ok(lines.join("\n") + "\n")
}

fn json_text(changes: &Changes) -> String {
    let days = changes.changes.iter().map(|change| {
        let because = change.because.iter();
        let because = because.map(|question| json!({"fair": question.fair, "what": question.turn.name()}));
        json!({"day": change.day.to_string(), "because": because.collect::<Vec<Value>>()})
    });
    let object = json!({
        "format": "jinbang-next/1",
        "after": changes.after.map(|day| day.to_string()),
        "changes": days.collect::<Vec<Value>>(),
    });
    serde_json::to_string_pretty(&object).expect("a value is always written") + "\n"
}
