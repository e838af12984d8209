//! `bonus`: the points of sealed awards towards the review of brand booths, line by line.

use std::process::ExitCode;

use serde_json::{Value, json};

use super::args::{AwardFormat, Bonus, Common};
use super::door::{Answer, read_project};
use super::terminal::{self, csv_text};
use crate::lang::Lang;
use crate::project::{BonusAccount, bonus};
use crate::source::{Failure, say};

pub(super) fn run(common: &Common, command: &Bonus) -> Result<ExitCode, Failure> {
    let Answer { files, report, value: account } =
        read_project(common, say!("reading the tables"), |report, files, _| bonus(report, files))?;
    terminal::print_report(&report, &files, common);
    let Some(account) = account else { return Ok(terminal::status(&report)) };
    terminal::print(&match command.format {
        AwardFormat::Text => text(&account, terminal::language(common.lang)),
        AwardFormat::Json => json_text(&account),
        AwardFormat::Csv => csv(&account)?,
    })?;
    Ok(terminal::status(&report))
}

fn text(account: &BonusAccount, lang: Lang) -> String {
    let numbers = |fairs: &[u32]| fairs.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
    let mut lines = vec![
        say!(
            "Points towards the review of brand booths since fair {since} (final: {fairs})",
            since = account.since_fair,
            fairs = numbers(&account.fairs)
        )
        .text(lang),
    ];
    if !account.not_final.is_empty() {
        lines.push(say!("sealed but not final: {fairs}", fairs = numbers(&account.not_final)).text(lang));
    }
    if !account.not_sealed.is_empty() {
        lines.push(say!("not sealed: {fairs}", fairs = numbers(&account.not_sealed)).text(lang));
    }
    for holder in &account.exhibitors {
        let none = say!("not chosen yet (data/booth-review.yaml)").text(lang);
        let name = holder.lines.first().map(|line| match (lang, &line.name) {
            (Lang::ZH, (zh, _)) | (_, (zh, None)) => zh.as_str(),
            (_, (_, Some(en))) => en.as_str(),
        });
        lines.push(String::new());
        lines.push(
            say!(
                "{exhibitor}  {name}: {points}, section: {section}",
                exhibitor = holder.exhibitor,
                name = name.unwrap_or_default(),
                points = holder.points().to_string(),
                section = holder.section.as_deref().unwrap_or(&none)
            )
            .text(lang),
        );
        for line in &holder.lines {
            let award = |award: &Option<String>| award.clone().unwrap_or_else(|| say!("none").text(lang));
            let change = match &line.award {
                (None, after) => award(after),
                (before, after) => format!("{} → {}", award(before), award(after)),
            };
            let date = match line.date {
                Some(date) => date.to_string(),
                None => say!("evaluated elsewhere").text(lang),
            };
            lines.push(format!("  {}  {date}  {:+}  {change}", line.fair, line.points));
        }
    }
    lines.join("\n") + "\n"
}

fn json_text(account: &BonusAccount) -> String {
    let exhibitors: Vec<Value> = account
        .exhibitors
        .iter()
        .map(|holder| {
            let lines: Vec<Value> = holder
                .lines
                .iter()
                .map(|line| {
                    json!({
                        "fair": line.fair,
                        "date": line.date.map(|date| date.to_string()),
                        "before": line.award.0,
                        "after": line.award.1,
                        "points": line.points,
                    })
                })
                .collect();
            json!({
                "exhibitor": holder.exhibitor,
                "points": holder.points(),
                "section": holder.section,
                "lines": lines,
            })
        })
        .collect();
    let object = json!({
        "format": "jinbang-bonus/1",
        "since_fair": account.since_fair,
        "fairs": account.fairs,
        "not_final": account.not_final,
        "not_sealed": account.not_sealed,
        "exhibitors": exhibitors,
    });
    serde_json::to_string_pretty(&object).expect("a value is always written") + "\n"
}

fn csv(account: &BonusAccount) -> Result<String, Failure> {
    let heading = ["exhibitor", "name_zh", "section", "fair", "date", "before", "after", "points"];
    let rows = account.exhibitors.iter().flat_map(|holder| {
        holder.lines.iter().map(|line| {
            vec![
                holder.exhibitor.clone(),
                line.name.0.clone(),
                holder.section.clone().unwrap_or_default(),
                line.fair.to_string(),
                line.date.map(|date| date.to_string()).unwrap_or_default(),
                line.award.0.clone().unwrap_or_default(),
                line.award.1.clone().unwrap_or_default(),
                line.points.to_string(),
            ]
        })
    });
    csv_text(&heading.map(str::to_owned), rows)
}
