//! The rows of a fair's tables as texts, one after another, for what commits to each of them.

use super::config::Sources;
use super::tables::SHAPES;
use crate::data::{Outcome, Record, TableFiles, read_table};
use crate::source::{Failure, Files, Report};

/// A row as it is committed to.
pub struct LeafRow<'a> {
    /// Its table.
    pub table: &'static str,
    /// The exhibitor that it names, where its table has one.
    pub exhibitor: Option<&'a str>,
    /// A list in JSON: table, file, sheet, row as people count it, then the value of every field of the table
    /// in the order of the contract, absent ones as `null`.
    pub content: &'a str,
}

/// Reads the tables of a fair once more and hands over every row that is not blank, table by table, in reading
/// order.
pub fn read_leaves(
    files: &Files,
    folder: &str,
    sources: &Sources,
    take: &mut dyn FnMut(LeafRow<'_>),
) -> Result<(), Failure> {
    // What is wrong with the tables was reported when they were read for their facts.
    let mut unheard = Report::new();
    for shape in SHAPES {
        let table = TableFiles { files, folder, shape, sources: sources.of(shape.name), identifiers: None };
        let owner = shape.field("exhibitor");
        let mut content = String::new();
        read_table(&mut unheard, &table, &mut |_: &mut Report, record: &Record<'_>| {
            let sheet = record.sheet();
            let path = files.path(sheet.file);
            let file = path.strip_prefix(folder).map_or(path.as_str(), |rest| rest.trim_start_matches('/'));
            content.clear();
            content.push('[');
            push_text(&mut content, Some(shape.name));
            push_text(&mut content, Some(file));
            push_text(&mut content, sheet.sheet.as_ref().map(|(_, name)| name.as_str()));
            let row = files.row_number(sheet.cell_span(record.row().row, 0));
            content.push_str(&row.to_string());
            content.push(',');
            for field in 0..shape.fields.len() {
                push_text(&mut content, record.written(field).as_deref());
            }
            content.pop();
            content.push(']');
            let exhibitor = owner.and_then(|field| record.written(field));
            take(LeafRow { table: shape.name, exhibitor: exhibitor.as_deref(), content: &content });
            Outcome::Used
        })?;
    }
    Ok(())
}

fn push_text(content: &mut String, text: Option<&str>) {
    match text {
        None => content.push_str("null,"),
        Some(text) => {
            content.push_str(&serde_json::to_string(text).expect("a text is always written"));
            content.push(',');
        }
    }
}
