//! One row of a table, seen as the fields that the table is made of.

use std::borrow::Cow;

use super::column_findings::{ColumnFindings, Finding, Place};
use super::mask::IdentifierForms;
use super::shape::{Field, Kind, TableShape};
use super::sheet::{Layout, Origin, Row, SheetRead};
use super::source::{ValueMap, yaml_scalar};
use crate::data::cell::{Cell, Cells, number_text, whole_digits};
use crate::data::dates::moment::{Date, DateFlaw, Moment, Time, parse_moment};
use crate::data::dates::time_of_day::{ClockFlaw, parse_time, time_with_dot};
use crate::source::{Report, Span, code, list, nearest, say};

/// A row seen by its fields.
pub struct Record<'a> {
    pub(in crate::data) shape: &'static TableShape,
    pub(in crate::data) origins: &'a [Origin],
    /// What words of the file stand for, by field; empty where the source does not say.
    pub(in crate::data) values: &'a [Option<ValueMap>],
    /// The forms of the identifiers that other tables have.
    pub(in crate::data) identifiers: Option<&'a IdentifierForms>,
    pub(in crate::data) cells: &'a dyn Cells,
    pub(in crate::data) sheet: &'a SheetRead,
    /// The sheets that were read before this one.
    pub(in crate::data) sheets: &'a [SheetRead],
    pub(in crate::data) row: Row,
    /// For each field, the lengths of its codes where the source says them; empty where it says none.
    pub(in crate::data) digits: &'a [Vec<u8>],
    pub(in crate::data) findings: &'a ColumnFindings,
    /// The fields that say something else by a ruling.
    pub(in crate::data) amended: Vec<(usize, &'a str)>,
}

/// A value that was reported as wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Refused;

impl<'a> Record<'a> {
    /// Which row it is.
    pub fn row(&self) -> Row {
        self.row
    }

    /// The place of a field's value.
    pub fn span(&self, field: usize) -> Span {
        match &self.origins[field] {
            Origin::Set(_, span) => *span,
            Origin::Column(column, _) => self.sheet.cell_span(self.row.row, *column),
            Origin::Absent => self.sheet.cell_span(self.row.row, 0),
        }
    }

    /// The sheet in which it stands.
    pub fn sheet(&self) -> &SheetRead {
        self.sheet
    }

    /// What a field says, as text, whether or not it is what the field wants; `None` where it is empty.
    pub fn written(&self, field: usize) -> Option<Cow<'_, str>> {
        match self.raw(field) {
            Cell::Text(text) | Cell::Error(text) => Some(text),
            other => other.text().map(Cow::Owned),
        }
    }

    /// The code of a field as [`Record::text`] reads it, and as it is written where that refuses it. Notes nothing.
    pub fn code(&self, field: usize) -> Option<Cow<'_, str>> {
        let lengths = self.digits.get(field).map_or(&[][..], Vec::as_slice);
        match self.raw(field) {
            Cell::Text(text) if text.starts_with(APOSTROPHES) => {
                let bare = text.trim_start_matches(APOSTROPHES).trim_start();
                Some(Cow::Owned(if bare.is_empty() { text.into_owned() } else { bare.to_owned() }))
            }
            Cell::Text(text) => {
                let is_number =
                    self.sheet.layout == Layout::Delimited && text.bytes().all(|byte| byte.is_ascii_digit());
                Some(padded(&text, lengths).filter(|_| is_number).map_or(text, Cow::Owned))
            }
            Cell::Number(number) => {
                let code = whole_digits(number).and_then(|digits| padded(&digits, lengths));
                Some(Cow::Owned(code.unwrap_or_else(|| number_text(number))))
            }
            _ => self.written(field),
        }
    }

    /// The place of a field's value in an earlier row of the table.
    pub fn span_in(&self, row: Row, field: usize) -> Span {
        self.sheets.get(row.sheet as usize).unwrap_or(self.sheet).field_span(row.row, field)
    }

    /// What is in a field's cell, or what the source says that it stands for. Notes nothing.
    #[inline]
    pub(in crate::data) fn raw(&self, field: usize) -> Cell<'_> {
        // Nearly all cells mean what is in them. They are handed on as they are: every copy of a cell on its way costs
        // more than to look at it.
        match (&self.origins[field], self.values.get(field)) {
            (Origin::Column(column, _), None | Some(None)) if self.amended.is_empty() => {
                self.cells.cell(*column)
            }
            _ => self.meant(field),
        }
    }

    /// What a field says by a ruling, or what the source says that its cell stands for.
    fn meant(&self, field: usize) -> Cell<'_> {
        let cell = match (self.amendment(field), &self.origins[field]) {
            (Some(""), _) | (None, Origin::Absent) => return Cell::Empty,
            (Some(text), _) => Cell::Text(text.into()),
            (None, Origin::Column(column, _)) => self.cells.cell(*column),
            (None, Origin::Set(cell, _)) => cell.clone(),
        };
        match self.values.get(field) {
            Some(Some(map)) => map.meant(&cell).unwrap_or(cell),
            _ => cell,
        }
    }

    /// What a field says by a ruling.
    #[inline]
    fn amendment(&self, field: usize) -> Option<&'a str> {
        self.amended.iter().find(|(amended, _)| *amended == field).map(|(_, text)| *text)
    }

    /// What is in a field's cell, or what the source says that it stands for.
    #[inline]
    pub fn cell(&self, field: usize) -> Cell<'_> {
        match self.raw(field) {
            Cell::Text(text) => Cell::Text(self.bare(field, text)),
            cell => cell,
        }
    }

    /// Whether a field stands in a column of its own.
    pub fn has_column(&self, field: usize) -> bool {
        self.origins[field].column().is_some()
    }

    pub(super) fn field(&self, field: usize) -> &'static Field {
        &self.shape.fields[field]
    }

    /// The word of a field of a closed list, as the value that it stands for; `None` where it is empty.
    ///
    /// # Errors
    /// A word that is not known is reported.
    pub fn word(&self, report: &mut Report, field: usize) -> Result<Option<&'static str>, Refused> {
        let kind = self.field(field).kind;
        let Some(text) = self.text(report, field)? else { return Ok(None) };
        if let Some(value) = kind.value_of(&text) {
            return Ok(Some(value));
        }
        // Short words are near to words with which they have nothing in common, and which say the contrary.
        let negates = |word: &str| word.starts_with(['不', '未', '无', '没', '非']);
        let is_like = |meant: &&str| meant.contains(|c| text.contains(c)) && negates(meant) == negates(&text);
        let meant = nearest(&text, kind.words()).filter(is_like);
        let shown = self.shown(field, &text);
        let draft = self
            .refuse(report, code::UNKNOWN_WORD, field, say!("unknown value `{text}`", text = shown), &text)
            .hint_meant(meant)
            .hint(say!("write one of: {known}", known = list(kind.words())));
        if self.has_column(field) {
            let text = if shown == text.as_ref() { yaml_scalar(&text) } else { "…".to_owned() };
            draft.hint(say!(
                "or state in fair.yaml what it means: `values: {{{field}: {{{text}: …}}}}`",
                field = self.field(field).name,
                text
            ));
        }
        Err(Refused)
    }

    /// A text without the apostrophe in front, by which spreadsheet programs are told that a number is text.
    #[inline]
    fn bare<'c>(&self, field: usize, text: Cow<'c, str>) -> Cow<'c, str> {
        match text.starts_with(APOSTROPHES) {
            true => self.without_apostrophe(field, text),
            false => text,
        }
    }

    fn without_apostrophe<'c>(&self, field: usize, text: Cow<'c, str>) -> Cow<'c, str> {
        let bare = text.trim_start_matches(APOSTROPHES).trim_start();
        // A name may begin with an apostrophe and a number.
        let is_number =
            || bare.starts_with(|c: char| c.is_numeric()) && !bare.contains(|c: char| c.is_alphabetic());
        if bare.is_empty() || self.field(field).kind == Kind::Text && !is_number() {
            return text;
        }
        self.find(field, Finding::Apostrophe, &text, None);
        bare.to_owned().into()
    }

    /// Notes something about the cell of a field that is said once for its column.
    fn find(&self, field: usize, finding: Finding, text: &str, digits: Option<usize>) {
        let place = Place {
            number: field,
            field: self.field(field).name,
            span: self.span(field),
            heading: &|| self.heading(field),
            shown: &|| self.shown(field, text),
            text,
        };
        self.findings.note(finding, &place, digits);
    }

    /// The text of a field; `None` where it is empty. Reports errors in the cell and formulas without a
    /// result; numbers where a code is expected are refused, and reported when the sheet ends.
    #[inline]
    pub fn text(&self, report: &mut Report, field: usize) -> Result<Option<Cow<'_, str>>, Refused> {
        let is_code = self.field(field).kind == Kind::Code;
        match self.raw(field) {
            Cell::Text(text) => {
                let text = self.bare(field, text);
                if is_code { self.code_of_text(field, text).map(Some) } else { Ok(Some(text)) }
            }
            Cell::Empty if self.field(field).required => Err(self.refuse_empty(report, field)),
            Cell::Empty => Ok(None),
            Cell::Number(number) if is_code => {
                self.code_of_number(field, number).map(|code| Some(code.into()))
            }
            Cell::Date(_) | Cell::Time(_) if is_code => {
                self.find(field, Finding::Date, &self.written(field).unwrap_or_default(), None);
                Err(Refused)
            }
            Cell::Number(number) => Ok(Some(number_text(number).into())),
            Cell::Truth(truth) => Ok(Some(truth.to_string().into())),
            Cell::Date(moment) => Ok(Some(moment.to_string().into())),
            Cell::Time(time) => Ok(Some(time.to_string().into())),
            Cell::Error(error) => Err(self.refuse_error(report, field, &error)),
            Cell::Unresolved => Err(self.refuse_unresolved(report, field)),
        }
    }

    /// A code that is written as text. In a delimited text a number is text, and its zeros may be lost as well.
    #[inline]
    fn code_of_text<'c>(&self, field: usize, text: Cow<'c, str>) -> Result<Cow<'c, str>, Refused> {
        if is_rounded(&text) {
            self.find(field, Finding::Rounded, &text, None);
            return Err(Refused);
        }
        match self.digits.get(field) {
            Some(lengths)
                if !lengths.is_empty()
                    && self.sheet.layout == Layout::Delimited
                    && text.bytes().all(|byte| byte.is_ascii_digit()) =>
            {
                self.with_zeros(field, &text, lengths).map(Cow::Owned)
            }
            _ => Ok(text),
        }
    }

    /// A code that is kept as a number: its digits, with zeros in front, if the source says how long codes are.
    fn code_of_number(&self, field: usize, number: f64) -> Result<String, Refused> {
        let digits = whole_digits(number);
        match (&digits, self.digits.get(field)) {
            (Some(digits), Some(lengths)) if !lengths.is_empty() => self.with_zeros(field, digits, lengths),
            _ => {
                let length = digits.as_ref().map(String::len);
                self.find(field, Finding::Number, &number_text(number), length);
                Err(Refused)
            }
        }
    }

    /// Digits with zeros in front of them, up to the least length that is allowed.
    fn with_zeros(&self, field: usize, digits: &str, lengths: &[u8]) -> Result<String, Refused> {
        match padded(digits, lengths) {
            Some(code) => Ok(code),
            None => {
                let most = lengths.iter().max().copied().unwrap_or_default();
                self.find(field, Finding::Longer(most), digits, Some(digits.len()));
                Err(Refused)
            }
        }
    }

    /// The text of a field that every row must have.
    pub fn required(&self, report: &mut Report, field: usize) -> Result<Cow<'_, str>, Refused> {
        match self.text(report, field)? {
            Some(text) => Ok(text),
            None => Err(self.refuse_empty(report, field)),
        }
    }

    /// The date of a field; `None` where it is empty.
    pub fn date(&self, report: &mut Report, field: usize) -> Result<Option<Date>, Refused> {
        let (text, flaw) = match self.cell(field) {
            Cell::Date(moment) => return Ok(Some(moment.date)),
            Cell::Empty => return Ok(None),
            Cell::Error(error) => return Err(self.refuse_error(report, field, &error)),
            Cell::Unresolved => return Err(self.refuse_unresolved(report, field)),
            Cell::Text(text) => match parse_moment(&text) {
                Ok(moment) => return Ok(Some(moment.date)),
                Err(flaw) => (text.into_owned(), flaw),
            },
            Cell::Number(number) => match moment_of_number(number) {
                Some(moment) => return Ok(Some(moment.date)),
                None => (number_text(number), DateFlaw::NotADate),
            },
            Cell::Truth(_) | Cell::Time(_) => {
                (self.written(field).unwrap_or_default().into_owned(), DateFlaw::NotADate)
            }
        };
        let shown = self.shown(field, &text);
        let message = match flaw.is_invalid_date() {
            true => say!("`{text}` is not a valid date", text = shown),
            false => say!("`{text}` is not a date", text = shown),
        };
        let hint = flaw.hint().unwrap_or_else(|| match self.sheet.is_workbook() {
            true => say!("write the date as 2025-04-16, or format the cell as a date"),
            false => say!("write the date as 2025-04-16"),
        });
        self.refuse(report, code::BAD_DATE, field, message, &text).hint(hint);
        Err(Refused)
    }

    /// The moment that a field says, to the second; `None` where it is empty or says none. Reports nothing.
    pub fn moment(&self, field: usize) -> Option<Moment> {
        match self.cell(field) {
            Cell::Date(moment) => Some(moment),
            Cell::Text(text) => parse_moment(&text).ok(),
            Cell::Number(number) => moment_of_number(number),
            _ => None,
        }
    }

    /// The time of day of a field; `None` where it is empty.
    pub fn time(&self, report: &mut Report, field: usize) -> Result<Option<Time>, Refused> {
        let (text, flaw) = match self.cell(field) {
            Cell::Time(time) => return Ok(Some(time)),
            Cell::Empty => return Ok(None),
            Cell::Error(error) => return Err(self.refuse_error(report, field, &error)),
            Cell::Unresolved => return Err(self.refuse_unresolved(report, field)),
            Cell::Text(text) => match parse_time(&text) {
                Ok(time) => return Ok(Some(time)),
                Err(flaw) => (text.into_owned(), flaw),
            },
            Cell::Number(_) | Cell::Truth(_) | Cell::Date(_) => {
                (self.written(field).unwrap_or_default().into_owned(), ClockFlaw::NotATime)
            }
        };
        let shown = self.shown(field, &text);
        let message = match flaw {
            ClockFlaw::NotATime => say!("`{text}` is not a time of day", text = shown),
            ClockFlaw::NoTime => say!("`{text}` is not a valid time", text = shown),
        };
        let meant = match self.cell(field) {
            Cell::Text(text) => time_with_dot(&text),
            _ => None,
        };
        let alone = self.moment(field).and_then(|moment| moment.time);
        let hint = match alone.or(meant) {
            Some(time) => say!("write the time alone: {time}", time = time.to_string()),
            None => say!("use the 24-hour clock, such as 13:05"),
        };
        self.refuse(report, code::BAD_DATE, field, message, &text).hint(hint);
        Err(Refused)
    }
}

/// The moment that a number is where it is meant as digits, such as 20250416.
fn moment_of_number(number: f64) -> Option<Moment> {
    let text = number_text(number);
    matches!(text.len(), 8 | 12 | 14).then(|| parse_moment(&text).ok()).flatten()
}

/// What people type in front of a number, so that a spreadsheet program takes it for text.
const APOSTROPHES: [char; 4] = ['\'', '\u{2018}', '\u{2019}', '\u{ff07}'];

/// Whether a text is a number in a notation with a power of ten, in which programs write numbers that are too long for
/// them: `1.23457E+11`, `1.23457E11`, `1,23457e+11`, `12.3457×10^10`. Such a number has a sign before its power or
/// decimals. `1E5` and `12E-3` have neither, as no program writes a number, and one decimal without a sign is
/// a stand, such as `10.1E15`.
fn is_rounded(text: &str) -> bool {
    if text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return false;
    }
    if !text.starts_with(|c: char| c.is_numeric() || "+-.,．＋－−".contains(c)) {
        return false;
    }
    if !text.is_ascii() {
        use unicode_normalization::UnicodeNormalization;
        return is_rounded_ascii(&text.replace(['×', '✕', '⋅', '·'], "*").nfkc().collect::<String>());
    }
    is_rounded_ascii(text)
}

fn is_rounded_ascii(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let text = text.trim_start_matches(['+', '-']);
    let Some(end) = text.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',') else { return false };
    let (number, power) = text.split_at(end);
    let (whole, decimals) = number.split_once(['.', ',']).unwrap_or((number, ""));
    if !(digits(whole) && (decimals.is_empty() || digits(decimals))) {
        return false;
    }
    let power = power.trim_start();
    let (power, is_written_out) = match power.strip_prefix(['E', 'e']) {
        Some(power) => (power, false),
        None => {
            let power = power.trim_start_matches(['*', 'x', 'X']).trim_start();
            match power
                .strip_prefix("10^")
                .or_else(|| power.strip_prefix("10").filter(|_| !decimals.is_empty()))
            {
                Some(power) => (power, true),
                None => return false,
            }
        }
    };
    let has_sign = power.starts_with('+');
    let is_power = digits(power.strip_prefix(['+', '-']).unwrap_or(power));
    is_power && (has_sign || is_written_out || decimals.len() > 1 || decimals == "0")
}

/// Digits with zeros in front of them, up to the least of some lengths that they have room in.
fn padded(digits: &str, lengths: &[u8]) -> Option<String> {
    let length = lengths.iter().copied().map(usize::from).filter(|&length| length >= digits.len()).min()?;
    Some(format!("{digits:0>length$}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Account;
    use crate::source::{FileId, Files};

    static SHAPE: TableShape = TableShape {
        name: "exhibitors",
        fields: &[
            Field::new("exhibitor", Kind::Code, &["企业编号"]).required(),
            Field::new("name", Kind::Text, &["name"]),
        ],
    };

    struct One(Cell<'static>);

    impl Cells for One {
        fn cell(&self, _: u16) -> Cell<'_> {
            self.0.clone()
        }
    }

    /// The texts of the cells of one column, and what is reported of them.
    fn column(
        layout: Layout,
        field: usize,
        digits: &[u8],
        cells: &[Cell<'static>],
    ) -> (Vec<String>, Vec<String>) {
        let files = Files::new(".");
        let file: FileId = files.id("table");
        let sheet = SheetRead {
            file,
            sheet: (layout == Layout::Workbook).then(|| (0, "S".to_owned())),
            account: Account::default(),
            layout,
            entries: Vec::new(),
            source: 0,
            fields: Vec::new(),
            headings_row: 0,
            unused: Vec::new(),
        };
        let origins = [Origin::Column(0, "企业编号".to_owned()), Origin::Column(1, "name".to_owned())];
        let digits = vec![digits.to_vec(); 2];
        let (mut report, findings) = (Report::new(), ColumnFindings::default());
        let mut texts = Vec::new();
        for (row, cell) in (1..).zip(cells) {
            let cells = One(cell.clone());
            let record = Record {
                shape: &SHAPE,
                origins: &origins,
                values: &[],
                identifiers: None,
                cells: &cells,
                sheet: &sheet,
                sheets: &[],
                row: Row { sheet: 0, row },
                digits: &digits,
                findings: &findings,
                amended: Vec::new(),
            };
            let text = record.text(&mut report, field);
            texts.push(text.map_or("-".to_owned(), |text| text.unwrap_or_default().into_owned()));
        }
        findings.report(&mut report, &files, &|_| None);
        let said = report.problems().iter().map(|problem| {
            let hints: Vec<String> = problem.hints.iter().map(ToString::to_string).collect();
            format!("{}: {}", problem.message, hints.join("; "))
        });
        (texts, said.collect())
    }

    #[test]
    fn numbers_for_codes_are_reported_once_for_their_column() {
        let numbers = [1038.0, 12.0, 77.0, 1.0, 2.0, 3.0].map(Cell::Number);
        let (texts, said) = column(Layout::Workbook, 0, &[], &numbers);
        assert_eq!(texts.concat(), "------");
        assert_eq!(said.len(), 1);
        assert!(said[0].starts_with("expected a code, found the number `1038`: 6 rows"), "{said:?}");
        assert!(
            said[0].contains("2, 3, 4, 5, 6, …") && said[0].contains("`digits: {exhibitor: 4}`"),
            "{said:?}"
        );
        let (_, said) = column(Layout::Workbook, 0, &[], &[Cell::Number(1e15)]);
        assert!(!said[0].contains("digits:"), "a number of 16 digits lost the last: {said:?}");
    }

    #[test]
    fn numbers_are_codes_of_the_length_that_the_source_says() {
        let numbers = [1038.0, 123_456.0, 1_234_567.0, 1.5, -1.0, 1e15].map(Cell::Number);
        let (texts, said) = column(Layout::Workbook, 0, &[6], &numbers);
        assert_eq!(texts, ["001038", "123456", "-", "-", "-", "-"]);
        assert!(said.iter().any(|said| said.starts_with("`1234567` has more than 6 digits")), "{said:?}");
        let (texts, _) = column(Layout::Workbook, 0, &[8, 4], &[12.0, 12_345.0].map(Cell::Number));
        assert_eq!(texts, ["0012", "00012345"]);
        let texts_of = |layout| column(layout, 0, &[6], &["1038", "A1038"].map(Cell::from_text)).0;
        assert_eq!(texts_of(Layout::Delimited), ["001038", "A1038"]);
        assert_eq!(texts_of(Layout::Workbook), ["1038", "A1038"]);
    }

    #[test]
    fn an_apostrophe_in_front_is_dropped_and_announced_once() {
        let cells = ["'001234", "’E017", "E018", "'"].map(Cell::from_text);
        let (texts, said) = column(Layout::Delimited, 0, &[], &cells);
        assert_eq!(texts, ["001234", "E017", "E018", "'"]);
        assert_eq!(said, ["a leading apostrophe was dropped in 2 rows of `企业编号`: 1, 2: "]);
        let (texts, _) = column(Layout::Workbook, 1, &[], &["'136;137", "'47 Ltd"].map(Cell::from_text));
        assert_eq!(texts, ["136;137", "'47 Ltd"]);
    }

    #[test]
    fn numbers_that_lost_digits_are_told_from_codes_and_stands() {
        for text in [
            "1.23457E+11",
            "1.23457E11",
            "1.23457e+11",
            "1,23457E+11",
            "12.3457E+10",
            "1E+11",
            "1e+11",
            "1.0E11",
            "-1.23E+05",
            "1.23E-05",
            "1.23457 E+11",
            "１．２３４５７Ｅ＋１１",
            "1.23457×10^11",
            "1.23457×10¹¹",
            "1.23457*10^11",
        ] {
            assert!(is_rounded(text), "{text}");
        }
        for text in [
            "1E5",
            "12E3",
            "12E-3",
            "10.1E15",
            "3.1E11",
            "1234567890123",
            "E+11",
            "1.2",
            "12E",
            "1.2.3E11",
            "2025E+A1",
            "A1.23E+11",
            "12e4f",
            "",
            "1x10",
            "3*10",
            "10.1E15-16",
        ] {
            assert!(!is_rounded(text), "{text}");
        }
    }
}
