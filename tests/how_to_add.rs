//! What the guide's page “How to add” lists is enough: its steps are taken in a copy of the sources, which is compiled
//! and run.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use super::project::{copy, files, here, rewrite};

/// Lines to put behind one that is there: file, that line, new lines.
type Step = (&'static str, &'static str, &'static str);

/// A text column that the table of exhibitors gains, and the winner's page and the downloads show.
const COLUMN: &[Step] = &[
    (
        "src/fair/tables.rs",
        r#"        WEBSITE = Field::new("website", Kind::Text, &["website", "网址"]),"#,
        r#"        FOUNDED = Field::new("founded", Kind::Text, &["founded", "成立年份"]),"#,
    ),
    (
        "src/fair/particulars.rs",
        "    website: Option<String> = WEBSITE,",
        "    /// The year in which it was founded.
    #[serde(default, skip_serializing_if = \"Option::is_none\")]
    founded: Option<String> = FOUNDED,",
    ),
    ("src/pages/winner_view.rs", "    website: Option<String>,", "    pub founded: Option<String>,"),
    (
        "src/pages/winner_view.rs",
        "        website: winner.particulars.website.clone(),",
        "        founded: winner.particulars.founded.clone(),",
    ),
    (
        "src/pages/winners.rs",
        r#"                "website": winner.particulars.website,"#,
        r#"                "founded": view.founded,"#,
    ),
    (
        "themes/canton/templates/winner.html",
        "    <dl class=\"kv\">",
        "      {% if winner.founded %}<dt>{{ w.list.founded }}</dt><dd>{{ winner.founded }}</dd>{% endif %}",
    ),
];

/// Its words: no code.
const WORDS: &[Step] = &[
    ("themes/canton/en.yaml", "  booth: Booth", "  founded: Founded in"),
    ("themes/canton/zh.yaml", "  booth: 展位", "  founded: 成立年份"),
    ("themes/canton/en.yaml", "    website: website", "    founded: founded in"),
    ("themes/canton/zh.yaml", "    website: 网址", "    founded: 成立年份"),
];

/// A command.
const COMMAND: &[Step] = &[
    ("src/cli/args.rs", "    Bonus(Bonus),", "\n    /// Say hello\n    Hello,"),
    ("src/cli/mod.rs", "mod guide_pages;", "mod hello;"),
    (
        "src/cli/mod.rs",
        "        Command::Bonus(command) => bonus::run(common, command),",
        "        Command::Hello => hello::run(),",
    ),
];

const HELLO: &str = "//! `hello`: says hello.

use std::process::ExitCode;

use super::terminal;
use crate::source::Failure;

pub(super) fn run() -> Result<ExitCode, Failure> {
    terminal::print(\"hello\\n\")?;
    Ok(ExitCode::SUCCESS)
}
";

/// The section of a page of the guide under a heading of the second level, by its place.
fn section(lang: &str, place: usize) -> String {
    let path = here().join("src/guide").join(lang).join("how-to-add.md");
    let page = fs::read_to_string(path).expect("the page is there");
    page.split("\n## ").nth(place).expect("the page has the section").to_owned()
}

#[test]
fn the_guide_names_every_file_that_a_column_or_a_command_touches() {
    for (place, steps) in [(3, COLUMN), (4, COMMAND)] {
        let touched: BTreeSet<&str> = steps.iter().map(|(file, ..)| *file).collect();
        assert!(touched.len() <= 6, "{touched:?}");
        for file in touched {
            for lang in ["en", "zh"] {
                assert!(section(lang, place).contains(file), "{lang}: `{file}` is not named");
            }
        }
    }
}

#[test]
#[ignore = "compiles the crate"]
fn a_column_and_a_command_are_added_by_the_steps_of_the_guide() {
    let copied = tempfile::tempdir().expect("a temporary folder can be made");
    for folder in ["src", "themes", "data", "content"] {
        copy(&here().join(folder), &copied.path().join(folder));
    }
    // Under another name, the program does not take the place of the one that the other tests run.
    for file in ["Cargo.toml", "Cargo.lock"] {
        let text = fs::read_to_string(here().join(file)).expect("files can be read");
        let named = text.replace("= \"jinbang\"", "= \"jinbang-changed\"");
        let named = named.replace("[lib]", "[lib]\nname = \"jinbang\"");
        fs::write(copied.path().join(file), named).expect("files can be written");
    }
    fs::copy(here().join("README.md"), copied.path().join("README.md")).expect("files can be copied");
    // The manifest names a test and a bench, which are not compiled here.
    for file in ["tests/main.rs", "benches/fair.rs"] {
        super::project::write(&copied.path().join(file), "fn main() {}\n");
    }
    for (file, behind, new) in COLUMN.iter().chain(WORDS).chain(COMMAND) {
        rewrite(&copied.path().join(file), |text| {
            let behind = format!("{behind}\n");
            text.replacen(&behind, &format!("{behind}{new}\n"), 1)
        });
    }
    fs::write(copied.path().join("src/cli/hello.rs"), HELLO).expect("files can be written");
    let tables = copied.path().join("data/fairs/137/exhibitors.csv");
    rewrite(&tables, |text| {
        let mut lines = text.lines().map(|line| match line {
            line if line.contains("企业编号") => format!("{line},成立年份\n"),
            line if line.starts_with("E00014,") => format!("{line},1998\n"),
            line => format!("{line},\n"),
        });
        lines.by_ref().collect()
    });

    assert_eq!(run(copied.path(), &["hello"]), "hello\n");
    run(copied.path(), &["build", "--out", "public"]);
    let public = files(&copied.path().join("public"));
    for (lang, word) in [("en", "Founded in"), ("zh", "成立年份")] {
        let page =
            String::from_utf8(public[&format!("{lang}/awards/137/E00014/index.html")].clone()).unwrap();
        assert!(page.contains(word) && page.contains("1998"), "{lang}: {page}");
    }
}

/// What the changed program prints. It is built beside the one that is tested, so what both depend on is compiled once.
fn run(folder: &Path, arguments: &[&str]) -> String {
    let target = Path::new(env!("CARGO_BIN_EXE_jinbang"))
        .ancestors()
        .nth(2)
        .expect("programs lie in a folder of their profile");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["run", "--quiet", "--offline", "--target-dir"]).arg(target).arg("--").args(arguments);
    let output = cargo.current_dir(folder).output().expect("cargo can be run");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}
