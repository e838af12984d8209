//! What lies in the folders of a project beside what is read: files under a name that is nearly right, and files that
//! nothing reads.

use std::collections::BTreeSet;

use super::fairs::INPUT_FOLDERS;
use crate::data::{TableShape, fold_word, number_in, yaml_scalar};
use crate::fair::{FairFile, all_shapes, read_ruling_file};
use crate::source::{Failure, Files, Report, Span, code, is_table_name, meant_by_table, meant_name, say};

/// The files of `data` itself.
const DATA_FILES: [&str; 5] =
    ["site.yaml", "calendar.yaml", "glossary.yaml", "booth-review.yaml", "addresses.txt"];

/// The files of a fair, beside its tables.
const FAIR_FILES: [&str; 11] = [
    "fair.yaml",
    "roster.yaml",
    "rulings.yaml",
    "ledger.json",
    "ledger.secret",
    "seal.json",
    "seal.json.minisig",
    "evidence.csv",
    "winners.csv",
    "winners.xlsx",
    "winners.yaml",
];

/// The fairs by which is known which tables are read.
pub(super) struct Fairs<'a> {
    /// Those whose file could be read.
    pub read: Vec<&'a FairFile>,
    /// The one that is asked for, where the others are not looked at.
    pub only: Option<u32>,
}

impl Fairs<'_> {
    fn find(&self, number: u32) -> Option<&FairFile> {
        self.read.iter().copied().find(|fair| fair.fair.value == number)
    }
}

/// Whether a file is a table that a fair names.
pub(super) fn is_source(fair: &FairFile, folder: &str, path: &str) -> bool {
    fair.sources.as_ref().is_some_and(|sources| sources.value.all().any(|source| source.names(folder, path)))
}

/// Reports what the folders hold that is no part of the project: links that lead out of it. Whether there is none; else
/// nothing is to be read.
pub(super) fn are_confined(report: &mut Report, files: &Files) -> Result<bool, Failure> {
    let mut confined = true;
    for folder in INPUT_FOLDERS {
        confined &= files.report_refused(report, folder)?;
    }
    Ok(confined)
}

/// Reports files of `data`, and of these fairs, that are not read because their name is not quite that of one that is.
/// Returns the names that were meant.
pub(super) fn report_misnamed(
    report: &mut Report,
    files: &Files,
    fairs: &Fairs<'_>,
) -> Result<BTreeSet<&'static str>, Failure> {
    let mut all = BTreeSet::new();
    for path in files.list("data")? {
        if let Place::Misnamed { folder, meant } = place(files, fairs, &path) {
            let right = format!("{folder}/{meant}");
            all.insert(meant);
            let draft = report.error(
                code::MISNAMED_FILE,
                Span::whole(files.id(&path)),
                say!("`{path}` is not used: it should be `{right}`", path, right),
            );
            match files.is_file(&right) {
                true => draft.hint(say!("`{right}` exists too: keep one of the two", right)),
                false => draft.hint(say!("rename it")),
            };
        }
    }
    Ok(all)
}

/// Reports files of `data` that nothing reads, but for those with a name that is nearly right, and files that are open
/// in an office program.
pub(super) fn report_strays(report: &mut Report, files: &Files, fairs: &Fairs<'_>) -> Result<(), Failure> {
    let mut folders: BTreeSet<String> = BTreeSet::new();
    for path in files.list("data")? {
        let warn = |report: &mut Report, path: &str, hint| {
            let message = say!("`{path}` is not used", path);
            report.warning(code::STRAY_FILE, Span::whole(files.id(path)), message).hint(hint);
        };
        match place(files, fairs, &path) {
            Place::Read | Place::Misnamed { .. } => {}
            Place::Table { fair, source: None } => warn(
                report,
                &path,
                say!("list it under `sources` in data/fairs/{fair}/fair.yaml, or remove it", fair),
            ),
            Place::Table { fair, source: Some(line) } => warn(
                report,
                &path,
                say!("list it under `sources` in data/fairs/{fair}/fair.yaml: `{line}`", fair, line),
            ),
            Place::NoFair { folder } => {
                if folders.insert(folder.clone()) {
                    let number = number_in(folder.rsplit('/').next().unwrap_or_default());
                    // A copy of a fair has its number too, and not its place.
                    let is_free = |number: &u32| !files.is_file(&format!("data/fairs/{number}/fair.yaml"));
                    let hint = match number.filter(is_free) {
                        Some(number) => {
                            say!("the folder of a fair is its number: data/fairs/{number}", number)
                        }
                        None => say!("the folder of a fair is its number, such as data/fairs/137"),
                    };
                    warn(report, &folder, hint);
                }
            }
            Place::Stray if path.starts_with("data/rulebooks/") => {
                warn(report, &path, say!("a rulebook is a .yaml file"));
            }
            Place::Stray => {
                warn(report, &path, say!("remove it; or, if it should be read, correct its name"))
            }
        }
    }
    for folder in INPUT_FOLDERS {
        for lock in files.locks(folder)? {
            report_open(report, files, &lock)?;
        }
    }
    Ok(())
}

/// What a file of `data` is there for.
enum Place {
    Read,
    /// It has nearly the name of a file that is read.
    Misnamed {
        folder: String,
        meant: &'static str,
    },
    /// A table that the fair does not name, and the line that would name it, if its name says which table it is.
    Table {
        fair: u32,
        source: Option<String>,
    },
    /// It lies in a folder beside the fairs.
    NoFair {
        folder: String,
    },
    Stray,
}

fn place(files: &Files, fairs: &Fairs<'_>, path: &str) -> Place {
    let below = path.strip_prefix("data/").unwrap_or(path);
    let (folder, rest) = below.split_once('/').unwrap_or(("", below));
    match folder {
        "" => name_in(files, "data", rest, &DATA_FILES).or_elsewhere(fairs, rest),
        // Those who read them say what else they hold.
        "schemas" | "enterprises" => Place::Read,
        "rulebooks" if rest.ends_with(".yaml") => Place::Read,
        "fairs" => match rest.split_once('/') {
            Some((number, rest)) => in_fair(files, fairs, number, rest),
            None => Place::Stray.or_elsewhere(fairs, rest),
        },
        _ => Place::Stray,
    }
}

fn in_fair(files: &Files, fairs: &Fairs<'_>, number: &str, rest: &str) -> Place {
    let folder = format!("data/fairs/{number}");
    let Some(fair) = number.parse::<u32>().ok().filter(|fair| fair.to_string() == number) else {
        return Place::NoFair { folder };
    };
    if fairs.only.is_some_and(|only| only != fair) {
        return Place::Read;
    }
    let path = format!("{folder}/{rest}");
    let known = fairs.find(fair);
    if known.is_some_and(|known| is_source(known, &folder, &path)) {
        return Place::Read;
    }
    // Who judges the fair says what is wrong with its rulings.
    let rulings =
        read_ruling_file(&mut Report::new(), files, &folder).unwrap_or_default().unwrap_or_default();
    if rulings.iter().any(|ruling| ruling.value.admits(Some(rest))) {
        return Place::Read;
    }
    let found = match rest.contains('/') {
        true => Place::Stray,
        false => name_in(files, &folder, rest, &FAIR_FILES).or_elsewhere(fairs, rest),
    };
    let source = known.and_then(|known| source_line(known, rest));
    match found {
        Place::Stray if source.is_some() => Place::Table { fair, source },
        // Which tables it names cannot be read.
        Place::Stray if known.is_none() && files.is_file(&format!("{folder}/fair.yaml")) => Place::Read,
        Place::Stray if is_table_name(rest) => match meant_by_table(rest, FAIR_FILES) {
            // A roster may be a table: `sources` names it then.
            Some(meant) if meant != "roster.yaml" => Place::Misnamed { folder, meant },
            _ => Place::Table { fair, source },
        },
        found => found,
    }
}

/// The line of `sources` by which a fair would name a file that has the name of one of its tables, if it names none yet.
fn source_line(fair: &FairFile, file: &str) -> Option<String> {
    let (stem, ending) = file.rsplit('/').next()?.rsplit_once('.')?;
    let is_list = ["yaml", "yml"].contains(&ending.to_lowercase().as_str());
    let stem = fold_word(stem);
    let named = |shape: &&TableShape| shape.name == stem || format!("{}s", stem) == shape.name;
    let shape = all_shapes().find(named).filter(|_| is_list || is_table_name(file))?;
    let sources = fair.sources.as_ref().map(|sources| sources.value.of(shape.name));
    let is_free = sources.is_none_or(<[_]>::is_empty);
    is_free.then(|| format!("{}: [{{file: {}}}]", shape.name, yaml_scalar(file)))
}

/// What a file is there for in a folder whose files have these names.
fn name_in(files: &Files, folder: &str, name: &str, fixed: &[&'static str]) -> Place {
    if fixed.contains(&name) {
        return Place::Read;
    }
    let is_there = |known: &str| files.is_file(&format!("{folder}/{known}"));
    match meant_name(name, fixed.iter().copied(), is_there) {
        Some(meant) => Place::Misnamed { folder: folder.to_owned(), meant },
        None => Place::Stray,
    }
}

impl Place {
    /// A stray that has the right name in the wrong folder is misnamed.
    fn or_elsewhere(self, fairs: &Fairs<'_>, name: &str) -> Place {
        let Place::Stray = self else { return self };
        let named = |fixed: &[&'static str]| fixed.iter().copied().find(|known| *known == name);
        if let Some(meant) = named(&DATA_FILES) {
            return Place::Misnamed { folder: "data".to_owned(), meant };
        }
        match (named(&FAIR_FILES), fairs.read.first()) {
            (Some(meant), Some(fair)) => {
                Place::Misnamed { folder: format!("data/fairs/{}", fair.fair.value), meant }
            }
            _ => Place::Stray,
        }
    }
}

/// Notes that an office program has a file open: what it holds may not be what was saved.
fn report_open(report: &mut Report, files: &Files, lock: &str) -> Result<(), Failure> {
    let (folder, name) = lock.rsplit_once('/').unwrap_or(("", lock));
    let name = name.strip_prefix("~$").or_else(|| name.strip_prefix(".~lock.")?.strip_suffix('#'));
    let name = name.unwrap_or_default();
    // Word writes its mark over the first two letters of a long name.
    let is_it = |path: &&String| {
        path.strip_prefix(folder).is_some_and(|rest| !name.is_empty() && rest.ends_with(name))
    };
    let listed = files.list(folder)?;
    let Some(path) = listed.iter().find(is_it) else { return Ok(()) };
    report
        .note(
            code::FILE_OPEN,
            Span::whole(files.id(path)),
            say!("`{path}` is open in another program (`{lock}` exists)", path, lock),
        )
        .hint(say!("save and close it there; unsaved changes are not read"));
    Ok(())
}
