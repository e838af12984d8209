//! Workbooks in formats that cannot be read as a stream (xls, ods): read by a process of their own, which may
//! use so much memory and so much time and no more. Whatever such a file does to its reader, the program
//! goes on and says what is wrong with the file.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Seek, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use calamine::{Data, ExcelDateTime, Ods, Range, Reader, SheetType, SheetVisible, Xls, XlsOptions};
use serde::{Deserialize, Serialize};

use super::layout::{Sheet, SheetLayout, is_chosen};
use super::xls_layout::{BookLayout, layout_of_xls};
use crate::data::cell::{Cell, Cells, date_cell};
use crate::data::file_format::take_password_off;
use crate::source::platform::{self, Ended, how_it_ended};
use crate::source::{Failure, Message, say};

/// The hidden command that makes a process read a workbook.
pub const COMMAND: &str = "read-workbook";

/// A format that is read in a process of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WorkbookFormat {
    /// Excel 97 to 2003.
    Xls,
    /// OpenDocument.
    Ods,
}

/// Memory that the process may use.
const MOST_BYTES: u64 = 850 << 20;
/// Processor time that the process may use, in seconds.
const MOST_SECONDS: u64 = 8;
/// The process is ended when so much time went by, whatever it did.
const PATIENCE: Duration = Duration::from_secs(90);
/// A longer line from the process is not taken.
const MAX_LINE: u64 = 64 << 20;

/// What the process says, one line each.
#[derive(Serialize, Deserialize)]
enum Line<'a> {
    Sheets(Vec<Sheet>),
    Begin(u16, SheetLayout),
    Row(u32, #[serde(borrow)] Vec<Sent<'a>>),
    End,
    /// A sheet, or the file as a whole, cannot be read.
    Failed(Message),
    Done,
}

/// A cell on its way from one process to the other. Numbers go as their bits, so that none is rounded.
#[derive(Serialize, Deserialize)]
enum Sent<'a> {
    #[serde(rename = "-")]
    Empty,
    #[serde(rename = "t")]
    Text(#[serde(borrow)] Cow<'a, str>),
    #[serde(rename = "n")]
    Number(u64),
    #[serde(rename = "b")]
    Truth(bool),
    #[serde(rename = "d")]
    Date(#[serde(borrow)] Cow<'a, str>),
    #[serde(rename = "e")]
    Error(#[serde(borrow)] Cow<'a, str>),
    #[serde(rename = "f")]
    Unresolved,
}

/// Whoever takes what a workbook holds.
pub(in crate::data) trait Taker {
    /// The sheets of the file, before any of them is read.
    fn sheets(&mut self, sheets: Vec<Sheet>);
    /// A sheet begins; the layout is that of an xls file, and says nothing of others.
    fn begin(&mut self, number: u16, layout: SheetLayout);
    /// A row of the sheet.
    fn row(&mut self, row: u32, columns: u16, cells: &dyn Cells);
    /// The sheet ends; or it cannot be read on.
    fn end(&mut self, reason: Option<Message>);
}

/// Reads the sheets that are wanted, else every visible one. The process runs this program with [`COMMAND`]. The inner `Err` says why the file is refused.
pub(in crate::data) fn read(
    input: File,
    format: WorkbookFormat,
    wanted: Option<&[String]>,
    taker: &mut dyn Taker,
) -> Result<Result<(), Message>, Failure> {
    let failed = |cause| Failure::new(say!("start a process that reads a workbook"), cause);
    let mut command = Command::new(platform::own_program().map_err(failed)?);
    command.arg(COMMAND).arg(match format {
        WorkbookFormat::Xls => "xls",
        WorkbookFormat::Ods => "ods",
    });
    for wanted in wanted.unwrap_or_default() {
        command.arg(format!("--sheet={wanted}"));
    }
    let mut child = command
        .stdin(Stdio::from(input))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(failed)?;
    let output = child.stdout.take().expect("the output is a pipe");
    let (finished, waiting) = mpsc::channel::<()>();
    let watch = std::thread::spawn(move || {
        let is_late = waiting.recv_timeout(PATIENCE) == Err(mpsc::RecvTimeoutError::Timeout);
        if is_late {
            // It may have ended on its own in this moment.
            let _ = child.kill();
        }
        Ok(if is_late { child.wait().map(|_| Ended::OutOfTime)? } else { how_it_ended(child.wait()?) })
    });
    let taken = take_lines(BufReader::with_capacity(1 << 16, output), taker);
    // If nobody listens any more, the process has ended.
    let _ = finished.send(());
    let ended = watch.join().expect("waiting for a process does not panic").map_err(failed)?;
    Ok(match taken {
        Ok(true) => Ok(()),
        Err(reason) => Err(reason),
        Ok(false) => Err(why_it_ended(ended)),
    })
}

/// Why a process ended that did not finish.
fn why_it_ended(ended: Ended) -> Message {
    match ended {
        Ended::OutOfTime => say!("reading it takes more than {seconds} seconds", seconds = MOST_SECONDS),
        Ended::OutOfMemory => {
            say!("reading it takes more than {megabytes} MB of memory", megabytes = MOST_BYTES >> 20)
        }
        Ended::Otherwise => say!("it is damaged"),
    }
}

/// Takes what the process says. Whether it said that it was done.
fn take_lines(mut output: impl BufRead, taker: &mut dyn Taker) -> Result<bool, Message> {
    let mut line = Vec::new();
    let mut number = None;
    let mut within = false;
    loop {
        line.clear();
        let read = output.by_ref().take(MAX_LINE).read_until(b'\n', &mut line);
        let whole = matches!(read, Ok(count) if count > 0) && line.last() == Some(&b'\n');
        let said = whole.then(|| serde_json::from_slice::<Line<'_>>(&line).ok()).flatten();
        match (said, within) {
            (Some(Line::Sheets(sheets)), false) if number.is_none() => {
                number = Some(sheets.len());
                taker.sheets(sheets);
            }
            (Some(Line::Begin(sheet, layout)), false) if number.is_some_and(|n| usize::from(sheet) < n) => {
                within = true;
                taker.begin(sheet, layout);
            }
            (Some(Line::Row(row, cells)), true) => {
                let columns = u16::try_from(cells.len()).unwrap_or(u16::MAX);
                taker.row(row, columns, &SentRow(&cells));
            }
            (Some(Line::End), true) => {
                within = false;
                taker.end(None);
            }
            (Some(Line::Failed(reason)), true) => {
                within = false;
                taker.end(Some(reason));
            }
            (Some(Line::Failed(reason)), false) => return Err(reason),
            (Some(Line::Done), false) => return Ok(true),
            _ => {
                if within {
                    taker.end(None);
                }
                return match whole {
                    true => Err(say!("the process that reads it gave an unexpected answer")),
                    false => Ok(false),
                };
            }
        }
    }
}

struct SentRow<'a>(&'a [Sent<'a>]);

impl Cells for SentRow<'_> {
    fn cell(&self, column: u16) -> Cell<'_> {
        match self.0.get(usize::from(column)) {
            None | Some(Sent::Empty) => Cell::Empty,
            Some(Sent::Text(text)) => Cell::from_text(text),
            Some(Sent::Number(bits)) => Cell::Number(f64::from_bits(*bits)),
            Some(Sent::Truth(truth)) => Cell::Truth(*truth),
            Some(Sent::Date(text)) => Cell::from_iso(text),
            Some(Sent::Error(error)) => Cell::Error(error.as_ref().into()),
            Some(Sent::Unresolved) => Cell::Unresolved,
        }
    }
}

/// The process's own part: limits itself, reads the workbook on standard input, and says what it holds on
/// standard output. False where that cannot be done.
pub fn answer(format: WorkbookFormat, wanted: Option<&[String]>) -> bool {
    platform::limit_this_process(MOST_BYTES, MOST_SECONDS);
    let Ok(input) = platform::standard_input() else { return false };
    let mut input = BufReader::with_capacity(1 << 16, input);
    let mut output = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    let said = match format {
        WorkbookFormat::Xls => match layout(&mut input) {
            Ok(layout) => match Xls::new_with_options(input, options(&layout)) {
                Ok(book) => say_book(&mut output, book, wanted, layout.sheets),
                Err(error) => tell(&mut output, &Line::Failed(reason(&error))),
            },
            Err(why) => tell(&mut output, &Line::Failed(damaged(&why))),
        },
        WorkbookFormat::Ods => match Ods::new(input) {
            Ok(book) => say_book(&mut output, book, wanted, Vec::new()),
            Err(error) => tell(&mut output, &Line::Failed(reason(&error))),
        },
    };
    said.and_then(|()| output.flush()).is_ok()
}

/// The layout of an xls file. It is read again from its beginning for its cells, unless its reader would never come to
/// an end.
fn layout(input: &mut (impl Read + Seek)) -> Result<BookLayout, Message> {
    let mut file = Vec::new();
    let read = input.read_to_end(&mut file).and_then(|_| input.rewind());
    read.map_err(Message::foreign)?;
    layout_of_xls(&file).map_err(|_| say!("its streams are broken"))
}

/// How an xls file is read. Left to itself, the reader takes Unicode for text of the code page that the file names, as
/// some programs name that of their country; Excel pays no heed to it.
fn options(layout: &BookLayout) -> XlsOptions {
    /// The code page of Unicode, as Excel names it.
    const UNICODE: u16 = 1200;
    let mut options = XlsOptions::default();
    options.force_codepage = layout.unicode.then_some(UNICODE);
    options
}

/// Why a workbook cannot be read, from what its reader says.
fn reason(error: &impl std::fmt::Display) -> Message {
    let said: String = error.to_string().chars().filter(|c| !c.is_control()).take(100).collect();
    match said.to_ascii_lowercase().contains("password") {
        true => say!("it is protected by a password; {advice}", advice = take_password_off()),
        false => damaged(&Message::foreign(said)),
    }
}

fn damaged(why: &Message) -> Message {
    say!("it is damaged, or of an unsupported kind ({why})", why)
}

fn tell(output: &mut impl Write, line: &Line<'_>) -> std::io::Result<()> {
    serde_json::to_writer(&mut *output, line)?;
    output.write_all(b"\n")
}

fn say_book<R, B>(
    output: &mut impl Write,
    mut book: B,
    wanted: Option<&[String]>,
    mut layouts: Vec<SheetLayout>,
) -> std::io::Result<()>
where
    R: Read + Seek,
    B: Reader<R>,
    B::Error: std::fmt::Display,
{
    let sheets: Vec<Sheet> = book
        .sheets_metadata()
        .iter()
        .map(|sheet| Sheet {
            name: sheet.name.clone(),
            visible: sheet.visible == SheetVisible::Visible,
            has_cells: sheet.typ == SheetType::WorkSheet,
        })
        .collect();
    tell(output, &Line::Sheets(sheets.clone()))?;
    for (sheet, number) in sheets.iter().zip(0u16..) {
        if !is_chosen(sheet, wanted) {
            continue;
        }
        let layout = layouts.get_mut(usize::from(number)).map(std::mem::take).unwrap_or_default();
        tell(output, &Line::Begin(number, layout))?;
        let ranges = (book.worksheet_range(&sheet.name), book.worksheet_formula(&sheet.name));
        match ranges {
            (Ok(values), Ok(formulas)) => {
                say_rows(output, &values, &formulas)?;
                tell(output, &Line::End)?;
            }
            (Err(error), _) | (_, Err(error)) => {
                tell(output, &Line::Failed(reason(&error)))?;
            }
        }
    }
    tell(output, &Line::Done)
}

fn say_rows(output: &mut impl Write, values: &Range<Data>, formulas: &Range<String>) -> std::io::Result<()> {
    let Some((first, left)) = values.start() else { return Ok(()) };
    for (number, row) in (first..).zip(values.rows()) {
        // The last cell that holds something ends the row.
        let unresolved = |column: usize| {
            let column = left.saturating_add(u32::try_from(column).unwrap_or(u32::MAX));
            formulas.get_value((number, column)).is_some_and(|formula| !formula.is_empty())
        };
        let used = (0..row.len()).rev().find(|&c| !matches!(row[c], Data::Empty) || unresolved(c));
        let Some(used) = used else { continue };
        let cells = row[..=used].iter().enumerate().map(|(column, value)| match value {
            Data::Empty if unresolved(column) => Sent::Unresolved,
            value => sent(value),
        });
        let cells = (0..left).map(|_| Sent::Empty).chain(cells).collect();
        tell(output, &Line::Row(number, cells))?;
    }
    Ok(())
}

fn sent(value: &Data) -> Sent<'_> {
    match value {
        Data::Empty => Sent::Empty,
        Data::String(text) => Sent::Text(text.into()),
        Data::Int(number) => match i32::try_from(*number) {
            Ok(number) => Sent::Number(f64::from(number).to_bits()),
            Err(_) => Sent::Text(number.to_string().into()),
        },
        Data::Float(number) => Sent::Number(number.to_bits()),
        Data::Bool(truth) => Sent::Truth(*truth),
        Data::DateTime(at) => sent_date(at),
        Data::DateTimeIso(text) | Data::DurationIso(text) => Sent::Date(text.into()),
        Data::Error(error) => Sent::Error(error.to_string().into()),
    }
}

/// A date or time of day. The era of 1904 is known to the reader, and is in the value.
fn sent_date(at: &ExcelDateTime) -> Sent<'static> {
    let (year, month, day, ..) = at.to_ymd_hms_milli();
    match date_cell(at.as_f64(), false) {
        Cell::Time(time) => Sent::Date(time.to_string().into()),
        Cell::Date(moment) if !at.is_duration() => {
            let time = moment.time.map(|time| format!(" {time}")).unwrap_or_default();
            Sent::Date(format!("{year:04}-{month:02}-{day:02}{time}").into())
        }
        _ => Sent::Number(at.as_f64().to_bits()),
    }
}
