//! Watches the folders of the inputs, and says which paths may have changed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;

use notify::{ErrorKind, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::event::Event;
use crate::source::{Message, say};

/// The folders that are watched, below the root.
pub(super) struct Watch {
    root: PathBuf,
    watcher: Option<RecommendedWatcher>,
    watched: BTreeSet<String>,
}

impl Watch {
    /// Watches nothing yet. Folders are watched rather than files: a file that is saved by renaming
    /// another one to its name is another file.
    pub(super) fn new(root: &Path, outbox: Sender<Event>) -> Result<Watch, Message> {
        // The system names changes by whole paths.
        let root = std::fs::canonicalize(root).map_err(Message::foreign)?;
        let top = root.clone();
        let tell = move |change: notify::Result<notify::Event>| {
            let event = match change {
                Ok(event) if event.need_rescan() => Event::Lost,
                // Reading is no change; else a build would wake itself.
                Ok(event) if matches!(event.kind, EventKind::Access(_)) => return,
                Ok(event) => {
                    Event::Changed(event.paths.iter().filter_map(|path| below(&top, path)).collect())
                }
                Err(_) => Event::Lost,
            };
            // Nobody listens when the server has stopped.
            let _ = outbox.send(event);
        };
        let watcher = notify::recommended_watcher(tell).map_err(Message::foreign)?;
        Ok(Watch { root, watcher: Some(watcher), watched: BTreeSet::new() })
    }

    /// Watches these folders, and no others. Returns whether some were not watched before, so that what
    /// happened in them was not seen; the error says why some cannot be watched.
    pub(super) fn set(&mut self, folders: &BTreeSet<String>) -> Result<bool, Message> {
        let Some(watcher) = &mut self.watcher else { return Ok(false) };
        for folder in self.watched.difference(folders) {
            // It may be gone, and its watch with it.
            let _ = watcher.unwatch(&self.root.join(folder));
        }
        self.watched.retain(|folder| folders.contains(folder));
        let mut added = false;
        for folder in folders.difference(&self.watched.clone()) {
            let path = self.root.join(folder);
            match watcher.watch(&path, RecursiveMode::NonRecursive) {
                Ok(()) => {
                    self.watched.insert(folder.clone());
                    added = true;
                }
                // The folder above is watched, and will tell when it comes back.
                Err(_) if !path.is_dir() => {}
                Err(error) => {
                    let why = match error.kind {
                        ErrorKind::MaxFilesWatch => say!("too many folders are watched on this machine"),
                        _ => Message::foreign(error),
                    };
                    self.watcher = None;
                    return Err(why);
                }
            }
        }
        Ok(added)
    }

    /// Forgets watches on what changed itself: a folder that was taken away or came back is another one.
    pub(super) fn forget(&mut self, changed: &BTreeSet<String>) {
        let Some(watcher) = &mut self.watcher else { return };
        let gone = |folder: &str| {
            let mut parts = folder.match_indices('/').map(|(at, _)| &folder[..at]).chain([folder]);
            parts.any(|above| changed.contains(above))
        };
        let gone: Vec<String> = self.watched.iter().filter(|folder| gone(folder)).cloned().collect();
        for folder in gone {
            let _ = watcher.unwatch(&self.root.join(&folder));
            self.watched.remove(&folder);
        }
    }
}

/// A path below the root, with `/` between its parts.
fn below(root: &Path, path: &Path) -> Option<String> {
    let parts: Vec<_> = path.strip_prefix(root).ok()?.iter().map(|part| part.to_string_lossy()).collect();
    Some(parts.join("/"))
}
