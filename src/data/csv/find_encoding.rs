//! In which encoding a delimited text is written.

use std::io::{Read, Result};

use encoding_rs::{
    BIG5, Decoder, DecoderResult, EUC_KR, Encoding, GB18030, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE,
};

use crate::data::table::headings::without_brackets;
use crate::data::table::shape::fold_word;
use crate::data::table::text_encoding::TextEncoding;

impl TextEncoding {
    /// How a text that begins so is decoded.
    fn decoder(self, beginning: &[u8]) -> &'static Encoding {
        match self {
            TextEncoding::Utf8 => UTF_8,
            TextEncoding::Utf16 if beginning.starts_with(&[0xfe, 0xff]) => UTF_16BE,
            TextEncoding::Utf16 => unmarked_utf16(beginning).unwrap_or(UTF_16LE),
            TextEncoding::Gb18030 => GB18030,
            TextEncoding::Big5 => BIG5,
            TextEncoding::ShiftJis => SHIFT_JIS,
            TextEncoding::EucKr => EUC_KR,
        }
    }
}

/// The encoding of a file.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(in crate::data) struct Found {
    pub(in crate::data) encoding: TextEncoding,
    pub(in crate::data) decoder: &'static Encoding,
    /// Whether neither the file nor its source says so.
    pub(in crate::data) is_inferred: bool,
}

/// Why a file is not read as a text. Lines are counted from 1.
#[derive(Clone, PartialEq, Debug)]
pub(in crate::data) enum Flaw {
    /// A line has a NUL character.
    Nul { line: u32 },
    /// A line is not in the encoding of the text around it.
    Malformed { encoding: TextEncoding, line: u32 },
    /// It is UTF-32.
    Utf32,
    /// It is in any of these.
    Several(Vec<TextEncoding>),
    /// It is not UTF-8, and its headings are known in no other encoding.
    Unknown,
}

/// So many bytes of another encoding may look like UTF-8 by chance before one does not.
const MOST_CHANCE_BYTES: usize = 64;
/// The headings are among the first bytes, and among the first lines.
const BEGINNING: u64 = 1 << 16;
const LINES_LOOKED_AT: usize = 20;

/// Finds the encoding of a text, by reading all of it; `open` begins it anew. Encodings that the bytes do not tell apart
/// are told apart by their headings: `knows` says of a text whether it is one.
pub(in crate::data) fn find_encoding<R: Read>(
    open: &dyn Fn() -> Result<R>,
    asked: Option<TextEncoding>,
    knows: &dyn Fn(&str) -> bool,
) -> Result<std::result::Result<Found, Flaw>> {
    let mut beginning = Vec::new();
    open()?.take(BEGINNING).read_to_end(&mut beginning)?;
    let found = |encoding: TextEncoding, is_inferred| Found {
        encoding,
        decoder: encoding.decoder(&beginning),
        is_inferred,
    };
    let checked = |found: Found| Ok(check(open()?, found)?.map(|()| found));
    if let Some(asked) = asked {
        return checked(found(asked, false));
    }
    if beginning.starts_with(&[0xff, 0xfe, 0, 0]) || beginning.starts_with(&[0, 0, 0xfe, 0xff]) {
        return Ok(Err(Flaw::Utf32));
    }
    if beginning.starts_with(&[0xff, 0xfe]) || beginning.starts_with(&[0xfe, 0xff]) {
        return checked(found(TextEncoding::Utf16, false));
    }
    if unmarked_utf16(&beginning).is_some() {
        return checked(found(TextEncoding::Utf16, true));
    }
    match check_utf8(open()?)? {
        Utf8::Sound => Ok(Ok(found(TextEncoding::Utf8, false))),
        Utf8::Nul(offset) => Ok(Err(Flaw::Nul { line: line_at(open()?, offset)? })),
        // Much text that was UTF-8 so far is no other encoding: it is UTF-8 with a line of another one.
        Utf8::Malformed { offset, wide } if wide > MOST_CHANCE_BYTES => {
            Ok(Err(Flaw::Malformed { encoding: TextEncoding::Utf8, line: line_at(open()?, offset)? }))
        }
        Utf8::Malformed { offset, .. } => {
            let known = |encoding: &TextEncoding| has_known_heading(&beginning, *encoding, knows);
            let candidates: Vec<TextEncoding> = TextEncoding::LEGACY.into_iter().filter(known).collect();
            match candidates[..] {
                [one] => return checked(found(one, true)),
                [_, _, ..] => return Ok(Err(Flaw::Several(candidates))),
                [] if !headings(&String::from_utf8_lossy(&beginning)).any(knows) => {
                    return Ok(Err(Flaw::Unknown));
                }
                [] => {}
            }
            // Headings in ASCII are the same in all: what is left is what the bytes cannot be.
            let mut possible = Vec::new();
            for encoding in TextEncoding::LEGACY {
                if checked(found(encoding, true))?.is_ok() {
                    possible.push(encoding);
                }
            }
            Ok(match possible[..] {
                [one] => Ok(found(one, true)),
                [] => Err(Flaw::Malformed { encoding: TextEncoding::Utf8, line: line_at(open()?, offset)? }),
                _ => Err(Flaw::Several(possible)),
            })
        }
    }
}

/// Whether a text has a heading that is known, if it is in an encoding. What is the same in several encodings tells
/// nothing: letters of ASCII, also in full width, and what is added to them in brackets.
fn has_known_heading(beginning: &[u8], encoding: TextEncoding, knows: &dyn Fn(&str) -> bool) -> bool {
    let mut decoder = encoding.decoder(beginning).new_decoder_without_bom_handling();
    let mut text = String::with_capacity(4 * beginning.len());
    let _ = decoder.decode_to_string(beginning, &mut text, false);
    let is_ascii = |heading: &str| {
        let folded = fold_word(heading);
        without_brackets(&folded).unwrap_or(folded).is_ascii()
    };
    headings(&text).any(|heading| !is_ascii(heading) && knows(heading))
}

/// The values of the first lines of a text, whatever its delimiter.
fn headings(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.split(['\n', '\r']).filter(|line| !line.trim().is_empty()).take(LINES_LOOKED_AT);
    lines.flat_map(|line| line.split([',', ';', '\t', '|'])).map(|value| value.trim().trim_matches('"'))
}

/// The byte order of a text in UTF-16 that has no mark: ends of lines and delimiters have a zero on one side. In any
/// other text there is none.
fn unmarked_utf16(beginning: &[u8]) -> Option<&'static Encoding> {
    let (mut little, mut big) = ((0usize, 0usize), (0usize, 0usize));
    for pair in beginning.chunks_exact(2) {
        let (counts, sign) = match *pair {
            [sign, 0] => (&mut little, sign),
            [0, sign] => (&mut big, sign),
            _ => continue,
        };
        if matches!(sign, b'\t' | b'\n' | b'\r' | b' '..=b'~') {
            counts.0 += 1;
            counts.1 += usize::from(matches!(sign, b'\n' | b'\r'));
        }
    }
    let ((signs, line_ends), encoding) = match little.0 > big.0 {
        true => (little, UTF_16LE),
        false => (big, UTF_16BE),
    };
    // A text of bytes with a stray zero has none beside the ends of its lines, or is UTF-8 without it.
    let is_wide = signs * 4 >= beginning.len() || !is_utf8_so_far(beginning);
    (line_ends > 0 && is_wide).then_some(encoding)
}

fn is_utf8_so_far(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).map_or_else(|error| error.error_len().is_none(), |_| true)
}

/// What is wrong with a text as UTF-8.
enum Utf8 {
    Sound,
    /// There is a NUL character at this byte.
    Nul(u64),
    /// There is another encoding at this byte, after so many bytes that are not ASCII.
    Malformed {
        offset: u64,
        wide: usize,
    },
}

fn check_utf8(mut input: impl Read) -> Result<Utf8> {
    let mut chunk = vec![0; 1 << 18];
    let (mut pending, mut before, mut wide) = (0, 0u64, 0);
    loop {
        let count = input.read(&mut chunk[pending..])?;
        let filled = pending + count;
        let bytes = &chunk[..filled];
        let nul = memchr::memchr(0, bytes);
        let (valid, is_malformed) = match simdutf8::compat::from_utf8(bytes) {
            Ok(_) => (filled, false),
            Err(error) => (error.valid_up_to(), error.error_len().is_some() || count == 0),
        };
        if let Some(nul) = nul.filter(|&nul| nul < valid) {
            return Ok(Utf8::Nul(before + nul as u64));
        }
        // What comes later does not matter any more.
        if wide <= MOST_CHANCE_BYTES {
            wide += bytes[..valid].iter().filter(|byte| !byte.is_ascii()).count();
        }
        if is_malformed {
            return Ok(Utf8::Malformed { offset: before + valid as u64, wide });
        }
        if count == 0 {
            return Ok(Utf8::Sound);
        }
        before += valid as u64;
        pending = filled - valid;
        chunk.copy_within(valid..filled, 0);
    }
}

/// Decodes a whole text, and says where it is not in its encoding or has a NUL character.
fn check(mut input: impl Read, found: Found) -> Result<std::result::Result<(), Flaw>> {
    let mut decoder: Decoder = found.decoder.new_decoder_with_bom_removal();
    let mut text = String::with_capacity(1 << 20);
    let mut chunk = vec![0; 1 << 17];
    let mut lines = Lines::default();
    loop {
        let count = input.read(&mut chunk)?;
        text.clear();
        let (result, _) =
            decoder.decode_to_string_without_replacement(&chunk[..count], &mut text, count == 0);
        if let Some(at) = text.find('\0') {
            lines.count(&text.as_bytes()[..at]);
            return Ok(Err(Flaw::Nul { line: lines.line() }));
        }
        lines.count(text.as_bytes());
        if matches!(result, DecoderResult::Malformed(..)) {
            return Ok(Err(Flaw::Malformed { encoding: found.encoding, line: lines.line() }));
        }
        if count == 0 {
            return Ok(Ok(()));
        }
    }
}

/// The line of a byte.
fn line_at(input: impl Read, offset: u64) -> Result<u32> {
    let mut lines = Lines::default();
    let mut input = input.take(offset);
    let mut chunk = vec![0; 1 << 17];
    loop {
        match input.read(&mut chunk)? {
            0 => return Ok(lines.line()),
            count => lines.count(&chunk[..count]),
        }
    }
}

/// Lines by their ends: line feeds, or carriage returns where there are none.
#[derive(Default)]
struct Lines {
    feeds: usize,
    returns: usize,
}

impl Lines {
    fn count(&mut self, bytes: &[u8]) {
        self.feeds += memchr::memchr_iter(b'\n', bytes).count();
        self.returns += memchr::memchr_iter(b'\r', bytes).count();
    }

    fn line(&self) -> u32 {
        let ends = if self.feeds > 0 { self.feeds } else { self.returns };
        u32::try_from(ends + 1).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found of a file, with the headings of exhibitors in four languages.
    fn found(bytes: &[u8], asked: Option<TextEncoding>) -> String {
        let known = ["企业编号", "企業編號", "企业名称", "出展者番号", "참가기업", "exhibitor"];
        let bare = |text: &str| without_brackets(&fold_word(text)).unwrap_or_else(|| fold_word(text));
        let knows = |text: &str| known.contains(&bare(text).as_str());
        match find_encoding(&|| Ok(bytes), asked, &knows).expect("it can be read") {
            Ok(found) => format!("{}{}", found.encoding.name(), if found.is_inferred { " ?" } else { "" }),
            Err(flaw) => format!("{flaw:?}"),
        }
    }

    fn encoded(encoding: &'static Encoding, text: &str) -> Vec<u8> {
        let (bytes, _, lossy) = encoding.encode(text);
        assert!(!lossy, "{text}");
        bytes.into_owned()
    }

    fn wide(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    const TEXT: &str = "企业编号,企业名称\r\nE1,上海一家示例有限公司\r\n";

    #[test]
    fn bytes_or_else_headings_tell_the_encoding() {
        let long = TEXT.repeat(30_000);
        assert_eq!(found(long.as_bytes(), None), "utf-8");
        assert_eq!(found(format!("\u{feff}{TEXT}").as_bytes(), None), "utf-8");
        assert_eq!(found(b"", None), "utf-8");
        assert_eq!(found(&encoded(GB18030, &long), None), "gb18030 ?");
        for heading in ["ｅｘｈｉｂｉｔｏｒ", "exhibitor（必填）"] {
            let text = format!("{heading},企业名称\nE1,示例\n");
            assert_eq!(found(&encoded(GB18030, &text), None), "gb18030 ?", "{heading}");
        }
        assert_eq!(found(&encoded(BIG5, "企業編號,名稱\nE1,範例有限公司\n"), None), "big5 ?");
        assert_eq!(found(&encoded(SHIFT_JIS, "出展者番号,名前\nE1,株式会社サンプル\n"), None), "shift_jis ?");
        assert_eq!(found(&encoded(EUC_KR, "참가기업,이름\nE1,예시 회사\n"), None), "euc-kr ?");
        for order in [u16::to_le_bytes, u16::to_be_bytes] {
            assert_eq!(found(&wide(&format!("\u{feff}{TEXT}"), order), None), "utf-16");
            for text in [TEXT, &long, "exhibitor,name\nE1,A\n", "一上,丅\n一,\u{20000}\n"] {
                assert_eq!(found(&wide(text, order), None), "utf-16 ?", "{text:.40}");
            }
        }
    }

    #[test]
    fn what_is_wrong_with_a_text_is_said_with_its_line() {
        let with = |bytes: &[u8]| [TEXT.repeat(3).as_bytes(), bytes, TEXT.as_bytes()].concat();
        assert_eq!(found(&with(b"E2,\0\r\n"), None), "Nul { line: 7 }");
        assert_eq!(found(&with(b"E2,a\0\0b\0\r\n"), None), "Nul { line: 7 }");
        assert_eq!(found(b"exhibitor\nE1\n\0", None), "Nul { line: 3 }");
        let mixed = "Malformed { encoding: Utf8, line: 7 }";
        assert_eq!(found(&with(&encoded(GB18030, "E2,广州示例\r\n")), None), mixed);
        let rest = [encoded(GB18030, "企业编号,企业名称\n"), "E1,广州市\nE2,海\n".into()].concat();
        assert_eq!(found(&rest, None), "Malformed { encoding: Gb18030, line: 2 }");
        assert_eq!(found(b"exhibitor\nE1,Caf\xe9 \xff\n", None), "Malformed { encoding: Utf8, line: 2 }");
        assert_eq!(found(&encoded(GB18030, "编号,名称\nE1,示例\n"), None), "Unknown");
        assert_eq!(found(&encoded(GB18030, "exhibitor\n示例\n"), None), "Several([Gb18030, Big5, EucKr])");
        assert_eq!(found(&[0xff, 0xfe, 0, 0, 0x41, 0, 0, 0], None), "Utf32");
        let surrogate = [wide(&format!("\u{feff}{TEXT}"), u16::to_le_bytes), vec![0, 0xd8, b'a', 0]].concat();
        assert_eq!(found(&surrogate, None), "Malformed { encoding: Utf16, line: 3 }");
    }

    #[test]
    fn the_encoding_that_the_source_says_is_the_one() {
        let bytes = encoded(GB18030, "exhibitor\n示例\n");
        assert_eq!(found(&bytes, Some(TextEncoding::Gb18030)), "gb18030");
        assert_eq!(found(&bytes, Some(TextEncoding::Utf8)), "Malformed { encoding: Utf8, line: 2 }");
        assert_eq!(found(&wide(TEXT, u16::to_be_bytes), Some(TextEncoding::Utf16)), "utf-16");
    }
}
