//! The notice of a fair: the list of its winners, with tables to take away.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Value, json};

use super::addresses;
use super::context::PageContext;
use super::downloads::{self, DownloadView, Downloads};
use super::fair_view::{phase_title, short_name};
use super::filter_keys;
use super::linked_data;
use super::links::LinkView;
use super::names::NameView;
use super::notice::Notice;
use super::notice_view::{LevelView, NoticeView, notice_view};
use super::page::{Page, add_page};
use super::winner_list::{Name, Winner};
use super::winner_view::{FairNames, WinnerView, fair_names, name_view, winner_view};
use crate::lang::Localized;
use crate::site::Artifact;
use crate::site::download::{Cell, Sheet};
use crate::site::search::Entry;

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
    #[serde(flatten)]
    level: LevelView,
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

/// Adds the notice with its list, and the tables.
pub(super) fn add<'a>(
    artifacts: &mut Vec<Artifact<'a>>,
    context: &Arc<PageContext<'a>>,
    notice: &Arc<Notice>,
) {
    let (told, listed) = (Arc::clone(notice), Arc::clone(notice));
    let table = addresses::winners_table(notice.fair);
    let downloads = downloads::add(artifacts, context, &table, move |context| tables(context, &told));
    add_page(artifacts, context, &notice.path, "notice.html", move |context| {
        list_page(context, &listed, &downloads)
    });
}

fn winner_views(context: &PageContext<'_>, notice: &Notice, names: &FairNames<'_>) -> Vec<WinnerView> {
    notice.winners.iter().map(|winner| winner_view(context, notice, winner, names)).collect()
}

fn list_page(context: &PageContext<'_>, notice: &Notice, downloads: &Downloads<'_>) -> (Page, ListView) {
    let names = fair_names(context.fair(notice).fair);
    let views = winner_views(context, notice, &names);
    let mut delegations: BTreeMap<usize, FilterView> = BTreeMap::new();
    let mut sections: BTreeMap<usize, FilterView> = BTreeMap::new();
    let mut phases: BTreeMap<u8, usize> = BTreeMap::new();
    for winner in &notice.winners {
        if let Some(name) = &winner.delegation {
            count(context, name, &names.delegations, filter_keys::delegation(name.order), &mut delegations);
        }
        for section in &winner.sections {
            count(context, section, &names.sections, names.section_key(section), &mut sections);
        }
        for phase in &winner.phases {
            *phases.entry(*phase).or_default() += 1;
        }
    }
    let levels = notice.levels(context);
    let heading = notice.heading(context);
    // A list of all winners for machines is what the downloads are; on the page it would weigh a third more.
    let (counts, links): (Vec<String>, Vec<LinkView>) = levels
        .iter()
        .map(|level| {
            let count =
                context.fill("notice.level", &[("award", &level.title), ("n", &level.count.to_string())]);
            let url = format!("{}#{}", context.url(&notice.path), level.id);
            (count.clone(), LinkView { title: count, url })
        })
        .unzip();
    let description =
        context.fill("notice.description", &[("heading", &heading), ("levels", &context.list(&counts))]);
    let page = Page {
        kind: "notice",
        group: "awards",
        title: heading,
        description,
        above: vec![context.above("awards")],
        demonstration: notice.demonstration,
        linked_data: vec![linked_data::list(context, &context.word(notice.list_title()), &links)],
        ..Page::default()
    };
    let mut levels: Vec<WinnerLevel> =
        levels.into_iter().map(|level| WinnerLevel { level, winners: Vec::new() }).collect();
    for (winner, view) in notice.winners.iter().zip(views) {
        levels[winner.award].winners.push(view);
    }
    let view = ListView {
        notice: notice_view(context, notice),
        body: context.body("notice"),
        levels,
        total: notice.winners.len(),
        delegations: delegations.into_values().collect(),
        sections: sections.into_values().collect(),
        phases: phases
            .into_iter()
            .filter_map(|(number, count)| phase_filter(context, number, count))
            .collect(),
        downloads: downloads.views(),
    };
    (page, view)
}

fn phase_filter(context: &PageContext<'_>, number: u8, count: usize) -> Option<PhaseFilter> {
    Some(PhaseFilter { number, key: filter_keys::phase(number)?, title: phase_title(context, number), count })
}

fn count(
    context: &PageContext<'_>,
    name: &Name,
    known: &[&Localized],
    key: String,
    filters: &mut BTreeMap<usize, FilterView>,
) {
    let filter = filters.entry(name.order).or_insert_with(|| {
        let NameView { text: name, lang } = name_view(context, name, known);
        FilterView { key, name, lang, count: 0 }
    });
    filter.count += 1;
}

/// What of the winners can be found by searching: what their pages show.
pub(super) fn found(context: &PageContext<'_>, notice: &Notice) -> Vec<Entry> {
    let fair = context.fair(notice);
    let names = fair_names(fair.fair);
    let short = short_name(context, fair);
    let entry = |winner: &Winner| {
        let view = winner_view(context, notice, winner, &names);
        let booths = context.list(&view.booths);
        let award = notice.award_title(context, &view.award_title);
        let note = [&short, &award, &view.delegation, &booths];
        let note: Vec<&str> = note.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        Entry {
            path: winner.path.clone(),
            title: view.name,
            note: note.join(&context.word("sep.dot")),
            names: view.other_name.into_iter().collect(),
            codes: std::iter::once(&winner.id).chain(&winner.particulars.booths).cloned().collect(),
            text: String::new(),
        }
    };
    notice.winners.iter().map(entry).collect()
}

/// The winners as a table and as an object.
fn tables(context: &PageContext<'_>, notice: &Notice) -> (Sheet, Value) {
    let views = winner_views(context, notice, &fair_names(context.fair(notice).fair));
    let columns = ["award", "name-zh", "name-en", "delegation", "sections", "phases", "booths", "website"];
    let mut columns: Vec<String> = columns.map(|column| context.word(&format!("download.{column}"))).into();
    let note = notice.demonstration.then(|| context.word("download.demonstration"));
    if note.is_some() {
        columns.push(context.word("download.note"));
    }
    let rows = notice.winners.iter().zip(&views).map(|(winner, view)| {
        let sections: Vec<&str> = view.sections.iter().map(|section| section.name.as_str()).collect();
        let phases: Vec<String> = winner.phases.iter().map(u8::to_string).collect();
        let mut row: Vec<Cell> = vec![
            notice.award_title(context, &view.award_title).into(),
            winner.name_zh.as_str().into(),
            winner.name_en.clone().unwrap_or_default().into(),
            view.delegation.as_str().into(),
            sections.join("; ").into(),
            phases.join("; ").into(),
            winner.particulars.booths.join("; ").into(),
            winner.particulars.website.clone().unwrap_or_default().into(),
        ];
        row.extend(note.as_ref().map(|note| note.as_str().into()));
        row
    });
    let sheet = Sheet { name: context.word(notice.list_title()), columns, rows: rows.collect() };
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
                "booths": winner.particulars.booths,
                "website": winner.particulars.website,
                "url": context.absolute(&winner.path),
            })
        })
        .collect();
    let json = json!({
        "fair": notice.fair,
        "demonstration": notice.demonstration,
        "note": note,
        "language": context.lang.tag(),
        "state": notice.state.name(),
        "notice": {"from": notice.start.to_string(), "until": notice.until.to_string()},
        "winners": winners,
    });
    (sheet, json)
}
