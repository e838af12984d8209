//! Two full-width spaces before a paragraph: people who write Chinese type them, and the theme decides what is indented.

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use super::writer::Located;

const SPACE: char = '\u{3000}';

/// Takes full-width spaces off the beginnings of lines, and paragraphs out that consist of nothing else.
pub(super) fn without_indents(events: Vec<Located<'_>>) -> Vec<Located<'_>> {
    let mut kept: Vec<Located<'_>> = Vec::with_capacity(events.len());
    for (event, range) in events {
        let begins_line = matches!(
            kept.last(),
            Some((Event::Start(Tag::Paragraph | Tag::Item) | Event::SoftBreak | Event::HardBreak, _))
        );
        match event {
            Event::Text(words) if begins_line && words.starts_with(SPACE) => {
                let rest = words.trim_start_matches(SPACE);
                if !rest.is_empty() {
                    let start = range.end - rest.len();
                    kept.push((Event::Text(CowStr::from(rest.to_owned())), start..range.end));
                }
            }
            Event::End(TagEnd::Paragraph)
                if matches!(kept.last(), Some((Event::Start(Tag::Paragraph), _))) =>
            {
                kept.pop();
            }
            event => kept.push((event, range)),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use crate::site::markdown::tests::sound;

    #[test]
    fn full_width_spaces_at_the_beginning_of_lines_are_dropped() {
        sound("　　首行\n　　次行　末\n\n　\n\n- 　项", "<p>首行次行　末</p>\n<ul>\n<li>项</li>\n</ul>\n");
    }
}
