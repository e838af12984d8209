//! Puts a site in the place of the one before: whole, or not at all.
//!
//! The new site is staged in a folder beside the old one and takes its place by one system call, so
//! whoever looks, and whenever the machine stops, there is the old site or the new one.
//!
//! 1. [`claim`] refuses folders that are not ours to replace, takes a lock on the folder around them,
//!    waits for another run that holds it, and clears away what a killed run has left.
//! 2. [`Claim::publish`] lets the caller write files into a [`Stage`], brings them to the disk by one
//!    `syncfs`, exchanges the stage with the old site, brings that to the disk, removes the old site.
//!
//! A file system that cannot exchange two folders (NFS, some FUSE mounts) gets two renames: the old site
//! steps aside, the new one steps in; if that fails, the old one steps back. A machine that stops exactly
//! between the two has both sites whole on its disk and none in its place, and the next [`claim`] puts
//! the old one back.
//!
//! Where the folder around the site cannot be locked (NFS again), two runs still publish one whole site
//! or the other, but what a killed run left is not cleared away.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{DirBuilder, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::RwLock;

use crate::site::{Permalink, Sink};
use crate::source::platform::{Folder, is_on_same_disk};
use crate::source::write::create_new;
use crate::source::{Failure, Message, say};

/// The file that says that a folder was made by this program, and may be replaced by it.
pub const MARKER: &str = ".jinbang";

const MARKER_TEXT: &str = "made by jinbang\n\n\
    Every build replaces this folder as a whole. Do not keep files of your own in it.\n\
    While this file is here, jinbang may replace the folder; without it, it will not.\n";
/// How the marker begins, in this version and in every later one.
const MARKER_START: &[u8] = b"made by jinbang\n";

/// How the names of our folders beside a site begin.
const ASIDE: &str = ".jinbang-";

/// What a site is made from: its output may not take these away.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    /// The project's root. A site may lie in it.
    pub root: &'a Path,
    /// Folders of inputs, relative to the root. A site may not lie in them.
    pub folders: &'a [&'a str],
}

/// The right to publish to a folder. Nobody else has it until the claim is dropped.
#[derive(Debug)]
pub struct Claim {
    /// The folder as the caller named it, for messages.
    shown: PathBuf,
    /// The folder around it, without symbolic links.
    parent: PathBuf,
    name: OsString,
    /// The nearest folder that exists, and the lock on it.
    lock: Lock,
}

/// What a publication has done.
#[derive(Debug)]
pub struct Published<T> {
    /// What the writer returned.
    pub value: T,
    /// Why the old site could not be removed. The new one is in place; the next run tries again.
    pub leftover: Option<Failure>,
}

/// A new site that is being written. Files can be written from many threads.
#[derive(Debug)]
pub struct Stage {
    shown: PathBuf,
    folder: PathBuf,
    folders_made: RwLock<BTreeSet<String>>,
}

/// Claims a folder for a new site. Calls `waiting` once if another run is publishing beside it, and
/// then waits for that run to end.
///
/// Claim before reading the inputs: of two runs, the one that read last then publishes last.
pub fn claim(out: &Path, inputs: Inputs<'_>, waiting: impl FnOnce()) -> Result<Claim, Failure> {
    let refuse = |why: Message| Failure::because(say!("publish to {path}", path = out.display()), why);
    let failed = |cause: io::Error| Failure::new(say!("publish to {path}", path = out.display()), cause);
    let (parent, name) = whereabouts(out).map_err(failed)?;
    let Some(name) = name else {
        return Err(refuse(say!("it is the root of the file system; choose a folder for the site")));
    };
    let path = parent.join(&name);
    refuse_inputs(&path, inputs).map_err(refuse)?;
    // A folder that is still to be made cannot be locked; the nearest one around it can.
    let there = parent.ancestors().find(|folder| folder.is_dir()).unwrap_or(Path::new("/"));
    let lock = Lock::take(there, waiting).map_err(failed)?;
    let claim = Claim { shown: out.to_owned(), parent, name, lock };
    if claim.parent.is_dir() {
        claim.recover()?;
    }
    claim.standing()?;
    Ok(claim)
}

/// Claims a folder, and publishes to it what `write` writes. See [`claim`] and [`Claim::publish`].
pub fn publish<T>(
    out: &Path,
    inputs: Inputs<'_>,
    write: impl FnOnce(&Stage) -> Result<Option<T>, Failure>,
) -> Result<Option<Published<T>>, Failure> {
    claim(out, inputs, || {})?.publish(write)
}

/// What stands where the site is to stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Standing {
    Nothing,
    Empty,
    Site,
}

impl Claim {
    /// Publishes what `write` writes, all of it or nothing. Nothing is published and nothing is left
    /// behind when `write` fails, or returns `None` to give up, or when any step fails.
    pub fn publish<T>(
        &self,
        write: impl FnOnce(&Stage) -> Result<Option<T>, Failure>,
    ) -> Result<Option<Published<T>>, Failure> {
        let _parents = Parents::make(&self.parent).map_err(|cause| self.failed(cause))?;
        // If the parent was only made now, another run may have found it and hold its lock.
        let _lock = match self.lock.folder == self.parent {
            true => None,
            false => Some(Lock::take(&self.parent, || {}).map_err(|cause| self.failed(cause))?),
        };
        let parent = Folder::open(&self.parent).map_err(|cause| self.failed(cause))?;
        let mut aside = Aside::make(&self.parent).map_err(|cause| self.failed(cause))?;
        let stage =
            Stage { shown: self.shown.clone(), folder: aside.path(), folders_made: RwLock::default() };
        // Opened before anything is written, so that no failed writing escapes.
        let stage_folder = Folder::open(&stage.folder).map_err(|cause| self.failed(cause))?;
        stage.write(MARKER, MARKER_TEXT.as_bytes())?;
        let Some(value) = write(&stage)? else { return Ok(None) };
        stage_folder.sync_disk().map_err(|cause| {
            Failure::new(say!("write {path} to the disk", path = self.shown.display()), cause)
        })?;
        match self.standing()? {
            // A folder takes the place of nothing, or of an empty folder, by a plain rename.
            Standing::Nothing | Standing::Empty => {
                parent.rename(&aside.name, &self.name).map_err(|cause| self.not_swapped(cause))?;
                let stage = aside.name.clone();
                let step_back = || parent.rename(&self.name, &stage);
                self.sync_parent(&parent, &mut aside, step_back)?;
                aside.done = true;
                Ok(Some(Published { value, leftover: None }))
            }
            Standing::Site => {
                let stage = aside.name.clone();
                match parent.exchange(&stage, &self.name) {
                    Ok(()) => {
                        let step_back = || parent.exchange(&stage, &self.name);
                        self.keep_what_is_not_ours(&aside, step_back)?;
                        self.sync_parent(&parent, &mut aside, step_back)?;
                    }
                    Err(cause) if cause.kind() == io::ErrorKind::Unsupported => {
                        self.swap_in_two_steps(&parent, &mut aside)?;
                    }
                    Err(cause) => return Err(self.not_swapped(cause)),
                }
                // The old site now has the name that the stage had.
                aside.done = true;
                let leftover = remove_ours(&aside.path()).map_err(|cause| {
                    Failure::new(say!("remove {path}", path = aside.path().display()), cause)
                });
                Ok(Some(Published { value, leftover: leftover.err() }))
            }
        }
    }

    /// For file systems that cannot exchange: the old site steps aside, the new one steps in.
    fn swap_in_two_steps(&self, parent: &Folder, aside: &mut Aside) -> Result<(), Failure> {
        let old = self.old_name();
        parent.rename(&self.name, &old).map_err(|cause| self.not_swapped(cause))?;
        if let Err(cause) = parent.rename(&aside.name, &self.name) {
            // Should this fail as well, the next claim does it.
            let _ = parent.rename(&old, &self.name);
            return Err(self.not_swapped(cause));
        }
        let stage = aside.name.clone();
        let step_back = || {
            parent.rename(&self.name, &stage)?;
            parent.rename(&old, &self.name)
        };
        self.sync_parent(parent, aside, step_back)?;
        aside.name = old;
        Ok(())
    }

    /// Looks at what the exchange has taken out of the way. Somebody may have put a folder of their own
    /// there at the last moment.
    fn keep_what_is_not_ours(
        &self,
        aside: &Aside,
        step_back: impl Fn() -> io::Result<()>,
    ) -> Result<(), Failure> {
        match has_marker(&aside.path()) {
            Ok(true) => Ok(()),
            looked => {
                step_back().map_err(|cause| self.stuck(aside, cause))?;
                Err(match looked.err() {
                    Some(cause) => self.failed(cause),
                    None => self.refused(say!("it has changed in the meantime")),
                })
            }
        }
    }

    /// Brings the exchange to the disk, or takes it back.
    fn sync_parent(
        &self,
        parent: &Folder,
        aside: &mut Aside,
        step_back: impl Fn() -> io::Result<()>,
    ) -> Result<(), Failure> {
        let Err(cause) = parent.sync_names() else { return Ok(()) };
        let doing = match step_back() {
            Ok(()) => say!("write {path} to the disk", path = self.shown.display()),
            Err(_) => {
                // On a disk that fails like this, both sites are kept.
                aside.done = true;
                say!("make sure that the new {path} is on the disk", path = self.shown.display())
            }
        };
        Err(Failure::new(doing, cause))
    }

    /// Clears away what killed runs have left beside the site, and puts an old site back that was
    /// stepping aside.
    fn recover(&self) -> Result<(), Failure> {
        if !self.lock.held {
            return Ok(());
        }
        let old = self.parent.join(self.old_name());
        let site = self.parent.join(&self.name);
        if has_marker(&old).unwrap_or(false) && std::fs::symlink_metadata(&site).is_err() {
            let doing = || say!("put {path} back", path = self.shown.display());
            std::fs::rename(&old, &site).map_err(|cause| Failure::new(doing(), cause))?;
        }
        #[expect(clippy::disallowed_methods, reason = "looks for what this program left behind")]
        let Ok(entries) = std::fs::read_dir(&self.parent) else { return Ok(()) };
        for entry in entries.flatten() {
            let begins = entry.file_name().as_encoded_bytes().starts_with(ASIDE.as_bytes());
            let folder = entry.file_type().is_ok_and(|file_type| file_type.is_dir());
            if begins && folder && is_leftover(&entry.path()).unwrap_or(false) {
                // What cannot be removed does not stand in the way of this run.
                let _ = remove_ours(&entry.path());
            }
        }
        Ok(())
    }

    /// What stands where the site is to stand. Refuses whatever the program did not make.
    fn standing(&self) -> Result<Standing, Failure> {
        let refuse = |why: Message| Err(self.refused(why));
        let path = self.parent.join(&self.name);
        let metadata = match std::fs::symlink_metadata(&path) {
            Ok(metadata) => metadata,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Standing::Nothing),
            Err(cause) => return Err(self.failed(cause)),
        };
        if metadata.is_symlink() {
            return refuse(say!("it is a symbolic link; use the folder itself"));
        }
        if !metadata.is_dir() {
            return refuse(say!("it is a file; use a folder"));
        }
        let around = std::fs::metadata(&self.parent).map_err(|cause| self.failed(cause))?;
        if !is_on_same_disk(&around, &metadata) {
            return refuse(say!("it is a mount point and cannot be replaced; use a folder inside it"));
        }
        match (has_marker(&path), is_empty(&path)) {
            (Ok(true), _) => Ok(Standing::Site),
            (_, Ok(true)) => Ok(Standing::Empty),
            (Ok(false), Ok(false)) => refuse(say!(
                "it contains files that jinbang did not create, and publishing replaces the whole folder; use a new or empty folder, or empty this one yourself"
            )),
            (Err(cause), _) | (_, Err(cause)) => Err(self.failed(cause)),
        }
    }

    fn old_name(&self) -> OsString {
        let mut name = OsString::from(format!("{ASIDE}old-"));
        name.push(&self.name);
        name
    }

    fn failed(&self, cause: io::Error) -> Failure {
        Failure::new(say!("publish to {path}", path = self.shown.display()), cause)
    }

    fn refused(&self, why: Message) -> Failure {
        Failure::because(say!("publish to {path}", path = self.shown.display()), why)
    }

    fn not_swapped(&self, cause: io::Error) -> Failure {
        let doing = say!("move the new {path} into place", path = self.shown.display());
        match cause.kind() {
            io::ErrorKind::CrossesDevices => Failure::because(
                doing,
                say!(
                    "the old one is in a read-only layer of an overlay file system; remove it, and build again"
                ),
            ),
            io::ErrorKind::ResourceBusy => {
                Failure::because(doing, say!("it is a mount point; use a folder inside it"))
            }
            _ => Failure::new(doing, cause),
        }
    }

    fn stuck(&self, aside: &Aside, cause: io::Error) -> Failure {
        let path = aside.path();
        Failure::new(
            say!("move {path} back to {place}", path = path.display(), place = self.shown.display()),
            cause,
        )
    }
}

impl Stage {
    /// Writes a file of the site. The path has `/` between its parts. A file can be written once.
    pub fn write(&self, path: &str, bytes: &[u8]) -> Result<(), Failure> {
        let failed =
            |cause| Failure::new(say!("write {path}", path = self.shown.join(path).display()), cause);
        if !path.split('/').all(|part| !matches!(part, "" | "." | "..")) || path.contains('\0') {
            return Err(failed(io::Error::other("it would lie outside the site")));
        }
        if let Some((folder, _)) = path.rsplit_once('/') {
            self.make_folders(folder).map_err(failed)?;
        }
        let mut file = create_new(&self.folder.join(path)).map_err(failed)?;
        file.write_all(bytes).map_err(failed)
    }

    fn make_folders(&self, folder: &str) -> io::Result<()> {
        if self.folders_made.read().expect("no writer panics with the lock").contains(folder) {
            return Ok(());
        }
        let mut made = self.folders_made.write().expect("no writer panics with the lock");
        let ends = folder.match_indices('/').map(|(at, _)| at).chain([folder.len()]);
        for end in ends {
            let folder = &folder[..end];
            if !made.contains(folder) {
                std::fs::create_dir(self.folder.join(folder))?;
                made.insert(folder.to_owned());
            }
        }
        Ok(())
    }
}

impl Sink for Stage {
    fn put(&self, permalink: &Permalink, bytes: &[u8]) -> Result<(), Failure> {
        self.write(&permalink.file(), bytes)
    }
}

/// A folder of ours beside the site: the stage, and after the exchange the old site. Removed when
/// dropped, unless done.
#[derive(Debug)]
struct Aside {
    parent: PathBuf,
    name: OsString,
    done: bool,
}

impl Aside {
    fn make(parent: &Path) -> io::Result<Aside> {
        let process = std::process::id();
        let mut attempt = 0;
        loop {
            let name = OsString::from(format!("{ASIDE}stage-{process}-{attempt}"));
            match DirBuilder::new().create(parent.join(&name)) {
                Ok(()) => return Ok(Aside { parent: parent.to_owned(), name, done: false }),
                // Without a lock, another machine's process may have the same number.
                Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists && attempt < 1000 => attempt += 1,
                Err(cause) => return Err(cause),
            }
        }
    }

    fn path(&self) -> PathBuf {
        self.parent.join(&self.name)
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        if !self.done && is_leftover(&self.path()).unwrap_or(false) {
            // What cannot be removed now is removed by the next run.
            let _ = remove_ours(&self.path());
        }
    }
}

/// The folders around the site that had to be made. Those that stay empty are removed again.
#[derive(Debug)]
struct Parents(Vec<PathBuf>);

impl Parents {
    fn make(parent: &Path) -> io::Result<Parents> {
        let missing: Vec<&Path> = parent.ancestors().take_while(|folder| !folder.is_dir()).collect();
        let mut made = Parents(Vec::new());
        for folder in missing.into_iter().rev() {
            match std::fs::create_dir(folder) {
                Ok(()) => made.0.push(folder.to_owned()),
                Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => {}
                Err(cause) => return Err(cause),
            }
        }
        Ok(made)
    }
}

impl Drop for Parents {
    fn drop(&mut self) {
        for folder in self.0.iter().rev() {
            // Fails where there is something in it, which is what should happen.
            let _ = std::fs::remove_dir(folder);
        }
    }
}

/// A lock on a folder, which ends with the process at the latest. It leaves no file behind.
#[derive(Debug)]
struct Lock {
    folder: PathBuf,
    held: bool,
    _locked: Folder,
}

impl Lock {
    fn take(path: &Path, waiting: impl FnOnce()) -> io::Result<Lock> {
        let folder = Folder::open(path)?;
        let held = folder.lock(waiting)?;
        Ok(Lock { folder: path.to_owned(), held, _locked: folder })
    }
}

/// The folder around a path, without symbolic links, and the name in it; no name if the path is the top
/// of the file system. The folder around it may be missing.
fn whereabouts(out: &Path) -> io::Result<(PathBuf, Option<OsString>)> {
    let mut absolute = std::path::absolute(out)?;
    // `..` at the end has no name, but a place.
    if absolute.file_name().is_none() {
        absolute = std::fs::canonicalize(&absolute)?;
    }
    let (Some(parent), Some(name)) = (absolute.parent(), absolute.file_name()) else {
        return Ok((PathBuf::from("/"), None));
    };
    Ok((real_path(parent)?, Some(name.to_owned())))
}

/// A path without symbolic links, also where its last parts do not exist.
fn real_path(path: &Path) -> io::Result<PathBuf> {
    match std::fs::canonicalize(path) {
        Ok(real) => Ok(real),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
            let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else { return Err(cause) };
            // A dangling link is not a folder that can be made.
            if std::fs::symlink_metadata(path).is_ok() {
                return Err(cause);
            }
            Ok(real_path(parent)?.join(name))
        }
        Err(cause) => Err(cause),
    }
}

fn refuse_inputs(path: &Path, inputs: Inputs<'_>) -> Result<(), Message> {
    let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let root = real(inputs.root);
    if root.starts_with(path) {
        let what =
            if root == path { say!("it is the project's root") } else { say!("the project lies in it") };
        return Err(say!(
            "{what}, and publishing replaces the folder as a whole; name a folder of its own",
            what
        ));
    }
    for folder in inputs.folders {
        let input = real(&root.join(folder));
        if input.starts_with(path) || path.starts_with(&input) || path.starts_with(root.join(folder)) {
            return Err(say!("it would take the place of `{folder}`, which the site is made from", folder));
        }
    }
    Ok(())
}

/// Whether a folder was made by this program.
pub(super) fn has_marker(folder: &Path) -> io::Result<bool> {
    Ok(marker_start(folder)?.is_some_and(|start| start == MARKER_START))
}

/// Whether a folder with a name of ours was made by this program. A run may have been killed before it
/// had written the whole marker.
fn is_leftover(folder: &Path) -> io::Result<bool> {
    match marker_start(folder)? {
        Some(start) => Ok(MARKER_START.starts_with(&start)),
        None => is_empty(folder),
    }
}

/// The first bytes of a folder's marker, if it has one.
fn marker_start(folder: &Path) -> io::Result<Option<Vec<u8>>> {
    let marker = folder.join(MARKER);
    match std::fs::symlink_metadata(&marker) {
        Ok(metadata) if metadata.is_file() => {}
        Ok(_) => return Ok(None),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(cause),
    }
    let mut start = Vec::new();
    #[expect(clippy::disallowed_methods, reason = "looks whether an output folder is ours")]
    File::open(marker)?.take(MARKER_START.len() as u64).read_to_end(&mut start)?;
    Ok(Some(start))
}

fn is_empty(folder: &Path) -> io::Result<bool> {
    #[expect(clippy::disallowed_methods, reason = "looks whether an output folder is empty")]
    let mut entries = std::fs::read_dir(folder)?;
    entries.next().transpose().map(|entry| entry.is_none())
}

/// Removes a folder that this program made. The marker goes last, so that a removal that is cut short
/// can be recognised and finished.
fn remove_ours(folder: &Path) -> io::Result<()> {
    #[expect(clippy::disallowed_methods, reason = "removes what this program made")]
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name() == MARKER {
            continue;
        }
        match entry.file_type()?.is_dir() {
            true => std::fs::remove_dir_all(entry.path())?,
            false => std::fs::remove_file(entry.path())?,
        }
    }
    match std::fs::remove_file(folder.join(MARKER)) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => return Err(cause),
        _ => {}
    }
    std::fs::remove_dir(folder)
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "tests look at what was written")]
mod tests {
    use super::*;

    #[test]
    fn without_an_exchange_the_old_site_steps_aside_and_is_kept_until_the_new_one_is_in_place() {
        let top = std::env::temp_dir().join(format!("jinbang-two-steps-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&top);
        std::fs::create_dir_all(&top).unwrap();
        let inputs = Inputs { root: Path::new("/nowhere"), folders: &[] };
        let out = top.join("public");
        publish(&out, inputs, |stage| stage.write("page", b"old").map(Some)).unwrap();
        let claim = claim(&out, inputs, || {}).unwrap();
        let parent = Folder::open(&top).unwrap();

        let mut gone = Aside { parent: top.clone(), name: "not-there".into(), done: false };
        claim.swap_in_two_steps(&parent, &mut gone).unwrap_err();
        assert_eq!(std::fs::read(out.join("page")).unwrap(), b"old");

        let mut aside = Aside::make(&top).unwrap();
        std::fs::write(aside.path().join("page"), "new").unwrap();
        claim.swap_in_two_steps(&parent, &mut aside).unwrap();
        assert_eq!(std::fs::read(out.join("page")).unwrap(), b"new");
        assert_eq!(std::fs::read(aside.path().join("page")).unwrap(), b"old");
        drop(aside);
        assert_eq!(std::fs::read_dir(&top).unwrap().count(), 1);
        std::fs::remove_dir_all(&top).unwrap();
    }
}
