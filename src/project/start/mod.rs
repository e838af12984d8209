//! Beginnings: files that people fill in, and whole sites. What they find is commented in both languages,
//! stands beside what is there, and keeps a project as sound as it was.

mod fair;
mod placeholders;
mod workbook;

pub use fair::{Forms, RosterForm, next as next_fair};

use std::io::{self, Write};
use std::path::Path;

use include_dir::{Dir, DirEntry, include_dir};

use super::atomic_write::keep_file;
use super::fairs::languages;
use crate::fair::{is_reserved, is_slug, slug_of};
use crate::source::write::{Readers, create_new};
use crate::source::{Failure, Files, Message, say};

pub(super) use placeholders::{report_unfilled_enterprise, report_unfilled_notice, report_unfilled_page};

/// What the program carries for sites that begin without this repository.
static THEMES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/themes");
static SCHEMAS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/data/schemas");
static RULEBOOKS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/data/rulebooks");
static SITE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/project/start/site");
const CALENDAR: &str = include_str!("../../../data/calendar.yaml");

const ENTERPRISE: &str = include_str!("files/enterprise.yaml");
const ACTIVITY_ZH: &str = include_str!("files/activity.zh.md");
const ACTIVITY_EN: &str = include_str!("files/activity.en.md");

/// Writes a file for a new purchasing enterprise. Returns the paths of what was written, as the others do.
pub fn new_enterprise(files: &Files, name: &str) -> Result<Vec<String>, Failure> {
    let text = ENTERPRISE.replace("{name}", name);
    add(files, &[(format!("data/enterprises/{}.yaml", slug(name)?), text.into_bytes())])
}

/// Writes a page for a new activity in every language of the site.
pub fn new_activity(files: &Files, name: &str) -> Result<Vec<String>, Failure> {
    let name = slug(name)?;
    let page = |lang: &crate::lang::Lang| {
        let text = if lang.code() == "zh" { ACTIVITY_ZH } else { ACTIVITY_EN };
        (format!("content/activities/{name}.{lang}.md"), text.as_bytes().to_vec())
    };
    add(files, &languages(files)?.iter().map(page).collect::<Vec<_>>())
}

/// A fair that was begun.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewFair {
    /// The paths of what was written.
    pub written: Vec<String>,
    /// The fair that it says was held before it.
    pub previous: u32,
}

/// Writes the files for a new fair, with what carries over from the latest one before it.
pub fn new_fair(files: &Files, number: u32, form: RosterForm) -> Result<NewFair, Failure> {
    let fair::Forms { fair, roster, previous } = fair::next(files, number, form)?;
    let folder = format!("data/fairs/{number}");
    let mut forms = vec![
        (format!("{folder}/fair.yaml"), fair.into_bytes()),
        (format!("{folder}/roster.yaml"), roster.into_bytes()),
    ];
    if form == RosterForm::Workbook {
        forms.push((format!("{folder}/{}", workbook::NAME), workbook::roster_workbook(files, previous)?));
    }
    let mut written = add(files, &forms)?;
    if leave_out_private(files)? {
        written.push(GITIGNORE.to_owned());
    }
    Ok(NewFair { written, previous })
}

/// The file that tells Git which files are kept out of a repository.
const GITIGNORE: &str = ".gitignore";

/// Sees to it that Git leaves out what is private in a project: adds what is missing to its list, and leaves what is
/// there. Whether something was added.
fn leave_out_private(files: &Files) -> Result<bool, Failure> {
    let wanted = String::from_utf8_lossy(SITE.get_file("gitignore").expect("it is carried").contents());
    let there = match files.is_file(GITIGNORE) {
        true => String::from_utf8_lossy(&files.read(files.id(GITIGNORE))?).into_owned(),
        false => String::new(),
    };
    let Some(completed) = completed(&there, &wanted) else { return Ok(false) };
    keep_file(files, GITIGNORE, completed.as_bytes(), Readers::Usual)?;
    Ok(true)
}

/// A list for Git with what it lacks of another added at its end. None if it lacks nothing.
fn completed(there: &str, wanted: &str) -> Option<String> {
    let has = |line: &str| there.lines().any(|known| known.trim_end() == line);
    let is_rule = |line: &&str| !line.is_empty() && !line.starts_with('#');
    if wanted.lines().filter(is_rule).all(has) {
        return None;
    }
    // The last rule that fits a file counts: what is let in again is said after what leaves it out.
    let missing = wanted.lines().filter(|line| !is_rule(line) || line.starts_with('!') || !has(line));
    let mut completed = there.to_owned();
    if !completed.is_empty() {
        completed.push_str(if completed.ends_with('\n') { "\n" } else { "\n\n" });
    }
    completed.extend(missing.flat_map(|line| [line, "\n"]));
    Some(completed)
}

/// Writes a whole site into a folder, which is absent or empty. Returns how many files that are.
pub fn start_site(folder: &Path, fair: u32) -> Result<usize, Failure> {
    refuse_full(folder, say!("start a site in `{folder}`", folder = folder.display()))?;
    let mut count = 0;
    let mut put = |path: &str, bytes: &[u8]| {
        count += 1;
        write_new(folder, path, bytes)
    };
    for (path, bytes) in carried() {
        let text = std::str::from_utf8(bytes).ok().filter(|_| path == "data/site.yaml");
        match text {
            Some(text) => put(&path, text.replace("{fair}", &fair.to_string()).as_bytes())?,
            None => put(&path, bytes)?,
        }
    }
    let begun = new_fair(&Files::new(folder), fair, RosterForm::Yaml)?;
    Ok(count + begun.written.len())
}

/// Refuses a folder in which something stands that is not to be mixed with what is begun there.
pub fn refuse_full(folder: &Path, doing: Message) -> Result<(), Failure> {
    // A folder under version control is as good as an empty one.
    let mut inside = walkdir::WalkDir::new(folder).min_depth(1).max_depth(1).into_iter();
    let why = match folder.is_dir() {
        true if inside.any(|entry| entry.is_ok_and(|entry| entry.file_name() != ".git")) => {
            say!("the folder is not empty")
        }
        false if folder.symlink_metadata().is_ok() => say!("it is not a folder"),
        _ => return Ok(()),
    };
    Err(Failure::because(doing, say!("{why}; choose a folder that is empty or does not exist yet", why)))
}

/// What the program carries, by its path in a site.
pub fn carried() -> Vec<(String, &'static [u8])> {
    let mut carried = vec![("data/calendar.yaml".to_owned(), CALENDAR.as_bytes())];
    for (dir, folder) in
        [(&SITE, ""), (&THEMES, "themes/"), (&RULEBOOKS, "data/rulebooks/"), (&SCHEMAS, "data/schemas/")]
    {
        let mut dirs = vec![dir];
        while let Some(dir) = dirs.pop() {
            for entry in dir.entries() {
                match entry {
                    DirEntry::Dir(dir) => dirs.push(dir),
                    DirEntry::File(file) => {
                        let path = format!("{folder}{}", file.path().display()).replace('\\', "/");
                        // A file that begins with a dot would be one of this repository.
                        let path = if path.starts_with("git") { format!(".{path}") } else { path };
                        carried.push((path, file.contents()));
                    }
                }
            }
        }
    }
    carried
}

/// A name as the file and the address of a page have it.
fn slug(name: &str) -> Result<&str, Failure> {
    match is_slug(name) {
        true => Ok(name),
        false => {
            let slug = slug_of(name);
            let why = match is_reserved(name) {
                true => say!(
                    "the site or Windows uses this name for something else: choose another, such as `{slug}`",
                    slug
                ),
                false => say!(
                    "it becomes part of a page address: use lower-case letters, digits and hyphens, such as `{slug}`",
                    slug
                ),
            };
            Err(Failure::because(say!("use the name `{name}`", name), why))
        }
    }
}

/// Writes files into a project, all of them or none.
fn add(files: &Files, new: &[(String, Vec<u8>)]) -> Result<Vec<String>, Failure> {
    if !files.is_file("data/site.yaml") {
        let why = say!("pass `--root DIR`, or start a project with `jinbang init`");
        return Err(Failure::because(say!("find data/site.yaml"), why));
    }
    for (path, _) in new {
        if files.is_file(path) {
            return Err(Failure::because(say!("write {path}", path), there_already()));
        }
    }
    for (path, bytes) in new {
        write_new(files.root(), path, bytes)?;
    }
    Ok(new.iter().map(|(path, _)| path.clone()).collect())
}

fn there_already() -> Message {
    say!("it already exists; nothing was written")
}

/// Writes a file that is not there yet.
fn write_new(folder: &Path, path: &str, bytes: &[u8]) -> Result<(), Failure> {
    let place = folder.join(path);
    let failed = |cause: io::Error| match cause.kind() {
        io::ErrorKind::AlreadyExists => Failure::because(say!("write {path}", path), there_already()),
        _ => Failure::new(say!("write {path}", path = place.display()), cause),
    };
    std::fs::create_dir_all(place.parent().expect("a file stands in a folder")).map_err(failed)?;
    create_new(&place).and_then(|mut file| file.write_all(bytes)).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_for_git_is_completed_and_keeps_what_it_has() {
        let wanted = "# Tables.\n*.csv\n!winners.csv\n/public\n";
        #[track_caller]
        fn case(there: &str, wanted: &str, expected: Option<&str>) {
            assert_eq!(completed(there, wanted).as_deref(), expected);
        }
        case("", wanted, Some(wanted));
        case("*.log\n/public", wanted, Some("*.log\n/public\n\n# Tables.\n*.csv\n!winners.csv\n"));
        case("!winners.csv\n", wanted, Some(&format!("!winners.csv\n\n{wanted}")));
        case(&format!("# Ours.\n{wanted}"), wanted, None);
    }

    #[test]
    fn the_program_carries_what_stands_in_the_repository() {
        let files = Files::new(env!("CARGO_MANIFEST_DIR"));
        let carried: std::collections::BTreeMap<_, _> = carried().into_iter().collect();
        for folder in ["themes", "data/rulebooks"] {
            for path in files.list(folder).unwrap() {
                let bytes = files.read(files.id(&path)).unwrap();
                assert!(carried.get(&path) == Some(&bytes.as_slice()), "{path} is carried as it is");
            }
        }
    }
}
