//! Fairs and their phases as pages show them.

use serde::Serialize;

use super::context::PageContext;
use super::dates::{DateView, range};
use super::material::MaterialFair;
use crate::fair::Phase;

/// A phase of the fair.
#[derive(Serialize, Clone)]
pub(super) struct PhaseView {
    pub number: u8,
    pub title: String,
    pub start: DateView,
    pub end: DateView,
    pub range: String,
    pub theme: String,
    /// How many enterprises are resident.
    pub count: usize,
}

/// A fair by its names and days.
#[derive(Serialize, Clone)]
pub(super) struct FairView {
    pub number: u32,
    pub name: String,
    pub short: String,
    start: Option<DateView>,
    end: Option<DateView>,
    phases: Vec<PhaseView>,
}

/// What a fair is called in short.
pub(super) fn short_name(context: &PageContext<'_>, fair: &MaterialFair<'_>) -> String {
    context.optional(fair.fair.short.as_ref())
}

/// The phases of a fair, with what of its sourcing zone is resident in each.
pub(super) fn phase_views(context: &PageContext<'_>, fair: &MaterialFair<'_>) -> Vec<PhaseView> {
    let view = |phase: &Phase| {
        let number = phase.phase.value;
        let residents = fair.roster.and_then(|roster| roster.phases.get(&number));
        PhaseView {
            number,
            title: phase_title(context, number),
            start: context.date(phase.start.value),
            end: context.date(phase.end.value),
            range: range(phase.start.value, phase.end.value, &context.words),
            theme: context.optional(phase.theme.as_ref()),
            count: residents.map_or(0, |entries| entries.value.len()),
        }
    };
    fair.fair.phases.iter().map(view).collect()
}

/// The name of a phase: `第一期`, `Phase 1`.
pub(super) fn phase_title(context: &PageContext<'_>, number: u8) -> String {
    let name = context.words.word(&format!("phase.name{number}")).map(str::to_owned);
    name.unwrap_or_else(|| context.fill("phase.name", &[("n", &number.to_string())]))
}

/// The names of phases as one enumeration.
pub(super) fn phase_titles(context: &PageContext<'_>, numbers: &[u8]) -> String {
    context.list(&numbers.iter().map(|&number| phase_title(context, number)).collect::<Vec<_>>())
}

/// A fair with its phases.
pub(super) fn fair_view(context: &PageContext<'_>, fair: &MaterialFair<'_>) -> FairView {
    let days = fair.fair.days();
    FairView {
        number: fair.number(),
        name: context.optional(fair.fair.name.as_ref()),
        short: short_name(context, fair),
        start: days.map(|(start, _)| context.date(start)),
        end: days.map(|(_, end)| context.date(end)),
        phases: phase_views(context, fair),
    }
}
