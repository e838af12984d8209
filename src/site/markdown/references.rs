//! Footnotes and link definitions that are lost: nothing leads to them, or they are not there.

use std::ops::Range;

use pulldown_cmark::Event;

use super::footnotes::LostFootnote;
use super::writer::{Located, Writer, first_line};
use crate::source::{Message, code, say};

impl Writer<'_> {
    /// Reports link definitions that nothing uses, and links whose definition is missing.
    pub(super) fn lost_links(
        &mut self,
        unused: Vec<(String, Range<usize>)>,
        undefined: Vec<(String, Range<usize>)>,
    ) {
        for (name, place) in unused {
            let message =
                say!("nothing links to the definition `[{name}]:`, and its text is not shown", name);
            let hint = match name.parse::<u32>() {
                Ok(_) => say!(
                    "for a footnote, write `[^{name}]` in the text and `[^{name}]:` here; for a link, write `[text][{name}]` in the text",
                    name
                ),
                Err(_) => say!(
                    "write `[text][{name}]` where the link is, or remove this line; to show it, begin it with `\\[`",
                    name
                ),
            };
            self.refuse_reference(place, message, hint);
        }
        for (name, place) in undefined {
            let message = say!("the link `[{name}]` has no definition", name);
            let hint =
                say!("write the address in the text: `[text](/path/)`; to show the brackets, write `\\[`");
            self.refuse_reference(place, message, hint);
        }
    }

    /// Reports footnotes that no reader would find.
    pub(super) fn lost_footnotes(&mut self, lost: Vec<LostFootnote>) {
        for footnote in lost {
            match footnote {
                LostFootnote::Unused(name, place) => self.refuse_reference(
                    place,
                    say!("nothing refers to the footnote `[^{name}]`, and it is not shown", name),
                    say!("write `[^{name}]` in the text where it belongs, or remove it", name),
                ),
                LostFootnote::Twice(name, place) => self.refuse_reference(
                    place,
                    say!("the page has two footnotes `[^{name}]`, and this one is not shown", name),
                    say!("give it another name, here and in the text"),
                ),
            }
        }
    }

    /// Reports references to footnotes that are not there: they were left as text.
    pub(super) fn missing_footnotes(&mut self, events: &[Located<'_>]) {
        for (event, range) in events {
            if !matches!(event, Event::Text(_)) {
                continue;
            }
            let mut rest = range.start;
            while let Some(found) = self.text[rest..range.end].find("[^") {
                let start = rest + found;
                rest = start + 2;
                let Some(length) = self.text[rest..range.end].find([']', '[', '\n']) else { break };
                let name = &self.text[rest..rest + length];
                let closes = self.text[rest + length..].starts_with(']');
                if !closes || name.is_empty() || name.contains(' ') || self.text[..start].ends_with('\\') {
                    continue;
                }
                let end = rest + length + 1;
                let message = say!("the footnote `[^{name}]` has no text", name);
                let hint = say!(
                    "write a line of its own at the end of the page: `[^{name}]: …`, with a half-width colon",
                    name
                );
                self.refuse_reference(start..end, message, hint);
            }
        }
    }

    fn refuse_reference(&mut self, place: Range<usize>, message: Message, hint: Message) {
        let span = self.span(first_line(self.text, place));
        self.report.error(code::MARKDOWN_REFERENCE, span, message).hint(hint);
    }
}

#[cfg(test)]
mod tests {
    use crate::site::markdown::tests::{refused, sound};

    #[test]
    fn what_no_reader_would_find_is_reported() {
        refused(
            "甲\n\n[^1]: 注",
            "<p>甲</p>\n",
            "nothing refers to the footnote `[^1]`, and it is not shown",
        );
        refused("甲[^1]", "<p>甲[^1]</p>\n", "the footnote `[^1]` has no text");
        refused("[报名][signup]", "<p>[报名][signup]</p>\n", "the link `[signup]` has no definition");
        refused(
            "甲\n\n[1]: /a/",
            "<p>甲</p>\n",
            "nothing links to the definition `[1]:`, and its text is not shown",
        );
        sound("[报名]，[甲]，\\[^1]\n\n[甲]: #a", "<p>[报名]，<a href=\"#a\">甲</a>，[^1]</p>\n");
    }
}
