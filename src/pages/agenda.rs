//! All that has a date: phases, notices, deadlines and sessions, in the words of one language.

use std::collections::BTreeMap;

use serde::Serialize;

use super::addresses;
use super::context::PageContext;
use super::dates::{DateView, range};
use super::fair_view::{phase_title, short_name};
use super::front_matter::DateKind;
use super::material::MaterialFair;
use super::names::enterprise_name;
use super::occasion::Occasion;
use super::timeline::latest_day;
use crate::data::Date;
use crate::fair::Roster;
use crate::site::ics::When;

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

/// All that has a date, in the order of the days.
pub(super) fn agenda(context: &PageContext<'_>) -> Vec<Occasion> {
    let mut agenda = Vec::new();
    for (number, fair) in context.material.fairs.iter().enumerate() {
        add_phases(context, fair, &mut agenda);
        add_award(context, fair, number, &mut agenda);
        if let Some(roster) = fair.roster {
            add_sessions(context, fair, roster, &mut agenda);
        }
    }
    add_deadlines(context, &mut agenda);
    agenda.sort_by(|one, other| {
        let key = |occasion: &Occasion| (occasion.when.first(), occasion.when.last(), occasion.id.clone());
        key(one).cmp(&key(other))
    });
    agenda
}

/// The day on which the data of a fair was known: the first of its days. Nothing else in `fair.yaml` tells.
pub(super) fn known_since(fair: &MaterialFair<'_>) -> Option<Date> {
    let platform = fair.fair.online_platform.as_ref().map(|platform| platform.start.value);
    let first = fair.fair.days().map(|(start, _)| start);
    platform.into_iter().chain(first).min()
}

fn add_phases(context: &PageContext<'_>, fair: &MaterialFair<'_>, agenda: &mut Vec<Occasion>) {
    let (number, name) = (fair.number(), short_name(context, fair));
    let Some(stamp) = known_since(fair) else { return };
    let place = context.optional(fair.fair.place.as_ref());
    for phase in &fair.fair.phases {
        let theme = context.optional(phase.theme.as_ref());
        let title = phase_title(context, phase.phase.value);
        agenda.push(Occasion {
            id: format!("fair-{number}-phase-{}", phase.phase.value),
            kind: DateKind::Phases,
            fair: Some(number),
            phase: Some(phase.phase.value),
            enterprises: Vec::new(),
            when: When::Days { from: phase.start.value, until: phase.end.value },
            stamp,
            title: context.fill("calendar.phase", &[("fair", &name), ("phase", &title)]),
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
            title: context.fill("calendar.online-platform", &[("fair", &name)]),
            text: context.word("calendar.online-platform-text"),
            place: String::new(),
            path: addresses::ACTIVITIES.to_owned(),
        });
    }
}

/// The last day to publish the winners, and the days of the notice.
fn add_award(context: &PageContext<'_>, fair: &MaterialFair<'_>, index: usize, agenda: &mut Vec<Occasion>) {
    let (Some(rulebook), Some(_)) = (fair.rulebook, fair.list) else { return };
    let (number, name) = (fair.number(), short_name(context, fair));
    let occasion = |id: &str, kind, when, stamp, title: &str, text: String, path: &str| Occasion {
        id: format!("fair-{number}-{id}"),
        kind,
        fair: Some(number),
        phase: None,
        enterprises: Vec::new(),
        when,
        stamp,
        title: context.fill(title, &[("fair", &name)]),
        text,
        place: String::new(),
        path: path.to_owned(),
    };
    let latest = latest_day(fair.fair, rulebook, context.material.calendar);
    if let (Some(latest), Some(stamp)) = (latest, known_since(fair)) {
        let when = When::Days { from: latest.date, until: latest.date };
        let text = if latest.provisional { "calendar.provisional" } else { "calendar.publication-text" };
        let path = addresses::rules(number);
        let (title, text) = ("calendar.publication", context.word(text));
        agenda.push(occasion("publication", DateKind::Publication, when, stamp, title, text, &path));
    }
    if let Some(Some(notice)) = context.notices.fairs.get(index) {
        let when = When::Days { from: notice.start, until: notice.until };
        let text = context.fill("calendar.notice-text", &[("date", &context.date(notice.until).long)]);
        let title = "calendar.notice";
        agenda.push(occasion("notice", DateKind::Notice, when, notice.from, title, text, &notice.path));
    }
}

fn add_sessions(
    context: &PageContext<'_>,
    fair: &MaterialFair<'_>,
    roster: &Roster,
    agenda: &mut Vec<Occasion>,
) {
    let number = fair.number();
    let stamp = roster.updated.as_ref().map(|updated| updated.value).or(known_since(fair));
    let Some(stamp) = stamp else { return };
    let mut ids: BTreeMap<String, usize> = BTreeMap::new();
    for session in roster.sessions.iter().map(|session| &session.value) {
        let slugs: Vec<String> = session.enterprises.iter().map(|slug| slug.value.clone()).collect();
        let known = slugs.iter().filter(|slug| context.material.enterprises.contains_key(*slug));
        let names: Vec<String> = known.map(|slug| enterprise_name(context, slug)).collect();
        let date = session.date.value;
        let phase =
            fair.fair.phases.iter().find(|phase| phase.start.value <= date && date <= phase.end.value);
        // Day and enterprises tell sessions apart, so that one that begins later stays the same.
        let id = format!("fair-{number}-session-{date}-{}", slugs.join("-"));
        let again = ids.entry(id.clone()).and_modify(|count| *count += 1).or_insert(1);
        let who = context.list(&names);
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
            title: context.fill(
                "calendar.session",
                &[("title", &context.in_language(&session.title)), ("enterprises", &who)],
            ),
            text: context.in_language(&roster.caveat),
            place: context.in_language(session.place.as_ref().unwrap_or(&roster.place)),
            path: match slugs.as_slice() {
                [slug] if context.material.enterprises.contains_key(slug) => addresses::enterprise(slug),
                _ => addresses::ZONE.to_owned(),
            },
            enterprises: slugs,
        });
    }
}

fn add_deadlines(context: &PageContext<'_>, agenda: &mut Vec<Occasion>) {
    for (path, texts) in &context.material.contents.pages {
        let Some(text) = texts.get(&context.lang) else { continue };
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
                title: context.fill(
                    "calendar.deadline",
                    &[("title", &deadline.title), ("page", &text.front.title.value)],
                ),
                text: String::new(),
                place: String::new(),
                path: addresses::text(path),
            });
        }
    }
}

pub(super) fn occasion_view(context: &PageContext<'_>, occasion: &Occasion) -> OccasionView {
    let (first, last) = (occasion.when.first(), occasion.when.last());
    let (from, until) = (context.date(first), context.date(last));
    let days = days_of(context, first, last);
    let time = time_of(context, occasion);
    OccasionView {
        kind: occasion.kind,
        kind_title: context.word(&format!("calendar.kind.{}", occasion.kind.name())),
        title: occasion.title.clone(),
        text: occasion.text.clone(),
        place: occasion.place.clone(),
        url: context.url(&occasion.path),
        from,
        until,
        days,
        time,
    }
}

/// Days from one to another, with their year.
pub(super) fn days_of(context: &PageContext<'_>, first: Date, last: Date) -> String {
    match (first == last, first.year() == last.year()) {
        (true, _) => context.date(first).long,
        (false, true) => context.fill(
            "calendar.days",
            &[("year", &first.year().to_string()), ("days", &range(first, last, &context.words))],
        ),
        (false, false) => {
            format!("{}{}{}", context.date(first).long, context.word("sep.range"), context.date(last).long)
        }
    }
}

fn time_of(context: &PageContext<'_>, occasion: &Occasion) -> Option<String> {
    match occasion.when {
        When::Hours { from, until, .. } => {
            let hour = |time: crate::data::Time| format!("{:02}:{:02}", time.hour(), time.minute());
            Some(format!("{}{}{}", hour(from), context.word("sep.range"), hour(until)))
        }
        When::Days { .. } => None,
    }
}

/// The day and the hours of an occasion.
pub(super) fn hours_of(context: &PageContext<'_>, occasion: &Occasion) -> String {
    let days = days_of(context, occasion.when.first(), occasion.when.last());
    time_of(context, occasion).map_or(days.clone(), |time| format!("{days} {time}"))
}

/// What a page with `dates` and `deadlines` shows: the dates of the current fair of these kinds, and its own.
pub(super) fn dates_of_page(context: &PageContext<'_>, path: &str) -> Vec<OccasionView> {
    let Some(page) = context.text(path) else { return Vec::new() };
    let current = context.material.current().map(MaterialFair::number);
    let own = addresses::text(path);
    let shown = context.agenda.iter().filter(|occasion| match occasion.kind {
        DateKind::Deadlines => occasion.path == own,
        kind => occasion.fair == current && page.front.dates.contains(&kind),
    });
    shown.map(|occasion| occasion_view(context, occasion)).collect()
}
