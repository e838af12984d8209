//! Addresses are kept: what was published is found at its old address, or the address says why it is gone.

use std::collections::BTreeSet;
use std::fs;

use crate::everything;
use crate::project::{Project, copy, edit, files, here, rewrite, run, sample};

/// The addresses that a project keeps, as they stand in the file.
fn kept(root: &std::path::Path) -> Vec<String> {
    let text = fs::read_to_string(root.join("data/addresses.txt")).expect("there are addresses");
    text.lines().map(str::to_owned).collect()
}

/// The shipped site, in which a page and an enterprise have new names.
fn renamed() -> Project {
    let site = Project::empty();
    let root = site.root();
    for folder in ["data", "content", "themes"] {
        copy(&here().join(folder), &root.join(folder));
    }
    for lang in ["zh", "en"] {
        let page = |name: &str| root.join(format!("content/activities/{name}.{lang}.md"));
        fs::rename(page("vlog"), page("my-vlog")).unwrap();
        for path in files(&root.join("content")).into_keys() {
            let path = root.join("content").join(path);
            let text = fs::read(&path).unwrap();
            if let Ok(text) = String::from_utf8(text) {
                fs::write(&path, text.replace("activities/vlog", "activities/my-vlog")).unwrap();
            }
        }
    }
    let enterprise = |name: &str| root.join(format!("data/enterprises/{name}.yaml"));
    fs::rename(enterprise("auchan"), enterprise("auchan-retail")).unwrap();
    rewrite(&root.join("data/fairs/137/roster.yaml"), |text| text.replace("- auchan\n", "- auchan-retail\n"));
    site
}

#[test]
fn what_is_renamed_is_found_at_its_old_address() {
    let site = renamed();
    let root = site.root();
    let before = kept(root);
    let told = String::from_utf8(site.run(&["build"]).stderr).unwrap();
    assert_eq!(told.matches("error[address-gone]").count(), 2, "{told}");
    for file in ["content/activities/my-vlog.zh.md", "data/enterprises/auchan-retail.yaml"] {
        assert!(told.contains(&format!("in {file}")), "{told}");
    }
    assert!(!root.join("public").exists());
    for lang in ["zh", "en"] {
        let page = root.join(format!("content/activities/my-vlog.{lang}.md"));
        edit(&page, "---\n", "---\naliases: [activities/vlog/, /vlog.html]\n");
    }
    rewrite(&root.join("data/enterprises/auchan-retail.yaml"), |text| {
        format!("{text}aliases: [zone/auchan/]\n")
    });
    rewrite(&root.join("data/site.yaml"), |text| format!("{text}aliases: {{rss.xml: feed.xml}}\n"));
    let built = site.run(&["build"]);
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let public = files(&root.join("public"));
    let text = |path: &str| std::str::from_utf8(&public[path]).expect("text");
    for lang in ["zh", "en"] {
        for (old, new) in [("activities/vlog", "activities/my-vlog"), ("zone/auchan", "zone/auchan-retail")] {
            let page = text(&format!("{lang}/{old}/index.html"));
            assert!(page.contains(&format!("content=\"0; url=/{lang}/{new}/\"")), "{page}");
            assert!(text("_redirects").contains(&format!("/{lang}/{old}/ /{lang}/{new}/ 301\n")));
        }
        let calendar = text(&format!("{lang}/zone/auchan/calendar.ics"));
        assert!(
            calendar.contains("BEGIN:VEVENT") && calendar.contains(&format!("/{lang}/zone/auchan-retail/"))
        );
        assert_eq!(calendar, text(&format!("{lang}/zone/auchan-retail/calendar.ics")));
        assert_eq!(text(&format!("{lang}/rss.xml")), text(&format!("{lang}/feed.xml")));
        let list = text(&format!("{lang}/zone/index.html"));
        assert!(list.contains(&format!("/{lang}/zone/auchan-retail/")) && !list.contains("/zone/auchan/"));
    }
    let after = kept(root);
    assert!(after.is_sorted() && before.iter().all(|address| after.contains(address)));
    let new: BTreeSet<&str> =
        after.iter().filter(|address| !before.contains(address)).map(String::as_str).collect();
    let below = ["activities/my-vlog/", "rss.xml", "zone/auchan-retail/", "zone/auchan-retail/calendar.ics"];
    let mut expected: BTreeSet<String> =
        ["zh", "en"].iter().flat_map(|lang| below.map(|path| format!("/{lang}/{path}"))).collect();
    // Both languages name it from the root: it leads to the authentic one.
    expected.insert("/vlog.html".to_owned());
    assert!(text("_redirects").contains("/vlog.html /zh/activities/my-vlog/ 301\n"));
    assert_eq!(new, expected.iter().map(String::as_str).collect());
}

#[test]
fn an_address_that_is_gone_says_why() {
    let root = everything::site("gone");
    everything::build(&root, &[]);
    let addresses = kept(&root);
    let winner =
        addresses.iter().find_map(|address| address.strip_prefix("/en/awards/137/E")).expect("a winner");
    let winner = format!("E{}", winner.trim_end_matches('/'));
    fs::write(root.join("data/fairs/137/rulings.yaml"), sample::strike_off("2025-09-28", &winner)).unwrap();
    edit(&root.join("data/fairs/136/roster.yaml"), "[kesko, old-buyer]", "[kesko]");
    let told = String::from_utf8(run(&root, &["check"]).stderr).unwrap();
    assert!(
        told.contains("error[address-gone]: published addresses would be gone: `/en/zone/old-buyer/`"),
        "{told}"
    );
    assert!(told.contains("1 error"), "{told}");
    rewrite(&root.join("data/site.yaml"), |text| {
        format!("{text}gone:\n  zone/old-buyer/: {{zh: 不再参加。, en: It left the zone.}}\n")
    });
    let public = everything::build(&root, &[]);
    for (lang, left, ruling) in
        [("zh", "不再参加。", "经核实不符"), ("en", "It left the zone.", "not as stated")]
    {
        for (path, reason) in [("zone/old-buyer".to_owned(), left), (format!("awards/137/{winner}"), ruling)]
        {
            let page = everything::text(&public, &format!("{lang}/{path}/index.html"));
            assert!(page.contains("content=\"noindex\"") && page.contains(reason), "{page}");
            for onward in ["", "search/"] {
                assert!(page.contains(&format!("<li><a href=\"/{lang}/{onward}\">")), "{page}");
            }
        }
    }
    assert!(!everything::text(&public, "sitemap.xml").contains("old-buyer"));
    assert!(!public.contains_key(&format!("cards/137/{winner}.png")));
    let nginx = String::from_utf8(run(&root, &["headers", "--format", "nginx"]).stdout).unwrap();
    assert!(nginx.contains("location = \"/en/zone/old-buyer/\" { error_page 410 "), "{nginx}");
}

#[test]
fn what_was_published_is_there_on_the_day_of_the_site_and_under_its_name() {
    let root = everything::site("early");
    let page = |name: &str, lang: &str| root.join(format!("content/activities/{name}.{lang}.md"));
    for lang in ["zh", "en"] {
        let text =
            format!("---\ntitle: T {lang}\nsummary: S {lang}\npublish: 2026-04-10\n---\n\nText {lang}.\n");
        fs::write(page("night", lang), text).unwrap();
    }
    everything::build(&root, &["--as-of", "today"]);
    let told = |arguments: &[&str]| {
        let output = run(&root, arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    // The files name no day so late: the page would vanish for as long as nobody says one.
    let early = told(&["build"]);
    assert!(early.contains("`/en/activities/night/`, `/zh/activities/night/`"), "{early}");
    assert!(early.contains("build it with `--as-of today`"), "{early}");
    for lang in ["zh", "en"] {
        fs::rename(page("night", lang), page("Night", lang)).unwrap();
    }
    let case = told(&["check", "--as-of", "today"]);
    assert!(case.contains("rename `activities/Night/` back") && !case.contains("`gone`"), "{case}");
}

#[test]
fn only_what_everybody_finds_is_added_to_the_addresses() {
    let root = everything::site("kept");
    for lang in ["zh", "en"] {
        let page = format!("---\ntitle: T {lang}\nsummary: S {lang}\ndraft: true\n---\n\nText {lang}.\n");
        fs::write(root.join(format!("content/activities/later.{lang}.md")), page).unwrap();
    }
    for options in [&["--drafts"][..], &["--base-url", "https://example.org/x"], &["--as-of", "2999-01-01"]] {
        everything::build(&root, options);
        assert!(!root.join("data/addresses.txt").exists(), "{options:?}");
    }
    let files = everything::build(&root, &[]);
    let addresses = kept(&root);
    for address in &addresses {
        let path = address.trim_start_matches('/');
        let file = if path.is_empty() || path.ends_with('/') {
            format!("{path}index.html")
        } else {
            path.to_owned()
        };
        assert!(files.contains_key(&file), "{address}");
    }
    for (path, is_kept) in [
        ("/zh/awards/137/winners.csv", true),
        ("/en/awards/137/badge-gold.svg", true),
        ("/zh/zone/kesko/calendar.ics", true),
        ("/en/feed.xml", true),
        ("/old-zh.html", true),
        ("/zh/activities/later/", false),
        ("/zh/404.html", false),
    ] {
        assert_eq!(addresses.iter().any(|address| address == path), is_kept, "{path}");
    }
    let beside = ["/assets/", "/cards/", "/zh/search/", "/_", "/sitemap", "/robots"];
    let is_beside = |address: &&String| beside.iter().any(|start| address.starts_with(start));
    assert_eq!(addresses.iter().find(is_beside), None);
    // What a later day brings is missed on no earlier one.
    for day in ["2025-04-16", "2025-09-25"] {
        let checked = run(&root, &["check", "--as-of", day]);
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    }
}
