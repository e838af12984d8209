//! From a project to its site: read, decide, render, check, publish all or nothing.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::atomic_write::keep_file;
use super::external_links::AskedLinks;
use super::fairs::INPUT_FOLDERS;
use super::next::Change;
use super::publish::{Inputs, Published, claim};
use super::read::{Options, Project, SiteWritten};
use super::translation_report::report_untranslated;
use crate::data::Date;
use crate::fair::AsOf;
use crate::lang::{Lang, Localized};
use crate::pages::{ADDRESSES, united};
use crate::rulebook::AwardId;
use crate::site::context::document;
use crate::site::{Hosting, Nowhere, Permalink, Written};
use crate::source::platform::Folder;
use crate::source::write::Readers;
use crate::source::{Failure, Files, Message, Report, say};

/// What is to become of the site.
#[derive(Clone, Debug)]
pub enum Goal {
    /// It is published to a folder, relative to the working directory.
    Publish(PathBuf),
    /// It is only checked; nothing is written.
    Check,
    /// It is checked, and so is whether something is at the addresses of other sites to which it links.
    CheckExternal,
}

/// What was built.
#[derive(Clone, Debug)]
pub struct Built {
    /// The day for which it was made; `None` where the files name no day and nobody else did.
    pub day: Option<Date>,
    /// The next day on which the site changes by itself, where it was published.
    pub next: Option<Change>,
    /// What was found at the addresses of other sites, where they were asked.
    pub asked: Option<AskedLinks>,
    /// How much was written, or would have been.
    pub written: Written,
    /// The fairs that were judged.
    pub judged: Vec<JudgedCount>,
    /// Why the old site could not be removed; the new one is in place.
    pub leftover: Option<Message>,
    /// How many addresses are new in the list of those that were published.
    pub added: usize,
    /// Why that list could not be written; the new site is in place.
    pub unkept: Option<Message>,
    /// What the server of the site should know.
    pub hosting: Hosting,
}

/// How a fair was judged, in numbers.
#[derive(Clone, Debug)]
pub struct JudgedCount {
    /// Number of the fair.
    pub fair: u32,
    /// How many exhibitors are ranked.
    pub pool: usize,
    /// How many receive each award, by its name and title.
    pub awards: Vec<(String, Localized, usize)>,
}

/// Builds a site. `None` where the project has errors: nothing was published then. `waiting` is called if
/// another run is publishing beside it.
pub fn build(
    report: &mut Report,
    files: &Files,
    options: &Options,
    goal: &Goal,
    waiting: impl FnOnce(),
) -> Result<Option<Built>, Failure> {
    let Goal::Publish(out) = goal else {
        let project = Project::read(report, files, options)?;
        let Some(project) = project else { return Ok(None) };
        project.look_through(report, files)?;
        let written = project.write(report, options, &Nowhere)?;
        report_untranslated(report, files, &project)?;
        let asked = match goal {
            Goal::CheckExternal => Some(project.ask_external(report, files, options)),
            Goal::Check | Goal::Publish(_) => None,
        };
        files.settle(report);
        return Ok((!report.has_errors()).then(|| Built { asked, ..project.built(written) }));
    };
    let inputs = Inputs { root: files.root(), folders: &INPUT_FOLDERS };
    // Of two runs, the one that read last then publishes last.
    let claim = claim(out, inputs, waiting)?;
    let Some(project) = Project::read(report, files, options)? else { return Ok(None) };
    project.look_through(report, files)?;
    let published = claim.publish(|stage| {
        if report.has_errors() {
            // What can be found wrong in the pages is said as well.
            project.write(report, options, &Nowhere)?;
            return Ok(None);
        }
        let written = project.write(report, options, stage)?;
        files.settle(report);
        Ok((!report.has_errors()).then_some(written))
    })?;
    let Some(Published { value, leftover }) = published else { return Ok(None) };
    // Whoever publishes beside us still waits.
    let added = match project.is_the_site(options) {
        true => Some(keep_addresses(files, &value.published)),
        false => None,
    };
    let (added, unkept) = match added.transpose() {
        Ok(added) => (added.unwrap_or_default(), None),
        Err(failure) => (0, Some(failure.message())),
    };
    drop(claim);
    // What is wrong on a day to come is said by `next`, and by the build of that day.
    let next = project.day().and_then(|day| project.next_change(&mut Report::new(), options, day));
    let leftover = leftover.map(|failure| failure.message());
    Ok(Some(Built { next, leftover, added, unkept, ..project.built(value) }))
}

/// Adds what was published to the addresses of the project that must not vanish. Returns how many are new.
fn keep_addresses(files: &Files, published: &BTreeSet<Permalink>) -> Result<usize, Failure> {
    let failed = |cause| Failure::new(say!("write {path}", path = ADDRESSES), cause);
    // Another build may publish elsewhere from the same project.
    let folder = Folder::open(&files.root().join("data")).map_err(failed)?;
    folder.lock(|| {}).map_err(failed)?;
    let now = Files::new(files.root());
    let there = match now.is_file(ADDRESSES) {
        true => String::from_utf8_lossy(&now.read(now.id(ADDRESSES))?).into_owned(),
        false => String::new(),
    };
    let text = united(&there, published);
    if text != there {
        keep_file(&now, ADDRESSES, text.as_bytes(), Readers::Usual)?;
    }
    let known: BTreeSet<&str> = there.lines().map(str::trim).collect();
    Ok(text.lines().filter(|address| !known.contains(address)).count())
}

/// What the templates of a project's theme get, as a document in Markdown in a language. `None` where the project has errors.
pub fn theme_context(
    report: &mut Report,
    files: &Files,
    options: &Options,
    lang: Lang,
) -> Result<Option<String>, Failure> {
    let Some(project) = Project::read(report, files, options)? else { return Ok(None) };
    project.theme().record();
    project.write(report, options, &Nowhere)?;
    Ok((!report.has_errors()).then(|| document(&project.theme().recorded(), lang)))
}

impl Project {
    /// Whether what is made is the site as everybody finds it: at its own address, without drafts, and not for a day
    /// to come.
    pub(super) fn is_the_site(&self, options: &Options) -> bool {
        let to_come = options.as_of.zip(options.clock).is_some_and(|(day, clock)| day > clock());
        options.base_url.is_none() && !options.drafts && !to_come
    }

    fn built(&self, SiteWritten { written, hosting, .. }: SiteWritten) -> Built {
        let decided = self.decided_on(&AsOf::new(self.day_or_any()));
        let judged = self.fairs.iter().zip(&decided).filter_map(|(fair, decided)| {
            let (list, rulebook) = (decided.list.as_ref()?, &self.rulebooks[fair.decided.rulebook?]);
            let awards = AwardId::each(&rulebook.awards);
            let awards = awards.map(|(number, award)| {
                (award.id.value.clone(), award.title.value.clone(), list.received(number))
            });
            Some(JudgedCount { fair: fair.file().fair.value, pool: list.pool, awards: awards.collect() })
        });
        Built {
            day: self.day,
            next: None,
            asked: None,
            written,
            judged: judged.collect(),
            leftover: None,
            added: 0,
            unkept: None,
            hosting,
        }
    }
}
