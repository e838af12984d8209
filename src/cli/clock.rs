//! The clock. Only what a person does looks at it: a day called `today`, an entry that is sealed, a notice that is to come.

use crate::data::Date;

/// Today in Beijing, eight hours before Greenwich.
#[expect(clippy::disallowed_methods, reason = "the one place where the clock is read")]
pub(super) fn today() -> Date {
    let offset = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
    jiff::Timestamp::now().to_zoned(offset).date()
}
