//! Emphasis beside Chinese punctuation: `**重要：**请看`.
//!
//! CommonMark takes stars between a punctuation mark and a letter for an opening or a closing only, and in Chinese, which
//! has no spaces, often for the wrong one. The amendment of markdown-cjk-friendly, which remark, markdown-it and
//! micromark have, changes this where a CJK character stands beside the stars: they may then open and close.

use icu_properties::props::{BinaryProperty, EastAsianWidth, EmojiPresentation, EnumeratedProperty, Script};

/// Whether a run of stars between two texts opens and closes by the amendment, and may not do so without it.
pub(super) fn needs_joints(before: &str, after: &str) -> bool {
    let (Some(last), Some(next)) = (before.chars().next_back(), after.chars().next()) else { return false };
    // A cell of a table begins and ends like a line.
    let ends = |letter: char| letter.is_whitespace() || letter == '|';
    if ends(last) || ends(next) || last.is_alphanumeric() && next.is_alphanumeric() {
        return false;
    }
    if last == '>' {
        let line = before.rsplit('\n').next().unwrap_or(before);
        if line.bytes().all(|byte| b"> \t".contains(&byte)) {
            return false;
        }
    }
    is_cjk(next) || ends_in_cjk(before, last)
}

/// Whether the last character of a text is a CJK one, by itself or with a sign behind it that chooses its form.
fn ends_in_cjk(text: &str, last: char) -> bool {
    match last {
        '\u{e0100}'..='\u{e01ef}' => true,
        '\u{fe00}'..='\u{fe0e}' => text.chars().nth_back(1).is_some_and(|before| {
            is_cjk(before) || last == '\u{fe01}' && ['‘', '’', '“', '”'].contains(&before)
        }),
        last => is_cjk(last),
    }
}

/// A CJK character as the amendment has it.
fn is_cjk(letter: char) -> bool {
    if letter < '\u{1100}' {
        return false;
    }
    let width = EastAsianWidth::for_char(letter);
    let is_wide =
        [EastAsianWidth::Wide, EastAsianWidth::Fullwidth, EastAsianWidth::Halfwidth].contains(&width);
    is_wide && !EmojiPresentation::for_char(letter) || Script::for_char(letter) == Script::Hangul
}

#[cfg(test)]
mod tests {
    use crate::site::markdown::tests::{refused, sound};

    /// What `**` makes of each line: the words that are bold stand between `[` and `]`. The lines are those of the
    /// test cases of markdown-cjk-friendly (`testcases/`, commit 7fdf490), fewer where many tell the same.
    #[test]
    fn the_test_cases_of_the_amendment_hold() {
        for line in [
            "これは[私のやりたかったこと。]だからするの。",
            "カッコに注意[（太字にならない）]文が続く場合に要警戒。",
            "税込[¥10,000]で入手できます。",
            "正解は[④]です。",
            "太郎は[「こんにちわ」]といった",
            "太郎は[\"こんにちわ\"]といった",
            "太郎は[\"Oh my god\"]といった",
            "[C#]や[F#]は[「.NET」]というプラットフォーム上で動作します。",
            "IDが[００１号]になります。",
            "Go[「初心者」]を対象とした記事です。",
            "[⻲田太郎]と申します",
            "・[㋐]:選択肢１つ目",
            "[真，]她",
            "[真。]她",
            "[真、]她",
            "[真；]她",
            "[真：]她",
            "[真？]她",
            "[真！]她",
            "[真“]她",
            "[真”]她",
            "[真‘]她",
            "[真（]她",
            "真[（她]",
            "[真【]她",
            "真[【她]",
            "真[《她]",
            "[真—]她",
            "[真～]她",
            "[真…]她",
            "[真·]她",
            "[真〃]她",
            "[真-]她",
            "[真々]她",
            "[真，] 她",
            "[真]，她",
            "[さようなら︙]と太郎はいった。",
            ".NET[（.NET Frameworkは不可）]では、",
            "「禰󠄀」の偏は示ではなく[礻]です。",
            "Git[（注：不是GitHub）]",
            "𰻞𰻞[（ビャンビャン）]麺",
            "𰻞𰻞[(ビャンビャン)]麺",
            "制御プロトコル[(HTCPCP)]",
            "﨑[(崎)]",
            "𠮟[(こちらが正式表記)]",
            "石𮧟[(いしただら)]",
            "[推荐几个框架：]React、Vue等前端框架。",
            "葛󠄀[(こちらが正式表記)]城市",
            "大塚︀[(U+585A U+FE00)] 大塚[(U+FA10)]",
            "〽︎[(庵点)]は、",
            "[“︁Git”︁]Hub",
            "[스크립트(script)]라고",
            "[안녕(hello)]하세요.",
            "ᅡ[(a)]",
            "[(k)]ᄏ",
            "a[〰]a",
            "a[🈂]a",
            "a[㊗]a",
        ] {
            let html = line.replace('[', "<strong>").replace(']', "</strong>").replace('"', "&quot;");
            let html = html.replace("&quot;", "\"");
            sound(&line.replace(['[', ']'], "**"), &format!("<p>{html}</p>\n"));
        }
    }

    #[test]
    fn links_code_and_quotation_marks_can_be_bold_in_a_sentence() {
        sound(
            "请看**[服务区](#a)**和**`代码`**的**“重点”**，*“词”*也是。",
            "<p>请看<strong><a href=\"#a\">服务区</a></strong>和<strong><code>代码</code></strong>的\
             <strong>“重点”</strong>，<em>“词”</em>也是。</p>\n",
        );
        sound(
            "**[见](#a)**。以及**乙：**丙",
            "<p><strong><a href=\"#a\">见</a></strong>。以及<strong>乙：</strong>丙</p>\n",
        );
        sound(
            "> **注意：**请\n\n- **一，**二\n",
            "<blockquote>\n<p><strong>注意：</strong>请</p>\n</blockquote>\n<ul>\n<li><strong>一，</strong>二</li>\n</ul>\n",
        );
        sound("`甲*“乙”*丙` [x](#a*“b)", "<p><code>甲*“乙”*丙</code> <a href=\"#a*%E2%80%9Cb\">x</a></p>\n");
    }

    #[test]
    fn where_no_cjk_character_is_it_is_as_in_commonmark() {
        for text in ["a**a∇**a", "a**»a**a", "a**a𝜵**a", "a**🐶**a"] {
            refused(text, &format!("<p>{text}</p>\n"), "`**` is shown as is, and nothing is bold");
        }
        sound("_注意_：_事项_", "<p><em>注意</em>：<em>事项</em></p>\n");
        sound("__注意__：注意事項", "<p><strong>注意</strong>：注意事項</p>\n");
    }
}
