//! What an entry commits to of the tables, observed while they are read once: the bytes of their files, and their rows.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use rapidhash::fast::RandomState;
use sha2::{Digest as _, Sha256};

use crate::award::{Digest, Keyed, Merkle, SealedInput, SealedRows, Secret, TreeHead, leaf_hash};
use crate::data::Account;
use crate::fair::{Facts, InputObserver, LeafRow, RowObserver};
use crate::source::{Failure, FileId, Files, say};

/// Sees the files of the tables.
pub(super) struct SealedInputs<'a> {
    files: &'a Files,
    folder: String,
    /// The files, by path.
    pub(super) inputs: Vec<SealedInput>,
    rows: Rows,
}

/// What is wanted of the rows.
enum Rows {
    Nothing,
    /// The trees of all.
    Trees(RowTrees),
    /// Those of exhibitors.
    Own(OwnRows),
}

/// The trees of all rows.
struct RowTrees {
    salts: Salts,
    tables: BTreeMap<&'static str, TableTrees>,
    content: String,
}

/// The tree of a table, and those of the rows of each exhibitor in it.
#[derive(Default)]
struct TableTrees {
    tree: Merkle,
    exhibitors: HashMap<String, Merkle, RandomState>,
}

/// The rows of some exhibitors, with the salts of their leaves.
pub(super) struct OwnRows {
    salts: Salts,
    /// Whose rows are kept; those of all where it is absent.
    only: Option<String>,
    /// How many rows each table has so far.
    read: BTreeMap<&'static str, u64>,
    /// The rows, by exhibitor and table, in reading order.
    pub(super) kept: BTreeMap<String, BTreeMap<String, Vec<OwnRow>>>,
}

/// A row as a leaf.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct OwnRow {
    pub(super) content: String,
    pub(super) salt: Digest,
}

/// Makes the salts of rows. No two rows have one salt, so that equal rows do not show.
struct Salts {
    secret: Keyed,
    /// The table that was read last, with its key.
    table: (&'static str, Digest),
}

impl Salts {
    fn new(secret: &Secret) -> Salts {
        Salts { secret: secret.keyed(), table: ("", Digest([0; 32])) }
    }

    /// The hash of a key for the table and the number of the row, which are always 40 bytes.
    fn of(&mut self, table: &'static str, place: u64) -> Digest {
        if self.table.0 != table {
            self.table = (table, self.secret.derive(&[b"rows", table.as_bytes()]));
        }
        let mut hasher = Sha256::new();
        hasher.update(self.table.1.0);
        hasher.update(place.to_be_bytes());
        Digest(hasher.finalize().into())
    }
}

impl<'a> SealedInputs<'a> {
    /// Observes the bytes of the files.
    pub(super) fn of_files(files: &'a Files, fair: u32) -> SealedInputs<'a> {
        let folder = format!("data/fairs/{fair}/");
        SealedInputs { files, folder, inputs: Vec::new(), rows: Rows::Nothing }
    }

    /// Observes the bytes of the files, and all rows.
    pub(super) fn of_rows(files: &'a Files, fair: u32, secret: &Secret) -> SealedInputs<'a> {
        let trees = RowTrees { salts: Salts::new(secret), tables: BTreeMap::new(), content: String::new() };
        SealedInputs { rows: Rows::Trees(trees), ..SealedInputs::of_files(files, fair) }
    }

    /// Keeps the rows of an exhibitor, or of all.
    pub(super) fn of_exhibitors(
        files: &'a Files,
        fair: u32,
        secret: &Secret,
        only: Option<&str>,
    ) -> SealedInputs<'a> {
        let own = OwnRows {
            salts: Salts::new(secret),
            only: only.map(str::to_owned),
            read: BTreeMap::new(),
            kept: BTreeMap::new(),
        };
        SealedInputs { rows: Rows::Own(own), ..SealedInputs::of_files(files, fair) }
    }

    /// The trees of all rows, where they were observed.
    pub(super) fn take_trees(&mut self, facts: &Facts) -> Option<SealedRows> {
        let Rows::Trees(RowTrees { tables, .. }) = std::mem::replace(&mut self.rows, Rows::Nothing) else {
            return None;
        };
        let mut sealed = SealedRows::default();
        for (table, TableTrees { tree, exhibitors }) in tables {
            let mut rows = Account::default();
            facts.sheets.get(table).into_iter().flatten().for_each(|sheet| rows.add(sheet.account));
            assert_eq!(tree.leaves(), rows.below_headings(), "every row of {table} is in its tree");
            sealed.trees.insert(table.to_owned(), tree.head());
            exhibitors.into_iter().for_each(|(id, tree)| {
                sealed.exhibitors.entry(id).or_default().insert(table.to_owned(), tree.head());
            });
        }
        Some(sealed)
    }

    /// The rows that were kept.
    pub(super) fn into_own(self) -> BTreeMap<String, BTreeMap<String, Vec<OwnRow>>> {
        match self.rows {
            Rows::Own(own) => own.kept,
            Rows::Nothing | Rows::Trees(_) => BTreeMap::new(),
        }
    }
}

impl InputObserver for SealedInputs<'_> {
    fn rows(&mut self) -> Option<&mut dyn RowObserver> {
        match &mut self.rows {
            Rows::Nothing => None,
            Rows::Trees(trees) => Some(trees),
            Rows::Own(own) => Some(own),
        }
    }

    fn file(&mut self, file: FileId) -> Result<(), Failure> {
        // What rows of some exhibitors are worth is told by their own trees.
        if matches!(self.rows, Rows::Own(_)) {
            return Ok(());
        }
        let path = self.files.path(file);
        let mut opened = self.files.open(file)?;
        let mut hasher = Sha256::new();
        let bytes = std::io::copy(&mut opened, &mut hasher)
            .map_err(|cause| Failure::new(say!("read {path}", path), cause))?;
        let name = path.strip_prefix(&self.folder).unwrap_or(&path).to_owned();
        self.inputs.push(SealedInput { file: name, bytes, sha256: Digest(hasher.finalize().into()) });
        Ok(())
    }
}

impl RowObserver for RowTrees {
    fn row(&mut self, row: &LeafRow<'_>) {
        let table = self.tables.entry(row.table).or_default();
        row.write(&mut self.content);
        let leaf = leaf_hash(&self.salts.of(row.table, table.tree.leaves()), &self.content);
        table.tree.push(leaf);
        if let Some(exhibitor) = row.exhibitor {
            match table.exhibitors.get_mut(exhibitor) {
                Some(tree) => tree.push(leaf),
                None => table.exhibitors.entry(exhibitor.to_owned()).or_default().push(leaf),
            }
        }
    }
}

impl RowObserver for OwnRows {
    fn row(&mut self, row: &LeafRow<'_>) {
        let place = self.read.entry(row.table).or_default();
        let number = *place;
        *place += 1;
        let Some(exhibitor) = row.exhibitor else { return };
        if self.only.as_deref().is_none_or(|only| only == exhibitor) {
            let salt = self.salts.of(row.table, number);
            let tables = self.kept.entry(exhibitor.to_owned()).or_default();
            let rows = tables.entry(row.table.to_owned()).or_default();
            let mut content = String::new();
            row.write(&mut content);
            rows.push(OwnRow { content, salt });
        }
    }
}

impl OwnRow {
    /// The tree of some rows.
    pub(super) fn tree(rows: &[OwnRow]) -> TreeHead {
        TreeHead::of(rows.iter().map(|row| leaf_hash(&row.salt, &row.content)))
    }
}
