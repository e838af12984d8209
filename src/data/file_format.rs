//! What a file is by its bytes, whatever its name says.

use std::io::Read;

use crate::source::{Failure, FileId, Files, Message, say};

/// What a file is.
pub(super) enum Format {
    /// A workbook in a zip package: xlsx or ods.
    Package,
    /// A workbook of Excel 97 to 2003.
    Xls,
    /// Text: csv or YAML.
    Text,
    /// A file that cannot be read as a table.
    Refused(Unreadable),
}

/// Why a file cannot be read as a table.
pub(super) struct Unreadable {
    /// What it is.
    pub(super) what: Message,
    /// What to do.
    pub(super) instead: Message,
}

pub(super) fn save_as_xlsx() -> Message {
    say!("open it in a spreadsheet program and save it as .xlsx")
}

fn export() -> Message {
    say!("export the table as .xlsx or .csv")
}

fn unpack() -> Message {
    say!("unpack it, and use the file inside")
}

pub(super) fn take_password_off() -> Message {
    say!("open it with the password, and save it without one")
}

/// How files begin that are no tables, what they are, and what to do.
fn known_beginnings() -> [(&'static [u8], Message, Message); 12] {
    [
        (b"%PDF", say!("a PDF document"), export()),
        (b"{\\rtf", say!("a text document (RTF)"), export()),
        (b"\x1f\x8b", say!("a compressed file (gzip)"), unpack()),
        (b"7z\xbc\xaf\x27\x1c", say!("a compressed file (7z)"), unpack()),
        (b"Rar!", say!("a compressed file (RAR)"), unpack()),
        (b"\x09\x00\x04\x00", say!("an Excel 2 workbook"), save_as_xlsx()),
        (b"\x09\x02\x06\x00", say!("an Excel 3 workbook"), save_as_xlsx()),
        (b"\x09\x04\x06\x00", say!("an Excel 4 workbook"), save_as_xlsx()),
        (b"ID;P", say!("a SYLK spreadsheet"), save_as_xlsx()),
        (b"SQLite format 3", say!("a database"), export()),
        (b"PAR1", say!("a Parquet file"), export()),
        (b"\x89PNG", say!("a picture"), export()),
    ]
}

/// How web pages begin, in small letters.
const WEB_PAGE: [&str; 9] =
    ["<html", "<!doctype", "<table", "<meta", "<head", "<body", "<style", "<div", "<!--"];

/// What a file is that begins like this, if its first bytes tell it and it is no picture.
pub fn told_by_bytes(beginning: &[u8]) -> Option<Message> {
    if let Some((_, what, _)) =
        known_beginnings().into_iter().find(|(bytes, ..)| beginning.starts_with(bytes))
    {
        return Some(what);
    }
    if beginning.starts_with(b"PK\x03\x04") {
        return Some(say!("a zip archive, such as a document or workbook"));
    }
    let text = beginning.trim_ascii_start().to_ascii_lowercase();
    WEB_PAGE.iter().any(|start| text.starts_with(start.as_bytes())).then(|| say!("a web page"))
}

/// Looks at the first bytes of a file.
pub(super) fn sniff(files: &Files, file: FileId) -> Result<Format, Failure> {
    let failed = |cause| Failure::new(say!("read {path}", path = files.path(file)), cause);
    let mut beginning = Vec::new();
    files.open(file)?.take(1024).read_to_end(&mut beginning).map_err(failed)?;
    let refused = |what: Message, instead: Message| Ok(Format::Refused(Unreadable { what, instead }));
    if beginning.starts_with(b"PK\x03\x04") {
        return Ok(Format::Package);
    }
    if beginning.starts_with(b"PK") {
        return refused(say!("a damaged or empty zip package"), save_as_xlsx());
    }
    if beginning.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Ok(match holds_utf16(files.open(file)?, "EncryptedPackage").map_err(failed)? {
            true => Format::Refused(Unreadable {
                what: say!("protected by a password"),
                instead: take_password_off(),
            }),
            false => Format::Xls,
        });
    }
    for (bytes, what, instead) in known_beginnings() {
        if beginning.starts_with(bytes) {
            return refused(what, instead);
        }
    }
    // Zeros are left out, so that UTF-16 is seen through as well.
    let mut text: Vec<u8> = beginning.iter().filter(|&&byte| byte != 0).map(u8::to_ascii_lowercase).collect();
    for mark in [&b"\xef\xbb\xbf"[..], b"\xff\xfe", b"\xfe\xff"] {
        if text.starts_with(mark) {
            text.drain(..mark.len());
        }
    }
    let text = text.trim_ascii_start();
    let begins = |with: &str| text.starts_with(with.as_bytes());
    if begins("<?xml") || begins("<workbook") {
        let what = match memchr::memmem::find(text, b"<html").is_some() {
            true => say!("a web page with the extension of a table"),
            false => say!("an XML document, such as an Excel 2003 spreadsheet"),
        };
        refused(what, save_as_xlsx())
    } else if WEB_PAGE.into_iter().any(begins) {
        refused(say!("a web page with the extension of a table"), save_as_xlsx())
    } else if begins("mime-version:") {
        refused(say!("a web archive with the extension of a table"), save_as_xlsx())
    } else {
        Ok(Format::Text)
    }
}

/// Whether a text in UTF-16 stands somewhere in a file, as names do in the directory of an xls file.
pub(super) fn holds_utf16(mut input: impl Read, text: &str) -> std::io::Result<bool> {
    let wanted: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let finder = memchr::memmem::Finder::new(&wanted);
    let mut buffer = vec![0; 1 << 16];
    let mut kept = 0;
    loop {
        let count = input.read(&mut buffer[kept..])?;
        let filled = kept + count;
        if finder.find(&buffer[..filled]).is_some() {
            return Ok(true);
        }
        if count == 0 {
            return Ok(false);
        }
        kept = filled.min(wanted.len() - 1);
        buffer.copy_within(filled - kept..filled, 0);
    }
}
