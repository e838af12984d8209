//! What a workbook says of a sheet beside its cells: rows and columns that are hidden, cells that are merged, cells whose
//! formula was not calculated, and cells whose number is shown with zeros in front.

use std::collections::BTreeMap;
use std::io::Read;

use serde::{Deserialize, Serialize};

use super::cell::Cell;
use super::record::Cells;
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
    /// Cells that are more than their value, by row and column, in order.
    pub(super) remarks: Vec<(u32, u16, Remark)>,
}

/// What is to be known of a cell beside its value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub(super) enum Remark {
    /// It holds a formula that its writer did not calculate.
    NotCalculated,
    /// Its number is shown with at least so many digits.
    Padded(u8),
}

/// The cells of a row with what is remarked of them.
pub(super) struct RemarkedRow<'a> {
    pub(super) cells: &'a dyn Cells,
    pub(super) remarks: &'a [(u32, u16, Remark)],
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

    /// Remarks on a cell, behind those before it.
    pub(super) fn remark(&mut self, row: u32, column: u16, remark: Remark) -> Result<(), Message> {
        if self.remarks.len() == MOST_REMARKS {
            return Err(say!("it has too many formats"));
        }
        self.remarks.push((row, column, remark));
        Ok(())
    }

    /// What is remarked of the cells of a row.
    pub(super) fn remarks_of(&self, row: u32) -> &[(u32, u16, Remark)] {
        let start = self.remarks.partition_point(|&(remarked, ..)| remarked < row);
        let count = self.remarks[start..].partition_point(|&(remarked, ..)| remarked == row);
        &self.remarks[start..start + count]
    }

    /// Whether a row is hidden.
    pub(super) fn hides(&self, row: u32) -> bool {
        let behind = self.hidden_rows.partition_point(|&(_, last)| last < row);
        self.hidden_rows.get(behind).is_some_and(|&(first, _)| first <= row)
    }
}

/// How many digits a number format such as `000000` shows at least; `None` where it shows anything else. Only its first
/// section matters; colours, languages and room at the ends do not.
pub(super) fn digits_of_format(code: &str) -> Option<u8> {
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

/// The layouts of the sheets of an OpenDocument workbook, by the sheets' names, from its `content.xml`.
pub(super) fn layouts_of_ods<R: Read>(
    mut scanner: Scanner<R>,
) -> Result<BTreeMap<String, SheetLayout>, Message> {
    let mut layouts = BTreeMap::new();
    let mut styles = OdsStyles::default();
    let mut layout = SheetLayout::default();
    let mut name = String::new();
    let (mut row, mut rows) = (0u32, 0u32);
    let mut column = 0u16;
    // Digits of the cells that have no style of their own: of each group of columns, and of the row.
    let mut columns: Vec<(u16, Option<u8>)> = Vec::new();
    let mut row_digits = None;
    let mut open: Option<OdsCell> = None;
    loop {
        match scanner.next()? {
            Token::Open { name: b"table", attributes, .. } => {
                if layout != SheetLayout::default() {
                    // Rows that are repeated were noted column by column.
                    layout.remarks.sort_unstable();
                    layouts.insert(std::mem::take(&mut name), std::mem::take(&mut layout));
                }
                name = attributes.text("name")?.unwrap_or_default();
                (row, rows, column) = (0, 0, 0);
                columns.clear();
            }
            Token::Open { name: b"table-column", attributes, .. } => {
                let repeated = repeated(attributes, "number-columns-repeated")?;
                let next = column.saturating_add(u16::try_from(repeated).unwrap_or(u16::MAX));
                if is_hidden(attributes)? && next > column {
                    layout.hide_columns(column, next - 1);
                }
                column = next;
                columns.push((next, styles.digits(attributes, "default-cell-style-name")?.flatten()));
            }
            Token::Open { name: b"table-row", attributes, .. } => {
                row = row.saturating_add(rows);
                rows = repeated(attributes, "number-rows-repeated")?;
                column = 0;
                row_digits = styles.digits(attributes, "default-cell-style-name")?;
                if is_hidden(attributes)? && rows > 0 {
                    layout.hide_rows(row, row.saturating_add(rows - 1));
                }
            }
            Token::Open { name: b"table-cell" | b"covered-table-cell", attributes, empty } => {
                let spanned = |name| repeated(attributes, name);
                let (tall, wide) = (spanned("number-rows-spanned")?, spanned("number-columns-spanned")?);
                let wide = u16::try_from(wide.saturating_sub(1)).unwrap_or(u16::MAX);
                let last = (row.saturating_add(tall.saturating_sub(1)), column.saturating_add(wide));
                layout.merge((row, column), last);
                let repeated = spanned("number-columns-repeated")?;
                let next = column.saturating_add(u16::try_from(repeated).unwrap_or(u16::MAX));
                let of_column =
                    || columns.iter().find(|(end, _)| column < *end).and_then(|(_, digits)| *digits);
                let digits = styles.digits(attributes, "style-name")?;
                let digits = digits.or(row_digits).unwrap_or_else(of_column);
                let has_number = digits.is_some() && attributes.raw("value")?.is_some();
                let cell = OdsCell {
                    columns: column..next,
                    digits: digits.filter(|_| has_number),
                    result: OdsResult::of(attributes)?,
                };
                column = next;
                match empty {
                    true => cell.remark(&mut layout, row..row.saturating_add(rows))?,
                    false => open = Some(cell),
                }
            }
            // A program that calculates writes what the cell shows.
            Token::Open { name: b"p", .. } => {
                if let Some(cell) = &mut open {
                    cell.result = OdsResult::Stored;
                }
            }
            Token::Open { name: b"annotation", empty: false, .. } => scanner.skip("annotation")?,
            Token::Close(b"table-cell" | b"covered-table-cell") => {
                if let Some(cell) = open.take() {
                    cell.remark(&mut layout, row..row.saturating_add(rows))?;
                }
            }
            Token::Open { name: b"number-style", attributes, empty: false } => {
                let name = attributes.text("name")?.unwrap_or_default();
                styles.read_number(&mut scanner, name)?;
            }
            Token::Open { name: b"style", attributes, .. } => styles.add_cell_style(attributes)?,
            Token::End => {
                layout.remarks.sort_unstable();
                layouts.insert(name, layout);
                return Ok(layouts);
            }
            _ => {}
        }
    }
}

/// A cell of an OpenDocument sheet, or several that are the same.
struct OdsCell {
    columns: std::ops::Range<u16>,
    /// How many digits its number is shown with, if it has one and its style says so.
    digits: Option<u8>,
    result: OdsResult,
}

/// What a cell says of the result of its formula.
#[derive(Clone, Copy, PartialEq, Eq)]
enum OdsResult {
    /// It has no formula, or a result.
    Stored,
    /// It has a formula, and what libraries write that do not calculate: no result, or a zero that is not shown.
    Missing,
}

impl OdsResult {
    fn of(attributes: Attributes<'_>) -> Result<OdsResult, Message> {
        let mut result = OdsResult::Missing;
        let mut formula = false;
        for attribute in attributes {
            match attribute? {
                (b"formula", _) => formula = true,
                (b"value", value) if !matches!(value, b"" | b"0" | b"0.0") => result = OdsResult::Stored,
                (b"string-value" | b"date-value" | b"time-value" | b"boolean-value", _) => {
                    result = OdsResult::Stored;
                }
                _ => {}
            }
        }
        Ok(if formula { result } else { OdsResult::Stored })
    }
}

impl OdsCell {
    fn remark(self, layout: &mut SheetLayout, rows: std::ops::Range<u32>) -> Result<(), Message> {
        let remark = match (self.result, self.digits) {
            (OdsResult::Missing, _) => Remark::NotCalculated,
            (OdsResult::Stored, Some(digits)) => Remark::Padded(digits),
            (OdsResult::Stored, None) => return Ok(()),
        };
        for row in rows {
            for column in self.columns.clone() {
                layout.remark(row, column, remark)?;
            }
        }
        Ok(())
    }
}

/// How many digits the cells of a style show at least, of an OpenDocument workbook.
#[derive(Default)]
struct OdsStyles {
    numbers: BTreeMap<String, u8>,
    cells: BTreeMap<String, u8>,
}

impl OdsStyles {
    /// The digits of the style that an attribute names; the outer `None` where it names none.
    fn digits(&self, attributes: Attributes<'_>, name: &str) -> Result<Option<Option<u8>>, Message> {
        match self.cells.is_empty() {
            true => Ok(None),
            false => Ok(attributes.text(name)?.map(|style| self.cells.get(&style).copied())),
        }
    }

    /// Reads the format of a number, which may be one of digits alone.
    fn read_number<R: Read>(&mut self, scanner: &mut Scanner<R>, name: String) -> Result<(), Message> {
        let mut digits = None;
        let mut other = false;
        loop {
            match scanner.next()? {
                Token::Open { name: b"number", attributes, .. } => {
                    digits = Some(repeated(attributes, "min-integer-digits")?);
                    other |= repeated(attributes, "decimal-places")? > 0
                        && attributes.raw("decimal-places")?.is_some()
                        || attributes.raw("grouping")? == Some(b"true");
                }
                Token::Open { name: b"text-properties" | b"map", .. } => {}
                Token::Open { .. } => other = true,
                Token::Close(b"number-style") => break,
                Token::End => return Ok(()),
                _ => {}
            }
        }
        let digits =
            digits.and_then(|digits| u8::try_from(digits).ok()).filter(|digits| (2..=32).contains(digits));
        if let Some(digits) = digits.filter(|_| !other) {
            self.numbers.insert(name, digits);
        }
        Ok(())
    }

    fn add_cell_style(&mut self, attributes: Attributes<'_>) -> Result<(), Message> {
        let (Some(name), Some(number)) = (attributes.text("name")?, attributes.text("data-style-name")?)
        else {
            return Ok(());
        };
        if let Some(&digits) = self.numbers.get(&number) {
            self.cells.insert(name, digits);
        }
        Ok(())
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
    #[test]
    fn formulas_without_a_result_and_numbers_of_digits_are_known_in_ods() {
        let content = "<o:content><n:number-style s:name='N9'><n:number n:decimal-places='0' n:min-integer-digits='6'/>\
            </n:number-style><n:number-style s:name='N8'><n:number n:min-integer-digits='2' n:decimal-places='2'/>\
            </n:number-style><s:style s:name='ce1' s:data-style-name='N9'/><s:style s:name='ce2' s:data-style-name='N8'/>\
            <t:table t:name='甲'><t:table-column t:default-cell-style-name='ce1'/>\
            <t:table-column t:number-columns-repeated='9' t:default-cell-style-name='ce2'/>\
            <t:table-row><t:table-cell t:formula='1+1'/><t:table-cell t:formula='1+1' o:value-type='float' o:value='0'/>\
            <t:table-cell t:formula='1' o:value='0'><x:p>0</x:p></t:table-cell>\
            <t:table-cell t:formula='1+1' o:value='2'/>\
            <t:table-cell t:formula='1' o:value-type='string'><o:annotation><x:p>!</x:p></o:annotation></t:table-cell>\
            <t:table-cell t:formula='1' o:value-type='string' o:string-value=''><x:p/></t:table-cell></t:table-row>\
            <t:table-row t:number-rows-repeated='2'><t:table-cell o:value='1038'/><t:table-cell o:value='7'/>\
            <t:table-cell t:style-name='ce1' t:number-columns-repeated='2' o:value='7'/>\
            <t:table-cell t:style-name='ce1' t:number-columns-repeated='9999'/></t:table-row>\
            </t:table></o:content>";
        let layouts = layouts_of_ods(Scanner::new(content.as_bytes(), 4096)).unwrap();
        let layout = &layouts["甲"];
        use Remark::{NotCalculated, Padded};
        assert_eq!(
            layout.remarks_of(0),
            [(0, 0, NotCalculated), (0, 1, NotCalculated), (0, 4, NotCalculated)]
        );
        let row = |row| [0, 2, 3].map(|column| (row, column, Padded(6)));
        assert_eq!(layout.remarks_of(1), row(1));
        assert_eq!(layout.remarks_of(2), row(2));
        assert_eq!(layout.remarks_of(3), []);
    }

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
