//! What all pages have in common: the head, the navigation, the way from one language to the other.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use super::addresses;
use super::context::PageContext;
use super::dates::DateView;
use super::linked_data::{breadcrumbs, script};
use super::links::{LanguageView, LinkView};
use super::material::root_place;
use crate::data::Date;
use crate::lang::Lang;
use crate::site::{Artifact, BaseUrl, Permalink};

/// What one page is.
#[derive(Default)]
pub(super) struct Page {
    /// What kind of page it is.
    pub kind: &'static str,
    /// The group of the navigation in which it is.
    pub group: &'static str,
    /// The title in the browser.
    pub title: String,
    /// The heading on the page, where it is not the title.
    pub heading: Option<String>,
    /// What it is about.
    pub description: String,
    /// The pages above it, below home: title and path.
    pub above: Vec<(String, String)>,
    /// Whether it shows synthetic data.
    pub demonstration: bool,
    /// What machines read about it.
    pub linked_data: Vec<Value>,
}

#[derive(Serialize)]
pub(super) struct PageData<V: Serialize> {
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

#[derive(Serialize)]
struct NavView {
    key: &'static str,
    title: String,
    url: String,
    current: &'static str,
}

#[derive(Serialize)]
struct AssetsView {
    css: String,
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
    /// That it is a draft, and from which day on it is published, where that is known.
    draft: Option<String>,
    /// The picture that others show for a link to the page, as a whole address.
    image: Option<String>,
}

impl PageContext<'_> {
    /// The page of a group, or of another text of the same name: with the title and the summary of that.
    pub(super) fn page_of_text(&self, name: &'static str) -> Page {
        let (title, description) = self.title_and_summary(name);
        Page { kind: name, group: name, title, description, ..Page::default() }
    }

    /// The first page of a group, as one above others.
    pub(super) fn above(&self, group: &str) -> (String, String) {
        (self.word(&format!("nav.{group}")), addresses::text(group))
    }

    /// What the template of a page gets: its view, and everything that the base template asks for.
    pub(super) fn page_data<V: Serialize>(&self, path: &str, page: Page, view: V) -> PageData<V> {
        let material = self.material;
        let site = material.site;
        let root = root_place("");
        let heading = page.heading.unwrap_or_else(|| page.title.clone());
        let nav = self.groups().chain([("search", addresses::SEARCH)]).map(|(key, place)| NavView {
            key,
            title: self.word(&format!("nav.{key}")),
            url: self.url(place),
            current: match (key == page.group, place == path) {
                (true, true) => "page",
                (true, false) => "true",
                (false, _) => "",
            },
        });
        let crumbs = self.crumbs(path, &page.above);
        let way = (!crumbs.is_empty()).then(|| breadcrumbs(self, &crumbs, &heading, path));
        let footer = ["calendar", "accessibility"].into_iter().filter_map(|path| {
            let title = self.facts.fill(&self.text(path)?.front.title.value);
            Some(LinkView { title, url: self.url(&addresses::text(path)) })
        });
        let [feed, json_feed] = addresses::FEEDS.map(|path| self.url(path));
        let urls = material.theme.assets().urls(&material.base);
        let asset = |name: &str| urls.get(name).cloned().unwrap_or_default();
        PageData {
            lang: self.lang,
            html_lang: self.lang.tag().to_owned(),
            dir: material.direction(self.lang),
            site: SiteView {
                title: self.in_language(&site.title),
                tagline: self.in_language(&site.tagline),
                brand: self.in_language(&site.brand),
                brand_note: self.in_language(&site.brand_note),
                description: self.in_language(&site.description),
                disclaimer: self.in_language(&site.disclaimer),
                organiser: self.in_language(&site.organiser.name),
                home: self.url(addresses::HOME),
                root: material.base.path_url(&root),
                feed,
                json_feed,
                filings: site
                    .filings
                    .iter()
                    .map(|filing| FilingView {
                        text: self.in_language(&filing.text),
                        url: filing.url.as_ref().map(|url| url.value.clone()),
                    })
                    .collect(),
                languages: self.alternates(addresses::HOME),
            },
            nav: nav.collect(),
            footer: footer.collect(),
            assets: AssetsView { css: asset("site.css"), icon: asset("icon.svg"), files: urls.clone() },
            page: PageView {
                kind: page.kind,
                title: page.title,
                heading,
                description: page.description,
                url: self.url(path),
                canonical: self.absolute(path),
                x_default: material.base.absolute(&root),
                json_ld: way.iter().chain(&page.linked_data).map(script).collect(),
                crumbs,
                alternates: self.alternates(path),
                updated: self.updated(path).map(|day| self.date(day)),
                draft: self.draft(path),
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

    /// The day on which a page that people write was last changed.
    fn updated(&self, path: &str) -> Option<Date> {
        let text = self.text(addresses::text_of_page(path))?;
        text.front.updated.as_ref().map(|updated| updated.value)
    }

    /// What a page says that only a preview shows.
    fn draft(&self, path: &str) -> Option<String> {
        let is_draft = self.text(addresses::text_of_page(path)).is_some_and(|text| text.front.is_draft());
        match self.material.coming.get(path) {
            _ if is_draft => Some(self.word("page.draft")),
            Some(day) => Some(self.fill("page.draft-until", &[("date", &self.date(*day).long)])),
            None => None,
        }
    }

    fn crumbs(&self, path: &str, above: &[(String, String)]) -> Vec<LinkView> {
        if path.is_empty() {
            return Vec::new();
        }
        let home = (self.word("nav.home"), addresses::HOME.to_owned());
        let above = std::iter::once(&home).chain(above);
        above.map(|(title, path)| LinkView { title: title.clone(), url: self.url(path) }).collect()
    }
}

impl<V: Serialize> PageData<V> {
    /// Moves a page of all languages to the site's root.
    pub(super) fn stand_at_root(&mut self, base: &BaseUrl) {
        let root = root_place("");
        self.page.url = base.path_url(&root);
        self.page.canonical = base.absolute(&root);
    }
}

/// Adds a page that is rendered when it is written: `view` makes what it is and what it shows. The page is
/// returned, for a caller who knows what it is made of.
pub(super) fn add_page<'v, 'a, V: Serialize>(
    artifacts: &'v mut Vec<Artifact<'a>>,
    context: &Arc<PageContext<'a>>,
    path: &str,
    template: &'a str,
    view: impl Fn(&PageContext<'a>) -> (Page, V) + Send + Sync + 'a,
) -> &'v mut Artifact<'a> {
    add_page_at(artifacts, context, context.place(path), path, template, view)
}

/// Adds a page as [`add_page`] does, at another place than that of its path.
pub(super) fn add_page_at<'v, 'a, V: Serialize>(
    artifacts: &'v mut Vec<Artifact<'a>>,
    context: &Arc<PageContext<'a>>,
    place: Permalink,
    path: &str,
    template: &'a str,
    view: impl Fn(&PageContext<'a>) -> (Page, V) + Send + Sync + 'a,
) -> &'v mut Artifact<'a> {
    let links = context.links_judged_last(addresses::text_on_page(path));
    let (context, path) = (Arc::clone(context), path.to_owned());
    let page = Artifact::page(place, move |report| {
        let (page, view) = view(&context);
        let data = context.page_data(&path, page, view);
        context.material.theme.render(report, template, context.lang, &data)
    });
    artifacts.push(Artifact { links, ..page });
    artifacts.last_mut().expect("it was added above")
}
