//! `new` and `init`.

use std::process::ExitCode;

use super::args::{Common, Init, New};
use super::terminal;
use crate::project::{new_activity, new_enterprise, new_fair, start_site};
use crate::source::{Failure, Files};

pub(super) fn run(common: &Common, command: &New) -> Result<ExitCode, Failure> {
    let files = Files::new(&common.root);
    let (written, next) = match command {
        New::Enterprise { name } => {
            let next = format!("fill it in, then name `{name}` in the roster of a fair");
            (new_enterprise(&files, name)?, next)
        }
        New::Activity { name } => (
            new_activity(&files, name)?,
            "write both languages, then take `draft` out; `jinbang serve --drafts` shows it before"
                .to_owned(),
        ),
        New::Fair { number } => (
            new_fair(&files, *number)?,
            format!(
                "fill in what is marked; when the home page is to speak of it, set `current_fair: {number}` in data/site.yaml"
            ),
        ),
    };
    let mut text: String = written.iter().map(|path| format!("wrote {path}\n")).collect();
    text.push_str(&format!("next: {next}\n"));
    terminal::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn init(command: &Init) -> Result<ExitCode, Failure> {
    let count = start_site(&command.folder, command.fair)?;
    let folder = command.folder.display().to_string();
    terminal::print(&format!(
        "a new site of {count} files is in {folder}\nnext: cd {}, then jinbang serve --open\n",
        terminal::quoted(&folder)
    ))?;
    Ok(ExitCode::SUCCESS)
}
