//! The lines of a text that stand in one paragraph and are shown as one.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::writer::Located;

/// Lines that are joined to one.
pub(super) struct Paragraph {
    /// The lines from their first visible sign to their end. What has a backslash is shown as it is.
    pub lines: Vec<Line>,
    /// Whether it follows a table.
    pub follows_table: bool,
}

/// A line of a paragraph.
pub(super) struct Line {
    pub place: Range<usize>,
    pub is_escaped: bool,
}

/// The paragraphs of a text, those in lists and quotations too. A line that ends with a backslash or two spaces ends
/// one of them.
pub(super) fn paragraphs(events: &[Located<'_>], text: &str) -> Vec<Paragraph> {
    let mut found: Vec<Paragraph> = Vec::new();
    let mut elsewhere = 0_usize;
    let (mut begins, mut begins_line, mut follows_table) = (true, true, false);
    for (event, range) in events {
        match event {
            Event::Start(Tag::CodeBlock(_) | Tag::Table(_) | Tag::Heading { .. } | Tag::HtmlBlock) => {
                elsewhere += 1;
                continue;
            }
            Event::End(
                end @ (TagEnd::CodeBlock | TagEnd::Table | TagEnd::Heading(_) | TagEnd::HtmlBlock),
            ) => {
                elsewhere -= 1;
                (begins, follows_table) = (true, *end == TagEnd::Table);
                continue;
            }
            _ if elsewhere > 0 => continue,
            Event::Start(
                Tag::Paragraph | Tag::Item | Tag::List(_) | Tag::BlockQuote(_) | Tag::FootnoteDefinition(_),
            ) => {
                begins = true;
                continue;
            }
            Event::HardBreak | Event::Rule => begins = true,
            Event::SoftBreak => begins_line = true,
            Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::List(_) | TagEnd::BlockQuote(_)) => {
                begins = true
            }
            _ if begins || begins_line => {
                if begins {
                    found.push(Paragraph { lines: Vec::new(), follows_table });
                }
                let end = text[range.start..].find('\n').map_or(text.len(), |length| range.start + length);
                let is_escaped = text[..range.start].ends_with('\\');
                let place = range.start..range.start + text[range.start..end].trim_end().len();
                found.last_mut().expect("one was begun").lines.push(Line { place, is_escaped });
                (begins, begins_line, follows_table) = (false, false, false);
            }
            _ => {}
        }
    }
    found
}
