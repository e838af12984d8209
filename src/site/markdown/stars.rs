//! Stars between numbers: whoever writes `3*3米，高2*2.5米` means times, and Markdown takes the two stars for emphasis.

/// Whether stars stand between two numbers. Behind the first of them its unit may stand, and before the second what it
/// measures, if the star is a single one: two may well end what is bold.
pub(super) fn is_times(before: &str, stars: usize, after: &str) -> bool {
    const LONGEST_UNIT: usize = 3;
    let is_unit = |letter: &char| letter.is_alphabetic() || "%％°′″".contains(*letter);
    let is_single = stars == 1;
    let unit = match is_single {
        true => before.chars().rev().take(LONGEST_UNIT).take_while(|c| is_unit(c) && !is_digit(*c)).count(),
        false => 0,
    };
    let measures = is_single && after.starts_with(['长', '宽', '高', '深', '厚']);
    let number = before.chars().nth_back(unit);
    number.is_some_and(is_digit) && after.chars().nth(usize::from(measures)).is_some_and(is_digit)
}

fn is_digit(letter: char) -> bool {
    letter.is_ascii_digit() || ('０'..='９').contains(&letter)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{refused, sound};

    #[test]
    fn a_star_between_numbers_stands_as_it_is() {
        for text in [
            "标准展位3*3米，高2*2.5米。",
            "3*3*3米",
            "3米*3米，高2.5米*1米",
            "１*２、３*４",
            "50cm*40cm，60%*2，70%*2",
            "长3米*宽2米*高2.5米",
        ] {
            sound(text, &format!("<p>{text}</p>\n"));
        }
        sound("`3*3` **3*3米**", "<p><code>3*3</code> <strong>3*3米</strong></p>\n");
        sound("```\n3*3 *a*\n```", "<pre><code>3*3 *a*\n</code></pre>\n");
        sound("\u{e000}3*3*3", "<p>\u{e000}3*3*3</p>\n");
        sound("[3*3](#2*2)", "<p><a href=\"#2*2\">3*3</a></p>\n");
        sound("3\\*3*重点*", "<p>3*3<em>重点</em></p>\n");
    }

    #[test]
    fn other_stars_are_marks_as_before() {
        sound("*3*米 **137**届 *第3* 4", "<p><em>3</em>米 <strong>137</strong>届 <em>第3</em> 4</p>\n");
        sound("共 **9平方米**2个", "<p>共 <strong>9平方米</strong>2个</p>\n");
        sound("1. 3\n* 3", "<ol>\n<li>3</li>\n</ol>\n<ul>\n<li>3</li>\n</ul>\n");
        refused("2**3 and 4**5", "<p>2**3 and 4**5</p>\n", "`**` is shown as is, and nothing is bold");
    }
}
