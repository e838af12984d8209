//! The page on which anyone computes the awards again: a table of counts without names, the rules as data, and a
//! script that reads both in the reader's browser.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Value, json};

use super::dates::DateView;
use super::frame::{Framer, Framers, Page, add_page};
use super::notice::{LevelView, Notice};
use super::plan::MaterialFair;
use crate::award::PoolTable;
use crate::data::{Date, Spanned};
use crate::fair::EvidenceKind;
use crate::rulebook::{Choices, Exact, Order, Rulebook, ScaleKind, decimal};
use crate::site::{Artifact, download};
use crate::source::{Report, Span, code, say};

/// The path of the page below the language, and of its files without their endings.
fn paths(notice: &Notice) -> [String; 2] {
    [format!("{}evidence/", notice.path), format!("{}evidence", notice.path)]
}

/// The paths of the page and its files.
pub(super) fn all_paths(notice: &Notice) -> [String; 3] {
    let [page, file] = paths(notice);
    [page, format!("{file}.csv"), format!("{file}.json")]
}

/// The table that is published, with what the page says of it.
#[derive(Clone, Debug)]
pub struct PublishedEvidence {
    /// The table.
    pub table: PoolTable,
    /// How many receive each award in the state that it shows, by the number of the award.
    pub awards: Vec<usize>,
    /// The day on which that state was sealed.
    pub sealed_on: Date,
    /// The same, where rulings came since and the table stays as it was.
    pub before_rulings: Option<Date>,
}

#[derive(Serialize)]
struct EvidenceView {
    pool: usize,
    kind: &'static str,
    /// The day of the list that the table shows, where rulings came since.
    before_rulings: Option<DateView>,
    table_url: String,
    rules_url: String,
    script_url: String,
    size: String,
    sha256: String,
    notice_url: String,
    levels: Vec<LevelView>,
    demonstration: bool,
}

/// The awards with the numbers that the table must give.
fn levels(evidence: &PublishedEvidence, notice: &Notice, framer: &Framer<'_>) -> Vec<LevelView> {
    let levels = notice.levels(framer).into_iter().zip(&evidence.awards);
    levels.map(|(level, &count)| LevelView { count, ..level }).collect()
}

/// The name of what the table holds, in words and data.
fn kind_name(table: &PoolTable) -> &'static str {
    match table.kind {
        EvidenceKind::Points => "points",
        EvidenceKind::Counts => "counts",
    }
}

/// Says how many rows of counts are like no other one.
fn report_unique(report: &mut Report, table: &PoolTable, asked: Span) {
    let (rows, unique) = (table.rows.len(), table.unique());
    if table.kind == EvidenceKind::Counts && unique > 0 {
        let message = say!(
            "{unique} of {rows} rows of the evidence are unique: whoever knows one count of an exhibitor may read the others",
            unique,
            rows
        );
        report
            .note(code::EVIDENCE_UNIQUE, asked, message)
            .hint(say!("`publish: {{evidence: points}}` publishes points instead"));
    }
}

/// Adds the page and its files, where the fair publishes its evidence.
pub(super) fn add<'a>(
    report: &mut Report,
    artifacts: &mut Vec<Artifact<'a>>,
    framers: &Framers<'a>,
    index: usize,
    fair: &'a MaterialFair<'a>,
    notice: &Arc<Notice>,
) {
    let (Some(evidence), Some(rulebook)) = (fair.evidence, fair.rulebook) else { return };
    let table = &evidence.table;
    let framer = &framers[index];
    let Some(mut rules) = rules(report, fair, rulebook, framer, notice, evidence) else { return };
    if let (0, Some(asked)) = (index, fair.fair.evidence()) {
        report_unique(report, table, asked.span);
    }
    let csv = table.csv(rulebook).into_bytes();
    let (size, sha256) = (download::size(&csv), download::sha256(&csv));
    let [page_path, file] = paths(notice);
    let place = |ending: &str| framer.material.place(framer.lang, &format!("{file}.{ending}"));
    rules["table_sha256"] = sha256.clone().into();
    artifacts.push(Artifact::bytes(place("csv"), csv));
    artifacts.push(Artifact::bytes(place("json"), (rules.to_string() + "\n").into_bytes()));
    let notice = Arc::clone(notice);
    let pool = table.rows.len();
    add_page(artifacts, framers, index, &page_path.clone(), "evidence.html", move |framer| {
        let heading = framer.word("evidence.title");
        let page = Page {
            path: page_path.clone(),
            kind: "evidence",
            group: "awards",
            title: format!("{heading} · {}", notice.heading(framer)),
            heading,
            description: framer.word(match table.kind {
                EvidenceKind::Points => "evidence.summary_points",
                EvidenceKind::Counts => "evidence.summary",
            }),
            above: vec![
                (framer.word("nav.awards"), "awards/".to_owned()),
                (notice.heading(framer), notice.path.clone()),
            ],
            demonstration: notice.demonstration,
            lists: Vec::new(),
        };
        let assets = framer.material.theme.assets().urls(&framer.material.base);
        let view = EvidenceView {
            pool,
            table_url: framer.url(&format!("{file}.csv")),
            rules_url: framer.url(&format!("{file}.json")),
            script_url: assets.get("evidence.js").cloned().unwrap_or_default(),
            size: size.clone(),
            sha256: sha256.clone(),
            notice_url: framer.url(&notice.path),
            levels: levels(evidence, &notice, framer),
            kind: kind_name(table),
            before_rulings: evidence.before_rulings.map(|date| framer.date(date)),
            demonstration: notice.demonstration,
        };
        (page, view)
    });
}

/// The rules as far as they turn counts into awards. `None` where they cannot be computed from counts alone; that
/// is reported.
fn rules(
    report: &mut Report,
    fair: &MaterialFair<'_>,
    rulebook: &Rulebook,
    framer: &Framer<'_>,
    notice: &Notice,
    evidence: &PublishedEvidence,
) -> Option<Value> {
    let ranked = rulebook.indicators.iter().all(|indicator| {
        matches!(&rulebook.scale(indicator).points.value, ScaleKind::ByRank(scale) if scale.order == Order::HighToLow)
    });
    let plain = rulebook.adjustments.is_empty() && rulebook.awards.iter().all(|award| award.quota.is_none());
    if !ranked || !plain {
        report
            .error(
                code::EVIDENCE_RULES,
                fair.fair.fair.span,
                say!("these rules cannot be computed again from counts alone"),
            )
            .hint(say!("take out `publish`: it is for rules that rank all counts and give awards by score"));
        return None;
    }
    let number = |value: &Exact| decimal(value);
    let indicators: Vec<Value> = rulebook
        .indicators
        .iter()
        .map(|indicator| {
            let bands: Vec<Value> = match &rulebook.scale(indicator).points.value {
                ScaleKind::ByRank(scale) => scale.bands.iter().map(band_value).collect(),
                _ => Vec::new(),
            };
            json!({
                "id": indicator.id.value,
                "weight": number(&indicator.weight.value.0),
                "bands": bands,
            })
        })
        .collect();
    let awards: Vec<Value> = rulebook
        .awards
        .iter()
        .zip(levels(evidence, notice, framer))
        .map(|(award, level)| {
            json!({
                "id": award.id.value,
                "title": level.title,
                "at_least": number(&award.at_least.value.0),
                "published": level.count,
            })
        })
        .collect();
    Some(json!({
        "format": "jinbang-evidence/2",
        "table": kind_name(&evidence.table),
        "fair": fair.fair.fair.value,
        "demonstration": notice.demonstration,
        "rulebook": {"id": rulebook.id, "version": rulebook.version, "sha256": rulebook.sha256},
        "policies": policies(&rulebook.choices),
        "indicators": indicators,
        "awards": awards,
    }))
}

fn band_value(band: &Spanned<crate::rulebook::Band>) -> Value {
    let band = &band.value;
    json!({"from": band.from, "until": band.until, "points": decimal(&band.points.0)})
}

/// The readings that matter between counts and awards.
fn policies(choices: &Choices) -> Value {
    let matters = ["ties", "rounding", "zero-percent", "zero-count"];
    let declared = choices.declared().filter(|(name, _)| matters.contains(name));
    declared
        .map(|(name, choice)| (name.to_owned(), choice.into()))
        .collect::<serde_json::Map<_, Value>>()
        .into()
}
