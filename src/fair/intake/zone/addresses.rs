//! Addresses and sort keys of enterprises that have no file: proposed as columns to paste, and kept once they are written.

use std::collections::BTreeSet;

use super::given::ZoneTerms;
use crate::data::{FieldRead, Row, SheetRead, fold_word, yaml_scalar};
use crate::fair::slug::{free_slug, sort_key};
use crate::fair::tables::{ROSTER, roster};
use crate::lang::{Lang, Localized};
use crate::source::{Files, Place, Report, code, say};

/// A row of the roster, with the number of its enterprise where that has no file.
pub(super) struct RosterRow {
    pub(super) row: Row,
    pub(super) listed: Option<usize>,
    /// Its slug and its sort key, as they are written.
    pub(super) written: [String; 2],
}

impl RosterRow {
    fn written(&self, field: usize) -> &str {
        let [slug, sort] = &self.written;
        if field == roster::SLUG { slug } else { sort }
    }
}

/// What is known of the address of an enterprise.
pub(super) struct Address {
    pub(super) name: Localized,
    pub(super) slug: Option<String>,
    pub(super) sort: Option<String>,
}

/// An address and a sort key, written or proposed.
struct Proposal {
    slug: String,
    sort: String,
    lacks_slug: bool,
    lacks_sort: bool,
}

impl Proposal {
    fn lacks(&self, field: usize) -> bool {
        if field == roster::SLUG { self.lacks_slug } else { self.lacks_sort }
    }

    fn value(&self, field: usize) -> &str {
        if field == roster::SLUG { &self.slug } else { &self.sort }
    }
}

/// Reports all enterprises that lack an address or a sort key at once, with the columns to paste.
pub(super) fn report_missing_addresses(
    report: &mut Report,
    files: &Files,
    sheets: &[SheetRead],
    rows: &[RosterRow],
    addresses: &[Option<Address>],
    terms: &ZoneTerms<'_>,
) {
    let proposals = proposals(addresses, terms);
    let lacking = |row: &&RosterRow| {
        let proposal = row.listed.and_then(|listed| proposals[listed].as_ref());
        proposal.is_some_and(|proposal| proposal.lacks_slug || proposal.lacks_sort)
    };
    let Some(first) = rows.iter().find(lacking) else { return };
    let count = proposals.iter().flatten().filter(|one| one.lacks_slug || one.lacks_sort).count();
    let first_sheet = &sheets[first.row.sheet as usize];
    let message = say!(
        "no `slug` or no `sort` for {count} {count:enterprise that has|enterprises that have} no file in data/enterprises",
        count
    );
    let span = first_sheet.field_span(first.row.row, roster::ENTERPRISE);
    let name =
        first.listed.and_then(|listed| addresses[listed].as_ref()).map(|address| address.name.get(Lang::ZH));
    let mut draft = report.error(code::NO_SLUG, span, message).found(name.unwrap_or_default());
    for (number, sheet) in (0u32..).zip(sheets) {
        let rows: Vec<&RosterRow> = rows.iter().filter(|row| row.row.sheet == number).collect();
        if !rows.iter().any(lacking) {
            continue;
        }
        if matches!(sheet.cell_span(0, 0).place, Place::Text { .. }) {
            let block = keys(&rows, &proposals, addresses);
            draft = draft.hint(say!(
                "write the keys into the entries of `{path}`:\n{block}",
                path = files.path(sheet.file),
                block
            ));
            continue;
        }
        for fields in columns(sheet, &rows, &proposals) {
            let place = files.at(sheet.span());
            let row = files.row_number(sheet.column_span(0));
            let block = column(files, sheet, &rows, &proposals, &fields);
            draft = match sheet.field(fields[0]) {
                FieldRead::Column { heading, .. } => draft.hint(say!(
                    "paste over the column `{heading}` of `{place}`, from row {row} on:\n{block}",
                    heading,
                    place,
                    row,
                    block
                )),
                _ => draft.hint(say!(
                    "paste into free columns of `{place}`, from row {row} on:\n{block}",
                    place,
                    row,
                    block
                )),
            };
        }
    }
    draft.hint(say!("first correct any wrong pinyin; an address does not change once published"));
}

/// Addresses and sort keys of all enterprises: those that are written, else those that they had before, else new ones.
fn proposals(addresses: &[Option<Address>], terms: &ZoneTerms<'_>) -> Vec<Option<Proposal>> {
    let written = addresses.iter().flatten().filter_map(|address| address.slug.clone());
    let known = terms.enterprises.keys().chain(terms.earlier.keys()).cloned();
    let mut taken: BTreeSet<String> = written.chain(known).collect();
    let propose = |address: &Address| {
        let earlier = terms.earlier.iter().find(|(_, enterprise)| {
            let name = &enterprise.name.value;
            name.languages().any(|lang| {
                address.name.find(lang).is_some_and(|own| fold_word(own) == fold_word(name.get(lang)))
            })
        });
        let slug = address.slug.clone().or_else(|| earlier.map(|(slug, _)| slug.clone()));
        let slug = slug.unwrap_or_else(|| free_slug(&address.name, &taken));
        taken.insert(slug.clone());
        let sort =
            address.sort.clone().or_else(|| earlier.map(|(_, enterprise)| enterprise.sort.value.clone()));
        Proposal {
            slug,
            sort: sort.unwrap_or_else(|| sort_key(address.name.get(Lang::ZH))),
            lacks_slug: address.slug.is_none(),
            lacks_sort: address.sort.is_none(),
        }
    };
    let mut propose = propose;
    addresses.iter().map(|address| address.as_ref().map(&mut propose)).collect()
}

/// The columns that a sheet lacks in part: together where they may stand side by side.
fn columns(sheet: &SheetRead, rows: &[&RosterRow], proposals: &[Option<Proposal>]) -> Vec<Vec<usize>> {
    let is_lacking = |field: &usize| {
        rows.iter().any(|row| {
            row.listed.and_then(|listed| proposals[listed].as_ref()).is_some_and(|one| one.lacks(*field))
        })
    };
    let lacking: Vec<usize> = [roster::SLUG, roster::SORT].into_iter().filter(is_lacking).collect();
    let column = |field: usize| match sheet.field(field) {
        FieldRead::Column { column, .. } => Some(*column),
        _ => None,
    };
    let side_by_side = match (column(roster::SLUG), column(roster::SORT)) {
        (None, None) => true,
        (Some(slug), Some(sort)) => slug + 1 == sort,
        _ => false,
    };
    match side_by_side {
        true => vec![lacking],
        false => lacking.into_iter().map(|field| vec![field]).collect(),
    }
}

/// The cells of columns from the headings down, a line a row, so that each value falls into the row of its enterprise.
fn column(
    files: &Files,
    sheet: &SheetRead,
    rows: &[&RosterRow],
    proposals: &[Option<Proposal>],
    fields: &[usize],
) -> String {
    let number = |row: u32| files.row_number(sheet.cell_span(row, 0));
    let headings = files.row_number(sheet.column_span(0));
    let heading = |field: &usize| match sheet.field(*field) {
        FieldRead::Column { heading, .. } => heading.clone(),
        _ => ROSTER.fields[*field].headings[1].to_owned(),
    };
    let mut lines = vec![fields.iter().map(heading).collect::<Vec<String>>().join("\t")];
    let account = sheet.account;
    let read = account.used + account.refused + account.skipped + account.blank;
    let last = rows.last().map_or(headings, |row| number(row.row.row));
    // In a delimited text a value may take several lines; a spreadsheet program shows them in one row.
    let by_line = u64::from(last - headings) <= read;
    for row in rows {
        let at = if by_line { (number(row.row.row) - headings) as usize } else { lines.len() };
        while lines.len() < at {
            lines.push(String::new());
        }
        let proposal = row.listed.and_then(|listed| proposals[listed].as_ref());
        let value = |field: &usize| match proposal {
            Some(proposal) => proposal.value(*field),
            None => row.written(*field),
        };
        lines.push(fields.iter().map(value).collect::<Vec<&str>>().join("\t").trim_end().to_owned());
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines.join("\n")
}

/// The keys that entries of a YAML list lack, an entry a line.
fn keys(rows: &[&RosterRow], proposals: &[Option<Proposal>], addresses: &[Option<Address>]) -> String {
    let mut said = BTreeSet::new();
    let mut lines = Vec::new();
    for listed in rows.iter().filter_map(|row| row.listed).filter(|listed| said.insert(*listed)) {
        let (Some(proposal), Some(address)) = (&proposals[listed], &addresses[listed]) else { continue };
        let mut keys = vec![format!("enterprise: {}", yaml_scalar(address.name.get(Lang::ZH)))];
        for field in [roster::SLUG, roster::SORT].into_iter().filter(|field| proposal.lacks(*field)) {
            keys.push(format!("{}: {}", ROSTER.fields[field].name, yaml_scalar(proposal.value(field))));
        }
        if keys.len() > 1 {
            lines.push(format!("- {{{}}}", keys.join(", ")));
        }
    }
    lines.join("\n")
}
