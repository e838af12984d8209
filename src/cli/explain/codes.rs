//! `explain CODE`: what a kind of problem means, why it matters and what to do; and the list of all kinds.

use serde_json::json;

use crate::cli::args::PrintFormat;
use crate::cli::code_pages::{Page, groups};
use crate::cli::terminal::broken;
use crate::lang::Lang;
use crate::source::say;

/// How wide a paragraph is.
const WIDTH: usize = 92;

/// The page of a code.
pub(super) fn page(page: &Page, format: PrintFormat, lang: Lang) -> String {
    let (wrong, right) = (page.wrong.as_deref(), page.right.as_deref());
    let [title, meaning, remedy] = [&page.title, &page.meaning, &page.remedy].map(|text| text.get(lang));
    if format == PrintFormat::Json {
        return written(&json!({
            "format": "jinbang-code/1",
            "language": lang,
            "code": page.code,
            "title": title,
            "meaning": meaning,
            "remedy": remedy,
            "wrong": wrong,
            "right": right,
        }));
    }
    let mut text = format!("{}  {title}\n", page.code);
    for (heading, paragraph) in [(say!("What it means"), meaning), (say!("What to do"), remedy)] {
        text.push_str(&format!("\n{}\n{}\n", heading.text(lang), broken(paragraph, WIDTH, "  ")));
    }
    for (heading, example) in [(say!("Wrong:"), wrong), (say!("Right:"), right)] {
        if let Some(example) = example {
            let lines: Vec<String> = example.lines().map(|line| format!("    {line}")).collect();
            text.push_str(&format!("\n{}\n{}\n", heading.text(lang), lines.join("\n")));
        }
    }
    text
}

/// All codes by what they are about, each in a phrase.
pub(super) fn list(format: PrintFormat, lang: Lang) -> String {
    if format == PrintFormat::Json {
        let groups: Vec<_> = groups()
            .iter()
            .map(|group| {
                let codes: Vec<_> = group
                    .pages
                    .iter()
                    .map(|page| json!({"code": page.code, "title": page.title.get(lang)}))
                    .collect();
                json!({"title": group.title.get(lang), "codes": codes})
            })
            .collect();
        return written(&json!({"format": "jinbang-codes/1", "language": lang, "groups": groups}));
    }
    let widest = groups().iter().flat_map(|group| &group.pages).map(|page| page.code.len()).max();
    let widest = widest.unwrap_or_default();
    let mut text = say!("Codes that `jinbang explain CODE` explains").text(lang) + "\n";
    for group in groups() {
        text.push_str(&format!("\n{}\n", group.title.get(lang)));
        for page in &group.pages {
            text.push_str(&format!("  {:<widest$}  {}\n", page.code, page.title.get(lang)));
        }
    }
    text
}

fn written(value: &serde_json::Value) -> String {
    serde_json::to_string_pretty(value).expect("a value is always written") + "\n"
}
