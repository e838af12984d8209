//! The pages that people write, and the list of activities.

use std::sync::Arc;

use serde::Serialize;

use super::addresses;
use super::agenda::{OccasionView, dates_of_page};
use super::contacts::ContactView;
use super::content::Text;
use super::context::PageContext;
use super::front_matter::Fact;
use super::page::{Page, add_page};
use crate::site::Artifact;
use crate::source::fingerprint;

/// A page among others, with what it is about.
#[derive(Serialize, Clone)]
pub(super) struct TeaserView {
    title: String,
    summary: String,
    url: String,
}

#[derive(Serialize)]
struct ActivitiesView {
    body: String,
    activities: Vec<TeaserView>,
}

#[derive(Serialize)]
struct TextView {
    body: String,
    lede: String,
    facts: Vec<Fact>,
    contacts: Vec<ContactView>,
    /// The headings of the text, for pages that have several.
    contents: Vec<PartView>,
    dates: Vec<OccasionView>,
    calendar_url: String,
    related: Vec<TeaserView>,
}

/// A part of a page.
#[derive(Serialize)]
struct PartView {
    title: String,
    /// The name by which a link leads to it.
    id: String,
}

/// Adds the list of activities.
pub(super) fn add_activities<'a>(artifacts: &mut Vec<Artifact<'a>>, context: &Arc<PageContext<'a>>) {
    add_page(artifacts, context, addresses::ACTIVITIES, "activities.html", |context| {
        let view = ActivitiesView { body: context.body("activities"), activities: activities(context) };
        (context.page_of_text("activities"), view)
    });
}

/// Adds the pages that people write, but for those that belong to generated pages.
pub(super) fn add<'a>(artifacts: &mut Vec<Artifact<'a>>, context: &Arc<PageContext<'a>>) {
    let contents = context.material.contents;
    for (path, texts) in &contents.pages {
        if addresses::GENERATED.contains(&path.as_str()) {
            continue;
        }
        let Some(text) = texts.get(&context.lang) else { continue };
        let print = contents.print_of(path, text, context.lang);
        let shown = context.bodies.get(path.as_str()).map(|body| body.print);
        let usual = if path.starts_with(addresses::ACTIVITIES) { "activity.html" } else { "page.html" };
        // One that the theme has not is reported where pages are checked.
        let own = text.front.template.as_ref().map(|template| template.value.as_str());
        let theme = context.material.theme;
        let template = own.filter(|own| theme.templates().any(|name| name == *own)).unwrap_or(usual);
        let page = add_page(artifacts, context, &addresses::text(path), template, move |context| {
            text_page(context, path, text)
        });
        // Of what people write it shows its own, and names the pages above it and those to read next.
        page.made_of = Some(fingerprint(&(context.shared, print, shown)));
    }
}

/// The activities, in their order.
pub(super) fn activities(context: &PageContext<'_>) -> Vec<TeaserView> {
    let pages = context.material.contents.below("activities", context.lang);
    pages.into_iter().map(|(path, text)| teaser(context, path, text)).collect()
}

fn teaser(context: &PageContext<'_>, path: &str, text: &Text) -> TeaserView {
    TeaserView {
        title: context.facts.fill(&text.front.title.value),
        summary: context.facts.fill(&text.front.summary.value),
        url: context.url(&addresses::text(path)),
    }
}

fn text_page(context: &PageContext<'_>, path: &str, text: &Text) -> (Page, TextView) {
    let front = &text.front;
    let parent = path.rsplit_once('/').map(|(parent, _)| parent);
    let above = parent.and_then(|parent| {
        let (title, _) = context.title_and_summary(parent);
        (!title.is_empty()).then(|| (title, addresses::text(parent)))
    });
    let related = front.related.iter().filter_map(|related| {
        let path = related.value.trim_matches('/');
        Some(teaser(context, path, context.text(path)?))
    });
    let page = Page {
        kind: if parent == Some("activities") { "activity" } else { "page" },
        group: if parent == Some("activities") { "activities" } else { "" },
        title: context.facts.fill(&front.title.value),
        description: context.facts.fill(&front.summary.value),
        above: above.into_iter().collect(),
        ..Page::default()
    };
    let view = TextView {
        body: context.body(path),
        lede: context.facts.fill(&front.summary.value),
        facts: front
            .facts
            .iter()
            .map(|fact| Fact {
                label: context.facts.fill(&fact.value.label),
                value: context.facts.fill(&fact.value.value),
            })
            .collect(),
        contacts: context.contacts(front.contacts.iter().map(|contact| contact.value.as_str())),
        contents: context
            .contents(path)
            .iter()
            .map(|(title, id)| PartView { title: title.clone(), id: id.clone() })
            .collect(),
        dates: dates_of_page(context, path),
        calendar_url: context.url(addresses::CALENDAR),
        related: related.collect(),
    };
    (page, view)
}
