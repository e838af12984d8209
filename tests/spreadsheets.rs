//! The same fair in files written by other programs: csv, and workbooks saved by openpyxl and LibreOffice.
//! The award is the same whatever the format, and every row is accounted for.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::project::{FAIR, Project, here};

const RULEBOOK: &str = include_str!("../data/rulebooks/i-invite-1.yaml");

/// Judges the fair whose tables are in the files of `tests/spreadsheets` that `source` names.
fn award(source: impl Fn(&str) -> String) -> (Value, String) {
    let root = tempfile::tempdir().expect("a folder");
    let fair = root.path().join("data/fairs/137");
    std::fs::create_dir_all(&fair).expect("a folder");
    std::fs::create_dir_all(root.path().join("data/rulebooks")).expect("a folder");
    std::fs::write(root.path().join("data/rulebooks/i-invite-1.yaml"), RULEBOOK).expect("a file");
    let files = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/spreadsheets");
    for entry in std::fs::read_dir(files).expect("the files of the test") {
        let entry = entry.expect("a file");
        std::fs::copy(entry.path(), fair.join(entry.file_name())).expect("a file");
    }
    let yaml = format!(
        "fair: 137\nprevious_fair: 136\nrulebook: {{id: i-invite, version: 1}}\nsources:\n  exhibitors: [{}]\n  \
         invitations: [{}]\n  attendance: [{}]\n  penalties: none\n",
        source("exhibitors"),
        source("invitations"),
        source("attendance").replace('}', ", set: {channel: onsite}, absent: [attended]}"),
    );
    std::fs::write(fair.join("fair.yaml"), yaml).expect("a file");
    let output = Command::new(env!("CARGO_BIN_EXE_jinbang"))
        .arg("--root")
        .arg(root.path())
        .args(["award", "137", "--format", "json"])
        .output()
        .expect("the program runs");
    let messages = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{messages}");
    (serde_json::from_slice(&output.stdout).expect("an object"), messages)
}

#[test]
fn the_award_is_the_same_in_every_format() {
    let (csv, _) = award(|table| format!("{{file: {table}.csv}}"));
    assert!(csv["pool"].as_u64() > Some(3), "the fair is worth judging: {csv}");
    assert_eq!(csv["rows"]["invitations"]["read"], 109);
    for book in ["openpyxl.xlsx", "libreoffice.xlsx", "libreoffice.ods", "libreoffice.xls"] {
        let (results, messages) = award(|table| format!("{{file: {book}, sheet: {table}}}"));
        assert_eq!(results["exhibitors"], csv["exhibitors"], "{book}");
        // The workbooks have one blank row in every sheet.
        assert_eq!(results["rows"]["invitations"]["read"], 110, "{book}");
        assert_eq!(results["rows"]["invitations"]["blank"], 1, "{book}");
        assert_eq!(results["rows"]["invitations"]["used"], csv["rows"]["invitations"]["used"], "{book}");
        assert!(messages.contains("1 hidden row of"), "{book}: {messages}");
    }
}

/// What the program says of a fair whose exhibitors are in a workbook of `tests/workbooks`.
fn with_exhibitors_of(book: &str, arguments: &[&str]) -> (Option<i32>, String) {
    let project = Project::new();
    project.write("data/fairs/137/fair.yaml", FAIR.replace("exhibitors.csv", book));
    let workbook = here().join("tests/workbooks").join(book);
    project.table(book, std::fs::read(workbook).expect("the file of the test"));
    project.table("invitations.csv", "企业编号,公司名,发送日期,发送状态\n001038,Co,2025-04-01,成功\n");
    project.table("attendance.csv", "采购商编号,公司名,国家地区,参会方式,是否首次\nB1,Co,DE,线上,是\n");
    project.table("penalties.csv", "企业编号,事由,起始届次,截止届次\n");
    let output = project.run(arguments);
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&said).into_owned())
}

#[test]
fn a_formula_that_the_writing_library_did_not_calculate_is_refused() {
    for (book, cells) in [
        ("formulas-openpyxl.xlsx", &["B2", "D2"][..]),
        // The third is in the area of an array formula, and says nothing of it.
        ("formulas-xlsxwriter.xlsx", &["B2", "D2", "D3"]),
        ("formulas-odfpy.ods", &["B2", "D2"]),
        ("formulas-ezodf.ods", &["B2", "D2"]),
        ("formulas-xlwt.xls", &["B2", "D2"]),
    ] {
        let (status, said) = with_exhibitors_of(book, &["check"]);
        assert_eq!(status, Some(1), "{book}: {said}");
        assert!(said.contains("error[formula-without-result]"), "{book}: {said}");
        // Equal errors of a column are told once, with their rows.
        assert!(said.contains(&format!("{book}: {} errors", cells.len())), "{book}: {said}");
        for cell in cells {
            assert!(said.contains(cell), "{book}: {cell} is not named: {said}");
        }
    }
}

#[test]
fn numbers_that_a_workbook_shows_with_zeros_in_front_are_codes() {
    for book in ["codes-openpyxl.xlsx", "codes-xlwt.xls", "codes-odfpy.ods"] {
        let (status, said) = with_exhibitors_of(book, &["award", "137", "--format", "json"]);
        assert_eq!(status, Some(0), "{book}: {said}");
        assert!(said.contains("\"001038\"") && said.contains("\"123456\""), "{book}: {said}");
    }
}

#[test]
fn a_key_that_is_left_out_of_a_list_is_an_empty_cell() {
    let project = Project::new();
    let attendance = "{file: attendance.yaml, absent: [company, email], values: {attended: {\"\": no}}}";
    let fair = FAIR
        .replace("[{file: exhibitors.csv}]", "[{file: exhibitors.yaml}]")
        .replace("[{file: invitations.csv}]", "[{file: invitations.yaml, absent: [company, email]}]")
        .replace("{file: attendance.csv}", attendance)
        .replace("[{file: penalties.csv}]", "none");
    let rows = "country: FR, channel: onsite, first_time: yes, code: C1";
    project.write("data/fairs/137/fair.yaml", fair);
    project.write("data/fairs/137/exhibitors.yaml", "- {exhibitor: E1, name_zh: 示例, fairs: 136;137}\n");
    project.write("data/fairs/137/invitations.yaml", "- {exhibitor: E1, code: C1, status: sent}\n");
    project.write(
        "data/fairs/137/attendance.yaml",
        format!("- {{buyer: B1, attended: yes, {rows}}}\n- {{buyer: B2, {rows}}}\n- {{buyer: B3, attended: , {rows}}}\n"),
    );
    let output = project.run(&["award", "137", "--format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let results: Value = serde_json::from_slice(&output.stdout).expect("an object");
    assert_eq!(results["exhibitors"][0]["new"], 1, "B2 and B3 did not attend");
}
