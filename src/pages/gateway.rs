//! Pages that speak all languages: the language gateway, and the page for what is not there.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::addresses;
use super::context::PageContext;
use super::links::{LanguageView, LinkView, language_view};
use super::material::root_place;
use super::page::Page;
use crate::lang::Lang;
use crate::site::{Artifact, Permalink};

#[derive(Serialize)]
struct GatewayView {
    languages: Vec<GatewayLanguage>,
}

#[derive(Serialize)]
struct GatewayLanguage {
    #[serde(flatten)]
    language: LanguageView,
    title: String,
    disclaimer: String,
    w: BTreeMap<String, BTreeMap<String, String>>,
    links: Vec<LinkView>,
}

/// Adds the language gateway and the page for what is not there, which speak all languages.
pub(super) fn add_gateway<'a>(artifacts: &mut Vec<Artifact<'a>>, contexts: &[Arc<PageContext<'a>>]) {
    // Marked up in English where that is one of them.
    let host = contexts.iter().find(|context| context.lang == Lang::EN).unwrap_or(&contexts[0]);
    let place = root_place(addresses::HOME);
    add_multilingual(artifacts, place, host, contexts, "gateway.html", "gateway");
    let place = root_place(addresses::NOT_FOUND);
    add_multilingual(artifacts, place, host, contexts, "notfound.html", "notfound");
}

/// Adds the page for what is not there in the tree of one language.
pub(super) fn add_not_found<'a>(artifacts: &mut Vec<Artifact<'a>>, context: &Arc<PageContext<'a>>) {
    let place = context.place(addresses::NOT_FOUND);
    add_multilingual(artifacts, place, context, std::slice::from_ref(context), "notfound.html", "notfound");
}

fn add_multilingual<'a>(
    artifacts: &mut Vec<Artifact<'a>>,
    place: Permalink,
    host: &Arc<PageContext<'a>>,
    shown: &[Arc<PageContext<'a>>],
    template: &'static str,
    group: &'static str,
) {
    let (host, shown) = (Arc::clone(host), shown.to_vec());
    artifacts.push(Artifact::page(place, move |report| {
        let languages = shown.iter().map(|context| gateway_language(context, group)).collect();
        let page = Page {
            kind: group,
            title: host.word(&format!("{group}.title")),
            description: host.in_language(&host.material.site.description),
            ..Page::default()
        };
        let mut data = host.page_data(addresses::HOME, page, GatewayView { languages });
        data.stand_at_root(&host.material.base);
        host.material.theme.render(report, template, host.lang, &data)
    }));
}

fn gateway_language(context: &PageContext<'_>, group: &str) -> GatewayLanguage {
    let home = LinkView { title: context.word("nav.home"), url: context.url(addresses::HOME) };
    let groups = context
        .groups()
        .map(|(key, path)| LinkView { title: context.word(&format!("nav.{key}")), url: context.url(path) });
    GatewayLanguage {
        language: language_view(context.material, context.lang, addresses::HOME),
        title: context.in_language(&context.material.site.title),
        disclaimer: context.in_language(&context.material.site.disclaimer),
        w: context.nested_words(group),
        links: std::iter::once(home).chain(groups).collect(),
    }
}
