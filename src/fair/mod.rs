//! The facts of a fair: what its files say, checked and resolved, before any rule is applied.
//!
//! Knows no rules and no pages.

mod admitted;
pub mod calendar;
mod config;
mod country;
mod enterprise;
mod facts;
mod id;
mod identity;
mod intake;
mod key;
mod key_table;
mod leaves;
mod name_table;
mod near;
mod notice_state;
mod particulars;
mod placeholders;
mod plausible;
mod ruling_file;
mod rulings;
mod slips;
mod slug;
mod tables;
mod term;

pub use admitted::{Admissions, WatchAdmissions};
pub use calendar::Calendar;
pub use config::{
    Accepted, EvidenceKind, FairFile, NoticeFile, NoticeMove, OnlinePlatform, Penalties, Phase, RulebookPin,
    Signing, Sources, UNKNOWN_EXHIBITOR,
};
pub use country::Country;
pub use enterprise::{Enterprise, Kind, NameBasis, Roster, RosterFile, Session, read_enterprises};
pub use facts::{
    Attendance, Attended, Buyer, Channel, DoubledInputs, Exhibitor, ExhibitorId, Facts, Invitation,
    KeyColumn, KeyKind, MoreKeys, NO_DATE, NO_KEY, OnePerson, Penalty, SharedNumber,
};
pub(crate) use id::id;
pub use intake::{Demands, Observer, Observers, Zone, ZoneTerms, read_facts, read_zone};
pub use intake::{OutsideWinner, read_names, read_outside_winners};
pub use key::{EmailCell, buyer_number, code_key, company_key, email_key, email_keys};
pub use key_table::KeyTable;
pub use leaves::{InputObserver, LeafRow, RowObserver};
pub use name_table::{GivenNames, NameTable};
pub use near::{NearMiss, NearMissSearch, NearMisses, Nearness};
pub use notice_state::{AsOf, Happening, NoticeDays, NoticeState, PageTurn, Question, Turn};
pub use particulars::Particulars;
pub use placeholders::Placeholders;
pub use plausible::check_enterprises;
pub use ruling_file::{DecidesFile, RulingFile, RulingSubject, read_ruling_file, read_rulings};
pub use rulings::{Decides, Ruling, TableState, resolve_rulings, table_states};
pub use slug::{is_reserved, is_slug, slug_of};
pub use tables::{
    ATTENDANCE, EXHIBITORS, INVITATIONS, NAMES, PURCHASES, ROSTER, SESSIONS, SHAPES, ZONE_SHAPES, all_shapes,
    attendance, exhibitor, given_name, invitation, name_columns, names_shape, penalty, roster,
};
pub use term::{Showing, Term, report_behind, report_term};

pub use crate::data::{Account, Date, Row};
