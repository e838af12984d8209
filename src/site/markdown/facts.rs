//! Placeholders in a text, filled with facts: in words, captions and titles, never in code, addresses or HTML.

use pulldown_cmark::{Alignment, CowStr, Event, Tag, TagEnd};

use super::writer::Located;
use crate::site::placeholder::{Fill, FindFill, Placeholder, filled, placeholders};
use crate::source::{FileId, Report, Span, code, say};

/// What placeholders are filled with, and where the text stands, to name those that are wrong.
pub(super) struct Facts<'a> {
    pub(super) find: &'a FindFill<'a>,
    pub(super) file: FileId,
    pub(super) offset: usize,
    pub(super) text: &'a str,
}

impl Facts<'_> {
    /// Fills the placeholders of a text. What they are filled with is words: it is not read as Markdown again.
    pub(super) fn fill<'e>(&self, report: &mut Report, events: Vec<Located<'e>>) -> Vec<Located<'e>> {
        let mut out: Vec<Located<'e>> = Vec::with_capacity(events.len());
        let mut code = false;
        let mut events = events.into_iter().peekable();
        while let Some((event, range)) = events.next() {
            code = match &event {
                Event::Start(Tag::CodeBlock(_)) => true,
                Event::End(TagEnd::CodeBlock) => false,
                _ => code,
            };
            if let Event::Start(Tag::Link { title, .. } | Tag::Image { title, .. }) = &event
                && title.contains("{{")
            {
                let title = self.filled_title(report, title, &range);
                out.push((with_title(event, title), range));
                continue;
            }
            let Event::Text(words) = &event else {
                out.push((event, range));
                continue;
            };
            if !code && matches!(events.peek(), Some((Event::SoftBreak, _))) && is_torn(words) {
                let span = Span::text(self.file, self.offset + range.start, self.offset + range.end);
                report
                    .error(
                        code::PLACEHOLDER,
                        span,
                        say!("the placeholder that begins here is not closed on its line"),
                    )
                    .hint(say!("write it on one line"));
            }
            if code || !words.contains("{{") {
                out.push((event, range));
                continue;
            }
            let source = &self.text[range.clone()];
            let is_alone = matches!(out.last(), Some((Event::Start(Tag::Paragraph), _)))
                && matches!(events.peek(), Some((Event::End(TagEnd::Paragraph), _)));
            let mut filled = String::new();
            let mut done = 0;
            let mut table = None;
            for Placeholder { range: part, name } in placeholders(words) {
                if is_escaped(words, self.text, &range, part.start) {
                    continue;
                }
                // Words with entities or backslashes are shorter than what is written.
                let place = match source.len() == words.len() {
                    true => range.start + part.start..range.start + part.end,
                    false => range.clone(),
                };
                let span = Span::text(self.file, self.offset + place.start, self.offset + place.end);
                match (self.find)(name) {
                    Ok(Fill::Text(fact)) => {
                        filled.push_str(&words[done..part.start]);
                        filled.push_str(&fact);
                        done = part.end;
                    }
                    Ok(Fill::Table { head, rows }) if is_alone && words.trim() == &words[part.clone()] => {
                        table = Some((head, rows));
                    }
                    Ok(Fill::Table { .. }) => {
                        report
                            .error(
                                code::PLACEHOLDER,
                                span,
                                say!("`{name}` is a table and does not stand alone", name),
                            )
                            .hint(say!("put `{{{{ {name} }}}}` into a paragraph of its own", name));
                    }
                    Err(unknown) => unknown.report(report, span, name),
                }
            }
            if let Some((head, rows)) = table {
                out.pop();
                events.next();
                push_table(&mut out, &range, head, rows);
                continue;
            }
            filled.push_str(&words[done..]);
            out.push((Event::Text(CowStr::from(filled)), range));
        }
        out
    }

    /// The title of a link or picture, or the caption, with its placeholders filled.
    fn filled_title(&self, report: &mut Report, title: &str, range: &std::ops::Range<usize>) -> String {
        let span = Span::text(self.file, self.offset + range.start, self.offset + range.end);
        for placeholder in placeholders(title).filter(|found| !found.is_escaped(title)) {
            if let Err(unknown) = (self.find)(placeholder.name) {
                unknown.report(report, span, placeholder.name);
            }
        }
        filled(title, self.find)
    }
}

fn with_title<'e>(event: Event<'e>, words: String) -> Event<'e> {
    let title = CowStr::from(words);
    match event {
        Event::Start(Tag::Link { link_type, dest_url, id, .. }) => {
            Event::Start(Tag::Link { link_type, dest_url, title, id })
        }
        Event::Start(Tag::Image { link_type, dest_url, id, .. }) => {
            Event::Start(Tag::Image { link_type, dest_url, title, id })
        }
        other => other,
    }
}

/// Whether words end in the middle of a placeholder.
fn is_torn(words: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || ['.', '_', ' '].contains(&c);
    words.rsplit_once("{{").is_some_and(|(before, name)| !before.ends_with('\\') && name.chars().all(is_part))
}

/// Whether the braces at a place of the words have a backslash in the text, of which the words are a part.
fn is_escaped(words: &str, text: &str, part: &std::ops::Range<usize>, at: usize) -> bool {
    let before = words[..at].matches("{{").count();
    let mut braces = text[part.clone()].match_indices('{').map(|(at, _)| part.start + at).filter(|at| {
        let rest = text[at + 1..].trim_start_matches('\\');
        rest.starts_with('{')
    });
    let found = braces.nth(before);
    found.is_some_and(|at| text[..at].ends_with('\\') || text[at + 1..].starts_with('\\'))
}

fn push_table<'e>(
    out: &mut Vec<Located<'e>>,
    range: &std::ops::Range<usize>,
    head: Vec<String>,
    rows: Vec<Vec<String>>,
) {
    // Its parts are nowhere in the text.
    let mut push = |event: Event<'e>| out.push((event, range.start..range.start));
    push(Event::Start(Tag::Table(vec![Alignment::None; head.len()])));
    let parts = std::iter::once((Tag::TableHead, TagEnd::TableHead, head))
        .chain(rows.into_iter().map(|row| (Tag::TableRow, TagEnd::TableRow, row)));
    for (start, end, cells) in parts {
        push(Event::Start(start));
        for cell in cells {
            push(Event::Start(Tag::TableCell));
            push(Event::Text(CowStr::from(cell)));
            push(Event::End(TagEnd::TableCell));
        }
        push(Event::End(end));
    }
    push(Event::End(TagEnd::Table));
}

#[cfg(test)]
mod tests {
    use crate::site::markdown::tests::{refused, sound};

    #[test]
    fn facts_are_words_and_stand_in_words_only() {
        sound("甲{{ fact }}**{{fact}}**", "<p>甲&lt;b&gt;*x*<strong>&lt;b&gt;*x*</strong></p>\n");
        sound(
            "`{{ fact }}` [a](/activities/vlog/ \"{{ fact }}\")",
            "<p><code>{{ fact }}</code> <a href=\"/sub/zh/activities/vlog/\" title=\"&lt;b&gt;*x*\">a</a></p>\n",
        );
        sound("```\n{{ fact }}\n```", "<pre><code>{{ fact }}\n</code></pre>\n");
        sound("\\{{ fact }} {\\{ fact }} {{ fact }}", "<p>{{ fact }} {{ fact }} &lt;b&gt;*x*</p>\n");
    }

    #[test]
    fn a_table_stands_alone() {
        sound(
            "{{ table }}",
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"a\"><table>\n\
             <thead><tr><th scope=\"col\">a</th></tr></thead>\n<tbody>\n<tr><td>1</td></tr>\n</tbody>\n</table></div>\n",
        );
        refused("x {{ table }}", "<p>x {{ table }}</p>\n", "`table` is a table and does not stand alone");
    }
}
