//! The calendar: phases, notices, deadlines and sessions, as a page and as files for people's own calendars.

use std::collections::BTreeMap;

use serde::Serialize;

use super::content::DateKind;
use super::dates::{DateView, range};
use super::frame::{Framer, Framers, Page, add_page, text};
use super::home::phase_title;
use super::notice::Notices;
use super::plan::{Material, MaterialFair};
use super::timeline::timeline;
use crate::data::Date;
use crate::fair::Roster;
use crate::site::ics::{Calendar, Event, When, ics};
use crate::site::{Artifact, BaseUrl, Permalink};
use crate::source::Report;

/// Something with a date, in the words of one language.
pub(super) struct Occasion {
    /// What tells it from all others, whatever its words: `fair-137-phase-1`.
    id: String,
    pub kind: DateKind,
    /// The fair that it belongs to; none for a deadline of a page.
    pub fair: Option<u32>,
    /// The phase in which it is.
    pub phase: Option<u8>,
    /// The enterprises that take part in it, by file stem.
    pub enterprises: Vec<String>,
    pub when: When,
    /// The day of the data that it rests on.
    stamp: Date,
    pub title: String,
    text: String,
    pub place: String,
    /// Its page, below the language.
    pub path: String,
}

/// Something with a date, as a page shows it.
#[derive(Serialize, Clone)]
pub(super) struct OccasionView {
    kind: DateKind,
    kind_title: String,
    title: String,
    text: String,
    place: String,
    url: String,
    from: DateView,
    until: DateView,
    days: String,
    time: Option<String>,
}

#[derive(Serialize)]
struct CalendarView {
    body: String,
    groups: Vec<GroupView>,
    files: Vec<FileView>,
}

#[derive(Serialize)]
struct GroupView {
    title: String,
    occasions: Vec<OccasionView>,
}

/// A calendar file.
#[derive(Serialize, Clone)]
pub(super) struct FileView {
    title: String,
    /// Its address for a link.
    url: String,
    /// Its whole address, for whoever subscribes to it.
    href: String,
}

/// The path of the file of everything, below a language and at the root.
const FILE: &str = "calendar.ics";

/// All that has a date, in the order of the days.
pub(super) fn agenda(framer: &Framer<'_>, notices: &Notices) -> Vec<Occasion> {
    let mut agenda = Vec::new();
    for (number, fair) in framer.material.fairs.iter().enumerate() {
        add_phases(framer, fair, &mut agenda);
        add_award(framer, fair, notices, number, &mut agenda);
        if let Some(roster) = fair.roster {
            add_sessions(framer, fair, roster, &mut agenda);
        }
    }
    add_deadlines(framer, &mut agenda);
    agenda.sort_by(|one, other| {
        let key = |occasion: &Occasion| (occasion.when.first(), occasion.when.last(), occasion.id.clone());
        key(one).cmp(&key(other))
    });
    agenda
}

/// The day on which the data of a fair was known: the first of its days. Nothing else in `fair.yaml` tells.
fn known_since(fair: &MaterialFair<'_>) -> Option<Date> {
    let platform = fair.fair.online_platform.as_ref().map(|platform| platform.start.value);
    let first = fair.fair.days().map(|(start, _)| start);
    platform.into_iter().chain(first).min()
}

fn short_name(framer: &Framer<'_>, fair: &MaterialFair<'_>) -> String {
    fair.fair.short.as_ref().map(|short| text(short, framer.lang)).unwrap_or_default()
}

fn add_phases(framer: &Framer<'_>, fair: &MaterialFair<'_>, agenda: &mut Vec<Occasion>) {
    let (number, name) = (fair.fair.fair.value, short_name(framer, fair));
    let Some(stamp) = known_since(fair) else { return };
    let place = fair.fair.place.as_ref().map(|place| text(place, framer.lang)).unwrap_or_default();
    for phase in &fair.fair.phases {
        let theme = phase.theme.as_ref().map(|theme| text(theme, framer.lang)).unwrap_or_default();
        let title = phase_title(framer, phase.phase.value);
        agenda.push(Occasion {
            id: format!("fair-{number}-phase-{}", phase.phase.value),
            kind: DateKind::Phases,
            fair: Some(number),
            phase: Some(phase.phase.value),
            enterprises: Vec::new(),
            when: When::Days { from: phase.start.value, until: phase.end.value },
            stamp,
            title: framer.fill("calendar.phase", &[("fair", &name), ("phase", &title)]),
            text: theme,
            place: place.clone(),
            path: String::new(),
        });
    }
    if let Some(platform) = &fair.fair.online_platform {
        agenda.push(Occasion {
            id: format!("fair-{number}-online"),
            kind: DateKind::OnlinePlatform,
            fair: Some(number),
            phase: None,
            enterprises: Vec::new(),
            when: When::Days { from: platform.start.value, until: platform.end.value },
            stamp,
            title: framer.fill("calendar.online-platform", &[("fair", &name)]),
            text: framer.word("calendar.online-platform-text"),
            place: String::new(),
            path: "activities/".to_owned(),
        });
    }
}

/// The last day to publish the winners, and the days of the notice.
fn add_award(
    framer: &Framer<'_>,
    fair: &MaterialFair<'_>,
    notices: &Notices,
    index: usize,
    agenda: &mut Vec<Occasion>,
) {
    let (Some(rulebook), Some(_)) = (fair.rulebook, fair.list) else { return };
    let (number, name) = (fair.fair.fair.value, short_name(framer, fair));
    let occasion = |id: &str, kind, when, stamp, title: &str, text: String, path: &str| Occasion {
        id: format!("fair-{number}-{id}"),
        kind,
        fair: Some(number),
        phase: None,
        enterprises: Vec::new(),
        when,
        stamp,
        title: framer.fill(title, &[("fair", &name)]),
        text,
        place: String::new(),
        path: path.to_owned(),
    };
    // What is wrong with these days is reported where the notice is planned.
    let calendar = framer.material.calendar;
    let timeline = timeline(&mut Report::new(), fair.fair, rulebook, &rulebook.choices, calendar, &|_| true);
    if let (Some(latest), Some(stamp)) = (timeline.latest, known_since(fair)) {
        let when = When::Days { from: latest.date, until: latest.date };
        let text = if latest.provisional { "calendar.provisional" } else { "calendar.publication-text" };
        let path = super::rules::path(fair);
        let (title, text) = ("calendar.publication", framer.word(text));
        agenda.push(occasion("publication", DateKind::Publication, when, stamp, title, text, &path));
    }
    if let Some(Some(notice)) = notices.fairs.get(index) {
        let when = When::Days { from: notice.start, until: notice.until };
        let text = framer.fill("calendar.notice-text", &[("date", &framer.date(notice.until).long)]);
        let title = "calendar.notice";
        agenda.push(occasion("notice", DateKind::Notice, when, notice.from, title, text, &notice.path));
    }
}

fn add_sessions(framer: &Framer<'_>, fair: &MaterialFair<'_>, roster: &Roster, agenda: &mut Vec<Occasion>) {
    let number = fair.fair.fair.value;
    let stamp = roster.updated.as_ref().map(|updated| updated.value).or(known_since(fair));
    let Some(stamp) = stamp else { return };
    let mut ids: BTreeMap<String, usize> = BTreeMap::new();
    for session in roster.sessions.iter().map(|session| &session.value) {
        let slugs: Vec<String> = session.enterprises.iter().map(|slug| slug.value.clone()).collect();
        let known = slugs.iter().filter(|slug| framer.material.enterprises.contains_key(*slug));
        let names: Vec<String> = known.map(|slug| super::enterprise::name(framer, slug)).collect();
        let date = session.date.value;
        let phase =
            fair.fair.phases.iter().find(|phase| phase.start.value <= date && date <= phase.end.value);
        // Day and enterprises tell sessions apart, so that one that begins later stays the same.
        let id = format!("fair-{number}-session-{date}-{}", slugs.join("-"));
        let again = ids.entry(id.clone()).and_modify(|count| *count += 1).or_insert(1);
        let who = names.join(&framer.word("sep.list"));
        agenda.push(Occasion {
            id: if *again > 1 { format!("{id}-{again}") } else { id },
            kind: DateKind::Sessions,
            fair: Some(number),
            phase: phase.map(|phase| phase.phase.value),
            when: match (&session.from, &session.until) {
                (Some(from), Some(until)) => When::Hours { date, from: from.value, until: until.value },
                _ => When::Days { from: date, until: date },
            },
            stamp,
            title: framer.fill(
                "calendar.session",
                &[("title", session.title.value.get(framer.lang)), ("enterprises", &who)],
            ),
            text: text(&roster.caveat, framer.lang),
            place: text(session.place.as_ref().unwrap_or(&roster.place), framer.lang),
            path: match slugs.as_slice() {
                [slug] if framer.material.enterprises.contains_key(slug) => super::enterprise::path(slug),
                _ => "zone/".to_owned(),
            },
            enterprises: slugs,
        });
    }
}

fn add_deadlines(framer: &Framer<'_>, agenda: &mut Vec<Occasion>) {
    for (path, texts) in &framer.material.contents.pages {
        let Some(text) = texts.get(&framer.lang) else { continue };
        for (number, deadline) in (1..).zip(&text.front.deadlines) {
            let date = deadline.date.value;
            agenda.push(Occasion {
                id: format!("page-{}-{number}", path.replace('/', "-")),
                kind: DateKind::Deadlines,
                fair: None,
                phase: None,
                enterprises: Vec::new(),
                when: When::Days { from: date, until: date },
                stamp: text.front.updated.as_ref().map_or(date, |updated| updated.value),
                title: framer.fill(
                    "calendar.deadline",
                    &[("title", &deadline.title), ("page", &text.front.title.value)],
                ),
                text: String::new(),
                place: String::new(),
                path: format!("{path}/"),
            });
        }
    }
}

pub(super) fn view(framer: &Framer<'_>, occasion: &Occasion) -> OccasionView {
    let (first, last) = (occasion.when.first(), occasion.when.last());
    let (from, until) = (framer.date(first), framer.date(last));
    let days = match (first == last, first.year() == last.year()) {
        (true, _) => from.long.clone(),
        (false, true) => framer.fill(
            "calendar.days",
            &[("year", &first.year().to_string()), ("days", &range(first, last, &framer.words))],
        ),
        (false, false) => format!("{}{}{}", from.long, framer.word("sep.range"), until.long),
    };
    let time = match occasion.when {
        When::Hours { from, until, .. } => {
            let hour = |time: crate::data::Time| format!("{:02}:{:02}", time.hour(), time.minute());
            Some(format!("{}{}{}", hour(from), framer.word("sep.range"), hour(until)))
        }
        When::Days { .. } => None,
    };
    OccasionView {
        kind: occasion.kind,
        kind_title: framer.word(&format!("calendar.kind.{}", kind_key(occasion.kind))),
        title: occasion.title.clone(),
        text: occasion.text.clone(),
        place: occasion.place.clone(),
        url: framer.url(&occasion.path),
        from,
        until,
        days,
        time,
    }
}

fn kind_key(kind: DateKind) -> &'static str {
    match kind {
        DateKind::Phases => "phases",
        DateKind::OnlinePlatform => "online-platform",
        DateKind::Publication => "publication",
        DateKind::Notice => "notice",
        DateKind::Sessions => "sessions",
        DateKind::Deadlines => "deadlines",
    }
}

/// What a page with `dates` and `deadlines` shows: the dates of the current fair of these kinds, and its own.
pub(super) fn dates_of_page(framer: &Framer<'_>, path: &str) -> Vec<OccasionView> {
    let Some(page) = framer.text(path) else { return Vec::new() };
    let current = framer.material.current().map(|fair| fair.fair.fair.value);
    let own = format!("{path}/");
    let shown = framer.agenda.iter().filter(|occasion| match occasion.kind {
        DateKind::Deadlines => occasion.path == own,
        kind => occasion.fair == current && page.front.dates.contains(&kind),
    });
    shown.map(|occasion| view(framer, occasion)).collect()
}

/// The file of the sessions and days of an enterprise, if it has any.
pub(super) fn enterprise_file(framer: &Framer<'_>, slug: &str) -> Option<FileView> {
    let (_, roster) = framer.material.zone()?;
    let there = !roster.phases_of(slug).is_empty()
        || roster
            .sessions
            .iter()
            .any(|session| session.value.enterprises.iter().any(|one| one.value == slug));
    there.then(|| {
        file(
            framer,
            super::enterprise::name(framer, slug),
            &format!("{}{FILE}", super::enterprise::path(slug)),
        )
    })
}

/// The file of everything in a language, if there is anything.
pub(super) fn whole_file(framer: &Framer<'_>) -> Option<FileView> {
    (!framer.agenda.is_empty()).then(|| file(framer, framer.word("calendar.all"), FILE))
}

fn file(framer: &Framer<'_>, title: String, path: &str) -> FileView {
    let place = framer.material.place(framer.lang, path);
    let base = &framer.material.base;
    FileView { title, url: base.path_url(&place), href: base.absolute(&place) }
}

fn phase_path(phase: u8) -> String {
    format!("calendar/phase-{phase}.ics")
}

/// The paths of the calendar's page and files below a language.
pub(super) fn paths(material: &Material<'_>) -> Vec<String> {
    let phases = phases(material).into_iter().map(phase_path);
    ["calendar/".to_owned(), FILE.to_owned()].into_iter().chain(phases).collect()
}

/// The phases of the current fair.
fn phases(material: &Material<'_>) -> Vec<u8> {
    let phases = material.current().map(|fair| fair.fair.phases.iter().map(|phase| phase.phase.value));
    phases.into_iter().flatten().collect()
}

/// Adds the page of the calendar and the files of one language.
pub(super) fn add<'a>(artifacts: &mut Vec<Artifact<'a>>, framers: &Framers<'a>, index: usize) {
    add_page(artifacts, framers, index, "calendar/", "calendar.html", |framer| {
        let (title, summary) = framer.title_and_summary("calendar");
        let page = Page {
            path: "calendar/".to_owned(),
            kind: "calendar",
            group: "calendar",
            heading: title.clone(),
            title,
            description: summary,
            above: Vec::new(),
            demonstration: framer.agenda.iter().any(|occasion| occasion.kind == DateKind::Notice)
                && framer.material.fairs.iter().any(|fair| fair.fair.demonstration),
            lists: Vec::new(),
        };
        (page, CalendarView { body: framer.body("calendar"), groups: groups(framer), files: files(framer) })
    });
    let framer = &framers[index];
    let mut put = |path: &str, name: String, events: Vec<Event>| {
        if !events.is_empty() {
            let place = framer.material.place(framer.lang, path);
            artifacts.push(Artifact::bytes(place, bytes(name, events)));
        }
    };
    let title = framer.material.site.title.value.get(framer.lang);
    let event = |occasion: &Occasion| event(framer, occasion);
    put(FILE, title.to_owned(), framer.agenda.iter().map(event).collect());
    let current = framer.material.current().map(|fair| fair.fair.fair.value);
    for phase in phases(framer.material) {
        let in_phase = framer.agenda.iter().filter(|occasion| occasion.fair == current);
        let in_phase = in_phase.filter(|occasion| occasion.phase == Some(phase));
        put(&phase_path(phase), phase_name(framer, phase), in_phase.map(event).collect());
    }
    let Some((fair, roster)) = framer.material.zone() else { return };
    for slug in framer.material.enterprises.keys() {
        let mut events = residence(framer, fair, roster, slug);
        let number = Some(fair.fair.fair.value);
        let its = framer.agenda.iter().filter(|occasion| occasion.fair == number);
        events.extend(its.filter(|occasion| occasion.enterprises.contains(slug)).map(event));
        put(
            &format!("{}{FILE}", super::enterprise::path(slug)),
            super::enterprise::name(framer, slug),
            events,
        );
    }
}

fn phase_name(framer: &Framer<'_>, phase: u8) -> String {
    let fair = framer.material.current().map(|fair| short_name(framer, fair)).unwrap_or_default();
    framer.fill("calendar.phase", &[("fair", &fair), ("phase", &phase_title(framer, phase))])
}

fn groups(framer: &Framer<'_>) -> Vec<GroupView> {
    let mut groups: Vec<GroupView> = Vec::new();
    let fairs =
        framer.material.fairs.iter().map(|fair| (Some(fair.fair.fair.value), short_name(framer, fair)));
    for (number, title) in fairs.chain([(None, framer.word("calendar.deadlines"))]) {
        let its = framer.agenda.iter().filter(|occasion| occasion.fair == number);
        let occasions: Vec<OccasionView> = its.map(|occasion| view(framer, occasion)).collect();
        if !occasions.is_empty() {
            groups.push(GroupView { title, occasions });
        }
    }
    groups
}

fn files(framer: &Framer<'_>) -> Vec<FileView> {
    let phases = phases(framer.material);
    let phases = phases.iter().map(|&phase| file(framer, phase_name(framer, phase), &phase_path(phase)));
    whole_file(framer).into_iter().chain(phases).collect()
}

/// The days of an enterprise in the zone, one event a phase.
fn residence(framer: &Framer<'_>, fair: &MaterialFair<'_>, roster: &Roster, slug: &str) -> Vec<Event> {
    let number = fair.fair.fair.value;
    let stamp = roster.updated.as_ref().map(|updated| updated.value).or(known_since(fair));
    let Some(stamp) = stamp else { return Vec::new() };
    let attended = roster.phases_of(slug);
    let phases = fair.fair.phases.iter().filter(|phase| attended.contains(&phase.phase.value));
    let one = |phase: &crate::fair::Phase| Occasion {
        id: format!("fair-{number}-phase-{}-{slug}", phase.phase.value),
        kind: DateKind::Phases,
        fair: Some(number),
        phase: Some(phase.phase.value),
        enterprises: vec![slug.to_owned()],
        when: When::Days { from: phase.start.value, until: phase.end.value },
        stamp,
        title: framer.fill(
            "calendar.residence",
            &[
                ("enterprise", &super::enterprise::name(framer, slug)),
                ("fair", &short_name(framer, fair)),
                ("phase", &phase_title(framer, phase.phase.value)),
            ],
        ),
        text: text(&roster.caveat, framer.lang),
        place: text(&roster.place, framer.lang),
        path: super::enterprise::path(slug),
    };
    phases.map(|phase| event(framer, &one(phase))).collect()
}

fn event(framer: &Framer<'_>, occasion: &Occasion) -> Event {
    let material = framer.material;
    Event {
        uid: format!("{}@{}", occasion.id, host(material)),
        stamp: occasion.stamp,
        when: occasion.when,
        summary: occasion.title.clone(),
        lang: Some(framer.lang.tag().to_owned()),
        description: occasion.text.clone(),
        location: occasion.place.clone(),
        url: material.base.absolute(&material.place(framer.lang, &occasion.path)),
        category: framer.word(&format!("calendar.kind.{}", kind_key(occasion.kind))),
    }
}

/// The host of the site as `site.yaml` names it: a preview has the events of the site.
fn host(material: &Material<'_>) -> String {
    let base = BaseUrl::parse(&material.site.base_url.value).unwrap_or_else(|_| material.base.clone());
    base.origin().split("://").last().unwrap_or_default().to_owned()
}

fn bytes(name: String, events: Vec<Event>) -> Vec<u8> {
    ics(&Calendar { name, product: "-//jinbang//jinbang//EN".to_owned(), events })
}

/// Adds the file of everything at the root, which says everything in all languages.
pub(super) fn add_root<'a>(artifacts: &mut Vec<Artifact<'a>>, framers: &Framers<'a>) {
    let Some(first) = framers.first().filter(|framer| !framer.agenda.is_empty()) else { return };
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
    let titles: Vec<&str> = framers.iter().map(|framer| material.site.title.value.get(framer.lang)).collect();
    let mut events: Vec<Event> = Vec::new();
    for occasion in &first.agenda {
        let same = |framer: &Framer<'_>| {
            let same = framer.agenda.iter().find(|other| other.id == occasion.id)?;
            Some(event(framer, same))
        };
        let spoken: Vec<Event> = framers.iter().filter_map(same).collect();
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
    let place = Permalink::new(FILE).expect("a plain file name");
    artifacts.push(Artifact::bytes(place, bytes(joined(titles, " / "), events)));
}
