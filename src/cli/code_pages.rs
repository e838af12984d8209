//! The pages that say what a kind of problem means, why it matters and what to do, in Chinese and English, from
//! the files of `codes`.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::lang::Lang;
use crate::source::Code;
use crate::source::code::CODES;

/// The pages of a group, as they are written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Group {
    /// What the codes of the group are about.
    pub(super) title: Both,
    /// The pages, in the order in which they are listed.
    pub(super) pages: Vec<Page>,
}

/// What there is to say of a code.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Page {
    /// The code.
    pub(super) code: String,
    /// What it means, in a phrase.
    title: Both,
    /// What it means, and why it matters.
    meaning: Both,
    /// What to do.
    remedy: Both,
    /// As it must not be.
    wrong: Option<String>,
    /// As it should be.
    right: Option<String>,
}

/// A text in both languages.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Both {
    zh: String,
    en: String,
}

impl Both {
    /// The text in a language; in English where this program does not speak it.
    pub(super) fn get(&self, lang: Lang) -> &str {
        if lang == Lang::ZH { self.zh.trim_end() } else { self.en.trim_end() }
    }
}

/// The files, in the order of the road.
const FILES: [&str; 10] = [
    include_str!("codes/files.yaml"),
    include_str!("codes/tables.yaml"),
    include_str!("codes/yaml.yaml"),
    include_str!("codes/fair.yaml"),
    include_str!("codes/rules.yaml"),
    include_str!("codes/findings.yaml"),
    include_str!("codes/seal.yaml"),
    include_str!("codes/texts.yaml"),
    include_str!("codes/languages.yaml"),
    include_str!("codes/theme.yaml"),
];

static GROUPS: LazyLock<Vec<Group>> = LazyLock::new(|| {
    let read = |text: &&str| serde_yaml::from_str(text).expect("the pages of the codes are sound");
    FILES.iter().map(read).collect()
});

/// All pages by group.
pub(super) fn groups() -> &'static [Group] {
    &GROUPS
}

/// The page of a code. Every code has one: a test sees to it.
pub(super) fn page(code: Code) -> &'static Page {
    let mut pages = GROUPS.iter().flat_map(|group| &group.pages);
    pages.find(|page| page.code == code.as_str()).expect("every code has a page")
}

impl Page {
    /// What it means, in a phrase.
    pub(super) fn title(&self, lang: Lang) -> &str {
        self.title.get(lang)
    }

    /// What it means, and why it matters.
    pub(super) fn meaning(&self, lang: Lang) -> &str {
        self.meaning.get(lang)
    }

    /// What to do.
    pub(super) fn remedy(&self, lang: Lang) -> &str {
        self.remedy.get(lang)
    }

    /// As it must not be, and as it should be.
    pub(super) fn example(&self) -> (Option<&str>, Option<&str>) {
        (self.wrong.as_deref().map(str::trim_end), self.right.as_deref().map(str::trim_end))
    }
}

/// The code of which somebody may have thought, if a word is one.
pub(super) fn find(word: &str) -> Option<&'static Page> {
    Code::find(word).map(page)
}

/// The names of all codes.
pub(super) fn names<'a>() -> impl Iterator<Item = &'a str> {
    CODES.iter().map(|code| code.as_str())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_has_one_page_and_every_page_a_code() {
        let of_pages: Vec<&str> =
            GROUPS.iter().flat_map(|group| &group.pages).map(|page| page.code.as_str()).collect();
        let codes: BTreeSet<&str> = names().collect();
        assert_eq!(of_pages.iter().copied().collect::<BTreeSet<_>>(), codes);
        assert_eq!(of_pages.len(), codes.len(), "no code has two pages");
    }

    #[test]
    fn every_page_says_something_in_both_languages() {
        let han = |text: &str| text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter));
        for page in GROUPS.iter().flat_map(|group| &group.pages) {
            for both in [&page.title, &page.meaning, &page.remedy] {
                assert!(han(&both.zh) && !both.en.trim().is_empty(), "{}", page.code);
            }
            assert!(
                !page.title.en.ends_with('.') && !page.title.zh.ends_with('。'),
                "{}: a phrase",
                page.code
            );
            assert!(
                page.meaning.en.trim_end().ends_with('.') && page.meaning.zh.trim_end().ends_with('。'),
                "{}",
                page.code
            );
        }
    }
}
