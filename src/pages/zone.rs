//! The sourcing zone: the directory, and a page for each enterprise.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::frame::{ContactView, Framer, Framers, Page, add_page};
use super::home::{FairView, PhaseView, fair_view, phase_view};
use super::plan::Material;
use super::winners::{DownloadView, FORMATS, add_downloads, text};
use crate::fair::{Enterprise, Kind, NameBasis, Roster};
use crate::lang::Lang;
use crate::site::download::Sheet;
use crate::site::{Artifact, segment};
use crate::source::Report;

#[derive(Serialize)]
struct ZoneView {
    body: String,
    zone: PlaceView,
    fair: FairView,
    contacts: Vec<ContactView>,
    phases: Vec<PhaseView>,
    enterprises: Vec<EnterpriseView>,
    countries: Vec<CountryFilter>,
    kinds: Vec<KindFilter>,
    downloads: Vec<DownloadView>,
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

#[derive(Serialize, Clone)]
struct EnterpriseView {
    slug: String,
    url: String,
    name: String,
    other_name: Option<String>,
    other_lang: Option<String>,
    translated: bool,
    country: CountryView,
    kind: KindView,
    business: String,
    website: Option<String>,
    monogram: String,
    phases: Vec<AttendanceView>,
}

#[derive(Serialize, Clone)]
struct CountryView {
    code: String,
    name: String,
}

#[derive(Serialize, Clone)]
struct KindView {
    id: &'static str,
    title: String,
}

#[derive(Serialize, Clone)]
struct AttendanceView {
    number: u8,
    title: String,
    range: String,
    attends: bool,
}

#[derive(Serialize)]
struct EnterprisePageView {
    enterprise: EnterpriseView,
    fair: FairView,
    place: String,
    caveat: String,
    contacts: Vec<ContactView>,
    zone_url: String,
}

/// The enterprises of a roster, each once, in the order in which it first appears.
pub(super) fn residents(roster: &Roster) -> Vec<String> {
    let mut residents: Vec<String> = Vec::new();
    for entry in roster.phases.values().flatten() {
        if !residents.contains(&entry.value) {
            residents.push(entry.value.clone());
        }
    }
    residents
}

pub(super) fn enterprise_path(slug: &str) -> String {
    format!(
        "zone/{}/",
        segment(slug, &["enterprises.xlsx", "enterprises.csv", "enterprises.json", "index.html"])
    )
}

/// The paths of the zone's pages and downloads below a language.
pub(super) fn paths(material: &Material<'_>) -> Vec<String> {
    let Some((_, roster)) = material.zone() else { return Vec::new() };
    let pages = residents(roster).into_iter().filter(|slug| material.enterprises.contains_key(slug));
    let downloads = FORMATS.map(|format| format!("zone/enterprises.{format}"));
    pages.map(|slug| enterprise_path(&slug)).chain(downloads).collect()
}

/// Adds the directory, its downloads and a page for each enterprise.
pub(super) fn add<'a>(
    report: &mut Report,
    artifacts: &mut Vec<Artifact<'a>>,
    framers: &Framers<'a>,
    index: usize,
) {
    let framer = &framers[index];
    let material = framer.material;
    let Some((_, roster)) = material.zone() else { return };
    let (sheet, json) = tables(framer);
    let downloads = add_downloads(report, artifacts, framer, "zone/enterprises", &sheet, &json);
    add_page(artifacts, framers, index, "zone/", "zone.html", move |framer| directory(framer, &downloads));
    for slug in residents(roster) {
        if material.enterprises.contains_key(&slug) {
            let path = enterprise_path(&slug);
            add_page(artifacts, framers, index, &path, "enterprise.html", move |framer| {
                enterprise_page(framer, &slug)
            });
        }
    }
}

fn directory(framer: &Framer<'_>, downloads: &[DownloadView]) -> (Page, ZoneView) {
    let (fair, roster) = framer.material.zone().expect("a directory is planned for a roster");
    let (title, summary) = framer.title_and_summary("zone");
    let enterprises = enterprises(framer);
    let mut countries: BTreeMap<(String, String), usize> = BTreeMap::new();
    for enterprise in &enterprises {
        let country = (enterprise.country.name.clone(), enterprise.country.code.clone());
        *countries.entry(country).or_default() += 1;
    }
    let kinds = [Kind::Overseas, Kind::Domestic].map(|kind| {
        let view = kind_view(framer, kind);
        let count = enterprises.iter().filter(|enterprise| enterprise.kind.id == view.id).count();
        KindFilter { id: view.id, title: view.title, count }
    });
    let page = Page {
        path: "zone/".to_owned(),
        kind: "zone",
        group: "zone",
        heading: title.clone(),
        title,
        description: summary,
        above: Vec::new(),
        demonstration: false,
    };
    let fair = fair_view(framer, fair);
    let view = ZoneView {
        body: framer.body("zone"),
        zone: PlaceView {
            place: text(&roster.place, framer.lang),
            caveat: text(&roster.caveat, framer.lang),
        },
        contacts: framer.contacts(roster.contacts.iter().map(|contact| contact.value.as_str())),
        phases: phases(framer),
        fair,
        enterprises,
        countries: countries
            .into_iter()
            .map(|((name, code), count)| CountryFilter { code, name, count })
            .collect(),
        kinds: kinds.into(),
        downloads: downloads.to_vec(),
    };
    (page, view)
}

fn phases(framer: &Framer<'_>) -> Vec<PhaseView> {
    let Some((fair, roster)) = framer.material.zone() else { return Vec::new() };
    let phases = fair.fair.phases.iter();
    phases
        .map(|phase| phase_view(framer, phase, roster.phases.get(&phase.phase.value).map_or(0, Vec::len)))
        .collect()
}

/// The enterprises of the zone, sorted for the reader: in Chinese by pinyin, else by name.
fn enterprises(framer: &Framer<'_>) -> Vec<EnterpriseView> {
    let Some((_, roster)) = framer.material.zone() else { return Vec::new() };
    let mut sorted: Vec<(String, EnterpriseView)> = Vec::new();
    for slug in residents(roster) {
        let Some(enterprise) = framer.material.enterprises.get(&slug) else { continue };
        let view = enterprise_view(framer, &slug, enterprise);
        let key =
            if framer.lang == Lang::ZH { enterprise.sort.value.clone() } else { view.name.to_lowercase() };
        sorted.push((key, view));
    }
    sorted.sort_by(|(one, _), (other, _)| one.cmp(other));
    sorted.into_iter().map(|(_, view)| view).collect()
}

fn enterprise_view(framer: &Framer<'_>, slug: &str, enterprise: &Enterprise) -> EnterpriseView {
    let name = &enterprise.name.value;
    let here = name.get(framer.lang).to_owned();
    let other = name.languages().find(|lang| *lang != framer.lang);
    let other_name = other.map(|lang| name.get(lang).to_owned()).filter(|other| *other != here);
    let attends = framer.material.zone().map(|(_, roster)| roster.phases_of(slug)).unwrap_or_default();
    EnterpriseView {
        slug: slug.to_owned(),
        url: framer.url(&enterprise_path(slug)),
        other_lang: other.map(|lang| lang.tag().to_owned()),
        other_name,
        translated: enterprise.name_basis == NameBasis::Translated,
        country: CountryView {
            code: enterprise.country.value.code().to_owned(),
            name: enterprise.country.value.name(framer.lang).to_owned(),
        },
        kind: kind_view(framer, enterprise.kind),
        business: enterprise
            .business
            .as_ref()
            .map(|business| text(business, framer.lang))
            .unwrap_or_default(),
        website: enterprise.website.as_ref().map(|website| website.value.clone()),
        monogram: monogram(name.find(Lang::EN).unwrap_or(&here)),
        phases: phases(framer)
            .into_iter()
            .map(|phase| AttendanceView {
                number: phase.number,
                attends: attends.contains(&phase.number),
                title: phase.title,
                range: phase.range,
            })
            .collect(),
        name: here,
    }
}

fn kind_view(framer: &Framer<'_>, kind: Kind) -> KindView {
    let id = match kind {
        Kind::Overseas => "overseas",
        Kind::Domestic => "domestic",
    };
    KindView { id, title: framer.word(&format!("kind.{id}")) }
}

/// The first letters of the first two words of a name.
fn monogram(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.take(2).filter_map(|word| word.chars().next()).flat_map(char::to_uppercase).collect()
}

fn enterprise_page(framer: &Framer<'_>, slug: &str) -> (Page, EnterprisePageView) {
    let (fair, roster) = framer.material.zone().expect("an enterprise is planned for a roster");
    let enterprise = enterprise_view(framer, slug, &framer.material.enterprises[slug]);
    let fair = fair_view(framer, fair);
    let page = Page {
        path: enterprise_path(slug),
        kind: "enterprise",
        group: "zone",
        title: enterprise.name.clone(),
        heading: enterprise.name.clone(),
        description: framer.fill(
            "zone.description",
            &[("name", &enterprise.name), ("business", &enterprise.business), ("fair", &fair.short)],
        ),
        above: vec![(framer.word("nav.zone"), "zone/".to_owned())],
        demonstration: false,
    };
    let view = EnterprisePageView {
        enterprise,
        fair,
        place: text(&roster.place, framer.lang),
        caveat: text(&roster.caveat, framer.lang),
        contacts: framer.contacts(roster.contacts.iter().map(|contact| contact.value.as_str())),
        zone_url: framer.url("zone/"),
    };
    (page, view)
}

/// The directory as a table and as an object.
fn tables(framer: &Framer<'_>) -> (Sheet, Value) {
    let views = enterprises(framer);
    let columns = ["name", "other-name", "country", "kind", "phases", "business", "website"];
    let columns = columns.map(|column| framer.word(&format!("download.{column}")));
    let attended = |view: &EnterpriseView| {
        view.phases.iter().filter(|phase| phase.attends).map(|phase| phase.number).collect::<Vec<u8>>()
    };
    let rows = views.iter().map(|view| {
        let phases: Vec<String> = attended(view).iter().map(u8::to_string).collect();
        vec![
            view.name.as_str().into(),
            view.other_name.clone().unwrap_or_default().into(),
            view.country.name.as_str().into(),
            view.kind.title.as_str().into(),
            phases.join("; ").into(),
            view.business.as_str().into(),
            view.website.clone().unwrap_or_default().into(),
        ]
    });
    let sheet =
        Sheet { name: framer.word("download.enterprises"), columns: columns.into(), rows: rows.collect() };
    let listed: Vec<Value> = views
        .iter()
        .map(|view| {
            json!({
                "name": view.name,
                "other_name": view.other_name,
                "name_translated": view.translated,
                "country": view.country.code,
                "kind": view.kind.id,
                "phases": attended(view),
                "business": view.business,
                "website": view.website,
            })
        })
        .collect();
    let (fair, caveat) = framer
        .material
        .zone()
        .map(|(fair, roster)| (fair.fair.fair.value, text(&roster.caveat, framer.lang)))
        .unwrap_or_default();
    (sheet, json!({"fair": fair, "language": framer.lang.tag(), "caveat": caveat, "enterprises": listed}))
}
