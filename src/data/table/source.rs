//! Where a table is kept, and how its files are to be read: the options of a source in `fair.yaml`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserialize, Deserializer, SeqAccess, Visitor};
use serde_yaml::Value;

use super::shape::{Kind, TableShape, fold_word};
use super::text_encoding::TextEncoding;
use crate::data::cell::{Cell, value_cell};
use crate::data::yaml::spanned::Spanned;
use crate::source::{Report, Span, code, list, nearest, say};

/// The place of a table or a part of it.
#[derive(serde::Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// A file, or a pattern with `*`, relative to the folder of the fair.
    pub file: Spanned<String>,
    /// The sheets of a workbook: a name, a pattern with `*`, or a list of them; absent means every visible sheet.
    #[serde(default)]
    pub sheet: Option<Spanned<OneOrMore<String>>>,
    /// Headings of the file, by field; `heading#2` is the second column with that heading.
    #[serde(default)]
    pub columns: BTreeMap<String, Spanned<String>>,
    /// One value for all rows, by field.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub set: BTreeMap<String, Spanned<Value>>,
    /// The meaning of values in the file, by field; `""` is the empty cell.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, BTreeMap<String, serde_json::Value>>")]
    pub values: BTreeMap<String, BTreeMap<String, Spanned<Value>>>,
    /// Fields that the file is known not to contain.
    #[serde(default)]
    pub absent: Vec<Spanned<String>>,
    /// Headings of columns deliberately not used.
    #[serde(default)]
    pub ignore: Vec<Spanned<String>>,
    /// For codes stored as numbers: the number of digits, with leading zeros, by field.
    #[serde(default)]
    pub digits: BTreeMap<String, Spanned<OneOrMore<u8>>>,
    /// The encoding of a text file. If absent, UTF-8 or UTF-16 is detected; otherwise the only other encoding
    /// that gives known headings is used.
    #[serde(default)]
    pub encoding: Option<Spanned<TextEncoding>>,
}

/// One value, or a list of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OneOrMore<T>(pub Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMore<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<OneOrMore<T>, D::Error> {
        struct OneOrMoreVisitor<T>(std::marker::PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for OneOrMoreVisitor<T> {
            type Value = OneOrMore<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value or a list of values")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                T::deserialize(de::value::StrDeserializer::new(text)).map(|value| OneOrMore(vec![value]))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
                T::deserialize(de::value::U64Deserializer::new(number)).map(|value| OneOrMore(vec![value]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Self::Value, A::Error> {
                let mut several = Vec::new();
                while let Some(value) = values.next_element()? {
                    several.push(value);
                }
                Ok(OneOrMore(several))
            }
        }

        deserializer.deserialize_any(OneOrMoreVisitor(std::marker::PhantomData))
    }
}

impl<T: JsonSchema> JsonSchema for OneOrMore<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("OneOrMore_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let one = generator.subschema_for::<T>();
        json_schema!({"anyOf": [one, {"type": "array", "items": one}]})
    }
}

impl Source {
    /// A file of which nothing is said but its name.
    pub fn of_file(file: &str, span: Span) -> Source {
        Source {
            file: Spanned { value: file.to_owned(), span },
            sheet: None,
            columns: BTreeMap::new(),
            set: BTreeMap::new(),
            values: BTreeMap::new(),
            absent: Vec::new(),
            ignore: Vec::new(),
            digits: BTreeMap::new(),
            encoding: None,
        }
    }

    /// The options beside file, sheet and `absent`, as they are written between braces.
    pub fn written_options(&self) -> Vec<String> {
        let entries = |entries: Vec<(&str, String)>| {
            let entries: Vec<String> =
                entries.iter().map(|(key, value)| format!("{}: {value}", yaml_scalar(key))).collect();
            format!("{{{}}}", entries.join(", "))
        };
        let several = |values: &[u8]| match values {
            [one] => one.to_string(),
            values => format!("{values:?}"),
        };
        let mut written = Vec::new();
        if !self.columns.is_empty() {
            let columns =
                self.columns.iter().map(|(field, heading)| (field.as_str(), yaml_scalar(&heading.value)));
            written.push(format!("columns: {}", entries(columns.collect())));
        }
        if !self.set.is_empty() {
            let set = self.set.iter().map(|(field, value)| (field.as_str(), yaml_value(&value.value)));
            written.push(format!("set: {}", entries(set.collect())));
        }
        if !self.values.is_empty() {
            let words = |words: &BTreeMap<String, Spanned<Value>>| {
                entries(words.iter().map(|(word, value)| (word.as_str(), yaml_value(&value.value))).collect())
            };
            let values = self.values.iter().map(|(field, map)| (field.as_str(), words(map)));
            written.push(format!("values: {}", entries(values.collect())));
        }
        if !self.ignore.is_empty() {
            let headings: Vec<String> =
                self.ignore.iter().map(|heading| yaml_scalar(&heading.value)).collect();
            written.push(format!("ignore: [{}]", headings.join(", ")));
        }
        if !self.digits.is_empty() {
            let digits = self.digits.iter().map(|(field, digits)| (field.as_str(), several(&digits.value.0)));
            written.push(format!("digits: {}", entries(digits.collect())));
        }
        if let Some(encoding) = &self.encoding {
            written.push(format!("encoding: {}", encoding.value.name()));
        }
        written
    }

    /// Whether the source says that the file has no column of a field.
    pub(in crate::data) fn says_absent(&self, field: &str) -> bool {
        self.absent.iter().any(|absent| absent.value == field)
    }
}

/// A text as it is written in YAML between braces.
pub fn yaml_scalar(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "_-/（）(). ".contains(c);
    let is_plain = text.starts_with(char::is_alphabetic)
        && !text.ends_with(' ')
        && text.chars().all(plain)
        && !["y", "n", "yes", "no", "on", "off", "true", "false", "null"]
            .contains(&text.to_lowercase().as_str());
    match is_plain {
        true => text.to_owned(),
        false => serde_json::to_string(text).expect("a text is always written"),
    }
}

/// A value as it is written in YAML between braces.
fn yaml_value(value: &Value) -> String {
    match value {
        Value::String(text) => yaml_scalar(text),
        Value::Sequence(values) => {
            format!("[{}]", values.iter().map(yaml_value).collect::<Vec<String>>().join(", "))
        }
        other => serde_json::to_string(other).unwrap_or_default(),
    }
}

/// Whether a name matches a pattern in which `*` stands for any characters.
pub(in crate::data) fn matches_name(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((before, after)) => name.strip_prefix(before).is_some_and(|rest| {
            rest.char_indices()
                .map(|(at, _)| at)
                .chain([rest.len()])
                .any(|at| matches_name(after, &rest[at..]))
        }),
    }
}

/// What the words of a file stand for, of one field.
#[derive(Default, Debug)]
pub(in crate::data) struct ValueMap {
    words: BTreeMap<String, Cell<'static>>,
    /// What the empty cell stands for.
    empty: Option<Cell<'static>>,
}

impl ValueMap {
    /// What a cell stands for, if the source says so.
    pub(in crate::data) fn meant(&self, cell: &Cell<'_>) -> Option<Cell<'static>> {
        match cell {
            Cell::Empty => self.empty.clone(),
            Cell::Error(text) | Cell::Text(text) => self.words.get(&fold_word(text)).cloned(),
            other => self.words.get(&fold_word(&other.text()?)).cloned(),
        }
    }
}

/// The maps of values of a source, by the position of the field.
pub(in crate::data) fn value_maps(shape: &TableShape, source: &Source) -> Vec<Option<ValueMap>> {
    if source.values.is_empty() {
        return Vec::new();
    }
    let map = |words: &BTreeMap<String, Spanned<Value>>| {
        let mut map = ValueMap::default();
        for (word, meant) in words {
            let meant = value_cell(&meant.value);
            match fold_word(word) {
                word if word.is_empty() => map.empty = Some(meant),
                word => {
                    map.words.insert(word, meant);
                }
            }
        }
        map
    };
    shape.fields.iter().map(|field| source.values.get(field.name).map(map)).collect()
}

/// Checks that the options of a source name fields of the table, one option for each field, and words that the field accepts.
pub(in crate::data) fn check_source(report: &mut Report, shape: &TableShape, source: &Source) {
    let fields = || shape.fields.iter().map(|field| field.name);
    let mut named: Vec<(&str, Span, &str)> = Vec::new();
    named.extend(source.set.iter().map(|(field, value)| (field.as_str(), value.span, "set")));
    named.extend(source.columns.iter().map(|(field, heading)| (field.as_str(), heading.span, "columns")));
    named.extend(source.absent.iter().map(|field| (field.value.as_str(), field.span, "absent")));
    let wheres = named.len();
    named.extend(source.digits.iter().map(|(field, digits)| (field.as_str(), digits.span, "digits")));
    for (field, words) in &source.values {
        let span = words.values().next().map_or(source.file.span, |meant| meant.span);
        named.push((field.as_str(), span, "values"));
    }
    for (number, &(field, span, option)) in named.iter().enumerate() {
        if fields().all(|known| known != field) {
            report
                .error(
                    code::UNKNOWN_FIELD,
                    span,
                    say!("`{shape}` has no field `{field}`", shape = shape.name, field),
                )
                .label_meant(nearest(field, fields()))
                .hint(say!("fields of {shape}: {fields}", shape = shape.name, fields = list(fields())));
        } else if let Some((_, _, other)) =
            named[..number.min(wheres)].iter().find(|(other, ..)| *other == field).filter(|_| number < wheres)
        {
            let message = say!("`{field}` is given by both `{other}` and `{option}`", other, option, field);
            report.error(code::FIELD_TWICE, span, message).hint(say!("keep one of the two"));
        }
    }
    for (field, digits) in &source.digits {
        let is_code = shape.field(field).is_some_and(|field| shape.fields[field].kind == Kind::Code);
        if (!is_code && shape.field(field).is_some())
            || digits.value.0.is_empty()
            || digits.value.0.iter().any(|&digits| !(1..=18).contains(&digits))
        {
            report
                .error(
                    code::BAD_NUMBER,
                    digits.span,
                    say!("`digits` of `{field}` must be from 1 to 18, for a field of codes", field),
                )
                .hint(say!("write how many digits the codes have, such as `digits: {{exhibitor: 6}}`"));
        }
    }
    for (field, words) in &source.values {
        let Some(kind) = shape.field(field).map(|field| shape.fields[field].kind) else { continue };
        if !matches!(kind, Kind::Words(_)) {
            continue;
        }
        for meant in words.values() {
            let text = value_cell(&meant.value).text().unwrap_or_default();
            if kind.value_of(&text).is_none() {
                report
                    .error(
                        code::UNKNOWN_WORD,
                        meant.span,
                        say!("`{text}` is not a value of `{field}`", text, field),
                    )
                    .hint_meant(nearest(&text, kind.words()))
                    .hint(say!("write one of: {known}", known = list(kind.words())));
            }
        }
    }
}
