//! What was made of files, kept for as long as they stay as they were.
//!
//! A stage that is asked again with the same inputs gets what it made before, its problems included. It
//! does not know that: what it reads through [`Files`] while it works is noted here.

use std::any::Any;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::links::Link;
use super::listing::{Listing, is_visible};
use super::memory::{Remembered, below};
use super::{Failure, Files, Report};

/// A change is looked for through so many links, one lying in the folder that the other leads to.
const LINKS_IN_A_ROW: usize = 4;

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
        self.memory.remembered(report, name, inputs, make)
    }

    /// Takes into account that something may have changed at these paths below the root. Returns the
    /// inputs that did change: files that were read or looked for, and folders that were listed, these
    /// with a slash behind. Others do not matter.
    pub fn refresh(&self, paths: &BTreeSet<String>) -> Vec<String> {
        let mut changed = BTreeSet::new();
        let mut listings = BTreeSet::new();
        for path in &self.with_other_paths(paths) {
            for (named, file) in self.named.at_or_below(path) {
                if self.memory.lock().read.contains(&named) {
                    self.stamps.forget(file);
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
                probes
                    .into_iter()
                    .filter(|probe| inner.probes[*probe] != self.root.is_listed(probe))
                    .cloned(),
            );
            for (folder, listing) in &inner.listings {
                let affected = match path.strip_prefix(&below(folder)) {
                    Some(rest) => {
                        let listed = listing.files.binary_search(path).is_ok();
                        let is_link = listing.links.iter().any(|link| link.path == *path);
                        let stays = listed && !is_link && self.root.is_plain_file(path);
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
            probes
                .into_iter()
                .filter(|(path, then)| self.root.is_listed(path) != *then)
                .map(|(path, _)| path),
        );
        for file in changed.iter().filter_map(|path| self.named.known(path)) {
            self.stamps.forget(file);
        }
        self.forget(changed)
    }

    /// Lists folders again. What cannot be listed is left for the next run to fail on.
    fn relist(&self, folders: &BTreeSet<String>, changed: &mut BTreeSet<String>) {
        for folder in folders {
            let now = Listing::of(&self.root, folder).ok();
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
        self.memory.folders()
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
