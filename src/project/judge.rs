//! One fair, from its files to its results.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;

use super::fairs::{LANGUAGES, read_fair, report_unnamed};
use super::findings::report_findings;
use super::inputs::{Fairs, are_confined, report_misnamed};
use super::judged::Judged;
use crate::award::{judge, prove_examples};
use crate::data::{Decoded, SheetRead, Spanned};
use crate::fair::{
    Admissions, Facts, FairFile, Observers, RulingFile, Sources, TableState, read_facts, read_ruling_file,
    read_rulings, resolve_rulings, table_states,
};
use crate::pages::{SiteFile, read_site};
use crate::rulebook::{Choices, POLICIES, Rulebook, load_rulebooks, pinned};
use crate::source::{Failure, FileId, Files, Report, code, list, nearest, say};

/// Reads the tables of a fair and judges it by the rulebook that it pins. `None` where it cannot be judged;
/// the reason is reported.
pub fn judge_fair(
    report: &mut Report,
    files: &Files,
    fair: &Decoded<FairFile>,
    rulebooks: &[Rulebook],
    overrides: &[(String, String)],
    observers: Observers<'_>,
) -> Result<Option<Judged>, Failure> {
    let Some(case) = Case::of(report, fair, rulebooks, overrides) else { return Ok(None) };
    let facts = case.read_facts(report, files, fair, observers)?;
    Ok(Some(case.judge(report, files, fair, facts)))
}

/// What a fair is judged by, and where its tables are.
struct Case<'a> {
    rulebook: &'a Rulebook,
    sources: &'a Sources,
    choices: Choices,
}

impl<'a> Case<'a> {
    /// `None` where the fair cannot be judged; the reason is reported.
    fn of(
        report: &mut Report,
        fair: &'a Decoded<FairFile>,
        rulebooks: &'a [Rulebook],
        overrides: &[(String, String)],
    ) -> Option<Case<'a>> {
        let rulebook = pinned(report, rulebooks, fair.rulebook.as_ref(), &fair.fair)?;
        let Some(sources) = fair.award_sources() else {
            if report.has_errors() {
                // `sources` may be what was wrong.
                return None;
            }
            report_no_tables(report, fair);
            return None;
        };
        let mut choices = rulebook.choices.clone();
        for (policy, choice) in overrides {
            choose(report, rulebook, &mut choices, policy, choice);
        }
        prove_examples(report, rulebook);
        Some(Case { rulebook, sources: &sources.value, choices })
    }

    /// Reads the tables of the fair, and the rulings on it.
    fn read_facts(
        &self,
        report: &mut Report,
        files: &Files,
        fair: &Decoded<FairFile>,
        observers: Observers<'_>,
    ) -> Result<Facts, Failure> {
        let written = read_ruling_file(report, files, &folder(fair))?.unwrap_or_default();
        self.read_facts_under(report, files, fair, &written, observers)
    }

    /// Reads the tables of the fair as they are under rulings: once for each day on which these change them after the
    /// notice was published, for what was published before is held.
    fn read_facts_under(
        &self,
        report: &mut Report,
        files: &Files,
        fair: &Decoded<FairFile>,
        rulings: &[Spanned<RulingFile>],
        Observers { facts: observer, inputs }: Observers<'_>,
    ) -> Result<Facts, Failure> {
        let demands = self.rulebook.demands(&self.choices);
        let folder = folder(fair);
        let mut states = table_states(report, files, &folder, rulings, fair.published());
        let last = states.pop().expect("tables have a state without rulings");
        let read = |report: &mut Report, state: &TableState, observers: Observers<'_>| {
            let amendments = &state.amendments;
            let mut facts = read_facts(report, files, fair, self.sources, &demands, amendments, observers)?;
            facts.notice_from = fair.published();
            let rulings = &rulings[..state.rulings];
            resolve_rulings(report, files, &folder, fair, rulings, amendments, &mut facts);
            Ok::<Facts, Failure>(facts)
        };
        // Of each state the rulings that came into force in it.
        let ends: Vec<usize> = states.iter().chain([&last]).map(|state| state.rulings).collect();
        let came = |state: usize| {
            let until = ends.get(state).copied().unwrap_or(rulings.len());
            state.checked_sub(1).map_or(0, |before| ends[before])..until
        };
        let mut admissions = Admissions::of(rulings);
        let mut earlier = Vec::new();
        for (number, state) in states.iter().enumerate() {
            // What is said of the tables is said of those that are in force.
            let mut found = Report::new();
            let mut unwatched = ();
            let mut watch = admissions.watch(came(number), came(number + 1), &mut unwatched);
            let facts = read(&mut found, state, Observers { facts: &mut (), inputs: &mut watch })?;
            if found.has_errors() {
                report.absorb(found);
                return Ok(facts);
            }
            earlier.push(facts);
        }
        let number = states.len();
        let mut watch = admissions.watch(came(number), rulings.len()..rulings.len(), inputs);
        let mut facts = read(report, &last, Observers { facts: observer, inputs: &mut watch })?;
        admissions.report(report);
        report_gone(report, &earlier, &facts);
        facts.earlier = earlier;
        // A table that was replaced is committed to as well: what was published rests on it.
        let sheets = facts.earlier.iter().chain([&facts]).flat_map(|facts| facts.sheets.values().flatten());
        let files_read: BTreeMap<String, FileId> =
            sheets.map(|sheet| (files.path(sheet.file), sheet.file)).collect();
        for file in files_read.into_values() {
            inputs.file(file)?;
        }
        Ok(facts)
    }

    /// Judges the fair, and says what may not be meant.
    fn judge(self, report: &mut Report, files: &Files, fair: &Decoded<FairFile>, facts: Facts) -> Judged {
        let results = judge(report, &facts, self.rulebook, &self.choices);
        let rulebook = self.rulebook.clone();
        let mut judged = Judged { facts, rulebook, results, open_findings: Vec::new() };
        // While a row is refused, or fair.yaml lacks what it means to say, there are no results of which anything could be
        // said.
        if fair.complete && !report.has_errors() {
            judged.open_findings = report_findings(report, files, fair, &judged);
        }
        judged
    }
}

/// Reports exhibitors that a table which was exported again does not have any more.
fn report_gone(report: &mut Report, earlier: &[Facts], facts: &Facts) {
    let there: BTreeSet<&str> = facts.exhibitors.iter().map(|exhibitor| exhibitor.id.as_str()).collect();
    let before = earlier.iter().flat_map(|facts| &facts.exhibitors).map(|exhibitor| exhibitor.id.as_str());
    let gone: BTreeSet<&str> = before.filter(|id| !there.contains(id)).collect();
    if gone.is_empty() || report.has_errors() {
        return;
    }
    let sheet = facts.sheets.get("exhibitors").and_then(|sheets| sheets.first());
    let names: Vec<&str> = gone.iter().copied().take(10).collect();
    report
        .error(
            code::RULING_FIELD,
            sheet.map(SheetRead::span),
            say!(
                "{count} {count:exhibitor|exhibitors} of the replaced table {count:is|are} missing: {names}",
                count = gone.len(),
                names = list(&names)
            ),
        )
        .hint(say!("keep their rows; to withdraw an award, add a `strike-off` ruling"));
}

fn folder(fair: &Decoded<FairFile>) -> String {
    format!("data/fairs/{}", fair.fair.value)
}

fn report_no_tables(report: &mut Report, fair: &Decoded<FairFile>) {
    let message = say!("fair {fair} has no tables to evaluate", fair = fair.fair.value);
    report.error(code::NO_SOURCES, fair.fair.span, message).hint(say!("list its tables under `sources`"));
}

/// Judges a fair by a rulebook, whichever it pins and for whichever fairs that is in force: what a draft would change.
/// `None` where it has no tables, which is reported.
pub fn judge_by(
    report: &mut Report,
    files: &Files,
    fair: &Decoded<FairFile>,
    rulebook: &Rulebook,
) -> Result<Option<Judged>, Failure> {
    let Some(sources) = fair.award_sources() else {
        report_no_tables(report, fair);
        return Ok(None);
    };
    let case = Case { rulebook, sources: &sources.value, choices: rulebook.choices.clone() };
    let facts = case.read_facts(report, files, fair, Observers::none())?;
    Ok(Some(case.judge(report, files, fair, facts)))
}

/// Judges one fair of a project: the one asked for, else the current one of `site.yaml`.
pub fn judge_project(
    report: &mut Report,
    files: &Files,
    number: Option<u32>,
    overrides: &[(String, String)],
    observers: Observers<'_>,
) -> Result<Option<(Decoded<FairFile>, Judged)>, Failure> {
    let Some((fair, rulebooks)) = read_fair_and_rulebooks(report, files, number)? else { return Ok(None) };
    let judged = judge_fair(report, files, &fair, &rulebooks, overrides, observers)?;
    Ok(judged.map(|judged| (fair, judged)))
}

/// A fair as it is, and with the rulings of a draft after its own.
pub(super) struct WithDraft {
    pub(super) fairs: [Decoded<FairFile>; 2],
    pub(super) judged: [Judged; 2],
    /// How many rulings there are in the draft.
    pub(super) drafted: usize,
}

/// Judges one fair of a project as it is, and with the rulings of a draft after its own. `None` where it cannot be judged; the reason is reported.
pub(super) fn judge_with_draft(
    report: &mut Report,
    files: &Files,
    number: Option<u32>,
    overrides: &[(String, String)],
    draft: &str,
) -> Result<Option<WithDraft>, Failure> {
    let Some((fair, rulebooks)) = read_fair_and_rulebooks(report, files, number)? else { return Ok(None) };
    let written = read_ruling_file(report, files, &folder(&fair))?.unwrap_or_default();
    let drafted = read_rulings(report, files, draft, written.last())?;
    let (Some(drafted), Some(now)) = (drafted, Case::of(report, &fair, &rulebooks, overrides)) else {
        return Ok(None);
    };
    let all: Vec<Spanned<RulingFile>> = written.iter().chain(&drafted).cloned().collect();
    let mut moved = fair.clone();
    moved.value.notice_moves = all.iter().filter_map(|ruling| ruling.value.notice_move()).collect();
    let facts = now.read_facts(report, files, &fair, Observers::none())?;
    let now = now.judge(report, files, &fair, facts);
    // What is wrong with the fair as it is was said.
    let mut found = Report::new();
    let Some(then) = Case::of(&mut Report::new(), &moved, &rulebooks, overrides) else { return Ok(None) };
    let facts = then.read_facts_under(&mut found, files, &moved, &all, Observers::none())?;
    let then = then.judge(&mut found, files, &moved, facts);
    if found.has_errors() && !report.has_errors() {
        report.absorb(found);
    }
    Ok(Some(WithDraft { fairs: [fair, moved], judged: [now, then], drafted: drafted.len() }))
}

/// A fair, and the rulebooks among which is the one that judges it.
type FairAndRulebooks = (Decoded<FairFile>, Vec<Rulebook>);

/// Reads the `fair.yaml` of a fair, the one asked for or else the current one, and the rulebooks of its project.
fn read_fair_and_rulebooks(
    report: &mut Report,
    files: &Files,
    number: Option<u32>,
) -> Result<Option<FairAndRulebooks>, Failure> {
    if !are_confined(report, files)? {
        return Ok(None);
    }
    let site = read_site(report, files)?;
    let languages = site.as_ref().map_or(LANGUAGES.to_vec(), SiteFile::languages);
    let Some(number) = number.or(site.map(|site| site.current_fair.value)) else {
        report_unnamed(report);
        return Ok(None);
    };
    let fair = read_fair(report, files, number)?;
    let known = Fairs { read: fair.iter().map(Deref::deref).collect(), only: Some(number) };
    report_misnamed(report, files, &known)?;
    let Some(fair) = fair else { return Ok(None) };
    let rulebooks = load_rulebooks(report, files, &languages)?;
    Ok(Some((fair, rulebooks)))
}

/// Makes another choice of a policy than the rulebook does.
pub fn choose(report: &mut Report, rulebook: &Rulebook, choices: &mut Choices, policy: &str, choice: &str) {
    let Some(declared) = rulebook.policies.get(policy) else {
        let names: Vec<&str> = rulebook.policies.keys().map(|policy| policy.name()).collect();
        report
            .error(
                code::UNKNOWN_POLICY,
                None,
                say!("`{rulebook}` has no policy `{policy}`", rulebook = rulebook.id, policy),
            )
            .hint_meant(nearest(policy, names.iter().copied()))
            .hint(say!("policies: {names}", names = list(&names)));
        return;
    };
    let known =
        POLICIES.iter().find(|(name, _)| *name == policy).map(|(_, choices)| *choices).unwrap_or_default();
    let offered: Vec<&str> =
        known.iter().copied().filter(|known| declared.choices.contains_key(*known)).collect();
    if !offered.contains(&choice) || !choices.choose(policy, choice) {
        report
            .error(code::UNKNOWN_CHOICE, None, say!("`{policy}` has no choice `{choice}`", policy, choice))
            .hint_meant(nearest(choice, offered.iter().copied()))
            .hint(say!("choices of `{policy}`: {offered}", policy, offered = list(&offered)));
    }
}
