//! The number that is meant where a text with more than its digits is written.

use crate::source::{Message, say};

/// What to write where a number is expected and this text was found: the number in it, where only one can be meant.
pub fn number_hint(text: &str) -> Message {
    match number_in(text).or_else(|| ordinal(text)) {
        Some(number) => say!("write the number alone: {number}", number),
        None => say!("write the number alone, such as 137"),
    }
}

/// The number in a text such as `第137届` or `137th fair`: its only digits, where nothing beside them makes another
/// number of them (`2万`, `10k`, `-5`, `第一百3届`) and they are not a year.
pub fn number_in(text: &str) -> Option<u32> {
    let start = text.find(|letter: char| letter.is_ascii_digit())?;
    let (before, rest) = text.split_at(start);
    let (digits, after) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len()));
    let counts =
        |letter: char| letter.is_numeric() || "零〇一二两三四五六七八九十百千万萬亿億半年".contains(letter);
    let has_sign = match before.strip_suffix('-') {
        // The hyphen of `fair-137` is not a minus.
        Some(word) => !word.ends_with(char::is_alphabetic),
        None => before.ends_with(['−', '+', '.', ',', '<', '>', '≤', '≥', '~', '/']),
    };
    let ordinal = ["st", "nd", "rd", "th"].iter().find_map(|ending| after.strip_prefix(ending));
    let has_unit = ordinal
        .unwrap_or(after)
        .starts_with(|letter: char| letter.is_ascii_alphabetic() || ".,%-+~/".contains(letter));
    if has_sign || has_unit || before.chars().chain(after.chars()).any(counts) {
        return None;
    }
    digits.parse().ok().filter(|number| !(1900..2100).contains(number))
}

/// The number of `第一期`, up to ten.
fn ordinal(text: &str) -> Option<u32> {
    let number = text.trim().strip_prefix('第')?.trim_end_matches(['期', '届']);
    (1..)
        .zip(["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"])
        .find_map(|(value, word)| (word == number).then_some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_in_a_text_is_the_only_one_that_can_be_meant() {
        for text in ["第137届", "137号", "137th Canton Fair", "fair-137", "fair 137", " 137 "] {
            assert_eq!(number_in(text), Some(137), "{text}");
        }
        for text in [
            "一三七",
            "第一百3届",
            "136、137",
            "-137",
            "0.5",
            ".5",
            "2万",
            "10k",
            "5.",
            "½5",
            "2025年秋季",
            "2025 spring",
            "≥5",
            "",
            "99999999999",
        ] {
            assert_eq!(number_in(text), None, "{text}");
        }
    }
}
