//! The pictures that stand beside the texts: where each is published, and how large it is.
//!
//! Knows what the bytes of pictures tell, not which text shows them.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::Arc;

use exif::{Exif, In, Tag};

use super::asset::published_name;
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
enum Kind {
    Png,
    Jpeg,
    Webp,
    Gif,
    Svg,
}

impl Kind {
    const ALL: [Kind; 5] = [Kind::Png, Kind::Jpeg, Kind::Webp, Kind::Gif, Kind::Svg];

    fn of(bytes: &[u8]) -> Option<Kind> {
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
        [_, _, _, _, b'f', b't', b'y', b'p', b'a', b'v', b'i', ..] => Some(say!("an AVIF picture")),
        [_, _, _, _, b'f', b't', b'y', b'p', b'h' | b'm', b'e' | b'i', ..] => {
            Some(say!("a HEIC photo from a phone"))
        }
        [b'I', b'I', b'*', 0, ..] | [b'M', b'M', 0, b'*', ..] => Some(say!("a TIFF picture")),
        [b'B', b'M', ..] => Some(say!("a BMP picture")),
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
                Some(what) => {
                    say!("`{path}` is not a picture that browsers can show, but {what}", path, what)
                }
                None => say!("`{path}` is not a picture that browsers can show", path),
            };
            report.error(code::PICTURE_FORMAT, span, message).hint(say!(
                "open it in an image editor, and save it as PNG, JPEG or WebP; renaming the file does not convert it"
            ));
            return;
        };
        let name = path.to_ascii_lowercase();
        if !kind.endings().iter().any(|ending| name.ends_with(ending)) {
            report
                .warning(
                    code::PICTURE_FORMAT,
                    span,
                    say!("`{path}` is a {kind} picture", path, kind = kind.name()),
                )
                .hint(say!(
                    "change its extension to {endings}, also on the pages that show it",
                    endings = any_of(kind.endings())
                ));
        }
        if tells_place(&self.bytes) {
            report
                .warning(code::PICTURE_PLACE, span, say!("`{path}` contains the place where it was taken", path))
                .hint(say!(
                    "anyone could read it: save the picture without its location, and replace the file; `jinbang explain picture-place` describes how"
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

/// Width and height of a picture as browsers show it, told by its bytes whatever its name says.
fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let kind = Kind::of(bytes).filter(|kind| *kind != Kind::Svg)?;
    let size = imagesize::blob_size(bytes).ok()?;
    let (width, height) = (u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?);
    let is_turned = kind == Kind::Jpeg && exif(bytes).is_some_and(|exif| is_turned(&exif));
    let shown = if is_turned { (height, width) } else { (width, height) };
    Some(shown).filter(|&(width, height)| width > 0 && height > 0)
}

/// What the camera noted in a picture.
fn exif(picture: &[u8]) -> Option<Exif> {
    let read = exif::Reader::new().continue_on_error(true).read_from_container(&mut Cursor::new(picture));
    // What can be read of a damaged block still tells something.
    read.or_else(|error| error.distill_partial_result(|_| {})).ok()
}

/// Whether the camera was not held upright: browsers turn such a picture by a quarter.
fn is_turned(exif: &Exif) -> bool {
    let turn = exif.get_field(Tag::Orientation, In::PRIMARY).and_then(|field| field.value.get_uint(0));
    turn.is_some_and(|turn| (5..=8).contains(&turn))
}

/// Whether it is noted where the picture was taken, by the camera (Exif) or by a program (XMP, which is plain text).
fn tells_place(picture: &[u8]) -> bool {
    exif(picture).is_some_and(|exif| exif.get_field(Tag::GPSLatitude, In::PRIMARY).is_some())
        || memchr::memmem::find(picture, b"GPSLatitude").is_some()
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
        case(&[b"GIF89a", &[0x40, 1, 0xf0, 0, 0, 0, 0]], Some((320, 240)));
        let frame: &[u8] = &[0xff, 0xc2, 0, 11, 8, 1, 0, 2, 0, 1, 1, 0x11, 0];
        case(&[&[0xff, 0xd8, 0xff, 0xe0, 0, 4, 9, 9], frame], Some((512, 256)));
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

    /// A block of Exif with a latitude, or with a directory of places that has none.
    fn block(is_placed: bool) -> Vec<u8> {
        let tag: u8 = if is_placed { 2 } else { 0 };
        let first = b"MM\0\x2a\0\0\0\x08\0\x01\x88\x25\0\x04\0\0\0\x01\0\0\0\x1a\0\0\0\0";
        [first.as_slice(), &[0, 1, 0, tag, 0, 5, 0, 0, 0, 3, 0, 0, 0, 0]].concat()
    }

    #[test]
    fn a_place_is_found_in_every_kind_of_picture() {
        for is_placed in [true, false] {
            let exif = block(is_placed);
            let length = |more: usize| u8::try_from(exif.len() + more).unwrap();
            let jpeg = [&[0xff, 0xd8, 0xff, 0xe1, 0, length(8)], b"Exif\0\0".as_slice(), &exif].concat();
            let png = [b"\x89PNG\r\n\x1a\n\0\0\0".as_slice(), &[length(0)], b"eXIf", &exif, b"crc."].concat();
            let webp =
                [b"RIFF", &[length(12), 0, 0, 0], b"WEBPEXIF".as_slice(), &[length(0), 0, 0, 0], &exif]
                    .concat();
            for picture in [jpeg, png, webp] {
                assert_eq!(tells_place(&picture), is_placed);
                // Cut off anywhere, nothing goes wrong.
                for end in 0..picture.len() {
                    tells_place(&picture[..end]);
                }
            }
        }
        let words = b"http://ns.adobe.com/xap/1.0/\0<x exif:GPSLatitude='23,6N'/>";
        let length = u8::try_from(words.len() + 2).unwrap();
        assert!(tells_place(&[&[0xff, 0xd8, 0xff, 0xe1, 0, length], words.as_slice()].concat()));
        assert!(!tells_place(b"GIF89a"));
    }
}
