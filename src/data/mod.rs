//! Bytes to located values: YAML documents, and tables as streams of rows that keep their places.
//!
//! Knows no fair.

mod biff;
mod cell;
mod decode;
mod decode_error;
mod delimited;
mod headings;
mod key;
mod layout;
mod missing;
mod package;
mod record;
mod shared_texts;
mod sheet_reader;
mod sheet_row;
mod slip;
mod source_files;
mod spanned;
mod table;
mod texts;
mod workbook;
mod worker;
mod xlsx;
mod xml;
mod yaml;
mod yaml_list;

pub use cell::{Cell, Date, Time, begins_formula, parse_date};
pub use missing::report_missing;
pub use package::told_by_bytes;
pub use record::{Field, Kind, Record, Refused, Row};
pub use source_files::is_there;
pub use spanned::Spanned;
pub use table::{Account, Outcome, SheetRead, Source, TableShape, read_table};
pub use texts::{PlacedText, TextBlock};
pub use worker::{COMMAND as READ_WORKBOOK, WorkbookFormat, answer as read_workbook};
pub use yaml::{Document, decode_file, decode_text};
