//! Files that the program keeps in the project: written aside, then put in place whole.

use crate::source::write::{Readers, write_atomically};
use crate::source::{Failure, Files, say};

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
    write_atomically(&place, &aside, bytes, readers)
        .map_err(|cause| Failure::new(say!("write {path}", path), cause))
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
