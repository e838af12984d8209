//! What is wrong with a project.

use std::collections::BTreeMap;

use super::{Code, FileId, Message, Span, say};

/// How bad a problem is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Level {
    /// Nothing is published while there is one.
    Error,
    /// Published, but somebody should look.
    Warning,
    /// What was done with an input, for the record.
    Note,
}

/// One thing that is wrong, where, and what to do about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// How bad it is.
    pub level: Level,
    /// The kind of problem.
    pub code: Code,
    /// Where.
    pub span: Option<Span>,
    /// One lowercase phrase without a full stop; what was found stands in backticks.
    pub message: Message,
    /// What stands at the place, where the file is not held in memory. Private values are masked.
    pub found: Option<String>,
    /// The part of what was found that is meant, in bytes; all of it where it is absent.
    pub mark: Option<std::ops::Range<usize>>,
    /// What stands under the caret.
    pub label: Option<Message>,
    /// What to do instead.
    pub hints: Vec<Message>,
}

/// At most so many problems of one code in one file are kept; the rest are counted.
const KEPT_PER_FILE: usize = 50;

/// The problems of a run, in the order in which they were found.
#[derive(Clone, Default, Debug)]
pub struct Report {
    problems: Vec<Problem>,
    kept: BTreeMap<(Code, Option<FileId>), usize>,
    unkept: BTreeMap<(Code, Option<FileId>), (Level, usize)>,
    errors: usize,
    warnings: usize,
}

impl Report {
    /// An empty report.
    pub fn new() -> Report {
        Report::default()
    }

    /// Begins an error at a place.
    pub fn error(&mut self, code: Code, span: impl Into<Option<Span>>, message: Message) -> Draft<'_> {
        self.add(Level::Error, code, span.into(), message)
    }

    /// Begins a warning at a place.
    pub fn warning(&mut self, code: Code, span: impl Into<Option<Span>>, message: Message) -> Draft<'_> {
        self.add(Level::Warning, code, span.into(), message)
    }

    /// Begins a note at a place.
    pub fn note(&mut self, code: Code, span: impl Into<Option<Span>>, message: Message) -> Draft<'_> {
        self.add(Level::Note, code, span.into(), message)
    }

    fn add(&mut self, level: Level, code: Code, span: Option<Span>, message: Message) -> Draft<'_> {
        let problem = self.place(level, code, span);
        if let Some(problem) = problem {
            problem.message = message;
            return Draft { problem: Some(problem) };
        }
        Draft { problem: None }
    }

    /// Counts a problem, and keeps a place for it if not too many of its kind are kept.
    fn place(&mut self, level: Level, code: Code, span: Option<Span>) -> Option<&mut Problem> {
        match level {
            Level::Error => self.errors += 1,
            Level::Warning => self.warnings += 1,
            Level::Note => {}
        }
        let key = (code, span.map(|span| span.file));
        let kept = self.kept.entry(key).or_default();
        *kept += 1;
        if *kept > KEPT_PER_FILE {
            self.unkept.entry(key).or_insert((level, 0)).1 += 1;
            return None;
        }
        self.problems.push(Problem {
            level,
            code,
            span,
            message: Message::verbatim(String::new()),
            found: None,
            mark: None,
            label: None,
            hints: Vec::new(),
        });
        self.problems.last_mut()
    }

    /// Whether an error of this kind is reported at a place.
    pub fn has_error(&self, code: Code, span: Span) -> bool {
        let same = |problem: &Problem| problem.code == code && problem.span == Some(span);
        self.problems.iter().any(|problem| problem.level == Level::Error && same(problem))
    }

    /// A problem that was reported before, and is not reported again.
    pub fn said_already(&mut self) -> Draft<'_> {
        Draft { problem: None }
    }

    /// Whether anything is wrong that keeps the project from being published.
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// How many errors and warnings there are, those that were not kept included.
    pub fn counts(&self) -> (usize, usize) {
        (self.errors, self.warnings)
    }

    /// The problems that were kept.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// For each code and file of which too many problems were found to keep: the code, the file, the
    /// level and how many more there are.
    pub fn unkept(&self) -> impl Iterator<Item = (Code, Option<FileId>, Level, usize)> {
        self.unkept.iter().map(|(&(code, file), &(level, more))| (code, file, level, more))
    }

    /// Forgets what is not an error.
    pub fn keep_errors(&mut self) {
        self.problems.retain(|problem| problem.level == Level::Error);
        self.unkept.retain(|_, (level, _)| *level == Level::Error);
        self.warnings = 0;
    }

    /// Takes over the problems of another report.
    pub fn absorb(&mut self, other: Report) {
        for problem in other.problems {
            if let Some(place) = self.place(problem.level, problem.code, problem.span) {
                *place = problem;
            }
        }
        for ((code, file), (level, more)) in other.unkept {
            self.unkept.entry((code, file)).or_insert((level, 0)).1 += more;
            match level {
                Level::Error => self.errors += more,
                Level::Warning => self.warnings += more,
                Level::Note => {}
            }
        }
    }
}

/// A problem that is being described.
pub struct Draft<'a> {
    problem: Option<&'a mut Problem>,
}

impl Draft<'_> {
    /// Says what to do instead.
    pub fn hint(self, hint: Message) -> Self {
        self.with(|problem| problem.hints.push(hint))
    }

    /// Says what stands under the caret.
    pub fn label(self, label: Message) -> Self {
        self.with(|problem| problem.label = Some(label))
    }

    /// Asks under the caret whether something else was meant, if it is known what.
    pub fn label_meant(self, meant: Option<&str>) -> Self {
        match meant {
            Some(meant) => self.label(say!("did you mean `{meant}`?", meant)),
            None => self,
        }
    }

    /// Asks in a hint whether something else was meant, if it is known what.
    pub fn hint_meant(self, meant: Option<&str>) -> Self {
        match meant {
            Some(meant) => self.hint(say!("did you mean `{meant}`?", meant)),
            None => self,
        }
    }

    /// The same, where it takes long to find what was meant: it is sought only for problems that are kept.
    pub fn hint_sought<'a>(self, seek: impl FnOnce() -> Option<&'a str>) -> Self {
        let meant = self.problem.as_ref().and_then(|_| seek());
        self.hint_meant(meant)
    }

    /// Shows what stands at a place whose file is not held in memory.
    pub fn found(self, found: impl Into<String>) -> Self {
        self.with(|problem| problem.found = Some(found.into()))
    }

    /// Shows a row or line of which a part is meant.
    pub fn found_within(self, found: impl Into<String>, mark: std::ops::Range<usize>) -> Self {
        self.with(|problem| {
            problem.found = Some(found.into());
            problem.mark = Some(mark);
        })
    }

    fn with(mut self, change: impl FnOnce(&mut Problem)) -> Self {
        if let Some(problem) = &mut self.problem {
            change(problem);
        }
        self
    }
}

/// The candidate that was most likely meant by a misspelt word, if one is near enough.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    near(word, candidates).map(|(candidate, _)| candidate)
}

/// The same, if no other candidate is as near: of several identifiers none is then more likely.
pub fn nearest_alone<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    near(word, candidates).filter(|(_, is_alone)| *is_alone).map(|(candidate, _)| candidate)
}

/// The nearest candidate, and whether no other is as near.
fn near<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<(&'a str, bool)> {
    let word_folded = word.to_lowercase();
    let mut best: Option<(usize, &str, bool)> = None;
    for candidate in candidates {
        let distance = strsim::damerau_levenshtein(&word_folded, &candidate.to_lowercase());
        match &mut best {
            Some((least, _, is_alone)) if distance == *least => *is_alone = false,
            Some((least, ..)) if distance > *least => {}
            _ => best = Some((distance, candidate, true)),
        }
    }
    let (distance, candidate, is_alone) = best?;
    let length = word.chars().count().max(candidate.chars().count());
    (distance * 3 <= length.max(3)).then_some((candidate, is_alone))
}

/// The candidates that may have been meant by a word of several parts, the nearest first: those that have a part with
/// it in common or are spelt much alike.
pub fn nearest_of<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    most: usize,
) -> Vec<&'a str> {
    // Short parts, such as `no` and `of`, tell nothing.
    let parts = |word: &'_ str| -> Vec<String> {
        word.split('-').filter(|part| part.len() > 3).map(str::to_owned).collect()
    };
    let own = parts(word);
    let mut near: Vec<(usize, &str)> = Vec::new();
    for candidate in candidates {
        let distance = strsim::damerau_levenshtein(word, candidate);
        let common = parts(candidate)
            .iter()
            .filter(|part| nearest(part, own.iter().map(String::as_str)).is_some())
            .count();
        let alike = distance * 3 <= word.chars().count().max(candidate.chars().count());
        if alike || common > 0 {
            near.push((distance.saturating_sub(common * 3), candidate));
        }
    }
    near.sort();
    near.into_iter().take(most).map(|(_, candidate)| candidate).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{code, say};
    use super::*;

    #[test]
    fn a_misspelt_word_suggests_the_nearest_known_one() {
        let known = ["previous_fair", "phases", "sources"];
        assert_eq!(nearest("previus_fair", known), Some("previous_fair"));
        assert_eq!(nearest("Phase", known), Some("phases"));
        assert_eq!(nearest("weather", known), None);
    }

    #[test]
    fn problems_beyond_the_limit_are_counted() {
        let mut report = Report::new();
        for _ in 0..60 {
            report.error(code::BAD_VALUE, None, say!("bad"));
        }
        assert_eq!(report.problems().len(), 50);
        assert_eq!(report.counts(), (60, 0));
        assert_eq!(report.unkept().map(|(_, _, _, more)| more).sum::<usize>(), 10);
    }
}
