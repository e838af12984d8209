//! What calendars, feed readers, search engines and servers get of a site.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::everything::{build, pages, site, text};
use crate::project::{rewrite, run};

/// The events of a calendar file, each as its unfolded lines. Checks what every calendar file has to be.
#[track_caller]
fn events(file: &str) -> Vec<Vec<String>> {
    assert!(
        file.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:") && file.ends_with("END:VCALENDAR\r\n")
    );
    assert!(!file.replace("\r\n", "").contains(['\r', '\n']), "a line ends otherwise than with CR LF");
    assert!(file.split("\r\n").all(|line| line.len() <= 75), "a line is longer than 75 octets");
    let lines = file.replace("\r\n ", "");
    let mut events: Vec<Vec<String>> = Vec::new();
    for line in lines.split("\r\n") {
        match line {
            "BEGIN:VEVENT" => events.push(Vec::new()),
            line => events.last_mut().into_iter().for_each(|event| event.push(line.to_owned())),
        }
    }
    for event in &events {
        for name in ["UID:", "DTSTAMP:", "DTSTART;", "DTEND;", "SUMMARY"] {
            let count =
                event.iter().take_while(|line| *line != "END:VEVENT").filter(|line| line.starts_with(name));
            assert_eq!(count.count(), 1, "{name} in {event:?}");
        }
    }
    assert_eq!(file.contains("TZID="), file.contains("BEGIN:VTIMEZONE"), "a zone is named and not told");
    events
}

fn uids(file: &str) -> BTreeSet<String> {
    let uid = |event: &Vec<String>| event.iter().find(|line| line.starts_with("UID:")).cloned();
    let events = events(file);
    let uids: BTreeSet<String> = events.iter().filter_map(uid).collect();
    assert_eq!(uids.len(), events.len(), "two events have one UID");
    uids
}

#[test]
fn calendars_tell_the_same_events_in_every_language_and_place() {
    let root = site("calendars");
    let files = build(&root, &[]);
    for path in files.keys().filter(|path| path.ends_with(".ics")) {
        assert!(!uids(text(&files, path)).is_empty(), "{path} has no event");
    }
    let whole = uids(text(&files, "calendar.ics"));
    assert_eq!(whole, uids(text(&files, "zh/calendar.ics")));
    for id in [
        "fair-136-phase-2",
        "fair-137-online",
        "fair-137-notice",
        "fair-137-publication",
        "fair-137-session-2025-04-16-kesko",
        "page-activities-vlog-1",
    ] {
        assert!(whole.contains(&format!("UID:{id}@jinbang.example.org")), "{id} is not in {whole:?}");
    }
    let both = text(&files, "calendar.ics").replace("\r\n ", "");
    assert!(both.contains("SUMMARY:采购说明会：芬兰KESKO公司 / Sourcing briefing: Kesko Corporation\r\n"));
    let phase = text(&files, "en/calendar/phase-2.ics").replace("\r\n ", "");
    assert!(phase.contains("DTSTART;VALUE=DATE:20250423\r\nDTEND;VALUE=DATE:20250428\r\n"));
    assert!(phase.contains("DTSTART;TZID=Asia/Shanghai:20250424T140000\r\n"));
    assert!(phase.contains("LOCATION;LANGUAGE=en:Area B\r\n"));
    assert!(!phase.contains("fair-137-phase-1"));
    let staples = uids(text(&files, "zh/zone/staples/calendar.ics"));
    assert_eq!(staples.len(), 4, "three phases and a session: {staples:?}");
    // Elsewhere it is the same event, so nobody gets it twice.
    let preview = build(&root, &["--base-url", "http://127.0.0.1/x"]);
    assert_eq!(whole, uids(text(&preview, "calendar.ics")));
}

#[test]
fn a_session_outside_the_fair_is_an_error_with_its_place() {
    let root = site("session-day");
    rewrite(&root.join("data/fairs/137/roster.yaml"), |text| {
        text.replace("date: 2025-04-24", "date: 2025-04-21")
    });
    rewrite(&root.join("content/activities/vlog.en.md"), |text| text.replace("2025-04-10", "2025-04-11"));
    let checked = run(&root, &["check"]);
    let told = String::from_utf8_lossy(&checked.stderr);
    assert_eq!(checked.status.code(), Some(1), "{told}");
    assert!(told.contains("error[session-day]: `2025-04-21` is not in any phase of fair 137"), "{told}");
    assert!(told.contains("error[deadlines-differ]"), "{told}");
}

#[test]
fn feeds_tell_of_notices_the_zone_and_dated_pages() {
    let root = site("feeds");
    let files = build(&root, &[]);
    let ids = |feed: &str| {
        let feed: Value = serde_json::from_str(feed).unwrap();
        let items = feed["items"].as_array().unwrap().clone();
        let ids = items.iter().map(|item| item["id"].as_str().unwrap().to_owned());
        // The shipped statement has a day of its own, which changes with it.
        ids.filter(|id| !id.ends_with("/accessibility/")).collect::<Vec<_>>()
    };
    let told = ids(text(&files, "en/feed.json"));
    let expected = ["activities/vlog/", "awards/137/", "zone/#137", "zone/#136"];
    assert_eq!(told, expected.map(|path| format!("https://jinbang.example.org/en/{path}")));
    let atom = text(&files, "en/feed.xml");
    assert!(atom.matches("<entry>").count() >= 4);
    assert!(atom.contains("New: 15; no longer in the zone: 1; changed phases: 2."), "{atom}");
    // An entry is the same wherever the site lies; a notice that is to come is not told.
    let options = ["--base-url", "http://127.0.0.1/x", "--as-of"];
    let on = |day: &str| ids(text(&build(&root, &[&options[..], &[day]].concat()), "en/feed.json"));
    assert_eq!(on("2025-10-01"), told);
    assert!(!on("2025-09-25").iter().any(|id| id.contains("awards/")));
}

#[test]
fn every_page_says_what_it_is_and_what_it_may_load() {
    let root = site("pages");
    let files = build(&root, &[]);
    let mut kinds: BTreeSet<String> = BTreeSet::new();
    for (path, page) in pages(&files) {
        let policy = page.find("http-equiv=\"Content-Security-Policy\"").expect("a policy");
        let first = ["<script", "<style", "<link"].iter().filter_map(|tag| page.find(tag)).min();
        assert!(first.is_none_or(|first| policy < first), "{path}: the policy comes too late");
        assert!(!page.contains("unsafe-"), "{path}");
        for block in page.split("<script type=\"application/ld+json\">").skip(1) {
            let value: Value = serde_json::from_str(block.split("</script>").next().unwrap()).unwrap();
            assert_eq!(value["@context"], "https://schema.org");
            kinds.insert(value["@type"].as_str().unwrap().to_owned());
        }
    }
    let expected =
        ["BreadcrumbList", "BusinessEvent", "ExhibitionEvent", "ItemList", "Organization", "WebSite"];
    assert_eq!(kinds, expected.map(str::to_owned).into());
    let headers = text(&files, "_headers");
    assert!(headers.contains("frame-ancestors 'none'") && !headers.contains("unsafe-"), "{headers}");
    assert!(headers.contains("/assets/*\n  Cache-Control: public, max-age=31536000, immutable\n"));
    let nginx = String::from_utf8(run(&root, &["headers", "--format", "nginx"]).stdout).unwrap();
    let policy =
        headers.lines().find_map(|line| line.trim().strip_prefix("Content-Security-Policy: ")).unwrap();
    assert!(nginx.contains(&format!("add_header Content-Security-Policy \"{policy}\" always;")), "{nginx}");
}

#[test]
fn a_style_on_an_element_is_an_error() {
    let root = site("inline");
    rewrite(&root.join("themes/canton/templates/home.html"), |text| {
        text.replacen("<h1>", "<h1 style=\"color:red\">", 1)
    });
    let checked = run(&root, &["check"]);
    let told = String::from_utf8_lossy(&checked.stderr);
    assert!(told.contains("error[inline-code]: `/zh/` and another page has `style` on `h1`"), "{told}");
}

#[test]
fn old_addresses_lead_to_the_page_of_today() {
    let root = site("moved");
    let files = build(&root, &["--base-url", "https://example.org/fair"]);
    let redirects = text(&files, "_redirects");
    for lang in ["zh", "en"] {
        let target = format!("/fair/{lang}/activities/vlog/");
        for (file, from) in [
            (format!("{lang}/vlog-2024/index.html"), format!("/fair/{lang}/vlog-2024/")),
            (format!("old-{lang}.html"), format!("/fair/old-{lang}.html")),
        ] {
            let page = text(&files, &file);
            assert!(page.contains(&format!("http-equiv=\"refresh\" content=\"0; url={target}\"")), "{page}");
            assert!(page.contains("content=\"noindex\""), "{page}");
            assert!(redirects.contains(&format!("{from} {target} 301\n")), "{redirects}");
        }
    }
    assert!(!text(&files, "sitemap.xml").contains("vlog-2024"));
    rewrite(&root.join("content/activities/vlog.en.md"), |text| {
        text.replace("vlog-2024/", "trade-bridge/../x")
    });
    let told = String::from_utf8(run(&root, &["check"]).stderr).unwrap();
    assert!(told.contains("error[alias]"), "{told}");
}

#[test]
fn a_preview_in_a_folder_is_marked_and_all_its_addresses_lie_in_the_folder() {
    let root = site("preview");
    let files = build(&root, &["--base-url", "https://example.org/fair/preview"]);
    for (path, page) in pages(&files) {
        assert!(page.contains("<meta name=\"robots\" content=\"noindex\">"), "{path} may be found");
        for attribute in page.split([' ', '\n', '<']) {
            let address =
                ["href=\"/", "src=\"/", "action=\"/"].iter().find_map(|start| attribute.strip_prefix(start));
            assert!(address.is_none_or(|rest| rest.starts_with("fair/preview/")), "{path}: {attribute}");
        }
        assert!(!page.contains("jinbang.example.org/"), "{path} leads to the site itself");
    }
    assert!(text(&files, "zh/index.html").contains("本页为预览版"));
    assert_eq!(text(&files, "robots.txt"), "User-agent: *\nDisallow: /\n");
    assert!(text(&files, "_headers").starts_with("/fair/preview/*\n"));
    assert!(text(&files, "_headers").contains("X-Robots-Tag: noindex"));
    assert!(text(&files, "calendar.ics").contains("URL:https://example.org/fair/preview/zh/"));
    assert!(text(&files, "en/feed.xml").contains("href=\"https://example.org/fair/preview/en/feed.xml\""));
}

#[test]
fn the_zone_of_a_past_fair_stays_and_what_changed_is_told() {
    let root = site("past");
    let files = build(&root, &[]);
    let zone = text(&files, "en/zone/index.html");
    let changes = zone.split("<h2 id=\"changes\">").nth(1).expect("changes are told");
    let changes: String = changes.split("</section>").next().unwrap().lines().map(str::trim).collect();
    assert!(changes.starts_with("Changes since the 136th Canton Fair</h2>"), "{changes}");
    assert!(
        changes
            .contains("<dt>No longer in the zone</dt><dd><a href=\"/en/zone/old-buyer/\">Old Buyer</a></dd>")
    );
    assert!(
        changes.contains("Kesko Corporation</a>: Phase 1; Phase 2, now Phase 1; Phase 2; Phase 3"),
        "{changes}"
    );
    let past = text(&files, "en/zone/fairs/136/index.html");
    assert!(past.contains("Old Buyer") && !past.contains("Lakeland"), "{past}");
    // Whoever left keeps a page and a calendar, without days that are not theirs.
    let old = text(&files, "zh/zone/old-buyer/index.html");
    assert!(old.contains("<a href=\"/zh/zone/fairs/136/\">第136届广交会</a>"), "{old}");
    let old = uids(text(&files, "zh/zone/old-buyer/calendar.ics"));
    assert!(old.len() == 1 && old.iter().all(|uid| uid.contains("fair-136-phase-1-old-buyer")), "{old:?}");
    let kesko: String = text(&files, "zh/zone/kesko/index.html").lines().map(str::trim).collect();
    assert!(kesko.contains("<li>厨房用具</li>") && kesko.contains("北京时间10:00—11:30"), "{kesko}");
    // A multinational has the contact for multinationals, and no other.
    assert!(kesko.contains("mss@cantonfair.org.cn") && !kesko.contains("buyer@cantonfair.org.cn"));
}

#[test]
fn a_fair_may_have_no_zone() {
    let root = site("no-zone");
    for fair in [136, 137] {
        fs::remove_file(root.join(format!("data/fairs/{fair}/roster.yaml"))).unwrap();
    }
    for page in ["activities", "calendar", "home", "activities/trade-bridge"] {
        for lang in ["zh", "en"] {
            rewrite(&root.join(format!("content/{page}.{lang}.md")), |text| {
                text.replace("](/zone/)", "](/awards/)")
            });
        }
    }
    let files = build(&root, &[]);
    for (path, page) in pages(&files) {
        assert!(!path.contains("zone/") && !page.contains("/zone/"), "{path}");
    }
    let told = String::from_utf8(run(&root, &["check"]).stderr).unwrap();
    assert!(told.contains("warning[no-roster]") && told.contains("--> content/zone.zh.md:2:8"), "{told}");
}
