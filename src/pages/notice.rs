//! Which notices are published, and what of them is the same in all languages.

use std::sync::Arc;

use super::addresses;
use super::material::{Material, MaterialFair};
use super::timeline::timeline;
use super::winner_list::{Winner, winner_list};
use crate::data::Date;
use crate::fair::{AsOf, NoticeState, Turn};
use crate::lang::Localized;
use crate::source::{Report, code, say};

/// The notices of all fairs, in their order; `None` where a fair has none, or it is not published yet.
pub(super) struct Notices {
    pub fairs: Vec<Option<Arc<Notice>>>,
}

impl Notices {
    /// Those that are published.
    pub(super) fn published(&self) -> impl Iterator<Item = &Arc<Notice>> {
        self.fairs.iter().flatten()
    }

    /// The notice of the latest fair that has one.
    pub(super) fn latest(&self) -> Option<&Notice> {
        self.published().next().map(Arc::as_ref)
    }
}

/// A notice that is published.
pub(super) struct Notice {
    /// Its place among the fairs.
    pub index: usize,
    /// The number of its fair.
    pub fair: u32,
    /// Its path below the language: `awards/137/`.
    pub path: String,
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
    pub awards: Vec<(String, Localized)>,
}

/// Plans the notices: a notice is published when `fair.yaml` says so, and the day for which the site is made
/// is not before it.
pub(super) fn notices(report: &mut Report, material: &Material<'_>, as_of: &AsOf) -> Notices {
    let notices = (0..material.fairs.len()).map(|index| notice(report, material, as_of, index));
    Notices { fairs: notices.map(|notice| notice.map(Arc::new)).collect() }
}

fn notice(report: &mut Report, material: &Material<'_>, as_of: &AsOf, index: usize) -> Option<Notice> {
    let fair = &material.fairs[index];
    let list = fair.list?;
    let rulebook = fair.rulebook?;
    let timeline = timeline(report, fair.fair, rulebook, &rulebook.choices, material.calendar, &|date| {
        as_of.has_reached(date, fair.number(), Turn::Ruling)
    });
    let state = timeline.notice.state(as_of);
    let from = timeline.published.filter(|_| state != NoticeState::Proposed)?;
    report_behind(report, fair, state);
    let number = fair.number();
    Some(Notice {
        index,
        fair: number,
        path: addresses::notice(number),
        demonstration: fair.fair.demonstration,
        has_evidence: fair.evidence.is_some(),
        from,
        start: timeline.start?,
        until: timeline.end?.date,
        days: timeline.days,
        state,
        final_from: timeline.notice.final_from,
        winners: winner_list(report, material, fair.fair, rulebook, list),
        awards: rulebook
            .awards
            .iter()
            .map(|award| (award.id.value.clone(), award.title.value.clone()))
            .collect(),
    })
}

/// Reports a list that is further by its days than by what was sealed. An error where the list is to be signed: what has
/// no signature is not published.
fn report_behind(report: &mut Report, fair: &MaterialFair<'_>, state: NoticeState) {
    let Some(seal) = fair.seal else { return };
    let is_behind = match state {
        NoticeState::Proposed => false,
        NoticeState::InNotice | NoticeState::Closed => seal.state == NoticeState::Proposed,
        NoticeState::Final => seal.state != NoticeState::Final,
    };
    if !is_behind {
        return;
    }
    let number = fair.number();
    let message = say!(
        "by its dates the list of fair {number} is `{state}`, but it was sealed as `{sealed}`",
        number,
        state = state.name(),
        sealed = seal.state.name()
    );
    let draft = match fair.fair.signing {
        Some(_) => report.error(code::NOT_SEALED, fair.fair.fair.span, message),
        None => report.warning(code::NOT_SEALED, fair.fair.fair.span, message),
    };
    draft.hint(say!("seal it: `jinbang seal {number}`", number));
}

impl Notice {
    /// The paths of its pages and downloads.
    pub(super) fn paths(&self) -> Vec<String> {
        let mut paths = vec![self.path.clone()];
        paths.extend(self.winners.iter().map(|winner| winner.path.clone()));
        paths.extend(addresses::files(&addresses::winners_table(self.fair)));
        if self.has_evidence {
            paths.push(addresses::evidence(self.fair));
            paths.extend(["csv", "json"].map(|ending| addresses::evidence_file(self.fair, ending)));
        }
        paths
    }

    /// Whether its list is final.
    pub(super) fn is_final(&self) -> bool {
        self.state == NoticeState::Final
    }

    /// The word for the title of its list.
    pub(super) fn list_title(&self) -> &'static str {
        if self.is_final() { "list.title_final" } else { "list.title" }
    }
}
