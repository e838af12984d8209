//! A synthetic test site in Chinese, English and Arabic. Nothing in it but the texts of this folder knows the third
//! language, and nothing of it is shipped.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_yaml::{Mapping, Value};

use crate::project::{copy, done, here, paths, sample};

/// Names of countries that the program has in Chinese and English only.
const COUNTRIES: [(&str, &str); 10] = [
    ("CN", "الصين"),
    ("ES", "إسبانيا"),
    ("FI", "فنلندا"),
    ("FR", "فرنسا"),
    ("GB", "المملكة المتحدة"),
    ("ID", "إندونيسيا"),
    ("KR", "كوريا الجنوبية"),
    ("MA", "المغرب"),
    ("TR", "تركيا"),
    ("US", "الولايات المتحدة"),
];

/// The site, in a folder of its own below the folder of the tests.
pub fn site(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("arabic").join(name);
    let _ = fs::remove_dir_all(&root);
    sample::make(&root, [120, 4000, 1400]);
    let overlay = here().join("tests/arabic");
    fs::copy(overlay.join("ar.yaml"), root.join("themes/canton/ar.yaml")).expect("the theme is there");
    // Short pages in place of the shipped ones.
    fs::remove_dir_all(root.join("content")).expect("the content is there");
    copy(&here().join("src/project/start/site/content"), &root.join("content"));
    copy(&overlay.join("content"), &root.join("content"));
    let texts = fs::read_to_string(overlay.join("texts.yaml")).expect("the texts are there");
    let texts: BTreeMap<String, String> = serde_yaml::from_str(&texts).expect("the texts are sound");
    for path in paths(&root.join("data")) {
        if path.extension().is_some_and(|suffix| suffix == "yaml") && !path.ends_with("i-invite-1.yaml") {
            change(&path, |value| translate(value, &texts));
        }
    }
    // The rulebook stays as it is, byte for byte: its texts stand beside it, by what they are in Chinese.
    let rulebook =
        fs::read_to_string(root.join("data/rulebooks/i-invite-1.yaml")).expect("the rulebook is there");
    let mut further = Mapping::new();
    collect(&serde_yaml::from_str(&rulebook).expect("it is sound"), &texts, &mut further);
    let further = serde_yaml::to_string(&further).expect("a value is always written");
    fs::write(root.join("data/rulebooks/i-invite-1.ar.yaml"), further).expect("it can be written");
    change(&root.join("data/site.yaml"), |site| {
        site["languages"] = ["zh", "en", "ar"].map(Value::from).to_vec().into();
        site["fallback"] = serde_yaml::from_str("zone: [en, zh]").expect("a setting");
        let name = |(code, name): &(&str, &str)| {
            let name = Mapping::from_iter([("ar".into(), Value::from(*name))]);
            (Value::from(*code), Value::from(name))
        };
        site["countries"] = Mapping::from_iter(COUNTRIES.iter().map(name)).into();
    });
    let pages: Vec<String> = paths(&root.join("content"))
        .map(|path| {
            path.strip_prefix(&root).expect("it lies below").to_str().expect("a path in UTF-8").to_owned()
        })
        .filter(|path| !path.ends_with(".zh.md"))
        .collect();
    let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
    done(&root, &[&["translations", "--accept"], pages.as_slice()].concat());
    root
}

/// Puts the Arabic beside the English, wherever there is any.
fn translate(value: &mut Value, texts: &BTreeMap<String, String>) {
    match value {
        Value::Mapping(entries) => {
            let english = entries.get("en").and_then(Value::as_str);
            if let Some(text) = english.and_then(|english| texts.get(english)) {
                entries.insert("ar".into(), text.as_str().into());
            }
            entries.iter_mut().for_each(|(_, value)| translate(value, texts));
        }
        Value::Sequence(entries) => entries.iter_mut().for_each(|value| translate(value, texts)),
        _ => {}
    }
}

/// The Arabic of all texts, by their Chinese.
fn collect(value: &Value, texts: &BTreeMap<String, String>, found: &mut Mapping) {
    match value {
        Value::Mapping(entries) => {
            let english = entries.get("en").and_then(Value::as_str);
            if let (Some(text), Some(chinese)) =
                (english.and_then(|english| texts.get(english)), entries.get("zh"))
            {
                found.insert(chinese.clone(), text.as_str().into());
            }
            entries.iter().for_each(|(_, value)| collect(value, texts, found));
        }
        Value::Sequence(entries) => entries.iter().for_each(|value| collect(value, texts, found)),
        _ => {}
    }
}

/// Changes a YAML file.
pub fn change(path: &Path, with: impl FnOnce(&mut Value)) {
    let text = fs::read_to_string(path).expect("the file is there");
    let mut value: Value = serde_yaml::from_str(&text).expect("the file is sound");
    with(&mut value);
    fs::write(path, serde_yaml::to_string(&value).expect("a value is always written"))
        .expect("it can be written");
}
