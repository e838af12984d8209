//! Symbolic links below the root: which are followed, and where they lead.
//!
//! What lies in the folders of a project is published, so nothing that is linked from elsewhere is taken for a part of
//! it: whoever writes `themes/…/static/x -> /etc/passwd` would have it on the site.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

use super::{Failure, Message, say};

/// More links than this on the way to one file are a circle, as most systems take it.
const MOST_LINKS: usize = 40;

/// A path that was followed to its end.
pub(super) struct Followed {
    /// Where it leads, without a link on the way.
    pub real: PathBuf,
    /// The links on the way and the end of it, as paths below the root. Empty where there was no link.
    pub steps: Vec<String>,
}

/// A path that was not followed.
pub(super) enum Unfollowed {
    /// There is nothing, and no link that leads there.
    Absent,
    /// What is there is no part of the project.
    Refused(Box<Refused>),
}

impl From<Refused> for Unfollowed {
    fn from(refused: Refused) -> Unfollowed {
        Unfollowed::Refused(Box::new(refused))
    }
}

/// Something below the root that is not read, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Refused {
    /// Its path below the root: that of the link, where there is one.
    pub path: String,
    pub why: Message,
    /// What to do instead.
    pub remedy: Message,
    /// What its way rests on below the root: where that changes, it may be read after all.
    pub steps: Vec<String>,
}

impl Refused {
    /// The failure of whoever wanted to read it all the same.
    pub(super) fn failure(&self) -> Failure {
        Failure::of_project(say!("{why}; {remedy}", why = self.why, remedy = self.remedy))
    }

    pub(super) fn circle(path: &str) -> Refused {
        Refused {
            path: path.to_owned(),
            why: say!("the link `{path}` points back to itself", path),
            remedy: say!("remove the link, or point it to a folder that does not contain it"),
            steps: Vec::new(),
        }
    }

    /// What is neither a file nor a folder.
    pub(super) fn special(path: &str) -> Refused {
        Refused {
            path: path.to_owned(),
            why: say!("`{path}` is neither a file nor a folder", path),
            remedy: say!("remove it, or put a regular file there"),
            steps: Vec::new(),
        }
    }

    fn outside(path: &str, target: &Path, steps: Vec<String>) -> Refused {
        let target = target.display().to_string();
        Refused {
            path: path.to_owned(),
            why: say!("`{path}` points outside the project, to `{target}`", path, target),
            remedy: say!("replace it with a copy of its target"),
            steps,
        }
    }

    fn dangling(path: &str, target: &Path, steps: Vec<String>) -> Refused {
        let target = target.display().to_string();
        Refused {
            path: path.to_owned(),
            why: say!("broken link `{path}`: `{target}` does not exist", path, target),
            remedy: say!("remove the link, or replace it with a copy of the file"),
            steps,
        }
    }
}

/// Follows a path below the root, link by link. `root` is without links.
pub(super) fn follow(root: &Path, path: &str) -> Result<Followed, Unfollowed> {
    let mut way: VecDeque<OsString> = path.split('/').map(OsString::from).collect();
    let mut at = root.to_owned();
    let mut steps: Vec<String> = Vec::new();
    let mut links = 0;
    // The link that the project holds; those that it leads to may be anybody's.
    let mut first: Option<String> = None;
    while let Some(part) = way.pop_front() {
        let next = match Path::new(&part).components().next() {
            None | Some(Component::CurDir) => continue,
            Some(Component::ParentDir) => {
                at.pop();
                continue;
            }
            Some(_) => at.join(&part),
        };
        let Ok(metadata) = std::fs::symlink_metadata(&next) else {
            return Err(match first {
                None => Unfollowed::Absent,
                Some(first) => match below(root, &next) {
                    Some(missing) => {
                        steps.push(missing);
                        Refused::dangling(&first, &next, steps).into()
                    }
                    None => Refused::outside(&first, &next, steps).into(),
                },
            });
        };
        if !metadata.is_symlink() {
            at = next;
            continue;
        }
        let name = below(root, &next);
        let first = first.get_or_insert_with(|| name.clone().unwrap_or_else(|| path.to_owned()));
        links += 1;
        let target = std::fs::read_link(&next).ok().filter(|_| links <= MOST_LINKS);
        let Some(target) = target else { return Err(Refused::circle(first).into()) };
        steps.extend(name);
        if target.has_root() {
            at = PathBuf::new();
        }
        for part in target.iter().rev() {
            way.push_front(part.to_owned());
        }
    }
    let shown = first.as_deref().unwrap_or(path);
    let Some(end) = below(root, &at) else {
        return Err(Refused::outside(shown, &at, steps).into());
    };
    match std::fs::symlink_metadata(&at) {
        Ok(metadata) if !metadata.is_file() && !metadata.is_dir() => {
            return Err(Refused::special(shown).into());
        }
        _ => {}
    }
    if first.is_some() {
        steps.push(end);
    }
    Ok(Followed { real: at, steps })
}

/// A path below the root with `/` between its parts; none if it is not below.
fn below(root: &Path, path: &Path) -> Option<String> {
    let parts: Vec<_> = path.strip_prefix(root).ok()?.iter().map(|part| part.to_string_lossy()).collect();
    Some(parts.join("/"))
}

/// A link, followed or not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Link {
    /// Its path below the root.
    pub path: String,
    /// What it rests on: other links on its way, and its end, all below the root.
    pub steps: Vec<String>,
}

impl Link {
    /// Other paths at which a change of `path` is seen because of this link.
    pub(super) fn other_paths(&self, path: &str) -> Vec<String> {
        let mut others = Vec::new();
        let end = self.steps.last().expect("a link rests on itself at least");
        if let Some(rest) = rest_below(&self.path, path) {
            others.push(format!("{end}{rest}"));
        }
        if let Some(rest) = rest_below(end, path) {
            others.push(format!("{}{rest}", self.path));
        }
        if self.steps.iter().any(|step| rest_below(path, step).is_some()) {
            others.push(self.path.clone());
        }
        others
    }
}

/// What is left of a path at or below another: empty, or from a slash on.
fn rest_below<'p>(above: &str, path: &'p str) -> Option<&'p str> {
    path.strip_prefix(above).filter(|rest| rest.is_empty() || rest.starts_with('/'))
}
