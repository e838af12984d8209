//! Problems for programs: `check --format json`, `sarif` and `github`, held against their schemas; and the pages of
//! `explain CODE`.

#![allow(clippy::disallowed_methods, reason = "the tests spoil a project and read schemas")]

mod project;

use std::fs;
use std::path::Path;

use project::run;
use rust_xlsxwriter::Workbook;
use serde_json::Value;

/// A complete project with one mistake in a workbook, one in YAML and one in a table of text.
fn spoilt() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let root = folder.path().join("site");
    let arguments = ["--exhibitors", "60", "--invitations", "900", "--buyers", "300", "--format", "csv"];
    let made = run(&project::here(), &[&["sample", root.to_str().expect("UTF-8")], &arguments[..]].concat());
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("处罚").expect("the name is allowed");
    for (row, line) in ["企业编号,事由,起始届次,截止届次", "E00001,转租展位,130届,132"].iter().enumerate()
    {
        for (column, value) in (0..).zip(line.split(',')) {
            sheet.write_string(row as u32, column, value).expect("it fits");
        }
    }
    workbook.save(root.join("data/fairs/137/penalties.xlsx")).expect("the workbook can be written");
    fs::remove_file(root.join("data/fairs/137/penalties.yaml")).expect("the sample has it");
    edit(&root.join("data/fairs/137/fair.yaml"), "penalties.yaml", "penalties.xlsx");
    edit(&root.join("data/calendar.yaml"), "\nyears:", "\nyaers:");
    folder
}

fn edit(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).expect("the file is there");
    assert!(text.contains(from), "{} has {from:?}:\n{text}", path.display());
    fs::write(path, text.replacen(from, to, 1)).expect("the file can be written");
}

fn printed(root: &Path, arguments: &[&str]) -> String {
    let output = run(root, arguments);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "what is for programs stands on standard output");
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[track_caller]
fn valid(schema: &Path, instance: &Value) {
    let schema: Value =
        serde_json::from_str(&fs::read_to_string(schema).expect("the schema is there")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is sound");
    let wrong: Vec<String> =
        validator.iter_errors(instance).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{}\n{instance:#}", wrong.join("\n"));
}

/// In the language of the command line, what a fault of the program says; nothing of it is for programs.
#[test]
#[cfg_attr(not(debug_assertions), ignore = "a program as it is released panics at no test's wish")]
fn a_fault_of_the_program_says_what_to_report_and_publishes_nothing() {
    let folder = spoilt();
    let root = folder.path().join("site");
    let told = |arguments: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_jinbang"))
            .arg("--root")
            .arg(&root)
            .args(arguments)
            .env("JINBANG_PANIC_AT", "data/fairs/137/badges.csv")
            .output()
            .expect("the program can be run");
        assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(2), &b""[..]), "{output:?}");
        String::from_utf8(output.stderr).expect("UTF-8")
    };
    let version = env!("CARGO_PKG_VERSION");
    for (lang, words) in [
        (
            "en",
            format!(
                "error: this is a fault of the program, not of your files, and nothing was published; please report: `jinbang build`, version {version}, at src/source/fault.rs:"
            ),
        ),
        (
            "zh",
            format!(
                "错误：这是程序自身的故障，不是您的文件有误，没有发布任何内容；请报告以下信息：`jinbang build`，版本 {version}，位置 src/source/fault.rs:"
            ),
        ),
    ] {
        let told = told(&["--lang", lang, "build"]);
        assert!(told.starts_with(&words) && told.contains("`data/fairs/137/badges.csv`"), "{told}");
        assert_eq!(told.lines().count(), 1, "{told}");
    }
    assert!(!root.join("public").exists());
    for command in [&["check", "--format", "json"][..], &["award"], &["explain", "E00001"]] {
        assert!(told(&[&["--lang", "en"], command].concat()).starts_with("error: this is a fault"));
    }
}

/// The problem of a code.
fn problem<'v>(object: &'v Value, code: &str) -> &'v Value {
    let problems = object["problems"].as_array().expect("a list");
    problems.iter().find(|problem| problem["code"] == code).unwrap_or_else(|| panic!("{code} in {object:#}"))
}

#[test]
fn problems_are_an_object_a_log_or_annotations() {
    let folder = spoilt();
    let root = folder.path().join("site");
    let schemas = project::here().join("data/schemas/printed");
    for (lang, message, label) in [
        ("en", "`130届` is not the number of a fair", "did you mean `years`?"),
        ("zh", "`130届` 不是届次", "是否应为 `years`？"),
    ] {
        let object: Value =
            serde_json::from_str(&printed(&root, &["check", "--format", "json", "--lang", lang]))
                .expect("JSON");
        valid(&schemas.join("problems-1.schema.json"), &object);
        assert_eq!(object["language"], lang);
        let cell = problem(&object, "bad-number");
        assert_eq!(
            (&cell["file"], &cell["sheet"], &cell["cell"], &cell["message"], &cell["found"]),
            (
                &"data/fairs/137/penalties.xlsx".into(),
                &"处罚".into(),
                &"C2".into(),
                &message.into(),
                &"130届".into()
            )
        );
        let key = problem(&object, "unknown-key");
        assert_eq!((&key["file"], &key["label"]), (&"data/calendar.yaml".into(), &label.into()));
        assert!(key["line"].as_u64() > Some(1) && key["column"] == 1 && key["end_column"] == 6, "{key:#}");

        let log: Value =
            serde_json::from_str(&printed(&root, &["check", "--format", "sarif", "--lang", lang]))
                .expect("JSON");
        valid(&project::here().join("tests/sarif/sarif-2.1.0-rtm.5.schema.json"), &log);
        let run = &log["runs"][0];
        let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
        for result in run["results"].as_array().expect("results") {
            let rule = usize::try_from(result["ruleIndex"].as_u64().expect("a number")).expect("it fits");
            assert_eq!(rules[rule]["id"], result["ruleId"]);
            assert!(rules[rule]["help"]["markdown"].as_str().is_some_and(|text| text.contains("**")));
        }
        let result = |code: &str| {
            let results = run["results"].as_array().expect("results");
            results.iter().find(|result| result["ruleId"] == code).expect("the code is there")
        };
        let place = &result("bad-number")["locations"][0];
        assert_eq!(place["logicalLocations"][0]["fullyQualifiedName"], "处罚!C2");
        assert_eq!(place["physicalLocation"]["region"]["startLine"], 2);
        let place = &result("unknown-key")["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "data/calendar.yaml");
        assert_eq!(place["region"]["startColumn"], 1);
        assert_eq!(place["region"]["endColumn"], 6);

        let lines = printed(&root, &["check", "--format", "github", "--lang", lang]);
        let line =
            lines.lines().find(|line| line.contains("title=bad-number")).expect("the problem is there");
        assert!(
            line.starts_with("::error file=data/fairs/137/penalties.xlsx,title=bad-number::data/fairs/137/penalties.xlsx 处罚!C2%0A130届%0A"),
            "{line}"
        );
        assert!(lines.lines().all(|line| line.starts_with("::")), "{lines}");
        assert!(lines.contains("endColumn=6,title=unknown-key::"), "{lines}");
    }
}

#[test]
fn a_sound_project_is_an_empty_list() {
    let output = run(&project::here(), &["check", "--format", "json"]);
    assert!(output.status.success());
    let object: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(object["errors"], 0);
    valid(&project::here().join("data/schemas/printed/problems-1.schema.json"), &object);
}

#[test]
fn problems_in_several_files_are_summed_up_by_file() {
    let folder = spoilt();
    let output = run(&folder.path().join("site"), &["check"]);
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    let end: Vec<&str> = said.lines().rev().take(4).collect();
    assert_eq!(
        end,
        [
            "3 errors; `jinbang explain CODE` says more of each",
            "data/fairs/137/penalties.xlsx: 1 error",
            "data/fairs/137/fair.yaml: 1 error",
            "data/calendar.yaml: 1 error",
        ],
        "{said}"
    );
    let output = run(&folder.path().join("site"), &["check", "--lang", "zh"]);
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    let end = "data/calendar.yaml：1 个错误\ndata/fairs/137/fair.yaml：1 个错误\ndata/fairs/137/penalties.xlsx：1 个错误\n\
        3 个错误；详细说明：`jinbang explain 代码`\n";
    assert!(said.ends_with(end), "{said}");
}

#[test]
fn a_code_is_explained_in_both_languages_and_anywhere() {
    let nowhere = tempfile::tempdir().expect("a temporary folder can be made");
    let explained = |arguments: &[&str]| {
        let output = run(nowhere.path(), &[&["explain"], arguments].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let page = explained(&["unknown-exhibitor"]);
    assert!(page.starts_with("unknown-exhibitor  There is no such exhibitor\n\nWhat it means\n"), "{page}");
    assert!(page.ends_with("Wrong:\n    E0O017\n\nRight:\n    E00017\n"), "{page}");
    let page = explained(&["unknown-exhibitor", "--lang", "zh"]);
    assert!(page.starts_with("unknown-exhibitor  没有这家参展企业\n\n含义\n"), "{page}");
    let schemas = project::here().join("data/schemas/printed");
    let object: Value =
        serde_json::from_str(&explained(&["weights", "--format", "json", "--lang", "zh"])).expect("JSON");
    valid(&schemas.join("code-1.schema.json"), &object);
    assert_eq!(object["title"], "权重合计不是 100");
    let object: Value = serde_json::from_str(&explained(&["--format", "json"])).expect("JSON");
    valid(&schemas.join("codes-1.schema.json"), &object);
    let listed = explained(&[]);
    assert!(listed.contains("\nRulebooks and what is proved of them\n"), "{listed}");
    assert!(listed.lines().all(|line| line.chars().count() <= 100), "{listed}");
}

#[test]
fn a_misspelt_code_or_exhibitor_suggests_the_nearest_of_both() {
    let suggested = |subject: &str| {
        let output = run(&project::here(), &["explain", subject]);
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stderr).expect("UTF-8")
    };
    let told = suggested("unknown-exibitor");
    assert!(told.starts_with("error[unknown-code]: no code `unknown-exibitor`\n"), "{told}");
    assert!(told.contains("help: the nearest: `unknown-exhibitor`"), "{told}");
    let told = suggested("no-such-code");
    assert!(told.contains("no code `no-such-code`") && !told.contains("no exhibitor"), "{told}");
    let told = suggested("E0O017");
    assert!(told.contains("no exhibitor `E0O017` at fair 137"), "{told}");
    assert!(told.contains("help: did you mean `E00017`?"), "{told}");
    // With a fair, an exhibitor is meant.
    let output = run(&project::here(), &["explain", "acme", "--fair", "137"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("no exhibitor `acme` at fair 137"));
    let nowhere = tempfile::tempdir().expect("a temporary folder can be made");
    let output = run(nowhere.path(), &["explain", "wieghts"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("the nearest: `weights`"));
}

#[test]
fn a_failure_of_the_machine_is_said_in_the_language() {
    let file = tempfile::NamedTempFile::new().expect("a temporary file can be made");
    let folder = file.path().to_str().expect("UTF-8");
    let said = |lang: &str| {
        let output = run(&project::here(), &["sample", folder, "--lang", lang]);
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).expect("UTF-8")
    };
    assert_eq!(
        said("en"),
        format!(
            "error: cannot make a sample in `{folder}`: it is not a folder; name a folder that is empty or does not exist yet\n"
        )
    );
    assert_eq!(
        said("zh"),
        format!("错误：无法在 `{folder}` 生成样例：这不是文件夹，请指定空的或尚不存在的文件夹\n")
    );
}
