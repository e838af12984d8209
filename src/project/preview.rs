//! A site that is not published: its pages are made when somebody asks for them.
//!
//! Knows neither who asks nor why.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, OnceLock};

use hashbrown::HashMap;

use super::read::{Options, Project};
use crate::data::Date;
use crate::pages::Plan;
use crate::site::output::{Looks, write_again};
use crate::site::{Artifact, BaseUrl, Permalink, Sink, Written};
use crate::source::{Failure, Files, Report};

/// What one preview leaves for the next: what its pages looked like. What was read and decided is
/// remembered by [`Files`].
#[derive(Default)]
pub struct Memory(Mutex<Looks>);

/// A site that was read, decided and planned.
pub struct Preview<'a> {
    files: &'a Files,
    project: &'a Project,
    plan: &'a Plan<'a>,
    places: HashMap<&'a str, usize>,
    /// What is made of all pages together. Most who look at a page do not ask for it, and it takes a while.
    summaries: OnceLock<Vec<Artifact<'a>>>,
    base: &'a BaseUrl,
    styles: BTreeMap<String, String>,
}

/// Reads a project, decides, plans its pages, and does something with them. What was done before with
/// the same files, and stayed as it was, is not done again. `None` where the project has errors that
/// leave nothing to plan.
pub fn preview<T>(
    report: &mut Report,
    files: &Files,
    options: &Options,
    with: impl FnOnce(&mut Report, &Preview<'_>) -> T,
) -> Result<Option<T>, Failure> {
    let Some(project) = Project::read(report, files, options)? else { return Ok(None) };
    let mut styles = project.theme().assets().urls(project.base());
    styles.retain(|name, _| name.ends_with(".css"));
    Ok(Some(project.plan(report, options, |report, plan| {
        let mut places = HashMap::with_capacity(plan.artifacts.len());
        for (number, artifact) in plan.artifacts.iter().enumerate() {
            // Of two in one place the first is published.
            places.entry(artifact.permalink.as_str()).or_insert(number);
        }
        let base = project.base();
        with(
            report,
            &Preview { files, project: &project, plan, places, summaries: OnceLock::new(), base, styles },
        )
    })))
}

impl Preview<'_> {
    /// Renders all pages and checks them; reports what a build would. The sink gets the pages that are not
    /// as they were at the last check.
    pub fn check(&self, report: &mut Report, memory: &Memory, sink: &dyn Sink) -> Result<Written, Failure> {
        self.project.look_through(report, self.files)?;
        let mut looks = memory.0.lock().unwrap_or_else(|poisoned| {
            // A check that panicked left half of what it saw.
            memory.0.clear_poison();
            let mut looks = poisoned.into_inner();
            *looks = Looks::default();
            looks
        });
        let artifacts: Vec<&Artifact<'_>> = self.artifacts().collect();
        let steady = self.plan.artifacts.len();
        write_again(report, &artifacts, steady, self.base, sink, &mut looks)
    }

    /// The places of all pages and files.
    pub fn permalinks(&self) -> impl Iterator<Item = &Permalink> {
        self.artifacts().map(|artifact| &artifact.permalink)
    }

    /// The places of all that people keep: pages, feeds, calendars, downloads.
    pub fn published(&self) -> &BTreeSet<Permalink> {
        self.plan.published()
    }

    /// The page or file at a place.
    pub fn find(&self, place: &str) -> Option<&Permalink> {
        self.artifact(place).map(|artifact| &artifact.permalink)
    }

    fn artifacts(&self) -> impl Iterator<Item = &Artifact<'_>> {
        self.plan.artifacts.iter().chain(self.summaries())
    }

    fn summaries(&self) -> &[Artifact<'_>] {
        self.summaries.get_or_init(|| self.plan.summaries())
    }

    fn artifact(&self, place: &str) -> Option<&Artifact<'_>> {
        match self.places.get(place) {
            Some(&number) => Some(&self.plan.artifacts[number]),
            None if self.plan.is_summary(place) => {
                self.summaries().iter().find(|artifact| artifact.permalink.as_str() == place)
            }
            None => None,
        }
    }

    /// The bytes of a page or file. None if they cannot be made; what is wrong is reported.
    pub fn make(&self, report: &mut Report, permalink: &Permalink) -> Option<Vec<u8>> {
        self.artifact(permalink.as_str())?.make(report).map(|bytes| bytes.into_owned())
    }

    /// The day for which it is made; `None` where the files name no day and nobody else did.
    pub fn day(&self) -> Option<Date> {
        self.project.day()
    }

    /// Where it stands.
    pub fn base(&self) -> &BaseUrl {
        self.base
    }

    /// The addresses of the theme's styles, by name.
    pub fn styles(&self) -> &BTreeMap<String, String> {
        &self.styles
    }
}
