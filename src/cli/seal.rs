//! `seal`, `verify` and `receipt`: what was decided, sealed and checked.

use std::path::Path;
use std::process::ExitCode;

use super::args::{Common, Receipt, Seal, Verify};
use super::clock::today;
use super::door::{Answer, read_project};
use super::terminal;
use super::words::{Words, words};
use crate::award::{Ledger, Stage};
use crate::project::{
    self, Checked, SealMode, Sealed, Verified, check_receipt, check_signature, read_receipt, sealed_ledger,
    sign_ledger,
};
use crate::source::{Failure, Files, Report, say};

pub(super) fn run(common: &Common, command: &Seal) -> Result<ExitCode, Failure> {
    // What a person does, is done today; what is computed from files never looks at the clock.
    let date = command.as_of.unwrap_or_else(today);
    let mode = if command.dry_run { SealMode::DryRun } else { SealMode::Write };
    let key = command.sign.as_deref().map(outside).transpose()?;
    let Answer { files, report, value } = read_project(common, "progress.tables", |report, files, _| {
        let Some(sealed) = project::seal(report, files, command.fair, date, mode)? else { return Ok(None) };
        let (Sealed::Added(ledger) | Sealed::Unchanged(ledger) | Sealed::WouldAdd { ledger, .. }) = &sealed;
        let signature = key.map(|key| sign_ledger(files, ledger, &key)).transpose()?;
        Ok(Some((sealed, signature)))
    })?;
    terminal::print_report(&report, &files, common);
    let Some((sealed, signature)) = value else { return Ok(terminal::status(&report)) };
    let w = words(terminal::language(common.lang));
    let path = format!("data/fairs/{}/ledger.json", command.fair);
    let (key, ledger) = match &sealed {
        Sealed::Added(ledger) => ("seal.added", ledger),
        Sealed::Unchanged(ledger) => ("seal.unchanged", ledger),
        Sealed::WouldAdd { ledger, changes } => {
            let mut lines = vec![entry_line(w, "seal.would-add", &path, ledger)];
            let lang = terminal::language(common.lang);
            lines.extend(changes.iter().map(|change| format!("  {}", change.text(lang))));
            lines.push(w.fill("seal.nothing-written", &[]));
            terminal::print(&(lines.join("\n") + "\n"))?;
            return Ok(terminal::status(&report));
        }
    };
    let mut lines = vec![entry_line(w, key, &path, ledger)];
    if let Some(last) = ledger.last() {
        lines.push(w.fill("seal.hash", &[("hash", last.hash())]));
        lines.push(w.fill("seal.read-out", &[("hash", &in_groups(last.hash()))]));
    }
    if let Some(signature) = signature {
        lines.push(w.fill("seal.signed", &[("path", &signature)]));
    }
    if matches!(&sealed, Sealed::Added(ledger) if ledger.entries().len() == 1) {
        let secret = format!("data/fairs/{}/ledger.secret", command.fair);
        lines.push(w.fill("seal.secret", &[("path", &secret)]));
    }
    terminal::print(&(lines.join("\n") + "\n"))?;
    Ok(terminal::status(&report))
}

/// The bytes of a file that is no part of the project, such as a receipt.
fn outside_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let files = Files::new(".");
    let absolute = std::path::absolute(path)
        .map_err(|cause| Failure::new(say!("read {path}", path = path.display()), cause))?;
    let file = files.id(&absolute.to_string_lossy());
    files.read(file)
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

fn stage_word(w: &Words, stage: Stage) -> String {
    w.fill(&format!("seal.stage-{}", stage.name()), &[])
}

/// A sentence about the last entry of a ledger.
fn entry_line(w: &Words, key: &str, path: &str, ledger: &Ledger) -> String {
    let Some(last) = ledger.last() else { return String::new() };
    let entry = ledger.entries().len().to_string();
    let values = [
        ("path", path),
        ("entry", entry.as_str()),
        ("stage", &stage_word(w, last.stage)),
        ("date", &last.date.to_string()),
    ];
    w.fill(key, &values)
}

pub(super) fn verify(common: &Common, command: &Verify) -> Result<ExitCode, Failure> {
    let w = words(terminal::language(common.lang));
    let Answer { files, report, value } = read_project(common, "progress.again", |report, files, _| {
        let mut lines = Vec::new();
        let ledger = match &command.receipt {
            Some(receipt) => {
                let ledger = sealed_ledger(report, files, command.fair)?;
                if let Some(ledger) = &ledger {
                    lines.extend(receipt_lines(report, w, ledger, &outside_bytes(receipt)?));
                }
                ledger
            }
            None => project::verify(report, files, command.fair)?.map(|verified| {
                lines.extend(verified_lines(w, &verified));
                verified.ledger
            }),
        };
        if let (Some(ledger), Some(key)) = (&ledger, &command.public_key) {
            let key = if Path::new(key).is_file() { outside(Path::new(key))? } else { key.clone() };
            let comment = check_signature(report, files, ledger, &key)?;
            lines.extend(comment.map(|comment| w.fill("verify.signature", &[("comment", &comment)])));
        }
        Ok((!report.has_errors()).then_some(lines))
    })?;
    terminal::print_report(&report, &files, common);
    if let Some(lines) = value {
        terminal::print(&(lines.join("\n") + "\n"))?;
    }
    Ok(terminal::status(&report))
}

/// What was checked of a ledger, and what was not.
fn verified_lines(w: &Words, verified: &Verified) -> Vec<String> {
    let Verified { ledger, entries, signature } = verified;
    let mut lines = vec![w.fill("verify.chain", &[("entries", &entries.len().to_string())])];
    lines.extend(signature.iter().map(|comment| w.fill("verify.signature", &[("comment", comment)])));
    if entries.iter().all(|checked| *checked == Checked::NoTables) {
        lines.push(w.fill("verify.not-computed", &[]));
        return lines;
    }
    let last = entries.len();
    for ((number, entry), checked) in (1..).zip(ledger.entries()).zip(entries) {
        let place = number.to_string();
        let (stage, date) = (stage_word(w, entry.stage), entry.date.to_string());
        let mut values = vec![("entry", place.as_str()), ("stage", &stage), ("date", &date)];
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
            Checked::NoTables => "verify.not-computed",
        };
        lines.push(w.fill(key, &values));
    }
    lines
}

fn receipt_lines(report: &mut Report, w: &Words, ledger: &Ledger, bytes: &[u8]) -> Vec<String> {
    let receipt = read_receipt(report, bytes);
    let proven = receipt.and_then(|receipt| check_receipt(report, ledger, &receipt));
    let Some(proven) = proven else { return Vec::new() };
    let (entry, date) = proven.entry;
    let mut lines =
        vec![w.fill("verify.receipt", &[("date", &date.to_string()), ("entry", &entry.to_string())])];
    for (table, count) in &proven.rows {
        let values = [("table", table.as_str()), ("count", &count.to_string())];
        lines.push(format!("  {}", w.fill("verify.receipt-rows", &values)));
    }
    let none = w.fill("verify.none", &[]);
    let award = proven.decision["award"].as_str().unwrap_or(&none);
    let count = proven.decision["invitations"].to_string();
    let values = [("exhibitor", proven.exhibitor.as_str()), ("count", &count), ("award", award)];
    lines.push(w.fill("verify.receipt-decision", &values));
    lines
}

pub(super) fn receipt(common: &Common, command: &Receipt) -> Result<ExitCode, Failure> {
    let Answer { files, report, value: receipt } =
        read_project(common, "progress.again", |report, files, _| {
            let number = match command.fair {
                Some(number) => Some(number),
                None => project::current_fair(report, files)?,
            };
            let Some(number) = number else { return Ok(None) };
            project::receipt(report, files, number, &command.exhibitor)
        })?;
    terminal::print_report(&report, &files, common);
    if let Some(receipt) = receipt {
        let text = serde_json::to_string_pretty(&receipt).expect("a value is always written");
        terminal::print(&(text + "\n"))?;
    }
    Ok(terminal::status(&report))
}
