//! `sample`: writes a synthetic fair as a complete project.

use std::process::ExitCode;

use super::args::{Common, Sample, TableFormat};
use super::door::{Answer, read_project};
use super::terminal;
use crate::sample::{SampleFormat, SampleOrder, write_sample};
use crate::source::{Failure, say};

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
        read_project(common, say!("writing the sample"), |report, files, _| {
            write_sample(report, files, &command.folder, &order)
        })?;
    terminal::print_report(&report, &files, common);
    let Some(sample) = written else { return Ok(terminal::status(&report)) };
    let folder = command.folder.display();
    let lang = terminal::language(common.lang);
    let mut lines = vec![say!("a synthetic fair is in {folder}", folder).text(lang)];
    for (path, rows) in &sample.tables {
        lines.push(format!("  {}", say!("{path}  {rows} rows", path, rows).text(lang)));
    }
    lines.push(format!("  {}", say!("and {files} other files", files = sample.other_files).text(lang)));
    let quoted = terminal::quoted(&folder.to_string());
    lines.push(say!("try: jinbang --root {folder} award", folder = quoted).text(lang));
    terminal::print(&(lines.join("\n") + "\n"))?;
    Ok(terminal::status(&report))
}
