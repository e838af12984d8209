//! Fairs that were decided elsewhere: their winners stand in a table, and what their awards are called and worth stands
//! in a rulebook of the project.

use super::fairs::{fair_numbers, read_fair};
use crate::fair::{OutsideWinner, read_outside_winners};
use crate::rulebook::Rulebook;
use crate::source::{Failure, Files, Report, Span, code, say};

/// A fair that was decided elsewhere.
#[derive(Clone, Debug)]
pub struct OutsideFair {
    /// Its number.
    pub number: u32,
    /// The rulebook that names its awards, by number in the project.
    pub rulebook: usize,
    /// Its winners, in the order of their table.
    pub winners: Vec<OutsideWinner>,
}

/// Reads the fairs that were decided elsewhere, the earliest first.
pub fn read_outside_fairs(
    report: &mut Report,
    files: &Files,
    rulebooks: &[Rulebook],
) -> Result<Vec<OutsideFair>, Failure> {
    let mut numbers: Vec<u32> = Vec::new();
    for path in files.list("data/fairs")? {
        let below = path.strip_prefix("data/fairs/").and_then(|rest| rest.split_once('/'));
        let Some((number, "winners.csv" | "winners.xlsx" | "winners.yaml")) = below else { continue };
        numbers.extend(number.parse::<u32>().ok());
    }
    numbers.sort_unstable();
    numbers.dedup();
    let here = fair_numbers(files)?;
    let mut fairs = Vec::new();
    for number in numbers {
        if here.contains(&number) {
            // What is wrong with the file is reported by who makes pages of it.
            let fair = read_fair(&mut Report::new(), files, number)?;
            if let Some(sources) = fair.as_ref().and_then(|fair| fair.award_sources()) {
                report
                    .error(
                        code::WINNERS_ELSEWHERE,
                        sources.span.beginning(),
                        say!(
                            "fair {number} is evaluated from these tables, but also has a table of winners",
                            number
                        ),
                    )
                    .hint(say!("remove the table of winners, or remove the tables from `sources`"));
                continue;
            }
        }
        let Some(rulebook) = naming(rulebooks, number) else {
            report
                .error(
                    code::WINNERS_ELSEWHERE,
                    Span::whole(files.id(&format!("data/fairs/{number}"))),
                    say!("no rulebook lists the awards of fair {number}", number),
                )
                .hint(say!("put a rulebook with these awards into data/rulebooks"));
            continue;
        };
        let awards = rulebooks[rulebook].awards.iter().map(|award| {
            let title = &award.title.value;
            let titles = title.languages().map(|lang| title.get(lang).to_owned());
            std::iter::once(award.id.value.clone()).chain(titles).collect()
        });
        let awards: Vec<Vec<String>> = awards.collect();
        if let Some(winners) = read_outside_winners(report, files, number, &awards)? {
            fairs.push(OutsideFair { number, rulebook, winners });
        }
    }
    Ok(fairs)
}

/// The rulebook that names the awards of a fair: the latest one that is in force for it, else the first that came after.
fn naming(rulebooks: &[Rulebook], fair: u32) -> Option<usize> {
    let version = |number: &usize| (rulebooks[*number].applies.0, rulebooks[*number].version);
    let all = 0..rulebooks.len();
    let in_force = all.clone().filter(|&number| rulebooks[number].applies_to(fair)).max_by_key(version);
    in_force.or_else(|| all.filter(|&number| rulebooks[number].applies.0 > fair).min_by_key(version))
}
