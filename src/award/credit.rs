//! Matching: which buyers are credited to which exhibitor.
//!
//! A buyer and an exhibitor match when code, company or e-mail of one of the buyer's attended rows equals
//! that of one invitation that the exhibitor sent. Each buyer counts once for each exhibitor that matches
//! （一位采购商被多家参展企业同时邀请的，分别记录）. Matching never merges buyers.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::fair::{Attended, Buyer, Channel, Decides, ExhibitorId, Facts, KeyKind, NO_DATE};
use crate::rulebook::{BuyerHistory, Choices, InvitationUnit, InvitedBeforeArrival, NewOrRegular};

/// What is credited to an exhibitor.
#[derive(serde::Serialize, serde::Deserialize, Clone, Copy, PartialEq, Eq, Default, Debug)]
#[serde(deny_unknown_fields)]
pub struct Credit {
    /// Invitations sent.
    pub invitations: u32,
    /// New overseas buyers who attended.
    pub new: u32,
    /// Regular overseas buyers who attended.
    pub regular: u32,
}

impl Credit {
    /// Counts a buyer that is new or regular, if it is from overseas.
    pub fn add(&mut self, history: Option<BuyerHistory>) {
        match history {
            None => {}
            Some(BuyerHistory::New) => self.new += 1,
            Some(BuyerHistory::Regular) => self.regular += 1,
        }
    }

    /// Counts a buyer that matches; only those from overseas are counted.
    pub(super) fn count(&mut self, buyer: BuyerFacts) {
        self.add(buyer.history());
    }
}

/// What the register says of a buyer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct BuyerFacts {
    pub(super) overseas: bool,
    pub(super) new: bool,
    /// The first day on which it was seen; the greatest number where no day is known.
    first_seen: i32,
}

impl BuyerFacts {
    /// Whether it counts as new or regular; `None` where it is not from overseas.
    fn history(self) -> Option<BuyerHistory> {
        self.overseas.then_some(if self.new { BuyerHistory::New } else { BuyerHistory::Regular })
    }

    pub(super) fn first_seen(&self) -> i32 {
        self.first_seen
    }
}

/// Counts for every exhibitor what is credited to it, in the order of the exhibitors.
pub fn credit(facts: &Facts, choices: &Choices) -> Vec<Credit> {
    let buyers = buyer_facts(facts, choices);
    let holders = KeyHolders::new(facts);
    let grouped = Grouped::new(facts);
    (0..facts.exhibitors.len())
        .into_par_iter()
        .map_init(
            || Matcher::new(facts),
            |matcher, exhibitor| {
                let invitations = grouped.of(ExhibitorId::new(exhibitor));
                let mut credit = Credit {
                    invitations: count_invitations(facts, invitations, choices),
                    ..Credit::default()
                };
                matcher.match_buyers(facts, invitations, &holders, &buyers, choices, &[], &mut |buyer| {
                    credit.count(buyers[buyer as usize]);
                });
                credit
            },
        )
        .collect()
}

/// Counts again under other readings what they count otherwise, for each of them in the order of the exhibitors.
/// What a reading does not touch is taken over from `credits`, which were counted under `applied`.
pub(super) fn recredit(
    facts: &Facts,
    applied: &Choices,
    credits: &[Credit],
    readings: &[&Choices],
) -> Vec<Vec<Credit>> {
    let recounts = |reading: &Choices| reading.invitation_unit != applied.invitation_unit;
    let rematches = |reading: &Choices| {
        (reading.new_or_regular, reading.invited_before_arrival)
            != (applied.new_or_regular, applied.invited_before_arrival)
    };
    /// Readings that match buyers in the same way; who of the buyers is new is looked up for each of them.
    struct Pass<'r> {
        choices: &'r Choices,
        readings: Vec<(usize, Vec<BuyerFacts>)>,
    }
    let mut passes: Vec<Pass<'_>> = Vec::new();
    for (number, &reading) in readings.iter().enumerate().filter(|(_, reading)| rematches(reading)) {
        let known = (number, buyer_facts(facts, reading));
        let same =
            |pass: &&mut Pass<'_>| pass.choices.invited_before_arrival == reading.invited_before_arrival;
        match passes.iter_mut().find(same) {
            Some(pass) => pass.readings.push(known),
            None => passes.push(Pass { choices: reading, readings: vec![known] }),
        }
    }
    let holders = KeyHolders::new(facts);
    let grouped = Grouped::new(facts);
    let by_exhibitor: Vec<Vec<Credit>> = (0..facts.exhibitors.len())
        .into_par_iter()
        .map_init(
            || Matcher::new(facts),
            |matcher, exhibitor| {
                let invitations = grouped.of(ExhibitorId::new(exhibitor));
                let mut counted = vec![credits[exhibitor]; readings.len()];
                for (credit, reading) in counted.iter_mut().zip(readings) {
                    if recounts(reading) {
                        credit.invitations = count_invitations(facts, invitations, reading);
                    }
                }
                for Pass { choices, readings } in &passes {
                    for (reading, _) in readings {
                        (counted[*reading].new, counted[*reading].regular) = (0, 0);
                    }
                    // When a buyer was first seen is the same under every reading.
                    let buyers = &readings[0].1;
                    matcher.match_buyers(facts, invitations, &holders, buyers, choices, &[], &mut |buyer| {
                        for (reading, buyers) in readings {
                            counted[*reading].count(buyers[buyer as usize]);
                        }
                    });
                }
                counted
            },
        )
        .collect();
    (0..readings.len()).map(|reading| by_exhibitor.iter().map(|counted| counted[reading]).collect()).collect()
}

/// What was seen of a buyer so far.
#[derive(Clone, Copy, Default)]
pub(super) struct Seen {
    first: Option<bool>,
    first_onsite: Option<bool>,
    onsite: bool,
    not_first_onsite: bool,
    online: bool,
    not_first_online: bool,
    any_first: bool,
    any_not_first: bool,
    first_seen: Option<i32>,
}

impl Seen {
    /// Takes a row of the buyer in.
    pub(super) fn add(&mut self, row: &Attended) {
        self.take(row.country.is_overseas(), row.channel, row.first_time);
        if row.seen_on != NO_DATE {
            self.first_seen = Some(self.first_seen.map_or(row.seen_on, |first| first.min(row.seen_on)));
        }
    }

    fn take(&mut self, overseas: bool, channel: Channel, first_time: bool) {
        self.first.get_or_insert(overseas);
        match channel {
            Channel::Onsite => {
                self.first_onsite.get_or_insert(overseas);
                self.onsite = true;
                self.not_first_onsite |= !first_time;
            }
            Channel::Online => {
                self.online = true;
                self.not_first_online |= !first_time;
            }
        }
        self.any_first |= first_time;
        self.any_not_first |= !first_time;
    }

    /// What that says of the buyer.
    pub(super) fn facts(&self, choices: &Choices) -> BuyerFacts {
        BuyerFacts {
            // Rows of one buyer that disagree: the first on-site row decides, else the first row.
            overseas: self.first_onsite.or(self.first).unwrap_or(false),
            new: match choices.new_or_regular {
                NewOrRegular::DecidingRows if self.onsite => !self.not_first_onsite,
                NewOrRegular::DecidingRows => self.online && !self.not_first_online,
                NewOrRegular::AnyNew => self.any_first,
                NewOrRegular::AnyRegular => !self.any_not_first,
            },
            first_seen: self.first_seen.unwrap_or(i32::MAX),
        }
    }
}

/// What rows say of their buyer, each by whether it is from overseas, where it was seen, and whether it says first time:
/// whether the buyer is new or regular; `None` where it is not from overseas.
pub fn history_of(
    rows: impl Iterator<Item = (bool, Channel, bool)>,
    choices: &Choices,
) -> Option<BuyerHistory> {
    let mut seen = Seen::default();
    rows.for_each(|(overseas, channel, first_time)| seen.take(overseas, channel, first_time));
    seen.facts(choices).history()
}

pub(super) fn buyer_facts(facts: &Facts, choices: &Choices) -> Vec<BuyerFacts> {
    let mut seen = vec![Seen::default(); facts.attendance.buyers as usize];
    for row in &facts.attendance.rows {
        seen[row.buyer.0 as usize].add(row);
    }
    seen.iter().map(|seen| seen.facts(choices)).collect()
}

pub(super) fn count_invitations(facts: &Facts, invitations: &[u32], choices: &Choices) -> u32 {
    let rows = u32::try_from(invitations.len()).expect("fewer than 2^32 rows");
    match choices.invitation_unit {
        InvitationUnit::Row => rows,
        InvitationUnit::DistinctRecipients => {
            let mut recipients: Vec<u64> = invitations
                .iter()
                .map(|&index| facts.invitations[index as usize].recipient)
                .filter(|&r| r != 0)
                .collect();
            let unknown = invitations.len() - recipients.len();
            recipients.sort_unstable();
            recipients.dedup();
            u32::try_from(recipients.len() + unknown).expect("fewer than 2^32 rows")
        }
    }
}

/// The invitations of each exhibitor, by number, in reading order.
pub(super) struct Grouped {
    starts: Vec<u32>,
    order: Vec<u32>,
}

impl Grouped {
    pub(super) fn new(facts: &Facts) -> Grouped {
        let mut starts = vec![0u32; facts.exhibitors.len() + 1];
        for invitation in &facts.invitations {
            starts[invitation.exhibitor.place() + 1] += 1;
        }
        for index in 1..starts.len() {
            starts[index] += starts[index - 1];
        }
        let mut next = starts.clone();
        let mut order = vec![0u32; facts.invitations.len()];
        for (index, invitation) in (0u32..).zip(&facts.invitations) {
            let place = &mut next[invitation.exhibitor];
            order[*place as usize] = index;
            *place += 1;
        }
        Grouped { starts, order }
    }

    pub(super) fn of(&self, exhibitor: ExhibitorId) -> &[u32] {
        let place = exhibitor.place();
        &self.order[self.starts[place] as usize..self.starts[place + 1] as usize]
    }
}

/// For each key of each kind the buyers that have it.
pub(super) struct KeyHolders {
    kinds: [Holders; 3],
}

struct Holders {
    starts: Vec<u32>,
    buyers: Vec<u32>,
}

impl KeyHolders {
    pub(super) fn new(facts: &Facts) -> KeyHolders {
        let kinds = KeyKind::ALL.map(|kind| {
            let rows = (0u32..).zip(&facts.attendance.rows);
            let mut pairs: Vec<(u32, u32)> = rows
                .flat_map(|(number, row)| {
                    facts.attendance.keys_of(number, kind).map(|key| (key, row.buyer.0))
                })
                .collect();
            pairs.sort_unstable();
            pairs.dedup();
            let mut starts = vec![0u32; facts.attendance.keys[kind as usize].len() + 1];
            for (key, _) in &pairs {
                starts[*key as usize + 1] += 1;
            }
            for index in 1..starts.len() {
                starts[index] += starts[index - 1];
            }
            Holders { starts, buyers: pairs.into_iter().map(|(_, buyer)| buyer).collect() }
        });
        KeyHolders { kinds }
    }

    pub(super) fn of(&self, kind: KeyKind, key: u32) -> &[u32] {
        let holders = &self.kinds[kind as usize];
        &holders.buyers[holders.starts[key as usize] as usize..holders.starts[key as usize + 1] as usize]
    }
}

/// Finds the buyers of one exhibitor after another; its memory is used again for each.
pub(super) struct Matcher {
    /// By buyer, the number of the exhibitor for which it was last counted.
    counted: Vec<u32>,
    turn: u32,
    keys: Vec<(u8, u32, i32)>,
}

impl Matcher {
    pub(super) fn new(facts: &Facts) -> Matcher {
        Matcher { counted: vec![0; facts.attendance.buyers as usize], turn: 0, keys: Vec::new() }
    }

    /// Hands over the buyers that match one of some invitations, each once, by keys that are not ignored.
    #[expect(clippy::too_many_arguments, reason = "what is matched, by what, and what comes of it")]
    pub(super) fn match_buyers(
        &mut self,
        facts: &Facts,
        invitations: &[u32],
        holders: &KeyHolders,
        buyers: &[BuyerFacts],
        choices: &Choices,
        ignored: &[(KeyKind, u32)],
        found: &mut dyn FnMut(u32),
    ) {
        self.turn += 1;
        self.keys.clear();
        for &index in invitations.iter().filter(|&&index| facts.may_match(index)) {
            let invitation = &facts.invitations[index as usize];
            for kind in KeyKind::ALL {
                let keys = facts.letter_keys(index, kind).filter(|&key| !ignored.contains(&(kind, key)));
                self.keys.extend(keys.map(|key| (kind as u8, key, invitation.sent_on)));
            }
        }
        // Of equal keys the earliest invitation is enough; a missing day is smaller than every day.
        self.keys.sort_unstable();
        self.keys.dedup_by_key(|(kind, key, _)| (*kind, *key));
        let required = choices.invited_before_arrival == InvitedBeforeArrival::Required;
        for &(kind, key, sent_on) in &self.keys {
            for &buyer in holders.of(KeyKind::ALL[usize::from(kind)], key) {
                let counted = &mut self.counted[buyer as usize];
                // The day itself is not after it.
                let too_late = required && sent_on > buyers[buyer as usize].first_seen;
                if *counted != self.turn && !too_late {
                    *counted = self.turn;
                    found(buyer);
                }
            }
        }
    }
}

/// Which rows are behind what is credited to one exhibitor.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// The invitations that were sent, by number in [`Facts::invitations`].
    pub invitations: Vec<u32>,
    /// The buyers that match one of them.
    pub buyers: Vec<MatchedBuyer>,
}

/// A buyer that matches an invitation.
#[derive(Clone, Debug)]
pub struct MatchedBuyer {
    /// The buyer.
    pub buyer: Buyer,
    /// Whether it is new, else it is regular.
    pub new: bool,
    /// Whether it counts.
    pub counts: bool,
    /// What matches: all pairs of an invitation and an attended row with an equal key.
    pub matches: Vec<Match>,
}

/// An invitation and an attended row with an equal key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Match {
    /// The invitation, by number in [`Facts::invitations`].
    pub invitation: u32,
    /// The row, by number in the attendance.
    pub attended: u32,
    /// By what they match.
    pub by: KeyKind,
    /// Whether the invitation was sent after the buyer came, where the reading asks for that.
    pub too_late: bool,
}

/// Collects the rows behind what is credited to an exhibitor.
pub fn evidence(facts: &Facts, choices: &Choices, exhibitor: ExhibitorId) -> Evidence {
    let buyers = buyer_facts(facts, choices);
    let invitations: Vec<u32> = (0u32..)
        .zip(&facts.invitations)
        .filter(|(_, invitation)| invitation.exhibitor == exhibitor)
        .map(|(index, _)| index)
        .collect();
    let required = choices.invited_before_arrival == InvitedBeforeArrival::Required;
    let mut by_buyer: BTreeMap<Buyer, Vec<Match>> = BTreeMap::new();
    for kind in KeyKind::ALL {
        let mut keyed: Vec<(u32, u32)> = invitations
            .iter()
            .flat_map(|&index| facts.letter_keys(index, kind).map(move |key| (key, index)))
            .collect();
        keyed.sort_unstable();
        for (attended, row) in (0u32..).zip(&facts.attendance.rows) {
            for key in facts.attendance.keys_of(attended, kind) {
                let from = keyed.partition_point(|(known, _)| *known < key);
                for &(_, invitation) in keyed[from..].iter().take_while(|(known, _)| *known == key) {
                    let sent_on = facts.invitations[invitation as usize].sent_on;
                    let too_late = required && sent_on > buyers[row.buyer.0 as usize].first_seen;
                    by_buyer.entry(row.buyer).or_default().push(Match {
                        invitation,
                        attended,
                        by: kind,
                        too_late,
                    });
                }
            }
        }
    }
    let corrected = corrected_matches(facts, exhibitor);
    for &buyer in corrected.keys() {
        by_buyer.entry(buyer).or_default();
    }
    let buyers = by_buyer
        .into_iter()
        .map(|(buyer, mut matches)| {
            matches.sort_unstable();
            matches.dedup();
            let known = buyers[buyer.0 as usize];
            let matched = matches.iter().any(|found| !found.too_late);
            let counts = known.overseas && corrected.get(&buyer).copied().unwrap_or(matched);
            MatchedBuyer { buyer, new: known.new, counts, matches }
        })
        .collect();
    Evidence { invitations, buyers }
}

/// The buyers of whom rulings say whether they count as invited by an exhibitor; the last ruling decides.
pub(super) fn corrected_matches(facts: &Facts, exhibitor: ExhibitorId) -> BTreeMap<Buyer, bool> {
    let mut corrected = BTreeMap::new();
    for ruling in &facts.rulings {
        match ruling.decides {
            Decides::CorrectMatch { exhibitor: of, buyer, counts } if of == exhibitor => {
                corrected.insert(buyer, counts);
            }
            _ => {}
        }
    }
    corrected
}

/// What one buyer is for one exhibitor by the tables alone: whether it matches, and how it would count;
/// `None` where the buyer is not from overseas.
pub(super) fn buyer_of(
    facts: &Facts,
    choices: &Choices,
    exhibitor: ExhibitorId,
    buyer: Buyer,
) -> (bool, Option<BuyerHistory>) {
    let known = buyer_facts(facts, choices)[buyer.0 as usize];
    let required = choices.invited_before_arrival == InvitedBeforeArrival::Required;
    let of_buyer = |row: &u32| facts.attendance.rows[*row as usize].buyer == buyer;
    let rows: Vec<u32> = (0u32..).take(facts.attendance.rows.len()).filter(of_buyer).collect();
    let matches = (0u32..).zip(&facts.invitations).any(|(letter, invitation)| {
        let counts =
            invitation.exhibitor == exhibitor && (!required || invitation.sent_on <= known.first_seen);
        let equal = |kind: KeyKind| {
            facts.letter_keys(letter, kind).any(|key| {
                rows.iter().any(|&row| facts.attendance.keys_of(row, kind).any(|other| other == key))
            })
        };
        counts && KeyKind::ALL.into_iter().any(equal)
    });
    (matches, known.history())
}
