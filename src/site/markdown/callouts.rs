//! Callouts: a quotation that begins with `[!NOTE]` and the like.

use pulldown_cmark::BlockQuoteKind;

use super::writer::Writer;
use crate::site::escape::escape;

impl Writer<'_> {
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

#[cfg(test)]
mod tests {
    use crate::site::markdown::tests::sound;

    #[test]
    fn a_callout_has_its_title() {
        sound(
            "> [!WARNING]\n> 逾期**不予**受理。\n\n> 引文",
            "<div class=\"callout callout-warning\" role=\"note\">\n<p class=\"callout-title\">[text.warning]</p>\n\
             <p>逾期<strong>不予</strong>受理。</p>\n</div>\n<blockquote>\n<p>引文</p>\n</blockquote>\n",
        );
    }
}
