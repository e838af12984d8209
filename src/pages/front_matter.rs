//! What stands above the text of a page, and the state of both that a translation records.

use schemars::JsonSchema;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::data::{Date, Spanned, given};
use crate::fair::Term;
use crate::source::Span;

/// The front matter of a page.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct FrontMatter {
    /// Title of the page.
    pub title: Spanned<String>,
    /// What it is about, in one or two sentences.
    pub summary: Spanned<String>,
    /// Its position among pages of the same folder.
    #[serde(default)]
    pub order: u32,
    /// Key figures for the reader.
    #[serde(default)]
    pub facts: Vec<Spanned<Fact>>,
    /// The contact, by key in `site.yaml`.
    #[serde(default)]
    pub contacts: Vec<Spanned<String>>,
    /// Related pages, by path without the language.
    #[serde(default)]
    pub related: Vec<Spanned<String>>,
    /// Dates of the current fair to show on the page, by kind, with a calendar file to download.
    #[serde(default)]
    pub dates: Vec<DateKind>,
    /// Dates of its own.
    #[serde(default)]
    pub deadlines: Vec<Deadline>,
    /// Former addresses, without the language, such as `old/page/`; they redirect here.
    #[serde(default)]
    pub aliases: Vec<Spanned<String>>,
    /// The template of the theme that shows it, such as `poster.html`. It gets what `page.html` gets.
    #[serde(default)]
    pub template: Option<Spanned<String>>,
    /// The date of the last change.
    #[serde(default)]
    pub updated: Option<Spanned<Date>>,
    /// The version of the original that this page translates, recorded by `jinbang translations --accept`.
    #[serde(default)]
    pub translation_of: Option<Spanned<String>>,
    /// Differences from the original that are right, as the warning about each writes them.
    #[serde(default)]
    pub accepted_differences: Vec<Spanned<String>>,
    /// Whether it is a draft, which is not published.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "bool")]
    pub draft: Option<Spanned<bool>>,
    /// The day on which it is published; before it, it is a draft.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Date")]
    pub publish: Option<Spanned<Date>>,
    /// The last day on which it is shown; after it, its address only says so.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Date")]
    pub until: Option<Spanned<Date>>,
}

impl FrontMatter {
    /// The texts that people read, in which placeholders are filled, each with a place.
    pub(super) fn prose(&self) -> impl Iterator<Item = (&str, Span)> {
        let own = [&self.title, &self.summary].map(|text| (text.value.as_str(), text.span));
        let facts = self
            .facts
            .iter()
            .flat_map(|fact| [&fact.value.label, &fact.value.value].map(|text| (text.as_str(), fact.span)));
        let deadlines = self.deadlines.iter().map(|deadline| (deadline.title.as_str(), deadline.date.span));
        own.into_iter().chain(facts).chain(deadlines)
    }

    /// Whether the page is left out of what is published.
    pub fn is_draft(&self) -> bool {
        self.draft.as_ref().is_some_and(|draft| draft.value)
    }

    /// The days between which it is shown.
    pub fn term(&self) -> Term<'_> {
        Term { publish: self.publish.as_ref(), until: self.until.as_ref() }
    }
}

/// A kind of dates.
#[derive(Deserialize, JsonSchema, serde::Serialize, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum DateKind {
    /// The phases of the fair.
    Phases,
    /// The dates on which the online platform is open for the fair.
    OnlinePlatform,
    /// The last day on which a notice may be published.
    Publication,
    /// The days of a notice.
    Notice,
    /// Sourcing briefings and matchmaking sessions.
    Sessions,
    /// Deadlines of pages.
    Deadlines,
}

impl DateKind {
    /// Its name, as front matters write it.
    pub(super) fn name(self) -> &'static str {
        match self {
            DateKind::Phases => "phases",
            DateKind::OnlinePlatform => "online-platform",
            DateKind::Publication => "publication",
            DateKind::Notice => "notice",
            DateKind::Sessions => "sessions",
            DateKind::Deadlines => "deadlines",
        }
    }
}

/// A day until which something must be done.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// The day.
    pub date: Spanned<Date>,
    /// What must be done.
    pub title: String,
}

/// A figure and its label.
#[derive(Deserialize, JsonSchema, serde::Serialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// What it is.
    pub label: String,
    /// The figure.
    pub value: String,
}

/// How many letters of a fingerprint are recorded.
const LENGTH: usize = 12;

/// The fingerprint of what is translated of a page.
pub(super) fn state_of(front: &FrontMatter, body: &str) -> String {
    let mut hash = Sha256::new();
    let mut part = |text: &str| {
        // What nobody sees: white space at the ends of lines, and empty lines at the ends of the text.
        for line in text.trim().lines() {
            hash.update(line.trim_end());
            hash.update("\n");
        }
        hash.update("\0");
    };
    for (text, _) in front.prose() {
        part(text);
    }
    part(body);
    crate::site::hex(&hash.finalize())[..LENGTH].to_owned()
}
