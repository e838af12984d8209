//! Decisions by hand: `rulings.yaml`, resolved to exhibitors, buyers and rows.
//!
//! Knows what a ruling names, not what comes of it.
//!
//! It is in a circle with `facts.rs`: a ruling names exhibitors and rows of the facts, and the facts carry the rulings
//! that were resolved on them.

use std::collections::{BTreeMap, BTreeSet};

use super::config::FairFile;
use super::facts::{Buyer, Exhibitor, ExhibitorId, Facts, Penalty};
use super::ruling_file::{DecidesFile, DetailsFile, InputFile, RecordFile, RowPlace, RulingFile, YesNo};
use super::tables::{SHAPES, exhibitor};
use crate::data::{AdmittedFile, AmendedCell, Amendments, Date, Row, SheetRead, Spanned, TableShape};
use crate::source::{Files, Place, Report, Span, code, list, nearest, say};

/// A decision by hand.
#[derive(Clone, Debug)]
pub struct Ruling {
    /// What is written.
    pub written: RulingFile,
    /// The date from which it is in force.
    pub date: Date,
    /// The exhibitors that may fall below a published award by it, by number: the one that it strikes off, reinstates,
    /// puts under a penalty or counts a match for, or those that it names under `concerns`.
    pub concerns: Vec<ExhibitorId>,
    /// What it decides.
    pub decides: Decides,
    /// The rows that it names, by table.
    pub rows: Vec<(&'static str, Row)>,
    /// The source.
    pub span: Span,
}

/// What a ruling decides.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Decides {
    /// The exhibitor cannot receive an award and is not evaluated.
    StrikeOff(ExhibitorId),
    /// An earlier strike-off is lifted.
    Reinstate(ExhibitorId),
    /// A buyer was invited by the exhibitor although no key says so, or was not although one does.
    CorrectMatch {
        /// The exhibitor.
        exhibitor: ExhibitorId,
        /// The buyer.
        buyer: Buyer,
        /// Whether the buyer counts as invited.
        counts: bool,
    },
    /// The exhibitor is under a penalty.
    ConfirmPenalty(Penalty),
    /// It decided on a row of a table that was replaced since then: the new table is taken as it is.
    Lapsed,
    /// Tables say something else: they were read so.
    AmendTables,
    /// Something else is published of the exhibitor.
    CorrectExhibitor {
        /// The exhibitor.
        exhibitor: ExhibitorId,
        /// What it was before.
        before: Box<Exhibitor>,
    },
    /// The days of the notice are others: they are counted from what is written.
    MoveNotice,
}

impl Ruling {
    /// Its name in `rulings.yaml`.
    pub fn name(&self) -> &'static str {
        self.written.decides()
    }

    /// The exhibitor on which it decides, by number; `None` where it decides on tables or days.
    pub fn exhibitor(&self) -> Option<ExhibitorId> {
        match &self.decides {
            Decides::StrikeOff(exhibitor)
            | Decides::Reinstate(exhibitor)
            | Decides::CorrectMatch { exhibitor, .. }
            | Decides::CorrectExhibitor { exhibitor, .. } => Some(*exhibitor),
            Decides::ConfirmPenalty(penalty) => Some(penalty.exhibitor),
            Decides::Lapsed | Decides::AmendTables | Decides::MoveNotice => None,
        }
    }

    /// Whether it is on an exhibitor, or says that this one may fall.
    pub fn names(&self, exhibitor: ExhibitorId) -> bool {
        self.exhibitor() == Some(exhibitor) || self.concerns.contains(&exhibitor)
    }
}

/// The tables of a fair as they are read while its first rulings are in force.
pub struct TableState {
    /// How many rulings are resolved by them.
    pub rulings: usize,
    /// What these rulings change in the tables.
    pub amendments: Amendments,
}

/// The states of the tables of a fair, the earliest first: one for each day after the notice was published on which
/// rulings change what they say. Rulings that cannot be meant are reported.
pub fn table_states(
    report: &mut Report,
    files: &Files,
    folder: &str,
    rulings: &[Spanned<RulingFile>],
    notice_from: Option<Date>,
) -> Vec<TableState> {
    let date = |number: usize| rulings[number].value.date.value;
    let is_published = |number: usize| notice_from.is_some_and(|from| from <= date(number));
    let days = (0..rulings.len())
        .filter(|&number| is_published(number) && rulings[number].value.amends_tables())
        .filter_map(|number| (0..=number).rev().take_while(|&other| date(other) == date(number)).last());
    let mut ends: BTreeSet<usize> = days.collect();
    ends.insert(rulings.len());
    let mut states = Vec::new();
    for end in ends {
        // What cannot be meant is said once, by the last state.
        let mut unheard = Report::new();
        let report = if end == rulings.len() { &mut *report } else { &mut unheard };
        let mut amendments = Amendments::default();
        for (number, ruling) in rulings.iter().enumerate() {
            match &ruling.value.decides.value {
                DecidesFile::CorrectRecord(of) if number < end => {
                    if let Some(cell) = amended_cell(report, files, folder, of) {
                        amendments.amend(cell);
                    }
                }
                DecidesFile::AdmitInput(of) => {
                    if let Some(file) = admitted_file(report, folder, of, number < end) {
                        amendments.admit(file);
                    }
                }
                _ => {}
            }
        }
        states.push(TableState { rulings: end, amendments });
    }
    states
}

fn amended_cell(report: &mut Report, files: &Files, folder: &str, of: &RecordFile) -> Option<AmendedCell> {
    let shape = shape(report, &of.table)?;
    let field = field(report, shape, &of.field)?;
    let (table, name) = (shape.name, shape.fields[field].name);
    let RowPlace { file, sheet, row } = &of.place.value;
    if shape.fields[field].private {
        // The line is not shown: the value stands in it.
        let line = Place::Field { line: files.row_number(of.field.span), field: 1 };
        let span = Span { file: of.field.span.file, place: line };
        report
            .error(
                code::RULING_FIELD,
                span,
                say!("`{field}` of `{table}` is private: a ruling must not contain its values", field = name, table),
            )
            .hint(say!(
                "export the table again, and admit it: `admit-input: {{table: {table}, file: …, replaces: {file}, fields: [{field}]}}`",
                table,
                file,
                field = name
            ));
        return None;
    }
    if shape.name == "exhibitors" && field == exhibitor::EXHIBITOR {
        report
            .error(
                code::RULING_FIELD,
                of.field.span,
                say!("an exhibitor's identifier cannot be corrected: other data refer to it"),
            )
            .hint(say!("correct the rows that give the wrong exhibitor"));
        return None;
    }
    Some(AmendedCell::new(
        (table, field),
        format!("{folder}/{file}"),
        (sheet.clone(), *row, of.place.span),
        (of.from.value.clone(), of.from.span),
        of.to.value.clone(),
    ))
}

fn admitted_file(report: &mut Report, folder: &str, of: &InputFile, in_force: bool) -> Option<AdmittedFile> {
    let shape = shape(report, &of.table)?;
    let known = of.fields.iter().all(|name| field(report, shape, name).is_some());
    let outside = |name: &str| name.starts_with('/') || name.split('/').any(|part| part == "..");
    if let Some(name) = [&of.file, &of.replaces].into_iter().find(|name| outside(&name.value)) {
        report
            .error(
                code::FILE_OUTSIDE,
                name.span,
                say!("`{name}` points outside the folder of the fair", name = name.value.as_str()),
            )
            .hint(say!("put the file beside fair.yaml and give its path from there"));
        return None;
    }
    let path = |name: &Spanned<String>| format!("{folder}/{}", name.value);
    let (file, replaces) = (path(&of.file), path(&of.replaces));
    known.then(|| AdmittedFile::new(shape.name, file, replaces, of.replaces.span, in_force))
}

fn shape(report: &mut Report, table: &Spanned<String>) -> Option<&'static TableShape> {
    let found = SHAPES.into_iter().find(|shape| shape.name == table.value);
    if found.is_none() {
        let names = SHAPES.map(|shape| shape.name);
        report
            .error(
                code::RULING_FIELD,
                table.span,
                say!("unknown table `{table}`", table = table.value.as_str()),
            )
            .label_meant(nearest(&table.value, names))
            .hint(say!("tables: {names}", names = list(names)));
    }
    found
}

fn field(report: &mut Report, shape: &TableShape, name: &Spanned<String>) -> Option<usize> {
    let found = shape.field(&name.value);
    if found.is_none() {
        let names = || shape.fields.iter().map(|field| field.name);
        let (field, table) = (name.value.as_str(), shape.name);
        report
            .error(code::RULING_FIELD, name.span, say!("`{table}` has no field `{field}`", table, field))
            .label_meant(nearest(field, names()))
            .hint(say!("fields of `{table}`: {names}", table, names = list(names())));
    }
    found
}

/// Resolves the first rulings of a fair by what the tables say while they are in force. What is published of
/// exhibitors is corrected in the facts.
pub fn resolve_rulings(
    report: &mut Report,
    files: &Files,
    folder: &str,
    fair: &FairFile,
    rulings: &[Spanned<RulingFile>],
    amendments: &Amendments,
    facts: &mut Facts,
) {
    let by_id: BTreeMap<String, ExhibitorId> =
        ExhibitorId::each(&facts.exhibitors).map(|(number, known)| (known.id.clone(), number)).collect();
    for written in rulings {
        let resolver = Resolver { files, folder, amendments, facts, by_id: &by_id };
        let Some(ruling) = resolver.ruling(report, fair, &written.value, written.span) else { continue };
        if let (Decides::CorrectExhibitor { exhibitor, .. }, DecidesFile::CorrectExhibitor(of)) =
            (&ruling.decides, &written.value.decides.value)
        {
            correct_details(&mut facts.exhibitors[*exhibitor], of);
        }
        facts.rulings.push(ruling);
    }
}

fn correct_details(exhibitor: &mut Exhibitor, of: &DetailsFile) {
    let given = |text: &Spanned<String>| Some(text.value.clone()).filter(|text| !text.is_empty());
    let all = |texts: &[Spanned<String>]| texts.iter().map(|text| text.value.clone()).collect();
    if let Some(name) = &of.name_zh {
        exhibitor.name_zh.clone_from(&name.value);
    }
    if let Some(name) = &of.name_en {
        exhibitor.name_en = given(name);
    }
    if let Some(booths) = &of.booths {
        exhibitor.particulars.booths = all(booths);
    }
    if let Some(sections) = &of.sections {
        exhibitor.particulars.sections = all(sections);
    }
    if let Some(website) = &of.website {
        exhibitor.particulars.website = given(website);
    }
}

struct Resolver<'a> {
    files: &'a Files,
    folder: &'a str,
    amendments: &'a Amendments,
    facts: &'a Facts,
    by_id: &'a BTreeMap<String, ExhibitorId>,
}

impl Resolver<'_> {
    fn ruling(
        &self,
        report: &mut Report,
        fair: &FairFile,
        written: &RulingFile,
        span: Span,
    ) -> Option<Ruling> {
        let is_replaced = |place: &&Spanned<RowPlace>| {
            self.amendments.replaces(&format!("{}/{}", self.folder, place.value.file))
        };
        let (gone, places): (Vec<&Spanned<RowPlace>>, Vec<_>) = written.rows.iter().partition(is_replaced);
        let rows: Vec<(&'static str, Row, Span)> =
            places.iter().filter_map(|place| self.row(report, place)).collect();
        let rows_are_known = rows.len() == places.len();
        let number = match written.exhibitor() {
            Some(id) => Some(self.exhibitor(report, id)?),
            None => None,
        };
        let concerns: Vec<ExhibitorId> =
            written.concerns().iter().filter_map(|id| self.exhibitor(report, id)).collect();
        let decides = match &written.decides.value {
            DecidesFile::StrikeOff(_) => Decides::StrikeOff(number?),
            DecidesFile::Reinstate(_) => Decides::Reinstate(number?),
            DecidesFile::CorrectMatch(_) if !gone.is_empty() => {
                report
                    .warning(
                        code::RULING_ROWS,
                        gone[0].span,
                        say!(
                            "`{file}` was replaced by a new export: this match is no longer corrected",
                            file = gone[0].value.file.as_str()
                        ),
                    )
                    .hint(say!("if it is still wrong, make a new ruling with the row of the new table"));
                Decides::Lapsed
            }
            DecidesFile::CorrectMatch(of) => {
                let buyer = if rows_are_known { self.buyer(report, written, &rows) } else { None };
                Decides::CorrectMatch { exhibitor: number?, buyer: buyer?, counts: of.counts == YesNo::Yes }
            }
            DecidesFile::ConfirmPenalty(of) => {
                let (from, until) = (&of.from_fair, &of.until_fair);
                if !(from.value..=until.value).contains(&fair.fair.value) {
                    report
                        .error(
                            code::RULING_NO_EFFECT,
                            until.span,
                            say!("the penalty does not cover fair {fair}", fair = fair.fair.value),
                        )
                        .hint(say!("both ends are included: correct the fairs, or remove the ruling"));
                    return None;
                }
                let row = Row { sheet: u32::MAX, row: 0 };
                Decides::ConfirmPenalty(Penalty {
                    exhibitor: number?,
                    reason: None,
                    from_fair: from.value,
                    until_fair: until.value,
                    row,
                })
            }
            DecidesFile::CorrectRecord(_) | DecidesFile::AdmitInput(_) => Decides::AmendTables,
            DecidesFile::CorrectExhibitor(of) => {
                report_details(report, written, of);
                let exhibitor = number?;
                let before = Box::new(self.facts.exhibitors[exhibitor].clone());
                Decides::CorrectExhibitor { exhibitor, before }
            }
            DecidesFile::ProlongNotice(_) | DecidesFile::RepeatNotice(_) => Decides::MoveNotice,
        };
        Some(Ruling {
            date: written.date.value,
            concerns: match decides {
                Decides::CorrectExhibitor { .. } => concerns,
                _ => number.into_iter().chain(concerns).collect(),
            },
            decides,
            rows: rows.into_iter().map(|(table, row, _)| (table, row)).collect(),
            span,
            written: written.clone(),
        })
    }

    fn exhibitor(&self, report: &mut Report, id: &Spanned<String>) -> Option<ExhibitorId> {
        if let Some(&number) = self.by_id.get(id.value.as_str()) {
            return Some(number);
        }
        report
            .error(code::UNKNOWN_EXHIBITOR, id.span, say!("unknown exhibitor `{id}`", id = id.value))
            .label_meant(nearest(&id.value, self.by_id.keys().map(String::as_str)))
            .hint(say!("use the identifier from the table of exhibitors"));
        None
    }

    /// The buyer of the one attendance row that a corrected match names.
    fn buyer(
        &self,
        report: &mut Report,
        written: &RulingFile,
        rows: &[(&'static str, Row, Span)],
    ) -> Option<Buyer> {
        let mut named = rows.iter().filter(|(table, ..)| *table == "attendance");
        let (Some((_, row, span)), None) = (named.next(), named.next()) else {
            report
                .error(
                    code::RULING_ROWS,
                    written.decides.span,
                    say!("a corrected match must give one attendance row"),
                )
                .hint(say!("add the row of the buyer, such as `rows: [{{file: badges.xlsx, row: 52}}]`"));
            return None;
        };
        let attended = self.facts.attendance.rows.iter().find(|attended| attended.row == *row);
        if attended.is_none() {
            report
                .error(code::RULING_ROWS, *span, say!("this row does not show that a buyer attended"))
                .hint(say!("give a row of a buyer who attended; rows marked no do not count"));
        }
        attended.map(|attended| attended.buyer)
    }

    fn row(&self, report: &mut Report, place: &Spanned<RowPlace>) -> Option<(&'static str, Row, Span)> {
        let RowPlace { file, sheet, row } = &place.value;
        let path = format!("{}/{file}", self.folder);
        let mut found: Vec<(&'static str, u32, &SheetRead)> = Vec::new();
        for (&table, sheets) in &self.facts.sheets {
            for (number, known) in (0u32..).zip(sheets) {
                let name = known.sheet.as_ref().map(|(_, name)| name);
                if self.files.path(known.file) == path && (sheet.is_none() || sheet.as_ref() == name) {
                    found.push((table, number, known));
                }
            }
        }
        let [(table, number, known)] = found[..] else {
            let message = match found.len() {
                0 => say!("`{file}` is not a file or sheet that was read for this fair", file),
                several => say!("`{file}` has {several} sheets that were read", file, several),
            };
            report.error(code::RULING_ROWS, place.span, message).hint(say!(
                "write the file as under `sources` in fair.yaml, and the sheet if it has several"
            ));
            return None;
        };
        let row = known.row_at(self.files, *row).filter(|_| *row >= 1);
        if row.is_none() {
            report
                .error(
                    code::RULING_ROWS,
                    place.span,
                    say!("`{file}` has no row {row}", file, row = place.value.row),
                )
                .hint(say!("count rows as the spreadsheet does, or lines of a text file, from 1"));
        }
        Some((table, Row { sheet: number, row: row? }, place.span))
    }
}

/// Reports a correction of an exhibitor that says nothing, or takes its name away.
fn report_details(report: &mut Report, written: &RulingFile, of: &DetailsFile) {
    let texts = [&of.name_zh, &of.name_en, &of.website];
    let lists = [&of.booths, &of.sections];
    if texts.iter().all(|text| text.is_none()) && lists.iter().all(|list| list.is_none()) {
        report
            .error(code::RULING_FIELD, written.decides.span, say!("this ruling does not state a correction"))
            .hint(say!("write one or more of: name_zh, name_en, booths, sections, website"));
    }
    if let Some(name) = of.name_zh.as_ref().filter(|name| name.value.trim().is_empty()) {
        report
            .error(code::RULING_FIELD, name.span, say!("an exhibitor must have a Chinese name"))
            .hint(say!("leave `name_zh` out if it stays as it is"));
    }
}

impl Facts {
    /// Looks at the facts as they were when so many rulings were known, and the notice was published on a day.
    pub fn as_ruled<T>(
        &mut self,
        rulings: usize,
        notice_from: Option<Date>,
        look: impl FnOnce(&Facts) -> T,
    ) -> T {
        let Some(state) = self.earlier.iter().position(|earlier| earlier.rulings.len() >= rulings) else {
            return self.before_later(rulings, notice_from, look);
        };
        let mut later = self.earlier.split_off(state);
        let mut then = later.remove(0);
        then.earlier = std::mem::take(&mut self.earlier);
        let seen = then.before_later(rulings, notice_from, look);
        self.earlier = std::mem::take(&mut then.earlier);
        self.earlier.push(then);
        self.earlier.extend(later);
        seen
    }

    fn before_later<T>(
        &mut self,
        rulings: usize,
        notice_from: Option<Date>,
        look: impl FnOnce(&Facts) -> T,
    ) -> T {
        let later = self.rulings.split_off(rulings);
        let published = std::mem::replace(&mut self.notice_from, notice_from);
        let mut corrected: Vec<(ExhibitorId, Exhibitor)> = Vec::new();
        for ruling in later.iter().rev() {
            if let Decides::CorrectExhibitor { exhibitor, before } = &ruling.decides {
                let after = std::mem::replace(&mut self.exhibitors[*exhibitor], (**before).clone());
                corrected.push((*exhibitor, after));
            }
        }
        let seen = look(self);
        for (number, after) in corrected.into_iter().rev() {
            self.exhibitors[number] = after;
        }
        self.notice_from = published;
        self.rulings.extend(later);
        seen
    }
    /// An exhibitor as it was published when so many rulings were in force.
    pub fn exhibitor_after(&self, rulings: usize, number: ExhibitorId) -> &Exhibitor {
        let later = self.rulings.get(rulings..).unwrap_or_default();
        let undone = later.iter().find_map(|ruling| match &ruling.decides {
            Decides::CorrectExhibitor { exhibitor, before } if *exhibitor == number => Some(&**before),
            _ => None,
        });
        undone.unwrap_or(&self.exhibitors[number])
    }
}
