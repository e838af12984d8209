//! What rulings change: who is ranked, what counts, and who keeps the award that was published.
//!
//! Rulings from before the notice are part of what is judged. From then on the rulings of a day are applied
//! together, the rest is decided again, and the policy `struck-off` says what that may do to exhibitors on
//! which nobody ruled.
//!
//! It is in a circle with `grant.rs`: a ruling changes a decision, and what is decided after one is decided anew.

use std::collections::{BTreeMap, BTreeSet};

use super::credit::{Credit, buyer_of};
use super::grant::{Decision, Standing, Subject, decide, exhibitors, outside, penalised};
use crate::fair::{Buyer, Date, Decides, Exhibitor, ExhibitorId, Facts, Penalty, Ruling};
use crate::rulebook::{AwardId, BuyerHistory, Choices, Rulebook, StruckOff};
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
    /// The exhibitors with an award of which something else is published, in their order: as they were before, and as
    /// they are.
    pub amended: Vec<(Exhibitor, Exhibitor)>,
}

/// A change of an award.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AwardChange {
    /// The exhibitor, by its identifier.
    pub exhibitor: String,
    /// The award that it had.
    pub before: Option<AwardId>,
    /// The award that it has.
    pub after: Option<AwardId>,
}

/// A fair as it was judged, with all rulings applied.
pub(super) struct Ruled {
    pub credits: Vec<Credit>,
    pub decisions: Vec<Decision>,
    pub corrections: Vec<Correction>,
    pub struck: BTreeSet<ExhibitorId>,
    pub penalised: Vec<bool>,
}

/// What was published while tables said something else.
pub(super) struct Published<'a> {
    facts: &'a Facts,
    /// The exhibitors as they were published, each with its award, by identifier.
    known: BTreeMap<&'a str, (&'a Exhibitor, Option<AwardId>)>,
    corrections: Vec<Correction>,
}

impl<'a> Published<'a> {
    /// What was published of a fair as it was judged.
    pub(super) fn of(facts: &'a Facts, ruled: Ruled) -> Published<'a> {
        let awards = ruled.decisions.iter().map(|decision| decision.award);
        let known = facts.exhibitors.iter().zip(awards);
        let known = known.map(|(exhibitor, award)| (exhibitor.id.as_str(), (exhibitor, award))).collect();
        Published { facts, known, corrections: ruled.corrections }
    }

    fn award(&self, id: &str) -> Option<AwardId> {
        self.known.get(id).and_then(|(_, award)| *award)
    }

    fn exhibitor(&self, id: &str) -> Option<&'a Exhibitor> {
        self.known.get(id).map(|(exhibitor, _)| *exhibitor)
    }
}

/// Decides on all exhibitors, with the rulings on them. A ruling that contradicts another of the same day is reported,
/// and one that changes nothing is noted, where the readings are those of the rulebook.
pub(super) fn rule(
    report: &mut Report,
    facts: &Facts,
    rulebook: &Rulebook,
    choices: &Choices,
    credits: Vec<Credit>,
    published: Option<&Published<'_>>,
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
    let in_notice = |ruling: &Ruling| facts.notice_from.is_some_and(|from| from <= ruling.date);
    let (done, mut corrections) = match published {
        // What was decided by the tables as they were is not said again.
        Some(published) => (published.facts.rulings.len(), published.corrections.clone()),
        None => (facts.rulings.iter().take_while(|ruling| !in_notice(ruling)).count(), Vec::new()),
    };
    let mut unheard = Report::new();
    let mut decisions = docket.decide();
    for day in facts.rulings[..done].chunk_by(|one, other| one.date == other.date) {
        let report = if published.is_some() { &mut unheard } else { &mut *report };
        docket.apply(report, day, &decisions);
        decisions = docket.decide();
    }
    if let Some(published) = published {
        for (decision, exhibitor) in decisions.iter_mut().zip(&facts.exhibitors) {
            decision.award = published.award(&exhibitor.id);
        }
    }
    let mut number = done;
    for day in facts.rulings[done..].chunk_by(|one, other| one.date == other.date) {
        docket.apply(report, day, &decisions);
        let concerned: BTreeSet<ExhibitorId> =
            day.iter().flat_map(|ruling| ruling.concerns.iter().copied()).collect();
        let again = docket.decide();
        let mut changes = Vec::new();
        let mut amended = Vec::new();
        for (exhibitor, mut decided) in ExhibitorId::all(&facts.exhibitors).zip(again) {
            let kept = &mut decisions[exhibitor];
            let before = kept.award;
            if !concerned.contains(&exhibitor) {
                match choices.struck_off {
                    StruckOff::Rerank => {}
                    StruckOff::Freeze => decided = kept.clone(),
                    // Awards are numbered from the highest.
                    StruckOff::HoldHarmless => {
                        decided.award = [decided.award, before].into_iter().flatten().min();
                    }
                }
            }
            *kept = decided;
            let known = facts.exhibitor_after(number + day.len(), exhibitor);
            if kept.award != before {
                changes.push(AwardChange { exhibitor: known.id.clone(), before, after: kept.award });
            }
            if before.is_none() && kept.award.is_none() {
                continue;
            }
            let earlier = match published {
                Some(published) if number == done => published.exhibitor(&known.id),
                _ => Some(facts.exhibitor_after(number, exhibitor)),
            };
            if let Some(earlier) = earlier.filter(|earlier| !earlier.is_published_like(known)) {
                amended.push((earlier.clone(), known.clone()));
            }
        }
        let rulings = (number..number + day.len()).collect();
        corrections.push(Correction { date: day[0].date, rulings, changes, amended });
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
    struck: BTreeSet<ExhibitorId>,
    matched: BTreeMap<(ExhibitorId, Buyer), bool>,
}

impl Docket<'_> {
    fn decide(&self) -> Vec<Decision> {
        let subjects = exhibitors(self.facts, self.rulebook, &self.credits, &self.penalised);
        if self.struck.is_empty() {
            return decide(self.rulebook, self.choices, &subjects);
        }
        let ranked = ExhibitorId::each(&subjects).filter(|(exhibitor, _)| !self.struck.contains(exhibitor));
        let ranked: Vec<Subject> = ranked.map(|(_, subject)| subject.clone()).collect();
        let mut decided = decide(self.rulebook, self.choices, &ranked).into_iter();
        let decision = |(exhibitor, subject): (ExhibitorId, &Subject)| match self.struck.contains(&exhibitor)
        {
            true => outside(self.rulebook, subject),
            false => decided.next().expect("everyone else was decided on"),
        };
        ExhibitorId::each(&subjects).map(decision).collect()
    }

    /// Applies the rulings of a day.
    fn apply(&mut self, report: &mut Report, day: &[Ruling], decisions: &[Decision]) {
        for (number, ruling) in day.iter().enumerate() {
            let contradicted = day[..number].iter().find(|other| contradict(&ruling.decides, &other.decides));
            if let Some(other) = contradicted {
                report
                    .error(
                        code::RULING_CONTRADICTION,
                        ruling.span,
                        say!("`{decides}` contradicts a ruling of the same day", decides = ruling.name()),
                    )
                    .label(say!("it contradicts `{decides}`", decides = other.name()))
                    .hint(say!("keep one of the two, or give the later one its own date"));
                continue;
            }
            let Err(because) = self.apply_one(ruling, decisions) else { continue };
            // Under other readings a ruling may well find nothing left to change.
            if *self.choices == self.rulebook.choices {
                report.note(
                    code::RULING_NO_EFFECT,
                    ruling.span,
                    say!("this ruling has no effect: {because}", because),
                );
            }
        }
    }

    /// Applies a ruling, or says why it changes nothing.
    fn apply_one(&mut self, ruling: &Ruling, decisions: &[Decision]) -> Result<(), Message> {
        let id = |exhibitor: ExhibitorId| &self.facts.exhibitors[exhibitor].id;
        match &ruling.decides {
            Decides::StrikeOff(exhibitor) if self.struck.contains(exhibitor) => {
                Err(say!("`{id}` was already struck off", id = id(*exhibitor)))
            }
            Decides::StrikeOff(exhibitor) => {
                self.struck.insert(*exhibitor);
                match decisions[*exhibitor].standing {
                    Standing::Evaluated => Ok(()),
                    Standing::Outside => Err(say!("`{id}` is not evaluated", id = id(*exhibitor))),
                }
            }
            Decides::Reinstate(exhibitor) => match self.struck.remove(exhibitor) {
                true => Ok(()),
                false => Err(say!("`{id}` was not struck off", id = id(*exhibitor))),
            },
            Decides::ConfirmPenalty(Penalty { exhibitor, .. }) => {
                let penalised = &mut self.penalised[*exhibitor];
                match std::mem::replace(penalised, true) {
                    false => Ok(()),
                    true => Err(say!(
                        "`{id}` is already under a penalty that covers this fair",
                        id = id(*exhibitor)
                    )),
                }
            }
            &Decides::CorrectMatch { exhibitor, buyer, counts } => {
                self.correct_match(exhibitor, buyer, counts)
            }
            // These are in the facts and in the days of the notice.
            Decides::Lapsed
            | Decides::AmendTables
            | Decides::CorrectExhibitor { .. }
            | Decides::MoveNotice => Ok(()),
        }
    }

    fn correct_match(&mut self, exhibitor: ExhibitorId, buyer: Buyer, counts: bool) -> Result<(), Message> {
        let (matches, history) = buyer_of(self.facts, self.choices, exhibitor, buyer);
        let counted = self.matched.insert((exhibitor, buyer), counts).unwrap_or(matches);
        let Some(history) = history else { return Err(say!("the buyer is not from overseas")) };
        let credit = &mut self.credits[exhibitor];
        let count = match history {
            BuyerHistory::New => &mut credit.new,
            BuyerHistory::Regular => &mut credit.regular,
        };
        match (counted, counts) {
            (true, true) => return Err(say!("the buyer is already counted")),
            (false, false) => return Err(say!("the buyer was not counted")),
            (false, true) => *count += 1,
            (true, false) => *count -= 1,
        }
        Ok(())
    }
}

fn contradict(one: &Decides, other: &Decides) -> bool {
    match (one, other) {
        (Decides::StrikeOff(one), Decides::Reinstate(other))
        | (Decides::Reinstate(one), Decides::StrikeOff(other)) => one == other,
        (
            Decides::CorrectMatch { exhibitor, buyer, counts },
            Decides::CorrectMatch { exhibitor: other, buyer: same, counts: otherwise },
        ) => exhibitor == other && buyer == same && counts != otherwise,
        _ => false,
    }
}
