//! The pictures that stand beside the texts: where each is published, and how large it is.
//!
//! Knows how files of pictures begin, not which text shows them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::asset::published_name;
use super::output::Artifact;
use super::permalink::{Permalink, percent_decode};
use crate::source::{Failure, FileId, Files, Report, Span, code, fingerprint, nearest, say};

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

/// Pictures by their path below the folder of the texts, from `/`: `/activities/hall.png`.
#[derive(Clone, Debug, Default)]
pub struct Pictures(BTreeMap<String, Arc<Picture>>);

/// The endings that the names of pictures have.
pub const ENDINGS: [&str; 6] = [".png", ".jpg", ".jpeg", ".webp", ".gif", ".svg"];

/// Whether a name is that of a picture that browsers show.
pub fn is_picture(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    ENDINGS.iter().any(|ending| path.ends_with(ending))
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
        match Permalink::new(published_name(name, &bytes)) {
            Ok(permalink) => Ok(Some(Arc::new(Picture { file, permalink, size: size(&bytes), bytes }))),
            Err(why) => {
                report.error(code::ASSET, Span::whole(file), why).hint(say!("rename the file"));
                Ok(None)
            }
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
    let read = match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some((number(bytes, 16, 4)?, number(bytes, 20, 4)?)),
        [b'G', b'I', b'F', b'8', ..] => Some((little(bytes, 6, 2)?, little(bytes, 8, 2)?)),
        [0xff, 0xd8, ..] => jpeg_size(bytes),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => webp_size(bytes),
        _ => None,
    };
    read.filter(|&(width, height)| width > 0 && height > 0)
}

/// A number of so many bytes, the highest first.
fn number(bytes: &[u8], at: usize, length: usize) -> Option<u32> {
    Some(bytes.get(at..at + length)?.iter().fold(0, |number, &byte| number << 8 | u32::from(byte)))
}

/// A number of so many bytes, the lowest first.
fn little(bytes: &[u8], at: usize, length: usize) -> Option<u32> {
    Some(bytes.get(at..at + length)?.iter().rev().fold(0, |number, &byte| number << 8 | u32::from(byte)))
}

fn jpeg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    let mut turned = false;
    loop {
        // Any number of 0xFF may stand before a marker.
        while bytes.get(at..at + 2)? == [0xff, 0xff] {
            at += 1;
        }
        let (0xff, marker) = (*bytes.get(at)?, *bytes.get(at + 1)?) else { return None };
        let length = number(bytes, at + 2, 2)? as usize;
        let segment = bytes.get(at + 4..at + 2 + length.max(2))?;
        match marker {
            // The frame, of whatever coding; the three others in this range are tables.
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                let (height, width) = (number(segment, 1, 2)?, number(segment, 3, 2)?);
                return Some(if turned { (height, width) } else { (width, height) });
            }
            0xe1 => turned |= is_turned(segment).unwrap_or_default(),
            0xd9 | 0xda => return None,
            _ => {}
        }
        at += 2 + length.max(2);
    }
}

/// Whether a camera noted that it was held upright: browsers turn such a picture by a quarter.
fn is_turned(exif: &[u8]) -> Option<bool> {
    const ORIENTATION: u32 = 0x0112;
    let tiff = exif.strip_prefix(b"Exif\0\0")?;
    let read = if tiff.starts_with(b"II") { little } else { number };
    let directory = read(tiff, 4, 4)? as usize;
    let entries = tiff.get(directory..)?;
    let count = read(entries, 0, 2)? as usize;
    let mut entries = entries[2..].chunks_exact(12).take(count);
    let entry = entries.find(|entry| read(entry, 0, 2) == Some(ORIENTATION))?;
    Some((5..=8).contains(&read(entry, 8, 2)?))
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
