//! The guide and the first page: both languages say the same, links lead somewhere, and every command runs.
//!
//! A page is run from top to bottom, in an empty folder. Blocks of `sh` are run as they are; what stands behind the
//! language of a block says more, and no code host shows it:
//!
//! - `sh status=1`: the block ends with this exit status;
//! - `sh norun="why"`: it cannot be run here;
//! - `yaml file=PATH`, `html file=PATH` …: the block is that file; `add=PATH`: it is added at the end of it.
//!
//! A comment that begins with `<!-- run` holds commands that set the stage and that no reader needs.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const JINBANG: &str = env!("CARGO_BIN_EXE_jinbang");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn first_page() -> String {
    fs::read_to_string(root().join("README.md")).unwrap()
}

/// The texts of the pages in a language, by the names of their files.
fn pages(lang: &str) -> BTreeMap<String, String> {
    let folder = root().join("src/guide").join(lang);
    let files = fs::read_dir(&folder).expect("the guide is there").map(|entry| entry.unwrap().path());
    files
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(&path).unwrap())
        })
        .collect()
}

/// What a page consists of.
#[derive(PartialEq, Eq, Debug)]
enum Part {
    /// The level of a heading.
    Heading(usize),
    /// A block of code: what it is, and its lines.
    Block(String, Vec<String>),
    /// Commands that no reader sees.
    Hidden(Vec<String>),
    /// A line of text.
    Text(String),
}

fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let mut until =
            |end: &str| lines.by_ref().take_while(|line| *line != end).map(str::to_owned).collect();
        if let Some(info) = line.strip_prefix("```") {
            parts.push(Part::Block(info.to_owned(), until("```")));
        } else if line == "<!-- run" {
            parts.push(Part::Hidden(until("-->")));
        } else if line.starts_with('#') {
            parts.push(Part::Heading(line.bytes().take_while(|byte| *byte == b'#').count()));
        } else {
            assert!(!line.trim_start().starts_with("```"), "a block stands at the left margin: {line}");
            parts.push(Part::Text(line.to_owned()));
        }
    }
    parts
}

/// The addresses to which a page links, in order.
fn links(text: &str) -> Vec<&str> {
    let text = text.split("](").skip(1);
    text.filter_map(|rest| Some(rest.split_once([')', ' '])?.0)).collect()
}

/// The words between single backquotes, outside of blocks.
fn codes(text: &str) -> Vec<String> {
    let parts = parts(text).into_iter();
    let lines = parts.filter_map(|part| if let Part::Text(line) = part { Some(line) } else { None });
    let text = lines.collect::<Vec<_>>().join(" ");
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// What must be the same in both languages: headings, blocks (of commands also their lines), what is done unseen.
fn skeleton(text: &str) -> Vec<Part> {
    let parts = parts(text).into_iter().filter_map(|part| match part {
        Part::Block(info, lines) if info.split(' ').next() == Some("sh") => Some(Part::Block(info, lines)),
        Part::Block(info, _) => Some(Part::Block(info, Vec::new())),
        Part::Text(_) => None,
        part => Some(part),
    });
    parts.collect()
}

#[test]
fn both_languages_have_the_same_pages_headings_commands_and_links() {
    let (en, zh) = (pages("en"), pages("zh"));
    assert_eq!(en.keys().collect::<Vec<_>>(), zh.keys().collect::<Vec<_>>());
    for (name, text) in &en {
        assert_eq!(skeleton(text), skeleton(&zh[name]), "{name}: English (left) and Chinese (right)");
        assert_eq!(links(text), links(&zh[name]), "{name}: English (left) and Chinese (right)");
        let commands = |text: &str| -> BTreeSet<String> {
            codes(text).into_iter().filter(|code| code.starts_with("jinbang ")).collect()
        };
        assert_eq!(commands(text), commands(&zh[name]), "{name}: English (left) and Chinese (right)");
    }
}

#[test]
fn every_page_is_in_the_list_and_every_link_leads_somewhere() {
    let mut looked_at = 0;
    for folder in ["src/guide/en", "src/guide/zh", ""] {
        let folder = root().join(folder);
        let pages = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        let pages: Vec<PathBuf> =
            pages.filter(|path| path.extension().is_some_and(|end| end == "md")).collect();
        for page in &pages {
            let text = fs::read_to_string(page).unwrap();
            let to_files =
                links(&text).into_iter().filter(|link| !link.contains("://") && !link.starts_with('/'));
            for link in to_files {
                let file = link.split('#').next().unwrap();
                assert!(folder.join(file).exists(), "{}: {link} is not there", page.display());
                looked_at += 1;
            }
        }
        if folder != root() {
            let list = fs::read_to_string(folder.join("README.md")).unwrap();
            let listed: BTreeSet<&str> = links(&list).into_iter().collect();
            let names: Vec<String> =
                pages.iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect();
            let names: BTreeSet<&str> =
                names.iter().map(String::as_str).filter(|name| *name != "README.md").collect();
            assert_eq!(listed, names, "the list (left) and the files (right)");
        }
    }
    assert!(looked_at > 50, "links were found");
}

/// Folders of this repository whose files pages name.
const OURS: [&str; 5] = ["src/", "tests/", "benches/", "themes/canton/", "themes/plain/"];

#[test]
fn every_file_of_the_repository_that_is_named_is_there() {
    let mut looked_at = 0;
    for text in pages("en").into_values().chain(pages("zh").into_values()) {
        for path in codes(&text).into_iter().filter(|code| OURS.iter().any(|folder| code.starts_with(folder)))
        {
            // A language that somebody adds has no words yet.
            assert!(root().join(&path).exists() || path == "themes/canton/ar.yaml", "`{path}` is not there");
            looked_at += 1;
        }
    }
    assert!(looked_at > 60, "{looked_at} names were found");
}

/// What stands behind `NAME=` in the description of a block.
fn told<'a>(info: &'a str, name: &str) -> Option<&'a str> {
    let rest = info.split_once(&format!(" {name}="))?.1;
    match rest.strip_prefix('"') {
        Some(quoted) => Some(quoted.split_once('"')?.0),
        None => rest.split(' ').next(),
    }
}

/// In the folder of this repository `cargo run` compiles the program and runs it; here it is compiled.
const PRELUDE: &str = "set -euo pipefail
mkdir ../www
cargo() { [ \"$1 $2 $3\" = 'run --release --' ] && jinbang \"${@:4}\"; }
";

/// The commands of a page as one script, and how many of them are run.
fn script(text: &str) -> (String, usize) {
    let (mut script, mut count) = (PRELUDE.to_owned(), 0);
    for part in parts(&text.replace("/srv/www", "../www")) {
        match part {
            Part::Hidden(lines) => script += &(lines.join("\n") + "\n"),
            Part::Block(info, lines) if info.split(' ').next() == Some("sh") => {
                assert!(
                    info == "sh" || told(&info, "norun").is_some() || told(&info, "status").is_some(),
                    "{info}"
                );
                if told(&info, "norun").is_some() {
                    continue;
                }
                count += 1;
                let status = told(&info, "status").unwrap_or("0");
                for line in lines.iter().filter(|line| !line.is_empty() && !line.starts_with('#')) {
                    let (line, shown) = (line.as_str(), line.replace('\'', "'\\''"));
                    script += &format!(
                        "echo '$ {shown}' >&2\nset +e\n{line}\nfound=$?\nset -e\n[ $found -eq {status} ]\n"
                    );
                }
            }
            Part::Block(info, lines) => {
                for (name, arrow) in [("file", ">"), ("add", ">>")] {
                    if let Some(path) = told(&info, name) {
                        let text = lines.join("\n");
                        script += &format!(
                            "mkdir -p \"$(dirname {path})\"\ncat {arrow} {path} <<'END OF THE BLOCK'\n{text}\nEND OF THE BLOCK\n"
                        );
                    }
                }
            }
            _ => {}
        }
    }
    (script, count)
}

/// Runs a page in an empty folder. Returns how many blocks were run.
fn run_page(name: &str, text: &str) -> usize {
    let (script, count) = script(text);
    let folder = tempfile::tempdir().unwrap();
    let programs = folder.path().join(".cargo/bin");
    fs::create_dir_all(&programs).unwrap();
    std::os::unix::fs::symlink(JINBANG, programs.join("jinbang")).unwrap();
    let inside = folder.path().join("page");
    fs::create_dir(&inside).unwrap();
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
    let output = Command::new("bash")
        .args(["-c", &script])
        .current_dir(&inside)
        .env("PATH", path)
        .env("LC_ALL", "C.UTF-8")
        .env("HOME", folder.path())
        .output()
        .expect("bash is there");
    let shown = String::from_utf8_lossy(&output.stderr);
    let shown = shown.lines().skip(shown.lines().count().saturating_sub(25)).collect::<Vec<_>>().join("\n");
    assert!(output.status.success(), "{name}: a command failed or gave another exit status:\n{shown}");
    count
}

#[test]
fn every_command_of_the_guide_runs() {
    let only = std::env::var("PAGE").ok();
    let pages =
        pages("en").into_iter().filter(|(name, _)| only.as_ref().is_none_or(|only| name.starts_with(only)));
    let run: usize = pages.map(|(name, text)| run_page(&name, &text)).sum();
    assert!(only.is_some() || run > 20, "{run} blocks were run");
}

#[test]
fn every_command_of_the_first_page_runs() {
    assert_eq!(run_page("README.md", &first_page()), 2);
}

/// The page of a site that was just begun, with the site as the folder in which its commands run.
fn page_of_a_site() -> String {
    let page = fs::read_to_string(root().join("src/project/start/site/README.md")).unwrap();
    format!("<!-- run\njinbang init fair-site\ncd fair-site\n-->\n{page}")
}

#[test]
fn every_command_of_the_page_of_a_new_site_runs() {
    let page = page_of_a_site();
    assert_eq!(run_page("README.md", &page), 6);
    let (zh, en) = page.split_once("# A site").unwrap();
    let told = |text: &str| text.matches("\n## ").count();
    assert_eq!(told(zh), told(en), "sections in Chinese and English");
}

#[test]
fn the_script_of_a_new_site_publishes_all_or_nothing() {
    let page = page_of_a_site();
    let line =
        page.lines().find_map(|line| line.strip_prefix("5 0 * * * ")).expect("the page has a line for cron");
    let line = line.replace("cd fair-site", "cd $PWD");
    // As cron calls it: from elsewhere, with little on its path.
    let cron = |line: &str| {
        format!(
            "(site=$PWD; cd / && env -i HOME=\"$HOME\" PATH=/usr/bin:/bin sh -c \"{}\")",
            line.replace("$PWD", "$site")
        )
    };
    let script = format!(
        "<!-- run
jinbang init 'fair-site'
cd fair-site
{publish}
test -f ../www/fair/zh/index.html
# To another machine; rsync stands for itself.
printf '#!/bin/sh\\necho \"$@\" > \"$HOME/sent\"\\n' > ~/.cargo/bin/rsync
chmod +x ~/.cargo/bin/rsync
sh publish.sh web@www.example.org:/srv/fair
grep -qx -- '-rt --delete-after public/ web@www.example.org:/srv/fair/' ~/sent
# What is wrong is not published, by either way.
rm ~/sent
echo 'nonsense: 1' >> data/site.yaml
cp -r ../www ../before
if {publish}; then false; fi
if sh publish.sh web@www.example.org:/srv/fair; then false; fi
test ! -e ~/sent
diff -r ../www ../before
if sh publish.sh; then false; fi
-->
",
        publish = cron(&line)
    );
    run_page("publish.sh", &script);
}

/// What a command prints for its help.
fn help(command: &[&str]) -> Option<String> {
    let output = Command::new(JINBANG).args(command).args(["--help", "--lang", "en"]).output().unwrap();
    output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
}

#[test]
fn every_command_in_a_sentence_is_one() {
    let mut looked_at = 0;
    let pages = pages("en").into_values().chain([first_page(), page_of_a_site()]);
    for code in pages.flat_map(|text| codes(&text)) {
        let Some(rest) = code.strip_prefix("jinbang ") else { continue };
        let words: Vec<&str> = rest.split(' ').collect();
        // A command may have commands below it.
        let path: Vec<&str> = words
            .iter()
            .take(2)
            .copied()
            .take_while(|word| word.chars().all(|c| c.is_ascii_lowercase()))
            .collect();
        let help = (0..=path.len()).rev().find_map(|count| help(&path[..count]));
        let help = help.expect("the program has help");
        for option in words.iter().filter(|word| word.starts_with("--")) {
            assert!(
                help.contains(&format!("{option} ")) || help.contains(&format!("{option}\n")),
                "`{code}`: no {option}"
            );
        }
        let known = path.first().is_none_or(|first| help.contains(&format!("Usage: jinbang {first}")));
        assert!(known || path == ["help"], "`{code}` is no command");
        looked_at += 1;
    }
    assert!(looked_at > 20, "{looked_at} commands were found");
}

#[test]
fn every_block_of_yaml_is_yaml() {
    for lang in ["en", "zh"] {
        for (name, text) in pages(lang) {
            for part in parts(&text) {
                let Part::Block(info, lines) = part else { continue };
                if info.split(' ').next() != Some("yaml") {
                    continue;
                }
                // Of a page there is the front matter alone.
                let text = lines.join("\n");
                let yaml = text
                    .strip_prefix("---\n")
                    .map_or(text.as_str(), |page| page.split("---\n").next().unwrap());
                let value = serde_yaml::from_str::<serde_yaml::Value>(yaml);
                assert!(value.is_ok_and(|value| !value.is_null()), "{lang}/{name}:\n{yaml}");
            }
        }
    }
}

#[test]
fn the_program_prints_the_pages() {
    let print = |arguments: &[&str]| {
        let output = Command::new(JINBANG).arg("guide").args(arguments).output().unwrap();
        assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0), "{arguments:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    for lang in ["en", "zh"] {
        let list = print(&["--lang", lang]);
        for (name, text) in pages(lang) {
            let name = name.strip_suffix(".md").unwrap();
            if name == "README" {
                continue;
            }
            assert!(list.contains(&format!("`jinbang guide {name}`")), "{list}");
            let page = print(&[name, "--lang", lang]);
            assert!(page.starts_with("# ") && !page.contains("<!--") && !page.contains("norun="), "{page}");
            // Nothing else is lost.
            assert_eq!(page.matches("\n## ").count(), text.matches("\n## ").count(), "{name}");
            assert_eq!(page.matches("\n```").count(), text.matches("\n```").count(), "{name}");
        }
    }
}
