//! Takes the rows of sheets in: finds the headings, makes records, keeps the account.

use std::collections::BTreeMap;

use super::amendments::{AmendedCell, amended_fields};
use super::column_findings::ColumnFindings;
use super::headings::{Columns, Headings, find_columns, find_headings};
use super::mask::{Shown, masked};
use super::record::Record;
use super::shape::{Field, Kind, TableShape, fold_word};
use super::sheet::{Account, FieldRead, Layout, Origin, Outcome, Row, SheetRead};
use super::source::{Source, ValueMap, value_maps};
use super::table_files::{TableFiles, TakeRows};
use crate::data::cell::{Cell, Cells, column_number};
use crate::source::{FileId, Message, Report, Span, code, column_letters, fault, list, say};

/// Takes the rows of the sheets of one file: finds the headings, makes records, keeps the account.
pub(in crate::data) struct SheetReader<'t> {
    table: TableFiles<'t>,
    pub(in crate::data) shape: &'static TableShape,
    pub(in crate::data) source: &'t Source,
    number: usize,
    values: Vec<Option<ValueMap>>,
    /// The lengths of codes that may be stored as numbers, by field.
    digits: Vec<Vec<u8>>,
    take: &'t mut dyn TakeRows,
    sheets: &'t mut Vec<SheetRead>,
    current: Option<Current<'t>>,
}

/// The sheet that is being read.
struct Current<'t> {
    sheet: SheetRead,
    /// Absent until the headings were found.
    origins: Option<Vec<Origin>>,
    /// The rows before it is known which of them are headings.
    pending: Vec<(u32, Vec<Cell<'static>>)>,
    /// The headings were found and are wrong, or the sheet was read before: every row is refused.
    broken: bool,
    columns: u16,
    /// The row behind the headings.
    first_row: u32,
    /// Columns without a heading, and how many rows have a value there.
    unheaded: BTreeMap<u16, u64>,
    /// Fields in whose column no value was seen so far.
    empty: Vec<usize>,
    /// Columns of fields that are said to be absent.
    said_absent: Vec<(u16, usize)>,
    /// Remarks, until it is known whether a row that is used comes after them.
    remarks: Vec<(u32, Vec<Cell<'static>>)>,
    /// The rows that are skipped.
    skipped: Vec<u32>,
    findings: ColumnFindings,
    /// The cells that say something else by a ruling.
    amended: Vec<&'t AmendedCell>,
}

/// More remarks than this in a row are rows.
const MOST_REMARKS: usize = 100;
/// Words that begin a row of totals.
const TOTALS: [&str; 5] = ["合计", "小计", "总计", "total", "subtotal"];
/// Words that begin a remark below the table.
const REMARKS: [&str; 5] = ["注:", "备注:", "制表", "审核", "note:"];

impl<'t> SheetReader<'t> {
    /// A reader of the files of one source, by its number.
    pub(in crate::data) fn new(
        table: TableFiles<'t>,
        number: usize,
        take: &'t mut dyn TakeRows,
        sheets: &'t mut Vec<SheetRead>,
    ) -> SheetReader<'t> {
        let source = &table.sources[number];
        let values = value_maps(table.shape, source);
        let lengths = |field: &Field| source.digits.get(field.name).map(|digits| digits.value.0.clone());
        let digits = match source.digits.is_empty() {
            true => Vec::new(),
            false => table.shape.fields.iter().map(|field| lengths(field).unwrap_or_default()).collect(),
        };
        SheetReader { shape: table.shape, table, source, number, values, digits, take, sheets, current: None }
    }

    /// Begins a file without sheets, such as csv.
    pub(in crate::data) fn begin_text(&mut self, file: FileId) {
        self.begin(file, None, Layout::Delimited);
    }

    /// Begins a sheet of a workbook.
    pub(in crate::data) fn begin_sheet(&mut self, file: FileId, number: u16, name: &str) {
        self.begin(file, Some((number, name.to_owned())), Layout::Workbook);
    }

    /// Begins a YAML list. It has no headings: every entry names its fields.
    pub(in crate::data) fn begin_list(&mut self, file: FileId) {
        self.begin(file, None, Layout::Yaml);
        self.current.as_mut().expect("a table was begun").columns = column_number(self.shape.fields.len());
    }

    fn begin(&mut self, file: FileId, sheet: Option<(u16, String)>, layout: Layout) {
        self.take.begin_sheet(u32::try_from(self.sheets.len()).unwrap_or(u32::MAX));
        let sheet = SheetRead {
            file,
            sheet,
            account: Account::default(),
            layout,
            entries: Vec::new(),
            source: self.number,
            fields: Vec::new(),
            headings_row: 0,
            unused: Vec::new(),
        };
        let amended = self
            .table
            .amendments
            .map(|amendments| amendments.of_sheet(self.table.files, self.shape.name, &sheet));
        let amended = amended.unwrap_or_default();
        self.current = Some(Current {
            amended,
            sheet,
            origins: None,
            pending: Vec::new(),
            broken: false,
            columns: 0,
            first_row: 0,
            unheaded: BTreeMap::new(),
            empty: Vec::new(),
            said_absent: Vec::new(),
            remarks: Vec::new(),
            skipped: Vec::new(),
            findings: ColumnFindings::default(),
        });
    }

    /// Whether the sheet was read for the table before. Reports it: its rows would count twice.
    pub(in crate::data) fn is_read_again(
        &self,
        report: &mut Report,
        file: FileId,
        sheet: Option<u16>,
    ) -> bool {
        let same =
            |read: &SheetRead| read.file == file && read.sheet.as_ref().map(|(number, _)| *number) == sheet;
        let Some(first) = self.sheets.iter().find(|read| same(read)) else { return false };
        let place = self.table.files.at(first.span());
        report
            .error(
                code::FILE_TWICE,
                self.source.file.span,
                say!("`{place}` is read twice for `{shape}`", place, shape = self.shape.name),
            )
            .hint(say!("list it in one entry only"));
        true
    }

    /// Counts rows without a cell.
    pub(in crate::data) fn blank_rows(&mut self, count: u64) {
        let current = self.current.as_mut().expect("a sheet was begun");
        current.sheet.account.read += count;
        current.sheet.account.blank += count;
    }

    /// Counts a row that says how the file is to be read.
    pub(in crate::data) fn instruction_row(&mut self) {
        let current = self.current.as_mut().expect("a sheet was begun");
        current.sheet.account.read += 1;
        current.sheet.account.headings += 1;
    }

    /// Takes a row with `columns` cells.
    #[inline]
    pub(in crate::data) fn row(&mut self, report: &mut Report, row: u32, columns: u16, cells: &dyn Cells) {
        let current = self.current.as_mut().expect("a sheet was begun");
        current.sheet.account.read += 1;
        fault::reading_row(if current.sheet.is_workbook() { row + 1 } else { row });
        if (0..columns).all(|column| cells.cell(column).is_empty()) {
            current.sheet.account.blank += 1;
            return;
        }
        if current.origins.is_some() {
            return self.record(report, row, columns, cells);
        }
        let owned = (0..columns).map(|column| cells.cell(column).into_owned()).collect();
        current.pending.push((row, owned));
        self.look_for_headings(report, false);
    }

    /// Decides which of the first rows are headings, once that can be said.
    fn look_for_headings(&mut self, report: &mut Report, at_end: bool) {
        let current = self.current.as_mut().expect("a sheet was begun");
        let rows: Vec<&[Cell<'static>]> = current.pending.iter().map(|(_, cells)| cells.as_slice()).collect();
        let Some(found) = find_headings(self.shape, self.source, &rows, at_end) else { return };
        let Headings { first, rows: count, texts } = found;
        let pending = std::mem::take(&mut current.pending);
        let place = |column: u16| current.sheet.cell_span(pending[first + count - 1].0, column);
        let columns = find_columns(report, self.shape, self.source, &texts, &place);
        current.sheet.account.headings += (first + count) as u64;
        current.sheet.headings_row = pending[first + count - 1].0;
        current.first_row = current.sheet.headings_row + 1;
        current.columns = u16::try_from(texts.len()).unwrap_or(u16::MAX);
        current.broken = columns.is_none();
        let Columns { origins, said_absent, unused } = columns.unwrap_or_default();
        if !unused.is_empty() {
            // A row of data is taken for the headings.
            let unused: Vec<String> = match self.shape.is_private() && texts.iter().any(|text| is_datum(text))
            {
                true => unused.iter().map(|heading| masked(heading)).collect(),
                false => unused,
            };
            let message = say!(
                "unused columns of `{shape}`: {unused}",
                shape = self.shape.name,
                unused = list(&unused)
            );
            report.note(code::UNUSED_COLUMN, current.sheet.span(), message);
            current.sheet.unused = unused;
        }
        report_columns(report, self.shape, &origins, current.sheet.span());
        current.said_absent = said_absent;
        current.sheet.fields = fields_read(self.shape, self.source, &origins);
        current.empty = (0..origins.len()).filter(|&field| origins[field].column().is_some()).collect();
        current.origins = Some(origins);
        let without = (0..).zip(&texts).filter(|(_, text)| text.is_empty());
        current.unheaded = without.map(|(column, _)| (column, 0)).collect();
        if !current.broken {
            let title = pending[..first].iter().map(|(row, _)| current.sheet.cell_span(*row, 0));
            let title: Vec<String> =
                title.map(|span| self.table.files.row_number(span).to_string()).collect();
            let above = pending[..first].iter();
            for (row, column) in above.filter_map(|(row, cells)| {
                Some((*row, datum_in(current.origins.as_deref().unwrap_or_default(), self.shape, cells)?))
            }) {
                report
                    .error(
                        code::ROW_ABOVE_HEADINGS,
                        current.sheet.cell_span(row, column),
                        say!(
                            "a row above the headings has values in all required columns: it looks like data"
                        ),
                    )
                    .hint(say!("move it below the headings, or delete it"));
            }
            let at = current.sheet.cell_span(pending[first].0, 0);
            if !title.is_empty() {
                let message = say!("skipped rows above the headings: {title}", title = list(&title));
                report.note(code::TITLE_ROWS, at, message);
            }
            if count > 1 {
                report.note(code::HEADINGS_OF_TWO_ROWS, at, say!("two rows were read together as headings"));
            }
        }
        for (row, cells) in pending.iter().skip(first + count) {
            self.record(report, *row, column_number(cells.len()), &Ready(cells));
        }
    }

    /// Takes a row behind the headings: skips totals and remarks, makes a record of everything else.
    #[inline]
    fn record(&mut self, report: &mut Report, row: u32, columns: u16, cells: &dyn Cells) {
        let current = self.current.as_mut().expect("a sheet was begun");
        if current.broken {
            current.sheet.account.refused += 1;
            return;
        }
        match self.aside(columns, cells) {
            None => {
                self.take_remarks(report);
                self.take_record(report, row, columns, cells);
            }
            Some(Aside::Total) => self.skip(row, cells),
            Some(Aside::Remark) => {
                let current = self.current.as_mut().expect("a sheet was begun");
                let owned = (0..columns).map(|column| cells.cell(column).into_owned()).collect();
                current.remarks.push((row, owned));
                if current.remarks.len() > MOST_REMARKS {
                    self.take_remarks(report);
                }
            }
        }
    }

    fn skip(&mut self, row: u32, cells: &dyn Cells) {
        let current = self.current.as_mut().expect("a sheet was begun");
        let record = record(self.table, &self.values, &self.digits, self.sheets, current, row, cells);
        self.take.skipped(&record);
        current.sheet.account.skipped += 1;
        current.skipped.push(row);
    }

    /// Takes what was held for remarks as rows: another row comes after them.
    fn take_remarks(&mut self, report: &mut Report) {
        let current = self.current.as_mut().expect("a sheet was begun");
        if current.remarks.is_empty() {
            return;
        }
        for (row, cells) in std::mem::take(&mut current.remarks) {
            self.take_record(report, row, column_number(cells.len()), &Ready(&cells));
        }
    }

    /// Whether a row is no row of the table: its first filled cell begins as totals or remarks do, and another field
    /// that every row must have is empty. Where there is no such field, everything else in it is a number or a remark.
    #[inline]
    fn aside(&self, columns: u16, cells: &dyn Cells) -> Option<Aside> {
        let current = self.current.as_ref().expect("a sheet was begun");
        if current.sheet.layout == Layout::Yaml {
            return None;
        }
        let mut filled = (0..columns).map(|column| (column, cells.cell(column)));
        let (first, cell) = filled.find(|(_, cell)| !cell.is_empty())?;
        let Cell::Text(text) = cell else { return None };
        let aside = Aside::of(&text)?;
        let origins = current.origins.as_deref().unwrap_or_default();
        let others = || {
            let required = origins.iter().zip(self.shape.fields).filter(|(_, field)| field.required);
            required.filter_map(|(origin, _)| origin.column()).filter(|&column| column != first)
        };
        let is_number_or_remark = |column: u16| match cells.cell(column) {
            Cell::Empty | Cell::Number(_) | Cell::Unresolved => true,
            Cell::Text(text) => Aside::of(&text).is_some() || text.parse::<f64>().is_ok(),
            _ => false,
        };
        let stands_aside = match others().next() {
            Some(_) => others().any(|column| cells.cell(column).is_empty()),
            None => (first + 1..columns).all(is_number_or_remark),
        };
        stands_aside.then_some(aside)
    }

    #[inline]
    fn take_record(&mut self, report: &mut Report, row: u32, columns: u16, cells: &dyn Cells) {
        let current = self.current.as_mut().expect("a sheet was begun");
        if columns > current.columns
            && let Some(column) = (current.columns..columns).find(|&column| !cells.cell(column).is_empty())
        {
            if current.sheet.layout == Layout::Delimited {
                let found = match (cells.cell(column), self.shape.is_private()) {
                    (Cell::Text(text), true) => masked(&text),
                    (Cell::Text(text), false) => text.shown(),
                    _ => String::new(),
                };
                let message = say!(
                    "the row has {columns} fields, but there are {headings} headings",
                    columns,
                    headings = current.columns
                );
                report
                    .error(code::RAGGED_ROW, current.sheet.cell_span(row, column), message)
                    .found(found)
                    .label(say!("this value has no heading above it"))
                    .hint(say!("a value that contains the delimiter must be in quotation marks"));
                current.sheet.account.refused += 1;
                return;
            }
            *current.unheaded.entry(column).or_default() += 1;
        }
        for (&column, count) in &mut current.unheaded {
            if column < current.columns && !cells.cell(column).is_empty() {
                *count += 1;
            }
        }
        let mut record = record(self.table, &self.values, &self.digits, self.sheets, current, row, cells);
        if !current.amended.is_empty() {
            let number = self.table.files.row_number(current.sheet.cell_span(row, 0));
            record.amended = amended_fields(report, &record, &current.amended, number);
        }
        let filled: Vec<usize> = match current.empty.is_empty() {
            true => Vec::new(),
            false => current.empty.iter().copied().filter(|&field| !record.raw(field).is_empty()).collect(),
        };
        let outcome = self.take.row(report, &record);
        for field in filled {
            current.empty.retain(|&empty| empty != field);
            if let FieldRead::Column { filled, .. } = &mut current.sheet.fields[field] {
                *filled = true;
            }
        }
        current.said_absent.retain(|&(column, field)| {
            let is_empty = cells.cell(column).is_empty();
            if !is_empty {
                let field = self.shape.fields[field].name;
                report
                    .error(
                        code::SAID_ABSENT,
                        current.sheet.cell_span(row, column),
                        say!("`{field}` is listed under `absent`, but this column has values", field),
                    )
                    .hint(say!("remove `{field}` from `absent`, or list the heading under `ignore`", field));
            }
            is_empty
        });
        match outcome {
            Outcome::Used => current.sheet.account.used += 1,
            Outcome::Refused => current.sheet.account.refused += 1,
            Outcome::Skipped => current.sheet.account.skipped += 1,
        }
    }

    /// Takes an entry of a YAML list, which begins at byte `start`, with a cell for every field.
    pub(in crate::data) fn entry(
        &mut self,
        report: &mut Report,
        start: usize,
        origins: Vec<Origin>,
        cells: &[Cell<'static>],
    ) {
        let current = self.current.as_mut().expect("a sheet was begun");
        if current.sheet.fields.is_empty() {
            current.sheet.fields = vec![FieldRead::Missing; origins.len()];
        }
        for (number, origin) in origins.iter().enumerate() {
            let read = &mut current.sheet.fields[number];
            match origin {
                Origin::Set(cell, _) if !cell.is_empty() => *read = FieldRead::Set,
                _ if self.source.says_absent(self.shape.fields[number].name) => *read = FieldRead::SaidAbsent,
                _ => {}
            }
        }
        current.origins = Some(origins);
        let row = u32::try_from(start).unwrap_or(u32::MAX);
        current.sheet.entries.push(row);
        self.row(report, row, column_number(cells.len()), &Ready(cells));
    }

    /// Refuses a row that could not be read at all.
    pub(in crate::data) fn unreadable_row(&mut self) {
        let current = self.current.as_mut().expect("a sheet was begun");
        current.sheet.account.read += 1;
        current.sheet.account.refused += 1;
    }

    /// Ends the sheet. Says which row stands behind the headings, and how many columns have a heading.
    pub(in crate::data) fn end(&mut self, report: &mut Report) -> (u32, u16) {
        self.look_for_headings(report, true);
        let current = self.current.as_mut().expect("a sheet was begun");
        for (row, cells) in std::mem::take(&mut current.remarks) {
            self.skip(row, &Ready(&cells));
        }
        let current = self.current.take().expect("a sheet was begun");
        if let (Some(&first), Some(_)) = (current.skipped.first(), current.skipped.last()) {
            let rows = current
                .skipped
                .iter()
                .map(|&row| self.table.files.row_number(current.sheet.cell_span(row, 0)));
            let rows: Vec<String> = rows.map(|row| row.to_string()).collect();
            let message =
                say!("skipped totals and remarks ({count}): {rows}", count = rows.len(), rows = list(&rows));
            report.note(code::SKIPPED_ROWS, current.sheet.cell_span(first, 0), message);
        }
        let rows = current.sheet.account;
        if rows.read == rows.blank && current.sheet.layout != Layout::Yaml {
            let place = self.table.files.at(current.sheet.span());
            report.note(code::EMPTY_SHEET, current.sheet.span(), say!("`{place}` is empty", place));
        }
        let unheaded: Vec<Message> = current
            .unheaded
            .iter()
            .filter(|(_, count)| **count > 0)
            .map(|(&column, &count)| say!("{column} ({count} rows)", column = column_letters(column), count))
            .collect();
        if !unheaded.is_empty() {
            let message =
                say!("columns without a heading are not used: {unheaded}", unheaded = list(&unheaded));
            report.note(code::COLUMN_WITHOUT_HEADING, current.sheet.span(), message);
        }
        let known = |field: usize| {
            let field = &self.shape.fields[field];
            self.table.identifiers.filter(|_| field.kind == Kind::Code && field.required)
        };
        current.findings.report(report, self.table.files, &known);
        let (first_row, columns) = (current.first_row, current.columns);
        self.take.end_sheet(report, &current.sheet);
        self.sheets.push(current.sheet);
        (first_row, columns)
    }
}

/// A row of the sheet that is being read, seen by its fields.
#[inline]
fn record<'a>(
    table: TableFiles<'a>,
    values: &'a [Option<ValueMap>],
    digits: &'a [Vec<u8>],
    sheets: &'a [SheetRead],
    current: &'a Current<'a>,
    row: u32,
    cells: &'a dyn Cells,
) -> Record<'a> {
    Record {
        shape: table.shape,
        origins: current.origins.as_deref().expect("the headings were found"),
        values,
        identifiers: table.identifiers,
        cells,
        sheet: &current.sheet,
        sheets,
        row: Row { sheet: u32::try_from(sheets.len()).unwrap_or(u32::MAX), row },
        digits,
        findings: &current.findings,
        amended: Vec::new(),
    }
}

/// Whether a text is no heading: an address, or something with a number in it.
fn is_datum(text: &str) -> bool {
    text.contains('@') || text.chars().filter(char::is_ascii_digit).count() > 2
}

/// Whether a row is one of data, and not a title: all columns that every row must fill are filled, and most of the
/// others, and something in it is no heading. Returns the first of the columns.
fn datum_in(origins: &[Origin], shape: &TableShape, cells: &[Cell<'_>]) -> Option<u16> {
    let required = origins.iter().zip(shape.fields).filter(|(_, field)| field.required);
    let columns: Vec<u16> = required.filter_map(|(origin, _)| origin.column()).collect();
    let is_filled = |&column: &u16| cells.get(usize::from(column)).is_some_and(|cell| !cell.is_empty());
    let is_number = |cell: &Cell<'_>| match cell {
        Cell::Empty | Cell::Truth(_) | Cell::Error(_) | Cell::Unresolved => false,
        Cell::Text(text) => is_datum(text),
        Cell::Number(number) => is_datum(&number.to_string()),
        Cell::Date(_) | Cell::Time(_) => true,
    };
    let headed = (0..cells.len())
        .filter(|&column| origins.iter().any(|origin| origin.column() == Some(column_number(column))));
    let headed: Vec<bool> = headed.map(|column| !cells[column].is_empty()).collect();
    let filled = headed.iter().filter(|filled| **filled).count();
    let is_data = filled > 2
        && filled * 2 > headed.len()
        && columns.iter().all(is_filled)
        && cells.iter().any(is_number);
    columns.first().copied().filter(|_| is_data)
}

/// A row that is no row of the table.
enum Aside {
    Total,
    Remark,
}

impl Aside {
    /// What a text begins, if it begins as totals or remarks do.
    fn of(text: &str) -> Option<Aside> {
        // Nearly all rows begin with something else.
        let may_be = match text.as_bytes() {
            [first, second, ..] if text.is_char_boundary(2) => {
                [b"to", b"su", b"no"].contains(&&[first.to_ascii_lowercase(), second.to_ascii_lowercase()])
            }
            _ => text.starts_with(|c: char| "合小总注备制审".contains(c) || matches!(c, 'Ａ'..='ｚ')),
        };
        if !may_be {
            return None;
        }
        let folded = fold_word(text);
        let is_total = |word: &str| {
            let rest = folded.strip_prefix(word)?;
            Some(rest.is_empty() || rest.starts_with(|c: char| c == ':' || c.is_ascii_digit()))
        };
        if TOTALS.iter().any(|word| is_total(word) == Some(true)) {
            return Some(Aside::Total);
        }
        REMARKS.iter().any(|word| folded.starts_with(word)).then_some(Aside::Remark)
    }
}

/// Where the values of the fields come from, as far as the headings tell.
fn fields_read(shape: &TableShape, source: &Source, origins: &[Origin]) -> Vec<FieldRead> {
    let read = |(origin, field): (&Origin, &Field)| match origin {
        Origin::Absent if source.says_absent(field.name) => FieldRead::SaidAbsent,
        Origin::Absent => FieldRead::Missing,
        Origin::Set(..) => FieldRead::Set,
        Origin::Column(column, heading) => {
            FieldRead::Column { column: *column, heading: heading.clone(), filled: false }
        }
    };
    origins.iter().zip(shape.fields).map(read).collect()
}

/// Says which column gives which field.
fn report_columns(report: &mut Report, shape: &TableShape, origins: &[Origin], sheet: Span) {
    let mut columns: Vec<(u16, &str, &str)> = Vec::new();
    for (field, origin) in shape.fields.iter().zip(origins) {
        if let Origin::Column(column, heading) = origin {
            columns.push((*column, heading, field.name));
        }
    }
    columns.sort_unstable();
    let columns: Vec<Message> = columns
        .into_iter()
        .map(|(column, heading, field)| {
            say!("{column} `{heading}` = {field}", column = column_letters(column), heading, field)
        })
        .collect();
    let table = shape.name;
    report.detail(
        code::COLUMNS_READ,
        sheet,
        say!("columns of {table}: {columns}", table, columns = list(&columns)),
    );
}

/// Cells that are kept, as those of a row.
struct Ready<'a>(&'a [Cell<'static>]);

impl Cells for Ready<'_> {
    fn cell(&self, column: u16) -> Cell<'_> {
        self.0.get(usize::from(column)).cloned().unwrap_or(Cell::Empty)
    }
}
