//! The addresses of other sites to which a project links, and what was found there.

use std::collections::{BTreeMap, BTreeSet};

use super::read::{Options, Project};
use crate::site::outside::{Found, PATIENCE, REDIRECTIONS, ask};
use crate::source::{Files, Message, Report, Span, code, list, say};

/// How many addresses of other sites were asked, and what was found.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct AskedLinks {
    /// All of them.
    pub all: usize,
    /// Those at which something is.
    pub good: usize,
    /// Those that have moved for good.
    pub moved: usize,
    /// Those at which nothing is any more.
    pub gone: usize,
    /// Those that did not answer.
    pub slow: usize,
    /// Those that a person has to look at.
    pub unclear: usize,
}

impl Project {
    /// Asks every address of another site to which texts, enterprises and `site.yaml` link, and warns of those at which
    /// nothing good was found.
    pub(super) fn ask_external(&self, report: &mut Report, files: &Files, options: &Options) -> AskedLinks {
        let links = self.external_links(options);
        let found = ask(&links.keys().cloned().collect());
        let mut asked = AskedLinks { all: links.len(), ..AskedLinks::default() };
        let is_silent = |found: &Found| matches!(found, Found::NoHost | Found::Slow | Found::Unreachable);
        // One dead link may be all that there is; several are the network of this computer.
        let is_offline = found.len() > 2 && found.values().all(is_silent);
        if is_offline {
            report
                .warning(
                    code::EXTERNAL_LINK,
                    None,
                    say!("no other site answers: this computer may not be connected"),
                )
                .hint(say!("connect it, or set `HTTPS_PROXY`, and check again"));
        }
        for (address, found) in &found {
            let count = match found {
                Found::Good => &mut asked.good,
                Found::Moved(_) => &mut asked.moved,
                Found::NoHost if is_offline => &mut asked.slow,
                Found::Gone(_) | Found::NoHost => &mut asked.gone,
                Found::Slow | Found::Unreachable => &mut asked.slow,
                _ => &mut asked.unclear,
            };
            *count += 1;
            if let (Some(places), false) = (links.get(address), is_offline) {
                warn(report, files, address, found, places);
            }
        }
        asked
    }

    /// The addresses of other sites, with the places that link to them.
    fn external_links(&self, options: &Options) -> BTreeMap<String, BTreeSet<Span>> {
        // What is wrong with the pages is reported when they are written.
        let mut links = self.plan(&mut Report::new(), options, |_, plan| plan.links());
        links.extend(self.site_links());
        let own = format!("{}{}", self.base().origin(), self.base().prefix());
        let mut external: BTreeMap<String, BTreeSet<Span>> = BTreeMap::new();
        for (address, span) in links {
            // A part of a page is not asked for.
            let address = address.split('#').next().unwrap_or_default();
            let is_web =
                ["http://", "https://"].iter().any(|scheme| address.to_ascii_lowercase().starts_with(scheme));
            let rest = address.strip_prefix(&own);
            let is_own = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']));
            if is_web && !is_own {
                external.entry(address.to_owned()).or_default().insert(span);
            }
        }
        external
    }
}

fn warn(report: &mut Report, files: &Files, address: &str, found: &Found, places: &BTreeSet<Span>) {
    let (message, hint): (Message, Message) = match found {
        Found::Good => return,
        Found::Moved(to) => {
            (say!("`{address}` has moved for good", address), say!("write `{meant}`", meant = to))
        }
        Found::Gone(status) => (
            say!("nothing is at `{address}` any more (status {status})", address, status),
            say!("write where it is today, or remove the link"),
        ),
        Found::NoHost => (
            say!("`{address}`: there is no such host", address),
            say!("write where it is today, or remove the link"),
        ),
        Found::Refused(status) => (
            say!("`{address}` does not answer programs (status {status})", address, status),
            say!("look with a browser whether the page is there"),
        ),
        Found::Failed(status) => (
            say!("`{address}` answers with an error (status {status})", address, status),
            say!("ask again later; if it stays so, remove the link"),
        ),
        Found::Slow => (
            say!(
                "no answer from `{address}` within {seconds} seconds",
                address,
                seconds = PATIENCE.as_secs()
            ),
            say!("ask again later; if it stays so, remove the link"),
        ),
        Found::Unreachable => (
            say!("no connection to `{address}`", address),
            say!("ask again later; if it stays so, remove the link"),
        ),
        Found::Untrusted => (
            say!(
                "the connection to `{address}` cannot be trusted: its certificate is expired, or of another host",
                address
            ),
            say!("look with a browser; readers are warned of it as well"),
        ),
        Found::Private => (
            say!("`{address}` leads into a private network, and was not asked", address),
            say!("readers cannot open it: write a public address"),
        ),
        Found::Redirecting => (
            say!("`{address}` redirects more than {count} times", address, count = REDIRECTIONS),
            say!("look with a browser where it leads, and write that address"),
        ),
        Found::Unasked => (
            say!("`{address}` was not asked: only hosts in ASCII letters are", address),
            say!("look with a browser whether the page is there"),
        ),
    };
    let mut places = places.iter();
    let draft = report.warning(code::EXTERNAL_LINK, places.next().copied(), message).hint(hint);
    let more: Vec<String> = places.map(|place| files.at(*place).to_string()).collect();
    if !more.is_empty() {
        draft.hint(say!("the same link is in {places}", places = list(more)));
    }
}
