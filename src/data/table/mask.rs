//! What of a table about persons a message may show. A row that slipped by a cell puts names and addresses into any
//! column, so that a value is shown for what it is, and not for the column in which it stands.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

use super::shape::{Field, Kind};
use crate::data::characters::is_invisible;

/// A private value, so that a person who knows it recognises it and nobody else learns it.
pub fn masked(value: &str) -> String {
    let initial = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
    match value.split_once('@') {
        Some((name, host)) => format!("{}***@{}***", initial(name), initial(host)),
        None => format!("{}***", initial(value)),
    }
}

/// Whether a value of a table about persons plainly is what its field wants, or a slip of it, and may be shown.
pub(in crate::data) fn is_plain(field: &Field, value: &str, identifiers: Option<&IdentifierForms>) -> bool {
    if field.private {
        return false;
    }
    match field.kind {
        Kind::Date => is_like_date(value),
        Kind::Words(_) => is_like_word(field.kind, value),
        Kind::Code => field.required && identifiers.is_some_and(|forms| forms.have(value)),
        Kind::Text => false,
    }
}

/// Known identifiers, and their forms: letters in front, and length.
#[derive(Clone, Default, Debug)]
pub struct IdentifierForms {
    forms: BTreeSet<(String, usize)>,
    known: BTreeSet<Box<str>>,
}

impl IdentifierForms {
    /// The forms of these identifiers.
    pub fn of<'a>(identifiers: impl IntoIterator<Item = &'a str>) -> IdentifierForms {
        let known: BTreeSet<Box<str>> = identifiers.into_iter().map(Box::from).collect();
        IdentifierForms { forms: known.iter().filter_map(|identifier| form(identifier)).collect(), known }
    }

    /// The only identifier that ends in a number, but for zeros in front of it.
    pub(in crate::data) fn ending_in(&self, number: &str) -> Option<&str> {
        let ends = |identifier: &&str| {
            let before = identifier.trim_end_matches(|c: char| c.is_ascii_digit()).len();
            identifier[before..].trim_start_matches('0') == number && before < identifier.len()
        };
        let mut meant = self.known.iter().map(AsRef::as_ref).filter(ends);
        meant.next().filter(|_| meant.next().is_none())
    }

    /// How many digits all of them have, where they are nothing but digits.
    pub(in crate::data) fn digits(&self) -> Option<usize> {
        let mut forms = self.forms.iter();
        match (forms.next(), forms.next()) {
            (Some((prefix, length)), None) if prefix.is_empty() => Some(*length),
            _ => None,
        }
    }

    fn have(&self, value: &str) -> bool {
        form(value).is_some_and(|form| self.forms.contains(&form))
    }
}

/// The letters before the first digit, and the length; `None` for what is no identifier with a digit. Letters that
/// look like digits are digits: a slip between them is what an identifier is refused for.
fn form(value: &str) -> Option<(String, usize)> {
    let digits = |c: char| match c.to_ascii_lowercase() {
        'o' => '0',
        'l' | 'i' => '1',
        c => c,
    };
    let text: String = value.nfkc().filter(|c| !is_invisible(*c)).map(digits).collect();
    let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "-_/.".contains(c));
    let prefix = text.find(|c: char| c.is_ascii_digit())?;
    plain.then(|| (text[..prefix].to_owned(), text.len()))
}

/// Whether a text is written as a date is, whether or not there is such a day: three numbers, one of them a year.
fn is_like_date(value: &str) -> bool {
    let text: String = value.nfkc().collect();
    let end = text.find([' ', 'T']).unwrap_or(text.len());
    let (day, time) = text.split_at(end);
    let is_time = |c: char| c.is_ascii_digit() || " T:.+-Z上下午时分秒".contains(c);
    if !time.chars().all(is_time) {
        return false;
    }
    let is_year = |part: &str| part.len() == 4 && (part.starts_with("19") || part.starts_with("20"));
    if day.bytes().all(|byte| byte.is_ascii_digit()) {
        // 45762 is how spreadsheets count the day 2025-04-15.
        let is_serial = day.len() == 5 && day.starts_with('4') && time.is_empty();
        return is_serial || matches!(day.len(), 8 | 14) && is_year(&day[..4]);
    }
    let parts: Vec<&str> =
        day.split(['-', '/', '.', '年', '月', '日']).filter(|part| !part.is_empty()).collect();
    let is_number = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
    parts.len() == 3
        && parts.iter().all(is_number)
        && parts.iter().filter(|part| is_year(part)).count() == 1
        && parts.iter().filter(|part| part.len() <= 2).count() == 2
}

/// Whether a text is a word of the field, or made of the Chinese characters of its words: 发送失败 of 发送成功 and 失败.
fn is_like_word(kind: Kind, value: &str) -> bool {
    let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    kind.value_of(value).is_some()
        || value.chars().count() > 1
            && value.chars().all(|c| is_han(c) && kind.words().any(|word| word.contains(c)))
}

/// A text as messages show it: what cannot be seen is written out.
pub(in crate::data) trait Shown {
    /// The text, its invisible characters as `\u{200b}`.
    fn shown(&self) -> String;
}

impl Shown for str {
    fn shown(&self) -> String {
        let seen = |c: &char| !(is_invisible(*c) || c.is_control() || c.is_whitespace() && *c != ' ');
        match self.chars().all(|c| seen(&c)) {
            true => self.to_owned(),
            false => self
                .chars()
                .map(|c| if seen(&c) { c.to_string() } else { c.escape_unicode().to_string() })
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_plainly_a_date_or_an_identifier_may_be_shown() {
        for date in ["2025-02-30", "2025/13/1", "16.04.2025", "20251340", "2025年4月31日", "2025-04-16 25:00"]
        {
            assert!(is_like_date(date), "{date}");
        }
        for other in
            ["13800138000", "020-8913-8625", "0000451", "Ann", "1-2-3", "2025", "2025-04-16 Ann", "ann@x"]
        {
            assert!(!is_like_date(other), "{other}");
        }
        let forms = IdentifierForms::of(["E00017", "001186"]);
        for identifier in ["E00099", "E0OO17", "e00017", "009999"] {
            assert!(forms.have(identifier), "{identifier}");
        }
        for other in ["E0017", "B00017", "0000451", "Ann", "13800138000", "a@b.example", "陈00017"] {
            assert!(!forms.have(other), "{other}");
        }
    }

    #[test]
    fn how_many_digits_identifiers_have_is_known_where_all_have_as_many() {
        assert_eq!(IdentifierForms::of(["000101", "009999"]).digits(), Some(6));
        for others in [&["E00017", "E00018"][..], &["0101", "009999"], &[]] {
            assert_eq!(IdentifierForms::of(others.iter().copied()).digits(), None, "{others:?}");
        }
    }

    #[test]
    fn a_number_means_the_only_identifier_that_ends_in_it() {
        let forms = IdentifierForms::of(["E00181", "E01181", "A-7", "B-7", "000190"]);
        for (number, meant) in [
            ("181", Some("E00181")),
            ("1181", Some("E01181")),
            ("190", Some("000190")),
            ("7", None),
            ("81", None),
        ] {
            assert_eq!(forms.ending_in(number), meant, "{number}");
        }
    }

    #[test]
    fn a_word_may_be_shown_if_it_is_made_of_known_ones() {
        use super::super::shape::Word;
        const STATUS: Kind = Kind::Words(&[
            Word { value: "sent", written: &["发送成功"] },
            Word { value: "failed", written: &["失败"] },
        ]);
        for word in ["发送失败", "成功", "SENT"] {
            assert!(is_like_word(STATUS, word), "{word}");
        }
        for other in ["王成功", "Ann", "send", "功"] {
            assert!(!is_like_word(STATUS, other), "{other}");
        }
    }
}
