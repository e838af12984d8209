//! Files that the program keeps in the project: written aside, then put in place whole.

use std::fs::File;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;

use crate::source::{Failure, Files, say};

/// Who may read a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Readers {
    /// Whoever the system's settings allow.
    Usual,
    /// Its owner alone.
    Owner,
}

/// Puts a file in place, or replaces it; until it is whole the old one stays.
///
/// # Errors
///
/// Nothing is written where an input changed since it was read.
pub fn keep_file(files: &Files, path: &str, bytes: &[u8], readers: Readers) -> Result<(), Failure> {
    files.require_unchanged()?;
    let place = files.root().join(path);
    let name = path.rsplit('/').next().unwrap_or(path);
    // Nothing reads it, and Git leaves it out.
    let aside = place.with_file_name(format!(".jinbang-{name}.new"));
    let mode = if readers == Readers::Owner { 0o600 } else { 0o666 };
    let write = || {
        // What an earlier run left behind is of no use to anyone.
        match std::fs::remove_file(&aside) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = File::options().write(true).create_new(true).mode(mode).open(&aside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&aside, &place)
    };
    write().map_err(|cause| {
        let _ = std::fs::remove_file(&aside);
        Failure::new(say!("write {path}", path), cause)
    })
}

/// Takes away a file of the project that holds no longer, if it is there.
///
/// # Errors
///
/// Nothing is taken away where an input changed since it was read.
pub fn remove_kept(files: &Files, path: &str) -> Result<(), Failure> {
    files.require_unchanged()?;
    match std::fs::remove_file(files.root().join(path)) {
        Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
            Err(Failure::new(say!("remove {path}", path), cause))
        }
        _ => Ok(()),
    }
}
