//! What is left of a page after its last day: its title, and that it has ended. Links to it lead somewhere.

use std::sync::Arc;

use super::addresses;
use super::context::PageContext;
use super::gone_page::{GoneView, add_gone_page};
use super::links::LinkView;
use super::names::{NameView, enterprise_name};
use super::page::Page;
use crate::site::Artifact;

/// Adds a page for each that has ended.
pub(super) fn add<'a>(artifacts: &mut Vec<Artifact<'a>>, context: &Arc<PageContext<'a>>) {
    for (path, &day) in context.material.ended {
        add_gone_page(artifacts, context, context.place(path), path, move |context| {
            let (kind, title) = match context.ended(addresses::text_of_page(path)) {
                Some(text) => ("page", context.facts.fill(&text.front.title.value)),
                None => ("enterprise", enterprise_name(context, slug_of_page(context, path))),
            };
            let text = context.fill(&format!("ended.{kind}"), &[("date", &context.date(day).long)]);
            let group = context.groups().find(|(_, above)| path.starts_with(above));
            let above = group.map(|(key, _)| context.above(key));
            let links =
                above.iter().map(|(title, path)| LinkView { title: title.clone(), url: context.url(path) });
            let view = GoneView { reasons: vec![NameView::plain(text.clone())], links: links.collect() };
            let group = group.map(|(key, _)| key).unwrap_or_default();
            let above = above.into_iter().collect();
            (Page { group, title, description: text, above, ..Page::default() }, view)
        });
    }
}

/// The enterprise of a page.
fn slug_of_page<'c>(context: &PageContext<'c>, path: &str) -> &'c str {
    let slugs = context.material.enterprises.keys();
    slugs.map(String::as_str).find(|slug| addresses::enterprise(slug) == path).unwrap_or_default()
}
