//! How many values of a column of keys are keys.

use crate::data::TableShape;
use crate::fair::KeyKind;
use crate::fair::facts::KeyColumn;

/// Counts the values of the columns of keys of one sheet after another.
#[derive(Default)]
pub(super) struct KeyCounts {
    /// Of the present sheet, by [`KeyKind`]: values, and those of them that are no key.
    counts: [(u64, u64); 3],
    ended: Vec<(u32, [(u64, u64); 3])>,
}

impl KeyCounts {
    /// Counts the cell of a key.
    #[inline]
    pub(super) fn count(&mut self, kind: KeyKind, is_filled: bool, is_key: bool) {
        let (filled, without) = &mut self.counts[kind as usize];
        *filled += u64::from(is_filled);
        *without += u64::from(is_filled & !is_key);
    }

    /// Begins the next sheet.
    pub(super) fn end_sheet(&mut self, sheet: u32) {
        self.ended.push((sheet, std::mem::take(&mut self.counts)));
    }

    /// What was counted, by sheet and kind of key.
    pub(super) fn columns(self, table: &'static TableShape) -> impl Iterator<Item = KeyColumn> {
        self.ended.into_iter().flat_map(move |(sheet, counts)| {
            KeyKind::ALL.into_iter().map(move |kind| {
                let (filled, without_key) = counts[kind as usize];
                KeyColumn { table: table.name, sheet, kind, filled, without_key }
            })
        })
    }
}
