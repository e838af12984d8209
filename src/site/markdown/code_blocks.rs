//! Blocks of code that nobody meant.

use std::ops::Range;

use pulldown_cmark::CodeBlockKind;

use super::writer::{Writer, first_line};
use crate::source::{code, say};

impl Writer<'_> {
    /// Reports a block of code that is not closed, and one that spaces make.
    pub(super) fn code_block(&mut self, kind: &CodeBlockKind<'_>, range: &Range<usize>) {
        let span = self.span(first_line(self.text, range.clone()));
        let source = &self.text[range.clone()];
        match kind {
            CodeBlockKind::Indented => {
                self.report
                    .error(code::MARKDOWN_MARK, span, say!("four spaces before a line make it code"))
                    .hint(say!("remove the spaces; code stands between two lines of three backticks"));
            }
            CodeBlockKind::Fenced(_) => {
                let fence = fence(source.lines().next().unwrap_or_default());
                let last = source.trim_end().lines().skip(1).last().map(fence_alone);
                if last.flatten().is_none_or(|last| !last.starts_with(fence)) {
                    self.report
                        .error(
                            code::MARKDOWN_MARK,
                            span,
                            say!("the block of code that begins here is not closed, and the rest of the text is in it"),
                        )
                        .hint(say!("write {fence} on a line of its own where the code ends", fence));
                }
            }
        }
    }
}

/// The signs that begin a block of code.
fn fence(line: &str) -> &str {
    let line = line.trim_start();
    let first = line.chars().next().unwrap_or_default();
    &line[..line.len() - line.trim_start_matches(first).len()]
}

/// The signs of a line that could end one; in a quotation others stand before them.
fn fence_alone(line: &str) -> Option<&str> {
    let line = line.trim_start_matches(['>', ' ', '\t']).trim_end();
    (!line.is_empty() && fence(line) == line).then_some(line)
}

#[cfg(test)]
mod tests {
    use crate::site::markdown::tests::{problems, sound};

    #[test]
    fn code_by_accident_is_reported() {
        let told = problems("```\n甲\n\n## 乙\n");
        assert!(
            told.len() == 1 && told[0].ends_with("write ``` on a line of its own where the code ends"),
            "{told:?}"
        );
        assert_eq!(problems("甲\n\n    乙").len(), 1);
        sound("> ~~~~\n> a\n> ~~~~~\n", "<blockquote>\n<pre><code>a\n</code></pre>\n</blockquote>\n");
        sound("```\n```", "<pre><code></code></pre>\n");
    }
}
