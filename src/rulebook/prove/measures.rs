//! What is proved of that which is looked at: measures and gates.

use super::names::unknown_name;
use crate::data::Spanned;
use crate::rulebook::file::{MeasureFrom, Requirement};
use crate::rulebook::proved::Rulebook;
use crate::source::{Report, code, say};

pub(super) fn prove_measures(report: &mut Report, rulebook: &Rulebook) {
    for (index, measure) in rulebook.measures.iter().enumerate() {
        let earlier: Vec<&str> = rulebook.measures[..index].iter().map(|m| m.id.value.as_str()).collect();
        let span = measure.from.span;
        let mut refer = |name: &String| {
            let name = Spanned { value: name.clone(), span };
            unknown_name(report, &name, &say!("earlier measure"), &earlier);
        };
        match &measure.from.value {
            MeasureFrom::Invitations(_) | MeasureFrom::OverseasBuyers(_) => {}
            MeasureFrom::Ratio { of, to, .. } => {
                refer(of);
                refer(to);
            }
            MeasureFrom::Sum(parts) => {
                for part in parts {
                    refer(part);
                }
            }
        }
    }
}

pub(super) fn prove_gates(report: &mut Report, rulebook: &Rulebook) {
    let measures: Vec<&str> = rulebook.measures.iter().map(|measure| measure.id.value.as_str()).collect();
    for gate in &rulebook.gates {
        let span = gate.require.span;
        match &gate.require.value {
            Requirement::AtLeast { measure, .. } => {
                let name = Spanned { value: measure.clone(), span };
                unknown_name(report, &name, &say!("measure"), &measures);
            }
            Requirement::NoPenalty => {}
            Requirement::TookPart(fairs) => {
                if fairs.is_empty() {
                    report
                        .error(code::WRONG_GATE, span, say!("no fair given"))
                        .hint(say!("write `current`, `previous` or both"));
                }
            }
        }
    }
}
