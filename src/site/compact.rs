//! Styles and scripts without what browsers do not need: comments, and white space.

/// A style that means the same. Texts in quotation marks and addresses stay as they are.
pub fn style(style: &str) -> String {
    let mut compact = String::with_capacity(style.len());
    let mut rest = style;
    while let Some(letter) = rest.chars().next() {
        let taken = match letter {
            '/' if rest.starts_with("/*") => {
                rest = rest[2..].find("*/").map_or("", |end| &rest[end + 4..]);
                continue;
            }
            '"' | '\'' => quoted(rest, letter),
            'u' if rest.starts_with("url(") && !rest[4..].trim_start().starts_with(['"', '\'']) => {
                rest.find(')').map_or(rest.len(), |end| end + 1)
            }
            letter if letter.is_ascii_whitespace() => {
                rest = rest.trim_start_matches(|letter: char| letter.is_ascii_whitespace());
                // Elsewhere a space may tell a descendant from the same element.
                if !compact.is_empty() && !compact.ends_with(['{', '}', ';', ',', ' ']) {
                    compact.push(' ');
                }
                continue;
            }
            letter => letter.len_utf8(),
        };
        compact.push_str(&rest[..taken]);
        rest = &rest[taken..];
    }
    compact.truncate(compact.trim_end().len());
    compact
}

/// A script that means the same: no comments that have a line to themselves, no space beside an operator or a
/// bracket. Lines keep their ends, so that statements may go without semicolons. A script that begins with `/*!` is
/// meant to be read, and stays as it is; so does one with a text over several lines.
pub fn script(script: &str) -> String {
    let several_lines = |line: &str| line.matches('`').count() % 2 == 1 || line.ends_with('\\');
    if script.starts_with("/*!") || script.lines().any(several_lines) {
        return script.to_owned();
    }
    let mut compact = String::with_capacity(script.len());
    let mut lines = script.lines().map(str::trim);
    while let Some(line) = lines.next() {
        if let Some(comment) = line.strip_prefix("/*") {
            let mut comment = Some(comment);
            while comment.is_some_and(|comment| !comment.contains("*/")) {
                comment = lines.next();
            }
            // What stands behind a comment is kept.
            let behind =
                comment.and_then(|comment| comment.split_once("*/")).map_or("", |(_, behind)| behind);
            add_line(&mut compact, behind.trim());
        } else if !line.starts_with("//") {
            add_line(&mut compact, line);
        }
    }
    compact
}

fn add_line(compact: &mut String, line: &str) {
    if line.is_empty() {
        return;
    }
    // A slash may begin a comment or a pattern, and a backtick a text with places: such lines stay as they are.
    match line.contains(['/', '`']) {
        true => compact.push_str(line),
        false => add_code(compact, line),
    }
    compact.push('\n');
}

fn add_code(compact: &mut String, line: &str) {
    let mut rest = line;
    while let Some(letter) = rest.chars().next() {
        let taken = match letter {
            '"' | '\'' => quoted(rest, letter),
            ' ' => {
                rest = rest.trim_start_matches(' ');
                let (before, after) = (compact.chars().next_back(), rest.chars().next());
                let joins = |letter: Option<char>| letter.is_some_and(|letter| OPERATORS.contains(letter));
                // `a + +b` adds; `a ++b` does not.
                let signs = |letter: Option<char>| letter.is_some_and(|letter| "+-".contains(letter));
                if !(joins(before) || joins(after)) || (signs(before) && signs(after)) {
                    compact.push(' ');
                }
                continue;
            }
            letter => letter.len_utf8(),
        };
        compact.push_str(&rest[..taken]);
        rest = &rest[taken..];
    }
}

/// What no space is needed beside.
const OPERATORS: &str = "=<>?:,;(){}[]&|!*+-%";

/// The length of the quoted text at the beginning.
fn quoted(text: &str, mark: char) -> usize {
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            letter if letter == mark => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::{script, style};

    #[test]
    fn a_script_does_the_same() {
        #[track_caller]
        fn case(given: &str, expected: &str) {
            assert_eq!(script(given), expected);
        }
        case(
            "// a\nlet a = b + +c - -d;\n\n  /* e\n f */ g ( 'h  +  i' )\n",
            "let a=b+ +c- -d;\ng('h  +  i')\n",
        );
        case("return a in b\nelse c\n", "return a in b\nelse c\n");
        case("a = /x  y/ + 1\nb = `c  d`\n", "a = /x  y/ + 1\nb = `c  d`\n");
        case("a = `b\n  c`\nd = 1\n", "a = `b\n  c`\nd = 1\n");
        case("/*! to be read */\na = 1\n", "/*! to be read */\na = 1\n");
    }

    #[test]
    fn nothing_that_means_something_is_lost() {
        #[track_caller]
        fn case(given: &str, expected: &str) {
            assert_eq!(style(given), expected);
        }
        case("/* a */\na {\n  color: red;\n}\n\nb c{}\n", "a {color: red;}b c{}");
        case("a\n  b{}", "a b{}");
        case("a,\nb :hover{}", "a,b :hover{}");
        case("a::after{content:\"/* x */  \\\" \"}/* y", "a::after{content:\"/* x */  \\\" \"}");
        case("a{background:url(data:x,/*y*/)}", "a{background:url(data:x,/*y*/)}");
        case("a{width:calc(1px + /* . */ 2px)}", "a{width:calc(1px + 2px)}");
    }
}
