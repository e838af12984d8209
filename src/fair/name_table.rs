//! The names that the table of names of a fair gives to exhibitors and purchasing enterprises.

use std::collections::{BTreeMap, BTreeSet};

use super::enterprise::Enterprise;
use crate::data::{Spanned, fold_word};
use crate::lang::Lang;
use crate::source::{Files, Report, Span, code, nearest, say};

/// What the table of names of a fair says.
#[derive(Clone, Default, Debug)]
pub struct NameTable {
    /// By identifier or slug.
    pub rows: BTreeMap<String, GivenNames>,
    /// Whether all exhibitors of the fair are known: a name that is no exhibitor's is an enterprise's, or nobody's.
    pub exhibitors_known: bool,
}

/// The names of one exhibitor or enterprise.
#[derive(Clone, Debug)]
pub struct GivenNames {
    /// Where its identifier stands.
    pub place: Span,
    /// Its names.
    pub names: BTreeMap<Lang, Spanned<String>>,
    /// Whether it is an exhibitor.
    pub of_exhibitor: bool,
    /// The exhibitor that may be meant, where it is none.
    pub meant: Option<String>,
}

impl NameTable {
    /// Gives their names to enterprises that lack them. What nobody has is reported, if all `enterprises` are known.
    pub fn give_to_enterprises(
        &self,
        report: &mut Report,
        files: &Files,
        enterprises: &mut BTreeMap<String, Enterprise>,
        known: bool,
    ) {
        let mut unknown: BTreeSet<&str> = BTreeSet::new();
        for (id, row) in self.rows.iter().filter(|(_, row)| !row.of_exhibitor) {
            let Some(enterprise) = enterprises.get_mut(id) else {
                unknown.insert(id);
                continue;
            };
            let own = &mut enterprise.name;
            for (lang, given) in &row.names {
                match own.value.find(*lang).filter(|own| !own.trim().is_empty()) {
                    Some(name) => report_difference(report, files, id, given, name, Some(own.span)),
                    None => own.value.insert(*lang, given.value.as_str()),
                }
            }
        }
        if !known || !self.exhibitors_known {
            return;
        }
        for id in unknown {
            let row = &self.rows[id];
            let slug = nearest(id, enterprises.keys().map(String::as_str));
            report
                .error(
                    code::NAME_UNKNOWN,
                    row.place,
                    say!("`{id}` is neither an exhibitor of this fair nor an enterprise", id),
                )
                .found(id)
                .hint_meant(row.meant.as_deref().or(slug))
                .hint(say!("write the identifier as in the table of exhibitors, or the address of the enterprise; else delete the row"));
        }
    }
}

/// Reports a name that is not the one that its exhibitor or enterprise has by its own table or file.
pub(super) fn report_difference(
    report: &mut Report,
    files: &Files,
    id: &str,
    given: &Spanned<String>,
    own: &str,
    own_place: Option<Span>,
) {
    if fold_word(&given.value) == fold_word(own) {
        return;
    }
    let place = own_place.map(|place| files.at(place)).unwrap_or_default();
    report
        .error(
            code::NAME_DIFFERS,
            given.span,
            say!(
                "the name of `{id}` is `{said}` here and `{own}` in {place}",
                id,
                said = given.value.as_str(),
                own,
                place
            ),
        )
        .found(given.value.as_str())
        .hint(say!(
            "correct one of them, or leave this cell empty: the table of names only adds what is missing"
        ));
}
