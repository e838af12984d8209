//! `read-workbook`: the part of this program that reads workbooks within limits, in a process of its own.

use std::process::ExitCode;

use super::args::{ReadWorkbook, WorkbookKind};
use crate::data::{WorkbookFormat, read_workbook};

pub(super) fn run(command: &ReadWorkbook) -> ExitCode {
    let format = match command.format {
        WorkbookKind::Xls => WorkbookFormat::Xls,
        WorkbookKind::Ods => WorkbookFormat::Ods,
    };
    let wanted = (!command.sheet.is_empty()).then_some(command.sheet.as_slice());
    match read_workbook(format, wanted) {
        true => ExitCode::SUCCESS,
        false => ExitCode::from(2),
    }
}
