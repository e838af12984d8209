//! Tables that are none, or lose what stands in them: with bars of a Chinese keyboard, without the line of hyphens, with a
//! cell too many.

use std::ops::Range;

use pulldown_cmark::{Event, Tag};

use super::lines::Paragraph;
use super::writer::{Located, Writer};
use crate::source::{Message, code, say};

const BARS: [char; 2] = ['|', '｜'];
const SPACES: [char; 3] = [' ', '\t', '\u{3000}'];

impl Writer<'_> {
    /// Reports tables that are shown as text.
    pub(super) fn typed_tables(&mut self, paragraphs: &[Paragraph]) {
        for paragraph in paragraphs {
            let lines = || paragraph.lines.iter().filter(|line| !line.is_escaped);
            let text = |place: &Range<usize>| self.text[place.clone()].trim_matches(SPACES);
            let has_rule = lines().any(|line| is_rule(text(&line.place)));
            let rows: Vec<&Range<usize>> = lines()
                .map(|line| &line.place)
                .filter(|place| text(place).starts_with(BARS) || has_rule && text(place).contains(BARS))
                .filter(|place| text(place).matches(BARS).count() > 1 || has_rule)
                .collect();
            let Some(first) = rows.first() else { continue };
            let place = first.start..first.end;
            if paragraph.follows_table {
                self.refuse_table(
                    place,
                    say!("this row is not part of the table above"),
                    say!("remove the empty line before it"),
                );
            } else if rows.len() > 1 {
                let written = written(rows.iter().map(|place| text(place)));
                self.refuse_table(
                    place,
                    say!("this is not a table and is shown as text"),
                    say!("write the table with an empty line before it:\n{written}", written),
                );
            }
        }
    }

    /// Reports rows of tables of which something is lost, or that are none.
    pub(super) fn broken_rows(&mut self, events: &[Located<'_>]) {
        let mut columns = 0;
        for (event, range) in events {
            match event {
                Event::Start(Tag::Table(alignments)) => columns = alignments.len(),
                Event::Start(Tag::TableRow) => self.row(range, columns),
                _ => {}
            }
        }
    }

    fn row(&mut self, range: &Range<usize>, columns: usize) {
        // A table that a placeholder makes is not written in the text.
        if range.is_empty() {
            return;
        }
        let end = self.text[range.start..].find('\n').map_or(self.text.len(), |length| range.start + length);
        let line = self.text[range.start..end].trim_end();
        let place = range.start..range.start + line.len();
        let cells = cells(line);
        if cells.len() > columns {
            let surplus = cells[columns..].join(" | ");
            // A bar at the end alone is nothing.
            if surplus.trim_matches([' ', '|']).is_empty() {
                return;
            }
            let start = place.start + line.rfind(cells[columns]).unwrap_or_default();
            let message = say!(
                "the row has {count} {count:cell|cells}, but the table has {columns} {columns:column|columns}: `{surplus}` is not shown",
                count = cells.len(),
                columns,
                surplus
            );
            let hint = say!(
                "add a column to the heading and to the line of hyphens, or write `\\|` for a bar in a cell"
            );
            self.refuse_table(start..place.end, message, hint);
        } else if columns > 1 && !line.contains(BARS) {
            self.refuse_table(
                place,
                say!("this line becomes a row of the table above"),
                say!("put an empty line between the table and the text"),
            );
        } else if cells.len() < columns && line.contains('｜') {
            let row = written_row(&line.replace('｜', "|"), columns);
            self.refuse_table(
                place,
                say!("the row has full-width bars, which part no cells"),
                say!("write `{row}`", row),
            );
        }
    }

    fn refuse_table(&mut self, place: Range<usize>, message: Message, hint: Message) {
        let span = self.span(place);
        self.report.error(code::MARKDOWN_TABLE, span, message).hint(hint);
    }
}

/// Whether a line stands between the heading and the rows of a table, or would if its signs were others.
fn is_rule(line: &str) -> bool {
    let dashes = ['-', '—', '－', '–', '─', '―'];
    let is_part = |letter: char| {
        BARS.contains(&letter)
            || SPACES.contains(&letter)
            || dashes.contains(&letter)
            || [':', '：'].contains(&letter)
    };
    line.contains(BARS) && line.contains(dashes) && line.chars().all(is_part)
}

/// The cells of a row.
fn cells(row: &str) -> Vec<&str> {
    let row = row.trim_matches(SPACES);
    let row = row.strip_prefix('|').unwrap_or(row);
    let mut cells = Vec::new();
    let (mut start, mut last) = (0, ' ');
    for (at, letter) in row.char_indices() {
        if letter == '|' && last != '\\' {
            cells.push(row[start..at].trim_matches(SPACES));
            start = at + 1;
        }
        last = letter;
    }
    if start < row.len() {
        cells.push(row[start..].trim_matches(SPACES));
    }
    cells
}

/// A table as it is written, from its lines.
fn written<'t>(lines: impl Iterator<Item = &'t str>) -> String {
    const SHOWN: usize = 5;
    let rows: Vec<String> = lines.filter(|line| !is_rule(line)).map(|line| line.replace('｜', "|")).collect();
    let columns = rows.iter().map(|row| cells(row).len()).max().unwrap_or_default();
    let mut written: Vec<String> = rows.iter().take(SHOWN).map(|row| written_row(row, columns)).collect();
    written.insert(1.min(written.len()), format!("|{}", " --- |".repeat(columns)));
    if rows.len() > SHOWN {
        written.push("…".to_owned());
    }
    written.join("\n")
}

fn written_row(row: &str, columns: usize) -> String {
    let mut cells = cells(row);
    cells.resize(columns.max(cells.len()), "");
    let cells: String = cells.iter().map(|cell| format!(" {cell} |")).collect();
    format!("|{cells}")
}

#[cfg(test)]
mod tests {
    use crate::site::markdown::tests::{problems, sound};

    #[test]
    fn tables_that_are_shown_as_text_are_written_as_they_should_be() {
        let table = "| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |";
        for text in [
            "｜ 甲 ｜ 乙 ｜\n｜ --- ｜ --- ｜\n｜ 1 ｜ 2 ｜",
            "| 甲 | 乙 |\n| —— | —— |\n| 1 | 2 |",
            "| 甲 | 乙 |\n| 1 | 2 |",
            "| 甲 | 乙 |\n| --- |\n| 1 | 2 |",
            "|　甲　|　乙　|\n|　---　|　---　|\n|　1　|　2　|",
            "甲 | 乙\n—— | ——\n1 | 2",
        ] {
            let found = problems(text);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert!(found[0].starts_with("this is not a table and is shown as text"), "{found:?}");
            assert!(found[0].ends_with(table), "{found:?}");
        }
        assert_eq!(problems("他说 | 她说\n甲 | 乙"), [""; 0]);
    }

    #[test]
    fn rows_that_lose_something_are_reported() {
        let rows = |rows: &str| problems(&format!("| 甲 | 乙 |\n| --- | --- |\n{rows}"));
        let begins = |rows: Vec<String>, with: &str| {
            assert!(rows.len() == 1 && rows[0].starts_with(with), "{rows:?}");
        };
        begins(
            rows("| 1 | 2 | 3多出 |"),
            "the row has 3 cells, but the table has 2 columns: `3多出` is not shown",
        );
        begins(rows("| `a|b` | 2 |"), "the row has 3 cells, but the table has 2 columns: `2` is not shown");
        begins(rows("| 1 | 2 |\n说明"), "this line becomes a row of the table above");
        begins(rows("| 1 | 2 |\n\n| 3 | 4 |"), "this row is not part of the table above");
        begins(rows("| 1 ｜ 2 |"), "the row has full-width bars, which part no cells");
        assert_eq!(rows("| 1 | 2 |\n| 只有甲 |\n| `a\\|b` | 3 ||"), [""; 0]);
        sound("甲\n", "<p>甲</p>\n");
    }
}
