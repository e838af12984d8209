//! Names of enterprises and exhibitors as pages show them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::context::PageContext;
use super::material::residents;
use crate::fair::{Enterprise, Roster};
use crate::lang::{Lang, Localized};

/// A name or a reason, with its language where that is not the page's.
#[derive(Serialize, Clone)]
pub(super) struct NameView {
    pub text: String,
    pub lang: Option<String>,
}

impl NameView {
    /// A text in a language.
    pub(super) fn new(context: &PageContext<'_>, text: &str, lang: Lang) -> NameView {
        NameView { text: text.to_owned(), lang: (context.lang != lang).then(|| lang.tag().to_owned()) }
    }

    /// A text in the language of the page, or in none.
    pub(super) fn plain(text: String) -> NameView {
        NameView { text, lang: None }
    }
}

/// The name of an exhibitor in the language of the page, as far as it has one.
pub(super) fn exhibitor_name(
    context: &PageContext<'_>,
    name_zh: &str,
    name_en: Option<&str>,
    further: &BTreeMap<Lang, String>,
) -> NameView {
    match (further.get(&context.lang), name_en) {
        (Some(name), _) => NameView::plain(name.clone()),
        (None, Some(name)) if context.lang != Lang::ZH => NameView::new(context, name, Lang::EN),
        _ => NameView::new(context, name_zh, Lang::ZH),
    }
}

/// The name of an enterprise as a page shows it; empty where there is no such enterprise.
pub(super) fn enterprise_name(context: &PageContext<'_>, slug: &str) -> String {
    let enterprise = context.material.enterprises.get(slug);
    let name =
        enterprise.map(|enterprise| context.material.zone_text(&enterprise.name.value, context.lang).0);
    name.unwrap_or_default().to_owned()
}

/// The names of an enterprise in other languages than the one that a page shows, in the order of the languages of
/// the site.
pub(super) fn other_names<'n>(
    context: &PageContext<'n>,
    name: &'n Localized,
) -> impl Iterator<Item = (Lang, &'n str)> {
    let (shown, lang) = context.material.zone_text(name, context.lang);
    let languages = context.material.languages.iter().copied().filter(move |other| *other != lang);
    let others = languages.filter_map(|lang| Some((lang, name.find(lang)?)));
    others.filter(move |(_, other)| *other != shown && !other.trim().is_empty())
}

/// The enterprises of a roster, sorted for the reader: in Chinese by pinyin, else by name.
pub(super) fn in_order<'r>(context: &PageContext<'_>, roster: &'r Roster) -> Vec<&'r str> {
    let material = context.material;
    let mut slugs = residents(roster);
    slugs.retain(|slug| material.enterprises.contains_key(*slug));
    let name =
        |enterprise: &Enterprise| material.zone_text(&enterprise.name.value, context.lang).0.to_owned();
    slugs.sort_by(|one, other| {
        let [one, other] = [one, other].map(|slug| &material.enterprises[*slug]);
        match context.lang {
            // No table of readings is right for every Chinese name, so they say their own.
            Lang::ZH => one.sort.value.cmp(&other.sort.value),
            _ => context.collation.compare(&name(one), &name(other)),
        }
    });
    slugs
}
