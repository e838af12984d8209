//! The account of points since the last review of brand booths, over all fairs that are sealed and final.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::build::read_calendar;
use super::day::{day_of_project, notice_state};
use super::judge::{fair_numbers, languages, read_fair};
use super::ledger::read_ledger;
use crate::award::{BonusLine, bonus_lines};
use crate::data::{Date, Spanned, decode_file};
use crate::fair::{AsOf, NoticeState};
use crate::rulebook::load_rulebooks;
use crate::source::{Failure, Files, Report, code, nearest, say};

/// The file `data/booth-review.yaml`.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct ReviewFile {
    /// The first fair that counts towards the next review.
    since_fair: u32,
    /// The one section for which an exhibitor uses its points, in Chinese, by its identifier.
    #[serde(default)]
    sections: BTreeMap<String, Spanned<String>>,
}

/// The account of points.
#[derive(Clone, Debug)]
pub struct BonusAccount {
    /// The first fair that counts.
    pub since_fair: u32,
    /// The fairs that count, in order.
    pub fairs: Vec<u32>,
    /// Sealed fairs that count when they are final.
    pub not_final: Vec<u32>,
    /// Who has points, or had them taken back, sorted by identifier.
    pub exhibitors: Vec<BonusHolder>,
}

/// An exhibitor with its points.
#[derive(Clone, Debug)]
pub struct BonusHolder {
    /// Its identifier.
    pub exhibitor: String,
    /// The section for which it uses them; absent where it has several and has not chosen.
    pub section: Option<String>,
    /// The lines, in the order of fairs, then of days.
    pub lines: Vec<BonusLine>,
}

impl BonusHolder {
    /// All its points.
    pub fn points(&self) -> i64 {
        self.lines.iter().map(|line| line.points).sum()
    }
}

/// Sums up the points of all sealed fairs since the last review. `None` where the project has errors.
pub fn bonus(report: &mut Report, files: &Files) -> Result<Option<BonusAccount>, Failure> {
    let path = "data/booth-review.yaml";
    if !files.is_file(path) {
        report
            .error(code::REVIEW_MISSING, None, say!("there is no file `{path}`", path))
            .hint(say!("write `since_fair: 137` into it: the first fair that counts towards the next review of brand booths"));
        return Ok(None);
    }
    let Some(review) = decode_file::<ReviewFile>(report, files, path)? else { return Ok(None) };
    let rulebooks = load_rulebooks(report, files, &languages(files)?)?;
    let calendar = read_calendar(report, files)?;
    let as_of = AsOf::new(day_of_project(files)?.unwrap_or(Date::MIN));
    let mut account = BonusAccount {
        since_fair: review.since_fair,
        fairs: Vec::new(),
        not_final: Vec::new(),
        exhibitors: Vec::new(),
    };
    let mut holders: BTreeMap<String, Vec<BonusLine>> = BTreeMap::new();
    for fair in fair_numbers(files)?.into_iter().filter(|fair| *fair >= review.since_fair) {
        let Some(ledger) = read_ledger(report, files, fair)? else { continue };
        let Some(last) = ledger.last() else { continue };
        let named = &last.field("rulebook")["sha256"];
        let Some(rulebook) = rulebooks.iter().find(|rulebook| *named == rulebook.sha256.as_str()) else {
            report
                .error(
                    code::RULEBOOK_MISSING,
                    None,
                    say!("the rulebook with which fair {fair} was sealed is not here, or was changed", fair),
                )
                .hint(say!("its SHA-256 is {hash}: bring it back as it was", hash = named.to_string()));
            continue;
        };
        let file = read_fair(&mut Report::new(), files, fair)?;
        let is_final =
            file.is_some_and(|file| notice_state(&file, rulebook, &calendar, &as_of) == NoticeState::Final);
        match bonus_lines(&ledger, rulebook).filter(|_| is_final) {
            None => account.not_final.push(fair),
            Some(lines) => {
                account.fairs.push(fair);
                for line in lines {
                    holders.entry(line.exhibitor.clone()).or_default().push(line);
                }
            }
        }
    }
    for (id, chosen) in &review.sections {
        let Some(lines) = holders.get(id) else {
            report
                .error(code::UNKNOWN_EXHIBITOR, chosen.span, say!("`{id}` has no points", id))
                .label_meant(nearest(id, holders.keys().map(String::as_str)))
                .hint(say!("name an exhibitor that received an award since the last review"));
            continue;
        };
        let known: Vec<&str> = lines.iter().flat_map(|line| &line.sections).map(String::as_str).collect();
        if !known.contains(&chosen.value.as_str()) {
            report
                .error(
                    code::UNKNOWN_SECTION,
                    chosen.span,
                    say!("`{id}` did not exhibit in `{chosen}`", id, chosen = chosen.value),
                )
                .hint(say!("its sections: {known}", known = known.join("；")));
        }
    }
    for (exhibitor, lines) in holders {
        let sections: std::collections::BTreeSet<&String> =
            lines.iter().flat_map(|line| &line.sections).collect();
        let only = || (sections.len() == 1).then(|| sections.first().map(|section| (*section).clone()));
        let section = match review.sections.get(&exhibitor) {
            Some(chosen) => Some(chosen.value.clone()),
            // 如申报多个展区品牌展位的，只能自行选择其中一个展区进行加分: with one there is nothing to choose.
            None => only().flatten(),
        };
        account.exhibitors.push(BonusHolder { exhibitor, section, lines });
    }
    Ok((!report.has_errors()).then_some(account))
}
