//! Typed values out of documents, by way of serde, each error with its place.

use serde::de::value::StrDeserializer;
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess,
    SeqAccess, VariantAccess, Visitor,
};
use serde_yaml::Value;

use super::decode_error::{Error, ErrorKind, expected_words};
use super::document::{Document, Entry, Inner, Node, yaml_text};
use super::key::{NumberKey, TextKey};
use super::spanned::{Parts, SPANNED};
use crate::data::decoded::Decoded;
use crate::source::{Failure, FileId, Files, Report, nearest};

/// More problems than this in one document are not looked for.
const MAX_PROBLEMS: usize = 200;
/// The document is read anew for every problem; of a large one, fewer are looked for.
const MAX_BYTES_READ: usize = 32 << 20;

impl Document {
    /// Makes a typed value of the document. Every unknown key, wrong type and missing key is reported;
    /// what is wrong is left out, so the value may be there although there are errors.
    pub fn decode<T: DeserializeOwned>(self, report: &mut Report) -> Option<Decoded<T>> {
        decode(report, self)
    }
}

/// Reads a YAML file into a typed value.
pub fn decode_file<T: DeserializeOwned>(
    report: &mut Report,
    files: &Files,
    path: &str,
) -> Result<Option<Decoded<T>>, Failure> {
    let file = files.id(path);
    let bytes = files.read(file)?;
    let Some(text) = yaml_text(report, file, bytes) else { return Ok(None) };
    let text = files.keep_text(file, text);
    Ok(decode_text(report, file, &text, 0))
}

/// Makes a typed value of YAML text that begins at byte `offset` of a file.
pub fn decode_text<T: DeserializeOwned>(
    report: &mut Report,
    file: FileId,
    text: &str,
    offset: usize,
) -> Option<Decoded<T>> {
    Document::parse(report, file, text, offset)?.decode(report)
}

/// Decodes a document. Every problem in it is reported, as far as they can be told apart.
pub(in crate::data) fn decode<T: DeserializeOwned>(
    report: &mut Report,
    document: Document,
) -> Option<Decoded<T>> {
    let (file, whole) = (document.file, (document.node.start, document.node.end));
    let is_sound = document.is_sound;
    let mut found = Vec::new();
    let value = decode_in_part(document, &mut found);
    let pairs = renamed(&found);
    for (number, (_, error)) in found.iter().enumerate() {
        // The key that is missing where another one stands for it is named with that one.
        if !pairs.iter().any(|(_, missing)| *missing == number) {
            let meant = pairs.iter().find(|(unknown, _)| *unknown == number);
            error.report(report, file, whole, meant.and_then(|(_, missing)| found[*missing].1.missing_key()));
        }
    }
    value.map(|value| Decoded { value, complete: is_sound && found.is_empty() })
}

/// The keys that are not known and look like none that is, each with the key that is missing in its block, where there is
/// one of each: `国家` for `country`. By their places among the errors.
fn renamed(found: &[(Vec<usize>, Error)]) -> Vec<(usize, usize)> {
    let is_unlike = |error: &Error| matches!(&error.kind, ErrorKind::UnknownKey { key, known } if nearest(key, known.iter().copied()).is_none());
    let only = |block: &[usize], wanted: &dyn Fn(&Error) -> bool| {
        let mut all = (0..found.len()).filter(|&at| found[at].0 == block && wanted(&found[at].1));
        all.next().filter(|_| all.next().is_none())
    };
    let mut blocks: Vec<&[usize]> = found.iter().map(|(block, _)| block.as_slice()).collect();
    blocks.sort_unstable();
    blocks.dedup();
    let pair = |block| only(block, &is_unlike).zip(only(block, &|error| error.missing_key().is_some()));
    blocks.into_iter().filter_map(pair).collect()
}

/// Decodes what can be decoded of a document. What cannot is among the errors, each with the way to its block.
fn decode_in_part<T: DeserializeOwned>(
    mut document: Document,
    found: &mut Vec<(Vec<usize>, Error)>,
) -> Option<T> {
    let mut cut = Vec::new();
    let bytes = document.node.end - document.node.start;
    for _ in 0..(MAX_BYTES_READ / bytes.max(1)).clamp(4, MAX_PROBLEMS) {
        let located = Located { file: document.file, node: &document.node };
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
        let removed = remove(&mut document.node, &path);
        let parent = path[..path.len().saturating_sub(1)].to_vec();
        if let Some(key) = removed {
            // Nor is the key that a misspelt one was taken for.
            if let ErrorKind::UnknownKey { key, known } = &error.kind
                && let Some(meant) = nearest(key, known.iter().copied())
            {
                cut.push((parent.clone(), meant.to_owned()));
            }
            cut.push((parent.clone(), key));
        } else {
            // Places behind a removed list element move up: what was cut there is forgotten.
            cut.clear();
        }
        let is_whole = path.is_empty();
        if !consequence {
            let block = if error.missing_key().is_some() { path } else { parent };
            found.push((block, error));
        }
        if is_whole {
            return None;
        }
    }
    None
}

/// Removes the entry or element at a path. Says the key, where it was an entry.
fn remove(node: &mut Node, path: &[usize]) -> Option<String> {
    let (&first, rest) = path.split_first()?;
    match &mut node.inner {
        Inner::Sequence(nodes) if rest.is_empty() => {
            nodes.remove(first);
            None
        }
        Inner::Mapping(entries) if rest.is_empty() => Some(entries.remove(first).name().into_owned()),
        Inner::Sequence(nodes) => remove(nodes.get_mut(first)?, rest),
        Inner::Mapping(entries) => remove(&mut entries.get_mut(first)?.node, rest),
        Inner::Scalar(_) => None,
    }
}

/// A value with its place, as a source of typed values.
#[derive(Clone, Copy)]
struct Located<'a> {
    file: FileId,
    node: &'a Node,
}

impl<'a> Located<'a> {
    fn at(self, error: Error) -> Error {
        error.at(self.node.start, self.node.end)
    }
}

impl<'de> Deserializer<'de> for Located<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let result = match &self.node.inner {
            Inner::Scalar(Value::Bool(truth)) => visitor.visit_bool(*truth),
            Inner::Scalar(Value::Number(number)) => match (number.as_u64(), number.as_i64()) {
                (Some(number), _) => visitor.visit_u64(number),
                (None, Some(number)) => visitor.visit_i64(number),
                _ => visitor.visit_f64(number.as_f64().unwrap_or(f64::NAN)),
            },
            Inner::Scalar(Value::String(text)) => {
                let expected = expected_words(&visitor);
                visitor.visit_borrowed_str(text).map_err(|error: Error| error.of_text(text, &expected))
            }
            Inner::Scalar(_) => visitor.visit_unit(),
            Inner::Sequence(nodes) => visitor.visit_seq(Elements { file: self.file, nodes, next: 0 }),
            Inner::Mapping(entries) => visitor.visit_map(Entries { file: self.file, entries, next: 0 }),
        };
        result.map_err(|error| self.at(error))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.node.inner {
            Inner::Scalar(Value::Null) => visitor.visit_none(),
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
        match &self.node.inner {
            Inner::Scalar(Value::String(text)) => visitor
                .visit_enum(IntoDeserializer::<Error>::into_deserializer(text.as_str()))
                .map_err(|error| self.at(error)),
            Inner::Mapping(entries) => match &entries[..] {
                [entry] => {
                    visitor.visit_enum(Choice { file: self.file, entry }).map_err(|error| self.at(error))
                }
                [] => Err(self.at(Error::new(ErrorKind::NoChoice))),
                _ => Err(self.at(de::Error::custom("expected exactly one key here"))),
            },
            found => {
                let found = match found {
                    Inner::Scalar(Value::Null) => de::Unexpected::Unit,
                    Inner::Scalar(Value::Bool(truth)) => de::Unexpected::Bool(*truth),
                    Inner::Sequence(_) => de::Unexpected::Seq,
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
    nodes: &'a [Node],
    next: usize,
}

impl<'de> SeqAccess<'de> for Elements<'de> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        let index = self.next;
        let Some(node) = self.nodes.get(index) else { return Ok(None) };
        self.next += 1;
        let located = Located { file: self.file, node };
        seed.deserialize(located).map(Some).map_err(|error| located.at(error.of_node(node)).inside(index))
    }
}

struct Entries<'a> {
    file: FileId,
    entries: &'a [Entry],
    next: usize,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        let Some(entry) = self.entries.get(self.next) else { return Ok(None) };
        let (start, end) = entry.place;
        let index = self.next;
        let place = |error: Error| error.at(start, end).inside(index);
        // A key may be a number (`137:`), read by types that want one as well as by types that want text.
        match entry.key.as_u64() {
            Some(number) => {
                let key = NumberKey { file: self.file, number, place: (start, end) };
                seed.deserialize(key).map(Some).map_err(place)
            }
            None => {
                let name = entry.name();
                let key = TextKey { file: self.file, text: &name, place: (start, end) };
                seed.deserialize(key).map(Some).map_err(|error| place(error.of_text(&name, "a key")))
            }
        }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        let index = self.next;
        self.next += 1;
        let node = &self.entries[index].node;
        let located = Located { file: self.file, node };
        seed.deserialize(located).map_err(|error| located.at(error.of_node(node)).inside(index))
    }
}

/// A choice that carries a value: one key with what stands under it.
struct Choice<'a> {
    file: FileId,
    entry: &'a Entry,
}

impl<'de> EnumAccess<'de> for Choice<'de> {
    type Error = Error;
    type Variant = Located<'de>;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Located<'de>), Error> {
        let (start, end) = self.entry.place;
        let choice = seed
            .deserialize(StrDeserializer::<Error>::new(&self.entry.name()))
            .map_err(|error| error.at(start, end))?;
        Ok((choice, Located { file: self.file, node: &self.entry.node }))
    }
}

impl<'de> VariantAccess<'de> for Located<'de> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        match self.node.inner {
            Inner::Scalar(Value::Null) => Ok(()),
            _ => Err(self.at(de::Error::custom("this key takes no value"))),
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
    use crate::data::{Spanned, decode_text};
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
        let value = decode_text(&mut report, file, text, 0).map(Decoded::into_value);
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
                "fair.yaml:1:10 expected a whole number, found the text `one`",
                "fair.yaml:3:3 unknown key `nam`",
                "fair.yaml:4:20 expected a text, found a list",
                "fair.yaml:4:24 unknown key `colour`",
            ]
        );
        assert_eq!(phases.map(|phases| phases.len()), Some(1));
    }
}
