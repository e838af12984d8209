//! `matches`: buyers who almost match an invitation, for a person to look at.

use std::process::ExitCode;

use serde_json::{Value, json};

use super::args::{Common, Matches, MatchesFormat};
use super::door::{Answer, read_project};
use super::terminal;
use crate::award::{NearMatch, near_matches};
use crate::fair::{FairFile, KeyKind, NearMissSearch, Nearness, Observers};
use crate::lang::Lang;
use crate::project::{Judged, judge_project};
use crate::source::{Failure, Files, Message, Span, say};

pub(super) fn run(common: &Common, command: &Matches) -> Result<ExitCode, Failure> {
    let Answer { files, mut report, value } =
        read_project(common, say!("reading the tables"), |report, files, _| {
            let mut search = NearMissSearch::default();
            let observers = Observers { facts: &mut search, inputs: &mut () };
            let found = judge_project(report, files, command.fair, &[], observers)?;
            Ok(found.filter(|_| !report.has_errors()).map(|(fair, judged)| {
                let misses = search.found();
                let matches = near_matches(&judged.facts, &judged.results.choices, &misses.found);
                (fair, judged, misses, matches)
            }))
        })?;
    report.keep_errors();
    terminal::print_report(&report, &files, common);
    let Some((fair, judged, misses, matches)) = value else { return Ok(terminal::status(&report)) };
    let shown = &matches[..matches.len().min(command.limit)];
    let matches_report = MatchesReport {
        fair: &fair,
        judged: &judged,
        files: &files,
        all: matches.len(),
        more: misses.more,
        matches: shown,
    };
    terminal::print(&match command.format {
        MatchesFormat::Text => matches_report.text(terminal::language(common.lang)),
        MatchesFormat::Json => matches_report.json(),
    })?;
    Ok(terminal::status(&report))
}

struct MatchesReport<'a> {
    fair: &'a FairFile,
    judged: &'a Judged,
    files: &'a Files,
    all: usize,
    more: u64,
    matches: &'a [NearMatch],
}

impl MatchesReport<'_> {
    fn text(&self, lang: Lang) -> String {
        let facts = &self.judged.facts;
        let fair = match &self.fair.short {
            Some(short) => short.value.get(lang).to_owned(),
            None => facts.fair.to_string(),
        };
        let mut lines = Vec::new();
        let (shown, all) = (self.matches.len(), self.all);
        lines.push(match self.all {
            0 => say!("{fair}: no near matches", fair).text(lang),
            _ => say!(
                "{fair}: near matches of buyers and invitations ({shown} of {all}); none is counted",
                fair,
                shown,
                all
            )
            .text(lang),
        });
        if self.more > 0 {
            lines.push(say!("found but not kept: {more}", more = self.more).text(lang));
        }
        for found in self.matches {
            let exhibitor = &facts.exhibitors[found.exhibitor];
            let name = match lang {
                Lang::ZH => &exhibitor.name_zh,
                _ => exhibitor.name_en.as_ref().unwrap_or(&exhibitor.name_zh),
            };
            let history = match found.new {
                true => say!("a new overseas buyer"),
                false => say!("a regular overseas buyer"),
            };
            lines.push(String::new());
            lines.push(
                say!("{exhibitor} {name} · {history}", exhibitor = exhibitor.id, name, history).text(lang),
            );
            for miss in &found.misses {
                let way = in_words(miss.nearness);
                let (invitation, attended) = self.places(miss.invitation, miss.attended, key(miss.nearness));
                lines.push(format!(
                    "  {}",
                    say!("{way}: {invitation} ≈ {attended}", way, invitation, attended).text(lang)
                ));
            }
        }
        lines.join("\n") + "\n"
    }

    fn json(&self) -> String {
        let facts = &self.judged.facts;
        let matches: Vec<Value> = self
            .matches
            .iter()
            .map(|found| {
                let ways: Vec<Value> = found
                    .misses
                    .iter()
                    .map(|miss| {
                        let (invitation, attended) =
                            self.places(miss.invitation, miss.attended, key(miss.nearness));
                        json!({"way": way(miss.nearness), "invitation": invitation, "attended": attended})
                    })
                    .collect();
                json!({
                    "exhibitor": facts.exhibitors[found.exhibitor].id,
                    "buyer": if found.new { "new" } else { "regular" },
                    "near": ways,
                })
            })
            .collect();
        let object = json!({
            "fair": facts.fair,
            "found": self.all,
            "not_kept": self.more,
            "matches": matches,
        });
        let mut text = serde_json::to_string_pretty(&object).expect("a value is always written");
        text.push('\n');
        text
    }

    /// The places of a key in an invitation and in a row of the attendance; the values are private, so that a person
    /// looks there.
    fn places(&self, invitation: u32, attended: u32, kind: KeyKind) -> (String, String) {
        let facts = &self.judged.facts;
        let at = |span: Option<Span>| span.map(|span| self.files.at(span)).unwrap_or_default();
        let invitation = facts.invitations[invitation as usize].row;
        let attended = facts.attendance.rows[attended as usize].row;
        (at(facts.invitation_key_span(invitation, kind)), at(facts.attendance_key_span(attended, kind)))
    }
}

/// The key that is almost equal.
fn key(nearness: Nearness) -> KeyKind {
    match nearness {
        Nearness::EmailOrder | Nearness::EmailSlip | Nearness::NameAndHost => KeyKind::Email,
        Nearness::CompanyForm | Nearness::CompanySlip => KeyKind::Company,
    }
}

fn in_words(nearness: Nearness) -> Message {
    match nearness {
        Nearness::EmailOrder => say!("the e-mail addresses have the same words in another order"),
        Nearness::EmailSlip => {
            say!("the e-mail addresses differ by one letter (changed, missing or swapped)")
        }
        Nearness::CompanyForm => {
            say!("the company names are the same apart from legal form and word order")
        }
        Nearness::NameAndHost => say!("the same person's name, and e-mail addresses at the same host"),
        Nearness::CompanySlip => {
            say!("the company names differ by one letter (changed, missing or swapped)")
        }
    }
}

/// The way in which two are near, as programs name it.
fn way(nearness: Nearness) -> &'static str {
    match nearness {
        Nearness::EmailOrder => "email-order",
        Nearness::EmailSlip => "email-slip",
        Nearness::CompanyForm => "company-form",
        Nearness::NameAndHost => "name-and-host",
        Nearness::CompanySlip => "company-slip",
    }
}
