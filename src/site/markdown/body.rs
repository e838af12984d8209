//! What a text is rendered to, and how it finds what it names.

use std::collections::BTreeMap;

use crate::lang::Lang;
use crate::site::placeholder::FindFill;
use crate::source::Span;

/// A text as HTML, and what is in it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Body {
    /// The HTML.
    pub html: String,
    /// A number that stands for it.
    pub print: u64,
    /// The links, in the order of the text.
    pub links: Vec<Link>,
    /// The headings, in the order of the text.
    pub headings: Vec<Heading>,
    /// The pictures that it shows, and they and the attachments to which it leads, by their paths, and where it names them first.
    pub files: BTreeMap<String, Span>,
}

/// A heading in a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Heading {
    /// 2 for `##`, and so on.
    pub level: u8,
    /// The name that links can use.
    pub id: String,
    /// The words.
    pub text: String,
}

/// A link or an image in a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// Where it leads, as it is written.
    pub target: String,
    /// The source.
    pub span: Span,
}

/// Finds the address of a page or file of the site by its path below the language's root, such as
/// `/activities/vlog/`. The error may name the path that was most likely meant.
pub type Resolve<'a> = dyn Fn(&str) -> Result<String, Option<Meant>> + 'a;

/// The path of a page that was most likely meant by one that leads nowhere.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Meant {
    /// It is spelt differently.
    Near(String),
    /// It is the same without the language, or near to that.
    WithoutLanguage(String),
    /// It is a draft, which is not published.
    Draft,
    /// It is published from a day on.
    From(String),
}

/// Finds a picture or an attachment by its path from `/`, such as `/activities/hall.png`. The error may name the path that
/// was most likely meant.
pub type Find<'a> = dyn Fn(&str) -> Result<LinkedFile, Option<String>> + 'a;

/// What a text needs of a picture that it shows, or of an attachment to which it leads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LinkedFile {
    /// The path by which it was found.
    pub path: String,
    /// Its addresses on the published site, the narrowest first. A picture that cannot be shown has none: it is
    /// reported by whoever knows why.
    pub widths: Vec<PictureWidth>,
    /// What readers are told of an attachment behind the words of a link: `(PDF, 1.2 MB)`. Pictures have none.
    pub note: Option<String>,
}

/// A picture in one width.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PictureWidth {
    /// The address on the published site.
    pub url: String,
    /// Width and height in pixels, if they are known.
    pub size: Option<(u32, u32)>,
}

/// The keys of the words that a text may show besides its own.
pub const WORDS: [&str; 7] = [
    "text.footnotes",
    "text.footnote-back",
    "text.note",
    "text.tip",
    "text.important",
    "text.warning",
    "text.caution",
];

/// What a text is rendered with.
pub struct Around<'a> {
    /// The language of the text.
    pub lang: Lang,
    /// A word of the language by its key, one of [`WORDS`].
    pub word: &'a dyn Fn(&str) -> String,
    /// Finds what a placeholder is filled with.
    pub fact: &'a FindFill<'a>,
    /// Finds pages and files.
    pub resolve: &'a Resolve<'a>,
    /// Finds pictures and attachments.
    pub find: &'a Find<'a>,
}
