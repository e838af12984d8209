//! The card of a winner: the picture that other sites show beside a link to its page. It shows the names in all
//! languages, so there is one for a winner, not one for a page.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use hashbrown::HashSet;

use super::addresses;
use super::context::PageContext;
use super::fair_view::fair_view;
use super::material::root_place;
use super::notice::Notice;
use super::notice_view::LevelView;
use super::winner_list::Winner;
use crate::site::card::{Blank, CardFont, CardKind};
use crate::site::{Artifact, Permalink};
use crate::source::{Report, code, fingerprint, list, say};

/// Where the card of a winner is.
pub(super) fn card_place(winner: &Winner) -> Permalink {
    root_place(&addresses::card(&winner.path))
}

/// The cards of an award. What they have in common is drawn with the first of them.
struct AwardCards<'a> {
    kind: CardKind,
    /// Stands for it.
    print: u64,
    blank: OnceLock<Blank<'a>>,
}

/// Adds the cards of the winners of a notice where the theme has a font for them. They are drawn when they are written.
pub(super) fn add<'a>(
    report: &mut Report,
    artifacts: &mut Vec<Artifact<'a>>,
    contexts: &[Arc<PageContext<'a>>],
    notice: &Arc<Notice>,
) {
    let material = contexts[0].material;
    let Some(font) = material.theme.card_font() else { return };
    let fair = contexts[0].fair(notice);
    let mark = |context: &PageContext<'_>| notice.demonstration.then(|| context.word("demonstration.mark"));
    let contexts = languages_on_cards(contexts, font, notice);
    let levels: Vec<_> = contexts.iter().map(|context| notice.levels(context)).collect();
    let awards = 0..levels[0].len();
    let kinds = awards.map(|award| {
        let title = |(context, levels): (&&PageContext<'_>, &Vec<LevelView>)| {
            notice.award_title(context, &levels[award].title)
        };
        let titles: Vec<String> = contexts.iter().zip(&levels).map(title).collect();
        let host = material.base.origin().split_once("://").map_or("", |(_, host)| host);
        let foot: Vec<String> = contexts.iter().copied().filter_map(mark).chain([host.to_owned()]).collect();
        CardKind {
            above: contexts.iter().map(|context| fair_view(context, fair).name).collect(),
            award: titles.join("  "),
            accent: if award == 0 { GOLD } else { SILVER },
            filled: award == 0,
            foot: foot.join(" / "),
        }
    });
    let kinds = kinds.map(|kind| AwardCards { print: font.print(&kind), kind, blank: OnceLock::new() });
    let kinds: Vec<Arc<AwardCards<'a>>> = kinds.map(Arc::new).collect();
    report_missing_letters(report, font, notice);
    for (number, winner) in notice.winners.iter().enumerate() {
        let (kind, shown) = (Arc::clone(&kinds[winner.award]), Arc::clone(notice));
        let made_of = fingerprint(&(kind.print, &winner.name_zh, &winner.name_en));
        let mut card = Artifact::file(card_place(winner), move |_| {
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
fn languages_on_cards<'f, 'a>(
    contexts: &'f [Arc<PageContext<'a>>],
    font: &CardFont,
    notice: &Notice,
) -> Vec<&'f PageContext<'a>> {
    let can_be_written = |context: &&PageContext<'a>| {
        let fair = fair_view(context, context.fair(notice)).name;
        let levels = notice.levels(context).into_iter().map(|level| level.title);
        let mark = notice.demonstration.then(|| context.word("demonstration.mark"));
        std::iter::once(fair).chain(levels).chain(mark).all(|text| font.can_write(&text))
    };
    let written: Vec<&PageContext<'a>> = contexts.iter().map(Arc::as_ref).filter(can_be_written).collect();
    if written.is_empty() { vec![&contexts[0]] } else { written }
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
                        "the card font of the theme has no {letters}; the card shows 〓",
                        letters = list(&letters)
                    ),
                )
                .hint(say!(
                    "the page itself is not affected; add a font with these characters to the theme as card.otf"
                ));
        }
    }
}

/// The names on a winner's card.
fn names(winner: &Winner) -> impl Iterator<Item = &str> {
    [Some(winner.name_zh.as_str()), winner.name_en.as_deref()].into_iter().flatten()
}
