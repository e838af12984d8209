//! A small site that has everything a site can have: two fairs with rosters, sessions, deadlines, pages that
//! moved, registrations.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const FAIR_136: &str = "\
fair: 136
previous_fair: 135
name: {zh: 第136届中国进出口商品交易会（广交会）, en: The 136th China Import and Export Fair (Canton Fair)}
short: {zh: 第136届广交会, en: 136th Canton Fair}
place: {zh: 广州, en: Guangzhou}
phases:
  - {phase: 1, start: 2024-10-15, end: 2024-10-19}
  - {phase: 2, start: 2024-10-23, end: 2024-10-27}
";

const ROSTER_136: &str = "\
place: {zh: A区, en: Area A}
caveat: {zh: 以现场最终名单为准。, en: Subject to the final list on site.}
phases:
  1: [kesko, old-buyer]
  2: [kesko, auchan]
";

const OLD_BUYER: &str = "\
name: {zh: 老采购商, en: Old Buyer}
name_basis: translated
country: FR
kind: overseas
profile: {zh: 一家企业。, en: A company.}
sort: lao cai gou shang
";

/// What is added to the roster of the 137th fair.
const SESSIONS: &str = "
updated: 2025-04-01
purchases:
  kesko:
    - {zh: 厨房用具, en: Kitchen utensils}
sessions:
  - title: {zh: 采购说明会, en: Sourcing briefing}
    enterprises: [kesko]
    date: 2025-04-16
    from: 10:00
    until: 11:30
  - title: {zh: 供采对接会, en: Matchmaking session}
    enterprises: [kesko, staples]
    date: 2025-04-24
    from: 14:00
    until: 16:00
    place: {zh: B区, en: Area B}
";

/// A site with everything, in a folder of its own below the folder of the tests.
pub fn site(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("everything").join(name);
    let _ = fs::remove_dir_all(&root);
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let folder = root.to_str().expect("a path of ASCII");
    let size = ["--exhibitors", "60", "--invitations", "2500", "--buyers", "900", "--format", "csv"];
    let made = run(&here, &[["sample", folder].as_slice(), &size].concat());
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    write(&root, "data/fairs/136/fair.yaml", FAIR_136);
    write(&root, "data/fairs/136/roster.yaml", ROSTER_136);
    write(&root, "data/enterprises/old-buyer.yaml", OLD_BUYER);
    edit(&root, "data/fairs/137/roster.yaml", |text| format!("{text}{SESSIONS}"));
    edit(&root, "data/site.yaml", |text| {
        format!(
            "{text}\nfilings:\n  - {{text: {{zh: 备案号, en: Filing}}, url: 'https://beian.example.org/'}}\n"
        )
    });
    for (lang, title) in [("zh", "报名"), ("en", "Sign up")] {
        let front = format!(
            "---\naliases: [vlog-2024/, /old-{lang}.html]\nupdated: 2025-12-01\ndeadlines:\n  - {{date: 2025-04-10, title: {title}}}\n"
        );
        edit(&root, &format!("content/activities/vlog.{lang}.md"), |text| text.replacen("---\n", &front, 1));
    }
    root
}

/// Runs the program on a project.
pub fn run(root: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_jinbang"))
        .arg("--root")
        .arg(root)
        .args(arguments)
        .env("LC_ALL", "C.UTF-8")
        .env("NO_COLOR", "1")
        .output()
        .expect("the program can be run")
}

/// Builds a site; all its files, by path.
#[track_caller]
pub fn build(root: &Path, arguments: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let built = run(root, &[["build"].as_slice(), arguments].concat());
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let mut found = BTreeMap::new();
    let public = root.join("public");
    let mut open = vec![public.clone()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("the site is there") {
            let path = entry.expect("it can be listed").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(&public).expect("it lies in the site").to_str();
                found.insert(
                    name.expect("paths are text").to_owned(),
                    fs::read(&path).expect("it can be read"),
                );
            }
        }
    }
    found
}

/// The text of a file of a site.
#[track_caller]
pub fn text<'f>(files: &'f BTreeMap<String, Vec<u8>>, path: &str) -> &'f str {
    let bytes = files.get(path).unwrap_or_else(|| panic!("there is no `{path}`"));
    std::str::from_utf8(bytes).expect("text is UTF-8")
}

/// The pages among the files of a site.
pub fn pages(files: &BTreeMap<String, Vec<u8>>) -> impl Iterator<Item = (&str, &str)> {
    let pages = files.iter().filter(|(path, _)| path.ends_with(".html"));
    pages.map(|(path, bytes)| (path.as_str(), std::str::from_utf8(bytes).expect("pages are UTF-8")))
}

/// Writes a file of a project, with the folders that it needs.
pub fn write(root: &Path, path: &str, content: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("a file stands in a folder")).expect("folders can be made");
    fs::write(path, content).expect("files can be written");
}

/// Changes a file of a project.
pub fn edit(root: &Path, path: &str, change: impl FnOnce(String) -> String) {
    let old = fs::read_to_string(root.join(path)).expect("the file is there");
    let new = change(old.clone());
    assert_ne!(old, new, "nothing was changed in {path}");
    write(root, path, &new);
}
