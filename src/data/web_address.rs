//! The address of a website, as people write it.

use crate::source::{Message, say};

/// The address to which a page links, if what is given is one; where it has no scheme, it gets one.
pub fn web_address(given: &str) -> Option<String> {
    let address = match given.split_once("://") {
        Some((scheme, rest))
            if ["http", "https"].contains(&scheme.to_ascii_lowercase().as_str())
                && !is_www_alone(rest.split(['/', ':', '?', '#']).next().unwrap_or_default()) =>
        {
            given.to_owned()
        }
        None if is_host(given) => format!("https://{given}"),
        _ => return None,
    };
    let clean =
        |c: char| !c.is_whitespace() && !c.is_control() && !"<>\"'`{}|\\^＠".contains(c) && !is_mark(c);
    address.chars().all(clean).then_some(address)
}

/// Whether a text is the name of a host: parts between dots, the last one of letters. `1.5` is none.
fn is_host(text: &str) -> bool {
    let is_part = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '-');
    let domain = text.rsplit_once('.').map(|(_, domain)| domain);
    let is_domain = |domain: &str| domain.chars().all(char::is_alphabetic) || domain.starts_with("xn--");
    text.split('.').all(is_part) && domain.is_some_and(is_domain) && !is_www_alone(text)
}

/// Whether a host has lost what stands between `www` and the domain, or behind it: `www.acme`.
fn is_www_alone(host: &str) -> bool {
    host.split_once('.').is_some_and(|(www, rest)| www.eq_ignore_ascii_case("www") && !rest.contains('.'))
}

/// Whether a sign is a Chinese mark: at the end of an address it belongs to the sentence that it was copied from.
fn is_mark(sign: char) -> bool {
    "。，、；：！？（）「」《》“”‘’…—".contains(sign)
}

/// What to write instead of an address that is refused.
pub fn web_address_hint(given: &str) -> Message {
    let whole = given.trim().trim_end_matches(|sign| sign == '.' || is_mark(sign));
    match web_address(whole).or_else(|| meant_address(given)).or_else(|| with_scheme("https", whole)) {
        Some(address) if address.starts_with("mailto:") => {
            say!("`{given}` is an e-mail address; write the address of the website", given)
        }
        Some(address) => say!("write {value}", value = address),
        None => say!("write it as https://www.example.com"),
    }
}

/// The address that is plainly meant by one with a slip: a sign that is full-width, too many or too few between its
/// scheme and its host, none of a host that begins with `www.`, or of an e-mail address.
pub fn meant_address(given: &str) -> Option<String> {
    use unicode_normalization::UnicodeNormalization;
    let plain = |sign: char| match sign {
        '\\' => '/',
        '。' => '.',
        sign => sign,
    };
    let whole = given.trim().trim_end_matches(|sign| sign == '.' || is_mark(sign));
    let signs: String = whole.nfkc().map(plain).collect();
    let lower = signs.to_ascii_lowercase();
    for scheme in ["https", "http"] {
        if lower.starts_with(scheme) {
            let rest = &signs[scheme.len()..];
            let host = rest.trim_start_matches([':', '/', ';', ' ']);
            return with_scheme(scheme, host).filter(|_| host.len() < rest.len());
        }
    }
    if lower.starts_with("www.") {
        return with_scheme("https", &signs);
    }
    let (name, host) = signs.split_once('@')?;
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._+-".contains(&b));
    (is_name && is_host(host)).then(|| format!("mailto:{signs}"))
}

/// A scheme and what follows it, if that begins with a host.
fn with_scheme(scheme: &str, rest: &str) -> Option<String> {
    let host = rest.split('/').next().unwrap_or_default();
    web_address(&format!("{scheme}://{rest}")).filter(|_| is_host(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_lacks_its_scheme_is_rewritten_and_others_are_not() {
        assert_eq!(web_address_hint("example.com/shop"), "write https://example.com/shop");
        assert_eq!(web_address("https://example.com。"), None);
        assert_eq!(web_address_hint("https://example.com。"), "write https://example.com");
        assert_eq!(web_address("www.例子.中国").as_deref(), Some("https://www.例子.中国"));
        assert_eq!(web_address_hint("example.com."), "write https://example.com");
        for given in
            ["www.acme", "https://www.acme/shop", "1.5", "a..b", "1.5/2", "../shop", "example.com/a b", "无"]
        {
            assert_eq!(web_address(given), None, "{given}");
            assert_eq!(web_address_hint(given), "write it as https://www.example.com", "{given}");
        }
    }

    #[test]
    fn an_address_with_a_slip_is_rewritten() {
        for (given, meant) in [
            ("http//www.a.cn", "http://www.a.cn"),
            ("http:/www.a.cn/b", "http://www.a.cn/b"),
            ("https：//www.a.cn。", "https://www.a.cn"),
            ("https:\\\\a.cn", "https://a.cn"),
            ("www.a.cn", "https://www.a.cn"),
            ("info＠a.cn", "mailto:info@a.cn"),
        ] {
            assert_eq!(meant_address(given).as_deref(), Some(meant), "{given}");
        }
        for given in ["vlog/", "httpd.md", "a.md", "@a", "../www.a.cn", "无"] {
            assert_eq!(meant_address(given), None, "{given}");
        }
        assert_eq!(
            web_address_hint("shop@a.cn"),
            "`shop@a.cn` is an e-mail address; write the address of the website"
        );
    }
}
