//! The winners: the list in the notice, a page for each, and the downloads.
//!
//! What is published of a winner is what [`Winner`] holds, and nothing else.

use std::collections::BTreeMap;
use std::sync::Arc;

use hashbrown::HashMap;
use serde::Serialize;
use serde_json::{Value, json};

use super::downloads::{self, DownloadView, Downloads};
use super::frame::{Framer, Framers, LinkView, Page, PageList, add_page};
use super::home::{fair_view, phase_title};
use super::keys;
use super::notice::{Notice, NoticeView, Notices, notice_view};
use super::plan::{Material, MaterialFair};
use crate::award::{AwardList, Listed};
use crate::fair::{FairFile, web_address};
use crate::lang::{Lang, Localized};
use crate::rulebook::Rulebook;
use crate::site::download::{Cell, Sheet};
use crate::site::search::Entry;
use crate::site::{Artifact, segment};
use crate::source::{Report, Span, code, list as enumerated, nearest, say};

/// What is published of a winner.
pub(super) struct Winner {
    /// The award, by number.
    pub award: usize,
    /// The path of its page below the language.
    pub path: String,
    /// Its identifier.
    pub id: String,
    /// Its name in Chinese.
    pub name_zh: String,
    /// Its name in English.
    pub name_en: Option<String>,
    /// Where it stands in the table of exhibitors.
    pub span: Option<Span>,
    delegation: Option<Name>,
    sections: Vec<Name>,
    /// The phases of its sections.
    phases: Vec<u8>,
    booths: Vec<String>,
    website: Option<String>,
}

/// A name from a table, with what it is called in other languages where that is known.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Name {
    /// Its place in the list of names of the fair, or behind them.
    order: usize,
    zh: String,
    translated: Option<usize>,
}

/// What has a place beside the pages of winners.
const TAKEN: [&str; 6] = ["rules", "evidence", "winners.xlsx", "winners.csv", "winners.json", "index.html"];

/// The name of an award's badge.
pub(super) fn badge_name(award: &str) -> String {
    format!("badge-{award}.svg")
}

/// Lists the winners of a fair: by award, then by delegation in the order of `fair.yaml`, then by identifier.
/// No order tells a score.
pub(super) fn list(
    report: &mut Report,
    material: &Material<'_>,
    fair: &FairFile,
    rulebook: &Rulebook,
    list: &AwardList,
    path: &str,
) -> Vec<Winner> {
    let mut names = Names::new(fair);
    let mut winners: Vec<(usize, usize, &str, Winner)> = Vec::new();
    let badges: Vec<String> = rulebook.awards.iter().map(|award| badge_name(&award.id.value)).collect();
    let taken: Vec<&str> = TAKEN.into_iter().chain(badges.iter().map(String::as_str)).collect();
    for (exhibitor, award) in list.winners() {
        let delegation = exhibitor.delegation.as_deref().map(|name| names.delegation(name, exhibitor.span));
        let sections: Vec<Name> =
            exhibitor.sections.iter().map(|name| names.section(name, exhibitor.span)).collect();
        let mut phases: Vec<u8> = sections.iter().filter_map(|section| names.phase_of(section)).collect();
        phases.sort_unstable();
        phases.dedup();
        let winner = Winner {
            award,
            path: format!("{path}{}/", segment(&exhibitor.id, &taken)),
            id: exhibitor.id.clone(),
            span: exhibitor.span,
            name_zh: exhibitor.name_zh.clone(),
            name_en: exhibitor.name_en.clone(),
            sections,
            phases,
            booths: exhibitor.booths.clone(),
            website: website(report, exhibitor),
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
        if self.unknown.is_empty() || material.languages.len() < 2 {
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
                    say!("not among `delegations` and `sections`: {names}", names = enumerated([name])),
                )
                .hint_meant(Some(meant))
                .hint(say!("correct it in the table; if it is another name, add it to fair.yaml"));
        }
        if others.is_empty() {
            return;
        }
        report
            .warning(
                code::UNTRANSLATED_NAME,
                fair.fair.span,
                say!("not among `delegations` and `sections`: {names}", names = enumerated(&others)),
            )
            .hint(say!("pages in other languages show these names in Chinese: add them to fair.yaml"));
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
    let given = exhibitor.website.as_deref()?;
    let address = web_address(given);
    if address.is_none() {
        report
            .warning(
                code::BAD_WEBSITE,
                exhibitor.span,
                say!("`{given}` is not a web address; it is left out", given),
            )
            .hint(say!("write it as https://www.example.com"));
    }
    address
}

#[derive(Serialize, Clone)]
pub(super) struct WinnerView {
    url: String,
    pub name: String,
    name_lang: Option<String>,
    other_name: Option<String>,
    other_lang: Option<String>,
    pub award: String,
    pub award_title: String,
    pub delegation: String,
    delegation_lang: Option<String>,
    delegation_key: String,
    sections: Vec<SectionView>,
    phases: Vec<u8>,
    phase_keys: Vec<String>,
    phases_text: String,
    booths: Vec<String>,
    website: Option<String>,
}

#[derive(Serialize, Clone)]
struct SectionView {
    name: String,
    lang: Option<String>,
    key: String,
}

#[derive(Serialize)]
struct ListView {
    notice: NoticeView,
    body: String,
    levels: Vec<WinnerLevel>,
    total: usize,
    delegations: Vec<FilterView>,
    sections: Vec<FilterView>,
    phases: Vec<PhaseFilter>,
    downloads: Vec<DownloadView>,
}

#[derive(Serialize)]
struct WinnerLevel {
    id: String,
    title: String,
    count: usize,
    winners: Vec<WinnerView>,
}

/// A choice of a filter, with how many winners it has.
#[derive(Serialize, Clone)]
struct FilterView {
    key: String,
    name: String,
    lang: Option<String>,
    count: usize,
}

#[derive(Serialize)]
struct PhaseFilter {
    number: u8,
    key: String,
    title: String,
    count: usize,
}

/// How a name is shown in a language, and the language it is in where that is another one.
fn shown<'n>(name: &'n Name, known: &[&'n Localized], lang: Lang) -> (String, Option<String>) {
    let translated = name.translated.and_then(|index| known.get(index)?.find(lang));
    match translated {
        Some(text) => (text.to_owned(), None),
        None if lang == Lang::ZH => (name.zh.clone(), None),
        None => (name.zh.clone(), Some(Lang::ZH.tag().to_owned())),
    }
}

/// The names of a fair's delegations and sections, as its file lists them.
pub(super) struct FairNames<'f> {
    delegations: Vec<&'f Localized>,
    sections: Vec<&'f Localized>,
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
                (0..phase.sections.len()).map(|number| keys::section(Some(phase.phase.value), number))
            })
            .collect(),
    }
}

impl FairNames<'_> {
    fn section_key(&self, name: &Name) -> String {
        let known = self.section_keys.get(name.order).cloned();
        known.unwrap_or_else(|| keys::section(None, name.order - self.section_keys.len()))
    }
}

pub(super) fn winner_view(
    framer: &Framer<'_>,
    notice: &Notice,
    winner: &Winner,
    names: &FairNames<'_>,
) -> WinnerView {
    let fair = &framer.material.fairs[notice.index];
    let rulebook = fair.rulebook.expect("a published notice has a rulebook");
    let award = &rulebook.awards[winner.award];
    let zh = Lang::ZH.tag().to_owned();
    let en = Lang::EN.tag().to_owned();
    let (name, name_lang, other_name, other_lang) = match (framer.lang, &winner.name_en) {
        (Lang::ZH, other) => (winner.name_zh.clone(), None, other.clone(), Some(en)),
        (Lang::EN, Some(name)) => (name.clone(), None, Some(winner.name_zh.clone()), Some(zh)),
        (_, Some(name)) => (name.clone(), Some(en), Some(winner.name_zh.clone()), Some(zh)),
        (_, None) => (winner.name_zh.clone(), Some(zh), None, None),
    };
    let (delegation, delegation_lang) = match &winner.delegation {
        Some(name) => shown(name, &names.delegations, framer.lang),
        None => (String::new(), None),
    };
    let sections = winner.sections.iter().map(|section| {
        let (name, lang) = shown(section, &names.sections, framer.lang);
        SectionView { name, lang, key: names.section_key(section) }
    });
    let list = framer.word("sep.list");
    let phases: Vec<String> = winner.phases.iter().map(u8::to_string).collect();
    WinnerView {
        url: framer.url(&winner.path),
        name,
        name_lang,
        other_name,
        other_lang,
        award: award.id.value.clone(),
        award_title: award.title.value.get(framer.lang).to_owned(),
        delegation,
        delegation_lang,
        delegation_key: winner
            .delegation
            .as_ref()
            .map(|name| keys::delegation(name.order))
            .unwrap_or_default(),
        sections: sections.collect(),
        phases: winner.phases.clone(),
        phase_keys: winner.phases.iter().filter_map(|&phase| keys::phase(phase)).collect(),
        phases_text: phases.join(&list),
        booths: winner.booths.clone(),
        website: winner.website.clone(),
    }
}

/// Adds the notice with its list, the downloads, and a page for each winner.
pub(super) fn add<'a>(
    report: &mut Report,
    artifacts: &mut Vec<Artifact<'a>>,
    framers: &Framers<'a>,
    index: usize,
    fair: &'a MaterialFair<'a>,
    notices: &Notices,
    notice: &Arc<Notice>,
) {
    let (told, listed) = (Arc::clone(notice), Arc::clone(notice));
    let path = format!("{}winners", notice.path);
    let downloads =
        downloads::add(artifacts, framers, index, path, move |framer| tables(framer, fair, &told));
    add_page(artifacts, framers, index, &notice.path, "notice.html", move |framer| {
        list_page(framer, &listed, &downloads)
    });
    super::winner::add(report, artifacts, framers, index, notices, notice);
}

fn list_page(framer: &Framer<'_>, notice: &Notice, downloads: &Downloads<'_>) -> (Page, ListView) {
    let fair = &framer.material.fairs[notice.index];
    let names = fair_names(fair.fair);
    let views: Vec<WinnerView> =
        notice.winners.iter().map(|winner| winner_view(framer, notice, winner, &names)).collect();
    let mut delegations: BTreeMap<usize, FilterView> = BTreeMap::new();
    let mut sections: BTreeMap<usize, FilterView> = BTreeMap::new();
    let mut phases: BTreeMap<u8, usize> = BTreeMap::new();
    for winner in &notice.winners {
        if let Some(name) = &winner.delegation {
            count(framer, name, &names.delegations, keys::delegation(name.order), &mut delegations);
        }
        for section in &winner.sections {
            count(framer, section, &names.sections, names.section_key(section), &mut sections);
        }
        for phase in &winner.phases {
            *phases.entry(*phase).or_default() += 1;
        }
    }
    let levels = notice.levels(framer).into_iter().enumerate().map(|(number, level)| WinnerLevel {
        id: level.id,
        title: level.title,
        count: level.count,
        winners: notice
            .winners
            .iter()
            .zip(&views)
            .filter(|(winner, _)| winner.award == number)
            .map(|(_, view)| view.clone())
            .collect(),
    });
    let heading = notice.heading(framer);
    let total = notice.winners.len();
    // A list of all winners for machines is what the downloads are; on the page it would weigh a third more.
    let (counts, lists): (Vec<String>, Vec<LinkView>) = notice
        .levels(framer)
        .iter()
        .map(|level| {
            let count =
                framer.fill("notice.level", &[("award", &level.title), ("n", &level.count.to_string())]);
            let url = format!("{}#{}", framer.url(&notice.path), level.id);
            (count.clone(), LinkView { title: count, url })
        })
        .unzip();
    let description = framer.fill(
        "notice.description",
        &[("heading", &heading), ("levels", &counts.join(&framer.word("sep.list")))],
    );
    let page = Page {
        path: notice.path.clone(),
        kind: "notice",
        group: "awards",
        title: heading.clone(),
        heading,
        description,
        above: vec![(framer.word("nav.awards"), "awards/".to_owned())],
        demonstration: notice.demonstration,
        lists: vec![PageList { name: framer.word(notice.list_title()), items: lists }],
    };
    let view = ListView {
        notice: notice_view(framer, notice),
        body: framer.body("notice"),
        levels: levels.collect(),
        total,
        delegations: delegations.into_values().collect(),
        sections: sections.into_values().collect(),
        phases: phases
            .into_iter()
            .filter_map(|(number, count)| phase_filter(framer, number, count))
            .collect(),
        downloads: downloads.views(),
    };
    (page, view)
}

fn phase_filter(framer: &Framer<'_>, number: u8, count: usize) -> Option<PhaseFilter> {
    Some(PhaseFilter { number, key: keys::phase(number)?, title: phase_title(framer, number), count })
}

fn count(
    framer: &Framer<'_>,
    name: &Name,
    known: &[&Localized],
    key: String,
    filters: &mut BTreeMap<usize, FilterView>,
) {
    let filter = filters.entry(name.order).or_insert_with(|| {
        let (text, lang) = shown(name, known, framer.lang);
        FilterView { key, name: text, lang, count: 0 }
    });
    filter.count += 1;
}

/// What of the winners can be found by searching: what their pages show.
pub(super) fn found(framer: &Framer<'_>, notice: &Notice) -> Vec<Entry> {
    let fair = &framer.material.fairs[notice.index];
    let names = fair_names(fair.fair);
    let short = fair_view(framer, fair).short;
    let entry = |winner: &Winner| {
        let view = winner_view(framer, notice, winner, &names);
        let booths = view.booths.join(&framer.word("sep.list"));
        let award = notice.award_title(framer, &view.award_title);
        let note = [&short, &award, &view.delegation, &booths];
        let note: Vec<&str> = note.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        Entry {
            path: winner.path.clone(),
            title: view.name,
            note: note.join(&framer.word("sep.dot")),
            names: view.other_name.into_iter().collect(),
            codes: std::iter::once(&winner.id).chain(&winner.booths).cloned().collect(),
            text: String::new(),
        }
    };
    notice.winners.iter().map(entry).collect()
}

/// The winners as a table and as an object.
fn tables(framer: &Framer<'_>, fair: &MaterialFair<'_>, notice: &Notice) -> (Sheet, Value) {
    let names = fair_names(fair.fair);
    let views: Vec<WinnerView> =
        notice.winners.iter().map(|winner| winner_view(framer, notice, winner, &names)).collect();
    let columns = ["award", "name-zh", "name-en", "delegation", "sections", "phases", "booths", "website"];
    let mut columns: Vec<String> = columns.map(|column| framer.word(&format!("download.{column}"))).into();
    let note = notice.demonstration.then(|| framer.word("download.demonstration"));
    if note.is_some() {
        columns.push(framer.word("download.note"));
    }
    let rows = notice.winners.iter().zip(&views).map(|(winner, view)| {
        let sections: Vec<&str> = view.sections.iter().map(|section| section.name.as_str()).collect();
        let phases: Vec<String> = winner.phases.iter().map(u8::to_string).collect();
        let mut row: Vec<Cell> = vec![
            notice.award_title(framer, &view.award_title).into(),
            winner.name_zh.as_str().into(),
            winner.name_en.clone().unwrap_or_default().into(),
            view.delegation.as_str().into(),
            sections.join("; ").into(),
            phases.join("; ").into(),
            winner.booths.join("; ").into(),
            winner.website.clone().unwrap_or_default().into(),
        ];
        row.extend(note.as_ref().map(|note| note.as_str().into()));
        row
    });
    let sheet = Sheet { name: framer.word(notice.list_title()), columns, rows: rows.collect() };
    let winners: Vec<Value> = notice
        .winners
        .iter()
        .zip(&views)
        .map(|(winner, view)| {
            json!({
                "award": view.award,
                "name_zh": winner.name_zh,
                "name_en": winner.name_en,
                "delegation": view.delegation,
                "sections": view.sections.iter().map(|section| section.name.as_str()).collect::<Vec<_>>(),
                "phases": winner.phases,
                "booths": winner.booths,
                "website": winner.website,
                "url": framer.material.base.absolute(&framer.material.place(framer.lang, &winner.path)),
            })
        })
        .collect();
    let json = json!({
        "fair": fair.fair.fair.value,
        "demonstration": notice.demonstration,
        "note": note,
        "language": framer.lang.tag(),
        "state": notice.state.name(),
        "notice": {"from": notice.start.to_string(), "until": notice.until.to_string()},
        "winners": winners,
    });
    (sheet, json)
}
