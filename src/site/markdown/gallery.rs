//! Pictures that stand by themselves: one with its caption, or several side by side.

use pulldown_cmark::{CowStr, Event, Tag};

use super::writer::{Located, Writer, end_of, plain_text};
use crate::site::escape::escape;

impl Writer<'_> {
    /// Shows a paragraph or a list in which there are only pictures: its titles are their captions. Returns the number of
    /// the next event; None if something else is in it, or a single picture without a title.
    pub(super) fn gallery(&mut self, events: &[Located<'_>], at: usize) -> Option<usize> {
        let end = end_of(events, at);
        let pictures = pictures_alone(events, at, end)?;
        let title = |at: usize| match &events[at].0 {
            Event::Start(Tag::Image { title, .. }) => title.as_ref(),
            _ => "",
        };
        let is_row = match pictures[..] {
            [] => return None,
            [one] if title(one).is_empty() => return None,
            [_] => false,
            _ => true,
        };
        if is_row {
            self.raw("<div class=\"gallery\">\n".to_owned());
        }
        for picture in pictures {
            let (Event::Start(Tag::Image { dest_url, .. }), range) = &events[picture] else { continue };
            let span = self.span(range.clone());
            let words = plain_text(events, picture);
            self.raw("<figure>".to_owned());
            match self.image_element(dest_url, "", &words, span) {
                Some(image) => self.raw(image),
                None => self.out.push(Event::Text(CowStr::from(words))),
            }
            match title(picture) {
                "" => {}
                title => self.raw(format!("<figcaption>{}</figcaption>", escape(title))),
            }
            self.raw("</figure>\n".to_owned());
        }
        if is_row {
            self.raw("</div>\n".to_owned());
        }
        Some(end + 1)
    }
}

/// The numbers of the events with which pictures begin, if nothing else is shown between two events.
fn pictures_alone(events: &[Located<'_>], start: usize, end: usize) -> Option<Vec<usize>> {
    let mut pictures = Vec::new();
    let mut at = start + 1;
    while at < end {
        match &events[at].0 {
            Event::Start(Tag::Image { .. }) => {
                pictures.push(at);
                at = end_of(events, at);
            }
            Event::Start(Tag::Item | Tag::Paragraph)
            | Event::End(_)
            | Event::SoftBreak
            | Event::HardBreak => {}
            Event::Text(words) if words.trim().is_empty() => {}
            _ => return None,
        }
        at += 1;
    }
    Some(pictures)
}

#[cfg(test)]
mod tests {
    use crate::site::markdown::tests::sound;

    const HALL: &str =
        "<img src=\"/sub/assets/hall.0.png\" alt=\"馆\" width=\"4\" height=\"3\" loading=\"lazy\">";

    #[test]
    fn pictures_alone_are_shown_side_by_side_with_their_captions() {
        let captioned = format!("<figure>{HALL}<figcaption>A &amp; B</figcaption></figure>\n");
        let both = format!("<div class=\"gallery\">\n{captioned}<figure>{HALL}</figure>\n</div>\n");
        sound("![馆](/hall.png 'A & B')\n![馆](/hall.png)", &both);
        sound("![馆](/hall.png 'A & B') ![馆](/hall.png)", &both);
        sound("- ![馆](/hall.png 'A & B')\n- ![馆](/hall.png)", &both);
        sound("- ![馆](/hall.png 'A & B')\n\n- ![馆](/hall.png)", &both);
        sound("![馆](/hall.png 'A & B')", &captioned);
        sound("![馆](/hall.png)", &format!("<p>{HALL}</p>\n"));
        sound("- ![馆](/hall.png)", &format!("<ul>\n<li>{HALL}</li>\n</ul>\n"));
        sound("![馆](/hall.png) 如图", &format!("<p>{HALL} 如图</p>\n"));
    }
}
