//! The page of a winner: a certificate to print, a card for other sites, a badge for the winner's own.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use hashbrown::HashSet;
use serde::Serialize;

use super::frame::{Framer, Framers, Page, add_page};
use super::home::{FairView, fair_view};
use super::notice::{LevelView, Notice, NoticeView, Notices, notice_view};
use super::winners::{Winner, WinnerView, badge_name, fair_names, winner_view};
use crate::lang::fill;
use crate::site::card::{Blank, CardFont, CardKind, HEIGHT, WIDTH};
use crate::site::qr::{Qr, qr};
use crate::site::{Artifact, Permalink};
use crate::source::{Report, code, fingerprint, list, say};

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
    /// The script that copies it.
    script: String,
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

/// Adds a page for each winner of a notice, their cards and the badges.
pub(super) fn add<'a>(
    report: &mut Report,
    artifacts: &mut Vec<Artifact<'a>>,
    framers: &Framers<'a>,
    index: usize,
    notices: &Notices,
    notice: &Arc<Notice>,
) {
    // A card shows the names in all languages: there is one for a winner, not one for a page.
    if let (0, Some(font)) = (index, framers[0].material.theme.card_font()) {
        add_cards(report, artifacts, framers, font, notice);
    }
    add_badges(artifacts, framers, index, notice);
    let others = Arc::new(Others::new(notices, notice));
    for (number, winner) in notice.winners.iter().enumerate() {
        let (notice, others) = (Arc::clone(notice), Arc::clone(&others));
        let page = add_page(artifacts, framers, index, &winner.path, "winner.html", move |framer| {
            page(framer, &notice, &others, number)
        });
        // It shows no body.
        page.made_of = Some(framers[index].shared);
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
        let others = notices.fairs.iter().flatten().filter(|other| other.index != notice.index);
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

fn page(framer: &Framer<'_>, notice: &Notice, others: &Others, number: usize) -> (Page, WinnerPageView) {
    let material = framer.material;
    let fair = &material.fairs[notice.index];
    let winner = &notice.winners[number];
    let view = winner_view(framer, notice, winner, &fair_names(fair.fair));
    let fair_shown = fair_view(framer, fair);
    let award = notice.award_title(framer, &view.award_title);
    let values = [
        ("name", view.name.as_str()),
        ("award", &award),
        ("fair", &fair_shown.short),
        ("delegation", &view.delegation),
    ];
    let page = Page {
        path: winner.path.clone(),
        kind: "winner",
        group: "awards",
        title: framer.fill("winner.title", &values),
        heading: view.name.clone(),
        description: framer.fill(
            if notice.is_final() { "winner.description_final" } else { "winner.description" },
            &[&values[..1], &[("award", view.award_title.as_str())], &values[2..]].concat(),
        ),
        above: vec![
            (framer.word("nav.awards"), "awards/".to_owned()),
            (fair_shown.short.clone(), notice.path.clone()),
        ],
        demonstration: notice.demonstration,
        lists: Vec::new(),
    };
    let address = material.base.absolute(&material.place(framer.lang, &winner.path));
    let badge = material.place(framer.lang, &badge_path(notice, &view.award));
    let other_awards = others.same.get(&number).into_iter().flatten().map(|&(at, there)| {
        let notice = &others.notices[at];
        let fair = &material.fairs[notice.index];
        let winner = winner_view(framer, notice, &notice.winners[there], &fair_names(fair.fair));
        AwardLink {
            fair: fair_view(framer, fair).short,
            award: winner.award,
            award_title: notice.award_title(framer, &winner.award_title),
            url: framer.url(&notice.winners[there].path),
        }
    });
    let view = WinnerPageView {
        qr: qr(&address).map(|Qr { side, path }| QrView { path, side, outer: side + 2 * QUIET }),
        card: material.theme.card_font().map(|_| CardView {
            href: material.base.absolute(&card_place(notice, winner)),
            width: WIDTH,
            height: HEIGHT,
        }),
        embed: fill(
            &framer.word("winner.embed_code"),
            &[
                ("url", &attribute(&address)),
                ("badge", &attribute(&material.base.absolute(&badge))),
                ("alt", &attribute(&framer.fill("winner.badge_alt", &values))),
            ],
        ),
        script: framer.asset("winner.js"),
        badge_url: material.base.path_url(&badge),
        other_awards: other_awards.collect(),
        award,
        winner: view,
        fair: fair_shown,
        notice: notice_view(framer, notice),
        rulebook_title: fair
            .rulebook
            .map(|rulebook| rulebook.title.get(framer.lang).to_owned())
            .unwrap_or_default(),
        list_url: framer.url(&notice.path),
    };
    (page, view)
}

/// A text for an attribute in quotation marks.
fn attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}

fn badge_path(notice: &Notice, award: &str) -> String {
    format!("{}{}", notice.path, badge_name(award))
}

/// Adds a badge for each award of a fair, for winners to show on their own sites.
fn add_badges<'a>(
    artifacts: &mut Vec<Artifact<'a>>,
    framers: &Framers<'a>,
    index: usize,
    notice: &Arc<Notice>,
) {
    for (number, level) in notice.levels(&framers[index]).into_iter().enumerate() {
        let path = badge_path(notice, &level.id);
        let notice = Arc::clone(notice);
        add_page(artifacts, framers, index, &path, "badge.xml", move |framer| {
            let fair = fair_view(framer, &framer.material.fairs[notice.index]).short;
            let title = framer.fill("winner.badge", &[("award", &level.title)]);
            let page = Page {
                path: badge_path(&notice, &level.id),
                kind: "badge",
                group: "",
                title: title.clone(),
                heading: title.clone(),
                description: title.clone(),
                above: Vec::new(),
                demonstration: notice.demonstration,
                lists: Vec::new(),
            };
            let is_final = notice.is_final();
            (page, BadgeView { award: level.id.clone(), filled: number == 0, is_final, title, fair })
        });
    }
}

fn card_place(notice: &Notice, winner: &Winner) -> Permalink {
    let name = winner.path[notice.path.len()..].trim_end_matches('/');
    let folder = notice.path.replacen("awards/", "cards/", 1);
    Permalink::new(format!("{folder}{name}.png")).expect("the path of a page is made of safe segments")
}

/// The cards of an award. What they have in common is drawn with the first of them.
struct Kind<'a> {
    kind: CardKind,
    /// Stands for it.
    print: u64,
    blank: OnceLock<Blank<'a>>,
}

/// Adds the cards of the winners, drawn when they are written.
fn add_cards<'a>(
    report: &mut Report,
    artifacts: &mut Vec<Artifact<'a>>,
    framers: &Framers<'a>,
    font: &'a CardFont,
    notice: &Arc<Notice>,
) {
    let material = framers[0].material;
    let fair = &material.fairs[notice.index];
    let mark = |framer: &Framer<'_>| notice.demonstration.then(|| framer.word("demonstration.mark"));
    let framers = framers_on_cards(framers, font, notice);
    let levels: Vec<_> = framers.iter().map(|framer| notice.levels(framer)).collect();
    let awards = 0..levels[0].len();
    let kinds = awards.map(|award| {
        let title = |(framer, levels): (&&Framer<'_>, &Vec<LevelView>)| {
            notice.award_title(framer, &levels[award].title)
        };
        let titles: Vec<String> = framers.iter().zip(&levels).map(title).collect();
        let host = material.base.origin().split_once("://").map_or("", |(_, host)| host);
        let foot: Vec<String> = framers.iter().copied().filter_map(mark).chain([host.to_owned()]).collect();
        CardKind {
            above: framers.iter().map(|framer| fair_view(framer, fair).name).collect(),
            award: titles.join("  "),
            accent: if award == 0 { GOLD } else { SILVER },
            filled: award == 0,
            foot: foot.join(" / "),
        }
    });
    let kinds = kinds.map(|kind| Kind { print: font.print(&kind), kind, blank: OnceLock::new() });
    let kinds: Vec<Arc<Kind<'a>>> = kinds.map(Arc::new).collect();
    report_missing_letters(report, font, notice);
    for (number, winner) in notice.winners.iter().enumerate() {
        let (kind, shown) = (Arc::clone(&kinds[winner.award]), Arc::clone(notice));
        let made_of = fingerprint(&(kind.print, &winner.name_zh, &winner.name_en));
        let mut card = Artifact::file(card_place(notice, winner), move |_| {
            let winner = &shown.winners[number];
            let blank = kind.blank.get_or_init(|| Blank::new(font, &kind.kind));
            Some(blank.card(&winner.name_zh, winner.name_en.as_deref()))
        });
        card.made_of = Some(made_of);
        artifacts.push(card);
    }
}

/// The languages that stand on a card: those that its font can write. A card without any would say nothing, so the
/// authentic one stays if there is none.
fn framers_on_cards<'f, 'a>(
    framers: &'f Framers<'a>,
    font: &CardFont,
    notice: &Notice,
) -> Vec<&'f Framer<'a>> {
    let can_be_written = |framer: &&Framer<'a>| {
        let fair = fair_view(framer, &framer.material.fairs[notice.index]).name;
        let levels = notice.levels(framer).into_iter().map(|level| level.title);
        let mark = notice.demonstration.then(|| framer.word("demonstration.mark"));
        std::iter::once(fair).chain(levels).chain(mark).all(|text| font.can_write(&text))
    };
    let written: Vec<&Framer<'a>> = framers.iter().filter(can_be_written).collect();
    if written.is_empty() { framers.iter().take(1).collect() } else { written }
}

/// The colours of the first award and of the others, dark enough for text.
const GOLD: [u8; 3] = [0x8d, 0x68, 0x12];
const SILVER: [u8; 3] = [0x5f, 0x6d, 0x78];

/// Warns of letters in names that the font for cards lacks.
fn report_missing_letters(report: &mut Report, font: &CardFont, notice: &Notice) {
    // Thousands of names are written with the same letters.
    let letters: HashSet<char> = notice.winners.iter().flat_map(names).flat_map(str::chars).collect();
    let missing = font.missing(letters);
    if missing.is_empty() {
        return;
    }
    for winner in &notice.winners {
        for name in names(winner) {
            let letters: BTreeSet<char> = name.chars().filter(|letter| missing.contains(letter)).collect();
            if letters.is_empty() {
                continue;
            }
            let letters: Vec<String> = letters.iter().map(|letter| format!("`{letter}`")).collect();
            report
                .warning(
                    code::CARD_LETTER,
                    winner.span,
                    say!(
                        "the theme's font for cards has no {letters}; the card shows 〓",
                        letters = list(&letters)
                    ),
                )
                .hint(say!(
                    "the page itself is not affected; put a font that has it in the theme as card.otf"
                ));
        }
    }
}

/// The names on a winner's card.
fn names(winner: &Winner) -> impl Iterator<Item = &str> {
    [Some(winner.name_zh.as_str()), winner.name_en.as_deref()].into_iter().flatten()
}
