//! Marks at the beginning of a line that people wrote and Markdown does not take: without the space behind them, or with
//! the signs of a Chinese keyboard.

use std::ops::Range;

use super::lines::Paragraph;
use super::writer::Writer;
use crate::source::{code, say};

impl Writer<'_> {
    /// Warns of marks that are shown as they are.
    pub(super) fn slips(&mut self, paragraphs: &[Paragraph]) {
        let lines = paragraphs.iter().flat_map(|paragraph| &paragraph.lines);
        for line in lines.filter(|line| !line.is_escaped) {
            let Some((written, meant)) = slip_of_mark(&self.text[line.place.clone()]) else { continue };
            let span = self.span(line.place.start..line.place.start + written.len());
            self.report
                .warning(code::MARKDOWN_MARK, span, say!("`{written}` is shown as is", written))
                .hint(say!("write `{meant}`: a half-width mark and a space after it", meant));
        }
    }

    /// Warns of stars in words that make nothing bold. Those that were meant as such have a backslash.
    pub(super) fn stray_stars(&mut self, range: &Range<usize>) {
        let source = &self.text[range.clone()];
        for (mark, width) in [("**", 2), ("＊＊", 6)] {
            let Some(start) = source.find(mark).filter(|start| !source[..*start].ends_with('\\')) else {
                continue;
            };
            let inside = &source[start + width..];
            let closed = inside.find(mark).map(|end| inside[..end].trim()).filter(|words| !words.is_empty());
            let span = self.span(range.start + start..range.start + start + width);
            let draft = self.report.warning(
                code::MARKDOWN_EMPHASIS,
                span,
                say!("`{mark}` is shown as is, and nothing is bold", mark),
            );
            match closed {
                Some(words) if mark == "**" => {
                    draft.hint(say!("write `**{words}**`, without spaces inside the stars", words))
                }
                Some(words) => draft.hint(say!("write `**{words}**`, with half-width stars", words)),
                None => draft.hint(say!("write the other `**` where the bold text begins or ends; to show the stars, write `\\*\\*`")),
            };
        }
    }
}

/// How the beginning of a line was meant, where its mark is shown as it is written: what is written, and what to write.
pub(super) fn slip_of_mark(line: &str) -> Option<(String, String)> {
    let first = line.chars().next()?;
    let length = line.chars().take_while(|c| *c == first).map(char::len_utf8).sum();
    let (mark, rest) = line.split_at(length);
    let count = mark.chars().count();
    let words = rest.trim_start_matches([' ', '\u{3000}']);
    let begins = words.chars().next()?;
    let meant = match first {
        '#' if (2..=6).contains(&count) && rest == words => "#".repeat(count),
        '＃' if count <= 6 => "#".repeat(count),
        '-' if count == 1 && rest == words && begins.is_alphabetic() => "-".to_owned(),
        '－' | '＊' if count == 1 && begins.is_alphabetic() => "-".to_owned(),
        '＞' => ">".to_owned(),
        _ => return None,
    };
    let shown: String = words.chars().take(12).take_while(|c| !"，。；：,;:".contains(*c)).collect();
    Some((mark.to_owned(), format!("{meant} {}", shown.trim_end())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_without_a_space_and_of_a_chinese_keyboard_are_seen_through() {
        #[track_caller]
        fn case(line: &str, meant: &str) {
            let found = slip_of_mark(line).map(|(_, meant)| meant);
            assert_eq!(found.as_deref().unwrap_or_default(), meant, "{line}");
        }
        case("##谁可以参加", "## 谁可以参加");
        case("＃＃ 谁可以参加", "## 谁可以参加");
        case("-本届参展企业，线上线下", "- 本届参展企业");
        case("－ 本届参展企业", "- 本届参展企业");
        case("#话题", "");
        case("-5 °C", "");
        case("--未完", "");
        case("—— 完 ——", "");
        case("本届参展企业", "");
        case("####### 七", "");
    }
}
