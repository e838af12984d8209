//! The files that a source names, by a path or by a pattern.

use super::source::Source;
use crate::source::{Failure, Files, Report, code, list, nearest, say};

impl Source {
    /// Whether a path is that of a file that the source names, which stands in the `fair.yaml` of a folder.
    pub fn names(&self, folder: &str, path: &str) -> bool {
        matches_pattern(&format!("{folder}/{}", self.file.value), path)
    }
}

/// Whether a file that a source names is there.
pub fn is_there(files: &Files, folder: &str, source: &Source) -> Result<bool, Failure> {
    let path = format!("{folder}/{}", source.file.value);
    if !path.contains('*') {
        return Ok(files.is_file(&path));
    }
    Ok(files.list(folder)?.iter().any(|found| matches_pattern(&path, found)))
}

/// The files that a source names, in the order of their names.
pub fn matching_files(
    report: &mut Report,
    files: &Files,
    folder: &str,
    source: &Source,
) -> Result<Vec<String>, Failure> {
    let name = source.file.value.as_str();
    let span = source.file.span;
    if name.starts_with('/') || name.split('/').any(|part| part == "..") {
        report
            .error(code::FILE_OUTSIDE, span, say!("`{name}` points outside the folder of the fair", name))
            .hint(say!("put the file beside fair.yaml and give its path from there"));
        return Ok(Vec::new());
    }
    let path = format!("{folder}/{name}");
    if !name.contains('*') {
        if files.is_file(&path) {
            return Ok(vec![path]);
        }
        let beside = files.list(folder)?;
        let names: Vec<&str> =
            beside.iter().filter_map(|path| path.strip_prefix(folder)?.strip_prefix('/')).collect();
        report
            .error(code::FILE_MISSING, span, say!("file not found: `{path}`", path))
            .label_meant(nearest(name, names.iter().copied()))
            .hint(say!("put the file there, or correct its name here"));
        return Ok(Vec::new());
    }
    let mut matching = files.list(folder)?;
    matching.retain(|found| matches_pattern(&path, found));
    if matching.is_empty() {
        report
            .error(code::FILE_MISSING, span, say!("no file matches `{path}`", path))
            .hint(say!(
                "files there: {names}",
                names = list(
                    files
                        .list(folder)?
                        .iter()
                        .filter_map(|path| path.strip_prefix(folder)?.strip_prefix('/'))
                )
            ))
            .hint(say!("put the files there, or correct the pattern here"));
    }
    Ok(matching)
}

/// Whether a path matches a pattern in which `*` stands for any characters but `/`.
fn matches_pattern(pattern: &str, path: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == path,
        Some((before, after)) => path.strip_prefix(before).is_some_and(|rest| {
            let end = rest.find('/').unwrap_or(rest.len());
            rest.char_indices()
                .map(|(at, _)| at)
                .chain([rest.len()])
                .filter(|&at| at <= end)
                .any(|at| matches_pattern(after, &rest[at..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_matches_within_a_folder() {
        assert!(matches_pattern("f/invitations-*.csv", "f/invitations-1.csv"));
        assert!(matches_pattern("f/*", "f/a.csv"));
        assert!(!matches_pattern("f/*.csv", "f/sub/a.csv"));
        assert!(!matches_pattern("f/a*.csv", "f/a.csv.bak"));
    }
}
