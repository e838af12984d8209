//! A fair that is judged for a command: people see meanwhile what is being done, and then what is wrong.

use super::args::Common;
use super::terminal;
use crate::fair::FairFile;
use crate::project::{Judged, judge_project};
use crate::source::{Failure, Files, Report};

/// What a command goes on with.
pub(super) struct JudgedFair {
    pub files: Files,
    /// The problems, which were printed.
    pub report: Report,
    /// Absent where the fair cannot be judged.
    pub judged: Option<(FairFile, Judged)>,
}

/// Judges one fair of a project, the one asked for or else the current one, and prints its problems.
pub(super) fn judge_and_print_report(
    common: &Common,
    fair: Option<u32>,
    policies: &[(String, String)],
) -> Result<JudgedFair, Failure> {
    let files = Files::new(&common.root);
    let mut report = Report::new();
    let progress = terminal::progress(common, "progress.tables");
    let judged = judge_project(&mut report, &files, fair, policies)?;
    progress.finish_and_clear();
    terminal::print_report(&report, &files, common);
    Ok(JudgedFair { files, report, judged })
}
