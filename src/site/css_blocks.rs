//! Blocks of a stylesheet that are not closed. Styles are bundled, so one such block takes in all that follows it.

use crate::source::{FileId, Report, Span, code, say};

/// Reports the first `{` that is not closed, or the first `}` that closes nothing. What stands in comments and between
/// quotation marks is passed over.
pub(super) fn check_blocks(report: &mut Report, file: FileId, css: &str) {
    let mut open = Vec::new();
    let mut at = 0;
    while let Some(&byte) = css.as_bytes().get(at) {
        let rest = &css.as_bytes()[at..];
        match byte {
            b'/' if rest.starts_with(b"/*") => {
                at += css[at + 2..].find("*/").map_or(rest.len(), |end| end + 3)
            }
            b'"' | b'\'' => at += end_of_string(rest),
            b'\\' => at += 1,
            b'{' => open.push(at),
            b'}' if open.pop().is_none() => {
                report
                    .error(code::ASSET, Span::text(file, at, at + 1), say!("this `}}` closes no block"))
                    .hint(say!("remove it, or write the `{{` that it closes"));
                return;
            }
            _ => {}
        }
        at += 1;
    }
    if let Some(&first) = open.first() {
        report
            .error(
                code::ASSET,
                Span::text(file, first, first + 1),
                say!("the block that begins here is not closed"),
            )
            .hint(say!("write `}}` where it ends"));
    }
}

/// How far behind its first quotation mark a string ends. A line break ends it, as in browsers.
fn end_of_string(text: &[u8]) -> usize {
    let mut at = 1;
    while let Some(&byte) = text.get(at) {
        match byte {
            b'\\' => at += 1,
            b'\n' => return at,
            byte if byte == text[0] => return at,
            _ => {}
        }
        at += 1;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::check_blocks;
    use crate::source::{Files, Report, Span};

    #[test]
    fn a_block_that_is_not_closed_is_found() {
        #[track_caller]
        fn case(css: &str, place: Option<usize>) {
            let mut report = Report::new();
            let file = Files::new(".").id("site.css");
            check_blocks(&mut report, file, css);
            let found = report.problems().first().map(|problem| problem.span);
            assert_eq!(found, place.map(|at| Some(Span::text(file, at, at + 1))), "{css}");
        }
        case("@media (a) { b { c: \"}\" } } /* { */ d { e: '\\'{'; }", None);
        case("a { b: c; }\nd { e: f;\ng { h: i }", Some(14));
        case("a { b: c } }", Some(11));
        case("a { content: \"{\n }", None);
    }
}
