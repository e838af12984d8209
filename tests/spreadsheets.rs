//! The same fair in files written by other programs: csv, and workbooks saved by openpyxl and LibreOffice.
//! The award is the same whatever the format, and every row is accounted for.

#![allow(clippy::disallowed_methods, reason = "a test makes the project that it judges")]

use std::path::Path;
use std::process::Command;

use serde_json::Value;

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
         invitations: [{}]\n  attendance: [{}]\n",
        source("exhibitors"),
        source("invitations"),
        source("attendance").replace('}', ", set: {channel: onsite}}"),
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
