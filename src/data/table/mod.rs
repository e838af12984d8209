//! What every table is, whatever its format: its shape, where it is kept, its sheets, its records.

pub(super) mod amendments;
pub(super) mod column_findings;
pub(super) mod headings;
pub(super) mod mask;
pub(super) mod record;
pub(super) mod refusal;
pub(super) mod shape;
pub(super) mod sheet;
pub(super) mod sheet_reader;
pub(super) mod source;
pub(super) mod source_files;
pub(super) mod table_files;
pub(super) mod text_encoding;
