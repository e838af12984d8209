//! What the command line may say.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::data::{Date, READ_WORKBOOK};
use crate::lang::Lang;

/// Run a trade fair's award rules and publish its winners, sourcing zone and activities
///
/// A project is a folder with `data` (tables and YAML), `content` (Markdown) and `themes`. Put the exports
/// of a fair into data/fairs/NUMBER, then check, award, explain, build.
///
/// Exit status: 0 fine; 1 the project has errors, and nothing was published; 2 the machine or the command
/// line failed.
#[derive(Parser)]
#[command(name = "jinbang", version, max_term_width = 100)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) common: Common,
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Args)]
pub(super) struct Common {
    /// The folder that holds data, content and themes
    #[arg(long, global = true, default_value = ".", value_name = "DIR")]
    pub(super) root: PathBuf,
}

#[derive(Subcommand)]
pub(super) enum Command {
    /// Read, decide, render, check and publish the site, all of it or nothing
    ///
    /// The folder is replaced as a whole when everything is right; until then the old site stays. Only a
    /// folder that this program made is ever replaced.
    #[command(
        after_help = "Examples:\n  jinbang build\n  jinbang build --out /srv/www/fair --base-url https://www.example.org/fair\n  jinbang build --as-of 2025-09-28 --out preview"
    )]
    Build(Build),

    /// Check everything that `build` checks, and write nothing
    Check(Check),

    /// Run the award rules of a fair and print the results
    ///
    /// Prints no results while a row is refused: a result without that row would be wrong.
    #[command(
        after_help = "Examples:\n  jinbang award\n  jinbang award 137 --format json > results.json\n  jinbang award 137 --policy ties=average"
    )]
    Award(Award),

    /// Explain why an exhibitor has its award or not
    ///
    /// Prints every condition, count, rank, percent, band, clause and reading of the decision, and the rows
    /// of the files that counted. Nothing of a buyer but the place of its rows is printed.
    #[command(
        after_help = "Examples:\n  jinbang explain E00017\n  jinbang explain E00017 --fair 137 --lang zh"
    )]
    Explain(Explain),

    /// Write a synthetic fair of any size, as a complete project
    ///
    /// What is no table (content, themes, rulebooks, enterprises, calendar) comes from --root, where it has it.
    /// No company and no person in the tables exists. The same numbers make the same bytes, on every machine.
    #[command(
        after_help = "Examples:\n  jinbang sample fair-to-try\n  jinbang sample large --exhibitors 31000 --invitations 5000000 --buyers 300000 --format csv"
    )]
    Sample(Sample),

    /// List buyers who almost match an invitation, for a person to look at
    ///
    /// One letter that differs in an e-mail address, a legal form in a company's name, words in another order: each
    /// with the places of both rows, the most telling first. Nothing listed here is counted: what is right is corrected
    /// in the tables. Company names that match suspiciously many buyers are listed as well. Values of buyers are masked.
    #[command(after_help = "Examples:\n  jinbang matches\n  jinbang matches 137 --limit 1000 --format json")]
    Matches(Matches),

    /// Write JSON Schemas of every YAML file, by which editors complete and check
    ///
    /// The first line of a file names its schema: `# yaml-language-server: $schema=../schemas/site.json`. Editors
    /// that know it (VS Code with its YAML extension, Neovim, Helix, JetBrains) complete keys and words while one
    /// types, show what each means, and underline what this program would refuse.
    #[command(after_help = "Examples:\n  jinbang schema\n  jinbang schema --out schemas")]
    Schema(Schema),

    /// Read a workbook on standard input, for the process that started this one
    #[command(hide = true, name = READ_WORKBOOK)]
    ReadWorkbook(ReadWorkbook),
}

#[derive(Args)]
pub(super) struct Matches {
    /// Number of the fair; the current one of site.yaml if absent
    pub(super) fair: Option<u32>,
    /// How to print
    #[arg(long, default_value = "text")]
    pub(super) format: MatchesFormat,
    /// At most so many near misses
    #[arg(long, default_value = "100", value_name = "N")]
    pub(super) limit: usize,
    /// Language of the text
    #[arg(long)]
    pub(super) lang: Option<Lang>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum MatchesFormat {
    /// For people
    Text,
    /// For programs: one object
    Json,
}

#[derive(Args)]
pub(super) struct Schema {
    /// The folder to write to; data/schemas of the project if absent
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
}

#[derive(Args)]
pub(super) struct ReadWorkbook {
    /// Its format
    pub(super) format: WorkbookKind,
    /// The sheet to read; every visible one if absent
    #[arg(long)]
    pub(super) sheet: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum WorkbookKind {
    Xls,
    Ods,
}

#[derive(Args)]
pub(super) struct Build {
    /// The folder to publish to
    #[arg(long, default_value = "public", value_name = "DIR")]
    pub(super) out: PathBuf,
    #[command(flatten)]
    pub(super) site: Site,
}

#[derive(Args)]
pub(super) struct Site {
    /// Make the site as it stands on a day: notices of later days are left out, the state of others is
    /// written into the page
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(super) as_of: Option<Date>,
    /// Where the site is published, if not where site.yaml says; the site is marked as a preview
    #[arg(long, value_name = "URL")]
    pub(super) base_url: Option<String>,
    /// Show drafts; the site is marked as a preview
    #[arg(long)]
    pub(super) drafts: bool,
}

#[derive(Args)]
pub(super) struct Check {
    #[command(flatten)]
    pub(super) site: Site,
    /// How to print problems
    #[arg(long, default_value = "text")]
    pub(super) format: CheckFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum CheckFormat {
    /// For people
    Text,
    /// For programs: one object
    Json,
}

fn date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| "write the day as 2025-09-26".to_owned())
}

#[derive(Args)]
pub(super) struct Award {
    /// Number of the fair; the current one of site.yaml if absent
    pub(super) fair: Option<u32>,
    /// How to print
    #[arg(long, default_value = "text")]
    pub(super) format: AwardFormat,
    /// Apply another reading than the rulebook does; may be repeated
    #[arg(long = "policy", value_name = "NAME=CHOICE", value_parser = policy)]
    pub(super) policies: Vec<(String, String)>,
    /// Language of the text
    #[arg(long)]
    pub(super) lang: Option<Lang>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum AwardFormat {
    /// For people
    Text,
    /// For programs: one object
    Json,
    /// For spreadsheets: one row an exhibitor
    Csv,
}

#[derive(Args)]
pub(super) struct Explain {
    /// Identifier of the exhibitor
    #[arg(value_name = "EXHIBITOR")]
    pub(super) subject: String,
    /// Number of the fair; the current one of site.yaml if absent
    #[arg(long)]
    pub(super) fair: Option<u32>,
    /// Language of the text
    #[arg(long)]
    pub(super) lang: Option<Lang>,
    /// How to print
    #[arg(long, default_value = "text")]
    pub(super) format: ExplainFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ExplainFormat {
    /// For people
    Text,
    /// For programs: one object
    Json,
}

#[derive(Args)]
pub(super) struct Sample {
    /// The folder to write; absent or empty
    #[arg(value_name = "DIR")]
    pub(super) folder: PathBuf,
    /// How many exhibitors
    #[arg(long, default_value = "2000", value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(super) exhibitors: u32,
    /// How many invitations they send
    #[arg(long, default_value = "60000", value_name = "N", value_parser = clap::value_parser!(u32).range(..=100_000_000))]
    pub(super) invitations: u32,
    /// How many buyers register
    #[arg(long, default_value = "20000", value_name = "N", value_parser = clap::value_parser!(u32).range(..=10_000_000))]
    pub(super) buyers: u32,
    /// The seed of all that is drawn by lot
    #[arg(long, default_value = "137", value_name = "N")]
    pub(super) seed: u64,
    /// The format of the tables
    #[arg(long, default_value = "xlsx")]
    pub(super) format: TableFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum TableFormat {
    /// Comma-separated UTF-8
    Csv,
    /// Excel workbooks
    Xlsx,
}

fn policy(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, choice)) if !name.is_empty() && !choice.is_empty() => {
            Ok((name.to_owned(), choice.to_owned()))
        }
        _ => Err("write NAME=CHOICE, such as ties=average".to_owned()),
    }
}
