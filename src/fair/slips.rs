//! Keys that differ by one slip: a letter that is wrong, missing, added, or swapped with its neighbour.
//!
//! Two such keys have a text in common that is one of them, or one of them without one letter. The index
//! holds hashes of all these texts.

/// Numbers of keys by the hashes of the key and of the key without each of its letters.
pub(super) struct SlipIndex {
    /// A bit for every hash that is there: most questions end here.
    filter: Vec<u64>,
    /// Part of the hash, and the number of the key; in order.
    entries: Vec<(u32, u32)>,
    /// Where the entries begin whose hashes begin with the same bits.
    starts: Vec<u32>,
}

/// Where in an ordered list those begin whose hashes begin with the same bits: about one for each of them.
pub(super) fn starts(hashes: impl ExactSizeIterator<Item = u32>) -> Vec<u32> {
    let bits = hashes.len().max(2).ilog2();
    let mut starts = vec![0u32; (1 << bits) + 1];
    for hash in hashes {
        starts[(hash >> (32 - bits)) as usize + 1] += 1;
    }
    for at in 1..starts.len() {
        starts[at] += starts[at - 1];
    }
    starts
}

/// The places at which those stand whose hashes begin with the same bits as a hash.
pub(super) fn places(starts: &[u32], hash: u32) -> std::ops::Range<usize> {
    let bits = (starts.len() - 1).ilog2();
    let at = (hash >> (32 - bits)) as usize;
    starts[at] as usize..starts[at + 1] as usize
}

impl SlipIndex {
    /// An index of the keys that `wanted` takes; numbers are their places.
    pub(super) fn new<'k>(
        keys: impl Iterator<Item = &'k str> + Clone,
        wanted: fn(&str) -> bool,
    ) -> SlipIndex {
        let count: usize = keys.clone().filter(|key| wanted(key)).map(|key| key.len() + 1).sum();
        let bits = (count * 12).next_power_of_two().max(1 << 12);
        let mut index =
            SlipIndex { filter: vec![0; bits / 64], entries: Vec::with_capacity(count), starts: Vec::new() };
        for (number, key) in (0u32..).zip(keys) {
            if !wanted(key) {
                continue;
            }
            each_hash(key, &mut |hash| {
                let (word, bit) = index.bit(hash);
                index.filter[word] |= 1 << bit;
                index.entries.push((part(hash), number));
            });
        }
        index.entries.sort_unstable();
        index.entries.dedup();
        index.starts = starts(index.entries.iter().map(|(part, _)| *part));
        index
    }

    /// The numbers of keys that may be one slip away, in order.
    pub(super) fn candidates(&self, key: &str) -> Vec<u32> {
        let mut found = Vec::new();
        each_hash(key, &mut |hash| {
            let (word, bit) = self.bit(hash);
            if self.filter[word] & (1 << bit) == 0 {
                return;
            }
            let wanted = part(hash);
            let near = &self.entries[places(&self.starts, wanted)];
            let same = near.iter().filter(|(known, _)| *known == wanted);
            found.extend(same.map(|(_, number)| *number));
        });
        found.sort_unstable();
        found.dedup();
        found
    }

    fn bit(&self, hash: u64) -> (usize, u32) {
        let bit = hash & (self.filter.len() as u64 * 64 - 1);
        (usize::try_from(bit / 64).expect("the filter is in memory"), (bit % 64) as u32)
    }
}

fn part(hash: u64) -> u32 {
    (hash >> 32) as u32
}

const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

/// Hashes a key and the key without each of its letters, each in a step, by sums of powers.
fn each_hash(key: &str, each: &mut dyn FnMut(u64)) {
    let letters: Vec<u64> =
        key.chars().map(|c| u64::from(u32::from(c)).wrapping_add(1).wrapping_mul(BASE | 1)).collect();
    // The sum of what stands behind a letter, and that of what stands before it moved by one place.
    let mut behind = vec![0u64; letters.len() + 1];
    let mut power = 1u64;
    let mut powers = Vec::with_capacity(letters.len() + 1);
    for _ in 0..=letters.len() {
        powers.push(power);
        power = power.wrapping_mul(0x0100_0000_01b3_u64 | 1);
    }
    for at in (0..letters.len()).rev() {
        behind[at] = behind[at + 1].wrapping_add(letters[at].wrapping_mul(powers[letters.len() - 1 - at]));
    }
    each(mixed(behind[0]));
    let mut before = 0u64;
    for at in 0..letters.len() {
        // Equal neighbours give the same text twice.
        if at == 0 || letters[at] != letters[at - 1] {
            each(mixed(before.wrapping_add(behind[at + 1])));
        }
        if at + 1 < letters.len() {
            before = before.wrapping_add(letters[at].wrapping_mul(powers[letters.len() - 2 - at]));
        }
    }
}

fn mixed(sum: u64) -> u64 {
    let mut hash = sum;
    hash = (hash ^ (hash >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    hash = (hash ^ (hash >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    hash ^ (hash >> 32)
}

/// Whether two texts differ by one slip. Digits are no slips: they tell one mailbox or branch from another.
pub(super) fn one_slip(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let (short, long) = if one.len() <= other.len() { (&one, &other) } else { (&other, &one) };
    let start = short.iter().zip(long.iter()).take_while(|(a, b)| a == b).count();
    let end = short.iter().rev().zip(long.iter().rev()).take_while(|(a, b)| a == b).count();
    match long.len() - short.len() {
        0 if start == long.len() => false,
        0 => {
            let end = end.min(long.len() - start);
            match long.len() - start - end {
                1 => !(short[start].is_numeric() && long[start].is_numeric()),
                2 => short[start] == long[start + 1] && short[start + 1] == long[start],
                _ => false,
            }
        }
        1 => start + end >= short.len() && !long[start.min(short.len())].is_numeric(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_is_found_and_two_are_not() {
        let keys = [
            "ann@aster.example",
            "bo@borg.example",
            "buyer17@co.example",
            "aabb@aster.example",
            "示例进出口",
        ];
        let index = SlipIndex::new(keys.into_iter(), |_| true);
        let found = |key: &str| {
            let candidates = index.candidates(key);
            candidates.into_iter().filter(|&n| one_slip(key, keys[n as usize])).collect::<Vec<_>>()
        };
        for (key, expected) in [
            ("anm@aster.example", 0),
            ("an@aster.example", 0),
            ("annn@aster.example", 0),
            ("nan@aster.example", 0),
            ("ann@aster.exampel", 0),
            ("xann@aster.example", 0),
            ("ann@aster.exampl", 0),
            ("bo@borg.xample", 1),
            ("aabb@asterexample", 3),
            ("示例进出囗", 4),
        ] {
            assert_eq!(found(key), [expected], "{key}");
        }
        for key in [
            "ann@aster.example",
            "amm@aster.example",
            "buyer18@co.example",
            "buyer171@co.example",
            "nn@aster.exampel",
        ] {
            assert_eq!(found(key), [0u32; 0], "{key}");
        }
    }
}
