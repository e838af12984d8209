//! Links that people wrote and Markdown does not take: with the brackets or parentheses of a Chinese keyboard, or with
//! a space between the two.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

/// A link that is shown as it is written.
#[derive(PartialEq, Eq, Debug)]
pub(super) struct TornLink {
    /// Where it stands in the text.
    pub place: Range<usize>,
    /// How it is written.
    pub meant: String,
    /// Whether it would show a picture.
    pub is_image: bool,
}

/// The links that Markdown left in a part of a text. Their words may begin before the part.
pub(super) fn torn_links(text: &str, part: Range<usize>) -> Vec<TornLink> {
    let closing = text[part.clone()].match_indices([']', '】', '］']);
    closing.filter_map(|(at, bracket)| torn_link(text, part.start + at, bracket)).collect()
}

/// Words and addresses are not longer than so many characters. Without a limit, a text of many brackets would be gone through
/// from each of them to its end.
const LONGEST: usize = 500;

/// The torn link of which the words end at a bracket.
fn torn_link(text: &str, at: usize, bracket: &str) -> Option<TornLink> {
    let rest = &text[at + bracket.len()..];
    let end = rest.char_indices().take(LONGEST).find(|(_, letter)| *letter == '\n');
    let end = end.or_else(|| rest.char_indices().nth(LONGEST));
    let rest = &rest[..end.map_or(rest.len(), |(end, _)| end)];
    let inside = rest.trim_start_matches([' ', '\u{3000}']);
    let gap = rest.len() - inside.len();
    let inside = inside.strip_prefix(['(', '（'])?;
    let (address, _) = inside.split_once([')', '）'])?;
    let written = &rest[gap..];
    let length = written.find([')', '）'])?;
    let end = written[length..].chars().next()?.len_utf8() + length;
    let address: String = address.trim().nfkc().collect();
    let begins = ["/", "#", "https://", "http://", "mailto:", "tel:"];
    let has_space = address.contains(char::is_whitespace);
    let has_title = address.contains(['"', '\'']);
    if !begins.iter().any(|start| address.starts_with(start)) || has_space && has_title {
        return None;
    }
    let before = text[..at].char_indices().rev().take(LONGEST);
    let line = before.take_while(|(_, letter)| *letter != '\n').last().map_or(at, |(start, _)| start);
    let open = line + text[line..at].rfind(['[', '【', '［'])?;
    let open_bracket = text[open..].chars().next()?;
    let half_width =
        open_bracket == '[' && bracket == "]" && written.starts_with('(') && written[..end].ends_with(')');
    // What has a backslash was meant to be shown; what is half-width has another fault.
    if half_width && gap == 0 && !has_space || text[..open].ends_with('\\') || text[..at].ends_with('\\') {
        return None;
    }
    let words = &text[open + open_bracket.len_utf8()..at];
    let mark = text[line..open].chars().next_back().filter(|mark| "!！".contains(*mark));
    Some(TornLink {
        place: open - mark.map_or(0, char::len_utf8)..at + bracket.len() + gap + end,
        // An address with a space stands between signs of its own.
        meant: match (mark.is_some(), has_space) {
            (true, true) => format!("![{words}](<{address}>)"),
            (true, false) => format!("![{words}]({address})"),
            (false, true) => format!("[{words}](<{address}>)"),
            (false, false) => format!("[{words}]({address})"),
        },
        is_image: mark.is_some(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_of_a_chinese_keyboard_are_seen_through() {
        #[track_caller]
        fn case(text: &str, written: &str, meant: &str) {
            let found = torn_links(text, 0..text.len());
            let found: Vec<(&str, &str)> =
                found.iter().map(|link| (&text[link.place.clone()], link.meant.as_str())).collect();
            let expected: &[(&str, &str)] = if meant.is_empty() { &[] } else { &[(written, meant)] };
            assert_eq!(found, expected);
        }
        let same = |written: &str, meant: &str| case(&format!("请看{written}。"), written, meant);
        same("[服务区]（/zone/）", "[服务区](/zone/)");
        same("【服务区】（/zone/）", "[服务区](/zone/)");
        same("【服务区】(/zone/)", "[服务区](/zone/)");
        same("［服务区］（／zone／）", "[服务区](/zone/)");
        same("[服务区](/zone/）", "[服务区](/zone/)");
        same("[服务区] (/zone/)", "[服务区](/zone/)");
        same("！[平面图]（/hall.png）", "![平面图](/hall.png)");
        same("[官网]（https：//example.org）", "[官网](https://example.org)");
        same("[附件](/files/a b.pdf)", "[附件](</files/a b.pdf>)");
        same("![展馆](/activities/展馆 图.png)", "![展馆](</activities/展馆 图.png>)");
        case("[附件]（第3页）和【注】（见下文），数组[1] (略)", "", "");
        case("\\[服务区]（/zone/）", "", "");
        case("[服务区](/zone/ \"未完)", "", "");
        case("服务区]（/zone/）", "", "");
    }
}
