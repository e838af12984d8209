//! The messages for broken inputs, as the editor reads them who must mend the file. Each folder of `tests/messages` is
//! one case; `tests/messages/README.md` says what it holds. `UPDATE=1` accepts new messages: read the difference as that
//! editor.

use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::project;
use crate::project::Project;

/// What the tables of the base `fair` say of buyers: no message shows it.
const PRIVATE: [&str; 6] =
    ["Ann Example", "Aster SA", "ann@aster.example", "Bo Example", "Borg AG", "bo@borg.example"];

/// What is run in a case, on what, and how it ends.
struct Case {
    name: String,
    folder: PathBuf,
    base: String,
    before: Vec<Vec<String>>,
    command: Vec<String>,
    status: i32,
}

fn messages() -> PathBuf {
    project::here().join("tests/messages")
}

/// The folders in a folder, by name.
fn folders(of: &Path) -> Vec<(String, PathBuf)> {
    let mut found: Vec<_> = fs::read_dir(of)
        .unwrap_or_else(|err| panic!("{}: {err}", of.display()))
        .map(|entry| entry.expect("the folder can be read"))
        .filter(|entry| entry.path().is_dir())
        .map(|entry| (entry.file_name().into_string().expect("names are UTF-8"), entry.path()))
        .collect();
    found.sort();
    found
}

/// All cases.
fn cases() -> Vec<Case> {
    folders(&messages()).into_iter().filter(|(name, _)| name != "base").map(|(name, _)| case(&name)).collect()
}

/// A case by its name.
fn case(name: &str) -> Case {
    let folder = messages().join(name);
    for entry in fs::read_dir(&folder).expect("the case is there") {
        let file = entry.expect("the folder can be read").file_name();
        let known = ["in", "command", "en.txt", "zh.txt"];
        assert!(known.iter().any(|known| file == *known), "`{name}` holds {file:?}, which nothing reads");
    }
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
    let (mut base, mut before, mut command, mut status) = ("fair".to_owned(), Vec::new(), None, 1);
    for line in fs::read_to_string(folder.join("command")).unwrap_or_default().lines() {
        match line.split_once(": ") {
            Some(("base", value)) => value.clone_into(&mut base),
            Some(("before", value)) => before.push(words(value)),
            Some(("status", value)) => status = value.parse().expect("an exit status is a number"),
            _ => command = Some(words(line)),
        }
    }
    let usual = if base == "fair" { "award 137 --format json" } else { "check" };
    Case {
        name: name.to_owned(),
        folder,
        base,
        before,
        command: command.unwrap_or_else(|| words(usual)),
        status,
    }
}

/// The sound project that a case spoils.
fn base(name: &str) -> Project {
    let project = match name {
        "fair" => Project::new(),
        "init" | "site" => {
            let project = Project::empty();
            run(&project, &["init", project.root().to_str().expect("UTF-8")]);
            project
        }
        _ => panic!("there is no base `{name}`"),
    };
    let files = messages().join("base").join(name);
    if files.exists() {
        lay(&files, &project);
    }
    project
}

/// Runs a command that succeeds.
fn run(project: &Project, command: &[&str]) {
    let output = project.run(command);
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Lays the files of a folder over a project: `NAME.diff` changes the file `NAME`, `NAME.absent` removes it, every
/// other file is there as it is.
fn lay(folder: &Path, project: &Project) {
    let mut open = vec![folder.to_owned()];
    while let Some(inner) = open.pop() {
        for entry in fs::read_dir(&inner).unwrap_or_else(|err| panic!("{}: {err}", inner.display())) {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let to = path.strip_prefix(folder).expect("it is inside").to_str().expect("names are UTF-8");
            let content = fs::read(&path).expect("the file can be read");
            if let Some(to) = to.strip_suffix(".absent") {
                fs::remove_file(project.root().join(to)).unwrap_or_else(|err| panic!("{to}: {err}"));
            } else if let Some(to) = to.strip_suffix(".diff") {
                let text =
                    fs::read_to_string(project.root().join(to)).unwrap_or_else(|err| panic!("{to}: {err}"));
                let diff = String::from_utf8(content).expect("a difference is UTF-8");
                project.write(
                    to,
                    changed(&text, &diff).unwrap_or_else(|part| {
                        panic!("{}: this is not in {to} exactly once:\n{part}", path.display())
                    }),
                );
            } else {
                project.write(to, content);
            }
        }
    }
}

/// Applies what `diff -u` writes, by the text of each part and not by the numbers of lines.
///
/// # Errors
///
/// The part that the text does not hold exactly once.
fn changed(text: &str, diff: &str) -> Result<String, String> {
    let mut text = text.to_owned();
    let mut parts: Vec<(String, String)> = Vec::new();
    for line in diff.split_inclusive('\n') {
        if line.starts_with("@@") {
            parts.push(Default::default());
        } else if let Some((old, new)) = parts.last_mut() {
            match line.split_at_checked(1) {
                Some((" ", rest)) => {
                    old.push_str(rest);
                    new.push_str(rest);
                }
                Some(("-", rest)) => old.push_str(rest),
                Some(("+", rest)) => new.push_str(rest),
                _ => return Err(line.to_owned()),
            }
        }
    }
    for (old, new) in parts {
        if text.matches(&old).count() != 1 {
            return Err(old);
        }
        text = text.replace(&old, &new);
    }
    Ok(text)
}

/// The project of a case.
fn spoilt(case: &Case) -> Project {
    let project = base(&case.base);
    for command in &case.before {
        run(&project, &command.iter().map(String::as_str).collect::<Vec<_>>());
    }
    if case.folder.join("in").exists() {
        lay(&case.folder.join("in"), &project);
    }
    project
}

/// What is wrong with a case in one language.
fn fault(case: &Case, project: &Project, lang: &str) -> Option<String> {
    let mut command: Vec<&str> = case.command.iter().map(String::as_str).collect();
    command.extend(["--lang", lang]);
    let output = project.run(&command);
    let found = String::from_utf8(output.stderr).expect("messages are UTF-8");
    if output.status.code() != Some(case.status) {
        return Some(format!("ends with {}, not with {}:\n{found}", output.status, case.status));
    }
    if case.status != 0 && !output.stdout.is_empty() {
        return Some(format!(
            "prints a result beside an error:\n{}",
            String::from_utf8_lossy(&output.stdout)
        ));
    }
    if let Some(private) = PRIVATE.iter().find(|private| found.contains(**private)) {
        return Some(format!("shows `{private}`, which is private:\n{found}"));
    }
    let path = case.folder.join(format!("{lang}.txt"));
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &found).expect("the message can be written");
        return None;
    }
    let Ok(expected) = fs::read_to_string(&path) else {
        return Some(format!("is missing (UPDATE=1 writes it):\n{found}"));
    };
    (found != expected).then(|| format!("expected:\n{expected}\nfound (UPDATE=1 accepts it):\n{found}"))
}

#[test]
fn every_case_has_its_messages() {
    let faults: Vec<String> = cases()
        .par_iter()
        .flat_map_iter(|case| {
            let project = spoilt(case);
            ["en", "zh"].into_iter().filter_map(move |lang| {
                fault(case, &project, lang).map(|fault| format!("{}/{lang}.txt {fault}", case.name))
            })
        })
        .collect();
    assert!(faults.is_empty(), "{} messages differ\n\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn without_a_mistake_nothing_is_said_of_a_fair() {
    let output = base("fair").run(&["award", "137", "--format", "json"]);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(output.status.success());
}

#[test]
fn without_a_mistake_a_site_has_no_error() {
    run(&base("site"), &["check"]);
}

#[test]
fn titles_in_another_language_are_listed_for_translators() {
    let desk = spoilt(&case("site-foreign-titles")).run(&["translations"]);
    let desk = String::from_utf8(desk.stdout).expect("UTF-8");
    for line in [
        "  with a title in another language: page activities/briefing (content/activities/briefing.zh.md:2:8)",
        "  with a title in another language: page activities/briefing (content/activities/briefing.en.md:2:8)",
    ] {
        assert!(desk.contains(line), "{desk}");
    }
    assert!(!desk.contains("title in another language: page accessibility"), "{desk}");
}
