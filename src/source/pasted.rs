//! Characters that come into a text when it is pasted, and that nobody means: browsers show a box for them, or nothing.

use super::{FileId, Report, Span, code, say};

/// What a well-known double mistake of encodings leaves of Chinese.
const LOST: &str = "锟斤拷";

/// Reports the first character of each kind in a text that begins at byte `offset` of its file: control characters and
/// separators of word processors, what stands for a lost character, and what cannot be seen. Joiners, which some scripts
/// need, and soft hyphens are none. Whether there is one.
pub fn report_pasted(report: &mut Report, file: FileId, text: &str, offset: usize) -> bool {
    // Most texts are told by a search for bytes.
    if !text.bytes().any(|byte| byte < b' ' && !b"\n\r\t".contains(&byte) || byte == 0x7f || byte >= 0xc2) {
        return false;
    }
    let mut known = Vec::new();
    for (at, sign) in text.char_indices() {
        let is_lost = sign == '锟' && text[at..].starts_with(LOST);
        if !(is_lost || is_unwanted(sign) && !(at + offset == 0 && sign == '\u{feff}'))
            || known.contains(&sign)
        {
            continue;
        }
        known.push(sign);
        let length = if is_lost { LOST.len() } else { sign.len_utf8() };
        let span = Span::text(file, offset + at, offset + at + length);
        match sign {
            '锟' | '\u{fffd}' => report
                .error(
                    code::PASTED_CHARACTER,
                    span,
                    say!("`{sign}` stands where characters were lost", sign = &text[at..at + length]),
                )
                .hint(say!("type them again, or copy the text once more from where it came from")),
            _ => report
                .error(
                    code::PASTED_CHARACTER,
                    span,
                    say!("character that is not text (U+{code})", code = format!("{:04X}", u32::from(sign))),
                )
                .hint(say!(
                    "delete it; if you cannot see it, delete the characters on both sides and type them again"
                )),
        };
    }
    !known.is_empty()
}

/// A text without the characters that [`report_pasted`] reports.
pub fn without_pasted(text: &str) -> String {
    text.chars().filter(|sign| !is_unwanted(*sign)).collect()
}

fn is_unwanted(sign: char) -> bool {
    sign.is_control() && !matches!(sign, '\n' | '\r' | '\t')
        || matches!(
            sign,
            '\u{200b}' | '\u{2028}' | '\u{2029}' | '\u{fffc}' | '\u{fffd}' | '\u{feff}' | '\u{e000}'
                ..='\u{f8ff}'
        )
}

#[cfg(test)]
mod tests {
    use super::report_pasted;
    use crate::lang::Lang;
    use crate::source::{Files, Report};

    #[test]
    fn each_kind_of_character_that_nobody_means_is_named_once() {
        #[track_caller]
        fn case(text: &str, found: &[&str]) {
            let mut report = Report::new();
            report_pasted(&mut report, Files::new(".").id("a.md"), text, 0);
            let said: Vec<String> =
                report.problems().iter().map(|problem| problem.message.text(Lang::EN)).collect();
            assert_eq!(said, found, "{text:?}");
        }
        case("\u{feff}甲乙\r\n\tfam\u{ad}ily 👨\u{200d}👩 \u{202b}א\u{202c}", &[]);
        case(
            "甲\u{b}乙\u{b}\u{7}",
            &["character that is not text (U+000B)", "character that is not text (U+0007)"],
        );
        case(
            "a\u{200b}b\u{2028}",
            &["character that is not text (U+200B)", "character that is not text (U+2028)"],
        );
        case(
            "甲锟斤拷乙\u{fffd}",
            &["`锟斤拷` stands where characters were lost", "`\u{fffd}` stands where characters were lost"],
        );
    }
}
