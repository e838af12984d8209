//! Rows that count twice: inputs of the invitations that hold the same rows.

use std::collections::BTreeMap;

use rayon::slice::ParallelSliceMut;

use super::given::Given;
use crate::data::{SheetRead, Source, yaml_scalar};
use crate::fair::facts::{DoubledInputs, Facts};
use crate::fair::key_table::key_hash;
use crate::fair::tables::INVITATIONS;
use crate::source::{Failure, FileId, Report, code, say};

/// Whether sources can be several inputs; an input is one sheet of one file.
pub(super) fn may_be_several_inputs(sources: &[Source]) -> bool {
    let is_text = |source: &Source| {
        let name = source.file.value.to_ascii_lowercase();
        [".csv", ".tsv", ".txt"].iter().any(|ending| name.ends_with(ending)) && !name.contains('*')
    };
    sources.len() > 1 || !sources.iter().all(is_text)
}

/// Prints of rows: hashes of all that is read of a row, as it is compared.
#[derive(Default)]
pub(super) struct Prints {
    rows: Vec<Print>,
    text: String,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Print {
    print: u64,
    sheet: u32,
    /// The number of the letter, where it was sent.
    letter: Option<u32>,
}

/// What two inputs have in common.
#[derive(Default)]
struct Shared {
    of_first: u64,
    of_second: u64,
    letters: Vec<u32>,
}

impl Prints {
    /// The print of the values of a row, and of what `more` writes.
    pub(super) fn of(&mut self, values: &[Option<&str>], more: impl FnOnce(&mut String)) -> u64 {
        self.text.clear();
        for value in values {
            // No value has a line end of this kind in it.
            self.text.push_str(value.unwrap_or_default());
            self.text.push('\u{0}');
        }
        more(&mut self.text);
        key_hash(&self.text)
    }

    /// Adds a row of a sheet.
    pub(super) fn add(&mut self, sheet: u32, print: u64, letter: Option<u32>) {
        self.rows.push(Print { print, sheet, letter });
    }

    /// The pairs of inputs that have rows in common.
    pub(super) fn doubled(mut self) -> Vec<DoubledInputs> {
        let mut sizes: BTreeMap<u32, u64> = BTreeMap::new();
        for row in &self.rows {
            *sizes.entry(row.sheet).or_default() += 1;
        }
        if sizes.len() < 2 {
            return Vec::new();
        }
        self.rows.par_sort_unstable();
        let mut shared: BTreeMap<(u32, u32), Shared> = BTreeMap::new();
        for equal in self.rows.chunk_by(|one, other| one.print == other.print) {
            let sheets: Vec<&[Print]> = equal.chunk_by(|one, other| one.sheet == other.sheet).collect();
            for (number, second) in sheets.iter().enumerate() {
                for first in &sheets[..number] {
                    let pair = shared.entry((first[0].sheet, second[0].sheet)).or_default();
                    pair.of_first += first.len() as u64;
                    pair.of_second += second.len() as u64;
                    pair.letters.extend(second.iter().filter_map(|row| row.letter));
                }
            }
        }
        let doubled = shared.into_iter().map(|((first, second), shared)| DoubledInputs {
            first,
            second,
            rows_of_first: sizes[&first],
            rows_of_second: sizes[&second],
            shared_of_first: shared.of_first,
            shared_of_second: shared.of_second,
            letters: shared.letters,
        });
        doubled.collect()
    }
}

/// Reports inputs that are the same: files with the same bytes, and sheets of which one holds much of the other.
pub(super) fn report_doubled(report: &mut Report, given: &Given<'_>, facts: &Facts) -> Result<(), Failure> {
    let Some(sheets) = facts.sheets.get(INVITATIONS.name) else { return Ok(()) };
    let mut same: Vec<(FileId, FileId)> = Vec::new();
    let mut files: Vec<FileId> = sheets.iter().map(|sheet| sheet.file).collect();
    files.sort_unstable();
    files.dedup();
    let mut by_size: BTreeMap<u64, Vec<FileId>> = BTreeMap::new();
    for &file in &files {
        by_size.entry(given.files.size(file)?).or_default().push(file);
    }
    for files in by_size.into_values().filter(|files| files.len() > 1) {
        for (number, &second) in files.iter().enumerate() {
            let bytes = given.files.read(second)?;
            for &first in &files[..number] {
                if given.files.read(first)? == bytes {
                    same.push((first, second));
                    // A second download has an addition in its name.
                    let length = |file| given.files.path(file).len();
                    let (first, second) =
                        if length(first) > length(second) { (second, first) } else { (first, second) };
                    let source =
                        sheets.iter().find(|sheet| sheet.file == second).map_or(0, |sheet| sheet.source);
                    let span = given.sources.of(INVITATIONS.name)[source].file.span;
                    let message = say!(
                        "`{second}` and `{first}` are the same file: every invitation would count twice",
                        second = given.files.path(second),
                        first = given.files.path(first)
                    );
                    report
                        .error(code::INPUT_TWICE, span, message)
                        .hint(say!("name only `{first}` under `sources`", first = given.files.path(first)));
                    break;
                }
            }
        }
    }
    for doubled in &facts.doubled_inputs {
        let (first, second) = (&sheets[doubled.first as usize], &sheets[doubled.second as usize]);
        if !doubled.is_too_much() || same.contains(&(first.file, second.file)) {
            continue;
        }
        let place = |sheet: &SheetRead| given.files.at(sheet.span());
        let message = say!(
            "{shared} of {rows} rows of `{second}` also occur in `{first}`: these invitations would count twice",
            shared = doubled.shared_of_second,
            rows = doubled.rows_of_second,
            second = place(second),
            first = place(first)
        );
        let draft = report.error(code::INPUT_TWICE, second.span(), message);
        let draft = match source_without_copy(given, sheets, first, second) {
            Some(source) => draft
                .hint(say!("if one is a copy of the other, name the sheets to be read: `{source}`", source)),
            None => draft,
        };
        draft.hint(say!("remove one of the two from `sources`, or delete the shared rows from one of them"));
    }
    Ok(())
}

/// The source that names all sheets of a file but one of two that are the same; the copy has an addition in its name.
fn source_without_copy(
    given: &Given<'_>,
    sheets: &[SheetRead],
    first: &SheetRead,
    second: &SheetRead,
) -> Option<String> {
    let (one, other) = (&first.sheet.as_ref()?.1, &second.sheet.as_ref()?.1);
    if first.file != second.file || one == other {
        return None;
    }
    let copy = if one.len() > other.len() { one } else { other };
    let of_file = sheets.iter().filter(|sheet| sheet.file == second.file && sheet.source == second.source);
    let names = of_file.filter_map(|sheet| sheet.sheet.as_ref()).map(|(_, name)| name);
    let kept: Vec<String> = names.filter(|name| *name != copy).map(|name| yaml_scalar(name)).collect();
    let kept = if kept.len() == 1 { kept.concat() } else { format!("[{}]", kept.join(", ")) };
    let path = given.files.path(second.file);
    let name = path.strip_prefix(given.folder).map_or(path.as_str(), |rest| rest.trim_start_matches('/'));
    Some(format!("{{file: {}, sheet: {kept}}}", yaml_scalar(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_two_inputs_have_in_common_are_counted() {
        let mut prints = Prints::default();
        // Two of the rows of the first are in the second, one of them there twice.
        for (letter, (sheet, print)) in
            (0u32..).zip([(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (1, 3), (1, 4), (2, 9)])
        {
            prints.add(sheet, print, (print != 2).then_some(letter));
        }
        let doubled = prints.doubled();
        assert_eq!(doubled.len(), 1);
        let pair = &doubled[0];
        assert_eq!((pair.first, pair.second), (0, 1));
        assert_eq!((pair.shared_of_first, pair.rows_of_first), (2, 3));
        assert_eq!((pair.shared_of_second, pair.rows_of_second), (3, 4));
        assert_eq!(pair.letters, [4, 5]);
    }
}
