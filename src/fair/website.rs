//! The address of a website, as people write it.

use crate::source::{Message, say};

/// The address to which a page links, if what is given is one; where it has no scheme, it gets one.
pub fn web_address(given: &str) -> Option<String> {
    let address = match given.split_once("://") {
        Some((scheme, _)) if ["http", "https"].contains(&scheme.to_ascii_lowercase().as_str()) => {
            given.to_owned()
        }
        None if given.contains('.') && !given.contains([':', ' ', '@', '/', '\\']) => {
            format!("https://{given}")
        }
        _ => return None,
    };
    let clean = |c: char| {
        !c.is_whitespace() && !c.is_control() && !"<>\"'`{}|\\^。，、；：！？（）「」《》“”‘’…—".contains(c)
    };
    address.chars().all(clean).then_some(address)
}

/// What to write instead of an address that is refused: the same with its scheme, where that is all it lacks.
pub fn web_address_hint(given: &str) -> Message {
    // Chinese marks at its end belong to the sentence that it was copied from.
    let given = given.trim().trim_end_matches(|c: char| "。，、；：！？）」》”’…".contains(c));
    if let Some(address) = web_address(given) {
        return say!("write {value}", value = address);
    }
    let host = given.split('/').next().unwrap_or_default();
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    // The host ends in a domain, which is of letters: `1.5/2` is none.
    let is_host = host.split('.').all(is_part)
        && host
            .rsplit_once('.')
            .is_some_and(|(_, domain)| domain.bytes().all(|byte| byte.is_ascii_alphabetic()));
    match web_address(&format!("https://{given}")).filter(|_| is_host) {
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
        for given in ["shop@example.com", "1.5/2", "../shop", "example.com/a b", "无"] {
            assert_eq!(web_address(given), None, "{given}");
            assert_eq!(web_address_hint(given), "write it as https://www.example.com", "{given}");
        }
    }
}
