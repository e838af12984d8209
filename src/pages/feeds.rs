//! What is new, for feed readers: notices of awards, changes of the sourcing zone, pages with a date.

use super::addresses::{self, FEEDS};
use super::context::PageContext;
use super::fair_view::short_name;
use super::material::residents;
use super::sealed::seal_view;
use super::zone_changes::changes;
use crate::data::Date;
use crate::site::Artifact;
use crate::site::feed::{Entry, Feed, atom, json_feed};

/// Adds the feeds of a language.
pub(super) fn add<'a>(artifacts: &mut Vec<Artifact<'a>>, context: &PageContext<'a>) {
    let site = context.material.site;
    let title = context.in_language(&site.title);
    let [atom_url, json_url] = FEEDS.map(|path| context.absolute(path));
    let feed = Feed {
        author: title.clone(),
        title,
        subtitle: context.in_language(&site.description),
        lang: context.lang.tag().to_owned(),
        id: lasting(context, addresses::HOME),
        home: context.absolute(addresses::HOME),
        atom: atom_url,
        json: json_url,
        entries: entries(context),
    };
    for (path, text) in FEEDS.into_iter().zip([atom(&feed), json_feed(&feed)]) {
        artifacts.push(Artifact::bytes(context.place(path), text.into_bytes()));
    }
}

fn entries(context: &PageContext<'_>) -> Vec<Entry> {
    let mut entries = notice_entries(context);
    entries.extend(zone_entries(context));
    for (path, texts) in &context.material.contents.pages {
        let Some(page) = texts.get(&context.lang) else { continue };
        let Some(updated) = &page.front.updated else { continue };
        let (title, summary) =
            ([&page.front.title, &page.front.summary].map(|text| context.facts.fill(&text.value))).into();
        entries.push(entry(context, &addresses::text(path), updated.value, title, summary));
    }
    entries.sort_by(|one, other| (other.date, &one.id).cmp(&(one.date, &other.id)));
    entries
}

fn notice_entries(context: &PageContext<'_>) -> Vec<Entry> {
    let published = context.notices.published();
    published
        .map(|notice| {
            let levels = notice.levels(context);
            let levels: Vec<String> = levels
                .iter()
                .map(|level| {
                    let count = level.count.to_string();
                    context.fill("notice.level", &[("award", &level.title), ("n", &count)])
                })
                .collect();
            let days = context.fill(
                "period.range",
                &[("from", &context.date(notice.start).long), ("to", &context.date(notice.until).long)],
            );
            let mut text =
                context.fill("feed.notice", &[("levels", &context.list(&levels)), ("days", &days)]);
            if let Some(seal) = seal_view(context, context.fair(notice)) {
                text = format!("{text} {}", context.fill("feed.seal", &[("sha256", &seal.sha256)]));
            }
            if notice.demonstration {
                text = format!("{} {text}", context.word("demonstration.banner"));
            }
            entry(context, &notice.path, notice.from, notice.heading(context), text)
        })
        .collect()
}

fn zone_entries(context: &PageContext<'_>) -> Vec<Entry> {
    let material = context.material;
    let mut entries = Vec::new();
    for (fair, roster) in material.zone().into_iter().chain(material.past_zones()) {
        let first = fair.fair.days().map(|(start, _)| start);
        let Some(date) = roster.updated.as_ref().map(|updated| updated.value).or(first) else { continue };
        let count = residents(roster).len().to_string();
        let mut told = context.fill("feed.zone-text", &[("n", &count)]);
        if let Some(changes) = changes(context, fair, roster) {
            let [arrived, left, moved] = changes.counts().map(|count| count.to_string());
            let values = [("arrived", arrived.as_str()), ("left", &left), ("moved", &moved)];
            told = format!("{told} {}", context.fill("feed.zone-changes", &values));
        }
        told = format!("{told} {}", context.in_language(&roster.caveat));
        let number = fair.number();
        let shown = material.zone().is_some_and(|(zone, _)| zone.number() == number);
        let path = if shown { addresses::ZONE.to_owned() } else { addresses::past_zone(number) };
        let title = context.fill("feed.zone", &[("fair", &short_name(context, fair))]);
        let mut entry = entry(context, &path, date, title, told);
        // The directory moves on from fair to fair; what was said of one stays an entry of its own.
        entry.id = lasting(context, &format!("{}#{number}", addresses::ZONE));
        entries.push(entry);
    }
    entries
}

fn entry(context: &PageContext<'_>, path: &str, date: Date, title: String, text: String) -> Entry {
    Entry { id: lasting(context, path), title, text, url: context.absolute(path), date }
}

/// An identifier that stays the same wherever the site is published: the address by `site.yaml`.
fn lasting(context: &PageContext<'_>, path: &str) -> String {
    let base = context.material.lasting_base();
    format!("{}{}/{}/{path}", base.origin(), base.prefix(), context.lang)
}
