//! A search index that a browser asks piece by piece.
//!
//! Every term stands on one line of a sorted list: words of Latin letters and digits, pairs of Chinese
//! characters, and the pinyin of names. The list is cut into shards; a table tells at which term each
//! begins, so a query reads the table, a shard or two for each of its terms, and the entries it shows.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use hashbrown::HashMap;
use pinyin::ToPinyinMulti;
use rayon::prelude::*;
use serde_json::json;
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::escape::unescape;
use super::permalink::hex;

/// A page that can be found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Entry {
    /// Its path below the language.
    pub path: String,
    /// Its title, as results show it.
    pub title: String,
    /// What results show beneath the title.
    pub note: String,
    /// Names by which it is found beside its title, in any language.
    pub names: Vec<String>,
    /// Codes by which it is found, such as the number of a booth.
    pub codes: Vec<String>,
    /// Its text.
    pub text: String,
}

/// An index as files.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Index {
    /// The name of the folder: a fingerprint of what is in it, so browsers may keep it for ever.
    pub folder: String,
    /// The files with their names.
    pub files: Vec<(String, Vec<u8>)>,
}

/// Bytes of a shard, about.
const SHARD: usize = 8_000;
/// How many entries stand in one file.
const ENTRIES: usize = 16;
/// So many entries are taken apart at a time.
const PART: usize = 1024;
/// A term that is on more entries narrows nothing; only the first so many are listed.
const COMMON: usize = 200;
/// How many syllables of a name one term spells.
const SYLLABLES: usize = 4;
/// How many initials of a name one term holds.
const INITIALS: usize = 6;
/// In how many ways a term is spelt whose characters have several readings.
const READINGS: usize = 4;
/// Marks a term that was cut: what is typed beyond it may still be meant.
const CUT: char = '!';

/// Where a term stands: the entries that have it in a name or code, and those that have it in the text only. Of a
/// common term it is enough to know that there are more.
#[derive(Default)]
struct Places {
    names: Vec<usize>,
    texts: Vec<usize>,
}

impl Places {
    fn add(places: &mut Vec<usize>, number: usize) {
        if places.len() <= COMMON {
            places.push(number);
        }
    }
}

/// Letters that are written in several ways, with what they are compared by.
#[derive(Clone, Default, Debug)]
pub struct Folds(HashMap<char, String>);

impl Folds {
    /// Reads folds as a theme's words write them: `ø=o ß=ss`, a letter without anything behind the sign being
    /// left out.
    pub fn parse(text: &str) -> Folds {
        let one = |fold: &str| {
            let (from, to) = fold.split_once('=')?;
            Some((from.chars().next()?, to.to_owned()))
        };
        Folds(text.split_whitespace().filter_map(one).collect())
    }

    /// A text as it is compared: without accents, in small letters, compatibility forms as usual ones, and its
    /// letters as the folds say.
    fn folded(&self, text: &str) -> String {
        // A sigma is small in another way at the end of a word, so that its word must be seen.
        if text.contains('Σ') {
            return self.folded_slowly(text);
        }
        let mut folded = String::with_capacity(text.len());
        for letter in text.chars() {
            match letter {
                '\0'..='\u{7f}' => folded.push(letter.to_ascii_lowercase()),
                // These are what they are, and the wide forms of ASCII are ASCII.
                '\u{4e00}'..='\u{9fff}' | '\u{3001}' | '\u{3002}' => folded.push(letter),
                '\u{ff01}'..='\u{ff5e}' => {
                    let plain = char::from_u32(u32::from(letter) - 0xfee0).expect("a character of ASCII");
                    folded.push(plain.to_ascii_lowercase());
                }
                letter => folded.push_str(&self.folded_slowly(letter.encode_utf8(&mut [0; 4]))),
            }
        }
        folded
    }

    fn folded_slowly(&self, text: &str) -> String {
        let plain: String = text.nfkd().filter(|&letter| !is_combining_mark(letter)).collect();
        let mut folded = String::with_capacity(plain.len());
        for letter in plain.to_lowercase().chars() {
            match self.0.get(&letter).filter(|_| !letter.is_ascii()) {
                Some(to) => folded.push_str(to),
                None => folded.push(letter),
            }
        }
        folded
    }
}

/// Makes the index of pages. Results that fit equally are shown in the order of the entries.
pub fn index(entries: &[Entry], folds: &Folds) -> Index {
    let mut terms: HashMap<String, Places> = HashMap::new();
    for (part, entries) in entries.chunks(PART).enumerate() {
        let found: Vec<Terms> = entries.par_iter().map(|entry| Terms::of(entry, folds)).collect();
        for (number, found) in (part * PART..).zip(&found) {
            for term in &found.names {
                Places::add(&mut terms.entry_ref(term.as_str()).or_default().names, number);
            }
            for term in found.texts() {
                Places::add(&mut terms.entry_ref(term).or_default().texts, number);
            }
        }
    }
    let mut terms: Vec<(String, Places)> = terms.into_iter().collect();
    terms.sort_unstable_by(|(one, _), (other, _)| in_utf16(one, other));
    let mut files = Vec::new();
    let mut starts: Vec<String> = Vec::new();
    let mut shard = String::new();
    let mut last = String::new();
    for (term, places) in terms {
        if shard.is_empty() {
            starts.push(shortest_between(&last, &term));
        }
        push_line(&mut shard, &term, &places);
        last = term;
        if shard.len() >= SHARD {
            files.push((format!("t{}.txt", starts.len() - 1), std::mem::take(&mut shard).into_bytes()));
        }
    }
    if !shard.is_empty() {
        files.push((format!("t{}.txt", starts.len() - 1), shard.into_bytes()));
    }
    for (number, entries) in entries.chunks(ENTRIES).enumerate() {
        let rows: Vec<_> = entries
            .iter()
            .map(|entry| {
                json!([entry.path, entry.title, entry.names.first().cloned().unwrap_or_default(), entry.note])
            })
            .collect();
        files.push((format!("e{number}.json"), json!(rows).to_string().into_bytes()));
    }
    let table = json!({"entries": entries.len(), "each": ENTRIES, "common": COMMON, "starts": starts});
    files.push(("index.json".to_owned(), table.to_string().into_bytes()));
    let mut hash = Sha256::new();
    for (name, bytes) in &files {
        hash.update(name);
        hash.update(bytes);
    }
    Index { folder: hex(&hash.finalize())[..10].to_owned(), files }
}

/// The order of texts by their UTF-16 units, as browsers compare them. It is that of their bytes, but for characters
/// of four bytes, which come before the last of those of three.
fn in_utf16(one: &str, other: &str) -> Ordering {
    let differ = one.bytes().zip(other.bytes()).find(|(one, other)| one != other);
    match differ {
        Some((one, other)) if one >= 0xee && other >= 0xee => {
            (one < 0xf0).cmp(&(other < 0xf0)).then(one.cmp(&other))
        }
        _ => one.cmp(other),
    }
}

/// The terms of an entry.
struct Terms {
    /// Those of its names and codes.
    names: BTreeSet<String>,
    /// What those stand in that are in its text only, and where; in order.
    folded: String,
    texts: Vec<(u32, u32)>,
}

impl Terms {
    fn of(entry: &Entry, folds: &Folds) -> Terms {
        let mut names = BTreeSet::new();
        for name in std::iter::once(&entry.title).chain(&entry.names) {
            names.extend(words(name, folds));
            names.extend(spellings(name, folds));
        }
        names.extend(entry.codes.iter().flat_map(|code| words(code, folds)));
        // Nothing joins over the end of a line.
        let folded = format!("{}\n{}", folds.folded(&entry.text), folds.folded(&entry.note));
        let mut texts = words_of(&folded);
        texts.sort_unstable();
        texts.dedup();
        texts.retain(|term| !names.contains(*term));
        let place = |at: usize| u32::try_from(at).expect("a text of less than 4 GB");
        let texts = texts.into_iter().map(|term| {
            let start = term.as_ptr() as usize - folded.as_ptr() as usize;
            (place(start), place(start + term.len()))
        });
        let texts = texts.collect();
        Terms { names, folded, texts }
    }

    fn texts(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().map(|&(start, end)| &self.folded[start as usize..end as usize])
    }
}

/// `term:1,3,a;2` and the end of the line: the distances between the numbers of the entries, in base 36. A
/// star before them tells that there are more.
fn push_line(lines: &mut String, term: &str, places: &Places) {
    lines.push_str(term);
    lines.push(':');
    push_numbers(lines, &places.names);
    if !places.texts.is_empty() {
        lines.push(';');
        push_numbers(lines, &places.texts);
    }
    lines.push('\n');
}

fn push_numbers(line: &mut String, numbers: &[usize]) {
    if numbers.len() > COMMON {
        line.push('*');
    }
    let mut last = 0;
    for (place, &number) in numbers.iter().take(COMMON).enumerate() {
        if place > 0 {
            line.push(',');
        }
        push_base_36(line, number - last);
        last = number;
    }
}

fn push_base_36(line: &mut String, number: usize) {
    if number >= 36 {
        push_base_36(line, number / 36);
    }
    let digit = u32::try_from(number % 36).expect("a digit");
    line.push(char::from_digit(digit, 36).expect("less than the base"));
}

/// The shortest beginning of `term` that is greater than `last`: enough to tell in which shard a term is.
fn shortest_between(last: &str, term: &str) -> String {
    let same = term.chars().zip(last.chars()).take_while(|(a, b)| a == b).count();
    term.chars().take(same + 1).collect()
}

/// Whether words are not told apart by spaces in the script of a character.
fn is_unspaced(letter: char) -> bool {
    matches!(u32::from(letter), 0x3005..=0x3007 | 0x3041..=0x30ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0x20000..=0x3ffff)
}

/// The runs of a text: Chinese characters, or letters and digits.
fn runs(folded: &str) -> Vec<&str> {
    let mut runs = Vec::new();
    let mut start = 0;
    let mut before: Option<bool> = None;
    for (at, letter) in folded.char_indices().chain([(folded.len(), ' ')]) {
        let joins = matches!(letter, '.' | '-' | '\'' | '&' | '/');
        let kind = match is_unspaced(letter) {
            true => Some(true),
            false if letter.is_alphanumeric() => Some(false),
            // A hyphen inside a word belongs to it: `19.1a03-06`.
            false if joins && before == Some(false) => {
                let next = folded[at + letter.len_utf8()..].chars().next();
                next.is_some_and(|next| next.is_alphanumeric() && !is_unspaced(next)).then_some(false)
            }
            false => None,
        };
        if kind != before {
            if before.is_some() {
                runs.push(&folded[start..at]);
            }
            start = at;
            before = kind;
        }
    }
    runs
}

/// The terms of a text: its words, the parts of compounds, and the pairs of its Chinese characters.
fn words(text: &str, folds: &Folds) -> BTreeSet<String> {
    words_of(&folds.folded(text)).into_iter().map(str::to_owned).collect()
}

/// The terms of a folded text, each as often as it stands there.
fn words_of(folded: &str) -> Vec<&str> {
    let mut terms = Vec::new();
    for run in runs(folded) {
        let mut letters = run.char_indices();
        let Some((_, first)) = letters.next() else { continue };
        if is_unspaced(first) {
            let mut before = 0;
            let mut pairs = 0;
            for (at, letter) in letters {
                terms.push(&run[before..at + letter.len_utf8()]);
                (before, pairs) = (at, pairs + 1);
            }
            // Who types one character finds what begins with it, or what is nothing else.
            if pairs == 0 {
                terms.push(run);
            }
            continue;
        }
        terms.push(run);
        let parts = run.split(|letter: char| !letter.is_alphanumeric());
        let parts = parts.filter(|part| part.len() < run.len() && part.chars().nth(1).is_some());
        terms.extend(parts);
    }
    terms
}

/// The pinyin of a name and its initials, from each of its characters on.
fn spellings(name: &str, folds: &Folds) -> BTreeSet<String> {
    let folded = folds.folded(name);
    let mut terms = BTreeSet::new();
    for run in runs(&folded) {
        let syllables: Vec<Vec<&str>> = run
            .to_pinyin_multi()
            .map_while(|readings| {
                let mut readings: Vec<&str> = readings?.into_iter().map(|reading| reading.plain()).collect();
                let mut known = BTreeSet::new();
                readings.retain(|reading| known.insert(*reading));
                Some(readings)
            })
            .collect();
        for start in 0..syllables.len().saturating_sub(1) {
            let rest = &syllables[start..];
            terms.extend(spelt(rest, SYLLABLES, |reading| reading));
            terms.extend(spelt(rest, INITIALS, |reading| reading.get(..1).unwrap_or_default()));
        }
    }
    terms
}

/// The ways to spell the first syllables.
fn spelt<'r>(syllables: &[Vec<&'r str>], most: usize, part: impl Fn(&'r str) -> &'r str) -> BTreeSet<String> {
    let mut spelt = vec![String::new()];
    for readings in syllables.iter().take(most) {
        // The usual reading first; a rare one only where there are few ways yet.
        spelt = readings
            .iter()
            .map(|reading| part(reading))
            .flat_map(|part| spelt.iter().map(move |begun| format!("{begun}{part}")))
            .take(READINGS)
            .collect();
    }
    let cut = if syllables.len() > most { CUT.to_string() } else { String::new() };
    spelt.into_iter().map(|spelt| spelt + &cut).collect()
}

/// What a reader sees of some HTML.
pub fn text_of(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        let tag = &rest[at..];
        let inline =
            ["<a ", "</a", "<em", "</em", "<str", "</str", "<code", "</code", "<wbr", "<span", "</span"];
        if !inline.iter().any(|begin| tag.starts_with(begin)) {
            text.push(' ');
        }
        rest = tag.find('>').map_or("", |end| &tag[end + 1..]);
    }
    text.push_str(rest);
    unescape(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn has(terms: &BTreeSet<String>, wanted: &[&str]) {
        for term in wanted {
            assert!(terms.contains(*term), "{term} is not among {terms:?}");
        }
    }

    fn found(text: &str) -> BTreeSet<String> {
        words(text, &Folds::parse("ø=o đ=d ł=l ß=ss"))
    }

    fn spelt_out(name: &str) -> BTreeSet<String> {
        spellings(name, &Folds::default())
    }

    #[test]
    fn letters_of_other_scripts_are_folded_as_the_words_say() {
        let folds = Folds::parse("ى=ي ة=ه ٱ=ا ـ=");
        has(&words("إدارة المَعْرِض، مستشفى ـ رحــلة", &folds), &["اداره", "المعرض", "مستشفي", "رحله"]);
    }

    #[test]
    fn names_are_found_by_pairs_words_codes_and_without_accents() {
        has(&found("广州玩具"), &["广州", "州玩", "玩具"]);
        has(&found("“i-邀请”活动"), &["i", "邀请", "活动"]);
        has(&found("19.1A03-06"), &["19.1a03-06", "19", "1a03", "06"]);
        has(&found("Cafés Łódź & Søn, Ｅ０００１４"), &["cafes", "lodz", "son", "e00014"]);
        assert_eq!(found("——，"), BTreeSet::new());
    }

    #[test]
    fn chinese_is_found_by_pinyin_and_by_initials() {
        has(&spelt_out("厦门茶具"), &["xiamenchaju", "menchaju", "xmcj", "mcj", "chaju", "cj"]);
        has(&spelt_out("长春乐器有限公司"), &["changchunleqi!", "zhangchunyueqi!", "ccyqyx!"]);
        assert_eq!(spelt_out("Toys 12"), BTreeSet::new());
    }

    #[test]
    fn shards_are_in_order_and_the_table_leads_to_them() {
        let entry = |number: usize| Entry {
            path: format!("{number}/"),
            title: format!("企业{number}号有限公司"),
            ..Entry::default()
        };
        let entries: Vec<Entry> = (0..3000).map(entry).collect();
        let index = index(&entries, &Folds::default());
        let file = |name: &str| {
            let (_, bytes) = index.files.iter().find(|(known, _)| known == name).expect(name);
            String::from_utf8(bytes.clone()).unwrap()
        };
        let table: serde_json::Value = serde_json::from_str(&file("index.json")).unwrap();
        let starts: Vec<&str> =
            table["starts"].as_array().unwrap().iter().map(|s| s.as_str().unwrap()).collect();
        assert!(starts.len() > 2);
        for (number, start) in starts.iter().enumerate() {
            let shard = file(&format!("t{number}.txt"));
            assert!(shard.len() < 2 * SHARD, "{number}: {}", shard.len());
            for line in shard.lines() {
                let (term, _) = line.split_once(':').unwrap();
                assert!(term >= *start, "{term} < {start}");
                assert!(starts.get(number + 1).is_none_or(|next| term < *next), "{term} in {number}");
            }
        }
        let line = |term: &str| {
            let begin = format!("{term}:");
            let shard = starts.iter().rposition(|start| *start <= term).unwrap();
            file(&format!("t{shard}.txt"))
                .lines()
                .find_map(|line| line.strip_prefix(&begin).map(str::to_owned))
        };
        assert_eq!(line("1234").as_deref(), Some("ya"));
        let common = line("有限").unwrap();
        assert!(common.starts_with("*0,1,1,") && common.split(',').count() == COMMON, "{common}");
        let shown: serde_json::Value = serde_json::from_str(&file("e1.json")).unwrap();
        assert_eq!(shown[0], json!(["16/", "企业16号有限公司", "", ""]));
    }

    #[test]
    fn short_ways_lead_to_the_same() {
        let folds = Folds::parse("ø=o đ=d ł=l ß=ss");
        for text in [
            "广州（Ａ１），Café ΣΑΣ",
            "İSTANBUL ΑΣ. ﬁ ½ ㎏",
            "豈 가각 A\u{301}\u{327}b～－／．",
            "　、。·—…“”",
        ] {
            assert_eq!(folds.folded(text), folds.folded_slowly(text), "{text}");
        }
        for letter in ('\0'..='\u{2ffff}').filter(|letter| *letter != 'Σ') {
            let text = letter.to_string();
            assert_eq!(folds.folded(&text), folds.folded_slowly(&text), "{letter:?}");
        }
        let mut terms =
            ["", "a", "ab", "é", "乙", "\u{e000}", "\u{ffee}", "𠮷", "𠮷a", "\u{10ffff}", "a\u{ffee}", "a𠮷"];
        let mut known = terms;
        terms.sort_by(|one, other| in_utf16(one, other));
        known.sort_by(|one, other| one.encode_utf16().cmp(other.encode_utf16()));
        assert_eq!(terms, known);
    }

    #[test]
    fn the_text_of_a_page_has_no_markup() {
        assert_eq!(text_of("<p>甲<em>乙</em></p><ul><li>a &amp; b</li></ul>"), " 甲乙   a & b  ");
    }
}
