//! What pages of one language are made with: the material of the site, the words of the language, and what its pages
//! share.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::addresses;
use super::content::Text;
use super::dates::DateView;
use super::facts::Facts;
use super::material::{Material, MaterialFair};
use super::notice::{Notice, Notices};
use super::occasion::Occasion;
use crate::data::{Date, Spanned};
use crate::fair::Country;
use crate::lang::{Catalog, Collation, Lang, Localized};
use crate::site::Permalink;
use crate::site::markdown::{Body, Link};

/// The material of a site in one language, and what all its pages share.
pub(super) struct PageContext<'a> {
    pub material: &'a Material<'a>,
    /// The notices that are published.
    pub notices: Arc<Notices>,
    pub lang: Lang,
    pub words: Catalog,
    /// The order of names in the language.
    pub collation: Collation,
    /// Bodies of the pages that people write, by path.
    pub bodies: BTreeMap<&'a str, Arc<Body>>,
    /// What texts can name of the current fair.
    pub facts: Facts,
    /// All that has a date.
    pub agenda: Vec<Occasion>,
    /// A number that differs where anything differs but the bodies of pages that people write, and the front
    /// matters of those that lie below others.
    pub shared: u64,
}

/// The groups of pages, with their paths.
const GROUPS: [(&str, &str); 3] =
    [("awards", addresses::AWARDS), ("zone", addresses::ZONE), ("activities", addresses::ACTIVITIES)];

impl<'a> PageContext<'a> {
    pub(super) fn new(
        material: &'a Material<'a>,
        notices: &Arc<Notices>,
        lang: Lang,
        shared: u64,
    ) -> PageContext<'a> {
        let words = material.theme.catalog(lang).cloned().unwrap_or_default();
        let collation = Collation::new(lang);
        let notices = Arc::clone(notices);
        PageContext {
            material,
            notices,
            lang,
            words,
            collation,
            bodies: BTreeMap::new(),
            facts: Facts::none(lang),
            agenda: Vec::new(),
            shared,
        }
    }

    /// A word of the theme.
    pub(super) fn word(&self, key: &str) -> String {
        self.words.fill(key, &[]).unwrap_or_else(|| key.to_owned())
    }

    /// A word of the theme with its places filled.
    pub(super) fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.words.fill(key, values).unwrap_or_else(|| key.to_owned())
    }

    /// A text in this language.
    pub(super) fn in_language(&self, text: &Spanned<Localized>) -> String {
        text.value.get(self.lang).to_owned()
    }

    /// The same; empty where there is none.
    pub(super) fn optional(&self, text: Option<&Spanned<Localized>>) -> String {
        text.map(|text| self.in_language(text)).unwrap_or_default()
    }

    /// The name of a language in this one; where the theme has none, what it calls itself.
    pub(super) fn language_name(&self, lang: Lang) -> String {
        let name = self.words.word(&format!("language.{lang}")).map(str::to_owned);
        name.unwrap_or_else(|| self.material.own_name(lang))
    }

    /// The name of a country.
    pub(super) fn country(&self, country: Country) -> String {
        let own = self.material.site.countries.get(country.code());
        let own = own.and_then(|name| name.value.find(self.lang));
        own.unwrap_or_else(|| country.name(self.lang)).to_owned()
    }

    pub(super) fn date(&self, date: Date) -> DateView {
        DateView::new(date, &self.words)
    }

    /// Texts as one enumeration.
    pub(super) fn list(&self, texts: &[String]) -> String {
        texts.join(&self.word("sep.list"))
    }

    /// The place of a page or file in this language.
    pub(super) fn place(&self, path: &str) -> Permalink {
        self.material.place(self.lang, path)
    }

    /// Its address for links.
    pub(super) fn url(&self, path: &str) -> String {
        self.material.url(self.lang, path)
    }

    /// Its whole address.
    pub(super) fn absolute(&self, path: &str) -> String {
        self.material.absolute(self.lang, path)
    }

    /// The fair of a notice.
    pub(super) fn fair(&self, notice: &Notice) -> &MaterialFair<'a> {
        &self.material.fairs[notice.index]
    }

    /// The address of a file of the theme; empty where it has none of the name.
    pub(super) fn asset(&self, name: &str) -> String {
        let assets = self.material.theme.assets();
        assets.permalink(name).map(|place| self.material.base.path_url(place)).unwrap_or_default()
    }

    /// A page that people write, in this language.
    pub(super) fn text(&self, path: &str) -> Option<&'a Text> {
        self.material.contents.find(path, self.lang)
    }

    /// A page that people write and that has ended, in this language.
    pub(super) fn ended(&self, path: &str) -> Option<&'a Text> {
        self.material.contents.ended.get(path)?.get(&self.lang).map(Arc::as_ref)
    }

    /// The HTML of a page that people write.
    pub(super) fn body(&self, path: &str) -> String {
        self.bodies.get(path).map(|body| body.html.clone()).unwrap_or_default()
    }

    /// The links of a text to parts of pages, and whole addresses: whether they lead somewhere is known last.
    pub(super) fn links_judged_last(&self, path: &str) -> Vec<Link> {
        let links = self.bodies.get(path).map(|body| body.links.as_slice()).unwrap_or_default();
        links.iter().filter(|link| link.target.contains(['#', ':'])).cloned().collect()
    }

    /// The headings of a page that people write: their words and their names for links.
    pub(super) fn contents(&self, path: &str) -> Vec<(String, String)> {
        let headings = self.bodies.get(path).map(|body| body.headings.as_slice()).unwrap_or_default();
        let first = headings.iter().filter(|heading| heading.level == 2);
        first.map(|heading| (heading.text.clone(), heading.id.clone())).collect()
    }

    /// Title and summary of a page that people write; empty where it is missing, which was reported.
    pub(super) fn title_and_summary(&self, path: &str) -> (String, String) {
        self.text(path)
            .map(|text| {
                (self.facts.fill(&text.front.title.value), self.facts.fill(&text.front.summary.value))
            })
            .unwrap_or_default()
    }

    /// The groups of pages that the site has, with their paths.
    pub(super) fn groups(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let has_zone = self.material.zone().is_some();
        GROUPS.into_iter().filter(move |(key, _)| *key != "zone" || has_zone)
    }

    /// The words of a language for templates that speak several.
    pub(super) fn nested_words(&self, group: &str) -> BTreeMap<String, BTreeMap<String, String>> {
        let prefix = format!("{group}.");
        let words = self.words.keys().filter_map(|key| {
            let name = key.strip_prefix(&prefix)?;
            Some((name.to_owned(), self.words.word(key)?.to_owned()))
        });
        BTreeMap::from([(group.to_owned(), words.collect())])
    }
}
