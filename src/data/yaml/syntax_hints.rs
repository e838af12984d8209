//! What is wrong where the text of a YAML file cannot be read on. The parser says in its own words where it gave
//! up; the slip of the hand stands on a line before, or on the next.

use std::ops::Range;

use super::rewritten;
use crate::source::{Message, say};

/// A longer word is no key that somebody forgot the colon of.
const LONGEST_KEY: usize = 40;

/// What is to be mended, and where.
pub(in crate::data) struct Slip {
    pub start: usize,
    pub end: usize,
    pub message: Message,
    pub hint: Message,
    /// The line as it is meant. It may be private.
    pub line: Option<String>,
}

impl Slip {
    fn full_width(at: usize) -> Slip {
        Slip {
            start: at,
            end: at + '：'.len_utf8(),
            message: say!("`：` is a full-width colon"),
            hint: say!("write `: `, a colon and a space, both half-width"),
            line: None,
        }
    }

    /// The same with the line as it is meant: the line of `at`, changed.
    fn with_line(self, text: &str, at: usize, change: impl FnOnce(&str) -> String) -> Slip {
        let start = line_start(text, at);
        let line = text[start..].lines().next().unwrap_or_default();
        Slip { line: Some(change(line).trim().to_owned()), ..self }
    }
}

/// Signs that look like a bracket or brace, and what they look like.
const BRACKETS: [(char, char); 6] =
    [('｛', '{'), ('｝', '}'), ('【', '['), ('】', ']'), ('［', '['), ('］', ']')];

/// Signs with which a list entry is begun by mistake.
const HYPHENS: [char; 5] = ['－', '—', '–', '•', '·'];
/// Those of them that begin no line of a text.
const FULL_WIDTH_HYPHEN: [char; 1] = ['－'];

/// The slip that made the parser give up at `at` with the words `said`; the last that was read is `last`. Nothing of
/// the text is in the message: it may be private. Nothing if it is not known what the slip is.
pub(in crate::data) fn find(text: &str, last: Range<usize>, at: usize, said: &str) -> Option<Slip> {
    if said.starts_with("tab") || said.contains(" tab") {
        return tab(text, at);
    }
    if said.contains("quoted scalar") {
        return quotation(text, last.end, at, said).or_else(|| {
            let is_colon = said.starts_with("invalid trailing content") && text[at..].starts_with('：');
            is_colon.then(|| Slip::full_width(at))
        });
    }
    if said.starts_with("while parsing a flow") {
        return comma(text, at);
    }
    if let Some(slip) = block_slip(text, at, said) {
        return Some(slip);
    }
    match said {
        "simple key expect ':'"
        | "simple key expected"
        | "mapping values are not allowed in this context" => {
            // A text of several lines in front of a colon began as the key of its first line.
            let first = match text[last.clone()].contains('\n') {
                true => last.start,
                false => content(text, last.end),
            };
            let before = said.starts_with("simple").then(|| line_before(text, at)).flatten();
            [Some(first), before].into_iter().flatten().find_map(|start| {
                let line = line_start(text, start);
                let begins = text[line..start].chars().all(|sign| sign.is_whitespace() || sign == '-');
                (begins && start <= at).then(|| key(text, start)).flatten()
            })
        }
        _ => None,
    }
}

/// A full-width comma before `at` in its line, where the parser wanted one of its own.
fn comma(text: &str, at: usize) -> Option<Slip> {
    let start = line_start(text, at);
    let sign = text[start..at].char_indices().rfind(|(_, sign)| matches!(sign, '，' | '、' | '；'));
    let (found, sign) = sign.map(|(found, sign)| (start + found, sign))?;
    let slip = Slip {
        start: found,
        end: found + sign.len_utf8(),
        message: say!("`{sign}` does not separate values", sign),
        hint: say!("write `, `, a comma and a space, both half-width"),
        line: None,
    };
    Some(slip.with_line(text, at, |line| {
        let (before, after) = line.split_at(found - start);
        format!("{before}, {}", after[sign.len_utf8()..].trim_start())
    }))
}

/// A slip in or above the line of `at` that shows in its beginning, or in what follows its first colon.
fn block_slip(text: &str, at: usize, said: &str) -> Option<Slip> {
    let start = line_start(text, at);
    let above = line_before(text, at).map(|content| (line_start(text, content), content));
    for start in [Some(start), above.map(|(start, _)| start)].into_iter().flatten() {
        if let Some(slip) = full_width_indentation(text, start).or_else(|| hyphen(text, start, &HYPHENS)) {
            return Some(slip);
        }
    }
    let line = text[start..].lines().next()?;
    let indent = line.len() - line.trim_start_matches(' ').len();
    let is_entry = |line: &str| line.starts_with("- ");
    match said {
        "mapping values are not allowed in this context" => {
            let content = line[indent..].trim_start_matches("- ");
            let (_, value) = content.split_once(": ")?;
            if let Some((sign, plain)) = BRACKETS.iter().find(|(sign, _)| value.starts_with(*sign)) {
                let start = start + line.len() - value.len();
                let slip = Slip {
                    start,
                    end: start + sign.len_utf8(),
                    message: say!("`{sign}` is a full-width bracket", sign = *sign),
                    hint: say!("write `{plain}`", plain = *plain),
                    line: None,
                };
                return Some(slip.with_line(text, at, |line| {
                    BRACKETS.iter().fold(line.to_owned(), |line, (sign, plain)| {
                        line.replace(*sign, plain.encode_utf8(&mut [0; 4]))
                    })
                }));
            }
            if at >= start + line.len() - value.len() {
                let slip = Slip {
                    start: at,
                    end: at + 1,
                    message: say!(
                        "a colon is not allowed here; put text that contains a colon in quotation marks"
                    ),
                    hint: say!("put the whole value in quotation marks"),
                    line: None,
                };
                return Some(slip.with_line(text, at, |line| {
                    format!("{}{}", &line[..line.len() - value.len()], rewritten::in_quotation_marks(value))
                }));
            }
            // The value above is complete: this line stands beside it, and not below.
            let (above_start, above_content) = above?;
            let above_indent = above_content - above_start;
            let above = text[above_content..].lines().next()?;
            let has_value =
                behind_word(above)?.strip_prefix(": ").is_some_and(|value| !value.trim().is_empty());
            (has_value && indent > above_indent).then(|| indentation(start, indent, above_indent))
        }
        "while parsing a block mapping, did not find expected key"
        | "while parsing a block collection, did not find expected '-' indicator" => {
            let (above_start, above_content) = above?;
            let above_indent = above_content - above_start;
            let is_alike = is_entry(&line[indent..]) == is_entry(&text[above_content..]);
            (is_alike && indent != above_indent).then(|| indentation(start, indent, above_indent))
        }
        _ => None,
    }
}

/// A line that is indented otherwise than the one above it, beside which it stands.
fn indentation(start: usize, found: usize, expected: usize) -> Slip {
    Slip {
        start,
        end: start + found,
        message: say!(
            "this line is indented by {found} {found:space|spaces}, the one above by {expected}",
            found,
            expected
        ),
        hint: match expected {
            0 => say!("remove the space before it"),
            _ => say!("indent it by {expected} {expected:space|spaces}", expected),
        },
        line: None,
    }
}

/// A full-width space in the indentation of the line that begins at `start`.
pub(in crate::data) fn full_width_indentation(text: &str, start: usize) -> Option<Slip> {
    let rest = text[start..].trim_start_matches(' ');
    let width = rest.len() - rest.trim_start_matches('\u{3000}').len();
    let start = text.len() - rest.len();
    (width > 0).then(|| Slip {
        start,
        end: start + width,
        message: say!("full-width space in the indentation"),
        hint: say!("replace it with half-width spaces"),
        line: None,
    })
}

/// Another sign than a hyphen that begins a list entry in the line that begins at `start`.
fn hyphen(text: &str, start: usize, signs: &[char]) -> Option<Slip> {
    let rest = text[start..].trim_start_matches(' ');
    let start = text.len() - rest.len();
    let sign = rest.chars().next().filter(|sign| signs.contains(sign))?;
    let behind = &rest[sign.len_utf8()..];
    let slip = Slip {
        start,
        end: start + sign.len_utf8(),
        message: say!("`{sign}` does not begin a list entry", sign),
        hint: say!("write `- `, a half-width hyphen and a space"),
        line: None,
    };
    behind.starts_with([' ', '\u{3000}']).then(|| {
        slip.with_line(text, start, |line| {
            format!("- {}", line.trim_start().trim_start_matches(sign).trim_start())
        })
    })
}

/// What is wrong with a text without quotation marks that can be read and cannot be meant: it stands in quotation marks
/// that are none of YAML, or list entries are part of it.
pub(in crate::data) fn of_plain_text(text: &str, place: Range<usize>) -> Option<Slip> {
    let raw = text[place.clone()].trim_end();
    for (open, close) in [('“', '”'), ('‘', '’'), ('「', '」')] {
        let inner = raw.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
        if let Some(inner) = inner.filter(|inner| !inner.contains([open, close])) {
            let slip = Slip {
                start: place.start,
                end: place.start + raw.len(),
                message: say!("`{open}` and `{close}` around a value are printed", open, close),
                hint: say!(
                    "leave them out; to have them printed, put half-width quotation marks around them"
                ),
                line: None,
            };
            return Some(slip.with_line(text, place.start, |line| line.replacen(raw, inner, 1)));
        }
    }
    // A comment has a space behind its mark; without one the mark is a part of a name.
    let behind = text[place.start + raw.len()..].lines().next().unwrap_or_default();
    if let Some(cut) = behind.trim_start().strip_prefix('#').filter(|_| raw.contains(char::is_alphabetic))
        && cut.starts_with(char::is_alphanumeric)
    {
        let cut = behind.trim();
        let start = place.start + raw.len() + (behind.len() - behind.trim_start().len());
        let last = raw.lines().last().unwrap_or_default().trim_start();
        let slip = Slip {
            start,
            end: start + cut.len(),
            message: say!("`{cut}` is read as a comment and not as part of the text", cut),
            hint: say!("put the text into quotation marks; if it is a comment, write a space after `#`"),
            line: None,
        };
        let quoted = format!("\"{last}{}\"", behind.trim_end());
        return Some(slip.with_line(text, start, |line| {
            line.replacen(&format!("{last}{}", behind.trim_end()), &quoted, 1)
        }));
    }
    let begins_line = text[line_start(text, place.start)..place.start].trim().is_empty();
    if let Some(slip) = hyphen(text, place.start, &FULL_WIDTH_HYPHEN).filter(|_| begins_line) {
        return Some(slip);
    }
    let mut start = place.start;
    let column = start - line_start(text, start);
    for line in raw.split_inclusive('\n') {
        if start > place.start {
            if let Some(slip) = hyphen(text, start, &FULL_WIDTH_HYPHEN) {
                return Some(slip);
            }
            let indent = line.len() - line.trim_start_matches(' ').len();
            // The text of an entry begins two columns behind its hyphen.
            let is_entry = text[..place.start].ends_with("- ") && line[indent..].starts_with("- ");
            if is_entry {
                return Some(indentation(start, indent, column - 2));
            }
        }
        start += line.len();
    }
    None
}

/// Where the line of `at` begins.
fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |at| at + 1)
}

/// A tab in the indentation of the line of `at`, or of the first line behind it that has one.
fn tab(text: &str, at: usize) -> Option<Slip> {
    let mut start = line_start(text, at);
    for line in text[start..].split_inclusive('\n') {
        let indent = &line[..line.len() - line.trim_start().len()];
        if let Some(tab) = indent.find('\t').filter(|_| !line.trim().is_empty()) {
            return Some(Slip {
                start: start + tab,
                end: start + tab + 1,
                message: say!("tab where spaces are expected"),
                hint: say!("replace the tab with spaces"),
                line: None,
            });
        }
        start += line.len();
    }
    None
}

/// A quotation mark that is not closed: the one at which the parser gave up, or the one before, where a quotation
/// mark of a later line closed it.
fn quotation(text: &str, behind: usize, at: usize, said: &str) -> Option<Slip> {
    let start = if said.starts_with("invalid trailing content") {
        let start = content(text, behind);
        text.get(start..at)?.contains('\n').then_some(start)?
    } else {
        let open = ["invalid indentation", "end of stream", "document indicator"];
        open.iter().any(|words| said.contains(words)).then_some(at)?
    };
    let found = text[start..].chars().next().filter(|sign| matches!(sign, '"' | '\''))?;
    Some(Slip {
        start,
        end: start + 1,
        message: say!("`{found}` is not closed", found),
        hint: say!(
            "write `{found}` where the text ends, and indent the following lines of a longer text",
            found
        ),
        line: None,
    })
}

/// What is wrong with a key that begins at `start`.
fn key(text: &str, start: usize) -> Option<Slip> {
    let line = text[start..].lines().next()?;
    if line.starts_with('-') {
        return Some(Slip {
            start,
            end: start + 1,
            message: say!("missing space after the hyphen"),
            hint: say!("write `- `, a hyphen and a space"),
            line: None,
        });
    }
    let rest = behind_word(line)?;
    let end = start + line.len() - rest.len();
    if rest.trim_start().starts_with('：') {
        return Some(Slip::full_width(start + line.len() - rest.trim_start().len()));
    }
    if let Some(space) = rest
        .strip_prefix(':')
        .and_then(|value| value.chars().next())
        .filter(|next| *next != ' ' && next.is_whitespace())
    {
        return Some(Slip {
            start: end + 1,
            end: end + 1 + space.len_utf8(),
            message: say!(
                "the space after the colon is not an ordinary one (U+{code})",
                code = format!("{:04X}", u32::from(space))
            ),
            hint: say!("replace it with a half-width space"),
            line: None,
        });
    }
    if is_torn(rest) {
        return Some(Slip {
            start: end,
            end: end + 1,
            message: say!("missing space after the colon"),
            hint: say!("write `: `, a colon and a space"),
            line: None,
        });
    }
    (rest.trim_start().len() < rest.len() || rest.is_empty()).then(|| Slip {
        start: end,
        end,
        message: say!("missing colon after the key"),
        hint: say!(
            "write `: `, a colon and a space; if this line continues the text above, indent it further than the key"
        ),
        line: None,
    })
}

/// What is to be mended in a text that stands where keys or a list are expected.
pub(in crate::data) fn of_text(text: &str, expected: &str) -> Option<Message> {
    if expected.contains("list")
        && let Some(item) = text.strip_prefix('-')
        && !item.starts_with([' ', '-'])
    {
        let item = item.split(" -").next().unwrap_or_default();
        return Some(say!("write a space after the hyphen: `- {item}`", item));
    }
    let rest =
        behind_word(text).filter(|_| expected.contains("mapping") || expected.contains("every language"))?;
    let line = |value: &str| format!("{}: {}", &text[..text.len() - rest.len()], value.trim_start());
    if rest.trim_start().starts_with('：') {
        let line = line(rest.trim_start().trim_start_matches('：'));
        return Some(say!("`：` is a full-width colon: write `{line}`", line));
    }
    is_torn(rest).then(|| say!("write a space after the colon: `{line}`", line = line(&rest[1..])))
}

/// What follows the word at the beginning of a line, if a key can be such a word.
fn behind_word(line: &str) -> Option<&str> {
    let rest =
        line.trim_start_matches(|sign: char| sign.is_alphanumeric() || matches!(sign, '_' | '-' | '.'));
    let letters = line[..line.len() - rest.len()].chars().count();
    (1..=LONGEST_KEY).contains(&letters).then_some(rest)
}

/// Whether a colon without a space begins what follows a word, and the two are no address.
fn is_torn(rest: &str) -> bool {
    rest.strip_prefix(':').is_some_and(|value| !value.is_empty() && !value.starts_with([' ', '/']))
}

/// Where the last line before that of `at` begins that holds more than a comment.
fn line_before(text: &str, at: usize) -> Option<usize> {
    let mut end = text[..at].rfind('\n')?;
    loop {
        let start = text[..end].rfind('\n').map_or(0, |at| at + 1);
        let line = text[start..end].trim_start();
        if !line.is_empty() && !line.starts_with('#') {
            return Some(end - line.len());
        }
        end = start.checked_sub(1)?;
    }
}

/// Where the next word stands behind what was read: behind spaces, comments, and the signs between values.
fn content(text: &str, from: usize) -> usize {
    let mut rest = &text[from..];
    loop {
        rest = rest.trim_start();
        if rest.starts_with('#') {
            rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
        } else if rest.starts_with(['[', '{', ','])
            || (rest.starts_with(['-', ':']) && rest[1..].starts_with(char::is_whitespace))
        {
            rest = &rest[1..];
        } else if let Some(behind) = rest.strip_prefix("---") {
            rest = behind;
        } else {
            return text.len() - rest.len();
        }
    }
}

/// What the parser says, in plain words.
pub(in crate::data) fn plain(said: &str) -> Message {
    match said {
        "block sequence entries are not allowed in this context" => {
            say!("a list entry (`- `) is not allowed here")
        }
        "mapping keys are not allowed in this context" => say!("a key is not allowed here"),
        "mapping values are not allowed in this context" => {
            say!("a colon is not allowed here; put text that contains a colon in quotation marks")
        }
        "comment intercepting the multiline text" => say!("a comment interrupts a text of several lines"),
        "did not find expected <document start>" | "did not find expected <document-start>" => {
            say!("expected the start of the file here")
        }
        "did not find expected next token" => say!("something is missing here"),
        "found unprintable character" => say!("unprintable character"),
        "a byte order mark must not appear inside a document" => {
            say!("byte order mark inside the file")
        }
        "illegal placement of ':' indicator" => say!("misplaced colon"),
        "invalid content after document end marker" => {
            say!("unexpected content after the end of the document")
        }
        "invalid indentation" => say!("wrong indentation"),
        "invalid indentation for anchor" => say!("wrong indentation of the anchor"),
        "invalid indentation in flow construct" => say!("wrong indentation inside the brackets"),
        "invalid indentation in quoted scalar" => {
            say!("wrong indentation inside the quotation marks")
        }
        "invalid trailing content after double-quoted scalar" => {
            say!("unexpected content after the closing quotation mark")
        }
        "misplaced bracket" => say!("misplaced bracket"),
        "simple key expect ':'" => say!("expected a colon after the key"),
        "simple key expected" => say!("expected a key followed by a colon"),
        "tab cannot be used as indentation" | "tabs disallowed within this context (block indentation)" => {
            say!("tabs are not allowed as indentation; use spaces")
        }
        "tabs disallowed in this context" => say!("a tab is not allowed here; use spaces"),
        "unexpected end of plain scalar" => say!("the text ends unexpectedly"),
        "unexpected eof" => say!("the file ends unexpectedly"),
        "expected whitespace" => say!("expected a space here"),
        "wrongly indented line in block scalar" => say!("wrong indentation in a block of text"),
        "a block scalar content cannot start with a tab" => say!("a block of text cannot start with a tab"),
        "while parsing a block collection, did not find expected '-' indicator" => {
            say!("this list entry must begin with `- `")
        }
        "while parsing a block mapping, did not find expected key" => say!("expected a key here"),
        "while parsing a flow mapping, did not find expected ',' or '}'" => {
            say!("expected a comma or `}}` inside the braces")
        }
        "while parsing a flow sequence, expected ',' or ']'" => {
            say!("expected a comma or `]` inside the brackets")
        }
        "while parsing a node, did not find expected node content" => say!("missing value"),
        "while parsing a quoted scalar, did not find expected hexadecimal number" => {
            say!("the escape sequence must use hexadecimal digits")
        }
        "while parsing a quoted scalar, found invalid Unicode character escape code" => {
            say!("invalid Unicode escape inside the quotation marks")
        }
        "while parsing a quoted scalar, found unknown escape character" => {
            say!("unknown escape sequence; to write a backslash, use single quotation marks")
        }
        "while scanning a block scalar, did not find expected comment or line break" => {
            say!("start a new line after `|` or `>`")
        }
        "while scanning a plain scalar, found a tab" => say!("tab inside the text"),
        "while scanning a quoted scalar, found unexpected document indicator"
        | "while scanning a quoted scalar, found unexpected end of stream" => {
            say!("unclosed quotation mark")
        }
        "while parsing node, found unknown anchor" => say!("unknown anchor"),
        "while scanning an anchor or alias, did not find expected alphabetic or numeric character" => {
            say!("put text that begins with `*` or `&` in quotation marks")
        }
        "plain scalar cannot start with '-' followed by ,[]{}"
        | "'-' must be followed by a valid YAML whitespace" => {
            say!("put text that begins with `-` in quotation marks")
        }
        _ => match said.strip_prefix("unexpected character: `").and_then(|rest| rest.strip_suffix('\'')) {
            Some(letter) => {
                say!("text cannot begin with `{letter}`; put it in quotation marks", letter)
            }
            None => Message::foreign(said),
        },
    }
}
