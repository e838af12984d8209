//! What is new, for feed readers: notices of awards, changes of the sourcing zone, pages with a date.

use super::frame::{Framer, Framers, text};
use super::notice::Notices;
use super::plan::Material;
use super::sealed;
use super::zone::{changes, past, residents};
use crate::data::Date;
use crate::site::feed::{Entry, Feed, atom, json_feed};
use crate::site::{Artifact, BaseUrl};

/// The Atom feed and the JSON Feed, below a language.
pub(super) const FILES: [&str; 2] = ["feed.xml", "feed.json"];

/// Adds the feeds of a language.
pub(super) fn add<'a>(
    artifacts: &mut Vec<Artifact<'a>>,
    framers: &Framers<'a>,
    index: usize,
    notices: &Notices,
) {
    let framer = &framers[index];
    let material = framer.material;
    let place = |path: &str| material.place(framer.lang, path);
    let [atom_url, json_url] = FILES.map(|path| material.base.absolute(&place(path)));
    let feed = Feed {
        title: material.site.title.value.get(framer.lang).to_owned(),
        subtitle: material.site.description.value.get(framer.lang).to_owned(),
        author: material.site.title.value.get(framer.lang).to_owned(),
        lang: framer.lang.tag().to_owned(),
        id: lasting(framer, ""),
        home: material.base.absolute(&place("")),
        atom: atom_url,
        json: json_url,
        entries: entries(framer, notices),
    };
    for (path, text) in FILES.into_iter().zip([atom(&feed), json_feed(&feed)]) {
        artifacts.push(Artifact::bytes(place(path), text.into_bytes()));
    }
}

fn entries(framer: &Framer<'_>, notices: &Notices) -> Vec<Entry> {
    let mut entries = notice_entries(framer, notices);
    entries.extend(zone_entries(framer));
    for (path, texts) in &framer.material.contents.pages {
        let Some(page) = texts.get(&framer.lang) else { continue };
        let Some(updated) = &page.front.updated else { continue };
        let (title, summary) = (page.front.title.value.clone(), page.front.summary.value.clone());
        let path = if path == "home" { String::new() } else { format!("{path}/") };
        entries.push(entry(framer, &path, updated.value, title, summary));
    }
    entries.sort_by(|one, other| (other.date, &one.id).cmp(&(one.date, &other.id)));
    entries
}

fn notice_entries(framer: &Framer<'_>, notices: &Notices) -> Vec<Entry> {
    let published = notices.fairs.iter().flatten();
    published
        .map(|notice| {
            let levels = notice.levels(framer);
            let levels: Vec<String> = levels
                .iter()
                .map(|level| {
                    let count = level.count.to_string();
                    framer.fill("notice.level", &[("award", &level.title), ("n", &count)])
                })
                .collect();
            let days = framer.fill(
                "period.range",
                &[("from", &framer.date(notice.start).long), ("to", &framer.date(notice.until).long)],
            );
            let mut text = framer
                .fill("feed.notice", &[("levels", &levels.join(&framer.word("sep.list"))), ("days", &days)]);
            if let Some(seal) = sealed::view(framer, notice.index) {
                text = format!("{text} {}", framer.fill("feed.seal", &[("sha256", &seal.sha256)]));
            }
            if notice.demonstration {
                text = format!("{} {text}", framer.word("demonstration.banner"));
            }
            entry(framer, &notice.path, notice.from, notice.heading(framer), text)
        })
        .collect()
}

fn zone_entries(framer: &Framer<'_>) -> Vec<Entry> {
    let material = framer.material;
    let mut entries = Vec::new();
    for (fair, roster) in material.zone().into_iter().chain(past(material)) {
        let first = fair.fair.days().map(|(start, _)| start);
        let Some(date) = roster.updated.as_ref().map(|updated| updated.value).or(first) else { continue };
        let short = fair.fair.short.as_ref().map(|short| text(short, framer.lang)).unwrap_or_default();
        let count = residents(roster).len().to_string();
        let mut told = framer.fill("feed.zone-text", &[("n", &count)]);
        if let Some(changes) = changes(framer, fair, roster) {
            let [arrived, left, moved] = changes.counts().map(|count| count.to_string());
            let values = [("arrived", arrived.as_str()), ("left", &left), ("moved", &moved)];
            told = format!("{told} {}", framer.fill("feed.zone-changes", &values));
        }
        told = format!("{told} {}", text(&roster.caveat, framer.lang));
        let shown = material.zone().is_some_and(|(zone, _)| zone.fair.fair.value == fair.fair.fair.value);
        let path = match shown {
            true => "zone/".to_owned(),
            false => format!("zone/fairs/{}/", fair.fair.fair.value),
        };
        let title = framer.fill("feed.zone", &[("fair", &short)]);
        let mut entry = entry(framer, &path, date, title, told);
        // The directory moves on from fair to fair; what was said of one stays an entry of its own.
        entry.id = lasting(framer, &format!("zone/#{}", fair.fair.fair.value));
        entries.push(entry);
    }
    entries
}

fn entry(framer: &Framer<'_>, path: &str, date: Date, title: String, text: String) -> Entry {
    let url = framer.material.base.absolute(&framer.material.place(framer.lang, path));
    Entry { id: lasting(framer, path), title, text, url, date }
}

/// An identifier that stays the same wherever the site is published: the address by `site.yaml`.
fn lasting(framer: &Framer<'_>, path: &str) -> String {
    let material: &Material<'_> = framer.material;
    let base = BaseUrl::parse(&material.site.base_url.value).unwrap_or_else(|_| material.base.clone());
    format!("{}{}/{}/{path}", base.origin(), base.prefix(), framer.lang)
}
