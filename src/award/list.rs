//! The awards of a fair as they are published, with the corrections since then.
//!
//! The same whether they were decided just now or come from a ledger: pages know nothing else of a judgement.

use std::collections::BTreeSet;

use super::grant::Results;
use crate::fair::{AsOf, Date, Facts, Turn};
use crate::lang::Localized;
use crate::source::Span;

/// The awards of a fair as they are published.
#[derive(Clone, Default, Debug)]
pub struct AwardList {
    /// How many exhibitors are ranked.
    pub pool: usize,
    /// Who has an award, had one since the notice was published, or was ruled on since then; sorted by
    /// identifier.
    pub listed: Vec<Listed>,
    /// What rulings changed since the notice was published, the earliest first.
    pub corrections: Vec<ListCorrection>,
}

/// An exhibitor in a list of awards.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    /// Its identifier.
    pub id: String,
    /// Its name in Chinese.
    pub name_zh: String,
    /// Its name in English.
    pub name_en: Option<String>,
    /// The trading delegation to which it belongs, in Chinese.
    pub delegation: Option<String>,
    /// The sections in which it exhibits, in Chinese.
    pub sections: Vec<String>,
    /// Its booths.
    pub booths: Vec<String>,
    /// Its website, as it was given.
    pub website: Option<String>,
    /// The award that it receives, by number.
    pub award: Option<usize>,
    /// Where it stands, where its table was read.
    pub span: Option<Span>,
}

/// What the rulings of a day changed after the notice was published.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListCorrection {
    /// The day from which on they are in force.
    pub date: Date,
    /// The rulings.
    pub rulings: Vec<ListRuling>,
    /// The exhibitors whose award changed: identifier, award before, award after.
    pub changes: Vec<(String, Option<usize>, Option<usize>)>,
}

/// A ruling as it is published.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListRuling {
    /// What it decides, by its name in `rulings.yaml`.
    pub decides: String,
    /// Identifier of the exhibitor on which it decides.
    pub exhibitor: String,
    /// Who decided.
    pub authority: Localized,
    /// Why.
    pub reason: Localized,
}

impl AwardList {
    /// The list that results make.
    pub fn new(facts: &Facts, results: &Results) -> AwardList {
        let id = |number: u32| facts.exhibitors[number as usize].id.clone();
        let corrections: Vec<ListCorrection> = results
            .corrections
            .iter()
            .map(|correction| ListCorrection {
                date: correction.date,
                rulings: correction
                    .rulings
                    .iter()
                    .map(|&number| {
                        let ruling = &facts.rulings[number];
                        ListRuling {
                            decides: ruling.decides.name().to_owned(),
                            exhibitor: id(ruling.exhibitor),
                            authority: ruling.authority.clone(),
                            reason: ruling.reason.clone(),
                        }
                    })
                    .collect(),
                changes: correction
                    .changes
                    .iter()
                    .map(|change| (id(change.exhibitor), change.before, change.after))
                    .collect(),
            })
            .collect();
        let named: BTreeSet<u32> = results.named(facts);
        let listed = results.sorted.iter().filter_map(|&number| {
            let award = results.decisions[number as usize].award;
            if award.is_none() && !named.contains(&number) {
                return None;
            }
            Some(Listed::of(facts, results, number))
        });
        AwardList { pool: results.pool, listed: listed.collect(), corrections }
    }

    /// The list of a fair as it stood on a day, before later corrections.
    #[must_use]
    pub fn on(mut self, fair: u32, as_of: &AsOf) -> AwardList {
        let is_reached =
            |correction: &&ListCorrection| as_of.has_reached(correction.date, fair, Turn::Ruling);
        let reached = self.corrections.iter().filter(is_reached).count();
        while self.corrections.len() > reached {
            let undone = self.corrections.pop().expect("there is a last one");
            for (id, before, _) in undone.changes {
                let listed = self.listed.iter_mut().find(|listed| listed.id == id);
                listed.expect("whoever a correction changes is listed").award = before;
            }
        }
        self
    }

    /// Who receives an award, sorted by identifier.
    pub fn winners(&self) -> impl Iterator<Item = (&Listed, usize)> {
        self.listed.iter().filter_map(|listed| Some((listed, listed.award?)))
    }

    /// How many receive an award.
    pub fn received(&self, award: usize) -> usize {
        self.winners().filter(|(_, received)| *received == award).count()
    }

    /// An exhibitor of the list.
    pub fn find(&self, id: &str) -> Option<&Listed> {
        let place = self.listed.binary_search_by(|listed| listed.id.as_str().cmp(id)).ok()?;
        Some(&self.listed[place])
    }
}

impl Listed {
    /// What is published of an exhibitor.
    pub(super) fn of(facts: &Facts, results: &Results, number: u32) -> Listed {
        let exhibitor = &facts.exhibitors[number as usize];
        Listed {
            id: exhibitor.id.clone(),
            name_zh: exhibitor.name_zh.clone(),
            name_en: exhibitor.name_en.clone(),
            delegation: exhibitor.delegation.clone(),
            sections: exhibitor.sections.clone(),
            booths: exhibitor.booths.clone(),
            website: exhibitor.website.clone(),
            award: results.decisions[number as usize].award,
            span: facts.span("exhibitors", exhibitor.row),
        }
    }
}

impl Results {
    /// The exhibitors that corrections name.
    pub(super) fn named(&self, facts: &Facts) -> BTreeSet<u32> {
        let ruled_on = |number: &usize| facts.rulings[*number].exhibitor;
        let mut named = BTreeSet::new();
        for correction in &self.corrections {
            named.extend(correction.rulings.iter().map(ruled_on));
            named.extend(correction.changes.iter().map(|change| change.exhibitor));
        }
        named
    }
}
