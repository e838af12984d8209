//! The one bridge between facts, law and judgement on one side and the site on the other: what every page
//! shows, in every language.
//!
//! Only what a template sees derives `Serialize`, so nothing else can reach a page. Of a winner these are
//! names, award, delegation, sections, phases, booths and website; never a score, a rank or a count, and
//! nothing of a buyer.
//!
//! From the ground up; a file uses what stands above it here, and no file the one that uses it:
//!
//! ```text
//! what people write        addresses site_file front_matter content parallel glossary translation
//! what pages are made of   filter_keys kept_addresses material published
//!                          timeline winner_list notice occasion
//! one language of it       dates context, once for each language
//! what several pages show  fallback links contacts names fair_view agenda linked_data corrections sealed
//!                          notice_view winner_view enterprise_view zone_changes calendar_files
//! how a page is added      page gone_page downloads
//! files beside pages       cards feeds sitemap
//! pages                    text_page ended home awards winners winner evidence rules zone enterprise calendar
//!                          gateway search
//! which there are          link_targets check aliases gone plan
//! ```

mod addresses;
mod agenda;
mod aliases;
mod awards;
mod calendar;
mod calendar_files;
mod cards;
mod check;
mod contacts;
mod content;
mod context;
mod corrections;
mod dates;
mod downloads;
mod ended;
mod enterprise;
mod enterprise_view;
mod evidence;
mod facts;
mod fair_facts;
mod fair_view;
mod fallback;
mod feeds;
mod filter_keys;
mod front_matter;
mod gateway;
mod glossary;
mod gone;
mod gone_page;
mod home;
mod kept_addresses;
mod link_targets;
mod linked_data;
mod links;
mod material;
mod names;
mod notice;
mod notice_view;
mod occasion;
mod page;
mod parallel;
mod plan;
mod published;
mod rules;
mod sealed;
mod search;
mod site_file;
mod sitemap;
mod telephone;
mod text_files;
mod text_page;
mod timeline;
mod translation;
mod winner;
mod winner_list;
mod winner_view;
mod winners;
mod zone;
mod zone_changes;

pub use addresses::clause_address;
pub use content::{Contents, read_contents};
pub use front_matter::FrontMatter;
pub use glossary::{GlossaryFile, read_glossary, report_names};
pub use kept_addresses::{ADDRESSES, KeptAddresses, read_addresses, united};
pub use material::{
    Incomplete, Material, MaterialFair, MaterialOutsideFair, PublishedEvidence, PublishedSeal,
};
pub use parallel::report_differences;
pub use plan::{Plan, plan};
pub use published::Published;
pub use site_file::{Contact, SiteFile, read_site};
pub use timeline::{Timeline, timeline};
pub use translation::{PageStanding, Standing, report_standings, standings};
