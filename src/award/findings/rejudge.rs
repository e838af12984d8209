//! Judging again as if something did not count.

use std::collections::BTreeSet;

use super::super::credit::{BuyerFacts, Credit, Grouped, KeyHolders, Matcher, buyer_facts, credit};
use super::super::grant::{Decision, Results, decide, exhibitors, failed, fails_at, penalised, values};
use crate::fair::{ExhibitorId, Facts, KeyKind};
use crate::rulebook::{Choices, Exact, Rulebook, Stage};

/// Judges again with some counts changed.
pub(super) struct Rejudge<'a> {
    pub(super) facts: &'a Facts,
    pub(super) rulebook: &'a Rulebook,
    pub(super) choices: &'a Choices,
    pub(super) buyers: Vec<BuyerFacts>,
    pub(super) holders: KeyHolders,
    pub(super) grouped: Grouped,
    penalised: Vec<bool>,
    /// What the tables say, before rulings.
    pub(super) credits: Vec<Credit>,
    decisions: Vec<Decision>,
}

/// A kind of keys and the number of one.
pub(super) type Key = (KeyKind, u32);

impl<'a> Rejudge<'a> {
    pub(super) fn new(facts: &'a Facts, rulebook: &'a Rulebook, results: &'a Results) -> Rejudge<'a> {
        let choices = &results.choices;
        let penalised = penalised(facts);
        let (credits, decisions) = match facts.rulings.is_empty() {
            true => (results.credits.clone(), results.decisions.clone()),
            false => {
                let credits = credit(facts, choices);
                let subjects = exhibitors(facts, rulebook, &credits, &penalised);
                let decisions = decide(rulebook, choices, &subjects);
                (credits, decisions)
            }
        };
        Rejudge {
            facts,
            rulebook,
            choices,
            buyers: buyer_facts(facts, choices),
            holders: KeyHolders::new(facts),
            grouped: Grouped::new(facts),
            penalised,
            credits,
            decisions,
        }
    }

    /// The exhibitors whose award is another with these counts.
    pub(super) fn changes(&self, altered: &[(ExhibitorId, Credit)]) -> Vec<ExhibitorId> {
        // Whoever is ranked neither before nor after changes nothing for anybody.
        let is_ranked = |exhibitor: ExhibitorId, credit: &Credit| {
            let values: Vec<Exact> = values(self.rulebook, credit);
            let met = vec![true; self.rulebook.gates.len()];
            !fails_at(Stage::Pool, self.rulebook, self.choices, &failed(self.rulebook, &values, &met))
                || !fails_at(Stage::Pool, self.rulebook, self.choices, &self.decisions[exhibitor].failed)
        };
        let matters = |(exhibitor, credit): &(ExhibitorId, Credit)| {
            *credit != self.credits[*exhibitor] && is_ranked(*exhibitor, credit)
        };
        if !altered.iter().any(matters) {
            return Vec::new();
        }
        let mut credits = self.credits.clone();
        for &(exhibitor, credit) in altered {
            credits[exhibitor] = credit;
        }
        let subjects = exhibitors(self.facts, self.rulebook, &credits, &self.penalised);
        let decisions = decide(self.rulebook, self.choices, &subjects);
        let differs =
            |&exhibitor: &ExhibitorId| self.decisions[exhibitor].award != decisions[exhibitor].award;
        ExhibitorId::all(&decisions).filter(differs).collect()
    }

    /// What is credited to an exhibitor if some keys do not count, or some buyers are others or do not count.
    pub(super) fn credit_if(
        &self,
        matcher: &mut Matcher,
        exhibitor: ExhibitorId,
        ignored: &[Key],
        buyers: &[BuyerFacts],
        counts: &mut dyn FnMut(u32) -> bool,
    ) -> Credit {
        let letters = self.grouped.of(exhibitor);
        let mut credit = Credit { new: 0, regular: 0, ..self.credits[exhibitor] };
        let mut count = |buyer: u32| {
            if counts(buyer) {
                credit.count(buyers[buyer as usize]);
            }
        };
        matcher.match_buyers(self.facts, letters, &self.holders, buyers, self.choices, ignored, &mut count);
        credit
    }

    /// What is credited to exhibitors if some keys do not count.
    pub(super) fn credits_without(
        &self,
        exhibitors: &[ExhibitorId],
        ignored: &[Key],
    ) -> Vec<(ExhibitorId, Credit)> {
        let mut matcher = Matcher::new(self.facts);
        let credit = |&exhibitor: &ExhibitorId| {
            let credit = self.credit_if(&mut matcher, exhibitor, ignored, &self.buyers, &mut |_| true);
            (exhibitor, credit)
        };
        exhibitors.iter().map(credit).collect()
    }

    /// The exhibitors that have a letter with one of some keys.
    pub(super) fn senders_of(&self, keys: &BTreeSet<Key>) -> BTreeSet<ExhibitorId> {
        let mut senders: BTreeSet<ExhibitorId> = BTreeSet::new();
        if keys.is_empty() {
            return senders;
        }
        for (letter, invitation) in (0u32..).zip(&self.facts.invitations) {
            let has = |kind| self.facts.letter_keys(letter, kind).any(|key| keys.contains(&(kind, key)));
            if KeyKind::ALL.into_iter().any(has) {
                senders.insert(invitation.exhibitor);
            }
        }
        senders
    }
}
