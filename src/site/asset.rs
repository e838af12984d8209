//! The files of a theme that are published beside the pages: styles, scripts, pictures.
//!
//! A file's published name holds a fingerprint of its bytes, so browsers may keep it for ever.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::css_blocks::check_blocks;
use super::output::Artifact;
use super::permalink::{ASSETS, BaseUrl, Permalink, hex};
use crate::source::{Failure, FileId, Files, Report, Span, code, nearest, report_conflict, say};

/// Published files by the names by which templates ask for them, such as `site.css`.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    assets: BTreeMap<String, Asset>,
}

#[derive(Clone, Debug)]
struct Asset {
    permalink: Permalink,
    bytes: Vec<u8>,
}

/// Digits of the fingerprint in a name.
const FINGERPRINT: usize = 10;

/// A file of a theme that is published, or that a style imports.
pub struct Source {
    /// The name by which templates ask for it: its path below `static/`, `css/` or `js/`.
    pub name: String,
    /// Its path below the theme, such as `css/site.css`.
    pub path: String,
    /// The file.
    pub file: FileId,
}

impl Source {
    /// The name of what is published of a file of a theme, by its path there; None if it is not published.
    pub fn name_of(path: &str) -> Option<&str> {
        ["static/", "css/", "js/"].into_iter().find_map(|folder| path.strip_prefix(folder))
    }
}

/// A text of the theme while its assets are made.
struct Style<'s> {
    source: &'s Source,
    text: String,
}

impl Assets {
    /// Reads the files of a theme. Styles that another one imports (`@import "frame.css";`) become part of it and are
    /// not published by themselves; of a theme that lies below they are known as `OTHER/frame.css`, too. A style
    /// that names another file of the theme by a relative `url(…)` gets that file's published name. What names a file
    /// that is not there is reported.
    pub fn read(
        report: &mut Report,
        files: &Files,
        sources: &[Source],
        below: &[Source],
    ) -> Result<Assets, Failure> {
        let mut assets = Assets::default();
        let mut styles: BTreeMap<&str, Style<'_>> = BTreeMap::new();
        let named = sources.iter().map(|source| (source, true));
        for (source, is_shown) in named.chain(below.iter().map(|source| (source, false))) {
            let bytes = files.read(source.file)?;
            let text = std::str::from_utf8(&bytes).map(str::to_owned);
            if let Ok(text) = &text {
                files.keep_text(source.file, text.as_str());
                report_conflict(report, source.file, text, 0);
            }
            match (source.name.ends_with(".css"), text) {
                (true, Ok(text)) => {
                    check_blocks(report, source.file, &text);
                    styles.insert(&source.name, Style { source, text });
                }
                (true, Err(_)) => {
                    report
                        .error(
                            code::ASSET,
                            Span::whole(source.file),
                            say!("the stylesheet is not valid UTF-8"),
                        )
                        .hint(say!("save the file as UTF-8"));
                }
                (false, _) if is_shown => assets.publish(report, source, bytes),
                (false, _) => {}
            }
        }
        // Styles last: their bytes, and so their names, hold the names of other files.
        let imported = imported(sources, &styles);
        let styled = || sources.iter().filter(|source| styles.contains_key(source.name.as_str()));
        let mut reached = BTreeSet::new();
        let assemble = |report: &mut Report, reached: &mut BTreeSet<_>, source: &Source| {
            let style = styles.get_key_value(source.name.as_str()).expect("it is one of the styles");
            let mut assembly =
                Assembly { assets: &assets, styles: &styles, above: Vec::new(), whole: String::new() };
            assembly.add(report, style.0, reached);
            assembly.whole
        };
        let mut whole = Vec::new();
        for source in styled().filter(|source| !imported.contains(source.name.as_str())) {
            whole.push((source, assemble(report, &mut reached, source)));
        }
        // Imported, but by none of those: they import one another in a circle, which is reported.
        for source in styled() {
            if !reached.contains(source.name.as_str()) {
                assemble(report, &mut reached, source);
            }
        }
        for (source, style) in whole {
            assets.publish(report, source, style.into_bytes());
        }
        Ok(assets)
    }

    fn publish(&mut self, report: &mut Report, source: &Source, bytes: Vec<u8>) {
        match Permalink::new(published_name(&source.name, &bytes)) {
            Ok(permalink) => {
                self.assets.insert(source.name.clone(), Asset { permalink, bytes });
            }
            Err(why) => {
                report.error(code::ASSET, Span::whole(source.file), why).hint(say!("rename the file"));
            }
        }
    }

    /// Where a file is published.
    pub fn permalink(&self, name: &str) -> Option<&Permalink> {
        self.assets.get(name).map(|asset| &asset.permalink)
    }

    /// The bytes of a file.
    pub fn bytes(&self, name: &str) -> Option<&[u8]> {
        self.assets.get(name).map(|asset| asset.bytes.as_slice())
    }

    /// The addresses of all files, by name.
    pub fn urls(&self, base: &BaseUrl) -> BTreeMap<String, String> {
        let url = |(name, asset): (&String, &Asset)| (name.clone(), base.path_url(&asset.permalink));
        self.assets.iter().map(url).collect()
    }

    /// The files, to be published.
    pub fn artifacts(&self) -> impl Iterator<Item = Artifact<'_>> {
        self.assets.values().map(|asset| Artifact::bytes(asset.permalink.clone(), asset.bytes.as_slice()))
    }

    /// A part of a style, which begins at `offset`, with the published names of the files that it names.
    fn name_files(&self, report: &mut Report, source: &Source, offset: usize, style: &str) -> String {
        let folder = source.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut named = String::with_capacity(style.len());
        let mut at = 0;
        while let Some(found) = style[at..].find("url(") {
            let start = at + found + "url(".len();
            named.push_str(&style[at..start]);
            let end = style[start..].find(')').map_or(style.len(), |end| start + end);
            let written = &style[start..end];
            let target = written.trim().trim_matches(['"', '\'']);
            let elsewhere =
                target.is_empty() || target.starts_with(['/', '#']) || super::links::scheme(target).is_some();
            at = match elsewhere {
                // The address of a `data:` picture may hold brackets of its own.
                true => start,
                false => end,
            };
            if elsewhere {
                continue;
            }
            let (path, part) = target.split_at(target.find(['#', '?']).unwrap_or(target.len()));
            let path = super::links::without_dots(&format!("{folder}/{path}")).unwrap_or_default();
            let name = Source::name_of(&path).unwrap_or_default();
            match self.assets.get(name) {
                Some(asset) => {
                    // Both lie below `assets/`; the way up leads there.
                    let up = "../".repeat(source.name.matches('/').count());
                    let below = &asset.permalink.as_str()[ASSETS.len()..];
                    named.push_str(&format!("\"{up}{below}{part}\""));
                }
                None => {
                    named.push_str(written);
                    let span = Span::text(source.file, offset + start, offset + end);
                    report
                        .error(code::ASSET, span, say!("no file `{target}` in the theme", target))
                        .hint_meant(nearest(name, self.assets.keys().map(String::as_str)));
                }
            }
        }
        named.push_str(&style[at..]);
        named
    }
}

/// A style that is put together from those that it imports.
struct Assembly<'s> {
    assets: &'s Assets,
    styles: &'s BTreeMap<&'s str, Style<'s>>,
    /// The styles that are being added, each imported by the one before it.
    above: Vec<&'s str>,
    whole: String,
}

impl<'s> Assembly<'s> {
    /// Adds a style with those that it imports in the places where it does.
    fn add(&mut self, report: &mut Report, name: &'s str, reached: &mut BTreeSet<&'s str>) {
        let Style { source, text } = &self.styles[name];
        self.above.push(name);
        reached.insert(name);
        let mut at = 0;
        for Import { start, end, name: import } in imports(text) {
            self.whole.push_str(&self.assets.name_files(report, source, at, &text[at..start]));
            at = end;
            let span = Span::text(source.file, start, end);
            let Some(import) = import else {
                report
                    .error(code::ASSET, span, say!("an import takes the name of one file of the theme"))
                    .hint(say!("write `@import \"frame.css\";` on a line of its own"));
                continue;
            };
            match self.styles.get_key_value(import) {
                Some((import, _)) if self.above.contains(import) => {
                    report
                        .error(code::ASSET, span, say!("`{import}` imports itself", import))
                        .hint(say!("take one of the two imports away"));
                }
                Some((import, _)) => self.add(report, import, reached),
                None => {
                    report
                        .error(code::ASSET, span, say!("no file `{target}` in the theme", target = import))
                        .hint_meant(nearest(import, self.styles.keys().copied()));
                }
            }
        }
        self.whole.push_str(&self.assets.name_files(report, source, at, &text[at..]));
        self.above.pop();
    }
}

/// The names that the styles of a theme import, and the styles below it that they reach.
fn imported<'s>(sources: &'s [Source], styles: &'s BTreeMap<&str, Style<'s>>) -> BTreeSet<&'s str> {
    let mut imported = BTreeSet::new();
    let mut importing: Vec<&str> = sources.iter().map(|source| source.name.as_str()).collect();
    while let Some(name) = importing.pop() {
        let text = styles.get(name).map_or("", |style| &style.text);
        for name in imports(text).filter_map(|import| import.name) {
            if imported.insert(name) {
                importing.push(name);
            }
        }
    }
    imported
}

/// An import of a style: where its line begins and ends, and the name that it gives in quotation marks, and nothing else.
struct Import<'t> {
    start: usize,
    end: usize,
    name: Option<&'t str>,
}

/// The lines of a style that import another one, as `@import "frame.css";`.
fn imports(text: &str) -> impl Iterator<Item = Import<'_>> {
    let mut at = 0;
    text.split_inclusive('\n').filter_map(move |line| {
        let start = at;
        at += line.len();
        let rest = line.trim().strip_prefix("@import")?;
        let before = &text[..start];
        if before.rfind("/*") > before.rfind("*/") {
            return None;
        }
        let rest = rest.trim().strip_suffix(';').unwrap_or_default().trim();
        let within = |mark| rest.strip_prefix(mark)?.strip_suffix(mark);
        let name = within('"').or_else(|| within('\''));
        let is_name = |name: &&str| !name.contains(['"', '\'']) && super::links::scheme(name).is_none();
        Some(Import { start, end: at, name: name.filter(is_name) })
    })
}

/// `assets/`, the name, and before its suffix the fingerprint: `assets/site.0123abcdef.css`.
pub(super) fn published_name(name: &str, bytes: &[u8]) -> String {
    let fingerprint = &hex(&Sha256::digest(bytes))[..FINGERPRINT];
    let (folder, file) = name.rsplit_once('/').map_or(("", name), |(folder, file)| (folder, file));
    let slash = if folder.is_empty() { "" } else { "/" };
    match file.rsplit_once('.') {
        Some((stem, suffix)) if !stem.is_empty() => {
            format!("{ASSETS}{folder}{slash}{stem}.{fingerprint}.{suffix}")
        }
        _ => format!("{ASSETS}{folder}{slash}{file}.{fingerprint}"),
    }
}
