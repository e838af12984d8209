//! The headings of a text, and what is meant as one.

use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

use super::body::Heading;
use super::writer::{Located, Writer, end_of, plain_text};
use crate::site::escape::escape;
use crate::source::{Span, code, say};

impl Writer<'_> {
    /// Begins a heading.
    pub(super) fn heading(&mut self, events: &[Located<'_>], at: usize, level: HeadingLevel, span: Span) {
        let number = level as u8;
        let hashes = "#".repeat(usize::from(number));
        if level == HeadingLevel::H1 {
            self.report
                .error(code::MARKDOWN_HEADING, span, say!("first-level heading in the text"))
                .label(say!("the page title is its only first-level heading"))
                .hint(say!("write `##`, or remove it if it repeats the title"));
        } else if number > self.last_level.max(1) + 1 {
            let meant = "#".repeat(usize::from(self.last_level) + 1);
            self.report
                .error(
                    code::MARKDOWN_HEADING,
                    span,
                    say!("heading `{hashes}` without a `{meant}` above it", hashes, meant),
                )
                .hint(say!(
                    "write `{meant}`: people who use a screen reader move from heading to heading",
                    meant
                ));
        } else if number > 3 {
            self.report
                .error(code::MARKDOWN_HEADING, span, say!("heading `{hashes}`", hashes))
                .hint(say!("pages use headings `##` and `###` only: split the page, or use a list"));
        }
        let level = shown_level(level);
        self.last_level = level;
        let text = plain_text(events, at);
        if text.trim().is_empty() {
            self.report
                .error(code::MARKDOWN_HEADING, span, say!("heading without text"))
                .hint(say!("write the heading behind `{hashes}`, or remove the line", hashes));
        }
        let id = self.heading_id(&text);
        self.raw(format!("<h{level} id=\"{}\">", escape(&id)));
        self.body.headings.push(Heading { level, id, text });
    }

    /// The name by which links reach a heading: its letters and digits in lower case, with a hyphen for whatever
    /// stands between them. Of a heading that has neither, all its signs. The second of the same name gets `-2`.
    fn heading_id(&mut self, text: &str) -> String {
        let mut id = String::new();
        for letter in text.chars().flat_map(char::to_lowercase) {
            if letter.is_alphanumeric() {
                id.push(letter);
            } else if !id.is_empty() && !id.ends_with('-') {
                id.push('-');
            }
        }
        let signs: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
        let id = match (id.trim_end_matches('-'), signs.as_str()) {
            ("", "") => "part",
            ("", signs) => signs,
            (id, _) => id,
        };
        let mut unique = id.to_owned();
        while !self.ids.insert(unique.clone()) {
            // The next number is remembered, so that many equal headings do not ask for every one before.
            let number = self.next_number.entry(id.to_owned()).or_insert(2);
            unique = format!("{id}-{number}");
            *number += 1;
        }
        unique
    }

    /// Warns of a paragraph that is bold as a whole and is followed by another: readers who listen do not come upon it.
    pub(super) fn bold_heading(&mut self, events: &[Located<'_>], at: usize) {
        const LONGEST: usize = 30;
        let stands_alone = !matches!(
            at.checked_sub(1).map(|before| &events[before].0),
            Some(Event::Start(Tag::Item | Tag::BlockQuote(_) | Tag::FootnoteDefinition(_)))
        );
        let Some((Event::Start(Tag::Strong), range)) = events.get(at + 1) else { return };
        let end = end_of(events, at + 1);
        let is_followed = matches!(
            events.get(end + 1..end + 3),
            Some([
                (Event::End(TagEnd::Paragraph), _),
                (Event::Start(Tag::Paragraph | Tag::List(_) | Tag::Table(_)), _)
            ])
        );
        let text = plain_text(events, at + 1);
        let is_sentence = text.ends_with(|last: char| "。！？；，：.!?;,:”\"）)".contains(last));
        if !stands_alone || !is_followed || is_sentence || text.chars().count() > LONGEST {
            return;
        }
        let hashes = if self.last_level < 2 { "##" } else { "###" };
        let span = self.span(range.clone());
        self.report
            .warning(code::MARKDOWN_HEADING, span, say!("a bold line stands for a heading"))
            .hint(say!("if it is a heading, write `{hashes} {text}`: people who use a screen reader move from heading to heading", hashes, text));
    }
}

/// A heading of the first level is shown as one of the second, so that a draft can be looked at.
pub(super) fn shown_level(level: HeadingLevel) -> u8 {
    (level as u8).max(2)
}

#[cfg(test)]
mod tests {
    use crate::site::markdown::tests::{problems, refused, sound};

    #[test]
    fn a_heading_of_signs_is_named_after_them() {
        sound("## 🎉\n\n## ？ ！", "<h2 id=\"🎉\">🎉</h2>\n<h2 id=\"？！\">？ ！</h2>\n");
        refused("##", "<h2 id=\"part\"></h2>\n", "heading without text");
    }

    #[test]
    fn a_bold_line_above_a_paragraph_is_told() {
        let told = problems("## 甲\n\n**报名材料**\n\n护照。");
        assert_eq!(told.len(), 1);
        assert!(
            told[0].starts_with("a bold line stands for a heading: if it is a heading, write `### 报名材料`")
        );
        for text in ["**请准时到场。**\n\n护照。", "**报名**\n", "- **报名**\n\n  护照。", "**甲**乙\n\n丙"]
        {
            assert_eq!(problems(text), [""; 0]);
        }
    }
}
