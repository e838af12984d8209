//! Which rows of a sheet are its headings, and which column holds which field.

use super::cell::{Cell, number_text};
use super::record::{Origin, masked};
use super::sheet_reader::column_number;
use super::table::{Source, TableShape};
use super::yaml_list::value_cell;
use crate::source::{Report, Span, code, list, nearest, say};

/// The headings of a sheet.
pub(super) struct Headings {
    /// The first row of headings, by its place among the rows that have values.
    pub(super) first: usize,
    /// How many rows they take: two where cells are merged.
    pub(super) rows: usize,
    /// The heading of each column.
    pub(super) texts: Vec<String>,
}

/// The headings are looked for among so many rows that have values.
const ROWS_LOOKED_AT: usize = 20;

/// Headings of fewer characters are too often one letter from another: 网址 is a website, 地址 an address.
const LONG_HEADING: usize = 4;

/// Finds the headings among the first rows of a sheet: the first row that heads every field that a row must
/// have, alone or together with the row below it. `None` while more rows are needed. Where no row will do,
/// the one with the most known headings is taken, so that what it lacks can be said.
pub(super) fn find_headings(
    shape: &TableShape,
    source: &Source,
    rows: &[&[Cell<'_>]],
    at_end: bool,
) -> Option<Headings> {
    let texts: Vec<Vec<String>> = rows.iter().map(|cells| cells.iter().map(heading_text).collect()).collect();
    let headings = |first, rows, texts| Some(Headings { first, rows, texts });
    for (first, upper) in texts.iter().enumerate() {
        let lower = texts.get(first + 1);
        if is_complete(shape, source, upper) {
            return match lower {
                Some(lower) if is_second_row(shape, source, upper, lower) => {
                    headings(first, 2, joined(upper, lower))
                }
                None if !at_end => None,
                _ => headings(first, 1, upper.clone()),
            };
        }
        if let Some(lower) = lower
            && !is_complete(shape, source, lower)
            && is_complete(shape, source, &joined(upper, lower))
        {
            return headings(first, 2, joined(upper, lower));
        }
    }
    if rows.is_empty() || rows.len() < ROWS_LOOKED_AT && !at_end {
        return None;
    }
    let known = |texts: &Vec<String>| texts.iter().filter(|text| is_known(shape, source, text)).count();
    let best = (0..texts.len()).rev().max_by_key(|&row| known(&texts[row]))?;
    headings(best, 1, texts[best].clone())
}

/// Whether a row heads every field that each row must have.
fn is_complete(shape: &TableShape, source: &Source, texts: &[String]) -> bool {
    let folded: Vec<String> = texts.iter().map(|text| fold_heading(text)).collect();
    let heads = |field: &super::Field| match source.columns.get(field.name) {
        Some(heading) => folded.contains(&fold_heading(&heading.value)),
        None => field.headings.iter().any(|heading| folded.contains(&fold_heading(heading))),
    };
    let mut required = shape.fields.iter().filter(|field| field.required);
    required.all(|field| source.set.contains_key(field.name) || heads(field))
        && shape.fields.iter().any(heads)
}

fn is_known(shape: &TableShape, source: &Source, text: &str) -> bool {
    let folded = fold_heading(text);
    !folded.is_empty()
        && (shape.fields.iter().flat_map(|field| field.headings).any(|known| fold_heading(known) == folded)
            || source.columns.values().any(|heading| fold_heading(&heading.value) == folded))
}

/// Whether a row goes on with the headings of the row above it: it has headings of its own, and nothing but
/// headings below those of the fields that every row must have.
fn is_second_row(shape: &TableShape, source: &Source, upper: &[String], lower: &[String]) -> bool {
    let below = |column: usize| lower.get(column).map(String::as_str).unwrap_or_default();
    let required = shape.fields.iter().filter(|field| field.required).flat_map(|field| field.headings);
    let required: Vec<String> = required.map(|heading| fold_heading(heading)).collect();
    let data = upper.iter().enumerate().any(|(column, text)| {
        required.contains(&fold_heading(text))
            && !below(column).is_empty()
            && !is_known(shape, source, below(column))
    });
    let new = lower.iter().enumerate().any(|(column, text)| {
        is_known(shape, source, text) && upper.get(column).is_none_or(|upper| !is_known(shape, source, upper))
    });
    new && !data
}

/// Two rows of headings as one: what stands lower is nearer to the values.
fn joined(upper: &[String], lower: &[String]) -> Vec<String> {
    let of = |row: &[String], column: usize| row.get(column).cloned().unwrap_or_default();
    (0..upper.len().max(lower.len()))
        .map(|column| Some(of(lower, column)).filter(|text| !text.is_empty()).unwrap_or(of(upper, column)))
        .collect()
}

/// A heading as text; a number or date in the row of headings is shown as it is.
fn heading_text(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Text(text) | Cell::Error(text) => text.to_string(),
        Cell::Number(number) => number_text(*number),
        Cell::Date(moment) => moment.to_string(),
        Cell::Time(time) => time.to_string(),
        Cell::Truth(truth) => truth.to_string(),
        Cell::Empty | Cell::Unresolved => String::new(),
    }
}

/// Finds the column of every field. `None` where the headings do not make a table of this shape.
pub(super) fn find_columns(
    report: &mut Report,
    shape: &TableShape,
    source: &Source,
    headings: &[String],
    place: &dyn Fn(u16) -> Span,
) -> Option<Vec<Origin>> {
    let folded: Vec<String> = headings.iter().map(|heading| fold_heading(heading)).collect();
    let mut taken = vec![false; headings.len()];
    let mut origins: Vec<Origin> = shape.fields.iter().map(|_| Origin::Absent).collect();
    let mut sound = true;
    for (origin, field) in origins.iter_mut().zip(shape.fields) {
        if let Some(value) = source.set.get(field.name) {
            *origin = Origin::Set(value_cell(&value.value), value.span);
        } else if let Some(heading) = source.columns.get(field.name) {
            match folded.iter().position(|folded| *folded == fold_heading(&heading.value)) {
                Some(column) => {
                    taken[column] = true;
                    *origin = Origin::Column(column_number(column), headings[column].clone());
                }
                None => {
                    sound = false;
                    let message =
                        say!("there is no heading `{heading}` in this file", heading = heading.value);
                    let shown = shown_headings(shape, headings, &folded);
                    report
                        .error(code::MISSING_COLUMN, heading.span, message)
                        .label_meant(nearest(&heading.value, shown.iter().map(String::as_str)))
                        .hint(say!("its headings are: {headings}", headings = list(&shown)));
                }
            }
        }
    }
    for (origin, field) in origins.iter_mut().zip(shape.fields) {
        if !matches!(origin, Origin::Absent) {
            continue;
        }
        let synonyms: Vec<String> = field.headings.iter().map(|heading| fold_heading(heading)).collect();
        let columns: Vec<usize> = (0..headings.len())
            .filter(|&column| !taken[column] && synonyms.contains(&folded[column]))
            .collect();
        match columns[..] {
            [] => {}
            [column] => {
                taken[column] = true;
                *origin = Origin::Column(column_number(column), headings[column].clone());
            }
            [first, second, ..] => {
                sound = false;
                let message = say!(
                    "both `{first}` and `{second}` are headings of `{field}`",
                    first = headings[first],
                    second = headings[second],
                    field = field.name
                );
                report
                    .error(code::DOUBLED_COLUMN, place(column_number(second)), message)
                    .found(headings[second].clone())
                    .hint(say!(
                        "say which one with `columns: {{{field}: …}}` in fair.yaml",
                        field = field.name
                    ));
            }
        }
    }
    let any = origins.iter().any(|origin| matches!(origin, Origin::Column(..)));
    for (origin, field) in origins.iter().zip(shape.fields) {
        if any && field.required && matches!(origin, Origin::Absent) && sound {
            sound = false;
            report
                .error(code::MISSING_COLUMN, place(0), say!("no column for `{field}`", field = field.name))
                .found(shown_headings(shape, headings, &folded).join(" | "))
                .hint(say!("head a column with one of: {headings}", headings = list(field.headings.iter())))
                .hint(say!(
                    "or say which column it is with `columns: {{{field}: …}}` in fair.yaml",
                    field = field.name
                ));
        }
    }
    if !any && sound {
        let known: Vec<&str> =
            shape.fields.iter().filter(|field| field.required).map(|field| field.headings[0]).collect();
        report
            .error(
                code::NO_HEADINGS,
                place(0),
                say!("no row has the headings of `{shape}`", shape = shape.name),
            )
            .found(shown_headings(shape, headings, &folded).join(" | "))
            .hint(say!(
                "one of the first {rows} rows must hold the headings, {known} among them",
                rows = ROWS_LOOKED_AT,
                known = list(known.iter())
            ))
            .hint(say!(
                "if this sheet is not part of the table, name the right one with `sheet:` in fair.yaml"
            ));
        return None;
    }
    // A column that is left out by a slip of the hand could cost an award.
    let absent = origins.iter().zip(shape.fields).filter(|(origin, _)| matches!(origin, Origin::Absent));
    let missed =
        absent.flat_map(|(_, field)| field.headings).map(|heading| (*heading, fold_heading(heading)));
    let missed: Vec<(&str, String)> =
        missed.filter(|(heading, _)| heading.chars().count() >= LONG_HEADING).collect();
    let meant = |column: usize| {
        let one_slip = |known: &str| strsim::damerau_levenshtein(&folded[column], known) == 1;
        missed.iter().find(|(_, known)| one_slip(known)).map(|(heading, _)| (column, *heading))
    };
    let misspelt = (0..headings.len()).filter(|&column| !taken[column]).find_map(meant);
    if let Some((column, meant)) = misspelt.filter(|_| sound) {
        sound = false;
        let heading = headings[column].as_str();
        report
            .error(
                code::MISSPELT_COLUMN,
                place(column_number(column)),
                say!("`{heading}` is no heading of `{shape}`", heading, shape = shape.name),
            )
            .found(heading.to_owned())
            .hint_meant(Some(meant))
            .hint(say!("correct the heading; if the column is another one, give it another heading"));
    }
    if !sound {
        return None;
    }
    let unused: Vec<&str> = (0..headings.len())
        .filter(|&c| !taken[c] && !headings[c].is_empty())
        .map(|c| headings[c].as_str())
        .collect();
    if !unused.is_empty() {
        let span = Span::whole(place(0).file);
        report.note(
            code::UNUSED_COLUMN,
            span,
            say!("not used of `{shape}`: {unused}", shape = shape.name, unused = list(&unused)),
        );
    }
    Some(origins)
}

/// Headings as messages may show them. Where none of them is known, the row may be one of data.
fn shown_headings(shape: &TableShape, headings: &[String], folded: &[String]) -> Vec<String> {
    let known = |heading: &String| {
        shape.fields.iter().flat_map(|field| field.headings).any(|known| fold_heading(known) == *heading)
    };
    let private = shape.fields.iter().any(|field| field.private);
    match private && !folded.iter().any(known) {
        true => headings.iter().map(|heading| masked(heading)).collect(),
        false => headings.to_vec(),
    }
}

/// A heading as it is compared: NFKC, case folded, without spaces and underscores.
pub(super) fn fold_heading(heading: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let normal: String = heading.nfkc().collect();
    let folded = icu_casemap::CaseMapper::new().fold_string(&normal).into_owned();
    folded
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '_' && *c != '\u{feff}' && *c != '\u{200b}')
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_compared_without_case_width_spaces_and_underscores() {
        for heading in ["Exhibitor ID", "exhibitor_id", "ＥＸＨＩＢＩＴＯＲ＿ＩＤ"] {
            assert_eq!(fold_heading(heading), "exhibitorid");
        }
    }
}
