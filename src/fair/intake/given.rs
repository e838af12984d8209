//! What is read, and what is asked of it.

use std::collections::BTreeSet;

use crate::data::{
    Amendments, Decoded, IdentifierForms, SheetRead, Source, TableFiles, TableShape, TakeRows, read_table,
};
use crate::fair::config::{FairFile, Sources};
use crate::fair::leaves::{InputObserver, Watched};
use crate::fair::placeholders::Placeholders;
use crate::fair::tables::SHAPES;
use crate::source::{Failure, Files, Report};

/// What the rulebook in force asks of the tables.
#[derive(Clone, Default, Debug)]
pub struct Demands {
    /// Values that are no keys.
    pub placeholders: Placeholders,
    /// The fields that decide awards, by the names of table and field: every sheet has them, or the fair says that it
    /// has not.
    pub deciding: BTreeSet<(&'static str, &'static str)>,
}

/// Where the tables are, and what is asked of them.
pub(super) struct Given<'a> {
    pub(super) files: &'a Files,
    pub(super) folder: &'a str,
    pub(super) fair: &'a Decoded<FairFile>,
    pub(super) sources: &'a Sources,
    pub(super) demands: &'a Demands,
    pub(super) amendments: &'a Amendments,
    /// The forms of the exhibitors' identifiers.
    pub(super) identifiers: Option<&'a IdentifierForms>,
}

impl<'a> Given<'a> {
    /// A table, as it is to be read.
    pub(super) fn table(&self, shape: &'static TableShape) -> TableFiles<'a> {
        TableFiles {
            files: self.files,
            folder: self.folder,
            shape,
            sources: self.sources.of(shape.name),
            identifiers: self.identifiers,
            amendments: Some(self.amendments),
        }
    }

    /// Reads a table, row by row.
    pub(super) fn read(
        &self,
        report: &mut Report,
        shape: &'static TableShape,
        inputs: &mut dyn InputObserver,
        take: &mut dyn TakeRows,
    ) -> Result<Vec<SheetRead>, Failure> {
        let table = self.table(shape);
        match inputs.rows() {
            None => read_table(report, &table, take),
            Some(rows) => {
                read_table(report, &table, &mut Watched::new(self.files, self.folder, shape, rows, take))
            }
        }
    }

    /// The tables with their sources, in the order in which they are accounted for.
    pub(super) fn tables(&self) -> impl Iterator<Item = (&'static TableShape, &'a [Source])> {
        SHAPES.into_iter().map(|shape| (shape, self.sources.of(shape.name)))
    }
}
