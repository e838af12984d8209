//! Help in Chinese. Commands and arguments say in `args` in English what they are; the catalog has the Chinese of it,
//! which is laid out here: lines of Chinese break where there are no spaces.
//!
//! English help is as clap makes it.

use std::fmt::Write;

use clap::Command;
use clap::builder::{StyledStr, Styles};

use super::terminal::{broken, columns};
use crate::lang::Lang;
use crate::source::{Message, chinese, list, say};

/// How clap calls any command of several.
const COMMAND: &str = "COMMAND";

/// What stands before the text of an argument whose help is told at length.
const INDENT: &str = "          ";

/// A command, and all below it, whose help is Chinese. It was built, so that it knows its usage.
pub(super) fn in_chinese(command: Command) -> Command {
    let mut command = command.mut_args(|arg| {
        let names = arg.get_value_names().unwrap_or_default().iter();
        let names: Option<Vec<&str>> = names.map(|name| chinese(name)).collect();
        match names {
            Some(names) if !names.is_empty() => arg.value_names(names),
            _ => arg,
        }
    });
    if let Some(name) = chinese(COMMAND) {
        command = command.subcommand_value_name(name);
    }
    // Below the command `help` all commands stand once more, and are not asked.
    if command.get_name() != "help" {
        command = command.mut_subcommands(in_chinese);
    }
    let (short, long) = (help(&mut command, false), help(&mut command, true));
    // The lines are broken already.
    command
        .term_width(0)
        .help_template("{before-help}")
        .before_help(StyledStr::from(short))
        .before_long_help(StyledStr::from(long))
}

/// The usage of a command, without a heading.
pub(super) fn usage(command: &mut Command) -> String {
    let usage = command.render_usage().to_string();
    usage.strip_prefix("Usage: ").unwrap_or(&usage).to_owned()
}

/// The usage of a command whose arguments have Chinese names.
pub(super) fn chinese_usage(command: &mut Command) -> String {
    usage(command).replace("[OPTIONS]", &zh(say!("[OPTIONS]")))
}

fn zh(message: Message) -> String {
    message.text(Lang::ZH)
}

/// What an argument, a command or a value says of itself, in Chinese.
fn chinese_or_english(english: &str) -> &str {
    chinese(english).unwrap_or(english)
}

/// A part of the help: a thing, and what is said of it.
struct Entry {
    name: String,
    paragraphs: Vec<String>,
}

fn help(command: &mut Command, long: bool) -> String {
    let usage = chinese_usage(command);
    let styles = command.get_styles().clone();
    let mut text = String::new();
    let about = command.get_long_about().filter(|_| long).or(command.get_about());
    for paragraph in about.map(StyledStr::to_string).unwrap_or_default().split("\n\n") {
        writeln!(text, "{}\n", broken(chinese_or_english(paragraph), width(), "")).expect(GROWS);
    }
    let heading = styles.get_usage();
    writeln!(text, "{heading}{}{heading:#}{usage}", zh(say!("Usage: "))).expect(GROWS);

    let commands = command.get_subcommands().filter(|command| !command.is_hide_set());
    let commands: Vec<Entry> = commands
        .map(|command| Entry {
            name: command.get_name().to_owned(),
            paragraphs: vec![chinese_or_english(&said(command.get_about())).to_owned()],
        })
        .collect();
    let entries = |positional: bool| -> Vec<Entry> {
        let shown = |arg: &&clap::Arg| arg.is_positional() == positional && !arg.is_hide_set();
        let mut args: Vec<&clap::Arg> = command.get_arguments().filter(shown).collect();
        // Its own stand before those that all commands have.
        args.sort_by_key(|arg| (arg.get_short().is_some(), arg.is_global_set()));
        args.into_iter().map(|arg| entry(arg, long)).collect()
    };
    section(&mut text, &styles, say!("Commands:"), &commands, false);
    section(&mut text, &styles, say!("Arguments:"), &entries(true), long);
    section(&mut text, &styles, say!("Options:"), &entries(false), long);
    if let Some(after) = command.get_after_help() {
        text.push('\n');
        for line in after.to_string().lines() {
            writeln!(text, "{}", if is_code(line) { line } else { chinese_or_english(line) }).expect(GROWS);
        }
    }
    text
}

const GROWS: &str = "text grows";

/// Examples are indented, and the same in all languages.
fn is_code(line: &str) -> bool {
    line.starts_with("  ")
}

fn said(text: Option<&StyledStr>) -> String {
    text.map(StyledStr::to_string).unwrap_or_default()
}

fn entry(arg: &clap::Arg, long: bool) -> Entry {
    let name = match (arg.get_short(), arg.is_positional()) {
        (Some(short), _) => format!("-{short}, {arg}"),
        (None, true) => arg.to_string(),
        (None, false) => format!("    {arg}"),
    };
    let mut paragraphs =
        vec![chinese_or_english(&said(arg.get_long_help().filter(|_| long).or(arg.get_help()))).to_owned()];
    let mut notes = Vec::new();
    let takes_values = arg.get_action().takes_values();
    let values: Vec<_> = arg.get_possible_values().into_iter().filter(|value| !value.is_hide_set()).collect();
    if takes_values && !values.is_empty() {
        let names: Vec<&str> = values.iter().map(|value| value.get_name()).collect();
        if long && values.iter().any(|value| value.get_help().is_some()) {
            let widest = names.iter().map(|name| columns(name)).max().unwrap_or_default();
            let lines = values.iter().map(|value| {
                let name = value.get_name();
                let gap = " ".repeat(widest - columns(name));
                format!(
                    "{}{gap}{}",
                    zh(say!("- {value}: ", value = name)),
                    chinese_or_english(&said(value.get_help()))
                )
            });
            let lines: Vec<String> = std::iter::once(zh(say!("Possible values:"))).chain(lines).collect();
            paragraphs.push(lines.join("\n"));
        } else {
            notes.push(zh(say!("[possible values: {values}]", values = list(names))));
        }
    }
    let defaults: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    if takes_values && !defaults.is_empty() {
        notes.insert(0, zh(say!("[default: {value}]", value = defaults.join(" "))));
    }
    match long {
        true => paragraphs.extend(notes),
        false => {
            paragraphs[0] = [paragraphs[0].clone()].into_iter().chain(notes).collect::<Vec<_>>().join(" ")
        }
    }
    Entry { name, paragraphs }
}

/// Adds what there is of a kind: at length, or beside the names.
fn section(text: &mut String, styles: &Styles, heading: Message, entries: &[Entry], long: bool) {
    if entries.is_empty() {
        return;
    }
    let (header, literal) = (styles.get_header(), styles.get_literal());
    writeln!(text, "\n{header}{}{header:#}", zh(heading)).expect(GROWS);
    let widest = entries.iter().map(|entry| columns(&entry.name)).max().unwrap_or_default();
    for (number, Entry { name, paragraphs }) in entries.iter().enumerate() {
        let (word, rest) = name.split_at(name.find(['<', '[']).unwrap_or(name.len()));
        let shown = format!("  {literal}{word}{literal:#}{rest}");
        if long {
            let gap = if number == 0 { "" } else { "\n" };
            let lines = |paragraph: &String| {
                let lines = paragraph.lines().map(|line| broken(line, width() - INDENT.len(), INDENT));
                lines.collect::<Vec<_>>().join("\n")
            };
            let paragraphs: Vec<String> = paragraphs.iter().map(lines).collect();
            writeln!(text, "{gap}{shown}\n{}", paragraphs.join("\n\n")).expect(GROWS);
        } else {
            let gap = " ".repeat(widest - columns(name) + 2);
            let indent = " ".repeat(widest + 4);
            // However narrow the terminal is, some letters stand in a line.
            let lines = broken(&paragraphs.concat(), width().saturating_sub(indent.len()).max(16), &indent);
            writeln!(text, "{shown}{gap}{}", lines.trim_start()).expect(GROWS);
        }
    }
}

/// How wide lines are at most, as in English.
fn width() -> usize {
    const WIDEST: usize = 100;
    let columns = || std::env::var("COLUMNS").ok()?.parse().ok();
    let terminal = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    terminal.or_else(columns).map_or(WIDEST, |width| width.clamp(2 * INDENT.len(), WIDEST))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::CommandFactory;

    use super::*;
    use crate::cli::args::Arguments;

    #[test]
    fn no_line_of_chinese_help_is_english_or_too_wide() {
        fn look(command: &mut Command, wrong: &mut BTreeSet<String>) {
            for text in [command.render_help().to_string(), command.render_long_help().to_string()] {
                for line in text.lines() {
                    let is_chinese = line.chars().any(|letter| u32::from(letter) > 0x2e80);
                    let is_example = is_code(line) && line.trim_start().starts_with("jinbang ");
                    // Names of options, and the end of a list of values.
                    let is_name = line.starts_with("  ")
                        && (line.split_whitespace().all(|word| word.starts_with('-')) || line.ends_with(']'));
                    if columns(line) > 100 || !(is_chinese || is_example || is_name || line.trim().is_empty())
                    {
                        wrong.insert(line.to_owned());
                    }
                }
            }
            for below in command.get_subcommands_mut().filter(|below| !below.is_hide_set()) {
                if below.get_name() != "help" {
                    look(below, wrong);
                }
            }
        }
        let mut command = Arguments::command();
        command.build();
        let mut wrong = BTreeSet::new();
        look(&mut in_chinese(command), &mut wrong);
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
