//! The fields that decide awards: every sheet has them, or the fair says that it has not.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::given::Given;
use crate::data::{Field, FieldRead, SheetRead, Source, TableShape, matching_files, yaml_scalar as scalar};
use crate::fair::KeyKind;
use crate::fair::config::Penalties;
use crate::fair::facts::Facts;
use crate::fair::tables::{ATTENDANCE, EXHIBITORS, INVITATIONS, PENALTIES, ZONE_SHAPES};
use crate::source::{Failure, Report, code, list, say};

/// Reports every sheet that lacks a field by which the rulebook in force decides, and prints the `sources` that would
/// be accepted. A column without a value is as good as none.
pub(super) fn check_deciding_fields(
    report: &mut Report,
    given: &Given<'_>,
    facts: &Facts,
) -> Result<(), Failure> {
    let mut lacking = Lacking::new();
    for (shape, _) in given.tables() {
        let sheets = facts.sheets.get(shape.name).map(Vec::as_slice).unwrap_or_default();
        for (number, sheet) in sheets.iter().enumerate() {
            let fields = lacking_fields(given, shape, sheets, sheet);
            if !fields.is_empty() {
                lacking.insert((shape.name, number), fields);
            }
        }
    }
    for (shape, _) in given.tables().filter(|(shape, _)| shape.name != PENALTIES.name) {
        let sheets = facts.sheets.get(shape.name).map(Vec::as_slice).unwrap_or_default();
        let has_rows =
            |sheet: &SheetRead| sheet.account.used + sheet.account.refused + sheet.account.skipped > 0;
        if !sheets.iter().any(has_rows) {
            continue;
        }
        // Workbooks come with empty sheets; one with headings is meant to hold rows.
        let is_meant = |sheet: &SheetRead| !sheet.is_workbook() || sheet.account.headings > 0;
        for sheet in sheets.iter().filter(|sheet| !has_rows(sheet) && is_meant(sheet)) {
            let place = given.files.at(sheet.span());
            report
                .error(
                    code::SHEET_WITHOUT_ROWS,
                    sheet.span(),
                    say!(
                        "`{place}` has no rows, although the rest of `{table}` has",
                        place,
                        table = shape.name
                    ),
                )
                .hint(say!("export it again; if there is nothing to export, remove it from `sources`"));
        }
    }
    let lacks_penalties = match &given.sources.penalties {
        None => true,
        Some(Penalties::None) => false,
        Some(Penalties::Tables(sources)) => sources.is_empty(),
    };
    if lacks_penalties && given.fair.complete {
        let sources = given.fair.sources.as_ref().map(|sources| sources.span);
        report
            .error(code::PENALTIES_UNSAID, sources, say!("`sources` does not say where the penalties are"))
            .hint(say!("name the table under `penalties`, or write `penalties: none` if there are none"));
    }
    let mut block = match lacking.is_empty() || !given.fair.complete {
        true => None,
        false => Some(accepted_sources(given, facts, &lacking)?),
    };
    for (&(table, number), fields) in &lacking {
        let sheet = &facts.sheets[table][number];
        let names = || fields.iter().map(|field| field.name);
        let message = say!(
            "`{place}` has no values for {fields}, which the award rules need",
            fields = list(names()),
            place = given.files.at(sheet.span())
        );
        let draft = report.error(code::DECIDING_FIELD, sheet.span(), message);
        let draft = match sheet.unused.is_empty() {
            true => draft,
            false => draft.hint(say!(
                "first check whether one of the unused columns is the right one: {unused}",
                unused = list(&sheet.unused)
            )),
        };
        let draft = draft
            .hint(say!(
                "if the column has another heading, name it: `columns: {{{field}: …}}`",
                field = fields[0].name
            ))
            .hint(say!(
                "if there is no such column and that is right: `absent: [{fields}]`",
                // It is pasted: the comma is that of YAML, in every language.
                fields = names().collect::<Vec<&str>>().join(", ")
            ));
        if let Some(block) = block.take() {
            draft.hint(say!("to declare everything that is missing as absent, write:\n{block}", block));
        }
    }
    check_keys(report, given, facts);
    Ok(())
}

/// By table and number of the sheet, the fields that it lacks.
type Lacking = BTreeMap<(&'static str, usize), Vec<&'static Field>>;

/// The fields of a sheet that decide and are neither there, nor set, nor said to be absent.
fn lacking_fields(
    given: &Given<'_>,
    shape: &'static TableShape,
    sheets: &[SheetRead],
    sheet: &SheetRead,
) -> Vec<&'static Field> {
    if sheet.account.used == 0 {
        return Vec::new();
    }
    let decides = |field: &Field| given.demands.deciding.contains(&(shape.name, field.name));
    let numbered = shape.fields.iter().enumerate().filter(|(_, field)| decides(field) && !field.required);
    let lacks = |number: usize, name: &str| match sheet.field(number) {
        FieldRead::Missing => true,
        FieldRead::SaidAbsent | FieldRead::Set => false,
        // That no sheet has a value for a kind of keys is common: buyers seldom bring the code of their letter.
        FieldRead::Column { filled, .. } => !(*filled || is_key(name) && is_empty(sheets, number)),
    };
    numbered.filter(|(number, field)| lacks(*number, field.name)).map(|(_, field)| field).collect()
}

fn is_key(field: &str) -> bool {
    key_fields().any(|(_, name)| name == field)
}

/// The kinds of keys, with the names of their fields.
fn key_fields() -> impl Iterator<Item = (KeyKind, &'static str)> {
    KeyKind::ALL.into_iter().zip(["code", "company", "email"])
}

/// Whether no sheet has a value for a field.
fn is_empty(sheets: &[SheetRead], field: usize) -> bool {
    sheets.iter().all(|sheet| match sheet.field(field) {
        FieldRead::Missing | FieldRead::SaidAbsent => true,
        FieldRead::Set => false,
        FieldRead::Column { filled, .. } => !filled,
    })
}

/// Warns of kinds of keys of which a table has no value; where no kind has values in both tables, nobody can match.
fn check_keys(report: &mut Report, given: &Given<'_>, facts: &Facts) {
    let decides = |name: &str| given.demands.deciding.contains(&(ATTENDANCE.name, name));
    let sheets = |shape: &TableShape| facts.sheets.get(shape.name).map(Vec::as_slice).unwrap_or_default();
    let has_rows = |shape| sheets(shape).iter().any(|sheet| sheet.account.used > 0);
    if !has_rows(&INVITATIONS) || !has_rows(&ATTENDANCE) {
        return;
    }
    let mut any = false;
    let mut reported = Vec::new();
    for (_, name) in key_fields().filter(|(_, name)| decides(name)) {
        let mut both = true;
        for shape in [&INVITATIONS, &ATTENDANCE] {
            let field = shape.field(name).expect("both tables have all kinds of keys");
            let sheets = sheets(shape);
            let empty = is_empty(sheets, field);
            both &= !empty;
            let is_column = |sheet: &&SheetRead| matches!(sheet.field(field), FieldRead::Column { .. });
            if let Some(sheet) = sheets.iter().find(is_column).filter(|_| empty) {
                reported.push((shape.name, name, sheet.column_span(field)));
            }
        }
        any |= both;
    }
    if !any && !report.has_errors() {
        let sources = given.fair.sources.as_ref().map(|sources| sources.span);
        report
            .error(
                code::NO_COMMON_KEY,
                sources,
                say!("neither code, company nor e-mail has values in both `invitations` and `attendance`: no buyer can be matched"),
            )
            .hint(say!("name the right columns with `columns`"));
        return;
    }
    for (table, name, span) in reported {
        report
            .warning(
                code::KEY_WITHOUT_VALUES,
                span,
                say!(
                    "no row of `{table}` has a value for `{field}`: no buyer is matched by it",
                    table,
                    field = name
                ),
            )
            .hint(say!("if that is right: `absent: [{field}]`", field = name));
    }
}

/// The block `sources` in which everything that is lacking is said to be absent. A source of which only some sheets
/// lack a field is written file by file, and a file of which only some do, sheet by sheet; a file that could not be read
/// stays among them.
fn accepted_sources(given: &Given<'_>, facts: &Facts, lacking: &Lacking) -> Result<String, Failure> {
    let mut block = String::from("sources:");
    let shapes: [&TableShape; 4] = [&EXHIBITORS, &INVITATIONS, &ATTENDANCE, &PENALTIES];
    let zone = ZONE_SHAPES.into_iter().filter(|shape| !given.sources.of(shape.name).is_empty());
    for shape in shapes.into_iter().chain(zone) {
        if shape.name == PENALTIES.name && !matches!(given.sources.penalties, Some(Penalties::Tables(_))) {
            block.push_str("\n  penalties: none");
            continue;
        }
        let _ = write!(block, "\n  {}:", shape.name);
        let sheets = facts.sheets.get(shape.name).map(Vec::as_slice).unwrap_or_default();
        for (number, source) in given.sources.of(shape.name).iter().enumerate() {
            let inputs: Vec<usize> =
                (0..sheets.len()).filter(|&sheet| sheets[sheet].source == number).collect();
            let absent = |sheet: usize| {
                let fields = lacking.get(&(shape.name, sheet)).map(Vec::as_slice).unwrap_or_default();
                fields.iter().map(|field| field.name).collect::<Vec<&str>>()
            };
            let alike = |inputs: &[usize]| inputs.windows(2).all(|pair| absent(pair[0]) == absent(pair[1]));
            let of_first = |inputs: &[usize]| inputs.first().map(|&sheet| absent(sheet)).unwrap_or_default();
            let named: Vec<&str> =
                source.sheet.iter().flat_map(|sheet| &sheet.value.0).map(String::as_str).collect();
            if alike(&inputs) {
                push_source(&mut block, source, &source.file.value, &named, &of_first(&inputs));
                continue;
            }
            let paths = matching_files(&mut Report::new(), given.files, given.folder, source)?;
            for path in given.amendments.admitted(given.files, shape.name, paths) {
                let file = given.files.id(&path);
                let name = path
                    .strip_prefix(given.folder)
                    .map_or(path.as_str(), |rest| rest.trim_start_matches('/'));
                let inputs: Vec<usize> =
                    inputs.iter().copied().filter(|&sheet| sheets[sheet].file == file).collect();
                if alike(&inputs) {
                    push_source(&mut block, source, name, &named, &of_first(&inputs));
                    continue;
                }
                for input in inputs {
                    let sheet: Vec<&str> =
                        sheets[input].sheet.iter().map(|(_, sheet)| sheet.as_str()).collect();
                    push_source(&mut block, source, name, &sheet, &absent(input));
                }
            }
        }
    }
    Ok(block)
}

/// Adds a source as a line of YAML: a file, some of its sheets or all, and the fields that it lacks.
fn push_source(block: &mut String, source: &Source, file: &str, sheets: &[&str], absent: &[&str]) {
    let mut options: Vec<String> = vec![format!("file: {}", scalar(file))];
    if !sheets.is_empty() {
        options.push(format!("sheet: {}", scalars(sheets.iter().copied())));
    }
    options.extend(source.written_options());
    let said = source.absent.iter().map(|field| field.value.as_str());
    let absent: Vec<&str> = said.chain(absent.iter().copied()).collect();
    if !absent.is_empty() {
        options.push(format!("absent: [{}]", absent.join(", ")));
    }
    let _ = write!(block, "\n    - {{{}}}", options.join(", "));
}

fn scalars<'a>(values: impl ExactSizeIterator<Item = &'a str>) -> String {
    let one = values.len() == 1;
    let written: Vec<String> = values.map(scalar).collect();
    if one { written.concat() } else { format!("[{}]", written.join(", ")) }
}
