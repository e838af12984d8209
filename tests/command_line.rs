//! What is said of the command line itself: help in Chinese. `tests/command_line` holds it; `UPDATE=1` accepts what is new: read the difference as whoever typed the line.

#![allow(clippy::disallowed_methods, reason = "tests read and write what is expected")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn run(line: &str, lang: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_jinbang"))
        .args(line.split_whitespace())
        .env("LC_ALL", lang)
        .env("NO_COLOR", "1")
        .env_remove("COLUMNS")
        .output()
        .expect("the program can be run")
}

#[track_caller]
fn expect(name: &str, ending: &str, found: &[u8]) {
    let found = String::from_utf8_lossy(found);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/command_line/{name}.{ending}"));
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &*found).expect("it can be written");
        return;
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, expected, "{} differs; UPDATE=1 accepts it", path.display());
}

/// The Chinese help of a line.
#[track_caller]
fn help(name: &str, line: &str) {
    let output = run(line, "zh_CN.UTF-8");
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
    expect(name, "zh.txt", &output.stdout);
}

#[test]
fn help_is_chinese() {
    help("help", "--help");
    help("help-short", "-h");
    help("help-build", "build --help");
    help("help-build-short", "build -h");
    help("help-rules-diff", "rules diff --help");
}

#[test]
fn help_is_in_the_language_that_is_asked_for_anywhere() {
    let chinese = run("build --help", "zh_CN.UTF-8").stdout;
    let english = run("build --help", "C.UTF-8").stdout;
    assert!(String::from_utf8_lossy(&english).contains("\nUsage: jinbang build [OPTIONS]\n"));
    for line in
        ["build --help --lang zh", "--lang=zh build --help", "help build --lang zh", "--lang zh help build"]
    {
        assert_eq!(
            String::from_utf8_lossy(&run(line, "C.UTF-8").stdout),
            String::from_utf8_lossy(&chinese),
            "{line}"
        );
    }
    for line in ["build --help --lang en", "--lang=en help build", "help build"] {
        let lang = if line == "help build" { "C.UTF-8" } else { "zh_CN.UTF-8" };
        assert_eq!(run(line, lang).stdout, english, "{line}");
    }
    // A line without anything is shown the help as well, and has failed.
    let output = run("", "zh_CN.UTF-8");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(output.stderr, run("-h", "zh_CN.UTF-8").stdout);
    assert_eq!(run("--version", "zh_CN.UTF-8").stdout, run("--version", "C.UTF-8").stdout);
}
