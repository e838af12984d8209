//! A project in a temporary folder, and the program run on it.

#![allow(dead_code, reason = "each test uses a part of this")]
#![allow(clippy::disallowed_methods, reason = "tests make the inputs and read what came of them")]

pub mod fairs;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use jinbang::lang::Lang;
use jinbang::rulebook::{Rulebook, parse_rulebook};
use jinbang::source::{Files, Report, Style};

/// The folder of this crate.
pub fn here() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The shipped rulebook.
pub fn shipped_rulebook() -> String {
    fs::read_to_string(here().join("data/rulebooks/i-invite-1.yaml")).expect("the rulebook is shipped")
}

/// A rulebook, read and proved.
pub fn rulebook(text: &str) -> Rulebook {
    let files = Files::new(".");
    let mut report = Report::new();
    let file = files.id("rulebook.yaml");
    let read = parse_rulebook(&mut report, &files, file, text.into(), &[Lang::ZH, Lang::EN]);
    assert!(!report.has_errors(), "{}", report.render(&files, Style::Plain, jinbang::lang::Lang::EN));
    read.expect("a rulebook without errors is there")
}

/// A `fair.yaml` with tables in csv and nothing that the award does not need.
pub const FAIR: &str = "\
fair: 137
previous_fair: 136
rulebook: {id: i-invite, version: 1}
sources:
  exhibitors: [{file: exhibitors.csv}]
  invitations: [{file: invitations.csv}]
  attendance: [{file: attendance.csv}]
  penalties: [{file: penalties.csv}]
";

/// The fields that may decide awards, by table, each with its headings in tests.
pub const DECIDING: [(&str, &[&[&str]]); 3] = [
    ("exhibitors", &[&["fairs", "参展届次"]]),
    (
        "invitations",
        &[
            &["code", "邀请函编码"],
            &["buyer_name", "采购商姓名", "姓名"],
            &["company", "公司名", "公司名称"],
            &["email", "邮箱", "邮箱地址"],
            &["sent_on", "发送日期", "发送时间"],
        ],
    ),
    (
        "attendance",
        &[
            &["buyer", "采购商编号"],
            &["company", "公司名", "公司名称"],
            &["email", "邮箱", "电子邮箱"],
            &["code", "邀请函编码"],
            &["attended", "是否到会"],
            &["seen_on", "参会日期", "到会日期"],
        ],
    ),
];

/// The fields of which a table in csv has no value.
fn absent_fields(csv: &str, fields: &[&[&str]]) -> String {
    let mut rows =
        csv.trim_start_matches('\u{feff}').lines().map(|line| line.split(',').collect::<Vec<&str>>());
    let headings = rows.next().unwrap_or_default();
    let rows: Vec<Vec<&str>> = rows.collect();
    let is_absent = |names: &&&[&str]| {
        let column = headings.iter().position(|heading| names.contains(&heading.trim()));
        column.is_none_or(|column| {
            rows.iter().all(|row| row.get(column).is_none_or(|cell| cell.trim().is_empty()))
        })
    };
    let absent: Vec<&str> = fields.iter().filter(is_absent).map(|names| names[0]).collect();
    absent.join(", ")
}

/// A project in a folder of its own, removed when it is dropped.
pub struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    /// A project that holds the shipped rulebook and [`FAIR`], and no tables yet.
    pub fn new() -> Project {
        let project = Project::empty();
        project.write("data/rulebooks/i-invite-1.yaml", shipped_rulebook());
        project.write("data/fairs/137/fair.yaml", FAIR);
        project
    }

    /// A project without a file.
    pub fn empty() -> Project {
        Project { folder: tempfile::tempdir().expect("a temporary folder can be made") }
    }

    /// Its folder.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file, with the folders that it needs.
    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().expect("a file stands in a folder")).expect("folders can be made");
        fs::write(path, content).expect("files can be written");
    }

    /// Writes a file beside `fair.yaml`. Of a table of [`FAIR`] in csv, the fields that decide awards and have no value
    /// in it are said to be absent, so that a test has the columns that it is about.
    pub fn table(&self, name: &str, content: impl AsRef<[u8]>) {
        self.write(&format!("data/fairs/137/{name}"), content.as_ref());
        let path = self.root().join("data/fairs/137/fair.yaml");
        let (Ok(text), Ok(fair)) = (std::str::from_utf8(content.as_ref()), fs::read_to_string(&path)) else {
            return;
        };
        let lines = fair.split_inclusive('\n').map(|line| {
            let of_file =
                |table: &&(&str, &[&[&str]])| line.starts_with(&format!("  {}: [{{file: {name}", table.0));
            match DECIDING.iter().find(of_file) {
                Some((table, fields)) => match absent_fields(text, fields) {
                    absent if absent.is_empty() => format!("  {table}: [{{file: {name}}}]\n"),
                    absent => format!("  {table}: [{{file: {name}, absent: [{absent}]}}]\n"),
                },
                None => line.to_owned(),
            }
        });
        let changed: String = lines.collect();
        fs::write(path, changed).expect("files can be written");
    }

    /// Takes a file of the fair away.
    pub fn remove(&self, name: &str) {
        fs::remove_file(self.root().join("data/fairs/137").join(name)).expect("the file is there");
    }

    /// Runs the program on the project, in English.
    pub fn run(&self, arguments: &[&str]) -> Output {
        run(self.root(), arguments)
    }

    /// Runs the program on the project, in English, with at most ten seconds of processor time and one gigabyte.
    pub fn run_limited(&self, arguments: &[&str]) -> Output {
        Command::new("sh")
            .args(["-c", "ulimit -v 1048576; ulimit -t 10; exec \"$0\" \"$@\""])
            .arg(env!("CARGO_BIN_EXE_jinbang"))
            .arg("--root")
            .arg(self.root())
            .args(arguments)
            .env("RAYON_NUM_THREADS", "2")
            .env("LC_ALL", "C.UTF-8")
            .output()
            .expect("the program can be run")
    }
}

/// Runs the program on a project, in English and without colours.
pub fn run(root: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_jinbang"))
        .arg("--root")
        .arg(root)
        .args(arguments)
        .env("LC_ALL", "C.UTF-8")
        .env("NO_COLOR", "1")
        .output()
        .expect("the program can be run")
}
