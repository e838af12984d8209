//! `explain CODE`: what a kind of problem means, why it matters and what to do; and the list of all kinds.

use serde_json::json;

use crate::cli::args::PrintFormat;
use crate::cli::code_pages::{Page, groups};
use crate::cli::words::words;
use crate::lang::Lang;

/// The page of a code.
pub(super) fn page(page: &Page, format: PrintFormat, lang: Lang) -> String {
    let (wrong, right) = page.example();
    if format == PrintFormat::Json {
        return written(&json!({
            "format": "jinbang-code/1",
            "language": lang,
            "code": page.code,
            "title": page.title(lang),
            "meaning": page.meaning(lang),
            "remedy": page.remedy(lang),
            "wrong": wrong,
            "right": right,
        }));
    }
    let w = words(lang);
    let mut text = format!("{}  {}\n", page.code, page.title(lang));
    for (key, paragraph) in [("pages.means", page.meaning(lang)), ("pages.remedy", page.remedy(lang))] {
        text.push_str(&format!("\n{}\n{}\n", w.fill(key, &[]), broken(paragraph, "  ")));
    }
    for (key, example) in [("pages.wrong", wrong), ("pages.right", right)] {
        if let Some(example) = example {
            let lines: Vec<String> = example.lines().map(|line| format!("    {line}")).collect();
            text.push_str(&format!("\n{}\n{}\n", w.fill(key, &[]), lines.join("\n")));
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
                    .map(|page| json!({"code": page.code, "title": page.title(lang)}))
                    .collect();
                json!({"title": group.title.get(lang), "codes": codes})
            })
            .collect();
        return written(&json!({"format": "jinbang-codes/1", "language": lang, "groups": groups}));
    }
    let widest = groups().iter().flat_map(|group| &group.pages).map(|page| page.code.len()).max();
    let widest = widest.unwrap_or_default();
    let mut text = words(lang).fill("pages.list", &[]) + "\n";
    for group in groups() {
        text.push_str(&format!("\n{}\n", group.title.get(lang)));
        for page in &group.pages {
            text.push_str(&format!("  {:<widest$}  {}\n", page.code, page.title(lang)));
        }
    }
    text
}

fn written(value: &serde_json::Value) -> String {
    serde_json::to_string_pretty(value).expect("a value is always written") + "\n"
}

/// How wide a paragraph is on a terminal; a Chinese character takes two columns.
const WIDTH: usize = 92;

/// A paragraph in lines. Lines break at spaces and after Chinese characters, and none begins with a sign that
/// closes something.
fn broken(paragraph: &str, indent: &str) -> String {
    let width = |letter: char| if u32::from(letter) < 0x1100 { 1 } else { 2 };
    let mut lines = vec![String::new()];
    let mut used = 0;
    for piece in pieces(paragraph) {
        let wide: usize = piece.chars().map(width).sum();
        if used > 0 && used + piece.trim_end().chars().map(width).sum::<usize>() > WIDTH {
            lines.push(String::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(piece);
        }
        used += wide;
    }
    let lines: Vec<String> = lines.iter().map(|line| format!("{indent}{}", line.trim_end())).collect();
    lines.join("\n")
}

/// The parts of a paragraph between which a line may end.
fn pieces(text: &str) -> Vec<&str> {
    let closes = |letter: char| "，。；：、？！）”》】…—’」』".contains(letter);
    let opens = |letter: char| "（“《【‘「『".contains(letter);
    let is_wide = |letter: char| u32::from(letter) >= 0x2e80;
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut quoted = false;
    let letters: Vec<(usize, char)> = text.char_indices().collect();
    for pair in letters.windows(2) {
        let ((_, before), (at, after)) = (pair[0], pair[1]);
        if before == '`' {
            quoted = !quoted;
        }
        let breaks = match before {
            ' ' => true,
            _ => (is_wide(before) || is_wide(after)) && !closes(after) && !opens(before) && after != ' ',
        };
        if breaks && !quoted {
            pieces.push(&text[start..at]);
            start = at;
        }
    }
    pieces.push(&text[start..]);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_begins_with_what_closes_or_ends_with_what_opens() {
        let text = "程序读取（`data/site.yaml`）中的“内容”，并检查每一行；".repeat(12);
        for line in broken(&text, "").lines() {
            assert!(!line.starts_with(['，', '）', '”', '；']), "{line}");
            assert!(!line.ends_with(['（', '“']), "{line}");
            assert!(line.matches('`').count() % 2 == 0, "{line}");
        }
        assert_eq!(broken(&text, "").replace('\n', ""), text);
    }
}
