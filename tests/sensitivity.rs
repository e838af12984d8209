//! Other readings and margins, held against judging everything again; explanations, held against the facts.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use jinbang::award::{
    Count, Margin, Results, Verdict, alternatives, decide, explain, margins, next_award, sensitivity,
};
use jinbang::data::Row;
use jinbang::fair::{ExhibitorId, Facts, NO_DATE};
use jinbang::rulebook::{
    AwardId, Exact, GateId, IndicatorId, MeasureId, POLICIES, PolicyId, PolicyStatus, Rulebook, Stage,
    TwoLatestFairs,
};

use crate::project;
use crate::project::Project;
use crate::project::fairs::{facts, judged, ladder, random_fair, subjects};

static RULEBOOK: LazyLock<Rulebook> = LazyLock::new(|| project::rulebook(&project::shipped_rulebook()));

/// The shipped rules with parts of them replaced, each of which stands there once, and without worked examples.
fn with(parts: &[(&str, &str)]) -> Rulebook {
    let mut text = project::shipped_rulebook();
    text.truncate(text.find("\nexamples:\n").expect("there are examples") + 1);
    for (part, by) in [("    at_most: 79\n", "")].iter().chain(parts) {
        assert_eq!(text.matches(part).count(), 1, "{part}");
        text = text.replace(part, by);
    }
    project::rulebook(&text)
}

/// Rules of other kinds, each with a change so large that nobody needs a larger one.
static OTHERS: LazyLock<[(Rulebook, u32); 4]> = LazyLock::new(|| {
    // Few places for gold.
    let quota = "    at_least: 80\n    quota: {places: 2, tie_break: [new, regular], tie_at_edge: all-out}\n";
    // A share, and scales of values: twelve new buyers for each invitation, sixty regular buyers.
    let share = "    from: {sum: [new-buyers, regular-buyers]}\n    cites: [pool]\n  - id: new-share\n    \
        title: {zh: 比例, en: Share}\n    unit: {zh: 比, en: of one}\n    \
        from: {ratio: {of: new-buyers, to: invitations-sent, when_zero: 0}}\n    cites: [pool]\n";
    let scales = "    cites: [ranks, bands]\n  - id: shares\n    points:\n      by-value:\n        \
        - {at_least: 12, points: 100}\n        - {at_least: \"0.2\", points: 60}\n        - {at_least: 0, points: 20}\n    \
        cites: [bands]\n  - id: levels\n    points:\n      by-value:\n        \
        - {at_least: 60, points: 100}\n        - {at_least: 3, points: 60}\n        - {at_least: 0, points: 20}\n    \
        cites: [bands]\n\nindicators:";
    // Points for each invitation, up to four hundred.
    let effort = "adjustments:\n  - {id: effort, title: {zh: 努力, en: Effort}, measure: invitations-sent, \
        points_each: \"0.05\", at_most: 20, cites: [weights]}\n\nawards:";
    [
        (with(&[("    at_least: 80\n", quota)]), 40),
        (
            with(&[
                ("    from: {sum: [new-buyers, regular-buyers]}\n    cites: [pool]\n", share),
                ("    cites: [ranks, bands]\n\nindicators:", scales),
                (
                    "measure: invitations-sent, scale: standing, weight: 10",
                    "measure: new-share, scale: shares, weight: 40",
                ),
                ("scale: standing, weight: 70", "scale: standing, weight: 40"),
                ("measure: regular-buyers, scale: standing", "measure: regular-buyers, scale: levels"),
            ]),
            260,
        ),
        (with(&[("awards:\n  - id: gold", &format!("{effort}\n  - id: gold"))]), 420),
        // Nobody is in the pool; whoever enters it is alone there.
        (
            with(&[
                ("measure: invitations-sent, number: 10}", "measure: invitations-sent, number: 500}"),
                ("at_least: 60\n", "at_least: 20\n"),
            ]),
            520,
        ),
    ]
});

/// Random fairs of many sizes, and some in which percents fall on halves and on 0.
fn fairs() -> impl Iterator<Item = Facts> {
    let made = |make: &dyn Fn(&Project)| {
        let project = Project::new();
        make(&project);
        facts(&project, &RULEBOOK)
    };
    let random = (0..24).map(move |seed| made(&|project| random_fair(project, seed, 6 + 2 * seed)));
    random.chain([64, 200, 203].map(move |size| made(&|project| ladder(project, size))))
}

#[test]
fn only_what_a_reading_touches_is_computed_again_and_nothing_else_comes_out() {
    let mut differ = BTreeSet::new();
    for facts in fairs() {
        let applied = judged(&facts, &RULEBOOK, &RULEBOOK.choices);
        let found = alternatives(&facts, &RULEBOOK, &applied);
        let mut asked = 0;
        for (policy, choices) in POLICIES {
            let chosen = &RULEBOOK.policies[*policy].choice.value;
            for choice in choices.iter().filter(|choice| *choice != chosen) {
                asked += 1;
                let reading = found
                    .iter()
                    .find(|reading| (reading.policy.name(), reading.choice) == (*policy, *choice));
                let reading = reading.unwrap_or_else(|| panic!("no reading {policy}={choice}"));
                let mut choices = RULEBOOK.choices.clone();
                assert!(choices.choose(policy, choice));
                let again = judged(&facts, &RULEBOOK, &choices);
                let expected: Vec<_> = again
                    .sorted
                    .iter()
                    .map(|&number| {
                        let [award, would] =
                            [&applied, &again].map(|results| results.decisions[number].award);
                        (number, award, would)
                    })
                    .filter(|(_, award, would)| award != would)
                    .collect();
                let changes: Vec<_> = reading
                    .changes
                    .iter()
                    .map(|change| (change.exhibitor, change.award, change.would))
                    .collect();
                assert_eq!(changes, expected, "{policy}={choice}");
                assert_eq!(reading.pool, again.pool, "{policy}={choice}");
                assert_eq!(
                    reading.received,
                    AwardId::all(&RULEBOOK.awards).map(|award| again.received(award)).collect::<Vec<_>>(),
                    "{policy}={choice}"
                );
                if !changes.is_empty() {
                    differ.insert(format!("{policy}={choice}"));
                }
            }
        }
        assert_eq!(found.len(), asked);
    }
    // The test has something to find: all readings but those of procedure change an award somewhere.
    assert_eq!(differ.len(), 11, "{differ:?}");
}

#[test]
fn what_is_counted_is_told_by_its_measure() {
    assert_eq!(
        Count::ALL.map(|count| count.measure(&RULEBOOK)),
        [0, 1, 2].map(|place| Some(MeasureId::new(place)))
    );
    let without = with(&[("from: {overseas-buyers: regular}", "from: {sum: [new-buyers]}")]);
    assert_eq!(
        Count::ALL.map(|count| count.measure(&without)),
        [Some(MeasureId::new(0)), Some(MeasureId::new(1)), None]
    );
}

/// What is counted of each exhibitor of a fair: invitations, new, regular.
fn counts(results: &Results) -> Vec<[u32; 3]> {
    results.credits.iter().map(|credit| [credit.invitations, credit.new, credit.regular]).collect()
}

/// Everything decided again, with one count of one exhibitor another.
struct Brute<'a> {
    facts: &'a Facts,
    rulebook: &'a Rulebook,
    counts: Vec<[u32; 3]>,
}

impl Brute<'_> {
    /// The award that the exhibitor would receive.
    fn award(&self, exhibitor: ExhibitorId, count: usize, to: u32) -> Option<AwardId> {
        let mut counts = self.counts.clone();
        counts[exhibitor][count] = to;
        let subjects = subjects(self.facts, self.rulebook, &counts);
        decide(self.rulebook, &self.rulebook.choices, &subjects)[exhibitor].award
    }
}

/// Holds the margins of a fair against deciding everything again. Returns what kinds of margins there are.
fn hold_margins(facts: &Facts, rulebook: &Rulebook) -> BTreeSet<(Count, bool)> {
    let applied = judged(facts, rulebook, &rulebook.choices);
    let brute = Brute { facts, rulebook, counts: counts(&applied) };
    let mut expected = Vec::new();
    for &exhibitor in &applied.sorted {
        let award = applied.decisions[exhibitor].award;
        for (number, count) in Count::ALL.into_iter().enumerate() {
            let from = brute.counts[exhibitor][number];
            for to in [from.checked_sub(1), Some(from + 1)].into_iter().flatten() {
                let would = brute.award(exhibitor, number, to);
                if would != award {
                    expected.push(Margin { exhibitor, count, from, to, award, would });
                }
            }
        }
    }
    assert_eq!(margins(facts, rulebook, &applied), expected);
    expected.iter().map(|margin| (margin.count, margin.to > margin.from)).collect()
}

#[test]
fn margins_are_what_judging_everything_again_finds() {
    let small = || fairs().filter(|facts| facts.exhibitors.len() < 50);
    let seen: BTreeSet<_> = small().flat_map(|facts| hold_margins(&facts, &RULEBOOK)).collect();
    assert_eq!(seen.len(), 6, "both directions of every count: {seen:?}");
    for (rulebook, _) in &OTHERS[..3] {
        let seen: BTreeSet<_> = small().step_by(3).flat_map(|facts| hold_margins(&facts, rulebook)).collect();
        assert!(seen.len() > 3, "{seen:?}");
    }
}

/// Holds the way to the next award of everyone against deciding everything again, for changes of up to `most`.
/// Returns what kinds of ways there are.
fn hold_next(facts: &Facts, rulebook: &Rulebook, most: u32) -> BTreeSet<(Option<AwardId>, bool, bool)> {
    let applied = judged(facts, rulebook, &rulebook.choices);
    let brute = Brute { facts, rulebook, counts: counts(&applied) };
    let mut found = BTreeSet::new();
    for exhibitor in ExhibitorId::all(&facts.exhibitors) {
        let award = applied.decisions[exhibitor].award;
        let next = next_award(facts, rulebook, &applied, exhibitor);
        if award == Some(AwardId::new(0)) {
            assert_eq!(next, None, "nothing is above gold");
            continue;
        }
        let next = next.expect("something is above");
        assert_eq!(next.award, AwardId::new(if award.is_none() { 1 } else { 0 }));
        let mut expected = Vec::new();
        for (place, count) in Count::ALL.into_iter().enumerate() {
            let from = brute.counts[exhibitor][place];
            let would = |to: u32| brute.award(exhibitor, place, to);
            let reaches = |to: u32| would(to).is_some_and(|would| award.is_none_or(|award| would < award));
            let to = (1..=most).find_map(|step| {
                let less = from.checked_sub(step).filter(|&to| reaches(to));
                Some(from + step).filter(|&to| reaches(to)).or(less)
            });
            expected.extend(to.map(|to| (count, from, to, would(to))));
        }
        expected.sort_by_key(|(_, from, to, _)| from.abs_diff(*to));
        let changes: Vec<_> =
            next.changes.iter().map(|change| (change.count, change.from, change.to, change.would)).collect();
        assert_eq!(changes, expected, "{exhibitor:?}");
        let barred: Vec<&str> =
            next.barred.iter().map(|&gate| rulebook.gates[gate].id.value.as_str()).collect();
        let failed = &applied.decisions[exhibitor].failed;
        let failed = failed.iter().map(|&gate| rulebook.gates[gate].id.value.as_str());
        let others = failed.filter(|gate| ["no-penalty", "two-latest-fairs"].contains(gate));
        assert!(others.eq(barred.iter().copied()), "{barred:?}");
        found.insert((award, changes.is_empty(), barred.is_empty()));
    }
    found
}

#[test]
fn the_way_to_the_next_award_is_the_shortest() {
    let of_size = |most: usize| fairs().filter(move |facts| facts.exhibitors.len() < most);
    // Nobody has more than 40 of anything.
    let found: BTreeSet<_> = of_size(20).flat_map(|facts| hold_next(&facts, &RULEBOOK, 40)).collect();
    assert!(found.len() >= 4, "with and without a way, from nothing and from silver: {found:?}");
    for (rulebook, most) in OTHERS.iter() {
        let found: BTreeSet<_> = of_size(13).flat_map(|facts| hold_next(&facts, rulebook, *most)).collect();
        assert!(found.iter().any(|(_, is_none, _)| !is_none), "somebody has a way: {found:?}");
    }
}

/// Holds an explanation against the facts and the decision, number by number.
fn hold(facts: &Facts, results: &Results, exhibitor: ExhibitorId) {
    let decision = &results.decisions[exhibitor];
    let explanation = explain(facts, &RULEBOOK, results, exhibitor);
    assert_eq!((explanation.exhibitor, &explanation.decision), (exhibitor, decision));
    let count = |found: usize| Exact::from_integer(i128::try_from(found).expect("a few"));
    for (place, measured) in MeasureId::each(&explanation.measured) {
        assert_eq!((measured.measure, measured.value), (place, decision.values[place]));
        let id = RULEBOOK.measures[place].id.value.as_str();
        let own: Vec<Row> = facts
            .invitations
            .iter()
            .filter(|sent| sent.exhibitor == exhibitor)
            .map(|sent| sent.row)
            .collect();
        match id {
            "invitations-sent" => assert_eq!(measured.invitations, own),
            _ => assert!(measured.invitations.is_empty(), "{id}"),
        }
        match id {
            "new-buyers" | "regular-buyers" => {
                assert_eq!(count(measured.buyers.len()), measured.value, "{id}")
            }
            _ => assert!(measured.buyers.is_empty(), "{id}"),
        }
        for buyer in &measured.buyers {
            let attended: Vec<Row> = facts
                .attendance
                .rows
                .iter()
                .filter(|row| row.buyer == buyer.buyer)
                .map(|row| row.row)
                .collect();
            assert_eq!(buyer.attended, attended);
            assert!(!buyer.matches.is_empty());
            for &(sent, seen, by) in &buyer.matches {
                let sent = facts.invitations.iter().find(|known| known.row == sent).expect("a row");
                let seen = facts.attendance.rows.iter().find(|known| known.row == seen).expect("a row");
                assert_eq!((sent.exhibitor, seen.buyer), (exhibitor, buyer.buyer));
                assert_eq!(sent.keys[by as usize], seen.keys[by as usize]);
            }
        }
    }
    for (place, gate) in GateId::each(&explanation.gates) {
        assert_eq!((gate.gate, gate.met), (place, !decision.failed.contains(&place)));
        let id = RULEBOOK.gates[place].id.value.as_str();
        let value = match id {
            "enough-invitations" => Some(decision.values[0]),
            "enough-buyers" => Some(decision.values[1] + decision.values[2]),
            _ => None,
        };
        assert_eq!(gate.value, value, "{id}");
        let withholds = id == "two-latest-fairs" && results.choices.two_latest_fairs == TwoLatestFairs::Award;
        assert_eq!(gate.stage == Stage::Award, withholds, "{id}");
        assert_eq!(!gate.penalties.is_empty(), id == "no-penalty" && !gate.met, "{id}");
    }
    let mut score = Exact::from_integer(0);
    for (place, finding) in IndicatorId::each(&explanation.indicators) {
        let weight = RULEBOOK.indicators[place].weight.value.0;
        assert_eq!((finding.indicator, &finding.scored), (place, &decision.indicators[place]));
        assert_eq!(finding.share, finding.scored.points * weight / Exact::from_integer(100));
        score += finding.share;
        let (from, until) = finding.band.expect("every percent has a band");
        let percent = finding.scored.percent.expect("every indicator is ranked");
        let holds = percent <= Exact::from_integer(until.into())
            && (percent > Exact::from_integer(i128::from(from) - 1) || percent == Exact::from_integer(0));
        assert!(finding.scored.as_zero && until == 100 || holds, "{percent} {from} {until}");
    }
    assert_eq!(decision.score, (!explanation.indicators.is_empty()).then_some(score));
    let mut policies =
        vec!["invitation-unit", "invited-before-arrival", "new-or-regular", "two-latest-fairs"];
    if decision.score.is_some() {
        policies.extend(["rounding", "ties", "zero-count", "zero-percent"]);
        policies.sort_unstable();
    }
    assert_eq!(explanation.policies.iter().map(|policy| policy.name()).collect::<Vec<_>>(), policies);
    assert_eq!(explanation.next, next_award(facts, &RULEBOOK, results, exhibitor));
    let hangs_on: Vec<_> = alternatives(facts, &RULEBOOK, results)
        .iter()
        .flat_map(|reading| {
            reading.changes.iter().map(move |change| (reading.policy, reading.choice, *change))
        })
        .filter(|(_, _, change)| change.exhibitor == exhibitor)
        .map(|(policy, choice, change)| (policy, choice, change.would))
        .collect();
    let found: Vec<_> =
        explanation.hangs_on.iter().map(|other| (other.policy, other.choice, other.would)).collect();
    assert_eq!(found, hangs_on);
}

#[test]
fn an_explanation_adds_up() {
    for facts in fairs().filter(|facts| facts.exhibitors.len() < 30) {
        for (policy, choice) in
            [("ties", "competition"), ("invited-before-arrival", "required"), ("two-latest-fairs", "pool")]
        {
            let mut choices = RULEBOOK.choices.clone();
            assert!(choices.choose(policy, choice));
            let results = judged(&facts, &RULEBOOK, &choices);
            for exhibitor in ExhibitorId::all(&facts.exhibitors) {
                hold(&facts, &results, exhibitor);
            }
        }
    }
}

#[test]
fn a_policy_is_to_be_decided_where_it_matters_and_is_only_assumed() {
    let verdicts = |facts: &Facts| {
        let results = judged(facts, &RULEBOOK, &RULEBOOK.choices);
        let found = sensitivity(facts, &RULEBOOK, &results);
        assert_eq!(found.margins, margins(facts, &RULEBOOK, &results));
        for policy in &found.policies {
            assert_eq!(policy.choice, RULEBOOK.policies[&policy.policy].choice.value);
            assert_eq!(policy.alternatives.len(), RULEBOOK.policies[&policy.policy].alternatives.len());
            let differs = policy.alternatives.iter().any(|reading| !reading.changes.is_empty());
            let status = RULEBOOK.policies[&policy.policy].status.value;
            let procedure = [PolicyId::NoticeFirstDay, PolicyId::StruckOff].contains(&policy.policy);
            let undated = |dates: Vec<i32>| !dates.is_empty() && dates.iter().all(|date| *date == NO_DATE);
            let cannot_tell = undated(facts.invitations.iter().map(|row| row.sent_on).collect())
                || undated(facts.attendance.rows.iter().map(|row| row.seen_on).collect());
            let expected = match (differs, status) {
                _ if policy.policy == PolicyId::InvitedBeforeArrival && cannot_tell => Verdict::CannotTell,
                (true, PolicyStatus::Assumed) => Verdict::ToDecide,
                (true, PolicyStatus::Stated) => Verdict::Stated,
                (true, PolicyStatus::Confirmed) => Verdict::Confirmed,
                (false, _) if procedure => Verdict::OfProcedure,
                (false, _) => Verdict::NoDifference,
            };
            assert_eq!(policy.verdict, expected, "{:?}", policy.policy);
        }
        assert_eq!(found.policies.len(), RULEBOOK.policies.len());
        found.policies.iter().map(|policy| policy.verdict).collect::<BTreeSet<_>>()
    };
    let seen: BTreeSet<Verdict> = fairs().flat_map(|facts| verdicts(&facts)).collect();
    for verdict in [Verdict::ToDecide, Verdict::Stated, Verdict::NoDifference, Verdict::OfProcedure] {
        assert!(seen.contains(&verdict), "{verdict:?} is not among {seen:?}");
    }
}
