//! Points that awards are worth beyond the fair, line by line: one for an award that became final, and one that
//! takes points back or adds some for every correction since then.

use std::collections::BTreeMap;

use super::ledger::{Seal, SealedListed, Stage};
use crate::fair::{Date, OutsideWinner};
use crate::rulebook::Rulebook;

/// A line in an account of points.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BonusLine {
    /// Identifier of the exhibitor.
    pub exhibitor: String,
    /// Its name in Chinese, and in English where it is known.
    pub name: (String, Option<String>),
    /// The sections in which it exhibited, in Chinese.
    pub sections: Vec<String>,
    /// The fair.
    pub fair: u32,
    /// The day on which it was sealed; absent where the fair was decided elsewhere.
    pub date: Option<Date>,
    /// The award before and after, by its name.
    pub award: (Option<String>, Option<String>),
    /// The points; negative ones are taken back.
    pub points: i64,
}

/// The lines that a sealed fair gives, in the order of its entries, then of identifiers. `None` where its award is
/// not final yet, or its rules give no points.
pub fn bonus_lines(seal: &Seal, rulebook: &Rulebook) -> Option<Vec<BonusLine>> {
    let bonus = rulebook.bonus.as_ref()?;
    let first = seal.entries.iter().position(|entry| entry.stage == Stage::Final)?;
    let worth = |award: &Option<String>| -> i64 {
        let points = award.as_ref().and_then(|award| bonus.points.get(award));
        points.map_or(0, |points| i64::from(points.value))
    };
    let mut lines = Vec::new();
    let mut before: BTreeMap<&str, &SealedListed> = BTreeMap::new();
    for entry in &seal.entries[first..] {
        for listed in &entry.listed {
            let known = before.insert(&listed.exhibitor, listed);
            let earlier = known.and_then(|known| known.award.clone());
            let points = worth(&listed.award) - worth(&earlier);
            if points != 0 {
                lines.push(BonusLine {
                    exhibitor: listed.exhibitor.clone(),
                    name: (listed.name_zh.clone(), listed.name_en.clone()),
                    sections: listed.particulars.sections.clone(),
                    fair: seal.fair,
                    date: Some(entry.date),
                    award: (earlier, listed.award.clone()),
                    points,
                });
            }
        }
    }
    Some(lines)
}

/// The lines of a fair that was decided elsewhere, in the order of its winners. `None` where the rules that name its
/// awards give no points.
pub fn outside_bonus_lines(
    fair: u32,
    winners: &[OutsideWinner],
    rulebook: &Rulebook,
) -> Option<Vec<BonusLine>> {
    let bonus = rulebook.bonus.as_ref()?;
    let lines = winners.iter().map(|winner| {
        let award = rulebook.awards[winner.award].id.value.clone();
        BonusLine {
            exhibitor: winner.exhibitor.clone(),
            name: (winner.name_zh.clone(), winner.name_en.clone()),
            sections: winner.sections.clone(),
            fair,
            date: None,
            points: bonus.points.get(&award).map_or(0, |points| i64::from(points.value)),
            award: (None, Some(award)),
        }
    });
    Some(lines.collect())
}
