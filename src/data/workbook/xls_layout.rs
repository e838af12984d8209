//! What the records of an xls file say beside its cells: which rows and columns are hidden, which cells are merged, which
//! formulas were not calculated, which numbers are shown with zeros in front, and whether its texts are Unicode. Cells are read elsewhere: what is damaged here is left out, and found wrong there.

use super::layout::{Remark, SheetLayout, digits_of_format};

/// A chain of sectors leads back to itself: whoever follows it never comes to an end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::data) struct Circle;

/// What an xls file says beside its cells.
#[derive(Default, PartialEq, Debug)]
pub(in crate::data) struct BookLayout {
    /// Whether texts are Unicode, as they are since Excel 97 whatever code page the file names.
    pub(in crate::data) unicode: bool,
    /// The layouts of the sheets, in the order in which the file names them.
    pub(in crate::data) sheets: Vec<SheetLayout>,
}

/// What an xls file says beside its cells, from the whole of it.
pub(in crate::data) fn layout_of_xls(file: &[u8]) -> Result<BookLayout, Circle> {
    let Some(compound) = Compound::open(file) else { return Ok(BookLayout::default()) };
    let Some(book) = compound.workbook()? else { return Ok(BookLayout::default()) };
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

/// A compound file: streams, each a chain of sectors.
struct Compound<'a> {
    file: &'a [u8],
    sector: usize,
    /// For every sector the next one.
    next: Vec<usize>,
}

/// Chains of sectors end with a number above this one.
const LAST_SECTOR: usize = 0xffff_fffa;
/// The length of a sector of small streams.
const SMALL_SECTOR: usize = 64;

impl<'a> Compound<'a> {
    fn open(file: &'a [u8]) -> Option<Compound<'a>> {
        let sector = match short(file, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut compound = Compound { file, sector, next: Vec::new() };
        // The sectors that say which sector follows which: the first of them are named in the header.
        let mut tables: Vec<usize> = (0..109).filter_map(|number| long(file, 76 + number * 4)).collect();
        let mut more = long(file, 68)?;
        for _ in 0..file.len() / sector {
            let Some(names) = compound.sector(more) else { break };
            let names = numbers(names);
            let (last, named) = names.split_last()?;
            tables.extend(named);
            more = *last;
        }
        tables.retain(|table| *table < LAST_SECTOR);
        // No more than it takes to name every sector of the file.
        tables.truncate(file.len() / sector / (sector / 4) + 1);
        for table in tables {
            if let Some(numbers_of) = compound.sector(table) {
                let numbers = numbers(numbers_of);
                compound.next.extend(numbers);
            }
        }
        Some(compound)
    }

    fn sector(&self, number: usize) -> Option<&'a [u8]> {
        let start = number.checked_add(1)?.checked_mul(self.sector)?;
        self.file.get(start..start.checked_add(self.sector)?)
    }

    /// The sectors of a chain one after another.
    fn chain(&self, first: usize) -> Result<Vec<u8>, Circle> {
        let mut bytes = Vec::new();
        let mut sector = first;
        while sector < LAST_SECTOR {
            let Some(part) = self.sector(sector) else { break };
            bytes.extend_from_slice(part);
            if bytes.len() > self.file.len() {
                return Err(Circle);
            }
            sector = self.next.get(sector).copied().unwrap_or(LAST_SECTOR);
        }
        Ok(bytes)
    }

    /// The stream with the records of the workbook.
    fn workbook(&self) -> Result<Option<Vec<u8>>, Circle> {
        let at = |place| long(self.file, place).unwrap_or(LAST_SECTOR);
        let directory = self.chain(at(48))?;
        let small_next = numbers(&self.chain(at(60))?);
        let entries = || directory.chunks_exact(128);
        let Some(root) = entries().next() else { return Ok(None) };
        let small = self.chain(long(root, 116).unwrap_or(LAST_SECTOR))?;
        let named = |name: &str| {
            let name: Vec<u8> = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
            entries().find(|entry| entry[..64].to_ascii_lowercase().starts_with(&name.to_ascii_lowercase()))
        };
        let Some(entry) = named("Workbook").or_else(|| named("Book")) else { return Ok(None) };
        let (Some(first), Some(length)) = (long(entry, 116), long(entry, 120)) else { return Ok(None) };
        if length >= 4096 {
            return self.chain(first).map(Some);
        }
        // A small stream is a chain of small sectors, which are parts of the stream of the root.
        let mut bytes = Vec::new();
        let mut sector = first;
        while bytes.len() < length {
            let part =
                sector.checked_mul(SMALL_SECTOR).and_then(|start| small.get(start..start + SMALL_SECTOR));
            let Some(part) = part else { break };
            bytes.extend_from_slice(part);
            sector = small_next.get(sector).copied().unwrap_or(LAST_SECTOR);
        }
        Ok(Some(bytes))
    }
}

fn numbers(bytes: &[u8]) -> Vec<usize> {
    (0..bytes.len() / 4).filter_map(|number| long(bytes, number * 4)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_that_leads_back_to_itself_is_found() {
        // A header, a table of sectors in which the directory in sector 1 follows itself, and the directory.
        let mut file = vec![0xff; 512 * 3];
        file[30..32].copy_from_slice(&9u16.to_le_bytes());
        file[48..52].copy_from_slice(&1u32.to_le_bytes());
        file[76..80].copy_from_slice(&0u32.to_le_bytes());
        assert_eq!(layout_of_xls(&file), Ok(BookLayout::default()));
        file[512 + 4..512 + 8].copy_from_slice(&1u32.to_le_bytes());
        assert_eq!(layout_of_xls(&file), Err(Circle));
    }
}
