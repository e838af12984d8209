//! The facts of the current fair, in the words of one language.

use super::agenda::{days_of, hours_of};
use super::context::PageContext;
use super::facts::{Facts, ordinal};
use super::fair_view::{phase_title, short_name};
use super::front_matter::DateKind;
use super::material::MaterialFair;
use super::timeline::latest_day;
use crate::data::Date;
use crate::fair::Phase;
use crate::site::placeholder::Fill;

/// The facts of the current fair. What is not known yet is said to be.
pub(super) fn facts(context: &PageContext<'_>) -> Facts {
    let mut facts = Facts::none(context.lang);
    let Some(fair) = context.material.current() else { return facts };
    let previous = fair.fair.previous_fair.as_ref().map(|previous| previous.value);
    facts.fairs = [Some(fair.number()), previous];
    add_names(&mut facts, context, fair);
    add_days(&mut facts, context, fair);
    add_tables(&mut facts, context, fair);
    note_days(&mut facts, fair);
    if let Some(previous) = previous.and_then(|previous| context.material.fair(previous)) {
        note_days(&mut facts, previous);
    }
    facts
}

fn add_names(facts: &mut Facts, context: &PageContext<'_>, fair: &MaterialFair<'_>) {
    facts.add("fair.number", fair.number().to_string());
    facts.add("fair.ordinal", ordinal(context.lang, fair.number()));
    facts.add("fair.short", short_name(context, fair));
    facts.add("fair.name", context.optional(fair.fair.name.as_ref()));
    facts.add("fair.place", context.optional(fair.fair.place.as_ref()));
}

fn add_days(facts: &mut Facts, context: &PageContext<'_>, fair: &MaterialFair<'_>) {
    let unknown = || context.word("date.unknown");
    let range =
        |days: Option<(Date, Date)>| days.map_or_else(unknown, |(from, until)| days_of(context, from, until));
    let day = |day: Option<Date>| day.map_or_else(unknown, |day| context.date(day).long);
    let days = fair.fair.days();
    facts.add("fair.days", range(days));
    facts.add("fair.first_day", day(days.map(|(first, _)| first)));
    facts.add("fair.last_day", day(days.map(|(_, last)| last)));
    for phase in &fair.fair.phases {
        let name = format!("fair.phase.{}", phase.phase.value);
        facts.add(&name, days_of(context, phase.start.value, phase.end.value));
    }
    if fair.fair.phases.is_empty() {
        // Pages that name them are made before the days are known.
        (1..=3).for_each(|phase| facts.add(&format!("fair.phase.{phase}"), unknown()));
    }
    let platform = fair.fair.online_platform.as_ref().map(|days| (days.start.value, days.end.value));
    facts.add("platform.days", range(platform));
    facts.add("platform.last_day", day(platform.map(|(_, end)| end)));
    let notice = context.notices.published().find(|notice| context.fair(notice).number() == fair.number());
    facts.add("notice.published", day(notice.map(|notice| notice.start)));
    facts.add("notice.last_day", day(notice.map(|notice| notice.until)));
    let latest =
        fair.rulebook.and_then(|rulebook| latest_day(fair.fair, rulebook, context.material.calendar));
    facts.add("notice.latest", day(latest.map(|latest| latest.date)));
}

fn add_tables(facts: &mut Facts, context: &PageContext<'_>, fair: &MaterialFair<'_>) {
    let head = |keys: [&str; 2]| keys.map(|key| context.word(key)).to_vec();
    let row = |phase: &Phase| {
        vec![phase_title(context, phase.phase.value), days_of(context, phase.start.value, phase.end.value)]
    };
    let mut rows: Vec<Vec<String>> = fair.fair.phases.iter().map(row).collect();
    let unknown = || vec![context.word("date.unknown"), String::new()];
    if rows.is_empty() {
        rows.push(unknown());
    }
    let phases = Fill::Table { head: head(["text.phase", "text.days"]), rows };
    facts.facts.insert("fair.phases".to_owned(), phases);
    let sessions = context
        .agenda
        .iter()
        .filter(|occasion| occasion.kind == DateKind::Sessions && occasion.fair == Some(fair.number()));
    let row = |occasion| vec![hours_of(context, occasion), occasion.title.clone()];
    let mut rows: Vec<Vec<String>> = sessions.map(row).collect();
    if rows.is_empty() {
        rows.push(unknown());
    }
    let sessions = Fill::Table { head: head(["text.days", "text.session"]), rows };
    facts.facts.insert("fair.sessions".to_owned(), sessions);
}

fn note_days(facts: &mut Facts, fair: &MaterialFair<'_>) {
    let number = fair.number();
    let mut note = |date: Date, fact: String| {
        facts.days.entry(date).or_insert((number, fact));
    };
    if let Some((first, last)) = fair.fair.days() {
        note(first, "fair.first_day".to_owned());
        note(last, "fair.last_day".to_owned());
    }
    let mut ranges = Vec::new();
    for phase in &fair.fair.phases {
        let fact = format!("fair.phase.{}", phase.phase.value);
        for date in [phase.start.value, phase.end.value] {
            note(date, fact.clone());
        }
        ranges.push((phase.start.value, phase.end.value, fact));
    }
    ranges.extend(fair.fair.days().map(|(first, last)| (first, last, "fair.days".to_owned())));
    if let Some(platform) = &fair.fair.online_platform {
        for date in [platform.start.value, platform.end.value] {
            note(date, "platform.days".to_owned());
        }
    }
    if let Some(platform) = &fair.fair.online_platform {
        ranges.push((platform.start.value, platform.end.value, "platform.days".to_owned()));
    }
    if let Some(published) = fair.fair.published() {
        note(published, "notice.published".to_owned());
    }
    facts.ranges.extend(ranges);
}
