//! The marks that a merge leaves in a text where somebody has to choose.

use super::{FileId, Report, Span, code, say};

/// Whether a line is a mark by which a merge asks somebody to choose: `<<<<<<< ours`, `>>>>>>> theirs`, and
/// `||||||| base` before what both began with. The line `=======` between two versions is none by itself: it is a
/// heading in Markdown.
fn is_mark(line: &str) -> bool {
    let named = |mark: &str| {
        let rest = line.trim_end().strip_prefix(mark)?;
        (rest.is_empty() || rest.starts_with([' ', '\t'])).then_some(rest)
    };
    // A row of seven empty cells begins like the third; its name would hold no more bars.
    let base = || named("|||||||").is_some_and(|name| !name.is_empty() && !name.contains('|'));
    named("<<<<<<<").is_some() || named(">>>>>>>").is_some() || base()
}

/// Reports that a text holds the marks of a merge, which begins at byte `offset` of its file. Once for a text; what
/// else is wrong with it follows from that, so that whoever is told it has one reads no further.
pub fn report_conflict(report: &mut Report, file: FileId, text: &str, offset: usize) -> bool {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        // Most lines of most texts are told by their first letter.
        if line.starts_with(['<', '>', '|', '\u{feff}']) && is_mark(line.trim_start_matches('\u{feff}')) {
            let end = start + line.trim_end().len();
            report_conflict_at(report, Span::text(file, offset + start, offset + end));
            return true;
        }
    }
    false
}

/// The same of a place.
pub fn report_conflict_at(report: &mut Report, span: Span) {
    report
        .error(code::MERGE_CONFLICT, span, say!("this file has unresolved merge conflicts"))
        .hint(say!("keep one of the two versions, and delete the lines `<<<<<<<`, `=======` and `>>>>>>>`"));
}

/// Where a line stands among the marks of a merge.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Merging {
    /// Outside of them.
    #[default]
    Outside,
    /// In the version that stands first.
    First,
    /// In another one.
    Other,
}

impl Merging {
    /// Takes the next line into account. Whether it is a mark.
    pub fn takes(&mut self, line: &str) -> bool {
        let is_middle = *self != Merging::Outside && line.trim_end() == "=======";
        let is_mark = is_middle || is_mark(line);
        if is_mark {
            *self = match line.as_bytes()[0] {
                b'<' => Merging::First,
                b'>' => Merging::Outside,
                _ => Merging::Other,
            };
        }
        is_mark
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_a_merge_are_told_from_what_looks_alike() {
        for text in [
            "a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> branch\n",
            "\u{feff}<<<<<<< HEAD\r\n",
            "a\n>>>>>>> 3a2b1c",
            "a\n||||||| merged common ancestors\n",
            "<<<<<<<\n",
        ] {
            assert!(report_conflict(&mut Report::new(), FileId(0), text, 0), "{text:?}");
        }
        for text in
            ["Title\n=======\n", "<<<<<<<<\n", " <<<<<<< HEAD\n", "|||||||\n", "||||||| a |\n", "<<<<<<<a\n"]
        {
            assert!(!report_conflict(&mut Report::new(), FileId(0), text, 0), "{text:?}");
        }
    }
}
