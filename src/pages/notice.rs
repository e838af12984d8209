//! The notice: who issues it, how long it lasts, how to object; and the archive of notices.

use std::sync::Arc;

use serde::Serialize;

use super::corrections::{CorrectionView, NameView, corrections, name_view};
use super::dates::DateView;
use super::frame::{ContactView, Framer, Framers, LinkView, Page, PageList, add_page};
use super::plan::{Material, MaterialOutsideFair};
use super::sealed::{self, SealView};
use super::timeline::timeline;
use super::winners::Winner;
use crate::data::Date;
use crate::fair::calendar::DayKind;
use crate::fair::{AsOf, NoticeState, Turn};
use crate::lang::Localized;
use crate::site::Artifact;
use crate::source::Report;

/// The notices of all fairs, in their order; `None` where a fair has none, or it is not published yet.
pub(super) struct Notices {
    pub fairs: Vec<Option<Arc<Notice>>>,
    archive: Vec<ArchiveEntry>,
}

/// A notice that is published.
pub(super) struct Notice {
    /// Its place among the fairs.
    pub index: usize,
    /// Its path below the language: `awards/137/`.
    pub path: String,
    /// The path of its rules.
    pub rules_path: String,
    /// Whether it shows synthetic data.
    pub demonstration: bool,
    /// The day on which it is published.
    pub from: Date,
    /// The first day of the time for objections: the same, or that of its repetition.
    pub start: Date,
    /// Its last day.
    pub until: Date,
    /// How many working days it lasts.
    pub days: u32,
    /// Where it stands on the day for which the site is made.
    pub state: NoticeState,
    /// The day from which its list is final, where the files name it.
    pub final_from: Option<Date>,
    /// Whether anyone can compute its awards again.
    pub has_evidence: bool,
    /// The winners, by award in the order of the rulebook, then as they are listed.
    pub winners: Vec<Winner>,
    /// The titles of the awards, with their names.
    awards: Vec<(String, Localized)>,
}

/// A fair in the archive.
struct ArchiveEntry {
    index: usize,
    notice: Option<Arc<Notice>>,
}

/// An award with how many have it.
#[derive(Serialize, Clone)]
pub(super) struct LevelView {
    pub id: String,
    pub title: String,
    pub count: usize,
}

/// Plans the notices: a notice is published when `fair.yaml` says so, and the day for which the site is made
/// is not before it.
pub(super) fn plan(report: &mut Report, material: &Material<'_>, as_of: &AsOf) -> Notices {
    let mut fairs = Vec::new();
    let mut archive = Vec::new();
    for (index, fair) in material.fairs.iter().enumerate() {
        let notice = plan_one(report, material, as_of, index).map(Arc::new);
        if fair.list.is_some() {
            archive.push(ArchiveEntry { index, notice: notice.clone() });
        }
        fairs.push(notice);
    }
    Notices { fairs, archive }
}

fn plan_one(report: &mut Report, material: &Material<'_>, as_of: &AsOf, index: usize) -> Option<Notice> {
    let fair = &material.fairs[index];
    let list = fair.list?;
    let rulebook = fair.rulebook?;
    let timeline = timeline(report, fair.fair, rulebook, &rulebook.choices, material.calendar, &|date| {
        as_of.has_reached(date, fair.fair.fair.value, Turn::Ruling)
    });
    let state = timeline.notice.state(as_of);
    let from = timeline.published.filter(|_| state != NoticeState::Proposed)?;
    sealed::report_behind(report, fair, state);
    let number = fair.fair.fair.value;
    let path = format!("awards/{number}/");
    Some(Notice {
        index,
        rules_path: super::rules::path(fair),
        demonstration: fair.fair.demonstration,
        has_evidence: fair.evidence.is_some(),
        from,
        start: timeline.start?,
        until: timeline.end?.date,
        days: timeline.days,
        state,
        final_from: timeline.notice.final_from,
        winners: super::winners::list(report, material, fair.fair, rulebook, list, &path),
        awards: rulebook
            .awards
            .iter()
            .map(|award| (award.id.value.clone(), award.title.value.clone()))
            .collect(),
        path,
    })
}

impl Notice {
    /// The paths of its pages and downloads.
    pub(super) fn paths(&self) -> Vec<String> {
        let downloads = super::downloads::FORMATS.map(|format| format!("{}winners.{format}", self.path));
        let winners = self.winners.iter().map(|winner| winner.path.clone());
        let evidence = self.has_evidence.then(|| super::evidence::all_paths(self)).into_iter().flatten();
        std::iter::once(self.path.clone()).chain(winners).chain(downloads).chain(evidence).collect()
    }

    /// Whether its list is final.
    pub(super) fn is_final(&self) -> bool {
        self.state == NoticeState::Final
    }

    /// What an award is called while its list may still change, and afterwards.
    pub(super) fn award_title(&self, framer: &Framer<'_>, title: &str) -> String {
        match self.is_final() {
            true => title.to_owned(),
            false => framer.fill("winner.proposed", &[("award", title)]),
        }
    }

    /// The word for the title of its list.
    pub(super) fn list_title(&self) -> &'static str {
        if self.is_final() { "list.title_final" } else { "list.title" }
    }

    /// Its heading.
    pub(super) fn heading(&self, framer: &Framer<'_>) -> String {
        let fair = &framer.material.fairs[self.index].fair;
        let short = fair.short.as_ref().map(|short| short.value.get(framer.lang)).unwrap_or_default();
        let heading = if self.is_final() { "notice.heading_final" } else { "notice.heading" };
        framer.fill(heading, &[("fair", short)])
    }

    /// The awards with how many have them.
    pub(super) fn levels(&self, framer: &Framer<'_>) -> Vec<LevelView> {
        let level = |(number, (id, title)): (usize, &(String, Localized))| LevelView {
            id: id.clone(),
            title: title.get(framer.lang).to_owned(),
            count: self.winners.iter().filter(|winner| winner.award == number).count(),
        };
        self.awards.iter().enumerate().map(level).collect()
    }
}

#[derive(Serialize)]
struct ArchiveView {
    body: String,
    fairs: Vec<ArchiveFair>,
    outside: Vec<OutsideView>,
}

/// A fair that was decided elsewhere.
#[derive(Serialize)]
struct OutsideView {
    number: u32,
    title: String,
    levels: Vec<OutsideLevel>,
}

/// An award of a fair that was decided elsewhere, with those that have it.
#[derive(Serialize)]
struct OutsideLevel {
    id: String,
    title: String,
    count: usize,
    winners: Vec<NameView>,
}

#[derive(Serialize)]
struct ArchiveFair {
    number: u32,
    title: String,
    url: String,
    published: Option<DateView>,
    period: Option<PeriodDays>,
    state: Option<&'static str>,
    levels: Vec<LevelView>,
    demonstration: bool,
    rules_url: String,
}

#[derive(Serialize)]
struct PeriodDays {
    from: DateView,
    to: DateView,
}

impl Notices {
    /// Adds the archive of notices.
    pub(super) fn add_archive<'a>(
        &self,
        artifacts: &mut Vec<Artifact<'a>>,
        framers: &Framers<'a>,
        index: usize,
    ) {
        let entries: Vec<(usize, Option<Arc<Notice>>)> =
            self.archive.iter().map(|entry| (entry.index, entry.notice.clone())).collect();
        add_page(artifacts, framers, index, "awards/", "awards.html", move |framer| {
            let (title, summary) = framer.title_and_summary("awards");
            let fairs: Vec<ArchiveFair> = entries
                .iter()
                .map(|(index, notice)| archive_fair(framer, *index, notice.as_deref()))
                .collect();
            let link = |fair: &ArchiveFair| LinkView { title: fair.title.clone(), url: fair.url.clone() };
            let published = fairs.iter().filter(|fair| fair.published.is_some()).map(link);
            let lists = vec![PageList { name: title.clone(), items: published.collect() }];
            let page = Page {
                path: "awards/".to_owned(),
                kind: "awards",
                group: "awards",
                heading: title.clone(),
                title,
                description: summary,
                above: Vec::new(),
                demonstration: entries
                    .iter()
                    .any(|(_, notice)| notice.as_ref().is_some_and(|notice| notice.demonstration)),
                lists,
            };
            let outside = framer.material.outside.iter().map(|fair| outside_fair(framer, fair)).collect();
            let view = ArchiveView { body: framer.body("awards"), fairs, outside };
            (page, view)
        });
    }
}

fn outside_fair(framer: &Framer<'_>, fair: &MaterialOutsideFair<'_>) -> OutsideView {
    let awards = fair.rulebook.awards.iter().enumerate();
    let levels = awards.map(|(number, award)| {
        let winners = fair.winners.iter().filter(|winner| winner.award == number);
        let winners: Vec<NameView> =
            winners.map(|winner| name_view(framer, &winner.name_zh, winner.name_en.as_deref())).collect();
        OutsideLevel {
            id: award.id.value.clone(),
            title: award.title.value.get(framer.lang).to_owned(),
            count: winners.len(),
            winners,
        }
    });
    // One that is known by its dates has a name.
    let known = framer.material.fairs.iter().find(|known| known.fair.fair.value == fair.number);
    let short = known.and_then(|known| known.fair.short.as_ref());
    OutsideView {
        number: fair.number,
        title: match short {
            Some(short) => short.value.get(framer.lang).to_owned(),
            None => framer.fill("awards.fair", &[("fair", &fair.number.to_string())]),
        },
        levels: levels.collect(),
    }
}

fn archive_fair(framer: &Framer<'_>, index: usize, notice: Option<&Notice>) -> ArchiveFair {
    let fair = &framer.material.fairs[index];
    let rules_url = framer.url(&super::rules::path(fair));
    let short =
        fair.fair.short.as_ref().map(|short| short.value.get(framer.lang).to_owned()).unwrap_or_default();
    ArchiveFair {
        number: fair.fair.fair.value,
        title: notice.map_or(short, |notice| notice.heading(framer)),
        url: notice.map_or(rules_url.clone(), |notice| framer.url(&notice.path)),
        published: notice.map(|notice| framer.date(notice.from)),
        period: notice
            .map(|notice| PeriodDays { from: framer.date(notice.start), to: framer.date(notice.until) }),
        state: notice.map(|notice| notice.state.name()),
        levels: notice.map(|notice| notice.levels(framer)).unwrap_or_default(),
        demonstration: fair.fair.demonstration,
        rules_url,
    }
}

/// What the notice says of itself.
#[derive(Serialize)]
pub(super) struct NoticeView {
    issuer: String,
    number: String,
    published: Option<DateView>,
    period: Option<PeriodView>,
    state: &'static str,
    is_final: bool,
    final_from: Option<DateView>,
    basis: String,
    rules_url: String,
    contact: Option<ContactView>,
    corrections: Vec<CorrectionView>,
    evidence_url: Option<String>,
    seal: Option<SealView>,
}

#[derive(Serialize)]
struct PeriodView {
    from: DateView,
    to: DateView,
    days: u32,
    end_iso: String,
    strip: Vec<StripView>,
}

/// A day of the notice, or days off in a row.
#[derive(Serialize)]
struct StripView {
    kind: &'static str,
    date: DateView,
    until: Option<DateView>,
    label: Option<String>,
}

pub(super) fn notice_view(framer: &Framer<'_>, notice: &Notice) -> NoticeView {
    let fair = &framer.material.fairs[notice.index];
    let file = fair.fair.notice.as_ref().expect("a published notice is in fair.yaml");
    let rulebook = fair.rulebook.expect("a published notice has a rulebook");
    let list = fair.list.expect("a published notice has a list");
    let awards: Vec<&Localized> = notice.awards.iter().map(|(_, title)| title).collect();
    NoticeView {
        corrections: corrections(framer, fair.fair, list, &awards),
        evidence_url: notice.has_evidence.then(|| framer.url(&super::evidence::all_paths(notice)[0])),
        seal: sealed::view(framer, notice.index),
        issuer: file.issuer.value.get(framer.lang).to_owned(),
        number: file.number.value.get(framer.lang).to_owned(),
        published: Some(framer.date(notice.from)),
        period: Some(PeriodView {
            from: framer.date(notice.start),
            to: framer.date(notice.until),
            days: notice.days,
            end_iso: format!("{}T23:59:59+08:00", notice.until),
            strip: strip(framer, notice),
        }),
        state: notice.state.name(),
        is_final: notice.is_final(),
        final_from: notice.final_from.filter(|_| notice.is_final()).map(|date| framer.date(date)),
        basis: rulebook.title.get(framer.lang).to_owned(),
        rules_url: framer.url(&notice.rules_path),
        contact: framer.contact(&file.contact.value),
    }
}

/// The days of a notice; days off of one holiday stand together.
fn strip(framer: &Framer<'_>, notice: &Notice) -> Vec<StripView> {
    let calendar = framer.material.calendar;
    let mut strip: Vec<(DayKind, Date, Date, Option<&Localized>)> = Vec::new();
    for day in notice.start.series(jiff::Span::new().days(1)).take_while(|day| *day <= notice.until) {
        let kind = calendar.day(day);
        let holiday = (kind == DayKind::Off).then(|| calendar.holiday(day)).flatten();
        match strip.last_mut() {
            Some((DayKind::Off, _, until, label)) if kind == DayKind::Off && (*label == holiday) => {
                *until = day
            }
            _ => strip.push((kind, day, day, holiday)),
        }
    }
    strip
        .into_iter()
        .map(|(kind, date, until, label)| StripView {
            kind: match kind {
                DayKind::Work => "work",
                DayKind::MakeUp => "makeup",
                DayKind::Off => "off",
            },
            date: framer.date(date),
            until: (kind == DayKind::Off).then(|| framer.date(until)),
            label: label.map(|label| label.get(framer.lang).to_owned()),
        })
        .collect()
}
