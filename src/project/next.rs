//! The days on which a site changes by itself, without a file being touched.
//!
//! A site rests on its day only through what the day is asked while pages are planned, so from one day to the next one
//! that it was asked about the site stays as it is, byte for byte. Whether that next day changes a byte is tried: the
//! pages of both days are made and compared, up to the first that differs.

use rayon::prelude::*;

use super::read::{Options, Project};
use crate::data::Date;
use crate::fair::Question;
use crate::pages::Plan;
use crate::site::Artifact;
use crate::source::{Failure, Files, Report};

/// A day on which a site changes by itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// The day.
    pub day: Date,
    /// What happens on it.
    pub because: Vec<Question>,
}

/// The days on which a site changes by itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Changes {
    /// The day after which they are counted; `None` where the files name no day and nobody else did.
    pub after: Option<Date>,
    /// The days, the earliest first.
    pub changes: Vec<Change>,
}

/// The days until another one on which the site changes after the day of its options. Where they name none, the days are
/// counted from today, or from the last day on which something was done if that is earlier. `None` where the project has
/// errors; what would be wrong on one of these days is reported as well.
pub fn next_changes(
    report: &mut Report,
    files: &Files,
    options: &Options,
    today: Date,
    until: Option<Date>,
) -> Result<Option<Changes>, Failure> {
    let Some(project) = Project::read(report, files, options)? else { return Ok(None) };
    let after = match options.as_of {
        Some(day) => Some(day),
        None => project.day().map(|day| day.min(today)),
    };
    let mut changes = Vec::new();
    if let Some(mut day) = after.filter(|_| !report.has_errors()) {
        while let Some(change) = project.next_change(report, options, day) {
            if report.has_errors() || until.is_some_and(|until| change.day > until) {
                break;
            }
            day = change.day;
            changes.push(change);
        }
    }
    Ok((!report.has_errors()).then_some(Changes { after, changes }))
}

impl Project {
    /// The first day after another one on which the site changes by itself. What would be wrong with its pages is
    /// reported.
    pub(super) fn next_change(&self, report: &mut Report, options: &Options, after: Date) -> Option<Change> {
        let mut day = after;
        loop {
            let asked = self.plan_on(&mut Report::new(), options, day, |_, as_of, before| {
                let (next, because) = as_of.next()?;
                let mut found = Report::new();
                let changes = self.plan_on(&mut found, options, next, |_, _, then| differ(before, then));
                if found.has_errors() {
                    report.absorb(found);
                }
                Some((Change { day: next, because }, changes))
            });
            let (change, changes) = asked?;
            if changes {
                return Some(change);
            }
            day = change.day;
        }
    }
}

fn differ(one: &Plan<'_>, other: &Plan<'_>) -> bool {
    artifacts_differ(&one.artifacts, &other.artifacts)
        || artifacts_differ(&one.summaries(), &other.summaries())
}

fn artifacts_differ(some: &[Artifact<'_>], others: &[Artifact<'_>]) -> bool {
    let make = |artifact: &Artifact<'_>| artifact.make(&mut Report::new()).map(|bytes| bytes.into_owned());
    some.len() != others.len()
        || some.iter().zip(others).any(|(one, other)| one.permalink != other.permalink)
        || some.par_iter().zip(others).any(|(one, other)| make(one) != make(other))
}
