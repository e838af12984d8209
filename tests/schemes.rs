//! Rules that the shipped rulebook does not use, on figures small enough to work out by hand: what the program knows of
//! an award stands in rulebooks, not in code.

use std::collections::BTreeMap;

use crate::project::{self, shipped_rulebook};
use jinbang::award::{Decision, judge};
use jinbang::data::Row;
use jinbang::fair::{
    Attended, Buyer, Channel, Country, Exhibitor, ExhibitorId, Facts, Invitation, KeyKind, NO_DATE, NO_KEY,
    Particulars,
};
use jinbang::lang::Lang;
use jinbang::rulebook::{AwardId, Rulebook, decimal, parse_rulebook};
use jinbang::source::{Files, Report, Style};

/// The shipped rulebook with other rules: its clauses and policies stay, `(section, text)` take the place of its own.
fn with_rules(rules: &[(&str, &str)]) -> String {
    let sections = ["measures", "gates", "scales", "indicators", "awards", "bonus"];
    let mut text = shipped_rulebook();
    for (name, rules) in rules {
        let next = sections[sections.iter().position(|known| known == name).expect("a section") + 1];
        let (from, until) = (format!("\n{name}:\n"), format!("\n{next}:\n"));
        let from = text.find(&from).expect("the section is there");
        let until = text.find(&until).expect("the next one is there");
        text.replace_range(from..until, &format!("\n{name}:\n{rules}"));
    }
    // Its worked examples are of its own rules.
    let examples = text.find("\nexamples:").expect("there are worked examples");
    text.truncate(examples + 1);
    text
}

/// What is counted of an exhibitor.
struct Counted {
    id: &'static str,
    invitations: u32,
    new: u32,
    regular: u32,
    /// Whether it was at the fair before this one.
    stayed: bool,
}

/// Exhibitors by what is counted of them: invitations, new and regular buyers.
fn counted<const N: usize>(rows: [(&'static str, u32, u32, u32); N]) -> Vec<Counted> {
    rows.map(|(id, invitations, new, regular)| Counted { id, invitations, new, regular, stayed: true }).into()
}

/// A fair of which so much is counted.
fn fair(exhibitors: &[Counted]) -> Facts {
    let mut facts = Facts { fair: 137, previous_fair: 136, ..Facts::default() };
    let row = Row { sheet: 0, row: 0 };
    for (exhibitor, counted) in ExhibitorId::each(exhibitors) {
        facts.exhibitors.push(Exhibitor {
            id: counted.id.to_owned(),
            name_zh: counted.id.to_owned(),
            name_en: None,
            further_names: BTreeMap::new(),
            particulars: Particulars::default(),
            fairs: if counted.stayed { vec![136, 137] } else { vec![137] },
            row,
        });
        let code = facts.attendance.keys[KeyKind::Code as usize].intern(counted.id);
        let keys = [code, NO_KEY, NO_KEY];
        for _ in 0..counted.invitations {
            facts.invitations.push(Invitation { exhibitor, keys, sent_on: NO_DATE, recipient: 0, row });
        }
        for buyer in 0..counted.new + counted.regular {
            facts.attendance.rows.push(Attended {
                buyer: Buyer(facts.attendance.buyers),
                keys,
                country: Country::find("FR").expect("a country"),
                channel: Channel::Onsite,
                first_time: buyer < counted.new,
                seen_on: NO_DATE,
                row,
            });
            facts.attendance.buyers += 1;
        }
    }
    facts
}

/// What is decided on each, under readings that differ from the rulebook's.
fn decided(rulebook: &Rulebook, exhibitors: &[Counted], readings: &[(&str, &str)]) -> Vec<Decision> {
    let mut choices = rulebook.choices.clone();
    for (policy, choice) in readings {
        assert!(choices.choose(policy, choice), "{policy}={choice}");
    }
    judge(&mut Report::new(), &fair(exhibitors), rulebook, &choices).decisions
}

/// Score, award earned and award received: `80 gold gold`.
fn shown(rulebook: &Rulebook, decision: &Decision) -> String {
    let award = |number: Option<AwardId>| number.map_or("-", |number| &rulebook.awards[number].id.value);
    match decision.score {
        Some(score) => format!("{} {} {}", decimal(&score), award(decision.earned), award(decision.award)),
        None => "outside".to_owned(),
    }
}

#[track_caller]
fn expect(rulebook: &Rulebook, exhibitors: &[Counted], readings: &[(&str, &str)], expected: &[&str]) {
    let decisions = decided(rulebook, exhibitors, readings);
    let found: Vec<String> = decisions.iter().map(|decision| shown(rulebook, decision)).collect();
    assert_eq!(found, expected);
}

/// Shares as exact fractions, thresholds, a ranking in which less is better, a capped deduction.
fn shares() -> Rulebook {
    project::rulebook(&with_rules(&[
        (
            "gates",
            "  - {id: not-barred, title: {zh: 甲, en: A}, stage: pool, require: no-penalty, cites: [penalty]}
  - {id: two-latest-fairs, title: {zh: 乙, en: B}, stage: two-latest-fairs, require: {took-part: [previous]}, cites: [two-fairs]}
",
        ),
        (
            "scales",
            "  - id: share
    points:
      by-value:
        - {at_least: '0.95', points: 100}
        - {at_least: '0.9', points: 80}
        - {at_least: 0, points: 0}
    cites: [ranks]
  - {id: points, points: {as-is: {min: 0, max: 20}}, cites: [ranks]}
  - id: low-is-good
    points:
      by-rank:
        order: low-to-high
        bands:
          - {from: 1, until: 30, points: 100}
          - {from: 31, until: 70, points: 70}
          - {from: 71, until: 100, points: 40}
    cites: [bands]
",
        ),
        (
            "measures",
            "  - {id: invitations-sent, title: {zh: 甲, en: A}, unit: {zh: 封, en: letters}, from: {invitations: sent}, cites: [invitations, platform]}
  - {id: new, title: {zh: 乙, en: B}, unit: {zh: 人, en: buyers}, from: {overseas-buyers: new}, cites: [new-buyers, matching, shared-buyers]}
  - {id: regular, title: {zh: 丙, en: C}, unit: {zh: 人, en: buyers}, from: {overseas-buyers: regular}, cites: [regular-buyers]}
  - {id: new-share, title: {zh: 丁, en: D}, unit: {zh: 比, en: share}, from: {ratio: {of: new, to: invitations-sent, when_zero: 0}}, cites: [pool]}
  - {id: regular-share, title: {zh: 戊, en: E}, unit: {zh: 比, en: share}, from: {ratio: {of: regular, to: invitations-sent, when_zero: 1}}, cites: [pool]}
",
        ),
        (
            "indicators",
            "  - {id: new, measure: new-share, scale: share, weight: 30, cites: [weights]}
  - {id: regular, measure: regular-share, scale: low-is-good, weight: 40, cites: [weights]}
  - {id: some, measure: new, scale: points, weight: 30, cites: [weights]}

adjustments:
  - {id: less, title: {zh: 扣分, en: Deduction}, measure: regular, points_each: -2, at_most: 5, cites: [pool]}
",
        ),
        (
            "awards",
            "  - {id: gold, title: {zh: 金, en: Gold}, at_least: 75, cites: [awards]}
  - {id: silver, title: {zh: 银, en: Silver}, at_least: 59, cites: [awards]}
",
        ),
    ]))
}

/// Invitations, new and regular buyers of four exhibitors.
fn four() -> Vec<Counted> {
    counted([("A", 20, 20, 0), ("B", 20, 19, 2), ("C", 30, 27, 3), ("D", 0, 0, 0)])
}

#[test]
fn shares_thresholds_and_deductions() {
    // A: all new, 30; no regular buyer, first: 40; 20 points as they are: 6.
    // B: 19 of 20 is 0.95 exactly: 30. A tenth is second of four, 50 %: 28. 5.7. Two regular buyers cost 4.
    // C: 0.9: 24. 3 of 30 is a tenth as well: 28. 27 is more than counts: 6. Three regular buyers cost 5, not 6.
    // D: nothing of nothing is said to be 0, and 1: 0, and last: 16.
    expect(&shares(), &four(), &[], &["76 gold gold", "59.7 silver silver", "53 - -", "16 - -"]);
}

#[test]
fn fewer_is_better_under_alternatives() {
    // The worse rank: B and C are third, at 75 %, and earn 16.
    let worse = ["76 gold gold", "47.7 - -", "41 - -", "16 - -"];
    expect(&shares(), &four(), &[("ties", "max")], &worse);
    // A share of nothing would earn the lowest band: absurd here, and therefore not the reading.
    let decisions = decided(&shares(), &four(), &[("zero-count", "lowest-band")]);
    assert_eq!(shown(&shares(), &decisions[0]), "52 - -");
}

/// Points as they are counted, and few places with ties at the edge: one gold, four silver. All send equally many
/// invitations, which earns 10 points.
fn places() -> String {
    with_rules(&[
        (
            "gates",
            "  - {id: not-barred, title: {zh: 甲, en: A}, stage: pool, require: no-penalty, cites: [penalty, pool]}
  - {id: two-latest-fairs, title: {zh: 乙, en: B}, stage: two-latest-fairs, require: {took-part: [previous]}, cites: [two-fairs]}
",
        ),
        (
            "scales",
            "  - {id: points, points: {as-is: {min: 0, max: 100}}, cites: [ranks]}
  - {id: ranked, points: {by-rank: {order: high-to-low, bands: [{from: 1, until: 100, points: 100}]}}, cites: [bands]}
",
        ),
        (
            "indicators",
            "  - {id: new, measure: new-buyers, scale: points, weight: 50, cites: [weights]}
  - {id: regular, measure: regular-buyers, scale: points, weight: 40, cites: [weights]}
  - {id: invitations, measure: invitations-sent, scale: ranked, weight: 10, cites: [weights]}
",
        ),
        (
            "awards",
            "  - {id: gold, title: {zh: 金, en: Gold}, at_least: 90, quota: {places: 1, tie_break: [new, regular], tie_at_edge: all-in}, cites: [awards]}
  - {id: silver, title: {zh: 银, en: Silver}, at_least: 82, quota: {places: 4, tie_break: [new, regular], tie_at_edge: all-in}, cites: [awards]}
",
        ),
    ])
}

/// Equal totals, of which A has more new buyers and B more regular ones.
fn equal_totals() -> Vec<Counted> {
    counted([("A", 10, 92, 90), ("B", 10, 88, 95)])
}

/// The best, who was not at the fair before; two of equal totals; one; two who are equal in everything; one with too few.
fn seven() -> Vec<Counted> {
    let best = Counted { id: "H", invitations: 10, new: 95, regular: 95, stayed: false };
    let others = counted([("C", 10, 84, 80), ("D", 10, 80, 80), ("E", 10, 80, 80), ("F", 10, 78, 80)]);
    std::iter::once(best).chain(equal_totals()).chain(others).collect()
}

#[test]
fn few_places_and_those_who_are_equal_at_their_end() {
    // Whose award is withheld keeps its place. One silver is left for D and E: both get it.
    let expected = [
        "95.5 gold -",
        "92 silver silver",
        "92 silver silver",
        "84 silver silver",
        "82 silver silver",
        "82 silver silver",
        "81 - -",
    ];
    expect(&project::rulebook(&places()), &seven(), &[], &expected);
    let out = project::rulebook(&places().replace("all-in", "all-out"));
    let decisions = decided(&out, &seven(), &[]);
    let received: Vec<Option<AwardId>> = decisions.iter().map(|decision| decision.award).collect();
    let silver = Some(AwardId::new(1));
    assert_eq!(received, [None, silver, silver, silver, None, None, None]);
}

#[test]
fn between_equal_totals_the_first_indicator_named_decides() {
    let golds = |text: &str| {
        let decisions = decided(&project::rulebook(text), &equal_totals(), &[]);
        assert_eq!(decisions[0].score, decisions[1].score);
        [0, 1].map(|number: usize| decisions[number].award == Some(AwardId::new(0)))
    };
    let text = places();
    assert_eq!(golds(&text), [true, false]);
    let first = |by: &str| text.replacen("tie_break: [new, regular]", &format!("tie_break: [{by}]"), 1);
    assert_eq!(golds(&first("regular, new")), [false, true]);
    // With no indicator to tell them apart, both get the one place or neither.
    assert_eq!(golds(&first("")), [true, true]);
    assert_eq!(golds(&first("").replace("all-in", "all-out")), [false, false]);
    // An award without a place goes to nobody.
    assert_eq!(golds(&text.replacen("places: 1", "places: 0", 1)), [false, false]);
}

#[test]
fn a_rulebook_that_judges_others_than_exhibitors_is_refused_with_its_place() {
    let text = shipped_rulebook().replacen("subject: exhibitors", "subject: delegations", 1);
    let files = Files::new(".");
    let mut report = Report::new();
    let file = files.id("delegations.yaml");
    assert!(parse_rulebook(&mut report, &files, file, text.into(), &[Lang::ZH, Lang::EN]).is_none());
    let said = report.render(&files, Style::Plain, Lang::EN);
    assert!(said.contains("unknown value `delegations`"), "{said}");
    assert!(said.contains("delegations.yaml:19:10"), "{said}");
}
