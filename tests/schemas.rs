//! The JSON Schemas by which editors complete and check: an independent validator takes every shipped file, the schemas
//! in `data/schemas` are those of the types, and what the program refuses they refuse.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use jinbang::project::schemas;
use jsonschema::Validator;
use serde_json::Value;

use crate::project;

fn validators() -> BTreeMap<&'static str, Validator> {
    schemas()
        .iter()
        .map(|file| (file.name, jsonschema::validator_for(&file.schema).expect("the schema is sound")))
        .collect()
}

fn parsed(yaml: &str) -> Value {
    let value: serde_yaml::Value = serde_yaml::from_str(yaml).expect("sound YAML");
    as_json(&value)
}

/// Keys that are numbers become texts, as they are in JSON.
fn as_json(value: &serde_yaml::Value) -> Value {
    match value {
        serde_yaml::Value::Mapping(entries) => entries
            .iter()
            .map(|(key, value)| {
                let key = as_json(key);
                (key.as_str().map_or_else(|| key.to_string(), str::to_owned), as_json(value))
            })
            .collect::<serde_json::Map<_, _>>()
            .into(),
        serde_yaml::Value::Sequence(values) => values.iter().map(as_json).collect::<Vec<_>>().into(),
        other => serde_json::to_value(other).expect("a scalar"),
    }
}

/// The YAML files of the repository, with the schema that the first line of each names.
fn shipped() -> Vec<(PathBuf, String, String)> {
    let mut files = Vec::new();
    let below = |folder| walkdir::WalkDir::new(project::here().join(folder)).sort_by_file_name();
    for entry in below("data").into_iter().chain(below("themes")) {
        let path = entry.expect("the folder can be read").into_path();
        if path.extension().is_some_and(|ending| ending == "yaml") {
            let text = fs::read_to_string(&path).expect("a shipped file is UTF-8");
            let first = text.lines().next().unwrap_or_default();
            let schema = first.strip_prefix("# yaml-language-server: $schema=");
            let schema =
                schema.unwrap_or_else(|| panic!("{} names its schema first: {first}", path.display()));
            files.push((path.clone(), schema.to_owned(), text));
        }
    }
    assert!(files.len() > 20, "there are files to validate");
    files
}

#[test]
fn every_shipped_file_is_valid_by_the_schema_that_it_names() {
    let validators = validators();
    for (path, schema, text) in shipped() {
        let folder = path.parent().expect("a file stands in a folder");
        assert!(folder.join(&schema).is_file(), "{} names {schema}, which is there", path.display());
        let name = Path::new(&schema).file_stem().and_then(|name| name.to_str()).expect("a name");
        let value = parsed(&text);
        let errors: Vec<String> = validators[name]
            .iter_errors(&value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
    }
    for entry in walkdir::WalkDir::new(project::here().join("content")) {
        let path = entry.expect("the folder can be read").into_path();
        if path.extension().is_some_and(|ending| ending == "md") {
            let text = fs::read_to_string(&path).expect("a page is UTF-8");
            let front = jinbang::site::content::split(&text).expect("a page has front matter").0;
            assert!(validators["page"].is_valid(&parsed(&text[front])), "{}", path.display());
        }
    }
}

#[test]
fn the_schemas_of_the_repository_are_those_of_the_types() {
    let folder = project::here().join("data/schemas");
    let update = std::env::var_os("UPDATE").is_some();
    for file in schemas() {
        let path = folder.join(format!("{}.json", file.name));
        if update {
            fs::create_dir_all(&folder).expect("the folder can be made");
            fs::write(&path, file.text()).expect("the schema can be written");
        }
        let found = fs::read_to_string(&path).unwrap_or_default();
        assert!(found == file.text(), "{} is not up to date: run `jinbang schema`", path.display());
    }
}

#[test]
fn the_command_writes_the_schemas() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("deep/schemas");
    let output = project::run(folder.path(), &["schema", "--out", out.to_str().expect("UTF-8")]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(fs::read_dir(&out).expect("a folder").count(), schemas().len());
}

/// What the program refuses of a file, the schema refuses; the other way round it may be more lenient, where a
/// mistake shows only when several files are read together.
#[test]
fn what_the_program_refuses_the_schema_refuses() {
    let validators = validators();
    let shipped: BTreeMap<String, String> = shipped()
        .into_iter()
        .map(|(path, _, text)| {
            let below = path.strip_prefix(project::here()).expect("a file of the repository");
            (below.to_str().expect("UTF-8").to_owned(), text)
        })
        .collect();
    for (file, part, by) in [
        ("data/site.yaml", "theme:", "thema:"),
        ("data/site.yaml", "current_fair: 137", "current_fair: 第137届"),
        ("data/site.yaml", "languages:", "language:"),
        ("data/calendar.yaml", "status: official", "status: offical"),
        ("data/calendar.yaml", "breaks:", "holidays:"),
        ("data/fairs/137/fair.yaml", "previous_fair: 136", "previus_fair: 136"),
        ("data/fairs/137/fair.yaml", "fair: 137\n", "fair: \"137\"\n"),
        ("data/fairs/137/fair.yaml", "fair: 137\n", "fair: -1\n"),
        ("data/fairs/137/fair.yaml", "fair: 137\n", ""),
        ("data/fairs/137/fair.yaml", "sources:\n", "sources: []\nunused:\n"),
        ("data/fairs/137/fair.yaml", "set: {channel: onsite", "set: {chanel: onsite"),
        ("data/fairs/137/roster.yaml", "caveat:", "warning:"),
        ("data/fairs/137/penalties.yaml", "from_fair:", "from:"),
        ("data/enterprises/shein.yaml", "kind: domestic", "kind: domestik"),
        ("data/enterprises/shein.yaml", "country: ", "land: "),
        ("data/rulebooks/i-invite-1.yaml", "weight: 10,", "weight: 10.5,"),
        ("data/rulebooks/i-invite-1.yaml", "choice: competition", "choice: competiton"),
        (
            "data/rulebooks/i-invite-1.yaml",
            "  two-latest-fairs:\n    question",
            "  two-lastest-fairs:\n    question",
        ),
        ("data/rulebooks/i-invite-1.yaml", "require: no-penalty\n", "require: no-penalties\n"),
        ("data/rulebooks/i-invite-1.yaml", "order: high-to-low", "order: high-to-lo"),
    ] {
        let text = &shipped[file];
        assert!(text.contains(part), "{file} holds `{part}`");
        let changed = text.replacen(part, by, 1);
        let (_, rest) = text.split_once("$schema=").expect("the schema is named");
        let name =
            rest.lines().next().and_then(|path| Path::new(path).file_stem()?.to_str()).expect("a name");
        assert!(!validators[name].is_valid(&parsed(&changed)), "{file}: `{by}` is refused");
        let sandbox = tempfile::tempdir().expect("a folder");
        for folder in ["data", "content", "themes"] {
            project::copy(&project::here().join(folder), &sandbox.path().join(folder));
        }
        fs::write(sandbox.path().join(file), changed).expect("a file");
        // Only `check` reads what the award does not need.
        let beside = ["roster", "calendar", "enterprises"].iter().any(|name| file.contains(name));
        let command: &[&str] = if beside { &["check"] } else { &["award", "137", "--format", "json"] };
        let output = project::run(sandbox.path(), command);
        assert_eq!(output.status.code(), Some(1), "the program refuses {file} with `{by}`");
    }
}
