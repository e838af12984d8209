//! `read-workbook`: the part of this program that reads workbooks within limits, in a process of its own.

use std::process::ExitCode;

use super::args::{ReadWorkbook, WorkbookKind};
use crate::data::{WorkbookFormat, read_workbook};

pub(super) fn run(command: &ReadWorkbook) -> ExitCode {
    let format = match command.format {
        WorkbookKind::Xls => WorkbookFormat::Xls,
        WorkbookKind::Ods => WorkbookFormat::Ods,
    };
    match read_workbook(format, command.sheet.as_deref()) {
        true => ExitCode::SUCCESS,
        false => ExitCode::from(2),
    }
}
