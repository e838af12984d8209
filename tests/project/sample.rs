//! A synthetic fair as a complete project, as `jinbang sample` makes it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::Value;

use super::{edit, files, here, run};

/// Where the tables of a sample and its `fair.yaml` stand.
pub const FOLDER: &str = "data/fairs/137";

/// Makes a synthetic project in a folder that is not there yet, or is empty: so many exhibitors, invitations and buyers.
#[track_caller]
pub fn make(root: &Path, sizes: [u32; 3]) {
    let [exhibitors, invitations, buyers] = sizes.map(|size| size.to_string());
    let folder = root.to_str().expect("a path in UTF-8");
    let sizes = ["--exhibitors", &exhibitors, "--invitations", &invitations, "--buyers", &buyers];
    let output = run(&here(), &[&["sample", folder, "--format", "csv"], &sizes[..]].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
}

/// What the program wrote.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("the program writes UTF-8")
}

/// A ruling that strikes an exhibitor off, as `rulings.yaml` has it.
pub fn strike_off(day: &str, exhibitor: &str) -> String {
    format!(
        "- date: {day}\n  decides: {{strike-off: {{exhibitor: {exhibitor}}}}}\n  \
         authority: {{zh: 主办方, en: the organiser}}\n  reason: {{zh: 经核实不符, en: not as stated}}\n"
    )
}

/// A synthetic fair of 60 exhibitors, in a folder of its own.
pub struct Fair {
    folder: tempfile::TempDir,
}

impl Fair {
    /// The fair as it is made.
    pub fn new() -> Fair {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        make(folder.path(), [60, 2500, 700]);
        Fair { folder }
    }

    /// The folder of the project.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// Runs the program on the project.
    pub fn run(&self, arguments: &[&str]) -> Output {
        run(self.root(), arguments)
    }

    /// Runs the program, which must succeed, and returns what it prints.
    #[track_caller]
    pub fn succeeds(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}:\n{}", text(&output.stderr));
        text(&output.stdout)
    }

    /// Runs the program, which must find errors in the project, and returns what it says of them.
    #[track_caller]
    pub fn fails(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}:\n{}", text(&output.stdout));
        text(&output.stderr)
    }

    /// Runs a command that prints an object.
    #[track_caller]
    pub fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.succeeds(&[arguments, &["--format", "json"]].concat())).expect("JSON")
    }

    /// Publishes to a folder in the project, and returns the files by path.
    #[track_caller]
    pub fn build(&self, name: &str) -> BTreeMap<String, Vec<u8>> {
        self.build_with(name, &[])
    }

    /// Publishes as the site is on a day.
    #[track_caller]
    pub fn build_on(&self, day: &str) -> BTreeMap<String, Vec<u8>> {
        self.build_with("public", &["--as-of", day])
    }

    #[track_caller]
    fn build_with(&self, name: &str, arguments: &[&str]) -> BTreeMap<String, Vec<u8>> {
        let out = self.root().join(name);
        self.succeeds(&[&["build", "--out", &out.to_string_lossy()], arguments].concat());
        files(&out)
    }

    /// Reads a file of the fair.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.root().join(FOLDER).join(name)).expect("the file is there")
    }

    /// Writes a file of the fair.
    pub fn write(&self, name: &str, content: &str) {
        fs::write(self.root().join(FOLDER).join(name), content).expect("files can be written");
    }

    /// Replaces a part of a file of the fair that must be there.
    #[track_caller]
    pub fn change(&self, name: &str, part: &str, by: &str) {
        edit(&self.root().join(FOLDER).join(name), part, by);
    }

    /// The exhibitors that have an award, by results.
    pub fn winners(&self) -> Vec<String> {
        let results = self.json(&["award"]);
        let all = results["exhibitors"].as_array().expect("results list the exhibitors");
        let winners = all.iter().filter(|exhibitor| !exhibitor["award"].is_null());
        winners.filter_map(|exhibitor| Some(exhibitor["exhibitor"].as_str()?.to_owned())).collect()
    }
}
