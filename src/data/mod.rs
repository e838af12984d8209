//! Bytes to located values: YAML documents, and tables as streams of rows that keep their places.
//!
//! Knows no fair.

mod cell;
mod decode;
mod delimited;
mod key;
mod package;
mod record;
mod table;
mod workbook;
mod yaml;

pub use cell::{Cell, Date, parse_date};
pub use decode::Spanned;
pub use record::{Field, Kind, Record, Refused, Row};
pub use table::{Account, Outcome, SheetRead, Source, TableShape, read_table};
pub use yaml::{Document, decode_file, decode_text};
