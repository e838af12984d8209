//! The ledger of a fair, in the project: its files, what it is sealed with, and whether that still holds.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use super::differences::{report_differences, report_public_differences};
use super::judged::Judged;
use super::ledger_files::{bring_back, ledger_path, seal_path, secret_path};
use super::sealed_rows::SealedInputs;
use crate::award::{
    AwardList, Basis, Broken, CountedDays, Digest, Head, Ledger, Record, RestsOn, Seal, SealedFinding,
    SealedRuling, Sealing, Secret, Settings, Stage, canonical, fingerprint, sealed_policies, sealed_rulebook,
};
use crate::data::{Account, Decoded, Spanned};
use crate::fair::{Calendar, Facts, FairFile, RulingFile, read_ruling_file};
use crate::pages::{Timeline, timeline};
use crate::rulebook::{Choices, Rulebook};
use crate::source::{Failure, Files, Message, Report, Span, code, say};

/// What is sealed of a fair.
#[derive(Clone, Debug)]
pub struct SealedFair {
    /// The public part.
    pub seal: Seal,
    /// All of it, where that is here.
    pub ledger: Option<Ledger>,
    pub(super) secrets: Secrets,
}

/// The secrets of a ledger, the one in use last.
#[derive(Clone, Default)]
pub(super) struct Secrets(pub(super) Vec<Secret>);

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} secrets", self.0.len())
    }
}

impl Secrets {
    /// The one with which an entry was sealed.
    pub(super) fn of(&self, head: &Head) -> Option<&Secret> {
        self.0.iter().find(|secret| fingerprint(secret) == head.secret)
    }
}

/// The files of a ledger, each checked by itself.
#[derive(Default)]
pub(super) struct LedgerFiles {
    pub(super) seal: Option<Seal>,
    pub(super) ledger: Option<Ledger>,
    pub(super) secrets: Secrets,
}

/// Reads what is public of a fair's ledger, and its secrets. What cannot be relied on is reported, and absent.
pub(super) fn read_public(
    report: &mut Report,
    files: &Files,
    fair: u32,
) -> Result<(Option<Seal>, Secrets), Failure> {
    let secrets = read_secrets(report, files, fair)?;
    let seal = read_file(report, files, &seal_path(fair), |text| {
        let seal = Seal::read(text)?;
        Ok((of_fair(seal.fair, fair), seal))
    })?;
    Ok((seal, secrets))
}

/// Reads the files of a fair's ledger. What cannot be relied on is reported, and absent.
pub(super) fn read_ledger_files(
    report: &mut Report,
    files: &Files,
    fair: u32,
) -> Result<LedgerFiles, Failure> {
    let (seal, secrets) = read_public(report, files, fair)?;
    let ledger = read_file(report, files, &ledger_path(fair), |text| {
        let ledger = Ledger::read(text)?;
        secrets.0.iter().try_for_each(|secret| ledger.check(secret))?;
        Ok((of_fair(ledger.fair, fair), ledger))
    })?;
    Ok(LedgerFiles { seal, ledger, secrets })
}

fn of_fair(found: u32, fair: u32) -> Result<(), Message> {
    match found == fair {
        true => Ok(()),
        false => Err(say!("it belongs to fair {fair}", fair = found)),
    }
}

/// A text without the mark that some editors put before it.
pub(super) fn without_mark(text: &str) -> &str {
    text.trim_start_matches('\u{feff}')
}

/// Reads a header that stands in a file of its own. `None` where it is none; that is reported.
pub fn read_header(report: &mut Report, name: &str, bytes: &[u8]) -> Option<Seal> {
    let (text, _, malformed) = encoding_rs::UTF_8.decode(bytes);
    let no_text = || Broken { entry: None, message: say!("it is not UTF-8"), hint: None };
    let read = if malformed { Err(no_text()) } else { Seal::read(&text) };
    match read {
        Ok(seal) if !seal.entries.is_empty() => return Some(seal),
        Ok(_) => report_no_header(report, name, say!("it has no entries")),
        Err(Broken { message, .. }) => report_no_header(report, name, message),
    }
    None
}

fn report_no_header(report: &mut Report, name: &str, why: Message) {
    report
        .error(code::LEDGER_BROKEN, None, say!("`{name}` is not a ledger header: {why}", name, why))
        .hint(say!("save seal.json as it was published, byte for byte"));
}

fn read_file<T>(
    report: &mut Report,
    files: &Files,
    path: &str,
    read: impl FnOnce(&str) -> Result<(Result<(), Message>, T), Broken>,
) -> Result<Option<T>, Failure> {
    if !files.is_file(path) {
        return Ok(None);
    }
    let file = files.id(path);
    let bytes = files.read(file)?;
    let no_text = || Broken { entry: None, message: say!("it is not UTF-8"), hint: None };
    let text = std::str::from_utf8(&bytes).map(without_mark);
    let read = text.map_err(|_| no_text()).and_then(read);
    let broken = match read {
        Ok((Ok(()), value)) => return Ok(Some(value)),
        Ok((Err(message), _)) => Broken { entry: None, message, hint: None },
        Err(broken) => broken,
    };
    report_broken(report, files, path, broken);
    Ok(None)
}

/// Reports why a file of a ledger cannot be relied on.
pub(super) fn report_broken(report: &mut Report, files: &Files, path: &str, broken: Broken) {
    let Broken { entry, message, hint } = broken;
    let why = match entry {
        Some(entry) => say!("entry {entry}: {why}", entry = entry.to_string(), why = message),
        None => message,
    };
    let hint = hint.unwrap_or_else(bring_back);
    report
        .error(
            code::LEDGER_BROKEN,
            Span::whole(files.id(path)),
            say!("the ledger is damaged or was changed: {broken}", broken = why),
        )
        .hint(hint);
}

/// Reads what is sealed of a fair. `None` where nothing is, or it cannot be relied on; the latter is reported.
pub fn read_sealed(report: &mut Report, files: &Files, fair: u32) -> Result<Option<SealedFair>, Failure> {
    let read = Decoded::by(report, |report| read_ledger_files(report, files, fair));
    let Some(LedgerFiles { seal, ledger, secrets }) = read.transpose()?.into_complete() else {
        return Ok(None);
    };
    let seal = match (seal, &ledger) {
        (None, None) => return Ok(None),
        (Some(seal), None) => seal,
        (Some(seal), Some(ledger)) if seal == ledger.seal() => seal,
        (found, Some(ledger)) => {
            report_other_header(report, files, fair, found.as_ref(), ledger);
            return Ok(None);
        }
    };
    Ok((!seal.entries.is_empty()).then_some(SealedFair { seal, ledger, secrets }))
}

/// Whether a header is that of a ledger before its last entries. Reports that it is another one.
pub(super) fn is_behind(report: &mut Report, files: &Files, seal: &Seal, ledger: &Ledger) -> bool {
    let entries = ledger.seal().entries;
    let is_behind = entries.starts_with(&seal.entries);
    if seal.entries.starts_with(&entries) && !is_behind {
        report
            .error(
                code::LEDGER_BROKEN,
                Span::whole(files.id(&ledger_path(ledger.fair))),
                say!("entries of its header are missing from this ledger: it is an older copy"),
            )
            .hint(bring_back());
    } else if !is_behind {
        report
            .error(
                code::LEDGER_BROKEN,
                Span::whole(files.id(&seal_path(ledger.fair))),
                say!("this is not the header of `{path}`", path = ledger_path(ledger.fair)),
            )
            .hint(bring_back());
    }
    is_behind
}

/// Reports that the header is missing, behind, or that of another ledger.
fn report_other_header(report: &mut Report, files: &Files, fair: u32, found: Option<&Seal>, ledger: &Ledger) {
    if found.is_none_or(|seal| is_behind(report, files, seal, ledger)) {
        let message = match found {
            None => {
                say!("ledger header not found: `{path}`", path = seal_path(fair))
            }
            Some(_) => say!("`{path}` does not contain the last entry of the ledger", path = seal_path(fair)),
        };
        report
            .error(code::LEDGER_BROKEN, Span::whole(files.id(&ledger_path(fair))), message)
            .hint(say!("run `jinbang seal {fair}` to write it from the ledger", fair));
    }
}

/// Reads the secrets of a fair's ledger, one a line. What is no secret is reported.
fn read_secrets(report: &mut Report, files: &Files, fair: u32) -> Result<Secrets, Failure> {
    let path = secret_path(fair);
    if !files.is_file(&path) {
        return Ok(Secrets::default());
    }
    let file = files.id(&path);
    let text = files.read(file)?;
    let text = std::str::from_utf8(&text).map_or("-", without_mark).trim_end();
    let secret = |line: &str| Digest::parse(line.trim_end()).map(|digits| Secret(digits.0));
    let Some(secrets) = text.lines().map(secret).collect::<Option<Vec<_>>>() else {
        report
            .error(code::LEDGER_SECRET, Span::whole(file), say!("the secret is not 64 hexadecimal digits"))
            .hint(say!("restore the file that `seal` wrote"));
        return Ok(Secrets::default());
    };
    Ok(Secrets(secrets))
}

/// What a fair rests on beside its tables, as far as it decides something: its rulebook, settings, days, and the working
/// days of the years that are counted.
fn without_tables(
    report: &mut Report,
    fair: &FairFile,
    (rulebook, choices): (&Rulebook, &Choices),
    calendar: &Calendar,
    rulings: &[Spanned<RulingFile>],
) -> (RestsOn, Timeline) {
    let days = timeline(report, fair, rulebook, choices, calendar, &|_| true);
    let platform_end = fair.online_platform.as_ref().map(|platform| platform.end.value);
    let counted: Vec<i16> =
        [platform_end, days.published, days.latest.map(|day| day.date), days.end.map(|day| day.date)]
            .into_iter()
            .flatten()
            .map(|date| date.year())
            .collect();
    let years = match (counted.iter().min(), counted.iter().max()) {
        (Some(&first), Some(&last)) => (first..=last)
            .map(|year| {
                let known = canonical(&calendar.written(year));
                (year.to_string(), Digest(Sha256::digest(known).into()))
            })
            .collect(),
        _ => BTreeMap::new(),
    };
    let accepted = fair.accepted.iter().map(|Spanned { value, .. }| SealedFinding {
        finding: value.finding.value.clone(),
        count: value.count.value,
        awards: value.awards,
        because: value.because.clone(),
    });
    let basis = Basis {
        rulebook: sealed_rulebook(rulebook),
        policies: sealed_policies(choices),
        settings: Settings {
            previous_fair: fair.previous_fair.as_ref().map(|previous| previous.value),
            platform_end,
            published: days.published,
            final_from: days.notice.final_from,
            demonstration: fair.demonstration,
        },
        timeline: CountedDays {
            latest: days.latest.map(|day| day.date),
            until: days.end.map(|day| day.date),
        },
        calendar: years,
        rows: BTreeMap::new(),
    };
    let record = Record {
        inputs: Vec::new(),
        accepted: accepted.collect(),
        rulings: rulings.iter().map(|ruling| SealedRuling::from(&ruling.value)).collect(),
    };
    (RestsOn { basis, record }, days)
}

/// What became of the rows of each table.
pub(super) fn accounts(facts: &Facts) -> BTreeMap<String, Account> {
    facts.accounts().into_iter().map(|(table, rows)| (table.to_owned(), rows)).collect()
}

/// What a judged fair rests on.
pub(super) fn rests_on(
    report: &mut Report,
    fair: &FairFile,
    judged: &Judged,
    calendar: &Calendar,
    inputs: &SealedInputs<'_>,
) -> (RestsOn, Timeline) {
    let Judged { facts, rulebook, results, .. } = judged;
    let (mut rests_on, days) = without_tables(report, fair, (rulebook, &results.choices), calendar, &[]);
    let rulings = facts.rulings.iter().map(|ruling| SealedRuling::from(&ruling.written));
    rests_on.record.rulings = rulings.collect();
    rests_on.record.inputs.clone_from(&inputs.inputs);
    rests_on.basis.rows = accounts(facts);
    (rests_on, days)
}

/// Compares a judgement with what was sealed last, and reports in what they differ.
pub(super) fn compare(
    report: &mut Report,
    files: &Files,
    fair: &FairFile,
    judged: &Judged,
    calendar: &Calendar,
    sealed: &SealedFair,
    inputs: &SealedInputs<'_>,
) {
    // The pages report what is wrong with the days.
    let (rests_on, _) = rests_on(&mut Report::new(), fair, judged, calendar, inputs);
    let sealing = Sealing::new(&judged.facts, &judged.rulebook, &judged.results, rests_on);
    let number = sealed.seal.fair;
    match (sealed.ledger.as_ref().and_then(Ledger::last), sealed.seal.last()) {
        (Some(last), _) => {
            if sealed.secrets.of(&last.head).is_none() {
                report_no_secret(report, files, sealed);
            }
            report_differences(report, files, number, last, &sealing);
        }
        (None, Some(last)) => {
            report
                .warning(
                    code::LEDGER_SECRET,
                    Span::whole(files.id(&seal_path(number))),
                    say!("the ledger of fair {number} is missing; only what is public was checked, against its header", number),
                )
                .hint(say!("restore `{path}`", path = ledger_path(number)));
            report_public_differences(report, files, number, last, &sealing);
        }
        (None, None) => {}
    }
}

/// Warns that the private part of a ledger cannot be held against its header.
fn report_no_secret(report: &mut Report, files: &Files, sealed: &SealedFair) {
    let number = sealed.seal.fair;
    let message = match sealed.secrets.0.is_empty() {
        true => say!(
            "the secret of this ledger is missing: its decisions could not be checked against its header"
        ),
        false => say!(
            "`{path}` is not the secret of this ledger: its decisions could not be checked against its header",
            path = secret_path(number)
        ),
    };
    report
        .warning(code::LEDGER_SECRET, Span::whole(files.id(&ledger_path(number))), message)
        .hint(say!("restore `{path}`", path = secret_path(number)));
}

/// The awards of a fair whose tables are not here, as they were sealed. `None` where the rest of the project is
/// not as it was sealed; that is reported.
pub(super) fn sealed_list(
    report: &mut Report,
    files: &Files,
    fair: &FairFile,
    rulebook: &Rulebook,
    calendar: &Calendar,
    seal: &Seal,
) -> Result<Option<AwardList>, Failure> {
    let number = seal.fair;
    let Some(last) = seal.last() else { return Ok(None) };
    let written = read_ruling_file(report, files, &format!("data/fairs/{number}"))?.unwrap_or_default();
    let choices = &rulebook.choices;
    let (now, _) = without_tables(&mut Report::new(), fair, (rulebook, choices), calendar, &written);
    let lines = super::differences::lines_without_tables(last, &now.basis, &written);
    let list = last.list(rulebook).filter(|_| lines.is_empty());
    if last.stage == Stage::Proposed && fair.published().is_some() {
        report
            .error(
                code::NOT_SEALED,
                Span::whole(files.id(&seal_path(number))),
                say!("the header of fair {number} was sealed before the notice and contains no list", number),
            )
            .hint(say!("seal it on the machine that has the tables: `jinbang seal {number}`", number));
        return Ok(None);
    }
    if list.is_none() {
        let mut draft = report.error(
            code::LEDGER_DIFFERS,
            Span::whole(files.id(&seal_path(number))),
            say!("the files give a different result from what was sealed on {date}", date = last.date),
        );
        for line in lines {
            draft = draft.hint(line);
        }
        draft.hint(say!("the tables are missing, so awards cannot be computed again: restore them, or the files as they were sealed"));
    }
    Ok(list)
}
