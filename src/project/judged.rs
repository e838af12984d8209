//! A fair that was judged.

use crate::award::Results;
use crate::fair::Facts;
use crate::lang::Lang;
use crate::pages::clause_address;
use crate::rulebook::Rulebook;

/// A fair that was judged.
pub struct Judged {
    /// What its tables say.
    pub facts: Facts,
    /// The rules by which it was judged.
    pub rulebook: Rulebook,
    /// What was decided.
    pub results: Results,
    /// The codes of findings that are neither mended nor accepted.
    pub open_findings: Vec<&'static str>,
}

impl Judged {
    /// Where a clause of its rules can be opened on the site, from the root of the site.
    pub fn clause_address(&self, lang: Lang, clause: &str) -> String {
        clause_address(lang, self.facts.fair, clause)
    }
}
