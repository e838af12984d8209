//! The door through which commands read a project. What was made of inputs that changed meanwhile is given to nobody: it
//! may fit neither state of the files.

use indicatif::ProgressBar;

use super::args::Common;
use super::terminal;
use crate::data::Decoded;
use crate::fair::{FairFile, Observers};
use crate::project::{Judged, judge_project};
use crate::source::{Failure, Files, Message, Report, say};

/// What a command goes on with.
pub(super) struct Answer<T> {
    pub files: Files,
    /// The problems, which were not printed yet.
    pub report: Report,
    /// What was asked for. Absent where there is none, or an input changed while it was made; both are reported.
    pub value: Option<T>,
}

/// Reads the project of a command and makes something of it, while people see what is being done.
pub(super) fn read_project<T>(
    common: &Common,
    doing: Message,
    work: impl FnOnce(&mut Report, &Files, &ProgressBar) -> Result<Option<T>, Failure>,
) -> Result<Answer<T>, Failure> {
    let files = Files::new(&common.root);
    let mut report = Report::new();
    let progress = terminal::progress(common, doing);
    let value = work(&mut report, &files, &progress);
    progress.finish_and_clear();
    let value = value?;
    let is_whole = files.settle(&mut report);
    Ok(Answer { files, report, value: value.filter(|_| is_whole) })
}

/// Judges one fair of a project, the one asked for or else the current one, and prints its problems.
pub(super) fn judge_and_print_report(
    common: &Common,
    fair: Option<u32>,
    policies: &[(String, String)],
) -> Result<Answer<(Decoded<FairFile>, Judged)>, Failure> {
    let answer = read_project(common, say!("reading the tables"), |report, files, _| {
        judge_project(report, files, fair, policies, Observers::none())
    })?;
    terminal::print_report(&answer.report, &answer.files, common);
    Ok(answer)
}
