//! Whoever looks on while the rows of a fair are taken in: sees each row once, in reading order.

use crate::fair::facts::Attendance;
use crate::fair::leaves::InputObserver;

/// Who looks on while the tables of a fair are read.
pub struct Observers<'a> {
    /// Sees attended rows and letters as they are taken in.
    pub facts: &'a mut dyn Observer,
    /// Sees the rows as they are written, for what commits to them.
    pub inputs: &'a mut dyn InputObserver,
}

impl Observers<'_> {
    /// Nobody looks on.
    pub fn none() -> Observers<'static> {
        // A box of `()` takes no memory that could be lost.
        Observers { facts: Box::leak(Box::new(())), inputs: Box::leak(Box::new(())) }
    }
}

/// Looks on while the tables of a fair are read. `()` does not care.
pub trait Observer {
    /// A row that says that a buyer was there.
    fn attended(&mut self, _row: &AttendedRow<'_>) {}

    /// The attendance is read; the letters follow. `None` for who does not care for them.
    fn letters<'a>(&'a mut self, _attendance: &'a Attendance) -> Option<Box<dyn LetterObserver + 'a>> {
        None
    }
}

impl Observer for () {}

/// Looks on while letters are taken in.
pub trait LetterObserver {
    /// A letter that was sent.
    fn letter(&mut self, letter: &Letter<'_>);

    /// All letters were seen.
    fn end(self: Box<Self>);
}

/// A row that says that a buyer was there.
pub struct AttendedRow<'a> {
    /// Its first e-mail key.
    pub email: Option<&'a str>,
    /// The person's name, as it is written.
    pub name: &'a str,
    /// The company's name, as it is written.
    pub company: &'a str,
}

/// A letter that was sent.
pub struct Letter<'a> {
    /// Its number among those that were sent.
    pub number: u32,
    /// The company's name, as it is written, and its key, where no buyer has that.
    pub company: Option<(&'a str, &'a str)>,
    /// Its e-mail key, where no buyer has that.
    pub email: Option<&'a str>,
    /// The person's name, as it is written.
    pub buyer_name: &'a str,
}
