//! Enterprises of the roster that have no file: they are published from their rows.

use std::collections::BTreeMap;

use super::addresses::Address;
use super::enterprise_row::Values;
use super::given::{Fallback, Given, ZoneTerms, missing_columns, missing_hint};
use super::names::Names;
use crate::data::{FieldRead, Row, SheetRead, Spanned, fold_word};
use crate::fair::Country;
use crate::fair::enterprise::{Enterprise, Kind, NameBasis};
use crate::fair::tables::{ROSTER, roster};
use crate::lang::{Lang, Localized};
use crate::source::{Message, Report, code, say};

/// An enterprise of the table that has no file.
pub(super) struct Listed {
    pub(super) name: Spanned<String>,
    pub(super) values: Values,
    /// Its first row.
    pub(super) row: Row,
    /// Whether something in its rows was refused: what is missing may be that.
    pub(super) refused: bool,
}

/// Checks that the rows of an enterprise without a file say all that is published of it.
pub(super) fn check_complete(
    report: &mut Report,
    terms: &ZoneTerms<'_>,
    names: &Names,
    sheets: &[SheetRead],
    listed: &Listed,
) -> bool {
    let says = |field: usize| listed.values.contains_key(&field);
    let name = listed.name.value.as_str();
    if listed.refused {
        return false;
    }
    if ![roster::NAME_EN, roster::COUNTRY, roster::KIND].into_iter().any(says) {
        if names.may_be_refused() {
            return false;
        }
        report
            .error(code::UNKNOWN_ENTERPRISE, listed.name.span, say!("unknown enterprise `{slug}`", slug = name))
            .found(name)
            .hint_meant(names.nearest(name))
            .hint(say!("correct the name; or, if the enterprise has no file in data/enterprises, complete `name_en`, `country`, `kind` and the other columns of its row"));
        return false;
    }
    let sheet = &sheets[listed.row.sheet as usize];
    let mut sound = true;
    let mut lacks = |field: usize, code, message: Message| {
        sound = false;
        let column = match sheet.field(field) {
            FieldRead::Column { heading, .. } => Some(heading.as_str()),
            _ => None,
        };
        let draft = report.error(code, sheet.field_span(listed.row.row, field), message);
        let draft = if column.is_some() { draft.found("(empty)") } else { draft };
        draft.hint(missing_hint(column.is_some(), column.unwrap_or(ROSTER.fields[field].name)));
    };
    for field in [roster::COUNTRY, roster::KIND].into_iter().filter(|field| !says(*field)) {
        let field_name = ROSTER.fields[field].name;
        lacks(
            field,
            code::ENTERPRISE_INCOMPLETE,
            say!(
                "`{enterprise}` has no file in data/enterprises and no `{field}` here",
                enterprise = name,
                field = field_name
            ),
        );
    }
    let texts = [
        (listed.name(), [roster::ENTERPRISE, roster::NAME_EN]),
        (listed.business().unwrap_or_default(), [roster::BUSINESS_ZH, roster::BUSINESS_EN]),
    ];
    for (text, columns) in texts {
        if text.languages().next().is_none() {
            continue;
        }
        for (lang, field) in missing_columns(terms, &text, columns, Fallback::OfZone) {
            let field_name = ROSTER.fields[field].name;
            let message = say!(
                "`{enterprise}` has no `{field}`: the text is missing in {lang}",
                enterprise = name,
                field = field_name,
                lang
            );
            lacks(field, code::MISSING_LANGUAGE, message);
        }
    }
    sound
}

/// The addresses that the rows say; `None` for an enterprise that is not known at all. One address for two enterprises
/// is reported.
pub(super) fn addresses(report: &mut Report, given: &Given<'_>, listed: &[Listed]) -> Vec<Option<Address>> {
    let mut taken: BTreeMap<&str, &Listed> = BTreeMap::new();
    let mut addresses = Vec::new();
    for one in listed {
        let said = |field: usize| one.values.get(&field).map(|value| value.value.clone());
        let is_known = [roster::NAME_EN, roster::COUNTRY, roster::KIND, roster::SLUG]
            .iter()
            .any(|field| one.values.contains_key(field));
        if !is_known && !one.refused {
            addresses.push(None);
            continue;
        }
        if let Some(slug) = one.values.get(&roster::SLUG) {
            let earlier = given.terms.earlier.get(&slug.value);
            let other = if given.terms.enterprises.contains_key(&slug.value) {
                Some(format!("data/enterprises/{}.yaml", slug.value))
            } else if let Some(first) = taken.get(slug.value.as_str()) {
                Some(given.files.at(first.name.span))
            } else {
                earlier
                    .filter(|earlier| !same_name(&earlier.name.value, &one.name()))
                    .map(|earlier| given.files.at(earlier.name.span))
            };
            if let Some(other) = other {
                report
                    .error(
                        code::SLUG_TWICE,
                        slug.span,
                        say!("`{slug}` is already the address of another enterprise: {other}", slug = slug.value, other),
                    )
                    .found(slug.value.clone())
                    .hint(say!("give this enterprise another address; if it is the same one, write its name as it is there"));
            }
            taken.entry(&slug.value).or_insert(one);
        }
        addresses.push(Some(Address {
            name: one.name(),
            slug: said(roster::SLUG),
            sort: said(roster::SORT),
        }));
    }
    addresses
}

/// Whether two names are the same in a language.
fn same_name(one: &Localized, other: &Localized) -> bool {
    one.languages()
        .any(|lang| other.find(lang).is_some_and(|name| fold_word(name) == fold_word(one.get(lang))))
}

impl Listed {
    fn name(&self) -> Localized {
        let mut name = Localized::default();
        name.insert(Lang::ZH, self.name.value.clone());
        if let Some(english) = self.values.get(&roster::NAME_EN) {
            name.insert(Lang::EN, english.value.clone());
        }
        name
    }

    fn business(&self) -> Option<Localized> {
        let mut business = Localized::default();
        for (lang, field) in [(Lang::ZH, roster::BUSINESS_ZH), (Lang::EN, roster::BUSINESS_EN)] {
            if let Some(text) = self.values.get(&field) {
                business.insert(lang, text.value.clone());
            }
        }
        let is_said = business.languages().next().is_some();
        is_said.then_some(business)
    }

    /// The enterprise; `None` where something that it must have is missing, which was reported.
    pub(super) fn into_enterprise(self) -> Option<Enterprise> {
        let value = |field: usize| self.values.get(&field);
        let country = value(roster::COUNTRY)?;
        let business = [roster::BUSINESS_ZH, roster::BUSINESS_EN].into_iter().find_map(value);
        let goods = value(roster::GOODS).map(|goods| {
            goods.value.split(';').map(|key| Spanned { value: key.to_owned(), span: goods.span }).collect()
        });
        Some(Enterprise {
            name: Spanned { value: self.name(), span: self.name.span },
            name_basis: NameBasis::Established,
            country: Spanned { value: Country::find(&country.value)?, span: country.span },
            kind: Kind::find(&value(roster::KIND)?.value)?,
            business: self.business().zip(business).map(|(text, at)| Spanned { value: text, span: at.span }),
            profile: None,
            goods: goods.unwrap_or_default(),
            website: value(roster::WEBSITE).cloned(),
            aliases: Vec::new(),
            draft: false,
            publish: None,
            until: None,
            sort: value(roster::SORT)?.clone(),
        })
    }
}
