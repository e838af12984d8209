//! How the award is decided, from the rulebook.

use std::collections::BTreeSet;

use serde::Serialize;

use super::frame::{Framer, Framers, Page, add_page, text};
use super::plan::MaterialFair;
use crate::award::{Decision, Standing, prove_examples};
use crate::data::Spanned;
use crate::lang::Lang;
use crate::rulebook::{
    Combination, Exact, Example, ExampleSubject, Indicator, Number, Policy, Rulebook, ScaleKind, TextStatus,
    combinations, decimal,
};
use crate::site::Artifact;
use crate::site::search::{Entry, text_of};
use crate::source::Report;

/// The path of the rules of a fair below the language.
pub(super) fn path(fair: &MaterialFair<'_>) -> String {
    path_of(fair.fair.fair.value)
}

fn path_of(fair: u32) -> String {
    format!("awards/{fair}/rules/")
}

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
    levels: Vec<super::notice::LevelView>,
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
    framers: &Framers<'a>,
    index: usize,
    fair: &'a MaterialFair<'a>,
) {
    let Some(rulebook) = fair.rulebook else { return };
    let path = path(fair);
    let place = path.clone();
    add_page(artifacts, framers, index, &place, "rules.html", move |framer| {
        let (title, summary) = framer.title_and_summary("rules");
        let short = fair.fair.short.as_ref().map(|short| text(short, framer.lang)).unwrap_or_default();
        let page = Page {
            path: path.clone(),
            kind: "rules",
            group: "awards",
            title: framer.fill("rules.title", &[("title", &title), ("fair", &short)]),
            heading: title,
            description: summary,
            above: vec![(framer.word("nav.awards"), "awards/".to_owned())],
            demonstration: false,
            lists: Vec::new(),
        };
        (page, RulesView { body: framer.body("rules"), rulebook: rulebook_view(framer, rulebook) })
    });
}

/// What of the rules can be found by searching: clauses and policies.
pub(super) fn found(framer: &Framer<'_>, fair: &MaterialFair<'_>) -> Entry {
    let (title, summary) = framer.title_and_summary("rules");
    let short = fair.fair.short.as_ref().map(|short| text(short, framer.lang)).unwrap_or_default();
    let mut words = text_of(&framer.body("rules"));
    if let Some(rulebook) = fair.rulebook {
        let clauses = rulebook.clauses.iter().map(|clause| &clause.text);
        let policies = rulebook.policies.values().flat_map(|policy| [&policy.question, &policy.because]);
        for spoken in clauses.chain(policies) {
            words.push('\n');
            words.push_str(spoken.value.get(framer.lang));
        }
    }
    Entry {
        path: path(fair),
        title: framer.fill("rules.title", &[("title", &title), ("fair", &short)]),
        note: summary,
        text: words,
        ..Entry::default()
    }
}

fn rulebook_view(framer: &Framer<'_>, rulebook: &Rulebook) -> RulebookView {
    let lang = framer.lang;
    let cites = |cites: &[Spanned<String>]| cite_views(rulebook, cites, lang);
    let document = rulebook.source.document.value.get(lang);
    let source = match rulebook.source.text {
        TextStatus::Paraphrase => framer.fill("rules.paraphrase", &[("document", document)]),
        TextStatus::Official => framer.fill("rules.official", &[("document", document)]),
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
                anchor: anchor(&clause.id.value),
                cites: text(&clause.place, lang),
                text: text(&clause.text, lang),
                kind: match clause.kind {
                    crate::rulebook::ClauseKind::Definition => "definition",
                    crate::rulebook::ClauseKind::Operative => "operative",
                    crate::rulebook::ClauseKind::Procedural => "procedural",
                },
            })
            .collect(),
        gates: rulebook
            .gates
            .iter()
            .map(|gate| GateView { title: text(&gate.title, lang), clauses: cites(&gate.cites) })
            .collect(),
        indicators: rulebook
            .indicators
            .iter()
            .map(|indicator| indicator_view(rulebook, indicator, lang))
            .collect(),
        awards: (0..rulebook.awards.len()).map(|award| award_view(framer, rulebook, award)).collect(),
        bonus: rulebook.bonus.as_ref().map(|bonus| BonusView {
            title: text(&bonus.title, lang),
            points: rulebook
                .awards
                .iter()
                .filter_map(|award| {
                    let points = bonus.points.get(&award.id.value)?.value;
                    Some(BonusPoints { award: text(&award.title, lang), points })
                })
                .collect(),
            clauses: cites(&bonus.cites),
        }),
        policies: rulebook
            .policies
            .iter()
            .map(|(name, policy)| {
                let words = |choice: &str| {
                    policy.choices.get(choice).map(|words| text(words, lang)).unwrap_or_default()
                };
                PolicyView {
                    name: name.clone(),
                    question: text(&policy.question, lang),
                    choice: words(&policy.choice.value),
                    because: text(&policy.because, lang),
                    alternatives: policy.alternatives.iter().map(|choice| words(&choice.value)).collect(),
                    status: policy.status.value.name(),
                    status_text: status_text(framer, policy),
                    clauses: cites(&policy.cites),
                }
            })
            .collect(),
        timeline: rulebook
            .timeline
            .iter()
            .map(|step| StepView {
                title: text(&step.title, lang),
                text: framer.fill("rules.working-days", &[("n", &step.working_days.value.to_string())]),
                clauses: cites(&step.cites),
            })
            .collect(),
        not_encoded: rulebook
            .not_encoded
            .iter()
            .map(|entry| {
                let clause = rulebook.clause(&entry.clause.value);
                NotEncodedView {
                    cites: text(&clause.place, lang),
                    text: text(&clause.text, lang),
                    because: text(&entry.because, lang),
                }
            })
            .collect(),
        examples: examples(framer, rulebook),
        combinations: combinations(rulebook).map(|all| combinations_view(framer, rulebook, &all)),
    }
}

/// What a choice rests on, in words.
fn status_text(framer: &Framer<'_>, policy: &Policy) -> String {
    let date = policy.date.as_ref().map(|date| framer.date(date.value).long).unwrap_or_default();
    let source = policy.source.as_ref().map(|source| text(source, framer.lang)).unwrap_or_default();
    let key = format!("rules.{}", policy.status.value.name());
    framer.fill(&key, &[("date", &date), ("source", &source)])
}

fn measure_title(rulebook: &Rulebook, indicator: &Indicator, lang: Lang) -> String {
    text(&rulebook.measures[rulebook.measure(&indicator.measure.value)].title, lang)
}

fn combinations_view(framer: &Framer<'_>, rulebook: &Rulebook, all: &[Combination]) -> CombinationsView {
    let lang = framer.lang;
    let won = |award: Option<usize>| all.iter().filter(|one| one.award == award).count();
    let levels = rulebook.awards.iter().enumerate().map(|(number, award)| super::notice::LevelView {
        id: award.id.value.clone(),
        title: text(&award.title, lang),
        count: won(Some(number)),
    });
    let titles: Vec<String> =
        rulebook.indicators.iter().map(|indicator| measure_title(rulebook, indicator, lang)).collect();
    // The weightiest indicator tells the grids apart, the next one their rows.
    let mut order: Vec<usize> = (0..titles.len()).collect();
    order.sort_by_key(|&number| std::cmp::Reverse(rulebook.indicators[number].weight.value.0));
    let (grids, rows, columns) = match order[..] {
        [grid, row, column] => {
            (grids(framer, &titles, all, [grid, row, column]), titles[row].clone(), titles[column].clone())
        }
        _ => Default::default(),
    };
    CombinationsView { total: all.len(), none: won(None), levels: levels.collect(), grids, rows, columns }
}

fn grids(
    framer: &Framer<'_>,
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
        GridCell { total: decimal(&found.total), award: found.award.map_or(0, |award| award + 1) }
    };
    points(grid)
        .map(|of_grid| GridView {
            title: framer.fill("rules.grid", &[("indicator", &titles[grid]), ("points", &decimal(&of_grid))]),
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

/// Where a clause can be opened on the site: the address of its place on the page of the rules, from the root of
/// the site.
pub fn clause_address(lang: Lang, fair: u32, clause: &str) -> String {
    format!("/{lang}/{}#{}", path_of(fair), anchor(clause))
}

fn anchor(clause: &str) -> String {
    format!("clause-{clause}")
}

fn cite_views(rulebook: &Rulebook, cites: &[Spanned<String>], lang: Lang) -> Vec<CiteView> {
    let view = |cite: &Spanned<String>| CiteView {
        anchor: anchor(&cite.value),
        cites: text(&rulebook.clause(&cite.value).place, lang),
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

fn indicator_view(rulebook: &Rulebook, indicator: &Indicator, lang: Lang) -> IndicatorView {
    let measure = &rulebook.measures[rulebook.measure(&indicator.measure.value)];
    let scale = rulebook.scale(indicator);
    let bands = match &scale.points.value {
        ScaleKind::ByRank(rank) => rank.bands.iter().map(|band| band.value).collect(),
        ScaleKind::ByValue(_) | ScaleKind::AsIs { .. } => Vec::new(),
    };
    let mut cites = measure.cites.clone();
    cites.extend(indicator.cites.iter().cloned());
    IndicatorView {
        title: text(&measure.title, lang),
        weight: decimal(&indicator.weight.value.0),
        unit: text(&measure.unit, lang),
        clauses: cite_views(rulebook, &cites, lang),
        bands: bands
            .into_iter()
            .map(|band| BandView { from: band.from, to: band.until, points: decimal(&band.points.0) })
            .collect(),
    }
}

fn award_view(framer: &Framer<'_>, rulebook: &Rulebook, number: usize) -> AwardView {
    let award = &rulebook.awards[number];
    let from = decimal(&award.at_least.value.0);
    let range = match &award.at_most {
        Some(at_most) => {
            framer.fill("rules.score-range", &[("from", &from), ("to", &decimal(&at_most.value.0))])
        }
        None => framer.fill("rules.score-from", &[("from", &from)]),
    };
    AwardView {
        id: award.id.value.clone(),
        title: text(&award.title, framer.lang),
        range,
        clauses: cite_views(rulebook, &award.cites, framer.lang),
    }
}

/// The worked examples, each step as a reader would compute it. They were proved when the rulebook was read.
fn examples(framer: &Framer<'_>, rulebook: &Rulebook) -> Vec<ExampleView> {
    let decided = prove_examples(&mut Report::new(), rulebook);
    let columns: Vec<String> =
        rulebook.indicators.iter().map(|indicator| measure_title(rulebook, indicator, framer.lang)).collect();
    let example = |(example, decisions): (&Example, &Vec<Decision>)| ExampleView {
        title: text(&example.title, framer.lang),
        columns: columns.clone(),
        rows: example
            .subjects
            .iter()
            .zip(decisions)
            .map(|(subject, decision)| example_row(framer, rulebook, &subject.value, decision))
            .collect(),
    };
    rulebook.examples.iter().zip(&decided).map(example).collect()
}

fn example_row(
    framer: &Framer<'_>,
    rulebook: &Rulebook,
    subject: &ExampleSubject,
    decision: &Decision,
) -> ExampleRow {
    let cell = |(number, value): (usize, &Number)| ExampleCell {
        count: decimal(&value.0),
        steps: decision.indicators.get(number).and_then(|scored| {
            let (rank, percent) = (decimal(&scored.rank?), decimal(&scored.percent?));
            let points = decimal(&scored.points);
            Some(framer.fill("rules.steps", &[("rank", &rank), ("percent", &percent), ("points", &points)]))
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
            Standing::Outside => Some(framer.word("rules.outside")),
        },
        sum: (parts.len() > 1).then(|| parts.join(" + ")),
        award: decision.award.map(|award| text(&rulebook.awards[award].title, framer.lang)),
    }
}
