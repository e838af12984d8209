//! What was made at a cost, kept beside the project under the hash of what it was made of.
//!
//! An entry is a file of its own: 32 bytes of SHA-256, then the bytes that hash to it. It is written aside and renamed,
//! and what does not match its hash counts as absent, so a run may end at any moment. It needs no clock and no list of
//! its own: what stands under a key can only be what would be made again. A store that cannot be read or written is an
//! empty one; nothing that is published depends on it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

use super::write::create_new;

/// The folder in the root of a project. Git leaves it out, and what lists inputs passes it over.
const FOLDER: &str = ".jinbang-cache";

/// The entries that the last run did not use may take so many bytes together with those that it used.
const MOST_BYTES: u64 = 512 << 20;

const HASH: usize = 32;

/// What something is made of: the hash of all that decides how it turns out.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct StoreKey(String);

impl StoreKey {
    /// The key of what a maker makes of some parts. Its name changes whenever it makes something else of the same parts.
    pub fn new(maker: &str, parts: &[&[u8]]) -> StoreKey {
        let mut hash = Sha256::new();
        for part in [maker.as_bytes()].iter().chain(parts) {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let mut name = String::with_capacity(2 * HASH);
        for byte in hash.finalize() {
            write!(name, "{byte:02x}").expect("a string takes everything");
        }
        StoreKey(name)
    }
}

/// Bytes by their [`StoreKey`].
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    most: u64,
    /// The entries that were asked for, and whether one was added.
    used: Mutex<(BTreeSet<String>, bool)>,
}

impl Store {
    /// The store of the project with this root.
    pub(super) fn new(root: &Path) -> Store {
        Store { folder: root.join(FOLDER), most: MOST_BYTES, used: Mutex::default() }
    }

    /// The bytes under a key, if they are there and whole.
    pub fn get(&self, key: &StoreKey) -> Option<Vec<u8>> {
        self.use_it(key, false);
        #[expect(
            clippy::disallowed_methods,
            reason = "no input: what it holds is named by what it was made of"
        )]
        let mut entry = std::fs::read(self.folder.join(&key.0)).ok()?;
        let bytes = (entry.len() >= HASH).then(|| entry.split_off(HASH))?;
        (Sha256::digest(&bytes).as_slice() == entry).then_some(bytes)
    }

    /// Puts bytes under a key, if the disk takes them.
    pub fn put(&self, key: &StoreKey, bytes: &[u8]) {
        let aside = self.folder.join(format!("{}.{}.new", key.0, std::process::id()));
        let write = || {
            std::fs::create_dir_all(&self.folder)?;
            // A run that was killed may have left one.
            let _ = std::fs::remove_file(&aside);
            let mut file = create_new(&aside)?;
            file.write_all(&Sha256::digest(bytes))?;
            file.write_all(bytes)?;
            std::fs::rename(&aside, self.folder.join(&key.0))
        };
        match write() {
            Ok(()) => self.use_it(key, true),
            Err(_) => drop(std::fs::remove_file(&aside)),
        }
    }

    fn use_it(&self, key: &StoreKey, is_new: bool) {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.0.insert(key.0.clone());
        used.1 |= is_new;
    }
}

/// A store that grew beyond its bound keeps only what this run used.
impl Drop for Store {
    fn drop(&mut self) {
        let (used, grew) = self.used.get_mut().unwrap_or_else(PoisonError::into_inner);
        if !*grew {
            return;
        }
        #[expect(clippy::disallowed_methods, reason = "these are no inputs, and their order does not matter")]
        let Ok(entries) = std::fs::read_dir(&self.folder) else { return };
        let mut all = 0;
        let mut unused = Vec::new();
        for entry in entries.flatten() {
            all += entry.metadata().map_or(0, |metadata| metadata.len());
            if !entry.file_name().to_str().is_some_and(|name| used.contains(name)) {
                unused.push(entry.path());
            }
        }
        if all > self.most {
            // Another run may be using it: it makes again what it misses.
            unused.iter().for_each(|path| drop(std::fs::remove_file(path)));
        }
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the test damages what was kept")]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_found_whole_or_not_at_all() {
        let root = tempfile::tempdir().unwrap();
        let key = StoreKey::new("double", &[b"a"]);
        assert_ne!(key, StoreKey::new("doublea", &[b""]));
        let store = Store::new(root.path());
        assert_eq!(store.get(&key), None);
        for bytes in [b"".as_slice(), b"aa"] {
            store.put(&key, bytes);
            assert_eq!(store.get(&key).as_deref(), Some(bytes));
        }
        let place = root.path().join(FOLDER).join(&key.0);
        let whole = std::fs::read(&place).unwrap();
        for end in 0..whole.len() {
            std::fs::write(&place, &whole[..end]).unwrap();
            assert_eq!(store.get(&key), None, "cut at {end}");
        }
        store.put(&key, b"aa");
        assert_eq!(store.get(&key).as_deref(), Some(b"aa".as_slice()));
        assert_eq!(std::fs::read_dir(root.path().join(FOLDER)).unwrap().count(), 1);
    }

    #[test]
    fn a_store_that_grew_too_large_keeps_what_the_last_run_used() {
        let root = tempfile::tempdir().unwrap();
        let store = |most| {
            let mut store = Store::new(root.path());
            store.most = most;
            store
        };
        let key = |number: u8| StoreKey::new("number", &[&[number]]);
        let kept = || (0..4).filter(|number| Store::new(root.path()).get(&key(*number)).is_some()).count();
        (0..3).for_each(|number| store(1000).put(&key(number), &[0; 68]));
        assert_eq!(kept(), 3);
        let small = store(300);
        assert!(small.get(&key(1)).is_some());
        small.put(&key(3), &[0; 68]);
        drop(small);
        assert_eq!(kept(), 2);
    }

    #[test]
    fn a_store_that_cannot_be_written_is_empty() {
        let root = tempfile::tempdir().unwrap();
        std::fs::write(root.path().join(FOLDER), "a file").unwrap();
        let (store, key) = (Store::new(root.path()), StoreKey::new("a", &[]));
        store.put(&key, b"a");
        assert_eq!(store.get(&key), None);
    }
}
