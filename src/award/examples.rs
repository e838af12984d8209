//! The worked examples of a rulebook, proved.

use super::grant::{Decision, Subject, decide, measure};
use crate::rulebook::{Exact, Example, Measure, Rulebook, decimal};
use crate::source::{Message, Report, code, say};

/// Judges every example by the rulebook that gives it, and reports where something else comes out. Returns
/// the decisions, for each example in the order of its subjects.
pub fn prove_examples(report: &mut Report, rulebook: &Rulebook) -> Vec<Vec<Decision>> {
    let mut all = Vec::new();
    for example in &rulebook.examples {
        let decisions = decide(rulebook, &rulebook.choices, &subjects(rulebook, example));
        for (subject, decision) in example.subjects.iter().zip(&decisions) {
            let expected_score = subject.value.score.map(|score| score.0);
            if expected_score != decision.score {
                let show = |score: Option<Exact>| match score {
                    Some(score) => Message::verbatim(decimal(&score)),
                    None => say!("no score"),
                };
                report
                    .error(
                        code::EXAMPLE_WRONG,
                        subject.span,
                        say!(
                            "`{subject}` scores {score}, not {expected}",
                            subject = subject.value.name,
                            score = show(decision.score),
                            expected = show(expected_score)
                        ),
                    )
                    .hint(say!("correct the example, or the rule if the example is right"));
                continue;
            }
            let award = decision.award.map(|award| rulebook.awards[award].id.value.as_str());
            if award != subject.value.award.as_deref() {
                let name = &subject.value.name;
                let receives = match award {
                    Some(award) => say!("`{subject}` receives {award}", subject = name, award),
                    None => say!("`{subject}` receives no award", subject = name),
                };
                report
                    .error(code::EXAMPLE_WRONG, subject.span, receives)
                    .hint(say!("correct the example, or the rule if the example is right"));
            }
        }
        all.push(decisions);
    }
    all
}

/// The subjects of an example. Gates that ask for something else than a measure are met.
fn subjects(rulebook: &Rulebook, example: &Example) -> Vec<Subject> {
    let value = |measure: &Measure, given: &[crate::rulebook::Number]| {
        let place =
            rulebook.indicators.iter().position(|indicator| indicator.measure.value == measure.id.value);
        place.and_then(|place| given.get(place)).map_or(Exact::from_integer(0), |number| number.0)
    };
    let subject = |subject: &crate::rulebook::ExampleSubject| Subject {
        values: measure(rulebook, &|measure| value(measure, &subject.values)),
        met: vec![true; rulebook.gates.len()],
    };
    example.subjects.iter().map(|spanned| subject(&spanned.value)).collect()
}
