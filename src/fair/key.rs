//! Keys by which a buyer and an invitation are matched: values after normalising. Two values match when
//! their keys are equal; nothing is fuzzy. A value without a key matches nothing.

use std::borrow::Cow;

use icu_casemap::CaseMapper;
use icu_properties::props::{EnumeratedProperty, GeneralCategory, GeneralCategoryGroup};
use unicode_normalization::UnicodeNormalization;

/// The key of an invitation code: NFKC, without white space and format characters, in upper case.
/// Writes it to `key`; false where nothing is left.
pub fn code_key(value: &str, key: &mut String) -> bool {
    key.clear();
    if is_plain(value) {
        key.push_str(value);
        key.make_ascii_uppercase();
    } else if value.is_ascii() {
        key.extend(value.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()));
    } else {
        let bare = without_space(value);
        key.push_str(&bare.to_uppercase());
    }
    !key.is_empty()
}

/// The key of one e-mail address: NFKC, without white space and format characters, in lower case. Only an
/// address with exactly one `@` and text on both sides has one. A cell is read by [`email_keys`].
pub fn email_key(value: &str, key: &mut String) -> bool {
    key.clear();
    if is_plain(value) {
        key.push_str(value);
        key.make_ascii_lowercase();
    } else if value.is_ascii() {
        key.extend(value.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()));
    } else {
        let bare = without_space(value);
        key.push_str(&bare.to_lowercase());
    }
    is_address(key)
}

/// Whether a cell of e-mail addresses holds anything else.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EmailCell {
    /// Addresses, or nothing.
    Addresses,
    /// Also something that is no address, or an address with a remark.
    OtherText,
}

/// The keys of a cell of e-mail addresses, in their order; `key` is where they are made. Addresses are separated by
/// `;`, `,`, `、`, `|`, in whatever width, and by line breaks, unless those are in quotation marks, and by the end of
/// an `<address>`. A name before an `<address>`, quotation marks around it and `mailto:` in front are dropped. An
/// address that is written twice is handed over twice.
pub fn email_keys(value: &str, key: &mut String, mut take: impl FnMut(&str)) -> EmailCell {
    if is_single_address(value.as_bytes()) {
        key.clear();
        key.push_str(value);
        key.make_ascii_lowercase();
        return match is_address(key) {
            true => {
                take(key);
                EmailCell::Addresses
            }
            false => EmailCell::OtherText,
        };
    }
    let normal: Cow<'_, str> = match value.is_ascii() {
        true => value.into(),
        false => value.nfkc().collect::<String>().into(),
    };
    let mut holds = EmailCell::Addresses;
    for part in AddressParts(&normal) {
        let bare: String = part.chars().filter(|&c| !c.is_whitespace() && !is_format(c)).collect();
        if bare.is_empty() {
            continue;
        }
        key.clear();
        key.push_str(&address_of(&bare).to_lowercase());
        let is_key = is_address(key);
        if is_key {
            take(key);
        }
        if !is_key || key.contains(['(', ')', '[', ']', '<', '>', ':', '"', '。', '，']) {
            holds = EmailCell::OtherText;
        }
    }
    holds
}

/// Whether a cell can hold only one address, with nothing around it: ASCII without white space and without the signs
/// that mean something in a list of addresses.
fn is_single_address(value: &[u8]) -> bool {
    /// Signs that may separate addresses, quote names or stand around an address.
    const SIGNS: &[u8] = b";,|<>\"':()[]";
    const PLAIN: [bool; 256] = {
        let mut plain = [false; 256];
        let mut byte = b'!' as usize;
        while byte <= b'~' as usize {
            plain[byte] = true;
            byte += 1;
        }
        let mut sign = 0;
        while sign < SIGNS.len() {
            plain[SIGNS[sign] as usize] = false;
            sign += 1;
        }
        plain
    };
    !value.is_empty() && value.iter().all(|&byte| PLAIN[usize::from(byte)])
}

/// Whether a text has exactly one `@`, with text on both sides.
fn is_address(text: &str) -> bool {
    let mut at = memchr::memchr_iter(b'@', text.as_bytes());
    match (at.next(), at.next()) {
        (Some(place), None) => place > 0 && place + 1 < text.len(),
        _ => false,
    }
}

/// The address in a part of a cell, which has no white space any more.
fn address_of(part: &str) -> &str {
    let mut address = match part.rsplit_once('<') {
        Some((_, address)) => address.split('>').next().unwrap_or_default(),
        None => part,
    };
    loop {
        let before = address.len();
        address = address.trim_matches(is_quotation_mark);
        address = match address.get(..7) {
            Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => &address[7..],
            _ => address,
        };
        if address.len() == before {
            return address;
        }
    }
}

fn is_quotation_mark(c: char) -> bool {
    "\"'\u{2018}\u{2019}\u{201a}\u{201c}\u{201d}\u{201e}«»「」『』".contains(c)
}

/// The parts of a cell of e-mail addresses, after NFKC.
struct AddressParts<'t>(&'t str);

impl<'t> Iterator for AddressParts<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let text = self.0;
        let mut closing = None;
        let mut opened = false;
        for (at, c) in text.char_indices() {
            let rest = &text[at + c.len_utf8()..];
            if let Some(mark) = closing {
                closing = Some(mark).filter(|mark| *mark != c);
                continue;
            }
            match c {
                ';' | ',' | '、' | '|' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}'
                | '\u{2029}' => {
                    self.0 = rest;
                    return Some(&text[..at]);
                }
                '>' if opened => {
                    self.0 = rest;
                    return Some(&text[..=at]);
                }
                '<' => opened = true,
                // An apostrophe is a quotation mark only at the beginning.
                '\'' if !text[..at].trim().is_empty() => {}
                '"' | '\'' | '“' | '「' => {
                    let mark = match c {
                        '“' => '”',
                        '「' => '」',
                        same => same,
                    };
                    // One that is never closed does not quote.
                    closing = Some(mark).filter(|mark| rest.contains(*mark));
                }
                _ => {}
            }
        }
        self.0 = "";
        (!text.is_empty()).then_some(text)
    }
}

/// The key of a company's name: NFKC, full case folding, then only letters, marks and digits.
pub fn company_key(value: &str, key: &mut String) -> bool {
    key.clear();
    if value.is_ascii() {
        key.extend(
            value.bytes().filter(u8::is_ascii_alphanumeric).map(|b| char::from(b.to_ascii_lowercase())),
        );
    } else if value.chars().all(is_settled) {
        key.extend(
            value
                .chars()
                .filter(|c| !c.is_ascii() || c.is_ascii_alphanumeric())
                .map(|c| c.to_ascii_lowercase()),
        );
    } else {
        let normal: String = value.nfkc().collect();
        let folded = CaseMapper::new().fold_string(&normal);
        let kept = GeneralCategoryGroup::Letter
            .union(GeneralCategoryGroup::Number)
            .union(GeneralCategoryGroup::Mark);
        key.extend(folded.chars().filter(|&c| kept.contains(GeneralCategory::for_char(c))));
    }
    !key.is_empty()
}

/// A buyer's number as it is compared: NFKC, without white space and format characters.
pub fn buyer_number(value: &str) -> Cow<'_, str> {
    if value.is_ascii() && !value.bytes().any(|byte| char::from(byte).is_whitespace()) {
        return value.into();
    }
    without_space(value).into()
}

/// Writes a text after NFKC and full case folding to `folded`.
pub(super) fn fold(value: &str, folded: &mut String) {
    folded.clear();
    if value.is_ascii() || value.chars().all(is_settled) {
        folded.push_str(value);
        folded.make_ascii_lowercase();
    } else {
        let normal: String = value.nfkc().collect();
        folded.push_str(&CaseMapper::new().fold_string(&normal));
    }
}

fn without_space(value: &str) -> String {
    value.nfkc().filter(|&c| !c.is_whitespace() && !is_format(c)).collect()
}

/// Whether a text is ASCII without white space.
fn is_plain(value: &str) -> bool {
    value.bytes().all(|byte| byte > b' ' && byte < 0x7f)
}

/// Whether a character is ASCII or a unified ideograph: a letter that neither NFKC nor case folding changes.
fn is_settled(c: char) -> bool {
    c.is_ascii() || ('\u{4e00}'..='\u{9fa5}').contains(&c)
}

fn is_format(c: char) -> bool {
    !c.is_ascii() && GeneralCategory::for_char(c) == GeneralCategory::Format
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn keyed(make: fn(&str, &mut String) -> bool, value: &str) -> Option<String> {
        let mut key = String::new();
        make(value, &mut key).then_some(key)
    }

    #[test]
    fn the_short_way_to_a_key_leads_to_the_same_key() {
        for value in ["广州A示例（B）有限公司", "中 ａ", "Größe 中", "一龥", "豈", "中\u{301}"]
        {
            let normal: String = value.nfkc().collect();
            let folded = CaseMapper::new().fold_string(&normal);
            let kept = |c: &char| {
                GeneralCategoryGroup::Letter
                    .union(GeneralCategoryGroup::Number)
                    .union(GeneralCategoryGroup::Mark)
                    .contains(GeneralCategory::for_char(*c))
            };
            assert_eq!(keyed(company_key, value), Some(folded.chars().filter(kept).collect()), "{value}");
        }
        for c in ('\u{4e00}'..='\u{9fa5}').step_by(7) {
            assert_eq!(keyed(company_key, &c.to_string()), Some(c.to_string()));
            assert_eq!(c.nfkc().collect::<String>(), c.to_string());
        }
    }

    #[test]
    fn codes_lose_space_width_and_case() {
        for value in ["AB-12", " ab- 12", "ＡＢ－１２", "a\u{ad}b-\u{a0}12", "ab-12\u{200b}"] {
            assert_eq!(keyed(code_key, value).as_deref(), Some("AB-12"), "{value:?}");
        }
        assert_eq!(keyed(code_key, "straße").as_deref(), Some("STRASSE"));
        assert_eq!(keyed(code_key, " \u{200d}"), None);
    }

    #[test]
    fn an_address_needs_one_at_sign_with_text_on_both_sides() {
        assert_eq!(keyed(email_key, " Ann@Example.COM").as_deref(), Some("ann@example.com"));
        assert_eq!(keyed(email_key, "ann＠example.com").as_deref(), Some("ann@example.com"));
        for value in ["ann", "@example.com", "ann@", "a@b@c", ""] {
            assert_eq!(keyed(email_key, value), None, "{value:?}");
        }
    }

    /// The keys of a cell, and `?` where it holds something else.
    fn keys_of(value: &str) -> String {
        let (mut keys, mut key) = (Vec::new(), String::new());
        let holds = email_keys(value, &mut key, |key| keys.push(key.to_owned()));
        keys.extend((holds == EmailCell::OtherText).then(|| "?".to_owned()));
        keys.join(" ")
    }

    #[test]
    fn a_cell_may_hold_several_addresses() {
        for value in [
            "ann@x.example; bob@y.example",
            "ANN@x.example,bob@y.example;",
            "ann@x.example、bob@y.example",
            "ann@x.example|bob@y.example",
            "ann@x.example；bob＠y.example",
            "ann@x.example， bob@y.example",
            "ann@x.example｜bob@y.example",
            "ann@x.example\nbob@y.example\r\n",
            "Ann <ann@x.example>, \"Bob\" <bob@y.example>",
            "\"Müller, Ann\" <ann@x.example>; 'B, Ob' <bob@y.example>",
            "“Müller, Ann” <ann@x.example>; <mailto:bob@y.example>",
            "\"ann@x.example\"; 'bob@y.example'",
            "MAILTO:ann@x.example ; “bob@y.example”",
            "ann@x.example <ann@x.example> Bob O'B <bob@y.example>",
            "'ann@x.example; bob@y.example",
            "a nn@x.example;\u{200b}; bob@\u{ad}y.example",
        ] {
            assert_eq!(keys_of(value), "ann@x.example bob@y.example", "{value:?}");
        }
    }

    #[test]
    fn what_is_no_address_in_a_cell_is_noticed() {
        for (value, keys) in [
            ("ann@x.example", "ann@x.example"),
            ("O'Brien@x.example", "o'brien@x.example"),
            ("ann@x.example; 无", "ann@x.example ?"),
            ("Ann <ann@x.example> (office)", "ann@x.example ?"),
            ("ann@x.example (office)", "ann@x.example(office) ?"),
            ("E-mail: ann@x.example", "e-mail:ann@x.example ?"),
            ("\"ann@x.example;bob@y.example\"", "?"),
            ("ann@x.example bob@y.example", "?"),
            ("Ann <>", "?"),
            ("n/a", "?"),
            (" ; \u{200b}", ""),
            ("", ""),
        ] {
            assert_eq!(keys_of(value), keys, "{value:?}");
        }
    }

    proptest! {
        #[test]
        fn one_address_has_one_key_however_its_cell_is_read(value in "[ -~]{0,6}@?[a-zＡ;.ß@ ]{0,9}") {
            let plain = !value.contains([';', ',', '|', '<', '>', '"', '\'', ':', '(', ')', '[', ']']);
            if plain && !value.trim().is_empty() {
                let expected = keyed(email_key, &value).unwrap_or_else(|| "?".to_owned());
                prop_assert_eq!(keys_of(&value), expected);
            }
            let mut count = 0;
            email_keys(&value, &mut String::new(), |_| count += 1);
            prop_assert!(count <= value.matches(['@', '＠']).count());
        }

        #[test]
        fn a_list_has_the_keys_of_its_members(
            names in proptest::collection::vec("[a-zA-Z0-9._-]{1,8}", 1..5),
            sign in "[;,|、；，｜\n]",
        ) {
            let addresses: Vec<String> = names.iter().map(|name| format!("{name}@x.example")).collect();
            prop_assert_eq!(keys_of(&addresses.join(&sign)), addresses.join(" ").to_lowercase());
        }
    }

    #[test]
    fn companies_are_letters_marks_and_digits() {
        for value in ["ACME Co., Ltd.", "acme co ltd", "Ａｃｍｅ　ＣＯ　ＬＴＤ", "A-C-M-E & CO (LTD)"]
        {
            assert_eq!(keyed(company_key, value).as_deref(), Some("acmecoltd"), "{value:?}");
        }
        assert_eq!(keyed(company_key, "Größe"), keyed(company_key, "GRÖSSE"));
        assert_eq!(keyed(company_key, "— / …"), None);
        // Case folding comes after NFKC, and neither is repeated: the folded dotted I keeps its mark.
        assert_eq!(keyed(company_key, "İ").as_deref(), Some("i\u{307}"));
    }
}
