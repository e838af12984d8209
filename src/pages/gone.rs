//! Addresses that were published and have nothing any more: those of which the project says why, and those that would
//! vanish without a word.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::addresses;
use super::aliases::{Planned, places, report_path};
use super::context::PageContext;
use super::gone_page::{GoneView, add_gone_page};
use super::kept_addresses::is_for_people;
use super::material::{Incomplete, Material};
use super::names::NameView;
use super::page::Page;
use crate::data::{Date, report_missing};
use crate::fair::Enterprise;
use crate::lang::{Lang, Localized};
use crate::site::{Artifact, Permalink, renamed};
use crate::source::{Place, Report, all_of, code, list, nearest, say};

/// What the project says is gone, with the reasons.
pub(super) type Gone<'a> = BTreeMap<Permalink, &'a Localized>;

/// The places that `gone` of `site.yaml` names and at which nothing stands, with those below them that were published.
/// Entries that are wrong, or that nothing needs, are reported.
pub(super) fn gone<'a>(report: &mut Report, material: &'a Material<'_>, planned: &Planned) -> Gone<'a> {
    let unplanned: Vec<&Permalink> = material.kept.keys().filter(|place| !planned.has(place)).collect();
    let mut gone = Gone::new();
    for (path, reason) in &material.site.gone {
        report_missing(report, reason, &languages_of(material, &path.value));
        let places = match places(&material.languages, &path.value) {
            Ok(places) => places,
            Err(why) => {
                report_path(report, path, why);
                continue;
            }
        };
        let covered: Vec<&Permalink> =
            unplanned.iter().copied().filter(|place| places.iter().any(|path| covers(path, place))).collect();
        if covered.is_empty() && places.iter().all(|place| planned.has(place)) {
            report
                .warning(code::GONE_UNNEEDED, path.span, say!("`{path}` is there again", path = path.value))
                .hint(say!("remove the entry"));
            continue;
        }
        let free: Vec<Permalink> = places.into_iter().filter(|place| !planned.has(place)).collect();
        if covered.is_empty() {
            let below = unplanned.iter().filter_map(|place| Some(material.below_language(place)?.1));
            let near = nearest(&path.value, below);
            report
                .warning(
                    code::GONE_UNNEEDED,
                    path.span,
                    say!("`{path}` was never published", path = path.value),
                )
                .label_meant(near)
                .hint(say!("correct the path, or remove the entry; an address that another site had here is added to data/addresses.txt"));
        }
        let all = free.iter().filter(|place| place.is_page()).chain(covered);
        gone.extend(all.map(|place| (place.clone(), &reason.value)));
    }
    gone
}

/// Whether a place is the other, or the folder around it.
fn covers(place: &Permalink, other: &Permalink) -> bool {
    let (place, other) = (place.as_str(), other.as_str());
    place == other || (place.ends_with('/') && other.starts_with(place))
}

/// The languages in which is said why something at a path is gone: that of the path, if it names one.
fn languages_of(material: &Material<'_>, path: &str) -> Vec<Lang> {
    let first = path.strip_prefix('/').and_then(|path| path.split('/').next());
    let named = material.languages.iter().copied().find(|lang| Some(lang.code()) == first);
    named.map_or_else(|| material.languages.clone(), |lang| vec![lang])
}

/// Adds pages that say why what stood there is gone.
pub(super) fn add<'a>(artifacts: &mut Vec<Artifact<'a>>, contexts: &[Arc<PageContext<'a>>], gone: &Gone<'a>) {
    for (place, reason) in gone.iter().filter(|(place, _)| place.is_page()) {
        let lang = contexts[0].material.below_language(place).map(|(lang, _)| lang);
        let context = contexts.iter().find(|context| Some(context.lang) == lang).unwrap_or(&contexts[0]);
        let reason = *reason;
        // It may be gone in one language only: the other ones are chosen on the home page.
        add_gone_page(artifacts, context, place.clone(), addresses::HOME, move |context| {
            let text = reason.get(context.lang).to_owned();
            let page = Page { description: text.clone(), ..Page::default() };
            (page, GoneView { reasons: vec![NameView::plain(text)], links: Vec::new() })
        });
    }
}

/// Addresses that would vanish for one cause.
struct Loss<'p> {
    /// The paths without the language of those that lie in no other.
    paths: Vec<String>,
    addresses: Vec<&'p Permalink>,
    remedy: Remedy<'p>,
}

enum Remedy<'p> {
    /// The page is a draft.
    Publish,
    /// There is a new page or file that it may have become.
    Alias(&'p str),
    /// The same stands there in other capital letters.
    Case(&'p str),
    Say,
}

/// More losses than this in one folder are one message.
const MOST_BESIDE: usize = 3;

/// So many addresses are shown of one loss.
const SHOWN: usize = 4;

/// Reports addresses that would vanish without a word. `published` are those that there will be.
pub(super) fn report_losses(
    report: &mut Report,
    material: &Material<'_>,
    missing: &BTreeSet<Permalink>,
    published: &BTreeSet<Permalink>,
) {
    // Nearly everything rests on the file of a fair.
    if material.incomplete.contains(&Incomplete::Fair) {
        return;
    }
    let is_whole = !report.has_errors();
    let path = |place: &Permalink| path_of(material, place);
    let new = published.iter().filter(|place| !material.kept.contains_key(*place) && is_for_people(place));
    let new: BTreeSet<String> = new.map(path).collect();
    // By path, then by language.
    let mut lost: Vec<(String, &Permalink)> = missing.iter().map(|place| (path(place), place)).collect();
    lost.sort();
    // What is left out because of an error may be there again once that is mended.
    lost.retain(|(path, _)| is_whole || !(path.starts_with('/') || material.is_left_out(path)));
    let olds: BTreeSet<String> = lost.iter().map(|(path, _)| path.clone()).collect();
    let olds: Vec<&str> = olds.iter().map(String::as_str).collect();
    let news: Vec<&str> = new.iter().map(String::as_str).collect();
    let mut losses: Vec<Loss<'_>> = Vec::new();
    for (path, place) in lost {
        let is_within = |first: &str| path == first || (first.ends_with('/') && path.starts_with(first));
        if let Some(loss) = losses.last_mut().filter(|loss| is_within(&loss.paths[0])) {
            loss.addresses.push(place);
            continue;
        }
        let waits = material.contents.waiting.contains_key(addresses::text_of_page(&path))
            || material.coming.contains_key(&path);
        let alike = news.iter().find(|new| new.to_lowercase() == path.to_lowercase());
        let remedy = match alike.map(|new| Remedy::Case(new)) {
            Some(case) => case,
            None => match renamed(&path, &olds, &news) {
                _ if waits => Remedy::Publish,
                Some(new) => Remedy::Alias(new),
                None => Remedy::Say,
            },
        };
        losses.push(Loss { paths: vec![path], addresses: vec![place], remedy });
    }
    for loss in joined(losses) {
        report_loss(report, material, &loss);
    }
}

/// Reports places that were published and will be again, but not on the day for which the site is made.
pub(super) fn report_early(
    report: &mut Report,
    material: &Material<'_>,
    later: &BTreeSet<Permalink>,
    day: Date,
) {
    let Some(first) = later.first() else { return };
    let shown = list(later.iter().take(SHOWN).map(|place| format!("`{place}`")));
    let message = match later.len().saturating_sub(SHOWN) {
        0 => say!("published addresses are not yet there on {day}: {addresses}", day, addresses = shown),
        more => say!(
            "published addresses are not yet there on {day}: {addresses} and {more} more",
            day,
            addresses = shown,
            more
        ),
    };
    report.error(code::ADDRESS_GONE, material.kept[first], message).hint(say!(
        "the site is made for that day, the last on which the files say that something was done: build it with `--as-of today`"
    ));
}

/// The path of a place without its language, or from the root.
fn path_of(material: &Material<'_>, place: &Permalink) -> String {
    match material.below_language(place) {
        Some((_, path)) => path.to_owned(),
        None => place.to_string(),
    }
}

/// Many losses in one folder have one cause.
fn joined(losses: Vec<Loss<'_>>) -> Vec<Loss<'_>> {
    let folder = |loss: &Loss<'_>| match (&loss.remedy, loss.paths[0].trim_end_matches('/').rsplit_once('/'))
    {
        (Remedy::Say, Some((folder, _))) => Some(folder.to_owned()),
        _ => None,
    };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for folder in losses.iter().filter_map(folder) {
        *counts.entry(folder).or_default() += 1;
    }
    let mut joined: Vec<Loss<'_>> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for loss in losses {
        match folder(&loss).filter(|folder| counts[folder] > MOST_BESIDE) {
            Some(folder) => match places.get(&folder) {
                Some(&at) => {
                    joined[at].paths.extend(loss.paths);
                    joined[at].addresses.extend(loss.addresses);
                }
                None => {
                    places.insert(folder, joined.len());
                    joined.push(loss);
                }
            },
            None => joined.push(loss),
        }
    }
    joined
}

fn report_loss(report: &mut Report, material: &Material<'_>, loss: &Loss<'_>) {
    let Loss { paths, addresses: lost, remedy } = loss;
    // Of several pages one address each.
    let first = |path: &String| lost.iter().find(|place| path_of(material, place) == *path);
    let shown: Vec<&&Permalink> = match paths.len() {
        1 => lost.iter().take(SHOWN).collect(),
        _ => paths.iter().filter_map(first).take(SHOWN).collect(),
    };
    let more = lost.len() - shown.len();
    let shown = list(shown.into_iter().map(|place| format!("`{place}`")));
    let message = match more {
        0 => say!("published addresses would be gone: {addresses}", addresses = shown),
        more => {
            say!("published addresses would be gone: {addresses} and {more} more", addresses = shown, more)
        }
    };
    let draft = report.error(code::ADDRESS_GONE, material.kept[lost[0]], message);
    let old = &paths[0];
    let draft = match remedy {
        Remedy::Publish => match material.coming.get(old) {
            Some(day) => draft.hint(say!(
                "it was published already: remove `publish: {day}` in {files}",
                day,
                files = all_of(files_of(material, old).unwrap_or_default())
            )),
            None => draft.hint(say!(
                "the page is a draft: remove `draft` in {files}",
                files = all_of(files_of_text(material, addresses::text_of_page(old)))
            )),
        },
        Remedy::Alias(new) => match files_of(material, new) {
            Some(files) => draft.hint(say!(
                "if it is now `{new}`, write {line} in {files}",
                new = *new,
                line = format!("`aliases: [{old}]`"),
                files = all_of(&files)
            )),
            None => draft.hint(say!(
                "if it is now `{new}`, write under `aliases` in data/site.yaml: {line}",
                new = *new,
                line = format!("`{old}: {new}`")
            )),
        },
        Remedy::Case(new) => {
            draft.hint(say!(
                "rename `{new}` back: on some servers, names that differ only in capital letters are the same file",
                new = *new
            ));
            return;
        }
        Remedy::Say => draft,
    };
    let texts = languages_of(material, old).iter().map(|lang| format!("{lang}: …")).collect::<Vec<_>>();
    let line = format!("`{old}: {{{}}}`", texts.join(", "));
    match paths.len() {
        1 => draft.hint(say!(
            "if it is gone for good, write the reason under `gone` in data/site.yaml: {line}",
            line
        )),
        count => draft.hint(say!(
            "if these {count} are gone for good, write the reason of each under `gone` in data/site.yaml: {line}",
            count,
            line
        )),
    };
}

/// The files that write a page, by its path; none if no file is its own.
fn files_of(material: &Material<'_>, path: &str) -> Option<Vec<String>> {
    let text = addresses::text_of_page(path);
    let contents = material.contents;
    if contents.pages.contains_key(text) || contents.waiting.contains_key(text) {
        return Some(files_of_text(material, text));
    }
    // One that stands in a table has no file.
    let is_filed = |enterprise: &Enterprise| matches!(enterprise.name.span.place, Place::Text { .. });
    let mut filed = material.enterprises.iter().filter(|(_, enterprise)| is_filed(enterprise));
    let (slug, _) = filed.find(|(slug, _)| addresses::enterprise(slug) == path)?;
    Some(vec![format!("data/enterprises/{slug}.yaml")])
}

fn files_of_text(material: &Material<'_>, text: &str) -> Vec<String> {
    material.languages.iter().map(|lang| format!("content/{text}.{lang}.md")).collect()
}
