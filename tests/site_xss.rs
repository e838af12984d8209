//! Nothing that an editor writes can run in a reader's browser.

use jinbang::lang::Lang;
use jinbang::site::escape::unescape;
use jinbang::site::links::tags;
use jinbang::site::markdown::{Around, Body, LinkedFile, PictureWidth, render};
use jinbang::source::{FileId, Report};

/// Payloads that have come through one Markdown renderer or another.
const PAYLOADS: &[&str] = &[
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "a <b onmouseover=alert(1)>b</b>",
    "<!--><script>alert(1)</script>-->",
    "<!-- --!><script>alert(1)</script> -->",
    "<!-- a --><script>alert(1)</script><!-- b -->",
    "[a](javascript:alert(1))",
    "[a](  JaVaScRiPt:alert(1))",
    "[a](javascript&colon;alert(1))",
    "[a](java&#10;script:alert(1))",
    "[a](<java\tscript:alert(1)>)",
    "[a](\u{1}javascript:alert(1))",
    "[a](vbscript:alert(1)) [a](data:text/html;base64,PHNjcmlwdD4=)",
    "[a](https://a.b/\"onclick=\"alert(1))",
    "[a](https://a.b 'x\" onclick=\"alert(1)')",
    "[a](/\\evil.org) [a](//evil.org) [a](\\\\evil.org)",
    "![a](javascript:alert(1)) ![a\"onerror=alert(1)](/x.png)",
    "![a](/x.png 'x\" onerror=\"alert(1)')",
    "<javascript:alert(1)> <a@b.c\"onclick=\"alert(1)>",
    "[a]: javascript:alert(1)\n\n[a] [a][] [b][a]",
    "## a {onclick=alert(1)}\n\n## <img src=x onerror=alert(1)>",
    "## \"onclick=alert(1)",
    "|<script>alert(1)</script>|\n|--|\n|<img src=x onerror=alert(1)>|",
    "|\"onfocus=alert(1) autofocus x=\"|\n|--|\n|a|",
    "```html\"onclick=\"alert(1)\n<script>alert(1)</script>\n```",
    "`<script>alert(1)</script>`",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href=\"javas&Tab;cript:alert(1)\">x</a>",
    "<?php <script>alert(1)</script> ?>",
    "a[^\"onclick=alert(1)]\n\n[^\"onclick=alert(1)]: <script>alert(1)</script>",
    "> [!NOTE]\n> <script>alert(1)</script>",
    "https://a.example/\"onclick=alert(1) www.a.example/<script> \"onclick=alert(1)@a.example",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<!DOCTYPE x [<!ENTITY y '<script>alert(1)</script>'>]>",
];

/// The elements that Markdown makes, and the attributes that each may have.
const ALLOWED: &[(&str, &[&str])] = &[
    ("a", &["href", "title", "rel", "id", "role", "aria-label"]),
    ("img", &["src", "alt", "width", "height", "title", "loading", "srcset", "sizes"]),
    ("h2", &["id"]),
    ("h3", &["id"]),
    ("h4", &["id"]),
    ("h5", &["id"]),
    ("h6", &["id"]),
    ("div", &["class", "tabindex", "role", "aria-label"]),
    ("th", &["scope", "class"]),
    ("td", &["class"]),
    ("code", &["class"]),
    ("ol", &["start"]),
    ("p", &["class"]),
    ("section", &["class", "aria-label"]),
    ("sup", &["class"]),
    ("span", &["class"]),
    ("del", &[]),
    ("br", &[]),
    ("hr", &[]),
    ("figure", &["class"]),
    ("figcaption", &[]),
    ("em", &[]),
    ("strong", &[]),
    ("ul", &[]),
    ("li", &["id"]),
    ("pre", &[]),
    ("blockquote", &[]),
    ("table", &[]),
    ("thead", &[]),
    ("tbody", &[]),
    ("tr", &[]),
];

/// What could run, or should not be there, in the HTML of a text.
fn strange(text: &str) -> Vec<String> {
    let resolve = |path: &str| Ok(path.to_owned());
    let find = |path: &str| match path.starts_with('/') {
        true => {
            let width = PictureWidth { url: path.to_owned(), size: Some((4, 3)) };
            Ok(LinkedFile { path: path.to_owned(), widths: vec![width.clone(), width], note: None })
        }
        false => Err(None),
    };
    let fact = |_: &str| Err(jinbang::site::placeholder::Unknown { known: Vec::new() });
    let around = Around { lang: Lang::ZH, word: &str::to_owned, fact: &fact, resolve: &resolve, find: &find };
    let Body { html, .. } = render(&mut Report::new(), FileId::from_number(0), text, 0, &around);
    let mut strange = Vec::new();
    if html.contains("<!") || html.contains("<?") {
        strange.push(html.clone());
    }
    tags(&html, |tag| {
        let Some((_, allowed)) = ALLOWED.iter().find(|(name, _)| *name == tag.name) else {
            strange.push(format!("<{}>", tag.name));
            return;
        };
        for (name, value) in &tag.attributes {
            let value = unescape(value);
            let leads = matches!(*name, "href" | "src");
            let site = value.starts_with('/') && !value.starts_with("//") && !value.starts_with("/\\");
            let known = site
                || ["https://", "http://", "mailto:", "tel:", "#"].iter().any(|start| {
                    value.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start))
                });
            if !allowed.contains(name) || (leads && !known) {
                strange.push(format!("<{} {name}={value}>", tag.name));
            }
        }
    });
    strange
}

#[test]
fn nothing_written_in_markdown_can_run() {
    for payload in PAYLOADS {
        for text in [
            payload.to_string(),
            format!("- a\n  {payload}"),
            format!("> {payload}"),
            format!("[{payload}](/a/)"),
        ] {
            assert_eq!(strange(&text), [""; 0], "{text}");
        }
    }
}

/// A larger collection: one JSON string a line.
#[test]
#[ignore = "needs JINBANG_XSS, a file of payloads"]
fn nothing_of_a_collection_can_run() {
    let collection = std::env::var_os("JINBANG_XSS").expect("JINBANG_XSS names a file");
    let lines = jinbang::source::Files::new("/");
    let file = lines.id(collection.to_str().expect("a path in UTF-8").trim_start_matches('/'));
    let lines = String::from_utf8(lines.read(file).unwrap()).unwrap();
    let mut count = 0;
    for line in lines.lines() {
        let payload: String = serde_json::from_str(line).unwrap();
        assert_eq!(strange(&payload), [""; 0], "{payload}");
        assert_eq!(
            strange(&format!("[{payload}]({payload})\n\n![{payload}](<{payload}>)")),
            [""; 0],
            "{payload}"
        );
        count += 1;
    }
    assert!(count > 0);
}
