//! The rows of a fair's tables as texts, for whoever commits to each of them while they are read.

use crate::data::{Outcome, Record, Row, SheetRead, TableShape, TakeRows};
use crate::source::{Failure, FileId, Files, Report, code, say};

/// Looks on while the tables of a fair are read, for what commits to them. `()` does not care.
pub trait InputObserver {
    /// Who is to see the rows, if anybody is.
    fn rows(&mut self) -> Option<&mut dyn RowObserver> {
        None
    }

    /// All rows of this file were read. Of several files, each is named once, in the order of their paths.
    fn file(&mut self, _file: FileId) -> Result<(), Failure> {
        Ok(())
    }
}

impl InputObserver for () {}

impl<T: InputObserver> InputObserver for Option<T> {
    fn rows(&mut self) -> Option<&mut dyn RowObserver> {
        self.as_mut().and_then(InputObserver::rows)
    }

    fn file(&mut self, file: FileId) -> Result<(), Failure> {
        self.as_mut().map_or(Ok(()), |observer| observer.file(file))
    }
}

/// Sees the rows of tables in reading order: all that are not blank and stand below the headings, whatever becomes of
/// them.
pub trait RowObserver {
    /// A row.
    fn row(&mut self, row: &LeafRow<'_>);
}

/// A row as it is committed to.
pub struct LeafRow<'a> {
    /// Its table.
    pub table: &'static str,
    /// The exhibitor that it names, where its table has one.
    pub exhibitor: Option<&'a str>,
    /// The path of its file from the folder of the fair.
    pub file: &'a str,
    write: &'a dyn Fn(&mut String),
}

impl LeafRow<'_> {
    /// Writes it into a text, instead of what that holds: a list in JSON of table, file, sheet, row as people count it, then
    /// the value of every field of the table in the order of the contract, absent ones as `null`. The exhibitor is named by
    /// its identifier as it is read, with zeros in front where `digits` says so.
    pub fn write(&self, content: &mut String) {
        content.clear();
        (self.write)(content);
    }
}

/// Takes the rows of a table, and shows each of them to an observer before.
pub(super) struct Watched<'a> {
    take: &'a mut dyn TakeRows,
    rows: &'a mut dyn RowObserver,
    files: &'a Files,
    folder: &'a str,
    shape: &'static TableShape,
    owner: Option<usize>,
    /// The number of the sheet that was seen last, its file, and how its rows begin.
    sheet: Option<(u32, String, String)>,
    /// The number of the row that was seen last, as people count it.
    last: u32,
}

impl<'a> Watched<'a> {
    /// Watches the rows of a table whose files are below `folder`.
    pub(super) fn new(
        files: &'a Files,
        folder: &'a str,
        shape: &'static TableShape,
        rows: &'a mut dyn RowObserver,
        take: &'a mut dyn TakeRows,
    ) -> Watched<'a> {
        let owner = shape.field("exhibitor");
        Watched { take, rows, files, folder, shape, owner, sheet: None, last: 0 }
    }

    fn show(&mut self, report: Option<&mut Report>, record: &Record<'_>) {
        let Row { sheet: number, row } = record.row();
        let sheet = record.sheet();
        if self.sheet.as_ref().is_none_or(|(known, ..)| *known != number) {
            let path = self.files.path(sheet.file);
            let file =
                path.strip_prefix(self.folder).map_or(path.as_str(), |rest| rest.trim_start_matches('/'));
            let mut begin = "[".to_owned();
            push_text(&mut begin, Some(self.shape.name));
            push_text(&mut begin, Some(file));
            push_text(&mut begin, sheet.sheet.as_ref().map(|(_, name)| name.as_str()));
            self.sheet = Some((number, file.to_owned(), begin));
            self.last = 0;
        }
        let line = self.files.row_number(sheet.cell_span(row, 0));
        if let Some(report) = report.filter(|_| line == self.last) {
            let file = self.files.path(sheet.file);
            report
                .error(
                    code::TWO_ROWS_A_LINE,
                    sheet.cell_span(row, 0),
                    say!("line {line} of `{file}` contains two rows", file, line),
                )
                .hint(say!("put each row on a line of its own: the ledger refers to rows by line number"));
        }
        self.last = line;
        let (_, file, begin) = self.sheet.as_ref().expect("it was set for this sheet");
        let exhibitor = self.owner.and_then(|field| record.code(field));
        let write = |content: &mut String| {
            content.push_str(begin);
            content.push_str(&line.to_string());
            content.push(',');
            for field in 0..self.shape.fields.len() {
                match self.owner {
                    Some(owner) if owner == field => push_text(content, exhibitor.as_deref()),
                    _ => push_text(content, record.written(field).as_deref()),
                }
            }
            content.pop();
            content.push(']');
        };
        self.rows.row(&LeafRow {
            table: self.shape.name,
            exhibitor: exhibitor.as_deref(),
            file,
            write: &write,
        });
    }
}

impl TakeRows for Watched<'_> {
    fn begin_sheet(&mut self, number: u32) {
        self.take.begin_sheet(number);
    }

    fn row(&mut self, report: &mut Report, record: &Record<'_>) -> Outcome {
        self.show(Some(report), record);
        self.take.row(report, record)
    }

    fn skipped(&mut self, record: &Record<'_>) {
        self.show(None, record);
        self.take.skipped(record);
    }

    fn end_sheet(&mut self, report: &mut Report, sheet: &SheetRead) {
        self.take.end_sheet(report, sheet);
    }
}

/// Whether JSON writes some sign of a text otherwise. Looks at all of it, many bytes at a time.
fn needs_escape(text: &str) -> bool {
    text.bytes().fold(false, |found, byte| found | (byte < b' ') | (byte == b'"') | (byte == b'\\'))
}

fn push_text(content: &mut String, text: Option<&str>) {
    match text {
        None => content.push_str("null,"),
        // Most texts are written as they are.
        Some(text) if !needs_escape(text) => {
            content.push('"');
            content.push_str(text);
            content.push_str("\",");
        }
        Some(text) => {
            content.push_str(&serde_json::to_string(text).expect("a text is always written"));
            content.push(',');
        }
    }
}
