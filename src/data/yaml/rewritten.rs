//! A value as it is to be written, where it is plain what somebody meant by a text.

use std::borrow::Cow;

/// The words for choices that people write in Chinese, and for which they stand.
const CHOICES: [(&str, &[&str]); 8] = [
    ("overseas", &["境外", "海外", "国外", "跨国", "跨国公司", "跨国企业"]),
    ("domestic", &["境内", "国内", "境内机构", "境内企业"]),
    ("official", &["正式", "官方", "已公布"]),
    ("provisional", &["暂定", "暂行", "预计"]),
    ("established", &["自用", "原名"]),
    ("translated", &["译名", "翻译"]),
    ("gold", &["金奖", "金"]),
    ("silver", &["银奖", "银"]),
];

/// The choice among `known` that a word in Chinese stands for.
pub(super) fn choice(text: &str, known: &[&'static str]) -> Option<&'static str> {
    let (choice, _) = CHOICES.iter().find(|(_, words)| words.contains(&text.trim()))?;
    known.iter().find(|known| *known == choice).copied()
}

/// The truth value that a word stands for.
pub(super) fn truth(text: &str) -> Option<&'static str> {
    match text.trim().to_lowercase().as_str() {
        "是" | "对" | "真" | "有" | "√" | "yes" | "y" | "on" | "1" => Some("true"),
        "否" | "不" | "不是" | "假" | "无" | "×" | "no" | "n" | "off" | "0" => Some("false"),
        _ => None,
    }
}

/// A text of a list, with brackets or without, whatever separates its values. Longer texts are no values of a list.
pub(super) fn sequence(text: &str) -> Option<String> {
    let inner = text.trim().trim_start_matches(['[', '［', '【', '〔', '（', '(']);
    let inner = inner.trim_end_matches([']', '］', '】', '〕', '）', ')']);
    let values: Vec<Cow<'_, str>> =
        inner.split([',', '，', '、', ';', '；']).map(|value| quoted(value.trim())).collect();
    let is_value = |value: &Cow<'_, str>| (1..=40).contains(&value.chars().count());
    values.iter().all(is_value).then(|| format!("[{}]", values.join(", ")))
}

/// A text on the side of its language, with room for the other.
pub(super) fn languages(text: &str) -> String {
    let is_han = |letter: char| ('\u{4e00}'..='\u{9fff}').contains(&letter);
    let text = quoted(text);
    match text.contains(is_han) {
        true => format!("{{zh: {text}, en: …}}"),
        false => format!("{{zh: …, en: {text}}}"),
    }
}

/// A text that can stand inside brackets: in quotation marks where it needs them.
pub(super) fn quoted(text: &str) -> Cow<'_, str> {
    let needs = text.contains(['[', ']', '{', '}', ',', '"', '\\'])
        || text.contains(": ")
        || text.contains(" #")
        || text.ends_with(':')
        || text.starts_with(['-', '?', '#', '&', '*', '!', '|', '>', '\'', '%', '@', '`']);
    match needs {
        true => Cow::Owned(in_quotation_marks(text)),
        false => Cow::Borrowed(text),
    }
}

/// A text in quotation marks.
pub(super) fn in_quotation_marks(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_rewritten_whatever_separates_its_values() {
        for text in ["zh, en", "zh、en", "【zh，en】", "［zh；en］", "[zh,en]"] {
            assert_eq!(sequence(text).as_deref(), Some("[zh, en]"), "{text}");
        }
        assert_eq!(sequence("a:b, c: d").as_deref(), Some("[a:b, \"c: d\"]"));
        assert_eq!(sequence("a,,b"), None);
    }

    #[test]
    fn a_text_goes_to_the_side_of_its_language() {
        assert_eq!(languages("芬兰KESKO公司"), "{zh: 芬兰KESKO公司, en: …}");
        assert_eq!(languages("Acme, Inc."), "{zh: …, en: \"Acme, Inc.\"}");
    }
}
