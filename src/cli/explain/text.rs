//! The explanation of an award in words.

use std::collections::{BTreeMap, BTreeSet};

use super::Telling;
use crate::award::GateFinding;
use crate::cli::policy_status::policy_status;
use crate::data::Spanned;
use crate::fair::{KeyKind, Row, RulingSubject};
use crate::lang::Lang;
use crate::project::Judged;
use crate::rulebook::{Requirement, Stage, Which, decimal};

impl Telling<'_> {
    /// All that is told, line by line.
    pub(super) fn text(&self) -> String {
        let Judged { facts, rulebook, .. } = self.judged;
        let exhibitor = &facts.exhibitors[self.explanation.exhibitor as usize];
        let w = self.words();
        let mut lines = Vec::new();
        let name = match (self.lang, &exhibitor.name_en) {
            (Lang::ZH, _) | (_, None) => exhibitor.name_zh.as_str(),
            (_, Some(name)) => name.as_str(),
        };
        lines.push(format!("{}  {name}", exhibitor.id));
        lines.push(format!("→ {}", self.outcome()));
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
        self.tell_gates(&mut lines);
        self.tell_indicators(&mut lines);
        self.tell_measures(&mut lines);
        self.tell_policies(&mut lines);
        self.tell_rulings(&mut lines);
        self.tell_next(&mut lines);
        self.tell_hangs_on(&mut lines);
        self.tell_where(&mut lines);
        lines.join("\n") + "\n"
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
            if !self.rows {
                continue;
            }
            for rows in self.row_ranges("invitations", &measured.invitations) {
                lines.push(format!("      {rows}"));
            }
            for (number, buyer) in (1..).zip(&measured.buyers) {
                let rows = self.row_ranges("attendance", &buyer.attended).join(" · ");
                lines.push(format!(
                    "      {}",
                    w.fill("explain.buyer", &[("number", &number.to_string()), ("rows", &rows)])
                ));
                lines.extend(self.matches(&buyer.matches));
            }
        }
        if !self.rows {
            lines.push(format!("  {}", w.fill("explain.rows-on-demand", &[])));
        }
    }

    /// A line for each invitation that matches a buyer: by which keys, and where the first of them is.
    fn matches(&self, matches: &[(Row, Row, KeyKind)]) -> Vec<String> {
        let w = self.words();
        let facts = &self.judged.facts;
        let list = w.fill("explain.list", &[]);
        let mut by_invitation: BTreeMap<Row, Vec<(KeyKind, Row)>> = BTreeMap::new();
        for &(invitation, attended, by) in matches {
            by_invitation.entry(invitation).or_default().push((by, attended));
        }
        let line = |(invitation, mut found): (Row, Vec<(KeyKind, Row)>)| {
            found.sort_unstable();
            let first = found[0].0;
            let kinds: BTreeSet<KeyKind> = found.iter().map(|(by, _)| *by).collect();
            let kinds: Vec<String> = kinds.into_iter().map(|by| w.fill(by_key(by), &[])).collect();
            // Of each row of the attendance the first key.
            let rows: BTreeMap<Row, KeyKind> = found.iter().rev().map(|(by, row)| (*row, *by)).collect();
            let attended: Vec<String> =
                rows.iter().map(|(&row, &by)| self.at(facts.attendance_key_span(row, by))).collect();
            let values = [
                ("by", kinds.join(&list)),
                ("invitation", self.at(facts.invitation_key_span(invitation, first))),
                ("attended", attended.join(&list)),
            ];
            let values: Vec<(&str, &str)> =
                values.iter().map(|(name, value)| (*name, value.as_str())).collect();
            format!("        {}", w.fill("explain.match", &values))
        };
        by_invitation.into_iter().map(line).collect()
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
            let penalties = if self.rows { &finding.penalties[..] } else { &[] };
            for rows in self.row_ranges("penalties", penalties) {
                lines.push(format!("      {rows}"));
            }
        }
    }

    /// What was found at a gate: the count, or the fairs at which the exhibitor was.
    fn found(&self, finding: &GateFinding) -> String {
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
            let written = &ruling.written;
            let subject = match written.subject() {
                RulingSubject::Exhibitor(exhibitor) => exhibitor,
                RulingSubject::Unlisted => String::new(),
                RulingSubject::Fields { table, fields } if fields.is_empty() => table,
                RulingSubject::Fields { table, fields } => {
                    format!("{table}.{}", fields.join(&w.fill("explain.list", &[])))
                }
                RulingSubject::Day(day) => day.to_string(),
            };
            let values = [
                ("date", ruling.date.to_string()),
                ("decides", w.fill(&format!("explain.{}", ruling.name()), &[])),
                ("subject", subject),
                ("authority", written.authority.value.get(self.lang).to_owned()),
                ("reason", written.reason.value.get(self.lang).to_owned()),
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
                "  {name} = {choice} · {} · {}{}",
                words_of(choice).unwrap_or_default(),
                policy_status(policy, self.lang),
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
            let page = self.judged.clause_address(self.lang, &clause.id.value);
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
}

fn by_key(by: KeyKind) -> &'static str {
    match by {
        KeyKind::Code => "explain.by-code",
        KeyKind::Company => "explain.by-company",
        KeyKind::Email => "explain.by-email",
    }
}
