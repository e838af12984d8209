//! What is wrong with a command line, in the words of this program, and what to write instead.

use std::num::{IntErrorKind, ParseIntError};

use clap::Command;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use super::advice::Advice;
use super::help;
use crate::lang::Lang;
use crate::source::{Message, Style, all_of, any_of, list, nearest, say};

/// What clap found, in a language: what is wrong, advice, and how the command is used. Of the names of commands on the
/// line, `path` has those that are known.
pub(super) fn usage_error(
    error: &Error,
    root: &Command,
    path: &[String],
    lang: Lang,
    style: Style,
) -> String {
    // Where clap tells the usage, it is that of the command that found the mistake; others may stand behind it.
    let usage = match error.get(ContextKind::Usage) {
        Some(ContextValue::StyledStr(usage)) => Some(usage.to_string()),
        _ => None,
    };
    let mut command = root.clone();
    for name in path {
        let below = command.find_subcommand(name).expect("it was found before");
        let named = format!("Usage: {} ", below.get_bin_name().unwrap_or_default());
        if usage.as_ref().is_some_and(|usage| !format!("{usage} ").starts_with(&named)) {
            break;
        }
        command = below.clone();
    }
    let name = command.get_bin_name().unwrap_or(command.get_name()).to_owned();
    let Said { what, hints } = said(error, root, &command, &name);

    let (red, bold) = match style {
        Style::Coloured => (*command.get_styles().get_error(), *command.get_styles().get_literal()),
        Style::Plain => Default::default(),
    };
    let with_first_word = |message: Message, style: clap::builder::styling::Style| {
        let text = message.text(lang);
        let (word, rest) = text.split_at(text.find([':', '：']).unwrap_or_default());
        format!("{style}{word}{style:#}{rest}\n")
    };
    let mut text = with_first_word(say!("error: {what}", what), red);
    if !hints.is_empty() {
        text.push_str(" |\n");
    }
    for hint in hints {
        text.push_str(&format!(" = {}", with_first_word(say!("help: {hint}", hint), bold)));
    }
    let usage = match lang {
        Lang::ZH => help::chinese_usage(&mut command),
        _ => help::usage(&mut command),
    };
    let usage = say!("Usage: {usage}", usage);
    let more = say!("for details, run `{command} --help`", command = name);
    text.push_str(&format!("\n{}\n{}\n", usage.text(lang), more.text(lang)));
    text
}

struct Said {
    what: Message,
    hints: Vec<Message>,
}

fn said(error: &Error, root: &Command, command: &Command, name: &str) -> Said {
    let argument = text(error, ContextKind::InvalidArg);
    let value = text(error, ContextKind::InvalidValue);
    let mut hints = Vec::new();
    let what = match error.kind() {
        ErrorKind::UnknownArgument if argument.starts_with('-') => {
            // Where another command has the very option, one that is alike is not meant.
            match commands_with(&argument, root) {
                owners if owners.is_empty() || command.get_name() != root.get_name() => {
                    hints.extend(meant(error, ContextKind::SuggestedArg));
                    hints.extend(suggested(error));
                    if hints.is_empty() {
                        hints.push(options_of(command));
                    }
                }
                owners => hints.push(say!(
                    "it is an option of {owners}: write it after the command",
                    owners = all_of(owners)
                )),
            }
            say!("`{command}` has no option `{option}`", command = name, option = argument)
        }
        ErrorKind::UnknownArgument => {
            hints.extend(suggested(error));
            if hints.is_empty() {
                hints.push(say!("remove it; if a value contains spaces, put it in quotation marks"));
            }
            say!("`{command}` takes no argument `{argument}` here", command = name, argument)
        }
        ErrorKind::InvalidSubcommand => {
            let wrong = text(error, ContextKind::InvalidSubcommand);
            let names = names(command);
            // Behind the command `help` clap suggests nothing.
            let near = || {
                nearest(&wrong, names.iter().copied())
                    .map(|near| say!("did you mean `{meant}`?", meant = near))
            };
            hints.push(
                meant(error, ContextKind::SuggestedSubcommand)
                    .or_else(near)
                    .unwrap_or_else(|| commands_of(command)),
            );
            say!("unknown command `{wrong}` of `{name}`", name, wrong)
        }
        ErrorKind::MissingSubcommand => {
            hints.push(commands_of(command));
            say!("missing command after `{name}`", name)
        }
        ErrorKind::InvalidValue if value.is_empty() => {
            hints.extend(choices(error).or_else(|| about(&argument, command)));
            say!("missing value for `{argument}`", argument)
        }
        ErrorKind::InvalidValue => {
            hints.extend(meant(error, ContextKind::SuggestedValue));
            hints.extend(choices(error));
            say!("invalid value `{value}` for `{argument}`", value, argument)
        }
        ErrorKind::ValueValidation => match reason(error) {
            Ok(advice) => {
                hints.push(advice);
                say!("invalid value `{value}` for `{argument}`", value, argument)
            }
            Err(why) => say!("invalid value `{value}` for `{argument}` ({why})", value, argument, why),
        },
        ErrorKind::TooManyValues => {
            hints.push(say!("write `{argument}` alone", argument));
            say!("`{argument}` takes no value, but `{value}` was given", argument, value)
        }
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues | ErrorKind::NoEquals => {
            hints.extend(about(&argument, command));
            say!("`{argument}` has too few or too many values", argument)
        }
        ErrorKind::ArgumentConflict => {
            let other = all(error, ContextKind::PriorArg);
            if other.iter().all(|other| *other == argument) {
                hints.push(say!("write it once"));
                say!("`{argument}` is given more than once", argument)
            } else {
                hints.push(say!("remove one of them"));
                say!("`{argument}` cannot be combined with {others}", argument, others = list(quoted(&other)))
            }
        }
        ErrorKind::MissingRequiredArgument => {
            let missing = all(error, ContextKind::InvalidArg);
            hints.extend(missing.iter().filter_map(|argument| about(argument, command)));
            say!("`{command}` needs {missing}", command = name, missing = list(quoted(&missing)))
        }
        ErrorKind::InvalidUtf8 => say!("an argument is not UTF-8"),
        _ => Message::foreign(error.to_string().trim()),
    };
    Said { what, hints }
}

/// The texts of what clap tells of a kind.
fn all(error: &Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        _ => Vec::new(),
    }
}

fn text(error: &Error, kind: ContextKind) -> String {
    all(error, kind).into_iter().next().unwrap_or_default()
}

fn quoted(texts: &[String]) -> Vec<String> {
    texts.iter().map(|text| format!("`{text}`")).collect()
}

/// What was meant, if clap knows something that is alike.
fn meant(error: &Error, kind: ContextKind) -> Option<Message> {
    let alike = all(error, kind);
    (!alike.is_empty()).then(|| say!("did you mean {meant}?", meant = any_of(quoted(&alike))))
}

/// What clap suggests in sentences of its own.
fn suggested(error: &Error) -> Vec<Message> {
    let Some(ContextValue::StyledStrs(sentences)) = error.get(ContextKind::Suggested) else {
        return Vec::new();
    };
    let argument = text(error, ContextKind::InvalidArg);
    let message = |sentence: &clap::builder::StyledStr| {
        let sentence = sentence.to_string();
        if sentence.starts_with("to pass ") {
            return say!("if it is a value, write `-- {argument}`", argument);
        }
        if sentence.starts_with("subcommand ") {
            return say!("remove the `--` before the command `{argument}`", argument);
        }
        match sentence.strip_prefix('\'').and_then(|rest| rest.strip_suffix("' exists")) {
            Some(meant) => say!("did you mean `{meant}`?", meant),
            None => Message::foreign(sentence),
        }
    };
    sentences.iter().map(message).collect()
}

/// The values that there are, if they can be listed.
fn choices(error: &Error) -> Option<Message> {
    let values = all(error, ContextKind::ValidValue);
    (!values.is_empty()).then(|| say!("write {values}", values = any_of(quoted(&values))))
}

fn commands_of(command: &Command) -> Message {
    say!("commands: {names}", names = list(names(command)))
}

/// The names of the commands below another.
fn names(command: &Command) -> Vec<&str> {
    let commands = command.get_subcommands().filter(|command| !command.is_hide_set());
    commands.map(|command| command.get_name()).collect()
}

fn options_of(command: &Command) -> Message {
    let options = command.get_arguments().filter(|arg| !arg.is_hide_set()).filter_map(|arg| arg.get_long());
    say!("options: {names}", names = list(options.map(|option| format!("--{option}"))))
}

/// The commands below another that have an option.
fn commands_with(option: &str, root: &Command) -> Vec<String> {
    let has = |command: &&Command| {
        let mut args = command.get_arguments();
        !command.is_hide_set() && args.any(|arg| arg.get_long() == option.strip_prefix("--"))
    };
    root.get_subcommands().filter(has).map(|command| format!("`{}`", command.get_name())).collect()
}

/// What an argument says of itself.
fn about(argument: &str, command: &Command) -> Option<Message> {
    let arg = command.get_arguments().find(|arg| arg.to_string() == argument)?;
    let says = Message::foreign(arg.get_help()?);
    Some(say!("`{argument}`: {says}", argument, says))
}

/// What to write instead of a value that cannot be read, else why it cannot.
fn reason(error: &Error) -> Result<Message, Message> {
    let Some(source) = std::error::Error::source(error) else { return Err(say!("it cannot be read")) };
    if let Some(Advice(advice)) = source.downcast_ref() {
        return Ok(advice.clone());
    }
    if let Some(cause) = source.downcast_ref::<ParseIntError>() {
        return Ok(match cause.kind() {
            IntErrorKind::PosOverflow => say!("write a smaller number"),
            _ => say!("write a whole number"),
        });
    }
    let why = source.to_string();
    match why.split_once(" is not in ").and_then(|(_, range)| range.split_once("..=")) {
        Some((least, most)) => Ok(say!("write a whole number from {least} to {most}", least, most)),
        None => Err(Message::foreign(why)),
    }
}
