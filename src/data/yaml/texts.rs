//! The blocks of a document that hold nothing but texts, such as a name in several languages, whatever the
//! document is about.

use std::collections::{BTreeMap, BTreeSet};

use super::document::{Document, Entry, Inner, Node};
use crate::source::Span;

/// A block of keys whose values are all texts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TextBlock {
    /// The way to it: keys, and the numbers of entries counted from 1, with dots between them.
    pub path: String,
    /// Where it stands.
    pub span: Span,
    /// Its keys and texts, in order.
    pub texts: Vec<(String, String)>,
}

/// A text with the way to it and its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlacedText {
    /// The way to it: keys, and the numbers of entries counted from 1, with dots between them.
    pub path: String,
    /// The text.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

impl Document {
    /// All texts, in the order of the document.
    pub fn texts(&self) -> Vec<PlacedText> {
        let mut texts = Vec::new();
        walk(&self.node, "", &mut |node, path| {
            if let Some(text) = node.as_str() {
                let span = Span::text(self.file, node.start, node.end);
                texts.push(PlacedText { path: path.to_owned(), text: text.to_owned(), span });
            }
            true
        });
        texts
    }

    /// Puts texts in another language into blocks of texts: under `key`, where a block has nothing under it, and its
    /// text under `from` is among `texts`. Returns those of `texts` that fit somewhere.
    pub fn add_texts(&mut self, from: &str, key: &str, texts: &BTreeMap<String, String>) -> BTreeSet<String> {
        let mut fitting = BTreeSet::new();
        add(&mut self.node, from, key, texts, &mut fitting);
        fitting
    }

    /// All blocks of texts, in the order of the document.
    pub fn text_blocks(&self) -> Vec<TextBlock> {
        let mut blocks = Vec::new();
        walk(&self.node, "", &mut |node, path| {
            let Inner::Mapping(entries) = &node.inner else { return true };
            let text =
                |entry: &Entry| Some((entry.key.as_str()?.to_owned(), entry.node.as_str()?.to_owned()));
            let texts: Option<Vec<(String, String)>> = entries.iter().map(text).collect();
            let Some(texts) = texts.filter(|texts| !texts.is_empty()) else { return true };
            let span = Span::text(self.file, node.start, node.end);
            blocks.push(TextBlock { path: path.to_owned(), span, texts });
            false
        });
        blocks
    }
}

/// Looks at every value with the way to it, and at what it holds where `look` says so.
fn walk(node: &Node, path: &str, look: &mut dyn FnMut(&Node, &str) -> bool) {
    if !look(node, path) {
        return;
    }
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match &node.inner {
        Inner::Mapping(entries) => {
            for entry in entries {
                walk(&entry.node, &below(&entry.name()), look);
            }
        }
        Inner::Sequence(nodes) => {
            for (number, node) in (1..).zip(nodes) {
                walk(node, &below(&number.to_string()), look);
            }
        }
        Inner::Scalar(_) => {}
    }
}

fn add(
    node: &mut Node,
    from: &str,
    key: &str,
    texts: &BTreeMap<String, String>,
    fitting: &mut BTreeSet<String>,
) {
    let place = (node.start, node.end);
    match &mut node.inner {
        Inner::Mapping(entries) => {
            let under = |wanted: &str| entries.iter().find(|entry| entry.key.as_str() == Some(wanted));
            let known = under(from).and_then(|entry| texts.get_key_value(entry.node.as_str()?));
            if let Some((known, text)) = known {
                fitting.insert(known.clone());
                if under(key).is_none() {
                    let inner = Inner::Scalar(text.as_str().into());
                    let node = Node { start: place.0, end: place.1, inner };
                    entries.push(Entry { key: key.into(), place, node });
                }
                return;
            }
            for entry in entries {
                add(&mut entry.node, from, key, texts, fitting);
            }
        }
        Inner::Sequence(nodes) => {
            for node in nodes {
                add(node, from, key, texts, fitting);
            }
        }
        Inner::Scalar(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Files, Report};

    #[test]
    fn blocks_of_texts_are_found_at_any_depth() {
        let files = Files::new(".");
        let text = "title: {zh: 甲, en: A}\nfair: 137\nphases:\n  - {phase: 1, theme: {zh: 乙, en: B}}\n";
        let document = Document::parse(&mut Report::new(), files.id("a.yaml"), text, 0).unwrap();
        let told: Vec<(String, usize)> =
            document.text_blocks().into_iter().map(|block| (block.path, block.texts.len())).collect();
        assert_eq!(told, [("title".to_owned(), 2), ("phases.1.theme".to_owned(), 2)]);
    }

    #[test]
    fn texts_in_another_language_join_those_that_are_there() {
        let files = Files::new(".");
        let text = "title: {zh: 甲, en: A}\nphases:\n  - {phase: 1, theme: {zh: 乙, en: B, fr: C}}\n";
        let mut document = Document::parse(&mut Report::new(), files.id("a.yaml"), text, 0).unwrap();
        let texts = [("甲", "Un"), ("乙", "Deux"), ("丙", "Trois")];
        let texts = texts.map(|(from, to)| (from.to_owned(), to.to_owned())).into();
        let fitting = document.add_texts("zh", "fr", &texts);
        assert_eq!(fitting, BTreeSet::from(["甲".to_owned(), "乙".to_owned()]));
        let told: Vec<String> = document
            .text_blocks()
            .into_iter()
            .map(|block| block.texts.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(" "))
            .collect();
        assert_eq!(told, ["甲 A Un", "乙 B C"]);
    }
}
