//! `sample`: writes a synthetic fair as a complete project.

use std::fmt::Write as _;
use std::process::ExitCode;

use super::args::{Common, Sample, TableFormat};
use super::terminal;
use crate::project::{SampleFormat, SampleOrder, write_sample};
use crate::source::{Failure, Files, Report};

pub(super) fn run(common: &Common, command: &Sample) -> Result<ExitCode, Failure> {
    let files = Files::new(&common.root);
    let mut report = Report::new();
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
    let progress = terminal::progress("writing the sample");
    let written = write_sample(&mut report, &files, &command.folder, &order);
    progress.finish_and_clear();
    let written = written?;
    terminal::print_report(&report, &files);
    let Some(sample) = written else { return Ok(terminal::status(&report)) };
    let folder = command.folder.display();
    let mut text = format!("a synthetic fair is in {folder}\n");
    for (path, rows) in &sample.tables {
        writeln!(text, "  {path}  {rows} rows").expect("text grows");
    }
    writeln!(text, "  and {} other files", sample.other_files).expect("text grows");
    let quoted = terminal::quoted(&folder.to_string());
    writeln!(text, "try: jinbang --root {quoted} award").expect("text grows");
    terminal::print(&text)?;
    Ok(terminal::status(&report))
}
