//! Two other award schemes in the vocabulary of rulebooks, on records small enough to work out by hand: what the
//! program knows of awards stands in rulebooks, not in code.

use std::collections::BTreeMap;

use jinbang::award::{Decision, Records, Standing, decide, subjects};
use jinbang::lang::Lang;
use jinbang::rulebook::{Choices, Exact, Rulebook, decimal, parse_rulebook};
use jinbang::source::{Files, Report, Style};

fn text(name: &str) -> String {
    let path = format!("{}/tests/schemes/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).expect("the scheme is there")
}

fn rulebook(text: &str) -> Rulebook {
    let files = Files::new(".");
    let mut report = Report::new();
    let file = files.id("scheme.yaml");
    let read = parse_rulebook(&mut report, &files, file, text.into(), &[Lang::ZH, Lang::EN]);
    assert!(!report.has_errors(), "{}", report.render(&files, Style::Plain, jinbang::lang::Lang::EN));
    read.expect("a rulebook without errors is there")
}

/// The exact value of a decimal such as `80.025`.
fn exact(text: &str) -> Option<Exact> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let numerator: i128 = format!("{whole}{part}").parse().ok()?;
    Some(Exact::new(numerator, 10i128.pow(u32::try_from(part.len()).ok()?)))
}

/// Decisions by identifier, under readings that differ from the rulebook's.
fn decided(rulebook: &Rulebook, records: &Records, readings: &[(&str, &str)]) -> BTreeMap<String, Decision> {
    let mut choices: Choices = rulebook.choices.clone();
    for (policy, choice) in readings {
        assert!(choices.choose(policy, choice), "{policy}={choice}");
    }
    let subjects = subjects(rulebook, &choices, records, &exact);
    let decisions = decide(rulebook, &choices, &subjects);
    subjects.into_iter().map(|subject| subject.id).zip(decisions).collect()
}

/// Score, award earned and award received: `80 good good`.
fn shown(rulebook: &Rulebook, decision: &Decision) -> String {
    let award = |number: Option<usize>| number.map_or("-", |number| &rulebook.awards[number].id.value);
    match decision.score {
        Some(score) => format!("{} {} {}", decimal(&score), award(decision.earned), award(decision.award)),
        None => "outside".to_owned(),
    }
}

#[track_caller]
fn expect(
    rulebook: &Rulebook,
    records: &Records,
    readings: &[(&str, &str)],
    expected: &[(&str, &str)],
) -> BTreeMap<String, Decision> {
    let decisions = decided(rulebook, records, readings);
    let found: Vec<(&str, String)> =
        decisions.iter().map(|(id, decision)| (id.as_str(), shown(rulebook, decision))).collect();
    let found: Vec<(&str, &str)> = found.iter().map(|(id, shown)| (*id, shown.as_str())).collect();
    assert_eq!(found, expected);
    decisions
}

fn row(cells: &[(&str, &str)]) -> BTreeMap<String, String> {
    cells.iter().map(|(column, value)| ((*column).to_owned(), (*value).to_owned())).collect()
}

/// Adds rows of a delegation to a table, numbered on.
fn add(records: &mut Records, table: &str, delegation: &str, cells: &[(&str, &str)], times: usize) {
    let rows = records.tables.entry(table.to_owned()).or_default();
    for _ in 0..times {
        let number = rows.len().to_string();
        let key = table.strip_suffix('s').expect("tables are plurals").to_owned();
        let mut cells = row(cells);
        cells.insert("delegation".to_owned(), delegation.to_owned());
        cells.entry(key).or_insert(number);
        rows.push(cells);
    }
}

/// Five delegations:
///
/// | | filed on time | upheld per booth | satisfied | warnings |
/// | --- | --- | --- | --- | --- |
/// | D1 | 20 of 20 | 0 of 10 | 10 of 10 | 0 |
/// | D2 | 19 of 20 | 1 of 3 | 9 of 10 | 1 |
/// | D3 | 18 of 20 | 10 of 30 | 8 of 10 | 7 |
/// | D4 | nothing filed | 2 of 4 | 79 of 100 | 0 |
/// | D5 | 20 of 20 | 0 of 10 | 10 of 10 | a serious accident |
fn delegations() -> Records {
    let mut records = Records::default();
    for (id, on_time, late, booths, upheld, satisfied, others, warnings) in [
        ("D1", 20, 0, 10, 0, 10, 0, 0),
        ("D2", 19, 1, 3, 1, 9, 1, 1),
        ("D3", 18, 2, 30, 10, 8, 2, 7),
        ("D4", 0, 0, 4, 2, 79, 21, 0),
        ("D5", 20, 0, 10, 0, 10, 0, 0),
    ] {
        add(&mut records, "delegations", id, &[], 1);
        add(&mut records, "filings", id, &[("kept", "on-time")], on_time);
        add(&mut records, "filings", id, &[("kept", "late")], late);
        add(&mut records, "booths", id, &[], booths);
        add(&mut records, "complaints", id, &[("result", "upheld")], upheld);
        add(&mut records, "complaints", id, &[("result", "rejected")], 5);
        add(&mut records, "surveys", id, &[("answer", "satisfied")], satisfied);
        add(&mut records, "surveys", id, &[("answer", "neutral")], others);
        add(&mut records, "incidents", id, &[("level", "warning")], warnings);
    }
    add(&mut records, "incidents", "D5", &[("level", "serious")], 1);
    records
}

#[test]
fn shares_thresholds_deductions_and_a_veto() {
    let rulebook = rulebook(&text("delegation-service"));
    // D2: 19 of 20 is 0.95 exactly: 30. A third of a complaint a booth is second of four, 50 %: 28. 0.9: 24. A warning: -2.
    // D3: 0.9: 24. 10 of 30 is a third as well: 28. 0.8: 18. Seven warnings cost 10, not 14.
    // D4: nothing filed: 0. Last: 16. 0.79: 0.
    let expected = [
        ("D1", "100 excellent excellent"),
        ("D2", "80 good good"),
        ("D3", "60 - -"),
        ("D4", "16 - -"),
        ("D5", "outside"),
    ];
    let decisions = expect(&rulebook, &delegations(), &[], &expected);
    let ranks = |id: &str| decisions[id].indicators[1].rank.as_ref().map(decimal);
    assert_eq!(["D1", "D2", "D3", "D4"].map(ranks), ["1", "2", "2", "4"].map(|rank| Some(rank.to_owned())));
    assert_eq!(decisions["D3"].adjustments, [Exact::from_integer(-10)]);
    assert_eq!(decisions["D5"].standing, Standing::Outside);
}

#[test]
fn fewer_is_better_under_other_readings() {
    let rulebook = rulebook(&text("delegation-service"));
    // The worse rank: D2 and D3 are third, at 75 %, and earn 16 for the complaints.
    let worse = [
        ("D1", "100 excellent excellent"),
        ("D2", "68 - -"),
        ("D3", "48 - -"),
        ("D4", "16 - -"),
        ("D5", "outside"),
    ];
    expect(&rulebook, &delegations(), &[("ties", "max")], &worse);
    // No complaint at all would earn the lowest band: absurd here, and therefore not the reading.
    let decisions = decided(&rulebook, &delegations(), &[("zero-count", "lowest-band")]);
    assert_eq!(shown(&rulebook, &decisions["D1"]), "76 good good");
}

/// An entry with the scores of its judges, for innovation, value and craft.
fn entry(records: &mut Records, id: &str, category: &str, ip: &str, scores: [&[&str]; 3]) {
    let entries = records.tables.entry("entries".to_owned()).or_default();
    entries.push(row(&[("entry", id), ("category", category), ("ip", ip)]));
    let rows = records.tables.entry("scores".to_owned()).or_default();
    for judge in 0..scores[0].len() {
        let [innovation, value, craft] = scores.map(|scores| scores[judge.min(scores.len() - 1)]);
        let judge = judge.to_string();
        let cells = [
            ("entry", id),
            ("judge", &judge),
            ("innovation", innovation),
            ("value", value),
            ("craft", craft),
        ];
        rows.push(row(&cells));
    }
}

fn entries() -> Records {
    let mut records = Records::default();
    // 100 and 10 are left out: 95. 38 + 31.5 + 22.5 = 92.
    entry(&mut records, "H1", "home", "own", [&["100", "95", "10", "95", "95"], &["90"], &["90"]]);
    // 94 and 90.5 are left out: 92. 36.8 + 31.5 + 23.7 = 92 as well; H1 is ahead in innovation.
    entry(&mut records, "H2", "home", "own", [&["91", "94", "93", "90.5", "92"], &["90"], &["94.8"]]);
    // 400.025 of five is 80.005, made 80.01: 32.004 + 28 + 20.
    let halves = ["80", "80.025", "85", "80", "70", "80", "80"];
    entry(&mut records, "H3", "home", "own", [&halves, &["80"], &["80"]]);
    // Two that are equal in everything.
    entry(&mut records, "H4", "home", "own", [&["80"; 5], &["80"], &["80"]]);
    entry(&mut records, "H5", "home", "own", [&["80"; 5], &["80"], &["80"]]);
    entry(&mut records, "H6", "home", "own", [&["79.99"; 5], &["80"], &["80"]]);
    // Four judges are too few.
    entry(&mut records, "H7", "home", "own", [&["99"; 4], &["99"], &["99"]]);
    entry(&mut records, "H8", "home", "licensed", [&["99"; 5], &["99"], &["99"]]);
    // Another category is another pool. T1 has won before: it keeps its place and receives nothing.
    entry(&mut records, "T1", "textiles", "own", [&["95"; 5], &["95"], &["95"]]);
    entry(&mut records, "T2", "textiles", "own", [&["91"; 5], &["91"], &["91"]]);
    records.tables.insert(
        "past-awards".to_owned(),
        vec![row(&[("entry", "T1"), ("result", "won")]), row(&[("entry", "T2"), ("result", "lost")])],
    );
    records
}

#[test]
fn means_without_extremes_and_few_places_in_each_category() {
    let rulebook = rulebook(&text("design-award"));
    let expected = [
        ("H1", "92 gold gold"),
        ("H2", "92 silver silver"),
        ("H3", "80.004 silver silver"),
        // One silver is left for H4 and H5: both get it.
        ("H4", "80 silver silver"),
        ("H5", "80 silver silver"),
        ("H6", "79.996 - -"),
        ("H7", "0 - -"),
        ("H8", "outside"),
        ("T1", "95 gold -"),
        ("T2", "91 silver silver"),
    ];
    let decisions = expect(&rulebook, &entries(), &[], &expected);
    assert_eq!((decisions["H1"].pool, decisions["T1"].pool), (7, 2));
    assert!(decisions["H1"].indicators.iter().all(|scored| scored.rank.is_none()));
    let decisions = decided(&rulebook, &entries(), &[("rounding", "half-even")]);
    assert_eq!(shown(&rulebook, &decisions["H3"]), "80 silver silver");
}

#[test]
fn nobody_gets_the_last_place_where_equals_are_left_out() {
    let text = text("design-award").replace("all-in", "all-out");
    let rulebook = rulebook(&text);
    let decisions = decided(&rulebook, &entries(), &[]);
    let awards = ["H1", "H2", "H3", "H4", "H5"].map(|id| decisions[id].award);
    assert_eq!(awards, [Some(0), Some(1), Some(1), None, None]);
    // With no indicator to tell them apart, H1 and H2 are equal, and nobody gets the one gold.
    let text = text.replacen("tie_break: [innovation, value]", "tie_break: []", 1);
    let rulebook = self::rulebook(&text);
    let decisions = decided(&rulebook, &entries(), &[]);
    assert_eq!(["H1", "H2"].map(|id| decisions[id].award), [Some(1), Some(1)]);
}

#[test]
fn between_equal_totals_the_first_indicator_named_decides() {
    let mut records = Records::default();
    // 38 + 30.8 + 22.5 and 36.4 + 32.2 + 22.7 are 91.3 both. A is ahead in innovation, B in value.
    entry(&mut records, "A", "home", "own", [&["95"; 5], &["88"], &["90"]]);
    entry(&mut records, "B", "home", "own", [&["91"; 5], &["92"], &["90.8"]]);
    let text = text("design-award");
    let golds = |text: &str| {
        let decisions = decided(&rulebook(text), &records, &[]);
        ["A", "B"].map(|id| (decisions[id].award == Some(0), decisions[id].score))
    };
    let score = exact("91.3");
    assert_eq!(golds(&text), [(true, score), (false, score)]);
    let turned = text.replacen("tie_break: [innovation, value]", "tie_break: [value, innovation]", 1);
    assert_eq!(golds(&turned), [(false, score), (true, score)]);
    // An award without a place goes to nobody.
    assert_eq!(golds(&text.replacen("places: 1", "places: 0", 1)), [(false, score), (false, score)]);
}
