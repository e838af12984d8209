//! The sourcing zone: the directory, what changed since the fair before, and the zones of past fairs.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::calendar::{OccasionView, view};
use super::content::DateKind;
use super::dates::DateView;
use super::downloads::{self, DownloadView, Downloads, FORMATS};
use super::enterprise::{self, EnterpriseView, GoodsView, kind_view, order, sorted};
use super::frame::{ContactView, Framer, Framers, LinkView, Page, PageList, add_page, text};
use super::home::{FairView, PhaseView, fair_view, phase_title, phase_view};
use super::plan::{Material, MaterialFair};
use crate::fair::{Kind, Roster};
use crate::site::Artifact;
use crate::site::download::{Cell, Sheet};

#[derive(Serialize)]
struct ZoneView {
    body: String,
    zone: PlaceView,
    fair: FairView,
    updated: Option<DateView>,
    contacts: Vec<ContactView>,
    phases: Vec<PhaseView>,
    enterprises: Vec<EnterpriseView>,
    countries: Vec<CountryFilter>,
    kinds: Vec<KindFilter>,
    goods: Vec<GoodsFilter>,
    sessions: Vec<OccasionView>,
    changes: Option<ChangesView>,
    past: Vec<LinkView>,
    downloads: Vec<DownloadView>,
    calendar_url: String,
}

/// The zone of a past fair.
#[derive(Serialize)]
struct PastView {
    zone: PlaceView,
    fair: FairView,
    phases: Vec<PhaseView>,
    enterprises: Vec<EnterpriseView>,
    changes: Option<ChangesView>,
    zone_url: String,
}

#[derive(Serialize)]
struct PlaceView {
    place: String,
    caveat: String,
}

#[derive(Serialize)]
struct CountryFilter {
    code: String,
    name: String,
    count: usize,
}

#[derive(Serialize)]
struct KindFilter {
    id: &'static str,
    title: String,
    count: usize,
}

#[derive(Serialize)]
struct GoodsFilter {
    id: String,
    title: String,
    count: usize,
}

/// What is different from the fair before.
#[derive(Serialize)]
pub(super) struct ChangesView {
    /// The fair before.
    fair: LinkView,
    arrived: Vec<LinkView>,
    left: Vec<LinkView>,
    moved: Vec<MovedView>,
}

/// An enterprise that is there in other phases than before.
#[derive(Serialize)]
struct MovedView {
    enterprise: LinkView,
    before: String,
    now: String,
}

/// The enterprises of a roster, each once, in the order in which it first appears.
pub(super) fn residents(roster: &Roster) -> Vec<String> {
    let mut residents: Vec<String> = Vec::new();
    for entry in roster.phases.values().flat_map(|entries| &entries.value) {
        if !residents.contains(&entry.value) {
            residents.push(entry.value.clone());
        }
    }
    residents
}

/// The fairs whose zone is past, with their rosters.
pub(super) fn past<'m>(material: &'m Material<'_>) -> Vec<(&'m MaterialFair<'m>, &'m Roster)> {
    let shown = material.zone().map(|(fair, _)| fair.fair.fair.value);
    let past = material.fairs.iter().filter_map(|fair| Some((fair, fair.roster?)));
    // A form that nobody filled in yet is no zone.
    let past = past.filter(|(_, roster)| !residents(roster).is_empty());
    past.filter(|(fair, _)| shown.is_some_and(|shown| fair.fair.fair.value < shown)).collect()
}

fn past_path(fair: &MaterialFair<'_>) -> String {
    format!("zone/fairs/{}/", fair.fair.fair.value)
}

/// A link to the zone of a past fair.
pub(super) fn archive_link(framer: &Framer<'_>, fair: &MaterialFair<'_>) -> LinkView {
    let short = fair.fair.short.as_ref().map(|short| text(short, framer.lang)).unwrap_or_default();
    LinkView { title: short, url: framer.url(&past_path(fair)) }
}

/// The paths of the zone's pages and downloads below a language.
pub(super) fn paths(material: &Material<'_>) -> Vec<String> {
    if material.zone().is_none() {
        return Vec::new();
    }
    let known = |slug: &&str| material.enterprises.contains_key(*slug);
    let directory = std::iter::once("zone/".to_owned());
    let pages = enterprise::all(&material.fairs).into_iter().filter(known).map(enterprise::path);
    let downloads = FORMATS.map(|format| format!("zone/enterprises.{format}"));
    let past = past(material).into_iter().map(|(fair, _)| past_path(fair));
    directory.chain(pages).chain(downloads).chain(past).collect()
}

/// Adds the directory, its downloads, the zones of past fairs and a page for each enterprise.
pub(super) fn add<'a>(artifacts: &mut Vec<Artifact<'a>>, framers: &Framers<'a>, index: usize) {
    let framer = &framers[index];
    let material = framer.material;
    if material.zone().is_none() {
        return;
    }
    let downloads = downloads::add(artifacts, framers, index, "zone/enterprises".to_owned(), tables);
    add_page(artifacts, framers, index, "zone/", "zone.html", move |framer| directory(framer, &downloads));
    for (fair, _) in past(material) {
        let number = fair.fair.fair.value;
        add_page(artifacts, framers, index, &past_path(fair), "zone-past.html", move |framer| {
            past_page(framer, number)
        });
    }
    enterprise::add(artifacts, framers, index);
}

fn directory(framer: &Framer<'_>, downloads: &Downloads<'_>) -> (Page, ZoneView) {
    let (fair, roster) = framer.material.zone().expect("a directory is planned for a roster");
    let (title, summary) = framer.title_and_summary("zone");
    let enterprises = sorted(framer, fair, roster);
    let mut countries: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut goods: BTreeMap<GoodsView, usize> = BTreeMap::new();
    for enterprise in &enterprises {
        let country = (enterprise.country.name.clone(), enterprise.country.code.clone());
        *countries.entry(country).or_default() += 1;
        for kind in &enterprise.goods {
            *goods.entry(kind.clone()).or_default() += 1;
        }
    }
    let kinds = [Kind::Overseas, Kind::Domestic].map(|kind| {
        let view = kind_view(framer, kind);
        let count = enterprises.iter().filter(|enterprise| enterprise.kind.id == view.id).count();
        KindFilter { id: view.id, title: view.title, count }
    });
    let countries = countries.into_iter().map(|((name, code), count)| CountryFilter { code, name, count });
    let mut countries: Vec<CountryFilter> = countries.collect();
    countries.sort_by(|one, other| framer.collation.compare(&one.name, &other.name));
    let goods =
        goods.into_iter().map(|(goods, count)| GoodsFilter { id: goods.id, title: goods.title, count });
    let mut goods: Vec<GoodsFilter> = goods.collect();
    goods.sort_by(|one, other| framer.collation.compare(&one.title, &other.title));
    let number = Some(fair.fair.fair.value);
    let sessions = framer.agenda.iter().filter(|occasion| occasion.kind == DateKind::Sessions);
    let page = Page {
        path: "zone/".to_owned(),
        kind: "zone",
        group: "zone",
        lists: vec![listed(&title, &enterprises)],
        heading: title.clone(),
        title,
        description: summary,
        above: Vec::new(),
        demonstration: false,
    };
    let view = ZoneView {
        body: framer.body("zone"),
        zone: place_view(framer, roster),
        updated: roster.updated.as_ref().map(|updated| framer.date(updated.value)),
        contacts: framer.contacts(roster.contacts.values().map(|contact| contact.value.as_str())),
        phases: phases(framer, fair, roster),
        enterprises,
        countries,
        kinds: kinds.into(),
        goods,
        sessions: sessions
            .filter(|occasion| occasion.fair == number)
            .map(|occasion| view(framer, occasion))
            .collect(),
        changes: changes(framer, fair, roster),
        past: past(framer.material).iter().map(|(fair, _)| archive_link(framer, fair)).collect(),
        fair: fair_view(framer, fair),
        downloads: downloads.views(),
        calendar_url: framer.url("calendar/"),
    };
    (page, view)
}

fn past_page(framer: &Framer<'_>, number: u32) -> (Page, PastView) {
    let past = past(framer.material);
    let (fair, roster) =
        past.into_iter().find(|(fair, _)| fair.fair.fair.value == number).expect("the page was planned");
    let view = PastView {
        zone: place_view(framer, roster),
        fair: fair_view(framer, fair),
        phases: phases(framer, fair, roster),
        enterprises: sorted(framer, fair, roster),
        changes: changes(framer, fair, roster),
        zone_url: framer.url("zone/"),
    };
    let title = framer.fill("zone.past-title", &[("fair", &view.fair.short)]);
    let lists = vec![listed(&title, &view.enterprises)];
    let page = Page {
        path: past_path(fair),
        kind: "zone-past",
        group: "zone",
        heading: title.clone(),
        title,
        description: framer.fill("zone.past-description", &[("fair", &view.fair.short)]),
        above: vec![(framer.word("nav.zone"), "zone/".to_owned())],
        demonstration: false,
        lists,
    };
    (page, view)
}

/// Enterprises as a list for machines.
fn listed(name: &str, enterprises: &[EnterpriseView]) -> PageList {
    let link = |enterprise: &EnterpriseView| LinkView {
        title: enterprise.name.clone(),
        url: enterprise.url.clone(),
    };
    PageList { name: name.to_owned(), items: enterprises.iter().map(link).collect() }
}

fn place_view(framer: &Framer<'_>, roster: &Roster) -> PlaceView {
    PlaceView { place: text(&roster.place, framer.lang), caveat: text(&roster.caveat, framer.lang) }
}

fn phases(framer: &Framer<'_>, fair: &MaterialFair<'_>, roster: &Roster) -> Vec<PhaseView> {
    let phases = fair.fair.phases.iter();
    phases
        .map(|phase| {
            phase_view(
                framer,
                phase,
                roster.phases.get(&phase.phase.value).map_or(0, |entries| entries.value.len()),
            )
        })
        .collect()
}

/// What changed since the fair before; none if the project has no roster of it.
pub(super) fn changes(framer: &Framer<'_>, fair: &MaterialFair<'_>, roster: &Roster) -> Option<ChangesView> {
    let previous = fair.fair.previous_fair.as_ref()?.value;
    let before = framer.material.fairs.iter().find(|before| before.fair.fair.value == previous)?;
    let old = before.roster?;
    let link = |slug: &String| LinkView {
        title: enterprise::name(framer, slug),
        url: framer.url(&enterprise::path(slug)),
    };
    let titles = |phases: Vec<u8>| {
        let titles: Vec<String> = phases.into_iter().map(|phase| phase_title(framer, phase)).collect();
        titles.join(&framer.word("sep.list"))
    };
    let (now, then) = (in_order(framer, roster), in_order(framer, old));
    if now.is_empty() || then.is_empty() {
        return None;
    }
    let stayed = now.iter().filter(|slug| then.contains(slug));
    let moved = stayed.filter(|slug| roster.phases_of(slug) != old.phases_of(slug)).map(|slug| MovedView {
        enterprise: link(slug),
        before: titles(old.phases_of(slug)),
        now: titles(roster.phases_of(slug)),
    });
    Some(ChangesView {
        fair: archive_link(framer, before),
        arrived: now.iter().filter(|slug| !then.contains(slug)).map(link).collect(),
        left: then.iter().filter(|slug| !now.contains(slug)).map(link).collect(),
        moved: moved.collect(),
    })
}

impl ChangesView {
    /// How many enterprises came, left, and changed their phases.
    pub(super) fn counts(&self) -> [usize; 3] {
        [self.arrived.len(), self.left.len(), self.moved.len()]
    }
}

/// The enterprises of a roster, in the order for the reader.
fn in_order(framer: &Framer<'_>, roster: &Roster) -> Vec<String> {
    let mut slugs = residents(roster);
    slugs.retain(|slug| framer.material.enterprises.contains_key(slug));
    let enterprises = framer.material.enterprises;
    slugs.sort_by(|one, other| order(framer, &enterprises[one], &enterprises[other]));
    slugs
}

/// What of an enterprise is shown in another language than the page's.
fn untranslated(framer: &Framer<'_>, view: &EnterpriseView) -> String {
    let told = [("name", &view.name_in), ("business", &view.business_in)].into_iter().filter_map(
        |(what, tongue)| {
            let what = framer.word(&format!("download.{what}"));
            Some(
                framer
                    .fill("download.in-language", &[("what", &what), ("language", &tongue.as_ref()?.title)]),
            )
        },
    );
    told.collect::<Vec<_>>().join("; ")
}

/// The directory as a table and as an object.
fn tables(framer: &Framer<'_>) -> (Sheet, Value) {
    let Some((fair, roster)) = framer.material.zone() else {
        return (Sheet { name: String::new(), columns: Vec::new(), rows: Vec::new() }, Value::Null);
    };
    let views = sorted(framer, fair, roster);
    let columns = ["name", "other-name", "country", "kind", "phases", "goods", "business", "website"];
    let mut columns: Vec<String> = columns.map(|column| framer.word(&format!("download.{column}"))).into();
    // What is not in the language of the file is said in a column of its own, where there is any.
    let notes: Vec<String> = views.iter().map(|view| untranslated(framer, view)).collect();
    let noted = notes.iter().any(|note| !note.is_empty());
    columns.extend(noted.then(|| framer.word("download.note")));
    let attended = |view: &EnterpriseView| {
        view.phases.iter().filter(|phase| phase.attends).map(|phase| phase.number).collect::<Vec<u8>>()
    };
    let goods =
        |view: &EnterpriseView| view.goods.iter().map(|goods| goods.title.clone()).collect::<Vec<String>>();
    let rows = views.iter().zip(notes).map(|(view, note)| {
        let phases: Vec<String> = attended(view).iter().map(u8::to_string).collect();
        let mut row: Vec<Cell> = vec![
            view.name.as_str().into(),
            view.other_name.clone().unwrap_or_default().into(),
            view.country.name.as_str().into(),
            view.kind.title.as_str().into(),
            phases.join("; ").into(),
            goods(view).join("; ").into(),
            view.business.as_str().into(),
            view.website.clone().unwrap_or_default().into(),
        ];
        row.extend(noted.then(|| note.into()));
        row
    });
    let sheet = Sheet { name: framer.word("download.enterprises"), columns, rows: rows.collect() };
    let listed: Vec<Value> = views
        .iter()
        .map(|view| {
            let mut listed = json!({
                "name": view.name,
                "other_name": view.other_name,
                "name_translated": view.translated,
                "country": view.country.code,
                "kind": view.kind.id,
                "phases": attended(view),
                "goods": view.goods.iter().map(|goods| goods.id.as_str()).collect::<Vec<_>>(),
                "business": view.business,
                "website": view.website,
            });
            for (key, tongue) in [("name_language", &view.name_in), ("business_language", &view.business_in)]
            {
                if let Some(tongue) = tongue {
                    listed[key] = json!(tongue.lang());
                }
            }
            listed
        })
        .collect();
    let (number, caveat) = (fair.fair.fair.value, text(&roster.caveat, framer.lang));
    (sheet, json!({"fair": number, "language": framer.lang.tag(), "caveat": caveat, "enterprises": listed}))
}
