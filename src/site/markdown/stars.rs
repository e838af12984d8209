//! Stars between numbers: whoever writes `3*3米，高2*2.5米` means times, and Markdown takes the two stars for emphasis.
//!
//! While a text is parsed such a star is hidden under a control character, which Markdown takes for a letter; it is put
//! back in what was parsed, so that code, addresses and words have it as it was written.

use std::borrow::Cow;

use pulldown_cmark::{CowStr, Event, Tag};

const STAR: char = '*';

/// A text whose stars between numbers are hidden. Each byte is where it was.
pub(super) struct Hidden<'a> {
    pub text: Cow<'a, str>,
    mask: Option<char>,
}

/// Hides the stars between numbers.
pub(super) fn hide_stars(text: &str) -> Hidden<'_> {
    // A character that the text has not, so that each one that is found again is a star. The first one may stand in an
    // address, too.
    let mask = ['\u{7f}', '\u{1}', '\u{2}'].into_iter().find(|mask| !text.contains(*mask));
    let Some(mask) = mask else { return Hidden { text: Cow::Borrowed(text), mask: None } };
    let mut hidden: Option<Vec<u8>> = None;
    let mut at = 0;
    while let Some(found) = text[at..].find(STAR) {
        let start = at + found;
        let stars = text[start..].bytes().take_while(|byte| *byte == b'*').count();
        at = start + stars;
        if is_times(&text[..start], stars, &text[at..]) {
            let bytes = hidden.get_or_insert_with(|| text.as_bytes().to_owned());
            bytes[start..at].fill(mask as u8);
        }
    }
    let hidden =
        hidden.map(|bytes| String::from_utf8(bytes).expect("one ASCII character took another's place"));
    match hidden {
        Some(hidden) => Hidden { text: Cow::Owned(hidden), mask: Some(mask) },
        None => Hidden { text: Cow::Borrowed(text), mask: None },
    }
}

/// Whether stars stand between two numbers. Behind the first of them its unit may stand, if the star is a single one:
/// two may well end what is bold.
fn is_times(before: &str, stars: usize, after: &str) -> bool {
    const LONGEST_UNIT: usize = 3;
    let is_unit = |letter: &char| letter.is_alphabetic() || "%％°′″".contains(*letter);
    let unit = match stars {
        1 => before.chars().rev().take(LONGEST_UNIT).take_while(|c| is_unit(c) && !is_digit(*c)).count(),
        _ => 0,
    };
    let number = before.chars().rev().nth(unit);
    number.is_some_and(is_digit) && after.chars().next().is_some_and(is_digit)
}

fn is_digit(letter: char) -> bool {
    letter.is_ascii_digit() || ('０'..='９').contains(&letter)
}

impl Hidden<'_> {
    /// An event with its stars as they were written.
    pub(super) fn put_back<'e>(&self, event: Event<'e>) -> Event<'e> {
        let Some(mask) = self.mask else { return event };
        let back = |words: CowStr<'e>| match words.contains(mask) {
            true => CowStr::from(words.replace(mask, "*")),
            false => words,
        };
        match event {
            Event::Text(words) => Event::Text(back(words)),
            Event::Code(words) => Event::Code(back(words)),
            Event::Html(words) => Event::Html(back(words)),
            Event::InlineHtml(words) => Event::InlineHtml(back(words)),
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let (dest_url, title, id) = (back(dest_url), back(title), back(id));
                Event::Start(Tag::Link { link_type, dest_url, title, id })
            }
            Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
                let (dest_url, title, id) = (back(dest_url), back(title), back(id));
                Event::Start(Tag::Image { link_type, dest_url, title, id })
            }
            event => event,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{refused, sound};

    #[test]
    fn a_star_between_numbers_stands_as_it_is() {
        for text in [
            "标准展位3*3米，高2*2.5米。",
            "3*3*3米",
            "3米*3米，高2.5米*1米",
            "１*２、３*４",
            "50cm*40cm，60%*2，70%*2",
        ] {
            sound(text, &format!("<p>{text}</p>\n"));
        }
        sound("`3*3` **3*3米**", "<p><code>3*3</code> <strong>3*3米</strong></p>\n");
        sound("    3*3 *a*", "<pre><code>3*3 *a*</code></pre>\n");
        sound("\u{7f}3*3*3", "<p>\u{7f}3*3*3</p>\n");
        sound("[3*3](#2*2)", "<p><a href=\"#2*2\">3*3</a></p>\n");
        sound("3\\*3*重点*", "<p>3*3<em>重点</em></p>\n");
    }

    #[test]
    fn other_stars_are_marks_as_before() {
        sound("*3*米 **137**届 *第3* 4", "<p><em>3</em>米 <strong>137</strong>届 <em>第3</em> 4</p>\n");
        sound("共 **9平方米**2个", "<p>共 <strong>9平方米</strong>2个</p>\n");
        sound("1. 3\n* 3", "<ol>\n<li>3</li>\n</ol>\n<ul>\n<li>3</li>\n</ul>\n");
        refused("2**3 and 4**5", "<p>2**3 and 4**5</p>\n", "`**` is shown as is, and nothing is bold");
    }
}
