//! Winners as lists and pages show them.

use serde::Serialize;

use super::context::PageContext;
use super::filter_keys;
use super::names::{NameView, exhibitor_name};
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

/// A name from a table in the language of the page, as far as the names of the fair have it.
pub(super) fn name_view(context: &PageContext<'_>, name: &Name, known: &[&Localized]) -> NameView {
    match name.translated.and_then(|number| known.get(number)?.find(context.lang)) {
        Some(text) => NameView::plain(text.to_owned()),
        None => NameView::new(context, &name.zh, Lang::ZH),
    }
}

/// The names of a fair's delegations and sections, as its file lists them.
pub(super) struct FairNames<'f> {
    pub delegations: Vec<&'f Localized>,
    pub sections: Vec<&'f Localized>,
    section_keys: Vec<String>,
}

pub(super) fn fair_names(fair: &FairFile) -> FairNames<'_> {
    let sections = fair.phases.iter().flat_map(|phase| {
        let key = |number| filter_keys::section(Some(phase.phase.value), number);
        phase.sections.iter().enumerate().map(move |(number, name)| (&name.value, key(number)))
    });
    let (sections, section_keys) = sections.unzip();
    FairNames {
        delegations: fair.delegations.iter().map(|name| &name.value).collect(),
        sections,
        section_keys,
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
    let name = exhibitor_name(context, &winner.name_zh, winner.name_en.as_deref(), &winner.further_names);
    let other = winner.name_en.as_ref().map(|english| match context.lang {
        Lang::ZH => NameView::new(context, english, Lang::EN),
        _ => NameView::new(context, &winner.name_zh, Lang::ZH),
    });
    let delegation = winner.delegation.as_ref().map(|name| name_view(context, name, &names.delegations));
    let sections = winner.sections.iter().map(|section| {
        let NameView { text: name, lang } = name_view(context, section, &names.sections);
        SectionView { name, lang, key: names.section_key(section) }
    });
    let phases: Vec<String> = winner.phases.iter().map(u8::to_string).collect();
    WinnerView {
        url: context.url(&winner.path),
        name: name.text,
        name_lang: name.lang,
        other_lang: other.as_ref().and_then(|other| other.lang.clone()),
        other_name: other.map(|other| other.text),
        award: award.clone(),
        award_title: award_title.get(context.lang).to_owned(),
        delegation_lang: delegation.as_ref().and_then(|delegation| delegation.lang.clone()),
        delegation: delegation.map(|delegation| delegation.text).unwrap_or_default(),
        delegation_key: winner
            .delegation
            .as_ref()
            .map(|name| filter_keys::delegation(name.order))
            .unwrap_or_default(),
        sections: sections.collect(),
        phases: winner.phases.clone(),
        phase_keys: winner.phases.iter().filter_map(|&phase| filter_keys::phase(phase)).collect(),
        phases_text: context.list(&phases),
        booths: winner.particulars.booths.clone(),
        website: winner.particulars.website.clone(),
    }
}
