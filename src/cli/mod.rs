//! The command line: arguments in, words out.

mod args;
mod award;
mod build;
mod explain;
mod matches;
mod sample;
mod schema;
mod terminal;
mod words;
mod workbook;

use std::process::ExitCode;

use args::{Arguments, Command};
use clap::Parser;

/// Runs the command that the command line asks for. Exit status 0: fine; 1: the project has errors, and
/// nothing was published; 2: the machine or the command line failed.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match arguments.command {
        Command::Build(command) => build::run(&arguments.common, &command),
        Command::Check(command) => build::check(&arguments.common, &command),
        Command::Award(command) => award::run(&arguments.common, &command),
        Command::Explain(command) => explain::run(&arguments.common, &command),
        Command::Sample(command) => sample::run(&arguments.common, &command),
        Command::Matches(command) => matches::run(&arguments.common, &command),
        Command::Schema(command) => schema::run(&arguments.common, &command),
        Command::ReadWorkbook(command) => Ok(workbook::run(&command)),
    };
    match outcome {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::from(2)
        }
    }
}
