//! Ranks, percents, bands, points, score and award, held against a word-by-word definition in whole numbers: all
//! small pools, every rank of every pool up to 250, and properties of whole fairs.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jinbang::award::{Decision, Standing, Subject, decide};
use jinbang::fair::Observers;
use jinbang::lang::Lang;
use jinbang::project::{judge_fair, read_fair};
use jinbang::rulebook::{AwardId, Choices, Exact, GateId, Rulebook, parse_rulebook};
use jinbang::source::{Files, Report, Style};
use proptest::prelude::*;

use crate::project;
use crate::project::Project;

static RULEBOOK: LazyLock<Rulebook> = LazyLock::new(|| {
    let files = Files::new(".");
    let mut report = Report::new();
    let file = files.id("i-invite-1.yaml");
    let bytes = project::shipped_rulebook().into_bytes();
    let read = parse_rulebook(&mut report, &files, file, bytes, &[Lang::ZH, Lang::EN]);
    assert!(!report.has_errors(), "{}", report.render(&files, Style::Plain, jinbang::lang::Lang::EN));
    read.expect("the shipped rulebook is sound")
});

// ------------------------------------------------------------------------------------------ the definition

/// The readings that touch ranking, as words.
#[derive(Clone, Copy, Debug)]
struct Readings {
    ties: &'static str,
    rounding: &'static str,
    zero_percent: &'static str,
    zero_count: &'static str,
    two_latest_fairs: &'static str,
}

const APPLIED: Readings = Readings {
    ties: "competition",
    rounding: "half-up",
    zero_percent: "first-band",
    zero_count: "as-ranked",
    two_latest_fairs: "award",
};

impl Readings {
    fn choices(self) -> Choices {
        let mut choices = RULEBOOK.choices.clone();
        for (policy, choice) in [
            ("ties", self.ties),
            ("rounding", self.rounding),
            ("zero-percent", self.zero_percent),
            ("zero-count", self.zero_count),
            ("two-latest-fairs", self.two_latest_fairs),
        ] {
            assert!(choices.choose(policy, choice), "{policy}={choice}");
        }
        choices
    }

    /// The readings that are applied, and every alternative of each in turn.
    fn one_by_one() -> Vec<Readings> {
        let mut all = vec![APPLIED];
        all.extend(["max", "average"].map(|ties| Readings { ties, ..APPLIED }));
        all.extend(["half-even", "none"].map(|rounding| Readings { rounding, ..APPLIED }));
        all.push(Readings { zero_percent: "no-band", ..APPLIED });
        all.push(Readings { zero_count: "lowest-band", ..APPLIED });
        all.push(Readings { two_latest_fairs: "pool", ..APPLIED });
        all
    }

    /// Every combination.
    fn all() -> Vec<Readings> {
        let mut all = Vec::new();
        for ties in ["competition", "max", "average"] {
            for rounding in ["half-up", "half-even", "none"] {
                for zero_percent in ["first-band", "no-band"] {
                    for zero_count in ["as-ranked", "lowest-band"] {
                        for two_latest_fairs in ["award", "pool"] {
                            all.push(Readings { ties, rounding, zero_percent, zero_count, two_latest_fairs });
                        }
                    }
                }
            }
        }
        all
    }
}

/// An exhibitor as the rules see it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Exhibitor {
    invitations: u64,
    new: u64,
    regular: u64,
    no_penalty: bool,
    two_latest_fairs: bool,
}

/// What the rules give to an exhibitor in the pool for one indicator. Fractions as numerator and denominator.
#[derive(PartialEq, Eq, Debug)]
struct Place {
    rank: (u64, u64),
    percent: (u64, u64),
    points: u64,
}

fn in_pool(exhibitor: &Exhibitor, readings: Readings) -> bool {
    exhibitor.invitations >= 10
        && exhibitor.new + exhibitor.regular >= 5
        && exhibitor.no_penalty
        && (readings.two_latest_fairs == "award" || exhibitor.two_latest_fairs)
}

fn place(count: u64, pool: &[u64], readings: Readings) -> Place {
    let larger = pool.iter().filter(|other| **other > count).count() as u64;
    let larger_or_equal = pool.iter().filter(|other| **other >= count).count() as u64;
    // Twice the rank, so that a mean is whole.
    let twice = match readings.ties {
        "competition" => 2 * (1 + larger),
        "max" => 2 * larger_or_equal,
        _ => 1 + larger + larger_or_equal,
    };
    let (over, under) = (100 * twice, 2 * pool.len() as u64);
    let (whole, rest) = (over / under, over % under);
    let percent = match readings.rounding {
        "half-up" if 2 * rest >= under => (whole + 1, 1),
        "half-up" => (whole, 1),
        "half-even" if 2 * rest > under || (2 * rest == under && whole % 2 == 1) => (whole + 1, 1),
        "half-even" => (whole, 1),
        _ => (over, under),
    };
    // The percent is at most 20, at most 40 …
    let at_most = |end: u64| percent.0 <= end * percent.1;
    let points = if count == 0 && readings.zero_count == "lowest-band" {
        20
    } else if percent.0 == 0 && readings.zero_percent == "no-band" {
        0
    } else if at_most(20) {
        100
    } else if at_most(40) {
        80
    } else if at_most(60) {
        60
    } else if at_most(80) {
        40
    } else {
        20
    };
    Place { rank: (twice, 2), percent, points }
}

/// Score and awards of an exhibitor by the points of its indicators: earned, received.
fn awarded(points: [u64; 3], two_latest_fairs: bool) -> (u64, Option<AwardId>, Option<AwardId>) {
    let hundredfold = 10 * points[0] + 70 * points[1] + 20 * points[2];
    assert_eq!(hundredfold % 100, 0, "points are multiples of 20");
    let score = hundredfold / 100;
    let earned = match score {
        80.. => Some(AwardId::new(0)),
        60..80 => Some(AwardId::new(1)),
        _ => None,
    };
    (score, earned, earned.filter(|_| two_latest_fairs))
}

// ------------------------------------------------------------------------------------------ held against it

fn exact((over, under): (u64, u64)) -> Exact {
    Exact::new(over.into(), under.into())
}

fn subject(exhibitor: &Exhibitor) -> Subject {
    let &Exhibitor { invitations, new, regular, no_penalty, two_latest_fairs } = exhibitor;
    let whole = |number: u64| Exact::from_integer(number.into());
    let values = RULEBOOK.measures.iter().map(|measure| match measure.id.value.as_str() {
        "invitations-sent" => whole(invitations),
        "new-buyers" => whole(new),
        "regular-buyers" => whole(regular),
        "buyers" => whole(new + regular),
        other => panic!("measure {other}"),
    });
    let met = RULEBOOK.gates.iter().map(|gate| match gate.id.value.as_str() {
        "no-penalty" => no_penalty,
        "two-latest-fairs" => two_latest_fairs,
        _ => true,
    });
    Subject { values: values.collect(), met: met.collect() }
}

fn hold(exhibitors: &[Exhibitor], readings: Readings, choices: &Choices) {
    let subjects: Vec<Subject> = exhibitors.iter().map(subject).collect();
    let decisions = decide(&RULEBOOK, choices, &subjects);
    let pool: Vec<Exhibitor> = exhibitors.iter().filter(|e| in_pool(e, readings)).copied().collect();
    let counts = [
        pool.iter().map(|e| e.invitations).collect::<Vec<_>>(),
        pool.iter().map(|e| e.new).collect(),
        pool.iter().map(|e| e.regular).collect(),
    ];
    for (exhibitor, decision) in exhibitors.iter().zip(&decisions) {
        let case = || format!("{exhibitor:?} among {exhibitors:?} with {readings:?}");
        let mut failed = Vec::new();
        let gates = [
            exhibitor.invitations >= 10,
            exhibitor.new + exhibitor.regular >= 5,
            exhibitor.no_penalty,
            exhibitor.two_latest_fairs,
        ];
        failed.extend(GateId::all(&gates).filter(|&gate| !gates[..][gate]));
        assert_eq!(decision.failed, failed, "{}", case());
        if !in_pool(exhibitor, readings) {
            assert_eq!(decision.standing, Standing::Outside, "{}", case());
            assert_eq!((decision.score, decision.earned, decision.award), (None, None, None), "{}", case());
            continue;
        }
        assert_eq!(decision.standing, Standing::Evaluated, "{}", case());
        assert_eq!(decision.pool, pool.len(), "{}", case());
        let own = [exhibitor.invitations, exhibitor.new, exhibitor.regular];
        let mut points = [0; 3];
        for (indicator, scored) in decision.indicators.iter().enumerate() {
            let expected = place(own[indicator], &counts[indicator], readings);
            assert_eq!(scored.count, exact((own[indicator], 1)), "{}", case());
            assert_eq!(scored.rank, Some(exact(expected.rank)), "{}", case());
            assert_eq!(scored.percent, Some(exact(expected.percent)), "{}", case());
            assert_eq!(scored.points, exact((expected.points, 1)), "{}", case());
            points[indicator] = expected.points;
        }
        let (score, earned, award) = awarded(points, exhibitor.two_latest_fairs);
        assert_eq!(decision.score, Some(exact((score, 1))), "{}", case());
        assert_eq!((decision.earned, decision.award), (earned, award), "{}", case());
    }
}

/// All exhibitors with counts at, below and above the gates, of which one missed a fair and one is under a penalty.
fn kinds() -> Vec<Exhibitor> {
    let mut kinds = Vec::new();
    for invitations in [9, 10, 12] {
        for new in [0, 5, 6] {
            for regular in [0, 5] {
                kinds.push(Exhibitor { invitations, new, regular, no_penalty: true, two_latest_fairs: true });
            }
        }
    }
    let best = Exhibitor { invitations: 12, new: 6, regular: 5, no_penalty: true, two_latest_fairs: true };
    kinds.push(Exhibitor { two_latest_fairs: false, ..best });
    kinds.push(Exhibitor { no_penalty: false, ..best });
    kinds
}

/// Every choice of `size` kinds, each as often as one likes; the order is turned from one to the next.
fn pools(kinds: &[Exhibitor], size: usize, take: &mut dyn FnMut(&[Exhibitor])) {
    fn choose(
        kinds: &[Exhibitor],
        size: usize,
        chosen: &mut Vec<Exhibitor>,
        take: &mut dyn FnMut(&[Exhibitor]),
    ) {
        if size == 0 {
            return take(chosen);
        }
        for (number, kind) in kinds.iter().enumerate() {
            chosen.push(*kind);
            choose(&kinds[number..], size - 1, chosen, take);
            chosen.pop();
        }
    }
    let mut turn = 0;
    choose(kinds, size, &mut Vec::new(), &mut |chosen| {
        let mut pool = chosen.to_vec();
        turn += 1;
        pool.rotate_left(turn % size);
        take(&pool);
    });
}

#[test]
fn all_pools_of_up_to_four_under_every_reading_in_turn() {
    let kinds = kinds();
    std::thread::scope(|scope| {
        for half in 0..2 {
            let kinds = &kinds;
            scope.spawn(move || {
                for readings in Readings::one_by_one().into_iter().skip(half).step_by(2) {
                    let choices = readings.choices();
                    for size in 1..=4 {
                        pools(kinds, size, &mut |pool| hold(pool, readings, &choices));
                    }
                }
            });
        }
    });
}

#[test]
fn all_pools_of_up_to_two_under_every_combination_of_readings() {
    for readings in Readings::all() {
        let choices = readings.choices();
        for size in 1..=2 {
            pools(&kinds(), size, &mut |pool| hold(pool, readings, &choices));
        }
    }
}

#[test]
fn every_rank_of_pools_of_up_to_250_under_every_way_to_round() {
    // Sizes in which percents fall on halves, on 0 and on the ends of bands, and some between.
    let sizes = (1..=50).chain([99, 100, 101, 120, 160, 199, 200, 201, 202, 240, 250]);
    let readings: Vec<(Readings, Choices)> = Readings::all()
        .into_iter()
        .filter(|readings| readings.zero_count == "lowest-band" && readings.two_latest_fairs == "award")
        .map(|readings| (readings, readings.choices()))
        .collect();
    for size in sizes {
        for (number, (readings, choices)) in readings.iter().enumerate() {
            // Ties of one, two or three, the same number of buyers for all.
            let tied = 1 + (number as u64 + size) % 3;
            let exhibitor = |place: u64| Exhibitor {
                invitations: 10 + place / tied,
                new: 5,
                regular: place % 7,
                no_penalty: true,
                two_latest_fairs: true,
            };
            let exhibitors: Vec<Exhibitor> = (0..size).map(exhibitor).collect();
            hold(&exhibitors, *readings, choices);
        }
    }
}

// ------------------------------------------------------------------------------------------ properties of fairs

/// A row of invitations: exhibitor, kind of key, number of key, whether it was sent.
type Invitation = (usize, u8, u8, bool);
/// A row of attendance: buyer, company, whether its own e-mail stands there, on site, first time, attended.
type Attendance = (u8, u8, bool, bool, bool, bool);

#[derive(Clone, Debug)]
struct Fair {
    exhibitors: Vec<String>,
    invitations: Vec<Invitation>,
    attendance: Vec<Attendance>,
}

/// Fairs of up to six exhibitors, most of them in the pool.
fn fairs() -> impl Strategy<Value = Fair> {
    (2usize..=6).prop_flat_map(|count| {
        let invitation = (0..count, 0u8..3, 0u8..14, prop::bool::weighted(0.95));
        let attendance =
            (0u8..14, 0u8..5, any::<bool>(), any::<bool>(), any::<bool>(), prop::bool::weighted(0.95));
        let invitations = prop::collection::vec(invitation, 14 * count..20 * count);
        let attendance = prop::collection::vec(attendance, 25..50);
        (invitations, attendance).prop_map(move |(invitations, attendance)| Fair {
            exhibitors: (0..count).map(|number| format!("E{number}")).collect(),
            invitations,
            attendance,
        })
    })
}

/// What an exhibitor gets, without its place in the files.
#[derive(Clone, PartialEq, Debug)]
struct Got {
    counts: (u32, u32, u32),
    decision: Decision,
}

/// Judges a fair through its files.
fn judged(fair: &Fair, readings: &[(&str, &str)]) -> BTreeMap<String, Got> {
    judged_from(&project_of(fair), readings)
}

/// The files of a fair.
fn project_of(fair: &Fair) -> Project {
    let project = Project::new();
    let mut text = "exhibitor,name_zh,fairs\n".to_owned();
    for exhibitor in &fair.exhibitors {
        text.push_str(&format!("{exhibitor},示例,136;137\n"));
    }
    project.table("exhibitors.csv", text);
    // No two letters were sent in one second: equal rows in two files would be taken for one export read twice.
    let mut text = "exhibitor,code,company,email,status,sent_on\n".to_owned();
    for (number, (exhibitor, kind, key, sent)) in fair.invitations.iter().enumerate() {
        let keys = match kind {
            0 => format!("C{key},,"),
            1 => format!(",Company {},", key % 5),
            _ => format!(",,b{key}@example.com"),
        };
        let status = if *sent { "sent" } else { "failed" };
        let sent_on = format!("2025-04-01 10:{:02}:{:02}", number / 60 % 60, number % 60);
        text.push_str(&format!("{},{keys},{status},{sent_on}\n", fair.exhibitors[*exhibitor]));
    }
    project.table("invitations.csv", text);
    let mut text = "buyer,code,company,email,country,channel,first_time,attended\n".to_owned();
    for (buyer, company, email, onsite, first_time, attended) in &fair.attendance {
        // A buyer has one country; every seventh comes from the mainland.
        let country = if buyer % 7 == 6 { "CN" } else { "FR" };
        let key =
            if *email { format!(",Company {company},b{buyer}@example.com") } else { format!("C{buyer},,") };
        let channel = if *onsite { "onsite" } else { "online" };
        let yes = |truth: &bool| if *truth { "yes" } else { "no" };
        text.push_str(&format!("B{buyer},{key},{country},{channel},{},{}\n", yes(first_time), yes(attended)));
    }
    project.table("attendance.csv", text);
    project.table("penalties.csv", "exhibitor,from_fair,until_fair\n");
    project
}

fn judged_from(project: &Project, readings: &[(&str, &str)]) -> BTreeMap<String, Got> {
    let files = Files::new(project.root());
    let mut report = Report::new();
    let read = read_fair(&mut report, &files, 137).expect("files can be read").expect("fair.yaml is sound");
    let readings: Vec<(String, String)> =
        readings.iter().map(|(policy, choice)| ((*policy).to_owned(), (*choice).to_owned())).collect();
    let judged = judge_fair(
        &mut report,
        &files,
        &read,
        std::slice::from_ref(&*RULEBOOK),
        &readings,
        Observers::none(),
    )
    .expect("files can be read");
    assert!(!report.has_errors(), "{}", report.render(&files, Style::Plain, jinbang::lang::Lang::EN));
    let judged = judged.expect("the fair is judged");
    let got = judged.results.credits.iter().zip(&judged.results.decisions).map(|(credit, decision)| Got {
        counts: (credit.invitations, credit.new, credit.regular),
        decision: decision.clone(),
    });
    judged.facts.exhibitors.iter().map(|exhibitor| exhibitor.id.clone()).zip(got).collect()
}

/// The text of a table with other buyers, companies, codes and addresses, different ones staying different.
fn renamed_keys(text: &str, seed: u8) -> String {
    let (heading, rows) = text.split_once('\n').expect("there are rows");
    let other = |number: &str| match number.parse::<u32>() {
        Ok(number) => (number * 31 + u32::from(seed)).to_string(),
        Err(_) => number.to_owned(),
    };
    let cell = |cell: &str| {
        for (before, after, new) in
            [("Company ", "", "公司 "), ("b", "@example.com", "buyer."), ("C", "", "Code-"), ("B", "", "0")]
        {
            let number = cell.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
            if let Some(number) = number.filter(|number| number.bytes().all(|byte| byte.is_ascii_digit())) {
                return format!("{new}{}{after}", other(number));
            }
        }
        cell.to_owned()
    };
    let row = |row: &str| row.split(',').map(cell).collect::<Vec<_>>().join(",");
    format!("{heading}\n{}\n", rows.lines().map(row).collect::<Vec<_>>().join("\n"))
}

/// Readings under which the order of things must hold as well.
const TIES: [&[(&str, &str)]; 3] = [&[], &[("ties", "max")], &[("ties", "average"), ("rounding", "none")]];

fn few() -> ProptestConfig {
    ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(few())]

    #[test]
    fn the_order_of_rows_is_irrelevant(fair in fairs(), seed in any::<u64>()) {
        let mut turned = fair.clone();
        let by = |length: usize| usize::try_from(seed % length.max(1) as u64).expect("it is small");
        turned.invitations.reverse();
        turned.invitations.rotate_left(by(fair.invitations.len()));
        turned.attendance.reverse();
        turned.attendance.rotate_left(by(fair.attendance.len()));
        turned.exhibitors.reverse();
        let last = fair.exhibitors.len() - 1;
        for invitation in &mut turned.invitations {
            invitation.0 = last - invitation.0;
        }
        prop_assert_eq!(judged(&fair, &[]), judged(&turned, &[]));
    }

    #[test]
    fn renaming_exhibitors_renames_results(fair in fairs()) {
        let mut renamed = fair.clone();
        let count = fair.exhibitors.len();
        for (number, exhibitor) in renamed.exhibitors.iter_mut().enumerate() {
            *exhibitor = format!("企业{}", count - number);
        }
        let names: BTreeMap<&String, &String> = fair.exhibitors.iter().zip(&renamed.exhibitors).collect();
        let expected: BTreeMap<String, Got> =
            judged(&fair, &[]).into_iter().map(|(id, got)| (names[&id].clone(), got)).collect();
        prop_assert_eq!(expected, judged(&renamed, &[]));
    }

    #[test]
    fn one_more_invitation_never_lowers_ones_own_total(fair in fairs(), kind in 0u8..3, key in 0u8..14) {
        let mut more = fair.clone();
        more.invitations.push((0, kind, key, true));
        let (before, after) = (judged(&fair, &[]), judged(&more, &[]));
        let (before, after) = (&before["E0"], &after["E0"]);
        prop_assert!(after.decision.score >= before.decision.score, "{before:?} {after:?}");
        prop_assert!(after.counts.1 >= before.counts.1 && after.counts.2 >= before.counts.2);
    }

    #[test]
    fn a_larger_count_never_earns_less(fair in fairs(), readings in 0usize..3) {
        let got = judged(&fair, TIES[readings]);
        for one in got.values() {
            for other in got.values() {
                for (one, other) in one.decision.indicators.iter().zip(&other.decision.indicators) {
                    if one.count > other.count {
                        prop_assert!(one.points >= other.points, "{one:?} {other:?}");
                        prop_assert!(one.rank < other.rank, "{one:?} {other:?}");
                    } else if one.count == other.count {
                        prop_assert_eq!(one, other);
                    }
                }
            }
        }
    }

    #[test]
    fn a_failed_invitation_changes_nothing(fair in fairs(), kind in 0u8..3, key in 0u8..14, at in 0usize..12) {
        let mut more = fair.clone();
        more.invitations.insert(at, (0, kind, key, false));
        prop_assert_eq!(judged(&fair, &[]), judged(&more, &[]));
    }

    #[test]
    fn a_buyer_whom_nobody_invited_changes_nothing(fair in fairs(), first_time in any::<bool>()) {
        let mut more = fair.clone();
        // Neither the code nor the e-mail of buyer 30 stands in an invitation.
        more.attendance.push((30, 0, false, true, first_time, true));
        prop_assert_eq!(judged(&fair, &[]), judged(&more, &[]));
    }

    #[test]
    fn renaming_buyers_companies_and_codes_changes_nothing(fair in fairs(), seed in 1u8..13) {
        let project = project_of(&fair);
        let renamed = project_of(&fair);
        for table in ["invitations.csv", "attendance.csv"] {
            let path = renamed.root().join("data/fairs/137").join(table);
            let text = std::fs::read_to_string(&path).expect("it was written");
            renamed.table(table, renamed_keys(&text, seed));
        }
        prop_assert_eq!(judged_from(&project, &[]), judged_from(&renamed, &[]));
    }

    #[test]
    fn the_order_of_sources_is_irrelevant(fair in fairs(), first in any::<bool>()) {
        let project = project_of(&fair);
        let mut text = project::FAIR.to_owned();
        for table in ["exhibitors", "invitations", "attendance"] {
            let path = project.root().join(format!("data/fairs/137/{table}.csv"));
            let rows = std::fs::read_to_string(&path).expect("it was written");
            let (heading, rows) = rows.split_once('\n').expect("there are rows");
            let (mut one, mut other) = (format!("{heading}\n"), format!("{heading}\n"));
            for (number, row) in rows.lines().enumerate() {
                let part = if number % 3 == 0 { &mut one } else { &mut other };
                part.push_str(row);
                part.push('\n');
            }
            let fields = project::DECIDING.iter().find(|(known, _)| *known == table).expect("it decides").1;
            let mut sources = Vec::new();
            for (number, part) in [(1, one), (2, other)] {
                // A part without a row, or without a value in a column, would be an error.
                if part.lines().count() > 1 {
                    let absent = project::absent_fields(&part, fields);
                    sources.push(format!("{{absent: [{absent}], file: {table}-{number}.csv}}"));
                }
                project.table(&format!("{table}-{number}.csv"), part);
            }
            if !first {
                sources.reverse();
            }
            let sources = format!("[{}]", sources.join(", "));
            text = text.replace(&format!("[{{file: {table}.csv}}]"), &sources);
        }
        let whole = judged_from(&project, &[]);
        project.table("fair.yaml", text);
        prop_assert_eq!(whole, judged_from(&project, &[]));
    }

    #[test]
    fn a_buyer_who_did_not_come_changes_nothing(fair in fairs(), buyer in 0u8..20, company in 0u8..5) {
        let mut more = fair.clone();
        more.attendance.insert(0, (buyer, company, true, true, false, false));
        prop_assert_eq!(judged(&fair, &[]), judged(&more, &[]));
    }
}

#[test]
fn most_of_the_fairs_tried_have_a_pool() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut pools = 0;
    for _ in 0..20 {
        let fair = proptest::strategy::ValueTree::current(&fairs().new_tree(&mut runner).expect("a fair"));
        let got = judged(&fair, &[]);
        pools +=
            usize::from(got.values().filter(|got| got.decision.standing == Standing::Evaluated).count() > 1);
    }
    assert!(pools >= 10, "only {pools} of 20");
}
