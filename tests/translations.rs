//! Pages that say the same in two languages, and pages that do not: the shipped pages differ in nothing, and what is
//! changed in one language of them is named.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use jinbang::lang::Lang;
use jinbang::pages::{read_contents, read_glossary, report_differences, report_names};
use jinbang::source::{Files, Report, code};

/// A page in Chinese and English.
#[derive(Clone)]
struct Page {
    path: String,
    texts: [String; 2],
}

const LANGUAGES: [Lang; 2] = [Lang::ZH, Lang::EN];

fn shipped() -> Vec<Page> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
    let mut pages = Vec::new();
    for folder in ["", "activities/"] {
        let mut names: Vec<PathBuf> =
            fs::read_dir(top.join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
        names.sort();
        for name in names.iter().filter_map(|name| name.file_name()?.to_str()?.strip_suffix(".zh.md")) {
            let path = format!("{folder}{name}");
            let texts =
                ["zh", "en"].map(|lang| fs::read_to_string(top.join(format!("{path}.{lang}.md"))).unwrap());
            pages.push(Page { path, texts });
        }
    }
    pages
}

/// What is said of the differences of a page.
fn differences(root: &Path, page: &Page) -> Vec<String> {
    let name = page.path.rsplit('/').next().unwrap();
    for (lang, text) in ["zh", "en"].iter().zip(&page.texts) {
        fs::create_dir_all(root.join("content")).unwrap();
        fs::write(root.join(format!("content/{name}.{lang}.md")), text).unwrap();
    }
    let (files, mut read, mut report) = (Files::new(root), Report::new(), Report::new());
    let contents = read_contents(&mut read, &files, &LANGUAGES, false).unwrap();
    report_differences(&mut report, &files, &contents, &LANGUAGES).unwrap();
    for lang in ["zh", "en"] {
        fs::remove_file(root.join(format!("content/{name}.{lang}.md"))).unwrap();
    }
    let differs = report.problems().iter().filter(|problem| problem.code == code::TRANSLATION_DIFFERS);
    differs.map(|problem| problem.message.text(Lang::EN)).collect()
}

#[test]
fn the_shipped_pages_say_the_same_in_both_languages() {
    let folder = tempfile::tempdir().unwrap();
    for page in shipped() {
        assert_eq!(differences(folder.path(), &page), Vec::<String>::new(), "{}", page.path);
    }
}

/// A change of a text, what it is, and the text after it.
type Change = (&'static str, String, String);

/// A text with one thing changed, for each thing that must be the same in the other language.
fn changes(text: &str) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    let mut add = |what, range: std::ops::Range<usize>, new: &str| {
        let line = text[..range.start].matches('\n').count() + 1;
        let told = format!("line {line}: `{}` -> `{new}`", text[range.clone()].trim_end());
        changes.push((what, told, format!("{}{new}{}", &text[..range.start], &text[range.end..])));
    };
    let body = text.match_indices("---\n").nth(1).unwrap().0 + 4;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let range = at..at + line.len();
        at = range.end;
        let in_front = range.start < body;
        let is_key = |keys: &[&str]| keys.iter().any(|key| line.starts_with(&format!("{key}:")));
        if in_front && is_key(&["order", "updated", "related", "contacts", "dates"]) {
            add("key", range.clone(), "");
            continue;
        }
        if in_front && line.starts_with("  - {") {
            add("key", range.clone(), "");
        }
        if in_front && !line.starts_with("  - {") && !is_key(&["title", "summary"]) {
            continue;
        }
        if line.starts_with('#') {
            add("heading", range.clone(), "");
            add("heading", range.start..range.start, "#");
        }
        if line.starts_with("- ") || line.starts_with(|first: char| first.is_ascii_digit()) {
            add("item", range.clone(), "");
        }
        if line.starts_with("| ") && !text[..range.start].ends_with("\n\n") && !line.starts_with("| ---") {
            add("row", range.clone(), "");
        }
        // Digits of a list are counted, not read.
        let marker =
            line.find(". ").filter(|end| line[..*end].chars().all(|c| c.is_ascii_digit())).unwrap_or(0);
        let mut from = marker;
        while let Some(start) = line[from..].find(|c: char| c.is_ascii_digit()).map(|found| from + found) {
            let end =
                line[start..].find(|c: char| !c.is_ascii_digit()).map_or(line.len(), |length| start + length);
            let number: u64 = line[start..end].parse().unwrap();
            let is_translation = line.starts_with("translation_of");
            if !is_translation {
                add("number", range.start + start..range.start + end, &(number + 1).to_string());
            }
            from = end;
        }
        for (what, old, new) in [
            ("date", "April", "June"),
            ("date", "May", "June"),
            ("date", "November", "June"),
            ("link", "](/", "](/other/"),
            ("link", "](http", "](https://example.org/http"),
            ("address", "cantonfair.org", "cantonfare.org"),
        ] {
            for (found, _) in line.match_indices(old) {
                add(what, range.start + found..range.start + found + old.len(), new);
            }
        }
        for (old, new) in [
            ("three", "seven"),
            ("five", "seven"),
            ("Eight", "Nine"),
            ("两", "三"),
            ("三", "七"),
            ("五", "七"),
            ("八", "九"),
        ] {
            for (found, _) in line.match_indices(old).filter(|(found, _)| !line[*found..].starts_with("五入"))
            {
                add("word", range.start + found..range.start + found + old.len(), new);
            }
        }
    }
    changes
}

#[test]
fn what_is_changed_in_one_language_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut counts: BTreeMap<&str, (usize, usize)> = Default::default();
    let mut missed = Vec::new();
    for page in shipped() {
        for side in [0, 1] {
            for (what, told, text) in changes(&page.texts[side]) {
                let mut changed = page.clone();
                changed.texts[side] = text;
                let count = counts.entry(what).or_default();
                count.1 += 1;
                if differences(folder.path(), &changed).is_empty() {
                    missed.push(format!("{what} {} {} {told}", page.path, LANGUAGES[side]));
                } else {
                    count.0 += 1;
                }
            }
        }
    }
    // What one language counts in words the other may list, so a change of such a word alone is not told.
    let words = missed.iter().filter(|missed| missed.starts_with("word ")).count();
    assert_eq!(missed.len(), words, "{missed:#?}");
    let (named, all) = counts["word"];
    assert!(named * 3 >= all * 2, "{named} of {all}: {missed:#?}");
}

/// What is said of names in the shipped pages, one of them changed.
fn names(path: &str, change: impl Fn(&str) -> String) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::create_dir_all(root.join("content/activities")).unwrap();
    fs::create_dir_all(root.join("data")).unwrap();
    let shipped_root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::copy(shipped_root.join("data/glossary.yaml"), root.join("data/glossary.yaml")).unwrap();
    for page in shipped() {
        for (lang, text) in ["zh", "en"].iter().zip(&page.texts) {
            let name = format!("content/{}.{lang}.md", page.path);
            let text = if name == path { change(text) } else { text.clone() };
            fs::write(root.join(&name), text).unwrap();
        }
    }
    let (files, mut read, mut report) = (Files::new(root), Report::new(), Report::new());
    let contents = read_contents(&mut read, &files, &LANGUAGES, false).unwrap();
    let glossary = read_glossary(&mut read, &files).unwrap();
    report_names(&mut report, &files, &contents, &LANGUAGES, &glossary, std::iter::empty()).unwrap();
    report.problems().iter().map(|problem| problem.message.text(Lang::EN)).collect()
}

#[test]
fn another_rendering_of_an_official_name_is_named() {
    #[track_caller]
    fn case(path: &str, from: &str, to: &str, expected: &[&str]) {
        assert_eq!(names(path, |text| text.replace(from, to)), expected, "{to}");
    }
    case("", "", "", &[]);
    case(
        "content/home.en.md",
        "Leading Enterprises Sourcing Service Zone",
        "Leading Enterprise Procurement Service Zone",
        &[
            "`Leading Enterprise Procurement Service Zone` is called `Leading Enterprises Sourcing Service Zone`",
        ],
    );
    case(
        "content/home.zh.md",
        "头部企业采购服务区",
        "头部企业采购服务中心",
        &["`头部企业采购服务中` is called `头部企业采购服务区`"],
    );
    case(
        "content/activities/trade-bridge.en.md",
        "Trade Bridge",
        "Bridge to trade",
        &["the page `activities/trade-bridge` names `贸易之桥` in `zh`, but not `Trade Bridge` in `en`"],
    );
}
