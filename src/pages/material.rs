//! What pages are made from.

use std::collections::{BTreeMap, BTreeSet};

use super::addresses;
use super::content::Contents;
use super::kept_addresses::KeptAddresses;
use super::site_file::SiteFile;
use crate::award::{AwardList, PoolTable};
use crate::data::{Date, Decoded};
use crate::fair::{Calendar, Enterprise, FairFile, NoticeState, OutsideWinner, Roster};
use crate::lang::Lang;
use crate::rulebook::Rulebook;
use crate::site::{BaseUrl, Permalink, Theme};

/// Everything that pages are made from.
pub struct Material<'a> {
    /// What the site is.
    pub site: &'a SiteFile,
    /// Its languages, the authentic one first.
    pub languages: Vec<Lang>,
    /// Where it is published.
    pub base: BaseUrl,
    /// Its templates and words.
    pub theme: &'a Theme,
    /// Pages that people write.
    pub contents: &'a Contents,
    /// The addresses that were published.
    pub kept: &'a KeptAddresses,
    /// The pages that are not published yet, by path below the language, with their days. Where drafts are shown, so are they.
    pub coming: &'a BTreeMap<String, Date>,
    /// The pages that have ended, by path below the language, with the last day on which they were shown.
    pub ended: &'a BTreeMap<String, Date>,
    /// Working days.
    pub calendar: &'a Calendar,
    /// Purchasing enterprises, by file stem.
    pub enterprises: &'a BTreeMap<String, Enterprise>,
    /// The fairs, the latest first.
    pub fairs: Vec<MaterialFair<'a>>,
    /// The fairs that were decided elsewhere, the latest first.
    pub outside: Vec<MaterialOutsideFair<'a>>,
    /// What is incomplete. That a link leads to no page of it is not said, for it may be sound once that is mended.
    pub incomplete: &'a BTreeSet<Incomplete>,
    /// A number that differs where anything of this differs but the pages that people write.
    pub revision: u64,
    /// Whether this is a preview that search engines are asked not to show.
    pub preview: bool,
}

/// What could not be read or decided whole because of an error that is reported.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Incomplete {
    /// A fair's own file.
    Fair,
    /// The sourcing zone of a fair.
    Zone,
    /// The awards of a fair.
    Awards,
    /// The enterprises that have a file.
    Enterprises,
}

impl Incomplete {
    /// Below which paths pages may be missing therefore.
    fn below(self) -> &'static [&'static str] {
        match self {
            Incomplete::Fair => &[addresses::AWARDS, addresses::ZONE, addresses::CALENDAR],
            Incomplete::Zone => &[addresses::ZONE, addresses::CALENDAR],
            Incomplete::Awards => &[addresses::AWARDS],
            Incomplete::Enterprises => &[addresses::ZONE],
        }
    }
}

/// A fair with what was decided on it.
pub struct MaterialFair<'a> {
    /// What it is.
    pub fair: &'a Decoded<FairFile>,
    /// The sourcing zone.
    pub roster: Option<&'a Roster>,
    /// The same with the enterprises that are not shown on the day.
    pub whole_roster: Option<&'a Roster>,
    /// The rules by which it is judged.
    pub rulebook: Option<&'a Rulebook>,
    /// Its awards, where it has tables or was sealed.
    pub list: Option<&'a AwardList>,
    /// The header of its ledger, where it is sealed.
    pub seal: Option<&'a PublishedSeal>,
    /// The counts of everyone who is ranked, where the fair publishes them.
    pub evidence: Option<&'a PublishedEvidence>,
}

/// A fair that was decided elsewhere.
pub struct MaterialOutsideFair<'a> {
    /// Its number.
    pub number: u32,
    /// The rules that name its awards.
    pub rulebook: &'a Rulebook,
    /// Its winners, in the order of their table.
    pub winners: &'a [OutsideWinner],
}

/// The header of a ledger.
#[derive(Clone, Debug)]
pub struct PublishedSeal {
    /// Its file.
    pub text: String,
    /// The SHA-256 of that, in hexadecimal digits.
    pub sha256: String,
    /// The signature, where it is signed.
    pub signature: Option<Vec<u8>>,
    /// The day of its last entry.
    pub date: Date,
    /// Where the notice stands by its entries.
    pub state: NoticeState,
}

/// The table that is published, with what the page says of it.
#[derive(Clone, Debug)]
pub struct PublishedEvidence {
    /// The table.
    pub table: PoolTable,
    /// How many receive each award in the state that it shows, by the number of the award.
    pub awards: Vec<usize>,
    /// The day on which that state was sealed.
    pub sealed_on: Date,
    /// The same, where rulings came since and the table stays as it was.
    pub before_rulings: Option<Date>,
}

impl MaterialFair<'_> {
    /// Its number.
    pub(super) fn number(&self) -> u32 {
        self.fair.fair.value
    }

    /// The header of its ledger, where that is published.
    pub(super) fn published_seal(&self) -> Option<&PublishedSeal> {
        self.seal.filter(|seal| seal.state != NoticeState::Proposed)
    }
}

impl<'a> Material<'a> {
    /// The place of a page or file below the tree of a language.
    pub(super) fn place(&self, lang: Lang, path: &str) -> Permalink {
        root_place(&format!("{lang}/{path}"))
    }

    /// The language in whose tree a place is, and its path there.
    pub(super) fn below_language<'p>(&self, place: &'p Permalink) -> Option<(Lang, &'p str)> {
        let (first, path) = place.as_str().split_once('/')?;
        self.languages.iter().find(|lang| lang.code() == first).map(|&lang| (lang, path))
    }

    /// The address of a page below the tree of a language, for links.
    pub(super) fn url(&self, lang: Lang, path: &str) -> String {
        self.base.path_url(&self.place(lang, path))
    }

    /// The whole address of a page below the tree of a language.
    pub(super) fn absolute(&self, lang: Lang, path: &str) -> String {
        self.base.absolute(&self.place(lang, path))
    }

    /// The address of the site as `site.yaml` names it, wherever it is published now: a preview has the feeds and
    /// events of the site.
    pub(super) fn lasting_base(&self) -> BaseUrl {
        BaseUrl::parse(&self.site.base_url.value).unwrap_or_else(|_| self.base.clone())
    }

    /// The direction in which a language is written, as the theme's words say: `ltr` or `rtl`.
    pub(super) fn direction(&self, lang: Lang) -> String {
        let words = self.theme.catalog(lang);
        words.and_then(|words| words.word("meta.dir")).unwrap_or("ltr").to_owned()
    }

    /// What a language calls itself.
    pub(super) fn own_name(&self, lang: Lang) -> String {
        let words = self.theme.catalog(lang);
        words.and_then(|words| words.word("meta.language")).unwrap_or(lang.code()).to_owned()
    }

    /// Whether a page below a language may be missing only because of an error that is reported.
    pub(super) fn is_left_out(&self, path: &str) -> bool {
        self.incomplete.iter().flat_map(|part| part.below()).any(|below| path.starts_with(below))
            || self.contents.is_refused(path.trim_end_matches('/'))
    }

    /// A fair by its number.
    pub(super) fn fair(&self, number: u32) -> Option<&MaterialFair<'a>> {
        self.fairs.iter().find(|fair| fair.number() == number)
    }

    /// The fair of which the home page speaks: the current one, else the latest.
    pub(super) fn current(&self) -> Option<&MaterialFair<'a>> {
        self.fair(self.site.current_fair.value).or(self.fairs.first())
    }

    /// The fair whose sourcing zone is shown: the current one, else the latest that has a roster.
    pub(super) fn zone(&self) -> Option<(&MaterialFair<'a>, &'a Roster)> {
        let current = self.current().filter(|fair| fair.roster.is_some());
        let fair = current.or_else(|| self.fairs.iter().find(|fair| fair.roster.is_some()))?;
        Some((fair, fair.roster?))
    }

    /// The fairs whose zone is past, with their rosters.
    pub(super) fn past_zones(&self) -> Vec<(&MaterialFair<'a>, &'a Roster)> {
        let shown = self.zone().map(|(fair, _)| fair.number());
        let past = self.fairs.iter().filter_map(|fair| Some((fair, fair.roster?)));
        // A form that nobody filled in yet is no zone.
        let past = past.filter(|(_, roster)| !residents(roster).is_empty());
        past.filter(|(fair, _)| shown.is_some_and(|shown| fair.number() < shown)).collect()
    }

    /// The enterprises that have a page: all that were ever in the zone, each once.
    pub(super) fn enterprises_with_page(&self) -> Vec<&'a str> {
        let listed = self.fairs.iter().filter_map(|fair| fair.roster).flat_map(entries);
        each_once(listed.filter(|slug| self.enterprises.contains_key(*slug)))
    }
}

/// The place of a page or file at the root of the site.
pub(super) fn root_place(path: &str) -> Permalink {
    Permalink::new(path).expect("paths of pages are made of safe segments")
}

/// The enterprises of a roster, each once, in the order in which it first appears.
pub(super) fn residents(roster: &Roster) -> Vec<&str> {
    each_once(entries(roster))
}

fn entries(roster: &Roster) -> impl Iterator<Item = &str> {
    roster.phases.values().flat_map(|entries| &entries.value).map(|entry| entry.value.as_str())
}

fn each_once<'s>(slugs: impl Iterator<Item = &'s str>) -> Vec<&'s str> {
    let mut once: Vec<&str> = Vec::new();
    for slug in slugs {
        if !once.contains(&slug) {
            once.push(slug);
        }
    }
    once
}
