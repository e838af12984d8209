//! What several tables hold, words and days, and what becomes of a record with a wrong value.

use crate::data::{Cell, Date, Outcome, Record, Refused};
use crate::fair::facts::day_number;
use crate::source::{Report, code, list, nearest, say};

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

/// Refuses a record for a word that is not among those known, which are separated by commas.
pub(super) fn unknown_word(
    report: &mut Report,
    record: &Record<'_>,
    field: usize,
    text: &str,
    known: &str,
) -> Wrong {
    // Short words are near to words with which they have nothing in common, and which say the contrary.
    let meant = nearest(text, known.split(", ")).filter(|meant| meant.contains(|c| text.contains(c)));
    record
        .refuse(report, code::UNKNOWN_WORD, field, say!("unknown word `{text}`", text), text)
        .hint_meant(meant)
        .hint(say!("write one of: {known}", known = list(known.split(", "))));
    Wrong
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

/// The number of what comes after so many.
pub(super) fn number_of(count: usize) -> u32 {
    u32::try_from(count).expect("fewer than 2^32 rows")
}
