//! Help in Chinese. Commands and arguments say in `args` in English what they are; the Chinese stands in
//! `words/help.zh.yaml` under the English, and is laid out here: lines of Chinese break where there are no spaces.
//!
//! English help is as clap makes it.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::LazyLock;

use clap::Command;
use clap::builder::{StyledStr, Styles};
use serde::Deserialize;

use super::terminal::{broken, columns};

/// The Chinese of help by its English.
#[derive(Deserialize)]
struct Chinese {
    /// Paragraphs: what commands, arguments and values say of themselves.
    said: BTreeMap<String, String>,
    /// What stands for a value, such as `DIR`.
    values: BTreeMap<String, String>,
}

static ZH: LazyLock<Chinese> = LazyLock::new(|| {
    serde_yaml::from_str(include_str!("words/help.zh.yaml")).expect("the Chinese of help is sound")
});

/// What stands before the text of an argument whose help is told at length.
const INDENT: &str = "          ";

/// A command, and all below it, whose help is Chinese. It was built, so that it knows its usage.
pub(super) fn in_chinese(command: Command) -> Command {
    let mut command = command.subcommand_value_name("命令").mut_args(|arg| {
        let names = arg.get_value_names().unwrap_or_default().iter();
        let names: Option<Vec<&str>> =
            names.map(|name| ZH.values.get(name.as_str()).map(String::as_str)).collect();
        match names {
            Some(names) if !names.is_empty() => arg.value_names(names),
            _ => arg,
        }
    });
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
    usage(command).replace("[OPTIONS]", "[选项]")
}

/// What an argument, a command or a value says of itself, in Chinese.
pub(super) fn chinese(english: &str) -> &str {
    ZH.said.get(english).map_or(english, String::as_str)
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
        writeln!(text, "{}\n", broken(chinese(paragraph), width(), "")).expect(GROWS);
    }
    let heading = styles.get_usage();
    writeln!(text, "{heading}用法：{heading:#}{usage}").expect(GROWS);

    let commands = command.get_subcommands().filter(|command| !command.is_hide_set());
    let commands: Vec<Entry> = commands
        .map(|command| Entry {
            name: command.get_name().to_owned(),
            paragraphs: vec![chinese(&said(command.get_about())).to_owned()],
        })
        .collect();
    let entries = |positional: bool| -> Vec<Entry> {
        let shown = |arg: &&clap::Arg| arg.is_positional() == positional && !arg.is_hide_set();
        let mut args: Vec<&clap::Arg> = command.get_arguments().filter(shown).collect();
        // Its own stand before those that all commands have.
        args.sort_by_key(|arg| (arg.get_short().is_some(), arg.is_global_set()));
        args.into_iter().map(|arg| entry(arg, long)).collect()
    };
    section(&mut text, &styles, "命令", &commands, false);
    section(&mut text, &styles, "参数", &entries(true), long);
    section(&mut text, &styles, "选项", &entries(false), long);
    if let Some(after) = command.get_after_help() {
        text.push('\n');
        for line in after.to_string().lines() {
            writeln!(text, "{}", if is_code(line) { line } else { chinese(line) }).expect(GROWS);
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
        vec![chinese(&said(arg.get_long_help().filter(|_| long).or(arg.get_help()))).to_owned()];
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
                format!("- {name}：{gap}{}", chinese(&said(value.get_help())))
            });
            paragraphs.push(format!("可选的值：\n{}", lines.collect::<Vec<_>>().join("\n")));
        } else {
            notes.push(format!("[可选：{}]", names.join("、")));
        }
    }
    let defaults: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    if takes_values && !defaults.is_empty() {
        notes.insert(0, format!("[默认：{}]", defaults.join(" ")));
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
fn section(text: &mut String, styles: &Styles, heading: &str, entries: &[Entry], long: bool) {
    if entries.is_empty() {
        return;
    }
    let (header, literal) = (styles.get_header(), styles.get_literal());
    writeln!(text, "\n{header}{heading}：{header:#}").expect(GROWS);
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

    /// What is said in English, each with who says it.
    #[derive(Default)]
    struct English {
        said: BTreeMap<String, String>,
        values: BTreeMap<String, String>,
    }

    impl English {
        fn say(&mut self, who: &str, text: Option<&StyledStr>) {
            for paragraph in said(text).split("\n\n").filter(|text| !text.is_empty()) {
                self.said.insert(paragraph.to_owned(), who.to_owned());
            }
        }

        fn learn(&mut self, command: &Command, path: &str) {
            self.say(path, command.get_about());
            self.say(path, command.get_long_about());
            for line in said(command.get_after_help()).lines().filter(|line| !is_code(line)) {
                self.said.insert(line.to_owned(), path.to_owned());
            }
            for arg in command.get_arguments() {
                let who = format!("{path} {arg}");
                assert!(arg.get_help().is_some(), "{who} says what it is");
                self.say(&who, arg.get_help());
                self.say(&who, arg.get_long_help());
                if !arg.get_action().takes_values() {
                    continue;
                }
                for value in arg.get_possible_values() {
                    self.say(&format!("{who} {}", value.get_name()), value.get_help());
                }
                for name in arg.get_value_names().unwrap_or_default() {
                    self.values.insert(name.to_string(), who.clone());
                }
            }
            for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
                match below.get_name() {
                    "help" => self.say("help", below.get_about()),
                    name => self.learn(below, &format!("{path} {name}")),
                }
            }
        }
    }

    #[test]
    fn all_help_has_its_chinese_and_the_catalog_nothing_else() {
        let mut command = Arguments::command();
        command.build();
        let mut english = English::default();
        english.learn(&command, "jinbang");
        let mut wrong = Vec::new();
        for (english, chinese) in [(&english.said, &ZH.said), (&english.values, &ZH.values)] {
            for (text, who) in english {
                if !chinese.contains_key(text) {
                    wrong.push(format!("{who}: no Chinese for {text:?}"));
                }
            }
            let unused = chinese.keys().filter(|text| !english.contains_key(*text));
            wrong.extend(unused.map(|text| format!("nobody says {text:?}")));
        }
        assert!(wrong.is_empty(), "src/cli/words/help.zh.yaml:\n{}", wrong.join("\n"));
    }

    #[test]
    fn no_line_of_chinese_help_is_english_or_too_wide() {
        fn look(command: &mut Command, wrong: &mut BTreeSet<String>) {
            for text in [command.render_help().to_string(), command.render_long_help().to_string()] {
                for line in text.lines() {
                    let is_chinese = line.chars().any(|letter| u32::from(letter) > 0x2e80);
                    let is_example = is_code(line) && line.trim_start().starts_with("jinbang ");
                    let is_name =
                        line.starts_with("  ") && line.split_whitespace().all(|word| word.starts_with('-'));
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
