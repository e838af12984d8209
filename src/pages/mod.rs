//! The one bridge between facts, law and judgement on one side and the site on the other: what every page
//! shows, in every language.
//!
//! Only what a template sees derives `Serialize`, so nothing else can reach a page. Of a winner these are
//! names, award, delegation, sections, phases, booths and website; never a score, a rank or a count, and
//! nothing of a buyer.

mod calendar;
mod content;
mod corrections;
mod dates;
mod downloads;
mod enterprise;
mod evidence;
mod frame;
mod home;
mod keys;
mod linked_data;
mod moved;
mod news;
mod notice;
mod plan;
mod rules;
mod sealed;
mod search;
mod site_file;
mod spoken;
mod timeline;
mod translation;
mod winner;
mod winners;
mod zone;

pub use content::{Contents, FrontMatter, read_contents};
pub use evidence::PublishedEvidence;
pub use plan::{LeftOut, Material, MaterialFair, MaterialOutsideFair, Plan, hosting, plan};
pub use rules::clause_address;
pub use sealed::PublishedSeal;
pub use site_file::{Contact, SiteFile, read_site};
pub use timeline::{Timeline, timeline};
pub use translation::{PageStanding, Standing, report_standings, standings};
