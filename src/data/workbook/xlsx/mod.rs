//! Workbooks in the format xlsx.

pub(super) mod book;
mod numbers;
mod row;
mod shared_texts;
mod sheet;
