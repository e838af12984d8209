//! What was ruled on a table after it was exported: single cells that say something else, and files in the place of
//! others. The files stay as they were exported; what is ruled is applied while they are read.

use std::cell::Cell as Counter;

use super::mask::is_plain;
use super::record::Record;
use super::sheet::{Origin, SheetRead};
use crate::source::{Files, Report, Span, code, say};

/// A cell that says something else from a ruling on.
#[derive(Clone, Debug)]
pub struct AmendedCell {
    /// The table.
    pub table: &'static str,
    /// The field, by its number in the table.
    pub field: usize,
    /// The path of the file.
    pub path: String,
    /// The sheet; absent where the file has one only.
    pub sheet: Option<String>,
    /// The row, as people count it, from 1.
    pub row: u32,
    /// What the table says; empty where it says nothing.
    pub from: String,
    /// What is right; empty where nothing is.
    pub to: String,
    /// Where `from` is written.
    pub from_span: Span,
    /// Where the row is named.
    pub row_span: Span,
    /// How many files were admitted before it was ruled on.
    admitted: usize,
    /// How many rows were found.
    found: Counter<u32>,
}

/// A file that is read in the place of another one.
#[derive(Clone, Debug)]
pub struct AdmittedFile {
    /// The table.
    pub table: &'static str,
    /// The path of the new file.
    pub path: String,
    /// The path of the file that it replaces.
    pub replaces: String,
    /// Where the file that it replaces is named.
    pub span: Span,
    /// Whether the ruling is in force; a file that is admitted later is not read before, whatever patterns say.
    pub in_force: bool,
    /// How often it was read.
    found: Counter<u32>,
}

/// What is applied to tables while they are read.
#[derive(Clone, Default, Debug)]
pub struct Amendments {
    cells: Vec<AmendedCell>,
    files: Vec<AdmittedFile>,
}

impl AmendedCell {
    /// A cell of which nothing was found yet.
    pub fn new(
        (table, field): (&'static str, usize),
        path: String,
        (sheet, row, row_span): (Option<String>, u32, Span),
        (from, from_span): (String, Span),
        to: String,
    ) -> AmendedCell {
        AmendedCell {
            table,
            field,
            path,
            sheet,
            row,
            from,
            to,
            from_span,
            row_span,
            admitted: 0,
            found: Counter::new(0),
        }
    }
}

impl AdmittedFile {
    /// A file that was not read yet.
    pub fn new(
        table: &'static str,
        path: String,
        replaces: String,
        span: Span,
        in_force: bool,
    ) -> AdmittedFile {
        AdmittedFile { table, path, replaces, span, in_force, found: Counter::new(0) }
    }
}

impl Amendments {
    /// Adds a cell.
    pub fn amend(&mut self, cell: AmendedCell) {
        self.cells.push(AmendedCell { admitted: self.files.len(), ..cell });
    }

    /// Adds a file.
    pub fn admit(&mut self, file: AdmittedFile) {
        self.files.push(file);
    }

    /// Whether another file is read in the place of this one.
    pub fn replaces(&self, path: &str) -> bool {
        self.files.iter().any(|file| file.in_force && file.replaces == path)
    }

    /// The files of a table that are read where a source names these; without those that are not there.
    pub fn admitted(&self, files: &Files, table: &str, paths: Vec<String>) -> Vec<String> {
        let admitted = || self.files.iter().filter(|file| file.table == table);
        let mut paths = paths;
        paths.retain(|path| admitted().all(|file| file.path != *path));
        for file in admitted().filter(|file| file.in_force) {
            for path in paths.iter_mut().filter(|path| **path == file.replaces) {
                path.clone_from(&file.path);
                file.found.set(file.found.get() + 1);
            }
        }
        // The ruling that admits a file which is missing is reported in the end.
        paths.retain(|path| files.is_file(path));
        paths
    }

    /// The cells of a sheet.
    pub(in crate::data) fn of_sheet(
        &self,
        files: &Files,
        table: &str,
        sheet: &SheetRead,
    ) -> Vec<&AmendedCell> {
        if self.cells.is_empty() {
            return Vec::new();
        }
        let path = files.path(sheet.file);
        let name = sheet.sheet.as_ref().map(|(_, name)| name);
        let is_here = |cell: &&AmendedCell| {
            cell.table == table && cell.path == path && (cell.sheet.is_none() || cell.sheet.as_ref() == name)
        };
        self.cells.iter().filter(is_here).collect()
    }

    /// Reports what named no row, no file, or several, once all tables were read.
    pub fn report_unfound(&self, report: &mut Report, files: &Files) {
        for cell in &self.cells {
            let file = cell.path.rsplit('/').next().unwrap_or_default();
            let later = &self.files[cell.admitted..];
            let has_lapsed = later.iter().any(|file| file.in_force && file.replaces == cell.path);
            let message = match cell.found.get() {
                1 => continue,
                // The table that was exported again is taken as it is.
                0 if has_lapsed => continue,
                0 => say!("`{file}` has no row {row} of `{table}`", file, row = cell.row, table = cell.table),
                several => say!("`{file}` has {several} sheets that were read", file, several),
            };
            report
                .error(code::RULING_ROWS, cell.row_span, message)
                .hint(say!("count rows as the spreadsheet does, or lines of a text file, from 1"))
                .hint(say!(
                    "write the file as under `sources` in fair.yaml, and the sheet if it has several"
                ));
        }
        for file in self.files.iter().filter(|file| file.in_force) {
            if file.found.get() == 0 {
                let (table, replaces) = (file.table, &file.replaces);
                report
                    .error(
                        code::RULING_ROWS,
                        file.span,
                        say!("no source of `{table}` reads `{replaces}`", table, replaces),
                    )
                    .hint(say!("give the file that was read before; it stays in place"));
            } else if !files.is_file(&file.path) {
                report
                    .error(code::FILE_MISSING, file.span, say!("file not found: `{path}`", path = file.path))
                    .hint(say!("put the new export there"));
            }
        }
    }
}

/// The fields of a row that are ruled to say something else, with what they say. A cell that says something else than
/// the ruling expects is reported; its value is not shown where it may be of a person.
pub(in crate::data) fn amended_fields<'a>(
    report: &mut Report,
    record: &Record<'_>,
    amended: &[&'a AmendedCell],
    number: u32,
) -> Vec<(usize, &'a str)> {
    let mut fields: Vec<(usize, &str)> = Vec::new();
    for cell in amended.iter().filter(|cell| cell.row == number) {
        cell.found.set(cell.found.get() + 1);
        let field = &record.shape.fields[cell.field];
        if matches!(record.origins[cell.field], Origin::Absent) {
            report
                .error(
                    code::RULING_ROWS,
                    cell.row_span,
                    say!("this sheet has no column for `{field}`", field = field.name),
                )
                .hint(say!("admit a table with this column"));
            continue;
        }
        let earlier = fields.iter().rev().find(|(amended, _)| *amended == cell.field);
        let says = match earlier {
            Some((_, to)) => (*to).to_owned(),
            None => record.written(cell.field).unwrap_or_default().into_owned(),
        };
        if says == cell.from {
            fields.retain(|(amended, _)| *amended != cell.field);
            fields.push((cell.field, &cell.to));
            continue;
        }
        let shows = !record.shape.is_private() || is_plain(field, &says, None);
        let message = match (shows, says.is_empty()) {
            _ if says == cell.to => {
                say!(
                    "the table already contains `{to}`: it was changed after the export",
                    to = cell.to.as_str()
                )
            }
            (_, true) => say!("the cell is empty, not `{from}`", from = cell.from.as_str()),
            (true, false) => {
                say!("the cell contains `{says}`, not `{from}`", says, from = cell.from.as_str())
            }
            (false, false) => say!("the cell does not contain `{from}`", from = cell.from.as_str()),
        };
        let unchanged = says == cell.to;
        let draft = report.error(code::RULING_ROWS, cell.from_span, message);
        match unchanged {
            true => {
                draft.hint(say!("restore the exported table: a ruling changes what is read, not the file"))
            }
            false => draft.hint(say!("give the row and its present value")),
        };
    }
    fields
}
