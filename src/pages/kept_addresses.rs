//! `addresses.txt`: every address of the site that people may have kept.

use std::collections::{BTreeMap, BTreeSet};

use super::addresses;
use crate::site::Permalink;
use crate::source::{Failure, Files, Report, Span, code, report_conflict, say};

/// The file, below the root of the project.
pub const ADDRESSES: &str = "data/addresses.txt";

/// The addresses that were published, each with its line in [`ADDRESSES`].
pub type KeptAddresses = BTreeMap<Permalink, Span>;

/// Reads the addresses that were published. None are where the file is absent: nothing was published yet.
pub fn read_addresses(report: &mut Report, files: &Files) -> Result<KeptAddresses, Failure> {
    let mut kept = KeptAddresses::new();
    if !files.is_file(ADDRESSES) {
        return Ok(kept);
    }
    let file = files.id(ADDRESSES);
    let text = files.keep_text(file, String::from_utf8_lossy(&files.read(file)?).into_owned());
    if report_conflict(report, file, &text, 0) {
        return Ok(kept);
    }
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let (start, address) = (at, line.trim_start_matches('\u{feff}').trim());
        at += line.len();
        if address.is_empty() {
            continue;
        }
        let span = Span::text(file, start, start + line.trim_end().len());
        let place = match address.strip_prefix('/') {
            Some(path) => Permalink::new(path),
            None => Err(say!("`{address}` does not begin with `/`", address)),
        };
        match place {
            Ok(place) => {
                kept.entry(place).or_insert(span);
            }
            Err(why) => {
                report
                    .error(code::ADDRESS_LIST, span, why)
                    .hint(say!("write one address a line, such as `/zh/zone/`, or delete the line"));
            }
        }
    }
    Ok(kept)
}

/// The text of the file: the addresses of another text of it and these, sorted, each once.
pub fn united(there: &str, published: &BTreeSet<Permalink>) -> String {
    let published = published.iter().map(Permalink::to_string);
    let there = there.trim_start_matches('\u{feff}').lines().map(str::trim).map(str::to_owned);
    let all: BTreeSet<String> = there.chain(published).filter(|address| !address.is_empty()).collect();
    all.into_iter().flat_map(|address| [address, "\n".to_owned()]).collect()
}

/// Whether people keep an address: they link to pages, subscribe to feeds and calendars, and share downloads and badges.
/// Nobody keeps what a page loads, or what is made for servers and search engines.
pub(super) fn is_for_people(place: &Permalink) -> bool {
    let path = place.as_str();
    let name = path.rsplit('/').next().unwrap_or_default();
    !place.is_lasting()
        && !path.starts_with(addresses::CARDS)
        && !path.starts_with('_')
        && name != addresses::NOT_FOUND
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_only_added_and_sorted() {
        let published = ["zh/b/", "zh/a/", ""].map(|path| Permalink::new(path).unwrap());
        let text = united("\u{feff}/zh/c/\r\n\n/zh/a/\n", &published.into());
        assert_eq!(text, "/\n/zh/a/\n/zh/b/\n/zh/c/\n");
    }
}
