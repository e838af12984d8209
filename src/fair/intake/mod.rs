//! Takes records in: checks them, resolves their names, makes facts of them. A file for each table.
//!
//! The only part of `fair` that knows tables. A table is read once; whoever else needs its rows looks on.

mod attendance;
mod deciding;
mod doubles;
mod elsewhere;
mod emails;
mod exhibitors;
mod given;
mod invitations;
mod key_count;
mod names;
mod observer;
mod penalties;
mod values;
mod zone;

use attendance::read_attendance;
use deciding::check_deciding_fields;
use exhibitors::read_exhibitors;
pub use given::Demands;
use given::Given;
use invitations::read_invitations;
use names::give_to_exhibitors;
pub use names::read_names;
use penalties::read_penalties;

use super::config::{FairFile, Sources};
use super::facts::Facts;
use crate::data::{Amendments, Decoded, IdentifierForms};
use crate::lang::Lang;
use crate::source::{Failure, Files, Report, code, say};

pub use elsewhere::{OutsideWinner, read_outside_winners};
pub use observer::{AttendedRow, Letter, LetterObserver, Observer, Observers};
pub use zone::{Zone, ZoneTerms, read_zone};

/// Reads the tables of a fair, with what was ruled on them. Each row is read once, and the observers see it then.
pub fn read_facts(
    report: &mut Report,
    files: &Files,
    fair: &Decoded<FairFile>,
    sources: &Sources,
    demands: &Demands,
    amendments: &Amendments,
    Observers { facts: observer, inputs }: Observers<'_>,
) -> Result<Facts, Failure> {
    let folder = format!("data/fairs/{}", fair.fair.value);
    let mut given = Given { files, folder: &folder, fair, sources, demands, amendments, identifiers: None };
    let mut facts = Facts { fair: fair.fair.value, ..Facts::default() };
    facts.previous_fair = match &fair.previous_fair {
        Some(previous) => previous.value,
        None if !fair.complete => 0,
        None => {
            report.error(code::MISSING_KEY, fair.fair.span, say!("key `previous_fair` is missing")).hint(
                say!("add the number of the latest fair held before this one, such as `previous_fair: 136`"),
            );
            0
        }
    };
    let names = fair.phases.iter().flat_map(|phase| &phase.sections);
    let sections: Vec<&str> = names.filter_map(|name| name.value.find(Lang::ZH)).collect();
    let by_id = read_exhibitors(report, &given, &sections, inputs, &mut facts)?;
    facts.names = read_names(report, files, fair, sources)?;
    give_to_exhibitors(report, files, &by_id, &mut facts);
    let forms = IdentifierForms::of(by_id.keys().map(String::as_str));
    given.identifiers = Some(&forms);
    read_penalties(report, &given, &by_id, inputs, &mut facts)?;
    read_attendance(report, &given, observer, inputs, &mut facts)?;
    read_invitations(report, &given, &by_id, observer, inputs, &mut facts)?;
    check_deciding_fields(report, &given, &facts)?;
    amendments.report_unfound(report, files);
    Ok(facts)
}
