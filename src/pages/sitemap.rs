//! What machines read to find the pages: the sitemap and `robots.txt`.

use std::collections::BTreeSet;

use super::addresses;
use super::material::{Material, root_place};
use crate::site::Artifact;
use crate::site::sitemap::{Entry, Robots, robots, sitemap};

/// Adds the sitemap and `robots.txt`.
pub(super) fn add<'a>(artifacts: &mut Vec<Artifact<'a>>, material: &Material<'_>, known: &BTreeSet<String>) {
    let root = root_place(addresses::HOME);
    let is_page = |path: &&String| path.is_empty() || path.ends_with('/');
    let pages = known.iter().filter(is_page).filter(|path| !material.ended.contains_key(*path));
    let entry = |path: &String| Entry {
        pages: material
            .languages
            .iter()
            .map(|&lang| (lang.tag().to_owned(), material.place(lang, path)))
            .collect(),
        x_default: Some(root.clone()),
    };
    let entries: Vec<Entry> = pages.map(entry).collect();
    for (place, text) in sitemap(&material.base, &entries) {
        artifacts.push(Artifact::bytes(place, text.into_bytes()));
    }
    let (place, text) =
        robots(&material.base, if material.preview { Robots::Unwanted } else { Robots::Welcome });
    artifacts.push(Artifact::bytes(place, text.into_bytes()));
}
