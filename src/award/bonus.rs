//! Points that awards are worth beyond the fair, line by line: one for an award that became final, and one that
//! takes points back or adds some for every correction since then.

use serde_json::Value;

use super::ledger::{Entry, Ledger, Stage};
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
pub fn bonus_lines(ledger: &Ledger, rulebook: &Rulebook) -> Option<Vec<BonusLine>> {
    let bonus = rulebook.bonus.as_ref()?;
    let first = ledger.entries().iter().position(|entry| entry.stage == Stage::Final)?;
    let worth = |award: Option<&str>| -> i64 {
        let points = award.and_then(|award| bonus.points.get(award));
        points.map_or(0, |points| i64::from(points.value))
    };
    let mut lines = Vec::new();
    for number in first..ledger.entries().len() {
        let entry = &ledger.entries()[number];
        let before = (number > first).then(|| &ledger.entries()[number - 1]);
        for (id, decision) in entry.decisions() {
            let earlier = before.and_then(|before| award_of(before, id));
            let later = decision["award"].as_str();
            let points = worth(later) - worth(earlier);
            if points == 0 {
                continue;
            }
            let listed = match &decision["listed"] {
                Value::Null => {
                    before.and_then(|before| before.decision(id)).map(|earlier| &earlier["listed"])
                }
                listed => Some(listed),
            };
            let text = |name: &str| listed.and_then(|listed| listed[name].as_str()).map(str::to_owned);
            let sections = listed.and_then(|listed| listed["sections"].as_array()).into_iter().flatten();
            lines.push(BonusLine {
                exhibitor: id.to_owned(),
                name: (text("name_zh").unwrap_or_default(), text("name_en")),
                sections: sections.filter_map(|section| Some(section.as_str()?.to_owned())).collect(),
                fair: ledger.fair,
                date: Some(entry.date),
                award: (earlier.map(str::to_owned), later.map(str::to_owned)),
                points,
            });
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

fn award_of<'e>(entry: &'e Entry, id: &str) -> Option<&'e str> {
    entry.decision(id)?["award"].as_str()
}
