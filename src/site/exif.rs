//! What a camera notes in a picture (Exif, XMP): how it was held, and where.

use super::picture::{Kind, jpeg_segments, little, number};

/// Whether it was held upright: browsers turn such a picture by a quarter.
pub(super) fn is_turned(picture: &[u8]) -> bool {
    const ORIENTATION: u32 = 0x0112;
    let turned =
        |tiff: Tiff<'_>| Some((5..=8).contains(&(tiff.read)(tiff.entry(tiff.first()?, ORIENTATION)?, 8, 2)?));
    exif(picture).and_then(Tiff::new).and_then(turned).unwrap_or_default()
}

/// Whether it is noted where the picture was taken.
pub(super) fn tells_place(picture: &[u8]) -> bool {
    const GPS: u32 = 0x8825;
    const LATITUDE: u32 = 2;
    let placed = |tiff: Tiff<'_>| {
        let directory = (tiff.read)(tiff.entry(tiff.first()?, GPS)?, 8, 4)? as usize;
        Some(tiff.entry(directory, LATITUDE).is_some())
    };
    exif(picture).and_then(Tiff::new).and_then(placed).unwrap_or_default()
        || xmp(picture).is_some_and(|xmp| memchr::memmem::find(xmp, b"GPSLatitude").is_some())
}

/// The block of Exif.
fn exif(picture: &[u8]) -> Option<&[u8]> {
    const MARK: &[u8] = b"Exif\0\0";
    let block = match Kind::of(picture)? {
        Kind::Jpeg => {
            jpeg_segments(picture).find(|(marker, block)| *marker == 0xe1 && block.starts_with(MARK))?.1
        }
        Kind::Png => png_chunks(picture).find(|(name, _)| name == b"eXIf")?.1,
        Kind::Webp => webp_chunks(picture).find(|(name, _)| name == b"EXIF")?.1,
        Kind::Gif | Kind::Svg => return None,
    };
    Some(block.strip_prefix(MARK).unwrap_or(block))
}

/// The block of XMP.
fn xmp(picture: &[u8]) -> Option<&[u8]> {
    const MARK: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
    match Kind::of(picture)? {
        Kind::Jpeg => jpeg_segments(picture).find_map(|(_, block)| block.strip_prefix(MARK)),
        Kind::Png => png_chunks(picture).find_map(|(name, block)| {
            (name == b"iTXt" && block.starts_with(b"XML:com.adobe.xmp")).then_some(block)
        }),
        Kind::Webp => Some(webp_chunks(picture).find(|(name, _)| name == b"XMP ")?.1),
        Kind::Gif | Kind::Svg => None,
    }
}

/// The chunks of a PNG by their names.
fn png_chunks(picture: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut at = 8;
    std::iter::from_fn(move || {
        let length = number(picture, at, 4)? as usize;
        let (name, block) =
            (picture.get(at + 4..at + 8)?, picture.get(at + 8..(at + 8).checked_add(length)?)?);
        at += 12 + length;
        Some((name, block))
    })
}

/// The chunks of a WebP by their names.
fn webp_chunks(picture: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut at = 12;
    std::iter::from_fn(move || {
        let length = little(picture, at + 4, 4)? as usize;
        let (name, block) = (picture.get(at..at + 4)?, picture.get(at + 8..(at + 8).checked_add(length)?)?);
        // A block of an odd length is filled up.
        at += 8 + length + length % 2;
        Some((name, block))
    })
}

/// A block of Exif, which is a small TIFF: directories of entries of twelve bytes.
#[derive(Clone, Copy)]
struct Tiff<'a> {
    bytes: &'a [u8],
    read: fn(&[u8], usize, usize) -> Option<u32>,
}

impl<'a> Tiff<'a> {
    fn new(bytes: &'a [u8]) -> Option<Tiff<'a>> {
        match bytes {
            [b'I', b'I', ..] => Some(Tiff { bytes, read: little }),
            [b'M', b'M', ..] => Some(Tiff { bytes, read: number }),
            _ => None,
        }
    }

    /// Where the first directory begins.
    fn first(self) -> Option<usize> {
        Some((self.read)(self.bytes, 4, 4)? as usize)
    }

    /// The entry of a tag in a directory.
    fn entry(self, directory: usize, tag: u32) -> Option<&'a [u8]> {
        let entries = self.bytes.get(directory..)?;
        let count = (self.read)(entries, 0, 2)? as usize;
        let mut entries = entries[2..].chunks_exact(12).take(count);
        entries.find(|entry| (self.read)(entry, 0, 2) == Some(tag))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            let webp = [b"RIFF\0\0\0\0WEBPEXIF".as_slice(), &[length(0), 0, 0, 0], &exif].concat();
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
