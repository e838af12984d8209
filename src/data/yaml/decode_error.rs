//! What is wrong with a value that does not decode, in words, with advice.

use std::fmt;

use serde::de;

use super::document::Node;
use super::{rewritten, syntax_hints};
use crate::data::dates::moment::parse_moment;
use crate::data::dates::time_of_day::{parse_time, time_with_dot};
use crate::data::number_in_text::number_hint;
use crate::source::{Draft, FileId, Message, Report, Span, code, list, nearest, say, separated};

const A_DATE: &str = "a date";
const A_TIME: &str = "a time of day";

/// An error with its place, and the way to it in numbers of entries, innermost first.
#[derive(Debug)]
pub(in crate::data) struct Error {
    pub(in crate::data) kind: ErrorKind,
    span: Option<(usize, usize)>,
    pub(in crate::data) path: Vec<usize>,
}

/// What is wrong.
#[derive(Debug)]
pub(in crate::data) enum ErrorKind {
    UnknownKey {
        key: String,
        known: &'static [&'static str],
    },
    UnknownChoice {
        choice: String,
        known: &'static [&'static str],
    },
    Missing(String),
    NoChoice,
    Type {
        found: Message,
        expected: String,
    },
    NoSuchDay {
        text: String,
        why: Message,
    },
    /// A type that reads itself from text refused the text.
    Refused {
        text: String,
        message: String,
    },
    Other(String),
}

impl Error {
    pub(in crate::data) fn new(kind: ErrorKind) -> Error {
        Error { kind, span: None, path: Vec::new() }
    }

    /// It stands here, unless it is known to stand further inside.
    pub(in crate::data) fn at(mut self, start: usize, end: usize) -> Error {
        self.span.get_or_insert((start, end));
        self
    }

    /// The way to it leads by this entry.
    pub(in crate::data) fn inside(mut self, index: usize) -> Error {
        self.path.push(index);
        self
    }

    /// Keeps the text that a type refused which reads itself from text and wants what `expected` says. Of a date or
    /// time it is said that it is none, whatever its parser thinks of it.
    pub(in crate::data) fn of_text(mut self, text: &str, expected: &str) -> Error {
        let ErrorKind::Other(message) = &self.kind else { return self };
        if ![A_DATE, A_TIME].contains(&expected) {
            self.kind = ErrorKind::Refused { text: text.to_owned(), message: message.clone() };
            return self;
        }
        let flaw = parse_moment(text).err().filter(|flaw| expected == A_DATE && flaw.is_invalid_date());
        self.kind = match flaw.and_then(|flaw| flaw.hint()) {
            Some(why) => ErrorKind::NoSuchDay { text: text.to_owned(), why },
            None => ErrorKind::Type { found: say!("the text `{text}`", text), expected: expected.to_owned() },
        };
        self
    }

    /// The same of a value that was refused after it was read.
    pub(in crate::data) fn of_node(self, node: &Node) -> Error {
        match node.as_str() {
            Some(text) => self.of_text(text, "a text"),
            None => self,
        }
    }

    /// The key that is missing, if that is what is wrong.
    pub(in crate::data) fn missing_key(&self) -> Option<&str> {
        match &self.kind {
            ErrorKind::Missing(key) => Some(key),
            _ => None,
        }
    }

    /// Reports it, with advice. `meant` is the key that an unknown one stands for, if that is known otherwise than by its
    /// letters.
    pub(in crate::data) fn report(
        &self,
        report: &mut Report,
        file: FileId,
        whole: (usize, usize),
        meant: Option<&str>,
    ) {
        let (start, end) = self.span.unwrap_or(whole);
        let span = Span::text(file, start, end);
        match &self.kind {
            ErrorKind::UnknownKey { key, known } => {
                let draft = report.error(code::UNKNOWN_KEY, span, say!("unknown key `{key}`", key));
                let draft = match syntax_hints::of_text(key, "a mapping") {
                    Some(hint) => draft.hint(hint),
                    None => draft,
                };
                match meant.or_else(|| nearest(key, known.iter().copied())) {
                    Some(meant) => draft.label(say!("did you mean `{meant}`?", meant)),
                    None => draft.label(say!("this file has no such key")),
                }
                .hint(match known.len() {
                    0 => say!("no keys are allowed here"),
                    _ => say!("keys allowed here: {known}", known = list(known.iter())),
                });
            }
            ErrorKind::UnknownChoice { choice, known } => {
                let meant =
                    rewritten::choice(choice, known).or_else(|| nearest(choice, known.iter().copied()));
                report
                    .error(code::UNKNOWN_WORD, span, say!("unknown value `{choice}`", choice))
                    .label_meant(meant)
                    .hint(say!("write one of: {known}", known = list(known.iter())));
            }
            ErrorKind::Missing(key) => {
                // The place is a whole block; the caret stands at its beginning.
                let span = Span::text(file, start, start + 1);
                report
                    .error(code::MISSING_KEY, span, say!("key `{key}` is missing", key))
                    .label(say!("missing from the block that begins here"))
                    .hint(say!("add a line `{key}: …`", key));
            }
            ErrorKind::NoChoice => {
                report
                    .error(code::BAD_VALUE, span, say!("expected one key here"))
                    .hint(say!("write one option and its value"));
            }
            ErrorKind::Type { found, expected } => {
                let draft = report.error(
                    code::WRONG_TYPE,
                    span,
                    say!("expected {expected}, found {found}", found, expected = Message::foreign(expected)),
                );
                if let Some(hint) = type_hint(found, expected) {
                    draft.hint(hint);
                }
            }
            ErrorKind::NoSuchDay { text, why } => {
                report
                    .error(code::BAD_DATE, span, say!("`{text}` is not a valid date", text))
                    .hint(why.clone());
            }
            ErrorKind::Refused { text, message } => {
                let hint = syntax_hints::of_text(text, "a mapping").or_else(|| separated(text));
                let draft = report_foreign(report, span, message);
                if let Some(hint) = hint {
                    draft.hint(hint);
                }
            }
            ErrorKind::Other(message) => {
                report_foreign(report, span, message);
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
        Error::new(ErrorKind::Type { found: found_words(found), expected: expected_words(expected) })
    }

    fn invalid_value(found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Error {
        let expected = match expected.to_string().as_str() {
            "u8" => "a whole number from 0 to 255".to_owned(),
            "u16" => "a whole number from 0 to 65535".to_owned(),
            "u32" => "a whole number from 0 to 4294967295".to_owned(),
            _ => expected_words(expected),
        };
        Error::new(ErrorKind::Type { found: found_words(found), expected })
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

/// Reports what a type that reads itself says; in further lines it says what to write instead.
fn report_foreign<'r>(report: &'r mut Report, span: Span, message: &str) -> Draft<'r> {
    let mut lines = message.lines();
    let what = Message::foreign(lines.next().unwrap_or_default());
    let draft = report.error(code::BAD_VALUE, span, what);
    lines.fold(draft, |draft, hint| draft.hint(Message::foreign(hint)))
}

/// What to write where something of another type was found.
fn type_hint(found: &Message, expected: &str) -> Option<Message> {
    if *found == "nothing" {
        return Some(say!("write the value here, or remove the key or hyphen"));
    }
    let scalar = scalar_of(found);
    let text = text_of(found);
    if let Some(hint) = text.as_deref().and_then(|text| syntax_hints::of_text(text, expected)) {
        return Some(hint);
    }
    let write = |value: String| say!("write `{value}`", value);
    match expected {
        A_DATE => Some(date_hint(scalar)),
        A_TIME => Some(time_hint(scalar)),
        "a whole number" => Some(number_hint(text.as_deref().unwrap_or_default())),
        "a boolean" => Some(match scalar.as_deref().and_then(rewritten::truth) {
            Some(truth) => write(truth.to_owned()),
            None => say!("write `true` or `false`"),
        }),
        "a list" => scalar.as_deref().and_then(rewritten::sequence).map(write),
        EVERY_LANGUAGE => scalar.as_deref().map(rewritten::languages).map(write),
        _ if expected.contains("string") || expected.contains("text") => {
            scalar.map(|scalar| say!("put it in quotation marks: `\"{scalar}\"`", scalar))
        }
        _ => None,
    }
}

/// How [`Localized`](crate::lang::Localized) says what it expects.
const EVERY_LANGUAGE: &str = "a text in every language";

/// What to write for a date: the day that a text says as tables may, or the days that it may say.
fn date_hint(text: Option<String>) -> Message {
    let hint = match text.as_deref().map(parse_moment) {
        Some(Ok(moment)) => Some(say!("write {value}", value = moment.date.to_string())),
        Some(Err(flaw)) => flaw.hint(),
        None => None,
    };
    hint.unwrap_or_else(|| say!("write a date such as 2025-10-15"))
}

/// What to write for a time of day: the one that a text says as tables may, or with a dot.
fn time_hint(text: Option<String>) -> Message {
    let text = text.unwrap_or_default();
    let Some(time) = parse_time(&text).ok().or_else(|| time_with_dot(&text)) else {
        return say!("write a time such as 09:30");
    };
    let value = time.strftime(if time.second() == 0 { "%H:%M" } else { "%H:%M:%S" }).to_string();
    match text.contains('：') {
        true => say!("`：` is a full-width colon: write {value}", value),
        false => say!("write {value}", value),
    }
}

/// What was found, if it is one word or number or text, as it is written.
fn scalar_of(found: &Message) -> Option<String> {
    let words = found.to_string();
    let (_, scalar) = words.strip_suffix('`')?.split_once('`')?;
    Some(scalar.to_owned())
}

/// The text that was found, if it was one.
fn text_of(found: &Message) -> Option<String> {
    let words = found.to_string();
    Some(words.strip_prefix("the text `")?.strip_suffix('`')?.to_owned())
}

/// What was expected, in words that are no types of this program.
pub(in crate::data) fn expected_words(expected: &dyn de::Expected) -> String {
    let expected = expected.to_string();
    match expected.as_str() {
        "a string" => "a text".to_owned(),
        "a sequence" => "a list".to_owned(),
        "a map" => "a mapping".to_owned(),
        "a date string" => A_DATE.to_owned(),
        "a time string" => A_TIME.to_owned(),
        other if other.starts_with("struct ") => "a mapping".to_owned(),
        other if other.starts_with('u') || other.starts_with('i') => "a whole number".to_owned(),
        _ => expected,
    }
}

fn found_words(found: de::Unexpected<'_>) -> Message {
    match found {
        de::Unexpected::Bool(truth) => say!("the boolean `{truth}`", truth = truth.to_string()),
        de::Unexpected::Unsigned(number) => say!("the number `{number}`", number),
        de::Unexpected::Signed(number) => say!("the number `{number}`", number = number.to_string()),
        de::Unexpected::Float(number) => say!("the decimal `{number}`", number = number.to_string()),
        de::Unexpected::Str(text) => say!("the text `{text}`", text),
        de::Unexpected::Unit | de::Unexpected::Option => say!("nothing"),
        de::Unexpected::Seq => say!("a list"),
        de::Unexpected::Map => say!("a mapping"),
        other => Message::foreign(other),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::data::decode_text;
    use crate::lang::Lang;
    use crate::source::Files;

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
        let text = "- {date: 15 April, time: '09:30'}\n- {date: 2025-04-15, time: '9.30'}\n- {date: , time: 9}\n\
             - {date: 2025年4月15日, time: '上午'}\n- {date: 15/4/2025, time: '下午3:05:30'}\n\
             - {date: 4/5/2025, time: '9.5'}\n- {date: 2025-04-15, time: '0.75'}\n\
             - {date: 20250415, time: 11：30}\n- {date: 2025-02-30, time: '25:00'}\n";
        decode_text::<Vec<Day>>(&mut report, files.id("days.yaml"), text, 0);
        let said = |lang| -> Vec<(String, String)> {
            let problems = report.problems().iter();
            problems.map(|problem| (problem.message.text(lang), problem.hints[0].text(lang))).collect()
        };
        assert_eq!(
            said(Lang::EN),
            [
                ("expected a date, found the text `15 April`", "write a date such as 2025-10-15"),
                ("expected a time of day, found the text `9.30`", "write 09:30"),
                ("expected a date, found nothing", "write the value here, or remove the key or hyphen"),
                ("expected a time of day, found the number `9`", "write a time such as 09:30"),
                ("expected a date, found the text `2025年4月15日`", "write 2025-04-15"),
                ("expected a time of day, found the text `上午`", "write a time such as 09:30"),
                ("expected a date, found the text `15/4/2025`", "write year, month and day: 2025-04-15"),
                ("expected a time of day, found the text `下午3:05:30`", "write 15:05:30"),
                (
                    "expected a date, found the text `4/5/2025`",
                    "write year, month and day: 2025-04-05 or 2025-05-04"
                ),
                ("expected a time of day, found the text `9.5`", "write a time such as 09:30"),
                ("expected a time of day, found the text `0.75`", "write a time such as 09:30"),
                ("expected a date, found the number `20250415`", "write 2025-04-15"),
                (
                    "expected a time of day, found the text `11：30`",
                    "`：` is a full-width colon: write 11:30"
                ),
                ("`2025-02-30` is not a valid date", "month 2 of 2025 has 28 days"),
                ("expected a time of day, found the text `25:00`", "write a time such as 09:30"),
            ]
            .map(|(message, hint)| (message.to_owned(), hint.to_owned()))
        );
        let (message, hint) = &said(Lang::ZH)[0];
        assert_eq!(message, "此处应为日期，实为文字 `15 April`");
        assert_eq!(hint, "请写成 2025-10-15 这样的日期");
    }
}
