//! What a workbook says of a sheet beside its cells: rows and columns that are hidden, cells that are merged.

use std::collections::BTreeMap;
use std::io::Read;

use serde::{Deserialize, Serialize};

use super::xml::{Attributes, Scanner, Token, utf8};
use crate::source::{Message, column_letters, say};

/// The layout of a sheet. Rows and columns are counted from 0.
#[derive(Clone, Default, PartialEq, Debug, Serialize, Deserialize)]
pub(super) struct SheetLayout {
    /// The first and last row of each group that is hidden, in order.
    pub(super) hidden_rows: Vec<(u32, u32)>,
    /// The first and last column of each group that is hidden.
    pub(super) hidden_columns: Vec<(u16, u16)>,
    /// Areas of merged cells of several rows: the last row, and the area's name.
    pub(super) merged: Vec<(u32, String)>,
    /// Cells of an xls file with formulas that its writer did not compute, by row and column, in order.
    #[serde(skip)]
    pub(super) not_computed: Vec<(u32, u16)>,
}

/// More areas of merged cells than this are not noted.
const MOST_MERGED: usize = 1 << 16;

impl SheetLayout {
    /// Notes rows that are hidden, behind those noted before.
    pub(super) fn hide_rows(&mut self, first: u32, last: u32) {
        match self.hidden_rows.last_mut() {
            Some((_, end)) if first <= end.saturating_add(1) => *end = last.max(*end),
            _ => self.hidden_rows.push((first, last)),
        }
    }

    /// Notes columns that are hidden.
    pub(super) fn hide_columns(&mut self, first: u16, last: u16) {
        let groups = self.hidden_columns.len();
        match self.hidden_columns.last_mut() {
            Some((_, end)) if first == end.saturating_add(1) => *end = last,
            _ if groups < usize::from(u8::MAX) => self.hidden_columns.push((first, last)),
            _ => {}
        }
    }

    /// Notes an area of merged cells by its name, such as `A3:A7`.
    pub(super) fn merge_named(&mut self, area: &str) {
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
    pub(super) fn merge(&mut self, (row, column): (u32, u16), (last_row, last_column): (u32, u16)) {
        if row < last_row && self.merged.len() < MOST_MERGED {
            let (from, to) = (column_letters(column), column_letters(last_column));
            let area = format!("{from}{}:{to}{}", row + 1, u64::from(last_row) + 1);
            self.merged.push((last_row, area));
        }
    }

    /// Whether a row is hidden.
    pub(super) fn hides(&self, row: u32) -> bool {
        let behind = self.hidden_rows.partition_point(|&(_, last)| last < row);
        self.hidden_rows.get(behind).is_some_and(|&(first, _)| first <= row)
    }
}

/// The layouts of the sheets of an OpenDocument workbook, by the sheets' names, from its `content.xml`.
pub(super) fn layouts_of_ods<R: Read>(
    mut scanner: Scanner<R>,
) -> Result<BTreeMap<String, SheetLayout>, Message> {
    let mut layouts = BTreeMap::new();
    let mut layout = SheetLayout::default();
    let mut name = String::new();
    let (mut row, mut rows) = (0u32, 0u32);
    let mut column = 0u16;
    loop {
        match scanner.next()? {
            Token::Open { name: b"table", attributes, .. } => {
                if layout != SheetLayout::default() {
                    layouts.insert(std::mem::take(&mut name), std::mem::take(&mut layout));
                }
                name = attributes.text("name")?.unwrap_or_default();
                (row, rows, column) = (0, 0, 0);
            }
            Token::Open { name: b"table-column", attributes, .. } => {
                let repeated = repeated(attributes, "number-columns-repeated")?;
                let next = column.saturating_add(u16::try_from(repeated).unwrap_or(u16::MAX));
                if is_hidden(attributes)? && next > column {
                    layout.hide_columns(column, next - 1);
                }
                column = next;
            }
            Token::Open { name: b"table-row", attributes, .. } => {
                row = row.saturating_add(rows);
                rows = repeated(attributes, "number-rows-repeated")?;
                column = 0;
                if is_hidden(attributes)? && rows > 0 {
                    layout.hide_rows(row, row.saturating_add(rows - 1));
                }
            }
            Token::Open { name: b"table-cell" | b"covered-table-cell", attributes, .. } => {
                let spanned = |name| repeated(attributes, name);
                let (tall, wide) = (spanned("number-rows-spanned")?, spanned("number-columns-spanned")?);
                let wide = u16::try_from(wide.saturating_sub(1)).unwrap_or(u16::MAX);
                let last = (row.saturating_add(tall.saturating_sub(1)), column.saturating_add(wide));
                layout.merge((row, column), last);
                let repeated = spanned("number-columns-repeated")?;
                column = column.saturating_add(u16::try_from(repeated).unwrap_or(u16::MAX));
            }
            Token::End => {
                layouts.insert(name, layout);
                return Ok(layouts);
            }
            _ => {}
        }
    }
}

/// Whether a row or column is hidden, by hand or by a filter.
fn is_hidden(attributes: Attributes<'_>) -> Result<bool, Message> {
    Ok(attributes.raw("visibility")?.is_some_and(|visibility| visibility != b"visible"))
}

/// How often something is repeated.
fn repeated(attributes: Attributes<'_>, name: &str) -> Result<u32, Message> {
    match attributes.raw(name)? {
        None => Ok(1),
        Some(number) => utf8(number)?.parse().map_err(|_| say!("a row or column has a damaged number")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_layout_of_a_sheet_is_known() {
        let content = "<o:spreadsheet><t:table t:name='甲'>\
            <t:table-column t:number-columns-repeated='2'/><t:table-column t:visibility='collapse'/>\
            <t:table-row t:number-rows-repeated='3'><t:table-cell/></t:table-row>\
            <t:table-row t:visibility='collapse'><t:table-cell t:number-columns-repeated='2'/>\
            <t:table-cell t:number-rows-spanned='2' t:number-columns-spanned='2'/></t:table-row>\
            <t:table-row t:visibility='filter' t:number-rows-repeated='2'/></t:table>\
            <t:table t:name='乙'><t:table-row/></t:table></o:spreadsheet>";
        let layouts = layouts_of_ods(Scanner::new(content.as_bytes(), 4096)).unwrap();
        let layout = &layouts["甲"];
        assert_eq!(layout.hidden_rows, [(3, 5)]);
        assert_eq!(layout.hidden_columns, [(2, 2)]);
        assert_eq!(layout.merged, [(4, "C4:D5".to_owned())]);
        assert_eq!([2, 3, 5, 6].map(|row| layout.hides(row)), [false, true, true, false]);
        assert_eq!(layouts["乙"], SheetLayout::default());
    }
}
