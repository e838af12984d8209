//! Signs that a text hides from the Markdown parser while it is parsed, and that are put back in what was parsed.
//!
//! Two notions of CommonMark are not those of people who write Chinese, and pulldown-cmark 0.13.6 has an option for
//! neither: a star between two numbers means times, and stars beside Chinese punctuation are emphasis all the same (see
//! [`super::emphasis`]). Both are told to the parser by signs of the private use area that the text has not: one stands
//! for a star that is a star, the other is put on both sides of stars and makes them look as if they stood in a word,
//! where they may open and close. Our own parser would be 10 000 lines; this goes when a release of pulldown-cmark has
//! an option for CJK-friendly emphasis.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Tag};

use super::emphasis::needs_joints;
use super::stars::is_times;

/// A text with its hidden signs.
pub(super) struct Disguised<'a> {
    pub text: Cow<'a, str>,
    star: char,
    joint: char,
    /// Where what follows stands in this text, and where in the text as it was written; in order.
    pieces: Vec<(usize, usize)>,
}

/// Hides what the parser would take wrongly.
pub(super) fn disguise(text: &str) -> Disguised<'_> {
    // A text that has 6400 different characters of private use keeps its stars as they are.
    let mut unused = ('\u{e000}'..='\u{f8ff}').filter(|sign| !text.contains(*sign));
    let nothing = |star, joint| Disguised { text: Cow::Borrowed(text), star, joint, pieces: Vec::new() };
    let (Some(star), Some(joint)) = (unused.next(), unused.next()) else { return nothing('*', '*') };
    let mut hidden = nothing(star, joint);
    let mut shown = String::new();
    let mut done = 0;
    let mut at = 0;
    while let Some(found) = text[at..].find('*') {
        let mut start = at + found;
        let end = start + text[start..].bytes().take_while(|byte| *byte == b'*').count();
        at = end;
        if is_times(&text[..start], end - start, &text[end..]) {
            shown.push_str(&text[done..start]);
            for number in start..end {
                hidden.pieces.push((shown.len(), number));
                shown.push(star);
            }
        } else {
            // The first star may have a backslash.
            let slashes = text[..start].bytes().rev().take_while(|byte| *byte == b'\\').count();
            start += slashes % 2;
            if start == end || !needs_joints(&text[..start], &text[end..]) {
                continue;
            }
            shown.push_str(&text[done..start]);
            hidden.pieces.push((shown.len(), start));
            shown.push(joint);
            hidden.pieces.push((shown.len(), start));
            shown.push_str(&text[start..end]);
            hidden.pieces.push((shown.len(), end));
            shown.push(joint);
        }
        hidden.pieces.push((shown.len(), end));
        done = end;
    }
    if done > 0 {
        shown.push_str(&text[done..]);
        hidden.text = Cow::Owned(shown);
    }
    hidden
}

impl Disguised<'_> {
    /// An event as it was written, at its place in the text as it was written.
    pub(super) fn put_back<'e>(&self, event: Event<'e>, range: Range<usize>) -> (Event<'e>, Range<usize>) {
        if self.pieces.is_empty() {
            return (event, range);
        }
        let range = self.place(range);
        let back = |words: CowStr<'e>| self.words(words);
        let event = match event {
            Event::Text(words) => Event::Text(back(words)),
            Event::Code(words) => Event::Code(back(words)),
            Event::Html(words) => Event::Html(back(words)),
            Event::InlineHtml(words) => Event::InlineHtml(back(words)),
            Event::FootnoteReference(name) => Event::FootnoteReference(back(name)),
            Event::Start(Tag::FootnoteDefinition(name)) => Event::Start(Tag::FootnoteDefinition(back(name))),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(back(info))))
            }
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let (dest_url, title, id) = (back(dest_url), back(title), back(id));
                Event::Start(Tag::Link { link_type, dest_url, title, id })
            }
            Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
                let (dest_url, title, id) = (back(dest_url), back(title), back(id));
                Event::Start(Tag::Image { link_type, dest_url, title, id })
            }
            event => event,
        };
        (event, range)
    }

    /// Words as they were written.
    pub(super) fn words<'e>(&self, words: CowStr<'e>) -> CowStr<'e> {
        match !self.pieces.is_empty() && words.contains([self.star, self.joint]) {
            true => CowStr::from(words.replace(self.joint, "").replace(self.star, "*")),
            false => words,
        }
    }

    /// A place in the text as it was written.
    pub(super) fn place(&self, range: Range<usize>) -> Range<usize> {
        let written = |at: usize| {
            let next = self.pieces.partition_point(|(start, _)| *start <= at);
            let Some((start, written)) = next.checked_sub(1).map(|last| self.pieces[last]) else { return at };
            let end = self.pieces.get(next).map_or(usize::MAX, |(_, written)| *written);
            (written + (at - start)).min(end)
        };
        written(range.start)..written(range.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_text_as_it_was_written() {
        let text = "尺寸2*3，**重要：**请看*“甲”*的";
        let hidden = disguise(text);
        assert_ne!(hidden.text, text);
        let mut last = 0;
        for (at, letter) in hidden.text.char_indices() {
            let place = hidden.place(at..at + letter.len_utf8());
            assert!(place.start >= last && text.is_char_boundary(place.start) && place.start <= place.end);
            last = place.start;
            if letter != hidden.joint && letter != hidden.star {
                assert!(text[place.start..].starts_with(letter), "{letter}");
            }
        }
        assert_eq!(hidden.words(CowStr::from(hidden.text.clone())), CowStr::from(text));
    }
}
