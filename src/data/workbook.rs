//! Workbooks: xlsx as a stream of cells, ods and xls as ranges, by way of calamine.

use std::io::BufReader;

use calamine::{Data, DataRef, ExcelDateTime, Ods, Range, Reader, Sheet, SheetType, SheetVisible, Xls, Xlsx};

use super::cell::{Cell, Date, parse_date};
use super::package::{self, Workbook};
use super::record::Cells;
use super::table::SheetReader;
use crate::source::{Failure, FileId, Files, Place, Report, Span, nearest};

/// Reads the sheets of a workbook that the source asks for.
pub(super) fn read(
    report: &mut Report,
    files: &Files,
    file: FileId,
    reader: &mut SheetReader<'_>,
) -> Result<(), Failure> {
    let path = files.path(file);
    let mut refuse = |reason: String| {
        report
            .error(
                "workbook-damaged",
                reader.source.file.span,
                format!("`{path}` cannot be read as a workbook: {reason}"),
            )
            .hint("open it in a spreadsheet program and save it anew as .xlsx");
    };
    let package = match package::inspect(files, file)? {
        Ok(package) => package,
        Err(reason) => {
            refuse(reason);
            return Ok(());
        }
    };
    let input = BufReader::with_capacity(1 << 16, files.open(file)?);
    let mut book = match open(package.kind, input) {
        Ok(book) => book,
        Err(reason) => {
            refuse(reason);
            return Ok(());
        }
    };
    let sheets = book.sheets();
    files.keep_sheets(file, sheets.iter().map(|sheet| sheet.name.clone()).collect());
    for number in chosen_sheets(report, file, &path, &sheets, reader) {
        let name = &sheets[usize::from(number)].name;
        reader.begin_sheet(file, number, name);
        if let Err(reason) = book.read_sheet(report, name, reader) {
            let span = Span { file, place: Place::Sheet(number) };
            report
                .error("workbook-damaged", span, format!("the sheet `{name}` cannot be read: {reason}"))
                .hint("open the file in a spreadsheet program and save it anew as .xlsx");
        }
        reader.end(report);
        let hidden = package.hidden_rows.get(name).copied().unwrap_or_default();
        if hidden > 0 {
            let span = Span { file, place: Place::Sheet(number) };
            report.note(
                "hidden-rows",
                span,
                format!("{hidden} hidden rows of the sheet `{name}` are used like the others"),
            );
        }
    }
    Ok(())
}

/// The numbers of the sheets to read: the one that is named, else every visible one.
fn chosen_sheets(
    report: &mut Report,
    file: FileId,
    path: &str,
    sheets: &[Sheet],
    reader: &SheetReader<'_>,
) -> Vec<u16> {
    let numbered = || sheets.iter().zip(0u16..).filter(|(sheet, _)| sheet.typ == SheetType::WorkSheet);
    if let Some(wanted) = &reader.source.sheet {
        let found = numbered().find(|(sheet, _)| sheet.name == wanted.value);
        let Some((_, number)) = found else {
            let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
            let draft = report.error(
                "sheet-missing",
                wanted.span,
                format!("there is no sheet `{}` in `{path}`", wanted.value),
            );
            match nearest(&wanted.value, names.iter().copied()) {
                Some(meant) => draft.label(format!("did you mean `{meant}`?")),
                None => draft,
            }
            .hint(format!("sheets of this file: {}", names.join(", ")));
            return Vec::new();
        };
        return vec![number];
    }
    let hidden: Vec<&str> = numbered()
        .filter(|(sheet, _)| sheet.visible != SheetVisible::Visible)
        .map(|(sheet, _)| sheet.name.as_str())
        .collect();
    if !hidden.is_empty() {
        report
            .note(
                "hidden-sheet",
                Span::whole(file),
                format!("hidden sheets are not read: {}", hidden.join(", ")),
            )
            .hint("name one with `sheet:` in fair.yaml to read it");
    }
    numbered().filter(|(sheet, _)| sheet.visible == SheetVisible::Visible).map(|(_, number)| number).collect()
}

type Input = BufReader<std::fs::File>;

enum Book {
    Xlsx(Xlsx<Input>),
    Xls(Xls<Input>),
    Ods(Ods<Input>),
}

fn open(kind: Workbook, input: Input) -> Result<Book, String> {
    match kind {
        Workbook::Xlsx => Xlsx::new(input).map(Book::Xlsx).map_err(|error| error.to_string()),
        Workbook::Xls => Xls::new(input).map(Book::Xls).map_err(|error| error.to_string()),
        Workbook::Ods => Ods::new(input).map(Book::Ods).map_err(|error| error.to_string()),
    }
}

impl Book {
    fn sheets(&self) -> Vec<Sheet> {
        match self {
            Book::Xlsx(book) => book.sheets_metadata().to_vec(),
            Book::Xls(book) => book.sheets_metadata().to_vec(),
            Book::Ods(book) => book.sheets_metadata().to_vec(),
        }
    }

    fn read_sheet(
        &mut self,
        report: &mut Report,
        name: &str,
        reader: &mut SheetReader<'_>,
    ) -> Result<(), String> {
        match self {
            Book::Xlsx(book) => stream_sheet(report, book, name, reader),
            Book::Xls(book) => {
                let values = book.worksheet_range(name).map_err(|error| error.to_string())?;
                let formulas = book.worksheet_formula(name).map_err(|error| error.to_string())?;
                read_range(report, &values, &formulas, reader);
                Ok(())
            }
            Book::Ods(book) => {
                let values = book.worksheet_range(name).map_err(|error| error.to_string())?;
                let formulas = book.worksheet_formula(name).map_err(|error| error.to_string())?;
                read_range(report, &values, &formulas, reader);
                Ok(())
            }
        }
    }
}

/// Reads a sheet of an xlsx file cell by cell; only one row is held at a time.
fn stream_sheet(
    report: &mut Report,
    book: &mut Xlsx<Input>,
    name: &str,
    reader: &mut SheetReader<'_>,
) -> Result<(), String> {
    let mut cells = book.worksheet_cells_reader(name).map_err(|error| error.to_string())?;
    let mut row = StreamedRow::default();
    let mut next_row: u32 = 0;
    while let Some(cell) = cells.next_cell_with_formula().map_err(|error| error.to_string())? {
        let (number, column) = cell.pos;
        if row.number != Some(number) {
            row.hand_over(report, reader, &mut next_row);
            if number < next_row {
                return Err(format!("row {} stands twice or out of order", number + 1));
            }
            row.number = Some(number);
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= 1 << 14 {
            return Err(format!("row {} has a cell in column {}", number + 1, column + 1));
        }
        let value = match (cell.value, cell.formula) {
            (DataRef::Empty, Some(_)) => Streamed::Unresolved,
            (value, _) => Streamed::Value(value),
        };
        if row.cells.len() <= column {
            row.cells.resize_with(column + 1, || Streamed::Value(DataRef::Empty));
        }
        row.cells[column] = value;
    }
    row.hand_over(report, reader, &mut next_row);
    Ok(())
}

#[derive(Default)]
struct StreamedRow<'a> {
    number: Option<u32>,
    cells: Vec<Streamed<'a>>,
}

enum Streamed<'a> {
    Value(DataRef<'a>),
    Unresolved,
}

impl StreamedRow<'_> {
    fn hand_over(&mut self, report: &mut Report, reader: &mut SheetReader<'_>, next_row: &mut u32) {
        let Some(number) = self.number.take() else { return };
        if number > *next_row {
            reader.blank_rows(u64::from(number - *next_row));
        }
        let columns = u16::try_from(self.cells.len()).unwrap_or(u16::MAX);
        reader.row(report, number, columns, &*self);
        *next_row = number + 1;
        self.cells.clear();
    }
}

impl Cells for StreamedRow<'_> {
    #[inline]
    fn cell(&self, column: u16) -> Cell<'_> {
        match self.cells.get(usize::from(column)) {
            None => Cell::Empty,
            Some(Streamed::Unresolved) => Cell::Unresolved,
            Some(Streamed::Value(value)) => match value {
                DataRef::SharedString(text) => Cell::from_text(text),
                DataRef::String(text) => Cell::from_text(text),
                DataRef::Int(number) => number_cell(*number),
                DataRef::Float(number) => Cell::Number(*number),
                DataRef::Bool(truth) => Cell::Truth(*truth),
                DataRef::DateTime(at) => date_cell(at),
                DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => iso_cell(text),
                DataRef::Error(error) => Cell::Error(error.to_string().into()),
                DataRef::Empty => Cell::Empty,
            },
        }
    }
}

/// Whole numbers of a spreadsheet are exact in a double up to 2^53.
fn number_cell(number: i64) -> Cell<'static> {
    match i32::try_from(number) {
        Ok(number) => Cell::Number(f64::from(number)),
        Err(_) => Cell::from_owned(number.to_string()),
    }
}

fn date_cell(at: &ExcelDateTime) -> Cell<'static> {
    let (year, month, day, ..) = at.to_ymd_hms_milli();
    let date =
        || Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok();
    match at.is_duration() {
        true => Cell::Number(at.as_f64()),
        false => date().map_or(Cell::Number(at.as_f64()), Cell::Date),
    }
}

fn iso_cell(text: &str) -> Cell<'_> {
    parse_date(text).map_or_else(|| Cell::from_text(text), Cell::Date)
}

fn read_range(
    report: &mut Report,
    values: &Range<Data>,
    formulas: &Range<String>,
    reader: &mut SheetReader<'_>,
) {
    let Some((first, left)) = values.start() else { return };
    if first > 0 {
        reader.blank_rows(u64::from(first));
    }
    for (index, cells) in (0u32..).zip(values.rows()) {
        let number = first + index;
        let row = RangeRow { cells, left, number, formulas };
        let columns = usize::try_from(left).unwrap_or_default() + cells.len();
        reader.row(report, number, u16::try_from(columns).unwrap_or(u16::MAX), &row);
    }
}

struct RangeRow<'a> {
    cells: &'a [Data],
    left: u32,
    number: u32,
    formulas: &'a Range<String>,
}

impl Cells for RangeRow<'_> {
    fn cell(&self, column: u16) -> Cell<'_> {
        let Some(index) = u32::from(column).checked_sub(self.left) else { return Cell::Empty };
        let Some(value) = self.cells.get(index as usize) else { return Cell::Empty };
        match value {
            Data::Empty => {
                let formula = self.formulas.get_value((self.number, u32::from(column)));
                match formula.is_some_and(|formula| !formula.is_empty()) {
                    true => Cell::Unresolved,
                    false => Cell::Empty,
                }
            }
            Data::String(text) => Cell::from_text(text),
            Data::Int(number) => number_cell(*number),
            Data::Float(number) => Cell::Number(*number),
            Data::Bool(truth) => Cell::Truth(*truth),
            Data::DateTime(at) => date_cell(at),
            Data::DateTimeIso(text) | Data::DurationIso(text) => iso_cell(text),
            Data::Error(error) => Cell::Error(error.to_string().into()),
        }
    }
}
