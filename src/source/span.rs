//! A place in an input.

/// An input file, by its number in [`super::Files`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct FileId(pub(super) u32);

impl FileId {
    /// The number of the file, in the order in which files were first named.
    pub fn number(self) -> u32 {
        self.0
    }

    /// The file of a number.
    pub fn from_number(number: u32) -> FileId {
        FileId(number)
    }
}

/// Where in a file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Place {
    /// The file as a whole.
    Whole,
    /// Bytes `start..end` of a text file that is held in memory.
    Text {
        /// First byte.
        start: u32,
        /// One past the last byte.
        end: u32,
    },
    /// A field of a delimited text file, which is not held in memory. Lines and fields count from 1.
    Field {
        /// Line of the file on which the row begins.
        line: u32,
        /// Field of the row.
        field: u16,
    },
    /// A cell of a workbook. Sheet, row and column count from 0.
    Cell {
        /// Number of the sheet in the workbook.
        sheet: u16,
        /// Row.
        row: u32,
        /// Column.
        column: u16,
    },
    /// A sheet of a workbook, counted from 0.
    Sheet(u16),
}

/// A place in a file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// Where in it.
    pub place: Place,
}

impl Span {
    /// A file as a whole.
    pub fn whole(file: FileId) -> Span {
        Span { file, place: Place::Whole }
    }

    /// Bytes of a text file.
    pub fn text(file: FileId, start: usize, end: usize) -> Span {
        let [start, end] = [start, end].map(|at| u32::try_from(at).unwrap_or(u32::MAX));
        Span { file, place: Place::Text { start, end } }
    }

    /// Of a text, its first byte.
    pub fn beginning(self) -> Span {
        match self.place {
            Place::Text { start, .. } => Span { place: Place::Text { start, end: start + 1 }, ..self },
            _ => self,
        }
    }
}

/// The letters of a spreadsheet column counted from 0: 0 is `A`, 26 is `AA`.
pub fn column_letters(column: u16) -> String {
    let mut letters = Vec::new();
    let mut rest = u32::from(column) + 1;
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).expect("a remainder of 26 fits a byte");
        letters.push(b'A' + digit);
        rest = (rest - 1) / 26;
    }
    letters.reverse();
    String::from_utf8(letters).expect("letters are ASCII")
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns_are_named_as_spreadsheets_name_them() {
        let names = [0, 25, 26, 701, 702, 16383].map(super::column_letters);
        assert_eq!(names, ["A", "Z", "AA", "ZZ", "AAA", "XFD"]);
    }
}
