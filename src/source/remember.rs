//! What was made of files, kept for as long as they stay as they were.
//!
//! A stage that is asked again with the same inputs gets what it made before, its problems included. It
//! does not know that: what it reads through [`Files`] while it works is noted here.

use std::any::{Any, TypeId};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard};

use hashbrown::HashMap;

use super::files::{Listing, is_visible};
use super::links::Link;
use super::{Failure, Files, Report};

/// What a stage made. Another making of it has another revision.
#[derive(Debug)]
pub struct Remembered<T> {
    value: Arc<T>,
    /// Which making this is, among all makings of the same [`Files`].
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
struct Inner {
    /// How often a path changed; the ways in a folder changed under its path with a slash behind.
    versions: HashMap<String, u64>,
    listings: BTreeMap<String, Arc<Listing>>,
    /// Whether there was a file, where one was looked for.
    probes: BTreeMap<String, bool>,
    read: BTreeSet<String>,
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

    fn bump(&mut self, input: &str) {
        *self.versions.entry_ref(input).or_default() += 1;
    }
}

impl Memory {
    fn lock(&self) -> MutexGuard<'_, Inner> {
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

/// A change is looked for through so many links, one lying in the folder that the other leads to.
const LINKS_IN_A_ROW: usize = 4;

/// A folder with a slash behind.
fn below(folder: &str) -> String {
    format!("{folder}/")
}

impl Files {
    /// What `make` makes under a name, of `inputs` and of what it reads through these files. It is made
    /// again when one of them changed; else it is what was made before, and its problems are reported
    /// again. What fails is not kept.
    pub fn remembered<T: Any + Send + Sync>(
        &self,
        report: &mut Report,
        name: &str,
        inputs: u64,
        make: impl FnOnce(&mut Report) -> Result<T, Failure>,
    ) -> Result<Remembered<T>, Failure> {
        let key = (name.to_owned(), TypeId::of::<T>());
        let recorder = {
            let mut inner = self.memory.lock();
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
        let recording = Recording { memory: &self.memory, number: recorder };
        let mut found = Report::new();
        let made = make(&mut found);
        let complete = !found.has_errors();
        let noted = recording.notes();
        report.absorb(found.clone());
        let value = Arc::new(made?);
        let mut inner = self.memory.lock();
        let read = noted.into_iter().map(|path| (inner.version(&path), path));
        let read = read.map(|(version, path)| (path, version)).collect();
        let kept: Arc<dyn Any + Send + Sync> = Arc::clone(&value) as _;
        inner.made.insert(key, Made { value: kept, revision: recorder, inputs, read, report: found });
        Ok(Remembered { value, revision: recorder, complete })
    }

    /// Takes into account that something may have changed at these paths below the root. Returns the
    /// inputs that did change: files that were read or looked for, and folders that were listed, these
    /// with a slash behind. Others do not matter.
    pub fn refresh(&self, paths: &BTreeSet<String>) -> Vec<String> {
        let mut changed = BTreeSet::new();
        let mut listings = BTreeSet::new();
        for path in &self.with_other_paths(paths) {
            for named in self.named_below(path) {
                if self.memory.lock().read.contains(&named) {
                    self.forget_stamp(&named);
                    changed.insert(named);
                }
            }
            let inner = self.memory.lock();
            let at = inner.probes.contains_key(path).then_some(path);
            let slash = below(path);
            let behind = inner.probes.range(slash.clone()..).map(|(probe, _)| probe);
            let probes: Vec<&String> =
                behind.take_while(|probe| probe.starts_with(&slash)).chain(at).collect();
            changed.extend(
                probes.into_iter().filter(|probe| inner.probes[*probe] != self.is_listed(probe)).cloned(),
            );
            for (folder, listing) in &inner.listings {
                let affected = match path.strip_prefix(&below(folder)) {
                    Some(rest) => {
                        let listed = listing.files.binary_search(path).is_ok();
                        let is_link = listing.links.iter().any(|link| link.path == *path);
                        let stays = listed && !is_link && self.is_plain_file(path);
                        rest.split('/').all(is_visible) && !stays
                    }
                    None => path == folder || folder.starts_with(&slash),
                };
                if affected {
                    listings.insert(folder.clone());
                }
            }
        }
        self.relist(&listings, &mut changed);
        self.forget(changed)
    }

    /// The paths, with those at which the same is seen because of a link.
    fn with_other_paths(&self, paths: &BTreeSet<String>) -> BTreeSet<String> {
        let links: Vec<Link> =
            self.memory.lock().listings.values().flat_map(|listing| listing.links.clone()).collect();
        let mut all = paths.clone();
        let mut latest: Vec<String> = paths.iter().cloned().collect();
        for _ in 0..LINKS_IN_A_ROW {
            let others = latest.iter().flat_map(|path| links.iter().flat_map(|link| link.other_paths(path)));
            latest = others.filter(|path| !all.contains(path)).collect();
            all.extend(latest.iter().cloned());
        }
        all
    }

    /// Looks at every input again, for when it is not known what may have changed. Returns what did.
    pub fn rescan(&self) -> Vec<String> {
        let mut changed: BTreeSet<String> = self.changed().into_iter().collect();
        let (listings, probes) = {
            let inner = self.memory.lock();
            (inner.listings.keys().cloned().collect(), inner.probes.clone())
        };
        self.relist(&listings, &mut changed);
        changed.extend(
            probes.into_iter().filter(|(path, then)| self.is_listed(path) != *then).map(|(path, _)| path),
        );
        for path in &changed {
            self.forget_stamp(path);
        }
        self.forget(changed)
    }

    /// Lists folders again. What cannot be listed is left for the next run to fail on.
    fn relist(&self, folders: &BTreeSet<String>, changed: &mut BTreeSet<String>) {
        for folder in folders {
            let now = self.walk(folder).ok();
            let mut inner = self.memory.lock();
            let then = inner.listings.remove(folder);
            match (then, now) {
                (Some(then), Some(now)) if then.reads_as(&now) => {
                    inner.listings.insert(folder.clone(), Arc::new(now));
                }
                _ => drop(changed.insert(below(folder))),
            }
        }
    }

    fn forget(&self, changed: BTreeSet<String>) -> Vec<String> {
        let mut inner = self.memory.lock();
        changed.iter().for_each(|input| inner.bump(input));
        changed.into_iter().collect()
    }

    /// The folders, below the root, in which something may change that matters: those of the inputs, and
    /// those above them, for when they are taken away and come back. The root itself is the empty path.
    pub fn folders(&self) -> BTreeSet<String> {
        let inner = self.memory.lock();
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

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the test changes what was read")]
mod tests {
    use std::fs;

    use super::super::{code, say};
    use super::*;

    #[test]
    fn what_was_made_is_made_again_when_what_it_read_changed() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let files = Files::new(root);
        let write = |path: &str, text: &str| {
            fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
            fs::write(root.join(path), text).unwrap();
        };
        let made = || {
            let mut report = Report::new();
            let made = files.remembered(&mut report, "texts", 0, |report| {
                report.error(code::BAD_VALUE, None, say!("something"));
                let mut texts = Vec::new();
                for path in files.list("pages")? {
                    texts.push(String::from_utf8(files.read(files.id(&path))?).unwrap());
                }
                texts.push(files.is_file("extra/file").to_string());
                Ok(texts.join(" "))
            });
            assert_eq!(report.counts(), (1, 0));
            let made = made.unwrap();
            (made.as_str().to_owned(), made.revision)
        };
        let changes = |paths: &[&str]| {
            files.refresh(&paths.iter().map(|path| (*path).to_owned()).collect::<BTreeSet<_>>())
        };
        write("pages/a", "a");
        let first = made();
        assert_eq!(first, ("a false".to_owned(), 1));
        // Nothing of this was read.
        write("pages/.hidden", "x");
        write("pages/~$a", "x");
        write("other", "x");
        assert!(changes(&["pages/.hidden", "pages/~$a", "other", "pages/gone"]).is_empty());
        assert_eq!(made(), first);
        write("pages/a", "b");
        assert_eq!(changes(&["pages/a"]), ["pages/a"]);
        assert_eq!(made().0, "b false");
        write("pages/deep/c", "c");
        assert_eq!(changes(&["pages/deep"]), ["pages/"]);
        assert_eq!(made().0, "b c false");
        write("extra/file", "");
        assert_eq!(changes(&["extra"]), ["extra/file"]);
        assert_eq!(made().0, "b c true");
        fs::rename(root.join("pages"), root.join("elsewhere")).unwrap();
        assert_eq!(changes(&["pages"]), ["pages/", "pages/a", "pages/deep/c"]);
        assert_eq!(made().0, "true");
        fs::rename(root.join("elsewhere"), root.join("pages")).unwrap();
        fs::remove_dir_all(root.join("extra")).unwrap();
        assert_eq!(files.rescan(), ["extra/file", "pages/"]);
        assert_eq!(made().0, "b c false");
        assert_eq!(files.folders().into_iter().collect::<Vec<_>>(), ["", "extra", "pages", "pages/deep"]);
    }
}
