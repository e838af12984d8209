//! The facts of a fair: what its files say, checked and resolved, before any rule is applied.
//!
//! Knows no rules and no pages.

pub mod calendar;
mod config;
mod country;
mod enterprise;
mod facts;
mod intake;
mod key;
mod key_table;
mod leaves;
mod near;
mod rulings;
mod slips;
mod tables;
mod website;

pub use calendar::Calendar;
pub use config::{FairFile, NoticeFile, OnlinePlatform, Phase, RulebookPin, Sources};
pub use country::Country;
pub use enterprise::{Enterprise, Kind, NameBasis, Roster, Session, read_enterprises, read_roster};
pub use facts::{
    Attendance, Attended, Buyer, Channel, Exhibitor, Facts, Invitation, KeyKind, NO_DATE, NO_KEY, Penalty,
};
pub use intake::{read_facts, read_facts_and_near_misses};
pub use key::{EmailCell, code_key, company_key, email_key, email_keys};
pub use key_table::KeyTable;
pub use leaves::{LeafRow, read_leaves};
pub use near::{NearMiss, NearMisses, Nearness};
pub use rulings::{Decides, Ruling, RulingFile, read_ruling_file, read_rulings};
pub use tables::{SHAPES, TABLES};
pub use website::web_address;

pub use crate::data::{Date, Row};
