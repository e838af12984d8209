//! QR codes of addresses, as lines for an SVG path.

use qrcode::{Color, EcLevel, QrCode};

/// A QR code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Qr {
    /// Modules a side, without the quiet zone.
    pub side: usize,
    /// Path of strokes one module wide, in modules; the first row is at 0.5.
    pub path: String,
}

/// The code of a text; `None` if it is too long for one. It can be read while 15 % of it are covered.
pub fn qr(text: &str) -> Option<Qr> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let side = code.width();
    let mut path = String::new();
    for (row, modules) in code.to_colors().chunks(side).enumerate() {
        let mut at = 0;
        while at < side {
            let length = modules[at..].iter().take_while(|&&module| module == Color::Dark).count();
            if length > 0 {
                path.push_str(&format!("M{at} {row}.5h{length}"));
            }
            at += length.max(1);
        }
    }
    Some(Qr { side, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_corners_and_grows_with_the_text() {
        let short = qr("https://example.org/").unwrap();
        assert_eq!(short.side, 25);
        // The dark edges of the two upper corners.
        assert!(short.path.starts_with("M0 0.5h7M") && short.path.contains("M18 0.5h7M"), "{}", short.path);
        assert!(qr(&"a".repeat(200)).unwrap().side > short.side);
        assert_eq!(qr(&"a".repeat(5000)), None);
    }
}
