//! Callouts: a quotation that begins with `[!NOTE]` and the like.

use pulldown_cmark::BlockQuoteKind;
use unicode_normalization::UnicodeNormalization;

use super::lines::Paragraph;
use super::writer::Writer;
use crate::site::escape::escape;
use crate::source::{code, say};

impl Writer<'_> {
    /// Reports paragraphs that begin as a callout does, and are none: of another kind, or with words behind it.
    pub(super) fn slipped_callouts(&mut self, paragraphs: &[Paragraph]) {
        for line in paragraphs.iter().filter_map(|paragraph| paragraph.lines.first()) {
            let text = &self.text[line.place.clone()];
            // `[![` is a picture in a link.
            let is_begun = !line.is_escaped && !text.starts_with("[![");
            let Some((length, kind)) = kind(text).filter(|_| is_begun) else {
                continue;
            };
            let span = self.span(line.place.start..line.place.start + length);
            let message = say!("this does not begin a callout and is shown as is");
            self.report.error(code::MARKDOWN_MARK, span, message).hint(say!(
                "write `> [!{kind}]` on a line of its own, and the words on lines with `> ` below it; there are NOTE, TIP, IMPORTANT, WARNING and CAUTION",
                kind
            ));
        }
    }

    /// Begins a callout with its title.
    pub(super) fn callout_start(&mut self, kind: BlockQuoteKind) {
        let name = match kind {
            BlockQuoteKind::Note => "note",
            BlockQuoteKind::Tip => "tip",
            BlockQuoteKind::Important => "important",
            BlockQuoteKind::Warning => "warning",
            BlockQuoteKind::Caution => "caution",
        };
        let title = (self.around.word)(&format!("text.{name}"));
        let title = escape(&title);
        self.raw(format!(
            "<div class=\"callout callout-{name}\" role=\"note\">\n<p class=\"callout-title\">{title}</p>\n"
        ));
    }
}

/// How long the mark of a callout is with which a line begins, and the kind that was most likely meant.
fn kind(line: &str) -> Option<(usize, &'static str)> {
    let end = line.find([']', '］', '】'])?;
    let written: String = line[..end].nfkc().collect();
    let written = written.strip_prefix("[!").or(written.strip_prefix("【!"))?.trim().to_uppercase();
    let kind = match written.as_str() {
        "TIP" | "HINT" | "提示" => "TIP",
        "IMPORTANT" | "重要" => "IMPORTANT",
        "WARNING" | "ATTENTION" | "注意" => "WARNING",
        "CAUTION" | "DANGER" | "警告" | "危险" => "CAUTION",
        _ => "NOTE",
    };
    Some((end + line[end..].chars().next()?.len_utf8(), kind))
}

#[cfg(test)]
mod tests {
    use crate::site::markdown::tests::{problems, sound};

    #[test]
    fn a_callout_has_its_title() {
        sound(
            "> [!WARNING]\n> 逾期**不予**受理。\n\n> 引文",
            "<div class=\"callout callout-warning\" role=\"note\">\n<p class=\"callout-title\">[text.warning]</p>\n\
             <p>逾期<strong>不予</strong>受理。</p>\n</div>\n<blockquote>\n<p>引文</p>\n</blockquote>\n",
        );
    }

    #[test]
    fn what_begins_like_a_callout_is_told_how() {
        for (text, kind) in [
            ("> [!INFO]\n> 文字", "NOTE"),
            ("> [!注意]\n> 文字", "WARNING"),
            ("> [！TIP］\n> 文字", "TIP"),
            ("> [!CAUTION] 文字", "CAUTION"),
        ] {
            let told = problems(text);
            assert_eq!(told.len(), 1, "{text}: {told:?}");
            assert!(told[0].contains(&format!("write `> [!{kind}]`")), "{told:?}");
        }
        sound("> \\[!INFO] 【注】", "<blockquote>\n<p>[!INFO] 【注】</p>\n</blockquote>\n");
    }
}
