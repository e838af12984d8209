//! Reads what people write as dates and times, sign by sign.

use crate::data::characters::is_invisible;

/// A text with the signs of ASCII for those of other widths and shapes, in lower case.
pub(super) fn normal(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let plain = |c: char| match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{2236}' => ':',
        c if c.is_whitespace() => ' ',
        c => c.to_ascii_lowercase(),
    };
    text.trim().nfkc().filter(|&c| !is_invisible(c)).map(plain).collect()
}

/// The part of a text that is not read yet.
pub(super) struct Scanner<'t> {
    pub(super) rest: &'t str,
}

impl<'t> Scanner<'t> {
    pub(super) fn space(&mut self) {
        self.rest = self.rest.trim_start_matches(' ');
    }

    pub(super) fn eat(&mut self, word: &str) -> bool {
        match self.rest.strip_prefix(word) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    pub(super) fn eat_any(&mut self, words: &[&str]) -> bool {
        words.iter().any(|word| self.eat(word))
    }

    pub(super) fn digits(&mut self) -> &'t str {
        let length = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.rest.split_at(length);
        self.rest = rest;
        digits
    }

    /// A number of one or two digits.
    pub(super) fn short(&mut self) -> Option<u32> {
        let digits = self.digits();
        (1..=2).contains(&digits.len()).then(|| digits.parse().ok()).flatten()
    }
}
