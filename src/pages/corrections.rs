//! What rulings changed since a notice was published, as the notice shows it.

use serde::Serialize;

use super::context::PageContext;
use super::dates::DateView;
use super::names::{NameView, exhibitor_name};
use crate::award::{AwardList, ListCorrection, ListRuling, Listed};
use crate::fair::{FairFile, RulingSubject};
use crate::lang::{Lang, Localized};
use crate::rulebook::AwardId;

/// The corrections of a day.
#[derive(Serialize, Clone)]
pub(super) struct CorrectionView {
    date: DateView,
    rulings: Vec<RulingView>,
    changes: Vec<ChangeView>,
}

/// A ruling in words.
#[derive(Serialize, Clone)]
struct RulingView {
    /// Absent where it is on tables or days.
    exhibitor: Option<NameView>,
    what: String,
    reason: NameView,
    authority: String,
}

/// A change of what is published of an exhibitor; what is absent is shown as the word for none.
#[derive(Serialize, Clone)]
struct ChangeView {
    exhibitor: NameView,
    what: String,
    before: NameView,
    after: NameView,
}

/// The corrections of the list of a fair, the latest first. `awards` are the titles by number.
pub(super) fn corrections(
    context: &PageContext<'_>,
    fair: &FairFile,
    list: &AwardList,
    awards: &[&Localized],
) -> Vec<CorrectionView> {
    list.corrections.iter().rev().map(|correction| view(context, fair, list, awards, correction)).collect()
}

fn view(
    context: &PageContext<'_>,
    fair: &FairFile,
    list: &AwardList,
    awards: &[&Localized],
    correction: &ListCorrection,
) -> CorrectionView {
    let none = || context.word("corrections.none");
    let title = |award: Option<AwardId>| {
        NameView::plain(award.map_or_else(none, |award| awards[award].get(context.lang).to_owned()))
    };
    let rulings = correction.rulings.iter().map(|ruling| RulingView {
        exhibitor: match &ruling.subject {
            RulingSubject::Exhibitor(id) => Some(name(context, list, id)),
            RulingSubject::Unlisted | RulingSubject::Fields { .. } | RulingSubject::Day(_) => None,
        },
        what: what(context, ruling),
        reason: as_given(context, &ruling.reason),
        authority: ruling.authority.get(context.lang).to_owned(),
    });
    let changes = correction.changes.iter().map(|(id, before, after)| ChangeView {
        exhibitor: name(context, list, id),
        what: context.word("list.award"),
        before: title(*before),
        after: title(*after),
    });
    let amended = correction.amended.iter().flat_map(|(before, after)| {
        let pairs = details(context, fair, before).into_iter().zip(details(context, fair, after));
        let differing = pairs.filter(|((_, before), (_, after))| before.text != after.text);
        let shown = |value: NameView| match value.text.is_empty() {
            true => NameView::plain(none()),
            false => value,
        };
        differing.map(move |((word, before), (_, after_value))| ChangeView {
            exhibitor: name(context, list, &after.id),
            what: context.word(&word),
            before: shown(before),
            after: shown(after_value),
        })
    });
    CorrectionView {
        date: context.date(correction.date),
        rulings: rulings.collect(),
        changes: changes.chain(amended).collect(),
    }
}

/// Why an exhibitor lost its award by a correction: the rulings on it, else all of them, each with who decided.
pub(super) fn withdrawal_reasons(
    context: &PageContext<'_>,
    correction: &ListCorrection,
    id: &str,
) -> Vec<NameView> {
    let is_on = |ruling: &&ListRuling| matches!(&ruling.subject, RulingSubject::Exhibitor(on) if on == id);
    let mut rulings: Vec<&ListRuling> = correction.rulings.iter().filter(is_on).collect();
    if rulings.is_empty() {
        rulings = correction.rulings.iter().collect();
    }
    let reasons = rulings.into_iter().flat_map(|ruling| {
        let authority = ruling.authority.get(context.lang);
        let by = context.fill("corrections.by", &[("authority", authority)]);
        [as_given(context, &ruling.reason), NameView::plain(by)]
    });
    reasons.collect()
}

/// What a ruling decides. Of a table it names fields, and no value: rows are of buyers.
fn what(context: &PageContext<'_>, ruling: &ListRuling) -> String {
    let word = format!("corrections.{}", ruling.decides);
    match &ruling.subject {
        RulingSubject::Exhibitor(_) => context.word(&word),
        RulingSubject::Unlisted => {
            let [who, colon] = ["corrections.unlisted", "sep.colon"].map(|key| context.word(key));
            format!("{who}{colon}{}", context.word(&word))
        }
        RulingSubject::Day(day) => context.fill(&word, &[("date", &context.date(*day).long)]),
        RulingSubject::Fields { table, fields } => {
            let table = context.word(&format!("corrections.tables.{table}"));
            if fields.is_empty() {
                return context.fill("corrections.admit-rows", &[("table", &table)]);
            }
            let fields: Vec<String> =
                fields.iter().map(|field| context.word(&format!("corrections.fields.{field}"))).collect();
            let fields = context.list(&fields);
            context.fill(&word, &[("table", &table), ("fields", &fields)])
        }
    }
}

/// What is published of an exhibitor beside its award, each with the word for it.
fn details(context: &PageContext<'_>, fair: &FairFile, listed: &Listed) -> Vec<(String, NameView)> {
    let known = || fair.delegations.iter().chain(fair.phases.iter().flat_map(|phase| &phase.sections));
    let translated = |text: &str| {
        let found = known().find(|name| name.value.find(Lang::ZH) == Some(text));
        found.and_then(|name| name.value.find(context.lang)).unwrap_or(text).to_owned()
    };
    let names = [
        ("name_zh", NameView::new(context, &listed.name_zh, Lang::ZH)),
        ("name_en", NameView::new(context, listed.name_en.as_deref().unwrap_or_default(), Lang::EN)),
    ];
    let particulars = listed.particulars.texts().map(|(field, texts)| {
        let texts: Vec<String> = texts.iter().map(|text| translated(text)).collect();
        (field, NameView::plain(context.list(&texts)))
    });
    let all = names.into_iter().chain(particulars);
    all.map(|(field, value)| (format!("corrections.fields.{field}"), value)).collect()
}

/// A text in the language of the page, else as it was given in the first language that has it.
fn as_given(context: &PageContext<'_>, text: &Localized) -> NameView {
    let lang = match text.find(context.lang) {
        Some(_) => None,
        None => text.languages().next().map(|lang| lang.tag().to_owned()),
    };
    NameView { text: text.get(context.lang).to_owned(), lang }
}

fn name(context: &PageContext<'_>, list: &AwardList, id: &str) -> NameView {
    match list.find(id) {
        Some(listed) => {
            exhibitor_name(context, &listed.name_zh, listed.name_en.as_deref(), &listed.further_names)
        }
        None => NameView::plain(id.to_owned()),
    }
}
