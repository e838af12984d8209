//! The files beside the texts that pages show or lead to: pictures and attachments.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::content::{Contents, Text};
use super::context::PageContext;
use super::material::Material;
use crate::lang::Lang;
use crate::site::markdown::{LinkedFile, PictureWidth};
use crate::site::{Artifact, Permalink};
use crate::source::{Report, Span, code, fingerprint, nearest, say};

/// A number that differs where what a text shows of them differs.
pub(super) fn print(material: &Material<'_>) -> u64 {
    let Contents { pictures, attachments, .. } = material.contents;
    fingerprint(&(pictures.print(), attachments.print()))
}

/// What a text shows of the file at a path. `note` makes what is told of an attachment, of its kind and size. The error may
/// name the path that was most likely meant.
pub(super) fn find(
    material: &Material<'_>,
    note: &dyn Fn(&str, &str) -> String,
    target: &str,
) -> Result<LinkedFile, Option<String>> {
    let Contents { pictures, attachments, .. } = material.contents;
    let url = |permalink: &Permalink| material.base.path_url(permalink);
    if let Some((path, picture)) = pictures.find(target) {
        let width = picture.published().iter();
        let widths = width.map(|one| PictureWidth { url: url(&one.permalink), size: one.size }).collect();
        return Ok(LinkedFile { path: path.to_owned(), widths, note: None });
    }
    if let Some((path, attachment)) = attachments.find(target) {
        let widths = vec![PictureWidth { url: url(&attachment.permalink), size: None }];
        let note = Some(note(&attachment.kind(), &attachment.size()));
        return Ok(LinkedFile { path: path.to_owned(), widths, note });
    }
    // A file of the same name elsewhere, else the nearest.
    let name_of = |path: &str| path.rsplit('/').next().unwrap_or_default().to_lowercase();
    let paths = || pictures.iter().map(|(path, _)| path).chain(attachments.iter().map(|(path, _)| path));
    let elsewhere = paths().find(|known| name_of(known) == name_of(target));
    Err(elsewhere.or_else(|| nearest(target, paths())).map(str::to_owned))
}

/// Publishes the files that texts use, and reports the others.
pub(super) fn add<'a>(
    report: &mut Report,
    artifacts: &mut Vec<Artifact<'a>>,
    material: &'a Material<'a>,
    contexts: &[Arc<PageContext<'a>>],
) {
    // Where a file is named first, in the authentic language if it is there.
    let mut used: BTreeMap<&str, Span> = BTreeMap::new();
    for body in contexts.iter().flat_map(|context| context.bodies.values()) {
        for (path, span) in &body.files {
            used.entry(path).or_insert(*span);
        }
    }
    let Contents { pictures, attachments, waiting, ended, .. } = material.contents;
    let names =
        |texts: &BTreeMap<Lang, Arc<Text>>, path: &str| texts.values().any(|text| text.body.contains(path));
    let waits = |path: &str| waiting.values().chain(ended.values()).any(|texts| names(texts, path));
    // The theme, or a picture of the same name elsewhere, may publish the same bytes under the same name.
    let mut places: BTreeSet<Permalink> =
        artifacts.iter().map(|artifact| artifact.permalink.clone()).collect();
    for (path, picture) in pictures.iter() {
        if let Some(place) = used.get(path) {
            picture.check(report, path, *place);
            artifacts
                .extend(picture.artifacts().filter(|artifact| places.insert(artifact.permalink.clone())));
        } else if !waits(path) {
            report
                .warning(
                    code::STRAY_FILE,
                    Span::whole(picture.file),
                    say!("no page shows the picture `{path}`", path),
                )
                .hint(say!("add `![what it shows]({path})` to a page, or remove the file", path));
        }
    }
    for (path, attachment) in attachments.iter() {
        if let Some(place) = used.get(path) {
            attachment.check(report, path, *place);
            artifacts.extend(attachment.artifact());
        } else if ended.values().any(|texts| names(texts, path)) {
            // People keep the address of a file, as that of the page that led to it.
            attachment.check(report, path, Span::whole(attachment.file));
            artifacts.extend(attachment.artifact());
        } else if !waits(path) {
            report
                .warning(
                    code::STRAY_FILE,
                    Span::whole(attachment.file),
                    say!("no page links to the attachment `{path}`", path),
                )
                .hint(say!("add `[what it is]({path})` to a page, or remove the file", path));
        }
    }
}
