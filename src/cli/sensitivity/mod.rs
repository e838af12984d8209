//! `sensitivity`: which awards depend on which policy choice, and which are one count away.

mod page;
mod report;

use std::process::ExitCode;

use page::page;
use report::SensitivityReport;

use super::args::{Common, PrintFormat, Sensitivity as Arguments};
use super::door::{Answer, judge_and_print_report};
use super::terminal;
use crate::award::sensitivity;
use crate::project::write_internal_page;
use crate::source::{Failure, say};

pub(super) fn run(common: &Common, command: &Arguments) -> Result<ExitCode, Failure> {
    let Answer { files, report, value: judged } = judge_and_print_report(common, command.fair, &[])?;
    let Some((fair, judged)) = judged.filter(|_| !report.has_errors()) else {
        return Ok(terminal::status(&report));
    };
    let progress = terminal::progress(common, say!("trying the alternatives"));
    let sensitivity = sensitivity(&judged.facts, &judged.rulebook, &judged.results);
    progress.finish_and_clear();
    let lang = terminal::language(common.lang);
    let told = SensitivityReport { fair: &fair, judged: &judged, sensitivity: &sensitivity, lang };
    if let Some(path) = &command.html {
        write_internal_page(&files, path, &page(&told))?;
    }
    terminal::print(&match command.format {
        PrintFormat::Text => told.text(),
        PrintFormat::Json => told.json(),
    })?;
    Ok(terminal::status(&report))
}
