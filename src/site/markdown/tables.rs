//! The tables of a text: they can be scrolled with the keyboard, and say what they hold to those who listen.

use pulldown_cmark::{Alignment, Event, Tag, TagEnd};

use super::writer::{Located, Table, Writer, plain_text};
use crate::site::escape::escape;

impl Writer<'_> {
    pub(super) fn table_start(&mut self, events: &[Located<'_>], at: usize, alignments: Vec<Alignment>) {
        self.table = Table { alignments, ..Table::default() };
        // The columns name the table, for readers who listen and come upon it with the keyboard.
        let mut columns: Vec<String> = Vec::new();
        for (number, (event, _)) in events.iter().enumerate().skip(at) {
            match event {
                Event::Start(Tag::TableCell) => columns.push(plain_text(events, number)),
                Event::End(TagEnd::TableHead) => break,
                _ => {}
            }
        }
        let columns: Vec<&str> =
            columns.iter().map(|column| column.trim()).filter(|c| !c.is_empty()).collect();
        let mut label = columns.join(" · ");
        let tables = self.labels.entry(label.clone()).or_default();
        *tables += 1;
        if *tables > 1 {
            label.push_str(&format!(" ({tables})"));
        }
        let role = match columns.is_empty() {
            true => String::new(),
            false => format!(" role=\"region\" aria-label=\"{}\"", escape(&label)),
        };
        self.raw(format!("<div class=\"scroll\" tabindex=\"0\"{role}><table>\n"));
    }

    pub(super) fn table_head_start(&mut self) {
        self.table.in_head = true;
        self.table.column = 0;
        self.raw("<thead><tr>".to_owned());
    }

    pub(super) fn table_head_end(&mut self) {
        self.table.in_head = false;
        self.raw("</tr></thead>\n".to_owned());
    }

    pub(super) fn table_row_start(&mut self) {
        let start = if self.table.in_body { "<tr>" } else { "<tbody>\n<tr>" };
        self.table.in_body = true;
        self.table.column = 0;
        self.raw(start.to_owned());
    }

    pub(super) fn cell_start(&mut self) {
        let class = match self.table.alignments.get(self.table.column) {
            Some(Alignment::Right) => " class=\"align-right\"",
            Some(Alignment::Center) => " class=\"align-center\"",
            _ => "",
        };
        self.table.column += 1;
        self.raw(match self.table.in_head {
            true => format!("<th scope=\"col\"{class}>"),
            false => format!("<td{class}>"),
        });
    }

    pub(super) fn cell_end(&mut self) {
        self.raw(if self.table.in_head { "</th>" } else { "</td>" }.to_owned());
    }

    pub(super) fn table_end(&mut self) {
        self.raw(format!("{}</table></div>\n", if self.table.in_body { "</tbody>\n" } else { "" }));
    }
}

#[cfg(test)]
mod tests {
    use crate::site::markdown::tests::sound;

    #[test]
    fn tables_can_be_scrolled_and_read_aloud() {
        sound(
            "| 奖项 | \"n\" |\n| --- | --: |\n| 金 | 1 |\n",
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"奖项 · &quot;n&quot;\"><table>\n\
             <thead><tr><th scope=\"col\">奖项</th><th scope=\"col\" class=\"align-right\">\"n\"</th></tr></thead>\n\
             <tbody>\n<tr><td>金</td><td class=\"align-right\">1</td></tr>\n</tbody>\n</table></div>\n",
        );
    }
}
