//! How a fair is decided for its pages: from its tables, held against what was sealed; or, where the tables are not here,
//! as it was sealed and signed.

use super::judge::judge_fair;
use super::ledger::{SealedFair, compare, read_sealed, sealed_list};
use super::ledger_files::seal_path;
use super::seal::{evidence_entry, evidence_path};
use super::sealed_rows::SealedInputs;
use super::sign::{check_signing, report_untrusted, signature_path};
use crate::award::{AwardList, PoolTable, Seal, Stage};
use crate::data::{Date, Decoded, Spanned, is_there};
use crate::fair::{Calendar, EvidenceKind, FairFile, NAMES, NameTable, NoticeState, Observers, read_names};
use crate::pages::{PublishedEvidence, PublishedSeal};
use crate::rulebook::{Rulebook, pinned};
use crate::source::{Failure, Files, Remembered, Report, code, say};

/// What was decided on a fair.
pub(super) struct Decided {
    /// The number of the rulebook in the project.
    pub(super) rulebook: Option<usize>,
    /// With all corrections.
    pub(super) list: Option<AwardList>,
    /// The names that its table of names gives.
    pub(super) names: NameTable,
    /// What is sealed of it, as it is published.
    pub(super) seal: Option<PublishedSeal>,
    /// What is published of everyone who is evaluated, and how many corrections it takes in.
    pub(super) evidence: Option<(PublishedEvidence, usize)>,
}

/// By what a fair is decided.
pub(super) struct Law<'a> {
    pub(super) rulebooks: &'a Remembered<Vec<Rulebook>>,
    pub(super) calendar: &'a Remembered<Calendar>,
}

/// Decides a fair.
pub(super) fn decide(
    report: &mut Report,
    files: &Files,
    file: &Decoded<FairFile>,
    law: &Law<'_>,
) -> Result<Decided, Failure> {
    // What is published rests on a rulebook that is named, not on one that happens to apply.
    if file.rulebook.is_none() && file.award_sources().is_some() && file.complete {
        report
            .error(code::RULEBOOK_UNPINNED, file.fair.span, say!("no rulebook is chosen"))
            .hint(say!("add `rulebook: {{id: …, version: …}}` to fair.yaml"));
    }
    let rulebooks: &[Rulebook] = law.rulebooks;
    let rulebook = match &file.rulebook {
        // It may be the one of which the file is wrong.
        Some(pin) if !law.rulebooks.complete => pinned(&mut Report::new(), rulebooks, Some(pin), &file.fair),
        Some(pin) => pinned(report, rulebooks, Some(pin), &file.fair),
        None => None,
    };
    let sealed = read_sealed(report, files, file.fair.value)?;
    check_signing(report, files, file, sealed.as_ref().map(|sealed| &sealed.seal))?;
    let (list, names) = match rulebook {
        Some(rulebook) => read_list(report, files, file, rulebooks, rulebook, law.calendar, sealed.as_ref())?,
        None => (None, None),
    };
    let names = match names {
        Some(names) => names,
        None => names_alone(report, files, file)?,
    };
    let evidence = match rulebook {
        Some(rulebook) => read_evidence(report, files, file, rulebook, sealed.as_ref())?,
        None => None,
    };
    let seal = sealed.map(|sealed| published_seal(files, &sealed.seal)).transpose()?;
    let rulebook = rulebook.and_then(|found| rulebooks.iter().position(|known| known.sha256 == found.sha256));
    Ok(Decided { rulebook, list, names, seal, evidence })
}

/// The header of a ledger as it is published, with its signature where it has one.
fn published_seal(files: &Files, seal: &Seal) -> Result<PublishedSeal, Failure> {
    let path = signature_path(seal.fair);
    let signature = files.is_file(&path).then(|| files.read(files.id(&path))).transpose()?;
    let stages = || seal.entries.iter().map(|entry| entry.stage);
    let state = match stages().any(|stage| stage == Stage::Final) {
        true => NoticeState::Final,
        false if stages().all(|stage| stage == Stage::Proposed) => NoticeState::Proposed,
        false => NoticeState::InNotice,
    };
    let date = seal.last().map_or(Date::MIN, |last| last.date);
    Ok(PublishedSeal { text: seal.written(), sha256: seal.hash().to_string(), signature, date, state })
}

/// The evidence that a fair publishes, as `seal` wrote it. `None` where it publishes none, or nothing of the list is
/// sealed yet. What is missing or another table is reported.
fn read_evidence(
    report: &mut Report,
    files: &Files,
    file: &Decoded<FairFile>,
    rulebook: &Rulebook,
    sealed: Option<&SealedFair>,
) -> Result<Option<(PublishedEvidence, usize)>, Failure> {
    let Some(Spanned { value: kind, span: asked }) = file.evidence().cloned() else { return Ok(None) };
    let number = file.fair.value;
    let entries = sealed.map_or(&[][..], |sealed| &sealed.seal.entries);
    let Some(head) = evidence_entry(entries, kind, |head| head) else {
        // What is wrong with a ledger that is there was reported.
        if sealed.is_none() && !files.is_file(&seal_path(number)) {
            report
                .error(
                    code::EVIDENCE_UNSEALED,
                    asked,
                    say!("evidence cannot be published before the fair is sealed"),
                )
                .hint(say!("seal it first: `jinbang seal {fair}`", fair = number));
        }
        return Ok(None);
    };
    let path = evidence_path(number);
    let bytes = if files.is_file(&path) { files.read(files.id(&path))? } else { Vec::new() };
    let text = String::from_utf8_lossy(&bytes);
    let table = PoolTable::read(kind, &text);
    let sealed = match kind {
        EvidenceKind::Points => head.evidence.points,
        EvidenceKind::Counts => head.evidence.counts,
    };
    if table.sha256(rulebook) != sealed {
        let message = match bytes.is_empty() {
            true => say!("evidence not found: `{path}`", path),
            false => say!("`{path}` differs from the table that was sealed", path),
        };
        report
            .error(code::EVIDENCE_UNSEALED, asked, message)
            .hint(say!("run `jinbang seal {fair}` where the ledger is, to write it", fair = number));
        return Ok(None);
    }
    let awards = rulebook.awards.iter().map(|award| {
        let count = head.awards.get(&award.id.value).copied().unwrap_or_default();
        usize::try_from(count).unwrap_or_default()
    });
    let evidence =
        PublishedEvidence { table, awards: awards.collect(), sealed_on: head.date, before_rulings: None };
    Ok(Some((evidence, head.corrections.len())))
}

/// The names of a fair whose exhibitors were not read: for its enterprises. Its table may be kept with the private ones.
fn names_alone(report: &mut Report, files: &Files, file: &Decoded<FairFile>) -> Result<NameTable, Failure> {
    let Some(sources) = &file.sources else { return Ok(NameTable::default()) };
    let folder = format!("data/fairs/{}", file.fair.value);
    if file.award_sources().is_none() {
        let names = read_names(report, files, file, &sources.value)?;
        return Ok(NameTable { exhibitors_known: file.complete, ..names });
    }
    for source in sources.value.of(NAMES.name) {
        if !is_there(files, &folder, source)? {
            report
                .warning(
                    code::TABLES_MISSING,
                    source.file.span,
                    say!("the table of names is not here: enterprises have only the names of their own files"),
                )
                .hint(say!("winners have the names that were sealed; if enterprises need it, keep the table in the repository"));
            return Ok(NameTable::default());
        }
    }
    read_names(report, files, file, &sources.value)
}

/// The awards of a fair: decided from its tables, and the same as what was sealed, if it was; or, where the
/// private tables are not here, as they were sealed. The names beside it are there where the tables were read.
fn read_list(
    report: &mut Report,
    files: &Files,
    file: &Decoded<FairFile>,
    rulebooks: &[Rulebook],
    rulebook: &Rulebook,
    calendar: &Calendar,
    sealed: Option<&SealedFair>,
) -> Result<(Option<AwardList>, Option<NameTable>), Failure> {
    let Some(sources) = file.award_sources() else { return Ok((None, None)) };
    if let Some(SealedFair { seal, .. }) = sealed
        && !sources.value.private_tables_are_there(files, &format!("data/fairs/{}", file.fair.value))?
    {
        if file.signing.is_none() {
            report_untrusted(report, files, seal);
            return Ok((None, None));
        }
        return Ok((sealed_list(report, files, file, rulebook, calendar, seal)?, None));
    }
    let mut inputs = sealed.map(|_| SealedInputs::of_files(files, file.fair.value));
    let observers = Observers { facts: &mut (), inputs: &mut inputs };
    let judged = judge_fair(report, files, file, rulebooks, &[], observers)?;
    let Some(judged) = judged else { return Ok((None, None)) };
    if let (Some(sealed), Some(inputs)) = (sealed, &inputs)
        && !report.has_errors()
    {
        compare(report, files, file, &judged, calendar, sealed, inputs);
    }
    Ok((Some(AwardList::new(&judged.facts, &judged.results)), Some(judged.facts.names)))
}
