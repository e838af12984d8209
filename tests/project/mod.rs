//! A project in a temporary folder, and the program run on it.

pub mod fairs;
pub mod sample;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use jinbang::lang::Lang;
use jinbang::rulebook::{Rulebook, parse_rulebook};
use jinbang::source::{Files, Report, Style};
use walkdir::WalkDir;

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
pub fn absent_fields(csv: &str, fields: &[&[&str]]) -> String {
    let csv = csv.replace('\r', "\n");
    let rows = csv.trim_start_matches('\u{feff}').lines().map(|line| line.split(',').collect::<Vec<&str>>());
    let mut rows: Vec<Vec<&str>> = rows.collect();
    // Titles may stand above the headings.
    let is_heading = |cell: &&str| ["exhibitor", "企业编号", "buyer", "采购商编号", "country"].contains(cell);
    let headed = rows.iter().position(|row| row.iter().any(is_heading));
    // What is no csv as this reads it has the columns.
    let Some(headed) = headed else { return String::new() };
    let rows = rows.split_off(headed);
    let (headings, rows) =
        rows.split_first().map_or((Vec::new(), &[][..]), |(first, rest)| (first.clone(), rest));
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
        write(&self.root().join(path), content);
    }

    /// Writes a file beside `fair.yaml`. The fields that decide awards and have no value in the tables in csv are said to
    /// be absent, so that a test has the columns that it is about.
    pub fn table(&self, name: &str, content: impl AsRef<[u8]>) {
        self.write(&format!("data/fairs/137/{name}"), content.as_ref());
        let folder = self.root().join("data/fairs/137");
        let Ok(fair) = fs::read_to_string(folder.join("fair.yaml")) else { return };
        let declared = fair.split_inclusive('\n').map(|line| {
            let file =
                |table: &str| line.strip_prefix(&format!("  {table}: [{{file: "))?.strip_suffix("}]\n");
            let found = DECIDING.iter().find_map(|(table, fields)| {
                let file = file(table)?;
                let file = file.split_once(", absent: [").map_or(file, |(file, _)| file);
                (!file.contains(", ")).then_some((table, fields, file))
            });
            let Some((table, fields, file)) = found else { return line.to_owned() };
            // A table in another format has the columns of the one in csv for which it stands.
            let in_csv =
                [file.to_owned(), format!("{table}.csv")].into_iter().filter(|name| name.ends_with(".csv"));
            let text = in_csv.into_iter().find_map(|name| fs::read_to_string(folder.join(name)).ok());
            match text.map(|text| absent_fields(&text, fields)).filter(|absent| !absent.is_empty()) {
                Some(absent) => format!("  {table}: [{{file: {file}, absent: [{absent}]}}]\n"),
                None => format!("  {table}: [{{file: {file}}}]\n"),
            }
        });
        let declared: String = declared.collect();
        if declared != fair {
            fs::write(folder.join("fair.yaml"), declared).expect("files can be written");
        }
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

/// Runs the program, which must succeed, and returns what it says.
#[track_caller]
pub fn done(root: &Path, arguments: &[&str]) -> String {
    let output = run(root, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stderr).expect("messages are text")
}

/// The paths of the files below a folder, in order.
pub fn paths(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = WalkDir::new(folder).sort_by_file_name().into_iter();
    let entries = entries.map(|entry| entry.expect("folders can be listed"));
    entries.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path)
}

/// The files below a folder, by their paths in it.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let name = |path: &Path| {
        path.strip_prefix(folder).expect("it is below").to_str().expect("names are UTF-8").to_owned()
    };
    paths(folder).map(|path| (name(&path), fs::read(&path).expect("files can be read"))).collect()
}

/// Copies the files below a folder into another.
pub fn copy(from: &Path, to: &Path) {
    for path in paths(from) {
        let place = to.join(path.strip_prefix(from).expect("it is below"));
        fs::create_dir_all(place.parent().expect("a file stands in a folder")).expect("folders can be made");
        fs::copy(&path, place).expect("files can be copied");
    }
}

/// Writes a file, with the folders that it needs.
pub fn write(path: &Path, content: impl AsRef<[u8]>) {
    fs::create_dir_all(path.parent().expect("a file stands in a folder")).expect("folders can be made");
    fs::write(path, content).expect("files can be written");
}

/// Changes the text of a file, which must not stay the same.
#[track_caller]
pub fn rewrite(path: &Path, change: impl FnOnce(&str) -> String) {
    let old = fs::read_to_string(path).expect("the file is there");
    let new = change(&old);
    assert_ne!(old, new, "nothing was changed in {}", path.display());
    fs::write(path, new).expect("files can be written");
}

/// Replaces a part of a file, once; it must be there.
#[track_caller]
pub fn edit(path: &Path, from: &str, to: &str) {
    rewrite(path, |text| text.replacen(from, to, 1));
}

/// A Python that can write workbooks.
///
/// # Panics
///
/// Where there is none.
pub fn python() -> &'static str {
    static FOUND: LazyLock<Option<&str>> = LazyLock::new(|| {
        ["python3", "/usr/bin/python3"].into_iter().find(|python| {
            let import = Command::new(python).args(["-c", "import openpyxl"]).output();
            import.is_ok_and(|output| output.status.success())
        })
    });
    FOUND.expect("this test needs Python 3.11 with openpyxl: install the Debian package python3-openpyxl")
}
