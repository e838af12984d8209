//! What rulings changed since a notice was published, as the notice shows it.

use serde::Serialize;

use super::dates::DateView;
use super::frame::Framer;
use crate::award::{AwardList, ListCorrection};
use crate::lang::{Lang, Localized};

/// The corrections of a day.
#[derive(Serialize, Clone)]
pub(super) struct CorrectionView {
    date: DateView,
    rulings: Vec<RulingView>,
    changes: Vec<ChangeView>,
}

/// A ruling in words.
#[derive(Serialize, Clone)]
struct RulingView {
    exhibitor: NameView,
    what: String,
    reason: NameView,
    authority: String,
}

/// A change of an award; an award that is absent is shown as the word for none.
#[derive(Serialize, Clone)]
struct ChangeView {
    exhibitor: NameView,
    before: String,
    after: String,
}

/// A name or a reason, with its language where that is not the page's.
#[derive(Serialize, Clone)]
struct NameView {
    text: String,
    lang: Option<String>,
}

/// The corrections of a list, the latest first. `awards` are the titles by number.
pub(super) fn corrections(
    framer: &Framer<'_>,
    list: &AwardList,
    awards: &[&Localized],
) -> Vec<CorrectionView> {
    list.corrections.iter().rev().map(|correction| view(framer, list, awards, correction)).collect()
}

fn view(
    framer: &Framer<'_>,
    list: &AwardList,
    awards: &[&Localized],
    correction: &ListCorrection,
) -> CorrectionView {
    let title = |award: Option<usize>| match award {
        Some(award) => awards[award].get(framer.lang).to_owned(),
        None => framer.word("corrections.none"),
    };
    let rulings = correction.rulings.iter().map(|ruling| RulingView {
        exhibitor: name(framer, list, &ruling.exhibitor),
        what: framer.word(&format!("corrections.{}", ruling.decides)),
        reason: as_given(framer, &ruling.reason),
        authority: ruling.authority.get(framer.lang).to_owned(),
    });
    let changes = correction.changes.iter().map(|(id, before, after)| ChangeView {
        exhibitor: name(framer, list, id),
        before: title(*before),
        after: title(*after),
    });
    CorrectionView {
        date: framer.date(correction.date),
        rulings: rulings.collect(),
        changes: changes.collect(),
    }
}

/// A text in the language of the page, else as it was given in the first language that has it.
fn as_given(framer: &Framer<'_>, text: &Localized) -> NameView {
    let lang = match text.find(framer.lang) {
        Some(_) => None,
        None => text.languages().next().map(|lang| lang.tag().to_owned()),
    };
    NameView { text: text.get(framer.lang).to_owned(), lang }
}

fn name(framer: &Framer<'_>, list: &AwardList, id: &str) -> NameView {
    let Some(listed) = list.find(id) else { return NameView { text: id.to_owned(), lang: None } };
    match &listed.name_en {
        Some(name) if framer.lang != Lang::ZH => {
            let lang = (framer.lang != Lang::EN).then(|| Lang::EN.tag().to_owned());
            NameView { text: name.clone(), lang }
        }
        _ => {
            let lang = (framer.lang != Lang::ZH).then(|| Lang::ZH.tag().to_owned());
            NameView { text: listed.name_zh.clone(), lang }
        }
    }
}
