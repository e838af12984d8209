//! Days and times of day, as people write them.

pub(super) mod moment;
mod scanner;
pub(super) mod time_of_day;
