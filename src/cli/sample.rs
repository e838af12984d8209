//! `sample`: writes a synthetic fair as a complete project.

use std::process::ExitCode;

use super::args::{Common, Sample, TableFormat};
use super::door::{Answer, read_project};
use super::terminal;
use super::words::words;
use crate::project::{SampleFormat, SampleOrder, write_sample};
use crate::source::Failure;

pub(super) fn run(common: &Common, command: &Sample) -> Result<ExitCode, Failure> {
    let order = SampleOrder {
        exhibitors: command.exhibitors,
        invitations: command.invitations,
        buyers: command.buyers,
        seed: command.seed,
        format: match command.format {
            TableFormat::Csv => SampleFormat::Csv,
            TableFormat::Xlsx => SampleFormat::Xlsx,
        },
    };
    let Answer { files, report, value: written } =
        read_project(common, "progress.sample", |report, files, _| {
            write_sample(report, files, &command.folder, &order)
        })?;
    terminal::print_report(&report, &files, common);
    let Some(sample) = written else { return Ok(terminal::status(&report)) };
    let folder = command.folder.display();
    let w = words(terminal::language(common.lang));
    let mut lines = vec![w.fill("sample.title", &[("folder", &folder.to_string())])];
    for (path, rows) in &sample.tables {
        lines.push(format!("  {}", w.fill("sample.table", &[("path", path), ("rows", &rows.to_string())])));
    }
    lines.push(format!("  {}", w.fill("sample.others", &[("files", &sample.other_files.to_string())])));
    let quoted = terminal::quoted(&folder.to_string());
    lines.push(w.fill("sample.try", &[("folder", &quoted)]));
    terminal::print(&(lines.join("\n") + "\n"))?;
    Ok(terminal::status(&report))
}
