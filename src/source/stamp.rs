//! In which state files were read, so that it is noticed when one changes meanwhile.

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::path::PathBuf;
use std::sync::RwLock;

use super::{FileId, platform};

/// What shows that a file was changed.
#[derive(PartialEq, Eq, Clone, Copy, Debug)]
struct Stamp {
    bytes: u64,
    modified: Option<std::time::SystemTime>,
    identity: platform::Identity,
}

impl Stamp {
    fn of(metadata: &Metadata) -> Stamp {
        Stamp {
            bytes: metadata.len(),
            modified: metadata.modified().ok(),
            identity: platform::Identity::of(metadata),
        }
    }
}

/// The states in which files were opened.
#[derive(Default)]
pub(super) struct Stamps(RwLock<BTreeMap<FileId, Opened>>);

struct Opened {
    stamp: Stamp,
    /// Whether it was in another state when it was opened again.
    replaced: bool,
}

impl Stamps {
    /// Notes the state in which a file is opened.
    pub(super) fn note(&self, file: FileId, metadata: &Metadata) {
        let stamp = Stamp::of(metadata);
        let mut opened = self.0.write().expect("no reader panics with the lock");
        let first = opened.entry(file).or_insert(Opened { stamp, replaced: false });
        first.replaced |= first.stamp != stamp;
    }

    /// The files that are in another state now, in the order of their numbers. `place` tells where they are.
    pub(super) fn changed(&self, place: impl Fn(FileId) -> PathBuf) -> Vec<FileId> {
        let opened = self.0.read().expect("no writer panics with the lock");
        let now = |file| std::fs::metadata(place(file)).ok().as_ref().map(Stamp::of);
        let changed = opened.iter().filter(|(file, then)| then.replaced || now(**file) != Some(then.stamp));
        changed.map(|(file, _)| *file).collect()
    }

    /// Forgets the state in which a file was read: another one is meant to be there now.
    pub(super) fn forget(&self, file: FileId) {
        self.0.write().expect("no reader panics with the lock").remove(&file);
    }
}
