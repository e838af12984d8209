//! `new` and `init`.

use std::process::ExitCode;

use super::args::{Common, Init, New};
use super::door::{Answer, read_project};
use super::terminal;
use super::words::words;
use crate::project::{NewFair, RosterForm, new_activity, new_enterprise, new_fair, start_site};
use crate::source::{Failure, Files};

pub(super) fn run(common: &Common, command: &New) -> Result<ExitCode, Failure> {
    let w = words(terminal::language(common.lang));
    let mut notes = Vec::new();
    let mut make = |files: &Files| match command {
        New::Enterprise { name } => {
            Ok((new_enterprise(files, name)?, w.fill("start.enterprise", &[("name", name)])))
        }
        New::Activity { name } => Ok((new_activity(files, name)?, w.fill("start.activity", &[]))),
        New::Fair { number, roster } => {
            let form = if *roster { RosterForm::Workbook } else { RosterForm::Yaml };
            let NewFair { written, previous } = new_fair(files, *number, form)?;
            if previous + 1 != *number {
                let (before, previous) = (number.saturating_sub(1).to_string(), previous.to_string());
                let values = [("before", before.as_str()), ("previous", &previous), ("path", &written[0])];
                notes.push(w.fill("start.gap", &values));
            }
            let next = match (form, written.last()) {
                (RosterForm::Workbook, Some(path)) => {
                    w.fill("start.workbook", &[("path", path), ("number", &number.to_string())])
                }
                _ => w.fill("start.fair", &[("number", &number.to_string())]),
            };
            Ok((written, next))
        }
    };
    let Answer { files, report, value } =
        read_project(common, "progress.checking", |_, files, _| make(files).map(Some))?;
    terminal::print_report(&report, &files, common);
    let Some((written, next)) = value else { return Ok(terminal::status(&report)) };
    let mut lines: Vec<String> =
        written.iter().map(|path| w.fill("start.wrote", &[("path", path)])).collect();
    lines.append(&mut notes);
    lines.push(w.fill("start.next", &[("next", &next)]));
    terminal::print(&(lines.join("\n") + "\n"))?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn init(common: &Common, command: &Init) -> Result<ExitCode, Failure> {
    let count = start_site(&command.folder, command.fair)?;
    let folder = command.folder.display().to_string();
    let w = words(terminal::language(common.lang));
    let site = w.fill("start.site", &[("files", &count.to_string()), ("folder", &folder)]);
    let next = w.fill("start.open", &[("folder", &terminal::quoted(&folder))]);
    terminal::print(&format!("{site}\n{}\n", w.fill("start.next", &[("next", &next)])))?;
    Ok(ExitCode::SUCCESS)
}
