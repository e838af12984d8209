//! Keys that differ by one slip: a letter that is wrong, missing, added, or swapped with its neighbour.
//!
//! Two such keys have a text in common that is one of them, or one of them without one letter. The index
//! holds hashes of all these texts. Most keys are like no other, and that is seen sooner: a slip is in one third of
//! a key, so that the two other thirds are as they are in the other key. So are the digits of the whole key, one after
//! another, unless the slip is a letter for a digit; then they are so without that digit.

/// Numbers of keys by the hashes of the key and of the key without each of its letters.
pub(super) struct SlipIndex {
    /// The digits of every key, one after another.
    digits: Bits,
    /// Two thirds of every key with its digits, in the three ways there are; and with its digits but one.
    thirds: Bits,
    /// Part of the hash, and the number of the key; in order.
    entries: Vec<(u32, u32)>,
    /// Where the entries begin whose hashes begin with the same bits.
    starts: Vec<u32>,
}

/// A set of hashes that may hold one too many, about one in two hundred, and answers most questions with a look at one
/// place and at nothing else.
pub(super) struct Bits(Vec<u64>);

impl Bits {
    /// A set for so many hashes.
    pub(super) fn new(hashes: usize) -> Bits {
        let bits = (hashes * 16).next_power_of_two().max(1 << 12);
        Bits(vec![0; bits / 64])
    }

    /// Takes a hash in.
    pub(super) fn insert(&mut self, hash: u64) {
        let (word, bits) = self.place(hash);
        self.0[word] |= bits;
    }

    /// Whether a hash may be there.
    #[inline]
    pub(super) fn may_hold(&self, hash: u64) -> bool {
        let (word, bits) = self.place(hash);
        self.0[word] & bits == bits
    }

    /// The place of a hash, by its last bits, and the three bits that are set there, by its first.
    #[inline]
    fn place(&self, hash: u64) -> (usize, u64) {
        let place = hash & (self.0.len() as u64 - 1);
        let bits = 1 << (hash >> 58) | 1 << (hash >> 52 & 63) | 1 << (hash >> 46 & 63);
        (usize::try_from(place).expect("the set is in memory"), bits)
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
        let (mut count, mut letters, mut digits) = (0, 0, 0);
        for key in keys.clone().filter(|key| wanted(key)) {
            count += 1;
            letters += key.len() + 1;
            digits += key.chars().filter(|c| c.is_numeric()).count();
        }
        let mut index = SlipIndex {
            digits: Bits::new(count),
            thirds: Bits::new(count * Part::ALL.len() + digits),
            entries: Vec::with_capacity(letters),
            starts: Vec::new(),
        };
        let mut sums = Sums::default();
        for (number, key) in (0u32..).zip(keys) {
            if !wanted(key) {
                continue;
            }
            sums.set(key);
            let lengths = Lengths::of(sums.length());
            index.digits.insert(sums.digits.whole());
            for of in Part::ALL {
                let part = sums.part(of, lengths);
                index.thirds.insert(with_digits(part, sums.digits.whole()));
                sums.digits_without_one(&of.slip(lengths, sums.length()), &mut |digits| {
                    index.thirds.insert(with_digits(part, digits));
                });
            }
            let entries = &mut index.entries;
            let mut add = |hash| entries.push((part(hash), number));
            add(sums.letters.whole());
            sums.letters.without_one(0..sums.length(), &mut add);
        }
        index.entries.sort_unstable();
        index.entries.dedup();
        index.starts = starts(index.entries.iter().map(|(part, _)| *part));
        index
    }

    /// Hands out hashes for [`SlipIndex::may_hold_part`]: where none of them is held, no key is one slip away. The sums
    /// are only there to be used again.
    pub(super) fn parts(&self, key: &str, sums: &mut Sums, each: &mut impl FnMut(u64)) {
        sums.set(key);
        for lengths in Lengths::near(sums.length()) {
            for of in Part::ALL {
                self.parts_of(sums, of, lengths, each);
            }
        }
    }

    /// Whether a hash of a part may be that of a part of a key.
    pub(super) fn may_hold_part(&self, part: u64) -> bool {
        self.thirds.may_hold(part)
    }

    fn parts_of(&self, sums: &Sums, of: Part, lengths: Lengths, each: &mut impl FnMut(u64)) {
        let part = sums.part(of, lengths);
        each(with_digits(part, sums.digits.whole()));
        // A digit for a letter leaves the length as it is.
        if lengths == Lengths::of(sums.length()) {
            sums.digits_without_one(&of.slip(lengths, sums.length()), &mut |digits| {
                if self.digits.may_hold(digits) {
                    each(with_digits(part, digits));
                }
            });
        }
    }

    /// The numbers of keys that may be one slip away, in order. The sums are only there to be used again.
    pub(super) fn candidates(&self, key: &str, sums: &mut Sums) -> Vec<u32> {
        sums.set(key);
        let mut found = Vec::new();
        let mut look_up = |hash: u64| {
            let wanted = part(hash);
            let near = &self.entries[places(&self.starts, wanted)];
            let same = near.iter().filter(|(known, _)| *known == wanted);
            found.extend(same.map(|(_, number)| *number));
        };
        let length = sums.length();
        let mut looked_up = Vec::new();
        for lengths in Lengths::near(length) {
            for of in Part::ALL {
                let mut may_slip = false;
                self.parts_of(sums, of, lengths, &mut |part| may_slip |= self.thirds.may_hold(part));
                if !may_slip {
                    continue;
                }
                // With a letter more, the other key without it is this key.
                if looked_up.is_empty() {
                    look_up(sums.letters.whole());
                }
                let slip = of.slip(lengths, length);
                if !looked_up.contains(&slip) {
                    sums.letters.without_one(slip.clone(), &mut look_up);
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

    /// The lengths for all keys that are one slip away from a key of a length.
    fn near(length: usize) -> impl Iterator<Item = Lengths> {
        let shortest = Lengths::of(length.saturating_sub(1).max(1));
        let longest = Lengths::of(length + 1);
        [shortest].into_iter().chain((longest != shortest).then_some(longest))
    }
}

fn part(hash: u64) -> u32 {
    (hash >> 32) as u32
}

const BASE: u64 = 0x9e37_79b9_7f4a_7c15;
const STEP: u64 = 0x0100_0000_01b3;

/// A part of a key, with digits.
fn with_digits(part: u64, digits: u64) -> u64 {
    mixed(part ^ digits.wrapping_mul(STEP))
}

/// A key and its digits as sums of powers, by which any of their parts is hashed in a step.
#[derive(Default)]
pub(super) struct Sums {
    letters: Powers,
    digits: Powers,
    /// Where the digits stand in the key.
    places: Vec<usize>,
}

impl Sums {
    fn set(&mut self, key: &str) {
        self.letters.clear();
        self.digits.clear();
        self.places.clear();
        for letter in key.chars() {
            if letter.is_numeric() {
                self.places.push(self.letters.length());
                self.digits.push(letter);
            }
            self.letters.push(letter);
        }
        self.letters.sum_up();
        self.digits.sum_up();
    }

    fn length(&self) -> usize {
        self.letters.length()
    }

    /// A hash of a part of the key.
    fn part(&self, of: Part, Lengths { third, two }: Lengths) -> u64 {
        let Powers { before, behind, .. } = &self.letters;
        let length = self.length();
        let from_end = |part: usize| behind[length - part.min(length)];
        let (number, sum) = match of {
            Part::Beginning => (0, before[two.min(length)]),
            Part::End => (1, from_end(two)),
            Part::Both => (2, before[third].wrapping_mul(BASE).wrapping_add(from_end(third))),
        };
        mixed(sum ^ (two as u64 * 4 + number).wrapping_mul(BASE))
    }

    /// Hashes of the digits without each that stands in a range of the key.
    fn digits_without_one(&self, range: &std::ops::Range<usize>, each: &mut impl FnMut(u64)) {
        let at = |place: usize| self.places.partition_point(|&digit| digit < place);
        self.digits.without_one(at(range.start)..at(range.end), each);
    }
}

/// A text as sums of powers.
#[derive(Default)]
struct Powers {
    letters: Vec<u64>,
    /// Of what stands before each place.
    before: Vec<u64>,
    /// Of what stands from each place to the end.
    behind: Vec<u64>,
    powers: Vec<u64>,
}

impl Powers {
    fn clear(&mut self) {
        self.letters.clear();
    }

    fn push(&mut self, letter: char) {
        self.letters.push(u64::from(u32::from(letter)).wrapping_add(1).wrapping_mul(BASE));
    }

    fn sum_up(&mut self) {
        let length = self.letters.len();
        while self.powers.len() <= length {
            self.powers.push(self.powers.last().map_or(1, |power| power.wrapping_mul(STEP)));
        }
        self.before.clear();
        self.before.push(0);
        let mut sum = 0u64;
        for &letter in &self.letters {
            sum = sum.wrapping_mul(STEP).wrapping_add(letter);
            self.before.push(sum);
        }
        self.behind.clear();
        self.behind.resize(length + 1, 0);
        let mut sum = 0u64;
        let places = self.behind[..length].iter_mut().rev().zip(self.letters.iter().rev());
        for ((behind, letter), power) in places.zip(&self.powers) {
            sum = sum.wrapping_add(letter.wrapping_mul(*power));
            *behind = sum;
        }
    }

    fn length(&self) -> usize {
        self.letters.len()
    }

    /// A hash of the text.
    fn whole(&self) -> u64 {
        mixed(self.behind[0])
    }

    /// Hashes of the text without each letter of a range.
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
}

/// A hash of a sum.
pub(super) fn mixed(sum: u64) -> u64 {
    let mut hash = sum;
    hash = (hash ^ (hash >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    hash = (hash ^ (hash >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    hash ^ (hash >> 32)
}

/// Whether two texts differ by one slip. A digit that is another, missing, added or swapped with another is none: by
/// their numbers one mailbox or branch is told from another.
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
                2 => {
                    let swapped = short[start] == long[start + 1] && short[start + 1] == long[start];
                    swapped && !(short[start].is_numeric() && long[start].is_numeric())
                }
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
            "buyer71@co.example",
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
            for alphabet in [&b"ab"[..], b"abc", b"abcdefghijklmnopqrst", b"a1b2", b"12345", b"aa1123b"] {
                let letter = |at: usize| char::from(alphabet[at * at % alphabet.len()]);
                let key: Vec<char> = (0..length).map(letter).collect();
                let text: String = key.iter().collect();
                let index = SlipIndex::new([text.as_str()].into_iter(), |_| true);
                let mut slips: Vec<Vec<char>> = Vec::new();
                for at in 0..=length {
                    let mut added = key.clone();
                    added.insert(at, 'b');
                    slips.push(added);
                    if at < length {
                        let wrong = ['z', '7'].map(|letter| {
                            let mut wrong = key.clone();
                            wrong[at] = letter;
                            wrong
                        });
                        let mut missing = key.clone();
                        missing.remove(at);
                        slips.extend(wrong);
                        slips.push(missing);
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
