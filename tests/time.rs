//! What a fair publishes has its time: every page and command says the same of it on a day, nothing is out before its
//! day, and the days on which the site changes by itself are known.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use jinbang::data::Date;
use jinbang::fair::{Happening, NoticeState, Question, Turn};
use jinbang::project::{Goal, Options, build, next_changes};
use jinbang::source::{Files, Report};
use serde_json::Value;

use crate::everything;
use crate::project::fairs::Lots;
use crate::project::sample::{Fair, strike_off, text};
use crate::project::{edit, files, here, rewrite, run, write};

fn date(text: &str) -> Date {
    text.parse().expect("a day")
}

/// What may stand on the pages of an award while its list is not final, and afterwards.
#[track_caller]
fn says_only(site: &BTreeMap<String, Vec<u8>>, state: NoticeState, scene: &str) {
    let text = |path: &str| {
        let bytes = site.get(path).unwrap_or_else(|| panic!("{scene}: there is no `{path}`"));
        String::from_utf8(bytes.clone()).expect("text is UTF-8")
    };
    let is_final = state == NoticeState::Final;
    let of_award = site.keys().filter(|path| {
        let below = path.split_once('/').map_or("", |(_, below)| below);
        below.starts_with("awards/137/") && !below.contains("/rules/") && !path.ends_with(".xlsx")
    });
    let more = ["zh/feed.xml", "en/feed.xml", "zh/feed.json", "en/feed.json"].map(str::to_owned);
    let (mut pages, mut badges) = (0, 0);
    for path in of_award.chain(&more) {
        let page = text(path);
        let proposed = page.contains("拟获") || page.to_lowercase().contains("proposed");
        let settled = page.contains("won the i-Invite")
            || page.contains("Winners of the i-Invite awards")
            || page.contains("Final since")
            || page.contains(">Winners<")
            || page.contains("本名单为最终名单")
            || page.contains("活动中获")
            || page.contains("“i-邀请”活动获奖企业名单");
        let (wrong, right) = if is_final { (proposed, settled) } else { (settled, proposed) };
        assert!(!wrong, "{scene}: {path} speaks of another state");
        let whole = path.ends_with(".html") || path.ends_with("feed.xml");
        assert!(right || !whole, "{scene}: {path} does not say where the list stands");
        pages += usize::from(whole);
        badges += usize::from(path.ends_with(".svg") && (is_final || proposed));
    }
    assert!(pages > 10 && badges == 4, "{scene}: {pages} pages and {badges} badges were looked at");
    for lang in ["zh", "en"] {
        let list: Value = serde_json::from_str(&text(&format!("{lang}/awards/137/winners.json"))).unwrap();
        assert_eq!(list["state"], state.name(), "{scene}");
        let notice = text(&format!("{lang}/awards/137/index.html"));
        let invites = notice.contains("mailto:objections@");
        assert_eq!(invites, state == NoticeState::InNotice, "{scene}: whether {lang} invites objections");
        for page in
            [&notice, &text(&format!("{lang}/index.html")), &text(&format!("{lang}/awards/index.html"))]
        {
            assert!(page.contains(&format!("class=\"tag {}\"", state.name())), "{scene}: {lang}");
        }
    }
    let home = text("en/index.html");
    assert_eq!(home.contains(">See who won<"), is_final, "{scene}");
    assert_eq!(home.contains("See the proposed winners"), !is_final, "{scene}");
}

/// What commands say of a list: where its entry stands, whether rewards and points are given.
#[track_caller]
fn commands_say(site: &Fair, day: &str, state: NoticeState, scene: &str) {
    let sealed = || {
        ["ledger.json", "ledger.secret", "seal.json"]
            .map(|name| site.root().join("data/fairs/137").join(name))
    };
    sealed().iter().for_each(|path| drop(fs::remove_file(path)));
    site.succeeds(&["seal", "137", "--as-of", day]);
    let seal = fs::read_to_string(site.root().join("data/fairs/137/seal.json")).unwrap();
    let seal: Value = serde_json::from_str(&seal).unwrap();
    let last = seal["entries"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(last["stage"], state.name(), "{scene}");
    let is_final = state == NoticeState::Final;
    let account = site.json(&["bonus"]);
    let (given, waiting) = if is_final { ("fairs", "not_final") } else { ("not_final", "fairs") };
    assert_eq!((&account[given], &account[waiting]), (&Value::from([137]), &Value::from([0; 0])), "{scene}");
    let rewards = site.run(&["rewards", "137", "--as-of", day]);
    assert_eq!(rewards.status.success(), is_final, "{scene}: {}", text(&rewards.stderr));
    assert_eq!(text(&rewards.stderr).contains("error[not-final]"), !is_final, "{scene}");
    sealed().iter().for_each(|path| fs::remove_file(path).unwrap());
}

#[test]
fn pages_and_commands_say_the_same_in_every_scene() {
    use NoticeState::*;
    let site = Fair::new();
    write(&site.root().join("data/booth-review.yaml"), "since_fair: 137\n");

    // Before.
    let before = site.build_on("2025-09-25");
    assert!(
        before.keys().all(|path| !path.contains("/awards/137/") || path.contains("/rules/")),
        "{before:?}"
    );
    let feed = String::from_utf8(before["en/feed.xml"].clone()).unwrap();
    let home = String::from_utf8(before["en/index.html"].clone()).unwrap();
    assert!(!feed.contains("/awards/137/") && home.contains("See how awards are decided"));
    assert!(home.contains("are published on 17 October 2025 at the latest"), "{home}");
    commands_say(&site, "2025-09-25", Proposed, "before");

    for (scene, day, state) in [("in notice", "2025-09-26", InNotice), ("closed", "2025-10-10", Closed)] {
        says_only(&site.build_on(day), state, scene);
        commands_say(&site, day, state, scene);
    }

    site.change("fair.yaml", "  published: 2025-09-26\n", "  published: 2025-09-26\n  final: 2025-10-20\n");
    for (scene, day, state) in [("not yet final", "2025-10-19", Closed), ("final", "2025-10-20", Final)] {
        says_only(&site.build_on(day), state, scene);
        commands_say(&site, day, state, scene);
    }

    // Struck off, in the notice and as the list becomes final.
    let struck = site.winners().remove(0);
    site.write("rulings.yaml", &strike_off("2025-09-28", &struck));
    for (day, state) in [("2025-09-28", InNotice), ("2025-10-20", Final)] {
        let on_day = site.build_on(day);
        says_only(&on_day, state, "struck off");
        let notice = String::from_utf8(on_day["en/awards/137/index.html"].clone()).unwrap();
        assert!(notice.contains("Corrections") && notice.contains("not as stated"), "{notice}");
        let list: Value = serde_json::from_slice(&on_day["en/awards/137/winners.json"]).unwrap();
        let left = list["winners"].as_array().unwrap().iter();
        assert!(
            left.clone().count() > 5
                && left.clone().all(|one| !one["url"].as_str().unwrap().contains(&struck))
        );
        commands_say(&site, day, state, "struck off");
    }

    // The next fair has begun: of the one before it the same is said.
    site.succeeds(&["new", "fair", "138"]);
    edit(&site.root().join("data/site.yaml"), "current_fair: 137", "current_fair: 138");
    let next = site.build_on("2025-10-20");
    says_only(&next, Final, "next fair");
    assert!(!next.contains_key("en/awards/138/index.html"));
    commands_say(&site, "2025-10-20", Final, "next fair");
}

#[test]
fn a_new_fair_takes_over_nothing_that_belongs_to_one_fair() {
    let site = Fair::new();
    site.change("fair.yaml", "  published: 2025-09-26\n", "  published: 2025-09-26\n  final: 2025-10-20\n");
    let text = site.read("fair.yaml");
    site.write(
        "fair.yaml",
        &(text + "accepted: [{finding: joined-by-company, count: 3, because: looked at}]\n"),
    );
    site.succeeds(&["new", "fair", "138"]);
    let text = fs::read_to_string(site.root().join("data/fairs/138/fair.yaml")).unwrap();
    for line in ["#   published:", "#   final:", "#     zh:"] {
        assert!(text.lines().any(|found| found == line), "`{line}` in {text}");
    }
    assert!(!text.contains("2025-09-26") && !text.contains("2025-10-20"), "{text}");
    assert!(!text.contains("accepted") && !text.contains("demonstration"), "{text}");
}

fn day_before_the_notice() -> Date {
    date("2025-09-25")
}

fn day_of_the_notice() -> Date {
    date("2025-09-26")
}

#[test]
fn a_notice_is_not_published_before_its_day_by_mistake() {
    let site = Fair::new();
    let check = |as_of: Option<&str>, clock: fn() -> Date| {
        let (files, mut report) = (Files::new(site.root()), Report::new());
        let options = Options { as_of: as_of.map(date), clock: Some(clock), ..Options::default() };
        build(&mut report, &files, &options, &Goal::Check, || {}).expect("files can be read");
        report.render(&files, jinbang::source::Style::Plain, jinbang::lang::Lang::EN)
    };
    let refused = check(None, day_before_the_notice);
    assert!(
        refused.contains("error[notice-to-come]") && refused.contains("today is 2025-09-25"),
        "{refused}"
    );
    assert!(refused.contains("`--as-of today`") && refused.contains("`--as-of 2025-09-26`"), "{refused}");
    assert!(!check(None, day_of_the_notice).contains("error"));
    assert!(!check(Some("2025-09-26"), day_before_the_notice).contains("error"));
    // No more is a list called final before its day.
    site.change("fair.yaml", "  published: 2025-09-26\n", "  published: 2025-09-26\n  final: 2025-10-20\n");
    assert!(check(None, day_of_the_notice).contains("the list is to be final on `2025-10-20`"));
    // Without a day the site is that of the last thing that was done; what is far from it is not lost.
    let said = site.succeeds(&["check"]);
    assert!(said.starts_with("the site as of 2025-10-20\n"), "{said}");
    assert!(site.succeeds(&["check", "--as-of", "today"]).starts_with("the site as of 20"));
    // `final` alone says nothing.
    site.change("fair.yaml", "  published: 2025-09-26\n", "");
    assert!(check(None, day_of_the_notice).contains("the notice has no `published` day"));
}

#[test]
fn a_notice_is_not_published_with_what_a_new_site_begins_with() {
    let site = Fair::new();
    site.change("fair.yaml", "demonstration: true\n", "");
    let check = |day: &str| text(&site.run(&["check", "--as-of", day]).stderr);
    assert!(!check("2025-09-25").contains("error"), "nobody reads them before the notice");
    let refused = check("2025-09-26");
    assert_eq!(refused.matches("error[notice-placeholder]").count(), 3, "{refused}");
    edit(
        &site.root().join("data/site.yaml"),
        "base_url: https://jinbang.example.org",
        "base_url: https://fair.cantonfair.org.cn",
    );
    edit(
        &site.root().join("data/site.yaml"),
        "email: objections@jinbang.example.org",
        "email: objections@cantonfair.org.cn",
    );
    site.change("fair.yaml", "中国对外贸易中心（示例）", "中国对外贸易中心");
    let refused = check("2025-09-26");
    assert_eq!(refused.matches("error[notice-placeholder]").count(), 1, "{refused}");
    assert!(refused.contains("`China Foreign Trade Centre (sample)`"), "{refused}");
    site.change("fair.yaml", "China Foreign Trade Centre (sample)", "China Foreign Trade Centre");
    assert!(!check("2025-09-26").contains("error"));
}

/// Random dates of a fair, written to the project, and what is to happen by them: days, with what happens.
fn random_dates(site: &Fair, lots: &mut Lots, fair: u32, winners: &[String]) -> BTreeSet<(Date, u32, Turn)> {
    let folder = site.root().join(format!("data/fairs/{fair}"));
    let from = site.root().join("data/fairs/137");
    if fair != 137 {
        fs::create_dir(&folder).unwrap();
        for table in ["invitations.csv", "badges.csv", "online.csv", "penalties.yaml"] {
            fs::copy(from.join(table), folder.join(table)).unwrap();
        }
        let exhibitors = fs::read_to_string(from.join("exhibitors.csv")).unwrap();
        let both = format!("{};{fair}", fair - 1);
        fs::write(folder.join("exhibitors.csv"), exhibitors.replace("136;137", &both)).unwrap();
    }
    let text = fs::read_to_string(from.join("fair.yaml")).unwrap();
    let mut text = text.replace(
        "\nfair: 137\nprevious_fair: 136\n",
        &format!("\nfair: {fair}\nprevious_fair: {}\n", fair - 1),
    );
    for line in ["online_platform:\n  start: 2025-03-16\n  end: 2025-09-15\n", "  published: 2025-09-26\n"] {
        text = text.replace(line, "");
    }
    let mut happens = BTreeSet::new();
    if lots.percent(85) {
        let day = |day: i64| date("2025-01-06").checked_add(jiff::Span::new().days(day)).unwrap();
        let published = i64::try_from(lots.below(600)).unwrap();
        let mut dates = format!("  published: {}\n", day(published));
        // Counted here once more, day by day: five working days, of which the first is the first one that is worked.
        let calendar = fs::read_to_string(site.root().join("data/calendar.yaml")).unwrap();
        let calendar: serde_yaml::Value = serde_yaml::from_str(&calendar).unwrap();
        let (mut last, mut left) = (published - 1, 5);
        while left > 0 {
            last += 1;
            left -= i32::from(is_worked(&calendar, day(last)));
        }
        happens.insert((day(published), fair, Turn::Published));
        happens.insert((day(last + 1), fair, Turn::Closed));
        if lots.percent(60) {
            let final_from = last + 1 + i64::try_from(lots.below(3) * lots.below(20)).unwrap();
            dates.push_str(&format!("  final: {}\n", day(final_from)));
            happens.insert((day(final_from), fair, Turn::Final));
        }
        let mut ruled: Vec<i64> =
            (0..lots.below(3)).map(|_| published - 3 + i64::try_from(lots.below(40)).unwrap()).collect();
        ruled.sort_unstable();
        let rulings: String =
            ruled.iter().zip(winners).map(|(at, id)| strike_off(&day(*at).to_string(), id)).collect();
        if !rulings.is_empty() {
            fs::write(folder.join("rulings.yaml"), rulings).unwrap();
        }
        // What was ruled before the notice is in it from the first day on.
        happens.extend(ruled.iter().filter(|at| **at >= published).map(|at| (day(*at), fair, Turn::Ruling)));
        text = text.replace("  contact: objections\n", &format!("{dates}  contact: objections\n"));
    }
    fs::write(folder.join("fair.yaml"), text).unwrap();
    happens
}

/// Whether a day is worked, by the calendar as it is written.
fn is_worked(calendar: &serde_yaml::Value, day: Date) -> bool {
    let years = calendar["years"].as_mapping().expect("years are a mapping");
    let on = |value: &serde_yaml::Value| date(value.as_str().expect("a day is a text"));
    let mut off = day.weekday().to_monday_one_offset() > 5;
    for known in years.values() {
        let breaks = known["breaks"].as_sequence().expect("breaks are listed").iter();
        off |= breaks.into_iter().any(|one| on(&one["from"]) <= day && day <= on(&one["to"]));
    }
    let worked = |known: &serde_yaml::Value| {
        known["workdays"].as_sequence().expect("workdays are listed").iter().any(|one| on(one) == day)
    };
    !off || years.values().any(worked)
}

fn far_away() -> Date {
    date("2030-01-01")
}

/// Fifty random fairs, ten to a site: what happens on a day is worked out here from the dates, by itself.
#[test]
fn what_changes_by_itself_is_known() {
    for seed in 0..5 {
        let site = Fair::new();
        let winners = site.winners();
        let mut lots = Lots::new(seed + 1);
        let mut expected: BTreeMap<Date, BTreeSet<(u32, Turn)>> = BTreeMap::new();
        // The files of 137 are what those of the others are made from.
        for fair in (137..147).rev() {
            for (day, fair, turn) in random_dates(&site, &mut lots, fair, &winners) {
                expected.entry(day).or_default().insert((fair, turn));
            }
        }
        let (files, mut report) = (Files::new(site.root()), Report::new());
        let options = Options { as_of: Some(date("2025-01-01")), ..Options::default() };
        let found = next_changes(&mut report, &files, &options, far_away(), None).expect("files can be read");
        let said = report.render(&files, jinbang::source::Style::Plain, jinbang::lang::Lang::EN);
        let found = found.unwrap_or_else(|| panic!("seed {seed}: {said}"));
        let found: BTreeMap<Date, BTreeSet<(u32, Turn)>> = found
            .changes
            .into_iter()
            .map(|change| {
                let of_fair = |one: Question| match one.happening {
                    Happening::Fair(fair, turn) => (fair, turn),
                    Happening::Page(page, _) => panic!("seed {seed}: `{page}` has no days"),
                };
                (change.day, change.because.into_iter().map(of_fair).collect())
            })
            .collect();
        assert_eq!(found, expected, "seed {seed}");
    }
}

/// Compares the bytes of a site on the days on which it changes, on the days before, and long after.
#[track_caller]
fn assert_changes_on(root: &Path, expected: &[&str]) {
    let out = tempfile::tempdir().expect("a temporary folder can be made");
    let out = out.path().join("public");
    let on = |day: &str| {
        let output = run(root, &["build", "--as-of", day, "--out", &out.to_string_lossy()]);
        assert!(output.status.success(), "{day}: {}", text(&output.stderr));
        files(&out)
    };
    let listed = run(root, &["next", "--as-of", "2024-01-01", "--format", "json"]).stdout;
    let listed: Value = serde_json::from_slice(&listed).expect("JSON");
    let days = listed["changes"].as_array().expect("days are listed").iter();
    let days: Vec<&str> = days.filter_map(|change| change["day"].as_str()).collect();
    assert_eq!(days, expected);
    let mut then = on("2024-01-01");
    for day in days {
        let before = date(day).yesterday().expect("there is a day before").to_string();
        assert!(on(&before) == then, "something changed before {day}");
        let now = on(day);
        assert!(now != then, "nothing changed on {day}");
        then = now;
    }
    assert!(on("2027-12-31") == then, "something changed later");
}

#[test]
fn bytes_of_the_shipped_site_change_on_the_days_that_are_listed() {
    assert_changes_on(&here(), &["2025-09-26", "2025-10-10"]);
}

#[test]
fn bytes_of_a_site_with_everything_change_on_the_days_that_are_listed() {
    assert_changes_on(&everything::site("time"), &["2025-09-26", "2025-10-10"]);
}

#[test]
fn that_results_are_sealed_is_no_ruling() {
    let site = Fair::new();
    site.succeeds(&["seal", "137", "--as-of", "2025-09-26"]);
    let listed = site.json(&["next", "--as-of", "2025-09-25", "--until", "2025-09-26"]);
    let because = listed["changes"][0]["because"].as_array().expect("there is a day");
    let what: Vec<&str> = because.iter().filter_map(|one| one["what"].as_str()).collect();
    assert_eq!(what, ["sealed", "published"]);
}

#[test]
fn bytes_change_on_the_days_that_are_listed_and_on_no_other() {
    let site = Fair::new();
    let winners = site.winners();
    site.change("fair.yaml", "  published: 2025-09-26\n", "  published: 2025-09-26\n  final: 2025-10-20\n");
    let rulings = strike_off("2025-09-28", &winners[0]) + &strike_off("2025-11-03", &winners[1]);
    site.write("rulings.yaml", &rulings);
    let days = ["2025-09-26", "2025-09-28", "2025-10-10", "2025-10-20", "2025-11-03"];
    assert_changes_on(site.root(), &days);

    // A build says the first of them, and the lines for cron and systemd have the day.
    let out = site.root().join("public").to_string_lossy().into_owned();
    let said = site.succeeds(&["build", "--as-of", "2025-10-10", "--out", &out]);
    assert!(
        said.contains("the site next changes on 2025-10-20: the list of fair 137 becomes final"),
        "{said}"
    );
    let text = site.succeeds(&["next", "--as-of", "2025-10-10", "--until", "2025-10-31"]);
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    assert!(
        lines.contains(&"2025-10-20  the list of fair 137 becomes final") && !text.contains("2025-11-03"),
        "{text}"
    );
    assert!(lines.contains(&"OnCalendar=2025-10-20 00:05:00 Asia/Shanghai"), "{text}");
    assert!(lines.iter().any(|line| line.starts_with("5 0 20 10 * jinbang ")), "{text}");
    assert!(
        site.succeeds(&["next", "--as-of", "2025-11-03"]).contains("does not change unless files change")
    );
}

#[test]
fn a_page_and_an_enterprise_are_shown_between_their_days() {
    let root = everything::site("publish-days");
    let days = "publish: 2025-10-05\nuntil: 2025-10-12\n";
    for lang in ["zh", "en"] {
        let front = "title: Tasting\nsummary: Tea\norder: 5\nupdated: 2025-10-01\naliases: [old/tea/]\n";
        let page = format!("---\n{front}{days}---\n[Form](/activities/form.pdf)\n");
        write(&root.join(format!("content/activities/tasting.{lang}.md")), page);
        edit(
            &root.join(format!("content/activities/vlog.{lang}.md")),
            "related: [",
            "related: [activities/tasting, ",
        );
        rewrite(&root.join(format!("content/activities/vlog.{lang}.md")), |text| {
            format!("{text}\n[To the tea](/activities/tasting/), [to Kesko](/zone/kesko/)\n")
        });
    }
    write(&root.join("content/activities/form.pdf"), b"%PDF-1.7\n%%EOF\n");
    rewrite(&root.join("data/enterprises/kesko.yaml"), |text| format!("{text}{days}"));
    assert_changes_on(&root, &["2025-09-26", "2025-10-05", "2025-10-10", "2025-10-13"]);

    let listed = run(&root, &["next", "--as-of", "2025-10-10", "--format", "json"]).stdout;
    let listed: Value = serde_json::from_slice(&listed).unwrap();
    let pages =
        ["activities/tasting/", "zone/kesko/"].map(|page| serde_json::json!({"page": page, "what": "ended"}));
    assert_eq!(listed["changes"][0]["because"], Value::from(pages.to_vec()));

    let on = |day: &str, more: &[&str]| everything::build(&root, &[&["--as-of", day], more].concat());
    let of = |site: &BTreeMap<String, Vec<u8>>, path: &str| everything::text(site, path).to_owned();
    let names = |site: &BTreeMap<String, Vec<u8>>, words: &str| -> Vec<String> {
        let texts = site.iter().filter(|(path, _)| !path.ends_with(".xlsx") && !path.starts_with("_"));
        let naming = texts.filter(|(_, bytes)| String::from_utf8_lossy(bytes).contains(words));
        naming
            .map(|(path, _)| path.clone())
            .filter(|path| path.starts_with("en/") || !path.contains('/'))
            .collect()
    };

    // Before: nothing tells of them; a preview shows them with their day.
    let before = on("2025-10-04", &[]);
    assert_eq!(names(&before, "Tasting"), [""; 0]);
    assert_eq!(names(&before, "/zone/kesko/"), [""; 0]);
    assert!(
        !before.contains_key("files/activities/form.pdf")
            && !before.contains_key("en/zone/kesko/calendar.ics")
    );
    assert!(of(&before, "en/activities/vlog/index.html").contains("<p>To the tea, to Kesko</p>"));
    let preview = on("2025-10-04", &["--drafts"]);
    for page in ["en/activities/tasting/index.html", "en/zone/kesko/index.html"] {
        assert!(of(&preview, page).contains("This page is published from 5 October 2025 on."), "{page}");
    }

    let during = on("2025-10-12", &[]);
    for place in ["en/activities/index.html", "en/feed.xml", "sitemap.xml", "en/activities/vlog/index.html"] {
        assert!(of(&during, place).contains("/activities/tasting/"), "{place}");
    }
    assert!(of(&during, "en/zone/index.html").contains("/en/zone/kesko/"));
    let calendar = of(&during, "en/zone/kesko/calendar.ics");
    assert!(calendar.contains("session") && !of(&during, "en/zone/kesko/index.html").contains("noindex"));

    // After: only links that people made lead to them, and find a page.
    let after = on("2025-10-13", &[]);
    let tasting =
        ["en/activities/tasting/index.html", "en/activities/vlog/index.html", "en/old/tea/index.html"];
    assert_eq!(names(&after, "/activities/tasting/"), tasting);
    let kesko = ["en/activities/vlog/index.html", "en/zone/kesko/calendar.ics", "en/zone/kesko/index.html"];
    assert_eq!(names(&after, "/zone/kesko/"), kesko);
    for (page, ended) in [
        ("en/activities/tasting/index.html", "This page was available until 12 October 2025. It has ended."),
        ("en/zone/kesko/index.html", "listed in the sourcing zone until 12 October 2025"),
    ] {
        let page = of(&after, page);
        assert!(page.contains(ended) && page.contains("content=\"noindex\""), "{page}");
    }
    assert!(of(&after, "en/activities/tasting/index.html").contains("<h1>Tasting</h1>"));
    assert!(after.contains_key("files/activities/form.pdf"));
    let kept = of(&after, "en/zone/kesko/calendar.ics");
    assert!(kept.contains("BEGIN:VEVENT") && !kept.contains("session"), "{kept}");

    // What was published is not taken back for a day to come without a word.
    for lang in ["zh", "en"] {
        edit(&root.join(format!("content/activities/tasting.{lang}.md")), days, "publish: 2099-10-05\n");
    }
    let said = text(&run(&root, &["check"]).stderr);
    let told = "it was published already: remove `publish: 2099-10-05` in content/activities/tasting.zh.md";
    assert!(said.contains("error[address-gone]") && said.contains(told), "{said}");
}
