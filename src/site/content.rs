//! Texts with front matter: where the data ends and the text begins.
//!
//! Knows neither what the front matter means nor how the text is written.

use std::ops::Range;

/// Finds the front matter and the body of a text: the bytes between two lines `---` at the beginning,
/// and the bytes behind the second. None if the text does not begin with front matter, or if its end is
/// missing.
pub fn split(text: &str) -> Option<(Range<usize>, Range<usize>)> {
    let start = text.strip_prefix('\u{feff}').map_or(0, |_| '\u{feff}'.len_utf8());
    let mut lines = text[start..].split_inclusive('\n');
    let first = lines.next()?;
    if first.trim_end() != "---" {
        return None;
    }
    let front = start + first.len();
    let mut at = front;
    for line in lines {
        if line.trim_end() == "---" {
            return Some((front..at, at + line.len()..text.len()));
        }
        at += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_matter_ends_where_its_line_says() {
        #[track_caller]
        fn case(text: &str, expected: Option<(&str, &str)>) {
            assert_eq!(split(text).map(|(front, body)| (&text[front], &text[body])), expected);
        }
        case("---\ntitle: 甲\n---\nBody\n---\n", Some(("title: 甲\n", "Body\n---\n")));
        case("\u{feff}---\r\na: 1\r\n--- \r\n", Some(("a: 1\r\n", "")));
        case("---\n---", Some(("", "")));
        case("---\na: ---\n", None);
        case("Body\n---\na: 1\n---\n", None);
        case("", None);
    }
}
