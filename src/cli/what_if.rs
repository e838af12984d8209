//! `award --what-if`: what rulings would move that nobody has signed yet.

use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};

use super::args::{Award, AwardFormat, Common};
use super::door::{Answer, read_project};
use super::terminal;
use crate::award::Listed;
use crate::lang::Lang;
use crate::project::{WhatIf, what_if};
use crate::rulebook::AwardId;
use crate::source::{Failure, Message, say};

pub(super) fn run(common: &Common, command: &Award, draft: &Path) -> Result<ExitCode, Failure> {
    let draft = path_from_root(&common.root, draft)?;
    let Answer { files, report, value: found } =
        read_project(common, say!("reading the tables"), |report, files, _| {
            what_if(report, files, command.fair, &command.policies, &draft)
        })?;
    terminal::print_report(&report, &files, common);
    let Some(found) = found.filter(|_| !report.has_errors()) else { return Ok(terminal::status(&report)) };
    terminal::print(&match command.format {
        AwardFormat::Text => text(&found, terminal::language(common.lang)),
        AwardFormat::Json => json_text(&found),
        AwardFormat::Csv => csv(&found)?,
    })?;
    Ok(terminal::status(&report))
}

/// The path of a file that need not be in the project, as the project's files are named where it is.
fn path_from_root(root: &Path, path: &Path) -> Result<String, Failure> {
    let absolute = |path: &Path| {
        std::path::absolute(path)
            .map_err(|cause| Failure::new(say!("read {path}", path = path.display()), cause))
    };
    let (root, path) = (absolute(root)?, absolute(path)?);
    Ok(path.strip_prefix(&root).unwrap_or(&path).to_string_lossy().replace('\\', "/"))
}

/// What is published of exhibitors, as it is and as it would be: identifier, field, both values.
fn details(found: &WhatIf) -> Vec<(&str, &'static str, String, String)> {
    fn fields(listed: &Listed) -> impl Iterator<Item = (&'static str, String)> {
        let names =
            [("name_zh", listed.name_zh.clone()), ("name_en", listed.name_en.clone().unwrap_or_default())];
        names.into_iter().chain(listed.particulars.texts().map(|(field, texts)| (field, texts.join("；"))))
    }
    let mut details = Vec::new();
    for (before, after) in &found.amended {
        for ((field, before), (_, now)) in fields(before).zip(fields(after)) {
            if before != now {
                details.push((after.id.as_str(), field, before, now));
            }
        }
    }
    details
}

fn text(found: &WhatIf, lang: Lang) -> String {
    let mut lines = vec![
        say!(
            "Fair {fair}: what the draft rulings would change (rulings: {rulings})",
            fair = found.fair,
            rulings = found.rulings
        )
        .text(lang),
    ];
    let award = |number: Option<AwardId>| match number {
        Some(number) => found.awards[number].clone(),
        None => say!("none").text(lang),
    };
    // Awards are numbered from the highest.
    let rank = |award: Option<AwardId>| award.map_or(usize::MAX, AwardId::place);
    let risen = found.changes.iter().filter(|(change, _)| rank(change.after) < rank(change.before));
    let fallen = found.changes.iter().filter(|(change, _)| rank(change.after) > rank(change.before));
    let mut tell = |title: Message, changes: Vec<String>| {
        if !changes.is_empty() {
            lines.push(String::new());
            lines.push(title.text(lang));
            lines.extend(changes.into_iter().map(|change| format!("  {change}")));
        }
    };
    let change = |(change, (zh, en)): &(crate::award::AwardChange, (String, Option<String>))| {
        let name = match lang {
            Lang::ZH => zh,
            _ => en.as_ref().unwrap_or(zh),
        };
        let (before, after) = (award(change.before), award(change.after));
        format!("{}  {before} → {after}  {name}", change.exhibitor)
    };
    tell(say!("Rise"), risen.map(change).collect());
    tell(say!("Fall"), fallen.map(change).collect());
    let shown = |value: String| if value.is_empty() { say!("none").text(lang) } else { value };
    let of_details = details(found)
        .into_iter()
        .map(|(id, field, before, after)| format!("{id}  {field}: {} → {}", shown(before), shown(after)));
    tell(say!("Changes to published details"), of_details.collect());
    tell(say!("Last day of the notice"), notice(found, lang).into_iter().collect());
    if lines.len() == 1 {
        lines.push(say!("Nothing published would change.").text(lang));
    }
    lines.join("\n") + "\n"
}

/// The last day of the notice, where it would be another.
fn notice(found: &WhatIf, lang: Lang) -> Option<String> {
    let (before, after) = found.until;
    let day =
        |day: Option<crate::fair::Date>| day.map_or_else(|| say!("none").text(lang), |day| day.to_string());
    (before != after).then(|| format!("{} → {}", day(before), day(after)))
}

fn json_text(found: &WhatIf) -> String {
    let award = |number: Option<AwardId>| number.map(|number| found.awards[number].as_str());
    let changes: Vec<Value> = found
        .changes
        .iter()
        .map(|(change, _)| {
            json!({
                "exhibitor": change.exhibitor, "before": award(change.before), "after": award(change.after),
            })
        })
        .collect();
    let details: Vec<Value> = details(found)
        .into_iter()
        .map(|(id, field, before, after)| {
            json!({"exhibitor": id, "field": field, "before": before, "after": after})
        })
        .collect();
    let day = |day: Option<crate::fair::Date>| day.map(|day| day.to_string());
    let object = json!({
        "format": "jinbang-what-if/1",
        "fair": found.fair,
        "rulings": found.rulings,
        "changes": changes,
        "details": details,
        "notice": {"until": {"before": day(found.until.0), "after": day(found.until.1)}},
    });
    serde_json::to_string_pretty(&object).expect("a value is always written") + "\n"
}

fn csv(found: &WhatIf) -> Result<String, Failure> {
    let award =
        |number: Option<AwardId>| number.map(|number| found.awards[number].clone()).unwrap_or_default();
    let heading = ["exhibitor", "field", "before", "after"].map(str::to_owned);
    let changes = found.changes.iter().map(|(change, _)| {
        vec![change.exhibitor.clone(), "award".to_owned(), award(change.before), award(change.after)]
    });
    let details = details(found)
        .into_iter()
        .map(|(id, field, before, after)| vec![id.to_owned(), field.to_owned(), before, after]);
    terminal::csv_text(&heading, changes.chain(details))
}
