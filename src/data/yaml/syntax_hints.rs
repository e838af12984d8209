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
                message: say!("a tab stands where spaces are expected"),
                hint: say!("replace the tab by spaces"),
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
            "write `{found}` where the text ends; the further lines of a longer text are indented",
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
            message: say!("no space stands behind the hyphen"),
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
            message: say!("no space stands behind the colon"),
            hint: say!("write `: `, a colon and a space"),
        });
    }
    (rest.trim_start().len() < rest.len() || rest.is_empty()).then(|| Slip {
        start: end,
        end,
        message: say!("no colon stands behind the key"),
        hint: say!(
            "write `: `, a colon and a space; a line that goes on with the text above it is indented further than its key"
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
        return Some(say!("write a space behind the hyphen: `- {item}`", item));
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
            say!("no entry that begins with `- ` may stand here")
        }
        "mapping keys are not allowed in this context" => say!("no key may stand here"),
        "mapping values are not allowed in this context" => {
            say!("no colon may stand here; a text that holds a colon needs quotation marks")
        }
        "comment intercepting the multiline text" => say!("a comment stands within a text of several lines"),
        "did not find expected <document start>" | "did not find expected <document-start>" => {
            say!("the beginning of the file is expected here")
        }
        "did not find expected next token" => say!("something is missing here"),
        "found unprintable character" => say!("a character that cannot be shown stands here"),
        "a byte order mark must not appear inside a document" => {
            say!("a byte order mark stands within the file")
        }
        "illegal placement of ':' indicator" => say!("the colon stands in the wrong place"),
        "invalid content after document end marker" => {
            say!("something stands behind the end of the document")
        }
        "invalid indentation" => say!("the indentation is wrong"),
        "invalid indentation for anchor" => say!("the indentation of the anchor is wrong"),
        "invalid indentation in flow construct" => say!("the indentation within the brackets is wrong"),
        "invalid indentation in quoted scalar" => {
            say!("the indentation of the lines within the quotation marks is wrong")
        }
        "invalid trailing content after double-quoted scalar" => {
            say!("something stands behind the closing quotation mark")
        }
        "misplaced bracket" => say!("the bracket stands in the wrong place"),
        "simple key expect ':'" => say!("a colon is expected behind the key"),
        "simple key expected" => say!("a key with a colon behind it is expected here"),
        "tab cannot be used as indentation" | "tabs disallowed within this context (block indentation)" => {
            say!("tabs cannot indent; use spaces")
        }
        "tabs disallowed in this context" => say!("no tab may stand here; use spaces"),
        "unexpected end of plain scalar" => say!("the text ends unexpectedly"),
        "unexpected eof" => say!("the file ends unexpectedly"),
        "expected whitespace" => say!("a space is expected here"),
        "wrongly indented line in block scalar" => say!("a line of the block of text is indented wrongly"),
        "a block scalar content cannot start with a tab" => say!("a block of text cannot begin with a tab"),
        "while parsing a block collection, did not find expected '-' indicator" => {
            say!("this line of the list has to begin with `- `")
        }
        "while parsing a block mapping, did not find expected key" => say!("a key is expected here"),
        "while parsing a flow mapping, did not find expected ',' or '}'" => {
            say!("a comma or `}}` is expected here, within braces")
        }
        "while parsing a flow sequence, expected ',' or ']'" => {
            say!("a comma or `]` is expected here, within brackets")
        }
        "while parsing a node, did not find expected node content" => say!("a value is missing here"),
        "while parsing a quoted scalar, did not find expected hexadecimal number" => {
            say!("the escape within the quotation marks wants hexadecimal digits")
        }
        "while parsing a quoted scalar, found invalid Unicode character escape code" => {
            say!("the Unicode escape within the quotation marks is not valid")
        }
        "while parsing a quoted scalar, found unknown escape character" => {
            say!(
                "the escape within the quotation marks is not known; a backslash itself stands in single quotation marks"
            )
        }
        "while scanning a block scalar, did not find expected comment or line break" => {
            say!("a new line has to begin behind `|` or `>`")
        }
        "while scanning a plain scalar, found a tab" => say!("a tab stands within the text"),
        "while scanning a quoted scalar, found unexpected document indicator"
        | "while scanning a quoted scalar, found unexpected end of stream" => {
            say!("the quotation marks are not closed")
        }
        "while parsing node, found unknown anchor" => say!("there is no such anchor"),
        "while scanning an anchor or alias, did not find expected alphabetic or numeric character" => {
            say!("a text that begins with `*` or `&` needs quotation marks")
        }
        "plain scalar cannot start with '-' followed by ,[]{}"
        | "'-' must be followed by a valid YAML whitespace" => {
            say!("a text that begins with `-` needs quotation marks")
        }
        _ => match said.strip_prefix("unexpected character: `").and_then(|rest| rest.strip_suffix('\'')) {
            Some(letter) => {
                say!("no text begins with `{letter}`; put quotation marks around it", letter)
            }
            None => Message::foreign(said),
        },
    }
}
