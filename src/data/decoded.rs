//! A value that may be incomplete, and says so itself.

use std::ops::Deref;

use crate::source::Report;

/// What was read, and whether it is complete: a part that is wrong is reported and left out, and that it is missing is
/// not to be reported again. It reads as its value where completeness does not matter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Decoded<T> {
    /// The value, without what is wrong.
    pub value: T,
    /// Whether nothing was left out.
    pub complete: bool,
}

impl<T> Decoded<T> {
    /// What a stage yields that reports what it leaves out.
    pub fn by(report: &mut Report, stage: impl FnOnce(&mut Report) -> T) -> Decoded<T> {
        let (before, _) = report.counts();
        let value = stage(report);
        Decoded { value, complete: report.counts().0 == before }
    }

    /// The value, complete or not.
    pub fn into_value(self) -> T {
        self.value
    }

    /// The value where it is complete.
    pub fn into_complete(self) -> Option<T> {
        self.complete.then_some(self.value)
    }
}

impl<T, E> Decoded<Result<T, E>> {
    /// The failure of the stage, or what it yields.
    pub fn transpose(self) -> Result<Decoded<T>, E> {
        Ok(Decoded { value: self.value?, complete: self.complete })
    }
}

impl<T> Deref for Decoded<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}
