//! What of the texts and of the sourcing zones is published on a day.

use std::collections::BTreeMap;

use super::addresses;
use super::content::Contents;
use super::material::residents;
use crate::data::{Date, Spanned};
use crate::fair::{AsOf, Enterprise, Roster, Session, Showing};

/// What of the texts and of the sourcing zones is published on a day.
pub struct Published {
    contents: Contents,
    rosters: Vec<Option<Roster>>,
    coming: BTreeMap<String, Date>,
    ended: BTreeMap<String, Date>,
}

impl Published {
    /// What is published on a day; with what comes later, where drafts are shown.
    pub fn on<'r>(
        as_of: &AsOf,
        drafts: bool,
        contents: &Contents,
        enterprises: &BTreeMap<String, Enterprise>,
        rosters: impl Iterator<Item = Option<&'r Roster>>,
    ) -> Published {
        let mut published = Published {
            contents: contents.clone(),
            rosters: Vec::new(),
            coming: BTreeMap::new(),
            ended: BTreeMap::new(),
        };
        let Contents { pages, waiting, ended, .. } = &mut published.contents;
        for (path, texts) in &contents.pages {
            let Some(text) = texts.values().next() else { continue };
            let address = addresses::text(path);
            // A page that the site cannot be without stays; that it has days is reported.
            if addresses::GENERATED.contains(&path.as_str()) {
                continue;
            }
            match text.front.term().on(as_of, &address) {
                Showing::From(day) => {
                    if !drafts {
                        waiting.extend(pages.remove_entry(path));
                    }
                    published.coming.insert(address, day);
                }
                Showing::Until(day) => {
                    ended.extend(pages.remove_entry(path));
                    published.ended.insert(address, day);
                }
                Showing::Shown => {}
            }
        }
        for roster in rosters {
            let mut roster = roster.cloned();
            if let Some(roster) = &mut roster {
                published.restrict(as_of, drafts, enterprises, roster);
            }
            published.rosters.push(roster);
        }
        published
    }

    /// The texts.
    pub fn contents(&self) -> &Contents {
        &self.contents
    }

    /// The zones of the fairs, in their order, with the enterprises that are shown.
    pub fn rosters(&self) -> impl Iterator<Item = Option<&Roster>> {
        self.rosters.iter().map(Option::as_ref)
    }

    /// The pages that are not published yet, by path below the language, with their days.
    pub fn coming(&self) -> &BTreeMap<String, Date> {
        &self.coming
    }

    /// The pages that have ended, by path below the language, with the last day on which they were shown.
    pub fn ended(&self) -> &BTreeMap<String, Date> {
        &self.ended
    }

    /// Takes the enterprises off a roster that are not shown.
    fn restrict(
        &mut self,
        as_of: &AsOf,
        drafts: bool,
        enterprises: &BTreeMap<String, Enterprise>,
        roster: &mut Roster,
    ) {
        let mut hidden: Vec<&str> = Vec::new();
        for (slug, enterprise) in enterprises {
            let term = enterprise.term();
            let has_page = residents(roster).contains(&slug.as_str());
            let meets =
                |session: &Spanned<Session>| session.value.enterprises.iter().any(|one| one.value == *slug);
            if term.days() == [None; 2] || !(has_page || roster.sessions.iter().any(meets)) {
                continue;
            }
            let address = addresses::enterprise(slug);
            let (days, day) = match term.on(as_of, &address) {
                Showing::From(day) => (&mut self.coming, day),
                Showing::Until(day) => (&mut self.ended, day),
                Showing::Shown => continue,
            };
            if has_page {
                days.insert(address.clone(), day);
            }
            if !drafts || self.ended.contains_key(&address) {
                hidden.push(slug);
            }
        }
        if hidden.is_empty() {
            return;
        }
        let is_shown = |slug: &str| !hidden.contains(&slug);
        for entries in roster.phases.values_mut() {
            entries.value.retain(|entry| is_shown(&entry.value));
        }
        roster.purchases.retain(|slug, _| is_shown(slug));
        roster.sessions.retain_mut(|session| {
            let enterprises = &mut session.value.enterprises;
            let before = enterprises.len();
            enterprises.retain(|slug| is_shown(&slug.value));
            !enterprises.is_empty() || before == 0
        });
    }
}
