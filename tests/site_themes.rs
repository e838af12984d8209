//! Themes are the users': one may replace another, or lie over it; what templates get is written down.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::everything::{build, pages, site, text};
use crate::project::{rewrite, run, write};

#[test]
fn a_theme_lies_over_another_part_by_part() {
    let root = site("mine");
    rewrite(&root.join("data/site.yaml"), |text| text.replace("theme: canton", "theme: mine"));
    write(&root.join("themes/mine/theme.yaml"), "extends: canton\n");
    write(
        &root.join("themes/mine/en.yaml"),
        "nav: {zone: Find buyers}\nlist: {entries: {other: 'all {n}'}}\n",
    );
    write(
        &root.join("themes/mine/static/icon.svg"),
        "<svg xmlns=\"http://www.w3.org/2000/svg\"><!-- mine --></svg>",
    );
    let layout = "{% extends \"canton/base.html\" %}{% block footer %}<footer>Mine, {{ site.title }}</footer>{% endblock %}";
    write(&root.join("themes/mine/templates/base.html"), layout);
    let files = build(&root, &[]);
    let zone = text(&files, "en/zone/index.html");
    assert!(
        zone.contains("<footer>Mine, Canton Fair Awards &amp; Sourcing</footer>"),
        "the template is replaced"
    );
    assert!(zone.contains("Find buyers</a>") && zone.contains("Activities</a>"), "one word is replaced");
    assert!(zone.contains(">all 17</output>"), "the forms of a word are replaced together");
    assert!(text(&files, "zh/zone/index.html").contains("采购服务区</a>"), "the other language is as it was");
    let icons: Vec<_> = files.iter().filter(|(path, _)| path.starts_with("assets/icon.")).collect();
    assert!(matches!(icons.as_slice(), [(_, bytes)] if String::from_utf8_lossy(bytes).contains("mine")));
}

#[test]
fn a_style_imports_those_of_the_theme_below_and_replaces_one() {
    let root = site("styles");
    rewrite(&root.join("data/site.yaml"), |text| text.replace("theme: canton", "theme: mine"));
    write(&root.join("themes/mine/theme.yaml"), "extends: canton\n");
    write(&root.join("themes/mine/css/site.css"), "@import \"canton/site.css\";\n\n:root { --red: navy; }\n");
    write(&root.join("themes/mine/css/search.css"), ".mine { background: url(../static/icon.svg); }\n");
    let files = build(&root, &[]);
    let styles: Vec<_> = files.iter().filter(|(path, _)| path.ends_with(".css")).collect();
    let names: Vec<&str> = styles.iter().map(|(path, _)| path.split('.').next().unwrap()).collect();
    assert_eq!(names, ["assets/rules", "assets/site", "assets/winner"], "what is imported is not published");
    let style = String::from_utf8_lossy(styles[1].1);
    let at = |text: &str| style.find(text).unwrap_or_else(|| panic!("`{text}` is not in the style"));
    assert!(
        at("--red: #a3201b") < at(".mine") && at(".mine") < at("--red: navy"),
        "in the order of the imports"
    );
    assert!(
        style.contains("url(\"icon.") && !style.contains("@import") && !style.contains(".hits"),
        "{style}"
    );
    write(&root.join("themes/mine/css/search.css"), "@import \"baze.css\";\n");
    let told = String::from_utf8(run(&root, &["check"]).stderr).unwrap();
    assert!(told.contains("error[asset]: no file `baze.css` in the theme"), "{told}");
    assert!(told.contains("--> themes/mine/css/search.css:1:1"), "{told}");
}

#[test]
fn imports_in_a_circle_and_of_other_things_are_errors() {
    let root = site("circle");
    let style = |name: &str, text: &str| write(&root.join("themes/canton/css").join(name), text);
    style("one.css", "@import 'two.css';\n");
    style("two.css", "/* Not an import:\n@import \"three.css\"; */\n@import \"one.css\";\n");
    rewrite(&root.join("themes/canton/css/winner.css"), |text| {
        format!("@import \"search.css\" print;\n@import \"https://example.org/a.css\";\n{text}")
    });
    let told = String::from_utf8(run(&root, &["check"]).stderr).unwrap();
    assert!(told.contains("error[asset]: `one.css` imports itself"), "{told}");
    assert!(told.contains("--> themes/canton/css/two.css:3:1"), "{told}");
    for line in [1, 2] {
        assert!(told.contains(&format!("--> themes/canton/css/winner.css:{line}:1")), "{told}");
    }
    assert!(told.contains("\n3 errors"), "{told}");
}

#[test]
fn words_that_a_theme_lacks_are_those_of_the_program() {
    let root = site("words");
    for lang in ["zh", "en"] {
        rewrite(&root.join(format!("themes/canton/{lang}.yaml")), |text| {
            let line = text.lines().find(|line| line.starts_with("  level: ")).expect("a word of the notice");
            text.replace(&format!("{line}\n"), "")
        });
    }
    rewrite(&root.join("themes/canton/templates/notice.html"), |text| {
        text.replace("{{ w.notice.level | fill(award=l.title, n=l.count) }}", "")
    });
    let built = run(&root, &["build"]);
    let told = String::from_utf8(built.stderr).unwrap();
    for lang in ["zh", "en"] {
        let warning =
            format!("warning[missing-words]: `themes/canton/{lang}.yaml` has no word `notice.level`");
        assert!(told.contains(&warning), "{told}");
    }
    let feed = std::fs::read_to_string(root.join("public/en/feed.xml")).unwrap();
    assert!(!feed.contains("notice.level") && feed.contains("Gold"), "{feed}");
}

#[test]
fn a_theme_that_lies_over_itself_or_over_nothing_is_an_error() {
    let root = site("chain");
    write(&root.join("themes/canton/theme.yaml"), "extends: mine\n");
    write(&root.join("themes/mine/theme.yaml"), "extends: canton\n");
    let told = String::from_utf8(run(&root, &["check"]).stderr).unwrap();
    assert!(
        told.contains("error[no-theme]: the theme `canton` extends itself\n --> themes/mine/theme.yaml:1:10"),
        "{told}"
    );
    write(&root.join("themes/canton/theme.yaml"), "extends: plian\n");
    let told = String::from_utf8(run(&root, &["check"]).stderr).unwrap();
    assert!(
        told.contains("error[no-theme]: unknown theme `plian`") && told.contains("did you mean `plain`?"),
        "{told}"
    );
}

#[test]
fn the_plain_theme_has_every_template_and_its_links_hold() {
    let root = site("plain");
    rewrite(&root.join("data/site.yaml"), |text| text.replace("theme: canton", "theme: plain"));
    // A build fails where a link leads nowhere.
    let files = build(&root, &["--base-url", "https://example.org/plain"]);
    for (path, page) in pages(&files) {
        assert!(!page.contains("class=\"wrap"), "{path} is made by a template of another theme");
        assert!(page.matches("<h1").count() == 1 && page.contains("<main id=\"main\""), "{path}");
        assert!(!page.contains("<script>") && !page.contains("<style>"), "{path}");
    }
}

/// The fields of a document on templates: the heading, the name and the kind of each.
fn fields(document: &str) -> BTreeSet<String> {
    let mut heading = "";
    let mut fields = BTreeSet::new();
    for line in document.lines() {
        if let Some(found) = line.strip_prefix("## ") {
            heading = found;
        } else if let Some(row) = line.strip_prefix("| `")
            && !heading.is_empty()
        {
            let mut cells = row.split(" | ");
            let (name, kind) = (cells.next().unwrap_or_default(), cells.next().unwrap_or_default());
            fields.insert(format!("{heading} {name} {kind}"));
        }
    }
    fields
}

#[test]
fn what_templates_get_is_said_in_chinese_too() {
    let root = site("context-zh");
    let [english, chinese] = ["en", "zh"].map(|lang| {
        let made = run(&root, &["theme", "context", "--lang", lang]);
        String::from_utf8(made.stdout).unwrap()
    });
    assert!(chinese.starts_with("# 模板可用的内容\n") && chinese.contains("\n## 每个页面\n"), "{chinese}");
    // The same fields with the same examples; what stands between is the kind.
    let rows = |text: &str| -> Vec<String> {
        let rows = text.lines().filter(|line| line.starts_with("| `") && !line.starts_with("| `{{"));
        rows.map(|row| {
            let cells: Vec<&str> = row.splitn(4, " | ").collect();
            cells[0].to_owned() + cells[2]
        })
        .collect()
    };
    assert_eq!(rows(&chinese), rows(&english));
    for words in ["| text |", "| list |", "| group |", "may be absent", "true or false", "Every page"] {
        assert!(english.contains(words) && !chinese.contains(words), "{words}");
    }
}

/// `UPDATE=1` writes the document anew.
#[test]
fn what_templates_get_is_written_beside_the_theme() {
    let root = site("context");
    rewrite(&root.join("data/site.yaml"), |text| {
        format!(
            "{text}gone:\n  zone/left/: {{zh: 该企业不再参加。, en: This enterprise no longer takes part.}}\n"
        )
    });
    let made = run(&root, &["theme", "context"]);
    let made = String::from_utf8(made.stdout).unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/canton/CONTEXT.md");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &made).unwrap();
    }
    let (kept, made) = (fields(&fs::read_to_string(&path).unwrap_or_default()), fields(&made));
    assert!(made.len() > 200, "{made:?}");
    let (gone, new) =
        (kept.difference(&made).collect::<Vec<_>>(), made.difference(&kept).collect::<Vec<_>>());
    assert!(
        gone.is_empty() && new.is_empty(),
        "run this test with UPDATE=1\nno longer there: {gone:#?}\nnew: {new:#?}"
    );
}
