//! Places as people and as programs write them.

use super::span::column_letters;
use super::{Files, Place, Span};

/// A place as programs take it. Lines, columns and fields count from 1, columns in characters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Location {
    /// A file as a whole.
    Whole,
    /// A part of a line.
    Text {
        /// The line.
        line: usize,
        /// The first column.
        column: usize,
        /// The column behind the last.
        end_column: usize,
    },
    /// A field of a delimited text.
    Field {
        /// The line on which its row begins.
        line: u32,
        /// The field of the row.
        field: u16,
    },
    /// A cell of a workbook.
    Cell {
        /// The name of the sheet.
        sheet: String,
        /// The cell: `C17`.
        cell: String,
    },
    /// A sheet of a workbook.
    Sheet(String),
}

impl Files {
    /// A place as people write it: `path:line:column`, `path sheet!C17`, or the path alone. Lines and
    /// columns count from 1, columns in characters.
    pub fn at(&self, span: Span) -> String {
        self.named.look(span.file, |file| match span.place {
            Place::Whole => file.path.clone(),
            Place::Text { start, .. } => {
                let text = file.text.as_deref().unwrap_or_default();
                let (line, column) = line_and_column(text, start as usize);
                format!("{}:{line}:{column}", file.path)
            }
            Place::Field { line, field } => format!("{}:{line}:{field}", file.path),
            Place::Cell { sheet, row, column } => {
                format!("{} {}!{}{}", file.path, file.sheet(sheet), column_letters(column), row + 1)
            }
            Place::Sheet(sheet) => format!("{} {}", file.path, file.sheet(sheet)),
        })
    }

    /// A place taken apart, for programs.
    pub fn location(&self, span: Span) -> Location {
        self.named.look(span.file, |file| match span.place {
            Place::Whole => Location::Whole,
            Place::Text { start, end } => {
                let text = file.text.as_deref().unwrap_or_default();
                let (line, column) = line_and_column(text, start as usize);
                // What reaches over several lines ends with the first of them, as the caret does.
                let (last_line, last_column) = line_and_column(text, end as usize);
                let rest = text.get(start as usize..).unwrap_or_default();
                let line_end = column + rest.lines().next().unwrap_or_default().chars().count();
                let end_column = if last_line == line { last_column } else { line_end };
                Location::Text { line, column, end_column: end_column.max(column) }
            }
            Place::Field { line, field } => Location::Field { line, field },
            Place::Cell { sheet, row, column } => Location::Cell {
                sheet: file.sheet(sheet),
                cell: format!("{}{}", column_letters(column), row + 1),
            },
            Place::Sheet(sheet) => Location::Sheet(file.sheet(sheet)),
        })
    }

    /// The number of the line or row of a place, counted from 1.
    pub fn row_number(&self, span: Span) -> u32 {
        match span.place {
            Place::Field { line, .. } => line,
            Place::Cell { row, .. } => row + 1,
            Place::Text { start, .. } => {
                let text = self.text(span.file).unwrap_or_default();
                u32::try_from(line_and_column(&text, start as usize).0).unwrap_or(u32::MAX)
            }
            Place::Whole | Place::Sheet(_) => 1,
        }
    }
}

/// Line and column, both counted from 1, of a byte of a text.
fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let before = &text[..at];
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    (line, before[start..].chars().count() + 1)
}
