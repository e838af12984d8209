//! `explain`: why an exhibitor has its award or not, in words or as an object; and what a code means.

mod codes;
mod json;
mod text;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::process::ExitCode;

use super::args::{Common, Explain, PrintFormat};
use super::door::{Answer, read_project};
use super::{code_pages, terminal};
use crate::award::{Explanation, Standing, explain};
use crate::fair::{ExhibitorId, FairFile, Observers, Row, company_key};
use crate::lang::Lang;
use crate::project::{Judged, judge_project};
use crate::rulebook::{AwardId, decimal};
use crate::source::{Failure, Files, Report, Span, code, list, nearest, nearest_of, say};

pub(super) fn run(common: &Common, command: &Explain) -> Result<ExitCode, Failure> {
    let lang = terminal::language(common.lang);
    let Some(subject) = &command.subject else {
        terminal::print(&codes::list(command.format, lang))?;
        return Ok(ExitCode::SUCCESS);
    };
    // With a fair, an exhibitor is meant, whatever its name.
    if command.fair.is_none()
        && let Some(page) = code_pages::find(subject)
    {
        terminal::print(&codes::page(page, command.format, lang))?;
        return Ok(ExitCode::SUCCESS);
    }
    let may_be_code = command.fair.is_none() && looks_like_code(subject);
    let Answer { files, mut report, value: judged } =
        read_project(common, say!("reading the tables"), |report, files, _| {
            if may_be_code && !near_codes(subject).is_empty() {
                return Ok(None);
            }
            judge_project(report, files, command.fair, &[], Observers::none())
        })?;
    let found = match judged.as_ref().map(|(_, judged)| (judged, find(judged, subject))) {
        Some((_, Found::One(exhibitor))) => Some(exhibitor),
        Some((judged, Found::Several(exhibitors))) => {
            report_several(&mut report, judged, subject, &exhibitors);
            None
        }
        Some(_) | None if may_be_code => {
            report = Report::new();
            report_unknown_code(&mut report, subject);
            None
        }
        Some((judged, Found::None)) => {
            report_unknown_exhibitor(&mut report, judged, subject);
            None
        }
        None => None,
    };
    report.keep_errors();
    terminal::print_report(&report, &files, common);
    let (Some((fair, judged)), Some(exhibitor)) = (&judged, found) else {
        return Ok(terminal::status(&report));
    };
    if report.has_errors() {
        return Ok(terminal::status(&report));
    }
    let Judged { facts, rulebook, results, .. } = judged;
    let explanation = explain(facts, rulebook, results, exhibitor);
    let explanation_report = ExplanationReport {
        fair,
        judged,
        files: &files,
        lang,
        explanation: &explanation,
        rows: command.rows,
        named: RefCell::default(),
    };
    terminal::print(&match command.format {
        PrintFormat::Text => explanation_report.text(),
        PrintFormat::Json => explanation_report.json(),
    })?;
    Ok(terminal::status(&report))
}

/// Whom a word means.
enum Found {
    /// An exhibitor, by number.
    One(ExhibitorId),
    /// Exhibitors that have it in their names.
    Several(Vec<ExhibitorId>),
    /// Nobody.
    None,
}

/// The exhibitor of an identifier, else of a name, else of a part of a name. Names are compared as those of companies.
fn find(judged: &Judged, subject: &str) -> Found {
    let exhibitors = || ExhibitorId::each(&judged.facts.exhibitors);
    if let Some((number, _)) = exhibitors().find(|(_, exhibitor)| exhibitor.id == subject) {
        return Found::One(number);
    }
    let key = |text: &str| {
        let mut key = String::new();
        company_key(text, &mut key).then_some(key)
    };
    let Some(asked) = key(subject) else { return Found::None };
    let (mut named, mut partly): (Vec<ExhibitorId>, Vec<ExhibitorId>) = Default::default();
    for (number, exhibitor) in exhibitors() {
        let names = std::iter::once(&exhibitor.name_zh).chain(&exhibitor.name_en);
        let names: Vec<String> = names.filter_map(|name| key(name)).collect();
        if names.contains(&asked) {
            named.push(number);
        } else if names.iter().any(|name| name.contains(&asked)) {
            partly.push(number);
        }
    }
    let found = if named.is_empty() { partly } else { named };
    match found[..] {
        [] => Found::None,
        [one] => Found::One(one),
        _ => Found::Several(found),
    }
}

/// So many exhibitors of whom one may be meant are named.
const NAMED: usize = 10;

fn report_several(report: &mut Report, judged: &Judged, subject: &str, found: &[ExhibitorId]) {
    let count = found.len();
    let named: Vec<String> = found
        .iter()
        .take(NAMED)
        .map(|&number| &judged.facts.exhibitors[number])
        .map(|exhibitor| format!("{} {}", exhibitor.id, exhibitor.name_zh))
        .collect();
    let message = say!("the names of {count} exhibitors contain `{subject}`", count, subject);
    let draft = report.error(code::UNKNOWN_EXHIBITOR, None, message);
    match count.saturating_sub(NAMED) {
        0 => draft.hint(say!("choose one by its identifier: {named}", named = list(named))),
        more => draft.hint(say!(
            "choose one by its identifier: {named}, and {more} more",
            named = list(named),
            more
        )),
    };
}

fn report_unknown_exhibitor(report: &mut Report, judged: &Judged, subject: &str) {
    let known = judged.facts.exhibitors.iter().map(|exhibitor| exhibitor.id.as_str());
    report
        .error(
            code::UNKNOWN_EXHIBITOR,
            None,
            say!("unknown exhibitor `{subject}` at fair {fair}", subject, fair = judged.facts.fair),
        )
        .hint_meant(nearest(subject, known.chain(code_pages::names())))
        .hint(say!("use the exhibitor's identifier, its name or a part of its name"))
        .hint(say!("run `jinbang explain` without a code for a list of codes"));
}

/// Whether a word is written as codes are, and identifiers of exhibitors are not.
fn looks_like_code(subject: &str) -> bool {
    subject.starts_with(|first: char| first.is_ascii_lowercase())
        && subject.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

/// So many codes that may have been meant are named.
const NEAR_CODES: usize = 3;

fn near_codes(subject: &str) -> Vec<&'static str> {
    nearest_of(subject, code_pages::names(), NEAR_CODES)
}

fn report_unknown_code(report: &mut Report, subject: &str) {
    let near = near_codes(subject);
    let draft = report.error(code::UNKNOWN_CODE, None, say!("no code `{subject}`", subject));
    match near.is_empty() {
        true => draft,
        false => {
            let near: Vec<String> = near.iter().map(|code| format!("`{code}`")).collect();
            draft.hint(say!("similar: {near}", near = list(near)))
        }
    }
    .hint(say!("run `jinbang explain` without a code for a list of codes"))
    .hint(say!(
        "if it is the identifier of an exhibitor, also give the fair: `jinbang explain {subject} --fair 137`",
        subject
    ));
}

/// What is told, to whom.
struct ExplanationReport<'a> {
    fair: &'a FairFile,
    judged: &'a Judged,
    files: &'a Files,
    lang: Lang,
    explanation: &'a Explanation,
    /// Whether the rows that counted are listed.
    rows: bool,
    /// The clauses that were named so far.
    named: RefCell<BTreeSet<String>>,
}

impl ExplanationReport<'_> {
    /// The decision in a sentence.
    fn outcome(&self) -> String {
        let rulebook = &self.judged.rulebook;
        let decision = &self.explanation.decision;
        let title = |award: AwardId| rulebook.awards[award].title.value.get(self.lang);
        let failed = decision.failed.iter();
        let failed = list(failed.map(|&gate| rulebook.gates[gate].title.value.get(self.lang)));
        let score = decision.score.as_ref().map(decimal).unwrap_or_default();
        let outcome = match (decision.standing, decision.earned, decision.award) {
            _ if self.judged.results.struck.contains(&self.explanation.exhibitor) => {
                say!("no award: struck off by a ruling")
            }
            (_, _, Some(award)) if decision.kept().is_some() => say!(
                "{award}: kept as published, by the rulings; the score is now {score}",
                award = title(award),
                score
            ),
            (Standing::Outside, ..) => {
                say!("not evaluated because a condition is not met: {gates}", gates = failed)
            }
            (_, _, Some(award)) => say!("{award}: the score is {score}", award = title(award), score),
            (_, Some(award), None) => say!(
                "{award} by score ({score}), but withheld because a condition is not met: {gates}",
                award = title(award),
                score,
                gates = failed
            ),
            (_, None, None) => say!("no award: the score is {score}", score),
        };
        outcome.text(self.lang)
    }

    fn place(&self, table: &str, row: Row) -> String {
        self.at(self.judged.facts.span(table, row))
    }

    fn at(&self, span: Option<Span>) -> String {
        span.map(|span| self.files.at(span)).unwrap_or_default()
    }
}
