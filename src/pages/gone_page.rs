//! The page at an address whose page was taken away: it says why, and leads on.

use std::sync::Arc;

use serde::Serialize;

use super::addresses;
use super::context::PageContext;
use super::links::LinkView;
use super::names::NameView;
use super::page::{Page, add_page_at};
use crate::site::{Artifact, Permalink};

/// Why something is not there any more.
#[derive(Serialize)]
pub(super) struct GoneView {
    /// One paragraph each.
    pub reasons: Vec<NameView>,
    /// Where to go instead, before the home page and the search.
    pub links: Vec<LinkView>,
}

/// Adds a page that says why something is not there any more. `path` is the one by which the languages are chosen.
pub(super) fn add_gone_page<'a>(
    artifacts: &mut Vec<Artifact<'a>>,
    context: &Arc<PageContext<'a>>,
    place: Permalink,
    path: &str,
    view: impl Fn(&PageContext<'a>) -> (Page, GoneView) + Send + Sync + 'a,
) {
    add_page_at(artifacts, context, place, path, "gone.html", move |context| {
        let (page, mut view) = view(context);
        let onward = [("nav.home", addresses::HOME), ("nav.search", addresses::SEARCH)];
        let onward =
            onward.map(|(word, path)| LinkView { title: context.word(word), url: context.url(path) });
        view.links.extend(onward);
        let title = if page.title.is_empty() { context.word("gone.title") } else { page.title };
        (Page { kind: "gone", title, ..page }, view)
    });
}
