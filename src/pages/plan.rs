//! Which pages and files there are.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::aliases::Planned;
use super::context::PageContext;
use super::fair_facts::facts;
use super::front_matter::DateKind;
use super::kept_addresses::is_for_people;
use super::link_targets::{check_related, known_paths, resolve};
use super::material::Material;
use super::notice::{Notices, notices};
use super::{
    addresses, agenda, aliases, awards, calendar, calendar_files, cards, check, ended, enterprise, evidence,
    feeds, gateway, gone, home, rules, sealed, search, sitemap, text_files, text_page, winner, winners, zone,
};
use crate::data::Date;
use crate::fair::AsOf;
use crate::lang::Lang;
use crate::site::markdown::{self, Around, Body};
use crate::site::{Artifact, Hosting, Permalink};
use crate::source::{Report, Span, fingerprint};

/// The pages and files of a site.
pub struct Plan<'a> {
    /// All but the summaries. They are rendered when they are written.
    pub artifacts: Vec<Artifact<'a>>,
    /// One for each language, the authentic one first.
    contexts: Vec<Arc<PageContext<'a>>>,
    known: BTreeSet<String>,
    /// The places of all that people keep, without those of which is said that they are gone.
    published: BTreeSet<Permalink>,
    /// What was published, is planned no more, and has neither a new place nor a reason.
    missing: BTreeSet<Permalink>,
    hosting: Hosting,
}

impl<'a> Plan<'a> {
    /// What is made here of all pages together: the page that searches with its index, and the sitemap.
    pub fn summaries(&self) -> Vec<Artifact<'a>> {
        let mut artifacts = Vec::new();
        for context in &self.contexts {
            search::add(&mut artifacts, context);
        }
        sitemap::add(&mut artifacts, self.contexts[0].material, &self.known);
        artifacts
    }

    /// The places of all that people keep: pages, feeds, calendars, downloads.
    pub fn published(&self) -> &BTreeSet<Permalink> {
        &self.published
    }

    /// What was published, is planned no more, and has neither a new place nor a reason.
    pub fn missing(&self) -> BTreeSet<Permalink> {
        self.missing.iter().filter(|place| !self.is_summary(place.as_str())).cloned().collect()
    }

    /// Reports places that were published and would vanish without a word.
    pub fn report_losses(&self, report: &mut Report, missing: &BTreeSet<Permalink>) {
        gone::report_losses(report, self.contexts[0].material, missing, &self.published);
    }

    /// Reports places that were published, and will be again on a later day than the one for which the site is made.
    pub fn report_early(&self, report: &mut Report, later: &BTreeSet<Permalink>, day: Date) {
        gone::report_early(report, self.contexts[0].material, later, day);
    }

    /// What the server of the site should know.
    pub fn hosting(&self) -> &Hosting {
        &self.hosting
    }

    /// Where the texts that people write lead, as they say it, with the places that do.
    pub fn links(&self) -> Vec<(String, Span)> {
        let bodies = self.contexts.iter().flat_map(|context| context.bodies.values());
        bodies.flat_map(|body| &body.links).map(|link| (link.target.clone(), link.span)).collect()
    }

    /// Whether a place, which may not be there, is one of a summary.
    pub fn is_summary(&self, place: &str) -> bool {
        let searches = |context: &Arc<PageContext<'_>>| {
            let rest = place.strip_prefix(context.lang.code()).and_then(|rest| rest.strip_prefix('/'));
            rest.is_some_and(|rest| rest.starts_with(addresses::SEARCH))
        };
        place.starts_with("sitemap") || place == "robots.txt" || self.contexts.iter().any(searches)
    }
}

/// Plans the pages and files of a site for a day. What can be found wrong before they are rendered is reported here.
/// The day is asked here for all that rests on it; rendering asks it nothing.
pub fn plan<'a>(report: &mut Report, material: &'a Material<'a>, as_of: &AsOf) -> Plan<'a> {
    check::check(report, material);
    let notices = Arc::new(notices(report, material, as_of));
    let known = known_paths(material, &notices);
    let shared = fingerprint(&(material.revision, &known, material.contents.fronts()));
    // Nothing of a language rests on another: the processors take one each.
    let contexts = in_parallel(report, &material.languages, |report, &lang| {
        Arc::new(context(report, material, lang, &known, &notices, shared))
    });
    let mut artifacts: Vec<Artifact<'a>> = material.theme.assets().artifacts().collect();
    text_files::add(report, &mut artifacts, material, &contexts);
    artifacts.extend(in_parallel(report, &contexts, |_, context| language(context)).into_iter().flatten());
    for notice in notices.published() {
        cards::add(report, &mut artifacts, &contexts, notice);
        evidence::check(report, &material.fairs[notice.index]);
    }
    calendar_files::add_root(&mut artifacts, &contexts);
    sealed::add(&mut artifacts, material, &notices);
    gateway::add_gateway(&mut artifacts, &contexts);
    let mut planned = Planned::new(&artifacts);
    let mut old = aliases::aliases(report, material, &planned);
    old.extend(aliases::with_it(&old, material.kept, &planned));
    aliases::add(&mut artifacts, &contexts, &old);
    planned.extend(old.iter().map(|alias| &alias.from));
    let gone = gone::gone(report, material, &planned);
    let places = artifacts.iter().map(|artifact| &artifact.permalink);
    let published = places.filter(|place| is_for_people(place)).cloned().collect();
    let is_missing = |place: &&Permalink| !planned.has(place) && !gone.contains_key(place);
    let missing = material.kept.keys().filter(is_missing).cloned().collect();
    gone::add(&mut artifacts, &contexts, &gone);
    let hosting = aliases::hosting(material, &old, gone.into_keys().filter(Permalink::is_page).collect());
    aliases::add_files(&mut artifacts, hosting.clone());
    Plan { artifacts, contexts, known, published, missing, hosting }
}

/// Makes something of each, side by side. What is reported stands in their order.
fn in_parallel<T: Sync, U: Send>(
    report: &mut Report,
    each: &[T],
    make: impl Fn(&mut Report, &T) -> U + Sync,
) -> Vec<U> {
    let made = each.par_iter().map(|one| {
        let mut found = Report::new();
        let made = make(&mut found, one);
        (found, made)
    });
    let (found, made): (Vec<Report>, Vec<U>) = made.unzip();
    found.into_iter().for_each(|found| report.absorb(found));
    made
}

/// What the pages of a language are made with, with the texts that people write rendered.
fn context<'a>(
    report: &mut Report,
    material: &'a Material<'a>,
    lang: Lang,
    known: &BTreeSet<String>,
    notices: &Arc<Notices>,
    shared: u64,
) -> PageContext<'a> {
    let waiting: Vec<&String> = material.contents.waiting.keys().collect();
    let left_out = (material.incomplete, material.contents.refused(), waiting, material.coming);
    let catalog = material.theme.catalog(lang);
    let word = |key: &str| {
        let word = catalog.and_then(|words| words.fill(key, &[]));
        word.unwrap_or_else(|| key.to_owned())
    };
    let note = |kind: &str, size: &str| {
        let note = catalog.and_then(|words| words.fill("text.file", &[("kind", kind), ("size", size)]));
        note.unwrap_or_else(|| format!(" ({kind}, {size})"))
    };
    let words = (markdown::WORDS.map(word), note("", ""));
    let mut context = PageContext::new(material, notices, lang, shared);
    // Dates are told in the words of the language.
    context.agenda = agenda::agenda(&context);
    context.facts = facts(&context);
    let facts = &context.facts;
    // Facts tell sessions; the titles of deadlines tell facts.
    for occasion in context.agenda.iter_mut().filter(|occasion| occasion.kind == DateKind::Deadlines) {
        occasion.title = facts.fill(&occasion.title);
    }
    let files = text_files::print(material);
    let links = fingerprint(&(known, files, &material.base, lang, left_out, words, facts.print()));
    let fact = |name: &str| facts.find(name);
    let resolve = |target: &str| resolve(material, known, lang, target);
    let find = |target: &str| text_files::find(material, &note, target);
    let texts = material.contents.pages.iter();
    let texts = texts.filter_map(|(path, texts)| Some((path.as_str(), texts.get(&lang)?)));
    let bodies = texts.map(|(path, text)| {
        let body = text.rendered(report, links, |report| {
            facts.check(report, text);
            let around = Around { lang, word: &word, fact: &fact, resolve: &resolve, find: &find };
            markdown::render(report, text.file, &text.body, text.offset, &around)
        });
        (path, body)
    });
    let bodies: BTreeMap<&str, Arc<Body>> = bodies.collect();
    check_related(report, material, known, lang);
    context.bodies = bodies;
    context
}

/// The pages and files of a language.
fn language<'a>(context: &Arc<PageContext<'a>>) -> Vec<Artifact<'a>> {
    let mut artifacts = Vec::new();
    home::add(&mut artifacts, context);
    awards::add(&mut artifacts, context);
    text_page::add_activities(&mut artifacts, context);
    text_page::add(&mut artifacts, context);
    gateway::add_not_found(&mut artifacts, context);
    zone::add(&mut artifacts, context);
    enterprise::add(&mut artifacts, context);
    ended::add(&mut artifacts, context);
    calendar::add(&mut artifacts, context);
    calendar_files::add(&mut artifacts, context);
    feeds::add(&mut artifacts, context);
    for (fair, notice) in context.material.fairs.iter().zip(&context.notices.fairs) {
        rules::add(&mut artifacts, context, fair);
        if let Some(notice) = notice {
            winners::add(&mut artifacts, context, notice);
            winner::add(&mut artifacts, context, notice);
            evidence::add(&mut artifacts, context, fair, notice);
        }
    }
    artifacts
}
