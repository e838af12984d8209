//! Where a page or a file of the site is: below the output folder, and as an address.

use std::fmt;

use sha2::{Digest, Sha256};
use unicode_normalization::is_nfc;

use crate::source::{Message, Sayable, Value, say};

/// The folder of the files whose names hold a fingerprint of their bytes.
pub(super) const ASSETS: &str = "assets/";

/// A place in the site, with `/` between its parts: `zh/awards/137/`, `sitemap.xml`. A page's place
/// ends with `/`; the place of the site's root is empty.
///
/// No part is empty, begins with a dot or holds a character that some file system or server treats
/// specially, so a permalink cannot leave the output folder.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Permalink(String);

/// No file system of today takes a longer name.
const LONGEST_PART: usize = 255;

impl Permalink {
    /// The place that a path names. The error says what is wrong with the path.
    pub fn new(path: impl Into<String>) -> Result<Permalink, Message> {
        let path = path.into();
        let parts = path.strip_suffix('/').unwrap_or(&path);
        if !parts.is_empty() || path == "/" {
            for part in parts.split('/') {
                check_part(part)
                    .map_err(|why| say!("`{path}` is not a valid path in the site: {why}", path, why))?;
            }
        }
        Ok(Permalink(path))
    }

    /// The place of a path below this one, which ends with `/` or is the root.
    pub fn join(&self, path: &str) -> Result<Permalink, Message> {
        debug_assert!(self.0.is_empty() || self.0.ends_with('/'), "{self} is not a folder");
        Permalink::new(format!("{}{path}", self.0))
    }

    /// The path.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The file, relative to the output folder.
    pub fn file(&self) -> String {
        match self.0.is_empty() || self.0.ends_with('/') {
            true => format!("{}index.html", self.0),
            false => self.0.clone(),
        }
    }

    /// Whether this is the address of one content for ever: the name changes with the bytes.
    pub fn is_lasting(&self) -> bool {
        self.0.starts_with(ASSETS)
    }

    /// Whether this is a page that a browser shows as HTML.
    pub fn is_page(&self) -> bool {
        self.0.is_empty() || self.0.ends_with('/') || self.0.ends_with(".html")
    }
}

impl fmt::Display for Permalink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}", self.0)
    }
}

impl Sayable for Permalink {
    fn value(&self) -> Value {
        Value::Text(self.to_string())
    }
}

impl fmt::Debug for Permalink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Checks a part of a path between two slashes. The error says what is wrong with it.
pub fn check_part(part: &str) -> Result<(), Message> {
    if part.is_empty() {
        return Err(say!("it has an empty part"));
    }
    if part.starts_with(['.', ' ']) || part.ends_with(['.', ' ']) {
        return Err(say!("`{part}` begins or ends with a dot or a space", part));
    }
    if part.len() > LONGEST_PART {
        return Err(say!("a part of it is longer than {most} bytes", most = LONGEST_PART));
    }
    if let Some(letter) = part.chars().find(|&letter| is_reserved(letter)) {
        return Err(say!("it contains `{letter}`", letter = letter.escape_debug().to_string()));
    }
    match device(part) {
        Some(name) => Err(say!("Windows reserves the name `{name}` for a device", name)),
        None => Ok(()),
    }
}

/// A part of a path that is sound, and as near as can be to one that is not.
pub fn fit_for_part(part: &str) -> String {
    let fit: String = part.chars().filter(|&letter| !is_reserved(letter)).collect();
    let fit = fit.trim_matches(['.', ' ']);
    match (fit.is_empty(), device(fit)) {
        (true, _) => "page".to_owned(),
        (_, Some(name)) => format!("page-{}{}", name, &fit[name.len()..]),
        _ => fit.to_owned(),
    }
}

fn is_reserved(letter: char) -> bool {
    letter.is_control() || "\\<>:\"|?*#%".contains(letter)
}

/// The name of a device of Windows that a name is taken for there, whatever its ending.
fn device(part: &str) -> Option<&str> {
    let name = part.split('.').next().unwrap_or_default().trim_end_matches(' ');
    let is_device = match name.to_ascii_uppercase().as_str() {
        "CON" | "PRN" | "AUX" | "NUL" => true,
        name => {
            let number = name.strip_prefix("COM").or_else(|| name.strip_prefix("LPT"));
            number.is_some_and(|number| matches!(number.as_bytes(), [b'1'..=b'9']))
        }
    };
    is_device.then_some(name)
}

/// A part of a permalink for any text, such as an identifier. Letters, digits, `-` and `_` stand for
/// themselves, so usual identifiers are unchanged; other characters are written as `~` and their
/// number. Different texts have different segments; very long ones are told apart by a hash.
///
/// No segment is one of `taken`, in upper or lower case, whatever the text.
pub fn segment(text: &str, taken: &[&str]) -> String {
    // Two spellings of one letter would be one file for some file systems.
    let keeps_letters = is_nfc(text);
    let last = text.char_indices().next_back().map_or(0, |(at, _)| at);
    let is_taken = |name: &&str| small_letters(name).eq(small_letters(text));
    let escape_first = taken.iter().any(is_taken) || device(text).is_some();
    let mut segment = String::with_capacity(text.len() + 8);
    for (at, letter) in text.char_indices() {
        let plain = match letter {
            '.' => at > 0 && at < last,
            '-' | '_' => true,
            letter if letter.is_ascii() => letter.is_ascii_alphanumeric(),
            letter => keeps_letters && letter.is_alphanumeric(),
        };
        if plain && !(escape_first && at == 0) {
            segment.push(letter);
        } else {
            segment.push_str(&format!("~{:x}_", u32::from(letter)));
        }
    }
    if segment.is_empty() {
        return "~_".to_owned();
    }
    if segment.len() > LONGEST_PART / 2 {
        let mut end = LONGEST_PART / 3;
        while !segment.is_char_boundary(end) {
            end -= 1;
        }
        segment.truncate(end);
        segment.push_str("~h");
        segment.push_str(&hex(&Sha256::digest(text))[..24]);
    }
    segment
}

fn small_letters(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().flat_map(char::to_lowercase)
}

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The address that a site is published under: `https://example.org`, or a folder of it such as
/// `https://example.org/fair/preview`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct BaseUrl {
    /// Scheme, host and port, without a slash at the end.
    origin: String,
    /// The folder, percent-encoded: empty, or with a slash at its beginning and none at its end.
    prefix: String,
}

impl BaseUrl {
    /// Reads an address. The error says what is wrong with it.
    pub fn parse(url: &str) -> Result<BaseUrl, Message> {
        let refuse = |why: Message| Err(say!("`{url}` is not a valid site address: {why}", url, why));
        let Some((scheme, rest)) = url.trim().split_once("://") else {
            return refuse(say!("it begins with neither `https://` nor `http://`"));
        };
        let scheme = scheme.to_ascii_lowercase();
        if scheme != "https" && scheme != "http" {
            return refuse(say!("it begins with neither `https://` nor `http://`"));
        }
        if rest.contains(['?', '#']) {
            return refuse(say!("it has a `?` or a `#`"));
        }
        let (host, folder) = match rest.split_once('/') {
            Some((host, folder)) => (host, folder.trim_end_matches('/')),
            None => (rest, ""),
        };
        let host = host.to_ascii_lowercase();
        if host.contains('@') {
            return refuse(say!("it has a user name"));
        }
        if let Err(why) = check_host(&host) {
            return refuse(why);
        }
        let default_port = if scheme == "https" { ":443" } else { ":80" };
        let host = host.strip_suffix(default_port).unwrap_or(&host);
        let mut prefix = String::new();
        if !folder.is_empty() {
            for part in folder.split('/') {
                let Some(part) = percent_decode(part) else {
                    return refuse(say!("a `%` in it is misplaced"));
                };
                if part.is_empty() || part == "." || part == ".." || part.contains(['/', '\\']) {
                    return refuse(say!("a part of it is empty, or is made of dots or slashes"));
                }
                prefix.push('/');
                percent_encode(&mut prefix, &part);
            }
        }
        Ok(BaseUrl { origin: format!("{scheme}://{host}"), prefix })
    }

    /// What to write instead of an address that is refused: the same with its scheme and without what stands behind a
    /// `?` or `#`, if it is sound so.
    pub fn hint(url: &str) -> Message {
        let text = url.trim().split(['?', '#']).next().unwrap_or_default();
        let (scheme, rest) = text.split_once("://").unwrap_or(("https", text.trim_start_matches('/')));
        let scheme = if scheme.eq_ignore_ascii_case("http") { "http" } else { "https" };
        let address = format!("{scheme}://{rest}");
        match BaseUrl::parse(&address) {
            Ok(base) if base.origin.contains('.') => say!("write {value}", value = address),
            _ => say!("write an address such as https://example.org or https://example.org/fair"),
        }
    }

    /// The address of a place for links within the site: `/preview/zh/awards/`.
    pub fn path_url(&self, permalink: &Permalink) -> String {
        let mut url = String::with_capacity(self.prefix.len() + permalink.0.len() + 1);
        self.push_path(&mut url, permalink);
        url
    }

    /// The whole address of a place: `https://example.org/preview/zh/awards/`.
    pub fn absolute(&self, permalink: &Permalink) -> String {
        let mut url = self.origin.clone();
        self.push_path(&mut url, permalink);
        url
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The folder that the site is published in: empty, or `/` and its name.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    fn push_path(&self, url: &mut String, permalink: &Permalink) {
        url.push_str(&self.prefix);
        url.push('/');
        let mut parts = permalink.0.split('/');
        percent_encode(url, parts.next().unwrap_or_default());
        for part in parts {
            url.push('/');
            percent_encode(url, part);
        }
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}/", self.origin, self.prefix)
    }
}

fn check_host(host: &str) -> Result<(), Message> {
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !host.ends_with(']') => (name, Some(port)),
        _ => (host, None),
    };
    if port.is_some_and(|port| port.parse::<u16>().is_err()) {
        return Err(say!("its port is not a number up to 65535"));
    }
    if let Some(address) = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
        let address = address.parse::<std::net::Ipv6Addr>();
        return address.map(|_| ()).map_err(|_| say!("its host is not an address"));
    }
    if !name.is_ascii() {
        return Err(say!("its host contains letters other than a–z: write the `xn--` form"));
    }
    let fits = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    match name.split('.').all(fits) {
        true => Ok(()),
        false => Err(say!("it has no valid host")),
    }
}

/// Writes every byte that may not stand in an address as it is as `%` and two digits. What may is so
/// little that the result needs no escaping in HTML or XML either.
pub(super) fn percent_encode(url: &mut String, part: &str) {
    for byte in part.bytes() {
        match byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            true => url.push(char::from(byte)),
            false => url.push_str(&format!("%{byte:02X}")),
        }
    }
}

/// The text that a part of an address stands for; none if a `%` is misplaced or the text is no UTF-8.
pub fn percent_decode(part: &str) -> Option<String> {
    if !part.contains('%') {
        return Some(part.to_owned());
    }
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let [high, low] = [rest.next()?, rest.next()?].map(|digit| char::from(digit).to_digit(16));
        bytes.push(u8::try_from(high? * 16 + low?).expect("two digits are a byte"));
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_is_refused_is_rewritten_where_it_can_be() {
        for (url, hint) in [
            ("fair.example.org/137", "write https://fair.example.org/137"),
            ("ftp://example.org", "write https://example.org"),
            ("http://example.org/?lang=zh", "write http://example.org/"),
            ("public/index.html", "write an address such as https://example.org or https://example.org/fair"),
            ("../public", "write an address such as https://example.org or https://example.org/fair"),
            ("example", "write an address such as https://example.org or https://example.org/fair"),
            (
                "https://me@example.org",
                "write an address such as https://example.org or https://example.org/fair",
            ),
        ] {
            assert!(BaseUrl::parse(url).is_err(), "{url}");
            assert_eq!(BaseUrl::hint(url), hint);
        }
    }

    #[test]
    fn a_permalink_cannot_leave_the_output_folder() {
        let refused = ["/", "/zh/", "zh//", "..", "zh/../x/", "zh/./", "a\\b", ".git/x", "a\nb", "a?", "a/."];
        for path in refused.into_iter().chain(["zh/ a/", "zh/aux/", "Com1.png", "nul .x"]) {
            assert!(Permalink::new(path).is_err(), "{path}");
        }
        for (path, file) in [("", "index.html"), ("zh/", "zh/index.html"), ("a/404.html", "a/404.html")] {
            assert_eq!(Permalink::new(path).unwrap().file(), file);
        }
    }

    #[test]
    fn any_text_has_a_safe_segment_of_its_own() {
        #[track_caller]
        fn case(text: &str, expected: &str) {
            assert_eq!(segment(text, &["rules", "winners.csv"]), expected);
        }
        case("E00017", "E00017");
        case("粤A-017", "粤A-017");
        case("a/b", "a~2f_b");
        case("..", "~2e_~2e_");
        case("a~2f_b", "a~7e_2f_b");
        case("", "~_");
        case("Rules", "~52_ules");
        case("winners.csv", "~77_inners.csv");
        case("Con", "~43_on");
        // é in one character, and in two.
        case("\u{e9}", "\u{e9}");
        case("e\u{301}", "e~301_");
        let long = ["甲".repeat(200), "甲".repeat(201)].map(|text| segment(&text, &[]));
        assert_ne!(long[0], long[1]);
        for text in long.iter().map(String::as_str).chain(["a b", "x\u{0}", "%41", "<b>", "a."]) {
            Permalink::new(format!("{}/", segment(text, &[]))).unwrap();
        }
    }

    #[test]
    fn a_name_that_no_file_can_have_has_a_near_one_that_can() {
        for (name, near) in [
            ("100%", "100"),
            ("问答?", "问答"),
            ("a:b*c\"<d>|\\\t", "abcd"),
            ("end. ", "end"),
            ("con", "page-con"),
            ("?", "page"),
        ] {
            assert!(check_part(name).is_err() && check_part(near).is_ok(), "{name}");
            assert_eq!(fit_for_part(name), near);
        }
        assert!(check_part("console").is_ok() && check_part("问答？").is_ok() && check_part("a b").is_ok());
    }

    #[test]
    fn addresses_have_their_prefix_and_are_encoded() {
        let base = BaseUrl::parse("HTTPS://Example.org:443/展/preview/").unwrap();
        let permalink = Permalink::new("zh/粤 A'&/").unwrap();
        assert_eq!(base.path_url(&permalink), "/%E5%B1%95/preview/zh/%E7%B2%A4%20A%27%26/");
        assert_eq!(base.absolute(&Permalink::new("").unwrap()), "https://example.org/%E5%B1%95/preview/");
        let plain = BaseUrl::parse("http://localhost:1111").unwrap();
        assert_eq!(plain.path_url(&Permalink::new("sitemap.xml").unwrap()), "/sitemap.xml");
    }

    #[test]
    fn what_is_not_an_address_is_refused() {
        for url in [
            "example.org",
            "ftp://a.b",
            "https://",
            "https:///x",
            "https://a b",
            "https://a/../b",
            "https://a//b",
            "https://u@a",
            "https://a?x",
            "https://a:99999",
            "https://a..b",
            "https://展.cn",
            "https://a/%2e%2e/",
            "https://a/%zz",
            "https://[::g]",
        ] {
            assert!(BaseUrl::parse(url).is_err(), "{url}");
        }
        for url in ["https://[::1]:8080/x", "http://10.0.0.1"] {
            assert!(BaseUrl::parse(url).is_ok(), "{url}");
        }
    }
}
