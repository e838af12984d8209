//! What people and databases write where a value is asked for and there is none: `n/a`, `NULL`, `无`, `未填写`.

use std::collections::BTreeSet;

use super::KeyKind;

/// Values that are no keys, by what they stand for, as keys are compared.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Placeholders {
    keys: [WordSet; 3],
    buyer: WordSet,
}

impl Placeholders {
    /// Adds a key of a kind.
    pub fn add_key(&mut self, kind: KeyKind, key: String) {
        self.keys[kind as usize].add(key);
    }

    /// Adds a number of a buyer.
    pub fn add_buyer(&mut self, number: String) {
        self.buyer.add(number);
    }

    /// Whether a key stands for a missing value.
    #[inline]
    pub fn has_key(&self, kind: KeyKind, key: &str) -> bool {
        self.keys[kind as usize].holds(key)
    }

    /// All values, each with the field that it is no value of.
    pub fn entries(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let sets = [("company", KeyKind::Company), ("code", KeyKind::Code), ("email", KeyKind::Email)];
        let keys = sets.into_iter().map(|(name, kind)| (name, &self.keys[kind as usize]));
        let all = keys.chain([("buyer", &self.buyer)]);
        all.flat_map(|(name, set)| set.words.iter().map(move |word| (name, word.as_str())))
    }

    /// Whether the number of a buyer stands for a missing one.
    pub fn has_buyer(&self, number: &str) -> bool {
        self.buyer.holds(number)
    }
}

/// A set of short words.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
struct WordSet {
    words: BTreeSet<String>,
    longest: usize,
}

impl WordSet {
    fn add(&mut self, word: String) {
        self.longest = self.longest.max(word.len());
        self.words.insert(word);
    }

    fn holds(&self, word: &str) -> bool {
        word.len() <= self.longest && self.words.contains(word)
    }
}
