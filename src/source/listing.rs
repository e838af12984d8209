//! What lies below a folder of the project.

use std::path::PathBuf;

use super::links::{Followed, Link, Refused, Unfollowed};
use super::root::Root;
use super::{Failure, say};

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
    /// Lists a folder, and those in it.
    pub(super) fn of(root: &Root, folder: &str) -> Result<Listing, Failure> {
        let mut listing = Listing::default();
        match root.follow(folder) {
            Ok(Followed { real, steps }) => {
                if !steps.is_empty() {
                    listing.links.push(Link { path: folder.to_owned(), steps });
                }
                if real.is_dir() {
                    listing.walk_into(root, folder, real, &mut Vec::new())?;
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
        &mut self,
        root: &Root,
        path: &str,
        real: PathBuf,
        above: &mut Vec<PathBuf>,
    ) -> Result<(), Failure> {
        let failed = |cause| Failure::new(say!("list {path}", path), cause);
        self.folders.push(path.to_owned());
        #[expect(clippy::disallowed_methods, reason = "the door through which inputs are read")]
        let entries = std::fs::read_dir(&real).map_err(failed)?;
        above.push(real);
        for entry in entries {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let path = format!("{path}/{name}");
            if is_lock(&name) {
                self.locks.push(path);
                continue;
            }
            if !is_visible(&name) {
                continue;
            }
            let mut place = entry.path();
            let mut kind = entry.file_type().map_err(failed)?;
            if kind.is_symlink() {
                let Followed { real, steps } = match root.follow(&path) {
                    Ok(followed) => followed,
                    Err(Unfollowed::Refused(refused)) => {
                        self.refuse(*refused);
                        continue;
                    }
                    // It was taken away in this moment.
                    Err(Unfollowed::Absent) => continue,
                };
                kind = std::fs::symlink_metadata(&real).map_err(failed)?.file_type();
                let is_circle = kind.is_dir()
                    && (above.iter().any(|above| above.starts_with(&real))
                        || self.links.len() > MOST_FOLDERS_BY_LINK);
                if is_circle {
                    self.refuse(Refused::circle(&path));
                    continue;
                }
                self.links.push(Link { path: path.clone(), steps });
                place = real;
            }
            if kind.is_dir() {
                self.walk_into(root, &path, place, above)?;
            } else if kind.is_file() {
                self.files.push(path);
            } else {
                self.refuse(Refused::special(&path));
            }
        }
        above.pop();
        Ok(())
    }

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
