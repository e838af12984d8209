//! HTML in a text: it is shown as it is written, and what to write instead is said.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use super::writer::{Located, Writer, end_of, first_line};
use crate::source::{Span, code, say};

impl<'a> Writer<'a> {
    /// A block of HTML is shown as text, for the writer to see, and reported; a comment is left out.
    pub(super) fn html_block(&mut self, events: &[Located<'a>], at: usize) -> usize {
        let end = end_of(events, at);
        let mut source = String::new();
        for (event, _) in &events[at..end] {
            if let Event::Html(part) | Event::Text(part) = event {
                source.push_str(part);
            }
        }
        if !is_comment(source.trim()) {
            let Range { start, end } = events[at].1.clone();
            let place = first_line(self.text, start..end);
            self.refuse_html(self.span(place), source.trim());
            self.out.push(Event::Start(Tag::Paragraph));
            self.out.push(Event::Text(CowStr::from(source.trim_end().to_owned())));
            self.out.push(Event::End(TagEnd::Paragraph));
        }
        end + 1
    }

    pub(super) fn refuse_html(&mut self, span: Span, source: &str) {
        let hint = match tag_name(source).as_str() {
            "br" => say!("end the line with `\\` instead"),
            "p" | "div" | "center" => say!("put an empty line between paragraphs instead"),
            "b" | "strong" | "u" | "ins" | "font" | "mark" | "big" => {
                say!("for what matters, write `**bold**`")
            }
            "i" | "em" => say!("write `*emphasis*`"),
            "s" | "del" | "strike" => say!("write `~~struck out~~`"),
            "iframe" | "video" | "audio" | "embed" | "object" => {
                say!("write a link to the page that shows it: `[text](https://…)`")
            }
            "a" => say!("write `[text](https://…)`"),
            "img" => say!("write `![what the picture shows](/path.png)`"),
            "hr" => say!("write a line `---` with an empty line before it"),
            "ul" | "ol" | "li" => say!("write a list with `- ` or `1. ` at the start of each line"),
            "table" | "tr" | "td" | "th" | "tbody" | "thead" => {
                say!("write the table with bars: `| a | b |`, and below it `| --- | --- |`")
            }
            "h1" | "h2" | "h3" | "h4" => say!("write a heading with `##` or `###`"),
            "sup" => say!("for a footnote, write `[^1]`"),
            _ => say!("use Markdown, or write `\\<` to show the character"),
        };
        self.report.error(code::MARKDOWN_HTML, span, say!("HTML in the text")).hint(hint);
    }
}

/// The name of the tag with which HTML begins, in lower case.
fn tag_name(source: &str) -> String {
    let name = source.trim_start_matches(['<', '/']);
    let length = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
    name[..length].to_ascii_lowercase()
}

/// Whether HTML is one comment.
pub(super) fn is_comment(source: &str) -> bool {
    let inner = source.trim().strip_prefix("<!--").and_then(|source| source.strip_suffix("-->"));
    inner.is_some_and(|inner| !inner.contains("-->"))
}

#[cfg(test)]
mod tests {
    use crate::site::markdown::tests::problems;

    #[test]
    fn each_tag_has_its_remedy() {
        for (text, hint) in [
            ("甲<br>乙", "end the line with `\\` instead"),
            ("甲<U>乙", "for what matters, write `**bold**`"),
            ("<iframe src=\"x\"></iframe>", "write a link to the page that shows it: `[text](https://…)`"),
            ("甲<x>", "use Markdown, or write `\\<` to show the character"),
        ] {
            assert_eq!(
                problems(text).first().map(String::as_str),
                Some(&*format!("HTML in the text: {hint}"))
            );
        }
    }
}
