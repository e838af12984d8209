//! What is said of the command line itself: help in Chinese, and what is wrong with a line, in both languages.
//! `tests/command_line` holds it; `UPDATE=1` accepts what is new: read the difference as whoever typed the line.

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

/// What is wrong with a line, in both languages.
#[track_caller]
fn refused(name: &str, line: &str) {
    for (lang, ending) in [("C.UTF-8", "txt"), ("zh_CN.UTF-8", "zh.txt")] {
        let output = run(line, lang);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "exit status: {line}");
        expect(name, ending, &output.stderr);
    }
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

#[test]
fn what_is_wrong_is_said_with_what_to_write_instead() {
    refused("unknown-option", "build --as-off 2025-09-26");
    refused("unknown-option-far", "build --colour");
    refused("option-of-a-command", "--out preview build");
    refused("unknown-command", "bild");
    refused("unknown-command-far", "rules compare");
    refused("unknown-command-of-help", "help bild");
    refused("no-command", "--root .");
    refused("missing-value", "build --out");
    refused("missing-choice", "award --format");
    refused("missing-argument", "rules diff");
    refused("unknown-choice", "award --format jsn");
    refused("not-a-day", "build --as-of 26.9.2025");
    refused("not-a-policy", "award --policy ties");
    refused("not-a-number", "seal E00017");
    refused("number-too-large", "serve --port 99999");
    refused("not-a-language", "check --lang EN");
    refused("value-of-a-switch", "build --drafts=yes");
    refused("twice", "build --out a --out b");
    refused("conflict", "translations --accept a.md --format json");
    refused("too-many", "award 137 138");
    refused("dash", "receipt --x");
}
