//! The home page.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;

use super::addresses;
use super::context::PageContext;
use super::dates::DateView;
use super::fair_view::{FairView, fair_view};
use super::linked_data;
use super::material::{MaterialFair, residents};
use super::notice::Notice;
use super::notice_view::LevelView;
use super::page::{Page, add_page};
use super::text_page::{TeaserView, activities};
use super::timeline::latest_day;
use crate::data::Date;
use crate::site::Artifact;

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

/// Adds the home page.
pub(super) fn add<'a>(artifacts: &mut Vec<Artifact<'a>>, context: &Arc<PageContext<'a>>) {
    if let Some(fair) = context.material.current() {
        add_page(artifacts, context, addresses::HOME, "home.html", move |context| home(context, fair));
    }
}

fn home(context: &PageContext<'_>, fair: &MaterialFair<'_>) -> (Page, HomeView) {
    let notice = context.notices.latest();
    let (heading, description) = context.title_and_summary("home");
    let zone = context.material.zone().map(|(_, roster)| {
        let residents = residents(roster);
        let enterprises = residents.iter().filter_map(|slug| context.material.enterprises.get(*slug));
        let countries: BTreeSet<_> = enterprises.map(|enterprise| enterprise.country.value).collect();
        ZoneTeaser { count: residents.len(), countries: countries.len(), url: context.url(addresses::ZONE) }
    });
    let page = Page {
        kind: "home",
        group: "home",
        title: context.in_language(&context.material.site.title),
        heading: Some(heading),
        description,
        demonstration: notice.is_some_and(|notice| notice.demonstration),
        linked_data: std::iter::once(linked_data::website(context))
            .chain(linked_data::fair(context))
            .collect(),
        ..Page::default()
    };
    let rules = match notice {
        Some(notice) => Some(addresses::rules(notice.fair)),
        None => fair.rulebook.map(|_| addresses::rules(fair.number())),
    };
    let view = HomeView {
        body: context.body("home"),
        fair: fair_view(context, fair),
        notice: notice.map(|notice| HomeNotice {
            title: notice.heading(context),
            url: context.url(&notice.path),
            period_from: context.date(notice.start),
            period_to: context.date(notice.until),
            final_from: notice.final_from.filter(|_| notice.is_final()).map(|date| context.date(date)),
            state: notice.state.name(),
            is_final: notice.is_final(),
            levels: notice.levels(context),
        }),
        due: due(context, fair, notice).map(|day| context.date(day)),
        rules_url: rules.map(|path| context.url(&path)),
        zone,
        activities: activities(context),
        calendar_url: context.url(addresses::CALENDAR),
    };
    (page, view)
}

/// The last day on which the notice of a fair may be published, while it is not: by the rules, in years of which the
/// working days are known.
fn due(context: &PageContext<'_>, fair: &MaterialFair<'_>, notice: Option<&Notice>) -> Option<Date> {
    if notice.is_some_and(|notice| notice.fair == fair.number()) {
        return None;
    }
    let latest = latest_day(fair.fair, fair.rulebook?, context.material.calendar)?;
    (!latest.provisional).then_some(latest.date)
}
