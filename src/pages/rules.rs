//! How the award is decided, from the rulebook.

use serde::Serialize;

use super::frame::{Framer, Framers, Page, add_page};
use super::plan::MaterialFair;
use super::winners::text;
use crate::award::{Standing, prove_examples};
use crate::data::Spanned;
use crate::lang::Lang;
use crate::rulebook::{PolicyStatus, Rulebook, ScaleKind, TextStatus, combinations, decimal};
use crate::site::Artifact;
use crate::site::search::{Entry, text_of};
use crate::source::Report;

/// The path of the rules of a fair below the language.
pub(super) fn path(fair: &MaterialFair<'_>) -> String {
    format!("awards/{}/rules/", fair.fair.fair.value)
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
    confirmed: bool,
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
    cells: Vec<String>,
    total: Option<String>,
    award: Option<String>,
}

#[derive(Serialize)]
struct CombinationsView {
    total: usize,
    levels: Vec<super::notice::LevelView>,
    none: usize,
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
        };
        (page, RulesView { body: framer.body("rules"), rulebook: rulebook_view(framer, rulebook) })
    });
}

/// What of the rules can be found by searching: clauses and open readings.
pub(super) fn found(framer: &Framer<'_>, fair: &MaterialFair<'_>) -> Entry {
    let (title, summary) = framer.title_and_summary("rules");
    let short = fair.fair.short.as_ref().map(|short| text(short, framer.lang)).unwrap_or_default();
    let mut words = text_of(&framer.body("rules"));
    if let Some(rulebook) = fair.rulebook {
        let clauses = rulebook.clauses.iter().map(|clause| &clause.text);
        let readings = rulebook.policies.values().flat_map(|policy| [&policy.question, &policy.because]);
        for spoken in clauses.chain(readings) {
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
                    confirmed: policy.status == PolicyStatus::Confirmed,
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
        combinations: combinations(rulebook).map(|counted| CombinationsView {
            total: counted.total,
            none: counted.total - counted.awards.iter().sum::<usize>(),
            levels: rulebook
                .awards
                .iter()
                .zip(&counted.awards)
                .map(|(award, &count)| super::notice::LevelView {
                    id: award.id.value.clone(),
                    title: text(&award.title, lang),
                    count,
                })
                .collect(),
        }),
    }
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

fn indicator_view(rulebook: &Rulebook, indicator: &crate::rulebook::Indicator, lang: Lang) -> IndicatorView {
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

/// The worked examples with what comes of them. They were proved when the rulebook was read.
fn examples(framer: &Framer<'_>, rulebook: &Rulebook) -> Vec<ExampleView> {
    let decided = prove_examples(&mut Report::new(), rulebook);
    let columns: Vec<String> = rulebook
        .indicators
        .iter()
        .map(|indicator| {
            text(&rulebook.measures[rulebook.measure(&indicator.measure.value)].title, framer.lang)
        })
        .collect();
    let example =
        |(example, decisions): (&crate::rulebook::Example, &Vec<crate::award::Decision>)| ExampleView {
            title: text(&example.title, framer.lang),
            columns: columns.clone(),
            rows: example
                .subjects
                .iter()
                .zip(decisions)
                .map(|(subject, decision)| ExampleRow {
                    name: subject.value.name.clone(),
                    cells: subject.value.values.iter().map(|value| decimal(&value.0)).collect(),
                    total: match decision.standing {
                        Standing::Evaluated => decision.score.as_ref().map(decimal),
                        Standing::Outside => Some(framer.word("rules.outside")),
                    },
                    award: decision.award.map(|award| text(&rulebook.awards[award].title, framer.lang)),
                })
                .collect(),
        };
    rulebook.examples.iter().zip(&decided).map(example).collect()
}
