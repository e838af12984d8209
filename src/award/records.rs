//! Subjects of a scheme that is judged on tables of its own.

use std::collections::BTreeMap;

use super::grant::{Subject, measure};
use crate::rulebook::{
    Choices, Exact, Measure, MeasureFrom, Requirement, Rounding, Rulebook, round_half_even, round_half_up,
};

/// Rows of a scheme's tables, each by column. Decimals are exact.
#[derive(Clone, Default, Debug)]
pub struct Records {
    /// Rows by table.
    pub tables: BTreeMap<String, Vec<BTreeMap<String, String>>>,
}

/// Makes the subjects of a scheme from its records, sorted by identifier. `number` turns the text of a
/// decimal column into a number.
pub fn subjects(
    rulebook: &Rulebook,
    choices: &Choices,
    records: &Records,
    number: &dyn Fn(&str) -> Option<Exact>,
) -> Vec<Subject> {
    let empty = Vec::new();
    let rows_of = |table: &str| records.tables.get(table).unwrap_or(&empty);
    let of_subject = |table: &str, id: &str| {
        let column = &rulebook.tables[table].subject.value;
        rows_of(table)
            .iter()
            .filter(|row| row.get(column).is_some_and(|value| value == id))
            .collect::<Vec<_>>()
    };
    let key = &rulebook.tables[&rulebook.subject].subject.value;
    let mut subjects: Vec<Subject> = Vec::new();
    for row in rows_of(&rulebook.subject) {
        let Some(id) = row.get(key) else { continue };
        let values = measure(rulebook, &|measure: &Measure| match &measure.from.value {
            MeasureFrom::Count { of, only } => {
                let count = of_subject(of, id).into_iter().filter(|row| is_among(row, only)).count();
                Exact::from_integer(i128::try_from(count).expect("a count fits i128"))
            }
            MeasureFrom::TrimmedMean { of, column, drop_high, drop_low, at_least_values, places } => {
                let mut values: Vec<Exact> =
                    of_subject(of, id).iter().filter_map(|row| number(row.get(column)?)).collect();
                values.sort_unstable();
                match values.len() < *at_least_values {
                    true => Exact::from_integer(0),
                    false => mean(&values[*drop_low..values.len() - drop_high], *places, choices.rounding),
                }
            }
            _ => Exact::from_integer(0),
        });
        let met = rulebook
            .gates
            .iter()
            .map(|gate| match &gate.require.value {
                Requirement::NoRow { of, only } => {
                    !of_subject(of, id).into_iter().any(|row| is_among(row, only))
                }
                _ => true,
            })
            .collect();
        let pool = rulebook.split_by.as_ref().and_then(|column| row.get(column)).cloned().unwrap_or_default();
        subjects.push(Subject { id: id.clone(), pool, values, met });
    }
    subjects.sort_by(|one, other| one.id.cmp(&other.id));
    subjects
}

fn is_among(row: &BTreeMap<String, String>, only: &BTreeMap<String, Vec<String>>) -> bool {
    only.iter().all(|(column, words)| row.get(column).is_some_and(|value| words.contains(value)))
}

/// The mean, made to a number of decimal places.
fn mean(values: &[Exact], places: u32, rounding: Rounding) -> Exact {
    let count = i128::try_from(values.len()).expect("a count fits i128");
    let mean: Exact = values.iter().sum::<Exact>() / Exact::from_integer(count);
    let scale = Exact::from_integer(10i128.pow(places));
    match rounding {
        Rounding::HalfUp => Exact::from_integer(round_half_up(&(mean * scale))) / scale,
        Rounding::HalfEven => Exact::from_integer(round_half_even(&(mean * scale))) / scale,
        Rounding::None => mean,
    }
}
