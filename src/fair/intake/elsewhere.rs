//! Winners of a fair that was decided elsewhere, out of `winners.csv`, `winners.xlsx` or `winners.yaml` in its folder.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::values::{Wrong, outcome};
use crate::data::{Decoded, Record, Source, TableFiles, read_table};
use crate::fair::particulars::parts;
use crate::fair::tables::{WINNERS, winner};
use crate::source::{Failure, Files, Report, Span, code, list, say};

/// A winner of a fair that was decided elsewhere.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OutsideWinner {
    /// Its identifier.
    pub exhibitor: String,
    /// Its name in Chinese.
    pub name_zh: String,
    /// Its name in English.
    pub name_en: Option<String>,
    /// The sections in which it exhibited, in Chinese.
    pub sections: Vec<String>,
    /// Its award, by number of those that may be given.
    pub award: usize,
    /// Where its name stands.
    pub place: Span,
}

/// The files in which winners of a fair that was decided elsewhere may stand.
const FILES: [&str; 3] = ["winners.csv", "winners.xlsx", "winners.yaml"];

/// Reads the winners of a fair that was decided elsewhere, in the order of the table. `awards` are the words for each
/// award, its name first. `None` where the fair has no such table, or it is wrong.
pub fn read_outside_winners(
    report: &mut Report,
    files: &Files,
    fair: u32,
    awards: &[Vec<String>],
) -> Result<Option<Vec<OutsideWinner>>, Failure> {
    let folder = format!("data/fairs/{fair}");
    let there: Vec<&str> =
        FILES.into_iter().filter(|file| files.is_file(&format!("{folder}/{file}"))).collect();
    let Some(file) = there.first() else { return Ok(None) };
    let span = Span::whole(files.id(&format!("{folder}/{file}")));
    if let Some(other) = there.get(1) {
        report
            .error(code::WINNERS_ELSEWHERE, span, say!("`{other}` exists too", other = *other))
            .hint(say!("keep one of the two"));
        return Ok(None);
    }
    let sources = [Source::of_file(file, span)];
    let table = TableFiles {
        files,
        folder: &folder,
        shape: &WINNERS,
        sources: &sources,
        identifiers: None,
        amendments: None,
    };
    let mut winners: Vec<OutsideWinner> = Vec::new();
    let mut places: BTreeMap<String, Span> = BTreeMap::new();
    let read = Decoded::by(report, |report| {
        read_table(report, &table, &mut |report: &mut Report, record: &Record<'_>| {
            outcome(take_winner(report, record, awards).and_then(|taken| {
                let at = record.span(winner::EXHIBITOR);
                if let Some(first) = places.insert(taken.exhibitor.clone(), at) {
                    let message =
                        say!("exhibitor `{exhibitor}` is listed twice", exhibitor = taken.exhibitor.as_str());
                    record
                        .refuse(report, code::EXHIBITOR_TWICE, winner::EXHIBITOR, message, &taken.exhibitor)
                        .hint(say!("the other row is at {there}", there = files.at(first)));
                    return Err(Wrong);
                }
                winners.push(taken);
                Ok(())
            }))
        })
    });
    Ok(read.transpose()?.complete.then_some(winners))
}

fn take_winner(
    report: &mut Report,
    record: &Record<'_>,
    awards: &[Vec<String>],
) -> Result<OutsideWinner, Wrong> {
    let exhibitor = record.required(report, winner::EXHIBITOR).map(Cow::into_owned);
    let name_zh = record.required(report, winner::NAME_ZH).map(Cow::into_owned);
    let name_en = record.text(report, winner::NAME_EN).map(|name| name.map(Cow::into_owned));
    let sections =
        record.text(report, winner::SECTIONS).map(|text| text.map(|text| parts(&text)).unwrap_or_default());
    let award = record.required(report, winner::AWARD)?;
    let Some(number) = awards.iter().position(|words| words.iter().any(|word| *word == award)) else {
        let known = list(awards.iter().flatten());
        record
            .refuse(
                report,
                code::UNKNOWN_WORD,
                winner::AWARD,
                say!("unknown award `{award}`", award = award.as_ref()),
                &award,
            )
            .hint(say!("write one of: {known}", known));
        return Err(Wrong);
    };
    Ok(OutsideWinner {
        exhibitor: exhibitor?,
        name_zh: name_zh?,
        name_en: name_en?,
        sections: sections?,
        award: number,
        place: record.span(winner::NAME_ZH),
    })
}
