//! What the records of an xls file say beside its cells: which rows and columns are hidden, which cells are merged, which
//! formulas were not calculated, which numbers are shown with zeros in front, and whether its texts are Unicode. Cells are
//! read elsewhere: a record that is damaged is left out here, and found wrong there.

use std::io::{Cursor, Read};

use cfb::CompoundFile;

use super::layout::{Remark, SheetLayout, digits_of_format};

/// What an xls file says beside its cells.
#[derive(Default, PartialEq, Debug)]
pub(in crate::data) struct BookLayout {
    /// Whether texts are Unicode, as they are since Excel 97 whatever code page the file names.
    pub(in crate::data) unicode: bool,
    /// The layouts of the sheets, in the order in which the file names them.
    pub(in crate::data) sheets: Vec<SheetLayout>,
}

/// What an xls file says beside its cells, from the whole of it.
///
/// # Errors
/// A file whose streams cannot be told, such as one with a chain of sectors that leads back to itself.
pub(in crate::data) fn layout_of_xls(file: &[u8]) -> std::io::Result<BookLayout> {
    let Some(book) = book(file)? else { return Ok(BookLayout::default()) };
    let mut layout = BookLayout::default();
    let mut shared = Shared::default();
    let mut sheets = Vec::new();
    for (kind, data) in Records(&book) {
        match kind {
            BEGINNING => layout.unicode = short(data, 0) == Some(EXCEL_97),
            SHEET => sheets.push(long(data, 0).and_then(|at| book.get(at..))),
            CALCULATED_BY => shared.calculated = long(data, 4).is_some_and(|engine| engine != 0),
            NUMBER_FORMAT => shared.add_number_format(data, layout.unicode),
            CELL_FORMAT => shared.cell_formats.push(short(data, 2).unwrap_or_default()),
            END => break,
            _ => {}
        }
    }
    for sheet in sheets {
        layout.sheets.push(sheet.map(|sheet| layout_of_sheet(sheet, &shared)).unwrap_or_default());
    }
    Ok(layout)
}

/// What the sheets share.
#[derive(Default)]
struct Shared {
    /// Whether the program that wrote the file names the version in which it calculates.
    calculated: bool,
    /// The formats of numbers that show digits alone: their number, and how many digits.
    digits: Vec<(u16, u8)>,
    /// The number format of each format of cells.
    cell_formats: Vec<u16>,
}

impl Shared {
    fn add_number_format(&mut self, data: &[u8], unicode: bool) {
        let Some(number) = short(data, 0) else { return };
        let code: Option<String> = match (unicode, data.get(4)) {
            (false, _) => data.get(3..).map(|bytes| bytes.iter().copied().map(char::from).collect()),
            (true, Some(flags)) if flags & 1 == 0 => {
                data.get(5..).map(|bytes| bytes.iter().copied().map(char::from).collect())
            }
            (true, _) => data.get(5..).map(|units| {
                let units = units.chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]]));
                char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
            }),
        };
        if let Some(digits) = code.and_then(|code| digits_of_format(&code)) {
            self.digits.push((number, digits));
        }
    }

    /// How many digits a cell with this format shows at least.
    fn digits(&self, format: u16) -> Option<u8> {
        if self.digits.is_empty() {
            return None;
        }
        let number = self.cell_formats.get(usize::from(format))?;
        self.digits.iter().find(|(known, _)| known == number).map(|(_, digits)| *digits)
    }

    /// Whether a formula was left without a result. Libraries that do not calculate leave a zero or an empty text. Some
    /// ask in the cell for it to be calculated; the others name no version, and leave empty what programs that
    /// calculate keep for themselves.
    fn waits(&self, result: &[u8], flags: u16, own: &[u8]) -> bool {
        const EMPTY_TEXT: [u8; 8] = [3, 0, 0, 0, 0, 0, 0xff, 0xff];
        let zero = result == [0; 8];
        let asked = zero && flags & 1 != 0;
        let unknown = !self.calculated && (zero || result == EMPTY_TEXT);
        asked || unknown && (own == [0; 4] || flags & 2 != 0)
    }
}

/// The version of the format, which Excel 97 brought and those after it write.
const EXCEL_97: u16 = 0x0600;

// Kinds of records.
const BEGINNING: u16 = 0x0809;
const END: u16 = 0x000a;
const SHEET: u16 = 0x0085;
const COLUMNS: u16 = 0x007d;
const ROW: u16 = 0x0208;
const MERGED: u16 = 0x00e5;
const FORMULA: u16 = 0x0006;
const NUMBER: u16 = 0x0203;
const SHORT_NUMBER: u16 = 0x027e;
const SHORT_NUMBERS: u16 = 0x00bd;
const NUMBER_FORMAT: u16 = 0x041e;
const CELL_FORMAT: u16 = 0x00e0;
const CALCULATED_BY: u16 = 0x01c1;

fn layout_of_sheet(records: &[u8], shared: &Shared) -> SheetLayout {
    let mut layout = SheetLayout::default();
    let mut rows = Vec::new();
    // Charts stand within sheets as sheets of their own.
    let mut depth = 0;
    for (kind, data) in Records(records) {
        match (kind, depth) {
            (BEGINNING, _) => depth += 1,
            (END, 0 | 1) => break,
            (END, _) => depth -= 1,
            (ROW, 1) => {
                if let (Some(row), Some(flags)) = (short(data, 0), short(data, 12))
                    && flags & 0x20 != 0
                {
                    rows.push(u32::from(row));
                }
            }
            (FORMULA, 1) => {
                if let (Some(row), Some(column), Some(result), Some(flags), Some(own)) =
                    (short(data, 0), short(data, 2), data.get(6..14), short(data, 14), data.get(16..20))
                    && shared.waits(result, flags, own)
                {
                    layout.remarks.push((u32::from(row), column, Remark::NotCalculated));
                }
            }
            (NUMBER | SHORT_NUMBER, 1) => {
                if let (Some(row), Some(column), Some(format)) =
                    (short(data, 0), short(data, 2), short(data, 4))
                    && let Some(digits) = shared.digits(format)
                {
                    layout.remarks.push((u32::from(row), column, Remark::Padded(digits)));
                }
            }
            (SHORT_NUMBERS, 1) => {
                if let (Some(row), Some(first)) = (short(data, 0), short(data, 2)) {
                    let numbers = data.get(4..).unwrap_or_default().chunks_exact(6);
                    let padded = (first..).zip(numbers).filter_map(|(column, number)| {
                        let digits = shared.digits(short(number, 0)?)?;
                        Some((u32::from(row), column, Remark::Padded(digits)))
                    });
                    layout.remarks.extend(padded);
                }
            }
            (COLUMNS, 1) => {
                if let (Some(first), Some(last), Some(flags)) =
                    (short(data, 0), short(data, 2), short(data, 8))
                    && flags & 1 != 0
                    && first <= last
                {
                    layout.hide_columns(first, last);
                }
            }
            (MERGED, 1) => {
                let areas = data.get(2..).unwrap_or_default().chunks_exact(8);
                for area in areas.take(usize::from(short(data, 0).unwrap_or_default())) {
                    let at = |place| short(area, place).unwrap_or_default();
                    layout.merge((u32::from(at(0)), at(4)), (u32::from(at(2)), at(6)));
                }
            }
            _ => {}
        }
    }
    layout.remarks.sort_unstable();
    rows.sort_unstable();
    rows.into_iter().for_each(|row| layout.hide_rows(row, row));
    layout
}

/// Records one after another: their kind, and what they hold.
struct Records<'a>(&'a [u8]);

impl<'a> Iterator for Records<'a> {
    type Item = (u16, &'a [u8]);

    fn next(&mut self) -> Option<(u16, &'a [u8])> {
        let (kind, length) = (short(self.0, 0)?, usize::from(short(self.0, 2)?));
        let data = self.0.get(4..4 + length)?;
        self.0 = &self.0[4 + length..];
        Some((kind, data))
    }
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn long(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?)).ok()
}

/// The stream with the records of the workbook.
fn book(file: &[u8]) -> std::io::Result<Option<Vec<u8>>> {
    let mut compound = CompoundFile::open(Cursor::new(file))?;
    let named = |name: &str| {
        let mut entries = compound.read_root_storage();
        entries.find(|entry| entry.is_stream() && entry.name().eq_ignore_ascii_case(name))
    };
    let Some(entry) = named("Workbook").or_else(|| named("Book")) else { return Ok(None) };
    let mut records = Vec::new();
    compound.open_stream(entry.path())?.read_to_end(&mut records)?;
    Ok(Some(records))
}
