//! Links as pages show them: to other pages, and to the same page in other languages.

use serde::Serialize;

use super::context::PageContext;
use super::material::Material;
use crate::lang::Lang;

/// A link with its words.
#[derive(Serialize, Clone)]
pub(super) struct LinkView {
    pub title: String,
    pub url: String,
}

/// A language that the reader can choose.
#[derive(Serialize, Clone)]
pub(super) struct LanguageView {
    lang: Lang,
    html_lang: String,
    dir: String,
    label: String,
    url: String,
    href: String,
}

impl PageContext<'_> {
    /// The same path in every language.
    pub(super) fn alternates(&self, path: &str) -> Vec<LanguageView> {
        let material = self.material;
        material.languages.iter().map(|&lang| language_view(material, lang, path)).collect()
    }
}

/// A page in a language, as a choice of the reader.
pub(super) fn language_view(material: &Material<'_>, lang: Lang, path: &str) -> LanguageView {
    LanguageView {
        lang,
        html_lang: lang.tag().to_owned(),
        dir: material.direction(lang),
        label: material.own_name(lang),
        url: material.url(lang, path),
        href: material.absolute(lang, path),
    }
}
