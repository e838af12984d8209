//! Winners as lists and pages show them.

use serde::Serialize;

use super::context::PageContext;
use super::filter_keys;
use super::notice::Notice;
use super::winner_list::{Name, Winner};
use crate::fair::FairFile;
use crate::lang::{Lang, Localized};

/// A winner in one language.
#[derive(Serialize, Clone)]
pub(super) struct WinnerView {
    url: String,
    pub name: String,
    name_lang: Option<String>,
    pub other_name: Option<String>,
    other_lang: Option<String>,
    pub award: String,
    pub award_title: String,
    pub delegation: String,
    delegation_lang: Option<String>,
    delegation_key: String,
    pub sections: Vec<SectionView>,
    phases: Vec<u8>,
    phase_keys: Vec<String>,
    phases_text: String,
    pub booths: Vec<String>,
    website: Option<String>,
}

#[derive(Serialize, Clone)]
pub(super) struct SectionView {
    pub name: String,
    lang: Option<String>,
    key: String,
}

/// How a name is shown in a language, and the language it is in where that is another one.
pub(super) fn shown<'n>(name: &'n Name, known: &[&'n Localized], lang: Lang) -> (String, Option<String>) {
    let translated = name.translated.and_then(|index| known.get(index)?.find(lang));
    match translated {
        Some(text) => (text.to_owned(), None),
        None if lang == Lang::ZH => (name.zh.clone(), None),
        None => (name.zh.clone(), Some(Lang::ZH.tag().to_owned())),
    }
}

/// The names of a fair's delegations and sections, as its file lists them.
pub(super) struct FairNames<'f> {
    pub delegations: Vec<&'f Localized>,
    pub sections: Vec<&'f Localized>,
    section_keys: Vec<String>,
}

pub(super) fn fair_names(fair: &FairFile) -> FairNames<'_> {
    FairNames {
        delegations: fair.delegations.iter().map(|name| &name.value).collect(),
        sections: fair
            .phases
            .iter()
            .flat_map(|phase| phase.sections.iter().map(|name| &name.value))
            .collect(),
        section_keys: fair
            .phases
            .iter()
            .flat_map(|phase| {
                (0..phase.sections.len()).map(|number| filter_keys::section(Some(phase.phase.value), number))
            })
            .collect(),
    }
}

impl FairNames<'_> {
    /// The key of a section in filters.
    pub(super) fn section_key(&self, name: &Name) -> String {
        let known = self.section_keys.get(name.order).cloned();
        known.unwrap_or_else(|| filter_keys::section(None, name.order - self.section_keys.len()))
    }
}

pub(super) fn winner_view(
    context: &PageContext<'_>,
    notice: &Notice,
    winner: &Winner,
    names: &FairNames<'_>,
) -> WinnerView {
    let (award, award_title) = &notice.awards[winner.award];
    let zh = Lang::ZH.tag().to_owned();
    let en = Lang::EN.tag().to_owned();
    let (name, name_lang, other_name, other_lang) = match (context.lang, &winner.name_en) {
        (Lang::ZH, other) => (winner.name_zh.clone(), None, other.clone(), Some(en)),
        (Lang::EN, Some(name)) => (name.clone(), None, Some(winner.name_zh.clone()), Some(zh)),
        (_, Some(name)) => (name.clone(), Some(en), Some(winner.name_zh.clone()), Some(zh)),
        (_, None) => (winner.name_zh.clone(), Some(zh), None, None),
    };
    let (delegation, delegation_lang) = match &winner.delegation {
        Some(name) => shown(name, &names.delegations, context.lang),
        None => (String::new(), None),
    };
    let sections = winner.sections.iter().map(|section| {
        let (name, lang) = shown(section, &names.sections, context.lang);
        SectionView { name, lang, key: names.section_key(section) }
    });
    let phases: Vec<String> = winner.phases.iter().map(u8::to_string).collect();
    WinnerView {
        url: context.url(&winner.path),
        name,
        name_lang,
        other_name,
        other_lang,
        award: award.clone(),
        award_title: award_title.get(context.lang).to_owned(),
        delegation,
        delegation_lang,
        delegation_key: winner
            .delegation
            .as_ref()
            .map(|name| filter_keys::delegation(name.order))
            .unwrap_or_default(),
        sections: sections.collect(),
        phases: winner.phases.clone(),
        phase_keys: winner.phases.iter().filter_map(|&phase| filter_keys::phase(phase)).collect(),
        phases_text: context.list(&phases),
        booths: winner.booths.clone(),
        website: winner.website.clone(),
    }
}
