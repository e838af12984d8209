//! What is wrong where the text of a YAML file cannot be read on. The parser says in its own words where it gave
//! up; the slip of the hand stands on a line before, or on the next.

use std::ops::Range;

use crate::source::{Message, say};

/// A longer word is no key that somebody forgot the colon of.
const LONGEST_KEY: usize = 40;

/// What is to be mended, and where.
pub(in crate::data) struct Slip {
    pub start: usize,
    pub end: usize,
    pub message: Message,
    pub hint: Message,
}

impl Slip {
    fn full_width(at: usize) -> Slip {
        Slip {
            start: at,
            end: at + '：'.len_utf8(),
            message: say!("`：` is a full-width colon"),
            hint: say!("write `: `, a colon and a space, both half-width"),
        }
    }
}

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
                let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
                let begins = text[line..start].chars().all(|sign| sign.is_whitespace() || sign == '-');
                (begins && start <= at).then(|| key(text, start)).flatten()
            })
        }
        _ => None,
    }
}

/// A tab in the indentation of the line of `at`, or of the first line behind it that has one.
fn tab(text: &str, at: usize) -> Option<Slip> {
    let mut start = text[..at].rfind('\n').map_or(0, |at| at + 1);
    for line in text[start..].split_inclusive('\n') {
        let indent = &line[..line.len() - line.trim_start().len()];
        if let Some(tab) = indent.find('\t').filter(|_| !line.trim().is_empty()) {
            return Some(Slip {
                start: start + tab,
                end: start + tab + 1,
                message: say!("tab where spaces are expected"),
                hint: say!("replace the tab with spaces"),
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
        });
    }
    let rest = behind_word(line)?;
    let end = start + line.len() - rest.len();
    if rest.trim_start().starts_with('：') {
        return Some(Slip::full_width(start + line.len() - rest.trim_start().len()));
    }
    if is_torn(rest) {
        return Some(Slip {
            start: end,
            end: end + 1,
            message: say!("missing space after the colon"),
            hint: say!("write `: `, a colon and a space"),
        });
    }
    (rest.trim_start().len() < rest.len() || rest.is_empty()).then(|| Slip {
        start: end,
        end,
        message: say!("missing colon after the key"),
        hint: say!(
            "write `: `, a colon and a space; if this line continues the text above, indent it further than the key"
        ),
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
    let rest = behind_word(text).filter(|_| expected.contains("block of keys"))?;
    if rest.trim_start().starts_with('：') {
        return Some(say!("`：` is a full-width colon: write `: `, a colon and a space, both half-width"));
    }
    is_torn(rest).then(|| say!("write `: `, a colon and a space"))
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
