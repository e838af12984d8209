//! What several tables hold: days and numbers of fairs; and what becomes of a record with a wrong value.

use crate::data::{Cell, Date, Outcome, Record, Refused};
use crate::fair::facts::day_number;
use crate::source::{Report, code, say};

/// A value was wrong and was reported.
pub(super) struct Wrong;

impl From<Refused> for Wrong {
    fn from(_: Refused) -> Wrong {
        Wrong
    }
}

/// What becomes of a record by what was made of it.
pub(super) fn outcome(taken: Result<(), Wrong>) -> Outcome {
    match taken {
        Ok(()) => Outcome::Used,
        Err(Wrong) => Outcome::Refused,
    }
}

/// Dates repeat from row to row; the last one is remembered.
#[derive(Default)]
pub(super) struct DateMemory {
    text: String,
    number: i32,
}

impl DateMemory {
    pub(super) fn date(
        &mut self,
        report: &mut Report,
        record: &Record<'_>,
        field: usize,
    ) -> Result<i32, Wrong> {
        if let Cell::Text(text) = record.cell(field) {
            if *text == self.text {
                return Ok(self.number);
            }
            let date: Option<Date> = record.date(report, field)?;
            self.number = day_number(date);
            self.text.clear();
            self.text.push_str(&text);
            return Ok(self.number);
        }
        Ok(day_number(record.date(report, field)?))
    }
}

/// The numbers of fairs that a cell says, in whatever notation: `136;137`, `136,137`, `第136届、第137届`, one a line.
/// `None` for a text with something else in it. Two numbers with a stroke between them are two fairs if one follows
/// the other; else it is not told whether those between them are meant. Digits apart are digits of one number, perhaps.
pub(super) fn fair_numbers(text: &str) -> Option<Vec<u32>> {
    use unicode_normalization::UnicodeNormalization;
    let normal: String = text.nfkc().collect::<String>().to_lowercase();
    let bare = ["第", "届", "广交会", "canton fair", "fair"]
        .iter()
        .fold(normal, |text, word| text.replace(word, " "));
    let mut numbers: Vec<u32> = Vec::new();
    let (mut stroke, mut apart) = (false, false);
    let mut rest = bare.trim();
    while let Some(first) = rest.chars().next() {
        if first.is_ascii_digit() {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let number: u32 = rest[..end].parse().ok()?;
            if stroke && numbers.last().is_none_or(|last| last + 1 != number) {
                return None;
            }
            if apart && numbers.last().is_some_and(|&last| last.min(number) < 10) {
                return None;
            }
            numbers.push(number);
            (stroke, apart) = (false, true);
            rest = &rest[end..];
            rest =
                ["th", "st", "nd", "rd"].iter().find_map(|ending| rest.strip_prefix(ending)).unwrap_or(rest);
            continue;
        }
        match first {
            ',' | ';' | '、' | '/' | '|' | '&' | '+' | '和' | '及' | '\n' | '\r' => apart = false,
            '-' | '–' | '—' | '~' | '至' | '到' => (stroke, apart) = (true, false),
            c if c.is_whitespace() => {}
            _ => return None,
        }
        rest = &rest[first.len_utf8()..];
    }
    (!stroke).then_some(numbers)
}

/// Refuses a number of a fair that cannot be meant.
pub(super) fn refuse_fair_number(
    report: &mut Report,
    record: &Record<'_>,
    field: usize,
    text: &str,
    number: u32,
    last: u32,
) -> Wrong {
    let message = say!("fair `{number}` is out of range: expected a number from 1 to {last}", number, last);
    let draft = record.refuse(report, code::BAD_NUMBER, field, message, text);
    let digits = number.to_string();
    // A spreadsheet takes `136,137` for a number with its thousands apart.
    match digits.len() {
        6 => draft.hint(say!(
            "if it was typed as `{first},{second}`, format the cell as text and write `{first};{second}`",
            first = &digits[..3],
            second = &digits[3..]
        )),
        _ => draft.hint(say!("correct the number of the fair")),
    };
    Wrong
}

/// The number of what comes after so many.
pub(super) fn number_of(count: usize) -> u32 {
    u32::try_from(count).expect("fewer than 2^32 rows")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fairs_are_told_in_any_notation() {
        for text in [
            "136;137",
            "136,137",
            "136，137",
            "第136届、第137届",
            "136\n137",
            "136 / 137",
            "136-137",
            "136至137届",
            "136th, 137th Canton Fair",
            "１３６；１３７",
            "第136届广交会 第137届广交会",
        ] {
            assert_eq!(fair_numbers(text), Some(vec![136, 137]), "{text}");
        }
        assert_eq!(fair_numbers("136137"), Some(vec![136_137]));
        assert_eq!(fair_numbers("137"), Some(vec![137]));
        assert_eq!(fair_numbers("9、10"), Some(vec![9, 10]));
        for text in ["1 3 6;137", "13 7", "130-137", "137届春季", "136.137", "一三七", "136-", "99999999999"]
        {
            assert_eq!(fair_numbers(text), None, "{text}");
        }
    }
}
