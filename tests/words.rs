//! What the program says: every phrase of the code, of help and of the schemas has its Chinese in the catalog, with the
//! same places, and the catalog has nothing else; every code has a page in both languages, and is reported somewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use clap::builder::StyledStr;
use jinbang::lang::{Lang, Localized};
use jinbang::source::code::CODES;
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize, Default)]
struct Catalog {
    said: BTreeMap<String, String>,
    #[serde(default)]
    foreign: BTreeMap<String, String>,
}

/// The files of a folder of the program.
fn files_of(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = fs::read_dir(folder).expect("the folder is there");
    entries.map(|entry| entry.expect("the folder can be read").path()).collect()
}

fn catalogs() -> Vec<PathBuf> {
    files_of("src/source/words")
}

fn pages_of_codes() -> Vec<PathBuf> {
    files_of("src/cli/codes")
}

fn is_han(letter: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&letter)
}

/// The files of the catalog put together. Nothing stands in it twice.
fn catalog() -> Catalog {
    let mut all = Catalog::default();
    for path in catalogs() {
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

/// Words that gave way to another word for the same thing, and what is written instead.
const RETIRED: [(&str, &str); 12] = [
    ("参加排名", "参评"),
    ("执行口径", "评比口径"),
    ("几种解释", "几种理解"),
    ("略过", "跳过"),
    ("不予接受", "不接受"),
    ("示例数据", "演示数据"),
    ("样例届", "虚构的一届"),
    ("再进一步", "更高一档奖项"),
    ("由键组成", "`键: 值`"),
    ("不认识", "未知"),
    ("位采购商", "名采购商"),
    ("家采购商", "名采购商"),
];

#[test]
fn one_thing_has_one_name_in_chinese() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut wrong = Vec::new();
    for folder in ["src/source/words", "src/cli/codes", "src/guide/zh", "themes", "content"] {
        for entry in walkdir::WalkDir::new(root.join(folder)) {
            let path = entry.expect("the folder can be read").into_path();
            let is_text = path.extension().is_some_and(|ending| ending == "yaml" || ending == "md");
            let Some(text) = is_text.then(|| fs::read_to_string(&path).expect("a text can be read")) else {
                continue;
            };
            let retired = RETIRED.iter().filter(|(retired, _)| text.contains(retired));
            wrong.extend(retired.map(|(retired, now)| format!("{}: {retired} is {now}", path.display())));
            if text.replace("评比口径", "").contains("口径") {
                wrong.push(format!("{}: 口径 is 评比口径", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is said in English, by who says it: a file, a command or a schema.
type English = BTreeMap<String, String>;

fn says(english: &mut English, who: &str, text: Option<&StyledStr>) {
    let text = text.map(StyledStr::to_string).unwrap_or_default();
    for paragraph in text.split("\n\n").filter(|text| !text.is_empty()) {
        english.insert(paragraph.to_owned(), who.to_owned());
    }
}

/// What a command and those below it say of themselves.
fn help(english: &mut English, command: &clap::Command, path: &str) {
    says(english, path, command.get_about());
    says(english, path, command.get_long_about());
    let after = command.get_after_help().map(StyledStr::to_string).unwrap_or_default();
    // Examples are indented, and the same in all languages.
    for line in after.lines().filter(|line| !line.starts_with("  ")) {
        english.insert(line.to_owned(), path.to_owned());
    }
    for arg in command.get_arguments() {
        let who = format!("{path} {arg}");
        assert!(arg.get_help().is_some(), "{who} says what it is");
        says(english, &who, arg.get_help());
        says(english, &who, arg.get_long_help());
        if !arg.get_action().takes_values() {
            continue;
        }
        for value in arg.get_possible_values() {
            says(english, &format!("{who} {}", value.get_name()), value.get_help());
        }
        for name in arg.get_value_names().unwrap_or_default() {
            english.insert(name.to_string(), who.clone());
        }
    }
    if command.has_subcommands() {
        english.insert("COMMAND".to_owned(), path.to_owned());
    }
    for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
        match below.get_name() {
            "help" => says(english, "help", below.get_about()),
            name => help(english, below, &format!("{path} {name}")),
        }
    }
}

/// The descriptions of a schema that have an English text. Those of columns are their headings.
fn descriptions(english: &mut English, schema: &Value, at: &str) {
    match schema {
        Value::Object(members) => {
            if let Some(Value::String(text)) = members.get("description") {
                let text = text.split("\n\n").next().unwrap_or_default();
                if !text.contains(" · ") {
                    english.insert(text.to_owned(), at.to_owned());
                }
            }
            for (key, value) in members {
                descriptions(english, value, &format!("{at}/{key}"));
            }
        }
        Value::Array(values) => {
            for (number, value) in values.iter().enumerate() {
                descriptions(english, value, &format!("{at}/{number}"));
            }
        }
        _ => {}
    }
}

/// All that the program says in English by way of the catalog.
fn english() -> English {
    let mut english = English::new();
    for (path, code) in sources() {
        english.extend(templates(&code).into_iter().map(|template| (template, path.clone())));
    }
    assert!(english.len() > 600, "the phrases were found: {}", english.len());
    let mut command = jinbang::cli::command();
    command.build();
    help(&mut english, &command, "jinbang");
    for file in jinbang::project::schemas() {
        descriptions(&mut english, &file.schema, file.name);
    }
    english
}

#[test]
fn every_phrase_has_its_chinese_and_the_catalog_nothing_else() {
    let Catalog { said, .. } = catalog();
    let english = english();
    let mut wrong = Vec::new();
    for (text, who) in &english {
        match said.get(text) {
            None => wrong.push(format!("{who}: no Chinese for {text:?}")),
            Some(chinese) if places(chinese) != places(text) => {
                wrong.push(format!("{who}: other places in {chinese:?} than in {text:?}"));
            }
            Some(_) => {}
        }
    }
    let unused = said.keys().filter(|text| !english.contains_key(*text));
    wrong.extend(unused.map(|text| format!("nobody says {text:?}")));
    assert!(wrong.is_empty(), "src/source/words:\n{}", wrong.join("\n"));
}

#[test]
fn every_code_has_one_page_in_both_languages() {
    #[derive(Deserialize)]
    struct Group {
        title: Localized,
        pages: Vec<Page>,
    }
    #[derive(Deserialize)]
    struct Page {
        code: String,
        title: Localized,
        meaning: Localized,
        remedy: Localized,
    }
    let both = |text: &Localized| {
        assert!(text.missing(&[Lang::ZH, Lang::EN]).is_empty(), "{text:?}");
        assert!(text.get(Lang::ZH).chars().any(is_han), "{text:?}");
        [text.get(Lang::EN).ends_with('.'), text.get(Lang::ZH).ends_with('。')]
    };
    let mut codes = Vec::new();
    for path in pages_of_codes() {
        let text = fs::read_to_string(&path).expect("a page can be read");
        let Group { title, pages } = serde_yaml::from_str(&text).expect("the pages are sound");
        both(&title);
        for Page { code, title, meaning, remedy } in pages {
            assert_eq!(both(&title), [false, false], "{code}: the title is a phrase");
            assert_eq!(both(&meaning), [true, true], "{code}: the meaning is told in sentences");
            both(&remedy);
            codes.push(code);
        }
    }
    codes.sort();
    let mut known: Vec<&str> = CODES.iter().map(|code| code.as_str()).collect();
    known.sort_unstable();
    assert_eq!(codes, known);
}

#[test]
fn chinese_is_written_as_chinese_is() {
    let Catalog { said, foreign } = catalog();
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
    let paths = catalogs().into_iter().chain(pages_of_codes());
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
