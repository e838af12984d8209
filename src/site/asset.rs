//! The files of a theme that are published beside the pages: styles, scripts, pictures.
//!
//! A file's published name holds a fingerprint of its bytes, so browsers may keep it for ever.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::compact;
use super::output::Artifact;
use super::permalink::{ASSETS, BaseUrl, Permalink, hex};
use crate::source::{Failure, FileId, Files, Report, Span, code, nearest, report_conflict, say};

/// Published files by their names below `static/`, such as `site.css`.
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

impl Assets {
    /// Reads files, given by name. A style that names another file of the theme by a relative
    /// `url(…)` gets that file's published name; one that names a file that is not there is reported.
    pub fn read(report: &mut Report, files: &Files, named: &[(String, FileId)]) -> Result<Assets, Failure> {
        let mut assets = Assets::default();
        // Styles last: their bytes, and so their names, hold the names of other files.
        let (styles, others): (Vec<_>, Vec<_>) = named.iter().partition(|(name, _)| name.ends_with(".css"));
        for (name, file) in others.into_iter().chain(styles) {
            let mut bytes = files.read(*file)?;
            if let Ok(text) = std::str::from_utf8(&bytes) {
                files.keep_text(*file, text);
                report_conflict(report, *file, text, 0);
            }
            if name.ends_with(".css") {
                match String::from_utf8(bytes) {
                    Ok(style) => {
                        bytes = compact::style(&assets.name_files(report, *file, name, &style)).into_bytes();
                    }
                    Err(error) => {
                        report
                            .error(code::ASSET, Span::whole(*file), say!("a style that is not UTF-8"))
                            .hint(say!("save the file as UTF-8"));
                        bytes = error.into_bytes();
                    }
                }
            }
            if name.ends_with(".js")
                && let Ok(script) = std::str::from_utf8(&bytes)
            {
                bytes = compact::script(script).into_bytes();
            }
            match Permalink::new(published_name(name, &bytes)) {
                Ok(permalink) => {
                    assets.assets.insert(name.clone(), Asset { permalink, bytes });
                }
                Err(why) => {
                    report.error(code::ASSET, Span::whole(*file), why).hint(say!("rename the file"));
                }
            }
        }
        Ok(assets)
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

    /// A style with the published names of the files that it names.
    fn name_files(&self, report: &mut Report, file: FileId, name: &str, style: &str) -> String {
        let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
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
            let path = if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") };
            match super::links::without_dots(&path).and_then(|path| self.assets.get(&path)) {
                Some(asset) => {
                    // Both lie below `assets/`; the way up leads there.
                    let up = "../".repeat(name.matches('/').count());
                    let below = &asset.permalink.as_str()[ASSETS.len()..];
                    named.push_str(&format!("\"{up}{below}{part}\""));
                }
                None => {
                    named.push_str(written);
                    let span = Span::text(file, start, end);
                    report
                        .error(code::ASSET, span, say!("no file `{target}` in the theme", target))
                        .hint_meant(nearest(&path, self.assets.keys().map(String::as_str)));
                }
            }
        }
        named.push_str(&style[at..]);
        named
    }
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
