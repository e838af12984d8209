//! The links of rendered pages: finds them, and finds out whether they lead somewhere.
//!
//! Looks only at the bytes that are published, so it holds whatever a template, a text or a table put
//! there. Links that leave the site are not followed.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use hashbrown::HashMap;

use super::escape::unescape;
use super::markdown::Link;
use super::permalink::{BaseUrl, Permalink, percent_decode};
use crate::source::{Message, Report, Span, code, nearest, say};

/// A tag of an HTML page with its attributes, as they are written.
#[derive(Debug)]
pub struct Tag<'a> {
    /// The element's name, as it is written.
    pub name: &'a str,
    /// Names and raw values. An attribute without a value has an empty one.
    pub attributes: Vec<(&'a str, &'a str)>,
}

/// Goes through the start tags of a page. What stands in comments, scripts and styles is passed over.
pub fn tags<'a>(html: &'a str, mut visit: impl FnMut(&Tag<'a>)) {
    let bytes = html.as_bytes();
    let mut tag = Tag { name: "", attributes: Vec::new() };
    let mut at = 0;
    while let Some(found) = html[at..].find('<') {
        at += found + 1;
        let rest = &html[at..];
        match bytes.get(at) {
            Some(b'!') if rest.starts_with("!--") => at += end_of_comment(rest),
            Some(b'!' | b'?' | b'/') => at += rest.find('>').map_or(rest.len(), |end| end + 1),
            Some(byte) if byte.is_ascii_alphabetic() => {
                at += read_tag(rest, &mut tag);
                visit(&tag);
                if holds_raw_text(tag.name) {
                    at += end_of_raw_text(&html[at..], tag.name);
                }
            }
            _ => {}
        }
    }
}

/// How long a comment is that begins behind its `<`.
fn end_of_comment(rest: &str) -> usize {
    // `<!-->` and `<!--->` are comments too.
    match rest.strip_prefix("!-->").or(rest.strip_prefix("!--->")) {
        Some(behind) => rest.len() - behind.len(),
        None => rest[3..].find("-->").map_or(rest.len(), |end| 3 + end + 3),
    }
}

fn holds_raw_text(name: &str) -> bool {
    ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"]
        .iter()
        .any(|raw| name.eq_ignore_ascii_case(raw))
}

fn end_of_raw_text(text: &str, name: &str) -> usize {
    let mut at = 0;
    while let Some(found) = text[at..].find("</") {
        at += found;
        let behind = text.as_bytes().get(at + 2..at + 2 + name.len());
        if behind.is_some_and(|behind| behind.eq_ignore_ascii_case(name.as_bytes())) {
            return at;
        }
        at += 2;
    }
    text.len()
}

/// Reads the tag that begins behind its `<`. Returns how long it is, its `>` included.
fn read_tag<'a>(text: &'a str, tag: &mut Tag<'a>) -> usize {
    let bytes = text.as_bytes();
    let until = |from: usize, stop: &dyn Fn(u8) -> bool| {
        bytes[from..].iter().position(|&byte| stop(byte)).map_or(bytes.len(), |found| from + found)
    };
    let is_space = |byte: u8| byte.is_ascii_whitespace();
    tag.attributes.clear();
    let mut at = until(0, &|byte| is_space(byte) || byte == b'/' || byte == b'>');
    tag.name = &text[..at];
    loop {
        at = until(at, &|byte| !is_space(byte) && byte != b'/');
        match bytes.get(at) {
            None => return at,
            Some(b'>') => return at + 1,
            Some(_) => {}
        }
        let start = at;
        at = until(at + 1, &|byte| is_space(byte) || matches!(byte, b'/' | b'>' | b'='));
        let name = &text[start..at];
        let equals = until(at, &|byte| !is_space(byte));
        if bytes.get(equals) != Some(&b'=') {
            tag.attributes.push((name, ""));
            continue;
        }
        at = until(equals + 1, &|byte| !is_space(byte));
        let value = match bytes.get(at) {
            Some(&quote @ (b'"' | b'\'')) => {
                let end = until(at + 1, &|byte| byte == quote);
                let value = &text[at + 1..end];
                at = (end + 1).min(bytes.len());
                value
            }
            _ => {
                let end = until(at, &|byte| is_space(byte) || byte == b'>');
                let value = &text[at..end];
                at = end;
                value
            }
        };
        tag.attributes.push((name, value));
    }
}

/// Attributes that hold one address, on whatever element they stand.
const ADDRESSES: &[&str] = &["href", "src", "poster", "action", "formaction", "xlink:href"];

/// Values of a `meta` element's `property` or `name` that make its `content` an address.
const ADDRESS_METAS: &[&str] = &["og:url", "og:image", "twitter:image"];

/// Calls `link` for every link of a tag, and `id` for its name as a target.
fn look_at<'a>(tag: &Tag<'a>, mut link: impl FnMut(Cow<'a, str>), mut id: impl FnMut(Cow<'a, str>)) {
    let is = |name: &str, known: &str| name.eq_ignore_ascii_case(known);
    let is_one_of = |name: &str, known: &[&str]| known.iter().any(|known| is(name, known));
    for &(name, value) in &tag.attributes {
        if is_one_of(name, ADDRESSES) || (is(name, "data") && is(tag.name, "object")) {
            link(unescape(value));
        } else if is(name, "id") || (is(name, "name") && is(tag.name, "a")) {
            id(unescape(value));
        } else if is_one_of(name, &["srcset", "imagesrcset"]) {
            for candidate in value.split(',') {
                if let Some(url) = candidate.split_ascii_whitespace().next() {
                    link(unescape(url));
                }
            }
        }
    }
    if is(tag.name, "meta") {
        let value_of = |wanted: &str| tag.attributes.iter().find(|(name, _)| is(name, wanted));
        let kind = value_of("property").or(value_of("name"));
        if let (Some((_, kind)), Some((_, content))) = (kind, value_of("content"))
            && is_one_of(kind, ADDRESS_METAS)
        {
            link(unescape(content));
        }
    }
}

/// All places of a site, to hold links against.
#[derive(Debug)]
pub struct Targets<'a> {
    base: &'a BaseUrl,
    permalinks: Vec<&'a Permalink>,
    numbers: HashMap<&'a str, u32>,
}

/// What the links of one page come to.
#[derive(Debug, Default)]
pub struct PageLinks {
    /// Links that lead nowhere, and why.
    broken: Vec<(String, Broken)>,
    /// Links to a part of a page, which can only be judged when all pages are known.
    fragments: Vec<(u32, Box<str>)>,
    /// The names of the parts of this page, with spaces between.
    ids: Box<str>,
    /// Names that stand more than once.
    doubled: Vec<String>,
    /// Attributes that hold a style or a script, which no content policy of ours allows.
    inline: BTreeSet<String>,
    /// The highest number of a place to which a link leads.
    highest: u32,
}

impl PageLinks {
    /// Whether every link of the page leads to one of the first so many places of the site.
    pub fn lead_below(&self, places: usize) -> bool {
        let nowhere = self.broken.iter().any(|(_, why)| matches!(why, Broken::NotThere(_)));
        !nowhere && (self.highest as usize) < places
    }
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Broken {
    NotThere(String),
    OutsidePrefix,
    NoScheme,
    Script,
    Malformed,
}

enum Target {
    Elsewhere,
    Place { path: String, fragment: Option<String> },
    Broken(Broken),
}

impl<'a> Targets<'a> {
    /// The places of a site that is published under `base`.
    pub fn new(base: &'a BaseUrl, permalinks: Vec<&'a Permalink>) -> Targets<'a> {
        let number = |at: usize| u32::try_from(at).expect("fewer than 2^32 pages");
        let numbers = permalinks.iter().enumerate().map(|(at, place)| (place.as_str(), number(at))).collect();
        Targets { base, permalinks, numbers }
    }

    /// Looks at the links of a rendered page.
    pub fn look_at_page(&self, page: &Permalink, html: &str) -> PageLinks {
        let mut found = PageLinks::default();
        let mut links: Vec<Cow<'_, str>> = Vec::new();
        let mut ids: Vec<Cow<'_, str>> = Vec::new();
        tags(html, |tag| {
            look_at(tag, |link| links.push(link), |id| ids.push(id));
            for (name, _) in &tag.attributes {
                if name.eq_ignore_ascii_case("style") || is_handler(name) {
                    found.inline.insert(format!("{} {name}", tag.name));
                }
            }
        });
        links.sort_unstable();
        links.dedup();
        for link in links {
            match self.target(page, &link) {
                Target::Elsewhere => {}
                Target::Broken(why) => found.broken.push((link.into_owned(), why)),
                Target::Place { path, fragment } => match self.numbers.get(path.as_str()) {
                    None => found.broken.push((link.into_owned(), Broken::NotThere(path))),
                    Some(&number) => {
                        found.highest = found.highest.max(number);
                        found.fragments.extend(fragment.map(|fragment| (number, fragment.into_boxed_str())));
                    }
                },
            }
        }
        ids.sort_unstable();
        for pair in ids.windows(2) {
            if pair[0] == pair[1] {
                found.doubled.push(pair[0].clone().into_owned());
            }
        }
        found.doubled.dedup();
        ids.dedup();
        found.ids = ids.join(" ").into_boxed_str();
        found
    }

    /// Where a link on a page leads.
    fn target(&self, page: &Permalink, link: &str) -> Target {
        let link =
            link.trim_matches(|letter: char| letter.is_ascii_whitespace() || letter.is_ascii_control());
        let (link, fragment) = match link.split_once('#') {
            Some((link, fragment)) => (link, Some(fragment)),
            None => (link, None),
        };
        let fragment = match fragment.map(|fragment| fragment.split(":~:").next().unwrap_or_default()) {
            None | Some("" | "top") => None,
            Some(fragment) => match percent_decode(fragment) {
                Some(fragment) => Some(fragment),
                None => return Target::Broken(Broken::Malformed),
            },
        };
        let link = link.split('?').next().unwrap_or_default();
        let path = match scheme(link) {
            Some(scheme) if scheme.eq_ignore_ascii_case("javascript") => {
                return Target::Broken(Broken::Script);
            }
            Some(_) => {
                let origin = self.base.origin();
                let own = link.get(..origin.len()).is_some_and(|start| start.eq_ignore_ascii_case(origin));
                match own.then(|| &link[origin.len()..]) {
                    // A canonical link to ourselves has to be right like any other.
                    Some(path) if self.below_prefix(path).is_some() => path,
                    _ => return Target::Elsewhere,
                }
            }
            None if link.starts_with("//") => return Target::Broken(Broken::NoScheme),
            None => link,
        };
        let below = match path.starts_with('/') {
            true => match self.below_prefix(path) {
                Some(below) => Cow::Borrowed(below),
                None => return Target::Broken(Broken::OutsidePrefix),
            },
            false if path.is_empty() => {
                return Target::Place { path: page.as_str().to_owned(), fragment };
            }
            false => {
                let folder = page.as_str().rsplit_once('/').map_or("", |(folder, _)| folder);
                match folder.is_empty() {
                    true => Cow::Borrowed(path),
                    // The folder is no address yet, but decoding leaves it as it is.
                    false => Cow::Owned(format!("{folder}/{path}")),
                }
            }
        };
        match percent_decode(&below).and_then(|path| without_dots(&path)) {
            Some(path) => Target::Place { path, fragment },
            None => Target::Broken(Broken::Malformed),
        }
    }

    fn below_prefix<'l>(&self, path: &'l str) -> Option<&'l str> {
        path.strip_prefix(self.base.prefix())?.strip_prefix('/')
    }

    /// Reports what is wrong with the links of all pages. A page that could not be rendered has none. Where `whole`
    /// does not hold, pages or parts of them may have been left out because of an error that is reported: what is
    /// not there is then no second error. A link that was `written` in the text of a page has its place.
    pub fn report(
        &self,
        report: &mut Report,
        pages: &[Option<&PageLinks>],
        written: &[&[Link]],
        whole: bool,
    ) {
        // A link of a template is broken on every page: it is reported once.
        let mut broken: BTreeMap<(String, &Broken), (usize, usize)> = BTreeMap::new();
        let mut parts: BTreeMap<(u32, &str), (usize, usize)> = BTreeMap::new();
        let mut doubled: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        let mut inline: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        let count = |(_, more): &mut (usize, usize)| *more += 1;
        let of = |page: usize| written.get(page).copied().unwrap_or_default();
        for (number, page) in pages.iter().enumerate() {
            let Some(page) = page else { continue };
            let said = |why: &Broken| whole || !matches!(why, Broken::NotThere(_));
            for (link, why) in page.broken.iter().filter(|(_, why)| said(why)) {
                broken.entry((link.clone(), why)).and_modify(count).or_insert((number, 0));
            }
            for (target, fragment) in page.fragments.iter().filter(|_| whole) {
                let Some(Some(links)) = pages.get(*target as usize) else { continue };
                if !links.ids.split(' ').any(|id| id == &**fragment) {
                    parts.entry((*target, fragment)).and_modify(count).or_insert((number, 0));
                }
            }
            for place in &page.inline {
                inline.entry(place).and_modify(count).or_insert((number, 0));
            }
            for id in &page.doubled {
                doubled.entry(id).and_modify(count).or_insert((number, 0));
            }
        }
        for ((link, why), (first, more)) in broken {
            let page = self.name(first, more);
            let (message, hint) = match why {
                Broken::NotThere(path) => {
                    let meant = self
                        .nearest(path)
                        .map(|near| say!("`{near}` exists", near = self.base.path_url(near)));
                    (say!("{page} links to `{link}`, which does not exist", page, link), meant)
                }
                Broken::OutsidePrefix => {
                    let hint = say!("the site is published under `{prefix}/`", prefix = self.base.prefix());
                    (say!("{page} links to `{link}`, which is outside the site", page, link), Some(hint))
                }
                Broken::NoScheme => {
                    let hint =
                        say!("if it is another site, write `https:` before it; otherwise remove one slash");
                    (say!("{page} links to `{link}` without a scheme", page, link), Some(hint))
                }
                Broken::Script => {
                    (say!("{page} has a script instead of a link address: `{link}`", page, link), None)
                }
                Broken::Malformed => {
                    (say!("{page} has a link that is not an address: `{link}`", page, link), None)
                }
            };
            let place = of(first).iter().find(|written| written.target == link).map(|written| written.span);
            let draft = report.error(code::BROKEN_LINK, place, message);
            if let Some(hint) = hint {
                draft.hint(hint);
            }
        }
        for ((target, fragment), (first, more)) in parts {
            let page = self.name(first, more);
            let place = self.base.path_url(self.permalinks[target as usize]);
            let message = say!(
                "{page} links to `{place}#{fragment}`, but that page has no such anchor",
                page,
                place,
                fragment
            );
            let draft =
                report.error(code::BROKEN_LINK, self.written_at(of(first), target, fragment), message);
            let ids = pages[target as usize].as_ref().map(|links| &*links.ids).unwrap_or_default();
            if let Some(near) = nearest(fragment, ids.split(' ')) {
                draft.hint(say!("`#{near}` exists", near));
            }
        }
        for (place, (first, more)) in inline {
            let (element, attribute) = place.split_once(' ').expect("an element and its attribute");
            let message = say!(
                "{page} has `{attribute}` on `{element}`, which the content security policy blocks",
                page = self.name(first, more),
                attribute,
                element
            );
            report.error(code::INLINE_CODE, None, message).hint(say!(
                "move the style to a class in a stylesheet, and the script to a file of the theme"
            ));
        }
        for (id, (first, more)) in doubled {
            report
                .error(
                    code::DOUBLED_ID,
                    None,
                    say!("{page} has two elements with the id `{id}`", page = self.name(first, more), id),
                )
                .hint(say!("a link would always go to the first: give them different ids"));
        }
    }

    /// Where in the text of a page a link to a part of a page is written: without the language, or with the whole address.
    fn written_at(&self, written: &[Link], target: u32, fragment: &str) -> Option<Span> {
        let target = self.permalinks[target as usize].as_str();
        let leads_there = |link: &&Link| {
            link.target.split_once('#').is_some_and(|(path, part)| {
                let path = path.strip_prefix(self.base.origin()).unwrap_or(path);
                percent_decode(part).as_deref() == Some(fragment)
                    && target.ends_with(path.trim_start_matches('/'))
            })
        };
        written.iter().find(leads_there).map(|link| link.span)
    }

    fn name(&self, page: usize, more: usize) -> Message {
        let page = self.permalinks[page].to_string();
        match more {
            0 => say!("`{page}`", page),
            1 => say!("`{page}` and another page", page),
            more => say!("`{page}` and {more} other pages", page, more),
        }
    }

    /// The place that was most likely meant.
    fn nearest(&self, path: &str) -> Option<&'a Permalink> {
        let trimmed = path.strip_suffix("index.html").unwrap_or(path);
        for candidate in [trimmed.to_owned(), format!("{path}/"), trimmed.trim_end_matches('/').to_owned()] {
            if let Some(&number) = self.numbers.get(candidate.as_str()) {
                return Some(self.permalinks[number as usize]);
            }
        }
        let near = nearest(path, self.permalinks.iter().map(|place| place.as_str()))?;
        Some(self.permalinks[*self.numbers.get(near)? as usize])
    }
}

/// Whether an attribute holds a script: `onclick`.
fn is_handler(name: &str) -> bool {
    name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("on")) && name.len() > 2
}

/// The scheme of an address, if it has one.
pub(super) fn scheme(link: &str) -> Option<&str> {
    let (scheme, _) = link.split_once(':')?;
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    (scheme.starts_with(|first: char| first.is_ascii_alphabetic()) && scheme.bytes().all(fits))
        .then_some(scheme)
}

/// A path without `.` and `..`; none if it leaves the site.
pub(super) fn without_dots(path: &str) -> Option<String> {
    if !path.split('/').any(|part| part == "." || part == "..") {
        return Some(path.to_owned());
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    if path.ends_with("/.") || path.ends_with("/..") || path == "." || path == ".." {
        parts.push("");
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(html: &str) -> (Vec<String>, Vec<String>) {
        let (mut links, mut ids) = (Vec::new(), Vec::new());
        tags(html, |tag| {
            look_at(tag, |link| links.push(link.into_owned()), |id| ids.push(id.into_owned()));
        });
        (links, ids)
    }

    #[test]
    fn links_and_names_are_found_however_they_are_written() {
        #[track_caller]
        fn case(html: &str, expected: &[&str]) {
            assert_eq!(links(html).0, expected);
        }
        case("<a href='/a/?x=1&amp;y=&#x41;'>", &["/a/?x=1&y=A"]);
        case("<A\n HREF = /b/><img src=x.png alt=>", &["/b/", "x.png"]);
        case("<a title='>' href=\"/c/\" download/>", &["/c/"]);
        case("<!-- <a href=x> --><!--><a href=y><!DOCTYPE html>", &["y"]);
        case("<script>'<a href=x>'</script><style><a href=x></STYLE ><a href=z>", &["z"]);
        case("<img srcset='a.png 1x, b.png 2x'><form action=/s>", &["a.png", "b.png", "/s"]);
        case("<meta content='https://x/' property=og:url><meta content=zzz name=author>", &["https://x/"]);
        case("1 < 2 <a href=/q&copy=1>", &["/q&copy=1"]);
        case("<a href='/unfinished", &["/unfinished"]);
        assert_eq!(links("<h2 id=一><a name='b'></a><input name=c>").1, ["一", "b"]);
    }

    #[test]
    fn links_are_held_against_what_is_published() {
        let base = BaseUrl::parse("https://example.org/sub").unwrap();
        let places = ["", "zh/", "zh/awards/137/", "zh/awards/137/粤A/", "zh/404.html", "assets/site.css"];
        let places = places.map(|place| Permalink::new(place).unwrap());
        let targets = Targets::new(&base, places.iter().collect());
        let problems = |page: &str, html: &str| {
            let number = places.iter().position(|place| place.as_str() == page).unwrap();
            let mut pages: Vec<Option<PageLinks>> = places.iter().map(|_| None).collect();
            pages[1] = Some(targets.look_at_page(&places[1], "<h2 id=顶 class=x>"));
            pages[number] = Some(targets.look_at_page(&places[number], html));
            let mut report = Report::new();
            targets.report(&mut report, &pages.iter().map(Option::as_ref).collect::<Vec<_>>(), &[], true);
            let mut lines = Vec::new();
            for problem in report.problems() {
                lines.push(problem.message.to_string());
                lines.extend(problem.hints.iter().map(|hint| hint.to_string()));
            }
            lines
        };
        let sound = "<a href=/sub/><a href=/sub/zh/#%E9%A1%B6><a href='../#顶'><a href=https://other.org/x>
            <a href='%E7%B2%A4A/'><a href='粤A/?q#'><link href=https://example.org/sub/zh/><a href=''>
            <a href=https://example.org/elsewhere><a href='../../assets/site.css'>
            <a href=mailto:a@b><h2 id=b><a href=#b><a href=#top>";
        assert_eq!(
            problems(
                "zh/awards/137/",
                &sound.replace("../#顶", "../../#顶").replace("../../assets", "../../../assets")
            ),
            [""; 0]
        );
        #[track_caller]
        fn case(lines: Vec<String>, expected: &[&str]) {
            assert_eq!(lines, expected);
        }
        case(
            problems("zh/", "<a href=/sub/zh/awards/137>"),
            &["`/zh/` links to `/sub/zh/awards/137`, which does not exist", "`/sub/zh/awards/137/` exists"],
        );
        case(
            problems("zh/", "<a href=/zh/>"),
            &["`/zh/` links to `/zh/`, which is outside the site", "the site is published under `/sub/`"],
        );
        case(
            problems("", "<a href=/sub/zh/#頂>"),
            &["`/` links to `/sub/zh/#頂`, but that page has no such anchor", "`#顶` exists"],
        );
        case(
            problems("zh/404.html", "<a href=awards/136/>"),
            &["`/zh/404.html` links to `awards/136/`, which does not exist", "`/sub/zh/awards/137/` exists"],
        );
        case(
            problems("zh/", "<p id=a><p id=a><a href=java&#115;cript:x()>"),
            &[
                "`/zh/` has a script instead of a link address: `javascript:x()`",
                "`/zh/` has two elements with the id `a`",
                "a link would always go to the first: give them different ids",
            ],
        );
        case(problems("zh/", "<a href=../../x>"), &["`/zh/` has a link that is not an address: `../../x`"]);
    }
}
