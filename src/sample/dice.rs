//! Numbers that look drawn by lot and are the same on every machine.
//!
//! SplitMix64 (Steele, Lea, Flood 2014): integers alone, nothing rounded. Each thing of the sample has dice of
//! its own, by its number, so that it can be drawn again at any time and need not be kept.

/// What dice are thrown for. The numbers are part of what a seed means: they are never reused.
#[derive(Clone, Copy)]
pub(super) enum For {
    Exhibitor = 1,
    Activity = 2,
    Pull = 3,
    Company = 4,
    Buyer = 5,
    Links = 6,
    Badges = 7,
    Logins = 8,
    Invitation = 9,
    Penalties = 10,
}

/// A stream of numbers.
pub(super) struct Dice {
    state: u64,
}

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

impl Dice {
    /// The dice of one thing.
    pub(super) fn new(seed: u64, purpose: For, number: u64) -> Dice {
        let place = mix(seed ^ mix(purpose as u64));
        Dice { state: mix(place ^ mix(number.wrapping_add(GOLDEN))) }
    }

    /// The next number.
    pub(super) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN);
        mix(self.state)
    }

    /// A number below `end`, which is not 0.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(end)) >> 64) as u64
    }

    /// A number between two, both included.
    pub(super) fn between(&mut self, first: u64, last: u64) -> u64 {
        first + self.below(last - first + 1)
    }

    /// True so many times in a thousand.
    pub(super) fn in_thousand(&mut self, times: u64) -> bool {
        self.below(1000) < times
    }

    /// The place of an item in a list, which is not empty.
    pub(super) fn place(&mut self, length: usize) -> usize {
        self.below(length as u64) as usize
    }

    /// An item of a list, which is not empty.
    pub(super) fn one<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.place(items.len())]
    }
}

/// Turns a number into another, each into a different one, without a visible pattern.
pub(super) fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_that_of_the_reference() {
        // The first numbers of SplitMix64 from state 1234567.
        let mut dice = Dice { state: 1_234_567 };
        let numbers = [dice.next(), dice.next(), dice.next()];
        assert_eq!(
            numbers,
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }
}
