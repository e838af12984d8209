//! What a file is by its bytes, and whether the package of a workbook is sound enough to be opened.

use std::collections::BTreeMap;
use std::io::{BufReader, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::source::{Failure, FileId, Files};

/// What a file is.
pub(super) enum Format {
    /// A workbook: xlsx, xls or ods.
    Workbook,
    /// Text: csv or YAML.
    Text,
    /// A file that cannot be read as a table.
    Refused {
        /// What it is.
        what: &'static str,
        /// What to do.
        instead: &'static str,
    },
}

/// What a workbook's file is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Workbook {
    Xlsx,
    Xls,
    Ods,
}

const SAVE_AS_XLSX: &str = "open it in a spreadsheet program and save it as .xlsx";

/// Looks at the first bytes of a file.
pub(super) fn sniff(files: &Files, file: FileId) -> Result<Format, Failure> {
    let mut beginning = [0; 512];
    let mut input = files.open(file)?;
    let mut filled = 0;
    while filled < beginning.len() {
        match input.read(&mut beginning[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(cause) if cause.kind() == std::io::ErrorKind::Interrupted => {}
            Err(cause) => return Err(Failure::new(format!("read {}", files.path(file)), cause)),
        }
    }
    let beginning = &beginning[..filled];
    let refused = |what, instead| Ok(Format::Refused { what, instead });
    let text_start: Vec<u8> = beginning
        .iter()
        .copied()
        .skip_while(u8::is_ascii_whitespace)
        .take(64)
        .map(|b| b.to_ascii_lowercase())
        .collect();
    let text_start = text_start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text_start);
    if beginning.starts_with(b"PK\x03\x04") || beginning.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        Ok(Format::Workbook)
    } else if beginning.starts_with(b"PK") {
        refused("a damaged or empty zip package", SAVE_AS_XLSX)
    } else if beginning.starts_with(b"%PDF") {
        refused("a PDF document", "export the table as .xlsx or .csv")
    } else if text_start.starts_with(b"<html")
        || text_start.starts_with(b"<!doctype")
        || text_start.starts_with(b"<table")
    {
        refused("a web page with the ending of a table", SAVE_AS_XLSX)
    } else if text_start.starts_with(b"<?xml") {
        refused("an XML document, perhaps a spreadsheet of 2003", SAVE_AS_XLSX)
    } else {
        Ok(Format::Text)
    }
}

/// What was found out about a zip package before a reader opens it.
pub(super) struct Package {
    /// Which kind of workbook it is.
    pub(super) kind: Workbook,
    /// For every sheet by name, how many of its rows are hidden.
    pub(super) hidden_rows: BTreeMap<String, u64>,
}

/// Packages may unfold to at most so many bytes.
const MAX_UNPACKED: u64 = 4 << 30;
/// Entries may unfold to at most so many times their size.
const MAX_RATIO: u64 = 2000;
/// Packages may have at most so many entries.
const MAX_ENTRIES: usize = 20_000;

/// Looks through the package of a workbook. `Err` says why it is refused.
pub(super) fn inspect(files: &Files, file: FileId) -> Result<Result<Package, String>, Failure> {
    let mut input = files.open(file)?;
    let mut magic = [0; 4];
    input
        .read_exact(&mut magic)
        .map_err(|cause| Failure::new(format!("read {}", files.path(file)), cause))?;
    if &magic != b"PK\x03\x04" {
        return Ok(Ok(Package { kind: Workbook::Xls, hidden_rows: BTreeMap::new() }));
    }
    Ok(inspect_zip(files.open(file)?))
}

fn inspect_zip(input: std::fs::File) -> Result<Package, String> {
    let mut zip = zip::ZipArchive::new(BufReader::new(input))
        .map_err(|_| "it is cut off, or it is no workbook".to_owned())?;
    if zip.len() > MAX_ENTRIES {
        return Err(format!("the package has {} entries", zip.len()));
    }
    let mut unpacked = 0;
    let mut names = Vec::new();
    for index in 0..zip.len() {
        let entry =
            zip.by_index_raw(index).map_err(|error| format!("the zip package is damaged ({error})"))?;
        if entry.encrypted() {
            return Err("the package is protected by a password".to_owned());
        }
        let name =
            entry.name().map_err(|error| format!("an entry has a damaged name ({error})"))?.into_owned();
        unpacked += entry.size();
        if entry.size() > 1 << 20 && entry.size() / entry.compressed_size().max(1) > MAX_RATIO {
            return Err(format!(
                "`{}` unfolds to {} times its size",
                name,
                entry.size() / entry.compressed_size().max(1)
            ));
        }
        names.push(name);
    }
    if unpacked > MAX_UNPACKED {
        return Err(format!("the package unfolds to {} MB", unpacked >> 20));
    }
    let kind = if names.iter().any(|name| name == "xl/workbook.xml") {
        Workbook::Xlsx
    } else if names.iter().any(|name| name == "content.xml") {
        Workbook::Ods
    } else if names.iter().any(|name| name == "xl/workbook.bin") {
        return Err("it is a binary workbook (.xlsb)".to_owned());
    } else {
        return Err("the package holds no workbook".to_owned());
    };
    let hidden_rows = match kind {
        Workbook::Xlsx => hidden_rows_of_xlsx(&mut zip)?,
        _ => hidden_rows_of_ods(&mut zip)?,
    };
    Ok(Package { kind, hidden_rows })
}

type Zip = zip::ZipArchive<BufReader<std::fs::File>>;

fn entry<'z>(
    zip: &'z mut Zip,
    name: &str,
) -> Result<zip::read::ZipFile<'z, BufReader<std::fs::File>>, String> {
    zip.by_name(name).map_err(|error| format!("`{name}` in the package is damaged ({error})"))
}

fn hidden_rows_of_xlsx(zip: &mut Zip) -> Result<BTreeMap<String, u64>, String> {
    // Sheet names and paths are joined by the relations of the workbook.
    let mut targets = BTreeMap::new();
    if zip.index_for_name("xl/_rels/workbook.xml.rels").is_some() {
        for_each_start(BufReader::new(entry(zip, "xl/_rels/workbook.xml.rels")?), &mut |start| {
            if let (Some(id), Some(target)) = (attribute(start, "Id"), attribute(start, "Target")) {
                targets.insert(id, target);
            }
        })?;
    }
    let mut sheets = Vec::new();
    for_each_start(BufReader::new(entry(zip, "xl/workbook.xml")?), &mut |start| {
        if start.local_name().as_ref() == "sheet"
            && let (Some(name), Some(id)) = (attribute(start, "name"), attribute(start, "id"))
        {
            sheets.push((name, id));
        }
    })?;
    let mut hidden = BTreeMap::new();
    for (name, id) in sheets {
        let Some(target) = targets.get(&id) else { continue };
        let path = match target.strip_prefix('/') {
            Some(absolute) => absolute.to_owned(),
            None => format!("xl/{target}"),
        };
        if zip.index_for_name(&path).is_some() {
            hidden.insert(name, count_hidden_rows(entry(zip, &path)?)?);
        }
    }
    Ok(hidden)
}

/// Counts `<row … hidden="1">` in a sheet, without parsing the rest of it.
fn count_hidden_rows(mut sheet: impl Read) -> Result<u64, String> {
    let finder = memchr::memmem::Finder::new(b" hidden=");
    let mut buffer = vec![0; 1 << 17];
    let mut kept = 0;
    let mut hidden = 0;
    loop {
        let count =
            sheet.read(&mut buffer[kept..]).map_err(|error| format!("a sheet is damaged ({error})"))?;
        let filled = kept + count;
        // What stands behind the last `<` may go on in the next chunk.
        let end = match count {
            0 => filled,
            _ => memchr::memrchr(b'<', &buffer[..filled]).unwrap_or(filled),
        };
        for at in finder.find_iter(&buffer[..end]) {
            let tag = memchr::memrchr(b'<', &buffer[..at]).unwrap_or(0);
            let value = buffer.get(at + 9..at + 11).unwrap_or_default();
            if buffer[tag..].starts_with(b"<row") && (value.starts_with(b"1") || value.starts_with(b"tr")) {
                hidden += 1;
            }
        }
        if count == 0 {
            return Ok(hidden);
        }
        // A tag longer than the buffer is no row.
        kept = if filled - end < buffer.len() { filled - end } else { 0 };
        buffer.copy_within(end..end + kept, 0);
    }
}

fn hidden_rows_of_ods(zip: &mut Zip) -> Result<BTreeMap<String, u64>, String> {
    let mut hidden: BTreeMap<String, u64> = BTreeMap::new();
    let mut table = String::new();
    for_each_start(
        BufReader::new(entry(zip, "content.xml")?),
        &mut |start| match start.local_name().as_ref() {
            "table" => {
                table = attribute(start, "name").unwrap_or_default();
                hidden.insert(table.clone(), 0);
            }
            "table-row" if attribute(start, "visibility").is_some_and(|value| value != "visible") => {
                let repeated =
                    attribute(start, "number-rows-repeated").and_then(|n| n.parse().ok()).unwrap_or(1);
                *hidden.entry(table.clone()).or_default() += repeated;
            }
            _ => {}
        },
    )?;
    Ok(hidden)
}

fn for_each_start(input: impl std::io::BufRead, each: &mut dyn FnMut(&BytesStart<'_>)) -> Result<(), String> {
    let mut reader = Reader::from_reader(input);
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(start) | Event::Empty(start)) => each(&start),
            Ok(Event::Eof) => return Ok(()),
            Ok(_) => {}
            Err(error) => return Err(format!("the package holds damaged XML ({error})")),
        }
        buffer.clear();
    }
}

/// The value of an attribute by its name without a prefix.
fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    start.attributes().flatten().find_map(|attribute| {
        let found = attribute.key.local_name();
        (found.as_ref() == name).then(|| attribute.value.to_string())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_rows_are_counted_and_hidden_columns_are_not() {
        let rows = r#"<row r="1" hidden="1"/><row r="2"/><row r="3" hidden="true" ht="3">"#.repeat(5000);
        let sheet = format!(r#"<cols><col min="1" hidden="1"/></cols><sheetData>{rows}</sheetData>"#);
        assert_eq!(count_hidden_rows(sheet.as_bytes()), Ok(10_000));
    }
}
