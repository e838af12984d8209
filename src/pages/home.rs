//! The home page, the pages that people write, the language gateway, the page for what is not there, and
//! what machines read.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::calendar::{OccasionView, dates_of_page};
use super::content::{Fact, Text};
use super::dates::{DateView, range};
use super::frame::{ContactView, Framer, Framers, LanguageView, LinkView, Page, add_page};
use super::notice::{LevelView, Notices};
use super::plan::{Material, MaterialFair};
use super::timeline::timeline;
use crate::data::Date;
use crate::fair::Phase;
use crate::lang::Lang;
use crate::site::sitemap::{Entry, Robots, robots, sitemap};
use crate::site::{Artifact, Permalink};
use crate::source::{Report, fingerprint};

/// A page among others, with what it is about.
#[derive(Serialize, Clone)]
struct TeaserView {
    title: String,
    summary: String,
    url: String,
}

/// A phase of the fair.
#[derive(Serialize, Clone)]
pub(super) struct PhaseView {
    pub number: u8,
    pub title: String,
    pub start: DateView,
    pub end: DateView,
    pub range: String,
    pub theme: String,
    /// How many enterprises are resident.
    pub count: usize,
}

/// A fair by its names and days.
#[derive(Serialize, Clone)]
pub(super) struct FairView {
    pub number: u32,
    pub name: String,
    pub short: String,
    start: Option<DateView>,
    end: Option<DateView>,
    phases: Vec<PhaseView>,
}

#[derive(Serialize)]
struct HomeView {
    body: String,
    fair: FairView,
    notice: Option<HomeNotice>,
    /// The rules of the notice, else those of the fair. None where it has no rulebook.
    rules_url: Option<String>,
    /// The last day on which the notice of the fair may be published, while it is not.
    due: Option<DateView>,
    /// None in a site without a sourcing zone.
    zone: Option<ZoneTeaser>,
    activities: Vec<TeaserView>,
    calendar_url: String,
}

#[derive(Serialize)]
struct HomeNotice {
    title: String,
    url: String,
    period_from: DateView,
    period_to: DateView,
    state: &'static str,
    is_final: bool,
    final_from: Option<DateView>,
    levels: Vec<LevelView>,
}

#[derive(Serialize)]
struct ZoneTeaser {
    count: usize,
    countries: usize,
    url: String,
}

#[derive(Serialize)]
struct ActivitiesView {
    body: String,
    activities: Vec<TeaserView>,
}

#[derive(Serialize)]
struct TextView {
    body: String,
    lede: String,
    facts: Vec<Fact>,
    contacts: Vec<ContactView>,
    /// The headings of the text, for pages that have several.
    contents: Vec<PartView>,
    dates: Vec<OccasionView>,
    calendar_url: String,
    related: Vec<TeaserView>,
}

/// A part of a page.
#[derive(Serialize)]
struct PartView {
    title: String,
    /// The name by which a link leads to it.
    id: String,
}

/// Pages with a place of their own among the generated ones.
pub(super) const GENERATED: [&str; 7] =
    ["home", "awards", "notice", "rules", "zone", "activities", "calendar"];

pub(super) fn phase_view(framer: &Framer<'_>, phase: &Phase, count: usize) -> PhaseView {
    let number = phase.phase.value;
    PhaseView {
        number,
        title: phase_title(framer, number),
        start: framer.date(phase.start.value),
        end: framer.date(phase.end.value),
        range: range(phase.start.value, phase.end.value, &framer.words),
        theme: phase.theme.as_ref().map(|theme| theme.value.get(framer.lang).to_owned()).unwrap_or_default(),
        count,
    }
}

/// The name of a phase: `第一期`, `Phase 1`.
pub(super) fn phase_title(framer: &Framer<'_>, number: u8) -> String {
    let name = framer.words.word(&format!("phase.name{number}")).map(str::to_owned);
    name.unwrap_or_else(|| framer.fill("phase.name", &[("n", &number.to_string())]))
}

pub(super) fn fair_view(framer: &Framer<'_>, fair: &MaterialFair<'_>) -> FairView {
    let file = fair.fair;
    let text = |text: &Option<crate::data::Spanned<crate::lang::Localized>>| {
        text.as_ref().map(|text| text.value.get(framer.lang).to_owned()).unwrap_or_default()
    };
    let resident = |phase: &Phase| {
        fair.roster
            .and_then(|roster| roster.phases.get(&phase.phase.value))
            .map_or(0, |entries| entries.value.len())
    };
    let days = file.days();
    FairView {
        number: file.fair.value,
        name: text(&file.name),
        short: text(&file.short),
        start: days.map(|(start, _)| framer.date(start)),
        end: days.map(|(_, end)| framer.date(end)),
        phases: file.phases.iter().map(|phase| phase_view(framer, phase, resident(phase))).collect(),
    }
}

/// Adds the home page and the pages that people write.
pub(super) fn add<'a>(
    artifacts: &mut Vec<Artifact<'a>>,
    framers: &Framers<'a>,
    index: usize,
    notices: &Notices,
) {
    let material = framers[index].material;
    let latest = notices.fairs.iter().zip(&material.fairs).find_map(|(notice, _)| notice.clone());
    if material.current().is_some() {
        add_page(artifacts, framers, index, "", "home.html", move |framer| home(framer, latest.as_deref()));
    }
    notices.add_archive(artifacts, framers, index);
    add_page(artifacts, framers, index, "activities/", "activities.html", |framer| {
        let (title, summary) = framer.title_and_summary("activities");
        let page = Page {
            path: "activities/".to_owned(),
            kind: "activities",
            group: "activities",
            heading: title.clone(),
            title,
            description: summary,
            above: Vec::new(),
            demonstration: false,
            lists: Vec::new(),
        };
        (page, ActivitiesView { body: framer.body("activities"), activities: activities(framer) })
    });
    let lang = framers[index].lang;
    for (path, texts) in &material.contents.pages {
        let Some(text) = texts.get(&lang).filter(|_| !GENERATED.contains(&path.as_str())) else { continue };
        let print = material.contents.print_of(path, text, lang);
        let shown = framers[index].bodies.get(path.as_str()).map(|body| body.print);
        let path = path.clone();
        let template = if path.starts_with("activities/") { "activity.html" } else { "page.html" };
        let place = format!("{path}/");
        let page =
            add_page(artifacts, framers, index, &place, template, move |framer| text_page(framer, &path));
        // Of what people write it shows its own, and names the pages above it and those to read next.
        page.made_of = Some(fingerprint(&(framers[index].shared, print, shown)));
    }
    add_not_found(artifacts, framers, index);
}

fn home(framer: &Framer<'_>, notice: Option<&super::notice::Notice>) -> (Page, HomeView) {
    let (title, summary) = framer.title_and_summary("home");
    let fair = framer.material.current().expect("a home page is planned for a fair");
    let zone = framer.material.zone().map(|(_, roster)| {
        let residents = super::zone::residents(roster);
        let enterprises = residents.iter().filter_map(|slug| framer.material.enterprises.get(slug));
        let countries: BTreeSet<_> = enterprises.map(|enterprise| enterprise.country.value).collect();
        ZoneTeaser { count: residents.len(), countries: countries.len(), url: framer.url("zone/") }
    });
    let page = Page {
        path: String::new(),
        kind: "home",
        group: "home",
        title: framer.material.site.title.value.get(framer.lang).to_owned(),
        heading: title,
        description: summary,
        above: Vec::new(),
        demonstration: notice.is_some_and(|notice| notice.demonstration),
        lists: Vec::new(),
    };
    let rules = match notice {
        Some(notice) => Some(notice.rules_path.clone()),
        None => fair.rulebook.map(|_| super::rules::path(fair)),
    };
    let view = HomeView {
        body: framer.body("home"),
        fair: fair_view(framer, fair),
        notice: notice.map(|notice| HomeNotice {
            title: notice.heading(framer),
            url: framer.url(&notice.path),
            period_from: framer.date(notice.from),
            period_to: framer.date(notice.until),
            final_from: notice.final_from.filter(|_| notice.is_final()).map(|date| framer.date(date)),
            state: notice.state.name(),
            is_final: notice.is_final(),
            levels: notice.levels(framer),
        }),
        due: due(framer, fair, notice).map(|day| framer.date(day)),
        rules_url: rules.map(|path| framer.url(&path)),
        zone,
        activities: activities(framer),
        calendar_url: framer.url("calendar/"),
    };
    (page, view)
}

/// The last day on which the notice of a fair may be published, while it is not: by the rules, in years of which the
/// working days are known.
fn due(framer: &Framer<'_>, fair: &MaterialFair<'_>, notice: Option<&super::notice::Notice>) -> Option<Date> {
    let material = framer.material;
    if notice.is_some_and(|notice| material.fairs[notice.index].fair.fair.value == fair.fair.fair.value) {
        return None;
    }
    let rulebook = fair.rulebook?;
    // What is wrong with these days is reported where the notice is planned.
    let days = timeline(&mut Report::new(), fair.fair, rulebook, &rulebook.choices, material.calendar);
    days.latest.filter(|latest| !latest.provisional).map(|latest| latest.date)
}

fn activities(framer: &Framer<'_>) -> Vec<TeaserView> {
    let pages = framer.material.contents.below("activities", framer.lang);
    pages.into_iter().map(|(path, text)| teaser(framer, path, text)).collect()
}

fn teaser(framer: &Framer<'_>, path: &str, text: &Text) -> TeaserView {
    TeaserView {
        title: text.front.title.value.clone(),
        summary: text.front.summary.value.clone(),
        url: framer.url(&format!("{path}/")),
    }
}

fn text_page(framer: &Framer<'_>, path: &str) -> (Page, TextView) {
    let text = framer.text(path).expect("the page was planned because it is there");
    let front = &text.front;
    let parent = path.rsplit_once('/').map(|(parent, _)| parent);
    let above = parent.and_then(|parent| {
        let (title, _) = framer.title_and_summary(parent);
        (!title.is_empty()).then(|| (title, format!("{parent}/")))
    });
    let related = front.related.iter().filter_map(|related| {
        let path = related.value.trim_matches('/');
        Some(teaser(framer, path, framer.text(path)?))
    });
    let page = Page {
        path: format!("{path}/"),
        kind: if parent == Some("activities") { "activity" } else { "page" },
        group: if parent == Some("activities") { "activities" } else { "" },
        title: front.title.value.clone(),
        heading: front.title.value.clone(),
        description: front.summary.value.clone(),
        above: above.into_iter().collect(),
        demonstration: false,
        lists: Vec::new(),
    };
    let view = TextView {
        body: framer.body(path),
        lede: front.summary.value.clone(),
        facts: front.facts.clone(),
        contacts: framer.contacts(front.contacts.iter().map(|contact| contact.value.as_str())),
        contents: framer
            .contents(path)
            .iter()
            .map(|(title, id)| PartView { title: title.clone(), id: id.clone() })
            .collect(),
        dates: dates_of_page(framer, path),
        calendar_url: framer.url("calendar/"),
        related: related.collect(),
    };
    (page, view)
}

#[derive(Serialize)]
struct GatewayView {
    languages: Vec<GatewayLanguage>,
}

#[derive(Serialize)]
struct GatewayLanguage {
    #[serde(flatten)]
    language: LanguageView,
    title: String,
    disclaimer: String,
    w: BTreeMap<String, BTreeMap<String, String>>,
    links: Vec<LinkView>,
}

/// Adds the language gateway and the page for what is not there, which speak all languages.
pub(super) fn add_gateway<'a>(artifacts: &mut Vec<Artifact<'a>>, framers: &Framers<'a>) {
    let all: Vec<usize> = (0..framers.len()).collect();
    let host = host(framers);
    let place = Permalink::new("").expect("the root is a place");
    add_multilingual(artifacts, framers, place, host, all.clone(), "gateway.html", "gateway");
    let place = Permalink::new("404.html").expect("a plain file name");
    add_multilingual(artifacts, framers, place, host, all, "notfound.html", "notfound");
}

/// The language in which a page of all languages is marked up: English where it is one of them.
fn host(framers: &Framers<'_>) -> usize {
    framers.iter().position(|framer| framer.lang == Lang::EN).unwrap_or(0)
}

/// Adds the page for what is not there in the tree of one language.
fn add_not_found<'a>(artifacts: &mut Vec<Artifact<'a>>, framers: &Framers<'a>, index: usize) {
    let place = framers[index].material.place(framers[index].lang, "404.html");
    add_multilingual(artifacts, framers, place, index, vec![index], "notfound.html", "notfound");
}

fn add_multilingual<'a>(
    artifacts: &mut Vec<Artifact<'a>>,
    framers: &Framers<'a>,
    place: Permalink,
    host: usize,
    shown: Vec<usize>,
    template: &'static str,
    group: &'static str,
) {
    let framers = Framers::clone(framers);
    artifacts.push(Artifact::page(place, move |report| {
        let host = &framers[host];
        let languages = shown.iter().map(|&index| gateway_language(&framers[index], group)).collect();
        let page = Page {
            path: String::new(),
            kind: group,
            group: "",
            title: host.word(&format!("{group}.title")),
            heading: host.word(&format!("{group}.title")),
            description: host.material.site.description.value.get(host.lang).to_owned(),
            above: Vec::new(),
            demonstration: false,
            lists: Vec::new(),
        };
        let mut framed = host.frame(&page, GatewayView { languages });
        framed.stand_at_root(host.material);
        host.material.theme.render(report, template, host.lang, &framed)
    }));
}

fn gateway_language(framer: &Framer<'_>, group: &str) -> GatewayLanguage {
    let material = framer.material;
    let home = LinkView { title: framer.word("nav.home"), url: framer.url("") };
    let groups = framer
        .groups()
        .map(|(key, path)| LinkView { title: framer.word(&format!("nav.{key}")), url: framer.url(path) });
    GatewayLanguage {
        language: LanguageView {
            lang: framer.lang,
            html_lang: framer.lang.tag().to_owned(),
            dir: material.direction(framer.lang),
            label: material.own_name(framer.lang),
            url: framer.url(""),
            href: material.base.absolute(&material.place(framer.lang, "")),
        },
        title: material.site.title.value.get(framer.lang).to_owned(),
        disclaimer: material.site.disclaimer.value.get(framer.lang).to_owned(),
        w: framer.nested_words(group),
        links: std::iter::once(home).chain(groups).collect(),
    }
}

/// Adds the sitemap and `robots.txt`.
pub(super) fn add_machines<'a>(
    artifacts: &mut Vec<Artifact<'a>>,
    material: &Material<'_>,
    known: &BTreeSet<String>,
) {
    let root = Permalink::new("").expect("the root is a place");
    let pages = known.iter().filter(|path| path.is_empty() || path.ends_with('/'));
    let entry = |path: &String| Entry {
        pages: material
            .languages
            .iter()
            .map(|&lang| (lang.tag().to_owned(), material.place(lang, path)))
            .collect(),
        x_default: Some(root.clone()),
    };
    let entries: Vec<Entry> = pages.map(entry).collect();
    for (place, text) in sitemap(&material.base, &entries) {
        artifacts.push(Artifact::bytes(place, text.into_bytes()));
    }
    let (place, text) =
        robots(&material.base, if material.preview { Robots::Unwanted } else { Robots::Welcome });
    artifacts.push(Artifact::bytes(place, text.into_bytes()));
}
