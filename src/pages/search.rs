//! What can be searched for, and the page that does it. Without a script the page is the list of lists.

use std::collections::BTreeMap;

use serde::Serialize;

use super::frame::{Framer, Framers, LinkView, Page, add_page};
use super::home::fair_view;
use super::notice::{Notice, Notices};
use super::{enterprise, rules, zone};
use crate::site::Artifact;
use crate::site::search::{Entry, Folds, index, text_of};

/// The path of the page below the language.
pub(super) const PATH: &str = "search/";

#[derive(Serialize)]
struct SearchView {
    /// The folder of the index.
    index: String,
    /// The script that asks it.
    script: String,
    /// The root of the language, to which the paths of results are relative.
    root: String,
    groups: Vec<GroupView>,
}

/// Pages that belong together.
#[derive(Serialize)]
struct GroupView {
    title: String,
    url: String,
    links: Vec<LinkView>,
}

/// Adds the page and the index of a language. What can be found is what other pages show.
pub(super) fn add<'a>(
    artifacts: &mut Vec<Artifact<'a>>,
    framers: &Framers<'a>,
    index_of_language: usize,
    notices: &Notices,
) {
    let framer = &framers[index_of_language];
    let folds = Folds::parse(framer.words.word("search.fold").unwrap_or_default());
    let index = index(&entries(framer, notices), &folds);
    let folder = format!("{PATH}{}/", index.folder);
    for (name, bytes) in index.files {
        artifacts
            .push(Artifact::bytes(framer.material.place(framer.lang, &format!("{folder}{name}")), bytes));
    }
    let groups = groups(framer, notices);
    // What is found are winners, among others.
    let demonstration = notices.fairs.iter().flatten().any(|notice| notice.demonstration);
    add_page(artifacts, framers, index_of_language, PATH, "search.html", move |framer| {
        let page = Page {
            path: PATH.to_owned(),
            kind: "search",
            group: "search",
            title: framer.word("search.title"),
            heading: framer.word("search.title"),
            description: framer.word("search.description"),
            above: Vec::new(),
            demonstration,
            lists: Vec::new(),
        };
        let view = SearchView {
            index: framer.url(&folder),
            script: framer.asset("search.js"),
            root: framer.url(""),
            groups: groups.iter().map(GroupView::copy).collect(),
        };
        (page, view)
    });
}

impl GroupView {
    fn copy(&self) -> GroupView {
        GroupView { title: self.title.clone(), url: self.url.clone(), links: self.links.clone() }
    }
}

/// Everything that can be found: pages that people write, enterprises, notices with their rules, winners.
fn entries(framer: &Framer<'_>, notices: &Notices) -> Vec<Entry> {
    let material = framer.material;
    let mut entries = Vec::new();
    entries.extend(framer.groups().map(|(path, place)| text_entry(framer, path, place)));
    let mut pages: Vec<_> = material
        .contents
        .pages
        .iter()
        .filter(|(path, _)| !super::home::GENERATED.contains(&path.as_str()))
        .filter_map(|(path, texts)| Some((texts.get(&framer.lang)?.front.order, path)))
        .collect();
    pages.sort();
    entries.extend(pages.into_iter().map(|(_, path)| text_entry(framer, path, &format!("{path}/"))));
    entries.extend(enterprises(framer));
    for (fair, notice) in material.fairs.iter().zip(&notices.fairs) {
        if fair.rulebook.is_some() {
            entries.push(rules::found(framer, fair));
        }
        if let Some(notice) = notice {
            entries.push(notice_entry(framer, notice));
            entries.extend(super::winners::found(framer, notice));
        }
    }
    entries
}

fn text_entry(framer: &Framer<'_>, path: &str, place: &str) -> Entry {
    let (title, summary) = framer.title_and_summary(path);
    Entry {
        path: place.to_owned(),
        title,
        note: summary,
        text: text_of(&framer.body(path)),
        ..Entry::default()
    }
}

/// The enterprises of the sourcing zone, as its directory names them.
fn enterprises(framer: &Framer<'_>) -> Vec<Entry> {
    let material = framer.material;
    let Some((_, roster)) = material.zone() else { return Vec::new() };
    let mut entries = Vec::new();
    for slug in zone::residents(roster) {
        let Some(enterprise) = material.enterprises.get(&slug) else { continue };
        let name = &enterprise.name.value;
        let (shown, _) = material.zone_text(name, framer.lang);
        let country = framer.country(enterprise.country.value);
        let business = enterprise.business.as_ref();
        let business = business.map(|business| material.zone_text(&business.value, framer.lang).0);
        let note: Vec<&str> = std::iter::once(country.as_str()).chain(business).collect();
        entries.push(Entry {
            path: enterprise::path(&slug),
            title: shown.to_owned(),
            note: note.join(&framer.word("sep.dot")),
            names: enterprise::other_names(framer, name).map(|(_, name)| name.to_owned()).collect(),
            ..Entry::default()
        });
    }
    entries
}

fn notice_entry(framer: &Framer<'_>, notice: &Notice) -> Entry {
    let (_, summary) = framer.title_and_summary("notice");
    Entry {
        path: notice.path.clone(),
        title: notice.heading(framer),
        note: summary,
        text: text_of(&framer.body("notice")),
        ..Entry::default()
    }
}

fn groups(framer: &Framer<'_>, notices: &Notices) -> Vec<GroupView> {
    let material = framer.material;
    let mut awards = Vec::new();
    for (fair, notice) in material.fairs.iter().zip(&notices.fairs) {
        if let Some(notice) = notice {
            awards.push(LinkView { title: notice.heading(framer), url: framer.url(&notice.path) });
        }
        if fair.rulebook.is_some() {
            let title = framer.title_and_summary("rules").0;
            let fair_name = fair_view(framer, fair).short;
            awards.push(LinkView {
                title: framer.fill("rules.title", &[("title", &title), ("fair", &fair_name)]),
                url: framer.url(&rules::path(fair)),
            });
        }
    }
    let zone = enterprises(framer)
        .into_iter()
        .map(|entry| LinkView { title: entry.title, url: framer.url(&entry.path) });
    let activities = material.contents.below("activities", framer.lang);
    let activities = activities.into_iter().map(|(path, text)| LinkView {
        title: text.front.title.value.clone(),
        url: framer.url(&format!("{path}/")),
    });
    let mut links =
        BTreeMap::from([("awards", awards), ("zone", zone.collect()), ("activities", activities.collect())]);
    let group = |(key, path): (&str, &str)| GroupView {
        title: framer.title_and_summary(key).0,
        url: framer.url(path),
        links: links.remove(key).unwrap_or_default(),
    };
    framer.groups().map(group).collect()
}
