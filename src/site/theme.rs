//! A theme: templates, files, and the interface words of every language.
//!
//! Turns what a page shows into HTML. What is wrong with a template or a word becomes a problem with
//! its place in the theme.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::{Serialize, Serializer};
use tera::{ErrorKind, Kwargs, ReportError, State, Tera, TeraResult, Value};

use super::asset::Assets;
use super::card::CardFont;
use crate::data::{Spanned, decode_file};
use crate::lang::{Catalog, Lang, fill};
use crate::source::{Failure, FileId, Files, Report, Span, nearest};

/// A theme that was read.
pub struct Theme {
    tera: Tera,
    /// The files of the templates, by name.
    templates: BTreeMap<String, FileId>,
    languages: BTreeMap<Lang, Language>,
    assets: Assets,
    card_font: Option<CardFont>,
}

struct Language {
    catalog: Catalog,
    /// The words as templates see them.
    words: Value,
}

impl Theme {
    /// Reads the theme `themes/NAME` with its words in each of the languages. Reports what is wrong with
    /// it; without templates that can be used there is no theme.
    ///
    /// Templates are the files `*.html`, `*.xml` and `*.txt` in `templates/` or at the top; words are in
    /// `LANG.yaml` at the top; what lies in `static/` is published; `card.otf` or `card.ttf` at the top is
    /// the font of its cards.
    pub fn load(
        report: &mut Report,
        files: &Files,
        name: &str,
        languages: &[Lang],
    ) -> Result<Option<Theme>, Failure> {
        let folder = format!("themes/{name}");
        let paths = files.list(&folder)?;
        if paths.is_empty() {
            report_no_theme(report, files, name)?;
            return Ok(None);
        }
        let mut sources: BTreeMap<String, (FileId, String)> = BTreeMap::new();
        let mut statics: Vec<(String, FileId)> = Vec::new();
        let mut card_font = None;
        for path in &paths {
            let below = &path[folder.len() + 1..];
            if let Some(name) = below.strip_prefix("static/") {
                statics.push((name.to_owned(), files.id(path)));
            } else if ["card.otf", "card.ttf"].contains(&below) {
                card_font = read_card_font(report, files, files.id(path))?;
            } else if let Some(name) = template_name(below) {
                let file = files.id(path);
                if let Some(text) = read_template(report, files, file)? {
                    sources.insert(name.to_owned(), (file, text));
                }
            }
        }
        let mut words: BTreeMap<Lang, Group> = BTreeMap::new();
        for &lang in languages {
            let path = format!("{folder}/{lang}.yaml");
            if !paths.contains(&path) {
                report
                    .error("missing-words", None, format!("no words in `{lang}`"))
                    .hint(format!("write {path}, with the keys of the other languages"));
            } else if let Some(read) = decode_file::<Spanned<Words>>(report, files, &path)? {
                match read.value {
                    Words::Group(group) => {
                        words.insert(lang, group);
                    }
                    Words::Text(_) => {
                        report.error("wrong-type", read.span, "found a text where words by key are expected");
                    }
                }
            }
        }
        compare_words(report, &words);
        for (file, text) in sources.values() {
            find_words(report, *file, text, &words);
        }
        let assets = Assets::read(report, files, &statics)?;
        let templates = sources.iter().map(|(name, (file, _))| (name.clone(), *file)).collect();
        let Some(tera) = compile(report, &sources) else { return Ok(None) };
        let languages = words.into_iter().map(|(lang, group)| (lang, Language::new(&group))).collect();
        Ok(Some(Theme { tera, templates, languages, assets, card_font }))
    }

    /// The interface words of a language.
    pub fn catalog(&self, lang: Lang) -> Option<&Catalog> {
        self.languages.get(&lang).map(|language| &language.catalog)
    }

    /// The files that are published beside the pages.
    pub fn assets(&self) -> &Assets {
        &self.assets
    }

    /// The font of its cards; a theme without one has no cards.
    pub fn card_font(&self) -> Option<&CardFont> {
        self.card_font.as_ref()
    }

    /// The names of the templates.
    pub fn templates(&self) -> impl Iterator<Item = &str> {
        self.templates.keys().map(String::as_str)
    }

    /// Renders a page with the words of a language, which templates know as `w`. Reports what is wrong.
    pub fn render(
        &self,
        report: &mut Report,
        template: &str,
        lang: Lang,
        view: &impl Serialize,
    ) -> Option<String> {
        let mut context = match tera::Context::from_serialize(view) {
            Ok(context) => context,
            Err(error) => {
                let message = format!("the page for `{template}` cannot be shown ({error})");
                report.error(
                    "template",
                    self.templates.get(template).map(|&file| Span::whole(file)),
                    message,
                );
                return None;
            }
        };
        let Some(language) = self.languages.get(&lang) else {
            report.error("missing-words", None, format!("no words in `{lang}`"));
            return None;
        };
        context.insert_value("w", language.words.clone());
        match self.tera.render(template, &context) {
            Ok(html) => Some(html),
            Err(error) => {
                report_error(report, &self.templates, error.kind());
                None
            }
        }
    }
}

fn report_no_theme(report: &mut Report, files: &Files, name: &str) -> Result<(), Failure> {
    let paths = files.list("themes")?;
    let themes: BTreeSet<&str> = paths.iter().filter_map(|path| path.split('/').nth(1)).collect();
    let draft = report.error("no-theme", None, format!("no theme `{name}`"));
    match nearest(name, themes.iter().copied()) {
        Some(meant) => draft.hint(format!("did you mean `{meant}`?")),
        None => draft.hint(format!("put its templates and words into themes/{name}")),
    };
    Ok(())
}

fn template_name(path: &str) -> Option<&str> {
    let name = path.strip_prefix("templates/").unwrap_or(path);
    let is_template = [".html", ".xml", ".txt"].iter().any(|suffix| name.ends_with(suffix));
    (is_template && (name != path || !path.contains('/'))).then_some(name)
}

fn read_template(report: &mut Report, files: &Files, file: FileId) -> Result<Option<String>, Failure> {
    let Ok(text) = String::from_utf8(files.read(file)?) else {
        report
            .error("template", Span::whole(file), "a template that is not UTF-8")
            .hint("save the file as UTF-8");
        return Ok(None);
    };
    let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
    files.keep_text(file, text.as_str());
    Ok(Some(text))
}

fn read_card_font(report: &mut Report, files: &Files, file: FileId) -> Result<Option<CardFont>, Failure> {
    let font = CardFont::new(files.read(file)?);
    if font.is_none() {
        report
            .error("asset", Span::whole(file), "not a font in OpenType or TrueType format")
            .hint("cards are drawn with it: put another font here, or take the file away to have no cards");
    }
    Ok(font)
}

/// Compiles the templates. All that cannot be read are reported; what binds them together is looked at
/// when each can be read.
fn compile(report: &mut Report, sources: &BTreeMap<String, (FileId, String)>) -> Option<Tera> {
    let files: BTreeMap<String, FileId> =
        sources.iter().map(|(name, (file, _))| (name.clone(), *file)).collect();
    let mut sound = true;
    for (name, (_, text)) in sources {
        if let Err(error) = Tera::new().add_raw_template(name, text)
            && let ErrorKind::SyntaxError(_) = error.kind()
        {
            report_error(report, &files, error.kind());
            sound = false;
        }
    }
    if !sound {
        return None;
    }
    let mut tera = Tera::new();
    // Every suffix: text that comes from data is never markup.
    tera.autoescape_on([""]);
    tera.register_filter("safe", safe_filter);
    tera.register_filter("fill", fill_filter);
    tera.register_filter("plural", plural_filter);
    tera.register_filter("number", |number: i64, _: Kwargs, _: &State| grouped(number));
    let added = tera.add_raw_templates(sources.iter().map(|(name, (_, text))| (name, text)));
    match added {
        Ok(()) => Some(tera),
        Err(error) => {
            match error.kind() {
                ErrorKind::Msg(joined) if joined.starts_with("error: ") => {
                    report_joined(report, sources, joined)
                }
                kind => report_error(report, &files, kind),
            }
            None
        }
    }
}

/// Puts an error of the template engine into the report, with its place.
fn report_error(report: &mut Report, files: &BTreeMap<String, FileId>, kind: &ErrorKind) {
    let whole = |name: &str| files.get(name).map(|&file| Span::whole(file));
    match kind {
        ErrorKind::SyntaxError(error) | ErrorKind::RenderingError(error) => {
            let span = files.get(error.filename()).map(|&file| {
                let range = error.span().range.clone();
                Span::text(file, range.start, range.end.max(range.start + 1))
            });
            let (message, hint) = in_our_words(error);
            let draft = report.error("template", span, message);
            if let Some(hint) = hint {
                draft.hint(hint);
            }
        }
        ErrorKind::CircularExtend { tpl, inheritance_chain } => {
            let chain = inheritance_chain.join(" → ");
            report.error("template", whole(tpl), format!("`{tpl}` extends itself ({chain})"));
        }
        ErrorKind::CircularInclude { tpl, include_chain } => {
            let chain = include_chain.join(" → ");
            report.error("template", whole(tpl), format!("`{tpl}` includes itself ({chain})"));
        }
        ErrorKind::MissingParent { current, parent } => {
            let message = format!("`{current}` extends `{parent}`, which is not in the theme");
            suggest(report.error("template", whole(current), message), parent, files);
        }
        ErrorKind::TemplateNotFound(name) => {
            suggest(
                report.error("template", None, format!("no template `{name}` in the theme")),
                name,
                files,
            );
        }
        other => {
            report.error("template", None, lowercase(&other.to_string()));
        }
    }
}

fn suggest(draft: crate::source::Draft<'_>, name: &str, files: &BTreeMap<String, FileId>) {
    if let Some(meant) = nearest(name, files.keys().map(String::as_str)) {
        draft.hint(format!("did you mean `{meant}`?"));
    }
}

/// Names that are used and not there are found for all templates at once. They come as one text:
/// `error: MESSAGE`, `--> NAME:LINE:COLUMN` and an excerpt each.
fn report_joined(report: &mut Report, sources: &BTreeMap<String, (FileId, String)>, joined: &str) {
    let mut message = "";
    for line in joined.lines() {
        if let Some(found) = line.strip_prefix("error: ") {
            message = found;
            continue;
        }
        let Some(place) = line.trim_start().strip_prefix("--> ") else { continue };
        let mut parts = place.rsplitn(3, ':');
        let (column, line, name) = (parts.next(), parts.next(), parts.next());
        let Some((file, text)) = name.and_then(|name| sources.get(name)) else { continue };
        let number = |part: Option<&str>| part.and_then(|part| part.parse::<usize>().ok()).unwrap_or(1) - 1;
        let begin = text.split_inclusive('\n').take(number(line)).map(str::len).sum::<usize>();
        let before = text[begin..].chars().take(number(column)).map(char::len_utf8).sum::<usize>();
        let start = begin + before;
        let name_length = message.split('`').nth(1).map_or(1, str::len);
        report.error("template", Span::text(*file, start, start + name_length), lowercase(message));
    }
}

fn in_our_words(error: &ReportError) -> (String, Option<String>) {
    // What is there instead stands behind the first sentence.
    match error.message().split_once(". Available ") {
        Some((message, available)) => (lowercase(message), Some(format!("there are {available}"))),
        None => (lowercase(error.message()), None),
    }
}

fn lowercase(message: &str) -> String {
    let mut letters = message.trim_end_matches('.').chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// `{{ body | safe }}`: HTML that is put out as it is. The engine's own filter makes nothing of a name
/// that is not defined, where this one objects.
fn safe_filter(html: &Value, _: Kwargs, _: &State) -> TeraResult<Value> {
    match html.as_str() {
        Some(html) => Ok(Value::safe_string(html)),
        None if html.is_undefined() => Err(tera::Error::message("`safe` wants a value that is defined")),
        None => Ok(html.clone()),
    }
}

/// `{{ w.list.showing | fill(n=5, total=10) }}`: puts values into the places of a word. The numbers `n`
/// and `total` are written with their thousands apart.
fn fill_filter(word: &str, values: Kwargs, _: &State) -> TeraResult<String> {
    filled(word, &values)
}

/// `{{ w.list.entries | plural(n=5) }}`: the form of a word for a number, its places filled. A language
/// with one form has the word itself.
fn plural_filter(word: &Value, values: Kwargs, _: &State) -> TeraResult<String> {
    let number = values.must_get::<i64>("n")?;
    if word.as_map().is_none() {
        return match word.as_str() {
            Some(word) => filled(word, &values),
            None => Err(tera::Error::message("`plural` wants a word or its forms `one` and `other`")),
        };
    }
    let form = |name| word.get_from_path(name).and_then(Value::as_str);
    let chosen = if number == 1 { form("one").or(form("other")) } else { form("other") };
    match chosen {
        Some(word) => filled(word, &values),
        None => Err(tera::Error::message("`plural` wants a word with a form `other`")),
    }
}

fn filled(word: &str, values: &Kwargs) -> TeraResult<String> {
    let mut texts: Vec<(String, String)> = Vec::new();
    for (name, value) in values.iter() {
        let name = name.to_string();
        if value.is_undefined() || value.is_none() {
            return Err(tera::Error::message(format!("the value for `{{{name}}}` is not defined")));
        }
        if !word.contains(&format!("{{{name}}}")) && name != "n" {
            return Err(tera::Error::message(format!("`{word}` has no place `{{{name}}}`")));
        }
        let text = match value.as_i64() {
            Some(number) if name == "n" || name == "total" => grouped(number),
            _ => value.to_string(),
        };
        texts.push((name, text));
    }
    for place in places(word) {
        if !texts.iter().any(|(name, _)| *name == place) {
            return Err(tera::Error::message(format!("nothing is given for `{{{place}}}` of `{word}`")));
        }
    }
    let values: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    Ok(fill(word, &values))
}

/// The names of the `{name}` places of a word.
fn places(word: &str) -> BTreeSet<&str> {
    let names = word.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name);
    names
        .filter(|name| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'))
        .collect()
}

/// A number with its thousands apart: `1,234`.
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "-" } else { "" });
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

type Group = BTreeMap<String, Spanned<Words>>;

/// A word, or words by key.
#[derive(Clone, Debug)]
enum Words {
    Text(String),
    Group(Group),
}

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Words, D::Error> {
        struct WordsVisitor;

        impl<'de> Visitor<'de> for WordsVisitor {
            type Value = Words;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a block of keys")
            }

            fn visit_str<E>(self, text: &str) -> Result<Words, E> {
                Ok(Words::Text(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Words, A::Error> {
                let mut group = Group::new();
                while let Some((key, words)) = entries.next_entry::<String, Spanned<Words>>()? {
                    group.insert(key, words);
                }
                Ok(Words::Group(group))
            }
        }

        deserializer.deserialize_any(WordsVisitor)
    }
}

impl Serialize for Words {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Words::Text(text) => serializer.serialize_str(text),
            Words::Group(group) => {
                serializer.collect_map(group.iter().map(|(key, words)| (key, &words.value)))
            }
        }
    }
}

impl Language {
    fn new(group: &Group) -> Language {
        let words = Words::Group(group.clone());
        let mut texts = BTreeMap::new();
        collect("", group, &mut |key, text, _| {
            texts.insert(key.to_owned(), text.to_owned());
        });
        Language { catalog: Catalog::new(texts), words: Value::from_serializable(&words) }
    }
}

fn collect<'g>(prefix: &str, group: &'g Group, visit: &mut dyn FnMut(&str, &'g str, Span)) {
    for (key, words) in group {
        let key = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match &words.value {
            Words::Text(text) => visit(&key, text, words.span),
            Words::Group(group) => collect(&key, group, visit),
        }
    }
}

/// The form that every word with forms has; `one` is a matter of each language.
const OTHER: &str = ".other";

/// Reports words that one language has and another has not, and words whose places differ.
fn compare_words(report: &mut Report, languages: &BTreeMap<Lang, Group>) {
    struct Word<'g> {
        text: &'g str,
        span: Span,
    }
    let mut keys: BTreeMap<String, BTreeMap<Lang, Word<'_>>> = BTreeMap::new();
    for (&lang, group) in languages {
        collect("", group, &mut |key, text, span| {
            if text.trim().is_empty() {
                report.error("missing-words", span, format!("the word `{key}` is empty in `{lang}`"));
            }
            if let Some(word) = key.strip_suffix(".one") {
                let other = format!("{word}{OTHER}");
                if !has(group, &other) {
                    report
                        .error(
                            "missing-words",
                            span,
                            format!("the word `{word}` has a form `one` and no `other`"),
                        )
                        .hint("write the form for every other number under `other`");
                }
                return;
            }
            let key = key.strip_suffix(OTHER).unwrap_or(key);
            keys.entry(key.to_owned()).or_default().insert(lang, Word { text, span });
        });
    }
    for (key, words) in &keys {
        let (has_it, word) = words.first_key_value().expect("a key is put in with its first word");
        for lang in languages.keys() {
            match words.get(lang) {
                None => {
                    report
                        .error("missing-words", word.span, format!("the word `{key}` is missing in `{lang}`"))
                        .label(format!("it is here in `{has_it}`"))
                        .hint(format!("add `{key}` to {lang}.yaml"));
                }
                Some(other) if places(other.text) != places(word.text) => {
                    let list = |word: &Word<'_>| {
                        let names: Vec<String> =
                            places(word.text).iter().map(|name| format!("{{{name}}}")).collect();
                        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
                    };
                    report
                        .error(
                            "missing-words",
                            other.span,
                            format!("the word `{key}` has other places in `{lang}`"),
                        )
                        .label(format!("here: {}; in `{has_it}`: {}", list(other), list(word)));
                }
                Some(_) => {}
            }
        }
    }
}

/// Whether there is a word or a group of a dotted key.
fn has(group: &Group, key: &str) -> bool {
    let (first, rest) = match key.split_once('.') {
        Some((first, rest)) => (first, Some(rest)),
        None => (key, None),
    };
    match (group.get(first).map(|words| &words.value), rest) {
        (Some(_), None) => true,
        (Some(Words::Group(inner)), Some(rest)) => has(inner, rest),
        _ => false,
    }
}

/// Reports words that a template uses and no catalog has, also where the template is not rendered.
fn find_words(report: &mut Report, file: FileId, text: &str, languages: &BTreeMap<Lang, Group>) {
    let Some(group) = languages.values().next() else { return };
    for (start, key) in words_used(text) {
        if has(group, key) {
            continue;
        }
        let mut keys: BTreeSet<String> = BTreeSet::new();
        collect("", group, &mut |key, _, _| {
            keys.insert(key.strip_suffix(OTHER).unwrap_or(key).to_owned());
        });
        let span = Span::text(file, start, start + "w.".len() + key.len());
        let draft = report.error("unknown-word", span, format!("no word `{key}` in the theme"));
        match nearest(key, keys.iter().map(String::as_str)) {
            Some(meant) => draft.label(format!("did you mean `w.{meant}`?")),
            None => draft.hint("add it to the words of every language"),
        };
    }
}

/// The keys `a.b` of all `w.a.b` in the code of a template, with where they begin. What a template
/// computes (`w.award[level]`) ends a key.
fn words_used(text: &str) -> Vec<(usize, &str)> {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find('{') {
        at += open;
        let close = match text.as_bytes().get(at + 1) {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            Some(b'#') => {
                at += text[at..].find("#}").unwrap_or(text.len() - at);
                continue;
            }
            _ => {
                at += 1;
                continue;
            }
        };
        let end = text[at..].find(close).map_or(text.len(), |end| at + end);
        let code = &text[at..end];
        let bytes = code.as_bytes();
        for (begin, _) in code.match_indices("w.") {
            let before = begin.checked_sub(1).map(|before| bytes[before]);
            if before.is_some_and(|byte| is_name(byte) || byte == b'.') || quoted(code, begin) {
                continue;
            }
            let key = &code[begin + 2..];
            let length = key.bytes().position(|byte| !is_name(byte) && byte != b'.').unwrap_or(key.len());
            let key = key[..length].trim_end_matches('.');
            if !key.is_empty() {
                found.push((at + begin, key));
            }
        }
        at = end;
    }
    found
}

/// Whether a place in code lies between quotation marks.
fn quoted(code: &str, at: usize) -> bool {
    let mut open: Option<char> = None;
    for letter in code[..at].chars() {
        match open {
            Some(mark) if mark == letter => open = None,
            None if matches!(letter, '"' | '\'' | '`') => open = Some(letter),
            _ => {}
        }
    }
    open.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_code_only() {
        let text =
            "w.no {{ w.nav.home | fill(x=w.a) }} {# w.no #} {% if x.w.no and w.b[w.c] == 'w.no' %} {w.no}";
        let keys: Vec<&str> = words_used(text).into_iter().map(|(_, key)| key).collect();
        assert_eq!(keys, ["nav.home", "a", "b", "c"]);
    }

    #[test]
    fn thousands_are_apart() {
        let texts = [0, 12, 999, 1000, 1_234_567, -1234].map(grouped);
        assert_eq!(texts, ["0", "12", "999", "1,000", "1,234,567", "-1,234"]);
    }
}
