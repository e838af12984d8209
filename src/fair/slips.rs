//! Keys that differ by one slip: a letter that is wrong, missing, added, or swapped with its neighbour.
//!
//! Two such keys have a text in common that is one of them, or one of them without one letter. The index
//! holds hashes of all these texts. Most keys are like no other, and that is seen sooner: a slip is in one third of
//! a key, so that the two other thirds are as they are in the other key.

/// Numbers of keys by the hashes of the key and of the key without each of its letters.
pub(super) struct SlipIndex {
    /// Two thirds of every key, in the three ways there are.
    thirds: Bits,
    /// The hashes.
    texts: Bits,
    /// Part of the hash, and the number of the key; in order.
    entries: Vec<(u32, u32)>,
    /// Where the entries begin whose hashes begin with the same bits.
    starts: Vec<u32>,
}

/// A set of hashes that may hold one too many, and answers most questions without a look at anything else.
pub(super) struct Bits(Vec<u64>);

impl Bits {
    /// A set for so many hashes.
    pub(super) fn new(hashes: usize) -> Bits {
        let bits = (hashes * 12).next_power_of_two().max(1 << 12);
        Bits(vec![0; bits / 64])
    }

    /// Takes a hash in.
    pub(super) fn insert(&mut self, hash: u64) {
        let (word, bit) = self.place(hash);
        self.0[word] |= bit;
    }

    /// Whether a hash may be there.
    #[inline]
    pub(super) fn may_hold(&self, hash: u64) -> bool {
        let (word, bit) = self.place(hash);
        self.0[word] & bit != 0
    }

    #[inline]
    fn place(&self, hash: u64) -> (usize, u64) {
        let place = hash & (self.0.len() as u64 * 64 - 1);
        (usize::try_from(place / 64).expect("the set is in memory"), 1 << (place % 64))
    }
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
        let wanted_keys = keys.clone().filter(|key| wanted(key));
        let (count, letters) = wanted_keys.fold((0, 0), |(count, all), key| (count + 1, all + key.len() + 1));
        let mut index = SlipIndex {
            thirds: Bits::new(count * Part::ALL.len()),
            texts: Bits::new(letters),
            entries: Vec::with_capacity(letters),
            starts: Vec::new(),
        };
        let mut sums = Sums::default();
        for (number, key) in (0u32..).zip(keys) {
            if !wanted(key) {
                continue;
            }
            sums.set(key);
            for of in Part::ALL {
                index.thirds.insert(sums.part(of, Lengths::of(sums.length())));
            }
            let texts = &mut index.texts;
            let entries = &mut index.entries;
            let mut add = |hash| {
                texts.insert(hash);
                entries.push((part(hash), number));
            };
            add(sums.whole());
            sums.without_one(0..sums.length(), &mut add);
        }
        index.entries.sort_unstable();
        index.entries.dedup();
        index.starts = starts(index.entries.iter().map(|(part, _)| *part));
        index
    }

    /// The numbers of keys that may be one slip away, in order. The sums are only there to be used again.
    pub(super) fn candidates(&self, key: &str, sums: &mut Sums) -> Vec<u32> {
        sums.set(key);
        let mut found = Vec::new();
        let mut look_up = |hash: u64| {
            if self.texts.may_hold(hash) {
                let wanted = part(hash);
                let near = &self.entries[places(&self.starts, wanted)];
                let same = near.iter().filter(|(known, _)| *known == wanted);
                found.extend(same.map(|(_, number)| *number));
            }
        };
        let length = sums.length();
        let (shortest, longest) = (Lengths::of(length.saturating_sub(1).max(1)), Lengths::of(length + 1));
        let several =
            if shortest == longest { [Some(shortest), None] } else { [Some(shortest), Some(longest)] };
        let mut looked_up = Vec::new();
        for lengths in several.into_iter().flatten() {
            for of in Part::ALL {
                if !self.thirds.may_hold(sums.part(of, lengths)) {
                    continue;
                }
                // With a letter more, the other key without it is this key.
                if looked_up.is_empty() {
                    look_up(sums.whole());
                }
                let slip = of.slip(lengths, length);
                if !looked_up.contains(&slip) {
                    sums.without_one(slip.clone(), &mut look_up);
                    looked_up.push(slip);
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// What a slip leaves of a key.
#[derive(Clone, Copy)]
enum Part {
    /// All but the last third.
    Beginning,
    /// All but the first third.
    End,
    /// The first and the last third.
    Both,
}

impl Part {
    const ALL: [Part; 3] = [Part::Beginning, Part::End, Part::Both];

    /// Which letters may be in excess in a key of a length, that has this part in common with one of the index.
    fn slip(self, lengths: Lengths, length: usize) -> std::ops::Range<usize> {
        let range = match self {
            Part::Beginning => lengths.two..length,
            Part::End => 0..(length + 2).saturating_sub(lengths.two),
            Part::Both => lengths.third..(length + 2).saturating_sub(lengths.third),
        };
        range.start.min(length)..range.end.min(length)
    }
}

/// How long parts are. Keys of nearly the same length have parts of the same length, so that few are looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Lengths {
    third: usize,
    two: usize,
}

impl Lengths {
    /// The lengths for a key in the index, and for those that are up to three letters longer than the shortest with
    /// the same. Two letters that are swapped may stand in two thirds: two thirds are a letter less than they could be.
    fn of(length: usize) -> Lengths {
        let shortest = length / 4 * 4;
        let third = shortest / 3;
        Lengths { third, two: (shortest - third).saturating_sub(1) }
    }
}

fn part(hash: u64) -> u32 {
    (hash >> 32) as u32
}

const BASE: u64 = 0x9e37_79b9_7f4a_7c15;
const STEP: u64 = 0x0100_0000_01b3;

/// A key as sums of powers, by which any of its parts is hashed in a step.
#[derive(Default)]
pub(super) struct Sums {
    letters: Vec<u64>,
    /// Of what stands before each place.
    before: Vec<u64>,
    /// Of what stands from each place to the end.
    behind: Vec<u64>,
    powers: Vec<u64>,
}

impl Sums {
    fn set(&mut self, key: &str) {
        self.letters.clear();
        self.letters.extend(key.chars().map(|c| u64::from(u32::from(c)).wrapping_add(1).wrapping_mul(BASE)));
        let length = self.letters.len();
        while self.powers.len() <= length {
            self.powers.push(self.powers.last().map_or(1, |power| power.wrapping_mul(STEP)));
        }
        self.before.clear();
        self.before.push(0);
        for &letter in &self.letters {
            let sum = self.before[self.before.len() - 1];
            self.before.push(sum.wrapping_mul(STEP).wrapping_add(letter));
        }
        self.behind.clear();
        self.behind.resize(length + 1, 0);
        for at in (0..length).rev() {
            let moved = self.letters[at].wrapping_mul(self.powers[length - 1 - at]);
            self.behind[at] = self.behind[at + 1].wrapping_add(moved);
        }
    }

    fn length(&self) -> usize {
        self.letters.len()
    }

    /// A hash of the key.
    fn whole(&self) -> u64 {
        mixed(self.behind[0])
    }

    /// Hashes of the key without each letter of a range.
    fn without_one(&self, range: std::ops::Range<usize>, each: &mut impl FnMut(u64)) {
        let length = self.length();
        for at in range.clone() {
            // Equal neighbours give the same text twice.
            if at == range.start || self.letters[at] != self.letters[at - 1] {
                let moved = self.before[at].wrapping_mul(self.powers[length - 1 - at]);
                each(mixed(moved.wrapping_add(self.behind[at + 1])));
            }
        }
    }

    /// A hash of a part of the key.
    fn part(&self, of: Part, Lengths { third, two }: Lengths) -> u64 {
        let length = self.length();
        let from_end = |part: usize| self.behind[length - part.min(length)];
        let (number, sum) = match of {
            Part::Beginning => (0, self.before[two.min(length)]),
            Part::End => (1, from_end(two)),
            Part::Both => (2, self.before[third].wrapping_mul(BASE).wrapping_add(from_end(third))),
        };
        mixed(sum ^ (two as u64 * 4 + number).wrapping_mul(BASE))
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
            let candidates = index.candidates(key, &mut Sums::default());
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

    /// Every slip of every key is found, wherever it is, in keys of any length and with letters that repeat.
    #[test]
    fn no_slip_is_missed() {
        for length in 1..24 {
            for alphabet in [2, 3, 20] {
                let letter =
                    |at: usize| char::from(b'a' + u8::try_from(at * at % alphabet).expect("a letter"));
                let key: Vec<char> = (0..length).map(letter).collect();
                let text: String = key.iter().collect();
                let index = SlipIndex::new([text.as_str()].into_iter(), |_| true);
                let mut slips: Vec<Vec<char>> = Vec::new();
                for at in 0..=length {
                    let mut added = key.clone();
                    added.insert(at, 'b');
                    slips.push(added);
                    if at < length {
                        let mut wrong = key.clone();
                        wrong[at] = 'z';
                        let mut missing = key.clone();
                        missing.remove(at);
                        slips.extend([wrong, missing]);
                    }
                    if at + 1 < length {
                        let mut swapped = key.clone();
                        swapped.swap(at, at + 1);
                        slips.push(swapped);
                    }
                }
                for slip in slips {
                    let slip: String = slip.into_iter().collect();
                    if one_slip(&slip, &text) {
                        let found = index.candidates(&slip, &mut Sums::default());
                        assert_eq!(found, [0], "{slip} {text}");
                    }
                }
            }
        }
    }
}
