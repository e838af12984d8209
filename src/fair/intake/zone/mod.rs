//! The sourcing zone of a fair, out of `roster.yaml` or out of tables: `roster` says who is there and when, `sessions` and
//! `purchases` what they hold and want to buy.

mod addresses;
mod enterprise_row;
mod given;
mod listed;
mod names;
mod phases;
mod purchases;
mod roster;
mod sessions;

use std::collections::BTreeMap;

use given::Given;
pub use given::ZoneTerms;
pub(super) use given::report_accounts;
use names::Names;

use crate::data::{Decoded, Spanned, decode_file};
use crate::fair::config::FairFile;
use crate::fair::enterprise::{Enterprise, PurchasingLists, Residents, Roster, RosterFile, check_residence};
use crate::fair::plausible::{check_enterprises, check_overlaps};
use crate::fair::tables::ROSTER;
use crate::source::{Failure, Files, Report, code, list, say};

/// The sourcing zone of a fair.
#[derive(Clone, Default, Debug)]
pub struct Zone {
    /// Where it is, and who is there; `None` where the fair has none, or it could not be read.
    pub roster: Option<Roster>,
    /// The enterprises that have no file of their own, by slug.
    pub enterprises: BTreeMap<String, Enterprise>,
}

/// Reads the sourcing zone of a fair.
pub fn read_zone(
    report: &mut Report,
    files: &Files,
    fair: &Decoded<FairFile>,
    terms: &ZoneTerms<'_>,
) -> Result<Zone, Failure> {
    let folder = format!("data/fairs/{}", fair.fair.value);
    let path = format!("{folder}/roster.yaml");
    let there = files.is_file(&path);
    let file = if there { decode_file::<RosterFile>(report, files, &path)? } else { None };
    let tables: Vec<&str> = fair.sources.iter().flat_map(|sources| sources.value.zone_tables()).collect();
    if tables.is_empty() {
        let Some(file) = file else { return Ok(Zone::default()) };
        let whole = file.complete;
        let roster = Decoded::by(report, |report| file.into_roster(report, files, fair, terms.enterprises));
        let roster = roster.transpose()?;
        if whole && roster.complete {
            check_residence(report, &roster, fair);
            check_phases(report, &roster, fair);
        }
        let roster = roster.into_value();
        check_overlaps(report, files, &roster);
        return Ok(Zone { roster: Some(roster), enterprises: BTreeMap::new() });
    }
    if let Some(file) = &file {
        report_both(report, &path, file, &tables);
    }
    if !there {
        let sources = fair.sources.as_ref().map(|sources| sources.span.beginning());
        report
            .error(code::NO_ROSTER, sources, say!("file not found: `{path}`", path = path))
            .hint(say!("create it beside the tables, with `place` (where the zone is) and `caveat` (what to know about the list)"));
    }
    let given = Given { files, folder: &folder, fair, terms };
    let (zone, parts) = read_tables(report, &given, &tables)?;
    let Some(Decoded { value: file, .. }) = file else { return Ok(zone) };
    let roster = Roster {
        place: file.place,
        caveat: file.caveat,
        contacts: file.contacts,
        updated: file.updated,
        phases: parts.phases.value,
        purchases: parts.purchases,
        sessions: parts.sessions,
    };
    if parts.phases.complete {
        check_residence(report, &roster, fair);
        check_phases(report, &roster, fair);
    }
    check_overlaps(report, files, &roster);
    Ok(Zone { roster: Some(roster), ..zone })
}

/// Warns of a phase of the fair of which nothing is said where something is of others: every enterprise would be shown as
/// absent from it.
fn check_phases(report: &mut Report, roster: &Roster, fair: &Decoded<FairFile>) {
    let is_begun = fair.complete && !roster.phases.is_empty();
    let unsaid = |phase: &&u8| is_begun && !roster.phases.contains_key(phase);
    let phases: Vec<u8> = fair.phases.iter().map(|phase| phase.phase.value).collect();
    for phase in phases.iter().filter(unsaid) {
        report
            .warning(
                code::NOT_RESIDENT,
                roster.place.span,
                say!(
                    "no enterprise is listed for phase {phase}: all are shown as not in the zone then",
                    phase = *phase
                ),
            )
            .hint(say!(
                "list them for that phase; if there are none, write `{phase}: []` under `phases`",
                phase = *phase
            ));
    }
}

/// Reports what both `roster.yaml` and tables say.
fn report_both(report: &mut Report, path: &str, file: &RosterFile, tables: &[&str]) {
    let keys = [
        ("phases", ROSTER.name, file.phases.as_ref().map(|value| value.span)),
        ("sessions", "sessions", file.sessions.as_ref().map(|value| value.span)),
        ("purchases", "purchases", file.purchases.as_ref().map(|value| value.span)),
    ];
    for (key, table, span) in keys {
        let Some(span) = span else { continue };
        let message = say!(
            "`{path}` contains `{key}`, but fair.yaml also lists tables of the sourcing zone: {tables}",
            key,
            path,
            tables = list(tables)
        );
        let draft = report.error(code::ROSTER_TWICE, span, message);
        match tables.contains(&table) {
            true => draft.hint(say!(
                "remove `{key}` from `{path}`, or `{table}` from `sources`",
                key,
                path,
                table
            )),
            false => draft.hint(say!(
                "remove `{key}` from `{path}`, and list a table `{table}` with it under `sources`",
                key,
                path,
                table
            )),
        };
    }
}

/// What the tables say, as the roster has it.
struct Parts {
    phases: Decoded<Residents>,
    purchases: PurchasingLists,
    sessions: Vec<Spanned<crate::fair::Session>>,
}

/// Reads the tables of the zone.
fn read_tables(report: &mut Report, given: &Given<'_>, tables: &[&str]) -> Result<(Zone, Parts), Failure> {
    let mut names = Names::of_files(given.files, given.terms.enterprises)?;
    let mut zone = Zone::default();
    let mut phases = Decoded { value: Residents::default(), complete: false };
    if tables.contains(&ROSTER.name) {
        let read =
            Decoded::by(report, |report| roster::read_roster(report, given, &mut names)).transpose()?;
        let complete = read.complete && given.fair.complete;
        phases = Decoded { value: read.value.phases, complete };
        zone.enterprises = read.value.enterprises;
        check_enterprises(report, given.files, &zone.enterprises);
    } else if given.fair.complete {
        let sources = given.fair.sources.as_ref().map(|sources| sources.span.beginning());
        report
            .error(
                code::MISSING_KEY,
                sources,
                say!("{tables} without a table `roster`", tables = list(tables)),
            )
            .hint(say!("add the table of enterprises and phases: `roster: [{{file: …}}]`"));
    }
    let sessions = sessions::read_sessions(report, given, &names)?;
    let purchases = purchases::read_purchases(report, given, &names)?;
    Ok((zone, Parts { phases, purchases, sessions }))
}
