//! What a page may load and run: its content security policy, strict to the byte.
//!
//! Styles and scripts that stand in a page are allowed by their hashes, all else by where it comes from. The
//! policy stands in the page itself, so it holds on every host; hosts that can send it as a header get it for
//! all pages together.

use std::collections::BTreeSet;

use ct_codecs::{Base64, Encoder};
use sha2::{Digest, Sha256};

/// The styles and scripts that stand in pages, by their hashes in base64.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Inline {
    /// Hashes of scripts.
    pub scripts: BTreeSet<String>,
    /// Hashes of styles.
    pub styles: BTreeSet<String>,
}

impl Inline {
    /// The styles and scripts that stand in a page.
    pub fn of(html: &str) -> Inline {
        let mut inline = Inline::default();
        let mut at = 0;
        while let Some(found) = html[at..].find('<') {
            at += found + 1;
            let rest = &html[at..];
            if rest.starts_with("!--") {
                at += rest.find("-->").map_or(rest.len(), |end| end + 3);
                continue;
            }
            let Some(name) = ["style", "script"].into_iter().find(|name| is_tag(rest, name)) else {
                continue;
            };
            let Some(open) = rest.find('>') else { break };
            let text = &rest[open + 1..];
            let end = end_of(text, name).unwrap_or(text.len());
            let (tag, text) = (&rest[..open], &text[..end]);
            match name {
                "style" => inline.styles.insert(hash(text)),
                _ if tag.contains(" src=") || tag.contains("application/") => false,
                _ => inline.scripts.insert(hash(text)),
            };
            at += open + 1 + end;
        }
        inline
    }

    /// Adds those of other pages.
    pub fn add(&mut self, other: Inline) {
        self.scripts.extend(other.scripts);
        self.styles.extend(other.styles);
    }

    /// The policy that allows them and what lies on the same host.
    pub fn policy(&self) -> String {
        let sources = |hashes: &BTreeSet<String>| {
            hashes.iter().map(|hash| format!(" 'sha256-{hash}'")).collect::<String>()
        };
        format!(
            "default-src 'none'; script-src 'self'{}; style-src 'self'{}; img-src 'self' data:; font-src 'self'; \
             media-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'",
            sources(&self.scripts),
            sources(&self.styles),
        )
    }
}

/// A page with its policy in its head, and what stands in it. A page without a head is left alone.
pub fn with_policy(html: &str) -> (String, Inline) {
    let inline = Inline::of(html);
    let Some(head) = html.find("<head>").map(|at| at + "<head>".len()) else {
        return (html.to_owned(), inline);
    };
    // Browsers look for the encoding in the first bytes.
    let charset = html[head..].find("<meta charset");
    let after = charset.and_then(|at| Some(head + at + html[head + at..].find('>')? + 1)).unwrap_or(head);
    let meta = format!("\n<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">", inline.policy());
    (format!("{}{meta}{}", &html[..after], &html[after..]), inline)
}

fn is_tag(text: &str, name: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
        && bytes.get(name.len()).is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b'>')
}

/// Where the text of an element ends.
fn end_of(text: &str, name: &str) -> Option<usize> {
    let mut at = 0;
    while let Some(found) = text[at..].find("</") {
        at += found;
        let rest = text.as_bytes().get(at + 2..at + 2 + name.len());
        if rest.is_some_and(|rest| rest.eq_ignore_ascii_case(name.as_bytes())) {
            return Some(at);
        }
        at += 2;
    }
    None
}

fn hash(text: &str) -> String {
    Base64::encode_to_string(Sha256::digest(text)).expect("a hash is short")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_page_is_allowed_and_nothing_else() {
        let page = "<!doctype html><html><head><meta charset=\"utf-8\"><script>1</script>\
            <script src=\"/a.js\" defer></script><script type=\"application/ld+json\">{}</script>\
            <!-- <script>2</script> --><STYLE>a{}</STYLE></head>";
        let (sealed, inline) = with_policy(page);
        // printf 1 | openssl dgst -sha256 -binary | base64
        assert_eq!(
            inline.scripts,
            BTreeSet::from(["a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s=".to_owned()])
        );
        assert_eq!(inline.styles.len(), 1);
        let begin = "<!doctype html><html><head><meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" \
            content=\"default-src 'none'; script-src 'self' 'sha256-a4ayc/";
        assert!(sealed.starts_with(begin), "{sealed}");
        assert!(!sealed.contains("unsafe"));
    }
}
