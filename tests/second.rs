//! Random small fairs, judged by the program and by the second implementation in `tests/second`, which was written
//! from the contract alone. Where the two differ, one of them is wrong.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::project;

/// Fairs that are compared under every reading: their number and seed.
const UNDER_ALL: (usize, u64) = (60, 137);
/// Fairs that are compared under the readings that are applied, in batches: their number and seed.
const UNDER_DEFAULT: [(usize, u64); 2] = [(80, 138), (80, 139)];
/// Fairs with one fault each.
const BROKEN: (usize, u64) = (40, 140);
/// Fairs with inputs on which the contract is silent.
const EDGE: (usize, u64) = (40, 141);

/// Inputs on which the contract is silent and the two are known to differ: the name that `fairs.py` gives them, and
/// the code of the error with which the program refuses them.
const SETTLED_OTHERWISE: [(&str, &str); 1] = [("yaml-extra-keys", "unknown-field")];

/// A line of `judge.py --many`.
struct Judged {
    root: PathBuf,
    policies: Vec<String>,
    /// The results; absent where the fair must be refused.
    result: Option<Value>,
    refused: String,
}

#[test]
#[ignore = "needs Python with openpyxl"]
fn the_second_implementation_decides_the_same() {
    let all = std::thread::spawn(|| compare(UNDER_ALL, &[], Readings::All));
    let mut found = Vec::new();
    for batch in UNDER_DEFAULT {
        found.extend(compare(batch, &[], Readings::Applied));
    }
    found.extend(all.join().expect("the comparison ends"));
    assert_no_difference(&found);
}

#[test]
#[ignore = "needs Python with openpyxl"]
fn the_second_implementation_refuses_the_same() {
    assert_no_difference(&compare(BROKEN, &["--broken"], Readings::Applied));
}

#[test]
#[ignore = "needs Python with openpyxl"]
fn where_the_contract_is_silent_both_decide_the_same() {
    assert_no_difference(&compare(EDGE, &["--edge"], Readings::Applied));
}

#[test]
#[ignore = "needs Python with openpyxl"]
fn the_second_implementation_passes_the_portable_cases() {
    let mut command = Command::new(project::python());
    command.arg("-B").arg(second("cases.py")).arg(project::here().join("tests/cases"));
    let output = command.output().expect("python can be run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

/// Under which readings fairs are judged.
#[derive(Clone, Copy, PartialEq)]
enum Readings {
    /// Those that the rulebook applies.
    Applied,
    /// These, and every alternative of each policy in turn.
    All,
}

/// Makes fairs, has both judge them, and returns what differs.
fn compare((count, seed): (usize, u64), options: &[&str], readings: Readings) -> Vec<String> {
    let folder = fairs(count, seed, options);
    let lines = judged(folder.path(), readings);
    match readings {
        Readings::Applied => assert_eq!(lines.len(), count, "one line a fair"),
        Readings::All => assert!(lines.len() > 10 * count, "alternatives are among {} lines", lines.len()),
    }
    if options.contains(&"--broken") {
        assert!(lines.iter().all(|line| line.result.is_none()), "every fair has a fault");
    }
    lines.iter().filter_map(difference).collect()
}

fn assert_no_difference(found: &[String]) {
    let shown = &found[..found.len().min(10)];
    assert!(found.is_empty(), "{} differ, the first of them:\n\n{}\n", found.len(), shown.join("\n\n"));
}

/// What the program does otherwise than the second implementation.
fn difference(line: &Judged) -> Option<String> {
    let mut arguments = vec!["award", "137", "--format", "json"];
    for policy in &line.policies {
        arguments.extend(["--policy", policy]);
    }
    let output = project::run(&line.root, &arguments);
    let messages = String::from_utf8_lossy(&output.stderr);
    let edge = fs::read_to_string(line.root.join("edge")).unwrap_or_default();
    let settled = SETTLED_OTHERWISE.iter().find(|(name, _)| edge.lines().any(|line| line == *name));
    let settled = settled.map(|(_, code)| code);
    let name = line.root.file_name().unwrap_or_default().to_string_lossy();
    let at = format!("fair {name} {} {}", line.policies.join(" "), edge.trim().replace('\n', ", "));
    match (&line.result, output.status.code()) {
        (Some(expected), Some(0)) => {
            let mut found: Value = serde_json::from_slice(&output.stdout).expect("results are an object");
            found.as_object_mut().expect("results are an object").remove("rulebook");
            first_difference("", expected, &found).map(|difference| format!("{at}\n  {difference}"))
        }
        (Some(_), Some(1)) if settled.is_some_and(|code| messages.contains(&format!("error[{code}]"))) => {
            None
        }
        (Some(_), code) => Some(format!("{at}\n  exit status {code:?}, expected results\n{messages}")),
        (None, Some(1)) => {
            let named = fs::read_to_string(line.root.join("expect-refused")).unwrap_or_default();
            let why = fs::read_to_string(line.root.join("expect-why")).unwrap_or_default();
            let place = named.trim().rsplit('/').next().unwrap_or_default();
            (!messages.contains(place))
                .then(|| format!("{at}\n  the messages do not name `{place}` ({})\n{messages}", why.trim()))
        }
        (None, code) => Some(format!("{at}\n  exit status {code:?}, expected refusal: {}", line.refused)),
    }
}

/// The first place where two values differ: expected, found.
fn first_difference(at: &str, expected: &Value, found: &Value) -> Option<String> {
    match (expected, found) {
        (Value::Object(one), Value::Object(other)) => {
            let keys: BTreeMap<&String, ()> = one.keys().chain(other.keys()).map(|key| (key, ())).collect();
            keys.into_keys().find_map(|key| {
                let null = Value::String("(absent)".to_owned());
                let (one, other) = (one.get(key).unwrap_or(&null), other.get(key).unwrap_or(&null));
                first_difference(&format!("{at}/{key}"), one, other)
            })
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            one.iter().zip(other).enumerate().find_map(|(number, (one, other))| {
                let name = one["exhibitor"].as_str().map_or(number.to_string(), str::to_owned);
                first_difference(&format!("{at}/{name}"), one, other)
            })
        }
        _ if expected == found => None,
        _ => Some(format!("{at}: the second implementation says {expected}, the program {found}")),
    }
}

/// Makes random fairs in a folder, each with the shipped rulebook.
fn fairs(count: usize, seed: u64, options: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let (count, seed) = (count.to_string(), seed.to_string());
    let mut command = Command::new(project::python());
    command
        .arg(second("fairs.py"))
        .arg(folder.path())
        .args(["--seed", &seed, "--count", &count])
        .args(options);
    let output = command.output().expect("python can be run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let rulebook = project::shipped_rulebook();
    for entry in fs::read_dir(folder.path()).expect("fairs were made") {
        let rulebooks = entry.expect("an entry can be read").path().join("data/rulebooks");
        fs::create_dir_all(&rulebooks).expect("folders can be made");
        fs::write(rulebooks.join("i-invite-1.yaml"), &rulebook).expect("files can be written");
    }
    folder
}

/// Asks the second implementation about every fair of a folder.
fn judged(folder: &Path, readings: Readings) -> Vec<Judged> {
    let mut command = Command::new(project::python());
    match readings {
        Readings::All => command.arg(second("judge.py")).arg("--many").arg(folder),
        Readings::Applied => {
            let only_these = "import sys; sys.path.insert(0, sys.argv[1]); import judge; \
                judge.deviations = lambda pairs: [{}]; sys.exit(judge.main(['--many', sys.argv[2]]))";
            command.args(["-B", "-c", only_these]).arg(second("")).arg(folder)
        }
    };
    let output = command.output();
    let output = output.expect("python can be run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("it writes UTF-8");
    text.lines()
        .map(|line| {
            let line: Value = serde_json::from_str(line).expect("each line is an object");
            let root = PathBuf::from(line["root"].as_str().expect("a line names its root"));
            let policies = line["policy"].as_object().into_iter().flatten();
            Judged {
                root: if root.is_absolute() { root } else { folder.join(root) },
                policies: policies
                    .map(|(name, choice)| format!("{name}={}", choice.as_str().unwrap_or_default()))
                    .collect(),
                result: Some(line["result"].clone()).filter(|result| !result.is_null()),
                refused: line["refused"].to_string(),
            }
        })
        .collect()
}

fn second(name: &str) -> PathBuf {
    project::here().join("tests/second").join(name)
}
