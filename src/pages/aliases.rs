//! Addresses that pages had before: each leads to the page's place of today.

use std::sync::Arc;

use serde::Serialize;

use super::addresses;
use super::context::PageContext;
use super::links::LinkView;
use super::material::{Material, root_place};
use super::page::{Page, add_page_at};
use crate::lang::Lang;
use crate::site::{Artifact, Hosting, Permalink};
use crate::source::{Message, Report, code, say};

/// A page at an old address.
#[derive(Serialize)]
struct RedirectView {
    target: LinkView,
}

/// An address that a page had before.
struct Alias<'a> {
    lang: Lang,
    from: Permalink,
    /// The path of the page today, as it stands in `content`.
    path: &'a str,
}

/// All old addresses, without those that are none.
fn aliases<'a>(material: &'a Material<'_>) -> Vec<Alias<'a>> {
    let mut aliases = Vec::new();
    for (path, texts) in &material.contents.pages {
        for (&lang, text) in texts {
            let from = text.front.aliases.iter().filter_map(|alias| place(lang, &alias.value).ok());
            aliases.extend(from.map(|from| Alias { lang, from, path }));
        }
    }
    aliases
}

/// The place of an old address: below the language, or below the root where it begins with a slash.
fn place(lang: Lang, alias: &str) -> Result<Permalink, Message> {
    let path = match alias.strip_prefix('/') {
        Some(path) => path.to_owned(),
        None => format!("{lang}/{alias}"),
    };
    let is_file = path.rsplit('/').next().is_some_and(|last| last.contains('.'));
    Permalink::new(if path.ends_with('/') || is_file { path } else { format!("{path}/") })
}

/// Reports old addresses that no file could stand at.
pub(super) fn check(report: &mut Report, material: &Material<'_>) {
    for (path, texts) in &material.contents.pages {
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
                }
                match place(lang, &alias.value) {
                    Err(why) => {
                        report
                            .error(code::ALIAS, alias.span, why)
                            .hint(say!("write a path without the language, such as `old/page/`, or from the root, such as `/old.html`"));
                    }
                    Ok(place) if !place.is_page() => {
                        report
                            .error(
                                code::ALIAS,
                                alias.span,
                                say!("`{alias}` is not a page address", alias = alias.value),
                            )
                            .hint(say!("write a path such as `old/page/` or `old.html`"));
                    }
                    Ok(_) => {}
                }
            }
        }
    }
}

/// What a server should know of the site.
pub(super) fn hosting(material: &Material<'_>) -> Hosting {
    let moved = aliases(material);
    let moved = moved
        .iter()
        .map(|moved| (moved.from.clone(), material.place(moved.lang, &addresses::text(moved.path))));
    Hosting { base: material.base.clone(), preview: material.preview, moved: moved.collect() }
}

/// Adds a page at every old address of a language, for hosts that cannot be told of them.
pub(super) fn add<'a>(artifacts: &mut Vec<Artifact<'a>>, context: &Arc<PageContext<'a>>) {
    let moved = aliases(context.material).into_iter().filter(|moved| moved.lang == context.lang);
    for Alias { from, path, .. } in moved {
        let target = addresses::text(path);
        add_page_at(artifacts, context, from, &target.clone(), "redirect.html", move |context| {
            let (title, description) = context.title_and_summary(path);
            let page =
                Page { kind: "moved", title: context.word("redirect.title"), description, ..Page::default() };
            (page, RedirectView { target: LinkView { title, url: context.url(&target) } })
        });
    }
}

/// Adds the files that some hosts read from the site itself.
pub(super) fn add_files<'a>(artifacts: &mut Vec<Artifact<'a>>, material: &Material<'_>) {
    let hosting = hosting(material);
    if let Some(redirects) = hosting.redirects_file() {
        artifacts.push(Artifact::bytes(root_place("_redirects"), redirects.into_bytes()));
    }
    let headers = move |inline: &_| hosting.headers_file(inline).into_bytes();
    artifacts.push(Artifact::last(root_place("_headers"), headers));
}
