//! Pictures that stand by themselves: one with its caption, or several side by side; and cards of videos.
//!
//! A card is a picture inside a link, in what everybody knows of Markdown: the title of the link is that of the video, the
//! title of the picture begins with how long it takes, such as `3:20, English subtitles`. Nothing of the other site is
//! loaded until a reader follows the link.

use pulldown_cmark::{CowStr, Event, Tag};

use super::writer::{Located, Writer, end_of, plain_text};
use crate::site::escape::escape;

/// A picture among the events, by the numbers of those with which it and the link around it begin.
struct Alone {
    picture: usize,
    link: Option<usize>,
}

impl Writer<'_> {
    /// Shows a paragraph or a list in which there are only pictures: its titles are their captions. Returns the number of
    /// the next event; None if something else is in it, or a single picture without a title.
    pub(super) fn gallery(&mut self, events: &[Located<'_>], at: usize) -> Option<usize> {
        let end = end_of(events, at);
        let pictures = pictures_alone(events, at, end)?;
        let has_title = |alone: &Alone| {
            !title(events, alone.picture).is_empty()
                || alone.link.is_some_and(|at| !title(events, at).is_empty())
        };
        let is_row = match &pictures[..] {
            [] => return None,
            [one] if !has_title(one) => return None,
            [_] => false,
            _ => true,
        };
        if is_row {
            self.raw("<div class=\"gallery\">\n".to_owned());
        }
        for alone in pictures {
            self.figure(events, &alone);
        }
        if is_row {
            self.raw("</div>\n".to_owned());
        }
        Some(end + 1)
    }

    fn figure(&mut self, events: &[Located<'_>], alone: &Alone) {
        let caption = title(events, alone.picture);
        let is_video = alone.link.is_some() && begins_with_length(caption);
        self.raw(if is_video { "<figure class=\"video\">" } else { "<figure>" }.to_owned());
        let words = plain_text(events, alone.picture);
        if let Some(link) = alone.link
            && let (Event::Start(Tag::Link { dest_url, .. }), range) = &events[link]
        {
            let span = self.span(range.clone());
            self.link(dest_url, "", &words, span);
        }
        if let (Event::Start(Tag::Image { dest_url, .. }), range) = &events[alone.picture] {
            let span = self.span(range.clone());
            match self.image_element(dest_url, "", &words, span) {
                Some(image) => self.raw(image),
                None => self.out.push(Event::Text(CowStr::from(words))),
            }
        }
        if let Some(link) = alone.link {
            match title(events, link) {
                "" => {}
                title => self.raw(format!("<span>{}</span>", escape(title))),
            }
            if let Some(Some(end)) = self.open_links.pop() {
                self.raw(end);
            }
        }
        match caption {
            "" => {}
            caption => self.raw(format!("<figcaption>{}</figcaption>", escape(caption))),
        }
        self.raw("</figure>\n".to_owned());
    }
}

/// The title of the picture or link that begins here.
fn title<'e>(events: &'e [Located<'_>], at: usize) -> &'e str {
    match &events[at].0 {
        Event::Start(Tag::Image { title, .. } | Tag::Link { title, .. }) => title,
        _ => "",
    }
}

/// Whether a caption begins with minutes and seconds, or hours, minutes and seconds.
fn begins_with_length(caption: &str) -> bool {
    let end = caption.find(|letter: char| !letter.is_ascii_digit() && letter != ':').unwrap_or(caption.len());
    let mut parts = caption[..end].split(':');
    let first = parts.next().unwrap_or_default();
    let rest: Vec<&str> = parts.collect();
    (1..=3).contains(&first.len()) && (1..=2).contains(&rest.len()) && rest.iter().all(|part| part.len() == 2)
}

/// The pictures with the links around them, if nothing else is shown between two events.
fn pictures_alone(events: &[Located<'_>], start: usize, end: usize) -> Option<Vec<Alone>> {
    let mut pictures = Vec::new();
    let mut at = start + 1;
    while at < end {
        match &events[at].0 {
            Event::Start(Tag::Link { .. }) => {
                let is_picture = matches!(events[at + 1].0, Event::Start(Tag::Image { .. }));
                let behind = end_of(events, at);
                if !is_picture || end_of(events, at + 1) + 1 != behind {
                    return None;
                }
                pictures.push(Alone { picture: at + 1, link: Some(at) });
                at = behind;
            }
            Event::Start(Tag::Image { .. }) => {
                pictures.push(Alone { picture: at, link: None });
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
    #[test]
    fn a_picture_in_a_link_is_a_card_and_with_a_length_one_of_a_video() {
        let card = |class: &str, caption: &str| {
            format!(
                "<figure{class}><a href=\"https://v.org/1\" rel=\"external noopener\">{HALL}<span>第一天</span></a>\
                 <figcaption>{caption}</figcaption></figure>\n"
            )
        };
        let written = |caption: &str| format!("[![馆](/hall.png '{caption}')](https://v.org/1 '第一天')");
        for caption in ["3:20，英文字幕", "12:05", "1:03:20, English"] {
            sound(&written(caption), &card(" class=\"video\"", caption));
        }
        for caption in ["展馆", "3:2", "2025:10", "第 3:20 节"] {
            sound(&written(caption), &card("", caption));
        }
        let row = format!(
            "<div class=\"gallery\">\n{}<figure>{HALL}</figure>\n</div>\n",
            card(" class=\"video\"", "3:20")
        );
        sound(&format!("{}\n![馆](/hall.png)", written("3:20")), &row);
    }
}
