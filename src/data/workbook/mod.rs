//! Workbooks: xlsx row by row, xls and ods in a process of their own.

mod layout;
mod ods_layout;
mod package;
pub(super) mod reader;
pub(super) mod worker;
mod xls_layout;
mod xlsx;
mod xml;
