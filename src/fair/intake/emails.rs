//! The e-mail addresses of a cell, as keys.

use crate::data::{Record, SheetRead};
use crate::fair::KeyKind;
use crate::fair::key::{EmailCell, email_keys};
use crate::fair::placeholders::Placeholders;
use crate::source::{Report, Span, code, say};

/// The keys of the addresses of one cell after another; its memory is used again for each.
#[derive(Default)]
pub(super) struct EmailTexts {
    buffer: String,
    first: String,
    more: Vec<String>,
}

impl EmailTexts {
    /// Takes the addresses of a cell. Placeholders are no keys.
    pub(super) fn read(&mut self, cell: Option<&str>, placeholders: &Placeholders) -> EmailCell {
        self.first.clear();
        self.more.clear();
        let Some(cell) = cell else { return EmailCell::Addresses };
        let (first, more) = (&mut self.first, &mut self.more);
        email_keys(cell, &mut self.buffer, |key| {
            if placeholders.has_key(KeyKind::Email, key) {
                return;
            }
            if first.is_empty() {
                first.push_str(key);
            } else if *first != key && !more.iter().any(|other| other == key) {
                more.push(key.to_owned());
            }
        })
    }

    /// Whether there is an address that is a key.
    pub(super) fn has_key(&self) -> bool {
        !self.first.is_empty()
    }

    /// The first key; empty where there is none.
    pub(super) fn first(&self) -> &str {
        &self.first
    }

    /// The other keys, each once.
    pub(super) fn more(&self) -> impl Iterator<Item = &str> {
        self.more.iter().map(String::as_str)
    }

    /// Writes what the cell says: its keys, or all of it where it has none.
    pub(super) fn write(&self, cell: Option<&str>, text: &mut String) {
        match self.has_key() {
            true => std::iter::once(self.first()).chain(self.more()).for_each(|key| {
                text.push_str(key);
                text.push(' ');
            }),
            false => text.push_str(cell.unwrap_or_default()),
        }
    }
}

/// The cells of a sheet that hold something that is no address.
#[derive(Default)]
pub(super) struct OtherText {
    count: u64,
    first: Option<Span>,
}

impl OtherText {
    pub(super) fn count(&mut self, holds: EmailCell, record: &Record<'_>, field: usize) {
        if holds == EmailCell::OtherText {
            self.count += 1;
            self.first.get_or_insert_with(|| record.span(field));
        }
    }

    /// Says how many there were, and begins the next sheet.
    pub(super) fn end_sheet(&mut self, report: &mut Report, _sheet: &SheetRead) {
        if let Some(first) = self.first.take() {
            let message = say!(
                "{count} {count:cell of `email` contains|cells of `email` contain} something that is not an e-mail address, the first one here",
                count = self.count
            );
            report.note(code::NOT_AN_ADDRESS, first, message);
        }
        self.count = 0;
    }
}
