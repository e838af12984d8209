//! A small site that has everything a site can have: two fairs with rosters, sessions, deadlines, pages that
//! moved, registrations.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::project::{done, files, rewrite, sample, write};

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
    sample::make(&root, [60, 2500, 900]);
    write(&root.join("data/fairs/136/fair.yaml"), FAIR_136);
    write(&root.join("data/fairs/136/roster.yaml"), ROSTER_136);
    write(&root.join("data/enterprises/old-buyer.yaml"), OLD_BUYER);
    rewrite(&root.join("data/fairs/137/roster.yaml"), |text| format!("{text}{SESSIONS}"));
    rewrite(&root.join("data/site.yaml"), |text| {
        format!(
            "{text}\nfilings:\n  - {{text: {{zh: 备案号, en: Filing}}, url: 'https://beian.example.org/'}}\n"
        )
    });
    for (lang, title) in [("zh", "报名"), ("en", "Sign up")] {
        let front = format!(
            "---\naliases: [vlog-2024/, /old-{lang}.html]\nupdated: 2025-12-01\ndeadlines:\n  - {{date: 2025-04-10, title: {title}}}\n"
        );
        rewrite(&root.join(format!("content/activities/vlog.{lang}.md")), |text| {
            text.replacen("---\n", &front, 1)
        });
    }
    root
}

/// Builds a site; all its files, by path.
#[track_caller]
pub fn build(root: &Path, arguments: &[&str]) -> BTreeMap<String, Vec<u8>> {
    done(root, &[["build"].as_slice(), arguments].concat());
    files(&root.join("public"))
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
