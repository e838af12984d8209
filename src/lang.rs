//! Languages, words in several of them, and catalogs of interface words.
//!
//! Chinese and English have names here; every other language comes by its code, with its own plural forms:
//!
//! ```
//! use jinbang::lang::{Lang, Plurals};
//!
//! assert_eq!(Lang::ZH.tag(), "zh-Hans");
//! let polish: Lang = "pl".parse()?;
//! assert_eq!([1, 2, 5].map(|number| Plurals::new(polish).form(number)), ["one", "few", "many"]);
//! assert!("Polish!".parse::<Lang>().is_err());
//! # Ok::<(), String>(())
//! ```

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde::{Serialize, Serializer};

pub use collation::Collation;
pub use invariants::{Invariant, Reading, address, invariants};
pub use line_breaks::line_pieces;
pub use plural::{FORMS, Plurals};

mod collation;
mod invariants;
mod line_breaks;
mod plural;

/// A language, by the code that stands in file names and addresses: `zh`, `en`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lang([u8; 8]);

impl Lang {
    /// Chinese.
    pub const ZH: Lang = Lang(*b"zh\0\0\0\0\0\0");
    /// English.
    pub const EN: Lang = Lang(*b"en\0\0\0\0\0\0");

    /// The code.
    pub fn code(&self) -> &str {
        let length = self.0.iter().position(|&byte| byte == 0).unwrap_or(self.0.len());
        std::str::from_utf8(&self.0[..length]).expect("a code is ASCII")
    }

    /// The tag for `lang` and `hreflang`. Chinese is simplified Chinese.
    pub fn tag(&self) -> &str {
        match *self {
            Lang::ZH => "zh-Hans",
            _ => self.code(),
        }
    }
}

/// Codes of countries that are codes of no language, and the languages that are meant by them.
const OF_COUNTRIES: [(&str, &str); 8] = [
    ("jp", "ja"),
    ("cn", "zh"),
    ("ua", "uk"),
    ("cz", "cs"),
    ("dk", "da"),
    ("gr", "el"),
    ("vn", "vi"),
    ("us", "en"),
];

impl Lang {
    /// The language that is meant by the code of a country which is that of no language.
    pub fn of_country(code: &str) -> Option<Lang> {
        let (_, meant) = OF_COUNTRIES.iter().find(|(country, _)| *country == code)?;
        meant.parse().ok()
    }
}

impl FromStr for Lang {
    type Err = String;

    fn from_str(code: &str) -> Result<Lang, String> {
        let fits = (2..=8).contains(&code.len());
        if !fits || !code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') {
            let torn = match code.contains([' ', '.']) || code.starts_with(char::is_uppercase) {
                true => "; inside braces a text with a comma needs quotation marks",
                false => "",
            };
            return Err(format!("`{code}` is not a language code such as `zh` or `en`{torn}"));
        }
        if let Some((_, meant)) = OF_COUNTRIES.iter().find(|(country, _)| *country == code) {
            return Err(format!("`{code}` is the code of a country\nwrite `{meant}` for the language"));
        }
        let mut bytes = [0; 8];
        bytes[..code.len()].copy_from_slice(code.as_bytes());
        Ok(Lang(bytes))
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Lang {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Lang, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

impl JsonSchema for Lang {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Lang".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^[a-z-]{2,8}$",
            "description": "The code of a language, such as `zh` or `en`."
        })
    }
}

impl Serialize for Lang {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// A text in several languages.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Localized {
    texts: BTreeMap<Lang, String>,
}

impl<'de> Deserialize<'de> for Localized {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Localized, D::Error> {
        struct Texts;

        impl<'de> Visitor<'de> for Texts {
            type Value = Localized;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text in every language")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Localized, A::Error> {
                let texts = BTreeMap::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Localized { texts })
            }
        }

        deserializer.deserialize_map(Texts)
    }
}

impl Localized {
    /// A text in Chinese and English.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Localized {
        Localized { texts: BTreeMap::from([(Lang::ZH, zh.into()), (Lang::EN, en.into())]) }
    }

    /// The text in a language. Where it is missing, the text in any language, so that a message can
    /// still name the thing; what is published is checked by [`Localized::missing`] first.
    pub fn get(&self, lang: Lang) -> &str {
        let text = self.texts.get(&lang).or_else(|| self.texts.values().next());
        text.map(String::as_str).unwrap_or_default()
    }

    /// The text in a language, if there is one.
    pub fn find(&self, lang: Lang) -> Option<&str> {
        self.texts.get(&lang).map(String::as_str)
    }

    /// The languages among `wanted` in which the text is absent or empty.
    pub fn missing(&self, wanted: &[Lang]) -> Vec<Lang> {
        let absent = |lang: &&Lang| self.find(**lang).is_none_or(|text| text.trim().is_empty());
        wanted.iter().filter(absent).copied().collect()
    }

    /// Gives the text in a language.
    pub fn insert(&mut self, lang: Lang, text: impl Into<String>) {
        self.texts.insert(lang, text.into());
    }

    /// The languages in which the text is given.
    pub fn languages(&self) -> impl Iterator<Item = Lang> {
        self.texts.keys().copied()
    }
}

/// Whether a text that is the same in two languages was plainly not translated: it has letters that only one of them
/// writes, or is a sentence. Names in Latin letters, codes and patterns are the same in many languages.
pub fn is_untranslated(text: &str) -> bool {
    if !has_latin_letters_only(text) {
        return true;
    }
    let is_common = |word: &&str| {
        let word = word.trim_end_matches(['.', ',', ';', ':', '!', '?']);
        word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_lowercase())
    };
    let words = text.split_whitespace();
    let (common, all) = (words.clone().filter(is_common).count(), words.count());
    common >= 3 && common * 2 >= all
}

/// Whether a title is written in other letters than the text that stands below it, as when it was left in another
/// language: in Latin letters alone above a text in Chinese, or in Chinese above one that has none. A name that the text
/// uses as well is at home there.
pub fn is_in_other_letters(title: &str, summary: &str, text: &str) -> bool {
    let has_latin = |text: &str| text.chars().any(|letter| letter.is_alphabetic() && is_latin(letter));
    let others = |text: &str| text.chars().filter(|c| c.is_alphabetic() && !is_latin(*c)).count();
    let words = |text: &str| text.split_whitespace().filter(|word| has_latin(word)).count();
    let differs = match (has_latin(title), others(title)) {
        (true, 0) => others(summary) > words(summary),
        (false, 1..) => has_latin(summary) && others(summary) == 0,
        _ => false,
    };
    differs && !summary.contains(title.trim()) && !text.contains(title.trim())
}

/// Whether all letters of a text are Latin ones.
pub fn has_latin_letters_only(text: &str) -> bool {
    text.chars().all(|letter| !letter.is_alphabetic() || is_latin(letter))
}

fn is_latin(letter: char) -> bool {
    matches!(u32::from(letter), 0..=0x024f | 0x1e00..=0x1eff | 0xff21..=0xff5a)
}

/// Interface words by dotted key, such as `notice.open`, in one language. A word may hold `{name}`
/// places, and may have forms for several numbers, by the rules of the language.
#[derive(Clone, Default, Debug)]
pub struct Catalog {
    words: BTreeMap<String, String>,
    plurals: Plurals,
}

impl Catalog {
    /// A catalog of words of a language by dotted key.
    pub fn new(lang: Lang, words: BTreeMap<String, String>) -> Catalog {
        Catalog { words, plurals: Plurals::new(lang) }
    }

    /// The keys, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.words.keys().map(String::as_str)
    }

    /// The word of a key.
    pub fn word(&self, key: &str) -> Option<&str> {
        self.words.get(key).map(String::as_str)
    }

    /// The word of a key, its places filled. A number named `n` chooses among the forms `key.one`,
    /// `key.other` and so on, where the catalog has them.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> Option<String> {
        if let Some(word) = self.word(key) {
            return Some(fill_isolated(word, values));
        }
        let number = values.iter().find(|(name, _)| *name == "n").and_then(|(_, value)| value.parse().ok());
        let form = number.map_or("other", |number| self.plurals.form(number));
        // A form that is not there is as the others.
        let word = self.word(&format!("{key}.{form}")).or_else(|| self.word(&format!("{key}.other")))?;
        Some(fill_isolated(word, values))
    }
}

/// Puts values into the `{name}` places of a text that people read. Where left-to-right and right-to-left
/// letters meet, a value is set apart by invisible characters, so that its full stops and brackets stay
/// where they belong.
pub fn fill_isolated(text: &str, values: &[(&str, &str)]) -> String {
    let leftward = |text: &str| text.chars().any(is_leftward);
    if !leftward(text) && !values.iter().any(|(_, value)| leftward(value)) {
        return fill(text, values);
    }
    let apart: Vec<(&str, String)> = values
        .iter()
        .map(|(name, value)| (*name, isolated(value).unwrap_or_else(|| value.to_string())))
        .collect();
    let apart: Vec<(&str, &str)> = apart.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fill(text, &apart)
}

/// A text with left-to-right letters, set apart for a text of the other direction.
fn isolated(text: &str) -> Option<String> {
    let rightward = |letter: char| letter.is_alphabetic() && !is_leftward(letter);
    text.chars().any(rightward).then(|| format!("\u{2068}{text}\u{2069}"))
}

/// Whether a character is written from right to left.
pub fn is_leftward(letter: char) -> bool {
    matches!(
        u32::from(letter),
        0x0590..=0x08ff | 0xfb1d..=0xfdff | 0xfe70..=0xfefc | 0x10800..=0x10fff | 0x1e800..=0x1efff
    )
}

/// Puts values into the `{name}` places of a text. A place that is not named stays as it is.
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        filled.push_str(&rest[..open]);
        rest = &rest[open..];
        let Some(close) = rest.find('}') else { break };
        match values.iter().find(|(name, _)| *name == &rest[1..close]) {
            Some((_, value)) => filled.push_str(value),
            None => filled.push_str(&rest[..=close]),
        }
        rest = &rest[close + 1..];
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_chooses_the_form() {
        let words = [("list.count.one", "{n} entry"), ("list.count.other", "{n} entries")];
        let catalog = Catalog::new(Lang::EN, words.map(|(k, w)| (k.to_owned(), w.to_owned())).into());
        assert_eq!(catalog.fill("list.count", &[("n", "1")]).as_deref(), Some("1 entry"));
        assert_eq!(catalog.fill("list.count", &[("n", "2")]).as_deref(), Some("2 entries"));
        assert_eq!(catalog.fill("list.gone", &[]), None);
    }

    #[test]
    fn names_that_are_the_same_are_no_matter() {
        for name in ["LocknLock", "Wal-Mart de Mexico y Centroamerica", "{n}", "PDF, XLSX", "19.1A03", " · "]
        {
            assert!(!is_untranslated(name), "{name}");
        }
        let markup = "<a href=\"{url}\"><img src=\"{badge}\" width=\"280\" height=\"72\" alt=\"{alt}\"></a>";
        assert!(!is_untranslated(markup));
        for text in ["乐扣乐扣", "Kitchen utensils and other goods for the home.", "ذهبية"] {
            assert!(is_untranslated(text), "{text}");
        }
    }

    #[test]
    fn a_title_in_other_letters_is_told_from_a_name() {
        let zh = "夜游的安排和报名办法。";
        assert!(is_in_other_letters("Night Tour", zh, "每晚八点出发。"));
        assert!(is_in_other_letters("夜游", "When it leaves, and how to sign up.", "At eight."));
        assert!(is_in_other_letters("Night tour", "جولة ليلية في المدينة", ""));
        // Names that the text uses, titles with letters of both, and titles without letters.
        assert!(!is_in_other_letters("TikTok Shop", zh, "在 TikTok Shop 上直播。"));
        assert!(!is_in_other_letters("Vlog 计划", zh, ""));
        assert!(!is_in_other_letters("2025", zh, ""));
        assert!(!is_in_other_letters("夜游", "Facebook、Instagram 和 TikTok 直播", ""));
        assert!(!is_in_other_letters("Night tour", "The 好宝 tour by night.", ""));
    }

    #[test]
    fn what_runs_the_other_way_is_set_apart() {
        assert_eq!(fill_isolated("{a}: {n}", &[("a", "Co., Ltd."), ("n", "2")]), "Co., Ltd.: 2");
        let filled = fill_isolated("قائمة {a}: {n}", &[("a", "Co., Ltd."), ("n", "2")]);
        assert_eq!(filled, "قائمة \u{2068}Co., Ltd.\u{2069}: 2");
        let filled = fill_isolated("{a}: {b}", &[("a", "Co., Ltd."), ("b", "ذهبية")]);
        assert_eq!(filled, "\u{2068}Co., Ltd.\u{2069}: ذهبية");
    }

    #[test]
    fn places_are_filled_once_and_only_where_named() {
        assert_eq!(fill("{a} of {b} {c", &[("a", "{b}"), ("b", "2")]), "{b} of 2 {c");
    }
}
