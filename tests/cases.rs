//! The portable cases of `tests/cases`, and what they are worth: every number of the shipped rulebook is changed in
//! turn, and a change that the proofs at load let through must show in a case.

use std::collections::BTreeMap;
use std::fs;
use std::sync::LazyLock;

use jinbang::award::{Decision, Standing, prove_examples, reward_tiers};
use jinbang::data::{Date, decode_text};
use jinbang::fair::{Calendar, Facts};
use jinbang::lang::Lang;
use jinbang::rulebook::{
    AwardId, Choices, Exact, GateId, NoticeFirstDay, Period, Rulebook, decimal, differences, parse_rulebook,
    reachable_totals,
};
use jinbang::source::{Files, Report};
use serde_json::{Map, Value, json};

use crate::project;
use crate::project::Project;
use crate::project::fairs::{facts, judged};

/// A case, read.
struct Case {
    name: String,
    value: Value,
}

static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let folder = fs::read_dir(project::here().join("tests/cases")).expect("the cases are there");
    let mut paths: Vec<_> = folder.map(|entry| entry.expect("an entry can be read").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    assert!(!paths.is_empty(), "there are no cases");
    let read = |path: &std::path::PathBuf| Case {
        name: path.file_name().expect("it has a name").to_string_lossy().into_owned(),
        value: serde_json::from_str(&fs::read_to_string(path).expect("a case can be read")).expect("JSON"),
    };
    paths.iter().map(read).collect()
});

impl Case {
    /// The project of a case that is a fair.
    fn project(&self) -> Project {
        let project = Project::new();
        let fair = &self.value["fair"];
        let mut sources = Map::new();
        for (table, rows) in self.value["rows"].as_object().expect("rows by table") {
            let mut repeated = Vec::new();
            for row in rows.as_array().expect("a list of rows") {
                let mut cells = row.as_object().expect("a row").clone();
                let times = cells.shift_remove("times").map_or(1, |times| times.as_u64().expect("a number"));
                repeated.extend((0..times).map(|_| Value::Object(cells.clone())));
            }
            // JSON is YAML.
            project.write(&format!("data/fairs/{fair}/{table}.yaml"), Value::Array(repeated).to_string());
            sources.insert(
                table.clone(),
                json!([{"file": format!("{table}.yaml"), "absent": absent(table, rows)}]),
            );
        }
        sources.entry("penalties").or_insert_with(|| "none".into());
        let text = json!({
            "fair": fair,
            "previous_fair": self.value["previous_fair"],
            "rulebook": self.value["rulebook"],
            "sources": sources,
        });
        project.write(&format!("data/fairs/{fair}/fair.yaml"), text.to_string());
        project
    }

    fn is_fair(&self) -> bool {
        self.value.get("rows").is_some()
    }

    /// The readings that differ from the rulebook's.
    fn policies(&self) -> Vec<(&str, &str)> {
        let policies = self.value["policies"].as_object().into_iter().flatten();
        policies.map(|(name, choice)| (name.as_str(), choice.as_str().expect("a word"))).collect()
    }

    fn choices(&self, rulebook: &Rulebook) -> Choices {
        let mut choices = rulebook.choices.clone();
        for (policy, choice) in self.policies() {
            assert!(choices.choose(policy, choice), "{}: {policy}={choice}", self.name);
        }
        choices
    }

    /// What a case that is no fair gives by a rulebook.
    fn days_or_points(&self, rulebook: &Rulebook) -> Value {
        if let Some(received) = self.value["received"].as_array() {
            let bonus = rulebook.bonus.as_ref().expect("it has a bonus");
            let points = received.iter().map(|award| bonus.points[award.as_str().expect("a name")].value);
            return json!({"points": points.sum::<u32>()});
        }
        if let Some(rewarded) = self.value["rewarded"].as_array() {
            return rewarded.iter().map(|asked| given(rulebook, asked)).collect::<Vec<_>>().into();
        }
        let asked = &self.value["days"];
        let day = |key: &str| asked[key].as_str().expect("a day").parse::<Date>().expect("a day");
        let calendar = calendar(asked);
        let working_days = |period| rulebook.working_days(period).expect("it is counted");
        let publish_by = calendar.after(day("platform_ends"), working_days(Period::PublishWithin));
        let published = day("published");
        let notice_ends = match self.choices(rulebook).notice_first_day {
            NoticeFirstDay::Counts => calendar.lasting(published, working_days(Period::Notice)),
            NoticeFirstDay::NextDay => calendar.after(published, working_days(Period::Notice)),
        };
        json!({"publish_by": publish_by.date.to_string(), "notice_ends": notice_ends.date.to_string()})
    }
}

/// The fields that may decide awards and that no row of a table has.
fn absent(table: &str, rows: &Value) -> Vec<&'static str> {
    let fields =
        project::DECIDING.iter().find(|(name, _)| *name == table).map_or(&[][..], |(_, fields)| fields);
    let rows = rows.as_array().expect("a list of rows");
    let has = |field: &str| rows.iter().any(|row| row.get(field).is_some());
    fields.iter().map(|names| names[0]).filter(|field| !has(field)).collect()
}

/// What a decision is worth beside the awards.
fn given(rulebook: &Rulebook, asked: &Value) -> Value {
    let failed = asked["failed"].as_array().expect("names of gates");
    let award = asked["award"].as_str();
    let mut values = vec![Exact::from_integer(0); rulebook.measures.len()];
    values[rulebook.measure("invitations-sent")] =
        Exact::from_integer(asked["invitations"].as_i64().expect("a number").into());
    let decision = Decision {
        standing: Standing::Evaluated,
        values,
        failed: GateId::all(&rulebook.gates)
            .filter(|&gate| failed.contains(&rulebook.gates[gate].id.value.as_str().into()))
            .collect(),
        pool: 0,
        indicators: Vec::new(),
        adjustments: Vec::new(),
        score: None,
        earned: None,
        award: award.and_then(|award| rulebook.award(award)),
    };
    let tiers = rulebook.rewards.iter().zip(reward_tiers(rulebook, &decision));
    let named = tiers.map(|(reward, tier)| {
        (reward.id.value.clone(), tier.map(|tier| reward.tiers[tier].id.value.as_str()).into())
    });
    named.collect::<Map<_, _>>().into()
}

/// The calendar of a case, all of it official.
fn calendar(asked: &Value) -> Calendar {
    let breaks: Vec<Value> = asked["off"]
        .as_array()
        .expect("days")
        .iter()
        .map(|day| json!({"name": {"zh": "假日", "en": "holiday"}, "from": day, "to": day}))
        .collect();
    let year = json!({
        "status": "official",
        "source": {"notice": {"zh": "通知", "en": "notice"}},
        "breaks": breaks,
        "workdays": asked["worked"],
    });
    let text = format!("years: {{2025: {year}}}");
    let files = Files::new(".");
    let file = files.id("calendar.yaml");
    let mut report = Report::new();
    let calendar = decode_text(&mut report, file, &text, 0);
    assert!(!report.has_errors(), "{:?}", report.problems());
    calendar.expect("the calendar is sound").value
}

#[test]
fn every_case_comes_out_as_expected() {
    let rulebook = project::rulebook(&project::shipped_rulebook());
    let mut wrong = Vec::new();
    for case in CASES.iter() {
        if !case.is_fair() {
            let found = case.days_or_points(&rulebook);
            if found != case.value["expected"] {
                wrong.push(format!("{}: {found}", case.name));
            }
            continue;
        }
        let fair = case.value["fair"].to_string();
        let mut arguments = vec!["award".to_owned(), fair, "--format".to_owned(), "json".to_owned()];
        for (policy, choice) in case.policies() {
            arguments.extend(["--policy".to_owned(), format!("{policy}={choice}")]);
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let output = case.project().run(&arguments);
        let found = match output.status.code() {
            Some(0) => {
                let mut found: Value = serde_json::from_slice(&output.stdout).expect("an object");
                found.as_object_mut().expect("an object").shift_remove("rulebook");
                found
            }
            Some(1) => Value::Null,
            code => panic!("{}: exit status {code:?}", case.name),
        };
        if found != case.value["expected"] {
            wrong.push(format!("{}: {found}\n{}", case.name, String::from_utf8_lossy(&output.stderr)));
        }
    }
    assert!(wrong.is_empty(), "{} cases come out otherwise:\n{}", wrong.len(), wrong.join("\n\n"));
}

// ----------------------------------------------------------------------------------- numbers of the rulebook

/// What a case expects, of that which a rulebook's numbers decide.
fn expected(case: &Case) -> Value {
    let exhibitors = case.value["expected"]["exhibitors"].as_array().expect("results").clone();
    let rows = exhibitors.into_iter().map(|exhibitor| {
        let keys = ["exhibitor", "standing", "failed", "indicators", "score", "earned", "award"];
        keys.map(|key| (key.to_owned(), exhibitor[key].clone())).into_iter().collect::<Map<_, _>>().into()
    });
    let expected = &case.value["expected"];
    json!({"pool": expected["pool"], "awards": expected["awards"], "exhibitors": rows.collect::<Vec<Value>>()})
}

/// The same as it is decided by a rulebook.
fn decided(case: &Case, facts: &Facts, rulebook: &Rulebook) -> Value {
    let results = judged(facts, rulebook, &case.choices(rulebook));
    let award = |award: Option<AwardId>| award.map(|award| rulebook.awards[award].id.value.as_str());
    let rows = results.sorted.iter().map(|&exhibitor| {
        let decision = &results.decisions[exhibitor];
        let indicators: Map<String, Value> = rulebook
            .indicators
            .iter()
            .zip(&decision.indicators)
            .map(|(indicator, scored)| {
                let shown = |number: &Option<Exact>| number.as_ref().map(decimal);
                let whole = |number: &Exact| i64::try_from(number.to_integer()).expect("a small number");
                let value = json!({
                    "count": whole(&scored.count),
                    "rank": shown(&scored.rank),
                    "percent": shown(&scored.percent),
                    "points": whole(&scored.points),
                });
                (indicator.id.value.clone(), value)
            })
            .collect();
        let evaluated = decision.standing == Standing::Evaluated;
        let failed: Vec<&str> =
            decision.failed.iter().map(|&gate| rulebook.gates[gate].id.value.as_str()).collect();
        json!({
            "exhibitor": facts.exhibitors[exhibitor].id,
            "standing": if evaluated { "evaluated" } else { "outside" },
            "failed": failed,
            "indicators": if evaluated { Value::Object(indicators) } else { Value::Null },
            "score": decision.score.as_ref().map(decimal),
            "earned": award(decision.earned),
            "award": award(decision.award),
        })
    });
    let awards = AwardId::each(&rulebook.awards);
    let awards: Map<String, Value> =
        awards.map(|(number, award)| (award.id.value.clone(), results.received(number).into())).collect();
    json!({"pool": results.pool, "awards": awards, "exhibitors": rows.collect::<Vec<Value>>()})
}

/// The cases, ready to be judged by one rulebook after another.
struct Bench {
    rulebook: Rulebook,
    fairs: Vec<(&'static Case, Facts, Value)>,
}

impl Bench {
    fn new() -> Bench {
        let rulebook = project::rulebook(&project::shipped_rulebook());
        let judgeable = |case: &&Case| case.is_fair() && !case.value["expected"].is_null();
        let fairs = CASES
            .iter()
            .filter(judgeable)
            .map(|case| (case, facts(&case.project(), &rulebook), expected(case)));
        let fairs = fairs.collect();
        Bench { rulebook, fairs }
    }

    /// What notices that a rulebook is not the shipped one: the proof at load, a worked example, or a case.
    fn notices(&self, text: &str) -> Option<String> {
        let files = Files::new(".");
        let mut report = Report::new();
        let file = files.id("mutant.yaml");
        let read = parse_rulebook(&mut report, &files, file, text.into(), &[Lang::ZH, Lang::EN]);
        let Some(rulebook) = read else {
            return Some(format!("load: {}", report.problems()[0].code));
        };
        assert!(
            rulebook.version != self.rulebook.version || !differences(&self.rulebook, &rulebook).is_empty(),
            "`rules diff` sees no difference where a number differs"
        );
        prove_examples(&mut report, &rulebook);
        if report.has_errors() {
            return Some("worked example".to_owned());
        }
        // Cases that are refused name a fair or a version for which the rules are not in force.
        for case in CASES.iter().filter(|case| case.value["expected"].is_null()) {
            let fair = u32::try_from(case.value["fair"].as_u64().expect("a number")).expect("a small number");
            let pinned = case.value["rulebook"]["version"] == rulebook.version && rulebook.applies_to(fair);
            let was =
                case.value["rulebook"]["version"] == self.rulebook.version && self.rulebook.applies_to(fair);
            if pinned != was {
                return Some(case.name.clone());
            }
        }
        for (case, facts, expected) in &self.fairs {
            let fair = u32::try_from(case.value["fair"].as_u64().expect("a number")).expect("a small number");
            let pinned = case.value["rulebook"]["version"] == rulebook.version && rulebook.applies_to(fair);
            if !pinned || decided(case, facts, &rulebook) != *expected {
                return Some(case.name.clone());
            }
        }
        for case in CASES.iter().filter(|case| !case.is_fair()) {
            if case.days_or_points(&rulebook) != case.value["expected"] {
                return Some(case.name.clone());
            }
        }
        None
    }

    /// Whether no score that can be reached wins another award by a rulebook than by the shipped one.
    fn is_equivalent(&self, text: &str) -> bool {
        let mutant = project::rulebook(text);
        let award = |rulebook: &Rulebook, total: &Exact| {
            rulebook.awards.iter().position(|award| {
                *total >= award.at_least.value.0
                    && award.at_most.as_ref().is_none_or(|at_most| *total <= at_most.value.0)
            })
        };
        let keys: Vec<_> = differences(&self.rulebook, &mutant).into_iter().map(|found| found.key).collect();
        let totals = reachable_totals(&self.rulebook).expect("every indicator has bands");
        keys.iter().all(|key| key == "at_least" || key == "at_most")
            && totals.iter().all(|total| award(&self.rulebook, total) == award(&mutant, total))
    }
}

/// The numbers of a text with their places, in the part of the rulebook that holds rules: behind the clauses and
/// readings, before the worked examples, of which the numbers are inputs and results and no rules.
fn numbers(text: &str) -> Vec<(usize, i64)> {
    let head = text.find("clauses:\n").expect("there are clauses");
    let rules = text.find("\nmeasures:\n").expect("there are measures");
    let examples = text.find("\nexamples:\n").expect("there are examples");
    let mut found = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let is_rule = at < head || (rules..examples).contains(&at);
        // Titles and reasons hold words; comments hold none of the rules.
        let is_words = ["title:", "because:", "unit:", "#", "zh:", "en:", "format:", "- clause:"]
            .iter()
            .any(|key| line.trim_start().starts_with(key));
        if is_rule && !is_words {
            let bytes = line.as_bytes();
            let mut place = 0;
            while place < bytes.len() {
                let length = bytes[place..].iter().take_while(|byte| byte.is_ascii_digit()).count();
                let before = place.checked_sub(1).map(|before| bytes[before]);
                if length > 0 && before == Some(b' ') {
                    found.push((at + place, line[place..place + length].parse().expect("digits")));
                }
                place += length.max(1);
            }
        }
        at += line.len();
    }
    found
}

/// A text with numbers at some places replaced.
fn replaced(text: &str, numbers: &[(usize, i64)], by: &BTreeMap<usize, i64>) -> String {
    let mut mutant = text.to_owned();
    for (place, old) in numbers.iter().rev() {
        if let Some(new) = by.get(place) {
            mutant.replace_range(*place..*place + old.to_string().len(), &new.to_string());
        }
    }
    mutant
}

#[test]
fn no_number_of_the_rulebook_can_be_changed_unnoticed() {
    let bench = Bench::new();
    let text = project::shipped_rulebook();
    assert_eq!(
        bench.notices(&text.replace("trial: true", "trial: false")),
        None,
        "the cases hold as they are"
    );
    let numbers = numbers(&text);
    let line = |place: usize| text[..place].matches('\n').count() + 1;
    let mut mutants: Vec<(String, BTreeMap<usize, i64>)> = Vec::new();
    for &(place, number) in &numbers {
        for new in [number - 1, number + 1, number - 10, number + 10, number * 2, 0] {
            if new != number && new >= 0 {
                mutants.push((format!("line {}: {number} → {new}", line(place)), [(place, new)].into()));
            }
        }
    }
    // Two at once, where the proofs see to it that one number follows another: the end of a band and the beginning
    // of the next, two weights.
    let pairs = |wanted: &dyn Fn(&str, &str) -> bool| -> Vec<((usize, i64), (usize, i64))> {
        let key =
            |place: usize| text[..place].rsplit([' ', '{']).find(|word| word.ends_with(':')).unwrap_or("");
        let mut pairs = Vec::new();
        for (number, &one) in numbers.iter().enumerate() {
            for &other in &numbers[number + 1..] {
                if wanted(key(one.0), key(other.0)) {
                    pairs.push((one, other));
                }
            }
        }
        pairs
    };
    for (one, other) in pairs(&|one, other| one == "until:" && other == "from:") {
        if one.1 + 1 == other.1 {
            for step in [-1, 1] {
                let by = [(one.0, one.1 + step), (other.0, other.1 + step)].into();
                mutants.push((format!("line {}: band until {}", line(one.0), one.1 + step), by));
            }
        }
    }
    for (one, other) in pairs(&|one, other| one == "weight:" && other == "weight:") {
        for step in [-10, -5, -1, 1, 5, 10] {
            if one.1 + step > 0 && other.1 - step > 0 {
                let by = [(one.0, one.1 + step), (other.0, other.1 - step)].into();
                mutants.push((
                    format!("line {}: weights {} and {}", line(one.0), one.1 + step, other.1 - step),
                    by,
                ));
            }
        }
    }
    let (mut by_load, mut by_example, mut by_case, mut equivalent) = (0, 0, 0, Vec::new());
    let mut survivors = Vec::new();
    for (name, by) in &mutants {
        let mutant = replaced(&text, &numbers, by);
        match bench.notices(&mutant).as_deref() {
            Some(by) if by.starts_with("load") => by_load += 1,
            Some("worked example") => by_example += 1,
            Some(_) => by_case += 1,
            None if bench.is_equivalent(&mutant) => equivalent.push(name),
            None => survivors.push(name),
        }
    }
    println!(
        "{} numbers, {} mutants: {by_load} refused at load, {by_example} by a worked example, {by_case} by a case; \
         {} change no award of any score that can be reached: {equivalent:?}",
        numbers.len(),
        mutants.len(),
        equivalent.len()
    );
    assert!(
        numbers.len() > 25 && mutants.len() > 120,
        "{} numbers, {} mutants",
        numbers.len(),
        mutants.len()
    );
    assert!(survivors.is_empty(), "nothing notices: {survivors:#?}");
    // All totals are even: 60 and 59 are the same bound.
    assert!(equivalent.len() <= 6, "{equivalent:?}");
}

#[test]
fn worked_examples_are_proved() {
    let text = project::shipped_rulebook();
    let rulebook = project::rulebook(&text);
    let mut report = Report::new();
    let decided = prove_examples(&mut report, &rulebook);
    assert!(!report.has_errors());
    assert_eq!(decided.len(), rulebook.examples.len());
    for (example, decisions) in rulebook.examples.iter().zip(&decided) {
        let scores = decisions.iter().map(|decision| decision.score);
        assert!(scores.eq(example.subjects.iter().map(|subject| subject.value.score.map(|score| score.0))));
    }
    for (part, by, message) in [
        ("score: 96, award: gold", "score: 86, award: gold", "`A` scores 96, not 86"),
        ("score: 96, award: gold", "score: 96, award: silver", "`A` receives gold"),
        ("[20, 10, 0], score: 48", "[20, 10, 0], score: 48, award: silver", "`D` receives no award"),
        (
            "{name: D, values: [9, 9, 9]}",
            "{name: D, values: [9, 9, 9], score: 20}",
            "`D` scores no score, not 20",
        ),
    ] {
        assert_eq!(text.matches(part).count(), 1, "{part}");
        let mut report = Report::new();
        prove_examples(&mut report, &project::rulebook(&text.replace(part, by)));
        let found: Vec<String> =
            report.problems().iter().map(|problem| problem.message.to_string()).collect();
        assert_eq!(found, [message]);
    }
}
