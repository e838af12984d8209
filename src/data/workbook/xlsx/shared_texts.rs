//! Texts of xlsx workbooks: those that rows share, and how a text is written.

use std::io::Read;

use crate::data::workbook::xml::{Scanner, Token, cut_off, utf8};
use crate::source::{Message, say};

/// No spreadsheet program keeps a longer text in a cell: 32,767 characters of up to four bytes.
pub(in crate::data) const MAX_TEXT: usize = 4 * 32_767;
/// Texts that rows share may have so many bytes together.
const MAX_STRINGS: usize = 512 << 20;

/// The texts that rows share, in blocks, so that no block is ever moved.
#[derive(Default)]
pub(in crate::data) struct Strings {
    blocks: Vec<String>,
    /// Block, start and end of every text.
    places: Vec<(u32, u32, u32)>,
}

/// A block takes texts until it has so many bytes.
const BLOCK: usize = 1 << 20;

impl Strings {
    pub(in crate::data) fn read<R: Read>(mut scanner: Scanner<R>) -> Result<Strings, Message> {
        let mut strings = Strings::default();
        let mut bytes = 0;
        let mut begun = false;
        loop {
            match scanner.next()? {
                Token::Open { name: b"sst", .. } => begun = true,
                Token::Open { name: b"si", empty, .. } if begun => {
                    if strings.blocks.last().is_none_or(|block| block.len() > BLOCK - (BLOCK >> 3)) {
                        strings.blocks.push(String::with_capacity(BLOCK));
                    }
                    let block_number = number(strings.blocks.len() - 1);
                    let block = strings.blocks.last_mut().expect("a block was begun");
                    let from = block.len();
                    if !empty {
                        read_string(&mut scanner, "si", block)?;
                    }
                    let length = block.len() - from;
                    if length > MAX_TEXT {
                        return Err(say!(
                            "it has a text of {kilobytes} KB in one cell",
                            kilobytes = length >> 10
                        ));
                    }
                    bytes += length + size_of::<(u32, u32, u32)>();
                    if bytes > MAX_STRINGS {
                        return Err(say!(
                            "its texts have more than {megabytes} MB",
                            megabytes = MAX_STRINGS >> 20
                        ));
                    }
                    strings.places.push((block_number, number(from), number(from + length)));
                }
                Token::End if begun => return Ok(strings),
                Token::End => return Err(cut_off("sst")),
                _ => {}
            }
        }
    }

    pub(in crate::data) fn len(&self) -> usize {
        self.places.len()
    }

    #[inline]
    pub(in crate::data) fn get(&self, number: u32) -> &str {
        let (block, from, until) = self.places[number as usize];
        &self.blocks[block as usize][from as usize..until as usize]
    }
}

/// Appends a text that may be made of runs with formats of their own; how it is pronounced is left out.
pub(in crate::data) fn read_string<R: Read>(
    scanner: &mut Scanner<R>,
    element: &str,
    text: &mut String,
) -> Result<(), Message> {
    loop {
        match scanner.next()? {
            Token::Open { name: b"t", attributes, empty } => {
                let preserved = attributes.raw("space")? == Some(b"preserve");
                if empty {
                    continue;
                }
                let from = text.len();
                scanner.collect("t", text)?;
                if !preserved {
                    let space = [' ', '\t', '\r', '\n'];
                    text.truncate(from + text[from..].trim_end_matches(space).len());
                    let leading = text[from..].len() - text[from..].trim_start_matches(space).len();
                    text.drain(from..from + leading);
                }
                unescape(text, from);
                if text.len() - from > MAX_TEXT {
                    return Err(say!("it contains a text too long for any cell"));
                }
            }
            Token::Open { name: b"rPh", empty: false, .. } => scanner.skip("rPh")?,
            Token::Close(name) if name == element.as_bytes() => return Ok(()),
            Token::End => return Err(cut_off(element)),
            _ => {}
        }
    }
}

/// Resolves `_x000D_`, as office programs write characters that XML cannot hold, from a byte on.
pub(in crate::data) fn unescape(text: &mut String, from: usize) {
    if memchr::memchr(b'_', &text.as_bytes()[from..]).is_none() {
        return;
    }
    let escaped = text.split_off(from);
    let mut rest = escaped.as_str();
    let mut units: Vec<u16> = Vec::new();
    let flush = |units: &mut Vec<u16>, text: &mut String| {
        text.extend(char::decode_utf16(units.drain(..)).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
    };
    while let Some(c) = rest.chars().next() {
        let unit = rest.as_bytes().get(..7).filter(|escape| escape.starts_with(b"_x") && escape[6] == b'_');
        let unit = unit.and_then(|escape| utf8(&escape[2..6]).ok());
        let unit = unit.filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        match unit.and_then(|digits| u16::from_str_radix(digits, 16).ok()) {
            Some(unit) => {
                units.push(unit);
                rest = &rest[7..];
            }
            None => {
                flush(&mut units, text);
                text.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    flush(&mut units, text);
}

fn number(length: usize) -> u32 {
    u32::try_from(length).expect("blocks are shorter than 4 GB")
}
