//! Texts that are not there in every language.

use super::yaml::spanned::Spanned;
use crate::lang::{Lang, Localized};
use crate::source::{Report, code, list, say};

/// Reports the languages in which a text is missing.
pub fn report_missing(report: &mut Report, text: &Spanned<Localized>, languages: &[Lang]) {
    let missing = text.value.missing(languages);
    // A text that cannot be read is no second error.
    if !missing.is_empty() && !report.has_error_within(text.span) {
        let missing: Vec<&str> = missing.iter().map(Lang::code).collect();
        report
            .error(
                code::MISSING_LANGUAGE,
                text.span,
                say!("missing translation: {missing}", missing = list(&missing)),
            )
            .hint(say!("write it in every language of the site"));
    }
}
