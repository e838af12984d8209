//! What pages say of a notice: who issues it, how long it lasts, how to object.

use serde::Serialize;

use super::addresses;
use super::contacts::ContactView;
use super::context::PageContext;
use super::corrections::{CorrectionView, corrections};
use super::dates::DateView;
use super::fair_view::short_name;
use super::notice::Notice;
use super::sealed::{SealView, seal_view};
use crate::data::Date;
use crate::fair::calendar::DayKind;
use crate::lang::Localized;
use crate::rulebook::AwardId;

/// An award with how many have it.
#[derive(Serialize, Clone)]
pub(super) struct LevelView {
    pub id: String,
    pub title: String,
    pub count: usize,
}

impl Notice {
    /// What an award is called while its list may still change, and afterwards.
    pub(super) fn award_title(&self, context: &PageContext<'_>, title: &str) -> String {
        match self.is_final() {
            true => title.to_owned(),
            false => context.fill("winner.proposed", &[("award", title)]),
        }
    }

    /// Its heading.
    pub(super) fn heading(&self, context: &PageContext<'_>) -> String {
        let short = short_name(context, context.fair(self));
        let heading = if self.is_final() { "notice.heading_final" } else { "notice.heading" };
        context.fill(heading, &[("fair", &short)])
    }

    /// The awards with how many have them.
    pub(super) fn levels(&self, context: &PageContext<'_>) -> Vec<LevelView> {
        let level = |(number, (id, title)): (AwardId, &(String, Localized))| LevelView {
            id: id.clone(),
            title: title.get(context.lang).to_owned(),
            count: self.winners.iter().filter(|winner| winner.award == number).count(),
        };
        AwardId::each(&self.awards).map(level).collect()
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

/// What the notice says of itself in one language.
pub(super) fn notice_view(context: &PageContext<'_>, notice: &Notice) -> NoticeView {
    let fair = context.fair(notice);
    let file = fair.fair.notice.as_ref().expect("a published notice is in fair.yaml");
    let rulebook = fair.rulebook.expect("a published notice has a rulebook");
    let list = fair.list.expect("a published notice has a list");
    let awards: Vec<&Localized> = notice.awards.iter().map(|(_, title)| title).collect();
    NoticeView {
        corrections: corrections(context, fair.fair, list, &awards),
        evidence_url: notice.has_evidence.then(|| context.url(&addresses::evidence(notice.fair))),
        seal: seal_view(context, fair),
        issuer: context.in_language(&file.issuer),
        number: context.in_language(&file.number),
        published: Some(context.date(notice.from)),
        period: Some(PeriodView {
            from: context.date(notice.start),
            to: context.date(notice.until),
            days: notice.days,
            end_iso: format!("{}T23:59:59+08:00", notice.until),
            strip: strip(context, notice),
        }),
        state: notice.state.name(),
        is_final: notice.is_final(),
        final_from: notice.final_from.filter(|_| notice.is_final()).map(|date| context.date(date)),
        basis: rulebook.title.get(context.lang).to_owned(),
        rules_url: context.url(&addresses::rules(notice.fair)),
        contact: context.contact(&file.contact.value),
    }
}

/// The days of a notice; days off of one holiday stand together.
fn strip(context: &PageContext<'_>, notice: &Notice) -> Vec<StripView> {
    let calendar = context.material.calendar;
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
            date: context.date(date),
            until: (kind == DayKind::Off).then(|| context.date(until)),
            label: label.map(|label| label.get(context.lang).to_owned()),
        })
        .collect()
}
