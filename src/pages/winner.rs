//! The page of a winner: a certificate to print, and a badge for the winner's own site.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::addresses;
use super::cards::card_place;
use super::context::PageContext;
use super::corrections::withdrawal_reasons;
use super::fair_view::{FairView, fair_view, short_name};
use super::gone_page::{GoneView, add_gone_page};
use super::links::LinkView;
use super::names::{NameView, exhibitor_name};
use super::notice::{Notice, Notices};
use super::notice_view::{NoticeView, notice_view};
use super::page::{Page, add_page};
use super::winner_list::Winner;
use super::winner_view::{WinnerView, fair_names, winner_view};
use crate::lang::fill;
use crate::site::Artifact;
use crate::site::card::{HEIGHT, WIDTH};
use crate::site::qr::{Qr, qr};

#[derive(Serialize)]
struct WinnerPageView {
    winner: WinnerView,
    /// What the award is called: proposed, until the list is final.
    award: String,
    fair: FairView,
    notice: NoticeView,
    rulebook_title: String,
    list_url: String,
    qr: Option<QrView>,
    card: Option<CardView>,
    embed: String,
    badge_url: String,
    other_awards: Vec<AwardLink>,
}

/// A QR code, with the sides of its picture.
#[derive(Serialize)]
struct QrView {
    path: String,
    side: usize,
    /// The side with the quiet zone around it.
    outer: usize,
}

/// The card that other sites show beside a link to the page.
#[derive(Serialize)]
struct CardView {
    href: String,
    width: usize,
    height: usize,
}

/// An award of the same exhibitor at another fair.
#[derive(Serialize)]
struct AwardLink {
    fair: String,
    award: String,
    award_title: String,
    url: String,
}

#[derive(Serialize)]
struct BadgeView {
    award: String,
    filled: bool,
    is_final: bool,
    title: String,
    fair: String,
}

/// Modules of white around a QR code.
const QUIET: usize = 3;

/// Adds a page for each winner of a notice, and the badges.
pub(super) fn add<'a>(
    artifacts: &mut Vec<Artifact<'a>>,
    context: &Arc<PageContext<'a>>,
    notice: &Arc<Notice>,
) {
    add_badges(artifacts, context, notice);
    let others = Arc::new(Others::new(&context.notices, notice));
    for (number, winner) in notice.winners.iter().enumerate() {
        let (notice, others) = (Arc::clone(notice), Arc::clone(&others));
        let page = add_page(artifacts, context, &winner.path, "winner.html", move |context| {
            page(context, &notice, &others, number)
        });
        // It shows no body.
        page.made_of = Some(context.shared);
    }
    add_withdrawn(artifacts, context, notice);
}

/// Adds a page for each exhibitor that a ruling took off the list since it was published: its address says why.
fn add_withdrawn<'a>(
    artifacts: &mut Vec<Artifact<'a>>,
    context: &Arc<PageContext<'a>>,
    notice: &Arc<Notice>,
) {
    let Some(list) = context.fair(notice).list else { return };
    for listed in list.listed.iter().filter(|listed| listed.award.is_none()) {
        let awards = notice.awards.iter().map(|(id, _)| id.as_str());
        let path = addresses::winner(notice.fair, &listed.id, awards);
        let Some(withdrawal) = list.withdrawal(&listed.id) else { continue };
        let (notice, place) = (Arc::clone(notice), context.place(&path));
        add_gone_page(artifacts, context, place, &path, move |context| {
            let fair = short_name(context, context.fair(&notice));
            let name =
                exhibitor_name(context, &listed.name_zh, listed.name_en.as_deref(), &listed.further_names)
                    .text;
            let date = context.date(withdrawal.date).long;
            let text = context.fill("gone.withdrawn", &[("date", &date), ("fair", &fair)]);
            let page = Page {
                group: "awards",
                title: format!("{name}{}{fair}", context.word("sep.colon")),
                heading: Some(name),
                description: text.clone(),
                above: vec![context.above("awards"), (fair.clone(), notice.path.clone())],
                demonstration: notice.demonstration,
                ..Page::default()
            };
            let reasons = std::iter::once(NameView::plain(text));
            let reasons = reasons.chain(withdrawal_reasons(context, withdrawal, &listed.id)).collect();
            let link = LinkView { title: notice.heading(context), url: context.url(&notice.path) };
            (page, GoneView { reasons, links: vec![link] })
        });
    }
}

/// Other notices, and which of their winners are winners of this one.
struct Others {
    notices: Vec<Arc<Notice>>,
    /// By the number of the winner here: the notices and the numbers of the winner there.
    same: BTreeMap<usize, Vec<(usize, usize)>>,
}

impl Others {
    /// Two winners are one exhibitor if they have the same name in Chinese, or the same identifier and the
    /// same name in English. An identifier alone may have gone to another company.
    fn new(notices: &Notices, notice: &Notice) -> Others {
        let mut here: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (number, winner) in notice.winners.iter().enumerate() {
            for key in [&winner.name_zh, &winner.id] {
                here.entry(key).or_default().push(number);
            }
        }
        let others = notices.published().filter(|other| other.index != notice.index);
        let others: Vec<Arc<Notice>> = others.cloned().collect();
        let mut same: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
        for (at, other) in others.iter().enumerate() {
            for (number, winner) in other.winners.iter().enumerate() {
                let mut known: Vec<usize> = Vec::new();
                let candidates = [&winner.name_zh, &winner.id];
                for &candidate in candidates.iter().filter_map(|key| here.get(key.as_str())).flatten() {
                    if !known.contains(&candidate) && is_same(&notice.winners[candidate], winner) {
                        known.push(candidate);
                        same.entry(candidate).or_default().push((at, number));
                    }
                }
            }
        }
        Others { notices: others, same }
    }
}

fn is_same(one: &Winner, other: &Winner) -> bool {
    one.name_zh == other.name_zh
        || (one.id == other.id && one.name_en.is_some() && one.name_en == other.name_en)
}

fn page(
    context: &PageContext<'_>,
    notice: &Notice,
    others: &Others,
    number: usize,
) -> (Page, WinnerPageView) {
    let material = context.material;
    let fair = context.fair(notice);
    let winner = &notice.winners[number];
    let view = winner_view(context, notice, winner, &fair_names(fair.fair));
    let fair_shown = fair_view(context, fair);
    let award = notice.award_title(context, &view.award_title);
    let values = [
        ("name", view.name.as_str()),
        ("award", &award),
        ("fair", &fair_shown.short),
        ("delegation", &view.delegation),
    ];
    let page = Page {
        kind: "winner",
        group: "awards",
        title: context.fill("winner.title", &values),
        heading: Some(view.name.clone()),
        description: context.fill(
            if notice.is_final() { "winner.description_final" } else { "winner.description" },
            &[&values[..1], &[("award", view.award_title.as_str())], &values[2..]].concat(),
        ),
        above: vec![context.above("awards"), (fair_shown.short.clone(), notice.path.clone())],
        demonstration: notice.demonstration,
        ..Page::default()
    };
    let address = context.absolute(&winner.path);
    let badge = addresses::badge(notice.fair, &view.award);
    let other_awards = others.same.get(&number).into_iter().flatten().map(|&(at, there)| {
        let notice = &others.notices[at];
        let fair = context.fair(notice);
        let winner = winner_view(context, notice, &notice.winners[there], &fair_names(fair.fair));
        AwardLink {
            fair: short_name(context, fair),
            award: winner.award,
            award_title: notice.award_title(context, &winner.award_title),
            url: context.url(&notice.winners[there].path),
        }
    });
    let view = WinnerPageView {
        qr: qr(&address).map(|Qr { side, path }| QrView { path, side, outer: side + 2 * QUIET }),
        card: material.theme.card_font().map(|_| CardView {
            href: material.base.absolute(&card_place(winner)),
            width: WIDTH,
            height: HEIGHT,
        }),
        embed: fill(
            &context.word("winner.embed_code"),
            &[
                ("url", &attribute(&address)),
                ("badge", &attribute(&context.absolute(&badge))),
                ("alt", &attribute(&context.fill("winner.badge_alt", &values))),
            ],
        ),
        badge_url: context.url(&badge),
        other_awards: other_awards.collect(),
        award,
        winner: view,
        fair: fair_shown,
        notice: notice_view(context, notice),
        rulebook_title: fair
            .rulebook
            .map(|rulebook| rulebook.title.get(context.lang).to_owned())
            .unwrap_or_default(),
        list_url: context.url(&notice.path),
    };
    (page, view)
}

/// A text for an attribute in quotation marks.
fn attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}

/// Adds a badge for each award of a fair, for winners to show on their own sites.
fn add_badges<'a>(artifacts: &mut Vec<Artifact<'a>>, context: &Arc<PageContext<'a>>, notice: &Arc<Notice>) {
    for (number, level) in notice.levels(context).into_iter().enumerate() {
        let path = addresses::badge(notice.fair, &level.id);
        let notice = Arc::clone(notice);
        add_page(artifacts, context, &path, "badge.xml", move |context| {
            let fair = short_name(context, context.fair(&notice));
            let title = context.fill("winner.badge", &[("award", &level.title)]);
            let page = Page {
                kind: "badge",
                title: title.clone(),
                description: title.clone(),
                demonstration: notice.demonstration,
                ..Page::default()
            };
            let is_final = notice.is_final();
            (page, BadgeView { award: level.id.clone(), filled: number == 0, is_final, title, fair })
        });
    }
}
