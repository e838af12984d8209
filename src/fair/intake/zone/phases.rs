//! In which phases a cell says that an enterprise is there.

use unicode_normalization::UnicodeNormalization;

use crate::data::Date;
use crate::fair::config::Phase;

/// The phases that a cell says, in any notation: `1`, `第一期`, `Phase 1`, `1、3`, `第一至三期`, `各期`, or the days of a
/// phase, such as `4月15日-19日` or `2025-04-15 – 2025-04-19`. Whether the fair has such phases is only asked of days.
/// `None` where it says anything else, or not for certain which: `1-3` may be two phases or three.
pub(super) fn phases_said(text: &str, phases: &[Phase]) -> Option<Vec<u8>> {
    let normal = normal(text);
    let said = match normal.as_str() {
        "各期" | "全部" | "全期" | "所有" | "每期" | "全部展期" | "all" | "all phases" => {
            Some(phases.iter().map(|phase| phase.phase.value).collect())
        }
        _ => numbers(&normal).or_else(|| days(&normal, phases)),
    };
    said.map(|mut said: Vec<u8>| {
        said.sort_unstable();
        said.dedup();
        said
    })
}

/// A text with plain signs, in lower case.
fn normal(text: &str) -> String {
    let plain = |c: char| match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '~' | '〜' => '-',
        c if c.is_whitespace() => ' ',
        c => c.to_ascii_lowercase(),
    };
    text.trim().nfkc().map(plain).collect()
}

/// Numbers of phases.
fn numbers(text: &str) -> Option<Vec<u8>> {
    let bare = ["phases", "phase", "第", "展期", "期"]
        .iter()
        .fold(text.to_owned(), |text, word| text.replace(word, " "));
    let mut said: Vec<u8> = Vec::new();
    let mut range = Range::No;
    let mut rest = bare.trim();
    while let Some(first) = rest.chars().next() {
        let (number, length) = match first {
            '一' | '二' | '三' | '四' | '五' | '六' => (
                1 + "一二三四五六".chars().position(|c| c == first).and_then(|at| u8::try_from(at).ok())?,
                3,
            ),
            '0'..='9' => {
                let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
                (rest[..end].parse().ok()?, end)
            }
            'i' | 'v' => {
                let end = rest.find(|c: char| c != 'i' && c != 'v').unwrap_or(rest.len());
                (1 + u8::try_from(ROMAN.iter().position(|roman| *roman == &rest[..end])?).ok()?, end)
            }
            _ => {
                match first {
                    ',' | ';' | '、' | '/' | '|' | '&' | '+' | '和' | '及' | '与' | ' ' => {}
                    '-' => range = Range::Stroke,
                    '至' | '到' => range = Range::Word,
                    _ => return None,
                }
                rest = &rest[first.len_utf8()..];
                continue;
            }
        };
        match (range, said.last()) {
            (Range::No, _) => said.push(number),
            (Range::Stroke, Some(last)) if last + 1 == number => said.push(number),
            (Range::Word, Some(&last)) if last < number => said.extend(last + 1..=number),
            _ => return None,
        }
        range = Range::No;
        rest = &rest[length..];
        rest = ["st", "nd", "rd", "th"].iter().find_map(|end| rest.strip_prefix(end)).unwrap_or(rest);
    }
    (range == Range::No && !said.is_empty()).then_some(said)
}

const ROMAN: [&str; 6] = ["i", "ii", "iii", "iv", "v", "vi"];

/// What stands between two numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Range {
    No,
    /// A stroke: from one to the next, or one and the other.
    Stroke,
    /// A word for `to`.
    Word,
}

/// The days of a phase, or a list of such days and of numbers.
fn days(text: &str, phases: &[Phase]) -> Option<Vec<u8>> {
    if let Some(phase) = days_of_one(text, phases) {
        return Some(vec![phase]);
    }
    let parts: Vec<&str> = text.split([',', ';', '、', '和']).map(str::trim).collect();
    if parts.len() == 1 {
        return None;
    }
    let said = |part: &str| numbers(part).or_else(|| days_of_one(part, phases).map(|phase| vec![phase]));
    let said: Option<Vec<Vec<u8>>> = parts.into_iter().map(said).collect();
    said.map(|said| said.concat())
}

fn days_of_one(text: &str, phases: &[Phase]) -> Option<u8> {
    let (numbers, month) = numbers_of_days(text)?;
    let is_said = |phase: &&Phase| {
        let (start, end) = (phase.start.value, phase.end.value);
        forms(start, end, month).contains(&numbers)
    };
    phases.iter().find(is_said).map(|phase| phase.phase.value)
}

/// Where an English text names its months.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Months {
    InDigits,
    InWords,
}

/// The numbers in a text of days, months among them; `None` where it holds other words.
fn numbers_of_days(text: &str) -> Option<(Vec<i32>, Months)> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let mut numbers = Vec::new();
    let mut months = Months::InDigits;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|c: char| c.is_ascii_digit() != first.is_ascii_digit()).unwrap_or(rest.len());
        if first.is_ascii_digit() {
            match end {
                8 => numbers
                    .extend([&rest[..4], &rest[4..6], &rest[6..8]].map(|part| part.parse().unwrap_or(0))),
                _ => numbers.push(rest[..end].parse().ok()?),
            }
            rest = &rest[end..];
            continue;
        }
        if first.is_ascii_alphabetic() {
            let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
            let word = &rest[..end];
            match MONTHS.iter().zip(1..).find(|(month, _)| word.starts_with(**month)) {
                Some((_, month)) => {
                    numbers.push(month);
                    months = Months::InWords;
                }
                None if ["to", "until", "st", "nd", "rd", "th"].contains(&word) => {}
                None => return None,
            }
            rest = &rest[end..];
            continue;
        }
        if !"年月日号至到-./, ()".contains(first) {
            return None;
        }
        rest = &rest[first.len_utf8()..];
    }
    Some((numbers, months))
}

/// The numbers by which the days of a phase may be written.
fn forms(start: Date, end: Date, months: Months) -> Vec<Vec<i32>> {
    let parts = |date: Date| (i32::from(date.year()), i32::from(date.month()), i32::from(date.day()));
    let ((y, m, d), (y2, m2, d2)) = (parts(start), parts(end));
    let mut forms = vec![vec![m, d, m2, d2], vec![y, m, d, m2, d2], vec![y, m, d, y2, m2, d2]];
    if m == m2 && y == y2 {
        forms.extend([vec![m, d, d2], vec![y, m, d, d2]]);
    }
    if months == Months::InWords {
        forms.extend([vec![d, m, d2, m2], vec![d, m, d2, m2, y2], vec![m, d, m2, d2, y2]]);
        forms.extend([vec![d, m, y, d2, m2, y2], vec![m, d, y, m2, d2, y2]]);
        if m == m2 && y == y2 {
            forms.extend([vec![d, d2, m], vec![d, d2, m, y], vec![m, d, d2, y]]);
        }
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::phases_said;
    use crate::fair::config::Phase;

    fn phases() -> Vec<Phase> {
        let span = crate::source::Span::whole(crate::source::FileId::from_number(0));
        let date = |text: &str| crate::data::Spanned { value: text.parse().unwrap(), span };
        [(1, "2025-04-15", "2025-04-19"), (2, "2025-04-23", "2025-04-27"), (3, "2025-04-29", "2025-05-03")]
            .map(|(value, start, end)| Phase {
                phase: crate::data::Spanned { value, span },
                start: date(start),
                end: date(end),
                theme: None,
                sections: Vec::new(),
            })
            .into()
    }

    #[test]
    fn phases_are_told_by_number_in_any_notation() {
        for (text, said) in [
            ("1", vec![1]),
            ("第一期", vec![1]),
            ("第 1 期", vec![1]),
            ("Phase 1", vec![1]),
            ("PHASE II", vec![2]),
            ("一期", vec![1]),
            ("三期", vec![3]),
            ("1、3", vec![1, 3]),
            ("3；1", vec![1, 3]),
            ("第一、二、三期", vec![1, 2, 3]),
            ("第一期、第三期", vec![1, 3]),
            ("第一期\n第三期", vec![1, 3]),
            ("phases 1 & 3", vec![1, 3]),
            ("1st phase", vec![1]),
            ("第一至三期", vec![1, 2, 3]),
            ("1-2", vec![1, 2]),
            ("各期", vec![1, 2, 3]),
            ("7", vec![7]),
        ] {
            assert_eq!(phases_said(text, &phases()), Some(said), "{text}");
        }
    }

    #[test]
    fn phases_are_told_by_their_days() {
        for (text, said) in [
            ("4月15日-19日", vec![1]),
            ("4月15-19日", vec![1]),
            ("2025-04-15 – 2025-04-19", vec![1]),
            ("2025年4月15日至4月19日", vec![1]),
            ("2025.4.15~4.19", vec![1]),
            ("4/23—27", vec![2]),
            ("20250423-20250427", vec![2]),
            ("April 23-27, 2025", vec![2]),
            ("29 April to 3 May 2025", vec![3]),
            ("4月29日-5月3日", vec![3]),
            ("4月15日-19日、4月29日-5月3日", vec![1, 3]),
            ("4月15日-19日和第三期", vec![1, 3]),
        ] {
            assert_eq!(phases_said(text, &phases()), Some(said), "{text}");
        }
    }

    #[test]
    fn what_is_not_told_for_certain_is_not_guessed() {
        for text in
            ["1-3", "4月15日", "4月15日-18日", "4月15日-5月3日", "待定", "期", "第一届", "-1", "1 2 x"]
        {
            assert_eq!(phases_said(text, &phases()), None, "{text}");
        }
    }
}
