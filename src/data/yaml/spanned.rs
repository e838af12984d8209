//! A value with its place, and how it is made of what a source of typed values hands over.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{self, DeserializeSeed, Deserializer, IntoDeserializer, SeqAccess, Visitor};

use super::decode_error::Error;
use crate::source::{FileId, Span};

/// A value with the place where it is written. As the key of a map it is the key with its own place.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// The source.
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

/// The name under which [`Spanned`] asks for its place.
pub(in crate::data) const SPANNED: &str = "jinbang::Spanned";

/// The parts of a [`Spanned`]: file, start, end and value, handed over in this order.
pub(in crate::data) struct Parts<D> {
    file: FileId,
    start: usize,
    end: usize,
    value: Option<D>,
    next: u8,
}

impl<D> Parts<D> {
    pub(in crate::data) fn new(file: FileId, (start, end): (usize, usize), value: D) -> Parts<D> {
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

/// A value that may be left out, but not left empty.
pub fn given<'de, D: Deserializer<'de>, T: de::Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
