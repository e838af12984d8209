//! Takes the rows of sheets in: finds the headings, makes records, keeps the account.

use std::collections::BTreeMap;

use super::cell::Cell;
use super::headings::{Headings, find_columns, find_headings};
use super::record::{Cells, Origin, Record, Row, Shown, masked};
use super::table::{Account, Layout, Outcome, SheetRead, Source, TableShape};
use crate::source::{FileId, Files, Message, Report, Span, code, column_letters, list, say};

/// Takes the rows of the sheets of one file: finds the headings, makes records, keeps the account.
pub(super) struct SheetReader<'t> {
    files: &'t Files,
    pub(super) shape: &'static TableShape,
    pub(super) source: &'t Source,
    take: &'t mut dyn FnMut(&mut Report, &Record<'_>) -> Outcome,
    sheets: &'t mut Vec<SheetRead>,
    current: Option<Current>,
}

/// The sheet that is being read.
struct Current {
    sheet: SheetRead,
    /// Absent until the headings were found.
    origins: Option<Vec<Origin>>,
    /// The rows before it is known which of them are headings.
    pending: Vec<(u32, Vec<Cell<'static>>)>,
    /// The headings were found and are wrong: every row is refused.
    broken: bool,
    columns: u16,
    /// The row behind the headings.
    first_row: u32,
    /// Columns without a heading, and how many rows have a value there.
    unheaded: BTreeMap<u16, u64>,
}

impl<'t> SheetReader<'t> {
    /// A reader of the files of one source.
    pub(super) fn new(
        files: &'t Files,
        shape: &'static TableShape,
        source: &'t Source,
        take: &'t mut dyn FnMut(&mut Report, &Record<'_>) -> Outcome,
        sheets: &'t mut Vec<SheetRead>,
    ) -> SheetReader<'t> {
        SheetReader { files, shape, source, take, sheets, current: None }
    }

    /// Begins a file without sheets, such as csv.
    pub(super) fn begin_text(&mut self, file: FileId) {
        self.begin(file, None, Layout::Delimited);
    }

    /// Begins a sheet of a workbook.
    pub(super) fn begin_sheet(&mut self, file: FileId, number: u16, name: &str) {
        self.begin(file, Some((number, name.to_owned())), Layout::Workbook);
    }

    /// Begins a YAML list. It has no headings: every entry names its fields.
    pub(super) fn begin_list(&mut self, file: FileId) {
        self.begin(file, None, Layout::Yaml);
        self.current.as_mut().expect("a table was begun").columns = column_number(self.shape.fields.len());
    }

    fn begin(&mut self, file: FileId, sheet: Option<(u16, String)>, layout: Layout) {
        let sheet = SheetRead {
            file,
            sheet,
            account: Account::default(),
            layout,
            entries: Vec::new(),
            columns: Vec::new(),
        };
        self.current = Some(Current {
            sheet,
            origins: None,
            pending: Vec::new(),
            broken: false,
            columns: 0,
            first_row: 0,
            unheaded: BTreeMap::new(),
        });
    }

    /// Counts rows without a cell.
    pub(super) fn blank_rows(&mut self, count: u64) {
        let current = self.current.as_mut().expect("a sheet was begun");
        current.sheet.account.read += count;
        current.sheet.account.blank += count;
    }

    /// Counts a row that says how the file is to be read.
    pub(super) fn instruction_row(&mut self) {
        let current = self.current.as_mut().expect("a sheet was begun");
        current.sheet.account.read += 1;
        current.sheet.account.header += 1;
    }

    /// Takes a row with `columns` cells.
    #[inline]
    pub(super) fn row(&mut self, report: &mut Report, row: u32, columns: u16, cells: &dyn Cells) {
        let current = self.current.as_mut().expect("a sheet was begun");
        current.sheet.account.read += 1;
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
        let origins = find_columns(report, self.shape, self.source, &texts, &place);
        current.sheet.account.header += (first + count) as u64;
        current.first_row = pending[first + count - 1].0 + 1;
        current.columns = u16::try_from(texts.len()).unwrap_or(u16::MAX);
        current.broken = origins.is_none();
        let origins = origins.unwrap_or_default();
        report_columns(report, self.shape, &origins, current.sheet.span());
        current.sheet.columns = origins.iter().map(Origin::column).collect();
        current.origins = Some(origins);
        let without = (0..).zip(&texts).filter(|(_, text)| text.is_empty());
        current.unheaded = without.map(|(column, _)| (column, 0)).collect();
        if !current.broken {
            let title = pending[..first].iter().map(|(row, _)| current.sheet.cell_span(*row, 0));
            let title: Vec<String> = title.map(|span| self.files.row_number(span).to_string()).collect();
            let at = current.sheet.cell_span(pending[first].0, 0);
            if !title.is_empty() {
                let message = say!("rows above the headings are passed over: {title}", title = list(&title));
                report.note(code::TITLE_ROWS, at, message);
            }
            if count > 1 {
                report.note(
                    code::HEADINGS_OF_TWO_ROWS,
                    at,
                    say!("two rows are read together as the headings"),
                );
            }
        }
        for (row, cells) in pending.iter().skip(first + count) {
            self.record(report, *row, column_number(cells.len()), &Ready(cells));
        }
    }

    /// Makes a record of a row behind the headings.
    #[inline]
    fn record(&mut self, report: &mut Report, row: u32, columns: u16, cells: &dyn Cells) {
        let current = self.current.as_mut().expect("a sheet was begun");
        if current.broken {
            current.sheet.account.refused += 1;
            return;
        }
        if columns > current.columns
            && let Some(column) = (current.columns..columns).find(|&column| !cells.cell(column).is_empty())
        {
            if current.sheet.layout == Layout::Delimited {
                let found = match (cells.cell(column), self.shape.fields.iter().any(|field| field.private)) {
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
                    .label(say!("no heading stands over this value"))
                    .hint(say!("a value with the delimiter in it needs quotation marks around it"));
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
        let record = Record {
            fields: self.shape.fields,
            origins: current.origins.as_deref().expect("the headings were found"),
            cells,
            sheet: &current.sheet,
            sheets: self.sheets,
            row: Row { sheet: u32::try_from(self.sheets.len()).unwrap_or(u32::MAX), row },
        };
        let outcome = (self.take)(report, &record);
        match outcome {
            Outcome::Used => current.sheet.account.used += 1,
            Outcome::Refused => current.sheet.account.refused += 1,
        }
    }

    /// Takes an entry of a YAML list, which begins at byte `start`, with a cell for every field.
    pub(super) fn entry(
        &mut self,
        report: &mut Report,
        start: usize,
        origins: Vec<Origin>,
        cells: &[Cell<'static>],
    ) {
        let current = self.current.as_mut().expect("a sheet was begun");
        current.origins = Some(origins);
        let row = u32::try_from(start).unwrap_or(u32::MAX);
        current.sheet.entries.push(row);
        self.row(report, row, column_number(cells.len()), &Ready(cells));
    }

    /// Refuses a row that could not be read at all.
    pub(super) fn unreadable_row(&mut self) {
        let current = self.current.as_mut().expect("a sheet was begun");
        current.sheet.account.read += 1;
        current.sheet.account.refused += 1;
    }

    /// Ends the sheet. Says which row stands behind the headings, and how many columns have a heading.
    pub(super) fn end(&mut self, report: &mut Report) -> (u32, u16) {
        self.look_for_headings(report, true);
        let current = self.current.take().expect("a sheet was begun");
        let rows = current.sheet.account;
        if rows.read == rows.blank && current.sheet.layout != Layout::Yaml {
            let place = self.files.at(current.sheet.span());
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
        let (first_row, columns) = (current.first_row, current.columns);
        self.sheets.push(current.sheet);
        (first_row, columns)
    }
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

/// The number of a column as rows count them.
pub(super) fn column_number(column: usize) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}

/// Cells that are kept, as those of a row.
struct Ready<'a>(&'a [Cell<'static>]);

impl Cells for Ready<'_> {
    fn cell(&self, column: u16) -> Cell<'_> {
        self.0.get(usize::from(column)).cloned().unwrap_or(Cell::Empty)
    }
}
