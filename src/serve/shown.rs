//! What browsers see: an edition of the site, or what is wrong with it.

use std::hash::{BuildHasher, RandomState};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Duration;

use super::edition::Edition;
use crate::lang::Lang;

/// What browsers see now, shared by all who answer them.
pub(super) struct Shown {
    state: Mutex<State>,
    decided: Condvar,
    /// Tells the marks of this server from those of an earlier one.
    server: u64,
    /// The language in which is said what is wrong.
    pub(super) lang: Lang,
}

#[derive(Default)]
struct State {
    view: View,
    /// How often the view changed.
    count: u64,
    listeners: Vec<Sender<Change>>,
}

/// What is to be seen.
#[derive(Clone, Default)]
pub(super) struct View {
    /// The newest edition that can be shown.
    pub edition: Option<Arc<Edition>>,
    /// The last edition in which nothing was wrong.
    pub good: Option<Arc<Edition>>,
    /// What is wrong with the newest edition, as text.
    pub problems: Option<Arc<str>>,
}

/// What a browser does when the view has changed.
#[derive(Clone)]
pub(super) enum Change {
    /// It loads its page again.
    Reload,
    /// It exchanges styles: the addresses as JSON, new by old.
    Styles(String),
}

impl Shown {
    pub(super) fn new(lang: Lang) -> Shown {
        let server = RandomState::new().hash_one(0);
        Shown { state: Mutex::default(), decided: Condvar::new(), server, lang }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics with the lock")
    }

    fn mark(&self, state: &State) -> String {
        format!("{:x}-{}", self.server, state.count)
    }

    /// What there is to see, and its mark. Waits for the first, for as long as that may take.
    pub(super) fn view(&self) -> Option<(View, String)> {
        const LONGEST: Duration = Duration::from_secs(120);
        let undecided = |state: &mut State| state.view.edition.is_none() && state.view.problems.is_none();
        let waited = self.decided.wait_timeout_while(self.lock(), LONGEST, undecided);
        let (mut state, _) = waited.expect("nothing panics with the lock");
        (!undecided(&mut state)).then(|| (state.view.clone(), self.mark(&state)))
    }

    /// What there is to see now, if anything.
    pub(super) fn now(&self) -> View {
        self.lock().view.clone()
    }

    /// Changes what there is to see, and tells browsers what to do.
    pub(super) fn change(&self, to: Change, with: impl FnOnce(&mut View)) {
        let mut state = self.lock();
        with(&mut state.view);
        state.count += 1;
        state.listeners.retain(|listener| listener.send(to.clone()).is_ok());
        self.decided.notify_all();
    }

    /// Changes what stands behind what there is to see.
    pub(super) fn keep(&self, with: impl FnOnce(&mut View)) {
        with(&mut self.lock().view);
    }

    /// The mark of what is to be seen now.
    pub(super) fn mark_now(&self) -> String {
        self.mark(&self.lock())
    }

    /// The changes from now on. The first comes at once where the view is no longer the one of `mark`.
    pub(super) fn listen(&self, mark: &str) -> Receiver<Change> {
        let (sender, receiver) = channel();
        let mut state = self.lock();
        if !mark.is_empty() && mark != self.mark(&state) {
            // The receiver is still here.
            let _ = sender.send(Change::Reload);
        }
        state.listeners.push(sender);
        receiver
    }
}
