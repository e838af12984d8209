//! What a file is by its bytes, and whether the package of a workbook is sound enough to be opened.

use std::collections::BTreeMap;
use std::io::{BufReader, Read};

use super::xml::Scanner;
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
    say!("unpack it, and name the file that is in it")
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
        (b"\x09\x00\x04\x00", say!("a workbook of Excel 2"), save_as_xlsx()),
        (b"\x09\x02\x06\x00", say!("a workbook of Excel 3"), save_as_xlsx()),
        (b"\x09\x04\x06\x00", say!("a workbook of Excel 4"), save_as_xlsx()),
        (b"ID;P", say!("a spreadsheet in the format SYLK"), save_as_xlsx()),
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
        return Some(say!("a zip package, such as a document or a workbook"));
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
            true => say!("a web page with the ending of a table"),
            false => say!("an XML document, such as a spreadsheet of 2003"),
        };
        refused(what, save_as_xlsx())
    } else if WEB_PAGE.into_iter().any(begins) {
        refused(say!("a web page with the ending of a table"), save_as_xlsx())
    } else if begins("mime-version:") {
        refused(say!("a web archive with the ending of a table"), save_as_xlsx())
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

/// What a workbook's package holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Xlsx,
    Ods,
}

/// A zip package that was looked through, by the names of its parts.
pub(super) struct Package<R> {
    zip: zip::ZipArchive<BufReader<R>>,
    /// The number and unpacked size of each part; names in lower case, as office programs compare them.
    parts: BTreeMap<String, (usize, u64)>,
    pub(super) kind: Kind,
}

/// Packages may unfold to at most so many bytes.
const MAX_UNPACKED: u64 = 2 << 30;
/// Larger parts may unfold to at most [`MAX_RATIO`] times their size.
const RATIO_FLOOR: u64 = 16 << 20;
/// What tables unfold to is well below it; a part of one repeated byte unfolds a thousandfold.
const MAX_RATIO: u64 = 400;
/// Packages may have at most so many parts.
const MAX_PARTS: usize = 10_000;

impl<R: Read + std::io::Seek> Package<R> {
    /// Looks through a package before anything in it is unpacked. `Err` says why it is refused.
    pub(super) fn open(input: R, length: u64) -> Result<Package<R>, Message> {
        let mut zip = zip::ZipArchive::new(BufReader::new(input))
            .map_err(|_| say!("it is cut off, or it is no workbook"))?;
        if zip.len() > MAX_PARTS {
            return Err(say!("the package has {parts} parts", parts = zip.len()));
        }
        let mut parts = BTreeMap::new();
        let (mut packed, mut unpacked) = (0u64, 0u64);
        for index in 0..zip.len() {
            let part = zip
                .by_index_raw(index)
                .map_err(|error| say!("the package is damaged ({why})", why = Message::foreign(error)))?;
            if part.encrypted() {
                return Err(say!(
                    "the package is protected by a password; {advice}",
                    advice = take_password_off()
                ));
            }
            let name = part
                .name()
                .map_err(|error| say!("a part has a damaged name ({why})", why = Message::foreign(error)))?
                .into_owned();
            packed = packed.saturating_add(part.compressed_size());
            unpacked = unpacked.saturating_add(part.size());
            let ratio = part.size() / part.compressed_size().max(1);
            if part.size() > RATIO_FLOOR && ratio > MAX_RATIO {
                return Err(say!("`{name}` unfolds to {ratio} times its size", name, ratio));
            }
            if parts.insert(normal(&name), (index, part.size())).is_some() {
                return Err(say!("the package holds `{name}` twice", name));
            }
        }
        if packed > length {
            return Err(say!("the parts of the package overlap"));
        }
        if unpacked > MAX_UNPACKED {
            return Err(say!("the package unfolds to {megabytes} MB", megabytes = unpacked >> 20));
        }
        let kind = if parts.contains_key("xl/workbook.bin") {
            return Err(say!("it is a binary workbook (.xlsb)"));
        } else if parts.contains_key("[content_types].xml") {
            Kind::Xlsx
        } else if parts.contains_key("content.xml") {
            Kind::Ods
        } else {
            return Err(say!("the package holds no workbook"));
        };
        Ok(Package { zip, parts, kind })
    }

    /// Whether the package has a part.
    pub(super) fn has(&self, name: &str) -> bool {
        self.parts.contains_key(&normal(name))
    }

    /// A part, to be read once. `Err` also where it is missing.
    pub(super) fn part(&mut self, name: &str) -> Result<Scanner<impl Read>, Message> {
        let &(index, size) =
            self.parts.get(&normal(name)).ok_or_else(|| say!("the package lacks `{name}`", name))?;
        let part = self.zip.by_index(index).map_err(|error| {
            say!("`{name}` in the package is damaged ({why})", name, why = Message::foreign(error))
        })?;
        Ok(Scanner::new(part, size))
    }
}

/// The name of a part as it is compared.
fn normal(name: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in name.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/").to_ascii_lowercase()
}
