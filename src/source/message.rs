//! What is said to people, as a value: English words with named places, and what stands in them.
//!
//! A message is made where the problem is found, and put into a language where it is shown. The English words
//! are its name; the Chinese ones stand in the files of `words` under them. A test holds the two together.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::chinese::{chinese, chinese_of_library};
use crate::lang::{Lang, Plurals};

/// One phrase for people, not yet in a language.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Message(Words);

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
enum Words {
    /// Words of this program.
    Said { template: Cow<'static, str>, values: Vec<(Cow<'static, str>, Value)> },
    /// Words of a library, in English. Those that are known are translated, the others are quoted.
    Foreign(String),
    /// What stands in a file, in whatever language.
    Verbatim(String),
}

/// What stands in a place of a message.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Value {
    /// What stands in a file.
    Text(String),
    /// A number; it can choose between the forms of a word.
    Number(u64),
    /// Words.
    Message(Message),
    /// Several, enumerated as the language does it.
    List(Vec<Value>, Joint),
}

/// How several are enumerated.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Joint {
    /// `a, b, c`; `a、b、c`.
    All,
    /// `a, b or c`; `a、b 或 c`.
    Any,
    /// `a, b and c`; `a、b 和 c`.
    Each,
    /// Phrases of a sentence: `a, b, c`; `a，b，c`.
    Phrases,
    /// Sentences: `a; b; c`; `a；b；c`.
    Sentences,
}

/// A phrase: its English words, and what stands in their places. `{name}` is the value of that name;
/// `{count:row|rows}` is the word that goes with the number, one or several; `{{` is a brace.
///
/// ```text
/// say!("unknown exhibitor `{exhibitor}`", exhibitor = badge.value)
/// say!("{count} {count:row is|rows are} hidden", count)
/// ```
///
/// A place without a value, and a value without a place, do not compile.
macro_rules! say {
    ($template:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {{
        const { $crate::source::check_places($template, &[$(stringify!($name)),*]) };
        $crate::source::Message::said(
            $template,
            vec![$((
                std::borrow::Cow::Borrowed(stringify!($name)),
                $crate::source::say!(@value $name $(= $value)?),
            )),*],
        )
    }};
    (@value $name:ident) => { $crate::source::Sayable::value(&$name) };
    (@value $name:ident = $value:expr) => { $crate::source::Sayable::value(&$value) };
}
pub(crate) use say;

impl Message {
    /// Words of this program. Written with `say!`, which checks the places.
    pub fn said(template: &'static str, values: Vec<(Cow<'static, str>, Value)>) -> Message {
        Message(Words::Said { template: template.into(), values })
    }

    /// What a library says, in English, or what the program says through one, such as help.
    pub fn foreign(words: impl fmt::Display) -> Message {
        Message(Words::Foreign(words.to_string()))
    }

    /// What stands in a file and is shown as it is.
    pub fn verbatim(text: impl Into<String>) -> Message {
        Message(Words::Verbatim(text.into()))
    }

    /// The message in a language; in English where this program does not speak it.
    pub fn text(&self, lang: Lang) -> String {
        match &self.0 {
            Words::Said { template, values } => {
                let value =
                    |name: &str| values.iter().find(|(known, _)| known == name).map(|(_, value)| value);
                match chinese(template).filter(|_| lang == Lang::ZH) {
                    Some(chinese) => filled(chinese, Lang::ZH, &value),
                    None => filled(template, Lang::EN, &value),
                }
            }
            Words::Foreign(words) if lang == Lang::ZH => translated(words),
            Words::Foreign(text) | Words::Verbatim(text) => text.clone(),
        }
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Lang::EN))
    }
}

/// Compares the English words.
impl PartialEq<&str> for Message {
    fn eq(&self, words: &&str) -> bool {
        self.text(Lang::EN) == *words
    }
}

impl Value {
    /// It in a language.
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Value::Text(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Message(message) => message.text(lang),
            Value::List(values, joint) => {
                let texts: Vec<String> = values.iter().map(|value| value.text(lang)).collect();
                let (between, before_last) = match (joint, lang) {
                    (Joint::All, Lang::ZH) => ("、", "、"),
                    (Joint::Any, Lang::ZH) => ("、", " 或 "),
                    (Joint::Each, Lang::ZH) => ("、", " 和 "),
                    (Joint::Phrases, Lang::ZH) => ("，", "，"),
                    (Joint::Sentences, Lang::ZH) => ("；", "；"),
                    (Joint::All | Joint::Phrases, _) => (", ", ", "),
                    (Joint::Any, _) => (", ", " or "),
                    (Joint::Each, _) => (", ", " and "),
                    (Joint::Sentences, _) => ("; ", "; "),
                };
                match texts.split_last() {
                    Some((last, first)) if !first.is_empty() => {
                        format!("{}{before_last}{last}", first.join(between))
                    }
                    _ => texts.concat(),
                }
            }
        }
    }
}

/// Adds a part to a text. Between Chinese and Latin letters or digits stands a space.
fn push_apart(text: &mut String, part: &str, lang: Lang) {
    let is_han = |letter: char| ('\u{4e00}'..='\u{9fff}').contains(&letter);
    let meet = |one: char, other: char| is_han(one) && other.is_ascii_alphanumeric();
    if lang == Lang::ZH
        && let (Some(before), Some(after)) = (text.chars().next_back(), part.chars().next())
        && (meet(before, after) || meet(after, before))
    {
        text.push(' ');
    }
    text.push_str(part);
}

/// The words of a library in Chinese, if it is known what they are; else as they are.
fn translated(words: &str) -> String {
    let Some((chinese, values)) = chinese_of_library(words) else { return words.to_owned() };
    let values: Vec<(&str, Value)> =
        values.into_iter().map(|(name, text)| (name, Message::foreign(text).value())).collect();
    let value = |name: &str| values.iter().find(|(known, _)| *known == name).map(|(_, value)| value);
    filled(chinese, Lang::ZH, &value)
}

/// Puts values into the places of a template in a language.
fn filled<'v>(template: &str, lang: Lang, value: &dyn Fn(&str) -> Option<&'v Value>) -> String {
    let mut text = String::with_capacity(template.len() + 32);
    let plurals = Plurals::new(lang);
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        push_apart(&mut text, &rest[..at], lang);
        let brace = &rest[at..=at];
        rest = &rest[at + 1..];
        if rest.starts_with(brace) {
            text.push_str(brace);
            rest = &rest[1..];
            continue;
        }
        let (place, behind) = rest.split_once('}').expect("places are closed: `say!` and a test see to it");
        rest = behind;
        let (name, forms) = place.split_once(':').map_or((place, None), |(name, forms)| (name, Some(forms)));
        match (value(name), forms.and_then(|forms| forms.split_once('|'))) {
            (Some(Value::Number(number)), Some((one, _))) if plurals.form(*number) == "one" => {
                text.push_str(one);
            }
            (_, Some((_, many))) => text.push_str(many),
            (Some(value), None) => push_apart(&mut text, &value.text(lang), lang),
            (None, None) => {}
        }
    }
    push_apart(&mut text, rest, lang);
    text
}

/// Several as one value: `a, b, c`.
pub fn list<T: Sayable>(values: impl IntoIterator<Item = T>) -> Value {
    Value::List(values.into_iter().map(|value| value.value()).collect(), Joint::All)
}

/// Several of which one is meant: `a, b or c`.
pub fn any_of<T: Sayable>(values: impl IntoIterator<Item = T>) -> Value {
    Value::List(values.into_iter().map(|value| value.value()).collect(), Joint::Any)
}

/// Several of which each is meant: `a, b and c`.
pub fn all_of<T: Sayable>(values: impl IntoIterator<Item = T>) -> Value {
    Value::List(values.into_iter().map(|value| value.value()).collect(), Joint::Each)
}

/// Phrases of one sentence as one value: `a, b, c`, and in Chinese `a，b，c`.
pub fn phrases<T: Sayable>(values: impl IntoIterator<Item = T>) -> Value {
    Value::List(values.into_iter().map(|value| value.value()).collect(), Joint::Phrases)
}

/// Several sentences as one value: `a; b; c`.
pub fn sentences<T: Sayable>(values: impl IntoIterator<Item = T>) -> Value {
    Value::List(values.into_iter().map(|value| value.value()).collect(), Joint::Sentences)
}

/// What can stand in a place of a message.
pub trait Sayable {
    /// It as a value.
    fn value(&self) -> Value;
}

impl<T: Sayable + ?Sized> Sayable for &T {
    fn value(&self) -> Value {
        (*self).value()
    }
}

impl Sayable for str {
    fn value(&self) -> Value {
        Value::Text(self.to_owned())
    }
}

impl Sayable for String {
    fn value(&self) -> Value {
        Value::Text(self.clone())
    }
}

impl Sayable for Cow<'_, str> {
    fn value(&self) -> Value {
        Value::Text(self.clone().into_owned())
    }
}

impl Sayable for char {
    fn value(&self) -> Value {
        Value::Text(self.to_string())
    }
}

impl Sayable for Message {
    fn value(&self) -> Value {
        Value::Message(self.clone())
    }
}

impl Sayable for Value {
    fn value(&self) -> Value {
        self.clone()
    }
}

impl Sayable for Lang {
    fn value(&self) -> Value {
        Value::Text(self.code().to_owned())
    }
}

impl Sayable for jiff::civil::Date {
    fn value(&self) -> Value {
        Value::Text(self.to_string())
    }
}

impl Sayable for std::path::Display<'_> {
    fn value(&self) -> Value {
        Value::Text(self.to_string())
    }
}

macro_rules! numbers {
    ($($number:ty),*) => { $(
        impl Sayable for $number {
            fn value(&self) -> Value {
                Value::Number(u64::try_from(*self).unwrap_or(u64::MAX))
            }
        }
    )* };
}
numbers!(u8, u16, u32, u64, usize, i16);

/// Holds the places of a template against the names of its values, while the program is compiled.
pub const fn check_places(template: &str, names: &[&str]) {
    let bytes = template.as_bytes();
    let mut used = [false; 16];
    assert!(names.len() <= used.len(), "a message has at most 16 places");
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'{' || bytes[at] == b'}' {
            if at + 1 < bytes.len() && bytes[at + 1] == bytes[at] {
                at += 2;
                continue;
            }
            assert!(bytes[at] == b'{', "a brace that is text is doubled");
            let start = at + 1;
            let mut end = start;
            while end < bytes.len() && bytes[end] != b'}' && bytes[end] != b':' {
                end += 1;
            }
            let mut number = 0;
            while number < names.len() && !is_between(bytes, start, end, names[number].as_bytes()) {
                number += 1;
            }
            assert!(number < names.len(), "a place of the message has no value");
            used[number] = true;
            while end < bytes.len() && bytes[end] != b'}' {
                end += 1;
            }
            assert!(end < bytes.len(), "a place of the message is not closed");
            at = end;
        }
        at += 1;
    }
    let mut number = 0;
    while number < names.len() {
        assert!(used[number], "a value of the message has no place");
        number += 1;
    }
}

const fn is_between(bytes: &[u8], start: usize, end: usize, name: &[u8]) -> bool {
    if end - start != name.len() {
        return false;
    }
    let mut at = 0;
    while at < name.len() {
        if bytes[start + at] != name[at] {
            return false;
        }
        at += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_chooses_the_form_and_braces_can_be_written() {
        let said = |count: usize| {
            Message::said(
                "{count} {count:row|rows} of {{{name}}}",
                vec![("count".into(), count.value()), ("name".into(), list(["a", "b"]).value())],
            )
        };
        assert_eq!(said(1).to_string(), "1 row of {a, b}");
        assert_eq!(said(2).to_string(), "2 rows of {a, b}");
    }

    #[test]
    fn what_stands_beside_chinese_has_a_space() {
        let said = |what: &str| {
            Message::said("it is {what}", vec![("what".into(), Message::verbatim(what).value())]).0
        };
        let Words::Said { values, .. } = said("PDF 文档") else { unreachable!("it was said") };
        let value = |_: &str| values.first().map(|(_, value)| value);
        assert_eq!(filled("这是{what}吗", Lang::ZH, &value), "这是 PDF 文档吗");
        assert_eq!(filled("这是`{what}`", Lang::ZH, &value), "这是`PDF 文档`");
    }

    #[test]
    fn several_are_enumerated_as_the_language_does_it() {
        let any = any_of(["a", "b", "c"]);
        assert_eq!(any.text(Lang::EN), "a, b or c");
        assert_eq!(any.text(Lang::ZH), "a、b 或 c");
        assert_eq!(any_of(["a"]).text(Lang::ZH), "a");
        assert_eq!(list(["a", "b"]).text(Lang::ZH), "a、b");
    }

    #[test]
    fn what_the_system_says_is_translated_and_the_unknown_is_quoted() {
        let said = |number| Message::foreign(std::io::Error::from_raw_os_error(number)).text(Lang::ZH);
        assert_eq!(said(2), "没有这个文件或文件夹（os error 2）");
        assert_eq!(said(13), "没有权限（os error 13）");
        assert_eq!(said(28), "磁盘空间不足（os error 28）");
        assert_eq!(Message::foreign("something new").text(Lang::ZH), "something new");
        assert_eq!(
            Message::foreign("found identifier but expected `}}`").text(Lang::ZH),
            "此处写的是：名称；应为：`}}`"
        );
        assert_eq!(
            Message::foreign("found `x` but expected `y`").text(Lang::ZH),
            "此处写的是：`x`；应为：`y`"
        );
    }
}
