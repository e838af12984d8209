//! What a text is built of: its headings, paragraphs, list items, table rows, and the words, links and pictures in each.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::disguise::disguise;
use super::parse::parse;

/// A part of a text that stands for itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Its bytes.
    pub range: Range<usize>,
    /// Its words: of a row those of each cell, else one.
    pub words: Vec<Words>,
}

/// What a block is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum BlockKind {
    /// A heading, and 2 for `##`.
    Heading(u8),
    /// A paragraph.
    Paragraph,
    /// A quotation; its paragraphs follow.
    Quotation,
    /// An item of a list with its first paragraph.
    Item,
    /// An item of a numbered list.
    NumberedItem,
    /// A table, and its columns; its rows follow.
    Table(usize),
    /// A row of a table.
    Row,
    /// Code.
    Code,
    /// A line across.
    Rule,
}

/// Words, and what is marked in them.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Words {
    /// The words, without marks.
    pub text: String,
    /// Where parts of the words begin: in `text`, and in the source.
    runs: Vec<(usize, usize)>,
    /// Links, pictures and code, each with its bytes in the source.
    pub marks: Vec<(Mark, Range<usize>)>,
}

/// What is marked in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Mark {
    /// A link, by where it leads.
    Link(String),
    /// A picture, by its address.
    Picture(String),
    /// Code.
    Code(String),
}

impl Words {
    /// Words that begin at a byte of the source, and have no marks.
    pub fn plain(text: &str, start: usize) -> Words {
        Words { text: text.to_owned(), runs: vec![(0, start)], marks: Vec::new() }
    }

    /// The bytes of the source in which a part of the words stands.
    pub fn source(&self, range: Range<usize>) -> Range<usize> {
        let place = |at: usize| {
            let run = self.runs.iter().rev().find(|(start, _)| *start <= at);
            run.map_or(at, |(start, source)| source + at - start)
        };
        // The end belongs to the part in which the last byte stands.
        place(range.start)..place(range.end.saturating_sub(1)) + 1
    }

    fn push(&mut self, text: &str, source: usize) {
        self.runs.push((self.text.len(), source));
        self.text.push_str(text);
    }
}

/// The blocks of a text, in their order.
pub fn outline(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut numbered: Vec<bool> = Vec::new();
    // Whether words go on in the last block.
    let mut is_open = false;
    let open = |blocks: &mut Vec<Block>, kind, range: &Range<usize>| {
        blocks.push(Block { kind, range: range.clone(), words: vec![Words::default()] });
    };
    for (event, range) in parse(&disguise(text)).events {
        match event {
            Event::Start(Tag::List(first)) => {
                numbered.push(first.is_some());
                is_open = false;
            }
            Event::End(TagEnd::List(_)) => {
                numbered.pop();
                is_open = false;
            }
            Event::Start(Tag::Item) => {
                let kind =
                    if numbered.last() == Some(&true) { BlockKind::NumberedItem } else { BlockKind::Item };
                // Of an item its first line is shown.
                let end = text[range.clone()].find('\n').map_or(range.end, |at| range.start + at);
                open(&mut blocks, kind, &(range.start..end));
                is_open = true;
            }
            Event::Start(Tag::Paragraph) => {
                let begins_item =
                    is_open && blocks.last().is_some_and(|block| block.words[0].text.is_empty());
                if !begins_item {
                    open(&mut blocks, BlockKind::Paragraph, &range);
                }
                is_open = true;
            }
            Event::Start(Tag::Heading { level, .. }) => {
                open(&mut blocks, BlockKind::Heading(level as u8), &range);
                is_open = true;
            }
            Event::Start(Tag::CodeBlock(_)) => {
                open(&mut blocks, BlockKind::Code, &range);
                is_open = true;
            }
            Event::Start(Tag::BlockQuote(_)) => {
                open(&mut blocks, BlockKind::Quotation, &range);
                is_open = false;
            }
            Event::Start(Tag::Table(columns)) => {
                open(&mut blocks, BlockKind::Table(columns.len()), &range);
                is_open = false;
            }
            Event::Start(Tag::TableHead | Tag::TableRow) => {
                blocks.push(Block { kind: BlockKind::Row, range, words: Vec::new() });
                is_open = true;
            }
            Event::Start(Tag::TableCell) => {
                if let Some(row) = blocks.last_mut() {
                    row.words.push(Words::default());
                }
            }
            Event::End(
                TagEnd::Paragraph
                | TagEnd::Heading(_)
                | TagEnd::CodeBlock
                | TagEnd::TableHead
                | TagEnd::TableRow
                | TagEnd::Item,
            ) => is_open = false,
            Event::Rule => open(&mut blocks, BlockKind::Rule, &range),
            event => {
                let words = blocks.last_mut().filter(|_| is_open).and_then(|block| block.words.last_mut());
                if let Some(words) = words {
                    note(words, event, range);
                }
            }
        }
    }
    blocks
}

fn note(words: &mut Words, event: Event<'_>, range: Range<usize>) {
    match event {
        Event::Text(text) => words.push(&text, range.start),
        Event::SoftBreak | Event::HardBreak => words.push("\n", range.start),
        Event::Code(code) => {
            words.push("\u{fffc}", range.start);
            words.marks.push((Mark::Code(code.to_string()), range));
        }
        Event::Start(Tag::Link { dest_url, .. }) => {
            words.marks.push((Mark::Link(dest_url.to_string()), range))
        }
        Event::Start(Tag::Image { dest_url, .. }) => {
            words.marks.push((Mark::Picture(dest_url.to_string()), range));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_parted_into_its_blocks() {
        let text =
            "## A\n\nB [c](/d/)\n\n- e\n\n  f\n- g\n\n1. h\n\n> i\n\n| j | k |\n| - | - |\n| l | **5** m |\n";
        let blocks = outline(text);
        let told: Vec<(BlockKind, Vec<&str>)> = blocks
            .iter()
            .map(|block| (block.kind, block.words.iter().map(|words| words.text.as_str()).collect()))
            .collect();
        assert_eq!(
            told,
            [
                (BlockKind::Heading(2), vec!["A"]),
                (BlockKind::Paragraph, vec!["B c"]),
                (BlockKind::Item, vec!["e"]),
                (BlockKind::Paragraph, vec!["f"]),
                (BlockKind::Item, vec!["g"]),
                (BlockKind::NumberedItem, vec!["h"]),
                (BlockKind::Quotation, vec![""]),
                (BlockKind::Paragraph, vec!["i"]),
                (BlockKind::Table(2), vec![""]),
                (BlockKind::Row, vec!["j", "k"]),
                (BlockKind::Row, vec!["l", "5 m"]),
            ]
        );
        assert_eq!(blocks[1].words[0].marks, [(Mark::Link("/d/".to_owned()), 8..16)]);
        let cell = &blocks[10].words[1];
        assert_eq!(&text[cell.source(0..1)], "5");
        assert_eq!(&text[cell.source(2..3)], "m");
    }
}
