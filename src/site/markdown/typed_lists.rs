//! Lists as they are typed in Chinese: `1、护照`, `（1）`, `①`, `•`. Markdown joins their lines to one paragraph.

use std::ops::Range;

use super::lines::{Line, Paragraph};
use super::writer::Writer;
use crate::source::{code, say};

/// What an item begins with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mark {
    /// A number before a sign, such as `、`.
    Number(char),
    /// A number in parentheses, or in a circle.
    Ring,
    /// `一、`
    Han,
    /// A number as Markdown wants it, where it begins no list.
    Ordered,
    /// A sign.
    Bullet(char),
}

/// An item of a typed list.
#[derive(Debug)]
struct Item<'t> {
    mark: Mark,
    /// 0 for a sign.
    number: u32,
    words: &'t str,
}

impl Writer<'_> {
    /// Reports lists that are shown as one paragraph.
    pub(super) fn typed_lists(&mut self, paragraphs: &[Paragraph]) {
        for paragraph in paragraphs {
            for (lines, written) in typed_lists(self.text, &paragraph.lines) {
                let place = paragraph.lines[lines.start].place.clone();
                let span = self.span(place);
                self.report
                    .error(
                        code::MARKDOWN_LIST,
                        span,
                        say!("{count} lines of a list are shown as one paragraph", count = lines.len()),
                    )
                    .hint(say!("write the list with an empty line before it:\n{written}", written))
                    .hint(say!("to show the lines as they are, end each of them but the last with `\\`"));
            }
        }
    }
}

/// The lists in a paragraph: from which line to which, and how they are written.
fn typed_lists(text: &str, lines: &[Line]) -> Vec<(Range<usize>, String)> {
    let mut found = Vec::new();
    let mut open: Vec<(usize, Item<'_>)> = Vec::new();
    let items = lines.iter().map(|line| match line.is_escaped {
        true => None,
        false => item(&text[line.place.clone()]),
    });
    for (at, item) in items.enumerate() {
        let Some(item) = item else { continue };
        let goes_on = open.last().is_some_and(|(_, last)| {
            last.mark == item.mark && (item.number == 0 || item.number == last.number + 1)
        });
        if !goes_on {
            close(&mut found, &mut open, text, lines);
        }
        open.push((at, item));
    }
    close(&mut found, &mut open, text, lines);
    found
}

/// Takes what is open for a list, if it is one.
fn close(
    found: &mut Vec<(Range<usize>, String)>,
    open: &mut Vec<(usize, Item<'_>)>,
    text: &str,
    lines: &[Line],
) {
    const SHOWN: usize = 6;
    let items = std::mem::take(open);
    let Some((first, start)) = items.first() else { return };
    // One line alone may be a sentence, but behind a colon a number begins a list.
    let announced = |line: &Line| text[line.place.clone()].ends_with([':', '：']);
    let is_announced = start.mark == Mark::Ordered && *first > 0 && announced(&lines[first - 1]);
    if items.len() < 2 && !is_announced {
        return;
    }
    let mut written: Vec<String> = items
        .iter()
        .take(SHOWN)
        .map(|(_, item)| match item.number {
            0 => format!("- {}", item.words),
            number => format!("{number}. {}", item.words),
        })
        .collect();
    if items.len() > SHOWN {
        written.push("…".to_owned());
    }
    let last = items.last().map_or(*first, |(last, _)| *last);
    found.push((*first..last + 1, written.join("\n")));
}

/// The item that a line is.
fn item(line: &str) -> Option<Item<'_>> {
    let line = line.trim_start_matches([' ', '\u{3000}']);
    let first = line.chars().next()?;
    let rest = &line[first.len_utf8()..];
    let (mark, number, rest) = match first {
        '0'..='9' | '０'..='９' => {
            let (number, rest) = number(line)?;
            let sign = rest.chars().next()?;
            let rest = &rest[sign.len_utf8()..];
            match sign {
                '.' | ')' if rest.starts_with(' ') => (Mark::Ordered, number, rest),
                // `1.5米`
                '.' | '．' if rest.starts_with(is_digit) => return None,
                '、' | '.' | '．' | ')' | '）' => (Mark::Number(sign), number, rest),
                _ => return None,
            }
        }
        '（' | '(' => {
            let (number, rest) = number(rest).or_else(|| han_number(rest))?;
            let rest = rest.strip_prefix(['）', ')'])?;
            (Mark::Ring, number, rest)
        }
        '①'..='⑳' => (Mark::Ring, u32::from(first) - u32::from('①') + 1, rest),
        '⑴'..='⒇' => (Mark::Ring, u32::from(first) - u32::from('⑴') + 1, rest),
        '•' | '·' | '●' | '○' | '◆' | '◇' | '■' | '□' | '▪' | '★' | '☆' | '➢' | '✓' => {
            (Mark::Bullet(first), 0, rest)
        }
        '—' | '–' if !rest.starts_with(first) => (Mark::Bullet(first), 0, rest),
        '-' | '*' | '+' if rest.starts_with(' ') => (Mark::Bullet(first), 0, rest),
        _ => {
            let (number, rest) = han_number(line)?;
            (Mark::Han, number, rest.strip_prefix(['、', '．', '.'])?)
        }
    };
    let words = rest.trim_matches([' ', '\u{3000}']);
    (!words.is_empty()).then_some(Item { mark, number, words })
}

fn is_digit(letter: char) -> bool {
    letter.is_ascii_digit() || ('０'..='９').contains(&letter)
}

/// The number with which a text begins, of three digits at most, and what follows.
fn number(text: &str) -> Option<(u32, &str)> {
    let mut number = 0;
    for (count, (at, letter)) in text.char_indices().enumerate() {
        let digit = match letter {
            '０'..='９' => u32::from(letter) - u32::from('０'),
            letter => match letter.to_digit(10) {
                Some(digit) => digit,
                None => return (number > 0).then_some((number, &text[at..])),
            },
        };
        if count == 3 {
            return None;
        }
        number = number * 10 + digit;
    }
    None
}

/// The same of a number up to 99 in Chinese signs.
fn han_number(text: &str) -> Option<(u32, &str)> {
    const DIGITS: [char; 9] = ['一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let (mut tens, mut ones, mut seen) = (0, 0, 0);
    for (at, letter) in text.char_indices() {
        match DIGITS.iter().position(|digit| *digit == letter) {
            Some(digit) if ones == 0 => ones = u32::try_from(digit).unwrap_or_default() + 1,
            None if letter == '十' && tens == 0 => (tens, ones) = (ones.max(1) * 10, 0),
            _ => return (seen > 0).then_some((tens + ones, &text[at..])),
        }
        seen += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_a_chinese_keyboard_are_seen_through() {
        #[track_caller]
        fn case(text: &str, written: &str) {
            let mut at = 0;
            let lines: Vec<Line> = text
                .split('\n')
                .map(|line| {
                    let start = at;
                    at += line.len() + 1;
                    Line { place: start..start + line.len(), is_escaped: false }
                })
                .collect();
            let found: Vec<String> =
                typed_lists(text, &lines).into_iter().map(|(_, written)| written).collect();
            assert_eq!(found.join("|"), written, "{text}");
        }
        case("1、护照\n2、照片", "1. 护照\n2. 照片");
        case("材料：\n（1）护照\n原件\n（2）照片", "1. 护照\n2. 照片");
        case("(一)护照\n(二) 照片", "1. 护照\n2. 照片");
        case("①护照\n②照片", "1. 护照\n2. 照片");
        case("一、护照\n二、照片", "1. 护照\n2. 照片");
        case("九、甲\n十、乙\n十一、丙\n十二、丁", "9. 甲\n10. 乙\n11. 丙\n12. 丁");
        case("1.护照\n2.照片", "1. 护照\n2. 照片");
        case("１．护照\n２．照片", "1. 护照\n2. 照片");
        case("• 护照\n• 照片", "- 护照\n- 照片");
        case("·护照\n·照片", "- 护照\n- 照片");
        case("— 护照\n— 照片", "- 护照\n- 照片");
        case("　　◆护照\n　　◆照片", "- 护照\n- 照片");
        case("　　- 护照\n　　- 照片", "- 护照\n- 照片");
        case("材料如下：\n2. 护照\n3. 照片", "2. 护照\n3. 照片");
        case("材料如下：\n2. 护照", "2. 护照");
        case("一、本届安排如下。\n第二期另行通知。", "");
        case("（1）仅限本届。", "");
        case("1.5米\n2.5米", "");
        case("2025、2026两年\n2026、2027两年", "");
        case("——完\n——另见", "");
        case("十分重要，\n一定要带", "");
        case("1、甲\n5、乙", "");
    }
}
