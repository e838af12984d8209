//! `seal`, `verify` and `receipt`: what was decided, sealed and checked.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::args::{Common, Receipt, Seal, Verify};
use super::clock::today;
use super::door::{Answer, read_project};
use super::terminal;
use super::words::{Words, words};
use crate::award::{Head, Ledger, Seal as Header, Stage};
use crate::project::{
    self, Checked, SealOptions, Sealed, Verified, check_header, check_receipt, check_signature, read_header,
    read_receipt, read_secret_key, receipts, sealed_fair, sign_seal, signature_path, write_receipts,
};
use crate::source::{Failure, Files, Report, say};

pub(super) fn run(common: &Common, command: &Seal) -> Result<ExitCode, Failure> {
    // What a person does, is done today; what is computed from files never looks at the clock.
    let date = command.as_of.unwrap_or_else(today);
    let options =
        SealOptions { dry_run: command.dry_run, new_secret: command.new_secret, today: Some(today()) };
    // Before anything is written.
    let key = command.sign.as_deref().map(|path| read_secret_key(&outside(path)?)).transpose()?;
    let Answer { files, report, value } = read_project(common, "progress.tables", |report, files, _| {
        let Some(sealed) = project::seal(report, files, command.fair, date, options)? else {
            return Ok(None);
        };
        let (Sealed::Added(ledger) | Sealed::Unchanged(ledger) | Sealed::WouldAdd { ledger, .. }) = &sealed;
        let signature = key.map(|key| sign_seal(files, &ledger.seal(), &key)).transpose()?;
        Ok(Some((sealed, signature)))
    })?;
    terminal::print_report(&report, &files, common);
    let Some((sealed, signature)) = value else { return Ok(terminal::status(&report)) };
    let lang = terminal::language(common.lang);
    let w = words(lang);
    let folder = format!("data/fairs/{}", command.fair);
    let path = format!("{folder}/ledger.json");
    let (key, ledger) = match &sealed {
        Sealed::Added(ledger) => ("seal.added", ledger),
        Sealed::Unchanged(ledger) => ("seal.unchanged", ledger),
        Sealed::WouldAdd { ledger, changes } => {
            let mut lines = vec![entry_line(w, "seal.would-add", &path, ledger)];
            lines.extend(changes.iter().map(|change| format!("  {}", change.text(lang))));
            lines.push(w.fill("seal.nothing-written", &[]));
            terminal::print(&printed(&lines))?;
            return Ok(terminal::status(&report));
        }
    };
    let header = format!("{folder}/seal.json");
    let hash = ledger.seal().hash().to_string();
    let mut lines = vec![
        entry_line(w, key, &path, ledger),
        w.fill("seal.header", &[("path", &header)]),
        w.fill("seal.hash", &[("path", "seal.json"), ("hash", &hash)]),
        w.fill("seal.read-out", &[("hash", &in_groups(&hash))]),
    ];
    if let Some(signature) = signature {
        lines.push(w.fill("seal.signed", &[("path", &signature)]));
    }
    if matches!(&sealed, Sealed::Added(ledger) if ledger.entries().len() == 1) {
        let secret = format!("{folder}/ledger.secret");
        lines.push(w.fill("seal.secret", &[("ledger", &path), ("path", &secret)]));
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
fn entry_line(w: &Words, key: &str, path: &str, ledger: &Ledger) -> String {
    let Some(last) = ledger.last() else { return String::new() };
    w.fill(key, &[("path", path)].into_iter().chain(of_entry(w, &last.head).borrowed()).collect::<Vec<_>>())
}

fn stage_word(w: &Words, stage: Stage) -> String {
    w.fill(&format!("seal.stage-{}", stage.name()), &[])
}

/// What sentences say of an entry.
struct OfEntry {
    entry: String,
    stage: String,
    date: String,
}

fn of_entry(w: &Words, head: &Head) -> OfEntry {
    OfEntry { entry: head.number.to_string(), stage: stage_word(w, head.stage), date: head.date.to_string() }
}

impl OfEntry {
    fn borrowed(&self) -> [(&str, &str); 3] {
        [("entry", &self.entry), ("stage", &self.stage), ("date", &self.date)]
    }
}

/// What is looked at: the header of a fair of the project, or one that stands in a file, with the place of its signature.
struct Looked {
    header: Header,
    signature: String,
    lines: Vec<String>,
}

pub(super) fn verify(common: &Common, command: &Verify) -> Result<ExitCode, Failure> {
    let w = words(terminal::language(common.lang));
    let Answer { files, report, value } = read_project(common, "progress.again", |report, files, _| {
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
                let lines = verified_lines(w, &verified);
                Looked { header: verified.seal, signature: signature_path(fair), lines }
            }
            (_, Some((path, header))) => {
                let signature = format!("{}.minisig", absolute(path)?.display());
                let values = [
                    ("fair", header.fair.to_string()),
                    ("entries", header.entries.len().to_string()),
                    ("hash", header.hash().to_string()),
                ];
                let values: Vec<(&str, &str)> =
                    values.iter().map(|(name, value)| (*name, value.as_str())).collect();
                let lines = vec![w.fill("verify.header-hash", &values)];
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
            let entries = published.entries.len().to_string();
            let path = path.display().to_string();
            lines.push(w.fill("verify.continues", &[("path", &path), ("entries", &entries)]));
        }
        if let Some(key) = &command.public_key {
            let key = if Path::new(key).is_file() { outside(Path::new(key))? } else { key.clone() };
            let comment = check_signature(report, files, &header, &signature, &key)?;
            lines.extend(comment.map(|comment| w.fill("verify.signature", &[("comment", &comment)])));
        }
        if let Some(receipt) = &command.receipt {
            lines.extend(receipt_lines(report, w, &header, &outside_bytes(receipt)?));
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
fn verified_lines(w: &Words, verified: &Verified) -> Vec<String> {
    let Verified { seal, entries, signature } = verified;
    let mut lines = vec![w.fill("verify.chain", &[("entries", &entries.len().to_string())])];
    lines.extend(signature.iter().map(|comment| w.fill("verify.signature", &[("comment", comment)])));
    for (why, key) in [(Checked::NoTables, "verify.not-computed"), (Checked::NoLedger, "verify.no-ledger")] {
        if entries.iter().all(|checked| *checked == why) {
            lines.push(w.fill(key, &[]));
            return lines;
        }
    }
    let last = entries.len();
    for ((number, head), checked) in (1..).zip(&seal.entries).zip(entries) {
        let of_entry = of_entry(w, head);
        let mut values = of_entry.borrowed().to_vec();
        let names;
        let key = match checked {
            Checked::Computed if number == last => "verify.computed",
            Checked::Computed => "verify.computed-before",
            Checked::OtherFiles(files) => {
                names = files.join(&w.fill("build.list", &[]));
                values.push(("files", &names));
                "verify.other-files"
            }
            Checked::OtherRules => "verify.other-rules",
            Checked::NoSecret => "verify.other-secret",
            Checked::NoTables => "verify.not-computed",
            Checked::NoLedger => "verify.no-ledger",
        };
        lines.push(w.fill(key, &values));
    }
    lines
}

fn receipt_lines(report: &mut Report, w: &Words, header: &Header, bytes: &[u8]) -> Vec<String> {
    let receipt = read_receipt(report, bytes);
    let proven = receipt.and_then(|receipt| check_receipt(report, header, &receipt));
    let Some(proven) = proven else { return Vec::new() };
    let decision = &proven.sealed.decision;
    let (number, stage, date) = proven.entry;
    let (entry, date) = (number.to_string(), date.to_string());
    let stage = stage_word(w, stage);
    let values =
        [("date", date.as_str()), ("entry", &entry), ("stage", &stage), ("exhibitor", &decision.exhibitor)];
    let mut lines = vec![w.fill("verify.receipt", &values)];
    for (table, count) in &proven.rows {
        let values = [("table", table.as_str()), ("count", &count.to_string())];
        lines.push(format!("  {}", w.fill("verify.receipt-rows", &values)));
    }
    let (matched, ruled) = (proven.buyers.0.to_string(), proven.buyers.1.to_string());
    lines.push(format!("  {}", w.fill("verify.receipt-buyers", &[("matched", &matched), ("ruled", &ruled)])));
    let credit = proven.sealed.credit;
    let [invitations, new, regular] =
        [credit.invitations, credit.new, credit.regular].map(|count| count.to_string());
    let none = w.fill("verify.none", &[]);
    let award = decision.award.as_deref().unwrap_or(&none);
    let values =
        [("invitations", invitations.as_str()), ("new", &new), ("regular", &regular), ("award", award)];
    lines.push(w.fill("verify.receipt-decision", &values));
    if let Some((date, award)) = &proven.since {
        let award = award.as_deref().unwrap_or(&none);
        lines.push(w.fill("verify.receipt-since", &[("date", &date.to_string()), ("award", award)]));
    }
    lines.push(w.fill("verify.receipt-keys", &[]));
    if proven.by_recipient {
        lines.push(w.fill("verify.receipt-recipients", &[]));
    }
    lines
}

pub(super) fn receipt(common: &Common, command: &Receipt) -> Result<ExitCode, Failure> {
    let Answer { files, report, value } = read_project(common, "progress.again", |report, files, _| {
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
            let (path, count) = (folder.display().to_string(), receipts.len().to_string());
            let w = words(terminal::language(common.lang));
            let said = w.fill("receipt.written", &[("path", &path), ("count", &count)]);
            terminal::print(&(said + "\n"))?;
        }
        None => receipts.iter().try_for_each(|receipt| terminal::print(&receipt.written()))?,
    }
    Ok(terminal::status(&report))
}
