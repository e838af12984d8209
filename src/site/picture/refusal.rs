//! Why a picture is not published.

use super::kind::other_kind;
use crate::source::{Code, Message, code, say};

/// More pixels are not unpacked: a file of a few kilobytes can hold more than the memory of a machine. No phone or
/// camera of the fair's offices takes larger photos.
pub(super) const MOST_PIXELS: u64 = 100_000_000;

/// What is wrong with a picture, so that nothing of it can be published.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Refusal {
    /// It is no picture, but what its first bytes tell.
    NoPicture(Option<Message>),
    /// The file ends before the picture does.
    Cut,
    /// What is in it contradicts itself.
    Damaged,
    /// It has more than [`MOST_PIXELS`].
    Huge(u32, u32),
    /// It is shown turned by its metadata, which are not published, and its pixels cannot be turned here.
    Turned,
    /// A drawing that does not name its language, without which browsers show none.
    Unmarked,
    /// A drawing with something that runs, or that loads or leads to something else.
    Active(String),
}

impl Refusal {
    pub(super) fn no_picture(bytes: &[u8]) -> Refusal {
        Refusal::NoPicture(other_kind(bytes))
    }

    pub(super) fn code(&self) -> Code {
        match self {
            Refusal::NoPicture(_) => code::PICTURE_FORMAT,
            _ => code::PICTURE_REFUSED,
        }
    }

    /// What is wrong with the picture at a path, and what to do.
    pub(super) fn message(&self, path: &str) -> (Message, Message) {
        match self {
            Refusal::NoPicture(what) => {
                let message = match what {
                    Some(what) => say!(
                        "`{path}` is not a picture that browsers can show, but {what}",
                        path,
                        what = what.clone()
                    ),
                    None => say!("`{path}` is not a picture that browsers can show", path),
                };
                let hint = say!(
                    "open it in an image editor, and save it as PNG, JPEG or WebP; renaming the file does not convert it"
                );
                (message, hint)
            }
            Refusal::Cut => (
                say!("the picture `{path}` is incomplete: the file ends before the picture does", path),
                say!("copy or download content{path} again from where it came from", path),
            ),
            Refusal::Damaged => (
                say!("the picture `{path}` is damaged", path),
                say!(
                    "copy content{path} again from where it came from, or open it in an image editor and save it again",
                    path
                ),
            ),
            Refusal::Huge(width, height) => (
                // The number is that of MOST_PIXELS.
                say!(
                    "the picture `{path}` has {width} × {height} pixels, more than 100 million",
                    path,
                    width,
                    height
                ),
                say!(
                    "reduce content{path} to at most 4000 pixels on its longer side; pages show at most 1920",
                    path
                ),
            ),
            Refusal::Turned => (
                say!("the WebP picture `{path}` is stored lying on its side", path),
                say!("rotate content{path} in an image editor and save it, or save it as JPEG", path),
            ),
            Refusal::Unmarked => (
                say!("the drawing `{path}` does not say that it is SVG, so browsers do not show it", path),
                say!(
                    "in content{path}, write `<svg xmlns=\"http://www.w3.org/2000/svg\"` instead of `<svg`",
                    path
                ),
            ),
            Refusal::Active(what) => (
                say!("the drawing `{path}` contains `{what}`", path, what),
                say!(
                    "a drawing may run nothing and load nothing: remove `{what}` from content{path}, or save it as PNG",
                    path,
                    what
                ),
            ),
        }
    }
}
