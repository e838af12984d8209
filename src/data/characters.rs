//! Characters that nobody sees.

/// Takes white space and invisible format characters off both ends.
pub(super) fn trim(text: &str) -> &str {
    let plain = |byte: Option<&u8>| byte.is_some_and(|&byte| byte > b' ' && byte < 0x7f);
    if plain(text.as_bytes().first()) && plain(text.as_bytes().last()) {
        return text;
    }
    text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c))
}

pub(super) fn is_invisible(c: char) -> bool {
    use icu_properties::props::{EnumeratedProperty, GeneralCategory};
    !c.is_ascii() && GeneralCategory::for_char(c) == GeneralCategory::Format
}
