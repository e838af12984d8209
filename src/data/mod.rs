//! Bytes to located values: YAML documents, and tables as streams of rows that keep their places.
//!
//! Knows no fair.
//!
//! ```text
//! characters dates cell       what a cell says
//! decoded missing yaml        documents: parsed, placed, made into types
//! web_address                 the address of a website, and what is meant by one that is none
//! number_in_text              the number that is meant by more than its digits
//! table                       what every table is: shape, sources, sheets, records; the reader that takes rows
//! csv workbook yaml_list      the formats: each hands its rows to `table::sheet_reader`
//! file_format read_table      the door: a file is read as what its bytes are
//! ```

mod cell;
mod characters;
mod csv;
mod dates;
mod decoded;
mod file_format;
mod missing;
mod number_in_text;
mod read_table;
mod table;
mod web_address;
mod workbook;
mod yaml;
mod yaml_list;

pub use cell::{Cell, begins_formula};
pub use dates::moment::{Date, Moment, Time, parse_moment};
pub use dates::time_of_day::parse_time;
pub use decoded::Decoded;
pub use file_format::told_by_bytes;
pub use missing::report_missing;
pub use number_in_text::{number_hint, number_in};
pub use read_table::read_table;
pub use table::amendments::{AdmittedFile, AmendedCell, Amendments};
pub use table::mask::{IdentifierForms, masked};
pub use table::record::{Record, Refused};
pub use table::shape::{Field, Kind, TableShape, Word, fold_word};
pub use table::sheet::{Account, FieldRead, Outcome, Row, SheetRead};
pub use table::source::{OneOrMore, Source, yaml_scalar};
pub use table::source_files::{is_there, matching_files};
pub use table::table_files::{TableFiles, TakeRows};
pub use table::text_encoding::TextEncoding;
pub use web_address::{meant_address, web_address, web_address_hint};
pub use workbook::worker::{COMMAND as READ_WORKBOOK, WorkbookFormat, answer as read_workbook};
pub use yaml::decode::{decode_file, decode_text};
pub use yaml::document::Document;
pub use yaml::spanned::{Spanned, given};
pub use yaml::texts::{PlacedText, TextBlock};
