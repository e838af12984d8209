//! The enterprises that a table may name: by slug, or by name in either language.

use std::collections::BTreeMap;

use crate::data::{Record, Spanned, fold_word};
use crate::fair::enterprise::{Enterprise, enterprise_names};
use crate::fair::intake::values::Wrong;
use crate::source::{Failure, Files, Report, any_of, code, nearest, say};

/// An enterprise.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Who {
    /// Of a file, by its stem.
    Filed(String),
    /// Of the roster alone, by its number there.
    Listed(usize),
}

/// The enterprises by what they are called. Names are compared after NFKC and case folding, without white space.
pub(super) struct Names {
    called: BTreeMap<String, Vec<Who>>,
    /// What they are called, as it is written.
    written: Vec<String>,
    /// Whether a file was refused: a name that is not known may be its name.
    any_refused: bool,
    /// The addresses of those of the roster.
    slugs: Vec<Option<String>>,
}

/// What a name stands for.
pub(super) enum Found<'n> {
    /// No enterprise is called so.
    Nobody,
    /// One is.
    One(&'n Who),
    /// Several are.
    Several(&'n [Who]),
}

impl Names {
    /// The enterprises that have a file.
    pub(super) fn of_files(
        files: &Files,
        enterprises: &BTreeMap<String, Enterprise>,
    ) -> Result<Names, Failure> {
        let stems = enterprise_names(files)?;
        let any_refused = stems.iter().any(|stem| !enterprises.contains_key(stem));
        let mut names =
            Names { called: BTreeMap::new(), written: Vec::new(), any_refused, slugs: Vec::new() };
        for stem in stems {
            let who = Who::Filed(stem.clone());
            if let Some(enterprise) = enterprises.get(&stem) {
                let name = &enterprise.name.value;
                for lang in name.languages() {
                    names.add(name.get(lang), &who);
                }
            }
            names.add(&stem, &who);
        }
        Ok(names)
    }

    /// Adds what an enterprise is called.
    pub(super) fn add(&mut self, name: &str, who: &Who) {
        let known = self.called.entry(fold_word(name)).or_default();
        if !known.contains(who) {
            known.push(who.clone());
            self.written.push(name.to_owned());
        }
    }

    /// Gives the next enterprise of the roster its address, if no other one has that.
    pub(super) fn add_slug(&mut self, slug: Option<String>) {
        let is_free = |slug: &String| {
            let called = self.called.get(&fold_word(slug)).map(Vec::as_slice).unwrap_or_default();
            called.iter().all(|who| self.slug(who) != Some(slug))
        };
        let slug = slug.filter(is_free);
        if let Some(slug) = &slug {
            self.add(slug, &Who::Listed(self.slugs.len()));
        }
        self.slugs.push(slug);
    }

    /// The address of an enterprise; `None` where it has none yet.
    pub(super) fn slug<'n>(&'n self, who: &'n Who) -> Option<&'n str> {
        match who {
            Who::Filed(stem) => Some(stem),
            Who::Listed(number) => self.slugs.get(*number)?.as_deref(),
        }
    }

    /// Who is called so. What is written as the slug of an enterprise is that one, whoever else may be called so.
    pub(super) fn find(&self, name: &str) -> Found<'_> {
        let called = self.called.get(&fold_word(name)).map(Vec::as_slice).unwrap_or_default();
        if let Some(who) = called.iter().find(|who| self.slug(who) == Some(name)) {
            return Found::One(who);
        }
        match called {
            [] => Found::Nobody,
            [who] => Found::One(who),
            several => Found::Several(several),
        }
    }

    /// Whether a name that nobody has may be that of a file that was refused.
    pub(super) fn may_be_refused(&self) -> bool {
        self.any_refused
    }

    /// The name that was most likely meant by one that nobody else has. Short names are near to each other and mean
    /// different firms.
    pub(super) fn nearest(&self, name: &str) -> Option<&str> {
        const LONG_NAME: usize = 5;
        let others = self.written.iter().map(String::as_str);
        let others = others.filter(|other| fold_word(other) != fold_word(name));
        nearest(name, others).filter(|_| name.chars().count() >= LONG_NAME)
    }

    /// The enterprises that a cell names, one or several. Those that have no address yet are left out, and so are names
    /// that a refused file may have: both were reported.
    pub(super) fn slugs_in(
        &self,
        report: &mut Report,
        record: &Record<'_>,
        field: usize,
    ) -> Result<Vec<Spanned<String>>, Wrong> {
        let text = record.required(report, field)?;
        let is_known = |part: &str| !matches!(self.find(part), Found::Nobody);
        let parts = match known_parts(&text, is_known) {
            Ok(parts) => parts,
            Err(_) if self.any_refused => return Ok(Vec::new()),
            Err(part) => {
                record
                    .refuse(
                        report,
                        code::UNKNOWN_ENTERPRISE,
                        field,
                        say!("unknown enterprise `{slug}`", slug = part),
                        &text,
                    )
                    .hint_meant(self.nearest(part))
                    .hint(say!("write its name as in the roster, in Chinese or English, or its slug"));
                return Err(Wrong);
            }
        };
        let mut slugs: Vec<Spanned<String>> = Vec::new();
        for part in parts {
            let who = match self.find(part) {
                Found::One(who) => who,
                Found::Several(several) => {
                    return Err(self.refuse_unclear(report, record, field, part, several));
                }
                Found::Nobody => continue,
            };
            if let Some(slug) = self.slug(who)
                && slugs.iter().all(|known| known.value != slug)
            {
                slugs.push(Spanned { value: slug.to_owned(), span: record.span(field) });
            }
        }
        Ok(slugs)
    }

    /// Refuses a name that several enterprises have.
    pub(super) fn refuse_unclear(
        &self,
        report: &mut Report,
        record: &Record<'_>,
        field: usize,
        name: &str,
        several: &[Who],
    ) -> Wrong {
        let slugs = several.iter().filter_map(|who| self.slug(who));
        let slugs: Vec<_> = slugs.map(|slug| say!("`{slug}`", slug)).collect();
        record
            .refuse(
                report,
                code::ENTERPRISE_UNCLEAR,
                field,
                say!("{count} enterprises are named `{name}`", name, count = several.len()),
                name,
            )
            .hint(say!("write the slug of the right one: {slugs}", slugs = any_of(slugs)));
        Wrong
    }
}

/// The parts of a list in one cell, as long as they are known: a name may hold a separator itself, such as the comma of
/// `Mother, baby and children`.
///
/// # Errors
/// The first part that is not known.
pub(super) fn known_parts(text: &str, is_known: impl Fn(&str) -> bool) -> Result<Vec<&str>, &str> {
    let is_separator = |c: char| ";；、,，/|\n\r".contains(c);
    let mut pieces: Vec<(usize, usize)> = Vec::new();
    let mut start = 0;
    for (at, separator) in text.match_indices(is_separator) {
        pieces.push((start, at));
        start = at + separator.len();
    }
    pieces.push((start, text.len()));
    pieces.retain(|&(start, end)| !text[start..end].trim().is_empty());
    let mut parts = Vec::new();
    let mut first = 0;
    while first < pieces.len() {
        let joined = |last: usize| text[pieces[first].0..pieces[last].1].trim();
        match (first..pieces.len()).rev().find(|&last| is_known(joined(last))) {
            Some(last) => {
                parts.push(joined(last));
                first = last + 1;
            }
            None => return Err(joined(first)),
        }
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::known_parts;

    #[test]
    fn a_name_may_hold_the_separator_of_a_list() {
        let known = ["Mother, baby and children", "Foo Co., Ltd.", "甲公司", "乙公司"];
        let parts = |text| known_parts(text, |part| known.contains(&part));
        assert_eq!(parts("Mother, baby and children"), Ok(vec![known[0]]));
        assert_eq!(parts("甲公司、Foo Co., Ltd.; 乙公司"), Ok(vec!["甲公司", "Foo Co., Ltd.", "乙公司"]));
        assert_eq!(parts("甲公司\n乙公司，"), Ok(vec!["甲公司", "乙公司"]));
        assert_eq!(parts("甲公司、丙公司"), Err("丙公司"));
    }
}
