//! Addresses that stand in a text as they are: `https://…`, `www.…` and e-mail addresses become links.
//!
//! The rules are those of GitHub's Markdown, and an address also ends where a character stands that no address has
//! unencoded, such as `。` and Chinese letters; the crates that find addresses take these for part of them.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd};

use super::writer::Located;

/// Makes links of the addresses that stand in no link and no code.
pub(super) fn link_addresses<'a>(events: Vec<Located<'a>>, text: &str) -> Vec<Located<'a>> {
    let mut linked = Vec::with_capacity(events.len());
    let mut closed = 0_usize;
    for (event, range) in events {
        match &event {
            Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_)) => closed += 1,
            Event::End(TagEnd::Link | TagEnd::Image | TagEnd::CodeBlock) => closed -= 1,
            Event::Text(words) if closed == 0 => {
                let addresses = addresses(words);
                if !addresses.is_empty() {
                    split(&mut linked, words, &range, &text[range.clone()], addresses);
                    continue;
                }
            }
            _ => {}
        }
        linked.push((event, range));
    }
    linked
}

/// Puts words out with their addresses as links.
fn split<'a>(
    linked: &mut Vec<Located<'a>>,
    words: &CowStr<'a>,
    range: &Range<usize>,
    written: &str,
    addresses: Vec<Address>,
) {
    // Words with entities or backslashes are shorter than what is written; then the place is that of all of them.
    let place = |part: &Range<usize>| match written.len() == words.len() {
        true => range.start + part.start..range.start + part.end,
        false => range.clone(),
    };
    let text = |part: Range<usize>| (Event::Text(CowStr::from(words[part.clone()].to_owned())), place(&part));
    let mut done = 0;
    for Address { part, kind } in addresses {
        if done < part.start {
            linked.push(text(done..part.start));
        }
        done = part.end;
        let (link_type, before) = match kind {
            Kind::Web => (LinkType::Autolink, ""),
            Kind::Host => (LinkType::Autolink, "https://"),
            Kind::Email => (LinkType::Email, ""),
        };
        let dest_url = CowStr::from(format!("{before}{}", &words[part.clone()]));
        let (title, id) = (CowStr::from(""), CowStr::from(""));
        linked.push((Event::Start(Tag::Link { link_type, dest_url, title, id }), place(&part)));
        linked.push(text(part.clone()));
        linked.push((Event::End(TagEnd::Link), place(&part)));
    }
    if done < words.len() {
        linked.push(text(done..words.len()));
    }
}

struct Address {
    part: Range<usize>,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Web,
    Host,
    Email,
}

/// The addresses in words, in their order.
fn addresses(words: &str) -> Vec<Address> {
    let mut found: Vec<Address> = Vec::new();
    let mut at = 0;
    while let Some(next) = words[at..].find(['h', 'H', 'w', 'W', '@']) {
        let start = at + next;
        let done = found.last().map_or(0, |last| last.part.end);
        let address = match words.as_bytes()[start] {
            b'@' => email(words, start, done),
            _ => web(words, start),
        };
        at = address.as_ref().map_or(start + 1, |address| address.part.end);
        found.extend(address);
    }
    found
}

fn web(words: &str, start: usize) -> Option<Address> {
    let before = words[..start].bytes().next_back();
    if before.is_some_and(|byte| byte.is_ascii_alphanumeric() || b"/._-@:=&%#".contains(&byte)) {
        return None;
    }
    let begins =
        |with: &str| words[start..].get(..with.len()).is_some_and(|is| is.eq_ignore_ascii_case(with));
    let (kind, host) = match () {
        () if begins("https://") => (Kind::Web, start + 8),
        () if begins("http://") => (Kind::Web, start + 7),
        () if begins("www.") => (Kind::Host, start),
        () => return None,
    };
    let end = host + host_length(&words[host..])?;
    // What is encoded with `%` is plain; a bracket of IPv6 is too rare to look for.
    let is_part = |byte: u8| byte.is_ascii_graphic() && !b"<>\"`\\{}|^".contains(&byte);
    let rest = words[end..].bytes().take_while(|byte| is_part(*byte)).count();
    let begins_rest = words[end..].starts_with(['/', '?', '#', ':']);
    let end = end + if begins_rest { trimmed(&words[start..end + rest]) + start - end } else { 0 };
    Some(Address { part: start..end, kind })
}

/// How long the host is with which a text begins: labels with points between them.
fn host_length(text: &str) -> Option<usize> {
    let length =
        text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(byte)).count();
    let host = text[..length].trim_end_matches(['.', '-', '_']);
    let labels = || host.split('.');
    let is_name = labels().count() > 1 && labels().all(|label| !label.is_empty());
    (is_name && !labels().next_back()?.contains('_')).then_some(host.len())
}

/// How long an address is without the signs at its end that belong to the sentence.
fn trimmed(address: &str) -> usize {
    let opening = address.matches('(').count();
    let mut closing = address.matches(')').count();
    let mut kept = address;
    loop {
        let shorter = kept.trim_end_matches(['?', '!', '.', ',', ':', ';', '*', '_', '~', '\'', ']']);
        match shorter.strip_suffix(')') {
            Some(without) if closing > opening => {
                closing -= 1;
                kept = without;
            }
            _ => return shorter.len(),
        }
    }
}

fn email(words: &str, at: usize, done: usize) -> Option<Address> {
    let is_local = |byte: &u8| byte.is_ascii_alphanumeric() || b"._%+-".contains(byte);
    let length = words.as_bytes()[done..at].iter().rev().take_while(|byte| is_local(byte)).count();
    let local = words[at - length..at].trim_start_matches(['.', '-', '+', '%']);
    if local.is_empty() || words[..at - local.len()].ends_with('/') {
        return None;
    }
    let host = host_length(&words[at + 1..])?;
    Some(Address { part: at - local.len()..at + 1 + host, kind: Kind::Email })
}

#[cfg(test)]
mod tests {
    use super::addresses;
    use crate::site::markdown::tests::sound;

    #[test]
    fn an_address_ends_where_the_sentence_goes_on() {
        #[track_caller]
        fn case(text: &str, expected: &[&str]) {
            let found: Vec<&str> =
                addresses(text).iter().map(|address| &text[address.part.clone()]).collect();
            assert_eq!(found, expected);
        }
        case("请登录https://www.example.org。", &["https://www.example.org"]);
        case(
            "（见www.example.org/a?b=1&c=%E4）以及http://a.example:80/，",
            &["www.example.org/a?b=1&c=%E4", "http://a.example:80/"],
        );
        case(
            "See https://a.example/x_(y). Or (https://a.example/x).",
            &["https://a.example/x_(y)", "https://a.example/x"],
        );
        case("https://a.example/路径、www.b.example:", &["https://a.example/", "www.b.example"]);
        case("邮箱info@mail.a.example。a.b+c@d.example,", &["info@mail.a.example", "a.b+c@d.example"]);
        case("@a.example a@b x@@y.example https:// https://a www. www.a http:/x wwww.a.example", &["www.a"]);
        case("ahttps://b.example /www.a.example", &[]);
    }

    #[test]
    fn addresses_are_links_outside_of_links_and_code() {
        sound(
            "www.a.example、**x@a.example**",
            "<p><a href=\"https://www.a.example\" rel=\"external noopener\">www.a.example</a>、\
             <strong><a href=\"mailto:x@a.example\">x@a.example</a></strong></p>\n",
        );
        sound(
            "`www.a.example` [www.a.example](#a)",
            "<p><code>www.a.example</code> <a href=\"#a\">www.a.example</a></p>\n",
        );
        sound("```\nwww.a.example\n```", "<pre><code>www.a.example\n</code></pre>\n");
    }
}
