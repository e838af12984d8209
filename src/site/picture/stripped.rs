//! Pictures without what is not shown of them: what cameras, programs and people noted in the file.
//!
//! Only the parts of a file that are known to make up the picture are taken over, so a note of a kind that is not known
//! here does not come through either, nor what is appended behind the picture. Colour profiles stay: without theirs,
//! photos of today's phones are shown in wrong colours.

use super::refusal::Refusal;

/// A picture without its notes, and its colour profile.
#[derive(Debug)]
pub(super) struct Stripped {
    pub(super) bytes: Vec<u8>,
    /// The profile, where it is one that programs understand for red, green and blue.
    pub(super) profile: Option<Vec<u8>>,
    /// Whether it moves.
    pub(super) is_animated: bool,
}

/// Takes parts off the front of a file.
struct Parts<'b>(&'b [u8]);

impl<'b> Parts<'b> {
    fn take(&mut self, length: usize) -> Result<&'b [u8], Refusal> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(Refusal::Cut)?;
        self.0 = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, Refusal> {
        Ok(self.take(1)?[0])
    }

    fn number(&mut self) -> Result<[u8; 4], Refusal> {
        Ok(self.take(4)?.try_into().expect("four bytes were taken"))
    }
}

fn length(number: u32) -> usize {
    usize::try_from(number).expect("a pointer has 32 bits or more")
}

/// A profile for red, green and blue: the colours that are published.
fn profile_of_colours(profile: Vec<u8>) -> Option<Vec<u8>> {
    (profile.get(16..20) == Some(b"RGB ")).then_some(profile)
}

/// Segments of a JPEG file with tables and frames, JFIF, what Adobe says of its colours, and the colour profile.
pub(super) fn jpeg(bytes: &[u8]) -> Result<Stripped, Refusal> {
    const PROFILE: &[u8] = b"ICC_PROFILE\0";
    let mut parts = Parts(bytes);
    let mut kept = parts.take(2)?.to_vec();
    let mut profile = Vec::new();
    loop {
        let at = parts.0;
        if parts.byte()? != 0xff {
            return Err(Refusal::Damaged);
        }
        let mut marker = parts.byte()?;
        while marker == 0xff {
            marker = parts.byte()?;
        }
        match marker {
            0xd9 => {
                kept.extend([0xff, 0xd9]);
                break;
            }
            0x01 | 0xd0..=0xd8 => continue,
            _ => {}
        }
        let size = parts.take(2)?;
        let size = usize::from(u16::from_be_bytes([size[0], size[1]])).checked_sub(2);
        let segment = parts.take(size.ok_or(Refusal::Damaged)?)?;
        let is_profile = marker == 0xe2 && segment.starts_with(PROFILE);
        if is_profile {
            profile.extend(segment.get(PROFILE.len() + 2..).unwrap_or_default());
        }
        let is_known = match marker {
            0xe0 => segment.starts_with(b"JFIF\0"),
            0xee => segment.starts_with(b"Adobe"),
            0xe2 => is_profile,
            0xc0..=0xcf | 0xda..=0xdf => true,
            _ => false,
        };
        if is_known {
            kept.extend([0xff, marker]);
            kept.extend(u16::try_from(segment.len() + 2).expect("it was read so").to_be_bytes());
            // A small picture of the picture may follow the fourteen bytes of JFIF.
            match marker {
                0xe0 if segment.len() > 14 => {
                    let begin = kept.len() - 2;
                    kept.truncate(begin);
                    kept.extend([0, 16]);
                    kept.extend(&segment[..12]);
                    kept.extend([0, 0]);
                }
                _ => kept.extend(segment),
            }
        }
        if marker == 0xda {
            // The points run to the next marker that is none of theirs.
            let mut end = 0;
            loop {
                end += memchr::memchr(0xff, &parts.0[end..]).ok_or(Refusal::Cut)?;
                match parts.0.get(end + 1).ok_or(Refusal::Cut)? {
                    0x00 | 0xd0..=0xd7 => end += 2,
                    0xff => end += 1,
                    _ => break,
                }
            }
            kept.extend(parts.take(end)?);
        }
        debug_assert!(parts.0.len() < at.len(), "every part has a length");
    }
    let profile = Some(profile).filter(|profile| !profile.is_empty()).and_then(profile_of_colours);
    Ok(Stripped { bytes: kept, profile, is_animated: false })
}

/// Chunks of a PNG file with the points, the palette and the colours.
pub(super) fn png(bytes: &[u8]) -> Result<Stripped, Refusal> {
    let mut parts = Parts(bytes);
    let mut kept = parts.take(8)?.to_vec();
    let mut is_animated = false;
    loop {
        let whole = parts.0;
        let size = length(u32::from_be_bytes(parts.number()?));
        let kind = parts.number()?;
        parts.take(size)?;
        let sum = u32::from_be_bytes(parts.number()?);
        let chunk = &whole[..size + 12];
        let is_known = match &kind {
            b"IHDR" | b"PLTE" | b"IDAT" | b"IEND" | b"tRNS" => true,
            b"cHRM" | b"gAMA" | b"iCCP" | b"sBIT" | b"sRGB" | b"cICP" | b"bKGD" | b"pHYs" => true,
            b"acTL" | b"fcTL" | b"fdAT" => {
                is_animated = true;
                true
            }
            _ => false,
        };
        if is_known {
            if crc32fast::hash(&chunk[4..size + 8]) != sum {
                return Err(Refusal::Damaged);
            }
            kept.extend(chunk);
        }
        if &kind == b"IEND" {
            return Ok(Stripped { bytes: kept, profile: None, is_animated });
        }
    }
}

/// Blocks of a GIF file with pictures, and how often they are repeated.
pub(super) fn gif(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    fn colours(flags: u8) -> usize {
        if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
    }
    fn blocks(parts: &mut Parts<'_>) -> Result<(), Refusal> {
        loop {
            match parts.byte()? {
                0 => return Ok(()),
                size => parts.take(size.into())?,
            };
        }
    }
    let mut parts = Parts(bytes);
    let head = parts.take(13)?;
    parts.take(colours(head[10]))?;
    let mut kept = bytes[..bytes.len() - parts.0.len()].to_vec();
    loop {
        let whole = parts.0;
        let is_known = match parts.byte()? {
            0x3b => {
                kept.push(0x3b);
                return Ok(kept);
            }
            0x2c => {
                let frame = parts.take(9)?;
                parts.take(colours(frame[8]) + 1)?;
                blocks(&mut parts)?;
                true
            }
            0x21 => {
                let label = parts.byte()?;
                let first = parts.0;
                blocks(&mut parts)?;
                let repeats = first.starts_with(b"\x0bNETSCAPE2.0") || first.starts_with(b"\x0bANIMEXTS1.0");
                label == 0xf9 || (label == 0xff && repeats)
            }
            _ => return Err(Refusal::Damaged),
        };
        if is_known {
            kept.extend(&whole[..whole.len() - parts.0.len()]);
        }
    }
}

/// Chunks of a WebP file with pictures, how they move, and the colour profile.
pub(super) fn webp(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    const EXIF_AND_XMP: u8 = 0b1100;
    let mut parts = Parts(bytes);
    parts.take(4)?;
    let size = length(u32::from_le_bytes(parts.number()?));
    let mut parts = Parts(parts.take(size)?);
    parts.take(4)?;
    let mut chunks = Vec::new();
    while !parts.0.is_empty() {
        let kind = parts.number()?;
        let size = parts.number()?;
        let content = parts.take(length(u32::from_le_bytes(size)))?;
        // An odd length is filled up; the last chunk may do without.
        let _ = parts.take(content.len() % 2);
        if matches!(&kind, b"VP8 " | b"VP8L" | b"VP8X" | b"ALPH" | b"ANIM" | b"ANMF" | b"ICCP") {
            chunks.extend(kind);
            chunks.extend(size);
            let begin = chunks.len();
            chunks.extend(content);
            if &kind == b"VP8X" {
                *chunks.get_mut(begin).ok_or(Refusal::Damaged)? &= !EXIF_AND_XMP;
            }
            chunks.resize(chunks.len() + content.len() % 2, 0);
        }
    }
    let size = u32::try_from(chunks.len() + 4).map_err(|_| Refusal::Damaged)?;
    Ok([b"RIFF", size.to_le_bytes().as_slice(), b"WEBP", &chunks].concat())
}
