//! What `explain`, `sensitivity` and `rules diff` say, to people and to programs. `tests/explanations/NAME` holds what
//! is printed; `UPDATE=1` accepts it: read the difference as an exhibitor who lost.

use std::fmt::Write as _;
use std::fs;

use serde_json::Value;

use crate::project;
use crate::project::Project;

/// Exhibitors by the numbers of invitations, new and regular buyers: one with gold, one whose gold is withheld, one
/// with silver, two with nothing, one outside, one under a penalty.
const EXHIBITORS: [(&str, &str, [u32; 3], &str); 7] = [
    ("E01", "金奖示例有限公司", [25, 10, 5], "136;137"),
    ("E02", "缺一届示例有限公司", [22, 9, 4], "135;137"),
    ("E03", "银奖示例有限公司", [19, 8, 3], "136;137"),
    ("E04", "未获奖<b>示例</b>有限公司", [16, 8, 2], "136;137"),
    ("E05", "零老采购商示例有限公司", [13, 6, 0], "136;137"),
    ("E06", "未入围示例有限公司", [9, 4, 0], "136;137"),
    ("E07", "受罚示例有限公司", [20, 9, 3], "136;137"),
];

/// What stands in the tables of a buyer, and in nothing that is printed.
const PRIVATE: [&str; 4] = ["Ann Example", "Aster", "buyers.example", "INV-"];

fn fair() -> Project {
    let project = Project::new();
    let mut exhibitors = "exhibitor,name_zh,fairs\n".to_owned();
    let mut invitations = "exhibitor,code,buyer_name,company,email,sent_on,status\n".to_owned();
    for (id, name, [sent, new, regular], fairs) in EXHIBITORS {
        writeln!(exhibitors, "{id},{name},{fairs}").expect("text grows");
        let buyers =
            (1..=new).map(|buyer| format!("n{buyer}")).chain((1..=regular).map(|buyer| format!("r{buyer}")));
        for buyer in buyers {
            let row =
                format!("INV-{buyer},Ann Example,Aster {buyer} SA,{buyer}@buyers.example,2025-04-10,sent");
            writeln!(invitations, "{id},{row}").expect("text grows");
        }
        for other in new + regular..sent {
            writeln!(invitations, "{id},,Ann Example,,other{other}@buyers.example,2025-04-02,sent")
                .expect("text grows");
        }
    }
    project.table("exhibitors.csv", exhibitors);
    project.table("invitations.csv", invitations);
    let mut attendance = "buyer,name,company,email,code,country,channel,first_time,seen_on\n".to_owned();
    for buyer in 1..=10 {
        // The third came before it was invited; the fourth is new on site and not online.
        let seen_on = if buyer == 3 { "2025-04-09" } else { "2025-04-15" };
        let row = format!("N{buyer},Ann Example,,n{buyer}@buyers.example,,FR,onsite,yes,{seen_on}");
        writeln!(attendance, "{row}").expect("text grows");
        if buyer == 4 {
            writeln!(attendance, "N4,Ann Example,Aster n4 SA,,,FR,online,no,2025-04-16").expect("text grows");
        }
    }
    for buyer in 1..=5 {
        writeln!(attendance, "R{buyer},Ann Example,,,inv-R{buyer},DE,online,no,").expect("text grows");
    }
    project.table("attendance.csv", attendance);
    project.table("penalties.csv", "exhibitor,reason,from_fair,until_fair\nE07,转租展位,136,138\n");
    project
}

/// What a command prints.
#[track_caller]
fn printed(project: &Project, arguments: &[&str]) -> String {
    let output = project.run(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("it prints UTF-8");
    for private in PRIVATE {
        assert!(!text.contains(private), "it shows `{private}`, which is private:\n{text}");
    }
    text
}

/// A text without the hashes in it: that of the shipped rulebook changes with every word of it.
fn without_hashes(text: &str) -> String {
    let is_hash = |part: &str| part.len() == 64 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let parts = text.split_inclusive(|character: char| !character.is_ascii_alphanumeric());
    let shown = parts.map(|part| match part.get(..64).filter(|start| is_hash(start)) {
        Some(start) => part.replace(start, "…"),
        None => part.to_owned(),
    });
    shown.collect()
}

#[track_caller]
fn expect(name: &str, found: &str) {
    let found = without_hashes(found);
    let path = project::here().join("tests/explanations").join(name);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &found).expect("it can be written");
        return;
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, expected, "{} differs; UPDATE=1 accepts it", path.display());
}

/// Holds an object against its schema.
#[track_caller]
fn hold(schema: &str, text: &str) -> Value {
    let path = project::here().join("data/schemas/printed").join(format!("{schema}.schema.json"));
    let read = fs::read_to_string(path).expect("the schema is there");
    let read: Value = serde_json::from_str(&read).expect("JSON");
    let validator = jsonschema::validator_for(&read).expect("the schema is sound");
    let value: Value = serde_json::from_str(text).expect("an object");
    let errors = validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path()));
    let errors: Vec<String> = errors.collect();
    assert!(errors.is_empty(), "{schema}: {errors:#?}\n{text}");
    let mut more = value.clone();
    more["buyer"] = "Ann Example".into();
    assert!(!validator.is_valid(&more), "the schema lets other keys in");
    value
}

#[test]
fn every_kind_of_decision_is_explained_in_both_languages() {
    let project = fair();
    for (id, ..) in EXHIBITORS {
        for lang in ["zh", "en"] {
            expect(
                &format!("{id}.{lang}.txt"),
                &printed(&project, &["explain", id, "--fair", "137", "--lang", lang]),
            );
        }
        let text = printed(&project, &["explain", id, "--fair", "137", "--lang", "en", "--format", "json"]);
        hold("explanation-1", &text);
        expect(&format!("{id}.json"), &text);
    }
}

#[test]
fn rows_are_listed_where_they_are_asked_for() {
    let project = fair();
    for lang in ["zh", "en"] {
        let arguments = ["explain", "E01", "--fair", "137", "--lang", lang, "--rows"];
        expect(&format!("E01-rows.{lang}.txt"), &printed(&project, &arguments));
    }
}

#[test]
fn an_exhibitor_is_found_by_its_name_or_a_part_of_it() {
    let project = fair();
    let by_identifier = printed(&project, &["explain", "E03", "--fair", "137"]);
    for name in ["银奖示例有限公司", "银奖 示例（有限）公司", "银奖"] {
        assert_eq!(printed(&project, &["explain", name, "--fair", "137"]), by_identifier, "{name}");
    }
    for (lang, said) in [
        ("en", "error[unknown-exhibitor]: the names of 7 exhibitors contain `有限公司`\n"),
        ("zh", "错误[unknown-exhibitor]：名称含 `有限公司` 的参展企业有 7 家\n"),
    ] {
        let output = project.run(&["explain", "有限公司", "--fair", "137", "--lang", lang]);
        let text = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!(output.status.code(), Some(1));
        assert!(text.starts_with(said) && text.contains("E07 受罚示例有限公司"), "{text}");
    }
    let output = project.run(&["explain", "某某", "--fair", "137"]);
    let text = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(text.contains("unknown exhibitor `某某` at fair 137"), "{text}");
}

#[test]
fn sensitivity_is_told_to_people_and_to_programs() {
    let project = fair();
    for lang in ["zh", "en"] {
        expect(
            &format!("sensitivity.{lang}.txt"),
            &printed(&project, &["sensitivity", "137", "--lang", lang]),
        );
    }
    let text = printed(&project, &["sensitivity", "137", "--format", "json"]);
    hold("sensitivity-1", &text);
    expect("sensitivity.json", &text);
}

#[test]
fn without_dates_it_cannot_be_told_what_an_order_of_dates_changes() {
    let project = fair();
    let path = project.root().join("data/fairs/137/attendance.csv");
    let dated = fs::read_to_string(&path).expect("the table is there");
    fs::write(&path, dated.replace(",seen_on", ",note")).expect("it can be written");
    for (lang, heading, all) in [
        ("en", "\nCannot be determined\n", "none of the 16 attendance rows has a day (`seen_on`)\n"),
        ("zh", "\n无法判断\n", "16 行到会记录都没有到会日期（`seen_on`）\n"),
    ] {
        let text = printed(&project, &["sensitivity", "137", "--lang", lang]);
        assert!(text.contains(heading) && text.contains(all), "{text}");
    }
    let text = printed(&project, &["sensitivity", "137", "--format", "json"]);
    let value = hold("sensitivity-1", &text);
    let policies = value["policies"].as_array().expect("a list");
    let found =
        policies.iter().find(|policy| policy["policy"] == "invited-before-arrival").expect("a policy");
    assert_eq!((&found["verdict"], &found["alternatives"]), (&"cannot-tell".into(), &serde_json::json!([])));
    assert_eq!(found["undated"]["attendance"], serde_json::json!({"number": 16, "of": 16}));
}

#[test]
fn the_page_for_the_office_is_whole_and_stays_out_of_the_site() {
    let project = fair();
    let page = project.root().join("readings.html");
    for lang in ["zh", "en"] {
        let path = page.to_str().expect("a plain path");
        printed(&project, &["sensitivity", "137", "--lang", lang, "--html", path]);
        let text = fs::read_to_string(&page).expect("the page is there");
        assert!(text.contains("noindex") && text.trim_end().ends_with("</html>"));
        assert!(text.contains("&lt;b&gt;") && !text.contains("<b>示例"), "a name is no markup");
        for elsewhere in ["http:", "https:", "src=", "href="] {
            assert!(!text.contains(elsewhere), "the page needs no other file: {elsewhere}");
        }
        for private in PRIVATE {
            assert!(!text.contains(private), "{private}");
        }
    }
    project.write("public/.jinbang", "made by jinbang\n");
    for folder in ["public", "data/fairs/137"] {
        let path = project.root().join(folder).join("readings.html");
        let output = project.run(&["sensitivity", "137", "--html", path.to_str().expect("a plain path")]);
        assert_eq!(output.status.code(), Some(2), "{folder}");
        assert!(!path.exists(), "{folder}");
    }
}

#[test]
fn every_clause_that_an_explanation_names_can_be_opened() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let out = folder.path().join("public");
    let root = project::here();
    let built = project::run(
        &root,
        &["build", "--base-url", "https://example.org", "--out", out.to_str().expect("a plain path")],
    );
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    for lang in ["zh", "en"] {
        let output = project::run(&root, &["explain", "E00001", "--lang", lang, "--format", "json"]);
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        let mut pages = 0;
        for part in text.split("\"page\": \"").skip(1) {
            let (page, anchor) =
                part.split('"').next().and_then(|page| page.split_once('#')).expect("an address");
            let html = fs::read_to_string(out.join(page.trim_start_matches('/')).join("index.html"));
            let html = html.unwrap_or_else(|error| panic!("{page}: {error}"));
            assert!(html.contains(&format!("id=\"{anchor}\"")), "{page} has no place `{anchor}`");
            pages += 1;
        }
        assert!(pages > 5, "{text}");
    }
}

#[test]
fn a_draft_is_compared_with_the_rules_in_force() {
    let project = fair();
    let shipped = project::shipped_rulebook();
    let mut draft = shipped.clone();
    for (part, by) in [
        ("version: 1\n", "version: 2\n"),
        ("number: 10}", "number: 14}"),
        (
            "    choice: competition\n    alternatives: [max, average]",
            "    choice: max\n    alternatives: [competition, average]",
        ),
        ("    working_days: 5\n", "    working_days: 7\n"),
        (
            "      zh: 公示期为5个工作日。\n      en: The notice lasts 5 working days.",
            "      zh: 公示期为7个工作日。\n      en: The notice lasts 7 working days.",
        ),
        (
            "measure: invitations-sent, scale: standing, weight: 10,",
            "measure: invitations-sent, scale: standing, weight: 15,",
        ),
        (
            "measure: regular-buyers, scale: standing, weight: 20,",
            "measure: regular-buyers, scale: standing, weight: 15,",
        ),
        ("{gold: 2, silver: 1}", "{gold: 3, silver: 1}"),
        ("none, nil, \"null\", \"0\", \"no\",", "none, nothing, \"null\", \"0\", \"no\","),
    ] {
        assert_eq!(draft.matches(part).count(), 1, "{part}");
        draft = draft.replace(part, by);
    }
    project.write("draft.yaml", draft);
    let path = project.root().join("draft.yaml");
    let path = path.to_str().expect("a plain path");
    let arguments = ["rules", "diff", "i-invite@1", path, "--fair", "137"];
    for lang in ["zh", "en"] {
        let text = printed(&project, &[&arguments[..], &["--lang", lang]].concat());
        expect(&format!("rules-diff.{lang}.txt"), &text);
    }
    let text = printed(&project, &[&arguments[..], &["--format", "json"]].concat());
    hold("rules-diff-1", &text);
    expect("rules-diff.json", &text);
    let same = printed(&project, &["rules", "diff", "i-invite@1", "i-invite@1", "--format", "json"]);
    assert_eq!(hold("rules-diff-1", &same)["differences"], serde_json::json!([]));
}
