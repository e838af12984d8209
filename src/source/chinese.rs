//! All that the program says, in Chinese: messages, results of commands, help, descriptions in schemas, and what
//! libraries say. The English is the key; the files of `words` hold the Chinese. The test `words` holds them to what is
//! said. Pages of codes stand apart, each in both languages, because a page is written and read as one text.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// The Chinese by the English.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Chinese {
    /// What the program says. Templates of `say!` have places.
    said: BTreeMap<String, String>,
    /// What libraries say, and how parts of it are called.
    #[serde(default)]
    foreign: BTreeMap<String, String>,
}

const FILES: [&str; 4] = [
    include_str!("words/zh.yaml"),
    include_str!("words/results.zh.yaml"),
    include_str!("words/help.zh.yaml"),
    include_str!("words/schemas.zh.yaml"),
];

static CHINESE: LazyLock<Chinese> = LazyLock::new(|| {
    let mut all = Chinese::default();
    for file in FILES {
        let Chinese { said, foreign } = serde_yaml::from_str(file).expect("the catalogs are sound");
        all.said.extend(said);
        all.foreign.extend(foreign);
    }
    all
});

/// The Chinese of something that the program says in English.
pub fn chinese(english: &str) -> Option<&'static str> {
    CHINESE.said.get(english).map(String::as_str)
}

/// The Chinese of what a library says, or the program through a library, with what stands in its places, if it is known what it is.
pub(super) fn chinese_of_library(words: &str) -> Option<(&'static str, Vec<(&'static str, &str)>)> {
    if let Some(known) = CHINESE.foreign.get(words).or_else(|| CHINESE.said.get(words)) {
        return Some((known, Vec::new()));
    }
    let mut patterns = CHINESE.foreign.iter();
    patterns.find_map(|(pattern, chinese)| Some((chinese.as_str(), read_by(pattern, words)?)))
}

/// What stands in the places of a pattern, if a text is made by it.
fn read_by<'p, 't>(pattern: &'p str, text: &'t str) -> Option<Vec<(&'p str, &'t str)>> {
    let mut values = Vec::new();
    let (head, mut pattern) = pattern.split_once('{')?;
    let mut text = text.strip_prefix(head)?;
    loop {
        let (name, rest) = pattern.split_once('}')?;
        let (literal, more) = match rest.split_once('{') {
            Some((literal, more)) => (literal, Some(more)),
            None => (rest, None),
        };
        let end = match (literal, more) {
            ("", None) => text.len(),
            (literal, None) => text.strip_suffix(literal)?.len(),
            (literal, Some(_)) => text.find(literal)?,
        };
        values.push((name, &text[..end]));
        text = &text[end + literal.len()..];
        match more {
            Some(more) => pattern = more,
            None => return Some(values),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_library_says_is_read_by_its_pattern() {
        assert_eq!(
            read_by("{found} where {expected} is expected", "a list where a text is expected"),
            Some(vec![("found", "a list"), ("expected", "a text")])
        );
        assert_eq!(read_by("duplicate key `{key}`", "key `a` is missing"), None);
        assert_eq!(read_by("{what} of {whole}", "nothing"), None);
    }
}
