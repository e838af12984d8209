//! The page of `sensitivity` for the office: one file that needs no other.

use serde::Serialize;
use tera::{Context, Tera};

use super::report::{SensitivityReport, VERDICTS, shows_outcome, verdict_name, verdict_words};
use crate::award::{Alternative, OpenPolicy};
use crate::cli::policy_status::policy_status;
use crate::fair::ExhibitorId;
use crate::rulebook::AwardId;
use crate::source::say;

const TEMPLATE: &str = include_str!("page.html");

#[derive(Serialize)]
struct PageView {
    lang: String,
    title: String,
    internal: String,
    heading: Vec<String>,
    groups: Vec<GroupView>,
    margins: MarginsView,
    exhibitor: String,
    now: String,
    would: String,
}

/// The policies of one verdict.
#[derive(Serialize)]
struct GroupView {
    verdict: &'static str,
    title: String,
    why: String,
    policies: Vec<PolicyView>,
}

#[derive(Serialize)]
struct PolicyView {
    name: &'static str,
    question: String,
    status: String,
    applied: String,
    undated: Vec<String>,
    clauses: Vec<String>,
    alternatives: Vec<AlternativeView>,
}

#[derive(Serialize)]
struct AlternativeView {
    instead: String,
    outcome: Option<String>,
    changes: Vec<ChangeView>,
}

#[derive(Serialize)]
struct ChangeView {
    exhibitor: String,
    name: String,
    now: String,
    would: String,
}

#[derive(Serialize)]
struct MarginsView {
    title: String,
    why: String,
    hanging: [String; 2],
    counts: Vec<CountView>,
}

/// What one more or one less of a count changes.
#[derive(Serialize)]
struct CountView {
    title: String,
    outcome: String,
    changes: Vec<ChangeView>,
}

/// The page, as text.
pub(super) fn page(report: &SensitivityReport<'_>) -> String {
    let groups = VERDICTS.into_iter().map(|verdict| {
        let (title, why) = verdict_words(verdict);
        GroupView {
            verdict: verdict_name(verdict),
            title: title.text(report.lang),
            why: why.text(report.lang),
            policies: report.policies(verdict).map(|policy| policy_view(report, policy)).collect(),
        }
    });
    let view = PageView {
        lang: report.lang.tag().to_owned(),
        title: say!("What the awards depend on · {fair}", fair = report.fair_name()).text(report.lang),
        internal: say!("Internal: for the office, not for publication.").text(report.lang),
        heading: report.heading(),
        groups: groups.filter(|group| !group.policies.is_empty()).collect(),
        margins: margins_view(report),
        exhibitor: say!("Exhibitor").text(report.lang),
        now: say!("Now").text(report.lang),
        would: say!("Would be").text(report.lang),
    };
    let mut tera = Tera::new();
    // Names come from tables and are never markup.
    tera.autoescape_on([""]);
    tera.add_raw_template("page", TEMPLATE).expect("the template is part of the program");
    let context = Context::from_serialize(&view).expect("the view has words for keys");
    tera.render("page", &context).expect("the view has all that the template asks for")
}

fn policy_view(report: &SensitivityReport<'_>, policy: &OpenPolicy) -> PolicyView {
    let rulebook = &report.judged.rulebook;
    let declared = &rulebook.policies[&policy.policy];
    let alternative = |alternative: &Alternative| AlternativeView {
        instead: report.instead(policy, alternative),
        outcome: shows_outcome(policy.verdict).then(|| report.outcome(alternative)),
        changes: alternative
            .changes
            .iter()
            .map(|change| change_view(report, change.exhibitor, change.award, change.would))
            .collect(),
    };
    let mut clauses: Vec<String> = Vec::new();
    for cite in &declared.cites {
        let place = rulebook.clause(&cite.value).place.value.get(report.lang);
        if clauses.iter().all(|known| known != place) {
            clauses.push(place.to_owned());
        }
    }
    PolicyView {
        name: policy.policy.name(),
        question: declared.question.value.get(report.lang).to_owned(),
        status: policy_status(declared, report.lang),
        applied: report.applied(policy),
        undated: report.undated(policy),
        clauses,
        alternatives: policy.alternatives.iter().map(alternative).collect(),
    }
}

fn margins_view(report: &SensitivityReport<'_>) -> MarginsView {
    let mut counts = Vec::new();
    for (count, title) in report.counts() {
        for (more, words) in [(true, say!("one more")), (false, say!("one less"))] {
            let margins = || report.margins(count, more);
            counts.push(CountView {
                title: format!("{title} · {}", words.text(report.lang)),
                outcome: report.steps(margins().map(|margin| (margin.award, margin.would))),
                changes: margins()
                    .map(|margin| change_view(report, margin.exhibitor, margin.award, margin.would))
                    .collect(),
            });
        }
    }
    MarginsView {
        title: say!("Margins").text(report.lang),
        why: say!("Awards that would change if one count were one higher or lower, all else equal.")
            .text(report.lang),
        hanging: report.hanging(),
        counts,
    }
}

fn change_view(
    report: &SensitivityReport<'_>,
    exhibitor: ExhibitorId,
    award: Option<AwardId>,
    would: Option<AwardId>,
) -> ChangeView {
    let (id, name) = report.exhibitor(exhibitor);
    ChangeView {
        exhibitor: id.to_owned(),
        name: name.to_owned(),
        now: report.award(award),
        would: report.award(would),
    }
}
