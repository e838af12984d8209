//! What a text says alike in every language: numbers, days, times, telephone numbers, addresses and placeholders.
//!
//! Chinese and English are read as people write them: `3075万` is `30.75 million`, `4月15日至19日` is `15 to 19 April`,
//! `下午2:30` is `2:30 pm`, `第137届` is `137th`. Numbers in words are found as well, but apart: what one language counts
//! the other may list. Of other languages digits alone are read.

use super::Lang;

/// Something that is the same in every language.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Invariant {
    /// A number in digits, as its significant digits and the power of ten behind them; whether it is a percentage.
    Number {
        /// Without zeros at either end; with points if there are several.
        digits: String,
        /// Tens that it is multiplied by.
        power: i32,
        /// Whether it is a percentage.
        percent: bool,
    },
    /// A day of a month.
    Day {
        /// From 1.
        month: u32,
        /// From 1.
        day: u32,
    },
    /// A month without a day.
    Month(u32),
    /// A time of the day that is not a full hour; of those the hour is a number.
    Time {
        /// From 0.
        hour: u32,
        /// From 1.
        minute: u32,
    },
    /// A telephone number, without what is dialled before it from elsewhere in China.
    Telephone(String),
    /// A web or e-mail address.
    Address(String),
    /// What stands between `{{` and `}}`.
    Placeholder(String),
    /// A number in words.
    Word(u64),
}

/// How much is read of a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reading {
    /// Units, months and numbers in words, of Chinese and English.
    Full,
    /// Digits, for a language that is not read further, and for what it is compared with.
    Digits,
}

impl Reading {
    /// How texts in two languages are read to be compared.
    pub fn of(one: Lang, other: Lang) -> Reading {
        let is_known = |lang| [Lang::ZH, Lang::EN].contains(&lang);
        if is_known(one) && is_known(other) { Reading::Full } else { Reading::Digits }
    }
}

/// Something invariant, and the bytes of the text that say it.
pub type Found = (Invariant, std::ops::Range<usize>);

/// Finds what a text in a language says alike in every language.
pub fn invariants(text: &str, lang: Lang, reading: Reading) -> Vec<Found> {
    let letters =
        text.char_indices().map(|(start, letter)| Letter { start, is: plain(letter), written: letter });
    let mut scanner = Scanner { text, letters: letters.collect(), lang, reading, at: 0, found: Vec::new() };
    while scanner.at < scanner.letters.len() {
        scanner.step();
    }
    let mut found = scanner.found;
    join_ranges(text, &mut found);
    if reading == Reading::Digits {
        found.iter_mut().for_each(|(found, _)| strip(found));
        found.retain(|(found, _)| !matches!(found, Invariant::Month(_)));
    }
    found
}

/// An address without what differs between languages and changes nothing: capital letters of the host, a language in its
/// path, a slash at its end, the place on a page of the site.
pub fn address(target: &str) -> String {
    let is_own = target.starts_with(['/', '#']);
    let target = if is_own { target.split('#').next().unwrap_or_default() } else { target };
    let is_language = |part: &str| {
        let part = part.to_ascii_lowercase();
        ["zh", "en", "cn", "zh-cn", "zh_cn", "en-us", "en_us", "en-gb", "zh-hans"].contains(&part.as_str())
    };
    let target = target.trim_end_matches('/');
    let target = target.strip_prefix("https://").or_else(|| target.strip_prefix("http://")).unwrap_or(target);
    let parts = target.split('/').enumerate();
    let parts = parts.map(|(at, part)| match at {
        0 => part.to_ascii_lowercase(),
        _ if is_language(part) => "*".to_owned(),
        // A picture may have one file a language.
        _ => {
            ["zh", "en"].iter().fold(part.to_owned(), |part, lang| part.replace(&format!(".{lang}."), ".*."))
        }
    });
    parts.collect::<Vec<_>>().join("/")
}

struct Letter {
    start: usize,
    /// In its plain form: half-width, digits of ASCII.
    is: char,
    written: char,
}

struct Scanner<'t> {
    text: &'t str,
    letters: Vec<Letter>,
    lang: Lang,
    reading: Reading,
    at: usize,
    found: Vec<Found>,
}

/// A number as it is read, before it is known what it counts.
struct Read {
    digits: String,
    power: i32,
    /// Its value where it is a small whole number.
    small: Option<u32>,
    in_words: bool,
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

impl Scanner<'_> {
    fn step(&mut self) {
        let at = self.at;
        let is = self.letters[at].is;
        let begins = at == 0 || !self.letters[at - 1].is.is_ascii_alphanumeric();
        if self.starts("{{")
            && let Some(end) = self.position("}}")
        {
            let inner: String = self.written(at + 2, end).split_whitespace().collect::<Vec<_>>().join(" ");
            return self.take(Invariant::Placeholder(inner), end + 2);
        }
        if begins
            && is.is_ascii_alphanumeric()
            && let Some(end) = self.address_end()
        {
            let address = address(&self.written(at, end));
            return self.take(Invariant::Address(address), end);
        }
        if let Some((digits, end)) = self.telephone() {
            return self.take(Invariant::Telephone(digits), end);
        }
        if is.is_ascii_digit() {
            return self.number();
        }
        match self.lang {
            Lang::ZH => self.chinese_word(),
            Lang::EN if begins && is.is_ascii_alphabetic() => self.english_word(),
            _ => self.at += 1,
        }
    }

    fn take(&mut self, invariant: Invariant, end: usize) {
        let range = self.letters[self.at].start..self.byte(end);
        self.found.push((invariant, range));
        self.at = end;
    }

    fn byte(&self, at: usize) -> usize {
        self.letters.get(at).map_or(self.text.len(), |letter| letter.start)
    }

    fn letter(&self, at: usize) -> char {
        self.letters.get(at).map_or('\0', |letter| letter.is)
    }

    fn written(&self, start: usize, end: usize) -> String {
        self.letters[start..end].iter().map(|letter| letter.written).collect()
    }

    fn starts(&self, word: &str) -> bool {
        self.starts_at(self.at, word)
    }

    /// Whether a word stands at a place, in whatever case.
    fn starts_at(&self, at: usize, word: &str) -> bool {
        word.chars()
            .enumerate()
            .all(|(number, letter)| self.letter(at + number).to_ascii_lowercase() == letter)
    }

    /// Whether a text ends with a word before a place.
    fn ends_with(&self, at: usize, word: &str) -> bool {
        let length = word.chars().count();
        at >= length && self.starts_at(at - length, word)
    }

    fn position(&self, word: &str) -> Option<usize> {
        (self.at..self.letters.len()).find(|at| self.starts_at(*at, word))
    }

    fn skip_spaces(&self, at: usize) -> usize {
        (at..).find(|at| !is_space(self.letter(*at))).unwrap_or(at)
    }

    fn digits_end(&self, at: usize) -> usize {
        (at..).find(|at| !self.letter(*at).is_ascii_digit()).unwrap_or(at)
    }

    /// The small number that stands between two places.
    fn value(&self, start: usize, end: usize) -> Option<u32> {
        let digits: String = self.letters[start..end].iter().map(|letter| letter.is).collect();
        digits.parse().ok()
    }

    /// Where the address ends that begins here.
    fn address_end(&self) -> Option<usize> {
        let is_of_address =
            |letter: char| letter.is_ascii_alphanumeric() || "._~:/?#@!$&'*+=%-".contains(letter);
        let rest = self.letters[self.at..].iter().take_while(|letter| is_of_address(letter.written));
        let mut end = self.at + rest.count();
        while end > self.at && ".,:;!?'*_".contains(self.letter(end - 1)) {
            end -= 1;
        }
        is_address(&self.written(self.at, end)).then_some(end)
    }

    /// The telephone number that begins here, and where it ends.
    fn telephone(&self) -> Option<(String, usize)> {
        let at = self.at;
        let before = at.checked_sub(1).map_or(' ', |before| self.letter(before));
        if before.is_ascii_alphanumeric() || "+.,/".contains(before) {
            return None;
        }
        let opened = usize::from(self.letter(at) == '(');
        let plus = self.letter(at + opened) == '+';
        let mut next = at + opened + usize::from(plus);
        let mut groups = Vec::new();
        let (mut hyphens, mut end) = (false, at);
        while self.letter(next).is_ascii_digit() {
            end = self.digits_end(next);
            groups.push(self.written_plain(next, end));
            next = end;
            let separators =
                (next..next + 2).take_while(|at| " -()\u{a0}–".contains(self.letter(*at))).count();
            hyphens |= (next..next + separators).any(|at| "-–".contains(self.letter(at)));
            next += separators;
        }
        let digits: String = groups.concat();
        let are_thousands = groups.iter().skip(1).all(|group| group.len() == 3);
        let are_years =
            groups.len() == 2 && groups.iter().all(|group| group.len() == 4 && group.starts_with(['1', '2']));
        let is_day =
            groups.len() == 3 && groups[0].len() == 4 && groups[1..].iter().all(|group| group.len() < 3);
        let is_number = plus
            || (groups.len() > 1
                && !are_thousands
                && !are_years
                && !is_day
                && (digits.starts_with('0') || hyphens || groups.iter().all(|group| group.len() > 2)));
        if digits.len() < 8 || digits.len() > 16 || !is_number {
            return None;
        }
        let digits = digits.strip_prefix("0086").unwrap_or(&digits);
        let digits = if plus { digits.strip_prefix("86").unwrap_or(digits) } else { digits };
        Some((digits.trim_start_matches('0').to_owned(), end))
    }

    fn written_plain(&self, start: usize, end: usize) -> String {
        self.letters[start..end].iter().map(|letter| letter.is).collect()
    }

    /// Reads the digits here, and what they count.
    fn number(&mut self) {
        let at = self.at;
        if let Some(end) = self.numeric_day() {
            self.at = end;
            return;
        }
        let end = self.digits_end(at);
        if end - at <= 2 && self.letter(end) == ':' && self.digits_end(end + 1) == end + 3 {
            let (hour, minute) = (self.value(at, end), self.value(end + 1, end + 3));
            if let (Some(hour @ 0..=24), Some(minute @ 0..=59)) = (hour, minute) {
                return self.time(at, hour, minute, end + 3);
            }
        }
        let (digits, end) = self.digits(at);
        let points = digits.matches('.').count();
        if points > 1 {
            return self.take(Invariant::Number { digits, power: 0, percent: false }, end);
        }
        let small = if points == 0 && digits.len() < 5 { digits.parse().ok() } else { None };
        let (digits, power) = significant(&digits);
        self.counted(Read { digits, power, small, in_words: false }, end);
    }

    /// Reads a day of digits alone, such as `2025-04-15`.
    fn numeric_day(&mut self) -> Option<usize> {
        let at = self.at;
        let year_end = self.digits_end(at);
        let mark = self.letter(year_end);
        if year_end - at != 4 || !"-/.".contains(mark) {
            return None;
        }
        let month_end = self.digits_end(year_end + 1);
        if self.letter(month_end) != mark {
            return None;
        }
        let day_end = self.digits_end(month_end + 1);
        let month = self.value(year_end + 1, month_end).filter(|month| (1..=12).contains(month))?;
        let day = self.value(month_end + 1, day_end).filter(|day| (1..=31).contains(day))?;
        let (digits, power) = significant(&self.written_plain(at, year_end));
        self.take(Invariant::Number { digits, power, percent: false }, year_end);
        self.at = year_end + 1;
        self.take(Invariant::Day { month, day }, day_end);
        Some(day_end)
    }

    /// The digits that begin at a place, without what groups them, and where they end.
    fn digits(&self, at: usize) -> (String, usize) {
        let mut end = self.digits_end(at);
        let mut digits = self.written_plain(at, end);
        let is_group = |at: usize| self.digits_end(at + 1) == at + 4;
        let groups = |letter: char| match self.reading {
            Reading::Full => letter == ',',
            Reading::Digits => ",.'\u{a0}\u{202f} \u{66c}".contains(letter),
        };
        while digits.len() <= 15 && groups(self.letter(end)) && is_group(end) && !digits.starts_with('0') {
            if end - at > 3 && !digits.is_empty() && self.digits_end(at) - at > 3 {
                break;
            }
            digits.push_str(&self.written_plain(end + 1, end + 4));
            end += 4;
        }
        let is_point = |letter: char| match self.reading {
            Reading::Full => letter == '.',
            Reading::Digits => ".,\u{66b}".contains(letter),
        };
        while is_point(self.letter(end)) && self.letter(end + 1).is_ascii_digit() {
            let next = self.digits_end(end + 1);
            digits.push('.');
            digits.push_str(&self.written_plain(end + 1, next));
            end = next;
        }
        (digits, end)
    }

    /// Notes a time of the day that began at `start`.
    fn time(&mut self, start: usize, hour: u32, minute: u32, mut end: usize) {
        let after = self.skip_spaces(end);
        let is_afternoon = ["下午", "晚上", "傍晚", "晚"].iter().any(|word| self.ends_with(start, word));
        let mut hour = hour;
        for (mark, later) in [("am", false), ("a.m.", false), ("pm", true), ("p.m.", true)] {
            if self.starts_at(after, mark) {
                end = after + mark.len();
                hour = if later { hour % 12 + 12 } else { hour % 12 };
            }
        }
        if is_afternoon && hour < 12 {
            hour += 12;
        }
        self.at = start;
        let invariant = match minute {
            0 => {
                let (digits, power) = significant(&hour.to_string());
                Invariant::Number { digits, power, percent: false }
            }
            _ => Invariant::Time { hour, minute },
        };
        self.take(invariant, end);
    }

    /// Notes a number with what stands behind it.
    fn counted(&mut self, read: Read, end: usize) {
        match self.lang {
            Lang::ZH => self.counted_in_chinese(read, end),
            Lang::EN => self.counted_in_english(read, end),
            _ => self.note(read, 0, false, end),
        }
    }

    fn note(&mut self, read: Read, power: i32, percent: bool, end: usize) {
        let percent = percent || self.letter(end) == '%';
        let end = end + usize::from(self.letter(end) == '%');
        let Read { digits, power: own, small, in_words } = read;
        let invariant = match small {
            Some(small) if in_words && power == 0 && !percent => Invariant::Word(small.into()),
            _ => Invariant::Number { digits, power: own + power, percent },
        };
        self.take(invariant, end);
    }

    fn counted_in_chinese(&mut self, read: Read, end: usize) {
        let start = self.at;
        if let Some(month @ 1..=12) = read.small
            && self.letter(end) == '月'
        {
            let next = end + 1;
            let day = self.small_number(next).filter(|(_, end)| "日号".contains(self.letter(*end)));
            if let Some((day, end)) = day {
                return self.take(Invariant::Day { month, day }, end + 1);
            }
            return self.take(Invariant::Month(month), next);
        }
        if let Some(hour @ 0..=24) = read.small
            && "点时".contains(self.letter(end))
        {
            let told = ["上午", "下午", "中午", "早上", "晚上", "凌晨", "晚", "早"];
            let minute = self.small_number(end + 1).filter(|(_, end)| self.letter(*end) == '分');
            if let Some((minute, end)) = minute {
                return self.time(start, hour, minute, end + 1);
            }
            if self.letter(end + 1) == '半' {
                return self.time(start, hour, 30, end + 2);
            }
            if self.letter(end + 1) == '整' || told.iter().any(|word| self.ends_with(start, word)) {
                return self.time(start, hour, 0, end + 1);
            }
        }
        let mut power = 0;
        let mut next = end;
        while let Some(tens) =
            "十百千万亿".chars().zip([1, 2, 3, 4, 8]).find(|(unit, _)| *unit == self.letter(next))
        {
            power += tens.1;
            next += 1;
        }
        self.note(read, power, false, next);
    }

    /// The small number that begins at a place, in digits or Chinese words.
    fn small_number(&self, at: usize) -> Option<(u32, usize)> {
        let end = self.digits_end(at);
        if end > at {
            return Some((self.value(at, end)?, end));
        }
        let end = (at..).find(|at| chinese_digit(self.letter(*at)).is_none() && self.letter(*at) != '十')?;
        let words: Vec<char> = (at..end).map(|at| self.letter(at)).collect();
        Some((u32::try_from(chinese_value(&words)?).ok()?, end))
    }

    fn counted_in_english(&mut self, read: Read, end: usize) {
        let start = self.at;
        let mut end = end;
        if !read.in_words
            && ["st", "nd", "rd", "th"].iter().any(|mark| self.starts_at(end, mark))
            && !self.letter(end + 2).is_ascii_alphanumeric()
        {
            end += 2;
        }
        let mut after = self.skip_spaces(end);
        if self.starts_at(after, "of ") {
            after += 3;
        }
        if let Some(day @ 1..=31) = read.small
            && let Some((month, end)) = self.month(after)
        {
            return self.take(Invariant::Day { month, day }, end);
        }
        if let Some(hour @ 1..=12) = read.small
            && ["am", "pm", "a.m.", "p.m."].iter().any(|mark| {
                self.starts_at(after, mark) && !self.letter(after + mark.len()).is_ascii_alphanumeric()
            })
        {
            return self.time(start, hour, 0, end);
        }
        let hyphen = usize::from(self.letter(end) == '-');
        let words = [("hundred", 2), ("thousand", 3), ("million", 6), ("billion", 9), ("trillion", 12)];
        let mut next = self.skip_spaces(end + hyphen);
        let mut power = 0;
        while let Some((word, tens)) = words.iter().find(|(word, _)| self.starts_at(next, word)) {
            power += tens;
            end = next + word.len();
            next = self.skip_spaces(end);
        }
        let percent = ["percent", "per cent"].iter().find(|word| self.starts_at(next, word));
        if let Some(word) = percent {
            return self.note(read, power, true, next + word.len());
        }
        self.note(read, power, false, end);
    }

    /// The English month that stands at a place, and where its name ends.
    fn month(&self, at: usize) -> Option<(u32, usize)> {
        if !self.letter(at).is_ascii_uppercase() {
            return None;
        }
        for (month, name) in (1..).zip(MONTHS) {
            for name in [name, &name[..3]] {
                let end = at + name.len();
                if self.starts_at(at, name) && !self.letter(end).is_ascii_alphabetic() {
                    return Some((month, end));
                }
            }
        }
        None
    }

    fn english_word(&mut self) {
        let at = self.at;
        let end = (at..).find(|at| !self.letter(*at).is_ascii_alphabetic()).unwrap_or(at);
        if let Some((month, end)) = self.month(at) {
            let next = self.skip_spaces(end);
            let day_end = self.digits_end(next);
            let day = self.value(next, day_end).filter(|day| (1..=31).contains(day) && day_end - next < 3);
            let ordinal = ["st", "nd", "rd", "th"].iter().any(|mark| self.starts_at(day_end, mark));
            if let Some(day) = day {
                return self.take(Invariant::Day { month, day }, day_end + if ordinal { 2 } else { 0 });
            }
            let is_verb = [3, 5].contains(&month)
                && day_end - next != 4
                && !["in ", "of ", "since ", "until ", "by ", "from ", "to "]
                    .iter()
                    .any(|word| self.ends_with(at, word));
            if !is_verb {
                return self.take(Invariant::Month(month), end);
            }
        }
        let word = self.written_plain(at, end).to_ascii_lowercase();
        let Some(mut value) = english_value(&word) else {
            self.at = end;
            return;
        };
        let mut end = end;
        if (20..100).contains(&value) && value % 10 == 0 && self.letter(end) == '-' {
            let next = (end + 1..).find(|at| !self.letter(*at).is_ascii_alphabetic()).unwrap_or(end);
            let unit = self.written_plain(end + 1, next).to_ascii_lowercase();
            if let Some(unit @ 1..=9) = english_value(&unit) {
                value += unit;
                end = next;
            }
        }
        self.in_words(value, end);
    }

    fn in_words(&mut self, value: u64, end: usize) {
        let (digits, power) = significant(&value.to_string());
        self.counted(Read { digits, power, small: u32::try_from(value).ok(), in_words: true }, end);
    }

    fn chinese_word(&mut self) {
        let at = self.at;
        // Words that hold numbers and count nothing.
        for idle in ["四舍五入", "百分比", "百分率", "百分点", "十分", "万一", "统一", "唯一", "一一"]
        {
            if self.starts(idle) {
                self.at += idle.chars().count();
                return;
            }
        }
        if self.starts("百分制") {
            return self.take(Invariant::Word(100), at + 1);
        }
        if self.starts("百分之") {
            if let Some((value, end)) = self.small_number(at + 3) {
                let (digits, power) = significant(&value.to_string());
                return self.take(Invariant::Number { digits, power, percent: true }, end);
            }
            self.at += 3;
            return;
        }
        if self.letter(at) == '双' && "方语边向".contains(self.letter(at + 1)) {
            return self.take(Invariant::Word(2), at + 1);
        }
        let is_number = |letter: char| chinese_digit(letter).is_some() || "十百千万亿".contains(letter);
        let end = (at..).find(|at| !is_number(self.letter(*at))).unwrap_or(at);
        if end == at || (at > 0 && "几数多上".contains(self.letter(at - 1))) {
            self.at = end.max(at + 1);
            return;
        }
        let words: Vec<char> = (at..end).map(|at| self.letter(at)).collect();
        match chinese_value(&words) {
            Some(value) => self.in_words(value, end),
            None => self.at = end,
        }
    }
}

/// Gives the first of a range what its end has: `1–20%`, `3至5万`, `15 to 19 April`, `4月15日至19日`.
fn join_ranges(text: &str, found: &mut [Found]) {
    let between = |found: &[Found], at: usize| {
        text.get(found[at].1.end..found[at + 1].1.start).unwrap_or_default().trim().to_owned()
    };
    let is_range = |words: &str| ["-", "–", "—", "~", "～", "to", "至", "到"].contains(&words);
    let is_list = |words: &str| is_range(words) || ["and", ",", "、", "和", "or"].contains(&words);
    for at in (0..found.len().saturating_sub(1)).rev() {
        let words = between(found, at);
        let next = found[at + 1].0.clone();
        let [own, behind] = [found[at].1.clone(), found[at + 1].1.clone()];
        let Invariant::Number { digits, power, percent } = &mut found[at].0 else { continue };
        match next {
            Invariant::Number { power: more, percent: next, .. } if is_range(&words) => {
                *percent |= next;
                // A unit of its own makes it a number of its own.
                if unit(&text[own], *power) == 0 {
                    *power += unit(&text[behind], more);
                }
            }
            Invariant::Day { month, .. } if is_list(&words) && *power < 2 && !*percent => {
                let day = digits.parse::<u32>().ok().map(|day| if *power == 1 { day * 10 } else { day });
                if let Some(day @ 1..=31) = day {
                    found[at].0 = Invariant::Day { month, day };
                }
            }
            _ => {}
        }
    }
    for at in 1..found.len() {
        let words = between(found, at - 1);
        let words = words.trim_start_matches(['日', '号']);
        let (Invariant::Day { month, .. }, Invariant::Number { digits, power, percent: false }) =
            (&found[at - 1].0, &found[at].0)
        else {
            continue;
        };
        let behind = &text[found[at].1.end..];
        let is_day = behind.starts_with(['日', '号'])
            || (is_range(words)
                && text[found[at - 1].1.clone()].starts_with(|c: char| c.is_ascii_alphabetic()));
        let day = digits.parse::<u32>().ok().map(|day| if *power == 1 { day * 10 } else { day });
        if let (true, true, Some(day @ 1..=31)) = (is_day, is_list(words), day.filter(|_| *power < 2)) {
            found[at].0 = Invariant::Day { month: *month, day };
        }
    }
}

/// The tens of the unit behind the digits that a text begins with: 4 of `30万`, which is 3 with 5 tens.
fn unit(text: &str, power: i32) -> i32 {
    let digits: String =
        text.chars().map(plain).take_while(|c| c.is_ascii_digit() || ",.".contains(*c)).collect();
    if digits.is_empty() { 0 } else { power - significant(&digits.replace(',', "")).1 }
}

/// What is left of something where digits alone are compared: the units may be words of a language that is not read.
fn strip(found: &mut Invariant) {
    match found {
        Invariant::Number { digits, power, percent } => {
            *digits = digits.replace('.', "");
            (*power, *percent) = (0, false);
        }
        Invariant::Day { day, .. } => {
            let (digits, _) = significant(&day.to_string());
            *found = Invariant::Number { digits, power: 0, percent: false };
        }
        _ => {}
    }
}

/// The significant digits of a number, and the power of ten behind them.
fn significant(number: &str) -> (String, i32) {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits = format!("{whole}{part}");
    let digits = digits.trim_start_matches('0');
    let kept = digits.trim_end_matches('0');
    let power =
        i32::try_from(digits.len() - kept.len()).unwrap_or(0) - i32::try_from(part.len()).unwrap_or(0);
    if kept.is_empty() { ("0".to_owned(), 0) } else { (kept.to_owned(), power) }
}

/// Whether what stands between two spaces is an address.
fn is_address(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    if lower.contains("://") || lower.starts_with("www.") || lower.starts_with("mailto:") {
        return true;
    }
    if let Some((name, host)) = lower.split_once('@') {
        return !name.is_empty() && host.contains('.');
    }
    let host = lower.split('/').next().unwrap_or_default();
    let parts: Vec<&str> = host.split('.').collect();
    let is_part =
        |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let last = parts.last().copied().unwrap_or_default();
    let is_name = last.len() > 1 && last.chars().all(|letter| letter.is_ascii_alphabetic());
    let is_known = ["com", "org", "net", "cn", "gov", "edu", "io"].contains(&last);
    parts.len() > 1 && parts.iter().all(is_part) && is_name && (parts.len() > 2 || is_known)
}

fn is_space(letter: char) -> bool {
    letter.is_whitespace() || letter == '\u{a0}'
}

/// A character in its plain form.
fn plain(letter: char) -> char {
    let code = u32::from(letter);
    let digit = |zero: u32| char::from_digit(code - zero, 10).unwrap_or(letter);
    match code {
        0xff01..=0xff5e => char::from_u32(code - 0xfee0).unwrap_or(letter),
        0x0660..=0x0669 => digit(0x0660),
        0x06f0..=0x06f9 => digit(0x06f0),
        0x0966..=0x096f => digit(0x0966),
        0x066a => '%',
        _ => letter,
    }
}

fn chinese_digit(letter: char) -> Option<u64> {
    let at = "〇一二三四五六七八九".chars().position(|digit| digit == letter);
    match letter {
        '零' => Some(0),
        '两' => Some(2),
        _ => at.map(|at| at as u64),
    }
}

/// The number that Chinese words say; `None` where they say none.
fn chinese_value(words: &[char]) -> Option<u64> {
    if words.len() > 1 && words.iter().all(|word| chinese_digit(*word).is_some()) {
        let digits = words.iter().filter_map(|word| chinese_digit(*word));
        return (words.len() < 9).then(|| digits.fold(0, |value, digit| value * 10 + digit));
    }
    let (mut all, mut part, mut digit) = (0_u64, 0_u64, None);
    for (at, word) in words.iter().enumerate() {
        match (chinese_digit(*word), word) {
            (Some(0), _) => {}
            (Some(value), _) => digit = Some(value),
            (None, '十') => part += digit.take().unwrap_or(if at == 0 { 1 } else { 0 }) * 10,
            (None, '百') => part += digit.take()? * 100,
            (None, '千') => part += digit.take()? * 1000,
            (None, '万') => {
                let value = part + digit.take().unwrap_or(0);
                (all, part) = (all + (value > 0).then_some(value)?.checked_mul(10_000)?, 0);
            }
            (None, _) => {
                let value = all + part + digit.take().unwrap_or(0);
                (all, part) = ((value > 0).then_some(value)?.checked_mul(100_000_000)?, 0);
            }
        }
    }
    let value = all + part + digit.unwrap_or(0);
    (value > 0).then_some(value)
}

fn english_value(word: &str) -> Option<u64> {
    const CARDINALS: [&str; 20] = [
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
    ];
    const ORDINALS: [&str; 12] = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
        "eleventh", "twelfth",
    ];
    const TENS: [&str; 7] = ["thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    let place = |words: &[&str]| words.iter().position(|known| *known == word).map(|at| at as u64);
    match word {
        "both" | "twice" => Some(2),
        "once" => Some(1),
        _ => place(&CARDINALS)
            .or_else(|| place(&ORDINALS))
            .map(|at| at + 1)
            .or_else(|| place(&TENS).map(|at| at * 10 + 30)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn alike(zh: &str, en: &str) {
        let found = |text: &str, lang| {
            let mut found: Vec<Invariant> = invariants(text, lang, Reading::Full)
                .into_iter()
                .map(|(found, _)| match found {
                    Invariant::Word(value) => {
                        let (digits, power) = significant(&value.to_string());
                        Invariant::Number { digits, power, percent: false }
                    }
                    found => found,
                })
                .collect();
            found.sort();
            found
        };
        assert_eq!(found(zh, Lang::ZH), found(en, Lang::EN), "{zh} | {en}");
        assert!(!found(zh, Lang::ZH).is_empty());
    }

    #[test]
    fn chinese_and_english_say_the_same_number() {
        for (zh, en) in [
            ("超过3075万人次", "more than 30.75 million"),
            ("1.2亿元", "CNY 120 million"),
            ("三千万", "thirty million"),
            ("全球30万家", "300,000 worldwide"),
            ("3至5万家", "30 to 50 thousand"),
            ("80分以上", "80 points or more"),
            ("第137届", "the 137th fair"),
            ("前1%–20%", "top 1–20%"),
            ("百分之五", "5 per cent"),
            ("八项服务", "eight services"),
            ("第二期", "the second phase"),
            ("两种语言", "both languages"),
            ("二十五家", "twenty-five companies"),
            ("24小时", "24-hour"),
            ("２４小时", "24 hours"),
            ("二〇二五年", "2025"),
        ] {
            alike(zh, en);
        }
    }

    #[test]
    fn chinese_and_english_say_the_same_day_and_time() {
        for (zh, en) in [
            ("2025年4月15日至19日", "15 to 19 April 2025"),
            ("2025年4月15日至19日", "April 15 to 19, 2025"),
            ("4月30日至5月2日", "30 April to 2 May"),
            ("四月十五日", "15 April"),
            ("2026年11月24日", "2026-11-24"),
            ("2026年4月", "April 2026"),
            ("5月5日", "5th of May"),
            ("下午2:30", "2:30 pm"),
            ("上午9点至下午5点", "9 am to 5 pm"),
            ("14时30分", "14:30"),
        ] {
            alike(zh, en);
        }
    }

    #[test]
    fn addresses_telephone_numbers_and_placeholders_are_one_thing_each() {
        #[track_caller]
        fn case(text: &str, expected: &[Invariant]) {
            let found: Vec<Invariant> =
                invariants(text, Lang::EN, Reading::Full).into_iter().map(|(found, _)| found).collect();
            assert_eq!(found, expected, "{text}");
        }
        let address = |text: &str| [Invariant::Address(text.to_owned())];
        let telephone = |text: &str| [Invariant::Telephone(text.to_owned())];
        case("see www.cantonfair.org.cn.", &address("www.cantonfair.org.cn"));
        case("irislyt0404@cantonfair.org.cn", &address("irislyt0404@cantonfair.org.cn"));
        case("https://Example.org/en/137/", &address("example.org/*/137"));
        case("+86 20 8913 8625", &telephone("2089138625"));
        case("020-89138625", &telephone("2089138625"));
        case("{{ phase 1 }} is e.g. here", &[Invariant::Placeholder("phase 1".to_owned())]);
        case("you may march", &[]);
    }

    #[test]
    fn of_other_languages_digits_are_read() {
        #[track_caller]
        fn case(one: (&str, Lang), other: (&str, &str)) {
            let found = |text: &str, lang| {
                let found = invariants(text, lang, Reading::Digits).into_iter().map(|(found, _)| found);
                found.collect::<Vec<_>>()
            };
            assert_eq!(
                found(one.0, one.1),
                found(other.0, other.1.parse().unwrap()),
                "{} {}",
                one.0,
                other.0
            );
        }
        case(("超过3075万", Lang::ZH), ("plus de 30,75 millions", "fr"));
        case(("300,000 media", Lang::EN), ("300 000 médias", "fr"));
        case(("4月15日", Lang::ZH), ("15 avril", "fr"));
        case(("137届", Lang::ZH), ("الدورة ١٣٧", "ar"));
    }
}
