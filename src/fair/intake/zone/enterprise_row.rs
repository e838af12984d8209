//! What a row of the roster says of its enterprise; and where the enterprise has a file, whether it agrees with that.

use std::collections::{BTreeMap, BTreeSet};

use super::given::{Given, ZoneTerms, line};
use super::names::known_parts;
use crate::data::{Record, Spanned, fold_word, web_address, web_address_hint};
use crate::fair::Country;
use crate::fair::enterprise::Enterprise;
use crate::fair::intake::values::Wrong;
use crate::fair::slug::{is_reserved, is_slug, slug_of};
use crate::fair::tables::{ROSTER, roster};
use crate::lang::{Lang, Localized};
use crate::source::{Report, Span, code, list, nearest, say};

/// The fields that say what an enterprise is, with what a row says of them: a code of a country, keys of goods.
pub(super) type Values = BTreeMap<usize, Spanned<String>>;

/// What a row says of its enterprise, and whether all of it is sound.
pub(super) fn values(
    report: &mut Report,
    record: &Record<'_>,
    terms: &ZoneTerms<'_>,
) -> (Values, Result<(), Wrong>) {
    let mut values = Values::new();
    let mut sound = Ok(());
    for field in [
        roster::SLUG,
        roster::SORT,
        roster::NAME_EN,
        roster::COUNTRY,
        roster::KIND,
        roster::BUSINESS_ZH,
        roster::BUSINESS_EN,
        roster::GOODS,
        roster::WEBSITE,
    ] {
        match value(report, record, field, terms) {
            Ok(Some(value)) => {
                values.insert(field, Spanned { value, span: record.span(field) });
            }
            Ok(None) => {}
            Err(wrong) => {
                if let (roster::SLUG, Some(slug)) = (field, record.written(field)) {
                    // What to write instead was said; it is not proposed again.
                    let value = slug_of(&slug);
                    values.insert(field, Spanned { value, span: record.span(field) });
                }
                sound = Err(wrong);
            }
        }
    }
    (values, sound)
}

fn value(
    report: &mut Report,
    record: &Record<'_>,
    field: usize,
    terms: &ZoneTerms<'_>,
) -> Result<Option<String>, Wrong> {
    if field == roster::KIND {
        return Ok(record.word(report, field)?.map(str::to_owned));
    }
    if field == roster::GOODS {
        return goods(report, record, terms);
    }
    let Some(Spanned { value: text, .. }) = line(report, record, field)? else { return Ok(None) };
    match field {
        roster::COUNTRY => match Country::find(&text) {
            Some(country) => return Ok(Some(country.code().to_owned())),
            None => record
                .refuse(
                    report,
                    code::UNKNOWN_COUNTRY,
                    field,
                    say!("unknown country or region `{text}`", text),
                    &text,
                )
                .hint_meant(nearest(&text, Country::known_names()))
                .hint(say!("write the ISO 3166 code, such as FR, or its usual name in Chinese or English")),
        },
        roster::WEBSITE => match web_address(&text) {
            Some(address) => return Ok(Some(address)),
            None => record
                .refuse(
                    report,
                    code::BAD_WEBSITE,
                    field,
                    say!("`{given}` is not a web address", given = text),
                    &text,
                )
                .hint(web_address_hint(&text)),
        },
        roster::SLUG if !is_slug(&text) => record
            .refuse(
                report,
                code::BAD_SLUG,
                field,
                say!("`{slug}` cannot be a page address", slug = text),
                &text,
            )
            .hint(match is_reserved(&text) {
                true => say!(
                    "the site or Windows uses this name for something else: choose another, such as `{slug}`",
                    slug = slug_of(&text)
                ),
                false => say!(
                    "use lower-case letters, digits and hyphens, such as `{slug}`",
                    slug = slug_of(&text)
                ),
            }),
        _ => return Ok(Some(text)),
    };
    Err(Wrong)
}

/// The goods of a cell, by their keys: they are written as their names in any language, or as keys.
fn goods(report: &mut Report, record: &Record<'_>, terms: &ZoneTerms<'_>) -> Result<Option<String>, Wrong> {
    let Some(text) = record.text(report, roster::GOODS)? else { return Ok(None) };
    let Some(goods) = terms.goods else { return Ok(None) };
    let mut keys: BTreeMap<String, &str> = BTreeMap::new();
    for (key, name) in goods {
        keys.insert(fold_word(key), key);
        for lang in name.value.languages() {
            keys.entry(fold_word(name.value.get(lang))).or_insert(key);
        }
    }
    match known_parts(&text, |part| keys.contains_key(&fold_word(part))) {
        Ok(parts) => {
            let mut said: Vec<&str> = Vec::new();
            for key in parts.iter().map(|part| keys[&fold_word(part)]) {
                if !said.contains(&key) {
                    said.push(key);
                }
            }
            Ok(Some(said.join(";")))
        }
        Err(part) => {
            let names =
                goods.values().flat_map(|name| name.value.languages().map(|lang| name.value.get(lang)));
            record
                .refuse(
                    report,
                    code::UNKNOWN_GOODS,
                    roster::GOODS,
                    say!("unknown goods `{key}`", key = part),
                    &text,
                )
                .hint_meant(nearest(part, names.chain(goods.keys().map(String::as_str))))
                .hint(say!(
                    "write names or keys listed under `goods` in data/site.yaml: {goods}",
                    goods = list(goods.values().map(|name| name.value.get(Lang::ZH)))
                ));
            Err(Wrong)
        }
    }
}

/// Whether two values of a field mean the same.
pub(super) fn agree(field: usize, one: &str, other: &str) -> bool {
    match field {
        roster::GOODS => {
            one.split(';').collect::<BTreeSet<&str>>() == other.split(';').collect::<BTreeSet<&str>>()
        }
        _ => fold_word(one) == fold_word(other),
    }
}

/// An enterprise with a file is published from it: its row may repeat what the file says, and nothing else.
pub(super) fn compare_with_file(
    report: &mut Report,
    record: &Record<'_>,
    given: &Given<'_>,
    stem: &str,
    values: Values,
) -> Result<(), Wrong> {
    let Some(enterprise) = given.terms.enterprises.get(stem) else { return Ok(()) };
    let filed = filed_values(stem, enterprise);
    let path = format!("data/enterprises/{stem}.yaml");
    let mut sound = Ok(());
    for (field, said) in values {
        let name = ROSTER.fields[field].name;
        match filed.get(&field) {
            Some(own) if agree(field, &own.value, &said.value) => {}
            Some(own) => {
                let place = given.files.at(own.span);
                let message = say!(
                    "`{field}` is `{said}` here and `{own}` in {place}",
                    field = name,
                    said = said.value,
                    own = own.value,
                    place
                );
                record.refuse(report, code::ENTERPRISE_DIFFERS, field, message, &said.value).hint(say!(
                    "correct one of them, or leave this cell empty: the value in `{path}` is published",
                    path
                ));
                sound = Err(Wrong);
            }
            None => {
                report
                    .warning(
                        code::ENTERPRISE_DIFFERS,
                        said.span,
                        say!("`{field}` is not in `{path}`, and is not published", field = name, path),
                    )
                    .found(said.value)
                    .hint(say!("add it to `{path}`, or leave this cell empty", path));
            }
        }
    }
    sound
}

/// What the file of an enterprise says, as a row would.
fn filed_values(stem: &str, enterprise: &Enterprise) -> Values {
    let mut values = Values::new();
    let mut put = |field: usize, value: Option<String>, span: Span| {
        if let Some(value) = value {
            values.insert(field, Spanned { value, span });
        }
    };
    let text = |text: &Spanned<Localized>, lang: Lang| text.value.find(lang).map(str::to_owned);
    let name = &enterprise.name;
    put(roster::SLUG, Some(stem.to_owned()), Span::whole(name.span.file));
    put(roster::SORT, Some(enterprise.sort.value.clone()), enterprise.sort.span);
    put(roster::NAME_EN, text(name, Lang::EN), name.span);
    let country = &enterprise.country;
    put(roster::COUNTRY, Some(country.value.code().to_owned()), country.span);
    put(roster::KIND, Some(enterprise.kind.name().to_owned()), Span::whole(name.span.file));
    if let Some(business) = &enterprise.business {
        put(roster::BUSINESS_ZH, text(business, Lang::ZH), business.span);
        put(roster::BUSINESS_EN, text(business, Lang::EN), business.span);
    }
    if let Some(first) = enterprise.goods.first() {
        let keys: Vec<&str> = enterprise.goods.iter().map(|key| key.value.as_str()).collect();
        put(roster::GOODS, Some(keys.join(";")), first.span);
    }
    if let Some(website) = &enterprise.website {
        put(roster::WEBSITE, Some(website.value.clone()), website.span);
    }
    values
}
