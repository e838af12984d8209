//! The driver: reads a project, decides, renders, checks, publishes.
//!
//! Knows no terminal.

mod bonus;
mod build;
mod day;
mod desk;
mod findings;
mod inputs;
mod judge;
mod keep;
mod ledger;
mod next;
mod office;
mod preview;
pub mod publish;
mod sample;
mod schema;
mod seal;
mod sign;
mod start;
mod verify;

pub use crate::pages::clause_address;
pub use bonus::{BonusAccount, BonusHolder, bonus};
pub use build::{Built, Goal, JudgedCount, Options, build, theme_context};
pub use day::report_not_final;
pub use desk::{Desk, DeskEntry, DeskKind, DeskState, accept_translation, desk};
pub use judge::{
    Judged, choose, current_fair, judge_and_find_near_misses, judge_by_both, judge_fair, judge_project,
    languages, read_fair,
};
pub use ledger::read_ledger;
pub use next::{Change, Changes, next_changes};
pub use office::write_office_page;
pub use preview::{Memory, Preview, preview};
pub use sample::{Sample, SampleFormat, SampleOrder, write_sample};
pub use schema::{FileSchema, schemas, write_schemas};
pub use seal::{
    Beside, Proven, Receipt, ReceiptRow, SealMode, Sealed, Side, check_receipt, read_receipt, receipt, seal,
    sealed_ledger,
};
pub use sign::{check_signature, sign_ledger};
pub use start::{NewFair, RosterForm, new_activity, new_enterprise, new_fair, start_site};
pub use verify::{Checked, Verified, verify};
