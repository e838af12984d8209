//! Marks at the beginning of a line that people wrote and Markdown does not take: without the space behind them, or with
//! the signs of a Chinese keyboard.

/// How the beginning of a line was meant, where its mark is shown as it is written: what is written, and what to write.
pub(super) fn slip_of_mark(line: &str) -> Option<(String, String)> {
    let first = line.chars().next()?;
    let length = line.chars().take_while(|c| *c == first).map(char::len_utf8).sum();
    let (mark, rest) = line.split_at(length);
    let count = mark.chars().count();
    let words = rest.trim_start_matches([' ', '\u{3000}']);
    let begins = words.chars().next()?;
    let meant = match first {
        '#' if (2..=6).contains(&count) && rest == words => "#".repeat(count),
        '＃' if count <= 6 => "#".repeat(count),
        '-' if count == 1 && rest == words && begins.is_alphabetic() => "-".to_owned(),
        '－' | '＊' if count == 1 && begins.is_alphabetic() => "-".to_owned(),
        '＞' => ">".to_owned(),
        _ => return None,
    };
    let shown: String = words.chars().take(12).take_while(|c| !"，。；：,;:".contains(*c)).collect();
    Some((mark.to_owned(), format!("{meant} {}", shown.trim_end())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_without_a_space_and_of_a_chinese_keyboard_are_seen_through() {
        #[track_caller]
        fn case(line: &str, meant: &str) {
            let found = slip_of_mark(line).map(|(_, meant)| meant);
            assert_eq!(found.as_deref().unwrap_or_default(), meant, "{line}");
        }
        case("##谁可以参加", "## 谁可以参加");
        case("＃＃ 谁可以参加", "## 谁可以参加");
        case("-本届参展企业，线上线下", "- 本届参展企业");
        case("－ 本届参展企业", "- 本届参展企业");
        case("#话题", "");
        case("-5 °C", "");
        case("--未完", "");
        case("—— 完 ——", "");
        case("本届参展企业", "");
        case("####### 七", "");
    }
}
