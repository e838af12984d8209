//! Texts of the sourcing zone that may stand in another language than the page: where the site allows it, an
//! enterprise that has no text in a language is shown in another, marked with it.

use serde::Serialize;

use super::context::PageContext;
use super::material::Material;
use crate::data::{Spanned, report_missing};
use crate::lang::{Lang, Localized};
use crate::source::Report;

/// A text, with its language where that is not the page's.
#[derive(Serialize, Clone)]
pub(super) struct TextWithLanguage {
    pub text: String,
    pub tongue: Option<LanguageMark>,
}

/// A language that a text is in: for the element around it, and for the mark beside it.
#[derive(Serialize, Clone)]
pub(super) struct LanguageMark {
    pub lang: String,
    dir: String,
    /// Its name in the language of the page.
    pub title: String,
}

impl Material<'_> {
    /// A text of an enterprise as a page in a language shows it, and the language that it is in.
    pub(super) fn zone_text<'t>(&self, text: &'t Localized, lang: Lang) -> (&'t str, Lang) {
        let has = |lang| Some((text.find(lang).filter(|text| !text.trim().is_empty())?, lang));
        let instead = || self.site.fallback.zone.iter().find_map(|lang| has(lang.value));
        // What is missing was reported.
        has(lang).or_else(instead).unwrap_or((text.get(lang), lang))
    }
}

/// A text of an enterprise for a page.
pub(super) fn text_with_language(context: &PageContext<'_>, text: &Localized) -> TextWithLanguage {
    let (shown, lang) = context.material.zone_text(text, context.lang);
    let tongue = (lang != context.lang).then(|| LanguageMark {
        lang: lang.tag().to_owned(),
        dir: context.material.direction(lang),
        title: context.language_name(lang),
    });
    TextWithLanguage { text: shown.to_owned(), tongue }
}

/// Reports the languages in which a text of an enterprise cannot be shown.
pub(super) fn report_not_shown(report: &mut Report, material: &Material<'_>, text: &Spanned<Localized>) {
    let instead = material.site.fallback.zone.iter().map(|lang| lang.value);
    let has_one = instead.into_iter().any(|lang| text.value.missing(&[lang]).is_empty());
    if !has_one {
        report_missing(report, text, &material.languages);
    }
}
