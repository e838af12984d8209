//! `fair.yaml` of the sample: the one given, with what the sample changes.

/// The text with the block of a top-level key replaced, or with the block at its end where there is none.
/// Everything else stays as it is, comments included.
pub(super) fn with_block(text: &str, key: &str, block: &str) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let is_key = |line: &&str| line.strip_prefix(key).is_some_and(|rest| rest.starts_with(':'));
    let Some(start) = lines.iter().position(is_key) else {
        let gap = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
        return format!("{text}{gap}{block}");
    };
    // The block goes on while lines are indented; blank lines at its end stand before what comes next.
    let mut end = start + 1;
    for (number, line) in lines.iter().enumerate().skip(start + 1) {
        let blank = line.trim().is_empty();
        if !blank && !line.starts_with([' ', '\t']) {
            break;
        }
        if !blank {
            end = number + 1;
        }
    }
    format!("{}{block}{}", lines[..start].concat(), lines[end..].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(text: &str, expected: &str) {
        assert_eq!(with_block(text, "sources", "sources: new\n"), expected);
    }

    #[test]
    fn only_the_block_is_replaced() {
        case(
            "# a\nfair: 137\nsources:\n  b: 1\n\n  c: 2\n\n# d\ne: 3\n",
            "# a\nfair: 137\nsources: new\n\n# d\ne: 3\n",
        );
        case("sources: {b: 1}\n# d\n", "sources: new\n# d\n");
        case("a: 1\nb:\n  sources: 2", "a: 1\nb:\n  sources: 2\nsources: new\n");
    }
}
