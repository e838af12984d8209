//! How the award is decided, from the rulebook.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;

use super::addresses::{self, clause_anchor};
use super::context::PageContext;
use super::fair_view::short_name;
use super::material::MaterialFair;
use super::notice_view::LevelView;
use super::page::{Page, add_page};
use crate::award::{Decision, Standing, prove_examples};
use crate::data::Spanned;
use crate::rulebook::{
    AwardId, ClauseKind, Combination, Exact, Example, ExampleSubject, Indicator, Number, Policy, Rulebook,
    ScaleKind, TextStatus, combinations, decimal,
};
use crate::site::Artifact;
use crate::site::search::{Entry, text_of};
use crate::source::Report;

#[derive(Serialize)]
struct RulesView {
    body: String,
    rulebook: RulebookView,
}

#[derive(Serialize)]
struct RulebookView {
    title: String,
    version: u32,
    status: &'static str,
    source: String,
    clauses: Vec<ClauseView>,
    gates: Vec<GateView>,
    indicators: Vec<IndicatorView>,
    awards: Vec<AwardView>,
    bonus: Option<BonusView>,
    policies: Vec<PolicyView>,
    timeline: Vec<StepView>,
    not_encoded: Vec<NotEncodedView>,
    examples: Vec<ExampleView>,
    combinations: Option<CombinationsView>,
}

#[derive(Serialize)]
struct ClauseView {
    id: String,
    #[serde(rename = "ref")]
    anchor: String,
    cites: String,
    text: String,
    kind: &'static str,
}

/// A clause that a rule encodes.
#[derive(Serialize, Clone)]
struct CiteView {
    #[serde(rename = "ref")]
    anchor: String,
    cites: String,
}

#[derive(Serialize)]
struct GateView {
    title: String,
    clauses: Vec<CiteView>,
}

#[derive(Serialize)]
struct IndicatorView {
    title: String,
    weight: String,
    unit: String,
    clauses: Vec<CiteView>,
    bands: Vec<BandView>,
}

#[derive(Serialize)]
struct BandView {
    from: u8,
    to: u8,
    points: String,
}

#[derive(Serialize)]
struct AwardView {
    id: String,
    title: String,
    range: String,
    clauses: Vec<CiteView>,
}

#[derive(Serialize)]
struct BonusView {
    title: String,
    points: Vec<BonusPoints>,
    clauses: Vec<CiteView>,
}

#[derive(Serialize)]
struct BonusPoints {
    award: String,
    points: u32,
}

#[derive(Serialize)]
struct PolicyView {
    name: String,
    question: String,
    choice: String,
    because: String,
    alternatives: Vec<String>,
    status: &'static str,
    status_text: String,
    clauses: Vec<CiteView>,
}

#[derive(Serialize)]
struct StepView {
    title: String,
    text: String,
    clauses: Vec<CiteView>,
}

#[derive(Serialize)]
struct NotEncodedView {
    cites: String,
    text: String,
    because: String,
}

#[derive(Serialize)]
struct ExampleView {
    title: String,
    columns: Vec<String>,
    rows: Vec<ExampleRow>,
}

#[derive(Serialize)]
struct ExampleRow {
    name: String,
    cells: Vec<ExampleCell>,
    total: Option<String>,
    /// How the total is added up.
    sum: Option<String>,
    award: Option<String>,
}

/// A count of an example, and how it becomes points.
#[derive(Serialize)]
struct ExampleCell {
    count: String,
    steps: Option<String>,
}

#[derive(Serialize)]
struct CombinationsView {
    total: usize,
    levels: Vec<LevelView>,
    none: usize,
    grids: Vec<GridView>,
    /// What the rows and the columns of the grids are.
    rows: String,
    columns: String,
}

/// The combinations that share the points of one indicator.
#[derive(Serialize)]
struct GridView {
    title: String,
    columns: Vec<String>,
    rows: Vec<GridRow>,
}

#[derive(Serialize)]
struct GridRow {
    points: String,
    totals: Vec<GridCell>,
}

#[derive(Serialize)]
struct GridCell {
    total: String,
    /// The award by number, counted from 1; 0 is none.
    award: usize,
}

/// Adds the page of the rules of a fair.
pub(super) fn add<'a>(
    artifacts: &mut Vec<Artifact<'a>>,
    context: &Arc<PageContext<'a>>,
    fair: &'a MaterialFair<'a>,
) {
    let Some(rulebook) = fair.rulebook else { return };
    let path = addresses::rules(fair.number());
    add_page(artifacts, context, &path, "rules.html", move |context| {
        let (heading, description) = context.title_and_summary("rules");
        let page = Page {
            kind: "rules",
            group: "awards",
            title: title(context, fair),
            heading: Some(heading),
            description,
            above: vec![context.above("awards")],
            ..Page::default()
        };
        (page, RulesView { body: context.body("rules"), rulebook: rulebook_view(context, rulebook) })
    });
}

/// The title of the page of a fair's rules.
pub(super) fn title(context: &PageContext<'_>, fair: &MaterialFair<'_>) -> String {
    let (title, _) = context.title_and_summary("rules");
    context.fill("rules.title", &[("title", &title), ("fair", &short_name(context, fair))])
}

/// What of the rules can be found by searching: clauses and policies.
pub(super) fn found(context: &PageContext<'_>, fair: &MaterialFair<'_>) -> Entry {
    let (_, note) = context.title_and_summary("rules");
    let mut words = text_of(&context.body("rules"));
    if let Some(rulebook) = fair.rulebook {
        let clauses = rulebook.clauses.iter().map(|clause| &clause.text);
        let policies = rulebook.policies.values().flat_map(|policy| [&policy.question, &policy.because]);
        for spoken in clauses.chain(policies) {
            words.push('\n');
            words.push_str(spoken.value.get(context.lang));
        }
    }
    Entry {
        path: addresses::rules(fair.number()),
        title: title(context, fair),
        note,
        text: words,
        ..Entry::default()
    }
}

fn rulebook_view(context: &PageContext<'_>, rulebook: &Rulebook) -> RulebookView {
    let lang = context.lang;
    let cites = |cites: &[Spanned<String>]| cite_views(context, rulebook, cites);
    let document = rulebook.source.document.value.get(lang);
    let source = match rulebook.source.text {
        TextStatus::Paraphrase => context.fill("rules.paraphrase", &[("document", document)]),
        TextStatus::Official => context.fill("rules.official", &[("document", document)]),
    };
    RulebookView {
        title: rulebook.title.get(lang).to_owned(),
        version: rulebook.version,
        status: if rulebook.trial { "trial" } else { "in-force" },
        source,
        clauses: rulebook
            .clauses
            .iter()
            .map(|clause| ClauseView {
                id: clause.id.value.clone(),
                anchor: clause_anchor(&clause.id.value),
                cites: context.in_language(&clause.place),
                text: context.in_language(&clause.text),
                kind: match clause.kind {
                    ClauseKind::Definition => "definition",
                    ClauseKind::Operative => "operative",
                    ClauseKind::Procedural => "procedural",
                },
            })
            .collect(),
        gates: rulebook
            .gates
            .iter()
            .map(|gate| GateView { title: context.in_language(&gate.title), clauses: cites(&gate.cites) })
            .collect(),
        indicators: rulebook
            .indicators
            .iter()
            .map(|indicator| indicator_view(context, rulebook, indicator))
            .collect(),
        awards: (0..rulebook.awards.len()).map(|award| award_view(context, rulebook, award)).collect(),
        bonus: rulebook.bonus.as_ref().map(|bonus| BonusView {
            title: context.in_language(&bonus.title),
            points: rulebook
                .awards
                .iter()
                .filter_map(|award| {
                    let points = bonus.points.get(&award.id.value)?.value;
                    Some(BonusPoints { award: context.in_language(&award.title), points })
                })
                .collect(),
            clauses: cites(&bonus.cites),
        }),
        policies: rulebook
            .policies
            .iter()
            .map(|(name, policy)| {
                let words = |choice: &str| context.optional(policy.choices.get(choice));
                PolicyView {
                    name: name.name().to_owned(),
                    question: context.in_language(&policy.question),
                    choice: words(&policy.choice.value),
                    because: context.in_language(&policy.because),
                    alternatives: policy.alternatives.iter().map(|choice| words(&choice.value)).collect(),
                    status: policy.status.value.name(),
                    status_text: status_text(context, policy),
                    clauses: cites(&policy.cites),
                }
            })
            .collect(),
        timeline: rulebook
            .timeline
            .iter()
            .map(|step| StepView {
                title: context.in_language(&step.title),
                text: context.fill("rules.working-days", &[("n", &step.working_days.value.to_string())]),
                clauses: cites(&step.cites),
            })
            .collect(),
        not_encoded: rulebook
            .not_encoded
            .iter()
            .map(|entry| {
                let clause = rulebook.clause(&entry.clause.value);
                NotEncodedView {
                    cites: context.in_language(&clause.place),
                    text: context.in_language(&clause.text),
                    because: context.in_language(&entry.because),
                }
            })
            .collect(),
        examples: examples(context, rulebook),
        combinations: combinations(rulebook).map(|all| combinations_view(context, rulebook, &all)),
    }
}

/// What a choice rests on, in words.
fn status_text(context: &PageContext<'_>, policy: &Policy) -> String {
    let date = policy.date.as_ref().map(|date| context.date(date.value).long).unwrap_or_default();
    let source = context.optional(policy.source.as_ref());
    let key = format!("rules.{}", policy.status.value.name());
    context.fill(&key, &[("date", &date), ("source", &source)])
}

fn measure_title(context: &PageContext<'_>, rulebook: &Rulebook, indicator: &Indicator) -> String {
    context.in_language(&rulebook.measures[rulebook.measure(&indicator.measure.value)].title)
}

fn combinations_view(
    context: &PageContext<'_>,
    rulebook: &Rulebook,
    all: &[Combination],
) -> CombinationsView {
    let won = |award: Option<AwardId>| all.iter().filter(|one| one.award == award).count();
    let levels = AwardId::each(&rulebook.awards).map(|(number, award)| LevelView {
        id: award.id.value.clone(),
        title: context.in_language(&award.title),
        count: won(Some(number)),
    });
    let titles: Vec<String> =
        rulebook.indicators.iter().map(|indicator| measure_title(context, rulebook, indicator)).collect();
    // The weightiest indicator tells the grids apart, the next one their rows.
    let mut order: Vec<usize> = (0..titles.len()).collect();
    order.sort_by_key(|&number| std::cmp::Reverse(rulebook.indicators[number].weight.value.0));
    let (grids, rows, columns) = match order[..] {
        [grid, row, column] => {
            (grids(context, &titles, all, [grid, row, column]), titles[row].clone(), titles[column].clone())
        }
        _ => Default::default(),
    };
    CombinationsView { total: all.len(), none: won(None), levels: levels.collect(), grids, rows, columns }
}

fn grids(
    context: &PageContext<'_>,
    titles: &[String],
    all: &[Combination],
    [grid, row, column]: [usize; 3],
) -> Vec<GridView> {
    let points = |number: usize| {
        let points: BTreeSet<Exact> = all.iter().map(|one| one.points[number]).collect();
        points.into_iter().rev()
    };
    let cell = |wanted: [Exact; 3]| {
        let found = all.iter().find(|one| [grid, row, column].map(|number| one.points[number]) == wanted);
        let found = found.expect("every band is combined with every other");
        GridCell { total: decimal(&found.total), award: found.award.map_or(0, |award| award.place() + 1) }
    };
    points(grid)
        .map(|of_grid| GridView {
            title: context
                .fill("rules.grid", &[("indicator", &titles[grid]), ("points", &decimal(&of_grid))]),
            columns: points(column).map(|points| decimal(&points)).collect(),
            rows: points(row)
                .map(|of_row| GridRow {
                    points: decimal(&of_row),
                    totals: points(column).map(|of_column| cell([of_grid, of_row, of_column])).collect(),
                })
                .collect(),
        })
        .collect()
}

fn cite_views(context: &PageContext<'_>, rulebook: &Rulebook, cites: &[Spanned<String>]) -> Vec<CiteView> {
    let view = |cite: &Spanned<String>| CiteView {
        anchor: clause_anchor(&cite.value),
        cites: context.in_language(&rulebook.clause(&cite.value).place),
    };
    // Several clauses may stand in one place of the document; the reader sees it once.
    let mut views: Vec<CiteView> = Vec::new();
    for cite in cites.iter().map(view) {
        if views.iter().all(|known| known.cites != cite.cites) {
            views.push(cite);
        }
    }
    views
}

fn indicator_view(context: &PageContext<'_>, rulebook: &Rulebook, indicator: &Indicator) -> IndicatorView {
    let measure = &rulebook.measures[rulebook.measure(&indicator.measure.value)];
    let scale = rulebook.scale(indicator);
    let bands = match &scale.points.value {
        ScaleKind::ByRank(rank) => rank.bands.iter().map(|band| band.value).collect(),
        ScaleKind::ByValue(_) | ScaleKind::AsIs { .. } => Vec::new(),
    };
    let mut cites = measure.cites.clone();
    cites.extend(indicator.cites.iter().cloned());
    IndicatorView {
        title: context.in_language(&measure.title),
        weight: decimal(&indicator.weight.value.0),
        unit: context.in_language(&measure.unit),
        clauses: cite_views(context, rulebook, &cites),
        bands: bands
            .into_iter()
            .map(|band| BandView { from: band.from, to: band.until, points: decimal(&band.points.0) })
            .collect(),
    }
}

fn award_view(context: &PageContext<'_>, rulebook: &Rulebook, number: usize) -> AwardView {
    let award = &rulebook.awards[number];
    let from = decimal(&award.at_least.value.0);
    let range = match &award.at_most {
        Some(at_most) => {
            context.fill("rules.score-range", &[("from", &from), ("to", &decimal(&at_most.value.0))])
        }
        None => context.fill("rules.score-from", &[("from", &from)]),
    };
    AwardView {
        id: award.id.value.clone(),
        title: context.in_language(&award.title),
        range,
        clauses: cite_views(context, rulebook, &award.cites),
    }
}

/// The worked examples, each step as a reader would compute it. They were proved when the rulebook was read.
fn examples(context: &PageContext<'_>, rulebook: &Rulebook) -> Vec<ExampleView> {
    let decided = prove_examples(&mut Report::new(), rulebook);
    let columns: Vec<String> =
        rulebook.indicators.iter().map(|indicator| measure_title(context, rulebook, indicator)).collect();
    let example = |(example, decisions): (&Example, &Vec<Decision>)| ExampleView {
        title: context.in_language(&example.title),
        columns: columns.clone(),
        rows: example
            .subjects
            .iter()
            .zip(decisions)
            .map(|(subject, decision)| example_row(context, rulebook, &subject.value, decision))
            .collect(),
    };
    rulebook.examples.iter().zip(&decided).map(example).collect()
}

fn example_row(
    context: &PageContext<'_>,
    rulebook: &Rulebook,
    subject: &ExampleSubject,
    decision: &Decision,
) -> ExampleRow {
    let cell = |(number, value): (usize, &Number)| ExampleCell {
        count: decimal(&value.0),
        steps: decision.indicators.get(number).and_then(|scored| {
            let (rank, percent) = (decimal(&scored.rank?), decimal(&scored.percent?));
            let points = decimal(&scored.points);
            Some(context.fill("rules.steps", &[("rank", &rank), ("percent", &percent), ("points", &points)]))
        }),
    };
    let parts: Vec<String> = rulebook
        .indicators
        .iter()
        .zip(&decision.indicators)
        .map(|(indicator, scored)| {
            decimal(&(scored.points * indicator.weight.value.0 / Exact::from_integer(100)))
        })
        .chain(decision.adjustments.iter().map(decimal))
        .collect();
    ExampleRow {
        name: subject.name.clone(),
        cells: subject.values.iter().enumerate().map(cell).collect(),
        total: match decision.standing {
            Standing::Evaluated => decision.score.as_ref().map(decimal),
            Standing::Outside => Some(context.word("rules.outside")),
        },
        sum: (parts.len() > 1).then(|| parts.join(" + ")),
        award: decision.award.map(|award| context.in_language(&rulebook.awards[award].title)),
    }
}
