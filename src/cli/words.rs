//! The words of the command line in Chinese and English, from the catalogs beside this file.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::lang::{Catalog, Lang};

/// The words of one language.
pub(super) struct Words(Catalog);

static ZH: LazyLock<Words> = LazyLock::new(|| parse(Lang::ZH, include_str!("words/zh.yaml")));
static EN: LazyLock<Words> = LazyLock::new(|| parse(Lang::EN, include_str!("words/en.yaml")));

/// The words of a language; English where there are none.
pub(super) fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::ZH => &ZH,
        _ => &EN,
    }
}

impl Words {
    /// A word with its places filled. Both catalogs have every word: a test sees to it.
    pub(super) fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.0.fill(key, values).unwrap_or_else(|| key.to_owned())
    }
}

fn parse(lang: Lang, text: &str) -> Words {
    let nested: BTreeMap<String, BTreeMap<String, String>> =
        serde_yaml::from_str(text).expect("the catalogs of the command line are sound");
    let mut words = BTreeMap::new();
    for (group, entries) in nested {
        for (key, word) in entries {
            words.insert(format!("{group}.{key}"), word);
        }
    }
    Words(Catalog::new(lang, words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_words_with_the_same_places() {
        let places = |words: &Words| {
            let of = |key: &str| {
                let word = words.0.word(key).unwrap_or_default();
                let mut places: Vec<String> = word
                    .split('{')
                    .skip(1)
                    .filter_map(|rest| Some(rest.split_once('}')?.0.to_owned()))
                    .collect();
                places.sort();
                (key.to_owned(), places)
            };
            words.0.keys().map(of).collect::<Vec<_>>()
        };
        assert_eq!(places(&ZH), places(&EN));
    }
}
