//! Asks addresses of other sites whether something is there.
//!
//! Nothing of what is there is kept. Eight are asked at a time, and of one host no more than two. An address in a private
//! network is asked only where the link itself names it: neither a name nor a redirection leads the program into one.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::{IpAddr, ToSocketAddrs};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use ureq::http::header::LOCATION;
use ureq::http::uri::Uri;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::{Agent, Error, Proxy};

use super::escape::escape_address;

/// So many are asked at a time.
const AT_A_TIME: usize = 8;
/// So many of one host.
const OF_A_HOST: usize = 2;
/// So long is waited for an answer.
pub const PATIENCE: Duration = Duration::from_secs(10);
/// So many redirections are followed.
pub const REDIRECTIONS: usize = 5;

/// What was found at an address.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Found {
    /// Something is there.
    Good,
    /// It has moved for good, and something is at the new address.
    Moved(String),
    /// The server says that nothing is there, with this status.
    Gone(u16),
    /// There is no host of this name.
    NoHost,
    /// The server does not answer programs, with this status.
    Refused(u16),
    /// The server answers that it cannot, with this status.
    Failed(u16),
    /// There was no answer in time.
    Slow,
    /// No connection could be made, or it broke.
    Unreachable,
    /// The connection cannot be trusted.
    Untrusted,
    /// It leads into a private network, and was not asked.
    Private,
    /// It redirects again and again.
    Redirecting,
    /// The host is written in letters of which a name on the network is not made, and was not asked.
    Unasked,
}

/// Asks addresses, which begin with `http://` or `https://`, each once.
pub fn ask(addresses: &BTreeSet<String>) -> BTreeMap<String, Found> {
    let agents = Agents::new();
    let (queue, freed) = (Mutex::new(Queue::new(addresses)), Condvar::new());
    std::thread::scope(|scope| {
        for _ in 0..AT_A_TIME.min(addresses.len()) {
            scope.spawn(|| {
                let mut here = queue.lock().unwrap_or_else(PoisonError::into_inner);
                while !here.waiting.is_empty() {
                    let Some((address, host)) = here.next() else {
                        here = freed.wait(here).unwrap_or_else(PoisonError::into_inner);
                        continue;
                    };
                    drop(here);
                    let found = agents.ask(&address);
                    here = queue.lock().unwrap_or_else(PoisonError::into_inner);
                    here.end(address, &host, found);
                    freed.notify_all();
                }
            });
        }
    });
    queue.into_inner().unwrap_or_else(PoisonError::into_inner).found
}

/// The addresses that are still to be asked, and what was found at the others.
struct Queue {
    waiting: VecDeque<(String, String)>,
    /// How many of a host are being asked.
    asked: BTreeMap<String, usize>,
    found: BTreeMap<String, Found>,
}

impl Queue {
    fn new(addresses: &BTreeSet<String>) -> Queue {
        let host = |address: &str| host_of(&parsed(address)?).map(str::to_owned);
        let mut queue = Queue { waiting: VecDeque::new(), asked: BTreeMap::new(), found: BTreeMap::new() };
        for address in addresses {
            match host(address) {
                Some(host) => queue.waiting.push_back((address.clone(), host)),
                None => drop(queue.found.insert(address.clone(), Found::Unasked)),
            }
        }
        queue
    }

    /// The next address of a host that is not asked too much already.
    fn next(&mut self) -> Option<(String, String)> {
        let is_free = |host: &String| self.asked.get(host).is_none_or(|asked| *asked < OF_A_HOST);
        let at = self.waiting.iter().position(|(_, host)| is_free(host))?;
        let (address, host) = self.waiting.remove(at)?;
        *self.asked.entry(host.clone()).or_default() += 1;
        Some((address, host))
    }

    fn end(&mut self, address: String, host: &str, found: Found) {
        self.found.insert(address, found);
        if let Some(asked) = self.asked.get_mut(host) {
            *asked -= 1;
        }
    }
}

/// The address as a request has it.
fn parsed(address: &str) -> Option<Uri> {
    let address = address.split('#').next().unwrap_or_default();
    escape_address(address).parse().ok()
}

/// The host of an address, if it is written as names on the network are.
fn host_of(uri: &Uri) -> Option<&str> {
    uri.host().filter(|host| !host.is_empty() && !host.contains('%'))
}

/// What asks.
struct Agents {
    usual: Agent,
    /// Past the proxy, for addresses of this machine and its network.
    direct: Agent,
    has_proxy: bool,
}

impl Agents {
    fn new() -> Agents {
        let certificates = rustls_native_certs::load_native_certs().certs;
        let certificates = certificates.iter().map(|one| Certificate::from_der(one).to_owned());
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::from(certificates))
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let agent = |proxy: Option<Proxy>| {
            Agent::config_builder()
                .proxy(proxy)
                .tls_config(tls.clone())
                .http_status_as_error(false)
                .max_redirects(0)
                .timeout_global(Some(PATIENCE))
                .user_agent(concat!("jinbang/", env!("CARGO_PKG_VERSION"), " (checks links)"))
                .build()
                .new_agent()
        };
        let proxy = Proxy::try_from_env();
        Agents { has_proxy: proxy.is_some(), usual: agent(proxy), direct: agent(None) }
    }

    fn ask(&self, address: &str) -> Found {
        let Some(mut uri) = parsed(address) else { return Found::Unasked };
        let named = host_of(&uri).map(str::to_owned);
        let mut moved = None;
        let mut is_for_good = true;
        for _ in 0..=REDIRECTIONS {
            let Some(host) = host_of(&uri) else { return Found::Unreachable };
            let is_named = named.as_deref() == Some(host);
            let agent = match names_private(host) {
                true if is_named => &self.direct,
                true => return Found::Private,
                false => &self.usual,
            };
            // A proxy finds hosts that this machine may not find.
            if !self.has_proxy && !names_private(host) {
                match addresses_of(host) {
                    Some(found) if found.iter().copied().any(is_private) => return Found::Private,
                    Some(_) => {}
                    None => return Found::NoHost,
                }
            }
            let (status, location) = match status(agent, &uri) {
                Ok(answer) => answer,
                Err(found) => return found,
            };
            let next = location.and_then(|location| parsed(&joined(&uri, &location)?));
            match (status, next) {
                (301 | 302 | 303 | 307 | 308, Some(next)) => {
                    is_for_good &= matches!(status, 301 | 308);
                    moved = if is_for_good { Some(next.to_string()) } else { moved };
                    uri = next;
                }
                (200..=399, _) => return moved.map_or(Found::Good, Found::Moved),
                (404 | 410, _) => return Found::Gone(status),
                (401 | 403 | 429, _) => return Found::Refused(status),
                _ => return Found::Failed(status),
            }
        }
        Found::Redirecting
    }
}

/// The status at an address, and where it redirects to.
fn status(agent: &Agent, uri: &Uri) -> Result<(u16, Option<String>), Found> {
    let mut answer = agent.head(uri).call();
    // Some servers answer only to those who want the page; its body is not read.
    if answer.as_ref().is_ok_and(|answer| answer.status().as_u16() >= 400) {
        answer = agent.get(uri).call();
    }
    let answer = answer.map_err(|error| match error {
        Error::Timeout(_) => Found::Slow,
        Error::HostNotFound => Found::NoHost,
        Error::Rustls(_) | Error::Tls(_) => Found::Untrusted,
        Error::Io(cause) if cause.kind() == std::io::ErrorKind::TimedOut => Found::Slow,
        Error::Io(cause) if cause.get_ref().is_some_and(|cause| cause.is::<rustls::Error>()) => {
            Found::Untrusted
        }
        _ => Found::Unreachable,
    })?;
    let location = answer.headers().get(LOCATION);
    let location = location.map(|location| String::from_utf8_lossy(location.as_bytes()).into_owned());
    Ok((answer.status().as_u16(), location))
}

/// The address to which a redirection leads; `None` if it is no address of the web.
fn joined(from: &Uri, location: &str) -> Option<String> {
    let (scheme, authority) = (from.scheme_str()?, from.authority()?);
    let location = location.trim();
    if location.starts_with("http://") || location.starts_with("https://") {
        return Some(location.to_owned());
    }
    if location.starts_with("//") {
        return Some(format!("{scheme}:{location}"));
    }
    if super::links::scheme(location).is_some() {
        return None;
    }
    if location.starts_with('/') {
        return Some(format!("{scheme}://{authority}{location}"));
    }
    let folder = from.path().rsplit_once('/').map_or("", |(folder, _)| folder);
    Some(format!("{scheme}://{authority}{folder}/{location}"))
}

/// Whether a host is written as an address of this machine or of a private network.
fn names_private(host: &str) -> bool {
    let name = host.trim_start_matches('[').trim_end_matches(']');
    name.parse::<IpAddr>().is_ok_and(is_private) || name.eq_ignore_ascii_case("localhost")
}

fn addresses_of(host: &str) -> Option<Vec<IpAddr>> {
    let name = host.trim_start_matches('[').trim_end_matches(']');
    Some((name, 443).to_socket_addrs().ok()?.map(|address| address.ip()).collect())
}

fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private() || v4.is_link_local() || v4.is_unspecified(),
        IpAddr::V6(v6) => {
            v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local() || v6.is_unspecified()
        }
    }
}
