//! The table of arrows in `src/lib.rs`, held against the code: a module uses only the modules that the table lets
//! it use. Test code in `src` is held to it too: a test that needs another module belongs to that module.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

type Arrows = BTreeMap<String, BTreeSet<String>>;

#[test]
fn commands_read_a_project_through_one_door() {
    let cli = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli");
    let mut reading = Vec::new();
    for path in rust_files(&cli) {
        let text = fs::read_to_string(&path).expect("source can be read");
        if text.contains("Files::new(&common") {
            reading.push(path.strip_prefix(&cli).expect("it is below").display().to_string());
        }
    }
    // `serve` goes on when an input changes: that is what it is for.
    assert_eq!(
        reading,
        ["door.rs", "serve.rs"],
        "src/cli/door.rs refuses inputs that change while they are read"
    );
}

#[test]
fn modules_use_only_those_that_the_table_names() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let lib = fs::read_to_string(source.join("lib.rs")).expect("lib.rs is there");
    let arrows = arrows(&lib);
    let declared: BTreeSet<String> = declared(&lib);
    let named: BTreeSet<String> = arrows.keys().cloned().collect();
    assert_eq!(named, declared, "modules of the table (left) and of lib.rs (right)");
    for (module, used) in &arrows {
        for used in used {
            assert!(declared.contains(used), "`{module}` may use `{used}`, which is no module");
        }
    }
    assert_no_way_back(&arrows);

    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for path in rust_files(&source) {
        let below = path.strip_prefix(&source).expect("it is below").to_path_buf();
        let first = below.iter().next().expect("a path has parts").to_string_lossy().into_owned();
        let module = first.strip_suffix(".rs").unwrap_or(&first).to_owned();
        if ["lib", "main"].contains(&module.as_str()) {
            continue;
        }
        assert!(declared.contains(&module), "src/{} belongs to no module of lib.rs", below.display());
        seen.insert(module.clone());
        let text = fs::read_to_string(&path).expect("source can be read");
        for (line, used) in paths(&text, depth(&below), &declared) {
            if used != module && !arrows[&module].contains(&used) {
                wrong.push(format!("src/{}:{line}: `{module}` uses `{used}`", below.display()));
            }
        }
    }
    assert_eq!(seen, declared, "modules with files (left) and of lib.rs (right)");
    assert!(wrong.is_empty(), "the table in src/lib.rs has no such arrow:\n{}", wrong.join("\n"));
}

/// The lines `module -> used used` in the documentation of the crate.
fn arrows(lib: &str) -> Arrows {
    let mut arrows = Arrows::new();
    for line in lib.lines() {
        let Some((module, used)) = line.strip_prefix("//! ").and_then(|line| line.split_once("->")) else {
            continue;
        };
        let used = used.split_whitespace().map(str::to_owned).collect();
        assert!(arrows.insert(module.trim().to_owned(), used).is_none(), "two lines for `{module}`");
    }
    assert!(!arrows.is_empty(), "lib.rs has no table of arrows");
    arrows
}

/// The modules that `lib.rs` declares.
fn declared(lib: &str) -> BTreeSet<String> {
    let name = |line: &str| {
        let line = line.trim();
        let line = line.strip_prefix("pub ").unwrap_or(line);
        Some(line.strip_prefix("mod ")?.strip_suffix(';')?.to_owned())
    };
    lib.lines().filter_map(name).collect()
}

/// Arrows that lead back to where they begin would make one module of several.
fn assert_no_way_back(arrows: &Arrows) {
    for module in arrows.keys() {
        let mut reached = BTreeSet::new();
        let mut ahead: Vec<&String> = arrows[module].iter().collect();
        while let Some(next) = ahead.pop() {
            assert_ne!(next, module, "a way leads from `{module}` back to it");
            if reached.insert(next) {
                ahead.extend(&arrows[next]);
            }
        }
    }
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder can be listed") {
        let path = entry.expect("an entry can be read").path();
        match path.is_dir() {
            true => files.extend(rust_files(&path)),
            false if path.extension().is_some_and(|extension| extension == "rs") => files.push(path),
            false => {}
        }
    }
    files.sort();
    files
}

/// How many `super` lead from a file to the root of the crate.
fn depth(below: &Path) -> usize {
    let parts = below.iter().count();
    if below.ends_with("mod.rs") { parts - 1 } else { parts }
}

/// The modules of the crate that a text names, with the numbers of the lines: by `crate::x`, by `crate::{x, y}`,
/// and by so many `super` that they lead to the root.
fn paths(text: &str, depth: usize, modules: &BTreeSet<String>) -> Vec<(usize, String)> {
    let code: String = text
        .lines()
        .map(|line| if line.trim_start().starts_with("//") { "\n".to_owned() } else { format!("{line}\n") })
        .collect();
    let mut found = Vec::new();
    for root in ["crate::".to_owned(), "super::".repeat(depth)] {
        for (at, _) in code.match_indices(&root) {
            let before = code[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            let line = code[..at].matches('\n').count() + 1;
            let rest = &code[at + root.len()..];
            let named: Vec<String> = match rest.strip_prefix('{') {
                Some(group) => top_of_group(group),
                None => vec![word(rest)],
            };
            found.extend(named.into_iter().filter(|name| modules.contains(name)).map(|name| (line, name)));
        }
    }
    found
}

fn word(text: &str) -> String {
    text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// The first words of the paths of a group `{a::b, c}`.
fn top_of_group(group: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut inner = 0;
    let mut begins = true;
    for (at, c) in group.char_indices() {
        match c {
            '{' => inner += 1,
            '}' if inner == 0 => break,
            '}' => inner -= 1,
            ',' if inner == 0 => begins = true,
            c if begins && c.is_alphabetic() => {
                names.push(word(&group[at..]));
                begins = false;
            }
            _ => {}
        }
    }
    names
}

#[test]
fn every_way_to_name_a_module_is_seen() {
    let modules: BTreeSet<String> = ["source", "data", "fair"].map(str::to_owned).into();
    let names = |text: &str, depth| {
        paths(text, depth, &modules)
            .into_iter()
            .map(|(line, name)| format!("{line} {name}"))
            .collect::<Vec<_>>()
    };
    assert_eq!(names("use crate::source::Report;\nlet x: crate::fair::Facts;", 2), ["1 source", "2 fair"]);
    assert_eq!(names("use crate::{data::{Cell, fair}, source};", 2), ["1 data", "1 source"]);
    assert_eq!(names("pub(in crate::data) fn f() {}", 2), ["1 data"]);
    assert_eq!(names("use super::super::data::Cell;", 2), ["1 data"]);
    assert_eq!(names("use super::fair::Facts;", 2), Vec::<String>::new());
    assert_eq!(names("use super::fair::Facts;", 1), ["1 fair"]);
    assert_eq!(
        names("// crate::data\n/// [`crate::fair`]\nother_crate::data::x();", 2),
        Vec::<String>::new()
    );
}

#[test]
fn the_table_and_the_modules_are_read() {
    let lib =
        "//! ```text\n//! source   ->\n//! data     -> source lang\n//! ```\npub mod source;\n\nmod data;\n";
    let arrows = arrows(lib);
    assert_eq!(arrows["data"], ["source", "lang"].map(str::to_owned).into());
    assert!(arrows["source"].is_empty());
    assert_eq!(declared(lib), ["source", "data"].map(str::to_owned).into());
}
