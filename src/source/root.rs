//! The root of a project, and what lies at a path below it.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::links::{Followed, Unfollowed, follow};

/// The folder that paths of inputs are relative to.
pub(super) struct Root {
    path: PathBuf,
    /// The same without links, once it was there.
    real: OnceLock<PathBuf>,
}

impl Root {
    pub(super) fn new(path: PathBuf) -> Root {
        Root { path, real: OnceLock::new() }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Where a path leads. One that is not below the root was named on the command line, and is taken as it is.
    pub(super) fn follow(&self, path: &str) -> Result<Followed, Unfollowed> {
        if Path::new(path).is_absolute() {
            return Ok(Followed { real: path.into(), steps: Vec::new() });
        }
        let root = match self.real.get() {
            Some(root) => root,
            None => {
                let root = std::fs::canonicalize(&self.path).map_err(|_| Unfollowed::Absent)?;
                self.real.get_or_init(|| root)
            }
        };
        follow(root, path)
    }

    /// Whether the folder around this path lists it.
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

    /// Whether there is a file at this path that is itself, not a link.
    pub(super) fn is_plain_file(&self, path: &str) -> bool {
        std::fs::symlink_metadata(self.path.join(path)).is_ok_and(|metadata| metadata.is_file())
    }
}
