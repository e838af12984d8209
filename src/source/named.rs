//! The files that were named so far: their numbers, and what is kept of them to speak of places in them.

use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};

use super::FileId;

/// The files that were named, by number and by path.
#[derive(Default)]
pub(super) struct NamedFiles(RwLock<Inner>);

#[derive(Default)]
struct Inner {
    ids: BTreeMap<String, FileId>,
    files: Vec<Named>,
}

/// A file that was named.
#[derive(Default)]
pub(super) struct Named {
    pub(super) path: String,
    /// Its text, where it was kept.
    pub(super) text: Option<Arc<str>>,
    /// Whether the text holds what is private, so that lines of it are never shown.
    pub(super) is_private: bool,
    sheets: Vec<String>,
}

/// Whether lines of a text that is kept may be shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Privacy {
    Shown,
    Private,
}

impl Named {
    /// The name of a sheet, else its number.
    pub(super) fn sheet(&self, sheet: u16) -> String {
        let name = self.sheets.get(usize::from(sheet));
        name.cloned().unwrap_or_else(|| format!("#{}", sheet + 1))
    }
}

impl NamedFiles {
    /// The number of a file, by its path.
    pub(super) fn id(&self, path: &str) -> FileId {
        let mut inner = self.0.write().expect("no reader panics with the lock");
        if let Some(&id) = inner.ids.get(path) {
            return id;
        }
        let id = FileId(u32::try_from(inner.files.len()).expect("fewer than 2^32 files"));
        inner.ids.insert(path.to_owned(), id);
        inner.files.push(Named { path: path.to_owned(), ..Named::default() });
        id
    }

    /// The number of a file that was named.
    pub(super) fn known(&self, path: &str) -> Option<FileId> {
        self.0.read().expect("no writer panics with the lock").ids.get(path).copied()
    }

    /// Looks at what is known of a file.
    pub(super) fn look<T>(&self, file: FileId, look: impl FnOnce(&Named) -> T) -> T {
        let inner = self.0.read().expect("no writer panics with the lock");
        look(&inner.files[file.0 as usize])
    }

    /// Keeps the text of a file. What was private once stays so.
    pub(super) fn keep_text(&self, file: FileId, text: Arc<str>, privacy: Privacy) {
        let mut inner = self.0.write().expect("no reader panics with the lock");
        let named = &mut inner.files[file.0 as usize];
        named.text = Some(text);
        named.is_private |= privacy == Privacy::Private;
    }

    /// Keeps the names of a workbook's sheets.
    pub(super) fn keep_sheets(&self, file: FileId, sheets: Vec<String>) {
        let mut inner = self.0.write().expect("no reader panics with the lock");
        inner.files[file.0 as usize].sheets = sheets;
    }

    /// The files that are named at a path or below it.
    pub(super) fn at_or_below(&self, path: &str) -> Vec<(String, FileId)> {
        let inner = self.0.read().expect("no writer panics with the lock");
        let below = format!("{path}/");
        let named = inner.ids.range(below.clone()..).take_while(|(named, _)| named.starts_with(&below));
        let named = named.chain(inner.ids.get_key_value(path));
        named.map(|(path, id)| (path.clone(), *id)).collect()
    }
}
