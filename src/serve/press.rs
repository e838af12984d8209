//! Makes editions. Each has a thread of its own, which makes pages for those who ask while the whole is checked.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use super::edition::{Answer, Edition, Outcome, Question};
use super::event::Event;
use super::moves::Moves;
use crate::lang::Lang;
use crate::project::{Memory, Options, Preview, preview};
use crate::site::{Permalink, Sink};
use crate::source::{Failure, Files, Report, Style, fault, say};

/// What editions are made from.
#[derive(Clone)]
pub(super) struct Press {
    pub files: Arc<Files>,
    pub memory: Arc<Memory>,
    pub options: Options,
    pub lang: Lang,
    pub moves: Arc<Moves>,
    pub outbox: Sender<Event>,
}

/// So many pages are made at once; more would only wait for each other.
const WORKERS: usize = 2;

impl Press {
    /// Makes an edition in a thread of its own. It says when it can answer and, unless it is withdrawn before,
    /// what the check found. The check waits until no page was asked for so long, to leave the
    /// processors to the browser.
    pub(super) fn make(&self, number: u64, withdrawn: Arc<AtomicBool>, wait: Duration) {
        let press = self.clone();
        thread::spawn(move || {
            let mut report = Report::new();
            let made = fault::caught(|| {
                preview(&mut report, &press.files, &press.options, |report, preview| {
                    press.run(number, report, preview, &withdrawn, wait)
                })
            });
            let outcome = match made {
                Ok(Ok(None)) => Ok((report, None)),
                Ok(Ok(Some(Some(outcome)))) => outcome,
                Ok(Ok(Some(None))) => return,
                Ok(Err(failure)) | Err(failure) => Err(failure),
            };
            press.say(Event::Checked(number, outcome));
        });
    }

    /// Answers until nobody asks any more. An edition with errors does not answer: it has an outcome.
    fn run(
        &self,
        number: u64,
        report: &mut Report,
        preview: &Preview<'_>,
        withdrawn: &AtomicBool,
        wait: Duration,
    ) -> Option<Outcome> {
        let check = |report: &mut Report| {
            // Others still answer for this edition, and are waited for before a panic would be seen further up.
            let written = fault::caught(|| preview.check(report, &self.memory, &Unless(withdrawn)))??;
            Ok((report.clone(), Some(written)))
        };
        if report.has_errors() {
            // What can be found wrong in the pages is said as well, as a build says it.
            return Some(check(report));
        }
        let (sender, questions) = channel();
        let questions = Mutex::new(questions);
        let edition = Edition {
            number,
            day: preview.day().map(|day| day.to_string()),
            styles: preview.styles().clone(),
            questions: Mutex::new(sender),
            lang: self.lang,
        };
        self.moves.note(preview.published());
        self.say(Event::Planned(Arc::new(edition)));
        let asked = Asked::default();
        thread::scope(|scope| {
            for _ in 0..WORKERS {
                scope.spawn(|| self.work(&questions, preview, &asked));
            }
            asked.wait_for_quiet(wait);
            if withdrawn.load(Ordering::Relaxed) {
                return;
            }
            let outcome = check(report);
            if !withdrawn.load(Ordering::Relaxed) {
                self.say(Event::Checked(number, outcome));
            }
        });
        None
    }

    fn work(&self, questions: &Mutex<Receiver<Question>>, preview: &Preview<'_>, asked: &Asked) {
        loop {
            let question = questions.lock().expect("nothing panics with the lock").recv();
            let Ok(Question { path, answer }) = question else { return };
            asked.now();
            let answered = fault::caught(|| self.answer(&path, preview));
            // Who asked may be gone.
            let _ = answer.send(answered.unwrap_or_else(|fault| Answer::Broken(self.told(&fault))));
        }
    }

    fn answer(&self, path: &str, preview: &Preview<'_>) -> Answer {
        let make = |permalink: &Permalink| {
            let mut report = Report::new();
            let bytes = preview.make(&mut report, permalink);
            bytes.ok_or_else(|| report.render(&self.files, Style::Plain, self.lang))
        };
        let place = path.strip_suffix("index.html").unwrap_or(path);
        if let Some(permalink) = preview.find(place) {
            return match make(permalink) {
                Ok(bytes) => Answer::Found(permalink.clone(), bytes),
                Err(why) => Answer::Broken(why),
            };
        }
        if let Some(page) = preview.find(&format!("{place}/")) {
            return Answer::Moved(preview.base().path_url(page));
        }
        // Where a slash is missing at the end, it is added as it is elsewhere.
        let moved = [place, &format!("{place}/")].into_iter().find_map(|place| self.moves.find(place));
        if let Some(to) = moved {
            return Answer::Renamed(to.map(|to| preview.base().path_url(&to)));
        }
        let tree = place.split('/').next().unwrap_or_default();
        let page = preview.find(&format!("{tree}/404.html")).or_else(|| preview.find("404.html"));
        Answer::Missing(page.and_then(|page| make(page).ok()))
    }

    /// What is shown of a failure.
    pub(super) fn told(&self, failure: &Failure) -> String {
        say!("error: {what}", what = failure.message()).text(self.lang) + "\n"
    }

    fn say(&self, event: Event) {
        // Nobody listens when the server has stopped.
        let _ = self.outbox.send(event);
    }
}

/// When something was last asked for.
struct Asked(Mutex<Instant>);

impl Default for Asked {
    fn default() -> Asked {
        Asked(Mutex::new(Instant::now()))
    }
}

impl Asked {
    fn now(&self) {
        *self.0.lock().expect("nothing panics with the lock") = Instant::now();
    }

    /// Waits until nothing has been asked for so long, but not many times as long altogether: who loads page after
    /// page is told what is wrong all the same.
    fn wait_for_quiet(&self, wait: Duration) {
        let latest = Instant::now() + wait * 8;
        loop {
            let last = *self.0.lock().expect("nothing panics with the lock");
            let until = (last + wait).min(latest);
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            thread::sleep(left);
        }
    }
}

/// A sink that takes nothing down, and ends the check when the edition is withdrawn.
struct Unless<'a>(&'a AtomicBool);

impl Sink for Unless<'_> {
    fn put(&self, _: &Permalink, _: &[u8]) -> Result<(), Failure> {
        match self.0.load(Ordering::Relaxed) {
            true => Err(Failure::new(say!("check"), io::ErrorKind::Interrupted.into())),
            false => Ok(()),
        }
    }
}
