//! `schema`: writes JSON Schemas of the files that people write.

use std::process::ExitCode;

use super::args::{Common, Schema};
use super::terminal;
use crate::project::write_schemas;
use crate::source::Failure;

pub(super) fn run(common: &Common, command: &Schema) -> Result<ExitCode, Failure> {
    let folder = command.out.clone().unwrap_or_else(|| common.root.join("data/schemas"));
    let mut text = String::new();
    for name in write_schemas(&folder)? {
        text.push_str(&format!("{}\n", folder.join(name).display()));
    }
    terminal::print(&text)?;
    Ok(ExitCode::SUCCESS)
}
