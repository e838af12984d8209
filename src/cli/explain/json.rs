//! The explanation of an award as an object.

use serde_json::{Value, json};

use super::ExplanationReport;
use crate::award::{Count, Standing, explained_ruling};
use crate::data::Spanned;
use crate::fair::{KeyKind, Row};
use crate::project::Judged;
use crate::rulebook::{AwardId, Stage, decimal};

impl ExplanationReport<'_> {
    /// The object, written.
    pub(super) fn json(&self) -> String {
        let Judged { facts, rulebook, results, .. } = self.judged;
        let explanation = self.explanation;
        let decision = &explanation.decision;
        let award = |number: Option<AwardId>| number.map(|number| rulebook.awards[number].id.value.as_str());
        let cites =
            |cites: &[Spanned<String>]| -> Vec<Value> { cites.iter().map(|cite| self.cite(cite)).collect() };
        let places =
            |table: &str, rows: &[Row]| rows.iter().map(|&row| self.place(table, row)).collect::<Vec<_>>();
        let rulings: Vec<Value> = explanation
            .rulings
            .iter()
            .map(|&number| explained_ruling(&facts.rulings[number].written))
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
                                    "invitation": self.at(facts.invitation_key_span(invitation, by)),
                                    "attendance": self.at(facts.attendance_key_span(attended, by)),
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
            .filter(|(policy, _)| explanation.policies.contains(policy))
            .map(|(policy, choice)| (policy.name().to_owned(), choice.into()))
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
                    "policy": other.policy.name(),
                    "choice": other.choice,
                    "award": award(other.would),
                    "clauses": cites(&rulebook.policies[&other.policy].cites),
                })
            })
            .collect();
        let object = json!({
            "format": "jinbang-explanation/1",
            "fair": facts.fair,
            "rulebook": {"id": rulebook.id, "version": rulebook.version, "sha256": rulebook.sha256},
            "rulings": rulings,
            "exhibitor": facts.exhibitors[explanation.exhibitor].id,
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

    /// A clause with its place in the document, and where it can be opened.
    fn cite(&self, cite: &Spanned<String>) -> Value {
        let clause = self.judged.rulebook.clause(&cite.value);
        json!({
            "id": cite.value,
            "place": clause.place.value.get(self.lang),
            "page": self.judged.clause_address(self.lang, &cite.value),
        })
    }
}
