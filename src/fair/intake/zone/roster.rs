//! Residents of the zone out of the table `roster`: enterprises that have a file, by name or slug, and enterprises that
//! are published from their rows.

use std::collections::BTreeMap;

use super::addresses::{RosterRow, report_missing_addresses};
use super::enterprise_row::{Values, agree, compare_with_file, values};
use super::given::{Given, line, report_accounts};
use super::listed::{Listed, addresses, check_complete};
use super::names::{Found, Names, Who};
use super::phases::phases_said;
use crate::data::{Outcome, Record, SheetRead, Spanned, TakeRows, read_table};
use crate::fair::config::Phase;
use crate::fair::enterprise::{Enterprise, Residents, report_draft};
use crate::fair::intake::values::{Wrong, outcome};
use crate::fair::tables::{PHASE_COLUMNS, ROSTER, roster};
use crate::source::{Failure, Message, Place, Report, Span, code, list, say};

/// Who is there.
pub(super) struct RosterRead {
    /// The enterprises of each phase, by slug, in the order of the table.
    pub(super) phases: Residents,
    /// Those that have no file, by slug.
    pub(super) enterprises: BTreeMap<String, Enterprise>,
}

/// An enterprise in a phase.
struct Resident {
    who: Who,
    span: Span,
}

/// Reads the roster. Names of enterprises without a file are added to those that the other tables may name.
pub(super) fn read_roster(
    report: &mut Report,
    given: &Given<'_>,
    names: &mut Names,
) -> Result<RosterRead, Failure> {
    let mut reader = Reader {
        given,
        names,
        listed: Vec::new(),
        phases: BTreeMap::new(),
        rows: Vec::new(),
        said_without_phase: false,
        marks: BTreeMap::new(),
    };
    let sheets = read_table(report, &given.table(&ROSTER), &mut reader)?;
    report_accounts(report, &ROSTER, &sheets);
    let Reader { listed, phases, rows, .. } = reader;
    let complete: Vec<bool> =
        listed.iter().map(|listed| check_complete(report, given.terms, names, &sheets, listed)).collect();
    let addresses = addresses(report, given, &listed);
    report_missing_addresses(report, given.files, &sheets, &rows, &addresses, given.terms);
    let mut enterprises = BTreeMap::new();
    for ((listed, address), complete) in listed.into_iter().zip(addresses).zip(complete) {
        let slug = address.and_then(|address| address.slug);
        names.add_slug(slug.clone());
        if let (Some(slug), true) = (slug, complete)
            && let Some(enterprise) = listed.into_enterprise()
        {
            enterprises.insert(slug, enterprise);
        }
    }
    let mut by_phase = BTreeMap::new();
    for (phase, residents) in phases {
        let entries: Vec<Spanned<String>> = residents
            .iter()
            .filter_map(|resident| {
                Some(Spanned { value: names.slug(&resident.who)?.to_owned(), span: resident.span })
            })
            .collect();
        if let Some(span) = entries.first().map(|entry| entry.span) {
            by_phase.insert(phase, Spanned { value: entries, span });
        }
    }
    Ok(RosterRead { phases: by_phase, enterprises })
}

struct Reader<'r> {
    given: &'r Given<'r>,
    names: &'r mut Names,
    listed: Vec<Listed>,
    phases: BTreeMap<u8, Vec<Resident>>,
    rows: Vec<RosterRow>,
    /// Whether it was said of the present sheet that it has no column of phases.
    said_without_phase: bool,
    /// The marks of the present sheet in columns of phases, with what they were taken for.
    marks: BTreeMap<String, bool>,
}

impl TakeRows for Reader<'_> {
    fn begin_sheet(&mut self, _number: u32) {
        self.said_without_phase = false;
        self.marks.clear();
    }

    fn row(&mut self, report: &mut Report, record: &Record<'_>) -> Outcome {
        let who = self.who(report, record);
        let listed = match who {
            Ok(Who::Listed(number)) => Some(number),
            _ => None,
        };
        let written =
            [roster::SLUG, roster::SORT].map(|field| record.written(field).unwrap_or_default().into_owned());
        self.rows.push(RosterRow { row: record.row(), listed, written });
        // Every field is looked at before the row is given up, so that all that is wrong is said at once.
        let (values, sound) = values(report, record, self.given.terms);
        let phases = self.phases_of(report, record);
        outcome(who.and_then(|who| {
            let agrees = self.compare(report, record, &who, values);
            if let (Who::Listed(number), true) = (&who, sound.is_err() || agrees.is_err()) {
                self.listed[*number].refused = true;
            }
            self.add(report, record, &who, &phases?);
            sound.and(agrees)
        }))
    }

    fn end_sheet(&mut self, report: &mut Report, sheet: &SheetRead) {
        let taken_for = |there: bool| {
            let marks = self.marks.iter().filter(move |(_, said)| **said == there);
            marks.map(|(mark, _)| say!("`{mark}`", mark)).collect::<Vec<Message>>()
        };
        if self.marks.is_empty() {
            return;
        }
        let (yes, no) = (taken_for(true), taken_for(false));
        let message = match no.is_empty() {
            true => say!(
                "in the phase columns, {yes} means present and an empty cell means absent",
                yes = list(yes)
            ),
            false => say!(
                "in the phase columns, {yes} means present; {no} or an empty cell means absent",
                yes = list(yes),
                no = list(no)
            ),
        };
        report.note(code::PHASE_MARKS, sheet.span(), message);
    }
}

impl Reader<'_> {
    /// The enterprise of a row. One that is not known is listed.
    fn who(&mut self, report: &mut Report, record: &Record<'_>) -> Result<Who, Wrong> {
        let name = match line(report, record, roster::ENTERPRISE)? {
            Some(name) => name,
            None => return Err(record.required(report, roster::ENTERPRISE).err().map_or(Wrong, Wrong::from)),
        };
        let who = match self.names.find(&name.value) {
            Found::One(who) => who.clone(),
            Found::Several(several) => {
                return Err(self.names.refuse_unclear(
                    report,
                    record,
                    roster::ENTERPRISE,
                    &name.value,
                    several,
                ));
            }
            Found::Nobody => Who::Listed(self.listed.len()),
        };
        if who == Who::Listed(self.listed.len()) {
            self.names.add(&name.value, &who);
            self.listed.push(Listed { name, values: Values::new(), row: record.row(), refused: false });
        }
        Ok(who)
    }

    /// Holds what a row says of an enterprise against its file, or against its other rows.
    fn compare(
        &mut self,
        report: &mut Report,
        record: &Record<'_>,
        who: &Who,
        values: Values,
    ) -> Result<(), Wrong> {
        match who {
            Who::Filed(stem) => compare_with_file(report, record, self.given, stem, values),
            Who::Listed(number) => {
                let listed = &mut self.listed[*number];
                let mut differing = Vec::new();
                for (field, said) in values {
                    match listed.values.get(&field) {
                        Some(known) if !agree(field, &known.value, &said.value) => {
                            differing.push((field, said, known.span));
                        }
                        Some(_) => {}
                        None => {
                            if field == roster::NAME_EN {
                                self.names.add(&said.value, who);
                            }
                            listed.values.insert(field, said);
                        }
                    }
                }
                let Some((field, said, other)) = differing.first() else { return Ok(()) };
                let fields = differing.iter().map(|(field, ..)| ROSTER.fields[*field].name);
                let message = say!(
                    "two rows of `{enterprise}` differ in {fields}",
                    enterprise = listed.name.value,
                    fields = list(fields)
                );
                record
                    .refuse(report, code::ENTERPRISE_DIFFERS, *field, message, &said.value)
                    .hint(say!("the earlier row is at {there}", there = self.given.files.at(*other)))
                    .hint(say!("correct one of them: rows of one enterprise may differ in the phase only"));
                Err(Wrong)
            }
        }
    }

    /// Adds an enterprise to phases.
    fn add(&mut self, report: &mut Report, record: &Record<'_>, who: &Who, phases: &[u8]) {
        let span = record.span(roster::ENTERPRISE);
        for &phase in phases {
            let residents = self.phases.entry(phase).or_default();
            match residents.iter().find(|resident| resident.who == *who) {
                Some(first) => {
                    let name = record.written(roster::ENTERPRISE).unwrap_or_default();
                    let there = self.given.files.at(first.span);
                    report
                        .warning(
                            code::ENTERPRISE_TWICE,
                            span,
                            say!("`{entry}` is listed twice for phase {phase}", entry = name, phase),
                        )
                        .found(name.clone())
                        .hint(say!("the earlier row is at {there}; the enterprise is shown once", there));
                }
                None => residents.push(Resident { who: who.clone(), span }),
            }
        }
        if let Who::Filed(stem) = who
            && self.given.terms.enterprises.get(stem).is_some_and(|enterprise| enterprise.draft)
        {
            report_draft(report, stem, span);
        }
    }

    /// The phases that a row says: in one cell, or by marks in columns of their own.
    fn phases_of(&mut self, report: &mut Report, record: &Record<'_>) -> Result<Vec<u8>, Wrong> {
        let in_cell = self.phases_in_cell(report, record);
        let marked = self.marked_phases(report, record);
        let (in_cell, marked) = (in_cell?, marked?);
        match (in_cell, marked) {
            (Some(phases), Some(marked)) if phases != marked => {
                let text = record.written(roster::PHASE).unwrap_or_default().into_owned();
                let message = say!("`{text}` does not agree with the phase columns", text);
                record
                    .refuse(report, code::UNKNOWN_PHASE, roster::PHASE, message, &text)
                    .hint(say!("correct one of them, or leave one of them out"));
                Err(Wrong)
            }
            (Some(phases), _) | (None, Some(phases)) if !phases.is_empty() => Ok(phases),
            _ => Err(self.refuse_without_phase(report, record)),
        }
    }

    fn phases_in_cell(&self, report: &mut Report, record: &Record<'_>) -> Result<Option<Vec<u8>>, Wrong> {
        let Some(text) = record.text(report, roster::PHASE)? else { return Ok(None) };
        match phases_said(&text, &self.given.fair.phases) {
            Some(phases) => {
                for &phase in &phases {
                    self.check_phase(report, record, roster::PHASE, phase, &text)?;
                }
                Ok(Some(phases))
            }
            None => {
                record
                    .refuse(
                        report,
                        code::UNKNOWN_PHASE,
                        roster::PHASE,
                        say!("`{text}` is not a phase", text),
                        &text,
                    )
                    .hint(say!(
                        "write the number or the dates of the phase, several separated by `、`: {phases}",
                        phases = self.phases()
                    ));
                Err(Wrong)
            }
        }
    }

    /// The phases of the fair, with their days.
    fn phases(&self) -> crate::source::Value {
        let said = |phase: &Phase| {
            let (number, start, end) = (phase.phase.value, phase.start.value, phase.end.value);
            say!("{number} ({start} to {end})", number, start, end)
        };
        list(self.given.fair.phases.iter().map(said).collect::<Vec<Message>>())
    }

    /// The phases with a mark in their column; `None` where no such column has a value.
    fn marked_phases(&mut self, report: &mut Report, record: &Record<'_>) -> Result<Option<Vec<u8>>, Wrong> {
        let mut phases = Vec::new();
        let mut any = false;
        let mut sound = Ok(());
        for (phase, field) in (1..).zip(PHASE_COLUMNS) {
            match self.mark(report, record, field, phase) {
                Ok(Some(true)) => {
                    let text = record.written(field).unwrap_or_default();
                    sound = sound.and(self.check_phase(report, record, field, phase, &text));
                    phases.push(phase);
                    any = true;
                }
                Ok(Some(false)) => any = true,
                Ok(None) => {}
                Err(wrong) => sound = Err(wrong),
            }
        }
        sound.map(|()| any.then_some(phases))
    }

    /// Whether a cell in the column of a phase is a mark; `None` where it is empty. A sign, a number but 0, and the phase
    /// itself are marks, whatever they are; a word must be known.
    fn mark(
        &mut self,
        report: &mut Report,
        record: &Record<'_>,
        field: usize,
        phase: u8,
    ) -> Result<Option<bool>, Wrong> {
        let Some(text) = record.text(report, field)? else { return Ok(None) };
        // A sign may ask to be shown as a picture.
        let sign: String = text.chars().filter(|c| !matches!(c, '\u{fe0e}' | '\u{fe0f}')).collect();
        let mut signs = sign.chars();
        let is_sign = matches!((signs.next(), signs.next()), (Some(c), None) if c != '?' && c != '？');
        let is_number = sign.parse::<u32>().is_ok();
        let is_phase = || phases_said(&sign, &self.given.fair.phases) == Some(vec![phase]);
        let there = match ROSTER.fields[field].kind.value_of(&sign) {
            Some(value) => value == "yes",
            None if is_sign || is_number || is_phase() => true,
            None => record.word(report, field)? == Some("yes"),
        };
        self.marks.insert(text.into_owned(), there);
        Ok(Some(there))
    }

    fn check_phase(
        &self,
        report: &mut Report,
        record: &Record<'_>,
        field: usize,
        phase: u8,
        text: &str,
    ) -> Result<(), Wrong> {
        let fair = self.given.fair;
        // A fair that was just begun has no phases yet.
        if !fair.complete
            || fair.phases.is_empty()
            || fair.phases.iter().any(|known| known.phase.value == phase)
        {
            return Ok(());
        }
        record
            .refuse(
                report,
                code::UNKNOWN_PHASE,
                field,
                say!("fair {fair} has no phase `{phase}`", fair = fair.fair.value, phase),
                text,
            )
            .hint(say!("add the phase to fair.yaml, or correct its number here"));
        Err(Wrong)
    }

    /// Refuses a row that says no phase; where the sheet has no column for them, that is said once.
    fn refuse_without_phase(&mut self, report: &mut Report, record: &Record<'_>) -> Wrong {
        let columns = std::iter::once(roster::PHASE).chain(PHASE_COLUMNS);
        let column = columns.into_iter().find(|field| record.has_column(*field));
        let is_list = matches!(record.sheet().cell_span(record.row().row, 0).place, Place::Text { .. });
        if column.is_none() && !is_list {
            if !self.said_without_phase {
                self.said_without_phase = true;
                let headings = ROSTER.fields[roster::PHASE].headings;
                // A sheet of one phase is named after it.
                let name = record.sheet().sheet.as_ref().map_or("", |(_, name)| name);
                let said = phases_said(name, &self.given.fair.phases).unwrap_or_default();
                let number = if let [number] = said[..] { number } else { 1 };
                report
                    .error(
                        code::MISSING_COLUMN,
                        record.sheet().column_span(roster::ENTERPRISE),
                        say!("no column for `{field}`", field = "phase"),
                    )
                    .hint(say!("use one of these headings: {headings}", headings = list(headings.iter())))
                    .hint(say!("or give each phase a column, such as `第一期`, and mark who is present"))
                    .hint(say!(
                        "or, if the sheet is for one phase, write `set: {{phase: {number}}}` in fair.yaml",
                        number
                    ));
            }
            return Wrong;
        }
        let name = record.written(roster::ENTERPRISE).unwrap_or_default();
        let field = column.unwrap_or(roster::PHASE);
        record
            .refuse_without_value(
                report,
                code::EMPTY_CELL,
                field,
                say!("`{enterprise}` is not in any phase", enterprise = name),
                "(empty)",
            )
            .hint(say!("write in which phase it takes part, or delete the row"));
        Wrong
    }
}
