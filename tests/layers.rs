//! The table of arrows in `src/lib.rs`, held against the code: a module uses only the modules that the table lets
//! it use. And inside each of them no more than two files know each other. A name counts as a use of the file that
//! defines it, by whichever door it came. Methods are not followed: who calls one has the type from somewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

type Arrows = BTreeMap<String, BTreeSet<String>>;

#[test]
fn commands_read_a_project_through_one_door() {
    let mut reading = Vec::new();
    for (path, text) in sources() {
        if path.starts_with("cli/") && text.contains("Files::new(&common") {
            reading.push(path);
        }
    }
    // `serve` goes on when an input changes: that is what it is for.
    assert_eq!(
        reading,
        ["cli/door.rs", "cli/serve.rs"],
        "src/cli/door.rs refuses inputs that change while they are read"
    );
}

#[test]
fn modules_use_only_those_that_the_table_names() {
    let sources = sources();
    let lib = &sources["lib.rs"];
    let arrows = arrows(lib);
    let declared: BTreeSet<String> = declared(lib);
    let named: BTreeSet<String> = arrows.keys().cloned().collect();
    assert_eq!(named, declared, "modules of the table (left) and of lib.rs (right)");
    for (module, used) in &arrows {
        for used in used {
            assert!(declared.contains(used), "`{module}` may use `{used}`, which is no module");
        }
    }
    assert_no_way_back(&arrows);

    let uses = Crate::read(&sources).uses(Counted::Everything);
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for (file, used) in &uses {
        let module = room(file);
        if ["lib", "main"].contains(&module) {
            continue;
        }
        assert!(declared.contains(module), "src/{file} belongs to no module of lib.rs");
        seen.insert(module.to_owned());
        for (used, names) in used {
            let used = room(used);
            if used != module && !arrows[module].contains(used) {
                wrong.push(format!("src/{file}: `{module}` uses `{used}` ({})", listed(names)));
            }
        }
    }
    assert_eq!(seen, declared, "modules with files (left) and of lib.rs (right)");
    assert!(wrong.is_empty(), "the table in src/lib.rs has no such arrow:\n{}", wrong.join("\n"));
}

#[test]
fn inside_a_module_no_more_than_two_files_know_each_other_and_they_say_why() {
    let wrong: Vec<String> = wrong_circles(&sources()).into_iter().map(|(_, what)| what).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// The circles of more than two files, and those of two that do not say why, each with its module.
fn wrong_circles(sources: &BTreeMap<String, String>) -> Vec<(String, String)> {
    let uses = Crate::read(sources).uses(Counted::WhatFilesNeed);
    let mut wrong = Vec::new();
    for circle in circles(&uses) {
        let module = room(circle.first().expect("a circle has files")).to_owned();
        if let [one, other] = circle.iter().collect::<Vec<_>>()[..]
            && (says_why(&sources[one], &module, other) || says_why(&sources[other], &module, one))
        {
            continue;
        }
        let mut what = format!("{} files of `{module}` know each other", circle.len());
        if circle.len() == 2 {
            what.push_str("; part them, or say in the first comment of one why they are in a circle");
        }
        for file in &circle {
            for (used, names) in uses[file].iter().filter(|(used, _)| circle.contains(*used)) {
                what.push_str(&format!("\n    {file} -> {used} ({})", listed(names)));
            }
        }
        wrong.push((module, what));
    }
    wrong
}

/// Whether the first comment of a file speaks of the circle that it is in with another file of the module.
fn says_why(text: &str, module: &str, other: &str) -> bool {
    let comment: Vec<&str> = text.lines().map_while(|line| line.strip_prefix("//!")).collect();
    let comment = comment.join(" ");
    let other = other.strip_prefix(&format!("{module}/")).unwrap_or(other);
    comment.contains(&format!("`{other}`")) && comment.contains("circle")
}

/// Files that lead to each other, by whatever ways.
fn circles(uses: &Uses) -> BTreeSet<BTreeSet<String>> {
    let mut ahead: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for file in uses.keys() {
        let mut reached = BTreeSet::new();
        let mut next = vec![file.as_str()];
        while let Some(file) = next.pop() {
            for used in uses.get(file).into_iter().flat_map(BTreeMap::keys) {
                if reached.insert(used.as_str()) {
                    next.push(used);
                }
            }
        }
        ahead.insert(file, reached);
    }
    let mut circles = BTreeSet::new();
    for (file, reached) in &ahead {
        let back = |other: &&&str| ahead.get(**other).is_some_and(|reached| reached.contains(file));
        let circle: BTreeSet<String> = reached.iter().filter(back).map(|other| (*other).to_owned()).collect();
        if circle.len() > 1 {
            circles.insert(circle);
        }
    }
    circles
}

/// The module of `lib.rs` that a file belongs to.
fn room(file: &str) -> &str {
    let first = file.split('/').next().expect("a path has parts");
    first.strip_suffix(".rs").unwrap_or(first)
}

fn listed(names: &BTreeSet<String>) -> String {
    names.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// The files below `src` with their texts, by paths with `/`.
fn sources() -> BTreeMap<String, String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let named = |path: PathBuf| {
        let below = path.strip_prefix(&source).expect("it is below").to_string_lossy().replace('\\', "/");
        (below, fs::read_to_string(path).expect("source can be read"))
    };
    rust_files(&source).into_iter().map(named).collect()
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

/// Which files a file uses, and by which names.
type Uses = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

/// Which uses are asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counted {
    /// All of them, with those of tests, and names that are passed on. A type that a module passes on is a word of its
    /// own; who calls a function that it passes on uses the module that has it.
    Everything,
    /// What the code of a file needs to be compiled. A name that is passed on (`pub use`) is a door into a file, and
    /// no need of it.
    WhatFilesNeed,
}

/// The modules of a crate and the paths that they write down.
#[derive(Default)]
struct Crate {
    modules: Vec<Module>,
}

#[derive(Default)]
struct Module {
    file: String,
    parent: Option<usize>,
    is_test: bool,
    children: BTreeMap<String, usize>,
    defined: BTreeSet<String>,
    /// What names that came by `use` stand for.
    imported: BTreeMap<String, Vec<String>>,
    /// The modules of which all names came.
    globs: Vec<Vec<String>>,
    paths: Vec<(Vec<String>, Written)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Written {
    Code,
    Test,
    PassedOn,
}

#[derive(Clone, Copy)]
enum Found {
    Module(usize),
    Item(usize),
}

impl Crate {
    fn read(sources: &BTreeMap<String, String>) -> Crate {
        let mut all = Crate::default();
        all.modules.push(Module { file: "lib.rs".to_owned(), ..Module::default() });
        let mut texts = Vec::new();
        // Shorter paths first: a module stands before what is in it.
        let mut files: Vec<&String> = sources.keys().filter(|file| *file != "main.rs").collect();
        files.sort_by_key(|file| file.trim_end_matches("mod.rs").matches('/').count());
        for file in files {
            let path = file.strip_suffix(".rs").expect("a source ends so");
            let path = path.strip_suffix("/mod").unwrap_or(path);
            let mut module = 0;
            for part in path.split('/').filter(|part| *part != "lib") {
                module = all.child(module, part);
            }
            all.modules[module].file.clone_from(file);
            texts.push((module, &sources[file]));
        }
        for (module, text) in texts {
            let tokens: TokenStream = text.parse().expect("source is Rust");
            all.items(module, &tokens.into_iter().collect::<Vec<_>>());
        }
        all
    }

    fn child(&mut self, parent: usize, name: &str) -> usize {
        if let Some(&child) = self.modules[parent].children.get(name) {
            return child;
        }
        let child = self.modules.len();
        let Module { file, is_test, .. } = &self.modules[parent];
        self.modules.push(Module {
            file: file.clone(),
            parent: Some(parent),
            is_test: *is_test,
            ..Module::default()
        });
        self.modules[parent].children.insert(name.to_owned(), child);
        child
    }

    /// Takes what a module consists of.
    fn items(&mut self, module: usize, tokens: &[TokenTree]) {
        let mut at = 0;
        let mut is_test = false;
        while at < tokens.len() {
            if is_punct(&tokens[at], '#') {
                at += 1 + usize::from(is_punct(&tokens[at + 1], '!'));
                is_test |= is_cfg_test(&tokens[at]);
                at += 1;
                continue;
            }
            let item = first_item(&tokens[at..]);
            self.item(module, item, is_test);
            is_test = false;
            at += item.len();
        }
    }

    fn item(&mut self, module: usize, item: &[TokenTree], is_test: bool) {
        let is_test = is_test || self.modules[module].is_test;
        let (keyword, name, after) = head(item);
        let body = item.last();
        match keyword.as_str() {
            "mod" => {
                let child = self.child(module, &name);
                self.modules[child].is_test |= is_test;
                if let Some(TokenTree::Group(body)) = body {
                    self.items(child, &body.stream().into_iter().collect::<Vec<_>>());
                }
            }
            "use" => {
                let is_passed_on = matches!(&item[0], TokenTree::Ident(word) if word == "pub");
                let written = if is_passed_on { Written::PassedOn } else { Written::Code };
                self.import(module, &item[after..], if is_test { Written::Test } else { written });
            }
            _ => {
                if !["impl", ""].contains(&keyword.as_str()) {
                    self.modules[module].defined.insert(name);
                }
                self.code(module, item, if is_test { Written::Test } else { Written::Code });
            }
        }
    }

    /// Takes the names that a `use` brings, without its first word and its semicolon.
    fn import(&mut self, module: usize, tree: &[TokenTree], written: Written) {
        for (path, name) in leaves(&[], tree) {
            match name.as_str() {
                "*" => self.modules[module].globs.push(path),
                _ => {
                    self.modules[module].paths.push((path.clone(), written));
                    if name != "_" {
                        self.modules[module].imported.insert(name, path);
                    }
                }
            }
        }
    }

    /// Takes the paths that code writes down.
    fn code(&mut self, module: usize, tokens: &[TokenTree], written: Written) {
        let mut at = 0;
        while at < tokens.len() {
            let before = |back: usize, c| at >= back && is_punct(&tokens[at - back], c);
            match &tokens[at] {
                TokenTree::Group(group) => {
                    self.code(module, &group.stream().into_iter().collect::<Vec<_>>(), written);
                }
                TokenTree::Ident(word) if word == "use" => {
                    let end = tokens[at..].iter().position(|token| is_punct(token, ';'));
                    let end = end.map_or(tokens.len(), |end| at + end);
                    self.import(module, &tokens[at + 1..end], written);
                    at = end;
                }
                // A field, a method, a lifetime; behind two dots it is a value.
                TokenTree::Ident(_) if before(1, '\'') || before(1, '.') && !before(2, '.') => {}
                TokenTree::Ident(word) => {
                    let mut path = vec![word.to_string()];
                    while let [first, second, TokenTree::Ident(next), ..] = &tokens[at + 1..]
                        && is_punct(first, ':')
                        && is_punct(second, ':')
                    {
                        path.push(next.to_string());
                        at += 3;
                    }
                    self.modules[module].paths.push((path, written));
                }
                _ => {}
            }
            at += 1;
        }
    }

    fn uses(&self, counted: Counted) -> Uses {
        let mut uses = Uses::new();
        for (number, module) in self.modules.iter().enumerate() {
            let used = uses.entry(module.file.clone()).or_default();
            for (path, written) in &module.paths {
                if counted == Counted::WhatFilesNeed && *written != Written::Code {
                    continue;
                }
                let Some(Found::Item(mut place)) = self.resolve(number, path, 0) else { continue };
                let name = path.last().expect("a path has parts").clone();
                if counted == Counted::Everything && name.starts_with(char::is_uppercase) {
                    // By its bare name it came by `use`, which counts.
                    let Some(named) = self.named(number, path) else { continue };
                    place = named;
                }
                if self.modules[place].file != module.file {
                    used.entry(self.modules[place].file.clone()).or_default().insert(name);
                }
            }
        }
        uses
    }

    /// The module that a path from the root or from a module above names.
    fn named(&self, module: usize, path: &[String]) -> Option<usize> {
        let mut place = match path.first()?.as_str() {
            "crate" => 0,
            "super" => self.modules[module].parent?,
            _ => return None,
        };
        for name in &path[1..] {
            place = match name.as_str() {
                "super" => self.modules[place].parent?,
                name => match self.modules[place].children.get(name) {
                    Some(&child) => child,
                    None => break,
                },
            };
        }
        Some(place)
    }

    /// What a path in a module leads to: a module, or a thing in one.
    fn resolve(&self, module: usize, path: &[String], depth: usize) -> Option<Found> {
        if depth > 20 {
            return None;
        }
        let mut place = module;
        for (at, name) in path.iter().enumerate() {
            let is_last = at + 1 == path.len();
            place = match (at, name.as_str()) {
                (0, "crate") => 0,
                (0, "self") => module,
                (_, "super") => self.modules[place].parent?,
                _ => match self.look_up(place, name, is_last, depth) {
                    Some(Found::Module(module)) => module,
                    Some(item) => return Some(item),
                    None if at == 0 => return None,
                    // A macro made it.
                    None => return Some(Found::Item(place)),
                },
            };
        }
        Some(Found::Module(place))
    }

    fn look_up(&self, place: usize, name: &str, is_last: bool, depth: usize) -> Option<Found> {
        let module = &self.modules[place];
        let child = module.children.get(name).map(|&child| Found::Module(child));
        // A function may be called as its module is.
        if !is_last && child.is_some() {
            return child;
        }
        if module.defined.contains(name) {
            return Some(Found::Item(place));
        }
        let imported = module.imported.get(name).and_then(|path| match path.as_slice() {
            [first] if first == name => None,
            _ => self.resolve(place, path, depth + 1),
        });
        let from_glob = || {
            let globs = module.globs.iter();
            globs.filter_map(|glob| self.resolve(place, glob, depth + 1)).find_map(|found| match found {
                Found::Module(module) => self.look_up(module, name, is_last, depth + 1),
                Found::Item(_) => None,
            })
        };
        match imported.or(child) {
            None if depth <= 20 => from_glob(),
            found => found,
        }
    }
}

fn is_punct(token: &TokenTree, c: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == c)
}

/// Whether what stands in the brackets of an attribute is for tests alone.
fn is_cfg_test(attribute: &TokenTree) -> bool {
    let text: String = attribute.to_string().chars().filter(|c| !c.is_whitespace()).collect();
    text.starts_with("[cfg(test") || text.starts_with("[cfg(all(test")
}

/// The tokens of the item with which these begin: up to its block, or to its semicolon.
fn first_item(tokens: &[TokenTree]) -> &[TokenTree] {
    let (keyword, ..) = head(tokens);
    let has_block = !["use", "const", "static", "type"].contains(&keyword.as_str());
    let is_end = |token: &TokenTree| match token {
        TokenTree::Group(group) => has_block && group.delimiter() == Delimiter::Brace,
        token => is_punct(token, ';'),
    };
    let end = tokens.iter().position(is_end).map_or(tokens.len(), |end| end + 1);
    &tokens[..end]
}

/// The word that says what an item is, its name, and where what follows the word begins. Nothing for a macro that is
/// called.
fn head(item: &[TokenTree]) -> (String, String, usize) {
    const WORDS: [&str; 12] = [
        "mod",
        "use",
        "fn",
        "struct",
        "enum",
        "trait",
        "union",
        "type",
        "const",
        "static",
        "macro_rules",
        "impl",
    ];
    let word = |at: usize| match item.get(at) {
        Some(TokenTree::Ident(word)) => word.to_string(),
        _ => String::new(),
    };
    for at in 0..item.len() {
        let keyword = word(at);
        if is_punct(&item[at], '!') && !keyword.is_empty() {
            break;
        }
        // `const fn`
        if !WORDS.contains(&keyword.as_str()) || word(at + 1) == "fn" {
            if at + 1 < item.len() && is_punct(&item[at + 1], '!') {
                break;
            }
            continue;
        }
        let name = if keyword == "macro_rules" { word(at + 2) } else { word(at + 1) };
        return (keyword, name, at + 1);
    }
    (String::new(), String::new(), 0)
}

/// The paths that a tree of names after `use` brings, each with the name that it has here; `*` for all of a module.
fn leaves(above: &[String], tree: &[TokenTree]) -> Vec<(Vec<String>, String)> {
    let mut found = Vec::new();
    for branch in tree.split(|token| is_punct(token, ',') || is_punct(token, ';')) {
        let mut path = above.to_vec();
        let mut name = None;
        let mut words = branch.iter();
        while let Some(token) = words.next() {
            match token {
                TokenTree::Ident(word) if word == "as" => name = words.next().map(ToString::to_string),
                TokenTree::Ident(word) if word == "self" && !path.is_empty() => {}
                TokenTree::Ident(word) => path.push(word.to_string()),
                TokenTree::Group(group) => {
                    found.extend(leaves(&path, &group.stream().into_iter().collect::<Vec<_>>()));
                    path.clear();
                }
                token if is_punct(token, '*') => name = Some("*".to_owned()),
                _ => {}
            }
        }
        if let Some(last) = path.last().cloned() {
            found.push((path, name.unwrap_or(last)));
        }
    }
    found
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

/// A crate of a few files, as lines `file -> file name name`.
fn uses_in(files: &[(&str, &str)], counted: Counted) -> Vec<String> {
    let sources = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    let uses = Crate::read(&sources).uses(counted);
    let lines = uses.iter().flat_map(|(file, used)| {
        used.iter().map(move |(used, names)| format!("{file} -> {used} {}", listed(names)))
    });
    lines.collect()
}

#[test]
fn a_name_leads_to_the_file_that_defines_it() {
    let below = [
        (
            "data/mod.rs",
            "mod cell;\nmod table;\npub use cell::{Cell, self as cells};\npub fn at_the_door() {}",
        ),
        ("data/cell.rs", "pub struct Cell;\npub mod inner { pub const ONE: u8 = 1; }\nmade! { Macro }"),
        ("data/table.rs", "pub(crate) const fn table() {}\nmacro_rules! say { () => {} }"),
        ("fair.rs", ""),
    ];
    let seen = |text: &str| {
        let mut files = below.to_vec();
        files.push(("data/last.rs", text));
        let lines = uses_in(&files, Counted::WhatFilesNeed);
        let lines = lines.iter().filter_map(|line| line.strip_prefix("data/last.rs -> "));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let nothing: [&str; 0] = [];
    assert_eq!(seen("use super::Cell;"), ["data/cell.rs Cell"]);
    assert_eq!(
        seen("use crate::data::{Cell as C, table::{self, table}};"),
        ["data/cell.rs Cell", "data/table.rs table"]
    );
    assert_eq!(seen("use super::{cell, at_the_door};"), ["data/mod.rs at_the_door"]);
    assert_eq!(
        seen("use super::cell; fn f() -> cell::Cell { cell::inner::ONE }"),
        ["data/cell.rs Cell, ONE"]
    );
    assert_eq!(
        seen("fn f(x: &[u8; 3]) { g(|| super::table::say!(crate::data::Cell::new(x))) }"),
        ["data/cell.rs new", "data/table.rs say"]
    );
    assert_eq!(
        seen("use super::*; static X: [Cell; { 1 }] = [Cell { x: 1 }];\nfn f() {}"),
        ["data/cell.rs Cell"]
    );
    assert_eq!(seen("use super::cell::Macro;"), ["data/cell.rs Macro"]);
    assert_eq!(seen("fn f() { use super::cells::Cell; }"), ["data/cell.rs Cell"]);
    // Names of other things, of the file itself, of tests, and names that are only passed on.
    assert_eq!(
        seen("struct Cell; fn f(a: Cell) { a.table; a.table(); elsewhere::table(); 'table: loop {} }"),
        nothing
    );
    assert_eq!(seen("// super::Cell\n/// [`super::Cell`]\nfn f() { \"super::Cell\" }"), nothing);
    assert_eq!(seen("#[cfg(test)]\nmod tests { use super::super::Cell; }\npub use super::Cell;"), nothing);
}

#[test]
fn uses_of_other_modules_are_seen_in_tests_and_doors_too() {
    let uses =
        |text: &str| uses_in(&[("data/mod.rs", text), ("fair.rs", "pub struct Facts;")], Counted::Everything);
    for text in [
        "use crate::fair::Facts;",
        "pub use crate::fair::Facts;",
        "pub(in crate::data) fn f(x: crate::fair::Facts) {}",
        "#[cfg(test)]\nmod tests { fn f() { super::super::fair::Facts } }",
    ] {
        assert_eq!(uses(text), ["data/mod.rs -> fair.rs Facts"], "{text}");
    }
    let passed_on = [
        ("data.rs", "pub struct Date; pub fn now() {}"),
        ("fair.rs", "pub use crate::data::{Date, now};"),
        ("award.rs", "use crate::fair::{Date, now};"),
    ];
    assert_eq!(
        uses_in(&passed_on, Counted::Everything),
        ["award.rs -> data.rs now", "award.rs -> fair.rs Date", "fair.rs -> data.rs Date, now"]
    );
}

#[test]
fn files_that_know_each_other_are_found() {
    let sources = |files: &[(&str, &str)]| {
        files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect::<BTreeMap<_, _>>()
    };
    let wrong = |files: &[(&str, &str)]| {
        let wrong = wrong_circles(&sources(files));
        wrong
            .into_iter()
            .map(|(_, what)| what.lines().next().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    let door = ("data/mod.rs", "pub use a::A;\npub use b::B;\npub use c::C;");
    let three = [
        door,
        ("data/a.rs", "use super::B;\npub struct A;"),
        ("data/b.rs", "use super::C;\npub struct B;"),
        ("data/c.rs", "use super::A;\npub struct C;"),
    ];
    assert_eq!(wrong(&three), ["3 files of `data` know each other"]);
    assert!(wrong(&three[..3]).is_empty());
    let two = |comment| [door, ("data/a.rs", comment), ("data/b.rs", "use super::A;\npub struct B;")];
    assert_eq!(wrong(&two("//! It says nothing.\n\nuse super::B;\npub struct A;")).len(), 1);
    assert!(
        wrong(&two("//! It is in a circle with `b.rs`: an a has a b.\n\nuse super::B;\npub struct A;"))
            .is_empty()
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
