//! The interface words of a theme, and what may be wrong with them: a word that one language lacks, one
//! that a template uses and no language has.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use schemars::JsonSchema;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::{Serialize, Serializer};

use crate::data::Spanned;
use crate::lang::{FORMS, Lang, Plurals};
use crate::source::{FileId, Report, Sayable, Span, Value, code, list, nearest, say};

/// Words and groups of words by key.
pub(super) type Group = BTreeMap<String, Spanned<Words>>;

/// A word, or words by key.
#[derive(JsonSchema, Clone, Debug)]
#[schemars(untagged)]
pub(super) enum Words {
    /// The words of a place on a page; `{…}` is filled in.
    Text(String),
    /// Words that belong together.
    Group(Group),
}

/// The file `zh.yaml` or `en.yaml` of a theme: its interface words in a language.
#[derive(JsonSchema)]
pub struct WordsFile(#[expect(dead_code, reason = "the type says what the file holds")] Group);

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Words, D::Error> {
        struct WordsVisitor;

        impl<'de> Visitor<'de> for WordsVisitor {
            type Value = Words;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a mapping")
            }

            fn visit_str<E>(self, text: &str) -> Result<Words, E> {
                Ok(Words::Text(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Words, A::Error> {
                let mut group = Group::new();
                while let Some((key, words)) = entries.next_entry::<String, Spanned<Words>>()? {
                    group.insert(key, words);
                }
                Ok(Words::Group(group))
            }
        }

        deserializer.deserialize_any(WordsVisitor)
    }
}

impl Serialize for Words {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Words::Text(text) => serializer.serialize_str(text),
            Words::Group(group) => {
                serializer.collect_map(group.iter().map(|(key, words)| (key, &words.value)))
            }
        }
    }
}

/// Puts words over words: a word of `over` replaces the word of its key, and groups are gone through.
pub(super) fn overlay(under: &mut Group, over: Group) {
    for (key, words) in over {
        match (under.get_mut(&key).map(|words| &mut words.value), words.value) {
            (Some(Words::Group(inner)), Words::Group(group)) if !is_forms(&group) => overlay(inner, group),
            (_, value) => {
                under.insert(key, Spanned { value, span: words.span });
            }
        }
    }
}

/// Words that the program carries, as a group in which each stands at the same place.
pub(super) fn group_of(own: &serde_yaml::Value, span: Span) -> Group {
    let entries = own.as_mapping().into_iter().flatten();
    let words = |own: &serde_yaml::Value| match own.as_str() {
        Some(text) => Words::Text(text.to_owned()),
        None => Words::Group(group_of(own, span)),
    };
    entries
        .filter_map(|(key, own)| Some((key.as_str()?.to_owned(), Spanned { value: words(own), span })))
        .collect()
}

/// The keys of words that one group has and the other has not, in any form.
pub(super) fn missing_words(whole: &Group, part: &Group) -> Vec<String> {
    let mut missing = Vec::new();
    plain_words(whole, &mut |key, _, _| {
        if find(part, key).is_none() {
            missing.push(key.to_owned());
        }
    });
    missing
}

/// Whether words are the forms of one word. They are replaced together.
fn is_forms(group: &Group) -> bool {
    !group.is_empty() && group.keys().all(|key| FORMS.contains(&key.as_str()))
}

/// The word of which a dotted key names a form, and the form.
fn form_of<'k>(group: &Group, key: &'k str) -> Option<(&'k str, &'k str)> {
    let (word, form) = key.rsplit_once('.')?;
    match find(group, word)? {
        Words::Group(forms) if is_forms(forms) => Some((word, form)),
        _ => None,
    }
}

pub(super) fn collect<'g>(prefix: &str, group: &'g Group, visit: &mut dyn FnMut(&str, &'g str, Span)) {
    for (key, words) in group {
        let key = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match &words.value {
            Words::Text(text) => visit(&key, text, words.span),
            Words::Group(group) => collect(&key, group, visit),
        }
    }
}

/// Visits every word by the key under which languages are compared: of a word with forms its form `other`.
pub(super) fn plain_words<'g>(group: &'g Group, visit: &mut dyn FnMut(&str, &'g str, Span)) {
    collect("", group, &mut |key, text, span| match form_of(group, key) {
        Some((word, "other")) => visit(word, text, span),
        Some(_) => {}
        None => visit(key, text, span),
    });
}

/// Reports words that one language has and another has not, words whose places differ, and forms that are
/// missing.
pub(super) fn compare_words(report: &mut Report, languages: &BTreeMap<Lang, Group>) {
    struct Word<'g> {
        text: &'g str,
        span: Span,
    }
    let mut keys: BTreeMap<String, BTreeMap<Lang, Word<'_>>> = BTreeMap::new();
    for (&lang, group) in languages {
        compare_forms(report, lang, "", group);
        collect("", group, &mut |key, text, span| {
            if text.trim().is_empty() {
                report.error(
                    code::MISSING_WORDS,
                    span,
                    say!("the word `{key}` is empty in `{lang}`", key, lang),
                );
            }
        });
        plain_words(group, &mut |key, text, span| {
            keys.entry(key.to_owned()).or_default().insert(lang, Word { text, span });
        });
    }
    for (key, words) in &keys {
        let (has_it, word) = words.first_key_value().expect("a key is put in with its first word");
        for lang in languages.keys() {
            match words.get(lang) {
                None => {
                    report
                        .error(
                            code::MISSING_WORDS,
                            word.span,
                            say!("missing word `{key}` in `{lang}`", key, lang),
                        )
                        .label(say!("its place in `{has_it}`", has_it))
                        .hint(say!("add `{key}` to {lang}.yaml", key, lang));
                }
                Some(other) if places(other.text) != places(word.text) => {
                    report
                        .error(
                            code::MISSING_WORDS,
                            other.span,
                            say!("the word `{key}` has different placeholders in `{lang}`", key, lang),
                        )
                        .label(say!(
                            "here: {other}; in `{has_it}`: {word}",
                            other = listed(other.text),
                            has_it,
                            word = listed(word.text)
                        ));
                }
                Some(_) => {}
            }
        }
    }
}

/// The places of a word, for a message.
fn listed(word: &str) -> Value {
    let names: Vec<String> = places(word).iter().map(|name| format!("{{{name}}}")).collect();
    if names.is_empty() { say!("none").value() } else { list(&names) }
}

/// Reports words whose forms do not fit one another, and forms that a language has and a word has not.
fn compare_forms(report: &mut Report, lang: Lang, prefix: &str, group: &Group) {
    let plurals = Plurals::new(lang);
    for (key, words) in group {
        let key = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        let Words::Group(inner) = &words.value else { continue };
        if !is_forms(inner) {
            compare_forms(report, lang, &key, inner);
            continue;
        }
        let Some(Spanned { value: Words::Text(other), .. }) = inner.get("other") else {
            let (form, first) = inner.first_key_value().expect("forms are not empty");
            report
                .error(
                    code::MISSING_WORDS,
                    first.span,
                    say!("the word `{word}` has a form `{form}` but no form `other`", word = key, form),
                )
                .hint(say!("write the form for every other number under `other`"));
            continue;
        };
        // A form may say its number in words: `one result`.
        let but_number =
            |word| places(word).into_iter().filter(|name| *name != "n").collect::<BTreeSet<&str>>();
        for (form, words) in inner {
            if let Words::Text(text) = &words.value
                && but_number(text) != but_number(other)
            {
                report
                    .error(
                        code::MISSING_WORDS,
                        words.span,
                        say!(
                            "the form `{form}` of the word `{key}` has different placeholders in `{lang}`",
                            form,
                            key,
                            lang
                        ),
                    )
                    .label(say!(
                        "here: {other}; in `{has_it}`: {word}",
                        other = listed(text),
                        has_it = "other",
                        word = listed(other)
                    ));
            }
        }
        let missing: Vec<&str> =
            plurals.forms().into_iter().filter(|form| !inner.contains_key(*form)).collect();
        if !missing.is_empty() {
            report
                .warning(
                    code::MISSING_FORM,
                    words.span,
                    say!(
                        "the word `{key}` lacks forms in `{lang}`: {missing}",
                        key,
                        lang,
                        missing = list(&missing)
                    ),
                )
                .hint(say!("these numbers use the form `other`"));
        }
    }
}

/// The word or group of a dotted key.
fn find<'g>(group: &'g Group, key: &str) -> Option<&'g Words> {
    let (first, rest) = match key.split_once('.') {
        Some((first, rest)) => (first, Some(rest)),
        None => (key, None),
    };
    match (group.get(first).map(|words| &words.value)?, rest) {
        (words, None) => Some(words),
        (Words::Group(inner), Some(rest)) => find(inner, rest),
        _ => None,
    }
}

/// Reports words that a template uses and no catalog has, also where the template is not rendered.
pub(super) fn find_words(report: &mut Report, file: FileId, text: &str, languages: &BTreeMap<Lang, Group>) {
    let Some(group) = languages.values().next() else { return };
    for (start, key) in words_used(text) {
        if find(group, key).is_some() {
            continue;
        }
        let mut keys: BTreeSet<String> = BTreeSet::new();
        collect("", group, &mut |key, _, _| {
            keys.insert(form_of(group, key).map_or(key, |(word, _)| word).to_owned());
        });
        let span = Span::text(file, start, start + "w.".len() + key.len());
        let draft = report.error(code::UNKNOWN_WORD, span, say!("the theme has no word `{key}`", key));
        match nearest(key, keys.iter().map(String::as_str)) {
            Some(meant) => draft.label(say!("did you mean `w.{meant}`?", meant)),
            None => draft.hint(say!("add it to the words of every language")),
        };
    }
}

/// The keys `a.b` of all `w.a.b` in the code of a template, with where they begin. What a template
/// computes (`w.award[level]`) ends a key.
fn words_used(text: &str) -> Vec<(usize, &str)> {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find('{') {
        at += open;
        let close = match text.as_bytes().get(at + 1) {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            Some(b'#') => {
                at += text[at..].find("#}").unwrap_or(text.len() - at);
                continue;
            }
            _ => {
                at += 1;
                continue;
            }
        };
        let end = text[at..].find(close).map_or(text.len(), |end| at + end);
        let code = &text[at..end];
        let bytes = code.as_bytes();
        for (begin, _) in code.match_indices("w.") {
            let before = begin.checked_sub(1).map(|before| bytes[before]);
            if before.is_some_and(|byte| is_name(byte) || byte == b'.') || quoted(code, begin) {
                continue;
            }
            let key = &code[begin + 2..];
            let length = key.bytes().position(|byte| !is_name(byte) && byte != b'.').unwrap_or(key.len());
            let key = key[..length].trim_end_matches('.');
            if !key.is_empty() {
                found.push((at + begin, key));
            }
        }
        at = end;
    }
    found
}

/// Whether a place in code lies between quotation marks.
fn quoted(code: &str, at: usize) -> bool {
    let mut open: Option<char> = None;
    for letter in code[..at].chars() {
        match open {
            Some(mark) if mark == letter => open = None,
            None if matches!(letter, '"' | '\'' | '`') => open = Some(letter),
            _ => {}
        }
    }
    open.is_some()
}

/// The names of the `{name}` places of a word.
pub(super) fn places(word: &str) -> BTreeSet<&str> {
    let names = word.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name);
    names
        .filter(|name| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_code_only() {
        let text =
            "w.no {{ w.nav.home | fill(x=w.a) }} {# w.no #} {% if x.w.no and w.b[w.c] == 'w.no' %} {w.no}";
        let keys: Vec<&str> = words_used(text).into_iter().map(|(_, key)| key).collect();
        assert_eq!(keys, ["nav.home", "a", "b", "c"]);
    }

    #[test]
    fn words_lie_over_words_and_the_forms_of_a_word_over_all_its_forms() {
        let group = |text: &str| serde_yaml::from_str::<BTreeMap<String, serde_yaml::Value>>(text).unwrap();
        fn words(value: serde_yaml::Value) -> Words {
            match value {
                serde_yaml::Value::Mapping(map) => Words::Group(
                    map.into_iter()
                        .map(|(key, value)| (key.as_str().unwrap().to_owned(), spanned(value)))
                        .collect(),
                ),
                text => Words::Text(text.as_str().unwrap().to_owned()),
            }
        }
        fn spanned(value: serde_yaml::Value) -> Spanned<Words> {
            let files = crate::source::Files::new(".");
            Spanned { value: words(value), span: Span::whole(files.id("words")) }
        }
        let read =
            |text| group(text).into_iter().map(|(key, value)| (key, spanned(value))).collect::<Group>();
        let mut under = read("nav: {home: Home, zone: Zone}\nn: {one: one, other: many}");
        overlay(&mut under, read("nav: {zone: Buyers}\nn: {other: all}\nnew: New"));
        let mut told = Vec::new();
        collect("", &under, &mut |key, text, _| told.push(format!("{key}={text}")));
        assert_eq!(told, ["n.other=all", "nav.home=Home", "nav.zone=Buyers", "new=New"]);
    }
}
