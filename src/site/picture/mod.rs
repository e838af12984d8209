//! The pictures that stand beside the texts: what is published of each, where, and how large it is.
//!
//! Knows what the bytes of pictures tell, not which text shows them.

mod drawing;
mod kind;
mod pictures;
mod refusal;
mod renditions;
mod stripped;

pub use kind::{endings, is_picture};
pub use pictures::{Picture, Pictures};
