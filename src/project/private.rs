//! Private files where they would be published: tables, ledgers and secrets below `content` and `themes`, whatever
//! their names.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use sha2::{Digest, Sha256};

use super::inputs::{Fairs, is_source};
use super::ledger_files::{ledger_path, secret_path};
use crate::data::fold_word;
use crate::fair::{ATTENDANCE, INVITATIONS};
use crate::source::{Failure, FileId, Files, Report, Span, code, is_table_name, say};

/// Reports files of the pages and themes that are tables, or that are what a fair keeps private: all that lies there is
/// published.
pub(super) fn report_private(report: &mut Report, files: &Files, fairs: &Fairs<'_>) -> Result<(), Failure> {
    let private = private_files(files, fairs)?;
    let names: BTreeSet<&str> = private.iter().filter_map(|path| path.rsplit('/').next()).collect();
    let mut sizes: BTreeMap<u64, Vec<&str>> = BTreeMap::new();
    for path in &private {
        // One that is gone meanwhile, or cannot be read, is reported by who reads it.
        if let Ok(size) = files.size(files.id(path)) {
            sizes.entry(size).or_default().push(path);
        }
    }
    for path in files.list("content")?.into_iter().chain(files.list("themes")?) {
        let file = files.id(&path);
        let name = path.rsplit('/').next().unwrap_or_default();
        let alike = sizes.get(&files.size(file)?).map(Vec::as_slice).unwrap_or_default();
        let mut copied = None;
        if !alike.is_empty() {
            let hash = Sha256::digest(files.read(file)?);
            for &other in alike {
                if Sha256::digest(files.read(files.id(other))?) == hash {
                    copied = Some(other);
                    break;
                }
            }
        }
        let is_kept = |name: &str| name.starts_with("ledger.secret") || name == "ledger.json";
        let message = match copied {
            Some(other) => {
                say!("`{path}` is a copy of `{other}` in a folder that is published", path, other)
            }
            None if is_table_name(&path)
                || names.contains(name)
                || is_kept(name)
                || !name.ends_with(".md") && is_private_table(files, file)? =>
            {
                say!("`{path}` is a table in a folder that is published", path)
            }
            None => continue,
        };
        report
            .error(code::PRIVATE_FILE, Span::whole(file), message)
            .hint(say!("move it to the folder of its fair in data/fairs"));
    }
    Ok(())
}

/// The tables of the fairs, their ledgers and secrets.
fn private_files(files: &Files, fairs: &Fairs<'_>) -> Result<Vec<String>, Failure> {
    let mut private = Vec::new();
    for fair in &fairs.read {
        let number = fair.fair.value;
        let folder = format!("data/fairs/{number}");
        let kept = [ledger_path(number), secret_path(number)];
        let there = files.list(&folder)?.into_iter();
        private.extend(there.filter(|path| kept.contains(path) || is_source(fair, &folder, path)));
    }
    Ok(private)
}

/// How many bytes of a file are looked at.
const BEGINNING: u64 = 1 << 13;

/// Whether a file is a workbook, or begins as invitations or attendance do.
fn is_private_table(files: &Files, file: FileId) -> Result<bool, Failure> {
    let mut bytes = Vec::new();
    let read = files.open(file)?.take(BEGINNING).read_to_end(&mut bytes);
    read.map_err(|cause| Failure::new(say!("read {path}", path = files.path(file)), cause))?;
    Ok(match bytes.as_slice() {
        [b'P', b'K', 3, 4, ..] => is_workbook(&files.read(file)?),
        // What Excel wrote up to 2003, and Word.
        [0xd0, 0xcf, 0x11, 0xe0, ..] => true,
        bytes => is_headed(bytes),
    })
}

/// Whether a package holds sheets: its list of parts is not compressed.
fn is_workbook(package: &[u8]) -> bool {
    [&b"xl/worksheets"[..], b"opendocument.spreadsheet"]
        .into_iter()
        .any(|part| memchr::memmem::find(package, part).is_some())
}

/// Whether a text has a line with several headings of invitations or attendance.
fn is_headed(bytes: &[u8]) -> bool {
    let encoding = match bytes {
        [0xff, 0xfe, ..] => encoding_rs::UTF_16LE,
        [0xfe, 0xff, ..] => encoding_rs::UTF_16BE,
        _ if std::str::from_utf8(bytes).map_or_else(|error| error.error_len().is_none(), |_| true) => {
            encoding_rs::UTF_8
        }
        _ => encoding_rs::GB18030,
    };
    let (text, _, _) = encoding.decode(bytes);
    let known: BTreeSet<String> = [&INVITATIONS, &ATTENDANCE]
        .into_iter()
        .flat_map(|shape| shape.fields)
        .flat_map(|field| field.headings)
        .map(|heading| fold_word(heading))
        .collect();
    let has_headings = |line: &str| {
        let cells = line.split([',', ';', '\t', '|']).map(|cell| fold_word(cell.trim_matches('"')));
        cells.filter(|cell| known.contains(cell)).collect::<BTreeSet<String>>().len() >= MANY_HEADINGS
    };
    text.lines().any(has_headings)
}

/// A line with so many headings of a table is its headings.
const MANY_HEADINGS: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_buyers_is_known_by_what_it_holds() {
        let csv = "第137届\n采购商编号,姓名,公司名,邮箱,国家地区\n1,Ann,Aster,a@a.example,FR\n";
        assert!(is_headed(csv.as_bytes()));
        assert!(is_headed(&encoding_rs::GB18030.encode(csv).0));
        assert!(is_headed("exhibitor;code;company;email\nE1;K1;Aster;a@a.example".as_bytes()));
        for text in ["<a>status, name, code</a>", "name,email\n", "body { color: red }", ""] {
            assert!(!is_headed(text.as_bytes()), "{text}");
        }
    }
}
