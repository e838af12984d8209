//! What is well formed in the sourcing zone and cannot be meant: names that are none, one enterprise in two files, a
//! domestic institution of another country, one enterprise in two places at a time.

use std::collections::{BTreeMap, BTreeSet};

use super::enterprise::{Enterprise, Kind, Roster, Session};
use super::slug::sort_key;
use crate::data::{Spanned, fold_word};
use crate::lang::{Lang, Localized, has_latin_letters_only};
use crate::source::{Files, Report, code, say};

/// What people write where a name is still to be found.
const NO_NAMES: [&str; 16] = [
    "todo",
    "tbd",
    "tbc",
    "n/a",
    "na",
    "none",
    "null",
    "yes",
    "no",
    "true",
    "false",
    "待定",
    "待补",
    "待填",
    "待填写",
    "无",
];

/// Reports what cannot be meant in the files, or in the rows, of enterprises.
pub fn check_enterprises(report: &mut Report, files: &Files, enterprises: &BTreeMap<String, Enterprise>) {
    let mut named: BTreeMap<(Lang, String), &Enterprise> = BTreeMap::new();
    for enterprise in enterprises.values().filter(|enterprise| !enterprise.draft) {
        check_name(report, &enterprise.name);
        check_kind(report, enterprise);
        check_sort(report, enterprise);
        let mut goods = BTreeSet::new();
        for key in enterprise.goods.iter().filter(|key| !goods.insert(key.value.as_str())) {
            report
                .error(code::BAD_VALUE, key.span, say!("`{key}` is listed twice", key = key.value))
                .hint(say!("keep one of the two"));
        }
        let name = &enterprise.name.value;
        let first = name.languages().find_map(|lang| {
            let first = *named.entry((lang, fold_word(name.get(lang)))).or_insert(enterprise);
            (first.name.span != enterprise.name.span).then_some((lang, first))
        });
        if let Some((lang, first)) = first {
            report
                .warning(
                    code::ENTERPRISE_TWICE,
                    enterprise.name.span,
                    say!(
                        "`{name}` is also the name of another enterprise, in {place}",
                        name = name.get(lang),
                        place = files.at(first.name.span)
                    ),
                )
                .hint(say!(
                    "keep one of the two; if they are two enterprises, write names that tell them apart"
                ));
        }
    }
}

/// A key in other letters than those of the others would put the enterprise in front of them all or behind them.
fn check_sort(report: &mut Report, Enterprise { sort, name, .. }: &Enterprise) {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let meant = sort_key(&sort.value);
    if !meant.is_empty() && letters(&meant) == letters(&sort.value) {
        check_reading(report, sort, name.value.get(Lang::ZH));
        return;
    }
    let is_written_out = sort.value.chars().all(|c| c.is_ascii() || c.is_lowercase() || c.is_uppercase());
    let meant = match is_written_out && !meant.is_empty() {
        true => meant,
        false => sort_key(name.value.get(Lang::ZH)),
    };
    report
        .error(code::BAD_VALUE, sort.span, say!("`{sort}` is not a name in pinyin", sort = sort.value))
        .hint(say!("write {value}", value = meant));
}

/// Whether a text is what people write where a name is still to be found.
pub(super) fn is_no_name(text: &str) -> bool {
    !text.contains(char::is_alphanumeric) || NO_NAMES.contains(&text.trim().to_lowercase().as_str())
}

/// A key that has no syllable of the name is most likely that of another enterprise. One is enough: tables misread some.
fn check_reading(report: &mut Report, sort: &Spanned<String>, name: &str) {
    let meant = sort_key(name);
    let syllables: BTreeSet<&str> = meant.split(' ').collect();
    let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    if name.contains(is_han) && !sort.value.to_lowercase().split(' ').any(|part| syllables.contains(part)) {
        report
            .warning(
                code::BAD_VALUE,
                sort.span,
                say!("`{sort}` has no syllable of the name `{name}`", sort = sort.value, name),
            )
            .hint(say!("write {value}", value = meant));
    }
}

fn check_name(report: &mut Report, name: &Spanned<Localized>) {
    for lang in name.value.languages() {
        let text = name.value.get(lang);
        if is_no_name(text) {
            report
                .error(code::BAD_VALUE, name.span, say!("`{text}` is not a name", text))
                .hint(say!("write the name, or set `draft: true` until it is known"));
        }
    }
    let (Some(zh), Some(en)) = (name.value.find(Lang::ZH), name.value.find(Lang::EN)) else { return };
    if has_latin_letters_only(zh) && !en.is_ascii() && !has_latin_letters_only(en) {
        report
            .error(code::BAD_VALUE, name.span, say!("the Chinese and the English name are swapped"))
            .hint(say!("write `zh: {zh}` and `en: {en}`", zh = en, en = zh));
    }
}

/// A domestic institution is one of the Chinese mainland, and a multinational one is not.
fn check_kind(report: &mut Report, enterprise: &Enterprise) {
    let country = enterprise.country.value;
    let meant = if country.is_overseas() { Kind::Overseas } else { Kind::Domestic };
    if meant == enterprise.kind {
        return;
    }
    report
        .warning(
            code::KIND_AND_COUNTRY,
            enterprise.country.span,
            say!(
                "the enterprise is `{kind}`, and its country is `{country}`",
                kind = enterprise.kind.name(),
                country = country.code()
            ),
        )
        .hint(say!("write `kind: {kind}`, or correct the country", kind = meant.name()));
}

/// Reports sessions that are listed twice, and enterprises that hold two at the same time.
pub(super) fn check_overlaps(report: &mut Report, files: &Files, roster: &Roster) {
    for (at, later) in roster.sessions.iter().enumerate() {
        for first in &roster.sessions[..at] {
            let (one, other) = (&first.value, &later.value);
            let Some(slug) = both_hold(one, other) else { continue };
            let place = files.at(one.title.span);
            if one.title.value == other.title.value && hours(one) == hours(other) {
                report
                    .error(
                        code::SESSION_CLASH,
                        other.title.span,
                        say!("the session is listed twice, here and in {place}", place),
                    )
                    .hint(say!("keep one of the two"));
            } else if overlap(one, other) {
                report
                    .warning(
                        code::SESSION_CLASH,
                        slug.span,
                        say!(
                            "`{enterprise}` holds another session at the same time, in {place}",
                            enterprise = slug.value,
                            place
                        ),
                    )
                    .found(slug.value.clone())
                    .hint(say!("correct the day, the times or the enterprise of one of the two"));
            } else {
                continue;
            }
            // One slip is told once.
            break;
        }
    }
}

/// An enterprise that holds both sessions, if they are on the same day.
fn both_hold<'s>(one: &Session, other: &'s Session) -> Option<&'s Spanned<String>> {
    let in_one = |slug: &&Spanned<String>| one.enterprises.iter().any(|there| there.value == slug.value);
    other.enterprises.iter().find(in_one).filter(|_| one.date.value == other.date.value)
}

fn hours(session: &Session) -> (Option<crate::data::Time>, Option<crate::data::Time>) {
    (session.from.as_ref().map(|time| time.value), session.until.as_ref().map(|time| time.value))
}

/// Whether two sessions of a day have hours in common. One without hours takes the whole day, beside others.
fn overlap(one: &Session, other: &Session) -> bool {
    match (hours(one), hours(other)) {
        ((Some(from), Some(until)), (Some(other_from), Some(other_until))) => {
            from < other_until && other_from < until
        }
        _ => false,
    }
}
