//! What lies in the folders of a project: links, names that are nearly right, files that nothing reads, tables where
//! they would be published, and merges that nobody finished.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::sync::LazyLock;

use serde_json::Value;

use crate::project;
use crate::project::{run, sample};

/// A small fair, made once for all tests.
static SAMPLE: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    sample::make(&site, [12, 300, 60]);
    folder
});

/// A copy of it, which a test may change.
struct Site(tempfile::TempDir);

impl Site {
    fn new() -> Site {
        let folder = tempfile::tempdir().unwrap();
        project::copy(&SAMPLE.path().join("site"), &folder.path().join("site"));
        Site(folder)
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join("site").join(path)
    }

    /// Writes a file; what is not in the site lies beside it.
    fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        project::write(&self.path(path), text);
    }

    fn add(&self, path: &str, text: &str) {
        let before = fs::read_to_string(self.path(path)).unwrap();
        self.write(path, before + text);
    }

    /// What `check` says: level, code, place and all words of each problem, and the exit status.
    fn check(&self) -> (Vec<[String; 4]>, Option<i32>) {
        let output = run(&self.path(""), &["check", "--format", "json"]);
        let found: Value = serde_json::from_slice(&output.stdout).expect("an object");
        let problems = found["problems"].as_array().unwrap().iter().map(|problem| {
            let text = |key: &str| problem[key].as_str().unwrap_or_default().to_owned();
            let hints = problem["hints"].as_array().unwrap().iter().map(|hint| hint.as_str().unwrap());
            let words = hints.fold(text("message"), |words, hint| format!("{words}; {hint}"));
            [text("severity"), text("code"), text("place"), words]
        });
        (problems.collect(), output.status.code())
    }

    /// The places of the problems of a code and level.
    #[track_caller]
    fn places(&self, level: &str, code: &str) -> Vec<String> {
        let (problems, _) = self.check();
        problems.into_iter().filter(|p| p[0] == level && p[1] == code).map(|[_, _, place, _]| place).collect()
    }
}

const PAGE: &str = "---\ntitle: Page\nsummary: A page.\n---\nText.\n";

#[test]
fn links_that_lead_out_of_the_project_are_refused_by_name() {
    let site = Site::new();
    site.write("../outside.txt", "secret");
    site.write("../outside/x.zh.md", PAGE);
    symlink("../../../../outside.txt", site.path("themes/canton/static/a.txt")).unwrap();
    symlink(site.path("../outside"), site.path("content/b")).unwrap();
    symlink("../content/../../outside.txt", site.path("content/c.svg")).unwrap();
    symlink("/dev/zero", site.path("data/fairs/137/d.csv")).unwrap();
    symlink("../..", site.path("data/e")).unwrap();
    symlink("a.txt", site.path("themes/canton/static/f.txt")).unwrap();
    symlink("nothing", site.path("content/g.zh.md")).unwrap();
    symlink("h", site.path("content/h")).unwrap();
    symlink("..", site.path("content/i")).unwrap();
    rustix::fs::mkfifoat(rustix::fs::CWD, site.path("content/j.zh.md"), 0o644.into()).unwrap();
    let (problems, status) = site.check();
    let expected = [
        ("content/b", "points outside the project"),
        ("content/c.svg", "points outside the project"),
        ("content/g.zh.md", "broken link"),
        ("content/h", "points back to itself"),
        ("content/i", "points back to itself"),
        ("content/j.zh.md", "neither a file nor a folder"),
        ("data/e", "points outside the project"),
        ("data/fairs/137/d.csv", "points outside the project"),
        ("themes/canton/static/a.txt", "points outside the project"),
        ("themes/canton/static/f.txt", "points outside the project"),
    ];
    assert_eq!(status, Some(1));
    assert_eq!(problems.len(), expected.len(), "{problems:?}");
    for ([level, code, place, words], (path, why)) in problems.iter().zip(expected) {
        assert_eq!((level.as_str(), code.as_str(), place.as_str()), ("error", "link", path));
        assert!(words.contains(why) && words.contains("; "), "{words}");
    }
    for command in [&["build"][..], &["award"], &["matches"], &["seal", "137"], &["new", "activity", "x"]] {
        let output = run(&site.path(""), command);
        let expected = if command[0] == "new" { Some(0) } else { Some(1) };
        assert_eq!(output.status.code(), expected, "{command:?}: {output:?}");
    }
}

#[test]
fn what_is_asked_for_by_its_name_is_refused_as_well() {
    for folder in ["data", "data/fairs", "data/fairs/137"] {
        let site = Site::new();
        fs::rename(site.path(folder), site.path("../moved")).unwrap();
        symlink(site.path("../moved"), site.path(folder)).unwrap();
        for command in
            [&["check"][..], &["award"], &["seal", "137"], &["verify", "137"], &["new", "fair", "140"]]
        {
            let output = run(&site.path(""), command);
            let told = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(1), "{folder} {command:?}: {told}");
            assert!(told.contains(&format!("`{folder}` points outside the project")), "{command:?}: {told}");
        }
    }
    let site = Site::new();
    site.write("../outside/static/site.css", "");
    let named = fs::read_to_string(site.path("data/site.yaml")).unwrap();
    site.write("data/site.yaml", named.replace("theme: canton", "theme: ../../outside"));
    assert_eq!(run(&site.path(""), &["check"]).status.code(), Some(1));
}

#[test]
fn links_within_the_project_are_followed() {
    let site = Site::new();
    let before = run(&site.path(""), &["build", "--out", "../before"]);
    assert_eq!(before.status.code(), Some(0), "{before:?}");
    fs::create_dir(site.path("shared")).unwrap();
    for (from, target) in [
        ("content/zone.zh.md", "../shared/zone.zh.md"),
        ("data/fairs/137/badges.csv", "../../../shared/badges.csv"),
        ("themes/canton/static", "../../shared/static"),
    ] {
        let to = site.path("shared").join(from.rsplit('/').next().unwrap());
        fs::rename(site.path(from), to).unwrap();
        symlink(target, site.path(from)).unwrap();
    }
    // The project itself may be reached by a link.
    symlink("site", site.path("../by-link")).unwrap();
    let after = run(&site.path("../by-link"), &["build", "--out", "../after"]);
    assert_eq!(after.status.code(), Some(0), "{after:?}");
    let page = |folder: &str| fs::read(site.path(&format!("../{folder}/zh/zone/index.html"))).unwrap();
    assert_eq!(page("before"), page("after"));
}

#[test]
fn tables_are_not_published_with_pages_and_themes() {
    let site = Site::new();
    let copy = |from: &str, to: &str| assert!(fs::copy(site.path(from), site.path(to)).is_ok());
    copy("data/fairs/137/badges.csv", "themes/canton/static/data.txt");
    copy("data/fairs/137/penalties.yaml", "content/x.svg");
    site.write("themes/canton/static/penalties.yaml", "- {}");
    site.write("themes/canton/static/LIST.XLSX", "PK");
    site.write("content/activities/list.csv", "a,b\n");
    site.write("data/fairs/137/ledger.secret", "00");
    copy("data/fairs/137/ledger.secret", "themes/canton/static/s");
    let expected = [
        "content/activities/list.csv",
        "content/x.svg",
        "themes/canton/static/LIST.XLSX",
        "themes/canton/static/data.txt",
        "themes/canton/static/penalties.yaml",
        "themes/canton/static/s",
    ];
    assert_eq!(site.places("error", "private-file"), expected);
}

#[test]
fn a_name_that_is_nearly_right_is_an_error_and_other_strays_are_warnings() {
    let site = Site::new();
    let rulings = "- date: 2025-09-28\n";
    for path in
        ["data/fairs/137/rulings.yml", "data/rulings.yaml", "data/Calendar.yaml", "themes/canton/zh.yml"]
    {
        site.write(path, rulings);
    }
    for path in [
        "data/calendar-2026.yaml",
        "data/fairs/137-old/rulings.yml",
        "data/fairs/137-old/fair.yaml",
        "data/fairs/137/README",
        "data/fairs/137/new.csv",
        "data/fairs/137/rulings.yaml.bak",
        "data/rulebooks/i-invite-2.yml",
        "themes/canton/notes.doc",
        "themes/canton/templates/zone-copy.html",
    ] {
        site.write(path, "");
    }
    // These are known, or nobody's business.
    for name in ["winners.csv", "evidence.csv", "seal.json.minisig", ".DS_Store"] {
        site.write(&format!("data/fairs/137/{name}"), "");
    }
    site.write("data/addresses.txt", "");
    site.write("data/fairs/137/~$badges.csv", "");
    let expected =
        ["data/Calendar.yaml", "data/fairs/137/rulings.yml", "data/rulings.yaml", "themes/canton/zh.yml"];
    assert_eq!(site.places("error", "misnamed-file"), expected);
    let strays = [
        "data/calendar-2026.yaml",
        "data/fairs/137-old",
        "data/fairs/137/README",
        "data/fairs/137/new.csv",
        "data/fairs/137/rulings.yaml.bak",
        "data/rulebooks/i-invite-2.yml",
        "themes/canton/notes.doc",
        "themes/canton/templates/zone-copy.html",
    ];
    assert_eq!(site.places("warning", "stray-file"), strays);
    assert_eq!(site.places("note", "file-open"), ["data/fairs/137/badges.csv"]);
    // Awards are not computed as if there were no rulings.
    let award = run(&site.path(""), &["award"]);
    assert_eq!(award.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&award.stderr).contains("it should be `data/fairs/137/rulings.yaml`"));
}

#[test]
fn the_demonstration_has_no_strays() {
    let output = run(&project::here(), &["check", "--format", "json"]);
    let found = String::from_utf8(output.stdout).unwrap();
    assert!(!found.contains("stray-file") && !found.contains("misnamed-file"), "{found}");
}

#[test]
fn names_that_no_address_can_have_are_refused_with_one_that_can() {
    let site = Site::new();
    for lang in ["zh", "en"] {
        for name in ["100%", "a\tb", "in?/x", "end ", "aux", "c:d*e\"f<g|h\\i"] {
            site.write(&format!("content/{name}.{lang}.md"), PAGE);
        }
    }
    let (problems, status) = site.check();
    assert_eq!(status, Some(1));
    let errors: Vec<&[String; 4]> = problems.iter().filter(|problem| problem[0] == "error").collect();
    assert!(errors.iter().all(|problem| problem[1] == "page-name") && errors.len() == 12, "{errors:?}");
    let told = |path: &str, letter: &str, near: &str| {
        let is_it = |problem: &&&[String; 4]| problem[2] == path;
        let words = &errors.iter().find(is_it).expect(path)[3];
        assert!(words.contains(letter) && words.ends_with(&format!("name it content/{near}")), "{words}");
    };
    told("content/100%.zh.md", "`%`", "100.zh.md");
    told("content/a\tb.zh.md", "`\\t`", "ab.zh.md");
    told("content/in?/x.en.md", "`?`", "in/x.en.md");
    told("content/aux.en.md", "`aux`", "page-aux.en.md");
}

#[test]
fn names_that_a_disk_may_take_for_one_are_one_page_or_an_error() {
    let site = Site::new();
    // é in one character, and in two.
    site.write("content/caf\u{e9}.zh.md", PAGE);
    site.write("content/cafe\u{301}.en.md", PAGE);
    let (problems, status) = site.check();
    assert_eq!(status, Some(0), "{problems:?}");
    site.write("content/cafe\u{301}.zh.md", PAGE);
    site.write("content/Tour.zh.md", PAGE);
    site.write("content/tour.en.md", PAGE);
    site.write("content/Zone/x.zh.md", PAGE);
    site.write("content/Zone/x.en.md", PAGE);
    let expected =
        ["content/caf\u{e9}.zh.md", "content/tour.en.md", "content/zone.en.md", "content/zone.zh.md"];
    assert_eq!(site.places("error", "doubled-page"), expected);
}

#[test]
fn a_merge_that_is_not_finished_is_one_error_a_file() {
    let marks = "<<<<<<< HEAD\na: 1\n||||||| base\na: 0\n=======\na: 2\n>>>>>>> branch\n";
    for path in [
        "content/zone.zh.md",
        "data/calendar.yaml",
        "data/fairs/137/penalties.yaml",
        "data/fairs/137/roster.yaml",
        "data/fairs/137/online.csv",
        "data/enterprises/kesko.yaml",
        "themes/canton/zh.yaml",
        "themes/canton/templates/base.html",
        "themes/canton/css/base.css",
        "themes/canton/js/list.js",
    ] {
        let site = Site::new();
        if path.contains("enterprises") {
            site.write(path, "name:\n");
        }
        let line = fs::read_to_string(site.path(path)).unwrap().lines().count() + 1;
        // A row between the marks would have to fit the table.
        site.add(
            path,
            if path.ends_with(".csv") { "<<<<<<< HEAD\n=======\na\n>>>>>>> branch\n" } else { marks },
        );
        let (problems, status) = site.check();
        let errors: Vec<(&str, &str)> = problems
            .iter()
            .filter(|problem| problem[0] == "error" && problem[2].starts_with(path))
            .map(|problem| (problem[1].as_str(), problem[2].as_str()))
            .collect();
        let place = format!("{path}:{line}:1");
        assert_eq!((errors, status), (vec![("merge-conflict", place.as_str())], Some(1)), "{path}");
    }
    let site = Site::new();
    site.add("content/zone.zh.md", "\nHeading\n=======\n");
    assert!(site.places("error", "merge-conflict").is_empty());
}
