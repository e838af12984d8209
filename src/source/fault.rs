//! Faults of the program itself. A panic is caught where a piece of work begins and becomes a [`Failure`] that says
//! what to report; of the values that were at work it says nothing, for they may be private.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, Once, OnceLock, PoisonError};

use super::{Failure, Message, say};

thread_local! {
    /// The file that this thread opened last.
    static FILE: RefCell<String> = const { RefCell::new(String::new()) };
    /// The row of it that was read last; 0 where it has none.
    static ROW: Cell<u32> = const { Cell::new(0) };
}

/// Where the program panicked, and what it was reading.
struct Panic {
    place: String,
    file: String,
    row: u32,
}

/// The panics that nobody has told of yet, the first one first: where a thread that waits for another panics in its
/// turn, the first is the cause.
static PANICS: Mutex<Vec<Panic>> = Mutex::new(Vec::new());

/// How many pieces of work are under way whose panics are caught.
static CATCHING: AtomicUsize = AtomicUsize::new(0);

/// The command that is run, to be reported.
static COMMAND: OnceLock<String> = OnceLock::new();

/// Keeps the name of the command for the report of a fault.
pub fn running(command: impl Into<String>) {
    COMMAND.get_or_init(|| command.into());
}

/// Notes that a file is being read in this thread.
pub(super) fn reading(path: &str) {
    FILE.with_borrow_mut(|file| {
        file.clear();
        file.push_str(path);
    });
    ROW.set(0);
    #[cfg(debug_assertions)]
    assert!(
        std::env::var_os("JINBANG_PANIC_AT").is_none_or(|at| at != path),
        "a test wants to see what becomes of a panic"
    );
    #[cfg(debug_assertions)]
    replace_when_asked();
}

/// Puts a file in the place of another when a test wants to see what becomes of inputs that change while they are
/// read: `JINBANG_REPLACE_AT` is the number of the opening, the new file and the old one, a line each.
#[cfg(debug_assertions)]
fn replace_when_asked() {
    static OPENED: AtomicUsize = AtomicUsize::new(0);
    let opened = OPENED.fetch_add(1, Ordering::SeqCst);
    let Some(asked) = std::env::var_os("JINBANG_REPLACE_AT") else { return };
    let asked = asked.to_string_lossy().into_owned();
    if let [at, new, old] = asked.lines().collect::<Vec<_>>()[..]
        && at == opened.to_string()
    {
        std::fs::rename(new, old).expect("a test replaces a file that is there");
    }
}

/// Notes the row that is read, as people count it, of the file that is being read in this thread.
#[inline]
pub fn reading_row(row: u32) {
    ROW.set(row);
}

/// Does something. A panic in it, also one in a thread that it waits for, is a failure of the program.
///
/// What it was changing may be left half done: whoever goes on uses nothing of it, or puts it in order first.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, Failure> {
    static LISTEN: Once = Once::new();
    LISTEN.call_once(listen);
    CATCHING.fetch_add(1, Ordering::SeqCst);
    let done = catch_unwind(AssertUnwindSafe(work));
    CATCHING.fetch_sub(1, Ordering::SeqCst);
    done.map_err(|_| {
        let mut panics = PANICS.lock().unwrap_or_else(PoisonError::into_inner);
        let first = panics.drain(..).next();
        Failure::of_program(told(first))
    })
}

/// Has panics noted instead of printed, while they are caught.
fn listen() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if CATCHING.load(Ordering::SeqCst) == 0 {
            return usual(panic);
        }
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let file = FILE.try_with(|file| file.try_borrow().map(|file| file.clone()).unwrap_or_default());
        let panic =
            Panic { place, file: file.unwrap_or_default(), row: ROW.try_with(Cell::get).unwrap_or(0) };
        PANICS.lock().unwrap_or_else(PoisonError::into_inner).push(panic);
    }));
}

/// What is said of a fault: that it is one, and what to report.
fn told(panic: Option<Panic>) -> Message {
    let command = COMMAND.get().map_or("jinbang", String::as_str);
    let version = env!("CARGO_PKG_VERSION");
    let Some(Panic { place, file, row }) = panic else {
        return say!(
            "this is a bug in jinbang, not a problem with your files, and nothing was published; please report: `{command}`, version {version}",
            command,
            version
        );
    };
    let fault = say!(
        "this is a bug in jinbang, not a problem with your files, and nothing was published; please report: `{command}`, version {version}, at {place}",
        command,
        version,
        place
    );
    match (file.as_str(), row) {
        ("", _) => fault,
        (file, 0) => say!("{fault}; the last file read was `{file}`", fault, file),
        (file, row) => say!("{fault}; the last file read was `{file}`, up to row {row}", fault, file, row),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_says_what_to_report_and_no_value() {
        // One after the other: which panic is told first is the same for all tests.
        let failure = caught(|| {
            reading("data/fairs/137/badges.csv");
            reading_row(17);
            // As a value would stand in what a failed conversion says.
            "anna@example.org".parse::<u32>().unwrap()
        });
        let said = failure.unwrap_err().to_string();
        assert!(said.starts_with("this is a bug in jinbang, not a problem with your files"), "{said}");
        assert!(said.contains("src/source/fault.rs:"), "{said}");
        assert!(
            said.ends_with("; the last file read was `data/fairs/137/badges.csv`, up to row 17"),
            "{said}"
        );
        assert!(!said.contains("anna"), "{said}");
        let failure = caught(|| rayon::join(|| (), || panic!("in a thread of rayon")));
        assert!(failure.unwrap_err().to_string().contains(", at src/source/fault.rs:"));
        assert_eq!(caught(|| 1).unwrap(), 1);
    }
}
