//! Tables as streams of records, spread over files and sheets, with an account of every row.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_yaml::Value;

use super::cell::Cell;
use super::headings::{Headings, find_columns, find_headings};
use super::record::{Cells, Field, Origin, Record, Row, Shown, masked};
use super::spanned::Spanned;
use super::{delimited, package, workbook, yaml};
use crate::source::{
    Failure, FileId, Files, Message, Place, Report, Span, code, column_letters, list, nearest, say,
};

/// What a table is made of.
#[derive(Debug)]
pub struct TableShape {
    /// Its name in `sources`.
    pub name: &'static str,
    /// Its fields.
    pub fields: &'static [Field],
}

/// Where a table, or a part of it, is kept.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// A file, or files by a pattern with `*`, relative to the folder of the fair.
    pub file: Spanned<String>,
    /// The sheet of a workbook; absent means every visible sheet.
    #[serde(default)]
    pub sheet: Option<Spanned<String>>,
    /// One value for all rows, by field.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub set: BTreeMap<String, Spanned<Value>>,
    /// Headings of the file, by field.
    #[serde(default)]
    pub columns: BTreeMap<String, Spanned<String>>,
}

/// What became of the rows of a sheet. `read = used + refused + blank + header`.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Account {
    /// Rows that the sheet has, up to the last one that holds a cell.
    pub read: u64,
    /// Rows that were taken.
    pub used: u64,
    /// Rows that were reported as wrong.
    pub refused: u64,
    /// Rows without a value.
    pub blank: u64,
    /// Rows of headings.
    pub header: u64,
}

impl Account {
    /// Adds the rows of another sheet.
    pub fn add(&mut self, other: Account) {
        self.read += other.read;
        self.used += other.used;
        self.refused += other.refused;
        self.blank += other.blank;
        self.header += other.header;
    }

    fn balances(&self) -> bool {
        self.read == self.used + self.refused + self.blank + self.header
    }
}

/// A sheet that was read, or a file without sheets.
#[derive(Clone, Debug)]
pub struct SheetRead {
    /// The file.
    pub file: FileId,
    /// The sheet's number and name, where the file has sheets.
    pub sheet: Option<(u16, String)>,
    /// What became of its rows.
    pub account: Account,
    layout: Layout,
    /// Of a YAML list, the first byte of every entry that was read.
    entries: Vec<u32>,
    /// The column of each field, where it has one.
    columns: Vec<Option<u16>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Layout {
    Workbook,
    Delimited,
    Yaml,
}

impl SheetRead {
    /// The place of a cell in a row.
    pub fn cell_span(&self, row: u32, column: u16) -> Span {
        let place = match (self.layout, &self.sheet) {
            (Layout::Workbook, Some((sheet, _))) => Place::Cell { sheet: *sheet, row, column },
            (Layout::Yaml, _) => Place::Text { start: row, end: row + 1 },
            _ => Place::Field { line: row, field: column + 1 },
        };
        Span { file: self.file, place }
    }

    /// The place of a field's value in a row; the row's first cell where the sheet has no column for it.
    pub fn field_span(&self, row: u32, field: usize) -> Span {
        self.cell_span(row, self.columns.get(field).copied().flatten().unwrap_or_default())
    }

    /// The row that people count as `number`, from 1: a row of a sheet, a line of a text. `None` where the
    /// sheet has no such row; whether a line of a delimited text begins a row is not known here.
    pub fn row_at(&self, files: &Files, number: u32) -> Option<u32> {
        match self.layout {
            Layout::Workbook => number.checked_sub(1).filter(|&row| u64::from(row) < self.account.read),
            Layout::Delimited => (number >= 1).then_some(number),
            Layout::Yaml => {
                let line = |&entry: &u32| files.row_number(self.cell_span(entry, 0));
                self.entries.iter().find(|entry| line(entry) == number).copied()
            }
        }
    }

    /// Whether it is a sheet of a workbook, where cells have formats.
    pub(super) fn is_workbook(&self) -> bool {
        self.layout == Layout::Workbook
    }

    /// The sheet as a place.
    pub fn span(&self) -> Span {
        match &self.sheet {
            Some((sheet, _)) => Span { file: self.file, place: Place::Sheet(*sheet) },
            None => Span::whole(self.file),
        }
    }
}

/// What became of a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It was taken.
    Used,
    /// It was reported as wrong.
    Refused,
}

/// Reads a table row by row and hands each record to `take`, in the order of the sources, then of the
/// sheets, then of the rows. Returns the sheets with the account of their rows.
pub fn read_table(
    report: &mut Report,
    files: &Files,
    folder: &str,
    shape: &'static TableShape,
    sources: &[Source],
    take: &mut dyn FnMut(&mut Report, &Record<'_>) -> Outcome,
) -> Result<Vec<SheetRead>, Failure> {
    let mut sheets = Vec::new();
    let mut seen: Vec<(FileId, Option<String>)> = Vec::new();
    for source in sources {
        check_source(report, shape, source);
        for path in matching_files(report, files, folder, source)? {
            let file = files.id(&path);
            let once = (file, source.sheet.as_ref().map(|sheet| sheet.value.clone()));
            if seen.contains(&once) {
                report
                    .error(
                        code::FILE_TWICE,
                        source.file.span,
                        say!("`{path}` is read twice for `{shape}`", path, shape = shape.name),
                    )
                    .hint(say!("name it in one entry only"));
                continue;
            }
            seen.push(once);
            let mut reader = SheetReader { files, shape, source, take, sheets: &mut sheets, current: None };
            read_file(report, files, file, &mut reader)?;
        }
    }
    for sheet in &sheets {
        assert!(sheet.account.balances(), "every row is used, refused, blank or a heading: {sheet:?}");
    }
    Ok(sheets)
}

/// Reads one file by what its bytes are, whatever its name says.
fn read_file(
    report: &mut Report,
    files: &Files,
    file: FileId,
    reader: &mut SheetReader<'_>,
) -> Result<(), Failure> {
    let path = files.path(file);
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let mut expect = |endings: &[&str], what: Message| {
        if !endings.contains(&ending.as_str()) {
            let message = say!("`{path}` is read as what its bytes are: {what}", path, what);
            report.note(code::FILE_ENDING, Span::whole(file), message);
        }
    };
    match package::sniff(files, file)? {
        package::Format::Package => {
            expect(&["xlsx", "xlsm", "xltx", "xltm", "ods", "ots"], say!("a workbook in a zip package"));
            workbook::read_package(report, files, file, reader)
        }
        package::Format::Xls => {
            expect(&["xls", "xlt", "et"], say!("a workbook of Excel 97 to 2003"));
            workbook::read_xls(report, files, file, reader)
        }
        package::Format::Text if ending == "yaml" || ending == "yml" => {
            read_yaml(report, files, file, reader)
        }
        package::Format::Text => {
            expect(&["csv", "tsv", "txt"], say!("delimited text"));
            delimited::read(report, files, file, reader)
        }
        package::Format::Refused(package::Unreadable { what, instead }) => {
            report
                .error(code::FILE_FORMAT, reader.source.file.span, say!("`{path}` is {what}", path, what))
                .hint(instead);
            Ok(())
        }
    }
}

fn check_source(report: &mut Report, shape: &TableShape, source: &Source) {
    let named = source.set.iter().map(|(field, value)| (field, value.span));
    let named = named.chain(source.columns.iter().map(|(field, heading)| (field, heading.span)));
    let fields = || shape.fields.iter().map(|field| field.name);
    for (field, span) in named {
        if fields().all(|known| known != field) {
            let draft = report.error(
                code::UNKNOWN_FIELD,
                span,
                say!("`{shape}` has no field `{field}`", shape = shape.name, field),
            );
            match nearest(field, fields()) {
                Some(meant) => draft.label(say!("did you mean `{meant}`?", meant)),
                None => draft,
            }
            .hint(say!(
                "fields of {shape}: {fields}",
                shape = shape.name,
                fields = list(fields())
            ));
        }
    }
}

/// Whether a file that a source names is there.
pub fn is_there(files: &Files, folder: &str, source: &Source) -> Result<bool, Failure> {
    let path = format!("{folder}/{}", source.file.value);
    if !path.contains('*') {
        return Ok(files.is_file(&path));
    }
    Ok(files.list(folder)?.iter().any(|found| matches_pattern(&path, found)))
}

/// The files that a source names, in the order of their names.
fn matching_files(
    report: &mut Report,
    files: &Files,
    folder: &str,
    source: &Source,
) -> Result<Vec<String>, Failure> {
    let name = source.file.value.as_str();
    let span = source.file.span;
    if name.starts_with('/') || name.split('/').any(|part| part == "..") {
        report
            .error(code::FILE_OUTSIDE, span, say!("`{name}` leads out of the folder of the fair", name))
            .hint(say!("put the file beside fair.yaml and name it by its path from there"));
        return Ok(Vec::new());
    }
    let path = format!("{folder}/{name}");
    if !name.contains('*') {
        if files.is_file(&path) {
            return Ok(vec![path]);
        }
        let beside = files.list(folder)?;
        let names: Vec<&str> =
            beside.iter().filter_map(|path| path.strip_prefix(folder)?.strip_prefix('/')).collect();
        let draft = report.error(code::FILE_MISSING, span, say!("there is no file `{path}`", path));
        match nearest(name, names.iter().copied()) {
            Some(meant) => draft.label(say!("did you mean `{meant}`?", meant)),
            None => draft,
        }
        .hint(say!("put the file there, or correct its name here"));
        return Ok(Vec::new());
    }
    let mut matching = files.list(folder)?;
    matching.retain(|found| matches_pattern(&path, found));
    if matching.is_empty() {
        report
            .error(code::FILE_MISSING, span, say!("no file matches `{path}`", path))
            .hint(say!(
                "files there: {names}",
                names = list(
                    files
                        .list(folder)?
                        .iter()
                        .filter_map(|path| path.strip_prefix(folder)?.strip_prefix('/'))
                )
            ))
            .hint(say!("put the files there, or correct the pattern here"));
    }
    Ok(matching)
}

/// Whether a path matches a pattern in which `*` stands for any characters but `/`.
fn matches_pattern(pattern: &str, path: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == path,
        Some((before, after)) => path.strip_prefix(before).is_some_and(|rest| {
            let end = rest.find('/').unwrap_or(rest.len());
            rest.char_indices()
                .map(|(at, _)| at)
                .chain([rest.len()])
                .filter(|&at| at <= end)
                .any(|at| matches_pattern(after, &rest[at..]))
        }),
    }
}

/// Takes the rows of the sheets of one file: finds the headings, makes records, keeps the account.
pub(super) struct SheetReader<'t> {
    files: &'t Files,
    shape: &'static TableShape,
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

impl SheetReader<'_> {
    /// Begins a file without sheets, such as csv.
    pub(super) fn begin_text(&mut self, file: FileId) {
        self.begin(file, None, Layout::Delimited);
    }

    /// Begins a sheet of a workbook.
    pub(super) fn begin_sheet(&mut self, file: FileId, number: u16, name: &str) {
        self.begin(file, Some((number, name.to_owned())), Layout::Workbook);
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

pub(super) fn column_number(column: usize) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}

/// The cell that a value of `set` makes.
pub(super) fn set_cell(value: &Value) -> Cell<'static> {
    value_cell(value)
}

fn value_cell(value: &Value) -> Cell<'static> {
    match value {
        Value::Null => Cell::Empty,
        Value::Bool(truth) => Cell::Truth(*truth),
        Value::Number(number) => Cell::Number(number.as_f64().unwrap_or(f64::NAN)),
        Value::String(text) => Cell::from_owned(text.clone()),
        Value::Sequence(values) => {
            let texts: Vec<String> = values
                .iter()
                .map(|value| match value {
                    Value::String(text) => text.clone(),
                    Value::Number(number) => number.to_string(),
                    other => format!("{other:?}"),
                })
                .collect();
            Cell::from_owned(texts.join(";"))
        }
        _ => Cell::Error("a block of keys".into()),
    }
}

/// Reads a YAML list whose entries use the names of the fields as keys.
fn read_yaml(
    report: &mut Report,
    files: &Files,
    file: FileId,
    reader: &mut SheetReader<'_>,
) -> Result<(), Failure> {
    let bytes = files.read(file)?;
    let Some(text) = yaml::yaml_text(report, file, bytes) else { return Ok(()) };
    let text = match reader.shape.fields.iter().any(|field| field.private) {
        true => files.keep_private_text(file, text),
        false => files.keep_text(file, text),
    };
    let Some(document) = yaml::Document::parse(report, file, &text, 0) else { return Ok(()) };
    let fields = reader.shape.fields;
    reader.begin(file, None, Layout::Yaml);
    reader.current.as_mut().expect("a table was begun").columns = column_number(fields.len());
    match (&document.value, &document.node.inner) {
        (Value::Null, _) => {}
        (Value::Sequence(values), yaml::Inner::Sequence(nodes)) => {
            for (value, node) in values.iter().zip(nodes) {
                read_yaml_entry(report, reader, fields, file, value, node);
            }
        }
        _ => {
            report
                .error(
                    code::WRONG_TYPE,
                    document.span(),
                    say!("`{shape}` is expected as a list", shape = reader.shape.name),
                )
                .hint(say!("begin every entry with `- ` and the name of a field"));
        }
    }
    reader.end(report);
    Ok(())
}

fn read_yaml_entry(
    report: &mut Report,
    reader: &mut SheetReader<'_>,
    fields: &'static [Field],
    file: FileId,
    value: &Value,
    node: &yaml::Node,
) {
    let (Value::Mapping(entries), yaml::Inner::Mapping(nodes)) = (value, &node.inner) else {
        report
            .error(
                code::WRONG_TYPE,
                Span::text(file, node.start, node.end),
                say!("an entry of a table is a block of keys"),
            )
            .hint(say!("write the names of the fields as keys"));
        reader.unreadable_row();
        return;
    };
    let mut cells: Vec<Cell<'static>> = fields.iter().map(|_| Cell::Empty).collect();
    let mut origins: Vec<Origin> = fields.iter().map(|_| Origin::Absent).collect();
    let mut sound = true;
    for ((key, value), ((start, end), inner)) in entries.iter().zip(nodes) {
        let key = key.as_str().unwrap_or_default();
        match fields.iter().position(|field| field.name == key) {
            Some(field) => {
                let cell = value_cell(value);
                origins[field] = Origin::Set(cell.clone(), Span::text(file, inner.start, inner.end));
                cells[field] = cell;
            }
            None => {
                sound = false;
                let message =
                    say!("`{shape}` has no field `{field}`", shape = reader.shape.name, field = key);
                let draft = report.error(code::UNKNOWN_FIELD, Span::text(file, *start, *end), message);
                match nearest(key, fields.iter().map(|field| field.name)) {
                    Some(meant) => draft.label(say!("did you mean `{meant}`?", meant)),
                    None => draft,
                }
                .hint(say!("fields: {fields}", fields = list(fields.iter().map(|field| field.name))));
            }
        }
    }
    for (origin, field) in origins.iter_mut().zip(fields) {
        if let Some(value) = reader.source.set.get(field.name) {
            *origin = Origin::Set(set_cell(&value.value), value.span);
        }
    }
    if !sound {
        reader.unreadable_row();
        return;
    }
    let current = reader.current.as_mut().expect("a sheet was begun");
    current.origins = Some(origins);
    let row = u32::try_from(node.start).unwrap_or(u32::MAX);
    current.sheet.entries.push(row);
    reader.row(report, row, column_number(fields.len()), &Ready(&cells));
}

struct Ready<'a>(&'a [Cell<'static>]);

impl Cells for Ready<'_> {
    fn cell(&self, column: u16) -> Cell<'_> {
        self.0.get(usize::from(column)).cloned().unwrap_or(Cell::Empty)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_matches_within_a_folder() {
        assert!(matches_pattern("f/invitations-*.csv", "f/invitations-1.csv"));
        assert!(matches_pattern("f/*", "f/a.csv"));
        assert!(!matches_pattern("f/*.csv", "f/sub/a.csv"));
        assert!(!matches_pattern("f/a*.csv", "f/a.csv.bak"));
    }
}
