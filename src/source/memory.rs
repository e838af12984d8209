//! What was read and what was made of it, kept for as long as the inputs stay as they were.

use std::any::{Any, TypeId};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard};

use hashbrown::HashMap;

use super::listing::Listing;
use super::{Failure, Report};

/// What a stage made. Another making of it has another revision.
#[derive(Debug)]
pub struct Remembered<T> {
    value: Arc<T>,
    /// Which making this is, among all makings of the same [`Files`](super::Files).
    pub revision: u64,
    /// Whether the stage reported no error, and so left nothing out.
    pub complete: bool,
}

impl<T> Clone for Remembered<T> {
    fn clone(&self) -> Remembered<T> {
        Remembered { value: Arc::clone(&self.value), ..*self }
    }
}

impl<T> Deref for Remembered<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// A number that differs where values differ.
pub fn fingerprint(value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[derive(Default)]
pub(super) struct Memory(Mutex<Inner>);

#[derive(Default)]
pub(super) struct Inner {
    /// How often a path changed; the ways in a folder changed under its path with a slash behind.
    versions: HashMap<String, u64>,
    pub(super) listings: BTreeMap<String, Arc<Listing>>,
    /// Whether there was a file, where one was looked for.
    pub(super) probes: BTreeMap<String, bool>,
    pub(super) read: BTreeSet<String>,
    /// The notes of the stages that are at work.
    recorders: Vec<(u64, BTreeSet<String>)>,
    made: HashMap<(String, TypeId), Made>,
    revision: u64,
}

struct Made {
    value: Arc<dyn Any + Send + Sync>,
    revision: u64,
    inputs: u64,
    /// What was read for it, in which version.
    read: Vec<(String, u64)>,
    report: Report,
}

impl Inner {
    fn version(&self, input: &str) -> u64 {
        self.versions.get(input).copied().unwrap_or_default()
    }

    fn note(&mut self, input: &str) {
        for (_, noted) in &mut self.recorders {
            if !noted.contains(input) {
                noted.insert(input.to_owned());
            }
        }
    }

    pub(super) fn bump(&mut self, input: &str) {
        *self.versions.entry_ref(input).or_default() += 1;
    }
}

impl Memory {
    pub(super) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().expect("nothing panics with the lock")
    }

    pub(super) fn note_read(&self, path: &str) {
        let mut inner = self.lock();
        if !inner.read.contains(path) {
            inner.read.insert(path.to_owned());
        }
        inner.note(path);
    }

    pub(super) fn note_probe(&self, path: &str, there: bool) {
        let mut inner = self.lock();
        inner.probes.insert(path.to_owned(), there);
        inner.note(path);
    }

    pub(super) fn listing(
        &self,
        folder: &str,
        walk: impl FnOnce() -> Result<Listing, Failure>,
    ) -> Result<Arc<Listing>, Failure> {
        let known = {
            let mut inner = self.lock();
            inner.note(&below(folder));
            inner.listings.get(folder).cloned()
        };
        if let Some(known) = known {
            return Ok(known);
        }
        let listing = Arc::new(walk()?);
        self.lock().listings.insert(folder.to_owned(), Arc::clone(&listing));
        Ok(listing)
    }

    /// What `make` makes under a name, of `inputs` and of what is noted while it works. It is made
    /// again when one of them changed; else it is what was made before, and its problems are reported
    /// again. What fails is not kept.
    pub(super) fn remembered<T: Any + Send + Sync>(
        &self,
        report: &mut Report,
        name: &str,
        inputs: u64,
        make: impl FnOnce(&mut Report) -> Result<T, Failure>,
    ) -> Result<Remembered<T>, Failure> {
        let key = (name.to_owned(), TypeId::of::<T>());
        let recorder = {
            let mut inner = self.lock();
            if let Some(made) = inner.made.get(&key)
                && made.inputs == inputs
                && made.read.iter().all(|(path, version)| inner.version(path) == *version)
            {
                report.absorb(made.report.clone());
                let value = Arc::clone(&made.value).downcast().expect("the type is part of the key");
                let complete = !made.report.has_errors();
                let known = Remembered { value, revision: made.revision, complete };
                if !inner.recorders.is_empty() {
                    let read: Vec<String> = made.read.iter().map(|(path, _)| path.clone()).collect();
                    read.iter().for_each(|path| inner.note(path));
                }
                return Ok(known);
            }
            inner.revision += 1;
            let recorder = inner.revision;
            inner.recorders.push((recorder, BTreeSet::new()));
            recorder
        };
        let recording = Recording { memory: self, number: recorder };
        let mut found = Report::new();
        let made = make(&mut found);
        let complete = !found.has_errors();
        let noted = recording.notes();
        report.absorb(found.clone());
        let value = Arc::new(made?);
        let mut inner = self.lock();
        let read = noted.into_iter().map(|path| (inner.version(&path), path));
        let read = read.map(|(version, path)| (path, version)).collect();
        let kept: Arc<dyn Any + Send + Sync> = Arc::clone(&value) as _;
        inner.made.insert(key, Made { value: kept, revision: recorder, inputs, read, report: found });
        Ok(Remembered { value, revision: recorder, complete })
    }

    /// The folders, below the root, in which something may change that matters: those of the inputs, and
    /// those above them, for when they are taken away and come back. The root itself is the empty path.
    pub(super) fn folders(&self) -> BTreeSet<String> {
        let inner = self.lock();
        let mut folders = BTreeSet::from([String::new()]);
        let mut add = |path: &str, itself: bool| {
            let mut path = match itself {
                true => path,
                false => path.rsplit_once('/').map_or("", |(above, _)| above),
            };
            while !path.is_empty() && !folders.contains(path) {
                folders.insert(path.to_owned());
                path = path.rsplit_once('/').map_or("", |(above, _)| above);
            }
        };
        inner.read.iter().chain(inner.probes.keys()).for_each(|path| add(path, false));
        for (folder, listing) in &inner.listings {
            add(folder, true);
            listing.folders.iter().for_each(|folder| add(folder, true));
            listing.links.iter().flat_map(|link| &link.steps).for_each(|step| add(step, false));
        }
        folders
    }
}

/// The notes of a stage that is at work. They end with it, also where it panics.
struct Recording<'a> {
    memory: &'a Memory,
    number: u64,
}

impl Recording<'_> {
    /// What was read and looked for so far.
    fn notes(self) -> BTreeSet<String> {
        let mut inner = self.memory.lock();
        let own = inner.recorders.iter_mut().find(|(number, _)| *number == self.number);
        own.map(|(_, notes)| std::mem::take(notes)).unwrap_or_default()
    }
}

impl Drop for Recording<'_> {
    fn drop(&mut self) {
        self.memory.lock().recorders.retain(|(number, _)| *number != self.number);
    }
}

/// A folder with a slash behind.
pub(super) fn below(folder: &str) -> String {
    format!("{folder}/")
}
