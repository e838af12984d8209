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
    let clean = |c: char| {
        !c.is_whitespace() && !c.is_control() && !"<>\"'`{}|\\^。，、；：！？（）「」《》“”‘’…—".contains(c)
    };
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

/// What to write instead of an address that is refused: the same with its scheme, where that is all it lacks.
pub fn web_address_hint(given: &str) -> Message {
    // Marks at its end belong to the sentence that it was copied from.
    let given = given.trim().trim_end_matches(|c: char| ".。，、；：！？）」》”’…".contains(c));
    if let Some(address) = web_address(given) {
        return say!("write {value}", value = address);
    }
    let host = given.split('/').next().unwrap_or_default();
    match web_address(&format!("https://{given}")).filter(|_| is_host(host)) {
        Some(address) => say!("write {value}", value = address),
        None => say!("write it as https://www.example.com"),
    }
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
        for given in [
            "www.acme",
            "https://www.acme/shop",
            "1.5",
            "a..b",
            "shop@example.com",
            "1.5/2",
            "../shop",
            "example.com/a b",
            "无",
        ] {
            assert_eq!(web_address(given), None, "{given}");
            assert_eq!(web_address_hint(given), "write it as https://www.example.com", "{given}");
        }
    }
}
