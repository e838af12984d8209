//! Telephone numbers as people write them, and what a telephone dials.

use unicode_normalization::UnicodeNormalization;

/// What stands before the number of an extension, in small letters.
const EXTENSION: [&str; 6] = ["转", "分机", "ext.", "ext", "x", "#"];

/// The address that dials a number, by RFC 3966: `tel:+862089138625;ext=3`. `None` where a text is not one number, with
/// or without an extension: what is dialled must be what was meant.
pub(super) fn dialled(text: &str) -> Option<String> {
    let text: String = text.nfkc().flat_map(char::to_lowercase).collect();
    let (number, extension) = EXTENSION
        .iter()
        .find_map(|mark| text.split_once(mark))
        .map_or((text.as_str(), None), |(number, extension)| (number, Some(extension)));
    let number = number.trim();
    let (plus, rest) = match number.strip_prefix('+') {
        Some(rest) => ("+", rest),
        None => ("", number),
    };
    let digits = digits(rest).filter(|digits| (5..=15).contains(&digits.len()))?;
    match extension.map(self::digits) {
        None => Some(format!("tel:{plus}{digits}")),
        Some(extension) => {
            let extension = extension.filter(|digits| (1..=8).contains(&digits.len()))?;
            Some(format!("tel:{plus}{digits};ext={extension}"))
        }
    }
}

/// The digits of a text in which nothing else stands but what sets groups of them apart.
fn digits(text: &str) -> Option<String> {
    let is_between = |c: char| c.is_whitespace() || "-‐‑–—().·:".contains(c);
    text.chars()
        .all(|c| c.is_ascii_digit() || is_between(c))
        .then(|| text.chars().filter(char::is_ascii_digit).collect())
}

#[cfg(test)]
mod tests {
    use super::dialled;

    #[test]
    fn what_is_dialled_is_what_was_meant_or_nothing() {
        for (text, address) in [
            ("+86 20 8913 8635", "tel:+862089138635"),
            ("020－8913 8625 转 3", "tel:02089138625;ext=3"),
            ("（020）89138625分机12", "tel:02089138625;ext=12"),
            ("+86 (20) 8913-8625 ext. 3", "tel:+862089138625;ext=3"),
            ("＋８６ ２０ ８９１３ ８６２５", "tel:+862089138625"),
        ] {
            assert_eq!(dialled(text).as_deref(), Some(address), "{text}");
        }
        for text in
            ["", "待定", "8625/8626", "020-8913 8625、8626", "ext. 3", "020-8913 8625 转", "123", "call us"]
        {
            assert_eq!(dialled(text), None, "{text}");
        }
    }
}
