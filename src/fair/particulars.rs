//! The columns that only travel from the table of exhibitors to the winner's page: declared once, carried as one value.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::tables::exhibitor;
use crate::data::{Record, Refused};
use crate::source::Report;

/// Declares them, each with its type and its column in [`super::EXHIBITORS`].
macro_rules! particulars {
    ($($(#[$meta:meta])* $field:ident: $Type:ty = $COLUMN:ident,)+) => {
        /// What is published of an exhibitor beside its names and its award. Nothing is decided by it.
        ///
        /// It is sealed field by field. A field that is added has to be left out of what is sealed while it is empty
        /// (`#[serde(default, skip_serializing_if = …)]`), or older entries would get another hash.
        #[derive(Serialize, Deserialize, Clone, Default, PartialEq, Eq, Debug)]
        pub struct Particulars {
            $($(#[$meta])* pub $field: $Type,)+
        }

        impl Particulars {
            /// Each of them: the name of its column, and what it says.
            pub fn texts(&self) -> impl Iterator<Item = (&'static str, &[String])> {
                [$((stringify!($field), self.$field.as_slice())),+].into_iter()
            }

            /// Reads them from a row. All are looked at before the row is given up, so that all that is wrong is said.
            pub(super) fn read(report: &mut Report, record: &Record<'_>) -> Result<Particulars, Refused> {
                $(let $field = record.text(report, exhibitor::$COLUMN);)+
                Ok(Particulars { $($field: Joined::of_cell($field?),)+ })
            }

            /// The columns in which two rows of an exhibitor contradict each other.
            pub(super) fn contradictions(&self, other: &Particulars) -> impl Iterator<Item = usize> + use<> {
                let all = [$((exhibitor::$COLUMN, self.$field.contradicts(&other.$field))),+];
                all.into_iter().filter_map(|(column, contradicts)| contradicts.then_some(column))
            }

            /// Adds what another row of the exhibitor says.
            pub(super) fn join(&mut self, other: Particulars) {
                $(self.$field.join(other.$field);)+
            }
        }
    };
}

particulars! {
    /// The trading delegation to which it belongs, in Chinese.
    delegation: Option<String> = DELEGATION,
    /// The sections in which it exhibits, in Chinese.
    sections: Vec<String> = SECTIONS,
    /// Its booths.
    booths: Vec<String> = BOOTHS,
    /// Its website, as it was given.
    website: Option<String> = WEBSITE,
}

/// What the rows of one exhibitor say together: one text that they agree on, or the parts of all of them.
pub(super) trait Joined {
    /// What one cell says.
    fn of_cell(text: Option<Cow<'_, str>>) -> Self;

    /// Whether two rows cannot both be right.
    fn contradicts(&self, other: &Self) -> bool;

    /// Adds what another row says.
    fn join(&mut self, other: Self);
}

impl Joined for Option<String> {
    fn of_cell(text: Option<Cow<'_, str>>) -> Option<String> {
        text.map(Cow::into_owned)
    }

    fn contradicts(&self, other: &Option<String>) -> bool {
        self.is_some() && other.is_some() && self != other
    }

    fn join(&mut self, other: Option<String>) {
        *self = self.take().or(other);
    }
}

impl Joined for Vec<String> {
    fn of_cell(text: Option<Cow<'_, str>>) -> Vec<String> {
        text.map(|text| parts(&text)).unwrap_or_default()
    }

    fn contradicts(&self, _: &Vec<String>) -> bool {
        false
    }

    fn join(&mut self, other: Vec<String>) {
        for part in other {
            if !self.contains(&part) {
                self.push(part);
            }
        }
    }
}

/// The parts of a list in one cell.
pub(super) fn parts(text: &str) -> Vec<String> {
    let parts = text.split([';', '；', '、']).map(str::trim).filter(|part| !part.is_empty());
    parts.map(str::to_owned).collect()
}
