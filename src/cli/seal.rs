//! `seal`, `verify` and `receipt`: what was decided, sealed and checked.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::args::{Common, Receipt, Seal, Verify};
use super::clock::today;
use super::door::{Answer, read_project};
use super::terminal;
use crate::award::{Head, Seal as Header, Stage};
use crate::lang::Lang;
use crate::project::{
    self, Checked, SealOptions, Sealed, Verified, check_header, check_receipt, check_signature, read_header,
    read_receipt, read_secret_key, receipts, sealed_fair, sign_seal, signature_path, write_receipts,
};
use crate::source::{Failure, Files, Message, Report, phrases, say};

pub(super) fn run(common: &Common, command: &Seal) -> Result<ExitCode, Failure> {
    // What a person does, is done today; what is computed from files never looks at the clock.
    let date = command.as_of.unwrap_or_else(today);
    let options =
        SealOptions { dry_run: command.dry_run, new_secret: command.new_secret, today: Some(today()) };
    // Before anything is written.
    let key = command.sign.as_deref().map(|path| read_secret_key(&outside(path)?)).transpose()?;
    let Answer { files, report, value } =
        read_project(common, say!("reading the tables"), |report, files, _| {
            let Some(sealed) = project::seal(report, files, command.fair, date, options)? else {
                return Ok(None);
            };
            let (Sealed::Added(ledger) | Sealed::Unchanged(ledger) | Sealed::WouldAdd { ledger, .. }) =
                &sealed;
            let signature = key.map(|key| sign_seal(files, &ledger.seal(), &key)).transpose()?;
            Ok(Some((sealed, signature)))
        })?;
    terminal::print_report(&report, &files, common);
    let Some((sealed, signature)) = value else { return Ok(terminal::status(&report)) };
    let lang = terminal::language(common.lang);
    let folder = format!("data/fairs/{}", command.fair);
    let path = format!("{folder}/ledger.json");
    let ledger = match &sealed {
        Sealed::Added(ledger) | Sealed::Unchanged(ledger) => ledger,
        Sealed::WouldAdd { changes, .. } => {
            let mut lines = vec![entry_line(&path, &sealed, lang)];
            lines.extend(changes.iter().map(|change| format!("  {}", change.text(lang))));
            lines.push(say!("nothing was written").text(lang));
            terminal::print(&printed(&lines))?;
            return Ok(terminal::status(&report));
        }
    };
    let header = format!("{folder}/seal.json");
    let hash = ledger.seal().hash().to_string();
    let mut lines = vec![
        entry_line(&path, &sealed, lang),
        say!("publish and commit: {path}", path = header).text(lang),
        say!("SHA-256 of {path}: {hash}", path = "seal.json", hash).text(lang),
        say!("short form to read aloud: {hash}", hash = in_groups(&hash)).text(lang),
    ];
    if let Some(signature) = signature {
        lines.push(say!("signed: {path}", path = signature).text(lang));
    }
    if matches!(&sealed, Sealed::Added(ledger) if ledger.entries().len() == 1) {
        let secret = format!("{folder}/ledger.secret");
        lines.push(
            say!(
                "keep {ledger} and {path} with the tables; never publish them",
                ledger = path,
                path = secret
            )
            .text(lang),
        );
    }
    terminal::print(&printed(&lines))?;
    Ok(terminal::status(&report))
}

/// Lines as they are printed. What a file says may hold signs by which a terminal does something else.
fn printed(lines: &[String]) -> String {
    let plain = |line: &String| line.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    lines.iter().map(plain).collect::<Vec<String>>().join("\n") + "\n"
}

/// The bytes of a file that is no part of the project, such as a receipt.
fn outside_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let files = Files::new(".");
    let file = files.id(&absolute(path)?.to_string_lossy());
    files.read(file)
}

fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    std::path::absolute(path).map_err(|cause| Failure::new(say!("read {path}", path = path.display()), cause))
}

/// The text of a file that is no part of the project, such as a key.
fn outside(path: &Path) -> Result<String, Failure> {
    String::from_utf8(outside_bytes(path)?).map_err(|error| {
        Failure::new(say!("read {path}", path = path.display()), std::io::Error::other(error))
    })
}

/// A hash in groups of four digits, as one reads it out.
fn in_groups(hash: &str) -> String {
    let digits: Vec<char> = hash.chars().collect();
    digits.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// A sentence about the last entry of a ledger.
fn entry_line(path: &str, sealed: &Sealed, lang: Lang) -> String {
    let (Sealed::Added(ledger) | Sealed::Unchanged(ledger) | Sealed::WouldAdd { ledger, .. }) = sealed;
    let Some(last) = ledger.last() else { return String::new() };
    let (entry, stage, date) = (last.head.number, in_words(last.head.stage), last.head.date);
    let line = match sealed {
        Sealed::Added(_) => {
            say!("entry {entry} was added to {path}: {stage}, {date}", entry, path, stage, date)
        }
        Sealed::Unchanged(_) => {
            say!("{path} is up to date: entry {entry}, {stage}, {date}", path, entry, stage, date)
        }
        Sealed::WouldAdd { .. } => {
            say!("entry {entry} would be added to {path}: {stage}, {date}", entry, path, stage, date)
        }
    };
    line.text(lang)
}

fn in_words(stage: Stage) -> Message {
    match stage {
        Stage::Proposed => say!("proposed"),
        Stage::InNotice => say!("in notice"),
        Stage::Correction => say!("correction"),
        Stage::Closed => say!("closed, objections being settled"),
        Stage::Final => say!("final"),
    }
}

/// What is looked at: the header of a fair of the project, or one that stands in a file, with the place of its signature.
struct Looked {
    header: Header,
    signature: String,
    lines: Vec<String>,
}

pub(super) fn verify(common: &Common, command: &Verify) -> Result<ExitCode, Failure> {
    let lang = terminal::language(common.lang);
    let Answer { files, report, value } =
        read_project(common, say!("computing again"), |report, files, _| {
            let published = match &command.header {
                None => None,
                Some(path) => match read_header(report, &path.display().to_string(), &outside_bytes(path)?) {
                    Some(header) => Some((path, header)),
                    None => return Ok(None),
                },
            };
            let looked = match (command.fair, &published) {
                (Some(fair), _) if command.receipt.is_none() => {
                    let Some(verified) = project::verify(report, files, fair)? else { return Ok(None) };
                    let lines = verified_lines(&verified);
                    let lines = lines.iter().map(|line| line.text(lang)).collect();
                    Looked { header: verified.seal, signature: signature_path(fair), lines }
                }
                (_, Some((path, header))) => {
                    let signature = format!("{}.minisig", absolute(path)?.display());
                    let lines = vec![
                        say!(
                            "fair {fair}, entries: {entries}; SHA-256 of the header: {hash}",
                            fair = header.fair,
                            entries = header.entries.len(),
                            hash = header.hash().to_string()
                        )
                        .text(lang),
                    ];
                    Looked { header: header.clone(), signature, lines }
                }
                (Some(fair), None) => {
                    let Some(sealed) = sealed_fair(report, files, fair)? else { return Ok(None) };
                    Looked { header: sealed.seal, signature: signature_path(fair), lines: Vec::new() }
                }
                (None, None) => unreachable!("the command line asks for one of them"),
            };
            let Looked { header, signature, mut lines } = looked;
            if let Some((path, published)) = published.as_ref().filter(|_| command.fair.is_some())
                && command.receipt.is_none()
                && check_header(report, &header, published)
            {
                let (path, entries) = (path.display(), published.entries.len());
                lines.push(
                    say!("the ledger continues {path}: its {entries} entries are unchanged", path, entries)
                        .text(lang),
                );
            }
            if let Some(key) = &command.public_key {
                let key = if Path::new(key).is_file() { outside(Path::new(key))? } else { key.clone() };
                let comment = check_signature(report, files, &header, &signature, &key)?;
                lines.extend(
                    comment.map(|comment| say!("the signature is valid: {comment}", comment).text(lang)),
                );
            }
            if let Some(receipt) = &command.receipt {
                lines.extend(receipt_lines(report, &header, &outside_bytes(receipt)?, lang));
            }
            Ok((!report.has_errors()).then_some(lines))
        })?;
    terminal::print_report(&report, &files, common);
    if let Some(lines) = value {
        terminal::print(&printed(&lines))?;
    }
    Ok(terminal::status(&report))
}

/// What was checked of a ledger, and what was not.
fn verified_lines(verified: &Verified) -> Vec<Message> {
    let Verified { seal, entries, signature } = verified;
    let mut lines = vec![say!(
        "entries, each linked to the one before it, in order of date: {entries}",
        entries = entries.len()
    )];
    lines.extend(signature.iter().map(|comment| say!("the signature is valid: {comment}", comment)));
    if let [first, rest @ ..] = &entries[..]
        && matches!(first, Checked::NoTables | Checked::NoLedger)
        && rest.iter().all(|checked| checked == first)
    {
        lines.push(checked_line(&seal.entries[0], first, true));
        return lines;
    }
    let last = entries.len();
    for ((number, head), checked) in (1..).zip(&seal.entries).zip(entries) {
        lines.push(checked_line(head, checked, number == last));
    }
    lines
}

/// How an entry was checked.
fn checked_line(head: &Head, checked: &Checked, is_last: bool) -> Message {
    let (entry, stage, date) = (head.number, in_words(head.stage), head.date);
    match checked {
        Checked::Computed if is_last => say!(
            "entry {entry} ({stage}, {date}) computed again from the tables: identical, byte for byte",
            entry,
            stage,
            date
        ),
        Checked::Computed => say!(
            "entry {entry} ({stage}, {date}): decisions and rows computed again from the tables: identical",
            entry,
            stage,
            date
        ),
        Checked::OtherFiles(files) => say!(
            "entry {entry} ({stage}, {date}) not computed again: it was sealed with other files ({files})",
            entry,
            stage,
            date,
            files = phrases(files)
        ),
        Checked::OtherRules => say!(
            "entry {entry} ({stage}, {date}) not computed again: it was sealed with another rulebook or other settings",
            entry,
            stage,
            date
        ),
        Checked::NoSecret => say!(
            "entry {entry} ({stage}, {date}) not computed again: it was sealed with another secret",
            entry,
            stage,
            date
        ),
        Checked::NoTables => say!("the tables are missing: nothing was computed again"),
        Checked::NoLedger => {
            say!("the ledger is missing, only its header is here: nothing was computed again")
        }
    }
}

fn receipt_lines(report: &mut Report, header: &Header, bytes: &[u8], lang: Lang) -> Vec<String> {
    let receipt = read_receipt(report, bytes);
    let proven = receipt.and_then(|receipt| check_receipt(report, header, &receipt));
    let Some(proven) = proven else { return Vec::new() };
    let decision = &proven.sealed.decision;
    let (entry, stage, date) = proven.entry;
    let first = say!(
        "the receipt matches what was sealed for {exhibitor} on {date} (entry {entry}, {stage}): complete, without duplicates",
        exhibitor = decision.exhibitor,
        date,
        entry,
        stage = in_words(stage)
    );
    let mut lines = vec![first.text(lang)];
    for (table, count) in &proven.rows {
        lines.push(format!("  {}", say!("{table}, rows: {count}", table, count).text(lang)));
    }
    let (matched, ruled) = proven.buyers;
    let buyers = say!("buyers credited by equal keys: {matched}; by rulings: {ruled}", matched, ruled);
    lines.push(format!("  {}", buyers.text(lang)));
    let award_of = |award: &Option<String>| award.as_ref().map_or(say!("none"), Message::verbatim);
    let credit = proven.sealed.credit;
    let counted = say!(
        "counted: {invitations} invitations, {new} new and {regular} regular buyers; award: {award}",
        invitations = credit.invitations,
        new = credit.new,
        regular = credit.regular,
        award = award_of(&decision.award)
    );
    lines.push(counted.text(lang));
    if let Some((date, award)) = &proven.since {
        let award = award_of(award);
        let since =
            say!("later entries exist: by the last one, of {date}, the award is {award}", date, award);
        lines.push(since.text(lang));
    }
    let keys = say!(
        "not proved here: that masked values of invitations and buyers are equal (vouched for by whoever sealed them)"
    );
    lines.push(keys.text(lang));
    if proven.by_recipient {
        let recipients = say!(
            "not proved here: which invitations went to the same recipient (vouched for by whoever sealed them)"
        );
        lines.push(recipients.text(lang));
    }
    lines
}

pub(super) fn receipt(common: &Common, command: &Receipt) -> Result<ExitCode, Failure> {
    let Answer { files, report, value } =
        read_project(common, say!("computing again"), |report, files, _| {
            let number = match command.fair {
                Some(number) => Some(number),
                None => project::current_fair(report, files)?,
            };
            let Some(number) = number else { return Ok(None) };
            let receipts = receipts(report, files, number, command.exhibitor.as_deref())?;
            Ok(Some(receipts).filter(|receipts| !receipts.is_empty()))
        })?;
    terminal::print_report(&report, &files, common);
    let Some(receipts) = value else { return Ok(terminal::status(&report)) };
    match &command.all {
        Some(folder) => {
            write_receipts(&files, folder, &receipts)?;
            let (path, count) = (folder.display(), receipts.len());
            let said = say!("receipts written to {path}: {count}", path, count);
            terminal::print(&(said.text(terminal::language(common.lang)) + "\n"))?;
        }
        None => receipts.iter().try_for_each(|receipt| terminal::print(&receipt.written()))?,
    }
    Ok(terminal::status(&report))
}
