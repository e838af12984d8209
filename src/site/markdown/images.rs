//! The images of a text: each is a picture of this site, or its description stands there alone.

use pulldown_cmark::{CowStr, Event};

use super::body::{Link, LinkedFile, PictureWidth};
use super::writer::Writer;
use crate::site::escape::escape;
use crate::site::links::scheme;
use crate::site::picture::{endings, is_picture};
use crate::source::{Span, any_of, code, say};

/// How wide a picture is shown: browsers that lay the page out before they load it know, for the others it is as wide as
/// the column of a text, or the window.
const SIZES: &str = "auto, (min-width: 46rem) 44rem, 100vw";

impl Writer<'_> {
    /// Shows an image, or its description where it is no picture of this site.
    pub(super) fn image(&mut self, target: &str, title: &str, words: &str, span: Span) {
        match self.image_element(target, title, words, span) {
            Some(image) => self.raw(image),
            None => self.out.push(Event::Text(CowStr::from(words.to_owned()))),
        }
    }

    /// The element that shows a picture, with a title unless that is empty. None if it is no picture of this site.
    pub(super) fn image_element(
        &mut self,
        target: &str,
        title: &str,
        words: &str,
        span: Span,
    ) -> Option<String> {
        self.body.links.push(Link { target: target.to_owned(), span });
        if words.trim().is_empty() {
            self.report
                .error(code::MARKDOWN_IMAGE, span, say!("picture without a description"))
                .hint(say!("describe the picture between `[` and `]`"));
        } else if is_file_name(words.trim(), target) {
            self.report
                .warning(
                    code::MARKDOWN_IMAGE,
                    span,
                    say!("the description of the picture is a file name: `{words}`", words = words.trim()),
                )
                .hint(say!(
                    "write what the picture shows: `![what it shows]({target})`; people who cannot see it hear these words",
                    target
                ));
        }
        let shown = self.picture(target, span)?;
        self.body.files.entry(shown.path).or_insert(span);
        let mut image = image_of(&shown.widths, words)?;
        if !title.is_empty() {
            image.push_str(&format!(" title=\"{}\"", escape(title)));
        }
        image.push_str(" loading=\"lazy\">");
        Some(image)
    }

    /// The picture that is shown, if it is one of this site.
    fn picture(&mut self, target: &str, span: Span) -> Option<LinkedFile> {
        if scheme(target).is_some() || target.starts_with("//") || target.contains('\\') {
            self.report
                .error(
                    code::MARKDOWN_IMAGE,
                    span,
                    say!("picture from another site: `{target}`", target),
                )
                .hint(say!(
                    "put the file into `content`, and write its path from there, such as `/activities/hall.png`"
                ));
            return None;
        }
        let meant = match (self.around.find)(target) {
            Ok(LinkedFile { path, note: Some(_), .. }) => {
                self.report
                    .error(
                        code::MARKDOWN_IMAGE,
                        span,
                        say!("`{path}` is not a picture but an attachment", path),
                    )
                    .hint(say!("write a link, without the `!`: `[what it is]({path})`", path));
                // It is one that is used.
                self.body.files.entry(path).or_insert(span);
                return None;
            }
            Ok(shown) => return Some(shown),
            Err(meant) => meant,
        };
        let whole = target.starts_with('/');
        let message = match whole {
            true => say!("`content` has no picture `{target}`", target),
            false => say!("the path of a picture does not begin with `/`: `{target}`", target),
        };
        let draft = self.report.error(code::MARKDOWN_IMAGE, span, message);
        match meant {
            Some(meant) => draft.hint(say!("did you mean `{meant}`?", meant)),
            None if !is_picture(target) => draft
                .hint(say!("the file extension of a picture must be {endings}", endings = any_of(endings()))),
            None if whole => draft.hint(say!("put the file at content{target}", target)),
            None => draft.hint(say!("put the file at content/{target}, and write `/{target}`", target)),
        };
        None
    }
}

/// The beginning of the element that shows a picture of these widths. None if it has none.
fn image_of(widths: &[PictureWidth], words: &str) -> Option<String> {
    let widest = widths.last()?;
    let mut image = format!("<img src=\"{}\" alt=\"{}\"", escape(&widest.url), escape(words));
    if widths.len() > 1 {
        let source = |width: &PictureWidth| Some(format!("{} {}w", escape(&width.url), width.size?.0));
        let sources: Vec<String> = widths.iter().filter_map(source).collect();
        image.push_str(&format!(" srcset=\"{}\" sizes=\"{SIZES}\"", sources.join(", ")));
    }
    // The browser keeps the place free until the picture is there.
    if let Some((width, height)) = widest.size {
        image.push_str(&format!(" width=\"{width}\" height=\"{height}\""));
    }
    Some(image)
}

/// Whether a description is what a camera or a program called the file.
fn is_file_name(words: &str, target: &str) -> bool {
    let name = target.rsplit('/').next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let is_made_up = |letter: char| letter.is_ascii_digit() || letter == '_';
    is_picture(words) || (words == stem && words.contains(is_made_up))
}

#[cfg(test)]
mod tests {
    use crate::site::markdown::tests::{refused, sound};

    #[test]
    fn pictures_of_the_site_are_shown_with_their_sizes() {
        sound(
            "![展馆 *平面* \"图\"](/hall.png 'A') [大图](/hall.png)",
            "<p><img src=\"/sub/assets/hall.0.png\" alt=\"展馆 平面 &quot;图&quot;\" width=\"4\" height=\"3\" \
             title=\"A\" loading=\"lazy\"> <a href=\"/sub/assets/hall.0.png\">大图</a></p>\n",
        );
        sound(
            "![图](/plan.png)",
            "<p><img src=\"/sub/assets/plan.1.png\" alt=\"图\" srcset=\"/sub/assets/plan.0.png 4w, \
             /sub/assets/plan.1.png 8w\" sizes=\"auto, (min-width: 46rem) 44rem, 100vw\" width=\"8\" height=\"6\" \
             loading=\"lazy\"></p>\n",
        );
        refused("![图](/hal.png)", "<p>图</p>\n", "`content` has no picture `/hal.png`");
        refused(
            "![图](hall.png)",
            "<p>图</p>\n",
            "the path of a picture does not begin with `/`: `hall.png`",
        );
        refused(
            "![logo](https://a.org/x.png)",
            "<p>logo</p>\n",
            "picture from another site: `https://a.org/x.png`",
        );
        refused("![图](//a.org/x.png)", "<p>图</p>\n", "picture from another site: `//a.org/x.png`");
        refused("![表](/form.pdf)", "<p>表</p>\n", "`/form.pdf` is not a picture but an attachment");
        let named = "<p><img src=\"/sub/assets/hall.0.png\" alt=\"IMG_2025.png\" width=\"4\" height=\"3\" loading=\"lazy\"></p>\n";
        let message = "the description of the picture is a file name: `IMG_2025.png`";
        refused("![IMG_2025.png](/hall.png)", named, message);
        refused(
            "![](/hall.png)",
            "<p><img src=\"/sub/assets/hall.0.png\" alt=\"\" width=\"4\" height=\"3\" loading=\"lazy\"></p>\n",
            "picture without a description",
        );
    }
}
