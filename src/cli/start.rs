//! `new` and `init`.

use std::process::ExitCode;

use super::args::{Common, Init, New};
use super::door::{Answer, read_project};
use super::terminal;
use crate::project::{NewFair, RosterForm, new_activity, new_enterprise, new_fair, start_site};
use crate::source::{Failure, Files, say};

pub(super) fn run(common: &Common, command: &New) -> Result<ExitCode, Failure> {
    let lang = terminal::language(common.lang);
    let mut notes = Vec::new();
    let mut make = |files: &Files| {
        match command {
        New::Enterprise { name } => {
            Ok((new_enterprise(files, name)?, say!("complete it, then add `{name}` to the roster of a fair", name).text(lang)))
        }
        New::Activity { name } => Ok((new_activity(files, name)?, say!("write both languages, remove `draft`, and record the translation with `jinbang translations --accept FILE`; to preview it, run `jinbang serve --drafts`").text(lang))),
        New::Fair { number, roster } => {
            let form = if *roster { RosterForm::Workbook } else { RosterForm::Yaml };
            let NewFair { written, previous } = new_fair(files, *number, form)?;
            if previous + 1 != *number {
                let before = number.saturating_sub(1);
                notes.push(say!("please check: fair {before} is not in this project, so `previous_fair` is {previous}; if fair {before} was held, correct it in {path}", before, previous, path = written[0]).text(lang));
            }
            let next = match (form, written.last()) {
                (RosterForm::Workbook, Some(path)) => {
                    say!("complete fair.yaml and {path}; to show this fair on the home page, set `current_fair: {number}` in data/site.yaml", path, number).text(lang)
                }
                _ => say!("complete the marked places; to show this fair on the home page, set `current_fair: {number}` in data/site.yaml", number).text(lang),
            };
            Ok((written, next))
        }
    }
    };
    let Answer { files, report, value } =
        read_project(common, say!("checking"), |_, files, _| make(files).map(Some))?;
    terminal::print_report(&report, &files, common);
    let Some((written, next)) = value else { return Ok(terminal::status(&report)) };
    let mut lines: Vec<String> = written.iter().map(|path| say!("wrote {path}", path).text(lang)).collect();
    lines.append(&mut notes);
    lines.push(say!("next: {next}", next).text(lang));
    terminal::print(&(lines.join("\n") + "\n"))?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn init(common: &Common, command: &Init) -> Result<ExitCode, Failure> {
    let count = start_site(&command.folder, command.fair)?;
    let folder = command.folder.display().to_string();
    let lang = terminal::language(common.lang);
    let site = say!("created a site of {files} files in {folder}", files = count, folder).text(lang);
    let next = say!("cd {folder}, then jinbang serve --open", folder = terminal::quoted(&folder)).text(lang);
    terminal::print(&format!("{site}\n{}\n", say!("next: {next}", next).text(lang)))?;
    Ok(ExitCode::SUCCESS)
}
