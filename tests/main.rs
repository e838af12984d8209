//! All tests of the crate from outside: one program, linked once. A module is a subject; `cargo test --test jinbang
//! time::` runs one of them. What several need stands in `project`, `everything`, `arabic` and `chromium`.

#![allow(clippy::disallowed_methods, reason = "tests make the inputs and read what came of them")]

mod arabic;
mod chromium;
mod everything;
mod project;

// Tables and other inputs.
mod deciding;
mod exports;
mod external;
mod fuzz;
mod hostile;
mod inputs;
mod private;
mod real_files;
mod spreadsheets;

// Rules and awards.
mod calendar;
mod cases;
mod definition;
mod explanations;
mod findings;
mod ledger;
mod matches;
mod rulebook;
mod schemes;
mod second;
mod sensitivity;
mod time;
mod translations;

// The site.
mod addresses;
mod browser;
mod languages;
mod next_fair;
mod publish;
mod remembered;
mod serve;
mod site_machines;
mod site_pictures;
mod site_theme;
mod site_themes;
mod site_xss;
mod winners;
mod zone;

// What the program says.
mod command_line;
mod messages;
mod problems;
mod schemas;
mod start;

// The repository.
mod guide;
mod how_to_add;
mod layers;
mod words;
