//! Pages that people write: Markdown with front matter, one file a language.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::data::{Spanned, decode_text};
use crate::lang::Lang;
use crate::site::content::split;
use crate::source::{Failure, FileId, Files, Report, Span};

/// What stands above the text of a page.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct FrontMatter {
    /// Title of the page.
    pub title: Spanned<String>,
    /// What it is about, in one or two sentences.
    pub summary: Spanned<String>,
    /// Its place among its siblings.
    #[serde(default)]
    pub order: u32,
    /// Figures that a reader looks for first.
    #[serde(default)]
    pub facts: Vec<Fact>,
    /// Whom to ask, by key in `site.yaml`.
    #[serde(default)]
    pub contacts: Vec<Spanned<String>>,
    /// Pages to read next, by their path below the language.
    #[serde(default)]
    pub related: Vec<Spanned<String>>,
    /// Whether it is left out of what is published.
    #[serde(default)]
    pub draft: bool,
}

/// A figure with what it is.
#[derive(Deserialize, JsonSchema, serde::Serialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// What it is.
    pub label: String,
    /// The figure.
    pub value: String,
}

/// A page in one language.
#[derive(Clone, Debug)]
pub(super) struct Text {
    pub file: FileId,
    pub front: FrontMatter,
    pub body: String,
    /// Where the body begins in the file.
    pub offset: usize,
}

/// All pages that people write, by path below `content` without language and ending, in every language.
#[derive(Clone, Default, Debug)]
pub struct Contents {
    pub(super) pages: BTreeMap<String, BTreeMap<Lang, Text>>,
}

impl Contents {
    /// A page in a language.
    pub(super) fn find(&self, path: &str, lang: Lang) -> Option<&Text> {
        self.pages.get(path)?.get(&lang)
    }

    /// The pages directly below a path, in their order.
    pub(super) fn below(&self, parent: &str, lang: Lang) -> Vec<(&str, &Text)> {
        let prefix = format!("{parent}/");
        let children = self
            .pages
            .iter()
            .filter(|(path, _)| path.strip_prefix(&prefix).is_some_and(|rest| !rest.contains('/')));
        let mut pages: Vec<(&str, &Text)> =
            children.filter_map(|(path, texts)| Some((path.as_str(), texts.get(&lang)?))).collect();
        pages.sort_by_key(|(path, text)| (text.front.order, *path));
        pages
    }
}

/// Reads all pages below `content`. A page that lacks a language, and a page that no language of the site
/// claims, are reported.
pub fn read_contents(
    report: &mut Report,
    files: &Files,
    languages: &[Lang],
    drafts: bool,
) -> Result<Contents, Failure> {
    let mut contents = Contents::default();
    for path in files.list("content")? {
        let Some(stem) = path.strip_prefix("content/").and_then(|path| path.strip_suffix(".md")) else {
            report
                .warning("stray-file", Span::whole(files.id(&path)), format!("`{path}` is not read"))
                .hint("a page is a file with the ending .md");
            continue;
        };
        let lang = stem.rsplit_once('.').and_then(|(stem, code)| Some((stem, code.parse::<Lang>().ok()?)));
        let Some((stem, lang)) = lang.filter(|(_, lang)| languages.contains(lang)) else {
            let names: Vec<String> = languages.iter().map(|lang| format!("{stem}.{lang}.md")).collect();
            report
                .error(
                    "page-language",
                    Span::whole(files.id(&path)),
                    format!("`{path}` names no language of the site"),
                )
                .hint(format!("name it {}", names.join(" or ")));
            continue;
        };
        let file = files.id(&path);
        if let Some(text) = read_text(report, files, file)? {
            contents.pages.entry(stem.to_owned()).or_default().insert(lang, text);
        }
    }
    if !drafts {
        contents.pages.retain(|_, texts| texts.values().any(|text| !text.front.draft));
    }
    for (path, texts) in &contents.pages {
        let missing: Vec<Lang> = languages.iter().copied().filter(|lang| !texts.contains_key(lang)).collect();
        for lang in missing {
            let there = texts.values().next().map(|text| Span::whole(text.file));
            report
                .error("missing-language", there, format!("the page `{path}` is missing in `{lang}`"))
                .hint(format!("write content/{path}.{lang}.md"));
        }
        let drafts = texts.values().filter(|text| text.front.draft).count();
        if drafts > 0 && drafts < texts.len() {
            let there = texts.values().find(|text| text.front.draft).map(|text| text.front.title.span);
            report
                .error("half-a-draft", there, format!("the page `{path}` is a draft in one language only"))
                .hint("set `draft` alike in all languages");
        }
    }
    Ok(contents)
}

fn read_text(report: &mut Report, files: &Files, file: FileId) -> Result<Option<Text>, Failure> {
    let Ok(text) = String::from_utf8(files.read(file)?) else {
        report
            .error("page-encoding", Span::whole(file), "a page that is not UTF-8")
            .hint("save the file as UTF-8");
        return Ok(None);
    };
    let text = files.keep_text(file, text);
    let Some((front, body)) = split(&text) else {
        report
            .error(
                "front-matter",
                Span::text(file, 0, text.find('\n').unwrap_or(text.len())),
                "the page does not begin with front matter",
            )
            .hint("begin with a line `---`, then `title: …` and `summary: …`, then another line `---`");
        return Ok(None);
    };
    let Some(matter) = decode_text::<FrontMatter>(report, file, &text[front.clone()], front.start) else {
        return Ok(None);
    };
    let body_text = text[body.clone()].to_owned();
    Ok(Some(Text { file, front: matter, body: body_text, offset: body.start }))
}
