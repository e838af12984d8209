//! The driver: reads a project, decides, renders, checks, publishes.
//!
//! Knows no terminal.

mod atomic_write;
mod bonus;
mod build;
mod credited;
mod day;
mod decided;
mod differences;
mod elsewhere;
mod external_links;
mod fairs;
mod findings;
mod inputs;
mod internal_report;
mod judge;
mod judged;
mod ledger;
mod ledger_files;
mod next;
mod preview;
mod private;
pub mod publish;
mod read;
mod receipt;
mod schema;
mod seal;
mod sealed_rows;
mod sign;
mod start;
mod translation_report;
mod verify;
mod what_if;

pub use bonus::{BonusAccount, BonusHolder, bonus};
pub use build::{Built, Goal, JudgedCount, build, theme_context};
pub use credited::{SealedAttendance, SealedBuyer, SealedChannel, SealedKey, SealedMatch, SealedPlace};
pub use day::report_not_final;
pub use external_links::AskedLinks;
pub use fairs::{current_fair, languages, read_fair};
pub use internal_report::{write_internal_page, write_receipts};
pub use judge::{choose, judge_by, judge_fair, judge_project};
pub use judged::Judged;
pub use ledger::{SealedFair, read_header, read_sealed};
pub use next::{Change, Changes, next_changes};
pub use preview::{Memory, Preview, preview};
pub use read::Options;
pub use receipt::{Proven, Receipt, ReceiptRow, check_receipt, read_receipt, receipts};
pub use schema::{FileSchema, schemas, write_schemas};
pub use seal::{SealOptions, Sealed, seal, sealed_fair};
pub use sign::{check_signature, read_secret_key, sign_seal, signature_path};
pub use start::{
    Forms, NewFair, RosterForm, carried, new_activity, new_enterprise, new_fair, next_fair, refuse_full,
    start_site,
};
pub use translation_report::{
    FormFormat, NameForm, TranslationEntry, TranslationKind, TranslationReport, TranslationState,
    accept_translation, name_form, translation_report,
};
pub use verify::{Checked, Verified, check_header, verify};
pub use what_if::{WhatIf, what_if};
