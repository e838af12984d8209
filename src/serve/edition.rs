//! An edition of the site, for those who ask: one state of the files, read, decided and planned.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::mpsc::{Sender, channel};

use crate::lang::Lang;
use crate::site::{Permalink, Written};
use crate::source::{Failure, Report, say};

/// An edition that answers. Its thread ends when nobody can ask it any more.
pub(super) struct Edition {
    pub number: u64,
    /// The day for which it is made, as `2025-09-26`.
    pub day: Option<String>,
    /// The addresses of the styles, by name.
    pub styles: BTreeMap<String, String>,
    pub questions: Mutex<Sender<Question>>,
    /// The language in which is said what is wrong.
    pub lang: Lang,
}

/// What came of checking an edition.
pub(super) type Outcome = Result<(Report, Option<Written>), Failure>;

/// What an edition is asked.
pub(super) struct Question {
    pub path: String,
    pub answer: Sender<Answer>,
}

/// What an edition has at a path.
pub(super) enum Answer {
    /// A page or file.
    Found(Permalink, Vec<u8>),
    /// It is at another address.
    Moved(String),
    /// Nothing; the page that says so, where the site has one.
    Missing(Option<Vec<u8>>),
    /// Nothing any more: it was there since the server started. The address that it most likely has now.
    Renamed(Option<String>),
    /// A page that cannot be made, and why.
    Broken(String),
}

impl Edition {
    /// What there is at a path, which begins with no slash.
    pub(super) fn ask(&self, path: &str) -> Answer {
        let (answer, answered) = channel();
        let question = Question { path: path.to_owned(), answer };
        let asked = self.questions.lock().expect("nothing panics with the lock").send(question);
        let gone = || Answer::Broken(say!("this page cannot be rendered").text(self.lang));
        asked.ok().and_then(|()| answered.recv().ok()).unwrap_or_else(gone)
    }
}
