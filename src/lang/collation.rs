//! The order of names in a language, by the rules that Unicode keeps for it.

use std::cmp::Ordering;

use icu_collator::options::CollatorOptions;
use icu_collator::{Collator, CollatorBorrowed};
use icu_locale_core::Locale;

use super::Lang;

/// The order of a language.
pub struct Collation(Option<CollatorBorrowed<'static>>);

impl Collation {
    /// The order of a language; that of the root for a language that Unicode does not know.
    pub fn new(lang: Lang) -> Collation {
        let locale: Locale = lang.code().parse().unwrap_or(Locale::UNKNOWN);
        Collation(Collator::try_new((&locale).into(), CollatorOptions::default()).ok())
    }

    /// Which of two names stands first. Names that are told apart by nothing that a reader sees are in the
    /// order of their code points.
    pub fn compare(&self, one: &str, other: &str) -> Ordering {
        let by_rules = self.0.as_ref().map_or(Ordering::Equal, |collator| collator.compare(one, other));
        by_rules.then_with(|| one.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_the_order_of_the_language() {
        #[track_caller]
        fn case(code: &str, names: &[&str]) {
            let collation = Collation::new(code.parse().unwrap());
            let mut sorted = names.to_vec();
            sorted.sort_by(|one, other| collation.compare(one, other));
            assert_eq!(sorted, names, "{code}");
        }
        case("en", &["Åhléns", "arzum", "Auchan", "Émile", "Kesko", "LocknLock"]);
        case("sv", &["Auchan", "Kesko", "Åhléns"]);
        case("zh", &["安踏", "北京", "广州", "厦门"]);
        case("ar", &["أرزوم", "أوشان", "كيسكو", "مرجان", "Kesko"]);
    }
}
