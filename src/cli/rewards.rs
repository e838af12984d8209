//! `rewards`: what is given beside the awards, and to whom.

use std::process::ExitCode;

use serde_json::{Map, Value, json};

use super::args::{AwardFormat, Common, Rewards};
use super::door::{Answer, read_project};
use super::terminal::{self, csv_text};
use crate::award::rewards;
use crate::fair::Observers;
use crate::lang::Lang;
use crate::project::{Judged, judge_project, report_not_final};
use crate::source::{Failure, say};

pub(super) fn run(common: &Common, command: &Rewards) -> Result<ExitCode, Failure> {
    let Answer { files, report, value: judged } =
        read_project(common, say!("reading the tables"), |report, files, _| {
            let Some((fair, judged)) = judge_project(report, files, command.fair, &[], Observers::none())?
            else {
                return Ok(None);
            };
            if !report.has_errors() {
                report_not_final(report, files, &fair, &judged.rulebook, command.as_of)?;
            }
            Ok(Some(judged))
        })?;
    terminal::print_report(&report, &files, common);
    let Some(judged) = judged.filter(|_| !report.has_errors()) else {
        return Ok(terminal::status(&report));
    };
    let given = rewards(&judged.rulebook, &judged.results);
    terminal::print(&match command.format {
        AwardFormat::Text => text(&judged, &given, terminal::language(common.lang)),
        AwardFormat::Json => json_text(&judged, &given),
        AwardFormat::Csv => csv(&judged, &given)?,
    })?;
    Ok(terminal::status(&report))
}

/// The identifiers of those who get a tier of a reward, sorted.
fn holders<'j>(judged: &'j Judged, given: &[Vec<Option<usize>>], reward: usize, tier: usize) -> Vec<&'j str> {
    let sorted = judged.results.sorted.iter();
    let got = sorted.filter(|&&number| given[number][reward] == Some(tier));
    got.map(|&number| judged.facts.exhibitors[number].id.as_str()).collect()
}

fn text(judged: &Judged, given: &[Vec<Option<usize>>], lang: Lang) -> String {
    let mut lines = Vec::new();
    for (place, reward) in judged.rulebook.rewards.iter().enumerate() {
        lines.push(reward.title.value.get(lang).to_owned());
        if let Some(open) = &reward.open {
            lines.push(format!("  {}", open.value.get(lang)));
        }
        for (number, tier) in reward.tiers.iter().enumerate() {
            let holders = holders(judged, given, place, number);
            lines.push(format!(
                "  {}",
                say!("{tier}: {count}", tier = tier.title.value.get(lang), count = holders.len()).text(lang)
            ));
            lines.extend(holders.chunks(10).map(|row| format!("    {}", row.join(" "))));
        }
    }
    if lines.is_empty() {
        lines.push(say!("The rulebook has no other rewards.").text(lang));
    }
    lines.join("\n") + "\n"
}

fn json_text(judged: &Judged, given: &[Vec<Option<usize>>]) -> String {
    let rewards: Map<String, Value> = judged
        .rulebook
        .rewards
        .iter()
        .enumerate()
        .map(|(place, reward)| {
            let tiers: Map<String, Value> = reward
                .tiers
                .iter()
                .enumerate()
                .map(|(number, tier)| (tier.id.value.clone(), holders(judged, given, place, number).into()))
                .collect();
            (reward.id.value.clone(), tiers.into())
        })
        .collect();
    let object = json!({"format": "jinbang-rewards/1", "fair": judged.facts.fair, "rewards": rewards});
    serde_json::to_string_pretty(&object).expect("a value is always written") + "\n"
}

fn csv(judged: &Judged, given: &[Vec<Option<usize>>]) -> Result<String, Failure> {
    let heading = ["exhibitor", "name_zh", "reward", "tier"];
    let mut rows = Vec::new();
    for &number in &judged.results.sorted {
        let exhibitor = &judged.facts.exhibitors[number];
        for (reward, tier) in judged.rulebook.rewards.iter().zip(&given[number]) {
            if let Some(tier) = *tier {
                rows.push(vec![
                    exhibitor.id.clone(),
                    exhibitor.name_zh.clone(),
                    reward.id.value.clone(),
                    reward.tiers[tier].id.value.clone(),
                ]);
            }
        }
    }
    csv_text(&heading.map(str::to_owned), rows)
}
