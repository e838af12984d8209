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

/// A text that is no Markdown, with its placeholders filled. Those that nothing fills, or a table, stay as they are.
pub fn filled(text: &str, find: &FindFill<'_>) -> String {
    let mut out = String::new();
    let mut done = 0;
    for Placeholder { range, name } in placeholders(text) {
        if let Ok(Fill::Text(words)) = find(name) {
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
    }
}
