//! Pages that people write: Markdown with front matter, one file a language.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use unicode_normalization::UnicodeNormalization;

use super::addresses;
use super::front_matter::{FrontMatter, state_of};
use crate::data::{Date, Spanned, decode_text};
use crate::fair::Term;
use crate::lang::Lang;
use crate::site::attachment;
use crate::site::content::split;
use crate::site::markdown::Body;
use crate::site::permalink::{check_part, fit_for_part};
use crate::site::picture;
use crate::site::{Attachment, Attachments, Picture, Pictures};
use crate::source::{
    Failure, FileId, Files, Report, Span, any_of, code, fingerprint, report_conflict, report_pasted, say,
};

/// A page in one language.
#[derive(Debug)]
pub(super) struct Text {
    pub file: FileId,
    pub front: FrontMatter,
    pub body: String,
    /// Whether all of the front matter could be read.
    pub is_complete: bool,
    /// Where the body begins in the file.
    pub offset: usize,
    /// Differs where what is translated differs.
    pub state: String,
    /// Differs where the front matter differs.
    front_print: u64,
    /// Differs where anything in the file differs.
    pub(super) print: u64,
    /// What was made of the body, and the number that stood for what it links to then.
    body_made: Mutex<Option<(u64, Arc<Body>, Report)>>,
}

impl Text {
    /// The body as it is shown. It is made once for the same `links`, a number that stands for all places that
    /// a body can link to.
    pub(super) fn rendered(
        &self,
        report: &mut Report,
        links: u64,
        make: impl FnOnce(&mut Report) -> Body,
    ) -> Arc<Body> {
        // Where making it panicked nothing was kept, and it is tried again.
        let mut kept = self.body_made.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.as_ref().is_none_or(|(then, ..)| *then != links) {
            let mut found = Report::new();
            let body = Arc::new(make(&mut found));
            *kept = Some((links, body, found));
        }
        let (_, body, found) = kept.as_ref().expect("it was made above");
        report.absorb(found.clone());
        Arc::clone(body)
    }
}

/// All pages that people write, by path below `content` without language and ending, in every language.
#[derive(Clone, Default, Debug)]
pub struct Contents {
    pub(super) pages: BTreeMap<String, BTreeMap<Lang, Arc<Text>>>,
    /// The pages with a file that was refused, and the languages of those files.
    refused: BTreeMap<String, BTreeSet<Lang>>,
    /// The pictures that lie beside them.
    pub(super) pictures: Pictures,
    /// The attachments that lie beside them.
    pub(super) attachments: Attachments,
    /// The pages that are left out because they are drafts, or not published yet; their pictures wait with them.
    pub(super) waiting: BTreeMap<String, BTreeMap<Lang, Arc<Text>>>,
    /// The pages that were shown for the last time: only their addresses and their attachments are left.
    pub(super) ended: BTreeMap<String, BTreeMap<Lang, Arc<Text>>>,
}

impl Contents {
    /// The pages with a file that was refused.
    pub(super) fn refused(&self) -> &BTreeMap<String, BTreeSet<Lang>> {
        &self.refused
    }

    /// Whether a file of a page was refused.
    pub(super) fn is_refused(&self, path: &str) -> bool {
        self.refused.contains_key(path)
    }

    /// The state of a page in a language, as translations of it record it.
    pub fn state(&self, path: &str, lang: Lang) -> Option<&str> {
        self.find(path, lang).map(|text| text.state.as_str())
    }

    /// Where a page in a language says of what it is the translation, if it does.
    pub fn recorded(&self, path: &str, lang: Lang) -> Option<Span> {
        self.find(path, lang)?.front.translation_of.as_ref().map(|state| state.span)
    }

    /// The files of all pages that are no drafts.
    pub fn finished(&self) -> impl Iterator<Item = FileId> {
        let texts = self.pages.values().flat_map(BTreeMap::values);
        texts.filter(|text| !text.front.is_draft()).map(|text| text.file)
    }

    /// The pages that have an address: those that are shown, and those that were.
    pub(super) fn with_address(&self) -> impl Iterator<Item = (&String, &BTreeMap<Lang, Arc<Text>>)> {
        self.pages.iter().chain(&self.ended)
    }

    /// The days between which pages are shown, with whether they are drafts; a page has the same in every language.
    pub fn terms(&self) -> impl Iterator<Item = (Term<'_>, bool)> {
        let texts =
            self.pages.values().chain(self.waiting.values()).filter_map(|texts| texts.values().next());
        texts.map(|text| (text.front.term(), text.front.is_draft()))
    }

    /// The days on which pages say that they were changed last.
    pub fn updated(&self) -> impl Iterator<Item = &Spanned<Date>> {
        self.pages.values().flat_map(BTreeMap::values).filter_map(|text| text.front.updated.as_ref())
    }

    /// A page in a language.
    pub(super) fn find(&self, path: &str, lang: Lang) -> Option<&Text> {
        self.pages.get(path)?.get(&lang).map(Arc::as_ref)
    }

    /// A number that differs where the front matters of pages differ that lie below no other.
    pub(super) fn fronts(&self) -> u64 {
        let first = self.pages.iter().filter(|(path, _)| !path.contains('/'));
        let fronts = first.flat_map(|(path, texts)| {
            texts.iter().map(move |(lang, text)| (path.as_str(), *lang, text.front_print))
        });
        fingerprint(&fronts.collect::<Vec<_>>())
    }

    /// A number that differs where a page differs in a language, or the front matter of one that it names: the one
    /// above it, and those to read next.
    pub(super) fn print_of(&self, path: &str, text: &Text, lang: Lang) -> u64 {
        let front = |path: &str| self.find(path, lang).map(|text| text.front_print);
        let above = path.rsplit_once('/').and_then(|(above, _)| front(above));
        let related = text.front.related.iter().map(|related| front(related.value.trim_matches('/')));
        fingerprint(&(text.print, above, related.collect::<Vec<_>>()))
    }

    /// The pages directly below a path, in their order.
    pub(super) fn below(&self, parent: &str, lang: Lang) -> Vec<(&str, &Text)> {
        let prefix = format!("{parent}/");
        let children = self
            .pages
            .iter()
            .filter(|(path, _)| path.strip_prefix(&prefix).is_some_and(|rest| !rest.contains('/')));
        let mut pages: Vec<(&str, &Text)> =
            children.filter_map(|(path, texts)| Some((path.as_str(), texts.get(&lang)?.as_ref()))).collect();
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
    let mut names = PageNames::default();
    for path in files.list("content")? {
        let file = files.id(&path);
        let below = path.strip_prefix("content/").unwrap_or(&path);
        if picture::is_picture(&path) {
            let read =
                files.remembered(report, &path, 0, |report| Picture::read(report, files, file, below))?;
            if let Some(picture) = &*read {
                contents.pictures.insert(format!("/{below}"), Arc::clone(picture));
            }
            continue;
        }
        if attachment::is_attachment(&path) {
            let read =
                files.remembered(report, &path, 0, |report| Attachment::read(report, files, file, below))?;
            if let Some(attachment) = &*read {
                contents.attachments.insert(format!("/{below}"), Arc::clone(attachment));
            }
            continue;
        }
        let Some(stem) = below.strip_suffix(".md") else {
            report.warning(code::STRAY_FILE, Span::whole(file), say!("`{path}` is not used", path)).hint(
                match attachment::saved_as(&path) {
                    Some(ending) => say!("save it as a {ending} file", ending),
                    None => say!(
                        "a page is a .md file, a picture is a {endings} file, an attachment is a {kinds} file",
                        endings = any_of(picture::endings()),
                        kinds = any_of(attachment::endings())
                    ),
                },
            );
            continue;
        };
        let lang = stem.rsplit_once('.').and_then(|(stem, code)| Some((stem, code.parse::<Lang>().ok()?)));
        let Some((stem, lang)) = lang.filter(|(_, lang)| languages.contains(lang)) else {
            // What stands where the language belongs is not part of the name.
            let code = stem.rsplit_once('.').filter(|(_, code)| {
                (2..=3).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_alphabetic())
            });
            let page = code.map_or(stem, |(page, _)| page);
            let meant = code.and_then(|(_, code)| {
                let code = code.to_lowercase();
                code.parse().ok().or_else(|| Lang::of_country(&code)).filter(|lang| languages.contains(lang))
            });
            let meant: Vec<Lang> = meant.map_or_else(|| languages.to_vec(), |lang| vec![lang]);
            let names: Vec<String> = meant.iter().map(|lang| format!("{page}.{lang}.md")).collect();
            contents.refused.entry(page.to_owned()).or_default().extend(meant);
            report
                .error(
                    code::PAGE_LANGUAGE,
                    Span::whole(file),
                    say!("the name of `{path}` has no language of the site", path),
                )
                .hint(say!("name it {names}", names = any_of(&names)));
            continue;
        };
        let page = match names.page(report, file, &path, stem, lang) {
            Ok(page) => page,
            Err(pages) => {
                for page in pages {
                    contents.refused.entry(page).or_default().insert(lang);
                }
                continue;
            }
        };
        let text = files.remembered(report, &path, 0, |report| read_text(report, files, file))?;
        match &*text {
            Some(text) => {
                contents.pages.entry(page).or_default().insert(lang, Arc::clone(text));
            }
            None => {
                contents.refused.entry(page).or_default().insert(lang);
            }
        }
    }
    contents.pictures.make(files)?;
    if !drafts {
        let Contents { pages, waiting, .. } = &mut contents;
        let is_draft = |texts: &BTreeMap<Lang, Arc<Text>>| texts.values().all(|text| text.front.is_draft());
        let all = std::mem::take(pages);
        (*waiting, *pages) = all.into_iter().partition(|(_, texts)| is_draft(texts));
    }
    for (path, texts) in &contents.pages {
        let is_there = |lang: &Lang| {
            texts.contains_key(lang) || contents.refused.get(path).is_some_and(|langs| langs.contains(lang))
        };
        for lang in languages.iter().copied().filter(|lang| !is_there(lang)) {
            let there = texts.values().next().map(|text| Span::whole(text.file));
            report
                .error(
                    code::MISSING_LANGUAGE,
                    there,
                    say!("the page `{path}` has no `{lang}` version", path, lang),
                )
                .hint(say!("create content/{path}.{lang}.md", path, lang));
        }
        compare_dates(report, path, texts);
        let drafts = texts.values().filter(|text| text.front.is_draft());
        let there = drafts.clone().find_map(|text| text.front.draft.as_ref()).map(|draft| draft.span);
        if there.is_some() && drafts.count() < texts.len() {
            report
                .error(
                    code::HALF_A_DRAFT,
                    there,
                    say!("the page `{path}` is a draft in only one language", path),
                )
                .hint(say!("set `draft` in all languages or in none"));
        }
        check_terms(report, path, texts);
    }
    Ok(contents)
}

/// The names of pages and of the folders around them, as they were first met.
#[derive(Default)]
struct PageNames {
    /// By what is left of a name where capital letters do not count, as on many disks.
    spelt: BTreeMap<String, String>,
    /// The pages and languages that have a file.
    files: BTreeSet<(String, Lang)>,
}

impl PageNames {
    /// The path of the page that a file is, given by its path below `content` without language and ending. One that no
    /// address can have is reported, and one that a disk may take for another; then those that it may be are returned.
    fn page(
        &mut self,
        report: &mut Report,
        file: FileId,
        path: &str,
        stem: &str,
        lang: Lang,
    ) -> Result<String, Vec<String>> {
        let whole = Span::whole(file);
        if let Some(why) = stem.split('/').find_map(|part| check_part(part).err()) {
            let fit: Vec<String> = stem.split('/').map(fit_for_part).collect();
            let names = format!("content/{}.{lang}.md", fit.join("/"));
            report
                .error(
                    code::PAGE_NAME,
                    whole,
                    say!("`{path}` cannot be the address of a page: {why}", path, why),
                )
                .hint(say!("name it {names}", names));
            return Err(vec![stem.to_owned()]);
        }
        // Letters with accents have two spellings in Unicode; which one a name has depends on the system it came from.
        let page: String = stem.nfc().collect();
        for end in page.match_indices('/').map(|(at, _)| at).chain([page.len()]) {
            let name = &page[..end];
            let first = self.spelt.entry(name.to_lowercase()).or_insert_with(|| name.to_owned());
            if first != name {
                report
                    .error(
                        code::DOUBLED_PAGE,
                        whole,
                        say!(
                            "`{page}` and `{other}` differ only in capital letters",
                            page = name,
                            other = *first
                        ),
                    )
                    .hint(say!("on many disks they are the same file: use the same case for both"));
                let other = format!("{first}{}", &page[end..]);
                return Err(vec![page, other]);
            }
        }
        if self.files.insert((page.clone(), lang)) {
            return Ok(page);
        }
        report
            .error(
                code::DOUBLED_PAGE,
                whole,
                say!("the page `{page}` has two files in `{lang}` whose names look the same", page, lang),
            )
            .hint(say!("an accented letter is one character in one name and two in the other: remove one of the files"));
        Err(vec![page])
    }
}

/// Reports deadlines that one language has and another has not.
fn compare_dates(report: &mut Report, path: &str, texts: &BTreeMap<Lang, Arc<Text>>) {
    let days =
        |text: &Text| text.front.deadlines.iter().map(|deadline| deadline.date.value).collect::<Vec<_>>();
    let mut all = texts.iter();
    let Some((first, authentic)) = all.next() else { return };
    for (lang, text) in all.filter(|(_, text)| days(text) != days(authentic)) {
        let there = text.front.deadlines.first().map_or(text.front.title.span, |deadline| deadline.date.span);
        report
            .error(
                code::DEADLINES_DIFFER,
                there,
                say!(
                    "the deadlines of the page `{path}` differ between `{lang}` and `{first}`",
                    path,
                    lang,
                    first
                ),
            )
            .hint(say!("list the same dates in all languages, in the same order"));
    }
}

/// Reports pages that are published, or go, on another day in one language than in another, and pages that the site cannot be
/// without for a time.
fn check_terms(report: &mut Report, path: &str, texts: &BTreeMap<Lang, Arc<Text>>) {
    for key in ["publish", "until"] {
        let day = |text: &Arc<Text>| {
            let Term { publish, until } = text.front.term();
            let day = if key == "publish" { publish } else { until };
            day.cloned()
        };
        let Some(given) = texts.values().find_map(day) else { continue };
        if addresses::GENERATED.contains(&path) {
            report
                .error(
                    code::PUBLISH_DAYS,
                    given.span,
                    say!("the site always has the page `{path}`: `{key}` cannot be set for it", path, key),
                )
                .hint(say!("remove `{key}`", key));
        }
        let other = texts.iter().find(|(_, text)| day(text).map(|day| day.value) != Some(given.value));
        if let Some((lang, text)) = other {
            let place = day(text).map_or(text.front.title.span, |day| day.span);
            report
                .error(
                    code::HALF_A_DRAFT,
                    place,
                    say!(
                        "`{key}` of the page `{path}` is another day in `{lang}`, or missing",
                        path,
                        key,
                        lang
                    ),
                )
                .beside(given.span, say!("here it is `{day}`", day = given.value))
                .hint(say!(
                    "write `{key}: {day}` in all languages, or correct it in all",
                    key,
                    day = given.value
                ));
        }
    }
}

fn read_text(report: &mut Report, files: &Files, file: FileId) -> Result<Option<Arc<Text>>, Failure> {
    let text = match String::from_utf8(files.read(file)?) {
        Ok(text) => text,
        Err(error) => {
            let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
            report
                .error(code::PAGE_ENCODING, Span::whole(file), say!("line {line} is not UTF-8", line))
                .hint(say!("save the file as UTF-8"));
            return Ok(None);
        }
    };
    let text = files.keep_text(file, text);
    if report_conflict(report, file, &text, 0) {
        return Ok(None);
    }
    let Some((front, body)) = split(&text) else {
        let first = text.trim_start_matches('\u{feff}').lines().next().unwrap_or_default();
        let begins = text.trim_start_matches('\u{feff}').trim_start();
        let (what, remedy) = match first.trim_end() {
            "" if begins.starts_with("---") => (
                say!("there is an empty line before the front matter"),
                say!("remove it: the line `---` has to be the first"),
            ),
            "---" => (
                say!("the front matter that begins here is not closed"),
                say!("write a line `---` between the last key and the text"),
            ),
            _ => (
                say!("the page does not begin with front matter"),
                say!("begin with a line `---`, then `title: …` and `summary: …`, then another line `---`"),
            ),
        };
        let place = Span::text(file, 0, text.find('\n').unwrap_or(text.len()));
        report.error(code::FRONT_MATTER, place, what).hint(remedy);
        return Ok(None);
    };
    let Some(matter) = decode_text::<FrontMatter>(report, file, &text[front.clone()], front.start) else {
        return Ok(None);
    };
    report_pasted(report, file, &text[body.clone()], body.start);
    let body_text = text[body.clone()].to_owned();
    Ok(Some(Arc::new(Text {
        file,
        state: state_of(&matter, &body_text),
        is_complete: matter.complete,
        front: matter.value,
        body: body_text,
        offset: body.start,
        front_print: fingerprint(&text[front]),
        print: fingerprint(&*text),
        body_made: Mutex::default(),
    })))
}
