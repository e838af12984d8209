//! What a workbook says of a sheet beside its cells: rows and columns that are hidden, cells that are merged, cells whose
//! formula was not calculated, and cells whose number is shown with zeros in front.

use serde::{Deserialize, Serialize};

use crate::data::cell::{Cell, Cells};
use crate::data::table::source::matches_name;
use crate::source::{Message, column_letters, say};

/// A sheet of a workbook.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::data) struct Sheet {
    pub(in crate::data) name: String,
    pub(in crate::data) visible: bool,
    /// Whether it is a sheet of cells, not a chart or a dialog.
    pub(in crate::data) has_cells: bool,
}

/// What people should know of a sheet that was read.
#[derive(Default)]
pub(in crate::data) struct SheetNotes {
    /// How many rows that were read are hidden.
    pub(in crate::data) hidden_rows: u64,
    pub(in crate::data) layout: SheetLayout,
}

/// Whether a sheet is read: one that is wanted by its name, a visible one that matches a wanted pattern; every
/// visible one where none is wanted.
pub(in crate::data) fn is_chosen(sheet: &Sheet, wanted: Option<&[String]>) -> bool {
    let matches =
        |wanted: &String| sheet.name == *wanted || sheet.visible && matches_name(wanted, &sheet.name);
    sheet.has_cells && wanted.map_or(sheet.visible, |wanted| wanted.iter().any(matches))
}

/// The layout of a sheet. Rows and columns are counted from 0.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
pub(in crate::data) struct SheetLayout {
    /// The first and last row of each group that is hidden, in order.
    pub(in crate::data) hidden_rows: Vec<(u32, u32)>,
    /// The first and last column of each group that is hidden.
    pub(in crate::data) hidden_columns: Vec<(u16, u16)>,
    /// Areas of merged cells of several rows: the last row, and the area's name.
    pub(in crate::data) merged: Vec<(u32, String)>,
    /// Cells that are more than their value, by row and column, in order.
    pub(in crate::data) remarks: Vec<(u32, u16, Remark)>,
}

/// What is to be known of a cell beside its value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub(in crate::data) enum Remark {
    /// It holds a formula that its writer did not calculate.
    NotCalculated,
    /// Its number is shown with at least so many digits.
    Padded(u8),
}

/// The cells of a row with what is remarked of them.
pub(in crate::data) struct RemarkedRow<'a> {
    pub(in crate::data) cells: &'a dyn Cells,
    pub(in crate::data) remarks: &'a [(u32, u16, Remark)],
}

impl Cells for RemarkedRow<'_> {
    fn cell(&self, column: u16) -> Cell<'_> {
        let remark = self.remarks.iter().find(|(_, remarked, _)| *remarked == column);
        match (remark, self.cells.cell(column)) {
            (Some((.., Remark::NotCalculated)), _) => Cell::Unresolved,
            (Some((.., Remark::Padded(digits))), Cell::Number(number)) => Cell::from_padded(number, *digits),
            (_, cell) => cell,
        }
    }
}

/// More remarks on cells than this are not taken.
const MOST_REMARKS: usize = 1 << 22;

/// More areas of merged cells than this are not noted.
const MOST_MERGED: usize = 1 << 16;

impl SheetLayout {
    /// Notes rows that are hidden, behind those noted before.
    pub(in crate::data) fn hide_rows(&mut self, first: u32, last: u32) {
        match self.hidden_rows.last_mut() {
            Some((_, end)) if first <= end.saturating_add(1) => *end = last.max(*end),
            _ => self.hidden_rows.push((first, last)),
        }
    }

    /// Notes columns that are hidden.
    pub(in crate::data) fn hide_columns(&mut self, first: u16, last: u16) {
        let groups = self.hidden_columns.len();
        match self.hidden_columns.last_mut() {
            Some((_, end)) if first == end.saturating_add(1) => *end = last,
            _ if groups < usize::from(u8::MAX) => self.hidden_columns.push((first, last)),
            _ => {}
        }
    }

    /// Notes an area of merged cells by its name, such as `A3:A7`.
    pub(in crate::data) fn merge_named(&mut self, area: &str) {
        let row = |cell: &str| cell.trim_start_matches(|c: char| c.is_ascii_alphabetic()).parse::<u32>().ok();
        if let Some((first, last)) = area.split_once(':')
            && let (Some(first), Some(last)) = (row(first), row(last))
            && first < last
            && self.merged.len() < MOST_MERGED
        {
            self.merged.push((last - 1, area.to_owned()));
        }
    }

    /// Notes an area of merged cells by its corners.
    pub(in crate::data) fn merge(&mut self, (row, column): (u32, u16), (last_row, last_column): (u32, u16)) {
        if row < last_row && self.merged.len() < MOST_MERGED {
            let (from, to) = (column_letters(column), column_letters(last_column));
            let area = format!("{from}{}:{to}{}", row + 1, u64::from(last_row) + 1);
            self.merged.push((last_row, area));
        }
    }

    /// Remarks on a cell, behind those before it.
    pub(in crate::data) fn remark(&mut self, row: u32, column: u16, remark: Remark) -> Result<(), Message> {
        if self.remarks.len() == MOST_REMARKS {
            return Err(say!("it has too many formats"));
        }
        self.remarks.push((row, column, remark));
        Ok(())
    }

    /// What is remarked of the cells of a row.
    pub(in crate::data) fn remarks_of(&self, row: u32) -> &[(u32, u16, Remark)] {
        let start = self.remarks.partition_point(|&(remarked, ..)| remarked < row);
        let count = self.remarks[start..].partition_point(|&(remarked, ..)| remarked == row);
        &self.remarks[start..start + count]
    }

    /// Whether a row is hidden.
    pub(in crate::data) fn hides(&self, row: u32) -> bool {
        let behind = self.hidden_rows.partition_point(|&(_, last)| last < row);
        self.hidden_rows.get(behind).is_some_and(|&(first, _)| first <= row)
    }
}

/// How many digits a number format such as `000000` shows at least; `None` where it shows anything else. Only its first
/// section matters; colours, languages and room at the ends do not.
pub(in crate::data) fn digits_of_format(code: &str) -> Option<u8> {
    let mut zeros = 0;
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            '0' => zeros += 1,
            ';' => break,
            '_' | '*' => {
                chars.next();
            }
            '[' => {
                let inside: String = chars.by_ref().take_while(|&c| c != ']').collect();
                if inside.contains(['<', '>', '=']) {
                    return None;
                }
            }
            _ => return None,
        }
    }
    // A format of one zero is that of whole numbers, from which zeros in front are lost.
    u8::try_from(zeros).ok().filter(|zeros| (2..=32).contains(zeros))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_of_zeros_alone_is_one_of_codes() {
        for code in ["000000", "000000_ ", "[Red]000000", "000000;-000000", "[$-804]000000"] {
            assert_eq!(digits_of_format(code), Some(6), "{code}");
        }
        for code in ["0", "0.00", "#,##0", "00-00", "General", "@", "[>9]000000;0", "\"E\"000", "#000"] {
            assert_eq!(digits_of_format(code), None, "{code}");
        }
    }
}
