//! A site is published whole or not at all, and only over a folder that jinbang made.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use jinbang::project::publish::{Inputs, MARKER, Published, Stage, publish};
use jinbang::source::Failure;

/// A project in a folder of its own.
fn project(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("publish").join(name);
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(root.join("data")).unwrap();
    fs::write(root.join("data/site.yaml"), "title: x\n").unwrap();
    root
}

/// All files below a folder, with their contents, the markers left out.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder_here) = open.pop() {
        for entry in fs::read_dir(folder_here).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            if path.is_dir() {
                open.push(path);
            } else if !name.ends_with(MARKER) {
                found.insert(name, fs::read_to_string(path).unwrap());
            }
        }
    }
    found
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn put(root: &Path, out: &str, pages: &[(&str, &str)]) -> Result<Option<Published<()>>, Failure> {
    let inputs = Inputs { root, folders: &["data"] };
    publish(&root.join(out), inputs, |stage: &Stage| {
        for (path, text) in pages {
            stage.write(path, text.as_bytes())?;
        }
        Ok(Some(()))
    })
}

#[test]
fn the_new_site_takes_the_place_of_the_old_one_as_a_whole() {
    let root = project("replace");
    put(&root, "public", &[("index.html", "one"), ("zh/gone/index.html", "one")]).unwrap();
    put(&root, "public", &[("index.html", "two"), ("en/index.html", "two")]).unwrap();
    let expected = [("en/index.html", "two"), ("index.html", "two")];
    assert_eq!(files(&root.join("public")), expected.map(|(k, v)| (k.into(), v.into())).into());
    assert_eq!(names(&root), ["data", "public"]);
}

#[test]
fn a_writer_that_fails_or_gives_up_changes_nothing_and_leaves_nothing() {
    let root = project("fail");
    put(&root, "public", &[("index.html", "one")]).unwrap();
    let inputs = Inputs { root: &root, folders: &["data"] };
    let failed = publish(&root.join("public"), inputs, |stage| {
        stage.write("zh/index.html", b"two")?;
        stage.write("zh/index.html", b"twice")?;
        Ok(Some(()))
    });
    let message = failed.unwrap_err().to_string();
    assert!(message.contains("public/zh/index.html"), "{message}");
    let given_up = publish::<()>(&root.join("new/public"), inputs, |stage| {
        stage.write("zh/index.html", b"two")?;
        Ok(None)
    });
    assert!(given_up.unwrap().is_none());
    let panicked =
        std::panic::catch_unwind(|| publish::<()>(&root.join("public"), inputs, |_| panic!("here")));
    assert!(panicked.is_err());
    assert_eq!(files(&root.join("public")), [("index.html".into(), "one".into())].into());
    assert_eq!(names(&root), ["data", "public"]);
}

#[test]
fn only_a_folder_that_jinbang_made_is_replaced() {
    let root = project("refuse");
    fs::create_dir_all(root.join("mine")).unwrap();
    fs::write(root.join("mine/thesis.txt"), "years of work").unwrap();
    fs::create_dir_all(root.join("nearly")).unwrap();
    fs::write(root.join("nearly").join(MARKER), "").unwrap();
    fs::write(root.join("file"), "").unwrap();
    std::os::unix::fs::symlink("mine", root.join("link")).unwrap();
    #[track_caller]
    fn case(root: &Path, out: &str, why: &str) {
        let message = put(root, out, &[("index.html", "")]).unwrap_err().to_string();
        assert!(message.contains(why), "{message}");
    }
    let before = (files(&root), names(&root));
    case(&root, "mine", "did not create");
    case(&root, "mine/", "did not create");
    case(&root, "nearly", "did not create");
    case(&root, "file", "it is a file");
    case(&root, "link", "symbolic link");
    case(&root, "link/", "symbolic link");
    case(&root, ".", "the project's root");
    case(&root, "mine/..", "the project's root");
    case(&root, "..", "the project lies in it");
    case(&root, "/", "root of the file system");
    case(&root, "data", "`data`");
    case(&root, "data/public", "`data`");
    assert_eq!((files(&root), names(&root)), before);
    fs::create_dir(root.join("empty")).unwrap();
    put(&root, "empty", &[("index.html", "one")]).unwrap();
    put(&root, "made/on/the/way/../way", &[("index.html", "one")]).unwrap_err();
    put(&root, "made/on/the/way", &[("index.html", "one")]).unwrap();
    assert_eq!(files(&root.join("made/on/the/way")), files(&root.join("empty")));
}

#[test]
fn what_a_killed_run_left_is_cleared_away_and_what_others_left_is_not() {
    let root = project("leftovers");
    put(&root, "public", &[("index.html", "one")]).unwrap();
    let made = |name: &str, marker: &str| {
        fs::create_dir(root.join(name)).unwrap();
        fs::write(root.join(name).join(MARKER), marker).unwrap();
        fs::write(root.join(name).join("page.html"), "").unwrap();
    };
    made(".jinbang-stage-1-0", "made by jinbang\n");
    // Killed before the marker was written.
    made(".jinbang-stage-2-0", "");
    fs::create_dir(root.join(".jinbang-stage-3-0")).unwrap();
    made(".jinbang-notes", "my notes");
    put(&root, "public", &[("index.html", "two")]).unwrap();
    assert_eq!(names(&root), [".jinbang-notes", "data", "public"]);
}

#[test]
fn an_old_site_that_was_stepping_aside_steps_back() {
    let root = project("step-back");
    put(&root, "public", &[("index.html", "one")]).unwrap();
    fs::rename(root.join("public"), root.join(".jinbang-old-public")).unwrap();
    let inputs = Inputs { root: &root, folders: &[] };
    assert!(publish::<()>(&root.join("public"), inputs, |_| Ok(None)).unwrap().is_none());
    assert_eq!(files(&root.join("public")), [("index.html".into(), "one".into())].into());
    assert_eq!(names(&root), ["data", "public"]);
}

#[test]
fn runs_at_the_same_time_publish_one_site_or_the_other() {
    let root = project("twins");
    let texts = ["one", "two", "three", "four"];
    std::thread::scope(|scope| {
        for text in texts {
            let root = &root;
            scope.spawn(move || {
                let pages: Vec<String> = (0..50).map(|page| format!("{page}/index.html")).collect();
                let pages: Vec<(&str, &str)> = pages.iter().map(|page| (page.as_str(), text)).collect();
                put(root, "deep/public", &pages).unwrap();
            });
        }
    });
    let site = files(&root.join("deep/public"));
    assert_eq!(site.len(), 50);
    assert!(texts.iter().any(|text| site.values().all(|page| page == text)), "{site:?}");
    assert_eq!(names(&root.join("deep")), ["public"]);
}

#[test]
fn a_path_cannot_leave_the_site() {
    let root = project("escape");
    for path in ["../data/site.yaml", "/elsewhere/x", "a//b", "", "a/./b", "a\0b"] {
        put(&root, "public", &[(path, "")]).unwrap_err();
    }
    assert_eq!(names(&root), ["data"]);
}
