//! What is proved of that which is looked at: tables, measures and gates.

use std::collections::BTreeMap;

use super::names::unknown_name;
use crate::data::Spanned;
use crate::rulebook::file::{Column, MeasureFrom, Requirement, SchemeTable};
use crate::rulebook::proved::{EXHIBITORS, Rulebook};
use crate::source::{Report, Span, code, say};

pub(super) fn prove_subject(
    report: &mut Report,
    rulebook: &Rulebook,
    subject: &Spanned<String>,
    split_by: Option<&Spanned<String>>,
) {
    let mut known: Vec<&str> = rulebook.tables.keys().map(String::as_str).collect();
    known.push(EXHIBITORS);
    unknown_name(report, subject, &say!("table"), &known);
    for table in rulebook.tables.values() {
        let columns: Vec<&str> = table.columns.keys().map(String::as_str).collect();
        if !unknown_name(report, &table.subject, &say!("column"), &columns)
            && table.columns[&table.subject.value] != Column::Id
        {
            report
                .error(
                    code::WRONG_COLUMN,
                    table.subject.span,
                    say!("`{subject}` is not a column of identifiers", subject = table.subject.value),
                )
                .hint(say!("declare it as `id`"));
        }
    }
    if let Some(column) = split_by {
        match rulebook.tables.get(&rulebook.subject) {
            Some(table) => {
                let columns: Vec<&str> = table.columns.keys().map(String::as_str).collect();
                unknown_name(report, column, &say!("column"), &columns);
            }
            None => {
                report
                    .error(code::WRONG_COLUMN, column.span, say!("the pool of exhibitors cannot be split"))
                    .hint(say!("`split_by` is for schemes with tables of their own"));
            }
        }
    }
}

/// Proves that a table and the columns and words looked for in it exist.
fn prove_rows(
    report: &mut Report,
    tables: &BTreeMap<String, SchemeTable>,
    span: Span,
    of: &str,
    only: &BTreeMap<String, Vec<String>>,
) -> bool {
    let names: Vec<&str> = tables.keys().map(String::as_str).collect();
    let name = Spanned { value: of.to_owned(), span };
    if unknown_name(report, &name, &say!("table"), &names) {
        return false;
    }
    let table = &tables[of];
    let columns: Vec<&str> = table.columns.keys().map(String::as_str).collect();
    let mut sound = true;
    for (column, words) in only {
        let name = Spanned { value: column.clone(), span };
        if unknown_name(report, &name, &say!("column"), &columns) {
            sound = false;
            continue;
        }
        match &table.columns[column] {
            Column::OneOf(known) => {
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                for word in words {
                    let word = Spanned { value: word.clone(), span };
                    sound &= !unknown_name(report, &word, &say!("word"), &known);
                }
            }
            Column::Id | Column::Decimal => {
                sound = false;
                report
                    .error(
                        code::WRONG_COLUMN,
                        span,
                        say!("the column `{column}` holds no words of a closed list", column),
                    )
                    .hint(say!("only a column declared as `one-of` can be asked for words"));
            }
        }
    }
    sound
}

pub(super) fn prove_measures(report: &mut Report, rulebook: &Rulebook) {
    let exhibitors = rulebook.judges_exhibitors();
    for (index, measure) in rulebook.measures.iter().enumerate() {
        let earlier: Vec<&str> = rulebook.measures[..index].iter().map(|m| m.id.value.as_str()).collect();
        let span = measure.from.span;
        let mut refer = |name: &String| {
            let name = Spanned { value: name.clone(), span };
            unknown_name(report, &name, &say!("earlier measure"), &earlier);
        };
        match &measure.from.value {
            MeasureFrom::Invitations(_) | MeasureFrom::OverseasBuyers(_) => {
                if !exhibitors {
                    report
                        .error(code::WRONG_MEASURE, span, say!("only exhibitors have invitations and buyers"))
                        .hint(say!(
                            "use `count`, `ratio`, `sum` or `trimmed-mean` on the tables of the scheme"
                        ));
                }
            }
            MeasureFrom::Ratio { of, to, .. } => {
                refer(of);
                refer(to);
            }
            MeasureFrom::Sum(parts) => {
                for part in parts {
                    refer(part);
                }
            }
            MeasureFrom::Count { of, only } => {
                prove_rows(report, &rulebook.tables, span, of, only);
            }
            MeasureFrom::TrimmedMean { of, column, drop_high, drop_low, at_least_values, .. } => {
                if !prove_rows(report, &rulebook.tables, span, of, &BTreeMap::new()) {
                    continue;
                }
                match rulebook.tables[of].columns.get(column) {
                    Some(Column::Decimal) => {}
                    _ => {
                        report
                            .error(
                                code::WRONG_COLUMN,
                                span,
                                say!("`{of}` has no column `{column}` of decimals", of, column),
                            )
                            .hint(say!("a mean is taken of a column declared as `decimal`"));
                    }
                }
                if drop_high + drop_low >= *at_least_values {
                    report
                        .error(code::BAD_NUMBER, span, say!("no value is left for the mean"))
                        .hint(say!("ask for more values than are left out"));
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
            Requirement::NoPenalty | Requirement::TookPart(_) if !rulebook.judges_exhibitors() => {
                report
                    .error(code::WRONG_GATE, span, say!("only exhibitors have penalties and fairs"))
                    .hint(say!("use `no-row` on a table of the scheme"));
            }
            Requirement::NoPenalty => {}
            Requirement::TookPart(fairs) => {
                if fairs.is_empty() {
                    report
                        .error(code::WRONG_GATE, span, say!("no fair is named"))
                        .hint(say!("name `current`, `previous` or both"));
                }
            }
            Requirement::NoRow { of, only } => {
                prove_rows(report, &rulebook.tables, span, of, only);
            }
        }
    }
}
