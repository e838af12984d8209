//! The shipped site when the next fair is the current one: nothing of the fair before stands where the new one is meant.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::project::{Project, copy, edit, here, paths};

/// The shipped site with a 138th fair, filled in as its file asks for.
fn with_next_fair() -> Project {
    let site = Project::empty();
    for folder in ["data", "content", "themes"] {
        copy(&here().join(folder), &site.root().join(folder));
    }
    assert!(site.run(&["new", "fair", "138"]).status.success());
    let path = site.root().join("data/fairs/138/fair.yaml");
    let days = [["10-15", "10-19"], ["10-23", "10-27"], ["10-31", "11-04"]].concat();
    let mut days = days.into_iter();
    let mut filled = String::new();
    let mut part = "";
    for line in fs::read_to_string(&path).unwrap().lines() {
        if let Some(key) = line.strip_prefix("# ").and_then(|line| line.strip_suffix(':'))
            && !key.contains(' ')
        {
            part = if ["phases", "online_platform"].contains(&key) { "days" } else { "tables" };
        }
        match line.strip_prefix("# ").filter(|_| part == "days") {
            Some(line) if line.ends_with("start:") || line.ends_with("end:") => {
                let day = days.next().unwrap_or("12-31");
                filled.push_str(&format!("{line} 2025-{day}\n"));
            }
            Some(line) if !line.starts_with("待填") => filled.push_str(&format!("{line}\n")),
            _ => filled.push_str(&format!("{line}\n")),
        }
    }
    fs::write(&path, filled).unwrap();
    edit(&site.root().join("data/site.yaml"), "current_fair: 137", "current_fair: 138");
    site
}

/// The pages below a folder, by path.
fn pages(folder: &Path) -> Vec<String> {
    let is_page = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "html");
    let below = |path: PathBuf| path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
    let pages: Vec<String> = paths(folder).filter(is_page).map(below).collect();
    assert!(pages.len() > 20, "{pages:?}");
    pages
}

#[test]
fn the_guide_names_every_placeholder() {
    let site = Project::empty();
    for folder in ["data", "content", "themes"] {
        copy(&here().join(folder), &site.root().join(folder));
    }
    edit(&site.root().join("content/home.en.md"), "summary: ", "summary: \"{{ nothing }}\" # ");
    let said = String::from_utf8_lossy(&site.run(&["--lang", "en", "check"]).stderr).into_owned();
    let known =
        said.split("placeholders: ").nth(1).unwrap_or_else(|| panic!("{said}")).lines().next().unwrap();
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '_';
    // Those of the phases differ in their number.
    let one = |name: &str| !["fair.phase.2", "fair.phase.3", "fair.137"].contains(&name);
    let names = |text: &str| -> BTreeSet<String> {
        let words = text.split(|c| !is_name(c)).filter(|word| word.contains('.') && one(word));
        words.map(str::to_owned).collect()
    };
    for lang in ["en", "zh"] {
        let guide = fs::read_to_string(here().join(format!("src/guide/{lang}/pages.md"))).unwrap();
        let named = guide.split("{{ ").skip(1).filter_map(|rest| Some(rest.split_once(" }}")?.0));
        assert_eq!(names(&named.collect::<Vec<_>>().join(" ")), names(known), "{lang}");
    }
}

#[test]
fn nothing_of_the_fair_before_stands_where_the_new_one_is_meant() {
    let site = with_next_fair();
    let built = site.run(&["build", "--as-of", "2025-10-20"]);
    let said = String::from_utf8_lossy(&built.stderr).into_owned();
    assert!(built.status.success(), "{said}");
    assert!(!said.contains("repeated-fact") && !said.contains("stale-translation"), "{said}");
    let page = |path: &str| fs::read_to_string(site.root().join("public").join(path)).unwrap();
    // Nobody is in the new roster yet; whoever subscribed to the days of an enterprise keeps them.
    assert!(page("en/zone/auchan/calendar.ics").contains("UID:fair-137-phase-1-auchan@"));
    let days = [("zh", "第138届广交会", "2025年10月15日"), ("en", "138th Canton Fair", "15–19 October 2025")];
    for (lang, short, day) in days {
        for path in pages(&site.root().join("public").join(lang)) {
            // The pages of the fair before, and the lists that name all fairs.
            if ["awards/", "zone/fairs/", "calendar/", "search/"].iter().any(|own| path.starts_with(own)) {
                continue;
            }
            let page = page(&format!("{lang}/{path}"));
            for trace in ["第137届", "137th", "2025年4月", "April 2025"] {
                for (at, _) in page.match_indices(trace) {
                    // The last notice, the archive and earlier directories are named with their number, and lead there.
                    let around: String =
                        page[..at].chars().rev().take(300).chain(page[at..].chars().take(300)).collect();
                    let leads_there = around.contains("/137/") || around.contains("/731/");
                    // Since when the rules are in force stays true.
                    let is_since = page[at..].starts_with(&format!("{trace}起"))
                        || page[..at].trim_end().to_lowercase().ends_with("since the")
                        || page[..at].trim_end().ends_with("from the");
                    let leads_there = leads_there || is_since;
                    assert!(
                        leads_there,
                        "`{trace}` in {lang}/{path}: {}",
                        &page[at..].chars().take(80).collect::<String>()
                    );
                }
            }
        }
        assert!(page(&format!("{lang}/index.html")).contains(short));
        assert!(page(&format!("{lang}/zone/index.html")).contains(day));
        // The links to the current notice lead to the archive until there is one, and the rules are those of the fair.
        let home = page(&format!("{lang}/index.html"));
        assert!(home.contains(&format!("href=\"/{lang}/awards/138/rules/\"")), "{home}");
    }
}
