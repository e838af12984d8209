//! The ends of lines in a paragraph: Chinese is written without spaces, so no space stands for them.
//!
//! As CSS Text 4 has it for segment breaks, and Pandoc's `east_asian_line_breaks`: what counts is what a reader sees on
//! both sides, whether it is bold, code or a link.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::writer::Located;
use crate::lang::Lang;

/// Takes out the ends of lines for which no space stands: in Chinese and Japanese those beside a wide character, in
/// other languages those between two.
pub(super) fn join_lines<'a>(events: Vec<Located<'a>>, lang: Lang) -> Vec<Located<'a>> {
    let without_spaces = matches!(lang.code().split('-').next(), Some("zh" | "ja"));
    let mut last = None;
    let mut joined = Vec::with_capacity(events.len());
    let mut rest = events.into_iter().peekable();
    // Tags between the end of a line and the next character.
    let mut open: Vec<Located<'a>> = Vec::new();
    while let Some((event, range)) = rest.next() {
        match &event {
            Event::SoftBreak => {
                while let Some(between) = rest.next_if(|(event, _)| is_unseen(event)) {
                    open.push(between);
                }
                let next = rest.peek().and_then(|(event, _)| words(event)?.chars().next());
                let wide = [last, next].map(|letter| letter.is_some_and(is_wide));
                let join = if without_spaces { wide[0] || wide[1] } else { wide[0] && wide[1] };
                if !join {
                    joined.push((event, range));
                }
                joined.append(&mut open);
                continue;
            }
            event if is_unseen(event) => {}
            event => last = words(event).and_then(|words| words.chars().next_back()),
        }
        joined.push((event, range));
    }
    joined
}

/// Whether an event stands in a line without a character of its own. The number of a footnote is none.
fn is_unseen(event: &Event<'_>) -> bool {
    matches!(
        event,
        Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. })
            | Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link)
            | Event::FootnoteReference(_)
    )
}

fn words<'e>(event: &'e Event<'_>) -> Option<&'e str> {
    match event {
        Event::Text(words) | Event::Code(words) => Some(words),
        _ => None,
    }
}

/// Whether a character is written without spaces beside it. Korean has spaces.
fn is_wide(letter: char) -> bool {
    matches!(u32::from(letter), 0x2E80..=0x30FF | 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0xFF00..=0xFF60 | 0x20000..=0x3FFFF)
}

#[cfg(test)]
mod tests {
    use crate::lang::Lang;
    use crate::site::markdown::tests::{rendered_in, sound};

    #[test]
    fn lines_of_chinese_are_joined_without_a_space() {
        sound("参展\n企业\nand so\non", "<p>参展企业and so\non</p>\n");
        sound(
            "前面**重重**\n后面`码`\n[中](#a)\n**外**",
            "<p>前面<strong>重重</strong>后面<code>码</code><a href=\"#a\">中</a><strong>外</strong></p>\n",
        );
        sound("123\n家企业，\nEnglish\n“引”\n。", "<p>123家企业，English\n“引”。</p>\n");
        sound("句。\n“引号”——\n破折", "<p>句。“引号”——破折</p>\n");
        sound("> 甲\n> 乙\r\n> 丙", "<blockquote>\n<p>甲乙丙</p>\n</blockquote>\n");
        sound("한국어\n문장", "<p>한국어\n문장</p>\n");
    }

    #[test]
    fn in_english_a_chinese_name_keeps_its_space() {
        let english = |text: &str| rendered_in(Lang::EN, text).0;
        assert_eq!(
            english("the zone\n服务区 is\n**服**\n务"),
            "<p>the zone\n服务区 is\n<strong>服</strong>务</p>\n"
        );
    }
}
