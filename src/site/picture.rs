//! The pictures that stand beside the texts: where each is published, and how large it is.
//!
//! Knows how files of pictures begin, not which text shows them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::asset::published_name;
use super::exif::{is_turned, tells_place};
use super::output::Artifact;
use super::permalink::{Permalink, percent_decode};
use crate::data::told_by_bytes;
use crate::source::{
    Failure, FileId, Files, Message, Report, Span, any_of, code, fingerprint, nearest, report_conflict, say,
};

/// A picture.
#[derive(Debug)]
pub struct Picture {
    /// Where it was read.
    pub file: FileId,
    /// Where it is published.
    pub permalink: Permalink,
    /// Width and height in pixels, where its first bytes tell them.
    pub size: Option<(u32, u32)>,
    bytes: Vec<u8>,
}

/// What a picture is, by its bytes.
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

    fn name(self) -> &'static str {
        match self {
            Kind::Png => "PNG",
            Kind::Jpeg => "JPEG",
            Kind::Webp => "WebP",
            Kind::Gif => "GIF",
            Kind::Svg => "SVG",
        }
    }

    fn endings(self) -> &'static [&'static str] {
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
fn other_kind(bytes: &[u8]) -> Option<Message> {
    match bytes {
        [] => Some(say!("an empty file")),
        [_, _, _, _, b'f', b't', b'y', b'p', b'a', b'v', b'i', ..] => {
            Some(say!("a picture in the format AVIF"))
        }
        [_, _, _, _, b'f', b't', b'y', b'p', b'h' | b'm', b'e' | b'i', ..] => {
            Some(say!("a photo in the format HEIC, as telephones make them"))
        }
        [b'I', b'I', b'*', 0, ..] | [b'M', b'M', 0, b'*', ..] => Some(say!("a picture in the format TIFF")),
        [b'B', b'M', ..] => Some(say!("a picture in the format BMP")),
        bytes => told_by_bytes(bytes),
    }
}

/// Pictures by their path below the folder of the texts, from `/`: `/activities/hall.png`.
#[derive(Clone, Debug, Default)]
pub struct Pictures(BTreeMap<String, Arc<Picture>>);

/// The endings that the names of pictures have.
pub fn endings() -> impl Iterator<Item = &'static str> {
    Kind::ALL.into_iter().flat_map(Kind::endings).copied()
}

/// Whether a name is that of a picture that browsers show.
pub fn is_picture(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    endings().any(|ending| path.ends_with(ending))
}

impl Picture {
    /// Reads a picture that is to be published below `assets/` under a name. None if no file can have it.
    pub fn read(
        report: &mut Report,
        files: &Files,
        file: FileId,
        name: &str,
    ) -> Result<Option<Arc<Picture>>, Failure> {
        let bytes = files.read(file)?;
        if let Ok(text) = std::str::from_utf8(&bytes) {
            files.keep_text(file, text);
            report_conflict(report, file, text, 0);
        }
        match Permalink::new(published_name(name, &bytes)) {
            Ok(permalink) => Ok(Some(Arc::new(Picture { file, permalink, size: size(&bytes), bytes }))),
            Err(why) => {
                report.error(code::ASSET, Span::whole(file), why).hint(say!("rename the file"));
                Ok(None)
            }
        }
    }

    /// Reports what is wrong with a picture that is published: it is none, or another than its name says, or it tells
    /// where it was taken. Its path is that below the folder of the texts.
    pub fn check(&self, report: &mut Report, path: &str) {
        let span = Span::whole(self.file);
        let Some(kind) = Kind::of(&self.bytes) else {
            let message = match other_kind(&self.bytes) {
                Some(what) => say!("`{path}` is no picture that browsers show, but {what}", path, what),
                None => say!("`{path}` is no picture that browsers show", path),
            };
            report.error(code::PICTURE_FORMAT, span, message).hint(say!(
                "open it in a program for pictures, and save it as PNG, JPEG or WebP; another name alone does not change what it is"
            ));
            return;
        };
        let name = path.to_ascii_lowercase();
        if !kind.endings().iter().any(|ending| name.ends_with(ending)) {
            report
                .warning(
                    code::PICTURE_FORMAT,
                    span,
                    say!("`{path}` is a picture in the format {kind}", path, kind = kind.name()),
                )
                .hint(say!(
                    "let its name end with {endings}, here and on the pages that show it",
                    endings = any_of(kind.endings())
                ));
        }
        if tells_place(&self.bytes) {
            report
                .warning(code::PICTURE_PLACE, span, say!("`{path}` tells where it was taken", path))
                .hint(say!(
                    "everybody can read it there: save the picture without its location, and put that file in its place; `jinbang explain picture-place` says how"
                ));
        }
    }

    /// The file, to be published.
    pub fn artifact(&self) -> Artifact<'_> {
        Artifact::bytes(self.permalink.clone(), self.bytes.as_slice())
    }
}

impl Pictures {
    /// Takes a picture in.
    pub fn insert(&mut self, path: String, picture: Arc<Picture>) {
        self.0.insert(path, picture);
    }

    /// The picture at a path as it stands in a text, which may have letters as `%` and two digits.
    pub fn find(&self, path: &str) -> Option<(&str, &Picture)> {
        let entry = self.0.get_key_value(path).or_else(|| self.0.get_key_value(&percent_decode(path)?));
        entry.map(|(path, picture)| (path.as_str(), picture.as_ref()))
    }

    /// The path that was most likely meant: of a file of the same name elsewhere, else the nearest.
    pub fn meant(&self, path: &str) -> Option<&str> {
        let name_of = |path: &str| path.rsplit('/').next().unwrap_or_default().to_lowercase();
        let mut paths = self.0.keys().map(String::as_str);
        let elsewhere = paths.clone().find(|known| name_of(known) == name_of(path));
        elsewhere.or_else(|| nearest(path, &mut paths))
    }

    /// All pictures with their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Picture)> {
        self.0.iter().map(|(path, picture)| (path.as_str(), picture.as_ref()))
    }

    /// A number that differs where what a text shows of them differs.
    pub fn print(&self) -> u64 {
        let shown = self.iter().map(|(path, picture)| (path, &picture.permalink, picture.size));
        fingerprint(&shown.collect::<Vec<_>>())
    }
}

/// Width and height of a picture, told by its first bytes whatever its name says.
fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let read = match Kind::of(bytes)? {
        Kind::Png => Some((number(bytes, 16, 4)?, number(bytes, 20, 4)?)),
        Kind::Gif => Some((little(bytes, 6, 2)?, little(bytes, 8, 2)?)),
        Kind::Jpeg => jpeg_size(bytes),
        Kind::Webp => webp_size(bytes),
        Kind::Svg => None,
    };
    read.filter(|&(width, height)| width > 0 && height > 0)
}

/// A number of so many bytes, the highest first.
pub(super) fn number(bytes: &[u8], at: usize, length: usize) -> Option<u32> {
    Some(bytes.get(at..at + length)?.iter().fold(0, |number, &byte| number << 8 | u32::from(byte)))
}

/// A number of so many bytes, the lowest first.
pub(super) fn little(bytes: &[u8], at: usize, length: usize) -> Option<u32> {
    Some(bytes.get(at..at + length)?.iter().rev().fold(0, |number, &byte| number << 8 | u32::from(byte)))
}

fn jpeg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    // The frame, of whatever coding; the three others in this range are tables.
    let is_frame = |marker: u8| matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc);
    let (_, frame) = jpeg_segments(bytes).find(|(marker, _)| is_frame(*marker))?;
    let (height, width) = (number(frame, 1, 2)?, number(frame, 3, 2)?);
    Some(if is_turned(bytes) { (height, width) } else { (width, height) })
}

/// The segments of a JPEG before its pixels, by their markers.
pub(super) fn jpeg_segments(bytes: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut at = 2;
    std::iter::from_fn(move || {
        // Any number of 0xFF may stand before a marker.
        while bytes.get(at..at + 2)? == [0xff, 0xff] {
            at += 1;
        }
        let (0xff, marker) = (*bytes.get(at)?, *bytes.get(at + 1)?) else { return None };
        if matches!(marker, 0xd9 | 0xda) {
            return None;
        }
        let length = number(bytes, at + 2, 2)?.max(2) as usize;
        let segment = bytes.get(at + 4..at + 2 + length)?;
        at += 2 + length;
        Some((marker, segment))
    })
}

fn webp_size(bytes: &[u8]) -> Option<(u32, u32)> {
    match bytes.get(12..16)? {
        b"VP8 " => Some((little(bytes, 26, 2)? & 0x3fff, little(bytes, 28, 2)? & 0x3fff)),
        b"VP8L" => {
            let packed = little(bytes, 21, 4)?;
            Some(((packed & 0x3fff) + 1, (packed >> 14 & 0x3fff) + 1))
        }
        b"VP8X" => Some((little(bytes, 24, 3)? + 1, little(bytes, 27, 3)? + 1)),
        _ => None,
    }
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
        case(b"PK\x03\x04", None, Some("a zip package, such as a document or a workbook"));
        case(b"\0\0\0\x18ftypheic", None, Some("a photo in the format HEIC, as telephones make them"));
        case(b"RIFF", None, None);
        case(b"", None, Some("an empty file"));
    }

    #[test]
    fn sizes_are_told_by_the_first_bytes() {
        #[track_caller]
        fn case(parts: &[&[u8]], expected: Option<(u32, u32)>) {
            let bytes = parts.concat();
            assert_eq!(size(&bytes), expected);
            // Cut off anywhere it has the same size or none.
            for end in 0..bytes.len() {
                assert!(size(&bytes[..end]).is_none_or(|size| Some(size) == expected));
            }
        }
        case(&[b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", &[0, 0, 4, 176, 0, 0, 2, 118]], Some((1200, 630)));
        case(&[b"GIF89a", &[0x40, 1, 0xf0, 0]], Some((320, 240)));
        let frame: &[u8] = &[0xff, 0xc2, 0, 11, 8, 1, 0, 2, 0, 1, 1, 0x11, 0];
        case(&[&[0xff, 0xd8, 0xff, 0xe0, 0, 4, 9, 9, 0xff], frame], Some((512, 256)));
        let orientation =
            |turn: u8| [b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".as_slice(), &[turn]].concat();
        for (turn, expected) in [(1, (512, 256)), (6, (256, 512))] {
            let exif: &[u8] = &[b"Exif\0\0".as_slice(), &orientation(turn), b"\0\0"].concat();
            let length = u8::try_from(exif.len() + 2).unwrap();
            assert_eq!(size(&[&[0xff, 0xd8, 0xff, 0xe1, 0, length], exif, frame].concat()), Some(expected));
        }
        case(&[b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a", &[0x40, 1, 0xf0, 0]], Some((320, 240)));
        case(&[b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f", &[0x3f, 0xc1, 0x3b, 0]], Some((320, 240)));
        case(&[b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0", &[0x3f, 1, 0, 0xef, 0, 0]], Some((320, 240)));
        case(&[b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>"], None);
        case(&[&[0xff, 0xd8, 0xff, 0xe0, 0, 0, 0xff, 0xd9]], None);
    }
}
