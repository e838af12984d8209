//! A build that remembers an earlier one makes the same pages, and says the same, as one that does not.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use jinbang::project::{Memory, Options, preview};
use jinbang::site::{self, Permalink};
use jinbang::source::{Files, Report, Style};

use crate::project::sample;

/// The files of a site, and what was found wrong.
#[derive(PartialEq)]
struct Site {
    files: BTreeMap<Permalink, Vec<u8>>,
    problems: String,
}

/// A project that is built again and again with what is remembered of it.
struct Remembering {
    files: Files,
    memory: Memory,
    site: Site,
}

impl Remembering {
    fn new(root: &Path) -> Remembering {
        let site = Site { files: BTreeMap::new(), problems: String::new() };
        Remembering { files: Files::new(root), memory: Memory::default(), site }
    }

    /// Builds, and puts what was made again in the place of what was made before.
    fn build(&mut self) -> &Site {
        let options = Options { base_url: Some("http://localhost:1111".to_owned()), ..Options::default() };
        let mut report = Report::new();
        let kept = &mut self.site.files;
        preview(&mut report, &self.files, &options, |report, preview| {
            let sink = site::Memory::default();
            preview.check(report, &self.memory, &sink).unwrap();
            let places: BTreeSet<&Permalink> = preview.permalinks().collect();
            kept.retain(|place, _| places.contains(place));
            kept.extend(sink.into_files());
        })
        .unwrap();
        self.site.problems = report.render(&self.files, Style::Plain, jinbang::lang::Lang::EN);
        &self.site
    }
}

/// A small project with everything that a project can have.
fn small_project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    sample::make(&folder.path().join("site"), [60, 1500, 300]);
    folder
}

#[test]
fn a_remembered_build_is_a_full_build() {
    let folder = small_project();
    let root = folder.path().join("site");
    let mut remembering = Remembering::new(&root);
    remembering.build();
    // A file, what stands in it, and what is written instead. An empty text is no file.
    let page = "---\ntitle: New\nsummary: A new page.\n---\n[A vlog](/activities/vlog/)\n";
    let edits = [
        ("data/site.yaml", "en: Who won and why", "en: Who won, and why"),
        ("data/site.yaml", "languages: [zh, en]", "languages: [zh]"),
        ("data/calendar.yaml", "name: {zh: 元旦, en: New Year's Day}", "name: {zh: 元旦, en: New Year}"),
        ("data/calendar.yaml", "status: official", "status: oficial"),
        ("data/rulebooks/i-invite-1.yaml", "weight: 70", "weight: 60"),
        ("data/enterprises/kesko.yaml", "en: Kesko Corporation", "en: Kesko"),
        ("data/enterprises/kesko.yaml", "country: FI", "country: Finnland"),
        ("data/fairs/137/fair.yaml", "en: 137th Canton Fair", "en: The 137th"),
        ("data/fairs/137/fair.yaml", "published: 2025-09-26", "published: 2025-09-25"),
        ("data/fairs/137/roster.yaml", "    - kesko\n", ""),
        ("data/fairs/137/roster.yaml", "    - kesko\n", "    - kosko\n"),
        ("data/fairs/137/exhibitors.csv", "E00001,", "E90001,"),
        ("data/fairs/137/invitations.csv", ",发送成功\r\n", ",失败\r\n"),
        ("data/fairs/137/badges.csv", "B0000003,", ","),
        ("data/fairs/137/online.csv", ",Chile,", ",Chila,"),
        ("content/activities/vlog.en.md", "began at", "started at"),
        ("content/activities/vlog.en.md", "## How to take part", "[No page](/activities/vlogs/)"),
        ("content/activities/vlog.en.md", "title: My Canton Fair", "title: Your Canton Fair"),
        ("content/activities/vlog.zh.md", "order: 60", "order: 1"),
        ("content/activities/vlog.zh.md", "related: [", "related: [activities/none, "),
        ("content/notice.zh.md", "summary:", "summary: 新"),
        ("content/zone.en.md", "\n---\n", "\n---\nA new beginning.\n\n"),
        ("content/activities/new.en.md", "", page),
        ("content/deep/er/new.zh.md", "", page),
        ("themes/canton/templates/winner.html", "<h1", "<h1 id=\"winner\""),
        ("themes/canton/templates/page.html", "<h1", "{{ page.none }}<h1"),
        ("themes/canton/zh.yaml", "home: 首页", "home: 主页"),
        ("themes/canton/en.yaml", "home: Home", "homes: Home"),
        ("themes/canton/css/base.css", "{", "{ --edited: 1;"),
        ("themes/canton/static/icon.svg", "<svg", "<svg data-edited=\"1\""),
    ];
    for (path, from, to) in edits {
        let file = root.join(path);
        let before = fs::read_to_string(&file).unwrap_or_default();
        assert!(before.contains(from), "{path} has {from:?}");
        let after = if from.is_empty() { to.to_owned() } else { before.replacen(from, to, 1) };
        for text in [&after, &before] {
            match text.is_empty() {
                true => fs::remove_file(&file).unwrap(),
                false => {
                    fs::create_dir_all(file.parent().unwrap()).unwrap();
                    fs::write(&file, text).unwrap();
                }
            }
            let changed = remembering.files.refresh(&BTreeSet::from([path.to_owned()]));
            assert!(!changed.is_empty(), "{path} is watched");
            let remembered = remembering.build();
            let mut afresh = Remembering::new(&root);
            let full = afresh.build();
            assert_eq!(remembered.problems, full.problems, "{path}: {from} → {to}");
            // What was made before something went wrong is left as it was.
            if !full.problems.contains("error[") {
                let differs =
                    |(place, bytes): &(&Permalink, &Vec<u8>)| remembered.files.get(place) != Some(bytes);
                let differ: Vec<_> = full.files.iter().filter(differs).map(|(place, _)| place).collect();
                assert!(differ.is_empty(), "{path}: {from} → {to}: {differ:?}");
                assert_eq!(remembered.files.len(), full.files.len());
            }
        }
    }
}

#[test]
fn awards_are_decided_again_only_when_what_they_rest_on_changed() {
    let folder = small_project();
    let root = folder.path().join("site");
    let mut remembering = Remembering::new(&root);
    let winners = |site: &Site| {
        let place = Permalink::new("en/awards/137/winners.csv").unwrap();
        (site.problems.contains("error["), site.files.get(&place).cloned())
    };
    let first = winners(remembering.build());
    // Nobody tells that the table is gone: who reads it again fails.
    fs::remove_file(root.join("data/fairs/137/invitations.csv")).unwrap();
    for (path, from, to) in [
        ("content/activities/vlog.en.md", "began at", "started at"),
        ("themes/canton/templates/winner.html", "<h1", "<h1 id=\"winner\""),
        ("themes/canton/css/base.css", "{", "{ --edited: 1;"),
        ("data/fairs/137/roster.yaml", "    - kesko\n", ""),
        ("data/enterprises/kesko.yaml", "en: Kesko Corporation", "en: Kesko"),
    ] {
        let text = fs::read_to_string(root.join(path)).unwrap();
        fs::write(root.join(path), text.replacen(from, to, 1)).unwrap();
        assert!(!remembering.files.refresh(&BTreeSet::from([path.to_owned()])).is_empty());
        let before = remembering.site.files.clone();
        let now = remembering.build();
        assert!(winners(now) == first, "{path}: {}", now.problems);
        assert!(now.files != before, "{path} is built again");
    }
    let gone = BTreeSet::from(["data/fairs/137/invitations.csv".to_owned()]);
    assert!(!remembering.files.refresh(&gone).is_empty());
    assert!(winners(remembering.build()).0);
}
