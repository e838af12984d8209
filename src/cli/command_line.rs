//! Takes the command line apart. What is not a command to run is answered here: help, the version, or what is wrong
//! and what to write instead.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Command, CommandFactory, FromArgMatches, Parser};

use super::args::Arguments;
use super::usage_error::usage_error;
use super::{help, terminal};
use crate::lang::Lang;

/// The arguments, or the exit status when all has been said.
pub(super) fn arguments(written: &[OsString]) -> Result<Arguments, ExitCode> {
    if let Ok(arguments) = Arguments::try_parse_from(written) {
        return Ok(arguments);
    }
    // Help and refusals are in the language that is asked for anywhere on the line, also behind a mistake.
    let lang = terminal::language(asked(written));
    let mut command = Arguments::command();
    command.build();
    if lang == Lang::ZH {
        command = help::in_chinese(command);
    }
    let parsed = command.try_get_matches_from_mut(understood(&command, written));
    parsed.and_then(|matches| Arguments::from_arg_matches(&matches)).map_err(|error| {
        if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand || !error.use_stderr() {
            // Whether anybody reads it is their own affair.
            let _ = error.print();
        } else {
            let path: Vec<String> = named(&command, written).0.into_iter().map(str::to_owned).collect();
            eprint!("{}", usage_error(&error, &command, &path, lang, terminal::style()));
        }
        ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
    })
}

/// The command that a line names, without its options and what they are set to.
pub(super) fn command_of(written: &[OsString]) -> String {
    let command = Arguments::command();
    format!("jinbang {}", named(&command, written).0.join(" "))
}

/// The last language that the command line asks for, whatever else is wrong with it.
fn asked(written: &[OsString]) -> Option<Lang> {
    let mut asked = None;
    let mut words = written.iter().skip(1).map(|word| word.to_string_lossy());
    while let Some(word) = words.next().filter(|word| word != "--") {
        let code = match word.strip_prefix("--lang=") {
            Some(code) => Some(code.to_owned()),
            None if word == "--lang" => words.next().map(|code| code.into_owned()),
            None => None,
        };
        // Whoever writes `zh-CN` reads Chinese, and is told in it what to write.
        let lang = |code: String| if code.starts_with("zh") { Some(Lang::ZH) } else { code.parse().ok() };
        asked = code.and_then(lang).or(asked);
    }
    asked
}

/// The commands that a line names one below the other, as far as they are known, and whether it asks for their help
/// by the command `help`.
fn named<'c>(command: &'c Command, written: &[OsString]) -> (Vec<&'c str>, bool) {
    let (mut path, mut wants_help, mut at) = (Vec::new(), false, command);
    let mut words = written.iter().skip(1).map(|word| word.to_string_lossy());
    while let Some(word) = words.next().filter(|word| word != "--") {
        if let Some(option) = word.strip_prefix("--") {
            let arg = at.get_arguments().find(|arg| arg.get_long() == Some(option));
            if arg.is_some_and(|arg| arg.get_action().takes_values()) {
                words.next();
            }
        } else if word == "help" && at.has_subcommands() {
            wants_help = true;
        } else if let Some(below) = at.find_subcommand(word.as_ref()) {
            path.push(below.get_name());
            at = below;
        }
    }
    (path, wants_help)
}

/// What is written, as clap understands it: behind the command `help` it takes commands alone, and no language.
fn understood(command: &Command, written: &[OsString]) -> Vec<OsString> {
    let mut words = written.iter().cloned();
    if !named(command, written).1 {
        return words.collect();
    }
    let mut understood = Vec::new();
    while let Some(word) = words.next() {
        match word.to_string_lossy() {
            word if word == "--lang" => drop(words.next()),
            word if word.starts_with("--lang=") => {}
            _ => understood.push(word),
        }
    }
    understood
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(line: &str, lang: Option<Lang>, commands: &[&str], understood_line: &str) {
        let written: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        let mut command = Arguments::command();
        command.build();
        assert_eq!(asked(&written), lang, "{line}");
        assert_eq!(named(&command, &written).0, commands, "{line}");
        assert_eq!(understood(&command, &written).join(" ".as_ref()), understood_line, "{line}");
    }

    #[test]
    fn language_and_command_are_found_wherever_they_stand() {
        let zh = Some(Lang::ZH);
        let same = |line, lang, commands: &[&str]| case(line, lang, commands, line);
        same("jinbang build --help --lang zh", zh, &["build"]);
        same("jinbang --lang=zh build --as-off", zh, &["build"]);
        same("jinbang --lang zh-CN rules diff", zh, &["rules", "diff"]);
        same("jinbang --lang zh rules --lang en", Some(Lang::EN), &["rules"]);
        same("jinbang --root build award --lang", None, &["award"]);
        same("jinbang explain help --lang zh", zh, &["explain"]);
        same("jinbang explain -- --lang zh", None, &["explain"]);
        case("jinbang help rules diff --lang zh", zh, &["rules", "diff"], "jinbang help rules diff");
        case("jinbang rules help --lang=zh diff", zh, &["rules", "diff"], "jinbang rules help diff");
    }
}
