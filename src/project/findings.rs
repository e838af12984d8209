//! What was found in a fair that may not be meant, said with what the fair accepts of it.

use std::collections::BTreeMap;

use super::judged::Judged;
use crate::award::{Finding, FindingKind, Findings, JoiningKey, KeysMeet, findings};
use crate::fair::{FairFile, KeyKind, UNKNOWN_EXHIBITOR, attendance, exhibitor, invitation};
use crate::rulebook::AwardId;
use crate::source::{Code, Draft, Files, Message, Report, Span, code, list, nearest, say};

/// Looks for findings, and reports them by what depends on them: as warnings, which keep a fair from being sealed
/// until `fair.yaml` accepts them, or as notes. Returns the codes of the warnings.
pub(super) fn report_findings(
    report: &mut Report,
    files: &Files,
    fair: &FairFile,
    judged: &Judged,
) -> Vec<&'static str> {
    let found = findings(&judged.facts, &judged.rulebook, &judged.results);
    let teller = Teller { files, fair, judged, found: &found };
    let mut kinds: BTreeMap<&'static str, Vec<&Finding>> = BTreeMap::new();
    for finding in &found.found {
        kinds.entry(finding.kind.code()).or_default().push(finding);
    }
    let mut open = Vec::new();
    for (code, found) in &kinds {
        if teller.report_kind(report, code, found) {
            open.push(*code);
        }
    }
    for accepted in &fair.accepted {
        let finding = accepted.value.finding.value.as_str();
        let mut known = FindingKind::CODES.into_iter().chain([UNKNOWN_EXHIBITOR]);
        if !known.clone().any(|code| code == finding) {
            report
                .error(
                    code::UNKNOWN_FINDING,
                    accepted.value.finding.span,
                    say!("unknown finding `{finding}`", finding),
                )
                .label_meant(nearest(finding, known.clone()))
                .hint(say!("codes of findings: {codes}", codes = list(known.by_ref())));
            continue;
        }
        // Whether it accepts as many rows as there are is said where they are read.
        if finding != UNKNOWN_EXHIBITOR && !kinds.contains_key(finding) {
            let message = say!("the finding `{finding}` is accepted, but does not occur", finding);
            report
                .warning(code::ACCEPTED_UNNEEDED, accepted.value.finding.span, message)
                .hint(say!("remove the entry from `accepted`"));
        }
    }
    open
}

struct Teller<'a> {
    files: &'a Files,
    fair: &'a FairFile,
    judged: &'a Judged,
    found: &'a Findings,
}

impl Teller<'_> {
    /// Reports the findings of a kind. Whether it is a warning that is not accepted.
    fn report_kind(&self, report: &mut Report, kind: &'static str, found: &[&Finding]) -> bool {
        let awards = self.found.awards.get(kind).copied().unwrap_or_default();
        let count = found.iter().map(|finding| self.count(finding)).sum::<u64>();
        let warns = found.iter().any(|finding| self.is_warning(finding)) || awards > 0;
        let accepted = self.fair.accepts(kind);
        let is_accepted = accepted
            .is_some_and(|accepted| accepted.count.value == count && awards as u64 <= accepted.awards);
        let line = format!("{{finding: {kind}, count: {count}, awards: {awards}, because: …}}");
        for (number, finding) in found.iter().enumerate() {
            let (code, span, message) = self.said(finding);
            let draft = match (warns, is_accepted) {
                (_, true) => report.detail(code, span, message),
                (true, false) => report.warning(code, span, message),
                (false, false) => report.note(code, span, message),
            };
            let draft = self.hinted(draft, finding);
            if warns && !is_accepted && number + 1 == found.len() {
                let alone = found.iter().map(|finding| finding.changes.len()).max().unwrap_or_default();
                let draft = match awards > alone && alone == 0 && found[0].is_judged_alone() {
                    true => draft.hint(say!("together with what else was found, {awards} {awards:award depends|awards depend} on it", awards)),
                    false => draft,
                };
                let draft = match accepted {
                    Some(accepted) => draft.hint(say!(
                        "fair.yaml accepts {count} of them, with at most {awards} awards affected: the numbers have changed",
                        count = accepted.count.value,
                        awards = accepted.awards
                    )),
                    None => draft,
                };
                draft.hint(say!(
                    "if this is right, accept it in fair.yaml and give the reason: `accepted: [{line}]`",
                    line
                ));
            }
        }
        warns && !is_accepted && found.iter().any(|finding| self.stops_sealing(finding))
    }

    /// Whether a warning is to be accepted before anything is sealed. That a pool is small changes nothing where somebody
    /// earns the highest award in it.
    fn stops_sealing(&self, finding: &Finding) -> bool {
        let highest = AwardId::all(&self.judged.rulebook.awards).next();
        let highest_is_earned = || {
            self.judged
                .results
                .decisions
                .iter()
                .any(|decision| decision.earned == highest && highest.is_some())
        };
        !matches!(finding.kind, FindingKind::SmallPool { .. }) || !highest_is_earned()
    }

    /// How many there are of what a finding is of.
    fn count(&self, finding: &Finding) -> u64 {
        match &finding.kind {
            FindingKind::RepeatedCodes { repeats, .. } => *repeats,
            FindingKind::DoubledRows(doubled) => doubled.shared_of_second,
            FindingKind::SentAgain { again, .. } => *again,
            FindingKind::RepeatedRows { repeats, .. } => *repeats,
            FindingKind::FairsLackThis { exhibitors, .. } => *exhibitors as u64,
            FindingKind::SharedNumbers { shared, .. } => *shared as u64,
            FindingKind::CountedTwice(found) => found.persons as u64,
            FindingKind::FairsUnknown { exhibitors, .. } => *exhibitors as u64,
            _ => 1,
        }
    }

    /// Whether it is a warning although no award depends on it.
    fn is_warning(&self, finding: &Finding) -> bool {
        match finding.kind {
            FindingKind::JoiningKey(_)
            | FindingKind::SharedNumber(_)
            | FindingKind::CountedTwice(_)
            | FindingKind::SentAgain { .. }
            | FindingKind::RepeatedRows { .. }
            | FindingKind::RepeatedCodes { .. } => false,
            FindingKind::FairsUnknown { withheld, .. } | FindingKind::FairsLackThis { withheld, .. } => {
                withheld > 0
            }
            FindingKind::DoubledRows(_)
            | FindingKind::SharedNumbers { .. }
            | FindingKind::JoinsNobody(_)
            | FindingKind::NoAward
            | FindingKind::AllWithheld { .. }
            | FindingKind::SmallPool { .. }
            | FindingKind::KeyColumn(_) => true,
        }
    }

    fn said(&self, finding: &Finding) -> (Code, Option<Span>, Message) {
        let awards = finding.changes.len();
        let facts = &self.judged.facts;
        match &finding.kind {
            FindingKind::JoiningKey(key) => self.said_key(key, awards),
            FindingKind::SharedNumber(shared) => {
                let row = facts.attendance.rows[shared.row as usize].row;
                let message = say!(
                    "one buyer number has {names} names and {emails} e-mail addresses; {awards} {awards:award depends|awards depend} on it",
                    names = shared.names,
                    emails = shared.emails,
                    awards
                );
                (code::JOINED_BY_BUYER_NUMBER, facts.cell("attendance", row, attendance::BUYER), message)
            }
            FindingKind::RepeatedCodes { repeats, coded, letter } => {
                let row = facts.invitations[*letter as usize].row;
                let span = facts.cell("invitations", row, invitation::CODE);
                let message = match repeats * 2 > *coded {
                    true => say!(
                        "{repeats} of {coded} invitations with a code repeat the code of another one of the same exhibitor: the codes seem to belong to exhibitors, not to single invitations",
                        repeats,
                        coded
                    ),
                    false => say!(
                        "{repeats} of {coded} invitations with a code repeat the code of another one of the same exhibitor, the first one here; {awards} {awards:award depends|awards depend} on it",
                        repeats,
                        coded,
                        awards
                    ),
                };
                (code::CODE_REPEATED, span, message)
            }
            FindingKind::RepeatedRows { repeats, letter } => {
                let row = facts.invitations[*letter as usize].row;
                let message = say!(
                    "{repeats} {repeats:invitation has|invitations have} the recipient, date and code of another one of the same exhibitor, the first one here; {awards} {awards:award depends|awards depend} on it",
                    repeats,
                    awards
                );
                (code::ROWS_REPEATED, facts.cell("invitations", row, invitation::EXHIBITOR), message)
            }
            FindingKind::DoubledRows(doubled) => {
                let sheets = &facts.sheets["invitations"];
                let (first, second) = (&sheets[doubled.first as usize], &sheets[doubled.second as usize]);
                let message = say!(
                    "{shared} of {rows} rows also occur in `{first}`; {awards} {awards:award depends|awards depend} on it",
                    shared = doubled.shared_of_second,
                    rows = doubled.rows_of_second,
                    first = self.files.at(first.span()),
                    awards
                );
                (code::ROWS_IN_TWO_INPUTS, Some(second.span()), message)
            }
            FindingKind::CountedTwice(found) => {
                let row = facts.attendance.rows[found.row as usize].row;
                let message = say!(
                    "{persons} {persons:person seems|persons seem} to be counted as {buyers} buyers, the first one here; {awards} {awards:award depends|awards depend} on it",
                    persons = found.persons,
                    buyers = found.buyers,
                    awards
                );
                (code::PERSON_COUNTED_TWICE, facts.cell("attendance", row, attendance::BUYER), message)
            }
            FindingKind::SentAgain { first, second, again, letters } => {
                let sheets = &facts.sheets["invitations"];
                let (first, second) = (&sheets[*first as usize], &sheets[*second as usize]);
                let message = say!(
                    "{again} of {letters} invitations have the same exhibitor and recipient as in `{first}`; {awards} {awards:award depends|awards depend} on it",
                    again,
                    letters,
                    first = self.files.at(first.span()),
                    awards
                );
                (code::SENT_AGAIN, Some(second.span()), message)
            }
            FindingKind::JoinsNobody(meet) => self.said_meet(meet),
            FindingKind::NoAward => (
                code::NO_AWARD,
                Some(self.fair.fair.span),
                say!(
                    "no exhibitor receives an award: {pool} of {exhibitors} exhibitors were evaluated",
                    pool = self.judged.results.pool,
                    exhibitors = facts.exhibitors.len()
                ),
            ),
            FindingKind::AllWithheld { award, gate, withheld } => (
                code::ALL_WITHHELD,
                Some(self.fair.fair.span),
                say!(
                    "all {withheld} `{award}` awards are withheld for the same reason: `{gate}` is not met",
                    award = self.judged.rulebook.awards[*award].id.value,
                    withheld,
                    gate = self.judged.rulebook.gates[*gate].id.value
                ),
            ),
            FindingKind::FairsUnknown { exhibitors, withheld, first } => {
                let row = facts.exhibitors[*first].row;
                let message = say!(
                    "{exhibitors} {exhibitors:exhibitor has|exhibitors have} no `fairs`, the first one here; {withheld} {withheld:award is|awards are} withheld for it",
                    exhibitors,
                    withheld
                );
                (code::FAIRS_EMPTY, facts.cell("exhibitors", row, exhibitor::FAIRS), message)
            }
            FindingKind::FairsLackThis { exhibitors, withheld, first } => {
                let row = facts.exhibitors[*first].row;
                let message = say!(
                    "{exhibitors} {exhibitors:exhibitor has|exhibitors have} `fairs` without this fair, the first one here; {withheld} {withheld:award is|awards are} withheld",
                    exhibitors,
                    withheld
                );
                (code::FAIRS_LACK_THIS, facts.cell("exhibitors", row, exhibitor::FAIRS), message)
            }
            FindingKind::SharedNumbers { shared, buyers, row } => {
                let row = facts.attendance.rows[*row as usize].row;
                let message = say!(
                    "{shared} of {buyers} buyers have one number but several names and e-mail addresses, the first one here: these do not look like buyer numbers",
                    shared,
                    buyers
                );
                (code::BUYER_NUMBERS_SHARED, facts.cell("attendance", row, attendance::BUYER), message)
            }
            FindingKind::SmallPool { pool, needed } => (
                code::SMALL_POOL,
                Some(self.fair.fair.span),
                say!(
                    "the pool is too small for anyone to reach the first band: {pool} {pool:exhibitor is|exhibitors are} evaluated, and at least {needed} are needed",
                    pool,
                    needed
                ),
            ),
            FindingKind::KeyColumn(column) => {
                let sheet = &facts.sheets[column.table][column.sheet as usize];
                let field = key_field(column.kind);
                let message = say!(
                    "{without} of {filled} values of `{field}` in `{place}` cannot be used for matching",
                    without = column.without_key,
                    filled = column.filled,
                    field,
                    place = self.files.at(sheet.span())
                );
                (code::KEY_COLUMN, Some(sheet.span()), message)
            }
        }
    }

    fn said_meet(&self, meet: &KeysMeet) -> (Code, Option<Span>, Message) {
        let sheets = &self.judged.facts.sheets;
        let (keys, others, field) = (meet.keys, meet.others, key_field(meet.kind));
        match meet.sheet {
            None => (
                code::KEY_JOINS_NOBODY,
                Some(self.fair.fair.span),
                say!(
                    "none of the {keys} values of `{field}` in `invitations` occurs among the {others} in `attendance`: no buyer is matched by it",
                    keys,
                    field,
                    others
                ),
            ),
            Some(sheet) => {
                let span = sheets[meet.table][sheet as usize].span();
                let message = say!(
                    "none of the {keys} values of `{field}` in `{place}` occurs in the other table, unlike those of the other sheets",
                    keys,
                    field,
                    place = self.files.at(span)
                );
                (code::KEY_JOINS_NOBODY, Some(span), message)
            }
        }
    }

    fn said_key(&self, key: &JoiningKey, awards: usize) -> (Code, Option<Span>, Message) {
        let facts = &self.judged.facts;
        let joining = self.judged.rulebook.joining.as_ref();
        let is_shown = joining.is_some_and(|joining| key.exhibitors >= joining.shown_from as usize);
        let text = facts.attendance.keys[key.kind as usize].text(key.key);
        let value = if is_shown { text.to_owned() } else { crate::data::masked(text) };
        let (buyers, exhibitors) = (key.buyers, key.exhibitors);
        let row = facts.attendance.rows[key.attended as usize].row;
        let (code, field) = match key.kind {
            KeyKind::Code => (code::JOINED_BY_CODE, attendance::CODE),
            KeyKind::Company => (code::JOINED_BY_COMPANY, attendance::COMPANY),
            KeyKind::Email => (code::JOINED_BY_EMAIL, attendance::EMAIL),
        };
        let message = match key.kind {
            KeyKind::Code => say!(
                "the invitation code `{value}` joins {buyers} {buyers:buyer|buyers} with {exhibitors} exhibitors; {awards} {awards:award depends|awards depend} on it",
                value,
                buyers,
                exhibitors,
                awards
            ),
            KeyKind::Company => say!(
                "the company `{value}` joins {buyers} buyers with {exhibitors} exhibitors; {awards} {awards:award depends|awards depend} on it",
                value,
                buyers,
                exhibitors,
                awards
            ),
            KeyKind::Email => say!(
                "the e-mail address `{value}` joins {buyers} buyers with {exhibitors} exhibitors; {awards} {awards:award depends|awards depend} on it",
                value,
                buyers,
                exhibitors,
                awards
            ),
        };
        (code, facts.cell("attendance", row, field), message)
    }

    /// Says what to do about a finding.
    fn hinted<'r>(&self, draft: Draft<'r>, finding: &Finding) -> Draft<'r> {
        let facts = &self.judged.facts;
        match &finding.kind {
            FindingKind::JoiningKey(key) => {
                let row = facts.invitations[key.letter as usize].row;
                let field = match key.kind {
                    KeyKind::Code => invitation::CODE,
                    KeyKind::Company => invitation::COMPANY,
                    KeyKind::Email => invitation::EMAIL,
                };
                let letter = facts.cell("invitations", row, field).map(|span| self.files.at(span));
                let field = key_field(key.kind);
                let letter = letter.unwrap_or_default();
                draft
                    .hint(say!("the first invitation with it is at {letter}", letter))
                    .hint(say!(
                        "if it is not a real {field}, treat it as empty: `values: {{{field}: {{…: \"\"}}}}` under the source",
                        field
                    ))
            }
            FindingKind::SharedNumber(_) => draft.hint(say!(
                "if it does not belong to one buyer, leave these cells empty: the rows are then told apart by e-mail"
            )),
            FindingKind::CountedTwice(_) => {
                draft.hint(say!("if they are the same persons, write one buyer number in all their rows"))
            }
            FindingKind::SentAgain { .. } => draft.hint(say!(
                "if it is another export of the same invitations, remove one of the two from `sources`"
            )),
            FindingKind::JoinsNobody(meet) => draft
                .hint(say!(
                    "check that this is the right column: `columns: {{{field}: …}}`",
                    field = key_field(meet.kind)
                ))
                .hint(say!("`jinbang check --verbose` shows which column is read for each field")),
            FindingKind::FairsLackThis { .. } => draft.hint(say!(
                "every exhibitor in this table exhibits at this fair: add its number, such as `136;137`"
            )),
            FindingKind::SharedNumbers { .. } => draft.hint(say!(
                "check that this is the right column; if it only counts rows, `absent: [buyer]` with `ignore` tells buyers apart by e-mail"
            )),
            FindingKind::RepeatedRows { .. } | FindingKind::RepeatedCodes { .. } => {
                draft.hint(say!("if rows were exported twice, delete the copies"))
            }
            FindingKind::DoubledRows(_) => {
                draft.hint(say!("if they are the same invitations, delete them from one of the two inputs"))
            }
            FindingKind::NoAward | FindingKind::AllWithheld { .. } => {
                draft.hint(say!("run `jinbang explain EXHIBITOR` for an exhibitor that should have one"))
            }
            FindingKind::FairsUnknown { .. } => {
                draft.hint(say!("fill in the fairs at which they exhibited, such as `136;137`"))
            }
            FindingKind::SmallPool { .. } => {
                draft.hint(say!("the result follows the rules; accept it if the fair really is this small"))
            }
            FindingKind::KeyColumn(column) => draft.hint(say!(
                "check that this is the right column: `columns: {{{field}: …}}`",
                field = key_field(column.kind)
            )),
        }
    }
}

/// The field of a kind of keys.
fn key_field(kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::Code => "code",
        KeyKind::Company => "company",
        KeyKind::Email => "email",
    }
}
