//! The account of points since the last review of brand booths, over all fairs that are sealed and final, or were
//! decided elsewhere.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::day::{day_of_project, notice_state};
use super::elsewhere::{OutsideFair, read_outside_fairs};
use super::fairs::read_calendar;
use super::fairs::{fair_numbers, languages, read_fair};
use super::ledger::read_sealed;
use crate::award::{BonusLine, bonus_lines, outside_bonus_lines};
use crate::data::{Date, Decoded, Spanned, decode_file};
use crate::fair::{AsOf, NoticeState};
use crate::rulebook::load_rulebooks;
use crate::source::{Failure, Files, Report, code, list, nearest, say};

/// The file `data/booth-review.yaml`.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct ReviewFile {
    /// The first fair that counts towards the next review.
    since_fair: Spanned<u32>,
    /// The section, in Chinese, for which each exhibitor uses its points, by its identifier.
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
    /// Fairs that are not sealed yet, later than all that count.
    pub not_sealed: Vec<u32>,
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

/// The fairs that were held since one of them, as far as the project knows, the earliest first.
fn fairs_since(files: &Files, since: u32, outside: &[OutsideFair]) -> Result<Vec<u32>, Failure> {
    let outside = outside.iter().map(|fair| fair.number);
    let Some(latest) = fair_numbers(files)?.into_iter().chain(outside).max() else { return Ok(Vec::new()) };
    let mut fairs = Vec::new();
    let mut next = Some(latest);
    while let Some(fair) = next.filter(|fair| *fair >= since) {
        fairs.push(fair);
        // What is wrong with the file is reported by who makes something of it.
        let mut unheard = Report::new();
        let file = match files.is_file(&format!("data/fairs/{fair}/fair.yaml")) {
            true => read_fair(&mut unheard, files, fair)?,
            false => None,
        };
        let previous =
            file.and_then(|file| Some(file.value.previous_fair?.value)).filter(|previous| *previous < fair);
        next = previous.or_else(|| fair.checked_sub(1));
    }
    fairs.reverse();
    Ok(fairs)
}

/// Sums up the points of all fairs since the last review: of those that are sealed, and of those that were decided
/// elsewhere. `None` where the project has errors, or a fair between them is not known.
pub fn bonus(report: &mut Report, files: &Files) -> Result<Option<BonusAccount>, Failure> {
    let path = "data/booth-review.yaml";
    if !files.is_file(path) {
        report
            .error(code::REVIEW_MISSING, None, say!("file not found: `{path}`", path))
            .hint(say!("create it with `since_fair: 137`, the first fair that counts towards the next review of brand booths"));
        return Ok(None);
    }
    let Some(review) = decode_file::<ReviewFile>(report, files, path)?.map(Decoded::into_value) else {
        return Ok(None);
    };
    let rulebooks = load_rulebooks(report, files, &languages(files)?)?;
    let calendar = read_calendar(report, files)?;
    let as_of = AsOf::new(day_of_project(files)?.unwrap_or(Date::MIN));
    let mut account = BonusAccount {
        since_fair: review.since_fair.value,
        fairs: Vec::new(),
        not_final: Vec::new(),
        not_sealed: Vec::new(),
        exhibitors: Vec::new(),
    };
    let mut holders: BTreeMap<String, Vec<BonusLine>> = BTreeMap::new();
    let outside = read_outside_fairs(report, files, &rulebooks)?;
    let mut missing = Vec::new();
    for fair in fairs_since(files, review.since_fair.value, &outside)? {
        let lines = match outside.iter().find(|outside| outside.number == fair) {
            Some(outside) => outside_bonus_lines(fair, &outside.winners, &rulebooks[outside.rulebook]),
            None => {
                let Some(sealed) = read_sealed(report, files, fair)? else {
                    missing.push(fair);
                    continue;
                };
                let Some(last) = sealed.seal.last() else { continue };
                let named = &last.basis.rulebook.sha256;
                let Some(rulebook) = rulebooks.iter().find(|rulebook| *named == rulebook.sha256) else {
                    report
                        .error(
                            code::RULEBOOK_MISSING,
                            None,
                            say!("the rulebook used to seal fair {fair} is missing or was changed", fair),
                        )
                        .hint(say!(
                            "restore the original; its SHA-256 is {hash}",
                            hash = format!("\"{named}\"")
                        ));
                    continue;
                };
                // The ledger may have been sealed for a day that the files no longer name.
                let file = read_fair(&mut Report::new(), files, fair)?;
                let state = file.map(|file| notice_state(&file, rulebook, &calendar, &as_of));
                bonus_lines(&sealed.seal, rulebook).filter(|_| state == Some(NoticeState::Final))
            }
        };
        match lines {
            None => account.not_final.push(fair),
            Some(lines) => {
                account.fairs.push(fair);
                for line in lines {
                    holders.entry(line.exhibitor.clone()).or_default().push(line);
                }
            }
        }
    }
    // A fair that is to come gives points later; without one that was held points are too low.
    let latest = account.fairs.iter().chain(&account.not_final).max().copied().unwrap_or_default();
    let (gaps, to_come): (Vec<u32>, Vec<u32>) = missing.into_iter().partition(|fair| *fair < latest);
    account.not_sealed = to_come;
    if let Some(&first) = gaps.first() {
        report
            .error(
                code::BONUS_GAP,
                review.since_fair.span,
                say!(
                    "points are too low: the winners of {count:fair|fairs} {gaps} are unknown",
                    count = gaps.len(),
                    gaps = list(&gaps)
                ),
            )
            .hint(say!(
                "seal it, or put its winners into data/fairs/{fair}/winners.csv: exhibitor, name_zh, award",
                fair = first
            ))
            .hint(say!("if a fair was not held, let `previous_fair` of the next one skip it"));
    }
    for (id, chosen) in &review.sections {
        let Some(lines) = holders.get(id) else {
            report
                .error(code::UNKNOWN_EXHIBITOR, chosen.span, say!("`{id}` has no points", id))
                .label_meant(nearest(id, holders.keys().map(String::as_str)))
                .hint(say!("choose an exhibitor that has won an award since the last review"));
            continue;
        };
        let known: Vec<&str> = lines.iter().flat_map(|line| &line.sections).map(String::as_str).collect();
        // A table of a fair that was decided elsewhere need not say in which sections it exhibited.
        let is_told = lines.iter().all(|line| !line.sections.is_empty());
        if is_told && !known.contains(&chosen.value.as_str()) {
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
