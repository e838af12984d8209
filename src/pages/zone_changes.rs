//! What changed in the sourcing zone since the fair before.

use serde::Serialize;

use super::addresses;
use super::context::PageContext;
use super::fair_view::{phase_titles, short_name};
use super::links::LinkView;
use super::material::MaterialFair;
use super::names::{enterprise_name, in_order};
use crate::fair::Roster;

/// What is different from the fair before.
#[derive(Serialize)]
pub(super) struct ChangesView {
    /// The fair before.
    fair: LinkView,
    arrived: Vec<LinkView>,
    left: Vec<LinkView>,
    moved: Vec<MovedView>,
}

/// An enterprise that is there in other phases than before.
#[derive(Serialize)]
struct MovedView {
    enterprise: LinkView,
    before: String,
    now: String,
}

/// A link to the zone of a past fair.
pub(super) fn archive_link(context: &PageContext<'_>, fair: &MaterialFair<'_>) -> LinkView {
    LinkView { title: short_name(context, fair), url: context.url(&addresses::past_zone(fair.number())) }
}

/// What changed since the fair before; none if the project has no roster of it.
pub(super) fn changes(
    context: &PageContext<'_>,
    fair: &MaterialFair<'_>,
    roster: &Roster,
) -> Option<ChangesView> {
    let previous = fair.fair.previous_fair.as_ref()?.value;
    let before = context.material.fair(previous)?;
    let old = before.roster?;
    let link = |slug: &&str| LinkView {
        title: enterprise_name(context, slug),
        url: context.url(&addresses::enterprise(slug)),
    };
    let (now, then) = (in_order(context, roster), in_order(context, old));
    if now.is_empty() || then.is_empty() {
        return None;
    }
    let stayed = now.iter().filter(|slug| then.contains(slug));
    let moved = stayed.filter(|slug| roster.phases_of(slug) != old.phases_of(slug)).map(|slug| MovedView {
        enterprise: link(slug),
        before: phase_titles(context, &old.phases_of(slug)),
        now: phase_titles(context, &roster.phases_of(slug)),
    });
    Some(ChangesView {
        fair: archive_link(context, before),
        arrived: now.iter().filter(|slug| !then.contains(slug)).map(link).collect(),
        left: then.iter().filter(|slug| !now.contains(slug)).map(link).collect(),
        moved: moved.collect(),
    })
}

impl ChangesView {
    /// How many enterprises came, left, and changed their phases.
    pub(super) fn counts(&self) -> [usize; 3] {
        [self.arrived.len(), self.left.len(), self.moved.len()]
    }
}
