//! What rulings would move that nobody has signed yet.

use std::collections::BTreeMap;

use super::fairs::read_calendar;
use super::judge::{WithDraft, judge_with_draft};
use super::judged::Judged;
use crate::award::{AwardChange, AwardList, Listed};
use crate::data::Date;
use crate::fair::FairFile;
use crate::pages::timeline;
use crate::rulebook::AwardId;
use crate::source::{Failure, Files, Report};

/// What rulings would move.
#[derive(Clone, Debug)]
pub struct WhatIf {
    /// The fair.
    pub fair: u32,
    /// How many rulings there are in the draft.
    pub rulings: usize,
    /// The awards of the rulebook, the highest first, by name.
    pub awards: Vec<String>,
    /// The exhibitors whose award would be another, sorted by identifier, each with its name in Chinese and in English.
    pub changes: Vec<(AwardChange, (String, Option<String>))>,
    /// The exhibitors with an award of which something else would be published: as they are listed, and as they would be.
    pub amended: Vec<(Listed, Listed)>,
    /// The last day of the notice, as it is and as it would be.
    pub until: (Option<Date>, Option<Date>),
}

/// Judges a fair as it is and with more rulings, which stand in a file by themselves. `None` where it cannot be judged;
/// the reason is reported.
pub fn what_if(
    report: &mut Report,
    files: &Files,
    number: Option<u32>,
    overrides: &[(String, String)],
    draft: &str,
) -> Result<Option<WhatIf>, Failure> {
    let calendar = read_calendar(report, files)?;
    let Some(judged) = judge_with_draft(report, files, number, overrides, draft)? else { return Ok(None) };
    let WithDraft { fairs: [fair, moved], judged: [now, then], drafted: rulings } = judged;
    let listed = |judged: &Judged| -> BTreeMap<String, Listed> {
        let list = AwardList::new(&judged.facts, &judged.results);
        list.listed.into_iter().map(|listed| (listed.id.clone(), listed)).collect()
    };
    let awards = |judged: &Judged| -> BTreeMap<String, Option<AwardId>> {
        let ids = judged.facts.exhibitors.iter().map(|exhibitor| exhibitor.id.clone());
        ids.zip(judged.results.decisions.iter().map(|decision| decision.award)).collect()
    };
    let (had, would_have) = (awards(&now), awards(&then));
    let mut changes = Vec::new();
    for exhibitor in &then.facts.exhibitors {
        let award = |all: &BTreeMap<String, Option<AwardId>>| all.get(&exhibitor.id).copied().flatten();
        let (before, after) = (award(&had), award(&would_have));
        if before != after {
            let change = AwardChange { exhibitor: exhibitor.id.clone(), before, after };
            changes.push((change, (exhibitor.name_zh.clone(), exhibitor.name_en.clone())));
        }
    }
    changes.sort_by(|(one, _), (other, _)| one.exhibitor.cmp(&other.exhibitor));
    let before = listed(&now);
    let amended = listed(&then).into_iter().filter_map(|(id, after)| {
        let before = before.get(&id)?.clone();
        (!before.is_published_like(&after)).then_some((before, after))
    });
    let amended = amended.collect();
    let until = |fair: &FairFile| {
        // Who judges the fair has said what is wrong with its days.
        let choices = &now.results.choices;
        let days = timeline(&mut Report::new(), fair, &now.rulebook, choices, &calendar, &|_| true);
        days.end.map(|end| end.date)
    };
    Ok(Some(WhatIf {
        fair: fair.fair.value,
        rulings,
        awards: now.rulebook.awards.iter().map(|award| award.id.value.clone()).collect(),
        changes,
        amended,
        until: (until(&fair), until(&moved)),
    }))
}
