//! What a picture is, by its bytes.

use crate::data::told_by_bytes;
use crate::source::{Message, say};

/// A kind of picture that browsers show.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Png,
    Jpeg,
    Webp,
    Gif,
    Svg,
}

impl Kind {
    const ALL: [Kind; 5] = [Kind::Png, Kind::Jpeg, Kind::Webp, Kind::Gif, Kind::Svg];

    pub(super) fn of(bytes: &[u8]) -> Option<Kind> {
        match bytes {
            [0x89, b'P', b'N', b'G', ..] => Some(Kind::Png),
            [0xff, 0xd8, 0xff, ..] => Some(Kind::Jpeg),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Kind::Webp),
            [b'G', b'I', b'F', b'8', ..] => Some(Kind::Gif),
            // Comments and an XML declaration may stand before the picture.
            _ => {
                let begins =
                    bytes.trim_ascii_start().starts_with(b"<") || bytes.starts_with(b"\xef\xbb\xbf<");
                let beginning = &bytes[..bytes.len().min(4096)];
                (begins && memchr::memmem::find(beginning, b"<svg").is_some()).then_some(Kind::Svg)
            }
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Png => "PNG",
            Kind::Jpeg => "JPEG",
            Kind::Webp => "WebP",
            Kind::Gif => "GIF",
            Kind::Svg => "SVG",
        }
    }

    pub(super) fn endings(self) -> &'static [&'static str] {
        match self {
            Kind::Png => &[".png"],
            Kind::Jpeg => &[".jpg", ".jpeg"],
            Kind::Webp => &[".webp"],
            Kind::Gif => &[".gif"],
            Kind::Svg => &[".svg"],
        }
    }
}

/// What a file is that is no picture that browsers show, if it is known by its first bytes.
pub(super) fn other_kind(bytes: &[u8]) -> Option<Message> {
    match bytes {
        [] => Some(say!("an empty file")),
        [_, _, _, _, b'f', b't', b'y', b'p', b'a', b'v', b'i', ..] => Some(say!("an AVIF picture")),
        [_, _, _, _, b'f', b't', b'y', b'p', b'h' | b'm', b'e' | b'i', ..] => {
            Some(say!("a HEIC photo from a phone"))
        }
        [b'I', b'I', b'*', 0, ..] | [b'M', b'M', 0, b'*', ..] => Some(say!("a TIFF picture")),
        [b'B', b'M', ..] => Some(say!("a BMP picture")),
        bytes => told_by_bytes(bytes),
    }
}

/// The endings that the names of pictures have.
pub fn endings() -> impl Iterator<Item = &'static str> {
    Kind::ALL.into_iter().flat_map(Kind::endings).copied()
}

/// Whether a name is that of a picture that browsers show.
pub fn is_picture(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    endings().any(|ending| path.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_bytes_are() {
        #[track_caller]
        fn case(bytes: &[u8], kind: Option<Kind>, other: Option<&str>) {
            let told = other_kind(bytes).map(|what| what.to_string());
            assert_eq!((Kind::of(bytes), told.as_deref()), (kind, other));
        }
        case(b"\xff\xd8\xff\xe0", Some(Kind::Jpeg), None);
        case(b"\xef\xbb\xbf<?xml version='1.0'?><!-- a --><svg/>", Some(Kind::Svg), None);
        case(b"%PDF-1.7", None, Some("a PDF document"));
        case(b"\n<!DOCTYPE html><html>", None, Some("a web page"));
        case(b"PK\x03\x04", None, Some("a zip archive, such as a document or workbook"));
        case(b"\0\0\0\x18ftypheic", None, Some("a HEIC photo from a phone"));
        case(b"RIFF", None, None);
        case(b"", None, Some("an empty file"));
    }
}
