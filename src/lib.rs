//! Jinbang reads a trade fair's tables, runs its award rules in process, and publishes the winners,
//! the sourcing zone and the activities as a static site in several languages.
//!
//! # The road
//!
//! An invitation goes from cell to record to fact to credit to award to page:
//!
//! ```text
//! invitations.xlsx 现场!C17
//!   source::Files            bytes, read once and noted
//!   data                     rows stream by; a row keeps its place
//!   fair::intake             row → fact, or refused with its cell named
//!   rulebook                 the law, read and proved before any row is looked at
//!   award                    facts × law → who is credited, ranked, scored, awarded, and why
//!   pages                    results × languages → what a page shows
//!   site                     templates, Markdown, links
//!   project                  reads, decides, renders, checks, publishes all or nothing
//!   serve                    the same in memory, while people edit; a browser follows
//!   sample                   made-up projects of any size, to try it out
//!   cli                      arguments in, words out
//! ```
//!
//! A stage is a plain function. It takes a [`source::Report`] and what it reads, leaves out what is
//! wrong and says so there, and goes on. A broken project is a report with errors (exit status 1); a
//! broken machine is an [`source::Failure`] (exit status 2).
//!
//! # Who knows whom
//!
//! A module may use the modules named to the right of its arrow, and no others. The test `layers`
//! reads this table and holds every `use crate::…` against it.
//!
//! ```text
//! lang     ->
//! source   -> lang
//! data     -> source lang
//! fair     -> source lang data
//! rulebook -> source lang data fair
//! award    -> source lang fair rulebook
//! site     -> source lang data
//! pages    -> source lang data fair rulebook award site
//! project  -> source lang data fair rulebook award site pages
//! serve    -> source lang site project
//! sample   -> source lang data fair project
//! cli      -> source lang data fair rulebook award project serve sample
//! ```

pub mod lang;

pub mod source;

pub mod data;

pub mod fair;

pub mod rulebook;

pub mod award;

pub mod site;

pub mod pages;

pub mod project;

pub mod serve;

pub mod sample;

pub mod cli;
