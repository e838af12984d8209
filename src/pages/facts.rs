//! Facts of the fair that texts name instead of repeating them, such as `{{ fair.short }}`, and texts that repeat them.

use std::collections::BTreeMap;

use super::addresses;
use super::content::Text;
use crate::data::Date;
use crate::lang::{Invariant, Lang, Reading, invariants};
use crate::site::markdown::{Mark, outline};
use crate::site::placeholder::{Fill, Unknown, filled, placeholders, torn};
use crate::source::{Report, Span, code, fingerprint, say};

/// The facts of the current fair in a language.
pub(super) struct Facts {
    pub lang: Lang,
    pub facts: BTreeMap<String, Fill>,
    /// The current fair and the one before it.
    pub fairs: [Option<u32>; 2],
    /// Days of both that texts are likely to repeat, each with its fair and with the fact that says it.
    pub days: BTreeMap<Date, (u32, String)>,
    /// Ranges of such days, the first and the last, each with the fact that says it.
    pub ranges: Vec<(Date, Date, String)>,
}

impl Facts {
    /// No facts.
    pub(super) fn none(lang: Lang) -> Facts {
        Facts { lang, facts: BTreeMap::new(), fairs: [None; 2], days: BTreeMap::new(), ranges: Vec::new() }
    }

    /// A fact by its name.
    ///
    /// # Errors
    /// There is none of the name.
    pub(super) fn find(&self, name: &str) -> Result<Fill, Unknown> {
        if let Some(number) = name.strip_prefix("fair.").and_then(|number| number.parse().ok()) {
            return Ok(Fill::Text(ordinal(self.lang, number)));
        }
        if self.facts.is_empty() {
            // Why the fair is not there is reported.
            return Ok(Fill::Text(format!("{{{{ {name} }}}}")));
        }
        self.facts.get(name).cloned().ok_or_else(|| Unknown { known: self.facts.keys().cloned().collect() })
    }

    /// A number that differs where a fact does.
    pub(super) fn print(&self) -> u64 {
        fingerprint(&(&self.facts, self.fairs))
    }

    /// A text of front matter with its facts.
    pub(super) fn fill(&self, text: &str) -> String {
        filled(text, &|name| self.find(name))
    }

    /// Reports what is wrong with the placeholders in the front matter of a page, and what the page repeats of the fair.
    pub(super) fn check(&self, report: &mut Report, text: &Text) {
        for (words, span) in text.front.prose() {
            for torn in torn(words) {
                torn.report(report, span);
            }
            for placeholder in placeholders(words).filter(|found| !found.is_escaped(words)) {
                match self.find(placeholder.name) {
                    Ok(Fill::Text(_)) => {}
                    Ok(Fill::Table { .. }) => {
                        let message =
                            say!("`{name}` is a table and does not stand alone", name = placeholder.name);
                        report
                            .error(code::PLACEHOLDER, span, message)
                            .hint(say!("name it in the text of the page, in a paragraph of its own"));
                    }
                    Err(unknown) => unknown.report(report, span, placeholder.name),
                }
            }
            for (_, repeated) in self.repeated(words) {
                repeated.report(report, span);
            }
        }
        for words in outline(&text.body).iter().flat_map(|block| &block.words) {
            for torn in torn(&words.text) {
                let place = words.source(torn.range.clone());
                let span = Span::text(text.file, text.offset + place.start, text.offset + place.end);
                torn.report(report, span);
            }
            for (range, repeated) in self.repeated(&words.text) {
                let place = words.source(range);
                let span = Span::text(text.file, text.offset + place.start, text.offset + place.end);
                repeated.report(report, span);
            }
            for (mark, place) in &words.marks {
                let Mark::Link(target) = mark else { continue };
                if target.contains("{{") || target.contains("%7B%7B") {
                    let span = Span::text(text.file, text.offset + place.start, text.offset + place.end);
                    report
                        .error(
                            code::PLACEHOLDER,
                            span,
                            say!("a placeholder in the address of a link is not filled"),
                        )
                        .hint(say!("write the address itself; `/awards/current/` leads to the current fair"));
                }
                let Some(fact) = self.link_that_follows(target) else { continue };
                let span = Span::text(text.file, text.offset + place.start, text.offset + place.end);
                report
                    .warning(code::REPEATED_FACT, span, say!("`{target}` stays with one fair", target))
                    .hint(say!("write `{fact}`, which follows the current fair", fact));
            }
        }
    }

    /// The link that follows the current fair, for one to the notice of a fair or to what lies below it.
    fn link_that_follows(&self, target: &str) -> Option<String> {
        let (number, rest) = target.strip_prefix('/')?.strip_prefix(addresses::AWARDS)?.split_once('/')?;
        let is_rules = rest.is_empty() || rest.starts_with('#') || rest.starts_with("rules/");
        let number: u32 = number.parse().ok().filter(|_| is_rules)?;
        (self.fairs[0] == Some(number)).then(|| format!("/{}current/{rest}", addresses::AWARDS))
    }

    /// What words repeat of the fair or of the one before it.
    fn repeated(&self, words: &str) -> Vec<(std::ops::Range<usize>, Repeated)> {
        if !words.contains(|c: char| c.is_numeric()) {
            return Vec::new();
        }
        let found = invariants(words, self.lang, Reading::Full);
        let years: Vec<(i16, std::ops::Range<usize>)> = found
            .iter()
            .filter_map(|(found, range)| Some((whole(found)?.try_into().ok()?, range.clone())))
            .collect();
        // The year stands right before a day in Chinese, right behind it in English.
        let is_of = |range: &std::ops::Range<usize>, year: i16| {
            years.iter().any(|(found, at)| {
                let before = at.end <= range.start && range.start - at.end <= "年".len();
                let behind = range.end <= at.start && at.start - range.end <= ", ".len();
                *found == year && (before || behind)
            })
        };
        let all = found.clone();
        let mut repeated = Vec::new();
        for (invariant, range) in found {
            match invariant {
                Invariant::Day { month, day } => {
                    let is_day = |date: &&Date| {
                        (i64::from(date.month()), i64::from(date.day())) == (month.into(), day.into())
                            && is_of(&range, date.year())
                    };
                    if let Some(date) = self.days.keys().find(is_day) {
                        let (fair, mut fact) = self.days[date].clone();
                        let mut range = range;
                        if let Some((whole, of_range)) = self.range_around(words, &all, &range, *date) {
                            (range, fact) = (whole, of_range);
                        }
                        if repeated.iter().any(|(known, _): &(std::ops::Range<usize>, Repeated)| {
                            known.start <= range.start && range.end <= known.end
                        }) {
                            continue;
                        }
                        let written = words[range.clone()].to_owned();
                        repeated.push((range, Repeated { written, fair, current: self.fairs[0], fact }));
                    }
                }
                number => {
                    let Some(number) = whole(&number).filter(|n| self.fairs.contains(&Some(*n))) else {
                        continue;
                    };
                    let Some(range) = ordinal_around(words, range) else { continue };
                    if !tells_since(words, &range) {
                        let written = words[range.clone()].to_owned();
                        let short = matches!(self.facts.get("fair.short"), Some(Fill::Text(short)) if words[range.start..].starts_with(short.as_str()));
                        let fact = if short { "fair.short" } else { "fair.ordinal" }.to_owned();
                        repeated
                            .push((range, Repeated { written, fair: number, current: self.fairs[0], fact }));
                    }
                }
            }
        }
        repeated
    }

    /// The range of days of which a day is the first or the last, as words write it, and the fact that says it.
    fn range_around(
        &self,
        words: &str,
        found: &[(Invariant, std::ops::Range<usize>)],
        day: &std::ops::Range<usize>,
        date: Date,
    ) -> Option<(std::ops::Range<usize>, String)> {
        /// Between the days of a range stand no more than a word, a year and spaces.
        const BETWEEN: usize = 24;
        let is_day = |invariant: &Invariant, date: Date| matches!(*invariant, Invariant::Day { month, day } if (i64::from(date.month()), i64::from(date.day())) == (month.into(), day.into()));
        self.ranges.iter().find_map(|(from, until, fact)| {
            let other = if *from == date { *until } else { *from };
            if ![*from, *until].contains(&date) {
                return None;
            }
            let (_, place) = found.iter().find(|(invariant, place)| {
                let between = match *from == date {
                    true => words.get(day.end..place.start),
                    false => words.get(place.end..day.start),
                };
                is_day(invariant, other) && between.is_some_and(|between| between.len() <= BETWEEN)
            })?;
            let (start, end) = (day.start.min(place.start), day.end.max(place.end));
            // The year is part of the range: in front of it in Chinese, behind it in English.
            let start = words[..start].strip_suffix(&format!("{}年", from.year())).map_or(start, str::len);
            let rest = &words[end..];
            let end = rest.strip_prefix('日').map_or(end, |rest| words.len() - rest.len());
            let rest = &words[end..];
            let end =
                rest.strip_prefix(&format!(" {}", until.year())).map_or(end, |rest| words.len() - rest.len());
            Some((start..end, fact.clone()))
        })
    }

    /// Gives a fact of words.
    pub(super) fn add(&mut self, name: &str, fact: String) {
        self.facts.insert(name.to_owned(), Fill::Text(fact));
    }
}

/// A fact of a fair that a text repeats.
struct Repeated {
    written: String,
    fair: u32,
    current: Option<u32>,
    /// The fact of the current fair that would follow it.
    fact: String,
}

impl Repeated {
    fn report(&self, report: &mut Report, span: Span) {
        let Repeated { written, fair, fact, .. } = self;
        let message = match self.current == Some(*fair) {
            true => say!(
                "`{written}` is a fact of fair {fair}, which the next fair will make wrong",
                written,
                fair
            ),
            false => {
                say!("`{written}` is a fact of fair {fair}, which is not the current one", written, fair)
            }
        };
        let draft = report
            .warning(code::REPEATED_FACT, span, message)
            .hint(say!("write `{{{{ {fact} }}}}`, which follows the current fair", fact));
        if fact.starts_with("fair.") && !fact.starts_with("fair.phase") {
            draft.hint(say!("where the text tells history, write `{{{{ fair.{fair} }}}}`", fair));
        }
    }
}

/// The whole number that something is, if it is one.
fn whole(invariant: &Invariant) -> Option<u32> {
    let Invariant::Number { digits, power, percent: false } = invariant else { return None };
    let power = u32::try_from(*power).ok()?;
    digits.parse::<u32>().ok()?.checked_mul(10u32.checked_pow(power)?)
}

/// The words around a number that say which fair it is: `第137届`, `137th`.
fn ordinal_around(words: &str, range: std::ops::Range<usize>) -> Option<std::ops::Range<usize>> {
    let digits = words[range.clone()].trim_matches(|c: char| !c.is_ascii_digit());
    let start = range.start + words[range.clone()].find(digits)?;
    let (before, after) = (&words[..start], &words[start + digits.len()..]);
    if let (Some(first), Some(last)) =
        (before.trim_end().strip_suffix('第'), after.trim_start().strip_prefix('届'))
    {
        return Some(first.len()..words.len() - last.len());
    }
    let mark = ["st", "nd", "rd", "th"].into_iter().find(|mark| after.starts_with(mark))?;
    Some(start..start + digits.len() + mark.len())
}

/// Whether the words around a fair tell since when something is so, which stays true.
fn tells_since(words: &str, fair: &std::ops::Range<usize>) -> bool {
    let (before, after) = (words[..fair.start].trim_end(), words[fair.end..].trim_start());
    let before = before.strip_suffix("the").map_or(before, str::trim_end).to_lowercase();
    ["自", "从", "始于", "since", "from"].iter().any(|word| before.ends_with(word))
        || ["起", "以来"].iter().any(|word| after.starts_with(word))
}

/// Which fair it is, as a word.
pub(super) fn ordinal(lang: Lang, number: u32) -> String {
    match lang {
        Lang::ZH => format!("第{number}届"),
        Lang::EN => {
            let mark = match (number % 10, number % 100) {
                (1, last) if last != 11 => "st",
                (2, last) if last != 12 => "nd",
                (3, last) if last != 13 => "rd",
                _ => "th",
            };
            format!("{number}{mark}")
        }
        _ => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(lang: Lang) -> Facts {
        let mut facts = Facts { fairs: [Some(138), Some(137)], ..Facts::none(lang) };
        facts.add("fair.short", "第138届广交会".to_owned());
        facts.days.insert(jiff::civil::date(2025, 10, 15), (138, "fair.phase.1".to_owned()));
        facts.days.insert(jiff::civil::date(2025, 4, 15), (137, "fair.phase.1".to_owned()));
        facts
    }

    #[test]
    fn what_a_text_repeats_of_the_fair_is_found_and_history_is_not() {
        #[track_caller]
        fn case(lang: Lang, words: &str, expected: &[(&str, &str)]) {
            let facts = facts(lang);
            let found: Vec<(&str, String)> =
                facts.repeated(words).into_iter().map(|(range, found)| (&words[range], found.fact)).collect();
            let found: Vec<(&str, &str)> =
                found.iter().map(|(words, fact)| (*words, fact.as_str())).collect();
            assert_eq!(found, expected, "{words}");
        }
        case(
            Lang::ZH,
            "查阅第138届广交会、第 137 届名单。",
            &[("第138届", "fair.short"), ("第 137 届", "fair.ordinal")],
        );
        case(Lang::ZH, "自第137届起试行，始于第93届，第136届时合并，共138家、137届。", &[]);
        case(Lang::ZH, "2025年10月15日开幕", &[("10月15日", "fair.phase.1")]);
        case(Lang::ZH, "2025年4月15日至19日", &[("4月15日", "fair.phase.1")]);
        case(Lang::ZH, "2024年10月15日、10月15日、2025年10月16日", &[]);
        case(
            Lang::EN,
            "the 138th fair and the 137th",
            &[("138th", "fair.ordinal"), ("137th", "fair.ordinal")],
        );
        case(Lang::EN, "since the 137th fair, at the 93rd, 138 companies", &[]);
        case(Lang::EN, "on 15 October 2025", &[("15 October", "fair.phase.1")]);
    }

    #[test]
    fn a_fair_is_named_by_its_number() {
        for (number, name) in [(1, "1st"), (111, "111th"), (122, "122nd"), (133, "133rd"), (137, "137th")] {
            assert_eq!(facts(Lang::EN).find(&format!("fair.{number}")), Ok(Fill::Text(name.to_owned())));
        }
    }
}
