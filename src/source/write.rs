//! The one place where files are opened for writing.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use super::platform;

/// Who may read a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Readers {
    /// Whoever the system's settings allow.
    Usual,
    /// Its owner alone.
    Owner,
}

/// Makes a file that is not there yet. Its folder is there.
pub fn create_new(place: &Path) -> io::Result<File> {
    create(place, Readers::Usual)
}

/// Puts a file in place, or replaces it; until it is whole the old one stays. `aside` is where it is written first.
///
/// # Errors
///
/// Nothing is left aside.
pub fn write_atomically(place: &Path, aside: &Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    let write = || {
        // What an earlier run left behind is of no use to anyone.
        match std::fs::remove_file(aside) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => return Err(cause),
            _ => {}
        }
        let mut file = create(aside, readers)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(aside, place)
    };
    write().inspect_err(|_| {
        let _ = std::fs::remove_file(aside);
    })
}

#[expect(clippy::disallowed_methods, reason = "the one place where files are opened for writing")]
fn create(place: &Path, readers: Readers) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    match readers {
        Readers::Usual => &mut options,
        Readers::Owner => platform::for_its_owner(&mut options),
    }
    .open(place)
}
