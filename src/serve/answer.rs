//! What a browser gets: pages of the edition that is shown, what is wrong, or a refusal.

use std::io::Write;
use std::net::{IpAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use super::edition::{Answer, Edition};
use super::event::Event;
use super::http::{Request, Response, begin_events, hang_up, read};
use super::listener::Listener;
use super::shown::{Change, Shown, View};
use crate::lang::Lang;
use crate::site::permalink::percent_decode;
use crate::source::{Failure, Message, fault, say};

/// More connections than this are not taken at a time.
const MOST_CONNECTIONS: usize = 512;

/// What a connection's thread may put on its stack.
const STACK: usize = 256 << 10;

/// How often a browser that listens is shown that we are there.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// The page for what is wrong and for what was renamed; its `{…}` places are filled in, what is wrong last.
const ERROR_PAGE: &str = include_str!("error.html");

/// The script by which a browser follows.
const SCRIPT: &str = include_str!("follow.js");

/// Addresses below this one are ours; no page can have them, as no path of the site begins with a dot.
const OURS: &str = "/.jinbang/";

/// The query that asks for the last good page while something is wrong.
const LAST_GOOD: &str = "last-good";

const HTML: &str = "text/html; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";

/// Who may be asked for, and by whom.
struct Guard {
    /// The name that the server was given.
    host: String,
    /// Whether it listens at all addresses of the machine.
    everywhere: bool,
}

/// Answers browsers, each in a thread of its own, for as long as the program runs.
pub(super) fn listen(listener: Listener, shown: Arc<Shown>, outbox: Sender<Event>) -> Result<(), Failure> {
    let Listener { socket, address, host } = listener;
    let guard = Arc::new(Guard { host, everywhere: address.ip().is_unspecified() });
    let run = move || accept(&socket, &guard, &shown, &outbox);
    let thread = thread::Builder::new().name("listener".to_owned()).spawn(run);
    thread.map(drop).map_err(|cause| Failure::new(say!("start a thread"), cause))
}

fn accept(socket: &TcpListener, guard: &Arc<Guard>, shown: &Arc<Shown>, outbox: &Sender<Event>) {
    let open = Arc::new(AtomicUsize::new(0));
    for stream in socket.incoming() {
        let Ok(mut stream) = stream else {
            // The machine is out of something; it may come back.
            thread::sleep(Duration::from_millis(50));
            continue;
        };
        if open.load(Ordering::Relaxed) >= MOST_CONNECTIONS {
            continue;
        }
        open.fetch_add(1, Ordering::Relaxed);
        let (guard, shown, counted) = (Arc::clone(guard), Arc::clone(shown), Arc::clone(&open));
        let outbox = outbox.clone();
        let run = move || {
            // Whether the browser waited for the answer is its own affair.
            let _ = stream.set_nodelay(true);
            if let Err(fault) = fault::caught(|| converse(&mut stream, &guard, &shown)) {
                // Nobody listens when the server has stopped.
                let _ = outbox.send(Event::Fault(fault));
            }
            counted.fetch_sub(1, Ordering::Relaxed);
        };
        if thread::Builder::new().stack_size(STACK).spawn(run).is_err() {
            open.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

fn converse(stream: &mut TcpStream, guard: &Guard, shown: &Shown) {
    let request = match read(stream) {
        Ok(request) => request,
        Err(None) => return,
        Err(Some((status, why))) => {
            let _ = refused(status, &why, shown.lang).send(stream, false);
            return hang_up(stream);
        }
    };
    if let Err(why) = guard.admit(&request) {
        let _ = refused(403, &why, shown.lang).send(stream, request.head_only);
        return hang_up(stream);
    }
    if request.path.strip_prefix(OURS) == Some("events") && !request.head_only {
        return tell(stream, &request, shown);
    }
    let answered = fault::caught(|| respond(&request, shown))
        .unwrap_or_else(|fault| Response::new(500, TEXT, fault.message().text(shown.lang) + "\n"));
    let _ = answered.send(stream, request.head_only);
    hang_up(stream);
}

impl Guard {
    /// Whether a request is answered. A page of another site could have its name resolved to this machine,
    /// and read what is served here: a request for another name is refused, and one from another site.
    fn admit(&self, request: &Request) -> Result<(), Message> {
        let name = match request.host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
            _ => &request.host,
        };
        let name = name.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        let known = name == "localhost"
            || name == self.host
            // An address is no name that somebody could have resolved to this machine.
            || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback() || self.everywhere);
        if !known {
            return Err(say!("this server does not have that name"));
        }
        match &request.origin {
            Some(origin) if origin.strip_prefix("http://") != Some(&request.host) => {
                Err(say!("this server does not answer requests from other sites"))
            }
            _ => Ok(()),
        }
    }
}

/// Tells a browser what to do when something has changed, until it hangs up.
fn tell(stream: &mut TcpStream, request: &Request, shown: &Shown) {
    let mark = request.last_event.as_deref().unwrap_or(&request.query);
    let changes = shown.listen(mark);
    if begin_events(stream).and_then(|()| stream.write_all(b"retry: 500\n\n")).is_err() {
        return;
    }
    loop {
        let (text, last) = match changes.recv_timeout(HEARTBEAT) {
            // The page goes away, and this connection with it.
            Ok(Change::Reload) => ("event: reload\ndata:\n\n".to_owned(), true),
            Ok(Change::Styles(styles)) => {
                (format!("id: {}\nevent: styles\ndata: {styles}\n\n", shown.mark_now()), false)
            }
            Err(RecvTimeoutError::Timeout) => (":\n\n".to_owned(), false),
            Err(RecvTimeoutError::Disconnected) => return,
        };
        if stream.write_all(text.as_bytes()).is_err() || last {
            return hang_up(stream);
        }
    }
}

fn respond(request: &Request, shown: &Shown) -> Response {
    if let Some(ours) = request.path.strip_prefix(OURS) {
        return match ours {
            "follow.js" => Response::new(200, "text/javascript; charset=utf-8", SCRIPT),
            _ => refused(404, &say!("nothing here"), shown.lang),
        };
    }
    let Some(path) = percent_decode(&request.path[1..]) else {
        return refused(400, &say!("a `%` in the address is misplaced"), shown.lang);
    };
    let Some((view, mark)) = shown.view() else {
        return refused(503, &say!("the site is not ready yet"), shown.lang);
    };
    let View { edition, good, problems } = view;
    let Some(problems) = problems else {
        let edition = edition.expect("what is shown is an edition or what is wrong with it");
        return from(&edition, &path, &mark, shown.lang);
    };
    // Styles, pictures and downloads are those of the last good site.
    let Some(good) = good else { return error_page(&problems, &mark, false, shown.lang) };
    let answered = from(&good, &path, &mark, shown.lang);
    let is_page = answered.media_type == HTML || answered.status == 404;
    match is_page && request.query != LAST_GOOD {
        true => error_page(&problems, &mark, true, shown.lang),
        false => answered,
    }
}

fn from(edition: &Edition, path: &str, mark: &str, lang: Lang) -> Response {
    match edition.ask(path) {
        Answer::Found(permalink, bytes) => match permalink.is_page() {
            true => Response::new(200, HTML, following(bytes, mark)),
            false => {
                let is_lasting = permalink.is_lasting();
                Response { is_lasting, ..Response::new(200, media_type(permalink.as_str()), bytes) }
            }
        },
        Answer::Moved(address) => {
            Response { location: Some(address), ..refused(308, &say!("the address ends with a slash"), lang) }
        }
        Answer::Missing(Some(page)) => Response::new(404, HTML, following(page, mark)),
        Answer::Missing(None) => refused(404, &say!("page not found"), lang),
        Answer::Renamed(to) => renamed_page(to.as_deref(), mark, lang),
        Answer::Broken(problems) => error_page(&problems, mark, false, lang),
    }
}

/// An answer that is a sentence.
fn refused(status: u16, why: &Message, lang: Lang) -> Response {
    Response::new(status, TEXT, why.text(lang) + "\n")
}

/// A page with the script that makes it follow.
fn following(mut page: Vec<u8>, mark: &str) -> Vec<u8> {
    let script = format!("<script src=\"{OURS}follow.js\" data-mark=\"{mark}\" defer></script>");
    let end = page.windows(7).rposition(|tag| tag.eq_ignore_ascii_case(b"</body>")).unwrap_or(page.len());
    page.splice(end..end, script.into_bytes());
    page
}

/// What is wrong, in the words of the terminal.
fn error_page(problems: &str, mark: &str, has_good: bool, lang: Lang) -> Response {
    let (last, address) = (say!("The last good page").text(lang), format!("?{LAST_GOOD}"));
    let page = OwnPage {
        title: say!("Errors"),
        heading: say!("The site cannot be shown"),
        note: say!("This page disappears when the errors are corrected"),
        link: has_good.then_some((&address, &last)),
        problems,
    };
    page.answer(500, mark, lang)
}

/// What became of a page that was there since the server started.
fn renamed_page(to: Option<&str>, mark: &str, lang: Lang) -> Response {
    let link = to.map(|to| {
        (
            to,
            say!("Probably renamed to {path}", path = percent_decode(to).as_deref().unwrap_or(to)).text(lang),
        )
    });
    let page = OwnPage {
        title: say!("Page renamed or removed"),
        heading: say!("This page is no longer here"),
        note: say!("Its file was renamed or removed since the server started"),
        link: link.as_ref().map(|(to, words)| (*to, words.as_str())),
        problems: "",
    };
    page.answer(404, mark, lang)
}

/// A page of the server itself.
struct OwnPage<'a> {
    title: Message,
    heading: Message,
    note: Message,
    /// An address, and the words that lead there.
    link: Option<(&'a str, &'a str)>,
    /// What is wrong, in the words of the terminal.
    problems: &'a str,
}

impl OwnPage<'_> {
    fn answer(&self, status: u16, mark: &str, lang: Lang) -> Response {
        let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let hidden = |is_hidden: bool| if is_hidden { " hidden" } else { "" };
        let (href, link) = self.link.unwrap_or_default();
        let page = ERROR_PAGE
            .replace("{wrong}", hidden(self.problems.is_empty()))
            .replace("{linked}", hidden(self.link.is_none()))
            .replace("{lang}", lang.tag())
            .replace("{title}", &self.title.text(lang))
            .replace("{heading}", &self.heading.text(lang))
            .replace("{note}", &self.note.text(lang))
            // Our addresses have no quotation marks: they are encoded.
            .replace("{href}", href)
            .replace("{link}", &escaped(link))
            .replace("{problems}", &escaped(self.problems));
        Response::new(status, HTML, following(page.into_bytes(), mark))
    }
}

/// What a file is, by the ending of its name.
fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase().as_str() {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "xml" => "application/xml",
        "txt" => TEXT,
        "csv" => "text/csv; charset=utf-8",
        "ics" => "text/calendar; charset=utf-8",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "gif" => "image/gif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "pdf" => "application/pdf",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}
