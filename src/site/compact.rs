//! Styles and scripts without what browsers do not need: comments, and the ends of lines.

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

/// A script that does the same, without the lines that hold nothing but a comment between `/*` and `*/`. A script with
/// texts of several lines stays as it is, and so do comments after `//`: who writes those wants them read.
pub fn script(script: &str) -> String {
    let has_long_texts = script.lines().any(|line| line.matches('`').count() % 2 == 1);
    if has_long_texts {
        return script.to_owned();
    }
    let is_comment = |line: &str| {
        let inside = line.trim().strip_prefix("/*").and_then(|line| line.strip_suffix("*/"));
        inside.is_some_and(|inside| !inside.contains("*/"))
    };
    script.split_inclusive('\n').filter(|line| !is_comment(line)).collect()
}

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
    fn scripts_keep_what_they_do() {
        #[track_caller]
        fn case(given: &str, expected: &str) {
            assert_eq!(script(given), expected);
        }
        case(
            "/* a */\n\nlet a = '/* b */'; /* c */\n  /* d */\n/* e */ f() /* g */\n",
            "\nlet a = '/* b */'; /* c */\n/* e */ f() /* g */\n",
        );
        case("// a\n/* b */", "// a\n");
        case("let a = `\n/* b */\n`\n", "let a = `\n/* b */\n`\n");
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
