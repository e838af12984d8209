//! `guide`: a page of the guide, or the list of its pages.

use std::process::ExitCode;

use super::args::{Common, Guide};
use super::{guide_pages, terminal};
use crate::source::Failure;

pub(super) fn run(common: &Common, command: &Guide) -> Result<ExitCode, Failure> {
    let lang = terminal::language(common.lang);
    let text = match &command.page {
        Some(name) => guide_pages::page(name, lang),
        None => guide_pages::index(lang),
    };
    terminal::print(&guide_pages::printed(text))?;
    Ok(ExitCode::SUCCESS)
}
