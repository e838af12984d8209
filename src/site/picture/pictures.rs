//! The pictures of a site by their paths.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::kind::Kind;
use super::refusal::Refusal;
use super::renditions::{Rendition, renditions};
use crate::site::asset::published_name;
use crate::site::output::Artifact;
use crate::site::permalink::{Permalink, percent_decode};
use crate::source::{
    Failure, FileId, Files, Report, Span, StoreKey, any_of, code, fingerprint, report_conflict, say,
};

/// Changes whenever something else is made of the same picture.
const MAKER: &str = "picture 1";

/// A picture.
#[derive(Debug)]
pub struct Picture {
    /// Where it was read.
    pub file: FileId,
    name: String,
    /// The hash of its bytes.
    hash: [u8; 32],
    kind: Option<Kind>,
    /// What is published of it, once it was made; the narrowest first.
    made: OnceLock<Result<Vec<Published>, Refusal>>,
}

/// A picture in one width, as it is published.
#[derive(Debug)]
pub struct Published {
    /// Where it is published.
    pub permalink: Permalink,
    /// Width and height in pixels; drawings have none.
    pub size: Option<(u32, u32)>,
    bytes: Vec<u8>,
}

/// Pictures by their path below the folder of the texts, from `/`: `/activities/hall.png`.
#[derive(Clone, Debug, Default)]
pub struct Pictures(BTreeMap<String, Arc<Picture>>);

impl Picture {
    /// Reads a picture that is to be published below `assets/` under a name. None if no file can have it.
    pub fn read(
        report: &mut Report,
        files: &Files,
        file: FileId,
        name: &str,
    ) -> Result<Option<Arc<Picture>>, Failure> {
        let bytes = files.read(file)?;
        let kind = Kind::of(&bytes);
        if let (None | Some(Kind::Svg), Ok(text)) = (kind, std::str::from_utf8(&bytes)) {
            files.keep_text(file, text);
            report_conflict(report, file, text, 0);
        }
        if let Err(why) = Permalink::new(published_name(name, &bytes)) {
            report.error(code::ASSET, Span::whole(file), why).hint(say!("rename the file"));
            return Ok(None);
        }
        let hash = Sha256::digest(&bytes).into();
        Ok(Some(Arc::new(Picture { file, name: name.to_owned(), hash, kind, made: OnceLock::new() })))
    }

    /// Makes what is published of it, or takes it from the store.
    fn make(&self, files: &Files) -> Result<(), Failure> {
        if self.made.get().is_some() {
            return Ok(());
        }
        let key = StoreKey::new(MAKER, &[&self.hash]);
        let kept = files.store().and_then(|store| store.get(&key)).and_then(|kept| unpack(&kept));
        let made = match kept {
            Some(kept) => Ok(kept),
            // It is read again rather than held: many photos together are larger than what is published of them.
            None => renditions(&files.read(self.file)?).inspect(|made| {
                if let Some(store) = files.store() {
                    store.put(&key, &pack(made));
                }
            }),
        };
        let publish = |Rendition { size, bytes }: Rendition| {
            let permalink = Permalink::new(published_name(&self.name, &bytes)).expect("the name was tried");
            Published { permalink, size, bytes }
        };
        let made = made.map(|made| made.into_iter().map(publish).collect());
        // Another thread may have been quicker, with the same.
        let _ = self.made.set(made);
        Ok(())
    }

    /// What is published of it, the narrowest first; nothing if it cannot be shown.
    pub fn published(&self) -> &[Published] {
        self.made.get().and_then(|made| made.as_ref().ok()).map_or(&[], Vec::as_slice)
    }

    /// Reports what is wrong with a picture that a page uses at a place: nothing of it can be published, or it is another
    /// than its name says. Its path is that below the folder of the texts.
    pub fn check(&self, report: &mut Report, path: &str, place: Span) {
        if let Some(Err(refusal)) = self.made.get() {
            let (message, hint) = refusal.message(path);
            report.error(refusal.code(), place, message).hint(hint);
            return;
        }
        let name = path.to_ascii_lowercase();
        if let Some(kind) = self.kind
            && !kind.endings().iter().any(|ending| name.ends_with(ending))
        {
            report
                .warning(
                    code::PICTURE_FORMAT,
                    Span::whole(self.file),
                    say!("`{path}` is a {kind} picture", path, kind = kind.name()),
                )
                .hint(say!(
                    "change its extension to {endings}, also on the pages that show it",
                    endings = any_of(kind.endings())
                ));
        }
    }

    /// The files, to be published.
    pub fn artifacts(&self) -> impl Iterator<Item = Artifact<'_>> {
        self.published().iter().map(|one| Artifact::bytes(one.permalink.clone(), one.bytes.as_slice()))
    }
}

/// What the store keeps of a rendition before all their bytes.
#[derive(Serialize, Deserialize)]
struct Kept {
    size: Option<(u32, u32)>,
    length: usize,
}

fn pack(made: &[Rendition]) -> Vec<u8> {
    let kept = made.iter().map(|made| Kept { size: made.size, length: made.bytes.len() });
    let mut packed = serde_json::to_vec(&kept.collect::<Vec<_>>()).expect("numbers can be written");
    packed.push(b'\n');
    made.iter().for_each(|made| packed.extend(&made.bytes));
    packed
}

fn unpack(packed: &[u8]) -> Option<Vec<Rendition>> {
    let (kept, mut bytes) = packed.split_at_checked(memchr::memchr(b'\n', packed)? + 1)?;
    let mut made = Vec::new();
    for Kept { size, length } in serde_json::from_slice::<Vec<Kept>>(kept).ok()? {
        let (own, rest) = bytes.split_at_checked(length)?;
        made.push(Rendition { size, bytes: own.to_vec() });
        bytes = rest;
    }
    Some(made)
}

impl Pictures {
    /// Takes a picture in.
    pub fn insert(&mut self, path: String, picture: Arc<Picture>) {
        self.0.insert(path, picture);
    }

    /// Makes what is published of all of them, on all processors.
    pub fn make(&self, files: &Files) -> Result<(), Failure> {
        self.0.values().collect::<Vec<_>>().into_par_iter().try_for_each(|picture| picture.make(files))
    }

    /// The picture at a path as it stands in a text, which may have letters as `%` and two digits.
    pub fn find(&self, path: &str) -> Option<(&str, &Picture)> {
        let entry = self.0.get_key_value(path).or_else(|| self.0.get_key_value(&percent_decode(path)?));
        entry.map(|(path, picture)| (path.as_str(), picture.as_ref()))
    }

    /// All pictures with their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Picture)> {
        self.0.iter().map(|(path, picture)| (path.as_str(), picture.as_ref()))
    }

    /// A number that differs where what a text shows of them differs.
    pub fn print(&self) -> u64 {
        let shown = self.iter().map(|(path, picture)| (path, picture.hash));
        fingerprint(&shown.collect::<Vec<_>>())
    }
}
