//! The raw exports of a made-up fair, as registration systems and spreadsheet programs write them: what is said of them
//! at first, and what is decided once `fair.yaml` says what the messages ask for. No table is edited.
//!
//! `tests/exports/make.py` writes the files, says what is odd about each, and knows what is right without this program.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::project::{Project, here};

/// What is said of the exports when `fair.yaml` only names them: the code, the place, and the piece of the remedy that
/// the message prints and that `mended.yaml` has.
const FIRST: &[(&str, &str, &str)] = &[
    ("penalties-unsaid", "fair.yaml:6:3", "penalties"),
    // The second download of a file, and a sheet that somebody copied.
    ("input-twice", "fair.yaml:9:14", "邀请记录-二期.csv"),
    ("input-twice", "邀请记录-一期.xlsx 数据 (2)", "{file: 邀请记录-一期.xlsx, sheet: 数据"),
    ("number-for-code", "邀请记录-一期.xlsx 数据!A3", "digits: {exhibitor: 6}"),
    ("number-for-code", "邀请记录-一期.xlsx 数据 (2)!A3", "digits: {exhibitor: 6}"),
    (
        "unknown-exhibitor",
        "邀请记录-三期.xls 邀请记录!A137",
        "{finding: unknown-exhibitor, count: 7, because: ",
    ),
    ("unknown-word", "邀请记录-二期.csv:11:7", "values: {status: {发送失败: "),
    // What is not made of known words may be a name that slipped into this column, and is masked.
    ("unknown-word", "邀请记录-二期.csv:21:7", "values: {status: {"),
    ("unknown-word", "邀请记录-二期.csv:32:7", "values: {status: {"),
    ("unknown-word", "邀请记录-二期 (1).csv:11:7", "values: {status: {发送失败: "),
    ("unknown-word", "邀请记录-二期 (1).csv:21:7", "values: {status: {"),
    ("unknown-word", "邀请记录-二期 (1).csv:32:7", "values: {status: {"),
    ("missing-column", "到会-现场一期.xlsx 签到!A3", "set: {channel: onsite}"),
    ("number-for-code", "到会-现场二三期.ods 签到!A2", "digits: {buyer: 8}"),
    ("attended-empty", "到会-现场二三期.ods 签到!I1", "values: {attended: {\"\": no}}"),
    ("deciding-field", "到会-线上.csv", "{file: 到会-线上.csv, absent: [attended]}"),
    ("csv-encoding", "fair.yaml:11:14", "{file: 到会-线上香港.csv, encoding: "),
];

/// At most so many lines of `fair.yaml` make the exports readable.
const MOST_LINES: usize = 10;

fn exports() -> PathBuf {
    here().join("tests/exports")
}

fn text(name: &str) -> String {
    fs::read_to_string(exports().join(name)).unwrap_or_else(|err| panic!("{name}: {err}"))
}

/// A project with the files of a folder of `tests/exports` as they are.
fn project(folder: &str, fair: &str) -> Project {
    let project = Project::new();
    project.write("data/fairs/137/fair.yaml", fair);
    for entry in fs::read_dir(exports().join(folder)).expect("the exports are there") {
        let path = entry.expect("the folder can be read").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("names are UTF-8");
        project.write(&format!("data/fairs/137/{name}"), fs::read(&path).expect("the file can be read"));
    }
    project
}

/// An error or a warning as it is printed.
#[derive(Debug)]
struct Told {
    code: String,
    /// The place, from the folder of the fair on.
    place: String,
    text: String,
}

/// What `award` says of a project: exit status 1, and only then, where there is an error.
fn messages(project: &Project) -> String {
    let output = project.run(&["award", "137"]);
    let messages = String::from_utf8(output.stderr).expect("messages are UTF-8");
    let has_error = told(&messages).iter().any(|told| told.text.starts_with("error"));
    assert_eq!(output.status.code(), Some(i32::from(has_error)), "{messages}");
    messages
}

/// What is worse than a note.
fn told(messages: &str) -> Vec<Told> {
    let problem = |text: &str| {
        let (level, rest) = text.split_once('[')?;
        let (code, _) = rest.split_once("]: ").filter(|_| matches!(level, "error" | "warning"))?;
        let place = text.lines().find_map(|line| line.trim_start().strip_prefix("--> data/fairs/137/"));
        Some(Told {
            code: code.to_owned(),
            place: place.unwrap_or_default().to_owned(),
            text: text.to_owned(),
        })
    };
    messages.split("\n\n").filter_map(problem).collect()
}

/// The object of `award --format json`.
fn award(project: &Project, policy: &[&str]) -> Value {
    let output = project.run(&[&["award", "137", "--format", "json"], policy].concat());
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("an object")
}

#[test]
fn what_the_exports_lack_is_said_once_each_with_its_remedy() {
    let project = project("tables", &text("first.yaml"));
    let messages = messages(&project);
    let told = told(&messages);
    let mut found: Vec<(&str, &str)> = told.iter().map(|told| (&*told.code, &*told.place)).collect();
    let mut expected: Vec<(&str, &str)> = FIRST.iter().map(|&(code, place, _)| (code, place)).collect();
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected, "{told:#?}");

    let mended = text("mended.yaml");
    for &(code, place, remedy) in FIRST {
        let told = told.iter().find(|told| told.code == code && told.place == place).expect("it was found");
        // What is accepted is said once for all rows, in a note.
        let note = messages.lines().find(|line| line.starts_with(&format!("note[{code}]")));
        let hints = told.text.split_once("= help: ").map(|(_, hints)| hints);
        let is_printed = hints.into_iter().chain(note).any(|text| text.contains(remedy));
        assert!(is_printed, "the remedy `{remedy}` is printed: {}", told.text);
        assert!(mended.contains(remedy), "the remedy `{remedy}` is followed: {mended}");
    }
}

#[test]
fn ten_lines_of_fair_yaml_are_enough_and_the_awards_are_right() {
    let (first, mended) = (text("first.yaml"), text("mended.yaml"));
    let added: Vec<&str> = mended
        .lines()
        .filter(|line| !line.starts_with('#') && !first.lines().any(|old| old == *line))
        .collect();
    assert!(added.len() <= MOST_LINES, "{} lines: {added:#?}", added.len());

    let project = project("tables", &mended);
    let told = told(&messages(&project));
    assert!(told.is_empty(), "{told:#?}");
    let expected: Value = serde_json::from_str(&text("expected.json")).expect("an object");
    let results = award(&project, &[]);
    for part in ["pool", "awards", "rows"] {
        assert_eq!(results[part], expected[part], "{part}");
    }
    // Whether a letter was sent before the buyer came is told from the dates, in whatever notation.
    let before = award(&project, &["--policy", "invited-before-arrival=required"]);
    let exhibitors = |results: &Value| results["exhibitors"].as_array().expect("a list").clone();
    let (results, before) = (exhibitors(&results), exhibitors(&before));
    assert_eq!(results.len(), expected["exhibitors"].as_object().expect("an object").len());
    for (one, before) in results.iter().zip(&before) {
        let found = json!({
            "invitations": one["invitations"], "new": one["new"], "regular": one["regular"],
            "award": one["award"], "failed": one["failed"],
            "invited before arrival":
                {"new": before["new"], "regular": before["regular"], "award": before["award"]},
        });
        let id = one["exhibitor"].as_str().expect("an identifier");
        assert_eq!(found, expected["exhibitors"][id], "{id}");
    }
}

#[test]
fn formulas_that_nothing_calculated_are_refused() {
    for file in ["openpyxl.xlsx", "xlsxwriter.xlsx"] {
        let fair = text("first.yaml").replace("*参展企业名录.xlsx", file);
        let project = project("formulas", &fair);
        let told = told(&messages(&project));
        let of_file: Vec<&Told> = told.iter().filter(|told| told.place.starts_with(file)).collect();
        let [one] = of_file[..] else { panic!("one problem is told: {of_file:#?}") };
        assert_eq!(one.code, "formula-without-result");
        assert!(one.text.contains("cells B3 and B4"), "{}", one.text);
    }
}

#[test]
fn the_exports_are_as_many_and_as_small_as_they_are_meant_to_be() {
    let files: Vec<(String, u64)> = fs::read_dir(exports().join("tables"))
        .expect("the exports are there")
        .map(|entry| entry.expect("the folder can be read"))
        .map(|entry| {
            (entry.file_name().into_string().expect("UTF-8"), entry.metadata().expect("a file").len())
        })
        .collect();
    assert!(files.len() > 10, "{files:?}");
    assert!(files.iter().all(|(_, size)| *size < 60_000), "{files:?}");
    assert!(files.iter().any(|(name, _)| name.starts_with("~$")), "a lock file is among them: {files:?}");
}
