//! Bytes to located values: YAML documents, and tables as streams of rows that keep their places.
//!
//! Knows no fair.

mod amend;
mod biff;
mod cell;
mod column_findings;
mod decode;
mod decode_error;
mod decoded;
mod delimited;
mod headings;
mod key;
mod layout;
mod mask;
mod missing;
mod moment;
mod package;
mod record;
mod shape;
mod shared_texts;
mod sheet_reader;
mod sheet_row;
mod slip;
mod source;
mod source_files;
mod spanned;
mod table;
mod text_encoding;
mod texts;
mod workbook;
mod worker;
mod xlsx;
mod xml;
mod yaml;
mod yaml_list;

pub use amend::{AdmittedFile, AmendedCell, Amendments};
pub use cell::{Cell, begins_formula};
pub use decoded::Decoded;
pub use mask::{IdentifierForms, masked};
pub use missing::report_missing;
pub use moment::{Date, Moment, Time, parse_moment, parse_time};
pub use package::told_by_bytes;
pub use record::{Record, Refused, Row};
pub use shape::{Field, Kind, TableShape, Word, fold_word};
pub use source::{OneOrMore, Source, yaml_scalar};
pub use source_files::{is_there, matching_files};
pub use spanned::Spanned;
pub use table::{Account, FieldRead, Outcome, SheetRead, TableFiles, TakeRows, read_table};
pub use text_encoding::TextEncoding;
pub use texts::{PlacedText, TextBlock};
pub use worker::{COMMAND as READ_WORKBOOK, WorkbookFormat, answer as read_workbook};
pub use yaml::{Document, decode_file, decode_text};
