//! `sensitivity`: which awards depend on which policy choice, and which are one count away.

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;

use serde_json::{Map, Value, json};

use super::args::{Common, PrintFormat, Sensitivity as Arguments};
use super::door::{Answer, judge_and_print_report};
use super::policy_status::policy_status;
use super::sensitivity_page::page;
use super::terminal;
use super::words::{Words, words};
use crate::award::{Count, Margin, OpenPolicy, Part, Reading, Sensitivity, Verdict, sensitivity};
use crate::fair::FairFile;
use crate::lang::Lang;
use crate::project::{Judged, write_office_page};
use crate::source::Failure;

pub(super) fn run(common: &Common, command: &Arguments) -> Result<ExitCode, Failure> {
    let Answer { files, report, value: judged } = judge_and_print_report(common, command.fair, &[])?;
    let Some((fair, judged)) = judged.filter(|_| !report.has_errors()) else {
        return Ok(terminal::status(&report));
    };
    let progress = terminal::progress(common, "progress.readings");
    let sensitivity = sensitivity(&judged.facts, &judged.rulebook, &judged.results);
    progress.finish_and_clear();
    let lang = terminal::language(common.lang);
    let telling = Telling { fair: &fair, judged: &judged, sensitivity: &sensitivity, lang };
    if let Some(path) = &command.html {
        write_office_page(&files, path, &page(&telling))?;
    }
    terminal::print(&match command.format {
        PrintFormat::Text => telling.text(),
        PrintFormat::Json => telling.json(),
    })?;
    Ok(terminal::status(&report))
}

/// So many exhibitors are named under a reading; all of them are in the page and in the object.
const NAMED: usize = 10;

/// What is told, to whom.
pub(super) struct Telling<'a> {
    pub(super) fair: &'a FairFile,
    pub(super) judged: &'a Judged,
    pub(super) sensitivity: &'a Sensitivity,
    pub(super) lang: Lang,
}

/// An award before and after.
pub(super) type Step = (Option<usize>, Option<usize>);

/// How many exhibitors take which step, the highest award that is gained first.
pub(super) fn steps(changes: impl Iterator<Item = Step>) -> Vec<(Step, usize)> {
    let mut steps: BTreeMap<(usize, usize), (Step, usize)> = BTreeMap::new();
    for (award, would) in changes {
        let rank = |award: Option<usize>| award.unwrap_or(usize::MAX);
        steps.entry((rank(would), rank(award))).or_insert(((award, would), 0)).1 += 1;
    }
    steps.into_values().collect()
}

/// The verdicts in the order in which they are told.
pub(super) const VERDICTS: [Verdict; 6] = [
    Verdict::ToDecide,
    Verdict::CannotTell,
    Verdict::Stated,
    Verdict::Confirmed,
    Verdict::NoDifference,
    Verdict::OfProcedure,
];

/// Whether it is told what the other choices change.
pub(super) fn shows_outcome(verdict: Verdict) -> bool {
    !matches!(verdict, Verdict::OfProcedure | Verdict::CannotTell)
}

/// A verdict as programs and catalogs name it.
pub(super) fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::ToDecide => "to-decide",
        Verdict::CannotTell => "cannot-tell",
        Verdict::Stated => "stated",
        Verdict::Confirmed => "confirmed",
        Verdict::NoDifference => "no-difference",
        Verdict::OfProcedure => "procedure",
    }
}

impl Telling<'_> {
    pub(super) fn words(&self) -> &'static Words {
        words(self.lang)
    }

    pub(super) fn fair_name(&self) -> String {
        match &self.fair.short {
            Some(short) => short.value.get(self.lang).to_owned(),
            None => self.judged.facts.fair.to_string(),
        }
    }

    /// The lines that say what was judged, by which rules.
    pub(super) fn heading(&self) -> Vec<String> {
        let Judged { facts, rulebook, results, .. } = self.judged;
        let w = self.words();
        let mut lines = Vec::new();
        if self.fair.demonstration {
            lines.push(w.fill("award.demonstration", &[]));
        }
        let version = rulebook.version.to_string();
        let title = rulebook.title.get(self.lang);
        let values = [("title", title), ("version", &version), ("sha256", &rulebook.sha256)];
        lines.push(w.fill("award.rulebook", &values));
        let [pool, exhibitors] = [results.pool, facts.exhibitors.len()].map(|count| count.to_string());
        lines.push(w.fill("award.pool", &[("pool", &pool), ("exhibitors", &exhibitors)]));
        for (number, award) in rulebook.awards.iter().enumerate() {
            let count = results.received(number).to_string();
            let values = [("award", award.title.value.get(self.lang)), ("count", &count)];
            lines.push(w.fill("award.received", &values));
        }
        lines
    }

    pub(super) fn policies(&self, verdict: Verdict) -> impl Iterator<Item = &OpenPolicy> {
        self.sensitivity.policies.iter().filter(move |policy| policy.verdict == verdict)
    }

    /// A reading in words.
    pub(super) fn reading(&self, policy: &str, choice: &str) -> &str {
        let words = self.judged.rulebook.policies[policy].choices.get(choice);
        words.map(|words| words.value.get(self.lang)).unwrap_or_default()
    }

    pub(super) fn award(&self, award: Option<usize>) -> String {
        match award {
            Some(award) => self.judged.rulebook.awards[award].title.value.get(self.lang).to_owned(),
            None => self.words().fill("sensitivity.no-award", &[]),
        }
    }

    pub(super) fn step(&self, (award, would): Step) -> String {
        let values = [("from", &*self.award(award)), ("to", &*self.award(would))];
        self.words().fill("sensitivity.step", &values)
    }

    /// How many exhibitors take which step, in words.
    pub(super) fn steps(&self, changes: impl Iterator<Item = Step>) -> String {
        let w = self.words();
        let steps: Vec<String> = steps(changes)
            .into_iter()
            .map(|(step, count)| {
                w.fill("sensitivity.steps", &[("step", &self.step(step)), ("count", &count.to_string())])
            })
            .collect();
        match steps.is_empty() {
            true => w.fill("sensitivity.nothing-changes", &[]),
            false => steps.join(&w.fill("sensitivity.list", &[])),
        }
    }

    pub(super) fn exhibitor(&self, number: u32) -> (&str, &str) {
        let exhibitor = &self.judged.facts.exhibitors[number as usize];
        let name = match (self.lang, &exhibitor.name_en) {
            (Lang::ZH, _) | (_, None) => exhibitor.name_zh.as_str(),
            (_, Some(name)) => name.as_str(),
        };
        (&exhibitor.id, name)
    }

    /// What the rulebook counts, with its title.
    pub(super) fn counts(&self) -> Vec<(Count, &str)> {
        let rulebook = &self.judged.rulebook;
        let title = |count: Count| {
            Some((count, rulebook.measures[count.measure(rulebook)?].title.value.get(self.lang)))
        };
        Count::ALL.into_iter().filter_map(title).collect()
    }

    /// The awards that change when a count is one more, or one less.
    pub(super) fn margins(&self, count: Count, more: bool) -> impl Iterator<Item = &Margin> {
        let margins = self.sensitivity.margins.iter();
        margins.filter(move |margin| margin.count == count && (margin.to > margin.from) == more)
    }

    /// How many exhibitors hang on one of these counts.
    fn hanging_on(&self, counts: &[Count]) -> usize {
        let margins = self.sensitivity.margins.iter().filter(|margin| counts.contains(&margin.count));
        margins.map(|margin| margin.exhibitor).collect::<BTreeSet<u32>>().len()
    }

    /// How many decisions hang on one buyer, and how many on one invitation.
    pub(super) fn hanging(&self) -> [String; 2] {
        let w = self.words();
        let buyer = self.hanging_on(&[Count::New, Count::Regular]).to_string();
        let invitation = self.hanging_on(&[Count::Invitations]).to_string();
        [
            w.fill("sensitivity.one-buyer", &[("n", &buyer)]),
            w.fill("sensitivity.one-invitation", &[("n", &invitation)]),
        ]
    }

    fn text(&self) -> String {
        let w = self.words();
        let mut lines = vec![w.fill("sensitivity.title", &[("fair", &self.fair_name())])];
        lines.extend(self.heading());
        for verdict in VERDICTS {
            let name = verdict_name(verdict);
            if self.policies(verdict).next().is_none() {
                continue;
            }
            lines.push(String::new());
            lines.push(w.fill(&format!("sensitivity.{name}"), &[]));
            lines.push(w.fill(&format!("sensitivity.{name}-why"), &[]));
            for policy in self.policies(verdict) {
                self.tell_policy(&mut lines, policy);
            }
        }
        lines.push(String::new());
        lines.push(w.fill("sensitivity.margins", &[]));
        lines.push(w.fill("sensitivity.margins-why", &[]));
        for (count, title) in self.counts() {
            for (more, word) in [(true, "sensitivity.one-more"), (false, "sensitivity.one-less")] {
                let changes =
                    self.steps(self.margins(count, more).map(|margin| (margin.award, margin.would)));
                lines.push(format!("  {title} · {}: {changes}", w.fill(word, &[])));
            }
        }
        for hanging in self.hanging() {
            lines.push(format!("  {hanging}"));
        }
        lines.join("\n") + "\n"
    }

    fn tell_policy(&self, lines: &mut Vec<String>, policy: &OpenPolicy) {
        let w = self.words();
        let told = |key: &str, choice: &str| {
            w.fill(key, &[("choice", choice), ("words", self.reading(policy.name, choice))])
        };
        let status = policy_status(&self.judged.rulebook.policies[policy.name], self.lang);
        lines.push(format!("  {} · {status}", policy.name));
        lines.push(format!("    {}", told("sensitivity.applied", policy.choice)));
        for reading in &policy.alternatives {
            lines.push(format!("    {}", told("sensitivity.instead", reading.choice)));
            if !shows_outcome(policy.verdict) {
                continue;
            }
            lines.push(format!("      {}", self.outcome(reading)));
            for change in reading.changes.iter().take(NAMED) {
                let (id, name) = self.exhibitor(change.exhibitor);
                lines.push(format!("        {id}  {name}  {}", self.step((change.award, change.would))));
            }
            if reading.changes.len() > NAMED {
                let more = (reading.changes.len() - NAMED).to_string();
                lines.push(format!("        {}", w.fill("sensitivity.more", &[("n", &more)])));
            }
        }
        for line in self.undated(policy) {
            lines.push(format!("    {line}"));
        }
    }

    /// How many rows lack a date that a policy compares, a line for each table.
    pub(super) fn undated(&self, policy: &OpenPolicy) -> Vec<String> {
        let Some(undated) = policy.undated else { return Vec::new() };
        let parts = [("invitations", undated.invitations), ("attendance", undated.attendance)];
        let lacking = parts.into_iter().filter(|(_, part)| part.number > 0);
        let line = |(table, part): (&str, Part)| {
            let [number, of] = [part.number, part.of].map(|count| count.to_string());
            let which = if part.is_all() { "all" } else { "some" };
            let values = [("n", number.as_str()), ("number", &number), ("of", &of)];
            self.words().fill(&format!("sensitivity.undated-{table}-{which}"), &values)
        };
        lacking.map(line).collect()
    }

    /// What a reading would change, in a line.
    pub(super) fn outcome(&self, reading: &Reading) -> String {
        let w = self.words();
        let changes = self.steps(reading.changes.iter().map(|change| (change.award, change.would)));
        if reading.pool == self.judged.results.pool {
            return changes;
        }
        w.fill("sensitivity.pool", &[("changes", &changes), ("pool", &reading.pool.to_string())])
    }

    fn json(&self) -> String {
        let Judged { facts, rulebook, results, .. } = self.judged;
        let award = |number: Option<usize>| number.map(|number| rulebook.awards[number].id.value.as_str());
        let awards = |received: &dyn Fn(usize) -> usize| -> Map<String, Value> {
            let awards = rulebook.awards.iter().enumerate();
            awards.map(|(number, award)| (award.id.value.clone(), received(number).into())).collect()
        };
        let alternative = |reading: &Reading| {
            let changes: Vec<Value> = reading
                .changes
                .iter()
                .map(|change| {
                    json!({
                        "exhibitor": self.exhibitor(change.exhibitor).0,
                        "award": award(change.award),
                        "would": award(change.would),
                    })
                })
                .collect();
            json!({
                "choice": reading.choice,
                "pool": reading.pool,
                "awards": awards(&|number| reading.received[number]),
                "changes": changes,
            })
        };
        let policies: Vec<Value> = self
            .sensitivity
            .policies
            .iter()
            .map(|policy| {
                let declared = &rulebook.policies[policy.name];
                let cites: Vec<&str> = declared.cites.iter().map(|cite| cite.value.as_str()).collect();
                json!({
                    "policy": policy.name,
                    "choice": policy.choice,
                    "status": declared.status.value.name(),
                    "verdict": verdict_name(policy.verdict),
                    "undated": policy.undated.map(|undated| json!({
                        "invitations": {"number": undated.invitations.number, "of": undated.invitations.of},
                        "attendance": {"number": undated.attendance.number, "of": undated.attendance.of},
                    })),
                    "clauses": cites,
                    "alternatives": match policy.verdict {
                        Verdict::CannotTell => Vec::new(),
                        _ => policy.alternatives.iter().map(alternative).collect(),
                    },
                })
            })
            .collect();
        let margins: Vec<Value> = self
            .sensitivity
            .margins
            .iter()
            .map(|margin| {
                let measure =
                    margin.count.measure(rulebook).expect("only what the rulebook counts is changed");
                json!({
                    "exhibitor": self.exhibitor(margin.exhibitor).0,
                    "measure": rulebook.measures[measure].id.value,
                    "from": margin.from,
                    "to": margin.to,
                    "award": award(margin.award),
                    "would": award(margin.would),
                })
            })
            .collect();
        let object = json!({
            "format": "jinbang-sensitivity/1",
            "fair": facts.fair,
            "rulebook": {"id": rulebook.id, "version": rulebook.version, "sha256": rulebook.sha256},
            "pool": results.pool,
            "awards": awards(&|number| results.received(number)),
            "policies": policies,
            "hanging": {
                "one-buyer": self.hanging_on(&[Count::New, Count::Regular]),
                "one-invitation": self.hanging_on(&[Count::Invitations]),
            },
            "margins": margins,
        });
        let mut text = serde_json::to_string_pretty(&object).expect("a value is always written");
        text.push('\n');
        text
    }
}
