//! Countries and regions: ISO 3166-1 alpha-2 codes and the names under which exports give them.

use std::fmt;
use std::sync::LazyLock;

use hashbrown::HashMap;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{Deserializer, Error};

use crate::data::fold_word;
use crate::lang::{Lang, Localized};
use crate::source::nearest;

/// A country or region by its ISO 3166-1 alpha-2 code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

struct Names {
    by_name: HashMap<String, Country>,
    names: Vec<(Country, Localized)>,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let mut by_name = HashMap::new();
    let mut names = Vec::new();
    for line in include_str!("countries.tsv").lines().filter(|line| !line.starts_with('#')) {
        let parts: Vec<&str> = line.split('\t').collect();
        let [code, zh, en, others] = parts[..] else {
            panic!("a line of countries.tsv has four parts: {line}")
        };
        let country = Country([code.as_bytes()[0], code.as_bytes()[1]]);
        for name in [code, zh, en].into_iter().chain(others.split('|').filter(|name| !name.is_empty())) {
            by_name.insert(fold_word(name), country);
        }
        names.push((country, Localized::new(zh, en)));
    }
    names.sort_by_key(|(country, _)| *country);
    Names { by_name, names }
});

impl Country {
    /// The Chinese mainland. Hong Kong, Macao and Taiwan have codes of their own and are 境外.
    pub const CHINA: Country = Country(*b"CN");

    /// The country of a code or a name in Chinese or English.
    pub fn find(text: &str) -> Option<Country> {
        NAMES.by_name.get(&fold_word(text)).copied()
    }

    /// All countries and regions of the list, by code.
    pub fn all() -> impl ExactSizeIterator<Item = Country> {
        NAMES.names.iter().map(|(country, _)| *country)
    }

    /// The code.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).expect("a code is ASCII")
    }

    /// The name in a language.
    pub fn name(&self, lang: Lang) -> &'static str {
        let found = NAMES.names.binary_search_by_key(self, |(country, _)| *country);
        NAMES.names[found.expect("a country comes from the list")].1.get(lang)
    }

    /// The name in a language, if the list has it.
    pub fn find_name(&self, lang: Lang) -> Option<&'static str> {
        let found = NAMES.names.binary_search_by_key(self, |(country, _)| *country);
        NAMES.names[found.expect("a country comes from the list")].1.find(lang)
    }

    /// All names and codes, folded, to suggest one for a misspelt one.
    pub(super) fn known_names() -> impl Iterator<Item = &'static str> {
        NAMES.names.iter().flat_map(|(_, name)| [name.get(Lang::ZH), name.get(Lang::EN)])
    }

    /// Whether a buyer from there is an overseas buyer (境外采购商).
    pub fn is_overseas(&self) -> bool {
        *self != Country::CHINA
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Country, D::Error> {
        let text = String::deserialize(deserializer)?;
        Country::find(&text).ok_or_else(|| {
            let meant = nearest(&text, Country::known_names());
            let meant = meant.map(|meant| format!("did you mean `{meant}`?\n")).unwrap_or_default();
            let allowed = "write the ISO 3166 code, such as FR, or its usual name in Chinese or English";
            D::Error::custom(format!("unknown country or region `{text}`\n{meant}{allowed}"))
        })
    }
}

impl JsonSchema for Country {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Country".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "minLength": 2,
            "description": "The ISO 3166 code of a country or region, such as `FR`, or its usual name."
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_found_by_code_and_by_its_names() {
        for (text, code) in [
            ("fr", "FR"),
            ("法国", "FR"),
            ("中国香港", "HK"),
            ("Hong Kong", "HK"),
            ("United States of America", "US"),
            ("U.S.A.", "US"),
            ("south korea", "KR"),
            ("Türkiye", "TR"),
            ("Turkey", "TR"),
            ("中国台湾", "TW"),
            ("中国", "CN"),
        ] {
            assert_eq!(Country::find(text).map(|c| c.code().to_owned()).as_deref(), Some(code), "{text}");
        }
        assert_eq!(Country::find("Atlantis"), None);
    }

    #[test]
    fn only_the_mainland_is_not_overseas() {
        let overseas = ["HK", "MO", "TW", "US", "CN"].map(|code| Country::find(code).unwrap().is_overseas());
        assert_eq!(overseas, [true, true, true, true, false]);
    }
}
