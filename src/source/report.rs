//! What is wrong with a project.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use unicode_normalization::UnicodeNormalization;

use super::{Code, FileId, Message, Place, Span, say};

/// How bad a problem is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Level {
    /// Nothing is published while there is one.
    Error,
    /// Published, but somebody should look.
    Warning,
    /// What was done with an input, for the record.
    Note,
    /// What an input was taken for, told only where everything is asked for.
    Detail,
}

/// One thing that is wrong, where, and what to do about it. A wrong value that is in several cells of a column is one
/// problem.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// How bad it is.
    pub level: Level,
    /// The kind of problem.
    pub code: Code,
    /// Where; the first place where there are several.
    pub span: Option<Span>,
    /// In how many places.
    pub count: usize,
    /// The next places after the first, the first of them in reading order.
    pub also: Vec<Span>,
    group: Option<Group>,
    /// One lowercase phrase without a full stop; what was found stands in backticks.
    pub message: Message,
    /// What stands at the place, where the file is not held in memory. Private values are masked.
    pub found: Option<String>,
    /// The part of what was found that is meant, in bytes; all of it where it is absent.
    pub mark: Option<std::ops::Range<usize>>,
    /// What stands under the caret.
    pub label: Option<Message>,
    /// Another place that does not agree with the first, and what stands there.
    pub beside: Option<(Span, Message)>,
    /// What to do instead.
    pub hints: Vec<Message>,
}

/// Cells in which the same is wrong.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Group {
    level: Level,
    code: Code,
    file: FileId,
    /// The sheet, where the file has sheets, and the column.
    column: (Option<u16>, u16),
    /// A hash of the value and of what is said of it. Values that are masked alike are told apart by it.
    value: u64,
}

impl Group {
    /// `None` where the place is no cell.
    fn of(level: Level, code: Code, span: Span, message: &Message, value: &str) -> Option<Group> {
        let column = match span.place {
            Place::Cell { sheet, column, .. } => (Some(sheet), column),
            Place::Field { field, .. } => (None, field),
            Place::Whole | Place::Text { .. } | Place::Sheet(_) => return None,
        };
        // The hasher is the same in every report: they are put together.
        let mut hasher = DefaultHasher::new();
        (value, message).hash(&mut hasher);
        Some(Group { level, code, file: span.file, column, value: hasher.finish() })
    }
}

/// At most so many different problems of one code in one file are kept; the rest are counted.
const KEPT_PER_FILE: usize = 50;
/// So many places of a problem are kept after the first.
const PLACES_AFTER_FIRST: usize = 2;

/// The problems of a run, in the order in which they were found.
///
/// Whoever finds a problem says where it is and what to do, and goes on:
///
/// ```
/// use jinbang::lang::Lang;
/// use jinbang::source::{Files, Message, Report, Span, Style, code};
///
/// let (files, mut report) = (Files::new("."), Report::new());
/// let file = files.id("data/fairs/137/fair.yaml");
/// let text = files.keep_text(file, "fair: 137\nprevious_fair: 138\n");
/// let start = text.find("138").unwrap();
/// report
///     .error(code::FAIR_ORDER, Span::text(file, start, start + 3), Message::verbatim("138 is later than 137"))
///     .hint(Message::verbatim("write the fair before: 136"));
///
/// assert!(report.has_errors());
/// let shown = report.render(&files, Style::Plain, Lang::EN);
/// assert!(shown.starts_with("error[fair-order]: 138 is later than 137\n"));
/// assert!(shown.contains("data/fairs/137/fair.yaml:2:16") && shown.contains("write the fair before: 136"));
/// ```
#[derive(Clone, Default, Debug)]
pub struct Report {
    problems: Vec<Problem>,
    /// The problems of cells, by number in `problems`.
    groups: BTreeMap<Group, usize>,
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

    /// Begins to say what an input was taken for.
    pub fn detail(&mut self, code: Code, span: impl Into<Option<Span>>, message: Message) -> Draft<'_> {
        self.add(Level::Detail, code, span.into(), message)
    }

    /// Begins an error about a value in a cell. Where the same is wrong with the same value in other cells of the
    /// column, it is one problem with several places. `value` is what the cell holds; it is not shown.
    pub fn error_of_value(&mut self, code: Code, span: Span, message: Message, value: &str) -> Draft<'_> {
        let problem = Problem::new(Level::Error, code, Some(span), message);
        let group = Group::of(Level::Error, code, span, &problem.message, value);
        Draft { problem: self.place(Problem { group, ..problem }) }
    }

    fn add(&mut self, level: Level, code: Code, span: Option<Span>, message: Message) -> Draft<'_> {
        Draft { problem: self.place(Problem::new(level, code, span, message)) }
    }

    /// Counts a problem, and keeps it if the same is not kept and not too many of its kind are.
    fn place(&mut self, problem: Problem) -> Option<&mut Problem> {
        match problem.level {
            Level::Error => self.errors += problem.count,
            Level::Warning => self.warnings += problem.count,
            Level::Note | Level::Detail => {}
        }
        if let Some(same) = problem.group.and_then(|group| self.groups.get(&group)) {
            let same = &mut self.problems[*same];
            same.count += problem.count;
            let places = problem.span.into_iter().chain(problem.also);
            let room = PLACES_AFTER_FIRST.saturating_sub(same.also.len());
            same.also.extend(places.take(room));
            return None;
        }
        let key = (problem.code, problem.span.map(|span| span.file));
        let kept = self.kept.entry(key).or_default();
        if *kept == KEPT_PER_FILE {
            self.unkept.entry(key).or_insert((problem.level, 0)).1 += problem.count;
            return None;
        }
        *kept += 1;
        if let Some(group) = problem.group {
            self.groups.insert(group, self.problems.len());
        }
        self.problems.push(problem);
        self.problems.last_mut()
    }

    /// Whether an error of this kind is reported at a place.
    pub fn has_error(&self, code: Code, span: Span) -> bool {
        let same = |problem: &Problem| problem.code == code && problem.span == Some(span);
        self.problems.iter().any(|problem| problem.level == Level::Error && same(problem))
    }

    /// Whether an error is reported of something within a place of a text.
    pub fn has_error_within(&self, span: Span) -> bool {
        let Place::Text { start, end } = span.place else { return false };
        let is_within = |place: Place| matches!(place, Place::Text { start: first, end: last } if start <= first && last <= end);
        let within = |other: Span| other.file == span.file && is_within(other.place);
        self.problems.iter().any(|problem| problem.level == Level::Error && problem.span.is_some_and(within))
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
        let groups = self.problems.iter().enumerate();
        self.groups = groups.filter_map(|(number, problem)| Some((problem.group?, number))).collect();
        self.unkept.retain(|_, (level, _)| *level == Level::Error);
        self.warnings = 0;
    }

    /// Takes over a problem of another report.
    pub fn push(&mut self, problem: Problem) -> Draft<'_> {
        Draft { problem: self.place(problem) }
    }

    /// Takes over the problems of another report.
    pub fn absorb(&mut self, other: Report) {
        for problem in other.problems {
            self.push(problem);
        }
        for ((code, file), (level, more)) in other.unkept {
            self.unkept.entry((code, file)).or_insert((level, 0)).1 += more;
            match level {
                Level::Error => self.errors += more,
                Level::Warning => self.warnings += more,
                Level::Note | Level::Detail => {}
            }
        }
    }
}

impl Problem {
    fn new(level: Level, code: Code, span: Option<Span>, message: Message) -> Problem {
        Problem {
            level,
            code,
            span,
            count: 1,
            also: Vec::new(),
            group: None,
            message,
            found: None,
            mark: None,
            label: None,
            beside: None,
            hints: Vec::new(),
        }
    }

    /// Its first places, at most three.
    pub fn places(&self) -> impl Iterator<Item = Span> {
        self.span.into_iter().chain(self.also.iter().copied())
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

    /// Shows another place that does not agree with the first, and says what stands there.
    pub fn beside(self, span: Span, label: Message) -> Self {
        self.with(|problem| problem.beside = Some((span, label)))
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

/// The nearest candidate, and whether no other is as near. Words are compared as people hear them: without case, width,
/// white space, hyphens and underscores; how they are written decides between those that are then alike.
fn near<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<(&'a str, bool)> {
    let (heard, written) = (as_heard(word), word.to_lowercase());
    let mut best: Option<((usize, usize), &str, bool)> = None;
    for candidate in candidates {
        let distance = (
            strsim::damerau_levenshtein(&heard, &as_heard(candidate)),
            strsim::damerau_levenshtein(&written, &candidate.to_lowercase()),
        );
        match &mut best {
            Some((least, _, is_alone)) if distance == *least => *is_alone = false,
            Some((least, ..)) if distance > *least => {}
            _ => best = Some((distance, candidate, true)),
        }
    }
    let ((distance, _), candidate, is_alone) = best?;
    let length = word.chars().count().max(candidate.chars().count());
    (distance * 3 <= length.max(3)).then_some((candidate, is_alone))
}

/// A word without what does not tell it from another.
fn as_heard(word: &str) -> String {
    let normal: String = word.nfkc().collect();
    let kept = |c: &char| !c.is_whitespace() && !matches!(c, '-' | '_' | '‐'..='―' | '−');
    normal.to_lowercase().chars().filter(kept).collect()
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
        for heard in
            ["previous-fair", "Previous Fair", "previousFair", "ｐｒｅｖｉｏｕｓ＿ｆａｉｒ", "previous—fair"]
        {
            assert_eq!(nearest(heard, known), Some("previous_fair"));
        }
        assert_eq!(nearest_alone("AB 1", ["A-B1", "AB1", "AB-1"]), None);
        assert_eq!(nearest_alone("AB-1", ["A-B1", "AB-1"]), Some("AB-1"));
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

    /// Row 0 of column 0 and so on, of one file.
    fn cell(row: u32, column: u16) -> Span {
        Span { file: FileId(0), place: Place::Cell { sheet: 0, row, column } }
    }

    #[test]
    fn a_value_that_is_wrong_in_many_cells_of_a_column_is_one_problem() {
        let refuse = |report: &mut Report, row, column, value: &str| {
            report.error_of_value(code::UNKNOWN_WORD, cell(row, column), say!("unknown value `x***`"), value);
        };
        let (mut first, mut second) = (Report::new(), Report::new());
        for row in 0..1_000 {
            refuse(if row < 2 { &mut first } else { &mut second }, row, 1, "xa");
        }
        // Masked alike, or in another column, it is another problem.
        refuse(&mut second, 7, 1, "xb");
        refuse(&mut second, 7, 2, "xa");
        first.absorb(second);
        let counts: Vec<usize> = first.problems().iter().map(|problem| problem.count).collect();
        assert_eq!((counts, first.counts()), (vec![1_000, 1, 1], (1_002, 0)));
        let places: Vec<Span> = first.problems()[0].places().collect();
        assert_eq!(places, [cell(0, 1), cell(1, 1), cell(2, 1)]);
    }

    #[test]
    fn different_values_beyond_the_limit_are_counted_and_known_ones_still_are_theirs() {
        let mut report = Report::new();
        for row in 0..200 {
            let value = (row % 100).to_string();
            report.error_of_value(code::BAD_NUMBER, cell(row, 0), say!("bad"), &value);
        }
        assert_eq!(report.problems().len(), 50);
        assert!(report.problems().iter().all(|problem| problem.count == 2));
        assert_eq!(report.unkept().map(|(_, _, _, more)| more).sum::<usize>(), 100);
        report.keep_errors();
        report.error_of_value(code::BAD_NUMBER, cell(200, 0), say!("bad"), "7");
        assert_eq!(report.problems()[7].count, 3);
    }
}
