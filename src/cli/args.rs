//! What the command line may say.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, ValueEnum};

use super::advice::Advice;
use super::clock::today;
use super::guide_pages;
use crate::data::{Date, READ_WORKBOOK};
use crate::lang::Lang;
use crate::project::FormFormat;
use crate::rulebook::POLICIES;
use crate::source::{any_of, say};

/// Run a trade fair's award rules and publish its winners, sourcing zone and activities
///
/// A project is a folder with `data` (tables and YAML), `content` (Markdown) and `themes`. Put the exports
/// of a fair into data/fairs/NUMBER, then check, award, explain, build.
///
/// Exit status: 0 success; 1 the project has errors and nothing was published; 2 the command line is wrong or
/// the machine failed.
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
    /// Language of messages and output, zh or en [default: from the environment]
    #[arg(long, global = true, value_name = "LANG", value_parser = lang)]
    pub(super) lang: Option<Lang>,
}

#[derive(Subcommand)]
pub(super) enum Command {
    /// Build, check and publish the site, all of it or nothing
    ///
    /// The folder is replaced as a whole once everything is correct; until then the old site stays. Only a
    /// folder created by jinbang is ever replaced.
    #[command(
        after_help = "Examples:\n  jinbang build\n  jinbang build --out /srv/www/fair --base-url https://www.example.org/fair\n  jinbang build --as-of 2025-09-28 --out preview"
    )]
    Build(Build),

    /// Show the site in a browser while you edit it
    ///
    /// Builds in memory, watches the files, rebuilds what changed and reloads the page in browsers; styles
    /// change without a reload. Errors are shown as a page and in the terminal; the page returns when they
    /// are corrected.
    #[command(
        after_help = "Examples:\n  jinbang serve --open\n  jinbang serve --as-of 2025-09-28 --drafts\n  jinbang serve --port 8080 --host 0.0.0.0"
    )]
    Serve(Serve),

    /// List the dates on which the site changes without any edit, and why
    ///
    /// On these days, and on no other, `build --as-of today` gives another site than the day before, although no file
    /// was touched: results are sealed, a notice is published or closes, a list becomes final, a ruling comes into
    /// force. The lines with which cron or systemd builds it again then are printed too.
    #[command(
        after_help = "Examples:\n  jinbang next\n  jinbang next --as-of today --until 2026-12-31 --format json"
    )]
    Next(Next),

    /// Check everything that `build` checks, and publish nothing
    Check(Check),

    /// List what needs translating: missing, out of date or untranslated texts
    ///
    /// A page in another language records of which state of the authentic page it is the translation; when the authentic
    /// page changes, it is out of date until somebody has looked through it and records it again with --accept. Nothing
    /// else of the file is touched. Texts of data and words of the theme that are missing, that read the same in two
    /// languages and are plainly no names, or that are shown in another language are listed as well.
    #[command(
        after_help = "Examples:\n  jinbang translations\n  jinbang translations --format json\n  jinbang translations --accept content/zone.en.md content/activities/vlog.en.md\n  jinbang translations --form names.xlsx"
    )]
    Translations(Translations),

    /// Print settings for the web server: security headers, cache lifetimes, redirects
    ///
    /// Cloudflare Pages and Netlify read this from the published files `_headers` and `_redirects`; for nginx
    /// and Caddy, put the text into their settings after every build that changes a theme.
    #[command(
        after_help = "Examples:\n  jinbang headers --format nginx > /etc/nginx/snippets/fair.conf\n  jinbang headers --format caddy"
    )]
    Headers(Headers),

    /// Print the fields available to templates, with examples, as Markdown
    #[command(after_help = "Example:\n  jinbang theme context > CONTEXT.md")]
    Theme(Theme),

    /// Run the award rules of a fair and print the results
    ///
    /// Prints no results while any row is refused, because results without it would be wrong.
    #[command(
        after_help = "Examples:\n  jinbang award\n  jinbang award 137 --format json > results.json\n  jinbang award 137 --policy ties=average\n  jinbang award 137 --what-if draft.yaml"
    )]
    Award(Award),

    /// Explain an exhibitor's result, or the code of a problem
    ///
    /// For an exhibitor: prints the decision; every condition, count, rank, percentage, band, clause and
    /// policy behind it; the smallest change of a count that reaches the next award; and the policy choices
    /// that would change the decision. With --rows, also the rows that counted. Of a buyer, only the place of
    /// its rows is printed.
    ///
    /// For a code, such as `unknown-exhibitor`: prints what it means, why it matters and what to do.
    #[command(
        after_help = "Examples:\n  jinbang explain E00017\n  jinbang explain 广州示例灯饰有限公司 --rows\n  jinbang explain unknown-exhibitor\n  jinbang explain E00017 --fair 137 --lang zh"
    )]
    Explain(Explain),

    /// Seal the results of a fair: add the decisions and their basis to its ledger
    ///
    /// An entry is added to data/fairs/FAIR/ledger.json: proposed before the notice is published, then in notice,
    /// corrections after rulings, final from the day that `notice.final` names. The ledger holds the counts of everyone;
    /// what salts its hashes is in ledger.secret beside it: keep both with the tables, and never publish them. Its public
    /// part, the header, is written to seal.json, and the evidence of the fair to evidence.csv.
    #[command(
        after_help = "Examples:\n  jinbang seal 137\n  jinbang seal 137 --as-of 2025-09-26 --sign ~/.minisign/minisign.key"
    )]
    Seal(Seal),

    /// Check the ledger of a fair: compute it again from the tables and compare it byte for byte
    ///
    /// Every entry is computed again whose files are here; those that are not are named. Without the tables the
    /// entries are checked against each other and against their days alone. With a header that was published earlier, what
    /// was changed or taken off since then is found. A receipt is checked with nothing but a header, in any folder.
    #[command(
        after_help = "Examples:\n  jinbang verify 137\n  jinbang verify 137 --header seal-of-26-september.json\n  jinbang verify --receipt E00017.json --header seal.json\n  jinbang verify --header seal.json --public-key minisign.pub"
    )]
    Verify(Verify),

    /// Print an exhibitor's receipt: what was sealed of it, with proof
    ///
    /// It holds the decision, all rows of the exhibitor, and of each buyer that was credited to it the rows without what
    /// tells who it is. The exhibitor checks it with `jinbang verify --receipt FILE --header seal.json`, without seeing a
    /// row of anyone else.
    #[command(
        after_help = "Examples:\n  jinbang receipt E00017 > E00017.json\n  jinbang receipt --all ../receipts"
    )]
    Receipt(Receipt),

    /// Print the other rewards of the rulebook and who receives them
    #[command(after_help = "Examples:\n  jinbang rewards\n  jinbang rewards 137 --format csv > rewards.csv")]
    Rewards(Rewards),

    /// Add up the points of final awards for the next review of brand booths
    ///
    /// Over all sealed fairs since data/booth-review.yaml says, line by line; an award that was revoked takes its
    /// points back by a line of its own.
    #[command(after_help = "Examples:\n  jinbang bonus\n  jinbang bonus --format csv > points.csv")]
    Bonus(Bonus),

    /// Show which awards depend on which policy choice, and which are one buyer or invitation away
    ///
    /// Runs every alternative of every policy of the rulebook, one at a time, and changes every count of every
    /// exhibitor by one, with all else equal. The page that --html writes is for the office; no command publishes it.
    #[command(
        after_help = "Examples:\n  jinbang sensitivity\n  jinbang sensitivity 137 --lang zh --html policies-137.html\n  jinbang sensitivity 137 --format json > sensitivity.json"
    )]
    Sensitivity(Sensitivity),

    /// Compare rulebooks
    #[command(subcommand)]
    Rules(Rules),

    /// Create a commented file to complete
    ///
    /// Existing files are never replaced, and drafts are not published, so the site stays valid.
    #[command(
        subcommand,
        after_help = "Examples:\n  jinbang new enterprise kawan-lama\n  jinbang new activity night-tour\n  jinbang new fair 138\n  jinbang new fair 138 --roster"
    )]
    New(New),

    /// Create a new site in its own folder
    ///
    /// The site has the built-in theme, rulebook and calendar, a fair to complete and short sample pages in
    /// both languages. It builds as it is.
    #[command(after_help = "Example:\n  jinbang init fair-site && cd fair-site && jinbang build")]
    Init(Init),

    /// Write a synthetic fair of any size, as a complete project
    ///
    /// Everything except the tables (content, themes, rulebooks, enterprises, calendar) comes from --root, if
    /// it is there. All companies and persons in the tables are made up. The same options give the same bytes
    /// on every machine.
    #[command(
        after_help = "Examples:\n  jinbang sample fair-to-try\n  jinbang sample large --exhibitors 31000 --invitations 5000000 --buyers 300000 --format csv"
    )]
    Sample(Sample),

    /// List buyers who almost match an invitation, for manual review
    ///
    /// One letter that differs in an e-mail address, a legal form in a company's name, words in another order: each
    /// with the places of both rows, the most telling first. Nothing listed here is counted: what is right is corrected
    /// in the tables. Company names that match suspiciously many buyers are listed as well. Values of buyers are masked.
    #[command(after_help = "Examples:\n  jinbang matches\n  jinbang matches 137 --limit 1000 --format json")]
    Matches(Matches),

    /// Write JSON Schemas of all YAML files, for completion and checks in editors
    ///
    /// The first line of a file names its schema: `# yaml-language-server: $schema=../schemas/site.json`.
    /// Editors that support this (VS Code with its YAML extension, Neovim, Helix, JetBrains) complete keys
    /// and values, show what they mean, and underline what jinbang would refuse.
    #[command(after_help = "Examples:\n  jinbang schema\n  jinbang schema --out schemas")]
    Schema(Schema),

    /// Print a page of the guide, or the list of its pages
    ///
    /// The guide is in Chinese and English: how to get from the exports of a fair to a published notice, how to edit
    /// pages, the sourcing zone and themes, and how the program itself is changed.
    #[command(
        after_help = "Examples:\n  jinbang guide\n  jinbang guide after-the-fair\n  jinbang guide themes --lang zh"
    )]
    Guide(Guide),

    /// Read a workbook on standard input, for the process that started this one
    #[command(hide = true, name = READ_WORKBOOK)]
    ReadWorkbook(ReadWorkbook),
}

#[derive(Args)]
pub(super) struct Guide {
    /// Name of the page; the list of pages if absent
    #[arg(value_name = "PAGE", value_parser = PossibleValuesParser::new(guide_pages::names()))]
    pub(super) page: Option<String>,
}

#[derive(Args)]
pub(super) struct Matches {
    /// Number of the fair [default: `current_fair` of site.yaml]
    pub(super) fair: Option<u32>,
    /// Output format
    #[arg(long, default_value = "text")]
    pub(super) format: MatchesFormat,
    /// The largest number of near matches to list
    #[arg(long, default_value = "100", value_name = "N")]
    pub(super) limit: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum MatchesFormat {
    /// For reading
    Text,
    /// For programs: one object
    Json,
}

#[derive(Args)]
pub(super) struct Schema {
    /// The folder to write to [default: data/schemas of the project]
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
}

#[derive(Args)]
pub(super) struct ReadWorkbook {
    /// Its format
    pub(super) format: WorkbookKind,
    /// A sheet to read, by name or pattern; every visible one if absent
    #[arg(long)]
    pub(super) sheet: Vec<String>,
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
    /// Build the site as of a date, or `today` (in Beijing), without later notices [default: the date of the
    /// latest act in the files]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(super) as_of: Option<Date>,
    /// Publish under another address than that of site.yaml; the site is marked as a preview
    #[arg(long, value_name = "URL")]
    pub(super) base_url: Option<String>,
    /// Show drafts; the site is marked as a preview
    #[arg(long)]
    pub(super) drafts: bool,
    /// Prepare every picture again, and keep nothing in .jinbang-cache
    #[arg(long)]
    pub(super) no_cache: bool,
}

#[derive(Args)]
pub(super) struct Serve {
    /// The port to listen on; 0 for any free one
    #[arg(long, default_value = "1111", value_name = "PORT")]
    pub(super) port: u16,
    /// The address to listen on; by default only this machine can reach it
    #[arg(long, default_value = "127.0.0.1", value_name = "ADDR")]
    pub(super) host: String,
    /// Open the site in a browser
    #[arg(long)]
    pub(super) open: bool,
    /// Show the site as of a date, or `today` (in Beijing)
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(super) as_of: Option<Date>,
    /// Show drafts
    #[arg(long)]
    pub(super) drafts: bool,
    /// Prepare every picture again, and keep nothing in .jinbang-cache
    #[arg(long)]
    pub(super) no_cache: bool,
}

#[derive(Args)]
pub(super) struct Next {
    /// List dates after this one, or `today` (in Beijing) [default: today, or the date of the latest act in
    /// the files if earlier]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(super) as_of: Option<Date>,
    /// The last date to list [default: no limit]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(super) until: Option<Date>,
    /// Output format
    #[arg(long, default_value = "text")]
    pub(super) format: NextFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum NextFormat {
    /// For reading, with lines for cron and systemd
    Text,
    /// One object
    Json,
}

#[derive(Args)]
pub(super) struct Check {
    #[command(flatten)]
    pub(super) site: Site,
    /// Output format of problems
    #[arg(long, default_value = "text")]
    pub(super) format: CheckFormat,
    /// Print all notes in full, and the column read for each field of each sheet
    #[arg(long)]
    pub(super) verbose: bool,
    /// Also ask the addresses of other sites to which the project links whether something is there
    #[arg(long)]
    pub(super) external: bool,
}

#[derive(Args)]
pub(super) struct Translations {
    /// Record that these pages translate the current version of the original
    #[arg(long, num_args = 1.., value_name = "PAGE", conflicts_with = "format")]
    pub(super) accept: Vec<String>,
    /// Write the names that winners and enterprises lack into a table to fill in, .csv or .xlsx
    #[arg(long, value_name = "FILE", value_parser = form, conflicts_with_all = ["format", "accept"])]
    pub(super) form: Option<Form>,
    /// Output format
    #[arg(long, default_value = "text")]
    pub(super) format: PrintFormat,
}

/// A table to fill in, by where it is written.
#[derive(Clone)]
pub(super) struct Form {
    pub(super) path: PathBuf,
    pub(super) format: FormFormat,
}

fn form(text: &str) -> Result<Form, Advice> {
    let path = PathBuf::from(text);
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let format = match ending.as_deref() {
        Some("csv") => FormFormat::Csv,
        Some("xlsx") => FormFormat::Xlsx,
        _ => return Err(Advice(say!("give a name that ends in .csv or .xlsx, such as names.xlsx"))),
    };
    Ok(Form { path, format })
}

#[derive(Args)]
pub(super) struct Theme {
    #[command(subcommand)]
    pub(super) command: ThemeCommand,
}

#[derive(Subcommand)]
pub(super) enum ThemeCommand {
    /// Every field of every template, with its type and an example from this project
    Context(Site),
}

#[derive(Args)]
pub(super) struct Headers {
    #[command(flatten)]
    pub(super) site: Site,
    /// The web server to print for
    #[arg(long, default_value = "netlify")]
    pub(super) format: HeadersFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum HeadersFormat {
    /// The file `_headers` of Netlify and Cloudflare Pages
    Netlify,
    /// Lines for the server block of nginx
    Nginx,
    /// Lines for the site block of Caddy
    Caddy,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum CheckFormat {
    /// For reading
    Text,
    /// For programs: one object
    Json,
    /// For GitHub: workflow annotations
    Github,
}

fn day(text: &str) -> Result<Date, Advice> {
    match text {
        "today" => Ok(today()),
        _ => text.parse().map_err(|_| Advice(say!("write the date as 2025-09-26, or `today`"))),
    }
}

#[derive(Args)]
pub(super) struct Award {
    /// Number of the fair [default: `current_fair` of site.yaml]
    pub(super) fair: Option<u32>,
    /// Output format
    #[arg(long, default_value = "text")]
    pub(super) format: AwardFormat,
    /// Apply another policy choice than the rulebook; may be repeated
    #[arg(long = "policy", value_name = "NAME=CHOICE", value_parser = policy)]
    pub(super) policies: Vec<(String, String)>,
    /// Print what the draft rulings of a file would change, on top of those in rulings.yaml
    #[arg(long, value_name = "FILE")]
    pub(super) what_if: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum AwardFormat {
    /// For reading
    Text,
    /// For programs: one object
    Json,
    /// For spreadsheets: one row per exhibitor
    Csv,
}

#[derive(Args)]
pub(super) struct Sensitivity {
    /// Number of the fair [default: `current_fair` of site.yaml]
    pub(super) fair: Option<u32>,
    /// Output format
    #[arg(long, default_value = "text")]
    pub(super) format: PrintFormat,
    /// Write an internal page to a file outside the site and the project's inputs
    #[arg(long, value_name = "FILE")]
    pub(super) html: Option<PathBuf>,
}

#[derive(Subcommand)]
pub(super) enum Rules {
    /// List the differences between two rulebooks, rule by rule, with clauses
    ///
    /// A rulebook is given by id and version, as in `i-invite@1`, or by the path of its file. Differences of
    /// form (comments, order of keys, quotation marks) are ignored.
    #[command(
        after_help = "Examples:\n  jinbang rules diff i-invite@1 i-invite@2\n  jinbang rules diff i-invite@1 drafts/i-invite-2.yaml --fair 137"
    )]
    Diff(RulesDiff),
}

#[derive(Args)]
pub(super) struct RulesDiff {
    /// The old rulebook: ID@VERSION or a path
    #[arg(value_name = "A")]
    pub(super) before: String,
    /// The new rulebook: ID@VERSION or a path
    #[arg(value_name = "B")]
    pub(super) after: String,
    /// Evaluate a fair under both, and list who would gain or lose which award
    #[arg(long, value_name = "N")]
    pub(super) fair: Option<u32>,
    /// Output format
    #[arg(long, default_value = "text")]
    pub(super) format: PrintFormat,
}

#[derive(Args)]
pub(super) struct Explain {
    /// Identifier, name or part of the name of an exhibitor; or a code. Without it, all codes are listed
    #[arg(value_name = "EXHIBITOR|CODE")]
    pub(super) subject: Option<String>,
    /// Number of the fair, for an exhibitor [default: `current_fair` of site.yaml]
    #[arg(long)]
    pub(super) fair: Option<u32>,
    /// Output format
    #[arg(long, default_value = "text")]
    pub(super) format: PrintFormat,
    /// List the rows that counted; --format json always includes them
    #[arg(long)]
    pub(super) rows: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum PrintFormat {
    /// For reading
    Text,
    /// For programs: one object
    Json,
}

#[derive(Subcommand)]
pub(super) enum New {
    /// A purchasing enterprise: data/enterprises/NAME.yaml
    Enterprise {
        /// Its name in the page address: lower-case letters, digits and hyphens
        name: String,
    },
    /// An activity: content/activities/NAME in every language
    Activity {
        /// Its name in the page address: lower-case letters, digits and hyphens
        name: String,
    },
    /// A fair: data/fairs/NUMBER, with what carries over from the previous fair
    Fair {
        /// Its number
        #[arg(value_parser = clap::value_parser!(u32).range(1..))]
        number: u32,
        /// Create the roster as a workbook with drop-downs, filled from the previous fair
        #[arg(long)]
        roster: bool,
    },
}

#[derive(Args)]
pub(super) struct Init {
    /// The folder to write to; must be empty or not exist
    #[arg(value_name = "DIR")]
    pub(super) folder: PathBuf,
    /// Number of the first fair of the site
    #[arg(long, default_value = "138", value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) fair: u32,
}

#[derive(Args)]
pub(super) struct Seal {
    /// Number of the fair
    pub(super) fair: u32,
    /// The date of the entry [default: today in Beijing]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(super) as_of: Option<Date>,
    /// Show the entry that would be added and how it differs from the previous one; write nothing
    #[arg(long, conflicts_with = "sign")]
    pub(super) dry_run: bool,
    /// Sign the header with a minisign secret key, into seal.json.minisig
    #[arg(long, value_name = "FILE")]
    pub(super) sign: Option<PathBuf>,
    /// Use a new secret from this entry on, because the old one is lost or leaked
    #[arg(long)]
    pub(super) new_secret: bool,
}

#[derive(Args)]
pub(super) struct Verify {
    /// Number of the fair; not needed to check only a header
    #[arg(required_unless_present = "header")]
    pub(super) fair: Option<u32>,
    /// A published header, as written by `seal`
    #[arg(long, value_name = "FILE")]
    pub(super) header: Option<PathBuf>,
    /// Check a receipt against the header instead
    #[arg(long, value_name = "FILE")]
    pub(super) receipt: Option<PathBuf>,
    /// Also check the signature with a minisign public key: a file, or the key itself
    #[arg(long, value_name = "KEY")]
    pub(super) public_key: Option<String>,
}

#[derive(Args)]
pub(super) struct Receipt {
    /// Identifier of the exhibitor
    #[arg(required_unless_present = "all")]
    pub(super) exhibitor: Option<String>,
    /// Write the receipts of all exhibitors to a new or empty folder, one file each
    #[arg(long, value_name = "DIR", conflicts_with = "exhibitor")]
    pub(super) all: Option<PathBuf>,
    /// Number of the fair [default: `current_fair` of site.yaml]
    #[arg(long)]
    pub(super) fair: Option<u32>,
}

#[derive(Args)]
pub(super) struct Rewards {
    /// Number of the fair [default: `current_fair` of site.yaml]
    pub(super) fair: Option<u32>,
    /// The date on which they are given, or `today` (in Beijing) [default: the date of the latest act in the
    /// files]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(super) as_of: Option<Date>,
    /// Output format
    #[arg(long, default_value = "text")]
    pub(super) format: AwardFormat,
}

#[derive(Args)]
pub(super) struct Bonus {
    /// Output format
    #[arg(long, default_value = "text")]
    pub(super) format: AwardFormat,
}

#[derive(Args)]
pub(super) struct Sample {
    /// The folder to write to; must be empty or not exist
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
    /// The seed of the random numbers
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

/// The languages of what is said and printed.
const SPOKEN: [Lang; 2] = [Lang::ZH, Lang::EN];

fn lang(text: &str) -> Result<Lang, Advice> {
    let lang = text.parse().ok().filter(|lang| SPOKEN.contains(lang));
    lang.ok_or_else(|| Advice(say!("write zh or en")))
}

fn policy(text: &str) -> Result<(String, String), Advice> {
    match text.split_once('=') {
        Some((name, choice)) if !name.is_empty() && !choice.is_empty() => {
            Ok((name.to_owned(), choice.to_owned()))
        }
        _ => {
            let choices = POLICIES.iter().find(|(name, _)| *name == text.trim_end_matches('='));
            Err(Advice(match choices {
                Some((name, choices)) => say!(
                    "write {values}",
                    values = any_of(choices.iter().map(|choice| format!("`{name}={choice}`")))
                ),
                None => say!("write NAME=CHOICE, such as ties=average"),
            }))
        }
    }
}
