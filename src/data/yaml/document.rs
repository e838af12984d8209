//! YAML documents: the parser's events made into values, each with its place. What a data file has no use for is refused
//! on the way: anchors, tags, doubled keys, keys that are not plain words, deep nesting, a second document.

use std::borrow::Cow;
use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_yaml::{Number, Value};

use super::syntax_hints::{self, Slip};
use crate::source::{FileId, Message, Report, Span, code, report_conflict, report_pasted, say};

/// Larger files are refused. The largest list of a fair is a table, and a table belongs in a workbook.
const MAX_BYTES: usize = 8 << 20;
/// Deeper nesting is refused.
const MAX_DEPTH: usize = 48;

/// A parsed document: its values with their places.
#[derive(Clone, Debug)]
pub struct Document {
    pub(in crate::data) file: FileId,
    pub(in crate::data) node: Node,
    /// Whether no character in it was reported.
    pub(in crate::data) is_sound: bool,
}

/// A value with its place.
#[derive(Clone, Debug)]
pub(in crate::data) struct Node {
    pub(in crate::data) start: usize,
    pub(in crate::data) end: usize,
    pub(in crate::data) inner: Inner,
}

/// What a value is.
#[derive(Clone, Debug)]
pub(in crate::data) enum Inner {
    /// Nothing, a truth value, a number or a text.
    Scalar(Value),
    Sequence(Vec<Node>),
    Mapping(Vec<Entry>),
}

/// A key with its place, and what stands under it.
#[derive(Clone, Debug)]
pub(in crate::data) struct Entry {
    pub(in crate::data) key: Value,
    pub(in crate::data) place: (usize, usize),
    pub(in crate::data) node: Node,
}

impl Node {
    /// The value without places.
    pub(in crate::data) fn value(&self) -> Value {
        match &self.inner {
            Inner::Scalar(value) => value.clone(),
            Inner::Sequence(nodes) => Value::Sequence(nodes.iter().map(Node::value).collect()),
            Inner::Mapping(entries) => {
                Value::Mapping(entries.iter().map(|entry| (entry.key.clone(), entry.node.value())).collect())
            }
        }
    }

    /// The text, if it is one.
    pub(in crate::data) fn as_str(&self) -> Option<&str> {
        match &self.inner {
            Inner::Scalar(value) => value.as_str(),
            Inner::Sequence(_) | Inner::Mapping(_) => None,
        }
    }
}

impl Entry {
    /// The key as text, whatever it stands for.
    pub(in crate::data) fn name(&self) -> Cow<'_, str> {
        key_text(&self.key)
    }
}

fn key_text(key: &Value) -> Cow<'_, str> {
    match key {
        Value::String(text) => text.as_str().into(),
        Value::Number(number) => number.to_string().into(),
        Value::Bool(truth) => truth.to_string().into(),
        _ => "".into(),
    }
}

impl Document {
    /// Parses a text whose first byte stands at byte `offset` of its file. Reports what is wrong.
    pub fn parse(report: &mut Report, file: FileId, text: &str, offset: usize) -> Option<Document> {
        if report_conflict(report, file, text, offset) {
            return None;
        }
        let node = parse(report, file, text, offset, Lines::Shown)?;
        let is_sound = !report_pasted(report, file, text, offset);
        Some(Document { file, node, is_sound })
    }

    /// The same of a text that is private: no message holds a part of it.
    pub(in crate::data) fn parse_private(report: &mut Report, file: FileId, text: &str) -> Option<Document> {
        if report_conflict(report, file, text, 0) {
            return None;
        }
        Some(Document { file, node: parse(report, file, text, 0, Lines::Private)?, is_sound: true })
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

/// Whether messages may hold lines of a text.
#[derive(Clone, Copy)]
enum Lines {
    Shown,
    Private,
}

/// Reports a slip, with the line as it is meant.
fn report_slip(report: &mut Report, file: FileId, offset: usize, lines: Lines, slip: Slip) {
    let span = Span::text(file, offset + slip.start, offset + slip.end);
    let draft = report.error(code::YAML_SYNTAX, span, slip.message).hint(slip.hint);
    if let (Some(line), Lines::Shown) = (slip.line, lines) {
        draft.hint(say!("the line is then `{line}`", line));
    }
}

/// Makes the events of a text into a value.
fn parse(report: &mut Report, file: FileId, text: &str, offset: usize, lines: Lines) -> Option<Node> {
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
                    (Some(slip), _) => report_slip(report, file, offset, lines, slip),
                    (None, Some(bracket)) => {
                        let found = &text[bracket..=bracket];
                        let line = text[..at].matches('\n').count() + 1;
                        report
                            .error(
                                code::YAML_SYNTAX,
                                span(bracket, bracket + 1),
                                say!("`{found}` is not closed", found),
                            )
                            .label(say!("its content can be read up to line {line}", line))
                            .hint(say!(
                                "write `{bracket}` at the end of the values, and a comma between two values",
                                bracket = if found == "[" { "]" } else { "}" }
                            ));
                    }
                    (None, None) => {
                        report
                            .error(code::YAML_SYNTAX, span(at, at), syntax_hints::plain(error.info()))
                            .hint(say!("check the indentation, colons and quotation marks near here"));
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
                refuse(say!("an alias `*…`"), say!("write the value itself"));
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
                let resolved = match style {
                    ScalarStyle::Plain => plain(&value),
                    _ => Value::String(value.to_string()),
                };
                let is_key = matches!(open.last(), Some(Open::Mapping { key: None, .. }));
                let slip = match style {
                    ScalarStyle::Plain if is_key => syntax_hints::full_width_indentation(text, start),
                    ScalarStyle::Plain => syntax_hints::of_plain_text(text, start..end),
                    _ => None,
                };
                if let Some(slip) = slip {
                    report_slip(report, file, offset, lines, slip);
                    return None;
                }
                if let Some(Open::Mapping { keys, key, .. }) = open.last_mut()
                    && key.is_none()
                {
                    if let Some(first) = keys.insert(key_text(&resolved).into_owned(), start) {
                        let first = match text[first..start].matches('\n').count() {
                            0 => say!("keep one of the two; the first is on the same line"),
                            1 => say!("keep one of the two; the first is on the line above"),
                            lines => say!("keep one of the two; the first is {lines} lines above", lines),
                        };
                        report
                            .error(
                                code::YAML_DOUBLED_KEY,
                                span(start, end),
                                say!("duplicate key `{value}`", value),
                            )
                            .hint(first);
                        sound = false;
                    }
                    *key = Some((resolved, (offset + start, offset + end)));
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
                Node { start: offset + start, end: offset + end, inner: Inner::Scalar(resolved) }
            }
            Event::SequenceStart(anchor, tag) | Event::MappingStart(anchor, tag)
                if anchor != 0 || tag.is_some() =>
            {
                match anchor {
                    0 => refuse(say!("a tag `!…`"), say!("remove it")),
                    _ => refuse(
                        say!("an anchor `&…`"),
                        say!("remove it, and write the value itself where it is used"),
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
                        entries: Vec::new(),
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
                    Some(Open::Mapping { start, entries, .. }) => {
                        Node { start, end, inner: Inner::Mapping(entries) }
                    }
                    None => continue,
                }
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => continue,
        };
        match open.last_mut() {
            Some(Open::Sequence { nodes, .. }) => nodes.push(done),
            Some(Open::Mapping { key, entries, .. }) => {
                let (key, place) = key.take().expect("a value follows its key");
                entries.push(Entry { key, place, node: done });
            }
            None => root = Some(done),
        }
    }
    let empty = Node { start: offset, end: offset, inner: Inner::Scalar(Value::Null) };
    sound.then(|| root.unwrap_or(empty))
}

/// What a text without quotation marks stands for, by the core schema of YAML 1.2. Digits behind a zero are text, as codes
/// are, and so is a number of more digits than are kept.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => text.parse::<Number>().map_or_else(|_| Value::String(text.to_owned()), Value::Number),
    }
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
        key: Option<(Value, (usize, usize))>,
        entries: Vec<Entry>,
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

    /// The value of a text that is sound.
    fn value(text: &str) -> Value {
        let mut report = Report::new();
        let document = Document::parse(&mut report, FileId::from_number(0), text, 0);
        assert!(!report.has_errors(), "{text:?}: {report:?}");
        document.expect("it is sound").node.value()
    }

    #[test]
    fn a_document_is_what_other_parsers_read() {
        for text in [
            "",
            "# nothing\n",
            "a: 1\nb: -2\nc: +3\nd: 0x1F\ne: 0o17\nf: 0b11\ng: 1_000\nh: 00017\ni: 0\n",
            "a: 1.5\nb: .5\nc: 1e3\nd: .inf\ne: -.INF\nf: 1.\ng: 1.2.3\nh: 12:30\ni: 2025-04-16\n",
            "a: ~\nb:\nc: null\nd: Null\ne: yes\nf: True\ng: FALSE\nh: nULL\n",
            "'a': '1'\n\"b\": \"x\\ty\\u4e2d\\n\"\n137: x\ntrue: y\n",
            "a: |\n  one\n   two\n\n  three\nb: >-\n  one\n  two\n\n  three\nc: |+\n  x\n\nd: >\n  x\n   y\n  z\n",
            "a: one\n  two\n\n  three\nb: 'it''s\n  two'\nc: [a, 'b', {d: 1}, ]\n",
            "- - 1\n  - 2\n- {a: , b: 'x: y'}\n- http://a.example/#b\n- a#b\n- -1a\n",
            "--- \n- 中文：冒号\n- \u{3000}x\n- \"\\\n  joined\"\n...\n",
        ] {
            assert_eq!(value(text), serde_yaml::from_str::<Value>(text).expect("sound"), "{text:?}");
        }
        // No kind of number holds so many digits: they are kept as they are.
        assert_eq!(value("123456789012345678901234"), Value::from("123456789012345678901234"));
    }

    #[test]
    fn keys_that_stand_for_the_same_are_doubled() {
        for text in ["1: a\n0x1: b\n", "1: a\n'1': b\n", "true: a\nTrue: b\n"] {
            let mut report = Report::new();
            assert!(Document::parse(&mut report, FileId::from_number(0), text, 0).is_none(), "{text:?}");
            assert_eq!(report.problems()[0].code, code::YAML_DOUBLED_KEY);
        }
    }
}
