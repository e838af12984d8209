//! Typed values out of documents, by way of serde, each error with its place.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::value::StrDeserializer;
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess,
    SeqAccess, VariantAccess, Visitor,
};
use serde_yaml::Value;

use super::cell::no_such_day;
use super::key::{NumberKey, TextKey};
use super::slip;
use super::yaml::{Document, Inner, Node};
use crate::source::{FileId, Message, Report, Span, code, list, nearest, say};

/// A value with the place where it is written. As the key of a map it is the key with its own place.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it is written.
    pub span: Span,
}

/// The schema is that of the value.
impl<T: JsonSchema> JsonSchema for Spanned<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> std::borrow::Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

/// More problems than this in one document are not looked for.
const MAX_PROBLEMS: usize = 200;
/// The document is read anew for every problem; of a large one, fewer are looked for.
const MAX_BYTES_READ: usize = 32 << 20;

pub(super) fn decode<T: DeserializeOwned>(report: &mut Report, mut document: Document) -> Option<T> {
    let mut cut = Vec::new();
    let bytes = document.node.end - document.node.start;
    for _ in 0..(MAX_BYTES_READ / bytes.max(1)).clamp(4, MAX_PROBLEMS) {
        let located = Located { file: document.file, value: &document.value, node: &document.node };
        let error = match T::deserialize(located) {
            Ok(value) => return Some(value),
            Err(error) => error,
        };
        let path: Vec<usize> = error.path.iter().rev().copied().collect();
        // A key that was cut out because its value is wrong is missing now; that is not said again.
        let consequence = match &error.kind {
            ErrorKind::Missing(key) => cut.contains(&(path.clone(), key.clone())),
            // Nor that no choice is left where a wrong one was cut out.
            ErrorKind::NoChoice => cut.iter().any(|(parent, _)| *parent == path),
            _ => false,
        };
        if !consequence {
            error.report(report, &document);
        }
        if path.is_empty() {
            return None;
        }
        if let Some(key) = remove(&mut document.value, &mut document.node, &path) {
            let parent = path[..path.len() - 1].to_vec();
            // Nor is the key that a misspelt one was taken for.
            if let ErrorKind::UnknownKey { key, known } = &error.kind
                && let Some(meant) = nearest(key, known.iter().copied())
            {
                cut.push((parent.clone(), meant.to_owned()));
            }
            cut.push((parent, key));
        } else {
            // Places behind a removed list element move up: what was cut there is forgotten.
            cut.clear();
        }
    }
    None
}

/// Removes the entry or element at a path. Says the key, where it was an entry.
fn remove(value: &mut Value, node: &mut Node, path: &[usize]) -> Option<String> {
    let (&first, rest) = path.split_first()?;
    match (value, &mut node.inner) {
        (Value::Sequence(values), Inner::Sequence(nodes)) => {
            if !rest.is_empty() {
                return remove(&mut values[first], &mut nodes[first], rest);
            }
            values.remove(first);
            nodes.remove(first);
            None
        }
        (Value::Mapping(entries), Inner::Mapping(nodes)) => {
            if !rest.is_empty() {
                let (_, inner) = entries.iter_mut().nth(first)?;
                return remove(inner, &mut nodes[first].1, rest);
            }
            let key = entries.iter().nth(first).map(|(key, _)| key.clone())?;
            entries.shift_remove(&key);
            nodes.remove(first);
            Some(key_text(&key).into_owned())
        }
        _ => None,
    }
}

fn key_text(key: &Value) -> std::borrow::Cow<'_, str> {
    match key {
        Value::String(text) => text.as_str().into(),
        Value::Number(number) => number.to_string().into(),
        Value::Bool(truth) => truth.to_string().into(),
        _ => "".into(),
    }
}

/// An error with its place, and the way to it in numbers of entries, innermost first.
#[derive(Debug)]
pub(super) struct Error {
    kind: ErrorKind,
    span: Option<(usize, usize)>,
    path: Vec<usize>,
}

#[derive(Debug)]
enum ErrorKind {
    UnknownKey { key: String, known: &'static [&'static str] },
    UnknownChoice { choice: String, known: &'static [&'static str] },
    Missing(String),
    NoChoice,
    Type { found: Message, expected: String },
    NoSuchDay { text: String, why: Message },
    Other(String),
}

impl Error {
    fn new(kind: ErrorKind) -> Error {
        Error { kind, span: None, path: Vec::new() }
    }

    fn at(mut self, start: usize, end: usize) -> Error {
        self.span.get_or_insert((start, end));
        self
    }

    fn inside(mut self, index: usize) -> Error {
        self.path.push(index);
        self
    }

    /// Says of a text that is no date or time that it is none, whatever its parser thinks of it.
    fn of_date_or_time(mut self, text: &str) -> Error {
        if let ErrorKind::Other(message) = &self.kind
            && ["failed to parse", "parsed "].iter().any(|start| message.starts_with(start))
        {
            if let Some(why) = no_such_day(text) {
                self.kind = ErrorKind::NoSuchDay { text: text.to_owned(), why };
                return self;
            }
            let of_time = ["hour", "minute", "second", "time"].iter().any(|word| message.contains(word));
            let expected = if of_time { "a time of day" } else { "a date" }.to_owned();
            self.kind = ErrorKind::Type { found: say!("the text `{text}`", text), expected };
        }
        self
    }

    fn report(&self, report: &mut Report, document: &Document) {
        let (start, end) = self.span.unwrap_or((document.node.start, document.node.end));
        let span = Span::text(document.file, start, end);
        match &self.kind {
            ErrorKind::UnknownKey { key, known } => {
                let draft = report.error(code::UNKNOWN_KEY, span, say!("unknown key `{key}`", key));
                let draft = match slip::of_text(key, "a block of keys") {
                    Some(hint) => draft.hint(hint),
                    None => draft,
                };
                match nearest(key, known.iter().copied()) {
                    Some(meant) => draft.label(say!("did you mean `{meant}`?", meant)),
                    None => draft.label(say!("not a key of this file")),
                }
                .hint(match known.len() {
                    0 => say!("no keys are known here"),
                    _ => say!("known here: {known}", known = list(known.iter())),
                });
            }
            ErrorKind::UnknownChoice { choice, known } => {
                let draft = report.error(code::UNKNOWN_WORD, span, say!("unknown word `{choice}`", choice));
                match nearest(choice, known.iter().copied()) {
                    Some(meant) => draft.label(say!("did you mean `{meant}`?", meant)),
                    None => draft,
                }
                .hint(say!("write one of: {known}", known = list(known.iter())));
            }
            ErrorKind::Missing(key) => {
                // The place is a whole block; the caret stands at its beginning.
                let span = Span::text(document.file, start, start + 1);
                report
                    .error(code::MISSING_KEY, span, say!("key `{key}` is missing", key))
                    .label(say!("in what begins here"))
                    .hint(say!("add a line `{key}: …`", key));
            }
            ErrorKind::NoChoice => {
                report
                    .error(code::BAD_VALUE, span, say!("one key is expected here"))
                    .hint(say!("write one choice, with its value"));
            }
            ErrorKind::Type { found, expected } => {
                let draft = report.error(
                    code::WRONG_TYPE,
                    span,
                    say!(
                        "found {found} where {expected} is expected",
                        found,
                        expected = Message::foreign(expected)
                    ),
                );
                if *found == "nothing" {
                    draft.hint(say!("write the value here, or take the key or the hyphen away"));
                } else if let Some(hint) = text_of(found).and_then(|text| slip::of_text(&text, expected)) {
                    draft.hint(hint);
                } else if expected == "a date" {
                    draft.hint(say!("write a date such as 2025-10-15"));
                } else if expected == "a time of day" {
                    draft.hint(say!("write a time such as 09:30"));
                } else if found.to_string().starts_with("the ")
                    && (expected.contains("string") || expected.contains("text"))
                {
                    draft.hint(say!("put quotation marks around it"));
                } else if expected == "a whole number" {
                    draft.hint(say!("write the number alone, such as 137"));
                }
            }
            ErrorKind::NoSuchDay { text, why } => {
                report.error(code::BAD_DATE, span, say!("there is no day `{text}`", text)).hint(why.clone());
            }
            ErrorKind::Other(message) => {
                // A type that reads itself says in further lines what to write instead.
                let mut lines = message.lines();
                let what = Message::foreign(lines.next().unwrap_or_default());
                let draft = report.error(code::BAD_VALUE, span, what);
                lines.fold(draft, |draft, hint| draft.hint(Message::foreign(hint)));
            }
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.kind)
    }
}

impl std::error::Error for Error {}

impl de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Error {
        Error::new(ErrorKind::Other(message.to_string()))
    }

    fn invalid_type(found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Error {
        let expected = expected.to_string();
        let expected = match expected.as_str() {
            "a string" => "a text".to_owned(),
            "a sequence" => "a list".to_owned(),
            "a map" => "a block of keys".to_owned(),
            "a date string" => "a date".to_owned(),
            "a time string" => "a time of day".to_owned(),
            other if other.starts_with("struct ") => "a block of keys".to_owned(),
            other if other.starts_with('u') || other.starts_with('i') => "a whole number".to_owned(),
            _ => expected,
        };
        Error::new(ErrorKind::Type { found: found_words(found), expected })
    }

    fn invalid_value(found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Error {
        Error::new(ErrorKind::Type { found: found_words(found), expected: expected.to_string() })
    }

    fn unknown_field(key: &str, known: &'static [&'static str]) -> Error {
        Error::new(ErrorKind::UnknownKey { key: key.to_owned(), known })
    }

    fn unknown_variant(choice: &str, known: &'static [&'static str]) -> Error {
        Error::new(ErrorKind::UnknownChoice { choice: choice.to_owned(), known })
    }

    fn missing_field(key: &'static str) -> Error {
        Error::new(ErrorKind::Missing(key.to_owned()))
    }
}

/// The text that was found, if it was one.
fn text_of(found: &Message) -> Option<String> {
    let words = found.to_string();
    Some(words.strip_prefix("the text `")?.strip_suffix('`')?.to_owned())
}

fn found_words(found: de::Unexpected<'_>) -> Message {
    match found {
        de::Unexpected::Bool(truth) => say!("the truth value `{truth}`", truth = truth.to_string()),
        de::Unexpected::Unsigned(number) => say!("the number `{number}`", number),
        de::Unexpected::Signed(number) => say!("the number `{number}`", number = number.to_string()),
        de::Unexpected::Float(number) => say!("the decimal `{number}`", number = number.to_string()),
        de::Unexpected::Str(text) => say!("the text `{text}`", text),
        de::Unexpected::Unit | de::Unexpected::Option => say!("nothing"),
        de::Unexpected::Seq => say!("a list"),
        de::Unexpected::Map => say!("a block of keys"),
        other => Message::foreign(other),
    }
}

/// A value with its place, as a source of typed values.
#[derive(Clone, Copy)]
struct Located<'a> {
    file: FileId,
    value: &'a Value,
    node: &'a Node,
}

/// The name under which [`Spanned`] asks for its place.
pub(super) const SPANNED: &str = "jinbang::Spanned";

impl<'a> Located<'a> {
    fn at(self, error: Error) -> Error {
        error.at(self.node.start, self.node.end)
    }
}

impl<'de> Deserializer<'de> for Located<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let result = match (self.value, &self.node.inner) {
            (Value::Null, _) => visitor.visit_unit(),
            (Value::Bool(truth), _) => visitor.visit_bool(*truth),
            (Value::Number(number), _) => match (number.as_u64(), number.as_i64()) {
                (Some(number), _) => visitor.visit_u64(number),
                (None, Some(number)) => visitor.visit_i64(number),
                _ => visitor.visit_f64(number.as_f64().unwrap_or(f64::NAN)),
            },
            (Value::String(text), _) => {
                visitor.visit_borrowed_str(text).map_err(|error: Error| error.of_date_or_time(text))
            }
            (Value::Sequence(values), Inner::Sequence(nodes)) if values.len() == nodes.len() => {
                visitor.visit_seq(Elements { file: self.file, values, nodes, next: 0 })
            }
            (Value::Mapping(entries), Inner::Mapping(nodes)) if entries.len() == nodes.len() => visitor
                .visit_map(Entries { file: self.file, entries: entries.iter().collect(), nodes, next: 0 }),
            _ => {
                Err(de::Error::custom("this part of the file can be read in two ways; write it more simply"))
            }
        };
        result.map_err(|error| self.at(error))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match name {
            SPANNED => visitor.visit_seq(Parts::new(self.file, (self.node.start, self.node.end), self)),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match (self.value, &self.node.inner) {
            (Value::String(text), _) => visitor
                .visit_enum(IntoDeserializer::<Error>::into_deserializer(text.as_str()))
                .map_err(|error| self.at(error)),
            (Value::Mapping(entries), Inner::Mapping(nodes)) if entries.len() == 1 && nodes.len() == 1 => {
                let (key, value) = entries.iter().next().expect("one entry");
                let ((start, end), node) = &nodes[0];
                let choice = Choice {
                    key: key_text(key).into_owned(),
                    key_place: (*start, *end),
                    inner: Located { file: self.file, value, node },
                };
                visitor.visit_enum(choice).map_err(|error| self.at(error))
            }
            (Value::Mapping(entries), _) if entries.is_empty() => {
                Err(self.at(Error::new(ErrorKind::NoChoice)))
            }
            (Value::Mapping(_), _) => {
                Err(self.at(de::Error::custom("one key is expected here, and no more than one")))
            }
            (value, _) => {
                let found = match value {
                    Value::Null => de::Unexpected::Unit,
                    Value::Bool(truth) => de::Unexpected::Bool(*truth),
                    Value::Sequence(_) => de::Unexpected::Seq,
                    _ => de::Unexpected::Other("a number"),
                };
                Err(self.at(de::Error::invalid_type(found, &"a word")))
            }
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map identifier ignored_any
    }
}

struct Elements<'a> {
    file: FileId,
    values: &'a [Value],
    nodes: &'a [Node],
    next: usize,
}

impl<'de> SeqAccess<'de> for Elements<'de> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        let index = self.next;
        let Some(value) = self.values.get(index) else { return Ok(None) };
        self.next += 1;
        let located = Located { file: self.file, value, node: &self.nodes[index] };
        seed.deserialize(located).map(Some).map_err(|error| located.at(error).inside(index))
    }
}

struct Entries<'a> {
    file: FileId,
    entries: Vec<(&'a Value, &'a Value)>,
    nodes: &'a [((usize, usize), Node)],
    next: usize,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        let Some((key, _)) = self.entries.get(self.next) else { return Ok(None) };
        let (start, end) = self.nodes[self.next].0;
        let index = self.next;
        let place = |error: Error| error.at(start, end).inside(index);
        // A key may be a number (`137:`), read by types that want one as well as by types that want text.
        match key {
            Value::Number(number) if number.is_u64() => {
                let number = number.as_u64().expect("checked by is_u64");
                seed.deserialize(NumberKey(number)).map(Some).map_err(place)
            }
            key => {
                let text = key_text(key);
                let key = TextKey { file: self.file, text: &text, place: (start, end) };
                seed.deserialize(key).map(Some).map_err(place)
            }
        }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        let index = self.next;
        self.next += 1;
        let (_, value) = self.entries[index];
        let located = Located { file: self.file, value, node: &self.nodes[index].1 };
        seed.deserialize(located).map_err(|error| located.at(error).inside(index))
    }
}

/// The parts of a [`Spanned`]: file, start, end and value, handed over in this order.
pub(super) struct Parts<D> {
    file: FileId,
    start: usize,
    end: usize,
    value: Option<D>,
    next: u8,
}

impl<D> Parts<D> {
    pub(super) fn new(file: FileId, (start, end): (usize, usize), value: D) -> Parts<D> {
        Parts { file, start, end, value: Some(value), next: 0 }
    }
}

impl<'de, D: Deserializer<'de, Error = Error>> SeqAccess<'de> for Parts<D> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        self.next += 1;
        let number = |number: usize| u64::try_from(number).unwrap_or(u64::MAX).into_deserializer();
        match self.next {
            1 => seed.deserialize(u64::from(self.file.number()).into_deserializer()).map(Some),
            2 => seed.deserialize(number(self.start)).map(Some),
            3 => seed.deserialize(number(self.end)).map(Some),
            _ => match self.value.take() {
                Some(value) => {
                    seed.deserialize(value).map(Some).map_err(|error| error.at(self.start, self.end))
                }
                None => Ok(None),
            },
        }
    }
}

impl<'de, T: de::Deserialize<'de>> de::Deserialize<'de> for Spanned<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Spanned<T>, D::Error> {
        struct SpannedVisitor<T>(std::marker::PhantomData<T>);

        impl<'de, T: de::Deserialize<'de>> Visitor<'de> for SpannedVisitor<T> {
            type Value = Spanned<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value with its place")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Spanned<T>, A::Error> {
                let missing = || de::Error::custom("a value keeps its place only in a file that was read");
                let file: u64 = parts.next_element()?.ok_or_else(missing)?;
                let start: u64 = parts.next_element()?.ok_or_else(missing)?;
                let end: u64 = parts.next_element()?.ok_or_else(missing)?;
                let value: T = parts.next_element()?.ok_or_else(missing)?;
                let [file, start, end] = [file, start, end].map(|n| usize::try_from(n).unwrap_or(usize::MAX));
                let file = FileId::from_number(u32::try_from(file).unwrap_or(u32::MAX));
                Ok(Spanned { value, span: Span::text(file, start, end) })
            }
        }

        deserializer.deserialize_struct(SPANNED, &[], SpannedVisitor(std::marker::PhantomData))
    }
}

/// A choice that carries a value: one key with what stands under it.
struct Choice<'a> {
    key: String,
    key_place: (usize, usize),
    inner: Located<'a>,
}

impl<'de> EnumAccess<'de> for Choice<'de> {
    type Error = Error;
    type Variant = Located<'de>;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Located<'de>), Error> {
        let (start, end) = self.key_place;
        let choice = seed
            .deserialize(StrDeserializer::<Error>::new(&self.key))
            .map_err(|error| error.at(start, end))?;
        Ok((choice, self.inner))
    }
}

impl<'de> VariantAccess<'de> for Located<'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        match self.value {
            Value::Null => Ok(()),
            _ => Err(self.at(de::Error::custom("nothing is expected after this key"))),
        }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Error> {
        seed.deserialize(self).map_err(|error| self.at(error).inside(0))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_any(visitor).map_err(|error| error.inside(0))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_any(visitor).map_err(|error| error.inside(0))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;
    use crate::data::decode_text;
    use crate::lang::Lang;
    use crate::source::Files;

    #[derive(Deserialize, Debug)]
    #[serde(deny_unknown_fields)]
    struct Phase {
        phase: u8,
        name: Spanned<String>,
        #[serde(default)]
        rooms: BTreeMap<u16, Vec<String>>,
    }

    fn problems(text: &str) -> (Option<Vec<Phase>>, Vec<String>) {
        let files = Files::new(".");
        let file = files.id("fair.yaml");
        let mut report = Report::new();
        files.keep_text(file, text);
        let value = decode_text(&mut report, file, text, 0);
        let found = report
            .problems()
            .iter()
            .map(|problem| format!("{} {}", files.at(problem.span.expect("placed")), problem.message))
            .collect();
        (value, found)
    }

    #[test]
    fn values_keep_their_places() {
        let (phases, found) = problems("- phase: 1\n  name: 第一期 # note\n  rooms: {101: [a]}\n");
        assert_eq!(found, Vec::<String>::new());
        let phase = &phases.expect("a list")[0];
        assert_eq!((phase.phase, phase.rooms[&101].len()), (1, 1));
        assert_eq!(phase.name.value, "第一期");
        assert_eq!(phase.name.span.place, crate::source::Place::Text { start: 19, end: 28 });
    }

    #[test]
    fn all_mistakes_are_found_at_once() {
        let text =
            "- phase: one\n  name: x\n  nam: 3\n- {phase: 2, name: [], colour: red}\n- phase: 3\n  name: z\n";
        let (phases, found) = problems(text);
        assert_eq!(
            found,
            [
                "fair.yaml:1:10 found the text `one` where a whole number is expected",
                "fair.yaml:3:3 unknown key `nam`",
                "fair.yaml:4:20 found a list where a text is expected",
                "fair.yaml:4:24 unknown key `colour`",
            ]
        );
        assert_eq!(phases.map(|phases| phases.len()), Some(1));
    }

    #[test]
    fn what_is_no_date_is_said_to_be_none() {
        #[derive(Deserialize, Debug)]
        #[expect(dead_code, reason = "nothing of it is read")]
        struct Day {
            date: crate::data::Date,
            time: crate::data::Time,
        }
        let files = Files::new(".");
        let mut report = Report::new();
        let text =
            "- {date: 15 April, time: '09:30'}\n- {date: 2025-04-15, time: '9.30'}\n- {date: , time: 9}\n";
        decode_text::<Vec<Day>>(&mut report, files.id("days.yaml"), text, 0);
        let said = |lang| -> Vec<(String, String)> {
            let problems = report.problems().iter();
            problems.map(|problem| (problem.message.text(lang), problem.hints[0].text(lang))).collect()
        };
        assert_eq!(
            said(Lang::EN),
            [
                ("found the text `15 April` where a date is expected", "write a date such as 2025-10-15"),
                ("found the text `9.30` where a time of day is expected", "write a time such as 09:30"),
                (
                    "found nothing where a date is expected",
                    "write the value here, or take the key or the hyphen away"
                ),
                ("found the number `9` where a time of day is expected", "write a time such as 09:30"),
            ]
            .map(|(message, hint)| (message.to_owned(), hint.to_owned()))
        );
        let (message, hint) = &said(Lang::ZH)[0];
        assert_eq!(message, "此处应为日期，实为文字 `15 April`");
        assert_eq!(hint, "请写成 2025-10-15 这样的日期");
    }

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
            let (_, found) = problems(text);
            assert!(found.first().is_some_and(|found| found.starts_with(place)), "{text:?}: {found:?}");
        }
    }
}
