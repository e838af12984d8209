//! The page of the calendar.

use std::sync::Arc;

use serde::Serialize;

use super::addresses;
use super::agenda::{OccasionView, occasion_view};
use super::calendar_files::{FileView, whole_files};
use super::context::PageContext;
use super::fair_view::short_name;
use super::front_matter::DateKind;
use super::linked_data;
use super::page::{Page, add_page};
use crate::site::Artifact;

#[derive(Serialize)]
struct CalendarView {
    body: String,
    groups: Vec<CalendarGroup>,
    files: Vec<FileView>,
}

/// What belongs to one fair, or to pages.
#[derive(Serialize)]
struct CalendarGroup {
    title: String,
    occasions: Vec<OccasionView>,
}

/// Adds the page of the calendar.
pub(super) fn add<'a>(artifacts: &mut Vec<Artifact<'a>>, context: &Arc<PageContext<'a>>) {
    add_page(artifacts, context, addresses::CALENDAR, "calendar.html", |context| {
        let has_notice = context.agenda.iter().any(|occasion| occasion.kind == DateKind::Notice);
        let page = Page {
            demonstration: has_notice && context.material.fairs.iter().any(|fair| fair.fair.demonstration),
            linked_data: linked_data::events(context),
            ..context.page_of_text("calendar")
        };
        let (body, groups, files) = (context.body("calendar"), groups(context), whole_files(context));
        (page, CalendarView { body, groups, files })
    });
}

fn groups(context: &PageContext<'_>) -> Vec<CalendarGroup> {
    let mut groups: Vec<CalendarGroup> = Vec::new();
    let fairs = context.material.fairs.iter().map(|fair| (Some(fair.number()), short_name(context, fair)));
    for (number, title) in fairs.chain([(None, context.word("calendar.deadlines"))]) {
        let its = context.agenda.iter().filter(|occasion| occasion.fair == number);
        let occasions: Vec<OccasionView> = its.map(|occasion| occasion_view(context, occasion)).collect();
        if !occasions.is_empty() {
            groups.push(CalendarGroup { title, occasions });
        }
    }
    groups
}
