//! What `sensitivity` says, as text and as an object.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::award::{Alternative, Count, Margin, OpenPolicy, Part, Sensitivity, Verdict};
use crate::cli::policy_status::policy_status;
use crate::fair::{ExhibitorId, FairFile};
use crate::lang::Lang;
use crate::project::Judged;
use crate::rulebook::{AwardId, PolicyId};
use crate::source::{Message, phrases, say};

/// So many exhibitors are named under an alternative; all of them are in the page and in the object.
const NAMED: usize = 10;

/// What is told, and in which language.
pub(super) struct SensitivityReport<'a> {
    pub(super) fair: &'a FairFile,
    pub(super) judged: &'a Judged,
    pub(super) sensitivity: &'a Sensitivity,
    pub(super) lang: Lang,
}

/// An award before and after.
pub(super) type Step = (Option<AwardId>, Option<AwardId>);

/// How many exhibitors take which step, the highest award that is gained first.
pub(super) fn steps(changes: impl Iterator<Item = Step>) -> Vec<(Step, usize)> {
    let mut steps: BTreeMap<(usize, usize), (Step, usize)> = BTreeMap::new();
    for (award, would) in changes {
        let rank = |award: Option<AwardId>| award.map_or(usize::MAX, AwardId::place);
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

/// What stands above the policies of a verdict: its title, and what it means.
pub(super) fn verdict_words(verdict: Verdict) -> (Message, Message) {
    match verdict {
        Verdict::ToDecide => (
            say!("For the organiser to decide"),
            say!("These choices are assumed, and an alternative would change awards."),
        ),
        Verdict::CannotTell => {
            (say!("Cannot be determined"), say!("The tables lack the dates that these policies compare."))
        }
        Verdict::Stated => (
            say!("Stated in the text"),
            say!("An alternative would change awards; the text states the choice applied."),
        ),
        Verdict::Confirmed => (
            say!("Confirmed"),
            say!("An alternative would change awards; the organiser confirmed the choice applied."),
        ),
        Verdict::NoDifference => {
            (say!("No difference at this fair"), say!("No alternative would change an award."))
        }
        Verdict::OfProcedure => {
            (say!("Procedure only"), say!("These matter only once an exhibitor is struck off."))
        }
    }
}

/// A verdict as programs name it.
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

impl SensitivityReport<'_> {
    pub(super) fn fair_name(&self) -> String {
        match &self.fair.short {
            Some(short) => short.value.get(self.lang).to_owned(),
            None => self.judged.facts.fair.to_string(),
        }
    }

    /// The lines that say what was judged, by which rules.
    pub(super) fn heading(&self) -> Vec<String> {
        let Judged { facts, rulebook, results, .. } = self.judged;
        let mut lines = Vec::new();
        if self.fair.demonstration {
            lines.push(
                say!("Demonstration data: every company, invitation and award is made up.").text(self.lang),
            );
        }

        lines.push(
            say!(
                "{title}, version {version}, SHA-256 {sha256}",
                title = rulebook.title.get(self.lang),
                version = rulebook.version,
                sha256 = rulebook.sha256
            )
            .text(self.lang),
        );
        let (pool, exhibitors) = (results.pool, facts.exhibitors.len());
        lines
            .push(say!("{pool} of {exhibitors} exhibitors were evaluated", pool, exhibitors).text(self.lang));
        for (number, award) in AwardId::each(&rulebook.awards) {
            let count = results.received(number);
            lines.push(
                say!("{award}: {count}", award = award.title.value.get(self.lang), count).text(self.lang),
            );
        }
        lines
    }

    pub(super) fn policies(&self, verdict: Verdict) -> impl Iterator<Item = &OpenPolicy> {
        self.sensitivity.policies.iter().filter(move |policy| policy.verdict == verdict)
    }

    /// A choice in words.
    pub(super) fn choice_in_words(&self, policy: PolicyId, choice: &str) -> &str {
        let words = self.judged.rulebook.policies[&policy].choices.get(choice);
        words.map(|words| words.value.get(self.lang)).unwrap_or_default()
    }

    pub(super) fn award(&self, award: Option<AwardId>) -> String {
        match award {
            Some(award) => self.judged.rulebook.awards[award].title.value.get(self.lang).to_owned(),
            None => say!("no award").text(self.lang),
        }
    }

    pub(super) fn step(&self, (award, would): Step) -> String {
        say!("{from} → {to}", from = self.award(award), to = self.award(would)).text(self.lang)
    }

    /// How many exhibitors take which step, in words.
    pub(super) fn steps(&self, changes: impl Iterator<Item = Step>) -> String {
        let steps = steps(changes);
        let told = steps.iter().map(|&(step, count)| say!("{step}: {count}", step = self.step(step), count));
        match steps.is_empty() {
            true => say!("no award changes").text(self.lang),
            false => phrases(told).text(self.lang),
        }
    }

    pub(super) fn exhibitor(&self, number: ExhibitorId) -> (&str, &str) {
        let exhibitor = &self.judged.facts.exhibitors[number];
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
        margins.map(|margin| margin.exhibitor).collect::<BTreeSet<ExhibitorId>>().len()
    }

    /// How many decisions hang on one buyer, and how many on one invitation.
    pub(super) fn hanging(&self) -> [String; 2] {
        let buyer = say!(
            "{count} {count:exhibitor has an award, or has none|exhibitors have an award, or have none}, by one buyer",
            count = self.hanging_on(&[Count::New, Count::Regular])
        );
        let invitation = say!(
            "{count} {count:exhibitor has an award, or has none|exhibitors have an award, or have none}, by one invitation",
            count = self.hanging_on(&[Count::Invitations])
        );
        [buyer.text(self.lang), invitation.text(self.lang)]
    }

    pub(super) fn text(&self) -> String {
        let mut lines =
            vec![say!("What the awards depend on · {fair}", fair = self.fair_name()).text(self.lang)];
        lines.extend(self.heading());
        for verdict in VERDICTS {
            if self.policies(verdict).next().is_none() {
                continue;
            }
            lines.push(String::new());
            let (title, why) = verdict_words(verdict);
            lines.extend([title.text(self.lang), why.text(self.lang)]);
            for policy in self.policies(verdict) {
                self.tell_policy(&mut lines, policy);
            }
        }
        lines.push(String::new());
        lines.push(say!("Margins").text(self.lang));
        lines.push(
            say!("Awards that would change if one count were one higher or lower, all else equal.")
                .text(self.lang),
        );
        for (count, title) in self.counts() {
            for (more, words) in [(true, say!("one more")), (false, say!("one less"))] {
                let changes =
                    self.steps(self.margins(count, more).map(|margin| (margin.award, margin.would)));
                lines.push(format!("  {title} · {}: {changes}", words.text(self.lang)));
            }
        }
        for hanging in self.hanging() {
            lines.push(format!("  {hanging}"));
        }
        lines.join("\n") + "\n"
    }

    fn tell_policy(&self, lines: &mut Vec<String>, policy: &OpenPolicy) {
        let status = policy_status(&self.judged.rulebook.policies[&policy.policy], self.lang);
        lines.push(format!("  {} · {status}", policy.policy.name()));
        lines.push(format!("    {}", self.applied(policy)));
        for alternative in &policy.alternatives {
            lines.push(format!("    {}", self.instead(policy, alternative)));
            if !shows_outcome(policy.verdict) {
                continue;
            }
            lines.push(format!("      {}", self.outcome(alternative)));
            for change in alternative.changes.iter().take(NAMED) {
                let (id, name) = self.exhibitor(change.exhibitor);
                lines.push(format!("        {id}  {name}  {}", self.step((change.award, change.would))));
            }
            if alternative.changes.len() > NAMED {
                let more = alternative.changes.len() - NAMED;
                let more = say!("and {more} more (--format json names all)", more);
                lines.push(format!("        {}", more.text(self.lang)));
            }
        }
        for line in self.undated(policy) {
            lines.push(format!("    {line}"));
        }
    }

    /// The choice that is applied, in words.
    pub(super) fn applied(&self, policy: &OpenPolicy) -> String {
        let words = self.choice_in_words(policy.policy, policy.choice);
        say!("applied: {choice} · {words}", choice = policy.choice, words).text(self.lang)
    }

    /// Another choice, in words.
    pub(super) fn instead(&self, policy: &OpenPolicy, alternative: &Alternative) -> String {
        let words = self.choice_in_words(policy.policy, alternative.choice);
        say!("instead: {choice} · {words}", choice = alternative.choice, words).text(self.lang)
    }

    /// How many rows lack a date that a policy compares, a line for each table.
    pub(super) fn undated(&self, policy: &OpenPolicy) -> Vec<String> {
        let Some(undated) = policy.undated else { return Vec::new() };
        let told = |part: Part, all: fn(Part) -> Message, some: fn(Part) -> Message| match part.number {
            0 => None,
            _ if part.is_all() => Some(all(part).text(self.lang)),
            _ => Some(some(part).text(self.lang)),
        };
        let invitations = told(
            undated.invitations,
            |Part { of, .. }| say!("none of the {of} invitations has a date (`sent_on`)", of),
            |Part { number, of }| {
                say!(
                    "{number} of {of} invitations have no date (`sent_on`); they count as sent in time",
                    number,
                    of
                )
            },
        );
        let attendance = told(
            undated.attendance,
            |Part { of, .. }| say!("none of the {of} attendance rows has a day (`seen_on`)", of),
            |Part { number, of }| {
                say!("{number} of {of} attendance rows have no day (`seen_on`)", number, of)
            },
        );
        invitations.into_iter().chain(attendance).collect()
    }

    /// What an alternative would change, in a line.
    pub(super) fn outcome(&self, alternative: &Alternative) -> String {
        let changes = self.steps(alternative.changes.iter().map(|change| (change.award, change.would)));
        if alternative.pool == self.judged.results.pool {
            return changes;
        }
        say!("{changes}; {pool} evaluated", changes, pool = alternative.pool).text(self.lang)
    }

    pub(super) fn json(&self) -> String {
        let Judged { facts, rulebook, results, .. } = self.judged;
        let award = |number: Option<AwardId>| number.map(|number| rulebook.awards[number].id.value.as_str());
        let awards = |received: &dyn Fn(AwardId) -> usize| -> Map<String, Value> {
            let awards = AwardId::each(&rulebook.awards);
            awards.map(|(number, award)| (award.id.value.clone(), received(number).into())).collect()
        };
        let alternative = |alternative: &Alternative| {
            let changes: Vec<Value> = alternative
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
                "choice": alternative.choice,
                "pool": alternative.pool,
                "awards": awards(&|number| alternative.received[number]),
                "changes": changes,
            })
        };
        let policies: Vec<Value> = self
            .sensitivity
            .policies
            .iter()
            .map(|policy| {
                let declared = &rulebook.policies[&policy.policy];
                let cites: Vec<&str> = declared.cites.iter().map(|cite| cite.value.as_str()).collect();
                json!({
                    "policy": policy.policy.name(),
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
