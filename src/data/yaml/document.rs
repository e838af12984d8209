//! YAML documents: parsed by `serde_yaml`, with a pass over the parser's events that finds the place of
//! every value and refuses what a data file has no use for.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_yaml::Value;

use super::syntax_hints;
use crate::source::{FileId, Message, Report, Span, code, report_conflict, say};

/// Larger files are refused. The largest list of a fair is a table, and a table belongs in a workbook.
const MAX_BYTES: usize = 8 << 20;
/// Deeper nesting is refused.
const MAX_DEPTH: usize = 48;

/// A parsed document with the places of its values.
#[derive(Clone, Debug)]
pub struct Document {
    pub(in crate::data) file: FileId,
    pub(in crate::data) value: Value,
    pub(in crate::data) node: Node,
}

/// Where a value stands, with the places of what it holds, in the same order as in the [`Value`].
#[derive(Clone, Debug)]
pub(in crate::data) struct Node {
    pub start: usize,
    pub end: usize,
    pub inner: Inner,
}

#[derive(Clone, Debug)]
pub(in crate::data) enum Inner {
    Scalar,
    Sequence(Vec<Node>),
    /// For every entry the place of the key and the value.
    Mapping(Vec<((usize, usize), Node)>),
}

impl Document {
    /// Parses a text whose first byte stands at byte `offset` of its file. Reports what is wrong.
    pub fn parse(report: &mut Report, file: FileId, text: &str, offset: usize) -> Option<Document> {
        if report_conflict(report, file, text, offset) {
            return None;
        }
        let node = places(report, file, text, offset)?;
        let value = match serde_yaml::from_str::<Value>(text) {
            Ok(value) => value,
            Err(error) => {
                let at = error.location().map_or(0, |location| location.index());
                report
                    .error(
                        code::YAML_SYNTAX,
                        Span::text(file, offset + at, offset + at),
                        syntax_hints::plain(&error.to_string()),
                    )
                    .hint(say!("check the indentation and the quotation marks around here"));
                return None;
            }
        };
        Some(Document { file, value, node })
    }

    /// The place of the document.
    pub fn span(&self) -> Span {
        Span::text(self.file, self.node.start, self.node.end)
    }
}

/// The text of a YAML file. A byte order mark is taken off.
pub(in crate::data) fn yaml_text(report: &mut Report, file: FileId, bytes: Vec<u8>) -> Option<String> {
    if bytes.len() > MAX_BYTES {
        report
            .error(
                code::YAML_SIZE,
                Span::whole(file),
                say!("file of {megabytes} MB", megabytes = bytes.len() >> 20),
            )
            .hint(say!(
                "a YAML file may have at most {most} MB; use csv or xlsx for large tables",
                most = MAX_BYTES >> 20
            ));
        return None;
    }
    match String::from_utf8(bytes) {
        Ok(text) => Some(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let line = error.as_bytes()[..at].iter().filter(|&&byte| byte == b'\n').count() + 1;
            report
                .error(code::YAML_ENCODING, Span::whole(file), say!("line {line} is not UTF-8", line))
                .hint(say!("save the file as UTF-8"));
            None
        }
    }
}

/// Walks the events of a text: finds places, and refuses anchors, aliases, tags, doubled keys, keys that
/// are not plain words, deep nesting and more than one document.
fn places(report: &mut Report, file: FileId, text: &str, offset: usize) -> Option<Node> {
    let bytes = ByteOffsets::new(text);
    let span = |start: usize, end: usize| Span::text(file, offset + start, offset + end);
    let mut open: Vec<Open> = Vec::new();
    let mut root: Option<Node> = None;
    let mut documents = 0;
    let mut sound = true;
    // The place of what was read last.
    let mut last = 0..0;
    for event in Parser::new_from_str(text) {
        let (event, place) = match event {
            Ok(event) => event,
            Err(error) => {
                let at = bytes.of(error.marker().index());
                if error.info().contains("recursion") {
                    report
                        .error(code::YAML_FEATURE, span(at, at), say!("deep nesting in a data file"))
                        .hint(say!("keep lists and keys flatter"));
                    return None;
                }
                let slip = syntax_hints::find(text, last, at, error.info());
                match (slip, open_bracket(text, offset, &open, at)) {
                    (Some(slip), _) => {
                        report
                            .error(code::YAML_SYNTAX, span(slip.start, slip.end), slip.message)
                            .hint(slip.hint);
                    }
                    (None, Some(bracket)) => {
                        let found = &text[bracket..=bracket];
                        let line = text[..at].matches('\n').count() + 1;
                        report
                            .error(code::YAML_SYNTAX, span(bracket, bracket + 1), say!("`{found}` is not closed", found))
                            .label(say!("what it holds could be read up to line {line}", line))
                            .hint(say!("write `{bracket}` where the list of values ends; between two values stands a comma", bracket = if found == "[" { "]" } else { "}" }));
                    }
                    (None, None) => {
                        report
                            .error(code::YAML_SYNTAX, span(at, at), syntax_hints::plain(error.info()))
                            .hint(say!(
                                "check the indentation, the colons and the quotation marks around here"
                            ));
                    }
                }
                return None;
            }
        };
        let start = bytes.of(place.start.index());
        let end = bytes.of(place.end.index()).max(start);
        last = start..end;
        let mut refuse = |what: Message, hint: Message| {
            report
                .error(code::YAML_FEATURE, span(start, end), say!("{what} in a data file", what))
                .hint(hint);
            sound = false;
        };
        let done = match event {
            Event::DocumentStart(_) => {
                documents += 1;
                if documents > 1 {
                    refuse(
                        say!("a second document"),
                        say!("keep one document in a file: remove the line `---`"),
                    );
                    return None;
                }
                continue;
            }
            Event::Alias(_) => {
                refuse(say!("an alias `*…`"), say!("write the value out"));
                return None;
            }
            Event::Scalar(value, style, anchor, tag) => {
                if anchor != 0 {
                    refuse(
                        say!("an anchor `&…`"),
                        say!("remove it, and quote the text if it begins with `&`"),
                    );
                }
                if tag.is_some() {
                    refuse(say!("a tag `!…`"), say!("remove it, and quote the text if it begins with `!`"));
                }
                if let Some(Open::Mapping { keys, key, .. }) = open.last_mut()
                    && key.is_none()
                {
                    if let Some(first) = keys.insert(value.to_string(), start) {
                        let first = match text[first..start].matches('\n').count() {
                            0 => say!("keep one of the two; the first stands in the same line"),
                            1 => say!("keep one of the two; the first stands in the line above"),
                            lines => say!("keep one of the two; the first stands {lines} lines above", lines),
                        };
                        report
                            .error(
                                code::YAML_DOUBLED_KEY,
                                span(start, end),
                                say!("key `{value}` stands twice", value),
                            )
                            .hint(first);
                        sound = false;
                    }
                    *key = Some((offset + start, offset + end));
                    continue;
                }
                // The parser places the end of a block text behind the line break that follows it.
                let raw = text[start..end].trim_end();
                let end = match style {
                    ScalarStyle::Plain | ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                        start + raw.len()
                    }
                    _ => start,
                };
                Node { start: offset + start, end: offset + end, inner: Inner::Scalar }
            }
            Event::SequenceStart(anchor, tag) | Event::MappingStart(anchor, tag)
                if anchor != 0 || tag.is_some() =>
            {
                match anchor {
                    0 => refuse(say!("a tag `!…`"), say!("remove it")),
                    _ => refuse(
                        say!("an anchor `&…`"),
                        say!("remove it, and write the value out where it is used"),
                    ),
                }
                return None;
            }
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                if open.len() >= MAX_DEPTH {
                    refuse(say!("deep nesting"), say!("keep lists and keys flatter"));
                    return None;
                }
                if let Some(Open::Mapping { key: None, .. }) = open.last() {
                    refuse(say!("a key that is not a word"), say!("write a single word before the colon"));
                    return None;
                }
                open.push(match event {
                    Event::SequenceStart(..) => Open::Sequence { start: offset + start, nodes: Vec::new() },
                    _ => Open::Mapping {
                        start: offset + start,
                        keys: BTreeMap::new(),
                        key: None,
                        nodes: Vec::new(),
                    },
                });
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let end = offset + end.min(text.len());
                match open.pop() {
                    Some(Open::Sequence { start, nodes }) => {
                        Node { start, end, inner: Inner::Sequence(nodes) }
                    }
                    Some(Open::Mapping { start, nodes, .. }) => {
                        Node { start, end, inner: Inner::Mapping(nodes) }
                    }
                    None => continue,
                }
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => continue,
        };
        match open.last_mut() {
            Some(Open::Sequence { nodes, .. }) => nodes.push(done),
            Some(Open::Mapping { key, nodes, .. }) => {
                let key = key.take().expect("a value follows its key");
                nodes.push((key, done));
            }
            None => root = Some(done),
        }
    }
    let empty = Node { start: offset, end: offset, inner: Inner::Scalar };
    sound.then(|| root.unwrap_or(empty))
}

/// The innermost bracket that is open where a text cannot be read on, if it was opened on an earlier line.
fn open_bracket(text: &str, offset: usize, open: &[Open], at: usize) -> Option<usize> {
    let start = match open.last()? {
        Open::Sequence { start, .. } | Open::Mapping { start, .. } => start - offset,
    };
    let is_bracket = matches!(text.as_bytes().get(start), Some(b'[' | b'{'));
    (is_bracket && text.get(start..at).is_some_and(|between| between.contains('\n'))).then_some(start)
}

enum Open {
    Sequence {
        start: usize,
        nodes: Vec<Node>,
    },
    Mapping {
        start: usize,
        /// The keys so far, with their places.
        keys: BTreeMap<String, usize>,
        key: Option<(usize, usize)>,
        nodes: Vec<((usize, usize), Node)>,
    },
}

/// Turns the parser's counts of characters into bytes.
enum ByteOffsets {
    Ascii(usize),
    Mixed(Vec<usize>),
}

impl ByteOffsets {
    fn new(text: &str) -> ByteOffsets {
        if text.is_ascii() {
            return ByteOffsets::Ascii(text.len());
        }
        let mut offsets: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        offsets.push(text.len());
        ByteOffsets::Mixed(offsets)
    }

    fn of(&self, index: usize) -> usize {
        match self {
            ByteOffsets::Ascii(length) => index.min(*length),
            ByteOffsets::Mixed(offsets) => *offsets.get(index).or(offsets.last()).unwrap_or(&0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Files;

    #[test]
    fn what_a_data_file_has_no_use_for_is_refused() {
        for (text, place) in [
            ("a: &x 1\nb: *x\n", "fair.yaml:1:4"),
            ("a: !!str 1\n", "fair.yaml:1:4"),
            ("a: 1\na: 2\n", "fair.yaml:2:1"),
            ("a: 1\n---\nb: 2\n", "fair.yaml:2:1"),
            ("? [a]\n: 1\n", "fair.yaml:1:3"),
            ("a: [1, 2\nb: 3\n", "fair.yaml:1:4"),
        ] {
            let files = Files::new(".");
            let file = files.id("fair.yaml");
            let mut report = Report::new();
            files.keep_text(file, text);
            Document::parse(&mut report, file, text, 0);
            let problems = report.problems().iter();
            let found: Vec<String> =
                problems.map(|problem| files.at(problem.span.expect("placed"))).collect();
            assert!(found.first().is_some_and(|found| found == place), "{text:?}: {found:?}");
        }
    }
}
