//! Other readings and margins, held against judging everything again; and what the commands say of them.

mod project;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use jinbang::award::{Count, Margin, decide, margins, next_award, other_readings};
use jinbang::fair::Facts;
use jinbang::rulebook::{POLICIES, Rulebook};
use project::Project;
use project::fairs::{facts, judged, ladder, random_fair, subjects};

static RULEBOOK: LazyLock<Rulebook> = LazyLock::new(|| project::rulebook(&project::shipped_rulebook()));

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
        let found = other_readings(&facts, &RULEBOOK, &applied);
        let mut asked = 0;
        for (policy, choices) in POLICIES {
            let chosen = &RULEBOOK.policies[*policy].choice.value;
            for choice in choices.iter().filter(|choice| *choice != chosen) {
                asked += 1;
                let reading =
                    found.iter().find(|reading| (reading.policy, reading.choice) == (*policy, *choice));
                let reading = reading.unwrap_or_else(|| panic!("no reading {policy}={choice}"));
                let mut choices = RULEBOOK.choices.clone();
                assert!(choices.choose(policy, choice));
                let again = judged(&facts, &RULEBOOK, &choices);
                let expected: Vec<_> = again
                    .sorted
                    .iter()
                    .map(|&number| {
                        let [award, would] =
                            [&applied, &again].map(|results| results.decisions[number as usize].award);
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
                assert_eq!(reading.received, [again.received(0), again.received(1)], "{policy}={choice}");
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

/// The award of an exhibitor when one of its counts is another, everything decided again.
fn brute(facts: &Facts, counts: &[[u32; 3]], exhibitor: usize, count: usize, to: u32) -> Option<usize> {
    let mut counts = counts.to_vec();
    counts[exhibitor][count] = to;
    decide(&RULEBOOK, &RULEBOOK.choices, &subjects(facts, &RULEBOOK, &counts))[exhibitor].award
}

#[test]
fn margins_are_what_judging_everything_again_finds() {
    let mut seen = BTreeSet::new();
    for facts in fairs().filter(|facts| facts.exhibitors.len() < 50) {
        let applied = judged(&facts, &RULEBOOK, &RULEBOOK.choices);
        let counts: Vec<[u32; 3]> =
            applied.credits.iter().map(|credit| [credit.invitations, credit.new, credit.regular]).collect();
        let mut expected = Vec::new();
        for &exhibitor in &applied.sorted {
            let award = applied.decisions[exhibitor as usize].award;
            for (number, count) in Count::ALL.into_iter().enumerate() {
                let from = counts[exhibitor as usize][number];
                for to in [from.wrapping_sub(1), from + 1] {
                    if to == u32::MAX {
                        continue;
                    }
                    let would = brute(&facts, &counts, exhibitor as usize, number, to);
                    if would != award {
                        seen.insert((count, to > from, would < award));
                        expected.push(Margin { exhibitor, count, from, to, award, would });
                    }
                }
            }
        }
        assert_eq!(margins(&facts, &RULEBOOK, &applied), expected);
    }
    assert!(seen.len() >= 6, "both directions of every count: {seen:?}");
}

#[test]
fn the_way_to_the_next_award_is_the_shortest() {
    let mut found = BTreeSet::new();
    for facts in fairs().filter(|facts| facts.exhibitors.len() < 20) {
        let applied = judged(&facts, &RULEBOOK, &RULEBOOK.choices);
        let counts: Vec<[u32; 3]> =
            applied.credits.iter().map(|credit| [credit.invitations, credit.new, credit.regular]).collect();
        for exhibitor in 0..facts.exhibitors.len() {
            let award = applied.decisions[exhibitor].award;
            let number = u32::try_from(exhibitor).expect("a few");
            let next = next_award(&facts, &RULEBOOK, &applied, number);
            if award == Some(0) {
                assert_eq!(next, None, "nothing is above gold");
                continue;
            }
            let next = next.expect("something is above");
            assert_eq!(next.award, if award.is_none() { 1 } else { 0 });
            let mut expected = Vec::new();
            for (place, count) in Count::ALL.into_iter().enumerate() {
                let from = counts[exhibitor][place];
                // Nobody has more than 40 of anything.
                let would = |to: u32| brute(&facts, &counts, exhibitor, place, to);
                let reaches =
                    |to: u32| would(to).is_some_and(|would| award.is_none_or(|award| would < award));
                let steps = (1..=40).find_map(|step| {
                    let less = from.checked_sub(step).filter(|&to| reaches(to));
                    Some(from + step).filter(|&to| reaches(to)).or(less)
                });
                expected.extend(steps.map(|to| (count, from, to, would(to))));
            }
            expected.sort_by_key(|(_, from, to, _)| from.abs_diff(*to));
            let changes: Vec<_> = next
                .changes
                .iter()
                .map(|change| (change.count, change.from, change.to, change.would))
                .collect();
            assert_eq!(changes, expected, "{exhibitor}");
            found.insert((award, changes.is_empty(), next.barred.is_empty()));
        }
    }
    assert!(found.len() >= 4, "with and without a way, from nothing and from silver: {found:?}");
}
