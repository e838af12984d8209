//! Where a notice stands on a day, and what the day was asked for that.
//!
//! Nothing else in the program compares a day of a notice or of a page with the day for which something is made: what has been asked
//! of a day is all on which its results depend, so the next day on which they can change is known.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use crate::data::Date;

/// Where a notice stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum NoticeState {
    /// It is not published yet: its awards are proposals, and nobody outside knows them.
    Proposed,
    /// It is published, and its last day is not over: objections are taken.
    InNotice,
    /// Its last day is over, and objections are being settled.
    Closed,
    /// Its list is final.
    Final,
}

impl NoticeState {
    /// Its name in data: `proposed`, `in-notice`, `closed`, `final`.
    pub fn name(self) -> &'static str {
        match self {
            NoticeState::Proposed => "proposed",
            NoticeState::InNotice => "in-notice",
            NoticeState::Closed => "closed",
            NoticeState::Final => "final",
        }
    }
}

/// The days that decide where a notice stands.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct NoticeDays {
    /// The number of the fair.
    pub fair: u32,
    /// The day on which it is published.
    pub published: Option<Date>,
    /// The last day on which objections are taken.
    pub until: Option<Date>,
    /// The day from which its list is final.
    pub final_from: Option<Date>,
}

impl NoticeDays {
    /// Where the notice stands on a day. The list is final from the day that `notice.final` names, and only then: that
    /// the time for objections is over does not make it final.
    pub fn state(&self, as_of: &AsOf) -> NoticeState {
        // Each is asked on every day, so that the days to come are known from any of them.
        let reached =
            |day: Option<Date>, turn| day.is_some_and(|day| as_of.has_reached(day, self.fair, turn));
        let published = reached(self.published, Turn::Published);
        let over = reached(self.until.and_then(|until| until.tomorrow().ok()), Turn::Closed);
        let is_final = reached(self.final_from, Turn::Final);
        match (published, over, is_final) {
            (false, ..) => NoticeState::Proposed,
            (true, _, true) => NoticeState::Final,
            (true, true, false) => NoticeState::Closed,
            (true, false, false) => NoticeState::InNotice,
        }
    }
}

/// What happens to a fair on a day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Turn {
    /// Its results are sealed.
    Sealed,
    /// A notice is published.
    Published,
    /// A ruling comes into force.
    Ruling,
    /// The time for objections has ended the day before.
    Closed,
    /// The list becomes final.
    Final,
}

impl Turn {
    /// Its name in data: `sealed`, `published`, `ruling`, `closed`, `final`.
    pub fn name(self) -> &'static str {
        match self {
            Turn::Sealed => "sealed",
            Turn::Published => "published",
            Turn::Ruling => "ruling",
            Turn::Closed => "closed",
            Turn::Final => "final",
        }
    }
}

/// What happens to a page on a day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum PageTurn {
    /// It is published.
    Published,
    /// It was shown for the last time the day before.
    Ended,
}

impl PageTurn {
    /// Its name in data: `published`, `ended`.
    pub fn name(self) -> &'static str {
        match self {
            PageTurn::Published => "published",
            PageTurn::Ended => "ended",
        }
    }
}

/// What happens on a day.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Happening {
    /// Something to a fair, by its number.
    Fair(u32, Turn),
    /// Something to a page, by its path below the language.
    Page(String, PageTurn),
}

/// A question that a day was asked: whether it has reached another one, and what happens then.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Question {
    /// The other day.
    pub day: Date,
    /// What happens on it.
    pub happening: Happening,
}

/// The day for which something is made. It can only be asked whether it has reached another day, and notes that it was:
/// on every day that gives the same answers the same is made.
#[derive(Debug)]
pub struct AsOf {
    day: Date,
    asked: Mutex<BTreeSet<Question>>,
}

impl AsOf {
    /// A day that was not asked anything yet.
    pub fn new(day: Date) -> AsOf {
        AsOf { day, asked: Mutex::default() }
    }

    /// Whether a day is reached on which something happens at a fair.
    pub fn has_reached(&self, day: Date, fair: u32, turn: Turn) -> bool {
        self.answer(Question { day, happening: Happening::Fair(fair, turn) })
    }

    /// Whether a day is reached on which something happens to a page.
    pub(super) fn has_reached_of_page(&self, day: Date, path: &str, turn: PageTurn) -> bool {
        self.answer(Question { day, happening: Happening::Page(path.to_owned(), turn) })
    }

    fn answer(&self, question: Question) -> bool {
        let has_reached = question.day <= self.day;
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).insert(question);
        has_reached
    }

    /// The first of the days to come that it was asked about, with all that happens on it.
    pub fn next(&self) -> Option<(Date, Vec<Question>)> {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let to_come = || asked.iter().filter(|question| question.day > self.day);
        let next = to_come().next()?.day;
        Some((next, to_come().take_while(|question| question.day == next).cloned().collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: i8) -> Date {
        jiff::civil::date(2025, 10, day)
    }

    #[test]
    fn a_list_is_final_from_the_day_that_is_named_and_only_then() {
        #[track_caller]
        fn case(days: [Option<i8>; 3], expected: &[(i8, NoticeState)]) {
            let [published, until, final_from] = days.map(|date| date.map(day));
            let days = NoticeDays { fair: 137, published, until, final_from };
            for &(date, state) in expected {
                assert_eq!(days.state(&AsOf::new(day(date))), state, "on the {date}th");
            }
        }
        use NoticeState::*;
        case(
            [Some(3), Some(9), Some(20)],
            &[(2, Proposed), (3, InNotice), (9, InNotice), (10, Closed), (19, Closed), (20, Final)],
        );
        case([Some(3), Some(9), None], &[(2, Proposed), (9, InNotice), (10, Closed), (31, Closed)]);
        case([None, None, None], &[(1, Proposed), (31, Proposed)]);
        case([None, None, Some(9)], &[(10, Proposed)]);
    }

    #[test]
    fn a_day_knows_what_it_was_asked() {
        let days =
            NoticeDays { fair: 137, published: Some(day(3)), until: Some(day(9)), final_from: Some(day(10)) };
        let as_of = AsOf::new(day(3));
        assert_eq!(as_of.next(), None);
        days.state(&as_of);
        let question = |turn| Question { day: day(10), happening: Happening::Fair(137, turn) };
        assert_eq!(as_of.next(), Some((day(10), vec![question(Turn::Closed), question(Turn::Final)])));
    }
}
