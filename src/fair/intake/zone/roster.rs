//! Residents of the zone out of the table `roster`: enterprises that have a file, by name or slug, and enterprises that
//! are published from their rows.

use std::collections::{BTreeMap, BTreeSet};

use super::addresses::{Address, RosterRow, is_slug, report_missing_addresses};
use super::names::{Found, Names, Who, known_parts};
use super::phases::phases_said;
use super::{Fallback, Given, ZoneTerms, line, missing_columns, missing_hint, report_accounts};
use crate::data::{FieldRead, Outcome, Record, Row, SheetRead, Spanned, TakeRows, fold_word, read_table};
use crate::fair::config::Phase;
use crate::fair::enterprise::{Enterprise, Kind, NameBasis, report_draft};
use crate::fair::intake::values::{Wrong, outcome};
use crate::fair::tables::{PHASE_COLUMNS, ROSTER, roster};
use crate::fair::{Country, web_address};
use crate::lang::{Lang, Localized};
use crate::source::{Failure, Message, Place, Report, Span, code, list, nearest, say};

/// Who is there.
pub(super) struct Residents {
    /// The enterprises of each phase, by slug, in the order of the table.
    pub(super) phases: BTreeMap<u8, Spanned<Vec<Spanned<String>>>>,
    /// Those that have no file, by slug.
    pub(super) enterprises: BTreeMap<String, Enterprise>,
}

/// The fields that say what an enterprise is, with what a row says of them: a code of a country, keys of goods.
type Values = BTreeMap<usize, Spanned<String>>;

/// An enterprise of the table that has no file.
struct Listed {
    name: Spanned<String>,
    values: Values,
    /// Its first row.
    row: Row,
    /// Whether something in its rows was refused: what is missing may be that.
    refused: bool,
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
) -> Result<Residents, Failure> {
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
    Ok(Residents { phases: by_phase, enterprises })
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
                "in the columns of phases {yes} is read as present, an empty cell as absent",
                yes = list(yes)
            ),
            false => say!(
                "in the columns of phases {yes} is read as present, {no} and an empty cell as absent",
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
                let message = say!("`{text}` is not what the columns of phases say", text);
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
                        say!("`{text}` does not name a phase", text),
                        &text,
                    )
                    .hint(say!(
                        "write its number or its days; several are separated by `、`: {phases}",
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
        if fair.in_part
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
                report
                    .error(
                        code::MISSING_COLUMN,
                        record.sheet().column_span(roster::ENTERPRISE),
                        say!("no column for `{field}`", field = "phase"),
                    )
                    .hint(say!("head a column with one of: {headings}", headings = list(headings.iter())))
                    .hint(say!("or give each phase a column, such as `第一期`, with a mark for who is there"))
                    .hint(say!("or, where the sheet is of one phase: `set: {{phase: 1}}` in fair.yaml"));
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
                say!("`{enterprise}` is in no phase", enterprise = name),
                "(empty)",
            )
            .hint(say!("say in which phase it is there, or delete the row"));
        Wrong
    }
}

/// What a row says of its enterprise, and whether all of it is sound.
fn values(report: &mut Report, record: &Record<'_>, terms: &ZoneTerms<'_>) -> (Values, Result<(), Wrong>) {
    let mut values = Values::new();
    let mut sound = Ok(());
    for field in [
        roster::SLUG,
        roster::SORT,
        roster::NAME_EN,
        roster::COUNTRY,
        roster::KIND,
        roster::BUSINESS_ZH,
        roster::BUSINESS_EN,
        roster::GOODS,
        roster::WEBSITE,
    ] {
        match value(report, record, field, terms) {
            Ok(Some(value)) => {
                values.insert(field, Spanned { value, span: record.span(field) });
            }
            Ok(None) => {}
            Err(wrong) => {
                if let (roster::SLUG, Some(slug)) = (field, record.written(field)) {
                    // What to write instead was said; it is not proposed again.
                    let value = super::addresses::slug_of(&slug);
                    values.insert(field, Spanned { value, span: record.span(field) });
                }
                sound = Err(wrong);
            }
        }
    }
    (values, sound)
}

fn value(
    report: &mut Report,
    record: &Record<'_>,
    field: usize,
    terms: &ZoneTerms<'_>,
) -> Result<Option<String>, Wrong> {
    if field == roster::KIND {
        return Ok(record.word(report, field)?.map(str::to_owned));
    }
    if field == roster::GOODS {
        return goods(report, record, terms);
    }
    let Some(Spanned { value: text, .. }) = line(report, record, field)? else { return Ok(None) };
    match field {
        roster::COUNTRY => match Country::find(&text) {
            Some(country) => return Ok(Some(country.code().to_owned())),
            None => record
                .refuse(
                    report,
                    code::UNKNOWN_COUNTRY,
                    field,
                    say!("unknown country or region `{text}`", text),
                    &text,
                )
                .hint_meant(nearest(&text, Country::known_names()))
                .hint(say!("write the ISO 3166 code, such as FR, or its usual name in Chinese or English")),
        },
        roster::WEBSITE => match web_address(&text) {
            Some(address) => return Ok(Some(address)),
            None => record
                .refuse(
                    report,
                    code::BAD_WEBSITE,
                    field,
                    say!("`{given}` is not a web address", given = text),
                    &text,
                )
                .hint(say!("write it as https://www.example.com")),
        },
        roster::SLUG if !is_slug(&text) => record
            .refuse(
                report,
                code::BAD_SLUG,
                field,
                say!("`{slug}` cannot be the address of a page", slug = text),
                &text,
            )
            .hint(say!(
                "write it with small letters, digits and hyphens, such as `{slug}`",
                slug = super::addresses::slug_of(&text)
            )),
        _ => return Ok(Some(text)),
    };
    Err(Wrong)
}

/// The goods of a cell, by their keys: they are written as their names in any language, or as keys.
fn goods(report: &mut Report, record: &Record<'_>, terms: &ZoneTerms<'_>) -> Result<Option<String>, Wrong> {
    let Some(text) = record.text(report, roster::GOODS)? else { return Ok(None) };
    let Some(goods) = terms.goods else { return Ok(None) };
    let mut keys: BTreeMap<String, &str> = BTreeMap::new();
    for (key, name) in goods {
        keys.insert(fold_word(key), key);
        for lang in name.value.languages() {
            keys.entry(fold_word(name.value.get(lang))).or_insert(key);
        }
    }
    match known_parts(&text, |part| keys.contains_key(&fold_word(part))) {
        Ok(parts) => {
            let mut said: Vec<&str> = Vec::new();
            for key in parts.iter().map(|part| keys[&fold_word(part)]) {
                if !said.contains(&key) {
                    said.push(key);
                }
            }
            Ok(Some(said.join(";")))
        }
        Err(part) => {
            let names =
                goods.values().flat_map(|name| name.value.languages().map(|lang| name.value.get(lang)));
            record
                .refuse(
                    report,
                    code::UNKNOWN_GOODS,
                    roster::GOODS,
                    say!("no goods `{key}`", key = part),
                    &text,
                )
                .hint_meant(nearest(part, names.chain(goods.keys().map(String::as_str))))
                .hint(say!(
                    "write names or keys of `goods` in data/site.yaml: {goods}",
                    goods = list(goods.values().map(|name| name.value.get(Lang::ZH)))
                ));
            Err(Wrong)
        }
    }
}

/// Whether two values of a field mean the same.
fn agree(field: usize, one: &str, other: &str) -> bool {
    match field {
        roster::GOODS => {
            one.split(';').collect::<BTreeSet<&str>>() == other.split(';').collect::<BTreeSet<&str>>()
        }
        _ => fold_word(one) == fold_word(other),
    }
}

/// An enterprise with a file is published from it: its row may repeat what the file says, and nothing else.
fn compare_with_file(
    report: &mut Report,
    record: &Record<'_>,
    given: &Given<'_>,
    stem: &str,
    values: Values,
) -> Result<(), Wrong> {
    let Some(enterprise) = given.terms.enterprises.get(stem) else { return Ok(()) };
    let filed = filed_values(stem, enterprise);
    let path = format!("data/enterprises/{stem}.yaml");
    let mut sound = Ok(());
    for (field, said) in values {
        let name = ROSTER.fields[field].name;
        match filed.get(&field) {
            Some(own) if agree(field, &own.value, &said.value) => {}
            Some(own) => {
                let place = given.files.at(own.span);
                let message = say!(
                    "`{field}` is `{said}` here and `{own}` in {place}",
                    field = name,
                    said = said.value,
                    own = own.value,
                    place
                );
                record.refuse(report, code::ENTERPRISE_DIFFERS, field, message, &said.value).hint(say!(
                    "correct one of them, or leave this cell empty: what `{path}` says is published",
                    path
                ));
                sound = Err(Wrong);
            }
            None => {
                report
                    .warning(
                        code::ENTERPRISE_DIFFERS,
                        said.span,
                        say!("`{field}` is not in `{path}`, and is not published", field = name, path),
                    )
                    .found(said.value)
                    .hint(say!("add it to `{path}`, or leave this cell empty", path));
            }
        }
    }
    sound
}

/// What the file of an enterprise says, as a row would.
fn filed_values(stem: &str, enterprise: &Enterprise) -> Values {
    let mut values = Values::new();
    let mut put = |field: usize, value: Option<String>, span: Span| {
        if let Some(value) = value {
            values.insert(field, Spanned { value, span });
        }
    };
    let text = |text: &Spanned<Localized>, lang: Lang| text.value.find(lang).map(str::to_owned);
    let name = &enterprise.name;
    put(roster::SLUG, Some(stem.to_owned()), Span::whole(name.span.file));
    put(roster::SORT, Some(enterprise.sort.value.clone()), enterprise.sort.span);
    put(roster::NAME_EN, text(name, Lang::EN), name.span);
    let country = &enterprise.country;
    put(roster::COUNTRY, Some(country.value.code().to_owned()), country.span);
    put(roster::KIND, Some(enterprise.kind.name().to_owned()), Span::whole(name.span.file));
    if let Some(business) = &enterprise.business {
        put(roster::BUSINESS_ZH, text(business, Lang::ZH), business.span);
        put(roster::BUSINESS_EN, text(business, Lang::EN), business.span);
    }
    if let Some(first) = enterprise.goods.first() {
        let keys: Vec<&str> = enterprise.goods.iter().map(|key| key.value.as_str()).collect();
        put(roster::GOODS, Some(keys.join(";")), first.span);
    }
    if let Some(website) = &enterprise.website {
        put(roster::WEBSITE, Some(website.value.clone()), website.span);
    }
    values
}

/// Checks that the rows of an enterprise without a file say all that is published of it.
fn check_complete(
    report: &mut Report,
    terms: &ZoneTerms<'_>,
    names: &Names,
    sheets: &[SheetRead],
    listed: &Listed,
) -> bool {
    let says = |field: usize| listed.values.contains_key(&field);
    let name = listed.name.value.as_str();
    if listed.refused {
        return false;
    }
    if ![roster::NAME_EN, roster::COUNTRY, roster::KIND].into_iter().any(says) {
        if names.may_be_refused() {
            return false;
        }
        report
            .error(code::UNKNOWN_ENTERPRISE, listed.name.span, say!("no enterprise `{slug}`", slug = name))
            .found(name)
            .hint_meant(names.nearest(name))
            .hint(say!("correct the name; or, if the enterprise has no file in data/enterprises, fill in `name_en`, `country`, `kind` and what else is known in its row"));
        return false;
    }
    let sheet = &sheets[listed.row.sheet as usize];
    let mut sound = true;
    let mut lacks = |field: usize, code, message: Message| {
        sound = false;
        let column = match sheet.field(field) {
            FieldRead::Column { heading, .. } => Some(heading.as_str()),
            _ => None,
        };
        let draft = report.error(code, sheet.field_span(listed.row.row, field), message);
        let draft = if column.is_some() { draft.found("(empty)") } else { draft };
        draft.hint(missing_hint(column.is_some(), column.unwrap_or(ROSTER.fields[field].name)));
    };
    for field in [roster::COUNTRY, roster::KIND].into_iter().filter(|field| !says(*field)) {
        let field_name = ROSTER.fields[field].name;
        lacks(
            field,
            code::ENTERPRISE_INCOMPLETE,
            say!(
                "`{enterprise}` has no file in data/enterprises and no `{field}` here",
                enterprise = name,
                field = field_name
            ),
        );
    }
    let texts = [
        (listed.name(), [roster::ENTERPRISE, roster::NAME_EN]),
        (listed.business().unwrap_or_default(), [roster::BUSINESS_ZH, roster::BUSINESS_EN]),
    ];
    for (text, columns) in texts {
        if text.languages().next().is_none() {
            continue;
        }
        for (lang, field) in missing_columns(terms, &text, columns, Fallback::OfZone) {
            let field_name = ROSTER.fields[field].name;
            let message = say!(
                "`{enterprise}` has no `{field}`: the text is missing in {lang}",
                enterprise = name,
                field = field_name,
                lang
            );
            lacks(field, code::MISSING_LANGUAGE, message);
        }
    }
    sound
}

/// The addresses that the rows say; `None` for an enterprise that is not known at all. One address for two enterprises
/// is reported.
fn addresses(report: &mut Report, given: &Given<'_>, listed: &[Listed]) -> Vec<Option<Address>> {
    let mut taken: BTreeMap<&str, &Listed> = BTreeMap::new();
    let mut addresses = Vec::new();
    for one in listed {
        let said = |field: usize| one.values.get(&field).map(|value| value.value.clone());
        let is_known = [roster::NAME_EN, roster::COUNTRY, roster::KIND, roster::SLUG]
            .iter()
            .any(|field| one.values.contains_key(field));
        if !is_known && !one.refused {
            addresses.push(None);
            continue;
        }
        if let Some(slug) = one.values.get(&roster::SLUG) {
            let earlier = given.terms.earlier.get(&slug.value);
            let other = if given.terms.enterprises.contains_key(&slug.value) {
                Some(format!("data/enterprises/{}.yaml", slug.value))
            } else if let Some(first) = taken.get(slug.value.as_str()) {
                Some(given.files.at(first.name.span))
            } else {
                earlier
                    .filter(|earlier| !same_name(&earlier.name.value, &one.name()))
                    .map(|earlier| given.files.at(earlier.name.span))
            };
            if let Some(other) = other {
                report
                    .error(
                        code::SLUG_TWICE,
                        slug.span,
                        say!("`{slug}` is also the address of another enterprise: {other}", slug = slug.value, other),
                    )
                    .found(slug.value.clone())
                    .hint(say!("give this enterprise another address, or write its name as it is written there if it is the same one"));
            }
            taken.entry(&slug.value).or_insert(one);
        }
        addresses.push(Some(Address {
            name: one.name(),
            slug: said(roster::SLUG),
            sort: said(roster::SORT),
        }));
    }
    addresses
}

/// Whether two names are the same in a language.
fn same_name(one: &Localized, other: &Localized) -> bool {
    one.languages()
        .any(|lang| other.find(lang).is_some_and(|name| fold_word(name) == fold_word(one.get(lang))))
}

impl Listed {
    fn name(&self) -> Localized {
        let mut name = Localized::default();
        name.insert(Lang::ZH, self.name.value.clone());
        if let Some(english) = self.values.get(&roster::NAME_EN) {
            name.insert(Lang::EN, english.value.clone());
        }
        name
    }

    fn business(&self) -> Option<Localized> {
        let mut business = Localized::default();
        for (lang, field) in [(Lang::ZH, roster::BUSINESS_ZH), (Lang::EN, roster::BUSINESS_EN)] {
            if let Some(text) = self.values.get(&field) {
                business.insert(lang, text.value.clone());
            }
        }
        let is_said = business.languages().next().is_some();
        is_said.then_some(business)
    }

    /// The enterprise; `None` where something that it must have is missing, which was reported.
    fn into_enterprise(self) -> Option<Enterprise> {
        let value = |field: usize| self.values.get(&field);
        let country = value(roster::COUNTRY)?;
        let business = [roster::BUSINESS_ZH, roster::BUSINESS_EN].into_iter().find_map(value);
        let goods = value(roster::GOODS).map(|goods| {
            goods.value.split(';').map(|key| Spanned { value: key.to_owned(), span: goods.span }).collect()
        });
        Some(Enterprise {
            name: Spanned { value: self.name(), span: self.name.span },
            name_basis: NameBasis::Established,
            country: Spanned { value: Country::find(&country.value)?, span: country.span },
            kind: Kind::find(&value(roster::KIND)?.value)?,
            business: self.business().zip(business).map(|(text, at)| Spanned { value: text, span: at.span }),
            profile: None,
            goods: goods.unwrap_or_default(),
            website: value(roster::WEBSITE).cloned(),
            draft: false,
            sort: value(roster::SORT)?.clone(),
        })
    }
}
