//! What is missing in which language, what is out of date, and what was not translated.

use std::collections::BTreeMap;
use std::ops::Range;

use super::atomic_write::keep_file;
use super::ledger_files::seal_path;
use super::read::{Fair, Options, Project};
use crate::data::{Document, TextBlock};
use crate::fair::{NAMES, given_name, name_columns, names_shape};
use crate::lang::{Lang, is_untranslated};
use crate::pages::{Standing, standings};
use crate::rulebook::read_further_texts;
use crate::site::content::split;
use crate::site::download::{Sheet, csv, xlsx};
use crate::source::write::Readers;
use crate::source::{Failure, Files, Message, Place, Report, Span, code, say};

/// Which translations are to be looked at.
#[derive(Clone, Debug)]
pub struct TranslationReport {
    /// The languages of the site, the authentic one first.
    pub languages: Vec<Lang>,
    /// What a translator should look at, by language.
    pub entries: Vec<TranslationEntry>,
}

/// Something that a translator should look at.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct TranslationEntry {
    /// The language.
    pub lang: Lang,
    /// What it is.
    pub kind: TranslationKind,
    /// The page's path, the way to the text in its file, the identifier or slug of whoever has the name, or the key of
    /// the word.
    pub name: String,
    /// How it stands.
    pub state: TranslationState,
    /// Where it stands.
    pub span: Option<Span>,
}

/// What can be translated.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum TranslationKind {
    /// A page in `content`.
    Page,
    /// A text in `data`.
    Data,
    /// The name of a winner or an enterprise.
    Name,
    /// An interface word of the theme.
    Word,
}

/// How something stands in a language.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum TranslationState {
    /// It is not there.
    Missing,
    /// The authentic page changed since it was translated.
    Stale,
    /// It does not say of which state it is the translation.
    Unrecorded,
    /// It reads as in another language.
    Identical,
    /// Its title is in the letters of another language.
    ForeignTitle,
    /// Numbers, links, items or the like differ from the authentic page.
    Differs,
    /// It is not there, and the site shows it in another language.
    Fallback,
}

/// Lists the translations to be looked at. `None` where too little of the project could be read.
pub fn translation_report(report: &mut Report, files: &Files) -> Result<Option<TranslationReport>, Failure> {
    let Some(project) = Project::read(report, files, &Options::default())? else { return Ok(None) };
    let languages = project.languages().to_vec();
    let mut entries = pages(files, &project);
    entries.extend(texts(files, &project)?);
    entries.extend(names(files, &project));
    entries.extend(words(&project));
    entries.sort();
    Ok(Some(TranslationReport { languages, entries }))
}

/// Notes what reads the same in several languages and was plainly not translated.
pub(super) fn report_untranslated(
    report: &mut Report,
    files: &Files,
    project: &Project,
) -> Result<(), Failure> {
    let entries = texts(files, project)?.into_iter().chain(names(files, project)).chain(words(project));
    for TranslationEntry { lang, kind, name, span, .. } in
        entries.filter(|entry| entry.state == TranslationState::Identical)
    {
        let message = match kind {
            TranslationKind::Word => {
                say!("the word `{name}` is the same in `{lang}` as in another language", name, lang)
            }
            TranslationKind::Name => {
                say!("the name of `{name}` is the same in `{lang}` as in another language", name, lang)
            }
            _ => say!("the text `{name}` is the same in `{lang}` as in another language", name, lang),
        };
        report
            .note(code::UNTRANSLATED, span, message)
            .hint(say!("unless it is a name, write it in `{lang}`", lang));
    }
    Ok(())
}

fn pages(files: &Files, project: &Project) -> Vec<TranslationEntry> {
    let standings = standings(files, project.contents(), project.languages());
    let entry = |page: crate::pages::PageStanding| TranslationEntry {
        lang: page.lang,
        kind: TranslationKind::Page,
        name: page.page,
        state: match page.standing {
            Standing::Missing => TranslationState::Missing,
            Standing::Stale => TranslationState::Stale,
            Standing::Unrecorded => TranslationState::Unrecorded,
            Standing::Identical => TranslationState::Identical,
            Standing::ForeignTitle => TranslationState::ForeignTitle,
            Standing::Differs => TranslationState::Differs,
        },
        span: Some(page.span),
    };
    standings.into_iter().map(entry).collect()
}

/// The files of `data` in which texts in several languages stand.
fn holds_texts(path: &str) -> bool {
    let fairs = ["fair.yaml", "roster.yaml", "rulings.yaml"];
    match path.strip_prefix("data/").map(|path| path.split('/').collect::<Vec<_>>()).as_deref() {
        Some(["site.yaml" | "calendar.yaml" | "glossary.yaml"]) => true,
        Some(["enterprises" | "rulebooks", name]) => name.ends_with(".yaml"),
        Some(["fairs", _, name]) => fairs.contains(name),
        _ => false,
    }
}

fn texts(files: &Files, project: &Project) -> Result<Vec<TranslationEntry>, Failure> {
    let mut entries = Vec::new();
    for path in files.list("data")?.iter().filter(|path| holds_texts(path)) {
        let file = files.id(path);
        // What is wrong with the file was reported when it was read.
        let Some(text) = files.text(file) else { continue };
        let Some(mut document) = Document::parse(&mut Report::new(), file, &text, 0) else { continue };
        let languages = project.languages();
        for (lang, texts) in read_further_texts(&mut Report::new(), files, path, languages)? {
            document.add_texts(languages[0].code(), lang.code(), &texts);
        }
        // The program knows countries in some languages; which are missing is a matter of those that are named.
        // Names of enterprises may stand in tables: they are listed as names.
        let own = |block: &TextBlock| match path.as_str() {
            "data/site.yaml" => !block.path.starts_with("countries."),
            path => !path.starts_with("data/enterprises/") || block.path != "name",
        };
        for block in document.text_blocks().into_iter().filter(own) {
            let falls_back = project.falls_back(path, &block.path);
            entries.extend(standing_of(&block, languages, falls_back));
        }
    }
    Ok(entries)
}

/// The names of a winner or an enterprise.
struct Named {
    id: String,
    names: BTreeMap<Lang, String>,
    span: Span,
    /// Whether pages show it in another language where it lacks one.
    falls_back: bool,
}

/// The winners of a fair that this project decides, and their names.
fn winners<'p>(files: &'p Files, fair: &'p Fair) -> impl Iterator<Item = Named> + 'p {
    let sealed = Span::whole(files.id(&seal_path(fair.file().fair.value)));
    let winners = fair.decided.list.iter().flat_map(|list| list.winners());
    winners.map(move |(winner, _)| {
        let mut names = winner.further_names.clone();
        names.insert(Lang::ZH, winner.name_zh.clone());
        names.extend(winner.name_en.clone().map(|name| (Lang::EN, name)));
        Named { id: winner.id.clone(), names, span: winner.span.unwrap_or(sealed), falls_back: true }
    })
}

fn enterprises(project: &Project) -> impl Iterator<Item = Named> {
    let finished = project.enterprises().iter().filter(|(_, enterprise)| !enterprise.draft);
    finished.map(|(slug, enterprise)| {
        let name = &enterprise.name.value;
        let names = name.languages().map(|lang| (lang, name.get(lang).to_owned())).collect();
        let falls_back = project.zone_falls_back();
        Named { id: slug.clone(), names, span: enterprise.name.span, falls_back }
    })
}

/// The names of winners and enterprises that a translator should look at.
fn names(files: &Files, project: &Project) -> Vec<TranslationEntry> {
    let outside = project.outside().iter().flat_map(|fair| &fair.winners).map(|winner| {
        let mut names = BTreeMap::from([(Lang::ZH, winner.name_zh.clone())]);
        names.extend(winner.name_en.clone().map(|name| (Lang::EN, name)));
        Named { id: winner.exhibitor.clone(), names, span: winner.place, falls_back: true }
    });
    let decided = project.fairs.iter().flat_map(|fair| winners(files, fair));
    let all = decided.chain(outside).chain(enterprises(project));
    let entries = all.flat_map(|Named { id, names, span, falls_back }| {
        let texts = names.into_iter().map(|(lang, name)| (lang.code().to_owned(), name)).collect();
        standing_of(&TextBlock { path: id, span, texts }, project.languages(), falls_back)
    });
    entries.map(|entry| TranslationEntry { kind: TranslationKind::Name, ..entry }).collect()
}

/// A table of names to fill in.
pub struct NameForm {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many exhibitors and enterprises it lists.
    pub rows: usize,
    /// The fair under whose `sources` it belongs.
    pub fair: u32,
}

/// What kind of file a form is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FormFormat {
    /// Text separated by commas.
    Csv,
    /// A workbook.
    Xlsx,
}

/// A table of the winners of the current fair, and of the enterprises, that lack a name in a language, with those that
/// they have. Its headings are in the language `headings`. `None` where too little of the project could be read.
pub fn name_form(
    report: &mut Report,
    files: &Files,
    format: FormFormat,
    headings: Lang,
) -> Result<Option<NameForm>, Failure> {
    let Some(project) = Project::read(report, files, &Options::default())? else { return Ok(None) };
    let fair = project.current_fair();
    let languages = project.languages();
    let shape = names_shape(languages.iter().copied());
    let columns: Vec<(usize, Lang)> =
        name_columns(shape).filter(|(_, lang)| languages.contains(lang)).collect();
    let heading = |field: usize| match headings {
        Lang::ZH => shape.fields[field].headings[1].to_owned(),
        _ if field == given_name::ID => shape.fields[field].headings[0].to_owned(),
        _ => shape.fields[field].headings[2].to_owned(),
    };
    let current = project.fairs.iter().filter(|known| known.file().fair.value == fair);
    let all = current.flat_map(|fair| winners(files, fair)).chain(enterprises(&project));
    let lacking = all.filter(|named| columns.iter().any(|(_, lang)| !named.names.contains_key(lang)));
    let rows = lacking.map(|named| {
        let name = |(_, lang): &(usize, Lang)| named.names.get(lang).cloned().unwrap_or_default().into();
        std::iter::once(named.id.as_str().into()).chain(columns.iter().map(name)).collect()
    });
    let fields = std::iter::once(given_name::ID).chain(columns.iter().map(|(field, _)| *field));
    let sheet =
        Sheet { name: NAMES.name.to_owned(), columns: fields.map(heading).collect(), rows: rows.collect() };
    let bytes = match format {
        FormFormat::Csv => csv(&sheet),
        FormFormat::Xlsx => xlsx(&sheet).map_err(|why| {
            Failure::because(say!("write {path}", path = NAMES.name), Message::foreign(why))
        })?,
    };
    Ok(Some(NameForm { bytes, rows: sheet.rows.len(), fair }))
}

/// How a text stands in the languages of the site; nothing if it is no text in several languages.
fn standing_of(block: &TextBlock, languages: &[Lang], falls_back: bool) -> Vec<TranslationEntry> {
    let texts: BTreeMap<Lang, &str> = block
        .texts
        .iter()
        .filter_map(|(key, text)| Some((key.parse().ok()?, text.trim())))
        .filter(|(_, text): &(Lang, &str)| !text.is_empty())
        .collect();
    let spoken = languages.iter().any(|lang| texts.contains_key(lang));
    if !spoken || texts.len() < block.texts.iter().filter(|(_, text)| !text.trim().is_empty()).count() {
        return Vec::new();
    }
    let entry = |lang: &Lang, state| TranslationEntry {
        lang: *lang,
        kind: TranslationKind::Data,
        name: block.path.clone(),
        state,
        span: Some(block.span),
    };
    let state = |lang: &Lang| match texts.get(lang) {
        None if falls_back => Some(entry(lang, TranslationState::Fallback)),
        None => Some(entry(lang, TranslationState::Missing)),
        Some(text) if is_copied(languages, lang, |other| texts.get(&other).copied(), text) => {
            Some(entry(lang, TranslationState::Identical))
        }
        Some(_) => None,
    };
    languages.iter().filter_map(state).collect()
}

/// Whether a text reads as in a language that stands before it, and was plainly not translated.
fn is_copied<'t>(
    languages: &[Lang],
    lang: &Lang,
    other: impl Fn(Lang) -> Option<&'t str>,
    text: &str,
) -> bool {
    let before = languages.iter().take_while(|before| *before != lang);
    before.copied().any(|before| other(before) == Some(text)) && is_untranslated(text)
}

fn words(project: &Project) -> Vec<TranslationEntry> {
    let languages = project.languages();
    let words = project.theme().words();
    let mut entries = Vec::new();
    for (key, texts) in &words {
        for lang in languages {
            let state = match texts.get(lang) {
                None => TranslationState::Missing,
                Some((text, _)) => {
                    let other = |other| texts.get(&other).map(|(text, _)| text.as_str());
                    if !is_copied(languages, lang, other, text) {
                        continue;
                    }
                    TranslationState::Identical
                }
            };
            let span = texts.get(lang).or(texts.values().next()).map(|(_, span)| *span);
            entries.push(TranslationEntry {
                lang: *lang,
                kind: TranslationKind::Word,
                name: key.clone(),
                state,
                span,
            });
        }
    }
    entries
}

/// Records in a page's front matter that it is the translation of the authentic page as that reads now. Returns the
/// state, and whether it was not recorded before. `None` where the page cannot say so, which is reported.
pub fn accept_translation(
    report: &mut Report,
    files: &Files,
    path: &str,
) -> Result<Option<(String, bool)>, Failure> {
    let path = path.trim_start_matches("./");
    let mut unread = Report::new();
    let Some(project) = Project::read(&mut unread, files, &Options { drafts: true, ..Options::default() })?
    else {
        report.absorb(unread);
        return Ok(None);
    };
    let languages = project.languages();
    let stem = path.strip_prefix("content/").and_then(|path| path.strip_suffix(".md"));
    let named = stem.and_then(|stem| stem.rsplit_once('.'));
    let named = named.and_then(|(page, code)| Some((page, code.parse::<Lang>().ok()?)));
    let Some((page, lang)) = named.filter(|(_, lang)| languages.contains(lang)) else {
        report
            .error(code::NOT_A_PAGE, None, say!("`{path}` is not a page of the site", path))
            .hint(say!("give the file of a page, such as `content/zone.en.md`"));
        return Ok(None);
    };
    if lang == languages[0] {
        report.error(code::NOT_A_TRANSLATION, None, say!("`{path}` is the original", path)).hint(say!(
            "`{lang}` is the first under `languages` in data/site.yaml; choose a page in another language",
            lang
        ));
        return Ok(None);
    }
    let (contents, file) = (project.contents(), files.id(path));
    let (Some(state), Some(_)) = (contents.state(page, languages[0]), contents.state(page, lang)) else {
        let missing = if contents.state(page, lang).is_some() { languages[0] } else { lang };
        report
            .error(
                code::PAGE_MISSING,
                None,
                say!("the page `{page}` cannot be read in `{missing}`", page, missing),
            )
            .hint(say!("run `jinbang check` to see why"));
        return Ok(None);
    };
    let text = String::from_utf8(files.read(file)?).expect("the page was read as text");
    let place = contents.recorded(page, lang).and_then(|span| match span.place {
        Place::Text { start, end } => Some(start as usize..end as usize),
        _ => None,
    });
    let recorded = recorded(&text, place, state);
    if recorded != text {
        keep_file(files, path, recorded.as_bytes(), Readers::Usual)?;
    }
    Ok(Some((state.to_owned(), recorded != text)))
}

/// A page with a state recorded in its front matter; all else stays as it is, byte for byte. `place` is where one
/// is recorded already.
fn recorded(text: &str, place: Option<Range<usize>>, state: &str) -> String {
    let value = format!("\"{state}\"");
    if let Some(place) = place {
        return format!("{}{value}{}", &text[..place.start], &text[place.end..]);
    }
    let (front, _) = split(text).expect("a page begins with front matter");
    let line_end = if text[..front.end].ends_with("\r\n") { "\r\n" } else { "\n" };
    format!("{}translation_of: {value}{line_end}{}", &text[..front.end], &text[front.end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recording_changes_nothing_else() {
        #[track_caller]
        fn case(before: &str, place: Option<&str>, after: &str) {
            let place = place.map(|value| {
                let start = before.find(value).unwrap();
                start..start + value.len()
            });
            assert_eq!(recorded(before, place, "0123456789ab"), after);
        }
        let line = "translation_of: \"0123456789ab\"";
        case(
            "---\ntitle: A # not B\norder: 3\n---\n\n# Body \n---\n",
            None,
            &format!("---\ntitle: A # not B\norder: 3\n{line}\n---\n\n# Body \n---\n"),
        );
        case(
            "\u{feff}---\r\ntitle: A\r\n---\r\nBody",
            None,
            &format!("\u{feff}---\r\ntitle: A\r\n{line}\r\n---\r\nBody"),
        );
        case(
            "---\ntranslation_of:   'old'   # seen by the office\ntitle: A\n---\nBody",
            Some("'old'"),
            "---\ntranslation_of:   \"0123456789ab\"   # seen by the office\ntitle: A\n---\nBody",
        );
    }

    #[test]
    fn texts_stand_in_each_language() {
        #[track_caller]
        fn case(texts: &[(&str, &str)], expected: &[(&str, TranslationState)]) {
            let block = TextBlock {
                path: "name".to_owned(),
                span: Span::whole(Files::new(".").id("a.yaml")),
                texts: texts.iter().map(|(key, text)| (key.to_string(), text.to_string())).collect(),
            };
            let found = standing_of(&block, &[Lang::ZH, Lang::EN], false);
            let found: Vec<(&str, TranslationState)> =
                found.iter().map(|entry| (entry.lang.code(), entry.state)).collect();
            assert_eq!(found, expected);
        }
        case(&[("zh", "甲"), ("en", "A")], &[]);
        case(&[("zh", "甲"), ("en", " ")], &[("en", TranslationState::Missing)]);
        case(&[("zh", "甲"), ("en", "甲")], &[("en", TranslationState::Identical)]);
        case(&[("zh", "Kesko"), ("en", "Kesko")], &[]);
        case(&[("id", "i-invite"), ("version", "1")], &[]);
    }
}
