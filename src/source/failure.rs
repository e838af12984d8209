//! Why a run cannot go on.

use std::fmt;
use std::io;

use super::{Message, say};

/// The run cannot go on.
#[derive(Debug)]
pub struct Failure {
    what: Message,
    blame: Blame,
}

/// What is at fault when a run cannot go on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Blame {
    /// The machine, or the command line: a file could not be read or written.
    Machine,
    /// The project: something in it is refused.
    Project,
    /// This program.
    Program,
}

impl Failure {
    /// A failure of the system while doing something.
    pub fn new(doing: Message, cause: io::Error) -> Failure {
        Failure::because(doing, Message::foreign(cause))
    }

    /// Something that is not done, and why.
    pub fn because(doing: Message, why: Message) -> Failure {
        Failure { what: say!("cannot {doing}: {why}", doing, why), blame: Blame::Machine }
    }

    /// Something in the project that is refused, and what to do instead.
    pub(super) fn of_project(what: Message) -> Failure {
        Failure { what, blame: Blame::Project }
    }

    /// A fault of this program, and what to report.
    pub(super) fn of_program(what: Message) -> Failure {
        Failure { what, blame: Blame::Program }
    }

    /// What happened, as a sentence.
    pub fn message(&self) -> Message {
        self.what.clone()
    }

    /// What is at fault.
    pub fn blame(&self) -> Blame {
        self.blame
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.what.fmt(f)
    }
}

impl std::error::Error for Failure {}
