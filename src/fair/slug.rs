//! Addresses and sort keys made of names: small Latin letters, digits and hyphens; Chinese in pinyin.

use std::collections::BTreeSet;

use pinyin::ToPinyin;
use unicode_normalization::UnicodeNormalization;

use crate::lang::{Lang, Localized};

/// The longest address that is proposed or taken.
const LONGEST: usize = 60;

/// Names that a page, a folder of the zone or a device of Windows has.
const RESERVED: [&str; 6] = ["fairs", "con", "prn", "aux", "nul", "index"];

/// Whether a text can be the address of a page: small letters and digits, in parts joined by hyphens.
pub fn is_slug(text: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    text.len() <= LONGEST && text.split('-').all(is_part) && !is_reserved(text)
}

/// Whether no page can have an address although it is written as one.
pub fn is_reserved(slug: &str) -> bool {
    let is_device = |name: &str| {
        slug.strip_prefix(name)
            .is_some_and(|number| number.len() == 1 && number.as_bytes()[0].is_ascii_digit())
    };
    RESERVED.contains(&slug) || is_device("com") || is_device("lpt")
}

/// An address that is not taken, from the English name or else from the Chinese one.
pub(super) fn free_slug(name: &Localized, taken: &BTreeSet<String>) -> String {
    let english = name.find(Lang::EN).map(slug_of).filter(|slug| slug != FALLBACK);
    let slug = english.unwrap_or_else(|| slug_of(name.get(Lang::ZH)));
    let numbered = (2..).map(|number| format!("{slug}-{number}"));
    std::iter::once(slug.clone())
        .chain(numbered)
        .find(|slug| is_slug(slug) && !taken.contains(slug))
        .expect("one of so many numbers is free")
}

/// The address of a name without a letter or digit.
const FALLBACK: &str = "enterprise";

/// The address that a name gives: its letters without accents, Chinese ones in pinyin; without the form of the company.
pub fn slug_of(name: &str) -> String {
    const FORMS: [&str; 20] = [
        "co",
        "ltd",
        "limited",
        "inc",
        "llc",
        "gmbh",
        "ag",
        "sa",
        "plc",
        "corp",
        "corporation",
        "company",
        "bv",
        "nv",
        "oy",
        "ab",
        "spa",
        "sas",
        "kg",
        "pte",
    ];
    let mut parts: Vec<String> = Vec::new();
    let mut last = Letter::Other;
    for word in words(without_form(name)) {
        let kind = word.kind;
        match (kind, last, parts.last_mut()) {
            // The syllables of a Chinese word are one part.
            (Letter::Han, Letter::Han, Some(part)) => part.push_str(&word.text),
            _ => parts.push(word.text),
        }
        last = kind;
    }
    while parts.len() > 1 && parts.last().is_some_and(|part| FORMS.contains(&part.as_str())) {
        parts.pop();
    }
    let mut slug = String::new();
    for part in parts {
        if slug.len() + 1 + part.len() > LONGEST - 10 {
            if slug.is_empty() {
                slug.push_str(&part[..part.len().min(LONGEST - 10)]);
            }
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(&part);
    }
    match slug.as_str() {
        "" => FALLBACK.to_owned(),
        slug if is_reserved(slug) => format!("{slug}-2"),
        slug => slug.to_owned(),
    }
}

/// A Chinese name without the form of the company at its end.
fn without_form(name: &str) -> &str {
    let mut name = name.trim();
    for form in ["有限责任公司", "股份有限公司", "有限公司", "公司"] {
        if let Some(rest) = name.strip_suffix(form).filter(|rest| !rest.is_empty()) {
            name = rest;
        }
    }
    name
}

/// The key by which lists in Chinese sort a name: its syllables in pinyin, other words in small letters.
pub(super) fn sort_key(name: &str) -> String {
    words(name).into_iter().map(|word| word.text).collect::<Vec<String>>().join(" ")
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Letter {
    Han,
    Latin,
    Other,
}

struct Word {
    kind: Letter,
    text: String,
}

/// Readings in names that the usual reading of a character misses; longer ones first.
const READINGS: [(&str, &[&str]); 17] = [
    ("重庆", &["chong", "qing"]),
    ("厦门", &["xia", "men"]),
    ("增长", &["zeng", "zhang"]),
    ("成长", &["cheng", "zhang"]),
    ("家长", &["jia", "zhang"]),
    ("长", &["chang"]),
    ("都", &["du"]),
    ("银行", &["yin", "hang"]),
    ("商行", &["shang", "hang"]),
    ("洋行", &["yang", "hang"]),
    ("车行", &["che", "hang"]),
    ("行业", &["hang", "ye"]),
    ("音乐", &["yin", "yue"]),
    ("乐器", &["yue", "qi"]),
    ("乐", &["le"]),
    ("会计", &["kuai", "ji"]),
    ("朝阳", &["chao", "yang"]),
];

/// The words of a name in small Latin letters: a syllable for each Chinese letter, others as they stand, without accents.
fn words(name: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut inside = false;
    let name: String = name.nfkc().collect();
    let mut rest = name.as_str();
    'letters: while let Some(letter) = rest.chars().next() {
        for (written, syllables) in READINGS {
            if let Some(behind) = rest.strip_prefix(written) {
                words.extend(
                    syllables.iter().map(|text| Word { kind: Letter::Han, text: (*text).to_owned() }),
                );
                (rest, inside) = (behind, false);
                continue 'letters;
            }
        }
        rest = &rest[letter.len_utf8()..];
        if let Some(pinyin) = letter.to_pinyin() {
            words.push(Word { kind: Letter::Han, text: pinyin.plain().replace('ü', "v") });
            inside = false;
            continue;
        }
        // An apostrophe is within a word: Lowe's.
        if matches!(letter, '\'' | '\u{2019}') {
            continue;
        }
        let plain = plain_letters(letter);
        if plain.is_empty() {
            inside = false;
            continue;
        }
        match words.last_mut().filter(|_| inside) {
            Some(word) => word.text.push_str(&plain),
            None => words.push(Word { kind: Letter::Latin, text: plain }),
        }
        inside = true;
    }
    words
}

/// A letter or digit in small letters of ASCII; nothing for what is none.
fn plain_letters(letter: char) -> String {
    let whole = match letter {
        'ß' | 'ẞ' => "ss",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'ø' | 'Ø' => "o",
        'ł' | 'Ł' => "l",
        'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'þ' | 'Þ' => "th",
        'ı' => "i",
        _ => "",
    };
    if !whole.is_empty() {
        return whole.to_owned();
    }
    let bare = std::iter::once(letter).nfd().filter(char::is_ascii_alphanumeric);
    bare.map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_made_of_the_name() {
        for (name, slug) in [
            ("Kawan Lama", "kawan-lama"),
            ("Müller & Söhne GmbH", "muller-sohne"),
            ("Foo Trading Co., Ltd.", "foo-trading"),
            ("Lowe's Companies, Inc.", "lowes-companies"),
            ("星河虚构零售有限公司", "xinghexugoulingshou"),
            ("土耳其Arzum公司", "tuerqi-arzum"),
            ("Ströß Łódź", "stross-lodz"),
            ("Fairs", "fairs-2"),
            ("！？", "enterprise"),
        ] {
            assert_eq!(slug_of(name), slug, "{name}");
            assert!(is_slug(&slug_of(name)), "{name}");
        }
        let long = slug_of(&"very long name ".repeat(20));
        assert!(is_slug(&long), "{long}");
    }

    #[test]
    fn an_address_is_small_letters_digits_and_hyphens() {
        for slug in ["a", "kawan-lama", "3m", "a-1"] {
            assert!(is_slug(slug), "{slug}");
        }
        for slug in
            ["", "-a", "a-", "a--b", "A", "a b", "a/b", "..", "甲", "fairs", "con", "lpt1", "a.b", "a_b"]
        {
            assert!(!is_slug(slug), "{slug}");
        }
    }

    #[test]
    fn a_sort_key_is_the_name_in_pinyin() {
        assert_eq!(sort_key("土耳其Arzum公司"), "tu er qi arzum gong si");
        assert_eq!(sort_key("重庆长城商行"), "chong qing chang cheng shang hang");
        assert_eq!(sort_key("女子"), "nv zi");
    }

    #[test]
    fn two_names_get_two_addresses() {
        let taken = BTreeSet::from(["alpha".to_owned(), "alpha-2".to_owned()]);
        assert_eq!(free_slug(&Localized::new("甲", "Alpha"), &taken), "alpha-3");
        assert_eq!(free_slug(&Localized::new("甲乙", "甲乙"), &taken), "jiayi");
    }
}
