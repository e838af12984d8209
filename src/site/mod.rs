//! A static site: its addresses, templates, texts, files and links.
//!
//! Knows no fair: it could publish the site of a library.
//!
//! ```
//! use jinbang::lang::Lang;
//! use jinbang::site::markdown::{Around, render};
//! use jinbang::site::Permalink;
//! use jinbang::site::placeholder::Unknown;
//! use jinbang::source::{Files, Report};
//!
//! let (files, mut report) = (Files::new("."), Report::new());
//! let text = "# Opening hours\n\n[The reading room](/rooms/reading/) <script>\n";
//! let resolve = |path: &str| Ok(format!("/en{path}"));
//! let no_pictures = |_: &str| Err(None);
//! let words = |key: &str| key.to_owned();
//! let facts = |_: &str| Err(Unknown { known: Vec::new() });
//! let around = Around { lang: Lang::EN, word: &words, fact: &facts, resolve: &resolve, find: &no_pictures };
//! let file = files.id("content/hours.en.md");
//! let body = render(&mut report, file, text, 0, &around);
//! assert!(body.html.contains("<a href=\"/en/rooms/reading/\">The reading room</a>"));
//! assert!(!body.html.contains("<script>"), "what an editor writes is text, not markup");
//!
//! let place = Permalink::new("en/rooms/reading/").unwrap();
//! assert_eq!(place.file(), "en/rooms/reading/index.html");
//! assert!(Permalink::new("../library.html").is_err(), "a place does not leave the site");
//! ```

pub mod asset;
pub mod attachment;
pub mod card;
pub mod content;
pub mod context;
pub mod csp;
mod css_blocks;
pub mod download;
pub mod escape;
pub mod feed;
pub mod hosting;
pub mod ics;
pub mod links;
pub mod markdown;
pub mod output;
pub mod outside;
pub mod permalink;
pub mod picture;
pub mod placeholder;
pub mod qr;
mod renamed;
pub mod search;
pub mod sitemap;
mod template_blocks;
mod template_error;
pub mod theme;
mod words;

pub use asset::{Assets, Source};
pub use attachment::{Attachment, Attachments};
pub use hosting::Hosting;
pub use output::{Artifact, Content, Memory, Nowhere, Sink, Written};
pub use permalink::{BaseUrl, Permalink, hex, segment};
pub use picture::{Picture, Pictures};
pub use renamed::renamed;
pub use theme::{Theme, ThemeFile};
pub use words::WordsFile;
