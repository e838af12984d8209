//! Official names: what each is called in every language, and whether a page that uses one calls it so in all of them.
//!
//! Names that `site.yaml` and `fair.yaml` give are taken from there. Of these only the organiser, the sections and the
//! trading delegations count, and no short ones: `食品` is a section, and a word.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;
use strsim::levenshtein;

use super::content::{Contents, Text};
use crate::data::{Decoded, Spanned, decode_file};
use crate::lang::{Lang, Localized};
use crate::site::markdown::{Words, outline};
use crate::source::{Failure, FileId, Files, Report, Span, code, fingerprint, say};

const PATH: &str = "data/glossary.yaml";

/// A name of a data file that is shorter is a word like any other.
const SHORTEST: usize = 4;

/// The file `glossary.yaml`.
#[derive(Deserialize, JsonSchema, Clone, Default, Debug)]
#[serde(deny_unknown_fields)]
pub struct GlossaryFile {
    /// Official names that stand in no other data file.
    pub names: Vec<GlossaryEntry>,
}

/// An official name.
#[derive(Deserialize, JsonSchema, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct GlossaryEntry {
    /// The name in each language.
    pub name: Spanned<Localized>,
    /// Other forms that are right, such as a short one, by language.
    #[serde(default)]
    pub also: BTreeMap<Lang, Vec<String>>,
}

/// Reads the official names of a project, if it has any.
pub fn read_glossary(report: &mut Report, files: &Files) -> Result<GlossaryFile, Failure> {
    if !files.is_file(PATH) {
        return Ok(GlossaryFile::default());
    }
    Ok(decode_file(report, files, PATH)?.map(Decoded::into_value).unwrap_or_default())
}

/// Reports names that another file gives differently, and pages that use another rendering of an official name.
/// `given` are the names that other files give.
pub fn report_names<'n>(
    report: &mut Report,
    files: &Files,
    contents: &Contents,
    languages: &[Lang],
    glossary: &'n GlossaryFile,
    given: impl Iterator<Item = &'n Localized>,
) -> Result<(), Failure> {
    let Some((authentic, others)) = languages.split_first() else { return Ok(()) };
    let mut names: BTreeMap<&str, Name<'n>> = BTreeMap::new();
    for entry in &glossary.names {
        if let Some(first) = entry.name.value.find(*authentic) {
            names.insert(first, Name { official: &entry.name.value, also: Some(&entry.also) });
        }
    }
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for name in given {
        let Some(first) = name.find(*authentic).filter(|first| first.chars().count() >= SHORTEST) else {
            continue;
        };
        let entry = glossary.names.iter().find(|entry| entry.name.value.find(*authentic) == Some(first));
        let differs =
            |lang: &&Lang| entry.is_some_and(|entry| entry.name.value.find(**lang) != name.find(**lang));
        if let (Some(entry), Some(lang)) = (entry, others.iter().find(differs))
            && told.insert(first)
        {
            report
                .error(
                    code::OFFICIAL_NAME,
                    entry.name.span,
                    say!(
                        "`{name}` has another name in `{lang}` in another file: `{other}`",
                        name = first,
                        lang,
                        other = name.find(*lang).unwrap_or_default()
                    ),
                )
                .hint(say!("write the same name here, or correct it there"));
        }
        names.entry(first).or_insert(Name { official: name, also: None });
    }
    let names: Vec<Name<'n>> = names.into_values().collect();
    let print = fingerprint(
        &names.iter().map(|name| format!("{:?}{:?}", name.official, name.also)).collect::<Vec<_>>(),
    );
    for (page, texts) in &contents.pages {
        for lang in others {
            let (Some(original), Some(text)) = (texts.get(authentic), texts.get(lang)) else { continue };
            if original.front.is_draft() || text.front.is_draft() {
                continue;
            }
            let inputs = fingerprint(&(print, authentic, original.print, text.print));
            files.remembered(report, &format!("names of {page} in {lang}"), inputs, |report| {
                report_page(report, page, [(*authentic, original), (*lang, text)], &names);
                Ok(())
            })?;
        }
    }
    Ok(())
}

/// An official name with the other forms that are right.
struct Name<'n> {
    official: &'n Localized,
    also: Option<&'n BTreeMap<Lang, Vec<String>>>,
}

fn report_page(report: &mut Report, page: &str, pair: [(Lang, &Arc<Text>); 2], names: &[Name<'_>]) {
    let read = pair.map(|(lang, text)| Side::read(lang, text, names));
    for (number, name) in names.iter().enumerate() {
        for [here, there] in [[1, 0], [0, 1]] {
            let ((lang, text), other) = (pair[here], pair[there].0);
            let (Some(span), Some(official)) = (read[there].official.get(&number), name.official.find(lang))
            else {
                continue;
            };
            let original = name.official.find(other).unwrap_or_default();
            if let Some((found, place)) = read[here].rendering(official) {
                report
                    .warning(
                        code::OFFICIAL_NAME,
                        place,
                        say!("`{found}` is called `{official}`", found, official),
                    )
                    .beside(*span, say!("in `{other}`", other))
                    .hint(say!("write `{official}`; if `{found}` is right as well, add it to `also` of this name in data/glossary.yaml", official, found));
            } else if !read[here].used.contains(&number) {
                report
                    .warning(
                        code::OFFICIAL_NAME,
                        text.front.title.span,
                        say!("the page `{page}` names `{original}` in `{other}`, but not `{official}` in `{lang}`", page, original, other, official, lang),
                    )
                    .beside(*span, say!("in `{other}`", other))
                    .hint(say!("write `{official}`, or add the form that the page uses to `also` of this name in data/glossary.yaml", official));
            }
        }
    }
}

/// A page in one language, read for names.
struct Side {
    /// Where official names first stand, by number.
    official: BTreeMap<usize, Span>,
    /// The names that are used in a form that is right.
    used: BTreeSet<usize>,
    /// The texts, with the names that are right blotted out, and the places of their parts.
    texts: Vec<(String, Words, Place)>,
}

/// Where words stand.
#[derive(Clone, Copy)]
enum Place {
    /// In a value of the front matter.
    Value(Span),
    /// In the text, which begins at a byte of a file.
    Body(FileId, usize),
}

impl Place {
    fn span(self, words: &Words, range: Range<usize>) -> Span {
        match self {
            Place::Value(span) => span,
            Place::Body(file, offset) => {
                let range = words.source(range);
                Span::text(file, range.start + offset, range.end + offset)
            }
        }
    }
}

/// Takes the place of what was read already.
const BLOT: &str = "\u{1}";

impl Side {
    fn read(lang: Lang, text: &Text, names: &[Name<'_>]) -> Side {
        let front = &text.front;
        let values =
            [(&front.title.value, front.title.span), (&front.summary.value, front.summary.span)].into_iter();
        let facts = front
            .facts
            .iter()
            .flat_map(|fact| [(&fact.value.label, fact.span), (&fact.value.value, fact.span)]);
        let values = values.chain(facts).map(|(text, span)| (Words::plain(text, 0), Place::Value(span)));
        let blocks = outline(&text.body).into_iter().flat_map(|block| block.words);
        let blocks = blocks.map(|words| (words, Place::Body(text.file, text.offset)));
        let mut forms: Vec<(usize, bool, String)> = Vec::new();
        for (number, name) in names.iter().enumerate() {
            let official = name.official.find(lang).map(|form| (number, true, plain(form)));
            let also = name.also.and_then(|also| also.get(&lang)).into_iter().flatten();
            forms.extend(official.into_iter().chain(also.map(|form| (number, false, plain(form)))));
        }
        // The longest first: a short form may be part of another name.
        forms.sort_by_key(|(number, _, form)| (std::cmp::Reverse(form.len()), *number));
        let mut side = Side { official: BTreeMap::new(), used: BTreeSet::new(), texts: Vec::new() };
        for (words, place) in values.chain(blocks) {
            let mut rest = plain(&words.text);
            for (number, is_official, form) in forms.iter().filter(|(_, _, form)| !form.is_empty()) {
                while let Some(start) = find(&rest, form) {
                    let range = start..start + form.len();
                    if *is_official {
                        side.official.entry(*number).or_insert_with(|| place.span(&words, range.clone()));
                    }
                    side.used.insert(*number);
                    rest.replace_range(range, &BLOT.repeat(form.len()));
                }
            }
            side.texts.push((rest, words, place));
        }
        side
    }

    /// Another rendering of a name, and where it stands.
    fn rendering(&self, official: &str) -> Option<(String, Span)> {
        let official = plain(official);
        for (rest, words, place) in &self.texts {
            let range = match official.is_ascii() {
                true => similar_words(rest, &words.text, &official),
                false => similar_letters(rest, &official),
            };
            if let Some(range) = range {
                return Some((words.text[range.clone()].to_owned(), place.span(words, range)));
            }
        }
        None
    }
}

/// A text as it is compared; each byte stays where it is.
fn plain(text: &str) -> String {
    text.to_ascii_lowercase().replace('\n', " ")
}

/// Where a form stands in a text, as words of their own where it is in Latin letters. A plural is the same name.
fn find(text: &str, form: &str) -> Option<usize> {
    let is_latin = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric());
    let is_apart = |start: &usize| {
        let (before, after) = (&text[..*start], &text[start + form.len()..]);
        let after = after.strip_prefix('s').unwrap_or(after);
        let goes_on_before = is_latin(form.chars().next()) && is_latin(before.chars().next_back());
        let goes_on_behind = is_latin(form.chars().next_back()) && is_latin(after.chars().next());
        !goes_on_before && !goes_on_behind
    };
    text.match_indices(form).map(|(start, _)| start).find(is_apart)
}

/// Words that begin and end with a capital letter and are mostly those of a name of three words or more.
fn similar_words(rest: &str, written: &str, official: &str) -> Option<Range<usize>> {
    let stem = |word: &str| word.trim_end_matches('s').to_owned();
    let name: Vec<String> = official.split(' ').map(stem).collect();
    if name.len() < 3 {
        return None;
    }
    let mut words: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    for part in rest.split_inclusive(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '\'') {
        let word = part.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        if !word.is_empty() {
            words.push(at..at + word.len());
        }
        at += part.len();
    }
    let is_name = |range: &Range<usize>| written[range.clone()].starts_with(|c: char| c.is_ascii_uppercase());
    for length in [name.len(), name.len() - 1, name.len() + 1] {
        for window in words.windows(length) {
            let (first, last) = (&window[0], &window[length - 1]);
            let is_joined = window.windows(2).all(|pair| &rest[pair[0].end..pair[1].start] == " ");
            if !is_joined || !is_name(first) || !is_name(last) {
                continue;
            }
            let mut wanted = name.clone();
            let met = window.iter().filter(|range| {
                let at = wanted.iter().position(|word| *word == stem(&rest[(*range).clone()]));
                at.map(|at| wanted.remove(at)).is_some()
            });
            if met.count() * 5 >= name.len() * 3 {
                return Some(first.start..last.end);
            }
        }
    }
    None
}

/// Letters that are nearly those of a name in Chinese.
fn similar_letters(rest: &str, official: &str) -> Option<Range<usize>> {
    let length = official.chars().count();
    if length < SHORTEST {
        return None;
    }
    let letters: Vec<(usize, char)> = rest.char_indices().collect();
    let mut best: Option<(usize, Range<usize>)> = None;
    for size in [length, length - 1, length + 1] {
        for window in letters.windows(size) {
            if !window.iter().all(|(_, letter)| letter.is_alphanumeric() && !letter.is_ascii()) {
                continue;
            }
            let (start, last) = (window[0].0, window[size - 1]);
            let range = start..last.0 + last.1.len_utf8();
            let distance = levenshtein(&rest[range.clone()], official);
            let ends_alike = official.ends_with(last.1) || official.starts_with(window[0].1);
            if distance * 4 <= length
                && ends_alike
                && best.as_ref().is_none_or(|(least, _)| distance < *least)
            {
                best = Some((distance, range));
            }
        }
    }
    best.map(|(_, range)| range)
}
