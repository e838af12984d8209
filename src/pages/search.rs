//! What can be searched for, and the page that does it. Without a script the page is the list of lists.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::context::PageContext;
use super::links::LinkView;
use super::material::residents;
use super::names::other_names;
use super::notice::Notice;
use super::page::{Page, add_page};
use super::{addresses, rules, winners};
use crate::site::Artifact;
use crate::site::search::{Entry, Folds, index, text_of};

#[derive(Serialize)]
struct SearchView {
    /// The folder of the index.
    index: String,
    /// The script that asks it.
    script: String,
    /// The root of the language, to which the paths of results are relative.
    root: String,
    groups: Vec<SearchGroup>,
}

/// Pages that belong together.
#[derive(Serialize, Clone)]
struct SearchGroup {
    title: String,
    url: String,
    links: Vec<LinkView>,
}

/// Adds the page and the index of a language. What can be found is what other pages show.
pub(super) fn add<'a>(artifacts: &mut Vec<Artifact<'a>>, context: &Arc<PageContext<'a>>) {
    let folds = Folds::parse(context.words.word("search.fold").unwrap_or_default());
    let index = index(&entries(context), &folds);
    let folder = format!("{}{}/", addresses::SEARCH, index.folder);
    for (name, bytes) in index.files {
        artifacts.push(Artifact::bytes(context.place(&format!("{folder}{name}")), bytes));
    }
    let groups = groups(context);
    // What is found are winners, among others.
    let demonstration = context.notices.published().any(|notice| notice.demonstration);
    add_page(artifacts, context, addresses::SEARCH, "search.html", move |context| {
        let page = Page {
            kind: "search",
            group: "search",
            title: context.word("search.title"),
            description: context.word("search.description"),
            demonstration,
            ..Page::default()
        };
        let view = SearchView {
            index: context.url(&folder),
            script: context.asset("search.js"),
            root: context.url(addresses::HOME),
            groups: groups.clone(),
        };
        (page, view)
    });
}

/// Everything that can be found: pages that people write, enterprises, notices with their rules, winners.
fn entries(context: &PageContext<'_>) -> Vec<Entry> {
    let material = context.material;
    let mut entries = Vec::new();
    entries.extend(context.groups().map(|(path, place)| text_entry(context, path, place)));
    let mut pages: Vec<_> = material
        .contents
        .pages
        .iter()
        .filter(|(path, _)| !addresses::GENERATED.contains(&path.as_str()))
        .filter_map(|(path, texts)| Some((texts.get(&context.lang)?.front.order, path)))
        .collect();
    pages.sort();
    entries.extend(pages.into_iter().map(|(_, path)| text_entry(context, path, &addresses::text(path))));
    entries.extend(enterprises(context));
    for (fair, notice) in material.fairs.iter().zip(&context.notices.fairs) {
        if fair.rulebook.is_some() {
            entries.push(rules::found(context, fair));
        }
        if let Some(notice) = notice {
            entries.push(notice_entry(context, notice));
            entries.extend(winners::found(context, notice));
        }
    }
    entries
}

fn text_entry(context: &PageContext<'_>, path: &str, place: &str) -> Entry {
    let (title, summary) = context.title_and_summary(path);
    Entry {
        path: place.to_owned(),
        title,
        note: summary,
        text: text_of(&context.body(path)),
        ..Entry::default()
    }
}

/// The enterprises of the sourcing zone, as its directory names them.
fn enterprises(context: &PageContext<'_>) -> Vec<Entry> {
    let material = context.material;
    let Some((_, roster)) = material.zone() else { return Vec::new() };
    let mut entries = Vec::new();
    for slug in residents(roster) {
        let Some(enterprise) = material.enterprises.get(slug) else { continue };
        let name = &enterprise.name.value;
        let (shown, _) = material.zone_text(name, context.lang);
        let country = context.country(enterprise.country.value);
        let business = enterprise.business.as_ref();
        let business = business.map(|business| material.zone_text(&business.value, context.lang).0);
        let note: Vec<&str> = std::iter::once(country.as_str()).chain(business).collect();
        entries.push(Entry {
            path: addresses::enterprise(slug),
            title: shown.to_owned(),
            note: note.join(&context.word("sep.dot")),
            names: other_names(context, name).map(|(_, name)| name.to_owned()).collect(),
            ..Entry::default()
        });
    }
    entries
}

fn notice_entry(context: &PageContext<'_>, notice: &Notice) -> Entry {
    let (_, summary) = context.title_and_summary("notice");
    Entry {
        path: notice.path.clone(),
        title: notice.heading(context),
        note: summary,
        text: text_of(&context.body("notice")),
        ..Entry::default()
    }
}

fn groups(context: &PageContext<'_>) -> Vec<SearchGroup> {
    let material = context.material;
    let mut awards = Vec::new();
    for (fair, notice) in material.fairs.iter().zip(&context.notices.fairs) {
        if let Some(notice) = notice {
            awards.push(LinkView { title: notice.heading(context), url: context.url(&notice.path) });
        }
        if fair.rulebook.is_some() {
            let url = context.url(&addresses::rules(fair.number()));
            awards.push(LinkView { title: rules::title(context, fair), url });
        }
    }
    let zone = enterprises(context)
        .into_iter()
        .map(|entry| LinkView { title: entry.title, url: context.url(&entry.path) });
    let activities = material.contents.below("activities", context.lang);
    let activities = activities.into_iter().map(|(path, text)| LinkView {
        title: context.facts.fill(&text.front.title.value),
        url: context.url(&addresses::text(path)),
    });
    let mut links =
        BTreeMap::from([("awards", awards), ("zone", zone.collect()), ("activities", activities.collect())]);
    let group = |(key, path): (&str, &str)| SearchGroup {
        title: context.title_and_summary(key).0,
        url: context.url(path),
        links: links.remove(key).unwrap_or_default(),
    };
    context.groups().map(group).collect()
}
