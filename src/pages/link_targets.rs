//! Where links in texts can lead: the pages and files that there are.

use std::collections::BTreeSet;

use super::addresses;
use super::calendar_files;
use super::material::{Material, MaterialFair};
use super::notice::Notices;
use crate::data::Spanned;
use crate::lang::Lang;
use crate::site::markdown::Meant;
use crate::source::{Report, code, nearest, say};

/// The paths of all pages and downloads below the tree of a language; all trees have the same.
pub(super) fn known_paths(material: &Material<'_>, notices: &Notices) -> BTreeSet<String> {
    let mut known: Vec<String> =
        [addresses::HOME, addresses::AWARDS, addresses::SEARCH].map(str::to_owned).into();
    let has_place = |path: &&String| !["home", "awards", "notice", "rules", "zone"].contains(&path.as_str());
    let texts = material.contents.with_address().map(|(path, _)| path);
    known.extend(texts.filter(has_place).map(|path| addresses::text(path)));
    known.extend(material.ended.keys().cloned());
    for (fair, notice) in material.fairs.iter().zip(&notices.fairs) {
        known.extend(fair.rulebook.map(|_| addresses::rules(fair.number())));
        known.extend(notice.iter().flat_map(|notice| notice.paths()));
    }
    if material.zone().is_some() {
        known.push(addresses::ZONE.to_owned());
        known.extend(material.enterprises_with_page().into_iter().map(addresses::enterprise));
        known.extend(addresses::files(&addresses::enterprises_table()));
        known.extend(material.past_zones().into_iter().map(|(fair, _)| addresses::past_zone(fair.number())));
    }
    known.push(addresses::CALENDAR.to_owned());
    known.extend(calendar_files::paths(material));
    // Many at once are quicker than one after the other.
    known.into_iter().collect()
}

/// Reports pages to read next that are not there, that are the page itself, or that are listed twice.
pub(super) fn check_related(
    report: &mut Report,
    material: &Material<'_>,
    known: &BTreeSet<String>,
    lang: Lang,
) {
    let pages = material.contents.pages.iter();
    let texts = pages.filter_map(|(page, texts)| Some((page, &texts.get(&lang)?.front.related)));
    for (page, all) in texts {
        let mut earlier = BTreeSet::new();
        for related in all {
            let path = related.value.trim_matches('/');
            let is_itself = path == page;
            if is_itself || !earlier.insert(path) {
                let message = match is_itself {
                    true => say!("the page lists itself: `{page}`", page),
                    false => say!("`{page}` is listed twice", page = path),
                };
                report.error(code::BAD_VALUE, related.span, message).hint(say!("remove it"));
            }
            check_related_page(report, material, known, related);
        }
    }
}

/// Reports a page to read next that is not there.
fn check_related_page(
    report: &mut Report,
    material: &Material<'_>,
    known: &BTreeSet<String>,
    related: &Spanned<String>,
) {
    let path = format!("{}/", related.value.trim_matches('/'));
    if known.contains(&path) || material.is_left_out(&path) {
        return;
    }
    if let Some(day) = material.coming.get(&path) {
        report
            .note(
                code::UNKNOWN_PAGE,
                related.span,
                say!("the page `{page}` is published from {day} on", page = related.value, day),
            )
            .hint(say!("it is not listed here until then"));
        return;
    }
    if material.contents.waiting.contains_key(addresses::text_of_page(&path)) {
        report
            .error(
                code::UNKNOWN_PAGE,
                related.span,
                say!("the page `{page}` is a draft and is not published", page = related.value),
            )
            .hint(say!("remove the link, or remove `draft` in every language of that page"));
        return;
    }
    let of = |lang: &Lang| path.strip_prefix(lang.code())?.strip_prefix('/');
    let below = material.languages.iter().find_map(of).unwrap_or(&path);
    let meant = nearest(below, known.iter().map(String::as_str));
    report
        .error(code::UNKNOWN_PAGE, related.span, say!("unknown page `{related}`", related = related.value))
        .label_meant(meant.map(|meant| meant.trim_end_matches('/')))
        .hint(say!("write the page's path without the language, such as `activities/vlog`"));
}

/// The address of a path below a language's tree, for links in Markdown.
pub(super) fn resolve(
    material: &Material<'_>,
    known: &BTreeSet<String>,
    lang: Lang,
    target: &str,
) -> Result<String, Option<Meant>> {
    if target.contains("{{") {
        // That a placeholder is not filled there is reported.
        return Ok(material.url(lang, addresses::HOME));
    }
    let path = target.trim_start_matches('/');
    let wanted = match path.is_empty() || path.ends_with('/') || path.contains('.') {
        true => path.to_owned(),
        false => format!("{path}/"),
    };
    // The notice and the rules of the current fair have an address that stays the same in texts.
    let wanted = match wanted.strip_prefix(addresses::AWARDS).and_then(|rest| rest.strip_prefix("current/")) {
        Some(rest) => format!("{}{}/{rest}", addresses::AWARDS, material.site.current_fair.value),
        None => wanted,
    };
    // A notice that is not out yet is announced by the archive, and so are rules of the current fair that are not chosen
    // yet. That the current fair is not there is reported.
    let current = material.site.current_fair.value;
    let is_notice = |fair: &MaterialFair<'_>| wanted == addresses::notice(fair.number());
    let is_current = [addresses::notice(current), addresses::rules(current)].contains(&wanted);
    let is_announced = is_current || material.fairs.iter().any(is_notice);
    let wanted = match !known.contains(&wanted) && is_announced {
        true => addresses::AWARDS.to_owned(),
        false => wanted,
    };
    match known.contains(&wanted) || material.is_left_out(&wanted) {
        true => Ok(material.url(lang, &wanted)),
        false => Err(meant(material, known, lang, &wanted)),
    }
}

/// The path that was most likely meant by one that leads nowhere.
fn meant(material: &Material<'_>, known: &BTreeSet<String>, lang: Lang, path: &str) -> Option<Meant> {
    if let Some((first, below)) = path.split_once('/')
        && material.languages.iter().any(|lang| lang.code() == first)
    {
        return match resolve(material, known, lang, below) {
            Ok(_) => Some(Meant::WithoutLanguage(format!("/{below}"))),
            Err(Some(Meant::Near(meant) | Meant::WithoutLanguage(meant))) => {
                Some(Meant::WithoutLanguage(meant))
            }
            Err(Some(Meant::From(_))) => Some(Meant::WithoutLanguage(format!("/{below}"))),
            Err(meant) => meant,
        };
    }
    if let Some(day) = material.coming.get(path) {
        return Some(Meant::From(day.to_string()));
    }
    if material.contents.waiting.contains_key(addresses::text_of_page(path)) {
        return Some(Meant::Draft);
    }
    nearest(path, known.iter().map(String::as_str)).map(|meant| Meant::Near(format!("/{meant}")))
}
