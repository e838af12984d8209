//! Facts of the fair that texts name instead of repeating them, such as `{{ fair.short }}`, and texts that repeat them.

use std::collections::BTreeMap;

use super::addresses;
use super::content::Text;
use crate::data::Date;
use crate::lang::{Invariant, Lang, Reading, invariants};
use crate::site::markdown::{Mark, outline};
use crate::site::placeholder::{Fill, Unknown, filled, placeholders};
use crate::source::{Report, Span, code, fingerprint, say};

/// The facts of the current fair in a language.
pub(super) struct Facts {
    pub lang: Lang,
    pub facts: BTreeMap<String, Fill>,
    /// The current fair and the one before it.
    pub fairs: [Option<u32>; 2],
    /// Days of both that texts are likely to repeat, each with its fair and with the fact that says it.
    pub days: BTreeMap<Date, (u32, String)>,
}

impl Facts {
    /// No facts.
    pub(super) fn none(lang: Lang) -> Facts {
        Facts { lang, facts: BTreeMap::new(), fairs: [None; 2], days: BTreeMap::new() }
    }

    /// A fact by its name.
    ///
    /// # Errors
    /// There is none of the name.
    pub(super) fn find(&self, name: &str) -> Result<Fill, Unknown> {
        if let Some(number) = name.strip_prefix("fair.").and_then(|number| number.parse().ok()) {
            return Ok(Fill::Text(ordinal(self.lang, number)));
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
        let front = &text.front;
        let facts = front.facts.iter().map(|fact| (fact.value.value.as_str(), fact.span));
        for (words, span) in [&front.title, &front.summary]
            .map(|text| (text.value.as_str(), text.span))
            .into_iter()
            .chain(facts)
        {
            for placeholder in placeholders(words) {
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
            for (range, repeated) in self.repeated(&words.text) {
                let place = words.source(range);
                let span = Span::text(text.file, text.offset + place.start, text.offset + place.end);
                repeated.report(report, span);
            }
            for (mark, place) in &words.marks {
                let Mark::Link(target) = mark else { continue };
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
        let mut repeated = Vec::new();
        for (invariant, range) in found {
            match invariant {
                Invariant::Day { month, day } => {
                    let is_day = |date: &&Date| {
                        (i64::from(date.month()), i64::from(date.day())) == (month.into(), day.into())
                            && is_of(&range, date.year())
                    };
                    if let Some(date) = self.days.keys().find(is_day) {
                        let (fair, fact) = self.days[date].clone();
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
