//! A site while people work on it: built in memory, followed as its files change, shown in a browser that
//! follows too.
//!
//! Knows folders and sockets; neither the terminal nor what a page is about. `follow` waits for changes
//! and makes editions of the site, an `edition` answers for its pages, `answer` decides what a browser
//! gets, `http` holds the line to it. A page is made when it is asked for, so a change is seen before the
//! rest of the site has been rendered; that is done and checked meanwhile, as a build does it.

mod answer;
mod edition;
mod follow;
mod http;
mod shown;
mod watch;

use std::net::{IpAddr, SocketAddr, TcpListener, ToSocketAddrs};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use shown::Shown;

use crate::lang::Lang;
use crate::project::Options;
use crate::site::Written;
use crate::source::{Failure, Files, Message as Said, Report, say};

/// What happens while a site is served, for somebody to tell people.
pub enum News<'a> {
    /// What browsers see has changed.
    Shown {
        /// The inputs that changed; folders with a slash behind. None at the beginning.
        changed: &'a [String],
        /// How long after the change was noticed.
        after: Duration,
        /// The day for which it is made, as `2025-09-26`; none if the files name no day and nobody else did.
        day: Option<String>,
    },
    /// All pages were rendered and checked.
    Checked {
        /// What was found. While there are errors, they are what browsers see.
        report: &'a Report,
        /// The files that it speaks of.
        files: &'a Files,
        /// How much would be published; none if too little could be read to make pages of.
        written: Option<Written>,
    },
    /// The machine failed; the next change is the next try.
    Failed(&'a Failure),
    /// The system does not say when files change, and why; they are looked at every second instead.
    Polling(Said),
}

/// A place at which browsers are awaited.
pub struct Listener {
    socket: TcpListener,
    address: SocketAddr,
    /// The name under which it was asked for.
    host: String,
}

impl Listener {
    /// Begins to listen at an address of this machine. Port 0 is any port that is free.
    pub fn bind(host: &str, port: u16) -> Result<Listener, Failure> {
        let name = host.trim_start_matches('[').trim_end_matches(']');
        let address = format!("{host}:{port}");
        let doing = say!("listen on {address}", address);
        let failed = |cause: std::io::Error| {
            let why = match cause.kind() {
                std::io::ErrorKind::AddrInUse => {
                    say!(
                        "another program uses this port; name another with --port, or any that is free with --port 0"
                    )
                }
                std::io::ErrorKind::PermissionDenied => {
                    say!("this user may not; name a port above 1023 with --port")
                }
                std::io::ErrorKind::AddrNotAvailable => {
                    say!("this machine has no such address; correct --host")
                }
                _ => return Failure::new(doing.clone(), cause),
            };
            Failure::because(doing.clone(), why)
        };
        let addresses: Vec<SocketAddr> = (name, port).to_socket_addrs().map_err(failed)?.collect();
        let socket = TcpListener::bind(addresses.as_slice()).map_err(failed)?;
        let address = socket.local_addr().map_err(failed)?;
        Ok(Listener { socket, address, host: name.to_ascii_lowercase() })
    }

    /// The address of the site: `http://127.0.0.1:1111`.
    pub fn url(&self) -> String {
        let port = self.address.port();
        match self.host.parse::<IpAddr>() {
            // No browser can go to all addresses at once.
            Ok(IpAddr::V4(all)) if all.is_unspecified() => format!("http://127.0.0.1:{port}"),
            Ok(IpAddr::V6(all)) if all.is_unspecified() => format!("http://[::1]:{port}"),
            Ok(IpAddr::V6(address)) => format!("http://[{address}]:{port}"),
            _ => format!("http://{}:{port}", self.host),
        }
    }

    /// Whether only this machine can reach it.
    pub fn is_local(&self) -> bool {
        self.address.ip().is_loopback()
    }
}

/// What is said to the thread that follows the files.
enum Message {
    /// Something may have changed at these paths below the root.
    Changed(Vec<String>),
    /// Something may have changed anywhere.
    Lost,
    /// An edition can answer.
    Planned(Arc<edition::Edition>),
    /// An edition, by its number, was checked as a whole.
    Checked(u64, edition::Outcome),
    /// An answer could not be made because of a fault of the program.
    Fault(Failure),
    /// The end.
    Stop,
}

/// Stops a server.
#[derive(Clone)]
pub struct Stop(Sender<Message>);

impl Stop {
    /// Lets [`Server::run`] return.
    pub fn stop(&self) {
        // A server that is gone has stopped.
        let _ = self.0.send(Message::Stop);
    }
}

/// A server that is ready to be started.
pub struct Server {
    listener: Listener,
    inbox: Receiver<Message>,
    outbox: Sender<Message>,
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
