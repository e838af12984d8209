//! The pages that say what a kind of problem means, why it matters and what to do, from the files of `codes`. They have
//! Chinese and English side by side, unlike the catalog: each is a text of several paragraphs that is written, read and
//! corrected as one, and its English is no key to anything.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::lang::Localized;
use crate::source::Code;
use crate::source::code::CODES;

/// The pages of a group, as they are written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Group {
    /// What the codes of the group are about.
    pub(super) title: Localized,
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
    pub(super) title: Localized,
    /// What it means, and why it matters.
    pub(super) meaning: Localized,
    /// What to do.
    pub(super) remedy: Localized,
    /// As it must not be.
    pub(super) wrong: Option<String>,
    /// As it should be.
    pub(super) right: Option<String>,
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

/// The code of which somebody may have thought, if a word is one.
pub(super) fn find(word: &str) -> Option<&'static Page> {
    Code::find(word).map(page)
}

/// The names of all codes.
pub(super) fn names<'a>() -> impl Iterator<Item = &'a str> {
    CODES.iter().map(|code| code.as_str())
}
