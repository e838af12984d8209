//! Follows the files: waits for changes, has an edition made of them, and decides what browsers see.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use super::edition::{Edition, Outcome};
use super::event::Event;
use super::moves::Moves;
use super::news::News;
use super::press::Press;
use super::shown::{Change, Shown};
use super::watch::Watch;
use crate::lang::Lang;
use crate::project::{Memory, Options};
use crate::source::{Failure, Files, Style};

/// Changes belong together when they are no further apart: a save is several changes, and a pull is many.
const QUIET: Duration = Duration::from_millis(8);

/// Changes that do not end are taken as they are after so long.
const LONGEST: Duration = Duration::from_millis(500);

/// What is wrong is shown when nothing changes for so long: a file may be half saved, a pull half done.
const GRACE: Duration = Duration::from_millis(120);

/// How long browsers have to load a page again before the rest of the site is rendered and checked.
const HEAD_START: Duration = Duration::from_millis(150);

/// How often files are looked at where the system does not tell of changes.
const POLL: Duration = Duration::from_secs(1);

struct Follower<'a> {
    press: Press,
    shown: &'a Shown,
    watch: Option<Watch>,
    tell: &'a mut dyn FnMut(News<'_>),
    /// Paths that may have changed.
    pending: BTreeSet<String>,
    /// Whether anything may have changed.
    lost: bool,
    /// When the first and the last of the pending changes came.
    came: Option<(Instant, Instant)>,
    number: u64,
    /// Whether the newest edition still reads files.
    reading: bool,
    withdrawn: Arc<AtomicBool>,
    /// The inputs that changed for the newest edition, and when it was begun.
    changed: Vec<String>,
    begun: Instant,
    /// The newest edition, once it can answer.
    newest: Option<Arc<Edition>>,
    /// What is wrong with it, and when that is shown.
    wrong: Option<(Outcome, Instant)>,
}

/// Follows the files of a project until it is told to stop.
pub(super) fn follow(
    files: Files,
    options: Options,
    lang: Lang,
    shown: &Shown,
    inbox: Receiver<Event>,
    outbox: Sender<Event>,
    tell: &mut dyn FnMut(News<'_>),
) -> Result<(), Failure> {
    let watch = match Watch::new(files.root(), outbox.clone()) {
        Ok(watch) => Some(watch),
        Err(why) => {
            tell(News::Polling(why));
            None
        }
    };
    let (memory, moves) = (Arc::new(Memory::default()), Arc::new(Moves::default()));
    let press = Press { files: Arc::new(files), memory, options, lang, moves, outbox };
    let mut follower = Follower {
        press,
        shown,
        watch,
        tell,
        pending: BTreeSet::new(),
        lost: false,
        came: None,
        number: 0,
        reading: false,
        withdrawn: Arc::default(),
        changed: Vec::new(),
        begun: Instant::now(),
        newest: None,
        wrong: None,
    };
    follower.begin(Vec::new());
    loop {
        let event = match follower.patience() {
            None => inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(patience) => inbox.recv_timeout(patience),
        };
        match event {
            Ok(Event::Changed(paths)) => {
                follower.pending.extend(paths);
                follower.note_change();
            }
            Ok(Event::Lost) => {
                follower.lost = true;
                follower.note_change();
            }
            Ok(Event::Planned(edition)) => follower.planned(edition),
            Ok(Event::Checked(number, outcome)) if number == follower.number => follower.checked(outcome),
            // What is wrong with an edition that was overtaken is no longer so, or will be found again.
            Ok(Event::Checked(..)) => {}
            Ok(Event::Fault(fault)) => (follower.tell)(News::Failed(&fault)),
            Ok(Event::Stop) | Err(RecvTimeoutError::Disconnected) => return Ok(()),
            Err(RecvTimeoutError::Timeout) => follower.act(),
        }
    }
}

impl Follower<'_> {
    /// When changes are to be taken; none while there are none, or while files are being read.
    fn changes_due(&self) -> Option<Instant> {
        let (first, last) = self.came.filter(|_| !self.reading)?;
        Some((last + QUIET).min(first + LONGEST))
    }

    /// How long to wait for an event before something is to be done; none if nothing is.
    fn patience(&self) -> Option<Duration> {
        let wrong_due = self.wrong.as_ref().map(|(_, due)| *due);
        let due = self.changes_due().into_iter().chain(wrong_due).min();
        let left = due.map(|due| due.saturating_duration_since(Instant::now()));
        left.or((self.watch.is_none() && !self.reading).then_some(POLL))
    }

    /// Does what is to be done now.
    fn act(&mut self) {
        let now = Instant::now();
        if self.changes_due().is_some_and(|due| due <= now) {
            self.take_changes();
        }
        match self.wrong.take_if(|(_, due)| *due <= now) {
            Some((outcome, _)) => self.show_wrong(&outcome),
            None if self.watch.is_none() && !self.reading => self.take_changes(),
            None => {}
        }
    }

    fn note_change(&mut self) {
        let now = Instant::now();
        let first = self.came.map_or(now, |(first, _)| first);
        self.came = Some((first, now));
    }

    fn take_changes(&mut self) {
        self.came = None;
        let pending = std::mem::take(&mut self.pending);
        if let Some(watch) = &mut self.watch {
            watch.forget(&pending);
        }
        let changed = match std::mem::take(&mut self.lost) || self.watch.is_none() {
            true => self.press.files.rescan(),
            false => self.press.files.refresh(&pending),
        };
        match changed.is_empty() {
            true => self.watch_folders(),
            false => self.begin(changed),
        }
    }

    fn begin(&mut self, changed: Vec<String>) {
        self.withdrawn.store(true, Ordering::Relaxed);
        self.withdrawn = Arc::default();
        self.wrong = None;
        self.number += 1;
        self.reading = true;
        // What changed for an edition that nobody saw has changed for this one too.
        if self.newest.take().is_some() {
            self.changed.clear();
        }
        self.changed.extend(changed);
        self.changed.sort();
        self.changed.dedup();
        self.begun = Instant::now();
        let view = self.shown.now();
        // An edition that is shown only when it is checked is checked at once.
        let wait =
            if view.edition.is_some() && view.problems.is_none() { HEAD_START } else { Duration::ZERO };
        self.press.make(self.number, Arc::clone(&self.withdrawn), wait);
    }

    /// Watches what was read. What happened in a folder before it was watched is looked for.
    fn watch_folders(&mut self) {
        let Some(watch) = &mut self.watch else { return };
        match watch.set(&self.press.files.folders()) {
            Ok(false) => {}
            Ok(true) => {
                self.lost = true;
                self.note_change();
            }
            Err(why) => {
                self.watch = None;
                (self.tell)(News::Polling(why));
            }
        }
    }

    fn planned(&mut self, edition: Arc<Edition>) {
        if edition.number != self.number {
            return;
        }
        self.reading = false;
        self.newest = Some(Arc::clone(&edition));
        // After an error a page is shown when all is well, so that it does not come and go.
        if self.shown.now().problems.is_none() {
            self.show(edition);
        }
        self.watch_folders();
    }

    fn show(&mut self, edition: Arc<Edition>) {
        let is_style = |input: &String| input.ends_with(".css") && input.starts_with("themes/");
        let before = self.shown.now();
        let change = match before.edition {
            Some(before_it) if before.problems.is_none() && self.changed.iter().all(is_style) => {
                let renamed = |(name, old)| Some((old, edition.styles.get(name)?));
                let styles: BTreeMap<&String, &String> =
                    before_it.styles.iter().filter_map(renamed).filter(|(old, new)| old != new).collect();
                if styles.is_empty() {
                    // One save may be noticed twice; the second time there is nothing to exchange.
                    self.shown.keep(|view| view.edition = Some(edition));
                    return;
                }
                Change::Styles(serde_json::to_string(&styles).expect("texts are always written"))
            }
            _ => Change::Reload,
        };
        let day = edition.day.clone();
        self.shown.change(change, |view| {
            view.edition = Some(edition);
            view.problems = None;
        });
        (self.tell)(News::Shown { changed: &self.changed, after: self.begun.elapsed(), day });
    }

    fn checked(&mut self, outcome: Outcome) {
        self.reading = false;
        match &outcome {
            Ok((report, written)) if !report.has_errors() => {
                let newest = self.newest.clone().expect("an edition without errors has answered");
                self.shown.keep(|view| view.good = Some(Arc::clone(&newest)));
                (self.tell)(News::Checked { report, files: &self.press.files, written: written.clone() });
                if self.shown.now().problems.is_some() {
                    self.show(newest);
                }
            }
            _ => self.wrong = Some((outcome, Instant::now() + GRACE)),
        }
        self.watch_folders();
    }

    /// Shows what is wrong, in the words in which it is told; what may stay as it is is told alone.
    fn show_wrong(&mut self, outcome: &Outcome) {
        let files = &self.press.files;
        let (text, news) = match outcome {
            Ok((report, written)) => {
                let news = News::Checked { report, files, written: written.clone() };
                // On a page the first line is what is seen.
                let mut errors = report.clone();
                errors.keep_errors();
                (errors.render(files, Style::Plain, self.press.lang), news)
            }
            Err(failure) => (self.press.told(failure), News::Failed(failure)),
        };
        let newest = self.newest.as_ref().map(|edition| edition.number);
        self.shown.change(Change::Reload, |view| {
            view.problems = Some(text.into());
            // An edition that was overtaken before it was checked is better than none.
            let overtaken = view.edition.take().filter(|edition| Some(edition.number) != newest);
            view.good = view.good.take().or(overtaken);
            // What is wrong is not shown, not even behind what is wrong with it.
            view.edition = view.good.clone();
        });
        (self.tell)(news);
    }
}
