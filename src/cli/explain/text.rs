//! The explanation of an award in words.

use std::collections::{BTreeMap, BTreeSet};

use super::ExplanationReport;
use crate::award::GateFinding;
use crate::cli::policy_status::{answered, policy_status};
use crate::data::Spanned;
use crate::fair::{DecidesFile, KeyKind, Row, RulingSubject};
use crate::lang::Lang;
use crate::project::Judged;
use crate::rulebook::{AwardId, Requirement, Stage, Which, decimal};
use crate::source::{Message, list, say};

impl ExplanationReport<'_> {
    /// All that is told, line by line.
    pub(super) fn text(&self) -> String {
        let Judged { facts, rulebook, .. } = self.judged;
        let exhibitor = &facts.exhibitors[self.explanation.exhibitor];
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
        lines.push(
            say!(
                "{fair} · {title}, version {version}",
                fair,
                title = rulebook.title.get(self.lang),
                version = rulebook.version
            )
            .text(self.lang),
        );
        if self.fair.demonstration {
            lines.push(
                say!("Demonstration data: every company, invitation and award is made up.").text(self.lang),
            );
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
        lines.push(String::new());
        lines.push(say!("What was counted").text(self.lang));
        for measured in &self.explanation.measured {
            let measure = &self.judged.rulebook.measures[measured.measure];
            let value = decimal(&measured.value);
            lines.push(format!(
                "  {}{}",
                say!(
                    "{title}: {value} {unit}",
                    title = measure.title.value.get(self.lang),
                    value,
                    unit = measure.unit.value.get(self.lang)
                )
                .text(self.lang),
                self.clauses(&measure.cites)
            ));
            if !self.rows {
                continue;
            }
            for rows in self.row_ranges("invitations", &measured.invitations) {
                lines.push(format!("      {rows}"));
            }
            for (number, buyer) in (1u32..).zip(&measured.buyers) {
                let rows = self.row_ranges("attendance", &buyer.attended).join(" · ");
                lines.push(format!("      {}", say!("buyer {number}: {rows}", number, rows).text(self.lang)));
                lines.extend(self.matches(&buyer.matches));
            }
        }
        if !self.rows {
            lines.push(format!("  {}", say!("to list the rows that counted, add `--rows`").text(self.lang)));
        }
    }

    /// A line for each invitation that matches a buyer: by which keys, and where the first of them is.
    fn matches(&self, matches: &[(Row, Row, KeyKind)]) -> Vec<String> {
        let facts = &self.judged.facts;
        let mut by_invitation: BTreeMap<Row, Vec<(KeyKind, Row)>> = BTreeMap::new();
        for &(invitation, attended, by) in matches {
            by_invitation.entry(invitation).or_default().push((by, attended));
        }
        let line = |(invitation, mut found): (Row, Vec<(KeyKind, Row)>)| {
            found.sort_unstable();
            let first = found[0].0;
            let kinds: BTreeSet<KeyKind> = found.iter().map(|(by, _)| *by).collect();
            let by = list(kinds.into_iter().map(in_words));
            // Of each row of the attendance the first key.
            let rows: BTreeMap<Row, KeyKind> = found.iter().rev().map(|(by, row)| (*row, *by)).collect();
            let attended = list(rows.iter().map(|(&row, &by)| self.at(facts.attendance_key_span(row, by))));
            format!(
                "        {}",
                say!(
                    "by {by}: {invitation} = {attended}",
                    by,
                    invitation = self.at(facts.invitation_key_span(invitation, first)),
                    attended
                )
                .text(self.lang)
            )
        };
        by_invitation.into_iter().map(line).collect()
    }

    fn tell_gates(&self, lines: &mut Vec<String>) {
        lines.push(String::new());
        lines.push(say!("Conditions").text(self.lang));
        for finding in &self.explanation.gates {
            let gate = &self.judged.rulebook.gates[finding.gate];
            let mark = if finding.met { "✓" } else { "✗" };
            let found = self.found(finding);
            let stage = match (finding.met, finding.stage) {
                (true, _) => String::new(),
                (false, Stage::Pool) => say!("; not evaluated").text(self.lang),
                (false, _) => say!("; the award is withheld").text(self.lang),
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
        let facts = &self.judged.facts;
        match (&self.judged.rulebook.gates[finding.gate].require.value, &finding.value) {
            (_, Some(value)) => say!(" ({value})", value = decimal(value)).text(self.lang),
            (Requirement::TookPart(fairs), _) => {
                let exhibitor = &facts.exhibitors[self.explanation.exhibitor];
                let asked = fairs
                    .iter()
                    .map(|which| match which {
                        Which::Current => facts.fair,
                        Which::Previous => facts.previous_fair,
                    })
                    .map(|fair| {
                        let mark = if exhibitor.fairs.contains(&fair) { "✓" } else { "✗" };
                        format!("{fair} {mark}")
                    });
                say!(" ({value})", value = list(asked)).text(self.lang)
            }
            _ => String::new(),
        }
    }

    fn tell_indicators(&self, lines: &mut Vec<String>) {
        let rulebook = &self.judged.rulebook;
        let decision = &self.explanation.decision;
        let Some(score) = &decision.score else { return };
        lines.push(String::new());
        lines.push(say!("Ranking among {pool} exhibitors", pool = decision.pool).text(self.lang));
        for finding in &self.explanation.indicators {
            let indicator = &rulebook.indicators[finding.indicator];
            let measure = &rulebook.measures[rulebook.measure(&indicator.measure.value)];
            let scored = &finding.scored;
            let shown = |number: &Option<_>| number.as_ref().map(decimal).unwrap_or_default();
            let band = match finding.band {
                Some((from, until)) => {
                    say!("band {from}–{until} %", from, until)
                }
                None => say!("no band"),
            };
            let band = if scored.as_zero { say!("a count of zero: {band}", band) } else { band };
            let told = say!(
                "{title}: {count}, rank {rank}, {percent} %, {band} → {points} points × {weight} % = {share}",
                title = measure.title.value.get(self.lang),
                count = decimal(&scored.count),
                rank = shown(&scored.rank),
                percent = shown(&scored.percent),
                band,
                points = decimal(&scored.points),
                weight = decimal(&indicator.weight.value.0),
                share = decimal(&finding.share),
            );
            let mut cites = indicator.cites.clone();
            cites.extend(rulebook.scale(indicator).cites.iter().cloned());
            lines.push(format!("  {}{}", told.text(self.lang), self.clauses(&cites)));
        }
        let awards = rulebook.awards.iter().map(|award| {
            let at_least = decimal(&award.at_least.value.0);
            say!("{award} from {score}", award = award.title.value.get(self.lang), score = at_least)
        });
        let cites: Vec<Spanned<String>> =
            rulebook.awards.iter().flat_map(|award| award.cites.clone()).collect();
        lines.push(format!(
            "  {}{}",
            say!("score {score} ({awards})", score = decimal(score), awards = list(awards)).text(self.lang),
            self.clauses(&cites)
        ));
    }

    /// The rulings that took part in the decision, each with who decided, and why.
    fn tell_rulings(&self, lines: &mut Vec<String>) {
        if self.explanation.rulings.is_empty() {
            return;
        }
        let facts = &self.judged.facts;
        lines.push(String::new());
        lines.push(say!("Rulings").text(self.lang));
        for &number in &self.explanation.rulings {
            let ruling = &facts.rulings[number];
            let written = &ruling.written;
            let subject = match written.subject() {
                RulingSubject::Exhibitor(exhibitor) => exhibitor,
                RulingSubject::Unlisted => String::new(),
                RulingSubject::Fields { table, fields } if fields.is_empty() => table,
                RulingSubject::Fields { table, fields } => {
                    format!("{table}.{}", list(fields).text(self.lang))
                }
                RulingSubject::Day(day) => day.to_string(),
            };
            lines.push(format!(
                "  {}",
                say!(
                    "{date}  {decides} {subject}, {authority}: {reason}",
                    date = ruling.date,
                    decides = decides(&written.decides.value),
                    subject,
                    authority = written.authority.value.get(self.lang),
                    reason = written.reason.value.get(self.lang)
                )
                .text(self.lang)
            ));
        }
    }

    fn tell_policies(&self, lines: &mut Vec<String>) {
        lines.push(String::new());
        lines.push(say!("Policy choices applied").text(self.lang));
        for (id, choice) in self.judged.results.choices.declared() {
            if !self.explanation.policies.contains(&id) {
                continue;
            }
            let (name, policy) = (id.name(), &self.judged.rulebook.policies[&id]);
            lines.push(format!(
                "  {name} = {choice} · {} · {}{}",
                answered(policy, choice, self.lang),
                policy_status(policy, self.lang),
                self.clauses(&policy.cites)
            ));
        }
    }

    /// What it would take to receive the next award.
    fn tell_next(&self, lines: &mut Vec<String>) {
        let rulebook = &self.judged.rulebook;
        let title = |award: AwardId| rulebook.awards[award].title.value.get(self.lang);
        lines.push(String::new());
        lines.push(say!("The next award").text(self.lang));
        let Some(next) = &self.explanation.next else {
            if let Some(award) = self.explanation.decision.award {
                lines.push(format!(
                    "  {}",
                    say!("{award} is the highest award", award = title(award)).text(self.lang)
                ));
            }
            return;
        };
        let award = title(next.award);
        if !next.barred.is_empty() {
            let gates = next.barred.iter();
            let gates = list(gates.map(|&gate| rulebook.gates[gate].title.value.get(self.lang)));
            lines.push(format!(
                "  {}",
                say!("the {award} cannot be reached while this condition is not met: {gates}", award, gates)
                    .text(self.lang)
            ));
        } else if next.changes.is_empty() {
            lines.push(format!(
                "  {}",
                say!("changing one count alone cannot reach the {award}", award).text(self.lang)
            ));
        }
        for change in &next.changes {
            let measure = change.count.measure(rulebook).expect("only what the rulebook counts is changed");
            let step = change.from.abs_diff(change.to);
            let by = match change.to > change.from {
                true => say!("{step} more", step),
                false => say!("{step} fewer", step),
            };
            let cites = self.clauses(&rulebook.measures[measure].cites);
            lines.push(format!(
                "  {}{cites}",
                say!(
                    "{award} with {title} {to} instead of {from} ({change}), all else equal",
                    award = title(change.would.unwrap_or(next.award)),
                    title = rulebook.measures[measure].title.value.get(self.lang),
                    from = change.from,
                    to = change.to,
                    change = by
                )
                .text(self.lang)
            ));
        }
    }

    /// The readings under which another award would be received.
    fn tell_hangs_on(&self, lines: &mut Vec<String>) {
        let rulebook = &self.judged.rulebook;
        lines.push(String::new());
        lines.push(say!("Policy choices that would change the decision").text(self.lang));
        if self.explanation.hangs_on.is_empty() {
            lines.push(format!(
                "  {}",
                say!("none: every other choice gives the same result").text(self.lang)
            ));
        }
        for other in &self.explanation.hangs_on {
            let policy = &rulebook.policies[&other.policy];
            let award = match other.would {
                Some(award) => Message::verbatim(rulebook.awards[award].title.value.get(self.lang)),
                None => say!("no award"),
            };
            lines.push(format!(
                "  {}{}",
                say!(
                    "{policy} = {choice} · {words}: {award}",
                    policy = other.policy.name(),
                    choice = other.choice,
                    words = answered(policy, other.choice, self.lang),
                    award
                )
                .text(self.lang),
                self.clauses(&policy.cites)
            ));
        }
    }

    /// Where the clauses that are named can be opened.
    fn tell_where(&self, lines: &mut Vec<String>) {
        lines.push(String::new());
        lines.push(say!("Clauses").text(self.lang));
        let named = self.named.take();
        for clause in self.judged.rulebook.clauses.iter().filter(|clause| named.contains(&clause.id.value)) {
            let page = self.judged.clause_address(self.lang, &clause.id.value);
            lines.push(format!(
                "  {}",
                say!("{place} · {page}", place = clause.place.value.get(self.lang), page).text(self.lang)
            ));
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
        say!("  [{places}]", places = list(places)).text(self.lang)
    }

    /// The rows of a table as ranges of row numbers, a line for each sheet.
    fn row_ranges(&self, table: &str, rows: &[Row]) -> Vec<String> {
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
            lines.push(say!("{file} rows {rows}", file, rows = ranges.join(", ")).text(self.lang));
        }
        lines
    }
}

fn in_words(by: KeyKind) -> Message {
    match by {
        KeyKind::Code => say!("invitation code"),
        KeyKind::Company => say!("company"),
        KeyKind::Email => say!("e-mail"),
    }
}

/// What a ruling does, before the name of that to which it does it.
fn decides(decides: &DecidesFile) -> Message {
    match decides {
        DecidesFile::StrikeOff(_) => say!("strikes off"),
        DecidesFile::Reinstate(_) => say!("reinstates"),
        DecidesFile::CorrectMatch(_) => say!("corrects a match of"),
        DecidesFile::ConfirmPenalty(_) => say!("confirms a penalty of"),
        DecidesFile::CorrectExhibitor(_) => say!("corrects the published details of"),
        DecidesFile::CorrectRecord(_) => say!("corrects a record,"),
        DecidesFile::AdmitInput(_) => say!("admits a new export of a table,"),
        DecidesFile::ProlongNotice(_) => say!("extends the notice to"),
        DecidesFile::RepeatNotice(_) => say!("repeats the notice from"),
    }
}
