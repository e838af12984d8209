//! `explain`: why an exhibitor has its award or not, in words or as an object.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::process::ExitCode;

use serde_json::{Value, json};

use super::args::{Common, Explain, PrintFormat};
use super::words::{Words, words};
use super::{code_pages, explain_code, terminal};
use crate::award::{Count, Explanation, Standing, explain, written_ruling};
use crate::data::Spanned;
use crate::fair::{FairFile, KeyKind, Row};
use crate::lang::Lang;
use crate::project::{Judged, clause_address, judge_project};
use crate::rulebook::{Requirement, Stage, Which, decimal};
use crate::source::{Failure, Files, Report, code, list, nearest, nearest_of, say};

pub(super) fn run(common: &Common, command: &Explain) -> Result<ExitCode, Failure> {
    let lang = terminal::language(common.lang);
    let Some(subject) = &command.subject else {
        terminal::print(&explain_code::list(command.format, lang))?;
        return Ok(ExitCode::SUCCESS);
    };
    // With a fair, an exhibitor is meant, whatever it is called.
    if command.fair.is_none()
        && let Some(page) = code_pages::find(subject)
    {
        terminal::print(&explain_code::page(page, command.format, lang))?;
        return Ok(ExitCode::SUCCESS);
    }
    let files = Files::new(&common.root);
    let mut report = Report::new();
    if command.fair.is_none() && looks_like_code(subject) {
        report_unknown_code(&mut report, subject);
        terminal::print_report(&report, &files, common);
        return Ok(terminal::status(&report));
    }
    let progress = terminal::progress(common, "progress.tables");
    let judged = judge_project(&mut report, &files, command.fair, &[])?;
    progress.finish_and_clear();
    let found = judged.as_ref().and_then(|(_, judged)| find(&mut report, judged, subject));
    report.keep_errors();
    terminal::print_report(&report, &files, common);
    let (Some((fair, judged)), Some(exhibitor)) = (&judged, found) else {
        return Ok(terminal::status(&report));
    };
    if report.has_errors() {
        return Ok(terminal::status(&report));
    }
    let Judged { facts, rulebook, results } = judged;
    let explanation = explain(facts, rulebook, results, exhibitor);
    let telling =
        Telling { fair, judged, files: &files, lang, explanation: &explanation, named: RefCell::default() };
    terminal::print(&match command.format {
        PrintFormat::Text => telling.text(),
        PrintFormat::Json => telling.json(),
    })?;
    Ok(terminal::status(&report))
}

fn find(report: &mut Report, judged: &Judged, subject: &str) -> Option<u32> {
    let exhibitors = &judged.facts.exhibitors;
    let found = exhibitors.iter().position(|exhibitor| exhibitor.id == subject);
    if let Some(found) = found {
        return u32::try_from(found).ok();
    }
    let draft = report.error(
        code::UNKNOWN_EXHIBITOR,
        None,
        say!("no exhibitor `{subject}` at fair {fair}", subject, fair = judged.facts.fair),
    );
    let known = exhibitors.iter().map(|exhibitor| exhibitor.id.as_str());
    let meant = nearest(subject, known.chain(code_pages::names())).map(str::to_owned);
    match meant {
        Some(meant) => draft.hint(say!("did you mean `{meant}`?", meant)),
        None => draft,
    }
    .hint(say!("name the exhibitor by its identifier in the table of exhibitors"))
    .hint(say!("`jinbang explain` alone lists the codes that it explains"));
    None
}

/// Whether a word is written as codes are, and identifiers of exhibitors are not.
fn looks_like_code(subject: &str) -> bool {
    subject.starts_with(|first: char| first.is_ascii_lowercase())
        && subject.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

/// So many codes that may have been meant are named.
const NEAR_CODES: usize = 3;

fn report_unknown_code(report: &mut Report, subject: &str) {
    let near = nearest_of(subject, code_pages::names(), NEAR_CODES);
    let draft = report.error(code::UNKNOWN_CODE, None, say!("no code `{subject}`", subject));
    match near.is_empty() {
        true => draft,
        false => {
            let near: Vec<String> = near.iter().map(|code| format!("`{code}`")).collect();
            draft.hint(say!("the nearest: {near}", near = list(near)))
        }
    }
    .hint(say!("`jinbang explain` alone lists the codes that it explains"))
    .hint(say!("an exhibitor whose identifier is written like this is named with its fair: `jinbang explain {subject} --fair 137`", subject));
}

/// What is told, to whom.
struct Telling<'a> {
    fair: &'a FairFile,
    judged: &'a Judged,
    files: &'a Files,
    lang: Lang,
    explanation: &'a Explanation,
    /// The clauses that were named so far.
    named: RefCell<BTreeSet<String>>,
}

impl Telling<'_> {
    fn words(&self) -> &'static Words {
        words(self.lang)
    }

    fn text(&self) -> String {
        let Judged { facts, rulebook, .. } = self.judged;
        let exhibitor = &facts.exhibitors[self.explanation.exhibitor as usize];
        let w = self.words();
        let mut lines = Vec::new();
        let name = match (self.lang, &exhibitor.name_en) {
            (Lang::ZH, _) | (_, None) => exhibitor.name_zh.as_str(),
            (_, Some(name)) => name.as_str(),
        };
        lines.push(format!("{}  {name}", exhibitor.id));
        let fair = match &self.fair.short {
            Some(short) => short.value.get(self.lang).to_owned(),
            None => facts.fair.to_string(),
        };
        let version = rulebook.version.to_string();
        lines.push(w.fill(
            "explain.rules",
            &[("fair", &fair), ("title", rulebook.title.get(self.lang)), ("version", &version)],
        ));
        if self.fair.demonstration {
            lines.push(w.fill("award.demonstration", &[]));
        }
        lines.push(format!("→ {}", self.outcome()));
        self.tell_measures(&mut lines);
        self.tell_gates(&mut lines);
        self.tell_indicators(&mut lines);
        self.tell_policies(&mut lines);
        self.tell_rulings(&mut lines);
        self.tell_next(&mut lines);
        self.tell_hangs_on(&mut lines);
        self.tell_where(&mut lines);
        lines.join("\n") + "\n"
    }

    /// The decision in a sentence.
    fn outcome(&self) -> String {
        let w = self.words();
        let rulebook = &self.judged.rulebook;
        let decision = &self.explanation.decision;
        let title = |award: usize| rulebook.awards[award].title.value.get(self.lang);
        let failed: Vec<&str> =
            decision.failed.iter().map(|&gate| rulebook.gates[gate].title.value.get(self.lang)).collect();
        let failed = failed.join(&w.fill("explain.list", &[]));
        let score = decision.score.as_ref().map(decimal).unwrap_or_default();
        match (decision.standing, decision.earned, decision.award) {
            _ if self.judged.results.struck.contains(&self.explanation.exhibitor) => {
                w.fill("explain.struck-off", &[])
            }
            (_, _, Some(award)) if decision.kept().is_some() => {
                w.fill("explain.keeps", &[("award", title(award)), ("score", &score)])
            }
            (Standing::Outside, ..) => w.fill("explain.outside", &[("gates", &failed)]),
            (_, _, Some(award)) => w.fill("explain.receives", &[("award", title(award)), ("score", &score)]),
            (_, Some(award), None) => {
                w.fill("explain.withheld", &[("award", title(award)), ("score", &score), ("gates", &failed)])
            }
            (_, None, None) => w.fill("explain.nothing", &[("score", &score)]),
        }
    }

    fn tell_measures(&self, lines: &mut Vec<String>) {
        let w = self.words();
        lines.push(String::new());
        lines.push(w.fill("explain.counted", &[]));
        for measured in &self.explanation.measured {
            let measure = &self.judged.rulebook.measures[measured.measure];
            let value = decimal(&measured.value);
            let values = [
                ("title", measure.title.value.get(self.lang)),
                ("value", value.as_str()),
                ("unit", measure.unit.value.get(self.lang)),
            ];
            lines.push(format!("  {}{}", w.fill("explain.measure", &values), self.clauses(&measure.cites)));
            for rows in self.row_ranges("invitations", &measured.invitations) {
                lines.push(format!("      {rows}"));
            }
            for (number, buyer) in (1..).zip(&measured.buyers) {
                let rows = self.row_ranges("attendance", &buyer.attended).join(" · ");
                lines.push(format!(
                    "      {}",
                    w.fill("explain.buyer", &[("number", &number.to_string()), ("rows", &rows)])
                ));
                for &(invitation, attended, by) in &buyer.matches {
                    let values = [
                        ("by", w.fill(by_key(by), &[])),
                        ("invitation", self.place("invitations", invitation)),
                        ("attended", self.place("attendance", attended)),
                    ];
                    let values: Vec<(&str, &str)> =
                        values.iter().map(|(name, value)| (*name, value.as_str())).collect();
                    lines.push(format!("        {}", w.fill("explain.match", &values)));
                }
            }
        }
    }

    fn tell_gates(&self, lines: &mut Vec<String>) {
        let w = self.words();
        lines.push(String::new());
        lines.push(w.fill("explain.gates", &[]));
        for finding in &self.explanation.gates {
            let gate = &self.judged.rulebook.gates[finding.gate];
            let mark = if finding.met { "✓" } else { "✗" };
            let found = self.found(finding);
            let stage = match (finding.met, finding.stage) {
                (true, _) => String::new(),
                (false, Stage::Pool) => w.fill("explain.not-ranked", &[]),
                (false, _) => w.fill("explain.award-withheld", &[]),
            };
            lines.push(format!(
                "  {mark} {}{found}{stage}{}",
                gate.title.value.get(self.lang),
                self.clauses(&gate.cites)
            ));
            for rows in self.row_ranges("penalties", &finding.penalties) {
                lines.push(format!("      {rows}"));
            }
        }
    }

    /// What was found at a gate: the count, or the fairs at which the exhibitor was.
    fn found(&self, finding: &crate::award::GateFinding) -> String {
        let w = self.words();
        let facts = &self.judged.facts;
        match (&self.judged.rulebook.gates[finding.gate].require.value, &finding.value) {
            (_, Some(value)) => w.fill("explain.found", &[("value", &decimal(value))]),
            (Requirement::TookPart(fairs), _) => {
                let exhibitor = &facts.exhibitors[self.explanation.exhibitor as usize];
                let asked: Vec<String> = fairs
                    .iter()
                    .map(|which| match which {
                        Which::Current => facts.fair,
                        Which::Previous => facts.previous_fair,
                    })
                    .map(|fair| {
                        let mark = if exhibitor.fairs.contains(&fair) { "✓" } else { "✗" };
                        format!("{fair} {mark}")
                    })
                    .collect();
                w.fill("explain.found", &[("value", &asked.join(&w.fill("explain.list", &[])))])
            }
            _ => String::new(),
        }
    }

    fn tell_indicators(&self, lines: &mut Vec<String>) {
        let w = self.words();
        let rulebook = &self.judged.rulebook;
        let decision = &self.explanation.decision;
        let Some(score) = &decision.score else { return };
        lines.push(String::new());
        lines.push(w.fill("explain.ranking", &[("pool", &decision.pool.to_string())]));
        for finding in &self.explanation.indicators {
            let indicator = &rulebook.indicators[finding.indicator];
            let measure = &rulebook.measures[rulebook.measure(&indicator.measure.value)];
            let scored = &finding.scored;
            let shown = |number: &Option<_>| number.as_ref().map(decimal).unwrap_or_default();
            let band = match finding.band {
                Some((from, until)) => {
                    w.fill("explain.band", &[("from", &from.to_string()), ("until", &until.to_string())])
                }
                None => w.fill("explain.no-band", &[]),
            };
            let band = if scored.as_zero { w.fill("explain.zero-band", &[("band", &band)]) } else { band };
            let texts = [
                ("title", measure.title.value.get(self.lang).to_owned()),
                ("count", decimal(&scored.count)),
                ("rank", shown(&scored.rank)),
                ("percent", shown(&scored.percent)),
                ("band", band),
                ("points", decimal(&scored.points)),
                ("weight", decimal(&indicator.weight.value.0)),
                ("share", decimal(&finding.share)),
            ];
            let values: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (*name, text.as_str())).collect();
            let mut cites = indicator.cites.clone();
            cites.extend(rulebook.scale(indicator).cites.iter().cloned());
            lines.push(format!("  {}{}", w.fill("explain.indicator", &values), self.clauses(&cites)));
        }
        let awards: Vec<String> = rulebook
            .awards
            .iter()
            .map(|award| {
                let at_least = decimal(&award.at_least.value.0);
                w.fill("explain.from", &[("award", award.title.value.get(self.lang)), ("score", &at_least)])
            })
            .collect();
        let awards = awards.join(&w.fill("explain.list", &[]));
        let cites: Vec<Spanned<String>> =
            rulebook.awards.iter().flat_map(|award| award.cites.clone()).collect();
        lines.push(format!(
            "  {}{}",
            w.fill("explain.score", &[("score", &decimal(score)), ("awards", &awards)]),
            self.clauses(&cites)
        ));
    }

    /// The rulings that took part in the decision, each with who decided, and why.
    fn tell_rulings(&self, lines: &mut Vec<String>) {
        if self.explanation.rulings.is_empty() {
            return;
        }
        let w = self.words();
        let facts = &self.judged.facts;
        lines.push(String::new());
        lines.push(w.fill("explain.rulings", &[]));
        for &number in &self.explanation.rulings {
            let ruling = &facts.rulings[number];
            let values = [
                ("date", ruling.date.to_string()),
                ("decides", w.fill(&format!("explain.{}", ruling.decides.name()), &[])),
                ("exhibitor", facts.exhibitors[ruling.exhibitor as usize].id.clone()),
                ("authority", ruling.authority.get(self.lang).to_owned()),
                ("reason", ruling.reason.get(self.lang).to_owned()),
            ];
            let values: Vec<(&str, &str)> =
                values.iter().map(|(name, value)| (*name, value.as_str())).collect();
            lines.push(format!("  {}", w.fill("explain.ruling", &values)));
        }
    }

    fn tell_policies(&self, lines: &mut Vec<String>) {
        let w = self.words();
        lines.push(String::new());
        lines.push(w.fill("explain.policies", &[]));
        for (name, choice) in self.judged.results.choices.declared() {
            if !self.explanation.policies.contains(&name) {
                continue;
            }
            let policy = &self.judged.rulebook.policies[name];
            let words_of = |choice: &str| policy.choices.get(choice).map(|words| words.value.get(self.lang));
            lines.push(format!(
                "  {name} = {choice} · {}{}",
                words_of(choice).unwrap_or_default(),
                self.clauses(&policy.cites)
            ));
        }
    }

    /// What it would take to receive the next award.
    fn tell_next(&self, lines: &mut Vec<String>) {
        let w = self.words();
        let rulebook = &self.judged.rulebook;
        let title = |award: usize| rulebook.awards[award].title.value.get(self.lang);
        lines.push(String::new());
        lines.push(w.fill("explain.next", &[]));
        let Some(next) = &self.explanation.next else {
            if let Some(award) = self.explanation.decision.award {
                lines.push(format!("  {}", w.fill("explain.next-none", &[("award", title(award))])));
            }
            return;
        };
        let award = title(next.award);
        if !next.barred.is_empty() {
            let gates: Vec<&str> =
                next.barred.iter().map(|&gate| rulebook.gates[gate].title.value.get(self.lang)).collect();
            let gates = gates.join(&w.fill("explain.list", &[]));
            lines
                .push(format!("  {}", w.fill("explain.next-barred", &[("award", award), ("gates", &gates)])));
        } else if next.changes.is_empty() {
            lines.push(format!("  {}", w.fill("explain.next-no-count", &[("award", award)])));
        }
        for change in &next.changes {
            let measure = change.count.measure(rulebook).expect("only what the rulebook counts is changed");
            let step = change.from.abs_diff(change.to).to_string();
            let key = if change.to > change.from { "explain.next-more" } else { "explain.next-less" };
            let values = [
                ("award", title(change.would.unwrap_or(next.award)).to_owned()),
                ("title", rulebook.measures[measure].title.value.get(self.lang).to_owned()),
                ("from", change.from.to_string()),
                ("to", change.to.to_string()),
                ("change", w.fill(key, &[("step", &step)])),
            ];
            let values: Vec<(&str, &str)> =
                values.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let cites = self.clauses(&rulebook.measures[measure].cites);
            lines.push(format!("  {}{cites}", w.fill("explain.next-change", &values)));
        }
    }

    /// The readings under which another award would be received.
    fn tell_hangs_on(&self, lines: &mut Vec<String>) {
        let w = self.words();
        let rulebook = &self.judged.rulebook;
        lines.push(String::new());
        lines.push(w.fill("explain.hangs-on", &[]));
        if self.explanation.hangs_on.is_empty() {
            lines.push(format!("  {}", w.fill("explain.hangs-on-none", &[])));
        }
        for other in &self.explanation.hangs_on {
            let policy = &rulebook.policies[other.policy];
            let words_of = policy.choices.get(other.choice).map(|words| words.value.get(self.lang));
            let award = match other.would {
                Some(award) => rulebook.awards[award].title.value.get(self.lang).to_owned(),
                None => w.fill("explain.would-nothing", &[]),
            };
            let values = [
                ("policy", other.policy),
                ("choice", other.choice),
                ("words", words_of.unwrap_or_default()),
                ("award", &award),
            ];
            lines.push(format!("  {}{}", w.fill("explain.would", &values), self.clauses(&policy.cites)));
        }
    }

    /// Where the clauses that are named can be opened.
    fn tell_where(&self, lines: &mut Vec<String>) {
        let w = self.words();
        lines.push(String::new());
        lines.push(w.fill("explain.where", &[]));
        let named = self.named.take();
        for clause in self.judged.rulebook.clauses.iter().filter(|clause| named.contains(&clause.id.value)) {
            let page = clause_address(self.lang, self.judged.facts.fair, &clause.id.value);
            let values = [("place", clause.place.value.get(self.lang)), ("page", &page)];
            lines.push(format!("  {}", w.fill("explain.where-clause", &values)));
        }
    }

    /// The places of clauses in the document, in brackets.
    fn clauses(&self, cites: &[Spanned<String>]) -> String {
        let mut places: Vec<&str> = Vec::new();
        for cite in cites {
            self.named.borrow_mut().insert(cite.value.clone());
            let place = self.judged.rulebook.clause(&cite.value).place.value.get(self.lang);
            if !places.contains(&place) {
                places.push(place);
            }
        }
        let w = self.words();
        w.fill("explain.clauses", &[("places", &places.join(&w.fill("explain.list", &[])))])
    }

    fn place(&self, table: &str, row: Row) -> String {
        self.judged.facts.span(table, row).map(|span| self.files.at(span)).unwrap_or_default()
    }

    /// The rows of a table as ranges of row numbers, a line for each sheet.
    fn row_ranges(&self, table: &str, rows: &[Row]) -> Vec<String> {
        let w = self.words();
        let Some(sheets) = self.judged.facts.sheets.get(table) else { return Vec::new() };
        let mut lines = Vec::new();
        for (number, sheet) in (0u32..).zip(sheets) {
            let mut numbers: Vec<u32> = rows
                .iter()
                .filter(|row| row.sheet == number)
                .map(|row| self.files.row_number(sheet.cell_span(row.row, 0)))
                .collect();
            numbers.sort_unstable();
            numbers.dedup();
            if numbers.is_empty() {
                continue;
            }
            let mut ranges: Vec<(u32, u32)> = Vec::new();
            for number in numbers {
                match ranges.last_mut() {
                    Some((_, end)) if *end + 1 == number => *end = number,
                    _ => ranges.push((number, number)),
                }
            }
            let ranges: Vec<String> = ranges
                .iter()
                .map(|(start, end)| if start == end { start.to_string() } else { format!("{start}–{end}") })
                .collect();
            let file = self.files.at(sheet.span());
            lines.push(w.fill("explain.rows", &[("file", &file), ("rows", &ranges.join(", "))]));
        }
        lines
    }

    fn json(&self) -> String {
        let Judged { facts, rulebook, results } = self.judged;
        let explanation = self.explanation;
        let decision = &explanation.decision;
        let award = |number: Option<usize>| number.map(|number| rulebook.awards[number].id.value.as_str());
        let cites =
            |cites: &[Spanned<String>]| -> Vec<Value> { cites.iter().map(|cite| self.cite(cite)).collect() };
        let places =
            |table: &str, rows: &[Row]| rows.iter().map(|&row| self.place(table, row)).collect::<Vec<_>>();
        let rulings: Vec<Value> = explanation
            .rulings
            .iter()
            .map(|&number| {
                let ruling = &facts.rulings[number];
                let exhibitor = facts.exhibitors[ruling.exhibitor as usize].id.as_str();
                written_ruling(
                    ruling.date,
                    ruling.decides.name(),
                    exhibitor,
                    &ruling.authority,
                    &ruling.reason,
                )
            })
            .collect();
        let measures: Vec<Value> = explanation
            .measured
            .iter()
            .map(|measured| {
                let measure = &rulebook.measures[measured.measure];
                let buyers: Vec<Value> = measured
                    .buyers
                    .iter()
                    .map(|buyer| {
                        let matches: Vec<Value> = buyer
                            .matches
                            .iter()
                            .map(|&(invitation, attended, by)| {
                                json!({
                                    "by": match by { KeyKind::Code => "code", KeyKind::Company => "company", KeyKind::Email => "email" },
                                    "invitation": self.place("invitations", invitation),
                                    "attendance": self.place("attendance", attended),
                                })
                            })
                            .collect();
                        json!({"matches": matches, "attendance": places("attendance", &buyer.attended)})
                    })
                    .collect();
                json!({
                    "id": measure.id.value,
                    "value": decimal(&measured.value),
                    "clauses": cites(&measure.cites),
                    "invitations": places("invitations", &measured.invitations),
                    "buyers": buyers,
                })
            })
            .collect();
        let gates: Vec<Value> = explanation
            .gates
            .iter()
            .map(|finding| {
                let gate = &rulebook.gates[finding.gate];
                json!({
                    "id": gate.id.value,
                    "met": finding.met,
                    "stage": if finding.stage == Stage::Pool { "pool" } else { "award" },
                    "value": finding.value.as_ref().map(decimal),
                    "penalties": places("penalties", &finding.penalties),
                    "clauses": cites(&gate.cites),
                })
            })
            .collect();
        let indicators: Vec<Value> = explanation
            .indicators
            .iter()
            .map(|finding| {
                let indicator = &rulebook.indicators[finding.indicator];
                let scored = &finding.scored;
                json!({
                    "id": indicator.id.value,
                    "count": decimal(&scored.count),
                    "rank": scored.rank.as_ref().map(decimal),
                    "percent": scored.percent.as_ref().map(decimal),
                    "band": finding.band.map(|(from, until)| json!({"from": from, "until": until})),
                    "zero": scored.as_zero,
                    "points": decimal(&scored.points),
                    "weight": decimal(&indicator.weight.value.0),
                    "share": decimal(&finding.share),
                    "clauses": cites(&[&indicator.cites[..], &rulebook.scale(indicator).cites].concat()),
                })
            })
            .collect();
        let policies: serde_json::Map<String, Value> = results
            .choices
            .declared()
            .filter(|(name, _)| explanation.policies.contains(name))
            .map(|(name, choice)| (name.to_owned(), choice.into()))
            .collect();
        let measure_id = |count: Count| {
            let measure = count.measure(rulebook).expect("only what the rulebook counts is changed");
            &rulebook.measures[measure].id.value
        };
        let next = explanation.next.as_ref().map(|next| {
            let changes: Vec<Value> = next
                .changes
                .iter()
                .map(|change| {
                    json!({
                        "measure": measure_id(change.count),
                        "from": change.from,
                        "to": change.to,
                        "award": award(change.would),
                    })
                })
                .collect();
            let barred: Vec<&str> =
                next.barred.iter().map(|&gate| rulebook.gates[gate].id.value.as_str()).collect();
            json!({"award": award(Some(next.award)), "changes": changes, "barred": barred})
        });
        let hangs_on: Vec<Value> = explanation
            .hangs_on
            .iter()
            .map(|other| {
                json!({
                    "policy": other.policy,
                    "choice": other.choice,
                    "award": award(other.would),
                    "clauses": cites(&rulebook.policies[other.policy].cites),
                })
            })
            .collect();
        let object = json!({
            "format": "jinbang-explanation/1",
            "fair": facts.fair,
            "rulebook": {"id": rulebook.id, "version": rulebook.version, "sha256": rulebook.sha256},
            "rulings": rulings,
            "exhibitor": facts.exhibitors[explanation.exhibitor as usize].id,
            "standing": if decision.standing == Standing::Evaluated { "evaluated" } else { "outside" },
            "pool": decision.pool,
            "measures": measures,
            "gates": gates,
            "indicators": indicators,
            "score": decision.score.as_ref().map(decimal),
            "earned": award(decision.earned),
            "award": award(decision.award),
            "policies": policies,
            "next": next,
            "hangs-on": hangs_on,
            "summary": self.outcome(),
        });
        let mut text = serde_json::to_string_pretty(&object).expect("a value is always written");
        text.push('\n');
        text
    }
}

impl Telling<'_> {
    /// A clause with its place in the document, and where it can be opened.
    fn cite(&self, cite: &Spanned<String>) -> Value {
        let clause = self.judged.rulebook.clause(&cite.value);
        json!({
            "id": cite.value,
            "place": clause.place.value.get(self.lang),
            "page": clause_address(self.lang, self.judged.facts.fair, &cite.value),
        })
    }
}

fn by_key(by: KeyKind) -> &'static str {
    match by {
        KeyKind::Code => "explain.by-code",
        KeyKind::Company => "explain.by-company",
        KeyKind::Email => "explain.by-email",
    }
}
