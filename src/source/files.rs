//! The one door through which inputs are read.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, RwLock};

use super::links::{Followed, Link, Refused, Unfollowed, follow};
use super::remember::Memory;
use super::span::column_letters;
use super::{FileId, Message, Place, Report, Span, code, fault, say};

/// The run cannot go on.
#[derive(Debug)]
pub struct Failure {
    what: Message,
    blame: Blame,
}

/// What is at fault when a run cannot go on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Blame {
    /// The machine, or the command line: a file could not be read or written.
    Machine,
    /// The project: something in it is refused.
    Project,
    /// This program.
    Program,
}

impl Failure {
    /// A failure of the system while doing something.
    pub fn new(doing: Message, cause: io::Error) -> Failure {
        Failure::because(doing, Message::foreign(cause))
    }

    /// Something that is not done, and why.
    pub fn because(doing: Message, why: Message) -> Failure {
        Failure { what: say!("cannot {doing}: {why}", doing, why), blame: Blame::Machine }
    }

    /// Something in the project that is refused, and what to do instead.
    pub(super) fn of_project(what: Message) -> Failure {
        Failure { what, blame: Blame::Project }
    }

    /// A fault of this program, and what to report.
    pub(super) fn of_program(what: Message) -> Failure {
        Failure { what, blame: Blame::Program }
    }

    /// What happened, as a sentence.
    pub fn message(&self) -> Message {
        self.what.clone()
    }

    /// What is at fault.
    pub fn blame(&self) -> Blame {
        self.blame
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.what.fmt(f)
    }
}

impl std::error::Error for Failure {}

/// A place as programs take it. Lines, columns and fields count from 1, columns in characters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Location {
    /// A file as a whole.
    Whole,
    /// A part of a line.
    Text {
        /// The line.
        line: usize,
        /// The first column.
        column: usize,
        /// The column behind the last.
        end_column: usize,
    },
    /// A field of a delimited text.
    Field {
        /// The line on which its row begins.
        line: u32,
        /// The field of the row.
        field: u16,
    },
    /// A cell of a workbook.
    Cell {
        /// The name of the sheet.
        sheet: String,
        /// The cell: `C17`.
        cell: String,
    },
    /// A sheet of a workbook.
    Sheet(String),
}

/// The inputs below a project's root. What a symbolic link leads to is one of them if it lies below the root too; else
/// it is refused, whoever asks for it. Every read is noted, with the state the file was in, so that
/// [`Files::changed`] can tell whether an input changed while it was being used. A folder is listed once,
/// and again when [`Files::refresh`] is told that something in it changed.
pub struct Files {
    root: PathBuf,
    /// The root without links, once it was there.
    real_root: OnceLock<PathBuf>,
    notes: RwLock<Notes>,
    /// What was read, and what was made of it.
    pub(super) memory: Memory,
    /// The inputs that had changed when all was read.
    settled: OnceLock<Vec<String>>,
}

#[derive(Default)]
struct Notes {
    ids: BTreeMap<String, FileId>,
    files: Vec<Note>,
}

struct Note {
    path: String,
    text: Option<Arc<str>>,
    /// Whether the text holds what is private, so that lines of it are never shown.
    private: bool,
    sheets: Vec<String>,
    stamp: Option<Stamp>,
    /// Whether it was in another state when it was opened again.
    replaced: bool,
}

/// What lies below a folder.
#[derive(Default, Debug)]
pub(super) struct Listing {
    pub files: Vec<String>,
    /// The folders, itself included.
    pub folders: Vec<String>,
    /// The files by which office programs show that a file is open.
    pub locks: Vec<String>,
    /// The links, followed or not.
    pub links: Vec<Link>,
    /// What is no part of the project.
    pub refused: Vec<Refused>,
}

impl Listing {
    /// Whether the same is read in both: a file that was opened meanwhile in an office program changes nothing.
    pub(super) fn reads_as(&self, other: &Listing) -> bool {
        (&self.files, &self.folders) == (&other.files, &other.folders)
            && (&self.links, &self.refused) == (&other.links, &other.refused)
    }

    fn refuse(&mut self, refused: Refused) {
        if !refused.steps.is_empty() {
            self.links.push(Link { path: refused.path.clone(), steps: refused.steps.clone() });
        }
        self.refused.push(refused);
    }
}

/// More links to folders than this are not followed in one folder: a few that lead into each other show the same files
/// again and again.
const MOST_FOLDERS_BY_LINK: usize = 1000;

/// Whether a file or folder of this name is looked at.
pub(super) fn is_visible(name: &str) -> bool {
    !name.starts_with('.') && !name.starts_with("~$")
}

/// Whether a file of this name shows that an office program has another one open.
fn is_lock(name: &str) -> bool {
    name.starts_with("~$") || name.starts_with(".~lock.") && name.ends_with('#')
}

/// What shows that a file was changed.
#[derive(PartialEq, Eq, Clone, Copy, Debug)]
struct Stamp {
    bytes: u64,
    modified: Option<std::time::SystemTime>,
    /// When it was last written, renamed or given other rights, in seconds and nanoseconds: nobody can set it back.
    touched: (i64, i64),
    inode: u64,
}

impl Files {
    /// The files below `root`.
    pub fn new(root: impl Into<PathBuf>) -> Files {
        Files {
            root: root.into(),
            real_root: OnceLock::new(),
            notes: RwLock::default(),
            memory: Memory::default(),
            settled: OnceLock::new(),
        }
    }

    /// The folder that paths are relative to.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The number of a file, by its path below the root, with `/` between its parts.
    pub fn id(&self, path: &str) -> FileId {
        let mut notes = self.notes.write().expect("no reader panics with the lock");
        if let Some(&id) = notes.ids.get(path) {
            return id;
        }
        let id = FileId(u32::try_from(notes.files.len()).expect("fewer than 2^32 files"));
        notes.ids.insert(path.to_owned(), id);
        notes.files.push(Note {
            path: path.to_owned(),
            text: None,
            private: false,
            sheets: Vec::new(),
            stamp: None,
            replaced: false,
        });
        id
    }

    /// The path of a file below the root.
    pub fn path(&self, file: FileId) -> String {
        self.note(file, |note| note.path.clone())
    }

    /// Whether the folder around this path lists it. What is listed and cannot be read is a failure when
    /// it is opened, and not taken for absent.
    pub fn is_file(&self, path: &str) -> bool {
        let there = self.is_listed(path);
        self.memory.note_probe(path, there);
        there
    }

    pub(super) fn is_listed(&self, path: &str) -> bool {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let folder = match self.follow(folder) {
            Ok(followed) => followed.real,
            Err(Unfollowed::Absent) => return false,
            Err(Unfollowed::Refused(_)) => return true,
        };
        #[expect(clippy::disallowed_methods, reason = "the door through which inputs are read")]
        let Ok(entries) = std::fs::read_dir(folder) else { return false };
        entries.flatten().any(|entry| entry.file_name() == name)
    }

    /// Where a path leads. One that is not below the root was named on the command line, and is taken as it is.
    fn follow(&self, path: &str) -> Result<Followed, Unfollowed> {
        if Path::new(path).is_absolute() {
            return Ok(Followed { real: path.into(), steps: Vec::new() });
        }
        let root = match self.real_root.get() {
            Some(root) => root,
            None => {
                let root = std::fs::canonicalize(&self.root).map_err(|_| Unfollowed::Absent)?;
                self.real_root.get_or_init(|| root)
            }
        };
        follow(root, path)
    }

    /// Opens a file for reading, and notes it.
    pub fn open(&self, file: FileId) -> Result<File, Failure> {
        let path = self.path(file);
        fault::reading(&path);
        let failed = |cause| Failure::new(say!("read {path}", path), cause);
        let real = match self.follow(&path) {
            Ok(followed) => followed.real,
            // The system says why.
            Err(Unfollowed::Absent) => self.root.join(&path),
            Err(Unfollowed::Refused(refused)) => return Err(refused.failure()),
        };
        #[expect(clippy::disallowed_methods, reason = "the door through which inputs are read")]
        let opened = File::open(real).map_err(failed)?;
        let metadata = opened.metadata().map_err(failed)?;
        if !metadata.is_file() {
            return Err(Failure::because(say!("read {path}", path), say!("not a regular file")));
        }
        let stamp = stamp(&metadata);
        let mut notes = self.notes.write().expect("no reader panics with the lock");
        let note = &mut notes.files[file.0 as usize];
        note.replaced |= *note.stamp.get_or_insert(stamp) != stamp;
        drop(notes);
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
        let mut notes = self.notes.write().expect("no reader panics with the lock");
        notes.files[file.0 as usize].text = Some(Arc::clone(&text));
        text
    }

    /// Keeps the text of a file of which no line may be shown, so that places in it can be counted.
    pub fn keep_private_text(&self, file: FileId, text: impl Into<Arc<str>>) -> Arc<str> {
        let text = self.keep_text(file, text);
        let mut notes = self.notes.write().expect("no reader panics with the lock");
        notes.files[file.0 as usize].private = true;
        text
    }

    /// Whether lines of a file may not be shown.
    pub fn is_private(&self, file: FileId) -> bool {
        self.note(file, |note| note.private)
    }

    /// The text of a file that was kept.
    pub fn text(&self, file: FileId) -> Option<Arc<str>> {
        self.note(file, |note| note.text.clone())
    }

    /// Keeps the names of a workbook's sheets, so that places in it can name them.
    pub fn keep_sheets(&self, file: FileId, sheets: Vec<String>) {
        let mut notes = self.notes.write().expect("no reader panics with the lock");
        notes.files[file.0 as usize].sheets = sheets;
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
        self.memory.listing(folder, || self.walk(folder))
    }

    pub(super) fn walk(&self, folder: &str) -> Result<Listing, Failure> {
        let mut listing = Listing::default();
        match self.follow(folder) {
            Ok(Followed { real, steps }) => {
                if !steps.is_empty() {
                    listing.links.push(Link { path: folder.to_owned(), steps });
                }
                if real.is_dir() {
                    self.walk_into(&mut listing, folder, real, &mut Vec::new())?;
                }
            }
            Err(Unfollowed::Absent) => {}
            Err(Unfollowed::Refused(refused)) => listing.refuse(*refused),
        }
        listing.files.sort();
        listing.folders.sort();
        listing.locks.sort();
        listing.links.sort_by(|a, b| a.path.cmp(&b.path));
        listing.refused.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(listing)
    }

    /// Lists the folder `path`, which is `real` without links. `above` are the folders through which it was reached.
    fn walk_into(
        &self,
        listing: &mut Listing,
        path: &str,
        real: PathBuf,
        above: &mut Vec<PathBuf>,
    ) -> Result<(), Failure> {
        let failed = |cause| Failure::new(say!("list {path}", path), cause);
        listing.folders.push(path.to_owned());
        #[expect(clippy::disallowed_methods, reason = "the door through which inputs are read")]
        let entries = std::fs::read_dir(&real).map_err(failed)?;
        above.push(real);
        for entry in entries {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let path = format!("{path}/{name}");
            if is_lock(&name) {
                listing.locks.push(path);
                continue;
            }
            if !is_visible(&name) {
                continue;
            }
            let mut place = entry.path();
            let mut kind = entry.file_type().map_err(failed)?;
            if kind.is_symlink() {
                let Followed { real, steps } = match self.follow(&path) {
                    Ok(followed) => followed,
                    Err(Unfollowed::Refused(refused)) => {
                        listing.refuse(*refused);
                        continue;
                    }
                    // It was taken away in this moment.
                    Err(Unfollowed::Absent) => continue,
                };
                kind = std::fs::symlink_metadata(&real).map_err(failed)?.file_type();
                let is_circle = kind.is_dir()
                    && (above.iter().any(|above| above.starts_with(&real))
                        || listing.links.len() > MOST_FOLDERS_BY_LINK);
                if is_circle {
                    listing.refuse(Refused::circle(&path));
                    continue;
                }
                listing.links.push(Link { path: path.clone(), steps });
                place = real;
            }
            if kind.is_dir() {
                self.walk_into(listing, &path, place, above)?;
            } else if kind.is_file() {
                listing.files.push(path);
            } else {
                listing.refuse(Refused::special(&path));
            }
        }
        above.pop();
        Ok(())
    }

    /// Whether there is a file at this path that was listed there and is itself, not a link.
    pub(super) fn is_plain_file(&self, path: &str) -> bool {
        std::fs::symlink_metadata(self.root.join(path)).is_ok_and(|metadata| metadata.is_file())
    }

    /// The files that changed, appeared or went away since they were read, by path.
    pub fn changed(&self) -> Vec<String> {
        let notes = self.notes.read().expect("no writer panics with the lock");
        let read = notes.files.iter().filter_map(|note| Some((note, note.stamp?)));
        let changed = read.filter(|(note, then)| note.replaced || self.stamp_now(&note.path) != Some(*then));
        changed.map(|(note, _)| note.path.clone()).collect()
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

    fn stamp_now(&self, path: &str) -> Option<Stamp> {
        std::fs::metadata(self.root.join(path)).ok().as_ref().map(stamp)
    }

    /// A place as people write it: `path:line:column`, `path sheet!C17`, or the path alone. Lines and
    /// columns count from 1, columns in characters.
    pub fn at(&self, span: Span) -> String {
        self.note(span.file, |note| match span.place {
            Place::Whole => note.path.clone(),
            Place::Text { start, .. } => {
                let text = note.text.as_deref().unwrap_or_default();
                let (line, column) = line_and_column(text, start as usize);
                format!("{}:{line}:{column}", note.path)
            }
            Place::Field { line, field } => format!("{}:{line}:{field}", note.path),
            Place::Cell { sheet, row, column } => {
                format!("{} {}!{}{}", note.path, sheet_name(note, sheet), column_letters(column), row + 1)
            }
            Place::Sheet(sheet) => format!("{} {}", note.path, sheet_name(note, sheet)),
        })
    }

    /// A place taken apart, for programs.
    pub fn location(&self, span: Span) -> Location {
        self.note(span.file, |note| match span.place {
            Place::Whole => Location::Whole,
            Place::Text { start, end } => {
                let text = note.text.as_deref().unwrap_or_default();
                let (line, column) = line_and_column(text, start as usize);
                // What reaches over several lines ends with the first of them, as the caret does.
                let (last_line, last_column) = line_and_column(text, end as usize);
                let rest = text.get(start as usize..).unwrap_or_default();
                let line_end = column + rest.lines().next().unwrap_or_default().chars().count();
                let end_column = if last_line == line { last_column } else { line_end };
                Location::Text { line, column, end_column: end_column.max(column) }
            }
            Place::Field { line, field } => Location::Field { line, field },
            Place::Cell { sheet, row, column } => Location::Cell {
                sheet: sheet_name(note, sheet),
                cell: format!("{}{}", column_letters(column), row + 1),
            },
            Place::Sheet(sheet) => Location::Sheet(sheet_name(note, sheet)),
        })
    }

    /// The number of the line or row of a place, counted from 1.
    pub fn row_number(&self, span: Span) -> u32 {
        match span.place {
            Place::Field { line, .. } => line,
            Place::Cell { row, .. } => row + 1,
            Place::Text { start, .. } => {
                let text = self.text(span.file).unwrap_or_default();
                u32::try_from(line_and_column(&text, start as usize).0).unwrap_or(u32::MAX)
            }
            Place::Whole | Place::Sheet(_) => 1,
        }
    }

    /// The files that are named at a path or below it.
    pub(super) fn named_below(&self, path: &str) -> Vec<String> {
        let notes = self.notes.read().expect("no writer panics with the lock");
        let below = format!("{path}/");
        let named = notes.ids.range(below.clone()..).map(|(path, _)| path);
        let named = named.take_while(|named| named.starts_with(&below)).cloned();
        named.chain(notes.ids.contains_key(path).then(|| path.to_owned())).collect()
    }

    /// Forgets the state in which a file was read: another one is meant to be there now.
    pub(super) fn forget_stamp(&self, path: &str) {
        let mut notes = self.notes.write().expect("no reader panics with the lock");
        if let Some(&id) = notes.ids.get(path) {
            let note = &mut notes.files[id.0 as usize];
            (note.stamp, note.replaced) = (None, false);
        }
    }

    fn note<T>(&self, file: FileId, look: impl FnOnce(&Note) -> T) -> T {
        let notes = self.notes.read().expect("no writer panics with the lock");
        look(&notes.files[file.0 as usize])
    }
}

/// Line and column, both counted from 1, of a byte of a text.
fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let before = &text[..at];
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    (line, before[start..].chars().count() + 1)
}

fn sheet_name(note: &Note, sheet: u16) -> String {
    let name = note.sheets.get(usize::from(sheet));
    name.cloned().unwrap_or_else(|| format!("#{}", sheet + 1))
}

fn stamp(metadata: &std::fs::Metadata) -> Stamp {
    use std::os::unix::fs::MetadataExt;
    Stamp {
        bytes: metadata.len(),
        modified: metadata.modified().ok(),
        touched: (metadata.ctime(), metadata.ctime_nsec()),
        inode: metadata.ino(),
    }
}
