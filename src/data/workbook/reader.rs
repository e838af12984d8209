//! Workbooks: which sheets are read, and what is said of them.

use std::collections::BTreeMap;
use std::fs::File;

use super::layout::{RemarkedRow, Sheet, SheetLayout, SheetNotes, is_chosen};
use super::ods_layout::layouts_of_ods;
use super::package::{Kind, Package};
use super::worker;
use super::worker::{Taker, WorkbookFormat};
use super::xlsx::book::Book;
use super::xml::{Scanner, Token};
use crate::data::cell::Cells;
use crate::data::file_format::{holds_utf16, save_as_xlsx, take_password_off};
use crate::data::table::sheet_reader::SheetReader;
use crate::data::table::source::matches_name;
use crate::source::{
    Failure, FileId, Files, Message, Place, Report, Span, code, column_letters, list, nearest, say,
};

/// Reads the sheets of a package that the source asks for.
pub(in crate::data) fn read_package(
    report: &mut Report,
    files: &Files,
    file: FileId,
    reader: &mut SheetReader<'_>,
) -> Result<(), Failure> {
    let failed = |cause| Failure::new(say!("read {path}", path = files.path(file)), cause);
    let input = files.open(file)?;
    let length = input.metadata().map_err(failed)?.len();
    let mut package = match Package::open(input, length) {
        Ok(package) => package,
        Err(reason) => {
            refuse(report, files, file, reader, &reason);
            return Ok(());
        }
    };
    if package.has("xl/vbaProject.bin") || package.has("Basic/script-lc.xml") {
        report.note(code::MACROS, Span::whole(file), say!("the workbook contains macros; they are not run"));
    }
    match package.kind {
        Kind::Xlsx => {
            if let Err(reason) = read_xlsx(report, files, file, reader, &mut package) {
                refuse(report, files, file, reader, &reason);
            }
            Ok(())
        }
        Kind::Ods => {
            if package.has("META-INF/manifest.xml")
                && package.part("META-INF/manifest.xml").and_then(names_a_cipher).unwrap_or_default()
            {
                let reason = say!("it is protected by a password; {advice}", advice = take_password_off());
                refuse(report, files, file, reader, &reason);
                return Ok(());
            }
            let layouts = match package.part("content.xml").and_then(layouts_of_ods) {
                Ok(layouts) => layouts,
                Err(reason) => {
                    refuse(report, files, file, reader, &reason);
                    return Ok(());
                }
            };
            drop(package);
            read_apart(report, files, file, reader, WorkbookFormat::Ods, layouts)
        }
    }
}

/// Reads the sheets of an xls file that the source asks for.
pub(in crate::data) fn read_xls(
    report: &mut Report,
    files: &Files,
    file: FileId,
    reader: &mut SheetReader<'_>,
) -> Result<(), Failure> {
    let failed = |cause| Failure::new(say!("read {path}", path = files.path(file)), cause);
    if holds_utf16(files.open(file)?, "_VBA_PROJECT").map_err(failed)? {
        report.note(code::MACROS, Span::whole(file), say!("the workbook contains macros; they are not run"));
    }
    read_apart(report, files, file, reader, WorkbookFormat::Xls, BTreeMap::new())
}

fn refuse(report: &mut Report, files: &Files, file: FileId, reader: &SheetReader<'_>, reason: &Message) {
    let path = files.path(file);
    let message = say!("`{path}` cannot be read as a workbook: {reason}", path, reason);
    report.error(code::WORKBOOK_DAMAGED, reader.source.file.span, message).hint(save_as_xlsx());
}

fn read_xlsx(
    report: &mut Report,
    files: &Files,
    file: FileId,
    reader: &mut SheetReader<'_>,
    package: &mut Package<File>,
) -> Result<(), Message> {
    let book = Book::open(package)?;
    let wanted = reader.source.sheet.as_ref().map(|sheet| sheet.value.0.clone());
    check_choice(report, files, file, &book.sheets, reader);
    for (sheet, number) in book.sheets.iter().zip(0u16..) {
        if !is_chosen(sheet, wanted.as_deref()) {
            continue;
        }
        if reader.is_read_again(report, file, Some(number)) {
            continue;
        }
        let mut rows = Rows { next: 0 };
        reader.begin_sheet(file, number, &sheet.name);
        let read = book.read_sheet(package, number, &mut |row, columns, cells| {
            rows.take(report, reader, row, columns, cells);
        });
        end_sheet(report, reader, file, number, &sheet.name, read);
    }
    Ok(())
}

/// Reads a workbook in a process of its own.
fn read_apart(
    report: &mut Report,
    files: &Files,
    file: FileId,
    reader: &mut SheetReader<'_>,
    format: WorkbookFormat,
    layouts: BTreeMap<String, SheetLayout>,
) -> Result<(), Failure> {
    struct Apart<'a, 't> {
        report: &'a mut Report,
        files: &'a Files,
        file: FileId,
        reader: &'a mut SheetReader<'t>,
        layouts: BTreeMap<String, SheetLayout>,
        sheets: Vec<Sheet>,
        number: u16,
        /// The sheet was read before, and is left out.
        skips: bool,
        notes: SheetNotes,
        rows: Rows,
    }

    impl Taker for Apart<'_, '_> {
        fn sheets(&mut self, sheets: Vec<Sheet>) {
            check_choice(self.report, self.files, self.file, &sheets, self.reader);
            self.sheets = sheets;
        }

        fn begin(&mut self, number: u16, layout: SheetLayout) {
            self.number = number;
            self.rows.next = 0;
            let name = &self.sheets[usize::from(number)].name;
            let layout = self.layouts.remove(name).unwrap_or(layout);
            self.notes = SheetNotes { hidden_rows: 0, layout };
            self.skips = self.reader.is_read_again(self.report, self.file, Some(number));
            if !self.skips {
                self.reader.begin_sheet(self.file, number, name);
            }
        }

        fn row(&mut self, row: u32, columns: u16, cells: &dyn Cells) {
            if self.skips {
                return;
            }
            self.notes.hidden_rows += u64::from(self.notes.layout.hides(row));
            let remarks = self.notes.layout.remarks_of(row);
            let remarked = RemarkedRow { cells, remarks };
            let cells: &dyn Cells = if remarks.is_empty() { cells } else { &remarked };
            self.rows.take(self.report, self.reader, row, columns, cells);
        }

        fn end(&mut self, reason: Option<Message>) {
            if self.skips {
                return;
            }
            let name = &self.sheets[usize::from(self.number)].name;
            let notes = std::mem::take(&mut self.notes);
            let read = reason.map_or(Ok(notes), Err);
            end_sheet(self.report, self.reader, self.file, self.number, name, read);
        }
    }

    let wanted = reader.source.sheet.as_ref().map(|sheet| sheet.value.0.clone());
    let input = files.open(file)?;
    let mut apart = Apart {
        report,
        files,
        file,
        reader,
        layouts,
        sheets: Vec::new(),
        number: 0,
        skips: false,
        notes: SheetNotes::default(),
        rows: Rows { next: 0 },
    };
    if let Err(reason) = worker::read(input, format, wanted.as_deref(), &mut apart)? {
        refuse(apart.report, files, file, apart.reader, &reason);
    }
    Ok(())
}

/// Hands rows on, and counts those between them that have no cells.
struct Rows {
    next: u32,
}

impl Rows {
    #[inline]
    fn take(
        &mut self,
        report: &mut Report,
        reader: &mut SheetReader<'_>,
        row: u32,
        columns: u16,
        cells: &dyn Cells,
    ) {
        if row > self.next {
            reader.blank_rows(u64::from(row - self.next));
        }
        self.next = row.saturating_add(1);
        reader.row(report, row, columns, cells);
    }
}

/// Ends a sheet, and says what people should know of it.
fn end_sheet(
    report: &mut Report,
    reader: &mut SheetReader<'_>,
    file: FileId,
    number: u16,
    name: &str,
    read: Result<SheetNotes, Message>,
) {
    let span = Span { file, place: Place::Sheet(number) };
    let (headings, columns) = reader.end(report);
    let notes = match read {
        Ok(notes) => notes,
        Err(reason) => {
            report
                .error(
                    code::WORKBOOK_DAMAGED,
                    span,
                    say!("the sheet `{name}` cannot be read: {reason}", name, reason),
                )
                .hint(save_as_xlsx());
            return;
        }
    };
    if notes.hidden_rows > 0 {
        let message = say!(
            "{rows} hidden {rows:row|rows} of the sheet `{name}` {rows:was|were} read like the others",
            rows = notes.hidden_rows,
            name
        );
        report.note(code::HIDDEN_ROWS, span, message);
    }
    let hidden: Vec<String> = notes
        .layout
        .hidden_columns
        .iter()
        .filter(|(first, _)| *first < columns)
        .map(|&(first, last)| match column_letters(last.min(columns - 1)) {
            last if last == column_letters(first) => last,
            last => format!("{}–{last}", column_letters(first)),
        })
        .collect();
    if !hidden.is_empty() {
        let message = say!(
            "hidden columns of the sheet `{name}` were read like the others: {hidden}",
            name,
            hidden = list(&hidden)
        );
        report.note(code::HIDDEN_COLUMNS, span, message);
    }
    let merged: Vec<&str> = notes
        .layout
        .merged
        .iter()
        .filter(|(last, _)| *last >= headings)
        .map(|(_, area)| area.as_str())
        .collect();
    if let Some(first) = merged.first() {
        let message = say!(
            "{areas} {areas:area|areas} of the sheet `{name}` {areas:is|are} merged cells, such as `{first}`",
            areas = merged.len(),
            name,
            first
        );
        report.note(code::MERGED_CELLS, span, message).hint(say!(
            "only the first row of a merged area has the value: if other rows need it, unmerge and fill down"
        ));
    }
}

/// Reports a sheet that is wanted and not there, and names hidden sheets that are not read.
fn check_choice(
    report: &mut Report,
    files: &Files,
    file: FileId,
    sheets: &[Sheet],
    reader: &SheetReader<'_>,
) {
    files.keep_sheets(file, sheets.iter().map(|sheet| sheet.name.clone()).collect());
    let path = files.path(file);
    if let Some(wanted) = &reader.source.sheet {
        let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
        for name in &wanted.value.0 {
            if sheets.iter().any(|sheet| is_chosen(sheet, Some(std::slice::from_ref(name)))) {
                continue;
            }
            report
                .error(
                    code::SHEET_MISSING,
                    wanted.span,
                    say!("`{path}` has no sheet `{wanted}`", wanted = name, path),
                )
                .label_meant(nearest(name, names.iter().copied()))
                .hint(say!("sheets of this file: {names}", names = list(&names)));
        }
    }
    let wanted = reader.source.sheet.as_ref().map(|sheet| sheet.value.0.as_slice());
    let with_cells = || sheets.iter().filter(|sheet| sheet.has_cells);
    // One that is named is read although it is hidden; a pattern passes over it.
    let is_passed_over = |sheet: &&Sheet| {
        let matches = |wanted: &[String]| wanted.iter().any(|wanted| matches_name(wanted, &sheet.name));
        !sheet.visible && !is_chosen(sheet, wanted) && wanted.is_none_or(matches)
    };
    let hidden: Vec<&str> = with_cells().filter(is_passed_over).map(|sheet| sheet.name.as_str()).collect();
    if !hidden.is_empty() {
        report
            .note(
                code::HIDDEN_SHEET,
                Span::whole(file),
                say!("hidden sheets are not read: {hidden}", hidden = list(&hidden)),
            )
            .hint(say!("to read one, give it with `sheet:` in fair.yaml"));
    }
    if wanted.is_none() && with_cells().all(|sheet| !sheet.visible) {
        report
            .error(
                code::NO_SHEET,
                reader.source.file.span,
                say!("`{path}` has no visible sheet with cells", path),
            )
            .hint(say!("give the sheet to read with `sheet:` in fair.yaml"));
    }
}

/// Whether the list of a package's parts says how one is enciphered.
fn names_a_cipher<R: std::io::Read>(mut scanner: Scanner<R>) -> Result<bool, Message> {
    loop {
        match scanner.next()? {
            Token::Open { name: b"encryption-data", .. } => return Ok(true),
            Token::End => return Ok(false),
            _ => {}
        }
    }
}
