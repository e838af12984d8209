//! What is found in many cells of one column and is said once, when the sheet ends.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::mask::IdentifierForms;
use crate::source::{Files, Message, Report, Span, code, list, say};

/// What may be found.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(in crate::data) enum Finding {
    /// A number where a code is expected.
    Number,
    /// A number that lost digits where a code is expected.
    Rounded,
    /// A date or time where a code is expected.
    Date,
    /// A code with more digits than the source says.
    Longer(u8),
    /// An apostrophe in front of a value, which was dropped.
    Apostrophe,
}

/// The findings of a sheet.
#[derive(Default)]
pub(in crate::data) struct ColumnFindings(RefCell<BTreeMap<(usize, Finding), Found>>);

/// A column in which something was found.
struct Found {
    /// How many rows it was found in.
    rows: u64,
    /// The first of them.
    first: Vec<Span>,
    last: Span,
    field: &'static str,
    heading: String,
    /// The first value, as messages may show it.
    shown: String,
    /// The first value.
    text: String,
    /// The identifier that is meant by it.
    meant: Option<String>,
    /// The codes have so many digits, or the longest number where that is not known; `None` where one is no whole number.
    digits: Option<usize>,
}

/// So many rows are named.
const ROWS_NAMED: usize = 5;

/// A cell in which something was found.
pub(in crate::data) struct Place<'a> {
    pub(in crate::data) number: usize,
    pub(in crate::data) field: &'static str,
    pub(in crate::data) span: Span,
    pub(in crate::data) heading: &'a dyn Fn() -> String,
    pub(in crate::data) shown: &'a dyn Fn() -> String,
    pub(in crate::data) text: &'a str,
}

impl ColumnFindings {
    /// Notes that something was found in a cell; a cell that is looked at again is counted once.
    pub(in crate::data) fn note(&self, finding: Finding, place: &Place<'_>, digits: Option<usize>) {
        let mut columns = self.0.borrow_mut();
        let found = columns.entry((place.number, finding)).or_insert_with(|| Found {
            rows: 0,
            first: Vec::new(),
            last: Span::whole(place.span.file),
            field: place.field,
            heading: (place.heading)(),
            shown: (place.shown)(),
            text: place.text.to_owned(),
            meant: None,
            digits: Some(0),
        });
        if found.last == place.span {
            return;
        }
        found.last = place.span;
        found.rows += 1;
        found.digits = found.digits.zip(digits).map(|(most, digits)| most.max(digits));
        if found.first.len() < ROWS_NAMED {
            found.first.push(place.span);
        }
    }

    /// Reports what was found, one problem for each column and kind. Where the codes of a column are known, `known` has
    /// them.
    pub(in crate::data) fn report<'a>(
        self,
        report: &mut Report,
        files: &Files,
        known: &dyn Fn(usize) -> Option<&'a IdentifierForms>,
    ) {
        for ((field, finding), mut found) in self.0.into_inner() {
            if let Some(known) = known(field) {
                found.meant = known.ending_in(&found.text).map(str::to_owned);
                let longest = found.digits.filter(|_| found.meant.is_some()).unwrap_or(usize::MAX);
                found.digits = known.digits().filter(|&digits| longest <= digits);
            }
            found.report(finding, report, files);
        }
    }
}

impl Found {
    fn report(self, finding: Finding, report: &mut Report, files: &Files) {
        let span = self.first[0];
        let mut rows: Vec<String> =
            self.first.iter().map(|&span| files.row_number(span).to_string()).collect();
        if self.rows > rows.len() as u64 {
            rows.push("…".to_owned());
        }
        let rows = list(rows);
        if finding == Finding::Apostrophe {
            let message = say!(
                "a leading apostrophe was dropped in {count} {count:row|rows} of `{heading}`: {rows}",
                count = self.rows,
                heading = self.heading,
                rows
            );
            report.note(code::LEADING_APOSTROPHE, span, message);
            return;
        }
        let found = self.shown.as_str();
        let message = match finding {
            Finding::Date => say!("expected a code, found the date `{found}`", found),
            Finding::Longer(most) => {
                say!("`{found}` has more than {most} digits", found, most = u64::from(most))
            }
            _ => say!("expected a code, found the number `{found}`", found),
        };
        let mut draft = report
            .error(code::NUMBER_FOR_CODE, span, message)
            .found(self.shown.clone())
            .label(Message::verbatim(self.heading));
        if self.rows > 1 {
            draft = draft.hint(say!(
                "{count} rows were refused because of this column: {rows}",
                count = self.rows,
                rows
            ));
        }
        let anew = || say!("format the column as text, and export the table again from its source");
        match (finding, self.digits) {
            (Finding::Number, Some(digits)) => draft
                .hint(say!("leading zeros may have been lost: if codes have {digits} digits, write `digits: {{{field}: {digits}}}` under this source in fair.yaml", digits = digits as u64, field = self.field))
                .hint(anew()),
            (Finding::Number, None) => match self.meant {
                Some(meant) => {
                    draft.hint(say!("write the identifier as in the table of exhibitors: `{meant}`", meant))
                }
                None => draft.hint(anew()),
            },
            (Finding::Date, _) => draft.hint(say!("the spreadsheet turned the code into a date: format the column as text, and type the code again")),
            (Finding::Longer(_), _) => draft.hint(say!("correct the value, or list every length of these codes: `digits: {{{field}: […]}}`", field = self.field)),
            _ => draft.hint(say!("a spreadsheet program rounded the code: export the table again from its source, with this column as text")),
        };
    }
}
