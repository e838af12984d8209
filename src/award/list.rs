//! The awards of a fair as they are published, with the corrections since then.
//!
//! The same whether they were decided just now or come from a ledger: pages know nothing else of a judgement.

use std::collections::{BTreeMap, BTreeSet};

use super::grant::Results;
use super::ruling::{AwardChange, Correction};
use crate::fair::{AsOf, Date, Exhibitor, ExhibitorId, Facts, Particulars, RulingSubject, Turn};
use crate::lang::{Lang, Localized};
use crate::rulebook::AwardId;
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
    /// Its names in other languages.
    pub further_names: BTreeMap<Lang, String>,
    /// What else is published of it.
    pub particulars: Particulars,
    /// The award that it receives, by number.
    pub award: Option<AwardId>,
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
    pub changes: Vec<(String, Option<AwardId>, Option<AwardId>)>,
    /// The exhibitors with an award of which something else is published, as they are listed before and after.
    pub amended: Vec<(Listed, Listed)>,
}

impl ListCorrection {
    /// Whether something that is published is another by it: an award, an exhibitor, or the days of the notice.
    pub fn moves_something(&self) -> bool {
        let days = |ruling: &ListRuling| matches!(ruling.subject, RulingSubject::Day(_));
        !self.changes.is_empty() || !self.amended.is_empty() || self.rulings.iter().any(days)
    }

    /// The identifiers of the exhibitors that it names.
    pub fn named(&self) -> impl Iterator<Item = &str> {
        let on = self.rulings.iter().filter_map(|ruling| match &ruling.subject {
            RulingSubject::Exhibitor(id) => Some(id.as_str()),
            RulingSubject::Unlisted | RulingSubject::Fields { .. } | RulingSubject::Day(_) => None,
        });
        let changed = self.changes.iter().map(|(id, ..)| id.as_str());
        on.chain(changed).chain(self.amended.iter().map(|(_, after)| after.id.as_str()))
    }
}

/// A ruling as it is published.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListRuling {
    /// What it decides, by its name in `rulings.yaml`.
    pub decides: String,
    /// What it is about.
    pub subject: RulingSubject,
    /// Who decided.
    pub authority: Localized,
    /// Why.
    pub reason: Localized,
}

impl AwardList {
    /// The list that results make.
    pub fn new(facts: &Facts, results: &Results) -> AwardList {
        let corrections = results.corrections.iter().map(|correction| list_correction(facts, correction));
        let mut corrections: Vec<ListCorrection> =
            corrections.filter(ListCorrection::moves_something).collect();
        leave_out_unlisted(facts, results, &mut corrections);
        let named: BTreeSet<&str> = corrections.iter().flat_map(ListCorrection::named).collect();
        let listed = results.sorted.iter().filter(|&&number| {
            let award = results.decisions[number].award;
            award.is_some() || named.contains(facts.exhibitors[number].id.as_str())
        });
        let listed = listed.map(|&number| Listed::of(facts, results, number)).collect();
        AwardList { pool: results.pool, listed, corrections }
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
            for (before, after) in undone.amended {
                let listed = self.listed.iter_mut().find(|listed| listed.id == after.id);
                let listed = listed.expect("whoever a correction amends is listed");
                *listed = Listed { award: listed.award, span: listed.span, ..before };
            }
        }
        self
    }

    /// Who receives an award, sorted by identifier.
    pub fn winners(&self) -> impl Iterator<Item = (&Listed, AwardId)> {
        self.listed.iter().filter_map(|listed| Some((listed, listed.award?)))
    }

    /// The correction by which an exhibitor without an award lost it since the list was published, if it had one.
    pub fn withdrawal(&self, id: &str) -> Option<&ListCorrection> {
        let is_lost = |(changed, before, after): &(String, Option<AwardId>, Option<AwardId>)| {
            changed == id && before.is_some() && after.is_none()
        };
        self.corrections.iter().rev().find(|correction| correction.changes.iter().any(is_lost))
    }

    /// How many receive an award.
    pub fn received(&self, award: AwardId) -> usize {
        self.winners().filter(|(_, received)| *received == award).count()
    }

    /// An exhibitor of the list.
    pub fn find(&self, id: &str) -> Option<&Listed> {
        let place = self.listed.binary_search_by(|listed| listed.id.as_str().cmp(id)).ok()?;
        Some(&self.listed[place])
    }
}

impl Listed {
    /// Whether the same is published of it, beside its award.
    pub fn is_published_like(&self, other: &Listed) -> bool {
        let beside = |listed: &Listed| Listed { award: None, span: None, ..listed.clone() };
        beside(self) == beside(other)
    }

    /// What is published of an exhibitor of a fair.
    pub(super) fn of(facts: &Facts, results: &Results, number: ExhibitorId) -> Listed {
        let exhibitor = &facts.exhibitors[number];
        Listed {
            award: results.decisions[number].award,
            span: facts.span("exhibitors", exhibitor.row),
            ..Listed::without_award(exhibitor)
        }
    }

    /// What is published of an exhibitor beside its award.
    fn without_award(exhibitor: &Exhibitor) -> Listed {
        Listed {
            id: exhibitor.id.clone(),
            name_zh: exhibitor.name_zh.clone(),
            name_en: exhibitor.name_en.clone(),
            further_names: exhibitor.further_names.clone(),
            particulars: exhibitor.particulars.clone(),
            award: None,
            span: None,
        }
    }
}

/// Takes out of rulings the names of exhibitors that had no award at any time since the notice was published.
fn leave_out_unlisted(facts: &Facts, results: &Results, corrections: &mut [ListCorrection]) {
    let winners = facts.exhibitors.iter().zip(&results.decisions);
    let winners =
        winners.filter(|(_, decision)| decision.award.is_some()).map(|(exhibitor, _)| &exhibitor.id);
    let changed = corrections.iter().flat_map(|correction| &correction.changes).map(|(id, ..)| id);
    let listed: BTreeSet<String> = winners.chain(changed).cloned().collect();
    for ruling in corrections.iter_mut().flat_map(|correction| &mut correction.rulings) {
        if matches!(&ruling.subject, RulingSubject::Exhibitor(id) if !listed.contains(id)) {
            ruling.subject = RulingSubject::Unlisted;
        }
    }
}

/// A correction as it is listed, whether or not it moves anything.
fn list_correction(facts: &Facts, correction: &Correction) -> ListCorrection {
    let ruling = |&number: &usize| {
        let written = &facts.rulings[number].written;
        ListRuling {
            decides: written.decides().to_owned(),
            subject: written.subject(),
            authority: written.authority.value.clone(),
            reason: written.reason.value.clone(),
        }
    };
    let change = |change: &AwardChange| (change.exhibitor.clone(), change.before, change.after);
    let amended = |(before, after): &(Exhibitor, Exhibitor)| {
        (Listed::without_award(before), Listed::without_award(after))
    };
    ListCorrection {
        date: correction.date,
        rulings: correction.rulings.iter().map(ruling).collect(),
        changes: correction.changes.iter().map(change).collect(),
        amended: correction.amended.iter().map(amended).collect(),
    }
}
