//! Cards: pictures that other sites show beside a link, with text set in a font of the theme.
//!
//! What the cards of one kind have in common is drawn once. The bytes depend on the texts and the font
//! alone.

use std::collections::BTreeSet;

use ab_glyph::{Font, FontVec, ScaleFont, point};
use flate2::{Compress, Compression, FlushCompress, Status};
use unicode_normalization::char::is_combining_mark;

use crate::lang::{is_leftward, line_pieces};
use crate::source::fingerprint;

/// Width of a card, in pixels.
pub const WIDTH: usize = 1200;
/// Height of a card, in pixels.
pub const HEIGHT: usize = 630;

/// Red, green and blue.
pub type Colour = [u8; 3];

const PAPER: Colour = [0xfb, 0xf9, 0xf4];
const INK: Colour = [0x1d, 0x1b, 0x18];
const FAINT: Colour = [0x57, 0x52, 0x4a];
const RED: Colour = [0xa3, 0x20, 0x1b];

/// How dark a pixel may be, from paper to full colour.
const LEVELS: u8 = 8;
/// The widest that text is set.
const MEASURE: f32 = 1040.0;
/// What stands for a character that the font lacks, as in Chinese proofs.
const GETA: char = '〓';

/// A colour of the card: its place among the colours of the palette.
#[derive(Clone, Copy)]
enum Tint {
    Ink,
    Faint,
    Red,
    Accent,
}

/// The font of a theme's cards.
pub struct CardFont {
    font: FontVec,
    /// Stands for the bytes of the file.
    print: u64,
}

impl CardFont {
    /// The font in an OpenType or TrueType file; `None` where the bytes are not such a file.
    pub fn new(bytes: Vec<u8>) -> Option<CardFont> {
        let print = fingerprint(&bytes);
        FontVec::try_from_vec(bytes).ok().map(|font| CardFont { font, print })
    }

    /// A number that stands for what the cards of a kind have in common: with the same names, the same number is the
    /// same picture.
    pub fn print(&self, kind: &CardKind) -> u64 {
        fingerprint(&(self.print, kind))
    }

    /// Those of some characters that the font lacks.
    pub fn missing(&self, letters: impl IntoIterator<Item = char>) -> BTreeSet<char> {
        letters.into_iter().filter(|letter| !letter.is_whitespace() && !self.has(*letter)).collect()
    }

    /// Whether a text can be set in the font: it has all the letters, and they stand one after the other from left to
    /// right. Letters that are joined, stacked or written the other way need more than their outlines.
    pub fn can_write(&self, text: &str) -> bool {
        let is_simple = |letter: char| !is_leftward(letter) && !is_combining_mark(letter);
        text.chars().all(is_simple) && self.missing(text.chars()).is_empty()
    }

    fn has(&self, letter: char) -> bool {
        self.font.glyph_id(letter).0 != 0
    }

    fn width(&self, text: &str, size: f32) -> f32 {
        let font = self.font.as_scaled(self.scale(size));
        text.chars().map(|letter| font.h_advance(self.font.glyph_id(self.shown(letter)))).sum()
    }

    /// The scale at which a square of Chinese type has `size` pixels a side.
    fn scale(&self, size: f32) -> f32 {
        size * self.font.height_unscaled() / self.font.units_per_em().unwrap_or(1000.0)
    }

    fn shown(&self, letter: char) -> char {
        if self.has(letter) { letter } else { GETA }
    }
}

/// What the cards of one kind have in common.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct CardKind {
    /// Lines above, the first in red.
    pub above: Vec<String>,
    /// The line beneath the medal.
    pub award: String,
    /// The colour of medal and frame.
    pub accent: Colour,
    /// Whether the medal is filled.
    pub filled: bool,
    /// The line at the foot.
    pub foot: String,
}

/// A card without its name.
pub struct Blank<'f> {
    font: &'f CardFont,
    /// The rows in which names stand.
    canvas: Canvas,
    above: Packed,
    below: Packed,
    palette: Vec<u8>,
}

/// The rows in which names stand; the others are packed once for all cards.
const NAMES: std::ops::Range<usize> = 348..546;

impl<'f> Blank<'f> {
    /// Draws what the cards of a kind have in common.
    pub fn new(font: &'f CardFont, kind: &CardKind) -> Blank<'f> {
        let mut canvas = Canvas { top: 0, pixels: vec![0; WIDTH * HEIGHT] };
        canvas.fill(0, 0, WIDTH, 10, Tint::Red);
        for (inset, thick) in [(34, 2), (44, 1)] {
            canvas.frame(inset, thick, Tint::Accent);
        }
        let mut y = 112.0;
        for (number, line) in kind.above.iter().enumerate() {
            let (size, tint) = if number == 0 { (36.0, Tint::Red) } else { (25.0, Tint::Faint) };
            let size = shrunk(font, line, size);
            canvas.centred(font, line, size, y, tint);
            y += 38.0;
        }
        canvas.medal(WIDTH / 2, 230, 52, kind.filled);
        canvas.centred(font, &kind.award, 36.0, 332.0, Tint::Accent);
        canvas.centred(font, &kind.foot, shrunk(font, &kind.foot, 22.0), 566.0, Tint::Faint);
        let mut palette = Vec::new();
        for colour in [INK, FAINT, RED, kind.accent] {
            for level in 0..u16::from(LEVELS) {
                for (paper, full) in PAPER.iter().zip(colour) {
                    let mixed = u16::from(*paper) * (u16::from(LEVELS) - 1 - level) + u16::from(full) * level;
                    palette.push(u8::try_from(mixed / (u16::from(LEVELS) - 1)).expect("between two bytes"));
                }
            }
        }
        let rows = |rows: std::ops::Range<usize>| &canvas.pixels[rows.start * WIDTH..rows.end * WIDTH];
        Blank {
            font,
            above: Packed::new(rows(0..NAMES.start), false),
            below: Packed::new(rows(NAMES.end..HEIGHT), true),
            canvas: Canvas { top: NAMES.start, pixels: rows(NAMES).to_vec() },
            palette,
        }
    }

    /// The card of a name, with another name beneath it, as PNG.
    pub fn card(&self, name: &str, other: Option<&str>) -> Vec<u8> {
        let mut canvas = Canvas { top: NAMES.start, pixels: self.canvas.pixels.clone() };
        let (size, lines) = fitted(self.font, name, &[68.0, 60.0], &[52.0, 44.0, 36.0]);
        let (small, others) =
            other.map(|other| fitted(self.font, other, &[30.0, 26.0], &[26.0, 22.0])).unwrap_or_default();
        // Both names stand in the middle of what is left between the award and the foot.
        let height = lines.len() as f32 * size * 1.22 + others.len() as f32 * small * 1.3;
        let mut y = 446.0 - height / 2.0;
        for line in &lines {
            y += size * 1.22;
            canvas.centred(self.font, line, size, y - size * 0.28, Tint::Ink);
        }
        for line in &others {
            y += small * 1.3;
            canvas.centred(self.font, line, small, y - small * 0.25, Tint::Faint);
        }
        png([&self.above, &Packed::new(&canvas.pixels, false), &self.below], &self.palette)
    }
}

/// The largest size up to `size` at which a text fits on one line.
fn shrunk(font: &CardFont, text: &str, size: f32) -> f32 {
    let width = font.width(text, size);
    if width <= MEASURE { size } else { size * MEASURE / width }
}

/// The size and the lines of a text: one line at the first size that fits, else as few lines as there
/// need be, of about the same length.
fn fitted(font: &CardFont, text: &str, one: &[f32], more: &[f32]) -> (f32, Vec<String>) {
    if let Some(&size) = one.iter().find(|&&size| font.width(text, size) <= MEASURE) {
        return (size, vec![text.to_owned()]);
    }
    let pieces = line_pieces(text);
    let least = more.last().copied().unwrap_or(24.0);
    let size = more.iter().copied().find(|&size| wrapped(font, &pieces, size, MEASURE).len() <= 2);
    let size = size.unwrap_or(least);
    let count = wrapped(font, &pieces, size, MEASURE).len();
    let mut measure = MEASURE;
    while measure > 200.0 && wrapped(font, &pieces, size, measure - 20.0).len() <= count {
        measure -= 20.0;
    }
    let mut lines = wrapped(font, &pieces, size, measure);
    lines.truncate(3);
    (size, lines)
}

fn wrapped(font: &CardFont, pieces: &[&str], size: f32, measure: f32) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut width = 0.0;
    for piece in pieces {
        let wide = font.width(piece, size);
        let last = lines.last_mut().expect("there is one from the start");
        if !last.is_empty() && width + font.width(piece.trim_end(), size) > measure {
            lines.push((*piece).to_owned());
            width = wide;
        } else {
            last.push_str(piece);
            width += wide;
        }
    }
    lines.into_iter().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

/// Pixels as places in the palette.
struct Canvas {
    /// The first row of the picture that it holds.
    top: usize,
    pixels: Vec<u8>,
}

impl Canvas {
    fn put(&mut self, x: i64, y: i64, tint: Tint, coverage: f32) {
        let level = (coverage.clamp(0.0, 1.0) * f32::from(LEVELS - 1) + 0.5) as u8;
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else { return };
        if level == 0 || x >= WIDTH || y < self.top {
            return;
        }
        let Some(pixel) = self.pixels.get_mut((y - self.top) * WIDTH + x) else { return };
        // Where glyphs touch, the darker one shows.
        if *pixel % LEVELS < level {
            *pixel = tint as u8 * LEVELS + level;
        }
    }

    fn fill(&mut self, x: usize, y: usize, width: usize, height: usize, tint: Tint) {
        for row in self.pixels.chunks_mut(WIDTH).skip(y).take(height) {
            row[x..x + width].fill(tint as u8 * LEVELS + LEVELS - 1);
        }
    }

    fn frame(&mut self, inset: usize, thick: usize, tint: Tint) {
        let (width, height) = (WIDTH - 2 * inset, HEIGHT - 2 * inset);
        self.fill(inset, inset, width, thick, tint);
        self.fill(inset, HEIGHT - inset - thick, width, thick, tint);
        self.fill(inset, inset, thick, height, tint);
        self.fill(WIDTH - inset - thick, inset, thick, height, tint);
    }

    /// A line of text around the middle, on a base line.
    fn centred(&mut self, font: &CardFont, text: &str, size: f32, base: f32, tint: Tint) {
        let scale = font.scale(size);
        let scaled = font.font.as_scaled(scale);
        let mut x = ((WIDTH as f32 - font.width(text, size)) / 2.0).max(0.0);
        for letter in text.chars() {
            let id = font.font.glyph_id(font.shown(letter));
            if let Some(outline) = font.font.outline_glyph(id.with_scale_and_position(scale, point(x, base)))
            {
                let bounds = outline.px_bounds();
                let (left, top) = (bounds.min.x as i64, bounds.min.y as i64);
                outline.draw(|across, down, coverage| {
                    self.put(left + i64::from(across), top + i64::from(down), tint, coverage);
                });
            }
            x += scaled.h_advance(id);
        }
    }

    /// A rosette around a point: a ring of rays, and a star in a disc or a circle.
    fn medal(&mut self, x: usize, y: usize, radius: usize, filled: bool) {
        const PARTS: i64 = 4;
        let (x, y, reach) = (x as i64, y as i64, radius as i64 + 1);
        let star: Vec<(f32, f32)> = (0..10)
            .map(|corner| {
                let turn = std::f32::consts::PI * corner as f32 / 5.0;
                let far = if corner % 2 == 0 { 0.52 } else { 0.22 };
                (turn.sin() * far, -turn.cos() * far)
            })
            .collect();
        let inside = |across: f32, down: f32| {
            let far = across.hypot(down);
            let ray = (down.atan2(across) / std::f32::consts::TAU * 40.0).rem_euclid(1.0) < 0.55;
            match far {
                far if far > 0.86 => far <= 1.0 && ray,
                far if filled => far <= 0.78 && !in_polygon(&star, across, down),
                far if far > 0.70 => far <= 0.78,
                _ => in_polygon(&star, across, down),
            }
        };
        for row in -reach..=reach {
            for column in -reach..=reach {
                let mut hits = 0;
                for part in 0..PARTS * PARTS {
                    let place =
                        |at: i64, part: i64| (at as f32 + (part as f32 + 0.5) / PARTS as f32) / radius as f32;
                    hits += i64::from(inside(place(column, part % PARTS), place(row, part / PARTS)));
                }
                self.put(x + column, y + row, Tint::Accent, hits as f32 / (PARTS * PARTS) as f32);
            }
        }
    }
}

fn in_polygon(corners: &[(f32, f32)], x: f32, y: f32) -> bool {
    let mut inside = false;
    let mut from = corners[corners.len() - 1];
    for &to in corners {
        if (from.1 > y) != (to.1 > y) && x < (to.0 - from.0) * (y - from.1) / (to.1 - from.1) + from.0 {
            inside = !inside;
        }
        from = to;
    }
    inside
}

/// Rows of a picture as they stand in a PNG, packed.
struct Packed {
    bytes: Vec<u8>,
    /// The sum that checks them, and how many bytes they were.
    sum: Sum,
}

impl Packed {
    /// Packs rows. Parts can be put one behind the other; only the last one ends the data.
    fn new(pixels: &[u8], last: bool) -> Packed {
        let mut rows = Vec::with_capacity(pixels.len() + HEIGHT);
        for row in pixels.chunks(WIDTH) {
            // Every row says how it is filtered: not at all.
            rows.push(0);
            rows.extend_from_slice(row);
        }
        let mut bytes = Vec::with_capacity(32_000);
        let mut packer = Compress::new(Compression::new(3), false);
        let flush = if last { FlushCompress::Finish } else { FlushCompress::Full };
        loop {
            let taken = usize::try_from(packer.total_in()).expect("a small picture");
            let status = packer.compress_vec(&rows[taken..], &mut bytes, flush).expect("memory takes it");
            if status == Status::StreamEnd || !last && bytes.len() < bytes.capacity() {
                break;
            }
            bytes.reserve(32_000);
        }
        Packed { bytes, sum: Sum::of(&rows) }
    }
}

/// The Adler-32 of bytes, which can be worked out from those of their parts.
#[derive(Clone, Copy)]
struct Sum {
    low: u64,
    high: u64,
    bytes: u64,
}

impl Sum {
    const MODULUS: u64 = 65_521;

    fn of(bytes: &[u8]) -> Sum {
        let (mut low, mut high) = (1u64, 0u64);
        for part in bytes.chunks(4096) {
            for byte in part {
                low += u64::from(*byte);
                high += low;
            }
            low %= Sum::MODULUS;
            high %= Sum::MODULUS;
        }
        Sum { low, high, bytes: bytes.len() as u64 }
    }

    fn then(self, next: Sum) -> Sum {
        let low = (self.low + next.low + Sum::MODULUS - 1) % Sum::MODULUS;
        let carried = (self.low + Sum::MODULUS - 1) * (next.bytes % Sum::MODULUS);
        Sum { low, high: (self.high + next.high + carried) % Sum::MODULUS, bytes: self.bytes + next.bytes }
    }

    fn value(self) -> [u8; 4] {
        u32::try_from(self.high << 16 | self.low).expect("two parts of 16 bits").to_be_bytes()
    }
}

/// A picture of packed rows with its palette, as PNG.
fn png(parts: [&Packed; 3], palette: &[u8]) -> Vec<u8> {
    // Deflate, and no dictionary.
    let mut data = vec![0x78, 0x01];
    for part in parts {
        data.extend_from_slice(&part.bytes);
    }
    let [above, middle, below] = parts.map(|part| part.sum);
    data.extend(above.then(middle).then(below).value());
    let mut header = Vec::new();
    for side in [WIDTH, HEIGHT] {
        header.extend(u32::try_from(side).expect("a small picture").to_be_bytes());
    }
    // Eight bits a pixel, colours from a palette.
    header.extend([8, 3, 0, 0, 0]);
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, data) in [(b"IHDR", header.as_slice()), (b"PLTE", palette), (b"IDAT", &data), (b"IEND", &[])] {
        png.extend(u32::try_from(data.len()).expect("a small picture").to_be_bytes());
        let begin = png.len();
        png.extend(kind);
        png.extend(data);
        png.extend(crc32fast::hash(&png[begin..]).to_be_bytes());
    }
    png
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Files;

    fn font() -> CardFont {
        let files = Files::new(env!("CARGO_MANIFEST_DIR"));
        CardFont::new(files.read(files.id("themes/canton/card.otf")).unwrap()).unwrap()
    }

    #[test]
    fn a_font_tells_what_it_lacks() {
        let font = font();
        assert_eq!(font.missing("广州鑫晟喆玩具（集团）有限公司 Café & Co., Ltd.".chars()), BTreeSet::new());
        assert_eq!(font.missing("甲\u{20bb7}乙".chars()), BTreeSet::from(['\u{20bb7}']));
        assert!(CardFont::new(b"not a font".to_vec()).is_none());
    }

    #[test]
    fn what_the_font_cannot_write_is_known() {
        let font = font();
        assert!(font.can_write("金奖 · Gold award"));
        assert!(!font.can_write("الجائزة الذهبية"), "it has no such letters");
        assert!(!font.can_write("e\u{301}"), "it is stacked");
    }

    #[test]
    fn long_names_are_set_on_lines_of_about_the_same_length() {
        let font = font();
        #[track_caller]
        fn case(font: &CardFont, name: &str, expected: &[&str]) {
            let (size, lines) = fitted(font, name, &[68.0, 60.0], &[52.0, 44.0, 36.0]);
            assert_eq!(lines, expected);
            assert!(lines.iter().all(|line| font.width(line, size) <= MEASURE));
        }
        case(&font, "河南示例浴室用品", &["河南示例浴室用品"]);
        case(
            &font,
            "新疆生产建设兵团第十三师示例农业资料进出口（集团）股份有限公司",
            &["新疆生产建设兵团第十三师示例农业", "资料进出口（集团）股份有限公司"],
        );
        case(
            &font,
            "Sample 0014 International Toiletries and Household Goods Co., Ltd. (Henan)",
            &["Sample 0014 International Toiletries", "and Household Goods Co., Ltd. (Henan)"],
        );
    }

    #[test]
    fn a_card_is_a_picture_of_its_size_and_the_same_every_time() {
        let font = font();
        let kind = CardKind {
            above: vec!["第137届广交会".to_owned(), "137th Canton Fair".to_owned()],
            award: "金奖 · Gold award".to_owned(),
            accent: [0x7a, 0x5a, 0x0c],
            filled: true,
            foot: "example.org".to_owned(),
        };
        let card = |name: &str| Blank::new(&font, &kind).card(name, Some("Sample"));
        let png = card("河南示例");
        assert_eq!(png, card("河南示例"));
        assert_ne!(png, card("湖南示例"));
        assert!(png.starts_with(b"\x89PNG\r\n\x1a\n") && png.len() < 30_000, "{}", png.len());
        assert_eq!(png[16..24], [0, 0, 4, 176, 0, 0, 2, 118]);
    }
}
