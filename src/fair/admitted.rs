//! What a table that was exported again changes: no more than the ruling that admits it says.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::SHAPES;
use super::leaves::{InputObserver, LeafRow, RowObserver};
use super::ruling_file::{DecidesFile, InputFile, RulingFile};
use crate::data::Spanned;
use crate::source::{Failure, FileId, Report, code, list, say};

/// What rulings admit from the notice on, each with what was seen of the old file and of the new one.
pub struct Admissions<'r> {
    admitted: Vec<Admission<'r>>,
}

struct Admission<'r> {
    of: &'r InputFile,
    /// The number of the ruling.
    ruling: usize,
    old: FileRows,
    new: FileRows,
}

/// The rows of a file, in whatever order: how many there are, and the sums of their hashes.
#[derive(Clone, PartialEq, Eq, Default)]
struct FileRows {
    rows: u64,
    /// Of rows without the fields that the ruling names.
    unnamed: u128,
    /// Of the values of each field, by its number.
    fields: BTreeMap<usize, u128>,
}

impl<'r> Admissions<'r> {
    /// Those of rulings, but for what is admitted without the name of a field: rows of it may be new or gone.
    pub fn of(rulings: &'r [Spanned<RulingFile>]) -> Admissions<'r> {
        let admitted = rulings.iter().enumerate().filter_map(|(ruling, written)| {
            let DecidesFile::AdmitInput(of) = &written.value.decides.value else { return None };
            let seen = FileRows::default;
            (!of.fields.is_empty()).then(|| Admission { of, ruling, old: seen(), new: seen() })
        });
        Admissions { admitted: admitted.collect() }
    }

    /// Looks on while the tables are read in one of their states: in the one that follows, rulings of `next` come into
    /// force, and those of `now` came in this one.
    pub fn watch<'w>(
        &'w mut self,
        now: Range<usize>,
        next: Range<usize>,
        inner: &'w mut dyn InputObserver,
    ) -> WatchAdmissions<'w, 'r> {
        WatchAdmissions { admissions: self, now, next, inner }
    }

    /// Reports admitted files that change more than their rulings say.
    pub fn report(&self, report: &mut Report) {
        for Admission { of, old, new, .. } in &self.admitted {
            // One of them was not read: that is reported, or the notice was not published yet.
            if old.rows == 0 || new.rows == 0 {
                continue;
            }
            let (file, replaces) = (of.file.value.as_str(), of.replaces.value.as_str());
            if old.rows != new.rows {
                let (before, after) = (old.rows.to_string(), new.rows.to_string());
                report
                    .error(
                        code::RULING_FIELD,
                        of.file.span,
                        say!("`{file}` has {after} rows and `{replaces}` has {before}, but the ruling names only fields", file, after, replaces, before),
                    )
                    .hint(say!("if rows were added or removed, admit the file without `fields`, and explain it under `reason`"));
            } else if old.unnamed != new.unnamed {
                let Some(shape) = SHAPES.into_iter().find(|shape| shape.name == of.table.value) else {
                    continue;
                };
                let differs = |field: &usize| old.fields.get(field) != new.fields.get(field);
                let is_named = |name: &str| of.fields.iter().any(|field| field.value == name);
                let names: Vec<&str> = (0..shape.fields.len())
                    .filter(differs)
                    .map(|field| shape.fields[field].name)
                    .filter(|name| !is_named(name))
                    .collect();
                let message = match names.is_empty() {
                    true => {
                        say!("values of `{file}` are in different rows than in `{replaces}`", file, replaces)
                    }
                    false => say!(
                        "`{file}` differs from `{replaces}` in fields that the ruling does not name: {names}",
                        file,
                        replaces,
                        names = list(names)
                    ),
                };
                report.error(code::RULING_FIELD, of.file.span, message).hint(say!(
                    "list every corrected field under `fields`, or export the table again with nothing else changed"
                ));
            }
        }
    }
}

/// Looks on for admissions, and shows everything to another observer as well.
pub struct WatchAdmissions<'w, 'r> {
    admissions: &'w mut Admissions<'r>,
    now: Range<usize>,
    next: Range<usize>,
    inner: &'w mut dyn InputObserver,
}

impl InputObserver for WatchAdmissions<'_, '_> {
    fn rows(&mut self) -> Option<&mut dyn RowObserver> {
        match self.admissions.admitted.is_empty() {
            true => self.inner.rows(),
            false => Some(self),
        }
    }

    fn file(&mut self, file: FileId) -> Result<(), Failure> {
        self.inner.file(file)
    }
}

impl RowObserver for WatchAdmissions<'_, '_> {
    fn row(&mut self, row: &LeafRow<'_>) {
        if let Some(rows) = self.inner.rows() {
            rows.row(row);
        }
        for Admission { of, ruling, old, new } in &mut self.admissions.admitted {
            let (seen, name) = match ruling {
                ruling if self.next.contains(ruling) => (old, &of.replaces),
                ruling if self.now.contains(ruling) => (new, &of.file),
                _ => continue,
            };
            if of.table.value == row.table && name.value == row.file {
                seen.add(row, &of.fields);
            }
        }
    }
}

impl FileRows {
    fn add(&mut self, row: &LeafRow<'_>, named: &[Spanned<String>]) {
        let Some(shape) = SHAPES.into_iter().find(|shape| shape.name == row.table) else { return };
        let mut content = String::new();
        row.write(&mut content);
        let Ok(values) = serde_json::from_str::<Vec<Value>>(&content) else { return };
        self.rows += 1;
        let mut unnamed = Sha256::new();
        // Table, file, sheet and row stand before the fields.
        for (number, (field, value)) in shape.fields.iter().zip(values.iter().skip(4)).enumerate() {
            let value = value.to_string();
            if named.iter().all(|named| named.value != field.name) {
                unnamed.update(&value);
                unnamed.update([0]);
            }
            let sum = self.fields.entry(number).or_default();
            *sum = sum.wrapping_add(number_of(Sha256::digest(&value).into()));
        }
        self.unnamed = self.unnamed.wrapping_add(number_of(unnamed.finalize().into()));
    }
}

/// The first half of a hash as a number.
fn number_of(hash: [u8; 32]) -> u128 {
    u128::from_be_bytes(hash[..16].try_into().expect("it has 16 bytes"))
}
