//! A theme: templates, files, and the interface words of every language.
//!
//! Turns what a page shows into HTML. What is wrong with a template or a word becomes a problem with
//! its place in the theme.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, OnceLock};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tera::{ErrorKind, Kwargs, State, Tera, TeraResult, Value};

use super::asset::{Assets, Source};
use super::card::CardFont;
use super::context::Shape;
use super::template_blocks::report_unused_blocks;
use super::template_error::{SAFE_OF_NOTHING, report_error, report_joined, report_undefined};
use super::words::{
    Group, Words, collect, compare_words, find_words, group_of, missing_words, overlay, places, plain_words,
};
use crate::data::{Spanned, decode_file};
use crate::lang::{Catalog, FORMS, Lang, Plurals, fill_isolated};
use crate::source::{
    Failure, FileId, Files, Message, Report, Span, code, list, meant_name, nearest, report_conflict, say,
};

/// A theme that was read.
pub struct Theme {
    tera: Tera,
    /// The files of the templates, by name.
    templates: BTreeMap<String, FileId>,
    /// The same with their texts.
    sources: Templates,
    languages: BTreeMap<Lang, Language>,
    assets: Assets,
    /// What each template was given, where that is asked for.
    seen: OnceLock<Mutex<BTreeMap<String, Shape>>>,
    card_font: Option<CardFont>,
}

struct Language {
    catalog: Catalog,
    /// The words as templates see them.
    words: Value,
    group: Group,
}

impl Language {
    fn new(lang: Lang, group: &Group) -> Language {
        let mut texts = BTreeMap::new();
        collect("", group, &mut |key, text, _| {
            texts.insert(key.to_owned(), text.to_owned());
        });
        // Filters are told the language by a word whose name no template can say.
        let mut words = group.clone();
        let group = group.clone();
        let span = words.values().next().map(|words| words.span);
        words.extend(
            span.map(|span| (LANGUAGE.to_owned(), Spanned { value: Words::Text(lang.to_string()), span })),
        );
        Language {
            catalog: Catalog::new(lang, texts),
            words: Value::from_serializable(&Words::Group(words)),
            group,
        }
    }
}

/// The name under which the code of the language stands among the words.
const LANGUAGE: &str = "";

/// The file `theme.yaml`.
#[derive(Deserialize, JsonSchema, Clone, Default, Debug)]
#[serde(deny_unknown_fields)]
pub struct ThemeFile {
    /// The theme that this one extends. Its files and words are used unless this theme has its own.
    #[serde(default)]
    extends: Option<Spanned<String>>,
}

/// A theme's folder among those that lie over one another, with the paths of its files.
struct Layer {
    name: String,
    paths: Vec<String>,
}

impl Layer {
    /// The paths of its files, with their names below its folder.
    fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        let folder = "themes/".len() + self.name.len() + 1;
        self.paths.iter().map(move |path| (path.as_str(), &path[folder..]))
    }
}

impl Theme {
    /// Reads the theme `themes/NAME` with its words in each of the languages. Reports what is wrong with
    /// it; without templates that can be used there is no theme.
    ///
    /// Templates are the files `*.html`, `*.xml` and `*.txt` in `templates/` or at the top; words are in
    /// `LANG.yaml` at the top; what lies in `css/`, `js/` and `static/` is published; `card.otf` or `card.ttf` at the
    /// top is the font of its cards. A theme whose `theme.yaml` says
    /// `extends: OTHER` lies over that theme: it has only what differs. Its templates replace those of the
    /// same name, and may extend them as `OTHER/NAME.html`; its styles replace styles, and may import them as
    /// `OTHER/NAME.css`; its files replace files, its words words.
    pub fn load(
        report: &mut Report,
        files: &Files,
        name: &str,
        languages: &[Lang],
    ) -> Result<Option<Theme>, Failure> {
        let Some(layers) = read_layers(report, files, name)? else { return Ok(None) };
        let Some(sources) = read_templates(report, files, &layers)? else { return Ok(None) };
        let mut assets: BTreeMap<String, Source> = BTreeMap::new();
        let mut below: Vec<Source> = Vec::new();
        let mut words: BTreeMap<Lang, Group> = BTreeMap::new();
        let mut words_are_sound = true;
        let mut card_font = None;
        for (height, layer) in layers.iter().rev().enumerate() {
            for (path, place) in layer.files() {
                if let Some(name) = Source::name_of(place) {
                    let source = |name| Source { name, path: place.to_owned(), file: files.id(path) };
                    assets.insert(name.to_owned(), source(name.to_owned()));
                    if height + 1 < layers.len() && name.ends_with(".css") {
                        below.push(source(format!("{}/{name}", layer.name)));
                    }
                } else if ["card.otf", "card.ttf"].contains(&place) {
                    card_font = read_card_font(report, files, files.id(path))?;
                }
            }
            for &lang in languages {
                let path = format!("themes/{}/{lang}.yaml", layer.name);
                if !layer.paths.contains(&path) {
                    continue;
                }
                let Some(read) = decode_file::<Spanned<Words>>(report, files, &path)? else {
                    words_are_sound = false;
                    continue;
                };
                match read.value.value {
                    Words::Group(group) => overlay(words.entry(lang).or_default(), group),
                    Words::Text(_) => {
                        report.error(
                            code::WRONG_TYPE,
                            read.span,
                            say!("expected a mapping of words, found text"),
                        );
                    }
                }
            }
        }
        if !words_are_sound {
            // Every page would lack the words of that language.
            return Ok(None);
        }
        for lang in languages {
            let there = |layer: &Layer| layer.paths.contains(&format!("themes/{}/{lang}.yaml", layer.name));
            if !layers.iter().any(there) {
                report.error(code::MISSING_WORDS, None, say!("no words for `{lang}`", lang)).hint(say!(
                    "create themes/{name}/{lang}.yaml with the same keys as the other languages",
                    name,
                    lang
                ));
            }
        }
        for layer in &layers {
            report_strays(report, files, layer, languages);
        }
        compare_words(report, &words);
        for (file, text) in sources.values() {
            find_words(report, *file, text, &words);
        }
        let assets: Vec<Source> = assets.into_values().collect();
        let assets = Assets::read(report, files, &assets, &below)?;
        let templates = sources.iter().map(|(name, (file, _))| (name.clone(), *file)).collect();
        let below: Vec<String> = layers[1..].iter().map(|layer| format!("{}/", layer.name)).collect();
        let Some(tera) = compile(report, &sources, below) else { return Ok(None) };
        let languages = words.into_iter().map(|(lang, group)| (lang, Language::new(lang, &group))).collect();
        Ok(Some(Theme { tera, templates, sources, languages, assets, card_font, seen: OnceLock::new() }))
    }

    /// Adds the words of `own`, the file of words in a language that the program carries, that the theme has not: one
    /// that was copied from an earlier program lacks those that were added since. Reports them.
    pub fn complete(&mut self, report: &mut Report, files: &Files, lang: Lang, own: &str) {
        let Some(language) = self.languages.get_mut(&lang) else { return };
        let Some(first) = language.group.values().next() else { return };
        let file = first.span.file;
        let own: serde_yaml::Value = serde_yaml::from_str(own).expect("the program's own words are sound");
        let mut group = group_of(&own, Span::whole(file));
        let missing = missing_words(&group, &language.group);
        if missing.is_empty() {
            return;
        }
        let path = files.path(file);
        let message = match missing.as_slice() {
            [key] => say!("`{path}` has no word `{key}`", path, key),
            keys => say!("`{path}` has no words {keys}", path, keys = list(keys)),
        };
        report.warning(code::MISSING_WORDS, Span::whole(file), message).hint(say!(
            "the program's own words are shown; copy them from themes/canton/{lang}.yaml of a new site (`jinbang init`)",
            lang
        ));
        overlay(&mut group, std::mem::take(&mut language.group));
        *language = Language::new(lang, &group);
    }

    /// The interface words of a language.
    pub fn catalog(&self, lang: Lang) -> Option<&Catalog> {
        self.languages.get(&lang).map(|language| &language.catalog)
    }

    /// Every word by its key, with what it is in each language that has it, and where; of a word with several forms
    /// the form for most numbers.
    pub fn words(&self) -> BTreeMap<String, BTreeMap<Lang, (String, Span)>> {
        let mut words: BTreeMap<String, BTreeMap<Lang, (String, Span)>> = BTreeMap::new();
        for (&lang, language) in &self.languages {
            plain_words(&language.group, &mut |key, text, span| {
                words.entry(key.to_owned()).or_default().insert(lang, (text.to_owned(), span));
            });
        }
        words
    }

    /// The files that are published beside the pages.
    pub fn assets(&self) -> &Assets {
        &self.assets
    }

    /// Begins to note what templates are given.
    pub fn record(&self) {
        self.seen.get_or_init(Mutex::default);
    }

    /// What each template was given since [`Theme::record`], in English where that is a language of the site.
    pub fn recorded(&self) -> BTreeMap<String, Shape> {
        self.seen
            .get()
            .map(|seen| seen.lock().expect("nothing panics with the lock").clone())
            .unwrap_or_default()
    }

    fn note(&self, template: &str, lang: Lang, view: &impl Serialize) {
        let Some(seen) = self.seen.get() else { return };
        let told = if self.languages.contains_key(&Lang::EN) { lang == Lang::EN } else { true };
        if let Ok(value) = serde_json::to_value(view)
            && told
        {
            let mut seen = seen.lock().expect("nothing panics with the lock");
            seen.entry(template.to_owned()).or_default().learn(&value);
        }
    }

    /// The font of its cards; a theme without one has no cards.
    pub fn card_font(&self) -> Option<&CardFont> {
        self.card_font.as_ref()
    }

    /// The templates that no page has, of the names `asked`, and no other template names: none of their words is ever
    /// shown. What defines components is named by none.
    pub fn idle_templates(&self, asked: &[&str]) -> Vec<FileId> {
        let is_idle = |(name, (_, text)): &(&String, &(FileId, String))| {
            let own = name.rsplit('/').next().unwrap_or(name);
            let named = [format!("{own}\""), format!("{own}'")];
            let names = |text: &str| named.iter().any(|named| text.contains(named));
            !asked.contains(&own)
                && !text.contains("endcomponent")
                && self.sources.iter().all(|(other, (_, text))| other == *name || !names(text))
        };
        self.sources.iter().filter(is_idle).map(|(_, (file, _))| *file).collect()
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
                let message = say!(
                    "the page of `{template}` cannot be rendered ({why})",
                    template,
                    why = Message::foreign(error)
                );
                report.error(
                    code::TEMPLATE,
                    self.templates.get(template).map(|&file| Span::whole(file)),
                    message,
                );
                return None;
            }
        };
        let Some(language) = self.languages.get(&lang) else {
            report.error(code::MISSING_WORDS, None, say!("no words for `{lang}`", lang));
            return None;
        };
        context.insert_value("w", language.words.clone());
        self.note(template, lang, view);
        match self.tera.render(template, &context) {
            Ok(html) => Some(html),
            Err(error) => {
                if !report_undefined(report, &self.sources, error.kind(), &context) {
                    report_error(report, &self.templates, error.kind());
                }
                None
            }
        }
    }
}

/// The folders of a theme and of those that it lies over, the uppermost first.
fn read_layers(report: &mut Report, files: &Files, name: &str) -> Result<Option<Vec<Layer>>, Failure> {
    let mut layers: Vec<Layer> = Vec::new();
    let mut next = Some((name.to_owned(), None));
    while let Some((name, span)) = next.take() {
        let paths = files.list(&format!("themes/{name}"))?;
        if paths.is_empty() {
            report_no_theme(report, files, &name, span)?;
            return Ok(None);
        }
        if layers.iter().any(|layer| layer.name == name) {
            let message = say!("the theme `{name}` extends itself", name);
            report
                .error(code::NO_THEME, span, message)
                .hint(say!("choose another theme, or remove `extends`"));
            return Ok(None);
        }
        let path = format!("themes/{name}/theme.yaml");
        if paths.contains(&path) {
            let file = decode_file::<ThemeFile>(report, files, &path)?;
            next = file.and_then(|file| file.value.extends).map(|under| (under.value, Some(under.span)));
        }
        layers.push(Layer { name, paths });
    }
    Ok(Some(layers))
}

/// Templates by name, with their files and texts.
type Templates = BTreeMap<String, (FileId, String)>;

/// The templates of all layers. Those of the uppermost are known by their names, those of the others as
/// `LAYER/NAME`, and by their names where no layer above has one. A template that is replaced and that
/// nobody asks for is left out: it need not fit the others any more. None where one cannot be read, without which
/// nothing can be said of the others.
fn read_templates(
    report: &mut Report,
    files: &Files,
    layers: &[Layer],
) -> Result<Option<Templates>, Failure> {
    let mut sources = Templates::new();
    let mut replaced: Vec<String> = Vec::new();
    let mut names: BTreeSet<&str> = BTreeSet::new();
    let mut sound = true;
    for (depth, layer) in layers.iter().enumerate() {
        let prefix = if depth == 0 { String::new() } else { format!("{}/", layer.name) };
        for (path, below) in layer.files() {
            let Some(name) = template_name(below) else { continue };
            let file = files.id(path);
            let Some(text) = read_template(report, files, file)? else {
                sound = false;
                continue;
            };
            let known = format!("{prefix}{name}");
            if !names.insert(name) {
                replaced.push(known.clone());
            }
            sources.insert(known, (file, text));
        }
    }
    for name in replaced {
        let named = [format!("{name}\""), format!("{name}'")];
        let asked = |(other, (_, text)): (&String, &(FileId, String))| {
            *other != name && named.iter().any(|named| text.contains(named))
        };
        if !sources.iter().any(asked) {
            sources.remove(&name);
        }
    }
    Ok(sound.then_some(sources))
}

/// Reports files of a theme that are not read: words and settings whose name is not quite right, and others. What
/// describes the theme to people may lie beside it.
fn report_strays(report: &mut Report, files: &Files, layer: &Layer, languages: &[Lang]) {
    let words: Vec<String> = languages.iter().map(|lang| format!("{lang}.yaml")).collect();
    let fixed = ["theme.yaml", "card.otf", "card.ttf"];
    let is_there = |name: &str| layer.paths.contains(&format!("themes/{}/{name}", layer.name));
    for (path, name) in layer.files() {
        let stem = name.strip_suffix(".yaml");
        let is_words = stem.is_some_and(|stem| stem.parse::<Lang>().is_ok());
        let is_read =
            Source::name_of(name).is_some() || template_name(name).is_some() || fixed.contains(&name);
        if is_read || is_words || is_about_theme(name) {
            continue;
        }
        // Codes of languages are so short that any two are alike.
        let same_word =
            |known: &&String| meant_name(name, [known.as_str()], is_there).is_some() && is_spelt(name, known);
        let meant = meant_name(name, fixed, is_there).or(words.iter().find(same_word).map(String::as_str));
        let span = Span::whole(files.id(path));
        match meant {
            Some(meant) => {
                let right = format!("themes/{}/{meant}", layer.name);
                let message = say!("`{path}` is not used: it should be `{right}`", path, right);
                let draft = report.error(code::MISNAMED_FILE, span, message);
                match is_there(meant) {
                    true => draft.hint(say!("`{right}` exists too: keep one of the two", right)),
                    false => draft.hint(say!("rename it")),
                }
            }
            None => report
                .warning(code::STRAY_FILE, span, say!("`{path}` is not used", path))
                .hint(say!("templates are .html, .xml or .txt files; files to be published belong in themes/{theme}/static", theme = layer.name)),
        };
    }
}

/// Whether a name begins as another one does up to its ending, in letters of any case.
fn is_spelt(name: &str, known: &str) -> bool {
    let stem = |name: &str| name.split('.').next().unwrap_or_default().trim().to_lowercase();
    stem(name) == stem(known)
}

/// Whether a file at the top of a theme tells people of it: how it is used, what it looks like, who may use it.
fn is_about_theme(name: &str) -> bool {
    let name = name.to_lowercase();
    let is_about =
        [".md", "license", ".png", ".jpg", ".jpeg", ".webp", ".svg"].iter().any(|end| name.ends_with(end));
    !name.contains('/') && is_about
}

fn report_no_theme(
    report: &mut Report,
    files: &Files,
    name: &str,
    span: Option<Span>,
) -> Result<(), Failure> {
    let paths = files.list("themes")?;
    let themes: BTreeSet<&str> = paths.iter().filter_map(|path| path.split('/').nth(1)).collect();
    let draft = report.error(code::NO_THEME, span, say!("unknown theme `{name}`", name));
    match nearest(name, themes.iter().copied()) {
        Some(meant) => draft.hint(say!("did you mean `{meant}`?", meant)),
        None => draft.hint(say!("put its templates and words into themes/{name}", name)),
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
            .error(code::TEMPLATE, Span::whole(file), say!("the template is not valid UTF-8"))
            .hint(say!("save the file as UTF-8"));
        return Ok(None);
    };
    let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
    files.keep_text(file, text.as_str());
    Ok((!report_conflict(report, file, &text, 0)).then_some(text))
}

fn read_card_font(report: &mut Report, files: &Files, file: FileId) -> Result<Option<CardFont>, Failure> {
    let font = CardFont::new(files.read(file)?);
    if font.is_none() {
        report.error(code::ASSET, Span::whole(file), say!("not a font in OpenType or TrueType format")).hint(
            say!(
                "it is used to draw cards: replace it with another font, or remove the file to have no cards"
            ),
        );
    }
    Ok(font)
}

/// Compiles the templates. All that cannot be read are reported; what binds them together is looked at
/// when each can be read.
fn compile(report: &mut Report, sources: &Templates, below: Vec<String>) -> Option<Tera> {
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
    if !sound || !report_unused_blocks(report, sources, &below) {
        return None;
    }
    let mut tera = Tera::new();
    tera.set_fallback_prefixes(below).expect("no template is there yet");
    // Every suffix: text that comes from data is never markup.
    tera.autoescape_on([""]);
    tera.register_filter("safe", safe_filter);
    tera.register_filter("fill", fill_filter);
    tera.register_filter("plural", plural_filter);
    tera.register_filter("forms", forms_filter);
    tera.register_filter("apart", apart_filter);
    tera.register_filter("address", address_filter);
    tera.register_filter("number", |number: i64, _: Kwargs, state: &State| {
        grouped(number, &group_mark(state))
    });
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

/// `{{ body | safe }}`: HTML that is put out as it is. The engine's own filter makes nothing of a name
/// that is not defined, where this one objects.
fn safe_filter(html: &Value, _: Kwargs, _: &State) -> TeraResult<Value> {
    match html.as_str() {
        Some(html) => Ok(Value::safe_string(html)),
        None if html.is_undefined() => Err(tera::Error::message(SAFE_OF_NOTHING)),
        None => Ok(html.clone()),
    }
}

/// `{{ w.list.showing | fill(n=5, total=10) }}`: puts values into the places of a word. The numbers `n`
/// and `total` are written with their thousands apart.
fn fill_filter(word: &str, values: Kwargs, state: &State) -> TeraResult<String> {
    filled(word, &values, state)
}

/// `{{ w.list.entries | plural(n=5) }}`: the form of a word for a number, its places filled. A language
/// with one form has the word itself.
fn plural_filter(word: &Value, values: Kwargs, state: &State) -> TeraResult<String> {
    let number = values.must_get::<i64>("n")?;
    if word.as_map().is_none() {
        return match word.as_str() {
            Some(word) => filled(word, &values, state),
            None => Err(tera::Error::message("`plural` needs a word or its forms")),
        };
    }
    let form = |name| word.get_from_path(name).and_then(Value::as_str);
    match form(plurals(state).form(number.unsigned_abs())).or(form("other")) {
        Some(word) => filled(word, &values, state),
        None => Err(tera::Error::message("`plural` needs a word with a form `other`")),
    }
}

/// `<output{{ w.list.showing | forms(name="data-") }}>`: the forms of a word as attributes, `data-one="…"` and so
/// on, from which a script chooses by the rules of the language.
fn forms_filter(word: &Value, values: Kwargs, state: &State) -> TeraResult<Value> {
    let name = values.must_get::<&str>("name")?;
    let mut attributes = String::new();
    for form in FORMS {
        let text = match word.as_str() {
            Some(text) => Some(text).filter(|_| form == "other"),
            None => word.get_from_path(form).and_then(Value::as_str),
        };
        if let Some(text) = text {
            attributes.push_str(&format!(" {name}{form}=\"{}\"", state.escape(text)?));
        }
    }
    match attributes.is_empty() {
        true => Err(tera::Error::message("`forms` needs a word or its forms")),
        false => Ok(Value::safe_string(&attributes)),
    }
}

/// `{{ booth | apart }}`: a code, an address or a name that is written from left to right, set apart where the page
/// runs the other way.
fn apart_filter(text: &Value, _: Kwargs, state: &State) -> TeraResult<Value> {
    match is_rtl(state) {
        true => Ok(Value::safe_string(&format!("<bdi>{}</bdi>", state.escape(&text.to_string())?))),
        false => Ok(text.clone()),
    }
}

/// `{{ email | address }}`: an address of e-mail, set apart as by `apart`, in which a line may break behind the `@`.
fn address_filter(text: &str, _: Kwargs, state: &State) -> TeraResult<Value> {
    let shown = state.escape(text)?.replace('@', "@<wbr>");
    match is_rtl(state) {
        true => Ok(Value::safe_string(&format!("<bdi>{shown}</bdi>"))),
        false => Ok(Value::safe_string(&shown)),
    }
}

/// Whether the page is written from right to left.
fn is_rtl(state: &State) -> bool {
    said(state, "meta.dir").as_deref() == Some("rtl")
}

/// A word of the page.
fn said(state: &State, key: &str) -> Option<String> {
    let words = state.get::<Value>("w").ok().flatten()?;
    words.get_from_path(key).and_then(Value::as_str).map(str::to_owned)
}

/// The rules of the language of the page.
fn plurals(state: &State) -> Plurals {
    let words = state.get::<Value>("w").ok().flatten();
    let code =
        words.as_ref().and_then(|words| words.as_map()?.get(&tera::value::Key::Str(LANGUAGE))?.as_str());
    code.and_then(|code| code.parse().ok()).map(Plurals::new).unwrap_or_default()
}

/// What stands between the thousands of a number.
fn group_mark(state: &State) -> String {
    said(state, "sep.thousands").unwrap_or_else(|| ",".to_owned())
}

fn filled(word: &str, values: &Kwargs, state: &State) -> TeraResult<String> {
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
            Some(number) if name == "n" || name == "total" => grouped(number, &group_mark(state)),
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
    Ok(fill_isolated(word, &values))
}

/// A number with its thousands apart: `1,234`.
pub fn grouped(number: i64, mark: &str) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "-" } else { "" });
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push_str(mark);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_apart() {
        let texts = [0, 12, 999, 1000, 1_234_567, -1234].map(|number| grouped(number, ","));
        assert_eq!(texts, ["0", "12", "999", "1,000", "1,234,567", "-1,234"]);
    }
}
