//! A static site: its addresses, templates, texts, files and links.
//!
//! Knows no fair: it could publish the site of a library.

pub mod asset;
pub mod card;
pub mod compact;
pub mod content;
pub mod context;
pub mod download;
pub mod escape;
pub mod feed;
pub mod hosting;
pub mod ics;
pub mod links;
pub mod markdown;
pub mod output;
pub mod permalink;
pub mod picture;
pub mod policy;
pub mod qr;
pub mod search;
pub mod sitemap;
mod template_error;
pub mod theme;
mod words;

pub use asset::Assets;
pub use hosting::Hosting;
pub use output::{Artifact, Content, Memory, Nowhere, Sink, Written};
pub use permalink::{BaseUrl, Permalink, hex, segment};
pub use picture::{Picture, Pictures};
pub use theme::{Theme, ThemeFile};
pub use words::WordsFile;
