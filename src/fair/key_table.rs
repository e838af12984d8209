//! Keys with their numbers: a set of texts that is asked millions of times for texts it mostly lacks.

use hashbrown::HashTable;
use rapidhash::v3::rapidhash_v3;

/// Keys, numbered in the order in which they came in.
#[derive(Default)]
pub struct KeyTable {
    /// The keys one after another.
    texts: String,
    /// Where each key ends.
    ends: Vec<u32>,
    numbers: HashTable<u32>,
    /// A bit for every hash that is there: most questions are answered by a bit that is not set, without
    /// a look at the table.
    filter: Vec<u64>,
}

/// Bits of the filter to begin with; it grows with the keys.
const LEAST_BITS: usize = 1 << 16;
/// The filter has at least so many bits for every key.
const BITS_PER_KEY: usize = 12;

impl KeyTable {
    /// How many keys there are: their numbers are below it.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The number of a key, if it is there.
    pub fn find(&self, key: &str) -> Option<u32> {
        let hash = key_hash(key);
        self.may_hold(hash).then(|| self.find_hashed(hash, key)).flatten()
    }

    /// Whether a key of a hash may be there. Looks for several keys that come before [`KeyTable::find_hashed`] do not
    /// wait for one another.
    #[inline]
    pub(super) fn may_hold(&self, hash: u64) -> bool {
        self.bit(hash).is_some_and(|bit| self.filter[bit / 64] & (1 << (bit % 64)) != 0)
    }

    /// The number of a key of a hash, if it is there.
    pub(super) fn find_hashed(&self, hash: u64, key: &str) -> Option<u32> {
        self.numbers.find(hash, |&number| self.text(number) == key).copied()
    }

    /// The number of a key, which is taken in if it is not there.
    pub fn intern(&mut self, key: &str) -> u32 {
        if let Some(number) = self.find(key) {
            return number;
        }
        let number = u32::try_from(self.ends.len()).expect("fewer than 2^32 keys");
        self.texts.push_str(key);
        self.ends.push(u32::try_from(self.texts.len()).expect("keys of less than 4 GB"));
        let (texts, ends) = (&self.texts, &self.ends);
        let hash = key_hash(key);
        self.numbers.insert_unique(hash, number, |&number| key_hash(text_of(texts, ends, number)));
        self.mark(hash);
        number
    }

    /// A key by its number.
    pub fn text(&self, number: u32) -> &str {
        text_of(&self.texts, &self.ends, number)
    }

    /// The bit of a hash; none while the filter is empty.
    fn bit(&self, hash: u64) -> Option<usize> {
        let bits = self.filter.len() * 64;
        (bits > 0).then(|| usize::try_from(hash >> 20).unwrap_or_default() & (bits - 1))
    }

    fn mark(&mut self, hash: u64) {
        if self.filter.len() * 64 < self.ends.len() * BITS_PER_KEY {
            let bits = (self.ends.len() * BITS_PER_KEY * 2).next_power_of_two().max(LEAST_BITS);
            self.filter = vec![0; bits / 64];
            for number in 0..self.ends.len() {
                let number = u32::try_from(number).expect("fewer than 2^32 keys");
                let hash = key_hash(self.text(number));
                self.set(hash);
            }
        }
        self.set(hash);
    }

    fn set(&mut self, hash: u64) {
        if let Some(bit) = self.bit(hash) {
            self.filter[bit / 64] |= 1 << (bit % 64);
        }
    }
}

/// A hash of a text, good enough to stand for it.
pub(super) fn key_hash(text: &str) -> u64 {
    rapidhash_v3(text.as_bytes())
}

fn text_of<'t>(texts: &'t str, ends: &[u32], number: u32) -> &'t str {
    let start = number.checked_sub(1).map_or(0, |before| ends[before as usize] as usize);
    &texts[start..ends[number as usize] as usize]
}

impl std::fmt::Debug for KeyTable {
    /// Keys are private: their number is all that is shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} keys", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_found_again_and_no_other() {
        let mut table = KeyTable::default();
        assert_eq!(table.find("0"), None);
        for number in 0..20_000u32 {
            assert_eq!(table.intern(&number.to_string()), number);
        }
        assert_eq!(table.intern("17"), 17);
        for number in 0..40_000u32 {
            assert_eq!(table.find(&number.to_string()), (number < 20_000).then_some(number));
        }
        assert_eq!(table.len(), 20_000);
    }
}
