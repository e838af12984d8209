//! Addresses that pages and files had before. A page leads to its place of today; a file stands at both, for whoever
//! subscribes to a calendar or a feed follows no page.

use std::collections::BTreeMap;
use std::sync::Arc;

use hashbrown::HashMap;
use serde::Serialize;

use super::addresses;
use super::context::PageContext;
use super::kept_addresses::KeptAddresses;
use super::links::LinkView;
use super::material::{Material, root_place};
use super::names::{enterprise_name, exhibitor_name};
use super::page::{Page, add_page_at};
use crate::data::Spanned;
use crate::lang::Lang;
use crate::site::{Artifact, Hosting, Permalink};
use crate::source::{Message, Report, Span, code, nearest, say};

/// A page at an old address.
#[derive(Serialize)]
struct RedirectView {
    target: LinkView,
}

/// An old address of a page or file.
#[derive(Clone, Debug)]
pub(super) struct Alias {
    pub from: Permalink,
    pub to: Permalink,
    /// Where it is written.
    span: Span,
}

/// What is planned, by the file that it would be on a disk that takes no note of capital letters.
pub(super) struct Planned(HashMap<String, Permalink>);

impl Planned {
    pub(super) fn new(artifacts: &[Artifact<'_>]) -> Planned {
        let mut planned = Planned(HashMap::with_capacity(artifacts.len()));
        planned.extend(artifacts.iter().map(|artifact| &artifact.permalink));
        planned
    }

    /// Adds places.
    pub(super) fn extend<'p>(&mut self, places: impl Iterator<Item = &'p Permalink>) {
        self.0.extend(places.map(|place| (place.file().to_lowercase(), place.clone())));
    }

    /// What is planned at a place, or would be the same file.
    fn at(&self, place: &Permalink) -> Option<&Permalink> {
        self.0.get(&place.file().to_lowercase())
    }

    /// Whether a page or file is planned at a place.
    pub(super) fn has(&self, place: &Permalink) -> bool {
        self.at(place) == Some(place)
    }

    /// What is planned.
    pub(super) fn places(&self) -> impl Iterator<Item = &Permalink> {
        self.0.values()
    }
}

/// The places that a path names: one below each language, or the one below the root if it begins with a slash.
pub(super) fn places(languages: &[Lang], path: &str) -> Result<Vec<Permalink>, Message> {
    if path.starts_with('/') {
        return Ok(vec![place(languages[0], path)?]);
    }
    languages.iter().map(|&lang| place(lang, path)).collect()
}

/// The place of a path: below the language, or below the root where it begins with a slash.
fn place(lang: Lang, path: &str) -> Result<Permalink, Message> {
    let path = match path.strip_prefix('/') {
        Some(path) => path.to_owned(),
        None => format!("{lang}/{path}"),
    };
    let is_file = path.rsplit('/').next().is_some_and(|last| last.contains('.'));
    Permalink::new(if path.is_empty() || path.ends_with('/') || is_file { path } else { format!("{path}/") })
}

/// The old addresses that the files name, without those that are wrong, which are reported.
pub(super) fn aliases(report: &mut Report, material: &Material<'_>, planned: &Planned) -> Vec<Alias> {
    let mut aliases = of_texts(report, material);
    aliases.extend(of_enterprises(report, material));
    aliases.extend(of_site(report, material, planned));
    // The authentic language first: an address from the root that both languages of a page name leads to its page.
    let language = |alias: &Alias| material.below_language(&alias.to).map(|(lang, _)| lang);
    aliases.sort_by_key(|alias| material.languages.iter().position(|lang| Some(*lang) == language(alias)));
    let below = |place: &Permalink| material.below_language(place).map(|(_, path)| path.to_owned());
    let mut first: BTreeMap<Permalink, (Span, Option<String>)> = BTreeMap::new();
    // One that is wrong below every language is told once.
    aliases.retain(|alias| {
        if let Some(taken) = planned.at(&alias.from) {
            report_taken(report, material, alias, taken);
            return false;
        }
        match first.insert(alias.from.clone(), (alias.span, below(&alias.to))) {
            Some((other, page)) if other != alias.span => {
                if page.is_some() && page == below(&alias.to) {
                    return false;
                }
                report
                    .error(
                        code::ALIAS,
                        alias.span,
                        say!("`{from}` is the old address of two pages", from = alias.from),
                    )
                    .beside(other, say!("it is named here too"))
                    .hint(say!("keep one of the two"));
                false
            }
            _ => true,
        }
    });
    aliases
}

fn report_taken(report: &mut Report, material: &Material<'_>, alias: &Alias, taken: &Permalink) {
    if report.has_error(code::ALIAS, alias.span) {
        return;
    }
    let message = match *taken == alias.to {
        true => say!("`{from}` is the address of this page itself", from = alias.from),
        false => say!("`{from}` is already the address of a page or file", from = alias.from),
    };
    let draft = report.error(code::ALIAS, alias.span, message);
    let draft = match owner(material, taken).filter(|_| *taken != alias.to) {
        Some(span) => draft.beside(span, say!("its address is `{taken}`", taken)),
        None => draft,
    };
    draft.hint(say!("remove it here: an old address is one at which nothing else stands"));
}

/// Where the page at a place is written, if people write it.
fn owner(material: &Material<'_>, place: &Permalink) -> Option<Span> {
    let (lang, path) = material.below_language(place)?;
    if let Some(text) = material.contents.find(addresses::text_of_page(path), lang) {
        return Some(text.front.title.span);
    }
    let mut enterprises = material.enterprises.iter();
    let (_, enterprise) = enterprises.find(|(slug, _)| addresses::enterprise(slug) == path)?;
    Some(enterprise.name.span)
}

fn of_texts(report: &mut Report, material: &Material<'_>) -> Vec<Alias> {
    let mut aliases = Vec::new();
    for (path, texts) in material.contents.with_address() {
        for (&lang, text) in texts {
            for alias in &text.front.aliases {
                if ["notice", "rules"].contains(&path.as_str()) {
                    report
                        .error(
                            code::ALIAS,
                            alias.span,
                            say!("`{path}` is part of other pages and has no address of its own", path),
                        )
                        .hint(say!("remove `aliases` here"));
                    continue;
                }
                let to = material.place(lang, &addresses::text(path));
                let from = page_places(report, &[lang], alias).into_iter();
                aliases.extend(from.map(|from| Alias { from, to: to.clone(), span: alias.span }));
            }
        }
    }
    aliases
}

fn of_enterprises(report: &mut Report, material: &Material<'_>) -> Vec<Alias> {
    let mut aliases = Vec::new();
    let with_page = material.enterprises_with_page();
    for (slug, enterprise) in material.enterprises {
        for alias in &enterprise.aliases {
            let path = addresses::enterprise(slug);
            // Before its day it has no page to which they could lead; after its last day it has.
            if material.coming.contains_key(&path) && !with_page.contains(&slug.as_str()) {
                continue;
            }
            let from = page_places(report, &material.languages, alias);
            if !material.ended.contains_key(&path)
                && !with_page.contains(&slug.as_str())
                && material.incomplete.is_empty()
            {
                report
                    .error(
                        code::ALIAS,
                        alias.span,
                        say!(
                            "`{slug}` is in no roster and has no page to which an old address could lead",
                            slug
                        ),
                    )
                    .hint(say!("add it to a roster, or remove `aliases` here"));
                continue;
            }
            let tos = material.languages.iter().map(|&lang| material.place(lang, &path));
            aliases.extend(from.into_iter().zip(tos).map(|(from, to)| Alias { from, to, span: alias.span }));
        }
    }
    aliases
}

/// The old addresses of pages and files that have no file of their own.
fn of_site(report: &mut Report, material: &Material<'_>, planned: &Planned) -> Vec<Alias> {
    let languages = &material.languages;
    let mut aliases = Vec::new();
    for (from, to) in &material.site.aliases {
        let is_file =
            |path: &str| !path.is_empty() && Permalink::new(path).is_ok_and(|place| !place.is_page());
        let [from_root, to_root] = [&from.value, &to.value].map(|path| path.starts_with('/'));
        let [from_file, to_file] = [&from.value, &to.value].map(|path| is_file(path.trim_start_matches('/')));
        if from_root != to_root {
            report
                .error(
                    code::ALIAS,
                    to.span,
                    say!("`{from}` and `{to}` do not begin alike", from = from.value, to = to.value),
                )
                .hint(say!("write both without the language, such as `old/page/: new/page/`, or both from the root, such as `/old.pdf: /files/new.pdf`"));
            continue;
        }
        let (froms, tos) = match (places(languages, &from.value), places(languages, &to.value)) {
            (Ok(froms), Ok(tos)) => (froms, tos),
            (Err(why), _) => {
                report_path(report, from, why);
                continue;
            }
            (_, Err(why)) => {
                report_path(report, to, why);
                continue;
            }
        };
        // Only a page in a language can be led to.
        let leads = |to: &Permalink| !to.is_page() || material.below_language(to).is_some();
        let missing = tos.iter().find(|to| !planned.has(to) || !leads(to));
        if let Some(missing) = missing {
            let below = material.below_language(missing).map_or(missing.as_str(), |(_, path)| path);
            if !material.is_left_out(below) {
                let near = nearest(missing.as_str(), planned.places().map(Permalink::as_str));
                // As it would be written here: from the root, or without the language.
                let near = near.map(|near| match near.split_once('/').filter(|_| !to_root) {
                    Some((_, below)) => below.to_owned(),
                    None => format!("/{near}"),
                });
                report
                    .error(code::ALIAS, to.span, say!("no page or file has the address `{missing}`", missing))
                    .label_meant(near.as_deref())
                    .hint(say!("write the address of today"));
            }
            continue;
        }
        if from_file != to_file {
            report
                .error(
                    code::ALIAS,
                    to.span,
                    say!(
                        "one of `{from}` and `{to}` is a page, the other a file",
                        from = from.value,
                        to = to.value
                    ),
                )
                .hint(say!("a page leads to a page, and a file stands for a file"));
            continue;
        }
        aliases.extend(froms.into_iter().zip(tos).map(|(from_place, to)| Alias {
            from: from_place,
            to,
            span: from.span,
        }));
    }
    aliases
}

/// The places of an old address of a page. What is none is reported.
fn page_places(report: &mut Report, languages: &[Lang], alias: &Spanned<String>) -> Vec<Permalink> {
    match places(languages, &alias.value) {
        Err(why) => {
            report_path(report, alias, why);
            Vec::new()
        }
        Ok(places) if places.iter().any(|place| !place.is_page()) => {
            report
                .error(code::ALIAS, alias.span, say!("`{alias}` is not a page address", alias = alias.value))
                .hint(say!("write a path such as `old/page/` or `old.html`"));
            Vec::new()
        }
        Ok(places) => places,
    }
}

/// Reports a path that no address can have.
pub(super) fn report_path(report: &mut Report, path: &Spanned<String>, why: Message) {
    report.error(code::ALIAS, path.span, why).hint(say!(
        "write a path without the language, such as `old/page/`, or from the root, such as `/old.html`"
    ));
}

/// What was published below an old address and stands below the new one today moves with it.
pub(super) fn with_it(aliases: &[Alias], kept: &KeptAddresses, planned: &Planned) -> Vec<Alias> {
    let mut folders: BTreeMap<&str, &Alias> = BTreeMap::new();
    let has_below = |place: &Permalink| place.as_str().ends_with('/');
    for alias in aliases.iter().filter(|alias| has_below(&alias.from) && has_below(&alias.to)) {
        folders.insert(alias.from.as_str(), alias);
    }
    let named = |place: &Permalink| aliases.iter().any(|alias| alias.from == *place);
    let mut moved = Vec::new();
    for place in kept.keys().filter(|place| planned.at(place).is_none() && !named(place)) {
        let path = place.as_str();
        let ends = path.rmatch_indices('/').map(|(at, _)| at + 1).filter(|&end| end < path.len());
        let found = ends.filter_map(|end| Some((folders.get(&path[..end])?, &path[end..])));
        let found = found.filter_map(|(alias, rest)| Some((alias, alias.to.join(rest).ok()?)));
        if let Some((alias, to)) = { found }.find(|(_, to)| planned.has(to)) {
            moved.push(Alias { from: place.clone(), to, span: alias.span });
        }
    }
    moved
}

/// What a server should know of the site.
pub(super) fn hosting(material: &Material<'_>, aliases: &[Alias], gone: Vec<Permalink>) -> Hosting {
    let pages = aliases.iter().filter(|alias| alias.from.is_page());
    let moved = pages.map(|alias| (alias.from.clone(), alias.to.clone())).collect();
    Hosting { base: material.base.clone(), preview: material.preview, moved, gone }
}

/// Adds what stands at the old addresses: a page that leads on, for hosts that cannot be told, or the file itself.
pub(super) fn add<'a>(
    artifacts: &mut Vec<Artifact<'a>>,
    contexts: &[Arc<PageContext<'a>>],
    aliases: &[Alias],
) {
    let places: HashMap<Permalink, usize> =
        artifacts.iter().enumerate().map(|(number, one)| (one.permalink.clone(), number)).collect();
    for Alias { from, to, .. } in aliases {
        if !from.is_page() {
            if let Some(&number) = places.get(to) {
                let file = Artifact { permalink: from.clone(), ..artifacts[number].clone() };
                artifacts.push(file);
            }
            continue;
        }
        let Some((lang, path)) = contexts[0].material.below_language(to) else { continue };
        let Some(context) = contexts.iter().find(|context| context.lang == lang) else { continue };
        let target = path.to_owned();
        add_page_at(artifacts, context, from.clone(), path, "redirect.html", move |context| {
            let (title, description) = title_and_summary(context, &target);
            let page =
                Page { kind: "moved", title: context.word("redirect.title"), description, ..Page::default() };
            (page, RedirectView { target: LinkView { title, url: context.url(&target) } })
        });
    }
}

/// The title and the summary of a page by its path; of one that has no text, what it is about or its address.
fn title_and_summary(context: &PageContext<'_>, path: &str) -> (String, String) {
    let material = context.material;
    let (title, summary) = context.title_and_summary(addresses::text_of_page(path));
    if !title.is_empty() {
        return (title, summary);
    }
    if let Some(text) = context.ended(addresses::text_of_page(path)) {
        return (context.facts.fill(&text.front.title.value), String::new());
    }
    let mut enterprises = material.enterprises.keys();
    let mut winners = context.notices.published().flat_map(|notice| &notice.winners);
    let name = if let Some(slug) = enterprises.find(|slug| addresses::enterprise(slug) == path) {
        Some(enterprise_name(context, slug))
    } else {
        let winner = winners.find(|winner| winner.path == path);
        winner.map(|winner| {
            exhibitor_name(context, &winner.name_zh, winner.name_en.as_deref(), &winner.further_names).text
        })
    };
    (name.unwrap_or_else(|| context.absolute(path)), String::new())
}

/// Adds the files that some hosts read from the site itself.
pub(super) fn add_files<'a>(artifacts: &mut Vec<Artifact<'a>>, hosting: Hosting) {
    if let Some(redirects) = hosting.redirects_file() {
        artifacts.push(Artifact::bytes(root_place("_redirects"), redirects.into_bytes()));
    }
    let headers = move |inline: &_| hosting.headers_file(inline).into_bytes();
    artifacts.push(Artifact::last(root_place("_headers"), headers));
}
