//! Which form of a word goes with a number, by the rules that Unicode keeps for each language.
//!
//! It is in a circle with `lang.rs`: forms are those of a language, and a catalog picks by them.

use std::collections::BTreeSet;

use icu_locale_core::Locale;
use icu_plurals::{PluralCategory, PluralRules};

use super::Lang;

/// The names under which a word may have forms. Every language has `other`.
pub const FORMS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// Up to where it is looked which forms a language has for whole numbers. Forms that come only with
/// larger ones, such as a million, are a refinement.
const COUNTED: u64 = 200;

/// The rules of a language. They are looked up when they are asked for: the tables are part of the program.
#[derive(Clone, Copy, Default, Debug)]
pub struct Plurals(Option<Lang>);

impl Plurals {
    /// The rules of a language.
    pub fn new(lang: Lang) -> Plurals {
        Plurals(Some(lang))
    }

    /// Those of the root for a language that Unicode does not know.
    fn rules(&self) -> Option<PluralRules> {
        let locale: Locale = self.0?.code().parse().unwrap_or(Locale::UNKNOWN);
        PluralRules::try_new_cardinal((&locale).into()).ok()
    }

    /// The form for a number.
    pub fn form(&self, number: u64) -> &'static str {
        self.rules().map_or("other", |rules| form(&rules, number))
    }

    /// The forms that the language has for whole numbers as they are counted here.
    pub fn forms(&self) -> BTreeSet<&'static str> {
        let rules = self.rules();
        (0..=COUNTED).map(|number| rules.as_ref().map_or("other", |rules| form(rules, number))).collect()
    }
}

fn form(rules: &PluralRules, number: u64) -> &'static str {
    match rules.category_for(number) {
        PluralCategory::Zero => "zero",
        PluralCategory::One => "one",
        PluralCategory::Two => "two",
        PluralCategory::Few => "few",
        PluralCategory::Many => "many",
        PluralCategory::Other => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_its_forms() {
        #[track_caller]
        fn case(code: &str, numbers: &[u64], expected: &[&str]) {
            let plurals = Plurals::new(code.parse().unwrap());
            let forms: Vec<&str> = numbers.iter().map(|&number| plurals.form(number)).collect();
            assert_eq!(forms, expected, "{code}");
        }
        case("zh", &[0, 1, 2], &["other", "other", "other"]);
        case("en", &[0, 1, 2], &["other", "one", "other"]);
        case("fr", &[0, 1, 2], &["one", "one", "other"]);
        case("ru", &[1, 2, 5, 11, 21, 22], &["one", "few", "many", "many", "one", "few"]);
        case("ar", &[0, 1, 2, 3, 11, 100, 103], &["zero", "one", "two", "few", "many", "other", "few"]);
        assert_eq!(Plurals::new(Lang::EN).forms(), BTreeSet::from(["one", "other"]));
    }
}
