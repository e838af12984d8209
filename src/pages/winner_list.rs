//! Who won at a fair, as far as it is published.
//!
//! What is published of a winner is what [`Winner`] holds, and nothing else.

use std::collections::BTreeMap;

use hashbrown::HashMap;

use super::addresses;
use super::material::{Material, MaterialFair};
use crate::award::{AwardList, Listed};
use crate::data::{web_address, web_address_hint};
use crate::fair::{FairFile, Particulars};
use crate::lang::{Lang, Localized};
use crate::rulebook::{AwardId, Rulebook};
use crate::source::{Report, Span, code, list as enumerated, nearest, say};

/// What is published of a winner.
pub(super) struct Winner {
    /// The award, by number.
    pub award: AwardId,
    /// The path of its page below the language.
    pub path: String,
    /// Its identifier.
    pub id: String,
    /// Its name in Chinese.
    pub name_zh: String,
    /// Its name in English.
    pub name_en: Option<String>,
    /// Its names in other languages.
    pub further_names: BTreeMap<Lang, String>,
    /// Where it stands in the table of exhibitors.
    pub span: Option<Span>,
    pub delegation: Option<Name>,
    pub sections: Vec<Name>,
    /// The phases of its sections.
    pub phases: Vec<u8>,
    /// What else its page shows; its website only if a page may link to it.
    pub particulars: Particulars,
}

/// A name from a table, with what it is called in other languages where that is known.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name {
    /// Its place in the list of names of the fair, or behind them.
    pub order: usize,
    pub zh: String,
    /// Its place in that list, where it is there.
    pub translated: Option<usize>,
}

/// Lists the winners of a fair: by award, then by delegation in the order of `fair.yaml`, then by identifier.
/// No order tells a score.
pub(super) fn winner_list(
    report: &mut Report,
    material: &Material<'_>,
    fair: &FairFile,
    rulebook: &Rulebook,
    list: &AwardList,
) -> Vec<Winner> {
    let mut names = Names::new(fair);
    let mut winners: Vec<(AwardId, usize, &str, Winner)> = Vec::new();
    let awards = || rulebook.awards.iter().map(|award| award.id.value.as_str());
    for (exhibitor, award) in list.winners() {
        let particulars = &exhibitor.particulars;
        let delegation = particulars.delegation.as_deref().map(|name| names.delegation(name, exhibitor.span));
        let sections: Vec<Name> =
            particulars.sections.iter().map(|name| names.section(name, exhibitor.span)).collect();
        let mut phases: Vec<u8> = sections.iter().filter_map(|section| names.phase_of(section)).collect();
        phases.sort_unstable();
        phases.dedup();
        let winner = Winner {
            award,
            path: addresses::winner(fair.fair.value, &exhibitor.id, awards()),
            id: exhibitor.id.clone(),
            span: exhibitor.span,
            name_zh: exhibitor.name_zh.clone(),
            name_en: exhibitor.name_en.clone(),
            further_names: exhibitor.further_names.clone(),
            sections,
            phases,
            particulars: Particulars { website: website(report, exhibitor), ..particulars.clone() },
            delegation: delegation.clone(),
        };
        let order = delegation.map_or(usize::MAX, |delegation| delegation.order);
        winners.push((award, order, &exhibitor.id, winner));
    }
    winners.sort_by_key(|(award, order, id, _)| (*award, *order, *id));
    names.report(report, material, fair);
    winners.into_iter().map(|(.., winner)| winner).collect()
}

/// The names of delegations and sections that a fair's tables use.
struct Names<'f> {
    fair: &'f FairFile,
    /// By their names in Chinese, their numbers in `fair.yaml`.
    delegations: HashMap<&'f str, usize>,
    sections: HashMap<&'f str, usize>,
    /// The phases of the sections, by number.
    phases: Vec<u8>,
    unknown: BTreeMap<String, Unknown>,
}

impl<'f> Names<'f> {
    fn new(fair: &'f FairFile) -> Names<'f> {
        let sections =
            || fair.phases.iter().flat_map(|phase| phase.sections.iter().map(move |name| (phase, name)));
        Names {
            fair,
            delegations: numbers(fair.delegations.iter().map(|name| &name.value)),
            sections: numbers(sections().map(|(_, name)| &name.value)),
            phases: sections().map(|(phase, _)| phase.phase.value).collect(),
            unknown: BTreeMap::new(),
        }
    }

    fn delegation(&mut self, zh: &str, span: Option<Span>) -> Name {
        let known = self.delegations.get(zh).copied();
        self.name(zh, known, self.fair.delegations.len(), span)
    }

    fn section(&mut self, zh: &str, span: Option<Span>) -> Name {
        let known = self.sections.get(zh).copied();
        self.name(zh, known, self.phases.len(), span)
    }

    fn name(&mut self, zh: &str, known: Option<usize>, behind: usize, span: Option<Span>) -> Name {
        let order = known.unwrap_or_else(|| {
            let next = self.unknown.len();
            let unknown = self.unknown.entry(zh.to_owned()).or_insert(Unknown { number: next, span });
            behind + unknown.number
        });
        Name { order, zh: zh.to_owned(), translated: known }
    }

    fn phase_of(&self, section: &Name) -> Option<u8> {
        self.phases.get(section.translated?).copied()
    }

    /// Warns of names that `fair.yaml` does not have: they are shown in Chinese in every language.
    fn report(&self, report: &mut Report, material: &Material<'_>, fair: &FairFile) {
        // What could not be read of the fair may be what is not listed.
        let of_fair = |known: &&MaterialFair<'_>| known.number() == fair.fair.value;
        let is_complete = material.fairs.iter().find(of_fair).is_none_or(|known| known.fair.complete);
        if self.unknown.is_empty() || material.languages.len() < 2 || !is_complete {
            return;
        }
        let mut known: Vec<&str> = self.delegations.keys().chain(self.sections.keys()).copied().collect();
        known.sort_unstable();
        let mut others: Vec<&str> = Vec::new();
        for (name, unknown) in &self.unknown {
            let Some(meant) = nearest(name, known.iter().copied()) else {
                others.push(name);
                continue;
            };
            report
                .warning(
                    code::UNTRANSLATED_NAME,
                    unknown.span,
                    say!("not listed under `delegations` or `sections`: {names}", names = enumerated([name])),
                )
                .hint_meant(Some(meant))
                .hint(say!("correct it in the table; if the name is right, add it to fair.yaml"));
        }
        if others.is_empty() {
            return;
        }
        report
            .warning(
                code::UNTRANSLATED_NAME,
                fair.fair.span,
                say!("not listed under `delegations` or `sections`: {names}", names = enumerated(&others)),
            )
            .hint(say!(
                "pages in other languages show these names in Chinese: add translations to fair.yaml"
            ));
    }
}

/// A name that `fair.yaml` does not have.
struct Unknown {
    /// Its place among those that it does not have.
    number: usize,
    /// The first winner that has it.
    span: Option<Span>,
}

/// The numbers of names in a list, by the name in Chinese. Of two alike the first counts.
fn numbers<'f>(names: impl Iterator<Item = &'f Localized>) -> HashMap<&'f str, usize> {
    let mut numbers = HashMap::new();
    for (number, name) in names.enumerate() {
        if let Some(zh) = name.find(Lang::ZH) {
            numbers.entry(zh).or_insert(number);
        }
    }
    numbers
}

/// The website of an exhibitor, if it is an address that a page may link to.
fn website(report: &mut Report, exhibitor: &Listed) -> Option<String> {
    let given = exhibitor.particulars.website.as_deref()?;
    let address = web_address(given);
    if address.is_none() {
        report
            .warning(
                code::BAD_WEBSITE,
                exhibitor.span,
                say!("`{given}` is not a web address and was left out", given),
            )
            .hint(web_address_hint(given));
    }
    address
}
