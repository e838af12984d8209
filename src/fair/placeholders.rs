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
    /// By length in bytes, the first bytes that words have, as bits modulo 64: nearly all values are no word by these.
    firsts: Vec<u64>,
}

impl WordSet {
    fn add(&mut self, word: String) {
        let length = word.len();
        self.firsts.resize(self.firsts.len().max(length + 1), 0);
        self.firsts[length] |= first_bit(&word);
        self.words.insert(word);
    }

    #[inline]
    fn holds(&self, word: &str) -> bool {
        let may_hold = self.firsts.get(word.len()).is_some_and(|firsts| firsts & first_bit(word) != 0);
        may_hold && self.words.contains(word)
    }
}

/// The bit of the first byte of a word.
#[inline]
fn first_bit(word: &str) -> u64 {
    1 << (word.bytes().next().unwrap_or_default() % 64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_its_words_and_no_others() {
        let words = ["n/a", "unknown", "A", "无", ""];
        let mut set = WordSet::default();
        for word in words {
            assert!(!set.holds(word), "{word}");
            set.add(word.to_owned());
        }
        for word in words {
            assert!(set.holds(word), "{word}");
        }
        // The bit of `A`, the first byte and length of another word, a longer one.
        for other in ["\u{1}", "n/b", "木", "unknowns"] {
            assert!(!set.holds(other), "{other}");
        }
    }
}
