//! Problems for programs: `check --format json` and `github`, the first held against its schema; and the pages of
//! `explain CODE`.

use std::fs;
use std::path::Path;

use rust_xlsxwriter::Workbook;
use serde_json::Value;

use crate::project;
use crate::project::{edit, run, sample};

/// A complete project with one mistake in a workbook, one in YAML and one in a table of text.
fn spoilt() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let root = folder.path().join("site");
    sample::make(&root, [60, 900, 300]);
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("处罚").expect("the name is allowed");
    for (row, line) in ["企业编号,事由,起始届次,截止届次", "E00001,转租展位,一三〇,132"].iter().enumerate()
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
                "error: this is a bug in jinbang, not a problem with your files, and nothing was published; please report: `jinbang build`, version {version}, at src/source/fault.rs:"
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
        assert!(told(&[&["--lang", "en"], command].concat()).starts_with("error: this is a bug"));
    }
}

/// The problem of a code.
fn problem<'v>(object: &'v Value, code: &str) -> &'v Value {
    let problems = object["problems"].as_array().expect("a list");
    problems.iter().find(|problem| problem["code"] == code).unwrap_or_else(|| panic!("{code} in {object:#}"))
}

#[test]
fn problems_are_an_object_or_annotations() {
    let folder = spoilt();
    let root = folder.path().join("site");
    let schemas = project::here().join("data/schemas/printed");
    for (lang, message, label) in [
        ("en", "`一三〇` is not the number of a fair", "did you mean `years`?"),
        ("zh", "`一三〇` 不是届次", "是否应为 `years`？"),
    ] {
        let object: Value =
            serde_json::from_str(&printed(&root, &["check", "--format", "json", "--lang", lang]))
                .expect("JSON");
        valid(&schemas.join("problems-2.schema.json"), &object);
        assert_eq!(object["language"], lang);
        let cell = problem(&object, "bad-number");
        assert_eq!(
            (&cell["file"], &cell["sheet"], &cell["cell"], &cell["message"], &cell["found"]),
            (
                &"data/fairs/137/penalties.xlsx".into(),
                &"处罚".into(),
                &"C2".into(),
                &message.into(),
                &"一三〇".into()
            )
        );
        let key = problem(&object, "unknown-key");
        assert_eq!((&key["file"], &key["label"]), (&"data/calendar.yaml".into(), &label.into()));
        assert!(key["line"].as_u64() > Some(1) && key["column"] == 1 && key["end_column"] == 6, "{key:#}");

        let lines = printed(&root, &["check", "--format", "github", "--lang", lang]);
        let line =
            lines.lines().find(|line| line.contains("title=bad-number")).expect("the problem is there");
        assert!(
            line.starts_with("::error file=data/fairs/137/penalties.xlsx,title=bad-number::data/fairs/137/penalties.xlsx 处罚!C2%0A一三〇%0A"),
            "{line}"
        );
        assert!(lines.lines().all(|line| line.starts_with("::")), "{lines}");
        assert!(lines.contains("endColumn=6,title=unknown-key::"), "{lines}");
    }
}

#[test]
fn a_wrong_value_in_many_rows_is_one_problem() {
    let folder = spoilt();
    let root = folder.path().join("site");
    let rows = 60_usize;
    let mut table = "采购商编号,国家或地区,首次参会\n".to_owned();
    for row in 0..rows {
        table.push_str(&format!("B{row},Atlantis,否\n"));
    }
    table.push_str("B60,Ruritania,否\n");
    fs::write(root.join("data/fairs/137/online.csv"), table).expect("the table can be written");
    let object: Value = serde_json::from_str(&printed(&root, &["check", "--format", "json"])).expect("JSON");
    valid(&project::here().join("data/schemas/printed/problems-2.schema.json"), &object);
    let found: Vec<(&Value, &Value)> = object["problems"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|problem| problem["code"] == "unknown-country")
        .map(|problem| (&problem["found"], &problem["count"]))
        .collect();
    assert_eq!(found, [(&"A***".into(), &rows.into()), (&"R***".into(), &1.into())]);
    let places = problem(&object, "unknown-country")["places"].as_array().expect("places").len();
    assert_eq!((places, object["errors"].as_u64()), (3, Some(rows as u64 + 4)));
    let said = String::from_utf8(run(&root, &["check", "--lang", "en"]).stderr).expect("UTF-8");
    assert!(said.contains(&format!("note: in {rows} rows, the first in the lines 2, 3 and 4\n")), "{said}");
    assert!(said.contains(&format!("{} errors; ", rows + 4)), "{said}");
    let lines = printed(&root, &["check", "--format", "github"]);
    assert!(lines.contains(&format!("%0Ain {rows} rows, the first in the lines 2, 3 and 4%0A")), "{lines}");
}

#[test]
fn notes_take_a_line_unless_all_is_asked_for() {
    let project = project::Project::new();
    for table in ["exhibitors", "invitations", "attendance", "penalties"] {
        let text = match table {
            "exhibitors" => "题目\n企业编号,企业名称,参展届次,备注\nE1,甲,136;137,x\n",
            "invitations" => "企业编号,发送状态,邮箱地址\nE1,成功,a@b.example\n",
            "attendance" => "采购商编号,国家地区,参会方式,是否首次,邮箱\n1,FR,现场,是,b@c.example\n",
            _ => "企业编号,起始届次,截止届次\nE1,130,132\n",
        };
        project.table(&format!("{table}.csv"), text);
    }
    let fair = std::fs::read_to_string(project.root().join("data/fairs/137/fair.yaml")).expect("it is there");
    project.table("fair.yaml", fair + "accepted: [{finding: no-award, count: 1, because: a fair of one}]\n");
    let said = |arguments: &[&str]| String::from_utf8(run(project.root(), arguments).stderr).expect("UTF-8");
    let short = said(&["award", "137", "--lang", "en"]);
    assert!(
        short.contains(
            "note[title-rows]: skipped rows above the headings: 1 (data/fairs/137/exhibitors.csv:2:1)\n"
        ),
        "{short}"
    );
    assert!(short.contains("`jinbang check --verbose` shows notes in full\n"), "{short}");
    assert!(!short.contains("columns-read") && !short.contains("= help"), "{short}");
    let full = said(&["check", "--verbose", "--lang", "en"]);
    assert!(
        full.contains(
            "columns of invitations: A `企业编号` = exhibitor, B `发送状态` = status, C `邮箱地址` = email\n"
        ),
        "{full}"
    );
    let full = said(&["check", "--verbose", "--lang", "zh"]);
    assert!(
        full.contains(
            "invitations 各列：A `企业编号` = exhibitor、B `发送状态` = status、C `邮箱地址` = email\n"
        ),
        "{full}"
    );
}

#[test]
fn programs_get_the_columns_that_were_read_where_all_is_asked_for() {
    let folder = spoilt();
    let root = folder.path().join("site");
    let codes = |arguments: &[&str]| -> Vec<String> {
        let object: Value = serde_json::from_str(&printed(&root, arguments)).expect("JSON");
        valid(&project::here().join("data/schemas/printed/problems-2.schema.json"), &object);
        let problems = object["problems"].as_array().expect("a list").clone();
        problems.iter().map(|problem| problem["code"].as_str().expect("a code").to_owned()).collect()
    };
    assert!(!codes(&["check", "--format", "json"]).contains(&"columns-read".to_owned()));
    assert!(codes(&["check", "--format", "json", "--verbose"]).contains(&"columns-read".to_owned()));
}

#[test]
fn a_sound_project_is_an_empty_list() {
    let output = run(&project::here(), &["check", "--format", "json"]);
    assert!(output.status.success());
    let object: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(object["errors"], 0);
    valid(&project::here().join("data/schemas/printed/problems-2.schema.json"), &object);
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
            "3 errors; for details on each, run `jinbang explain CODE`",
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
    assert!(page.starts_with("unknown-exhibitor  Unknown exhibitor\n\nWhat it means\n"), "{page}");
    assert!(page.ends_with("Wrong:\n    E0O017\n\nRight:\n    E00017\n"), "{page}");
    let page = explained(&["unknown-exhibitor", "--lang", "zh"]);
    assert!(page.starts_with("unknown-exhibitor  未知的参展企业\n\n含义\n"), "{page}");
    let schemas = project::here().join("data/schemas/printed");
    let object: Value =
        serde_json::from_str(&explained(&["weights", "--format", "json", "--lang", "zh"])).expect("JSON");
    valid(&schemas.join("code-1.schema.json"), &object);
    assert_eq!(object["title"], "权重合计不是 100");
    let object: Value = serde_json::from_str(&explained(&["--format", "json"])).expect("JSON");
    valid(&schemas.join("codes-1.schema.json"), &object);
    let listed = explained(&[]);
    assert!(listed.contains("\nRulebooks and their checks\n"), "{listed}");
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
    assert!(told.contains("help: similar: `unknown-exhibitor`"), "{told}");
    let told = suggested("no-such-code");
    assert!(told.contains("no code `no-such-code`") && !told.contains("no exhibitor"), "{told}");
    let told = suggested("E0O017");
    assert!(told.contains("unknown exhibitor `E0O017` at fair 137"), "{told}");
    assert!(told.contains("help: did you mean `E00017`?"), "{told}");
    // With a fair, an exhibitor is meant.
    let output = run(&project::here(), &["explain", "acme", "--fair", "137"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("unknown exhibitor `acme` at fair 137"));
    let nowhere = tempfile::tempdir().expect("a temporary folder can be made");
    let output = run(nowhere.path(), &["explain", "wieghts"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("similar: `weights`"));
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
            "error: cannot write a sample project to `{folder}`: it is not a folder; choose a folder that is empty or does not exist yet\n"
        )
    );
    assert_eq!(
        said("zh"),
        format!("错误：无法在 `{folder}` 生成样例：这不是文件夹，请指定空的或尚不存在的文件夹\n")
    );
}
