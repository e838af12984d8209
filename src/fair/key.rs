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

/// The key of an e-mail address: NFKC, without white space and format characters, in lower case. Only an
/// address with exactly one `@` and text on both sides has one.
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
    let mut at = memchr::memchr_iter(b'@', key.as_bytes());
    match (at.next(), at.next()) {
        (Some(place), None) => place > 0 && place + 1 < key.len(),
        _ => false,
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
pub(super) fn buyer_number(value: &str) -> Cow<'_, str> {
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

/// A word as it is compared: NFKC, case folded, without spaces and underscores.
pub(super) fn word(value: &str) -> String {
    let normal: String = value.nfkc().collect();
    let folded = CaseMapper::new().fold_string(&normal);
    folded.chars().filter(|c| !c.is_whitespace() && *c != '_').collect()
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
