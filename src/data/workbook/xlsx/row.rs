//! One row of an xlsx sheet: its cells, out of the XML and as a table reads them.

use std::io::Read;

use super::book::{Book, Format, Results};
use super::numbers::{row_number, whole_number};
use super::shared_texts::{MAX_TEXT, read_string, unescape};
use crate::data::cell::{Cell, Cells, date_cell};
use crate::data::workbook::xml::{Scanner, Token, cut_off, decode, utf8};
use crate::source::{Message, say};

const MAX_COLUMNS: usize = 1 << 14;
/// Texts longer than this are counted when they are used.
const LONG_TEXT: usize = 1 << 10;

/// A row, its cells by column.
pub(in crate::data) struct Row<'a> {
    book: &'a Book,
    number: u32,
    cells: Vec<Value>,
    /// The texts that the row does not share.
    text: String,
    /// Areas of formulas that were not calculated, of which only the first cell says so.
    waiting: Vec<Area>,
}

/// The first and last row and column of an area.
type Area = ((u32, usize), (u32, usize));

/// More areas at once than this are not looked after.
const MAX_AREAS: usize = 1 << 12;

#[derive(Clone, Copy)]
enum Value {
    Empty,
    /// Bytes of the row's text.
    Text(u32, u32),
    Shared(u32),
    Number(f64),
    /// A number, and how many digits it is shown with.
    Padded(f64, u8),
    Date(f64),
    Iso(u32, u32),
    Truth(bool),
    Error(u32, u32),
    Unresolved,
}

impl<'a> Row<'a> {
    pub(in crate::data) fn new(book: &'a Book) -> Row<'a> {
        Row { book, number: 0, cells: Vec::new(), text: String::new(), waiting: Vec::new() }
    }

    /// How many columns the row has, up to its last cell.
    pub(in crate::data) fn columns(&self) -> u16 {
        u16::try_from(self.cells.len()).unwrap_or(u16::MAX)
    }

    /// Reads the cells of a row, up to its closing tag.
    pub(in crate::data) fn read<R: Read>(
        &mut self,
        scanner: &mut Scanner<R>,
        number: u32,
    ) -> Result<(), Message> {
        self.number = number;
        self.cells.clear();
        self.text.clear();
        self.waiting.retain(|(_, (last, _))| *last >= number);
        loop {
            match scanner.next()? {
                Token::Open { name: b"c", attributes, empty } => {
                    let (mut column, mut style, mut kind) = (self.cells.len(), None, Kind::Absent);
                    for attribute in attributes {
                        match attribute? {
                            (b"r", value) => column = self.column(value)?,
                            (b"s", value) => style = whole_number(value),
                            (b"t", value) => kind = self.kind(value)?,
                            _ => {}
                        }
                    }
                    if column < self.cells.len() {
                        return Err(say!(
                            "row {number}: a cell is duplicated or out of order",
                            number = self.number + 1
                        ));
                    }
                    if column >= MAX_COLUMNS {
                        return Err(say!(
                            "row {number}: a cell is in column {column}, outside the sheet",
                            number = self.number + 1,
                            column = column + 1
                        ));
                    }
                    self.cells.resize(column, Value::Empty);
                    let value = match empty {
                        true => Value::Empty,
                        false => self.value(scanner, kind, style)?,
                    };
                    let in_area = |((top, left), (bottom, right)): &Area| {
                        (*top..=*bottom).contains(&number) && (*left..=*right).contains(&column)
                    };
                    let waits = self.waiting.iter().any(in_area);
                    self.cells.push(if waits { Value::Unresolved } else { value });
                }
                Token::Close(b"row") => return Ok(()),
                Token::Text(space) if space.trim_ascii().is_empty() => {}
                Token::Open { name: b"extLst", empty: false, .. } => scanner.skip("extLst")?,
                Token::Open { name: b"extLst", .. } => {}
                Token::End => return Err(cut_off("row")),
                _ => {
                    return Err(say!(
                        "row {number} contains something other than cells",
                        number = self.number + 1
                    ));
                }
            }
        }
    }

    /// What stands within a cell, up to its closing tag.
    fn value<R: Read>(
        &mut self,
        scanner: &mut Scanner<R>,
        kind: Kind,
        style: Option<usize>,
    ) -> Result<Value, Message> {
        let mut value = Value::Empty;
        let mut formula = false;
        let mut stored = false;
        // `0.0` is what POI leaves in a formula that it did not calculate; spreadsheet programs write `0`.
        let mut dummy = false;
        loop {
            match scanner.next()? {
                Token::Open { name: b"v", empty, .. } => {
                    stored = !empty;
                    if empty {
                        continue;
                    }
                    // The text is borrowed from the scanner where it is in one piece, as numbers are.
                    let found = match (scanner.next()?, kind) {
                        (Token::Text(_) | Token::Verbatim(_), Kind::Inline) => Value::Empty,
                        (Token::Text(raw), Kind::Shared) => self.shared(raw)?,
                        (Token::Text(raw), Kind::Number | Kind::Absent) => {
                            dummy = raw == b"0.0";
                            self.number(raw, kind, style)?
                        }
                        (Token::Text(raw), _) => {
                            let from = self.text.len();
                            decode(raw, &mut self.text)?;
                            self.typed(from, kind)?
                        }
                        (Token::Verbatim(raw), _) => {
                            let from = self.text.len();
                            self.text.push_str(utf8(raw)?);
                            self.typed(from, kind)?
                        }
                        (Token::Close(b"v"), _) => continue,
                        (Token::End, _) => return Err(cut_off("v")),
                        _ => return Err(self.strange("v")),
                    };
                    match scanner.next()? {
                        Token::Close(b"v") => {}
                        _ => return Err(self.strange("v")),
                    }
                    if kind != Kind::Inline {
                        value = found;
                    }
                }
                Token::Open { name: b"is", empty, .. } => {
                    if !empty {
                        let from = self.text.len();
                        read_string(scanner, "is", &mut self.text)?;
                        value = self.text_value(from)?;
                    }
                }
                Token::Open { name: b"f", attributes, empty } => {
                    formula = true;
                    if self.book.results == Results::ToBeCalculated
                        && matches!(attributes.raw("t")?, Some(b"array" | b"dataTable"))
                        && let Some(area) = attributes.raw("ref")?
                    {
                        self.waiting.extend(area_of(area).filter(|_| self.waiting.len() < MAX_AREAS));
                    }
                    if !empty {
                        scanner.skip("f")?;
                    }
                }
                Token::Open { name: b"extLst", empty: false, .. } => scanner.skip("extLst")?,
                Token::Open { name: b"extLst", .. } => {}
                Token::Close(b"c") => {
                    // A formula whose result is an empty text has a result.
                    let calculated = match value {
                        // Whoever wrote an error meant it.
                        Value::Error(..) => true,
                        _ if self.book.results == Results::ToBeCalculated => false,
                        Value::Empty => kind == Kind::Text && stored,
                        _ => !dummy,
                    };
                    return Ok(if formula && !calculated { Value::Unresolved } else { value });
                }
                Token::Text(space) if space.trim_ascii().is_empty() => {}
                Token::End => return Err(cut_off("c")),
                _ => return Err(self.strange("c")),
            }
        }
    }

    fn strange(&self, element: &str) -> Message {
        say!("row {number}: a cell has unexpected content in `{element}`", number = self.number + 1, element)
    }

    fn kind(&self, value: &[u8]) -> Result<Kind, Message> {
        Ok(match value {
            b"s" => Kind::Shared,
            b"n" => Kind::Number,
            b"str" => Kind::Text,
            b"inlineStr" | b"is" => Kind::Inline,
            b"b" => Kind::Truth,
            b"e" => Kind::Error,
            b"d" => Kind::Iso,
            _ => return Err(say!("row {number}: a cell has an unknown type", number = self.number + 1)),
        })
    }

    /// The column of a cell by its place, which must be in this row.
    fn column(&self, place: &[u8]) -> Result<usize, Message> {
        let (column, rest) = column_and_rest(place);
        match (column, row_number(rest)?) {
            (Some(column), row) if row == self.number => Ok(column),
            _ => Err(say!("row {number}: a cell gives another row as its place", number = self.number + 1)),
        }
    }

    fn shared(&self, raw: &[u8]) -> Result<Value, Message> {
        let raw = raw.trim_ascii();
        if raw.is_empty() {
            return Ok(Value::Empty);
        }
        match whole_number(raw).filter(|&number| number < self.book.strings.len()) {
            Some(number) => Ok(Value::Shared(u32::try_from(number).unwrap_or(u32::MAX))),
            None => Err(say!(
                "row {number}: a cell refers to a text that does not exist",
                number = self.number + 1
            )),
        }
    }

    fn number(&mut self, raw: &[u8], kind: Kind, style: Option<usize>) -> Result<Value, Message> {
        let text = utf8(raw)?.trim_ascii();
        if text.is_empty() {
            return Ok(Value::Empty);
        }
        let Ok(number) = text.parse::<f64>() else {
            if kind == Kind::Absent {
                let from = self.text.len();
                decode(raw, &mut self.text)?;
                return self.text_value(from);
            }
            return Err(say!(
                "row {number}: a number cell contains something else",
                number = self.number + 1
            ));
        };
        if !number.is_finite() {
            return Err(say!(
                "row {number}: a number cell contains something else",
                number = self.number + 1
            ));
        }
        Ok(match style.and_then(|style| self.book.formats.get(style)) {
            Some(Format::Date) => Value::Date(number),
            Some(&Format::Digits(digits)) => Value::Padded(number, digits),
            // A duration of less than a day is a time of day as people write it.
            Some(Format::Duration) if (0.0..1.0).contains(&number) => Value::Date(number),
            _ => Value::Number(number),
        })
    }

    /// What the row's text from a byte on is, by the type of the cell.
    fn typed(&mut self, from: usize, kind: Kind) -> Result<Value, Message> {
        let text = &self.text[from..];
        let (start, end) = (at(from), at(self.text.len()));
        match kind {
            Kind::Text => {
                unescape(&mut self.text, from);
                self.text_value(from)
            }
            Kind::Iso => Ok(Value::Iso(start, end)),
            Kind::Error => Ok(Value::Error(start, end)),
            Kind::Truth => match text.trim_ascii() {
                "" => Ok(Value::Empty),
                text if text == "0" || text.eq_ignore_ascii_case("false") => Ok(Value::Truth(false)),
                text if text == "1" || text.eq_ignore_ascii_case("true") => Ok(Value::Truth(true)),
                _ => Err(say!(
                    "row {number}: a boolean cell is neither true nor false",
                    number = self.number + 1
                )),
            },
            Kind::Shared => {
                let raw = text.to_owned();
                self.shared(raw.as_bytes())
            }
            Kind::Number | Kind::Absent | Kind::Inline => {
                let raw = text.to_owned();
                self.number(raw.as_bytes(), kind, None)
            }
        }
    }

    fn text_value(&self, from: usize) -> Result<Value, Message> {
        match self.text.len() - from {
            length if length > MAX_TEXT => Err(say!(
                "row {number}: a cell contains a text of {kilobytes} KB",
                number = self.number + 1,
                kilobytes = length >> 10
            )),
            _ => Ok(Value::Text(at(from), at(self.text.len()))),
        }
    }

    fn text(&self, from: u32, until: u32) -> &str {
        &self.text[from as usize..until as usize]
    }

    /// How many bytes the long texts of the row have.
    pub(in crate::data) fn long_texts(&self) -> usize {
        let mut sum = 0;
        for cell in &self.cells {
            let length = match *cell {
                Value::Shared(number) => self.book.strings.get(number).len(),
                Value::Text(from, until) => (until - from) as usize,
                _ => 0,
            };
            if length > LONG_TEXT {
                sum += length;
            }
        }
        sum
    }
}

/// What the content of a cell is, as it says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Absent,
    Number,
    Shared,
    Text,
    Inline,
    Truth,
    Error,
    Iso,
}

impl Cells for Row<'_> {
    #[inline]
    fn cell(&self, column: u16) -> Cell<'_> {
        match self.cells.get(usize::from(column)).copied() {
            None | Some(Value::Empty) => Cell::Empty,
            Some(Value::Shared(number)) => Cell::from_text(self.book.strings.get(number)),
            Some(Value::Text(from, until)) => Cell::from_text(self.text(from, until)),
            Some(Value::Number(number)) => Cell::Number(number),
            Some(Value::Padded(number, digits)) => Cell::from_padded(number, digits),
            Some(Value::Date(number)) => date_cell(number, self.book.dates_from_1904),
            Some(Value::Iso(from, until)) => Cell::from_iso(self.text(from, until)),
            Some(Value::Truth(truth)) => Cell::Truth(truth),
            Some(Value::Error(from, until)) => Cell::Error(self.text(from, until).into()),
            Some(Value::Unresolved) => Cell::Unresolved,
        }
    }
}

/// The column of a place such as `B5`, counted from 0, and what is behind its letters.
fn column_and_rest(place: &[u8]) -> (Option<usize>, &[u8]) {
    let letters = place.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let mut column = 0usize;
    for letter in &place[..letters] {
        column =
            column.saturating_mul(26).saturating_add(usize::from(letter.to_ascii_uppercase() - b'A') + 1);
    }
    (column.checked_sub(1), &place[letters..])
}

/// An area such as `A2:B5`, or of one cell.
fn area_of(name: &[u8]) -> Option<Area> {
    let corner = |place| {
        let (column, rest) = column_and_rest(place);
        Some((row_number(rest).ok()?, column?))
    };
    let mut corners = name.splitn(2, |&byte| byte == b':');
    let first = corner(corners.next()?)?;
    let last = corners.next().map_or(Some(first), corner)?;
    Some((first, last))
}

fn at(length: usize) -> u32 {
    u32::try_from(length).expect("the text of a row is shorter than 4 GB")
}
