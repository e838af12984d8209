//! The address of a website, as people write it.

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
    let clean = |c: char| !c.is_whitespace() && !c.is_control() && !"<>\"'`{}|\\^".contains(c);
    address.chars().all(clean).then_some(address)
}
