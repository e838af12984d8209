//! What is published of a picture: its pixels in the widths that pages show, and nothing that is noted beside them.
//!
//! The same file makes the same bytes on every machine: points are unpacked without instructions that only some
//! processors have, and the filter that makes a picture smaller (Catmull-Rom) needs no function that systems compute
//! differently, as Lanczos does with its sine. `image` would also write JPEG, but 20 to 26 % larger than `jpeg-encoder`
//! 0.7 does at the same quality, and in twice the time (4000 × 3000 to 1600: 397 KB in 69 ms, 319 KB in 39 ms).
//!
//! No WebP and no AVIF: `image` writes WebP without loss only, which is larger than JPEG for photos, and an encoder of
//! AVIF doubles the time of a clean build.

use std::io::Cursor;

use exif::{Exif, In, Tag};
use image::codecs::png::{CompressionType, FilterType as PngFilter, PngDecoder, PngEncoder};
use image::imageops::{FilterType, resize};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageEncoder, Limits, Rgba, RgbaImage};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::drawing::drawing;
use super::kind::Kind;
use super::refusal::{MOST_PIXELS, Refusal};
use super::stripped::{self, Stripped};

/// The widths that are made of larger pictures: a phone, a column of text, a column on a fine screen. The last is the
/// largest that is published.
const WIDTHS: [u32; 3] = [480, 960, 1920];

/// Photos look the same at this quality; from about 85 on only the files grow.
const QUALITY: u8 = 80;

/// A picture in one width.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Rendition {
    /// Width and height in pixels; drawings have none.
    pub(super) size: Option<(u32, u32)>,
    pub(super) bytes: Vec<u8>,
}

/// What is published of a picture, the narrowest first.
pub(super) fn renditions(bytes: &[u8]) -> Result<Vec<Rendition>, Refusal> {
    let kind = Kind::of(bytes).ok_or_else(|| Refusal::no_picture(bytes))?;
    let (width, height) = match kind {
        Kind::Svg => return Ok(vec![Rendition { size: None, bytes: drawing(bytes)? }]),
        _ => stored_size(bytes).ok_or(Refusal::Cut)?,
    };
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(Refusal::Huge(width, height));
    }
    let exif = exif(bytes);
    let turn = exif.as_ref().map_or(Orientation::NoTransforms, turn);
    let one = |bytes| Ok(vec![Rendition { size: Some((width, height)), bytes }]);
    match kind {
        Kind::Gif => one(stripped::gif(bytes)?),
        Kind::Webp if turn != Orientation::NoTransforms => Err(Refusal::Turned),
        Kind::Webp => one(stripped::webp(bytes)?),
        Kind::Jpeg => {
            let stripped = stripped::jpeg(bytes)?;
            let pixels = unpacked_jpeg(&stripped.bytes)?;
            Ok(in_widths(stripped, pixels, turn, packed_jpeg))
        }
        Kind::Png => {
            let mut stripped = stripped::png(bytes)?;
            if stripped.is_animated {
                return one(stripped.bytes);
            }
            let (pixels, profile) = unpacked_png(&stripped.bytes)?;
            stripped.profile = profile;
            Ok(in_widths(stripped, pixels, turn, packed_png))
        }
        Kind::Svg => unreachable!("drawings have no pixels"),
    }
}

/// Makes the widths of a picture that is larger than they are. Its own pixels stay as they are where they fit, unless
/// packing them anew saves a quarter.
fn in_widths(
    stripped: Stripped,
    mut pixels: DynamicImage,
    turn: Orientation,
    pack: fn(&DynamicImage, Option<&[u8]>) -> Vec<u8>,
) -> Vec<Rendition> {
    let Stripped { bytes, profile, .. } = stripped;
    let profile = profile.as_deref();
    pixels.apply_orientation(turn);
    let own = pixels.width();
    let rendition =
        |pixels: &DynamicImage, bytes| Rendition { size: Some((pixels.width(), pixels.height())), bytes };
    let largest = WIDTHS[WIDTHS.len() - 1];
    let mut made = Vec::new();
    if own > largest {
        pixels = narrower(&pixels, largest);
        made.push(rendition(&pixels, pack(&pixels, profile)));
    } else {
        let anew = pack(&pixels, profile);
        let keeps = turn == Orientation::NoTransforms && anew.len() * 4 > bytes.len() * 3;
        made.push(rendition(&pixels, if keeps { bytes } else { anew }));
    }
    for width in WIDTHS.into_iter().rev() {
        // One that is nearly as wide saves nothing.
        if width * 3 > pixels.width() * 2 {
            continue;
        }
        pixels = narrower(&pixels, width);
        let narrow = rendition(&pixels, pack(&pixels, profile));
        // A drawing of few colours can grow when its edges are smoothed.
        if made.last().is_some_and(|wider| narrow.bytes.len() < wider.bytes.len()) {
            made.push(narrow);
        }
    }
    made.reverse();
    made
}

fn narrower(pixels: &DynamicImage, width: u32) -> DynamicImage {
    let height = u64::from(pixels.height()) * u64::from(width) + u64::from(pixels.width()) / 2;
    let height = u32::try_from(height / u64::from(pixels.width())).expect("it is lower than before").max(1);
    match pixels {
        DynamicImage::ImageLuma8(pixels) => resize(pixels, width, height, FilterType::CatmullRom).into(),
        DynamicImage::ImageRgba8(pixels) => {
            // The colour of what cannot be seen does not count.
            let weighed = resize(&each(pixels, weigh), width, height, FilterType::CatmullRom);
            each(&weighed, unweigh).into()
        }
        pixels => resize(&pixels.to_rgb8(), width, height, FilterType::CatmullRom).into(),
    }
}

fn each(pixels: &RgbaImage, change: fn(u16, u16) -> u16) -> RgbaImage {
    let mut changed = pixels.clone();
    for Rgba([red, green, blue, alpha]) in changed.pixels_mut() {
        for colour in [red, green, blue] {
            let value = change(u16::from(*colour), u16::from(*alpha));
            *colour = u8::try_from(value.min(255)).expect("at most 255");
        }
    }
    changed
}

fn weigh(colour: u16, alpha: u16) -> u16 {
    (colour * alpha + 127) / 255
}

fn unweigh(colour: u16, alpha: u16) -> u16 {
    (colour * 255 + alpha / 2).checked_div(alpha).unwrap_or_default()
}

fn unpacked_jpeg(bytes: &[u8]) -> Result<DynamicImage, Refusal> {
    let most = usize::from(u16::MAX);
    let options = DecoderOptions::default()
        // Not about safety: it chooses instructions by the processor.
        .set_use_unsafe(false)
        .set_max_width(most)
        .set_max_height(most)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    let points = decoder.decode().map_err(|_| Refusal::Damaged)?;
    let (width, height) = decoder.dimensions().ok_or(Refusal::Damaged)?;
    let side = |side: usize| u32::try_from(side).expect("a side has sixteen bits");
    let pixels = image::RgbImage::from_raw(side(width), side(height), points).ok_or(Refusal::Damaged)?;
    Ok(pixels.into())
}

fn unpacked_png(bytes: &[u8]) -> Result<(DynamicImage, Option<Vec<u8>>), Refusal> {
    let damaged = |_| Refusal::Damaged;
    // The number of its pixels was looked at before.
    let mut decoder = PngDecoder::with_limits(Cursor::new(bytes), Limits::no_limits()).map_err(damaged)?;
    let profile = decoder.icc_profile().map_err(damaged)?;
    let pixels = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    let colours = pixels.color();
    let pixels = match (colours.has_alpha(), colours.has_color()) {
        (true, _) => pixels.into_rgba8().into(),
        (false, true) => pixels.into_rgb8().into(),
        (false, false) => pixels.into_luma8().into(),
    };
    Ok((pixels, profile))
}

fn packed_jpeg(pixels: &DynamicImage, profile: Option<&[u8]>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, QUALITY);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.set_progressive(true);
    encoder.set_optimized_huffman_tables(true);
    if let Some(profile) = profile {
        // One that is too long for a JPEG file came from none.
        let _ = encoder.add_icc_profile(profile);
    }
    let side = |side: u32| u16::try_from(side).expect("it came from a JPEG file, or is narrower");
    let (width, height) = (side(pixels.width()), side(pixels.height()));
    encoder.encode(&pixels.to_rgb8(), width, height, ColorType::Rgb).expect("memory takes everything");
    bytes
}

fn packed_png(pixels: &DynamicImage, profile: Option<&[u8]>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, PngFilter::Adaptive);
    if let Some(profile) = profile {
        encoder.set_icc_profile(profile.to_vec()).expect("PNG files have profiles");
    }
    encoder
        .write_image(pixels.as_bytes(), pixels.width(), pixels.height(), pixels.color().into())
        .expect("memory takes everything");
    bytes
}

/// Width and height as they are stored, told by the first bytes.
fn stored_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let size = imagesize::blob_size(bytes).ok()?;
    let (width, height) = (u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?);
    Some((width, height)).filter(|&(width, height)| width > 0 && height > 0)
}

/// What the camera noted in a picture.
fn exif(picture: &[u8]) -> Option<Exif> {
    let read = exif::Reader::new().continue_on_error(true).read_from_container(&mut Cursor::new(picture));
    // What can be read of a damaged block still tells something.
    read.or_else(|error| error.distill_partial_result(|_| {})).ok()
}

/// How the camera was held: browsers turn such a picture.
fn turn(exif: &Exif) -> Orientation {
    let turn = exif.get_field(Tag::Orientation, In::PRIMARY).and_then(|field| field.value.get_uint(0));
    let turn = turn.and_then(|turn| Orientation::from_exif(u8::try_from(turn).ok()?));
    turn.unwrap_or(Orientation::NoTransforms)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A photo: smooth, with fine grain.
    fn photo(width: u32, height: u32) -> DynamicImage {
        let mut grain = 1_u32;
        let pixels = image::RgbImage::from_fn(width, height, |x, y| {
            grain = grain.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let shade = |part: u32| u8::try_from((part + (grain >> 28)) % 256).unwrap();
            image::Rgb([shade(x * 200 / width), shade(y * 200 / height), shade(90)])
        });
        pixels.into()
    }

    fn sizes(made: &[Rendition]) -> Vec<(u32, u32)> {
        made.iter().map(|made| made.size.unwrap()).collect()
    }

    /// A JPEG file with segments behind its beginning, and something behind its end.
    fn noted(jpeg: &[u8], segments: &[(u8, &[u8])]) -> Vec<u8> {
        let mut noted = jpeg[..2].to_vec();
        for (marker, content) in segments {
            noted.extend([0xff, *marker]);
            noted.extend(u16::try_from(content.len() + 2).unwrap().to_be_bytes());
            noted.extend(*content);
        }
        noted.extend(&jpeg[2..]);
        noted.extend(b"GPS behind the end");
        noted
    }

    /// What a camera notes that was held so.
    fn held(turn: u8) -> Vec<u8> {
        [b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".as_slice(), &[turn, 0, 0], b"GPS"]
            .concat()
    }

    fn holds(bytes: &[u8], words: &[u8]) -> bool {
        memchr::memmem::find(bytes, words).is_some()
    }

    #[test]
    fn large_pictures_get_narrower_and_small_ones_stay_one_file() {
        for (own, expected) in [
            ((2400, 120), vec![(480, 24), (960, 48), (1920, 96)]),
            ((1000, 500), vec![(480, 240), (1000, 500)]),
            ((600, 30), vec![(600, 30)]),
            ((4, 3), vec![(4, 3)]),
        ] {
            let jpeg = renditions(&packed_jpeg(&photo(own.0, own.1), None)).unwrap();
            assert_eq!(sizes(&jpeg), expected);
            assert!(jpeg.iter().all(|made| Kind::of(&made.bytes) == Some(Kind::Jpeg)));
            assert!(jpeg.is_sorted_by_key(|made| made.bytes.len()));
        }
        let png = renditions(&packed_png(&photo(1000, 500), None)).unwrap();
        assert_eq!(sizes(&png), [(480, 240), (1000, 500)]);
        // Bars of two colours pack so well that a narrower picture, whose edges are smoothed, is larger.
        let bars = image::GrayImage::from_fn(1000, 500, |x, _| {
            image::Luma([if x.wrapping_mul(x * 40_503) & 128 == 0 { 0 } else { 255 }])
        });
        assert_eq!(sizes(&renditions(&packed_png(&bars.into(), None)).unwrap()), [(1000, 500)]);
    }

    #[test]
    fn what_is_noted_in_a_picture_is_not_published() {
        let plain = packed_jpeg(&photo(40, 30), None);
        let jpeg =
            noted(&plain, &[(0xe1, &held(1)), (0xe1, b"http://ns.adobe.com/xap/1.0/\0GPS"), (0xfe, b"GPS")]);
        assert_eq!(renditions(&jpeg).unwrap()[0].bytes, plain);
        // Lying on its side it is turned by a quarter, and then needs no note.
        let turned = renditions(&noted(&plain, &[(0xe1, &held(6))])).unwrap();
        assert_eq!(sizes(&turned), [(30, 40)]);
        assert!(!holds(&turned[0].bytes, b"GPS") && !holds(&turned[0].bytes, b"Exif"));
        let plain = packed_png(&photo(40, 30), None);
        let text = [0, 0, 0, 3, b't', b'E', b'X', b't', b'G', b'P', b'S', 0, 0, 0, 0];
        let png = [&plain[..33], text.as_slice(), &plain[33..], b"GPS"].concat();
        assert_eq!(renditions(&png).unwrap()[0].bytes, plain);
        let head = b"GIF89a\x04\0\x03\0\0\0\0";
        let frame = b"\x2c\0\0\0\0\x04\0\x03\0\0\x02\x02\x44\x01\0\x3b";
        let gif = [head.as_slice(), b"\x21\xfe\x03GPS\0", frame, b"GPS"].concat();
        assert_eq!(renditions(&gif).unwrap()[0].bytes, [head.as_slice(), frame].concat());
        let webp = |chunks: &[u8]| {
            [b"RIFF", u32::try_from(chunks.len() + 4).unwrap().to_le_bytes().as_slice(), b"WEBP", chunks]
                .concat()
        };
        let shown =
            |flags: u8| [b"VP8X\x0a\0\0\0", [flags].as_slice(), &[0, 0, 0, 3, 0, 0, 2, 0, 0]].concat();
        let noted = [shown(0b1100), b"XMP \x03\0\0\0GPS\0".to_vec()].concat();
        assert_eq!(renditions(&webp(&noted)).unwrap()[0].bytes, webp(&shown(0)));
    }

    #[test]
    fn a_colour_profile_stays_with_every_width() {
        let profile = [[0; 16].as_slice(), b"RGB ", &[0; 120]].concat();
        for pack in [packed_jpeg, packed_png] {
            let made = renditions(&pack(&photo(1000, 500), Some(&profile))).unwrap();
            assert_eq!(made.len(), 2);
            for made in made {
                let read = match Kind::of(&made.bytes) {
                    Some(Kind::Jpeg) => stripped::jpeg(&made.bytes).unwrap().profile,
                    _ => unpacked_png(&made.bytes).unwrap().1,
                };
                assert_eq!(read.as_deref(), Some(profile.as_slice()));
            }
        }
    }

    #[test]
    fn a_file_that_is_cut_or_damaged_is_refused() {
        let files = [packed_jpeg(&photo(30, 20), None), packed_png(&photo(30, 20), None)];
        for file in files {
            for end in 4..file.len() {
                assert!(renditions(&file[..end]).is_err(), "cut at {end} of {}", file.len());
            }
        }
        let mut png = packed_png(&photo(30, 20), None);
        png[60] ^= 1;
        assert_eq!(renditions(&png), Err(Refusal::Damaged));
    }

    #[test]
    fn a_picture_with_too_many_pixels_is_not_unpacked() {
        let mut png = packed_png(&photo(3, 2), None);
        png[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]);
        assert_eq!(renditions(&png), Err(Refusal::Huge(65535, 65535)));
    }

    #[test]
    fn the_colour_of_what_cannot_be_seen_does_not_show() {
        // A red square beside points that are green and transparent.
        let pixels =
            RgbaImage::from_fn(
                960,
                4,
                |x, _| if x < 481 { Rgba([255, 0, 0, 255]) } else { Rgba([0, 255, 0, 0]) },
            );
        let small = narrower(&pixels.into(), 480).into_rgba8();
        assert!(
            small.pixels().all(|Rgba([red, green, _, alpha])| *alpha == 0 || (*red == 255 && *green == 0))
        );
    }
}
