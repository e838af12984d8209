//! Names that a rulebook gives to nothing.

use crate::data::Spanned;
use crate::source::{Message, Report, code, list, nearest, say};

/// Reports a name that is not among those known.
pub(super) fn unknown_name(
    report: &mut Report,
    name: &Spanned<String>,
    what: &Message,
    known: &[&str],
) -> bool {
    if known.contains(&name.value.as_str()) {
        return false;
    }
    report
        .error(code::UNKNOWN_NAME, name.span, say!("unknown {what} `{name}`", what, name = name.value))
        .label_meant(nearest(&name.value, known.iter().copied()))
        .hint(say!("known: {known}", known = list(known.iter())));
    true
}
