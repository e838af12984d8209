//! What an OpenDocument workbook says of its sheets beside their cells.

use std::collections::BTreeMap;
use std::io::Read;

use super::layout::{Remark, SheetLayout};
use super::xml::{Attributes, Scanner, Token, utf8};
use crate::source::{Message, say};

/// The layouts of the sheets of an OpenDocument workbook, by the sheets' names, from its `content.xml`.
pub(in crate::data) fn layouts_of_ods<R: Read>(
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
}
