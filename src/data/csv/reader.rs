//! Delimited text: csv with commas, semicolons or tabs, in whatever encoding.

use std::io::Read;
use std::rc::Rc;

use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE};
use encoding_rs_io::DecodeReaderBytesBuilder;

use super::find_encoding::{Flaw, find_encoding};
use crate::data::cell::{Cell, Cells};
use crate::data::file_format::save_as_xlsx;
use crate::data::table::headings::is_known;
use crate::data::table::sheet_reader::SheetReader;
use crate::data::table::source::yaml_scalar;
use crate::data::table::text_encoding::TextEncoding;
use crate::source::{
    Draft, Failure, FileId, Files, Merging, Message, Place, Report, Span, code, list, report_conflict_at, say,
};

/// Reads a file row by row. Its encoding is the one that the source says; else it is found from the bytes and the
/// headings.
pub(in crate::data) fn read(
    report: &mut Report,
    files: &Files,
    file: FileId,
    encoding: Option<TextEncoding>,
    reader: &mut SheetReader<'_>,
) -> Result<(), Failure> {
    let failed = |cause: std::io::Error| Failure::new(say!("read {path}", path = files.path(file)), cause);
    // Where a file cannot be opened any more, the failure itself is what is reported.
    let open = || files.open(file).map_err(std::io::Error::other);
    let found = find_encoding(&open, encoding, &|text| is_known(reader.shape, reader.source, text))
        .map_err(failed)?;
    let found = match found {
        Ok(found) => found,
        Err(flaw) => {
            refuse(report, files, file, reader, flaw);
            return Ok(());
        }
    };
    if found.is_inferred {
        let message = say!(
            "`{path}` is not UTF-8; it was read as {encoding}",
            path = files.path(file),
            encoding = found.encoding.title()
        );
        report.note(code::CSV_ENCODING, Span::whole(file), message);
    }
    let mut decoded: Box<dyn Read> = match found.decoder {
        encoding if encoding == UTF_8 => Box::new(files.open(file)?),
        encoding => Box::new(
            DecodeReaderBytesBuilder::new()
                .encoding(Some(encoding))
                .bom_override(encoding == UTF_16LE || encoding == UTF_16BE)
                .build(files.open(file)?),
        ),
    };
    let mut beginning = Vec::new();
    decoded.by_ref().take(1 << 16).read_to_end(&mut beginning).map_err(failed)?;
    if beginning.starts_with("\u{feff}".as_bytes()) {
        beginning.drain(..3);
    }
    let line_end = line_end_of(&beginning);
    let (delimiter, instruction) = match instructed_delimiter(&beginning) {
        Some(delimiter) => (delimiter, true),
        None => (delimiter_of(&beginning), false),
    };
    let row_bytes = Rc::new(std::cell::Cell::new(0));
    let mut rows = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .terminator(csv::Terminator::Any(line_end))
        .buffer_capacity(1 << 18)
        .from_reader(RowLimit {
            inner: EndLastLine::new(std::io::Cursor::new(beginning).chain(decoded), line_end),
            row_bytes: Rc::clone(&row_bytes),
        });
    if reader.is_read_again(report, file, None) {
        return Ok(());
    }
    reader.begin_text(file);
    let mut record = csv::ByteRecord::new();
    let mut width = 0;
    let mut measured = 0;
    let quoted_formula = memchr::memmem::Finder::new(b"=\"");
    let mut quoted_formulas = 0u64;
    let (mut merging, mut in_conflict) = (Merging::default(), false);
    if instruction {
        rows.read_byte_record(&mut record).map_err(|error| failed(error.into()))?;
        reader.instruction_row();
    }
    loop {
        let line_before = rows.position().line();
        row_bytes.set(0);
        let more = match rows.read_byte_record(&mut record) {
            Ok(more) => more,
            Err(_) if row_bytes.get() > MAX_ROW_BYTES => {
                let line = u32::try_from(line_before).unwrap_or(u32::MAX);
                let span = Span { file, place: Place::Field { line, field: 1 } };
                let message = say!(
                    "the row that begins here is larger than {megabytes} MB",
                    megabytes = MAX_ROW_BYTES >> 20
                );
                report.error(code::OPEN_QUOTATION, span, message).hint(say!(
                    "a quotation mark may be unclosed: close it, or double it if it is part of the value"
                ));
                reader.unreadable_row();
                break;
            }
            Err(error) => return Err(failed(error.into())),
        };
        let lines = rows.position().line() - line_before;
        if !more {
            reader.blank_rows(lines);
            break;
        }
        // A record spans one line and those within its quotation marks; what is more were empty lines.
        let mut inner = 0;
        if lines > 1 {
            inner = memchr::memchr_iter(b'\n', record.as_slice()).count() as u64;
            reader.blank_rows(lines.saturating_sub(1 + inner));
        }
        let line = line_before + lines.saturating_sub(1 + inner);
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        let columns = u16::try_from(record.len()).unwrap_or(u16::MAX);
        // A title above the headings has fewer fields than they.
        if measured < 20 {
            measured += 1;
            width = width.max(record.len());
        }
        let text = text_of(&record).map_err(failed)?;
        let quoted = quoted_formula.find(record.as_slice()).is_some();
        let fields = Fields { text, record: &record, quoted };
        let may_be_mark = matches!(text.as_bytes().first(), Some(b'<' | b'|' | b'=' | b'>'));
        if may_be_mark && merging.takes(fields.value(0)) {
            if !in_conflict {
                report_conflict_at(report, Span { file, place: Place::Field { line, field: 1 } });
            }
            in_conflict = true;
            reader.unreadable_row();
            continue;
        }
        if merging == Merging::Other {
            // The rows of one version are enough to find what is wrong with the others.
            reader.unreadable_row();
            continue;
        }
        if quoted && fields.values().any(|value| unquoted_formula(value).is_some()) {
            quoted_formulas += 1;
        }
        if inner > 0 && swallows_rows(&fields, width, delimiter) {
            let span = Span { file, place: Place::Field { line, field: 1 } };
            report
                .error(code::OPEN_QUOTATION, span, say!("unclosed quotation mark in this row"))
                .hint(say!("the rows after it were read as one value"))
                .hint(say!("close the quotation mark, or double it if it is part of the value"));
            reader.unreadable_row();
            continue;
        }
        reader.row(report, line, columns, &fields);
    }
    if quoted_formulas > 0 {
        let message = say!(
            "values written as `=\"…\"` in {rows} rows were read as the text inside the quotation marks",
            rows = quoted_formulas
        );
        report.note(code::QUOTED_FORMULA, Span::whole(file), message);
    }
    reader.end(report);
    Ok(())
}

/// Ends the last line of a text where its end is missing, so that lines can be counted by their ends.
struct EndLastLine<R> {
    inner: R,
    line_end: u8,
    last: Option<u8>,
}

impl<R: Read> EndLastLine<R> {
    fn new(inner: R, line_end: u8) -> EndLastLine<R> {
        EndLastLine { inner, line_end, last: None }
    }
}

impl<R: Read> Read for EndLastLine<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        if let Some(&last) = buffer[..count].last() {
            self.last = Some(last);
            return Ok(count);
        }
        match (self.last, buffer.first_mut()) {
            (Some(last), Some(first)) if last != self.line_end => {
                *first = self.line_end;
                self.last = Some(self.line_end);
                Ok(1)
            }
            _ => Ok(0),
        }
    }
}

/// The values of a row, one behind the other. The bytes were looked through for their encoding, so that what is not
/// UTF-8 was written since.
fn text_of(record: &csv::ByteRecord) -> std::io::Result<&str> {
    let invalid = || std::io::Error::from(std::io::ErrorKind::InvalidData);
    let text = simdutf8::basic::from_utf8(record.as_slice()).map_err(|_| invalid())?;
    let is_whole = |column| record.range(column).is_some_and(|range| text.is_char_boundary(range.end));
    (0..record.len()).all(is_whole).then_some(text).ok_or_else(invalid)
}

struct Fields<'a> {
    /// All values, one behind the other.
    text: &'a str,
    record: &'a csv::ByteRecord,
    /// Whether a value may be written as `="…"`.
    quoted: bool,
}

impl Fields<'_> {
    #[inline]
    fn value(&self, column: usize) -> &str {
        self.record.range(column).and_then(|range| self.text.get(range)).unwrap_or_default()
    }

    fn values(&self) -> impl Iterator<Item = &str> {
        (0..self.record.len()).map(|column| self.value(column))
    }
}

impl Cells for Fields<'_> {
    #[inline]
    fn cell(&self, column: u16) -> Cell<'_> {
        let text = self.value(usize::from(column));
        match self.quoted {
            true => Cell::from_text(unquoted_formula(text).unwrap_or(text)),
            false => Cell::from_text(text),
        }
    }
}

/// The text of `="0012"`, as programs write what a spreadsheet program must not take for a number.
fn unquoted_formula(value: &str) -> Option<&str> {
    let text = value.strip_prefix("=\"")?.strip_suffix('"')?;
    (!text.contains('"')).then_some(text)
}

/// A longer row is refused: a table has none, and a quotation mark that is never closed makes one.
const MAX_ROW_BYTES: u64 = 8 << 20;

/// Stops reading where a row is too long.
struct RowLimit<R> {
    inner: R,
    row_bytes: Rc<std::cell::Cell<u64>>,
}

impl<R: Read> Read for RowLimit<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.row_bytes.set(self.row_bytes.get() + count as u64);
        match self.row_bytes.get() > MAX_ROW_BYTES {
            true => Err(std::io::Error::other("the row is too long")),
            false => Ok(count),
        }
    }
}

/// Whether a value holds a line that looks like a row of its own: the sign of a quotation mark that was
/// opened and not closed.
fn swallows_rows(fields: &Fields<'_>, width: usize, delimiter: u8) -> bool {
    let delimiter = char::from(delimiter);
    width > 1
        && fields
            .values()
            .filter(|value| value.contains('\n'))
            .any(|value| value.lines().skip(1).any(|line| line.matches(delimiter).count() + 1 >= width))
}

/// The delimiter that a line `sep=;` at the beginning names, as Excel writes and reads it.
fn instructed_delimiter(beginning: &[u8]) -> Option<u8> {
    match beginning {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter, b'\r' | b'\n', ..] => Some(*delimiter),
        _ => None,
    }
}

/// The delimiter that stands most often, outside quotation marks, in the first line that has two of them; else in
/// the first line that has one. A title above the headings has none.
fn delimiter_of(beginning: &[u8]) -> u8 {
    let mut single = None;
    let mut counts = [(b',', 0u32), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    let mut lines = 0;
    for &byte in beginning.iter().chain(b"\n") {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => {
                // The first of the most frequent.
                let (best, count) =
                    *counts.iter().rev().max_by_key(|(_, count)| *count).expect("three of them");
                if count > 1 {
                    return best;
                }
                single = single.or((count == 1).then_some(best));
                counts.iter_mut().for_each(|(_, count)| *count = 0);
                lines += 1;
                if lines == 40 {
                    break;
                }
            }
            _ if quoted => {}
            _ => {
                for (delimiter, count) in &mut counts {
                    *count += u32::from(*delimiter == byte);
                }
            }
        }
    }
    single.unwrap_or(b',')
}

/// The byte that ends a line. A carriage return before a line feed is white space at the end of the last
/// value, and is taken off with it.
fn line_end_of(beginning: &[u8]) -> u8 {
    match beginning.contains(&b'\n') || !beginning.contains(&b'\r') {
        true => b'\n',
        false => b'\r',
    }
}

/// Reports why a file is not read as a text.
fn refuse<'a>(report: &'a mut Report, files: &Files, file: FileId, reader: &SheetReader<'_>, flaw: Flaw) {
    let path = files.path(file);
    let source = reader.source.file.span;
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    if !["csv", "tsv", "txt"].contains(&ending.as_str()) {
        let message = say!("`{path}` is not a workbook or a text file, or it is damaged", path);
        report.error(code::FILE_FORMAT, source, message).hint(save_as_xlsx());
        return;
    }
    let (span, message) = match &flaw {
        Flaw::Nul { line } => {
            (at_line(file, *line), say!("line {line} contains a NUL character", line = u64::from(*line)))
        }
        Flaw::Malformed { encoding: TextEncoding::Utf8, line } => {
            (at_line(file, *line), say!("line {line} is not UTF-8", line = u64::from(*line)))
        }
        Flaw::Malformed { encoding, line } => (
            at_line(file, *line),
            say!(
                "line {line} is not valid {encoding}, unlike the rest of the file",
                line = u64::from(*line),
                encoding = encoding.title()
            ),
        ),
        Flaw::Utf32 => (source, say!("`{path}` is UTF-32", path)),
        Flaw::Several(encodings) => {
            let titles = list(encodings.iter().map(|encoding| encoding.title()));
            (source, say!("`{path}` is not UTF-8; it could be any of {titles}", path, titles))
        }
        Flaw::Unknown => {
            (source, say!("`{path}` is not UTF-8, and no other encoding gives known headings", path))
        }
    };
    let say_which =
        |draft: Draft<'a>, hint: Message| match source_of_its_own(&reader.source.file.value, &path) {
            Some(source) => draft.hint(hint).hint(say!(
                "this source covers other files too: give `{path}` a source of its own, `{source}`",
                path,
                source
            )),
            None => draft.hint(hint),
        };
    let draft = report.error(code::CSV_ENCODING, span, message);
    let draft = match &flaw {
        Flaw::Several(encodings) => {
            let names = list(encodings.iter().map(|encoding| encoding.name()));
            say_which(draft, say!("state the encoding under this source in fair.yaml: {names}", names))
        }
        Flaw::Unknown => say_which(
            draft,
            say!(
                "state the encoding under this source in fair.yaml: {names}",
                names = list(TextEncoding::names())
            ),
        ),
        Flaw::Nul { .. } => draft.hint(say!("remove the character, or export the table again")),
        Flaw::Malformed { .. } | Flaw::Utf32 => draft,
    };
    draft.hint(say!("save the file as csv in UTF-8, or as .xlsx"));
}

/// The source that names one file alone, with its encoding, where the file was found by a pattern.
fn source_of_its_own(pattern: &str, path: &str) -> Option<String> {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    let name = match pattern.rsplit_once('/') {
        Some((folder, _)) => format!("{folder}/{name}"),
        None => name.to_owned(),
    };
    pattern.contains('*').then(|| format!("{{file: {}, encoding: …}}", yaml_scalar(&name)))
}

fn at_line(file: FileId, line: u32) -> Span {
    Span { file, place: Place::Field { line, field: 1 } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_the_one_of_the_first_line() {
        assert_eq!(delimiter_of(b"a;b;c\n1,2;3;4\n"), b';');
        assert_eq!(delimiter_of(b"\"a,b,c\"\tb\n"), b'\t');
        assert_eq!(delimiter_of(b"exhibitor\n"), b',');
        assert_eq!(delimiter_of(b"Export, made today\n\na;b;c\n1,2;3;4\n"), b';');
        assert_eq!(instructed_delimiter(b"sep=|\r\na|b"), Some(b'|'));
        assert_eq!(instructed_delimiter(b"separator\n"), None);
    }
}
