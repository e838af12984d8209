//! HTTP/1.1, as much as a browser needs to look at a site, and not more: one request a connection, heads
//! of bounded size that come in bounded time, no bodies.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::source::{Message, say};

/// A request without a body.
#[derive(Debug)]
pub(super) struct Request {
    /// Whether only the head of the answer is wanted.
    pub head_only: bool,
    /// The path as it was sent, with a slash at its beginning.
    pub path: String,
    /// What stands behind the `?`.
    pub query: String,
    pub host: String,
    pub origin: Option<String>,
    pub last_event: Option<String>,
}

/// A request that is not answered, with the status that says so. None: nothing was asked, or
/// too slowly.
pub(super) type Refusal = Option<(u16, Message)>;

/// The longest head of a request.
const LONGEST_HEAD: usize = 16 << 10;

/// The most headers of a request.
const MOST_HEADERS: usize = 100;

/// How long a head may take to come as a whole, so that slow ones do not hold the line.
const HEAD_TIME: Duration = Duration::from_secs(5);

/// How long a browser may take to take in a part of an answer.
const WRITE_TIME: Duration = Duration::from_secs(10);

/// Reads a request.
pub(super) fn read(stream: &mut TcpStream) -> Result<Request, Refusal> {
    let until = Instant::now() + HEAD_TIME;
    let mut head = Vec::with_capacity(1024);
    let mut part = [0; 4096];
    loop {
        let left = until.saturating_duration_since(Instant::now());
        // Who is too slow is cut off, as is who has gone.
        if left.is_zero() || stream.set_read_timeout(Some(left)).is_err() {
            return Err(None);
        }
        match stream.read(&mut part) {
            Ok(0) => return Err(None),
            Ok(length) => head.extend_from_slice(&part[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => return Err(None),
        }
        if let Some(request) = parse(&head)? {
            return Ok(request);
        }
        if head.len() > LONGEST_HEAD {
            return Err(Some((431, say!("the request is too long"))));
        }
    }
}

/// Reads the head of a request. None if it is not complete.
fn parse(head: &[u8]) -> Result<Option<Request>, Refusal> {
    let malformed = || Err(Some((400, say!("the request is malformed"))));
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut parsed = httparse::Request::new(&mut headers);
    match parsed.parse(head) {
        Ok(httparse::Status::Complete(_)) => {}
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(httparse::Error::TooManyHeaders) => {
            return Err(Some((431, say!("the request has too many headers"))));
        }
        Err(_) => return malformed(),
    }
    let head_only = match parsed.method {
        Some("GET") => false,
        Some("HEAD") => true,
        _ => return Err(Some((405, say!("only GET and HEAD are answered")))),
    };
    let header = |name: &str| -> Result<Option<String>, Refusal> {
        let mut values = parsed.headers.iter().filter(|header| header.name.eq_ignore_ascii_case(name));
        let Some(value) = values.next() else { return Ok(None) };
        match (std::str::from_utf8(value.value), values.next()) {
            (Ok(value), None) => Ok(Some(value.trim().to_owned())),
            _ => Err(Some((400, say!("the request is malformed")))),
        }
    };
    // A body could be taken for another request.
    let has_body = header("content-length")?.is_some_and(|length| length != "0");
    if has_body || header("transfer-encoding")?.is_some() {
        return Err(Some((400, say!("the request has a body"))));
    }
    let target = parsed.path.unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let Some(host) = header("host")?.filter(|_| path.starts_with('/')) else { return malformed() };
    Ok(Some(Request {
        head_only,
        path: path.to_owned(),
        query: query.to_owned(),
        host,
        origin: header("origin")?,
        last_event: header("last-event-id")?,
    }))
}

/// An answer.
pub(super) struct Response {
    pub status: u16,
    pub media_type: &'static str,
    /// The address of the page, if it is elsewhere.
    pub location: Option<String>,
    /// Whether the address has this body for ever.
    pub is_lasting: bool,
    pub body: Vec<u8>,
}

impl Response {
    pub(super) fn new(status: u16, media_type: &'static str, body: impl Into<Vec<u8>>) -> Response {
        Response { status, media_type, location: None, is_lasting: false, body: body.into() }
    }

    /// Sends it. Whoever does not wait for the answer does not get it.
    pub(super) fn send(&self, stream: &mut TcpStream, head_only: bool) -> io::Result<()> {
        stream.set_write_timeout(Some(WRITE_TIME))?;
        let mut bytes = head(self.status, self.media_type, self.is_lasting);
        bytes.push_str(&format!("Content-Length: {}\r\n", self.body.len()));
        if let Some(location) = &self.location {
            bytes.push_str(&format!("Location: {location}\r\n"));
        }
        if self.status == 405 {
            bytes.push_str("Allow: GET, HEAD\r\n");
        }
        bytes.push_str("\r\n");
        let mut bytes = bytes.into_bytes();
        if !head_only {
            bytes.extend_from_slice(&self.body);
        }
        stream.write_all(&bytes)
    }
}

/// Begins an answer that goes on for as long as there is something to tell.
pub(super) fn begin_events(stream: &mut TcpStream) -> io::Result<()> {
    stream.set_write_timeout(Some(WRITE_TIME))?;
    let mut bytes = head(200, "text/event-stream", false);
    bytes.push_str("\r\n");
    stream.write_all(bytes.as_bytes())
}

/// The head of an answer, but for what is particular to it.
fn head(status: u16, media_type: &str, is_lasting: bool) -> String {
    let reason = match status {
        200 => "OK",
        308 => "Permanent Redirect",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "Bad Request",
    };
    let kept = if is_lasting { "private, max-age=31536000, immutable" } else { "no-store" };
    // Another site may neither read, nor embed, nor frame what is served here.
    format!(
        "HTTP/1.1 {status} {reason}\r\nContent-Type: {media_type}\r\nConnection: close\r\n\
         Cache-Control: {kept}\r\nX-Content-Type-Options: nosniff\r\n\
         Cross-Origin-Resource-Policy: same-origin\r\nX-Frame-Options: SAMEORIGIN\r\n"
    )
}

/// Ends a connection so that what was sent arrives although more was coming in.
pub(super) fn hang_up(stream: &mut TcpStream) {
    const LINGER: Duration = Duration::from_millis(300);
    let _ = stream.shutdown(std::net::Shutdown::Write);
    let until = Instant::now() + LINGER;
    let mut part = [0; 16 << 10];
    loop {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() || stream.set_read_timeout(Some(left)).is_err() {
            return;
        }
        match stream.read(&mut part) {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_plain_request_is_refused() {
        #[track_caller]
        fn refused(head: &str, status: u16) {
            let refusal = parse(head.as_bytes()).expect_err("it is refused");
            assert_eq!(refusal.map(|(status, _)| status), Some(status), "{head:?}");
        }
        let request = parse(b"GET /zh/?a=1 HTTP/1.1\r\nhost: localhost:1\r\nOrigin: null\r\n\r\n");
        let request = request.unwrap().unwrap();
        let parts = (request.path.as_str(), request.query.as_str(), request.host.as_str());
        assert_eq!((parts, request.origin.as_deref()), (("/zh/", "a=1", "localhost:1"), Some("null")));
        assert!(parse(b"GET / HTTP/1.1\r\nHost: a\r\n").unwrap().is_none());
        refused("POST / HTTP/1.1\r\nHost: a\r\n\r\n", 405);
        refused("GET / HTTP/1.1\r\n\r\n", 400);
        refused("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400);
        refused("GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400);
        refused("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n", 400);
        refused("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 400);
        refused("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400);
        refused("\u{16}\u{3}\u{1}", 400);
        refused(&format!("GET / HTTP/1.1\r\n{}\r\n", "X: a\r\n".repeat(101)), 431);
    }
}
