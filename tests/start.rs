//! Files and sites that begin with the program.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::project::{edit, rewrite, run};

#[track_caller]
fn fine(output: &Output) {
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

/// A site that was just begun.
fn new_site() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("a site");
    fine(&run(folder.path(), &["init", site.to_str().unwrap()]));
    (folder, site)
}

/// Takes comment marks away between a line and the next that begins with another text.
fn uncomment(path: &Path, from: &str, until: &str) {
    let text = fs::read_to_string(path).unwrap();
    let start = text.find(from).unwrap();
    let end = text[start..].find(until).map_or(text.len(), |length| start + length);
    let block: Vec<&str> =
        text[start..end].lines().map(|line| line.strip_prefix("# ").unwrap_or(line)).collect();
    fs::write(path, format!("{}{}\n{}", &text[..start], block.join("\n"), &text[end..])).unwrap();
}

#[test]
fn a_new_site_builds_as_it_is() {
    let (folder, site) = new_site();
    fine(&run(&site, &["build"]));
    for page in ["zh/index.html", "en/zone/index.html", "en/awards/138/rules/index.html"] {
        assert!(site.join("public").join(page).is_file(), "{page}");
    }
    assert!(site.join(".gitignore").is_file());
    // It is left alone by whoever begins it again.
    let again = run(folder.path(), &["init", site.to_str().unwrap()]);
    assert_eq!(again.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&again.stderr).contains("the folder is not empty"));
}

/// The files of a folder that Git would take into a repository.
fn taken_by_git(site: &Path) -> Vec<String> {
    let git = |arguments: &[&str]| {
        let output = std::process::Command::new("git").arg("-C").arg(site).args(arguments).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    git(&["init", "--quiet"]);
    let others =
        git(&["-c", "core.quotePath=false", "ls-files", "--others", "--exclude-standard", "data/fairs"]);
    others.lines().map(str::to_owned).collect()
}

#[test]
fn what_is_private_is_left_out_of_a_repository() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    fine(&run(folder.path(), &["sample", site.to_str().unwrap(), "--exhibitors", "12", "--buyers", "60"]));
    let fair = site.join("data/fairs/137");
    for name in [
        "EXPORT.XLS",
        "现场 (1).csv",
        "old/badges.ods",
        "badges.csv.bak",
        "invitations-2.yaml",
        "list.txt",
        "ledger.json",
        "ledger.secret",
        "~$badges.xlsx",
        ".~lock.badges.xlsx#",
        "winners.csv",
        "winners.xlsx",
        "evidence.csv",
        "seal.json",
        "rulings.yaml",
    ] {
        fs::create_dir_all(fair.join(name).parent().unwrap()).unwrap();
        fs::write(fair.join(name), "x").unwrap();
    }
    let taken = [
        "evidence.csv",
        "fair.yaml",
        "roster.yaml",
        "rulings.yaml",
        "seal.json",
        "winners.csv",
        "winners.xlsx",
    ];
    assert_eq!(taken_by_git(&site), taken.map(|name| format!("data/fairs/137/{name}")));
    // A list that people wrote is completed.
    fs::write(site.join(".gitignore"), "*.log\n/public\n").unwrap();
    fine(&run(&site, &["new", "fair", "138"]));
    let list = fs::read_to_string(site.join(".gitignore")).unwrap();
    assert!(list.starts_with("*.log\n/public\n\n") && list.matches("/public\n").count() == 1, "{list}");
    assert_eq!(taken_by_git(&site).len(), taken.len() + 2);
    fine(&run(&site, &["new", "fair", "139"]));
    assert_eq!(fs::read_to_string(site.join(".gitignore")).unwrap(), list);
}

#[test]
fn what_is_new_leaves_a_project_sound() {
    let (_folder, site) = new_site();
    let all: [&[&str]; 3] =
        [&["new", "enterprise", "kawan-lama"], &["new", "activity", "night-tour"], &["new", "fair", "141"]];
    for arguments in all {
        fine(&run(&site, arguments));
        fine(&run(&site, &["check"]));
        fine(&run(&site, &["check", "--drafts"]));
        let again = run(&site, arguments);
        assert_eq!(again.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&again.stderr).contains("it already exists; nothing was written"));
    }
    for name in ["Kawan Lama", "../kawan", "-x", ""] {
        assert_eq!(run(&site, &["new", "enterprise", "--", name]).status.code(), Some(2), "{name}");
    }
    let reserved = run(&site, &["new", "enterprise", "con"]);
    assert!(String::from_utf8_lossy(&reserved.stderr).contains("choose another, such as `con-2`"));
    // A draft is not published by mistake.
    fine(&run(&site, &["build"]));
    assert!(!site.join("public/zh/activities/night-tour").exists());
    assert!(!site.join("public/zh/zone/kawan-lama").exists());
}

#[test]
fn a_fair_takes_over_what_it_can_and_is_filled_in() {
    let (_folder, site) = new_site();
    fine(&run(&site, &["new", "enterprise", "kawan-lama"]));
    let roster = site.join("data/fairs/138/roster.yaml");
    edit(
        &site.join("data/fairs/138/fair.yaml"),
        "en: Canton Fair Complex, Guangzhou",
        "en: Pazhou, Guangzhou",
    );
    let begun = run(&site, &["new", "fair", "141"]);
    fine(&begun);
    let path = site.join("data/fairs/141/fair.yaml");
    let fair = fs::read_to_string(&path).unwrap();
    for line in [
        "fair: 141",
        "# 请核对：这里没有第 140 届，已把第 138 届当作上一届。若第 140 届确已举办，请改正，并核对以下沿用的内容。",
        "previous_fair: 138",
        "  zh: 第141届广交会",
        "  en: 141st Canton Fair",
        "  en: Pazhou, Guangzhou",
        "rulebook: {id: i-invite, version: 1}",
        "#     start:",
        "#   published:",
    ] {
        assert!(fair.lines().any(|found| found == line), "{line} in {fair}");
    }
    let told = String::from_utf8_lossy(&begun.stdout).into_owned();
    let gap = "please check: fair 140 is not in this project, so `previous_fair` is 138; if fair 140 was held, correct it in data/fairs/141/fair.yaml";
    assert!(told.lines().any(|line| line == gap), "{told}");
    let told = run(&site, &["new", "fair", "145", "--lang", "zh"]).stdout;
    let gap = "请核对：这里没有第 144 届，已把第 141 届当作上一届；若第 144 届确已举办，请改正 data/fairs/145/fair.yaml 中的 `previous_fair`";
    assert!(String::from_utf8_lossy(&told).lines().any(|line| line == gap), "{told:?}");
    // The blanks of a fair are filled in, and then its roster.
    let path = site.join("data/fairs/138/fair.yaml");
    uncomment(&path, "# phases:", "\n# 待填");
    let mut days =
        ["2025-10-15", "2025-10-19", "2025-10-23", "2025-10-27", "2025-10-31", "2025-11-04"].iter();
    let filled: Vec<String> = fs::read_to_string(&path)
        .unwrap()
        .lines()
        .map(|line| match line {
            "    start:" | "    end:" => format!("{line} {}", days.next().unwrap()),
            line => line.to_owned(),
        })
        .collect();
    fs::write(&path, filled.join("\n") + "\n").unwrap();
    fine(&run(&site, &["check"]));
    edit(&roster, "phases: {}", "phases:");
    uncomment(&roster, "#   1:", "\n\n");
    // What may be left out is written as the form shows it.
    uncomment(&roster, "# updated:", "\n#\n");
    uncomment(&roster, "# purchases:", "\n#\n");
    uncomment(&roster, "# sessions:", "\0");
    rewrite(&roster, |text| text.replace("    -\n", "    - kawan-lama\n"));
    let draft = run(&site, &["check"]);
    assert!(
        String::from_utf8_lossy(&draft.stderr)
            .contains("error[enterprise-draft]: `kawan-lama` is still a draft")
    );
    let enterprise = site.join("data/enterprises/kawan-lama.yaml");
    edit(&enterprise, "draft: true\n", "");
    let unfilled = run(&site, &["build"]);
    assert!(String::from_utf8_lossy(&unfilled.stderr).contains("error[unfilled-form]"), "{unfilled:?}");
    for (from, to) in [
        ("zh: 企业名称", "zh: 示例家居"),
        ("en: Name of the enterprise", "en: Example Home"),
        ("qi ye ming cheng", "shi li jia ju"),
    ] {
        edit(&enterprise, from, to);
    }
    fine(&run(&site, &["build"]));
    let page = fs::read_to_string(site.join("public/en/zone/kawan-lama/index.html")).unwrap();
    assert!(page.contains("Kitchen utensils") && page.contains("Sourcing briefing"), "{page}");
    let next = run(&site, &["new", "fair", "139"]);
    fine(&next);
    let fair = fs::read_to_string(site.join("data/fairs/139/fair.yaml")).unwrap();
    assert!(fair.contains("\nfair: 139\nprevious_fair: 138\n"), "{fair}");
    assert!(!String::from_utf8_lossy(&next.stdout).contains("to check"), "{next:?}");
    fine(&run(&site, &["check"]));
    let roster = fs::read_to_string(site.join("data/fairs/139/roster.yaml")).unwrap();
    assert!(roster.contains("phases: {}\n#   1:\n#     - kawan-lama\n"), "{roster}");
}
