//! The command line: arguments in, words out.

mod advice;
mod args;
mod award;
mod bonus;
mod build;
mod clock;
mod code_pages;
mod command_line;
mod door;
mod explain;
mod guide;
mod guide_pages;
mod help;
mod matches;
mod next;
mod policy_status;
mod problems;
mod rewards;
mod rules;
mod sample;
mod schema;
mod seal;
mod sensitivity;
mod serve;
mod start;
mod terminal;
mod translations;
mod usage_error;
mod what_if;
mod workbook;

use std::process::ExitCode;

use args::{Arguments, Command, Rules};

use crate::source::{Blame, Failure, fault, say};

/// Runs the command that the command line asks for. Exit status 0: fine; 1: the project has errors, and
/// nothing was published; 2: the machine, the command line or the program itself failed.
pub fn run() -> ExitCode {
    let written: Vec<_> = std::env::args_os().collect();
    let arguments = match command_line::arguments(&written) {
        Ok(arguments) => arguments,
        Err(status) => return status,
    };
    fault::running(command_line::command_of(&written));
    let outcome = fault::caught(|| dispatch(&arguments)).and_then(|outcome| outcome);
    outcome.unwrap_or_else(|failure| {
        let lang = terminal::language(arguments.common.lang);
        let what = failure.message().text(lang);
        eprintln!("{}", say!("error: {what}", what).text(lang));
        ExitCode::from(match failure.blame() {
            Blame::Project => 1,
            Blame::Machine | Blame::Program => 2,
        })
    })
}

/// The command line as it is declared: its commands, arguments, and what they say of themselves in English.
pub fn command() -> clap::Command {
    <Arguments as clap::CommandFactory>::command()
}

fn dispatch(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let common = &arguments.common;
    match &arguments.command {
        Command::Build(command) => build::run(common, command),
        Command::Check(command) => build::check(common, command),
        Command::Translations(command) => translations::run(common, command),
        Command::Headers(command) => build::headers(common, command),
        Command::Theme(command) => build::theme(common, command),
        Command::Award(command) => award::run(common, command),
        Command::Explain(command) => explain::run(common, command),
        Command::Seal(command) => seal::run(common, command),
        Command::Verify(command) => seal::verify(common, command),
        Command::Receipt(command) => seal::receipt(common, command),
        Command::Bonus(command) => bonus::run(common, command),
        Command::Rewards(command) => rewards::run(common, command),
        Command::Sensitivity(command) => sensitivity::run(common, command),
        Command::Rules(Rules::Diff(command)) => rules::diff(common, command),
        Command::Next(command) => next::run(common, command),
        Command::Serve(command) => serve::run(common, command),
        Command::New(command) => start::run(common, command),
        Command::Init(command) => start::init(common, command),
        Command::Sample(command) => sample::run(common, command),
        Command::Matches(command) => matches::run(common, command),
        Command::Schema(command) => schema::run(common, command),
        Command::Guide(command) => guide::run(common, command),
        Command::ReadWorkbook(command) => Ok(workbook::run(command)),
    }
}
