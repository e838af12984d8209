//! The footnotes of a text: numbered in the order in which they are referred to, they stand at its end.

use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{Event, Tag};

use super::writer::{Located, Writer, end_of};
use crate::site::escape::escape;

/// A footnote by its name.
struct Footnote {
    /// Its number among those that are referred to, counted from 1.
    number: Option<usize>,
    /// The events of its definition.
    events: Range<usize>,
}

/// What is wrong with the footnotes of a text.
pub(super) enum LostFootnote {
    /// Nothing refers to it.
    Unused(String, Range<usize>),
    /// Another one has the same name.
    Twice(String, Range<usize>),
}

/// Moves the footnotes to the end, in the order in which they are referred to. Those that no reader would find are
/// left out and returned.
pub(super) fn gather_footnotes<'a>(events: Vec<Located<'a>>) -> (Vec<Located<'a>>, Vec<LostFootnote>) {
    let mut footnotes: BTreeMap<String, Footnote> = BTreeMap::new();
    let mut lost = Vec::new();
    let mut text = Vec::with_capacity(events.len());
    let mut at = 0;
    while at < events.len() {
        let Event::Start(Tag::FootnoteDefinition(name)) = &events[at].0 else {
            text.push(at);
            at += 1;
            continue;
        };
        let range = events[at].1.clone();
        let end = end_of(&events, at) + 1;
        match footnotes.contains_key(&key(name)) {
            true => lost.push(LostFootnote::Twice(name.to_string(), range)),
            false => {
                footnotes.insert(key(name), Footnote { number: None, events: at..end.min(events.len()) });
            }
        }
        at = end;
    }
    // A footnote may refer to another one, which then follows.
    let mut order: Vec<Range<usize>> = Vec::new();
    let mut refer = |at: usize, order: &mut Vec<Range<usize>>| {
        let Event::FootnoteReference(name) = &events[at].0 else { return };
        if let Some(footnote) = footnotes.get_mut(&key(name)).filter(|footnote| footnote.number.is_none()) {
            footnote.number = Some(order.len() + 1);
            order.push(footnote.events.clone());
        }
    };
    text.iter().for_each(|at| refer(*at, &mut order));
    let mut next = 0;
    while next < order.len() {
        order[next].clone().for_each(|at| refer(at, &mut order));
        next += 1;
    }
    for footnote in footnotes.values().filter(|footnote| footnote.number.is_none()) {
        let (event, range) = &events[footnote.events.start];
        if let Event::Start(Tag::FootnoteDefinition(name)) = event {
            lost.push(LostFootnote::Unused(name.to_string(), range.clone()));
        }
    }
    let mut events: Vec<Option<Located<'a>>> = events.into_iter().map(Some).collect();
    let order = text.into_iter().chain(order.into_iter().flatten());
    (order.filter_map(|at| events[at].take()).collect(), lost)
}

impl Writer<'_> {
    /// Refers to a footnote.
    pub(super) fn footnote_reference(&mut self, name: &str) {
        let next = self.footnotes.numbers.len() + 1;
        let (number, places) = self.footnotes.numbers.entry(key(name)).or_insert((next, 0));
        *places += 1;
        let number = *number;
        let id = place_id(number, *places);
        self.ids.insert(id.clone());
        self.raw(format!("<sup class=\"noteref\"><a id=\"{id}\" href=\"#note-{number}\" role=\"doc-noteref\">{number}</a></sup>"));
    }

    /// Begins a footnote; the first one begins their list.
    pub(super) fn footnote_start(&mut self, name: &str) {
        let number = self.footnotes.numbers.get(&key(name)).map_or(0, |(number, _)| *number);
        if self.footnotes.written == 0 {
            let title = (self.around.word)("text.footnotes");
            self.raw(format!("<section class=\"footnotes\" aria-label=\"{}\">\n<ol>\n", escape(&title)));
        }
        self.footnotes.written += 1;
        self.raw(format!("<li id=\"note-{number}\">"));
    }

    /// The links from the end of a footnote back to the places that refer to it.
    pub(super) fn footnote_back(&mut self, name: &str) {
        let Some((number, places)) = self.footnotes.numbers.get(&key(name)).copied() else { return };
        let back = escape(&(self.around.word)("text.footnote-back"));
        for place in 1..=places {
            let label = if places == 1 { back.clone() } else { format!("{back} {place}") };
            let id = place_id(number, place);
            self.raw(format!(" <a href=\"#{id}\" role=\"doc-backlink\" aria-label=\"{label}\">↩</a>"));
        }
    }

    /// Ends a footnote.
    pub(super) fn footnote_end(&mut self) {
        self.raw("</li>\n".to_owned());
    }

    /// Ends the list of footnotes, if there is one.
    pub(super) fn footnotes_end(&mut self) {
        if self.footnotes.written > 0 {
            self.raw("</ol>\n</section>\n".to_owned());
        }
    }
}

/// What names of one footnote have in common.
fn key(name: &str) -> String {
    name.to_lowercase()
}

/// The name of a place that refers to a footnote.
fn place_id(number: usize, place: usize) -> String {
    match place {
        1 => format!("ref-{number}"),
        place => format!("ref-{number}-{place}"),
    }
}
