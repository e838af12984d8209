//! A site while people work on it: built in memory, followed as its files change, shown in a browser that
//! follows too.
//!
//! Knows folders and sockets; neither the terminal nor what a page is about. `follow` waits for changes
//! and makes editions of the site, an `edition` answers for its pages, `answer` decides what a browser
//! gets, `http` holds the line to it. A page is made when it is asked for, so a change is seen before the
//! rest of the site has been rendered; that is done and checked meanwhile, as a build does it.

mod answer;
mod edition;
mod event;
mod follow;
mod http;
mod listener;
mod moves;
mod news;
mod press;
mod shown;
mod watch;

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use event::Event;
pub use listener::Listener;
pub use news::News;
use shown::Shown;

use crate::lang::Lang;
use crate::project::Options;
use crate::source::{Failure, Files};

/// Stops a server.
#[derive(Clone)]
pub struct Stop(Sender<Event>);

impl Stop {
    /// Lets [`Server::run`] return.
    pub fn stop(&self) {
        // A server that is gone has stopped.
        let _ = self.0.send(Event::Stop);
    }
}

/// A server that is ready to be started.
pub struct Server {
    listener: Listener,
    inbox: Receiver<Event>,
    outbox: Sender<Event>,
}

impl Server {
    /// A server behind a listener.
    pub fn new(listener: Listener) -> Server {
        let (outbox, inbox) = channel();
        Server { listener, inbox, outbox }
    }

    /// What stops it.
    pub fn stop(&self) -> Stop {
        Stop(self.outbox.clone())
    }

    /// Serves a project until it is stopped. What is wrong is shown in a language.
    pub fn run(
        self,
        files: Files,
        as_of: &Options,
        lang: Lang,
        tell: &mut dyn FnMut(News<'_>),
    ) -> Result<(), Failure> {
        let options = Options { base_url: Some(self.listener.url()), ..as_of.clone() };
        let shown = Arc::new(Shown::new(lang));
        answer::listen(self.listener, Arc::clone(&shown), self.outbox.clone())?;
        follow::follow(files, options, lang, &shown, self.inbox, self.outbox, tell)
    }
}
