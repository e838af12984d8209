//! The sourcing zone from tables. `tests/zone` holds a made-up fair whose zone is one workbook, and what writes it.

use std::fs;

use crate::project::{Project, files, here};

/// Runs a command that succeeds, and returns what it said.
fn said(project: &Project, command: &[&str]) -> String {
    let output = project.run(command);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{command:?}: {said}");
    said
}

/// What `jinbang init` writes, with the files of a folder laid over a folder of it.
fn begun(fair: &str, over: &str, to: &str) -> Project {
    let project = Project::empty();
    said(&project, &["init", "--fair", fair, project.root().to_str().expect("UTF-8")]);
    for (path, bytes) in files(&here().join(over)) {
        project.write(&format!("{to}/{path}"), bytes);
    }
    project
}

fn made_up() -> Project {
    begun("138", "tests/zone/site/data", "data")
}

#[test]
fn sixty_enterprises_come_from_one_workbook() {
    let project = made_up();
    let said = said(&project, &["build"]);
    assert!(!said.contains("warning"), "{said}");
    let said = self::said(&project, &["check", "--verbose"]);
    assert!(
        said.contains("`roster`: 63 rows read: 60 used, 0 refused, 1 skipped, 0 blank, 2 with headings"),
        "{said}"
    );
    assert!(said.contains("`sessions`: 13 rows read: 12 used"), "{said}");
    let public = files(&project.root().join("public"));
    for (lang, synthetic) in [("zh", "均为虚构数据"), ("en", "are synthetic data")] {
        let of_enterprises: Vec<&String> = public
            .keys()
            .filter(|path| path.starts_with(&format!("{lang}/zone/")) && path.matches('/').count() == 3)
            .filter(|path| path.ends_with(".html"))
            .collect();
        assert_eq!(of_enterprises.len(), 60, "{of_enterprises:?}");
        let pages = public.iter().filter(|(path, _)| path.starts_with(lang) && path.ends_with(".html"));
        for (path, page) in pages {
            assert!(
                String::from_utf8_lossy(page).contains(synthetic),
                "{path} says that its data are synthetic"
            );
        }
        let zone = String::from_utf8_lossy(&public[&format!("{lang}/zone/index.html")]).into_owned();
        let begins = zone.find("id=\"sessions\"").expect("the sessions are listed");
        let listed = zone[begins..].split("</section>").next().expect("the section ends");
        assert_eq!(listed.matches("<li").count(), 12);
    }
    let page = String::from_utf8_lossy(&public["en/zone/blue-whale-sample-department-stores/index.html"])
        .into_owned();
    for text in ["Blue Whale Sample Department Stores", "France", "Stainless steel tableware (5000 sets)"] {
        assert!(page.contains(text), "{text}");
    }
}

/// The fair of the demonstration without its award, with sessions and purchasing lists of our own in YAML.
fn demonstration() -> Project {
    let project = begun("137", "data/enterprises", "data/enterprises");
    let read = |path: &str| fs::read_to_string(here().join(path)).expect("it is shipped");
    project.write("data/site.yaml", read("data/site.yaml"));
    let fair = read("data/fairs/137/fair.yaml");
    let (fair, _) = fair.split_once("rulebook:").expect("it pins a rulebook");
    project.write("data/fairs/137/fair.yaml", fair);
    project
}

const SESSIONS: &str = "\
purchases:
  kesko:
    - {zh: 厨房用具, en: Kitchen utensils}
    - {zh: 毛巾（500条）, en: Towels (500 pieces)}
sessions:
  - {title: {zh: 说明会, en: Briefing}, enterprises: [kesko, auchan], date: 2025-04-16, from: 10:00, until: 11:30}
  - {title: {zh: 对接会, en: Matchmaking}, enterprises: [shein], date: 2025-05-02, from: 14:00, until: 15:00, place: {zh: 会议室, en: Meeting room}}
";

#[test]
fn the_zone_of_the_demonstration_is_the_same_from_tables() {
    let project = demonstration();
    let roster = fs::read_to_string(here().join("data/fairs/137/roster.yaml")).expect("it is shipped");
    project.table("roster.yaml", format!("{roster}{SESSIONS}"));
    said(&project, &["build", "--out", "yaml"]);

    // The names of the enterprises as the manual has them, a row for each phase.
    let mut table = String::from("采购企业,期次\n");
    let mut phase = String::new();
    for line in roster.lines().filter(|line| line.starts_with("  ")) {
        match (line.trim().strip_prefix("- "), line.trim().strip_suffix(':')) {
            (Some(slug), _) => {
                let file = fs::read_to_string(here().join(format!("data/enterprises/{slug}.yaml")))
                    .expect("it is there");
                let name =
                    file.lines().find_map(|line| line.trim().strip_prefix("zh: ")).expect("it has a name");
                table.push_str(&format!("{name},第{phase}期\n"));
            }
            (None, Some(number)) => phase = number.to_owned(),
            (None, None) => {}
        }
    }
    project.table("roster.csv", table);
    project.table(
        "sessions.csv",
        "采购企业,日期,开始,结束,主题,主题（英文）,地点,地点（英文）\n\
         kesko；auchan,2025年4月16日,上午10:00,11:30,说明会,Briefing,,\n\
         SHEIN,2025/5/2,14:00,下午3时,对接会,Matchmaking,会议室,Meeting room\n",
    );
    project.table(
        "purchases.csv",
        "采购企业,采购商品,采购商品（英文）,数量\nkesko,厨房用具,Kitchen utensils,\nkesko,毛巾,Towels,500条\n",
    );
    let (beside, _) = roster.split_once("phases:").expect("it has phases");
    project.table("roster.yaml", beside);
    let fair = fs::read_to_string(project.root().join("data/fairs/137/fair.yaml")).expect("it was written");
    let sources = "sources:\n  roster: [{file: roster.csv}]\n  sessions: [{file: sessions.csv}]\n  purchases: [{file: purchases.csv}]\n";
    project.table("fair.yaml", format!("{fair}{sources}"));
    said(&project, &["build", "--out", "tables"]);

    let [yaml, tables] = ["yaml", "tables"].map(|out| files(&project.root().join(out)));
    assert_eq!(yaml.keys().collect::<Vec<_>>(), tables.keys().collect::<Vec<_>>());
    let differing: Vec<&String> =
        yaml.iter().filter(|(path, bytes)| tables[*path] != **bytes).map(|(path, _)| path).collect();
    assert!(differing.is_empty(), "{differing:?}");
    let page = String::from_utf8_lossy(&tables["en/zone/kesko/index.html"]).into_owned();
    assert!(
        page.contains("Towels (500 pieces)") && page.contains("Briefing"),
        "it shows what the tables say"
    );
}

#[test]
fn the_workbook_of_a_new_fair_reads_back_as_it_is() {
    // From a table, whose enterprises have no file.
    let project = made_up();
    said(&project, &["new", "fair", "139", "--roster"]);
    let said_of = said(&project, &["check"]);
    assert!(
        said_of.contains("`roster`: 61 rows read: 60 used, 0 refused, 0 skipped, 0 blank, 1 with headings"),
        "{said_of}"
    );
    assert!(!said_of.contains("warning") && !said_of.contains("not used"), "{said_of}");
    // From YAML, whose enterprises have one.
    let project = demonstration();
    project.table("roster.yaml", fs::read(here().join("data/fairs/137/roster.yaml")).expect("it is shipped"));
    said(&project, &["new", "fair", "138", "--roster"]);
    let said_of = said(&project, &["check"]);
    assert!(said_of.contains("`roster`: 18 rows read: 17 used"), "{said_of}");
}
