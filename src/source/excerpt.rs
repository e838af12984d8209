//! Problems as text: the place, the line with a caret, the remedy.

use std::collections::{BTreeMap, BTreeSet};

use annotate_snippets::{AnnotationKind, Group, Level as Severity, Origin, Renderer, Snippet};

use super::{
    Code, FileId, Files, Level, Location, Message, Place, Problem, Report, all_of, list, say, sentences,
};
use crate::lang::Lang;

/// Whether text is decorated for a terminal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    /// No escape sequences.
    Plain,
    /// Colours.
    Coloured,
}

/// How much is printed of what was done with an input.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Notes {
    /// One line for the notes of a kind in a file.
    Short,
    /// Every note as a warning is printed, and what each column was taken for.
    Full,
}

/// Longer lines are cut around the place, so that a file of one line stays readable.
const LONGEST_LINE: usize = 400;

/// The warnings and notes that were said last.
#[derive(Clone, Default, Debug)]
pub struct Printed(BTreeMap<String, usize>);

impl Printed {
    /// Whether a problem is said: an error always, others where they were not said last. Notes it for the next time.
    fn is_news(&self, next: &mut Printed, problem: &Problem, files: &Files) -> bool {
        if problem.level == Level::Error {
            return true;
        }
        let identity = identity(problem, files);
        let count = next.0.entry(identity.clone()).or_default();
        *count += 1;
        *count > self.0.get(&identity).copied().unwrap_or_default()
    }
}

/// What a problem says, whatever the number of its line: lines above it come and go.
fn identity(problem: &Problem, files: &Files) -> String {
    let path = problem.span.map(|span| files.path(span.file));
    let line = problem.span.and_then(|span| match span.place {
        Place::Text { start, end } => {
            Some(LineAround::new(&files.text(span.file)?, start as usize, end as usize).text)
        }
        _ => None,
    });
    let Problem { code, message, found, label, hints, .. } = problem;
    format!("{:?}", (code, path, line, message, found, label, hints))
}

impl Report {
    /// All problems as text in a language, errors last, each with its place, the line with a caret and its
    /// hints; notes in a line for each kind and file; how many problems there are in each file; and a closing count.
    /// Empty when there is no problem.
    pub fn render(&self, files: &Files, style: Style, lang: Lang) -> String {
        self.render_unless_printed(files, style, lang, Notes::Short, &mut Printed::default())
    }

    /// The same with every note in full, and what each column was taken for.
    pub fn render_in_full(&self, files: &Files, style: Style, lang: Lang) -> String {
        self.render_unless_printed(files, style, lang, Notes::Full, &mut Printed::default())
    }

    /// The same as [`Report::render`] without the warnings and notes that were said last; how many those are stands in
    /// a line.
    pub fn render_news(&self, files: &Files, style: Style, lang: Lang, printed: &mut Printed) -> String {
        self.render_unless_printed(files, style, lang, Notes::Short, printed)
    }

    fn render_unless_printed(
        &self,
        files: &Files,
        style: Style,
        lang: Lang,
        notes: Notes,
        printed: &mut Printed,
    ) -> String {
        let renderer = match style {
            Style::Plain => Renderer::plain(),
            Style::Coloured => Renderer::styled(),
        };
        let mut text = String::new();
        let (mut next, mut known) = (Printed::default(), 0_usize);
        let mut short: Vec<&Problem> = Vec::new();
        for problem in self.sorted(files, notes) {
            if !printed.is_news(&mut next, problem, files) {
                known += 1;
                continue;
            }
            if problem.level == Level::Note && notes == Notes::Short {
                short.push(problem);
                continue;
            }
            // Notes come before what is worse.
            self.push_notes(&mut text, &std::mem::take(&mut short), files, lang);
            text.push_str(&render_problem(problem, files, &renderer, lang));
            text.push_str("\n\n");
        }
        self.push_notes(&mut text, &short, files, lang);
        *printed = next;
        if known > 0 {
            let known = say!(
                "{known} {known:warning or note|warnings and notes} unchanged since the last run",
                known
            );
            text.push_str(&known.text(lang));
            text.push_str("\n\n");
        }
        for (code, file, level, more) in self.unkept() {
            let is_told = match level {
                Level::Error | Level::Warning => true,
                Level::Note | Level::Detail => notes == Notes::Full,
            };
            if !is_told {
                continue;
            }
            let code = code.as_str();
            let line = match file.map(|file| files.path(file)) {
                Some(path) => say!("… and {more} more of {code} in {path}", more, code, path),
                None => say!("… and {more} more of {code}", more, code),
            };
            text.push_str(&line.text(lang));
            text.push_str("\n\n");
        }
        for (path, (errors, warnings)) in self.by_file(files) {
            if let Some(counts) = counts(errors, warnings) {
                text.push_str(&say!("{path}: {counts}", path, counts).text(lang));
                text.push('\n');
            }
        }
        if let Some(closing) = self.closing() {
            text.push_str(&closing.text(lang));
            text.push('\n');
        }
        text
    }

    /// Adds a line for the notes of each kind in each file.
    fn push_notes(&self, text: &mut String, notes: &[&Problem], files: &Files, lang: Lang) {
        if notes.is_empty() {
            return;
        }
        let file = |problem: &Problem| problem.span.map(|span| span.file);
        let mut printed: Vec<(Code, Option<FileId>)> = Vec::new();
        for note in notes {
            let kind = (note.code, file(note));
            if printed.contains(&kind) {
                continue;
            }
            printed.push(kind);
            let alike = notes.iter().filter(|other| (other.code, file(other)) == kind);
            let unkept = self.unkept().filter(|(code, file, ..)| (*code, *file) == kind);
            let more = alike.map(|other| other.count).sum::<usize>() - 1
                + unkept.map(|(_, _, _, more)| more).sum::<usize>();
            let message = &note.message;
            let line = match (note.span.map(|span| files.at(span)), more) {
                (Some(place), 0) => say!("{message} ({place})", message, place),
                (Some(place), more) => say!("{message} ({place}), and {more} more", message, place, more),
                (None, 0) => message.clone(),
                (None, more) => say!("{message}, and {more} more", message, more),
            };
            let said = sentences(std::iter::once(&line).chain(&note.hints));
            text.push_str(&say!("note[{code}]: {said}", code = note.code.as_str(), said).text(lang));
            text.push('\n');
        }
        text.push_str(&say!("`jinbang check --verbose` shows notes in full").text(lang));
        text.push_str("\n\n");
    }

    /// The problems that were kept, errors last, those of a level by file and place; with what each column was taken
    /// for where notes are printed in full.
    pub fn sorted(&self, files: &Files, notes: Notes) -> Vec<&Problem> {
        let is_told = |problem: &&Problem| notes == Notes::Full || problem.level != Level::Detail;
        let mut problems: Vec<&Problem> = self.problems().iter().filter(is_told).collect();
        problems.sort_by_cached_key(|problem| {
            (std::cmp::Reverse(problem.level), problem.span.map(|span| (files.path(span.file), span.place)))
        });
        problems
    }

    /// How many errors and warnings every file has; nothing if they are all in one.
    fn by_file(&self, files: &Files) -> BTreeMap<String, (usize, usize)> {
        let mut by_file: BTreeMap<FileId, (usize, usize)> = BTreeMap::new();
        let mut count = |file: Option<FileId>, level: Level, more: usize| {
            let Some(file) = file else { return };
            match level {
                Level::Error => by_file.entry(file).or_default().0 += more,
                Level::Warning => by_file.entry(file).or_default().1 += more,
                Level::Note | Level::Detail => {}
            }
        };
        for problem in self.problems() {
            count(problem.span.map(|span| span.file), problem.level, problem.count);
        }
        for (_, file, level, more) in self.unkept() {
            count(file, level, more);
        }
        match by_file.len() {
            0 | 1 => BTreeMap::new(),
            _ => by_file.into_iter().map(|(file, counts)| (files.path(file), counts)).collect(),
        }
    }

    /// How many errors and warnings there are, and who says more of them.
    fn closing(&self) -> Option<Message> {
        let (errors, warnings) = self.counts();
        let counts = counts(errors, warnings)?;
        let serious =
            self.problems().iter().filter(|problem| matches!(problem.level, Level::Error | Level::Warning));
        let codes: BTreeSet<Code> = serious.map(|problem| problem.code).collect();
        Some(match codes.first() {
            Some(code) if codes.len() == 1 => {
                let code = code.as_str();
                say!("{counts}; for details, run `jinbang explain {code}`", counts, code)
            }
            _ => say!("{counts}; for details on each, run `jinbang explain CODE`", counts),
        })
    }
}

impl Problem {
    /// In how many rows it is, and which are the first; `None` where it is one.
    pub fn in_several(&self, files: &Files) -> Option<Message> {
        if self.count < 2 {
            return None;
        }
        let cells = self.places().map(|span| match files.location(span) {
            Location::Cell { cell, .. } => cell,
            _ => files.row_number(span).to_string(),
        });
        let (count, first) = (self.count, all_of(cells));
        Some(match self.span.map(|span| span.place) {
            Some(Place::Cell { .. }) => say!("in {count} rows, the first in the cells {first}", count, first),
            _ => say!("in {count} rows, the first in the lines {first}", count, first),
        })
    }
}

/// Errors and warnings in words.
fn counts(errors: usize, warnings: usize) -> Option<Message> {
    let error_words = say!("{errors} {errors:error|errors}", errors);
    let warning_words = say!("{warnings} {warnings:warning|warnings}", warnings);
    match (errors, warnings) {
        (0, 0) => None,
        (0, _) => Some(warning_words),
        (_, 0) => Some(error_words),
        _ => Some(say!("{counts}", counts = list([error_words, warning_words]))),
    }
}

/// What a problem of a level is called.
fn severity(level: Level, lang: Lang) -> Severity<'static> {
    match level {
        Level::Error => Severity::ERROR.with_name(say!("error").text(lang)),
        Level::Warning => Severity::WARNING.with_name(say!("warning").text(lang)),
        Level::Note | Level::Detail => Severity::NOTE.with_name(say!("note").text(lang)),
    }
}

/// What advice is called.
fn help(lang: Lang) -> Severity<'static> {
    Severity::HELP.with_name(say!("help").text(lang))
}

/// A text with signs written out that nobody sees: of two words that look alike one may hold them.
fn with_invisible(text: &str) -> String {
    let is_invisible = |sign: &char| matches!(sign, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    let seen = |sign: char| match is_invisible(&sign) {
        true => sign.escape_unicode().to_string(),
        false => sign.to_string(),
    };
    match text.contains(|sign| is_invisible(&sign)) {
        true => text.chars().map(seen).collect(),
        false => text.to_owned(),
    }
}

fn render_problem(problem: &Problem, files: &Files, renderer: &Renderer, lang: Lang) -> String {
    let message = with_invisible(&problem.message.text(lang));
    let label = problem.label.as_ref().map(|label| label.text(lang));
    let hints: Vec<String> = problem.hints.iter().map(|hint| with_invisible(&hint.text(lang))).collect();
    let title = severity(problem.level, lang).primary_title(message.as_str()).id(problem.code.as_str());
    let mut group = Group::with_title(title);
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
                    label.as_deref(),
                ));
            }
            (Place::Field { .. } | Place::Cell { .. } | Place::Text { .. }, _) if problem.found.is_some() => {
                let found = problem.found.as_deref().unwrap_or_default();
                let mark = problem.mark.clone().unwrap_or(0..found.len());
                let (found, mark) = in_words(found, mark, lang);
                let (found, mark) = cut_around(&found, mark);
                let number = files.row_number(span) as usize;
                group = group.element(
                    snippet(found, number, String::new(), mark, label.as_deref()).path(files.at(span)),
                );
            }
            _ => group = group.element(Origin::path(files.at(span))),
        }
    }
    let beside = problem.beside.as_ref().map(|(span, label)| (*span, label.text(lang)));
    if let Some((span, label)) = &beside {
        match (span.place, files.text(span.file)) {
            (Place::Text { start, end }, Some(text)) => {
                let line = LineAround::new(&text, start as usize, end as usize);
                let annotation = AnnotationKind::Context.span(line.mark).label(label.as_str());
                let other = Snippet::source(line.text).line_start(line.number).path(files.path(span.file));
                group = group.element(other.annotation(annotation));
            }
            _ => group = group.element(Origin::path(files.at(*span))),
        }
    }
    let several = problem.in_several(files).map(|several| several.text(lang));
    if let Some(several) = &several {
        group = group.element(severity(Level::Note, lang).message(several.as_str()));
    }
    for hint in &hints {
        group = group.element(help(lang).message(hint.as_str()));
    }
    // The renderer puts line 1 behind the path of a snippet; a cell's place is complete already.
    let rendered = full_width(renderer.render(&[group]), lang);
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

/// Chinese has a wide colon behind what a line is; the renderer knows a narrow one.
fn full_width(rendered: String, lang: Lang) -> String {
    if lang != Lang::ZH {
        return rendered;
    }
    let mut lines: Vec<String> = rendered.lines().map(str::to_owned).collect();
    for (number, line) in lines.iter_mut().enumerate() {
        let name = match number {
            0 => Some(0),
            _ => line.find("= ").filter(|at| line[..*at].trim_start_matches(is_of_escapes).is_empty()),
        };
        if let Some(start) = name
            && let Some(colon) = line[start..].find(": ").map(|at| start + at)
        {
            line.replace_range(colon..colon + 2, "：");
        }
    }
    lines.join("\n")
}

fn is_of_escapes(letter: char) -> bool {
    letter == ' '
        || letter == '\u{1b}'
        || letter == '['
        || letter == ';'
        || letter == 'm'
        || letter.is_ascii_digit()
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

/// What is marked where there is nothing to show, in words.
fn in_words(found: &str, mark: std::ops::Range<usize>, lang: Lang) -> (String, std::ops::Range<usize>) {
    let words = match found.get(mark.clone()) {
        Some("(empty)") => say!("(empty)"),
        Some("(formula)") => say!("(formula)"),
        _ => return (found.to_owned(), mark),
    };
    let words = words.text(lang);
    let marked = mark.start..mark.start + words.len();
    (format!("{}{words}{}", &found[..mark.start], &found[mark.end..]), marked)
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
