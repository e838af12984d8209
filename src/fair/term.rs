//! The days between which a page or an enterprise is shown.

use super::notice_state::{AsOf, PageTurn};
use crate::data::{Date, Spanned};
use crate::source::{Report, code, say};

/// The first and the last day on which something is shown, as its file says.
#[derive(Clone, Copy, Default, Debug)]
pub struct Term<'t> {
    /// `publish`: before it, what is shown later behaves as a draft.
    pub publish: Option<&'t Spanned<Date>>,
    /// `until`: the last day; after it only the address is left.
    pub until: Option<&'t Spanned<Date>>,
}

/// Whether something is shown on a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Showing {
    /// Not before this day.
    From(Date),
    /// It is.
    Shown,
    /// Not any more: this was the last day.
    Until(Date),
}

impl Term<'_> {
    /// Its days.
    pub fn days(&self) -> [Option<Date>; 2] {
        [self.publish, self.until].map(|day| day.map(|day| day.value))
    }

    /// Whether the page at a path below the language is shown on a day.
    pub fn on(&self, as_of: &AsOf, path: &str) -> Showing {
        let [publish, until] = self.days();
        // Both are asked on every day, so that the days to come are known from any of them.
        let is_out = publish.is_none_or(|day| as_of.has_reached_of_page(day, path, PageTurn::Published));
        let after = until.and_then(|until| until.tomorrow().ok());
        let is_over = after.is_some_and(|day| as_of.has_reached_of_page(day, path, PageTurn::Ended));
        match (publish, until) {
            (Some(day), _) if !is_out => Showing::From(day),
            (_, Some(day)) if is_over => Showing::Until(day),
            _ => Showing::Shown,
        }
    }
}

/// Reports days that contradict each other, or a draft that stays one although its day has come. `site` is the day for
/// which the site is made, where one is known.
pub fn report_term(report: &mut Report, term: &Term<'_>, is_draft: bool, site: Option<Date>) {
    let Term { publish, until } = *term;
    if let (Some(publish), Some(until)) = (publish, until)
        && publish.value > until.value
    {
        report
            .error(
                code::PUBLISH_DAYS,
                until.span,
                say!(
                    "`until: {until}` is before `publish: {publish}`, so it is never shown",
                    until = until.value,
                    publish = publish.value
                ),
            )
            .beside(publish.span, say!("published on this day"))
            .hint(say!(
                "`until` is the last day on which it is shown: write a day from {day} on",
                day = publish.value
            ));
    }
    if let (Some(publish), true, Some(day)) = (publish, is_draft, site)
        && publish.value <= day
    {
        report
            .warning(
                code::PUBLISH_DAYS,
                publish.span,
                say!(
                    "still a draft, although it was to be published on `{publish}`",
                    publish = publish.value
                ),
            )
            .hint(say!("`publish` has no effect beside `draft: true`: remove `draft`, or correct the day"));
    }
}

/// Tells of a day that has come by the calendar on the wall, and not by the day for which the site is made.
pub fn report_behind(report: &mut Report, term: &Term<'_>, site: Date, today: Date) {
    let is_behind = |day: Date| site < day && day <= today;
    let hint = || say!("`--as-of today` builds the site of today");
    if let Some(publish) = term.publish.filter(|publish| is_behind(publish.value)) {
        report
            .note(
                code::PUBLISH_DAYS,
                publish.span,
                say!(
                    "published from `{publish}` on, and the site is made for {site}: not shown",
                    publish = publish.value,
                    site
                ),
            )
            .hint(hint());
    }
    if let Some(until) = term.until.filter(|until| until.value.tomorrow().is_ok_and(is_behind)) {
        report
            .note(
                code::PUBLISH_DAYS,
                until.span,
                say!(
                    "shown until `{until}`, and the site is made for {site}: still shown",
                    until = until.value,
                    site
                ),
            )
            .hint(hint());
    }
}
