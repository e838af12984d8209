//! What all pages have in common: the head, the navigation, the way from one language to the other.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::calendar::Occasion;
use super::content::Text;
use super::dates::DateView;
use super::plan::Material;
use super::site_file::Contact;
use crate::data::{Date, Spanned};
use crate::fair::Country;
use crate::lang::{Catalog, Collation, Lang, Localized};
use crate::site::markdown::Body;
use crate::site::{Artifact, Permalink};

/// The material of a site in one language, and what all its pages share.
pub(super) struct Framer<'a> {
    pub material: &'a Material<'a>,
    pub lang: Lang,
    pub words: Catalog,
    /// The order of names in the language.
    pub collation: Collation,
    /// Bodies of the pages that people write, by path.
    pub bodies: BTreeMap<&'a str, Arc<Body>>,
    /// All that has a date.
    pub agenda: Vec<Occasion>,
    /// A number that differs where anything differs but the bodies of pages that people write, and the front
    /// matters of those that lie below others.
    pub shared: u64,
}

/// The languages of a site, each with its framer. Renderers share them.
pub(super) type Framers<'a> = std::sync::Arc<[Framer<'a>]>;

/// What one page is.
pub(super) struct Page {
    /// Its path below the language.
    pub path: String,
    /// What kind of page it is.
    pub kind: &'static str,
    /// The group of the navigation in which it is.
    pub group: &'static str,
    /// The title in the browser.
    pub title: String,
    /// The heading on the page.
    pub heading: String,
    /// What it is about.
    pub description: String,
    /// The pages above it, below home: title and path.
    pub above: Vec<(String, String)>,
    /// Whether it shows synthetic data.
    pub demonstration: bool,
    /// The lists on it, for machines.
    pub lists: Vec<PageList>,
}

/// A list on a page, by its name and the names and addresses of what is in it.
pub(super) struct PageList {
    pub name: String,
    pub items: Vec<LinkView>,
}

#[derive(Serialize)]
pub(super) struct Framed<V: Serialize> {
    lang: Lang,
    html_lang: String,
    dir: String,
    site: SiteView,
    nav: Vec<NavView>,
    footer: Vec<LinkView>,
    assets: AssetsView,
    page: PageView,
    demonstration: bool,
    preview: bool,
    #[serde(flatten)]
    view: V,
}

#[derive(Serialize)]
struct SiteView {
    title: String,
    tagline: String,
    brand: String,
    brand_note: String,
    description: String,
    disclaimer: String,
    organiser: String,
    home: String,
    root: String,
    feed: String,
    json_feed: String,
    filings: Vec<FilingView>,
    languages: Vec<LanguageView>,
}

/// A registration of the site with an authority.
#[derive(Serialize)]
struct FilingView {
    text: String,
    url: Option<String>,
}

/// A language that the reader can choose.
#[derive(Serialize, Clone)]
pub(super) struct LanguageView {
    pub lang: Lang,
    pub html_lang: String,
    pub dir: String,
    pub label: String,
    pub url: String,
    pub href: String,
}

#[derive(Serialize)]
struct NavView {
    key: &'static str,
    title: String,
    url: String,
    current: &'static str,
}

/// A link with its words.
#[derive(Serialize, Clone)]
pub(super) struct LinkView {
    pub title: String,
    pub url: String,
}

#[derive(Serialize)]
struct AssetsView {
    css: String,
    js: String,
    icon: String,
    /// All files of the theme, by name.
    files: BTreeMap<String, String>,
}

#[derive(Serialize)]
struct PageView {
    kind: &'static str,
    title: String,
    heading: String,
    description: String,
    url: String,
    canonical: String,
    x_default: String,
    crumbs: Vec<LinkView>,
    alternates: Vec<LanguageView>,
    json_ld: Vec<String>,
    updated: Option<DateView>,
    /// The picture that others show for a link to the page, as a whole address.
    image: Option<String>,
}

/// Whom to ask.
#[derive(Serialize, Clone)]
pub(super) struct ContactView {
    role: String,
    email: Option<String>,
    phone: Option<String>,
    phone_href: Option<String>,
    fax: Option<String>,
    website: Option<String>,
}

/// The groups of pages, with their paths.
const GROUPS: [(&str, &str); 3] = [("awards", "awards/"), ("zone", "zone/"), ("activities", "activities/")];

impl<'a> Framer<'a> {
    pub(super) fn new(
        material: &'a Material<'a>,
        lang: Lang,
        bodies: BTreeMap<&'a str, Arc<Body>>,
        shared: u64,
    ) -> Framer<'a> {
        let words = material.theme.catalog(lang).cloned().unwrap_or_default();
        let collation = Collation::new(lang);
        Framer { material, lang, words, collation, bodies, agenda: Vec::new(), shared }
    }

    /// A word of the theme.
    pub(super) fn word(&self, key: &str) -> String {
        self.words.fill(key, &[]).unwrap_or_else(|| key.to_owned())
    }

    /// A word of the theme with its places filled.
    pub(super) fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.words.fill(key, values).unwrap_or_else(|| key.to_owned())
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

    pub(super) fn url(&self, path: &str) -> String {
        self.material.url(self.lang, path)
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

    /// The HTML of a page that people write.
    pub(super) fn body(&self, path: &str) -> String {
        self.bodies.get(path).map(|body| body.html.clone()).unwrap_or_default()
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
            .map(|text| (text.front.title.value.clone(), text.front.summary.value.clone()))
            .unwrap_or_default()
    }

    pub(super) fn contact(&self, key: &str) -> Option<ContactView> {
        let contact: &Contact = &self.material.site.contacts.get(key)?.value;
        let dialled = |phone: &String| {
            let digits: String = phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
            format!("tel:{digits}")
        };
        Some(ContactView {
            role: contact.role.value.get(self.lang).to_owned(),
            email: contact.email.as_ref().map(|email| email.value.clone()),
            phone_href: contact.phone.as_ref().map(dialled),
            phone: contact.phone.clone(),
            fax: contact.fax.clone(),
            website: contact.website.clone(),
        })
    }

    pub(super) fn contacts<'k>(&self, keys: impl IntoIterator<Item = &'k str>) -> Vec<ContactView> {
        keys.into_iter().filter_map(|key| self.contact(key)).collect()
    }

    /// The day on which a page that people write was last changed.
    fn updated(&self, path: &str) -> Option<Date> {
        let path = if path.is_empty() { "home" } else { path.trim_end_matches('/') };
        self.text(path)?.front.updated.as_ref().map(|updated| updated.value)
    }

    /// The same path in every language.
    fn alternates(&self, path: &str) -> Vec<LanguageView> {
        let material = self.material;
        let language = |&lang: &Lang| LanguageView {
            lang,
            html_lang: lang.tag().to_owned(),
            dir: material.direction(lang),
            label: material.own_name(lang),
            url: material.url(lang, path),
            href: material.base.absolute(&material.place(lang, path)),
        };
        material.languages.iter().map(language).collect()
    }

    /// The groups of pages that the site has, with their paths.
    pub(super) fn groups(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let has_zone = self.material.zone().is_some();
        GROUPS.into_iter().filter(move |(key, _)| *key != "zone" || has_zone)
    }

    /// A view with everything that the base template asks for.
    pub(super) fn frame<V: Serialize>(&self, page: &Page, view: V) -> Framed<V> {
        let material = self.material;
        let site = material.site;
        let text = |text: &crate::data::Spanned<crate::lang::Localized>| text.value.get(self.lang).to_owned();
        let root = Permalink::new("").expect("the root is a place");
        let nav = self.groups().chain([("search", super::search::PATH)]).map(|(key, path)| NavView {
            key,
            title: self.word(&format!("nav.{key}")),
            url: self.url(path),
            current: match (key == page.group, path == page.path) {
                (true, true) => "page",
                (true, false) => "true",
                (false, _) => "",
            },
        });
        let crumbs = self.crumbs(page);
        let footer = ["calendar", "accessibility"].into_iter().filter_map(|path| {
            let title = self.text(path)?.front.title.value.clone();
            Some(LinkView { title, url: self.url(&format!("{path}/")) })
        });
        let urls = material.theme.assets().urls(&material.base);
        let asset = |name: &str| urls.get(name).cloned().unwrap_or_default();
        Framed {
            lang: self.lang,
            html_lang: self.lang.tag().to_owned(),
            dir: material.direction(self.lang),
            site: SiteView {
                title: text(&site.title),
                tagline: text(&site.tagline),
                brand: text(&site.brand),
                brand_note: text(&site.brand_note),
                description: text(&site.description),
                disclaimer: text(&site.disclaimer),
                organiser: text(&site.organiser.name),
                home: self.url(""),
                root: material.base.path_url(&root),
                feed: self.url(super::news::FILES[0]),
                json_feed: self.url(super::news::FILES[1]),
                filings: site
                    .filings
                    .iter()
                    .map(|filing| FilingView { text: text(&filing.text), url: filing.url.clone() })
                    .collect(),
                languages: self.alternates(""),
            },
            nav: nav.collect(),
            footer: footer.collect(),
            assets: AssetsView {
                css: asset("site.css"),
                js: asset("site.js"),
                icon: asset("icon.svg"),
                files: urls.clone(),
            },
            page: PageView {
                kind: page.kind,
                title: page.title.clone(),
                heading: page.heading.clone(),
                description: page.description.clone(),
                url: self.url(&page.path),
                canonical: material.base.absolute(&material.place(self.lang, &page.path)),
                x_default: material.base.absolute(&root),
                json_ld: super::linked_data::blocks(self, page, &crumbs),
                crumbs,
                alternates: self.alternates(&page.path),
                updated: self.updated(&page.path).map(|day| self.date(day)),
                image: material
                    .theme
                    .assets()
                    .permalink("card.png")
                    .map(|picture| material.base.absolute(picture)),
            },
            demonstration: page.demonstration,
            preview: material.preview,
            view,
        }
    }

    fn crumbs(&self, page: &Page) -> Vec<LinkView> {
        if page.path.is_empty() {
            return Vec::new();
        }
        let home = LinkView { title: self.word("nav.home"), url: self.url("") };
        let above =
            page.above.iter().map(|(title, path)| LinkView { title: title.clone(), url: self.url(path) });
        std::iter::once(home).chain(above).collect()
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

impl<V: Serialize> Framed<V> {
    /// Moves a page of all languages to the site's root.
    pub(super) fn stand_at_root(&mut self, material: &Material<'_>) {
        let root = Permalink::new("").expect("the root is a place");
        self.page.url = material.base.path_url(&root);
        self.page.canonical = material.base.absolute(&root);
        self.page.crumbs = Vec::new();
        self.page.json_ld = Vec::new();
    }
}

/// Adds a page that is rendered when it is written: `view` makes its page and what it shows. The page is
/// returned, for a caller who knows what it is made of.
pub(super) fn add_page<'v, 'a, V: Serialize>(
    artifacts: &'v mut Vec<Artifact<'a>>,
    framers: &Framers<'a>,
    index: usize,
    path: &str,
    template: &'static str,
    view: impl Fn(&Framer<'a>) -> (Page, V) + Send + Sync + 'a,
) -> &'v mut Artifact<'a> {
    let framer = &framers[index];
    let place = framer.material.place(framer.lang, path);
    let framers = Framers::clone(framers);
    artifacts.push(Artifact::page(place, move |report| {
        let framer = &framers[index];
        let (page, view) = view(framer);
        framer.material.theme.render(report, template, framer.lang, &framer.frame(&page, view))
    }));
    artifacts.last_mut().expect("it was added above")
}

/// The text of a spanned name in a language.
pub(super) fn text(name: &Spanned<Localized>, lang: Lang) -> String {
    name.value.get(lang).to_owned()
}
