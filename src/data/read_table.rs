//! Tables as streams of records, spread over files and sheets, with an account of every row.

use super::file_format::{Format, Unreadable, sniff};
use super::table::sheet::SheetRead;
use super::table::sheet_reader::SheetReader;
use super::table::source::check_source;
use super::table::source_files::matching_files;
use super::table::table_files::{TableFiles, TakeRows};
use super::{csv, workbook, yaml_list};
use crate::source::{Failure, FileId, Files, Message, Report, Span, code, say};

/// Reads a table row by row and hands each record to `take`, in the order of the sources, then of the
/// sheets, then of the rows. Returns the sheets with the account of their rows.
pub fn read_table(
    report: &mut Report,
    table: &TableFiles<'_>,
    take: &mut dyn TakeRows,
) -> Result<Vec<SheetRead>, Failure> {
    let mut sheets = Vec::new();
    for (number, source) in table.sources.iter().enumerate() {
        check_source(report, table.shape, source);
        let paths = matching_files(report, table.files, table.folder, source)?;
        let paths = match table.amendments {
            Some(amendments) => amendments.admitted(table.files, table.shape.name, paths),
            None => paths,
        };
        for path in paths {
            let file = table.files.id(&path);
            let mut reader = SheetReader::new(*table, number, take, &mut sheets);
            read_file(report, table.files, file, &mut reader)?;
        }
    }
    for sheet in &sheets {
        let account = sheet.account;
        assert!(account.balances(), "every row is used, refused, skipped, blank or a heading: {sheet:?}");
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
            let message = say!("`{path}` was read by its actual content: {what}", path, what);
            report.note(code::FILE_ENDING, Span::whole(file), message);
        }
    };
    match sniff(files, file)? {
        Format::Package => {
            expect(&["xlsx", "xlsm", "xltx", "xltm", "ods", "ots"], say!("a zipped workbook"));
            workbook::reader::read_package(report, files, file, reader)
        }
        Format::Xls => {
            expect(&["xls", "xlt", "et"], say!("an Excel 97–2003 workbook"));
            workbook::reader::read_xls(report, files, file, reader)
        }
        Format::Text if ending == "yaml" || ending == "yml" => yaml_list::read(report, files, file, reader),
        Format::Text => {
            expect(&["csv", "tsv", "txt"], say!("delimited text"));
            let encoding = reader.source.encoding.as_ref().map(|encoding| encoding.value);
            csv::reader::read(report, files, file, encoding, reader)
        }
        Format::Refused(Unreadable { what, instead }) => {
            report
                .error(code::FILE_FORMAT, reader.source.file.span, say!("`{path}` is {what}", path, what))
                .hint(instead);
            Ok(())
        }
    }
}
