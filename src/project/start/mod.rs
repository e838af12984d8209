//! Beginnings: files that people fill in, and whole sites. What they find is commented in both languages,
//! stands beside what is there, and keeps a project as sound as it was.

mod fair;
mod unfilled;
mod workbook;

pub(super) use fair::next as next_fair;

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::Path;

use include_dir::{Dir, DirEntry, include_dir};

use super::judge::languages;
use crate::source::{Failure, Files, Message, say};

pub(super) use unfilled::{report_unfilled_enterprise, report_unfilled_page};

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

/// How the sourcing zone of a new fair is to be filled in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RosterForm {
    /// In `roster.yaml`.
    Yaml,
    /// In a workbook, filled from the fair before.
    Workbook,
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
    Ok(NewFair { written: add(files, &forms)?, previous })
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
pub(super) fn refuse_full(folder: &Path, doing: Message) -> Result<(), Failure> {
    // A folder under version control is as good as an empty one.
    let mut inside = walkdir::WalkDir::new(folder).min_depth(1).max_depth(1).into_iter();
    let why = match folder.is_dir() {
        true if inside.any(|entry| entry.is_ok_and(|entry| entry.file_name() != ".git")) => {
            say!("the folder is not empty")
        }
        false if folder.symlink_metadata().is_ok() => say!("it is not a folder"),
        _ => return Ok(()),
    };
    Err(Failure::because(doing, say!("{why}; name a folder that is empty or does not exist yet", why)))
}

/// What the program carries, by its path in a site.
pub(super) fn carried() -> Vec<(String, &'static [u8])> {
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
                        let path = if path == "gitignore" { ".gitignore".to_owned() } else { path };
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
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    match !name.is_empty() && name.bytes().all(fits) && !name.starts_with('-') && !name.ends_with('-') {
        true => Ok(name),
        false => {
            let why = say!(
                "it becomes the address of a page: write it with small letters, digits and hyphens, such as `kawan-lama`"
            );
            Err(Failure::because(say!("take the name `{name}`", name), why))
        }
    }
}

/// Writes files into a project, all of them or none.
fn add(files: &Files, new: &[(String, Vec<u8>)]) -> Result<Vec<String>, Failure> {
    if !files.is_file("data/site.yaml") {
        let why = say!("say with --root where the project is, or begin one with `jinbang init`");
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
    say!("it is there already; nothing was written")
}

/// Writes a file that is not there yet.
fn write_new(folder: &Path, path: &str, bytes: &[u8]) -> Result<(), Failure> {
    let place = folder.join(path);
    let failed = |cause: io::Error| match cause.kind() {
        io::ErrorKind::AlreadyExists => Failure::because(say!("write {path}", path), there_already()),
        _ => Failure::new(say!("write {path}", path = place.display()), cause),
    };
    std::fs::create_dir_all(place.parent().expect("a file stands in a folder")).map_err(failed)?;
    let file = OpenOptions::new().write(true).create_new(true).open(&place);
    file.and_then(|mut file| file.write_all(bytes)).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

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
