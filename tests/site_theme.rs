//! What an editor of a theme sees when something is wrong with it.

use std::fs;
use std::path::Path;

use jinbang::lang::Lang;
use jinbang::site::{BaseUrl, Theme};
use jinbang::source::{Files, Report, Style};
use serde_json::json;

const WORDS: &str = "nav: {home: 首页}\nlist:\n  showing: 显示 {n} 条，共 {total} 条\n  entries: '{n} 条'\n";
const WORDS_EN: &str = "nav: {home: Home}\nlist:\n  showing: Showing {n} of {total}\n  entries:\n    one: '{n} entry'\n    other: '{n} entries'\n";

/// Loads a theme of these files beside the words, and renders `page.html` with it.
fn theme(name: &str, theme_files: &[(&str, &str)], view: serde_json::Value) -> (Option<String>, String) {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("theme").join(name);
    let _ = fs::remove_dir_all(&root);
    for (path, text) in [("zh.yaml", WORDS), ("en.yaml", WORDS_EN)].iter().chain(theme_files) {
        let path = root.join("themes/canton").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let files = Files::new(&root);
    let mut report = Report::new();
    let theme = Theme::load(&mut report, &files, "canton", &[Lang::ZH, Lang::EN]).unwrap();
    let html = theme.and_then(|theme| theme.render(&mut report, "page.html", Lang::EN, &view));
    (html, report.render(&files, Style::Plain, jinbang::lang::Lang::EN))
}

#[track_caller]
fn sound(name: &str, page: &str, view: serde_json::Value, expected: &str) {
    assert_eq!(
        theme(name, &[("templates/page.html", page)], view),
        (Some(expected.to_owned()), String::new())
    );
}

#[track_caller]
fn broken(name: &str, theme_files: &[(&str, &str)], view: serde_json::Value, expected: &str) {
    let (_, problems) = theme(name, theme_files, view);
    assert_eq!(problems.trim_end(), expected.trim());
}

#[test]
fn words_are_filled_and_inflected() {
    let page = "{{ w.nav.home }}, {{ w.list.showing | fill(n=5, total=count) }}, \
        {{ w.list.entries | plural(n=1) }}, {{ w.list.entries | plural(n=count) }}, {{ count | number }}";
    sound("words", page, json!({"count": 1234}), "Home, Showing 5 of 1,234, 1 entry, 1,234 entries, 1,234");
}

#[test]
fn what_comes_from_data_is_never_markup() {
    let page = "{{ name }} {{ w.list.showing | fill(n=name, total=1) }} {% include 'part.txt' %}";
    let (html, _) = theme(
        "escape",
        &[("templates/page.html", page), ("templates/part.txt", "{{ name }}")],
        json!({"name": "<b a='\"'>"}),
    );
    let escaped = "&lt;b a=&#39;&quot;&#39;&gt;";
    assert_eq!(html.unwrap(), format!("{escaped} Showing {escaped} of 1 {escaped}"));
}

#[test]
fn a_map_is_gone_through_in_its_order() {
    let page = "{% for key, value in map %}{{ key }}{% endfor %}";
    let map: serde_json::Map<_, _> = "zyxwvutsrq".chars().map(|key| (key.to_string(), json!(1))).collect();
    let order: String = map.keys().map(String::as_str).collect();
    sound("order", page, json!({"map": map}), &order);
}

#[test]
fn a_template_error_names_its_place_under_chinese() {
    broken(
        "syntax",
        &[("templates/page.html", "<p>获奖名单\n<p>公示期 {{ 1 + }}</p>\n"), ("templates/b.html", "{% if %}")],
        json!({}),
        "
error[template]: found `%}` but expected one of: integer, float, string, bool, ident, `-`, `not`, `<`, `{`, `[` or `(`
 --> themes/canton/templates/b.html:1:7
  |
1 | {% if %}
  |       ^^

error[template]: found `}}` but expected one of: integer, float, string, bool, ident, `-`, `not`, `<`, `{`, `[` or `(`
 --> themes/canton/templates/page.html:2:15
  |
2 | <p>公示期 {{ 1 + }}</p>
  |                  ^^

themes/canton/templates/b.html: 1 error
themes/canton/templates/page.html: 1 error
2 errors; for details, run `jinbang explain template`
",
    );
}

#[test]
fn a_name_that_is_not_defined_is_an_error() {
    broken(
        "undefined",
        &[("page.html", "<p>企业：{{ winner.nane }}")],
        json!({"winner": {"name": "甲"}}),
        "
error[template]: field `nane` is not defined
 --> themes/canton/page.html:1:17
  |
1 | <p>企业：{{ winner.nane }}
  |                    ^^^^ did you mean `name`?
  |
  = help: available fields: name

1 error; for details, run `jinbang explain template`
",
    );
}

#[test]
fn an_undefined_name_is_an_error_in_a_filter_too() {
    broken(
        "undefined-filter",
        &[("page.html", "<p>{{ winner.nane | safe }}")],
        json!({"winner": {"name": "甲"}}),
        "
error[template]: field `nane` is not defined
 --> themes/canton/page.html:1:14
  |
1 | <p>{{ winner.nane | safe }}
  |              ^^^^ did you mean `name`?
  |
  = help: available fields: name

1 error; for details, run `jinbang explain template`
",
    );
}

#[test]
fn names_that_are_not_there_are_all_reported() {
    broken(
        "names",
        &[
            ("page.html", "<p>名单 {{ 1 | nmber }}\n中文 {% include 'prat.html' %}"),
            ("part.html", "{{ 1 | flil }}"),
        ],
        json!({}),
        "
error[template]: unknown filter `nmber`
 --> themes/canton/page.html:1:14
  |
1 | <p>名单 {{ 1 | nmber }}
  |                ^^^^^ did you mean `number`?

error[template]: unknown template `prat.html`
 --> themes/canton/page.html:2:15
  |
2 | 中文 {% include 'prat.html' %}
  |                 ^^^^^^^^^^^ did you mean `part.html`?

error[template]: unknown filter `flil`
 --> themes/canton/part.html:1:8
  |
1 | {{ 1 | flil }}
  |        ^^^^ did you mean `fill`?

themes/canton/page.html: 2 errors
themes/canton/part.html: 1 error
3 errors; for details, run `jinbang explain template`
",
    );
}

#[test]
fn a_word_that_no_catalog_has_is_reported_where_it_is_used() {
    broken(
        "unknown-word",
        &[("page.html", "{% if false %}<p>公示 {{ w.nav.hoem }}{% endif %}")],
        json!({}),
        "
error[unknown-word]: the theme has no word `nav.hoem`
 --> themes/canton/page.html:1:24
  |
1 | {% if false %}<p>公示 {{ w.nav.hoem }}{% endif %}
  |                          ^^^^^^^^^^ did you mean `w.nav.home`?

1 error; for details, run `jinbang explain unknown-word`
",
    );
}

#[test]
fn a_word_that_one_language_lacks_is_reported() {
    broken(
        "missing-word",
        &[
            ("page.html", ""),
            (
                "zh.yaml",
                "nav: {home: 首页, zone: 采购服务}\nlist: {showing: '显示 {n} 条', entries: '{n} 条'}\nempty: ''\n",
            ),
        ],
        json!({}),
        "
error[missing-words]: missing word `nav.zone` in `en`
 --> themes/canton/zh.yaml:1:23
  |
1 | nav: {home: 首页, zone: 采购服务}
  |                         ^^^^^^^^ its place in `zh`
  |
  = help: add `nav.zone` to en.yaml

error[missing-words]: the word `list.showing` has different placeholders in `zh`
 --> themes/canton/zh.yaml:2:17
  |
2 | list: {showing: '显示 {n} 条', entries: '{n} 条'}
  |                 ^^^^^^^^^^^^^ here: {n}; in `en`: {n}, {total}

error[missing-words]: the word `empty` is empty in `zh`
 --> themes/canton/zh.yaml:3:8
  |
3 | empty: ''
  |        ^^

error[missing-words]: missing word `empty` in `en`
 --> themes/canton/zh.yaml:3:8
  |
3 | empty: ''
  |        ^^ its place in `zh`
  |
  = help: add `empty` to en.yaml

4 errors; for details, run `jinbang explain missing-words`
",
    );
}

#[test]
fn values_and_places_of_a_word_must_match() {
    broken(
        "fill",
        &[("page.html", "{{ w.list.showing | fill(n=5) }}")],
        json!({}),
        "
error[template]: nothing is given for `{total}` of `Showing {n} of {total}`
 --> themes/canton/page.html:1:21
  |
1 | {{ w.list.showing | fill(n=5) }}
  |                     ^^^^^^^^^

1 error; for details, run `jinbang explain template`
",
    );
}

#[test]
fn a_theme_that_is_not_there_is_named() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("theme/none");
    fs::create_dir_all(root.join("themes/canton")).unwrap();
    fs::write(root.join("themes/canton/zh.yaml"), "a: b\n").unwrap();
    let files = Files::new(&root);
    let mut report = Report::new();
    assert!(Theme::load(&mut report, &files, "cantn", &[Lang::ZH]).unwrap().is_none());
    assert_eq!(report.problems()[0].hints, ["did you mean `canton`?"]);
}

#[test]
fn published_files_have_fingerprints_and_styles_name_them() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("theme/assets");
    let _ = fs::remove_dir_all(&root);
    let folder = root.join("themes/canton/static");
    fs::create_dir_all(folder.join("css")).unwrap();
    fs::write(folder.join("icon.svg"), "<svg/>").unwrap();
    let style =
        "a{background:url( '../icon.svg#x' )}b{c:url(data:image/svg+xml,%3Csvg%3E)}d{e:url(icon.svg)}";
    fs::write(folder.join("css/site.css"), style).unwrap();
    let files = Files::new(&root);
    let mut report = Report::new();
    let theme = Theme::load(&mut report, &files, "canton", &[]).unwrap().unwrap();
    let base = BaseUrl::parse("https://example.org/sub").unwrap();
    let urls = theme.assets().urls(&base);
    let icon = &urls["icon.svg"];
    assert!(icon.starts_with("/sub/assets/icon.") && icon.ends_with(".svg") && icon.len() == 31, "{icon}");
    let icon = icon.rsplit('/').next().unwrap();
    let style = std::str::from_utf8(theme.assets().bytes("css/site.css").unwrap()).unwrap();
    let expected = format!(
        "a{{background:url(\"../{icon}#x\")}}b{{c:url(data:image/svg+xml,%3Csvg%3E)}}d{{e:url(icon.svg)}}"
    );
    assert_eq!(style, expected);
    let problems: Vec<_> = report.problems().iter().map(|problem| problem.message.to_string()).collect();
    assert_eq!(problems, ["no file `icon.svg` in the theme"]);
}
