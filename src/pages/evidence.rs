//! The page on which anyone computes the awards again: a table of counts without names, the rules as data, and a
//! script that reads both in the reader's browser.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Value, json};

use super::addresses;
use super::context::PageContext;
use super::dates::DateView;
use super::material::{MaterialFair, PublishedEvidence};
use super::notice::Notice;
use super::notice_view::LevelView;
use super::page::{Page, add_page};
use crate::award::PoolTable;
use crate::data::Spanned;
use crate::fair::EvidenceKind;
use crate::rulebook::{Band, Choices, Exact, Order, PolicyId, Rulebook, ScaleKind, decimal};
use crate::site::{Artifact, download};
use crate::source::{Report, Span, code, say};

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
fn levels(evidence: &PublishedEvidence, notice: &Notice, context: &PageContext<'_>) -> Vec<LevelView> {
    let levels = notice.levels(context).into_iter().zip(&evidence.awards);
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
            "{unique} of {rows} rows of the evidence are unique: anyone who knows one count of an exhibitor could find its other counts",
            unique,
            rows
        );
        report
            .note(code::EVIDENCE_UNIQUE, asked, message)
            .hint(say!("`publish: {{evidence: points}}` publishes points instead"));
    }
}

/// Reports evidence from which the awards cannot be computed again, and rows of it that tell more than they should.
pub(super) fn check(report: &mut Report, fair: &MaterialFair<'_>) {
    let (Some(evidence), Some(rulebook)) = (fair.evidence, fair.rulebook) else { return };
    if !can_be_computed(rulebook) {
        report
            .error(
                code::EVIDENCE_RULES,
                fair.fair.fair.span,
                say!("the results of these rules cannot be recomputed from counts alone"),
            )
            .hint(say!(
                "remove `publish`: it only works with rules that rank all counts and give awards by score"
            ));
    } else if let Some(asked) = fair.fair.evidence() {
        report_unique(report, &evidence.table, asked.span);
    }
}

/// Whether awards can be computed from counts alone.
fn can_be_computed(rulebook: &Rulebook) -> bool {
    let ranked = rulebook.indicators.iter().all(|indicator| {
        matches!(&rulebook.scale(indicator).points.value, ScaleKind::ByRank(scale) if scale.order == Order::HighToLow)
    });
    ranked && rulebook.adjustments.is_empty() && rulebook.awards.iter().all(|award| award.quota.is_none())
}

/// Adds the page and its files, where the fair publishes its evidence.
pub(super) fn add<'a>(
    artifacts: &mut Vec<Artifact<'a>>,
    context: &Arc<PageContext<'a>>,
    fair: &'a MaterialFair<'a>,
    notice: &Arc<Notice>,
) {
    let (Some(evidence), Some(rulebook)) = (fair.evidence, fair.rulebook) else { return };
    if !can_be_computed(rulebook) {
        return;
    }
    let table = &evidence.table;
    let csv = table.csv(rulebook).into_bytes();
    let (size, sha256) = (download::size(&csv), download::sha256(&csv));
    let mut rules = rules(rulebook, context, notice, evidence);
    rules["table_sha256"] = sha256.clone().into();
    let [table_path, rules_path] =
        ["csv", "json"].map(|ending| addresses::evidence_file(notice.fair, ending));
    artifacts.push(Artifact::bytes(context.place(&table_path), csv));
    artifacts.push(Artifact::bytes(context.place(&rules_path), (rules.to_string() + "\n").into_bytes()));
    let notice = Arc::clone(notice);
    add_page(artifacts, context, &addresses::evidence(notice.fair), "evidence.html", move |context| {
        let heading = context.word("evidence.title");
        let of_notice = notice.heading(context);
        let page = Page {
            kind: "evidence",
            group: "awards",
            title: format!("{heading} · {of_notice}"),
            heading: Some(heading),
            description: context.word(match table.kind {
                EvidenceKind::Points => "evidence.summary_points",
                EvidenceKind::Counts => "evidence.summary",
            }),
            above: vec![context.above("awards"), (of_notice, notice.path.clone())],
            demonstration: notice.demonstration,
            ..Page::default()
        };
        let view = EvidenceView {
            pool: table.rows.len(),
            table_url: context.url(&table_path),
            rules_url: context.url(&rules_path),
            script_url: context.asset("evidence.js"),
            size: size.clone(),
            sha256: sha256.clone(),
            notice_url: context.url(&notice.path),
            levels: levels(evidence, &notice, context),
            kind: kind_name(table),
            before_rulings: evidence.before_rulings.map(|date| context.date(date)),
            demonstration: notice.demonstration,
        };
        (page, view)
    });
}

/// The rules as far as they turn counts into awards.
fn rules(
    rulebook: &Rulebook,
    context: &PageContext<'_>,
    notice: &Notice,
    evidence: &PublishedEvidence,
) -> Value {
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
        .zip(levels(evidence, notice, context))
        .map(|(award, level)| {
            json!({
                "id": award.id.value,
                "title": level.title,
                "at_least": number(&award.at_least.value.0),
                "published": level.count,
            })
        })
        .collect();
    json!({
        "format": "jinbang-evidence/2",
        "table": kind_name(&evidence.table),
        "fair": notice.fair,
        "demonstration": notice.demonstration,
        "rulebook": {"id": rulebook.id, "version": rulebook.version, "sha256": rulebook.sha256},
        "policies": policies(&rulebook.choices),
        "indicators": indicators,
        "awards": awards,
    })
}

fn band_value(band: &Spanned<Band>) -> Value {
    let band = &band.value;
    json!({"from": band.from, "until": band.until, "points": decimal(&band.points.0)})
}

/// The readings that matter between counts and awards.
fn policies(choices: &Choices) -> Value {
    use PolicyId::{Rounding, Ties, ZeroCount, ZeroPercent};
    let matters = [Ties, Rounding, ZeroPercent, ZeroCount];
    let declared = choices.declared().filter(|(policy, _)| matters.contains(policy));
    declared
        .map(|(policy, choice)| (policy.name().to_owned(), choice.into()))
        .collect::<serde_json::Map<_, Value>>()
        .into()
}
