//! `award`: runs the rules of a fair and prints the results.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::ExitCode;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::args::{Award, AwardFormat, Common};
use super::door::{Answer, judge_and_print_report};
use super::policy_status::answered;
use super::terminal;
use crate::award::{Standing, WrittenDecision, WrittenIndicator, WrittenNumber, WrittenStanding};
use crate::fair::{FairFile, SHAPES};
use crate::lang::Lang;
use crate::project::Judged;
use crate::rulebook::{AwardId, decimal};
use crate::source::{Failure, Files, say};

pub(super) fn run(common: &Common, command: &Award) -> Result<ExitCode, Failure> {
    if let Some(draft) = &command.what_if {
        return super::what_if::run(common, command, draft);
    }
    let Answer { files, report, value: judged } =
        judge_and_print_report(common, command.fair, &command.policies)?;
    let Some((fair, judged)) = judged else { return Ok(terminal::status(&report)) };
    let lang = terminal::language(common.lang);
    if report.has_errors() {
        eprint!("{}", accounts(&judged, &files, lang));
        return Ok(terminal::status(&report));
    }
    let text = match command.format {
        AwardFormat::Json => json_text(&judged),
        AwardFormat::Csv => csv_text(&judged)?,
        AwardFormat::Text => text(&fair, &judged, &files, lang),
    };
    terminal::print(&text)?;
    Ok(terminal::status(&report))
}

/// The decision on an exhibitor as the contract has it: the counts stand beside the rest.
#[derive(Serialize)]
struct DecisionObject {
    exhibitor: String,
    #[serde(flatten)]
    counts: BTreeMap<String, WrittenNumber>,
    standing: WrittenStanding,
    failed: Vec<String>,
    indicators: Option<BTreeMap<String, WrittenIndicator>>,
    score: Option<String>,
    earned: Option<String>,
    award: Option<String>,
}

impl From<WrittenDecision> for DecisionObject {
    fn from(decision: WrittenDecision) -> DecisionObject {
        let WrittenDecision { exhibitor, counts, standing, failed, indicators, score, earned, award } =
            decision;
        DecisionObject { exhibitor, counts, standing, failed, indicators, score, earned, award }
    }
}

fn json_text(judged: &Judged) -> String {
    let Judged { facts, rulebook, results, .. } = judged;
    let awards: Map<String, Value> = AwardId::each(&rulebook.awards)
        .map(|(number, award)| (award.id.value.clone(), results.received(number).into()))
        .collect();
    let policies: Map<String, Value> = results
        .choices
        .declared()
        .map(|(policy, choice)| (policy.name().to_owned(), choice.into()))
        .collect();
    let decided = results.sorted.iter();
    let decided = decided.map(|&exhibitor| WrittenDecision::new(facts, rulebook, results, exhibitor));
    let exhibitors: Vec<DecisionObject> = decided.map(DecisionObject::from).collect();
    let rows = facts.accounts().into_iter();
    let rows: Map<String, Value> = rows.map(|(table, rows)| (table.to_owned(), json!(rows))).collect();
    let object = json!({
        "fair": facts.fair,
        "rulebook": {"id": rulebook.id, "version": rulebook.version, "sha256": rulebook.sha256},
        "policies": policies,
        "pool": results.pool,
        "awards": awards,
        "rows": rows,
        "exhibitors": exhibitors,
    });
    let mut text = serde_json::to_string_pretty(&object).expect("a value is always written");
    text.push('\n');
    text
}

fn csv_text(judged: &Judged) -> Result<String, Failure> {
    let Judged { facts, rulebook, results, .. } = judged;
    let mut heading = vec![
        "exhibitor".to_owned(),
        "name_zh".to_owned(),
        "name_en".to_owned(),
        "standing".to_owned(),
        "failed".to_owned(),
    ];
    for indicator in &rulebook.indicators {
        let id = &indicator.id.value;
        heading.extend([id.clone(), format!("{id}_rank"), format!("{id}_percent"), format!("{id}_points")]);
    }
    heading.extend(["score", "earned", "award"].map(str::to_owned));
    let rows = results.sorted.iter().map(|&exhibitor| {
        let decision = &results.decisions[exhibitor];
        let facts = &facts.exhibitors[exhibitor];
        let award = |number: Option<AwardId>| {
            number.map(|number| rulebook.awards[number].id.value.clone()).unwrap_or_default()
        };
        let standing = if decision.standing == Standing::Evaluated { "evaluated" } else { "outside" };
        let gates: Vec<&str> =
            decision.failed.iter().map(|&gate| rulebook.gates[gate].id.value.as_str()).collect();
        let mut row = vec![
            facts.id.clone(),
            facts.name_zh.clone(),
            facts.name_en.clone().unwrap_or_default(),
            standing.to_owned(),
            gates.join(";"),
        ];
        for (number, indicator) in rulebook.indicators.iter().enumerate() {
            row.push(decimal(&decision.values[rulebook.measure(&indicator.measure.value)]));
            let scored = decision.indicators.get(number);
            let shown = |number: Option<&crate::rulebook::Exact>| number.map(decimal).unwrap_or_default();
            row.push(shown(scored.and_then(|scored| scored.rank.as_ref())));
            row.push(shown(scored.and_then(|scored| scored.percent.as_ref())));
            row.push(shown(scored.map(|scored| &scored.points)));
        }
        row.extend([
            decision.score.as_ref().map(decimal).unwrap_or_default(),
            award(decision.earned),
            award(decision.award),
        ]);
        row
    });
    terminal::csv_text(&heading, rows)
}

fn text(fair: &FairFile, judged: &Judged, files: &Files, lang: Lang) -> String {
    let Judged { facts, rulebook, results, .. } = judged;
    let name = match &fair.short {
        Some(short) => short.value.get(lang).to_owned(),
        None => facts.fair.to_string(),
    };
    let mut text = String::new();
    let mut line = |line: String| {
        text.push_str(&line);
        text.push('\n');
    };
    line(name);
    if fair.demonstration {
        line(say!("Demonstration data: every company, invitation and award is made up.").text(lang));
    }
    line(
        say!(
            "{title}, version {version}, SHA-256 {sha256}",
            title = rulebook.title.get(lang),
            version = rulebook.version,
            sha256 = rulebook.sha256
        )
        .text(lang),
    );
    line(String::new());
    line(accounts(judged, files, lang));
    let exhibitors = facts.exhibitors.len();
    line(
        say!("{pool} of {exhibitors} exhibitors were evaluated", pool = results.pool, exhibitors).text(lang),
    );
    for (number, award) in AwardId::each(&rulebook.awards) {
        let received = results.received(number);
        let withheld =
            results.decisions.iter().filter(|d| d.earned == Some(number) && d.award.is_none()).count();
        let award = award.title.value.get(lang);
        let told = match withheld {
            0 => say!("{award}: {count}", award, count = received),
            _ => say!("{award}: {count}, and {withheld} withheld", award, count = received, withheld),
        };
        line(told.text(lang));
    }
    line(String::new());
    line(say!("Policy choices (* differs from the rulebook)").text(lang));
    for (id, choice) in results.choices.declared() {
        let (name, policy) = (id.name(), &rulebook.policies[&id]);
        let chosen = answered(policy, choice, lang);
        let changed = if policy.choice.value == choice { "" } else { " *" };
        line(format!("  {name} = {choice}{changed} · {chosen}"));
    }
    for (number, award) in AwardId::each(&rulebook.awards) {
        line(String::new());
        line(award.title.value.get(lang).to_owned());
        for &exhibitor in &results.sorted {
            if results.decisions[exhibitor].award != Some(number) {
                continue;
            }
            let exhibitor = &facts.exhibitors[exhibitor];
            let name = match lang {
                Lang::ZH => &exhibitor.name_zh,
                _ => exhibitor.name_en.as_ref().unwrap_or(&exhibitor.name_zh),
            };
            line(format!("  {}  {name}", exhibitor.id));
        }
    }
    text
}

/// What became of the rows of every sheet.
fn accounts(judged: &Judged, files: &Files, lang: Lang) -> String {
    let mut text = String::new();
    for table in SHAPES.map(|shape| shape.name) {
        for sheet in judged.facts.sheets.get(table).into_iter().flatten() {
            let rows = sheet.account;
            let place = files.at(sheet.span());
            let told = say!(
                "{read} read = {used} used + {refused} refused + {skipped} skipped + {blank} blank + {headings} headings",
                read = rows.read,
                used = rows.used,
                refused = rows.refused,
                skipped = rows.skipped,
                blank = rows.blank,
                headings = rows.headings,
            );
            writeln!(text, "{table}  {place}\n  {}", told.text(lang)).expect("text grows");
        }
    }
    text
}
