//! Takes records in: checks them, resolves their names, makes facts of them. A file for each table.
//!
//! The only part of `fair` that knows tables.

mod attendance;
mod exhibitors;
mod invitations;
mod penalties;
mod values;

use std::collections::BTreeSet;

use attendance::read_attendance;
use exhibitors::{ByIdentifier, read_exhibitors};
use invitations::read_invitations;
use penalties::read_penalties;

use super::config::{FairFile, Sources};
use super::facts::Facts;
use super::near::{Gathered, NearMisses, Search};
use crate::lang::Lang;
use crate::source::{Failure, Files, Report, code, say};

/// Reads the tables of a fair. Company keys in `not_a_name` are no keys.
pub fn read_facts(
    report: &mut Report,
    files: &Files,
    folder: &str,
    fair: &FairFile,
    sources: &Sources,
    not_a_name: &BTreeSet<String>,
) -> Result<Facts, Failure> {
    let given = Given { files, folder, sources, not_a_name };
    let (mut facts, by_id) = read_exhibitors_and_penalties(report, &given, fair)?;
    read_attendance(report, &given, None, &mut facts)?;
    let (invitations, sheets) = read_invitations(report, &given, &by_id, &facts.attendance, None)?;
    facts.invitations = invitations;
    facts.sheets.insert("invitations", sheets);
    Ok(facts)
}

/// Reads the tables of a fair as [`read_facts`] does, and finds near misses on the way.
pub fn read_facts_and_near_misses(
    report: &mut Report,
    files: &Files,
    folder: &str,
    fair: &FairFile,
    sources: &Sources,
    not_a_name: &BTreeSet<String>,
) -> Result<(Facts, NearMisses), Failure> {
    let given = Given { files, folder, sources, not_a_name };
    let (mut facts, by_id) = read_exhibitors_and_penalties(report, &given, fair)?;
    let mut gathered = Gathered::default();
    read_attendance(report, &given, Some(&mut gathered), &mut facts)?;
    let seen = gathered.seen(&facts.attendance);
    let mut search = Search::new(&facts.attendance, &seen);
    let (invitations, sheets) =
        read_invitations(report, &given, &by_id, &facts.attendance, Some(&mut search))?;
    let misses = search.found();
    facts.invitations = invitations;
    facts.sheets.insert("invitations", sheets);
    Ok((facts, misses))
}

/// Where the tables are, and what in them is no company's name.
struct Given<'a> {
    files: &'a Files,
    folder: &'a str,
    sources: &'a Sources,
    not_a_name: &'a BTreeSet<String>,
}

fn read_exhibitors_and_penalties(
    report: &mut Report,
    given: &Given<'_>,
    fair: &FairFile,
) -> Result<(Facts, ByIdentifier), Failure> {
    let mut facts = Facts { fair: fair.fair.value, ..Facts::default() };
    facts.previous_fair = match &fair.previous_fair {
        Some(previous) => previous.value,
        None if fair.in_part => 0,
        None => {
            report.error(code::MISSING_KEY, fair.fair.span, say!("key `previous_fair` is missing")).hint(
                say!("add the number of the latest fair held before this one, such as `previous_fair: 136`"),
            );
            0
        }
    };
    let names = fair.phases.iter().flat_map(|phase| &phase.sections);
    let sections: Vec<&str> = names.filter_map(|name| name.value.find(Lang::ZH)).collect();
    let by_id = read_exhibitors(report, given, &sections, &mut facts)?;
    read_penalties(report, given, &by_id, &mut facts)?;
    Ok((facts, by_id))
}
