//! Which rows of a sheet are its headings, and which column holds which field.

use std::collections::BTreeMap;

use super::mask::masked;
use super::shape::{Kind, TableShape, Word};
use super::sheet::Origin;
use super::source::{Source, yaml_scalar};
use crate::data::cell::{Cell, column_number, number_text, value_cell};
use crate::data::characters::is_invisible;
use crate::source::{Message, Report, Span, all_of, any_of, code, list, nearest, say};

/// The headings of a sheet.
pub(in crate::data) struct Headings {
    /// The first row of headings, by its place among the rows that have values.
    pub(in crate::data) first: usize,
    /// How many rows they take: two where cells are merged.
    pub(in crate::data) rows: usize,
    /// The heading of each column.
    pub(in crate::data) texts: Vec<String>,
}

/// The headings are looked for among so many rows that have values.
const ROWS_LOOKED_AT: usize = 20;

/// Headings of fewer characters are too often one letter from another: 网址 is a website, 地址 an address.
const LONG_HEADING: usize = 4;

/// A heading is cut here: a row of data may hold any text where headings are looked for.
const LONGEST_HEADING: usize = 100;

/// Words for a language, as the lower of two rows of headings has them: 企业名称 over 中文 and 英文.
const CHINESE: [&str; 5] = ["中文", "中文名", "中文名称", "chinese", "zh"];
const ENGLISH: [&str; 5] = ["英文", "英文名", "英文名称", "english", "en"];

/// Finds the headings among the first rows of a sheet: the first row that heads every field that a row must
/// have, alone or together with the row below it. `None` while more rows are needed, or where there is none.
/// Where no row will do, the one with the most known headings is taken, so that what it lacks can be said.
pub(in crate::data) fn find_headings(
    shape: &TableShape,
    source: &Source,
    rows: &[&[Cell<'_>]],
    at_end: bool,
) -> Option<Headings> {
    if rows.len() < ROWS_LOOKED_AT && !at_end {
        return None;
    }
    let known = Known::of(shape, source);
    let texts: Vec<Vec<String>> = rows.iter().map(|cells| cells.iter().map(heading_text).collect()).collect();
    let headings = |first, rows, texts| Some(Headings { first, rows, texts });
    for (first, upper) in texts.iter().enumerate() {
        let lower = texts.get(first + 1);
        if known.is_complete(upper) {
            return match lower {
                Some(lower) if known.is_second_row(upper, lower) => {
                    headings(first, 2, known.joined(upper, lower))
                }
                _ => headings(first, 1, upper.clone()),
            };
        }
        if let Some(lower) = lower
            && !known.is_complete(lower)
            && known.is_complete(&known.joined(upper, lower))
        {
            return headings(first, 2, known.joined(upper, lower));
        }
    }
    let count = |texts: &Vec<String>| texts.iter().filter(|text| known.knows(text)).count();
    let best = (0..texts.len()).rev().max_by_key(|&row| count(&texts[row]))?;
    headings(best, 1, texts[best].clone())
}

/// Whether a text is a heading that the table knows in a file.
pub(in crate::data) fn is_known(shape: &TableShape, source: &Source, text: &str) -> bool {
    Known::of(shape, source).knows(text)
}

/// The headings that a table knows in a file, as they are compared.
struct Known<'a> {
    shape: &'a TableShape,
    source: &'a Source,
    /// The field of each heading.
    fields: BTreeMap<String, usize>,
}

impl<'a> Known<'a> {
    fn of(shape: &'a TableShape, source: &'a Source) -> Known<'a> {
        let mut fields = BTreeMap::new();
        for (number, field) in shape.fields.iter().enumerate() {
            match source.columns.get(field.name) {
                Some(heading) => {
                    fields.insert(fold_heading(numbered(&heading.value).0), number);
                }
                None => fields.extend(field.headings.iter().map(|heading| (fold_heading(heading), number))),
            }
        }
        Known { shape, source, fields }
    }

    /// The field that a heading heads, if it is known.
    fn field(&self, text: &str) -> Option<usize> {
        let folded = fold_heading(text);
        self.fields.get(&folded).or_else(|| self.fields.get(&without_brackets(&folded)?)).copied()
    }

    fn knows(&self, text: &str) -> bool {
        self.field(text).is_some()
    }

    /// Whether a row heads every field that each row must have.
    fn is_complete(&self, texts: &[String]) -> bool {
        let heads = |number: usize| texts.iter().any(|text| self.field(text) == Some(number));
        let mut fields = self.shape.fields.iter().enumerate();
        fields.all(|(number, field)| {
            !field.required || self.source.set.contains_key(field.name) || heads(number)
        }) && texts.iter().any(|text| self.knows(text))
    }

    /// Whether a row goes on with the headings of the row above it: it has headings of its own, and nothing but
    /// headings below those of the fields that every row must have.
    fn is_second_row(&self, upper: &[String], lower: &[String]) -> bool {
        let joined = self.joined(upper, lower);
        let below = |column: usize| lower.get(column).map(String::as_str).unwrap_or_default();
        let is_required =
            |text: &str| self.field(text).is_some_and(|field| self.shape.fields[field].required);
        let is_heading = |column: usize| self.knows(below(column)) || joined[column] != below(column);
        let data = upper
            .iter()
            .enumerate()
            .any(|(column, text)| is_required(text) && !below(column).is_empty() && !is_heading(column));
        let heads = |texts: &[String], column: usize| texts.get(column).and_then(|text| self.field(text));
        let new = (0..joined.len()).any(|column| {
            !below(column).is_empty() && heads(&joined, column).is_some() && heads(upper, column).is_none()
        });
        new && !data
    }

    /// Two rows of headings as one: what stands lower is nearer to the values. Where neither is known alone, they
    /// may be known together, 企业名称 over 英文 as 企业英文名称; what stands above goes on to the right over merged cells.
    fn joined(&self, upper: &[String], lower: &[String]) -> Vec<String> {
        let of = |row: &[String], column: usize| row.get(column).cloned().unwrap_or_default();
        let mut over = String::new();
        let mut joined = Vec::new();
        for column in 0..upper.len().max(lower.len()) {
            let (above, below) = (of(upper, column), of(lower, column));
            if !above.is_empty() {
                over.clone_from(&above);
            } else if below.is_empty() {
                over.clear();
            }
            joined.push(match below.is_empty() {
                true => above,
                false if self.knows(&below) => below,
                false => self.together(&over, &below).unwrap_or(below),
            });
        }
        joined
    }

    /// The heading that an upper and a lower one make together, if it is known.
    fn together(&self, upper: &str, lower: &str) -> Option<String> {
        if upper.is_empty() {
            return None;
        }
        let folded = fold_heading(lower);
        let folded = without_brackets(&folded).unwrap_or(folded);
        if CHINESE.contains(&folded.as_str()) {
            return self.knows(upper).then(|| upper.to_owned());
        }
        let lower = if ENGLISH.contains(&folded.as_str()) { "英文" } else { folded.as_str() };
        if !self.fields.keys().any(|known| known.contains(lower)) {
            return None;
        }
        let within = upper.char_indices().map(|(at, _)| at).chain([upper.len()]);
        let mut candidates = within.map(|at| format!("{}{lower}{}", &upper[..at], &upper[at..]));
        candidates.find(|heading| self.knows(heading))
    }
}

/// A heading as text; a number or date in the row of headings is shown as it is.
fn heading_text(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Text(text) | Cell::Error(text) => text.chars().take(LONGEST_HEADING).collect(),
        Cell::Number(number) => number_text(*number),
        other => other.text().unwrap_or_default(),
    }
}

/// The column of every field of a sheet.
#[derive(Default)]
pub(in crate::data) struct Columns {
    /// Where the value of each field comes from.
    pub(in crate::data) origins: Vec<Origin>,
    /// Columns of fields that the source says are absent.
    pub(in crate::data) said_absent: Vec<(u16, usize)>,
    /// Columns that are not used, by their headings.
    pub(in crate::data) unused: Vec<String>,
}

/// Finds the column of every field. `None` where the headings do not make a table of this shape.
pub(in crate::data) fn find_columns(
    report: &mut Report,
    shape: &TableShape,
    source: &Source,
    headings: &[String],
    place: &dyn Fn(u16) -> Span,
) -> Option<Columns> {
    let mut search = Search::new(shape, source, headings, place);
    search.ignore(report);
    search.set_and_named(report);
    search.by_heading(report);
    search.check_required(report);
    if !search.has_column() && search.sound {
        search.report_no_headings(report);
        return None;
    }
    search.check_misspelt(report);
    if !search.sound {
        return None;
    }
    Some(search.columns())
}

struct Search<'a> {
    shape: &'a TableShape,
    source: &'a Source,
    headings: &'a [String],
    place: &'a dyn Fn(u16) -> Span,
    folded: Vec<String>,
    taken: Vec<bool>,
    origins: Vec<Origin>,
    said_absent: Vec<(u16, usize)>,
    sound: bool,
}

impl<'a> Search<'a> {
    fn new(
        shape: &'a TableShape,
        source: &'a Source,
        headings: &'a [String],
        place: &'a dyn Fn(u16) -> Span,
    ) -> Search<'a> {
        Search {
            shape,
            source,
            headings,
            place,
            folded: headings.iter().map(|heading| fold_heading(heading)).collect(),
            taken: vec![false; headings.len()],
            origins: shape.fields.iter().map(|_| Origin::Absent).collect(),
            said_absent: Vec::new(),
            sound: true,
        }
    }

    /// Leaves out the columns that the source does not want.
    fn ignore(&mut self, report: &mut Report) {
        for ignored in &self.source.ignore {
            let columns = self.headed(&ignored.value);
            if columns.is_empty() {
                self.report_no_such_heading(report, &ignored.value, ignored.span);
            }
            for column in columns {
                self.taken[column] = true;
            }
        }
    }

    /// The fields that have one value for all rows, and those whose heading the source names.
    fn set_and_named(&mut self, report: &mut Report) {
        for (number, field) in self.shape.fields.iter().enumerate() {
            if let Some(value) = self.source.set.get(field.name) {
                self.origins[number] = Origin::Set(value_cell(&value.value), value.span);
                if let Some(&column) = self.candidates(number).first() {
                    self.sound = false;
                    let heading = &self.headings[column];
                    report
                        .error(
                            code::SET_AND_COLUMN,
                            value.span,
                            say!(
                                "`{field}` is set for all rows, but the sheet has the column `{heading}`",
                                field = field.name,
                                heading
                            ),
                        )
                        .hint(say!(
                            "remove `{field}` from `set`, or write `ignore: [{heading}]` if the column is wrong",
                            field = field.name,
                            heading = yaml_scalar(heading)
                        ));
                }
                continue;
            }
            let Some(named) = self.source.columns.get(field.name) else { continue };
            let (heading, which) = numbered(&named.value);
            let whole = self.headed(&named.value);
            let columns = if whole.is_empty() { self.headed(heading) } else { whole };
            let column = match (which, &columns[..]) {
                (Some(which), columns) if columns.len() >= which => columns[which - 1],
                (None, &[column]) => column,
                (None, &[_, second, ..]) => {
                    self.sound = false;
                    report
                        .error(
                            code::DOUBLED_COLUMN,
                            (self.place)(column_number(second)),
                            say!("{count} columns have the heading `{heading}`", count = columns.len(), heading),
                        )
                        .found(self.headings[second].clone())
                        .hint(say!(
                            "write `columns: {{{field}: {first}}}` for the first or `columns: {{{field}: {second}}}` for the second",
                            field = field.name,
                            first = yaml_scalar(&format!("{heading}#1")),
                            second = yaml_scalar(&format!("{heading}#2"))
                        ));
                    continue;
                }
                _ => {
                    self.sound = false;
                    self.report_no_such_heading(report, &named.value, named.span);
                    continue;
                }
            };
            let earlier =
                self.origins.iter().position(|origin| origin.column() == Some(column_number(column)));
            if let Some(earlier) = earlier {
                self.sound = false;
                report
                    .error(
                        code::FIELD_TWICE,
                        named.span,
                        say!(
                            "`{first}` and `{second}` are both read from the column `{heading}`",
                            first = self.shape.fields[earlier].name,
                            second = field.name,
                            heading = self.headings[column]
                        ),
                    )
                    .hint(say!("give each field a column of its own"));
                continue;
            }
            self.taken[column] = true;
            self.origins[number] = Origin::Column(column_number(column), self.headings[column].clone());
        }
    }

    /// The fields that are found by the headings that the table knows.
    fn by_heading(&mut self, report: &mut Report) {
        // Which columns head which field is asked before any is taken: a column that two fields could have is
        // taken by the one whose heading it has as it stands.
        let candidates: Vec<Vec<usize>> = (0..self.shape.fields.len())
            .map(|number| {
                match (&self.origins[number], self.source.columns.get(self.shape.fields[number].name)) {
                    (Origin::Absent, None) => self.candidates(number),
                    _ => Vec::new(),
                }
            })
            .collect();
        for (number, columns) in candidates.into_iter().enumerate() {
            let field = &self.shape.fields[number];
            if self.source.says_absent(field.name) {
                for column in columns {
                    self.taken[column] = true;
                    self.said_absent.push((column_number(column), number));
                }
                continue;
            }
            match columns[..] {
                [] => {}
                [column] => {
                    self.taken[column] = true;
                    self.origins[number] =
                        Origin::Column(column_number(column), self.headings[column].clone());
                }
                [first, second, ..] => {
                    self.sound = false;
                    let message = say!(
                        "`{first}` and `{second}` are both headings for `{field}`",
                        first = self.headings[first],
                        second = self.headings[second],
                        field = field.name
                    );
                    let draft = report
                        .error(code::DOUBLED_COLUMN, (self.place)(column_number(second)), message)
                        .found(self.headings[second].clone());
                    let lines = columns.iter().map(|&column| {
                        let line = self.columns_line(field.name, column);
                        say!("`{line}`", line)
                    });
                    draft.hint(say!(
                        "state in fair.yaml which of them it is: {lines}",
                        lines = any_of(lines.collect::<Vec<Message>>())
                    ));
                }
            }
        }
    }

    /// The option that takes a column for a field.
    fn columns_line(&self, field: &str, column: usize) -> String {
        let heading = &self.headings[column];
        let same = |other: &usize| self.folded[*other] == self.folded[column];
        let twice = (0..self.headings.len()).filter(same).count() > 1;
        let number = (0..=column).filter(same).count();
        let heading = if twice { format!("{heading}#{number}") } else { heading.clone() };
        format!("columns: {{{field}: {}}}", yaml_scalar(&heading))
    }

    /// The columns that are headed as a field and not taken: by one of its headings, or by one with an addition in
    /// brackets where no other field has the heading as it stands.
    fn candidates(&self, number: usize) -> Vec<usize> {
        let synonyms: Vec<String> =
            self.shape.fields[number].headings.iter().map(|heading| fold_heading(heading)).collect();
        let is_known = |folded: &String| {
            self.shape
                .fields
                .iter()
                .flat_map(|field| field.headings)
                .any(|known| fold_heading(known) == *folded)
        };
        let heads = |column: &usize| {
            let folded = &self.folded[*column];
            synonyms.contains(folded)
                || !is_known(folded) && without_brackets(folded).is_some_and(|bare| synonyms.contains(&bare))
        };
        (0..self.headings.len()).filter(|&column| !self.taken[column]).filter(heads).collect()
    }

    /// The columns with a heading.
    fn headed(&self, heading: &str) -> Vec<usize> {
        let folded = fold_heading(heading);
        let exact: Vec<usize> = (0..self.headings.len()).filter(|&c| self.folded[c] == folded).collect();
        if !exact.is_empty() {
            return exact;
        }
        let bare =
            |column: &usize| without_brackets(&self.folded[*column]).is_some_and(|bare| bare == folded);
        (0..self.headings.len()).filter(bare).collect()
    }

    fn report_no_such_heading(&self, report: &mut Report, heading: &str, span: Span) {
        let shown = shown_headings(self.shape, self.headings, &self.folded);
        report
            .error(code::MISSING_COLUMN, span, say!("this file has no heading `{heading}`", heading))
            .label_meant(nearest(heading, shown.iter().map(String::as_str)))
            .hint(say!("its headings are: {headings}", headings = list(&shown)));
    }

    fn has_column(&self) -> bool {
        self.origins.iter().any(|origin| matches!(origin, Origin::Column(..)))
    }

    fn check_required(&mut self, report: &mut Report) {
        if !self.has_column() || !self.sound {
            return;
        }
        for (number, field) in self.shape.fields.iter().enumerate() {
            if !field.required || !matches!(self.origins[number], Origin::Absent) {
                continue;
            }
            self.sound = false;
            let draft = report
                .error(
                    code::MISSING_COLUMN,
                    (self.place)(0),
                    say!("no column for `{field}`", field = field.name),
                )
                .found(shown_headings(self.shape, self.headings, &self.folded).join(" | "));
            let draft = match self.resembling(number) {
                Some(column) => {
                    draft.hint(say!("is it this one? `{line}`", line = self.columns_line(field.name, column)))
                }
                None => draft,
            };
            let draft = draft
                .hint(say!("use one of these headings: {headings}", headings = list(field.headings.iter())))
                .hint(say!("or name the column in fair.yaml: `columns: {{{field}: …}}`", field = field.name));
            if let Kind::Words(words) = field.kind {
                let line = |word: &Word| {
                    let line = format!("set: {{{}: {}}}", field.name, word.value);
                    say!("`{line}`", line)
                };
                let lines: Vec<Message> = words.iter().map(line).collect();
                draft.hint(say!("or, if it is the same in every row, write {lines}", lines = any_of(lines)));
            }
            return;
        }
    }

    fn report_no_headings(&self, report: &mut Report) {
        let required = self.shape.fields.iter().filter(|field| field.required);
        let known: Vec<&str> = required.map(|field| field.headings[0]).collect();
        report
            .error(
                code::NO_HEADINGS,
                (self.place)(0),
                say!("no row with the headings of `{shape}` found", shape = self.shape.name),
            )
            .found(shown_headings(self.shape, self.headings, &self.folded).join(" | "))
            .hint(say!(
                "one of the first {rows} rows must contain the headings, including {known}",
                rows = ROWS_LOOKED_AT,
                known = all_of(&known)
            ))
            .hint(say!(
                "if this sheet is not part of the table, give the right one with `sheet:` in fair.yaml"
            ));
    }

    /// A column that is left out by a slip of the hand could cost an award.
    fn check_misspelt(&mut self, report: &mut Report) {
        if !self.sound {
            return;
        }
        for number in 0..self.shape.fields.len() {
            let field = &self.shape.fields[number];
            if !matches!(self.origins[number], Origin::Absent) || self.source.says_absent(field.name) {
                continue;
            }
            let Some(column) = self.resembling(number) else { continue };
            self.sound = false;
            let heading = self.headings[column].as_str();
            report
                .error(
                    code::MISSPELT_COLUMN,
                    (self.place)(column_number(column)),
                    say!(
                        "unknown heading `{heading}` in `{shape}`, which has no column for `{field}`",
                        heading,
                        shape = self.shape.name,
                        field = field.name
                    ),
                )
                .found(heading.to_owned())
                .hint(say!(
                    "if it is `{field}`: `{line}`",
                    field = field.name,
                    line = self.columns_line(field.name, column)
                ))
                .hint(say!(
                    "if the column is not to be used: `ignore: [{heading}]`",
                    heading = yaml_scalar(heading)
                ));
            return;
        }
    }

    /// A column that is not taken and whose heading may be meant for a field: one slip from one of its headings, or one of
    /// them with something before or behind it.
    fn resembling(&self, number: usize) -> Option<usize> {
        let known: Vec<String> = self.shape.fields[number]
            .headings
            .iter()
            .filter(|heading| heading.chars().count() >= LONG_HEADING)
            .map(|heading| fold_heading(heading))
            .collect();
        let resembles = |column: &usize| {
            let folded = &self.folded[*column];
            known.iter().any(|known| {
                folded.contains(known.as_str()) || strsim::damerau_levenshtein(folded, known) == 1
            })
        };
        (0..self.headings.len()).filter(|&column| !self.taken[column]).find(resembles)
    }

    fn columns(self) -> Columns {
        let unused = (0..self.headings.len()).filter(|&c| !self.taken[c] && !self.headings[c].is_empty());
        Columns {
            unused: unused.map(|column| self.headings[column].clone()).collect(),
            origins: self.origins,
            said_absent: self.said_absent,
        }
    }
}

/// Headings as messages may show them. Where none of them is known, the row may be one of data.
fn shown_headings(shape: &TableShape, headings: &[String], folded: &[String]) -> Vec<String> {
    let known = |heading: &String| {
        shape.fields.iter().flat_map(|field| field.headings).any(|known| fold_heading(known) == *heading)
    };
    match shape.is_private() && !folded.iter().any(known) {
        true => headings.iter().map(|heading| masked(heading)).collect(),
        false => headings.to_vec(),
    }
}

/// A heading, and which of the columns with it is meant: `heading#2`.
fn numbered(heading: &str) -> (&str, Option<usize>) {
    match heading.rsplit_once('#') {
        Some((text, number)) => match number.parse() {
            Ok(number) if number > 0 => (text, Some(number)),
            _ => (heading, None),
        },
        None => (heading, None),
    }
}

/// A heading as it is compared: NFKC, case folded, without white space, underscores, asterisks and what is invisible.
fn fold_heading(heading: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let normal: String = heading.nfkc().collect();
    let folded = icu_casemap::CaseMapper::new().fold_string(&normal).into_owned();
    let kept = |c: &char| !c.is_whitespace() && !is_invisible(*c) && *c != '_' && *c != '*';
    folded.chars().filter(kept).collect()
}

/// A folded heading without its parts in brackets; `None` where it has none, or nothing else.
pub(in crate::data) fn without_brackets(folded: &str) -> Option<String> {
    const PAIRS: [(char, char); 5] = [('(', ')'), ('[', ']'), ('【', '】'), ('〔', '〕'), ('{', '}')];
    let mut bare = String::new();
    let mut depth = 0usize;
    for c in folded.chars() {
        if PAIRS.iter().any(|(open, _)| c == *open) {
            depth += 1;
        } else if PAIRS.iter().any(|(_, close)| c == *close) {
            depth = depth.checked_sub(1)?;
        } else if depth == 0 {
            bare.push(c);
        }
    }
    (bare.len() < folded.len() && !bare.is_empty() && depth == 0).then_some(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_compared_without_case_width_spaces_underscores_and_asterisks() {
        for heading in ["Exhibitor ID", "exhibitor_id", "ＥＸＨＩＢＩＴＯＲ＿ＩＤ", "*Exhibitor\nID*"]
        {
            assert_eq!(fold_heading(heading), "exhibitorid");
        }
    }

    #[test]
    fn an_addition_in_brackets_is_left_out() {
        let bare = |heading| without_brackets(&fold_heading(heading));
        assert_eq!(bare("邮箱（Email）").as_deref(), Some("邮箱"));
        assert_eq!(bare("邮箱\n【必填】").as_deref(), Some("邮箱"));
        for heading in ["邮箱", "（必填）", "邮箱（", "邮箱）"] {
            assert_eq!(bare(heading), None, "{heading}");
        }
    }

    #[test]
    fn the_second_column_with_a_heading_is_named_by_its_number() {
        assert_eq!(numbered("邮箱#2"), ("邮箱", Some(2)));
        assert_eq!(numbered("邮箱"), ("邮箱", None));
        assert_eq!(numbered("C#"), ("C#", None));
    }
}
