//! What a text is written with: the state that all parts of it share.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use pulldown_cmark::{Alignment, CowStr, Event};

use super::body::{Around, Body};
use crate::source::{FileId, Report, Span};

/// Writes the HTML of a text.
pub(super) struct Writer<'a> {
    pub(super) report: &'a mut Report,
    pub(super) file: FileId,
    pub(super) text: &'a str,
    pub(super) offset: usize,
    pub(super) around: &'a Around<'a>,
    pub(super) body: Body,
    pub(super) out: Vec<Event<'a>>,
    /// For each link that is open and was let through, what ends it.
    pub(super) open_links: Vec<Option<String>>,
    pub(super) ids: BTreeSet<String>,
    /// The number that the next heading with the same words takes.
    pub(super) next_number: BTreeMap<String, u32>,
    pub(super) labels: BTreeMap<String, usize>,
    pub(super) last_level: u8,
    pub(super) table: Table,
    pub(super) footnotes: Footnotes,
}

/// An event, and where in the text it is.
pub(super) type Located<'a> = (Event<'a>, Range<usize>);

/// The table that is being written.
#[derive(Default)]
pub(super) struct Table {
    pub(super) alignments: Vec<Alignment>,
    pub(super) in_head: bool,
    pub(super) in_body: bool,
    pub(super) column: usize,
}

/// The footnotes of a text while it is written.
#[derive(Default)]
pub(super) struct Footnotes {
    /// By name: its number, and how many places refer to it.
    pub(super) numbers: BTreeMap<String, (usize, usize)>,
    pub(super) written: usize,
    /// The one that is being written, until the links back from it are.
    pub(super) open: Option<String>,
}

impl Writer<'_> {
    /// A part of the text as a place in its file.
    pub(super) fn span(&self, part: Range<usize>) -> Span {
        Span::text(self.file, self.offset + part.start, self.offset + part.end)
    }

    /// Puts HTML of ours out.
    pub(super) fn raw(&mut self, html: String) {
        self.out.push(Event::InlineHtml(CowStr::from(html)));
    }
}

/// The number of the event that ends what begins here.
pub(super) fn end_of(events: &[Located<'_>], start: usize) -> usize {
    let mut depth = 0;
    for (at, (event, _)) in events.iter().enumerate().skip(start) {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    events.len()
}

/// The words of what begins here.
pub(super) fn plain_text(events: &[Located<'_>], start: usize) -> String {
    let mut text = String::new();
    for (event, _) in &events[start..end_of(events, start)] {
        match event {
            Event::Text(words) | Event::Code(words) => text.push_str(words),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            _ => {}
        }
    }
    text
}

/// The first line of a place.
pub(super) fn first_line(text: &str, place: Range<usize>) -> Range<usize> {
    let length = text[place.clone()].trim_end().lines().next().map_or(0, str::len);
    place.start..place.start + length
}
