//! The sourcing zone: the directory with its tables, and the zones of past fairs.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Value, json};

use super::addresses;
use super::agenda::{OccasionView, occasion_view};
use super::contacts::ContactView;
use super::context::PageContext;
use super::dates::DateView;
use super::downloads::{self, DownloadView, Downloads};
use super::enterprise_view::{EnterpriseView, GoodsView, enterprise_views, kind_view};
use super::fair_view::{FairView, PhaseView, fair_view, phase_views};
use super::front_matter::DateKind;
use super::linked_data;
use super::links::LinkView;
use super::material::MaterialFair;
use super::page::{Page, add_page};
use super::zone_changes::{ChangesView, archive_link, changes};
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
    kinds: Vec<ZoneFilter>,
    goods: Vec<ZoneFilter>,
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

/// A choice of a filter, with how many enterprises it leaves standing.
#[derive(Serialize)]
struct ZoneFilter {
    id: String,
    title: String,
    count: usize,
}

/// Adds the directory, its downloads, and the zones of past fairs.
pub(super) fn add<'a>(artifacts: &mut Vec<Artifact<'a>>, context: &Arc<PageContext<'a>>) {
    let Some((fair, roster)) = context.material.zone() else { return };
    let table = addresses::enterprises_table();
    let downloads = downloads::add(artifacts, context, &table, move |context| tables(context, fair, roster));
    add_page(artifacts, context, addresses::ZONE, "zone.html", move |context| {
        directory(context, fair, roster, &downloads)
    });
    for (fair, roster) in context.material.past_zones() {
        let path = addresses::past_zone(fair.number());
        add_page(artifacts, context, &path, "zone-past.html", move |context| {
            past_page(context, fair, roster)
        });
    }
}

fn directory(
    context: &PageContext<'_>,
    fair: &MaterialFair<'_>,
    roster: &Roster,
    downloads: &Downloads<'_>,
) -> (Page, ZoneView) {
    let enterprises = enterprise_views(context, fair, roster);
    let mut countries: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut goods: BTreeMap<&GoodsView, usize> = BTreeMap::new();
    for enterprise in &enterprises {
        *countries.entry((&enterprise.country.name, &enterprise.country.code)).or_default() += 1;
        for kind in &enterprise.goods {
            *goods.entry(kind).or_default() += 1;
        }
    }
    let kinds = [Kind::Overseas, Kind::Domestic].map(|kind| {
        let view = kind_view(context, kind);
        let count = enterprises.iter().filter(|enterprise| enterprise.kind.id == view.id).count();
        ZoneFilter { id: view.id.to_owned(), title: view.title, count }
    });
    let countries = countries.into_iter().map(|((name, code), count)| CountryFilter {
        code: code.to_owned(),
        name: name.to_owned(),
        count,
    });
    let mut countries: Vec<CountryFilter> = countries.collect();
    countries.sort_by(|one, other| context.collation.compare(&one.name, &other.name));
    let goods = goods.into_iter().map(|(goods, count)| ZoneFilter {
        id: goods.id.clone(),
        title: goods.title.clone(),
        count,
    });
    let mut goods: Vec<ZoneFilter> = goods.collect();
    goods.sort_by(|one, other| context.collation.compare(&one.title, &other.title));
    let sessions = context.agenda.iter().filter(|occasion| occasion.kind == DateKind::Sessions);
    let sessions = sessions.filter(|occasion| occasion.fair == Some(fair.number()));
    let page = context.page_of_text("zone");
    let page = Page { linked_data: vec![listed(context, &page.title, &enterprises)], ..page };
    let view = ZoneView {
        body: context.body("zone"),
        zone: place_view(context, roster),
        updated: roster.updated.as_ref().map(|updated| context.date(updated.value)),
        contacts: context.contacts(roster.contacts.values().map(|contact| contact.value.as_str())),
        phases: phase_views(context, fair),
        enterprises,
        countries,
        kinds: kinds.into(),
        goods,
        sessions: sessions.map(|occasion| occasion_view(context, occasion)).collect(),
        changes: changes(context, fair, roster),
        past: context.material.past_zones().iter().map(|(fair, _)| archive_link(context, fair)).collect(),
        fair: fair_view(context, fair),
        downloads: downloads.views(),
        calendar_url: context.url(addresses::CALENDAR),
    };
    (page, view)
}

fn past_page(context: &PageContext<'_>, fair: &MaterialFair<'_>, roster: &Roster) -> (Page, PastView) {
    let view = PastView {
        zone: place_view(context, roster),
        fair: fair_view(context, fair),
        phases: phase_views(context, fair),
        enterprises: enterprise_views(context, fair, roster),
        changes: changes(context, fair, roster),
        zone_url: context.url(addresses::ZONE),
    };
    let title = context.fill("zone.past-title", &[("fair", &view.fair.short)]);
    let page = Page {
        kind: "zone-past",
        group: "zone",
        description: context.fill("zone.past-description", &[("fair", &view.fair.short)]),
        above: vec![context.above("zone")],
        linked_data: vec![listed(context, &title, &view.enterprises)],
        title,
        ..Page::default()
    };
    (page, view)
}

/// Enterprises as a list for machines.
fn listed(context: &PageContext<'_>, name: &str, enterprises: &[EnterpriseView]) -> Value {
    let link = |enterprise: &EnterpriseView| LinkView {
        title: enterprise.name.clone(),
        url: enterprise.url.clone(),
    };
    linked_data::list(context, name, &enterprises.iter().map(link).collect::<Vec<_>>())
}

fn place_view(context: &PageContext<'_>, roster: &Roster) -> PlaceView {
    PlaceView { place: context.in_language(&roster.place), caveat: context.in_language(&roster.caveat) }
}

/// What of an enterprise is shown in another language than the page's.
fn untranslated(context: &PageContext<'_>, view: &EnterpriseView) -> String {
    let told = [("name", &view.name_in), ("business", &view.business_in)].into_iter().filter_map(
        |(what, tongue)| {
            let what = context.word(&format!("download.{what}"));
            Some(
                context
                    .fill("download.in-language", &[("what", &what), ("language", &tongue.as_ref()?.title)]),
            )
        },
    );
    told.collect::<Vec<_>>().join("; ")
}

/// The directory as a table and as an object.
fn tables(context: &PageContext<'_>, fair: &MaterialFair<'_>, roster: &Roster) -> (Sheet, Value) {
    let views = enterprise_views(context, fair, roster);
    let columns = ["name", "other-name", "country", "kind", "phases", "goods", "business", "website"];
    let mut columns: Vec<String> = columns.map(|column| context.word(&format!("download.{column}"))).into();
    // What is not in the language of the file is said in a column of its own, where there is any.
    let notes: Vec<String> = views.iter().map(|view| untranslated(context, view)).collect();
    let noted = notes.iter().any(|note| !note.is_empty());
    columns.extend(noted.then(|| context.word("download.note")));
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
    let sheet = Sheet { name: context.word("download.enterprises"), columns, rows: rows.collect() };
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
                    listed[key] = json!(tongue.lang);
                }
            }
            listed
        })
        .collect();
    let (number, caveat) = (fair.number(), context.in_language(&roster.caveat));
    (sheet, json!({"fair": number, "language": context.lang.tag(), "caveat": caveat, "enterprises": listed}))
}
