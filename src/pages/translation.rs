//! Of which state of the authentic page a page in another language is the translation, and whether that is still how the
//! authentic page reads.
//!
//! The state is a fingerprint of what is translated: title, summary, figures, the titles of deadlines, text. Nothing
//! else of the front matter changes it, nor do line ends and spaces that nobody sees.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::content::{Contents, Text};
use super::parallel::first_difference;
use crate::lang::{Lang, is_in_other_letters, is_untranslated};
use crate::source::{Files, Report, Span, code, say};

/// How a page in another language stands to the authentic one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Standing {
    /// There is none.
    Missing,
    /// The authentic page changed since it was translated.
    Stale,
    /// It does not say of which state it is the translation.
    Unrecorded,
    /// It reads as the authentic page does.
    Identical,
    /// Its title is in the letters of another language.
    ForeignTitle,
    /// Numbers, links, items or the like differ from the authentic page.
    Differs,
}

/// A page that a translator should look at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PageStanding {
    /// Its path below `content`, without language and ending.
    pub page: String,
    /// The language.
    pub lang: Lang,
    /// How it stands.
    pub standing: Standing,
    /// Where it says so: the page itself; the authentic one where it is missing.
    pub span: Span,
}

/// The pages that a translator should look at, by path and language. The first language is the authentic one.
pub fn standings(files: &Files, contents: &Contents, languages: &[Lang]) -> Vec<PageStanding> {
    let Some((authentic, others)) = languages.split_first() else { return Vec::new() };
    let mut standings = Vec::new();
    for (page, texts) in &contents.pages {
        standings.extend(texts.get(authentic).and_then(|text| foreign_title(page, text, *authentic)));
        for lang in others {
            standings.extend(standing_of(files, page, texts, *authentic, *lang));
        }
        if !texts.contains_key(authentic) {
            let span = texts.values().next().map(|text| Span::whole(text.file));
            standings.extend(span.map(|span| PageStanding {
                page: page.clone(),
                lang: *authentic,
                standing: Standing::Missing,
                span,
            }));
        }
    }
    standings
}

fn standing_of(
    files: &Files,
    page: &str,
    texts: &BTreeMap<Lang, Arc<Text>>,
    authentic: Lang,
    lang: Lang,
) -> Option<PageStanding> {
    let told = |standing, span| Some(PageStanding { page: page.to_owned(), lang, standing, span });
    let original = texts.get(&authentic)?;
    let Some(text) = texts.get(&lang) else { return told(Standing::Missing, Span::whole(original.file)) };
    // What is still being written is nobody's translation yet.
    if text.front.is_draft() || original.front.is_draft() {
        return None;
    }
    let is_identical = |one: &str, other: &str| one.trim() == other.trim() && is_untranslated(one);
    if is_identical(&text.body, &original.body)
        || is_identical(&text.front.summary.value, &original.front.summary.value)
    {
        return told(Standing::Identical, text.front.title.span);
    }
    if let Some(standing) = foreign_title(page, text, lang) {
        return Some(standing);
    }
    match &text.front.translation_of {
        None => told(Standing::Unrecorded, text.front.title.span),
        Some(state) if state.value != original.state => told(Standing::Stale, state.span),
        Some(_) => first_difference(files, [(authentic, original), (lang, text)])
            .and_then(|span| told(Standing::Differs, span)),
    }
}

/// How a page stands of which the title was left in another language.
fn foreign_title(page: &str, text: &Text, lang: Lang) -> Option<PageStanding> {
    let front = &text.front;
    let foreign =
        !front.is_draft() && is_in_other_letters(&front.title.value, &front.summary.value, &text.body);
    let span = front.title.span;
    foreign.then(|| PageStanding { page: page.to_owned(), lang, standing: Standing::ForeignTitle, span })
}

/// Warns of translations that should be looked at. That a page is missing is an error, and said elsewhere.
pub fn report_standings(report: &mut Report, files: &Files, contents: &Contents, languages: &[Lang]) {
    let Some(authentic) = languages.first() else { return };
    let mut unrecorded: BTreeMap<Lang, (usize, Span)> = BTreeMap::new();
    for PageStanding { page, lang, standing, span } in standings(files, contents, languages) {
        match standing {
            // Of the last each difference is told.
            Standing::Missing | Standing::Differs => {}
            Standing::Stale => {
                report
                    .warning(
                        code::STALE_TRANSLATION,
                        span,
                        say!(
                            "the `{authentic}` original of the page `{page}` changed since it was translated into `{lang}`",
                            page,
                            authentic,
                            lang
                        ),
                    )
                    .hint(say!(
                        "check the translation, then record it: `jinbang translations --accept {path}`",
                        path = files.path(span.file)
                    ));
            }
            Standing::Unrecorded => unrecorded.entry(lang).or_insert((0, span)).0 += 1,
            Standing::Identical => {
                report
                    .warning(
                        code::UNTRANSLATED,
                        span,
                        say!(
                            "the page `{page}` is the same in `{lang}` and `{authentic}`",
                            page,
                            lang,
                            authentic
                        ),
                    )
                    .hint(say!("write it in `{lang}`", lang));
            }
            Standing::ForeignTitle => {
                report
                    .warning(
                        code::UNTRANSLATED,
                        span,
                        say!("the title of the page `{page}` is not in `{lang}`", page, lang),
                    )
                    .hint(say!(
                        "write it in `{lang}`; if it is a name, use it in the text of the page as well",
                        lang
                    ));
            }
        }
    }
    for (lang, (count, span)) in unrecorded {
        report
            .warning(
                code::UNRECORDED_TRANSLATION,
                span,
                say!(
                    "`{lang}` pages that do not record which version of the `{authentic}` original they translate: {count}",
                    lang,
                    authentic,
                    count
                ),
            )
            .hint(say!("jinbang cannot tell when they are out of date; `jinbang translations` lists them, and `--accept` records the version"));
    }
}
