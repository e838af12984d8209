//! What a page could not show, found before any is made: texts that lack a language, contacts and pages that are not
//! there.

use std::collections::BTreeMap;

use super::addresses;
use super::fallback::report_not_shown;
use super::material::Material;
use crate::data::{Spanned, report_missing};
use crate::fair::{Country, RulingSubject};
use crate::lang::{Lang, Localized};
use crate::site::Source;
use crate::site::placeholder::placeholders;
use crate::source::{Report, Span, all_of, code, list, nearest, say, separated};

/// The templates of which pages are made.
const TEMPLATES: [&str; 19] = [
    "activities.html",
    "activity.html",
    "awards.html",
    "badge.xml",
    "calendar.html",
    "enterprise.html",
    "evidence.html",
    "gateway.html",
    "gone.html",
    "home.html",
    "notfound.html",
    "notice.html",
    "page.html",
    "redirect.html",
    "rules.html",
    "search.html",
    "winner.html",
    "zone-past.html",
    "zone.html",
];

/// Reports what a page could not show.
pub(super) fn check(report: &mut Report, material: &Material<'_>) {
    let languages = &material.languages;
    for (fair, roster) in material.fairs.iter().map(|fair| (fair.fair, fair.roster)) {
        let mut texts: Vec<_> = [&fair.name, &fair.short, &fair.place].into_iter().flatten().collect();
        if (fair.name.is_none() || fair.short.is_none()) && fair.complete {
            report
                .error(code::MISSING_KEY, fair.fair.span, say!("`name` or `short` is missing"))
                .hint(say!("the pages of a fair show both its full and its short name"));
        }
        texts.extend(fair.phases.iter().flat_map(|phase| phase.theme.iter().chain(&phase.sections)));
        texts.extend(&fair.delegations);
        if let Some(notice) = &fair.notice {
            texts.extend([&notice.number, &notice.issuer]);
            check_contact(report, material, &notice.contact);
        }
        if let Some(roster) = roster {
            texts.extend([&roster.place, &roster.caveat]);
            texts.extend(roster.sessions.iter().map(|session| &session.value.title));
            texts.extend(roster.sessions.iter().filter_map(|session| session.value.place.as_ref()));
            for contact in roster.contacts.values() {
                check_contact(report, material, contact);
            }
        }
        for text in texts {
            report_missing(report, text, languages);
        }
        for goods in roster.iter().flat_map(|roster| roster.purchases.values()).flat_map(|goods| &goods.value)
        {
            report_not_shown(report, material, goods);
        }
    }
    for day_off in material.calendar.years.values().flat_map(|year| &year.breaks) {
        let name = Spanned { value: day_off.name.clone(), span: day_off.from.span };
        report_missing(report, &name, languages);
    }
    let corrections = material.fairs.iter().filter_map(|fair| fair.list).flat_map(|list| &list.corrections);
    for ruling in corrections.flat_map(|correction| &correction.rulings) {
        let missing: Vec<Lang> = [&ruling.reason, &ruling.authority]
            .into_iter()
            .flat_map(|text| text.missing(languages))
            .collect();
        if let Some(lang) = missing.first() {
            report
                .warning(
                    code::MISSING_LANGUAGE,
                    None,
                    match &ruling.subject {
                        RulingSubject::Exhibitor(exhibitor) => say!(
                            "the reason or authority of the ruling on `{exhibitor}` is missing in `{lang}`",
                            exhibitor,
                            lang
                        ),
                        RulingSubject::Unlisted | RulingSubject::Fields { .. } | RulingSubject::Day(_) => {
                            say!(
                                "the reason or authority of the ruling `{decides}` is missing in `{lang}`",
                                decides = ruling.decides.as_str(),
                                lang
                            )
                        }
                    },
                )
                .hint(say!("the original is shown; sealed rulings cannot be translated"));
        }
    }
    for enterprise in material.enterprises.values() {
        report_not_shown(report, material, &enterprise.name);
        for text in enterprise.business.iter().chain(&enterprise.profile) {
            report_not_shown(report, material, text);
            check_unfilled(report, text);
            for lang in text.value.languages() {
                check_plain(report, text.value.get(lang), text.span);
            }
        }
        check_country(report, material, &enterprise.country);
    }
    check_goods(report, material);
    for reason in material.site.gone.values() {
        check_unfilled(report, reason);
    }
    for text in material.contents.pages.values().flat_map(|texts| texts.values()) {
        let front = &text.front;
        for plain in [&front.title, &front.summary] {
            check_plain(report, &plain.value, plain.span);
        }
        for fact in &front.facts {
            check_plain(report, &fact.value.label, fact.span);
            check_plain(report, &fact.value.value, fact.span);
        }
    }
    for texts in material.contents.pages.values() {
        for contact in texts.values().flat_map(|text| &text.front.contacts) {
            check_contact(report, material, contact);
        }
    }
    for path in ["css/site.css", "static/icon.svg"] {
        let name = Source::name_of(path).expect("both are published");
        if material.theme.assets().permalink(name).is_none() {
            let theme = &material.site.theme;
            report
                .error(
                    code::ASSET,
                    theme.span,
                    say!("the theme `{theme}` has no file `{path}`", theme = theme.value, path),
                )
                .hint(say!("add themes/{theme}/{path}", theme = theme.value, path));
        }
    }
    let texts = material.contents.pages.values().flat_map(|texts| texts.values());
    let own: Vec<&Spanned<String>> = texts.filter_map(|text| text.front.template.as_ref()).collect();
    for template in &own {
        check_template(report, material, template);
    }
    let asked: Vec<&str> =
        TEMPLATES.into_iter().chain(own.iter().map(|template| template.value.as_str())).collect();
    for file in material.theme.idle_templates(&asked) {
        report
            .warning(
                code::STRAY_FILE,
                Span::whole(file),
                say!("no page and no other template uses this template"),
            )
            .hint(say!("page templates: {names}", names = list(TEMPLATES)))
            .hint(say!("a page in `content` names its own with `template: …`"));
    }
    let has_zone = material.zone().is_some();
    for path in addresses::GENERATED {
        if path == "zone" && !has_zone {
            continue;
        }
        if !material.contents.pages.contains_key(path) && !material.contents.is_refused(path) {
            let names: Vec<String> =
                languages.iter().map(|lang| format!("content/{path}.{lang}.md")).collect();
            report
                .error(code::PAGE_MISSING, None, say!("the page `{path}` is missing", path))
                .hint(say!("create {names}", names = all_of(&names)));
        }
    }
    let text = material.contents.find("zone", languages[0]);
    if let (false, Some(text), false) = (has_zone, text, material.is_left_out(addresses::ZONE)) {
        let folder = format!("data/fairs/{}", material.site.current_fair.value);
        report
            .warning(
                code::NO_ROSTER,
                text.front.title.span,
                say!(
                    "no fair has a roster, so the site has no sourcing zone, and this text is not published"
                ),
            )
            .hint(say!("create {folder}/roster.yaml, or remove the text if there is no zone", folder));
    }
}

fn check_contact(report: &mut Report, material: &Material<'_>, key: &Spanned<String>) {
    let contacts = &material.site.contacts;
    if contacts.contains_key(&key.value) {
        return;
    }
    report
        .error(code::UNKNOWN_CONTACT, key.span, say!("unknown contact `{key}`", key = key.value))
        .label_meant(nearest(&key.value, contacts.keys().map(String::as_str)))
        .hint(say!("contacts of data/site.yaml: {contacts}", contacts = list(contacts.keys())));
}

/// A page that names its template names one of the theme.
fn check_template(report: &mut Report, material: &Material<'_>, template: &Spanned<String>) {
    let theme = material.theme;
    if theme.templates().any(|name| name == template.value) {
        return;
    }
    report
        .error(
            code::TEMPLATE,
            template.span,
            say!("the theme has no template `{template}`", template = template.value),
        )
        .label_meant(nearest(&template.value, theme.templates()))
        .hint(say!(
            "add themes/{theme}/templates/{template}, or take `template` away",
            theme = material.site.theme.value,
            template = template.value
        ));
}

/// A country must have a name in every language of the site.
fn check_country(report: &mut Report, material: &Material<'_>, country: &Spanned<Country>) {
    let own = material.site.countries.get(country.value.code());
    let has = |lang: &Lang| {
        own.is_some_and(|name| name.value.find(*lang).is_some()) || country.value.find_name(*lang).is_some()
    };
    let alpha = country.value.code();
    for lang in material.languages.iter().filter(|lang| !has(lang)) {
        report
            .error(
                code::MISSING_LANGUAGE,
                country.span,
                say!("the country `{country}` has no name in `{lang}`", country = alpha, lang),
            )
            .hint(say!(
                "add it to data/site.yaml: `countries: {{{country}: {{{lang}: …}}}}`",
                country = alpha,
                lang
            ));
    }
}

/// Reports placeholders in a text that is shown as it is.
fn check_unfilled(report: &mut Report, text: &Spanned<Localized>) {
    if text.value.languages().any(|lang| placeholders(text.value.get(lang)).next().is_some()) {
        report
            .error(code::PLACEHOLDER, text.span, say!("a placeholder is not filled here, but in pages only"))
            .hint(say!("write the words themselves"));
    }
}

/// Warns of Markdown in a text that is shown as it is.
fn check_plain(report: &mut Report, text: &str, span: Span) {
    let mark = match text {
        bold if bold.split("**").nth(2).is_some() => "**",
        link if link
            .split_once("](")
            .is_some_and(|(before, after)| before.contains('[') && after.contains(')')) =>
        {
            "[…](…)"
        }
        _ => return,
    };
    report
        .warning(
            code::MARKDOWN_EMPHASIS,
            span,
            say!("`{mark}` is shown as is: only the text of a page is Markdown", mark),
        )
        .hint(say!("remove the marks"));
}

/// Reports goods that the site does not list. Goods that several enterprises have were most likely taken off that list: they
/// are one problem.
fn check_goods(report: &mut Report, material: &Material<'_>) {
    let goods = &material.site.goods;
    let mut unknown: BTreeMap<&str, (Span, usize)> = BTreeMap::new();
    let all = material.enterprises.values().flat_map(|enterprise| &enterprise.goods);
    for key in all.filter(|key| !goods.contains_key(&key.value)) {
        unknown.entry(&key.value).and_modify(|(_, more)| *more += 1).or_insert((key.span, 0));
    }
    for (key, (span, more)) in unknown {
        let draft = report
            .error(code::UNKNOWN_GOODS, span, say!("unknown goods `{key}`", key))
            .label_meant(nearest(key, goods.keys().map(String::as_str)))
            .hint(separated(key).unwrap_or_else(|| {
                say!("add them under `goods` in data/site.yaml, or use goods listed there")
            }));
        if more > 0 {
            draft.hint(say!("{more} more {more:enterprise has|enterprises have} them as well", more));
        }
    }
}
