//! `{{ name }}` in texts that people write: a place that is filled with a fact.

use std::ops::Range;

use crate::source::{Report, Span, code, list, nearest, say};

/// A placeholder in a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Placeholder<'t> {
    /// Its bytes, braces included.
    pub range: Range<usize>,
    /// The name, without spaces around it.
    pub name: &'t str,
}

impl Placeholder<'_> {
    /// Whether the braces have a backslash before them in a text that is no Markdown, and are shown themselves.
    pub fn is_escaped(&self, text: &str) -> bool {
        text[..self.range.start].ends_with('\\')
    }
}

/// What was meant for a placeholder and is none: a brace is missing, full-width, or has a space behind it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Torn {
    /// Its bytes.
    pub range: Range<usize>,
    /// As it is written.
    pub written: String,
    /// The placeholder that was meant.
    pub meant: String,
}

impl Torn {
    /// Reports it.
    pub fn report(&self, report: &mut Report, span: Span) {
        let Torn { written, meant, .. } = self;
        report
            .error(
                code::PLACEHOLDER,
                span,
                say!("`{written}` is not a placeholder", written = written.as_str()),
            )
            .hint(say!("write `{meant}`, with two half-width braces on each side", meant = meant.as_str()));
    }
}

/// What was meant for a placeholder and is none. The names of placeholders have a point in them, and three braces or
/// more, or full-width ones, stand around them.
pub fn torn(text: &str) -> Vec<Torn> {
    let is_open = |c: char| ['{', '｛'].contains(&c);
    let is_close = |c: char| ['}', '｝'].contains(&c);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(is_open).map(|found| at + found) {
        let name_at =
            start + text[start..].find(|c: char| !is_open(c) && c != ' ').unwrap_or(text.len() - start);
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '_';
        let name_end = name_at + text[name_at..].find(|c| !is_part(c)).unwrap_or(text.len() - name_at);
        let rest = &text[name_end..];
        let closed = rest.trim_start_matches(|c| is_close(c) || c == ' ');
        // Spaces behind the last brace are none of it.
        let end = name_end + rest[..rest.len() - closed.len()].trim_end().len();
        at = name_end.max(start + 1);
        let (name, written) = (&text[name_at..name_end], &text[start..end]);
        let braces = written.chars().filter(|c| is_open(*c) || is_close(*c)).count();
        let is_wide = written.contains(['｛', '｝']);
        let is_sound = written.starts_with("{{") && written.ends_with("}}") && braces == 4 && !is_wide;
        let is_sound = is_sound
            && !written[2..written.len() - 2].contains(is_open)
            && !written[2..written.len() - 2].contains(is_close);
        let is_meant =
            name.contains('.') && written.ends_with(is_close) && (is_wide || (3..=4).contains(&braces));
        let is_escaped = text[..start].ends_with('\\');
        if is_meant && !is_sound && !is_escaped {
            let meant = format!("{{{{ {name} }}}}");
            found.push(Torn { range: start..end, written: written.to_owned(), meant });
            at = end;
        }
    }
    found
}

/// What a placeholder is filled with.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Fill {
    /// Words. They are shown as they are, whatever they hold.
    Text(String),
    /// A table, which takes the place of a paragraph.
    Table {
        /// The headings of the columns.
        head: Vec<String>,
        /// The cells of each row.
        rows: Vec<Vec<String>>,
    },
}

/// Finds what a placeholder is filled with, by its name.
pub type FindFill<'a> = dyn Fn(&str) -> Result<Fill, Unknown> + 'a;

/// Nothing fills a placeholder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unknown {
    /// The names that there are.
    pub known: Vec<String>,
}

impl Unknown {
    /// Reports the placeholder.
    pub fn report(&self, report: &mut Report, span: Span, name: &str) {
        report
            .error(code::PLACEHOLDER, span, say!("unknown placeholder `{name}`", name))
            .label_meant(nearest(name, self.known.iter().map(String::as_str)))
            .hint(say!("placeholders: {known}", known = list(&self.known)))
            .hint(say!("to show the braces themselves, write `\\{{{{`"));
    }
}

/// The placeholders of a text, in their order. One stands in a line.
pub fn placeholders(text: &str) -> impl Iterator<Item = Placeholder<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + text[at..].find("{{")?;
            let inner = start + 2;
            at = start + 1;
            let Some(length) = text[inner..].find(['{', '}', '\n']) else { continue };
            if text[inner + length..].starts_with("}}") {
                at = inner + length + 2;
                return Some(Placeholder { range: start..at, name: text[inner..inner + length].trim() });
            }
        }
    })
}

/// A text that is no Markdown, with its placeholders filled. Those that nothing fills, or a table, stay as they are; of
/// those with a backslash before them it is left out.
pub fn filled(text: &str, find: &FindFill<'_>) -> String {
    let mut out = String::new();
    let mut done = 0;
    for placeholder in placeholders(text) {
        let is_escaped = placeholder.is_escaped(text);
        let Placeholder { range, name } = placeholder;
        if is_escaped {
            out.push_str(&text[done..range.start - 1]);
            done = range.start;
        } else if let Ok(Fill::Text(words)) = find(name) {
            out.push_str(&text[done..range.start]);
            out.push_str(&words);
            done = range.end;
        }
    }
    out.push_str(&text[done..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_stands_between_two_braces_in_a_line() {
        let names = |text| placeholders(text).map(|found| found.name).collect::<Vec<_>>();
        assert_eq!(names("{{ a.b }}与{{c}}"), ["a.b", "c"]);
        assert_eq!(names("{ a } {{ a } {{ b\n}} {{{ c }}} }}"), ["c"]);
        assert_eq!(names("{{}} {{ a"), [""]);
    }

    #[test]
    fn what_nothing_fills_stays() {
        let find = |name: &str| match name {
            "a" => Ok(Fill::Text("{{ b }}".to_owned())),
            _ => Err(Unknown { known: Vec::new() }),
        };
        assert_eq!(filled("x{{ a }}y{{ b }}", &find), "x{{ b }}y{{ b }}");
        assert_eq!(filled("\\{{ a }} {{ a }}", &find), "{{ a }} {{ b }}");
    }

    #[test]
    fn what_was_meant_for_a_placeholder_is_found() {
        let found =
            |text: &str| torn(text).into_iter().map(|torn| (torn.written, torn.meant)).collect::<Vec<_>>();
        for written in ["{{ a.b }", "{ a.b }}", "{ { a.b } }", "｛｛ a.b ｝｝", "{{a.b｝｝", "｛a.b｝"]
        {
            assert_eq!(
                found(&format!("x {written} y")),
                [(written.to_owned(), "{{ a.b }}".to_owned())],
                "{written}"
            );
        }
        for sound in
            ["{{ a.b }} {{a.b}}", "\\{{ a.b }}", "{ a.b }", "{a: b.c}", "{{ a }", "{", "｛甲.乙｝", ""]
        {
            assert_eq!(found(sound), [], "{sound}");
        }
    }
}
