//! The command line: arguments in, words out.

mod args;
mod award;
mod bonus;
mod build;
mod code_pages;
mod command_line;
mod explain;
mod help;
mod judged;
mod matches;
mod policy_status;
mod problems;
mod refusal;
mod rewards;
mod rules;
mod sample;
mod schema;
mod seal;
mod sensitivity;
mod sensitivity_page;
mod serve;
mod start;
mod terminal;
mod translations;
mod words;
mod workbook;

use std::process::ExitCode;

use args::{Command, Rules};

/// Runs the command that the command line asks for. Exit status 0: fine; 1: the project has errors, and
/// nothing was published; 2: the machine or the command line failed.
pub fn run() -> ExitCode {
    let written: Vec<_> = std::env::args_os().collect();
    let arguments = match command_line::arguments(&written) {
        Ok(arguments) => arguments,
        Err(status) => return status,
    };
    let outcome = match arguments.command {
        Command::Build(command) => build::run(&arguments.common, &command),
        Command::Check(command) => build::check(&arguments.common, &command),
        Command::Translations(command) => translations::run(&arguments.common, &command),
        Command::Headers(command) => build::headers(&arguments.common, &command),
        Command::Theme(command) => build::theme(&arguments.common, &command),
        Command::Award(command) => award::run(&arguments.common, &command),
        Command::Explain(command) => explain::run(&arguments.common, &command),
        Command::Seal(command) => seal::run(&arguments.common, &command),
        Command::Verify(command) => seal::verify(&arguments.common, &command),
        Command::Receipt(command) => seal::receipt(&arguments.common, &command),
        Command::Bonus(command) => bonus::run(&arguments.common, &command),
        Command::Rewards(command) => rewards::run(&arguments.common, &command),
        Command::Sensitivity(command) => sensitivity::run(&arguments.common, &command),
        Command::Rules(Rules::Diff(command)) => rules::diff(&arguments.common, &command),
        Command::Serve(command) => serve::run(&arguments.common, &command),
        Command::New(command) => start::run(&arguments.common, &command),
        Command::Init(command) => start::init(&arguments.common, &command),
        Command::Sample(command) => sample::run(&arguments.common, &command),
        Command::Matches(command) => matches::run(&arguments.common, &command),
        Command::Schema(command) => schema::run(&arguments.common, &command),
        Command::ReadWorkbook(command) => Ok(workbook::run(&command)),
    };
    match outcome {
        Ok(code) => code,
        Err(failure) => {
            let lang = terminal::language(arguments.common.lang);
            let what = failure.message().text(lang);
            eprintln!("{}", words::words(lang).fill("run.failed", &[("what", &what)]));
            ExitCode::from(2)
        }
    }
}
