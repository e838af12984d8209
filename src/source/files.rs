//! The one door through which inputs are read.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::links::{Refused, Unfollowed};
use super::listing::Listing;
use super::memory::Memory;
use super::named::{NamedFiles, Privacy};
use super::root::Root;
use super::stamp::Stamps;
use super::store::Store;
use super::{Failure, FileId, Report, Span, code, fault, say};

/// The inputs below a project's root. What a symbolic link leads to is one of them if it lies below the root too; else
/// it is refused, whoever asks for it. Every read is noted, with the state the file was in, so that
/// [`Files::changed`] can tell whether an input changed while it was being used. A folder is listed once,
/// and again when [`Files::refresh`] is told that something in it changed.
pub struct Files {
    pub(super) root: Root,
    pub(super) named: NamedFiles,
    pub(super) stamps: Stamps,
    /// What was read, and what was made of it.
    pub(super) memory: Memory,
    /// The inputs that had changed when all was read.
    settled: OnceLock<Vec<String>>,
    store: OnceLock<Store>,
}

impl Files {
    /// The files below `root`.
    pub fn new(root: impl Into<PathBuf>) -> Files {
        Files {
            root: Root::new(root.into()),
            named: NamedFiles::default(),
            stamps: Stamps::default(),
            memory: Memory::default(),
            settled: OnceLock::new(),
            store: OnceLock::new(),
        }
    }

    /// Lets stages keep beside the project what they make at a cost.
    pub fn use_store(&self) {
        self.store.get_or_init(|| Store::new(self.root()));
    }

    /// Where stages keep what they make at a cost, if they may.
    pub fn store(&self) -> Option<&Store> {
        self.store.get()
    }

    /// The folder that paths are relative to.
    pub fn root(&self) -> &Path {
        self.root.path()
    }

    /// The number of a file, by its path below the root, with `/` between its parts.
    pub fn id(&self, path: &str) -> FileId {
        self.named.id(path)
    }

    /// The path of a file below the root.
    pub fn path(&self, file: FileId) -> String {
        self.named.look(file, |file| file.path.clone())
    }

    /// Whether the folder around this path lists it. What is listed and cannot be read is a failure when
    /// it is opened, and not taken for absent.
    pub fn is_file(&self, path: &str) -> bool {
        let there = self.root.is_listed(path);
        self.memory.note_probe(path, there);
        there
    }

    /// Opens a file for reading, and notes it.
    pub fn open(&self, file: FileId) -> Result<File, Failure> {
        let path = self.path(file);
        fault::reading(&path);
        let failed = |cause| Failure::new(say!("read {path}", path), cause);
        let real = match self.root.follow(&path) {
            Ok(followed) => followed.real,
            // The system says why.
            Err(Unfollowed::Absent) => self.root.path().join(&path),
            Err(Unfollowed::Refused(refused)) => return Err(refused.failure()),
        };
        #[expect(clippy::disallowed_methods, reason = "the door through which inputs are read")]
        let opened = File::open(real).map_err(failed)?;
        let metadata = opened.metadata().map_err(failed)?;
        if !metadata.is_file() {
            return Err(Failure::because(say!("read {path}", path), say!("not a regular file")));
        }
        self.stamps.note(file, &metadata);
        self.memory.note_read(&path);
        Ok(opened)
    }

    /// How many bytes a file has.
    pub fn size(&self, file: FileId) -> Result<u64, Failure> {
        let opened = self.open(file)?;
        let failed = |cause| Failure::new(say!("read {path}", path = self.path(file)), cause);
        opened.metadata().map(|metadata| metadata.len()).map_err(failed)
    }

    /// Reads a whole file.
    pub fn read(&self, file: FileId) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        let mut opened = self.open(file)?;
        io::Read::read_to_end(&mut opened, &mut bytes)
            .map_err(|cause| Failure::new(say!("read {path}", path = self.path(file)), cause))?;
        Ok(bytes)
    }

    /// Keeps the text of a file, so that problems can show lines of it.
    pub fn keep_text(&self, file: FileId, text: impl Into<Arc<str>>) -> Arc<str> {
        let text = text.into();
        self.named.keep_text(file, Arc::clone(&text), Privacy::Shown);
        text
    }

    /// Keeps the text of a file of which no line may be shown, so that places in it can be counted.
    pub fn keep_private_text(&self, file: FileId, text: impl Into<Arc<str>>) -> Arc<str> {
        let text = text.into();
        self.named.keep_text(file, Arc::clone(&text), Privacy::Private);
        text
    }

    /// Whether lines of a file may not be shown.
    pub fn is_private(&self, file: FileId) -> bool {
        self.named.look(file, |file| file.is_private)
    }

    /// The text of a file that was kept.
    pub fn text(&self, file: FileId) -> Option<Arc<str>> {
        self.named.look(file, |file| file.text.clone())
    }

    /// Keeps the names of a workbook's sheets, so that places in it can name them.
    pub fn keep_sheets(&self, file: FileId, sheets: Vec<String>) {
        self.named.keep_sheets(file, sheets);
    }

    /// The paths of all files below a folder, in the order of their code points. Names that begin with
    /// a dot are passed over, as are the lock files that office programs leave (`~$…`). A folder that
    /// is not there holds no files.
    pub fn list(&self, folder: &str) -> Result<Vec<String>, Failure> {
        let listing = self.listing(folder)?;
        match listing.refused.first() {
            Some(refused) => Err(refused.failure()),
            None => Ok(listing.files.clone()),
        }
    }

    /// The paths of the files below a folder by which office programs show that a file is open.
    pub fn locks(&self, folder: &str) -> Result<Vec<String>, Failure> {
        Ok(self.listing(folder)?.locks.clone())
    }

    /// Reports links below a folder that lead out of the project or nowhere, and what is neither file nor folder:
    /// everything for which [`Files::list`] fails. Whether there is none of it.
    pub fn report_refused(&self, report: &mut Report, folder: &str) -> Result<bool, Failure> {
        let listing = self.listing(folder)?;
        for Refused { path, why, remedy, .. } in &listing.refused {
            report.error(code::LINK, Span::whole(self.id(path)), why.clone()).hint(remedy.clone());
        }
        Ok(listing.refused.is_empty())
    }

    fn listing(&self, folder: &str) -> Result<Arc<Listing>, Failure> {
        self.memory.listing(folder, || Listing::of(&self.root, folder))
    }

    /// The files that changed, appeared or went away since they were read, by path.
    pub fn changed(&self) -> Vec<String> {
        let place = |file: FileId| self.root.path().join(self.path(file));
        self.stamps.changed(place).into_iter().map(|file| self.path(file)).collect()
    }

    /// Reports inputs that changed since they were read: what was made of them may fit neither state. Returns whether
    /// none did. With this all is read that is needed: what changes later is not asked again.
    pub fn settle(&self, report: &mut Report) -> bool {
        let changed = self.settled();
        for path in changed {
            report
                .error(
                    code::CHANGED_WHILE_BUILDING,
                    Span::whole(self.id(path)),
                    say!("`{path}` changed while it was used", path),
                )
                .hint(say!("run the command again when nobody is saving files"));
        }
        changed.is_empty()
    }

    /// Whether no input changed since it was read, as [`Files::settle`] asks, for whoever is about to write.
    ///
    /// # Errors
    ///
    /// A fault of the project that names an input that changed.
    pub fn require_unchanged(&self) -> Result<(), Failure> {
        match self.settled().first() {
            None => Ok(()),
            Some(path) => Err(Failure::of_project(say!(
                "`{path}` changed while it was used, and nothing was written: run the command again when nobody is saving files",
                path
            ))),
        }
    }

    fn settled(&self) -> &[String] {
        self.settled.get_or_init(|| self.changed())
    }
}
