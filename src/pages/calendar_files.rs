//! Calendar files: what has a date, for people's own calendars.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::addresses;
use super::agenda::known_since;
use super::context::PageContext;
use super::fair_view::{phase_title, short_name};
use super::front_matter::DateKind;
use super::material::{Material, MaterialFair, root_place};
use super::names::enterprise_name;
use super::occasion::Occasion;
use crate::data::Date;
use crate::fair::{Phase, Roster, Session};
use crate::site::Artifact;
use crate::site::ics::{Calendar, Event, When, ics};

/// A calendar file.
#[derive(Serialize, Clone)]
pub(super) struct FileView {
    title: String,
    /// Its address for a link.
    url: String,
    /// Its whole address, for whoever subscribes to it.
    href: String,
}

/// The file of the sessions and days of an enterprise at all fairs, if it has any: who subscribed to it at one fair
/// keeps it at the next.
pub(super) fn enterprise_file(context: &PageContext<'_>, slug: &str) -> Option<FileView> {
    let is_there = |roster: &Roster| {
        let in_session = |session: &Session| session.enterprises.iter().any(|one| one.value == slug);
        !roster.phases_of(slug).is_empty() || roster.sessions.iter().any(|session| in_session(&session.value))
    };
    let there = context.material.fairs.iter().filter_map(|fair| fair.roster).any(is_there);
    there.then(|| file(context, enterprise_name(context, slug), &addresses::enterprise_calendar(slug)))
}

/// The file of everything in a language, if there is anything, and those of the phases.
pub(super) fn whole_files(context: &PageContext<'_>) -> Vec<FileView> {
    let whole = (!context.agenda.is_empty())
        .then(|| file(context, context.word("calendar.all"), addresses::CALENDAR_FILE));
    let current = context.material.current().map(MaterialFair::number);
    let phases = phases(context.material).into_iter().filter(|(_, fair)| Some(fair.number()) == current);
    let phases = phases.map(|(phase, fair)| {
        file(context, phase_name(context, fair, phase), &addresses::phase_calendar(phase))
    });
    whole.into_iter().chain(phases).collect()
}

fn file(context: &PageContext<'_>, title: String, path: &str) -> FileView {
    FileView { title, url: context.url(path), href: context.absolute(path) }
}

/// The paths of the files of a language that are not of one enterprise.
pub(super) fn paths(material: &Material<'_>) -> Vec<String> {
    let phases = phases(material).into_keys().map(addresses::phase_calendar);
    std::iter::once(addresses::CALENDAR_FILE.to_owned()).chain(phases).collect()
}

/// The phases, each with the fair whose days its file has: the current one, else the latest that has the phase. Who
/// subscribed to it keeps it while the dates of the next fair are not known.
fn phases<'m, 'a>(material: &'m Material<'a>) -> BTreeMap<u8, &'m MaterialFair<'a>> {
    let mut phases = BTreeMap::new();
    for fair in material.current().into_iter().chain(&material.fairs) {
        for phase in &fair.fair.phases {
            phases.entry(phase.phase.value).or_insert(fair);
        }
    }
    phases
}

/// Adds the files of one language.
pub(super) fn add<'a>(artifacts: &mut Vec<Artifact<'a>>, context: &PageContext<'a>) {
    let mut put = |path: &str, name: String, events: Vec<Event>, is_kept: bool| {
        if is_kept || !events.is_empty() {
            artifacts.push(Artifact::bytes(context.place(path), bytes(name, events)));
        }
    };
    let event = |occasion: &Occasion| event(context, occasion);
    let title = context.in_language(&context.material.site.title);
    put(addresses::CALENDAR_FILE, title, context.agenda.iter().map(event).collect(), false);
    for (phase, fair) in phases(context.material) {
        let in_phase = context.agenda.iter().filter(|occasion| occasion.fair == Some(fair.number()));
        let in_phase = in_phase.filter(|occasion| occasion.phase == Some(phase));
        let name = phase_name(context, fair, phase);
        put(&addresses::phase_calendar(phase), name, in_phase.map(event).collect(), false);
    }
    for slug in context.material.enterprises.keys() {
        let ended = context.material.ended.get(&addresses::enterprise(slug)).copied();
        // Whoever subscribed to it keeps the days that have been.
        let zone = |fair: &MaterialFair<'a>| if ended.is_some() { fair.whole_roster } else { fair.roster };
        let zones = context.material.fairs.iter().filter_map(|fair| Some((fair, zone(fair)?)));
        let until = ended.unwrap_or(Date::MAX);
        let days = zones.flat_map(|(fair, roster)| residence(context, fair, roster, slug, until));
        let mut events: Vec<Event> = days.collect();
        let its = context.agenda.iter().filter(|occasion| occasion.enterprises.contains(slug));
        events.extend(its.map(event));
        put(&addresses::enterprise_calendar(slug), enterprise_name(context, slug), events, ended.is_some());
    }
}

fn phase_name(context: &PageContext<'_>, fair: &MaterialFair<'_>, phase: u8) -> String {
    let fair = short_name(context, fair);
    context.fill("calendar.phase", &[("fair", &fair), ("phase", &phase_title(context, phase))])
}

/// The days of an enterprise in the zone until a day, one event a phase.
fn residence(
    context: &PageContext<'_>,
    fair: &MaterialFair<'_>,
    roster: &Roster,
    slug: &str,
    until: Date,
) -> Vec<Event> {
    let number = fair.number();
    let stamp = roster.updated.as_ref().map(|updated| updated.value).or(known_since(fair));
    let Some(stamp) = stamp else { return Vec::new() };
    let attended = roster.phases_of(slug);
    let phases = fair.fair.phases.iter().filter(|phase| attended.contains(&phase.phase.value));
    let phases = phases.filter(|phase| phase.start.value <= until);
    let one = |phase: &Phase| Occasion {
        id: format!("fair-{number}-phase-{}-{slug}", phase.phase.value),
        kind: DateKind::Phases,
        fair: Some(number),
        phase: Some(phase.phase.value),
        enterprises: vec![slug.to_owned()],
        when: When::Days { from: phase.start.value, until: phase.end.value },
        stamp,
        title: context.fill(
            "calendar.residence",
            &[
                ("enterprise", &enterprise_name(context, slug)),
                ("fair", &short_name(context, fair)),
                ("phase", &phase_title(context, phase.phase.value)),
            ],
        ),
        text: context.in_language(&roster.caveat),
        place: context.in_language(&roster.place),
        path: addresses::enterprise(slug),
    };
    phases.map(|phase| event(context, &one(phase))).collect()
}

fn event(context: &PageContext<'_>, occasion: &Occasion) -> Event {
    let base = context.material.lasting_base();
    let host = base.origin().split("://").last().unwrap_or_default();
    Event {
        uid: format!("{}@{host}", occasion.id),
        stamp: occasion.stamp,
        when: occasion.when,
        summary: occasion.title.clone(),
        lang: Some(context.lang.tag().to_owned()),
        description: occasion.text.clone(),
        location: occasion.place.clone(),
        url: context.absolute(&occasion.path),
        category: context.word(&format!("calendar.kind.{}", occasion.kind.name())),
    }
}

fn bytes(name: String, events: Vec<Event>) -> Vec<u8> {
    ics(&Calendar { name, product: "-//jinbang//jinbang//EN".to_owned(), events })
}

/// Adds the file of everything at the root, which says everything in all languages.
pub(super) fn add_root<'a>(artifacts: &mut Vec<Artifact<'a>>, contexts: &[Arc<PageContext<'a>>]) {
    let Some(first) = contexts.first().filter(|context| !context.agenda.is_empty()) else { return };
    let material = first.material;
    let joined = |texts: Vec<&str>, between: &str| {
        let mut told: Vec<&str> = Vec::new();
        for text in texts {
            if !text.is_empty() && !told.contains(&text) {
                told.push(text);
            }
        }
        told.join(between)
    };
    let titles: Vec<&str> =
        contexts.iter().map(|context| material.site.title.value.get(context.lang)).collect();
    let mut events: Vec<Event> = Vec::new();
    for occasion in &first.agenda {
        let same = |context: &Arc<PageContext<'_>>| {
            let same = context.agenda.iter().find(|other| other.id == occasion.id)?;
            Some(event(context, same))
        };
        let spoken: Vec<Event> = contexts.iter().filter_map(same).collect();
        let each = |field: fn(&Event) -> &str| spoken.iter().map(field).collect::<Vec<&str>>();
        events.push(Event {
            summary: joined(each(|event| &event.summary), " / "),
            description: joined(each(|event| &event.description), "\n"),
            location: joined(each(|event| &event.location), " / "),
            category: joined(each(|event| &event.category), " / "),
            lang: None,
            ..event(first, occasion)
        });
    }
    artifacts
        .push(Artifact::bytes(root_place(addresses::CALENDAR_FILE), bytes(joined(titles, " / "), events)));
}
