//! From a text to events: CommonMark with tables, footnotes, `~~` and lists of tasks.

use std::collections::BTreeSet;
use std::ops::Range;

use pulldown_cmark::{
    BrokenLink, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd, TextMergeWithOffset,
};

use super::disguise::Disguised;
use super::writer::Located;

/// What a text consists of.
pub(super) struct Parsed<'a> {
    pub events: Vec<Located<'a>>,
    /// The places of link definitions that nothing uses, with their names.
    pub unused: Vec<(String, Range<usize>)>,
    /// The places of links whose definition is missing, with its name.
    pub undefined: Vec<(String, Range<usize>)>,
}

/// Parses a text. Places are those of the text as it was written.
pub(super) fn parse<'a>(hidden: &'a Disguised<'_>) -> Parsed<'a> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM;
    let mut undefined = BTreeSet::new();
    let broken = |link: BrokenLink<'a>| -> Option<(CowStr<'a>, CowStr<'a>)> {
        // `[text]` alone may be just that.
        if matches!(link.link_type, LinkType::Reference | LinkType::Collapsed) {
            let place = hidden.place(link.span);
            undefined.insert((place.start, place.end, hidden.words(link.reference).to_string()));
        }
        None
    };
    let parser = Parser::new_with_broken_link_callback(&hidden.text, options, Some(broken));
    let definitions = parser.reference_definitions().iter();
    let mut definitions: Vec<(usize, usize, String)> =
        definitions.map(|(name, link)| (link.span.start, link.span.end, name.to_owned())).collect();
    definitions.sort();
    let events = without_single_tildes(&hidden.text, parser.into_offset_iter());
    let events = events.map(|(event, range)| hidden.put_back(event, range));
    let events: Vec<Located<'a>> = TextMergeWithOffset::new(events).collect();
    let used: BTreeSet<String> = events.iter().filter_map(|(event, _)| definition_of(event)).collect();
    let unused = definitions.into_iter().filter_map(|(start, end, name)| {
        let name = hidden.words(CowStr::from(name)).to_string();
        (!used.contains(&key(&name))).then(|| (name, hidden.place(start..end)))
    });
    let unused = unused.collect();
    Parsed {
        events,
        unused,
        undefined: undefined.into_iter().map(|(start, end, name)| (name, start..end)).collect(),
    }
}

/// The definition that a link uses.
fn definition_of(event: &Event<'_>) -> Option<String> {
    let (Event::Start(Tag::Link { link_type, id, .. }) | Event::Start(Tag::Image { link_type, id, .. })) =
        event
    else {
        return None;
    };
    let by_name = [LinkType::Reference, LinkType::Collapsed, LinkType::Shortcut].contains(link_type);
    by_name.then(|| key(id))
}

/// What names of one definition have in common.
fn key(name: &str) -> String {
    name.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Shows single tildes: they stand in ranges, `5~10米`, and strike nothing out.
fn without_single_tildes<'a>(
    text: &str,
    events: impl Iterator<Item = Located<'a>>,
) -> impl Iterator<Item = Located<'a>> {
    let tilde = || Event::Text(CowStr::from("~"));
    // For each that is open, whether it is shown.
    let mut open = Vec::new();
    events.map(move |(event, range)| match event {
        Event::Start(Tag::Strikethrough) => {
            let is_single = !text[range.clone()].starts_with("~~");
            open.push(is_single);
            if is_single { (tilde(), range.start..range.start + 1) } else { (event, range) }
        }
        Event::End(TagEnd::Strikethrough) if open.pop() == Some(true) => (tilde(), range.end - 1..range.end),
        event => (event, range),
    })
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::html::push_html;

    use super::super::bare_addresses::link_addresses;
    use super::super::disguise::disguise;
    use super::super::indents::without_indents;
    use super::super::line_breaks::join_lines;
    use super::*;
    use crate::lang::Lang;

    /// The examples of CommonMark that are read in another way, and why.
    const DIFFERENT: &[(&[usize], &str)] = &[
        (&[356], "a star between two numbers means times"),
        (&[602, 606, 608, 611, 612], "an address in the text is a link"),
    ];

    #[test]
    fn the_examples_of_commonmark_are_read_as_by_pulldown_cmark() {
        let examples = include_str!("../../../tests/commonmark/examples.txt");
        let mut different: Vec<usize> = Vec::new();
        let mut count = 0;
        for example in examples.split("=== ").skip(1) {
            let (number, text) = example.split_once('\n').expect("a number stands alone");
            let mut plain = String::new();
            push_html(&mut plain, Parser::new(text));
            let mut ours = String::new();
            let hidden = disguise(text);
            let events = without_indents(parse(&hidden).events);
            let events = join_lines(link_addresses(events, text), Lang::ZH);
            push_html(&mut ours, events.into_iter().map(|(event, _)| event));
            if ours != plain {
                different.push(number.parse().expect("a number"));
            }
            count += 1;
        }
        let meant: BTreeSet<usize> = DIFFERENT.iter().flat_map(|(numbers, _)| *numbers).copied().collect();
        assert_eq!((count, different), (652, meant.into_iter().collect()));
    }
}
