//! What rulings change: who is ranked, what counts, and who keeps the award that was published.
//!
//! Rulings from before the notice are part of what is judged. From then on the rulings of a day are applied
//! together, the rest is decided again, and the policy `struck-off` says what that may do to exhibitors on
//! which nobody ruled.

use std::collections::{BTreeMap, BTreeSet};

use super::credit::{Credit, buyer_of};
use super::grant::{Decision, Standing, Subject, decide, exhibitors, outside, penalised};
use crate::fair::{Buyer, Date, Decides, Facts, Ruling};
use crate::rulebook::{BuyerHistory, Choices, Rulebook, StruckOff};
use crate::source::{Message, Report, code, say};

/// What the rulings of a day changed after the notice was published.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Correction {
    /// The day from which on they are in force.
    pub date: Date,
    /// The rulings, by number in [`Facts::rulings`].
    pub rulings: Vec<usize>,
    /// The exhibitors whose award changed, in their order.
    pub changes: Vec<AwardChange>,
}

/// A change of an award.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AwardChange {
    /// The exhibitor, by number.
    pub exhibitor: u32,
    /// The award that it had.
    pub before: Option<usize>,
    /// The award that it has.
    pub after: Option<usize>,
}

/// A fair as it was judged, with all rulings applied.
pub(super) struct Ruled {
    pub credits: Vec<Credit>,
    pub decisions: Vec<Decision>,
    pub corrections: Vec<Correction>,
    pub struck: BTreeSet<u32>,
    pub penalised: Vec<bool>,
}

/// Decides on all exhibitors, with the rulings on them. A ruling that changes nothing, or contradicts another
/// of the same day, is reported where the readings are those of the rulebook.
pub(super) fn rule(
    report: &mut Report,
    facts: &Facts,
    rulebook: &Rulebook,
    choices: &Choices,
    credits: Vec<Credit>,
) -> Ruled {
    let mut docket = Docket {
        facts,
        rulebook,
        choices,
        credits,
        penalised: penalised(facts),
        struck: BTreeSet::new(),
        matched: BTreeMap::new(),
    };
    let published = |ruling: &Ruling| facts.notice_from.is_some_and(|from| from <= ruling.date);
    let early = facts.rulings.iter().take_while(|ruling| !published(ruling)).count();
    let mut decisions = docket.decide();
    for day in facts.rulings[..early].chunk_by(|one, other| one.date == other.date) {
        docket.apply(report, day, &decisions);
        decisions = docket.decide();
    }
    let mut corrections = Vec::new();
    let mut number = early;
    for day in facts.rulings[early..].chunk_by(|one, other| one.date == other.date) {
        docket.apply(report, day, &decisions);
        let ruled_on: BTreeSet<u32> = day.iter().map(|ruling| ruling.exhibitor).collect();
        let again = docket.decide();
        let mut changes = Vec::new();
        for (exhibitor, (kept, mut decided)) in (0u32..).zip(decisions.iter_mut().zip(again)) {
            let before = kept.award;
            if !ruled_on.contains(&exhibitor) {
                match choices.struck_off {
                    StruckOff::Rerank => {}
                    StruckOff::Freeze => continue,
                    // Awards are numbered from the highest.
                    StruckOff::HoldHarmless => {
                        decided.award = [decided.award, before].into_iter().flatten().min();
                    }
                }
            }
            *kept = decided;
            if kept.award != before {
                changes.push(AwardChange { exhibitor, before, after: kept.award });
            }
        }
        let rulings = (number..number + day.len()).collect();
        corrections.push(Correction { date: day[0].date, rulings, changes });
        number += day.len();
    }
    let Docket { credits, penalised, struck, .. } = docket;
    Ruled { credits, decisions, corrections, struck, penalised }
}

/// What rulings have said so far.
struct Docket<'a> {
    facts: &'a Facts,
    rulebook: &'a Rulebook,
    choices: &'a Choices,
    credits: Vec<Credit>,
    penalised: Vec<bool>,
    struck: BTreeSet<u32>,
    matched: BTreeMap<(u32, Buyer), bool>,
}

impl Docket<'_> {
    fn decide(&self) -> Vec<Decision> {
        let subjects = exhibitors(self.facts, self.rulebook, &self.credits, &self.penalised);
        if self.struck.is_empty() {
            return decide(self.rulebook, self.choices, &subjects);
        }
        let is_struck = |number: usize| u32::try_from(number).is_ok_and(|n| self.struck.contains(&n));
        let ranked: Vec<Subject> =
            (0..subjects.len()).filter(|&number| !is_struck(number)).map(|n| subjects[n].clone()).collect();
        let mut decided = decide(self.rulebook, self.choices, &ranked).into_iter();
        let decision = |(number, subject): (usize, &Subject)| match is_struck(number) {
            true => outside(self.rulebook, subject),
            false => decided.next().expect("everyone else was decided on"),
        };
        subjects.iter().enumerate().map(decision).collect()
    }

    /// Applies the rulings of a day.
    fn apply(&mut self, report: &mut Report, day: &[Ruling], decisions: &[Decision]) {
        for (number, ruling) in day.iter().enumerate() {
            let contradicted = day[..number].iter().find(|other| contradict(&ruling.decides, ruling, other));
            if let Some(other) = contradicted {
                report
                    .error(
                        code::RULING_CONTRADICTION,
                        ruling.span,
                        say!(
                            "`{decides}` contradicts a ruling of the same day",
                            decides = ruling.decides.name()
                        ),
                    )
                    .label(say!("against `{decides}`", decides = other.decides.name()))
                    .hint(say!("keep one of the two, or give the later one its own day"));
                continue;
            }
            let standing = decisions[ruling.exhibitor as usize].standing;
            let Err(because) = self.apply_one(ruling, standing) else { continue };
            // Under other readings a ruling may well find nothing left to change.
            if *self.choices == self.rulebook.choices {
                report
                    .error(
                        code::RULING_NO_EFFECT,
                        ruling.span,
                        say!("this ruling changes nothing: {because}", because),
                    )
                    .hint(say!("correct what it names, or take it out"));
            }
        }
    }

    /// Applies a ruling, or says why it changes nothing.
    fn apply_one(&mut self, ruling: &Ruling, standing: Standing) -> Result<(), Message> {
        let exhibitor = ruling.exhibitor;
        let id = &self.facts.exhibitors[exhibitor as usize].id;
        match &ruling.decides {
            Decides::StrikeOff if self.struck.contains(&exhibitor) => {
                Err(say!("`{id}` was struck off before", id))
            }
            Decides::StrikeOff => {
                self.struck.insert(exhibitor);
                match standing {
                    Standing::Evaluated => Ok(()),
                    Standing::Outside => Err(say!("`{id}` is not ranked", id)),
                }
            }
            Decides::Reinstate => match self.struck.remove(&exhibitor) {
                true => Ok(()),
                false => Err(say!("`{id}` was not struck off", id)),
            },
            Decides::ConfirmPenalty(_) => {
                let penalised = &mut self.penalised[exhibitor as usize];
                match std::mem::replace(penalised, true) {
                    false => Ok(()),
                    true => Err(say!("`{id}` is under a penalty that covers this fair already", id)),
                }
            }
            &Decides::CorrectMatch { buyer, counts } => self.correct_match(exhibitor, buyer, counts),
        }
    }

    fn correct_match(&mut self, exhibitor: u32, buyer: Buyer, counts: bool) -> Result<(), Message> {
        let (matches, history) = buyer_of(self.facts, self.choices, exhibitor, buyer);
        let counted = self.matched.insert((exhibitor, buyer), counts).unwrap_or(matches);
        let Some(history) = history else { return Err(say!("the buyer is not from overseas")) };
        let credit = &mut self.credits[exhibitor as usize];
        let count = match history {
            BuyerHistory::New => &mut credit.new,
            BuyerHistory::Regular => &mut credit.regular,
        };
        match (counted, counts) {
            (true, true) => return Err(say!("the buyer is counted already")),
            (false, false) => return Err(say!("the buyer is not counted anyway")),
            (false, true) => *count += 1,
            (true, false) => *count -= 1,
        }
        Ok(())
    }
}

fn contradict(decides: &Decides, ruling: &Ruling, other: &Ruling) -> bool {
    ruling.exhibitor == other.exhibitor
        && match (decides, &other.decides) {
            (Decides::StrikeOff, Decides::Reinstate) | (Decides::Reinstate, Decides::StrikeOff) => true,
            (
                Decides::CorrectMatch { buyer, counts },
                Decides::CorrectMatch { buyer: same, counts: otherwise },
            ) => buyer == same && counts != otherwise,
            _ => false,
        }
}
