//! A third language comes by data and words alone: a synthetic site in Chinese, English and Arabic, which is written from
//! right to left and has six forms of a word for a number. And the translation desk, which keeps languages together.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use jinbang::lang::Lang;
use jinbang::site::Theme;
use jinbang::source::{Files, Report};
use serde_json::Value;

use crate::arabic::{change, site};
use crate::project;
use crate::project::{done, rewrite, run};

/// The site, built once, and what was said about it.
fn built() -> &'static (PathBuf, String) {
    static SITE: OnceLock<(PathBuf, String)> = OnceLock::new();
    SITE.get_or_init(|| {
        let root = site("built");
        let said = done(&root, &["build"]);
        (root, said)
    })
}

fn read(path: &str) -> String {
    let page = built().0.join("public").join(path);
    without_indents(&fs::read_to_string(page).unwrap_or_else(|_| panic!("there is no {path}")))
}

/// A page without the white space at the beginnings and ends of its lines.
fn without_indents(page: &str) -> String {
    page.lines().map(str::trim).collect()
}

/// All pages of a language, by path below it.
fn pages(lang: &str) -> BTreeMap<String, String> {
    let top = built().0.join("public").join(lang);
    let mut pages = BTreeMap::new();
    let mut open = vec![top.clone()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|suffix| suffix == "html") {
                let below = path.strip_prefix(&top).unwrap().to_str().unwrap().to_owned();
                pages.insert(below, without_indents(&fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(pages.len() > 30, "{lang}");
    pages
}

/// The parts of a text between two marks.
fn between<'t>(text: &'t str, from: &str, until: &str) -> Vec<&'t str> {
    text.split(from).skip(1).filter_map(|rest| rest.split_once(until)).map(|(part, _)| part).collect()
}

#[test]
fn nothing_is_missing_in_the_third_language() {
    let (_, said) = built();
    assert!(!said.contains("warning[missing") && !said.contains("stale"), "{said}");
    for (path, page) in pages("ar") {
        assert!(page.contains("<html lang=\"ar\" dir=\"rtl\">"), "{path}");
    }
    for (path, page) in pages("en") {
        assert!(page.contains("<html lang=\"en\" dir=\"ltr\">") && !page.contains("<bdi>"), "{path}");
    }
}

#[test]
fn every_page_leads_to_itself_in_the_other_languages() {
    let expected = ["zh-Hans", "en", "ar", "x-default"];
    for lang in ["zh", "en", "ar"] {
        for (path, page) in pages(lang).into_iter().filter(|(path, _)| !path.ends_with("404.html")) {
            let tags = between(&page, "<link rel=\"alternate\" hreflang=\"", "\"");
            assert_eq!(tags, expected, "{lang}/{path}");
            let offered = between(&page, "<a class=\"lang\" href=\"", "\"");
            assert_eq!(offered.len(), 2, "{lang}/{path}: {offered:?}");
        }
    }
    let sitemap = read("sitemap.xml");
    assert_eq!(sitemap.matches("hreflang=\"ar\"").count(), sitemap.matches("hreflang=\"en\"").count());
    assert!(read("ar/index.html").contains("<meta property=\"og:locale\" content=\"ar_AE\">"));
    let gateway = read("index.html");
    assert!(gateway.contains("<li lang=\"ar\" dir=\"rtl\">") && gateway.contains("<li lang=\"zh-Hans\">"));
    assert!(read("404.html").contains("<section lang=\"ar\" dir=\"rtl\"><h2"));
    assert!(read("ar/feed.xml").contains("xml:lang=\"ar\""));
    assert!(read("ar/calendar.ics").contains("SUMMARY;LANGUAGE=ar:"));
}

#[test]
fn numbers_choose_among_six_forms_and_dates_have_the_months_of_the_language() {
    let files = Files::new(&built().0);
    let lang: Lang = "ar".parse().unwrap();
    let theme =
        Theme::load(&mut Report::new(), &files, "canton", &[Lang::ZH, Lang::EN, lang]).unwrap().unwrap();
    let words = theme.catalog(lang).unwrap();
    #[track_caller]
    fn case(words: &jinbang::lang::Catalog, n: &str, expected: &str) {
        assert_eq!(words.fill("search.found", &[("n", n)]).as_deref(), Some(expected));
    }
    case(words, "0", "لا نتائج");
    case(words, "1", "نتيجة واحدة");
    case(words, "2", "نتيجتان");
    case(words, "3", "3 نتائج");
    case(words, "11", "11 نتيجة");
    case(words, "100", "100 نتيجة");
    case(words, "103", "103 نتائج");
    // The page has a number, a script gets all forms.
    let notice = read("ar/awards/137/index.html");
    assert!(notice.contains("مدة الإعلان: 5 أيام عمل</h2>"));
    assert!(
        notice.contains("data-left-two=\"بقي يوما عمل\"")
            && notice.contains("data-few=\"تظهر {n} جهات من أصل {total}\"")
    );
    assert!(notice.contains("<time datetime=\"2025-09-26\">26 سبتمبر 2025</time>"));
    assert!(read("ar/index.html").contains("15–19 أبريل"));
}

/// What of some HTML is in the language of the page: without elements in another language, and what is set apart.
fn own_text(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        let (tag, after) = tag.split_once('>').unwrap();
        let name = tag.split([' ', '/']).next().unwrap();
        let foreign = name == "bdi" || tag.contains(" lang=") && name != "html";
        rest = after;
        if foreign && let Some((_, after)) = rest.split_once(&format!("</{name}>")) {
            rest = after;
        }
    }
    text + rest
}

#[test]
fn what_is_around_a_page_is_in_its_language() {
    let latin = |text: &str| text.chars().filter(char::is_ascii_alphabetic).count();
    for (path, page) in pages("ar").into_iter().filter(|(path, _)| !path.ends_with("404.html")) {
        let header = between(&page, "<header class=\"top\">", "</header>");
        let footer = between(&page, "<footer class=\"foot\">", "</footer>");
        for part in [header[0], footer[0]] {
            assert_eq!(latin(&own_text(part)), 0, "{path}: {}", own_text(part));
        }
    }
    // Of a list and a certificate only names, files and addresses are in Latin letters.
    let notice = read("ar/awards/137/index.html");
    let head = between(&notice, "<thead>", "</thead>")[0];
    assert_eq!(latin(&own_text(head)), 0, "{head}");
    let form = between(&notice, "<form class=\"filters jso\"", "</form>")[0];
    assert_eq!(latin(&own_text(&format!("<form{form}"))), 0, "{}", own_text(&format!("<form{form}")));
}

#[test]
fn what_is_written_from_left_to_right_is_set_apart() {
    let notice = read("ar/awards/137/index.html");
    let row = between(&notice, "<tr data-keys=", "</tr>")[0];
    let booths = between(row.rsplit_once("<td>").unwrap().1, "<bdi>", "</bdi>");
    assert!(booths[0].contains(|c: char| c.is_ascii_digit()) && booths[0].contains('.'), "{booths:?}");
    assert!(
        row.contains("lang=\"en\"><bdi>") && row.contains("<i lang=\"zh-Hans\"><bdi>"),
        "names say their languages: {row}"
    );
    assert!(notice.contains("\"><bdi>objections@<wbr>jinbang.example.org</bdi></a>"));
    // In a title there is no markup; the name is set apart by characters that nobody sees.
    let winner = pages("ar").into_iter().find(|(path, _)| path.starts_with("awards/137/E")).unwrap().1;
    let title = between(&winner, "<title>", "</title>")[0];
    assert!(title.starts_with('\u{2068}') && title.contains("\u{2069}: الجائزة"), "{title}");
    // Code to paste is code.
    let code = between(&winner, "<textarea readonly spellcheck=\"false\">", "</textarea>")[0];
    assert!(code.starts_with("&lt;a href=&quot;https://"), "{code}");
}

#[test]
fn an_enterprise_without_a_text_is_shown_in_another_language_where_the_site_allows_it() {
    let zone = read("ar/zone/index.html");
    assert!(zone.contains("lang=\"en\" dir=\"ltr\">Staples</a> <i class=\"tongue\">الإنجليزية</i>"));
    assert!(zone.contains("<bdi>أوشان للتجزئة</bdi></a><small>"), "it has a name");
    assert!(zone.contains(">فنلندا</td>"));
    // In the order of the language: its own script first.
    let places =
        ["أوشان", "مؤسسة كيسكو", "Arzum", "Staples"].map(|name| zone.find(&format!(">{name}")).expect(name));
    assert!(places.is_sorted(), "{places:?}");
    let page = read("ar/zone/staples/index.html");
    assert!(
        page.contains("<h1><span lang=\"en\" dir=\"ltr\">Staples</span></h1>")
            && page.contains("<i class=\"tag tongue\">الإنجليزية</i>")
    );
    assert!(
        !page.contains("\"description\":\"Office-supply retailer\""),
        "no description in another language"
    );
    assert!(page.contains("\"name\":\"Staples\""));
    let table = read("ar/zone/enterprises.csv");
    assert!(table.contains("المؤسسة بـالإنجليزية; النشاط بـالإنجليزية"), "{table}");
    let list: Value = serde_json::from_str(&read("ar/zone/enterprises.json")).unwrap();
    let entries = list["enterprises"].as_array().unwrap();
    let find = |name: &str| entries.iter().find(|entry| entry["name"] == name).unwrap();
    assert_eq!(find("Staples")["name_language"], "en");
    assert_eq!(find("أوشان للتجزئة")["name_language"], Value::Null);
    assert!(!read("en/zone/enterprises.json").contains("name_language"));
    // Where the site does not allow it, the text is missing.
    let root = site("strict");
    change(&root.join("data/site.yaml"), |site| {
        site.as_mapping_mut().unwrap().remove("fallback");
    });
    let output = run(&root, &["check"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said.contains("error[missing-language]: missing translation: ar")
            && said.contains("data/enterprises/staples.yaml:"),
        "{said}"
    );
}

#[test]
fn cards_say_what_their_font_can_write() {
    // The same card without the third language: it has no letters there, and no boxes.
    let root = site("cards");
    let with = fs::read_dir(built().0.join("public/cards/137")).unwrap().next().unwrap().unwrap();
    change(&root.join("data/site.yaml"), |site| {
        site["languages"] = serde_yaml::from_str("[zh, en]").unwrap();
    });
    for entry in walk(&root.join("content")) {
        if entry.to_str().unwrap().ends_with(".ar.md") {
            fs::remove_file(entry).unwrap();
        }
    }
    done(&root, &["build"]);
    let without = root.join("public/cards/137").join(with.file_name());
    assert!(fs::read(with.path()).unwrap() == fs::read(without).unwrap());
}

#[test]
fn a_sealed_fair_can_be_read_in_one_more_language() {
    let root = site("sealed");
    let further = root.join("data/rulebooks/i-invite-1.ar.yaml");
    let texts = fs::read_to_string(&further).unwrap();
    fs::remove_file(&further).unwrap();
    change(&root.join("data/site.yaml"), |site| {
        site["languages"] = serde_yaml::from_str("[zh, en]").unwrap()
    });
    done(&root, &["seal", "137", "--as-of", "2025-09-26"]);
    change(&root.join("data/site.yaml"), |site| {
        site["languages"] = serde_yaml::from_str("[zh, en, ar]").unwrap()
    });
    assert!(said(&root, &["check"]).contains("data/rulebooks/i-invite-1.yaml:"), "its texts are missing");
    fs::write(&further, texts.clone() + "没有的文字: نص\n").unwrap();
    let told = said(&root, &["check"]);
    assert!(told.contains("no errors") && told.contains("warning[unused-text]"), "{told}");
    fs::write(&further, texts).unwrap();
    assert!(!said(&root, &["translations"]).contains("missing"));
}

#[test]
fn a_table_that_is_filled_in_names_winners_and_enterprises() {
    let root = site("names");
    done(&root, &["seal", "137", "--as-of", "2025-09-26"]);
    let form = root.join("names.csv");
    done(&root, &["translations", "--form", form.to_str().unwrap()]);
    let again = run(&root, &["translations", "--form", form.to_str().unwrap()]);
    assert_eq!(again.status.code(), Some(2), "what was filled in is not written over");
    let empty = fs::read_to_string(&form).unwrap();
    let name = |line: &str| format!("{line}اسم {}\r\n", line.split(',').next().unwrap());
    let filled: String = empty.split_terminator("\r\n").skip(1).map(name).collect();
    fs::write(root.join("data/fairs/137/names.csv"), format!("id,name_zh,name_en,name_ar\r\n{filled}"))
        .unwrap();
    change(&root.join("data/fairs/137/fair.yaml"), |fair| {
        fair["sources"]["names"] = serde_yaml::from_str("[{file: names.csv}]").unwrap();
    });
    let winner = filled.split(',').next().unwrap();
    let told = said(&root, &["check"]);
    assert!(told.contains("error[ledger-differs]") && told.contains(winner), "a sealed name stays: {told}");
    for sealed in ["seal.json", "ledger.json", "ledger.secret"] {
        fs::remove_file(root.join("data/fairs/137").join(sealed)).unwrap();
    }
    done(&root, &["seal", "137", "--as-of", "2025-09-26"]);
    done(&root, &["build"]);
    let read = |path: &str| fs::read_to_string(root.join("public").join(path)).unwrap();
    assert!(read(&format!("ar/awards/137/{winner}/index.html")).contains(&format!("اسم {winner}")));
    assert!(read("ar/zone/staples/index.html").contains("<title>اسم staples"));
    let left = said(&root, &["translations"]);
    assert!(!left.contains("name of"), "{left}");
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { open.push(path) } else { files.push(path) }
        }
    }
    files
}

#[test]
fn the_plain_theme_runs_from_right_to_left_as_well() {
    let root = site("plain");
    change(&root.join("data/site.yaml"), |site| site["theme"] = "plain".into());
    fs::rename(root.join("themes/canton/ar.yaml"), root.join("themes/plain/ar.yaml")).unwrap();
    done(&root, &["build"]);
    let page = fs::read_to_string(root.join("public/ar/awards/137/index.html")).unwrap();
    assert!(page.contains("<html lang=\"ar\" dir=\"rtl\">") && page.contains("<td><bdi>"), "{page}");
    assert!(!page.contains("class=\"wrap"));
}

#[test]
fn themes_name_no_side_of_a_page() {
    let themes = project::here().join("themes");
    let mut wrong = Vec::new();
    for path in walk(&themes) {
        let is_style =
            path.extension().is_some_and(|suffix| ["css", "html"].iter().any(|one| suffix == *one));
        let Some(text) = fs::read_to_string(&path).ok().filter(|_| is_style) else { continue };
        // A style begins or follows a brace or a semicolon.
        for declaration in text.split(['{', ';', '}', '\n']) {
            let Some((property, value)) = declaration.trim().split_once(':') else { continue };
            let sided = ["left", "right"].iter().any(|side| {
                property == *side || property.ends_with(&format!("-{side}")) || value.trim() == *side
            });
            let parts: Vec<&str> = value.trim_end_matches("!important").split_whitespace().collect();
            let uneven = ["margin", "padding"].contains(&property)
                && matches!(parts[..], [_, right, _, left] if right != left);
            if sided || uneven {
                wrong.push(format!(
                    "{}: {}",
                    path.strip_prefix(&themes).unwrap().display(),
                    declaration.trim()
                ));
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn no_program_text_names_the_third_language() {
    for path in walk(&project::here().join("src")) {
        if path.extension().is_none_or(|suffix| suffix != "rs") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let program = text.split("#[cfg(test)]").next().unwrap();
        assert!(!program.to_lowercase().contains("arabic"), "{}", path.display());
        assert!(!program.contains(jinbang::lang::is_leftward), "{}", path.display());
    }
}

/// A site that was just begun.
fn begun() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("site");
    done(folder.path(), &["init", root.to_str().unwrap()]);
    (folder, root)
}

fn said(root: &Path, arguments: &[&str]) -> String {
    let output = run(root, arguments);
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

#[test]
fn a_translation_is_out_of_date_until_somebody_looked_through_it() {
    let (_folder, root) = begun();
    assert_eq!(said(&root, &["translations"]), "zh: nothing to check\nen: nothing to check\n");
    // What nobody sees, and what is not translated, changes nothing.
    let (authentic, translation) = (root.join("content/zone.zh.md"), root.join("content/zone.en.md"));
    rewrite(&authentic, |text| {
        text.replace('\n', "  \r\n").replace("order: 40", "order: 41").replace("---  \r\n", "---\r\n")
            + "\r\n"
    });
    assert!(said(&root, &["check"]).starts_with("no errors"));
    rewrite(&authentic, |text| text.replace("1. ", "1. 新的一句。"));
    let told = said(&root, &["check"]);
    assert!(
        told.contains(
            "warning[stale-translation]: the `zh` original of the page `zone` changed since it was translated into `en`"
        ) && told.contains("--> content/zone.en.md:5:17")
            && told.contains("`jinbang translations --accept content/zone.en.md`"),
        "{told}"
    );
    let desk: Value = serde_json::from_str(&said(&root, &["translations", "--format", "json"])).unwrap();
    assert_eq!(desk["entries"][0]["state"], "stale");
    assert_eq!(
        (&desk["entries"][0]["name"], &desk["entries"].as_array().unwrap().len()),
        (&"zone".into(), &1)
    );
    // The record is all that changes of the file, which may look as its editor likes.
    rewrite(&translation, |text| text.replace("order: 40", "order:   40  # fourth").replace('\n', "\r\n"));
    let before = fs::read_to_string(&translation).unwrap();
    assert!(
        said(&root, &["translations", "--accept", "content/zone.en.md"])
            .contains("recorded as the translation of state")
    );
    let after = fs::read_to_string(&translation).unwrap();
    let different: Vec<(&str, &str)> =
        before.split('\n').zip(after.split('\n')).filter(|(one, other)| one != other).collect();
    assert!(before.len() == after.len() && different.len() == 1, "{different:?}");
    assert!(different[0].1.starts_with("translation_of: \"") && different[0].1.ends_with("\"\r"));
    assert!(said(&root, &["check"]).starts_with("no errors"));
    // The authentic page is the translation of nothing.
    let told = run(&root, &["translations", "--accept", "content/zone.zh.md"]);
    assert_eq!(told.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&told.stderr).contains("error[not-a-translation]"));
}

#[test]
fn what_was_not_translated_is_told_from_names() {
    let (_folder, root) = begun();
    fs::copy(root.join("content/rules.zh.md"), root.join("content/rules.en.md")).unwrap();
    rewrite(&root.join("data/site.yaml"), |text| {
        text.replace("en: Sourcing zone, multinational enterprises", "en: 采购服务区（跨国企业）")
            .replace("zh: 展会\n  en: The fair", "zh: Fair & Co.\n  en: Fair & Co.")
    });
    rewrite(&root.join("themes/canton/en.yaml"), |text| text.replace("  home: Home\n", "  home: 首页\n"));
    let told = said(&root, &["translations"]);
    let expected = [
        "en: 3 not translated",
        "  not translated: page rules (content/rules.en.md:2:8)",
        "  not translated: contacts.multinationals.role (data/site.yaml:",
        "  not translated: word nav.home (themes/canton/en.yaml:",
    ];
    for line in expected {
        assert!(told.contains(line), "{line}\n{told}");
    }
    let told = said(&root, &["check"]);
    assert!(told.contains("warning[untranslated]: the page `rules` is the same in `en` and `zh`"), "{told}");
    assert!(
        told.contains("note[untranslated]: the text `contacts.multinationals.role` is the same"),
        "{told}"
    );
    assert!(!told.contains("`brand`"), "{told}");
    // A page that says nothing of its origin is asked for it.
    rewrite(&root.join("content/zone.en.md"), |text| {
        text.lines()
            .filter(|line| !line.starts_with("translation_of"))
            .map(|line| format!("{line}\n"))
            .collect()
    });
    assert!(said(&root, &["check"]).contains("warning[unrecorded-translation]"));
    assert!(said(&root, &["translations"]).contains("  not recorded: page zone (content/zone.en.md:2:8)"));
}
