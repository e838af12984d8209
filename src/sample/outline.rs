//! What the sample takes from `fair.yaml`: numbers, days, sections and delegations.

use super::countries::LARGE_DELEGATIONS;
use super::table_file::Day;
use crate::data::Date;
use crate::fair::FairFile;
use crate::lang::{Lang, Localized};

/// A fair as the sample needs it.
pub(super) struct Outline {
    pub(super) fair: u32,
    pub(super) previous: u32,
    /// The phases that have sections; one without any where there are none.
    pub(super) phases: Vec<PhaseOutline>,
    /// The delegations in Chinese and English, and a place among them for each exhibitor in so many.
    pub(super) delegations: Vec<(String, String)>,
    pub(super) shares: Vec<usize>,
    /// The days from the first invitation on, without a gap.
    pub(super) calendar: Vec<Day>,
}

/// A phase as the sample needs it.
pub(super) struct PhaseOutline {
    /// Its first day, as a place in the calendar, and how many days it has.
    pub(super) start: usize,
    pub(super) days: usize,
    /// Its sections in Chinese and English.
    pub(super) sections: Vec<(String, String)>,
}

/// Invitations are sent from so many days before the fair on.
pub(super) const DAYS_BEFORE: i64 = 60;
/// Buyers are seen online up to so many days after the fair.
const DAYS_AFTER: i64 = 30;

impl Outline {
    /// The outline of a fair. `previous` stands in where the fair does not name the one before it.
    pub(super) fn new(fair: &FairFile, previous: u32) -> Outline {
        let (first, last) =
            fair.days().unwrap_or((jiff::civil::date(2025, 4, 15), jiff::civil::date(2025, 5, 5)));
        let begin = moved(first, -DAYS_BEFORE);
        let end = moved(last, DAYS_AFTER);
        let place = |date: Date| usize::try_from(days_between(begin, date)).unwrap_or_default();
        let mut phases = Vec::new();
        for phase in &fair.phases {
            let sections: Vec<_> = phase.sections.iter().filter_map(|name| sayable(&name.value)).collect();
            let (start, end) = (phase.start.value, phase.end.value);
            let days = usize::try_from(days_between(start, end)).unwrap_or_default() + 1;
            if !sections.is_empty() {
                phases.push(PhaseOutline { start: place(start), days, sections });
            }
        }
        if phases.is_empty() {
            phases.push(PhaseOutline { start: place(first), days: 1, sections: Vec::new() });
        }
        let delegations: Vec<_> = fair.delegations.iter().filter_map(|name| sayable(&name.value)).collect();
        let shares = delegations.iter().enumerate().flat_map(|(place, (name, _))| {
            let share = LARGE_DELEGATIONS.iter().find(|(large, _)| name.contains(large));
            std::iter::repeat_n(place, share.map_or(1, |(_, share)| *share))
        });
        Outline {
            fair: fair.fair.value,
            previous,
            shares: shares.collect(),
            calendar: (0..=days_between(begin, end)).map(|days| Day::new(moved(begin, days))).collect(),
            phases,
            delegations,
        }
    }
}

/// A name in both languages, unless it holds a mark that separates the parts of a cell: the tables cannot say
/// such a name.
fn sayable(name: &Localized) -> Option<(String, String)> {
    let [zh, en] = [Lang::ZH, Lang::EN].map(|lang| name.get(lang).to_owned());
    (!zh.contains([';', '；', '、'])).then_some((zh, en))
}

fn moved(date: Date, days: i64) -> Date {
    date.checked_add(jiff::Span::new().days(days)).unwrap_or(date)
}

fn days_between(from: Date, to: Date) -> i64 {
    to.duration_since(from).as_hours() / 24
}
