//! `rules diff`: what differs between two rulebooks, and whose award it would change.

use std::path::Path;
use std::process::ExitCode;

use serde_json::{Map, Value, json};

use super::args::{Common, PrintFormat, RulesDiff};
use super::door::{Answer, read_project};
use super::terminal;
use crate::fair::ExhibitorId;
use crate::lang::{Lang, Localized};
use crate::project::{Judged, judge_by, languages, read_fair};
use crate::rulebook::{
    AwardId, Difference, Part, Rulebook, Written, differences, load_rulebooks, read_rulebook,
};
use crate::source::{Failure, Files, Message, Report, Sayable, code, list, nearest, phrases, say};

pub(super) fn diff(common: &Common, command: &RulesDiff) -> Result<ExitCode, Failure> {
    let Answer { files, report, value } =
        read_project(common, say!("reading the tables"), |report, files, _| {
            let before = find(report, files, &command.before)?;
            let after = find(report, files, &command.after)?;
            let mut judged = None;
            if let (Some(before), Some(after), Some(number)) = (&before, &after, command.fair)
                && let Some(fair) = read_fair(report, files, number)?
            {
                let by_before = judge_by(report, files, &fair, before)?;
                // What is wrong with a row is said once.
                let by_after = judge_by(&mut Report::new(), files, &fair, after)?;
                judged = by_before.zip(by_after).map(|(before, after)| [before, after]);
            }
            Ok(before.zip(after).map(|(before, after)| (before, after, judged)))
        })?;
    terminal::print_report(&report, &files, common);
    let Some((before, after, judged)) = value.filter(|_| !report.has_errors()) else {
        return Ok(terminal::status(&report));
    };
    let differences = DifferencesReport {
        before: &before,
        after: &after,
        differences: differences(&before, &after),
        judged: judged.as_ref(),
        lang: terminal::language(common.lang),
    };
    terminal::print(&match command.format {
        PrintFormat::Text => differences.text(),
        PrintFormat::Json => differences.json(),
    })?;
    Ok(terminal::status(&report))
}

/// The rulebook that is named: by id and version, else by the path of its file. Its worked examples are left
/// unproved: those of a draft are often the last to follow its rules, and `check` asks for them.
fn find(report: &mut Report, files: &Files, name: &str) -> Result<Option<Rulebook>, Failure> {
    let by_version = name.split_once('@').and_then(|(id, version)| Some((id, version.parse::<u32>().ok()?)));
    match by_version {
        Some((id, version)) => find_version(report, files, name, id, version),
        None => {
            let is_below = files.root() == Path::new(".") && name.split('/').all(|part| part != "..");
            let path = match is_below {
                true => name.to_owned(),
                false => {
                    let absolute = std::path::absolute(name);
                    let failed = |cause| Failure::new(say!("read {path}", path = name), cause);
                    absolute.map_err(failed)?.to_string_lossy().into_owned()
                }
            };
            read_rulebook(report, files, &path, &languages(files)?)
        }
    }
}

fn find_version(
    report: &mut Report,
    files: &Files,
    name: &str,
    id: &str,
    version: u32,
) -> Result<Option<Rulebook>, Failure> {
    let rulebooks = load_rulebooks(report, files, &languages(files)?)?;
    let known: Vec<String> = rulebooks.iter().map(|r| format!("{}@{}", r.id, r.version)).collect();
    let found = rulebooks.into_iter().find(|rulebook| rulebook.id == id && rulebook.version == version);
    if found.is_none() {
        report
            .error(code::UNKNOWN_RULEBOOK, None, say!("no rulebook `{name}`", name))
            .hint_meant(nearest(name, known.iter().map(String::as_str)))
            .hint(match known.is_empty() {
                true => say!("data/rulebooks contains no valid rulebook; give the path of a file"),
                false => say!("rulebooks: {known}; or give the path of a file", known = list(&known)),
            });
    }
    Ok(found)
}

/// What is told, to whom.
struct DifferencesReport<'a> {
    before: &'a Rulebook,
    after: &'a Rulebook,
    differences: Vec<Difference>,
    /// A fair, judged by the one and by the other.
    judged: Option<&'a [Judged; 2]>,
    lang: Lang,
}

/// What is said of the one rulebook, or of what it gives.
fn before(rulebook: impl Sayable) -> Message {
    say!("before: {rulebook}", rulebook)
}

/// What is said of the other.
fn after(rulebook: impl Sayable) -> Message {
    say!("after: {rulebook}", rulebook)
}

/// What stands above the differences in a part.
fn part_title(part: Part) -> Message {
    match part {
        Part::Head => say!("General"),
        Part::Measure => say!("Measures"),
        Part::Gate => say!("Conditions"),
        Part::Scale => say!("Scales"),
        Part::Indicator => say!("Indicators"),
        Part::Adjustment => say!("Adjustments"),
        Part::Award => say!("Awards"),
        Part::Bonus => say!("Points carried over"),
        Part::Reward => say!("Other rewards"),
        Part::Policy => say!("Policies"),
        Part::Timeline => say!("Time limits"),
        Part::Placeholder => say!("Values not used for matching"),
        Part::Joining => say!("Limits for keys shared by many"),
        Part::Clause => say!("The text"),
        Part::NotEncoded => say!("Clauses without a rule"),
        Part::Example => say!("Worked examples"),
    }
}

/// A part as programs name it.
fn part_name(part: Part) -> &'static str {
    match part {
        Part::Head => "head",
        Part::Measure => "measure",
        Part::Gate => "gate",
        Part::Scale => "scale",
        Part::Indicator => "indicator",
        Part::Adjustment => "adjustment",
        Part::Award => "award",
        Part::Bonus => "bonus",
        Part::Reward => "reward",
        Part::Policy => "policy",
        Part::Timeline => "timeline",
        Part::Placeholder => "placeholder",
        Part::Joining => "joining",
        Part::Clause => "clause",
        Part::NotEncoded => "not-encoded",
        Part::Example => "example",
    }
}

/// The awards that an exhibitor receives by the two rulebooks.
struct Change<'a> {
    exhibitor: ExhibitorId,
    before: Option<(&'a str, &'a Localized)>,
    after: Option<(&'a str, &'a Localized)>,
}

impl DifferencesReport<'_> {
    fn text(&self) -> String {
        let mut lines = Vec::new();
        let named = |rulebook: &Rulebook| {
            say!(
                "{title}, version {version}, SHA-256 {sha256}",
                title = rulebook.title.get(self.lang),
                version = rulebook.version,
                sha256 = rulebook.sha256
            )
        };
        lines.push(before(named(self.before)).text(self.lang));
        lines.push(after(named(self.after)).text(self.lang));
        if self.differences.is_empty() {
            lines.push(say!("the rules are the same").text(self.lang));
        }
        let mut last = None;
        for difference in &self.differences {
            if last.replace(difference.part) != Some(difference.part) {
                lines.push(String::new());
                lines.push(part_title(difference.part).text(self.lang));
            }
            self.tell(&mut lines, difference);
        }
        if let Some(judged) = self.judged {
            self.tell_fair(&mut lines, judged);
        }
        lines.join("\n") + "\n"
    }

    fn tell(&self, lines: &mut Vec<String>, difference: &Difference) {
        let name: Vec<&str> =
            [difference.name.as_str(), &difference.key].into_iter().filter(|name| !name.is_empty()).collect();
        lines.push(format!("  {}{}", name.join(" · "), self.places(difference)));
        let written = |written: &Written| match written {
            Written::Plain(text) => text.clone(),
            Written::Text(text) => text.get(self.lang).to_owned(),
        };
        // A text may differ in another language than the one that is read here.
        let shown = [&difference.before, &difference.after].map(|side| side.as_ref().map(written));
        if shown[0] == shown[1] && shown[0].is_some() {
            lines.push(format!("    {}", say!("the text differs in another language").text(self.lang)));
            return;
        }
        for (mark, text) in ["-", "+"].into_iter().zip(shown) {
            if let Some(text) = text.filter(|text| !text.is_empty()) {
                lines.push(format!("    {mark} {text}"));
            }
        }
        match (&difference.before, &difference.after) {
            (None, Some(_)) if difference.key.is_empty() => {
                lines.push(format!("    {}", say!("new").text(self.lang)))
            }
            (Some(_), None) if difference.key.is_empty() => {
                lines.push(format!("    {}", say!("removed").text(self.lang)))
            }
            _ => {}
        }
    }

    /// The places of the clauses that a rule cites, in brackets.
    fn places(&self, difference: &Difference) -> String {
        let mut places: Vec<&str> = Vec::new();
        for id in &difference.clauses {
            let clauses = self.after.clauses.iter().chain(&self.before.clauses);
            let clause = clauses.into_iter().find(|clause| clause.id.value == *id);
            let place = clause.map(|clause| clause.place.value.get(self.lang));
            places.extend(place.filter(|place| !places.contains(place)));
        }
        match places.is_empty() {
            true => String::new(),
            false => say!("  [{places}]", places = list(places)).text(self.lang),
        }
    }

    fn tell_fair(&self, lines: &mut Vec<String>, judged: &[Judged; 2]) {
        lines.push(String::new());
        lines.push(say!("Fair {fair}, evaluated under both", fair = judged[0].facts.fair).text(self.lang));
        let outcome = |judged: &Judged| {
            let awards = AwardId::each(&judged.rulebook.awards).map(|(number, award)| {
                let count = judged.results.received(number);
                say!("{award}: {count}", award = award.title.value.get(self.lang), count)
            });
            let (pool, exhibitors) = (judged.results.pool, judged.facts.exhibitors.len());
            let ranked = say!("{pool} of {exhibitors} exhibitors were evaluated", pool, exhibitors);
            phrases(std::iter::once(ranked).chain(awards))
        };
        lines.push(format!("  {}", before(outcome(&judged[0])).text(self.lang)));
        lines.push(format!("  {}", after(outcome(&judged[1])).text(self.lang)));
        let changes = changes(judged);
        if changes.is_empty() {
            lines.push(format!("  {}", say!("no award changes").text(self.lang)));
        }
        let award = |award: Option<(&str, &Localized)>| match award {
            Some((_, title)) => Message::verbatim(title.get(self.lang)),
            None => say!("no award"),
        };
        for change in changes {
            let exhibitor = &judged[0].facts.exhibitors[change.exhibitor];
            let name = match (self.lang, &exhibitor.name_en) {
                (Lang::ZH, _) | (_, None) => exhibitor.name_zh.as_str(),
                (_, Some(name)) => name.as_str(),
            };
            lines.push(format!(
                "  {}  {name}  {}",
                exhibitor.id,
                say!("{from} → {to}", from = award(change.before), to = award(change.after)).text(self.lang)
            ));
        }
    }

    fn json(&self) -> String {
        let named = |rulebook: &Rulebook| json!({"id": rulebook.id, "version": rulebook.version, "sha256": rulebook.sha256});
        let written = |written: &Written| match written {
            Written::Plain(text) => Value::from(text.as_str()),
            Written::Text(text) => text
                .languages()
                .map(|lang| (lang.code().to_owned(), text.get(lang).into()))
                .collect::<Map<String, Value>>()
                .into(),
        };
        let differences: Vec<Value> = self
            .differences
            .iter()
            .map(|difference| {
                json!({
                    "part": part_name(difference.part),
                    "name": difference.name,
                    "key": difference.key,
                    "before": difference.before.as_ref().map(written),
                    "after": difference.after.as_ref().map(written),
                    "clauses": difference.clauses,
                })
            })
            .collect();
        let fair = self.judged.map(|judged| {
            let outcome = |judged: &Judged| {
                let awards = AwardId::each(&judged.rulebook.awards);
                let awards: Map<String, Value> = awards
                    .map(|(number, award)| (award.id.value.clone(), judged.results.received(number).into()))
                    .collect();
                json!({"pool": judged.results.pool, "awards": awards})
            };
            let changes: Vec<Value> = changes(judged)
                .into_iter()
                .map(|change| {
                    json!({
                        "exhibitor": judged[0].facts.exhibitors[change.exhibitor].id,
                        "before": change.before.map(|(id, _)| id),
                        "after": change.after.map(|(id, _)| id),
                    })
                })
                .collect();
            json!({
                "fair": judged[0].facts.fair,
                "before": outcome(&judged[0]),
                "after": outcome(&judged[1]),
                "changes": changes,
            })
        });
        let object = json!({
            "format": "jinbang-rules-diff/1",
            "before": named(self.before),
            "after": named(self.after),
            "differences": differences,
            "fair": fair,
        });
        let mut text = serde_json::to_string_pretty(&object).expect("a value is always written");
        text.push('\n');
        text
    }
}

/// The exhibitors that receive another award by the one rulebook than by the other, by identifier.
fn changes(judged: &[Judged; 2]) -> Vec<Change<'_>> {
    let [one, other] = judged;
    let change = |&exhibitor: &ExhibitorId| {
        let [before, after] = [one, other].map(|judged| {
            let award = &judged.rulebook.awards[judged.results.decisions[exhibitor].award?];
            Some((award.id.value.as_str(), &award.title.value))
        });
        let differs = before.map(|(id, _)| id) != after.map(|(id, _)| id);
        differs.then_some(Change { exhibitor, before, after })
    };
    one.results.sorted.iter().filter_map(change).collect()
}
