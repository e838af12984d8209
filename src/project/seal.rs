//! Sealing a fair: adding an entry to its ledger, and writing what is public of it.

use std::io::ErrorKind;

use super::atomic_write::{keep_file, remove_kept};
use super::credited::Credits;
use super::differences::{difference_lines, report_differences, unexplained};
use super::fairs::read_calendar;
use super::judge::judge_project;
use super::judged::Judged;
use super::ledger::{
    LedgerFiles, SealedFair, Secrets, is_behind, read_ledger_files, read_public, read_sealed, rests_on,
};
use super::ledger_files::{ledger_path, seal_path, secret_path};
use super::sealed_rows::SealedInputs;
use super::sign::signature_path;
use crate::award::{Digest, Head, Ledger, Seal, SealedRows, Sealing, Secret, Stage, Stamp, fingerprint};
use crate::data::{Date, Decoded, Spanned};
use crate::fair::{AsOf, EvidenceKind, FairFile, NoticeState, Observers};
use crate::pages::Timeline;
use crate::rulebook::Rulebook;
use crate::source::platform::{Folder, Lock};
use crate::source::write::Readers;
use crate::source::{Failure, Files, Message, Report, Span, code, say};

/// What became of the wish to seal a fair.
#[derive(Clone, Debug)]
pub enum Sealed {
    /// An entry was added.
    Added(Ledger),
    /// The ledger says all that there is to say.
    Unchanged(Ledger),
    /// An entry would be added; nothing was written.
    WouldAdd {
        /// The ledger with that entry.
        ledger: Ledger,
        /// In what it differs from the entry before it, in words.
        changes: Vec<Message>,
    },
}

/// How a fair is sealed.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct SealOptions {
    /// Only say which entry would be added.
    pub dry_run: bool,
    /// Seal with a new secret from this entry on, because the old one is lost or known to others.
    pub new_secret: bool,
    /// The day after which nothing is sealed.
    pub today: Option<Date>,
}

/// The program, as entries name it.
fn program() -> String {
    format!("jinbang {}", env!("CARGO_PKG_VERSION"))
}

/// A fair that was judged, with all that it is sealed with.
pub(super) struct Ready {
    pub(super) fair: Decoded<FairFile>,
    pub(super) judged: Judged,
    pub(super) sealing: Sealing,
    pub(super) days: Timeline,
}

/// Seals a fair as it stands on a day: adds an entry to its ledger, makes its secret where it has none, and writes the
/// header and the evidence. `None` where it cannot be sealed; the reason is reported.
pub fn seal(
    report: &mut Report,
    files: &Files,
    number: u32,
    date: Date,
    options: SealOptions,
) -> Result<Option<Sealed>, Failure> {
    let _lock = lock(files, number)?;
    let LedgerFiles { seal, ledger, mut secrets } = read_ledger_files(report, files, number)?;
    if report.has_errors() {
        return Ok(None);
    }
    let mut ledger = match (ledger, seal) {
        (None, None) => Ledger::new(number),
        (None, Some(_)) => {
            report_no_ledger(report, files, number);
            return Ok(None);
        }
        (Some(ledger), seal) => {
            if seal.is_some_and(|seal| !is_behind(report, files, &seal, &ledger)) {
                return Ok(None);
            }
            ledger
        }
    };
    let makes_secret = options.new_secret || ledger.last().is_none() && secrets.0.is_empty();
    if makes_secret {
        secrets.0.push(random_secret()?);
    }
    let known = match ledger.last() {
        Some(last) if !makes_secret => secrets.of(&last.head),
        _ => secrets.0.last(),
    };
    let Some(secret) = known.cloned() else {
        report_no_secret(report, files, number);
        return Ok(None);
    };
    let mut inputs = SealedInputs::of_rows(files, number, &secret);
    let Some(ready) = ready(report, files, number, &secret, &mut inputs)? else { return Ok(None) };
    let Ok(stage) = next_stage(report, files, &ledger, &ready, date) else { return Ok(None) };
    let Some(stage) = stage else {
        let evidence = evidence(report, &ready.fair, &ready.judged.rulebook, &ledger, &secrets);
        if report.has_errors() {
            return Ok(None);
        }
        if !options.dry_run {
            write_public(files, &ledger, evidence)?;
        }
        return Ok(Some(Sealed::Unchanged(ledger)));
    };
    if let Some(today) = options.today.filter(|today| date > *today) {
        let span = Span::whole(files.id(&ledger_path(number)));
        report
            .error(
                code::SEAL_ORDER,
                span,
                say!("{date} is in the future: today is {today} in Beijing", date, today),
            )
            .hint(say!("entries are in order of date: nothing can be sealed before an entry that exists"));
        return Ok(None);
    }
    let changes = ledger.last().map_or_else(Vec::new, |last| {
        difference_lines(last, &ready.sealing, &last.differing(&ready.sealing))
    });
    let Ready { fair, judged: Judged { facts, results, rulebook, .. }, sealing, days: _ } = ready;
    let buyers = Credits::new(files, &facts, &results).trees(&secret, ledger.next_number());
    // Of a large fair they take more room than all that follows.
    drop((facts, results));
    let stamp = Stamp { stage, date, program: program() };
    ledger.append(stamp, sealing, &buyers, &rulebook, &secret);
    let evidence = evidence(report, &fair, &rulebook, &ledger, &secrets);
    if report.has_errors() {
        return Ok(None);
    }
    if options.dry_run {
        return Ok(Some(Sealed::WouldAdd { ledger, changes }));
    }
    if makes_secret {
        let lines: String = secrets.0.iter().map(|secret| format!("{}\n", Digest(secret.0))).collect();
        keep_file(files, &secret_path(number), lines.as_bytes(), Readers::Owner)?;
    }
    keep_file(files, &ledger_path(number), ledger.written().as_bytes(), Readers::Owner)?;
    write_public(files, &ledger, evidence)?;
    Ok(Some(Sealed::Added(ledger)))
}

/// Sees to it that nobody else seals the fair meanwhile.
fn lock(files: &Files, number: u32) -> Result<Option<Folder>, Failure> {
    let folder = files.root().join(format!("data/fairs/{number}"));
    let doing = || say!("seal fair {number}", number);
    let folder = match Folder::open(&folder) {
        Ok(folder) => folder,
        // What is missing is reported when the fair is read.
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Failure::new(doing(), error)),
    };
    match folder.try_lock().map_err(|error| Failure::new(doing(), error))? {
        Lock::Taken => Ok(Some(folder)),
        Lock::Busy => Err(Failure::because(doing(), say!("another program is sealing it"))),
        Lock::None => Ok(None),
    }
}

/// Writes the header of a ledger, and the evidence that the fair publishes. A signature of another header goes.
fn write_public(files: &Files, ledger: &Ledger, evidence: Option<String>) -> Result<(), Failure> {
    let (number, path) = (ledger.fair, seal_path(ledger.fair));
    let header = ledger.seal().written();
    let is_new = !files.is_file(&path) || files.read(files.id(&path))? != header.as_bytes();
    if is_new {
        remove_kept(files, &signature_path(number))?;
        keep_file(files, &path, header.as_bytes(), Readers::Usual)?;
    }
    match evidence {
        Some(table) => keep_file(files, &evidence_path(number), table.as_bytes(), Readers::Usual),
        None => Ok(()),
    }
}

/// The evidence that the fair publishes, where it has a list. One that cannot be made any more is reported.
fn evidence(
    report: &mut Report,
    fair: &FairFile,
    rulebook: &Rulebook,
    ledger: &Ledger,
    secrets: &Secrets,
) -> Option<String> {
    let Spanned { value: kind, span } = fair.evidence()?;
    let entry = evidence_entry(ledger.entries(), *kind, |entry| &entry.head)?;
    let Some(secret) = secrets.of(&entry.head) else {
        report
            .error(
                code::EVIDENCE_UNSEALED,
                *span,
                say!("the evidence of entry {entry} can no longer be written: its secret is lost", entry = entry.head.number.to_string()),
            )
            .hint(say!("write `publish: {{evidence: points}}` to publish the evidence of the last entry instead, or remove `publish`"));
        return None;
    };
    Some(entry.evidence(*kind, secret, rulebook).csv(rulebook))
}

/// The path of the evidence of a fair.
pub(super) fn evidence_path(fair: u32) -> String {
    format!("data/fairs/{fair}/evidence.csv")
}

/// The entry of which the evidence is published: of points the last one; of counts the first that was published, because
/// what a ruling changes in them would tell the counts of the exhibitor that it names.
pub(super) fn evidence_entry<T>(entries: &[T], kind: EvidenceKind, head: impl Fn(&T) -> &Head) -> Option<&T> {
    let is_published = |entry: &&T| head(entry).stage != Stage::Proposed;
    match kind {
        EvidenceKind::Points => entries.last().filter(is_published),
        EvidenceKind::Counts => entries.iter().find(is_published),
    }
}

fn random_secret() -> Result<Secret, Failure> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)
        .map_err(|error| Failure::new(say!("make a secret"), std::io::Error::other(error.to_string())))?;
    Ok(Secret(bytes))
}

/// Reports that the secret of a ledger is not here.
pub(super) fn report_no_secret(report: &mut Report, files: &Files, number: u32) {
    report
        .error(
            code::LEDGER_SECRET,
            Span::whole(files.id(&ledger_path(number))),
            say!("the secret of this ledger is not in `{path}`", path = secret_path(number)),
        )
        .hint(say!("`seal` wrote it beside the tables: restore it"))
        .hint(say!("if it is lost, run `jinbang seal {fair} --new-secret` to continue with a new one; receipts already issued stay valid, but none can be issued for earlier entries", fair = number));
}

/// Reports that there is a header and no ledger.
fn report_no_ledger(report: &mut Report, files: &Files, number: u32) {
    report
        .error(
            code::NOT_SEALED,
            Span::whole(files.id(&seal_path(number))),
            say!("the ledger of this header is missing: `{path}`", path = ledger_path(number)),
        )
        .hint(say!("restore it: the ledger is kept beside the tables, and new entries are only added to it"));
}

/// Judges a fair for sealing. `None` where it cannot be sealed; the reason is reported.
pub(super) fn ready(
    report: &mut Report,
    files: &Files,
    number: u32,
    secret: &Secret,
    inputs: &mut SealedInputs<'_>,
) -> Result<Option<Ready>, Failure> {
    let calendar = read_calendar(report, files)?;
    let observers = Observers { facts: &mut (), inputs };
    let judged = judge_project(report, files, Some(number), &[], observers)?;
    let Some((fair, judged)) = judged else { return Ok(None) };
    if fair.rulebook.is_none() {
        report.error(code::RULEBOOK_UNPINNED, fair.fair.span, say!("no rulebook is chosen")).hint(say!(
            "add `rulebook: {{id: …, version: …}}` to fair.yaml: what is sealed rests on one that is named"
        ));
    }
    for finding in &judged.open_findings {
        report
            .error(
                code::FINDING_OPEN,
                fair.fair.span,
                say!("the finding `{finding}` is neither resolved nor accepted", finding),
            )
            .hint(say!("`jinbang check` shows it and the line to add under `accepted` in fair.yaml"));
    }
    let (rests_on, days) = rests_on(report, &fair, &judged, &calendar, inputs);
    if days.latest.is_some_and(|latest| latest.provisional) && days.published.is_none() {
        report
            .error(
                code::CALENDAR_PROVISIONAL,
                fair.fair.span,
                say!("the days of this notice are counted in a year without an official calendar"),
            )
            .hint(say!("add the State Council's notice of the year to data/calendar.yaml"));
    }
    if report.has_errors() {
        return Ok(None);
    }
    let mut sealing = Sealing::new(&judged.facts, &judged.rulebook, &judged.results, rests_on);
    sealing.rows =
        inputs.take_trees(&judged.facts).map(|rows| SealedRows { secret: Some(fingerprint(secret)), ..rows });
    Ok(Some(Ready { fair, judged, sealing, days }))
}

/// The stage that is to be sealed next. `None` where nothing is new since the last entry.
fn next_stage(
    report: &mut Report,
    files: &Files,
    ledger: &Ledger,
    ready: &Ready,
    date: Date,
) -> Result<Option<Stage>, ()> {
    let ledger_span = Span::whole(files.id(&ledger_path(ledger.fair)));
    let state = ready.days.notice.state(&AsOf::new(date));
    let Some(last) = ledger.last() else { return Ok(Some(state.into())) };
    if date < last.head.date {
        report
            .error(
                code::SEAL_ORDER,
                ledger_span,
                say!("{date} is before the last entry, of {last}", date, last = last.head.date),
            )
            .hint(say!("entries are in order of date: give a later day with `--as-of`"));
        return Err(());
    }
    let differing = last.differing(&ready.sealing);
    let has_new_secret =
        ready.sealing.rows.as_ref().is_some_and(|rows| rows.secret != Some(last.head.secret));
    if last.stage() == Stage::Proposed {
        let unchanged = state == NoticeState::Proposed && differing.is_empty() && !has_new_secret;
        return Ok((!unchanged).then(|| state.into()));
    }
    // From the notice on only rulings change what was decided.
    let new = ready.sealing.rulings().strip_prefix(&last.record.rulings[..]);
    let is_explained = |new| unexplained(new, differing, (&last.fields(), &ready.sealing.fields())).is_none();
    let Some(new) = new.filter(|new| is_explained(new)) else {
        report_differences(report, files, ledger.fair, last, &ready.sealing);
        return Err(());
    };
    let ruled = !new.is_empty();
    let future = ready.judged.facts.rulings.iter().find(|ruling| ruling.date > date);
    if let Some(ruling) = future {
        report
            .error(
                code::SEAL_ORDER,
                ruling.span,
                say!("this ruling is in force from {date} on", date = ruling.date),
            )
            .hint(say!("seal it on that day, or later"));
        return Err(());
    }
    // That the time for objections is over decides nothing; that the list is final does, once.
    let is_sealed_final = ledger.entries().iter().any(|entry| entry.stage() == Stage::Final);
    Ok(match (ruled, state == NoticeState::Final && !is_sealed_final) {
        (true, _) => Some(Stage::Correction),
        (false, true) => Some(Stage::Final),
        (false, false) => has_new_secret.then(|| state.into()),
    })
}

/// What is sealed of a fair. `None` where nothing is; that is reported.
pub fn sealed_fair(report: &mut Report, files: &Files, number: u32) -> Result<Option<SealedFair>, Failure> {
    let sealed = read_sealed(report, files, number)?;
    if report.has_errors() {
        return Ok(None);
    }
    if sealed.is_none() {
        report
            .error(
                code::NOT_SEALED,
                None,
                say!(
                    "fair {number} is not sealed: `{path}` does not exist",
                    number,
                    path = seal_path(number)
                ),
            )
            .hint(say!("seal it with `jinbang seal {number}`", number));
    }
    Ok(sealed)
}

/// What is public of a fair whose ledger is here, with its secrets. `None` where one of them is not; that is reported.
///
/// The ledger of a large fair takes much room: it is read when the tables were.
pub(super) fn sealed_header(
    report: &mut Report,
    files: &Files,
    number: u32,
) -> Result<Option<(Seal, Secrets)>, Failure> {
    let (seal, secrets) = read_public(report, files, number)?;
    match seal.filter(|seal| !seal.entries.is_empty()) {
        Some(seal) => Ok(Some((seal, secrets)).filter(|_| !report.has_errors())),
        None => {
            sealed_fair(report, files, number)?;
            Ok(None)
        }
    }
}
