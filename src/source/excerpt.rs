//! Problems as text: the place, the line with a caret, the remedy.

use annotate_snippets::{AnnotationKind, Group, Level as Severity, Origin, Renderer, Snippet};

use super::{Files, Level, Place, Problem, Report};

/// Whether text is decorated for a terminal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    /// No escape sequences.
    Plain,
    /// Colours.
    Coloured,
}

/// Longer lines are cut around the place, so that a file of one line stays readable.
const LONGEST_LINE: usize = 400;

impl Report {
    /// All problems as text, errors last, each with its place, the line with a caret and its hints, and
    /// a closing count. Empty when there is no problem.
    pub fn render(&self, files: &Files, style: Style) -> String {
        let renderer = match style {
            Style::Plain => Renderer::plain(),
            Style::Coloured => Renderer::styled(),
        };
        let mut problems: Vec<&Problem> = self.problems().iter().collect();
        problems.sort_by_key(|problem| {
            (std::cmp::Reverse(problem.level), problem.span.map(|span| (files.path(span.file), span.place)))
        });
        let mut text = String::new();
        for problem in problems {
            text.push_str(&render_problem(problem, files, &renderer));
            text.push_str("\n\n");
        }
        for (code, file, _, more) in self.unkept() {
            let place = file.map(|file| format!(" in {}", files.path(file))).unwrap_or_default();
            text.push_str(&format!("… and {more} more of {code}{place}\n\n"));
        }
        if let Some(count) = self.count_in_words() {
            text.push_str(&count);
            text.push('\n');
        }
        text
    }

    fn count_in_words(&self) -> Option<String> {
        let words = |count: usize, one: &str| match count {
            1 => format!("1 {one}"),
            count => format!("{count} {one}s"),
        };
        match self.counts() {
            (0, 0) => None,
            (0, warnings) => Some(words(warnings, "warning")),
            (errors, 0) => Some(words(errors, "error")),
            (errors, warnings) => Some(format!("{}, {}", words(errors, "error"), words(warnings, "warning"))),
        }
    }
}

fn render_problem(problem: &Problem, files: &Files, renderer: &Renderer) -> String {
    let severity = match problem.level {
        Level::Error => Severity::ERROR,
        Level::Warning => Severity::WARNING,
        Level::Note => Severity::NOTE,
    };
    let mut group = Group::with_title(severity.primary_title(problem.message.as_str()).id(problem.code));
    if let Some(span) = problem.span {
        let text = files.text(span.file);
        match (span.place, text) {
            (Place::Text { start, end }, Some(text)) if !files.is_private(span.file) => {
                let line = LineAround::new(&text, start as usize, end as usize);
                group = group.element(snippet(
                    line.text,
                    line.number,
                    files.path(span.file),
                    line.mark,
                    problem.label.as_deref(),
                ));
            }
            (Place::Field { .. } | Place::Cell { .. } | Place::Text { .. }, _) if problem.found.is_some() => {
                let found = problem.found.as_deref().unwrap_or_default();
                let mark = problem.mark.clone().unwrap_or(0..found.len());
                let (found, mark) = cut_around(found, mark);
                let number = files.row_number(span) as usize;
                group = group.element(
                    snippet(found, number, String::new(), mark, problem.label.as_deref())
                        .path(files.at(span)),
                );
            }
            _ => group = group.element(Origin::path(files.at(span))),
        }
    }
    for hint in &problem.hints {
        group = group.element(Severity::HELP.message(hint.as_str()));
    }
    // The renderer puts line 1 behind the path of a snippet; a cell's place is complete already.
    let rendered = renderer.render(&[group]);
    match problem.span {
        Some(span) if !matches!(span.place, Place::Text { .. }) || files.is_private(span.file) => {
            let place = files.at(span);
            let mut lines: Vec<String> = rendered.lines().map(str::to_owned).collect();
            for line in &mut lines {
                if let Some(at) = line.find(&place)
                    && line.trim_start().starts_with("--> ")
                {
                    line.truncate(at + place.len());
                    break;
                }
            }
            lines.join("\n")
        }
        _ => rendered,
    }
}

fn snippet<'a>(
    source: String,
    number: usize,
    path: String,
    mark: std::ops::Range<usize>,
    label: Option<&'a str>,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let annotation = AnnotationKind::Primary.span(mark).label(label);
    Snippet::source(source).line_start(number).path(path).annotation(annotation)
}

/// The beginning of the character that a byte of a text belongs to.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A row that is shown, cut to a readable length around what is meant.
fn cut_around(found: &str, mark: std::ops::Range<usize>) -> (String, std::ops::Range<usize>) {
    if found.len() <= LONGEST_LINE {
        return (found.to_owned(), mark);
    }
    let start = floor(found, mark.start.saturating_sub(LONGEST_LINE / 2));
    let end = floor(found, start + LONGEST_LINE);
    let text = format!("{}…", &found[start..end]);
    let mark = mark.start.min(end) - start..mark.end.min(end) - start;
    (text, mark)
}

/// The line that holds a place, cut to a readable length.
struct LineAround {
    text: String,
    number: usize,
    mark: std::ops::Range<usize>,
}

impl LineAround {
    fn new(text: &str, start: usize, end: usize) -> LineAround {
        let floor = |at| floor(text, at);
        let start = floor(start);
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let end = floor(end).clamp(start, line_end);
        let number = text[..line_start].matches('\n').count() + 1;
        let cut_start = match start - line_start > LONGEST_LINE {
            true => floor(start - LONGEST_LINE / 2),
            false => line_start,
        };
        let cut_end = floor(line_end.min(end + LONGEST_LINE));
        let line = text[cut_start..cut_end].trim_end_matches('\r');
        // A caret needs something to stand under, also at the end of a line.
        let mark_start = (start - cut_start).min(line.len());
        let mark_end = (end - cut_start).clamp(mark_start, line.len());
        LineAround { text: line.to_owned(), number, mark: mark_start..mark_end }
    }
}
