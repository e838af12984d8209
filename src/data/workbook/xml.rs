//! A strict scanner that goes through XML once, holding no more than one tag or text of it.
//!
//! It knows what the parts of a workbook need and refuses the rest: document type definitions, entities
//! other than XML's own, encodings other than UTF-8.
//!
//! Why not `quick-xml`: over the tags, attributes and texts of a sheet of 300,000 rows × 7 (89 MB) its 0.42 takes 0.96 s
//! of processor time, 0.86 s without checks of names, and this scanner 0.37 s (medians of 5), and tags are most of what a
//! sheet is. It also would have to be kept from holding a token of any length. A version that takes less than 0.5 s there
//! is a reason to drop this file.

use std::io::Read;

use crate::source::{Message, say};

/// A longer tag or text is refused. The text of a cell has at most 32,767 characters.
const MAX_TOKEN: usize = 1 << 20;

/// What comes next in a document.
pub(in crate::data) enum Token<'a> {
    /// A tag that opens an element, or is one by itself.
    Open {
        /// Its name without a prefix.
        name: &'a [u8],
        attributes: Attributes<'a>,
        /// Whether it is an element without content, so that no closing tag follows.
        empty: bool,
    },
    /// A tag that closes an element, by its name without a prefix.
    Close(&'a [u8]),
    /// Text between tags, before its entities are resolved.
    Text(&'a [u8]),
    /// Text in which `&` and `<` stand for themselves.
    Verbatim(&'a [u8]),
    /// The end of the document.
    End,
}

/// Reads a document token by token.
pub(in crate::data) struct Scanner<R> {
    input: R,
    buffer: Vec<u8>,
    start: usize,
    filled: usize,
    begun: bool,
    /// How many bytes may still be read.
    left: u64,
}

/// What the next token is, as a part of the buffer counted from its start.
enum Part {
    Open(usize),
    Close(usize),
    Text(usize),
    Verbatim(usize),
    Passed(usize),
}

impl<R: Read> Scanner<R> {
    /// A scanner over a document of at most so many bytes.
    pub(in crate::data) fn new(input: R, most: u64) -> Scanner<R> {
        Scanner { input, buffer: vec![0; 1 << 17], start: 0, filled: 0, begun: false, left: most }
    }

    /// The next token. Comments and processing instructions are passed over.
    #[inline]
    pub(in crate::data) fn next(&mut self) -> Result<Token<'_>, Message> {
        if !self.begun {
            self.begin()?;
        }
        loop {
            if self.start == self.filled && !self.fill()? {
                return Ok(Token::End);
            }
            let part = if self.buffer[self.start] == b'<' { self.tag()? } else { self.text()? };
            let from = self.start;
            match part {
                Part::Passed(length) => self.start += length,
                Part::Text(length) => {
                    self.start += length;
                    return Ok(Token::Text(&self.buffer[from..from + length]));
                }
                Part::Verbatim(length) => {
                    self.start += length;
                    return Ok(Token::Verbatim(&self.buffer[from + 9..from + length - 3]));
                }
                Part::Close(length) => {
                    self.start += length;
                    let name = self.buffer[from + 2..from + length - 1].trim_ascii_end();
                    return Ok(Token::Close(local(name)));
                }
                Part::Open(length) => {
                    self.start += length;
                    let tag = &self.buffer[from + 1..from + length - 1];
                    let (tag, empty) = match tag.split_last() {
                        Some((b'/', tag)) => (tag, true),
                        _ => (tag, false),
                    };
                    let end = tag.iter().position(u8::is_ascii_whitespace).unwrap_or(tag.len());
                    let (name, rest) = tag.split_at(end);
                    if name.is_empty() {
                        return Err(say!("its XML has a tag without a name"));
                    }
                    return Ok(Token::Open { name: local(name), attributes: Attributes(rest), empty });
                }
            }
        }
    }

    /// Passes over everything up to the closing tag of the element that was just opened.
    pub(in crate::data) fn skip(&mut self, element: &str) -> Result<(), Message> {
        let mut depth = 1u32;
        while depth > 0 {
            match self.next()? {
                Token::Open { empty: false, .. } => depth += 1,
                Token::Close(_) => depth -= 1,
                Token::End => return Err(cut_off(element)),
                _ => {}
            }
        }
        Ok(())
    }

    /// Collects the text up to the closing tag of the element that was just opened.
    pub(in crate::data) fn collect(&mut self, element: &str, text: &mut String) -> Result<(), Message> {
        loop {
            match self.next()? {
                Token::Text(raw) => decode(raw, text)?,
                Token::Verbatim(raw) => text.push_str(utf8(raw)?),
                Token::Close(name) if name == element.as_bytes() => return Ok(()),
                Token::End => return Err(cut_off(element)),
                Token::Open { .. } | Token::Close(_) => {
                    return Err(say!("its XML has an unexpected element in `{element}`", element));
                }
            }
        }
    }

    fn begin(&mut self) -> Result<(), Message> {
        self.begun = true;
        while self.filled < 256 && self.fill()? {}
        let beginning = &self.buffer[..self.filled];
        if beginning.starts_with(b"\xef\xbb\xbf") {
            self.start = 3;
        } else if beginning.starts_with(b"\xff\xfe")
            || beginning.starts_with(b"\xfe\xff")
            || beginning.contains(&0)
        {
            return Err(say!("its XML is not UTF-8"));
        }
        let beginning = &self.buffer[self.start..self.filled];
        if beginning.starts_with(b"<?xml")
            && let Some(end) = memchr::memchr(b'>', beginning)
            && let Some(at) = memchr::memmem::find(&beginning[..end], b"encoding")
        {
            let named = beginning[at + 8..end].to_ascii_lowercase();
            let known = [&b"utf-8"[..], b"utf8", b"us-ascii"];
            if !known.iter().any(|known| memchr::memmem::find(&named, known).is_some()) {
                return Err(say!("its XML is not UTF-8"));
            }
        }
        Ok(())
    }

    fn text(&mut self) -> Result<Part, Message> {
        let length = match self.find(b"<", 0)? {
            Some(length) => length,
            None => self.filled - self.start,
        };
        Ok(Part::Text(length))
    }

    fn tag(&mut self) -> Result<Part, Message> {
        let unclosed = || say!("its XML is truncated inside a tag");
        while self.filled - self.start < 9 && self.fill()? {}
        match &self.buffer[self.start + 1..self.filled] {
            [b'/', ..] => Ok(Part::Close(self.find(b">", 2)?.ok_or_else(unclosed)? + 1)),
            [b'?', ..] => Ok(Part::Passed(self.find(b"?>", 2)?.ok_or_else(unclosed)? + 2)),
            [b'!', b'-', b'-', ..] => Ok(Part::Passed(self.find(b"-->", 4)?.ok_or_else(unclosed)? + 3)),
            [b'!', b'[', b'C', b'D', b'A', b'T', b'A', b'[', ..] => {
                Ok(Part::Verbatim(self.find(b"]]>", 9)?.ok_or_else(unclosed)? + 3))
            }
            [b'!', ..] => Err(say!("its XML has a document type definition")),
            _ => {
                let mut end = self.find(b">", 1)?.ok_or_else(unclosed)?;
                // A `>` within quotation marks does not end the tag.
                while !quotes_are_closed(&self.buffer[self.start + 1..self.start + end]) {
                    end = self.find(b">", end + 1)?.ok_or_else(unclosed)?;
                }
                Ok(Part::Open(end + 1))
            }
        }
    }

    /// Where a text stands, counted from the start of the current token.
    #[inline]
    fn find(&mut self, wanted: &[u8], from: usize) -> Result<Option<usize>, Message> {
        let mut from = from;
        loop {
            let rest = self.buffer.get(self.start + from..self.filled).unwrap_or_default();
            let found = match wanted {
                &[byte] => memchr::memchr(byte, rest),
                _ => memchr::memmem::find(rest, wanted),
            };
            if let Some(at) = found {
                return Ok(Some(from + at));
            }
            from = from.max((self.filled - self.start).saturating_sub(wanted.len() - 1));
            if !self.fill()? {
                return Ok(None);
            }
        }
    }

    /// Reads on. False at the end of the document.
    fn fill(&mut self) -> Result<bool, Message> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.filled, 0);
            self.filled -= self.start;
            self.start = 0;
        }
        if self.filled == self.buffer.len() {
            if self.buffer.len() >= MAX_TOKEN {
                return Err(say!(
                    "its XML has a tag or text of more than {kilobytes} KB",
                    kilobytes = MAX_TOKEN >> 10
                ));
            }
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        loop {
            match self.input.read(&mut self.buffer[self.filled..]) {
                Ok(count) => {
                    self.left = self.left.checked_sub(count as u64).ok_or_else(|| {
                        say!("it decompresses to more than the archive declares, or more than jinbang reads")
                    })?;
                    self.filled += count;
                    return Ok(count > 0);
                }
                Err(cause) if cause.kind() == std::io::ErrorKind::Interrupted => {}
                Err(cause) => {
                    return Err(say!("the archive is damaged ({why})", why = Message::foreign(cause)));
                }
            }
        }
    }
}

pub(in crate::data) fn cut_off(element: &str) -> Message {
    say!("its XML is truncated inside `{element}`", element)
}

/// A name without its prefix.
fn local(name: &[u8]) -> &[u8] {
    // Names are short: a plain loop is faster than a call.
    name.iter().rposition(|&byte| byte == b':').map_or(name, |at| &name[at + 1..])
}

fn quotes_are_closed(tag: &[u8]) -> bool {
    let mut open = 0;
    for &byte in tag {
        match (open, byte) {
            (0, b'"' | b'\'') => open = byte,
            (quote, byte) if quote == byte => open = 0,
            _ => {}
        }
    }
    open == 0
}

/// The attributes of a tag.
#[derive(Clone, Copy)]
pub(in crate::data) struct Attributes<'a>(&'a [u8]);

impl<'a> Attributes<'a> {
    /// The value of an attribute by its name without a prefix, before its entities are resolved.
    pub(in crate::data) fn raw(self, name: &str) -> Result<Option<&'a [u8]>, Message> {
        for attribute in self {
            let (found, value) = attribute?;
            if found == name.as_bytes() {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }

    /// The value of an attribute as text.
    pub(in crate::data) fn text(self, name: &str) -> Result<Option<String>, Message> {
        let Some(raw) = self.raw(name)? else { return Ok(None) };
        let mut text = String::new();
        decode(raw, &mut text)?;
        Ok(Some(text))
    }
}

impl<'a> Iterator for Attributes<'a> {
    type Item = Result<(&'a [u8], &'a [u8]), Message>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.0.trim_ascii_start();
        if rest.is_empty() {
            return None;
        }
        let parts = || {
            let equals = rest.iter().position(|&byte| byte == b'=')?;
            let name = rest[..equals].trim_ascii_end();
            let value = rest[equals + 1..].trim_ascii_start();
            let (&quote, value) = value.split_first().filter(|(quote, _)| matches!(quote, b'"' | b'\''))?;
            let end = value.iter().position(|&byte| byte == quote)?;
            (!name.is_empty()).then(|| (local(name), &value[..end], &value[end + 1..]))
        };
        match parts() {
            Some((name, value, rest)) => {
                self.0 = rest;
                Some(Ok((name, value)))
            }
            None => {
                self.0 = &[];
                Some(Err(say!("its XML has a damaged attribute")))
            }
        }
    }
}

pub(in crate::data) fn utf8(raw: &[u8]) -> Result<&str, Message> {
    std::str::from_utf8(raw).map_err(|_| say!("its XML is not UTF-8"))
}

/// Appends text with its entities resolved and its line ends as line feeds.
#[inline]
pub(in crate::data) fn decode(raw: &[u8], text: &mut String) -> Result<(), Message> {
    let mut rest = utf8(raw)?;
    while let Some(at) = memchr::memchr2(b'&', b'\r', rest.as_bytes()) {
        text.push_str(&rest[..at]);
        if rest.as_bytes()[at] == b'\r' {
            rest = rest[at + 1..].strip_prefix('\n').unwrap_or(&rest[at + 1..]);
            text.push('\n');
            continue;
        }
        let (entity, after) =
            rest[at + 1..].split_once(';').ok_or_else(|| say!("its XML has an unterminated entity"))?;
        text.push(entity_char(entity)?);
        rest = after;
    }
    text.push_str(rest);
    Ok(())
}

fn entity_char(entity: &str) -> Result<char, Message> {
    let number = match entity {
        "amp" => return Ok('&'),
        "lt" => return Ok('<'),
        "gt" => return Ok('>'),
        "quot" => return Ok('"'),
        "apos" => return Ok('\''),
        _ => match (entity.strip_prefix("#x"), entity.strip_prefix('#')) {
            (Some(hexadecimal), _) => u32::from_str_radix(hexadecimal, 16).ok(),
            (None, Some(decimal)) => decimal.parse().ok(),
            (None, None) => None,
        },
    };
    let known = number.and_then(char::from_u32).filter(|&c| c != '\0');
    known.ok_or_else(|| say!("its XML has an unknown entity"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Result<String, Message> {
        // One byte at a time, so that every token is cut everywhere.
        struct Drip<'a>(&'a [u8]);
        impl Read for Drip<'_> {
            fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
                let Some((first, rest)) = self.0.split_first() else { return Ok(0) };
                buffer[0] = *first;
                self.0 = rest;
                Ok(1)
            }
        }
        let mut scanner = Scanner::new(Drip(text.as_bytes()), 10_000);
        let mut seen = String::new();
        loop {
            match scanner.next()? {
                Token::Open { name, attributes, empty } => {
                    seen.push_str(&format!("<{}", utf8(name)?));
                    for attribute in attributes {
                        let (name, value) = attribute?;
                        seen.push_str(&format!(" {}={}", utf8(name)?, utf8(value)?));
                    }
                    seen.push_str(if empty { "/>" } else { ">" });
                }
                Token::Close(name) => seen.push_str(&format!("</{}>", utf8(name)?)),
                Token::Text(raw) => decode(raw, &mut seen)?,
                Token::Verbatim(raw) => seen.push_str(utf8(raw)?),
                Token::End => return Ok(seen),
            }
        }
    }

    #[test]
    fn a_document_is_cut_into_tags_and_text() {
        assert_eq!(
            shown(
                "<?xml version='1.0'?><!-- <no> --><x:a b='>' c = \"1\" ><d/>1 &lt;&#x4e2d;\r\n<![CDATA[<&]]></x:a >"
            ),
            Ok("<a b=> c=1><d/>1 <中\n<&</a>".to_owned())
        );
    }

    #[test]
    fn what_a_workbook_has_no_use_for_is_refused() {
        for text in [
            "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
            "<a>&b;</a>",
            "<a>&#0;</a>",
            "<a>& b</a>",
            "<a b=1></a>",
            "<a b='1></a>",
            "< a>",
            "<a",
            "<!-- a",
            "<?xml version='1.0' encoding='GBK'?><a/>",
        ] {
            assert!(shown(text).is_err(), "{text}: {:?}", shown(text));
        }
        assert!(shown(&format!("<a>{}</a>", "x".repeat(20_000))).is_err(), "longer than was said");
    }
}
