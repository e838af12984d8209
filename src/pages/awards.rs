//! The archive of notices, with the fairs that were decided elsewhere.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::addresses;
use super::context::PageContext;
use super::dates::DateView;
use super::fair_view::short_name;
use super::linked_data;
use super::links::LinkView;
use super::material::{MaterialFair, MaterialOutsideFair};
use super::names::{NameView, exhibitor_name};
use super::notice::Notice;
use super::notice_view::LevelView;
use super::page::{Page, add_page};
use crate::site::Artifact;

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

/// Adds the archive: the fairs with awards, and those that were decided elsewhere.
pub(super) fn add<'a>(artifacts: &mut Vec<Artifact<'a>>, context: &Arc<PageContext<'a>>) {
    add_page(artifacts, context, addresses::AWARDS, "awards.html", |context| {
        let material = context.material;
        let known = material.fairs.iter().zip(&context.notices.fairs).filter(|(fair, _)| fair.list.is_some());
        let fairs: Vec<ArchiveFair> =
            known.map(|(fair, notice)| archive_fair(context, fair, notice.as_deref())).collect();
        let link = |fair: &ArchiveFair| LinkView { title: fair.title.clone(), url: fair.url.clone() };
        let published = fairs.iter().filter(|fair| fair.published.is_some()).map(link);
        let page = context.page_of_text("awards");
        let page = Page {
            demonstration: context.notices.published().any(|notice| notice.demonstration),
            linked_data: vec![linked_data::list(context, &page.title, &published.collect::<Vec<_>>())],
            ..page
        };
        let outside = material.outside.iter().map(|fair| outside_fair(context, fair)).collect();
        (page, ArchiveView { body: context.body("awards"), fairs, outside })
    });
}

fn outside_fair(context: &PageContext<'_>, fair: &MaterialOutsideFair<'_>) -> OutsideView {
    let awards = fair.rulebook.awards.iter().enumerate();
    let levels = awards.map(|(number, award)| {
        let winners = fair.winners.iter().filter(|winner| winner.award == number);
        let winners: Vec<NameView> = winners
            .map(|winner| {
                exhibitor_name(context, &winner.name_zh, winner.name_en.as_deref(), &BTreeMap::new())
            })
            .collect();
        OutsideLevel {
            id: award.id.value.clone(),
            title: context.in_language(&award.title),
            count: winners.len(),
            winners,
        }
    });
    // One that is known by its dates has a name.
    let known = context.material.fair(fair.number);
    let short = known.and_then(|known| known.fair.short.as_ref());
    OutsideView {
        number: fair.number,
        title: match short {
            Some(short) => context.in_language(short),
            None => context.fill("awards.fair", &[("fair", &fair.number.to_string())]),
        },
        levels: levels.collect(),
    }
}

fn archive_fair(context: &PageContext<'_>, fair: &MaterialFair<'_>, notice: Option<&Notice>) -> ArchiveFair {
    let rules_url = context.url(&addresses::rules(fair.number()));
    ArchiveFair {
        number: fair.number(),
        title: notice.map_or_else(|| short_name(context, fair), |notice| notice.heading(context)),
        url: notice.map_or(rules_url.clone(), |notice| context.url(&notice.path)),
        published: notice.map(|notice| context.date(notice.from)),
        period: notice
            .map(|notice| PeriodDays { from: context.date(notice.start), to: context.date(notice.until) }),
        state: notice.map(|notice| notice.state.name()),
        levels: notice.map(|notice| notice.levels(context)).unwrap_or_default(),
        demonstration: fair.fair.demonstration,
        rules_url,
    }
}
