//! What a file is by its bytes, and whether the package of a workbook is sound enough to be opened.

use std::collections::BTreeMap;
use std::io::{BufReader, Read};

use super::xml::Scanner;
use crate::data::file_format::take_password_off;
use crate::source::{Message, say};

/// What a workbook's package holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::data) enum Kind {
    Xlsx,
    Ods,
}

/// A zip package that was looked through, by the names of its parts.
pub(in crate::data) struct Package<R> {
    zip: zip::ZipArchive<BufReader<R>>,
    /// The number and unpacked size of each part; names in lower case, as office programs compare them.
    parts: BTreeMap<String, (usize, u64)>,
    pub(in crate::data) kind: Kind,
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
    pub(in crate::data) fn open(input: R, length: u64) -> Result<Package<R>, Message> {
        let mut zip = zip::ZipArchive::new(BufReader::new(input))
            .map_err(|_| say!("it is truncated, or it is not a workbook"))?;
        if zip.len() > MAX_PARTS {
            return Err(say!("the archive has {parts} parts", parts = zip.len()));
        }
        let mut parts = BTreeMap::new();
        let (mut packed, mut unpacked) = (0u64, 0u64);
        for index in 0..zip.len() {
            let part = zip
                .by_index_raw(index)
                .map_err(|error| say!("the archive is damaged ({why})", why = Message::foreign(error)))?;
            if part.encrypted() {
                return Err(say!(
                    "the archive is protected by a password; {advice}",
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
                return Err(say!("`{name}` decompresses to {ratio} times its size", name, ratio));
            }
            if parts.insert(normal(&name), (index, part.size())).is_some() {
                return Err(say!("the archive contains `{name}` twice", name));
            }
        }
        if packed > length {
            return Err(say!("parts of the archive overlap"));
        }
        if unpacked > MAX_UNPACKED {
            return Err(say!("the archive decompresses to {megabytes} MB", megabytes = unpacked >> 20));
        }
        let kind = if parts.contains_key("xl/workbook.bin") {
            return Err(say!("it is a binary workbook (.xlsb)"));
        } else if parts.contains_key("[content_types].xml") {
            Kind::Xlsx
        } else if parts.contains_key("content.xml") {
            Kind::Ods
        } else {
            return Err(say!("the archive contains no workbook"));
        };
        Ok(Package { zip, parts, kind })
    }

    /// Whether the package has a part.
    pub(in crate::data) fn has(&self, name: &str) -> bool {
        self.parts.contains_key(&normal(name))
    }

    /// A part, to be read once. `Err` also where it is missing.
    pub(in crate::data) fn part(&mut self, name: &str) -> Result<Scanner<impl Read>, Message> {
        let &(index, size) = self
            .parts
            .get(&normal(name))
            .ok_or_else(|| say!("the archive does not contain `{name}`", name))?;
        let part = self.zip.by_index(index).map_err(|error| {
            say!("`{name}` in the archive is damaged ({why})", name, why = Message::foreign(error))
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
