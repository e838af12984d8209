//! What the program says: every phrase of the code has its Chinese in the catalog, with the same places, and the
//! catalog has nothing else; every code is reported somewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::Deserialize;

#[derive(Deserialize, Default)]
struct Catalog {
    said: BTreeMap<String, String>,
    #[serde(default)]
    foreign: BTreeMap<String, String>,
}

/// The files of the catalog put together. Nothing stands in it twice.
fn catalog() -> Catalog {
    let mut all = Catalog::default();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/source/words");
    for entry in fs::read_dir(folder).expect("the catalog is there") {
        let path = entry.expect("the folder can be read").path();
        let text = fs::read_to_string(&path).expect("a file of the catalog can be read");
        let Catalog { said, foreign } = serde_yaml::from_str(&text).expect("the catalog is sound");
        for (into, from) in [(&mut all.said, said), (&mut all.foreign, foreign)] {
            for (english, chinese) in from {
                let other = into.insert(english.clone(), chinese);
                assert!(other.is_none(), "{english:?} stands in {} and in another file", path.display());
            }
        }
    }
    all
}

/// The files of the program, by their paths, without the tests in them.
fn sources() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = BTreeMap::new();
    for entry in walkdir::WalkDir::new(root.join("src")) {
        let path = entry.expect("the folder can be read").into_path();
        if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).expect("source can be read");
            let code = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
            sources.insert(path.strip_prefix(root).expect("it is below").display().to_string(), code);
        }
    }
    sources
}

/// The first argument of every `say!(…)` in a text.
fn templates(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("say!(") {
        let line = code[..at].rsplit('\n').next().unwrap_or_default();
        if line.trim_start().starts_with("//") {
            continue;
        }
        let argument = code[at + 5..].trim_start();
        let Some(literal) = argument.strip_prefix('"') else { continue };
        let mut template = String::new();
        let mut letters = literal.chars();
        loop {
            match letters.next().expect("a literal ends") {
                '"' => break,
                '\\' => match letters.next().expect("a literal ends") {
                    '\n' => {
                        let rest = letters.as_str().trim_start();
                        letters = rest.chars();
                    }
                    'n' => template.push('\n'),
                    letter => template.push(letter),
                },
                letter => template.push(letter),
            }
        }
        found.push(template);
    }
    found
}

/// The names of the places of a template, without what they choose.
fn places(template: &str) -> BTreeSet<String> {
    let text = template.replace("{{", "").replace("}}", "");
    let place = |part: &str| Some(part.split_once('}')?.0.split(':').next()?.to_owned());
    text.split('{').skip(1).filter_map(place).collect()
}

#[test]
fn every_phrase_has_its_chinese_and_the_catalog_nothing_else() {
    let Catalog { said, .. } = catalog();
    let mut used = BTreeSet::new();
    let mut wrong = Vec::new();
    for (path, code) in sources() {
        for template in templates(&code) {
            match said.get(&template) {
                None => wrong.push(format!("{path}: no Chinese for {template:?}")),
                Some(chinese) if places(chinese) != places(&template) => {
                    wrong.push(format!("{path}: other places in {chinese:?} than in {template:?}"));
                }
                Some(_) => {}
            }
            used.insert(template);
        }
    }
    let unused = said.keys().filter(|template| !used.contains(*template));
    wrong.extend(unused.map(|template| format!("nobody says {template:?}")));
    assert!(wrong.is_empty(), "src/source/words:\n{}", wrong.join("\n"));
    assert!(used.len() > 600, "the phrases were found: {}", used.len());
}

#[test]
fn chinese_is_written_as_chinese_is() {
    let Catalog { said, foreign } = catalog();
    let is_han = |letter: char| ('\u{4e00}'..='\u{9fff}').contains(&letter);
    let mut wrong = Vec::new();
    for (english, chinese) in said.iter().chain(&foreign) {
        // What stands in backticks or places is not prose.
        let mut prose: String = chinese.split('`').step_by(2).collect::<Vec<_>>().join("a");
        while let (Some(from), Some(until)) = (prose.find('{'), prose.find('}')) {
            if from > until {
                break;
            }
            prose.replace_range(from..=until, "a");
        }
        let letters: Vec<char> = prose.chars().collect();
        for three in letters.windows(3) {
            if is_han(three[0]) && ",.;:!?()".contains(three[1]) && (is_han(three[2]) || three[2] == ' ') {
                wrong.push(format!("half-width `{}` in {chinese:?}", three[1]));
            }
        }
        if chinese.ends_with('。') && !english.ends_with('.') {
            wrong.push(format!("a phrase does not end with a full stop: {chinese:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The Chinese texts of a document: of blocks that have `zh` only what stands under it.
fn chinese(value: &serde_yaml::Value, texts: &mut Vec<String>) {
    match value {
        serde_yaml::Value::String(text) => texts.push(text.clone()),
        serde_yaml::Value::Sequence(values) => values.iter().for_each(|value| chinese(value, texts)),
        serde_yaml::Value::Mapping(entries) => match entries.get("zh") {
            Some(text) => chinese(text, texts),
            None => entries
                .iter()
                .filter(|(key, _)| !["code", "wrong", "right"].contains(&key.as_str().unwrap_or_default()))
                .for_each(|(_, value)| chinese(value, texts)),
        },
        _ => {}
    }
}

#[test]
fn a_space_stands_between_chinese_and_latin_letters_or_digits() {
    // Places in which Chinese words stand, not numbers or names.
    const OF_WORDS: [&str; 9] =
        ["award", "band", "by", "doing", "expected", "found", "kind", "title", "what"];
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths: Vec<std::path::PathBuf> = [
        "src/source/words/zh.yaml",
        "src/source/words/results.zh.yaml",
        "src/cli/words/help.zh.yaml",
        "src/project/schema/zh.yaml",
    ]
    .map(|path| root.join(path))
    .into();
    let codes = fs::read_dir(root.join("src/cli/codes")).expect("the pages are there");
    paths.extend(codes.map(|entry| entry.expect("the folder can be read").path()));
    let is_han = |letter: char| ('\u{4e00}'..='\u{9fff}').contains(&letter);
    let mut wrong = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).expect("the words are there");
        let mut texts = Vec::new();
        chinese(&serde_yaml::from_str(&text).expect("the words are sound"), &mut texts);
        assert!(!texts.is_empty());
        for text in texts {
            // What stands in backticks is no prose; a place is what stands in it.
            let mut prose: String = text.split('`').step_by(2).collect::<Vec<_>>().join("`");
            for place in places(&prose) {
                let value = if OF_WORDS.contains(&place.as_str()) { "字" } else { "0" };
                prose = prose.replace(&format!("{{{place}}}"), value);
            }
            let letters: Vec<char> = prose.chars().collect();
            let tight = |pair: &[char]| {
                is_han(pair[0]) && pair[1].is_ascii_alphanumeric()
                    || pair[0].is_ascii_alphanumeric() && is_han(pair[1])
            };
            if letters.windows(2).any(tight) {
                wrong.push(format!("{}: {text}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_libraries_say_keeps_its_places() {
    for (pattern, chinese) in catalog().foreign {
        // A place of the pattern may be left out; the Chinese names no other.
        if places(&pattern).is_empty() {
            continue;
        }
        assert!(places(&chinese).is_subset(&places(&pattern)), "{pattern:?}: {chinese:?}");
    }
}

#[test]
fn every_code_is_reported_somewhere() {
    let sources = sources();
    let declared: Vec<&str> = sources["src/source/code.rs"]
        .rsplit("codes! {")
        .next()
        .expect("the codes are there")
        .lines()
        .filter_map(|line| line.trim().split_once(" \""))
        .map(|(name, _)| name)
        .collect();
    assert!(declared.len() > 100, "the codes were found");
    for name in declared {
        let used = format!("code::{name}");
        let ends = |rest: &str| !rest.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_');
        let reported = sources.values().any(|code| code.split(&used).skip(1).any(ends));
        assert!(reported, "{name} is declared and never reported");
    }
}
