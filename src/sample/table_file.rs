//! A table of the sample as a file: rows in, CSV or XLSX out, a row at a time.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

use super::order::SampleFormat;
use super::output::create;
use crate::data::Date;
use crate::source::{Failure, say};

/// What stands above the columns of a table.
pub(super) struct Heading {
    /// Name of the sheet.
    pub(super) sheet: &'static str,
    /// Headings, and how many characters wide the columns are.
    pub(super) columns: &'static [(&'static str, u16)],
}

/// What stands in a cell.
#[derive(Clone, Copy)]
pub(super) enum Value<'a> {
    /// Text, or nothing where it is empty.
    Text(&'a str),
    /// A day.
    Day(&'a Day),
}

/// A day, as both formats write it.
pub(super) struct Day {
    text: String,
    serial: i32,
}

impl Day {
    pub(super) fn new(date: Date) -> Day {
        let epoch = jiff::civil::date(1899, 12, 30);
        let days = date.duration_since(epoch).as_hours() / 24;
        Day { text: date.to_string(), serial: i32::try_from(days).expect("a civil date is near enough") }
    }
}

/// A table that is being written.
pub(super) struct TableFile {
    path: String,
    rows: u64,
    writer: Writer,
}

enum Writer {
    Csv(Box<csv::Writer<BufWriter<File>>>),
    Xlsx(Box<Book>),
}

struct Book {
    workbook: Workbook,
    file: BufWriter<File>,
    heading: &'static Heading,
    bold: Format,
    day: Format,
    sheet: usize,
    row: u32,
}

/// Rows that a sheet may have, the heading included.
const SHEET_ROWS: u32 = 1_048_576;

impl TableFile {
    /// Begins a table below the folder of the sample; `path` lacks its ending.
    pub(super) fn create(
        folder: &Path,
        path: &str,
        format: SampleFormat,
        heading: &'static Heading,
    ) -> Result<TableFile, Failure> {
        let path = format!("{path}.{}", format.ending());
        let file = create(folder, &path)?;
        let writer = match format {
            SampleFormat::Csv => Writer::Csv(begin_csv(&path, file, heading)?),
            SampleFormat::Xlsx => {
                Writer::Xlsx(Book::begin(folder, &path, file, heading).map_err(|cause| failed(&path, cause))?)
            }
        };
        Ok(TableFile { path, rows: 0, writer })
    }

    /// Writes a row.
    pub(super) fn row(&mut self, values: &[Value<'_>]) -> Result<(), Failure> {
        self.rows += 1;
        match &mut self.writer {
            Writer::Csv(csv) => csv_row(csv, values).map_err(|cause| failed(&self.path, cause)),
            Writer::Xlsx(book) => book.row(values).map_err(|cause| failed(&self.path, cause)),
        }
    }

    /// Ends the table; its path and how many rows it has, the headings not counted.
    pub(super) fn finish(self) -> Result<(String, u64), Failure> {
        let path = self.path;
        match self.writer {
            Writer::Csv(mut csv) => csv.flush().map_err(|cause| failed(&path, cause))?,
            Writer::Xlsx(mut book) => {
                book.workbook.save_to_writer(&mut book.file).map_err(|cause| failed(&path, cause))?;
                book.file.flush().map_err(|cause| failed(&path, cause))?;
            }
        }
        Ok((path, self.rows))
    }
}

/// CSV as Excel on Windows reads it without asking: a byte order mark and CRLF.
fn begin_csv(
    path: &str,
    mut file: BufWriter<File>,
    heading: &Heading,
) -> Result<Box<csv::Writer<BufWriter<File>>>, Failure> {
    file.write_all("\u{feff}".as_bytes()).map_err(|cause| failed(path, cause))?;
    let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(file);
    csv.write_record(heading.columns.iter().map(|(title, _)| title)).map_err(|cause| failed(path, cause))?;
    Ok(Box::new(csv))
}

fn csv_row(csv: &mut csv::Writer<BufWriter<File>>, values: &[Value<'_>]) -> Result<(), csv::Error> {
    for value in values {
        csv.write_field(match value {
            Value::Text(text) => text,
            Value::Day(day) => day.text.as_str(),
        })?;
    }
    csv.write_record(None::<&[u8]>)
}

impl Book {
    fn begin(
        folder: &Path,
        path: &str,
        file: BufWriter<File>,
        heading: &'static Heading,
    ) -> Result<Box<Book>, XlsxError> {
        let mut workbook = Workbook::new();
        // Rows wait beside the workbook, not in memory: the system's folder for such files may well be memory.
        workbook.set_tempdir(folder.join(path).parent().unwrap_or(folder))?;
        // Without a fixed date the file would differ from run to run.
        workbook.set_properties(
            &DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2025, 1, 1)?),
        );
        let bold = Format::new().set_bold();
        let day = Format::new().set_num_format("yyyy-mm-dd");
        let mut book = Box::new(Book { workbook, file, heading, bold, day, sheet: 0, row: 0 });
        book.begin_sheet()?;
        Ok(book)
    }

    fn begin_sheet(&mut self) -> Result<(), XlsxError> {
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        match self.sheet {
            0 => sheet.set_name(self.heading.sheet)?,
            earlier => sheet.set_name(format!("{}{}", self.heading.sheet, earlier + 1))?,
        };
        sheet.set_freeze_panes(1, 0)?;
        for (column, (title, width)) in (0u16..).zip(self.heading.columns) {
            sheet.set_column_width(column, *width)?;
            sheet.write_string_with_format(0, column, *title, &self.bold)?;
        }
        self.row = 1;
        Ok(())
    }

    fn row(&mut self, values: &[Value<'_>]) -> Result<(), XlsxError> {
        if self.row == SHEET_ROWS {
            self.sheet += 1;
            self.begin_sheet()?;
        }
        let sheet = self.workbook.worksheet_from_index(self.sheet)?;
        for (column, value) in (0u16..).zip(values) {
            match value {
                Value::Text("") => {}
                Value::Text(text) => {
                    sheet.write_string(self.row, column, *text)?;
                }
                Value::Day(day) => {
                    sheet.write_number_with_format(self.row, column, day.serial, &self.day)?;
                }
            }
        }
        self.row += 1;
        Ok(())
    }
}

fn failed(path: &str, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Failure {
    Failure::new(say!("write {path}", path), io::Error::other(cause))
}
